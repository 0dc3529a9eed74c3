"""Whatever marks a subject has gathered, an answer has one "Re:"."""

from __future__ import annotations

import pytest

from worker.writing import reply_subject

HELLO = "Hello there"


@pytest.mark.parametrize(
    "theirs",
    [
        HELLO,
        f"Re: {HELLO}",
        f"RE: {HELLO}",
        f"re:{HELLO}",
        f"Re : {HELLO}",
        f"Re: Re: RE: {HELLO}",
        f"Re[2]: {HELLO}",
        f"Re (3): {HELLO}",
        f"Re^2: {HELLO}",
        f"AW: {HELLO}",
        f"Re: AW: Antw: SV: RES: {HELLO}",
        f"Fwd: {HELLO}",
        f"Fw: WG: TR: RV: ENC: {HELLO}",
        f"Antwort: {HELLO}",
        f"Odp: PD: {HELLO}",
        f"YNT: {HELLO}",
        f"R: I: {HELLO}",
        f"回复：{HELLO}",
        f"返信: 转发: {HELLO}",
        f"[EXT] Re: {HELLO}",
        f"Re: [EXTERNAL] AW: {HELLO}",
        f"  Re:\t{HELLO}  ",
        f"Re: Re:\r\n {HELLO}",
    ],
)
def test_marks_collapse(theirs: str) -> None:
    assert reply_subject(theirs) == f"Re: {HELLO}"


@pytest.mark.parametrize(
    "theirs", ["Reading rivers", "Regarding: a talk", "Award: you won", "Interview: thirty minutes", "[list] x", "A: b"]
)
def test_other_words_stay(theirs: str) -> None:
    assert reply_subject(theirs) == f"Re: {theirs}"


@pytest.mark.parametrize("theirs", [None, "", "Re:", " re: AW: "])
def test_nothing_is_a_subject_too(theirs: str | None) -> None:
    assert reply_subject(theirs) == "Re:"
