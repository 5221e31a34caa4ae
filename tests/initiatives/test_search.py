"""The contract of search, the same on both engines: the list of queries, the rank, what is offered, any text at all."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from directory.initiatives import search
from directory.initiatives.analysis import Query, parse
from directory.initiatives.filters import Filters
from directory.initiatives.index import CorpusIndex
from directory.initiatives.models import Initiative, SearchRow
from directory.initiatives.postings import Text
from directory.initiatives.results import search as page_of
from tests.initiatives.worded import Asked, publish_sheets, queries

GROUPS = sorted({asked.group for asked in queries()})
ANY_TEXT = st.one_of(
    st.text(max_size=60),
    st.text(alphabet="eauforgeé'’\"«»-−*()|=&!: \x00\x07%_\\", max_size=80),
    st.lists(st.sampled_from([asked.text for asked in queries()]), max_size=3).map(" ".join),
)


@pytest.fixture(scope="module")
def reading(engine: Engine) -> Iterator[Session]:
    """A session that sees the sheets of the list, published once for this file."""
    with engine.connect() as connection:
        transaction = connection.begin()
        with Session(bind=connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as session:
            session.info["names"] = {made.id: name for name, made in publish_sheets(session).items()}
            yield session
        transaction.rollback()


def named(session: Session, text: str) -> set[str]:
    return {session.info["names"][one] for one in search.find(session, text).ids.tolist()}


def by_reading(session: Session, query: Query) -> tuple[list[int], list[int]]:
    """What a query finds, anywhere and in headings, when every row is read: no engine, no index."""
    anywhere, heading = [], []
    for row in session.scalars(select(SearchRow).order_by(SearchRow.id)):
        whole, first = Text(f"{row.heading} {row.body}"), Text(row.heading)
        if query.is_empty or any(whole.holds(unit) for unit in query.excluded):
            continue
        if all(whole.holds(unit) for unit in query.wanted):
            anywhere.append(row.id)
            if query.wanted and all(first.holds(unit) for unit in query.wanted):
                heading.append(row.id)
    return anywhere, heading


@pytest.mark.parametrize("group", GROUPS)
def test_the_queries_of_the_list_find_what_a_reader_expects(reading: Session, group: str) -> None:
    told = [asked for asked in queries() if asked.group == group and asked.expected is not None]
    wrong = {asked.text: found for asked in told if asked.expected != frozenset(found := named(reading, asked.text))}
    assert not wrong


def test_a_misspelt_query_offers_what_was_meant(reading: Session) -> None:
    told: list[Asked] = [asked for asked in queries() if asked.meant is not None]
    assert len(told) > 20
    assert {asked.text: search.did_you_mean(reading, asked.text) for asked in told} == {
        asked.text: asked.meant for asked in told
    }


def test_both_engines_find_for_every_query_what_reading_every_row_finds(reading: Session) -> None:
    assert len(queries()) >= 200
    for asked in queries():
        found = search.find(reading, asked.text)
        assert (found.ids.tolist(), found.heading.tolist()) == by_reading(reading, parse(asked.text)), asked.text
        assert found.ids.dtype == found.heading.dtype == np.int64


def test_the_first_page_is_the_same_on_both_engines_titles_and_places_first_then_the_newest(reading: Session) -> None:
    corpus = CorpusIndex().current(reading)
    titles = [card.title for card in page_of(corpus, reading, Filters(q="école")).cards]
    anywhere, heading = by_reading(reading, parse("école"))
    published = select(Initiative.id, Initiative.title).where(Initiative.id.in_(anywhere))
    rows = reading.execute(published.order_by(Initiative.published_at.desc(), Initiative.id)).all()
    assert 0 < len(heading) < len(anywhere)
    assert titles == [row.title for row in sorted(rows, key=lambda row: row.id not in heading)]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=ANY_TEXT)
def test_any_text_finds_what_reading_finds_and_is_never_refused(reading: Session, text: str) -> None:
    found = search.find(reading, text)
    assert (found.ids.tolist(), found.heading.tolist()) == by_reading(reading, parse(text))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=ANY_TEXT)
def test_what_is_offered_for_any_text_finds_something(reading: Session, text: str) -> None:
    offered = search.did_you_mean(reading, text)
    assert offered == "" or len(search.find(reading, offered).ids)


@pytest.mark.parametrize(
    "text",
    [
        "eau " * 2_500,
        '"' * 10_000,
        "-" * 10_000,
        "* " * 5_000,
        "(" * 10_000,
        "é" * 10_000,
        "a* OR " * 1_600,
        "-x " * 3_000,
    ],
)
def test_ten_thousand_characters_are_read_within_bounds(reading: Session, text: str) -> None:
    query = parse(text)
    assert len(query.wanted) + len(query.excluded) <= 12
    search.find(reading, text)
    search.did_you_mean(reading, text)


def test_beginnings_of_titles_are_found_within_a_limit(reading: Session) -> None:
    names = reading.info["names"]
    assert [names[one] for one in search.heading_beginning(reading, ["jumel"])] == ["jumelage"]
    assert [names[one] for one in search.heading_beginning(reading, ["cafe", "chia"])] == ["commerce"]
    assert search.heading_beginning(reading, []) == []
    assert len(search.heading_beginning(reading, ["s"], limit=2)) == 2
