"""Commands for the first day: init, login, config schema."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from worker.cli.opening import ConfigOption, say, settings_of

if TYPE_CHECKING:
    from worker.cli.answers import Asking
    from worker.mailbox.discover import Found
    from worker.mailbox.providers import Provider
    from worker.settings import Settings

config_app = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, add_completion=False, help="About the configuration."
)
_TRIES = 3
_FIRST = 3  # asks that wait for the owner's word


def init(
    context: typer.Context,
    address: Annotated[str | None, typer.Option(help="The mail address that writes and reads.")] = None,
    name: Annotated[str | None, typer.Option(help="Your name, as it stands below your mails.")] = None,
    timezone: Annotated[str | None, typer.Option(help="Europe/Berlin, for example; else the machine's.")] = None,
    about: Annotated[str | None, typer.Option("--field", help="What you think of moving into.")] = None,
    username: Annotated[str | None, typer.Option(help="To log in with, if it is not the address.")] = None,
    imap: Annotated[str | None, typer.Option(metavar="HOST[:PORT]", help="Where mail is read.")] = None,
    imap_security: Annotated[str | None, typer.Option(help="tls, starttls, or plain on this machine.")] = None,
    smtp: Annotated[str | None, typer.Option(metavar="HOST[:PORT]", help="Where mail is handed over.")] = None,
    smtp_security: Annotated[str | None, typer.Option(help="tls, starttls, or plain on this machine.")] = None,
    ca_file: Annotated[str | None, typer.Option(metavar="FILE", help="A certificate to trust (Proton Bridge).")] = None,
    password_file: Annotated[str | None, typer.Option(metavar="FILE", help="Its first line is the password.")] = None,
    password_command: Annotated[
        str | None, typer.Option(metavar="COMMAND", help="It prints the password; words as in a shell.")
    ] = None,
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="The password is the first line of stdin, and is written down.")
    ] = False,
    sign_in: Annotated[
        str | None, typer.Option(metavar="HOW", help="password, or oauth (Google, Microsoft): in the browser.")
    ] = None,
    client_id: Annotated[str | None, typer.Option(help="For oauth: of the app that you registered.")] = None,
    client_secret_file: Annotated[
        str | None, typer.Option(metavar="FILE", help="For oauth at Google: its first line is the client secret.")
    ] = None,
    tenant: Annotated[
        str | None, typer.Option(help="For oauth at Microsoft: consumers, or your organization's id or domain.")
    ] = None,
    templates: Annotated[
        str | None, typer.Option(metavar="FOLDER", help="Where templates go for editing; else my-templates.")
    ] = None,
    no_templates: Annotated[bool, typer.Option("--no-templates", help="Use the shipped templates.")] = False,
    offline: Annotated[bool, typer.Option("--offline", help="Look nothing up and sign in nowhere.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Ask nothing: take what is proposed.")] = False,
    config: ConfigOption = None,
) -> None:
    """Ask for what is needed, try both log-ins, write config.toml; run again, it changes that and keeps the rest."""
    from worker.cli import tokens
    from worker.cli.answers import Asking, checked
    from worker.settings import beginning, values

    begun = beginning.begin(config or context.obj, os.environ)
    asking = Asking(yes)
    owner = begun.value("owner", "name")
    if begun.is_new:
        say(f"This writes {begun.path}. Enter takes what stands in [brackets].")
    address = asking.answer(
        "--address", "Your mail address", address, begun.value("mailbox", "address"), values.address
    )
    name = asking.answer("--name", "Your name", name, None if begun.is_new else owner, values.text)
    known_zone = begun.zone(os.environ)
    timezone = asking.answer("--timezone", "Your time zone", timezone, known_zone, values.zone)
    known_field = None if begun.is_new else begun.value("owner.about", "field")
    about = asking.answer("--field", "The field you think of moving into", about, known_field, values.text)

    before = begun.value("mailbox", "address")
    moved = before is not None and address != before
    begun.set("mailbox", "address", address)
    begun.set("owner", "name", name)
    begun.set("owner", "timezone", timezone)
    begun.set("owner.about", "field", about)
    if moved:
        begun.forget_account()
    for option, key, given in (("--username", "username", username), ("--ca-file", "ca_file", ca_file)):
        if given is not None:
            begun.set("mailbox.tls" if key == "ca_file" else "mailbox", key, checked(option, given, values.text))
    provider = None
    if address != before or imap or smtp or imap_security or smtp_security:
        ways = (imap, imap_security), (smtp, smtp_security)
        provider = _servers(begun, asking, address, *ways, offline=offline, hints=sign_in != "oauth" and not client_id)
    if begun.is_new:
        begun.set("sequence", "approve_first", _FIRST)
    named = _one_password(password_file, password_command, password_stdin)
    options = tokens.Options(sign_in, client_id, client_secret_file, tenant)
    kind = tokens.chosen(begun, asking, provider, options, named, moved=moved)
    untried = offline
    if kind is None:
        typed = _password(begun, asking, password_file, password_command, password_stdin, moved=moved)
    else:
        typed = False
        tokens.register(begun, asking, kind, options, provider)
        untried = offline or not _signed_in(begun, asking)
    settings = _tried(begun, asking, typed, offline=untried, strict=kind is None)
    _lay_out(begun, templates, none=no_templates)
    begun.write(os.environ)
    _what_next(begun.path, settings, offline=untried, login=kind is not None and untried)


def _signed_in(begun: Any, asking: Asking) -> bool:
    """Whether the account is signed in with OAuth2, now that the person could do so."""
    from worker.cli import tokens
    from worker.errors import AskaroundError

    settings = begun.settings(os.environ)
    if tokens.is_signed_in(settings):
        return True
    if not asking.possible or not asking.agreed("Sign in now?"):
        return False
    try:
        tokens.sign_in(settings, browser=True)
    except AskaroundError as error:
        say(f"  {error.sentence()}")
        return False
    return True


def _servers(
    begun: Any,
    asking: Asking,
    address: str,
    imap: tuple[str | None, str | None],
    smtp: tuple[str | None, str | None],
    *,
    offline: bool,
    hints: bool,
) -> Provider | None:
    """Both servers: named, known, found, or asked for; told, with how to get a password there. Whose they are."""
    from worker.mailbox.discover import Found, discover
    from worker.mailbox.providers import for_address

    domain = address.rpartition("@")[2]
    named = {"imap": imap, "smtp": smtp}
    stands = {protocol for protocol in named if begun.value(f"mailbox.{protocol}", "host")}
    if all(host or protocol in stands for protocol, (host, _) in named.items()):
        found = Found()
    elif offline and for_address(address) is None:
        found = Found(how="", answered=True)
    else:
        found = discover(address)
    if found.provider is not None:
        say(f"{found.how}.")
        for sentence in found.provider.hint.split(". ") if hints else ():
            say(f"  {sentence.rstrip('.')}.")
    elif found.how:
        say(f"{found.how}:")
    elif not all(host or protocol in stands for protocol, (host, _) in named.items()):
        if not found.answered:
            say(f"The servers of {domain} could not be looked up: no name server answers.")
        elif asking.possible:
            say(f"The mail servers of {domain} are not known; your provider's help pages name them.")
    for protocol, (host, security) in named.items():
        server = found.imap if protocol == "imap" else found.smtp
        if host is None and protocol in stands:
            if security is not None:
                begun.set(f"mailbox.{protocol}", "security", security)
        elif host is None and server is not None:
            if found.preset and security is None:
                continue  # known by the address alone
            begun.set_server(protocol, server.host, server.port, security or server.security.value)
            say(f"  {protocol.upper()}: {server.host}:{server.port} ({security or server.security.value})")
        else:
            begun.set_server(protocol, *_host(asking, protocol, host, domain, found), security)
    if found.confirm and not asking.agreed(f"They lie outside of {domain}. Send your password there?"):
        from worker.errors import InputError

        raise InputError(
            f"The servers that {domain} announces lie outside of it, and nobody vouches for them.",
            where=" and ".join(one.host for one in (found.imap, found.smtp) if one),
            todo="If they are right, name them with --imap and --smtp, or add --yes. Nothing was written.",
        )
    if found.provider is not None and found.provider.local_part_signs_in and not found.preset:
        begun.set_once(
            "mailbox",
            "username",
            lambda: asking.answer("--username", "Your iCloud user name (before @icloud.com)", None, None, str.strip),
        )
    return found.provider


def _host(asking: Asking, protocol: str, given: str | None, domain: str, found: Found) -> tuple[str, int | None]:
    from worker.cli.answers import checked
    from worker.errors import ConfigError
    from worker.settings import values

    if given is None and not asking.possible:
        why = "" if found.answered else " (no name server answers)"
        raise ConfigError(
            f"The mail servers of {domain} are not known{why}.",
            where="--imap and --smtp",
            todo=f"For example --imap imap.{domain} --smtp smtp.{domain}; your provider's help pages name them. "
            "Nothing was written.",
        )
    question = "Server for reading (IMAP)" if protocol == "imap" else "Server for sending (SMTP)"
    said = asking.answer(f"--{protocol}", question, given, f"{protocol}.{domain}", values.text)
    head, colon, tail = said.rpartition(":")
    if colon and tail.isdecimal() and (":" not in head or head.endswith("]")):
        port = int(checked(f"--{protocol}", tail, values.port_text))
        return checked(f"--{protocol}", head, values.host), port
    return checked(f"--{protocol}", said, values.host), None


def _one_password(file: str | None, command: str | None, stdin: bool) -> list[str]:
    """The option that names a password, if one does. Raises InputError where several do."""
    from worker.errors import InputError

    options = (("--password-file", file), ("--password-command", command), ("--password-stdin", stdin))
    given = [option for option, value in options if value]
    if len(given) > 1:
        raise InputError(f"{given[0]} is given together with {given[1]}.", todo="Keep exactly one of them.")
    return given


def _password(begun: Any, asking: Asking, file: str | None, command: str | None, stdin: bool, *, moved: bool) -> bool:
    """Where the password comes from; whether it was typed, so that it can be typed again."""
    import shlex

    from worker.errors import InputError

    if file:
        begun.set_password("password_file", os.path.relpath(Path(file).expanduser().absolute(), begun.path.parent))
    elif command:
        try:
            words = shlex.split(command)
        except ValueError as error:
            raise InputError(f"The command cannot be read: {error}.", where="--password-command") from None
        begun.set_password("password_command", words)
    elif stdin:
        begun.set_password("password", _first_line(sys.stdin.buffer.readline()))
    elif begun.has_password(os.environ, moved=moved):
        if asking.possible and begun.written_password() and not moved:
            typed = asking.hidden("Password (hidden; Enter keeps the one that is there)", may_be_empty=True)
            if typed:
                begun.set_password("password", typed)
                return True
    elif asking.possible:
        begun.set_password("password", asking.hidden("Password (hidden)"))
        return True
    else:
        raise InputError(
            "The password is missing.",
            where="--password-file, --password-command, --password-stdin or ASKAROUND_MAILBOX__PASSWORD",
            todo="Give one of them, or run it in a terminal, without --yes. Nothing was written.",
        )
    return False


def _first_line(data: bytes) -> str:
    from worker.errors import InputError

    try:
        line = data.decode("utf-8").rstrip("\r\n")
    except UnicodeDecodeError:
        raise InputError("The password is not UTF-8 text.", where="stdin") from None
    if not line:
        raise InputError("The first line is empty.", where="stdin", todo="Pipe the password in.")
    return line


def _tried(begun: Any, asking: Asking, typed: bool, *, offline: bool, strict: bool) -> Settings:
    """The settings as they will be, after both log-ins worked; a password that was typed can be typed again.

    Where it is not `strict` it is told that one did not work, and no more: a sign-in with OAuth2 is mended by another.
    """
    from worker.errors import SignInRefused
    from worker.jobs.first_steps import try_log_ins

    settings: Settings = begun.settings(os.environ)
    for attempt in range(1, _TRIES + 1):
        if offline:
            return settings
        say("Signing in ...")
        errors = []
        for what, error in try_log_ins(settings):
            say(f"  {what}: {'ok' if error is None else 'no'}")
            if error is not None:
                errors.append(error)
        if not strict:
            for sentence in dict.fromkeys(error.sentence() for error in errors):
                say(f"  {sentence}")
        if not errors or not strict:
            return settings
        refused = any(isinstance(error, SignInRefused) for error in errors)
        if not (refused and typed and asking.possible) or attempt == _TRIES:
            worst = errors[0]
            worst.todo = f"{worst.todo or 'Try again.'} Nothing was written (--offline writes without trying)."
            raise worst
        say(f"  {errors[0].sentence()}")
        begun.set_password("password", asking.hidden("Password (hidden)"))
        settings = begun.settings(os.environ)
    return settings


def _lay_out(begun: Any, folder: str | None, *, none: bool) -> None:
    from worker.jobs.first_steps import lay_out_templates

    chosen = folder or (begun.value("templates", "folder") if begun.is_new is False else "my-templates")
    if none or not chosen or (folder is None and not begun.is_new):
        return
    where = (begun.path.parent / Path(chosen).expanduser()).absolute()
    copied, kept = lay_out_templates(where)
    begun.set("templates", "folder", chosen)
    said = f"; {kept} that were there stay as they are" if kept else ""
    say(f"Templates to edit: {where} ({copied} copied{said})")


def _what_next(path: Path, settings: Settings, *, offline: bool, login: bool = False) -> None:
    import shlex

    say(f"Written: {path} (only you can read it)")
    for remark in settings.remarks:
        say(f"Note: {remark}")
    named = "" if path.name == "config.toml" and path.parent == Path.cwd() else f" --config {shlex.quote(str(path))}"
    say("\nNext:")
    if login:
        say(f"  askaround login{named}               sign in; before that nothing is read or sent")
    if offline:
        say(f"  askaround check{named}               tries both log-ins")
    say(f"  askaround import{named} people.csv   whom to ask; only the column email is needed")
    say(f"  askaround preview{named}             the very mail that would leave first")
    say(f"  askaround once{named}                one turn: reads, plans; {_whose_word(settings)}")
    say(f"  askaround run{named}                 the service: does that by itself, day by day")


def _whose_word(settings: Settings) -> str:
    from worker.conversation.vocabulary import Step

    sequence = settings.sequence()
    if Step.ask in sequence.approve:
        return "every ask waits for your word"
    if sequence.approve_first:
        first = "ask waits" if sequence.approve_first == 1 else f"{sequence.approve_first} asks wait"
        return f"the first {first} for your word"
    return "asks leave by themselves"


def login(
    context: typer.Context,
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="Print the address; the browser may be on another machine.")
    ] = False,
    config: ConfigOption = None,
) -> None:
    """Sign in with OAuth2 where [mailbox.oauth] says so; else keep the password in the desktop's keyring."""
    from worker.cli import tokens
    from worker.cli.answers import Asking
    from worker.errors import InputError
    from worker.settings import beginning, secret

    begun = beginning.begin(config or context.obj, os.environ)
    if begun.uses_oauth(os.environ):
        tokens.login(settings_of(context, config), browser=not no_browser)
        return
    if begun.is_new:
        raise InputError("No configuration was found.", todo="askaround init writes one.")
    if no_browser:
        raise InputError(
            "Nobody signs in in a browser here: the configuration has no [mailbox.oauth].",
            where="--no-browser",
            todo="docs/oauth.md tells how to sign in with OAuth2.",
        )
    begun.set_password("password_keyring", True)
    settings = begun.settings(os.environ)
    if not settings.mailbox.password_keyring:
        raise InputError(
            "The environment names the password, and it comes before the keyring.",
            where="ASKAROUND_MAILBOX__PASSWORD (or _FILE, _COMMAND)",
            todo="Unset it.",
        )
    user = settings.mailbox.login
    asking = Asking(yes=False)
    if asking.possible:
        password = asking.hidden(f"Password of {user} (hidden)")
    else:
        password = _first_line(sys.stdin.buffer.readline())
    secret.RingEntry(user).write(password)
    begun.write(os.environ)
    say(f"Stored for {user}; {begun.path.name} says password_keyring = true. (askaround check)")


@config_app.command("schema")
def schema() -> None:
    """The JSON Schema of config.toml, for editors that complete and check it."""
    from worker.cli.opening import print_json
    from worker.settings.schema import schema as made

    print_json(made())
