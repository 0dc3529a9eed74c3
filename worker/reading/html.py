"""HTML of a mail as the text that a person sees, with quoted blocks marked as plain text marks them."""

from __future__ import annotations

import html as entities
import re
from collections.abc import Iterator
from dataclasses import dataclass

QUOTED_BELOW = "\ue000"
"""A line of this alone says: from here on the mail quotes another one (Outlook marks it in the HTML alone)."""

SIGNATURE_BELOW = "\ue001"
"""A line of this alone says: from here on the mail program's signature follows."""

DEPTH_LIMIT = 400
PIECES_LIMIT = 100_000

FAILURES_LIMIT = 100
"""Tags with an unclosed quote that are tried with quotes in mind; then "<" to ">" is the tag, which is linear."""

TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:]{0,30})((?:[^>\"']++|\"[^\"]*\"|'[^']*')*+)>")
PLAIN_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:]{0,30})([^<>]{0,5000}+)>")
END_OF_RAW = re.compile(r"</(?:style|script)", re.IGNORECASE)
ATTRIBUTE = re.compile(r"([a-zA-Z_:][-a-zA-Z0-9_:.]{0,40})\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s\"'>]+)")
SPACE = re.compile(r"[ \t\r\n\f]+")
BLANK_LINES = re.compile(r"\n{3,}")

