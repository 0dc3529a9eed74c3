"""What programs and companies add to a person's words: banners above, contact blocks and legal notices below."""

from __future__ import annotations

import re

from worker.reading.html import SIGNATURE_BELOW

BANNER = re.compile(
    r"^\W{0,6}(?:\[?(?:external|extern|externe|externo|esterno)\]?(?:[ -]*(?:e-?mail|mail|sender|message|absender"
    r"|nachricht|courriel|expéditeur|correo|mensaje|bericht|afzender))?\W{0,4}(?:$|[:!–—|-]|this |diese|ce |este "
    r"|dit |do not|be careful|use caution|exercise|sender)"
    r"|(?:caution|warning|attention|attn|notice|important|achtung|vorsicht|warnung|hinweis|aviso|atención|atenção"
    r"|attenzione|let op|avertissement|prudence|cuidado)\W{1,5}.{0,70}\b(?:external|extern\w*|outside|originat\w+"
    r"|unknown sender|außerhalb|extérieur\w*|estern\w+|fuera de|fora da)\b"
    r"|this (?:e-?mail|message|mail) (?:originated|was sent|came|comes|is) (?:from )?(?:an? )?(?:outside|external)"
    r"|you don'?t often get e?-?mail from|you have not previously"
    r"|some people who received this message don'?t often|sie (?:erhalten|bekommen) nicht oft|vous (?:n'obtenez"
    r"|ne recevez) pas souvent|no (?:suele|suel[eo]s|es habitual) recib|não (?:é comum|costuma) receber"
    r"|non si ricevono spesso|u ontvangt niet vaak|diese (?:e-?mail|nachricht) (?:kommt|stammt"
    r"|wurde) von (?:einem )?(?:extern|außerhalb)|e-?mail von extern)",
    re.IGNORECASE,
)
BANNER_GOES_ON = re.compile(
    r"do not click|click (?:on )?links?|attachments?|unless you (?:recogni[sz]e|know|trust)|content is safe|sender"
    r"|learn why|outside (?:of )?(?:the|your|our)|links? oder anh|anhänge|öffnen sie|klicken|pièces jointes|cliquez"
    r"|haga clic|enlaces|anexos|clique|allegati|bijlagen|phish|aka\.ms/|report|erfahren sie|en savoir plus"
    r"|obtenga más|saiba|scopri|meer informatie",
    re.IGNORECASE,
)

