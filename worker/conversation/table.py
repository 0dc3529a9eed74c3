"""The table: what follows from what happens to a conversation, row by row."""

from __future__ import annotations

from dataclasses import dataclass, replace

from worker.conversation.evidence import is_human_reply, occurrences, seen_in
from worker.conversation.standing import ACT_WORDS, Act, Decision, Occurrence, Standing
from worker.conversation.vocabulary import Match, Reading, State, Step

__all__ = [
    "ROWS",
    "Act",
    "Decision",
    "Occurrence",
    "Row",
    "Standing",
    "acts_alone",
    "confirmed",
    "decide",
    "decide_all",
    "is_human_reply",
    "markdown",
    "occurrences",
    "on_human_reply",
    "seen_in",
]


@dataclass(frozen=True, slots=True)
class Row:
    """When one of `events` happens in one of `states` and every flag of `when` holds: go, and act."""

    id: str
    events: tuple[Occurrence, ...]
    states: frozenset[State]
    goes: State | None  # None: the state stays
    acts: tuple[Act, ...]
    when: tuple[tuple[str, bool], ...]

    def fits(self, standing: Standing, occurrence: Occurrence) -> bool:
        return (
            occurrence in self.events
            and standing.state in self.states
            and all(getattr(standing, flag) is wanted for flag, wanted in self.when)
        )


def _row(name: str, events: str, states: str, goes: str, acts: str = "", when: str = "") -> Row:
    left_out = frozenset(states.partition("any but ")[2].split())
    listed = frozenset(State) - {State(s) for s in left_out} if states.startswith("any") else map(State, states.split())
    return Row(
        id=name,
        events=tuple(Occurrence) if events == "any" else tuple(map(Occurrence, events.split())),
        states=frozenset(listed),
        goes=None if goes == "same" else State(goes),
        acts=tuple(map(Act, acts.split())),
        when=tuple((word.removeprefix("not:"), not word.startswith("not:")) for word in when.split()),
    )


_WROTE = (
    "interested question declined referral later left_company unsure junk_answer stranger_wrote stranger_yes "
    "calendar_accepted calendar_declined"
)
_GONE = "left_company hard_bounce"
_WAITING = "asked snoozed silent"
_LATER = "planned asked silent snoozed declined referral_asked"
_LAPSED = "planned asked snoozed silent declined referral_asked unreachable"

