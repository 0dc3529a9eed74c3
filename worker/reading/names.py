"""Recognises names of people in running text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from worker.reading.datewords import MONTHS, WEEKDAYS
from worker.reading.folding import fold
from worker.reading.language import SMALL_WORDS

LONGEST = 60

FIRST_NAMES = """
aaron abby abigail achim ada adam adele adrian adriana adrien agata agnes agnieszka ahmed aicha aidan aileen aisha akira alain alan alba
albert alberto aldo alejandra alejandro alessandra alessandro alessia alex alexander alexandra alexandre alexis alfonso alfred
alfredo ali alice alicia alina aline alison alma amadou amanda amber amelia amelie amina amir amy ana anastasia anders andrea andreas
andrej andres andrew andrzej andy angel angela angelika angelo angus anika anita anja anke ann anna annabel anne annegret annelies
annemarie annette annika anouk anthony antje antoine anton antonella antonia antonio arash ariane arjan armin arne arnaud arthur arturo
astrid audrey august aurelie ava axel ayse barbara bart bas bastian bea beate beatrice beatrix beatriz belen ben benedetta benedikt
benjamin benoit bernadette bernard bernardo bernd bert bertha beth bettina bianca bill birgit birte bjorn bob boris brad bram brandon
brenda brian bridget brigitte britta bruce bruna bruno caio camila camille candice carina carl carla carlo carlos carlotta carmen carol
carolin carolina caroline caspar catarina catherine cathy cecile cecilia celia celine chantal charles charlie charlotte chen chiara
chloe chris christa christian christiane christina christine christof christoph christophe christopher claas claire clara clare claude
claudia claudio claus clemence clement clemens colin colleen conny conor constance cor cora corinna corinne cornelia cristian cristina
cynthia daan dagmar damien dan dana daniel daniela daniele danielle danny daphne dario darren dave david davide dean debbie deborah
debra delphine denise dennis derek detlef diana diane didier diego dieter dimitri dirk dolores dominic dominik dominique don donald
donna dora doris dorothea dorothee doug douglas duarte duncan dylan eberhard eckhard ed eddie edgar edith edoardo eduardo edward
edwin eileen elaine elena eleonora eleni elif elisa elisabeth elise eliza elizabeth elke ella ellen elliot els elsa emil emilia emilie
emilio emily emma emmanuel enrico enrique enzo eric erica erich erik erika erin ernst erwin esther etienne eugen eva evelien evelyn
fabian fabien fabio fabrice fabrizio fatima fatma federica federico felicitas felipe felix femke ferdinand fernanda fernando filip
filipa filipe filippo finn fiona flavia florence florian floor fran france francesca francesco francis francisca francisco franck
francois francoise frank franz franziska fred frederic frederik frieda friedrich fritz gabi gabriel gabriela gabriele gaelle gary
gavin gemma geoff george georg georges georgia gerald gerard gerd gerda gerhard gerrit gert giacomo gianluca gianni gillian gina
giorgia giorgio giovanna giovanni gisela giulia giuliano giulio giuseppe gloria gonzalo gordon grace graham greg gregor greta guido
guilherme guillaume gunter gunther gustavo guy hakan hamid hanna hannah hannelore hannes hans harald harriet harry hassan heather
hedwig heidi heike heiko heiner heinrich heinz helen helena helene helga helmut hendrik henk hennie henning henri henrik henry herbert
hermann hilary hilde holger holly horst howard hubert hugh hugo ian ibrahim ida ignacio igor ilaria ilona ilse imke ines inga inge
ingo ingrid ioana irene irina iris irma isa isaac isabel isabella isabelle ivan ivo jack jackie jacob jacqueline jacques jade jaime
jakob jamal james jamie jan jana jane janet janina janine jannik jasmin jasmine jason javier jay jean jeanette jeanne jeff jelle
jennifer jenny jens jeremy jerome jesper jess jessica jesus jill jim joan joana joanna joanne joao joaquin jochen joe joel joelle
johan johann johanna johannes john johnny jolanda jon jonas jonathan joost jordan jordi jorg jorge joris jos jose josef josefa joseph
josephine josh joshua joyce juan juana juanita judith judy jules julia julian juliane julie julien juliet juliette julio jurgen justin
justine jutta kai kaitlyn karel karen karin karina karl karla karsten kasper katarina kate katharina katherine kathleen kathrin kathy
katie katja katrin kay keith kelly ken kenneth kerstin kevin khalid kieran kim kirsten klaas klara klaus koen konrad konstantin kristen
kristin kristina kurt kyle lara larry lars laszlo laura laure laurence laurent lauren laurie lea leah leandro lee leif leila lena leo
leon leonard leonardo leonie leonor leonora leslie leticia lia liam lidia lieke liesbeth lili lilian lilly lily lina linda linus lisa
liselotte livia liz lois lola lore lorena lorenz lorenzo lotte lou louis louisa louise luc luca lucas luce lucia luciana lucie lucien
lucy ludovic ludwig luigi luis luisa lukas luke lutz lydia lynn maaike maarten mabel madeleine mads magali magda magdalena maggie
mahmoud maike maja malte manfred manon manuel manuela mara marc marcel marcello marcelo marco marcos marcus mareike margaret margarita
margherita margit margot margrit marguerite maria mariana marianne marie marieke marija marijke marina mario marion marisa marisol marit
marjan mark marko markus marlene marlies marta martha martijn martin martina martine mary marten massimo mateo mateus mathias mathieu mathilde
matilde matt matteo matthew matthias matthieu mattia maud maura maureen maurice maurizio mauro max maxime maximilian maya megan mehdi
mehmet mei meike melanie melissa mercedes merle mia michael michaela michal michel michela michele michelle miguel mike mikael mila
milan milena miles millie mina mira miriam mirjam mirko mohamed mohammed moira moises molly mona monica monika monique moritz morten
muriel murat mustafa myriam nadia nadine nadja naomi natalia natalie natascha nathalie nathan neil nele nelson nicholas nick nico nicola
nicolas nicole niels niklas nikola nikolaus nils nina noah noel noemi nora norbert norman nuno odile oleg olga oliver olivia olivier
omar oriol oscar oskar otto pablo pamela paola paolo pascal pasquale pat patricia patrick patrizia patty paul paula paulina pauline
paulo pavel pawel pedro peggy penelope penny per pete peter petra phil philip philipp philippe phoebe pia pierre pieter pietro pilar
piotr pirmin priya rachel rafael rafaela raffaele raimund rainer raj ralf ralph ramon randy raphael raquel raul ray rebecca regina
regine reiner reinhard reinhold rémi remi rena renate renato rene renee reza ricarda riccardo richard rick rieke rikke rita rob robert
roberta roberto robin rocio roderick rodrigo roger roland rolf roman romain ron ronald ronja rosa rosalie rosario rose rosemary ross
roy ruben rudi rudolf rui rupert russell ruth ryan sabine sabrina sally salvatore sam samantha samir samuel sandeep sander sandra sandro sanjay
sanne sara sarah sascha saskia sean sebastian sebastien selina serena serge sergio seth severine shane shannon sharon sheila sibylle
sidney siegfried sigrid silja silke silvana silvia silvio simon simona simone sina sjoerd sofia sofie solange sonia sonja sophia sophie
stan stefan stefania stefanie stefano steffen steffi stella stephan stephanie stephen steve steven stijn stuart sue sunita suresh susan
susana susanna susanne suzanne sven svenja svetlana sybille sylvia sylvie tamara tania tanja tara tatiana ted teresa terry tess thea
theo theodor theresa therese thiago thierry thijs thomas thorsten tiago tiffany till tilman tim timo tina tobias todd tom tomas tommaso
tommy toni tony torsten tracy trevor trudy tyler ulf uli ulla ulrich ulrike umberto ursula ute uwe valentin valentina valeria valerie
vanessa vera verena veronica veronika veronique vicente vicky victor victoria viktor viktoria vincent vincenzo viola violeta virginia
virginie vittoria viviane volker wade walter waltraud wanda wendy werner wiebke wilfried wilhelm will willem william willy wim winfried
wolf wolfgang wouter xavier yann yannick yara yasmin yolanda youssef yuki yusuf yves yvette yvonne zahra zoe zofia noor noa bram sem tijs
tijmen jeroen gijs rens ruud wilma truus ineke anneke hanneke marjolein margriet petronella tineke joke ria thea
"""

TITLES = re.compile(
    r"(?:(?:dr|prof|professor(?:in)?|doctor|doktor|mr|mrs|ms|miss|mx|sir|dame|herr[n]?|frau|fr|hr|dipl|ing|mag|pd|med|phil|jur|rer|nat"
    r"|mme|mlle|madame|mademoiselle|monsieur|m|me|maitre|docteur|sr|sra|srta|senor|senora|senorita|don|dona|dna|doctora|dra|licenciad[oa]|lic"
    r"|senhor|senhora|eng|enga|engenheir[oa]|arq|arquit\w+|professora?|dott|dottor|dottore|dottoressa|dottssa|sig|sigra|signor|signora|signore|avv|avvocato|geom|arch|ingegnere"
    r"|dhr|mevr|mevrouw|meneer|mw|drs|ir|mijnheer|rev|hon|capt|captain|sgt|chef|nurse|sister|judge|rabbi|pfarrer(?:in)?|h\.c|ph\.?d|msc|mba)\.?(?:-(?:ing|med|phil)\.?)?(?:ssa|ra)?\.?)$"
)

PARTICLES = frozenset(
    "von van de da di del della der den dem ten ter te la le el al bin ibn y e i dos das do du des zu zum zur vom af av ap mac mc lo san st 't op".split()
)

NOT_NAMES = frozenset(
    fold(
        """i we you he she they it a an the my our your his her their this that these those there here who what when where why how yes no not
        please try talk speak write contact ask call email mail reach ping maybe perhaps instead also but and or so if as at in on to for from with
        sorry thanks thank hi hello hey dear best kind regards cheers sincerely unfortunately sadly however though best good great sure ok okay
        monday tuesday wednesday thursday friday saturday sunday today tomorrow hr it pr ceo cto cfo coo vp head director manager team department
        office university college hospital clinic school institute company group ltd inc gmbh ag llc bv sarl srl spa sa linkedin xing zoom teams
        slack skype whatsapp google outlook calendly gmail facebook twitter instagram tel phone fax mobile cell email e-mail subject re fw fwd
        sent von gesendet betreff an christmas easter ostern weihnachten pfingsten english german french spanish italian dutch portuguese
        europe germany france spain italy portugal netherlands london berlin paris madrid rome lisbon amsterdam munich hamburg wien vienna zurich
        milan barcelona brussels new york the colleague colleagues friend boss chef chefin successor assistant secretary kollege kollegin kollegen
        kolleginnen freund freundin nachfolger nachfolgerin mitarbeiter mitarbeiterin leiter leiterin assistentin assistent sekretariat abteilung
        vertretung praxis firma zeit termin anfrage mail nachricht interesse name namen telefon nummer adresse gesprach fragen frage kontakt team
        buro personalabteilung urlaub elternzeit ruhestand rente unternehmen haus kollegium bereich stelle gerne gern leider vielleicht bitte wenden
        sprechen fragen schreiben melden sie ich wir mein meine meinen meiner unser unsere dann aber auch danke viele grusse liebe lieber hallo
        sehr geehrter geehrte guten tag herzliche freundliche beste mit je nous vous mon ma mes notre contactez ecrivez voyez essayez parlez
        demandez adressez collegue ami amie bonjour bonsoir merci cordialement desole malheureusement peut-etre yo nosotros mi nuestro nuestra
        contacte hable escriba pregunte pruebe companero companera colega amigo amiga hola gracias saludos lamentablemente quizas tal eu nos
        meu minha nosso nossa fale escreva pergunte tente contacte ola obrigado obrigada cumprimentos infelizmente talvez io noi mio mia nostro
        nostra parli scriva chieda provi contatti collega amico amica salve buongiorno grazie saluti purtroppo forse ik wij mijn onze neem
        probeer vraag schrijf bel collega vriend vriendin beste hallo dank groet groeten helaas misschien abteilung department desk board chapter
        society association club chamber council ministry bank museum studio newspaper verlag book podcast blog youtube chapter page website
        der die das ein eine einen le la les un une el los las una o os as um uma il lo gli uno de het een chairman president senior junior lead
        engineer engineering sales marketing finance accounting operations research development design product support customer service services
        nurse teacher doctor lawyer architect pilot baker chef professor editor journalist translator designer analyst consultant developer
        internal medicine radiology surgery emergency care unit floor station ward north south east west street avenue road platz strasse allee
        god jesus lord amazon apple microsoft siemens bosch bmw sap nhs bbc eu usa uk gdpr dsgvo pto ooo ps p.s asap fyi btw cc bcc covid ai
        human resources public relations general happy glad let just only both either neither one two three first last next
        internet intranet german english gruss gruesse vg lg mfg all everyone someone somebody anyone nobody people person persons
        kreis thema themen rucksprache ruckfragen absprache auskunft hilfe verfugung moment augenblick woche wochen monat monate jahr jahre
        montag dienstag mittwoch donnerstag freitag samstag sonntag fall fallen falle zukunft erfolg gluck suche weg beruf berufe branche
        job jobs projekt projekte arbeit kunden kunde studium uni hochschule klinik krankenhaus schule amt behorde gemeinde stadt land
        enough plutot versuchen versuch frag fragen probieren probier mitte anfang ende wenn wann falls leitung fuhrung vorstand geschaftsfuhrung verstandnis ansprechpartner ansprechpartnerin ansprechperson richtige richtiger""",
    ).split()
) | frozenset(
    word for text in SMALL_WORDS.values() for word in fold(text).split() if len(word) < 4 or word not in ("will",)
)

NEVER_FIRST = re.compile(
    "|".join(rf"(?:{word})$" for table in (MONTHS, WEEKDAYS) for text in table.values() for word in text.split())
)

WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|['’.-](?=[^\W\d_])){0,38}\.?", re.UNICODE)
ALLOWED = re.compile(r"[^\W\d_](?:[^\W\d_]|[ .'’-]|[\u0300-\u036f])*$", re.UNICODE)


@dataclass(frozen=True, slots=True)
class Named:
    """A name in a text: where it stands, as written without titles, whether a title or a known first name marks it."""

    start: int
    end: int
    name: str
    certain: bool
    titled: bool = False


@lru_cache(maxsize=1)
def first_names() -> frozenset[str]:
    """Common first names of the seven languages, folded."""
    return frozenset(fold(FIRST_NAMES).split())


def names(shown: str) -> Iterator[Named]:
    """The runs of words that look like a person's name, in order."""
    known = first_names()
    run: list[re.Match[str]] = []
    titled = False
    words = list(WORD.finditer(shown))
    for number, word in enumerate([*words, None]):
        if word is not None:
            near = not run or _joined(shown[run[-1].end() : word.start()], run[-1].group())
            if not near:
                yield from _named(shown, run, titled, known)
                run, titled = [], False
            bare = fold(word.group()).rstrip(".")
            if (
                TITLES.match(fold(word.group()))
                and (word.group()[0].isupper() or len(bare) > 1)
                and (len(bare) > 2 or word.group()[0].isupper())
                and not (bare in known and not word.group().endswith("."))
            ):
                if run:
                    yield from _named(shown, run, titled, known)
                    run = []
                titled = True
                continue
            if _is_name(word.group(), bare, shown, word.start()):
                run.append(word)
                if word.group().endswith(".") and len(bare) > 2:
                    yield from _named(shown, run, titled, known)
                    run, titled = [], False
                continue
            following = words[number + 1] if number + 1 < len(words) else None
            if (
                run
                and bare in PARTICLES
                and word.group()[0].islower()
                and following is not None
                and (following.group()[0].isupper() or fold(following.group()) in PARTICLES)
                and shown[word.end() : following.start()] in (" ", "'")
            ):
                run.append(word)
                continue
        yield from _named(shown, run, titled, known)
        run, titled = [], False


