"""What `status`, `preview` and `add` print: who needs the owner, the same mail each time, one full stop."""

from __future__ import annotations

from tests.cli.conftest import Done, Shell


def out(done: Done, code: int = 0) -> str:
    assert done.code == code, done.err
    assert "Traceback" not in done.err
    return done.out


def test_a_status_that_was_narrowed_says_so(shell: Shell) -> None:
    assert "No contacts yet" in out(shell.run("status"))
    out(shell.run("add", "una@acme.example"))
    assert "Nobody is known by x@y.example" in out(shell.run("status", "--email", "x@y.example"))
    assert "1 people, none of them shown" in out(shell.run("status", "--limit", "0"))
    document = shell.run("status", "--limit", "0", "--json").json
    assert (document["conversations"], document["totals"]["conversations"]) == ([], 1)


def test_drafts_need_the_owner_and_are_no_mails_that_leave(shell: Shell) -> None:
    shell.configure({"[replies]": '[sequence]\napprove = ["ask"]\n\n[replies]'})
    out(shell.run("add", "una@acme.example", "--name", "Una Berg"))
    once = out(shell.run("once"))
    assert "waits for your word: ask to una@acme.example" in once
    assert "nothing to do" not in out(shell.run("once"))
    held = shell.run("once", "--json").json["held"]
    assert held == [{"email": "una@acme.example", "step": "ask", "why": "waits for your word"}]
    text = out(shell.run("status"))
    assert "Needs you" in text
    assert "askaround tell m1 send | cancel" in text
    assert "Mails that will leave" not in text
    assert "Mails that wait for your word" in text
    assert [one["kind"] for one in shell.run("status", "--json").json["needs_you"]] == ["draft"]


def test_every_mail_that_a_pause_stops_says_so(shell: Shell) -> None:
    shell.write("people.csv", "email\n" + "".join(f"u{n}@c{n}.example\n" for n in range(12)))
    out(shell.run("import", "people.csv"))
    out(shell.run("pause"))
    assert {one["why"] for one in shell.run("once", "--json").json["held"]} == {"paused"}
    document = shell.run("status", "--json").json
    assert [one["why"] for one in document["outbox"]] == ["paused"] * 12
    text = out(shell.run("once"))
    assert text.count("not yet: ask to") == 10
    assert "not yet: and 2 more" in text


def test_a_preview_is_the_same_each_time(shell: Shell) -> None:
    out(shell.run("add", "una@acme.example"))
    before = out(shell.run("preview", "una@acme.example"))
    again = out(shell.run("preview", "una@acme.example"))
    ids = [[line for line in text.splitlines() if line.startswith("Message-ID")] for text in (before, again)]
    assert ids[0] == ids[1]
    out(shell.run("pause"))
    out(shell.run("once"))
    planned = shell.run("status", "--json").json["outbox"][0]["message_id"]
    assert planned in out(shell.run("preview", "una@acme.example"))


def test_an_address_that_is_none_is_named_once(shell: Shell) -> None:
    done = shell.run("add", "bad")
    assert done.code == 2
    assert ".." not in done.err
    assert "row" not in done.err


def test_a_remark_about_one_person_names_no_row(shell: Shell) -> None:
    text = out(shell.run("add", "info@acme.example"))
    assert "reads like an office" in text
    assert "row" not in text


def test_a_broken_template_is_in_the_json_and_is_the_users(shell: Shell) -> None:
    shell.configure({"[store]": '[templates]\nfolder = "mine"\n\n[store]'})
    (shell.folder / "mine").mkdir()
    (shell.folder / "mine" / "ask.md").write_text("---\nsubject: Hello\n---\nDear {{ contact.company }}.\n")
    out(shell.run("add", "una@acme.example"))
    done = shell.run("once", "--json")
    assert done.code == 2
    assert "contact.company is empty" in done.json["errors"][0]


def test_a_configuration_that_cannot_be_used_is_in_the_json_too(shell: Shell) -> None:
    text = (shell.folder / "config.toml").read_text()
    shell.write("config.toml", text.replace("per_day = 50", 'per_day = "many"'))
    done = shell.run("once", "--json")
    assert done.code == 2
    assert "per_day" in " ".join(done.json["errors"]) + done.err


def test_columns_fit_and_wide_letters_count_twice() -> None:
    from worker.cli.columns import in_columns

    lines = list(in_columns(("name", "why"), [("田中さん", "a " * 40), ("Una " * 20, "short")], 60))
    assert all(len(line) <= 60 for line in lines)
    assert lines[1].startswith("田中さん")
    assert "…" in "".join(lines)
    assert "".join(lines).count("a ") >= 38
