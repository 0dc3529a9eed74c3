"""What stands around a date and changes what it means: "every Monday", "not back until", "the day after that"."""

from __future__ import annotations

import re

ARTICLES = re.compile(
    r"(?:the|la|du|de|de la|del|da|do|della|di|dell'|van de|van het|het|der|des) ?(?:week|month|year|semaine|mois"
    r"|l'annee|semana|mes|ano|settimana|mese|anno|maand|jaar|woche|monats|jahres)$"
)
"""Spans that mean this week, month or year only together with "the end of"."""

LATER_THAN = re.compile(
    r"(?:second|third|fourth|last|2nd|3rd|4th|zweiten?|dritten?|letzten?|deuxieme|troisieme|derniere|segunda|tercera"
    r"|ultima|terceira|seconda|terza|tweede|derde|laatste)"
    r" (?:week|woche|semaine|semana|settimana)(?: of| in| im| de| du| di| van)* ?$"
)
"""What makes a month a vague date: "the second week of January"."""

SECOND_HALF = re.compile(
    r"(?:second|2nd|latter|back|zweite[rn]?|2\.|deuxieme|seconde?|segunda|2a|seconda|tweede) (?:half|halfte"
    r"|quinzaine|moitie"
    r"|quincena|quinzena|mitad|metade|meta|helft)(?: of| des| im| de| d'| del| di| van| do)? ?$"
)
"""What makes a month begin on its 16th."""

OR_SO = re.compile(r" (?:or|oder|ou|o|of) (?:so|two|three|zwei|drei|deux|trois|dos|tres|dois|duas|due|tre|twee|drie)\b")
"""What makes a span of time vague: "in a month or two"."""

WAITED = re.compile(
    r"(?:give (?:it|me|us|that|things)|leave (?:it|this|me)|wait|after|another|warte\w*|gib mir|lass mir|nach"
    r"|noch|attend\w+"
    r"|laisse\w*(?:[- ]moi)?|donne\w*(?:[- ]moi)?|apres|deme|dame|espere\w*|despues de|tras|pasad\w+|aguarde\w*"
    r"|depois de"
    r"|passad\w+|dammi|mi dia|aspetti|aspetta|dopo|geef (?:me|het)|wacht|na|nog|hence|further)"
    r"(?: (?:me|another|about|at least|some|maybe|say|etwa|noch|mindestens|encore|environ|unos|unas|umas|uns|circa"
    r"|ancora|nog|ongeveer|other|por favor|please|moi))* ?$"
)
"""What makes a bare span of time one that begins today: "give it four weeks"."""

BARE_START = re.compile(
    r"(?<![\d./:])(\d{1,2})(?:\.|st|nd|rd|th|er|º|e)? ?(?:-|to|bis(?: zum| einschliesslich)?|au|al|a|ao|e|y|et"
    r"|und|and|tot"
    r"(?: en met)?|t/m|until|till|through|thru)(?: the| el| le| il| dia| o)? ?$"
)
"""A bare number that opens a span which this date closes: "de 10 a 16 de abril"."""

BARE_END = re.compile(
    r" ?(?:-|to|through|thru|until|till|bis(?: zum)?|au|al|a|ao|ate(?: ao?)?|tot(?: en met)?|t/m) ?(?:the |le "
    r"|el |il |dia )?"
    r"(\d{1,2})(?:st|nd|rd|th|\.|er)?(?![\w:/%]|[.,]\d| ?(?:am|pm|uhr|h|weeks?|days?|hours?|tage?|wochen?)\b)"
)
"""A bare number that closes the span which the date before it opens: "October 7 to 22"."""

INCLUDED = re.compile(r",? ?[(]?(?:both |ambos |beide |ambas )?(?:inclu\w+|incl\b|einschl\w*|inkl\w*|compris\w*)")

AWAY_TO = re.compile(r"\b(?:absent|away|out|off|closed|leave|holiday|vacation)\b[^.!?\n]{0,30}\bto (?:the )?$")

THE_NEXT = re.compile(
    r" (?:after|following|thereafter|danach|darauf|apres|suivante?|siguiente|despues|seguinte|dopo|successivo"
    r"|erna|daarna"
    r"|daarop)\b(?! (?:the|my|our|we|i|der|dem|mein\w*|les?|la|mon|ma|el|mi|o|a|il|de|het|\d))"
)
"""What makes a weekday the one after the date just named: "the Monday after"."""

OF_DAY = re.compile(r"[\s,(]{0,2}(?:on|du|del|do|vom|am|van|der|le|el|the|de)?[\s(]{0,2}")

RECURRING = re.compile(
    r"(?:every|each|most|jede[nrm]?|immer|chaque|tous les|cada|todos (?:los|os)|ogni|elke|iedere|black|cyber"
    r"|giving|last|past"
    r"|on|les|los|as|aos|nas) ?$"
)
"""What makes a weekday no single day: "every Monday", "Black Friday", "los lunes" (the last ones only for plurals)."""

RECKONED = re.compile(
    r"(?:days|weeks|months|(?<!the )(?:day|week|month)|tage|wochen|monate|jours|semaines) (?:after (?:that|then"
    r"|this)|danach|apres cela)"
)
"""Dates that are counted from another one: "two weeks after that"."""

WHEN = re.compile(
    r"[ ,-]*(?:when|at which|wann|wenn ich|dann|ab dann|quand|date a laquelle|jour ou|cuando|fecha en que|en que|quando"
    r"|altura em que|data em que|dia em que|data in cui|giorno in cui|wanneer|dan|als ik)\b"
)
"""What makes "until Monday" that Monday itself: "until Monday, when I'll be back"."""

