"""Templates reach nothing but their variables, and what they make is tidy."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.writing.cast import NOBODY, OWNER, UNA
from worker.conversation.vocabulary import Contact
from worker.errors import TemplateError
from worker.writing import check, render, variables

GIVEN = variables(UNA, OWNER)


def body(text: str, contact: Contact = UNA) -> str:
    return render({"note": text}, "note", variables(contact, OWNER)).body


def refused(text: str, contact: Contact = UNA) -> TemplateError:
    began = time.perf_counter()
    with pytest.raises(TemplateError) as caught:
        body(text, contact)
    assert time.perf_counter() - began < 2
    return caught.value


ESCAPES = [
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ ''['__class__'] }}",
    "{{ contact.__class__ }}",
    "{{ contact['__init__'] }}",
    "{{ contact|attr('__class__') }}",
    "{{ contact._values }}",
    "{{ contact.get.__func__.__globals__ }}",
    "{{ contact.get.__self__ }}",
    "{{ self._TemplateReference__context }}",
    "{{ self.__init__.__globals__ }}",
    "{{ cycler.__init__.__globals__.os }}",
    "{{ lipsum.__globals__['os'] }}",
    "{{ lipsum(n=10**6) }}",
    "{{ namespace.__init__ }}",
    "{{ get_flashed_messages.__globals__ }}",
    "{{ range.__class__ }}",
    "{{ (1).__class__ }}",
    "{{ true.__class__.__base__ }}",
    "{{ '{0.__class__}'.format(contact) }}",
    "{{ '{a.__class__}'.format_map({'a': contact}) }}",
    "{{ ['a']|map(attribute='__class__')|list }}",
    "{{ [contact]|selectattr('__class__')|list }}",
    "{% include 'note' %}",
    "{% include '/etc/passwd' %}",
    "{% import 'note' as other %}",
    "{% from 'note' import other %}",
    "{% extends 'note' %}",
    "{% block a %}{% endblock %}",
    "{% macro a() %}{{ a() }}{{ a() }}{% endmacro %}{{ a() }}",
    "{% call range(3) %}{% endcall %}",
    "{% filter upper %}a{% endfilter %}",
    "{% set a %}a{% endset %}",
    "{% autoescape false %}a{% endautoescape %}",
    "{% for a in [1] recursive %}{{ loop([1]) }}{% endfor %}",
    "{% debug %}",
    "{{ contact.items.__call__() }}",
    "{% for x in owner.about.items() %}{{ x.append(1) }}{% endfor %}",
    "{{ sent.ask.__class__ }}",
]


@pytest.mark.parametrize("text", ESCAPES)
def test_there_is_no_way_out(text: str) -> None:
    refused(text)


GREEDY = [
    "{{ 'x' * 10**8 }}",
    "{{ 10**8 * 'x' }}",
    "{{ 'x' * 60000 }}{{ 'x' * 60000 }}",
    "{{ 'é' * 60000 }}",
    "{{ ('x' * 60000) ~ ('x' * 60000) }}",
    "{{ ('x' * 60000) + ('x' * 60000) }}",
    "{% set a = 'x' %}" + "{% set a = a ~ a %}" * 40 + "{{ a }}",
    "{% set a = 'x' %}" + "{% set a = a + a %}" * 40 + "{{ a }}",
    "{% set a = ['x'] %}" + "{% set a = a + a %}" * 40 + "{{ a|join }}",
    "{% set a = ['x'] %}" + "{% set a = [a, a] %}" * 40 + "{{ a }}",
    "{% set a = ('x',) %}{% set b = ('x',) %}"
    + "{% set a = (a, a) %}{% set b = (b, b) %}" * 40
    + "{% if a == b %}x{% endif %}",
    "{{ '%0100000000d' % 1 }}",
    "{{ '{:>100000000}'.format(1) }}",
    "{{ 'x'.ljust(10**8) }}",
    "{{ 'x'.zfill(10**8) }}",
    "{{ 'x'|center(10**8) }}",
    "{{ 'x'|indent(10**8) }}",
    "{{ '%100000000s'|format('x') }}",
    "{{ ('x' * 50000)|replace('x', 'yyyy') }}",
    "{{ 'x'|replace('', 'y' * 90000)|replace('y', 'z' * 90000) }}",
    "{{ (['x' * 1000] * 1000)|join(',') }}",
    "{{ ['x', 'x', 'x']|join('y' * 90000) }}",
    "{{ ('ΐ' * 40000)|upper }}",
    "{{ 2 ** 10 ** 10 }}{{ 9 ** (10 ** 9) }}",
    "{{ 9 ** 99999 }}",
    "{{ 5|round(-100000000) }}",
    "{% set a = 100000000 %}{{ 5|round(a * -1) }}",
    "{{ 5|round('x') }}",
    "{% set a = 99 %}" + "{% set a = a * a %}" * 40 + "x",
    "{% for a in range(10 ** 9) %}x{% endfor %}",
    "{% for a in range(5000) %}{% for b in range(5000) %}{% endfor %}{% endfor %}",
    "{% for a in 'x' * 5000 %}{% for b in 'x' * 5000 %}{% endfor %}{% endfor %}",
    "{% for a in '" + "x" * 9000 + "' %}{% for b in '" + "y" * 9000 + "' %}{% endfor %}{% endfor %}",
    "{% for a in range(300) %}" * 15 + "{% endfor %}" * 15,
    "{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}",
    "{{ " + "1 + " * 5000 + "1 }}",
    "x" * 70_000,
]


@pytest.mark.parametrize("text", GREEDY, ids=range(len(GREEDY)))
def test_what_would_grow_is_stopped_before_it_is_built(text: str) -> None:
    refused(text)


def test_rounding_is_for_honest_numbers() -> None:
    assert body("{{ 2.567|round(1) }} {{ 2.5|round|int }} {{ 1234|round(-2) }} {{ 5|round(-20) }}") == "2.6 2 1200 0\n"


def test_large_but_honest_output_passes() -> None:
    assert len(body("{% for a in range(900) %}{{ 'x' * 100 }}\n{% endfor %}")) == 90_900


@pytest.mark.parametrize(
    "text, said, line",
    [
        ("a\n\n{{ contact.rolee }}", "contact.rolee does not exist (did you mean contact.role?)", 3),
        ("{{ owner.about.fild }}", "owner.about.fild does not exist (did you mean owner.about.field?)", 1),
        ("a\n{% if owner.about.nothing %}b{% endif %}", "owner.about.nothing", 2),
        ("{{ nobody }}", "'nobody' is undefined", 1),
        ("{{ nobody.name }}", "'nobody' is undefined", 1),
        ("a\nb\n{% if %}", "cannot be read", 3),
        ("a\n{{ 1 / 0 }}", "division by zero", 2),
        ("a\n{{ contact.name|upcase }}", "no filter 'upcase'", 2),
        ("---\nsubject: Hi\n---\nHi {{ contact.extra.city }}", "contact.extra.city", 4),
        ("---\nsubject: Hi {{ contact.nick }}\n---\nx", "contact.nick", 2),
        ("---\nsubjekt: Hi\n---\nx", "subjekt", 2),
        ("---\nsubject: Hi\nx", "do not end", 1),
    ],
)
def test_an_error_names_the_line_and_the_variable(text: str, said: str, line: int) -> None:
    error = refused(text)
    assert said in error.what
    assert error.where == f"note, line {line}"
    assert error.todo


def test_an_error_names_the_file() -> None:
    with pytest.raises(TemplateError) as caught:
        render({"ask.md": "{{ x }}"}, "ask", GIVEN, origin={"ask.md": "mine/ask.md"})
    assert caught.value.where == "mine/ask.md, line 1"


@pytest.mark.parametrize("text", ["Hi {{ contact.first_name }},", "as {{ contact['role'] }}", "{{ contact.extra.x }}"])
def test_an_empty_variable_is_never_printed(text: str) -> None:
    refused(text, NOBODY)


def test_an_empty_variable_can_be_asked_for() -> None:
    text = (
        "{% if contact.role %}a{% endif %}{% if contact.extra.x %}b{% endif %}"
        "{% if owner.about.y is defined %}c{% endif %}"
        "{{ contact.role or 'd' }}{{ contact.role|default('e', true) }}{{ owner.about.get('y', 'f') }}"
        "{{ owner.about.y|default('g') }}{{ contact.extra.x|default('h') }}"
    )
    assert body(text, NOBODY) == "defgh\n"


def test_the_body_is_tidied() -> None:
    assert body("\n\n a  b \t\r\n\r\n\r\n\r\nc ,\x00 d\u202e\u2028e\n\n\n") == " a b\n\nc, d\ne\n"


def test_only_a_line_of_tags_vanishes() -> None:
    assert body("a\n{% if true %}\nb\n{% endif %}\nc {% if true %}d{% endif %}\ne") == "a\nb\nc d\ne\n"


def test_the_subject_is_a_template_on_one_line() -> None:
    draft = render({"ask": '---\nsubject: "About {{ contact.company }}\u2028 x"\n---\nHi'}, "ask", GIVEN)
    assert draft.subject == "About Delta Works x"


def test_an_ask_needs_a_subject_and_every_mail_a_text() -> None:
    for templates, name in (
        ({"ask": "Hi"}, "ask"),
        ({"ask.referred": "Hi"}, "ask.referred"),
        ({"nudge": " \n"}, "nudge"),
    ):
        with pytest.raises(TemplateError):
            render(templates, name, GIVEN)
    assert render({"nudge": "Hi"}, "nudge", GIVEN).subject == ""


def test_a_missing_template_is_named_with_those_that_exist() -> None:
    error = check({"ask.md": "x"}, "nudge", GIVEN)
    assert error is not None
    assert "nudge" in error.what
    assert "ask.md" in (error.where or "")


def test_check_says_nothing_about_a_good_template() -> None:
    assert check({"nudge.md": "Hi {{ contact.first_name }}"}, "nudge", GIVEN) is None
    assert check({"nudge.md": "Hi {{ contact.first_name }}"}, "nudge", variables(NOBODY, OWNER)) is not None


def test_one_rendering_leaves_nothing_to_the_next() -> None:
    for _ in range(3):
        assert body("{% for a in range(9000) %}{% endfor %}x") == "x\n"


@given(st.text(alphabet="{}%#' |.ab()[]=~*-\n", max_size=60))
@settings(max_examples=400, deadline=None, derandomize=True)
def test_any_text_is_a_template_or_a_named_error(text: str) -> None:
    error = check({"note": "x" + text}, "note", GIVEN)
    assert error is None or error.where
