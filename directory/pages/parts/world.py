"""The map of the main flows as numbers for an SVG that the server writes, for who has no script.

The same grammar as the map: at most 60 ribbons, neutral until a territory is chosen, then shaded from here to there;
the busiest named first. One sheet for a wide screen, one for a phone, so that no name falls under 12 pixels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from directory.initiatives.filters import Filters
from directory.initiatives.flows import FlowAnswer, Node
from directory.pages.parts.picture import LAND, frame_of, nearer, project, turns_of
from directory.stills.scene import Ribbon, Scene, Sizes, Spot, compose

Link = tuple[int, int, int]
MAX_ROWS = 24
LETTER = 0.56
"""Mean width of a letter, as a share of the size of the text."""


@dataclass(frozen=True)
class Format:
    """A sheet in pixels: its size, that of its names, what it holds."""

    name: str
    width: int
    height: int
    text: int
    links: int
    sizes: Sizes


FORMATS = (
    Format("wide", 1184, 500, 15, 60, Sizes(5, 24, 1.3, 9.5, 19, 26)),
    Format("narrow", 390, 300, 15, 24, Sizes(4.5, 16, 1.2, 6.5, 18, 8)),
)


@dataclass(frozen=True)
class WorldPicture:
    """One drawing: its format and its scene in pixels; where the land lies, once for each turn of the globe."""

    format: Format
    scene: Scene
    lands: tuple[tuple[float, float, float, float], ...]
    """Left, top, width and height."""
    is_shaded: bool

    def path(self, ribbon: Ribbon) -> str:
        """The curve of a ribbon, as SVG wants it."""
        (x0, y0), *others = ribbon.curve
        return f"M{x0:.0f} {y0:.0f}C" + " ".join(f"{x:.0f} {y:.0f}" for x, y in others)


@dataclass(frozen=True)
class World:
    """The drawings, and the same links as rows: the end here, the end there, their distinct initiatives."""

    pictures: tuple[WorldPicture, ...]
    rows: tuple[tuple[Node, Node, int], ...]


def is_chosen(filters: Filters) -> bool:
    """Whether a territory is chosen: then the ribbons take the colours of their ends."""
    return bool(filters.here or filters.there or filters.regions or filters.departements or filters.countries)


def draw_world(found: FlowAnswer, *, is_shaded: bool) -> World:
    """A drawing for each format, and the links that it shows; none without any link."""
    return _world(tuple(found.nodes), tuple(found.flows[: FORMATS[0].links]), is_shaded)


@lru_cache(maxsize=8)
def _world(nodes: tuple[Node, ...], flows: tuple[Link, ...], is_shaded: bool) -> World:
    """Most pages show the same links: those of everything."""
    if not flows:
        return World((), ())
    rows = ((nodes[here], nodes[there], count) for here, there, count in flows[:MAX_ROWS])
    return World(tuple(_drawn(nodes, flows, one, is_shaded) for one in FORMATS), tuple(rows))


def _drawn(known: Sequence[Node], flows: Sequence[Link], form: Format, is_shaded: bool) -> WorldPicture:
    links = flows[: form.links]
    used = sorted({number for link in links for number in link[:2]})
    renumbered = {number: at for at, number in enumerate(used)}
    nodes = [known[number] for number in used]
    ends = [(renumbered[here], renumbered[there], count) for here, there, count in links]
    points = _unrolled(nodes, ends)
    left, top, width, _ = frame_of(points, form.width / form.height)
    scale = form.width / width
    top = max(LAND[1], min(top, LAND[1] + LAND[3] - form.height / scale))
    spots = [
        Spot(node.key, node.name, (x - left) * scale, (y - top) * scale, node.count)
        for node, (x, y) in zip(nodes, points, strict=True)
    ]
    scene = compose(
        spots,
        ends,
        size=(form.width, form.height),
        sizes=form.sizes,
        measure=lambda text: len(text) * LETTER * form.text,
    )
    lands = tuple(
        ((LAND[0] + turn - left) * scale, (LAND[1] - top) * scale, LAND[2] * scale, LAND[3] * scale)
        for turn in turns_of(left, left + width)
    )
    return WorldPicture(form, scene, lands, is_shaded)


def _unrolled(nodes: Sequence[Node], ends: Sequence[Link]) -> list[tuple[float, float]]:
    """The places in units of the projection, each on the turn of the globe nearest to the busiest end here."""
    points = [project((node.lon, node.lat)) for node in nodes]
    first = points[ends[0][0]]
    return [nearer(first, point) for point in points]