DISCLAIMER = re.compile(
    r"^[\s*_#=\-–|>]*(?:"
    r"(?:legal |confidentiality |privacy |important |email |e-mail |gdpr )*(?:disclaimer|confidentiality(?: notice"
    r"| note| statement)?|privileged (?:and|&) confidential|confidential(?:ity)? (?:notice|communication))\b"
    r"|(?:legal|important|privacy) notice\b|important\s*[:-]\s*this"
    r"|(?:this|the|any) (?:e-?mail|electronic mail|message|communication|transmission|information|content"
    r"|correspondence)s?\b.{0,120}(?:confidential|privileged|intended (?:only|solely|for the)|private|proprietary"
    r"|may contain|checked for viruses|scanned|virus)"
    r"|(?:the )?information (?:contained |transmitted |in this )|if you (?:are not|have received) (?:the "
    r"|this )(?:intended|e-?mail|message|in error|communication)"
    r"|(?:please )?(?:consider|think (?:of|about)|save|respect|protect) (?:the environment|our|paper|a tree|trees)"
    r"|(?:p )?(?:before printing|think before you print)|please don'?t print"
    r"|this (?:e-?mail|message) (?:has been|was) (?:checked|scanned)|virus-?free|virenfrei|sans virus"
    r"|libre de virus|livre de vírus|privo di virus|virusvrij|no virus found"
    r"|diese (?:e-?mail|nachricht|mail|information)\b.{0,120}(?:vertraulich|rechtlich gesch|bestimmt|adressat)"
    r"|der inhalt dieser (?:e-?mail|nachricht)|(?:vertraulichkeits|rechtlicher |haftungs)(?:hinweis|ausschluss)"
    r"|bitte (?:denken sie|prüfen sie|beachten sie unsere datenschutz|drucken sie).{0,60}(?:umwelt|druck"
    r"|datenschutz|nur)|denken sie an die umwelt|informationen zum datenschutz|datenschutz(?:hinweis|information"
    r"|erklärung)|pflichtangaben"
    r"|ce (?:message|courriel|mail|mél|e-?mail)\b.{0,120}(?:confidentiel|destin|privilégi)|(?:les informations"
    r"|l'information) contenue|avis de confidentialité|pensez à l'environnement|n'imprimez|avant d'imprimer"
    r"|devez-vous (?:vraiment )?imprimer"
    r"|(?:este|esta|el|la) (?:mensaje|correo|mensagem|e-?mail|presente|información"
    r"|comunicación)\b.{0,120}(?:confiden|destin|privad|exclusiv)|aviso (?:legal|de confidencial)|antes de imprimir"
    r"|as informações contidas|a informação contida|esta mensagem\b.{0,80}(?:confiden|destin)|pense no ambiente"
    r"|confidencialidad|confidencialidade"
    r"|(?:questo|il presente|questa|la presente) (?:messaggio|e-?mail|comunicazione|mail)\b.{0,120}(?:riservat"
    r"|confiden|destinat)|le informazioni contenute|avviso di riservatezza|ai sensi del|prima di stampare"
    r"|rispetta l'ambiente"
    r"|(?:dit|deze|de informatie|aan dit) (?:e-?mail ?bericht|bericht|e-?mail|mail"
    r"|informatie)?\b.{0,120}(?:vertrouwelijk|bestemd|uitsluitend|geen rechten)|denk aan het milieu"
    r"|you received this (?:message|e-?mail) because you (?:are )?subscribed|to unsubscribe from this (?:group"
    r"|list)|unsubscribe\s*[:|]|sent (?:via|through|with) (?:mixmax|hubspot|superhuman|boomerang|streak|yesware)"
    r")",
    re.IGNORECASE,
)
REGISTER = re.compile(
    r"\b(?:gesch[äa]ftsf[üu]hr(?:er|ung|erin)|amtsgericht|handelsregister|hr[ab] ?(?:-nr\.? ?)?\d|ust-?id"
    r"|vorstand\b|aufsichtsrat|sitz der gesellschaft|registergericht|registered (?:office|in england|number"
    r"|company)|company (?:number|registration)|vat (?:no|number|reg)|siret|rcs |capital de|partita iva|p\.? ?iva"
    r"|kvk|btw|c\.i\.f|nif\b|cnpj)\b",
    re.IGNORECASE,
)

