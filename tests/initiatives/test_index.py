"""The columns in memory say what SQL says, follow each publication without a reload, and are shared by threads."""

from __future__ import annotations

import random
import threading
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
from alembic import command
from sqlalchemy import Engine, delete, func, literal, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

from directory.accounts.models import Account
from directory.core import database
from directory.core.database import make_engine, make_session_factory
from directory.initiatives import index as indexes
from directory.initiatives import updating
from directory.initiatives.columns import count_bits, repeats
from directory.initiatives.ends import Ends
from directory.initiatives.filters import Filters
from directory.initiatives.flows import flows
from directory.initiatives.index import Corpus, CorpusIndex, updated
from directory.initiatives.loading import fetched
from directory.initiatives.models import Anchor, CorpusChange, CorpusVersion, Initiative, InitiativeSector
from directory.initiatives.operations import raise_version, withdraw
from directory.initiatives.published import TERRITORY_FACETS
from directory.initiatives.queries import corpus_version
from directory.initiatives.search import find
from directory.organisations.models import Organisation
from tests.conftest import make_database, migration_config
from tests.factories import ANTSIRABE, MORLAIX, QUIMPER, make_account, make_initiative
from tests.initiatives import drawn as draw


def assert_same(one: Corpus, other: Corpus) -> None:
    """Both hold the same, array by array."""
    assert one.version == other.version
    for item in fields(one.columns):
        here, there = getattr(one.columns, item.name), getattr(other.columns, item.name)
        assert np.array_equal(here, there), item.name
        assert here.dtype.kind == there.dtype.kind, f"{item.name}: a flag that becomes a number selects by its place"
    for side, same in ((one.here, other.here), (one.there, other.there)):
        assert_same_ends(side, same)


def assert_same_ends(one: Ends, other: Ends) -> None:
    for name, column in one.columns().items():
        assert np.array_equal(column, getattr(other, name)), name
    table, same = one.territories, other.territories
    assert np.array_equal(table.keys, same.keys)
    assert [table.names[code] for code in range(len(table.keys))] == [same.names[n] for n in range(len(same.keys))]


def test_totals_and_counts_are_those_of_sql_whatever_the_filters(session: Session) -> None:
    draw.fill(session, 30, seed=1)
    corpus = CorpusIndex().current(session)
    dice = random.Random(2)  # noqa: S311  # a repeatable draw
    found = []
    for _ in range(40):
        chosen = draw.filters(dice)
        expected = draw.ids_in_sql(session, chosen, find(session, chosen.q).ids)
        assert set(corpus.ids[corpus.select(session, chosen)].tolist()) == expected, chosen
        found.append(len(expected))
    assert 0 in found
    assert max(found) == corpus.size
    assert len(set(found)) > 8, "the draw is too poor to prove anything"


@pytest.mark.parametrize(
    "attribute", ["sectors", "goals", "stages", "networks", "actor_types", "publics", "needs", *TERRITORY_FACETS]
)
def test_the_counts_of_a_facet_are_what_each_value_would_give(session: Session, attribute: str) -> None:
    draw.fill(session, 15, seed=3)
    corpus = CorpusIndex().current(session)
    for filters in (Filters(), Filters(regions=("53",)), Filters(sectors=("sante",), bbox=draw.BOXES[2])):
        counts = corpus.counts(session, filters, attribute)
        assert counts
        for value, count in counts.items():
            alone = Filters(**{**filters.__dict__, attribute: (value,)})
            assert count == len(draw.ids_in_sql(session, alone, ())), (filters, value)


