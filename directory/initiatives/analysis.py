"""The words of a French text, and what a query asks: one analyser for both engines, for marks and for suggestions.

A text is folded (accents, case, ligatures), cut at apostrophes and hyphens, and loses its small words. Each word that
is left is known by itself, so that beginnings and exact phrases are found, and by its family: its stem, so that
« forages » finds « forage » and « éducatif » finds « éducation ».
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import compress
from typing import NamedTuple

import Stemmer

from directory.core.text import fold
from directory.core.text import words as folded_words

MAX_TEXT = 10_000
"""Characters of a query that are read; the rest is ignored."""
MAX_UNITS = 12
"""Words and phrases of a query that count, the first ones."""
MAX_WORDS = 12
"""Words of one phrase."""
MAX_LETTERS = 40
"""Letters of a word that tell it from others."""
SHORTEST_PREFIX = 2
APART = "|"
"""Stands between texts, so that no phrase goes from one to the next."""
SHORTEST_STEM = 4
"""Shorter ones would join what has nothing to do together: Mali and mal, Niger and nigaud."""

SMALL_WORDS = frozenset(
    "a au aux avec c ce ces cet cette d dans de des du elle elles en et il ils j je jusqu l la le les leur leurs lorsqu"
    " m ma mes mon n ne nos notre nous ou par pour puisqu qu que qui quoiqu s sa se ses son sont sur t ta te tes tu un"
    " une vos votre vous y".split()
)
"""Words that say nothing of a subject; « est » stays, for the Grand Est."""
_SAME = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes"}
_FAMILIES = tuple(
    # Beginnings of stems that the stemmer keeps apart, and what they share: subjects, then peoples and their countries.
    tuple(pair.split(":"))
    for pair in (
        "agricult:agricol apicult:apicol artisana:artisan benevolat:benevol bibliothecair:bibliothequ"
        " citoyennet:citoyen collegien:colleg communautair:communaut culturel:cultur ecoli:ecol eduqu:educ"
        " electri:electr energet:energ enfanc:enfant environnemental:environ foresti:foret format:form forment:form"
        " hospitali:hopital irrigu:irrig jeuness:jeun jumelag:jumel lyceen:lycee maraicha:maraich maraicher:maraich"
        " maternel:matern medical:medecin migrant:migr migrat:migr musical:musiqu musicien:musiqu numeris:numer"
        " nutritionnel:nutrit orphelinat:orphelin patrimonial:patrimoin pecheur:pech pompag:pomp sanitair:sant"
        " scolair:ecol scolar:ecol securis:secur solidair:solidar sporti:sport theatral:theatr tourist:tourism"
        " traval:travail universitair:univers volontariat:volontair"
        " algerien:alger allemand:allemagn armenien:armen beninois:benin bolivien:boliv bresilien:bresil breton:bretagn"
        " burkinab:burkin cambodgien:cambodg chinois:chine colombien:colomb comorien:comor congol:congo"
        " espagnol:espagn guineen:guin haitien:hait indien:inde italien:ital ivoirien:ivoir"
        " malgach:madagascar malien:mali marocain:maroc mauritanien:mauritan mexicain:mexiqu nigerien:niger"
        " palestinien:palestin peruvien:perou polon:pologn roumain:rouman syrien:syrie tchadien:tchad togol:togo"
        " tunisien:tunis ukrainien:ukrain vietnamien:vietnam"
    ).split()
)
_ENDINGS = ((re.compile(r"ite(s?)$"), r"ité\1"), (re.compile(r"ee(s?)$"), r"ée\1"))
"""Endings that the stemmer knows by their accent."""
_WORD = re.compile(r"[^\W_]+(?:[\u0300-\u036f]+[^\W_]*)*")
_QUOTES = str.maketrans({"«": '"', "»": '"', "“": '"', "”": '"', "„": '"', "−": "-", "–": "-", "\u00a0": " "})

_stemmer = Stemmer.Stemmer("french")
_stemming = threading.Lock()


class Token(NamedTuple):
    """A word of a text: where it stands in it, and what it is folded."""

    start: int
    end: int
    word: str


@dataclass(frozen=True)
class Unit:
    """What a query asks at once: a word in any form of its family, the beginning of one, or words in this order."""

    words: tuple[str, ...]
    """Folded; several make a phrase."""
    is_exact: bool = False
    """Between quotes: these very words, one after the other."""
    is_prefix: bool = False
    """The last word, that somebody may still be typing: any word that begins so is welcome too."""


@dataclass(frozen=True)
class Query:
    """What somebody looks for: everything wanted, nothing excluded."""

    wanted: tuple[Unit, ...] = ()
    excluded: tuple[Unit, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Nothing is asked: there is no word."""
        return not self.wanted and not self.excluded


@lru_cache(maxsize=1 << 14)
def _known_as(written: str) -> tuple[str, ...]:
    """The folded words of one written word: one, but for signs such as ½ that unfold."""
    return tuple(_SAME.get(word, word)[:MAX_LETTERS] for word in folded_words(written))


def tokens(text: str) -> Iterator[Token]:
    """The words of a text in order, small words included."""
    for found in _WORD.finditer(text):
        for word in _known_as(found.group()):
            yield Token(found.start(), found.end(), word)


def families(text: str) -> Iterator[tuple[str, str]]:
    """The families of the words of a text in order, without the small words, each with the word as it is written."""
    for written in _WORD.findall(text):
        for word in _telling(written):
            yield family(word), written


@lru_cache(maxsize=1 << 14)
def _telling(written: str) -> tuple[str, ...]:
    return tuple(word for word in _known_as(written) if word not in SMALL_WORDS)


