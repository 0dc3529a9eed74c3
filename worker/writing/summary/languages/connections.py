"""Why no server could be reached, and what helps, in German, French and Spanish."""

from __future__ import annotations

CONNECTIONS: dict[str, tuple[str, str, str]] = {
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
        "{place} : le serveur nous refuse pour l’instant ({answer}).",
        "{place}: el servidor nos rechaza ahora ({answer}).",
    ),
    "{place}: the host name is not a valid name.": (
        "{place}: Der Rechnername ist kein gültiger Name.",
        "{place} : le nom d’hôte n’est pas valable.",
        "{place}: el nombre del servidor no es válido.",
    ),
    "{place}: no name server answers, so the host cannot be found.": (
        "{place}: Die Namensauflösung antwortet nicht, also ist der Rechner nicht zu finden.",
        "{place} : aucun serveur de noms ne répond, l’hôte est donc introuvable.",
        "{place}: no responde ningún servidor de nombres, así que no se encuentra el servidor.",
    ),
    "{place}: the server's certificate was not accepted ({reason}).": (
        "{place}: Das Zertifikat des Servers wurde nicht angenommen ({reason}).",
        "{place} : le certificat du serveur n’a pas été accepté ({reason}).",
        "{place}: no se aceptó el certificado del servidor ({reason}).",
    ),
    "{place}: the server does not offer STARTTLS; the password was not sent.": (
        "{place}: Der Server bietet kein STARTTLS an; das Passwort wurde nicht gesendet.",
        "{place} : le serveur n’offre pas STARTTLS ; le mot de passe n’a pas été envoyé.",
        "{place}: el servidor no ofrece STARTTLS; la contraseña no se envió.",
    ),
    "{place}: the server names no folder at all.": (
        "{place}: Der Server nennt überhaupt keinen Ordner.",
        "{place} : le serveur n’indique aucun dossier.",
        "{place}: el servidor no indica ninguna carpeta.",
    ),
    "{place}: {command} was refused ({answer}).": (
        "{place}: {command} wurde abgewiesen ({answer}).",
        "{place} : {command} a été refusé ({answer}).",
        "{place}: se rechazó {command} ({answer}).",
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
    "Check this machine's connection; it is tried again.": (
        "Prüfen Sie die Verbindung dieses Rechners; es wird wieder versucht.",
        "Vérifiez la connexion de cette machine ; on réessaiera.",
        "Compruebe la conexión de esta máquina; se intentará de nuevo.",
    ),
    'Try security = "tls" with the port for it; if STARTTLS worked before, somebody may be in between.': (
        'Versuchen Sie security = "tls" mit dem Port dafür; ging STARTTLS früher, steht vielleicht jemand dazwischen.',
        'Essayez security = "tls" avec son port ; si STARTTLS marchait avant, quelqu’un est peut-être entre les deux.',
        'Pruebe security = "tls" con su puerto; si STARTTLS funcionaba antes, quizá haya alguien en medio.',
    ),
    'Try security = "{security}", or check the port.': (
        'Versuchen Sie security = "{security}", oder prüfen Sie den Port.',
        'Essayez security = "{security}", ou vérifiez le port.',
        'Pruebe security = "{security}", o compruebe el puerto.',
    ),
    'This port expects TLS from the first byte: set security = "tls".': (
        'Dieser Port erwartet TLS vom ersten Byte an: security = "tls".',
        'Ce port attend TLS dès le premier octet : security = "tls".',
        'Este puerto espera TLS desde el primer byte: security = "tls".',
    ),
    'Most networks block port 25: set port = 465 with security = "tls", or 587 with "starttls".': (
        'Die meisten Netze sperren Port 25: port = 465 mit security = "tls", oder 587 mit "starttls".',
        'La plupart des réseaux bloquent le port 25 : port = 465 avec security = "tls", ou 587 avec "starttls".',
        'La mayoría de las redes bloquea el puerto 25: port = 465 con security = "tls", o 587 con "starttls".',
    ),
    "Some networks block port {number}: try port = {setting}, or another network; it is tried again.": (
        "Manche Netze sperren Port {number}: Versuchen Sie port = {setting}, oder ein anderes Netz; es wird wieder "
        "versucht.",
        "Certains réseaux bloquent le port {number} : essayez port = {setting}, ou un autre réseau ; on réessaiera.",
        "Algunas redes bloquean el puerto {number}: pruebe port = {setting}, u otra red; se intentará de nuevo.",
    ),
    "Check the spelling of the host.": (
        "Prüfen Sie, wie host geschrieben ist.",
        "Vérifiez l’orthographe de host.",
        "Compruebe cómo está escrito host.",
    ),
    "Did you mean {host}?": ("Meinten Sie {host}?", "Vouliez-vous dire {host} ?", "¿Quería decir {host}?"),
    "Nothing was sent to it.": (
        "Dorthin wurde nichts gesendet.",
        "Rien ne lui a été envoyé.",
        "No se le envió nada.",
    ),
    "Use the host name that the provider gives for this server; nothing was sent to it.": (
        "Nehmen Sie den Namen, den der Anbieter für diesen Server nennt; dorthin wurde nichts gesendet.",
        "Utilisez le nom que le fournisseur donne pour ce serveur ; rien ne lui a été envoyé.",
        "Use el nombre que el proveedor da para este servidor; no se le envió nada.",
    ),
    "If it is your own server, save its certificate as a PEM file and name that in [mailbox.tls] ca_file.": (
        "Ist es Ihr eigener Server, speichern Sie sein Zertifikat als PEM-Datei und nennen Sie sie in [mailbox.tls] "
        "ca_file.",
        "Si c’est votre serveur, enregistrez son certificat en fichier PEM et nommez-le dans [mailbox.tls] ca_file.",
        "Si es su propio servidor, guarde su certificado como archivo PEM y nómbrelo en [mailbox.tls] ca_file.",
    ),
    "If it is your own server, name the authority's PEM file in [mailbox.tls] ca_file.": (
        "Ist es Ihr eigener Server, nennen Sie die PEM-Datei der Stelle in [mailbox.tls] ca_file.",
        "Si c’est votre serveur, nommez le fichier PEM de l’autorité dans [mailbox.tls] ca_file.",
        "Si es su propio servidor, nombre el archivo PEM de la autoridad en [mailbox.tls] ca_file.",
    ),
    "If it is not {moment} UTC now, set this machine's clock; else the server's owner has to renew it.": (
        "Ist es jetzt nicht {moment} UTC, stellen Sie die Uhr dieses Rechners; sonst muss der Betreiber des Servers "
        "es erneuern.",
        "Si l’heure actuelle n’est pas {moment} UTC, réglez l’horloge de cette machine ; sinon, c’est à l’exploitant "
        "du serveur de le renouveler.",
        "Si la hora actual no es {moment} UTC, ponga en hora esta máquina; si lo es, debe renovarlo quien lleva el "
        "servidor.",
    ),
    "If it is not {moment} UTC now, set this machine's clock.": (
        "Ist es jetzt nicht {moment} UTC, stellen Sie die Uhr dieses Rechners.",
        "Si l’heure actuelle n’est pas {moment} UTC, réglez l’horloge de cette machine.",
        "Si la hora actual no es {moment} UTC, ponga en hora esta máquina.",
    ),
    "Check host and port; the server may offer only outdated encryption.": (
        "Prüfen Sie host und port; vielleicht bietet der Server nur veraltete Verschlüsselung.",
        "Vérifiez host et port ; le serveur n’offre peut-être qu’un chiffrement dépassé.",
        "Compruebe host y port; quizá el servidor solo ofrece un cifrado anticuado.",
    ),
}
