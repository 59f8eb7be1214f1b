"""The locks pin everything by hash, agree with each other, and name no registry."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
LOCKS = ("requirements.lock", "requirements-build.lock", "requirements-dev.lock")


def pins(lock: str) -> dict[str, list[str]]:
    """Each requirement of a lock, with its hashes."""
    text = (ROOT / lock).read_text("utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    return {line.split(" --hash=", 1)[0].strip(): re.findall(r"--hash=(\S+)", line) for line in lines}


def versions(lock: str) -> dict[str, Requirement]:
    requirements = [Requirement(text) for text in pins(lock)]
    return {canonicalize_name(requirement.name): requirement for requirement in requirements}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_requirement_is_one_version_with_its_hashes(lock: str) -> None:
    assert pins(lock)
    for requirement, hashes in pins(lock).items():
        assert re.match(r"[\w.-]+==[^\s*]+( ; .+)?$", requirement), requirement
        assert hashes, requirement
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", each) for each in hashes), requirement


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_registry(lock: str) -> None:
    text = (ROOT / lock).read_text("utf-8")
    assert not re.search(r"://|--(extra-)?index|--find-links|--trusted-host|^\s*-[fi] ", text, re.MULTILINE)


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_satisfies_pyproject(lock: str) -> None:
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    needed, groups = pyproject["project"]["dependencies"], pyproject["dependency-groups"]
    asked = {LOCKS[0]: needed, LOCKS[1]: groups["build"], LOCKS[2]: needed + groups["dev"]}[lock]
    locked = versions(lock)
    for wanted in map(Requirement, asked):
        (pin,) = locked[canonicalize_name(wanted.name)].specifier
        assert wanted.specifier.contains(pin.version), f"{wanted} is locked as {pin.version}: run `make lock`"


@pytest.mark.parametrize("other", ["requirements-build.lock", "requirements-dev.lock"])
def test_locks_of_one_environment_agree(other: str) -> None:
    ours, theirs = versions("requirements.lock"), versions(other)
    assert {n: str(ours[n]) for n in ours.keys() & theirs} == {
        n: str(theirs[n]) for n in ours.keys() & theirs
    }
