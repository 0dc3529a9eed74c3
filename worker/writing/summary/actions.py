"""What the owner can do about each item: the label of a link, and the words that it answers with."""

from __future__ import annotations

from worker.conversation.vocabulary import Intent
from worker.writing.names import first_name
from worker.writing.subject import reply_subject
from worker.writing.summary.content import Action, Need
from worker.writing.summary.phrases import inline
from worker.writing.summary.words import words_for

# What is offered for which need: the key of the link's label, and that of what it answers.
_CHOICES: dict[Need, tuple[tuple[str, str], ...]] = {
    Need.yes: (("met", "met"), ("not_yes", "not_yes")),
    Need.question: (("wait", "wait"),),
    Need.review: (("is_yes", "yes"), ("is_no", "no"), ("wait", "wait")),
    Need.proposed: (("ask", "ask"), ("dont_ask", "dont_ask")),
    Need.uncertain: (("arrived", "arrived"), ("not_arrived", "not_arrived")),
    Need.name_without_address: (("fill_in", "fill_in"), ("dont_ask", "dont_ask")),
    Need.later: (("later", "later"), ("wait", "wait")),
    Need.took_place: (("met", "met"), ("not_yet", "not_yet"), ("no_talk", "no_talk")),
    Need.domain: (("nobody_there", "yes"), ("others_there", "no")),
    Need.trouble: (("seen", "ok"),),
    Need.draft: (("send", "send"), ("dont_send", "cancel")),
}
_WRITE = frozenset({Need.yes, Need.question, Need.took_place})


def actions_for(
    need: Need,
    number: int,
    *,
    name: str,
    email: str | None = None,
    subject: str | None = None,
    reading: Intent | None = None,
    language: str | None = "en",
) -> tuple[Action, ...]:
    """The usual choices for an item of Needs you; where a person waits for words of the owner's own, the first link
    writes to them. `subject` is that of their mail; `reading` is what a review is about."""
    words = words_for(language)
    full = inline(name, 60)
    short = first_name(name) or full
    answers = dict(words.orders, not_yes=words.refuted[Intent.interested])
    choices = _CHOICES[need]
    what = ""
    if need is Need.review and reading is not None and reading in words.refuted:
        choices = (("right", "ok"), ("wrong", "refuted"), ("wait", "wait"))
        answers["refuted"] = words.refuted[reading]
        what = words.intents[reading]
    chosen = [
        Action(words.actions[label].format(name=short, what=what), f"{number}. {answers[told].format(full=full)}")
        for label, told in choices
    ]
    if need in _WRITE and email:
        written = Action(
            words.actions["write"].format(name=short), to=email, subject=reply_subject(subject) if subject else ""
        )
        chosen.insert(0, written)
    return tuple(chosen)


def call_actions(number: int, *, name: str, language: str | None = "en") -> tuple[Action, ...]:
    """After a call: reached, or not."""
    words = words_for(language)
    short = first_name(name) or inline(name, 60)
    return (
        Action(words.actions["called"].format(name=short), f"{number}. {words.orders['called']}"),
        Action(words.actions["no_answer"], f"{number}. {words.orders['no_answer']}"),
    )


def leaving_actions(number: int, *, language: str | None = "en") -> tuple[Action, ...]:
    """Before a mail leaves: stop it."""
    words = words_for(language)
    return (Action(words.actions["not_this"], f"{number}. {words.orders['cancel']}"),)
