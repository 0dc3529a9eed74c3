"""The words for months, weekdays, holidays and spans of time in the seven languages, as patterns on folded text."""

from __future__ import annotations

from dataclasses import dataclass

MONTHS = {
    "en": "jan(?:uary)? feb(?:ruary)? mar(?:ch)? apr(?:il)? may june? july? aug(?:ust)? sept?(?:ember)? oct(?:ober)? "
    "nov(?:ember)? dec(?:ember)?",
    "de": "jan(?:uar)?|janner feb(?:ruar)?|feber marz|maerz|mrz apr(?:il)? mai juni?|juno juli? aug(?:ust|uscht)? "
    "sept?(?:ember|amber)? okt(?:ober)? nov(?:ember)? dez(?:ember)?",
    "fr": "janv(?:ier)? fevr?(?:ier)? mars avr(?:il)? mai juin juil(?:let)? aout sept(?:embre)? "
    "oct(?:obre)? nov(?:embre)? "
    "dec(?:embre)?",
    "es": "ene(?:ro)? feb(?:rero)? mar(?:zo)? abr(?:il)? may(?:o)? jun(?:io)? jul(?:io)? ago(?:sto)? "
    "se(?:p?t)(?:iembre)?|septiembre "
    "oct(?:ubre)? nov(?:iembre)? dic(?:iembre)?",
    "pt": "jan(?:eiro)? fev(?:ereiro)? mar(?:co)? abr(?:il)? maio? jun(?:ho)? jul(?:ho)? ago(?:sto)? set(?:embro)? "
    "out(?:ubro)? nov(?:embro)? dez(?:embro)?",
    "it": "gen(?:naio)? feb(?:braio)? mar(?:zo)? apr(?:ile)? mag(?:gio)? giu(?:gno)? lug(?:lio)? "
    "ago(?:sto)? set(?:tembre)? "
    "ott(?:obre)? nov(?:embre)? dic(?:embre)?",
    "nl": "jan(?:uari)? feb(?:ruari)? maart|mrt apr(?:il)? mei juni? juli? aug(?:ustus)? sept?(?:ember)? okt(?:ober)? "
    "nov(?:ember)? dec(?:ember)?",
}

WEEKDAYS = {
    "en": "mon(?:day)? tue(?:s(?:day)?)? wed(?:nesday)? thu(?:r?s(?:day)?)? fri(?:day)? sat(?:urday)? sun(?:day)?",
    "de": "montags?|mo dienstags?|di mittwochs?|mi donnerstags?|do freitags?|fr samstags?|sonnabend|sa sonntags?|so",
    "fr": "lundis? mardis? mercredis? jeudis? vendredis? samedis? dimanches?",
    "es": "lunes martes miercoles jueves viernes sabado domingo",
    "pt": "segunda(?:-feira)? terca(?:-feira)? quarta(?:-feira)? quinta(?:-feira)? sexta(?:-feira)? sabado domingo",
    "it": "lunedi martedi mercoledi giovedi venerdi sabato domenica",
    "nl": "maandag|ma dinsdag|di woensdag|wo donderdag|do vrijdag|vr zaterdag|za zondag|zo",
}

NUMBERS = {
    "en": "(?:a|an|one) two three four five six seven eight nine ten eleven twelve",
    "de": "(?:ein|eine|einem|einer) (?:zwei|zwo) drei vier funf|fuenf sechs sieben acht neun zehn elf zwolf|zwoelf",
    "fr": "(?:un|une) deux trois quatre cinq six sept huit neuf dix onze douze",
    "es": "(?:un|una) dos tres cuatro cinco seis siete ocho nueve diez once doce",
    "pt": "(?:um|uma) (?:dois|duas) tres quatro cinco seis sete oito nove dez onze doze",
    "it": "(?:un|una|uno) due tre quattro cinque sei sette otto nove dieci undici dodici",
    "nl": "(?:een|1) twee drie vier vijf zes zeven acht negen tien elf twaalf",
}


