"""The words that an owner may use for each command, as patterns on folded text, most specific first."""

from __future__ import annotations

from worker.conversation.vocabulary import Intent

SAID = (
    r"(?:(?:she|he|they|sie|er|elle|il|ella|el) )?(?:(?:has |just )?sa(?:id|ys)|sagte?|hat gesagt|meinte?|a dit|dit"
    r"|dijo|dice|ha dicho)(?: que| dass)?,? "
)

NO = r"(?:(?:no|nein|non|nee|nao),? (?:because )?)?"
TALK = r"(?:talk|call|meeting|interview|chat|conversation)"

VERBS: tuple[tuple[str, str], ...] = (
    (
        "not_met",
        NO + rf"(?:(?:it|that|this|the {TALK}|our {TALK}) )?(?:did not|didn'?t|has not|hasn'?t|never)(?: yet)?"
        r" (?:(?:take|taken|took) place|happen(?:ed)?)(?: yet)?"
        rf"|{NO}(?:(?:we|i) )?(?:did not|didn'?t|have not|haven'?t|never)(?: yet)? (?:met?|meet|talk(?:ed)?|spoken"
        rf"|spoke|speak)(?: yet)?|not (?:met|talked|spoken)(?: yet)?"
        rf"|{NO}(?:(?:she|he|they) )?(?:did not|didn'?t|never) (?:show(?: up)?|turn up|come)|no[- ]show"
        rf"|(?:there )?was no (?:talk|meeting)|(?:the|our) {TALK} (?:was|is|has been|got) (?:cancel+ed|called off)"
        rf"|{NO}(?:es |das (?:gesprach|treffen) )?(?:hat |)(?:fand |)(?:noch )?nicht (?:statt(?:gefunden)?)"
        rf"(?: gefunden)?|(?:es |das (?:gesprach|treffen) )?(?:ist )?(?:ausgefallen|fiel aus|ins wasser gefallen)"
        rf"|{NO}(?:wir )?(?:haben )?(?:uns )?(?:noch )?nicht (?:getroffen|gesprochen)"
        rf"|{NO}(?:cela |ca |il |l'entretien )?n'a pas (?:encore )?eu lieu|{NO}pas (?:encore )?eu lieu"
        rf"|{NO}(?:todavia |aun )?no (?:tuvo|ha tenido) lugar|{NO}(?:todavia |aun )?no nos (?:vimos|hemos visto)",
    ),
    (
        "no_talk",
        r"(?:(?:there )?(?:will be|is) )?no (?:talk|meeting)|(?:there )?won'?t be (?:a )?(?:talk|meeting)"
        r"|(?:es (?:gibt|wird) |)kein(?:en)? (?:gesprach|treffen)(?: geben)?"
        r"|(?:il n'y aura |)pas d'entretien|(?:no habra |)ninguna charla|no habra (?:charla|conversacion)",
    ),
    (
        "moved",
        rf"{NO}(?:(?:it|that|this|we|the {TALK}|our {TALK}) )?(?:(?:is|was|were|has been|have|'s|got) )?"
        r"(?:moved|rescheduled|postponed|shifted|put off|pushed)(?= (?:to|until|till|for|by|back to)\b)"
        rf"|{NO}(?:(?:she|he|they)(?: has| have)? )?(?:moved|rescheduled|postponed|pushed) it(?= (?:to|until"
        rf"|till|back to)\b)"
        rf"|(?:(?:the|our) )?{TALK}(?: is)?(?= (?:on|at|is on|tomorrow|next)\b)|we (?:meet|talk|speak)"
        r"(?= (?:on|at|tomorrow)\b)|(?:es |das (?:gesprach|treffen) )?(?:ist |wurde )?(?:verschoben|verlegt)(?= auf\b)"
        r"|(?:das )?(?:gesprach|treffen)(?= am\b)|(?:l'entretien )?(?:est )?(?:reporte|deplace)e?(?= (?:au|a)\b)"
        r"|(?:la charla )?(?:se )?(?:ha )?(?:aplazad[oa]|movid[oa]|trasladad[oa]|pasa)(?= (?:a|al|para|hasta)\b)",
    ),
    (
        "all_fine",
        r"all (?:is |looks |)(?:fine|good|ok|okay|well|right|clear)|everything(?:'s| is| looks)? (?:fine"
        r"|good|ok|okay)|fine with (?:all|everything)|no changes|nothing to (?:change|add|do)"
        r"|(?:the )?(?:rest|others?)(?: (?:is|are|looks?))? (?:fine|good|ok|okay)|(?:der |die )?(?:rest|anderen)"
        r" (?:passt|passen|(?:(?:ist|sind) )?(?:gut|ok|okay|in ordnung))|(?:le )?reste(?: est)? (?:ok|bon|bien)"
        r"|(?:el )?resto(?: esta)? (?:ok|bien)"
        r"|alles (?:gut|ok|okay|in ordnung|bestens|klar|passt|prima|fein)|passt alles|tout (?:va bien"
        r"|est bon|est ok|ok|bon|roule)|todo (?:bien|ok|perfecto|en orden)|tutto (?:bene|ok)|tudo (?:bem"
        r"|ok|certo)|alles (?:goed|prima)",
    ),
    (
        "not_arrived",
        r"(?:it |mail |the mail |has |have |was |)?(?:did not|didn'?t|not|never|hasn'?t|has not|hasnt"
        r"|didnt)(?: yet| been)? (?:arrived?|delivered|get there|received|come)(?: yet)?|(?:ist "
        r"|)nicht angekommen|kam nicht an|nie angekommen"
        r"|(?:n'est |n'a |)(?:pas|jamais) (?:arrivee?|recue?)|no (?:llego|ha llegado|recibido)"
        r"|nunca llego|non (?:e )?arrivat[oa]|nao chegou|niet (?:aan)?gekomen|(?:is |)(?:lost"
        r"|verloren gegangen)",
    ),
    (
        "no_answer",
        r"(?:(?:called|phoned|rang|tried|angerufen|appelee?|llame|gebeld|chiamat[oa])(?: (?:once|twice|again"
        r"|two times|three times|zweimal|deux fois|dos veces))?)?[ ,;-]*(?:but |aber |mais "
        r"|pero )?(?:there was |got )?(?:no (?:answer|reply|response|one (?:answered|picked up"
        r"|there)|luck)|nobody (?:answered|picked up|there)|(?:got |left (?:a )?|went to |only )?(?:voice ?mail"
        r"|message|answering machine|machine)"
        r"|(?:did not|didn'?t|does not|doesn'?t) (?:pick up|answer)|nicht erreicht|niemand(?:en)? (?:da"
        r"|erreicht|rangegangen|abgenommen)|keine antwort|nicht abgenommen|nur (?:mailbox"
        r"|anrufbeantworter|ab)|pas de reponse|(?:ne )?repond pas|repondeur|sin respuesta"
        r"|no (?:contesta|contesto|respondio|responde)|nadie contesto|geen gehoor|nessuna risposta"
        r"|non risponde|sem resposta|nao atendeu)",
    ),
    (
        "cancel",
        r"(?:no,? |nein,? |non,? )?(?:(?:do not|don'?t|dont|never) ask|nicht (?:fragen|anfragen)"
        r"|ne (?:pas|la|le|les) (?:contacter|demander)|no (?:la |lo |le )?(?:preguntar|preguntes|contactar))"
        r"|cancel(?:led|ed)?(?: it| that| this| the mail)?|discard|(?:do not|don'?t|dont|never) send(?: it"
        r"| that| this)?|(?:bitte )?nicht (?:ab)?(?:senden|schicken)|abbrechen|verwerfen|stornieren"
        r"|annule[rz]?|annulez|ne pas envoyer|n'envoie(?:z)? pas|pas envoyer|cancela[r]?|cancele"
        r"|no (?:enviar|envies|envie|mandar|mandes|mande)|annulla|non inviare|annuleer|annuleren"
        r"|niet (?:ver)?(?:sturen|zenden)|nao enviar|skip(?: it| this| that)?|drop it",
    ),
    (
        "undo",
        r"undo(?: that| it| the last(?: one)?)?|revert(?: it| that)?|take (?:it|that|this) back"
        r"|ruckgangig(?: machen)?|rueckgaengig(?: machen)?|zurucknehmen|zuruecknehmen|nimm (?:es"
        r"|das) zuruck|defaire|defais|revenir en arriere|annuler la derniere|deshacer|deshaz"
        r"|ongedaan(?: maken)?|desfazer|ripristina",
    ),
    (
        "remove",
        r"remove|delete|unsubscribe|blacklist|block|suppress|opt(?:s|ed)? ?-?out|never (?:write|contact"
        r"|mail|e-?mail)(?: to)?(?: her| him| them)?(?: again)?|never again|(?:do not|don'?t"
        r"|dont) (?:ever )?(?:write|contact|mail|e-?mail)(?: to)?(?: her| him| them)? (?:again|anymore"
        r"|any more|ever)"
        r"|entferne[n]?|loschen|loesche[n]?|losche|streiche[n]?|nie wieder(?: schreiben| anschreiben)?"
        r"|supprime[rz]?|retire[rz]?|enleve[rz]?|ne plus (?:jamais )?(?:ecrire|contacter)|elimina[r]?"
        r"|elimine|borra[r]?|borre|quita[r]?|quite|nunca mas|rimuov[ie]|rimuovere|cancella[re]*|remove[r]"
        r"|apaga[r]?|verwijder(?:en)?",
    ),
    (
        "wait",
        r"wait|" + NO + r"(?:not yet|noch nicht|pas encore|todavia no|aun no)"
        r"|hold(?: on| off| it| that| this)?|keep (?:it )?(?:on hold|waiting)|on hold|warte[n]?"
        r"|abwarten|zuruckhalten|anhalten|halt|attend(?:s|re|ez)|patiente[rz]?|espera[r]?|espere"
        r"|aspetta(?:re)?|attendi|aguarda[r]?|wacht(?:en)?|even wachten",
    ),
    (
        "pause",
        r"pause(?: everything| all| sending)?|pausieren|pausier|pausiere|pauze(?:er|ren)?|pausa[r]?"
        r"|stop (?:everything|all|sending)|mettre en pause|mets en pause|sospendi",
    ),
    (
        "resume",
        r"resume|unpause|continue|go on|carry on|weiter|weitermachen|fortsetzen|fortfahren|mach weiter"
        r"|reprend(?:re|s|ez)|continue[rz]|reanuda[r]?|continua[r]?|sigue|seguir|riprendi|hervat(?:ten)?"
        r"|ga verder|retoma[r]?",
    ),
    (
        "away_until",
        r"(?:i am|i'?m|im|i'll be|i will be|we are|we're)?(?: )?(?:away|out|off|gone|on (?:holiday"
        r"|vacation|leave))(?= (?:until|till?|through))|(?:ich )?(?:bin )?(?:weg|abwesend|im urlaub"
        r"|verreist)(?= bis)|(?:je suis |)absente?(?= jusqu)|(?:je suis |)en (?:vacances|conge)(?= jusqu)"
        r"|(?:estoy |)(?:fuera|de vacaciones|ausente)(?= hasta)|(?:ich )?bin(?= bis)|(?:sono )?(?:via"
        r"|in ferie|assente)(?= fino)|(?:ik )?(?:ben )?(?:weg|afwezig)(?= tot)",
    ),
    (
        "stop",
        r"stop(?:p|pen)?|close(?: it| this)?|end(?: it| this)?|enough|leave (?:it|her|him|them"
        r"|this)(?: alone| be)?|forget (?:it|her|him|them|about (?:it|her|him|them))|aufhoren|aufhoeren"
        r"|hor auf|schluss|beende[n]?|schliessen|arrete[rz]?|stoppe[rz]?|laisse(?:r|z)? tomber|clore"
        r"|para[r]?|pare|deten(?:er|te)|basta|dejalo|cerrar|ferma(?:re|ti)?|smetti|parar|chega|ophouden"
        r"|hou op",
    ),
    (
        "met",
        r"(?:we |i |wir |)?(?:have |had |haben uns |habe |)?(?:met|talked|spoke|spoken|chatted)|(?:it "
        r"|the (?:talk|call|meeting) |)(?:took place|happened|went (?:well|fine|ok))|(?:had|did) (?:the"
        r"|our|a|my) (?:talk|call|meeting|chat|interview)|(?:talk|call|meeting|interview) (?:done|happened"
        r"|took place)|(?:wir |)(?:haben uns |uns |)(?:getroffen|gesprochen)|(?:hat )?stattgefunden"
        r"|rencontree?|(?:on s'est |nous nous sommes )(?:vue?s?|parlee?s?|rencontre(?:e)?s?)|vue?s?"
        r"|(?:a eu lieu)|(?:nos |me )?(?:reun(?:i|imos|ido)|vimos|conoci(?:mos|do)?)|hable|hablamos"
        r"|hemos hablado|quedamos|incontrat[oai]|ci siamo (?:visti|sentiti|incontrati)|gesproken|ontmoet"
        r"|falamos|encontrei|conversamos",
    ),
    (
        "called",
        r"(?:i |we |ich |ich habe |)?(?:have |habe |j'ai |he |)?(?:called|phoned|rang|telephoned|angerufen"
        r"|telefoniert|appelee?|telephone|llamad[oa]|llame|chiamat[oa]|telefonato|gebeld|liguei|ligado)",
    ),
    (
        "later",
        r"later(?: on)?|postpone|snooze|remind me"
        r"|(?:try|ask|write|mail|contact)(?: (?:to )?(?:her|him|them))? again(?= (?:in|on|after|from|next)\b)"
        r"|spater|spaeter|verschieben|plus tard|reporter(?: a| au)?"
        r"|mas tarde|mas adelante|luego|aplaza[r]?|piu tardi|piu avanti|rimanda|mais tarde|adiar"
        r"|uitstellen",
    ),
    (
        "arrived",
        r"(?:it |mail |the mail |has |have |)?(?:did )?(?:arrived?|delivered|got there|received)|(?:ist "
        r"|)angekommen|(?:est |bien |)(?:arrivee?|recue?)|(?:ha |)llegado|llego|recibido|arrivat[oa]"
        r"|aangekomen|chegou",
    ),
    (
        "send",
        r"send(?: it| this| that| now| the mail| it now| it off)?|go and send|(?:ab)?senden|sende"
        r"|(?:ab)?schicken|schick(?:e)?(?: es| sie| ab| los)*|raus damit|envoye[rz]?|envoie(?:z)?(?: le"
        r"| la)?|envia[r]?|envie(?:lo|la)?|envialo|envíala|manda[r]?(?:lo|la)?|invia(?:re|la|lo)?|verstuur"
        r"|versturen|stuur(?: maar)?|verzenden",
    ),
    (
        "yes",
        r"yes(?: please|,? (?:she|he|they) wants? to talk)?|yep|yeah|yup|y|ja(?:wohl| bitte)?|jep|oui"
        r"|ouais|si|sim|(?:it(?:'s| is)|that(?:'s| is)|das ist|c'est|es) (?:a |an |ein |un )?(?:yes|ja|oui"
        r"|si)|(?:she|he|they) wants? to talk|(?:she|he) (?:is|'s) (?:interested|willing)|wants to talk"
        r"|talking|" + SAID + r"(?:yes|ja|oui|si)",
    ),
    (
        "no",
        r"no|nope|nein|n|non|nao|nee|"
        + SAID
        + r"(?:no|nein|non)|(?:(?:she|he|they)(?: is| are|'s|'re) )?not interested"
        r"|kein interesse|pas interessee?|(?:it(?:'s| is)|that(?:'s| is)|das ist|c'est|es) (?:a |an |ein "
        r"|un )?(?:no|nein|non)",
    ),
    (
        "ok",
        r"ok|okay|okey|k|fine|approve(?:d)?|agreed?|go(?: ahead| for it)?|correct|right|do it|do that|good"
        r"|looks good|lgtm|confirm(?:ed)?|einverstanden|in ordnung|passt|genehmigt|freigeben|freigegeben"
        r"|stimmt|richtig|mach das|d'accord|entendu|parfait|valide[rz]?|vale|de acuerdo|correcto|perfecto"
        r"|hazlo|va bene|akkoord|goed|certo|combinado|👍|✅|✓|✔",
    ),
    (
        "status",
        r"status|state|how (?:is|'s) it going|how (?:does it|do things) stand|how are things|(?:wie ist der )?stand"
        r"|wie steht(?:'s| es)|etat|ou en (?:est-on|sommes-nous)|estado|como va|stato",
    ),
    (
        "ask",
        r"(?:(?:yes|ja|oui|si),? (?:please |bitte )?)?(?:ask|frag(?:e|en)?)"
        r"|try|write(?: to)?|contact|invite|add|anfragen|versuch(?:e)?(?: es)?(?: mit"
        r"| bei)?|schreib(?:e)?(?: an)?|kontaktiere?|demande(?:r|z)?(?: a)?|contacte[rz]?|essaie(?:z)?"
        r"|essaye[rz]?|ecris(?: a)?|pregunta(?:r|le)?(?: a)?|contacta[r]?(?: a| con)?|prueba(?: con)?"
        r"|escribe(?: a)?|chiedi(?: a)?|prova|vraag|probeer|pergunta(?: a)?|tenta",
    ),
)

