"""The published corpus as columns in memory: any selection and every count in a few milliseconds, always exact.

One snapshot per version, immutable once built, so that threads share it. Initiatives are numbered 0…n-1 ("rows");
a facet is a list of distinct (row, code) pairs, so that counting is one bincount.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Result, func, select
from sqlalchemy.orm import Session

from directory.core.geography import Box
from directory.initiatives.filters import Filters, KnownValues
from directory.initiatives.models import (
    Anchor,
    Initiative,
    InitiativeGoal,
    InitiativeSector,
    Participation,
)
from directory.initiatives.queries import corpus_version
from directory.initiatives.search import matching_ids
from directory.initiatives.vocabulary import STAGE_LABELS, STAGE_SLUGS, Role, Stage, State
from directory.networks.models import Network
from directory.organisations.models import Organisation
from directory.reference.keys import Side
from directory.reference.models import ActorType, Goal, Sector, Territory

Rows = NDArray[np.int64]
Mask = NDArray[np.bool_]

TERRITORY_FACETS = {"countries": "p:", "regions": "r:", "departements": "d:"}
"""Attributes of Filters that are territories, with the letter of their keys."""


@dataclass(frozen=True)
class Pairs:
    """Distinct (row, code) pairs of one facet; `values[code]` is what the code stands for."""

    row: Rows
    code: Rows
    values: tuple[str, ...]

    @classmethod
    def of(cls, pairs: Iterable[tuple[int, str]]) -> Pairs:
        """The pairs of (row, value), doubles dropped."""
        distinct = sorted(set(pairs))
        values = tuple(sorted({value for _, value in distinct}))
        codes = {value: code for code, value in enumerate(values)}
        row = np.array([row for row, _ in distinct], dtype=np.int64)
        return cls(row, np.array([codes[value] for _, value in distinct], dtype=np.int64), values)

    def having(self, wanted: Iterable[str], size: int) -> Mask:
        """The rows that have one of the values."""
        chosen = set(wanted)
        codes = [code for code, value in enumerate(self.values) if value in chosen]
        mask = np.zeros(size, dtype=bool)
        mask[self.row[np.isin(self.code, codes)]] = True
        return mask

    def counts(self, mask: Mask) -> dict[str, int]:
        """How many selected rows have each value; values without any are left out."""
        found = np.bincount(self.code[mask[self.row]], minlength=len(self.values))
        return {self.values[code]: int(found[code]) for code in np.flatnonzero(found)}


@dataclass(frozen=True)
class Ends:
    """The anchors as columns: row, side, shown point in degrees, keys from the shown territory to the coarsest."""

    row: Rows
    is_here: Mask
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    keys: tuple[tuple[str, ...], ...]
    names: tuple[str, ...]

    def inside(self, box: Box) -> Mask:
        """The anchors in a box."""
        within = np.zeros(len(self.row), dtype=bool)
        for west, east in box.ranges():
            within |= (self.lon >= west) & (self.lon <= east)
        return within & (self.lat >= box.south) & (self.lat <= box.north)


@dataclass(frozen=True)
class Links:
    """The star of each initiative: the row, and the anchors (numbers in Ends) at both ends."""

    row: Rows
    here: Rows
    there: Rows


@dataclass(frozen=True)
class Corpus:
    """Everything published at one version."""

    version: int
    ids: Rows
    newest: Rows
    alphabetical: Rows
    since: Rows
    facets: dict[str, Pairs]
    territories: Pairs
    ends: Ends
    links: Links
    known: KnownValues
    centres: dict[str, tuple[float, float]]

    @property
    def size(self) -> int:
        """How many initiatives are published."""
        return len(self.ids)

    def select(self, session: Session, filters: Filters, *, without: str = "") -> Mask:
        """The rows that a selection holds; `without` ignores one attribute, for the counts of its own facet."""
        mask = np.ones(self.size, dtype=bool)
        if filters.q and without != "q":
            mask &= np.isin(self.ids, np.fromiter(matching_ids(session, filters.q), dtype=np.int64))
        for attribute, pairs in self.facets.items():
            wanted = getattr(filters, attribute)
            if wanted and without != attribute:
                mask &= pairs.having(wanted, self.size)
        for attribute, letter in TERRITORY_FACETS.items():
            wanted = getattr(filters, attribute)
            if wanted and without != attribute:
                mask &= self.territories.having((letter + value for value in wanted), self.size)
        for attribute in ("here", "there"):
            wanted = getattr(filters, attribute)
            if wanted and without != attribute:
                mask &= self.territories.having(wanted, self.size)
        if filters.since is not None:
            mask &= self.since >= filters.since
        if filters.bbox is not None:
            inside = np.zeros(self.size, dtype=bool)
            inside[self.ends.row[self.ends.inside(filters.bbox)]] = True
            mask &= inside
        return mask

    def counts(self, session: Session, filters: Filters, attribute: str) -> dict[str, int]:
        """How many initiatives each value of a facet would give, the facet's own choice being ignored."""
        mask = self.select(session, filters, without=attribute)
        if attribute in TERRITORY_FACETS:
            letter = TERRITORY_FACETS[attribute]
            found = self.territories.counts(mask)
            return {key.removeprefix(letter): count for key, count in found.items() if key.startswith(letter)}
        return self.facets[attribute].counts(mask)


