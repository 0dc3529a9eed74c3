"""What excuses a change that no test notices: the change that was meant, and no other of the same line."""

from __future__ import annotations

import pytest

from tests.proof.mutants import Mutant

LINE = "worker/mailbox/smtp.py", "_starttls"


@pytest.mark.parametrize(
    ("place", "became", "excused"),
    [
        (LINE, 'if not line.has_extn("STARTTLS"):', True),
        (LINE, 'if line.has_extn("starttls"):', False),
        (LINE, 'if not line.has_extn("XXstarttlsXX"):', False),
        (LINE, 'code, words = line.docmd("starttls")', True),
        (LINE, "if code != 221:", True),
        (LINE, "if code == 220:", False),
        (("worker/mailbox/smtp.py", "_Line.__init__"), 'super().__init__(local_hostname="localhost", )', False),
        (("worker/conversation/pacing.py", "spread"), "low + (high - low) * number / (2**48 + 1))", True),
        (("worker/conversation/pacing.py", "spread"), "low + (high - low) * number * (2**48 - 1))", False),
        (("worker/conversation/table.py", "acts_alone"), "standing = seen_in(Standing(State.asked), reading)", True),
        (("worker/conversation/table.py", "acts_alone"), "standing = seen_in(Standing(None), reading)", False),
        (
            ("worker/conversation/table.py", "decide_all"),
            "standing = replace(standing, ask_open=False, anything_sent=False, last_step=standing.last_step)",
            False,
        ),
    ],
)
def test_what_is_excused(place: tuple[str, str], became: str, excused: bool) -> None:
    assert bool(Mutant(*place, "- what it was + " + became, became, "survived").why) is excused
