"""All the names of the gazetteer in memory, as sorted columns: found whole, by beginning, by sound, by three letters.

Twenty megabytes that answer in microseconds what tables and a full-text index answer in milliseconds.
"""

import threading
import zlib
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

#: The bits of a side in column ``sides``.
HERE, THERE = 1, 2
HEAD: Final = 8
LETTERS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"
#: Names are sorted by these bytes; one byte greater than any letter closes a range.
_AFTER: Final = b"{"
_CODES: Final = {letter: code for code, letter in enumerate(LETTERS)}
Numbers = NDArray[np.int64]


def heads(keys: Sequence[bytes]) -> NDArray[np.uint64]:
    """Return the first eight letters of keys as numbers in the same order."""
    return np.array(keys, dtype=f"S{HEAD}").view(">u8").astype(np.uint64)


def trigram_code(trigram: str) -> int:
    """Return the number of three letters, from 0 to 46 655."""
    return (_CODES[trigram[0]] * 36 + _CODES[trigram[1]]) * 36 + _CODES[trigram[2]]


def sound_code(heard: str) -> int:
    """Return the number under which a phonetic key is stored."""
    return zlib.crc32(heard.encode())


def unpack(coded: NDArray[np.uint8]) -> Numbers:
    """Return the growing numbers written as differences of one to three bytes of seven bits."""
    last = np.flatnonzero(coded < 128)
    sizes = np.diff(last, prepend=-1)
    values = coded[last].astype(np.int64)
    for size in (2, 3):
        longer = sizes >= size
        values[longer] |= (coded[last[longer] - size + 1].astype(np.int64) & 127) << (7 * (size - 1))
    return np.cumsum(values)


def pack(growing: NDArray[np.int32], starts: Numbers) -> tuple[bytes, Numbers]:
    """Write runs of growing numbers, each from one of ``starts`` on; return the bytes and where each run begins."""
    differences = np.diff(growing, prepend=np.int32(0))
    differences[starts] = growing[starts]
    sizes = 1 + (differences >= 1 << 7).astype(np.int8) + (differences >= 1 << 14)
    ends = np.cumsum(sizes, dtype=np.int64)
    coded = np.zeros(int(ends[-1]) if len(ends) else 0, dtype=np.uint8)
    coded[ends - 1] = differences & 127
    for size in (2, 3):
        longer = sizes >= size
        coded[ends[longer] - size] = ((differences[longer] >> (7 * (size - 1))) & 127) | 128
    return coded.tobytes(), (ends - sizes)[starts]


