"""The structure of the database: head equals the models; each step goes up, down and up again with data."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic import command
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, func, inspect, select
from sqlalchemy.orm import Session

from directory.core.database import make_engine
from directory.initiatives import results
from directory.initiatives.filters import Filters
from directory.initiatives.index import CorpusIndex
from directory.networks import operations as networks
from directory.reference import operations as reference
from directory.reference.models import Territory
from tests.conftest import ROOT, make_database, migration_config
from tests.factories import make_initiative


def test_head_equals_the_models(engine: Engine) -> None:
    command.check(migration_config(engine.url.render_as_string(hide_password=False)))
    with engine.connect() as connection:
        heads = ScriptDirectory(str(ROOT / "migrations")).get_heads()
        assert MigrationContext.configure(connection).get_current_heads() == tuple(heads)


@pytest.mark.timeout(300)
def test_every_step_goes_down_and_up_with_data(backend: str, tmp_path: Path, worker_id: str) -> None:
    url = make_database(backend, tmp_path, f"migrations_{worker_id}")
    configuration = migration_config(url)
    steps = [step.revision for step in ScriptDirectory(str(ROOT / "migrations")).walk_revisions()]
    command.upgrade(configuration, "head")
    _fill(url)
    for _ in steps:
        command.downgrade(configuration, "-1")
    engine = make_engine(url)
    assert not [name for name in inspect(engine).get_table_names() if name in {"initiative", "anchor", "account"}]
    engine.dispose()
    command.upgrade(configuration, "head")
    _fill(url)


def _fill(url: str) -> None:
    engine = make_engine(url)
    with Session(engine) as session, session.begin():
        reference.load(session, ROOT / "data")
        networks.load(session, ROOT / "data")
    with Session(engine, expire_on_commit=False) as session:
        make_initiative(session, title="Témoin")
        corpus = CorpusIndex().current(session)
        assert [card.title for card in results.search(corpus, session, Filters(q="temoin")).cards] == ["Témoin"]
        assert session.scalar(select(func.count()).select_from(Territory))
    engine.dispose()
