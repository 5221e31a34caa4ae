"""Text at the boundary: what may enter, and the folded form by which both databases sort and search alike."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container

from directory.core.errors import InvalidText

_LIGATURES = str.maketrans(
    {"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ß": "ss", "’": "'", "ø": "o", "Ø": "o", "ł": "l", "Ł": "l", "đ": "d"}
)
_WORD = re.compile(r"[^\W_]+")
_NON_CHARACTERS = frozenset("\ufffe\uffff")
_MULTILINE = frozenset("\t\n\r")
_MAX_COMBINING = 8
"""Marks on one letter: Vietnamese and Yoruba need three, an attack on the layout needs hundreds."""


def fold(text: str) -> str:
    """Lower case without accents, ligatures opened, single spaces: computed once in Python, never by a database."""
    decomposed = unicodedata.normalize("NFKD", text.translate(_LIGATURES))
    for mark in {character for character in set(decomposed) if unicodedata.combining(character)}:
        decomposed = decomposed.replace(mark, "")  # a text has few marks: ten times faster than letter by letter
    return " ".join(decomposed.casefold().split())


def words(text: str) -> list[str]:
    """The folded words of a text, in order: letters and digits of any script; apostrophes and hyphens separate."""
    return _WORD.findall(fold(text))


def clean_text(value: str, limit: int, *, multiline: bool = False) -> str:
    """The text in NFC, stripped; raises InvalidText when it is too long or cannot be stored and shown everywhere.

    NUL is refused by PostgreSQL, other C0 and C1 controls break XML feeds and workbooks, lone surrogates break UTF-8.
    """
    allowed = _MULTILINE if multiline else frozenset()
    if any(_is_refused(character, allowed) for character in value):
        raise InvalidText("Ce texte contient un caractère invisible qui ne peut pas être enregistré. Retapez-le.")
    text = unicodedata.normalize("NFC", value).strip()
    if multiline:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if len(text) > limit:
        raise InvalidText(f"Ce texte compte {len(text)} caractères ; {limit} au plus.")
    if _longest_combining_run(text) > _MAX_COMBINING:
        raise InvalidText("Ce texte empile trop de signes sur une même lettre. Retapez-le.")
    return text


def _is_refused(character: str, allowed: frozenset[str]) -> bool:
    code = ord(character)
    is_control = (code < 0x20 and character not in allowed) or 0x7F <= code <= 0x9F
    return is_control or 0xD800 <= code <= 0xDFFF or character in _NON_CHARACTERS


def _longest_combining_run(text: str) -> int:
    longest = run = 0
    for character in text:
        run = run + 1 if unicodedata.combining(character) else 0
        longest = max(longest, run)
    return longest


def slugify(text: str, limit: int = 80) -> str:
    """An address part: folded ASCII words joined by hyphens, cut at a word, never empty ("sans-nom")."""
    ascii_words = re.findall(r"[a-z0-9]+", fold(text).encode("ascii", "ignore").decode())
    slug = ""
    for word in ascii_words:
        longer = f"{slug}-{word}" if slug else word
        if len(longer) > limit:
            break
        slug = longer
    return slug or (ascii_words[0][:limit] if ascii_words else "sans-nom")


def free_slug(base: str, taken: Container[str | None]) -> str:
    """The base, or the base with the first number from 2 on that is not taken."""
    slug, number = base, 2
    while slug in taken:
        slug, number = f"{base}-{number}", number + 1
    return slug
