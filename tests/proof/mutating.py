"""A pytest plugin: every test once, then every change that mutmut made, each in a fork, until a test fails on it.

mutmut's own runner starts pytest anew for each change, which takes longer than the tests do.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
import time
from collections import defaultdict
from pathlib import Path

import pytest
from _pytest.runner import runtestprotocol
from mutmut.mutation.trampoline import set_mutant_under_test
from mutmut.state import state

FATES = Path("fates.json")
"""In the folder of the changed code: for each change what became of it."""
_PATIENCE = 20.0


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool:
    """Instead of pytest's own loop; what is not known yet is tried, and written down after each change."""
    known = json.loads(FATES.read_text("utf-8"))
    tests, seconds = _once(session.items)
    if _fate("none", session.items, sum(seconds.values())) != "survived":
        pytest.exit("the tests do not pass a second time, in a fork, without any change", returncode=2)
    began, ahead = time.monotonic(), [name for name, fate in known.items() if fate == "not checked"]
    for number, name in enumerate(ahead, start=1):
        items = sorted(tests[name.rpartition("__mutmut_")[0]], key=lambda item: seconds[item.nodeid])
        known[name] = _fate(name, items, sum(seconds[item.nodeid] for item in items)) if items else "no tests"
        if number % 50 == 0 or number == len(ahead):
            FATES.write_text(json.dumps(known, indent=0), "utf-8")
            print(f"{number} of {len(ahead)} in {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    return True


def _once(items: list[pytest.Item]) -> tuple[dict[str, list[pytest.Item]], dict[str, float]]:
    """Which tests reach which function, and how long each takes; all of them must pass."""
    tests: dict[str, list[pytest.Item]] = defaultdict(list)
    seconds: dict[str, float] = {}
    set_mutant_under_test("stats")
    for item, following in zip(items, [*items[1:], None], strict=True):
        reports = runtestprotocol(item, log=False, nextitem=following)
        failed = [report for report in reports if report.failed]
        if failed:
            pytest.exit(f"without any change {item.nodeid} fails:\n{failed[0].longreprtext}", returncode=2)
        seconds[item.nodeid] = sum(report.duration for report in reports)
        for function in state()._stats:
            tests[function].append(item)
        state()._stats.clear()
    set_mutant_under_test("")
    return tests, seconds


def _fate(name: str, items: list[pytest.Item], usual: float) -> str:
    """What becomes of a change: killed, survived, or timeout where the tests came to no end."""
    child = os.fork()
    if child == 0:
        _try(name, items, usual)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return "timeout" if os.WTERMSIG(status) in (signal.SIGALRM, signal.SIGXCPU) else "killed"
    return "survived" if os.WEXITSTATUS(status) == 0 else "killed"


def _try(name: str, items: list[pytest.Item], usual: float) -> None:
    noticed = 1
    try:
        limit = int(5 * usual + _PATIENCE)
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 1))
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(5 * limit)
        silence = os.open(os.devnull, os.O_WRONLY)
        for stream in (1, 2):
            os.dup2(silence, stream)
        set_mutant_under_test(name)
        _forget()
        for item, following in zip(items, [*items[1:], None], strict=True):
            item._initrequest()  # type: ignore[attr-defined]  # it ran before, in the parent
            if any(report.failed for report in runtestprotocol(item, log=False, nextitem=following)):
                break
        else:
            noticed = 0
    finally:
        os._exit(noticed)


def _forget() -> None:
    """What a function remembers since the tests ran without the change would hide it."""
    for room, module in list(sys.modules.items()):
        if room.startswith("worker."):
            for remembered in list(vars(module).values()):
                if hasattr(remembered, "cache_clear"):
                    remembered.cache_clear()
