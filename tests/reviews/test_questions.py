"""The questions that a sheet raises, and the messages that they make: ready in seconds, and never a blank one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from directory.initiatives.content import PartnerContent
from directory.initiatives.rules import Known
from directory.initiatives.vocabulary import Agreement
from directory.reviews.questions import (
    GREETING,
    REASONS,
    likely_questions,
    message_of,
    note_of,
    prepared_notes,
    reason_of,
)
from tests.factories import MORLAIX, SEGOU, make_content

KNOWN = Known(sectors=frozenset(), goals=frozenset(), actor_types=frozenset(), vigilance=frozenset({"ML"}))
COMPLETE = {"change_here": "Les élèves lisent."}
ASKED_LATER = (PartnerContent("Lycée", agreement=Agreement.NOT_ASKED),)


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ({}, ["personnes"]),
        ({"since_year": None}, ["depuis", "personnes"]),
        ({"partners": ()}, ["partenaire", "personnes"]),
        ({"partners": ASKED_LATER}, ["accord", "personnes"]),
        ({"there": (SEGOU,)}, ["prudence", "personnes"]),
        ({"there": (SEGOU,), "partners": ()}, ["prudence", "personnes"]),
        ({"description": "", "change_here": ""}, ["recit"]),
        ({"change_here": ""}, ["effets-ici", "personnes"]),
        ({"here": (replace(MORLAIX, verdict="probable"),)}, ["lieu-0", "personnes"]),
        ({"there": (replace(SEGOU, label="Mali", precision="country"),)}, ["lieu-pays", "prudence", "personnes"]),
    ],
)
def test_each_thing_that_is_missing_or_doubtful_has_its_question(changes: dict[str, Any], names: list[str]) -> None:
    asked = likely_questions(make_content(**{**COMPLETE, **changes}), KNOWN)
    assert [question.name for question in asked] == names
    assert all(question.text.rstrip().endswith((".", "?", "»", "!")) for question in asked)


def test_what_is_ticked_makes_a_message_with_the_words_of_the_curator() -> None:
    asked = likely_questions(make_content(since_year=None, partners=()), KNOWN)
    message = message_of(asked, ["depuis", "partenaire", "inconnue"], "À bientôt.")
    lines = message.split("\n")
    assert lines[0] == GREETING
    assert [line for line in lines if line.startswith("– ")] == [
        "– Avec qui travaillez-vous là-bas, et accepte-t-on d’y être nommé\u00a0?",
        "– Depuis quand ce lien existe-t-il, même à peu près\u00a0?",
    ]
    assert "À bientôt." in lines


@pytest.mark.parametrize("words", ["", "Écrivez-nous."])
def test_without_a_tick_the_message_is_what_the_curator_wrote(words: str) -> None:
    assert message_of((), [], words) == words
    assert reason_of([], words) == words
    assert note_of((), [], words) == words


def test_a_reason_that_no_list_holds_is_left_out() -> None:
    assert reason_of(["doublon", "autre"], "Voyez-la.") == f"{REASONS['doublon']}\n\nVoyez-la."


def test_a_publication_may_go_with_what_would_complete_the_sheet() -> None:
    notes = prepared_notes(make_content(partners=ASKED_LATER))
    assert [note.name for note in notes] == ["merci", "plus-tard", "raconter"]
    assert note_of(notes, ["plus-tard"], "Bravo.").startswith("Quand votre partenaire aura dit oui")
    assert [note.name for note in prepared_notes(make_content(meeting="Au marché."))] == ["merci"]