CLOSING = re.compile(
    r"^[\s*_>]*(?:(?:with |my |many |very |all |kind(?:est)?|best|warm(?:est|ly)?|sincere|friendly"
    r"|cordial)\s+)*(?:regards|wishes|best|cheers|thanks(?: (?:again|so much|a lot|very much|in advance|and (?:best"
    r"|kind) ?regards|and regards|for .{3,40}))?|thank you(?: (?:again|so much|very much|in advance|for .{3,40}))?"
    r"|thx|tia|ta|sincerely(?: yours)?|yours(?: (?:sincerely|truly|faithfully))?|respectfully|warmly|cordially"
    r"|take care|all the best|have a (?:good|great|nice) (?:day|one|week|weekend|evening)|talk soon|speak soon|br"
    r"|kr|rgds|brgds|kind|best of luck|good luck|love|xx?|ciao|peace|faithfully|greetings"
    r"|(?:mit )?(?:(?:freundliche[mnr]?|beste[nmr]?|herzliche[nmr]?|viele[nmr]?|liebe[nmr]?|schöne[nmr]?"
    r"|sonnige[nmr]?|kollegiale[nmr]?|freundlichem|winterliche[nmr]?|nette[nmr]?|ganz)\s+)*gr(?:ü|ue|u)(?:ß|ss)(?:e"
    r"|en)?(?: (?:aus|nach) [\w .-]{2,30})?|mfg|lg|vg|bg|hg|mit besten empfehlungen|hochachtungsvoll|herzlich(?:e"
    r"|st)?|alles gute|besten dank(?: und .{3,30})?|vielen dank(?: und .{3,30})?|danke(?: und .{3,30})?|bis (?:bald"
    r"|dann)|schönen (?:tag|abend|gruß)|servus|ihr|ihre|dein|deine"
    r"|(?:bien |très |sincères |meilleures |cordiales |mes |avec mes |sinceres )*(?:cordialement"
    r"|salutations(?: distinguées)?|amicalement|sincèrement|à vous|amitiés|bonne journée|bonne soirée"
    r"|bien à (?:vous|toi)|respectueusement|merci(?: (?:beaucoup|d'avance|bien))?|cdlt|cdt|bav|à bientôt"
    r"|veuillez agréer.{0,80})"
    r"|(?:un |muchos |cordiales |atentos |afectuosos |mis |le |reciba un )*(?:saludos?(?: cordiales?| afectuosos?)?"
    r"|cordial saludo|atentamente|atte\.?|abrazos?|un abrazo|gracias(?: (?:de antemano|por todo))?|muchas gracias"
    r"|cordialmente|quedo (?:atent[oa]|a su disposición).{0,30}|hasta pronto|besos)"
    r"|(?:com os )?(?:melhores |cordiais |os melhores )?(?:cumprimentos|atenciosamente|att\.?|atte|abra[çc]os?"
    r"|um abraço|obrigad[oa]|muito obrigad[oa]|grat[oa]|cordialmente|saudações|até (?:breve|logo))"
    r"|(?:cordiali |distinti |i migliori |tanti |cari |un (?:caro|cordiale) |in attesa.{0,40})*(?:saluti|saluto"
    r"|cordialmente|grazie(?: (?:mille|e (?:cordiali )?saluti))?|a presto|buona giornata|buon lavoro|in fede)"
    r"|(?:met )?(?:vriendelijke|hartelijke|beste|warme|lieve)?\s*(?:groet(?:en|jes)?|gr\.?|mvg|hoogachtend"
    r"|bedankt(?: alvast)?|dank(?:jewel| u)?|alvast bedankt)"
    r"|(?:med )?(?:vänliga?|vennlig|venlig|bästa|beste|många)?\s*(?:hälsningar?|hilsen|hilsner|mvh)"
    r"|ystävällisin terveisin|terveisin|pozdrawiam|z poważaniem|s pozdravem|с уважением)"
    r"(?!\w)(?P<rest>[\s,.!;:*_–—-]{0,6}(?P<name>[^\d@:;?!]{0,40}))$",
    re.IGNORECASE,
)
DEVICE = re.compile(
    r"^[\s*_\[(]*(?:sent (?:from|via|with|by|using) (?:my |a )?(?:mobile|phone|iphone|ipad|ipod|samsung|galaxy"
    r"|android|blackberry|windows|outlook|yahoo|aol|gmail|proton|mail|huawei|xiaomi|pixel|tablet|handheld"
    r"|smartphone|smart ?phone|verizon|at&t|t-mobile|apple|nokia|htc|lg|motorola|spark|airmail|k-9|canary|hey"
    r"|tutanota|nine|bluemail|fairemail|zoho|edison|telus|bell|the road|handy|my)\b|get outlook for|get bluemail"
    r"|download outlook|via (?:iphone|ipad|mobile)|von (?:meinem|unterwegs|mobil)|(?:gesendet|verschickt|versandt"
    r"|gesandt) (?:von|mit|via|aus|vom)|von outlook|diese nachricht wurde von meinem|envoyé (?:de|depuis|à partir"
    r"|avec|par)|télécharger outlook|obtenez outlook|enviado (?:desde|con|do|de|a partir|pelo|via|com)"
    r"|obtener outlook|obter o outlook|inviato (?:da|dal|con|tramite)|scarica outlook|ottieni outlook"
    r"|verzonden (?:vanaf|met|via|vanuit)|outlook voor|verstuurd vanaf|skickat från|sendt fra|lähetetty|wysłane z"
    r"|wysłano z|odesláno z|отправлено (?:с|из)|iphoneから送信|发自我的|從我的)",
    re.IGNORECASE,
)
POSTSCRIPT = re.compile(
    r"^[\s*_]*(?:p\.? ?p?\.? ?s\.?|ps|n\.? ?b\.?|p\.d|nota|post scriptum)\s*[.:)–-]|^p\.s\b|^ps\s+\w", re.IGNORECASE
)
PHONE = re.compile(r"(?:\+|\(|\b0)[\d()/. \-–]{6,22}\d|\b\d{3}[-. ]\d{3}[-. ]\d{4}\b")
CONTACT = re.compile(
    r"https?://|www\.|\b[\w-]+\.(?:com|de|org|net|io|eu|co\.uk|fr|es|it|nl|ch|at|pt|br|example)\b|@|\b(?:tel|phone"
    r"|mobile|mobil|cell|fax|fon|telefon|tél|teléfono|telefono|tlf|direct|durchwahl|office|handy|gsm|ph|m|t|f|e|w|o"
    r"|p|d|skype|linkedin|twitter|e-?mail|web|website|mail)\s*[.:|]|\b(?:gmbh|ag|kg|ug|inc|llc|ltd|plc|corp"
    r"|s\.?a\.?r?\.?l?|s\.?l|b\.?v|s\.?r\.?l|s\.?p\.?a|se|co)\b\.?|\b\d{4,5} [A-ZÄÖÜ]\w+|\b(?:street|str|straße"
    r"|strasse|road|avenue|ave|suite|floor|building|platz|allee|weg|rue|calle|via|plaza|boulevard|blvd|box"
    r"|p\.?o\.?)\b|\|",
    re.IGNORECASE,
)
ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w.-]{3,200}")
ROLE = re.compile(
    r"^(?:info|office|contact|kontakt|mail|hello|sales|support|admin|post|service|team|hr|jobs|careers|press|presse"
    r"|privacy|datenschutz)\b",
    re.IGNORECASE,
)
CLOSING_WITHIN = 150
"""Lines from the end among which the closing is looked for."""

