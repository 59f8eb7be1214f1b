"""How a case says what it expects: a part of the diagnosis document, and what must not be in it.

tests/cases/README.md of the checkout describes the rules for people; this module is those rules.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

DIRECTIVES = frozenset(
    {
        "_about", "_answers", "_exit", "_stderr", "_count", "_first_finding", "_absent_findings", "_absent_setups",
        "_absent_problems", "_once", "_actions_absent", "_commands_absent", "_questions",
    }
)  # fmt: skip


def differences(expected: dict[str, Any], document: dict[str, Any]) -> list[str]:
    """Everything in which a document differs from what a case expects of it; empty where it does not."""
    unknown = [k for k in expected if k.startswith("_") and k not in DIRECTIVES]
    found = [f"{k}: no such directive" for k in unknown]
    plain = {k: v for k, v in expected.items() if not k.startswith("_")}
    found += _compare(plain, document, "")
    for part, count in expected.get("_count", {}).items():
        if len(document[part]) != count:
            found.append(f"{part}: {len(document[part])} of them, expected {count}")
    first = expected.get("_first_finding")
    if first is not None and _finding_at(document, 1) != first:
        found.append(f"first finding: {_finding_at(document, 1)}, expected {first}")
    return found + list(_present(expected, document))


def _compare(expected: Any, actual: Any, where: str) -> list[str]:
    if isinstance(expected, dict):
        if not isinstance(actual, dict):
            return [f"{where}: {actual!r}, expected an object"]
        return [
            line
            for key, want in expected.items()
            for line in (
                _compare(want, actual[key], f"{where}.{key}".lstrip("."))
                if key in actual
                else [f"{where}.{key}: not in the document"]
            )
        ]
    if isinstance(expected, list) and any(isinstance(e, dict) for e in expected):
        return [line for want in expected for line in _in_list(want, actual, where)]
    return [] if expected == actual else [f"{where}: {actual!r}, expected {expected!r}"]


def _in_list(want: dict[str, Any], actual: list[Any], where: str) -> list[str]:
    """One object of a list: that with its id, or any that has everything it says."""
    alike = [a for a in actual if "id" not in want or a.get("id") == want["id"]]
    if "subject" in want:
        alike = [a for a in alike if not _compare(want["subject"], a.get("subject"), "")]
    tried = [_compare(want, a, f"{where}[{want.get('id', '')}]") for a in alike]
    if any(not t for t in tried):
        return []
    if len(tried) == 1:
        return tried[0]
    among = f" among {len(tried)} with that id" if tried and "id" in want else ""
    return [f"{where}: nothing like {want!r}{among}"]


def _present(expected: dict[str, Any], document: dict[str, Any]) -> Iterator[str]:
    """What must not be there, and is; what must be asked, and is not."""
    for absent in expected.get("_absent_findings", []):
        pattern = {"id": absent} if isinstance(absent, str) else absent
        for finding in document["findings"]:
            if not _compare(pattern, finding, ""):
                yield f"finding {finding['id']} is {finding['verdict']}, expected none like {pattern!r}"
    for name in expected.get("_once", []):
        entries = sum(f["id"] == name for f in document["findings"])
        if entries != 1:
            yield f"finding {name} is listed {entries} times, expected once"
    for part in ("setups", "problems"):
        for pattern in expected.get(f"_absent_{part}", []):
            for thing in document[part]:
                if not _compare(pattern, thing, ""):
                    yield f"{part}: {thing.get('id', thing.get('code'))}, expected none like {pattern!r}"
    for remedy in expected.get("_actions_absent", []):
        for action in document["actions"]:
            if remedy in action["id"].split("/"):
                yield f"action {action['id']} is offered"
    for command in expected.get("_commands_absent", []):
        for action in document["actions"]:
            if command in action["commands"]:
                yield f"action {action['id']} says {command!r}"
    asked = {q["id"].rsplit("/", maxsplit=1)[-1] for q in document["questions"]}
    for condition in expected.get("_questions", []):
        if condition not in asked:
            yield f"{condition} is not asked (asked: {', '.join(sorted(asked)) or 'nothing'})"


def _finding_at(document: dict[str, Any], rank: int) -> str | None:
    return next((f["id"] for f in document["findings"] if f["rank"] == rank), None)