HIDDEN = frozenset({"style", "script", "head", "title", "template", "noscript", "xml"})
VOID = frozenset({"br", "hr", "img", "meta", "link", "input", "col", "base", "area", "wbr", "source", "embed"})
BREAKS = frozenset(
    {"address", "article", "aside", "blockquote", "body", "center", "dd", "div", "dl", "dt", "fieldset", "figure"}
    | {"footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "html", "li", "main", "nav", "ol", "p", "pre"}
    | {"section", "table", "tbody", "tfoot", "thead", "tr", "ul"}
)
PARAGRAPHS = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol"})
QUOTE_CLASS = re.compile(r"gmail_quote|protonmail_quote|tutanota_quote|front-blockquote|quoted?\b|cite", re.IGNORECASE)
QUOTE_BOX = re.compile(r"yahoo_quoted|messageReplySection|hs_reply")
HEADER_BOX = re.compile(
    r"OutlookMessageHeader|moz-forward-container|moz-email-headers-table|ms-outlook-mobile-reference"
)
"""A box with the header of the mail that is quoted from here on."""
QUOTE_ID = re.compile(
    r"divRplyFwdMsg|yahoo_quoted|mail-editor-reference-message|OLK_SRC_BODY_SECTION|replySplit|zwchr", re.IGNORECASE
)
SIGNATURE_CLASS = re.compile(r"\bgmail_signature\b(?!_prefix)|moz-signature|protonmail_signature_block-user")
SIGNATURE_ID = re.compile(r"^(?:x_)*(?:Signature|mailsignature|divtagdefaultwrapper-sig)$", re.IGNORECASE)
OUTLOOK_LINE = re.compile(r"border:\s?none;\s?border-top:\s?solid\s(?:#\w{3,6}|windowtext)\s1(?:\.0)?pt", re.IGNORECASE)


@dataclass(slots=True)
class _Open:
    """An element that is open: what it does to the text inside it."""

    tag: str
    quote: bool = False
    hidden: bool = False
    pre: bool = False
    link: str = ""
    tight: bool = False
    text_from: int = 0


def to_text(markup: str) -> str:
    """The visible text, lines as shown; quoted blocks have "> " before each line. Never raises, linear in size."""
    page = _Page()
    for piece, is_tag in _pieces(markup):
        if is_tag is None:
            page.text(entities.unescape(piece))
        elif is_tag[1]:
            page.close(is_tag[2].lower())
        else:
            page.open(is_tag[2].lower(), is_tag[3])
    return page.result()


def _pieces(markup: str) -> Iterator[tuple[str, re.Match[str] | None]]:
    """Text and tags in turn; comments, declarations and what is no tag are skipped or kept as text."""
    position, length, count, failures = 0, len(markup), 0, 0
    last = markup.rfind(">")
    while position < length and count < PIECES_LIMIT:
        count += 1
        begin = markup.find("<", position)
        if begin < 0:
            yield markup[position:], None
            return
        if begin > position:
            yield markup[position:begin], None
        if markup.startswith("<!--", begin):
            close = markup.find("-->", begin)
            position = close + 3 if close >= 0 else length
            continue
        if markup[begin + 1 : begin + 2] in {"!", "?"}:
            close = markup.find(">", begin)
            position = close + 1 if close >= 0 else length
            continue
        if begin > last:
            yield markup[begin:], None
            return
        tag = TAG.match(markup, begin, min(length, begin + 20_000)) if failures < FAILURES_LIMIT else None
        if tag is None:
            failures += 1
            tag = PLAIN_TAG.match(markup, begin)
        if tag is None:
            yield "<", None
            position = begin + 1
            continue
        yield "", tag
        position = tag.end()
        name = tag[2].lower()
        if name in {"style", "script"} and not tag[1]:
            raw_end = END_OF_RAW.search(markup, position)
            position = raw_end.start() if raw_end else length


class _Page:
    """The text built so far, line by line."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.line: list[str] = []
        self.stack: list[_Open] = []
        self.quotes = 0
        self.hidden = 0
        self.pre = 0
        self.blank = False

    def text(self, text: str) -> None:
        """Add text where it is visible."""
        if self.hidden:
            return
        if self.pre:
            first, *rest = text.replace("\r", "").split("\n")
            self._add(first)
            for line in rest:
                self._flush(always=True)
                self._add(line)
            return
        self._add(SPACE.sub(" ", text))

    def open(self, tag: str, inside: str) -> None:
        """An opening tag."""
        if tag == "br":
            if not self.hidden:
                self._flush(always=True)
            return
        if tag == "hr":
            attributes = _attributes(inside)
            self._flush()
            if not self.hidden:
                mark = QUOTED_BELOW if QUOTE_ID.search(attributes.get("id", "")) else "_" * 32
                self._line(mark)
            return
        if tag in VOID:
            return
        attributes = _attributes(inside)
        style = attributes.get("style", "")
        element = _Open(tag)
        element.hidden = tag in HIDDEN or "display:none" in style.replace(" ", "").lower()
        element.pre = tag in {"pre", "textarea"} or "white-space:pre" in style.replace(" ", "").lower()
        element.tight = "MsoNormal" in attributes.get("class", "") or "margin:0" in style.replace(" ", "")
        if tag in BREAKS:
            self._flush()
            if tag in PARAGRAPHS and not element.tight:
                self.blank = True
        elif tag in {"td", "th"} and self.line:
            self._add(" ")
        if not self.hidden and not element.hidden:
            self._marks(element, attributes, style)
        if tag == "li" and not self.hidden:
            self._add("* ")
        if tag == "a":
            element.link = attributes.get("href", "").strip()
            element.text_from = len(self.line)
        if len(self.stack) >= DEPTH_LIMIT:
            return
        self.stack.append(element)
        self.hidden += element.hidden
        self.pre += element.pre
        self.quotes += element.quote

    def close(self, tag: str) -> None:
        """A closing tag: closes the nearest element of that name, and those left open inside it."""
        if tag == "p" and not any(one.tag == "p" for one in self.stack[-30:]):
            self._flush()
            return
        depth = next((n for n, one in enumerate(reversed(self.stack)) if one.tag == tag), None)
        if depth is None:
            return
        for _ in range(depth + 1):
            element = self.stack[-1]
            if element.link:
                self._link(element)
            if element.tag in BREAKS:
                self._flush()
                if element.tag in PARAGRAPHS and not element.tight:
                    self.blank = True
            self.stack.pop()
            self.hidden -= element.hidden
            self.pre -= element.pre
            self.quotes -= element.quote

    def result(self) -> str:
        """The whole text."""
        while self.stack and self.stack[-1].link:
            self._link(self.stack.pop())
        self._flush()
        return BLANK_LINES.sub("\n\n", "\n".join(self.lines)).strip("\n")

    def _marks(self, element: _Open, attributes: dict[str, str], style: str) -> None:
        """What says that another mail is quoted, or that the signature begins."""
        name, ident = attributes.get("class", ""), attributes.get("id", "")
        if element.tag == "blockquote":
            element.quote = (
                attributes.get("type", "").lower() == "cite"
                or "cite" in attributes
                or bool(QUOTE_CLASS.search(name))
                or "border-left" in style
            )
        elif element.tag in {"div", "section", "table", "span"}:
            boxed = attributes.get("name", "") in {"quote", "messageReplySection"} or QUOTE_BOX.search(name)
            if boxed and element.tag != "span":
                element.quote = True
            elif (
                QUOTE_ID.search(ident)
                or HEADER_BOX.search(name)
                or (element.tag == "div" and OUTLOOK_LINE.search(style))
            ):
                self._flush()
                self._line(QUOTED_BELOW)
        if SIGNATURE_CLASS.search(name) or SIGNATURE_ID.search(ident):
            self._flush()
            self._line(SIGNATURE_BELOW)

    def _link(self, element: _Open) -> None:
        """The target of a link after its words, where the words do not show it."""
        shown = "".join(self.line[element.text_from :]).strip()
        target = element.link
        element.link = ""
        if self.hidden or not shown:
            return
        if target.lower().startswith("mailto:"):
            target = target[7:].split("?")[0]
            if "@" not in target or "@" in shown:
                return
        elif not target.lower().startswith(("http://", "https://")):
            return
        bare = target.split("://")[-1].rstrip("/").removeprefix("www.")
        words = shown.rstrip("/").removeprefix("www.")
        if len(target) <= 500 and bare not in shown and not ("." in words and words in target):
            self._add(f" <{target}>")

    def _add(self, text: str) -> None:
        if text:
            self.line.append(text)

    def _flush(self, *, always: bool = False) -> None:
        text = "".join(self.line)
        self.line = []
        always = always or "\xa0" in text  # an empty paragraph is written as a space that does not break
        text = text.rstrip() if self.pre else " ".join(text.replace("\xa0", " ").split())
        if text or always:
            self._line(text)

    def _line(self, text: str) -> None:
        prefix = "> " * min(self.quotes, 8)
        if self.blank:
            if self.lines and self.lines[-1].strip("> "):
                self.lines.append(prefix.rstrip())
            self.blank = False
        self.lines.append(text if text in {QUOTED_BELOW, SIGNATURE_BELOW} and not prefix else prefix + text)


def _attributes(inside: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in ATTRIBUTE.findall(inside):
        found.setdefault(name.lower(), entities.unescape(value.strip("\"'")))
    return found
