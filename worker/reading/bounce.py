"""Whether a mail is a report of a failed or late delivery, and what it says (RFC 3464, and the many that ignore it)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from worker.conversation.vocabulary import Bounce, Kind
from worker.reading import dsn, failure, returned
from worker.reading.dsn import Status
from worker.reading.headers import Headers
from worker.reading.letter import Letter
from worker.reading.returned import Returned

DAEMON = re.compile(
    r"(?:^|[\s<\"'._-])(?:mailer[-_.]?daemon|mail[-_.]?daemon|mdaemon|post[-_.]?master|daemon|mailerdaemon"
    r"|mail[-_.]?delivery|microsoftexchange329e\w*"
    r"|bounce[sd]?|mailsystem|delivery[-_.]?(?:failure|status|notification)|mmdf|uucp|noreply-bounce"
    r"|sys(?:tem)?[-_.]?admin(?:istrator)?"
    r"|automatic[-_]email[-_]delivery[-_]error[-_]handler|notification[-_]?return|root)(?:$|[\s@>\"'+._-])"
    r"|mail ?(?:delivery|routing|system|administrator)|delivery (?:subsystem|system|status)|mail ?server"
    r"|mail[- ]?router|email delivery|postmaster|^[\"\s]*mailer[\"\s]*$|exchange system|系統|システム|администратор",
    re.IGNORECASE,
)
"""Names under which mail systems write."""

SUBJECT = re.compile(
    r"undeliver|un(?:able|successful).{0,15}deliver|(?:mail|message|e-?mail|delivery|deliver).{0,30}(?:fail|error"
    r"|return|problem|reject|not (?:be )?(?:deliver|sent|accepted)|could not|couldn'?t|status notif|status report"
    r"|notification|delay|warning|bounced|suspend|was not|has not been|report|blocked|impossible|cancel|expired"
    r"|abort)"
    r"|(?:fail(?:ure|ed)|error|problem|warning|return(?:ed|ing)|reject(?:ed)?|bounced?|delayed|sorry).{0,30}(?:mail"
    r"|message|deliver|sending|recipient|notice|to sender|delivery)"
    r"|failure (?:notice|delivery)|non.?deliver|nondeliver|user unknown|unknown user|address (?:error|unknown"
    r"|not found|rejected)|mail could not|host unknown|mailbox (?:is )?(?:full|unavailable)|over quota"
    r"|unzustellbar|nicht zu(?:gestellt|stellbar)|zustell(?:ung|fehler|bar)|fehlgeschlagen|unzugestellt|non remis"
    r"|non distribu|non-remise|échec|echec|impossible de remettre|retourn|devuel|no se (?:ha )?(?:pud|pued)"
    r"|no entregado|error de entrega|fallo|não (?:entreg|foi)|falha|devolvid|mancata (?:consegna|recapito)"
    r"|impossibile|niet (?:bezorg|afgeleverd|besteld)|onbestelbaar|недостав|не (?:может|доставлен|удалось)|ошибка"
    r"|возвра|エラー|配信|送信|届け|退信|无法|傳遞|投递|系统退信|반송|undelivered|delivery status|kunde inte"
    r"|leverans|kunne ikke|levering"
    r"|olevererbar|toimitus|nie (?:można|dostarcz|zosta)|zwrot|nedoruč|kézbesít|teslim",
    re.IGNORECASE,
)
"""Subjects under which mail systems return mail."""

PROSE = re.compile(
    r"(?:could|can|was|has|have|were|did|is|be|been)(?: ?not|n'?t)(?: yet)? (?:be |been "
    r"|able to )?(?:able to )?(?:deliver|sent|send|reach|transmit|accept|complet|process|forward|find|route)"
    r"|unable to (?:deliver|send|relay|complete|reach|forward)|failed to (?:deliver|send|be delivered|reach)"
    r"|deliver(?:y|ing)?.{0,60}(?:fail|error|imposs|unsuccess|not success|problem|delayed|abandon|aborted|trouble"
    r"|not possible|warning)"
    r"|(?:error|problem|trouble|failure|failed).{0,40}(?:deliver|sending|transmi|your mail|your message)|undeliver"
    r"|non.?deliverable|(?:message|mail|e-?mail).{0,60}(?:was|is|has been|been|being) (?:return|reject|refus"
    r"|bounced|undeliver|not deliver|blocked|delayed|not accepted)"
    r"|returned to (?:you|the sender|sender)|permanent (?:error|fatal|failure)|fatal errors?|this is a permanent"
    r"|transcript of session|the following (?:address|recipient|errors?|user|destination|organi[sz]ation|message)"
    r"|did not reach|couldn'?t be delivered|not been delivered|wasn'?t delivered|automatically (?:generated"
    r"|created) (?:by|delivery|e-?mail|message)|(?:created|generated) automatically by|(?:mail"
    r"|message) delivery (?:software|system|subsystem)|user unknown|unknown user|mailbox (?:is )?full"
    r"|host (?:unknown|not found)|said:|remote (?:host|server|system)|smtp (?:error|server|code|transcript)"
    r"|no such user|rejected (?:your|the|by|for)|not delivered"
    r"|invalid (?:user|recipient|address)|does(?:n'?t| not) exist|nicht zu(?:gestellt|stell)|unzustellbar"
    r"|konnte nicht|kann nicht|n'a pas (?:pu|été)"
    r"|ne peut|impossible|no (?:se )?(?:ha|pud|pued)|não (?:foi|pôde|pode)|non (?:è stat|puó|può|é)|niet (?:worden"
    r"|bezorg)|не (?:может|был|удалось)|доставлен|配信|送信|届け|送达|无法|傳送|できません|お届け",
    re.IGNORECASE,
)
"""What reports say."""

STRONG_PROSE = re.compile(
    r"(?:your|this|the|a|original|following) (?:e-?)?(?:mail|message).{0,60}(?:could not|couldn'?t|can(?:not| not"
    r"|'t)|was not|wasn'?t|has not been|is not|did not|has been (?:returned|rejected|blocked)|was (?:rejected"
    r"|returned|refused|blocked|undeliver))(?: be| able to be| been)?(?: .{0,20})?(?: deliver| sent| reach| return"
    r"|\b)"
    r"|this is the .{0,40}(?:mail|program|postfix|delivery)|i'm afraid i wasn'?t able|transcript of session"
    r"|permanent fatal errors|delivery (?:to the following|has failed|status|failed|failure|of (?:your|the|this)"
    r"|attempt|error|notification)|undeliver(?:able|ed)|(?:error|trouble|problem)s? (?:while |when |occurred "
    r"|in )?(?:deliver|sending)|unable to deliver|failed to deliver",
    re.IGNORECASE,
)

DELAY = re.compile(
    r"\(delay\)|delivery (?:to .{0,80}|of .{0,80}|status )?(?:is |was |has been |temporarily )?(?:delayed"
    r"|temporarily suspended)|(?:message|mail|delivery).{0,60}(?:delayed|delay notif|still (?:being|in the|queued"
    r"|trying))|warning message only"
    r"|will (?:continue to |keep |be )?(?:re)?(?:try|tried|trying|attempt)|(?:not"
    r"|n't) (?:yet )?been (?:yet )?delivered|not yet (?:been )?delivered|still (?:be )?(?:tr(?:y|ied)|retried)"
    r"|do not need to resend|(?:attempts|deliveries) (?:to deliver .{0,40})?will continue|no action is required"
    r"|temporar\w+ (?:problem|failure).{0,40}(?:will|retry)|gecko.{0,4}delay|is delayed|verzögert|retard[ée]"
    r"|en retraso|retrasad|ritard|vertraag",
    re.IGNORECASE,
)
FINAL = re.compile(
    r"give[ns]? up|giving up|permanent|returned (?:message|mail|to)|has failed|failed permanently|too long|expired"
    r"|could not be delivered|could not (?:be )?(?:send|sent).{0,20}for \d+ days"
    r"|been unable to deliver .{0,60}(?:days|hours)\.|was not delivered|undeliverable|couldn't be delivered"
    r"|unsent message|no further attempts",
    re.IGNORECASE,
)
DELAY_SUBJECT = re.compile(
    r"delay|warning|could not send message for past|still being retried|temporar|verzögert|retard|retraso|ritard"
    r"|vertraag|задерж|遅延",
    re.IGNORECASE,
)
SUCCESS = re.compile(
    r"success(?:fully|ful)|has been delivered|was delivered|relayed to|delivered to the following|zugestellt$"
    r"|delivery (?:receipt|confirmation)",
    re.IGNORECASE,
)
NOBODY = re.compile(r"^(?:no-?_?reply|do-?not-?reply|donotreply)\b", re.IGNORECASE)
REPLY_OR_FORWARD = re.compile(
    r"^\s*(?:re|aw|fw|fwd|wg|tr|rv|sv|vs|antw|doorst|rif|r|i|enc|res)\s*(?:\[\d+\])?\s*:", re.IGNORECASE
)
ADDRESS = re.compile(
    r"(?<![\w.+=/-])(?:\"[^\"\s@]{1,64}\"|[\w.!#$%&'*+/=?^`{|}~-]{1,100})@(?:[\w-]{1,63}\.){1,8}[A-Za-z0-9-]{2,40}"
)
RECIPIENT = re.compile(
    r"(?:^[ \t>]*<?(?P<a>[^\s<>@:,;()\[\]]{1,100}@[^\s<>@:,;()\[\]]{3,200})>?[ \t]*(?::|\.\.\.|$|\())"
    r"|(?:rcpt to:[ \t]*<?(?P<b>[^\s<>@]{1,100}@[^\s<>@,;]{3,200})>?)"
    r"|(?:(?:recipients?|to|for|address(?:es)?|user|mailbox|adressee?|destinataires?|destinatari[oa]s?|empfänger"
    r"|получател\w+)\b[^\n@<]{0,40}[ \t:<'\"(]+(?P<c>[^\s<>@:,;()'\"\[\]]{1,100}@[^\s<>@:,;()'\"\[\]]{3,200}))",
    re.IGNORECASE | re.MULTILINE,
)


NOTICE = re.compile(r'\\?"(?:notificationType|eventType)\\?"\s*:\s*\\?"(Bounce|Complaint|Delivery)\\?"')
"""A notification of Amazon SES about a mail, in JSON, by mail."""

LIST_SERVER = re.compile(r"not (?:a )?member|loop alert|duplicated message-id|not allowed|refus|reject", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Report:
    """A report of a delivery: bounce, delay or (for a success notice) receipt, with the reasons in words."""

    kind: Kind
    bounce: Bounce | None
    why: tuple[str, ...]


def read(letter: Letter) -> Report | None:
    """The mail as a delivery report, or None where it is none."""
    headers = letter.headers
    machine = dsn.statuses(letter)
    if not machine and from_system(headers):
        machine = dsn.printed(letter.text)
    if machine:
        return _by_fields(letter, machine)
    failed = headers.first("x-failed-recipients")
    if failed:
        return _report(letter, "X-Failed-Recipients names who was not reached", None)
    notice = NOTICE.search(letter.text[:2000])
    if notice and "amazon" in headers.from_address:
        return _notice(letter, notice[1].lower())
    reason = _looks(letter)
    if reason is None:
        return None
    return _report(letter, reason, None)


def prose(letter: Letter) -> str:
    """The report's own words, without the mail that it returns."""
    return returned.find(letter).prose


