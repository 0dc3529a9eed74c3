"""Tells what in a mail reads like spam, or like a request for a job: signs written by hand, for the owner to judge."""

from __future__ import annotations

import re
from collections.abc import Iterable

MOST_WORDS = 200
MOST_LINKS = 2
MOST_MARKS = 2

_NOT = re.compile(
    r"\b(?:not|no|never|neither|nor|without|cannot|nicht|kein\w*|nie|weder|ohne|pas|non|aucun\w*|ni|sans|jamais|"
    r"ning[uú]n\w*|sin|nunca)\b|n['’]t\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[.!?;](?=\s|$)|\n\s*\n")
_CV = r"(?:cv|c\.v\.|r[ée]sum[ée])"
_JOB = re.compile(
    r"(?P<theirs>\b(?:your|their|his|her|this|that|our|day|ihre?[mnrs]?|deine?[mnrs]?|votre|ton|su|tu)\s+)?"
    r"\b(?P<said>"
    r"(?:job|career|employment|new) opportunit(?:y|ies)|"
    r"jobs?|hir(?:e|es|ed|ing)|vacanc(?:y|ies)|open (?:position|role)s?|internships?|employment|recruit\w*|"
    r"opportunit(?:y|ies) (?:at|with|within|in) (?:your|the)|"
    rf"apply(?:ing)? (?:for|to) (?:a|the|your)|my application|my {_CV}|attached {_CV}|{_CV} (?:is )?attached|refer me|"
    r"(?:(?:eine?r? )?(?:neue|offene)[nr]?|eine?r?) (?:stellen?|anstellung|arbeitsstelle)|"
    r"stellenangebote?|jobangebote?|"
    r"bewerbung\w*|bewerben|bewerbe|lebenslauf|praktikum|arbeitsplatz|"
    r"(?:un|d['’]|cet) ?emploi|un (?:poste|stage)|mon cv|cv (?:ci-joint|en pi[èe]ce jointe)|candidature|postuler|"
    r"embauch\w*|recrut\w*|opportunit[ée]s? (?:professionnelles?|d['’]emploi)|"
    r"(?:un|de) (?:empleo|puesto|trabajo)|mi (?:cv|curr[íi]culum)|curr[íi]culum(?: vitae)?|vacantes?|contratar\w*|"
    r"postular\w*|oportunidad(?:es)? laboral(?:es)?"
    r")\b",
    re.IGNORECASE,
)
_SPAM = re.compile(
    r"\b(?:act now|click (?:here|below)|limited (?:time|offer)|special offer|risk[- ]free|guaranteed|discount|"
    r"100 ?% free|for free|free trial|money back|no obligation|best price|unsubscribe|newsletter|dear (?:sir|friend)|"
    r"sir or madam|to whom it may concern|make money|once in a lifetime|"
    r"klicken sie|hier klicken|jetzt (?:handeln|zugreifen)|kostenlos\w*|gratis|rabatt\w*|sonderangebot\w*|"
    r"garantiert|unverbindlich\w*|sehr geehrte damen und herren|"
    r"cliquez|gratuit\w*|offre (?:sp[ée]ciale|limit[ée]e)|garanti[es]*|remise|sans engagement|"
    r"haga clic|oferta (?:especial|limitada)|garantizad[oa]s?|descuentos?|sin compromiso|a quien corresponda)\b",
    re.IGNORECASE,
)
_LINK = re.compile(r"\bhttps?://\S+|\bwww\.\S+", re.IGNORECASE)
_IMAGE = re.compile(r"<img\b|!\[[^\]]*\]\(|\bcid:|https?://\S+\.(?:png|jpe?g|gif|webp)\b", re.IGNORECASE)
_ANSWER = re.compile(r"^\s*(?:re|fwd?|aw|wg|tr|rv)\s*:", re.IGNORECASE)


def signs(subject: str, body: str, *, first_name: str | None = None, begins: bool = True) -> tuple[str, ...]:
    """What speaks against a mail, a sentence each with the words that say so; nothing where nothing does.

    `first_name` is that of the person where it is known. `begins` says that the mail begins a thread, so that its
    subject is its own.
    """
    own = subject if begins else ""
    text = f"{own}.\n\n{body}"
    found = []
    if words := _jobs(text):
        found.append(f"it reads like a request for a job: {words}")
    if words := _said(match[0] for match in _SPAM.finditer(_LINK.sub(" ", text))):
        found.append(f"it reads like spam: {words}")
    letters = [letter for letter in own if letter.isalpha()]
    shouts = [word for word in re.findall(r"[^\W\d_]{4,}", own) if word.isupper()]
    if len(letters) > 5 and sum(letter.isupper() for letter in letters) > 0.6 * len(letters) and shouts:
        found.append(f"the subject shouts: {own}")
    if _ANSWER.match(own):
        found.append(f"the subject pretends to be an answer: {own}")
    if (marks := text.count("!")) > MOST_MARKS:
        found.append(f"{marks} exclamation marks")
    if (links := len(_LINK.findall(body))) > MOST_LINKS:
        found.append(f"{links} links: spam filters count them, {MOST_LINKS} are enough")
    if image := _IMAGE.search(body):
        found.append(f"a picture ({image[0][:40]}): mail is plain text here, and filters mistrust pictures")
    if (count := len(body.split())) > MOST_WORDS:
        found.append(f"{count} words: strangers read about {MOST_WORDS}")
    if first_name and first_name.casefold() not in body.casefold():
        found.append("it does not greet by name, though the name is known")
    return tuple(found)


def _jobs(text: str) -> str:
    """The words that ask for a job, without those of a sentence that says no to it, and without "your job"."""
    found: list[str] = []
    for sentence in _SENTENCE.split(text):
        if not _NOT.search(sentence):
            found += [match["said"] for match in _JOB.finditer(sentence) if not match["theirs"]]
    return _said(found)


def _said(words: Iterable[str]) -> str:
    once = {word.casefold(): word for word in words}
    return ", ".join(f"“{word}”" for word in once.values())
