"""How much processor time a command takes, beside that of the libraries it cannot do without, on the same machine."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PEER = (sys.executable, "-c", "import sqlalchemy, typer, pydantic_settings")
CONFIG = """\
[owner]
name = "Robin Hale"
timezone = "Europe/Berlin"

[mailbox]
address = "robin@owner.example"
password = "x"
imap = { host = "127.0.0.1", port = 9, security = "plain" }
smtp = { host = "127.0.0.1", port = 9, security = "plain" }
"""


@dataclass(frozen=True)
class Cost:
    """Seconds of processor time, of the user and of the system: the least of all runs, and the one in the middle."""

    best: float
    median: float


def costs(commands: Sequence[Sequence[str]], *, runs: int, folder: Path) -> list[Cost]:
    """What each command costs in `folder`, by turns, so that what else the machine does strikes them alike."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("ASKAROUND_")}
    environ.pop("PYTHONDONTWRITEBYTECODE", None)  # as where it is installed: the modules lie there compiled
    environ["PYTHONPATH"] = str(ROOT)
    found: list[list[float]] = [[] for _ in commands]
    for turn in range(runs + 1):
        for command, seconds in zip(commands, found, strict=True):
            took = _seconds(command, environ, folder)
            if turn:  # the first one compiles, and makes the database
                seconds.append(took)
    return [Cost(min(one), statistics.median(one)) for one in found]


def _seconds(command: Sequence[str], environ: Mapping[str, str], folder: Path) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, cwd=folder, env=environ, stdout=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def askaround(*words: str) -> tuple[str, ...]:
    """The command line of a command."""
    return (sys.executable, "-m", "worker", *words)


def configured(folder: Path) -> Path:
    """The same folder, with a configuration in it."""
    path = folder / "config.toml"
    path.write_text(CONFIG, "utf-8")
    path.chmod(0o600)
    return folder


def main() -> None:
    """Print the figures of docs/service.md."""
    commands = {"askaround --help": askaround("--help"), "askaround status": askaround("status"), "its libraries": PEER}
    with tempfile.TemporaryDirectory() as name:
        found = costs(list(commands.values()), runs=10, folder=configured(Path(name)))
    for command, cost in zip(commands, found, strict=True):
        print(f"{command:18} {cost.best:.2f} s at best, {cost.median:.2f} s in the middle, of ten runs")
    print(f"status takes {found[1].best / found[2].best:.2f} times what it takes to load its libraries")


if __name__ == "__main__":
    main()
