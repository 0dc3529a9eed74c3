"""The table is total, says what it was agreed to say, and is the one that the documentation prints."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import fields
from itertools import product
from pathlib import Path

import pytest

from worker.conversation.standing import ACT_WORDS
from worker.conversation.table import (
    ROWS,
    Act,
    Occurrence,
    Standing,
    confirmed,
    decide,
    decide_all,
    markdown,
    on_human_reply,
)
from worker.conversation.vocabulary import State, Step

TOLD = frozenset(one for one in Occurrence if one.startswith("told_"))
PLANS = frozenset(
    act for act in Act if act.startswith(("plan_", "draft_", "move_")) or act in (Act.ask_people, Act.resend_step)
)
FLAGS = frozenset(one.name for one in fields(Standing)) - {"state", "last_step"}


def _flags_of(occurrence: Occurrence) -> list[str]:
    return sorted({flag for row in ROWS if occurrence in row.events for flag, _ in row.when})


def every_case() -> Iterator[tuple[Standing, Occurrence]]:
    for occurrence in Occurrence:
        flags = _flags_of(occurrence)
        for state, values in product(State, product((False, True), repeat=len(flags))):
            yield Standing(state, **dict(zip(flags, values, strict=True))), occurrence


def test_every_state_and_occurrence_has_a_row() -> None:
    for standing, occurrence in every_case():
        decision = decide(standing, occurrence)
        assert decision.row, (standing, occurrence)
        assert len(set(decision.acts)) == len(decision.acts)


def test_every_row_decides_something_and_has_a_name_of_its_own() -> None:
    used = Counter(decide(*case).row for case in every_case())
    assert set(used) == {row.id for row in ROWS}
    assert len({row.id for row in ROWS}) == len(ROWS)


def test_flags_of_the_rows_exist() -> None:
    assert {flag for row in ROWS for flag, _ in row.when} <= FLAGS


def test_only_the_owners_word_leads_out_of_opted_out_and_nothing_is_sent_there() -> None:
    for standing, occurrence in every_case():
        if standing.state is not State.opted_out:
            continue
        decision = decide(standing, occurrence)
        assert not PLANS & set(decision.acts), (occurrence, decision)
        if occurrence not in TOLD:
            assert decision.state is State.opted_out, occurrence
    assert decide(Standing(State.opted_out), Occurrence.told_yes).state is State.talking
    for word in TOLD - {Occurrence.told_yes, Occurrence.told_met}:
        assert decide(Standing(State.opted_out), word).state is State.opted_out, word


def test_an_opt_out_or_complaint_counts_everywhere() -> None:
    for state, occurrence in product(State, (Occurrence.opt_out, Occurrence.complaint, Occurrence.told_remove)):
        decision = decide(Standing(state), occurrence)
        assert decision.state is State.opted_out
        assert {Act.cancel_pending, Act.suppress} <= set(decision.acts)
        assert (Act.hold_related in decision.acts) is (occurrence is not Occurrence.told_remove)


def test_a_review_holds_and_plans_nothing() -> None:
    for standing, occurrence in every_case():
        decision = decide(standing, occurrence)
        if Act.review in decision.acts:
            assert Act.hold_pending in decision.acts
            assert decision.state is standing.state
            assert not PLANS & set(decision.acts)


def test_what_plans_a_mail_cancels_or_moves_what_was_pending_before() -> None:
    for standing, occurrence in every_case():
        acts = decide(standing, occurrence).acts
        if any(act.startswith(("plan_", "draft_")) for act in acts):
            assert acts[0] is Act.cancel_pending, (standing, occurrence)


def test_nobody_who_was_asked_for_a_name_is_asked_again() -> None:
    for standing, occurrence in every_case():
        if standing.asked_for_name:
            asking = {Act.plan_referral_request, Act.draft_referral_request}
            assert not asking & set(decide(standing, occurrence).acts), (standing, occurrence)


def test_a_second_check_in_is_never_planned() -> None:
    for standing, occurrence in every_case():
        if standing.checked_in:
            acts = set(decide(standing, occurrence).acts)
            assert not {Act.plan_check_in, Act.move_check_in} & acts, (standing, occurrence)


def test_no_mail_follows_what_a_machine_or_a_stranger_said_but_the_same_step_once_more() -> None:
    machine = (
        *(Occurrence.referral_automatic, Occurrence.people, Occurrence.out_of_office, Occurrence.hard_bounce),
        *(Occurrence.refused, Occurrence.delay, Occurrence.receipt, Occurrence.automatic),
        *(Occurrence.stranger_wrote, Occurrence.stranger_yes, Occurrence.junk_answer, Occurrence.unsure),
        *(Occurrence.soft_failure, Occurrence.calendar_accepted, Occurrence.calendar_declined),
    )
    for standing, occurrence in every_case():
        if occurrence in machine:
            assert PLANS & set(decide(standing, occurrence).acts) <= {Act.resend_step}


def test_talking_and_met_are_left_only_by_the_owner_or_an_opt_out() -> None:
    for standing, occurrence in every_case():
        if standing.state in (State.talking, State.met) and occurrence not in TOLD:
            after = decide(standing, occurrence).state
            assert after in (standing.state, State.opted_out), (standing, occurrence)


# event, state, goes to, acts, flags
AGREED = [
    ("interested", "silent", "talking", "cancel_pending tell_owner", {}),
    ("question", "closed", "talking", "cancel_pending tell_owner", {"closed_by_owner": True}),
    ("interested", "met", "met", "tell_owner", {}),
    ("declined", "asked", "declined", "cancel_pending plan_referral_request", {}),
    ("declined", "snoozed", "closed", "cancel_pending", {"asked_for_name": True}),
    ("declined", "referral_asked", "closed", "cancel_pending", {}),
    ("declined", "declined", "closed", "cancel_pending", {}),
    ("declined", "talking", "talking", "hold_pending review", {}),
    ("declined", "planned", "planned", "hold_pending review", {}),
    ("declined", "unreachable", "unreachable", "hold_pending review", {}),
    ("referral", "asked", "referred", "cancel_pending ask_people plan_thanks_for_name tell_owner", {"handed_on": True}),
    (
        "referral",
        "closed",
        "referred",
        "cancel_pending ask_people plan_thanks_for_name tell_owner",
        {"handed_on": True},
    ),
    ("referral", "closed", "closed", "propose_people tell_owner", {"handed_on": True, "closed_by_owner": True}),
    ("referral", "silent", "referred", "cancel_pending tell_owner", {"handed_on": False}),
    ("referral", "talking", "talking", "propose_people tell_owner", {"handed_on": True}),
    ("referral", "planned", "planned", "propose_people tell_owner", {"handed_on": True}),
    ("referral_automatic", "asked", "asked", "propose_people tell_owner", {"handed_on": True}),
    ("later", "asked", "snoozed", "cancel_pending plan_check_in", {"anything_sent": True}),
    ("later", "snoozed", "snoozed", "move_check_in", {"anything_sent": True}),
    ("later", "silent", "snoozed", "cancel_pending ask_for_date", {"anything_sent": True, "dated": False}),
    ("later", "asked", "snoozed", "cancel_pending keep_date tell_owner", {"anything_sent": True, "checked_in": True}),
    ("later", "planned", "snoozed", "move_ask", {}),
    ("later", "referred", "referred", "tell_owner", {}),
    ("out_of_office", "talking", "talking", "set_away", {}),
    ("out_of_office", "asked", "asked", "set_away tell_owner", {"dated": False}),
    ("left_company", "declined", "unreachable", "cancel_pending mark_dead", {}),
    ("hard_bounce", "asked", "unreachable", "cancel_pending mark_dead", {}),
    ("hard_bounce", "talking", "talking", "hold_pending tell_owner", {}),
    ("soft_failure", "asked", "asked", "resend_step", {}),
    ("soft_failure", "asked", "asked", "hold_pending tell_owner", {"resent": True}),
    ("soft_failure", "asked", "asked", "tell_owner", {"of_last_step": False}),
    ("soft_failure", "silent", "silent", "tell_owner", {}),
    ("own_mail", "planned", "talking", "cancel_pending", {}),
    ("own_mail", "closed", "talking", "cancel_pending", {}),
    ("ask_sent", "planned", "asked", "", {}),
    ("ask_sent", "talking", "talking", "", {}),
    ("ask_sent", "snoozed", "asked", "", {}),
    ("ask_sent", "snoozed", "snoozed", "", {"check_in_open": True}),
    ("referral_request_sent", "declined", "referral_asked", "", {}),
    ("check_in_sent", "snoozed", "asked", "", {}),
    ("nudge_sent", "asked", "asked", "", {}),
    ("silence_over", "asked", "silent", "cancel_pending", {}),
    ("silence_over", "snoozed", "snoozed", "", {}),
    ("referral_silence_over", "referral_asked", "closed", "cancel_pending", {}),
    ("snooze_over", "snoozed", "snoozed", "tell_owner", {"checked_in": True}),
    ("talk_due", "talking", "talking", "ask_if_it_took_place", {}),
    ("told_no", "asked", "declined", "cancel_pending draft_referral_request", {"anything_sent": True}),
    ("told_no", "talking", "closed", "cancel_pending", {"anything_sent": True, "asked_for_name": True}),
    ("told_no", "planned", "declined", "cancel_pending", {}),
    ("told_met", "talking", "met", "cancel_pending plan_thanks_for_talk draft_report_back", {}),
    ("told_stop", "asked", "closed", "cancel_pending stop_sequence", {}),
    ("told_called", "asked", "asked", "drop_nudge", {}),
    ("told_wait", "asked", "asked", "hold_pending", {}),
    ("told_later", "talking", "snoozed", "cancel_pending plan_check_in", {"anything_sent": True}),
    ("told_yes", "closed", "talking", "cancel_pending", {}),
    ("calendar_accepted", "asked", "talking", "cancel_pending keep_time tell_owner", {}),
    ("calendar_declined", "talking", "talking", "forget_time hold_pending review", {}),
    ("stranger_yes", "asked", "asked", "hold_pending add_stranger review", {}),
    ("delay", "asked", "asked", "", {}),
    ("receipt", "snoozed", "snoozed", "", {}),
]


@pytest.mark.parametrize(("event", "state", "goes", "acts", "flags"), AGREED)
def test_the_agreed_rows(event: str, state: str, goes: str, acts: str, flags: dict[str, bool]) -> None:
    decision = decide(Standing(State(state), **flags), Occurrence(event))
    assert (decision.state, " ".join(decision.acts)) == (State(goes), acts)


WRITTEN = (
    "interested question declined referral later left_company unsure junk_answer stranger_wrote stranger_yes "
    "calendar_accepted calendar_declined"
)
SEEN = "delay receipt automatic nudge_sent other_sent told_called told_wait told_stop told_no own_mail snooze_over"
ALIVE = "planned asked snoozed silent declined referral_asked unreachable"
ANSWERED = "talking met referred closed"
PUTS_OFF = "planned asked silent snoozed declined referral_asked"
HANDS_ON = "asked snoozed silent declined referral_asked referred closed"
ASK_ON = "cancel_pending draft_referral_request"
KEPT = "cancel_pending keep_date tell_owner"
REACHED = "any but opted_out unreachable"
SENT = "ask_sent referral_request_sent check_in_sent nudge_sent other_sent"
MET = "cancel_pending plan_thanks_for_talk draft_report_back"
THANKED = "cancel_pending ask_people plan_thanks_for_name tell_owner"
# events, states, goes to, acts, flags: what holds alike in many states
ALIKE = [
    ("opt_out complaint", "any", "opted_out", "cancel_pending suppress hold_related tell_owner", ""),
    ("told_remove", "any", "opted_out", "cancel_pending suppress", ""),
    ("told_yes", "opted_out", "talking", "lift_suppression", ""),
    ("told_met", "opted_out", "met", "lift_suppression", ""),
    (WRITTEN, "opted_out", "same", "tell_owner", ""),
    ("told_later", "opted_out", "same", "tell_owner", ""),
    (SEEN, "opted_out", "same", "", ""),
    ("told_yes", "met", "same", "", ""),
    ("told_yes", "any but opted_out met", "talking", "cancel_pending", ""),
    ("told_met", "met", "same", "", ""),
    ("told_met", "unreachable", "met", "cancel_pending draft_report_back", ""),
    ("told_met", "any but opted_out met unreachable", "met", MET, ""),
    ("told_no", "declined closed", "same", "", "anything_sent"),
    ("told_no", "referral_asked referred", "closed", "cancel_pending", "anything_sent"),
    ("told_no", "unreachable", "declined", "cancel_pending", "anything_sent"),
    ("told_no", "planned asked snoozed silent talking met", "declined", ASK_ON, "anything_sent"),
    ("told_no", "planned asked snoozed silent talking met", "declined", "cancel_pending", ""),
    ("told_no", "planned asked snoozed silent talking met unreachable", "closed", "cancel_pending", "asked_for_name"),
    ("told_stop", "any but opted_out", "closed", "cancel_pending stop_sequence", ""),
    ("told_called", "any but opted_out", "same", "drop_nudge", ""),
    ("told_wait", "any but opted_out", "same", "hold_pending", ""),
    ("told_later", "unreachable", "same", "tell_owner", "anything_sent"),
    ("told_later", "any but opted_out unreachable snoozed", "snoozed", "cancel_pending plan_check_in", "anything_sent"),
    ("told_later", REACHED, "snoozed", "cancel_pending ask_for_date", "anything_sent not:dated"),
    ("told_later", REACHED, "snoozed", KEPT, "anything_sent checked_in"),
    ("told_later later", "planned snoozed", "snoozed", "move_ask", ""),
    ("told_later later", "planned snoozed", "snoozed", "hold_pending ask_for_date", "not:dated"),
    ("told_later later", "snoozed", "snoozed", "move_check_in", "anything_sent"),
    ("told_later later", "planned snoozed", "snoozed", "cancel_pending ask_for_date", "ask_open not:dated"),
    ("later", PUTS_OFF.replace("snoozed", ""), "snoozed", "cancel_pending plan_check_in", "anything_sent"),
    ("later", "planned", "snoozed", "cancel_pending plan_check_in", "ask_open"),
    ("later", PUTS_OFF, "snoozed", "cancel_pending ask_for_date", "anything_sent not:dated"),
    ("later", PUTS_OFF, "snoozed", KEPT, "anything_sent checked_in"),
    ("later", PUTS_OFF, "snoozed", "cancel_pending ask_for_date", "anything_sent checked_in not:dated"),
    ("later", "talking met referred closed unreachable", "same", "tell_owner", "anything_sent"),
    ("unsure junk_answer stranger_wrote", "any but opted_out", "same", "hold_pending review", ""),
    ("stranger_yes", "any but opted_out", "same", "hold_pending add_stranger review", ""),
    ("interested question", "any but opted_out met", "talking", "cancel_pending tell_owner", ""),
    ("interested question", "met", "same", "tell_owner", ""),
    ("declined", "asked snoozed silent", "declined", "cancel_pending plan_referral_request", ""),
    ("declined", "asked snoozed silent", "closed", "cancel_pending", "asked_for_name"),
    ("declined", "declined referral_asked referred", "closed", "cancel_pending", ""),
    ("declined", "planned talking met closed unreachable", "same", "hold_pending review", ""),
    ("referral", HANDS_ON, "referred", THANKED, "handed_on"),
    ("referral", HANDS_ON, "referred", "cancel_pending tell_owner", ""),
    ("referral", "closed", "same", "propose_people tell_owner", "closed_by_owner"),
    ("referral", "planned talking met unreachable", "same", "propose_people tell_owner", "handed_on"),
    ("referral_automatic", "any but opted_out", "same", "propose_people tell_owner", "handed_on"),
    ("people", "any but opted_out", "same", "propose_people", ""),
    ("successor", "any but opted_out", "same", "ask_people", ""),
    ("out_of_office", "any but opted_out", "same", "set_away", ""),
    ("out_of_office", "any but opted_out", "same", "set_away tell_owner", "not:dated"),
    ("left_company hard_bounce", ALIVE, "unreachable", "cancel_pending mark_dead", ""),
    ("left_company hard_bounce", ANSWERED, "same", "hold_pending tell_owner", ""),
    ("soft_failure", "asked referral_asked", "same", "resend_step", ""),
    ("soft_failure", "asked referral_asked", "same", "hold_pending tell_owner", "resent"),
    ("soft_failure", "asked referral_asked", "same", "tell_owner", "not:of_last_step"),
    ("soft_failure", "asked referral_asked", "same", "tell_owner", "resent not:of_last_step"),
    ("soft_failure", "any but opted_out asked referral_asked", "same", "tell_owner", ""),
    ("refused", "any but opted_out", "same", "tell_owner", ""),
    ("own_mail", "any but opted_out met", "talking", "cancel_pending", ""),
    ("own_mail", "met", "same", "hold_pending tell_owner", ""),
    ("ask_sent", "planned", "asked", "", ""),
    ("ask_sent", "snoozed", "same", "", "checked_in"),
    (SENT, "talking met closed referred unreachable", "same", "", ""),
    ("silence_over", "any but asked", "same", "", ""),
    ("referral_silence_over", "any but referral_asked", "same", "", ""),
    ("snooze_over", "snoozed", "same", "", ""),
    ("snooze_over", "snoozed", "same", "tell_owner", "checked_in"),
    ("snooze_over", "any but snoozed", "same", "", "checked_in"),
    ("talk_due", "any but talking", "same", "", ""),
    ("calendar_accepted", "any but opted_out met", "talking", "cancel_pending keep_time tell_owner", ""),
    ("calendar_accepted", "met", "same", "tell_owner", ""),
    ("calendar_declined", "any but opted_out met", "same", "forget_time hold_pending review", ""),
    ("calendar_declined", "met", "same", "tell_owner", ""),
    ("delay receipt automatic", "any", "same", "", ""),
]  # fmt: skip


@pytest.mark.parametrize(("events", "states", "goes", "acts", "flags"), ALIKE)
def test_what_holds_in_many_states(events: str, states: str, goes: str, acts: str, flags: str) -> None:
    named = {State(one) for one in states.removeprefix("any but ").split() if one != "any"}
    where = set(State) - named if states.startswith("any") else named
    given = {flag.removeprefix("not:"): not flag.startswith("not:") for flag in flags.split()}
    for event, state in product(events.split(), where):
        decision = decide(Standing(state, **given), Occurrence(event))
        assert (decision.state, " ".join(decision.acts)) == (state if goes == "same" else goes, acts), (event, state)


def test_a_reply_to_an_open_ask_is_read_as_if_the_ask_had_arrived() -> None:
    standing = Standing(State.planned, ask_open=True)
    first, second = decide_all(standing, (Occurrence.declined,), human=True)
    assert first.acts == (Act.settle_ask, Act.hold_pending)
    assert first.state is State.asked
    assert (second.state, second.acts) == (State.declined, (Act.cancel_pending, Act.plan_referral_request))


def test_a_reply_to_a_moved_ask_that_is_on_its_way_moves_a_check_in_and_no_ask() -> None:
    standing = Standing(State.snoozed, ask_open=True)
    first, second = decide_all(standing, (Occurrence.later,), human=True)
    assert (first.state, first.acts) == (State.snoozed, (Act.settle_ask, Act.hold_pending))
    assert second.acts == (Act.move_check_in,)


def test_somebody_who_writes_before_our_ask_left_gets_the_ask_itself_later() -> None:
    _, second = decide_all(Standing(State.planned), (Occurrence.later,), human=True)
    assert (second.state, second.acts) == (State.snoozed, (Act.move_ask,))


def test_what_ran_first_is_named_in_the_story() -> None:
    assert on_human_reply(Standing(State.asked)).row == on_human_reply(Standing(State.opted_out)).row == "human-reply"
    assert confirmed(Standing(State.talking), Occurrence.unsure).row == "unsure-ok"
    assert decide(Standing(State.talking), Occurrence.declined).row == "decline-late"


def test_a_human_reply_holds_in_every_state_that_can_have_mail() -> None:
    for state in State:
        assert (Act.hold_pending in on_human_reply(Standing(state)).acts) is (state is not State.opted_out)
        assert on_human_reply(Standing(state)).state is state


def test_occurrences_of_one_mail_act_one_after_the_other() -> None:
    happened = (Occurrence.referral, Occurrence.calendar_accepted)
    decisions = decide_all(Standing(State.asked, anything_sent=True, handed_on=True), happened)
    assert [decision.state for decision in decisions] == [State.referred, State.talking]
    assert decisions[-1].acts[0] is Act.cancel_pending


@pytest.mark.parametrize("earlier", [Occurrence.interested, Occurrence.question])
def test_a_decline_beside_a_yes_or_a_question_is_the_owners_to_read(earlier: Occurrence) -> None:
    _, decline = decide_all(Standing(State.asked, anything_sent=True), (earlier, Occurrence.declined))
    assert decline.acts == (Act.hold_pending, Act.review)


def test_ok_on_a_late_decline_is_the_owners_no_and_ok_on_the_rest_changes_nothing() -> None:
    talking = Standing(State.talking, anything_sent=True)
    assert confirmed(talking, Occurrence.declined) == decide(talking, Occurrence.told_no)
    assert confirmed(talking, Occurrence.stranger_wrote).acts == ()
    asked = Standing(State.asked, last_step=Step.ask)
    assert confirmed(asked, Occurrence.declined) == decide(asked, Occurrence.declined)


def test_every_act_is_explained_and_used() -> None:
    assert set(ACT_WORDS) == set(Act)
    assert set(Act) == {act for row in ROWS for act in row.acts} | {Act.settle_ask}


def test_the_documentation_is_printed_from_the_table() -> None:
    document = Path(__file__).parents[2] / "docs" / "conversation.md"
    assert document.read_text(encoding="utf-8") == markdown(), (
        "python -m worker.conversation.table > docs/conversation.md"
    )
