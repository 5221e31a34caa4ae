"""French sentences about places and numbers: articles, elisions, distances. Pure functions, no territory is looked up.

An article or a preposition stays on the line of its name, by a no-break space; `plain` is for words that are stored.

The grammar of a name follows from its key (`p:SN` is masculine) and, where the key says nothing, from its spelling.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

NBSP: Final = "\u00a0"
THIN: Final = "\u202f"
FRANCE: Final = f"la{NBSP}France"


def _codes(text: str) -> frozenset[str]:
    return frozenset(text.split())


_VOWELS: Final = frozenset("aàâäeéèêëiîïoôöuùûü")

#: Countries by the article they take; any other country is masculine. Elision follows from the first letter.
_FEMININE: Final = _codes(
    """AF ZA AL DZ DE SA AR AM AU AT BB BE BO BA BG CN CO KP KR HR CI DM EG ER ES EE ET FI FM FR GM GE GS GR GD GN GQ
    GW GF GP HU IN ID IE IS IT JM JO LV LY LT MK MY MR MQ MD MN NA NO NC NZ PG PL PF CF CZ DO RO RU RS SL SK SI SO SE
    CH SY TZ TH TN TR UA ZM BY"""
)
_PLURAL: Final = _codes("AE AS AX BM BQ BS CC CK FJ FK FO HM KM KY MH MP MV NL PH PN PW SB SC TC TF TO TV UM US VG VI")
_BARE: Final = _codes(
    """AD AG AI AW BH BL CU CW CY DJ GG GI GU HT IL JE KI KN LC MC MF MG MS MT MU NR NU OM PM PR RE SG SH SJ SM ST
    SX TK TT TW VC WF YT"""
)
_BY_NAME: Final = {
    "CD": {"R": "la"}, "CG": {"R": "la"}, "HK": {"R": "la", "H": ""}, "MO": {"R": "la", "M": ""},
    "PS": {"P": "la", "T": "les"},
}  # fmt: skip
"""Countries known under several names, of several genders: by the first letter of the one in use."""

#: Départements and régions; the others elide or are masculine.
_FEMININE_HERE: Final = _codes(
    """d:16 d:17 d:19 d:2A d:2B d:21 d:23 d:24 d:26 d:31 d:33 d:42 d:43 d:44 d:48 d:50 d:51 d:52 d:53 d:54 d:55 d:57
    d:58 d:70 d:71 d:72 d:73 d:74 d:76 d:77 d:80 d:85 d:86 d:87 d:93 d:971 d:972 d:973 d:987 d:988
    r:01 r:02 r:03 r:27 r:28 r:53 r:75 r:76 r:93 r:94 z:01 z:02 z:03 z:PF z:NC"""
)
_PLURAL_HERE: Final = _codes(
    "d:04 d:05 d:06 d:08 d:13 d:22 d:40 d:64 d:65 d:66 d:78 d:79 d:88 d:92 d:984 r:32 r:52 z:TF"
)
_BARE_HERE: Final = _codes("d:75 d:974 d:975 d:976 d:977 d:978 d:986 r:04 r:06 z:04 z:06 z:PM z:BL z:MF z:WF")
_ELIDED_HERE: Final = frozenset(["d:34", "d:89"])
_IN_HERE: Final = _codes("r:01 r:02 r:03 r:11 r:27 r:28 r:53 r:75 r:76 r:84 r:93 r:94 d:971 d:972 d:973") | (
    _codes("z:01 z:02 z:03 z:PF z:NC d:987 d:988")
)

_MAINLAND: Final = "z:FX"
"""« Hexagone et Corse »: two names in one, each with its own article."""
_KINDS: Final = {
    "region": "la", "province": "la", "prefecture": "la", "wilaya": "la", "communaute": "la", "metropole": "la",
    "departement": "le", "district": "le", "gouvernorat": "le", "canton": "le", "comte": "le", "oblast": "l’",
    "etat": "l’", "ile": "l’", "iles": "les", "etablissement": "l’", "eurometropole": "l’",
}  # fmt: skip
_LEGAL_FORM: Final = re.compile(r"^Communauté (?:d[’']agglomération|de communes|urbaine) (?=[A-ZÀ-Þ])")
_NUMBERS: Final = (
    "zéro", "une", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze", "treize",
    "quatorze", "quinze", "seize",
)  # fmt: skip


def digits(number: int) -> str:
    """The number in figures, thousands apart by a narrow space: 10 091."""
    return f"{number:,}".replace(",", THIN)


def counted(number: int) -> str:
    """The number in words up to sixteen, feminine as "initiative" is, in figures beyond."""
    return _NUMBERS[number] if 0 <= number < len(_NUMBERS) else digits(number)


def initiatives(number: int, verb: tuple[str, str] | None = None) -> str:
    """« Deux initiatives relient »: the count, its noun and the verb (singular, plural) if given."""
    return _so_many(number, ("initiative", "initiatives"), verb)


def twinnings(number: int, verb: tuple[str, str] | None = None) -> str:
    """« Deux jumelages relient »: records of a public list, which are no initiatives."""
    return _so_many(number, ("jumelage", "jumelages"), verb, one="un")


def _so_many(number: int, noun: tuple[str, str], verb: tuple[str, str] | None, *, one: str = "une") -> str:
    words = f"{one if number == 1 else counted(number)} {noun[number > 1]}"
    if verb is not None:
        words = f"{words} {verb[1] if number > 1 else verb[0]}"
    return words[0].upper() + words[1:]


def listing(parts: Sequence[str]) -> str:
    """« a, b et c »."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} et {parts[-1]}"


