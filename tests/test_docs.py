"""What the documents show can be typed as it stands, and their links lead somewhere."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from worker.cli.app import app
from worker.cli.manual import markdown
from worker.conversation.vocabulary import Intent

ROOT = Path(__file__).parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])

# A line of a code block that is a command: perhaps after a prompt, sudo, variables or a path.
_COMMAND = re.compile(r"(?:\$ )?(?:sudo (?:-u \S+ )?)?(?:[A-Z_]+=\S+ )*(?:[\w./~%-]*/)?askaround(?= |$)(.*)")
_CONTAINER = re.compile(r"docker compose (?:-f \S+ )?(?:run|exec)(?: --\w+)* askaround(?: askaround)?(?= |$)(.*)")
_LINK = re.compile(r"(?<!\\)\[[^\]]*\]\(([^)\s]+)\)")


def blocks(text: str) -> Iterator[str]:
    """The lines that stand in code blocks, fenced or indented, without their indentation."""
    fenced = False
    for line in text.splitlines():
        if line.lstrip().startswith("```"):
            fenced = not fenced
        elif fenced or line.startswith("    "):
            yield line.strip()


def spans(text: str) -> Iterator[str]:
    """Code within a sentence."""
    prose = re.sub(r"^(?: {4}.*|```.*?^```)$", "", text, flags=re.MULTILINE | re.DOTALL)
    for found in re.finditer(r"`([^`]+)`", prose):
        yield " ".join(found[1].split())


def commands(lines: Iterator[str]) -> Iterator[str]:
    """The words after `askaround` of each command line; what stands behind two spaces or # explains it."""
    for line in lines:
        for part in re.split(r"\s(?:&&|\|\||\||;|>|#|2>)\s.*?(?=askaround|$)| {2,}", f"{line} "):
            found = _COMMAND.fullmatch(part.strip()) or _CONTAINER.fullmatch(part.strip())
            if found and "[OPTIONS]" not in found[1]:
                yield found[1].strip()


def shown() -> list[tuple[str, str, bool]]:
    """Document, words, and whether they stand in a sentence, where not all of it must be named."""
    found = set[tuple[str, str, bool]]()
    for path in DOCUMENTS:
        text = path.read_text("utf-8")
        found |= {(path.name, words, False) for words in commands(blocks(text))}
        found |= {(path.name, words, True) for words in commands(spans(text))}
    return sorted(found)


def typed(words: str) -> None:
    """Let typer parse it as it would what somebody types; nothing runs. Raises what typer raises."""
    args = shlex.split(words)
    if args[:1] == ["--config"]:
        args = args[2:]
    command: Any = get_command(app)
    name = "askaround"
    while args and hasattr(command, "commands") and not args[0].startswith("-"):
        name = args.pop(0)
        assert name in command.commands, f"there is no command {name!r}"
        command = command.commands[name]
    if args not in (["--help"], ["-h"], ["--version"]) and (args or not hasattr(command, "commands")):
        command.make_context(name, args)


@pytest.mark.parametrize(("document", "words", "named"), shown())
def test_every_command_that_is_shown_can_be_typed(document: str, words: str, named: bool) -> None:
    try:
        typed(words)
    except Exception as error:  # noqa: BLE001 - typer's own errors have no public name
        if not (named and type(error).__name__ in ("MissingParameter", "BadOptionUsage")):
            says = getattr(error, "message", "") or str(error)
            pytest.fail(f"{document}: askaround {words}: {says}")


def test_commands_are_found() -> None:
    block = (
        "    $ sudo -u x askaround status --email a@b.example   what\n    X=1 bin/askaround run && askaround once # x\n"
    )
    assert list(commands(blocks(block))) == ["status --email a@b.example", "run", "once"]
    assert list(commands(spans("Type `askaround nowhere`, and `askaround`.\n"))) == ["nowhere", ""]
    assert len(shown()) > 100


