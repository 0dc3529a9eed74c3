"""One random schedule: people answer, the owner speaks, time jumps, everything fails; then it grows quiet."""

from __future__ import annotations

import random
import shutil
import traceback
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from tests.proof.answers import AUTOMATIC, OTHER, SAID, header_of, person_answers, written_by_hand
from tests.proof.compiled import one_compilation
from tests.proof.faults import LOST_AFTER, LOST_BEFORE, LOST_EARLY, REFUSALS, TAKEN, Crash, Faults, installed
from tests.proof.promises import Ledger
from tests.proof.truth import Delivered
from tests.stories.world import World
from worker.demo.servers import EmbeddedServers
from worker.errors import AskaroundError
from worker.jobs import pausing
from worker.jobs.equip import equip
from worker.jobs.turn import turn
from worker.store import Transaction, mailboxes, open_store, outbox, people
from worker.store.schema import journal

OWNER = "robin@owner.example"
PEOPLE = (("Una Berg", "una@acme.example"), ("Bo Lind", "bo@acme.example"), ("Cyd Moss", "cyd@birch.example"))
LATER_ON = ("Dora Fels", "dora@cedar.example")
STRANGERS = (("Eva Kern", "eva@acme.example"), ("Fay Holm", "fay@elm.example"), ("Gus Rand", "gus@elm.example"))
UNWANTED = ("Hal Moor", "hal@fern.example")
ABOUT_A_PERSON = (
    *("yes", "no", "no", "stop", "wait", "ok", "ok", "undo", "undo", "undo", "met", "met", "called", "send"),
    *("cancel", "remove", "later 2027-05-03", "later 2027-04-12", "not declined", "interested"),
)
ABOUT_A_REVIEW = ("ok", "ok", "ok", "declined", "interested", "referral", "later", "cancel", "opt out")
ABOUT_A_MAIL = ("send", "send", "ok", "cancel")
ABOUT_ONE_NAMED = ("ok", "ok", "cancel", "remove", "undo")
SORTS = (*SAID, "no", "no", "named", "named", "later", "opt-out", *AUTOMATIC, *OTHER)