DELIMITER = re.compile(r"^[ \t]*(?:--|—|–|-{2,3}|_{2,}|\*{3,}|={3,})[ \t]*$")
RULER = re.compile(r"^[ \t]*[_=*\-–—~#]{5,}[ \t]*$")
SENTENCE = re.compile(r"[.!?…](?:\s|$)")
LIST_FOOTER = re.compile(r"mailing list|unsubscribe|listinfo|google groups|yahoo! groups|abmelden", re.IGNORECASE)


def without_banner(lines: list[str]) -> list[str]:
    """The lines without a notice about external senders that a mail system put above them."""
    for _ in range(3):
        first = next((n for n, line in enumerate(lines[:12]) if line.strip() and not RULER.match(line)), None)
        if (
            first is None
            or not BANNER.search(" ".join(lines[first : first + 2])[:200].strip())
            or len(lines[first]) > 600
        ):
            return lines
        if not BANNER.search(lines[first].strip()[:200]):
            return lines
        last = first + 1
        whole = lines[first]
        while last < len(lines) and lines[last].strip() and last - first < 8:
            if not (BANNER_GOES_ON.search(lines[last]) or BANNER.search(lines[last]) or RULER.match(lines[last])):
                following = lines[last + 1] if last + 1 < len(lines) else ""
                if not (following.strip() and BANNER_GOES_ON.search(following)):
                    break
            whole += " " + lines[last]
            last += 1
        alone = re.fullmatch(r"\W*extern\w*[\w -]{0,30}\W*", lines[first], re.IGNORECASE)
        tagged = None if alone else re.match(r"^\W{0,3}\[?external\]?\W{1,4}(?=\w)", lines[first], re.IGNORECASE)
        if tagged and not BANNER_GOES_ON.search(whole):
            return [*lines[:first], lines[first][tagged.end() :], *lines[first + 1 :]]
        lines = [*lines[:first], *lines[last:]]
    return lines


