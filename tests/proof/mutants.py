"""Changes conversation/ and the SMTP driver in every small way and lists the changes that no test notices:
python -m tests.proof.mutants FOLDER.

mutmut makes the changes, and `mutating` tries the tests of those two rooms on each; docs/mutants.md is written from
what is found.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import ndiff
from hashlib import sha256
from pathlib import Path

FATES = "fates.json"
ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "mutants.md"
BEGIN, END = "<!-- written by make mutants -->", "<!-- end of what is written by make mutants -->"
SETTINGS = """
[tool.mutmut]
source_paths = ["worker"]
only_mutate = ["worker/conversation/*.py", "worker/mailbox/smtp.py", "worker/mailbox/answers.py"]
also_copy = ["templates", "docs", "config.example.toml", "config.schema.json"]
type_check_command = [
    "mypy", "--output=json", "--disable-error-code=unused-ignore", "worker/conversation", "worker/mailbox/smtp.py",
]
"""
TESTS = (
    *("tests/conversation/test_*.py", "tests/mailbox/test_answers*.py", "tests/mailbox/test_smtp_*.py"),
    *("tests/mailbox/test_encryption.py", "tests/oauth/test_mechanisms.py"),
)
COPIED = ("worker", "tests", "templates", "docs", "pyproject.toml", "config.example.toml", "config.schema.json")
LEAST = 85
"""Of a hundred changes that the types allow, so many have to be noticed."""

# They run while their module is loaded, before a change is chosen; `test_rows.py` changes what one of them makes.
AT_LOADING = {"worker/conversation/table.py": "def _row(", "worker/mailbox/answers.py": "def _words("}

HARMLESS = (
    (".", r"""["'](?:UTF-8|ASCII|IDNA)["']""", "The name of a character set has no case."),
    (
        r"smtp\.",
        r'has_extn\("[A-Z0-9]+"\)|docmd\("AUTH", "login"\)|docmd\("auth", "LOGIN"\)|docmd\("(?:starttls|data)"\)',
        "Names of extensions, commands and mechanisms have no case.",
    ),
    (
        r"smtp\._Line",
        r"__init__\((?:local_hostname=[^,]+, )?timeout=min\(_DIAL_SECONDS, access\.timeout\)\)",
        "The name is set anew before it is said.",
    ),
    (r"smtp\._spoken", r"(?:peek|recv)\(2\)", "One byte is as good as two."),
    (r"smtp\._greet", r"TCP_NODELAY, 2\)", "Every number but 0 switches it on."),
    (r"smtp\._token", r"< _LONGEST_COMMAND$", "In base64, which comes in fours, no command is exactly so long."),
    (r"smtp\..*_obstacle", r'"size", "XXXX"', "Neither is a number."),
    (r"smtp\..*_obstacle", r"\\x00-\\x1F\\x7F.*\\x00-\\x1F\\x7F", "Hexadecimal digits have no case."),
    (r"smtp\..*_envelope", r"options = f", "It is the first option."),
    (r"smtp\..*_envelope", r"if \(international\) or True", "All else that is said there is ASCII, the same in UTF-8."),
    (r"answers\._before_anybody_was_named", r"SIZE\\b", "What is searched for has no case."),
    (r"answers\._(calls|is)_dead", r'\("XX XX", text\)', "No word that is searched for holds XX."),
    (r"smtp\..*_envelope", r"\(sender\.partition", "An address of the owner's has one @."),
    (r"answers\.", r'"XXXX"', "No status begins, ends or is compared like that."),
    (
        r"answers\.",
        r're\.search\(r"(?:[A-Z |]|\\b)+", text, re\.I\)|'
        r're\.search\(r"(?:SUBMISSIONQUOTA|submissionquota)\|[A-Za-z ]+", found\.text, re\.IGNORECASE\)',
        "What is searched for has no case.",
    ),
    (r"pacing\.after_hours", r"moment\.astimezone\(None\) \+", "The same instant; what is given back is made UTC."),
    (r"pacing\.calendar_for", r"if \(country\) or True else", "What is no country has no part either."),
    (r"pacing\.may_leave", r"now\.astimezone\(None\)", "The same instant; what is given back is made UTC."),
    (r"country\._folded", 'XXßXX|"SS"', "Casefolding makes it ss as well."),
    (
        r"table\.acts_alone",
        r"seen_in\(Standing\(State\.asked[,)]",
        "No row for what a mail says looks at these facts in state asked.",
    ),
    (
        r"table\.decide_all",
        r"replace\(standing, ask_open=False, anything_sent=True",
        "No row looks at the last step.",
    ),
    (
        r"table\.decide_all",
        r"replace\(standing, (?:ask_open=(?:True|None), )?anything_sent=True",
        "Each of the two facts by itself keeps the ask from being moved.",
    ),
    (r"table\._states", "< [34]|<= 3|XX, XX", "No row leaves out two or three states."),
    (r"answers\._bare", r'"XX XX"\.join', "Both sides of a comparison are put together alike."),
    (
        r"country\.",
        r'upper\(\)\.rpartition\("-"\)|"XXXX"',
        "What is empty, or has one dash, is found by neither or by both.",
    ),
    (r"pacing\.spread", r'\[:6\], \)|"UTF-8"', "It is what Python takes by itself, or the same name."),
    (r"smtp\._greet", r"line\._host = None", "smtplib looks at the name in calls that are not made."),
    (r"smtp\._token", r'"auth", "XXXX"', "Neither is a mechanism."),
    (r"pacing\.spread", r"2\*\*48 (?:\+ 1|- 2)\)", "It moves the number by less than a float can tell."),
    (r"smtp\.\w+", r"if code != 2[25]1:", "The next line lets every code of success through."),
)
"""Place, and what the line has become, as regular expressions, and why no test has to notice it."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change: the file and function, the lines taken away and put in, what was put in, and what became of it."""

    file: str
    function: str
    change: str
    became: str
    fate: str

    @property
    def why(self) -> str:
        """Why it is harmless, "" where nobody said so."""
        return next(
            (why for place, became, why in HARMLESS if re.search(place, self.place) and re.search(became, self.became)),
            "",
        )

    @property
    def place(self) -> str:
        """The module and the function: `pacing.fits`."""
        return f"{Path(self.file).stem}.{self.function}"


