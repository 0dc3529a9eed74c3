"""Tells which folder is which, and which of them are read."""

from __future__ import annotations

import binascii
import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from worker.errors import ConfigError
from worker.mailbox import folder_names


class Role(StrEnum):
    """What a folder is for (RFC 6154 words)."""

    inbox = "inbox"
    junk = "junk"
    sent = "sent"
    all = "all"
    drafts = "drafts"
    trash = "trash"
    archive = "archive"
    other = "other"


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder that can be opened: its name for people, its role, its name on the wire (modified UTF-7)."""

    name: str
    role: Role
    wire: str


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of a LIST answer."""

    attributes: frozenset[str]
    delimiter: str
    wire: str


_BY_ATTRIBUTE = {
    "\\inbox": Role.inbox,
    "\\junk": Role.junk,
    "\\spam": Role.junk,
    "\\sent": Role.sent,
    "\\all": Role.all,
    "\\allmail": Role.all,
    "\\drafts": Role.drafts,
    "\\trash": Role.trash,
    "\\archive": Role.archive,
}

# Lower-case; the last part of a folder's path.
_BY_NAME: dict[str, Role] = {
    " ".join(name.split()).casefold(): role
    for role, names in (
        (Role.sent, folder_names.SENT),
        (Role.junk, folder_names.JUNK),
        (Role.drafts, folder_names.DRAFTS),
        (Role.trash, folder_names.TRASH),
    )
    for name in names.split("|")
}

_LINE = re.compile(
    rb'\((?P<attributes>[^)]*)\) (?P<delimiter>NIL|"(?:\\.|[^"\\])*") (?P<name>.*)', re.DOTALL | re.IGNORECASE
)
_QUOTED = re.compile(rb'"((?:\\.|[^"\\])*)"')
_ATOM = re.compile(rb"[^ ]+")


def listed(lines: Iterable[object]) -> list[Listed]:
    """The LIST answers as imaplib gives them (a pair where a name came as a literal), odd ones left out."""
    found = []
    for line in lines:
        literal: bytes | None = None
        head = line
        if isinstance(line, tuple) and len(line) == 2:
            head, literal = line
        match = _LINE.match(head) if isinstance(head, bytes) else None
        if not match:
            continue
        # "{5}" names the literal; what follows a plain name is extended data (RFC 5258) and of no use here.
        name = literal if literal is not None else _name(match["name"])
        delimiter = match["delimiter"]
        if not name or not name.isascii():
            continue
        found.append(
            Listed(
                frozenset(attribute.lower() for attribute in match["attributes"].decode("ascii", "replace").split()),
                "" if delimiter.upper() == b"NIL" else _unescaped(delimiter[1:-1]).decode("ascii", "replace"),
                name.decode("ascii"),
            )
        )
    return found


def _name(rest: bytes) -> bytes:
    quoted = _QUOTED.match(rest)
    if quoted:
        return _unescaped(quoted[1])
    atom = _ATOM.match(rest)
    return atom[0] if atom else b""


def _unescaped(text: bytes) -> bytes:
    return re.sub(rb"\\(.)", rb"\1", text, flags=re.DOTALL)


_SHIFTED = re.compile(r"&([A-Za-z0-9+,]*)-")


def decoded(wire: str) -> str:
    """A folder's name for people, from modified UTF-7 (RFC 3501 5.1.3); what is malformed stays as it is."""

    def text(match: re.Match[str]) -> str:
        if not match[1]:
            return "&"
        packed = match[1].replace(",", "/")
        try:
            return binascii.a2b_base64(packed + "=" * (-len(packed) % 4)).decode("utf-16-be")
        except ValueError:
            return match[0]

    return _SHIFTED.sub(text, wire)


def encoded(name: str) -> str:
    """A folder's name on the wire, in modified UTF-7 (RFC 3501 5.1.3)."""

    def shifted(match: re.Match[str]) -> str:
        if match[0] == "&":
            return "&-"
        packed = binascii.b2a_base64(match[0].encode("utf-16-be"), newline=False).decode("ascii")
        return "&" + packed.rstrip("=").replace("/", ",") + "-"

    return re.sub(r"&|[^\x20-\x7e]+", shifted, name)


