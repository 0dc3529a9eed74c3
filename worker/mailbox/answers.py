"""Sorts the answers of an SMTP server by what they are about."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum


class Result(StrEnum):
    """What became of a mail. `uncertain`: it may have been accepted, and must not leave again by itself."""

    accepted = "accepted"
    refused = "refused"
    retry = "retry"
    uncertain = "uncertain"


class About(StrEnum):
    """Whom an answer concerns: the recipient, our account, our standing (the owner acts), the mail, the line."""

    recipient = "recipient"
    account = "account"
    policy = "policy"
    message = "message"
    connection = "connection"


class Stage(StrEnum):
    """To which command the answer came; `body` is the answer to the final dot."""

    mail = "mail"
    rcpt = "rcpt"
    data = "data"
    body = "body"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a submission.

    `hard` is True for a dead address alone. `code` is the SMTP code (0 without an answer), `status` the enhanced one
    (RFC 3463), `text` the server's words in one line. `retry_after` is seconds, for `retry`: the same bytes, not
    before; where `about` is account, it is the whole mailbox that waits.
    """

    result: Result
    about: About
    hard: bool = False
    code: int = 0
    status: str | None = None
    text: str = ""
    retry_after: int | None = None


# RFC 6647 2: greylisting servers expect the retry not earlier; RFC 5321 4.5.4.1 says 30 minutes too.
GREYLISTED = 30 * 60
LATER = 15 * 60
RATE = 60 * 60
DAILY = 6 * 60 * 60
RECONNECT = 5 * 60

_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.]|\.\d)")


def _words(*parts: str) -> re.Pattern[str]:
    return re.compile("|".join(parts), re.IGNORECASE)


