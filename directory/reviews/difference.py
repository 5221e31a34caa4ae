"""What a proposal changes, field by field, in the words people read. Pure.

Texts are compared word by word (difflib): what is removed and what is added, the rest being shown once on each side.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import TypeVar

from directory.initiatives.content import AnchorContent, InitiativeContent
from directory.initiatives.vocabulary import NATURE_LABELS, STAGE_LABELS, Agreement, Disclosure

T = TypeVar("T")

AGREEMENTS = {
    Agreement.YES: "accepte d’être nommé",
    Agreement.NOT_ASKED: "pas encore demandé",
    Agreement.NO: "ne veut pas être nommé",
}
DISCLOSURES = {Disclosure.LOCALITY: "", Disclosure.REGION: "montrer la région", Disclosure.COUNTRY: "montrer le pays"}
PINNED = "point"
"""The precision of a place that somebody put on the map: only its position tells it apart."""
_TOKENS = re.compile(r"\s+|[^\W_]+(?:[’'][^\W_]+)?|.", re.DOTALL)


class Kind(StrEnum):
    """What became of a piece of text."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True)
class Piece:
    """A run of words with one fate."""

    text: str
    kind: Kind


@dataclass(frozen=True)
class Change:
    """One field that differs: what stands today (same and removed pieces), what is proposed (same and added)."""

    field: str
    label: str
    before: tuple[Piece, ...]
    after: tuple[Piece, ...]


@dataclass(frozen=True)
class Line:
    """One field as it reads."""

    field: str
    label: str
    text: str


def told(content: InitiativeContent, labels: Mapping[str, str]) -> tuple[Line, ...]:
    """Every field of a content as text, in the order of the questions.

    `labels` names sectors, publics and needs by identifier.
    """
    sectors = [labels.get(one, one) for one in (content.main_sector, *content.other_sectors) if one]
    texts: tuple[tuple[str, str, str], ...] = (
        ("summary", "Ce qu’ils font ensemble", content.summary),
        ("here", "Ici", _lines(content.here, _anchor)),
        ("there", "Là-bas", _lines(content.there, _anchor)),
        ("carriers", "Structure", _lines(content.carriers, lambda one: " ".join((one.name, one.website)).strip())),
        ("partners", "Partenaire là-bas", _lines(content.partners, lambda one: f"{one.name} ({_word(one.agreement)})")),
        ("main_sector", "Domaine", ", ".join(sectors)),
        ("since_year", "Depuis quand", str(content.since_year or "")),
        ("stage", "Où en est-on", STAGE_LABELS[content.stage] if content.stage else ""),
        ("description", "De quoi il s’agit", content.description),
        ("meeting", "La rencontre", content.meeting),
        ("change_here", "Ce qui change ici", content.change_here),
        ("change_there", "Ce qui change là-bas", content.change_there),
        ("title", "Nom de l’initiative", content.title),
        ("nature", "Nature du lien", NATURE_LABELS[content.nature] if content.nature else ""),
        ("goals", "Objectifs de développement durable", ", ".join(str(goal) for goal in content.goals)),
        ("publics", "Publics", ", ".join(labels.get(one, one) for one in content.publics)),
        ("needs", "Ce qu’ils cherchent", ", ".join(labels.get(one, one) for one in content.needs)),
        ("sources", "Sources", _lines(content.sources, lambda one: " ".join((one.label, one.url or "")).strip())),
    )
    return tuple(Line(*one) for one in texts)


def compare(before: InitiativeContent, after: InitiativeContent, labels: Mapping[str, str]) -> tuple[Change, ...]:
    """The fields that differ, in the order of the questions."""
    pairs = zip(told(before, labels), told(after, labels), strict=True)
    return tuple(
        Change(old.field, old.label, *pieces(old.text, new.text)) for old, new in pairs if old.text != new.text
    )


def pieces(before: str, after: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Both texts cut where they differ; joined again, the pieces of each side give its text."""
    old, new = _TOKENS.findall(before), _TOKENS.findall(after)
    left: list[Piece] = []
    right: list[Piece] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        kinds = (Kind.SAME, Kind.SAME) if tag == "equal" else (Kind.REMOVED, Kind.ADDED)
        left += [Piece("".join(old[i1:i2]), kinds[0])] if i2 > i1 else []
        right += [Piece("".join(new[j1:j2]), kinds[1])] if j2 > j1 else []
    return tuple(left), tuple(right)


def _lines(items: tuple[T, ...], told_of: Callable[[T], str]) -> str:
    return "\n".join(told_of(item) for item in items)


def _anchor(anchor: AnchorContent) -> str:
    where = f" ({anchor.context})" if anchor.context else ""
    named = f", compris comme {anchor.name}" if anchor.name != anchor.label else ""
    pin = f"repère en {anchor.lat:.4f}, {anchor.lon:.4f}".replace(".", ",") if anchor.precision == PINNED else ""
    facts = "".join(f" ; {fact}" for fact in (pin, DISCLOSURES[anchor.shown_as]) if fact)
    return f"{anchor.label}{named}{where}{facts}"


def _word(agreement: Agreement) -> str:
    return AGREEMENTS[agreement]