def own_prefix(lines: Iterable[object]) -> str:
    """What stands before the names of one's own folders, from a NAMESPACE answer (RFC 2342); "" where it says none."""
    first = next((line for line in lines if isinstance(line, bytes)), b"").strip()
    return _name(first[2:]).decode("ascii", "replace") if first.startswith(b'(("') else ""


def folders(lines: Sequence[Listed]) -> tuple[Folder, ...]:
    """The folders that can be opened, those first whose role is surest: by attribute, else by name.

    Junk and Sent may be there twice ("Sent" of the server, "Sent Items" of a program): the first is the one to file
    into, the others are read as well.
    """
    usable = [line for line in lines if not line.attributes & {"\\noselect", "\\nonexistent"}]
    roles: dict[str, Role] = {}
    for line in usable:
        if line.wire.upper() == "INBOX":
            roles[line.wire] = Role.inbox
            continue
        for attribute, role in _BY_ATTRIBUTE.items():
            if attribute in line.attributes and role not in roles.values():
                roles[line.wire] = role
                break
    # The shallowest of several: "Sent" before "Archive/2020/Sent", which is read by nobody.
    for line in sorted(usable, key=_depth):
        guess = _BY_NAME.get(_leaf(line))
        if not guess or line.wire in roles:
            continue
        given = guess in roles.values()
        if (_depth(line) == 0 and (not given or guess in (Role.junk, Role.sent))) or (_depth(line) == 1 and not given):
            roles[line.wire] = guess
    surest = {wire: number for number, wire in enumerate(roles)}
    ordered = sorted(usable, key=lambda line: surest.get(line.wire, len(surest)))
    found = [Folder(decoded(line.wire), roles.get(line.wire, Role.other), line.wire) for line in ordered]
    if Role.inbox not in roles.values():
        # It is always there (RFC 3501 5.1), whatever a list leaves out; opening it tells more.
        found.insert(0, Folder("INBOX", Role.inbox, "INBOX"))
    return tuple(found)


def _path(line: Listed) -> list[str]:
    return decoded(line.wire).split(line.delimiter) if line.delimiter else [decoded(line.wire)]


def _leaf(line: Listed) -> str:
    return " ".join(_path(line)[-1].replace("’", "'").split()).casefold()


def _depth(line: Listed) -> int:
    """How deep below the root, where the root may be INBOX or Gmail's own folder; 1 for one below another folder."""
    path = _path(line)
    if len(path) > 1 and path[0].casefold() in ("inbox", "[gmail]", "[google mail]", "mail", "user"):
        path = path[1:]
    return len(path) - 1


def watched(found: Sequence[Folder], configured: Sequence[str] = (), *, gmail: bool = False) -> tuple[Folder, ...]:
    """The folders to read, in the order in which they are read.

    `configured` names are taken as they are (decoded or as on the wire, any case); one that is missing raises
    ConfigError with the nearest name. Otherwise INBOX, Junk and Sent; on Gmail All Mail and Spam, since archived
    answers are in All Mail alone, unless the owner hides All Mail from IMAP.
    """
    if configured:
        return tuple(dict.fromkeys(_called(found, name) for name in configured))
    if gmail and any(folder.role is Role.all for folder in found):
        firsts = (next((f for f in found if f.role is role), None) for role in (Role.all, Role.junk))
        return tuple(folder for folder in firsts if folder)
    return tuple(folder for role in (Role.inbox, Role.junk, Role.sent) for folder in found if folder.role is role)


def _called(found: Sequence[Folder], name: str) -> Folder:
    for key in (str, str.casefold):
        for folder in found:
            if key(name) in (key(folder.name), key(folder.wire)):
                return folder
    names = [folder.name for folder in found]
    near = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    raise ConfigError(
        f'The mailbox has no folder "{name}".',
        where="[mailbox.imap] folders",
        todo=f'Did you mean "{near[0]}"?' if near else f"It has: {', '.join(names[:20])}.",
    )
