"""PURE: templates in, bytes out; no I/O, no clock, no chance."""

from worker.writing.compose import Header, compose
from worker.writing.names import checked_name, first_name
from worker.writing.render import Draft, check, declared_language, render
from worker.writing.subject import reply_subject
from worker.writing.tone import signs
from worker.writing.tongue import DEFAULT, code_of, untranslated
from worker.writing.variables import Owner, template_name, variables

__all__ = [
    "DEFAULT",
    "Draft",
    "Header",
    "Owner",
    "check",
    "checked_name",
    "code_of",
    "compose",
    "declared_language",
    "first_name",
    "render",
    "reply_subject",
    "signs",
    "template_name",
    "untranslated",
    "variables",
]