def from_system(headers: Headers) -> bool:
    """Whether the sender is a mail system by its name or its empty return path."""
    if not headers.from_:
        return headers.return_path == "<>" or bool(DAEMON.search(headers.first("from")[:200]))
    local = headers.from_address.split("@")[0]
    return bool(DAEMON.search(local) or DAEMON.search(headers.from_name))


def subject_says(headers: Headers) -> bool:
    """Whether the subject is one under which mail comes back, and no answer to one."""
    return bool(SUBJECT.search(headers.subject[:300])) and not REPLY_OR_FORWARD.match(headers.subject)


def _looks(letter: Letter) -> str | None:
    """Why a mail without machine-readable part is a report, or None."""
    headers = letter.headers
    answers = bool(REPLY_OR_FORWARD.match(headers.subject))
    automatic = headers.has("auto-submitted") and not headers.first("auto-submitted").lower().startswith("no")
    if answers and (
        not from_system(headers) or (headers.in_reply_to and not automatic and headers.return_path != "<>")
    ):
        return None
    system = from_system(headers)
    subject = subject_says(headers)
    text = letter.text[:20_000]
    back = returned.find(letter)
    prose = " ".join(back.prose[:8000].split())
    report_type = (
        "delivery-status" in headers.content_type.lower() and "multipart/report" in headers.content_type.lower()
    )
    empty_path = headers.return_path == "<>" or headers.first("return-path").strip() in {"<>", "MAILER-DAEMON"}
    codes = bool(failure.enhanced(prose) or failure.reply_code(prose))
    says = bool(PROSE.search(prose))
    strong = bool(STRONG_PROSE.search(prose))
    if report_type and (says or subject or back.found):
        return "it calls itself a delivery report"
    if system and (
        strong or (says and (subject or codes or back.found)) or (subject and (codes or back.found or not text.strip()))
    ):
        return "a mail system writes that a mail was not delivered"
    if empty_path and subject and (strong or (says and (codes or back.found))):
        return "a mail with an empty return path says that a mail was not delivered"
    hops = headers.every("received")
    if hops and "invoked for bounce" in hops[-1] and (says or subject):
        return "qmail marks it as a bounce"
    if headers.has("x-mlserver") and LIST_SERVER.search(f"{headers.subject}\n{prose}"):
        return "a list server refuses the mail"
    person = bool(headers.in_reply_to) and not automatic
    if not person and strong and back.found and NOBODY.match(headers.from_address):
        return "a no-reply address returns a mail that was not delivered"
    if not person and strong and subject and (back.found or automatic) and (codes or back.found):
        return "it returns a mail with the words of a delivery report"
    return None


