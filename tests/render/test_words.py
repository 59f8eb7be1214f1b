"""The fixed words: complete in both languages, all of them used, every possible value of the document named."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import get_args

import pytest

from engine.diagnosis import document
from engine.diagnosis.explain import ProofNode
from engine.render.words import Words
from tests.render.words_file import ROOT, phrases

# Groups of keys that code completes with a value of the document: "verdict." + finding.verdict.
CLOSED = {
    "verdict": get_args(document.Verdict),
    "truth": ("yes", "no", "unknown"),
    "statement": ("stated", "inferred"),
    "support": get_args(document.Support),
    "outcome": get_args(document.Outcome),
}
LITERAL_FIELDS = {
    "evidence": (document.Evidence, "kind"),
    "side": (document.Action, "side"),
    "mode": (document.Action, "mode"),
    "disrupts": (document.Action, "disrupts"),
    "risk": (document.Action, "risk"),
    "pattern": (document.Flow, "pattern"),
    "state": (document.Flow, "state"),
    "basis": (document.Flow, "setup_basis"),
    "ike-sa": (document.FlowRecovery, "ike_sa"),
    "dpd": (document.Setup, "dpd"),
    "os": (document.Device, "os"),
    "source-kind": (document.SourceRef, "kind"),
    "section-status": (document.SectionRef, "status"),
    "connective": (ProofNode, "connective"),
}
# Keys that code completes with a fixed few names of its own, and open groups (`Words.term`).
OTHER = {
    "section.findings", "section.more-findings", "section.actions", "section.more-actions", "section.questions",
    "section.more-questions", "doubt.truncated", "doubt.failed", "status.partial", "status.error",
}  # fmt: skip
OPEN = ("setup-kind.", "role.")
FIXED_GROUP = re.compile(
    r"(?:column|label|section|more|target|configured|unknown|time|config|recovery)\.[a-z-]*[a-z]"
)


def literals(owner: type, field: str) -> set[str]:
    """The strings that a field of the document may have."""
    return {str(v) for v in re.findall(r"'([^']+)'", str(owner.__annotations__[field]).replace('"', "'"))}


def constants() -> Iterator[str]:
    """Every string constant of the code that draws documents."""
    for folder in ("engine", "tui"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    yield node.value


def called() -> Iterator[str]:
    """Every constant key in a call `words(...)` of the renderers, both where a condition chooses between two."""
    for path in sorted(Path(ROOT / "engine/render").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            first = node.args[0]
            choices = [first.body, first.orelse] if isinstance(first, ast.IfExp) else [first]
            if name == "words":
                yield from (
                    c.value for c in choices if isinstance(c, ast.Constant) and isinstance(c.value, str)
                )


def completed() -> set[str]:
    """Every key that a value of the document can ask for."""
    groups = {**CLOSED, **{group: literals(*where) for group, where in LITERAL_FIELDS.items()}}
    # A quoted line needs no word before it.
    return {f"{group}.{value}" for group, values in groups.items() for value in values} - {"evidence.line"}


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_every_key_that_code_asks_for_exists(lang: str) -> None:
    asked = set(called()) | {c for c in constants() if FIXED_GROUP.fullmatch(c)}
    assert len(asked) > 50
    missing = [key for key in sorted(asked | completed() | OTHER) if not phrases().get(key, {}).get(lang)]
    assert missing == []


def test_no_key_is_unused() -> None:
    known = set(constants()) | completed() | OTHER
    unused = [key for key in phrases() if key not in known and not key.startswith(OPEN)]
    assert unused == []


def test_both_languages_have_the_same_places() -> None:
    for key, both in phrases().items():
        assert set(both) == {"en", "ko"}, key
        places = [{name for _, name, _, _ in Formatter().parse(text) if name} for text in both.values()]
        assert places[0] == places[1], key


def test_no_korean_place_is_followed_by_a_particle() -> None:
    for key, both in phrases().items():
        assert not re.search(r"\}(?:은|는|이|가|을|를|과|와|로|으로)(?:\s|$)", both["ko"]), key


def test_every_setup_kind_of_the_contract_has_a_word() -> None:
    kinds = (
        "static-crypto-map dynamic-crypto-map p2p-gre-tunnel-protection mgre-tp-static-nhrp mgre-tp-dynamic-nhrp svti "
        "ezvpn-client dvti flexvpn-client getvpn gre-over-crypto-map manual-keying sdwan"
    )
    assert {f"setup-kind.{kind}" for kind in kinds.split()} == {
        k for k in phrases() if k.startswith("setup-kind.")
    }


def test_a_missing_key_is_an_error_and_a_missing_term_is_its_own_name() -> None:
    here = Words("en", {"a": {"en": "{n} of it"}, "g.x": {"en": "the x"}, "only": {"ko": "하나"}})
    assert here("a", n=3) == "3 of it"
    assert here.term("g", "x") == "the x"
    assert here.term("g", "y") == "y"
    for key in ("b", "only"):
        with pytest.raises(KeyError):
            here(key)
    with pytest.raises(KeyError):
        here("a", m=1)
