"""The walk in docs/architecture.md: every name in it exists, and the session in it gives what is shown there."""

import doctest
import re
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
WALK = ARCHITECTURE.split("\n## The walk\n")[1]
NAMES = sorted(set(re.findall(r"`((?:engine|tui|kb)(?:\.\w+)+)`", ARCHITECTURE)))
SESSION = "\n".join(re.findall(r"^```pycon\n(.*?)^```$", WALK, flags=re.MULTILINE | re.DOTALL))
# What the walk follows, in this order; a step that is left out would be a gap in it.
STEPS = (
    "tui.cli.main", "tui.commands.diagnose", "engine.evidence.open.open_case", "engine.evidence.split.split",
    "engine.reading.read", "engine.parsers.inv_spi.scan", "engine.relate.case.relate",
    "engine.observe.settle.settle", "engine.observe.settle.atoms_of", "engine.inference.compiler.compile_rules",
    "engine.judge.Judge.judge", "engine.inference.durable_backend.Durable.close",
    "engine.inference.direct.Direct.truths", "engine.inference.verdict.decide", "engine.judge.Judge.advise",
    "engine.advise.actions.ActionPlan", "engine.diagnosis.compose.Composer.compose",
    "engine.diagnosis.quoting.Quoter.evidence", "engine.render.terminal.render", "tui.output.out_lines",
)  # fmt: skip


def resolve(name: str) -> object:
    """The module, class or function of a dotted name."""
    parts = name.split(".")
    for cut in range(len(parts), 0, -1):
        try:
            found: object = import_module(".".join(parts[:cut]))
        except ModuleNotFoundError:
            continue
        for part in parts[cut:]:
            found = getattr(found, part)
        return found
    raise AssertionError(f"no module {name}")


@pytest.mark.parametrize("name", NAMES)
def test_every_name_in_the_architecture_exists(name: str) -> None:
    assert resolve(name) is not None


def test_the_walk_passes_every_step_in_order() -> None:
    places = [WALK.find(f"`{name}`") for name in STEPS]
    assert -1 not in places, [name for name, place in zip(STEPS, places, strict=True) if place < 0]
    assert places == sorted(places)


def test_the_session_of_the_walk_gives_what_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    session = doctest.DocTestParser().get_doctest(SESSION, {}, "the walk", "docs/architecture.md", 0)
    assert len(session.examples) > len(STEPS)
    report: list[str] = []
    result = doctest.DocTestRunner(verbose=False).run(session, out=report.append)
    assert result.failed == 0, "".join(report)