def _notice(letter: Letter, event: str) -> Report:
    if event == "complaint":
        return Report(Kind.complaint, None, ("Amazon reports a complaint about our mail",))
    if event == "delivery":
        return Report(Kind.receipt, None, ("Amazon reports that our mail was delivered",))
    text = letter.text.replace("\\", "")

    def value(name: str) -> str:
        found = re.search(rf'"{name}"\s*:\s*"([^"]*)"', text)
        return found[1] if found else ""

    machine = Status(value("emailAddress"), "", value("action"), value("status"), value("diagnosticCode"))
    return _report(letter, "Amazon reports that our mail bounced", machine)


def _by_fields(letter: Letter, machine: tuple[Status, ...]) -> Report | None:
    failed = [one for one in machine if one.action in {"failed", "failure", "fail", "undeliverable", "error"}]
    delayed = [one for one in machine if one.action.startswith(("delay", "retry", "warn"))]
    good = [one for one in machine if one.action in {"delivered", "relayed", "expanded", "deliverable", "delivery"}]
    unsaid = [one for one in machine if one not in failed and one not in delayed and one not in good]
    failed += [one for one in unsaid if not one.status.startswith("2")]
    if failed:
        return _report(letter, "its delivery status says failed (RFC 3464)", failed[0])
    if delayed:
        return _report(letter, "its delivery status says delayed (RFC 3464)", delayed[0], delay=True)
    return Report(Kind.receipt, None, ("its delivery status says delivered (RFC 3464)",))


