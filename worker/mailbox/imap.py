"""Reads a mailbox over IMAP without leaving a trace in it."""

from __future__ import annotations

import imaplib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import date, datetime
from typing import TYPE_CHECKING

from worker.errors import ServerMisbehaved
from worker.mailbox import header_block
from worker.mailbox.access import ImapAccess
from worker.mailbox.failures import Place, misbehaved, refused
from worker.mailbox.folders import Folder, Role, encoded, folders, listed, own_prefix, watched
from worker.mailbox.imap_parts import FolderStatus, HeaderItem, Written, as_words, quoted, search_day
from worker.mailbox.open_folder import OpenFolder
from worker.mailbox.sign_in import signed_in

if TYPE_CHECKING:
    from imapclient import IMAPClient


@contextmanager
def connect(access: ImapAccess) -> Iterator[ImapSession]:
    """A signed-in session; closed in any case, and closing never raises.

    Raises ConfigError (plain elsewhere than on loopback, unusable ca_file), SignInRefused, ServerUnreachable,
    ServerMisbehaved.
    """
    with signed_in(access) as (client, place):
        yield ImapSession(client, access, place)


class ImapSession(OpenFolder):
    """One connection. Folders are only EXAMINEd and bodies only peeked at: no flag is set, nothing moved or deleted.

    Each method raises ServerUnreachable where the connection is lost (the session is then of no more use) and
    ServerMisbehaved where the server refuses or answers nonsense.
    """

    def __init__(self, client: IMAPClient, access: ImapAccess, place: Place) -> None:
        super().__init__(client, place)
        self._access = access
        self._folders: tuple[Folder, ...] | None = None
        self._delimiters: list[str] = []

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
            # Where a server says OK and names no folder, imaplib gives [None].
            found = listed(lines) or listed(self._list('"*"'))
            if not found:
                raise misbehaved(self._place, "the server names no folder at all", "It is tried again.")
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
        if isinstance(folder, Folder):
            return self._open(folder.name, folder.wire, folder.role)
        return self._open(folder, self._wire(folder))

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

        `wanted` gives each Message-ID its token. What came since that day is looked through once for all; where it is
        too much for that, SEARCH is asked for the rest. As `find_message_id` in all else.
        """
        if not self.examine(folder).exists:
            return frozenset()
        of_token = {token: message_id for message_id, token in wanted.items()}

        def ours(block: bytes) -> set[str]:
            ids = {one for one in header_block.message_ids(block) if one in wanted}
            token = header_block.token(block)
            return ids | ({of_token[token]} if token in of_token else set())

        newest, all_of_them = self._all_since(since)
        found = self._known(newest, ours)
        for message_id, token in wanted.items():
            if message_id not in found and not all_of_them:
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
            if (block := item.headers) is not None
            and not item.draft
            and address.lower() in header_block.recipients(block)
        ]


def _id_fields(message_id: str) -> list[tuple[str, str]]:
    return [("Message-ID", message_id), (header_block.ORIGINAL_ID, message_id)]
