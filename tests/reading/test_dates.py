"""The first day back and the first day on which writing is right, in seven languages."""

from __future__ import annotations

from datetime import date

import pytest

from tests.reading.writing import judged
from worker.reading.dates import Reader, resume_after, return_date
from worker.reading.folding import flatten
from worker.reading.holidays import easter, first_working_day_after, holiday

TODAY = date(2026, 11, 25)  # a Wednesday


def back(text: str, lang: str = "en", *, today: date = TODAY, order: str | None = None) -> date | None:
    return return_date(flatten(text), Reader(lang, today, order, "US" if lang == "en" else lang.upper()))


def again(
    text: str, lang: str = "en", *, today: date = TODAY, order: str | None = None, country: str = "DE"
) -> date | None:
    return resume_after(flatten(text), Reader(lang, today, order, country))


@pytest.mark.parametrize(
    "lang, text, day",
    [
        ("en", "I am out of the office until Friday 4 December and back on Monday 7 December.", date(2026, 12, 7)),
        ("en", "I'll be away from 23 November to 2 December 2026.", date(2026, 12, 3)),
        ("en", "Out of office until December 4th.", date(2026, 12, 5)),
        ("en", "Out of office until and including 4 December.", date(2026, 12, 5)),
        ("en", "I will be back in the office next Monday.", date(2026, 11, 30)),
        ("en", "I return on 2026-12-07.", date(2026, 12, 7)),
        ("en", "On leave through the end of the month.", date(2026, 12, 1)),
        ("en", "Back in the office on Dec 7, 2026.", date(2026, 12, 7)),
        ("en", "Away 24 Dec - 3 Jan.", date(2027, 1, 4)),
        ("en", "I'm out until tomorrow.", date(2026, 11, 27)),
        ("en", "I'm on vacation, back in two weeks.", date(2026, 12, 9)),
        ("en", "I'm on parental leave. Back some time next summer.", None),
        ("en", "I'm away and will answer when I return.", None),
        ("en", "I was away until 4 November.", None),
        ("en", "I am travelling today and tomorrow, and will reply on Monday 11/30.", date(2026, 11, 30)),
        ("en", "Shop closed 12/22-1/2. Back 1/3.", date(2027, 1, 3)),
        ("en", "Out of office until Monday 7 December, when I will be back.", date(2026, 12, 7)),
        ("en", "I'm not back before 7 December.", date(2026, 12, 7)),
        ("en", "On leave November 20 to 27 inclusive.", date(2026, 11, 28)),
        ("en", "I teach again on the eighth of December.", date(2026, 12, 8)),
        ("en", "Emails from Dec 7.", date(2026, 12, 7)),
        ("en", "The studio sleeps from 23 December. First mails will be read on 4 January.", date(2027, 1, 4)),
        ("en", "I am on vacation and will be back on September 14.", None),
        ("de", "Ab 7.12. bin ich wieder auf der Baustelle.", date(2026, 12, 7)),
        ("de", "Ich bin diese und die nächste Woche nicht erreichbar. Ab Montag, 7.12., wieder da.", date(2026, 12, 7)),
        ("de", "Ich bin bis und mit 4. Dezember abwesend.", date(2026, 12, 5)),
        (
            "fr",
            "Pendant le festival (17–30 novembre) je ne lis pas ce compte. Retour le 1er décembre.",
            date(2026, 12, 1),
        ),
        ("es", "Volvemos el lunes 30, afónicos.", date(2026, 11, 30)),
        ("es", "Fecha de regreso: 08-dic-2026.", date(2026, 12, 8)),
        ("es", "Hasta el lunes 30 no vuelvo.", date(2026, 11, 30)),
        ("pt", "Férias de 23 a 29 do corrente.", date(2026, 11, 30)),
        ("pt", "Estarei ausente de 18/11 a 07/12.", date(2026, 12, 8)),
        ("it", "Sono in ferie dal 20 novembre e rientrerò lunedì 7 dicembre.", date(2026, 12, 7)),
        ("nl", "De persen staan stil tot maandag 4 januari, dan draaien we weer.", date(2027, 1, 4)),
        ("de", "Ich bin bis einschließlich 4.12. nicht im Haus.", date(2026, 12, 5)),
        ("de", "Ab dem 7.12.2026 bin ich wieder erreichbar.", date(2026, 12, 7)),
        ("de", "Ich bin vom 23.11. bis 4.12. im Urlaub.", date(2026, 12, 5)),
        ("de", "Ich bin vom 23.11.2026 bis zum 04.12.2026 abwesend und am 7. Dezember wieder da.", date(2026, 12, 7)),
        ("de", "Bin bis Freitag unterwegs.", date(2026, 11, 28)),
        ("de", "Am kommenden Montag bin ich zurück.", date(2026, 11, 30)),
        ("fr", "Je suis absent jusqu'au 4 décembre inclus. De retour le 7 décembre.", date(2026, 12, 7)),
        ("fr", "En congés du 23 novembre au 4 décembre.", date(2026, 12, 5)),
        ("fr", "Absente jusqu'au 1er décembre.", date(2026, 12, 2)),
        ("es", "Estaré fuera hasta el 4 de diciembre.", date(2026, 12, 5)),
        ("es", "Vuelvo el lunes 7 de diciembre.", date(2026, 12, 7)),
        ("pt", "Estou ausente até 4 de dezembro.", date(2026, 12, 5)),
        ("pt", "Regresso no dia 7.", date(2026, 12, 7)),
        ("it", "Sarò assente dal 23 novembre al 4 dicembre.", date(2026, 12, 5)),
        ("it", "Rientro il 7 dicembre.", date(2026, 12, 7)),
        ("nl", "Ik ben afwezig tot en met 4 december.", date(2026, 12, 5)),
        ("nl", "Vanaf 7 december ben ik weer bereikbaar.", date(2026, 12, 7)),
    ],
)
def test_the_first_day_back(lang: str, text: str, day: date | None) -> None:
    assert back(text, lang) == day