_GREY = _words(r"gr[ea]y[- ]?list", r"postgrey", r"greypass", r"gr[ea]ylst", r"first.?time sender")
_QUOTA = _words(
    r"daily.{0,20}(?:limit|quota)",
    r"(?:user|sending|send|message|mail|hourly|rate|relay|outgoing) (?:sending )?(?:limit|quota)",
    r"limit.{0,30}(?:per (?:hour|day|minute)|exceeded|reached)",
    r"exceeded.{0,40}(?:limit|per hour|per day|per minute|emails|messages)",
    r"too many (?:messages|mails|emails|(?:invalid |bad |unknown )?recipients|connections|login|concurrent|errors)",
    r"rate[- ]?limit",
    r"throttl",
    r"sending too (?:fast|many|much)",
    r"too much mail",
    r"slow down",
    r"unusual (?:rate|(?:sending )?activity)",
    r"SubmissionQuota",
)
# What Exchange says, after the dot and without a status of its own, of an account that is restricted, or that may not
# write in the name of this sender; of the mail's size and its recipients it says other things in the same place.
_OUTBOUND = _words(
    r"OutboundSpam|SendAsDenied",
    r"STOREDRV\.Submission(?!\S*(?:Recipient|MaxSubmission|Size|TooLarge))",
)
# What a check of us says, which many servers put off until RCPT (Postfix: smtpd_delay_reject).
_ABOUT_US = _words(
    r"sender (?:address )?(?:rejected|denied|verif)",
    r"(?:client host|helo command|etrn command) rejected",
    r"relay(?:ing)? (?:access )?(?:denied|not (?:permitted|allowed))",
    r"authenticat|not logged in|must (?:issue|use) (?:a )?starttls",
)
# Somebody else's limit, in words that would otherwise be ours.
_THEIRS = _words(r"(?:user|recipient|account|mailbox)\b.{0,40}\b(?:trying to (?:contact|reach)|is receiving)")
# A limit over time, which "message ... limit exceeded" alone would make one of size.
_OVER_TIME = _words(r"\brate\b", r"per (?:hour|day|minute)", r"hourly|daily", r"throttl")
_BY_DAY = _words(r"daily", r"per day", r"24[ -]?h", r"tomorrow")
_DEAD = _words(
    r"(?:unknown|invalid|no such|nonexistent|non-existent|undefined|inactive) (?:local|virtual )?\W{0,2}"
    r"(?:user|mailbox|recipient|address|account|local[- ]part|person|customer|alias|inbox)",
    r"(?:user|mailbox|recipient|address|account|adresse|inbox|alias|email)\S{0,80}(?: \S{1,80}){0,3}? "
    r"(?:is |was |has been |could |can )?"
    r"(?:unknown|not (?:be )?(?:found|known|exist|valid|listed|active)|invalid|unavailable|doesnt exist|doesn't have|"
    r"does(?: not|n.?t) exist|disabled|deactivated|inactive|suspended|closed|terminated|rejected: user)",
    r"(?:user|recipient)(?:[ _]|)unknown",
    r"does(?: not|n.?t) (?:exist|have an? (?:account|mailbox))",
    r"no (?:such|valid) (?:user|mailbox|recipient|address|person|account|domain)",
    r"no (?:user|mailbox|account|one) (?:here )?(?:by|with|of|under) (?:that|this) (?:name|address)",
    r"not (?:a|our) (?:valid |known |local |active )?(?:mailbox|user|customer|recipient|address|account)",
    r"not a valid (?:mailbox|recipient|user|address)",
    r"no longer (?:valid|available|active|in use|with|works?|employed|exists?|on server|accept)",
    r"recipient ?not ?found",
    r"mailbox (?:is )?(?:unavailable|not available|not found|disabled|inactive)",
    r"unrout(?:e)?able",
    r"bad (?:destination|recipient|mailbox|address)|mailbox name not allowed",
    r"(?:domain|host)(?: name| or domain name)? (?:not found|does not exist|doesn.t exist|has no)",
    r"domain of .{0,80}(?:does not exist|not found)",
    r"(?<!client )(?:domain|host) (?:is )?unknown|(?:domain|host) does not accept mail",
    r"mx records point to non-?existent|indicated no smtp service|address lookups failed permanently",
    r"^(?:[245]\.\d{1,3}\.\d{1,3} )?\W*(?:no|bad|non-?existing) (?:mailbox|user|recipient)\W*(?:here\W*)?$",
    r"(?:can(?:no|.)t|could not|unable to) find (?:the |this )?(?:user|mailbox|recipient|address)",
    r"mailbox for \S+ is not available|non-?existing (?:user|mailbox|recipient|address)|validrcptto",
    r"(?:user|person|employee) has (?:left|moved)",
    r"(?:empfänger|adresse|postfach|benutzer)\w*(?: \S+){0,3}? (?:ungültig|deaktiviert)",
    r"(?:destinataire|adresse)(?: \S+){0,3}? invalide",
    r"(?:direcci[oó]n|destinatario|buz[oó]n|usuario)(?: \S+){0,3}? (?:no (?:es )?(?:v[aá]lid|disponib)|inv[aá]lid)",
    r"(?:indirizzo|destinatario|casella|utente)(?: \S+){0,3}? (?:non (?:è )?(?:valid|disponibil)|disabilitat)",
    r"nullmx|null mx",
    r"unbekannt|existiert nicht|nicht gefunden|nicht bekannt",
    r"inconnu|n.existe pas|introuvable|inexistant",
    r"desconocid|no existe|inexistente|não existe|nao existe|desconhecid",
    r"sconosciut|inesistente|non esiste",
    r"onbekend|bestaat niet",
    r"nieznan|nie istnieje|neexistuje|не найден|не существует|неизвестн",
    r"nicht vorhanden|keine?n? (?:solche[nrs]? |gültige[nrs]? )?(?:benutzer|empfänger|postfach|adresse|konto)\b",
    r"nie ma (?:takiego|takiej)|brak (?:takiego|takiej|użytkownika|konta|skrzynki|adresata)|nie znaleziono",
    r"n[oã]o? (?:fue |foi )?encontrad|non (?:è stato )?trovat|niet gevonden",
    r"finns inte|findes ikke|finnes ikke|okänd|ukendt|ukjent|tuntematon",
    r"不存在|无此用户|存在しません|見つかりません|존재하지",
)
# What servers say without a reason: RFC 5321 4.2.2 and 4.2.3 in its own words, and what some say instead.
_NO_MORE_THAN_THE_CODE = re.compile(
    r"(?:requested (?:mail )?action not taken|mailbox unavailable|mailbox name not allowed|user not local|"
    r"syntax error(?: in parameters(?: or arguments)?)?|"
    r"(?:please )?try <?\S+@\S+>?|(?:other )?(?:recipient |destination )?address(?: status)?|"
    r"(?:recipient|mailbox|user)(?: address)?|rejected|refused|error|failed|permanent(?: failure)?|"
    r"unknown|invalid|not found|unavailable|"
    r"\((?:e\.g\.|in reply to)[^()]*\)|<[^<>]*>|\S+@\S+|[^\w\s])",
    re.IGNORECASE,
)
_FULL = _words(
    r"mailbox (?:is )?full",
    r"(?:over|out of|exceeds?|exceeded|above).{0,30}(?:storage|mailbox|disk|his|her|their|its|the).{0,20}"
    r"(?:quota|allocation|limit|space|size)",
    r"over ?quota",
    r"quota (?:is )?(?:exceeded|full|reached)",
    r"insufficient (?:system )?(?:storage|disk)",
    r"out of (?:storage|space|disk)",
    r"storage (?:allocation|full|limit)",
    r"inbox (?:is )?full",
    r"disk full|no space left",
    r"postfach.{0,20}voll|boîte.{0,20}pleine|buz[oó]n.{0,10}lleno|casella.{0,10}piena|doručená.{0,10}plná",
)
_TOO_LARGE = _words(
    r"(?:message|mail|size|body|header).{0,40}(?:too (?:large|big|long)|exceed|over the)",
    r"exceeds.{0,40}(?:size|maximum message)",
    r"maximum (?:message )?size",
    r"too (?:large|big)",
)
_MALFORMED = _words(
    r"smtputf8",
    r"8-?bit",
    r"line (?:is )?too long",
    r"bare (?:lf|cr)",
    r"malformed|mime error|invalid header|missing (?:or invalid )?(?:from|date|message-id|header)",
    r"(?:from|date|message-id|header).{0,12}(?:is |are )?missing",
    r"rfc ?(?:2822|5322|822)",
    r"duplicate header|syntax error in (?:header|message)",
)
_POLICY = _words(
    r"\bspam",
    r"\bunsolicited",
    r"black ?list|block ?list|\bblocked\b|\bbanned\b|deny ?list",
    r"dnsbl|\brbl\b|spamhaus|spamcop|barracuda|sorbs|uceprotect",
    r"reputation",
    r"\bpolicy",
    r"relay",
    r"authenticat|not logged in|login required|must (?:issue|use) (?:a )?starttls",
    r"\bspf\b|dmarc|\bdkim\b",
    r"sender (?:address )?(?:rejected|denied|verif|is not|not allowed|blocked)",
    r"not (?:allowed|authori[sz]ed|permitted|owned)",
    r"administrat(?:ive|ively) prohib|prohibited",
    r"access denied|denied by",
    r"suspicious|phish|malware|virus|content (?:rejected|denied|filter)|message rejected",
    r"rejected (?:as|due to|because of) ",
    r"account (?:is )?(?:suspended|disabled|locked|restricted)",
    r"suspended due",
)
# The account through which we send, whatever else is said.
_OUR_ACCOUNT = _words(
    r"smtp auth",
    r"outgoing (?:e-?)?(?:mail|message)",
    r"\b(?:sending|submission)\b(?! (?:\S+ ){0,2}?to\b) (?:\S+ ){0,5}?(?:is|has been|was) "
    r"(?:\S+ )?(?:disabled|suspended|blocked|restricted)",
    r"your (?:e-?mail |smtp |user )?account (?:is|has|was|may not|can(?:no|.)t|does not)",
)
# Words that make a refusal ours even where it also says "mailbox unavailable".
_OURS = _words(
    r"\bsender\b", r"\brelay", r"black ?list", r"block ?list", r"\bspam\b", r"dnsbl", r"reputation",
    r"\bIP\b(?!\W{0,2}\d)|\bIP\b.{0,60}\b(?:block|list|reject|den|ban|refus)",
    r"\b(?:helo|ehlo)\b|\byour (?:host|domain|server)\b|\b(?:from|client) (?:host|domain)\b",
    r"policy restrictions|invalid dns|dns ptr",
    r"\babsender|expéditeur|\bremitente|\bremetente|\bmittente|\bafzender|nadawc|odesílatel|отправител|发件人",
    r"\bavs[äe]nd|\bafsender",
    _OUR_ACCOUNT.pattern,
)  # fmt: skip
# An error that nobody knows says nothing of anybody, and a link has words of its own.
_SAYS_NOTHING = _words(
    r"https?://\S+",
    r"unknown (?:\S+ )?error|unbekannter fehler|erreur inconnue|error desconocido|erro desconhecido|"
    r"errore sconosciuto|onbekende fout|ukendt fejl|ukjent feil|okänt fel|tuntematon virhe|nieznany błąd|"
    r"неизвестная ошибка",
)
# A refusal at RCPT that neither calls the address dead nor gives a reason that would be ours.
_SHUT = _words(
    r"^(?:\d\.\d\.\d )?\W*(?:rejected|refused|denied|not accepted)\W*$",
    r"recipient account is blocked|mailbox is (?:frozen|locked|blocked)",
    r"recipient.{0,30}preferences",
)

