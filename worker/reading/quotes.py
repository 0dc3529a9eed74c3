"""What a person wrote themself, apart from the mail that they answer: the quotes of every common mail program."""

from __future__ import annotations

import re
from dataclasses import dataclass

from worker.reading import footer
from worker.reading.html import QUOTED_BELOW, SIGNATURE_BELOW

LINES_LIMIT = 20_000
ATTRIBUTION_LINES = 5
"""Lines over which a program wraps "On ... wrote:"."""

VERB_LAST = re.compile(
    r"(?:\bwrote|\bwrites|\bhas written|a écrit|a ecrit|\bescribi[óo]|\bha escrito|\bescreveu|\bha scritto|\bscrive"
    r"|\bscrisse|napisa[łl]\(?a?\)?|napsala?\(?a?\)?|nap[íi]sal\(?a?\)?|\bпишет|\bписал\(?а?\)?|\bнаписала?\(?а?\)?"
    r"|\bwrote the following|写道|寫道|のメッセージ|書きました|작성:?|kirjoitti|yazd[ıi]|\bskrev|\bschrieb"
    r"|\bschreef|\bschrijft"
    r"|\bschreibt|έγραψε|a scris|írta|je napisao|је написао|\bviết|\bmenulis|\bva escriure|\bgeschrieben"
    r"|\bhat geschrieben folgendes|\bsaid|\bsent|\bgeschreven|đã viết|\bha escrit|\bhat geschrieben)"
    r"\s*[:：]?\s*$",
    re.IGNORECASE,
)
VERB_INSIDE = re.compile(
    r"(?:\b(?:schrieb|schreef|skrev|kirjoitti)\b.{1,200}|\bezt írta.{0,150}|\bwrote on .{3,100}"
    r"|\bschrieb am .{3,100}|\bschreef op .{3,100}|\bescribió el .{3,100}|\ba écrit le .{3,100}"
    r"|\bha scritto il .{3,100}|\bescreveu (?:em|no dia) .{3,100}|\bon .{6,80}(?:wrote|said))[:：]\s*$",
    re.IGNORECASE,
)
NO_VERB = re.compile(r"\d{4}.{0,60}<[^<>\s]{1,100}@[^<>\s]{1,200}>\)?\s*[:：]\s*$")
STARTER = re.compile(
    r"^[*_\s]*(?:on|am|at|le|el|em|il|op|den|d\.|a|dnia|w dniu|dne|em|no dia|il giorno|в|на|at|my|el día|a las"
    r"|le jour|vào|pada|στις|\d{1,4}[-./年 ]|mon|tue|wed|thu|fri|sat|sun|lun|mar|mer|mié|mie|jeu|jue|ven|vie|sam|sáb"
    r"|dim|dom|mo|di|mi|do|fr|sa|so|seg|ter|qua|qui|sex|pon|wt|śr|czw|pt|sob|ndz|niedz|пн|вт|ср|чт|пт|сб|вс|ma|za"
    r"|zo|wo|vr)\b",
    re.IGNORECASE,
)
DATED_ADDRESS = re.compile(r"^\d{4}[-/.]\d.{0,100}<[^<>\s]{1,100}@[^<>\s]{1,200}>$")
SHARED_LINE = re.compile(r"^(?P<said>.*\S)(?:\s+|-{2,}\s*)(?P<quote>On (?=[^:]{0,40}\d).{8,200}[ >]wrote:)$")
"""The last words of an answer on one line with "On ..., somebody wrote:"."""

SNIPPED = re.compile(r"^\s*(?:[\[<(…].{0,40}[\]>)…]|\.{2,}|-*\s*8<.{0,10})\s*$")
"""A note that the writer left something of the quote out."""

RUN_ON = re.compile(
    r"^\s*(?:on|am|le|el|em|il|op|den) (?=[^<]{0,60}\d)[^<]{6,100}<[^<>\s]{1,100}@[^<>\s]{1,200}>[,\s]{0,2}"
    r"(?:wrote|schrieb|a écrit|escribió|escreveu|ha scritto|schreef|skrev)?\s?:\s+\S",
    re.IGNORECASE,
)
"""An attribution with the quoted words on the same line."""

