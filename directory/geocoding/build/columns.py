"""The names of a draft as the sorted columns that ``names.py`` reads."""

from array import array
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from io import BytesIO
from itertools import accumulate
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Final

import numpy as np
from numpy.typing import NDArray

from directory.geocoding.names import HERE, LETTERS, THERE, pack, sound_code
from directory.geocoding.spelling import sound

from .draft import Draft

#: Shorter names have no phonetic key worth comparing.
SHORTEST_HEARD, SHORTEST_SOUND = 4, 3
_NO_LETTER: Final = 255
TRIGRAMS: Final = 36**3


def sorted_keys(draft: Draft) -> list[str]:
    """Return every key once, in order."""
    return sorted({key for names in draft.names for key in names})


def sound_codes(keys: Iterable[str]) -> tuple[bytes, bytes]:
    """Return the codes of the phonetic keys, in order, and the name of each: columns ``sounds`` and ``sounding``."""
    codes, names = array("I"), array("I")
    for name, key in enumerate(keys):
        if len(key) >= SHORTEST_HEARD and len(heard := sound(key)) >= SHORTEST_SOUND:
            codes.append(sound_code(heard))
            names.append(name)
    found = np.array(codes, dtype=np.uint32)
    order = np.argsort(found, kind="stable")
    return found[order].tobytes(), np.array(names, dtype=np.uint32)[order].tobytes()


def sound_worker(pipe: Connection) -> None:
    """Compute the columns of sounds of the keys read from a pipe: half of the writing, done by a second process."""
    with suppress(EOFError):
        sounds, sounding = sound_codes(line.decode("ascii").strip() for line in BytesIO(pipe.recv_bytes()))
        pipe.send_bytes(sounds)
        pipe.send_bytes(sounding)


@contextmanager
def second_process() -> Iterator[Connection]:
    """Start a second process while the memory is still small, and end it whatever happens."""
    context = get_context("fork")
    ours, theirs = context.Pipe()
    process = context.Process(target=sound_worker, args=(theirs,), daemon=True)
    process.start()
    theirs.close()
    try:
        yield ours
    finally:
        ours.close()
        process.terminate()
        process.join()


def bearer_columns(draft: Draft, keys: list[str]) -> Iterator[tuple[str, bytes]]:
    """Yield who bears each name: where its places begin, the places, the quality of the name for each, its sides."""
    number = {key: name for name, key in enumerate(keys)}
    pairs = np.fromiter(
        (number[key] << 32 | place for place, names in enumerate(draft.names) for key in names), dtype=np.int64
    )
    qualities = np.fromiter((quality for names in draft.names for quality in names.values()), dtype=np.uint8)
    order = np.argsort(pairs)
    names, places = pairs[order] >> 32, pairs[order] & 0xFFFFFFFF
    place_sides = np.fromiter((HERE if e.country == "FR" else THERE for e in draft.entries), dtype=np.uint8)
    sides = np.zeros(len(keys), dtype=np.uint8)
    np.bitwise_or.at(sides, names, place_sides[places])
    yield "bearers", np.searchsorted(names, np.arange(len(keys) + 1)).astype(np.uint32).tobytes()
    yield "places", places.astype(np.uint32).tobytes()
    yield "qualities", qualities[order].tobytes()
    yield "sides", sides.tobytes()
    yield "place_sides", place_sides.tobytes()
    yield "priors", np.fromiter((round(e.prior * 1000) for e in draft.entries), dtype=np.int16).tobytes()


def letter_codes(text: bytes) -> NDArray[np.uint8]:
    """Return the number of each letter, and a large number for each line end."""
    table = np.full(256, _NO_LETTER, dtype=np.uint8)
    for code, letter in enumerate(LETTERS):
        table[ord(letter)] = code
    return table[np.frombuffer(text, np.uint8)]


def trigram_columns(keys: list[str], text: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield which names hold each trigram, as differences, where each trigram's names begin, and how many they are."""
    letters = letter_codes(text)
    name_of = np.repeat(np.arange(len(keys), dtype=np.int32), [len(key) + 1 for key in keys])[:-2]
    whole = (letters[:-2] != _NO_LETTER) & (letters[1:-1] != _NO_LETTER) & (letters[2:] != _NO_LETTER)
    codes = letters[:-2][whole].astype(np.uint16) * 36
    codes = (codes + letters[1:-1][whole]) * 36 + letters[2:][whole]
    order = np.argsort(codes, kind="stable")
    codes, names = codes[order], name_of[whole][order]
    del order, name_of, whole, letters
    is_new = np.ones(len(codes), dtype=np.bool_)
    is_new[1:] = (codes[1:] != codes[:-1]) | (names[1:] != names[:-1])
    codes, names = codes[is_new], names[is_new]
    present, starts, counts = np.unique(codes, return_index=True, return_counts=True)
    coded, begins = pack(names, starts)
    all_counts = np.zeros(TRIGRAMS, dtype=np.uint32)
    all_counts[present] = counts
    sizes = np.zeros(TRIGRAMS, dtype=np.int64)
    sizes[present] = np.diff(begins, append=len(coded))
    yield "trigrams", coded
    yield "trigram_starts", np.array([0, *accumulate(sizes.tolist())], dtype=np.uint32).tobytes()
    yield "trigram_counts", all_counts.tobytes()


def columns(draft: Draft, second: Connection) -> Iterator[tuple[str, bytes]]:
    """Yield all the columns; the sounds come from the second process."""
    keys = sorted_keys(draft)
    draft.meta["names"] = str(len(keys))
    text = ("\n".join(keys) + "\n").encode("ascii")
    second.send_bytes(text)
    yield "keys", text
    yield from bearer_columns(draft, keys)
    yield from trigram_columns(keys, text)
    yield "sounds", second.recv_bytes()
    yield "sounding", second.recv_bytes()
