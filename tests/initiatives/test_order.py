"""Pages of a list: nobody sees an initiative twice, nor misses one, whatever is published or withdrawn meanwhile."""

from __future__ import annotations

import random
from urllib.parse import parse_qsl

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from directory.core.errors import BadFilter
from directory.initiatives import order
from directory.initiatives.filters import Filters, Sort
from directory.initiatives.index import CorpusIndex
from directory.initiatives.models import Initiative, Revision
from directory.initiatives.operations import publish, withdraw
from directory.initiatives.order import Nearest, Order, Ranked
from directory.initiatives.results import BY_NUMBER, Results, Turn, search
from tests.factories import MORLAIX, QUIMPER, make_account, make_initiative

CURATOR = "reseau-bretagne-solidaire"
PER_PAGE = 4


@st.composite
def orders(draw: st.DrawFn) -> tuple[Order, list[int]]:
    """An order and the rows that it must give."""
    size = draw(st.integers(0, 30))
    ranking = draw(st.permutations(range(size)))
    mask = draw(st.lists(st.booleans(), min_size=size, max_size=size))
    flags = np.array(mask, dtype=bool)
    kind = draw(st.sampled_from(["all", "some", "tiers", "nearest"]))
    rows = np.array(ranking, dtype=np.int64)
    if kind == "all":
        return Ranked(rows, (None,)), list(ranking)
    if kind == "some":
        return Ranked(rows, (flags,)), [row for row in ranking if mask[row]]
    if kind == "tiers":
        told = [row for row in ranking if mask[row]] + [row for row in ranking if not mask[row]]
        return Ranked(rows, (flags, ~flags)), told
    distances = draw(st.lists(st.sampled_from([0.0, 1.5, 2.0]), min_size=size, max_size=size))
    nearest = sorted((row for row in range(size) if mask[row]), key=lambda row: (distances[row], row))
    return Nearest(np.array(distances, dtype=float), flags), nearest


@given(orders(), st.integers(0, 35), st.integers(0, 12), st.sampled_from([1, 3, 1000]))
def test_a_page_is_cut_from_the_whole_order(told: tuple[Order, list[int]], first: int, count: int, part: int) -> None:
    given_order, rows = told
    usual, order.PART = order.PART, part
    try:
        assert given_order.total == len(rows)
        assert given_order.rows(first, count).tolist() == rows[first : first + count]
        assert [given_order.position(row) for row in rows] == list(range(len(rows)))
    finally:
        order.PART = usual


class Reader:
    """Somebody who reads a list page after page while it changes."""

    def __init__(self, session: Session, filters: Filters) -> None:
        self._session, self._filters, self._index = session, filters, CorpusIndex()
        self.page = self._read(BY_NUMBER, 1)
        self.seen = self._slugs()

    def onward(self) -> bool:
        """Follow « Page suivante »; False at the end."""
        if not self.page.has_more:
            return False
        self.page = self._read(Turn.onward(self.page.cards), self.page.page + 1)
        self.seen += self._slugs()
        return True

    def back(self) -> list[str]:
        """Follow « Page précédente »."""
        page = -(-self.page.first // PER_PAGE)
        self.page = self._read(Turn.back(self.page.cards), page)
        return self._slugs()

    def _read(self, turn: Turn, page: int) -> Results:
        corpus = self._index.current(self._session)
        pairs = turn.to_query()
        return search(
            corpus,
            self._session,
            Filters(q=self._filters.q, here=self._filters.here, sort=self._filters.sort, page=page),
            turn=Turn.parse(MultiDict(pairs)),
            per_page=PER_PAGE,
        )

    def _slugs(self) -> list[str]:
        return [card.slug for card in self.page.cards]


def published(session: Session) -> list[Initiative]:
    return list(session.scalars(select(Initiative).where(Initiative.state == "published")))


@pytest.mark.parametrize(
    "filters",
    [
        Filters(),
        Filters(sort=Sort.TITLE),
        Filters(q="école"),
        Filters(here=("r:53",), sort=Sort.NEAREST),
    ],
    ids=["newest", "alphabetical", "relevance", "nearest"],
)
@pytest.mark.parametrize("seed", [1, 2])
def test_no_card_is_seen_twice_nor_missed_while_others_come_and_go(
    session: Session, filters: Filters, seed: int
) -> None:
    drawn = random.Random(seed)  # noqa: S311  # a repeatable draw
    curator = make_account(session, curates=CURATOR)

    def publish_one() -> None:
        words = drawn.choice(["École", "Puits", "Atelier"])
        place = drawn.choice([MORLAIX, QUIMPER])
        make_initiative(session, title=f"{words} {drawn.random():.4f}", here=(place,), summary="Une école s’ouvre.")

    for _ in range(14):
        publish_one()
    stays = {one.slug for one in published(session)}
    reader = Reader(session, filters)
    while True:
        for _ in range(drawn.randint(0, 2)):
            publish_one()
        for gone in drawn.sample(published(session), drawn.randint(0, 2)):
            withdraw(session, gone, actor=curator)
            stays.discard(gone.slug)
        session.commit()
        if not reader.onward():
            break
    assert len(reader.seen) == len(set(reader.seen)), "nobody sees a card twice"
    assert stays <= set(reader.seen), "nobody misses one"


def again(session: Session, initiative: Initiative) -> None:
    """Publish an initiative once more: it is now the last published."""
    revision = session.get_one(Revision, initiative.published_revision_id)
    publish(session, revision, actor=make_account(session, curates=CURATOR))
    session.commit()


def test_a_card_published_again_while_one_reads_does_not_bring_the_whole_list_back(session: Session) -> None:
    for number in range(9):
        make_initiative(session, title=f"Initiative {number}")
    reader = Reader(session, Filters())
    last = session.scalars(select(Initiative).where(Initiative.slug == reader.seen[-1])).one()
    again(session, last)
    reader.onward()
    assert len(reader.seen) == len(set(reader.seen)) == 2 * PER_PAGE


def test_the_page_before_shows_what_was_before_even_when_others_came(session: Session) -> None:
    for number in range(9):
        make_initiative(session, title=f"Initiative {number}")
    reader = Reader(session, Filters())
    first = list(reader.seen)
    reader.onward()
    make_initiative(session, title="Nouvelle")
    assert reader.back() == first
    assert reader.back() == ["nouvelle"]


def test_when_nothing_of_a_page_is_left_its_number_is_used(session: Session) -> None:
    for number in range(9):
        make_initiative(session, title=f"Initiative {number}")
    corpus = CorpusIndex().current(session)
    lost = Turn(after=("n-existe-plus",))
    assert search(corpus, session, Filters(page=2), turn=lost, per_page=PER_PAGE).first == PER_PAGE
    assert search(corpus, session, Filters(page=50), turn=lost, per_page=PER_PAGE).first == 2 * PER_PAGE
    last = search(corpus, session, Filters(page=3), per_page=PER_PAGE)
    assert search(corpus, session, Filters(), turn=Turn.onward(last.cards), per_page=PER_PAGE).cards == ()


@pytest.mark.parametrize(
    "query", ["apres=Majuscule", "apres=a&apres=b&apres=c&apres=d", "avant=%00", f"avant={'a' * 101}"]
)
def test_a_page_that_no_link_of_ours_names_is_refused(query: str) -> None:
    pairs = parse_qsl(query)
    with pytest.raises(BadFilter, match="reprenez la liste à son début"):
        Turn.parse(MultiDict(pairs))
