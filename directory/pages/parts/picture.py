"""A still picture of links: numbers for an SVG that the server writes, readable without any script.

Plate carrée with x = 0.82 longitude, so that shapes look right between the tropics and Europe; y goes down. The same
frame as static/images/world.svg, in degrees.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

SCALE = 0.82
RATIO = 2.0
"""Width over height of a picture, unless another is asked."""
NARROWEST = 44.0
"""The land is drawn to a quarter of a degree: nearer, it would be a caricature."""
BEND = 0.2
LAND = (-147.5, -85.0, 299.0, 145.0)
"""Where static/images/world.svg lies, in the units of the picture: left, top, width, height."""

Point = tuple[float, float]


@dataclass(frozen=True)
class Curve:
    """One link: its path, and its two ends for a gradient from one colour to the other."""

    path: str
    start: Point
    end: Point


@dataclass(frozen=True)
class Picture:
    """The frame (x, y, width, height) and what is drawn in it, in the units of the frame."""

    frame: tuple[float, float, float, float]
    curves: tuple[Curve, ...]
    here: tuple[Point, ...]
    there: tuple[Point, ...]
    areas: frozenset[Point] = frozenset()
    """Those of the ends that are the middle of a territory, not a point."""

    @property
    def view_box(self) -> str:
        """The frame as SVG wants it."""
        return " ".join(f"{value:g}" for value in self.frame)

    @property
    def turns(self) -> tuple[float, ...]:
        """How far to move the land, by whole turns of the globe, so that it fills the frame."""
        return turns_of(self.frame[0], self.frame[0] + self.frame[2])

    @property
    def unit(self) -> float:
        """A hundredth of the width: sizes are told in it."""
        return round(self.frame[2] / 100, 3)


def draw(links: Iterable[tuple[Point, Point]], *, ratio: float = RATIO, areas: Iterable[Point] = ()) -> Picture | None:
    """The picture of links given as (longitude, latitude) pairs, here first; None without any link.

    `ratio` is its width over its height; `areas` are those of the points that stand for a whole territory.
    """
    pairs = dict.fromkeys(links)
    if not pairs:
        return None
    wide = set(areas)
    drawn = {pair: (project(pair[0]), nearer(project(pair[0]), project(pair[1]))) for pair in pairs}
    ends = list(drawn.values())
    return Picture(
        frame=frame_of([point for pair in ends for point in pair], ratio),
        curves=tuple(Curve(_bend(here, there), here, there) for here, there in ends),
        here=tuple(dict.fromkeys(here for here, _ in ends)),
        there=tuple(dict.fromkeys(there for _, there in ends)),
        areas=frozenset(
            end for pair, moved in drawn.items() for at, end in zip(pair, moved, strict=True) if at in wide
        ),
    )


def project(point: Point) -> Point:
    """A (longitude, latitude) in the units of the picture."""
    return round(point[0] * SCALE, 2), round(-point[1], 2)


def nearer(here: Point, there: Point) -> Point:
    """The end there, moved by a turn of the globe when that is the short way."""
    turn = 360 * SCALE
    x = min((there[0] - turn, there[0], there[0] + turn), key=lambda x: abs(x - here[0]))
    return round(x, 2), there[1]


def turns_of(left: float, right: float) -> tuple[float, ...]:
    """The shifts of the land, in units, that a frame from left to right needs."""
    turn = 360 * SCALE
    west, east = LAND[0], LAND[0] + LAND[2]
    return tuple(shift for shift in (-turn, 0.0, turn) if west + shift < right and east + shift > left)


def _bend(here: Point, there: Point) -> str:
    """A quadratic curve that leans towards the top, or outwards where the link goes north and south."""
    dx, dy = there[0] - here[0], there[1] - here[1]
    nx, ny = (dy, -dx) if dx >= 0 else (-dy, dx)
    x, y = (here[0] + there[0]) / 2 + nx * BEND, (here[1] + there[1]) / 2 + ny * BEND
    return f"M{here[0]:g} {here[1]:g}Q{x:.2f} {y:.2f} {there[0]:g} {there[1]:g}"


def frame_of(points: Sequence[Point], ratio: float) -> tuple[float, float, float, float]:
    """The smallest frame of a ratio that holds the points with air around them."""
    left, right = min(x for x, _ in points), max(x for x, _ in points)
    top, bottom = min(y for _, y in points), max(y for _, y in points)
    longest = max(math.dist(one, other) for one in points for other in points)
    air = max(4.0, longest * BEND / 2)
    width = max(NARROWEST, right - left + 2 * air, (bottom - top + 2 * air) * ratio)
    height = width / ratio
    x = (left + right) / 2 - width / 2
    y = (top + bottom) / 2 - height / 2
    return round(x, 2), round(y, 2), round(width, 2), round(height, 2)
