"""The demonstration in the database: published by the way of everybody, once, never in production."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.core.errors import Conflict, Forbidden, Invalid
from directory.demo import corpus, mark, records
from directory.geocoding.gazetteer import Gazetteer
from directory.initiatives.models import Anchor, Initiative, Revision
from directory.initiatives.vocabulary import State
from directory.networks.models import Network
from directory.reference.models import ReferenceVersion, Vigilance
from directory.reviews.models import Review
from directory.reviews.vocabulary import ReviewState

DATA = Path(__file__).resolve().parents[2] / "data"


def test_every_record_is_published_after_a_review_by_the_network_of_its_place(
    session: Session, gazetteer: Gazetteer
) -> None:
    told = records.read(DATA)
    assert corpus.load(session, gazetteer, DATA, is_production=False) == len(told)
    published = select(Initiative).where(Initiative.state == State.PUBLISHED)
    initiatives = session.scalars(published.order_by(Initiative.id)).all()
    assert [initiative.title for initiative in initiatives] == [record.title for record in told]
    states = session.scalars(select(Review.state)).all()
    assert [str(state) for state in states] == [ReviewState.PUBLISHED.value] * len(told)
    rows = session.execute(select(Initiative.title, Network.slug).join(Network, Network.id == Initiative.network_id))
    networks = {row.title: row.slug for row in rows}
    assert networks["Guingamp-Paimpol et le Bongolava"] == "reseau-bretagne-solidaire"
    assert networks["Montreuil et le Mali, avec la diaspora"] == "file-nationale"


def test_what_is_protected_is_nowhere_finer_than_the_country(session: Session, gazetteer: Gazetteer) -> None:
    corpus.load(session, gazetteer, DATA, is_production=False)
    countries = {f"p:{code}" for code in session.scalars(select(Vigilance.country))}
    protected = [anchor for anchor in session.scalars(select(Anchor)) if countries & set(anchor.keys)]
    assert {tuple(anchor.keys) for anchor in protected} == {(key,) for key in countries}
    stored = session.scalars(select(Revision.content)).all()
    anchors = [anchor for content in stored for anchor in content["there"] if countries & set(anchor["keys"])]
    assert {tuple(anchor["keys"]) for anchor in anchors} == {(key,) for key in countries}


def test_loading_twice_publishes_once(session: Session, gazetteer: Gazetteer) -> None:
    first = corpus.load(session, gazetteer, DATA, is_production=False)
    assert corpus.load(session, gazetteer, DATA, is_production=False) == 0
    assert session.scalar(select(func.count()).select_from(Initiative)) == first


def test_the_database_is_marked_so_that_production_refuses_it(session: Session, gazetteer: Gazetteer) -> None:
    corpus.load(session, gazetteer, DATA, is_production=False)
    assert session.get(ReferenceVersion, "demonstration") is not None


def test_production_refuses_the_demonstration(session: Session, gazetteer: Gazetteer) -> None:
    with pytest.raises(Forbidden):
        corpus.load(session, gazetteer, DATA, is_production=True)
    assert session.scalar(select(func.count()).select_from(Initiative)) == 0


def test_another_version_asks_for_a_new_database(session: Session, gazetteer: Gazetteer) -> None:
    session.add(ReferenceVersion(name=mark.VERSION, digest="0" * 64))
    session.flush()
    with pytest.raises(Conflict):
        corpus.load(session, gazetteer, DATA, is_production=False)


def test_a_place_that_the_gazetteer_finds_elsewhere_is_refused(gazetteer: Gazetteer) -> None:
    locate = corpus.locator(gazetteer)
    morlaix = records.read(DATA)[0].here[0]
    assert locate(morlaix).keys[0] == "c:29151"
    for wrong in (replace(morlaix, key="c:29232"), replace(morlaix, place="Xyzzyqwfp (Finistère)")):
        with pytest.raises(Invalid):
            locate(wrong)
