"""The words that a brief and the calendar files beside it do not take from a template, a language at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from worker.conversation.vocabulary import State, Step


@dataclass(frozen=True, slots=True)
class BriefWords:
    """One language; sentences with {slots}. `asked` has the states in which the day of the first mail is told."""

    steps: Mapping[Step, str]
    states: Mapping[State, str]
    asked: Mapping[State, str]
    you: str
    they: str
    somebody: str
    by_hand: str
    other: str
    no_hour: str
    talk: str
    proposed: str
    call: str


BRIEF_WORDS = {
    "en": BriefWords(
        steps={
            Step.ask: "the first mail",
            Step.nudge: "a reminder",
            Step.check_in: "a second try",
            Step.referral_request: "thanks, and a request for a name",
            Step.thanks_for_name: "thanks for the name",
            Step.thanks_for_talk: "thanks for the talk",
            Step.report_back: "a note on how it went",
            Step.farewell: "thanks at the end",
        },
        states={
            State.planned: "not asked yet",
            State.asked: "asked, no answer yet",
            State.snoozed: "said later",
            State.silent: "asked, did not answer",
            State.declined: "said no",
            State.referral_asked: "said no, and was asked for a name",
            State.referred: "pointed on to somebody else",
            State.talking: "said yes",
            State.met: "you have talked",
            State.closed: "closed",
            State.opted_out: "does not want to be written to",
            State.unreachable: "cannot be reached",
        },
        asked={
            State.asked: "asked on {day}, no answer yet",
            State.silent: "asked on {day}, did not answer",
        },
        you="you",
        they="they",
        somebody="somebody",
        by_hand="by hand",
        other="somebody else, in this thread",
        no_hour="{day}, at a time that is not known here",
        talk="Talk: {name}",
        proposed="Proposed, not agreed: {words}",
        call="Call {name}",
    ),
    "de": BriefWords(
        steps={
            Step.ask: "die erste Mail",
            Step.nudge: "eine Erinnerung",
            Step.check_in: "ein zweiter Versuch",
            Step.referral_request: "Dank, und die Frage nach einem Namen",
            Step.thanks_for_name: "Dank für den Namen",
            Step.thanks_for_talk: "Dank für das Gespräch",
            Step.report_back: "eine Nachricht, wie es war",
            Step.farewell: "Dank zum Abschluss",
        },
        states={
            State.planned: "noch nicht gefragt",
            State.asked: "gefragt, noch keine Antwort",
            State.snoozed: "sagte: später",
            State.silent: "gefragt, hat nicht geantwortet",
            State.declined: "hat abgesagt",
            State.referral_asked: "hat abgesagt und wurde nach einem Namen gefragt",
            State.referred: "hat weiterverwiesen",
            State.talking: "hat zugesagt",
            State.met: "Sie haben miteinander gesprochen",
            State.closed: "beendet",
            State.opted_out: "will nicht angeschrieben werden",
            State.unreachable: "nicht zu erreichen",
        },
        asked={
            State.asked: "am {day} gefragt, noch keine Antwort",
            State.silent: "am {day} gefragt, hat nicht geantwortet",
        },
        you="Sie",
        they="die andere Seite",
        somebody="jemand",
        by_hand="von Hand",
        other="jemand anderes, in diesem Mailwechsel",
        no_hour="{day}, die Uhrzeit ist hier nicht bekannt",
        talk="Gespräch: {name}",
        proposed="Vorgeschlagen, nicht vereinbart: {words}",
        call="{name} anrufen",
    ),
    "fr": BriefWords(
        steps={
            Step.ask: "le premier message",
            Step.nudge: "une relance",
            Step.check_in: "un second essai",
            Step.referral_request: "un merci, et la demande d’un nom",
            Step.thanks_for_name: "merci pour le nom",
            Step.thanks_for_talk: "merci pour l’entretien",
            Step.report_back: "des nouvelles de l’entretien",
            Step.farewell: "un merci pour finir",
        },
        states={
            State.planned: "pas encore contacté",
            State.asked: "contacté, pas encore de réponse",
            State.snoozed: "a dit plus tard",
            State.silent: "contacté, n’a pas répondu",
            State.declined: "a dit non",
            State.referral_asked: "a dit non, et un nom lui a été demandé",
            State.referred: "a donné un nom",
            State.talking: "a dit oui",
            State.met: "vous vous êtes parlé",
            State.closed: "terminé",
            State.opted_out: "ne veut plus recevoir de messages",
            State.unreachable: "injoignable",
        },
        asked={
            State.asked: "contacté le {day}, pas encore de réponse",
            State.silent: "contacté le {day}, n’a pas répondu",
        },
        you="vous",
        they="l’autre",
        somebody="quelqu’un",
        by_hand="à la main",
        other="quelqu’un d’autre, dans cet échange",
        no_hour="{day}, à une heure qui n’est pas connue ici",
        talk="Entretien : {name}",
        proposed="Proposé, pas convenu : {words}",
        call="Appeler {name}",
    ),
    "es": BriefWords(
        steps={
            Step.ask: "el primer correo",
            Step.nudge: "un recordatorio",
            Step.check_in: "un segundo intento",
            Step.referral_request: "gracias, y la petición de un nombre",
            Step.thanks_for_name: "gracias por el nombre",
            Step.thanks_for_talk: "gracias por la charla",
            Step.report_back: "unas líneas sobre cómo fue",
            Step.farewell: "gracias al final",
        },
        states={
            State.planned: "aún sin contactar",
            State.asked: "contactado, aún sin respuesta",
            State.snoozed: "dijo que más tarde",
            State.silent: "contactado, no respondió",
            State.declined: "dijo que no",
            State.referral_asked: "dijo que no, y se le pidió un nombre",
            State.referred: "dio un nombre",
            State.talking: "dijo que sí",
            State.met: "ya han hablado",
            State.closed: "terminado",
            State.opted_out: "no quiere que se le escriba",
            State.unreachable: "no localizable",
        },
        asked={
            State.asked: "contactado el {day}, aún sin respuesta",
            State.silent: "contactado el {day}, no respondió",
        },
        you="usted",
        they="la otra parte",
        somebody="alguien",
        by_hand="a mano",
        other="otra persona, en este hilo",
        no_hour="{day}, a una hora que aquí no se conoce",
        talk="Charla: {name}",
        proposed="Propuesto, no acordado: {words}",
        call="Llamar a {name}",
    ),
}
