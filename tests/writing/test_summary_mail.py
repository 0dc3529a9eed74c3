"""The morning's mail: one content in two forms, nothing of a stranger's in it but their words."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from email import message_from_bytes, policy
from html.parser import HTMLParser
from itertools import pairwise
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from tests.writing.cast import OWNER, UNA, morning, quiet_morning
from tests.writing.golden import agrees
from worker.conversation.vocabulary import Intent, State
from worker.writing import Header
from worker.writing.summary import (
    Action,
    Call,
    Happened,
    Led,
    Need,
    NeedsYou,
    Standing,
    SummaryContent,
    actions_for,
    compose,
    html,
    sentences,
    subject,
    text,
)
from worker.writing.summary.languages import LANGUAGES

HEADER = Header(
    sender=("askaround", "alex@mail.example"),
    recipient=("Alex Doe", "alex@mail.example"),
    message_id="<s1@mail.example>",
    date=datetime(2026, 11, 24, 7, 30, tzinfo=UTC),
    subject="",
)
EVIL = (
    '<script>alert("x")</script> <img src="http://evil.example/p.png"> '
    '<a href="http://evil.example/">here</a> &amp; {{ 7*7 }}'
)


class Page(HTMLParser):
    """What a reader sees, and what a program finds."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "br", "img"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] not in ("style", "title"):
            self.words.append(data)

    @property
    def shown(self) -> str:
        return " ".join(" ".join(self.words).split())


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_a_full_morning(language: str) -> None:
    agrees(f"summary.{language}.txt", text(morning(language)))


def test_a_quiet_morning_is_short() -> None:
    assert len(Page(html(quiet_morning())).shown) < 400


def test_both_forms_have_the_same_people_and_quotes_in_the_same_order() -> None:
    content = morning()
    plain = " ".join(re.sub(r"(?m)^ +[|>] ?", "", text(content)).split())
    page = Page(html(content)).shown
    passages = [
        *(f"{item.number}. {item.name}" for item in content.numbered()),
        *(" ".join(item.words.split()) for item in content.needs_you),
        *(call.phone for call in content.call_today),
        *(thing.what for thing in content.happened),
        *(" ".join(item.first_lines.split()) for item in content.leaves),
        *(action.label for item in content.numbered() for action in item.actions),
        "31 asked",
        "Dana Weiss (waits for your word)",
        "Pat O'Neil (asked)",
    ]
    for passage in passages:
        assert passage in plain
        assert passage in page

    def order(shown: str) -> list[int]:
        return [shown.index(f"{item.number}. {item.name}") for item in content.numbered()]

    assert order(plain) == sorted(order(plain))
    assert order(page) == sorted(order(page))


def test_every_item_begins_its_line_with_its_number_and_name() -> None:
    content = morning()
    lines = text(content).splitlines()
    for item in content.numbered():
        assert sum(line.startswith(f"{item.number}. {item.name}") for line in lines) == 1
    assert sum(bool(re.match(r"\d+\.", line)) for line in lines) == len(tuple(content.numbered()))


def test_a_strangers_words_cannot_pass_for_a_numbered_line() -> None:
    item = NeedsYou(1, Need.question, "Una\n9. Eve", words="x\n2. remove\r3. yes\u20284. stop", note="a\n5. stop")
    lines = text(
        replace(quiet_morning(), needs_you=(item,), happened=(Happened("a\n6. yes", "b\n7. no"),))
    ).splitlines()
    assert [line for line in lines if re.match(r"\d+\.", line)] == ["1. Una 9. Eve"]


def test_numbers_are_unique() -> None:
    item = NeedsYou(1, Need.yes, "Una")
    with pytest.raises(ValueError, match="same number"):
        replace(quiet_morning(), needs_you=(item,), call_today=(Call(1, "Bo", "+1"),))


