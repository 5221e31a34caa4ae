"""What is told of an initiative: one frozen structure, numbered, stored as JSON in a revision.

To extend it, see docs/decisions/0002-content.md: add a field with a default here, its check in `rules`,
raise SCHEMA and write the step that carries an older JSON forward only if a default does not.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import cattrs
from cattrs.gen import make_dict_unstructure_fn, override

from directory.initiatives.vocabulary import Agreement, Disclosure, LinkNature, Origin, Stage
from directory.reference.keys import Side

SCHEMA = 1
"""The number written beside every stored content."""

STEPS: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}
"""STEPS[n] turns the JSON of schema n into that of n + 1."""


@dataclass(frozen=True)
class OrganisationContent:
    """A carrying organisation, named inline."""

    name: str
    actor_type: str | None = None
    website: str = ""


@dataclass(frozen=True)
class PartnerContent:
    """A partner there; named to the public only once it agrees."""

    name: str
    actor_type: str | None = None
    website: str = ""
    agreement: Agreement = Agreement.NOT_ASKED


@dataclass(frozen=True)
class AnchorContent:
    """A place as typed and as chosen: territory keys finest first, true point in degrees, what may be shown."""

    label: str
    keys: tuple[str, ...]
    name: str
    context: str
    lon: float
    lat: float
    precision: str
    verdict: str
    shown_as: Disclosure = Disclosure.LOCALITY
    found_by: str = ""
    """The online provider whose data the position is; "" for the gazetteer's or one put by hand. Open exports ask."""


@dataclass(frozen=True)
class SourceContent:
    """Where a fact was read; without address when the address itself would name a protected place."""

    label: str
    url: str | None = None


@dataclass(frozen=True)
class InitiativeContent:
    """Everything told of an initiative. `rules.check` says what is mandatory; the rest may be missing and says so."""

    title: str
    summary: str
    carriers: tuple[OrganisationContent, ...]
    here: tuple[AnchorContent, ...]
    there: tuple[AnchorContent, ...]
    main_sector: str
    stage: Stage | None
    description: str = ""
    language: str = "fr"
    partners: tuple[PartnerContent, ...] = ()
    nature: LinkNature | None = None
    since_year: int | None = None
    stage_on: int | None = None
    """Year in which a source said where it stands; None when the structure says it itself, at the revision's date."""
    other_sectors: tuple[str, ...] = ()
    goals: tuple[int, ...] = ()
    origin: Origin = Origin.CARRIER
    is_sector_by_site: bool = False
    """The sector was attributed by the site after the source, not chosen by the structure."""
    sources: tuple[SourceContent, ...] = ()
    meeting: str = ""
    """How the people here and there met, as the structure tells it."""
    change_here: str = ""
    change_there: str = ""
    publics: tuple[str, ...] = ()
    """Groups of people with whom or for whom they act."""
    needs: tuple[str, ...] = ()
    """What they look for today."""

    @property
    def anchors(self) -> tuple[tuple[Side, int, AnchorContent], ...]:
        """Every anchor with its side and its position on that side, here first."""
        here = tuple((Side.HERE, position, anchor) for position, anchor in enumerate(self.here))
        there = tuple((Side.THERE, position, anchor) for position, anchor in enumerate(self.there))
        return here + there


def _make_converter() -> cattrs.Converter:
    converter = cattrs.Converter(forbid_extra_keys=True)
    for cls in (bool, int, float, str):
        converter.register_structure_hook(cls, _strict(cls))
    converter.register_unstructure_hook(StrEnum, lambda member: member.value)
    # Left out while empty: a content that holds none reads as it did before the field existed.
    found_by = override(omit_if_default=True)
    converter.register_unstructure_hook(
        AnchorContent, make_dict_unstructure_fn(AnchorContent, converter, found_by=found_by)
    )
    ticked = override(omit_if_default=True)
    converter.register_unstructure_hook(
        InitiativeContent, make_dict_unstructure_fn(InitiativeContent, converter, publics=ticked, needs=ticked)
    )
    return converter


def _strict(cls: type) -> Callable[[Any, type], Any]:
    """Refuse what Python would convert: a list is not a text, a boolean is not a number."""
    accepted: tuple[type, ...] = (int, float) if cls is float else (cls,)

    def structure(value: Any, target: type) -> Any:
        if type(value) not in accepted:
            raise TypeError(f"expected {cls.__name__}, got {type(value).__name__}")
        return target(value)  # the target is cls, or a StrEnum when cls is str

    return structure


_CONVERTER = _make_converter()


def to_json(content: InitiativeContent) -> dict[str, Any]:
    """The content as JSON values, to be stored beside SCHEMA."""
    document: dict[str, Any] = _CONVERTER.unstructure(content)
    return document


def from_json(document: dict[str, Any], schema: int = SCHEMA) -> InitiativeContent:
    """The content of a stored JSON, carried forward from its schema; raises ValueError when it has another shape."""
    if not 1 <= schema <= SCHEMA:
        raise ValueError(f"schema {schema} is unknown")
    if not isinstance(document, dict):
        raise ValueError("a content is an object")
    for number in range(schema, SCHEMA):
        document = STEPS[number](document)
    try:
        return _CONVERTER.structure(document, InitiativeContent)
    except cattrs.BaseValidationError as error:
        raise ValueError("; ".join(cattrs.transform_error(error))) from error