def test_a_change_applied_gives_the_same_columns_as_a_load_of_everything(session: Session) -> None:
    actor = draw.fill(session, 12, seed=4)
    dice = random.Random(5)  # noqa: S311  # a repeatable draw
    corpus = updated(session, None, corpus_version(session))
    for _ in range(12):
        for _ in range(dice.randint(1, 3)):
            live = session.scalars(select(Initiative).where(Initiative.state == "published")).all()
            act = dice.choice(["new", "change", "withdraw"])
            if act == "withdraw" and len(live) > 3:
                withdraw(session, dice.choice(live), actor=actor)
            else:
                draw.published(session, actor, dice, dice.choice(live) if act == "change" else None)
        session.commit()
        version = corpus_version(session)
        changed = indexes.changed_since(session, corpus.version, version)
        assert changed
        corpus = updated(session, corpus, version)
        assert_same(corpus, updated(session, None, version))


def test_a_name_that_only_a_withdrawn_sheet_gave_goes_with_it(session: Session) -> None:
    first = make_initiative(session, there=(replace(ANTSIRABE, name="Autre nom"),))
    make_initiative(session, title="Deux rives", there=(ANTSIRABE,))
    before = updated(session, None, corpus_version(session))
    assert told(before, session) == {"Morlaix", "Autre nom"}
    withdraw(session, first, actor=make_account(session, curates="reseau-bretagne-solidaire"))
    session.commit()
    corpus = updated(session, before, corpus_version(session))
    assert told(corpus, session) == {"Morlaix", "Antsirabe"}
    assert_same(corpus, updated(session, None, corpus.version))
    make_initiative(session, title="Trois rives", there=(replace(ANTSIRABE, name="Autre nom"),))
    corpus = updated(session, corpus, corpus_version(session))
    assert_same(corpus, updated(session, None, corpus.version))


def told(corpus: Corpus, session: Session) -> set[str]:
    """The names that the map shows on the ground."""
    return {node.name for node in flows(corpus, session, Filters(), level=3).nodes}


def test_the_last_one_withdrawn_leaves_empty_columns_that_fill_again(session: Session) -> None:
    actor = draw.fill(session, 1, seed=6)
    corpus = updated(session, None, corpus_version(session))
    withdraw(session, session.scalars(select(Initiative).where(Initiative.state == "published")).one(), actor=actor)
    corpus = updated(session, corpus, corpus_version(session))
    assert (corpus.size, corpus.columns.links, corpus.here.size, corpus.there.size) == (0, 0, 0, 0)
    assert [flows(corpus, session, Filters(), level=level).nodes for level in range(4)] == [()] * 4
    assert corpus.counts(session, Filters(), "sectors") == {}
    draw.published(session, actor, random.Random(7))  # noqa: S311  # a repeatable draw
    corpus = updated(session, corpus, corpus_version(session))
    assert_same(corpus, updated(session, None, corpus.version))
    assert corpus.lying_in(("z:FX", "z:04")).tolist() == [True]


def test_an_organisation_whose_type_is_corrected_counts_under_it_everywhere(session: Session) -> None:
    first = make_initiative(session, carriers=(draw.CARRIERS[0],))
    corpus = CorpusIndex().current(session)
    make_initiative(session, carriers=(draw.CARRIERS[1],))
    corpus = updated(session, corpus, corpus_version(session))
    assert corpus.counts(session, Filters(), "actor_types") == {"commune": 2}
    assert first.id in corpus.ids[corpus.select(session, Filters(actor_types=("commune",)))]


