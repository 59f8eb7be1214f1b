"""Logs and drop lists of the corpus, and the message samples beside it: every file is read, and as labelled.

The corpus is not part of the project; IPSECDX_CORPUS names its directory.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from engine.evidence.source import Section, Source
from engine.facts import Coverage, DropCounter, LogWindow
from engine.parsers import clock, ike_notify, inv_spi, qfp_drops, show_logging

_ROOT = os.environ.get("IPSECDX_CORPUS", "")
CORPUS = Path(_ROOT)
SAMPLES = CORPUS.parent / "samples"
pytestmark = pytest.mark.skipif(not _ROOT, reason="IPSECDX_CORPUS is not set")

GLOBAL = "show platform hardware qfp active statistics drop"
FEATURE = "show platform hardware qfp active feature ipsec datapath drops"


def _files(*folders: str) -> list[Path]:
    return (
        [p for folder in folders for p in sorted((CORPUS / folder).glob("*")) if p.is_file()] if _ROOT else []
    )


def _section(path: Path, command: str) -> Section:
    source = Source(path.name, path.read_bytes())
    return Section(source, command, 1, source.line_count, closed=True)


@pytest.mark.parametrize("path", _files("logging"), ids=lambda p: p.name)
def test_a_log_counts_every_stamped_line(path: Path) -> None:
    bare = path.name.endswith("__syslog.txt")
    section = _section(path, "syslog" if bare else "show logging")
    facts = show_logging.parse(section)
    text = path.read_text("utf-8", "replace")
    if not bare and "Log Buffer" in text:
        text = text.partition("Log Buffer")[2]
    # An independent and simpler reading: a month, a day and a time near the beginning of a line.
    stamped = re.findall(r"(?m)^(?:\d+: )?[*.]?[A-Z][a-z]{2} +\d+ [\d:.]+.*", text)
    windows = [f for f in facts if isinstance(f, LogWindow)]
    if stamped:
        assert sum(w.lines for w in windows) == len(stamped)
        assert all(w.first is not None and w.last is not None for w in windows)
    assert {w.host for w in windows} <= {None}
    (coverage,) = (f for f in facts if isinstance(f, Coverage))
    buffer_off = re.search(r"Buffer logging: +disabled", path.read_text("utf-8", "replace"))
    assert coverage.whole == (bare or ("Log Buffer" in path.read_text("utf-8", "replace") and not buffer_off))


@pytest.mark.parametrize("path", _files("qfp_drops", "ipsec_datapath_drops"), ids=lambda p: p.name)
def test_a_drop_list_gives_every_row(path: Path) -> None:
    feature = path.parent.name == "ipsec_datapath_drops"
    facts = qfp_drops.parse(_section(path, FEATURE if feature else GLOBAL))
    text = path.read_text("utf-8", "replace")
    if "Global Drop Stats" not in text and not feature:
        return
    rows = re.findall(r"(?m)^ *(?:\d+ +)?([A-Za-z]\w+)((?: +\d+)+) *$", text)
    counters = {f.name: f.packets for f in facts if isinstance(f, DropCounter)}
    assert counters == {name: int(n.split()[-1 if len(n.split()) == 4 else 0]) for name, n in rows}
    assert any(isinstance(f, Coverage) and f.whole for f in facts)


@pytest.mark.parametrize(
    "path",
    _files("logging", "qfp_drops", "configs", "ipsec_sa", "show_version", "showtech"),
    ids=lambda p: p.name,
)
def test_no_file_makes_a_parser_raise(path: Path) -> None:
    source = Source(path.name, path.read_bytes())
    assert inv_spi.scan(source) == []
    ike_notify.scan(source)
    section = Section(source, "", 1, source.line_count)
    for parse in (show_logging.parse, qfp_drops.parse, clock.parse, clock.prologue, ike_notify.parse):
        parse(section)


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="no samples beside the corpus")
def test_every_sample_of_the_message_is_read_and_no_template() -> None:
    path = SAMPLES / "syslog_inv_spi.txt"
    source = Source(path.name, path.read_bytes())
    found = inv_spi.scan(source)
    # Hits whose line carries the value itself, or its continuation; the template has none.
    expected = len(re.findall(r"spi=0x[0-9A-Fa-f]+\(", path.read_text("utf-8", "replace")))
    assert len(found) == expected
    assert all(f.spi is not None and f.protocol == 50 for f in found)
    assert sum(f.decimal_disagrees for f in found) == 2
    assert all(f"{f.spi:08X}" in source.text(f.at).upper() for f in found)
