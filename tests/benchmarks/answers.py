"""The answers of the corpus as raw mail, read as the worker reads them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from pathlib import Path
from typing import Any
from zlib import crc32

from worker.conversation.table import acts_alone
from worker.conversation.vocabulary import Contact, Context, Intent, Reading, Step
from worker.reading import opened, read

CORPUS = Path(__file__).parent.parent / "corpus"
FINAL = CORPUS / "final"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One answer: what it is, and what was made of it."""

    record: dict[str, Any]
    reading: Reading

    @property
    def goal(self) -> Intent:
        return Intent(self.record["intent"])

    @property
    def acted(self) -> bool:
        return acts_alone(self.reading)

    @property
    def english(self) -> bool:
        return self.record["lang"] == "en"


def records(folder: Path) -> list[dict[str, Any]]:
    """All lines of a folder's files, in order."""
    lines = (line for path in sorted(folder.glob("*.jsonl")) for line in path.read_text("utf-8").splitlines())
    return [record for line in lines if "body" in (record := json.loads(line))]


def mail(record: dict[str, Any]) -> bytes:
    """The record as a raw mail; three of four automatic answers say in their header what they are."""
    message = EmailMessage()
    message["From"] = formataddr((record["from_name"], record["from"]))
    message["To"] = record["to"]
    if record["cc"]:
        message["Cc"] = ", ".join(formataddr((one.get("name") or "", one["email"])) for one in record["cc"])
    message["Subject"] = " ".join(record["subject"].split())
    message["Date"] = format_datetime(datetime.fromisoformat(record["date"]).replace(hour=12, tzinfo=UTC))
    message["Message-ID"] = f"<{record['id']}@mail.example>"
    message["In-Reply-To"] = "<ask@owner.example>"
    if record["kind"] == "auto_reply" and crc32(record["id"].encode()) % 4:
        message["Auto-Submitted"] = "auto-replied"
    message.set_content(record["body"], cte="8bit")
    return message.as_bytes()


def outcomes(found: list[dict[str, Any]]) -> Iterator[Outcome]:
    """What the worker makes of each, in the thread of the step that it answers."""
    with opened():
        for record in found:
            context = Context(
                own_addresses=frozenset({record["to"].lower()}),
                known_ids=frozenset({"<ask@owner.example>"}),
                contact=Contact(record["from"], name=record["from_name"]),
                step=Step(record["step"]),
            )
            yield Outcome(record, read(mail(record), context))