INTENTS: tuple[tuple[Intent, str], ...] = (
    (Intent.interested, r"interested|a yes|ein ja|interessiert|interessee?|interesad[oa]|zusage|an acceptance"),
    (
        Intent.declined,
        r"declined?|a no|an? refusal|rejection|absage|ablehnung|ein nein|refus(?:ee?)?|un non|rechazo"
        r"|negativa|un no|rifiuto|afwijzing|recusa",
    ),
    (Intent.referral, r"referral|referred|empfehlung|verweis|recommandation|referencia|recomendacion"),
    (Intent.question, r"question|frage|pregunta|domanda|vraag|pergunta|ruckfrage"),
    (
        Intent.out_of_office,
        r"out[ _]of[ _](?:the )?office|ooo|absence|absent|away message|vacation(?: message)?"
        r"|abwesenheit(?:snotiz)?|abwesend|absence du bureau|ausencia|fuera de oficina",
    ),
    (Intent.opt_out, r"opt[ _-]?out|opted[ _]out|complaint|abmeldung|desinscription|desabonnement|baja"),
    (
        Intent.left_company,
        r"left[ _](?:the )?company|left|retired|gone|hat gekundigt|ausgeschieden|im ruhestand|a quitte"
        r"|jubilad[oa]|retraitee?",
    ),
    (Intent.later, r"a later|ein spater"),
    (Intent.other, r"other|something else|sonstiges|anderes|autre|otro|altro"),
)