def _joined(between: str, previous: str) -> bool:
    return between in (" ", "  ") or (between == " " and previous.endswith("."))


def _is_name(word: str, bare: str, shown: str, start: int) -> bool:
    if not word[0].isupper() or not bare:
        return False
    if bare in NOT_NAMES and not (bare in first_names() and _surname_follows(shown, start + len(word))):
        return False
    if (
        word.isupper()
        and len(bare) > 1
        and not (len(bare) > 2 and bare in first_names())
        and not _shouting_name(word, shown, start)
    ):
        return False
    if NEVER_FIRST.match(bare):
        return bare in first_names() and not re.search(
            r"(?:in|on|next|until|im|am|en|le|el) $", fold(shown[max(0, start - 6) : start])
        )
    return True


def _surname_follows(shown: str, end: int) -> bool:
    """Whether a capitalised word that may be a surname comes next: "Ben Okafor" is a name, "Ben" in Dutch is a verb."""
    found = re.match(r" ((?:[a-z]{2,3} )?)([^\W\d_][\w'’-]*)", shown[end : end + 50])
    if not found or not found[2][0].isupper():
        return False
    bare = fold(found[2])
    return bare not in NOT_NAMES and not NEVER_FIRST.match(bare)


def _shouting_name(word: str, shown: str, start: int) -> bool:
    """French and Spanish writers set surnames in capitals: "Marie DUPONT"."""
    return len(word) > 3 and bool(re.search(r"[A-ZÀ-Þ][a-zà-ÿ]+[ -]$", shown[max(0, start - 20) : start]))


