"""Initiatives that resemble one: the nearest kind of place first, each with its reason, nothing unpublished."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.initiatives.actors import ActorsIndex
from directory.initiatives.content import OrganisationContent, PartnerContent
from directory.initiatives.index import Corpus, CorpusIndex
from directory.initiatives.models import Initiative
from directory.initiatives.operations import withdraw
from directory.initiatives.public import Card, cards, sheet
from directory.initiatives.similar import CANDIDATES, KINDS, Beside, Similar, beside
from directory.initiatives.vocabulary import Agreement, Disclosure
from tests.factories import (
    ANTSIRABE,
    BORDEAUX,
    MORLAIX,
    PUERTO_LOPEZ,
    QUIMPER,
    SUVA,
    make_account,
    make_initiative,
    make_review,
)
from tests.initiatives.drawn import fill

NBSP = "\u00a0"
BETAFO = replace(ANTSIRABE, label="Betafo", name="Betafo", keys=("v:1067059", "a:MG.33", "p:MG"), lon=46.85, lat=-19.84)
TULEAR = replace(
    ANTSIRABE, label="Toliara", name="Toliara", keys=("v:1055429", "a:MG.51", "p:MG"), lon=43.69, lat=-23.35
)
"""Two other towns of Madagascar; Betafo lies in the division of Antsirabe."""
OWN: dict[str, Any] = {
    "title": "Un puits pour deux",
    "here": (MORLAIX,),
    "there": (ANTSIRABE,),
    "main_sector": "eau-assainissement",
    "carriers": (OrganisationContent("Le Puits", "association"),),
    "partners": (PartnerContent("Comité du puits", agreement=Agreement.YES),),
}
"""Its actors do nothing else: what one does elsewhere is named beside it, and not said to be similar."""


def current(session: Session) -> Corpus:
    return CorpusIndex().current(session)


def around(session: Session, initiative: Initiative, limit: int = 8) -> Beside:
    """What stands beside the sheet of an initiative."""
    corpus = current(session)
    taking_part = ActorsIndex().participations(session, corpus)
    return beside(corpus, taking_part, session, sheet(corpus, session, initiative.slug or ""), limit)


def resembling(session: Session, initiative: Initiative, limit: int = 8) -> list[Similar]:
    """The initiatives that resemble one."""
    return list(around(session, initiative, limit).similar)


def titles(found: list[Similar]) -> list[str]:
    return [one.card.title for one in found]


def test_the_nearest_kind_of_place_comes_first(session: Session) -> None:
    own = make_initiative(session, **OWN)
    plain: dict[str, Any] = {"main_sector": "sante", "summary": "Rien de semblable."}
    make_initiative(session, title="Ailleurs", here=(BORDEAUX,), there=(SUVA,), **plain)
    make_initiative(session, title="Département", here=(QUIMPER,), there=(SUVA,), **plain)
    make_initiative(session, title="Pays", here=(BORDEAUX,), there=(TULEAR,), **plain)
    make_initiative(session, title="Commune", here=(MORLAIX,), there=(SUVA,), **plain)
    make_initiative(session, title="Région là-bas", here=(BORDEAUX,), there=(BETAFO,), **plain)
    make_initiative(session, title="Ville", here=(BORDEAUX,), there=(ANTSIRABE,), **plain)
    found = resembling(session, own)
    assert titles(found) == ["Ville", "Région là-bas", "Commune", "Pays", "Département"]
    assert [one.reasons[0] for one in found] == [
        f"même ville là-bas{NBSP}: Antsirabe",
        f"même région là-bas{NBSP}: Alaotra Mangoro",
        f"même commune ici{NBSP}: Morlaix",
        f"même pays{NBSP}: Madagascar",
        f"même département{NBSP}: Finistère",
    ]


def test_in_one_town_what_has_more_in_common_comes_first(session: Session) -> None:
    own = make_initiative(session, **OWN, summary="Un forage et une fontaine.")
    same: dict[str, Any] = {"there": (ANTSIRABE,)}
    make_initiative(session, title="Même ville", here=(BORDEAUX,), **same, main_sector="sante", summary="Une clinique.")
    make_initiative(session, title="Mots", here=(BORDEAUX,), **same, main_sector="sante", summary="Des forages.")
    make_initiative(
        session, title="Domaine", here=(BORDEAUX,), **same, main_sector="eau-assainissement", summary="Tri."
    )
    make_initiative(session, title="Deux bouts", here=(MORLAIX,), **same, main_sector="sante", summary="Une clinique.")
    found = resembling(session, own)
    assert titles(found) == ["Deux bouts", "Domaine", "Mots", "Même ville"]
    assert found[0].reasons == (f"même ville là-bas{NBSP}: Antsirabe", f"même commune ici{NBSP}: Morlaix")
    assert found[1].reasons[1].startswith(f"même domaine{NBSP}: ")
    assert found[2].reasons[1] == f"mot en commun{NBSP}: forage"


def test_without_any_place_in_common_a_domain_is_enough(session: Session) -> None:
    own = make_initiative(session, **OWN)
    make_initiative(session, title="Loin", here=(BORDEAUX,), there=(SUVA,), main_sector="eau-assainissement")
    make_initiative(session, title="Rien de commun", here=(BORDEAUX,), there=(SUVA,), main_sector="sante")
    assert titles(resembling(session, own)) == ["Loin"]


def test_a_further_place_counts_as_the_first(session: Session) -> None:
    own = make_initiative(session, title="Deux lieux", here=(BORDEAUX, QUIMPER), there=(PUERTO_LOPEZ, ANTSIRABE))
    make_initiative(session, title="Autre", here=(MORLAIX, QUIMPER), there=(SUVA, ANTSIRABE), main_sector="sante")
    found = resembling(session, own)
    assert found[0].reasons[:2] == (f"même ville là-bas{NBSP}: Antsirabe", f"même commune ici{NBSP}: Quimper")


def test_itself_and_what_is_named_by_its_actors_are_left_out(session: Session) -> None:
    own = make_initiative(session, **OWN)
    make_initiative(session, title="Autre", there=(ANTSIRABE,))
    make_initiative(session, title="Du même acteur", there=(ANTSIRABE,), carriers=OWN["carriers"])
    found = around(session, own)
    assert titles(list(found.similar)) == ["Autre"]
    assert [one.title for one in found.elsewhere["le-puits"].named] == ["Du même acteur"]


def test_nothing_unpublished_or_withdrawn_stands_there(session: Session) -> None:
    own = make_initiative(session, **OWN)
    gone = make_initiative(session, title="Retirée", there=(ANTSIRABE,))
    withdraw(session, gone, actor=make_account(session, curates="reseau-bretagne-solidaire"))
    make_review(session)
    session.commit()
    assert resembling(session, own) == []


def test_a_withheld_place_is_near_by_what_is_shown_only(session: Session) -> None:
    own = make_initiative(session, **OWN)
    make_initiative(
        session, title="Protégée", here=(BORDEAUX,), there=(replace(ANTSIRABE, shown_as=Disclosure.COUNTRY),)
    )
    found = resembling(session, own)
    assert found[0].reasons[0] == f"même pays{NBSP}: Madagascar"


def test_an_actor_s_other_initiatives_are_counted_and_two_are_named(session: Session) -> None:
    made = [make_initiative(session, **OWN | {"title": f"Puits {number}", "partners": ()}) for number in range(4)]
    found = around(session, made[0]).elsewhere
    assert list(found) == ["le-puits"]
    assert found["le-puits"].count == 3
    assert [one.title for one in found["le-puits"].named] == ["Puits 3", "Puits 2"]


def test_an_actor_known_by_this_sheet_alone_has_nothing_else(session: Session) -> None:
    own = make_initiative(session, **OWN)
    assert around(session, own).elsewhere == {}


def test_drawn_at_random_the_order_is_that_of_a_plain_reading_of_the_cards(session: Session) -> None:
    fill(session, 60, seed=7)
    corpus = current(session)
    read = {card.slug: card for card in cards(corpus, session, corpus.ids)}
    made = {one.slug: one for one in session.scalars(select(Initiative)) if one.slug in read}
    for slug in list(read)[:12]:
        found = around(session, made[slug], CANDIDATES)
        named = {one.slug for also in found.elsewhere.values() for one in also.named}
        others = sorted(kind(read[slug], card) for other, card in read.items() if other not in {slug, *named})
        assert [kind(read[slug], one.card) for one in found.similar] == others[:CANDIDATES]
        assert all(one.reasons for one in found.similar)


def test_the_first_few_are_the_first_of_many(session: Session) -> None:
    """Where few are asked for, most are put aside before their words are read: none of the best must be."""
    fill(session, 60, seed=11)
    for own in session.scalars(select(Initiative).where(Initiative.slug.is_not(None)).limit(15)).all():
        many = titles(resembling(session, own, 10))
        assert [titles(resembling(session, own, few)) for few in (1, 2, 4)] == [many[:1], many[:2], many[:4]]


def kind(own: Card, other: Card) -> int:
    """The nearest kind of place in common, from every key of both cards."""
    mine, theirs = ({key for end in (*card.here, *card.there) for key in end.keys} for card in (own, other))
    shared = {key[0] for key in mine & theirs}
    return next((at for at, (letter, _, _) in enumerate(KINDS) if letter in shared), len(KINDS))