@dataclass(frozen=True, slots=True)
class Words:
    """Patterns of one language. `spans` maps a unit to a pattern; `fixed` maps a name to a pattern (see dates.py)."""

    until: str
    after: str
    before: str
    starting: str
    back: str
    within: str
    retry: str
    day: str
    week: str
    month: str
    year: str
    quarter: str
    fixed: dict[str, str]
    of: str = ""
    from_now: str = r"(?!)"
    early: str = r"(?!)"
    middle: str = r"(?!)"
    late: str = r"(?!)"
    day_alone: str = r"(?!)"
    week_number: str = r"(?!)"


WORDS = {
    "en": Words(
        until=r"until|till?|til|through|thru|up to|up until",
        after=r"after|past|following|later than|beyond|once (?:we are |we're |i am |i'm )?past",
        before=r"before|by|prior to",
        starting=r"from|starting|as of|beginning|as from|since|between|on or after|on or about|effective",
        back=r"back|return\w*|resum\w+|rejoin\w*|in the office again|(?:available|reachable|reopen\w*"
        r"|in) again|re-?open\w*"
        r"|at my desk again|normal service|take up (?:my|his|her|their|our) \w+(?: again)?"
        r"|(?:repl(?:y|ies)|respond|answer|read|deal with|catch up|get to|work"
        r"|teach|see"
        r"|mail|write|play|open|home|screens?|here|there|at it|office|desk|on deck|alive)(?: \w+){0,3}? again|eta|home"
        r"|opens?|(?:will|shall|'ll) (?:reply|respond|answer|read|deal|write|be read|be answered|be home|get to)"
        r"|(?:first|next) (?:mails?|e-?mails?|day|working day|business day|reply|calls?)|again from"
        r"|e-?mails? from",
        within=r"in|within",
        retry=r"again|try|write|ask|contact|ping|reach|check|touch|back|remind|circle|nudge|revisit|better"
        r"|call|follow|talk|later|ring|resend|resubmit|note|line|message|shout|drop|mail|e-?mail|poke|bug"
        r"|come back|renew"
        r"|knock|prod|phone|text|reapproach|speak|hear|approach",
        day=r"days?",
        week=r"weeks?'?",
        month=r"months?'?",
        year=r"years?'?",
        quarter=r"quarter|q",
        fixed={
            "tomorrow": r"tomorrow|tmrw|tmr",
            "day_after_tomorrow": r"(?:the )?day after tomorrow",
            "next_week": r"next week|nxt week|the coming week|the following week|the week ahead",
            "week_after_next": r"(?:the )?week after next",
            "this_week": r"this week|the week",
            "next_month": r"next month|nxt month|the coming month",
            "this_month": r"(?:this|the) month",
            "next_year": r"next year|the coming year",
            "new_year": r"(?<!chinese )(?<!lunar )(?:in |after )?(?:the )?new year(?!'?s)|(?:in )?the new yr",
            "this_year": r"(?:this|the) year",
            "next_quarter": r"next quarter",
            "today": r"today",
            "fortnight": r"(?:in )?a fortnight(?:'s time)?",
            "half_year": r"in (?:half a year|six months)(?:' time)?",
        },
        of=r"of|in",
        from_now=r"from (?:now|today)|hence",
        early=r"early(?: in)?|(?:the )?(?:beginning|start) of|start of",
        middle=r"mid[- ]?(?:way through )?|(?:the )?middle of|halfway through",
        late=r"(?:the |at the )?end of|late(?: in)?",
        day_alone=r"the (\d{1,2})(?:st|nd|rd|th)|(\d{1,2})(?:st|nd|rd|th)",
        week_number=r"(?:calendar )?week (?:no\.? ?|number |#)?(\d{1,2})|(?:cw|wk) ?(\d{1,2})",
    ),
    "de": Words(
        until=r"bis|bis und mit|(?:noch )?bis (?:zum|zur|einschliess?lich|inklusive|inkl\.?|incl\.?"
        r"|einschl\.?)(?: zum| dem)?",
        after=r"nach(?: dem| der| den)?|noch(?= (?:ostern|pfingst\w*|weihnacht\w*|dreikonig\w*))",
        before=r"vor(?: dem| der)?|spatestens",
        starting=r"ab(?: dem| der)?|vom|von|seit(?: dem)?|beginnend|zwischen",
        back=r"zuru?e?ck|wieder|widder|weder|erste[rn]? arbeitstag|reo?pen\w*|geoffnet|offnen|retour|erreichbar"
        r"|ru?e?ckkehr|kehre|im haus|verfu?gbar|zurueck",
        within=r"in|innerhalb von",
        retry=r"wieder|nochmals?|noch mal|noch einmal|erneut|melden|melde|schreib\w*|frag\w*|versuch\w*"
        r"|probier\w*|anklopf\w*"
        r"|besser|ruhiger|gern\w*|sprech\w*|anruf\w*|ruf\w*|meld\w*|mail\w*|zuru?e?ck|nachfrag\w*|nachhak\w*|fruhestens",
        day=r"tage?n?",
        week=r"wochen?",
        month=r"monate?n?",
        year=r"jahre?n?",
        quarter=r"quartal|q",
        fixed={
            "tomorrow": r"(?<!guten )(?<!heute )morgen(?! fru?e?h)",
            "day_after_tomorrow": r"ubermorgen|uebermorgen",
            "next_week": r"(?:na(?:e)?chste[rnms]?|kommende[rnms]?|der folgenden) woche",
            "week_after_next": r"u(?:e)?berna(?:e)?chste[rnms]? woche",
            "this_week": r"diese[rn]? woche|der woche",
            "next_month": r"(?:na(?:e)?chste[rnms]?|kommende[rnms]?) monats?",
            "this_month": r"diese[ns]? monats?|des monats",
            "next_year": r"(?:na(?:e)?chste[rnms]?|kommende[rnms]?) jahre?s?",
            "new_year": r"(?:im |dem |das )?neuen? jahre?s?",
            "this_year": r"diese[ns]? jahre?s?|des jahres",
            "next_quarter": r"(?:na(?:e)?chste[rnms]?|kommende[rnms]?) quartals?",
            "today": r"heute",
            "half_year": r"in einem halben jahr",
            "fortnight": r"in (?:vierzehn|14) tagen",
            "month_end": r"monatsende",
            "year_end": r"jahresende",
            "year_start": r"jahresanfang|jahresbeginn",
        },
        early=r"anfang(?: des)?|beginn",
        middle=r"mitte(?: des)?",
        late=r"ende(?: des)?",
        day_alone=r"(?:am|dem|zum|den|bis|ab|vom|nach dem) (\d{1,2})\.(?!\s?\d)",
        week_number=r"(?:kw|kalenderwoche|woche) ?(\d{1,2})",
    ),
    "fr": Words(
        until=r"jusqu'?(?:au|a|en|a la|aux)?|jusque|jusqu'?au (?:soir du )?",
        after=r"apres(?: le| la| les)?|passe le|a l'issue d\w+",
        before=r"avant(?: le| la)?",
        starting=r"a partir (?:du|de|d')|des(?: le)?|depuis(?: le)?|du|de|entre(?: le)?|a compter du",
        back=r"de retour|retour|reviens|reviendrai|rentre|rentrerai|reprend\w*|reprise|serai la|joignable"
        r"|serons de retour|rouvr\w+|reouv\w+|disponible|revien\w+|rentr\w+|reprends|lirai|repondrai",
        within=r"dans|d'ici|sous",
        retry=r"recontact\w*|relanc\w*|reessay\w*|revenez|reviens|revenir|reecri\w*|ecri\w*|contact\w*"
        r"|redemand\w*|rappel\w*|mieux|calme"
        r"|plus tard|nouveau|reparl\w*|possible|solliciter",
        day=r"jours?",
        week=r"semaines?",
        month=r"mois",
        year=r"ans?|annees?",
        quarter=r"trimestre|t",
        fixed={
            "tomorrow": r"demain",
            "day_after_tomorrow": r"apres-demain|apres demain",
            "next_week": r"(?:la )?semaine prochaine|la semaine suivante",
            "week_after_next": r"dans quinze jours|dans 15 jours|d'ici quinze jours",
            "this_week": r"cette semaine|la semaine",
            "next_month": r"(?:le )?mois prochain",
            "this_month": r"ce mois(?:-ci)?|du mois",
            "next_year": r"(?:l')?(?:annee|an) prochaine?",
            "new_year": r"(?:la |l')?nouvelle annee|la rentree de janvier|(?:debut|en debut) d'annee(?: prochaine)?",
            "this_year": r"cette annee|de l'annee",
            "next_quarter": r"(?:le )?(?:prochain trimestre|trimestre prochain)",
            "today": r"aujourd'hui",
            "half_year": r"dans six mois",
        },
        of=r"de|d'",
        early=r"(?:au )?debut(?: du mois)?(?: de| d')?",
        middle=r"(?:a la )?mi-?",
        late=r"(?:a la |la )?fin(?: du mois)?(?: de| d')?",
        day_alone=r"(?:le|au|du) (\d{1,2})(?:er)?(?! ?(?:h|heures|rue|avenue))",
        week_number=r"semaine (?:no? ?)?(\d{1,2})|s(\d{2})",
    ),
    "es": Words(
        until=r"hasta(?: el| la| finales)?(?: dia)?",
        after=r"despues (?:del?|de la|de las|de los)|pasad[oa]s?(?: el| la| las| los)?|pasand?o(?: el| la)?"
        r"|pasen?(?: el| la| las| los)|tras(?: el| la| las)?|luego de",
        before=r"antes (?:del?|de la)",
        starting=r"a partir (?:del?|de la)|desde(?: el)?|entre(?: el)?|del|de",
        back=r"vuelv\w+|volv\w+|vuelt\w*|reab\w+|reapert\w+|reintegr\w+|retom\w+|atend\w+|abrimos|regres\w+"
        r"|de vuelta|reincorpor\w+|retorn\w+|estare de nuevo"
        r"|de nuevo disponible|me incorporo|disponible",
        within=r"en|dentro de",
        retry=r"escrib\w*|contact\w*|intent\w*|vuelv\w*|pregunt\w*|llam\w*|mejor|tranquil\w*|hablamos|hablar"
        r"|de nuevo|otra vez|mas adelante|retom\w*|recuerd\w*|busq?u?c?\w*|marc\w*|volv\w*|avis\w*|charl\w*|platic\w*",
        day=r"dias?",
        week=r"seman(?:it)?as?",
        month=r"mes(?:es|ecitos)?",
        year=r"anos?",
        quarter=r"trimestre|t",
        fixed={
            "tomorrow": r"(?<!la )(?<!de la )manana(?! por la noche)",
            "day_after_tomorrow": r"pasado manana",
            "next_week": r"(?:la )?(?:proxima semana|semana (?:que viene|proxima|entrante|siguiente))",
            "week_after_next": r"(?:la )?semana siguiente a la proxima",
            "this_week": r"esta semana|de la semana",
            "next_month": r"(?:el )?(?:proximo mes|otro mes|mes (?:que viene|proximo|entrante|que entra))",
            "this_month": r"este mes|de mes|del mes",
            "next_year": r"(?:el )?(?:proximo ano|ano (?:que viene|proximo|entrante))",
            "new_year": r"(?:el )?(?:ano nuevo|nuevo ano)|(?:a )?(?:principios|comienzos|inicios) (?:de|del) ano",
            "this_year": r"este ano|de ano|del ano",
            "next_quarter": r"(?:el )?(?:proximo trimestre|trimestre que viene)",
            "today": r"hoy",
            "half_year": r"(?:en|dentro de) (?:medio ano|seis meses)",
        },
        of=r"de|del",
        early=r"(?:a )?(?:principios|comienzos|inicios)(?: de| del)?",
        middle=r"(?:a )?(?:mediados|mitad)(?: de| del)?",
        late=r"(?:a |el )?(?:finales|fin|fines)(?: de| del)?",
        day_alone=r"(?:el|del|al)(?: dia)? (\d{1,2})|dia (\d{1,2})",
        week_number=r"semana (\d{1,2})",
    ),
    "pt": Words(
        until=r"ate(?: ao?| o dia| ao dia| dia| o)?|termo (?:a|em)|termino (?:a|em)",
        after=r"depois (?:de|do|da|das|dos)(?: dia)?|apos(?: o| a| as| os)?(?: dia)?|a seguir (?:ao?|as)"
        r"|passad[oa]s?(?: o| a)?|passando(?: o| a)?|passou(?: o| a)?|passar(?: o| a)?|quando passar(?: o| a)?",
        before=r"antes (?:de|do|da)",
        starting=r"a partir (?:de|do|da)(?: dia)?|com inicio (?:a|em)|desde(?: o)?|entre(?: o)?|de|do dia|do",
        back=r"volt\w+|regress\w+|reab\w+|reabert\w+|atend\w+|leio|respond\w+|de volta|retorn\w+|retom\w+"
        r"|estarei de novo|de regresso|disponivel",
        within=r"em|dentro de|daqui a|daqui",
        retry=r"escrev\w*|contact\w*|contat\w*|tent\w*|volt\w*|pergunt\w*|lig\w*|melhor|calm\w*|falamos"
        r"|falar|de novo|novamente|outra vez|mais tarde|mais para a frente|procur\w*|retom\w*"
        r"|conversar|cham\w*|pergunt\w*|liga\w*|mand\w*|lembr\w*",
        day=r"dias?",
        week=r"semanas?",
        month=r"mes(?:es)?",
        year=r"anos?",
        quarter=r"trimestre|t",
        fixed={
            "tomorrow": r"amanha",
            "day_after_tomorrow": r"depois de amanha",
            "next_week": r"(?:a |na |da )?(?:proxima semana|semana que vem|semana seguinte)",
            "week_after_next": r"semana a seguir a proxima",
            "fortnight": r"(?:daqui|dentro) (?:a|de) (?:quinze|15) dias",
            "this_week": r"esta semana|nesta semana|da semana",
            "next_month": r"(?:o |no )?(?:proximo mes|mes que vem|mes seguinte)",
            "this_month": r"este mes|neste mes|do mes",
            "next_year": r"(?:o |no )?(?:proximo ano|ano que vem|para o ano)",
            "new_year": r"(?:o |no )?(?:ano novo|novo ano)|(?:no )?(?:inicio|comeco|principio) do ano",
            "this_year": r"este ano|neste ano|do ano",
            "next_quarter": r"(?:o |no )?proximo trimestre",
            "today": r"hoje",
            "half_year": r"(?:em|daqui a) (?:meio ano|seis meses)",
        },
        of=r"de|do",
        early=r"(?:no |o )?(?:inicio|comeco|principio)(?: de| do)?",
        middle=r"(?:em |a )?(?:meados|meio)(?: de| do)?",
        late=r"(?:no |o )?(?:fim|final|finais)(?: de| do)?",
        day_alone=r"(?:o |no |do |ao )?dia (\d{1,2})|(?:regresso|retorno|volto|voltamos|termo) (?:a"
        r"|em) (\d{1,2})(?! ?h)",
        week_number=r"semana (\d{1,2})",
    ),
    "it": Words(
        until=r"fino (?:al|a|alla|all'|ai|a tutto il|a fine)|sino (?:al|a)|fino",
        after=r"dopo(?: il| la| le| l'| i)?|passat[oaie](?: il| la| le)?|successivamente al",
        before=r"prima (?:del|di|della|dell')|entro(?: il)?",
        starting=r"dal|dall'|a partire (?:dal|da)|da|tra(?: il)?|dalla",
        back=r"torn\w+|rientr\w+|di ritorno|ritorn\w+|riprend\w+|di nuovo (?:in|disponibil\w|operativ\w"
        r"|raggiungibil\w)|rispond\w+|leggo|leggero|ci rivediamo|ricomincia\w*|sar[oa] in ufficio|nuovamente"
        r"|riapr\w+|riapertura|disponibile",
        within=r"tra|fra|entro",
        retry=r"riscriv\w*|ricontatt\w*|scriv\w*|riprov\w*|contatt\w*|richiam\w*|risent\w*|sent\w*|meglio"
        r"|tranquill\w*|di nuovo|piu avanti|riparl\w*|parl\w*|ripass\w*|cerc\w*|torn\w*",
        day=r"giorn[oi]",
        week=r"settiman[ae]",
        month=r"mes[ei]",
        year=r"ann[oi]",
        quarter=r"trimestre|t",
        fixed={
            "tomorrow": r"domani",
            "day_after_tomorrow": r"dopodomani",
            "next_week": r"(?:la )?(?:prossima settimana|settimana prossima|settimana entrante)",
            "week_after_next": r"fra quindici giorni|tra quindici giorni",
            "this_week": r"questa settimana|della settimana",
            "next_month": r"(?:il )?(?:prossimo mese|mese prossimo)",
            "this_month": r"questo mese|del mese|di mese",
            "next_year": r"(?:il |l')?(?:prossimo anno|anno prossimo)",
            "new_year": r"(?:il |l')?(?:nuovo anno|anno nuovo)",
            "this_year": r"quest'anno|dell'anno",
            "next_quarter": r"(?:il )?prossimo trimestre",
            "today": r"oggi",
            "half_year": r"(?:tra|fra) (?:sei mesi|mezzo anno)",
        },
        of=r"di|del",
        early=r"(?:a |agli |ai )?(?:inizio|inizi|primi)(?: di| del)?",
        middle=r"(?:a |alla )?meta(?: di| del)?",
        late=r"(?:a |alla |la )?fine(?: di| del)?",
        day_alone=r"(?:il|al|dal|del) (?:giorno )?(\d{1,2})(?! ?(?:%|euro))",
        week_number=r"settimana (\d{1,2})",
    ),
    "nl": Words(
        until=r"tot(?: en met| aan| en met de)?|t/m|t\.e\.m\.",
        after=r"na(?: de| het)?",
        before=r"voor(?: de| het)?|uiterlijk",
        starting=r"vanaf|van|sinds|per|tussen|met ingang van",
        back=r"terug|weer|wer|open|heropen\w*|bereikbaar|aanwezig|hervat\w*|retour|beschikbaar|opnieuw",
        within=r"over|binnen|in",
        retry=r"opnieuw|nog eens|nogmaals|weer|terug|probe\w*|mail\w*|schrijf\w*|bel\w*|contact|beter"
        r"|rustiger|later|vraag\w*|spreken|benader\w*|klop\w*",
        day=r"dag(?:en)?",
        week=r"we(?:e)?ke?n?",
        month=r"maand(?:en)?",
        year=r"jaar|jaren",
        quarter=r"kwartaal|q",
        fixed={
            "tomorrow": r"morgen(?!avond)",
            "day_after_tomorrow": r"overmorgen",
            "next_week": r"volgende week|komende week",
            "week_after_next": r"(?:de )?week (?:daarop|erna|daarna)|over veertien dagen|over 14 dagen",
            "this_week": r"deze week|de week|van de week",
            "next_month": r"(?:volgende|komende) maand",
            "this_month": r"deze maand|de maand|van de maand",
            "next_year": r"(?:volgend|komend) jaar",
            "new_year": r"(?:het |in het )?nieuwe? jaar",
            "this_year": r"dit jaar|het jaar|van het jaar",
            "next_quarter": r"(?:volgend|komend) kwartaal",
            "today": r"vandaag",
            "half_year": r"over (?:een half jaar|zes maanden)",
        },
        of=r"van",
        early=r"begin(?: van)?",
        middle=r"half|medio|midden(?: in)?",
        late=r"eind(?:e)?(?: van)?",
        day_alone=r"(?:de|op de|op|tot|tot en met|vanaf|na de) (\d{1,2})(?:e|ste|de)",
        week_number=r"week (\d{1,2})",
    ),
}
