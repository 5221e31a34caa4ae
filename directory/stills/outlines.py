"""The outlines of the base map as numbers: a small reader of the TopoJSON of static/geo, and the Mercator frame.

World units: x and y from 0 to 1, (0, 0) at 180° west and about 85° north, y downwards, as the map of the page has it.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
"""Shape (n, 2): x and y."""

FURTHEST = 85.05
"""Latitude beyond which Mercator shows nothing, in degrees."""


@dataclass(frozen=True)
class Outlines:
    """The lines of one layer, in world units; `boxes` (k, 4) holds left, top, right and bottom of each."""

    lines: tuple[Points, ...]
    boxes: NDArray[np.float64]

    def seen(self, left: float, top: float, right: float, bottom: float) -> list[Points]:
        """The lines that touch a frame in world units; a turn of the globe is added where the frame goes past it."""
        found = []
        for turn in (-1.0, 0.0, 1.0):
            boxes = self.boxes + np.array([turn, 0.0, turn, 0.0])
            touches = (boxes[:, 0] < right) & (boxes[:, 2] > left) & (boxes[:, 1] < bottom) & (boxes[:, 3] > top)
            found += [self.lines[at] + (turn, 0.0) for at in np.flatnonzero(touches)]
        return found


def world_x(lon: float) -> float:
    """World x of a longitude in degrees; past 180° it goes on beyond 1."""
    return lon / 360 + 0.5


def world_y(lat: float) -> float:
    """World y of a latitude in degrees."""
    sine = math.sin(math.radians(max(-FURTHEST, min(FURTHEST, lat))))
    return 0.5 - math.log((1 + sine) / (1 - sine)) / (4 * math.pi)


@lru_cache(maxsize=4)
def read_outlines(path: Path) -> dict[str, Outlines]:
    """The layers of a TopoJSON file by name; polygons give their outer rings only, since what a hole holds is land."""
    topology = json.loads(path.read_bytes())
    arcs = _arcs(topology)
    return {name: _layer(_rings(geometry), arcs) for name, geometry in topology["objects"].items()}


def _arcs(topology: dict[str, Any]) -> list[Points]:
    """Every arc in world units: quantised steps are summed, scaled, then projected."""
    scale, translate = (np.array(topology["transform"][name]) for name in ("scale", "translate"))
    return [_projected(np.cumsum(np.array(arc), axis=0) * scale + translate) for arc in topology["arcs"]]


def _projected(degrees: Points) -> Points:
    sine = np.sin(np.radians(np.clip(degrees[:, 1], -FURTHEST, FURTHEST)))
    y = 0.5 - np.log((1 + sine) / (1 - sine)) / (4 * math.pi)
    return np.column_stack([degrees[:, 0] / 360 + 0.5, y])


def _rings(geometry: dict[str, Any]) -> list[list[int]]:
    """The numbers of the arcs of each line; a negative one is read backwards."""
    kind, arcs = geometry["type"], geometry.get("arcs", [])
    if kind == "GeometryCollection":
        return [ring for part in geometry["geometries"] for ring in _rings(part)]
    if kind == "LineString":
        return [arcs]
    if kind == "MultiLineString":
        return list(arcs)
    if kind == "Polygon":
        return [arcs[0]]
    if kind == "MultiPolygon":
        return [polygon[0] for polygon in arcs]
    return []


def _layer(rings: list[list[int]], arcs: list[Points]) -> Outlines:
    lines = tuple(_joined([arcs[at] if at >= 0 else arcs[~at][::-1] for at in ring]) for ring in rings)
    boxes = np.array([(*line.min(axis=0), *line.max(axis=0)) for line in lines]).reshape(-1, 4)
    return Outlines(lines, boxes)


def _joined(parts: list[Points]) -> Points:
    """One line of arcs that follow each other: each begins where the one before ended."""
    return np.concatenate([parts[0], *(part[1:] for part in parts[1:])])
