"""Search rows, words and what a process keeps as sheets are published, corrected and withdrawn; rows that are wrong."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import delete, event, select, text, update
from sqlalchemy.orm import Session

from directory.initiatives import rebuilding, search
from directory.initiatives.analysis import parse
from directory.initiatives.content import OrganisationContent
from directory.initiatives.index import CorpusIndex
from directory.initiatives.models import SearchRow, SearchWord
from directory.initiatives.operations import publish, record_revision, withdraw
from directory.initiatives.postings import Holders, Kept
from directory.initiatives.queries import corpus_version
from tests.factories import BORDEAUX, MORLAIX, SEGOU, make_account, make_content, make_initiative


def test_what_is_kept_of_frequent_words_follows_publications_and_withdrawals(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("directory.initiatives.postings.FREQUENT", 1)
    made = [make_initiative(session, title=f"Four à pain {number}") for number in range(3)]
    kept = Kept(1)
    texts = ["pain", "fours", '"four à pain"', "pai", "pain -four", "soleil"]
    for asked in texts:
        assert search.find(session, asked, kept).ids.tolist() == search.find(session, asked).ids.tolist()
    assert kept.nbytes > 0
    author = make_account(session)
    curator = make_account(session, curates="reseau-bretagne-solidaire")
    withdraw(session, made[0], actor=curator)
    revision = record_revision(session, make_content(title="Four solaire"), author=author, initiative=None)
    new = publish(session, revision, actor=curator)
    later = kept.brought_forward(session, 2, [made[0].id, new.id])
    for asked in texts:
        found, told = search.find(session, asked, later), search.find(session, asked)
        assert (found.ids.tolist(), found.heading.tolist()) == (told.ids.tolist(), told.heading.tolist()), asked
    assert search.find(session, "pain", kept).ids.tolist() != search.find(session, "pain").ids.tolist()


def test_what_is_used_no_more_is_not_kept(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("directory.initiatives.postings.FREQUENT", 1)
    monkeypatch.setattr("directory.initiatives.postings.MOST_KEPT", 2)
    monkeypatch.setattr("directory.initiatives.postings.LEAST_KEPT", 2)
    make_initiative(session, title="Un deux trois")
    kept = Kept(1)
    for asked in ("deux", "trois", "elevage", "ecoles"):
        search.find(session, asked, kept)
    assert kept.get(parse("deux").wanted[0]) is None
    assert kept.get(parse("ecoles").wanted[0]) is not None


def test_a_word_goes_with_the_last_text_that_held_it(session: Session) -> None:
    first = make_initiative(session, title="Zythologie comparée")
    second = make_initiative(session, title="Zythologie appliquée")
    curator = make_account(session, curates="reseau-bretagne-solidaire")
    assert search.did_you_mean(session, "zithologie") == "zythologie"
    withdraw(session, first, actor=curator)
    assert session.get(SearchWord, "comparee") is None
    assert session.get(SearchWord, "zythologie") is not None
    withdraw(session, second, actor=curator)
    assert session.scalars(select(SearchWord.word)).all() == []
    assert search.did_you_mean(session, "zithologie") == ""


def test_a_corrected_sheet_is_no_longer_found_by_its_former_words(session: Session) -> None:
    author = make_account(session)
    curator = make_account(session, curates="reseau-bretagne-solidaire")
    revision = record_revision(session, make_content(title="Un moulin"), author=author, initiative=None)
    initiative = publish(session, revision, actor=curator)
    corrected = record_revision(session, make_content(title="Une meule"), author=author, initiative=initiative)
    publish(session, corrected, actor=curator)
    assert len(search.find(session, "moulin").ids) == 0
    assert search.find(session, "meules").ids.tolist() == [initiative.id]
    assert session.get(SearchWord, "moulin") is None


def run(app: Flask, command: str) -> Result:
    return app.test_cli_runner().invoke(args=["initiatives", command])


def test_a_corpus_in_step_is_told_so(app: Flask, session: Session) -> None:
    make_initiative(session)
    told = run(app, "check")
    assert (told.exit_code, told.stdout) == (0, "Tout correspond.\n")


def test_rows_out_of_step_are_told_and_mended_while_processes_hear_of_it(app: Flask, session: Session) -> None:
    made = [make_initiative(session, title=f"Pont {number}") for number in range(3)]
    corpus = CorpusIndex()
    corpus.current(session)
    session.execute(update(SearchRow).where(SearchRow.id == made[0].id).values(heading="| tunnel =tunnel"))
    session.execute(delete(SearchRow).where(SearchRow.id == made[1].id))
    session.add(SearchRow(id=unpublished(session), heading="| secret =secret", body="|"))
    session.execute(delete(SearchWord).where(SearchWord.word == "exposition"))
    session.add(SearchWord(word="disparu", sound="disparu"))
    session.commit()
    before = corpus_version(session)

    told = run(app, "check")
    assert told.exit_code == 1
    assert "Sans ligne de recherche : 1" in told.stdout
    assert "Cherchées sans être publiées : 1" in told.stdout
    assert "Cherchées par d’autres mots que les leurs : 1" in told.stdout
    assert "exposition" in told.stdout
    assert "disparu" in told.stdout
    assert len(search.find(session, "tunnel").ids) == 1

    mended = run(app, "reindex")
    assert (mended.exit_code, mended.stdout.startswith("3 lignes de recherche refaites")) == (0, True)
    session.expire_all()
    assert run(app, "check").stdout == "Tout correspond.\n"
    assert search.find(session, "pont").ids.tolist() == sorted(one.id for one in made)
    assert len(search.find(session, "tunnel").ids) == len(search.find(session, "secret").ids) == 0
    assert corpus_version(session) == before + 3
    assert corpus.current(session).size == 3


def test_an_index_that_lost_its_words_is_told_and_made_again(app: Flask, session: Session, backend: str) -> None:
    made = make_initiative(session, title="Phare")
    if backend == "sqlite":  # PostgreSQL keeps its index within each transaction: it cannot lose it alone
        session.execute(text("INSERT INTO initiative_fts(initiative_fts) VALUES ('delete-all')"))
        session.commit()
        assert len(search.find(session, "phare").ids) == 0
        told = run(app, "check")
        assert told.exit_code == 1
        assert "index" in told.stdout
    assert run(app, "reindex").exit_code == 0
    assert search.find(session, "phare").ids.tolist() == [made.id]
    assert run(app, "check").exit_code == 0


def test_many_batches_are_gone_through_in_order(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rebuilding, "BATCH", 2)
    made = [make_initiative(session).id for _ in range(5)]
    session.execute(delete(SearchRow).where(SearchRow.id == made[3]))
    assert [one for ids in rebuilding.batches(session) for one in ids] == made
    assert [one for ids in rebuilding.batches(session, after=made[2]) for one in ids] == made[3:]
    assert [len(ids) for ids in rebuilding.batches(session)] == [2, 2, 1]


def test_what_a_publication_writes_is_what_the_check_expects(session: Session) -> None:
    made = [
        make_initiative(session, here=(MORLAIX, BORDEAUX), there=(SEGOU,), other_sectors=("sante", "energie")),
        make_initiative(
            session, carriers=(OrganisationContent("Les Amis du monde"), OrganisationContent("L’Île & Co"))
        ),
    ]
    ids = [one.id for one in made]
    assert rebuilding.expected(session, ids) == rebuilding.stored(session, ids)


def unpublished(session: Session) -> int:
    author = make_account(session)
    return record_revision(session, make_content(title="Secret"), author=author, initiative=None).initiative_id


@pytest.mark.parametrize("asked", ["pain", "fo", '"four pain"'])
def test_a_word_is_looked_for_in_the_index_even_where_every_sheet_says_it(session: Session, asked: str) -> None:
    for number in range(20):
        make_initiative(session, title=f"Four à pain {number}")
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    if not is_sqlite:
        session.execute(text("ANALYZE initiative_search"))
    sent: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        sent.append((statement, parameters))

    connection = session.connection()
    event.listen(connection, "before_cursor_execute", note)
    assert len(search.find(session, asked).ids) == 20
    event.remove(connection, "before_cursor_execute", note)
    assert len(sent) == 2, "anywhere, then in titles and places"
    explain, index = ("EXPLAIN QUERY PLAN", "VIRTUAL TABLE INDEX") if is_sqlite else ("EXPLAIN", "Scan on ix_fts_")
    for statement, parameters in sent:
        plan = "\n".join(str(row[-1]) for row in connection.exec_driver_sql(f"{explain} {statement}", parameters))
        assert index in plan
        assert "Seq Scan" not in plan


def test_what_is_kept_of_words_has_a_weight(monkeypatch: pytest.MonkeyPatch) -> None:
    flags = np.ones(800, dtype=bool)
    units = [parse(f"mot{number}").wanted[0] for number in range(9)]
    monkeypatch.setattr("directory.initiatives.postings.LEAST_KEPT", 2)
    monkeypatch.setattr("directory.initiatives.postings.MAX_KEPT_BYTES", 5 * 200)
    kept = Kept(1)
    for unit in units:
        kept.put(unit, Holders(flags, flags))
    assert [kept.get(unit) is not None for unit in units] == [False] * 4 + [True] * 5
    assert kept.nbytes == 5 * 200
