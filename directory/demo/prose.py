"""French sentences of invented sheets: titles, summaries and descriptions as long and as varied as real ones."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

FILE = "demo/prose.yaml"
"""Where the sentences stand, under data/."""
LENGTHS = (400, 560, 900)
"""Characters of a description: at least, most often, at most."""
MAX_TITLE, MAX_SUMMARY = 110, 290
COMMON_WORD, RARE_WORD = "habitants", "forage"
"""Words found in about a third and about one in fifty of the sheets: the bench searches them."""
_SLOT = re.compile(r"\[(\w+)\]")
_TRIES = 8

Words = Mapping[str, str]
"""What stands for the slots that are no list: the places, already with their prepositions."""


@dataclass
class Prose:
    """The lists of data/demo/prose.yaml, and the way to draw from them."""

    document: dict[str, Any]
    _split: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    def read(cls, data_dir: Path) -> Prose:
        """The sentences of the file."""
        return cls(yaml.safe_load((data_dir / FILE).read_text("utf-8")))

    @cached_property
    def _lists(self) -> dict[str, list[str]]:
        return {**self.document["lists"], **self.document["organisations"]["lists"]}

    def told(self, rng: random.Random, sector: str, places: Words) -> tuple[str, str, str]:
        """A title, a summary and a description about the same object of a sector."""
        lists = self.document["sectors"][sector]
        thing = rng.choice(lists["objects"])
        words = {**places, "objet": thing, "Objet": _capital(thing), "un_sujet": rng.choice(lists["subjects"])}
        title = self._within(rng, self.document["titles"], words, MAX_TITLE)
        summary = self._within(rng, self.document["summaries"], words, MAX_SUMMARY)
        return title, summary, self._description(rng, words)

    def organisation(self, rng: random.Random, places: Words) -> str:
        """The name of a structure here."""
        return self._say(rng, rng.choice(self.document["organisations"]["names"]), places)

    def partner(self, rng: random.Random, places: Words) -> str:
        """The name of a partner there."""
        return self._say(rng, rng.choice(self.document["organisations"]["partners"]), places)

    def _within(self, rng: random.Random, templates: Sequence[str], words: Words, most: int) -> str:
        """One of the templates, drawn again while it is too long; cut at a word in the end."""
        text = ""
        for _ in range(_TRIES):
            text = _capital(self._say(rng, rng.choice(templates), words))
            if len(text) <= most:
                return text
        return text[:most].rsplit(" ", 1)[0]

    def _description(self, rng: random.Random, words: Words) -> str:
        wanted = rng.triangular(LENGTHS[0], LENGTHS[2] - 120, LENGTHS[1])
        document = self.document
        sentences = [rng.choice(document["openings"])]
        middles = rng.sample(document["middles"], 12)
        paragraphs = [_capital(self._say(rng, sentences[0], words))]
        length = len(paragraphs[0])
        for number, middle in enumerate(middles):
            if length > wanted:
                break
            said = _capital(self._say(rng, middle, words))
            length += len(said) + 1
            if number % 3 == 2:
                paragraphs.append(said)
            else:
                paragraphs[-1] += f" {said}"
        closing = _capital(self._say(rng, rng.choice(document["closings"]), words))
        if length + len(closing) < LENGTHS[2] - 10:
            paragraphs.append(closing)
        return "\n".join(paragraphs)

    def _say(self, rng: random.Random, text: str, words: Words) -> str:
        parts = self._split.get(text)
        if parts is None:
            parts = self._split[text] = _SLOT.split(text)
        if len(parts) == 1:
            return text
        said = list(parts)
        for at in range(1, len(parts), 2):
            slot = parts[at]
            said[at] = words[slot] if slot in words else self._say(rng, rng.choice(self._lists[slot]), words)
        return "".join(said)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
