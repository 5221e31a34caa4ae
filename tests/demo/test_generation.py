"""Invented sheets: whole, within the rules, the same for the same seed, and never among real ones."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from statistics import median

import pytest
from flask.testing import FlaskClient
from sqlalchemy import String, distinct, func, select
from sqlalchemy.orm import Session, sessionmaker

from config import Settings
from directory.accounts import operations as accounts
from directory.core.errors import Conflict, Forbidden
from directory.core.text import words
from directory.demo import corpus, generation, mark, places
from directory.demo.bulk import Publisher, Told
from directory.demo.prose import COMMON_WORD, LENGTHS, RARE_WORD, Prose
from directory.geocoding.gazetteer import Gazetteer
from directory.initiatives import projection
from directory.initiatives.content import SCHEMA, from_json, to_json
from directory.initiatives.filters import Filters
from directory.initiatives.index import CorpusIndex
from directory.initiatives.models import (
    Anchor,
    CorpusChange,
    CorpusVersion,
    Initiative,
    Participation,
    Revision,
    SearchRow,
)
from directory.initiatives.queries import corpus_version
from directory.initiatives.rules import check, clean
from directory.initiatives.search import find
from directory.initiatives.vocabulary import Role, State
from directory.networks.queries import network_in_charge
from directory.organisations.models import Organisation
from tests.factories import make_initiative

DATA = Path(__file__).resolve().parents[2] / "data"
NUMBER = 200
FAULTS = (" de le ", " de les ", " a le ", " a les ", " de des ", " d des ")

Generate = Callable[..., int]


@pytest.fixture
def generate(
    sessions: sessionmaker[Session], settings: Settings, drawn: places.Places, monkeypatch: pytest.MonkeyPatch
) -> Generate:
    """Generate sheets inside the transaction of the test; returns how many were written."""
    monkeypatch.setattr(places, "read", lambda *_: drawn)

    @contextmanager
    def open_session() -> Iterator[Session]:
        with sessions() as session, session.begin():
            yield session

    def run(number: int = NUMBER, seed: int = 1, *, is_production: bool = False) -> int:
        steps = generation.run(
            open_session, settings.gazetteer, DATA, number=number, seed=seed, is_production=is_production
        )
        return sum(steps)

    return run


@pytest.fixture
def teller(drawn: places.Places) -> generation.Teller:
    """Who tells the sheets, without writing them."""
    return generation.Teller(Prose.read(DATA), drawn, 1)


def test_every_invented_sheet_opens(generate: Generate, client: FlaskClient, session: Session) -> None:
    assert generate(40) == 40
    slugs = session.scalars(select(Initiative.slug).where(Initiative.state == State.PUBLISHED)).all()
    assert len(slugs) == 40
    for slug in slugs:
        answer = client.get(f"/initiatives/{slug}")
        assert answer.status_code == 200, slug
        assert "Fiche inventée pour mesurer le site" in answer.text


def test_what_is_written_is_what_a_publication_would_write(generate: Generate, session: Session) -> None:
    assert generate() == NUMBER
    known = places.read_known(session)
    for initiative in session.scalars(select(Initiative)):
        revision = session.get_one(Revision, initiative.published_revision_id)
        assert (revision.initiative_id, revision.number, revision.schema) == (initiative.id, 1, SCHEMA)
        content = from_json(revision.content)
        assert initiative.title == content.title
        shown = [projection.make_anchors(content, known, agrees_to_place=agrees) for agrees in (False, True)]
        assert ends_of(initiative.anchors) in [ends_of(anchors) for anchors in shown]
        assert initiative.network_id == network_in_charge(session, content.here[0].keys).id
        assert [one.sector_id for one in initiative.sectors] == [content.main_sector, *content.other_sectors]
        carriers = [one for one in initiative.participations if one.role == Role.CARRIER]
        assert len(carriers) == len(content.carriers)


def ends_of(anchors: list[Anchor]) -> list[tuple[str, str, str, bool]]:
    """What the public reads of some ends."""
    return [(one.side, one.key, one.label, one.is_withheld) for one in anchors]


def test_the_columns_in_memory_agree_with_the_tables(generate: Generate, session: Session) -> None:
    generate()
    loaded = CorpusIndex().current(session)
    assert loaded.size == NUMBER
    counted = loaded.counts(session, Filters(), "countries")
    assert counted
    for code, count in counted.items():
        ends = Anchor.keys.cast(String).contains(f'"p:{code}"')
        initiatives = select(func.count(distinct(Anchor.initiative_id)))
        assert session.scalar(initiatives.where(Anchor.side == "there", ends)) == count
    assert session.scalar(select(func.count()).select_from(SearchRow)) == NUMBER


def test_the_corpus_version_tells_of_every_sheet(generate: Generate, session: Session) -> None:
    before = corpus_version(session)
    session.commit()
    generate()
    version = session.scalar(select(CorpusVersion.version))
    assert version == before + NUMBER
    changes = session.execute(select(CorpusChange.version, CorpusChange.initiative_id).order_by(CorpusChange.version))
    told = [(one.version, one.initiative_id) for one in changes if one.version > before]
    ids = session.scalars(select(Initiative.id).order_by(Initiative.id)).all()
    assert told == list(zip(range(before + 1, before + NUMBER + 1), ids, strict=True))


def test_the_next_publication_takes_a_number_of_its_own(generate: Generate, session: Session) -> None:
    generate(20)
    made = make_initiative(session, title="Après les autres")
    assert made.id > max(session.scalars(select(Initiative.id).where(Initiative.id != made.id)))


def test_words_are_as_frequent_as_the_bench_says(generate: Generate, session: Session) -> None:
    generate(600)
    assert 0.2 < len(find(session, COMMON_WORD).ids) / 600 < 0.45
    assert 0.01 < len(find(session, RARE_WORD).ids) / 600 < 0.04


def test_structures_are_met_again(generate: Generate, session: Session) -> None:
    generate(600)
    counted = session.scalars(
        select(func.count())
        .select_from(Participation)
        .join(Organisation, Organisation.id == Participation.organisation_id)
        .where(Participation.role == Role.CARRIER)
        .group_by(Organisation.id)
    ).all()
    assert max(counted) >= 5
    assert median(counted) == 1


def test_the_same_seed_tells_the_same_sheets(teller: generation.Teller) -> None:
    first, again = list(teller.batch(0, 60)), list(teller.batch(0, 60))
    assert first == again
    assert first[:20] == list(teller.batch(0, 20))
    other = generation.Teller(teller.prose, teller.places, 2)
    assert list(other.batch(0, 60)) != first


def test_several_processes_tell_what_one_tells(teller: generation.Teller, session: Session) -> None:
    publisher = Publisher.open(session, teller.places.known, author_id=1)
    maker = generation._Maker(teller, publisher)
    together = [[one.row["title"] for one in batch] for batch in maker.all([30, 30, 10])]
    alone = [maker.one(number, size) for number, size in enumerate((30, 30, 10))]
    assert together == [[one.row["title"] for one in batch] for batch in alone]


def test_every_invented_sheet_is_within_the_rules(teller: generation.Teller) -> None:
    told = list(teller.batch(3, 600))
    for one in told:
        agrees = one.agrees_to_place
        assert check(one.content, teller.places.known, today=dt.date(2026, 11, 22), curator_agrees=agrees) == []
        assert clean(one.content) == one.content
        assert from_json(to_json(one.content)) == one.content
        assert one.first_published_at <= one.published_at
    lengths = [len(one.content.description) for one in told]
    assert min(lengths) >= LENGTHS[0]
    assert max(lengths) <= LENGTHS[2]
    assert 45 <= median(len(one.content.title) for one in told) <= 75
    assert 110 <= median(len(one.content.summary) for one in told) <= 190


def test_invented_sheets_look_like_the_real_ones(teller: generation.Teller) -> None:
    told = list(teller.batch(5, 1000))
    assert 0.05 < _share(told, lambda one: len(one.content.there) > 1) < 0.3
    assert 0.05 < _share(told, lambda one: len(one.content.here) > 1) < 0.3
    countries = {one.content.there[0].keys[-1] for one in told}
    assert {"p:SN", "p:ML", "p:MG", "p:MA", "p:HT", "p:VN", "p:PS"} <= countries
    zones = {one.content.here[0].keys[-1] for one in told}
    assert {"z:FX", "z:04", "z:NC"} <= zones
    here = {anchor.keys[0][0] for one in told for anchor in one.content.here}
    there = {anchor.keys[0][0] for one in told for anchor in one.content.there}
    assert here >= set("cedr")
    assert there == set("vap")
    assert max(len(one.content.there) for one in told) <= 10


def _share(told: list[Told], holds: Callable[[Told], bool]) -> float:
    return sum(map(holds, told)) / len(told)


def test_sentences_do_not_stumble(teller: generation.Teller) -> None:
    for one in teller.batch(9, 400):
        text = f"{one.content.title} {one.content.summary} {one.content.description}"
        spoken = f" {' '.join(words(text))} "
        assert not [fault for fault in FAULTS if fault in spoken], text
        assert "[" not in text
        assert "'" not in one.content.title


def test_production_refuses(generate: Generate, session: Session) -> None:
    with pytest.raises(Forbidden):
        generate(10, is_production=True)
    assert session.scalar(select(func.count()).select_from(Initiative)) == 0


def test_a_base_with_real_sheets_or_people_refuses(generate: Generate, session: Session) -> None:
    accounts.create(session, "quelquun@exemple.org")
    session.commit()
    with pytest.raises(Conflict, match="base neuve"):
        generate(10)
    assert session.scalar(select(func.count()).select_from(Initiative)) == 0


def test_the_base_is_marked_so_that_production_refuses_it(generate: Generate, session: Session) -> None:
    generate(10)
    assert mark.found(session) is not None


def test_the_same_generation_is_not_made_twice_and_another_is_refused(generate: Generate) -> None:
    assert generate(10) == 10
    assert generate(10) == 0
    with pytest.raises(Conflict, match="base neuve"):
        generate(11)


def test_the_demonstration_may_come_before_or_after(generate: Generate, session: Session, gazetteer: Gazetteer) -> None:
    generate(10)
    assert corpus.load(session, gazetteer, DATA, is_production=False) > 0
    assert corpus.load(session, gazetteer, DATA, is_production=False) == 0


def test_a_hidden_place_is_told_by_nothing(teller: generation.Teller) -> None:
    told = [one for one in teller.batch(2, 400) if one.content.there[0].keys[-1] == "p:ML"]
    assert told
    for one in told:
        silent = replace(one, agrees_to_place=False)
        anchors = projection.make_anchors(one.content, teller.places.known, agrees_to_place=silent.agrees_to_place)
        assert {anchor.key for anchor in anchors if anchor.side == "there"} == {"p:ML"}
