"""Guesses the language of a short text by its small words."""

from __future__ import annotations

import re
from functools import lru_cache

from worker.reading.folding import fold

LANGUAGES = ("en", "de", "fr", "es", "pt", "it", "nl")

SMALL_WORDS = {
    "en": """the and you your i to of is for with on that this it be have not are was will would can could my me
        we at from but if so as an just thanks thank please sorry hi hello dear about out do don't i'm i'll
        can't no yes who what when how there they her his our been has had any some or by get happy talk
        sure best regards back office january february march july september october
        november december monday tuesday wednesday thursday friday saturday sunday again off closed until
        away""",
    "de": """der die das und ich sie ist nicht ein eine einen einem mit für auf zu den dem von es im in wir mir
        mich ihr ihre ihnen ihren aber auch bin habe haben kann leider gerne gern danke vielen dank bitte
        nein ja sehr wie wenn noch nur bei bis ab wieder um uns da dass als keine kein hallo liebe lieber
        herr frau gruß grüße freundlichen du dir dich ned ist's nix mal am zum zur wäre würde gibt grad nach
        vom sind tut hier zwei wochen monat nächste keine zeit ned i mi januar februar märz april juni juli
        august september oktober november dezember montag dienstag mittwoch donnerstag freitag samstag
        sonntag nochmal danach dann zurück geschlossen urlaub""",
    "fr": """le la les des du de et je vous est pas un une pour avec sur que qui ce cette il elle nous mon ma mes
        votre vos à au aux dans ne suis ai merci bonjour désolé mais si plus par bien cordialement non oui
        être avez j'ai c'est n'est d'un l'équipe très bonne moi ça en sera serai peux puis tu te ton ta
        salut quand deux semaines mois prochain après avant temps janvier février mars avril mai juin
        juillet août septembre octobre novembre décembre lundi mardi mercredi jeudi vendredi samedi dimanche
        retour absente fermé""",
    "es": """el la los las de y que en un una por para con no sí es lo le su sus me mi se al del pero más como
        muy gracias hola estimado estimada saludos estoy puedo soy si te tu usted ya hasta cuando esta este
        hay nos disculpe favor buenas buenos días ahora aquí yo tengo porque dos semanas semana mes año
        después antes dentro escríbeme puedo tiempo enero febrero marzo abril mayo junio julio agosto
        septiembre octubre noviembre diciembre lunes martes miércoles jueves viernes cerrado cerrada vuelvo
        volvemos regreso vuelta vacaciones""",
    "pt": """o a os as de e que em um uma por para com não sim é se do da dos das no na ao mas mais como muito
        obrigado obrigada olá prezado prezada caro cara abraço atenciosamente cumprimentos estou posso sou
        você seu sua meu minha já até quando este esta nos desculpe favor bom dia boa tarde eu tenho porque
        pelo pela oi tá pra vou são foi novo procura procure duas semana semanas mês daqui vem depois comigo
        dia então você já não janeiro fevereiro março abril maio junho julho agosto setembro outubro
        novembro dezembro segunda-feira terça-feira quarta-feira quinta-feira sexta-feira segunda terça
        quarta quinta sexta volto voltamos retorno regresso férias fora""",
    "it": """il lo la i gli le di e che in un una per con non sì è si mi ti ci del della dei delle al alla nel
        nella ma più come molto grazie salve buongiorno gentile cordiali saluti sono posso ho ha suo sua mio
        mia già fino quando questo questa da dal però purtroppo volentieri ciao se anche ora lei due tra
        dopo prima settimana mese tempo mi risponda gennaio febbraio marzo aprile maggio giugno luglio
        agosto settembre ottobre novembre dicembre lunedì martedì mercoledì giovedì venerdì chiuso chiusi
        torno rientro ferie""",
    "nl": """de het een en ik je u is niet van voor met op dat die te in er aan maar ook ben heb kan kunt graag
        dank bedankt helaas groet groeten vriendelijke hoi hallo beste geen wel wij ons mijn uw jouw naar om
        als dan nog bij tot weer zijn wil wordt heeft mij me even geachte mevrouw meneer nee ja hier deze
        over weken maand volgende eens mail januari februari maart april mei juni juli augustus september
        oktober november december maandag dinsdag woensdag donderdag vrijdag zaterdag zondag terug vakantie
        afwezig gesloten""",
}

LETTER_WEIGHT = 1.0
WORD = re.compile(r"[a-zäöüß'-]+")


@lru_cache(maxsize=1)
def _weights() -> dict[str, dict[str, float]]:
    holders: dict[str, list[str]] = {}
    for language, text in SMALL_WORDS.items():
        for word in set(fold(text).split()):
            holders.setdefault(word, []).append(language)
    # A word that several languages share says less.
    return {word: dict.fromkeys(languages, 1 / len(languages)) for word, languages in holders.items()}


def scores(text: str) -> dict[str, float]:
    """How much of the text's small words each language explains; sums to at most the number of words."""
    weights = _weights()
    total = dict.fromkeys(LANGUAGES, 0.0)
    plain = fold(text[:1500])
    for word in WORD.findall(plain):
        for part in (word,) if word in weights else re.split("['-]", word):
            for language, weight in weights.get(part, {}).items():
                total[language] += weight
    # Letters that only one or two of the seven languages use.
    lowered = text[:1500].lower()
    for letters, languages in (
        ("ß", "de"),
        ("äö", "de"),
        ("ü", "de"),
        ("ñ¿¡", "es"),
        ("ãõ", "pt"),
        ("îûœ", "fr"),
        ("ìò", "it"),
    ):
        if any(letter in lowered for letter in letters):
            total[languages] += LETTER_WEIGHT
    return total


def ranked(text: str, hint: str | None = None) -> tuple[str, ...]:
    """The languages that the text may be in, likeliest first; a hint (a language code) breaks ties; never empty."""
    total = scores(text)
    code = (hint or "")[:2].lower()
    if code in total:
        total[code] += 0.4
    total["en"] += 0.1
    best = sorted(LANGUAGES, key=lambda language: -total[language])
    return tuple(language for language in best if total[language] > 0.25 * total[best[0]]) or ("en",)


def plainly(text: str) -> bool:
    """Whether the small words leave no doubt about the language: three of one, and hardly one of any other."""
    best, second, *_ = sorted(scores(text).values(), reverse=True)
    return best >= 3 and best >= 2.5 * second


def detect(text: str, hint: str | None = None) -> str:
    """The likeliest of the seven languages."""
    return ranked(text, hint)[0]
