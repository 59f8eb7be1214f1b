"""No remedy of the knowledge base can do harm that it does not announce."""

from __future__ import annotations

import re

import pytest

from engine.knowledge.load import load
from engine.knowledge.model import Remedy

REMEDIES = load().remedies
PEER_SCOPED = re.compile(
    r"clear crypto (?:sa peer .*\{flow\.(?:src|dst)\}|session remote .*\{flow\.(?:src|dst)\}.*)$"
)


@pytest.mark.parametrize("name", sorted(REMEDIES))
class TestEveryRemedy:
    def test_clears_only_one_peer(self, name: str) -> None:
        for command in REMEDIES[name].commands:
            if command.startswith("clear"):
                assert PEER_SCOPED.fullmatch(command), command

    def test_never_reloads(self, name: str) -> None:
        assert not any(c.split()[0] in {"reload", "write", "erase"} for c in REMEDIES[name].commands)

    def test_stands_its_debugs_between_condition_and_undo(self, name: str) -> None:
        commands = REMEDIES[name].commands
        debugs = [i for i, c in enumerate(commands) if c.startswith("debug ") and "condition" not in c]
        if not debugs:
            return
        assert commands[0].startswith("debug crypto condition peer ")
        assert commands[-1] == "debug crypto condition reset"
        for i in debugs:
            assert f"no {commands[i]}" in commands[i:]

    def test_says_how_to_undo_a_configuration(self, name: str) -> None:
        if REMEDIES[name].mode == "config":
            assert REMEDIES[name].rollback
            assert REMEDIES[name].verify

    def test_says_what_a_disruption_costs(self, name: str) -> None:
        remedy: Remedy = REMEDIES[name]
        if remedy.disrupts != "nothing":
            assert remedy.note is not None
            assert remedy.risk in {"medium", "high"}
            assert remedy.verify

    def test_is_single_lines(self, name: str) -> None:
        remedy = REMEDIES[name]
        assert all(
            "\n" not in c and c == c.strip() for c in [*remedy.commands, *remedy.rollback, *remedy.verify]
        )


def test_what_disrupts_is_offered_only_where_the_flow_has_not_ended() -> None:
    for name, remedy in REMEDIES.items():
        if remedy.disrupts != "nothing":
            assert {"not": "flow-ended"} in remedy.when["all"], name
