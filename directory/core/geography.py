"""Points and boxes on the globe: WGS 84 degrees, longitude first."""

from __future__ import annotations

import math
from dataclasses import dataclass

EARTH_RADIUS_KM = 6371.0088
"""Mean radius of the Earth (IUGG)."""


def check_point(lon: float, lat: float) -> tuple[float, float]:
    """The pair (lon, lat) in degrees to 7 decimals (1 cm); raises ValueError unless finite and on the globe."""
    if isinstance(lon, bool) or isinstance(lat, bool):
        raise ValueError("coordinates must be numbers")
    lon, lat = float(lon), float(lat)
    if not (math.isfinite(lon) and math.isfinite(lat)):
        raise ValueError("coordinates must be finite")
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise ValueError("coordinates out of range")
    return round(lon, 7), round(lat, 7)


def distance_km(lon1: float, lat1: float, lon2: float, lat2: float) -> float:
    """Great-circle distance in kilometres (haversine; within 0.6 % of the ellipsoid)."""
    phi1, phi2 = math.radians(lat1), math.radians(lat2)
    half_dphi, half_dlambda = (phi2 - phi1) / 2, math.radians(lon2 - lon1) / 2
    a = math.sin(half_dphi) ** 2 + math.cos(phi1) * math.cos(phi2) * math.sin(half_dlambda) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(a)))


@dataclass(frozen=True)
class Box:
    """A view in degrees; west greater than east crosses the antimeridian."""

    west: float
    south: float
    east: float
    north: float

    @classmethod
    def parse(cls, text: str) -> Box:
        """The box written "west,south,east,north"; longitudes of any world copy; raises ValueError otherwise."""
        parts = text.split(",")
        if len(parts) != 4 or len(text) > 120:
            raise ValueError("a box is four numbers")
        west, south, east, north = (float(part) for part in parts)
        if not all(math.isfinite(value) for value in (west, south, east, north)):
            raise ValueError("a box is finite")
        if abs(west) > 1080 or abs(east) > 1080 or not -90 <= south <= north <= 90 or east < west - 360:
            raise ValueError("a box is on the globe")
        if east - west >= 360:
            return cls(-180.0, south, 180.0, north)
        return cls(_wrap(west), south, _wrap(east, is_east=east > west), north)

    def ranges(self) -> tuple[tuple[float, float], ...]:
        """The longitudes covered, as one (west, east) range or two when the antimeridian is crossed."""
        if self.west <= self.east:
            return ((self.west, self.east),)
        return ((self.west, 180.0), (-180.0, self.east))

    def __str__(self) -> str:
        return ",".join(f"{value:g}" for value in (self.west, self.south, self.east, self.north))


def _wrap(lon: float, *, is_east: bool = False) -> float:
    wrapped = (lon + 180) % 360 - 180
    return 180.0 if is_east and wrapped == -180 else wrapped