# What is about one address, whoever else is told the same.
_ONE_ADDRESS = _words(
    r"recipient account is blocked|mailbox is (?:frozen|locked|blocked)",
    r"recipient.{0,30}preferences",
    r"RESOLVER\.RST",
    r"smtputf8",
)

# Recipients that take mail from some people only: a fact about them, not about us.
_CLOSED_CIRCLE = {"12", "13", "124", "129", "133", "134", "135", "136", "193"}
_WAIT = re.compile(
    r"\b(?:in|after|for|wait|retry)\D{0,20}(\d{1,5})\s*(s\b|sec|m\b|min|h\b|hour)",
    re.IGNORECASE,
)


def accepted(code: int, text: str) -> Outcome:
    """The server has taken the mail over."""
    return Outcome(Result.accepted, About.message, False, code, _status(text), _line(text))


def lost(words: str) -> Outcome:
    """The connection broke, or never came about, before the mail can have been accepted."""
    return Outcome(Result.retry, About.connection, text=_line(words), retry_after=RECONNECT)


def uncertain(words: str) -> Outcome:
    """The final dot has left and no answer came (RFC 1047)."""
    return Outcome(Result.uncertain, About.connection, text=_line(words))


def sorted_out(stage: Stage, code: int, text: str) -> Outcome:
    """What an answer other than the hoped-for one means.

    The code's first digit decides between now and later (RFC 5321 4.2.1), save for quotas, which servers also call
    permanent; the enhanced status, then the words decide whom it is about.
    """
    line = _line(text)
    status = _status(text)
    found = Outcome(Result.refused, About.policy, False, code, status, line)
    if 400 <= code < 500:
        return _before_anybody_was_named(stage, _later(stage, found))
    if 500 <= code < 600:
        return _before_anybody_was_named(stage, _never(stage, found))
    return replace(found, result=Result.retry, about=About.connection, retry_after=RECONNECT)