TORN = re.compile(
    r"^(On [^\n<]{10,90})\n\n?<\n{1,2}(?:mailto:)?([^\n<>]{0,60}<?[^\n<>\s]{1,100}@[^\n<>\s]{1,200}>?)\n> (wrote:)$",
    re.M,
)
"""An attribution that a program tears apart around its address."""

DATED = re.compile(r"\b(?:19|20)\d\d\b.{0,30}\b\d{1,2}[:.h]\d{2}\b|\b\d{1,2}[:.h]\d{2}\b.{0,30}\b(?:19|20)\d\d\b")
"""A year and an hour on one line, as an attribution has them in any language."""

LEFTOVER = re.compile(r"\(https?://\S+\)?(?: ?>)?|[^\s(]{8,}\)(?: ?>)?")
"""A link that a program left unmarked between quoted lines, or its end."""

FRINGE = " \t-_*‐–—"

MARKER = re.compile(
    r"^[\s>*_]*(?:-{3,}[\w' ]{0,25}(?:message|nachricht|bericht|messaggio|mensaje|mensagem|meddelande|meddelelse"
    r"|zpráva|wiadomość)[\w' ]{0,15}-{3,}|[-‐‑–—_=*]{2,}\s*(?:original (?:message|mail|e-?mail|nachricht)"
    r"|(?:ursprüngliche|original(?:e)?)[- ]?(?:nachricht|mail|e-?mail)|originalnachricht|message (?:d'origine"
    r"|original|transféré|d'origine)|mensaje original|mensagem (?:original|encaminhada)|messaggio (?:originale"
    r"|inoltrato)|oorspronkelijk(?:e)? (?:bericht|e-?mail)|doorgestuurd bericht|(?:forwarded|weitergeleitete"
    r"|reenviado|mensaje reenviado|forward(?:ed)? (?:message|mail|by)|vidarebefordrat|ursprungligt"
    r"|original(?:meddelelse|meddelande)|oprindelig|opprinnelig|alkuperäinen|wiadomość (?:oryginalna|przekazana)"
    r"|původní zpráva|исходное сообщение|пересланное сообщение|пересылаемое сообщение|原始邮件|原始郵件"
    r"|元のメッセージ|転送|転送メッセージ"
    r"|eredeti üzenet|orijinal|özgün|αρχικό|reply message|quoted text)[^-]{0,40})\s*(?:message|mail"
    r"|nachricht)?\s*[-‐‑–—_=*]{2,}.{0,40}"
    r"|(?:begin forwarded message|anfang der weitergeleiteten (?:nachricht|e-mail)|début du message (?:transféré"
    r"|réexpédié)|inicio del mensaje reenviado|início da mensagem (?:reencaminhada|encaminhada)"
    r"|inizio messaggio inoltrato|begin doorgestuurd bericht|ursprüngliche nachricht|original message"
    r"|message d'origine|mensaje original|oorspronkelijk bericht)\s*:?)\s*$",
    re.IGNORECASE,
)
INTRODUCTION = re.compile(
    r"^[\s*_]*(?:[-‐–—_=]{3,}[^\d@]{3,50}[-‐–—_=]{3,}|[^\d@.!?]{0,30}\b(?:message|nachricht|bericht|messaggio"
    r"|mensaje|mensagem|correo|mail|meddelande)\b[^\d@.!?]{0,20}:)[\s*_]*$",
    re.IGNORECASE,
)
"""A line that, with a field of a header right below it, introduces another mail in whatever language."""

RULER = re.compile(r"^[ \t]*(?:_{10,}|-{10,}|={10,}|\*{10,}|—{5,})[ \t]*$")

