"""What the Dockerfile is given, and what it says, without an engine that would run it."""

from __future__ import annotations

import re
import shutil
from fnmatch import fnmatch
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCKERFILE = ROOT / "deploy/Dockerfile"
IGNORED = ROOT / "deploy/Dockerfile.dockerignore"


def context(target: Path) -> Path:
    """A copy of what is sent to the engine: all but what stands in the list, whose last line that fits decides."""
    rules = [line.strip() for line in IGNORED.read_text("utf-8").splitlines() if line.strip()]
    tops = {rule.removeprefix("!").split("/")[0] for rule in rules if rule.startswith("!")}
    for top in sorted(tops):
        for path in sorted([ROOT / top, *(ROOT / top).rglob("*")]):
            name = path.relative_to(ROOT)
            if path.is_file() and _sent(name, rules):
                (target / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(path, target / name)
    return target


def _sent(name: Path, rules: list[str]) -> bool:
    above = [str(name), *(str(one) for one in name.parents if str(one) != ".")]
    sent = True
    for rule in rules:
        pattern = rule.removeprefix("!").removeprefix("**/")
        if any(fnmatch(one, pattern) or (rule.startswith("**/") and fnmatch(Path(one).name, pattern)) for one in above):
            sent = rule.startswith("!")
    return sent


def stages() -> list[list[tuple[str, str]]]:
    """The instructions of each stage, as (word, rest), with continued lines joined."""
    text = re.sub(r"\\\n\s*", " ", DOCKERFILE.read_text("utf-8"))
    found: list[list[tuple[str, str]]] = []
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        word, _, rest = line.partition(" ")
        if word == "FROM":
            found.append([])
        found[-1].append((word, rest.strip()))
    return found