NOT_BACK = re.compile(
    r"(?:\b(?:not|never|no|nicht|nao|non|niet|ne|pas|nothing|nobody|nada|nichts)\b|n't)(?: \S+){0,4}? ?(?:back"
    r"|return\w*"
    r"|here|there|read\w*|repl\w+|answer\w*|open\w*|resum\w+|again|zuruck|da\b|wieder|vuelv\w+|volv\w+|regres\w+|exist\w+"
    r"|volt\w+|torn\w+|rientr\w+|terug|retour|revien\w+|rentr\w+|leo|leio|leggo|lis)(?: \S+){0,4} ?$"
)
"""What makes "not back until Monday" that Monday itself."""


BEFORE_BACK = re.compile(
    r"[ ,]*(?:no|non|nicht|niet|nao|ne|kein\w*|geen) (?:vuelv\w+|volv\w+|regres\w+|volt\w+|torn\w+|rientr\w+|leo"
    r"|leio|leggo|reviens)"
)
"""What makes an "until Monday" before it that Monday itself: "hasta el lunes no vuelvo"."""

THEN = re.compile(
    r"\b(?:then|afterwards|followed by|dann|danach|anschliessend|puis|ensuite|luego|despues|depois|poi|dopo"
    r"|daarna|dan)\b"
)
"""What lets a second absence follow the first."""

SOMETIME = re.compile(
    r"\b(?:some ?time in|courant|im laufe|im lauf|in the course of|during|en el transcurso|no decorrer|nel corso"
    r"|in de loop)\b(?: \w+)? ?$"
)
"""What makes a month too vague to be a day."""

THAN = re.compile(r"\b(?:than|als|denn|que|do que|dan)\b ?$")
"""What stands before the worse of two dates: "better than late March"."""

DENIED = re.compile(r"(?:not|no|nicht|kaum|pas|non|niet|nao|n't|peu|un)[ ]?$")

JOINING = re.compile(r"\b(?:and|und|et|y|e|but|aber|mais|pero|mas|ma|maar)\b")
"""A clause of its own begins here: its verb does not belong to the date before."""

ABSENT = re.compile(
    r"\b(?:away|out|off|absent|abroad|closed|closes|leave|leaving|holiday|vacation|travel\w*|gone|sleeps|unavailable|abwesend"
    r"|urlaub|weg|unterwegs|verreist|geschlossen|zu|krank|nicht|absente?|conges?|ferme\w*|vacances|deplacement|fuera|ausente"
    r"|cerrad\w+|cierr\w+|vacaciones|licencia|ferias|fora|fechad\w+|encerrad\w+|assente|chius\w+|ferie|fuori|viaggio|afwezig"
    r"|vakantie|gesloten|dicht|verlof|not|urgent\w*|emergenc\w*|dringend\w*|urgence|urgencia\w*|spoed)\b"
)
"""Words beside which a date is no day of return."""

REFUSED = re.compile(
    r"[^.!?\n]{0,24}?(?:\b(?:no|not|nein|nicht|non|pas|nao|niet|nothing|impossible|unmoglich)\b|n't)(?=[.,;!:]"
    r"| [a-z]+[.,;!])"
)
"""What takes a date back: "February: no"."""

NOTHING = re.compile(
    r"\b(?:not|no|nothing|never|nicht|nichts|nix|kein\w*|net|nie|rien|pas|jamais|aucun\w*|nada|ningun\w*|nunca|nao|nem|niente"
    r"|non|nulla|mai|niet|niets|geen|nooit|nor)\b|n't\b"
)
"""What turns "before May" into "not before May"."""

VAGUE = re.compile(
    r"\b(?:after|depois d[aoe]s?|despues de(?:l| la| las| los)?|tras|nach|apres|dopo|passat[ei]|pasad[oa]s"
    r"|passad[oa]s|na|a la vuelta de|al rientro dal\w*)"
    r" (?:the |dem |den |der |l'|les? |la |il |le |el |las |los |de |het |my |our |meine[mn] |mis |minhas )?"
    r"(?:rentree|fetes|fiestas|feste|festas|feestdagen|feiertagen?|summer|verao|verano|sommer|ete\b|estate|zomer|vacaciones|ferias|ferien|vacances|ferie|vakantie|holidays|season"
    r"|temporada|saison|stagione|seizoen|urlaub)"
)
"""A time that is named and that no calendar knows."""

AFTERWARDS = re.compile(
    r"\b(?:after (?:that|this|then|which)|afterwards?|thereafter|from then on|(?:any|the) day after|danach"
    r"|hinterher|nachher"
    r"|anschliessend|apres(?: ca| cela)?(?=[ ,.;!?]|$)(?! l)|ensuite|despues(?! del?\b)|depois(?! d)"
    r"|a seguir(?! a)|dopo(?! (?:il|la|le|l'|i)\b)"
    r"|daarna|nadien|erna)"
)
"""Words that send the reader behind the date named before."""

THAT_DAY = re.compile(
    r"\b(?:(?:on|from) (?:that|the) (?:date|day)|from then|(?:write|try|ask|mail|call|ring|ping|contact|catch"
    r"|poke|nudge)(?: to)? me"
    r"(?: again)? then|(?:schreib\w*|meld\w*|frag\w*|ruf\w*|versuch\w*)(?: sie| dich| mir| mich| es| sich)* dann"
    r"|then,? please|please,? then|ab da|ab dann|a partir de la|a partir de entonces|a partir de entao"
    r"|da allora)\b"
)
