"""What a code and its enhanced status say where the words of an answer say nothing."""

import pytest

from worker.mailbox.answers import DAILY, GREYLISTED, LATER, RATE, RECONNECT, About, Outcome, Result, Stage, sorted_out

# dead: the address, for good; closed: the address takes nothing of ours; later: the address, for now; account: all
# of us wait; ours: the owner has to do something; mail: this mail never; mail-later: later; line: dial again
TABLE = """
code         at MAIL    at RCPT    at DATA    after the dot
400          account    later      account    account
400 4.2.1    account    account    account    account
400 4.5.3    account    account    account    account
421          account    account    account    account
450          account    later      account    account
451          account    later      account    account
452          account    later      account    account
454          account    later      account    account
455          account    later      account    account
499          account    later      account    account
500          line       line       line       line
501          ours       closed     ours       ours
502          line       line       line       line
503          line       line       line       line
504          line       line       line       line
505          ours       ours       ours       ours
521          ours       ours       ours       ours
530          ours       ours       ours       ours
534          ours       ours       ours       ours
535          ours       ours       ours       ours
538          ours       ours       ours       ours
550          ours       closed     ours       ours
551          ours       dead       ours       ours
552          mail       closed     mail       mail
553          ours       closed     ours       ours
554          ours       ours       ours       ours
555          ours       ours       ours       ours
556          ours       dead       dead       dead
557          ours       ours       ours       ours
554 5.1.0    ours       closed     closed     closed
554 5.1.1    ours       dead       dead       dead
554 5.1.2    ours       dead       dead       dead
554 5.1.3    ours       dead       dead       dead
554 5.1.4    ours       closed     closed     closed
554 5.1.6    ours       dead       dead       dead
554 5.1.7    ours       ours       ours       ours
554 5.1.8    ours       ours       ours       ours
554 5.1.10   ours       dead       dead       dead
554 5.2.0    ours       closed     closed     closed
554 5.2.1    ours       dead       dead       dead
554 5.2.2    account    closed     closed     closed
554 5.2.3    mail       mail       mail       mail
554 5.2.4    ours       closed     closed     closed
554 5.3.0    ours       closed     closed     closed
554 5.3.4    mail       mail       mail       mail
554 5.4.0    ours       closed     closed     closed
554 5.4.1    ours       dead       closed     closed
554 5.4.4    ours       dead       dead       dead
554 5.4.5    account    account    account    account
554 5.4.6    ours       closed     closed     closed
554 5.4.310  ours       dead       dead       dead
554 5.5.0    ours       ours       ours       ours
554 5.5.3    ours       ours       ours       ours
554 5.5.4    ours       ours       ours       ours
554 5.6.0    mail       mail       mail       mail
554 5.6.7    mail       mail       mail       mail
554 5.7.0    ours       ours       ours       ours
554 5.7.1    ours       ours       ours       ours
554 5.7.12   ours       closed     closed     closed
554 5.7.13   ours       closed     closed     closed
554 5.7.28   account    account    account    account
554 5.7.124  ours       closed     closed     closed
554 5.7.129  ours       closed     closed     closed
554 5.7.133  ours       closed     closed     closed
554 5.7.134  ours       closed     closed     closed
554 5.7.135  ours       closed     closed     closed
554 5.7.136  ours       closed     closed     closed
554 5.7.193  ours       closed     closed     closed
530 5.1.1    ours       ours       ours       ours
534 5.1.1    ours       ours       ours       ours
535 5.2.1    ours       ours       ours       ours
538 5.1.1    ours       ours       ours       ours
552 5.5.0    mail       closed     mail       mail
550 5.2.1    ours       dead       dead       dead
451 4.1.1    account    later      later      later
451 4.1.7    account    account    later      later
451 4.1.8    account    account    later      later
451 4.2.0    account    later      later      later
451 4.2.1    account    account    account    account
451 4.2.2    account    later      later      later
452 4.2.2    account    later      later      later
451 4.3.1    account    later      account    account
452 4.3.1    account    later      account    account
451 4.4.2    account    later      account    account
451 4.4.5    account    account    account    account
451 4.5.3    account    account    account    account
451 4.5.4    account    account    account    account
451 4.6.0    mail-later later      mail-later mail-later
451 4.7.0    account    later      account    account
454 4.7.0    account    account    account    account
454 4.7.1    account    later      account    account
451 4.7.28   account    account    account    account
421 4.2.0    account    account    account    account
421 4.7.1    account    account    account    account
"""
MEANS = {
    "dead": (Result.refused, About.recipient, True),
    "closed": (Result.refused, About.recipient, False),
    "later": (Result.retry, About.recipient, False),
    "account": (Result.retry, About.account, False),
    "ours": (Result.refused, About.policy, False),
    "mail": (Result.refused, About.message, False),
    "mail-later": (Result.retry, About.message, False),
    "line": (Result.retry, About.connection, False),
}
ROWS = TABLE.strip().splitlines()[1:]


