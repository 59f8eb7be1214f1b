"""What the READMEs and documents show and promise is what the program prints, and their links lead somewhere."""

import re
import shlex
from pathlib import Path

import pytest

from tests.docs.quoted import ROOT, blocks, text_of
from tui import cli

DEMO = "tests/cases/001-seed-persistent-pair/input"
READMES = {"en": "README.md", "ko": "README.ko.md"}
DOCUMENTS = [
    str(path.relative_to(ROOT))
    for path in sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
]  # fmt: skip
COMMANDS = [
    line.partition("  #")[0].strip()
    for name in READMES.values()
    for block in blocks(text_of(name), "sh")
    for line in block.splitlines()
    if line.startswith("ipsecdx ")
]
MAKE = sorted(
    {target for name in DOCUMENTS for target in re.findall(r"\bmake ([a-z]+)\b(?=`| +#)", text_of(name))}
)


def in_order(shown: list[str], printed: list[str]) -> str | None:
    """The first shown line that does not follow in what is printed; a line of three dots stands for any others."""
    rest = iter(printed)
    skipping = False
    for line in shown:
        if line.strip() == "...":
            skipping = True
            continue
        found = next((other for other in rest if other == line), None) if skipping else next(rest, None)
        if found != line:
            return line
        skipping = False
    return None


@pytest.mark.parametrize("lang", READMES)
def test_the_demo_prints_what_is_shown(
    lang: str, capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    assert cli.main(["diagnose", str(ROOT / DEMO), "--lang", lang]) == cli.DONE
    printed = capfdbinary.readouterr().out.decode().splitlines()
    [shown] = blocks(text_of(READMES[lang]), "text")
    assert in_order(shown.splitlines(), printed) is None


@pytest.mark.parametrize("command", COMMANDS)
def test_a_printed_command_is_one_that_the_program_knows(command: str) -> None:
    words = shlex.split(command.partition(" < ")[0])
    assert cli._parser().parse_args(words[1:]).command == (words[1] if len(words) > 1 else None)


@pytest.mark.parametrize("target", MAKE)
def test_a_make_target_exists(target: str) -> None:
    assert re.search(rf"^{target}:", text_of("Makefile"), flags=re.MULTILINE)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_link_leads_to_a_file(name: str) -> None:
    links = re.findall(r"\]\(([^)#\s]+)", text_of(name))
    inside = [link for link in links if "://" not in link]
    assert [link for link in inside if not (Path(ROOT, name).parent / link).exists()] == []


def test_every_decision_is_in_the_list() -> None:
    listed = set(re.findall(r"\]\((\d{4}-[^)]+)\)", text_of("docs/decisions/README.md")))
    assert listed == {path.name for path in (ROOT / "docs" / "decisions").glob("[0-9]*.md")}
