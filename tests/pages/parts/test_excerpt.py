"""Texts cut for a page."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from directory.initiatives.analysis import parse
from directory.initiatives.filters import Filters
from directory.initiatives.index import CorpusIndex
from directory.initiatives.results import everything
from directory.pages.parts.excerpt import LENGTH, around, excerpt, told, whole
from directory.web.formatting import paragraphs
from tests.factories import MORLAIX, make_initiative


def test_a_word_that_comes_everywhere_is_shown_where_it_comes_first() -> None:
    pieces = around("Une goutte. " + "L’eau et l’eau. " * 5000, parse("eau"))
    text = "".join(piece for piece, _ in pieces)
    assert text.startswith("Une goutte. L’eau")
    assert len(text) <= LENGTH + 10


def test_each_line_is_a_paragraph() -> None:
    assert paragraphs("Un.\n\nDeux,\r\n  trois. \n") == ["Un.", "Deux,", "trois."]
    assert paragraphs("") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Court.", "Court."),
        ("Une phrase entière. Une autre bien plus longue encore", "Une phrase entière."),
        ("Des mots qui ne finissent jamais dans cette phrase", "Des mots qui ne finissent …"),
        ("anticonstitutionnellement" * 3, "anticonstitutionnellementantic …"),
        ("", ""),
    ],
)
def test_an_excerpt_ends_with_a_whole_sentence_or_a_whole_word(text: str, expected: str) -> None:
    assert excerpt(text, 30) == expected


STORY = (
    "Au retour, ils racontent le village, son puits et ses écoles. "
    + "Une fête réunit les familles autour d’un repas ; " * 6
    + "Un forage neuf donne de l’eau, et le puits reste ouvert."
)


def test_an_extract_shows_the_words_found_where_they_stand_together() -> None:
    pieces = around(STORY, parse("forages puits"))
    shown = "".join(text for text, _ in pieces)
    assert [text for text, is_found in pieces if is_found] == ["forage", "puits"]
    assert shown.startswith("… ")
    assert shown.endswith("le puits reste ouvert.")
    assert around(STORY, parse("girafe")) == []


def test_a_short_text_is_told_whole_or_not_at_all() -> None:
    text = "Locronan (Communauté d’agglomération Quimper Bretagne Occidentale, Finistère)."
    pieces = whole(text, parse("quimper"))
    assert "".join(piece for piece, _ in pieces) == text
    assert [piece for piece, is_found in pieces if is_found] == ["Quimper"]
    assert whole(text, parse("girafe")) == []


@given(st.text(max_size=600), st.text(max_size=40))
def test_an_extract_is_made_of_the_text_and_is_short(text: str, words: str) -> None:
    pieces = around(text, parse(words))
    flat = " ".join(text.split())
    for piece, is_found in pieces:
        assert piece in ("… ", " …") or piece in flat
        assert not is_found or piece
    assert sum(len(piece) for piece, is_found in pieces if not is_found) <= LENGTH + 4


@pytest.mark.parametrize(
    ("asked", "lacking"),
    [
        ("puits village", []),
        ("puits forage", ["forage"]),
        ("morlaix puits", []),
        ("eau moulin", ["moulin"]),
        ('"eau potable" moulin', ["moulin"]),
        ("potier pot", ["potier"]),
    ],
)
def test_a_card_tells_which_of_the_words_it_does_not_show(session: Session, asked: str, lacking: list[str]) -> None:
    make_initiative(
        session,
        title="Le puits et l’eau potable",
        summary="Un puits au village, des pots.",
        here=(MORLAIX,),
        main_sector="eau-assainissement",
    )
    card = everything(CorpusIndex().current(session), session, Filters())[0]
    assert [unit.words[0] for unit in told(card, parse(asked)).lacking.wanted] == lacking
