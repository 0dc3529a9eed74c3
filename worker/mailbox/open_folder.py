"""Reads the folder that is open: which mails it has, the fields of their headers, their bodies."""

from __future__ import annotations

import imaplib
import re
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from worker.errors import ServerMisbehaved
from worker.mailbox import header_block
from worker.mailbox.failures import Place, misbehaved, refused, refused_for_good, unreachable
from worker.mailbox.folders import Role
from worker.mailbox.imap_parts import FolderStatus, HeaderItem, as_number, as_words, is_draft, search_day, section
from worker.mailbox.sign_in import said

if TYPE_CHECKING:
    from imapclient import IMAPClient

# What IMAPClient's parser raises on answers that break the grammar, beside imaplib's own error.
_GARBLED = (ValueError, TypeError, AttributeError, KeyError, IndexError)

_HEADERS = f"BODY.PEEK[HEADER.FIELDS ({' '.join(header_block.FIELDS)})]"
_ECHO = re.compile(rb"BODY\[HEADER\.FIELDS \([^)]*\)\]", re.IGNORECASE)

# A mail beyond WHOLE bytes is read up to FIRST bytes: its text stands before its attachments in all but odd cases.
WHOLE = 4_000_000
FIRST = 2_000_000
_CHUNK = 500_000

# How many fetches in a row may bring nothing before the rest of a batch is left for the next time.
_PATIENCE = 60

# How many of a folder's newest messages are looked through where SEARCH cannot be trusted.
_RECENT = 500


