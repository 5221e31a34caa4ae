"""Reading a query: which words name the place, which its country, its département, its postcode, its context."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from directory.reference.keys import Side

from .places import Kind
from .spelling import compact, fold

#: How much each sort of place is preferred, by the words before the name.
Preference = Mapping[Kind, float]
_REGIONS: Final[Preference] = {
    Kind.DIVISION: 1, Kind.LANDSCAPE: 1, Kind.REGION: 1, Kind.SUBDIVISION: 0.6,
}  # fmt: skip
_PROVINCES: Final[Preference] = {Kind.DIVISION: 1, Kind.SUBDIVISION: 0.9, Kind.LANDSCAPE: 0.5}
_DISTRICTS: Final[Preference] = {
    Kind.SUBDIVISION: 1, Kind.DEPARTEMENT: 1, Kind.DIVISION: 0.55, Kind.LANDSCAPE: 0.5,
}  # fmt: skip
_GROUPS: Final[Preference] = {Kind.EPCI: 1, Kind.TOWN: 0.8}
SETTLEMENT: Final[Preference] = {Kind.TOWN: 1, Kind.COMMUNE: 1, Kind.FORMER_COMMUNE: 1, Kind.BOROUGH: 1}
_LANDS: Final[Preference] = {
    Kind.LANDSCAPE: 1, Kind.SUBDIVISION: 1, Kind.DIVISION: 1, Kind.DEPARTEMENT: 1, Kind.REGION: 1, Kind.TOWN: 0.6,
    Kind.COMMUNE: 0.4,
}  # fmt: skip
_PREPOSITION: Final = (
    r"(?:de la|de l|des|du|de|d|en|au|aux|a la|a l|a|le|la|les|l|dans la|dans le|dans|pres de|pres d|autour de"
    r"|vers|sur)"
)
_OPENING_WORDS: Final = (
    (r"region|etat|state|land|voivodie|voivodat|generalitat|communaute autonome", _REGIONS),
    (r"province|gouvernorat|wilaya|oblast", _PROVINCES),
    (
        r"departement|dept|dpt|prefecture|sous prefecture|cercle|district|delegation|comte|canton|moughataa|zone"
        r"|secteur|territoire|groupement intercommunal|communaute des communes|federation des municipalites"
        r"|union des municipalites|conseil de cercle",
        _DISTRICTS,
    ),
    (
        r"communaute de communes|communaute d agglomeration|communaute urbaine|agglomeration|metropole|com com|comcom"
        r"|intercommunalite|cc|ca|cu|ept|etablissement public territorial",
        _GROUPS,
    ),
    (
        r"commune rurale|commune urbaine|commune|ville|village|mairie|municipalite|quartier|arrondissement|localite"
        r"|camps? de refugies(?: \w+s)?|camp|paroisse|bourg|bidonville|banlieue|centre ville|douar|campement|pays",
        SETTLEMENT,
    ),
    (r"ile|iles|archipel|vallee|massif|plateau|presqu ile", _LANDS),
)
_OPENINGS: Final = tuple(
    (re.compile(rf"^(?:(?:dans )?(?:la |le |les |l )?)(?:{opening})\s+(?:{_PREPOSITION}\s+)?(?=\S)"), preference)
    for opening, preference in _OPENING_WORDS
)
_LEADING_PREPOSITION: Final = re.compile(rf"^{_PREPOSITION}\s+(?=\S)")
_ONLY_PREPOSITION: Final = re.compile(_PREPOSITION)
_SEPARATORS: Final = re.compile(r"[,;()\[\]|/]|\s[–—-]\s|\s:\s")
_POSTCODE: Final = re.compile(r"(?<![0-9])([0-9]{5})(?![0-9])")
_DEPARTEMENT_NUMBERS: Final = (
    re.compile(r"[\(\[,–-]\s*([0-9]{2,3}|2[ABab])\s*[\)\]]?\s*$"),
    re.compile(r"\(([0-9]{2,3}|2[ABab])\)"),
    re.compile(r"\s([0-9]{2}|97[0-9]|2[AB])\s*$"),
)
_TOWN_WITH_BOROUGHS: Final = re.compile(r"\b(paris|lyon|marseille)\s*$", re.IGNORECASE)
_CEDEX: Final = re.compile(r"\bcedex\b(\s*[0-9]+)?", re.IGNORECASE)
#: What only tells how far the place is from a better known one: what follows is its context.
_NEAR: Final = re.compile(
    r"[\s,(]+(?:située?s?\s+)?(?:à\s+(?:environ\s+|quelques\s+)?(?:\d+[.,]?\d*\s*)?(?:kms?|kilomètres?|heures?|h|mn|minutes?)"
    r"(?:\s+(?:de\s+route|à\s+l['’]\w+|au\s+[\w-]+|à\s+pied))?|près|non loin|proche|à côté|aux environs|à proximité)"
    r"\s+(?:de la |de l['’]|des |du |de |d['’])",
    re.IGNORECASE,
)
_FRANCE: Final = frozenset({"france", "fr"})


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The folded names of the countries (→ ISO code) and of the départements (compact → code)."""

    countries: Mapping[str, str]
    departements: Mapping[str, str]
    departement_codes: frozenset[str]
    longest_country: int

    @classmethod
    def of(cls, countries: Mapping[str, str], departements: Mapping[str, str]) -> "Lexicon":
        """Make a lexicon from folded country names and from names of départements by code."""
        by_name = {compact(name): code for code, name in departements.items()}
        longest = max((len(name.split()) for name in countries), default=0)
        return cls(countries, by_name, frozenset(departements), longest)


