"""The whole job on this machine: embedded mail servers, a cast that answers, the real worker."""

from __future__ import annotations

from pathlib import Path


def run_demo(*, json: bool, folder: Path | None) -> bool:
    """Play the demo, telling its story, or with `json` printing the final status alone; its files go to `folder`.

    True if everybody ended in the state that they should. Raises InputError for a folder that is in use, WorldError
    where the demo cannot run here.
    """
    from worker.demo.run import perform

    return perform(json=json, folder=folder)
