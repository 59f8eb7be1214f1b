"""What is said alike in every format: subjects, targets, recovery, durations, citations, as plain text."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from engine.diagnosis.document import (
    Action,
    Citation,
    Diagnosis,
    Finding,
    Flow,
    FlowRecovery,
    Question,
    Setup,
    SetupRecovery,
    Subject,
)
from engine.render import order
from engine.render.quotes import statement
from engine.render.visible import prose
from engine.render.words import Words

_PROTOCOLS = {50: "ESP", 51: "AH"}  # IANA protocol numbers


class Phrases:
    """Phrases about one document in one language; knows its flows, setups and the numbers given to findings."""

    def __init__(self, document: Diagnosis, words: Words) -> None:
        self.words = words
        self._flows = {flow.id: flow for flow in document.flows}
        self._setups = {setup.id: setup for setup in document.setups}
        self._devices = {device.name for device in document.devices}
        leading = order.findings(document, *order.LEADING)
        # One hypothesis can be found for several flows: each finding has its own number.
        self._numbers = {(finding.id, finding.subject): number for number, finding in enumerate(leading, 1)}
        self._leading: dict[str, list[Finding]] = {}
        for finding in leading:
            self._leading.setdefault(finding.id, []).append(finding)
        # A finding about all flows of a peer names a device and the other end, seen from the receiver or the sender.
        self._pairs: dict[tuple[str | None, str | None], list[Flow]] = {}
        for flow in document.flows:
            for pair in {(flow.device, flow.src), (flow.sender, flow.dst if flow.sender else flow.src)}:
                self._pairs.setdefault(pair, []).append(flow)

    def number(self, finding: Finding) -> int | None:
        """The number under which a leading finding is shown."""
        return self._numbers.get((finding.id, finding.subject))

    def flow(self, flow: Flow) -> str:
        """`R1 <- 192.0.2.1 SPI 0x1DB73BBB`: the receiver, where the packets come from, and their SPI."""
        device = flow.device or self.words("unknown.device")
        source = flow.src or self.words("unknown.address")
        return f"{device} <- {source} SPI {flow.spi or self.words('unknown.spi')}"

    def protocol(self, flow: Flow) -> str:
        """ESP, AH or the number; "" where none was printed."""
        return "" if flow.protocol is None else _PROTOCOLS.get(flow.protocol, str(flow.protocol))

    def setup(self, setup: Setup) -> str:
        """`Tunnel0 (static VTI)`."""
        name = setup.interface or setup.name or setup.device
        return f"{name} ({self.words.term('setup-kind', setup.kind)})"

    def setup_by_id(self, setup_id: str | None) -> str:
        """The setup of that id; the id itself where the document lacks it, "" for None."""
        if setup_id is None:
            return ""
        known = self._setups.get(setup_id)
        return self.setup(known) if known else setup_id

    def subject(self, subject: Subject) -> str:
        """What a finding is about; "" for the case as a whole."""
        flow = self._flows.get(subject.flow) if subject.flow else None
        parts: list[str] = []
        if flow:
            parts.append(self.flow(flow))
        elif subject.flow:
            parts.append(subject.flow)
        if subject.device and not (flow and flow.device == subject.device):
            parts.append(subject.device)
        if subject.peer and not (flow and flow.src == subject.peer):
            parts.append(self.words("subject.peer", peer=subject.peer))
        if subject.setup:
            parts.append(self.setup_by_id(subject.setup))
        return ", ".join(parts)

    def about_finding(self, finding: Finding) -> str:
        """The title, and in parentheses what it is about."""
        subject = self.subject(finding.subject)
        return prose(f"{finding.title} ({subject})" if subject else finding.title)

    def excluded(self, findings: Iterable[Finding]) -> dict[tuple[str, str], list[str]]:
        """Ids of findings that are ruled out, each once, by what excludes them: ("no", the condition as a sentence).

        The note says it where the release does (""), and the first condition against it otherwise.
        """
        found: dict[tuple[str, str], dict[str, None]] = {}
        for finding in findings:
            first = next(iter(finding.against), None)
            if finding.note or first is None:
                reason = "", prose(finding.note or self.words("ruled-out.unsaid")).rstrip(".")
            else:
                reason = first.value, statement(first)
            found.setdefault(reason, {})[finding.id] = None
        return {reason: list(ids) for reason, ids in found.items()}

    def target(self, action: Action) -> str:
        """Where an action is carried out: device or address, side, mode."""
        words, target = self.words, action.target
        side = words(f"side.{action.side}")
        mode = words(f"mode.{action.mode}")
        if target.device:
            return words("target.device", device=target.device, side=side, mode=mode)
        if target.address:
            return words("target.address", address=target.address, side=side, mode=mode)
        return words("target.side", side=side, mode=mode)

    def because_of(self, ids: Iterable[str]) -> str:
        """The numbers of findings, the first of each id; the id of one that has no number."""
        return self._numbered(ids, lambda _: True)

    def reasons(self, action: Action) -> str:
        """The numbers of the findings that an action serves, of each id the first that is about what it is for."""
        return self._numbered(
            action.because_of,
            lambda finding: len(self._leading[finding.id]) == 1 or self._serves(action, finding.subject),
        )

    def settled(self, question: Question) -> str:
        """The numbers of the findings that a question settles, of each id the first that is about what it asks of."""
        about = question.id.partition("/ask/")[0]
        if about not in self._flows and about not in self._devices:
            return self.because_of(question.settles)

        def meant(finding: Finding) -> bool:
            flows = self._flows_of(finding.subject)
            return about in {flow.id for flow in flows} if flows else finding.subject.device in {None, about}

        return self._numbered(question.settles, meant)

    def _numbered(self, ids: Iterable[str], meant: Callable[[Finding], bool]) -> str:
        listed = list(ids)
        first = {i: next(filter(meant, self._leading.get(i, ())), None) for i in listed}
        numbers = sorted(self._numbers[f.id, f.subject] for f in first.values() if f is not None)
        other = [i for i in listed if first[i] is None]
        return ", ".join([*(self.words("finding-number", n=n) for n in numbers), *other])

    def _serves(self, action: Action, subject: Subject) -> bool:
        """Whether an action is for what a finding is about; one of no flow is about its device, or the case."""
        flows = self._flows_of(subject)
        if flows:
            return any(_is_for(action, flow) for flow in flows)
        return subject.device in {None, action.target.device}

    def _flows_of(self, subject: Subject) -> list[Flow]:
        if subject.flow:
            return [self._flows[subject.flow]] if subject.flow in self._flows else []
        return self._pairs.get((subject.device, subject.peer), [])

    def support(self, recovery: SetupRecovery) -> str:
        """What the matrix says, and beside it, marked as ours, what we infer where it is silent."""
        stated = self.words(f"support.{recovery.support}")
        if recovery.inferred is None:
            return stated
        return f"{stated} ({self.words('inferred', value=self.words(f'support.{recovery.inferred}'))})"

    def configured(self, configured: bool | None) -> str:
        """Whether the recovery command is in the configuration."""
        return self.words(
            "configured.unknown"
            if configured is None
            else "configured.yes"
            if configured
            else "configured.no"
        )

    def flow_recovery(self, recovery: FlowRecovery) -> str:
        """What the matrix says for this flow's setup, whether the command is there, and what follows."""
        outcome = self.words(f"outcome.{recovery.outcome}")
        if recovery.support is None:
            return self.words("recovery.no-setup", outcome=outcome)
        support = self.words(f"support.{recovery.support}")
        configured = self.configured(recovery.configured)
        return self.words("recovery.flow", support=support, configured=configured, outcome=outcome)

    def messages(self, flow: Flow) -> str:
        """How many messages over what time, once or repeated, going on or over."""
        pattern, state = self.words(f"pattern.{flow.pattern}"), self.words(f"state.{flow.state}")
        count = str(flow.count)
        if flow.span_seconds:
            count = self.words("messages.span", n=flow.count, span=self.duration(flow.span_seconds))
        return f"{count}, {pattern}, {state}"

    def citations(self, citations: Iterable[Citation]) -> str:
        """`seed#matrix (stated), rfc7296#3.10 (inferred)`."""
        return ", ".join(self.citation(c) for c in citations)

    def citation(self, citation: Citation) -> str:
        """`seed#matrix (stated)`."""
        where = f"{citation.source}#{citation.locator}" if citation.locator else citation.source
        return f"{where} ({self.words(f'statement.{citation.statement}')})"

    def duration(self, seconds: float | None) -> str:
        """A stretch of time in its two greatest units; "" for None."""
        if seconds is None:
            return ""
        total = round(seconds)
        if total < 120:
            return self.words("time.s", s=total)
        if total < 7200:
            return self.words("time.min", min=total // 60, s=total % 60)
        if total < 2 * 86400:
            return self.words("time.h", h=total // 3600, min=total % 3600 // 60)
        return self.words("time.d", d=total // 86400, h=total % 86400 // 3600)

    def about(self, document: Diagnosis) -> str:
        """Case, program, rule engine and knowledge base, for the last line."""
        tool, kb = document.tool, document.kb
        return self.words(
            "about", case=document.case, tool=tool.name, version=tool.version, engine=tool.engine, kb=kb.version,
            digest=kb.digest[:12],
        )  # fmt: skip


def _is_for(action: Action, flow: Flow) -> bool:
    """Whether an action is for a flow; its id says where it is carried out, what it is, and for whom, if for one."""
    if action.side == "receiver":
        place, peer = flow.device or flow.dst, flow.src
    else:
        place, peer = flow.sender or flow.src, flow.dst
    if place is None or place != (action.target.device or action.target.address):
        return False
    whom = action.id.removeprefix(f"{place}/").partition("/")[2]
    return whom in {"", peer or "-", f"{peer or '-'}/{flow.spi or '-'}", flow.interface or "-"}
