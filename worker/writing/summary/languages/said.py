"""What the program says in English, in the other languages: refused words, reasons, troubles.

`summary/said.py` finds a sentence here by its fixed words. A slot's name says what stands in it: {step}, {state},
{day} (2027-03-01), {date} (01 Mar 2027), {hour}, {quoted} (in Python's quotes), {why} (a sentence of its own).
"""

from __future__ import annotations

LANGUAGES = ("de", "fr", "es")
_ANSWERS: dict[str, tuple[str, str, str]] = {
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
        "Unter {quoted} ist niemand und nichts bekannt.",
        "Personne et rien n’est connu sous {quoted}.",
        "No se conoce a nadie ni nada como {quoted}.",
    ),
    "There is no {who}.": ("{who} gibt es nicht.", "{who} n’existe pas.", "{who} no existe."),
    "No mail to {name} waits for your word; nothing was changed.": (
        "Keine Mail an {name} wartet auf Ihr Wort; nichts wurde geändert.",
        "Aucun message à {name} n’attend votre accord ; rien n’a changé.",
        "Ningún correo a {name} espera su palabra; no cambió nada.",
    ),
    "{name} is not waiting for your word; nothing was changed.": (
        "{name} wartet nicht auf Ihr Wort; nichts wurde geändert.",
        "{name} n’attend pas votre accord ; rien n’a changé.",
        "{name} no espera su palabra; no cambió nada.",
    ),
    "No mail to {name} waits to leave; nothing was changed.": (
        "Keine Mail an {name} wartet darauf, hinauszugehen; nichts wurde geändert.",
        "Aucun message à {name} n’attend de partir ; rien n’a changé.",
        "Ningún correo a {name} espera para salir; no cambió nada.",
    ),
    "{who} is {delivery}; nothing was changed.": (
        "diese Mail steht nicht mehr zur Wahl ({delivery}); nichts wurde geändert.",
        "ce message n’est plus à décider ({delivery}) ; rien n’a changé.",
        "ese correo ya no se puede decidir ({delivery}); no cambió nada.",
    ),
    "No mail to {name} is uncertain; nothing was changed.": (
        "Bei keiner Mail an {name} ist offen, ob sie ankam; nichts wurde geändert.",
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
        "le {day} n’est pas à venir ; rien n’a changé.",
        "el {day} no está por venir; no cambió nada.",
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
        "Ce n’est pas un jour à venir ; rien n’a changé.",
        "Ese no es un día por venir; no cambió nada.",
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
        "Ningún correo de {name} espera su juicio; no cambió nada.",
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
    "Something has happened with them since; nothing was changed.": (
        "Seither ist dort etwas geschehen; nichts wurde geändert.",
        "Il s’est passé quelque chose depuis ; rien n’a changé.",
        "Desde entonces ha pasado algo con esta persona; no cambió nada.",
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
        "{who} est à vous ; rien n’a changé.",
        "{who} es suyo; no cambió nada.",
    ),
    "an answer to the summary of {day} was refused: {why}; nothing was changed": (
        "eine Antwort auf die Zusammenfassung vom {day} wurde nicht befolgt: {why}; nichts wurde geändert",
        "une réponse au résumé du {day} n’a pas été suivie : {why} ; rien n’a changé",
        "una respuesta al resumen del {day} no se siguió: {why}; no cambió nada",
    ),
    "it comes from {address}": ("sie kommt von {address}", "elle vient de {address}", "viene de {address}"),
    "it is automatic": ("sie ist automatisch", "elle est automatique", "es automática"),
    "it went to {addresses} as well": (
        "sie ging auch an {addresses}",
        "elle est allée aussi à {addresses}",
        "también fue a {addresses}",
    ),
    "the mail server says that its sender is forged": (
        "der Mailserver hält den Absender für gefälscht",
        "le serveur de courrier tient l’expéditeur pour falsifié",
        "el servidor de correo considera falso el remitente",
    ),
    "the summary of {day} is too old": (
        "die Zusammenfassung vom {day} ist zu alt",
        "le résumé du {day} est trop ancien",
        "el resumen del {day} es demasiado antiguo",
    ),
    "it lies in Junk": ("sie lag im Spam-Ordner", "elle était dans les indésirables", "estaba en la carpeta de spam"),
}
_REASONS: dict[str, tuple[str, str, str]] = {
    "waits for your word": ("wartet auf Ihr Wort", "attend votre accord", "espera su palabra"),
    "waits for your word: {why}": (
        "wartet auf Ihr Wort: {why}",
        "attend votre accord : {why}",
        "espera su palabra: {why}",
    ),
    "your word": ("Ihr Wort", "votre parole", "su palabra"),
    "your word: never again": ("Ihr Wort: nie wieder", "votre parole : plus jamais", "su palabra: nunca más"),
    "you said wait": ("Sie sagten „warten“", "vous avez dit « attendre »", "usted dijo «esperar»"),
    "a mail of theirs waits for your word": (
        "eine Mail von dort wartet auf Ihr Wort",
        "un message de leur part attend votre accord",
        "un correo suyo espera su palabra",
    ),
    "you wrote to them on {date}": (
        "Sie haben dieser Person am {date} geschrieben",
        "vous avez écrit à cette personne le {date}",
        "usted escribió a esta persona el {date}",
    ),
    "you wrote to them on {date}; nothing leaves until you say ok": (
        "Sie haben dieser Person am {date} geschrieben; nichts geht hinaus, bevor Sie „ok“ sagen",
        "vous avez écrit à cette personne le {date} ; rien ne part avant que vous ne disiez « ok »",
        "usted escribió a esta persona el {date}; nada sale hasta que diga «ok»",
    ),
    "{name} wrote": ("{name} hat geschrieben", "{name} a écrit", "{name} escribió"),
    "{other} wrote, not {name}": (
        "{other} hat geschrieben, nicht {name}",
        "{other} a écrit, pas {name}",
        "escribió {other}, no {name}",
    ),
    "it does not answer in our thread": (
        "sie antwortet nicht in unserem Faden",
        "il ne répond pas dans notre fil",
        "no responde en nuestro hilo",
    ),
    "they answered in the thread of {name}": (
        "eine Antwort kam im Faden von {name}",
        "une réponse est venue dans le fil de {name}",
        "respondió en el hilo de {name}",
    ),
    "only you can settle this": (
        "das können nur Sie entscheiden",
        "vous seul pouvez décider",
        "solo usted puede decidirlo",
    ),
    "you took its reading back: what does it mean?": (
        "Sie haben die Deutung zurückgenommen: Was heißt diese Mail?",
        "vous avez annulé sa lecture : que veut dire ce message ?",
        "usted deshizo su lectura: ¿qué significa este correo?",
    ),
    "{name}, of the same company or the one who named them, asked not to be written to": (
        "{name}, aus derselben Firma oder von dort genannt, will nicht mehr angeschrieben werden",
        "{name}, de la même entreprise ou à l’origine du nom, ne veut plus recevoir de messages",
        "{name}, de la misma empresa o quien dio el nombre, pidió que no se le escriba más",
    ),
    "your first ask waits for your word": (
        "Ihre erste Anfrage wartet auf Ihr Wort",
        "votre première demande attend votre accord",
        "su primera petición espera su palabra",
    ),
    "your first {number} asks wait for your word": (
        "Ihre ersten {number} Anfragen warten auf Ihr Wort",
        "vos {number} premières demandes attendent votre accord",
        "sus primeras {number} peticiones esperan su palabra",
    ),
    "you have finished": ("Sie haben die Suche beendet", "vous avez terminé", "usted ha terminado"),
    "your search goes on": ("Ihre Suche geht weiter", "votre recherche continue", "su búsqueda continúa"),
    "they wrote while your search was over": (
        "eine Mail kam, während Ihre Suche beendet war",
        "un message est venu pendant que votre recherche était terminée",
        "escribió mientras su búsqueda estaba terminada",
    ),
    "it was held before you finished": (
        "sie wartete schon, bevor Sie die Suche beendeten",
        "il attendait déjà avant que vous ne terminiez",
        "ya esperaba antes de que usted terminara",
    ),
    "askaround was stopped while it left": (
        "askaround wurde beendet, während sie hinausging",
        "askaround a été arrêté pendant son envoi",
        "askaround se detuvo mientras salía",
    ),
    "askaround was stopped while the {step} left; whether it arrived is not known": (
        "askaround wurde beendet, während die Mail hinausging ({step}); ob sie ankam, ist nicht bekannt",
        "askaround a été arrêté pendant l’envoi ({step}) ; on ne sait pas si le message est arrivé",
        "askaround se detuvo mientras salía el correo ({step}); no se sabe si llegó",
    ),
    "the server did not say whether it took it": (
        "der Server sagte nicht, ob er sie angenommen hat",
        "le serveur n’a pas dit s’il l’a accepté",
        "el servidor no dijo si lo aceptó",
    ),
    "left before the database was restored": (
        "ging hinaus, bevor die Datenbank zurückgespielt wurde",
        "parti avant que la base de données ne soit restaurée",
        "salió antes de que se restaurara la base de datos",
    ),
    "it answers what they wrote on {date}": (
        "sie antwortet auf eine Mail vom {date}",
        "il répond à un message du {date}",
        "responde a un correo del {date}",
    ),
    "on the suppression list": ("auf der Sperrliste", "sur la liste d’exclusion", "en la lista de exclusión"),
    "your own address": ("Ihre eigene Adresse", "votre propre adresse", "su propia dirección"),
    "the sender": ("wer schrieb", "l’expéditeur", "quien escribió"),
    "no person's address": (
        "die Adresse keiner Person",
        "l’adresse de personne en particulier",
        "no es de una persona",
    ),
    "known already": ("schon bekannt", "déjà connu", "ya conocido"),
    "proposed already": ("schon vorgeschlagen", "déjà proposé", "ya propuesto"),
    "the call reached them": ("der Anruf kam an", "l’appel a abouti", "la llamada llegó"),
    "it is too late for a nudge": (
        "für eine Erinnerung ist es zu spät",
        "il est trop tard pour un rappel",
        "es tarde para un recordatorio",
    ),
    "nudge dropped: it is too late for one": (
        "keine Erinnerung mehr: dafür ist es zu spät",
        "plus de rappel : il est trop tard",
        "sin recordatorio: ya es tarde",
    ),
    "their address is dead": ("die Adresse geht nicht mehr", "l’adresse ne marche plus", "la dirección ya no funciona"),
    "their address is dead: {why}": (
        "die Adresse geht nicht mehr: {why}",
        "l’adresse ne marche plus : {why}",
        "la dirección ya no funciona: {why}",
    ),
    "their address does not work": (
        "die Adresse geht nicht",
        "l’adresse ne marche pas",
        "la dirección no funciona",
    ),
    "their address does not work; nothing is written on that date": (
        "die Adresse geht nicht; an jenem Tag wird nichts geschrieben",
        "l’adresse ne marche pas ; rien ne sera écrit à cette date",
        "la dirección no funciona; ese día no se escribe nada",
    ),
    "they asked never to be written to; nothing is written on that date": (
        "bat darum, nie mehr angeschrieben zu werden; an jenem Tag wird nichts geschrieben",
        "a demandé qu’on ne lui écrive plus ; rien ne sera écrit à cette date",
        "pidió que no se le escriba más; ese día no se escribe nada",
    ),
    "their date has come, and a second try was made before; what is right now?": (
        "der Tag ist da, und der zweite Versuch war schon: Was ist jetzt richtig?",
        "la date est venue, et le second essai a déjà eu lieu : que faire ?",
        "llegó la fecha, y el segundo intento ya se hizo: ¿qué toca ahora?",
    ),
    "you wrote to them after the talk; what waited is held": (
        "Sie haben nach dem Gespräch selbst geschrieben; was wartete, wird zurückgehalten",
        "vous avez écrit après l’entretien ; ce qui attendait est retenu",
        "usted escribió después de la charla; lo que esperaba queda retenido",
    ),
    "a second try was made before; on that date you are asked again": (
        "der zweite Versuch war schon; an jenem Tag werden Sie wieder gefragt",
        "le second essai a déjà eu lieu ; on vous redemandera à cette date",
        "el segundo intento ya se hizo; ese día se le preguntará de nuevo",
    ),
    "look, please": ("bitte ansehen", "à regarder, s’il vous plaît", "mírelo, por favor"),
    "{name} named {who}": ("{name} nannte {who}", "{name} a nommé {who}", "{name} nombró a {who}"),
    "{name} named {who} ({why})": (
        "{name} nannte {who} ({why})",
        "{name} a nommé {who} ({why})",
        "{name} nombró a {who} ({why})",
    ),
    "{number} of the last {number2} asks came back ({addresses})": (
        "{number} der letzten {number2} Anfragen kamen zurück ({addresses})",
        "{number} des {number2} dernières demandes sont revenues ({addresses})",
        "{number} de las últimas {number2} peticiones volvieron ({addresses})",
    ),
    "{why}: no ask leaves until you say resume; answers do": (
        "{why}: Keine Anfrage geht hinaus, bis Sie „fortsetzen“ sagen; Antworten schon",
        "{why} : aucune demande ne part avant que vous ne disiez « reprendre » ; les réponses partent",
        "{why}: ninguna petición sale hasta que diga «reanudar»; las respuestas sí",
    ),
    "a mail to {who} in the thread of {name} came back ({reason})": (
        "eine Mail an {who} im Faden von {name} kam zurück ({reason})",
        "un message à {who} dans le fil de {name} est revenu ({reason})",
        "un correo a {who} en el hilo de {name} volvió ({reason})",
    ),
    "somebody": ("jemand", "quelqu’un", "alguien"),
    "shall nobody at {domain} be written to any more?": (
        "soll niemandem bei {domain} mehr geschrieben werden?",
        "ne plus écrire à personne chez {domain} ?",
        "¿no escribir a nadie más de {domain}?",
    ),
}
_TROUBLES: dict[str, tuple[str, str, str]] = {
    "Nothing leaves to contacts: {why}. Run: askaround reconcile": (
        "An niemanden geht etwas hinaus: {why}. Rufen Sie auf: askaround reconcile",
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
        "Ihr Anbieter nimmt nichts zum Senden an: {answer}",
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
        "Su pregunta de cómo va no se pudo responder: {why}",
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
    "{place} does not accept the sign-in of {user}: {why}": (
        "{place} nimmt die Anmeldung von {user} nicht an: {why}",
        "{place} refuse la connexion de {user} : {why}",
        "{place} no acepta el acceso de {user}: {why}",
    ),
    "{place} does not accept the sign-in of {user}.": (
        "{place} nimmt die Anmeldung von {user} nicht an.",
        "{place} refuse la connexion de {user}.",
        "{place} no acepta el acceso de {user}.",
    ),
    "{place} does not accept the sign-in of {user} ({answer}).": (
        "{place} nimmt die Anmeldung von {user} nicht an ({answer}).",
        "{place} refuse la connexion de {user} ({answer}).",
        "{place} no acepta el acceso de {user} ({answer}).",
    ),
    "it wants an app password{answered}.": (
        "Dort wird ein App-Passwort verlangt{answered}.",
        "il faut un mot de passe d’application{answered}.",
        "pide una contraseña de aplicación{answered}.",
    ),
    "passwords are switched off there{answered}.": (
        "Passwörter sind dort abgeschaltet{answered}.",
        "les mots de passe y sont désactivés{answered}.",
        "allí las contraseñas están desactivadas{answered}.",
    ),
    "{protocol} is switched off for this account{answered}.": (
        "{protocol} ist für dieses Konto abgeschaltet{answered}.",
        "{protocol} est désactivé pour ce compte{answered}.",
        "{protocol} está desactivado para esta cuenta{answered}.",
    ),
    "it wants to see you in the browser first{answered}.": (
        "Sie müssen sich erst im Browser anmelden{answered}.",
        "il veut d’abord vous voir dans le navigateur{answered}.",
        "primero quiere verle en el navegador{answered}.",
    ),
    "{place} cannot check the sign-in now{answered}.": (
        "{place} kann die Anmeldung gerade nicht prüfen{answered}.",
        "{place} ne peut pas vérifier la connexion pour l’instant{answered}.",
        "{place} no puede comprobar el acceso ahora{answered}.",
    ),
    "Nothing to do: it is tried again later.": (
        "Es ist nichts zu tun: Es wird später wieder versucht.",
        "Rien à faire : on réessaiera plus tard.",
        "No hay nada que hacer: se intentará más tarde.",
    ),
    "Make an app password in the account's security settings (needs 2-step verification) and use that.": (
        "Legen Sie in den Sicherheitseinstellungen des Kontos ein App-Passwort an (das verlangt die Anmeldung in zwei "
        "Schritten) und nehmen Sie dieses.",
        "Créez un mot de passe d’application dans les réglages de sécurité du compte (validation en deux étapes "
        "requise) et utilisez-le.",
        "Cree una contraseña de aplicación en los ajustes de seguridad de la cuenta (requiere verificación en dos "
        "pasos) y use esa.",
    ),
    "The account's administrator can allow authenticated SMTP; Microsoft's IMAP takes OAuth2 alone.": (
        "Wer das Konto verwaltet, kann SMTP mit Anmeldung erlauben; IMAP von Microsoft nimmt nur OAuth2.",
        "L’administrateur du compte peut autoriser le SMTP authentifié ; l’IMAP de Microsoft n’accepte qu’OAuth2.",
        "Quien administra la cuenta puede permitir SMTP autenticado; el IMAP de Microsoft solo acepta OAuth2.",
    ),
    "Allow {protocol} in the settings of the account on the provider's web page.": (
        "Erlauben Sie {protocol} in den Einstellungen des Kontos auf der Seite des Anbieters.",
        "Autorisez {protocol} dans les réglages du compte, sur le site du fournisseur.",
        "Permita {protocol} en los ajustes de la cuenta, en la página del proveedor.",
    ),
    "Sign in on the provider's web page, confirm that it was you, and try again.": (
        "Melden Sie sich auf der Seite des Anbieters an, bestätigen Sie, dass Sie es waren, und versuchen Sie es "
        "wieder.",
        "Connectez-vous sur le site du fournisseur, confirmez que c’était vous, et réessayez.",
        "Entre en la página del proveedor, confirme que fue usted e inténtelo de nuevo.",
    ),
    "Check username and password; many providers want an app password instead of the usual one.": (
        "Prüfen Sie Benutzername und Passwort; viele Anbieter verlangen ein App-Passwort statt des gewöhnlichen.",
        "Vérifiez identifiant et mot de passe ; beaucoup de fournisseurs veulent un mot de passe d’application.",
        "Compruebe usuario y contraseña; muchos proveedores piden una contraseña de aplicación.",
    ),
    "Google takes app passwords alone: make one at myaccount.google.com/apppasswords.": (
        "Google nimmt nur App-Passwörter: Legen Sie eines an unter myaccount.google.com/apppasswords.",
        "Google n’accepte que les mots de passe d’application : créez-en un sur myaccount.google.com/apppasswords.",
        "Google solo acepta contraseñas de aplicación: cree una en myaccount.google.com/apppasswords.",
    ),
    "{place}: the server does not speak TLS on this port.": (
        "{place}: Der Server spricht auf diesem Port kein TLS.",
        "{place} : le serveur ne parle pas TLS sur ce port.",
        "{place}: el servidor no habla TLS en este puerto.",
    ),
    "{place}: the TLS handshake failed ({reason}).": (
        "{place}: Die TLS-Verbindung kam nicht zustande ({reason}).",
        "{place} : la négociation TLS a échoué ({reason}).",
        "{place}: falló la negociación TLS ({reason}).",
    ),
    "{place}: the host name cannot be found.": (
        "{place}: Der Rechnername ist nicht zu finden.",
        "{place} : le nom d’hôte est introuvable.",
        "{place}: no se encuentra el nombre del servidor.",
    ),
    "{place}: no answer in time.": (
        "{place}: keine Antwort in angemessener Zeit.",
        "{place} : pas de réponse à temps.",
        "{place}: sin respuesta a tiempo.",
    ),
    "{place}: the connection was refused.": (
        "{place}: Die Verbindung wurde abgewiesen.",
        "{place} : la connexion a été refusée.",
        "{place}: se rechazó la conexión.",
    ),
    "{place}: the server broke off the connection.": (
        "{place}: Der Server brach die Verbindung ab.",
        "{place} : le serveur a coupé la connexion.",
        "{place}: el servidor cortó la conexión.",
    ),
    "{place}: the network is not reachable.": (
        "{place}: Das Netz ist nicht erreichbar.",
        "{place} : le réseau est inaccessible.",
        "{place}: no se llega a la red.",
    ),
    "{place}: the connection failed ({reason}).": (
        "{place}: Die Verbindung scheiterte ({reason}).",
        "{place} : la connexion a échoué ({reason}).",
        "{place}: falló la conexión ({reason}).",
    ),
    "{place}: the server's certificate has expired.": (
        "{place}: Das Zertifikat des Servers ist abgelaufen.",
        "{place} : le certificat du serveur a expiré.",
        "{place}: el certificado del servidor ha caducado.",
    ),
    "{place}: the server's certificate is not valid yet.": (
        "{place}: Das Zertifikat des Servers gilt noch nicht.",
        "{place} : le certificat du serveur n’est pas encore valable.",
        "{place}: el certificado del servidor aún no es válido.",
    ),
    "{place}: the server's certificate is for another host name.": (
        "{place}: Das Zertifikat des Servers gilt für einen anderen Namen.",
        "{place} : le certificat du serveur est pour un autre nom.",
        "{place}: el certificado del servidor es de otro nombre.",
    ),
    "{place}: the server's certificate is self-signed, so nobody vouches for it.": (
        "{place}: Das Zertifikat des Servers ist selbst ausgestellt; niemand bürgt dafür.",
        "{place} : le certificat du serveur est auto-signé ; personne n’en répond.",
        "{place}: el certificado del servidor es autofirmado; nadie responde de él.",
    ),
    "{place}: the server's certificate comes from an authority that this machine does not know.": (
        "{place}: Das Zertifikat des Servers kommt von einer Stelle, die dieser Rechner nicht kennt.",
        "{place} : le certificat du serveur vient d’une autorité que cette machine ne connaît pas.",
        "{place}: el certificado del servidor viene de una autoridad que esta máquina no conoce.",
    ),
    "{place}: the server asks for patience ({answer}).": (
        "{place}: Der Server bittet um Geduld ({answer}).",
        "{place} : le serveur demande de la patience ({answer}).",
        "{place}: el servidor pide paciencia ({answer}).",
    ),
    "{place}: the server turns us away now ({answer}).": (
        "{place}: Der Server weist uns gerade ab ({answer}).",
        "{place} : le serveur nous renvoie pour l’instant ({answer}).",
        "{place}: el servidor nos rechaza ahora ({answer}).",
    ),
    "It is tried again.": ("Es wird wieder versucht.", "On réessaiera.", "Se intentará de nuevo."),
    "It is tried again later.": (
        "Es wird später wieder versucht.",
        "On réessaiera plus tard.",
        "Se intentará más tarde.",
    ),
    "It is tried again; if it stays so, check port and security.": (
        "Es wird wieder versucht; bleibt es dabei, prüfen Sie port und security.",
        "On réessaiera ; si cela dure, vérifiez port et security.",
        "Se intentará de nuevo; si sigue así, compruebe port y security.",
    ),
    "Check host and port; is the server running?": (
        "Prüfen Sie host und port; läuft der Server?",
        "Vérifiez host et port ; le serveur tourne-t-il ?",
        "Compruebe host y port; ¿está en marcha el servidor?",
    ),
    "Check host and port, and whether a firewall blocks them; it is tried again.": (
        "Prüfen Sie host und port und ob eine Firewall im Weg steht; es wird wieder versucht.",
        "Vérifiez host et port, et si un pare-feu les bloque ; on réessaiera.",
        "Compruebe host y port, y si los bloquea un cortafuegos; se intentará de nuevo.",
    ),
    "Check this machine's connection.": (
        "Prüfen Sie die Verbindung dieses Rechners.",
        "Vérifiez la connexion de cette machine.",
        "Compruebe la conexión de esta máquina.",
    ),
    "Check the spelling of the host; if other names fail too, this machine has no working name server.": (
        "Prüfen Sie, wie host geschrieben ist; scheitern auch andere Namen, fehlt diesem Rechner die Namensauflösung.",
        "Vérifiez l’orthographe de host ; si d’autres noms échouent aussi, cette machine n’a pas de serveur de noms.",
        "Compruebe cómo está escrito host; si fallan otros nombres, esta máquina no tiene servidor de nombres.",
    ),
}

SAID = {**_ANSWERS, **_REASONS, **_TROUBLES}
"""English sentence -> the same in each of `LANGUAGES`."""
