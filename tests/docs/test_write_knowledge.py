"""docs/write-knowledge.md is carried out: its files are written, its commands run, what it quotes is printed."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from tests.docs.quoted import text_of
from tests.docs.test_readme import in_order
from tui import cli

PAGE = text_of("docs/write-knowledge.md")
# A fenced block, and the path in backticks that stands alone above the block of a file.
BLOCK = re.compile(r"^(?:`([^`\n]+)`\n\n)?```(\w+)\n(.*?)^```$", flags=re.MULTILINE | re.DOTALL)
LINT = "ipsecdx kb lint --kb ipsecdx-kb\n"


class Step(msgspec.Struct, frozen=True):
    """One thing that the page has its reader do.

    Attributes:
        changes: files to write, by path: whole texts.
        mistakes: as `changes`, but lines to replace, (old, new), for this step only.
        commands: lines to run then.
        shown: what the page says that they print.
    """

    changes: dict[str, str]
    mistakes: dict[str, tuple[str, str]]
    commands: str
    shown: str


def steps(page: str) -> Iterator[Step]:
    """The page from output to output."""
    changes: dict[str, str] = {}
    mistakes: dict[str, tuple[str, str]] = {}
    commands = ""
    for path, language, body in BLOCK.findall(page):
        if language == "sh":
            commands = body
        elif language == "diff":
            mistakes[path] = replaced(body)
        elif path:
            changes[path] = body
        else:
            assert commands or mistakes, f"nothing prints this: {body}"
            yield Step(changes, mistakes, commands or LINT, body)
            changes, mistakes, commands = {}, {}, ""
    left = bool(changes or mistakes or commands)
    assert not left, "the page ends before it shows what comes of it"


def replaced(diff: str) -> tuple[str, str]:
    """The old and the new lines of a diff."""
    lines = diff.splitlines(keepends=True)
    assert all(line[0] in "-+" for line in lines), diff
    old, new = ("".join(line[1:] for line in lines if line[0] == sign) for sign in "-+")
    return old, new


def write(path: str, text: str) -> None:
    """Write a file of the reader's folder."""
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(text, encoding="utf-8")


def run(commands: str, capture: pytest.CaptureFixture[bytes]) -> tuple[list[str], int]:
    """What the commands print, errors last, and the exit status of the last one."""
    printed: list[str] = []
    status = cli.DONE
    for line in commands.splitlines():
        program, *arguments = shlex.split(line)
        assert program == "ipsecdx"
        status = cli.main(arguments)
        out, err = capture.readouterr()
        printed += (out + err).decode().splitlines()
    return printed, status


def plain(lines: list[str]) -> list[str]:
    """Without what changes as the shipped knowledge grows: the width of columns."""
    return [re.sub(r"(?<=\S) {2,}", "  ", line) for line in lines]


def status_of(step: Step) -> int:
    """The exit status that belongs to what is shown."""
    if "cannot be used" in step.shown:
        return cli.WRONG
    found = re.search(r"^error:|^FAILED|^[1-9]\d* changes", step.shown, flags=re.MULTILINE)
    return cli.FOUND if found else cli.DONE


def carry_out(step: Step, capture: pytest.CaptureFixture[bytes]) -> tuple[list[str], int]:
    """Do what a step says, and undo its mistakes."""
    for path, text in step.changes.items():
        write(path, text)
    right = {path: Path(path).read_text(encoding="utf-8") for path in step.mistakes}
    for path, (old, new) in step.mistakes.items():
        assert right[path].count(old) == 1, f"{path} has not just one place with: {old}"
        write(path, right[path].replace(old, new))
    done = run(step.commands, capture)
    for path, text in right.items():
        write(path, text)
    return done


@pytest.fixture
def _reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty folder, and a terminal of 100 columns."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("IPSECDX_NO_CACHE", "1")


@pytest.mark.usefixtures("_reader")
def test_the_page_can_be_carried_out_and_prints_what_it_shows(
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    for step in steps(PAGE):
        printed, status = carry_out(step, capfdbinary)
        missing = in_order(plain(step.shown.splitlines()), plain(printed))
        assert missing is None, f"after {step.commands}not printed: {missing}\n" + "\n".join(printed)
        assert status == status_of(step)


@pytest.mark.usefixtures("_reader")
def test_the_finished_knowledge_has_no_error_and_no_warning(
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    done = PAGE.split("\n## When something is wrong\n")[0]
    for step in steps(done):
        carry_out(step, capfdbinary)
    printed, status = run(LINT, capfdbinary)
    assert status == cli.DONE
    assert printed[-1].startswith("0 errors, 0 warnings")
    assert run("ipsecdx kb test --kb ipsecdx-kb", capfdbinary)[1] == cli.DONE


def test_every_file_of_the_blank_bug_is_filled_in() -> None:
    written = {path for step in steps(PAGE) for path in step.changes}
    [blank] = [step for step in steps(PAGE) if step.commands.startswith("ipsecdx kb new")]
    assert set(blank.shown.splitlines()[:-1]) <= written


def test_every_mistake_is_shown_with_its_code_or_its_failure() -> None:
    made = [step for step in steps(PAGE) if step.mistakes]
    assert len(made) >= 10
    assert all(re.search(r"kb-[a-z]+|FAILED", step.shown) for step in made)
