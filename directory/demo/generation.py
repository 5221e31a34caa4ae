"""Invented initiatives for measuring: as many as asked, plausible, the same for the same seed, marked as invented."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import random
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path

from sqlalchemy.orm import Session

from directory.accounts import operations as accounts
from directory.accounts.queries import find_account
from directory.core.errors import Conflict
from directory.core.text import words
from directory.demo import mark, places
from directory.demo.bulk import Projected, Publisher, Told, publish
from directory.demo.places import Drawn, Places
from directory.demo.prose import Prose, Words
from directory.initiatives.content import (
    AnchorContent,
    InitiativeContent,
    OrganisationContent,
    PartnerContent,
    SourceContent,
)
from directory.initiatives.rules import shown_as, shown_key
from directory.initiatives.vocabulary import Agreement, Disclosure, LinkNature, Origin, Stage
from directory.reference import wording

VERSION = "generated"
FORMAT = "2"
"""Raised when the same seed gives other sheets: it is part of what marks the database."""
AUTHOR = f"invention@{mark.DOMAIN}"
BATCH = 1000
"""Initiatives of one transaction. Each batch has a seed of its own: a small base is the start of a large one."""
SOURCE = SourceContent("Fiche inventée pour mesurer le site : rien de ce qu’elle dit n’est arrivé")
FIRST_DAY = dt.datetime(2016, 1, 4, 9, tzinfo=dt.UTC)
DAYS = 3960
"""Days after the first one on which a sheet may have been published."""
MORE_HERE = (0.88, 0.08, 0.02, 0.01, 0.01)
MORE_THERE = (0.86, 0.08, 0.03, 0.01, 0.005, 0.005, 0.0025, 0.0025, 0.0025, 0.0025)
"""Shares of the initiatives with one place, two places… on each side."""
AHEAD = 2
"""Batches made in advance by each process."""
_TRIES = 60
"""Draws of one initiative, of which a few in a hundred tell too much: six gave up once in 939,000."""

OpenSession = Callable[[], AbstractContextManager[Session]]


def run(
    open_session: OpenSession, gazetteer: Path, data_dir: Path, *, number: int, seed: int, is_production: bool
) -> Iterator[int]:
    """Publish `number` invented initiatives, yielding how many each transaction wrote; nothing when they are there.

    `open_session` gives a session that commits when its block ends well. Called from the command line only. Raises
    Forbidden in production, Conflict where real people or sheets are, or where another generation is.
    """
    digest = hashlib.sha256(f"{FORMAT} {number} {seed}".encode()).hexdigest()
    with open_session() as session:
        mark.keep_apart(session, is_production=is_production)
        if mark.found(session, VERSION) == digest:
            return
        if find_account(session, AUTHOR) is not None:
            raise Conflict("Une autre génération, ou le début d’une, est déjà là : recommencez sur une base neuve.")
        mark.put(session)
        author = accounts.create(session, AUTHOR)
        drawn = places.read(session, gazetteer, data_dir)
        publisher = Publisher.open(session, drawn.known, author_id=author.id)
    maker = _Maker(Teller(Prose.read(data_dir), drawn, seed), publisher)
    sizes = [min(BATCH, number - start) for start in range(0, number, BATCH)]
    for projected in maker.all(sizes):
        with open_session() as session:
            publish(session, projected)
        yield len(projected)
    with open_session() as session:
        mark.put(session, VERSION, digest)


@dataclass(frozen=True)
class _Maker:
    """Tells and projects batches: in processes beside the one that writes, once there are several."""

    teller: Teller
    publisher: Publisher

    def all(self, sizes: Sequence[int]) -> Iterator[list[Projected]]:
        """Every batch, in order, a few ahead at most."""
        if len(sizes) == 1:
            yield self.one(0, sizes[0])
            return
        many = os.cpu_count() or 1
        # Forked, the processes share what was read; they only compute, and never touch the connection of this one.
        with ProcessPoolExecutor(many, get_context("fork"), _share, (self,)) as pool:
            waiting: deque[Future[list[Projected]]] = deque()
            for number, size in enumerate(sizes):
                waiting.append(pool.submit(_make, number, size))
                if len(waiting) > AHEAD * many:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()

    def one(self, number: int, size: int) -> list[Projected]:
        """One batch."""
        return [self.publisher.project(told) for told in self.teller.batch(number, size)]


_shared: list[_Maker] = []


def _share(maker: _Maker) -> None:
    _shared[:] = [maker]


def _make(number: int, size: int) -> list[Projected]:
    return _shared[0].one(number, size)


@dataclass(frozen=True)
class _Ends:
    """The places of one initiative, the first of each side being told in its sentences."""

    here: tuple[AnchorContent, ...]
    there: tuple[AnchorContent, ...]


class Teller:
    """Makes contents from a seed: what is drawn depends on the seed and the number of the batch alone."""

    def __init__(self, prose: Prose, drawn: Places, seed: int) -> None:
        self.prose, self.places, self.seed = prose, drawn, seed
        weights = drawn.weights
        self.sectors, self.stages = Drawn.by(weights["sectors"].items()), Drawn.by(weights["stages"].items())
        self.natures, self.types = Drawn.by(weights["natures"].items()), Drawn.by(weights["actor_types"].items())
        self.publics, self.needs = Drawn.by(weights["publics"].items()), Drawn.by(weights["needs"].items())
        self.more_here = Drawn.by(enumerate(MORE_HERE, 1))
        self.more_there = Drawn.by(enumerate(MORE_THERE, 1))

    def batch(self, number: int, size: int) -> Iterator[Told]:
        """The first `size` initiatives of a batch."""
        rng = random.Random(f"{self.seed} {number}")  # noqa: S311  # nothing is protected by it
        for _ in range(size):
            yield self._one(rng)

    def _one(self, rng: random.Random) -> Told:
        """One initiative, drawn again when what it may not tell stands in its words by chance."""
        for _ in range(_TRIES):
            told = self._draw(rng)
            if not self._tells_too_much(told):
                return told
        raise RuntimeError("no invented sheet keeps its places to itself")

    def _tells_too_much(self, told: Told) -> bool:
        """A withheld name stands in the text: `rules.check` would say so, in ten times longer."""
        content, known = told.content, self.places.known
        hidden = {_joined(partner.name) for partner in content.partners if partner.agreement is not Agreement.YES}
        for anchor in content.there:
            key, name = self._shown(content, anchor, told.agrees_to_place)
            if key != anchor.keys[0] and _joined(anchor.name) not in _joined(known.names.get(key, name)):
                hidden.add(_joined(anchor.name))
        texts = [content.title, content.summary, content.description, *(partner.name for partner in content.partners)]
        spoken = _joined(" ".join(texts)) if hidden else ""
        return any(name in spoken for name in hidden)

    def _draw(self, rng: random.Random) -> Told:
        ends = self._ends(rng)
        first = FIRST_DAY + dt.timedelta(days=rng.random() * DAYS)
        is_updated = rng.random() < 0.2
        last = first + (FIRST_DAY + dt.timedelta(days=DAYS) - first) * rng.random() if is_updated else first
        agrees = rng.random() < 0.6
        content = self._facts(rng, ends)
        slots = self._slots(rng, content, agrees)
        content = replace(content, partners=self._partners(rng, slots), carriers=self._carriers(rng, ends))
        slots = self._slots(rng, content, agrees)
        title, summary, description = self.prose.told(rng, content.main_sector, slots)
        content = replace(content, title=title, summary=summary, description=description)
        return Told(content, first, last, agrees_to_place=agrees)

    def _ends(self, rng: random.Random) -> _Ends:
        first = self.places.here(rng)
        here = {first.keys[0]: first}
        for _ in range(self.more_here.of(rng) - 1):
            other = self.places.near(rng, first)
            here.setdefault(other.keys[0], other)
        country = self.places.country(rng, first)
        there: dict[str, AnchorContent] = {}
        for _ in range(self.more_there.of(rng)):
            place = self.places.there(rng, country)
            there.setdefault(place.keys[0], place)
        if rng.random() < 0.04:
            there = {key: replace(place, shown_as=Disclosure.REGION) for key, place in there.items()}
        return _Ends(tuple(here.values()), tuple(there.values()))

    def _facts(self, rng: random.Random, ends: _Ends) -> InitiativeContent:
        """The content without its words nor its organisations."""
        main: str = self.sectors.of(rng)
        others = {self.sectors.of(rng) for _ in range(rng.choice((0, 0, 1, 1, 2)))} - {main}
        goals = rng.sample(range(1, 18), rng.choice((0, 1, 1, 2, 3)))
        is_public = rng.random() < 0.25
        since = int(2026 - rng.paretovariate(1.1) * 4)
        stage = Stage(self.stages.of(rng))
        return InitiativeContent(
            title="",
            summary="",
            carriers=(),
            here=ends.here,
            there=ends.there,
            main_sector=main,
            stage=stage,
            nature=LinkNature(self.natures.of(rng)) if rng.random() < 0.7 else None,
            since_year=max(since, 1956) if rng.random() < 0.9 else None,
            stage_on=rng.randint(2012, 2025) if is_public else None,
            other_sectors=tuple(sorted(others)),
            goals=tuple(sorted(goals)),
            origin=Origin.PUBLIC_SOURCE if is_public else Origin.CARRIER,
            is_sector_by_site=is_public,
            sources=(SOURCE,),
            publics=self._ticked(rng, self.publics, (0, 0, 1, 1, 2, 3)),
            # What is looked for is told by the structure itself, or by nobody.
            needs=() if is_public else self._ticked(rng, self.needs, (0, 0, 0, 1, 1, 2)),
        )

    @staticmethod
    def _ticked(rng: random.Random, drawn: Drawn, counts: Sequence[int]) -> tuple[str, ...]:
        return tuple(sorted({drawn.of(rng) for _ in range(rng.choice(counts))}))

    def _slots(self, rng: random.Random, content: InitiativeContent, agrees: bool) -> Words:
        """The first places as they may be told, with their prepositions."""
        here = self._shown(content, content.here[0], agrees)
        there = self._shown(content, content.there[0], agrees)
        country = (content.there[0].keys[-1], self.places.known.names[content.there[0].keys[-1]])
        return {
            "ici": wording.plain(wording.named(*here)),
            "d_ici": wording.plain(wording.of(*here)),
            "a_ici": wording.plain(wording.within(*here)),
            "labas": wording.plain(wording.named(*there)),
            "vers_labas": wording.plain(wording.toward(*there)),
            "de_labas": wording.plain(wording.of(*there)),
            "a_labas": wording.plain(wording.within(*there)),
            "pays": country[1],
            "au_pays": wording.plain(wording.within(*country)),
            "du_pays": wording.plain(wording.of(*country)),
            "depuis": str(content.since_year or rng.randint(1990, 2020)),
        }

    def _shown(self, content: InitiativeContent, anchor: AnchorContent, agrees: bool) -> tuple[str, str]:
        known = self.places.known
        key = shown_key(anchor, shown_as(content, anchor, known, curator_agrees=agrees))
        return key, anchor.name if key == anchor.keys[0] else known.names[key]

    def _carriers(self, rng: random.Random, ends: _Ends) -> tuple[OrganisationContent, ...]:
        """Structures of the same home: a few are named by many initiatives, most by one (a power law)."""
        names = [self._structure(rng, ends.here[0]) for _ in range(2 if rng.random() < 0.08 else 1)]
        return tuple({one.name: one for one in names}.values())

    def _structure(self, rng: random.Random, anchor: AnchorContent) -> OrganisationContent:
        home, communes = self.places.homes(anchor)
        rank = min(int(rng.paretovariate(0.75)), 100_000)
        own = random.Random(f"{self.seed} {home} {rank}")  # noqa: S311  # the same
        town = self.places.known.names[communes.of(own)] if communes else anchor.name
        country = self.places.country(own, anchor)
        local = {
            "ici": town,
            "d_ici": wording.plain(wording.of("c:", town)),
            "pays": self.places.known.names[f"p:{country}"],
        }
        return OrganisationContent(self.prose.organisation(own, local), self.types.of(own))

    def _partners(self, rng: random.Random, slots: Words) -> tuple[PartnerContent, ...]:
        if rng.random() < 0.22:
            return ()
        count = rng.choice((1, 1, 1, 1, 2, 3))
        agreement = Agreement.YES if rng.random() < 0.85 else rng.choice((Agreement.NOT_ASKED, Agreement.NO))
        names = dict.fromkeys(self.prose.partner(rng, slots) for _ in range(count))
        return tuple(PartnerContent(name, "association", agreement=agreement) for name in names)


def _joined(text: str) -> str:
    return "".join(words(text))
