"""With which territories a selection is linked, and since when: what SQL says, initiative by initiative."""

from __future__ import annotations

import random
from collections import Counter, defaultdict

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.initiatives.filters import Filters
from directory.initiatives.index import CorpusIndex
from directory.initiatives.models import Anchor, Initiative
from directory.reference.keys import Level, level_of
from tests.factories import make_initiative
from tests.initiatives import drawn as draw


@pytest.mark.parametrize("level", list(Level))
def test_the_territories_of_a_level_are_counted_once_an_initiative(session: Session, level: Level) -> None:
    draw.fill(session, 25, seed=11)
    make_initiative(session)  # its partner agreed: its town is shown
    corpus = CorpusIndex().current(session)
    dice = random.Random(12)  # noqa: S311  # a repeatable draw
    for filters in (Filters(), Filters(here=("r:53",)), *(draw.filters(dice) for _ in range(6))):
        mask = corpus.select(session, filters)
        chosen = set(corpus.ids[mask].tolist())
        found = {one.key: one.initiatives for one in corpus.partners(mask, level)}
        assert found == _in_sql(session, chosen, level), filters
    order = [(-one.initiatives, one.key) for one in corpus.partners(corpus.select(session, Filters()), level)]
    assert order
    assert order == sorted(order)


def _in_sql(session: Session, chosen: set[int], level: Level) -> dict[str, int]:
    held: dict[str, set[int]] = defaultdict(set)
    for anchor in session.scalars(select(Anchor).where(Anchor.initiative_id.in_(chosen))):
        for key in anchor.keys:
            if level_of(key) is level:
                held[key].add(anchor.initiative_id)
    return {key: len(owners) for key, owners in held.items()}


def test_years_leave_out_those_that_do_not_say(session: Session) -> None:
    draw.fill(session, 20, seed=13)
    corpus = CorpusIndex().current(session)
    mask = corpus.select(session, Filters(countries=("MG",)))
    chosen = set(corpus.ids[mask].tolist())
    years = session.scalars(select(Initiative.since_year).where(Initiative.id.in_(chosen))).all()
    assert None in years
    assert corpus.years(mask) == Counter(year for year in years if year)
    assert list(corpus.years(mask)) == sorted(corpus.years(mask))


def test_nothing_selected_is_linked_with_nothing(session: Session) -> None:
    draw.fill(session, 3, seed=14)
    corpus = CorpusIndex().current(session)
    nothing = corpus.select(session, Filters(since=2021))
    assert not nothing.any()
    assert corpus.partners(nothing, Level.COUNTRY) == []
    assert corpus.years(nothing) == {}