@pytest.mark.parametrize(
    "change, line",
    [
        ({}, "All quiet: askaround, Tue 24 Nov"),
        ({"needs_you": (NeedsYou(1, Need.yes, "Una"),)}, "1 needs you: askaround, Tue 24 Nov"),
        ({"happened": (Happened("x"),)}, "Nothing needs you, 1 thing happened: askaround, Tue 24 Nov"),
        ({"paused": True}, "Paused: askaround, Tue 24 Nov"),
        ({"problems": ("The mailbox was not read since Monday.",)}, "1 problem: askaround, Tue 24 Nov"),
        ({"again": True}, "All quiet: askaround, Tue 24 Nov (sent again)"),
    ],
)
def test_the_subject_says_it_at_a_glance(change: dict[str, object], line: str) -> None:
    assert subject(replace(quiet_morning(), **change)) == line  # type: ignore[arg-type]


def test_the_subject_of_a_full_morning() -> None:
    assert subject(morning()) == "3 need you, 1 call, 2 mails leave: askaround, Tue 24 Nov"


def test_empty_sections_are_left_out() -> None:
    for title in ("Needs you", "Call today", "What happened", "What leaves", "How it stands"):
        assert title.upper() in text(morning())
        assert title.upper() not in text(quiet_morning())
        assert title not in Page(html(quiet_morning())).shown


def evil_morning() -> SummaryContent:
    return replace(
        quiet_morning(),
        needs_you=(
            NeedsYou(
                1,
                Need.review,
                EVIL,
                '"><b>@x.example',
                EVIL,
                words=EVIL + "\n\x00\x1b[31m\u202e" + "w" * 5000,
                reading=Intent.other,
                deciding=(EVIL,),
                times=(EVIL,),
                note=EVIL,
                actions=(
                    Action(EVIL, "1. ok&body=x", None),
                    Action("x", to='a"@x.example?bcc=eve@x.example', subject="a&b"),
                ),
            ),
        ),
        call_today=(Call(2, EVIL, 'javascript:alert(1)"+1 <b>', None, EVIL, EVIL, say=(EVIL,)),),
        happened=(Happened(EVIL, EVIL),),
        standing=Standing(tree=(Led(EVIL, EVIL),)),
        problems=(EVIL,),
    )


def test_everything_from_strangers_is_escaped() -> None:
    page = Page(html(evil_morning()))
    assert not {tag for tag, _ in page.tags} & {"script", "img", "b"}
    for tag, attributes in page.tags:
        assert not any(name.startswith("on") for name in attributes)
        if tag == "a":
            assert re.match(r"mailto:|tel:", attributes["href"] or "")
    assert "{{ 7*7 }}" in page.shown
    assert not re.search(r"[\x00-\x08\x1b\u202e]", html(evil_morning()) + text(evil_morning()))
    assert "w" * 1000 not in text(evil_morning())


def test_nothing_is_fetched() -> None:
    source = html(morning())
    assert not re.search(r"https?:|url\(|@import|<img|<link|src=", source)


def test_the_page_is_built_for_every_reader() -> None:
    page = Page(html(morning()))
    names = [tag for tag, _ in page.tags]
    assert not page.open
    assert names.count("h1") == 1
    assert names.count("h2") == 5
    assert all(attributes.get("role") == "presentation" for tag, attributes in page.tags if tag == "table")
    assert next(attributes["lang"] for tag, attributes in page.tags if tag == "html") == "en"
    assert ("meta", {"name": "color-scheme", "content": "light dark"}) in page.tags
    levels = [int(tag[1]) for tag in names if re.fullmatch(r"h\d", tag)]
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))
    assert "prefers-color-scheme: dark" in html(morning())


def test_links_answer_with_everything_filled_in() -> None:
    content = morning()
    links = [attributes["href"] or "" for tag, attributes in Page(html(content)).tags if tag == "a"]
    asked = next(link for link in links if "3.%20ask" in link)
    parts = urlsplit(asked)
    filled = parse_qs(parts.query)
    assert unquote(parts.path) == content.mailbox
    assert filled["subject"] == ["Re: " + subject(content)]
    assert filled["body"] == [f"3. ask\r\n\r\nRef: {content.token}\r\n"]
    assert "mailto:lee@rivers.example?subject=Re%3A%20Thirty%20minutes%20about%20hydrology%3F" in links
    assert "tel:+351215550177" in links


