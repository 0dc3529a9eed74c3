"""What `askaround check` says about templates: for whom they cannot be written, and which are never used."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Done, Shell
from tests.stories.world import PASSWORD

HEAD = "---\nsubject: Thirty minutes?\n---\n"


def check(shell: Shell) -> Done:
    return shell.run("check", "--offline", env={"COLUMNS": "1000"})


def templates(shell: Shell, **texts: str) -> None:
    shell.configure({"[store]": '[templates]\nfolder = "mine"\n\n[store]'})
    for name, text in texts.items():
        file = shell.folder / "mine" / f"{name.replace('__', '/').replace('_ref', '.ref')}.md"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)


def people(shell: Shell, rows: str, *more: str) -> None:
    shell.write("people.csv", rows)
    assert shell.run("import", "people.csv", *more).code == 0


def test_what_only_an_address_would_lack_is_a_note_before_there_are_contacts(shell: Shell) -> None:
    templates(shell, ask=f"{HEAD}Hello, I read about {{{{ contact.company }}}}.\n")
    done = check(shell)
    assert done.code == 0, done.out
    assert "for a person with only an address: contact.company is empty" in done.out
    assert "no contacts yet: tried on a made-up person" in done.out


def test_a_template_that_suits_nobody_is_wrong_before_there_are_contacts(shell: Shell) -> None:
    templates(shell, ask=f"{HEAD}Hello {{{{ contact.compny }}}}.\n")
    done = check(shell)
    assert (done.code, "WRONG templates" in done.out, "compny" in done.out) == (2, True, True)


def test_a_campaigns_template_is_tried_on_its_contacts(shell: Shell) -> None:
    templates(
        shell, labs__ask=f"{HEAD}Hello, I read about {{{{ contact.company }}}} in {{{{ contact.extra.town }}}}.\n"
    )
    people(shell, "email,name,company,town\nuna@acme.example,Una Berg,Acme,Oslo\n", "--campaign", "labs")
    done = check(shell)
    assert done.code == 0, done.out
    assert "all that one contact can get" in done.out
    assert "company is empty" not in done.out


def test_who_lacks_what_is_named_ten_at_most(shell: Shell) -> None:
    templates(shell, nudge=f"{HEAD}Still curious about {{{{ contact.company }}}}.\n")
    rows = "".join(f"u{n}@c{n}.example,U{n} Berg,{'Acme' if n == 5 else ''}\n" for n in range(15))
    people(shell, f"email,name,company\n{rows}")
    done = check(shell)
    line = next(one for one in done.out.splitlines() if "WRONG templates" in one)
    assert done.code == 2
    assert "contact.company is empty" in line
    assert "nudge.md, line" in line
    assert "u0@c0.example, " in line
    assert "u5@c5.example" not in line
    assert line.rstrip().endswith("and 4 more")
    assert line.count("@") == 10


@pytest.mark.parametrize(("name", "near", "code"), [("aks", "ask.md", 2), ("holidays", None, 0)])
def test_a_template_with_the_name_of_no_step_is_named(shell: Shell, name: str, near: str | None, code: int) -> None:
    templates(shell, **{name: f"{HEAD}Hello.\n"})
    done = check(shell)
    assert done.code == code
    assert f"{name}.md" in done.out
    assert "never used" in done.out
    assert ("Did you mean" in done.out) == (near is not None)


def test_the_shipped_templates_suit_everybody(shell: Shell) -> None:
    people(shell, "email\nuna@acme.example\n")
    done = check(shell)
    assert done.code == 0, done.out
    assert "never used" not in done.out


def test_files_with_secrets_are_for_the_owner_alone(shell: Shell) -> None:
    secret = shell.write("secret", PASSWORD)
    path = shell.configure({f'password = "{PASSWORD}"': 'password_file = "secret"'})
    tokens = shell.write("askaround.sign-in.robin@owner.example.json", "{}")
    for file in (secret, tokens):
        file.chmod(0o640)
    done = check(shell)
    assert done.code == 0
    for file in (secret, tokens):
        assert f"other users of this machine can open {file.name}" in done.out
        assert f"-> chmod 600 {file}" in done.out
        file.chmod(0o600)
    path.chmod(0o644)  # no secret is in it
    assert f"ok    secrets: only you can open {secret.name}, {tokens.name}" in check(shell).out
    shell.configure().chmod(0o644)
    assert "can open config.toml" in check(shell).out


@pytest.mark.parametrize("columns", [80, 120])
def test_no_line_is_longer_than_the_screen(shell: Shell, columns: int) -> None:
    templates(shell, ask=f"{HEAD}{{{{ contact.opening }}}}\n\n{'word ' * 250}")
    rows = "".join(f"u{n}@c{n}.example,Una{n} Lengthybergson,My CV is attached\n" for n in range(40))
    people(shell, f"email,name,opening\n{rows}")
    done = shell.run("check", "--offline", env={"COLUMNS": str(columns)})
    assert done.code == 0, done.out
    names = str(shell.folder)
    assert [line for line in done.out.splitlines() if len(line) > columns and names not in line] == []
    assert "WRONG" not in done.out
    assert "read like" in done.out or "reads like a request for a job" in " ".join(done.out.split())
