"""What a mail address says by itself: whether it is one, and whether a desk or a free-mail user stands behind it."""

from __future__ import annotations

import re

# Reserved names (RFC 2606, RFC 6761, RFC 6762): for tests and for networks of one's own, where mail does arrive.
_SPECIAL_USE = frozenset({"localhost", "test", "example", "invalid", "local", "lan", "internal"})


def check_email(email: str) -> str:
    """One address with its domain in lower case; raises ValueError with the reason. Reserved domains count too."""
    from email_validator import EmailNotValidError, validate_email

    local, _, domain = email.strip().rpartition("@")
    special = domain.lower().rpartition(".")[2] in _SPECIAL_USE
    try:
        if special:
            checked = validate_email(f"{local}@{domain}.example", check_deliverability=False)
            return checked.normalized.removesuffix(".example")
        return validate_email(email.strip(), check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise ValueError(str(error)) from None


def canonical(email: str) -> str:
    """The key under which a person is known: lower-case, without a plus-address. Never raises."""
    local, at, domain = email.strip().strip("<>").strip().lower().rpartition("@")
    if not at:
        return domain
    person, _, _ = local.partition("+")
    return f"{person or local}@{_readable(domain.rstrip('.'))}"


def _readable(domain: str) -> str:
    if "xn--" not in domain:
        return domain
    try:
        return domain.encode("ascii").decode("idna")
    except UnicodeError:
        return domain


_NO_REPLY = re.compile(
    r"(?:do[._-]?)?no?t?[._-]?reply|no[._-]?responder|ne[._-]?pas[._-]?repondre|nicht[._-]?antworten|keine[._-]?antwort"
    r"|no[._-]?contestar|nao[._-]?responda|non[._-]?rispondere|mailer[._-]?daemon|(?:bounces?|unattended|null)(?![a-z])"
)

# Desks that write under one address, in the languages of the people who are asked.
_ROLES = frozenset(
    """
    info infos information informations auskunft jobs job career careers karriere carriere carrieres recrutement
    recruiting recruitment recruiter recruiters hiring talent talents talentacquisition bewerbung bewerbungen
    stellen personal personalabteilung personalbuero hr rh humanresources people peopleops empleo empleos rrhh
    trabajo vagas lavoro candidatures candidature emploi office offices buero sekretariat secretariat secretaria
    segreteria empfang reception zentrale contact contacts contactus kontakt contacto contato contatti contatto
    hello hallo hola hi bonjour ciao hey welcome admin administrator administration administracion verwaltung
    direction root support help helpdesk hilfe aide ayuda service services kundenservice kundendienst
    customerservice customercare care sales vertrieb verkauf ventas ventes vendite commercial billing invoice
    invoices rechnung rechnungen buchhaltung accounting accounts facturation factures finance press presse prensa
    stampa media pr marketing newsletter news webmaster web hostmaster postmaster abuse security privacy datenschutz
    dpo legal compliance team staff mail email post mailbox inbox anfrage anfragen anmeldung enquiries enquiry
    inquiries inquiry feedback events event booking bookings reservations reservierung orders order shop store
    partners partner list lists owner request subscribe unsubscribe noc ops it edv sysadmin notifications
    notification alerts alert system daemon everyone all
    """.split()
)
# These also end an address such as berlin-info@; a surname such as Jobs must not.
_ROLE_ENDS = frozenset(
    """
    info hr rh office kontakt contact support recruiting recruitment bewerbung karriere careers sekretariat team
    """.split()
)


def is_no_reply(email: str) -> bool:
    """Whether nobody reads what is sent to this address."""
    local = email.strip().lower().rpartition("@")[0]
    return bool(_NO_REPLY.match(local))


def is_role_address(email: str) -> bool:
    """Whether a desk stands behind this address and not one person: info, jobs, hr, no-reply and their kind."""
    local = email.strip().lower().rpartition("@")[0].partition("+")[0]
    parts = [part for part in re.split(r"[._\-\d]+", local) if part]
    if not parts:
        return True
    return is_no_reply(email) or "".join(parts) in _ROLES or parts[0] in _ROLES or parts[-1] in _ROLE_ENDS


_FREE_FAMILIES = re.compile(
    r"(?:gmail|googlemail|outlook|hotmail|live|msn|yahoo|ymail|rocketmail|gmx|yandex|proton|protonmail|tutanota|zoho|aol"
    r"|terra|icloud|freenet|inbox|bluewin)\.(?:[a-z]{2,3}|com?\.[a-z]{2})"
)
_FREE = frozenset(
    """
    gmail.com googlemail.com me.com mac.com icloud.com web.de t-online.de freenet.de arcor.de email.de online.de
    vodafone.de posteo.de posteo.net mailbox.org tuta.com tuta.io tutamail.com keemail.me pm.me proton.me aim.com
    love.com passport.com mail.ru bk.ru list.ru internet.ru rambler.ru ya.ru ukr.net i.ua meta.ua qq.com foxmail.com
    163.com 126.com yeah.net sina.com sina.cn sohu.com 139.com 189.cn naver.com daum.net hanmail.net kakao.com
    nate.com docomo.ne.jp ezweb.ne.jp softbank.ne.jp orange.fr free.fr wanadoo.fr laposte.net sfr.fr neuf.fr bbox.fr
    numericable.fr aliceadsl.fr club-internet.fr libero.it virgilio.it tiscali.it alice.it tin.it fastwebnet.it
    email.it poste.it uol.com.br bol.com.br ig.com.br globo.com globomail.com r7.com oi.com.br ziggo.nl kpnmail.nl
    kpnplanet.nl planet.nl home.nl hetnet.nl xs4all.nl casema.nl upcmail.nl telenet.be skynet.be proximus.be
    scarlet.be bluewin.ch hispeed.ch sunrise.ch aon.at chello.at a1.net telefonica.net movistar.es ono.com sapo.pt
    mail.pt iol.pt wp.pl o2.pl onet.pl op.pl interia.pl poczta.fm gazeta.pl tlen.pl seznam.cz email.cz centrum.cz
    post.cz volny.cz azet.sk zoznam.sk centrum.sk freemail.hu citromail.hu t-email.hu abv.bg mail.bg telia.com
    spray.se bredband.net tele2.se online.no broadpark.no jubii.dk stofanet.dk mail.dk hey.com fastmail.com
    fastmail.fm fastmail.net zoho.com zohomail.com zohomail.eu mail.com email.com usa.com engineer.com
    consultant.com gmx.net gmx.com hushmail.com runbox.com disroot.org riseup.net comcast.net verizon.net att.net
    sbcglobal.net bellsouth.net cox.net charter.net earthlink.net juno.com netzero.net optonline.net frontier.com
    windstream.net roadrunner.com rr.com shaw.ca rogers.com sympatico.ca bell.net telus.net videotron.ca
    btinternet.com btopenworld.com sky.com talktalk.net virginmedia.com ntlworld.com blueyonder.co.uk tiscali.co.uk
    plus.com bigpond.com bigpond.net.au optusnet.com.au iinet.net.au tpg.com.au xtra.co.nz rediffmail.com sify.com
    indiatimes.com walla.co.il walla.com netvision.net.il eircom.net duck.com simplelogin.com mozmail.com
    privaterelay.appleid.com
    """.split()
)


def is_free_mail(domain: str) -> bool:
    """Whether anybody can have an address in this domain, so that it says nothing about a company."""
    folded = domain.strip().lower().rstrip(".")
    return folded in _FREE or bool(_FREE_FAMILIES.fullmatch(folded))
