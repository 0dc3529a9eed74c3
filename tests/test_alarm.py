"""The owner's command is run when the service needs somebody; whatever it does ends nothing."""

from __future__ import annotations

import json
import logging
import sys
from pathlib import Path

import pytest

from worker.jobs import alarm

WRITES = "import json, os, sys; json.dump([sys.argv[2:], sys.stdin.read(), sorted(os.environ)], open(sys.argv[1], 'w'))"


def test_it_gets_the_reason_in_one_line_and_no_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASKAROUND_MAILBOX__PASSWORD", "correct horse")
    out = tmp_path / "out.json"
    assert alarm.ring(
        (sys.executable, "-c", WRITES, str(out)), "no summary today.\n  The server\tsays “no”; rm -rf $HOME"
    )
    arguments, stdin, environment = json.loads(out.read_text())
    line = "no summary today. The server says “no”; rm -rf $HOME"
    assert arguments == [line]
    assert stdin == line + "\n"
    assert not [name for name in environment if name.startswith("ASKAROUND_")]


@pytest.mark.parametrize(
    "command, said",
    [
        (("/nowhere/to/be/found", "secret-word"), "could not be run"),
        ((sys.executable, "-c", "raise SystemExit(3)", "secret-word"), "exit code 3"),
        ((sys.executable, "-c", "import time; time.sleep(60)", "secret-word"), "did not end within"),
    ],
)
def test_its_failure_is_logged_and_ends_nothing(
    command: tuple[str, ...], said: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alarm, "SECONDS", 1)
    with caplog.at_level(logging.WARNING, "askaround"):
        assert not alarm.ring(command, "why")
    assert said in caplog.text
    assert "secret-word" not in caplog.text


def test_without_a_command_nothing_is_run() -> None:
    assert not alarm.ring((), "why")