def _before_anybody_was_named(stage: Stage, found: Outcome) -> Outcome:
    """At MAIL a server knows of no recipient: a mailbox that is full, or refused, is ours there."""
    if stage is not Stage.mail:
        return found
    of_the_mail = found.about is About.message and re.search(r"\bsize\b", found.text, re.IGNORECASE)
    full = found.about is not About.account and not of_the_mail and _FULL.search(found.text)
    if full or (found.status or "")[1:] == ".2.2":
        return replace(found, result=Result.retry, about=About.account, hard=False, retry_after=RATE)
    if found.about is not About.recipient:
        return found
    if found.result is Result.retry:
        return replace(found, about=About.account)
    return replace(found, about=About.policy, hard=False)


def _later(stage: Stage, found: Outcome) -> Outcome:
    subject, detail, text = _subject(found.status), _detail(found.status), found.text
    recipient = replace(found, result=Result.retry, about=About.recipient, retry_after=_wait(text, GREYLISTED))
    account = replace(found, result=Result.retry, about=About.account, retry_after=_wait(text, LATER, least=60))
    if found.code != 421 and _GREY.search(text):
        return recipient
    if stage is Stage.rcpt and found.code != 421 and _THEIRS.search(text):
        return recipient
    if _is_quota(stage, found):
        return replace(account, retry_after=_wait(text, DAILY if _BY_DAY.search(text) else RATE, least=60))
    if found.code == 421:
        return account
    if stage is Stage.rcpt:
        # This address was asked about, and no other: greylisting, a mailbox that is busy or full, a lookup that
        # failed. Where it is the server all the same, the next recipient is told the same (`in_the_same_words`).
        return account if _ABOUT_US.search(text) or (subject == "1" and detail in ("7", "8")) else recipient
    if subject == "7":
        return account
    if _FULL.search(text) and stage is not Stage.mail and found.code != 452:
        return recipient
    if subject in ("1", "2"):
        return account if stage is Stage.mail and detail != "1" else recipient
    if subject == "6":
        return replace(found, result=Result.retry, about=About.message, retry_after=GREYLISTED)
    return account


