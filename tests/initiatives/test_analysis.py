"""The analyser: what a query asks, what is marked in a text, what an engine is given."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.initiatives.analysis import MAX_UNITS, Query, Unit, family, indexed, marked, parse, tokens, words

FAMILIES = [
    "forage forages",
    "éducation éducatif éducatives éducateur éduquer",
    "agricole agriculture agriculteurs agricultrices",
    "eau eaux",
    "cheval chevaux",
    "solidarité solidarités solidaire solidaires",
    "école écoles scolaire écolier",
    "Mali malien maliennes",
    "Sénégal sénégalais sénégalaise",
    "jumelage jumelages jumelé jumelées",
    "ami amis",
]
APART = ["Mali mal", "Paris pari", "Niger Nigeria", "ville village", "commune communauté", "puits puissance"]


@pytest.mark.parametrize("told", FAMILIES)
def test_the_forms_of_a_word_are_one_family(told: str) -> None:
    assert len({family(word) for word in words(told)}) == 1


@pytest.mark.parametrize("told", APART)
def test_words_that_look_alike_are_not_one_family(told: str) -> None:
    first, second = words(told)
    assert family(first) != family(second)


def test_a_query_is_words_phrases_exclusions_and_the_beginning_of_a_word() -> None:
    query = parse('l’eau "puits de mine" -Mali −"trop cher" forag')
    assert query.wanted == (Unit(("eau",)), Unit(("puits", "mine"), is_exact=True), Unit(("forag",), is_prefix=True))
    assert query.excluded == (Unit(("mali",)), Unit(("trop", "cher"), is_exact=True))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Query()),
        ('"', Query()),
        ("de la", Query((Unit(("la",), is_prefix=True),))),
        ("St-Malo", Query((Unit(("saint",)), Unit(("malo",), is_prefix=True)))),
        ('eau "douce', Query((Unit(("eau",)), Unit(("douce",), is_prefix=True)))),
        ("-mali", Query((), (Unit(("mali",)),))),
        ("nord-sud", Query((Unit(("nord",)), Unit(("sud",), is_prefix=True)))),
        ("«eau douce»", Query((Unit(("eau", "douce"), is_exact=True),))),
        ("eau eau eau", Query((Unit(("eau",), is_prefix=True),))),
    ],
)
def test_what_is_typed_is_read_as_a_person_means_it(text: str, expected: Query) -> None:
    assert parse(text) == expected


@given(st.text(max_size=300))
def test_any_text_is_a_bounded_query(text: str) -> None:
    query = parse(text)
    units = query.wanted + query.excluded
    assert len(units) <= MAX_UNITS
    # Nothing of a query language can come in: letters and digits alone.
    assert all(word.isalnum() and len(word) <= 40 for unit in units for word in unit.words)


@given(st.text(max_size=200), st.text(max_size=40))
def test_the_pieces_of_a_marked_text_are_the_text(text: str, asked: str) -> None:
    pieces = marked(text, parse(asked))
    assert "".join(piece for piece, _ in pieces) == text
    assert all(piece for piece, _ in pieces)


@given(st.text(max_size=60))
def test_a_text_is_found_and_marked_by_its_own_words(text: str) -> None:
    for word in words(text)[:5]:
        assert any(is_marked for _, is_marked in marked(text, Query((Unit((word,)),))))


@given(st.lists(st.text(max_size=60), max_size=5))
def test_what_is_indexed_is_words_signs_and_families_apart_by_one_space(texts: list[str]) -> None:
    terms = indexed(texts).split(" ")
    assert terms[0] == "|"
    assert all(term == "|" or term.removeprefix("=").isalnum() for term in terms)
    held = {word for text in texts for word in words(text)}
    assert {term for term in terms if term[0] not in "|="} == held
    assert {term[1:] for term in terms if term[0] == "="} == {family(word) for word in held}


def test_marks_keep_accents_and_what_stands_between() -> None:
    text = "Deux puits : l’Éducation au Sénégal, à Saint-Étienne et l’eau potable."
    told = [piece for piece, is_marked in marked(text, parse('educatifs st "eau potable" sénég')) if is_marked]
    assert told == ["Éducation", "Sénégal", "Saint", "eau", "potable"]


def test_a_decomposed_accent_stays_with_its_letter() -> None:
    text = "une e\u0301cole"
    assert [text[token.start : token.end] for token in tokens(text)] == ["une", "e\u0301cole"]
    assert marked(text, parse("école")) == [("une ", False), ("e\u0301cole", True)]
