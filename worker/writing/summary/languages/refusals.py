"""What is said, in German, French and Spanish, of words of the owner that could not be carried out."""

from __future__ import annotations

ANSWERS: dict[str, tuple[str, str, str]] = {
    "nothing in your answer was understood": (
        "in Ihrer Antwort wurde nichts verstanden",
        "rien dans votre réponse n’a été compris",
        "no se entendió nada de su respuesta",
    ),
    "not understood: {quoted}": ("nicht verstanden: {quoted}", "pas compris : {quoted}", "no se entendió: {quoted}"),
    "{quoted}: {why}": ("{quoted}: {why}", "{quoted} : {why}", "{quoted}: {why}"),
    "it names no item; begin the line with its number": (
        "hier fehlt, worum es geht; beginnen Sie die Zeile mit der Nummer",
        "on ne sait pas de quoi il s’agit ; commencez la ligne par le numéro",
        "no se sabe de qué se trata; empiece la línea con el número",
    ),
    "that summary has no item {number}": (
        "die Nummer {number} gibt es in jener Zusammenfassung nicht",
        "ce résumé n’a pas de numéro {number}",
        "ese resumen no tiene el número {number}",
    ),
    "item {number} was settled by an earlier answer": (
        "die Nummer {number} ist durch eine frühere Antwort erledigt",
        "le numéro {number} a été réglé par une réponse précédente",
        "el número {number} ya quedó resuelto con una respuesta anterior",
    ),
    "{quoted} cannot be said of {name}, who was not asked yet; nothing was changed.": (
        "{quoted} passt nicht zu {name}, denn dort wurde noch nicht gefragt; nichts wurde geändert.",
        "{quoted} ne convient pas pour {name}, qui n’a pas encore été contacté ; rien n’a changé.",
        "{quoted} no vale para {name}, a quien aún no se ha preguntado; no cambió nada.",
    ),
    "{quoted} cannot be said here; nothing was changed.": (
        "{quoted} passt hier nicht; nichts wurde geändert.",
        "{quoted} ne convient pas ici ; rien n’a changé.",
        "{quoted} no vale aquí; no cambió nada.",
    ),
    "{who} was settled before; nothing was changed.": (
        "das war schon erledigt; nichts wurde geändert.",
        "c’était déjà réglé ; rien n’a changé.",
        "eso ya estaba resuelto; no cambió nada.",
    ),
    "Nobody and nothing is known by {quoted}.": (
        "Unter {quoted} ist hier nichts und niemand bekannt.",
        "On ne connaît ici rien ni personne sous {quoted}.",
        "Aquí no se conoce nada ni a nadie como {quoted}.",
    ),
    "There is no {who}.": ("{who} gibt es nicht.", "{who} n’existe pas.", "{who} no existe."),
    "No mail to {name} waits for your word; nothing was changed.": (
        "Keine Mail an {name} wartet auf Ihr Wort; nichts wurde geändert.",
        "Aucun message à {name} n’attend votre accord ; rien n’a changé.",
        "Ningún correo a {name} espera su visto bueno; no cambió nada.",
    ),
    "{name} is not waiting for your word; nothing was changed.": (
        "{name} wartet nicht auf Ihr Wort; nichts wurde geändert.",
        "{name} n’attend pas votre accord ; rien n’a changé.",
        "{name} no espera su visto bueno; no cambió nada.",
    ),
    "No mail to {name} waits to leave; nothing was changed.": (
        "Keine Mail an {name} wartet darauf, hinauszugehen; nichts wurde geändert.",
        "Aucun message à {name} n’attend de partir ; rien n’a changé.",
        "Ningún correo a {name} espera para salir; no cambió nada.",
    ),
    "{who} is {delivery}; nothing was changed.": (
        "diese Mail steht nicht mehr zur Wahl; nichts wurde geändert.",
        "ce message n’est plus à décider ; rien n’a changé.",
        "ese correo ya no se puede decidir; no cambió nada.",
    ),
    "No mail to {name} is uncertain; nothing was changed.": (
        "Bei keiner Mail an {name} ist ungewiss, ob sie ankam; nichts wurde geändert.",
        "Aucun message à {name} n’est incertain ; rien n’a changé.",
        "Ningún correo a {name} es dudoso; no cambió nada.",
    ),
    "later needs a date; nothing was changed.": (
        "„später“ braucht ein Datum; nichts wurde geändert.",
        "« plus tard » demande une date ; rien n’a changé.",
        "«más tarde» necesita una fecha; no cambió nada.",
    ),
    "away needs a date; nothing was changed.": (
        "„abwesend“ braucht ein Datum; nichts wurde geändert.",
        "« absent » demande une date ; rien n’a changé.",
        "«fuera» necesita una fecha; no cambió nada.",
    ),
    "{day} is not ahead; nothing was changed.": (
        "{day} liegt nicht in der Zukunft; nichts wurde geändert.",
        "le {day} n’est pas un jour futur ; rien n’a changé.",
        "el {day} no es un día futuro; no cambió nada.",
    ),
    "{day} is over; nothing was changed.": (
        "{day} ist vorbei; nichts wurde geändert.",
        "le {day} est passé ; rien n’a changé.",
        "el {day} ya pasó; no cambió nada.",
    ),
    "{day} is today; nothing was changed.": (
        "{day} ist heute; nichts wurde geändert.",
        "le {day}, c’est aujourd’hui ; rien n’a changé.",
        "el {day} es hoy; no cambió nada.",
    ),
    "{what} is no date; nothing was changed.": (
        "{what} ist kein Datum; nichts wurde geändert.",
        "{what} n’est pas une date ; rien n’a changé.",
        "{what} no es una fecha; no cambió nada.",
    ),
    "That is no day ahead; nothing was changed.": (
        "Das ist kein künftiger Tag; nichts wurde geändert.",
        "Ce n’est pas un jour futur ; rien n’a changé.",
        "Ese no es un día futuro; no cambió nada.",
    ),
    "There is nothing to undo; nothing was changed.": (
        "Es gibt nichts zurückzunehmen; nichts wurde geändert.",
        "Il n’y a rien à annuler ; rien n’a changé.",
        "No hay nada que deshacer; no cambió nada.",
    ),
    "There is nothing to undo about {name}; nothing was changed.": (
        "Bei {name} gibt es nichts zurückzunehmen; nichts wurde geändert.",
        "Il n’y a rien à annuler pour {name} ; rien n’a changé.",
        "No hay nada que deshacer con {name}; no cambió nada.",
    ),
    "There is nothing to take back; nothing was changed.": (
        "Es gibt nichts zurückzunehmen; nichts wurde geändert.",
        "Il n’y a rien à annuler ; rien n’a changé.",
        "No hay nada que deshacer; no cambió nada.",
    ),
    "The {step} that followed has left already; nothing was changed.": (
        "Was daraus folgte, ist schon hinausgegangen ({step}); nichts wurde geändert.",
        "La suite est déjà partie ({step}) ; rien n’a changé.",
        "Lo que siguió ya ha salido ({step}); no cambió nada.",
    ),
    "Nothing of {name} waits to be read; nothing was changed.": (
        "Von {name} wartet keine Mail auf Ihr Urteil; nichts wurde geändert.",
        "Aucun message de {name} n’attend votre avis ; rien n’a changé.",
        "Ningún correo de {name} espera su decisión; no cambió nada.",
    ),
    "Nothing of {name} was read so; nothing was changed.": (
        "Von {name} wurde nichts so gelesen; nichts wurde geändert.",
        "Rien de {name} n’a été lu ainsi ; rien n’a changé.",
        "Nada de {name} se leyó así; no cambió nada.",
    ),
    "{who} is not about a person we wrote to; nothing was changed.": (
        "dabei geht es um niemanden, dem geschrieben wurde; nichts wurde geändert.",
        "cela ne concerne personne à qui l’on ait écrit ; rien n’a changé.",
        "eso no trata de nadie a quien se haya escrito; no cambió nada.",
    ),
    "A suppression is not taken back so; nothing was changed.": (
        "Eine Sperre wird so nicht aufgehoben; nichts wurde geändert.",
        "Un blocage ne se lève pas ainsi ; rien n’a changé.",
        "Un bloqueo no se levanta así; no cambió nada.",
    ),
    "What you said last is not taken back so; nothing was changed.": (
        "Was Sie zuletzt gesagt haben, lässt sich so nicht zurücknehmen; nichts wurde geändert.",
        "Votre dernière consigne ne s’annule pas ainsi ; rien n’a changé.",
        "Lo último que dijo no se deshace así; no cambió nada.",
    ),
    "undo stands behind other words; say it alone, or name whom you mean": (
        "„Rückgängig“ steht hinter anderen Worten; sagen Sie es allein, oder nennen Sie, wen Sie meinen",
        "« défaire » suit d’autres mots ; dites-le seul, ou nommez la personne",
        "«deshacer» va detrás de otras palabras; dígalo solo, o nombre a la persona",
    ),
    "item {number} is not {who}": (
        "die Nummer {number} gehört nicht zu {who}",
        "le numéro {number} ne correspond pas à {who}",
        "el número {number} no corresponde a {who}",
    ),
    "Something has happened with them since; nothing was changed.": (
        "Seither ist dort etwas geschehen; nichts wurde geändert.",
        "Il s’est passé quelque chose depuis ; rien n’a changé.",
        "Desde entonces ha pasado algo con esta persona; no cambió nada.",
    ),
    "Nothing is paused; nothing was changed.": (
        "Nichts ist angehalten; nichts wurde geändert.",
        "Rien n’est en pause ; rien n’a changé.",
        "Nada está en pausa; no cambió nada.",
    ),
    "{quoted} is no address: {reason}; nothing was changed.": (
        "{quoted} ist keine Adresse; nichts wurde geändert.",
        "{quoted} n’est pas une adresse ; rien n’a changé.",
        "{quoted} no es una dirección; no cambió nada.",
    ),
    "{name} has no address yet; nothing was changed.": (
        "Von {name} fehlt die Adresse; nichts wurde geändert.",
        "{name} n’a pas encore d’adresse ; rien n’a changé.",
        "{name} aún no tiene dirección; no cambió nada.",
    ),
    "You have finished: nobody new is asked; nothing was changed.": (
        "Sie haben die Suche beendet: Niemand Neues wird gefragt; nichts wurde geändert.",
        "Vous avez terminé : personne de nouveau n’est contacté ; rien n’a changé.",
        "Usted ha terminado: no se pregunta a nadie nuevo; no cambió nada.",
    ),
    "{name} is not asked: {why}; nothing was changed.": (
        "{name} wird nicht gefragt: {why}; nichts wurde geändert.",
        "{name} n’est pas contacté : {why} ; rien n’a changé.",
        "A {name} no se le pregunta: {why}; no cambió nada.",
    ),
    "{name} was not named by anybody; nothing was changed.": (
        "{name} wurde von niemandem genannt; nichts wurde geändert.",
        "{name} n’a été nommé par personne ; rien n’a changé.",
        "Nadie nombró a {name}; no cambió nada.",
    ),
    "{name} was asked before and stands at {state}; nothing was changed.": (
        "{name} wurde schon gefragt (Stand: {state}); nichts wurde geändert.",
        "{name} a déjà été contacté (état : {state}) ; rien n’a changé.",
        "A {name} ya se le preguntó (estado: {state}); no cambió nada.",
    ),
    "{name} is to be asked already; nothing was changed.": (
        "{name} wird ohnehin gefragt; nichts wurde geändert.",
        "{name} sera contacté de toute façon ; rien n’a changé.",
        "A {name} se le preguntará de todos modos; no cambió nada.",
    ),
    "{name} has no address to be asked at; nothing was changed.": (
        "{name} hat keine Adresse, an die eine Mail gehen könnte; nichts wurde geändert.",
        "{name} n’a pas d’adresse où écrire ; rien n’a changé.",
        "{name} no tiene dirección a la que escribir; no cambió nada.",
    ),
    "{name} is {state}: no talk is agreed; nothing was changed.": (
        "Mit {name} ist kein Gespräch vereinbart (Stand: {state}); nichts wurde geändert.",
        "Aucun entretien n’est convenu avec {name} (état : {state}) ; rien n’a changé.",
        "No hay charla acordada con {name} (estado: {state}); no cambió nada.",
    ),
    "{name}: {state}; nothing was changed.": (
        "{name}: {state}; nichts wurde geändert.",
        "{name} : {state} ; rien n’a changé.",
        "{name}: {state}; no cambió nada.",
    ),
    "{who} is your own; nothing was changed.": (
        "{who} gehört Ihnen selbst; nichts wurde geändert.",
        "{who} vous appartient ; rien n’a changé.",
        "{who} le pertenece a usted; no cambió nada.",
    ),
    "an answer to the summary of {day} was refused: {why}; nothing was changed": (
        "eine Antwort auf die Zusammenfassung vom {day} wurde nicht befolgt: {why}; nichts wurde geändert",
        "une réponse au résumé du {day} n’a pas été prise en compte : {why} ; rien n’a changé",
        "una respuesta al resumen del {day} no se tuvo en cuenta: {why}; no cambió nada",
    ),
    "it comes from {address}": ("sie kommt von {address}", "elle vient de {address}", "viene de {address}"),
    "it is automatic": ("sie wurde automatisch verschickt", "elle a été envoyée automatiquement", "es automática"),
    "it went to {addresses} as well": (
        "sie ging auch an {addresses}",
        "elle a été envoyée aussi à {addresses}",
        "también se envió a {addresses}",
    ),
    "the mail server says that its sender is forged": (
        "der Mailserver hält den Absender für gefälscht",
        "le serveur de courrier considère l’expéditeur comme falsifié",
        "el servidor de correo considera falso el remitente",
    ),
    "the summary of {day} is too old": (
        "die Zusammenfassung vom {day} ist zu alt",
        "le résumé du {day} est trop ancien",
        "el resumen del {day} es demasiado antiguo",
    ),
    "it lies in Junk": ("sie lag im Spam-Ordner", "elle était dans les indésirables", "estaba en la carpeta de spam"),
}