def in_the_same_words(one: str, other: str) -> bool:
    """Whether two answers, each with its code, say the same: addresses, hosts and numbers do not count.

    Said to two recipients in a row, it is about us rather than about them; what is about one address by its very
    words (greylisting, a full mailbox, a circle that is closed, letters that need SMTPUTF8) is not. Meant for what is
    temporary, or refused for good without calling the address dead.
    """
    if not one.startswith(("4", "5")) or any(words.search(one) for words in (_GREY, _FULL, _ONE_ADDRESS)):
        return False
    status = _status(one)
    if _subject(status) == "7" and _detail(status) in _CLOSED_CIRCLE:
        return False
    # a mailbox that is full, and a domain that is not found, in whatever words
    if (status or "")[1:] in (".2.2", ".1.2"):
        return False
    return _bare(one) == _bare(other)


def _bare(answer: str) -> str:
    code, _, words = answer.casefold().partition(" ")
    plain = re.sub(r"<[^>]*>|\S*[@/]\S*|\S+\.\S+|\S*\d\S*", " ", words)
    return " ".join([code, *re.findall(r"[^\W\d_]+", plain)])


def _never(stage: Stage, found: Outcome) -> Outcome:
    subject, detail, text = _subject(found.status), _detail(found.status), found.text
    dead = replace(found, about=About.recipient, hard=True)
    soft = replace(found, about=About.recipient)
    message = replace(found, about=About.message)
    if _is_quota(stage, found):
        wait = DAILY if (found.status or "").endswith("5.4.5") or _BY_DAY.search(text) else RATE
        return replace(found, result=Result.retry, about=About.account, retry_after=_wait(text, wait, least=60))
    if found.code in (530, 534, 535, 538):
        return found
    if _OUTBOUND.search(text) and subject != "6" and (found.status or "")[1:] not in (".2.3", ".3.4"):
        return found
    if subject == "1":
        if detail in ("7", "8") or stage is Stage.mail:
            return found
        if detail in ("1", "2", "3", "6", "10"):
            return found if _ABOUT_US.search(text) and not _calls_dead(text) else dead
        if _POLICY.search(text) or _OUR_ACCOUNT.search(text):
            return found
        return dead if _is_dead(text) else soft
    if subject == "2":
        if detail == "3":
            return message
        if detail == "2" or _FULL.search(text):
            return soft
        if _OUR_ACCOUNT.search(text):
            return found
        if detail != "1":
            return _by_words(stage, found, soft)
        return soft if re.search(r"\brate\b|too quickly", text, re.I) else dead
    if subject == "3":
        return message if detail == "4" else _by_words(stage, found, soft)
    if subject == "4":
        if detail == "1" and stage is Stage.rcpt:
            # Exchange Online says so for a recipient that its directory does not know.
            return dead
        return dead if detail in ("4", "310") else _by_words(stage, found, soft)
    if subject == "6":
        return message
    if subject == "7":
        if stage is not Stage.mail and (detail in _CLOSED_CIRCLE or "RESOLVER.RST" in text):
            return soft
        if stage is Stage.rcpt and detail == "1" and _calls_dead(text):
            return dead
        return found
    return _by_words(stage, found, None)