LABELS = {
    "from": (
        "from|von|de|da|van|från|fra|od|от|от кого|差出人|发件人|寄件者|寄件人|보낸 사람|보낸사람|lähettäjä|feladó"
        "|kimden|gönderen|expéditeur|remitente|mittente|afzender|absender|από|de la|expedidor|pošiljatelj|šalje"
        "|送信者"
    ),
    "sent": (
        "sent|date|gesendet|gesendet am|datum|envoyé|envoyé le|date d'envoi|enviado|enviado el|enviado em|enviada"
        "|enviada em|enviada el|inviato|inviato il|data|fecha|verzonden|verstuurd|skickat|sendt|lähetetty"
        "|päivämäärä|wysłano|wysłane|odesláno|отправлено|дата|送信日時|日付|发送时间|日期|寄件日期|보낸 날짜|날짜"
        "|elküldve|dátum|gönderildi|gönderme tarihi|tarih|ημερομηνία|sentdate|dato|trimis|时间"
    ),
    "to": (
        "to|an|à|a|para|per|aan|till|til|do|komu|кому|宛先|收件人|받는 사람|vastaanottaja|címzett|kime|pour"
        "|destinataire|destinatario|destinatário|empfänger|προς|către"
    ),
    "subject": (
        "subject|betreff|objet|sujet|asunto|assunto|oggetto|onderwerp|ämne|emne|temat|předmět|predmet|тема|件名"
        "|主题|主旨|제목|aihe|tárgy|konu|θέμα|subiect"
    ),
    "cc": (
        "cc|kopie|copie|copia|cópia|kopia|копия|reply-to|antwort an|responder a|bcc|importance|priority"
        "|wichtigkeit|attachments|anlagen|organization"
    ),
}
LABEL = re.compile(
    r"^[\s>*_|]*(?:"
    + "|".join(f"(?P<{name}>{words})" for name, words in LABELS.items())
    + r")[*_\s]{0,4}[:：](?:[*_]*\s|[*_]*$|\S)",
    re.IGNORECASE,
)
QUOTED = re.compile(r"^[ \t]{0,3}(?:>|&gt;|\|[ \t]|[ \t]{0,3}[A-Z][A-Za-z]{0,12}>[ \t])")
OWN_MARK = re.compile(r"^[ \t]{0,2}(?=[^\w\s>])([^\w\s]{1,3})[ \t\w]")
"""A mark of the writer's own taste before each quoted line."""


@dataclass(frozen=True, slots=True)
class Parts:
    """A text taken apart: what is new, the answers between quotes with the line each answers, what was left out."""

    new: str
    inline: tuple[tuple[str, str], ...] = ()
    signature: str = ""
    quoted: str = ""


def divide(text: str, *, name: str = "", address: str = "") -> Parts:
    """The new text of a mail, without quotes, contact block and disclaimers.

    `name` and `address` are the sender's: they tell their own contact block from somebody's whom they hand on.
    """
    text = TORN.sub(r"\1 <\2> \3", text.replace("\xa0", " "))
    lines = [line.rstrip() for line in text.split("\n")[:LINES_LIMIT]]
    lines = footer.without_banner([piece for line in lines for piece in _unshared(line)])
    cut, marked = _cut(lines)
    top, signature = footer.clean(lines[:cut], name=name, address=address)
    rest = lines[cut:]
    answers: list[tuple[str, str]] = []
    if marked:
        answers = _answers(rest)
    kept: list[tuple[str, str]] = []
    for place, (line, answer) in enumerate(answers):
        body, more = answer.split("\n"), ""
        if len(body) == 1 and _says_nothing(body[0], rest):
            continue
        if place == len(answers) - 1:
            body, more = footer.clean(body, name=name, address=address)
        elif _is_attribution(body, 0):
            continue
        signature = signature or more
        if any(one.strip() for one in body):
            kept.append((line, _join(body)))
    new = "\n\n".join(one for one in [_join(top), *(answer for _, answer in kept)] if one)
    return Parts(new, tuple(kept), signature, _join(rest))


def _says_nothing(line: str, rest: list[str]) -> bool:
    """Whether a lone line between quoted ones is a colon or a piece of a link that belongs to them."""
    bare = line.strip().rstrip(":")
    return not bare or bool(LEFTOVER.fullmatch(bare) and any("(http" in one for one in rest))


def _unshared(line: str) -> tuple[str, ...]:
    if not line.endswith("wrote:") or QUOTED.match(line):
        return (line,)
    found = SHARED_LINE.match(line)
    if not found or (STARTER.match(found["said"]) and len(found["said"]) < 30):
        return (line,)
    return found["said"].rstrip(" -"), found["quote"]


