"""What the worker is doing, what comes next, what needs the owner: `status`, as JSON."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from worker.contacts import canonical
from worker.conversation.vocabulary import State
from worker.jobs import absence, guard, hold
from worker.jobs.desk import Desk
from worker.jobs.needs import needs
from worker.store import Transaction, conversations, mailboxes, outbox, people, reviews

SCHEMA_VERSION = 1
REFUSES = "your provider refuses to send"
FINISHED_FOR = timedelta(days=7)
SHOWN_AS_AWAY = frozenset({State.asked, State.snoozed, State.silent, State.declined, State.referral_asked})


def shown_state(state: str, away_until: Any, today: Any) -> str:
    """The state as it is shown: `away` while an absence lies ahead."""
    if away_until is not None and away_until > today and State(state) in SHOWN_AS_AWAY:
        return "away"
    return state


def status(tx: Transaction, desk: Desk, *, email: str | None = None, limit: int | None = None) -> dict[str, Any]:
    """The document of `status --json`; `email` keeps one person, `limit` the first of each list."""
    mails = outbox.shown(tx, desk.mailbox.id, desk.now - FINISHED_FOR)
    first: dict[int, Any] = {}
    for mail in mails:
        if mail.state in outbox.UNFINISHED and mail.state != "uncertain":
            known = first.get(mail.conversation_id)
            if known is None or mail.due < known.due:
                first[mail.conversation_id] = mail
    people_rows = conversations.with_contacts(tx, desk.mailbox.id)
    box = mailboxes.get(tx, desk.mailbox.id)
    found: dict[str, list[dict[str, Any]]] = {
        "conversations": [
            {
                "id": f"c{row.id}",
                "email": row.email,
                "name": row.name,
                "campaign": row.campaign,
                "state": shown_state(row.state, row.away_until, desk.today),
                "referred_by": row.referred_by,
                "next": _next(first.get(row.id)),
            }
            for row in people_rows
        ],
        "outbox": [
            {
                "id": f"m{mail.id}",
                "email": mail.email,
                "step": mail.step,
                "state": mail.state,
                "due": _time(mail.due),
                "message_id": mail.message_id,
                "why": mail.hold_why,
            }
            for mail in mails
        ],
        "review": [
            {
                "id": f"r{row.id}",
                "email": row.email,
                "intent": row.intent,
                "confidence": row.confidence,
                "text": (row.data or {}).get("new_text", ""),
                "why": row.why,
            }
            for row in reviews.waiting(tx, desk.mailbox.id)
        ],
        "proposed": [
            {
                "id": f"p{row.id}",
                "email": row.email,
                "name": row.name,
                "referred_by": row.introducer_email,
            }
            for row in people.proposed(tx, desk.mailbox.id)
        ],
        "needs_you": needs(tx, desk),
    }
    troubles = [row for row in found["needs_you"] if row["id"] == "mailbox"]
    if email is not None:
        key = canonical(email)
        for name, rows in found.items():
            who = "referred_by" if name == "proposed" else "email"
            found[name] = [
                row for row in rows if key in {canonical(row[one]) for one in (who, "email") if row.get(one)}
            ]
        found["needs_you"] += [row for row in troubles if row not in found["needs_you"]]
    totals = {name: len(rows) for name, rows in found.items()}
    if limit is not None:
        found = {name: rows[:limit] for name, rows in found.items()}
    errors = list(box.errors or [])
    if box.blocked_until is not None and box.blocked_until > desk.now:
        errors.append(f"{REFUSES}: {box.blocked_why}")
    trouble = desk.mailbox.sign_in_trouble()
    if trouble is not None and trouble.sentence not in errors:
        errors.insert(0, trouble.sentence)
    return {
        "schema_version": SCHEMA_VERSION,
        **found,
        "totals": totals,
        "health": {
            "paused": guard.paused(box, desk.now),
            "paused_until": _time(box.paused_until),
            "held": hold.sentence(box),
            "finished": _time(box.finished_at),
            "away_until": last.isoformat() if (last := absence.last_day(absence.informed(tx, desk))) else None,
            "asks_paused": box.asks_paused_why if box.asks_paused_at is not None else None,
            "last_poll": _time(box.read_ended_at),
            "errors": errors,
        },
    }


def empty() -> dict[str, Any]:
    """The document for a database that knows nothing of this mailbox yet."""
    return {
        "schema_version": SCHEMA_VERSION,
        "conversations": [],
        "outbox": [],
        "review": [],
        "proposed": [],
        "needs_you": [],
        "totals": dict.fromkeys(("conversations", "outbox", "review", "proposed", "needs_you"), 0),
        "health": {
            "paused": False,
            "paused_until": None,
            "held": None,
            "finished": None,
            "away_until": None,
            "asks_paused": None,
            "last_poll": None,
            "errors": [],
        },
    }


def _next(mail: Any) -> dict[str, Any] | None:
    return {"step": mail.step, "due": _time(mail.due)} if mail is not None else None


def _time(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment is not None else None
