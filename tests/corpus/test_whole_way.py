"""Every file of the labelled corpus goes the whole way: no exception, a valid document, no parser that fails.

The corpus is not part of the project; IPSECDX_CORPUS names its directory.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from engine.evidence.open import as_text
from engine.evidence.source import Source
from tests.tui.pipeline import diagnosed, outputs
from tests.tui.test_any_input import assert_consistent, validator

_ROOT = os.environ.get("IPSECDX_CORPUS", "")
FILES = sorted(p for p in Path(_ROOT).rglob("*") if p.is_file()) if _ROOT else []
pytestmark = pytest.mark.skipif(not _ROOT, reason="IPSECDX_CORPUS is not set")


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name)
def test_a_file_of_the_corpus_gives_a_valid_document(path: Path) -> None:
    text = as_text(path.read_bytes())
    assert isinstance(text, bytes), f"{path.name} is {text}"
    source = Source(path.name, text)
    document = json.loads(outputs(diagnosed([source]))[0])
    validator().validate(document)
    assert_consistent(document, {path.name: source})
    assert not {p["code"] for p in document["problems"]} & {"parser-failed", "engines-disagree"}, document[
        "problems"
    ]


def test_the_whole_corpus_as_one_case_gives_a_valid_document() -> None:
    sources = [
        Source(p.relative_to(_ROOT).as_posix(), text)
        for p in FILES
        if isinstance(text := as_text(p.read_bytes()), bytes)
    ]
    document = json.loads(outputs(diagnosed(sources))[0])
    validator().validate(document)
    assert_consistent(document, {source.path: source for source in sources})