def _cut(lines: list[str]) -> tuple[int, bool]:
    """The first line that is not the writer's own, and whether ">" marks the quote (so that answers may follow)."""
    for number, line in enumerate(lines):
        if not line.strip():
            continue
        if line.strip() == QUOTED_BELOW:
            return number, False
        if QUOTED.match(line) and _is_quote(lines, number):
            return number, True
        short = len(line) < 130
        if short and MARKER.match(line):
            return number, _next_is_quoted(lines, number + 1)
        if short and line.rstrip("* _")[-1:] in {":", "-", "=", "‐", "–", "—"} and INTRODUCTION.match(line):
            following = _next(lines, number + 1)
            if following is not None and (LABEL.match(lines[following])):
                return number, bool(QUOTED.match(lines[following]))
        if RULER.match(line):
            following = _next(lines, number + 1)
            if following is not None and (_is_header(lines, following) or lines[following].strip() == QUOTED_BELOW):
                return number, False
            continue
        if (":" in line[:40] or "：" in line[:40]) and _is_header(lines, number):
            return number, False
        if RUN_ON.match(line):
            return number, False
        length = _is_attribution(lines, number)
        if length:
            _mark_alike(lines, number + length)
            below = _next_is_quoted(lines, number + length)
            alone = not any(one.strip() for one in lines[:number])
            return number, below or (alone and any(QUOTED.match(one) for one in lines[number + length :]))
    return len(lines), False


def _mark_alike(lines: list[str], number: int) -> None:
    """Turn a mark of the writer's own taste ("# ", "--]") that begins the next lines into ">"."""
    following = _next(lines, number)
    found = OWN_MARK.match(lines[following]) if following is not None else None
    if not found or following is None:
        return
    again = any(line.lstrip().startswith(found[1]) for line in lines[following + 1 : following + 3])
    if not again and found[1][0] not in "#%)}|:+=»" and len(found[1]) < 3:
        return
    for place in range(following, len(lines)):
        if lines[place].lstrip().startswith(found[1]):
            lines[place] = "> " + lines[place].lstrip()[len(found[1]) :]


def _is_quote(lines: list[str], number: int) -> bool:
    """Whether a line with ">" begins a quote: a lone arrow in a sentence or a "|" in a table does not."""
    line = lines[number].strip()
    if line.startswith("|"):
        return sum(1 for one in lines[number : number + 4] if one.strip().startswith("|") and one.count("|") == 1) >= 3
    if "<<<" in line or (line.startswith(">From ") and not _next_is_quoted(lines, number + 1)):
        return False  # the latter is how an mbox file keeps a sentence that begins with "From"
    return not re.match(r"^>{1,3}$|^>[-=]|^>\s?<", line) or _next_is_quoted(lines, number + 1)


def _is_header(lines: list[str], number: int) -> bool:
    """Whether a header block of another mail begins here: From or Sent, and two other fields close below."""
    first = LABEL.match(lines[number])
    if not first or first.lastgroup not in {"from", "sent", "to", "subject"}:
        return False
    kinds = {first.lastgroup}
    looked = 0
    for line in lines[number + 1 : number + 12]:
        if not line.strip():
            if looked and len(kinds) >= 3:
                break
            continue
        looked += 1
        found = LABEL.match(line)
        if found:
            kinds.add(found.lastgroup or "")
        elif looked > 7:
            break
        if len(kinds - {"cc"}) >= 3:
            break
    main = kinds - {"cc"}
    below = lines[number + 1] if number + 1 < len(lines) else ""
    if main == {"sent", "to"} and re.search(r"\d{2}:\d{2}", lines[number]) and "@" in below:
        return True
    return len(main) >= 3 or (len(main) == 2 and "from" in main and "cc" in kinds and "@" in lines[number])


