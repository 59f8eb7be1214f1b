"""The finding page: the ranked list, proofs down to the quoted lines, why not, and where each leads."""

from collections.abc import Sequence
from typing import Any

import pytest
from rich.cells import cell_len
from textual.pilot import Pilot
from textual.widgets.tree import TreeNode

from engine.diagnosis.document import Evidence, Subject
from engine.diagnosis.explain import ProofNode
from tests.tui.app.snapshots import CASES, LARGE, SMALL, demo, screen, settled, snap
from tests.tui.app.watching import Watched, until, walk
from tui.app.model import State
from tui.app.pages.finding import FindingPage
from tui.app.widgets.finding_list import FindingList
from tui.app.widgets.picker import Picker
from tui.app.widgets.proof_tree import Command, Item, ProofTree

HUB = str(CASES / "135-several-flows-list-a-bug-once" / "input")


async def typed(pilot: Pilot[Any], keys: Sequence[str]) -> None:
    for key in keys:
        await pilot.press(key)
        await settled(pilot)


def proof_of(pilot: Pilot[Any]) -> ProofTree:
    return pilot.app.screen.query_one(ProofTree)


def state_of(app: Watched) -> State:
    assert app.state is not None
    return app.state


def node_with(tree: ProofTree, kind: type) -> TreeNode[Item]:
    return next(node for node in tree.proof_nodes() if isinstance(node.data, kind))


def test_a_proof_has_the_whole_of_a_small_screen() -> None:
    snap(demo(), "finding-proof-small-en", press=["3", "enter", "j", "j"])


def test_a_wide_screen_has_both_side_by_side() -> None:
    snap(demo(), "finding-wide-en", size=(160, 40), press=["3", "enter"])


@pytest.mark.parametrize("lang", ["en", "ko"])
@pytest.mark.parametrize("size", [SMALL, LARGE])
def test_no_line_is_wider_than_the_screen(lang: str, size: tuple[int, int]) -> None:
    async def check(_app: Watched, pilot: Pilot[Any]) -> None:
        for keys in ([], ["enter"], ["G"], ["slash"]):
            await typed(pilot, keys)
            assert all(cell_len(line) <= size[0] for line in screen(pilot.app).splitlines())

    walk("finding", check, lang=lang, size=size)


def test_findings_are_ranked_and_what_is_ruled_out_is_folded_away() -> None:
    async def check(app: Watched, pilot: Pilot[Any]) -> None:
        shown = screen(app)
        ranked = sorted(state_of(app).diagnosis.findings, key=lambda one: one.rank)
        open_ = [f.title[:30] for f in ranked if f.verdict in {"confirmed", "likely", "possible"}]
        assert open_
        assert [title for title in open_ if title in shown] == open_
        out = [f for f in ranked if f.verdict == "ruled_out"]
        assert f"▸ Why not: ruled out ({len(out)})" in shown
        assert out[0].title[:20] not in shown
        await typed(pilot, ["G", "enter", "j"])
        assert out[0].title[:20] in screen(app)

    walk("finding", check, size=LARGE)


def test_the_proof_follows_the_cursor_of_the_list() -> None:
    async def check(app: Watched, pilot: Pilot[Any]) -> None:
        ranked = sorted(state_of(app).diagnosis.findings, key=lambda one: one.rank)
        assert f"{ranked[0].id} · " in screen(app)
        await typed(pilot, ["j"])
        assert f"{ranked[1].id} · " in screen(app)
        await typed(pilot, ["k"])
        assert f"{ranked[0].id} · " in screen(app)

    walk("finding", check, size=LARGE)


def test_a_quoted_line_leads_to_the_evidence() -> None:
    async def check(app: Watched, pilot: Pilot[Any]) -> None:
        await typed(pilot, ["enter"])
        proof = proof_of(pilot)
        assert proof.has_focus
        node = node_with(proof, Evidence)
        proof.move_cursor(node)
        await settled(pilot)
        evidence = node.data
        assert isinstance(evidence, Evidence)
        assert f"{evidence.source}:{evidence.line}" in screen(app)
        await typed(pilot, ["y"])
        assert app.clipboard.startswith(f"{evidence.source}:{evidence.line}: ")
        app.asked.clear()
        await typed(pilot, ["enter"])
        assert app.asked == [("evidence", {"source": evidence.source, "line": evidence.line})]

    walk("finding", check)


def test_leaves_tell_their_truth_in_a_word_and_a_sign() -> None:
    async def check(app: Watched, pilot: Pilot[Any]) -> None:
        await typed(pilot, ["enter"])
        shown = screen(app)
        assert "✓ yes  The SPI is in the sender's outbound list" in shown
        assert "✗ no  " in shown

    walk("finding", check, size=LARGE)


def test_what_is_missing_names_the_command_and_copies_it() -> None:
    async def check(app: Watched, pilot: Pilot[Any]) -> None:
        page = app.screen
        assert isinstance(page, FindingPage)
        missing = next(f for f in state_of(app).diagnosis.findings if any(m.collect for m in f.missing))
        page.target(id=missing.id, subject=missing.subject)
        await settled(pilot)
        proof = proof_of(pilot)
        node = node_with(proof, Command)
        while node.parent is not None and not node.parent.is_root:
            node.parent.expand()
            node = node.parent
        node = node_with(proof, Command)
        await settled(pilot)
        proof.move_cursor(node)
        await settled(pilot)
        command = str(node.data)
        assert f"› {command}"[:60] in screen(app)
        await typed(pilot, ["y"])
        assert app.clipboard == command
        app.copy_to_clipboard("")
        await typed(pilot, ["enter"])
        assert app.clipboard == command

    walk("finding", check, size=LARGE)