# Tried from the top; the first row that fits decides. Columns: id, events, states, goes to, acts, flags of Standing.
# fmt: off
ROWS: tuple[Row, ...] = (
    _row("opt-out", "opt_out complaint", "any", "opted_out", "cancel_pending suppress hold_related tell_owner"),

    _row("told-remove", "told_remove", "any", "opted_out", "cancel_pending suppress"),
    _row("told-yes-lifts", "told_yes", "opted_out", "talking", "lift_suppression"),
    _row("told-met-lifts", "told_met", "opted_out", "met", "lift_suppression"),
    _row("opted-out-wrote", _WROTE, "opted_out", "same", "tell_owner"),
    _row("opted-out-later", "told_later", "opted_out", "same", "tell_owner"),
    _row("opted-out", "any", "opted_out", "same"),

    _row("told-yes-met", "told_yes", "met", "same"),
    _row("told-yes", "told_yes", "any", "talking", "cancel_pending"),
    _row("told-met-again", "told_met", "met", "same"),
    _row("told-met-dead", "told_met", "unreachable", "met", "cancel_pending draft_report_back"),
    _row("told-met", "told_met", "any", "met", "cancel_pending plan_thanks_for_talk draft_report_back"),
    _row("told-no-again", "told_no", "declined closed", "same"),
    _row("told-no-twice", "told_no", "referral_asked referred", "closed", "cancel_pending"),
    _row("told-no-asked", "told_no", "any", "closed", "cancel_pending", "asked_for_name"),
    _row("told-no-dead", "told_no", "unreachable", "declined", "cancel_pending"),
    _row("told-no", "told_no", "any", "declined", "cancel_pending draft_referral_request", "anything_sent"),
    _row("told-no-unwritten", "told_no", "any", "declined", "cancel_pending"),
    _row("told-stop", "told_stop", "any", "closed", "cancel_pending stop_sequence"),
    _row("told-called", "told_called", "any", "same", "drop_nudge"),
    _row("told-wait", "told_wait", "any", "same", "hold_pending"),
    _row("told-later-dead", "told_later", "unreachable", "same", "tell_owner"),

    _row("unsure", "unsure", "any", "same", "hold_pending review"),
    _row("junk", "junk_answer", "any", "same", "hold_pending review"),
    _row("stranger", "stranger_wrote", "any", "same", "hold_pending review"),
    _row("stranger-yes", "stranger_yes", "any", "same", "hold_pending add_stranger review"),

    _row("yes", "interested question", "any but met", "talking", "cancel_pending tell_owner"),

    _row("decline-asked", "declined", _WAITING, "closed", "cancel_pending", "asked_for_name"),
    _row("decline", "declined", _WAITING, "declined", "cancel_pending plan_referral_request"),
    _row("decline-again", "declined", "declined referral_asked referred", "closed", "cancel_pending"),
    _row("decline-late", "declined", "any", "same", "hold_pending review"),

    _row("referral-stopped", "referral", "closed", "same", "propose_people tell_owner", "closed_by_owner"),
    _row("referral", "referral", f"{_WAITING} declined referral_asked referred closed", "referred",
         "cancel_pending ask_people plan_thanks_for_name tell_owner", "handed_on"),
    _row("referral-unnamed", "referral", f"{_WAITING} declined referral_asked referred closed", "referred",
         "cancel_pending tell_owner"),
    _row("referral-aside", "referral referral_automatic", "any", "same", "propose_people tell_owner"),
    _row("people", "people", "any", "same", "propose_people"),
    _row("successor", "successor", "any", "same", "ask_people"),

    _row("later-unwritten", "later told_later", "planned snoozed", "snoozed", "hold_pending ask_for_date",
         "not:anything_sent not:ask_open not:dated"),
    _row("later-moves-ask", "later told_later", "planned snoozed", "snoozed", "move_ask",
         "not:anything_sent not:ask_open"),
    _row("later-again", "later", _LATER, "snoozed", "cancel_pending keep_date tell_owner", "checked_in dated"),
    _row("later-undated", "later", _LATER, "snoozed", "cancel_pending ask_for_date", "not:dated"),
    _row("later-moved", "later told_later", "snoozed", "snoozed", "move_check_in", "not:checked_in dated"),
    _row("later", "later", _LATER, "snoozed", "cancel_pending plan_check_in"),
    _row("later-aside", "later", "any", "same", "tell_owner"),
    _row("told-later-undated", "told_later", "any", "snoozed", "cancel_pending ask_for_date", "not:dated"),
    _row("told-later-again", "told_later", "any", "snoozed", "cancel_pending keep_date tell_owner", "checked_in"),
    _row("told-later", "told_later", "any", "snoozed", "cancel_pending plan_check_in"),

    _row("away-undated", "out_of_office", "any", "same", "set_away tell_owner", "not:dated"),
    _row("away", "out_of_office", "any", "same", "set_away"),

    _row("gone", _GONE, _LAPSED, "unreachable", "cancel_pending mark_dead"),
    _row("gone-aside", _GONE, "any", "same", "hold_pending tell_owner"),
    _row("resend", "soft_failure", "asked referral_asked", "same", "resend_step", "of_last_step not:resent"),
    _row("resent-in-vain", "soft_failure", "asked referral_asked", "same", "hold_pending tell_owner",
         "of_last_step resent"),
    _row("soft-failure", "soft_failure refused", "any", "same", "tell_owner"),

    _row("owner-wrote", "own_mail", "any but met", "talking", "cancel_pending"),
    _row("owner-wrote-met", "own_mail", "met", "same", "hold_pending tell_owner"),

    _row("ask-sent", "ask_sent", "planned", "asked"),
    _row("moved-ask-sent", "ask_sent", "snoozed", "asked", "", "not:check_in_open not:checked_in"),
    _row("referral-request-sent", "referral_request_sent", "declined", "referral_asked"),
    _row("check-in-sent", "check_in_sent", "snoozed", "asked"),
    _row("other-sent", "ask_sent referral_request_sent check_in_sent nudge_sent other_sent", "any", "same"),

    _row("silence", "silence_over", "asked", "silent", "cancel_pending"),
    _row("no-name-came", "referral_silence_over", "referral_asked", "closed", "cancel_pending"),
    _row("snooze-again", "snooze_over", "snoozed", "same", "tell_owner", "checked_in"),
    _row("talk-due", "talk_due", "talking", "same", "ask_if_it_took_place"),

    _row("invited", "calendar_accepted", "any but met", "talking", "cancel_pending keep_time tell_owner"),
    _row("uninvited", "calendar_declined", "any but met", "same", "forget_time hold_pending review"),

    _row("wrote", _WROTE, "any", "same", "tell_owner"),
    _row("nothing", "any", "any", "same"),
)
# fmt: on


