"""The log: a line for each event, read by eyes on a terminal and by programs elsewhere, and nothing secret in it."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest

from worker import log
from worker.errors import InputError

PASSWORD = "Pl4nted-Passw0rd-7f3a"


class Screen(io.StringIO):
    """A terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """The log of the tests themselves is what it was."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    root.handlers = []
    yield
    root.handlers = handlers
    root.setLevel(level)


def written(out: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_a_program_reads_json() -> None:
    out = io.StringIO()
    log.set_up("info", out)
    log.logger().info("sent", mail="m12", conversation="c3", step=None, message_id="<a@b.example>")
    log.logger().debug("not this")
    (line,) = written(out)
    assert str(line.pop("timestamp")).endswith("Z")
    assert line == {
        "level": "info",
        "event": "sent",
        "mail": "m12",
        "conversation": "c3",
        "message_id": "<a@b.example>",
    }


def test_a_person_reads_words() -> None:
    out = Screen()
    log.set_up("INFO", out)
    log.logger().warning("mail.example.org:993 does not answer", mail="m12")
    (line,) = out.getvalue().splitlines()
    assert "mail.example.org:993 does not answer" in line
    assert "m12" in line
    assert "{" not in line


def test_a_librarys_line_says_whose_it_is() -> None:
    out = io.StringIO()
    log.set_up("warning", out)
    logging.getLogger("alembic.runtime").warning("%d steps", 3)
    logging.getLogger("askaround").warning("ended with exit code %d", 4)
    theirs, ours = written(out)
    assert (theirs["event"], theirs["logger"]) == ("3 steps", "alembic.runtime")
    assert (ours["event"], "logger" in ours) == ("ended with exit code 4", False)


@pytest.mark.parametrize("out", [io.StringIO(), Screen()])
def test_what_a_server_says_stays_on_one_line(out: io.StringIO) -> None:
    log.set_up("info", out)
    log.logger().info("a\r\n\x1b[31mforged\u2028line", why="b\nc" + "d" * 1000)
    (line,) = out.getvalue().splitlines()
    assert "\x1b[31mforged" not in line
    assert len(line) < 800


@pytest.mark.parametrize("out", [io.StringIO(), Screen()])
def test_a_traceback_shows_no_values(out: io.StringIO) -> None:
    def sign_in(password: str) -> None:
        raise ValueError("no")

    log.set_up("info", out)
    try:
        sign_in(PASSWORD)
    except ValueError:
        logging.getLogger("some.library").exception("it broke")
        log.logger().exception("it broke")
    assert out.getvalue().count("in sign_in") == 2
    assert PASSWORD not in out.getvalue()


def test_a_level_that_does_not_exist() -> None:
    for level in ("loud", "", "NOTSET", "critical"):
        with pytest.raises(InputError, match="no log level"):
            log.set_up(level, io.StringIO())
