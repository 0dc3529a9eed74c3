"""What the program says in English, in the other languages.

`summary/said.py` finds a sentence here by its fixed words. A slot's name says what stands in it: {step}, {state},
{day} (2027-03-01), {date} (01 Mar 2027), {hour}, {quoted} (in Python's quotes), {why} (a sentence of its own).
"""

from __future__ import annotations

from worker.writing.summary.languages.connections import CONNECTIONS
from worker.writing.summary.languages.reasons import REASONS
from worker.writing.summary.languages.refusals import ANSWERS
from worker.writing.summary.languages.sign_in import SIGN_IN
from worker.writing.summary.languages.troubles import TROUBLES

LANGUAGES = ("de", "fr", "es")
SAID = {**ANSWERS, **REASONS, **TROUBLES, **SIGN_IN, **CONNECTIONS}
"""English sentence -> the same in each of `LANGUAGES`."""
