"""The wheel is the whole application: it runs where no checkout is."""

import json
import os
import subprocess
import sys
import sysconfig
import tomllib
from collections.abc import Iterator
from email.parser import HeaderParser
from importlib.metadata import packages_distributions
from pathlib import Path
from zipfile import ZipFile

import pytest

from engine.version import __version__

ROOT = Path(__file__).parents[2]
ROOMS = ("kb", "engine", "tui")
MESSAGE = (
    "*Mar  4 10:15:32.120: %CRYPTO-4-RECVD_PKT_INV_SPI: decaps: rec'd IPSEC packet has invalid spi for "
    "destaddr=192.0.2.1, prot=50, spi=0x5E1D0C3A(1578961978), srcaddr=198.51.100.7, "
    "input interface=GigabitEthernet0/0/0\n"
)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    pip("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), str(ROOT))
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def members(wheel: Path) -> Iterator[ZipFile]:
    with ZipFile(wheel) as archive:
        yield archive


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("installed")
    pip("install", "--no-deps", "--no-index", "--target", str(folder), str(wheel))
    return folder


def pip(*arguments: str) -> None:
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def run(installed: Path, cwd: Path, *arguments: str) -> str:
    """Runs Python on the installed wheel and the dependencies beside this interpreter, never on the checkout.

    -S keeps the `.pth` file of an editable installation out, -P the current folder.
    """
    places = [str(installed), sysconfig.get_path("purelib"), sysconfig.get_path("platlib")]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(dict.fromkeys(places))}
    command = [sys.executable, "-S", "-P", *arguments]
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def metadata(members: ZipFile, name: str) -> str:
    return members.read(f"ipsecdx-{__version__}.dist-info/{name}").decode()


@pytest.mark.parametrize("room", ROOMS)
def test_every_file_of_a_room_is_in_the_wheel(members: ZipFile, room: str) -> None:
    ours = {p.relative_to(ROOT).as_posix() for p in (ROOT / room).rglob("*") if p.is_file()}
    ours = {name for name in ours if "__pycache__" not in name}
    assert ours == {name for name in members.namelist() if name.startswith(f"{room}/")}


def test_the_wheel_carries_the_knowledge_base(members: ZipFile) -> None:
    assert [name for name in members.namelist() if name.startswith("kb/") and name.endswith(".yaml")]


@pytest.mark.parametrize("room", ROOMS)
def test_type_checkers_may_trust_the_annotations_of_each_room(members: ZipFile, room: str) -> None:
    assert f"{room}/py.typed" in members.namelist()


def test_the_wheel_holds_the_three_rooms_and_nothing_else(members: ZipFile) -> None:
    tops = {name.split("/")[0] for name in members.namelist()}
    assert tops == {*ROOMS, f"ipsecdx-{__version__}.dist-info"}


def test_the_command_is_called_ipsecdx(members: ZipFile) -> None:
    assert metadata(members, "entry_points.txt").split("\n\n")[0].splitlines() == [
        "[console_scripts]",
        "ipsecdx = tui.cli:main",
    ]


def test_the_licence_travels_along(members: ZipFile) -> None:
    assert metadata(members, "licenses/LICENSE") == (ROOT / "LICENSE").read_text("utf-8")


def test_the_wheel_asks_for_the_dependencies_of_pyproject_and_for_no_other(members: ZipFile) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    head = HeaderParser().parsestr(metadata(members, "METADATA"))
    extras = [f"{d}; extra == '{x}'" for x, ds in project["optional-dependencies"].items() for d in ds]
    asked = [text.replace('"', "'") for text in head.get_all("Requires-Dist", [])]
    assert sorted(asked) == sorted([*project["dependencies"], *extras])
    assert head["Requires-Python"] == project["requires-python"]


@pytest.mark.parametrize("room", ROOMS)
def test_the_installed_wheel_runs_without_the_checkout(installed: Path, tmp_path: Path, room: str) -> None:
    printed = run(installed, tmp_path, "-c", f"import {room}; print({room}.__file__)")
    assert Path(printed.strip()) == installed / room / "__init__.py"


def test_the_installed_command_tells_its_version(installed: Path, tmp_path: Path) -> None:
    printed = run(installed, tmp_path, str(installed / "bin" / "ipsecdx"), "--version")
    assert __version__ in printed


def test_the_installed_command_diagnoses_a_file(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "r1.log").write_text(MESSAGE, "utf-8")
    program = str(installed / "bin" / "ipsecdx")
    document = json.loads(run(installed, tmp_path, program, "diagnose", "r1.log", "--format", "json"))
    assert document["schema"] == "ipsecdx/diagnosis/1"
    assert [flow["spi"] for flow in document["flows"]] == ["0x5E1D0C3A"]


@pytest.mark.parametrize("room", ROOMS)
def test_no_dependency_ships_a_module_of_our_names(room: str) -> None:
    """Our packages have everyday names, so two distributions must never write into one folder."""
    assert set(packages_distributions().get(room, [])) <= {"ipsecdx"}