class OpenFolder:
    """The folder that a connection has open. It is only EXAMINEd, and bodies only peeked at: no flag is set.

    Each method raises ServerUnreachable where the connection is lost (it is then of no more use) and
    ServerMisbehaved where the server refuses or answers nonsense.
    """

    def __init__(self, client: IMAPClient, place: Place) -> None:
        self._client = client
        # IMAPClient offers no LIST with options and no SEARCH that bears several answers; imaplib below it does.
        self._imap: imaplib.IMAP4 = client._imap
        self._place = place
        self._opened: str | None = None
        self._uidnext = self._exists = 0
        self._of_drafts: list[str] = []

    def _open(self, name: str, wire: str, role: Role | None = None) -> FolderStatus:
        """Opens a folder read-only (RFC 3501 6.3.2); what follows is about it."""
        self._opened = wire
        with self._asking(f'EXAMINE of "{name}"'):
            answer: dict[bytes, Any] = self._client.select_folder(wire, readonly=True)
            # Drafts lie among all mail. Gmail tells them by a label; elsewhere some programs leave the flag on what
            # they sent, so that it is not looked at where copies lie.
            self._of_drafts = ["FLAGS"] if role is Role.all else []
            if self._of_drafts and self._client.has_capability("X-GM-EXT-1"):
                self._of_drafts.append("X-GM-LABELS")
        exists = as_number(answer.get(b"EXISTS"))
        uidnext = told = as_number(answer.get(b"UIDNEXT"))
        if not uidnext:
            # RFC 3501 lets a server leave it out.
            uidnext = max(self._search("UID *"), default=0) + 1 if exists else 1
        self._uidnext, self._exists = uidnext, exists
        return FolderStatus(as_number(answer.get(b"UIDVALIDITY")), uidnext, exists, told=bool(told))

    def uids_from(self, first: int) -> list[int]:
        """The UIDs from `first` on, ascending. `n:*` also answers with the last message below n (RFC 3501 6.4.8)."""
        if not self._exists:
            # "*" stands for no message then, which some servers call a mistake (RFC 3501 9, seq-number).
            return []
        try:
            found = self._search(f"UID {first}:*")
        except ServerMisbehaved:
            found = self._uids_by_fetch(first)
        return sorted({uid for uid in found if uid >= first})

    def _uids_by_fetch(self, first: int) -> list[int]:
        """For servers whose SEARCH fails (Yahoo: NO [SERVERBUG])."""
        with self._asking("FETCH"):
            answer, lines = self._imap.uid("FETCH", f"{first}:*", "(UID)")
            if answer != "OK":
                raise refused(self._place, "FETCH", as_words(lines))
        return [int(n) for line in lines if isinstance(line, bytes) for n in re.findall(rb"UID (\d+)", line, re.I)]

    def headers(self, uids: Iterable[int], batch: int = 500) -> Iterator[HeaderItem]:
        """The header fields of these messages, ascending, `batch` of them a request.

        A message that has vanished meanwhile is left out; one that the server would not give comes without headers.
        """
        wanted = sorted(set(uids))
        for start in range(0, len(wanted), batch):
            yield from self._headers(wanted[start : start + batch])

    def _headers(self, uids: list[int]) -> Iterator[HeaderItem]:
        found, withheld = self._gathered(uids)
        missing = [uid for uid in uids if uid not in found]
        there = set(missing)
        if missing:
            with suppress(ServerMisbehaved):
                there = set(self._search(f"UID {','.join(map(str, missing))}"))
        for uid in uids:
            if uid in found:
                yield found[uid]
            elif uid in there:
                yield HeaderItem(uid, None, 0, None, asked=uid in withheld)

    def _gathered(self, uids: list[int]) -> tuple[dict[int, HeaderItem], set[int]]:
        """What the server gives of these, and what it withheld when it was asked for that message alone.

        Some servers leave messages out of a long answer (iCloud), fail a whole range for one of them (Yahoo), or give
        no more than so many: they are asked again for the rest, in halves where nothing came at all.
        """
        found: dict[int, HeaderItem] = {}
        withheld: set[int] = set()
        waiting = [uids]
        in_vain = 0
        while waiting and in_vain < _PATIENCE:
            part = waiting.pop()
            given = {item.uid: item for item in self._fetched_headers(part)}
            found |= given
            in_vain = 0 if given else in_vain + 1
            rest = [uid for uid in part if uid not in given]
            if len(part) == 1:
                withheld.update(rest)
            elif given and rest:
                waiting.append(rest)
            elif rest:
                middle = len(rest) // 2
                waiting += [rest[middle:], rest[:middle]]
        return found, withheld

    def _fetched_headers(self, uids: list[int]) -> list[HeaderItem]:
        found = self._header_items(uids, _HEADERS, b"BODY[HEADER.FIELDS")
        if not found and len(uids) == 1:
            # Where choosing fields fails, the whole header may come.
            found = self._header_items(uids, "BODY.PEEK[HEADER]", b"BODY[HEADER]")
        return found

    def _header_items(self, uids: list[int], asked: str, answered: bytes) -> list[HeaderItem]:
        found = []
        for uid, data in self._fetch(uids, ["INTERNALDATE", "RFC822.SIZE", *self._of_drafts, asked]).items():
            block = section(data, answered)
            # A header has at least its blank line; an empty literal stands for one that could not be read.
            if block or (block is not None and data.get(b"RFC822.SIZE") == 0):
                when = data.get(b"INTERNALDATE")
                aware = when.astimezone(UTC) if isinstance(when, datetime) and when.tzinfo else None
                draft = bool(self._of_drafts) and is_draft(data)
                found.append(HeaderItem(uid, aware, as_number(data.get(b"RFC822.SIZE")), block, draft))
        return found

    def _fetch(self, uids: list[int], items: list[str]) -> dict[int, dict[bytes, Any]]:
        """What the server gives of these; nothing where it refuses."""
        try:
            answer = self._fetch_once(uids, items)
        except ServerMisbehaved:
            # What came before the refusal must not be taken for part of the next answer.
            self._imap.untagged_responses.pop("FETCH", None)
            return {}
        return {uid: dict(answer[uid]) for uid in uids if uid in answer}

    def _fetch_once(self, uids: list[int], items: list[str]) -> dict[int, dict[bytes, Any]]:
        from imapclient.response_parser import parse_fetch_response

        with self._asking("FETCH"):
            answer, lines = self._imap.uid("FETCH", ",".join(map(str, uids)), f"({' '.join(items)})")
            if answer != "OK":
                raise refused(self._place, "FETCH", as_words(lines))
            # IMAPClient's parser goes letter by letter: the echo of our fields' names would be most of its work.
            short = [
                (_ECHO.sub(b"BODY[HEADER.FIELDS]", line[0]), line[1]) if isinstance(line, tuple) else line
                for line in lines
            ]
            parsed: dict[int, dict[bytes, Any]] = parse_fetch_response(short, normalise_times=False)
            return parsed

    def gives(self, besides: Collection[int], *, bodies: bool) -> bool | None:
        """Whether the server gives the headers, or with `bodies` the text, of any message but these.

        None where the folder has no other to compare with.
        """
        others = [uid for uid in self._recent(None) if uid not in besides]
        if not others:
            return None
        given = self._gives_text if bodies else lambda uid: bool(self._fetched_headers([uid]))
        return any(given(uid) for uid in sorted({others[-1], others[len(others) // 2], others[0]}, reverse=True))

    def _gives_text(self, uid: int) -> bool:
        """A byte of the text proves it: headers may come out of the server's cache."""
        text = section(self._fetch([uid], ["BODY.PEEK[TEXT]<0.1>"]).get(uid, {}), b"BODY[TEXT]")
        return bool(text or self.body(uid))

    def body(self, uid: int, size: int | None = None) -> bytes | None:
        """The whole message as bytes, or None where it has vanished or the server would not give it.

        Of a mail that is larger than WHOLE bytes only the first FIRST bytes come, cut at that byte. `size` saves a
        question where it is known from the headers.
        """
        if size is None:
            size = as_number(self._fetch([uid], ["RFC822.SIZE"]).get(uid, {}).get(b"RFC822.SIZE"))
        if size > WHOLE:
            return self._beginning(uid)
        body = section(self._fetch([uid], ["BODY.PEEK[]"]).get(uid, {}), b"BODY[]")
        if body:
            return body
        # iCloud answers some whole bodies without the body, but gives its two halves.
        halves = self._fetch([uid], ["BODY.PEEK[HEADER]", "BODY.PEEK[TEXT]"]).get(uid, {})
        head, text = section(halves, b"BODY[HEADER]"), section(halves, b"BODY[TEXT]")
        return head + (text or b"") if head and head.strip() else None

    def _beginning(self, uid: int) -> bytes | None:
        read = b""
        while len(read) < FIRST:
            asked = min(_CHUNK, FIRST - len(read))
            data = self._fetch([uid], [f"BODY.PEEK[]<{len(read)}.{asked}>"]).get(uid, {})
            piece = section(data, b"BODY[]")
            if not piece:
                break
            read += piece
            if len(piece) < asked:
                break
        return read or None

    def _recent(self, since: date | None) -> list[int]:
        return self._all_since(since)[0]

    def _all_since(self, since: date | None) -> tuple[list[int], bool]:
        """The newest UIDs, and whether they are all that came since that day."""
        if since:
            with suppress(ServerMisbehaved):
                found = self._search(f"SINCE {search_day(since)}")
                return found[-_RECENT:], len(found) <= _RECENT
        return self.uids_from(max(1, self._uidnext - _RECENT)), False

    def _search(self, criteria: str) -> list[int]:
        with self._asking("SEARCH"):
            answer, lines = self._imap.uid("SEARCH", criteria)
            if answer != "OK":
                raise refused(self._place, "SEARCH", as_words(lines))
        # An answer may come in several lines, and end with "(MODSEQ n)" (RFC 7162 3.1.5).
        return sorted({int(n) for line in lines if line for n in line.partition(b"(")[0].split() if n.isdigit()})

    @contextmanager
    def _asking(self, what: str) -> Iterator[None]:
        try:
            yield
        except imaplib.IMAP4.abort as error:
            words = said(error)
            if words.startswith(("unexpected", "command:")) and "unexpected" in words:
                raise misbehaved(self._place, f"{what} got an answer that is no IMAP ({words[:200]})") from None
            raise unreachable(self._place, ConnectionResetError(words)) from None
        except imaplib.IMAP4.error as error:
            # Of an APPEND, being away would mean that the mail may have been filed; it was refused.
            refusal = refused_for_good if what == "APPEND" else refused
            raise refusal(self._place, what, said(error)[:200]) from None
        except OSError as error:
            raise unreachable(self._place, error) from None
        except _GARBLED as error:
            raise misbehaved(self._place, f"{what} got an answer that cannot be read ({str(error)[:100]})") from None
