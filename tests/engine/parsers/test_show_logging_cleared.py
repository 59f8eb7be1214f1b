"""Clear commands in a log: kept from command logs and applets, and nothing else of those."""

from __future__ import annotations

import pytest

from engine.evidence.source import Source
from engine.facts import LogMessage
from engine.reading import read


def kept(line: str) -> list[LogMessage]:
    found = read(Source("r1.log", f"Sep  2 13:35:58.102: {line}\n".encode()))
    return [fact for _, fact in found.facts if isinstance(fact, LogMessage)]


@pytest.mark.parametrize(
    ("line", "mnemonic", "peer"),
    [
        (
            "%PARSER-5-CFGLOG_LOGGEDCMD: User:ops  logged command:do clear crypto sa",
            "PARSER-5-CFGLOG_LOGGEDCMD",
            None,
        ),
        (
            "%HA_EM-6-LOG: CLI-WATCH: clear crypto session remote 198.51.100.7",
            "HA_EM-6-LOG",
            "198.51.100.7",
        ),
    ],
)
def test_a_clear_command_is_kept(line: str, mnemonic: str, peer: str | None) -> None:
    (message,) = kept(line)
    assert (message.mnemonic, message.peer) == (mnemonic, peer)
    assert "clear crypto" in message.text


@pytest.mark.parametrize(
    "line",
    [
        "%PARSER-5-CFGLOG_LOGGEDCMD: User:ops  logged command:username ops secret Ex4mpleKey",
        "%HA_EM-6-LOG: CLI-WATCH: show crypto session",
        "%HA_EM-6-LOG: CLI-WATCH: clear counters" + " " * 300 + "clear crypto sa",
    ],
)
def test_other_commands_are_not(line: str) -> None:
    assert not kept(line)
