"""What keeps mail from being read or sent, in German, French and Spanish."""

from __future__ import annotations

TROUBLES: dict[str, tuple[str, str, str]] = {
    "Nothing leaves to contacts: {why}. Run: askaround reconcile": (
        "Es geht nichts hinaus: {why}. Rufen Sie auf: askaround reconcile",
        "Rien ne part vers les contacts : {why}. Lancez : askaround reconcile",
        "No sale nada a los contactos: {why}. Ejecute: askaround reconcile",
    ),
    "Sent knows mails of ours that the database does not: it is another one, or an old copy": (
        "im Ordner Gesendet liegen Mails, die die Datenbank nicht kennt: Sie ist eine andere oder eine alte Kopie",
        "le dossier Envoyés contient des messages que la base ne connaît pas : c’est une autre ou une vieille copie",
        "en Enviados hay correos que la base de datos no conoce: es otra, o una copia vieja",
    ),
    "somebody answers a mail of ours that the database does not know: it may be an old copy": (
        "jemand antwortet auf eine Mail, die die Datenbank nicht kennt: Sie ist wohl eine alte Kopie",
        "quelqu’un répond à un message que la base ne connaît pas : c’est peut-être une vieille copie",
        "alguien responde a un correo que la base de datos no conoce: puede ser una copia vieja",
    ),
    "your provider refuses to send: {answer}": (
        "Ihr Anbieter nimmt zurzeit keine Mails zum Versand an: {answer}",
        "votre fournisseur refuse d’envoyer : {answer}",
        "su proveedor se niega a enviar: {answer}",
    ),
    "whether the summary of {day} arrived is not known": (
        "ob die Zusammenfassung vom {day} ankam, ist nicht bekannt",
        "on ne sait pas si le résumé du {day} est arrivé",
        "no se sabe si llegó el resumen del {day}",
    ),
    "whether the {step} arrived is not known: {answer}": (
        "ob die Mail ankam, ist nicht bekannt ({step}): {answer}",
        "on ne sait pas si le message est arrivé ({step}) : {answer}",
        "no se sabe si llegó el correo ({step}): {answer}",
    ),
    "whether it arrived is not known": (
        "ob sie ankam, ist nicht bekannt",
        "on ne sait pas s’il est arrivé",
        "no se sabe si llegó",
    ),
    "The clock of this machine went back: it says {now}, and the last turn or mail was at {then}. Set it right; what "
    "the pace counts goes on from there.": (
        "Die Uhr dieses Rechners ging zurück: Sie zeigt {now}, und zuletzt geschah etwas am {then}. Stellen Sie sie "
        "richtig; gezählt wird von dort an weiter.",
        "L’horloge de cette machine a reculé : elle indique {now}, et la dernière activité date du {then}. Réglez-la ; "
        "le compte reprend à partir de là.",
        "El reloj de esta máquina retrocedió: marca {now}, y lo último ocurrió el {then}. Póngalo en hora; la cuenta "
        "sigue desde ahí.",
    ),
    "A mail in {folder} (UID {number}) cannot be read and is set aside.": (
        "Eine Mail in {folder} (UID {number}) ist nicht zu lesen und liegt beiseite.",
        "Un message dans {folder} (UID {number}) est illisible et mis de côté.",
        "Un correo en {folder} (UID {number}) no se puede leer y queda aparte.",
    ),
    "{folder}: the server hands out no mail just now; I shall try again.": (
        "{folder}: Der Server gibt gerade keine Mail heraus; es wird wieder versucht.",
        "{folder} : le serveur ne délivre aucun message pour l’instant ; on réessaiera.",
        "{folder}: el servidor no entrega correo ahora mismo; se intentará de nuevo.",
    ),
    "{folder}: the server hands out only a part of the mail; I shall try again.": (
        "{folder}: Der Server gibt nur einen Teil der Mails heraus; es wird wieder versucht.",
        "{folder} : le serveur ne délivre qu’une partie des messages ; on réessaiera.",
        "{folder}: el servidor entrega solo una parte del correo; se intentará de nuevo.",
    ),
    "{folder}: the server does not hand out the mail with UID {number}; it is set aside.": (
        "{folder}: Der Server gibt die Mail mit der UID {number} nicht heraus; sie liegt beiseite.",
        "{folder} : le serveur ne délivre pas le message d’UID {number} ; il est mis de côté.",
        "{folder}: el servidor no entrega el correo con UID {number}; queda aparte.",
    ),
    "{folder}: the server did not hand out the mail with UID {number}; I shall try again.": (
        "{folder}: Der Server gab die Mail mit der UID {number} nicht heraus; es wird wieder versucht.",
        "{folder} : le serveur n’a pas délivré le message d’UID {number} ; on réessaiera.",
        "{folder}: el servidor no entregó el correo con UID {number}; se intentará de nuevo.",
    ),
    "The summary could not be sent: {why}": (
        "Die Zusammenfassung konnte nicht gesendet werden: {why}",
        "Le résumé n’a pas pu être envoyé : {why}",
        "El resumen no se pudo enviar: {why}",
    ),
    "You could not be told at once of an answer: {why}": (
        "Von einer Antwort konnten Sie nicht gleich erfahren: {why}",
        "Vous n’avez pas pu être averti aussitôt d’une réponse : {why}",
        "No se le pudo avisar enseguida de una respuesta: {why}",
    ),
    "Your question how it stands could not be answered: {why}": (
        "Ihre Frage nach dem Stand konnte nicht beantwortet werden: {why}",
        "Votre question sur l’état des choses est restée sans réponse : {why}",
        "No se pudo responder a su pregunta sobre cómo va todo: {why}",
    ),
    "the server did not take the summary: {answer}": (
        "der Server nahm die Zusammenfassung nicht an: {answer}",
        "le serveur n’a pas accepté le résumé : {answer}",
        "el servidor no aceptó el resumen: {answer}",
    ),
    "whether the summary arrived is not known": (
        "ob die Zusammenfassung ankam, ist nicht bekannt",
        "on ne sait pas si le résumé est arrivé",
        "no se sabe si llegó el resumen",
    ),
    "{email}: refused: {answer}": (
        "{email}: abgewiesen: {answer}",
        "{email} : refusé : {answer}",
        "{email}: rechazado: {answer}",
    ),
    "{email}: later: {answer}": (
        "{email}: später: {answer}",
        "{email} : plus tard : {answer}",
        "{email}: más tarde: {answer}",
    ),
    "{email}: given up: {answer}": (
        "{email}: aufgegeben: {answer}",
        "{email} : abandonné : {answer}",
        "{email}: abandonado: {answer}",
    ),
    "{email}: your account: {answer}": (
        "{email}: Ihr Konto: {answer}",
        "{email} : votre compte : {answer}",
        "{email}: su cuenta: {answer}",
    ),
}
