"""Links gathered for the map: how many distinct initiatives join a territory here and a territory there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from directory.core.geography import Box
from directory.initiatives.filters import Filters
from directory.initiatives.index import Corpus, Mask, Rows

MAX_FLOWS = 320
MAX_NODES = 400
LEVELS = (("z", "p"), ("r", "p"), ("d", "a"), ("c", "v"))
"""Letter of the territories on each side, from the whole world to the ground: zone–country … commune–town."""
FIRST_LOCAL_LEVEL = 2
"""From this level on, links are those that touch the view, and an end outside it is drawn coarse."""
COARSE = ("r", "p")
_RANK = {letter: rank for letters in ("cedrz", "vap") for rank, letter in enumerate(letters)}


@dataclass(frozen=True)
class Node:
    """A territory at one end of the links: its key, its name, where it is drawn (degrees), its distinct initiatives."""

    key: str
    name: str
    lon: float
    lat: float
    count: int
    degree: int
    """How many territories of the other side it is linked with."""


@dataclass(frozen=True)
class FlowAnswer:
    """What the map draws. `flows` holds (index of the node here, index of the node there, distinct initiatives)."""

    level: int
    total: int
    countries: int
    territories: int
    nodes: tuple[Node, ...]
    flows: tuple[tuple[int, int, int], ...]
    flows_total: int

    def to_json(self) -> dict[str, Any]:
        """Columns rather than objects: three times shorter."""
        return {
            "level": self.level,
            "total": self.total,
            "countries": self.countries,
            "territories": self.territories,
            "flows_total": self.flows_total,
            "flows_shown": len(self.flows),
            "keys": [node.key for node in self.nodes],
            "names": [node.name for node in self.nodes],
            "lon": [round(node.lon, 4) for node in self.nodes],
            "lat": [round(node.lat, 4) for node in self.nodes],
            "counts": [node.count for node in self.nodes],
            "degrees": [node.degree for node in self.nodes],
            "flows": [value for flow in self.flows for value in flow],
        }


def flows(corpus: Corpus, session: Session, filters: Filters, *, level: int, box: Box | None = None) -> FlowAnswer:
    """The links of a selection at a level (0 to 3); `box` is the view, used from level 2 on."""
    mask = corpus.select(session, filters)
    chosen = mask[corpus.links.row]
    row, here, there = (column[chosen] for column in (corpus.links.row, corpus.links.here, corpus.links.there))
    here_letter, there_letter = LEVELS[level]
    here_keys, there_keys = _keys_at(corpus, here, here_letter), _keys_at(corpus, there, there_letter)
    if box is not None and level >= FIRST_LOCAL_LEVEL:
        inside = corpus.ends.inside(box)
        here_in, there_in = inside[here], inside[there]
        here_keys = np.where(here_in, here_keys, _keys_at(corpus, here, COARSE[0]))
        there_keys = np.where(there_in, there_keys, _keys_at(corpus, there, COARSE[1]))
        seen = here_in | there_in
        row, here, there = row[seen], here[seen], there[seen]
        here_keys, there_keys = here_keys[seen], there_keys[seen]
    return _gather(corpus, level, mask, row, (here, there), (here_keys, there_keys))


def _keys_at(corpus: Corpus, ends: Rows, letter: str) -> NDArray[np.str_]:
    """The key of each end at a level; an end coarser than the level keeps its own key."""
    return np.array([_key_at(corpus.ends.keys[end], letter) for end in ends], dtype="U40")


def _key_at(keys: tuple[str, ...], letter: str) -> str:
    return next((key for key in keys if _RANK[key[0]] >= _RANK[letter]), keys[-1])


def _gather(
    corpus: Corpus,
    level: int,
    mask: Mask,
    row: Rows,
    ends: tuple[Rows, Rows],
    keys: tuple[NDArray[np.str_], NDArray[np.str_]],
) -> FlowAnswer:
    names = np.unique(np.concatenate(keys)) if len(row) else np.array([], dtype="U40")
    here, there = np.searchsorted(names, keys[0]), np.searchsorted(names, keys[1])
    size = len(names)
    # One line per distinct (initiative, here, there): several anchors in one territory count once.
    distinct = np.unique(np.stack([row, here, there], axis=1), axis=0) if len(row) else np.zeros((0, 3), dtype=np.int64)
    pair, weight = np.unique(distinct[:, 1] * size + distinct[:, 2], return_counts=True)
    order = np.argsort(-weight, kind="stable")
    pair, weight = pair[order], weight[order]
    counts, degrees = _node_totals(distinct, pair, size)
    drawn, used = _within_limits(pair, size)
    position = {code: index for index, code in enumerate(used)}
    nodes = tuple(
        _node(corpus, str(names[code]), _ends_of(code, (here, there), ends), int(counts[code]), int(degrees[code]))
        for code in used
    )
    lines = tuple(
        (position[int(pair[at] // size)], position[int(pair[at] % size)], int(weight[at])) for at in range(drawn)
    )
    return FlowAnswer(level, int(mask.sum()), *_reach(corpus, mask), nodes, lines, len(pair))


def _node_totals(distinct: Rows, pair: Rows, size: int) -> tuple[Rows, Rows]:
    """Distinct initiatives and distinct partners of each node."""
    counts = np.zeros(size, dtype=np.int64)
    for column in (1, 2):
        seen = np.unique(distinct[:, [0, column]], axis=0)
        counts += np.bincount(seen[:, 1], minlength=size)
    degrees = np.bincount(pair // size, minlength=size) + np.bincount(pair % size, minlength=size) if size else counts
    return counts, degrees


def _within_limits(pair: Rows, size: int) -> tuple[int, list[int]]:
    """How many of the sorted links are drawn, and the nodes they use, in the order of the links."""
    used: dict[int, None] = {}
    drawn = 0
    for code in pair[:MAX_FLOWS]:
        ends = (int(code // size), int(code % size))
        if len(used.keys() | set(ends)) > MAX_NODES:
            break
        used.update(dict.fromkeys(ends))
        drawn += 1
    return drawn, list(used)


def _ends_of(code: int, codes: tuple[Rows, Rows], ends: tuple[Rows, Rows]) -> Rows:
    return np.concatenate([end[side == code] for side, end in zip(codes, ends, strict=True)])


def _node(corpus: Corpus, key: str, ends: Rows, count: int, degree: int) -> Node:
    """A coarse territory stands at its own centre, a town or commune at the mean of its ends."""
    name = corpus.known.territories.get(key)
    centre = corpus.centres.get(key)
    if name is None or centre is None:
        exact = [int(end) for end in ends if corpus.ends.keys[int(end)][0] == key]
        lon, lat = float(corpus.ends.lon[exact].mean()), float(corpus.ends.lat[exact].mean())
        return Node(key, name or corpus.ends.names[exact[0]], lon, lat, count, degree)
    return Node(key, name, *centre, count, degree)


def _reach(corpus: Corpus, mask: Mask) -> tuple[int, int]:
    """Distinct countries there, and distinct territories here, of the selected initiatives."""
    keys = corpus.territories.counts(mask)
    countries = sum(key.startswith("p:") for key in keys)
    chosen = mask[corpus.ends.row] & corpus.ends.is_here
    return countries, len({corpus.ends.keys[end][0] for end in np.flatnonzero(chosen)})