def words(text: str) -> list[str]:
    """The folded words of a text in order, without the small words."""
    return [word for written in _WORD.findall(text) for word in _telling(written)]


@lru_cache(maxsize=1 << 14)
def family(word: str) -> str:
    """What the forms of a folded word have in common; the word itself when its stem would say too little."""
    written = word
    for ending, accented in _ENDINGS:
        written = ending.sub(accented, written)
    with _stemming:
        stem = fold(_stemmer.stemWord(written))
    joined = next((shared for beginning, shared in _FAMILIES if stem.startswith(beginning)), None)
    if joined is not None:
        return joined
    is_plural = word[-1] in "sx" and len(word) >= SHORTEST_STEM
    if len(stem) < SHORTEST_STEM or (stem == word and is_plural and len(word) == SHORTEST_STEM):
        return word[:-1] if is_plural else word
    return stem


def indexed(texts: Iterable[str]) -> str:
    """What an engine keeps of some texts: their words in order after a « | » each, then their families after a « = ».

    Never empty, single spaces: « | forage | segou =forag =segou ». No word holds either sign.
    """
    sequences = [kept for text in dict.fromkeys(texts) if (kept := words(text))]
    families = sorted({family(word) for kept in sequences for word in kept})
    told = [term for kept in sequences for term in (APART, *kept)]
    return " ".join([*told, *map(in_family, families)]) or APART


def in_family(family: str) -> str:
    """The term of a family in what is indexed."""
    return f"={family}"


def parse(text: str) -> Query:
    """What a typed text asks; never raises, whatever the text.

    Words, "phrases" between quotes of any kind, what follows a minus is excluded; a quote left open is ignored, and
    so is everything that is neither a letter nor a digit.
    """
    wanted: dict[Unit, None] = {}
    excluded: dict[Unit, None] = {}
    last: Unit | None = None
    for is_excluded, unit in _units(text[:MAX_TEXT].translate(_QUOTES)):
        into = excluded if is_excluded else wanted
        if len(wanted) + len(excluded) < MAX_UNITS:
            into[unit] = None
            last = None if is_excluded or unit.is_exact else unit
    if not wanted and not excluded:
        # « le » alone may be the beginning of « lecture ».
        last = next((Unit((one.word,)) for one in reversed(list(tokens(text[:MAX_TEXT])))), None)
    if last is not None and len(last.words[0]) >= SHORTEST_PREFIX:
        wanted.pop(last, None)
        wanted[Unit(last.words, is_prefix=True)] = None
    return Query(tuple(wanted), tuple(excluded))


def _units(text: str) -> Iterator[tuple[bool, Unit]]:
    """What a text asks, in order, and whether it is excluded."""
    parts = text.split('"')
    closed = len(parts) - 1 - (len(parts) - 1) % 2
    is_excluded = False
    for number, part in enumerate(parts):
        if number % 2 and number < closed:
            kept = tuple(words(part)[:MAX_WORDS])
            if kept:
                yield is_excluded, Unit(kept, is_exact=True)
        else:
            pieces = part.split()
            is_excluded = part.endswith("-") and pieces[-1] == "-"
            for piece in pieces:
                for word in words(piece)[:MAX_UNITS]:
                    yield piece[0] == "-", Unit((word,))


def marked(text: str, query: Query) -> list[tuple[str, bool]]:
    """The pieces of a text as it is written, with those that a query finds told True; joined, they are the text."""
    spans = _in_phrases(text, query) if any(unit.is_exact for unit in query.wanted) else _by_word(text, query)
    pieces: list[tuple[str, bool]] = []
    at = 0
    for start, end in spans:
        if start >= at:
            pieces += [(text[at:start], False), (text[start:end], True)]
            at = end
    return [piece for piece in [*pieces, (text[at:], False)] if piece[0]]


def _by_word(text: str, query: Query) -> list[tuple[int, int]]:
    """Where the words stand that a query without phrases finds: each is looked at by itself."""
    wanted = {family(unit.words[0]) for unit in query.wanted}
    beginnings = tuple(unit.words[0] for unit in query.wanted if unit.is_prefix)
    return [
        found.span()
        for found in _WORD.finditer(text)
        for word, of_family in _kin(found.group())
        if of_family in wanted or word.startswith(beginnings)
    ]


@lru_cache(maxsize=1 << 14)
def _kin(written: str) -> tuple[tuple[str, str], ...]:
    """The folded words of a written word, small words left out, each with its family."""
    return tuple((word, family(word)) for word in _telling(written))


def _in_phrases(text: str, query: Query) -> list[tuple[int, int]]:
    """Where the words stand that a query finds, its phrases included."""
    found = [Token(at.start(), at.end(), word) for at in _WORD.finditer(text) for word in _telling(at.group())]
    chosen = [False] * len(found)
    for unit in query.wanted:
        _choose(found, chosen, unit)
    return [(token.start, token.end) for token in compress(found, chosen)]


def _choose(found: list[Token], chosen: list[bool], unit: Unit) -> None:
    """Tell which words a unit finds."""
    size = len(unit.words)
    if unit.is_exact:
        for first in range(len(found) - size + 1):
            if all(found[first + step].word == word for step, word in enumerate(unit.words)):
                chosen[first : first + size] = [True] * size
        return
    beginning = unit.words[0]
    wanted = family(beginning)
    for number, (_, _, word) in enumerate(found):
        if family(word) == wanted or (unit.is_prefix and word.startswith(beginning)):
            chosen[number] = True
