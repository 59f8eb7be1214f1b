"""Whatever characters a document holds, every format draws it and nothing harmful comes through."""

from __future__ import annotations

from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.diagnosis.document import Diagnosis
from engine.diagnosis.explain import Explanation, ProofNode
from engine.render import explain_text, json_document, markdown, terminal
from tests.render.documents import full_case, proof
from tests.render.words_file import words

FREE = frozenset(
    [
        "text",
        "title",
        "summary",
        "message",
        "command",
        "commands",
        "verify",
        "rollback",
        "collect",
        "answers",
        "note",
        "path",
        "name",
        "interface",
        "peers",
        "vrf",
        "source",
        "question",
        "answer",
        "locator",
        "condition",
        "case",
        "code",
        "device",
        "flow",
        "setup",
        "id",
        "sender",
        "src",
        "dst",
        "spi",
        "platform",
        "version",
        "decision",
    ]
)
ODD = st.text(st.characters() | st.sampled_from("`|<>\\\x1b\x9b\u202e\ud800\n\r\t{}*_ 가\u0301"), max_size=12)


def rewritten(value: Any, odd: list[str], *, free: bool = False) -> Any:
    """The document with every free text replaced by one of the odd ones, in turn."""
    if isinstance(value, dict):
        return {key: rewritten(item, odd, free=key in FREE) for key, item in value.items()}
    if isinstance(value, list):
        return [rewritten(item, odd, free=free) for item in value]
    if isinstance(value, str) and free:
        odd.append(odd.pop(0))
        return odd[0]
    return value


def harmless(text: str) -> bool:
    text.encode("utf-8")
    return not any(ord(c) < 32 or 0x7F <= ord(c) < 0xA0 or 0x202A <= ord(c) <= 0x202E for c in text)


@settings(deadline=None)
@given(st.lists(ODD, min_size=1, max_size=8), st.sampled_from([0, 1, 30, 100]))
def test_any_document_is_drawn_and_harmless(odd: list[str], width: int) -> None:
    document = msgspec.convert(rewritten(msgspec.to_builtins(full_case("ko")), odd), Diagnosis)
    here = words("ko")
    for full in (False, True):
        assert all(map(harmless, terminal.render(document, here, width=width, full=full)))
        text = markdown.render(document, here, full=full)
        assert harmless(text.replace("\n", "").replace("\t", ""))
        assert text.endswith("\n")
    encoded = json_document.render(document).encode("utf-8")
    msgspec.json.decode(encoded, type=Diagnosis)


@given(st.lists(ODD, min_size=1, max_size=8))
def test_any_proof_is_drawn_and_harmless(odd: list[str]) -> None:
    explained = msgspec.convert(rewritten(msgspec.to_builtins(proof("en")), odd), Explanation)
    document, here = full_case("en"), words("en")
    assert all(map(harmless, explain_text.explanation(explained, document, here, width=40)))
    assert harmless(
        explain_text.explanation_markdown(explained, document, here).replace("\n", "").replace("\t", "")
    )


def test_a_proof_of_any_depth_is_drawn() -> None:
    node = ProofNode(text="leaf", name="leaf", connective="leaf", truth="no")
    for _ in range(3000):
        node = ProofNode(text="", name="", connective="not", truth="yes", children=[node])
    explained = msgspec.structs.replace(proof("en"), parts=[("proof", node)])
    lines = list(explain_text.explanation(explained, full_case("en"), words("en"), width=80))
    assert lines[-1].endswith("[no] leaf")


def test_json_is_the_document_again_with_a_final_line_feed() -> None:
    document = full_case("ko")
    text = json_document.render(document)
    assert text == json_document.render(full_case("ko"))
    assert text.endswith("}\n")
    assert text.startswith('{\n  "schema": "ipsecdx/diagnosis/1",\n')
    assert "트래픽" in text
    assert msgspec.json.decode(text, type=Diagnosis) == document
