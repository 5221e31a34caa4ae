"""A sheet of paper: the story shared out and cut with care, and a code that a phone reads."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from directory.pages.parts.printed import PARTS, Piece, qr, room, story
from tests.sheets import make_sheet

SENTENCE = "Les élèves des deux écoles préparent ensemble une exposition sur l’eau. "


def kept(pieces: list[Piece]) -> str:
    return " ".join(piece.kept for piece in pieces if piece.kept)


def test_a_short_story_is_printed_whole() -> None:
    printed = story(make_sheet())
    assert not printed.is_cut
    assert printed.is_short
    assert kept(printed.parts["description"]) == make_sheet().description


def test_a_long_story_stops_after_a_sentence() -> None:
    printed = story(make_sheet(description=SENTENCE * 200))
    assert printed.is_cut
    assert not printed.is_short
    assert kept(printed.parts["description"]).endswith("sur l’eau.")


def test_a_long_part_leaves_room_for_the_others() -> None:
    printed = story(make_sheet(description=SENTENCE * 200, change_here="Ici, deux classes.", change_there="Là-bas."))
    assert kept(printed.parts["change_here"]) == "Ici, deux classes."
    assert kept(printed.parts["change_there"]) == "Là-bas."


def test_a_text_without_any_space_is_cut_all_the_same() -> None:
    printed = story(make_sheet(description="a" * 20_000))
    assert 0 < len(kept(printed.parts["description"])) < 20_000


@given(texts=st.lists(st.text(max_size=3000), min_size=4, max_size=4), names=st.integers(0, 1500))
def test_nothing_is_lost_and_no_more_than_a_page_is_kept(texts: list[str], names: int) -> None:
    sheet = make_sheet(card={"summary": "n" * names}, **dict(zip(PARTS, texts, strict=True)))
    printed = story(sheet)
    for name, text in zip(PARTS, texts, strict=True):
        whole = "".join(piece.kept + piece.rest for piece in printed.parts[name])
        assert re.sub(r"\s", "", whole) == re.sub(r"\s", "", text)
    assert printed.lines <= room(sheet) + 0.01


def test_a_code_is_black_on_white_and_has_no_other_part() -> None:
    picture = qr("https://exemple.org/initiatives/deux-rives")
    assert picture.count("<path") == 2
    assert "style" not in picture
