"""What a commit may never name: package registries, folders of one machine, secrets of a developer."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

# Put together here, so that this file does not name them either.
FORBIDDEN = [
    "".join(parts)
    for parts in (
        ("pypi", ".org"),
        ("pythonhosted", ".org"),
        ("registry.", "npmjs"),
        ("deb.", "debian.org"),
        ("proxy.", "golang.org"),
        ("/work/", "main"),
        ("/work/", "shared"),
        ("/opt/", "wheels"),
        ("/root/", ".pyenv"),
        ("/tmp/", "plan"),
        ("extra", "-index-url"),
        ("--index", "-url"),
        ("BEGIN ", "PRIVATE KEY"),
    )
]


def found(text: str) -> list[str]:
    """Which of the forbidden words stand in a text."""
    return [word for word in FORBIDDEN if word in text]


def committed() -> list[Path]:
    """Every file that git knows here."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    return [ROOT / name for name in listed.stdout.decode().split("\0") if name]


def test_nothing_committed_names_a_registry_or_a_machine() -> None:
    bad = {}
    for path in committed():
        if path.is_file() and path.stat().st_size < 2_000_000 and (words := found(path.read_text("utf-8", "ignore"))):
            bad[str(path.relative_to(ROOT))] = words
    assert bad == {}


def test_the_search_finds_what_it_looks_for() -> None:
    assert found("see https://" + "pypi" + ".org/simple") == ["pypi" + ".org"]


def test_what_is_built_or_private_is_not_committed() -> None:
    names = [path.name for path in committed()]
    assert not {"config.toml", "askaround.db", "uv.lock"} & set(names)
    assert not [name for name in names if name.endswith((".pyc", ".db", ".whl"))]


def test_locks_pin_every_package_with_hashes() -> None:
    for lock in (ROOT / "deploy/requirements.txt", ROOT / ".ci/requirements.txt"):
        lines = lock.read_text("utf-8").split("\n")
        pins = [line for line in lines if line and not line.startswith((" ", "#"))]
        assert all("==" in line and line.endswith("\\") for line in pins)
        assert len(pins) > 20
        assert lines.count("") == 1
    program = (ROOT / "deploy/requirements.txt").read_text("utf-8")
    tools = (ROOT / ".ci/requirements.txt").read_text("utf-8")
    assert {line for line in program.split("\n") if "==" in line} <= {
        line for line in tools.split("\n") if "==" in line
    }


def test_every_package_is_explained() -> None:
    described = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    project = described["project"]
    wanted = project["dependencies"] + [one for extra in project["optional-dependencies"].values() for one in extra]
    wanted += [one for group in described["dependency-groups"].values() for one in group if isinstance(one, str)]
    names = {re.split(r"[\[<>=~! ]", one)[0] for one in wanted}
    text = (ROOT / "docs/dependencies.md").read_text("utf-8")
    explained = set(re.findall(r"^\| ([a-z0-9-]+)(?: \(`\w+`\))? \|", text, re.MULTILINE)) - {"package", "---"}
    assert explained == names