def main() -> None:
    """Runs all, and ends with 1 where too few changes were noticed, or one that was not is not explained."""
    folder = Path(sys.argv[1]).resolve()
    began = time.monotonic()
    if "--again" not in sys.argv:
        prepare(folder)
        generate(folder)
    run(folder)
    found = mutants(folder)
    minutes = round((time.monotonic() - began) / 60)
    before, _, rest = PAGE.read_text("utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    lines = page(found, minutes, datetime.now(UTC).date().isoformat())
    PAGE.write_text("\n".join([before + BEGIN, "", *lines, "", END]) + after, "utf-8")
    print("\n".join(lines))
    unexplained = [one for one in found if one.fate == "survived" and not one.why]
    if score(found) < LEAST or unexplained:
        sys.exit(1)


def prepare(folder: Path) -> None:
    """A copy of the tree for mutmut to work in."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__", "corpus"))
        else:
            shutil.copyfile(source, folder / name)
    for name, line in AT_LOADING.items():
        text = (folder / name).read_text("utf-8")
        marked = re.sub(rf"(?m)^({re.escape(line)}.*:)$", r"\1  # pragma: no mutate block", text)
        assert marked != text, f"{name} has no {line}"
        (folder / name).write_text(marked, "utf-8")
    with (folder / "pyproject.toml").open("a", encoding="utf-8") as settings:
        settings.write(SETTINGS)


def generate(folder: Path) -> None:
    """Every change, and which of them the types refuse (mutmut), in `folder`/mutants."""
    os.chdir(folder)  # mutmut looks for its settings where it is imported
    from mutmut.__main__ import copy_also_copy_files, copy_src_dir, create_mutants
    from mutmut.mutation.file_mutation import filter_mutants_with_type_checker

    os.environ["PATH"] = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))
    Path("mutants").mkdir()
    copy_src_dir()
    copy_also_copy_files()
    create_mutants(1)
    fates = dict.fromkeys(
        (name for one in Path("mutants").glob("worker/**/*.meta") for name in _names(one)), "not checked"
    )
    fates |= dict.fromkeys(filter_mutants_with_type_checker(), "refused")
    # In no order, so that a run that is broken off says something about all of them.
    order = sorted(fates, key=lambda name: sha256(name.encode()).digest())
    (folder / "mutants" / FATES).write_text(json.dumps({name: fates[name] for name in order}), "utf-8")


def run(folder: Path) -> None:
    """Tries what is not known yet."""
    tests = [path.relative_to(ROOT).as_posix() for pattern in TESTS for path in sorted(ROOT.glob(pattern))]
    # A zone that no test uses: what leans on the machine's own is then seen.
    around = os.environ | {"TZ": "Asia/Kathmandu", "ASKAROUND_FEW_EXAMPLES": "1"}
    options = ["-p", "tests.proof.mutating", "-p", "no:cacheprovider", "-p", "no:xdist", "-m", "not slow", "-q", "-s"]
    subprocess.run([sys.executable, "-m", "pytest", *options, *tests], cwd=folder / "mutants", check=True, env=around)


def mutants(folder: Path) -> list[Mutant]:
    """What was found in the folder."""
    found, fates = [], json.loads((folder / "mutants" / FATES).read_text("utf-8"))
    for meta in sorted(folder.glob("mutants/worker/**/*.meta")):
        code = meta.with_suffix("")
        lines = code.read_text("utf-8").splitlines()
        spans = json.loads(meta.with_suffix(".spans").read_text("utf-8"))["spans"]
        for key in _names(meta):
            name = key.rpartition(".")[2]
            function = name.rpartition("__mutmut_")[0]
            was, became = (_body(lines, spans[one]) for one in (f"{function}__mutmut_orig", name))
            told = re.sub(r"^x_?|ǁ(\w+)ǁ", lambda part: f"{part[1]}." if part[1] else "", function)
            file = code.relative_to(folder / "mutants").as_posix()
            changed = _changed(was, became)
            put_in = " ".join(line[2:] for line in changed if line[0] == "+")
            found.append(Mutant(file, told, _shown(changed), put_in, fates[key]))
    return found


def _names(meta: Path) -> list[str]:
    return list(json.loads(meta.read_text("utf-8"))["exit_code_by_key"])


def _body(lines: list[str], span: list[int]) -> list[str]:
    return [line.strip() for line in lines[span[0] : span[1]]]


def _changed(was: list[str], became: list[str]) -> list[str]:
    return [line for line in ndiff(was, became) if line[0] in "+-" and "__mutmut_" not in line]


def _shown(changed: list[str]) -> str:
    return " ".join(changed).replace("|", "\\|").replace("`", "'")


def score(found: list[Mutant]) -> float:
    """Of a hundred changes that the types allow, how many were noticed."""
    counts = Counter(one.fate for one in found)
    allowed = len(found) - counts["refused"] - counts["not checked"]
    return 100 * (counts["killed"] + counts["timeout"]) / max(allowed, 1)


def page(found: list[Mutant], minutes: int, day: str) -> list[str]:
    """The figures, and the changes that were not noticed, as lines of Markdown."""
    counts = Counter(one.fate for one in found)
    noticed = counts["killed"] + counts["timeout"]
    lines = [
        f"Last run: {day}, in {minutes} minutes: {len(found)} changes, of which the types refuse "
        f"{counts['refused']}; of the others the tests notice {noticed} ({score(found):.1f} %)."
        + (f" {counts['not checked']} were not tried." if counts["not checked"] else ""),
        "",
        "| file | changes | refused by the types | noticed | not noticed | score |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for file in sorted({one.file for one in found}):
        here = [one for one in found if one.file == file]
        fates = Counter(one.fate for one in here)
        seen = fates["killed"] + fates["timeout"]
        missed = len(here) - seen - fates["refused"] - fates["not checked"]
        cells = (len(here), fates["refused"], seen, missed, f"{score(here):.1f} %")
        lines.append(f"| {file} | {' | '.join(map(str, cells))} |")
    missed_ones = [one for one in found if one.fate not in ("killed", "timeout", "refused", "not checked")]
    for why in sorted({one.why for one in missed_ones}):
        lines += ["", f"### {why or 'Not explained'}", ""]
        lines += sorted(f"- `{one.place}`: `{one.change}`" for one in missed_ones if one.why == why)
    return lines


if __name__ == "__main__":
    main()
