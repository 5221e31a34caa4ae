"""The site's own typefaces on a picture: what they can write, how wide it is, how it breaks into lines.

A letter that the voice (Bricolage Grotesque) lacks is taken from Source Sans 3, one by one, as style sheets do.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from pathlib import Path

from PIL import ImageDraw, ImageFont

_TEXT = tuple(f"source-sans-3-{part}-wght-normal.woff2" for part in ("latin", "latin-ext", "vietnamese"))
_VOICE = tuple(f"bricolage-grotesque-{part}-wght-normal.woff2" for part in ("latin", "latin-ext"))
FILES = {"voice": _VOICE + _TEXT, "text": _TEXT}
"""Files of static/vendor/fonts to look into, in order."""
NOTHING = "\uffff"
"""A code that no typeface draws: what it gives instead is the sign of a missing letter."""
ELLIPSIS = "…"
_HEAP = re.compile("([\u0300-\u036f]{2})[\u0300-\u036f]+")
_ACCENTS = re.compile("(?<![^\\s])[\u0300-\u036f]+")
"""Accents without a letter under them."""
_SMALL_WORD = re.compile(r"(?<!\S)(à|au|aux|de|des|du|en|et|la|le|les|un|une) (?=\S)", re.IGNORECASE)


@dataclass(frozen=True)
class Face:
    """A typeface at a size in pixels and a weight (200 to 800)."""

    folder: Path
    family: str
    size: int
    weight: int

    def width(self, text: str) -> float:
        """The width of one line, in pixels."""
        return sum(_font(file, self.size, self.weight).getlength(run) for file, run in self._runs(text))

    def draw(self, pen: ImageDraw.ImageDraw, at: tuple[float, float], text: str, ink: str, halo: str = "") -> None:
        """Write one line from the left end of its baseline; with a halo, on any ground."""
        runs = [(_font(file, self.size, self.weight), run) for file, run in self._runs(text)]
        reach = round(self.size * 0.16)
        for stroke, colour in ((reach, halo), (0, ink)):
            x = at[0]
            for font, run in runs if colour else ():
                pen.text((x, at[1]), run, font=font, fill=colour, anchor="ls", stroke_width=stroke, stroke_fill=colour)
                x += font.getlength(run)

    def can_write(self, text: str) -> bool:
        """Whether every letter has its drawing."""
        return all(_file_of(self.folder, self.family, cluster) for cluster in _clusters(plain(text)))

    def lines(self, text: str, width: float, most: int) -> list[str]:
        """The text broken at its spaces, else inside a word, into `most` lines at most; the rest is an ellipsis.

        A small word stays with the one that it announces.
        """
        lines: list[str] = []
        for word in _SMALL_WORD.sub("\\1\u00a0", plain(text)).split(" "):
            if lines and self.width(f"{lines[-1]} {word}") <= width:
                lines[-1] += f" {word}"
            else:
                lines.extend(self._pieces(word, width))
        return lines if len(lines) <= most else [*lines[: most - 1], self.cut(" ".join(lines[most - 1 :]), width)]

    def cut(self, text: str, width: float) -> str:
        """The text, ended by an ellipsis where it is too long for one line."""
        if self.width(text) <= width:
            return text
        while text and self.width(text + ELLIPSIS) > width:
            text = text[:-1]
        return text.rstrip(" ,;:-–—\u00a0") + ELLIPSIS

    def holds(self, text: str, width: float) -> bool:
        """Whether no word need be broken."""
        return all(self.width(word) <= width for word in _SMALL_WORD.sub("\\1\u00a0", plain(text)).split(" "))

    def _pieces(self, word: str, width: float) -> Iterator[str]:
        """A word, in several where even alone it is too long."""
        while word and self.width(word) > width:
            length = next((at for at in range(len(word) - 1, 1, -1) if self.width(word[:at]) <= width), 1)
            yield word[:length]
            word = word[length:]
        yield word

    def _runs(self, text: str) -> Iterator[tuple[Path, str]]:
        """The text in runs of one file each; a letter without a drawing is left out."""
        files = [(_file_of(self.folder, self.family, cluster), cluster) for cluster in _clusters(plain(text))]
        for file, run in groupby((pair for pair in files if pair[0]), key=lambda pair: pair[0]):
            if file is not None:
                yield file, "".join(cluster for _, cluster in run)


def plain(text: str) -> str:
    """Composed letters, without the signs that turn or hide a text, on one line; two accents a letter at most."""
    composed = unicodedata.normalize("NFC", text)
    shown = (" " if letter in "\n\r\t" else letter for letter in composed)
    kept = "".join(letter for letter in shown if unicodedata.category(letter) not in ("Cc", "Cf", "Cs", "Co", "Cn"))
    return _ACCENTS.sub("", _HEAP.sub(r"\1", kept))


def _clusters(text: str) -> Iterator[str]:
    """Letters, each with the accents that follow it."""
    cluster = ""
    for letter in text:
        if cluster and not unicodedata.combining(letter):
            yield cluster
            cluster = ""
        cluster += letter
    if cluster:
        yield cluster


@lru_cache(maxsize=4096)
def _file_of(folder: Path, family: str, cluster: str) -> Path | None:
    """The first file that draws every letter of a cluster."""
    files = [folder / name for name in FILES[family]]
    return next((file for file in files if all(_draws(file, letter) for letter in cluster)), None)


def _draws(file: Path, letter: str) -> bool:
    if letter in " \u00a0\u202f\u2009":
        return True
    font = _font(file, 32, 400)
    return bool(font.getmask(letter).getbbox()) and bytes(font.getmask(letter)) != bytes(font.getmask(NOTHING))


@lru_cache(maxsize=64)
def _font(file: Path, size: int, weight: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.truetype(file, size)
    font.set_variation_by_axes([weight])
    return font
