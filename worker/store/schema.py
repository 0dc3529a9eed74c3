"""The tables, as they are after the newest migration."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from worker.store.types import Moment

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _id() -> Column[int]:
    return Column("id", Integer, primary_key=True)


def _of(table: str, *, name: str | None = None, null: bool = False) -> Column[int]:
    return Column(name or f"{table}_id", ForeignKey(f"{table}.id"), nullable=null)


installation = Table(
    "installation",
    metadata,
    _id(),  # one row, 1
    Column("forget_key", String(64), nullable=False),  # for the hashes of who was forgotten
)

mailbox = Table(
    "mailbox",
    metadata,
    _id(),
    Column("address", String(320), nullable=False, unique=True),
    Column("first_seen_at", Moment, nullable=False),  # older mail is not ours to read
    Column("paused_at", Moment),
    Column("paused_until", Moment),
    Column("blocked_until", Moment),  # the account's own trouble: quota, throttling, policy
    Column("blocked_why", Text),
    Column("blocked_times", Integer, nullable=False, default=0),
    Column("read_began_at", Moment),  # of the last complete reading of all watched folders
    Column("read_ended_at", Moment),
    Column("last_turn_at", Moment),
    Column("errors", JSON, nullable=False, default=list),  # what the last turn could not do
    Column("files_sent_itself", Boolean),  # learnt: the provider keeps the Sent copy
    Column("authserv_id", String(255)),
    Column("key", String(64)),  # by which our mails are known again; of no use for anything else
    Column("looked_back_at", Moment),  # Sent was looked through for mails of an earlier installation
    Column("hold_since", Moment),  # nothing leaves to contacts until the owner has reconciled
    Column("hold_why", Text),
    Column("asks_paused_at", Moment),  # too many of the last asks came back: asks wait, answers leave
    Column("asks_paused_why", Text),
    Column("bounces_since", Moment),  # bounces count from here on: the owner's last "resume"
    Column("finished_at", Moment),  # the owner has ended the search: nothing new is planned
    Column("finished_before", JSON),  # what waited then, for "resume"
    Column("status_asked_at", Moment),  # by mail, and not answered yet
    Column("status_sent_at", Moment),  # when that was answered last
    Column("pruned_at", Moment),  # old bytes of mails were given up
)

folder = Table(
    "folder",
    metadata,
    _id(),
    _of("mailbox"),
    Column("name", String(1000), nullable=False),
    Column("role", String(20), nullable=False),
    Column("uidvalidity", BigInteger, nullable=False),
    Column("generation", Integer, nullable=False),  # counts changes of UIDVALIDITY, which may go back to an old one
    Column("last_uid", BigInteger, nullable=False),
    Column("read_began_at", Moment),
    UniqueConstraint("mailbox_id", "name"),
)

contact = Table(
    "contact",
    metadata,
    _id(),
    _of("mailbox"),
    Column("email", String(320)),
    Column("email_key", String(320)),  # canonical: lower case, no plus-address
    Column("name", String(200)),
    Column("first_name", String(200)),
    Column("last_name", String(200)),
    Column("company", String(200)),
    Column("role", String(200)),
    Column("profession", String(200)),
    Column("phone", String(200)),
    Column("timezone", String(200)),
    Column("country", String(200)),
    Column("language", String(200)),
    Column("opening", Text),
    Column("notes", Text),
    Column("source", String(200)),
    Column("referred_by", String(320)),  # the introducer's address, as far as it is known
    Column("introducer_id", ForeignKey("contact.id")),
    Column("depth", Integer, nullable=False, default=0),  # introductions away from the owner
    Column("extra", JSON, nullable=False, default=dict),
    Column("away_until", Date),
    Column("away_message_at", Moment),
    Column("asked_at", Moment),
    Column("asked_for_name_at", Moment),
    Column("dead_at", Moment),
    Column("dead_why", Text),
    Column("opted_out_at", Moment),
    Column("domain_asked_at", Moment),  # after their opt-out the owner is asked about everybody of their domain
    Column("domain_settled_at", Moment),
    Column("looked_in_sent_at", Moment),  # Sent was searched for this address before the first ask
    Column("written_before_at", Moment),  # the owner wrote to them before we did
    Column("written_before_ok", Boolean, nullable=False, default=False),
    Column("created_at", Moment, nullable=False),
    UniqueConstraint("mailbox_id", "email_key"),
    Index("ix_contact_unsearched", "mailbox_id", "looked_in_sent_at"),
)

contact_company = Table(
    "contact_company",
    metadata,
    _id(),
    _of("contact"),
    Column("key", String(300), nullable=False),
    UniqueConstraint("contact_id", "key"),
    Index("ix_contact_company_key", "key"),
)

conversation = Table(
    "conversation",
    metadata,
    _id(),
    _of("mailbox"),
    _of("contact"),
    Column("campaign", String(100), nullable=False),
    Column("state", String(20), nullable=False),
    Column("state_since", Moment, nullable=False),
    Column("asked_at", Moment),
    Column("checked_in_at", Moment),
    Column("referral_asked_at", Moment),
    Column("last_sent_at", Moment),
    Column("last_step", String(20)),
    Column("resume_after", Date),
    Column("check_in_undated", Boolean, nullable=False, default=False),
    Column("closed_by_owner", Boolean, nullable=False, default=False),
    Column("handed_on", Boolean, nullable=False, default=False),
    Column("called_at", Moment),
    Column("call_result", String(20)),
    Column("call_raised_at", Moment),
    Column("talk_at", Moment),
    Column("talk_asked_at", Moment),
    Column("talk_again_on", Date),  # "not yet": whether it took place is not asked before
    Column("waiting", Boolean, nullable=False, default=False),  # the owner said "wait"
    Column("created_at", Moment, nullable=False),
    UniqueConstraint("contact_id", "campaign"),
    Index("ix_conversation_state", "mailbox_id", "state", "state_since"),
)

outbox = Table(
    "outbox",
    metadata,
    _id(),
    _of("mailbox"),
    _of("conversation"),
    _of("contact"),
    Column("step", String(20), nullable=False),
    Column("state", String(20), nullable=False),
    Column("due", Moment, nullable=False),
    Column("not_before", Moment),  # a retry's backoff
    Column("priority", Integer, nullable=False),  # answers leave before asks
    Column("message_id", String(500), nullable=False),
    Column("token", String(64), nullable=False),
    Column(
        "answers_message_id", Integer
    ),  # message.id of the mail that this one answers (no key: the tables would need one another)
    Column("needs_notice", Boolean, nullable=False, default=False),  # must have stood in a summary before it leaves
    Column("noticed_at", Moment),
    Column("released_at", Moment),  # the owner said ok or send: no further notice
    Column("hold_why", Text),
    Column("held_for_review", Boolean, nullable=False, default=False),
    Column("attempt", Integer, nullable=False, default=0),
    Column("second_time", Boolean, nullable=False, default=False),  # left again after it did not arrive
    Column("raw", LargeBinary),  # frozen at the claim, for all retries
    Column("subject", Text),
    Column("to_address", String(320)),
    Column("claimed_at", Moment),
    Column("in_flight_at", Moment),
    Column("sent_at", Moment),
    Column("finished_at", Moment),
    Column("copied_at", Moment),  # the copy in Sent is there
    Column("last_answer", Text),
    Column("planned_at", Moment, nullable=False),
    Column("planned_by_change", Integer),
    Column("bounced_at", Moment),  # it came back for good
    Column("edited_at", Moment),  # its bytes are the owner's own, and frozen
    UniqueConstraint("conversation_id", "step"),
    Index("ix_outbox_due", "mailbox_id", "state", "due"),
    Index("ix_outbox_sent", "mailbox_id", "sent_at"),
    Index("ix_outbox_contact_step", "contact_id", "step"),
    Index("ix_outbox_claimed", "mailbox_id", "claimed_at"),
)
# A person is asked, and asked for a name, at most once, whatever the campaign.
_once_a_person = Index(
    "uq_outbox_once_a_person",
    outbox.c.contact_id,
    outbox.c.step,
    unique=True,
    sqlite_where=outbox.c.step.in_(["ask", "referral_request"]),
)


def with_postgresql() -> MetaData:
    """The metadata with what PostgreSQL alone is told; each start would load its dialect else, for an option."""
    _once_a_person.dialect_kwargs["postgresql_where"] = _once_a_person.dialect_kwargs["sqlite_where"]
    return metadata


outbox_message_id = Table(
    "outbox_message_id",
    metadata,
    _id(),
    _of("mailbox"),
    _of("outbox"),
    Column("message_id", String(1000), nullable=False),  # servers rewrite it: several belong to one mail
    UniqueConstraint("mailbox_id", "message_id"),
)

raw = Table(
    "raw",
    metadata,
    _id(),
    Column("data", LargeBinary, nullable=False),  # zlib
    Column("size", Integer, nullable=False),
    Column("kept_at", Moment, nullable=False),
)

message = Table(
    "message",
    metadata,
    _id(),
    _of("mailbox"),
    Column("message_id", String(1000), nullable=False),
    Column("text_hash", String(64), nullable=False),
    Column("raw_id", ForeignKey("raw.id")),
    Column("conversation_id", ForeignKey("conversation.id")),
    Column("contact_id", ForeignKey("contact.id")),
    Column("answers_outbox_id", ForeignKey("outbox.id")),
    Column("match", String(10)),
    Column("from_address", String(320)),
    Column("from_name", String(500)),
    Column("subject", Text),
    Column("references", JSON, nullable=False, default=list),
    Column("by_owner", Boolean, nullable=False, default=False),
    Column("from_contact", Boolean, nullable=False, default=True),
    Column("human", Boolean, nullable=False, default=False),
    Column("only_in_junk", Boolean, nullable=False, default=False),
    Column("sent_at", Moment),  # the mail's own date
    Column("received_at", Moment, nullable=False),
    Column("read_at", Moment, nullable=False),
    UniqueConstraint("mailbox_id", "message_id", "text_hash"),
    Index("ix_message_conversation", "conversation_id", "received_at"),
)

location = Table(
    "location",
    metadata,
    _id(),
    _of("mailbox"),
    _of("folder"),
    Column("uidvalidity", BigInteger, nullable=False),
    Column("generation", Integer, nullable=False),
    Column("uid", BigInteger, nullable=False),
    Column("internal_date", Moment, nullable=False),
    Column("raw_id", ForeignKey("raw.id")),  # kept until it is read
    Column("message_id", ForeignKey("message.id")),
    Column("tries", Integer, nullable=False, default=0),
    Column("parked_at", Moment),
    Column("error", Text),
    UniqueConstraint("folder_id", "generation", "uid"),
    Index("ix_location_unread", "mailbox_id", "message_id", "parked_at"),
)

reading = Table(
    "reading",
    metadata,
    _id(),
    _of("mailbox"),
    _of("message"),
    Column("conversation_id", ForeignKey("conversation.id")),
    Column("kind", String(20), nullable=False),
    Column("intent", String(20)),
    Column("confidence", Float, nullable=False),
    Column("sure", Boolean, nullable=False),
    Column("data", JSON, nullable=False),
    Column("row", Text),  # the table's row that was carried out
    Column("version", String(40), nullable=False),
    Column("at", Moment, nullable=False),
    Index("ix_reading_conversation", "conversation_id"),
    Index("ix_reading_message", "message_id"),
)

review = Table(
    "review",
    metadata,
    _id(),
    _of("mailbox"),
    Column("conversation_id", ForeignKey("conversation.id")),
    Column("message_id", ForeignKey("message.id")),
    Column("reading_id", ForeignKey("reading.id")),
    Column("why", Text, nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("settled_at", Moment),
    Column("settled_as", Text),
    Index("ix_review_open", "mailbox_id", "settled_at"),
)

person = Table(
    "person",
    metadata,
    _id(),
    _of("mailbox"),
    Column("name", String(200)),
    Column("email", String(320)),
    Column("email_key", String(320)),
    Column("phone", String(200)),
    Column("state", String(20), nullable=False),  # proposed, asked, dropped, known, refused
    Column("why", Text),
    Column("introducer_id", ForeignKey("contact.id")),
    Column("conversation_id", ForeignKey("conversation.id")),
    Column("message_id", ForeignKey("message.id")),
    Column("contact_id", ForeignKey("contact.id")),
    Column("at", Moment, nullable=False),
    Column("settled_at", Moment),
    Index("ix_person_state", "mailbox_id", "state"),
)

suppression = Table(
    "suppression",
    metadata,
    _id(),
    Column("mailbox_id", ForeignKey("mailbox.id")),  # null: the scope is the whole office
    Column("scope", String(10), nullable=False),
    Column("what", String(10), nullable=False),  # address or domain
    Column("value", String(320), nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("lifted_at", Moment),
    Column("made_by_change", Integer),  # the reading or word that brought it, so that `undo` lifts it
    Index("ix_suppression_value", "value"),
)

change = Table(
    "change",
    metadata,
    _id(),
    _of("mailbox"),
    _of("conversation"),
    Column("at", Moment, nullable=False),
    Column("what", Text, nullable=False),
    Column("before", JSON, nullable=False),  # what `undo` puts back
    Column("undone_at", Moment),
    Index("ix_change_conversation", "conversation_id", "id"),
)

journal = Table(
    "journal",
    metadata,
    _id(),
    _of("mailbox"),
    Column("at", Moment, nullable=False),
    Column("conversation_id", ForeignKey("conversation.id")),
    Column("contact_id", ForeignKey("contact.id")),
    Column("message_id", ForeignKey("message.id")),
    Column("outbox_id", ForeignKey("outbox.id")),
    Column("what", String(40), nullable=False),
    Column("text", Text, nullable=False),
    Column("words", Text),
    Column("rule", Text),
    Column("for_owner", Boolean, nullable=False, default=False),  # the summary tells it under "needs you"
    Index("ix_journal_conversation", "conversation_id", "id"),
    Index("ix_journal_at", "mailbox_id", "at"),
)

# A mail of ours that the mailbox knows and the database did not, until the owner has reconciled it.
stray = Table(
    "stray",
    metadata,
    _id(),
    _of("mailbox"),
    Column("message_id", String(1000), nullable=False),
    Column("token", String(64)),
    Column("found_in", String(20), nullable=False),  # sent: its copy; answer: only a mail that answers it
    Column("folder", String(1000)),
    Column("to_address", String(320), nullable=False),
    Column("to_name", String(200)),
    Column("subject", Text),
    Column("in_reply_to", String(1000)),
    Column("step", String(20)),  # read off its marks
    Column("sent_at", Moment, nullable=False),
    Column("found_at", Moment, nullable=False),
    Column("outbox_id", ForeignKey("outbox.id")),
    Column("settled_at", Moment),
    Column("settled_as", String(20)),  # recorded, ignored
    UniqueConstraint("mailbox_id", "message_id"),
    Index("ix_stray_open", "mailbox_id", "settled_at"),
)

# When the owner is away by word; the configuration's absences stand beside these.
absence = Table(
    "absence",
    metadata,
    _id(),
    _of("mailbox"),
    Column("first_day", Date, nullable=False),
    Column("last_day", Date, nullable=False),
    Column("said_at", Moment, nullable=False),
    Index("ix_absence_days", "mailbox_id", "first_day"),
)

summary = Table(
    "summary",
    metadata,
    _id(),
    _of("mailbox"),
    Column("local_date", Date, nullable=False),
    Column("again", Integer, nullable=False, default=0),  # 0: that date's summary; 1, 2 ...: sent again by hand
    Column("state", String(20), nullable=False),
    Column("message_id", String(500), nullable=False),
    Column("token", String(64), nullable=False),
    Column("attempt", Integer, nullable=False, default=0),
    Column("not_before", Moment),
    Column("raw", LargeBinary),
    Column("made_at", Moment, nullable=False),
    Column("journal_id", Integer, nullable=False, default=0),  # told up to this line of the journal
    Column("about_message_id", Integer),  # message.id: told at once and alone; null: a whole summary
    Column("sent_at", Moment),
    Column("last_answer", Text),
    UniqueConstraint("mailbox_id", "local_date", "again"),
    Index("ix_summary_token", "token"),
    Index("uq_summary_about_message_id", "about_message_id", unique=True),  # a mail is told at once only once
)

summary_item = Table(
    "summary_item",
    metadata,
    _id(),
    _of("summary"),
    Column("number", Integer, nullable=False),
    Column("kind", String(30), nullable=False),
    Column("subject", String(40), nullable=False),  # c3, m12, r5, p2
    Column("conversation_id", ForeignKey("conversation.id")),
    Column("settled_at", Moment),
    Column("calendar", Boolean),  # whether a calendar file of it went with the summary
    UniqueConstraint("summary_id", "number"),
)

summary_mail = Table(
    "summary_mail",
    metadata,
    _id(),
    _of("summary"),
    _of("outbox"),  # this mail stood in that summary
    UniqueConstraint("summary_id", "outbox_id"),
)
