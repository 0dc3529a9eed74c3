"""PURE: templates in, bytes out; no I/O, no clock, no chance."""

from worker.writing.compose import Header, compose
from worker.writing.names import checked_name, first_name
from worker.writing.render import Draft, check, render
from worker.writing.subject import reply_subject
from worker.writing.variables import Owner, template_name, variables

__all__ = [
    "Draft",
    "Header",
    "Owner",
    "check",
    "checked_name",
    "compose",
    "first_name",
    "render",
    "reply_subject",
    "template_name",
    "variables",
]
