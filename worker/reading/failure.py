"""Why a mail was not delivered: the words of sixty mail systems as one reason, hard or soft, and whom it concerns."""

from __future__ import annotations

import re
from dataclasses import dataclass

ENHANCED = re.compile(r"(?<![\d.\w])([245]\.\d{1,3}\.\d{1,3})(?![\d.]*\d)")
"""An enhanced status code (RFC 3463); no part of an IP address or a version."""

REPLY_CODE = re.compile(r"(?<![\d.#-])([45][0-5]\d)(?=[ \t-]+\S)(?![ \t]*(?:bytes|messages|hours|days|seconds|kb|mb))")
"""An SMTP reply code (RFC 5321 4.2) with words behind it."""


ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,100}@[\w.-]{1,200}")
PREFIX = re.compile(r"recipient address rejected: (?=[a-z]{2,})(?!access denied)", re.IGNORECASE)
PASSING = re.compile(r"unverif|verif|temporar|again|later|unavailable|grey|gray|deferred|time", re.IGNORECASE)
SAID = re.compile(r"^.{0,150}?\b(?:said|says|responded|replied):? ", re.IGNORECASE)
HOST = re.compile(r"\bhost \S{1,200} ?\[[^\]]{1,60}\][: ]{0,3}", re.IGNORECASE)
NOBODY = re.compile(r"unknown user\b|user unknown|no such user|unknown or illegal user", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Failure:
    """The reason in the field's word, whether the address is dead, and whom the failure concerns."""

    reason: str
    hard: bool
    about: str


CONCERNS = {
    "user_unknown": (True, "recipient"),
    "has_moved": (True, "recipient"),
    "host_unknown": (True, "recipient"),
    "no_mail_here": (True, "recipient"),
    "disabled": (True, "recipient"),
    "mailbox_full": (False, "recipient"),
    "filtered": (False, "recipient"),
    "rejected": (False, "policy"),
    "policy": (False, "policy"),
    "reputation": (False, "policy"),
    "authentication": (False, "policy"),
    "relaying": (False, "policy"),
    "spam": (False, "policy"),
    "rate_limited": (False, "policy"),
    "greylisted": (False, "network"),
    "quota": (False, "account"),
    "account": (False, "account"),
    "virus": (False, "message"),
    "too_large": (False, "message"),
    "content": (False, "message"),
    "expired": (False, "network"),
    "network": (False, "network"),
    "security": (False, "network"),
    "system": (False, "network"),
    "protocol": (False, "network"),
    "unknown": (False, "recipient"),
}
"""Reason: (the address is dead, whom the failure concerns)."""

WORDS: tuple[tuple[str, str], ...] = (
    (
        "protocol",
        r"incorrectly constructed|malformed address|address.{0,20}may not follow|missing or malformed local part",
    ),
    ("policy", r"\bhelo\b.{0,40}(?:reject|invalid|not found|syntax)|helo command rejected"),
    (
        "content",
        r"(?:invalid|malformed|bad|illegal|missing|duplicate|multiple) (?:\w+ ){0,2}(?:header|mime|content"
        r"|attachment|from:)"
        r"|header.{0,20}(?:invalid|missing|malformed|error|too)|[45]\.6\.\d",
    ),
    ("policy", r"5\.7\.\d+ (?:\S+ )?(?:access denied|rejected)|access denied \(state"),
    # What concerns the sender comes first: it often stands beside words that also fit a dead address.
    (
        "quota",
        r"daily (?:user )?sending (?:quota|limit)|sending (?:quota|limit) (?:exceeded|reached)|5\.4\.5\b"
        r"|message submission rate"
        r"|exceeded (?:the|your|their) (?:\w+ )?(?:maximum )?(?:sending|recipient|message) (?:quota|limit|rate)"
        r"|recipient limit exceeded"
        r"|hourly (?:sending )?limit|sendlimit|(?:hop|submission)quotaexceeded|maximum credits exceeded"
        r"|outgoing mail limit",
    ),
    (
        "account",
        r"5\.7\.30\b|5\.7\.70[58]|5\.1\.8\b.{0,60}bad outbound sender|your (?:email )?account (?:has been"
        r"|is) (?:blocked|suspended|disabled)"
        r"|account .{0,40}suspended from sending|(?:email address|sender) is not verified|turn on smtp authentication"
        r"|smtp auth(?:entication)? (?:is )?(?:required|needed)|sending paused for this account"
        r"|basic authentication is (?:disabled|not)"
        r"|authentication unsuccessful|outbound spam from (?:exchange|your)|tenant has exceeded"
        r"|hosted tenant which has no mail-enabled",
    ),
    (
        "rate_limited",
        r"rate.?limit|exceeded (?:their|its|his|her) limit for the number|too many (?:connections|messages"
        r"|recipients|concurrent|mails|emails|sessions|simultaneous"
        r"|errors)|throttl"
        r"|(?:has|have) sent to too many|temporarily deferred due to (?:user|unexpected|excessive)|4\.7\.28\b"
        r"|unusual rate of"
        r"|slow down|receiving mail (?:at a rate|too quickly)|exceed(?:s"
        r"|ed)? (?:the )?(?:maximum )?(?:number of )?(?:connections|concurrent)"
        r"|connection (?:rate|limit)|try again later.{0,30}\bTSS0|sending too fast|access temporarily (?:throttled"
        r"|limited)",
    ),
    (
        "greylisted",
        r"gr[ea]y.?list|postgrey|please retry (?:in|after)|try again in \d+ (?:sec|min)"
        r"|temporarily rejected.{0,40}first time",
    ),
    (
        "relaying",
        r"relay(?:ing)? (?:access )?(?:is )?(?:denied|not (?:permitted|allowed|accepted)|prohibited|disabled"
        r"|refused)|no relaying"
        r"|(?:not|n't) (?:configured to |allowed to |permitted to |permit )?relay\b|unable to relay|insecure mail relay"
        r"|that domain isn'?t in my list of allowed rcpthosts|domain is not in my list|relaying mail to|not local host"
        r"|we do not relay|not a gateway|you are not allowed to (?:use|send) .{0,30}relay|open relay",
    ),
    (
        "authentication",
        r"\bdmarc\b|\bdkim\b|\bspf\b(?!.{0,10}pass)|5\.7\.2[36]\b|5\.7\.50[0-9]\b|sender (?:is )?unauthenticated"
        r"|authentication checks failed"
        r"|unauthenticated (?:e?mail|senders?)|sender id .{0,20}(?:fail|pra)|purported responsible address"
        r"|not authenticated",
    ),
    (
        "policy",
        r"(?:reverse dns|rdns|ptr record|missing ptr|no ptr|hostname .{0,30}does not resolve|fix reverse dns"
        r"|5\.7\.25\b)"
        r"|without a (?:valid )?(?:reverse|sender domain)|cannot find your (?:reverse )?hostname",
    ),
    (
        "reputation",
        r"black.?list|block.?list|block(?:ed|ing)? (?:using|by|due to)|spamhaus|spamcop|\brbl\b|dnsbl|\bbl\?ip="
        r"|barracudacentral|sorbs"
        r"|reputation|client host (?:rejected|blocked)|(?:host|ip|server|network) (?:address )?.{0,40}(?:(?:is|has been"
        r"|was|are|currently) (?:\w+ )?listed|blocked|banned|bloqu|blacklisted)"
        r"|(?:invalid|bad|your) ip (?:for|address)|not accepting connections from|banned sending ip"
        r"|refused to talk to me|access denied.{0,30}ip"
        r"|no access from mail server|your network is|connection (?:refused|dropped|rejected) (?:by policy|due to)"
        r"|poor sending|unsolicited mail originating"
        r"|adresse ip .{0,20}bloqu|you are (?:blocked|not allowed to connect)|host network not allowed"
        r"|mail server .{0,30}blocked|connect(?:ion)?s? (?:not accepted|rejected)",
    ),
    (
        "virus",
        r"\bvirus(?:es)?\b(?!.free)|infected|malware|trojan|worm (?:was )?(?:found|detected)|mcspamsignature|malicious",
    ),
    (
        "spam",
        r"\bspam\b|\bspammy\b|\bube\b|\buce\b|\bjunk\b|unsolicited|bulk ?mail|phish|likely suspicious"
        r"|message (?:content )?(?:rejected|refused) .{0,30}content"
        r"|spam(?:assassin| score| classification| filter| detected)|listed url|url .{0,20}(?:blocked|blacklist)"
        r"|content (?:filter )?reject",
    ),
    (
        "mailbox_full",
        r"mail ?box (?:is |for .{0,40}is |has been |size )?(?:almost )?(?:full|over|exceed|limit)|full mail ?box"
        r"|over.?quota|quota.{0,15}(?:exceed|full|reached|violat|error)"
        r"|exceed(?:s|ed|ing)? .{0,30}(?:quota|storage|disk|mailbox|space)|(?:out of|insufficient|not enough"
        r"|no) .{0,25}(?:storage|disk ?space|space left|quota)"
        r"|disk ?quota|inbox is (?:full|out)|mailbox_full|mfull|(?:4|5)\.2\.2\b|user is over (?:the )?quota"
        r"|too much mail|boite .{0,20}pleine|posteingang .{0,20}voll"
        r"|postfach .{0,20}(?:voll|überschritten)|buzón .{0,10}lleno|caixa .{0,20}cheia|casella .{0,20}piena"
        r"|account is full|storage (?:limit|exceeded)|recipient storage full"
        r"|maildir(?:: )?over|(?:receiving|receive) .{0,20}at a rate|shutoffquotaexceeded|переполнен|превыш|容量"
        r"|mailbox exceeded|user'?s mailbox .{0,20}full|mailbox.{0,30}unable to accept",
    ),
    (
        "too_large",
        r"(?:message|mail|size|length|body|attachment|line|header)s? .{0,40}(?:too (?:big|large|long)|exceed"
        r"|limit exceeded|larger than)|too (?:big|large) (?:for|a|message)"
        r"|exceed(?:s|ed)? .{0,40}(?:message |maximum |size|length|fixed)(?:.{0,15}(?:size|length|limit))"
        r"|recipsizelimit|5\.(?:2|3)\.[34]\b.{0,60}(?:size|large|length|big)"
        r"|max(?:imum)?.{0,20}message size|line limit exceeded|size limit|zu gro[sß]|trop (?:grand|volumineux)"
        r"|demasiado grande",
    ),
    (
        "has_moved",
        r"(?:mail ?box|user|address|recipient|account) (?:has|have) (?:moved|changed)|moved,? (?:no forwarding|to)"
        r"|no longer on (?:this )?server|(?:user|he|she) (?:has )?moved"
        r"|not our (?:user|customer)|address (?:has been |was )?(?:changed|replaced)|5\.1\.6\b|forwarding address"
        r"|please (?:update|use) .{0,40}new address",
    ),
    (
        "filtered",
        r"recipient preferences|(?:refused|rejected|blocked) by (?:the )?recipient|user(?:'s)? (?:has )?(?:reject"
        r"|refuse|block)(?:s"
        r"|ed)? (?:your|this|all|mail)|recipient (?:has )?(?:reject|refuse|block)(?:s|ed) your"
        r"|not on (?:the|my|their) (?:allow|white|accept)|only accepts? (?:mail|messages|email) from"
        r"|does not accept mail from (?:you|unknown|this)|rcp-p2|deny(?:ing)? by .{0,10}(?:user|recipient) filter",
    ),
    (
        "disabled",
        r"(?:account|mail ?box|user|recipient|address|e-?mail).{0,50}(?:(?<!not )disabled|discontinued|suspended"
        r"|frozen|locked|deactivated|inactive|terminated|closed|(?<=account )expired|(?<=account has )expired"
        r"|blocked|bloque\b|not active|archived)"
        r"|(?:disabled|inactive|suspended|deactivated|frozen|locked|expired|closed) (?:user|account|mail ?box"
        r"|recipient|e-?mail|address)|unable to receive|not currently accepting|out of service",
    ),
    (
        "rejected",
        r"(?:sender|mail from|from:|from (?:address|domain)|envelope from|return.path|originator).{0,40}(?:reject"
        r"|refus|denied|not (?:accepted"
        r"|exist|valid|allowed|permitted|found|verif)|invalid|unrout|unknown|cannot be (?:resolved|verified)"
        r"|blocked)"
        r"|(?:invalid|unknown|bad|unroutable|unverified|unresolvable|forged) (?:sender|from|return)"
        r"|domain of sender|sender verif|5\.1\.[78]\b|my name was rejected|invalid domain name"
        r"|not (?:a )?member|only .{0,20}members? .{0,20}(?:post|send)|(?:post|send|write).{0,40}(?:not have"
        r"|permission|allowed|authorized)|not allowed to (?:post|send)|permission to post|you are not subscribed"
        r"|does not exist e2110|moderat",
    ),
    (
        "no_mail_here",
        r"null ?mx|indicated no smtp service|(?:does|do)(?: not|n'?t) (?:accept|receive|support"
        r"|want) (?:any )?(?:e-?)?mail\b|5\.1\.10\b.{0,40}null|5\.3\.2\b|not accepting (?:network )?messages"
        r"|accepts? no mail|no mail(?:s)? (?:is )?accepted"
        r"|malformed or unexpected name server reply|mx record .{0,40}(?:points? to|null)|\bnullmx\b|mx points to"
        r"|not found any mail ?exchanger|5\.7\.27\b|doesn'?t receive email",
    ),
    ("network", r"(?:name service|host|dns|lookup).{0,80}try again"),
    (
        "host_unknown",
        r"(?:host|domain|server|mail ?exchanger|hostname|domain name|system|dns)s?.{0,45}(?:(?<!is )unknown"
        r"|not (?:be )?(?:found|exist|known|resolv|listed)|does(?: not|n'?t) exist|doesnotexist|couldn'?t be found"
        r"|could not be (?:found|resolved)|unresolv|unrout)"
        r"|(?:unknown|no such|invalid|unrout\w*|bad|nonexistent|non-existent|unresolvable) (?:mail )?(?:host|domain"
        r"|server|destination|recipient domain|recipient system|system|domain name)|nxdomain|no mx"
        r"|unrouteable (?:mail )?domain"
        r"|couldn'?t find (?:any|a) (?:host|mail ?exchanger|mx)|could ?n.t find .{0,40}(?:host|domain)"
        r"|no (?:mail )?(?:exchanger|route to domain|mx or address)|5\.1\.2\b|5\.4\.4\b|5\.4\.310\b|illegal host"
        r"|(?:was|were) unable to look up|domäne .{0,30}nicht gefunden"
        r"|all relevant mx records point to non-existent hosts|name or service not known|no hosts? (?:found|match)"
        r"|域名|домен .{0,30}не",
    ),
    (
        "user_unknown",
        r"(?:user|recipient|mail ?box|account|address|local ?part|addressee|destinataire|destinatario|usuari[oa]"
        r"|utilisateur|utente|gebruiker|benutzer|użytkownik|empf(?:ä"
        r"|ae)nger|alias|e-?mail|person|name|customer|subscriber|id|group|forward)s?\b.{0,60}"
        r"(?:\bunknown|not (?:be )?(?:found|exist|known|valid|listed|recogni[sz]ed|available|here|a valid|present"
        r"|registered|defined|in )|no longer (?:\w+ )?(?:exist|valid|available|here|in use|active|on|work|employ)"
        r"|does ?n[o']t ?(?:exist|have)|does not (?:exist|have)|not exist|non ?existent|invalid\b|invalide|inconnu"
        r"|unbekannt|desconocido|sconosciuto|\w*inexist|onbekend|nieznany|unavailable|unroute?able|undeliverable"
        r"|not known|non trouv"
        r"|nicht gefunden|existiert nicht|n'existe pas|no existe|não existe|non esiste|bestaat niet|isn'?t (?:a "
        r"|valid|known|listed|here)|incorrect|illegal|wrong|disallowed|bad)"
        r"|(?:unknown|no such|invalid|illegal|unrouteable|unroutable|bad|nonexistent|non-existent|undeliverable"
        r"|incorrect|unlisted|unbekannte[rn]?) (?:or \w+ )?(?:local|virtual|mail)? ?(?:user|recipient|mail ?box"
        r"|address|account|person|addressee|destination (?:address|mailbox)|name|local.?part|alias|to |rcpt|empf"
        r"|e-?mail)"
        r"|user ?unknown|unknownuser|no mail ?box|no account|no (?:valid )?(?:recipients?|user)\b(?! (?:space"
        r"|interaction))|5\.1\.1\b|5\.1\.0\b.{0,20}address|5\.1\.10\b|5\.1\.3\b|5\.4\.1\b.{0,90}access denied"
        r"|recipientnotfound|(?:adr|address)notfound"
        r"|(?:doesn'?t|does not|didn'?t) (?:have|like) (?:a |an |this |that )?(?:account|mailbox|yahoo|recipient"
        r"|user|.{0,25} account)|not (?:our|a local|a valid|a known|an active|a registered"
        r"|listed in) .{0,30}(?:user|recipient|mailbox|address|account|directory|domino)|(?:is|was) not (?:listed"
        r"|found) in|not listed in|delete the recipient"
        r"|has (?:left|retired from)|mailbox unavailable|this address (?:no longer|does not)|address (?:rejected"
        r"|error|lookup)|address.{0,10}rejected(?!:)|couldn'?t be found|wasn'?t found|(?:wurde"
        r"|konnte) nicht gefunden|не существует|не найден|нет такого|unknown user|用户不存在|不存在"
        r"|見つかりません|宛先不明|존재하지"
        r"|mailbox.{0,12}not"
        r"|rcp-p1|@>?:? (?:recipient )?(?:address )?rejected\.?$|unrouteable address|recipient .{0,30}rejected\.?$"
        r"|lacks? a (?:valid )?mailbox",
    ),
    (
        "security",
        r"\btls\b|\bssl\b|starttls|certificate|encryption (?:is )?(?:required|needed)|\bdane\b|mta-sts|5\.7\.[56]\b"
        r"|cryptograph|authrequired|authentication (?:is )?required",
    ),
    (
        "expired",
        r"(?:message|mail|delivery|queue|retry|transmission|time)s?.{0,40}(?:expired|timed? ?out|timeout|too long"
        r"|exceeded the|given up)|timed ?out|retry time(?:out)? (?:not reached|exceeded)|(?:could|can)(?: ?not"
        r"| ?n'?t) (?:be )?(?:send|sent|deliver(?:ed)?) (?:message |mail )?(?:for|within|after|in) (?:the (?:past"
        r"|last) )?\d"
        r"|been in the queue|in (?:the )?queue (?:for )?too long|4\.4\.7\b|5\.4\.7\b|expired|connection (?:timed"
        r"|refused|was refused)|giving up|(?:did not|didn't) (?:respond|accept our requests to connect)"
        r"|will (?:continue|keep) (?:to )?try|delivery (?:to .{0,60})?(?:has been |was |is )?delayed"
        r"|has been delayed"
        r"|not able to deliver .{0,20}(?:within|after)|tried for .{0,30}(?:days|hours)|retrying|unable to connect"
        r"|cannot connect|could not connect|deferred",
    ),
    (
        "network",
        r"network|no route to|unreachable|routing loop|mail loop|loops? (?:back|detected|to myself)|too many hops"
        r"|hop count|hop limit|connection (?:lost|reset|closed|broken|dropped|aborted|failed)|lost connection"
        r"|dns (?:error|failure|query|lookup|problem|server)|host name lookup|name (?:service|server) (?:error"
        r"|fail)|no relevant answers|[45]\.4\.[0-9]\b|looping|circular",
    ),
    (
        "content",
        r"header (?:error|field)s?|invalid (?:content|header|mime)|content (?:rejected|error)|media error"
        r"|attachment|prohibited|not (?:rfc|compliant)|rfc ?(?:5322|2822|822)|multiple .{0,20}addresses in from"
        r"|duplicate header|bare (?:lf|cr)|8.?bit|charset|malformed|5\.6\.\d\b|violates rfc|message.{0,15}format",
    ),
    (
        "policy",
        r"policy|policies|prohibit|not (?:allowed|permitted|authorized|authorised)|access denied|denied|forbidden"
        r"|administrative(?:ly)?|restricted|unacceptable|restriction|refus|5\.7\.\d+|sicherheits|blocked|spool not"
        r"|sorry, .{0,40}not accept|service unavailable.{0,30}(?:client|host)|admin|rejected due to|redundant|bloqu"
        r"|unsafe",
    ),
    (
        "system",
        r"system (?:error|problem|config|not)|internal (?:server |system )?error|local (?:configuration |error"
        r"|problem)|server (?:error|config)|configuration error|resources? (?:temporar|unavail|limit)|queue file"
        r"|i/o error|read.?only|mailer error|pipe|command (?:failed|died|output|time)|procmail|can't (?:create"
        r"|open)|couldn't create|cannot open|out of memory|temporar|unexpected|try again later|try later"
        r"|service (?:is )?(?:not available|unavailable|refus)|ldap|database|backend|child process"
        r"|permission denied|exit (?:status|code)|overload|too busy|[45]\.3\.[05]\b",
    ),
    (
        "protocol",
        r"syntax error|bad sequence|sequence of commands|unrecogni[sz]ed|command (?:parameter )?(?:not|un)"
        r"|not implemented|protocol error|parameter|improper|nested mail|helo|ehlo|5\.5\.[1245]\b",
    ),
)
"""What each reason is called in the wild, tried from the top; the first that fits decides."""

PATTERNS = tuple((reason, re.compile(pattern, re.IGNORECASE)) for reason, pattern in WORDS)

STATUS = {
    "1.0": "user_unknown",
    "1.1": "user_unknown",
    "1.2": "host_unknown",
    "1.3": "user_unknown",
    "1.4": "user_unknown",
    "1.6": "has_moved",
    "1.7": "rejected",
    "1.8": "rejected",
    "1.9": "protocol",
    "1.10": "no_mail_here",
    "2.0": "mailbox_full",
    "2.1": "disabled",
    "2.2": "mailbox_full",
    "2.3": "too_large",
    "2.4": "system",
    "3.0": "system",
    "3.1": "system",
    "3.2": "no_mail_here",
    "3.3": "system",
    "3.4": "too_large",
    "3.5": "system",
    "4.0": "network",
    "4.1": "expired",
    "4.2": "expired",
    "4.3": "system",
    "4.4": "host_unknown",
    "4.5": "quota",
    "4.6": "network",
    "4.7": "expired",
    "4.14": "network",
    "4.310": "host_unknown",
    "7.13": "disabled",
    "7.27": "no_mail_here",
    "7.17": "has_moved",
    "7.18": "has_moved",
}
"""Subject and detail of an enhanced code (RFC 3463 3, RFC 7372, RFC 7505) where the words say nothing."""

SUBJECTS = {"4": "network", "5": "protocol", "6": "content", "7": "policy", "3": "system", "1": "user_unknown"}

TEMPORARY = {"user_unknown", "host_unknown", "no_mail_here", "disabled", "has_moved"}


def of(words: str, status: str | None, code: str | None = None, *, prose: str = "") -> Failure:
    """The failure that the server's words, its enhanced status and its reply code describe.

    `words` is what the refusing server said, `prose` what the reporting system says around it: it is asked only
    where the words say nothing. A temporary status (4.x.x) is no dead address, unless the words say plainly that
    nobody of that name is there.
    """
    words = _plain(words)
    reason = named = _named(words)
    if reason is None and status and status[0] in "45":
        reason = _by_status(status, exact=True)
    if reason is None and prose:
        reason = _named(_plain(prose))
    if reason is None and status and status[0] in "45":
        reason = _by_status(status, exact=False)
    if reason is None and code:
        reason = {"550": "rejected", "551": "has_moved", "552": "mailbox_full", "553": "user_unknown"}.get(code)
        reason = reason or ("system" if code[0] == "4" else "unknown")
    if reason in {"system", "unknown", None} and NOBODY.search(prose):
        reason = "user_unknown"
    hard, about = CONCERNS[reason or "unknown"]
    temporary = (status or code or "5").startswith("4")
    if hard and temporary and (reason != "user_unknown" or not named or PASSING.search(words)):
        hard = False
        if reason in {"host_unknown", "no_mail_here"}:
            about = "network"
    return Failure(reason or "unknown", hard, about)


def _plain(words: str) -> str:
    """One line without addresses, whose names mislead, and without the phrase that begins each refusal of Postfix."""
    line = ADDRESS.sub("@", " ".join(words[:4000].split()))
    return PREFIX.sub("", HOST.sub("", SAID.sub("", line)))


def _named(words: str) -> str | None:
    if not words:
        return None
    return next((reason for reason, pattern in PATTERNS if pattern.search(words)), None)


def _by_status(status: str, *, exact: bool) -> str | None:
    _, _, rest = status.partition(".")
    if rest in STATUS and (exact or rest != "0.0"):
        return STATUS[rest]
    if exact:
        return None
    return SUBJECTS.get(rest.split(".")[0])


def enhanced(words: str) -> str | None:
    """The first enhanced status code of a failure in the words, None where there is none."""
    found = [code for code in ENHANCED.findall(words) if code[0] in "45"]
    exact = [code for code in found if not code.endswith(".0.0")]
    first: str | None = next(iter(exact or found), None)
    return first


def reply_code(words: str) -> str | None:
    """The first SMTP reply code of a failure in the words, None where there is none."""
    found = REPLY_CODE.search(words)
    return found[1] if found else None
