"""What may enter as text, and how it is compared."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.core.errors import InvalidText
from directory.core.text import clean_text, fold, slugify, words


@given(st.text())
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_a_slug_is_always_a_safe_piece_of_address(text: str) -> None:
    slug = slugify(text)
    assert slug
    assert len(slug) <= 80
    assert set(slug) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert not slug.startswith("-")
    assert not slug.endswith("-")


@given(st.text())
def test_any_text_is_kept_in_nfc_or_refused_with_a_sentence(text: str) -> None:
    kept, refusal = "", ""
    try:
        kept = clean_text(text, 1000, multiline=True)
    except InvalidText as error:
        refusal = error.message
    assert refusal == refusal.strip()
    assert unicodedata.is_normalized("NFC", kept)
    assert kept.encode("utf-8").decode("utf-8") == kept
    assert "\x00" not in kept


@pytest.mark.parametrize("character", ["\x00", "\x07", "\x1b", "\x7f", "\x85", "\ufffe", "\uffff", "\ud800", "\n"])
def test_a_character_that_breaks_feeds_or_databases_is_refused(character: str) -> None:
    with pytest.raises(InvalidText, match="caractère invisible"):
        clean_text(f"École{character}", 100)


@pytest.mark.parametrize("text", ["Nguyễn Thị Ánh", "Ọ̀ṣun", "عين صالح", "👩‍👩‍👧 Familles", "\u202eécole", "О́льга"])
def test_names_of_the_world_and_emoji_are_kept(text: str) -> None:
    assert clean_text(text, 100) == unicodedata.normalize("NFC", text)


def test_a_thousand_marks_on_one_letter_are_refused() -> None:
    with pytest.raises(InvalidText, match="signes"):
        clean_text("e" + "\u0301" * 1000, 5000)


def test_too_long_a_text_is_refused_with_its_length() -> None:
    with pytest.raises(InvalidText, match="20001 caractères ; 20000 au plus"):
        clean_text("a" * 20_001, 20_000)


def test_accents_case_ligatures_and_apostrophes_do_not_count() -> None:
    assert words("L’Œuvre d’ÉVRY–Courcouronnes") == ["l", "oeuvre", "d", "evry", "courcouronnes"]
