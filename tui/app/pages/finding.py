"""Findings: how was that concluded, and why not something else."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import msgspec
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static, Tree
from textual.worker import get_current_worker

from engine.diagnosis.document import Citation, Evidence, Finding, Subject, Verdict
from engine.diagnosis.explain import Explanation, ProofNode
from engine.knowledge.formulas import VERDICTS_UP
from engine.render.phrases import Phrases
from engine.render.visible import prose
from tui.app.page import Page
from tui.app.verdicts import COLOURS, SYMBOLS, key, symbol
from tui.app.widgets.finding_list import Choice, FindingList
from tui.app.widgets.picker import Picker
from tui.app.widgets.proof_detail import copied, detail
from tui.app.widgets.proof_tree import Command, Item, ProofTree
from tui.opening import words_of

if TYPE_CHECKING:
    from tui.app.model import State


class FindingPage(Page):
    """The findings of the case, and the proof of one of them."""

    NAME = "finding"
    CSS_PATH = "finding.tcss"
    AUTO_FOCUS = "#findings"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (150, "-wide")]  # noqa: RUF012  as Screen has it
    VERTICAL_BREAKPOINTS = [(0, "-short"), (34, "-tall")]  # noqa: RUF012  as Screen has it
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "common.key_back", show=False),
        Binding("slash", "pick", "finding.key_why_not", key_display="/"),
        Binding("o", "fix", "finding.key_fix"),
        Binding("y", "copy", "common.key_copy"),
        Binding("t", "list", "finding.key_list", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._choice: Choice | None = None
        self._explained: Explanation | None = None
        self._phrases: Phrases | None = None
        # Explanations of the present state, by hypothesis.
        self._known: dict[Choice, list[Explanation]] = {}
        self._known_of: State | None = None
        self._explaining = False

    def compose_body(self) -> ComposeResult:
        """The list; beside it, or below, the decision, the proof, and one node of it in full."""
        with Container(id="finding-body"):
            yield FindingList(id="findings")
            with Vertical(id="proof-side"):
                with VerticalScroll(id="decision"):
                    yield Static(id="decision-text")
                yield ProofTree(id="proof")
                with VerticalScroll(id="detail"):
                    yield Static(id="detail-text")

    # What is drawn.

    def draw(self, state: State) -> None:
        """The list, and the proof of what was chosen before, else of the first finding."""
        if state is not self._known_of:
            self._known, self._known_of = {}, state
        words = words_of(state.investigation.judge.kb, state.lang)
        self._phrases = Phrases(state.diagnosis, words)
        findings = state.diagnosis.findings
        with self.prevent(Tree.NodeHighlighted):
            self.query_one(FindingList).show(
                findings, self._phrases, self._names(), self.word("why_not"), self.word("open")
            )
        choice = self._choice
        if choice is None or not any(f.id == choice.id for f in findings):
            first = min(findings, key=lambda one: one.rank, default=None)
            choice = choice or (Choice(first.id, first.subject) if first is not None else None)
        if choice is None:
            self._choice = None
            self._blank(self.word("nothing"))
        else:
            self._choose(choice, again=True)

    def _names(self) -> dict[Verdict, str]:
        verdicts: tuple[Verdict, ...] = ("confirmed", "likely", "possible", "undetermined", "ruled_out")
        return {verdict: self.word(key(verdict)) for verdict in verdicts}

    def target(self, **target: object) -> None:
        """Go to a finding: `id`, and `subject` (of the document, or the id of its flow, peer or device)."""
        name, subject = target.get("id"), target.get("subject")
        state = self.state
        if state is None or not isinstance(name, str):
            return
        if name not in state.investigation.judge.hypotheses:
            self.notify(self.word("no_finding", id=name), severity="warning")
            return
        same = [f for f in state.diagnosis.findings if f.id == name]
        found = next((f for f in same if _is_about(f, subject)), None) or next(iter(same), None)
        self._choose(Choice(name, found.subject if found is not None else None))
        self.query_one(ProofTree).focus()

    def _choose(self, choice: Choice, *, again: bool = False) -> None:
        """Show the proof of a finding; it is made in a thread where it is not known yet."""
        if choice == self._choice and self._explained is not None and not again:
            return
        self._choice = choice
        with self.prevent(Tree.NodeHighlighted):
            self.query_one(FindingList).reveal(choice)
        self._show_choice(choice)

    def _show_choice(self, choice: Choice) -> None:
        known = self._known.get(choice)
        if known is not None:
            self._draw(choice, known)
        elif self._known_of is not None:
            self._blank(self.word("working"))
            self._explain(self._known_of, choice)

    def _explain(self, state: State, choice: Choice) -> None:
        """Have a proof made, one at a time: threads cannot be stopped, and keys come faster than proofs."""
        if not self._explaining:
            self._explaining = True
            self._explain_in_thread(state, choice)

    @work(thread=True, group="explain", exit_on_error=False, description="explain")
    def _explain_in_thread(self, state: State, choice: Choice) -> None:
        fault = ""
        found: list[Explanation] = []
        try:
            found = state.investigation.explain(choice.id, choice.subject)
        except Exception as error:  # noqa: BLE001  whatever goes wrong in a proof, the application goes on
            fault = prose(f"{type(error).__name__}: {error}")
        if not get_current_worker().is_cancelled:
            self.app.call_from_thread(self._have_explained, state, choice, found, fault)

    def _have_explained(self, state: State, made: Choice, found: list[Explanation], fault: str) -> None:
        self._explaining = False
        choice = self._choice
        if not self.is_attached or choice is None or self._known_of is None:
            return
        if state is self._known_of:
            self._known[made] = found
        if fault and choice == made:
            self._blank(fault)
        else:
            self._show_choice(choice)

    def _draw(self, choice: Choice, found: list[Explanation]) -> None:
        explained = next((e for e in found if e.finding.subject == choice.subject), None)
        explained = explained or next(iter(found), None)
        if explained is None or self._phrases is None:
            self._blank(self.word("not_judged"))
            return
        self._explained = explained
        self.query_one("#decision-text", Static).update(self._decision(explained))
        proof = self.query_one(ProofTree)
        proof.show(explained, self._phrases, self.word("to_settle"), self.word("cited"))

    def _decision(self, explained: Explanation) -> Content:
        finding, phrases = explained.finding, self._phrases
        verdict = Content.styled(
            f"{symbol(finding.verdict)} {self.word(key(finding.verdict))}", f"bold {COLOURS[finding.verdict]}"
        )
        parts = [Content.assemble(verdict, "  ", (prose(finding.title), "bold"))]
        parts.append(Content(prose(explained.decision)))
        about = phrases.subject(finding.subject) if phrases is not None else ""
        parts.append(Content.styled(prose(" · ".join(filter(None, (finding.id, about)))), "$text-muted"))
        return Content("\n").join(parts)

    def _blank(self, text: str) -> None:
        self._explained = None
        self.query_one("#decision-text", Static).update(Content(text))
        self.query_one(ProofTree).clear()
        self.query_one("#detail-text", Static).update("")

    # The list.

    def on_descendant_focus(self) -> None:
        """On a small screen the list makes room for the proof as soon as that has the focus."""
        findings = self.query_one(FindingList)
        findings.set_class(not findings.has_focus, "-away")

    @on(Tree.NodeHighlighted, "#findings")
    def _look_at(self, event: Tree.NodeHighlighted[Choice]) -> None:
        """The proof follows the cursor of the list."""
        if event.node.data is not None and self.query_one(FindingList).has_focus:
            self._choice = event.node.data
            self._show_choice(event.node.data)

    @on(Tree.NodeSelected, "#findings")
    def _enter_finding(self, event: Tree.NodeSelected[Choice]) -> None:
        if event.node.data is None:
            event.node.toggle()
        else:
            self._choose(event.node.data)
            self.query_one(ProofTree).focus()

    def action_list(self) -> None:
        """To the list."""
        findings = self.query_one(FindingList)
        findings.remove_class("-away")
        self.call_after_refresh(findings.focus)

    def action_leave(self) -> None:
        """Escape: from the proof to the list, from there to the page before."""
        if self.query_one(FindingList).has_focus:
            self.call_later(self.guide_app.action_back)
        else:
            self.action_list()

    def action_pick(self) -> None:
        """Why not: any defect, condition or cause that is known, by a part of its name or title."""
        state = self.state
        if state is None:
            return
        best: dict[str, Verdict] = {}
        for finding in state.diagnosis.findings:
            best[finding.id] = max(best.get(finding.id, finding.verdict), finding.verdict, key=_height)
        names, labels, words = [], [], self._names()
        for name, (_, hypothesis) in sorted(state.investigation.judge.hypotheses.items()):
            verdict = best.get(name, "undetermined")
            names.append(name)
            labels.append(
                Content.assemble(
                    (f"{SYMBOLS[verdict]} ", COLOURS[verdict]),
                    (f"{name}  ", "bold"),
                    prose(hypothesis.title(state.lang)),
                    (f"  {words[verdict]}", "$text-muted"),
                )
            )

        def go(index: int | None) -> None:
            if index is not None:
                self.target(id=names[index])

        self.app.push_screen(Picker(labels, self.word("find")), go)

    # The proof.

    @on(Tree.NodeHighlighted, "#proof")
    def _look_closer(self, event: Tree.NodeHighlighted[Item]) -> None:
        if self._phrases is not None:
            text = detail(event.node.data, self._phrases, self.word)
            self.query_one("#detail-text", Static).update(text)
            self.query_one("#detail").scroll_home(animate=False)

    @on(Tree.NodeSelected, "#proof")
    def _enter_proof(self, event: Tree.NodeSelected[Item]) -> None:
        """Open the evidence of a leaf; copy a command; open or close what is neither."""
        item = event.node.data
        if isinstance(item, ProofNode) and len(item.evidence) == 1:
            item = item.evidence[0]
        if isinstance(item, Evidence):
            self._open(item)
        elif isinstance(item, Command):
            self.guide_app.copy(str(item))
        elif not isinstance(item, Citation):
            event.node.toggle()

    def _open(self, evidence: Evidence) -> None:
        state = self.state
        if state is not None and any(s.path == evidence.source for s in state.opened.sources):
            self.guide_app.show("evidence", source=evidence.source, line=max(1, evidence.line))
        elif evidence.kind == "answer":
            self.guide_app.show("guide")
        else:
            self.notify(self.word("no_line"), timeout=3)

    def action_copy(self) -> None:
        """Copy the node, or of a finding its title and decision."""
        if self._explained is None or self._phrases is None:
            return
        node = self.query_one(ProofTree).cursor_node
        if node is not None and node.data is not None and self.query_one(ProofTree).has_focus:
            self.guide_app.copy(copied(node.data, self._phrases))
        else:
            self.guide_app.copy(self._decision(self._explained).plain)

    def action_fix(self) -> None:
        """The action that the finding leads to, on its own device where there is one."""
        state, explained = self.state, self._explained
        if state is None or explained is None:
            return
        finding = explained.finding
        actions = sorted(
            (a for a in state.diagnosis.actions if finding.id in a.because_of), key=lambda a: a.order
        )
        if not actions:
            self.notify(self.word("no_fix"), timeout=3)
            return
        near = next((a for a in actions if a.target.device == finding.subject.device), actions[0])
        self.guide_app.show("fix", action=near.id)


def _is_about(finding: Finding, subject: object) -> bool:
    if isinstance(subject, Subject):
        return finding.subject == subject
    return subject is not None and subject in msgspec.structs.astuple(finding.subject)


def _height(verdict: Verdict) -> int:
    """How much a verdict says: what is ruled out says more than what is open, less than what is possible."""
    if verdict in VERDICTS_UP:
        return VERDICTS_UP.index(verdict) + 2
    return 1 if verdict == "ruled_out" else 0
