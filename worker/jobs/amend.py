"""Changes what is known of a contact, by the same rules as a file that is imported."""

from __future__ import annotations

import csv
import difflib
import io
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row

from worker.contacts import canonical, company_keys, parse
from worker.contacts.columns import extra_name
from worker.contacts.fields import NAMES, Unusable, clean
from worker.conversation.vocabulary import Contact, Delivery, Step
from worker.errors import InputError
from worker.jobs import word
from worker.jobs.desk import Desk
from worker.jobs.letters import decoded, write_letter
from worker.store import Store, Transaction, contacts, conversations, journal, outbox, suppressions
from worker.writing import Draft

EXTRA = "extra."


def amend(store: Store, desk: Desk, who: str, changes: Sequence[str]) -> str:
    """Set fields of a contact (`company=Acme`; an empty value clears it); gives a sentence.

    `extra.NAME=VALUE` sets a column of the owner's own. Raises InputError for what cannot be; then nothing was
    changed.
    """
    wanted = dict(_change(one) for one in changes)
    return store.transaction(lambda tx: _amend(tx, desk, who, wanted))


def _change(said: str) -> tuple[str, str]:
    name, equals, value = said.partition("=")
    name = name.strip()
    if not equals or not name:
        raise InputError(f"{said!r} changes nothing.", todo='For example: company="Acme Ltd" phone="+49 30 1234567"')
    field = name.lower().replace("-", "_")
    if name.lower().startswith(EXTRA) and extra_name(name[len(EXTRA) :]):
        return EXTRA + extra_name(name[len(EXTRA) :]), value
    if field not in NAMES:
        near = difflib.get_close_matches(field, NAMES, n=1)
        raise InputError(
            f"There is no field {name!r}.{f' Did you mean {near[0]}?' if near else ''}",
            todo=f"The fields are {', '.join(NAMES)}, and extra.NAME for columns of your own.",
        )
    return field, value


def _amend(tx: Transaction, desk: Desk, who: str, wanted: dict[str, str]) -> str:
    row = word.find(tx, desk, who).contact
    if row is None:
        raise InputError(f"{who} is no contact.", todo="askaround contacts lists them.")
    before = contacts.as_contact(row)
    extra = dict(before.extra) | {
        name[len(EXTRA) :]: _extra(name, value) for name, value in wanted.items() if name.startswith(EXTRA)
    }
    after = _read(before, {name: value for name, value in wanted.items() if not name.startswith(EXTRA)})
    values: dict[str, Any] = {
        name: getattr(after, name) for name in NAMES if getattr(after, name) != getattr(before, name)
    }
    kept = {name: value for name, value in extra.items() if value}
    if kept != dict(before.extra):
        values["extra"] = kept
    if not values:
        return f"{before.name or before.email or before.phone}: nothing changed"
    if "email" in values:
        values |= _address(tx, desk, row, after)
    if "referred_by" in values:
        introducer = contacts.by_key(tx, desk.mailbox.id, canonical(after.referred_by)) if after.referred_by else None
        values["introducer_id"] = introducer.id if introducer is not None and introducer.id != row.id else None
    contacts.note(tx, row.id, **values)
    if "email_key" in values and values["email_key"] is not None:
        _readdress(tx, desk, row.id)
    if values.keys() & {"email", "company"}:
        contacts.set_companies(tx, row.id, company_keys(after.email, after.company))
    changed = [name for name in (*NAMES, "extra") if name in values]
    journal.write(
        tx,
        desk.mailbox.id,
        desk.now,
        "edited",
        f"you changed {', '.join(name.replace('_', ' ') for name in changed)}",
        contact_id=row.id,
        conversation_id=_conversation(tx, row.id),
    )
    shown = "; ".join(f"{name} {_shown(values[name])}" for name in changed)
    return f"{after.name or after.email or after.phone}: {shown}"