@pytest.mark.parametrize(
    "lang, text, day",
    [
        ("en", "Try me again in March.", date(2027, 3, 1)),
        ("en", "Ask again next month.", date(2026, 12, 1)),
        ("en", "Write again in two weeks.", date(2026, 12, 9)),
        ("en", "Write me after the 20th.", date(2026, 12, 21)),
        ("en", "Maybe next week?", date(2026, 11, 30)),
        ("en", "Ping me in week 17.", date(2027, 4, 26)),
        ("en", "Maybe mid-June?", date(2027, 6, 15)),
        ("en", "Try me in the new year.", date(2027, 1, 2)),
        ("en", "After Easter, please.", date(2027, 3, 30)),
        ("en", "I bottle until the 20th of June. Write me after the 20th.", date(2027, 6, 21)),
        ("en", "Our books close on 30 April. Any day after that you may have me.", date(2027, 5, 1)),
        ("en", "Retail in December: no. Retail in February: yes. Write me then.", date(2027, 2, 1)),
        ("en", "We're short staffed until mid-March. Contact me on or after March 16.", date(2027, 3, 16)),
        ("en", "Write to me the week of December 7, I'll have her December sheet.", date(2026, 12, 7)),
        ("en", "Give it four weeks.", date(2026, 12, 23)),
        ("en", "Check back with me in a month or two.", None),
        ("en", "Ask me again at Christmas 2028.", None),
        ("en", "I said November believing in November.", None),
        ("en", "Second half of May would do; poke me then.", date(2027, 5, 16)),
        ("en", "Write after the 20th of next month.", date(2026, 12, 21)),
        ("en", "My exam is on Friday 4 December. Please try again the Monday after.", date(2026, 12, 7)),
        ("en", "Busy until December. After the holidays, write again.", None),
        ("de", "Vor Mitte März ist mit mir nichts anzufangen. Schreib mir dann.", date(2027, 3, 15)),
        ("de", "Bis Mitte Dezember stecke ich in Proben. Danach gern.", date(2026, 12, 15)),
        ("fr", "Après la fête nationale du 21 juillet, réécrivez-moi.", date(2027, 7, 22)),
        ("es", "Dos semanitas y te contesto. Escribime entonces.", date(2026, 12, 9)),
        ("pt", "Daqui a quinze dias lembre-me.", date(2026, 12, 9)),
        ("en", "Not before 5 May.", date(2027, 5, 5)),
        ("en", "Not until March, please.", date(2027, 3, 1)),
        ("en", "I'm swamped until December 10, write again then.", date(2026, 12, 11)),
        ("en", "Ask me on 2027-02-15.", date(2027, 2, 15)),
        ("en", "Try again in three months.", date(2027, 2, 25)),
        ("en", "Try me in Q2.", date(2027, 4, 1)),
        ("en", "We may talk some day.", None),
        ("en", "Ask me in 2029.", None),
        ("en", "Before Christmas it is impossible.", None),
        ("en", "I may march on, who knows.", None),
        ("de", "Melden Sie sich in KW 17.", date(2027, 4, 26)),
        ("de", "Nach Weihnachten gern.", date(2026, 12, 28)),
        ("de", "Im neuen Jahr gern.", date(2027, 1, 2)),
        ("de", "Mitte Juni sieht es besser aus.", date(2027, 6, 15)),
        ("de", "Nach dem 20. gern.", date(2026, 12, 21)),
        ("de", "Nach Pfingsten wird es ruhiger.", date(2027, 5, 18)),
        ("de", "In zwei Wochen wieder.", date(2026, 12, 9)),
        ("de", "Ab dem 15.1. gern.", date(2027, 1, 15)),
        ("fr", "Recontactez-moi en mars.", date(2027, 3, 1)),
        ("fr", "À la mi-juin.", date(2027, 6, 15)),
        ("fr", "La semaine prochaine.", date(2026, 11, 30)),
        ("fr", "Après le 20.", date(2026, 12, 21)),
        ("es", "En dos semanas.", date(2026, 12, 9)),
        ("es", "A mediados de junio.", date(2027, 6, 15)),
        ("es", "El mes que viene.", date(2026, 12, 1)),
        ("es", "Después de Semana Santa.", date(2027, 3, 30)),
        ("pt", "Depois da Páscoa.", date(2027, 3, 30)),
        ("pt", "No próximo mês.", date(2026, 12, 1)),
        ("it", "Tra due settimane.", date(2026, 12, 9)),
        ("it", "A marzo.", date(2027, 3, 1)),
        ("it", "Dopo il 20.", date(2026, 12, 21)),
        ("nl", "Over twee weken.", date(2026, 12, 9)),
        ("nl", "Half juni.", date(2027, 6, 15)),
        ("nl", "Na Pasen.", date(2027, 3, 30)),
        ("nl", "Volgende maand.", date(2026, 12, 1)),
    ],
)
def test_the_first_day_on_which_writing_is_right(lang: str, text: str, day: date | None) -> None:
    assert again(text, lang) == day


