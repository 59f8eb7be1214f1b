"""Whatever is fed in: no exception, a document that fits the schema, parsers that do not fail."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import jsonschema
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from engine.diagnosis.document import json_schema
from engine.evidence.open import as_text
from engine.evidence.redact import redact
from engine.evidence.source import Source
from tests.evidence.samples import ISAKMP_UP, TWICE, clock, console, hub, message, sa_list, spoke
from tests.tui.pipeline import diagnosed, explanations, outputs

QFP = """\
Drop Type  Name                                     Packets
------------------------------------------------------------------------
        4  IN_US_V4_PKT_SA_NOT_FOUND_SPI                        64574
"""
IKEV2 = """\
 IPv4 Crypto IKEv2  SA

Tunnel-id Local                 Remote                fvrf/ivrf            Status
1         192.0.2.1/500         198.51.100.7/500      none/none            READY
      Encr: AES-CBC, keysize: 256, PRF: SHA512, Hash: SHA512, DH Grp:19, Auth sign: PSK, Auth verify: PSK
      Life/Active Time: 86400/343 sec

 IPv6 Crypto IKEv2  SA

"""
TEXTS = [
    hub(*TWICE),
    spoke(),
    hub(*TWICE, isakmp=ISAKMP_UP),
    message("12:10:00.100", spi=0xFF000001) * 3,
    console("HUB1", ("show crypto ikev2 sa", IKEV2), ("show clock", clock("12:00:00.000"))),
    console("HUB1", ("show platform hardware qfp active feature ipsec datapath drops all", QFP)),
    sa_list("192.0.2.1", "198.51.100.7", inbound=7, outbound=9),
    (
        "*Mar  4 12:00:00.000: ISAKMP:(1001):received packet from 198.51.100.7\n"
        "*Mar  4 12:00:00.001: ISAKMP:(1001): processing DELETE_WITH_REASON payload, message ID = 1\n"
    ),
]
LINES = sorted({line for text in TEXTS for line in text.split("\n")})


@cache
def validator() -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(json.loads(json_schema()))


def assert_consistent(document: dict[str, Any], sources: dict[str, Source]) -> None:
    """Ids are unique, references lead somewhere, lists are sorted, quotations stand where they say."""
    for name in ("setups", "flows", "actions", "questions"):
        ids = [entry["id"] for entry in document[name]]
        assert len(ids) == len(set(ids)), (name, ids)
    for name in ("setups", "flows", "actions"):
        assert document[name] == sorted(document[name], key=lambda entry: entry["id"])
    setups = {s["id"] for s in document["setups"]}
    flows = {f["id"] for f in document["flows"]}
    devices = {d["name"] for d in document["devices"]}
    for flow in document["flows"]:
        assert {flow["setup"]} <= setups | {None}
        assert {flow["device"], flow["sender"]} <= devices | {None}
        assert flow["pattern"] == ("persistent" if flow["count"] >= 2 else "transient")
    for finding in document["findings"]:
        subject = finding["subject"]
        assert {subject["flow"]} <= flows | {None}
        assert {subject["setup"]} <= setups | {None}
        assert {subject["device"]} <= devices | {None}
    assert [f["rank"] for f in sorted(document["findings"], key=lambda f: f["rank"])] == list(
        range(1, len(document["findings"]) + 1)
    )
    for evidence in quoted(document):
        if evidence["kind"] in {"line", "absence"}:
            source = sources[evidence["source"]]
            assert 1 <= evidence["line"] <= evidence["last_line"] <= source.line_count
        if evidence["kind"] == "line" and evidence["line"] == evidence["last_line"]:
            assert evidence["text"].removesuffix(" ...") in redact(source.line(evidence["line"]))


def quoted(value: Any) -> Iterator[dict[str, Any]]:
    """Every quotation of a document."""
    if isinstance(value, dict):
        if {"source", "line", "last_line", "kind", "text"} <= set(value):
            yield value
        for inner in value.values():
            yield from quoted(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from quoted(inner)


def assert_diagnosed(*texts: bytes) -> dict[str, Any]:
    sources = [Source(f"{n}.txt", t) for n, data in enumerate(texts) if isinstance(t := as_text(data), bytes)]
    document = diagnosed(sources)
    shown = outputs(document)
    loaded: dict[str, Any] = json.loads(shown[0])
    validator().validate(loaded)
    assert_consistent(loaded, {s.path: s for s in sources})
    codes = {p["code"] for p in loaded["problems"]}
    assert not codes & {"parser-failed", "engines-disagree"}, loaded["problems"]
    assert not any("\x1b" in text for text in [*shown[1:4], shown[0]])
    return loaded


_slow = settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)


@_slow
@given(st.sampled_from(TEXTS), st.integers(0, 5_000), st.integers(0, 5_000))
def test_a_text_cut_at_any_place(text: str, first: int, last: int) -> None:
    assert_diagnosed(text[first % len(text) :].encode(), text[: last % len(text)].encode())


@_slow
@given(st.lists(st.sampled_from(LINES), max_size=60), st.lists(st.sampled_from(LINES), max_size=30))
def test_lines_in_any_order(one: list[str], two: list[str]) -> None:
    assert_diagnosed("\n".join(one).encode(), "\n".join(two).encode())


@_slow
@given(
    st.sampled_from(TEXTS),
    st.lists(st.tuples(st.integers(0, 9_000), st.integers(0, 4), st.binary(max_size=6)), max_size=25),
)
def test_bytes_replaced_anywhere(text: str, changes: list[tuple[int, int, bytes]]) -> None:
    data = bytearray(text.encode())
    for at, length, new in changes:
        begin = at % len(data) if data else 0
        data[begin : begin + length] = new
    assert_diagnosed(bytes(data))


_ODD = ["-1", "0", "99999999999999999999", "0xFFFFFFFFF", "::", "2001:db8::1", "999.1.1.1", "0x", "Feb 30 25:61:61", "\u00b2", "한국", "\x00", "%s{0}{x}", "[bold]"]  # fmt: skip


@_slow
@given(
    st.sampled_from(TEXTS),
    st.lists(st.tuples(st.integers(0, 900), st.sampled_from(_ODD)), min_size=1, max_size=20),
)
def test_words_replaced_by_odd_ones(text: str, changes: list[tuple[int, str]]) -> None:
    words = text.split(" ")
    for at, word in changes:
        words[at % len(words)] = word + ("\n" if "\n" in words[at % len(words)] else "")
    assert_diagnosed(" ".join(words).encode())


@_slow
@given(st.binary(max_size=600))
@example(b"%CRYPTO-4-RECVD_PKT_INV_SPI")
@example(
    b"%CRYPTO-4-RECVD_PKT_INV_SPI: decaps: rec'd IPSEC packet has invalid spi for destaddr=,prot=,spi=(),srcaddr="
)
def test_any_bytes(data: bytes) -> None:
    assert_diagnosed(data)


@settings(max_examples=10, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(st.sampled_from(LINES), max_size=80))
def test_every_hypothesis_can_be_explained_for_lines_in_any_order(lines: list[str]) -> None:
    explanations([Source("x.txt", "\n".join(lines).encode())])


def test_a_message_cannot_bring_markup_or_escapes_into_an_output() -> None:
    evil = message("12:10:00.100").replace("GigabitEthernet0/0/0", "Gi0\x1b[2J[link=x]<script>")
    shown = outputs(diagnosed([Source("evil.txt", evil.encode())]))
    assert not any("\x1b" in text for text in shown[:4])
    assert "<script>" not in shown[1].replace("`", "") or "```" in shown[1]
