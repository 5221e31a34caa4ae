"""The territories of one side as numbers: those of the reference lists first, coarse before fine, then those met.

No Python object per territory: keys are fixed-width bytes, names one string of bytes, so that 40,000 communes,
divisions and countries weigh 1 MB in a worker, not 9.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.int64]
"""Numbers of territories, places, rows or links, of any integer type."""
Keys = NDArray[np.bytes_]

HERE, THERE = "zrdec", "pav"
"""Letters of the keys of each side; codes follow this order, so that coarse levels have small codes."""
FINE = "cv"
"""Letters of the territories that are drawn where their links end, not at a centre."""
_OFTEN_NAMED = "zrdp"


@dataclass(frozen=True)
class Words:
    """Many short texts as one array of UTF-8 bytes; text `i` lies between `bounds[i]` and `bounds[i + 1]`."""

    blob: NDArray[np.uint8]
    bounds: NDArray[np.uint32]

    @classmethod
    def of(cls, texts: Iterable[str]) -> Words:
        """The texts, in their order."""
        encoded = [text.encode() for text in texts]
        bounds = np.zeros(len(encoded) + 1, dtype=np.uint32)
        np.cumsum([len(text) for text in encoded], out=bounds[1:])
        return cls(np.frombuffer(b"".join(encoded), dtype=np.uint8), bounds)

    def __len__(self) -> int:
        return len(self.bounds) - 1

    def __getitem__(self, number: int) -> str:
        return self.blob[self.bounds[number] : self.bounds[number + 1]].tobytes().decode()

    def of_each(self, numbers: Codes) -> list[str]:
        """The texts of these numbers: many at once take a third of the time."""
        blob = self.blob.data
        starts, ends = self.bounds[:-1][numbers].tolist(), self.bounds[1:][numbers].tolist()
        return [bytes(blob[start:end]).decode() for start, end in zip(starts, ends, strict=True)]

    def take(self, order: Codes) -> Words:
        """The texts of these numbers, in this order."""
        lengths = np.diff(self.bounds).astype(np.int64)[order]
        bounds = np.zeros(len(order) + 1, dtype=np.uint32)
        np.cumsum(lengths, out=bounds[1:])
        shift = self.bounds[:-1][order].astype(np.int64) - bounds[:-1]
        return Words(self.blob[np.repeat(shift, lengths) + np.arange(int(bounds[-1]))], bounds)

    def joined(self, other: Words) -> Words:
        """These texts, then the others."""
        bounds = np.concatenate([self.bounds, other.bounds[1:] + self.bounds[-1]])
        return Words(np.concatenate([self.blob, other.blob]), bounds)

    @property
    def nbytes(self) -> int:
        """Size in memory."""
        return self.blob.nbytes + self.bounds.nbytes


@dataclass(frozen=True)
class Territories:
    """The territories of one side by code: key, name, and centre (degrees) of the coarse ones, all but the communes.

    Codes below `listed` are those of the reference lists, sorted by key inside the range of their letter. Those above
    were met in anchors only, towns there for the most part, and are sorted by key.
    """

    keys: Keys
    names: Words
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    ranges: dict[str, tuple[int, int]]
    listed: int

    @classmethod
    def of_lists(cls, letters: str, rows: Iterable[tuple[str, str, float, float]]) -> Territories:
        """The reference lists: (key, name, lon, lat) of the territories whose key has one of the letters."""
        chosen = sorted(
            (row for row in rows if row[0][0] in letters), key=lambda row: (letters.index(row[0][0]), row[0])
        )
        initials = [row[0][0] for row in chosen]
        counts = {letter: initials.count(letter) for letter in letters}
        starts = dict(zip(letters, np.cumsum([0, *counts.values()]).tolist(), strict=False))
        coarse = [row for row in chosen if row[0][0] not in FINE]
        return cls(
            keys=_packed(row[0] for row in chosen),
            names=Words.of(row[1] for row in chosen),
            lon=np.array([row[2] for row in coarse], dtype=np.float64),
            lat=np.array([row[3] for row in coarse], dtype=np.float64),
            ranges={letter: (starts[letter], starts[letter] + counts[letter]) for letter in letters},
            listed=len(chosen),
        )

    def code(self, key: str) -> int | None:
        """The code of a key, or None when neither the lists nor an anchor holds it."""
        wanted = np.bytes_(key.encode())
        if len(wanted) > self.keys.itemsize:
            return None
        for first, last in (self.ranges.get(key[:1], (0, 0)), (self.listed, len(self.keys))):
            at = first + int(np.searchsorted(self.keys[first:last], wanted))
            if at < last and self.keys[at] == wanted:
                return at
        return None

    def key(self, code: int) -> str:
        """The key of a code."""
        return bytes(self.keys[code]).decode()

    def told(self, codes: Codes) -> list[tuple[str, str]]:
        """The key and the name of each code."""
        return list(zip(self.keys_of(codes), self.names.of_each(codes), strict=True))

    def keys_of(self, codes: Codes) -> list[str]:
        """The key of each code."""
        return [key.decode() for key in self.keys[codes].tolist()]

    def centre(self, code: int) -> tuple[float, float] | None:
        """Where a coarse territory is drawn, (lon, lat) in degrees; None for a commune or a town."""
        return (float(self.lon[code]), float(self.lat[code])) if code < len(self.lon) else None

    def codes(self, keys: Sequence[str]) -> Codes:
        """The code of each key, -1 when neither the lists nor an anchor holds it."""
        wanted = _packed(keys)
        initials = wanted.astype("S1")
        found = np.full(len(wanted), -1, dtype=np.int64)
        for letter, (first, last) in (*self.ranges.items(), ("", (self.listed, len(self.keys)))):
            asked = np.flatnonzero(initials == letter.encode() if letter else found < 0)
            if last > first and len(asked):
                at = np.minimum(first + np.searchsorted(self.keys[first:last], wanted[asked]), last - 1)
                found[asked] = np.where(self.keys[at] == wanted[asked], at, found[asked])
        return found

    def meeting(self, met: Mapping[str, str]) -> Territories:
        """The same with more keys, each with its name; those already there keep theirs."""
        given = list(met)
        new = sorted(given[at] for at in np.flatnonzero(self.codes(given) < 0))
        if not new:
            return self
        keys = np.concatenate([self.keys[self.listed :], _packed(new)])
        order = np.argsort(keys, kind="stable")
        names = self.names.joined(Words.of(met[key] for key in new))
        chosen = np.concatenate([np.arange(self.listed), self.listed + order])
        return replace(self, keys=np.concatenate([self.keys[: self.listed], keys[order]]), names=names.take(chosen))

    def naming(self, names: Mapping[str, str]) -> Territories:
        """The same with these names for keys that it holds."""
        codes = self.codes(list(names)).tolist()
        changed = {code: name for code, name in zip(codes, names.values(), strict=True) if self.names[code] != name}
        if not changed:
            return self
        chosen = np.arange(len(self.keys))
        chosen[list(changed)] = len(self.keys) + np.arange(len(changed))
        return replace(self, names=self.names.joined(Words.of(changed.values())).take(chosen))

    def without_unused(self, used: NDArray[np.bool_]) -> Territories:
        """The lists, and of the keys met those that are used (one flag a code)."""
        kept = np.concatenate([np.arange(self.listed), self.listed + np.flatnonzero(used[self.listed :])])
        return self if len(kept) == len(self.keys) else replace(self, keys=self.keys[kept], names=self.names.take(kept))

    def codes_in(self, other: Territories) -> Codes:
        """For each code here, the code of the same key in `other`, which has the same lists; -1 when it lacks it."""
        codes = np.arange(len(self.keys))
        mine, theirs = self.keys[self.listed :], other.keys[other.listed :]
        at = np.minimum(np.searchsorted(theirs, mine), max(0, len(theirs) - 1))
        codes[self.listed :] = np.where(theirs[at] == mine, other.listed + at, -1) if len(theirs) else -1
        return codes

    @property
    def nbytes(self) -> int:
        """Size in memory."""
        return self.keys.nbytes + self.names.nbytes + self.lon.nbytes + self.lat.nbytes


class ListedNames(Mapping[str, str]):
    """The names of the territories of the reference lists by key, read from the tables of both sides."""

    def __init__(self, sides: Sequence[Territories]) -> None:
        self._sides = sides
        ranges = [(side, *side.ranges[letter]) for side in sides for letter in side.ranges if letter in _OFTEN_NAMED]
        self._often = {side.key(code): side.names[code] for side, first, last in ranges for code in range(first, last)}

    def __getitem__(self, key: str) -> str:
        if key in self._often:
            return self._often[key]
        for side in self._sides:
            code = side.code(key) if key[:1] in side.ranges else None
            if code is not None and code < side.listed:
                return side.names[code]
        raise KeyError(key)

    def __iter__(self) -> Iterator[str]:
        return (side.key(code) for side in self._sides for code in range(side.listed))

    def __len__(self) -> int:
        return sum(side.listed for side in self._sides)


def _packed(keys: Iterable[str]) -> Keys:
    texts = list(keys)
    return np.array(texts).astype(np.bytes_) if texts else np.zeros(0, dtype="S1")  # keys are ASCII
