"""A big log is mapped, told by samples, searched instead of read, and says the same as if it had been read."""

from __future__ import annotations

import gc
from itertools import pairwise
from mmap import ACCESS_READ, mmap
from pathlib import Path

import pytest

from benchmarks import generate
from engine.evidence import open as opening
from engine.evidence.open import as_text, open_case
from engine.evidence.source import BIG, Source
from engine.evidence.split import is_big_log, split
from engine.facts import InvSpi, LogMessage, LogWindow
from engine.parsers.syslog import windows
from engine.reading import Reading, read
from engine.stamp import Stamp
from tests.tui.pipeline import diagnosed

LINE = b"<189>Sep  2 %02d:%02d:30 edge%02d.example.net 77: Sep  2 %02d:%02d:29.125: %%SYS-5-CONFIG_I: Configured from console\n"


@pytest.fixture(scope="module")
def big(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, generate.Truth]:
    path = tmp_path_factory.mktemp("big") / "syslog.log"
    return path, generate.syslog(path, BIG + (4 << 20), flows=30, messages=120)


@pytest.fixture
def lines() -> list[bytes]:
    """Lines of one host, edge01, twelve hours of them, a bit more than is read line by line."""
    minutes = [LINE % (m // 60, m % 60, 1, m // 60, m % 60) for m in range(720)]
    return [minute * (BIG // 720 // len(minutes[0]) + 2) for minute in minutes]


def message(host: bytes, minute: int, spi: int = 0x1DB73BBB) -> bytes:
    at = b"Sep  2 %02d:%02d:40" % (minute // 60, minute % 60)
    return (
        b"<188>%s %s 77: %s.125: %%CRYPTO-4-RECVD_PKT_INV_SPI: decaps: rec'd IPSEC packet has invalid spi for "
        b"destaddr=192.0.2.1, prot=50, spi=0x%08X(%d), srcaddr=198.51.100.7\n" % (at, host, at, spi, spi)
    )


def window_of(reading: Reading, host: str) -> LogWindow:
    [window] = [f for _, f in reading.facts if isinstance(f, LogWindow) and f.host == host]
    return window


def time_of(stamp: Stamp | None) -> str | None:
    return None if stamp is None else f"{stamp.hour:02d}:{stamp.minute:02d}"


def test_a_big_log_gives_every_flow_of_the_truth_from_a_mapping(big: tuple[Path, generate.Truth]) -> None:
    path, truth = big
    opened = open_case([str(path)])
    [source] = opened.sources
    assert isinstance(source.data, mmap)
    assert source.size == path.stat().st_size
    document = diagnosed(opened.sources)
    assert {f.id: generate.Expected(f.count, f.first or "", f.last or "") for f in document.flows} == truth


def test_line_numbers_of_a_big_log_are_exact(big: tuple[Path, generate.Truth]) -> None:
    path, _ = big
    [source] = open_case([str(path)]).sources
    lines = path.read_bytes().split(b"\n")
    found = [f for _, f in read(source).facts if isinstance(f, InvSpi)]
    assert len(found) == 120
    for fact in found:
        assert b"RECVD_PKT_INV_SPI" in lines[fact.at.line - 1]
        assert source.line(fact.at.line) == lines[fact.at.line - 1].decode()
    assert source.line_count == len(lines) - 1


def test_a_big_log_is_one_section_with_a_window_for_each_host(big: tuple[Path, generate.Truth]) -> None:
    [source] = open_case([str(big[0])]).sources
    assert [(s.command, s.first_line, s.last_line) for s in split(source)] == [
        ("syslog", 1, source.line_count)
    ]
    ends = {
        f.host: (f.first.iso() if f.first else None, f.last.iso() if f.last else None)
        for _, f in read(source).facts
        if isinstance(f, LogWindow)
    }
    hosts = {f"edge{n:02d}.example.net" for n in range(1, 21)}
    assert ends == dict.fromkeys(hosts, ("--09-02T00:00:30.125", "--09-04T23:59:30.125"))


def test_a_big_log_and_the_same_log_read_line_by_line_say_the_same(
    lines: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    lines[300] += message(b"edge01.example.net", 300)
    data = b"".join(lines)
    facts = [[f for _, f in read(Source("x", data)).facts if isinstance(f, InvSpi | LogWindow)]]
    for module in ("evidence.split", "parsers.show_logging", "parsers.log_ends", "reading"):
        monkeypatch.setattr(f"engine.{module}.BIG", len(data) + 1)
    facts.append([f for _, f in read(Source("x", data)).facts if isinstance(f, InvSpi | LogWindow)])
    searched, whole = ([f for f in some if isinstance(f, InvSpi)] for some in facts)
    assert searched == whole
    searched_ends, whole_ends = (
        [(f.host, f.first, f.last) for f in some if isinstance(f, LogWindow)] for some in facts
    )
    assert searched_ends == whole_ends


def test_a_host_that_fell_silent_long_before_the_end_is_found_by_its_name(lines: list[bytes]) -> None:
    quiet = LINE % (2, 10, 7, 2, 10)
    lines[130] += quiet + b"Sep  2 02:10:31 other: %SYS-5-X: mentions edge07.example.net in its text\n"
    lines[100] = LINE % (1, 40, 7, 1, 40) + message(b"edge07.example.net", 100) + lines[100]
    window = window_of(read(Source("x", b"".join(lines))), "edge07.example.net")
    assert (time_of(window.first), time_of(window.last)) == ("01:40", "02:10")


def test_a_host_with_one_line_begins_and_ends_with_it(lines: list[bytes]) -> None:
    lines[200] += message(b"edge09.example.net", 200)
    window = window_of(read(Source("x", b"".join(lines))), "edge09.example.net")
    assert (time_of(window.first), time_of(window.last)) == ("03:20", "03:20")


def test_other_messages_are_read_around_the_invalid_spi_messages(lines: list[bytes]) -> None:
    near = b"Sep  2 05:00:41 edge01.example.net 1: Sep  2 05:00:41.000: %CRYPTO-4-IKMP_NO_SA: IKE message from 198.51.100.7 has no SA\n"
    lines[300] += message(b"edge01.example.net", 300) + near
    found = [f for _, f in read(Source("x", b"".join(lines))).facts if isinstance(f, LogMessage)]
    assert [(f.mnemonic, f.peer) for f in found] == [("CRYPTO-4-IKMP_NO_SA", "198.51.100.7")]


@pytest.mark.parametrize(
    "other",
    [
        b"R1#show crypto ipsec sa\n",
        b"------------------ show version ------------------\n",
        b" crypto map VPN 10\n" * 9000,
    ],
    ids=["a prompt", "a header", "a configuration"],
)
@pytest.mark.parametrize("where", [0, -1])
def test_a_capture_with_something_else_at_its_ends_is_read_line_by_line(
    lines: list[bytes], other: bytes, where: int
) -> None:
    lines[where] = lines[where] + other if where else other + lines[where]
    assert not is_big_log(Source("x", b"".join(lines)))


def test_the_windows_around_hits_are_ordered_apart_and_within_the_log() -> None:
    assert windows([], 0, 100) == []
    assert windows([50], 10, 100) == [(10, 100)]
    hits = list(range(0, 50_000_000, 10_000))
    found = windows(hits, 1_000, 40_000_000)
    assert all(a[1] < b[0] for a, b in pairwise(found))
    assert found[0][0] >= 1_000
    assert found[-1][1] <= 40_000_000
    assert sum(high - low for low, high in found) <= 42 << 20


def test_a_file_that_cannot_be_mapped_is_read(
    big: tuple[Path, generate.Truth], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> mmap:
        raise OSError(19, "No such device")

    monkeypatch.setattr(opening, "mmap", refuse)
    monkeypatch.setattr(opening, "MAX_MAPPED", 1)
    data, helper = opening._content(big[0], map_it=True)
    assert isinstance(data, bytes)
    assert helper is None


def test_no_more_files_are_mapped_than_descriptors_are_cheap(
    big: tuple[Path, generate.Truth], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "MAX_MAPPED", 1)
    opened = open_case([str(big[0]), str(big[0])])
    assert [isinstance(s.data, mmap) for s in opened.sources] == [True, False]


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="the system does not list descriptors")
def test_no_descriptor_outlives_the_sources(big: tuple[Path, generate.Truth]) -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    for is_read in (True, False):
        opened = open_case([str(big[0])])
        if is_read:
            read(opened.sources[0])
        del opened
        gc.collect()
    assert len(list(Path("/proc/self/fd").iterdir())) == before


@pytest.mark.parametrize("head", [b"\xef\xbb\xbf", b""])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le"])
def test_the_size_of_a_source_is_that_of_the_file(tmp_path: Path, head: bytes, encoding: str) -> None:
    path = tmp_path / "x.log"
    path.write_bytes(head + "Sep  2 00:00:00: %SYS-5-CONFIG_I: x\n".encode(encoding))
    assert [s.size for s in open_case([str(path)]).sources] == [path.stat().st_size]


def test_mapped_text_is_not_copied_and_odd_text_is_turned(tmp_path: Path) -> None:
    for text, turned in (
        (b"a\r\nb\n", False),
        (b"a\n\rb\n\r", True),
        (b"a\rb\r", True),
        (b"\xef\xbb\xbfa\n", True),
    ):
        path = tmp_path / "x"
        path.write_bytes(text)
        with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as data:
            found = as_text(data)
            assert (found is not data) is turned
            assert found == as_text(text) if turned else found is data
