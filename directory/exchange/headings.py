"""Under which headings a reader wants an initiative told: those of funders, of a town hall, of a general meeting."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

NBSP = "\u00a0"
_CLOSING = re.compile(r" (?=[:;?!»])|(?<=«) ")


@dataclass(frozen=True)
class Heading:
    """What a reader asks: `says` names what a public sheet tells there; without an answer the question stands."""

    title: str
    says: str = ""
    question: str = ""
    is_private: bool = False


@dataclass(frozen=True)
class Section:
    """Headings that belong together."""

    title: str
    headings: tuple[Heading, ...]


@dataclass(frozen=True)
class Reader:
    """For whom the story is told again; `sources` are where its headings were read, none where they are ours."""

    id: str
    label: str
    told_as: str
    hint: str
    sources: tuple[str, ...]
    sections: tuple[Section, ...]

    @property
    def is_funder(self) -> bool:
        """Its headings were read in documents of its own, and must be checked with it."""
        return bool(self.sources)


@lru_cache(maxsize=4)
def readers(path: Path) -> Mapping[str, Reader]:
    """The readers of data/headings.yaml by identifier; raises KeyError when the file has another shape."""
    import yaml  # noqa: PLC0415  # no page but this one reads it

    listed: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    return {one["id"]: _reader(one, listed) for one in listed["readers"]}


def _reader(one: dict[str, Any], listed: dict[str, Any]) -> Reader:
    sections = one.get("sections") or _asked_by(one["code"], listed)
    return Reader(
        id=one["id"],
        label=one["label"],
        told_as=one["told_as"],
        hint=one.get("hint", ""),
        sources=tuple(one.get("sources", ())),
        sections=tuple(
            Section(section["title"], tuple(_heading(field) for field in section["fields"])) for section in sections
        ),
    )


def _asked_by(code: str, listed: dict[str, Any]) -> list[dict[str, Any]]:
    """The fields that a funder asks for, by group; groups in which it asks nothing are left out."""
    asked = [field for field in listed["fields"] if code in field["asked_by"]]
    sections = [
        {"title": group["title"], "fields": [field for field in asked if field["group"] == group["id"]]}
        for group in listed["groups"]
    ]
    return [section for section in sections if section["fields"]]


def _heading(field: dict[str, Any]) -> Heading:
    return Heading(
        title=spaced(field["heading"]),
        says=field.get("says", ""),
        question=spaced(field.get("question", "")),
        is_private=field.get("is_private", False),
    )


def spaced(text: str) -> str:
    """A sentence of the site with no-break spaces before : ; ? ! and inside « »."""
    return _CLOSING.sub(NBSP, text)
