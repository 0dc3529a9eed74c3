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


AGREED = [
    # event, state, goes to, an act, flags
    ("interested", "silent", "talking", "cancel_pending", {}),
    ("question", "closed", "talking", "tell_owner", {"closed_by_owner": True}),
    ("interested", "met", "met", "tell_owner", {}),
    ("declined", "asked", "declined", "plan_referral_request", {}),
    ("declined", "snoozed", "closed", "cancel_pending", {"asked_for_name": True}),
    ("declined", "referral_asked", "closed", "cancel_pending", {}),
    ("declined", "declined", "closed", "cancel_pending", {}),
    ("declined", "talking", "talking", "review", {}),
    ("declined", "planned", "planned", "review", {}),
    ("declined", "unreachable", "unreachable", "review", {}),
    ("referral", "asked", "referred", "plan_thanks_for_name", {"handed_on": True}),
    ("referral", "closed", "referred", "ask_people", {"handed_on": True}),
    ("referral", "closed", "closed", "propose_people", {"handed_on": True, "closed_by_owner": True}),
    ("referral", "silent", "referred", "tell_owner", {"handed_on": False}),
    ("referral", "talking", "talking", "propose_people", {"handed_on": True}),
    ("referral", "planned", "planned", "propose_people", {"handed_on": True}),
    ("referral_automatic", "asked", "asked", "propose_people", {"handed_on": True}),
    ("later", "asked", "snoozed", "plan_check_in", {"anything_sent": True}),
    ("later", "snoozed", "snoozed", "move_check_in", {"anything_sent": True}),
    ("later", "silent", "snoozed", "ask_for_date", {"anything_sent": True, "dated": False}),
    ("later", "asked", "snoozed", "tell_owner", {"anything_sent": True, "checked_in": True}),
    ("later", "planned", "snoozed", "move_ask", {}),
    ("later", "referred", "referred", "tell_owner", {}),
    ("out_of_office", "talking", "talking", "set_away", {}),
    ("out_of_office", "asked", "asked", "tell_owner", {"dated": False}),
    ("left_company", "declined", "unreachable", "mark_dead", {}),
    ("hard_bounce", "asked", "unreachable", "mark_dead", {}),
    ("hard_bounce", "talking", "talking", "tell_owner", {}),
    ("soft_failure", "asked", "asked", "resend_step", {}),
    ("soft_failure", "asked", "asked", "tell_owner", {"resent": True}),
    ("soft_failure", "asked", "asked", "tell_owner", {"of_last_step": False}),
    ("soft_failure", "silent", "silent", "tell_owner", {}),
    ("own_mail", "planned", "talking", "cancel_pending", {}),
    ("own_mail", "closed", "talking", "cancel_pending", {}),
    ("ask_sent", "planned", "asked", None, {}),
    ("ask_sent", "talking", "talking", None, {}),
    ("ask_sent", "snoozed", "asked", None, {}),
    ("ask_sent", "snoozed", "snoozed", None, {"check_in_open": True}),
    ("referral_request_sent", "declined", "referral_asked", None, {}),
    ("check_in_sent", "snoozed", "asked", None, {}),
    ("nudge_sent", "asked", "asked", None, {}),
    ("silence_over", "asked", "silent", "cancel_pending", {}),
    ("silence_over", "snoozed", "snoozed", None, {}),
    ("referral_silence_over", "referral_asked", "closed", "cancel_pending", {}),
    ("snooze_over", "snoozed", "snoozed", "tell_owner", {"checked_in": True}),
    ("talk_due", "talking", "talking", "ask_if_it_took_place", {}),
    ("told_no", "asked", "declined", "draft_referral_request", {"anything_sent": True}),
    ("told_no", "talking", "closed", "cancel_pending", {"anything_sent": True, "asked_for_name": True}),
    ("told_no", "planned", "declined", "cancel_pending", {}),
    ("told_met", "talking", "met", "plan_thanks_for_talk", {}),
    ("told_met", "talking", "met", "draft_report_back", {}),
    ("told_stop", "asked", "closed", "stop_sequence", {}),
    ("told_called", "asked", "asked", "drop_nudge", {}),
    ("told_wait", "asked", "asked", "hold_pending", {}),
    ("told_later", "talking", "snoozed", "plan_check_in", {"anything_sent": True}),
    ("told_yes", "closed", "talking", "cancel_pending", {}),
    ("calendar_accepted", "asked", "talking", "keep_time", {}),
    ("calendar_declined", "talking", "talking", "review", {}),
    ("stranger_yes", "asked", "asked", "add_stranger", {}),
    ("delay", "asked", "asked", None, {}),
    ("receipt", "snoozed", "snoozed", None, {}),
]


@pytest.mark.parametrize(("event", "state", "goes", "act", "flags"), AGREED)
def test_the_agreed_rows(event: str, state: str, goes: str, act: str | None, flags: dict[str, bool]) -> None:
    decision = decide(Standing(State(state), **flags), Occurrence(event))
    assert decision.state is State(goes)
    if act is None:
        assert decision.acts == ()
    else:
        assert Act(act) in decision.acts


def test_a_reply_to_an_open_ask_is_read_as_if_the_ask_had_arrived() -> None:
    standing = Standing(State.planned, ask_open=True)
    first, second = decide_all(standing, (Occurrence.declined,), human=True)
    assert first.acts == (Act.settle_ask, Act.hold_pending)
    assert first.state is State.asked
    assert (second.state, second.acts) == (State.declined, (Act.cancel_pending, Act.plan_referral_request))


def test_a_human_reply_holds_in_every_state_that_can_have_mail() -> None:
    for state in State:
        assert (Act.hold_pending in on_human_reply(Standing(state)).acts) is (state is not State.opted_out)
        assert on_human_reply(Standing(state)).state is state


def test_occurrences_of_one_mail_act_one_after_the_other() -> None:
    happened = (Occurrence.referral, Occurrence.calendar_accepted)
    decisions = decide_all(Standing(State.asked, anything_sent=True, handed_on=True), happened)
    assert [decision.state for decision in decisions] == [State.referred, State.talking]
    assert decisions[-1].acts[0] is Act.cancel_pending


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