def clean(lines: list[str], *, name: str = "", address: str = "") -> tuple[list[str], str]:
    """The lines of one person's words, and the contact block and notices that were taken off below them."""
    removed: list[str] = []
    end = _notice(lines)
    if end is not None:
        tail = lines[end:]
        lines, removed = [*lines[:end], *_worth_keeping(tail)], [*tail, *removed]
    lines = _opened(lines)
    mark = _delimiter(lines)
    if mark is not None:
        tail = lines[mark + 1 :]
        lines, removed = [*lines[:mark], *(line for line in tail if DEVICE.match(line))], [*tail, *removed]
    lines, block = _contact_block(_trim(lines), name, address)
    removed = [*block, *removed]
    while lines and (
        not lines[-1].strip()
        or RULER.match(lines[-1])
        or DELIMITER.match(lines[-1])
        or lines[-1].strip() == SIGNATURE_BELOW
    ):
        lines.pop()
    return lines, "\n".join(line for line in removed if line.strip() != SIGNATURE_BELOW).strip("\n")


def _opened(lines: list[str]) -> list[str]:
    """Without a program's mark of its signature where the closing or the name stands below: they are the person's."""
    mark = next((number for number, line in enumerate(lines) if line.strip() == SIGNATURE_BELOW), None)
    if mark is None:
        return lines
    above = next((line for line in reversed(lines[:mark]) if line.strip()), "")
    below = next((line for line in lines[mark + 1 :] if line.strip()), "")
    if CLOSING.match(above) or CLOSING.match(below):
        return [line for line in lines if line.strip() != SIGNATURE_BELOW]
    return lines


def _trim(lines: list[str]) -> list[str]:
    lines = list(lines)
    while lines and not lines[-1].strip():
        lines.pop()
    return lines


def _notice(lines: list[str]) -> int | None:
    """Where a legal notice, a list's footer or a register entry begins, below the first paragraph."""
    for number, line in enumerate(lines):
        if not line.strip():
            continue
        above = lines[number - 1].strip() if number else ""
        starts = number > 0 and (not above or RULER.match(above) or above == SIGNATURE_BELOW or len(above) < 50)
        if RULER.match(line) and LIST_FOOTER.search(" ".join(lines[number + 1 : number + 4])):
            return number
        if not starts:
            continue
        paragraph = " ".join(one.strip() for one in lines[number : number + 3])
        if DISCLAIMER.match(paragraph) and _is_legal(lines, number):
            return number - 1 if above and RULER.match(above) else number
    return None


def _is_legal(lines: list[str], number: int) -> bool:
    """Whether nothing that a person would say follows a notice: no greeting, no closing of their own."""
    later = [line for line in lines[number + 1 :] if line.strip()]
    return not any(CLOSING.match(line) and len(line) < 40 for line in later[:40])


def _worth_keeping(tail: list[str]) -> list[str]:
    """A postscript or a device's footer below a notice."""
    kept: list[str] = []
    for number, line in enumerate(tail):
        if DEVICE.match(line) and len(line) < 80:
            kept += ["", line]
        elif POSTSCRIPT.match(line):
            kept.append("")
            for more in tail[number:]:
                if not more.strip():
                    break
                kept.append(more)
    return kept


