"""What a wheel and an sdist carry: all that a checkout has at work, and nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a wheel and an sdist, built offline with what the lock has installed."""
    pytest.importorskip("hatchling")
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
        timeout=120,
    )
    return folder


@pytest.fixture(scope="module")
def wheel(built: Path) -> zipfile.ZipFile:
    (path,) = built.glob("askaround-*-py3-none-any.whl")
    return zipfile.ZipFile(path)


def test_the_wheel_has_every_file_of_the_program(wheel: zipfile.ZipFile) -> None:
    names = set(wheel.namelist())
    training = ROOT / "worker/reading/model/training"
    program = [
        path
        for path in (ROOT / "worker").rglob("*")
        if path.is_file()
        and path.suffix != ".pyc"
        and not path.is_relative_to(training)
        and not any(part.startswith(".") or part == "__pycache__" for part in path.relative_to(ROOT).parts)
    ]
    assert len(program) > 20
    assert {str(path.relative_to(ROOT)) for path in program} <= names
    templates = [f"worker/templates/{path.name}" for path in (ROOT / "templates").iterdir() if path.is_file()]
    assert len(templates) >= 8
    assert {*templates, "worker/config.example.toml", "worker/config.schema.json"} <= names
    assert [name for name in names if name.startswith("worker/store/migrations/versions/") and name.endswith(".py")]


def test_the_wheel_has_nothing_else(wheel: zipfile.ZipFile) -> None:
    tops = {name.split("/")[0] for name in wheel.namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"worker"}
    assert not [
        name for name in wheel.namelist() if name.endswith((".pyc", ".db", "config.toml")) or "/training/" in name
    ]


def test_the_wheel_says_what_it_is(wheel: zipfile.ZipFile) -> None:
    def text(ending: str) -> str:
        (name,) = [name for name in wheel.namelist() if name.endswith(ending)]
        return wheel.read(name).decode()

    assert "MIT License" in text("licenses/LICENSE")
    assert "askaround = worker.cli:main" in text("entry_points.txt")
    assert "Requires-Python: >=3.11" in text("METADATA")


def test_the_sdist_can_be_tested_and_built_from(built: Path) -> None:
    (path,) = built.glob("askaround-*.tar.gz")
    with tarfile.open(path) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    expected = {"pyproject.toml", "README.md", "LICENSE", "Makefile", "config.example.toml", "templates/ask.md"}
    expected |= {
        "CONTRIBUTING.md",
        ".ci/run",
        "worker/errors.py",
        "tests/test_packaging.py",
        "deploy/requirements.txt",
        "deploy/askaround.service",
    }
    assert expected <= names
    assert not [
        name for name in names if name.startswith((".venv", ".git/", "dist/")) or name.endswith((".pyc", ".db"))
    ]


def test_the_wheel_runs_by_itself(wheel: zipfile.ZipFile, tmp_path: Path) -> None:
    site = tmp_path / "site"
    wheel.extractall(site)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    script = (
        "import sys; sys.path.insert(0, sys.argv[1]); import worker.settings, worker.contacts; "
        "from importlib.resources import files; "
        "print(worker.__file__, (files('worker') / 'templates' / 'ask.md').is_file())"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", script, str(site)],
        cwd=elsewhere,
        env={key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "ASKAROUND_"))},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stderr == ""
    assert done.stdout.split() == [str(site / "worker/__init__.py"), "True"]
