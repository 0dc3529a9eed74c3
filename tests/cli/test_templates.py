"""Listing, copying, checking and previewing templates, in the language of each contact."""

from __future__ import annotations

from tests.cli.conftest import Done, Shell

OWN = '[templates]\nfolder = "own"\n\n[store]'


def clean(done: Done, code: int) -> Done:
    assert "Traceback" not in done.out + done.err
    assert done.code == code, done
    return done


def line(text: str) -> str:
    return " ".join(text.split())


def write(shell: Shell, name: str, text: str) -> None:
    path = shell.folder / "own" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"---\nsubject: Hello\n---\n{text}\n", "utf-8")


def test_each_place_comes_before_the_next_and_a_language_before_none(shell: Shell) -> None:
    (shell.folder / "own").mkdir()
    shell.configure({"[store]": OWN})
    shell.write("people.csv", "email,language\nd@d.example,de-AT\ne@e.example,en\nn@n.example,\np@p.example,pl\n")
    clean(shell.run("import", "people.csv", "--campaign", "nurses"), 0)

    def says(email: str) -> str:
        return clean(shell.run("preview", email), 0).out

    assert "Dreißig Minuten" in says("d@d.example")
    assert "thirty minutes" in says("e@e.example")
    assert "thirty minutes" in says("p@p.example")
    write(shell, "ask.md", "folder")
    assert "folder" in says("d@d.example")
    write(shell, "ask.de.md", "folder de")
    assert "folder de" in says("d@d.example")
    assert "folder de" not in says("n@n.example")
    write(shell, "nurses/ask.md", "campaign")
    assert "campaign" in says("d@d.example")
    write(shell, "nurses/ask.de.md", "campaign de")
    assert "campaign de" in says("d@d.example")
    assert "campaign de" not in says("e@e.example")


def test_list_copy_and_check(shell: Shell) -> None:
    listed = clean(shell.run("templates", "list", "--json"), 0).json["templates"]
    assert {one["language"] for one in listed if one["name"] == "ask"} == {"en", "de", "fr", "es"}
    assert all(one["shipped"] for one in listed)
    said = clean(shell.run("templates", "copy", "own", "--language", "de"), 0).out
    assert '[templates]\nfolder = "' in said
    assert sorted(file.name for file in (shell.folder / "own").iterdir())[0] == "ask.de.md"
    (shell.folder / "own" / "ask.de.md").write_text("---\nsubject: x\n---\n{{ contact.rolle }}\n")
    assert "1 copied" not in clean(shell.run("templates", "copy", "own", "--language", "de"), 0).out
    assert "rolle" in (shell.folder / "own" / "ask.de.md").read_text()
    clean(shell.run("templates", "copy", "own", "--language", "xx"), 2)
    shell.configure({"[store]": OWN})
    shell.write("people.csv", "email,language\nd@d.example,de\ne@e.example,en\n")
    clean(shell.run("import", "people.csv"), 0)
    wrong = line(clean(shell.run("templates", "check"), 2).out)
    assert "contact.rolle does not exist (did you mean contact.role?)" in wrong
    assert "ask.de.md, line 4" in wrong
    assert "d@d.example" in wrong
    assert "e@e.example" not in wrong
    assert "leave out your meet" in wrong
    told = clean(shell.run("preview", "d@d.example"), 2).err
    assert "for d@d.example" in told
    write(shell, "aks.de.md", "x")
    assert "Did you mean ask.md" in line(clean(shell.run("templates", "check"), 2).out)
    (shell.folder / "own" / "aks.de.md").unlink()
    (shell.folder / "own" / "ask.de.md").unlink()
    clean(shell.run("templates", "check"), 0)


def test_a_preview_needs_no_contact(shell: Shell) -> None:
    out = clean(shell.run("templates", "preview", "ask.referred", "--language", "fr"), 0).out
    assert "Kim Other m’a suggéré de vous écrire" in out
    clean(shell.run("add", "una@acme.example", "--name", "Una Berg", "--language", "Spanish"), 0)
    page = shell.folder / "mail.html"
    clean(shell.run("templates", "preview", "nudge", "una@acme.example", "--html", str(page)), 0)
    assert "Buenos días, Una:" in page.read_text("utf-8")
    assert "no step" in clean(shell.run("templates", "preview", "brief"), 2).err
