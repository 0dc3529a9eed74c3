"""The set-up says in one line what a machine lacks."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parent.parent / "deploy/venv.sh"


def python(folder: Path, name: str, version: str, modules: bool) -> str:
    """A stand-in for an interpreter of that version, with or without ensurepip."""
    path = folder / name
    major, minor = version.split(".")
    path.write_text(
        f"""#!/bin/sh
case "$2" in
    *print*) echo {version} ;;
    *sys.exit*) [ {major} -gt 3 ] || [ {minor} -ge 11 ] ;;
    *ensurepip*) {"true" if modules else "false"} ;;
    venv) mkdir -p "$3" && echo {name} >"$3/made-by" ;;
esac
"""
    )
    path.chmod(0o755)
    return str(path)


def run(folder: Path, *candidates: str) -> subprocess.CompletedProcess[str]:
    environ = {"PATH": os.environ["PATH"], "CANDIDATES": " ".join(candidates) or "/nowhere/python3"}
    return subprocess.run(
        ["sh", str(SCRIPT), str(folder / "made")], env=environ, capture_output=True, text=True, check=False
    )


def test_the_first_good_python_is_taken(tmp_path: Path) -> None:
    old, bare = python(tmp_path, "old", "3.9", True), python(tmp_path, "bare", "3.12", False)
    good = python(tmp_path, "good", "3.11", True)
    done = run(tmp_path, "/nowhere", old, bare, good, python(tmp_path, "later", "3.13", True))
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "made/made-by").read_text() == "good\n"


@pytest.mark.parametrize(
    "versions, said",
    [
        ([], "none was found"),
        ([("old", "3.9", True), ("older", "3.8", True)], "here is only 3.9"),
        ([("bare", "3.11", False)], "apt-get install python3-venv"),
        ([("old", "3.10", True), ("bare", "3.11", False)], "apt-get install python3-venv"),
    ],
)
def test_what_is_missing_is_one_line(tmp_path: Path, versions: list[tuple[str, str, bool]], said: str) -> None:
    done = run(tmp_path, *(python(tmp_path, *version) for version in versions))
    assert done.returncode == 1
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "made").exists()


def test_a_real_python_makes_a_real_environment(tmp_path: Path) -> None:
    done = run(tmp_path, sys.executable)
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "made/bin/python").exists()
