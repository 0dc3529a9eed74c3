"""Keeps what a proof counted, for the table of docs/reliability.md."""

from __future__ import annotations

import json
import os
from pathlib import Path
from uuid import uuid4


def record(proof: str, **figures: int | str) -> None:
    """Adds figures of one run to those of `proof`, where ASKAROUND_PROOF names a folder to keep them in."""
    folder = os.environ.get("ASKAROUND_PROOF")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        line = json.dumps({"proof": proof} | figures)
        (Path(folder) / f"{uuid4()}.json").write_text(line + "\n", "utf-8")


def kept(folder: Path) -> list[dict[str, int | str]]:
    """All that was recorded in a folder."""
    return [json.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*.json"))]