def answered(stage: Stage, answer: str, words: str = "x") -> Outcome:
    code, _, status = answer.partition(" ")
    return sorted_out(stage, int(code), f"{status} {words}".strip())


@pytest.mark.parametrize("row", ROWS, ids=[row[:12].strip() for row in ROWS])
def test_a_code_without_words(row):
    meant = row[12:].split()
    found = [answered(stage, row[:12].strip()) for stage in Stage]
    assert [(one.result, one.about, one.hard) for one in found] == [MEANS[one] for one in meant]


def test_the_words_of_one_recipient_are_not_ours_and_those_of_a_server_that_closes_are():
    grey, theirs = "Greylisted", "the user you are trying to contact is receiving mail too quickly"
    assert answered(Stage.body, "451 4.3.0", grey).about is About.recipient
    assert answered(Stage.rcpt, "421 4.3.0", grey).about is About.account
    assert answered(Stage.rcpt, "450 4.2.1", theirs).about is About.recipient
    assert answered(Stage.rcpt, "421 4.2.1", theirs).about is About.account
    assert answered(Stage.body, "450 4.2.1", theirs).about is About.account


@pytest.mark.parametrize(
    "stage, answer, words, about, hard",
    [
        # a full mailbox is the recipient's, wherever it is said but at MAIL
        (Stage.body, "550", "mailbox is full", About.recipient, False),
        (Stage.data, "450 4.3.0", "mailbox full", About.recipient, False),
        (Stage.mail, "450 4.3.0", "mailbox full", About.account, False),
        (Stage.mail, "550", "mailbox is full", About.account, False),
        (Stage.mail, "450 4.2.0", "greylisted", About.account, False),
        (Stage.mail, "550 5.4.4", "mailbox full", About.account, False),
        (Stage.mail, "556", "mailbox full", About.account, False),
        (Stage.body, "453", "mailbox full", About.recipient, False),
        (Stage.body, "552 5.2.2", "the message is too large for this mailbox", About.recipient, False),
        (Stage.rcpt, "550 5.2.1", "mailbox is full", About.recipient, False),
        # but not what is said of us, or of the mail's size
        (Stage.body, "451 4.7.0", "your account is over quota", About.account, False),
        (Stage.body, "552", "Message size limit exceeded", About.message, False),
        (Stage.rcpt, "552", "user quota exceeded", About.recipient, False),
        # Exchange has a status for a size, whatever it says of its store
        (Stage.body, "554 5.2.3", "STOREDRV.Submission.Exception:MessageLimit; x", About.message, False),
        (Stage.body, "554 5.3.4", "STOREDRV.Submission.Exception:MessageLimit; x", About.message, False),
        # words that nobody understands call no address dead; no words leave it to the code
        *((Stage.rcpt, code, "", About.recipient, True) for code in ("501", "550", "551", "553", "554 5.1.0")),
        (Stage.body, "554 5.1.0", "", About.recipient, True),
        (Stage.body, "554 5.1.5", "unknown user", About.recipient, True),
        (Stage.body, "554 5.2.4", "blocked by policy", About.policy, False),
        (Stage.body, "554 5.2.0", "over quota", About.recipient, False),
        # a rate is none of a dead address
        (Stage.rcpt, "550 5.2.1", "the RATE of mail is too high", About.recipient, False),
        (Stage.rcpt, "550 5.2.1", "receiving mail too quickly", About.recipient, False),
        # an unknown status: the words decide
        (Stage.rcpt, "550 5.3.0", "blocked by policy", About.policy, False),
        (Stage.rcpt, "550 5.3.0", "no such user", About.recipient, True),
        (Stage.body, "554 5.4.0", "listed in spamhaus", About.policy, False),
        (Stage.rcpt, "554 5.1.5", "relaying denied", About.policy, False),
        *((Stage.rcpt, f"550 5.1.{detail}", "blocked", About.recipient, True) for detail in (1, 2, 3, 6, 10)),
        (Stage.rcpt, "554 5.1.5", "who is that", About.recipient, False),
        (Stage.rcpt, "550 5.7.1", "no such user", About.recipient, True),
        (Stage.rcpt, "550 5.7.1", "no such user; sender is unknown", About.policy, False),
        (Stage.body, "550 5.7.1", "no such user", About.policy, False),
        (Stage.rcpt, "550 5.7.2", "no such user", About.policy, False),
        (Stage.body, "550 5.7.1", "RESOLVER.RST.NotAuthorized", About.recipient, False),
        (Stage.mail, "550 5.7.1", "RESOLVER.RST.NotAuthorized", About.policy, False),
        (Stage.rcpt, "550", "Rejected", About.recipient, False),
        (Stage.mail, "550", "Rejected", About.policy, False),
        (Stage.body, "554", "No Valid Recipients", About.recipient, False),
        (Stage.body, "554", "the Recipient cannot have it", About.recipient, False),
        (Stage.mail, "554", "no valid recipients", About.policy, False),
        (Stage.rcpt, "554", "line too long", About.message, False),
        (Stage.rcpt, "550", "no such user, and your IP is on a blacklist", About.policy, False),
        # what is no code of RFC 5321 means what its first digit says, or nothing
        (Stage.rcpt, "500 5.1.1", "x", About.recipient, True),
        (Stage.rcpt, "600 5.1.1", "x", About.connection, False),
    ],
)
def test_the_words_decide_where_the_code_leaves_it_open(stage, answer, words, about, hard):
    outcome = answered(stage, answer, words)
    assert (outcome.about, outcome.hard) == (about, hard)


