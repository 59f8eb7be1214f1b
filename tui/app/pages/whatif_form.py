"""The form of suppositions: router, release, a line of configuration, a condition, and what is tried most."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.suggester import SuggestFromList
from textual.widgets import Button, Input, Label, OptionList, Select, Static
from textual.widgets.option_list import Option

from engine.knowledge.model import Knowledge
from engine.release import parse as parse_release
from engine.render.visible import prose
from engine.render.words import Words
from tui.app.pages.whatif_run import conditions_in, known_releases, near_releases
from tui.app.widgets.choices import Choices

if TYPE_CHECKING:
    from tui.app.app import GuideApp
    from tui.app.model import State

RELEASE, CONFIG = "release=", "config:"
# What is tried most: name of the chip, and the supposition.
CHIPS = {
    "recovery": "config:crypto isakmp invalid-spi-recovery",
    "no-recovery": "config:no crypto isakmp invalid-spi-recovery",
    "keepalive": "config:crypto isakmp keepalive 30 5 periodic",
    "ike-sa": "ike-sa=present",
    "sender-dpd": "sender-dpd=periodic",
}


class Supposed(Choices):
    """The suppositions made; choosing one takes it back."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,x,delete,backspace", "select", "whatif.key_take_back", key_display="x")
    ]


class SupposeForm(Vertical):
    """Gathers suppositions, each written as `ipsecdx whatif --set` takes it. Errors are said below the fields."""

    class Changed(Message):
        """What is supposed is something else."""

    def __init__(self, *, id: str) -> None:  # noqa: A002  Textual's own name
        super().__init__(id=id)
        self._texts: list[str] = []
        self._kb: Knowledge | None = None
        self._words: Words | None = None
        self._releases: list[str] = []

    def compose(self) -> ComposeResult:
        """Three rows of fields, a row of chips, the hint, what is supposed."""
        with Horizontal(classes="whatif-row"):
            yield Label(id="whatif-device-label")
            yield Select[str]([], id="whatif-device", compact=True)
            yield Label(id="whatif-release-label")
            yield Input(id="whatif-release", compact=True)
        with Horizontal(classes="whatif-row"):
            yield Label(id="whatif-config-label")
            yield Input(id="whatif-config", compact=True)
        with Horizontal(classes="whatif-row"):
            yield Label(id="whatif-condition-label")
            yield Select[str]([], id="whatif-condition", compact=True)
            yield Select[str]([], id="whatif-value", compact=True)
        with Horizontal(id="whatif-chips"):
            for name in CHIPS:
                yield Button(id=f"whatif-chip-{name}", compact=True)
        yield Static(id="whatif-hint")
        yield Supposed(id="whatif-supposed", markup=False)

    @property
    def texts(self) -> tuple[str, ...]:
        """The suppositions, in the order in which they were made."""
        return tuple(self._texts)

    @property
    def device(self) -> str | None:
        """Whose they are; None where no router is named."""
        return self._chosen("#whatif-device")

    # Texts and choices.

    def _word(self, key: str, **values: object) -> str:
        return cast("GuideApp", self.app).word(f"whatif.{key}", **values)

    def relabel(self) -> None:
        """Labels and examples in the language of the moment."""
        for name in ("device", "release", "config", "condition"):
            self.query_one(f"#whatif-{name}-label", Label).update(self._word(name))
        self.query_one("#whatif-config", Input).placeholder = self._word("config_example")
        self.hint("")
        self._show()

    def offer(self, state: State, kb: Knowledge, words: Words) -> None:
        """Offer the routers, releases and conditions of a case; what was chosen stays."""
        self._kb, self._words = kb, words
        self._releases = known_releases(kb, state.diagnosis)
        release = self.query_one("#whatif-release", Input)
        release.suggester = SuggestFromList(self._releases, case_sensitive=False)
        devices = state.diagnosis.devices
        now = ", ".join(f"{prose(d.name)} {d.version}" for d in devices if d.version)
        release.placeholder = (
            self._word("release_now", releases=now) if now else self._word("release_example")
        )
        titles = [(kb.conditions[n].title(state.lang), n) for n in conditions_in(state.investigation)]
        self._offer("#whatif-device", self._word("any_device"), [(prose(d.name), d.name) for d in devices])
        self._offer("#whatif-condition", self._word("no_condition"), sorted(titles))
        self._offer_values()
        self._show()

    def _offer(self, selector: str, nothing: str, options: list[tuple[str, str]]) -> None:
        choice: Select[str] = self.query_one(selector, Select)
        chosen = choice.value
        with choice.prevent(Select.Changed):
            choice.set_options((Text(text), value) for text, value in options)
            choice.prompt = nothing
            if chosen in {value for _, value in options}:
                choice.value = chosen

    def _offer_values(self) -> None:
        name, kb = self._chosen("#whatif-condition"), self._kb
        options: list[tuple[str, str]] = []
        if name is not None and kb is not None:
            values = kb.conditions[name].values or ["yes", "no"]
            options = [(self._value(name, value), value) for value in values]
        self._offer("#whatif-value", self._word("no_value"), options)

    def _value(self, name: str, value: str) -> str:
        """The word for a value of a condition."""
        assert self._kb is not None
        assert self._words is not None
        if self._kb.conditions[name].values is None:
            return self._words(f"truth.{value}")
        return self._words.term(name, value)

    def _chosen(self, selector: str) -> str | None:
        value = self.query_one(selector, Select).value
        return value if isinstance(value, str) else None

    # What is supposed.

    def suppose(self, *texts: str) -> None:
        """Suppose something more; what was said of the same release or condition is replaced."""
        for text in texts:
            name, equals, _value = text.partition("=")
            if equals and not text.startswith(CONFIG):
                self._texts = [t for t in self._texts if not t.startswith(f"{name}=")]
            if text not in self._texts:
                self._texts.append(text)
        self._changed()

    def take_back(self, text: str) -> None:
        """Suppose it no longer."""
        self._texts = [t for t in self._texts if t != text]
        if text.startswith(RELEASE):
            self._empty("#whatif-release")
        self._changed()

    def clear(self) -> None:
        """Suppose nothing."""
        self._texts = []
        self._empty("#whatif-release")
        self._changed()

    def _empty(self, selector: str) -> None:
        field = self.query_one(selector, Input)
        with field.prevent(Input.Changed):
            field.value = ""

    def _changed(self) -> None:
        self.hint("")
        self._show()
        self.post_message(self.Changed())

    def hint(self, text: str, *, wrong: bool = False) -> None:
        """One sentence below the fields; nothing for an empty one."""
        hint = self.query_one("#whatif-hint", Static)
        hint.update(Content(f"{'✕ ' if wrong else ''}{prose(text)}"))
        hint.set_class(wrong, "-wrong")
        hint.display = bool(text)

    def _show(self) -> None:
        """The list of suppositions, and which chips are among them."""
        found = self.query_one(Supposed)
        before = found.highlighted
        found.clear_options()
        found.add_options(Option(self.said(text), id=text) for text in self._texts)
        found.display = bool(self._texts)
        if before is not None and self._texts:
            found.highlighted = min(before, len(self._texts) - 1)
        for name, text in CHIPS.items():
            chip = self.query_one(f"#whatif-chip-{name}", Button)
            mark = "✓" if text in self._texts else "+"
            chip.label = Content(f"{mark} {self._word(f'chip_{name}')}")

    def said(self, text: str) -> Content:
        """A supposition as a sentence."""
        name, _, value = text.partition("=")
        if text.startswith(CONFIG):
            shown = self._word("set_config", line=prose(text.removeprefix(CONFIG)))
        elif text.startswith(RELEASE):
            shown = self._word("set_release", release=value)
        elif self._kb is not None and self._words is not None and name in self._kb.conditions:
            shown = f"{self._kb.conditions[name].title(self._words.lang)}: {self._value(name, value)}"
        else:
            shown = text
        return Content.assemble(("⊢ ", "bold"), shown)

    @on(Input.Changed, "#whatif-release")
    def _release_typed(self, event: Input.Changed) -> None:
        typed = event.value.strip()
        if parse_release(typed) is not None:
            self.suppose(RELEASE + typed)
            return
        if any(text.startswith(RELEASE) for text in self._texts):
            self._texts = [t for t in self._texts if not t.startswith(RELEASE)]
            self._changed()
        near = near_releases(typed, self._releases)
        self.hint(self._word("near", releases=", ".join(near)) if near else "")

    @on(Input.Submitted, "#whatif-release")
    def _release_given(self, event: Input.Submitted) -> None:
        typed = event.value.strip()
        if typed and parse_release(typed) is None:
            near = ", ".join(near_releases(typed, self._releases))
            key = "bad_release_near" if near else "bad_release"
            self.hint(self._word(key, text=typed, releases=near), wrong=True)

    @on(Input.Submitted, "#whatif-config")
    def _config_given(self, event: Input.Submitted) -> None:
        line = event.value.strip()
        if line:
            self._empty("#whatif-config")
            self.suppose(CONFIG + line)

    @on(Select.Changed, "#whatif-device")
    def _device_chosen(self) -> None:
        self._changed()

    @on(Select.Changed, "#whatif-condition")
    def _condition_chosen(self) -> None:
        self._offer_values()
        if self._chosen("#whatif-condition") is not None:
            self.query_one("#whatif-value", Select).focus().action_show_overlay()

    @on(Select.Changed, "#whatif-value")
    def _value_chosen(self) -> None:
        name, value = self._chosen("#whatif-condition"), self._chosen("#whatif-value")
        if name is not None and value is not None:
            condition = self.query_one("#whatif-condition", Select)
            with condition.prevent(Select.Changed):
                condition.clear()
            self._offer_values()
            condition.focus()
            self.suppose(f"{name}={value}")

    @on(Button.Pressed)
    def _chip_pressed(self, event: Button.Pressed) -> None:
        event.stop()
        text = CHIPS[(event.button.id or "").removeprefix("whatif-chip-")]
        if text in self._texts:
            self.take_back(text)
        else:
            self.suppose(text)

    @on(OptionList.OptionSelected)
    def _taken_back(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        if event.option.id is not None:
            self.take_back(event.option.id)
