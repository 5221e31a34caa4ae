"""The embedded gazetteer as a geopy geocoder: words or a point → a place, from one read-only file."""

import logging
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from geopy.exc import GeocoderQueryError
from geopy.geocoders.base import DEFAULT_SENTINEL, Geocoder
from geopy.location import Location
from geopy.point import Point

from directory.core.geography import distance_km
from directory.reference.keys import Side

from .coordinates import read_coordinates
from .lineage import place_of
from .places import Place, Precision, Verdict
from .search import Search
from .store import Row, Store, database_errors

logger = logging.getLogger(__name__)

LONGEST_QUERY: Final = 300
DEFAULT_RADIUS_KM: Final = 80.0
#: Rings of half-degree cells looked at around a point, and the distance (km) at which each is good enough.
_RINGS: Final = ((0, 20.0), (1, 60.0), (3, float("inf")))
COORDINATES_READ: Final = "Coordonnées lues\u202f: {0}, près de {1}. Est-ce là\u202f?"
COORDINATES_SWAPPED: Final = "Latitude et longitude inversées\u202f? Lues {0}, près de {1}. Est-ce là\u202f?"
_SEVERAL_WORDS: Final = re.compile(r"\w[^\w]+\w")
_QUERY_PARTS: Final = ("city", "county", "state", "country")


def open_gazetteer(path: Path) -> "Gazetteer | None":
    """Return the gazetteer of a file, or ``None`` (and a line in the log) when it is missing or damaged."""
    try:
        gazetteer = Gazetteer(path)
        gazetteer.warm()
    except database_errors() as error:
        logger.error("gazetteer %s cannot be read: %s", path, error)
        return None
    return gazetteer


