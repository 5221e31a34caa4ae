"""The records of data/demo/initiatives.yaml, typed, and the content that each becomes once its places are found."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cattrs
import yaml

from directory.initiatives.content import (
    AnchorContent,
    InitiativeContent,
    OrganisationContent,
    PartnerContent,
    SourceContent,
)
from directory.initiatives.vocabulary import Disclosure, LinkNature, Origin, Stage
from directory.reference.keys import Side, parse_key, side_of

FILE = "demo/initiatives.yaml"
"""Where the records stand, under data/."""


@dataclass(frozen=True)
class PlaceRecord:
    """A place as the gazetteer is asked, the key that was confirmed by hand, and how finely it may be shown."""

    place: str
    label: str
    key: str
    country: str = "FR"
    shown_as: Disclosure = Disclosure.LOCALITY

    @property
    def side(self) -> Side:
        """The side of the confirmed key."""
        return side_of(self.key)


@dataclass(frozen=True)
class InitiativeRecord:
    """An initiative told from a public source, which says in `stage_on`, at the latest, where it stands."""

    title: str
    summary: str
    description: str
    carriers: tuple[OrganisationContent, ...]
    here: tuple[PlaceRecord, ...]
    there: tuple[PlaceRecord, ...]
    stage: Stage
    stage_on: int
    main_sector: str
    sources: tuple[SourceContent, ...]
    partners: tuple[PartnerContent, ...] = ()
    nature: LinkNature | None = None
    since_year: int | None = None
    other_sectors: tuple[str, ...] = ()
    goals: tuple[int, ...] = ()
    language: str = "fr"
    publics: tuple[str, ...] = ()
    """Only those that the source names; what a structure looks for is never told in its place."""

    def to_content(self, locate: Callable[[PlaceRecord], AnchorContent]) -> InitiativeContent:
        """The content to submit; what the structure did not say itself is marked as read in a public source."""
        return InitiativeContent(
            title=self.title,
            summary=self.summary,
            description=self.description.strip(),
            language=self.language,
            carriers=self.carriers,
            partners=self.partners,
            here=tuple(locate(place) for place in self.here),
            there=tuple(locate(place) for place in self.there),
            nature=self.nature,
            since_year=self.since_year,
            stage=self.stage,
            stage_on=self.stage_on,
            main_sector=self.main_sector,
            other_sectors=self.other_sectors,
            goals=self.goals,
            publics=self.publics,
            origin=Origin.PUBLIC_SOURCE,
            is_sector_by_site=True,
            sources=self.sources,
        )


def read(data_dir: Path) -> tuple[InitiativeRecord, ...]:
    """Every record of the file, in its order; raises ValueError when one has another shape or a malformed key."""
    document = yaml.safe_load((data_dir / FILE).read_text("utf-8"))
    converter = cattrs.Converter(forbid_extra_keys=True)
    try:
        records = converter.structure(document["initiatives"], tuple[InitiativeRecord, ...])
    except cattrs.BaseValidationError as error:
        raise ValueError("; ".join(cattrs.transform_error(error))) from error
    for record in records:
        for place in (*record.here, *record.there):
            parse_key(place.key)
    return records


def digest_of(data_dir: Path) -> str:
    """A digest of the file of records, in hexadecimal."""
    return hashlib.sha256((data_dir / FILE).read_bytes()).hexdigest()
