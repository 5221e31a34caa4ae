"""The small map of gathered links, and the still picture shown before it and where there is no script."""

from __future__ import annotations

from dataclasses import dataclass

from directory.basemap.page import MapPoint, PlacesMap, places_map
from directory.pages.gathered import Gathered
from directory.pages.picture import Picture, draw

RATIO = 1.5
"""Width over height; as static/css/small-map.css has it."""


@dataclass(frozen=True)
class SmallMap:
    """Both, for the template pages/_links_map.html."""

    places: PlacesMap
    drawn: Picture | None


def small_map_of(found: Gathered, key: str) -> SmallMap:
    """The small map of links, under the key that tells it from others of the page."""
    points = [(one.lon, one.lat) for one in found.places]
    marks = [MapPoint(one.side.value, one.name, "", round(one.lon, 4), round(one.lat, 4)) for one in found.places]
    return SmallMap(
        places=places_map(key, "Ces liens, sur une carte", marks, links=found.links),
        drawn=draw(((points[here], points[there]) for here, there, _ in found.links), ratio=RATIO),
    )
