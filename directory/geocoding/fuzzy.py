"""Names close to a misspelt one: by sound, by shared trigrams, by one slip of the finger; then by edit distance."""

import math
import zlib
from collections.abc import Iterator
from typing import Final, NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from directory.reference.keys import Side

from .spelling import sound
from .store import SIDE_BITS, Store

_ALPHABET: Final = "abcdefghijklmnopqrstuvwxyz"
SHORTEST: Final = 4
#: All the names one slip away are tried up to this length.
LONGEST_SLIP: Final = 9
LEAST_SIMILARITY: Final = 0.72
#: Rare trigrams are looked up first, until this many names have been read.
MOST_POSTINGS: Final = 24_000
MOST_CANDIDATES: Final = 1_500
NAMES_IN_ALL: Final = 420_000


class Close(NamedTuple):
    """A name close to the one asked; similarity from 0 to 1."""

    spelling: int
    key: str
    similarity: float


def slips(key: str) -> set[str]:
    """Return all that one deletion, swap, replacement or insertion makes of a key."""
    size = len(key)
    deletions = {key[:i] + key[i + 1 :] for i in range(size)}
    swaps = {key[:i] + key[i + 1] + key[i] + key[i + 2 :] for i in range(size - 1)}
    replacements = {key[:i] + letter + key[i + 1 :] for i in range(size) for letter in _ALPHABET}
    insertions = {key[:i] + letter + key[i:] for i in range(size + 1) for letter in _ALPHABET}
    return {slip for slip in deletions | swaps | replacements | insertions if len(slip) >= 3}


def sharing_trigrams(key: str, store: Store) -> list[int]:
    """Return the spellings that share the rarest trigrams of a key, best first."""
    counts = store.trigram_counts
    trigrams = dict.fromkeys(key[i : i + 3] for i in range(len(key) - 2))
    weights: dict[int, float] = {}
    read = 0
    for rank, trigram in enumerate(sorted((t for t in trigrams if counts.get(t)), key=counts.__getitem__)):
        count = counts[trigram]
        if read + count > MOST_POSTINGS and rank >= 3:
            break
        weight = math.log(NAMES_IN_ALL / count)
        read += count
        for spelling in store.with_trigram(trigram):
            weights[spelling] = weights.get(spelling, 0.0) + weight
    return sorted(weights, key=weights.__getitem__, reverse=True)[:MOST_CANDIDATES]


def candidates(key: str, heard: str, bits: int, store: Store) -> Iterator[tuple[int, str]]:
    """Yield (spelling, key) of the names worth comparing."""
    yield from store.sounding(zlib.crc32(heard.encode()), bits)
    yield from store.spellings(sharing_trigrams(key, store), bits, len(key) - 3, len(key) + 4)
    if len(key) <= LONGEST_SLIP:
        yield from store.existing(slips(key), bits)


def close_names(key: str, side: Side | None, store: Store, limit: int) -> list[Close]:
    """Return the names closest to a compact name, best first."""
    if len(key) < SHORTEST:
        return []
    heard = sound(key)
    found = list(dict(candidates(key, heard, SIDE_BITS[side], store)).items())
    best = process.extract(
        key,
        [name for _, name in found],
        scorer=DamerauLevenshtein.normalized_similarity,
        limit=limit,
        score_cutoff=LEAST_SIMILARITY,
    )
    close = []
    for name, similarity, index in best:
        bonus = (0.03 if sound(name) == heard else 0.0) + (0.01 if name[:2] == key[:2] else -0.01)
        close.append(Close(found[index][0], name, min(0.97, similarity + bonus)))
    return close
