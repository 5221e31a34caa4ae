"""The corpus of this process, brought up to the version of the database at each use without stopping anybody.

A worker compares one number at each request. What was published or withdrawn since (`corpus_change`) is read again,
applied to a copy of the columns, and the copy takes the place of the old ones in one assignment.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy import Result, select
from sqlalchemy.orm import Session

from directory.core.database import patient
from directory.initiatives import updating
from directory.initiatives.filters import KnownValues
from directory.initiatives.loading import Lists, listed, load
from directory.initiatives.models import CorpusChange
from directory.initiatives.postings import Kept
from directory.initiatives.published import Corpus, PublicOrganisations
from directory.initiatives.queries import corpus_version, has_raised
from directory.initiatives.territories import ListedNames
from directory.initiatives.vocabulary import STAGE_LABELS, STAGE_SLUGS, Stage
from directory.networks.models import Network
from directory.reference.models import ActorType, Goal, Need, PublicGroup, ReferenceVersion, Sector

__all__ = ["Corpus", "CorpusIndex"]

PATIENCE_SECONDS = 0.2
"""How long a request waits for a thread that is bringing the columns up to date, before it uses those there are."""
LONGEST_REQUEST_SECONDS = 60.0
"""A session that sees an older version than the columns began before them; later, the database itself went back."""

log = logging.getLogger(__name__)


class CorpusIndex:
    """The columns of one process."""

    def __init__(self) -> None:
        self._corpus: Corpus | None = None
        self._swapped_at = 0.0
        self._lock = threading.Lock()

    def current(self, session: Session) -> Corpus:
        """The corpus that this session sees, or a newer one; an older one only while another thread brings it up.

        Its version is never later than what the session sees: an answer also tells what it reads there by itself, and
        must not be kept under the name of a publication that it does not show.
        """
        version = corpus_version(session)
        corpus = self._corpus
        if corpus is None or not self._is_good(corpus, version):
            corpus = self._brought_up(session, version)
        known = replace(corpus.known, organisations=PublicOrganisations(session))
        return replace(corpus, version=min(version, corpus.version), known=known)

    def _is_good(self, corpus: Corpus, version: int) -> bool:
        is_recent = time.monotonic() - self._swapped_at < LONGEST_REQUEST_SECONDS
        return corpus.version == version or (corpus.version > version and is_recent)

    def _brought_up(self, session: Session, version: int) -> Corpus:
        if has_raised(session, version):
            # This very session published and may still give it up: what it sees is nobody else's yet.
            return updated(session, self._corpus, version)
        if not self._lock.acquire(timeout=-1 if self._corpus is None else PATIENCE_SECONDS):
            return self._corpus or updated(session, None, version)
        try:
            if self._corpus is None or not self._is_good(self._corpus, version):
                self._corpus = updated(session, self._corpus, version)
                self._swapped_at = time.monotonic()
            return self._corpus
        finally:
            self._lock.release()


def updated(session: Session, corpus: Corpus | None, version: int) -> Corpus:
    """The corpus at a version: the changes since the one given, or everything when they cannot be told."""
    lists = _lists(session)
    changed = changed_since(session, corpus.version, version) if corpus is not None and corpus.lists == lists else None
    if corpus is None or changed is None:
        began = time.perf_counter()
        tables = listed(session)
        with patient(session):
            part = load(session, lists, tables, None)
        columns, here, there, kept = part.columns, part.here, part.there, Kept(version)
        log.info("corpus %s loaded: %s initiatives in %.2f s", version, columns.size, time.perf_counter() - began)
    else:
        columns, here, there = updating.apply(session, corpus.columns, corpus.here, corpus.there, lists, changed)
        kept = corpus.kept.brought_forward(session, version, changed)
    return Corpus(
        version=version,
        lists=lists,
        columns=columns,
        here=here,
        there=there,
        kept=kept,
        networks={number: slug for number, slug in session.execute(select(Network.id, Network.slug))},  # noqa: C416  # typed
        known=_known(session, ListedNames((here.territories, there.territories))),
    )


def changed_since(session: Session, since: int, version: int) -> list[int] | None:
    """What was published or withdrawn since; None when it is too much, or when a version has left no trace."""
    missing = version - since
    if not 0 < missing <= updating.MOST:
        return None
    rows = session.scalars(
        select(CorpusChange.initiative_id).where(CorpusChange.version > since, CorpusChange.version <= version)
    ).all()
    return sorted(set(rows)) if len(rows) == missing else None


def _lists(session: Session) -> Lists:
    return Lists(
        digest="".join(session.scalars(select(ReferenceVersion.digest).order_by(ReferenceVersion.name))),
        sectors=tuple(session.scalars(select(Sector.id).order_by(Sector.position, Sector.id))),
        goals=tuple(session.scalars(select(Goal.number).order_by(Goal.number))),
        actor_types=tuple(session.scalars(select(ActorType.id).order_by(ActorType.position, ActorType.id))),
        publics=tuple(session.scalars(select(PublicGroup.id).order_by(PublicGroup.position, PublicGroup.id))),
        needs=tuple(session.scalars(select(Need.id).order_by(Need.position, Need.id))),
    )


def _known(session: Session, territories: ListedNames) -> KnownValues:
    return KnownValues(
        sectors=_labels(session.execute(select(Sector.id, Sector.label).order_by(Sector.position))),
        goals=_labels(session.execute(select(Goal.number, Goal.label).order_by(Goal.number))),
        networks=_labels(session.execute(select(Network.slug, Network.name))),
        actor_types=_labels(session.execute(select(ActorType.id, ActorType.label).order_by(ActorType.position))),
        publics=_labels(session.execute(select(PublicGroup.id, PublicGroup.label).order_by(PublicGroup.position))),
        needs=_labels(session.execute(select(Need.id, Need.label).order_by(Need.position))),
        stages={STAGE_SLUGS[stage]: STAGE_LABELS[stage] for stage in Stage},
        territories=territories,
    )


def _labels(rows: Result[Any, str] | Iterable[tuple[Any, str]]) -> dict[str, str]:
    return {str(value): label for value, label in rows}
