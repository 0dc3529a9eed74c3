"""Why a mail waits or was cancelled, and what else the journal says, in German, French and Spanish."""

from __future__ import annotations

REASONS: dict[str, tuple[str, str, str]] = {
    "waits for your word": ("wartet auf Ihr Wort", "attend votre accord", "espera su visto bueno"),
    "waits for your word: {why}": (
        "wartet auf Ihr Wort: {why}",
        "attend votre accord : {why}",
        "espera su visto bueno: {why}",
    ),
    "your word": ("auf Ihren Wunsch", "à votre demande", "a petición suya"),
    "your word: never again": (
        "auf Ihren Wunsch: nie wieder",
        "à votre demande : plus jamais",
        "a petición suya: nunca más",
    ),
    "you said wait": ("Sie sagten „warten“", "vous avez dit « attendre »", "usted dijo «esperar»"),
    "a mail of theirs waits for your word": (
        "eine Mail von dort wartet auf Ihr Wort",
        "un message de leur part attend votre accord",
        "un correo suyo espera su visto bueno",
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
        "sie gehört nicht zu unserem Mailwechsel",
        "il ne fait pas partie de notre échange",
        "no responde en nuestro hilo",
    ),
    "they answered in the thread of {name}": (
        "eine Antwort kam im Mailwechsel mit {name}",
        "une réponse est venue dans l’échange avec {name}",
        "respondió en el hilo de {name}",
    ),
    "only you can settle this": (
        "das können nur Sie entscheiden",
        "c’est à vous de décider",
        "solo usted puede decidirlo",
    ),
    "you took its reading back: what does it mean?": (
        "Sie haben die Deutung zurückgenommen: Was heißt diese Mail?",
        "vous avez annulé l’interprétation de ce message : que veut-il dire ?",
        "usted anuló la interpretación de este correo: ¿qué significa?",
    ),
    "{name}, of the same company or the one who named them, asked not to be written to": (
        "{name} will nicht mehr angeschrieben werden (dieselbe Firma, oder von dort kam der Name)",
        "{name}, de la même entreprise ou qui a donné le nom, ne veut plus recevoir de messages",
        "{name}, de la misma empresa o quien dio el nombre, pidió que no se le escriba más",
    ),
    "your first ask waits for your word": (
        "Ihre erste Anfrage wartet auf Ihr Wort",
        "votre première demande attend votre accord",
        "su primera petición espera su visto bueno",
    ),
    "your first {number} asks wait for your word": (
        "Ihre ersten {number} Anfragen warten auf Ihr Wort",
        "vos {number} premières demandes attendent votre accord",
        "sus primeras {number} peticiones esperan su visto bueno",
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
        "no es la dirección de una persona",
    ),
    "known already": ("schon bekannt", "déjà connu", "ya conocido"),
    "proposed already": ("schon vorgeschlagen", "déjà proposé", "ya propuesto"),
    "the call reached them": ("am Telefon erreicht", "joint par téléphone", "se le localizó por teléfono"),
    "it is too late for a nudge": (
        "für eine Erinnerung ist es zu spät",
        "il est trop tard pour un rappel",
        "es tarde para un recordatorio",
    ),
    "it is too late for one": ("dafür ist es zu spät", "il est trop tard", "ya es tarde"),
    "nudge dropped: it is too late for one": (
        "keine Erinnerung mehr: dafür ist es zu spät",
        "plus de rappel : il est trop tard",
        "sin recordatorio: ya es tarde",
    ),
    "their address is dead": (
        "die Adresse gilt nicht mehr",
        "l’adresse n’est plus valable",
        "la dirección ya no funciona",
    ),
    "their address is dead: {why}": (
        "die Adresse gilt nicht mehr: {why}",
        "l’adresse n’est plus valable : {why}",
        "la dirección ya no funciona: {why}",
    ),
    "their address does not work": (
        "die Adresse funktioniert nicht",
        "l’adresse ne fonctionne pas",
        "la dirección no funciona",
    ),
    "their address does not work; nothing is written on that date": (
        "die Adresse funktioniert nicht; an jenem Tag wird nichts geschrieben",
        "l’adresse ne fonctionne pas ; rien ne sera écrit à cette date",
        "la dirección no funciona; ese día no se escribe nada",
    ),
    "they asked never to be written to; nothing is written on that date": (
        "bat darum, nie mehr angeschrieben zu werden; an jenem Tag wird nichts geschrieben",
        "a demandé qu’on ne lui écrive plus ; rien ne sera écrit à cette date",
        "pidió que no se le escriba más; ese día no se escribe nada",
    ),
    "their date has come, and a second try was made before; what is right now?": (
        "der Tag ist gekommen, und einen zweiten Versuch gab es schon: Was soll jetzt geschehen?",
        "la date est venue, et le second essai a déjà eu lieu : que faire ?",
        "llegó la fecha, y el segundo intento ya se hizo: ¿qué toca ahora?",
    ),
    "you wrote to them after the talk; what waited is held": (
        "Sie haben nach dem Gespräch selbst geschrieben; was wartete, wird zurückgehalten",
        "vous avez écrit après l’entretien ; ce qui attendait est retenu",
        "usted escribió después de la charla; lo que esperaba queda retenido",
    ),
    "a second try was made before; on that date you are asked again": (
        "einen zweiten Versuch gab es schon; an jenem Tag werden Sie wieder gefragt",
        "le second essai a déjà eu lieu ; on vous redemandera à cette date",
        "el segundo intento ya se hizo; ese día se le preguntará de nuevo",
    ),
    "Did the talk with {name} take place?": (
        "Hat das Gespräch mit {name} stattgefunden?",
        "L’entretien avec {name} a-t-il eu lieu ?",
        "¿Tuvo lugar la charla con {name}?",
    ),
    "{name} is away, without a date; taken as {day}": (
        "{name} ist abwesend, ohne Datum; angenommen wird {day}",
        "{name} est absent, sans date ; on compte sur le {day}",
        "{name} está fuera, sin fecha; se toma el {day}",
    ),
    "{step} held: {why}": ("{step} wartet: {why}", "{step} en attente : {why}", "{step} espera: {why}"),
    "{step} refused: {answer}": (
        "{step} abgewiesen: {answer}",
        "{step} refusé : {answer}",
        "{step} rechazado: {answer}",
    ),
    "{step} could not be delivered: {answer}": (
        "{step} war nicht zustellbar: {answer}",
        "{step} n’a pas pu être distribué : {answer}",
        "{step} no se pudo entregar: {answer}",
    ),
    "the server does not take this {step}: {answer}": (
        "der Server nimmt diese Mail nicht an ({step}): {answer}",
        "le serveur n’accepte pas ce message ({step}) : {answer}",
        "el servidor no acepta este correo ({step}): {answer}",
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
        "eine Mail an {who} im Mailwechsel mit {name} kam zurück ({reason})",
        "un message à {who} dans l’échange avec {name} est revenu ({reason})",
        "un correo a {who} en el hilo de {name} volvió ({reason})",
    ),
    "somebody": ("jemand", "quelqu’un", "alguien"),
    "shall nobody at {domain} be written to any more?": (
        "soll niemandem bei {domain} mehr geschrieben werden?",
        "ne plus écrire à personne chez {domain} ?",
        "¿no escribir a nadie más de {domain}?",
    ),
}
