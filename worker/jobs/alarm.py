"""Runs the owner's own command when the service needs somebody: bounded in time, and its failure ends nothing."""

from __future__ import annotations

import logging
import os
import re
import subprocess
from collections.abc import Sequence

log = logging.getLogger("askaround")

SECONDS = 20
LONGEST = 500
_BREAK = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def ring(command: Sequence[str], reason: str) -> bool:
    """Run `command` with the reason as one line, on stdin and as the last argument; gives whether it went well.

    No shell reads it, it gets none of our settings (the environment may hold the password), and it is killed after
    `SECONDS`. Whatever goes wrong is logged, without the command's arguments.
    """
    if not command:
        return False
    line = _BREAK.sub(" ", reason).strip()[:LONGEST]
    theirs = {name: value for name, value in os.environ.items() if not name.upper().startswith("ASKAROUND_")}
    try:
        done = subprocess.run(
            [*command, line],
            input=f"{line}\n".encode("utf-8", "replace"),
            env=theirs,
            timeout=SECONDS,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
        )
    except subprocess.TimeoutExpired:
        log.warning("the alert command did not end within %d seconds", SECONDS)
    except (OSError, ValueError) as error:
        log.warning("the alert command could not be run: %s", getattr(error, "strerror", None) or type(error).__name__)
    else:
        if done.returncode == 0:
            return True
        log.warning("the alert command ended with exit code %d", done.returncode)
    return False
