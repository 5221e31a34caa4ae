"""How names are written down for comparison: the same folding when the gazetteer is built and when it is asked."""

import re
import unicodedata
from functools import lru_cache
from typing import Final

#: Letters that Unicode does not decompose, and marks that separate words.
_LETTERS: Final = str.maketrans(
    dict.fromkeys("’'ʼʻʿʾ`´-–—‑_.\"«»", " ")
    | {"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l", "ı": "i", "đ": "d", "ð": "d", "þ": "th", "ə": "e"}
    | {"ŋ": "n", "ɛ": "e", "ɔ": "o", "ħ": "h", "ɓ": "b", "ɗ": "d", "ƙ": "k", "ẖ": "h", "&": " et "}
)
_ON: Final = re.compile(r"\bs/s?(?=\b|\s)")
_POSSESSIVE: Final = re.compile(r"['’]s(?= |$|\)|,)")
_NOT_A_LETTER: Final = re.compile(r"[^0-9a-z ]+")
_SAINTS: Final = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes"}

#: Rewriting rules of the phonetic key, applied in order.
_SOUNDS: Final = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"(.)\1+", r"\1"),
        (r"eaux?$", "o"),
        (r"eau|aux|au", "o"),
        (r"ph", "f"),
        (r"tch|sch|sh|ch|dsch", "c"),
        (r"dj|dg|dz|gi(?=[aou])|ge(?=[ao])", "j"),
        (r"g(?=[ei])", "j"),
        (r"qu|ck|kh|q|k|c(?=[^eihy]|$)", "k"),
        (r"c(?=[eiy])", "s"),
        (r"x", "ks"),
        (r"z|ss", "s"),
        (r"ou|oo|w", "u"),
        (r"y|j(?=[^aeiou])", "i"),
        (r"ai|ei|ee", "e"),
        (r"gh|gu(?=[ei])", "g"),
        (r"h", ""),
        (r"[ae]m(?=[pb])", "an"),
        (r"en(?=[^aeiou]|$)", "an"),
        (r"om(?=[pb])", "on"),
        (r"ts", "s"),
        (r"[estxd]+$", ""),
        (r"(.)\1+", r"\1"),
        (r"v", "b"),
    )
)


def words(text: str) -> list[str]:
    """Return the words of a name in lower-case ASCII letters and digits, « St », « s/ » and their like spelled out."""
    text = _POSSESSIVE.sub("s", text.lower()).translate(_LETTERS)
    if not text.isascii():
        decomposed = unicodedata.normalize("NFKD", text)
        text = "".join(letter for letter in decomposed if not unicodedata.combining(letter)).translate(_LETTERS)
    if "/" in text:
        text = _ON.sub(" sur ", text)
    found = _NOT_A_LETTER.sub(" ", text).split()
    last = len(found) - 1
    for index, word in enumerate(found):
        if word in _SAINTS:
            found[index] = _SAINTS[word]
        elif word == "s" and 0 < index < last:
            found[index] = "sur"
    return found


def fold(text: str) -> str:
    """Return the words of a name, one space apart."""
    return " ".join(words(text))


@lru_cache(50_000)
def compact(text: str) -> str:
    """Return the words of a name without separators (``portauprince``): the key under which a name is stored."""
    return "".join(words(text))


def sound(key: str) -> str:
    """Return a phonetic key for French ears of a compact name."""
    for pattern, replacement in _SOUNDS:
        key = pattern.sub(replacement, key)
    return key
