"""The log of the service: a line for each thing that happens, for eyes on a terminal, as JSON elsewhere.

Who calls gives short words and ids; no text of a mail and nothing secret goes in. What libraries log comes out the same
way.
"""

from __future__ import annotations

import logging
import os
from collections.abc import MutableMapping
from typing import Any, TextIO, cast

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from worker.errors import InputError

NAME = "askaround"
LEVELS = ("debug", "info", "warning", "error")
_FIRST = ("timestamp", "level", "event")
_SHOWN = 500  # letters of one value


def logger() -> structlog.stdlib.BoundLogger:
    """The logger of this program: an event and what belongs to it, `log.info("sent", mail="m12")`."""
    made = structlog.wrap_logger(
        logging.getLogger(NAME),
        processors=[structlog.stdlib.render_to_log_args_and_kwargs],
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    return cast("structlog.stdlib.BoundLogger", made)


def set_up(level: str, stream: TextIO) -> None:
    """Write what is logged at `level` and above to `stream`; raises InputError for a level that does not exist."""
    if level.lower() not in LEVELS:
        raise InputError(f"{level!r} is no log level.", where="--log-level", todo="Use debug, info, warning or error.")
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_formatter(for_eyes=stream.isatty()))
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    for name in ("schedule", "alembic.runtime.plugins"):
        logging.getLogger(name).setLevel(logging.WARNING)


def _formatter(*, for_eyes: bool) -> structlog.stdlib.ProcessorFormatter:
    stamp = structlog.processors.TimeStamper("%Y-%m-%d %H:%M:%S" if for_eyes else "iso", utc=not for_eyes)
    before: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
        stamp,
        _source,
        structlog.processors.format_exc_info,  # without the values of variables: one of them may be a password
        _one_line,
    ]
    last: Processor
    if for_eyes:
        # an exception is text already: neither rich nor anything else may look into it
        coloured = not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
        last = structlog.dev.ConsoleRenderer(colors=coloured, pad_event_to=16, sort_keys=False)
    else:
        last = structlog.processors.JSONRenderer()
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=before,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _in_order, last],
    )


def _source(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Whose line it is, where it is a library's."""
    record: logging.LogRecord | None = event.get("_record")
    if record is not None and record.name.partition(".")[0] != NAME:
        event["logger"] = record.name
    return event


def _one_line(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """A server's words, too, are one line without control characters."""
    for key, value in event.items():
        if isinstance(value, str) and key not in ("exception", "stack"):
            line = " ".join("".join(one if one.isprintable() else " " for one in value).split())
            event[key] = line if len(line) <= _SHOWN else f"{line[: _SHOWN - 1]}…"
    return event


def _in_order(_: WrappedLogger, __: str, event: EventDict) -> MutableMapping[str, Any]:
    first = {key: event[key] for key in _FIRST if key in event}
    return first | {key: value for key, value in event.items() if key not in first and value not in (None, "")}