class Gazetteer(Geocoder):  # type: ignore[misc]  # geopy has no types
    """Finds places by words or by point; safe to share between threads."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._store = Store(path)
        self._search = Search(self._store)
        status = path.stat()
        self._version = f"{status.st_mtime_ns}-{status.st_size}"

    def warm(self) -> None:
        """Read once what the first misspelt query would read, and so find damage early."""
        if self.place("p:ML") is None or not self.find("Morlaix"):
            raise ValueError("the file does not hold what a gazetteer holds")

    @property
    def version(self) -> str:
        """Return what changes when the file does."""
        return self._version

    # What the application calls

    def find(self, query: str, *, side: Side | None = None, limit: int = 5, country: str | None = None) -> list[Place]:
        """Return the places a query may mean, best first; only the first has a verdict; none for nonsense.

        A query that names several places answers one of each before the others, and its verdict is ``ambigu``.
        Coordinates answer the place around them, at that very point, to be confirmed.
        """
        if len(query) > LONGEST_QUERY or not query.strip():
            return []
        found = self._around(query, side) or self._search.listed(query, side, limit)
        found = found or self._search.find(query, side, limit)
        return [place for place in found if country is None or place.country == country]

    def parts(self, query: str, *, side: Side | None = None) -> list[str]:
        """Return the words of each place when a query names several, else the query alone."""
        is_asked = len(query.strip()) > 0 and len(query) <= LONGEST_QUERY and read_coordinates(query) is None
        return self._search.parts(query, side) if is_asked else [query]

    def _around(self, query: str, side: Side | None) -> list[Place]:
        """Return the place around coordinates typed as text, to be confirmed; swapped ones are noticed."""
        point = read_coordinates(query)
        if point is None:
            return []
        for read, words in ((point, COORDINATES_READ), (point.swapped, COORDINATES_SWAPPED)):
            near = self.nearest(read.lon, read.lat, 20) if read is not None else []
            place = next((place for place in near if side in (None, place.side)), None)
            if read is not None and place is not None:
                place = replace(place, lon=read.lon, lat=read.lat, precision=Precision.POINT)
                return [place.judged(Verdict.PROBABLE, 0.6, words.format(read.words, place.name))]
        return []

    def suggest(self, text: str, limit: int = 5, scope: Side | None = None) -> list[Place]:
        """Return the places whose name starts like, or nearly like, what is being typed.

        Where none does, several words may tell a place and what holds it: « Saint-Denis de La Réunion ».
        """
        if len(text) > LONGEST_QUERY or not text.strip():
            return []
        found = self._search.find(text, scope, limit, is_typing=True)
        if found or not _SEVERAL_WORDS.search(text):
            return found
        told = self._search.find(text, scope, limit)
        return [] if told and told[0].verdict is Verdict.APPROXIMATE else told

    def place(self, key: str) -> Place | None:
        """Return the place of a territory key, or ``None`` when the gazetteer does not know it."""
        row = self._store.with_key(key)
        return None if row is None else place_of(row, self._store)

    def nearest(self, lon: float, lat: float, limit: int = 1, radius_km: float = DEFAULT_RADIUS_KM) -> list[Place]:
        """Return the towns and communes nearest to a point in degrees, within a radius in kilometres."""
        found: list[tuple[float, Row]] = []
        for ring, enough in _RINGS:
            rows = self._store.in_cells(_cells_around(lon, lat, ring))
            found = sorted(((distance_km(lon, lat, row.lon, row.lat), row) for row in rows), key=lambda item: item[0])
            if found and found[0][0] < enough:
                break
        near = [place_of(row, self._store) for distance, row in found[:limit] if distance <= radius_km]
        return [place.judged(Verdict.SURE, 1.0) for place in near]

    def country_named(self, query: str) -> str | None:
        """Return the country that a query tells besides its place."""
        return self._search.country_named(query)

    def keys_around(self, lon: float, lat: float, country: str, insee: str = "") -> tuple[str, ...]:
        """Return the keys of the territories that hold a point in degrees: its commune here, its division there."""
        known = self.place(f"c:{insee}") if insee else None
        if known is not None:
            return known.keys
        near = next((place for place in self.nearest(lon, lat, 20) if place.country == country), None)
        if near is not None:
            return near.keys if near.side is Side.HERE else tuple(key for key in near.keys if key[:2] != "v:")
        whole = self.place(f"p:{country}")
        return whole.keys if whole is not None else ()

    # What geopy promises

    def geocode(
        self,
        query: str | Mapping[str, str],
        *,
        exactly_one: bool = True,
        limit: int = 5,
        scope: Side | None = None,
        country_codes: str | Sequence[str] | None = None,
        timeout: Any = DEFAULT_SENTINEL,
    ) -> Location | list[Location] | None:
        """Return one location or several; ``Location.raw["place"]`` is the ``Place``; ``timeout`` is not needed."""
        if isinstance(query, Mapping):
            query = ", ".join(str(query[part]) for part in _QUERY_PARTS if query.get(part))
        if not isinstance(query, str) or len(query) > LONGEST_QUERY:
            raise GeocoderQueryError(f"a query is a text of at most {LONGEST_QUERY} characters")
        codes = [country_codes] if isinstance(country_codes, str) else country_codes
        wanted = {code.upper() for code in codes} if codes else None
        places = self.find(query, side=scope, limit=limit)
        return _locations((place for place in places if wanted is None or place.country in wanted), exactly_one)

    def reverse(
        self,
        query: Point | str | tuple[float, float],
        *,
        exactly_one: bool = True,
        limit: int = 1,
        radius_km: float = DEFAULT_RADIUS_KM,
        timeout: Any = DEFAULT_SENTINEL,
    ) -> Location | list[Location] | None:
        """Return the places nearest to a point, given as geopy does: latitude first."""
        point = Point(query)
        return _locations(self.nearest(point.longitude, point.latitude, limit, radius_km), exactly_one)


def _cells_around(lon: float, lat: float, ring: int) -> Iterable[int]:
    """Yield the half-degree cells at most ``ring`` cells away, across the antimeridian too."""
    row, column = int((lat + 90) * 2), int((lon + 180) * 2)
    for i in range(row - ring, row + ring + 1):
        for j in range(column - ring, column + ring + 1):
            yield i * 1000 + j % 720


def _locations(places: Iterable[Place], exactly_one: bool) -> Location | list[Location] | None:
    found = [Location(place.label, Point(place.lat, place.lon), {"place": place}) for place in places]
    if not found:
        return None
    return found[0] if exactly_one else found
