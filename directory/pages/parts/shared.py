"""What a share image is about; apart from its drawing, which loads Pillow."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from directory.reference.keys import Side, side_of


@dataclass(frozen=True)
class Chosen:
    """A territory that a share image is about: `keys` from its own to the coarsest, its centre in degrees."""

    keys: tuple[str, ...]
    name: str
    lon: float
    lat: float

    @property
    def key(self) -> str:
        """Its own key."""
        return self.keys[0]

    @property
    def side(self) -> Side:
        """The side on which it lies."""
        return side_of(self.key)


@dataclass(frozen=True)
class Site:
    """What every poster needs of the site: its files, its name, the day."""

    static: Path
    name: str
    today: dt.date
