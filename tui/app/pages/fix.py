"""Fix: what to do about it, what to collect, and applets that catch the next loss; to copy or to save."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

import msgspec
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import Checkbox, Input, Label, TabbedContent, TabPane

from engine.diagnosis.document import Action, Finding, Target
from engine.plan.collection import plan_of
from engine.plan.document import Applet, CollectionPlan, DevicePlan, EemPlan
from engine.plan.eem import Options, applets_of, is_storage
from engine.plan.sheet import Block, markdown
from engine.plan.text import eem_blocks, eem_paste, plan_blocks, plan_paste
from engine.render.phrases import Phrases
from engine.render.visible import prose
from engine.render.words import Words
from tui.app.page import Page
from tui.app.pages.fix_text import RISKS, action_blocks, commands_of, grouped, paste, serving
from tui.app.widgets.check import Check
from tui.app.widgets.ledger import Entry, Ledger
from tui.app.widgets.picker import Picker
from tui.app.widgets.save_as import SaveAs
from tui.opening import words_of

if TYPE_CHECKING:
    from tui.app.model import CaseModel, State

_KINDS = ("actions", "plan", "eem")
_CHECKS = ("bypass", "quiet", "debug")


class FixPage(Page):
    """Three lists: actions, the collection plan, EEM applets."""

    NAME = "fix"
    CSS_PATH = "fix.tcss"
    AUTO_FOCUS = "#fix-actions-list"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide")]  # noqa: RUF012  as Textual declares it
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "copy", "common.key_copy"),
        Binding("Y", "copy_all", "fix.key_copy_all", show=False),
        Binding("s", "save", "fix.key_save"),
        Binding("right_square_bracket", "kind(1)", "fix.key_next", key_display="]", show=False),
        Binding("left_square_bracket", "kind(-1)", "fix.key_next", key_display="[", show=False),
    ]

    class Made(Message):
        """Plan and applets are made; the plan is None where only the applets were asked for."""

        def __init__(self, asked: int, plan: CollectionPlan | None, eem: EemPlan) -> None:
            super().__init__()
            self.asked = asked
            self.plan = plan
            self.eem = eem

    def __init__(self) -> None:
        super().__init__()
        self._asked = 0
        self._planned: State | None = None
        self._plan: CollectionPlan | None = None
        self._eem: EemPlan | None = None
        self._serves: dict[str, list[Finding]] = {}

    def compose_body(self) -> ComposeResult:
        """A tab for each list; the choices of the applets stand above theirs."""
        with TabbedContent(id="fix-tabs"):
            with TabPane("", id="fix-tab-actions"):
                yield Ledger(id="fix-actions", reasons=True)
            with TabPane("", id="fix-tab-plan"):
                yield Ledger(id="fix-plan")
            with TabPane("", id="fix-tab-eem"):
                with Horizontal(id="fix-options"):
                    for name in _CHECKS:
                        yield Check(id=f"fix-{name}", value=name == "debug", compact=True)
                    yield Label(id="fix-storage-label")
                    yield Input(id="fix-storage", compact=True)
                yield Ledger(id="fix-eem")

    def relabel(self) -> None:
        """Tabs and choices."""
        tabs = self.query_one(TabbedContent)
        for kind in _KINDS:
            tabs.get_tab(f"fix-tab-{kind}").label = Content(self.word(f"tab_{kind}"))
        for name in _CHECKS:
            self.query_one(f"#fix-{name}", Check).say(self.word(f"option_{name}"))
        self.query_one("#fix-storage-label", Label).update(self.word("option_storage"))
        self.query_one("#fix-storage", Input).placeholder = "flash:"

    def draw(self, state: State) -> None:
        """List the actions; plan and applets are made when they are looked at, in the thread of the case."""
        words = self._words
        phrases = Phrases(state.diagnosis, words)
        self._serves = serving(state.diagnosis)
        self._ledger("actions").fill(list(self._actions(state, phrases)), self.word("no_actions"))
        if state is not self._planned:
            self._plan = self._eem = None
            self._make_what_is_shown()
        else:
            self._show_plan()
            self._show_eem()

    def target(self, **target: object) -> None:
        """Show an action: `action=ID`, or the first that serves a finding: `id=ID` (an action's will do, too)."""
        meant, state = target.get("action", target.get("id")), self.state
        if not isinstance(meant, str) or state is None:
            return
        first, then = grouped(state.diagnosis)
        served = (a.id for a in [*first, *then] if meant in a.because_of)
        ledger = self._ledger("actions")
        self.query_one(TabbedContent).active = "fix-tab-actions"
        if not ledger.go(meant):
            ledger.go(next(served, ""))
        ledger.list.focus()

    @property
    def _words(self) -> Words:
        return words_of(self.guide_app.model.kb, self.guide_app.lang)

    @property
    def kind(self) -> str:
        """The list that is shown: actions, plan or eem."""
        return self.query_one(TabbedContent).active.removeprefix("fix-tab-")

    def _ledger(self, kind: str) -> Ledger:
        return self.query_one(f"#fix-{kind}", Ledger)

    # Actions.

    def _actions(self, state: State, phrases: Phrases) -> Iterator[Entry]:
        number = 0
        for key, group in zip(("first", "then"), grouped(state.diagnosis), strict=True):
            if group:
                yield self._heading(self.word(key))
            for action in group:
                number += 1
                yield Entry(
                    label=self._action_label(number, action),
                    key=action.id,
                    blocks=tuple(self._blocks(action, phrases)),
                    paste=commands_of(action),
                    indent=5,
                )

    def _blocks(self, action: Action, phrases: Phrases) -> Iterator[Block]:
        return action_blocks(action, self._serves[action.id], phrases, because=self.word("because"))

    def _action_label(self, number: int, action: Action) -> Content:
        where = prose(action.target.device or action.target.address or "")
        look = {"high": "$text-error", "medium": "$text-warning"}.get(action.risk, "")
        return Content.assemble(
            f"{number:>2} ", (RISKS[action.risk], look), f" {where}  ", (prose(action.title), "bold")
        )

    @staticmethod
    def _heading(text: str) -> Entry:
        return Entry(Content.styled(text, "bold $text-primary"))

    @on(Ledger.Opened)
    def _opened(self, event: Ledger.Opened) -> None:
        """Open the finding that an action serves; where it serves several, one is picked."""
        findings = self._serves.get(event.entry.key, [])
        if len(findings) == 1:
            self._show_finding(findings[0])
        elif findings:
            labels = [Content(f"{prose(finding.title)} [{finding.id}]") for finding in findings]

            def picked(index: int | None) -> None:
                if index is not None:
                    self._show_finding(findings[index])

            self.app.push_screen(Picker(labels, self.word("pick_finding")), picked)

    def _show_finding(self, finding: Finding) -> None:
        self.guide_app.show("finding", id=finding.id, subject=finding.subject)

    # Plan and applets, made in the thread of the case.

    @on(TabbedContent.TabActivated)
    def _make_what_is_shown(self) -> None:
        if self.kind != "actions" and self.state is not None and self.state is not self._planned:
            self._planned = self.state
            self._make()

    def _make(self) -> None:
        """Make the applets, and the plan where it was asked for and is not there yet: it may have been overtaken."""
        self._asked += 1
        asked, chosen = self._asked, self._options()
        with_plan = self._planned is self.state and self._plan is None

        def make(_model: CaseModel) -> State:
            state = self.state
            assert state is not None
            if asked == self._asked:
                plan = plan_of(state.investigation, state.diagnosis) if with_plan else None
                eem = applets_of(state.investigation, state.diagnosis, chosen)
                self.post_message(self.Made(asked, plan, eem))
            return state

        self.guide_app.change(make)

    def on_fix_page_made(self, event: Made) -> None:
        """Show them, unless something else was asked since."""
        if event.asked != self._asked:
            return
        if event.plan is not None:
            self._plan = event.plan
            self._show_plan()
        self._eem = event.eem
        self._show_eem()

    def _options(self) -> Options:
        storage = self.query_one("#fix-storage", Input).value.strip()
        on_off = {name: self.query_one(f"#fix-{name}", Check).value for name in _CHECKS}
        return Options(
            bypass=on_off["bypass"],
            file_prompt_quiet=on_off["quiet"],
            debug=on_off["debug"],
            storage=storage if is_storage(storage) else None,
        )

    @on(Checkbox.Changed)
    def _option_chosen(self) -> None:
        if self.state is not None:
            self._make()

    @on(Input.Changed, "#fix-storage")
    def _storage_typed(self, event: Input.Changed) -> None:
        typed = event.value.strip()
        event.input.set_class(bool(typed) and not is_storage(typed), "-wrong")
        if self.state is not None and (not typed or is_storage(typed)):
            self._make()

    @on(Input.Submitted, "#fix-storage")
    def _storage_given(self, event: Input.Submitted) -> None:
        if event.input.has_class("-wrong"):
            self.notify(self.word("bad_storage", text=event.value.strip()), severity="error", timeout=5)

    def _show_plan(self) -> None:
        if self._plan is None:
            return
        words = self._words
        entries = [
            Entry(
                label=self._plan_label(device, words),
                key=_place(device.target),
                blocks=_without_title(plan_blocks(one, words)),
                paste=plan_paste(one),
            )
            for device in self._plan.devices
            for one in [msgspec.structs.replace(self._plan, devices=[device])]
        ]
        self._ledger("plan").fill(entries, words("plan.nothing"))

    def _plan_label(self, device: DevicePlan, words: Words) -> Content:
        sides = ", ".join(words(f"side.{side}") for side in device.sides)
        count = self.word("commands", count=len(device.steps))
        return Content.assemble(
            (prose(_place(device.target)), "bold"), f"  {sides}{': ' if sides else ''}{count}"
        )

    def _show_eem(self) -> None:
        if self._eem is None:
            return
        words = self._words
        entries = [
            Entry(
                label=self._applet_label(applet),
                key=applet.id,
                blocks=_without_title(eem_blocks(one, words)),
                paste=eem_paste(one),
            )
            for applet in self._eem.applets
            for one in [msgspec.structs.replace(self._eem, applets=[applet])]
        ]
        self._ledger("eem").fill(entries, words("eem.nothing"))

    def _applet_label(self, applet: Applet) -> Content:
        return Content.assemble(
            (prose(_place(applet.target)), "bold"), f"  {applet.name}  ", (prose(applet.title), "$text-muted")
        )

    # Copy and save.

    def action_kind(self, step: int) -> None:
        """The next list, or the one before."""
        kind = _KINDS[(_KINDS.index(self.kind) + step) % len(_KINDS)]
        self.query_one(TabbedContent).active = f"fix-tab-{kind}"
        self._ledger(kind).list.focus()

    def action_copy(self) -> None:
        """Copy what is under the cursor: the commands of an action, the block of a router, an applet."""
        entry = self._ledger(self.kind).entry
        if entry is not None:
            self.guide_app.copy(entry.paste)

    def action_copy_all(self) -> None:
        """Copy the whole list, with remarks."""
        text = self._everything(self.kind)
        if text:
            self.guide_app.copy(text)

    def action_save(self) -> None:
        """Save the whole list to a file; as Markdown where its name ends in `.md`."""
        kind = self.kind
        text = self._everything(kind)
        if not text or self.state is None:
            return

        def saved(path: object) -> None:
            if path is not None:
                self.notify(self.word("saved", path=path), timeout=4)

        self.app.push_screen(SaveAs(text, f"ipsecdx-{kind}.txt", self._as_markdown(kind)), saved)

    def _everything(self, kind: str) -> str:
        if self.state is None:
            return ""
        if kind == "plan":
            return plan_paste(self._plan) if self._plan is not None else ""
        if kind == "eem":
            return eem_paste(self._eem) if self._eem is not None else ""
        first, then = grouped(self.state.diagnosis)
        return paste([*first, *then], Phrases(self.state.diagnosis, self._words))

    def _as_markdown(self, kind: str) -> str:
        words, state = self._words, self.state
        assert state is not None
        if kind == "plan":
            return markdown(plan_blocks(self._plan, words)) if self._plan is not None else ""
        if kind == "eem":
            return markdown(eem_blocks(self._eem, words)) if self._eem is not None else ""
        phrases = Phrases(state.diagnosis, words)
        first, then = grouped(state.diagnosis)
        return "\n".join(markdown(self._blocks(a, phrases)) for a in [*first, *then])


def _place(target: Target) -> str:
    return target.device or target.address or "-"


def _without_title(blocks: Iterator[Block]) -> tuple[Block, ...]:
    """The case is named on top of the page already."""
    return tuple(block for block in blocks if block.kind != "title")
