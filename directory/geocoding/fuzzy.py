"""Names close to a misspelt one: by sound, by shared trigrams, by one slip of the finger; then by edit distance."""

import math
from typing import Final, NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from directory.reference.keys import Side

from .names import Names, trigram_code
from .spelling import sound
from .store import SIDE_BITS, Store

_ALPHABET: Final = "abcdefghijklmnopqrstuvwxyz"
SHORTEST: Final = 4
#: All the names one slip away are tried up to this length.
LONGEST_SLIP: Final = 9
LEAST_SIMILARITY: Final = 0.72
#: Rare trigrams are looked up first, until this many names have been read.
MOST_POSTINGS: Final = 40_000
MOST_CANDIDATES: Final = 1_200
#: While somebody types, the answer comes at each letter: fewer names are compared.
MOST_POSTINGS_TYPING, MOST_CANDIDATES_TYPING = 12_000, 400
MOST_SOUNDING: Final = 80


class Close(NamedTuple):
    """A name close to the one asked; similarity from 0 to 1."""

    name: int
    similarity: float


def slips(key: str) -> set[str]:
    """Return all that one deletion, swap, replacement or insertion makes of a key."""
    size = len(key)
    deletions = {key[:i] + key[i + 1 :] for i in range(size)}
    swaps = {key[:i] + key[i + 1] + key[i] + key[i + 2 :] for i in range(size - 1)}
    replacements = {key[:i] + letter + key[i + 1 :] for i in range(size) for letter in _ALPHABET}
    insertions = {key[:i] + letter + key[i:] for i in range(size + 1) for letter in _ALPHABET}
    return {slip for slip in deletions | swaps | replacements | insertions if len(slip) >= 3}


def sharing_trigrams(key: str, bits: int, names: Names, *, is_typing: bool) -> list[int]:
    """Return the names about as long that share the rarest trigrams of a key."""
    counts = {code: int(names.trigram_counts[code]) for i in range(len(key) - 2) for code in [trigram_code(key[i:])]}
    weights: dict[int, float] = {}
    most = MOST_POSTINGS_TYPING if is_typing else MOST_POSTINGS
    kept = MOST_CANDIDATES_TYPING if is_typing else MOST_CANDIDATES
    read = 0
    for rank, code in enumerate(sorted((code for code in counts if counts[code]), key=counts.__getitem__)):
        if read + counts[code] > most and rank >= 3:
            break
        weights[code] = math.log(names.size / counts[code])
        read += counts[code]
    return names.sharing(weights, bits, len(key) - 3, len(key) + 4, kept)


def close_names(key: str, side: Side | None, store: Store, limit: int, *, is_typing: bool = False) -> list[Close]:
    """Return the names closest to a compact name, best first."""
    if len(key) < SHORTEST:
        return []
    names, bits = store.names, SIDE_BITS[side]
    heard = names.sounding(sound(key), bits, MOST_SOUNDING)
    found = dict.fromkeys((*heard, *sharing_trigrams(key, bits, names, is_typing=is_typing)))
    if len(key) <= LONGEST_SLIP:
        found |= dict.fromkeys(name for name in names.existing(slips(key)) if names.sides[name] & bits)
    letters = key.encode()
    best = process.extract(
        letters,
        {name: names.key(name) for name in found},
        scorer=DamerauLevenshtein.normalized_similarity,
        limit=limit,
        score_cutoff=LEAST_SIMILARITY,
    )
    alike = frozenset(heard)
    close = []
    for other, similarity, name in best:
        bonus = (0.03 if name in alike else 0.0) + (0.01 if other[:2] == letters[:2] else -0.01)
        close.append(Close(name, min(0.97, similarity + bonus)))
    return close
