"""The morning's mail to the owner: one content, as text and as HTML."""

from worker.writing.summary.actions import actions_for, call_actions, leaving_actions
from worker.writing.summary.compose import compose
from worker.writing.summary.content import (
    Action,
    Attachment,
    Call,
    Happened,
    Leaving,
    Led,
    Need,
    NeedsYou,
    Standing,
    SummaryContent,
    Week,
)
from worker.writing.summary.html import html
from worker.writing.summary.phrases import alert_subject, sentences, subject
from worker.writing.summary.said import said
from worker.writing.summary.text import text
from worker.writing.summary.words import Words, words_for

__all__ = [
    "Action",
    "Attachment",
    "Call",
    "Happened",
    "Leaving",
    "Led",
    "Need",
    "NeedsYou",
    "Standing",
    "SummaryContent",
    "Week",
    "Words",
    "actions_for",
    "alert_subject",
    "call_actions",
    "compose",
    "html",
    "leaving_actions",
    "said",
    "sentences",
    "subject",
    "text",
    "words_for",
]