class SeededIds:
    """Identifiers that are the same each time a schedule is played."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng

    def message_id(self, address: str) -> str:
        return f"<{self._rng.getrandbits(96):024x}@{address.rpartition('@')[2]}>"

    def token(self) -> str:
        return f"{self._rng.getrandbits(128):032x}"[:22]


class Schedule:
    """A world in which everything is drawn from one seed; `play` gives the promises that were broken."""

    def __init__(self, seed: int, servers: EmbeddedServers, folder: Path, empty_database: Path) -> None:
        self.rng = random.Random(seed)
        self.servers = servers
        self.faults = Faults(owner=OWNER, before_mail=self._before_mail, after_mail=self._after_mail)
        self.log: list[str] = []
        self.waiting: list[tuple[int, Callable[[], None]]] = []  # delayed mail: the round in which it comes
        self.round = 0
        self.accepted = 0
        self.crashes = 0
        self.usual = 60  # steps of a turn
        self.people = PEOPLE[: self.rng.choice((1, 2, 3, 3))]
        shutil.copy(empty_database, folder / "askaround.db")
        self.world = World(servers, folder, OWNER, changes=self._configuration())
        servers.now = self.world.clock.now
        self.world.ids = SeededIds(random.Random(seed + 1))  # type: ignore[assignment]
        self.ids = SeededIds(random.Random(seed + 2))
        self.ledger = Ledger(servers, OWNER)
        self.renames = self.rng.random() < 0.3
        if self.rng.random() < 0.4:
            self._file_copies()
        self._reopen()

    def _configuration(self) -> dict[str, str]:
        changes = {}
        replies = ["referral_delay_hours = [0, 0]"]
        if self.rng.random() < 0.3:
            replies = ["referral_delay_hours = [20, 30]"]
        if self.rng.random() < 0.5:
            replies.append('new_contacts = "ask"')
        changes["referral_delay_hours = [0, 0]"] = "\n".join(replies)
        self.gap = self.rng.random() < 0.3
        if self.gap:
            changes["gap_minutes = [0, 0]"] = "gap_minutes = [4, 11]\nper_company_at_once = 1"
            changes["per_day = 50"] = "per_day = 3"
        else:
            changes["gap_minutes = [0, 0]"] = "gap_minutes = [0, 0]\nper_company_at_once = 5"
        if self.rng.random() < 0.6:
            changes["[store]"] = '[summary]\nat = "23:30"\n\n[store]'
        return changes

    def _file_copies(self) -> None:
        def file(envelope: Any, raw: bytes) -> None:
            if OWNER in envelope.recipients:
                return
            if self.renames:
                old = str(header_of(raw)["Message-ID"])
                raw = raw.replace(old.encode(), old.replace("<", "<new.").encode(), 1)
            self.servers.deliver(OWNER, raw, "Sent")

        self.servers.on_accepted = file

    def say(self, what: str) -> None:
        """Note what happens, for whoever looks for the cause."""
        self.log.append(f"{self.round:2} {self.world.clock.now():%a %d %b %H:%M} {what}")

    # -- the worker

    def _reopen(self) -> None:
        """A new process: nothing is kept but the file."""
        self.world.store.close()
        settings = self.world.settings
        self.world.store = open_store(settings.store_url())
        one_compilation(self.world.store)
        self.faults.watch(self.world.store)
        self.mailbox = equip(settings, self.world.store, self.world.clock.now())

    def _before_mail(self, recipient: str, raw: bytes) -> None:
        self.say(f"  > {header_of(raw)['Subject']!s:.40} to {recipient}")
        self.ledger.before_mail(self.world.store, recipient, raw, self.world.clock.now())
        if self.faults.armed and self.rng.random() < 0.15:
            self.say("  the line is slow")
            self.world.clock.advance(timedelta(minutes=self.rng.choice((1, 6, 12))))
        if self.faults.armed and self.rng.random() < 0.1:
            self._answer()

    def _after_mail(self) -> None:
        count = sum(OWNER not in envelope.recipients for envelope, _ in self.servers.accepted)
        if count > self.accepted:
            self.ledger.times.append(self.world.clock.now())
        self.say(f"    {'taken' if count > self.accepted else 'not taken'}")
        self.accepted = count

    def _guarded(self, work: Callable[[], Any]) -> bool:
        """Do something as the worker; False where it crashed, after which a new process begins."""
        try:
            work()
        except Crash as crash:
            self.say(f"crash {crash}")
            self.crashes += 1
            self._reopen()
            return False
        return True

    def _turn(self) -> None:
        self.ledger.begin_turn()

        def work() -> None:
            with self.world.store.turn_lock(self.mailbox.address):
                report = turn(self.world.store, self.mailbox, self.world.clock, self.world.ids)
            read = [f"{one.email} {one.intent or one.kind}" for one in report.read]
            self.say(f"turn: read {read}, sent {[one.step for one in report.sent]}, errors {len(report.errors)}")

        finished = self._guarded(work)
        self.usual = max(20, (self.usual + self.faults.steps) // 2)
        self.faults.disarm()
        self.ledger.after_turn(self.world.store, self.mailbox, finished=finished)

    def _arm(self) -> None:
        draw = self.rng.random
        crash = self.rng.randrange(1, 2 * self.usual) if self.round > 1 and draw() < 0.4 else 0
        lost = self.rng.randrange(1, 14) if self.round > 1 and draw() < 0.1 else 0
        verdicts = []
        for _ in range(6):
            if draw() < (0.1 if self.round == 1 else 0.25):
                verdicts.append(self.rng.choice((LOST_BEFORE, LOST_AFTER, LOST_EARLY, self.rng.choice(REFUSALS))))
            else:
                verdicts.append(TAKEN)
        if crash or lost or verdicts.count(TAKEN) < 6:
            self.say(f"faults: crash at {crash}, IMAP lost at {lost}, {[v for v in verdicts if v != TAKEN]}")
        self.faults.arm(crash_at=crash, imap_lost_at=lost, verdicts=tuple(verdicts))

    # -- the people

    def _ours(self, address: str) -> list[bytes]:
        return [raw for envelope, raw in self.servers.accepted if address in envelope.recipients]

    def _answer(self) -> None:
        """Somebody answers one of our mails, or writes out of the blue."""
        if not self.world.store.read(lambda tx: mailboxes.folders(tx, self.mailbox.id)):
            return  # what lies there before the first connect is none of the worker's business
        known = sorted({one for envelope, _ in self.servers.accepted for one in envelope.recipients} - {OWNER})
        outsiders = [address for _, address in self.people if address not in known]
        if not known and (not outsiders or self.rng.random() < 0.7):
            return
        if outsiders and (not known or self.rng.random() < 0.05):
            address, ours = self.rng.choice(outsiders), None
        else:
            address = self.rng.choice(known)
            mails = self._ours(address)
            ours = header_of(self.rng.choice(mails) if self.rng.random() < 0.3 else mails[-1])
            if self.renames and self.servers.on_accepted is not None:
                changed = str(ours["Message-ID"]).replace("<", "<new.")
                ours.replace_header("Message-ID", changed)
        sort = self.rng.choice(SORTS)
        if ours is not None and self.rng.random() < 0.06 and sort in SAID:
            ours = None
        if ours is None and sort not in SAID:
            return
        name = next((n for n, a in (*PEOPLE, LATER_ON, *STRANGERS, UNWANTED) if a == address), "Somebody")
        sender = (name, address)
        if ours is not None and self.rng.random() < 0.08:
            sender = self.rng.choice(((name, "private@mail.example"), STRANGERS[0], PEOPLE[1], ("", address)))
        raw = person_answers(
            ours,
            sort,
            self.rng,
            sender=sender,
            owner=OWNER,
            now=self.world.clock.now(),
            message_id=self.ids.message_id(address),
            named=self.rng.choice((*PEOPLE, LATER_ON, *STRANGERS, *STRANGERS, UNWANTED)),
        )
        theirs = sender[1] == address or sender[0] == name
        self._post(Delivered(str(header_of(raw)["Message-ID"]), raw, address, sort, ours is not None, theirs))

    def _post(self, mail: Delivered) -> None:
        folder = "Junk" if self.rng.random() < 0.15 else "INBOX"
        copies = [folder]
        if self.rng.random() < 0.12:
            copies.append(self.rng.choice(("INBOX", "Junk")))
        for one in copies:
            delay = self.rng.choice((1, 2, 4)) if self.rng.random() < 0.2 else 0
            if delay:
                self.waiting.append((self.round + delay, lambda one=one: self._arrive(mail, one)))  # type: ignore[misc]
            else:
                self._arrive(mail, one)

    def _arrive(self, mail: Delivered, folder: str) -> None:
        self.say(f"{mail.sort} about {mail.about} arrives in {folder}{'' if mail.in_thread else ', in no thread'}")
        self.servers.deliver(OWNER, mail.raw, folder)
        self.ledger.delivered[mail.message_id] = mail

    # -- what happens to the mailbox

    def _shuffle(self) -> None:
        kind = self.rng.choice(("move", "move", "uidvalidity", "expunge"))
        if kind == "uidvalidity":
            folder = self.rng.choice(("INBOX", "Junk", "Sent"))
            self.say(f"another UIDVALIDITY for {folder}")
            self.servers.set_uidvalidity(OWNER, self.rng.randrange(1, 2**31), folder)
            return
        source, target = self.rng.choice((("INBOX", "Junk"), ("Junk", "INBOX")))
        ids = [str(header_of(raw)["Message-ID"]) for raw in self.servers.messages(OWNER, source)]
        ids = [one for one in ids if one in self.ledger.delivered]
        if not ids:
            return
        chosen = self.rng.choice(ids)
        self.say(f"{self.ledger.delivered[chosen].sort} in {source}: {kind}")
        if kind == "move":
            self.servers.move(OWNER, source, target, f"Message-ID: {chosen}".encode())
        else:
            self.servers.expunge(OWNER, source, f"Message-ID: {chosen}".encode())

    def _by_hand(self) -> None:
        _, address = self.rng.choice(self.people)
        self.say(f"the owner writes to {address} by hand")
        now = self.world.clock.now()
        raw = written_by_hand(OWNER, address, now=now, message_id=self.ids.message_id(OWNER), reply_to=None)
        self.servers.deliver(OWNER, raw, "Sent")

    # -- the owner's word

    def _tell(self) -> None:
        if self.rng.random() < 0.06:
            self._guarded(self._pause)
            return
        rows = self.world.store.read(self._uncertain)
        if rows and self.rng.random() < 0.7:
            self._settle(self.rng.choice(rows))
            return
        status = self.world.status()
        known = [row["email"] for row in status["conversations"] if row["email"]]
        choices: list[tuple[list[str], tuple[str, ...]]] = [(known, ABOUT_A_PERSON)] * 3
        choices.append(([row["id"] for row in status["review"]], ABOUT_A_REVIEW))
        choices.append(([f"m{mail.id}" for mail in self.world.store.read(self._pending)], ABOUT_A_MAIL))
        choices.append(([f"p{row.id}" for row in self.world.store.read(self._named)], ABOUT_ONE_NAMED))
        subjects, words = self.rng.choice([one for one in choices if one[0]])
        who, word = self.rng.choice(subjects), self.rng.choice(words)
        if word == "cancel":
            self.ledger.given_up |= {row.token for row in rows}
        before = self.world.store.read(last_line)
        self._guarded(lambda: self._say_to_worker(who, word))
        if words is ABOUT_ONE_NAMED:
            self.ledger.of_others |= set(range(before + 1, self.world.store.read(last_line) + 1))

    def _named(self, tx: Any) -> list[Any]:
        return people.proposed(tx, self.mailbox.id)

    def _uncertain(self, tx: Transaction) -> list[Any]:
        return outbox.in_states(tx, self.mailbox.id, ("uncertain",))

    def _pending(self, tx: Any) -> list[Any]:
        return outbox.in_states(tx, self.mailbox.id, ("draft", "held", "due"))

    def _pause(self) -> None:
        if self.rng.random() < 0.3:
            self.say(pausing.pause(self.world.store, self.world.desk, None))
        else:
            self.say(pausing.resume(self.world.store, self.world.desk))

    def _say_to_worker(self, who: str, word: str) -> None:
        try:
            done = self.world.tell(who, word)
        except AskaroundError as error:
            self.say(f"tell {who} {word}: {error.what}")
        else:
            self.say(f"tell {who} {word}: {done}")

    def _settle(self, mail: Any, *, truly: bool = False) -> None:
        """The owner says what became of an uncertain mail; mostly as the sink knows it."""
        taken = any(str(header_of(raw)["X-Askaround-Token"]) == mail.token for _, raw in self.servers.accepted)
        arrived = taken if truly or self.rng.random() < 0.9 else not taken
        if arrived:
            self.ledger.arrived_by_word.add(mail.token)
        else:
            self.ledger.again[mail.token] += 1
        word = "arrived" if arrived else "did not arrive"
        if not self._guarded(lambda: self._say_to_worker(f"m{mail.id}", word)) and not arrived:
            return

    # -- the play

    def play(self) -> list[str]:
        """Play it, and give what was broken (nothing, where all is well)."""
        with installed(self.faults):
            try:
                self._play()
            except Exception:  # noqa: BLE001 - whatever it is, the worker must not end like this
                self.ledger.broken.append(traceback.format_exc())
            finally:
                self.world.store.close()
        return list(dict.fromkeys(self.ledger.broken))

    def _play(self) -> None:
        for name, address in self.people:
            self.world.person(address, mailbox=False, name=name, company=address.split("@")[1].split(".")[0].title())
        if self.rng.random() < 0.5:
            self.world.person(UNWANTED[1], mailbox=False, name=UNWANTED[0])
            self._say_to_worker(UNWANTED[1], "remove")
        for number in range(1, self.rng.randrange(6, 15)):
            self.round = number
            if self.round == 5 and self.rng.random() < 0.3:
                self.world.person(LATER_ON[1], mailbox=False, name=LATER_ON[0])
            self._events()
            self._arm()
            self._turn()
            if self.ledger.broken:
                return
            self._jump()
        self._grow_quiet()

    def _events(self) -> None:
        for when, arrive in [one for one in self.waiting if one[0] <= self.round]:
            arrive()
            self.waiting.remove((when, arrive))
        for _ in range(self.rng.choice((0, 1, 2, 2, 3))):
            event = self.rng.random()
            if event < 0.50:
                self._answer()
            elif event < 0.62:
                self._shuffle()
            elif event < 0.64:
                self._by_hand()
            else:
                if self.rng.random() < 0.1:
                    self.faults.arm(crash_at=self.rng.randrange(1, 4))
                self._tell()
                self.faults.disarm()

    def _jump(self) -> None:
        draw = self.rng.random()
        if draw < 0.2:
            step = timedelta(minutes=self.rng.randrange(1, 13))
        elif draw < 0.35:
            step = timedelta(minutes=self.rng.randrange(13, 600))
        elif draw < 0.6:
            step = timedelta(hours=self.rng.randrange(10, 80))
        elif draw < 0.95:
            step = timedelta(days=self.rng.randrange(4, 9), hours=self.rng.randrange(24))
        else:
            step = timedelta(days=self.rng.randrange(10, 35))
        self.world.clock.advance(step)

    def _grow_quiet(self) -> None:
        self.round += 100
        for _, arrive in self.waiting:
            arrive()
        for _ in range(2):
            # the first turn finds what was under way when the last one crashed
            for mail in self.world.store.read(self._uncertain):
                self._settle(mail, truly=True)
            self._turn()
            self.world.clock.advance(timedelta(minutes=30))
        self.ledger.at_the_end(self.world.store)


def last_line(tx: Transaction) -> int:
    """The newest line of the journal."""
    return tx.execute(select(func.max(journal.c.id))).scalar() or 0