def _report(letter: Letter, reason: str, machine: Status | None, *, delay: bool | None = None) -> Report:
    back = returned.find(letter)
    prose = back.prose
    if machine is None and SUCCESS.search(letter.headers.subject) and not failure.enhanced(prose):
        return Report(Kind.receipt, None, ("it tells of a delivery that succeeded",))
    if delay is None and machine is None:
        delay = _is_delay(letter.headers.subject, prose)
    recipient = _recipient(letter, back, machine)
    words, status = _words(prose, machine, recipient)
    code = failure.reply_code(words) or failure.reply_code(prose)
    found = failure.of(words, status or failure.enhanced(prose), code, prose=f"{letter.headers.subject}\n{prose}")
    bounce = Bounce(
        recipient=recipient,
        status=status or failure.enhanced(prose),
        hard=found.hard and not delay,
        reason=found.reason,
        about=found.about,
        original_message_id=returned.original_id(letter, back),
        diagnostic=" ".join((words or prose).split())[:500],
    )
    why = (
        reason,
        f"{found.reason.replace('_', ' ')}: {bounce.diagnostic[:200]}" if bounce.diagnostic else found.reason,
    )
    return Report(Kind.delay if delay else Kind.bounce, bounce, why)


def _is_delay(subject: str, prose: str) -> bool:
    if DELAY_SUBJECT.search(subject) and DELAY.search(f"{subject}\n{prose[:4000]}"):
        return True
    return bool(DELAY.search(prose[:4000])) and not FINAL.search(prose[:4000])