class Names:
    """The names, numbered in alphabetical order, and the places that bear each, numbered as in table ``place``."""

    def __init__(self, columns: Mapping[str, bytes]) -> None:
        self._text = columns["keys"]
        letters = np.frombuffer(self._text, np.uint8)
        self._starts = np.concatenate(([0], np.flatnonzero(letters == 10) + 1)).astype(np.uint32)
        self.size = len(self._starts) - 1
        self.lengths = (np.diff(self._starts) - 1).astype(np.uint8)
        self._heads = self._read_heads(letters)
        self.sides = np.frombuffer(columns["sides"], np.uint8)
        self._bearers = np.frombuffer(columns["bearers"], np.uint32)
        self._places = np.frombuffer(columns["places"], np.uint32)
        self._qualities = np.frombuffer(columns["qualities"], np.uint8)
        self._priors = np.frombuffer(columns["priors"], np.int16)
        self._place_sides = np.frombuffer(columns["place_sides"], np.uint8)
        self._sounds = np.frombuffer(columns["sounds"], np.uint32)
        self._sounding = np.frombuffer(columns["sounding"], np.uint32)
        self._trigrams = np.frombuffer(columns["trigrams"], np.uint8)
        self._trigram_starts = np.frombuffer(columns["trigram_starts"], np.uint32)
        self.trigram_counts = np.frombuffer(columns["trigram_counts"], np.uint32)
        self._local = threading.local()
        self._check()

    def _read_heads(self, letters: NDArray[np.uint8]) -> NDArray[np.uint64]:
        found = np.zeros(self.size, dtype=np.uint64)
        starts = self._starts[:-1]
        for position in range(HEAD):
            longer = self.lengths > position
            letter = np.zeros(self.size, dtype=np.uint64)
            letter[longer] = letters[starts[longer] + position]
            found = (found << np.uint64(8)) | letter
        return found

    def _check(self) -> None:
        """Raise ``ValueError`` when the columns do not fit together: a damaged file must not answer nonsense."""
        fits = (
            len(self.sides) == self.size == len(self._bearers) - 1
            and len(self._places) == len(self._qualities) == int(self._bearers[-1])
            and len(self._priors) == len(self._place_sides) > int(self._places.max(initial=0))
            and len(self._sounds) == len(self._sounding)
            and len(self._trigram_starts) == 36**3 + 1 == len(self.trigram_counts) + 1
            and len(self._trigrams) == int(self._trigram_starts[-1])
        )
        if not fits:
            raise ValueError("the columns of names do not fit together")

    def key(self, name: int) -> bytes:
        """Return the letters of a name."""
        return self._text[self._starts[name] : self._starts[name + 1] - 1]

    def _range(self, prefix: bytes) -> tuple[int, int]:
        """Return the first name that starts with a prefix, and the one after the last."""
        head = prefix[:HEAD]
        low = int(np.searchsorted(self._heads, np.uint64(int.from_bytes(head.ljust(HEAD, b"\0"), "big"))))
        above = np.uint64(int.from_bytes(head.ljust(HEAD, b"\xff"), "big"))
        high = int(np.searchsorted(self._heads, above, side="right"))
        if len(prefix) > HEAD:
            start = low
            low = start + bisect_left(range(start, high), prefix, key=self.key)
            high = low + bisect_left(range(low, high), prefix + _AFTER, key=self.key)
        return low, high

    def find(self, key: str) -> int | None:
        """Return the name that is exactly these letters."""
        if not key or not key.isascii():
            return None
        letters = key.encode()
        low, high = self._range(letters)
        return low if low < high and self.key(low) == letters else None

    def existing(self, keys: Iterable[str]) -> list[int]:
        """Return the names among many made-up keys."""
        wanted = [key.encode() for key in keys]
        if not wanted:
            return []
        numbers = heads(wanted)
        places = np.minimum(np.searchsorted(self._heads, numbers), self.size - 1)
        known = np.flatnonzero(self._heads[places] == numbers)
        found = []
        for index in known.tolist():
            name = self.find(wanted[index].decode()) if len(wanted[index]) > HEAD else int(places[index])
            if name is not None:
                found.append(name)
        return found

    def bearers(self, name: int) -> list[tuple[int, int]]:
        """Return (place, quality of the name) of the places that bear a name."""
        part = slice(self._bearers[name], self._bearers[name + 1])
        return list(zip(self._places[part].tolist(), self._qualities[part].tolist(), strict=True))

    def beginning(self, prefix: str, bits: int, limit: int) -> list[tuple[int, int, int]]:
        """Return (place, quality, length of the name) of the likeliest places whose name starts with a prefix."""
        if not prefix or not prefix.isascii():
            return []
        low, high = self._range(prefix.encode())
        part = slice(int(self._bearers[low]), int(self._bearers[high]))
        places, qualities = self._places[part], self._qualities[part]
        allowed = np.arange(0)
        if bits != HERE | THERE:
            allowed = np.flatnonzero(self._place_sides[places] & bits)
            places, qualities = places[allowed], qualities[allowed]
        scores = self._priors[places] + 100 * qualities.astype(np.int32)
        kept = 4 * limit  # a place has several names with one beginning
        best = np.argpartition(-scores, kept)[:kept] if len(scores) > kept else np.arange(len(scores))
        best = best[np.argsort(-scores[best], kind="stable")]
        aliases = (best if bits == HERE | THERE else allowed[best]) + part.start
        lengths = self.lengths[np.searchsorted(self._bearers, aliases.astype(np.uint32), side="right") - 1]
        found: dict[int, tuple[int, int, int]] = {}
        for place, quality, length in zip(
            places[best].tolist(), qualities[best].tolist(), lengths.tolist(), strict=True
        ):
            found.setdefault(place, (place, quality, length))
        return list(found.values())[:limit]

    def sounding(self, heard: str, bits: int, limit: int) -> list[int]:
        """Return names that sound like a phonetic key."""
        code = np.uint32(sound_code(heard))
        low, high = np.searchsorted(self._sounds, code), np.searchsorted(self._sounds, code, side="right")
        names = self._sounding[low:high]
        return [int(name) for name in names[(self.sides[names] & bits) > 0][:limit]]

    def with_trigram(self, code: int) -> Numbers:
        """Return the names that hold three letters, in order."""
        return unpack(self._trigrams[self._trigram_starts[code] : self._trigram_starts[code + 1]])

    def sharing(self, weights: Mapping[int, float], bits: int, shortest: int, longest: int, limit: int) -> list[int]:
        """Return the names of some length that share the heaviest trigrams, given by code."""
        scores = self._scores()
        lists = []
        for code, weight in weights.items():
            names = self.with_trigram(code)
            scores[names] += weight
            lists.append(names)
        kept, kept_scores = [], []
        for names in lists:
            some = scores[names]
            scores[names] = 0
            lengths = self.lengths[names]
            fits = (some > 0) & ((self.sides[names] & bits) > 0) & (lengths >= shortest) & (lengths <= longest)
            kept.append(names[fits])
            kept_scores.append(some[fits])
        if not kept:
            return []
        names, found = np.concatenate(kept), np.concatenate(kept_scores)
        if len(names) > limit:
            names = names[np.argpartition(-found, limit)[:limit]]
        return [int(name) for name in names]

    def _scores(self) -> NDArray[np.float32]:
        """Return the sheet of this thread on which trigrams are counted, wiped after each use."""
        sheet: NDArray[np.float32] | None = getattr(self._local, "sheet", None)
        if sheet is None:
            sheet = self._local.sheet = np.zeros(self.size, dtype=np.float32)
        return sheet
