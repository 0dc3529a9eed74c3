"""A file of contacts as rows of cells: its encoding, its delimiter, where its header stands."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import BinaryIO

from worker.contacts import columns, encoding
from worker.contacts.columns import Columns
from worker.contacts.fields import AROUND, FORBIDDEN, LONGEST
from worker.errors import ContactsError

_DELIMITERS = (",", ";", "\t", "|")
_RARE_DELIMITERS = ("^", "~", ":", "\xa6", "\xa7", "\x1f", "#", "/")
# Some programs put a few lines of advice above the header row.
_HEADER_WITHIN = 15
_NAMED = re.compile(r'\A"?sep=(.)"?(?:\r\n|\r|\n)')
_LINE_END = re.compile(r"\r\n|\r|\n")
_MAGIC = {
    b"PK\x03\x04": "a spreadsheet or an archive",
    b"\xd0\xcf\x11\xe0": "an Excel workbook",
    b"%PDF": "a PDF",
    b"\x1f\x8b": "a compressed file",
    b"SQLite format 3": "a database",
}
_OTHERS = (
    ("BEGIN:VCARD", "a file of vCards"),
    ("{", "JSON"),
    ("[", "JSON"),
    ("<", "a page or XML"),
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file that was looked at from end to end once; its rows are read anew from `source` at each call.

    `header` is the header row, which is row `start` of the file; `count` is how many rows there are with it.
    `exported_by` is the program that wrote it, where its header tells.
    """

    source: BinaryIO = field(repr=False)
    filename: str
    encoding: str
    delimiter: str
    strict: bool
    header: tuple[str, ...]
    start: int
    count: int
    columns: Columns

    @property
    def exported_by(self) -> str | None:
        """LinkedIn, Google Contacts or Outlook, where the header is theirs."""
        return self.columns.exported_by

    def records(self) -> Iterator[tuple[int, list[str]]]:
        """The rows below the header that hold anything, with their numbers as a spreadsheet counts (from 1)."""
        for number, cells in enumerate(_cells(self.source, self.encoding, self.delimiter, self.strict), start=1):
            if number > self.start and any(cell.strip(AROUND) for cell in cells):
                yield number, cells


def open_sheet(
    source: BinaryIO,
    filename: str,
    *,
    mapping: Mapping[str, str] | None = None,
    wanted_encoding: str | None = None,
    wanted_delimiter: str | None = None,
) -> Sheet:
    """Look at a file of contacts. `source` can be read from its beginning again and again.

    Parameters: mapping, from a column's name (or its number, from 1) to a field, before what is recognised;
    wanted_encoding and wanted_delimiter, where they are not to be guessed. Raises ContactsError where nothing can
    be read: no text, no header row, no column with addresses or phones.
    """
    source.seek(0)
    head = source.read(16)
    for magic, kind in _MAGIC.items():
        if head.startswith(magic):
            raise ContactsError(
                f"This is {kind}, not a CSV file.", where=filename, todo="Save it as CSV (UTF-8) first."
            )
    name = encoding.name_of(source, filename, wanted_encoding)
    first = "".join(islice(encoding.text_of(source, name), 2000 if name == encoding.MIXED else 4)).removeprefix(
        "\ufeff"
    )
    if not first.strip():
        raise ContactsError(
            "The file is empty.", where=filename, todo="Its first row names the columns: email, name, company ..."
        )
    for beginning, kind in _OTHERS:
        if first.lstrip().startswith(beginning):
            raise ContactsError(f"This is {kind}, not a CSV file.", where=filename, todo="Export the contacts as CSV.")
    if "\0" in first:
        raise ContactsError("This is no text file.", where=filename, todo="Save the table as CSV (UTF-8).")
    delimiter = wanted_delimiter or _delimiter(first, mapping)
    count, strict = _counted(source, name, delimiter, filename)
    beginning_rows = list(islice(_cells(source, name, delimiter, strict), _HEADER_WITHIN))
    found, start = _header(beginning_rows, filename, mapping)
    return Sheet(source, filename, name, delimiter, strict, tuple(beginning_rows[start - 1]), start, count, found)