class CorpusIndex:
    """The current snapshot of one process: compared with the version at each use, rebuilt when it changed."""

    def __init__(self) -> None:
        self._corpus: Corpus | None = None
        self._lock = threading.Lock()

    def current(self, session: Session) -> Corpus:
        """The corpus at the version that this session sees."""
        version = corpus_version(session)
        corpus = self._corpus
        if corpus is not None and corpus.version == version:
            return corpus
        with self._lock:
            if self._corpus is not None and self._corpus.version == version:
                return self._corpus
            corpus = load_corpus(session, version)
            # A request that began before the last publication gets what its session sees, and keeps it to itself.
            if self._corpus is None or self._corpus.version < version:
                self._corpus = corpus
            return corpus


def load_corpus(session: Session, version: int) -> Corpus:
    """Read everything published into columns."""
    facts = session.execute(
        select(Initiative.id, Initiative.title_fold, Initiative.published_at, Initiative.since_year, Initiative.stage)
        .add_columns(Network.slug)
        .join(Network, Network.id == Initiative.network_id)
        .where(Initiative.state == State.PUBLISHED.value)
        .order_by(Initiative.id)
    ).all()
    row_of = {fact.id: row for row, fact in enumerate(facts)}
    dates = np.array([fact.published_at.timestamp() for fact in facts], dtype=np.float64)
    ends = _load_ends(session, row_of)
    known = _load_known(session)
    territory_pairs = [(int(row), key) for row, keys in zip(ends.row, ends.keys, strict=True) for key in keys]
    return Corpus(
        version=version,
        ids=np.array([fact.id for fact in facts], dtype=np.int64),
        newest=np.argsort(-dates, kind="stable"),
        alphabetical=np.array(sorted(range(len(facts)), key=lambda row: facts[row].title_fold), dtype=np.int64),
        since=np.array([fact.since_year or 0 for fact in facts], dtype=np.int64),
        facets=_load_facets(session, row_of, facts),
        territories=Pairs.of(territory_pairs),
        ends=ends,
        links=_star(ends, len(facts)),
        known=known,
        centres=_load_centres(session, {key for keys in ends.keys for key in keys}),
    )


