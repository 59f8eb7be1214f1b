"""The case as it would be: suppositions applied, everything related and judged again.

A release, a system and a line of configuration change the case itself before it is judged. A condition is taken as
settled, as if the evidence said so, together with the other conditions that look at the same field.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from engine.case import Investigation
from engine.diagnosis.document import Lang
from engine.evidence.source import Source
from engine.inference.verdict import decide
from engine.judge import Judge, Judged
from engine.observe.settle import atoms_of
from engine.observe.subject import Answered, Observation, Subject
from engine.plan.gain import REPEATS
from engine.relate.views import CaseView, DeviceView
from engine.release import parse as parse_release
from engine.whatif.config import says_more, with_line
from engine.whatif.settings import Setting, SettingError, implied


class World(Investigation):
    """An investigation of the case under suppositions.

    Attributes:
        whose: for each setting the name of its device, None where it is about every flow.
        unread: the lines of configuration from which nothing new is read.

    Raises:
        SettingError: from the constructor: it is not clear whose a supposition is, or nothing uses it.
    """

    def __init__(
        self,
        sources: Sequence[Source],
        judge: Judge,
        settings: Sequence[Setting],
        *,
        device: str | None = None,
        lang: Lang = "en",
        answers: Sequence[Answered] = (),
    ) -> None:
        super().__init__(sources, judge, lang=lang, answers=answers)
        self.whose: list[str | None] = []
        self.unread: list[Setting] = []
        owner = None
        if any(s.kind != "condition" for s in settings):
            owner = device_named(self.case, device)
        for setting in settings:
            if setting.kind == "config" and owner is not None:
                changed_sources = with_line(sources, owner, setting)
                if not says_more(sources, changed_sources):
                    self.unread.append(setting)
                sources = changed_sources
            self.whose.append(device if setting.kind == "condition" or owner is None else owner.name)
        if any(s.kind == "config" for s in settings):
            super().__init__(sources, judge, lang=lang, answers=answers)
        changed = [s for s in settings if s.kind in {"release", "os"}]
        if owner is not None and changed:
            for setting in changed:
                _retarget(self.case.devices[owner.name], setting)
            self.case.memo.clear()  # what was seen of the device as it was
            self.judged = [judge.judge(one.subject) for one in self.judged]
        for setting in settings:
            if setting.kind == "condition":
                self._settle(setting, device)
        self.judgements = self._advise()

    def _settle(self, setting: Setting, device: str | None) -> None:
        values = implied(self.judge.kb, setting.name, setting.value)
        if setting.name == REPEATS:
            values["said-to-repeat"] = setting.value
        used = False
        for index, one in enumerate(self.judged):
            if not _in_scope(one.subject, self.judge.kb.conditions[setting.name].of, device):
                continue
            observations = {n: self._as(n, v) for n, v in values.items() if n in one.observations}
            if observations:
                used = True
                self.judged[index] = judged_with(self.judge, one, observations)
        if not used:
            raise SettingError("nobody_looks", text=setting.text, device=device or "", name=setting.name)

    def _as(self, name: str, value: str) -> Observation:
        if self.judge.kb.conditions[name].values is not None:
            return Observation(None, value=value)
        return Observation(value == "yes")


def judged_with(judge: Judge, judged: Judged, observations: dict[str, Observation]) -> Judged:
    """The subject judged again with some observations replaced."""
    merged = {**judged.observations, **observations}
    facts = atoms_of(judge.kb.conditions, merged)
    again = msgspec.structs.replace(
        judged,
        observations=merged,
        facts=facts,
        closure=judge.judging.close(facts),
        grounds={},
        verdicts={},
        disputes=[],
    )
    for name in judged.verdicts:
        again.grounds[name] = judge.grounds(name, again, again.closure)
        again.verdicts[name] = decide(again.grounds[name])
    return again


def device_named(case: CaseView, name: str | None) -> DeviceView:
    """The device that a supposition is about: the one named, else the only receiver, else the only device.

    Raises:
        SettingError: there is no such device, or it is not clear which one is meant.
    """
    if name is not None:
        by_lower = {known.lower(): device for known, device in case.devices.items()}
        if name.lower() not in by_lower:
            raise SettingError("no_device", device=name, devices=_names(case))
        return by_lower[name.lower()]
    receivers = {f.receiver.name for f in case.flows if f.receiver is not None}
    candidates = receivers or set(case.devices)
    if len(candidates) != 1:
        raise SettingError("which_device", devices=_names(case))
    return case.devices[candidates.pop()]


def _names(case: CaseView) -> str:
    return ", ".join(sorted(case.devices))


def _retarget(device: DeviceView, setting: Setting) -> None:
    """Give a device another release or system; a release that is of another system is no longer known."""
    if setting.kind == "os":
        if device.os != setting.value:
            device.version, device.ios_release, device.train = None, None, None
        device.os = setting.value
        return
    release = parse_release(setting.value)
    if release is not None:
        device.os, device.version, device.train = release.os, str(release), release.train_name
        device.ios_release, device.special_build = None, False


def _in_scope(subject: Subject, role: str, device: str | None) -> bool:
    """Whether the router in a role is the one that was named; everyone is where nobody was."""
    if device is None:
        return True
    flow = subject.flow
    if role.startswith("sender"):
        names = [flow.sender.name if flow and flow.sender else None, flow.src if flow else None]
    else:
        names = [subject.receiver.name if subject.receiver else None, flow.dst if flow else None]
    return device.lower() in {n.lower() for n in names if n}
