"""Who is about to tell an initiative twice is shown the first; what only shares a country is not accused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from directory.initiatives import duplicates
from directory.initiatives.content import InitiativeContent, OrganisationContent
from directory.initiatives.duplicates import Nearest, Profile, likely, likeness, nearest, profile_of
from directory.initiatives.index import CorpusIndex
from tests.factories import (
    ANTSIRABE,
    BORDEAUX,
    MORLAIX,
    PUERTO_LOPEZ,
    QUIMPER,
    make_content,
    make_initiative,
    make_review,
)

NAMES = st.text(max_size=30)
ALL = "Même structure, nom très proche, même lieu là-bas, même commune ici."
KEYS = st.lists(st.sampled_from([MORLAIX.keys, QUIMPER.keys, BORDEAUX.keys]), min_size=1, max_size=2).map(tuple)
THERE = st.lists(st.sampled_from([ANTSIRABE.keys, PUERTO_LOPEZ.keys]), min_size=1, max_size=2).map(tuple)
PROFILES = st.builds(Profile, NAMES, st.lists(NAMES, max_size=2).map(tuple), KEYS, THERE)


def told(**changes: Any) -> InitiativeContent:
    """A content with a name that only likeness explains."""
    return make_content(**{"title": "Les lunettes de Pleumeur", "carriers": (OrganisationContent("Opti"),), **changes})


@given(one=PROFILES, other=PROFILES)
def test_likeness_goes_both_ways(one: Profile, other: Profile) -> None:
    assert likeness(one, other) == likeness(other, one)


@given(profile=PROFILES.filter(lambda one: any(letter.isalnum() for letter in one.title)))
def test_an_initiative_looks_like_itself(profile: Profile) -> None:
    assert likeness(profile, profile)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, "Même structure, nom très proche, même lieu là-bas, même commune ici."),
        (
            {"title": "lunettes de pleumeur, les"},
            "Même structure, nom très proche, même lieu là-bas, même commune ici.",
        ),
        ({"title": "Autre chose", "here": (QUIMPER,)}, "Même structure, même lieu là-bas."),
        ({"title": "Autre chose", "carriers": (OrganisationContent("Lycée"),)}, ""),
        ({"here": (BORDEAUX,)}, ""),
        ({"there": (ANTSIRABE,)}, ""),
    ],
)
def test_the_reason_says_what_is_shared(changes: dict[str, Any], reason: str) -> None:
    assert likeness(profile_of(told()), profile_of(told(**changes))) == reason


def test_only_what_is_published_is_shown_and_never_itself(session: Session) -> None:
    make_review(session, told(title="Les lunettes de Pleumeur, encore"))
    corpus = CorpusIndex().current(session)
    assert likely(corpus, session, told()) == ()
    initiative = make_initiative(session, told())
    make_initiative(session, told(title="Sans rapport", here=(BORDEAUX,), carriers=(OrganisationContent("Lycée"),)))
    corpus = CorpusIndex().current(session)
    found = likely(corpus, session, told(summary="Dit autrement."))
    assert [(one.slug, one.here, one.there, one.carrier) for one in found] == [
        ("les-lunettes-de-pleumeur", "Morlaix", "Puerto López", "Opti")
    ]
    assert likely(corpus, session, told(), except_id=initiative.id) == ()


def test_a_place_hidden_from_the_public_is_not_a_reason(session: Session) -> None:
    make_initiative(session, told(title="Autre", carriers=(OrganisationContent("Optique"),), partners=()))
    corpus = CorpusIndex().current(session)
    near = told(title="Autres", carriers=(OrganisationContent("Lycée"),), there=(replace(PUERTO_LOPEZ),))
    assert [one.reason for one in likely(corpus, session, near)] == [
        "Nom très proche, même région là-bas, même commune ici."
    ]


@pytest.mark.parametrize("candidates", [1, 2, 400])
def test_a_page_of_proposals_finds_what_each_would_find_alone(
    session: Session, count_queries: list[str], monkeypatch: pytest.MonkeyPatch, candidates: int
) -> None:
    monkeypatch.setattr(duplicates, "CANDIDATES", candidates)
    published = [
        make_initiative(session, told()),
        make_initiative(session, told(title="Pleumeur : les lunettes", here=(QUIMPER,))),
        make_initiative(session, told(title="Sans rapport", here=(BORDEAUX,))),
        make_initiative(session, told(title="Autres lunettes", carriers=(OrganisationContent("Optique"),))),
    ]
    corpus = CorpusIndex().current(session)
    asked = [
        told(),
        told(here=(QUIMPER,)),
        told(here=(BORDEAUX, MORLAIX)),
        told(there=(ANTSIRABE,)),
        told(title="Les autres lunettes", carriers=(OrganisationContent("Lycée"),)),
        told(title="Les autres lunettes", carriers=(OrganisationContent("Lycée"),), here=(QUIMPER,)),
        told(title="…", carriers=()),
    ]
    contents = {published[-1].id + 1 + at: content for at, content in enumerate(asked)}
    alone = {one: likely(corpus, session, content) for one, content in contents.items()}
    count_queries.clear()
    found = nearest(corpus, session, contents, {})
    assert len(count_queries) == 1
    assert found == {one: Nearest(first[0].title, is_published=True) for one, first in alone.items() if first}
    assert 3 <= len(found) < len(asked)
    monkeypatch.setattr(duplicates, "MOST_READ", 1)
    assert nearest(corpus, session, contents, {}) == {}, "a page that would read too many names is left unmarked"


def test_a_page_of_proposals_finds_what_waits_twice_and_never_itself(session: Session) -> None:
    corpus = CorpusIndex().current(session)
    contents = {1: told(), 2: told(title="Lunettes, les, de Pleumeur"), 3: told(title="Ailleurs", here=(BORDEAUX,))}
    found = nearest(corpus, session, contents, contents)
    assert found == {
        1: Nearest(contents[2].title, is_published=False),
        2: Nearest(contents[1].title, is_published=False),
    }