def distance(km: float) -> str:
    """« 14 km », « 9 100 km »: to the kilometre, then to the hundred beyond 1 000."""
    rounded = round(km / 100) * 100 if km >= 1000 else round(km)
    return "moins d’un kilomètre" if rounded < 1 else f"{digits(rounded)}{NBSP}km"


def plain(text: str) -> str:
    """The words with ordinary spaces, as people type them: for what is kept, and not only shown."""
    return text.replace(NBSP, " ")


def article(key: str, name: str) -> str:
    """The article of a territory, a no-break space after it unless it elides, or nothing: ready to precede its name."""
    gender = _gender(key, name)
    if gender in ("le", "la") and (_starts_with_vowel(name) or key in _ELIDED_HERE):
        return "l’"
    return gender if gender in ("", "l’") else f"{gender}{NBSP}"


def short(key: str, name: str) -> str:
    """The name that people use: an EPCI without its legal form where what is left names it, « Morlaix Communauté »."""
    return _LEGAL_FORM.sub("", name) if key[:1] == "e" else name


def named(key: str, name: str) -> str:
    """« la Bretagne », « le Finistère », « Quimper », « Madagascar », « Morlaix Communauté »."""
    if key == _MAINLAND:
        return f"l’Hexagone et la{NBSP}Corse"
    name = short(key, name)
    return article(key, name) + _lowered(key, name)


def toward(key: str, name: str) -> str:
    """After « relie … »: « à Madagascar », « au Sénégal », « à la Chine », « aux Comores », « à l’Équateur »."""
    return _contract("à", {"le": "au", "les": "aux"}, key, name)


def of(key: str, name: str) -> str:
    """« de Quimper », « d’Antsirabe », « du Finistère », « de la Bretagne », « des Comores »."""
    return _contract("de", {"le": "du", "les": "des"}, key, name)


def within(key: str, name: str) -> str:
    """Where something happens: « à Plouigneau », « dans le Finistère », « en Bretagne », « à La Réunion »."""
    if key == _MAINLAND:
        return f"dans l’Hexagone et en{NBSP}Corse"
    if key in _IN_HERE:
        return f"en{NBSP}{name}"
    level = key[:1]
    if level == "e" and article(key, short(key, name)):
        return f"dans {named(key, name)}"
    if level in "aedrz" and article(key, name):
        return f"dans {named(key, name)}"
    if level == "p" and article(key, name) in (f"la{NBSP}", "l’"):
        return f"en{NBSP}{name}"
    return toward(key, name)


def ends(countries: Sequence[tuple[str, str]]) -> str:
    """« à Madagascar et à la Chine » for (key, name) pairs; past four, their number: « à douze pays »."""
    if 0 < len(countries) <= 4:
        return listing([toward(key, name) for key, name in countries])
    return f"à{NBSP}{counted(len(countries))} pays"


def sentence_of_links(count: int, here: Sequence[tuple[str, str]], countries: Sequence[tuple[str, str]]) -> str:
    """« Deux initiatives relient Quimper à Madagascar et à la Chine »; the count is of distinct initiatives.

    `here` and `countries` are (key, name) pairs; without any `here`, the whole of France is meant.
    """
    starts = listing([named(key, name) for key, name in here]) or FRANCE
    return f"{initiatives(count, ('relie', 'relient'))} {starts} {ends(countries)}"


def _contract(preposition: str, contractions: dict[str, str], key: str, name: str) -> str:
    if key == _MAINLAND:
        return f"{preposition}{NBSP}l’Hexagone et {preposition}{NBSP}la{NBSP}Corse"
    name = short(key, name)
    before = article(key, name)
    text = _lowered(key, name)
    if before.rstrip() in contractions:
        return contractions[before.rstrip()] + NBSP + text
    if before:
        return f"{preposition}{NBSP}{before}{text}"
    for written, contracted in (("Le ", "le"), ("Les ", "les")):
        if name.startswith(written):
            return contractions[contracted] + NBSP + name[len(written) :]
    if preposition == "de" and _starts_with_vowel(name):
        return f"d’{name}"
    return f"{preposition}{NBSP}{text}"


def _gender(key: str, name: str) -> str:
    level, code = key[:1], key[2:]
    if level in "drz":
        return _one_of(key, _FEMININE_HERE, _PLURAL_HERE, _BARE_HERE)
    if level == "p":
        if name[:1] in _BY_NAME.get(code, {}):
            return _BY_NAME[code][name[:1]]
        return _one_of(code, _FEMININE, _PLURAL, _BARE)
    if level in "ae":
        return _KINDS.get(_first_word(name), "")
    return ""


def _one_of(code: str, feminine: frozenset[str], plural: frozenset[str], bare: frozenset[str]) -> str:
    if code in feminine:
        return "la"
    if code in plural:
        return "les"
    return "" if code in bare else "le"


def _lowered(key: str, name: str) -> str:
    """A kind of territory loses its capital inside a sentence: « la région de Kayes »."""
    if key[:1] in "ae" and _first_word(name) in _KINDS:
        return name[0].lower() + name[1:]
    return name


def _first_word(name: str) -> str:
    word = name.split(" ", 1)[0].lower() if " " in name else ""
    return word.translate(str.maketrans("éèêîâ", "eeeia"))


def _starts_with_vowel(name: str) -> bool:
    return name[:1].lower() in _VOWELS
