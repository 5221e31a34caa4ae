"""The small map of gathered links, and the still picture shown before it and where there is no script."""

from __future__ import annotations

from dataclasses import dataclass

from directory.basemap.page import MapPoint, PlacesMap, places_map
from directory.pages.parts.gathered import Gathered
from directory.pages.parts.picture import Picture, draw

MAX_LINKS = 24
"""The heaviest: more would hide one another on a small map."""
RATIO = 1.5
"""Width over height; as static/css/small-map.css has it."""


@dataclass(frozen=True)
class SmallMap:
    """Both, for the template pages/_links_map.html."""

    places: PlacesMap
    drawn: Picture | None


def small_map_of(found: Gathered, key: str) -> SmallMap:
    """The small map of links, under the key that tells it from others of the page."""
    links = found.links[:MAX_LINKS]
    used = sorted({number for link in links for number in link[:2]})
    renumbered = {number: at for at, number in enumerate(used)}
    places = [found.places[number] for number in used]
    points = [(round(one.lon, 4), round(one.lat, 4)) for one in places]
    marks = [MapPoint(one.side.value, one.name, "", *point) for one, point in zip(places, points, strict=True)]
    shown = [(renumbered[here], renumbered[there], count) for here, there, count in links]
    return SmallMap(
        places=places_map(key, "Ces liens, sur une carte", marks, links=shown),
        drawn=draw(((points[here], points[there]) for here, there, _ in shown), ratio=RATIO),
    )
