"""An answer of the Bug API becomes an overlay. All release data here is invented."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from engine.case import diagnose
from engine.diagnosis.document import Lang
from engine.evidence.source import Source
from engine.judge import Judge
from engine.kbtools.bugapi import read_answer, write_overlay
from engine.kbtools.lint import lint
from engine.knowledge.load import load
from tests.knowledge.folders import KB

CASES = {
    "CSCvp16730": KB / "bugs/CSCvp16730/cases/positive-installed",
    "CSCvn31824": KB / "bugs/CSCvn31824/cases/positive-new-sa",
    "CSCvd40554": KB / "bugs/CSCvd40554/cases/positive-debug",
}
VERSION = """\
{name}#show version
Cisco IOS XE Software, Version {padded}
Cisco IOS Software [Invented], ISR Software (X86_64_LINUX_IOSD-UNIVERSALK9-M), Version {plain}, RELEASE SOFTWARE (fc1)
{name} uptime is 2 days, 3 hours, 1 minute
Configuration register is 0x2102
{name}#
"""


def answer(*bugs: dict[str, Any]) -> bytes:
    return json.dumps({"bugs": list(bugs)}).encode()


def bug(name: str, affected: object = "", fixed: object = "", **more: object) -> dict[str, Any]:
    return {
        "bug_id": name, "headline": "Invented headline", "severity": "2", "status": "F",
        "known_affected_releases": affected, "known_fixed_releases": fixed, **more,
    }  # fmt: skip


def imported(folder: Path, *bugs: dict[str, Any]) -> Judge:
    write_overlay(read_answer(answer(*bugs)), load(), folder)
    return Judge(load(None, [folder]), prefer_direct=True)


def version_of(name: str, release: str) -> Source:
    major, minor, rebuild = release.split(".")
    padded = f"{major}.{int(minor):02}.{int(rebuild):02}"
    text = VERSION.format(name=name, padded=padded, plain=release)
    return Source(f"version-{name}.txt", text.encode())


def verdict(name: str, judge: Judge) -> str:
    """The verdict for a seed bug in its positive case."""
    sources = [Source(p.name, p.read_bytes()) for p in sorted(CASES[name].glob("*.txt"))]
    if name == "CSCvp16730":
        sources.append(version_of("R1", RELEASES[name][0]))
    document = diagnose(sources, judge, name="invented")
    (found,) = {f.verdict for f in document.findings if f.id == name}
    return found


# The release of the device that each positive case is about, one before it, one after it, and one of another train.
RELEASES = {
    "CSCvp16730": ("16.9.2", "16.9.1", "16.9.5", "16.12.1"),
    "CSCvn31824": ("17.6.5", "17.6.4", "17.6.6", "17.3.1"),
    "CSCvd40554": ("15.7(3)M8", "15.7(3)M7", "15.7(3)M9", "15.6(3)M1"),
}


@pytest.mark.parametrize("name", RELEASES)
def test_with_releases_a_seed_bug_is_confirmed_ruled_out_or_stays_undecided(
    tmp_path: Path, name: str
) -> None:
    own, before, after, elsewhere = RELEASES[name]

    def verdict_with(affected: str, fixed: str) -> str:
        return verdict(name, imported(tmp_path, bug(name, affected, fixed)))

    assert verdict_with(f"{before} {own}", after) == "confirmed"
    assert verdict_with(before, own) == "ruled_out"
    assert verdict_with("", before) == "ruled_out"  # fixed before it, in its own train
    assert verdict_with(before, after) == "likely"  # in the train, but not listed
    assert verdict_with(elsewhere, "") == "likely"  # what is said of another train says nothing
    assert verdict_with("", elsewhere) == "likely"
    assert verdict_with(own, before) == "likely"  # lists that contradict each other
    assert verdict(name, Judge(load(), prefer_direct=True)) == "likely"


def test_the_finding_cites_who_lists_the_releases(tmp_path: Path) -> None:
    judge = imported(tmp_path, bug("CSCvp16730", "16.9.1"))
    assert "cisco-bug-api#CSCvp16730" in {c.source for c in judge.kb.bugs["CSCvp16730"].cites}


def test_an_unknown_bug_is_listed_by_release_only_and_possible_at_most(tmp_path: Path) -> None:
    judge = imported(tmp_path, bug("CSCzz00001", "16.9.1,16.9.2", "16.9.5"))

    def found(release: str) -> list[tuple[str, str | None]]:
        document = diagnose([version_of("R1", release)], judge, name="invented")
        return [(f.verdict, f.subject.device) for f in document.findings if f.id == "CSCzz00001"]

    assert found("16.9.2") == [("possible", "R1")]
    assert found("16.12.1") == []
    assert found("16.9.5") in ([], [("ruled_out", "R1")])


@pytest.mark.parametrize(("lang", "phrase"), [("en", "lists the fix"), ("ko", "수정")])
def test_a_bug_that_is_at_least_likely_names_the_fixes_of_the_system_own_train_first(
    tmp_path: Path, lang: Lang, phrase: str
) -> None:
    fixed = "16.12.1 15.2(4)M12 16.9.5 17.1.1 17.2.1 17.3.1 17.4.1"
    judge = imported(tmp_path, bug("CSCvp16730", "16.9.2", fixed))
    sources = [Source(p.name, p.read_bytes()) for p in sorted(CASES["CSCvp16730"].glob("*.txt"))]
    document = diagnose([*sources, version_of("R1", "16.9.2")], judge, name="invented", lang=lang)
    (note,) = {f.note for f in document.findings if f.id == "CSCvp16730"}
    assert note is not None
    assert phrase in note
    assert "16.9.5, 16.12.1, 17.1.1, 17.2.1, 17.3.1)" in note


@pytest.mark.parametrize(("inner", "verdict"), [("15.5(3)S4", "possible"), ("15.5(3)S5", None)])
def test_on_ios_xe_3_the_ios_release_inside_counts_for_the_list_and_for_the_condition(
    tmp_path: Path, inner: str, verdict: str | None
) -> None:
    judge = imported(tmp_path, bug("CSCzz00001", "15.5(3)S4"))
    padded = f"03.16.{int(inner[-1]):02}.S"
    text = VERSION.format(name="R1", padded=padded, plain=inner).encode()
    document = diagnose([Source("version.txt", text)], judge, name="invented")
    found = [f.verdict for f in document.findings if f.id == "CSCzz00001"]
    assert found == ([verdict] if verdict else [])
    assert [str(f) for f in lint(None, [tmp_path]) if f.severity != "info"] == []


def test_a_headline_loses_its_html_and_nothing_else() -> None:
    headline = "<b>IPsec</b> SA &amp; tunnel<br/>down for &lt;peer&gt; and <peer>"
    (one,) = read_answer(answer(bug("CSCzz00001", "16.9.1", headline=headline)))
    assert one.headline == "IPsec SA & tunnel down for <peer> and <peer>"


def test_an_import_is_in_order_and_can_be_repeated(tmp_path: Path) -> None:
    first = answer(bug("CSCzz00001", "16.9.1"), bug("CSCvp16730", "16.9.1"))
    write_overlay(read_answer(first), load(), tmp_path)
    again = answer(bug("CSCzz00001", "17.3.1"), bug("CSCvp16730", "17.3.1"))
    done = write_overlay(read_answer(again), load(None, [tmp_path]), tmp_path)
    assert [d.path.name for d in done] == ["releases.yaml", "rule.yaml"]
    assert [str(f) for f in lint(None, [tmp_path]) if f.severity != "info"] == []
    bugs = load(None, [tmp_path]).bugs
    assert [b.releases.affected for b in (bugs["CSCzz00001"], bugs["CSCvp16730"]) if b.releases] == [
        ["17.3.1"]
    ] * 2


def test_a_rule_written_by_hand_is_kept(tmp_path: Path) -> None:
    rule = tmp_path / "bugs" / "CSCzz00001" / "rule.yaml"
    rule.parent.mkdir(parents=True)
    rule.write_text("# mine\n", encoding="utf-8")
    (done,) = write_overlay(read_answer(answer(bug("CSCzz00001", "16.9.1"))), load(), tmp_path)
    assert done.path.name == "releases.yaml"
    assert rule.read_text(encoding="utf-8") == "# mine\n"


@pytest.mark.parametrize(
    ("given", "read", "unread"),
    [
        ("16.9.1 16.9.2", ["16.9.1", "16.9.2"], []),
        ("17.03.01a,03.16.05.S, 15.6(03)M07", ["17.3.1a", "3.16.5S", "15.6(3)M7"], []),
        ("Amsterdam-17.3.1;Denali-16.3.9", ["17.3.1", "16.3.9"], []),
        (["16.9.1", "16.9.1"], ["16.9.1"], []),
        ("16.9 16.12.0.1 n/a", [], ["16.9", "16.12.0.1", "n/a"]),
        (None, [], []),
        (16.9, [], ["16.9"]),
        ({"a": 1}, [], ["{'a':", "1}"]),
    ],
)
def test_releases_are_read_in_the_forms_of_cisco(given: object, read: list[str], unread: list[str]) -> None:
    (one,) = read_answer(answer(bug("CSCvp16730", given)))
    assert (one.affected, one.unread) == (read, unread)


def test_one_bug_or_a_bare_list_needs_no_wrapping_and_one_bug_twice_is_one() -> None:
    one = bug("CSCzz00001", "16.9.1")
    assert len(read_answer(json.dumps(one).encode())) == 1
    (joined,) = read_answer(json.dumps([one, bug("CSCzz00001", "16.9.2")]).encode())
    assert joined.affected == ["16.9.1", "16.9.2"]


@pytest.mark.parametrize(
    "raw",
    [b"", b"[]", b"{}", b'{"bugs": []}', b'{"bugs": [1]}', b'{"bugs": [{"bug_id": "../x"}]}', b"\xff", b"[" * 5000,
     b'{"bugs": null}', b'"CSCvp16730"'],
)  # fmt: skip
def test_anything_else_is_refused_with_a_sentence(raw: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_answer(raw)


@pytest.mark.parametrize(
    "headline", ['"quoted" \\ : # {x} [y]', "tab\there\nline\x07\x85\u2028", "[blank] 한국어", "", "- * & !"]
)
def test_any_headline_gives_a_file_that_can_be_read(tmp_path: Path, headline: str) -> None:
    judge = imported(tmp_path, bug("CSCzz00001", "16.9.1", headline=headline))
    assert judge.kb.bugs["CSCzz00001"].title.en.startswith("CSCzz00001: ")
