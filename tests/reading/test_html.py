"""HTML becomes what a person sees, and what it quotes is marked."""

from __future__ import annotations

import time

import pytest

from worker.reading.html import QUOTED_BELOW, SIGNATURE_BELOW, to_text
from worker.reading.quotes import divide


def test_lines_paragraphs_and_lists() -> None:
    assert to_text("<p>One<br>two</p><p>three</p><ul><li>a</li><li>b</li></ul>") == "One\ntwo\n\nthree\n\n* a\n* b"


def test_what_is_not_seen_is_not_read() -> None:
    hidden = "<style>p{}</style><script>x</script><!-- note --><div style='display: none'>preview</div>"
    assert to_text(f"<head><title>t</title></head>{hidden}<p>seen &amp; read</p>") == "seen & read"


def test_a_link_shows_where_it_leads() -> None:
    assert to_text('<a href="https://cal.example/anna">book a slot</a>') == "book a slot <https://cal.example/anna>"
    assert to_text('<a href="https://www.cal.example/">cal.example</a>') == "cal.example"
    assert to_text('<a href="mailto:jane@x.example?subject=hi">Jane</a>') == "Jane <jane@x.example>"


def test_quoted_blocks_get_marks() -> None:
    assert to_text(
        'mine<blockquote type="cite">theirs<blockquote class="gmail_quote">older</blockquote></blockquote>'
    ) == ("mine\n> theirs\n> > older")
    assert to_text("said<blockquote>a saying</blockquote>") == "said\na saying"


def test_outlooks_marks() -> None:
    assert QUOTED_BELOW in to_text('a<hr tabindex="-1"><div id="divRplyFwdMsg"><b>Von:</b> x</div>')
    line = "border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"
    assert QUOTED_BELOW in to_text(f'a<div style="{line}"><p>X: y</p></div>')
    assert SIGNATURE_BELOW in to_text('a<div class="gmail_signature">b</div>')


@pytest.mark.parametrize("name", ["OutlookMessageHeader", "moz-forward-container", "moz-email-headers-table"])
def test_a_box_with_another_mails_header_begins_the_quote(name: str) -> None:
    page = f'<div>Gladly.</div><div class="{name}"><b>From:</b> Max<br><b>Sent:</b> x</div><p>Thirty minutes?</p>'
    assert divide(to_text(page)).new == "Gladly."


GMAIL = (
    '<div dir="ltr">{new}</div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">On Tue, Mar 3, 2026 at'
    ' 10:00 AM Max &lt;<a href="mailto:max@owner.example">max@owner.example</a>&gt; wrote:<br></div>'
    '<blockquote class="gmail_quote" style="border-left:1px solid">Thirty minutes?</blockquote></div>'
)
OUTLOOK = (
    '<div class="WordSection1"><p class="MsoNormal">{new}</p><div style="border:none;border-top:solid #E1E1E1'
    ' 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p class="MsoNormal"><b>Lähettäjä:</b> Max</p></div><p>Thirty minutes?</p></div>'
)
WEB = (
    '<div>{new}</div><div id="appendonsend"></div><hr style="display:inline-block;width:98%" tabindex="-1">'
    '<div id="divRplyFwdMsg"><b>Von:</b> Max<br><b>Gesendet:</b> gestern</div><div>Thirty minutes?</div>'
)
APPLE = (
    '<body>{new}<div><br><blockquote type="cite"><div>On Mar 3, 2026, at 10:00, Max &lt;max@owner.example&gt; wrote:'
    "</div><br><div>Thirty minutes?</div></blockquote></div></body>"
)
THUNDERBIRD = (
    '<p>{new}</p><div class="moz-cite-prefix">Am 03.03.26 um 10:00 schrieb Max:<br></div>'
    '<blockquote type="cite" cite="mid:x@y">Thirty minutes?</blockquote>'
)
YAHOO = (
    '<div>{new}</div><div id="yahoo_quoted_1" class="yahoo_quoted"><div>On Tuesday, Max wrote:</div>'
    "Thirty minutes?</div>"
)
PROTON = (
    '<div>{new}</div><div class="protonmail_quote">On Tuesday, March 3rd, 2026 at 10:00 AM, Max'
    ' &lt;max@owner.example&gt; wrote:<br><blockquote class="protonmail_quote" type="cite">Thirty minutes?</blockquote>'
    "</div>"
)
GMX = (
    '<div><div>{new}</div><div name="quote" style="border-left:2px solid #C3D9E5;"><div><b>Gesendet:</b> Dienstag<br/>'
    "<b>Von:</b> Max</div>Thirty minutes?</div></div>"
)
SAMSUNG = (
    "<div>{new}</div><div>-------- Ursprüngliche Nachricht --------</div><div>Von: Max</div><div>Thirty minutes?</div>"
)


@pytest.mark.parametrize("page", [GMAIL, OUTLOOK, WEB, APPLE, THUNDERBIRD, YAHOO, PROTON, GMX, SAMSUNG])
def test_html_alone_gives_the_new_text(page: str) -> None:
    assert divide(to_text(page.format(new="Yes, gladly."))).new == "Yes, gladly."


def test_the_closing_stays_though_the_program_calls_it_signature() -> None:
    block = "<div>Best,</div><div>Anna Huber</div><div>Head of Data, ACME</div><div>+49 30 1234567</div>"
    page = f'<div>Yes, gladly.</div><div id="Signature">{block}</div>'
    assert divide(to_text(page), name="Anna Huber").new == "Yes, gladly.\nBest,\nAnna Huber"
    page = f'<div>Yes, gladly.</div><div>-- </div><div class="gmail_signature">{block.partition("</div>")[2]}</div>'
    assert divide(to_text(page), name="Anna Huber").new == "Yes, gladly."


@pytest.mark.parametrize(
    "piece", ["<", "<a ", '<a "', "<b>", "<!--", "&#", "<a b=c ", "<style>", "<p", "</div>", "<td><table>"]
)
def test_no_page_takes_long(piece: str) -> None:
    begin = time.perf_counter()
    to_text(piece * 100_000)
    assert time.perf_counter() - begin < 5
