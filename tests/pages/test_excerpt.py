"""Texts cut for a page."""

from __future__ import annotations

import pytest

from directory.pages.excerpt import excerpt
from directory.web.formatting import paragraphs


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