@dataclass(slots=True)
class Wording:
    """A query as read: ``main`` names the place; all parts are folded, ``raw`` is as typed when it has accents."""

    main: str = ""
    context: list[str] = field(default_factory=list)
    country: str | None = None
    departement: str | None = None
    postcode: str | None = None
    raw: str = ""


def without_preposition(text: str) -> str:
    """Return folded words without a preposition or article in front."""
    return _LEADING_PREPOSITION.sub("", text)


def without_opening(text: str) -> tuple[str, Preference | None]:
    """Return folded words without the administrative words in front, and the sorts of places these words prefer."""
    preference: Preference | None = None
    for _ in range(2):
        for pattern, preferred in _OPENINGS:
            matched = pattern.match(text)
            if matched and len(text) > matched.end():
                text, preference = text[matched.end() :], preference or preferred
                break
    return text, preference


def trailing_country(words: list[str], lexicon: Lexicon) -> tuple[str | None, list[str]]:
    """Return the country named by the last words (all of them, possibly), and the words before."""
    for count in range(min(lexicon.longest_country, len(words)), 0, -1):
        country = lexicon.countries.get(" ".join(words[-count:]))
        if country:
            rest = words[:-count]
            while rest and _ONLY_PREPOSITION.fullmatch(" ".join(rest[-2:])):
                rest = rest[:-2]
            while rest and _ONLY_PREPOSITION.fullmatch(rest[-1]):
                rest = rest[:-1]
            return country, rest
    return None, words


def _take_numbers(text: str, wording: Wording, lexicon: Lexicon) -> str:
    """Note the postcode and the number of the département; return the text without them nor « CEDEX »."""
    matched = _POSTCODE.search(text)
    if matched:
        wording.postcode = matched[1]
        text = text.replace(matched[0], " ")
    for pattern in _DEPARTEMENT_NUMBERS:
        matched = pattern.search(text)
        if matched:
            break
    if matched and matched[1].upper() in lexicon.departement_codes:
        before = text[: matched.start()]
        if fold(before) and not _TOWN_WITH_BOROUGHS.search(before):
            wording.departement = matched[1].upper()
            text = f"{before} {text[matched.end() :]}"
    return _CEDEX.sub(" ", text)


def _take_countries(parts: list[str], wording: Wording, lexicon: Lexicon, side: Side | None) -> list[str]:
    """Note the country that a part names or ends with; return the other parts."""
    kept = []
    for index, part in enumerate(parts):
        if len(parts) > 1 and not wording.country:
            country = lexicon.countries.get(part) or lexicon.countries.get(without_preposition(part))
            if country:
                wording.country = country
                continue
        if part in _FRANCE:
            wording.country = "FR"
            continue
        if index > 0 and not wording.country and side is not Side.HERE:
            country, rest = trailing_country(part.split(), lexicon)
            if country:
                wording.country, part = country, " ".join(rest)
            if not part:
                continue
        kept.append(part)
    return kept


def read(query: str, lexicon: Lexicon, side: Side | None) -> Wording:
    """Read a query of any text; never raises."""
    wording = Wording(raw="" if query.isascii() else query.lower())
    if side is not Side.THERE:
        query = _take_numbers(query, wording, lexicon)
    if (near := _NEAR.search(query)) is not None and fold(query[: near.start()]):
        query = f"{query[: near.start()]}, {query[near.end() :]}"
    parts = [folded for part in _SEPARATORS.split(query) if (folded := fold(part))]
    if not parts:
        return wording
    kept = _take_countries(parts, wording, lexicon, side)
    if not kept:
        kept, wording.country = [parts[0]], None
    if side is not Side.THERE and len(kept) > 1:
        for part in kept[1:]:
            number = part.upper() if part.upper() in lexicon.departement_codes else None
            departement = lexicon.departements.get(compact(part)) or number
            if departement:
                wording.departement = departement
                kept.remove(part)
                break
    wording.main, wording.context = kept[0], kept[1:]
    return wording
