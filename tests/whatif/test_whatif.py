"""What flips under a supposition, and the smallest change that clears a finding."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from engine.case import Investigation
from engine.evidence.source import Source
from engine.judge import Judge
from engine.knowledge.load import load
from engine.plan.sheet import markdown
from engine.whatif.compare import compare
from engine.whatif.document import Smallest, WhatIf
from engine.whatif.settings import SettingError, parse_setting
from engine.whatif.smallest import Searcher
from engine.whatif.text import smallest_blocks, whatif_blocks
from engine.whatif.world import World
from tests.plan.build import (
    SPOKE,
    hub,
    investigate,
    judge,
    message,
    readable_cases,
    sources_of,
    words,
)

CASE_NAMES = readable_cases()
PAIR = "001-seed-persistent-pair"
RECOVERY = "config:crypto isakmp invalid-spi-recovery"


def suppose(sources: Sequence[Source], *texts: str, device: str | None = None) -> WhatIf:
    settings = [parse_setting(text, judge().kb) for text in texts]
    world = World(sources, judge(), settings, device=device)
    return compare(investigate(sources), world, settings, name="case")


def flips(document: WhatIf) -> dict[str, tuple[str, str]]:
    return {f.id: (f.before, f.after) for f in document.findings}


def smallest(sources: Sequence[Source], finding: str) -> Smallest:
    investigation = investigate(sources)
    return Searcher(investigation, finding).search(investigation.document("case"))


def test_configuring_recovery_clears_the_finding_and_its_action() -> None:
    document = suppose(sources_of(PAIR), RECOVERY)
    assert flips(document)["recovery-missing"] == ("confirmed", "undetermined")
    assert flips(document)["recovery-active"] == ("undetermined", "confirmed")
    assert [(o.before, o.after) for o in document.outcomes] == [("no_effect", "new_ike_sa_then_delete")]
    assert {a.id for a in document.actions if a.change == "withdrawn"} >= {"R1/enable-recovery"}
    assert document.summary_before != document.summary_after
    assert [(s.text, s.device) for s in document.supposed] == [(RECOVERY, "R1")]


def test_taking_recovery_out_brings_the_finding_back() -> None:
    with_command = suppose(
        sources_of("025-matrix-configured-no-ike"), "config:no crypto isakmp invalid-spi-recovery"
    )
    assert {(f.id, f.after) for f in with_command.findings} >= {("recovery-missing", "confirmed")}
    assert any(a.change == "offered" and a.id.endswith("/enable-recovery") for a in with_command.actions)


def test_a_condition_overrides_what_the_evidence_says() -> None:
    document = suppose(sources_of(PAIR), "ike-sa=present")
    assert flips(document)["recovery-missing"] == ("confirmed", "undetermined")
    assert [o.after for o in document.outcomes] == ["delete_over_existing_ike_sa"]
    withdrawn = {a.id for a in document.actions if a.change == "withdrawn"}
    assert "R1/enable-recovery" in withdrawn


def test_another_system_rules_out_the_bug_of_ios_xe() -> None:
    document = suppose([hub("17.3", "ikev1")], "release=15.7(3)M2")
    assert flips(document)["CSCvn31824"][1] == "ruled_out"
    assert suppose([hub("17.3", "ikev1")], "os=ios").findings == document.findings


def test_a_supposition_that_holds_already_changes_nothing() -> None:
    document = suppose(sources_of(PAIR), "ike-sa=absent", "os=ios-xe")
    assert not document.findings
    assert not document.outcomes
    assert not document.actions
    assert document.summary_before == document.summary_after


def test_suppositions_add_up() -> None:
    log = [Source("r1.log", f"R1#show logging\n{message('0x5E1D0C3A', 1)}\nR1#\n".encode())]
    document = suppose(log, "spi-repeats=yes", "ike-sa=absent", "setup-kind=svti", "recovery-configured=no")
    assert flips(document)["recovery-missing"] == ("undetermined", "confirmed")
    assert flips(document)["invalid-spi-transient"][1] == "undetermined"


def test_the_case_itself_is_left_as_it_was() -> None:
    sources = sources_of(PAIR)
    before = investigate(sources).document("case")
    suppose(sources, RECOVERY, "release=15.7(3)M2", "sender-dpd=periodic")
    assert investigate(sources).document("case") == before


def test_the_device_says_whose_a_supposition_is() -> None:
    document = suppose(sources_of(PAIR), "config:crypto isakmp keepalive 30 5 periodic", device="r2")
    assert flips(document)["dpd-off"] == ("likely", "undetermined")
    assert document.supposed[0].device == "R2"


def test_a_device_that_is_not_there_is_an_error_that_names_the_others() -> None:
    with pytest.raises(SettingError, match="R1, R2"):
        suppose(sources_of(PAIR), "os=ios", device="R7")
    with pytest.raises(SettingError, match="which_device"):
        suppose([Source("r1.log", message("0x5E1D0C3A", 1).encode())], "os=ios")


def test_a_condition_that_nothing_looks_at_is_an_error() -> None:
    with pytest.raises(SettingError, match=r"nobody_looks.*R7"):
        suppose(sources_of(PAIR), "ike-sa=present", device="R7")


def test_a_sender_outside_the_case_can_be_named_by_its_address() -> None:
    log = [Source("r1.log", f"R1#show logging\n{message('0x5E1D0C3A', 1)}\nR1#\n".encode())]
    document = suppose(log, "sender-dpd=off", device=SPOKE)
    assert flips(document) == {"dpd-off": ("undetermined", "likely")}


def test_the_smallest_change_for_missing_recovery_is_the_command_or_an_ike_sa() -> None:
    (found,) = smallest(sources_of(PAIR), "recovery-missing").subjects
    assert found.before == "confirmed"
    assert [[c.condition for c in way.changes] for way in found.ways] == [["recovery-configured"], ["ike-sa"]]
    assert found.ways[0].changes[0].set == RECOVERY
    assert {way.after for way in found.ways} == {"undetermined"}


def test_the_smallest_change_for_dpd_is_dpd_periodic_first() -> None:
    (found,) = smallest(sources_of(PAIR), "dpd-off").subjects
    assert [(c.value, c.set) for way in found.ways for c in way.changes] == [
        ("periodic", "sender-dpd=periodic"),
        ("on-demand", "sender-dpd=on-demand"),
    ]


def test_what_the_evidence_proves_no_change_clears() -> None:
    (found,) = smallest(sources_of(PAIR), "invalid-spi-persistent").subjects
    assert found.ways == []


def test_only_what_was_tried_is_said_to_be_tried() -> None:
    """The case shows the system and both SA lists: what cannot be changed is no option there."""
    document = smallest(sources_of(PAIR), "invalid-spi-persistent")
    (found,) = document.subjects
    levers = judge().kb.plan.levers
    assert levers["recovery-configured"].title.en in found.tried
    assert levers["receiver-is-ios-xe"].title.en not in found.tried
    text = markdown(smallest_blocks(document, words("en")))
    assert levers["receiver-is-ios-xe"].title.en not in text
    assert document.levers == found.tried


def test_only_fixes_of_the_system_are_offered(tmp_path: Path) -> None:
    bug = tmp_path / "bugs" / "CSCvp16730"
    bug.mkdir(parents=True)
    cites = "cites: [{source: seed#S25, statement: stated}]"
    (bug / "releases.yaml").write_text(
        f"affected: []\nfixed: [17.9.1a, 15.2(4)M12, 17.6.7]\n{cites}\n", "utf-8"
    )
    with_fixes = Judge(load(None, [tmp_path]), prefer_direct=True)
    investigation = Investigation(sources_of("036-ff-spi-installed"), with_fixes)
    found = Searcher(investigation, "CSCvp16730").search(investigation.document("case")).subjects[0]
    (title,) = {c.title for way in found.ways for c in way.changes if c.condition == "release"}
    assert title == "a release that lists the fix (17.6.7, 17.9.1a)"


def test_a_finding_that_is_not_there_has_nothing_to_clear() -> None:
    assert smallest(sources_of(PAIR), "unsolicited-esp").subjects == []


@pytest.mark.parametrize("name", CASE_NAMES[::5])
def test_every_way_lowers_the_verdict_and_none_is_longer_than_needed(name: str) -> None:
    order = judge().kb.ranking.verdicts
    sources = sources_of(name)
    for finding in ("recovery-missing", "dpd-off", "ike-sa-absent", "rekey-race", "recovery-active"):
        document = smallest(sources, finding)
        assert document == smallest(sources, finding)
        for one in document.subjects:
            assert len({len(way.changes) for way in one.ways}) <= 1
            for way in one.ways:
                assert 1 <= len(way.changes) <= document.most_changes
                assert order.index(way.after) > order.index(one.before)


@pytest.mark.parametrize("name", CASE_NAMES[::7])
def test_what_the_smallest_change_promises_the_supposition_keeps(name: str) -> None:
    """The ways are found by the second engine; supposing them judges the case anew with both."""
    sources = sources_of(name)
    for finding in ("recovery-missing", "dpd-off"):
        for one in smallest(sources, finding).subjects:
            for way in one.ways[:2]:
                texts = [f"{c.condition}={c.value}" for c in way.changes]
                kept = {(f.id, f.subject.flow): f.after for f in suppose(sources, *texts).findings}
                assert kept[finding, one.subject.flow] == way.after


@pytest.mark.parametrize("name", CASE_NAMES[::4])
def test_no_supposition_makes_the_engines_differ(name: str) -> None:
    sources = sources_of(name)
    for text in ("ike-sa=absent", "spi-repeats=yes", "recovery-configured=yes"):
        world = World(sources, judge(), [parse_setting(text, judge().kb)])
        assert "engines-disagree" not in {p.code for p in world.document("case").problems}


def test_a_sheet_shows_the_first_ones_and_counts_the_rest() -> None:
    lines = "\n".join(message("0x5E1D0C3A", i, src=f"203.0.113.{i}") for i in range(1, 31))
    document = suppose([Source("r1.log", lines.encode())], "ike-sa=absent")
    assert len(document.findings) == 30
    text = markdown(whatif_blocks(document, words("en")))
    assert "10 more" in text