def _delimiter(lines: list[str]) -> int | None:
    """The line that begins a signature: "-- " or what a program marks as one, with little enough below it."""
    marked = next((number for number, line in enumerate(lines) if line.strip() == SIGNATURE_BELOW), None)
    if marked is not None:
        return marked
    for number in range(max(0, len(lines) - CLOSING_WITHIN), len(lines)):
        line = lines[number]
        if line.strip() == "--" or (DELIMITER.match(line) and number > 0):
            below = [one for one in lines[number + 1 :] if one.strip()]
            limit = 25 if line.strip() == "--" else 12
            prose = sum(1 for one in below if len(one) > 60 and SENTENCE.search(one) and not DISCLAIMER.match(one))
            if below and len(below) <= limit and (line.strip() == "--" or (prose == 0 and _is_contact(below))):
                return number
    return None


def _is_contact(lines: list[str]) -> bool:
    return sum(1 for line in lines if PHONE.search(line) or CONTACT.search(line) or REGISTER.search(line)) >= 1


def _contact_block(lines: list[str], name: str, address: str) -> tuple[list[str], list[str]]:
    """The lines up to the closing with the name below it, and the block that follows."""
    closing = _closing(lines)
    if closing is not None:
        return _below_closing(lines, closing, name, address)
    start = len(lines)
    while start > 0 and lines[start - 1].strip():
        start -= 1
    # Without a closing, only a last paragraph that is visibly the sender's own is a contact block.
    while start > 1 and _looks_contact(lines[start:]) and _own(lines[start:], name, address) is False:
        above = start - 1
        while above > 0 and not lines[above - 1].strip():
            above -= 1
        begin = above - 1
        while begin > 0 and lines[begin - 1].strip():
            begin -= 1
        if begin <= 0 or not _looks_contact(lines[begin : start - 1]):
            break
        start = begin
    block = lines[start:]
    if (
        start > 1
        and len(block) >= 2
        and _looks_contact(block)
        and _own(block, name, address)
        and not _hands_on(lines, start)
    ):
        keep = 1 if _is_name(block[0]) else 0
        devices = [line for line in block[keep:] if DEVICE.match(line)]
        return [*lines[: start + keep], *devices], [line for line in block[keep:] if line not in devices]
    return lines, []


def _closing(lines: list[str]) -> int | None:
    """The last closing line that has no more of the letter below it."""
    for number in range(len(lines) - 1, max(-1, len(lines) - 1 - CLOSING_WITHIN), -1):
        line = lines[number]
        if not line.strip() or len(line) > 70:
            continue
        found = CLOSING.match(line)
        if not found:
            continue
        rest = (found["name"] or "").strip(" ,.-–*_")
        if rest and not (_is_name(rest) and rest[0].isupper()):
            continue
        below = _paragraphs(lines[number + 1 :])
        if below and not rest and not _is_name(below[0][0]) and _is_prose(below[0]):
            continue
        return number
    return None


def _below_closing(lines: list[str], closing: int, name: str, address: str) -> tuple[list[str], list[str]]:
    found = CLOSING.match(lines[closing])
    named = bool(found and (found["name"] or "").strip(" ,.-–*_"))
    end = closing + 1
    # "Thanks, best regards" on two lines
    while end < len(lines) and (not lines[end].strip() or CLOSING.match(lines[end])):
        if CLOSING.match(lines[end]):
            closing = end
        end += 1
    rest = lines[end:]
    kept: list[str] = []
    cut_off: list[str] = []
    if rest and not named and (_is_name(rest[0]) or _same_name(rest[0], name)):
        shown = re.split(r"\s*[|•·]\s*|\s+[-–]\s+(?=[A-Z])", rest[0])[0]
        kept = [*lines[closing + 1 : end], shown]
        cut_off = [rest[0]] if shown != rest[0] else []
        rest = rest[1:]
    elif named and len([line for line in rest if line.strip()]) == 1 and _is_name(rest[0]):
        kept, rest = [*lines[closing + 1 : end], rest[0]], rest[1:]
    head = [*lines[: closing + 1], *kept]
    out: list[str] = []
    removed = cut_off
    for paragraph in _paragraphs(rest):
        first = paragraph[0]
        if POSTSCRIPT.match(first) or _is_prose(paragraph) or _hands_on_block(paragraph, name, address):
            out += ["", *paragraph]
        else:
            for line in paragraph:
                if DEVICE.match(line) and len(line) < 90:
                    out += ["", line]
                else:
                    removed.append(line)
    return [*head, *out], removed