def _named(shown: str, run: list[re.Match[str]], titled: bool, known: frozenset[str]) -> Iterator[Named]:
    while run and fold(run[-1].group()) in PARTICLES and run[-1].group()[0].islower():
        run.pop()
    if not run or len(run) > 6:
        return
    # A sentence begins with a capital: what is no first name there and is followed by one is no part of the name.
    for skip in range(len(run) - 1):
        if (
            fold(run[skip].group()).rstrip(".") not in known
            and fold(run[skip + 1].group()) in known
            and _begins(shown, run[0].start())
        ):
            run = run[skip + 1 :]
            break
    start, end = run[0].start(), run[-1].end()
    written = shown[start:end]
    if written.endswith(".") and not re.search(r"\b[A-Z]\.$", written):
        written, end = written[:-1], end - 1
    for possessive in ("'s", "’s"):
        if written.endswith(possessive):
            written, end = written[:-2], end - 2
    if clean(written) is None or len(written) < 2:
        return
    first = fold(run[0].group()).rstrip(".")
    certain = titled or any(part in known for part in re.split(r"[ -]", first))
    yield Named(start, end, written, certain, titled)


def _begins(shown: str, start: int) -> bool:
    before = shown[:start].rstrip(' "(')
    return not before or before[-1] in ".!?\n:;-" or shown[max(0, start - 1) : start] == "\n"


def clean(name: str | None) -> str | None:
    """A name that may go into a mail: letters, marks, spaces, . ' - and at most 60 characters, without titles; else None."""
    if not name:
        return None
    text = " ".join(name.replace("’", "'").split()).strip(" .,;:'\"-")
    words = text.split(" ")
    while len(words) > 1 and TITLES.match(fold(words[0])):
        words.pop(0)
    text = " ".join(words)
    if not text or len(text) > LONGEST or not ALLOWED.match(text):
        return None
    return text


def ordered(display: str) -> str:
    """A display name in speaking order: "Lee, Ann (Sales)" becomes "Ann Lee"."""
    text = re.sub(r"\s*[(\[|/].*$", "", display.strip(" \"'"))
    last, comma, first = text.partition(",")
    if comma and first.strip() and len(first.split()) <= 3 and not TITLES.match(fold(first.strip())):
        return f"{first.strip()} {last.strip()}"
    return last.strip() if comma else text