def _words(prose: str, machine: Status | None, recipient: str | None) -> tuple[str, str | None]:
    """What the refusing server said, and the enhanced status: the server's own is better than the reporter's."""
    if machine is not None:
        inner = failure.enhanced(machine.diagnostic)
        status = machine.status or inner
        if inner and (not machine.status or machine.status.endswith(".0.0") or machine.status.startswith("2")):
            status = inner
        if machine.diagnostic.strip(" ;") not in {"", "71"}:
            return machine.diagnostic, status
        return _words(prose, None, recipient)[0], status
    lines = prose.split("\n")
    for number, line in enumerate(lines[:400]):
        if failure.reply_code(line) or (failure.enhanced(line) and len(line) > 12):
            said = " ".join([line, *_continuation(lines[number + 1 :])])
            return said, failure.enhanced(said)
    for number, line in enumerate(lines[:400]):
        place = line.lower().find(recipient.lower()) if recipient else -1
        if recipient and 0 <= place < 30:
            said = " ".join(
                [line[place + len(recipient) :].lstrip(">: \t"), *_continuation(lines[number + 1 :])]
            ).strip()
            if len(said) > 8:
                return said, None
    return "", None


def _continuation(lines: list[str]) -> list[str]:
    out: list[str] = []
    for line in lines[:6]:
        if not line.strip() or line.lstrip().startswith((">>>", "---", "<")):
            break
        out.append(line.strip())
    return out


def _recipient(letter: Letter, back: Returned, machine: Status | None) -> str | None:
    """The address that the mail was written to."""
    written = [address for _, address in back.headers.to]
    if machine is not None:
        if machine.original:
            return machine.original
        if machine.recipient:
            return machine.recipient
    named = dsn.ADDRESS.search(letter.headers.first("x-failed-recipients"))
    if named:
        return str(named[0])
    lower = {address.lower(): address for address in written}
    own = {address.lower() for _, address in (*letter.headers.to, *letter.headers.from_, *back.headers.from_)}
    in_prose: list[str] = [one for one in ADDRESS.findall(back.prose[:8000]) if one.lower() not in own]
    for address in in_prose:
        if address.lower() in lower:
            return address
    for hit in RECIPIENT.finditer(back.prose[:8000]):
        address = (hit["a"] or hit["b"] or hit["c"] or "").strip(".'\"")
        if ADDRESS.fullmatch(address) and address.lower() not in own:
            return address
    if written:
        return written[0]
    return in_prose[0] if in_prose else None
