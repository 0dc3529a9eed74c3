"""What excuses a change that no test notices: the change that was meant, and no other of the same line."""

from __future__ import annotations

import pytest

from tests.proof.mutants import Mutant

LINE = "worker/mailbox/smtp.py", "_starttls"
SESSION = "worker/mailbox/smtp.py", "SmtpSession._data"
TOKEN = "worker/mailbox/smtp.py", "_token"
WORDS = "worker/mailbox/answers.py", "_never"


@pytest.mark.parametrize(
    ("place", "became", "excused"),
    [
        (LINE, 'if not line.has_extn("STARTTLS"):', True),
        (LINE, 'if line.has_extn("starttls"):', False),
        (LINE, 'if not line.has_extn("XXstarttlsXX"):', False),
        (LINE, 'code, words = line.docmd("starttls")', True),
        (LINE, "if code != 221:", True),
        (LINE, "if code == 220:", False),
        (SESSION, 'code, words = line.docmd("data")', True),
        (SESSION, 'code, words = line.docmd("XXDATAXX")', False),
        (SESSION, 'limit = self._line.esmtp_features.get("size", "XXXX").strip()', False),
        (TOKEN, r'at_once = len(f"AUTH {how} {packed}\r\n") < _LONGEST_COMMAND', True),
        (TOKEN, r'at_once = len(f"AUTH {how} {packed}\r\n") > _LONGEST_COMMAND', False),
        (WORDS, r'return soft if re.search(r"\bRATE\b|TOO QUICKLY", text, re.I) else dead', True),
        (WORDS, r'return soft if re.search(r"\bRATE\b|TOO QUICKLY", text, ) else dead', False),
        (WORDS, r'return soft if re.search(r"XX\brate\b|too quicklyXX", text, re.I) else dead', False),
        (WORDS, 'if re.search(r"XXSubmissionQuota|unusual sending activityXX", found.text, re.IGNORECASE):', False),
        (WORDS, 'if re.search(r"submissionquota|unusual sending activity", found.text, re.IGNORECASE):', True),
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