def _load_facets(session: Session, row_of: dict[int, int], facts: Iterable[object]) -> dict[str, Pairs]:
    sectors = session.execute(select(InitiativeSector.initiative_id, InitiativeSector.sector_id))
    goals = session.execute(select(InitiativeGoal.initiative_id, InitiativeGoal.goal))
    organisations = session.execute(
        select(Participation.initiative_id, Participation.role, Organisation.slug, Organisation.actor_type).join(
            Organisation, Organisation.id == Participation.organisation_id
        )
    ).all()
    organisations = [row for row in organisations if row.initiative_id in row_of]
    carriers = [row for row in organisations if row.role == Role.CARRIER and row.actor_type]
    return {
        "sectors": Pairs.of((row_of[one], sector) for one, sector in sectors if one in row_of),
        "goals": Pairs.of((row_of[one], str(goal)) for one, goal in goals if one in row_of),
        "stages": Pairs.of((row, STAGE_SLUGS[Stage(fact.stage)]) for row, fact in enumerate(facts)),  # type: ignore[attr-defined]  # a Row
        "networks": Pairs.of((row, fact.slug) for row, fact in enumerate(facts)),  # type: ignore[attr-defined]  # a Row
        "actor_types": Pairs.of((row_of[one.initiative_id], one.actor_type) for one in carriers),
        "organisations": Pairs.of((row_of[one.initiative_id], one.slug) for one in organisations),
    }


def _load_ends(session: Session, row_of: dict[int, int]) -> Ends:
    anchors = session.execute(
        select(
            Anchor.initiative_id,
            Anchor.side,
            Anchor.keys,
            Anchor.name,
            func.ST_X(Anchor.geom).label("lon"),
            func.ST_Y(Anchor.geom).label("lat"),
        ).order_by(Anchor.initiative_id, Anchor.side, Anchor.position)
    ).all()
    anchors = [anchor for anchor in anchors if anchor.initiative_id in row_of]
    return Ends(
        row=np.array([row_of[anchor.initiative_id] for anchor in anchors], dtype=np.int64),
        is_here=np.array([anchor.side == Side.HERE for anchor in anchors], dtype=bool),
        lon=np.array([anchor.lon for anchor in anchors], dtype=np.float64),
        lat=np.array([anchor.lat for anchor in anchors], dtype=np.float64),
        keys=tuple(tuple(anchor.keys) for anchor in anchors),
        names=tuple(anchor.name for anchor in anchors),
    )


def _star(ends: Ends, size: int) -> Links:
    """Every end there with the first end here, every further end here with the first end there."""
    here: list[list[int]] = [[] for _ in range(size)]
    there: list[list[int]] = [[] for _ in range(size)]
    for number, (row, is_here) in enumerate(zip(ends.row, ends.is_here, strict=True)):
        (here if is_here else there)[int(row)].append(number)
    triples = [(row, here[row][0], end) for row in range(size) for end in there[row]]
    triples += [(row, end, there[row][0]) for row in range(size) for end in here[row][1:]]
    columns = np.array(triples, dtype=np.int64).reshape(-1, 3)
    return Links(columns[:, 0], columns[:, 1], columns[:, 2])


def _load_known(session: Session) -> KnownValues:
    return KnownValues(
        sectors=_labels(session.execute(select(Sector.id, Sector.label).order_by(Sector.position))),
        goals=_labels(session.execute(select(Goal.number, Goal.label).order_by(Goal.number))),
        networks=_labels(session.execute(select(Network.slug, Network.name))),
        actor_types=_labels(session.execute(select(ActorType.id, ActorType.label).order_by(ActorType.position))),
        organisations=_labels(
            session.execute(
                select(Organisation.slug, Organisation.name)
                .join(Participation, Participation.organisation_id == Organisation.id)
                .distinct()
            )
        ),
        stages={STAGE_SLUGS[stage]: STAGE_LABELS[stage] for stage in Stage},
        territories=_labels(session.execute(select(Territory.key, Territory.name))),
    )


def _labels(rows: Result[Any, str]) -> dict[str, str]:
    return {str(value): label for value, label in rows}


def _load_centres(session: Session, keys: set[str]) -> dict[str, tuple[float, float]]:
    coarse = [key for key in keys if key[0] in "edrzap"]
    rows = session.execute(select(Territory.key, Territory.lon, Territory.lat).where(Territory.key.in_(coarse)))
    return {key: (lon, lat) for key, lon, lat in rows}
