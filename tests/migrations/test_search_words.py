"""The words of what is published, from one way of indexing them to the next and back."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from directory.core.database import make_engine
from directory.initiatives import search, verifying
from directory.initiatives.models import SearchRow
from directory.networks import operations as networks
from directory.reference import operations as reference
from tests.conftest import ROOT, make_database, migration_config
from tests.factories import make_initiative


@pytest.mark.timeout(300)
def test_what_is_published_keeps_its_words_down_and_up(backend: str, tmp_path: Path, worker_id: str) -> None:
    url = make_database(backend, tmp_path, f"search_words_{worker_id}")
    command.upgrade(migration_config(url), "head")
    engine = make_engine(url)
    with Session(engine) as session, session.begin():
        reference.load(session, ROOT / "data")
        networks.load(session, ROOT / "data")
    with Session(engine, expire_on_commit=False) as session:
        made = make_initiative(session, title="L’École des forages").id
    engine.dispose()

    command.downgrade(migration_config(url), "20261122_reports")
    with engine.connect() as connection:
        heading = connection.scalar(select(SearchRow.heading).where(SearchRow.id == made))
        assert heading is not None
        assert heading.startswith("ecole forages morlaix")
        assert not set(heading) & set("|=")
        if backend == "sqlite":
            query = "SELECT rowid FROM initiative_fts WHERE initiative_fts MATCH 'forages'"
        else:
            query = "SELECT id FROM initiative_search WHERE to_tsvector('simple', heading) @@ 'forages'::tsquery"
        assert connection.scalar(text(query)) == made
    engine.dispose()

    command.upgrade(migration_config(url), "head")
    with Session(engine) as session:
        assert search.find(session, "forage").ids.tolist() == [made]
        assert not verifying.search_rows(session, lambda _: None)
    engine.dispose()
