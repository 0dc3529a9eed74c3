"""Runs the command as a person would: a process of its own, with a configuration beside it."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.stories.world import CONFIG, PASSWORD
from tests.warm import warm
from worker.demo.servers import EmbeddedServers

OWNER = "robin@owner.example"


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass
class Shell:
    """A folder with a config.toml in which commands are run."""

    folder: Path
    servers: EmbeddedServers

    def configure(self, changes: Mapping[str, str] | None = None) -> Path:
        text = CONFIG.format(
            owner=OWNER,
            password=PASSWORD,
            imap_port=self.servers.imap_port,
            smtp_port=self.servers.smtp_port,
            security="plain",
            smtp_security="plain",
            tls="",
            url="sqlite:///askaround.db",
        )
        for before, after in (changes or {}).items():
            assert before in text, before
            text = text.replace(before, after)
        path = self.folder / "config.toml"
        path.write_text(text)
        path.chmod(0o600)
        return path

    def write(self, name: str, text: str | bytes) -> Path:
        path = self.folder / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def run(self, *arguments: str, env: Mapping[str, str] | None = None, stdin: bytes = b"") -> Done:
        clean = {key: value for key, value in os.environ.items() if not key.startswith("ASKAROUND_")}
        clean["COLUMNS"] = "200"  # the folders of tests have long names, and nothing is to be wrapped within one
        done = warm().run("worker", *arguments, cwd=self.folder, env={**clean, **(env or {})}, stdin=stdin)
        return Done(done.returncode, done.stdout.decode(), done.stderr.decode())


@pytest.fixture
def shell(embedded: EmbeddedServers, tmp_path: Path) -> Shell:
    embedded.add_user(OWNER, PASSWORD)
    made = Shell(tmp_path, embedded)
    made.configure()
    return made
