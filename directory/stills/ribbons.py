"""Ribbons between symbols, as static/js/map/curves.js draws them: those that leave one symbol in nearly the same
direction lie side by side at the root, then part, so that widths add up truthfully.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

Point = tuple[float, float]
Cubic = tuple[Point, Point, Point, Point]

BUNDLE_STEP = 0.3
"""Radians between two neighbours of a bundle."""
BUNDLE_SPAN = 0.62
"""Radians from the first of a bundle to the last."""
BEND = 0.36
"""How much a ribbon rises towards the pole, as a long road does."""
FAN = 0.16
"""How much it opens outwards, so that even a link due south is an arc."""
TRUNK = 0.62
"""How far a bundle stays together, as a share of its nearest end."""


@dataclass(frozen=True)
class Strand:
    """A link between two symbols (their numbers), its width in pixels, its weight in the bundle."""

    here: int
    there: int
    width: float
    count: int


@dataclass(frozen=True)
class _Ray:
    """A strand seen from its root: where it goes, under which angle, how far."""

    number: int
    strand: Strand
    end: Point
    angle: float
    distance: float


def bundled(points: Sequence[Point], strands: Sequence[Strand]) -> list[Cubic]:
    """The cubic of each strand, from here to there, in the order given; y goes down."""
    is_rooted_here = len({one.here for one in strands}) <= len({one.there for one in strands})
    rays: dict[int, list[_Ray]] = defaultdict(list)
    for number, strand in enumerate(strands):
        root, end = (strand.here, strand.there) if is_rooted_here else (strand.there, strand.here)
        dx, dy = points[end][0] - points[root][0], points[end][1] - points[root][1]
        rays[root].append(_Ray(number, strand, points[end], math.atan2(dy, dx), math.hypot(dx, dy) or 1.0))
    found: dict[int, Cubic] = {}
    for root, members in rays.items():
        for bundle in _bundles(_after_widest_gap(members)):
            found.update(_drawn(points[root], bundle))
    curves = [found[number] for number in range(len(strands))]
    return curves if is_rooted_here else [(d, c, b, a) for a, b, c, d in curves]


def point_at(curve: Cubic, t: float) -> Point:
    """The point of a cubic at t, from 0 to 1."""
    q = 1 - t
    weights = (q * q * q, 3 * q * q * t, 3 * q * t * t, t * t * t)
    x = sum(weight * point[0] for weight, point in zip(weights, curve, strict=True))
    return x, sum(weight * point[1] for weight, point in zip(weights, curve, strict=True))


def _after_widest_gap(rays: list[_Ray]) -> list[_Ray]:
    """By direction, the first after the widest empty angle; angles grow past a full turn where needed."""
    rays = sorted(rays, key=lambda ray: (ray.angle, ray.distance))
    gaps = [ray.angle - rays[at - 1].angle + (0 if at else 2 * math.pi) for at, ray in enumerate(rays)]
    start = gaps.index(max(gaps))
    return rays[start:] + [_turned(ray) for ray in rays[:start]]


def _turned(ray: _Ray) -> _Ray:
    return _Ray(ray.number, ray.strand, ray.end, ray.angle + 2 * math.pi, ray.distance)


def _bundles(rays: list[_Ray]) -> list[list[_Ray]]:
    bundles: list[list[_Ray]] = []
    for ray in rays:
        bundle = bundles[-1] if bundles else []
        if bundle and ray.angle - bundle[-1].angle < BUNDLE_STEP and ray.angle - bundle[0].angle < BUNDLE_SPAN:
            bundle.append(ray)
        else:
            bundles.append([ray])
    return bundles


def _drawn(root: Point, bundle: list[_Ray]) -> dict[int, Cubic]:
    angle = sum(ray.angle * ray.strand.count for ray in bundle) / sum(ray.strand.count for ray in bundle)
    nearest = min(ray.distance for ray in bundle)
    ux, uy = math.cos(angle), math.sin(angle)
    bend = -BEND * ux - (-FAN if ux < 0 else FAN) * (math.copysign(1.0, uy) if uy else 1.0)
    leaves = (ux - uy * bend, uy + ux * bend)
    side = -sum(ray.strand.width for ray in bundle) / 2
    curves = {}
    for ray in bundle:
        offset = side + ray.strand.width / 2
        side += ray.strand.width
        trunk = max(TRUNK * nearest, 0.3 * ray.distance) if len(bundle) > 1 else 0.4 * ray.distance
        start = (root[0] - uy * offset, root[1] + ux * offset)
        first = (start[0] + leaves[0] * trunk, start[1] + leaves[1] * trunk)
        second = (ray.end[0] - (ray.end[0] - first[0]) * 0.42, ray.end[1] - (ray.end[1] - first[1]) * 0.42)
        curves[ray.number] = (start, first, second, ray.end)
    return curves
