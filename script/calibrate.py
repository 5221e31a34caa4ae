"""Fit the confidence: weights of a logistic model, and how often each announced probability is right.

    python script/calibrate.py GAZETTEER OUTPUT.json QUERIES.csv [QUERIES.csv…]

Run by hand after the ranking changes. Half of the queries (by the checksum of their text) and half of the queries made
up from the gazetteer's own names train the model; the other halves only measure it.
"""

import json
import random
import sys
import zlib
from itertools import pairwise
from pathlib import Path

import numpy as np

from directory.core.geography import distance_km
from directory.geocoding.evaluation import SIDES, Expected, read
from directory.geocoding.gazetteer import open_gazetteer
from directory.geocoding.search import Search
from directory.geocoding.store import Store

MADE_UP, SEED, RIDGE = 1600, 20261122, 0.5
#: A place is asked for by this power of its population: fitted queries must resemble real ones.
POPULAR = 0.7
REAL_WEIGHT, MADE_UP_WEIGHT = 2.0, 0.5
BINS = (0.0, 0.3, 0.6, 0.8, 0.9, 0.93, 0.95, 0.97, 0.99, 1.001)


def slip(name, chance):
    """Return a name with one slip of the finger."""
    at = chance.randrange(1, max(2, len(name) - 2))
    kind = chance.choice("dtsr")
    if kind == "d":
        return name[:at] + name[at + 1 :]
    if kind == "t":
        return name[:at] + name[at + 1 : at + 2] + name[at] + name[at + 2 :]
    return name[:at] + (chance.choice("aeioulnrst") + name[at + 1 :] if kind == "s" else name[at] + name[at:])


def made_up(store, count, seed):
    """Yield queries for places drawn by a power of their population: bare, with a hint, misspelt."""
    chance = random.Random(seed)  # noqa: S311  # a sample, no secret
    columns = "name, lat, lon, population, division, country"
    for side, kind, fewest in (("ici", 1, 1), ("labas", 0, 2000)):
        sql = f"SELECT {columns} FROM place WHERE kind = {kind} AND population >= {fewest}"  # noqa: S608
        rows = store.connection.execute(sql).fetchall()
        drawn = chance.choices(rows, [(row[3] + 100) ** POPULAR for row in rows], k=count)
        for name, lat, lon, _, division, country in drawn:
            hint = f" ({division if side == 'ici' else store.countries[country].name})"
            draw = chance.random()
            query = name if draw < 0.5 else slip(name, chance)
            query += hint if 0.3 <= draw < 0.5 or draw > 0.8 else ""
            yield Expected(query, side, country, "", lat / 1e4, lon / 1e4, 10.0)


def sample(search, expected, weight):
    """Return (features, is right, weight, query) of the queries that are judged at all."""
    found = []
    for item in expected:
        weighed = search.weigh(item.query, SIDES[item.side])
        if weighed is not None:
            place, values, _ = weighed
            near = distance_km(item.lon, item.lat, place.lon, place.lat) <= item.tolerance_km
            found.append((values, item.is_met_by(place) or (near and item.side == "ici"), weight, item.query))
    return found


def fit(rows, names):
    """Return the weights by Newton's method, with a ridge."""
    x = np.array([[values[name] for name in names] for values, *_ in rows])
    y = np.array([float(right) for _, right, *_ in rows])
    s = np.array([weight for *_, weight, _ in rows])
    w = np.zeros(len(names))
    for _ in range(100):
        p = 1 / (1 + np.exp(-x @ w))
        gradient = x.T @ (s * (y - p)) - RIDGE * w
        w += np.linalg.solve((x.T * (s * p * (1 - p))) @ x + RIDGE * np.eye(len(w)), gradient)
    return w


def table(rows, names, w):
    """Print how often each announced probability is right."""
    x = np.array([[values[name] for name in names] for values, *_ in rows])
    y = np.array([float(right) for _, right, *_ in rows])
    p = 1 / (1 + np.exp(-x @ w))
    for low, high in pairwise(BINS):
        inside = (p >= low) & (p < high)
        if inside.any():
            print(
                f"| {low:.2f}–{min(high, 1):.2f} | {inside.sum()} | {p[inside].mean():.3f} | {y[inside].mean():.3f} |"
            )
    print("wrong and sure of it:", [rows[i][3] for i in np.flatnonzero((p >= 0.93) & (y == 0))][:40])


def main(gazetteer, output, *files):
    """Fit, measure, write."""
    store = Store(Path(gazetteer))
    search = Search(store)
    assert open_gazetteer(Path(gazetteer))  # noqa: S101
    real = [item for file in files for item in read(Path(file))]
    halves = [[item for item in real if zlib.crc32(item.query.encode()) % 2 == half] for half in (0, 1)]
    train, held = (
        sample(search, halves[half], REAL_WEIGHT)
        + sample(search, made_up(store, MADE_UP // 2, SEED + half), MADE_UP_WEIGHT)
        for half in (0, 1)
    )
    names = list(train[0][0])
    w = fit(train, names)
    print("training half", len(train))
    table(train, names, w)
    print("held-out half", len(held))
    table(held, names, w)
    print("held-out half, real queries only")
    table([row for row in held if row[2] == REAL_WEIGHT], names, w)
    weights = {name: round(float(value), 6) for name, value in zip(names, w, strict=True)}
    known = json.loads(Path(output).read_text("utf-8"))
    Path(output).write_text(json.dumps(known | {"weights": weights}, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