def test_a_version_without_trace_or_too_many_changes_load_everything_again(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_initiative(session)
    corpus = CorpusIndex().current(session)
    make_initiative(session)
    version = corpus_version(session)
    assert indexes.changed_since(session, corpus.version, version) is not None
    monkeypatch.setattr(updating, "MOST", 0)
    assert indexes.changed_since(session, corpus.version, version) is None
    monkeypatch.undo()
    session.execute(delete(CorpusChange).where(CorpusChange.version == version))
    assert indexes.changed_since(session, corpus.version, version) is None
    assert_same(updated(session, corpus, version), updated(session, None, version))


def test_what_a_session_gives_up_is_never_shared(session: Session) -> None:
    index = CorpusIndex()
    before = index.current(session)
    nested = session.begin_nested()
    draw.published(session, draw.editor(session), random.Random(8))  # noqa: S311  # a repeatable draw
    assert index.current(session).size == before.size + 1
    nested.rollback()
    session.info.clear()
    assert index.current(session).columns is before.columns


def test_what_a_savepoint_gives_up_leaves_the_rest_private(session: Session) -> None:
    index = CorpusIndex()
    before = index.current(session)
    make_initiative(session)
    version = corpus_version(session)
    with session.begin_nested() as savepoint:
        raise_version(session, session.scalars(select(Initiative)).one())
        savepoint.rollback()
    assert corpus_version(session) == version
    assert index.current(session).size == before.size + 1
    assert index._corpus is not None
    assert index._corpus.version == before.version


def test_a_session_that_began_before_a_publication_gets_the_newer_columns(session: Session) -> None:
    index = CorpusIndex()
    make_initiative(session)
    session.info.clear()  # as another session would see it
    newer = index.current(session)
    session.execute(update(CorpusVersion).values(version=CorpusVersion.version - 1))
    seen = index.current(session)
    assert seen.columns is newer.columns
    # Sheets are read in the session: what it sees must not be kept under the name of what came after.
    assert seen.version == newer.version - 1


def test_a_database_put_back_to_an_earlier_day_is_loaded_again(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = CorpusIndex()
    make_initiative(session)
    session.info.clear()
    newer = index.current(session)
    session.execute(update(CorpusVersion).values(version=CorpusVersion.version - 1))
    monkeypatch.setattr(indexes, "LONGEST_REQUEST_SECONDS", 0.0)
    older = index.current(session)
    assert (older.version, older.columns is newer.columns) == (newer.version - 1, False)


def test_a_reader_is_not_kept_waiting_while_another_thread_loads(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = CorpusIndex()
    before = index.current(session)
    make_initiative(session)
    session.info.clear()
    monkeypatch.setattr(indexes, "PATIENCE_SECONDS", 0.01)
    with index._lock:  # another thread is bringing the columns up to date
        assert index.current(session).columns is before.columns
    assert index.current(session).size == before.size + 1


def test_an_initiative_that_lacks_an_end_is_in_no_list_and_breaks_none(session: Session) -> None:
    kept, broken = make_initiative(session), make_initiative(session)
    session.execute(delete(Anchor).where(Anchor.initiative_id == broken.id, Anchor.side == "there"))
    corpus = updated(session, None, corpus_version(session))
    assert corpus.ids.tolist() == [kept.id]
    assert flows(corpus, session, Filters(), level=3).total == 1


def test_a_hundred_thousand_links_weigh_what_their_integers_weigh(session: Session) -> None:
    draw.fill(session, 20, seed=9)
    corpus = CorpusIndex().current(session)
    columns = corpus.columns
    assert sum(getattr(columns, item.name).nbytes for item in fields(columns)) <= 48 * columns.links
    assert all(getattr(columns, item.name).dtype != object for item in fields(columns))
    tables = corpus.here.territories.nbytes + corpus.there.territories.nbytes
    assert tables < 1_400_000, "the lists of territories, names included, weigh the same at any size"


def test_names_of_organisations_are_those_that_a_published_initiative_tells(session: Session) -> None:
    make_initiative(session, carriers=(draw.CARRIERS[0],), partners=())
    session.add(Organisation(slug="cachee", name="Cachée", name_fold="cachee", side="here", place_key="d:29"))
    session.flush()
    named = CorpusIndex().current(session).known.organisations
    assert dict(named) == {"les-amis-du-monde": "Les Amis du monde"}
    assert "cachee" not in named
    assert len(named) == 1


@pytest.mark.parametrize(
    ("size", "width"), [(0, "u2"), (1, "u2"), (9, "u2"), (13, "u2"), (18, "u4"), (32, "u4"), (40, "u8")]
)
def test_bits_are_counted_whatever_their_number(size: int, width: str) -> None:
    dice = np.random.default_rng(size)
    column = dice.integers(0, 1 << size, 300, dtype=np.int64).astype(width)
    mask = dice.random(300) < 0.5
    expected = [sum(int(value) >> bit & 1 for value in column[mask]) for bit in range(size)]
    assert count_bits(column, mask, size).tolist() == expected
    assert count_bits(column, np.zeros(300, dtype=bool), size).tolist() == [0] * size


def test_bits_are_counted_by_parts() -> None:
    column = np.array([0b1, 0b11, 1 << 17, (1 << 17) | 1], dtype=np.uint32)
    assert count_bits(column, np.ones(4, dtype=bool), 18).tolist() == [3, 1, *[0] * 15, 2]
    assert count_bits(column, np.array([True, False, False, True]), 18).tolist() == [2, *[0] * 16, 1]


def test_what_comes_again_within_a_row_is_found_wherever_it_stands() -> None:
    rows, codes = np.array([1, 1, 1, 1, 2, 2]), np.array([7, 8, 7, 8, 7, 7])
    assert repeats(rows, codes).tolist() == [7, 8, 7]
    assert repeats(rows[:0], codes[:0]).tolist() == []


@pytest.mark.timeout(300)
def test_threads_read_whole_versions_while_others_publish(committed: sessionmaker[Session]) -> None:
    with committed() as session:
        lists = corpus_version(session)
        actor_id = draw.fill(session, 5, seed=10).id
    index = CorpusIndex()
    reading = make_session_factory(committed.kw["bind"], readonly=True)
    is_over = threading.Event()
    seen: list[tuple[int, int, int]] = []
    failures: list[BaseException] = []

    def read() -> None:
        try:
            while not is_over.is_set() or len(seen) < 10:
                with reading() as session:
                    corpus = index.current(session)
                    answer = flows(corpus, session, Filters(), level=3)
                    assert answer.total == corpus.size == len(corpus.newest) == len(corpus.alphabetical)
                    seen.append(
                        (corpus.version, corpus.size, sum(corpus.counts(session, Filters(), "stages").values()))
                    )
        except BaseException as error:  # noqa: BLE001  # told to the test
            failures.append(error)

    threads = [threading.Thread(target=read) for _ in range(2)]
    for thread in threads:
        thread.start()
    dice = random.Random(11)  # noqa: S311  # a repeatable draw
    for _ in range(6):
        with committed.begin() as session:
            draw.published(session, session.get_one(Account, actor_id), dice)
    is_over.set()
    for thread in threads:
        thread.join()
    assert failures == []
    # Every initiative of this test is new: columns hold as many as the number of their version, since the lists were
    # loaded, never part of one, and are told under no later number than the session saw.
    assert all(version - lists <= size == staged for version, size, staged in seen)
    with reading() as session:
        assert_same(index.current(session), updated(session, None, corpus_version(session)))
        assert session.scalars(select(InitiativeSector.sector_id)).first()


def test_links_here_and_there_keep_one_number_for_one_place(session: Session) -> None:
    for _ in range(3):
        make_initiative(session, here=(MORLAIX, QUIMPER))
    corpus = CorpusIndex().current(session)
    assert (corpus.columns.links, corpus.here.size, corpus.there.size) == (6, 2, 1)


def test_a_wide_read_that_lasts_is_stopped_as_any_other_statement(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "READING_MS", 150)
    row = select(literal(1).label("number")).cte(recursive=True)
    endless = row.union_all(select(row.c.number + 1))
    hurried = make_engine(engine.url.render_as_string(hide_password=False))
    with Session(hurried.execution_options(readonly=True)) as session:
        session.scalar(select(literal(1)))
        with pytest.raises(OperationalError):
            list(fetched(session, select(func.count()).select_from(endless)))
    hurried.dispose()


def test_a_directory_whose_lists_are_not_loaded_yet_is_read(backend: str, tmp_path: Path, worker_id: str) -> None:
    url = make_database(backend, tmp_path, f"bare_{worker_id}")
    command.upgrade(migration_config(url), "head")
    engine = make_engine(url)
    with Session(engine) as session:
        assert CorpusIndex().current(session).size == 0
    engine.dispose()
