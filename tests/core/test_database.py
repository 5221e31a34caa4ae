"""What both engines must do alike with points and instants."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from directory.core import database
from directory.core.database import in_bbox, make_engine, patient, point
from directory.core.geography import Box
from directory.core.jobs import Job, enqueue
from directory.initiatives.models import Anchor
from tests.factories import MORLAIX, SAINT_DENIS, SUVA, make_initiative


def test_a_box_finds_the_places_inside_and_only_them(session: Session) -> None:
    make_initiative(session, here=(MORLAIX,))
    make_initiative(session, here=(SAINT_DENIS,))
    found = session.scalars(select(Anchor.name).where(in_bbox(Anchor.geom, Box(-6, 47, 0, 49)))).all()
    assert found == ["Morlaix"]


def test_a_box_across_the_antimeridian_finds_fiji(session: Session) -> None:
    make_initiative(session, there=(SUVA,))
    assert session.scalars(select(Anchor.name).where(in_bbox(Anchor.geom, Box(170, -30, -170, 0)))).all() == ["Suva"]


def test_a_box_uses_the_spatial_index(session: Session) -> None:
    statement = select(Anchor.id).where(in_bbox(Anchor.geom, Box(-6, 47, 0, 49)))
    sql = str(statement.compile(session.get_bind(), compile_kwargs={"literal_binds": True}))
    if session.get_bind().dialect.name == "sqlite":
        plan = " ".join(str(row) for row in session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}"))
        assert "idx_anchor_geom VIRTUAL TABLE INDEX" in plan
        assert "SCAN anchor" not in plan
    else:
        session.connection().exec_driver_sql("SET LOCAL enable_seqscan = off")
        plan = " ".join(str(row) for row in session.connection().exec_driver_sql(f"EXPLAIN {sql}"))
        assert "idx_anchor_geom" in plan


@pytest.mark.parametrize(("lon", "lat"), [(200, 95), (float("nan"), 0), (0, float("inf"))])
def test_a_geometry_off_the_globe_cannot_be_made(lon: float, lat: float) -> None:
    with pytest.raises(ValueError, match="coordinates"):
        point(lon, lat)


def test_instants_come_back_aware_and_in_utc(session: Session) -> None:
    summer_in_paris = dt.datetime(2026, 7, 1, 12, tzinfo=dt.timezone(dt.timedelta(hours=2)))
    job = enqueue(session, "test")
    job.due_at = summer_in_paris
    session.flush()
    session.expire(job)
    assert session.get_one(Job, job.id).due_at == dt.datetime(2026, 7, 1, 10, tzinfo=dt.UTC)


def test_a_naive_instant_is_refused(session: Session) -> None:
    session.add(Job(kind="test", payload={}, due_at=dt.datetime(2026, 7, 1)))  # noqa: DTZ001  # the fault itself
    with pytest.raises(Exception, match="naive instant refused"):
        session.flush()


def test_sqlite_with_open_file_functions_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPATIALITE_SECURITY", "relaxed")
    with pytest.raises(RuntimeError, match="refused"):
        make_engine("sqlite://")


ENDLESS = "WITH RECURSIVE steps(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM steps) SELECT max(n) FROM steps"
LONG = (
    "WITH RECURSIVE steps(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM steps WHERE n < 1500000) SELECT max(n) FROM steps"
)


@pytest.fixture
def hurried(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """The same database, read with little patience: its limits are those of a new connection."""
    monkeypatch.setattr(database, "READING_MS", 150)
    made = make_engine(engine.url.render_as_string(hide_password=False))
    yield made
    made.dispose()


def test_a_statement_that_lasts_is_stopped_while_reading(hurried: Engine) -> None:
    with Session(hurried.execution_options(readonly=True)) as session:
        with pytest.raises(OperationalError):
            session.execute(text(ENDLESS)).all()
        session.rollback()
        assert session.scalar(text("SELECT 1")) == 1


def test_what_reads_everything_may_last(hurried: Engine) -> None:
    with Session(hurried.execution_options(readonly=True)) as session:
        with patient(session):
            assert session.scalar(text(LONG)) == 1_500_000
        with pytest.raises(OperationalError):
            session.execute(text(ENDLESS)).all()


def test_what_may_write_has_more_time_and_a_migration_all_of_it(hurried: Engine) -> None:
    with Session(hurried) as session:
        assert session.scalar(text(LONG)) == 1_500_000
        with patient(session):
            assert session.scalar(text(LONG)) == 1_500_000
        if session.get_bind().dialect.name == "postgresql":
            assert session.scalar(text("SHOW statement_timeout")) == "15s", "the limit is back"
    migrating = make_engine(hurried.url.render_as_string(hide_password=False), migrating=True)
    with Session(migrating) as session:
        with patient(session):
            assert session.scalar(text(LONG)) == 1_500_000
        assert session.scalar(text(LONG)) == 1_500_000
        if session.get_bind().dialect.name == "postgresql":
            assert session.scalar(text("SHOW statement_timeout")) == "0"
    migrating.dispose()
