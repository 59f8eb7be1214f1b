"""The pieces of a JSON document are, joined, what msgspec makes of the whole."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from engine.evidence.open import open_case
from engine.evidence.source import Source
from engine.render import json_document
from tests.tui.pipeline import diagnosed

CASES = sorted(Path(__file__).parents[1].glob("cases/*/input"))


@pytest.mark.parametrize("case", CASES[:5], ids=lambda path: path.parent.name)
def test_the_pieces_of_a_document_are_the_document(case: Path) -> None:
    document = diagnosed(open_case([str(case)]).sources)
    whole = msgspec.json.format(msgspec.json.encode(document), indent=2).decode() + "\n"
    assert "".join(json_document.parts(document)) == whole


def test_a_line_feed_in_a_text_stays_in_it() -> None:
    log = (
        b"Sep  2 00:00:30.125: %CRYPTO-4-RECVD_PKT_INV_SPI: decaps: rec'd IPSEC packet\n   has invalid spi for "
        b"destaddr=192.0.2.1, prot=50, spi=0x10000001(268435457), srcaddr=198.51.100.7\n"
    )
    document = diagnosed([Source("wrapped\nname.log", log)])
    assert msgspec.json.decode(json_document.render(document), type=type(document)) == document