@pytest.mark.parametrize(
    "text, order, today, day",
    [
        ("Out until 9/8.", None, date(2026, 7, 20), None),
        ("Out until 9/8.", "dmy", date(2026, 7, 20), date(2026, 8, 10)),
        ("Out until 9/8.", "mdy", date(2026, 7, 20), date(2026, 9, 9)),
        ("Out until 9/28.", None, date(2026, 7, 20), date(2026, 9, 29)),
        ("Out until 28/9.", None, date(2026, 7, 20), date(2026, 9, 29)),
        ("Out until 9/8.", None, date(2026, 8, 30), date(2026, 9, 9)),
        ("Out from 8/7 to 9/8.", None, date(2026, 8, 10), date(2026, 9, 9)),
        ("Out until 12/20/2026.", "dmy", date(2026, 11, 25), date(2026, 12, 21)),
    ],
)
def test_the_order_of_day_and_month(text: str, order: str | None, today: date, day: date | None) -> None:
    assert back(text, today=today, order=order) == day


def test_the_mail_says_by_which_convention_it_is_written() -> None:
    text = "I am out of office until 9/8."
    assert judged(text, date="Mon, 20 Jul 2026 09:00:00 -0500").return_date == date(2026, 9, 9)
    assert judged(text, date="Mon, 20 Jul 2026 09:00:00 +0200").return_date == date(2026, 8, 10)
    assert judged(text, date="Mon, 20 Jul 2026 09:00:00 +0000").return_date is None
    assert judged(text, date="Mon, 20 Jul 2026 09:00:00 +0000", country="US").return_date == date(2026, 9, 9)


def test_only_the_intent_that_it_belongs_to_has_a_date() -> None:
    assert judged("Ask me again in March, we're launching right now.").resume_after == date(2027, 3, 1)
    assert judged("No thanks. I might retire in March.").resume_after is None
    assert judged("Sure, call me after 1 March.").return_date is None


def test_after_a_public_holiday_comes_a_working_day_of_the_country() -> None:
    assert again("Try after Thanksgiving.", country="US") == date(2026, 11, 27)
    assert again("Try after Christmas.", country="US") == date(2026, 12, 28)
    assert again("Nach dem Tag der Arbeit.", "de", today=date(2026, 4, 10)) == date(2026, 5, 4)
    assert first_working_day_after(date(2026, 12, 25), "GB") == date(2026, 12, 29)


def test_holidays_by_name() -> None:
    assert easter(2027) == date(2027, 3, 28)
    assert holiday("thanksgiving", TODAY) == date(2026, 11, 26)
    assert holiday("memorial", TODAY) == date(2027, 5, 31)
    assert holiday("unheard_of", TODAY) is None