def test_an_address_cannot_add_to_its_link() -> None:
    source = html(evil_morning())
    assert "?bcc=" not in source
    assert "ok%26body%3Dx" in source


@pytest.mark.parametrize("need", list(Need))
@pytest.mark.parametrize("reading", [None, *Intent])
def test_every_need_has_its_choices(need: Need, reading: Intent | None) -> None:
    for language in LANGUAGES:
        found = actions_for(
            need, 7, name="Una Berg", email="una@x.example", subject="Hi", reading=reading, language=language
        )
        assert found
        for action in found:
            assert action.label
            assert "{" not in action.label
            assert action.to == "una@x.example" or action.line.startswith("7. ")


def test_every_language_has_every_word() -> None:
    english = LANGUAGES["en"]
    for words in LANGUAGES.values():
        assert set(words.needs) == set(Need)
        assert set(words.intents) == set(Intent)
        assert set(State) <= {State(key) for key in words.states if key in set(State)}
        assert (len(words.days), len(words.short_days), len(words.months), len(words.short_months)) == (7, 7, 12, 12)
        for table in ("texts", "actions", "counts", "steps", "states"):
            theirs, ours = getattr(words, table), getattr(english, table)
            assert theirs.keys() == ours.keys()
            for key in ours:
                slots = [sorted(set(re.findall(r"\{\w+\}", str(found[key])))) for found in (theirs, ours)]
                assert slots[0] == slots[1], key


def test_three_sentences_for_the_phone() -> None:
    said = sentences(replace(UNA, email=None), OWNER)
    assert len(said) == 3
    assert "wrote" not in said[0]
    assert "hydrology" in said[1]
    assert "None" not in " ".join(sentences(UNA, replace(OWNER, about={})))


def test_the_mail_says_that_it_is_automatic() -> None:
    raw = compose(morning(), HEADER)
    message = message_from_bytes(raw, policy=policy.default)
    assert message["auto-submitted"] == "auto-generated"
    assert message["x-askaround-token"] == morning().token
    assert message["subject"] == subject(morning())
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    plain, page = (part.get_content().replace("\r\n", "\n") for part in message.iter_parts())
    assert plain == text(morning())
    assert page == html(morning())
    assert f"Ref: {morning().token}" in plain
    assert max(map(len, raw.split(b"\r\n"))) <= 78


def test_the_mail_of_an_evil_morning_is_sound() -> None:
    assert compose(evil_morning(), HEADER).count(b"\r\nTo:") == 1


def test_times_are_told_where_they_differ() -> None:
    call = Call(1, "Bo", "+1", their_time=datetime(2026, 11, 25, 1, 30, tzinfo=UTC))
    shown = text(replace(quiet_morning(), call_today=(call,), last_check=datetime(2026, 11, 23, 9, 0, tzinfo=UTC)))
    assert "It is Wed 25 Nov, 01:30 for them when it is 07:30 for you." in " ".join(shown.split())
    assert "was last read Mon 23 Nov, 09:00." in " ".join(shown.split())


def test_a_pause_is_told_with_its_end() -> None:
    shown = text(replace(quiet_morning(), paused=True, paused_until=date(2026, 12, 1)))
    assert "Sending is paused until Tue 1 Dec." in shown


@pytest.mark.parametrize(
    "language, said",
    [
        ("en", "1 asked, 1 answered, 1 talk, 1 name"),
        ("de", "1 gefragt, 1 geantwortet, 1 Gespräch, 1 Name"),
        ("fr", "1 contacté, 1 réponse, 1 entretien, 1 nom"),
        ("es", "1 contactado, 1 respuesta, 1 charla, 1 nombre"),
    ],
)
def test_one_of_a_kind_is_counted_in_the_singular(language: str, said: str) -> None:
    found = replace(quiet_morning(), language=language, standing=Standing(1, 1, 1, 1))
    assert said in text(found)
    for word in said.replace("1 ", "").split(", "):
        assert f">{word}</p>" in html(found)
