"""Each small change to the conversation's table is noticed by a test that says what was agreed, not only by the
comparison with the printed table.

ASKAROUND_ROWS sets how many are left out between two changes that are tried: 0 tries all.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.conversation import test_table as agreed
from tests.proof.figures import record
from worker.conversation import table
from worker.conversation.table import Decision, Row, decide

STRIDE = 1 + int(os.environ.get("ASKAROUND_ROWS", "19"))
BEFORE = table.ROWS
CASES = list(agreed.every_case())
TESTS = (
    agreed.test_only_the_owners_word_leads_out_of_opted_out_and_nothing_is_sent_there,
    agreed.test_a_review_holds_and_plans_nothing,
    agreed.test_what_plans_a_mail_cancels_or_moves_what_was_pending_before,
    agreed.test_nobody_who_was_asked_for_a_name_is_asked_again,
    agreed.test_a_second_check_in_is_never_planned,
    agreed.test_no_mail_follows_what_a_machine_or_a_stranger_said_but_the_same_step_once_more,
    agreed.test_talking_and_met_are_left_only_by_the_owner_or_an_opt_out,
    agreed.test_every_row_decides_something_and_has_a_name_of_its_own,
)


def changes() -> Iterator[tuple[str, tuple[Row, ...]]]:
    """The table with a row less, or with one act, flag, state, event or move of a row less, or a flag turned round."""
    for place, row in enumerate(BEFORE):
        others: list[tuple[str, Row | None]] = [("gone", None)]
        others += [
            (f"without {act}", replace(row, acts=tuple(one for one in row.acts if one != act))) for act in row.acts
        ]
        for flag, wanted in row.when:
            rest = tuple(one for one in row.when if one[0] != flag)
            others += [(f"whether {flag} or not", replace(row, when=rest))]
            others += [(f"{flag} turned round", replace(row, when=(*rest, (flag, not wanted))))]
        others += [(f"not in {state}", replace(row, states=row.states - {state})) for state in sorted(row.states)]
        if len(row.events) < 30:
            others += [
                (f"not on {event}", replace(row, events=tuple(one for one in row.events if one != event)))
                for event in row.events
            ]
        if row.goes:
            others += [("stays", replace(row, goes=None))]
        for what, other in others:
            yield f"{row.id} {what}", (*BEFORE[:place], *([other] if other else []), *BEFORE[place + 1 :])


def decisions() -> list[tuple[object, object]]:
    found: list[Decision] = [decide(*case) for case in CASES]
    return [(one.state, one.acts) for one in found]


def noticed() -> bool:
    """Whether a test that says what was agreed fails with the table as it is now."""
    for check, cases in (
        (agreed.test_the_agreed_rows, agreed.AGREED),
        (agreed.test_what_holds_in_many_states, agreed.ALIKE),
    ):
        for case in cases:
            try:
                check(*case)
            except (AssertionError, StopIteration):
                return True
    for test in TESTS:
        try:
            test()
        except (AssertionError, StopIteration):
            return True
    return False


@pytest.mark.slow
def test_each_change_to_the_table_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agreed, "every_case", lambda: CASES)
    assert not noticed()
    before, tried, missed = decisions(), 0, []
    for what, rows in list(changes())[::STRIDE]:
        for room in (table, agreed):
            monkeypatch.setattr(room, "ROWS", rows)
        try:
            if decisions() == before:
                continue  # another row, or "nothing", decides the same: no case tells them apart
        except StopIteration:
            pass  # a case without a row
        tried += 1
        if not noticed():
            missed.append(what)
    record("rows", tried=tried, noticed=tried - len(missed))
    assert not missed