DENIED: tuple[tuple[Intent, str], ...] = (
    (Intent.interested, r"yes|ja|oui|si|acceptance"),
    (Intent.declined, r"no|nein|non"),
    (Intent.referral, r"recommendation|pointer"),
    (Intent.later, r"later|spater|spaeter|plus tard|report|mas tarde|aplazamiento"),
    (Intent.left_company, r"departure|weggang|depart|salida"),
)
"""Further names of intents, which count only after the article of `DENIAL`: "no later" denies nothing."""

DENIAL = (
    r"(?:that's |it's |this |that |it |das |dies |ce |c'|esto |eso )?(?:is |was |isn'?t |wasn'?t |ist |est |n'est "
    r"|es )?(?:(?:not|no)(?: really)? an? |(?:really )?an? not a |kein(?:e[nrs]?)? |nicht eine? "
    r"|pas une? |no es una? |no una? )"
)

NOT_A = (
    r"(?:that's |it's |this |that |it |das |dies |ce |c'|esto |eso )?(?:is |was |isn'?t |wasn'?t |ist "
    r"|est |n'est |es |)?(?:not|no|n'?t|kein(?:e[nrs]?)?|nicht|pas|non)(?: really)?(?: an?| the| ein(?:e)?"
    r"| une?| es un[a]?)? "
)