def _by_words(stage: Stage, found: Outcome, otherwise: Outcome | None) -> Outcome:
    """An answer whose status says nothing, or that has none."""
    text, code = found.text, found.code
    dead = replace(found, about=About.recipient, hard=True)
    soft = replace(found, about=About.recipient)
    message = replace(found, about=About.message)
    about_recipient = stage is Stage.rcpt or (stage is Stage.body and code in (550, 551, 553))
    if _FULL.search(text) and stage is not Stage.mail:
        return soft
    if _TOO_LARGE.search(text) or _MALFORMED.search(text):
        return message
    if about_recipient and _SHUT.search(text):
        return soft
    if about_recipient and _calls_dead(text):
        return dead
    if _POLICY.search(text) or _OUR_ACCOUNT.search(text):
        return found
    if otherwise is not None:
        return otherwise
    if code == 552:
        return soft if stage is Stage.rcpt else message
    if code == 556:
        return dead
    if stage is Stage.rcpt and code in (501, 550, 551, 553):
        # RFC 5321 4.2.2: mailbox unavailable, not local, name not allowed; words that nobody understands are none.
        return dead if code == 551 or _is_dead(text) else soft
    if code in (500, 502, 503, 504):
        return replace(found, result=Result.retry, about=About.connection, retry_after=RECONNECT)
    if re.search(r"no valid recipients|recipient", text, re.I) and stage is not Stage.mail:
        return soft
    return found


def _calls_dead(text: str) -> bool:
    """Whether the words call the address dead, and are not about us."""
    plain = _SAYS_NOTHING.sub(" ", text)
    return bool(_DEAD.search(plain)) and not _OURS.search(plain)


def _is_dead(text: str) -> bool:
    """Whether the words call the address dead, or leave that to the code."""
    plain = _SAYS_NOTHING.sub(" ", text)
    if _DEAD.search(plain):
        return not _OURS.search(plain)
    rest = _NO_MORE_THAN_THE_CODE.sub(" ", _STATUS.sub(" ", text))
    return not re.search(r"\w", rest)


def _is_quota(stage: Stage, found: Outcome) -> bool:
    """A limit of our own account, which Gmail and others also announce with 550 and 452."""
    status = found.status or ""
    later = 400 <= found.code < 500
    if status[1:] in (".4.5", ".7.28") or (status[1:] == ".2.1" and later):
        return True
    if found.code == 454 and status[1:] == ".7.0":
        return True
    if status[1:] in (".5.3", ".5.4"):
        return later
    if found.code == 452 and status[1:] != ".2.2" and stage is not Stage.rcpt:
        return True
    if not _QUOTA.search(found.text):
        return False
    if re.search(r"SubmissionQuota|unusual sending activity", found.text, re.IGNORECASE):
        return True
    return bool(_OVER_TIME.search(found.text)) or not (_TOO_LARGE.search(found.text) or _FULL.search(found.text))


def _line(text: str) -> str:
    """The server's lines as one; a status that stands on every line is kept once."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    first = _STATUS.match(lines[0]) if lines else None
    if first:
        lines[1:] = [line.removeprefix(first[0]).strip() for line in lines[1:]]
    printable = "".join(c if c.isprintable() else " " for c in " ".join(lines))
    return " ".join(printable.split())[:500]


def _status(text: str) -> str | None:
    """The enhanced status code (RFC 3463): at the beginning, else the first that stands anywhere."""
    match = _STATUS.search(text)
    return match[0] if match else None


def _subject(status: str | None) -> str:
    return status.split(".")[1] if status else ""


def _detail(status: str | None) -> str:
    return status.split(".")[2] if status else ""


def _wait(text: str, usual: int, *, least: int | None = None) -> int:
    """Seconds to wait: what the server says, between `least` (by default the usual time) and a day."""
    match = _WAIT.search(text)
    if not match:
        return usual
    unit = match[2][0].lower()
    seconds = int(match[1]) * {"s": 1, "m": 60, "h": 3600}[unit]
    return max(usual if least is None else least, min(seconds, 24 * 3600))
