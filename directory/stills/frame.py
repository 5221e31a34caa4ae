"""The part of the world that a sheet shows: the smallest that holds its places with air around them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from directory.stills.outlines import world_x, world_y

Degrees = tuple[float, float]
"""Longitude and latitude."""

NARROWEST = 22.0
"""Degrees of longitude across the nearest frame: nearer, the outlines would be a caricature."""
TOP, BOTTOM = world_y(83.0), world_y(-60.0)
"""No frame goes beyond, unless the sheet is taller than the world is wide."""
SHORTER = 0.6
"""A frame across the 180th meridian is taken when it is narrower than the ordinary one by that much."""


@dataclass(frozen=True)
class Frame:
    """`scale` pixels to a world unit; `left` and `top` are the corner of the sheet in world units."""

    left: float
    top: float
    scale: float
    width: float
    height: float

    def place(self, lon: float, lat: float) -> tuple[float, float]:
        """Where a point in degrees lies on the sheet, in pixels, on the turn of the globe nearest to its middle."""
        x = world_x(lon)
        x += round(self.left + self.width / self.scale / 2 - x)
        return (x - self.left) * self.scale, (world_y(lat) - self.top) * self.scale

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom in world units."""
        return self.left, self.top, self.left + self.width / self.scale, self.top + self.height / self.scale


def frame_of(points: Sequence[Degrees], size: tuple[float, float], margins: tuple[float, float, float, float]) -> Frame:
    """The frame of points on a sheet of a size, with margins (left, top, right, bottom) in pixels."""
    left, right = _span([world_x(lon) for lon, _ in points])
    heights = [world_y(lat) for _, lat in points]
    top, bottom = min(heights), max(heights)
    room = (size[0] - margins[0] - margins[2], size[1] - margins[1] - margins[3])
    closest = size[0] / (NARROWEST / 360)
    scale = min(closest, room[0] / max(right - left, 1e-9), room[1] / max(bottom - top, 1e-9))
    # The whole world is never shown twice, nor ground beyond it.
    scale = max(scale, size[0], size[1] / (BOTTOM - TOP))
    x = (left + right) / 2 - (margins[0] + room[0] / 2) / scale
    y = (top + bottom) / 2 - (margins[1] + room[1] / 2) / scale
    y = max(TOP, min(y, BOTTOM - size[1] / scale))
    return Frame(x, y, scale, *size)


def _span(xs: Sequence[float]) -> tuple[float, float]:
    """The ends of the longitudes, across the 180th meridian when that is much shorter."""
    ordered = sorted(set(xs))
    plain = ordered[-1] - ordered[0]
    gaps = [(after - before, after) for before, after in pairwise(ordered)]
    if gaps:
        widest, start = max(gaps)
        if plain > 0.5 and 1.0 - widest < SHORTER * plain:
            return start, start + 1.0 - widest
    return ordered[0], ordered[-1]
