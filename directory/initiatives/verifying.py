"""Search rows and columns compared with what is published, and search rows mended."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.initiatives import rebuilding
from directory.initiatives.filters import Filters
from directory.initiatives.index import CorpusIndex
from directory.initiatives.models import Initiative, InitiativeSector
from directory.initiatives.operations import raise_versions
from directory.initiatives.rebuilding import OutOfStep
from directory.initiatives.vocabulary import State

Progress = Callable[[int], None]
"""Told how many initiatives were gone through since the last time."""


def search_rows(session: Session, progress: Progress) -> OutOfStep:
    """Everything that differs between what is published and its search rows, words and index."""
    found = OutOfStep()
    for ids in rebuilding.batches(session):
        rebuilding.compare(session, ids, found)
        progress(len(ids))
    rebuilding.compare_words(session, found)
    return found


def columns(session: Session) -> list[str]:
    """What the columns in memory say otherwise than the tables, a line each: totals, and counts by sector."""
    corpus = CorpusIndex().current(session)
    published = set(session.scalars(select(Initiative.__table__.c.id).where(Initiative.state == State.PUBLISHED.value)))
    lost = sorted(published.symmetric_difference(corpus.ids.tolist()))
    lines = [f"initiatives : {len(published)} publiées, {corpus.size} en colonnes ({_some(lost)})"] if lost else []
    told = corpus.counts(session, Filters(), "sectors")
    counted = {
        row.sector_id: row.initiatives
        for row in session.execute(
            select(InitiativeSector.sector_id, func.count().label("initiatives"))
            .join(Initiative, Initiative.id == InitiativeSector.initiative_id)
            .where(Initiative.state == State.PUBLISHED.value)
            .group_by(InitiativeSector.sector_id)
        )
    }
    differing = sorted(one for one in told.keys() | counted.keys() if told.get(one, 0) != counted.get(one, 0))
    return lines + [f"secteur {one} : {counted.get(one, 0)} ici, {told.get(one, 0)} en colonnes" for one in differing]


def mend_rows(session: Session, ids: list[int]) -> int:
    """Mend the search rows of a batch, and tell every process; gives how many were wrong. Callers commit."""
    changed = rebuilding.rewrite(session, ids)
    if changed:
        raise_versions(session, changed)
    return len(changed)


def _some(ids: list[int]) -> str:
    return ", ".join(map(str, ids[:10])) + (" …" if len(ids) > 10 else "")


def lines(found: OutOfStep) -> Iterator[str]:
    """What differs, in words."""
    for ids, label in (
        (found.missing, "Sans ligne de recherche"),
        (found.extra, "Cherchées sans être publiées"),
        (found.other_words, "Cherchées par d’autres mots que les leurs"),
    ):
        if ids:
            yield f"{label} : {len(ids)} (initiatives {_some(ids)})"
    for words, label in (
        (found.unknown_words, "Mots jamais proposés"),
        (found.forgotten_words, "Mots disparus et proposés"),
    ):
        if words:
            yield f"{label} : {len(words)} ({', '.join(sorted(words)[:10])})"
    if found.is_index_damaged:
        yield "L’index des mots ne dit pas ce que disent les lignes de recherche."