def test_why_not_explains_any_hypothesis_and_begins_at_what_decided() -> None:
    async def check(app: Watched, pilot: Pilot[Any]) -> None:
        for key in ["slash", *"cscvp16730"]:
            await pilot.press(key)
        await typed(pilot, ["enter"])
        proof = proof_of(pilot)
        assert "✕ ruled out" in screen(app)
        assert "CSCvp16730" in screen(app)
        node = proof.cursor_node
        assert node is not None
        assert isinstance(node.data, ProofNode)
        assert node.data.truth == "no"

    walk("finding", check, size=LARGE)


def test_what_nobody_listed_can_be_asked_for_too() -> None:
    async def check(app: Watched, pilot: Pilot[Any]) -> None:
        state = state_of(app)
        listed = {finding.id for finding in state.diagnosis.findings}
        for name in sorted(set(state.investigation.judge.hypotheses) - listed)[:3]:
            app.screen.target(id=name)  # type: ignore[attr-defined]  # a page
            await settled(pilot)
            assert name in screen(app) or "Nothing in this case" in screen(app)

    walk("finding", check, size=LARGE)


def test_an_unknown_name_is_said() -> None:
    async def check(app: Watched, pilot: Pilot[Any]) -> None:
        app.screen.target(id="no-such-thing")  # type: ignore[attr-defined]
        await pilot.pause()
        assert any("no-such-thing" in str(note.message) for note in app._notifications)
        await typed(pilot, ["slash", "escape"])
        assert not isinstance(app.screen, Picker)

    walk("finding", check)


def test_o_leads_to_the_action_of_the_finding() -> None:
    async def check(app: Watched, pilot: Pilot[Any]) -> None:
        state = state_of(app)
        finding = min(state.diagnosis.findings, key=lambda one: one.rank)
        app.asked.clear()
        await typed(pilot, ["o"])
        page, target = app.asked[0]
        action = next(a for a in state.diagnosis.actions if a.id == target["action"])
        assert page == "fix"
        assert finding.id in action.because_of

    walk("finding", check)


def test_a_target_may_name_the_subject_or_its_flow_peer_or_device() -> None:
    async def check(app: Watched, pilot: Pilot[Any]) -> None:
        page = app.screen
        assert isinstance(page, FindingPage)
        for finding in state_of(app).diagnosis.findings:
            subjects: list[Subject | str | None] = [finding.subject, finding.subject.flow]
            for subject in subjects:
                page.target(id=finding.id, subject=subject)
                await settled(pilot)
                assert page._explained is not None
                assert page._explained.finding.id == finding.id
                if subject is not None:
                    assert page._explained.finding.subject == finding.subject

    walk("finding", check, paths=(HUB,), size=LARGE)


def test_findings_of_one_kind_are_one_line_that_opens() -> None:
    async def check(app: Watched, pilot: Pilot[Any]) -> None:
        findings = app.screen.query_one(FindingList)
        several = next(node for node in findings.root.children if node.data is not None and node.allow_expand)
        assert several.is_collapsed
        findings.move_cursor(several)
        await typed(pilot, ["right", "right"])
        assert several.is_expanded
        assert findings.cursor_node is several.children[0]

    walk("finding", check, paths=(HUB,), size=LARGE)


def test_escape_goes_from_the_proof_to_the_list() -> None:
    async def check(app: Watched, pilot: Pilot[Any]) -> None:
        findings = app.screen.query_one(FindingList)
        await typed(pilot, ["enter"])
        shown = [bool(findings.display)]
        await typed(pilot, ["escape"])
        assert [*shown, findings.display] == [False, True]
        assert findings.has_focus

    walk("finding", check)


def test_the_language_switches_live_and_the_finding_stays() -> None:
    async def check(app: Watched, pilot: Pilot[Any]) -> None:
        await typed(pilot, ["j", "enter"])
        page = app.screen
        assert isinstance(page, FindingPage)
        choice = page._choice
        await typed(pilot, ["L"])
        await until(pilot, lambda: "시그니처" in screen(app))
        assert page._choice == choice
        assert "확인됨" in screen(app)

    walk("finding", check, size=LARGE)


def test_a_case_without_findings_says_so() -> None:
    async def check(app: Watched, pilot: Pilot[Any]) -> None:
        await typed(pilot, ["enter", "o", "y", "j", "slash", "enter"])
        assert isinstance(app.screen, FindingPage)

    walk("finding", check, paths=(str(CASES / "119-nothing-of-interest" / "input"),))


@pytest.mark.parametrize("folder", ["125-answer-spi-installed", "128-ipv6-flow", "022-seed-three-messages"])
def test_every_finding_of_other_cases_is_explained(folder: str) -> None:
    async def check(app: Watched, pilot: Pilot[Any]) -> None:
        page = app.screen
        assert isinstance(page, FindingPage)
        for finding in state_of(app).diagnosis.findings:
            page.target(id=finding.id, subject=finding.subject)
            await settled(pilot)
            assert page._explained is not None
            assert proof_of(pilot).proof_nodes()

    walk("finding", check, paths=(str(CASES / folder / "input"),), size=LARGE)
