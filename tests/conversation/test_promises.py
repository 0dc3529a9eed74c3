"""Random histories of one conversation: whatever happens in whatever order, what was promised holds."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.examples import examples
from worker.conversation.table import (
    Act,
    Decision,
    Occurrence,
    Standing,
    decide_all,
    is_human_reply,
    occurrences,
    seen_in,
)
from worker.conversation.vocabulary import Bounce, Intent, Kind, Match, Person, Reading, State, Step

SENT = {
    Step.ask: Occurrence.ask_sent,
    Step.nudge: Occurrence.nudge_sent,
    Step.check_in: Occurrence.check_in_sent,
    Step.referral_request: Occurrence.referral_request_sent,
}
PLANNED_BY = {
    Act.plan_check_in: (Step.check_in, "due"),
    Act.move_check_in: (Step.check_in, "due"),
    Act.plan_referral_request: (Step.referral_request, "due"),
    Act.draft_referral_request: (Step.referral_request, "draft"),
    Act.plan_thanks_for_name: (Step.thanks_for_name, "due"),
    Act.plan_thanks_for_talk: (Step.thanks_for_talk, "due"),
    Act.draft_report_back: (Step.report_back, "draft"),
    Act.move_ask: (Step.ask, "due"),
}
# A mail that answers somebody, and the words that it may follow.
ANSWERS = {
    Step.referral_request: {Occurrence.declined, Occurrence.told_no},
    Step.thanks_for_name: {Occurrence.referral},
    Step.thanks_for_talk: {Occurrence.told_met},
    Step.report_back: {Occurrence.told_met},
    Step.check_in: {Occurrence.later, Occurrence.told_later},
}

NAMED = st.sampled_from([(), (Person(name="Dana Weiss"),), (Person(phone="+49 30 1234567"),)])
REPLIES = st.builds(
    Reading,
    kind=st.sampled_from([Kind.reply, Kind.auto_reply]),
    intent=st.sampled_from([*Intent, None]),
    sure=st.sampled_from([True, True, False]),
    referrals=NAMED,
)
FAILURES = st.builds(
    Reading,
    kind=st.just(Kind.bounce),
    bounce=st.builds(
        Bounce,
        recipient=st.just("anna@a.example"),
        status=st.none(),
        hard=st.booleans(),
        reason=st.just("x"),
        about=st.sampled_from(["recipient", "network", "policy"]),
    ),
)
OTHERS = st.sampled_from(
    [Reading(kind=kind) for kind in Kind if kind not in (Kind.reply, Kind.auto_reply, Kind.bounce)]
)
WORDS = st.sampled_from([one for one in Occurrence if one.startswith("told_")])


class Conversation(RuleBasedStateMachine):
    """A conversation and its outbox, kept the way the jobs keep them."""

    def __init__(self) -> None:
        super().__init__()
        self.standing = Standing(State.planned)
        self.outbox: dict[Step, str] = {Step.ask: "due"}
        self.left: list[Step] = []
        self.again: set[Step] = set()
        self.suppressed = False
        self.waits = False
        self.heard_since_ask = False
        self.cause: dict[Step, Occurrence] = {}

    # --- what the jobs do with a decision

    def carry_out(self, decision: Decision, occurrence: Occurrence | None) -> None:
        for act in decision.acts:
            if act is Act.hold_pending:
                self.outbox = {step: "draft" if kept == "draft" else "held" for step, kept in self.outbox.items()}
            elif act is Act.cancel_pending:
                self.outbox.clear()
            elif act is Act.suppress:
                self.suppressed = True
            elif act is Act.lift_suppression:
                self.suppressed = False
            elif act is Act.drop_nudge:
                self.outbox.pop(Step.nudge, None)
            elif act is Act.review:
                self.waits = True
            elif act is Act.settle_ask:
                self.left.append(Step.ask)
                self.outbox.pop(Step.ask, None)
            elif act is Act.resend_step:
                assert self.standing.last_step is not None
                assert self.standing.last_step not in self.again
                self.again.add(self.standing.last_step)
                self.standing = replace(self.standing, resent=True)
            elif act in PLANNED_BY:
                step, delivery = PLANNED_BY[act]
                assert step not in self.left or step not in (Step.check_in, Step.referral_request), (act, self.left)
                if step not in self.left:
                    self.outbox[step] = delivery
                    if occurrence:
                        self.cause[step] = occurrence
        self.standing = replace(
            self.standing,
            state=decision.state,
            closed_by_owner=decision.state is State.closed
            and (self.standing.closed_by_owner or Act.stop_sequence in decision.acts),
            check_in_open=Step.check_in in self.outbox,
        )

    def happens(self, *happened: Occurrence, human: bool = False) -> None:
        before = self.standing
        decisions = decide_all(before, happened, human=human)
        if human:
            self.carry_out(decisions[0], None)
            if Act.settle_ask in decisions[0].acts:
                self.standing = replace(self.standing, ask_open=False, anything_sent=True, last_step=Step.ask)
        for occurrence, decision in zip(happened, decisions[int(human) :], strict=True):
            self.carry_out(decision, occurrence)
        if before.state is State.opted_out and not any(one.startswith("told_") for one in happened):
            assert self.standing.state is State.opted_out

    # --- what can happen

    @initialize(asked=st.sampled_from([True, True, True, False]))
    def it_begins(self, asked: bool) -> None:
        if asked:
            self.leave(Step.ask)
            self.outbox[Step.nudge] = "due"

    @rule(
        reading=st.one_of(REPLIES, FAILURES, OTHERS),
        match=st.sampled_from([Match.thread, Match.thread, Match.guess]),
        in_junk=st.booleans(),
        from_contact=st.sampled_from([True, True, False]),
        dated=st.booleans(),
    )
    def a_mail_arrives(self, reading: Reading, match: Match, in_junk: bool, from_contact: bool, dated: bool) -> None:
        before = dict(self.outbox)
        happened = occurrences(reading, match=match, in_junk=in_junk, from_contact=from_contact)
        self.standing = replace(seen_in(self.standing, reading), dated=dated)
        human = is_human_reply(reading, match)
        was = self.standing.state
        self.happens(*happened, human=human)
        fresh = {step for step, delivery in self.outbox.items() if delivery == "due" and before.get(step) != "due"}
        fresh |= {step for step in self.outbox if self.cause.get(step) in happened and step not in before}
        if human:
            self.heard_since_ask = True
            # Promise 5: what still leaves by itself was planned by a row that read these words.
            leaving = {step for step, delivery in self.outbox.items() if delivery == "due"}
            assert all(self.cause.get(step) in happened or step is Step.ask for step in leaving), (leaving, happened)
            assert Step.nudge not in leaving
        if in_junk or match is Match.guess or not reading.sure or reading.kind is not Kind.reply or not from_contact:
            assert not fresh, (reading, fresh)
            allowed = {was, State.talking, State.opted_out, State.asked, State.unreachable}
            assert self.standing.state in allowed
        if match is Match.guess:
            assert self.standing.state in (was, State.opted_out)

    @rule(word=WORDS)
    def the_owner_tells(self, word: Occurrence) -> None:
        self.standing = replace(self.standing, dated=True)
        self.happens(word)

    @rule(occurrence=st.sampled_from([Occurrence.own_mail, Occurrence.talk_due]))
    def the_owner_writes_or_a_week_passes(self, occurrence: Occurrence) -> None:
        self.happens(occurrence)
        if occurrence is Occurrence.own_mail:
            assert "due" not in self.outbox.values()

    @precondition(lambda self: self.standing.state is State.asked and Step.ask in self.left)
    @rule()
    def a_nudge_is_planned(self) -> None:
        if Step.nudge not in self.left and not self.heard_since_ask and not self.standing.checked_in:
            self.outbox.setdefault(Step.nudge, "due")

    @rule(
        occurrence=st.sampled_from([Occurrence.silence_over, Occurrence.referral_silence_over, Occurrence.snooze_over])
    )
    def time_passes(self, occurrence: Occurrence) -> None:
        self.happens(occurrence)
        assert Step.nudge not in self.outbox or self.standing.state is not State.silent

    @precondition(lambda self: self.outbox.get(Step.ask) == "due" and not self.suppressed)
    @rule()
    def the_ask_is_on_the_wire(self) -> None:
        self.standing = replace(self.standing, ask_open=True)

    @precondition(lambda self: not self.suppressed and self.outbox)
    @rule(data=st.data(), sends=st.booleans())
    def a_mail_leaves(self, data: st.DataObject, sends: bool) -> None:
        step = data.draw(st.sampled_from(sorted(self.outbox)))
        if self.outbox[step] == "due" or (self.outbox[step] == "draft" and sends):
            self.leave(step)

    def leave(self, step: Step) -> None:
        assert step not in self.left, f"{step} a second time"
        assert self.standing.state is not State.opted_out
        if step in ANSWERS:
            assert self.cause[step] in ANSWERS[step]
        if step is Step.referral_request:
            assert not self.standing.asked_for_name
            assert self.standing.anything_sent
        if step is Step.nudge:
            assert not self.heard_since_ask, "a follow-up after an answer"
            assert self.standing.state is State.asked
        del self.outbox[step]
        self.left.append(step)
        asks_for_name = step in (Step.referral_request, Step.thanks_for_talk)
        self.standing = replace(
            self.standing,
            anything_sent=True,
            last_step=step,
            resent=False,
            ask_open=self.standing.ask_open and step is not Step.ask,
            checked_in=self.standing.checked_in or step is Step.check_in,
            asked_for_name=self.standing.asked_for_name or asks_for_name,
            check_in_open=Step.check_in in self.outbox,
        )
        self.happens(SENT.get(step, Occurrence.other_sent))

    # --- what must hold at every moment

    @invariant()
    def each_step_leaves_at_most_once(self) -> None:
        assert len(set(self.left)) == len(self.left)

    @invariant()
    def nothing_waits_to_leave_after_an_opt_out(self) -> None:
        if self.standing.state is State.opted_out:
            assert self.suppressed
            assert not self.outbox

    @invariant()
    def nothing_leaves_by_itself_while_they_talk_or_when_it_is_over(self) -> None:
        if self.standing.state in (State.talking, State.unreachable, State.closed):
            assert "due" not in self.outbox.values(), self.outbox

    @invariant()
    def a_nudge_belongs_to_asked(self) -> None:
        if self.outbox.get(Step.nudge) == "due":
            assert self.standing.state is State.asked


Conversation.TestCase.settings = settings(
    deadline=None, max_examples=examples(300), stateful_step_count=40, derandomize=True
)
TestHistories = Conversation.TestCase
