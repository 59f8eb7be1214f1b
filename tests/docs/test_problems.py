"""docs/problems.md lists every code that the program can give, and no other."""

import re
from pathlib import Path

import pytest

import engine.knowledge
from engine.evidence.open import MAX_FILES
from engine.knowledge.load import load
from tests.docs.quoted import first_cells, text_of
from tui import cli

PROBLEMS = text_of("docs/problems.md")
LISTED = first_cells(PROBLEMS) - {"code"}
STATUSES = PROBLEMS.split("\n## Problems of a case\n")[0]


def test_every_problem_code_is_listed() -> None:
    listed = {code for code in LISTED if not code.startswith("kb-")}
    assert listed == set(load().problems)


def test_every_fault_of_a_knowledge_base_is_listed() -> None:
    folder = Path(str(engine.knowledge.__file__)).parent
    code = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py"))
    listed = {name for name in LISTED if name.startswith("kb-")}
    assert listed == set(re.findall(r'"(kb-[a-z]+)"', code))


@pytest.mark.parametrize("status", [cli.DONE, cli.FOUND, cli.WRONG])
@pytest.mark.parametrize("document", [STATUSES, text_of("README.md"), text_of("README.ko.md")])
def test_every_exit_status_is_listed(status: int, document: str) -> None:
    assert re.search(rf"^\| {status} \|", document, flags=re.MULTILINE)


def test_the_limit_of_files_is_the_real_one() -> None:
    assert f"more than {MAX_FILES:,} files" in PROBLEMS
