"""What the machine knows of its owner: the time zone."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from worker.settings import values


def zone_name(environ: Mapping[str, str], root: Path = Path("/")) -> str | None:
    """The machine's time zone by its name in the tz database: of $TZ, /etc/timezone or /etc/localtime; or None."""
    candidates = [environ.get("TZ", "").lstrip(":")]
    try:
        candidates.append((root / "etc/timezone").read_text("utf-8", "replace").strip())
    except OSError:
        candidates.append("")
    try:
        candidates.append(str((root / "etc/localtime").readlink()).partition("zoneinfo/")[2])
    except OSError:
        candidates.append("")
    for name in candidates:
        try:
            return values.zone(name)
        except values.Wrong:
            continue
    return None
