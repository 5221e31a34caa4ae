"""What a change changes, in words: nothing is lost between the pieces, and every field that differs is told."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.initiatives.content import OrganisationContent, PartnerContent, SourceContent
from directory.initiatives.vocabulary import Agreement, Disclosure, LinkNature, Stage
from directory.reviews.difference import Kind, Piece, compare, pieces, told
from tests.factories import ANTSIRABE, MORLAIX, PUERTO_LOPEZ, QUIMPER, make_content

LABELS = {"education": "Éducation", "eau": "Eau", "jeunes": "Jeunes", "benevoles": "Des bénévoles"}
SPOKEN = st.lists(
    st.sampled_from("les élèves de Quimper l’école écrivent , . \n é\u0301 — 2015 Ségou".split(" ")), max_size=30
)
TEXTS = st.one_of(st.text(max_size=60), SPOKEN.map(" ".join))


def joined(parts: tuple[Piece, ...], *kinds: Kind) -> str:
    """The text of the pieces of some kinds."""
    return "".join(part.text for part in parts if part.kind in kinds)


@given(before=TEXTS, after=TEXTS)
def test_pieces_joined_again_give_both_texts(before: str, after: str) -> None:
    left, right = pieces(before, after)
    assert joined(left, Kind.SAME, Kind.REMOVED) == before
    assert joined(right, Kind.SAME, Kind.ADDED) == after
    assert joined(left, Kind.SAME) == joined(right, Kind.SAME)


@given(text=TEXTS)
def test_a_text_that_stays_has_neither_added_nor_removed_words(text: str) -> None:
    assert {part.kind for side in pieces(text, text) for part in side} <= {Kind.SAME}


def test_words_are_cut_whole() -> None:
    left, right = pieces("Brest aide Gabès.", "Brest et Gabès s’entraident.")
    assert joined(left, Kind.REMOVED) == "aide"
    assert [part.text for part in right if part.kind is Kind.ADDED] == ["et", " s’entraident"]


@pytest.mark.parametrize(
    ("changes", "field", "before", "after"),
    [
        ({"title": "Rives"}, "title", "Écoles", "Rives"),
        ({"summary": "Autrement."}, "summary", "Deux écoles s’écrivent et se rendent visite.", "Autrement."),
        ({"here": (QUIMPER,)}, "here", "Morlaix (Finistère)", "Quimper (Finistère)"),
        ({"there": (PUERTO_LOPEZ, ANTSIRABE)}, "there", "Équateur", "Antsirabe (Madagascar)"),
        (
            {"here": (replace(MORLAIX, precision="point", lon=-3.8),)},
            "here",
            "Morlaix (Finistère)",
            "repère en 48,5778, -3,8000",
        ),
        ({"here": (replace(MORLAIX, shown_as=Disclosure.REGION),)}, "here", "Morlaix", "montrer la région"),
        ({"carriers": (OrganisationContent("Mada-Breizh"),)}, "carriers", "Les Amis du monde", "Mada-Breizh"),
        (
            {"partners": (PartnerContent("Escuela del Mar", agreement=Agreement.NO),)},
            "partners",
            "accepte d’être nommé",
            "ne veut pas être nommé",
        ),
        ({"main_sector": "eau"}, "main_sector", "Éducation", "Eau"),
        ({"since_year": None}, "since_year", "2015", ""),
        ({"stage": Stage.FINISHED}, "stage", "En cours", "Terminée"),
        ({"meeting": "Au marché."}, "meeting", "", "Au marché."),
        ({"change_here": "On lit."}, "change_here", "", "On lit."),
        ({"change_there": "On lit."}, "change_there", "", "On lit."),
        ({"description": "Autre."}, "description", "exposition", "Autre."),
        ({"nature": LinkNature.TWINNING}, "nature", "", "Jumelage"),
        ({"goals": (4,)}, "goals", "", "4"),
        ({"publics": ("jeunes", "x")}, "publics", "", "Jeunes, x"),
        ({"needs": ("benevoles",)}, "needs", "", "Des bénévoles"),
        ({"sources": (SourceContent("Mairie"),)}, "sources", "", "Mairie"),
    ],
)
def test_each_field_that_differs_is_told_in_the_words_people_read(
    changes: dict[str, Any], field: str, before: str, after: str
) -> None:
    old = make_content(title="Écoles")
    (change,) = compare(old, replace(old, **changes), LABELS)
    assert change.field == field
    assert before in joined(change.before, Kind.SAME, Kind.REMOVED)
    assert after in joined(change.after, Kind.SAME, Kind.ADDED)


def test_nothing_differs_between_a_content_and_itself() -> None:
    content = make_content()
    assert compare(content, content, LABELS) == ()


def test_a_first_sheet_reads_in_the_order_of_the_questions() -> None:
    lines = [line.field for line in told(make_content(), LABELS) if line.text]
    first = ["summary", "here", "there", "carriers", "partners", "main_sector", "since_year", "stage"]
    assert lines == [*first, "description", "title"]