FILLER_BEFORE = (
    r"(?:please|pls|plz|bitte|svp|stp|s'il (?:te|vous) plait|por favor|per favore|alsjeblieft|aub|just|and"
    r"|also|then|oops|ups|hoppla|und|et|y|e|en|item|nummer|number|nr\.?|thanks|thank you|so|well|oh|hi|hello"
    r"|hallo|bonjour|hola|re|for|zu|intent|is|=|:|-|->|i would say|i'd say|as|als)"
)

FILLER_AFTER = (
    r"(?:please|pls|plz|sorry|i'm afraid|unfortunately|leider|desolee?|lo siento"
    r"|bitte|danke|thanks|thank you|thx|merci|gracias|svp|stp|s'il (?:te|vous) plait"
    r"|por favor|per favore|grazie|now|right away|today|yesterday|already|again|too|also|then|for now"
    r"|for good|her|him|them|it|this|that|this one|that one|one"
    r"|this person|the person|the mail|the e-?mail|with (?:her|him|them|this|it)|to (?:her|him|them)"
    r"|(?:writing|mailing|asking|contacting|bothering|e-?mailing)(?: to)?(?: her| him| them)?"
    r"|from (?:the|my|your|our) (?:list|lists|contacts)|off (?:the|my|your) list|sie|ihn|es|das|den"
    r"|die|ihr|ihm|jetzt|heute|gestern|schon|mal|aus der liste"
    r"|la|le|lo|les|maintenant|hier|deja|aujourd'hui|de la liste|ahora|hoy|ayer|ya|de la lista|nu"
    r"|vandaag|adesso|ora|oggi|ieri|agora|ontem|immediately|sofort|permanently|completely|anyway"
    r"|as planned|:\)|[🙂😊😀👍🙏🎉✅✔❤\ufe0f]|!|\.)"
)

UNSURE = (
    r"\?|\b(?:maybe|perhaps|probably|possibly|not sure|unsure|dunno|don'?t know|no idea|i guess"
    r"|i think|hmm+|vielleicht|eventuell|weiss nicht|wei nicht|unsicher|glaube|peut-etre|pas sur"
    r"|je ne sais|quiza|quizas|tal vez|no se|forse|talvez|misschien"
    r"|unless|except|or|either|but not|oder|ou|o bien|actually|on second thought|doch nicht|finalement|en realidad)\b"
)