def on_human_reply(standing: Standing) -> Decision:
    """First of all, for any human reply in the thread: an open ask counts as arrived, pending mail is held.

    Planned becomes asked where an ask was open, so that the rows of asked apply.
    """
    if standing.state is State.opted_out:
        return Decision(State.opted_out, (), "human-reply")
    settled = (Act.settle_ask,) if standing.ask_open else ()
    state = State.asked if standing.ask_open and standing.state is State.planned else standing.state
    return Decision(state, (*settled, Act.hold_pending), "human-reply")


def decide(standing: Standing, occurrence: Occurrence) -> Decision:
    """The first row that fits; total over all standings and occurrences."""
    row = next(row for row in ROWS if row.fits(standing, occurrence))
    return Decision(row.goes or standing.state, row.acts, row.id)


def decide_all(standing: Standing, happened: tuple[Occurrence, ...], *, human: bool = False) -> tuple[Decision, ...]:
    """`on_human_reply` where `human`, then each occurrence upon the state that the one before it left.

    Acts are to be carried out in this order; the last decision holds the conversation's new state.
    """
    decisions: list[Decision] = []
    if human:
        first = on_human_reply(standing)
        if Act.settle_ask in first.acts:
            standing = replace(standing, ask_open=False, anything_sent=True, last_step=standing.last_step or Step.ask)
        standing = replace(standing, state=first.state)
        decisions.append(first)
    for occurrence in happened:
        decisions.append(decide(standing, occurrence))
        standing = replace(standing, state=decisions[-1].state)
    return tuple(decisions)


def confirmed(standing: Standing, occurrence: Occurrence) -> Decision:
    """What the owner's "ok" on a review carries out.

    A sure reading in the thread is taken for granted (the caller asks `occurrences` again with it). Where the
    row says review all the same, only the owner knew what was agreed: a decline is then their "no", and all
    else is seen and changes nothing.
    """
    decision = decide(standing, occurrence)
    if Act.review not in decision.acts:
        return decision
    if occurrence is Occurrence.declined:
        return decide(standing, Occurrence.told_no)
    return Decision(standing.state, (), f"{decision.row}-ok")


def acts_alone(reading: Reading) -> bool:
    """Whether the worker carries out the row by itself for this mail in its thread, in state asked.

    False where the owner must decide, and where nothing is done at all (a list, a delay, a receipt).
    """
    standing = seen_in(Standing(State.asked, anything_sent=True, last_step=Step.ask), reading)
    decisions = decide_all(standing, occurrences(reading, match=Match.thread))
    acts = [act for decision in decisions for act in decision.acts]
    return bool(acts) and Act.review not in acts


def markdown() -> str:
    """docs/conversation.md: the rows as they are tried."""
    lines = [_PREFACE, "| row | event | in | if | goes to | and |", "| --- | --- | --- | --- | --- | --- |"]
    for row in ROWS:
        flags = ", ".join(flag if wanted else f"not {flag}" for flag, wanted in row.when)
        events = "anything else" if len(row.events) == len(Occurrence) else ", ".join(row.events)
        cells = (row.id, events, _states(row.states), flags, row.goes or "same", ", ".join(row.acts))
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join([*lines, "", "## What the acts mean", "", *_glossary()]) + "\n"


def _states(states: frozenset[State]) -> str:
    left_out = [state for state in State if state not in states]
    if not left_out:
        return "any"
    if len(left_out) < 3:
        return "any but " + ", ".join(left_out)
    return ", ".join(state for state in State if state in states)


_PREFACE = """# The conversation

Printed by `python -m worker.conversation.table`; `make docs` writes it, and a test compares.

Rows are tried from the top, and the first one that fits decides: the event, the state that the conversation
is in, and the flags under "if". Its id is what `askaround story` prints. Before them, for every human reply in
the thread: an open ask counts as arrived (planned becomes asked), and what is pending is held. A row that acts
cancels what was held and plans its own; a row that says `review` or `tell_owner` leaves it held until the owner
decides.

"Pending" is every mail of the conversation that has not left. A `plan_` or `draft_` is void where that step
already left: each step leaves at most once.
"""


def _glossary() -> list[str]:
    return ["| act | means |", "| --- | --- |", *(f"| {act} | {words} |" for act, words in ACT_WORDS.items())]


if __name__ == "__main__":
    import sys

    sys.stdout.write(markdown())
