"""A missing prerequisite is one sentence that names the package to install."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SETUP = Path(__file__).parents[2] / ".ci" / "setup"


def refuse(folder: Path, **variables: str) -> str:
    """The one line that set-up prints when it refuses; it must not have made anything."""
    venv = folder / "venv"
    environment = {**os.environ, "PYTHON": sys.executable, **variables}
    done = subprocess.run(
        ["/bin/sh", SETUP, venv], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stdout == ""
    assert not venv.exists()
    (line,) = done.stderr.splitlines()
    return line


def script(path: Path, text: str) -> str:
    path.write_text(f"#!/bin/sh\n{text}\n", "utf-8")
    path.chmod(0o755)
    return str(path)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A folder for PATH in which there is nothing but what set-up itself calls."""
    folder = tmp_path / "bin"
    folder.mkdir()
    script(folder / "dirname", 'echo "${1%/*}"')
    return folder


def test_without_a_python_it_names_the_packages(tmp_path: Path, path: Path) -> None:
    line = refuse(tmp_path, PATH=str(path), PYTHON="")
    assert "Python 3.11 or newer is needed" in line
    assert "apt install python3 " in line
    assert "dnf install python3.12 " in line


def test_a_shim_without_its_interpreter_is_passed_over(tmp_path: Path, path: Path) -> None:
    script(path / "python3.13", "exit 127")
    script(path / "python3", f'exec {sys.executable} "$@"')
    assert "a C compiler is needed" in refuse(tmp_path, PATH=str(path), PYTHON="", CC="no-such-compiler")


def test_an_old_python_that_was_asked_for_is_refused_by_name(tmp_path: Path) -> None:
    old = script(tmp_path / "old-python", "exit 1")
    assert f"PYTHON={old} does not run or is older than Python 3.11" in refuse(tmp_path, PYTHON=old)


def test_without_the_venv_module_it_names_the_package(tmp_path: Path) -> None:
    python = script(
        tmp_path / "python", f'case "$*" in *ensurepip*) exit 1;; esac\nexec {sys.executable} "$@"'
    )
    assert "venv (Debian, Ubuntu)" in refuse(tmp_path, PYTHON=python)


def test_without_a_compiler_it_names_the_package(tmp_path: Path) -> None:
    line = refuse(tmp_path, CC="no-such-compiler")
    assert "a C compiler is needed" in line
    assert "apt install gcc" in line


def test_without_the_headers_of_python_it_names_the_package(tmp_path: Path) -> None:
    compiler = script(tmp_path / "cc", "! grep -q Python.h")
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    line = refuse(tmp_path, CC=compiler)
    assert f"apt install python{version}-dev" in line
    assert f"dnf install python{version}-devel" in line