def _cells(source: BinaryIO, name: str, delimiter: str, strict: bool) -> Iterator[list[str]]:
    return csv.reader(_lines(encoding.text_of(source, name)), delimiter=delimiter, strict=strict)


def _lines(blocks: Iterable[str]) -> Iterator[str]:
    """The lines with their ends (LF, CRLF, CR), without a byte order mark and a line that names the delimiter."""
    left = ""
    begun = False
    for block in chain(blocks, ("",)):
        text = left + block
        if not begun:
            text = text.removeprefix("\ufeff")
            if len(text) < 16 and block:
                left = text
                continue
            text = _NAMED.sub("", text)
            begun = True
        at = 0
        for end in _LINE_END.finditer(text):
            if end.end() == len(text) and end[0] == "\r" and block:
                break  # the LF of a CRLF may begin the next block
            yield text[at : end.end()]
            at = end.end()
        left = text[at:]
    if left:
        yield left


def _counted(source: BinaryIO, name: str, delimiter: str, filename: str) -> tuple[int, bool]:
    """How many rows there are, and whether all quotation marks stand where they should."""
    for strict in (True, False):
        count = 0
        try:
            for cells in _cells(source, name, delimiter, strict):
                count += 1
                if any("\0" in cell for cell in cells):
                    raise ContactsError(
                        "This is no text file.", where=f"{filename}: row {count}", todo="Save the table as CSV (UTF-8)."
                    )
            return count, strict
        except csv.Error as error:
            if not strict or "end of data" in str(error) or "field larger" in str(error):
                raise ContactsError(
                    f"A quotation mark that opens in row {count + 1} is never closed.",
                    where=f"{filename}: row {count + 1}",
                    todo="Close it, or write it twice where it belongs to the text.",
                ) from None
    raise AssertionError("the second reading is lenient")


def _delimiter(text: str, mapping: Mapping[str, str] | None) -> str:
    """The one that makes the most known columns of a header row, else the most columns at all."""
    if named := _NAMED.match(text):
        return named[1]
    lines = text.splitlines()[: _HEADER_WITHIN * 2]

    def quality(delimiter: str) -> tuple[int, int]:
        found = [
            (columns.recognise(row, mapping), len(row))
            for line in lines
            for row in csv.reader([line], delimiter=delimiter)
        ]
        return max(((len(known.fields) if known.reachable else 0), width) for known, width in found)

    best = max(_DELIMITERS, key=quality)
    if quality(best)[0] > 1:
        return best
    rare = [delimiter for delimiter in _RARE_DELIMITERS if quality(delimiter)[0] > max(quality(best)[0], 1)]
    return max(rare, key=quality) if rare else best


def _header(records: list[list[str]], filename: str, mapping: Mapping[str, str] | None) -> tuple[Columns, int]:
    """What the columns hold, and the number of the header row."""
    for number, cells in enumerate(records, start=1):
        found = columns.recognise(cells, mapping)
        if found.reachable and not any("@" in cell for cell in cells):
            if any(FORBIDDEN.search(cell.strip()) or len(cell) > LONGEST for cell in cells):
                raise ContactsError("The header row holds control characters.", where=f"{filename}: row {number}")
            _all_mapped(cells, mapping, f"{filename}: row {number}")
            return found, number
    first = next((cells for cells in records if any(cell.strip() for cell in cells)), [])
    if any("@" in cell for cell in first):
        raise ContactsError(
            "The file has no header row.",
            where=f"{filename}: row 1",
            todo="Put one above: email,name,company, as the columns are.",
        )
    shown = ", ".join(FORBIDDEN.sub(" ", cell.strip())[:30] for cell in first[:8])
    raise ContactsError(
        "There is no column with mail addresses or phone numbers.",
        where=f"{filename}: the columns are {shown}",
        todo='Name one of them "email" or "phone", or say which it is: --map "COLUMN=email".',
    )


def _all_mapped(header: list[str], mapping: Mapping[str, str] | None, where: str) -> None:
    missing = columns.unmatched(header, mapping)
    if missing:
        shown = ", ".join(FORBIDDEN.sub(" ", cell.strip())[:30] for cell in header[:12])
        raise ContactsError(
            f"There is no column {missing!r}.",
            where=where,
            todo=f"--map takes the name of a column, or its number: the columns are {shown}.",
        )