def _read(before: Contact, wanted: dict[str, str]) -> Contact:
    """The contact with these values instead, read as a row of a file is."""
    values = {name: getattr(before, name) for name in NAMES} | wanted
    if "name" in wanted:  # first and last name are found in it anew
        values |= {name: wanted.get(name) for name in ("first_name", "last_name")}
    elif wanted.keys() & {"first_name", "last_name"} and values["first_name"] and values["last_name"]:
        values["name"] = f"{values['first_name']} {values['last_name']}"
    filled = {name: value for name, value in values.items() if value}
    text = io.StringIO()
    csv.writer(text).writerows([filled.keys(), filled.values()])
    table = parse(text.getvalue().encode(), "edit")
    faults = [one.reason for one in table.rejects] + [remark for row in table.rows for remark in row.remarks]
    if faults or not table.rows:
        raise InputError(f"{'; '.join(faults) or 'That is no contact'}.", todo="Nothing was changed.")
    read = table.rows[0].contact
    # what was not spoken of stays as it is, also where a file would be read otherwise
    touched = set(wanted) | ({"first_name", "last_name"} if "name" in wanted else set())
    touched |= {"name"} if wanted.keys() & {"first_name", "last_name"} else set()
    kept = {name: getattr(before, name) for name in NAMES if name not in touched}
    return Contact(**({name: getattr(read, name) for name in NAMES} | kept))


def _extra(name: str, value: str) -> str:
    try:
        return clean(value, name)
    except Unusable as error:
        raise InputError(f"{error}.", todo="Nothing was changed.") from None


def _address(tx: Transaction, desk: Desk, row: Row[Any], after: Contact) -> dict[str, Any]:
    """What a new address brings with it. Raises InputError where it cannot be this person's."""
    if after.email is None:
        if row.asked_at is not None:
            raise InputError("This person was written to; the address can be changed, not taken away.")
        return {"email_key": None, "looked_in_sent_at": None}
    key = canonical(after.email)
    if key == row.email_key:
        return {}
    if key in desk.mailbox.own_addresses:
        raise InputError(f"{after.email} is your own address; nothing was changed.")
    other = contacts.by_key(tx, desk.mailbox.id, key)
    if other is not None:
        raise InputError(f"{after.email} is another contact: {other.name or other.email}; nothing was changed.")
    blocked = suppressions.blocking(tx, desk.mailbox.id, key)
    if blocked is not None:
        raise InputError(f"{after.email} is on the suppression list ({blocked.reason}); nothing was changed.")
    return {"email_key": key, "looked_in_sent_at": None, "dead_at": None, "dead_why": None}


def _readdress(tx: Transaction, desk: Desk, contact_id: int) -> None:
    """What was made for the old address and cannot have arrived is made for the new one, the owner's words included.

    A thread goes on where its last mail went.
    """
    contact = contacts.get(tx, contact_id)
    mails = [mail for one in conversations.of_contact(tx, contact_id) for mail in outbox.of_conversation(tx, one.id)]
    for mail in mails:
        # one that a server is being told of just now is stopped before its words leave: Sent was not looked through
        if mail.state not in (*outbox.PENDING, Delivery.sending) or mail.raw is None:
            continue
        if mail.in_flight_at is not None or mail.second_time:
            continue
        thread = [one for one in mails if one.conversation_id == mail.conversation_id]
        if outbox.address_of(thread, contact) == mail.to_address:
            continue
        values: dict[str, Any] = {"raw": None, "subject": None, "to_address": None}
        if mail.edited_at is not None:
            letter = write_letter(
                tx,
                desk,
                conversations.get(tx, mail.conversation_id),
                contact,
                Step(mail.step),
                message_id=mail.message_id,
                token=mail.token,
                own=Draft(*decoded(bytes(mail.raw))),
            )
            values = {"raw": letter.raw, "subject": letter.subject, "to_address": letter.to_address}
        outbox.note(tx, mail.id, **values)


def _conversation(tx: Transaction, contact_id: int) -> int | None:
    return next((one.id for one in conversations.of_contact(tx, contact_id)), None)


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} = {one}" for name, one in value.items()) or "cleared"
    return str(value) if value else "cleared"
