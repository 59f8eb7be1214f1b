"""The case at a glance: devices, setups, flows on a time axis, findings. It fills while sources are being read."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import OptionList, Static

from tui.app import verdicts
from tui.app.page import Page
from tui.app.widgets.plot import Plot, clock, span
from tui.app.widgets.rows import Row, Rows
from tui.app.widgets.topbar import size

if TYPE_CHECKING:
    from engine.diagnosis.document import Device, Evidence, Finding, Flow, Setup
    from tui.app.model import State
    from tui.app.progress import Progress

# Rows of a list at most: a hub has thousands of flows, and the ones with the most messages say it all.
_MOST = 500
_PLOTTED_SHORT, _PLOTTED = 2, 4
_LOW, _NARROW = 30, 100
_PARTS = ("notes", "devices", "setups", "flows", "plot", "findings")


class CasePage(Page):
    """Devices, setups, flows, findings."""

    NAME = "case"
    CSS_PATH = "case.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("e", "evidence", "case.key_evidence")]

    def compose_body(self) -> ComposeResult:
        """One list below the other; what is loaded is listed first, as long as it is."""
        with VerticalScroll(id="case-scroll", can_focus=False):
            yield Static(id="notes")
            yield Rows(flexible=0, id="loading")
            yield Rows(flexible=4, id="devices")
            yield Rows(flexible=2, id="setups")
            yield Rows(flexible=0, id="flows")
            yield Plot(id="plot")
            yield Rows(flexible=1, id="findings")

    def on_resize(self) -> None:
        """A low screen has no blank lines to spare."""
        self.set_class(self.size.height < _LOW, "-low")
        state = self.state
        if state is not None and self._drawn is not None:
            self._draw_flows(state)
            self._draw_findings(state)

    def relabel(self) -> None:
        """While nothing is loaded there is nothing but the progress."""
        self.draw_progress(self.guide_app.progress)

    def draw_progress(self, progress: Progress | None) -> None:
        """The sources, one by one, as they are read."""
        loading = self.query_one("#loading", Rows)
        loading.display = progress is not None
        for name in _PARTS:
            part = self.query_one(f"#{name}")
            part.display = progress is None and not (isinstance(part, Rows) and part.is_empty)
        if progress is None:
            return
        word = self.word
        rows = [
            Row(
                source.path,
                (source.path, size(source.bytes), self._kind(source.kind, source.path == progress.current)),
            )
            for source in progress.sources[-_MOST:]
        ]
        loading.fill((word("sources", count=len(progress.sources)), word("size"), word("kind")), rows)

    def draw(self, state: State) -> None:
        """Everything."""
        self.draw_progress(self.guide_app.progress)
        self._draw_notes(state)
        self._draw_devices(state)
        self._draw_setups(state)
        self._draw_flows(state)
        self._draw_findings(state)
        if self.focused is None or self.focused.id == "loading-list":
            shown = next((rows for rows in self.query(Rows) if rows.display), None)
            if shown is not None:
                shown.body.focus(scroll_visible=False)

    @on(OptionList.OptionSelected, "#findings-list")
    def _finding_chosen(self, event: OptionList.OptionSelected) -> None:
        finding = self._findings()[event.option_index]
        self.guide_app.show("finding", id=finding.id, subject=finding.subject)

    @on(OptionList.OptionSelected, "#flows-list")
    def _flow_chosen(self, event: OptionList.OptionSelected) -> None:
        flow, app = event.option_id, self.guide_app
        app.change(lambda model: model.focused(app.state_now, flow))
        app.show("guide")

    @on(OptionList.OptionSelected, "#devices-list,#setups-list")
    def _thing_chosen(self, _event: OptionList.OptionSelected) -> None:
        self.action_evidence()

    def action_evidence(self) -> None:
        """Show the evidence of the row under the cursor."""
        found = self._evidence()
        if found:
            self.guide_app.show("evidence", source=found[0].source, line=found[0].line)
        else:
            self.notify(self.word("no_evidence"), timeout=3)

    def _evidence(self) -> list[Evidence]:
        rows = self.focused.parent if self.focused is not None else None
        if self.state is None or not isinstance(rows, Rows):
            return []
        document, key = self.state.diagnosis, rows.highlighted
        if rows.id == "devices":
            return next((d.evidence for d in document.devices if d.name == key), [])
        if rows.id == "setups":
            return next((s.evidence for s in document.setups if s.id == key), [])
        if rows.id == "flows":
            return next((f.evidence for f in document.flows if f.id == key), [])
        at = rows.body.highlighted
        if rows.id != "findings" or at is None:
            return []
        finding = self._findings()[at]
        return [
            e
            for r in (*finding.because, *finding.against)
            for e in r.evidence
            if e.kind in {"line", "absence"}
        ]

    def _kind(self, kind: str | None, current: bool) -> str:
        if kind is None:
            return self.word("being_read" if current else "waiting")
        return self.word(f"kind_{kind.replace('-', '_')}")

    def _draw_notes(self, state: State) -> None:
        document = state.diagnosis
        told = [
            self.word(
                "counts", sources=len(document.sources), size=size(sum(s.bytes for s in document.sources))
            )
        ]
        if state.given or state.pasted:
            told.append(self.word("answers", answers=len(state.given), pasted=len(state.pasted)))
        lines = [Content.styled("   ".join(told), "$text-muted")]
        if state.contradictions:
            text = self.word("contradictions", count=len(state.contradictions))
            lines.append(Content.assemble(("! ", "bold $text-warning"), text))
        lines += [
            Content.assemble(("! ", "bold $text-warning"), problem.message)
            for problem in document.problems[:2]
        ]
        if len(document.problems) > 2:
            lines.append(
                Content.styled(self.word("more_problems", count=len(document.problems) - 2), "$text-muted")
            )
        self.query_one("#notes", Static).update(Content("\n").join(lines))

    def _draw_devices(self, state: State) -> None:
        devices = state.diagnosis.devices[:_MOST]
        rows = [Row(device.name, self._device(device, state)) for device in devices]
        titles = (
            self.word("devices", count=len(state.diagnosis.devices)),
            *(self.word(key) for key in ("system", "release", "platform", "seen_whole")),
        )
        self._fill("devices", titles, rows)

    def _device(self, device: Device, state: State) -> tuple[str | Content, ...]:
        words, unknown = self.guide_app.words, self.word("common.unknown")
        return (
            device.name,
            words.term("os", device.os) if device.os else unknown,
            device.version or unknown,
            device.platform or unknown,
            self._coverage(device, state),
        )

    def _coverage(self, device: Device, state: State) -> Content:
        """Which lists were seen from head to end, and which only in part: only the former prove an absence."""
        from engine.facts import Coverage

        whole: dict[str, bool] = {}
        for seen in state.investigation.case.devices[device.name].facts.of(Coverage):
            family = seen.family.removesuffix("-global-drops").removesuffix("-feature-drops")
            whole[family] = whole.get(family, False) or (seen.whole and seen.toward is None)
        parts = [
            Content.styled(
                ("✓" if all_of_it else "~") + self.word(f"family_{family.replace('-', '_')}"), look
            )
            for all_of_it, look in ((True, "$text-success"), (False, "$text-warning"))
            for family, seen_whole in whole.items()
            if seen_whole is all_of_it
        ]
        return (
            Content(" ").join(parts) if parts else Content.styled(self.word("nothing_whole"), "$text-muted")
        )

    def _draw_setups(self, state: State) -> None:
        setups = state.diagnosis.setups[:_MOST]
        rows = [Row(setup.id, self._setup(setup)) for setup in setups]
        titles = (
            self.word("setups", count=len(state.diagnosis.setups)),
            *(self.word(key) for key in ("where", "peer", "recovery", "configured")),
        )
        self._fill("setups", titles, rows)

    def _setup(self, setup: Setup) -> tuple[str | Content, ...]:
        words, recovery = self.guide_app.words, setup.recovery
        peers = ", ".join(setup.peers[:2]) + (f" +{len(setup.peers) - 2}" if len(setup.peers) > 2 else "")
        support = words(f"support.{recovery.support}")
        if recovery.inferred is not None:
            support += f" ({self.word('inferred', value=words(f'support.{recovery.inferred}'))})"
        where = f"{setup.device} {_brief(setup.interface or setup.name or '')}".rstrip()
        if not setup.applied:
            where += f" ({self.word('not_applied')})"
        return (
            words.term("setup-kind", setup.kind),
            where,
            peers or self.word("any_peer"),
            support,
            self._said(recovery.configured),
        )

    def _draw_flows(self, state: State) -> None:
        flows = self._flows(state)
        rows = [Row(flow.id, self._flow(flow, state)) for flow in flows]
        titles = (
            self.word("flows", count=len(state.diagnosis.flows)),
            *(self.word(key) for key in ("messages", "first", "span", "goes_on")),
        )
        self._fill("flows", titles, rows)
        self._draw_plot(state, flows)

    def _draw_plot(self, state: State, flows: list[Flow]) -> None:
        from tui.app.timeline import tracks

        plot = self.query_one("#plot", Plot)
        plot.display = bool(flows) and self.guide_app.progress is None
        names = {flow.id: _name(flow) for flow in flows}
        most = _PLOTTED_SHORT if self.size.height < _LOW else _PLOTTED
        found = [(names[t.flow], t) for t in tracks(state.investigation.case, most) if t.flow in names]
        kinds = ("message", "restart", "clear", "session", "ike", "rekey", "taken")
        plot.fill(found, {kind: self.word(f"mark_{kind}") for kind in kinds}, state.focus or "", self.word)

    def _flow(self, flow: Flow, state: State) -> tuple[str | Content, ...]:
        spoken_of = "▸ " if flow.id == state.focus else ""
        return (
            Content.styled(spoken_of + _name(flow), "bold" if spoken_of else ""),
            str(flow.count),
            clock(flow.first) if flow.first else self.word("common.unknown"),
            span(flow.span_seconds, self.word) if flow.span_seconds is not None else "-",
            self.word(f"state_{flow.state}"),
        )

    def _draw_findings(self, state: State) -> None:
        """On a narrow screen the titles take the room of whom they are about, where that is one pair anyhow."""
        pairs = {(flow.device, flow.src) for flow in state.diagnosis.flows}
        brief = self.size.width < _NARROW and len(pairs) <= 1
        titles = [self.word("verdict"), self._findings_title(state)]
        titles += [] if brief else [self.word("about")]
        rows = [
            Row(f"{number}", (self._verdict(f), f.title) if brief else (self._verdict(f), f.title, _about(f)))
            for number, f in enumerate(self._findings())
        ]
        self._fill("findings", tuple(titles), rows)

    def _findings_title(self, state: State) -> str:
        """How many there are, and how many are ruled out: those stand on the page of findings."""
        out = sum(1 for finding in state.diagnosis.findings if finding.verdict == "ruled_out")
        title = self.word("findings", count=len(state.diagnosis.findings) - out)
        return f"{title}  {self.word('ruled_out', count=out)}" if out else title

    def _verdict(self, finding: Finding) -> Content:
        word = self.word(verdicts.key(finding.verdict))
        return Content.styled(f"{verdicts.symbol(finding.verdict)} {word}", verdicts.COLOURS[finding.verdict])

    def _findings(self) -> list[Finding]:
        if self.state is None:
            return []
        told = (f for f in self.state.diagnosis.findings if f.verdict != "ruled_out")
        return sorted(told, key=lambda finding: finding.rank)[:_MOST]

    def _flows(self, state: State) -> list[Flow]:
        """The flows with the most messages first; the one that is spoken of before all others."""
        focus = state.focus
        return sorted(state.diagnosis.flows, key=lambda f: (f.id != focus, -f.count, f.id))[:_MOST]

    def _fill(self, name: str, titles: tuple[str, ...], rows: list[Row]) -> None:
        widget = self.query_one(f"#{name}", Rows)
        widget.fill(titles, rows)
        widget.display = not widget.is_empty and self.guide_app.progress is None

    def _said(self, value: bool | None) -> str:
        return self.word("common.unknown" if value is None else "common.yes" if value else "common.no")


def _name(flow: Flow) -> str:
    """`R1 <- 198.51.100.1 0x1DB73BBB`."""
    return f"{flow.device or '?'} ← {flow.src or '?'} {flow.spi or '?'}"


def _about(finding: Finding) -> str:
    """The device and the peer in a few characters."""
    subject = finding.subject
    return " ".join(filter(None, (subject.device, f"← {subject.peer}" if subject.peer else None)))


def _brief(interface: str) -> str:
    """An interface as engineers write it: `Gi0/0/0`, `Tu10`."""
    for long, short in (
        ("TwentyFiveGigE", "Twe"), ("TenGigabitEthernet", "Te"), ("GigabitEthernet", "Gi"), ("FastEthernet", "Fa"),
        ("Port-channel", "Po"), ("Loopback", "Lo"), ("Tunnel", "Tu"), ("Serial", "Se"), ("Dialer", "Di"),
    ):  # fmt: skip
        if interface.startswith(long):
            return short + interface[len(long) :]
    return interface