def _paragraphs(lines: list[str]) -> list[list[str]]:
    out: list[list[str]] = [[]]
    for line in lines:
        if line.strip():
            out[-1].append(line)
        elif out[-1]:
            out.append([])
    return [one for one in out if one]


def _is_name(line: str) -> bool:
    """Whether a line can be a name: few words, no digits, no sentence."""
    bare = re.sub(r"\([^)]*\)", "", line).strip(" ,.*_-–~/|")
    if not bare or len(bare) > 50 or re.search(r"[\d@:?!]|https?|www\.", bare) or REGISTER.search(bare):
        return False
    words = bare.split()
    return len(words) <= 5 and not SENTENCE.search(bare.replace("Dr.", "Dr").replace(". ", " ")) and bare[0].isalpha()


def _same_name(line: str, name: str) -> bool:
    return bool(name) and line.strip().lower().startswith(name.lower())


def _is_prose(paragraph: list[str]) -> bool:
    """Whether a paragraph below the closing is something that the person says."""
    text = " ".join(line.strip() for line in paragraph)
    if DISCLAIMER.match(text) or REGISTER.search(text) or RULER.match(text):
        return False
    words = text.split()
    if len(words) < 5 or not SENTENCE.search(text):
        return False
    if any(PHONE.search(line) or (CONTACT.search(line) and len(line) < 60) for line in paragraph):
        return False
    return bool(
        re.search(
            r"\b(?:i|you|we|your|my|me|she|he|they|her|his|please|ich|sie|wir|du|mir|mich|ihnen|je|vous|nous|il"
            r"|elle|yo|usted|ella|él|eu|você|ela|ele|io|lei|lui|ik|u|je|wij|hij|zij)\b",
            text,
            re.IGNORECASE,
        )
    )


def _looks_contact(block: list[str]) -> bool:
    hits = sum(1 for line in block if len(line) < 120 and (PHONE.search(line) or CONTACT.search(line)))
    prose = sum(1 for line in block if len(line.split()) > 9)
    return hits >= max(1, len(block) // 3) and prose == 0


def _own(block: list[str], name: str, address: str) -> bool:
    """Whether a block shows the sender's own name or address."""
    text = " ".join(block).lower()
    parts = [part for part in re.split(r"[\s,.]+", name.lower()) if len(part) > 2]
    return bool((address and address.lower() in text) or (parts and all(part in text for part in parts)))


def _hands_on(lines: list[str], start: int) -> bool:
    """Whether the words just above a block announce somebody: "Here is her address:"."""
    above = next((line.strip() for line in reversed(lines[:start]) if line.strip()), "")
    return above.endswith((":", "："))


def _hands_on_block(paragraph: list[str], name: str, address: str) -> bool:
    """Whether a block below the closing is somebody else's: its address is neither the sender's nor an office's."""
    text = " ".join(paragraph)
    found = [one for one in ADDRESS.findall(text) if not ROLE.match(one)]
    if not found or not name or _own(paragraph, name, address) or len(text) > 300:
        return False
    parts = [part for part in re.split(r"[\s,.]+", name.lower()) if len(part) > 2]
    mine = {address.lower()}
    for one in found:
        local = one.lower().split("@")[0]
        related = (
            one.lower() in mine or any(part in local for part in parts) or local[:4] in address.lower().split("@")[0]
        )
        if related:
            return False
    return any(_is_name(re.split(r"[,|:<(]", line)[0]) for line in paragraph)