@pytest.mark.parametrize(
    "stage, answer, words, seconds",
    [
        (Stage.rcpt, "450 4.1.1", "x", GREYLISTED),
        (Stage.body, "451 4.6.0", "x", GREYLISTED),
        (Stage.mail, "421", "x", LATER),
        (Stage.mail, "452", "x", RATE),
        (Stage.rcpt, "452 4.2.2", "x", GREYLISTED),
        (Stage.body, "452 4.2.2", "x", GREYLISTED),
        (Stage.body, "452 4.3.1", "insufficient system storage", RATE),
        (Stage.mail, "550 5.4.5", "x", DAILY),
        (Stage.mail, "454 4.7.0", "x", RATE),
        (Stage.mail, "552 5.2.2", "x", RATE),
        (Stage.mail, "450 4.2.2", "mailbox full", RATE),
        (Stage.mail, "451 4.1.1", "x", GREYLISTED),
        (Stage.mail, "451 4.2.0", "x", LATER),
        (Stage.mail, "421", "too many connections, wait 30 seconds", 60),
        (Stage.body, "550 5.4.6", "Unusual sending activity detected", RATE),
        (Stage.body, "554 5.2.0", "Unusual sending activity: your mail quota is exceeded", RATE),
        (Stage.body, "554 5.2.0", "SubmissionQuotaExceededException; quota exceeded", RATE),
        (Stage.body, "554 5.2.0", "submissionquotaexceeded: over quota", RATE),
        (Stage.mail, "550", "message rate limit exceeded", RATE),
        (Stage.body, "552 5.2.0", "Mail quota exceeded: 100 messages per hour", RATE),
        (Stage.body, "554", "your hourly message limit has been exceeded", RATE),
        (Stage.body, "500", "x", RECONNECT),
        (Stage.mail, "500 5.5.3", "x", RECONNECT),
    ],
)
def test_how_long_it_waits(stage, answer, words, seconds):
    assert answered(stage, answer, words).retry_after == seconds


def test_what_an_answer_says_is_kept_short_and_in_one_line():
    long = sorted_out(Stage.body, 550, "5.7.1 " + "word " * 300)
    assert len(long.text) == 500
    assert long.text.startswith("5.7.1 word word")
    assert sorted_out(Stage.body, 550, " 5.7.1 a\n\n 5.7.1 b\n5.7.2 c ").text == "5.7.1 a b 5.7.2 c"
    assert sorted_out(Stage.body, 550, "a\n5.7.1 b").text == "a 5.7.1 b"
    assert sorted_out(Stage.body, 550, "").text == ""
    assert sorted_out(Stage.body, 550, "see 15.1.1 and 5.1.1.2 or 5.7.1, and 5.2.2").status == "5.7.1"
