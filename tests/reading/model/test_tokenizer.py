"""Text is cut into the most probable pieces, whatever stands in it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from worker.reading.model.tokenizer import UNKNOWN, Tokenizer

Toy = tuple[list[str], list[float]]
Named = Callable[[str], list[str]]


@pytest.fixture(scope="session")
def named(toy_tokenizer: Tokenizer, toy_pieces: Toy) -> Named:
    return lambda text: [toy_pieces[0][i] for i in toy_tokenizer.ids(text)]


def test_the_most_probable_pieces_win_over_the_longest_first(named: Named, toy_pieces: Toy) -> None:
    assert named("not") == ["▁not"]
    assert named("thanks") == ["▁thanks"]
    assert named("tho") == ["▁", "t", "h", "o"]
    pieces, scores = toy_pieces
    dear = Tokenizer(pieces, [*scores[:7], -12.0, *scores[8:]])
    assert [pieces[i] for i in dear.ids("thanks")] == ["▁than", "ks"]


def test_spaces_of_every_kind_part_words_and_vanish(named: Named) -> None:
    assert named("  no\n\n\tthanks\u00a0no\u200b") == ["▁no", "▁thanks", "▁no"]


def test_compatible_forms_are_read_as_the_plain_letter(named: Named) -> None:
    assert named("ｎｏ n²") == ["▁no", "▁", "n", "2"]


def test_control_characters_are_passed_over(named: Named) -> None:
    assert named("n\x02o") == ["▁no"]


def test_neighbouring_unknown_characters_are_one_unknown_piece(named: Named) -> None:
    assert named("ж漢字 ж") == ["▁", "<unk>", "▁", "<unk>"]


def test_each_word_keeps_its_own_pieces(toy_tokenizer: Tokenizer) -> None:
    assert [word for word, _ in toy_tokenizer.words("no thanks, no")] == ["no", "thanks,", "no"]


@given(st.text(max_size=80))
@settings(deadline=None)
def test_any_text_gives_known_ids(toy_tokenizer: Tokenizer, toy_pieces: Toy, text: str) -> None:
    ids = toy_tokenizer.ids(text)
    assert all(UNKNOWN <= i < len(toy_pieces[0]) for i in ids)
    assert ids == [i for _, pieces in toy_tokenizer.words(text) for i in pieces]