def _is_attribution(lines: list[str], number: int) -> int:
    """How many lines from here on are one "On ..., somebody wrote:"; 0 where there is none."""
    joined = ""
    first = lines[number].strip(FRINGE)
    starts = "@" in first or bool(STARTER.match(first) or DATED.search(first))
    if not starts and first[-1:] not in {":", "：", "道"} and not VERB_LAST.search(first[-20:]):
        return 0
    for length in range(1, ATTRIBUTION_LINES + 1):
        if number + length > len(lines):
            return 0
        line = lines[number + length - 1].strip(FRINGE)
        if not line or QUOTED.match(line):
            return 0
        joined = f"{joined} {line}".strip().replace("< ", "<")
        if len(joined) > 400:
            return 0
        if line[-1] in ":：" or VERB_LAST.search(line[-40:]):
            break
        if DATED_ADDRESS.match(joined) and _next_is_quoted(lines, number + length):
            return length
        if not starts or (line[-1] in ".!?" and length > 1):
            return 0
    else:
        return 0
    quoted = _next_is_quoted(lines, number + length)
    if NO_VERB.search(joined) or (quoted and joined[-1] in ":：" and "@" in joined and DATED.search(joined)):
        return length
    spoken = VERB_LAST.search(joined[-60:]) or VERB_INSIDE.search(joined)
    if not spoken:
        return 0
    if joined[-1] not in ":：" and not (quoted or "写道" in joined or lines[number].startswith("--")):
        return (
            length
            if STARTER.match(joined) and DATED.search(joined) and "@" in joined and VERB_LAST.search(joined)
            else 0
        )
    named = len(re.findall(r"\d", joined)) >= 3 or "@" in joined
    if named and (starts or "@" in joined or quoted or VERB_INSIDE.search(joined)):
        return length
    return length if quoted and len(joined) < 200 else 0


def _next(lines: list[str], number: int) -> int | None:
    return next((n for n in range(number, min(len(lines), number + 6)) if lines[n].strip()), None)


def _next_is_quoted(lines: list[str], number: int) -> bool:
    following = _next(lines, number)
    if following is not None and SNIPPED.match(lines[following]):
        following = _next(lines, following + 1)
    return following is not None and bool(QUOTED.match(lines[following]))


def _answers(lines: list[str]) -> list[tuple[str, str]]:
    """Runs of unquoted lines below quoted ones, each with the quoted lines just above it."""
    found: list[tuple[str, str]] = []
    quoted: list[str] = []
    answer: list[str] = []
    begun = False

    def close() -> None:
        nonlocal answer, quoted
        text = _join(answer)
        if text:
            found.append((_above(quoted), text))
            quoted = []
        answer = []

    number = 0
    while number < len(lines):
        line = lines[number]
        if QUOTED.match(line):
            close()
            quoted.append(line)
            begun = True
        elif not begun:
            pass
        elif not answer and line.strip() and _is_wrapped(lines, number):
            quoted.append(f"> {line}")
        elif line.strip() == QUOTED_BELOW or MARKER.match(line) or (line.strip() and _is_header(lines, number)):
            following = next((n for n in range(number + 1, len(lines)) if QUOTED.match(lines[n])), None)
            if following is None:
                break
            number = following
            continue
        elif line.strip() and (length := _is_attribution(lines, number)):
            close()
            if not _next_is_quoted(lines, number + length):
                break
            number += length
            continue
        else:
            answer.append(line)
        number += 1
    close()
    return found


def _is_wrapped(lines: list[str], number: int) -> bool:
    """Whether an unquoted line is the end of a quoted one that a program broke in two."""
    above, line = lines[number - 1], lines[number]
    below = lines[number + 1] if number + 1 < len(lines) else ""
    return bool(QUOTED.match(above)) and bool(QUOTED.match(below)) and len(above) >= 65 and len(line) <= 40


def _above(quoted: list[str]) -> str:
    """The last paragraph of the quoted lines, without marks: what the answer below speaks to."""
    plain = [re.sub(r"^[ \t>|]+|&gt;", "", line).strip() for line in quoted]
    while plain and not plain[-1]:
        plain.pop()
    out: list[str] = []
    for line in reversed(plain):
        if not line and out:
            break
        out.append(line)
    return " ".join(reversed(out))[:500]


def _join(lines: list[str]) -> str:
    text = "\n".join(line for line in lines if line.strip() not in {QUOTED_BELOW, SIGNATURE_BELOW})
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n ")
