"""What a server says of a sign-in, and what helps, in German, French and Spanish."""

from __future__ import annotations

SIGN_IN: dict[str, tuple[str, str, str]] = {
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
        "il faut d’abord vous connecter dans le navigateur{answered}.",
        "primero debe iniciar sesión en el navegador{answered}.",
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
    "authenticated SMTP is switched off for it{answered}.": (
        "SMTP mit Anmeldung ist dafür abgeschaltet{answered}.",
        "le SMTP authentifié y est désactivé{answered}.",
        "el SMTP autenticado está desactivado{answered}.",
    ),
    "Switch it on, or ask the administrator: Microsoft 365 admin center, Users, Mail, Manage email apps, Authenticated "
    "SMTP.": (
        "Schalten Sie es ein oder bitten Sie die Verwaltung darum: Microsoft 365 admin center, Users, Mail, Manage "
        "email apps, Authenticated SMTP.",
        "Activez-le, ou demandez à l’administrateur : Microsoft 365 admin center, Users, Mail, Manage email apps, "
        "Authenticated SMTP.",
        "Actívelo, o pídalo a quien administra: Microsoft 365 admin center, Users, Mail, Manage email apps, "
        "Authenticated SMTP.",
    ),
    "a rule of your organization forbids it{answered}.": (
        "eine Regel Ihrer Organisation verbietet es{answered}.",
        "une règle de votre organisation l’interdit{answered}.",
        "una regla de su organización lo prohíbe{answered}.",
    ),
    "Ask its administrator, or sign in with OAuth2: [mailbox.oauth] and askaround login (docs/oauth.md).": (
        "Fragen Sie deren Verwaltung, oder melden Sie sich mit OAuth2 an: [mailbox.oauth] und askaround login "
        "(docs/oauth.md).",
        "Demandez à son administrateur, ou connectez-vous avec OAuth2 : [mailbox.oauth] et askaround login "
        "(docs/oauth.md).",
        "Pregunte a quien la administra, o inicie sesión con OAuth2: [mailbox.oauth] y askaround login "
        "(docs/oauth.md).",
    ),
    "Sign in with OAuth2: [mailbox.oauth] and askaround login (docs/oauth.md).": (
        "Melden Sie sich mit OAuth2 an: [mailbox.oauth] und askaround login (docs/oauth.md).",
        "Connectez-vous avec OAuth2 : [mailbox.oauth] et askaround login (docs/oauth.md).",
        "Inicie sesión con OAuth2: [mailbox.oauth] y askaround login (docs/oauth.md).",
    ),
    "the account is locked{answered}.": (
        "das Konto ist gesperrt{answered}.",
        "le compte est bloqué{answered}.",
        "la cuenta está bloqueada{answered}.",
    ),
    "Sign in on the provider's web page to unlock it; then wait an hour before the next try.": (
        "Melden Sie sich auf der Seite des Anbieters an, um es zu entsperren; warten Sie dann eine Stunde.",
        "Connectez-vous sur le site du fournisseur pour le débloquer ; attendez ensuite une heure avant de réessayer.",
        "Entre en la página del proveedor para desbloquearla; luego espere una hora antes de intentarlo.",
    ),
    "Make one at myaccount.google.com/apppasswords (needs 2-step verification) and use that.": (
        "Legen Sie unter myaccount.google.com/apppasswords eines an (das verlangt die Anmeldung in zwei Schritten) und "
        "nehmen Sie dieses.",
        "Créez-en un sur myaccount.google.com/apppasswords (validation en deux étapes requise) et utilisez-le.",
        "Cree una en myaccount.google.com/apppasswords (requiere verificación en dos pasos) y use esa.",
    ),
    "the token is not for {protocol}{answered}.": (
        "das Token gilt nicht für {protocol}{answered}.",
        "le jeton n’est pas pour {protocol}{answered}.",
        "el token no es para {protocol}{answered}.",
    ),
    "it does not take the token{answered}.": (
        "dort wird das Token nicht angenommen{answered}.",
        "le jeton n’est pas accepté{answered}.",
        "no acepta el token{answered}.",
    ),
    "Sign in again as {user}: askaround login": (
        "Melden Sie sich wieder an als {user}: askaround login",
        "Reconnectez-vous en tant que {user} : askaround login",
        "Inicie sesión de nuevo como {user}: askaround login",
    ),
    "Sign in again: askaround login.": (
        "Melden Sie sich wieder an: askaround login.",
        "Reconnectez-vous : askaround login.",
        "Inicie sesión de nuevo: askaround login.",
    ),
    "Sign in: askaround login.": (
        "Melden Sie sich an: askaround login.",
        "Connectez-vous : askaround login.",
        "Inicie sesión: askaround login.",
    ),
    "The sign-in of {user} is not there yet.": (
        "Die Anmeldung von {user} fehlt noch.",
        "La connexion de {user} n’est pas encore faite.",
        "El acceso de {user} aún no está hecho.",
    ),
    "The sign-in of {user} belongs to another client_id.": (
        "Die Anmeldung von {user} gehört zu einer anderen client_id.",
        "La connexion de {user} appartient à un autre client_id.",
        "El acceso de {user} pertenece a otro client_id.",
    ),
    "The sign-in of {user} at {provider} ends on {day} at {clock} UTC.": (
        "Die Anmeldung von {user} bei {provider} endet am {day} um {clock} UTC.",
        "La connexion de {user} chez {provider} prend fin le {day} à {clock} UTC.",
        "El acceso de {user} en {provider} termina el {day} a las {clock} UTC.",
    ),
    "The sign-in of {user} at {provider} ended on {day} at {clock} UTC.": (
        "Die Anmeldung von {user} bei {provider} endete am {day} um {clock} UTC.",
        "La connexion de {user} chez {provider} a pris fin le {day} à {clock} UTC.",
        "El acceso de {user} en {provider} terminó el {day} a las {clock} UTC.",
    ),
    "{provider} has ended the sign-in of {user}{reasoned}.": (
        "{provider} hat die Anmeldung von {user} beendet{reasoned}.",
        "{provider} a mis fin à la connexion de {user}{reasoned}.",
        "{provider} ha terminado el acceso de {user}{reasoned}.",
    ),
    "{provider} cannot renew the sign-in now: {answer}.": (
        "{provider} kann die Anmeldung gerade nicht erneuern: {answer}.",
        "{provider} ne peut pas renouveler la connexion pour l’instant : {answer}.",
        "{provider} no puede renovar el acceso ahora: {answer}.",
    ),
    "Nothing to do: it is tried again.": (
        "Es ist nichts zu tun: Es wird wieder versucht.",
        "Rien à faire : on réessaiera.",
        "No hay nada que hacer: se intentará de nuevo.",
    ),
}
