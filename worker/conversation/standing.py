"""What can happen to a conversation, where it can stand, and what can follow: the columns of the table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from worker.conversation.vocabulary import State, Step


class Occurrence(StrEnum):
    """Everything that can happen to a conversation; a mail may be several (see `evidence.occurrences`)."""

    opt_out = "opt_out"
    complaint = "complaint"
    unsure = "unsure"  # low confidence, a guess, intent other, bytes that nobody can read
    junk_answer = "junk_answer"  # a decline, referral, later, left_company or soft failure that lies in Junk alone
    interested = "interested"
    question = "question"
    declined = "declined"
    referral = "referral"  # in a human reply
    referral_automatic = "referral_automatic"
    people = "people"  # in the referrals of another intent
    successor = "successor"  # in the referrals of a human left_company
    later = "later"
    out_of_office = "out_of_office"
    left_company = "left_company"
    hard_bounce = "hard_bounce"
    soft_failure = "soft_failure"  # for good, of one of our steps
    refused = "refused"  # a failure that is about our account, our policy standing or the message
    stranger_wrote = "stranger_wrote"  # somebody else than the contact, in the thread
    stranger_yes = "stranger_yes"
    calendar_accepted = "calendar_accepted"  # or proposed
    calendar_declined = "calendar_declined"  # or cancelled
    delay = "delay"
    receipt = "receipt"
    automatic = "automatic"  # automatic, with no meaning for the conversation
    own_mail = "own_mail"  # the owner wrote to them by hand
    ask_sent = "ask_sent"
    nudge_sent = "nudge_sent"
    check_in_sent = "check_in_sent"
    referral_request_sent = "referral_request_sent"
    other_sent = "other_sent"
    silence_over = "silence_over"  # silent_after_days passed in asked
    referral_silence_over = "referral_silence_over"  # silent_after_days passed in referral_asked
    snooze_over = "snooze_over"  # the date of a snoozed conversation has come
    talk_due = "talk_due"  # seven days of talking
    told_yes = "told_yes"
    told_met = "told_met"
    told_no = "told_no"
    told_stop = "told_stop"
    told_remove = "told_remove"
    told_called = "told_called"
    told_wait = "told_wait"
    told_later = "told_later"


class Act(StrEnum):
    """What is to be done beside the change of state; `ACT_WORDS` says what each means.

    Acts are carried out in their order. "Pending" is every mail of this conversation that has not left
    (draft, held, due, retry), and never one that is being sent.
    """

    settle_ask = "settle_ask"
    hold_pending = "hold_pending"
    cancel_pending = "cancel_pending"
    review = "review"
    tell_owner = "tell_owner"
    suppress = "suppress"
    lift_suppression = "lift_suppression"
    hold_related = "hold_related"
    plan_referral_request = "plan_referral_request"
    draft_referral_request = "draft_referral_request"
    plan_thanks_for_name = "plan_thanks_for_name"
    plan_thanks_for_talk = "plan_thanks_for_talk"
    draft_report_back = "draft_report_back"
    propose_people = "propose_people"
    ask_people = "ask_people"
    add_stranger = "add_stranger"
    plan_check_in = "plan_check_in"
    move_check_in = "move_check_in"
    move_ask = "move_ask"
    ask_for_date = "ask_for_date"
    keep_date = "keep_date"
    set_away = "set_away"
    mark_dead = "mark_dead"
    resend_step = "resend_step"
    keep_time = "keep_time"
    forget_time = "forget_time"
    ask_if_it_took_place = "ask_if_it_took_place"
    drop_nudge = "drop_nudge"
    stop_sequence = "stop_sequence"


ACT_WORDS: Mapping[Act, str] = {
    Act.settle_ask: "the open ask counts as arrived",
    Act.hold_pending: "what is pending waits for the owner",
    Act.cancel_pending: "what is pending, held or not, never leaves",
    Act.review: "the reading waits for the owner, and what is held with it",
    Act.tell_owner: "the next summary says it, with what is still held",
    Act.suppress: "the address is never written to again",
    Act.lift_suppression: "the owner's word makes the address writable again",
    Act.hold_related: "unsent mail to colleagues and to people named by this person is held until the owner was asked",
    Act.plan_referral_request: "a referral_request after replies.referral_delay_hours",
    Act.draft_referral_request: 'a referral_request that waits for "send"',
    Act.plan_thanks_for_name: "a thanks_for_name after replies.referral_delay_hours",
    Act.plan_thanks_for_talk: "a thanks_for_talk at the next minute of their hours, on a day off too",
    Act.draft_report_back: 'a report_back to the introducer, where there is one; it waits for "send"',
    Act.propose_people: "who was named is shown to the owner, who may have them asked",
    Act.ask_people: 'who was named is asked where replies.new_contacts = "ask" and Promise 11 allow it, else proposed',
    Act.add_stranger: "who wrote is a new contact, talking, referred_by this one",
    Act.plan_check_in: "a check_in on the date that was named",
    Act.move_check_in: "the check_in moves to the new date, or is planned there",
    Act.move_ask: "nothing was ever sent, so the ask itself leaves on the date",
    Act.ask_for_date: "the owner is asked when to write again",
    Act.keep_date: "the date is kept: a check_in left before, so on it the owner is asked",
    Act.set_away: "away_until of the contact: the date that was read, else 5 business days on",
    Act.mark_dead: "the address is dead; this can be lifted, and is not an opt-out",
    Act.resend_step: "the same outbox row leaves once more after 5 business days; later steps wait for it",
    Act.keep_time: "the time of the appointment is kept",
    Act.forget_time: "the time that was kept counts no longer",
    Act.ask_if_it_took_place: "the summary asks whether the talk took place",
    Act.drop_nudge: "the nudge does not leave, also where it is not planned yet",
    Act.stop_sequence: "it is remembered that the owner closed this conversation",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """What the table must know of a conversation, and (the last three) of what happened to it.

    ask_open: an ask is sending, in_flight, retry or uncertain. anything_sent: some step left. asked_for_name:
    this person was ever asked for a name, in any campaign. closed_by_owner: by "stop". checked_in: a check_in
    left. check_in_open: a check_in waits to leave. resent: the last step already left a second time.
    handed_on: somebody was named with a name or an address. dated: a later or an absence came with a date.
    of_last_step: a failure concerns the last step that left.
    """

    state: State
    ask_open: bool = False
    anything_sent: bool = False
    asked_for_name: bool = False
    closed_by_owner: bool = False
    checked_in: bool = False
    check_in_open: bool = False
    last_step: Step | None = None
    resent: bool = False
    handed_on: bool = False
    dated: bool = True
    of_last_step: bool = True


@dataclass(frozen=True, slots=True)
class Decision:
    """The new state, what is to be done, and the id of the row that decided (`story` prints it)."""

    state: State
    acts: tuple[Act, ...]
    row: str
