"""Reads a mailbox over IMAP without leaving a trace in it."""

from __future__ import annotations

import imaplib
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from worker.errors import ServerMisbehaved
from worker.mailbox import header_block
from worker.mailbox.access import ImapAccess
from worker.mailbox.failures import Place, misbehaved, refused, refused_for_good, unreachable
from worker.mailbox.folders import Folder, Role, encoded, folders, listed, own_prefix, watched
from worker.mailbox.imap_parts import (
    FolderStatus,
    HeaderItem,
    Written,
    as_number,
    as_words,
    quoted,
    search_day,
    section,
)
from worker.mailbox.sign_in import said, signed_in

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

# How many fetches may fail in one batch before the rest of it is left for the next time.
_PATIENCE = 60

# How many of a folder's newest messages are looked through where SEARCH cannot be trusted.
_RECENT = 500


@contextmanager
def connect(access: ImapAccess) -> Iterator[ImapSession]:
    """A signed-in session; closed in any case, and closing never raises.

    Raises ConfigError (plain elsewhere than on loopback, unusable ca_file), SignInRefused, ServerUnreachable,
    ServerMisbehaved.
    """
    with signed_in(access) as (client, place):
        yield ImapSession(client, access, place)


class ImapSession:
    """One connection. Folders are only EXAMINEd and bodies only peeked at: no flag is set, nothing moved or deleted.

    Each method raises ServerUnreachable where the connection is lost (the session is then of no more use) and
    ServerMisbehaved where the server refuses or answers nonsense.
    """

    def __init__(self, client: IMAPClient, access: ImapAccess, place: Place) -> None:
        self._client = client
        # IMAPClient offers no LIST with options and no SEARCH that bears several answers; imaplib below it does.
        self._imap: imaplib.IMAP4 = client._imap
        self._access = access
        self._place = place
        self._folders: tuple[Folder, ...] | None = None
        self._delimiters: list[str] = []
        self._opened: str | None = None
        self._uidnext = self._exists = 0

    def capable(self, capability: str) -> bool:
        """Does the server offer this capability (of any case)?"""
        with self._asking("CAPABILITY"):
            return bool(self._client.has_capability(capability))

    def folders(self) -> tuple[Folder, ...]:
        """All folders that can be opened, with their roles; asked for once a session."""
        if self._folders is None:
            lines: Sequence[object] = ()
            if self.capable("SPECIAL-USE") and self.capable("LIST-EXTENDED"):
                with suppress(ServerMisbehaved):
                    lines = self._list('"*" RETURN (SPECIAL-USE)')
            found = listed(lines or self._list('"*"'))
            self._folders = folders(found)
            self._delimiters = list(dict.fromkeys(line.delimiter for line in found if line.delimiter))
        return self._folders

    def _list(self, pattern: str) -> Sequence[object]:
        with self._asking("LIST"):
            answer, lines = self._imap.list('""', pattern)
            if answer != "OK":
                raise refused(self._place, "LIST", as_words(lines))
        return lines

    def watched(self, configured: Sequence[str] | None = None) -> tuple[Folder, ...]:
        """The folders to read, in order; `configured` names (by default the access's) come before all guessing.

        Raises ConfigError for a configured name that does not exist.
        """
        names = self._access.folders if configured is None else configured
        return watched(self.folders(), names, gmail=self.capable("X-GM-EXT-1"))

    def role(self, role: Role) -> Folder | None:
        """The folder with this role, if there is one; of several the surest."""
        return next((folder for folder in self.folders() if folder.role is role), None)

    def _wire(self, folder: Folder | str) -> str:
        if isinstance(folder, Folder):
            return folder.wire
        for known in self._folders or ():
            if folder == known.name:
                return known.wire
        return encoded(folder)

    def examine(self, folder: Folder | str) -> FolderStatus:
        """Opens a folder read-only (RFC 3501 6.3.2); what follows is about it."""
        name = folder.name if isinstance(folder, Folder) else folder
        self._opened = wire = self._wire(folder)
        with self._asking(f'EXAMINE of "{name}"'):
            try:
                answer: dict[bytes, Any] = self._client.select_folder(wire, readonly=True)
            except imaplib.IMAP4.error as error:
                if isinstance(error, imaplib.IMAP4.abort):
                    raise
                raise refused(self._place, f'EXAMINE of "{name}"', said(error)[:200]) from None
        exists = as_number(answer.get(b"EXISTS"))
        uidnext = as_number(answer.get(b"UIDNEXT"))
        if not uidnext:
            # RFC 3501 lets a server leave it out.
            uidnext = max(self._search("UID *"), default=0) + 1 if exists else 1
        self._uidnext, self._exists = uidnext, exists
        return FolderStatus(as_number(answer.get(b"UIDVALIDITY")), uidnext, exists)

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

        A message that has vanished meanwhile is left out; one that the server would not give comes with None.
        """
        wanted = sorted(set(uids))
        for start in range(0, len(wanted), batch):
            yield from self._headers(wanted[start : start + batch])

    def _headers(self, uids: list[int]) -> Iterator[HeaderItem]:
        found = {item.uid: item for item in self._fetched_headers(uids)}
        missing = [uid for uid in uids if uid not in found]
        if missing:
            # Some servers leave messages out of a long answer (iCloud) or fail a whole range for one of them (Yahoo).
            for uid in missing[:_PATIENCE] if len(missing) < len(uids) or len(uids) == 1 else missing[:3]:
                found |= {item.uid: item for item in self._fetched_headers([uid])}
            missing = [uid for uid in missing if uid not in found]
        there = set(missing)
        if missing:
            with suppress(ServerMisbehaved):
                there = set(self._search(f"UID {','.join(map(str, missing))}"))
        for uid in uids:
            if uid in found:
                yield found[uid]
            elif uid in there:
                yield HeaderItem(uid, None, 0, None)

    def _fetched_headers(self, uids: list[int]) -> list[HeaderItem]:
        found = []
        for uid, data in self._fetch(uids, ["INTERNALDATE", "RFC822.SIZE", _HEADERS]).items():
            block = section(data, b"BODY[HEADER.FIELDS")
            if block is not None:
                when = data.get(b"INTERNALDATE")
                aware = when.astimezone(UTC) if isinstance(when, datetime) and when.tzinfo else None
                found.append(HeaderItem(uid, aware, as_number(data.get(b"RFC822.SIZE")), block))
        return found

    def _fetch(self, uids: list[int], items: list[str]) -> dict[int, dict[bytes, Any]]:
        """What the server gives of these; a range that fails is halved until the bad message is alone."""
        found: dict[int, dict[bytes, Any]] = {}
        waiting = [uids]
        failures = 0
        while waiting and failures < _PATIENCE:
            part = waiting.pop()
            try:
                answer = self._fetch_once(part, items)
            except ServerMisbehaved:
                failures += 1
                # What came before the refusal must not be taken for part of the next answer.
                self._imap.untagged_responses.pop("FETCH", None)
                if len(part) > 1:
                    middle = len(part) // 2
                    waiting += [part[middle:], part[:middle]]
                continue
            found |= {uid: dict(answer[uid]) for uid in part if uid in answer}
        return found

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

    def gives_headers(self, besides: Collection[int]) -> bool:
        """Whether the server gives the headers of any message but these; True where the folder has no other."""
        others = [uid for uid in self._recent(None) if uid not in besides]
        return not others or any(
            self._fetched_headers([uid]) for uid in {others[-1], others[len(others) // 2], others[0]}
        )

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

    def append(
        self, folder: Folder | str, raw: bytes, flags: Sequence[str] = (r"\Seen",), when: datetime | None = None
    ) -> int | None:
        """Files a mail; gives its UID where the server tells (UIDPLUS). A missing folder is made (RFC 3501 6.3.11).

        A name that is not listed is put where the server keeps folders of one's own: "Sent" is "INBOX.Sent" on some.
        Where ServerUnreachable is raised the mail may have been filed: look before trying again. Another folder than
        before may be open afterwards.
        """
        places = [self._wire(folder)] if isinstance(folder, Folder) else self._places(folder)
        with self._asking("APPEND"):
            for number, wire in enumerate(places):
                try:
                    answer = self._filed(wire, raw, flags, when)
                    break
                except imaplib.IMAP4.abort:
                    raise
                except imaplib.IMAP4.error:
                    if number + 1 == len(places):
                        raise
        match = re.search(rb"APPENDUID \d+ (\d+)", answer if isinstance(answer, bytes) else str(answer).encode())
        return int(match[1]) if match else None

    def _filed(self, wire: str, raw: bytes, flags: Sequence[str], when: datetime | None) -> object:
        try:
            return self._client.append(wire, raw, flags, when)
        except imaplib.IMAP4.error as error:
            if isinstance(error, imaplib.IMAP4.abort):
                raise
            if wire == self._opened and wire.upper() != "INBOX":
                # Courier files nothing in a folder that is open read-only, and no other command closes it for sure.
                self.examine("INBOX")
                return self._client.append(wire, raw, flags, when)
            if "TRYCREATE" not in str(error).upper():
                raise
            self._client.create_folder(wire)
        self._folders = None
        answer = self._client.append(wire, raw, flags, when)
        with suppress(imaplib.IMAP4.error, OSError):
            # Many programs show no other folders; the mail lies there in any case.
            self._client.subscribe_folder(wire)
        return answer

    def _places(self, name: str) -> list[str]:
        """The names on the wire under which a folder is, or could be made, the likeliest first."""
        listed_as = next((known.wire for known in self._folders or () if known.name == name), None)
        if listed_as is not None:
            return [listed_as]
        wire = encoded(name)
        if self.capable("NAMESPACE"):
            with suppress(ServerMisbehaved), self._asking("NAMESPACE"):
                prefix = own_prefix(self._imap.namespace()[1])
                return [wire if wire.startswith(prefix) else prefix + wire]
        return [wire, *(f"INBOX{delimiter}{wire}" for delimiter in self._delimiters)]

    def find_message_id(self, folder: Folder | str, message_id: str, since: date) -> list[int]:
        """Where a mail with this Message-ID lies, also one whose id was replaced by Outlook's servers.

        `since` is the day on which it left. Opens the folder. An empty list proves nothing: copies come late.
        """
        return self._find(
            folder,
            _id_fields(message_id),
            since,
            lambda block: message_id.strip() in header_block.message_ids(block),
        )

    def find_filed(self, folder: Folder | str, wanted: Mapping[str, str], since: date) -> frozenset[str]:
        """Which of many mails lie in a folder, by their Message-ID or by our own token.

        `wanted` gives each Message-ID its token. The newest mails are looked through once for all; SEARCH is asked for
        what is not among them. As `find_message_id` in all else.
        """
        if not self.examine(folder).exists:
            return frozenset()
        of_token = {token: message_id for message_id, token in wanted.items()}

        def ours(block: bytes) -> set[str]:
            ids = {one for one in header_block.message_ids(block) if one in wanted}
            token = header_block.token(block)
            return ids | ({of_token[token]} if token in of_token else set())

        found = self._known(self._recent(since), ours)
        for message_id, token in wanted.items():
            if message_id not in found:
                sought = [*_id_fields(message_id), (header_block.TOKEN, token)]
                found |= self._known(self._candidates(sought), ours)
        return frozenset(found)

    def _known(self, uids: Iterable[int], which: Callable[[bytes], set[str]]) -> set[str]:
        return {one for item in self.headers(uids) if item.headers is not None for one in which(item.headers)}

    def find_tokens(self, folder: Folder | str) -> Iterator[HeaderItem]:
        """The mails of a folder that carry a token of ours, whichever; opens the folder.

        SEARCH is asked for the field's name (RFC 3501 6.4.4: an empty string fits any); where it finds none, the
        newest messages are looked through, since not every server can be trusted with it.
        """
        if not self.examine(folder).exists:
            return
        candidates: set[int] = set()
        with suppress(ServerMisbehaved):
            candidates.update(self._search(f'HEADER {header_block.TOKEN} ""'))
        for item in self.headers(candidates or self._recent(None)):
            if item.headers is not None and header_block.token(item.headers):
                yield item

    def first_since(self, folder: Folder | str, day: date) -> int:
        """The lowest UID of what came into a folder since `day` (or a little before); opens the folder."""
        status = self.examine(folder)
        if not status.exists:
            return 1
        try:
            return min(self._search(f"SINCE {search_day(day)}"), default=status.uidnext)
        except ServerMisbehaved:
            return 1

    def _find(
        self, folder: Folder | str, fields: list[tuple[str, str]], since: date, fits: Callable[[bytes], bool]
    ) -> list[int]:
        if not self.examine(folder).exists:
            return []
        candidates = self._candidates(fields)
        hits = self._fitting(candidates, fits)
        if hits:
            return hits
        return self._fitting(set(self._recent(since)) - candidates, fits)

    def _candidates(self, fields: list[tuple[str, str]]) -> set[int]:
        """What SEARCH finds by header fields; a miss is no answer, and a hit is to be checked.

        Yahoo refuses SEARCH HEADER, Yandex takes it for an exact match, Gmail misses ids with "!&!".
        """
        found: set[int] = set()
        for field, value in fields:
            if value.isascii():
                with suppress(ServerMisbehaved):
                    found.update(self._search(f"HEADER {field} {quoted(value)}"))
        return found

    def _fitting(self, uids: Iterable[int], fits: Callable[[bytes], bool]) -> list[int]:
        return [item.uid for item in self.headers(uids) if item.headers is not None and fits(item.headers)]

    def find_written_to(self, folder: Folder | str, address: str, since: date | None = None) -> list[Written]:
        """The mails of a folder that have this address in To, Cc or Bcc, oldest first. Opens the folder."""
        if not self.examine(folder).exists:
            return []
        try:
            if not address.isascii():
                raise misbehaved(self._place, "SEARCH takes ASCII alone")
            after = f"SINCE {search_day(since)} " if since else ""
            who = quoted(address)
            found = self._search(f"{after}OR OR TO {who} CC {who} BCC {who}")
        except ServerMisbehaved:
            found = self._recent(since)
        return [
            Written(
                item.uid,
                item.internaldate,
                next(iter(header_block.message_ids(block)), None),
                header_block.token(block),
            )
            for item in self.headers(found)
            if (block := item.headers) is not None and address.lower() in header_block.recipients(block)
        ]

    def _recent(self, since: date | None) -> list[int]:
        if since:
            with suppress(ServerMisbehaved):
                return self._search(f"SINCE {search_day(since)}")[-_RECENT:]
        return self.uids_from(max(1, self._uidnext - _RECENT))

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
            raise refused_for_good(self._place, what, said(error)[:200]) from None
        except OSError as error:
            raise unreachable(self._place, error) from None
        except _GARBLED as error:
            raise misbehaved(self._place, f"{what} got an answer that cannot be read ({str(error)[:100]})") from None


def _id_fields(message_id: str) -> list[tuple[str, str]]:
    return [("Message-ID", message_id), (header_block.ORIGINAL_ID, message_id)]