@pytest.mark.parametrize(
    "words",
    ["nowhere", "status --nothing", "status --email", "story", "status --limit many", "contacts nothing", "once more"],
)
def test_a_command_that_cannot_be_typed_is_noticed(words: str) -> None:
    with pytest.raises(BaseException, match=r".") as caught:
        typed(words)
    assert type(caught.value).__name__ in (
        "AssertionError",
        "NoSuchOption",
        "BadOptionUsage",
        "MissingParameter",
        "BadParameter",
        "UsageError",
    )


def slug(heading: str) -> str:
    """The anchor of a heading, as GitHub makes it."""
    words = re.sub(r"\[([^\]]*)\]\([^)]*\)|`", r"\1", heading).strip().lower()
    return re.sub(r"[^\w\- ]", "", words).replace(" ", "-")


def anchors(path: Path) -> set[str]:
    return {slug(found[1]) for found in re.finditer(r"^#+ (.+)$", path.read_text("utf-8"), re.MULTILINE)}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_leads_somewhere(path: Path) -> None:
    for target in _LINK.findall(path.read_text("utf-8")):
        if re.match(r"[a-z]+:", target):
            continue
        file, _, anchor = target.partition("#")
        there = (path.parent / file).resolve() if file else path
        assert there.is_relative_to(ROOT), f"{path.name}: {target}"
        assert there.exists(), f"{path.name}: {target}"
        if anchor and there.suffix == ".md":
            assert anchor in anchors(there), f"{path.name}: {target}"


def test_every_document_can_be_reached_from_the_first() -> None:
    reached, ahead = set[Path](), [ROOT / "README.md"]
    while ahead:
        path = ahead.pop()
        if path in reached or path.suffix != ".md" or not path.is_file():
            continue
        reached.add(path)
        ahead += [
            (path.parent / target.partition("#")[0]).resolve() for target in _LINK.findall(path.read_text("utf-8"))
        ]
    assert {path.name for path in DOCUMENTS} <= {path.name for path in reached}


def test_the_list_of_commands_is_printed_from_the_program() -> None:
    document = (ROOT / "docs/commands.md").read_text("utf-8")
    assert document == markdown(), "make docs"


def test_every_message_that_is_explained_is_one_of_the_programs() -> None:
    code = "\n".join(path.read_text("utf-8") for path in sorted((ROOT / "worker").rglob("*.py")))
    text = (ROOT / "docs/troubleshooting.md").read_text("utf-8")
    messages = re.findall(r"^### (.+)$", text, re.MULTILINE)
    assert len(messages) > 25
    for message in messages:
        for piece in re.split(r"\s*…\s*", message.strip(" .")):
            assert piece in code, f"{message!r}: nothing in the program says {piece!r}"


def test_every_failure_of_a_connection_is_explained() -> None:
    code = (ROOT / "worker/mailbox/failures.py").read_text("utf-8")
    text = " ".join((ROOT / "docs/troubleshooting.md").read_text("utf-8").split())
    said = re.findall(r'"((?:the|no|this) [^"{(]+)"', code)
    assert len(said) > 10
    assert [what for what in said if what not in text] == []


def test_every_provider_is_told_of() -> None:
    from worker.mailbox.providers import PROVIDERS

    text = (ROOT / "docs/providers.md").read_text("utf-8")
    for provider in PROVIDERS:
        assert provider.name in text
        for server in (provider.imap, provider.smtp):
            assert f"{server.host}:{server.port}" in text, f"{provider.name}: {server.host}:{server.port}"


def test_the_thresholds_that_are_told_are_those_of_the_reader() -> None:
    from worker.reading import blend

    shipped = blend.shipped()
    assert shipped is not None
    text = (ROOT / "docs/how-it-decides.md").read_text("utf-8")
    said = " ".join(text.split())
    told = {found[1]: int(found[2]) for found in re.finditer(r"^\| (\w+) \| .+ \| (\d+) % \|$", text, re.MULTILINE)}
    assert told == {
        intent.value: round(least * 100) for intent, least in shipped.thresholds.items() if intent != Intent.other
    }
    assert f"({shipped.precious:.1%}".replace("%", " %") in said
    assert f"; {shipped.precious * shipped.agreed:.0%} where".replace("%", " %") in said
    assert f"{blend.AGREED_LEAST:.0%} is enough".replace("%", " %") in said
