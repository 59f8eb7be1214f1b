"""Typed facts: what the parsers read, each with the place where it stands.

A fact says what a device printed, never what it means. Rules see conditions, conditions see facts, and only
parsers see text. Field names are those of the rule language (`where: {direction: inbound}`), so a rename
here is a change of that language.
"""

from __future__ import annotations

from engine.facts.base import Clock, Coverage, Fact, Hostname, Version
from engine.facts.configuration import ConfigInterface, ConfigSetup, MapPeer, RecoveryCommand, RunningConfig
from engine.facts.lists import DropCounter, IkeSa, IpsecSa, NhrpPeer, Session
from engine.facts.messages import IkeNotify, InvSpi, LogMessage, LogWindow

__all__ = [
    "Clock",
    "ConfigInterface",
    "ConfigSetup",
    "Coverage",
    "DropCounter",
    "Fact",
    "Hostname",
    "IkeNotify",
    "IkeSa",
    "InvSpi",
    "IpsecSa",
    "LogMessage",
    "LogWindow",
    "MapPeer",
    "NhrpPeer",
    "RecoveryCommand",
    "RunningConfig",
    "Session",
    "Version",
]
