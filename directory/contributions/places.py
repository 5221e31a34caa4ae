"""What a place typed in the form may mean: accepted when it is sure, offered as a choice otherwise, never guessed.

A pin is checked against its territory: what looks wrong is asked about, never mended in silence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from directory.core.errors import InvalidText
from directory.core.geography import check_point, distance_km
from directory.core.text import words
from directory.geocoding.gazetteer import Gazetteer
from directory.geocoding.places import Place, Precision, Verdict
from directory.reference import wording
from directory.reference.keys import Side

LIMIT = 5
"""Places offered at most: what one reads at a glance."""
NONE = "aucune"
"""The choice « Aucune de ces propositions »."""
_SETTLED = frozenset({"commune", "ville"})
_LARGER, _FEWEST = 3, 5_000
"""A place is situated by a town nearby that has three times its inhabitants, and five thousand at least."""
_NEARBY_KM, _AROUND_KM = 40, 150
_CORNERS = (-0.25, 0.25)
"""Degrees: half the side of a cell of the gazetteer."""
_DEGREES = re.compile(r"-?[0-9]{1,3}(\.[0-9]{1,15})?", re.ASCII)
_FAR_KM = {Precision.COMMUNE: 40, Precision.EPCI: 80, Precision.DEPARTEMENT: 150, Precision.REGION: 600}
"""Beyond this distance from the middle of its territory, a pin is questioned."""
_WIDE = {Side.HERE: "drz", Side.THERE: "ap"}
"""Levels that still hold for a pin dropped beside every known place."""


@dataclass(frozen=True)
class Choice:
    """A place that the words may mean, with what tells it from the others; its number is also the one on the map."""

    number: int
    key: str
    name: str
    detail: str
    lon: float
    lat: float


@dataclass(frozen=True)
class Reading:
    """What words mean: one place that is sure, or choices; `across` names what they rather mean on the other side."""

    place: dict[str, Any] | None = None
    choices: tuple[Choice, ...] = ()
    across: str = ""


def read(gazetteer: Gazetteer, typed: str, side: Side) -> Reading:
    """The place of these words on a side when it is sure, else what they may mean there and on the other side."""
    found = gazetteer.find(typed, side=side, limit=LIMIT)
    if found and _is_sure(found, typed):
        return Reading(place=answer_of(found[0]))
    anywhere = gazetteer.find(typed, limit=LIMIT)
    across = ""
    if anywhere and anywhere[0].side is not side and not any(_is_named(place, typed) for place in found):
        is_sure = anywhere[0].verdict is Verdict.SURE
        across = anywhere[0].name if is_sure or _is_named(anywhere[0], typed) else ""
        found = [] if is_sure else found
    choices = tuple(_choice(gazetteer, number, place) for number, place in enumerate(found, start=1))
    return Reading(choices=choices, across=across)


def _is_sure(found: list[Place], typed: str) -> bool:
    """A name with which several places begin is not sure: « pleumeur » may be Pleumeur-Bodou or Pleumeur-Gautier."""
    if found[0].verdict is not Verdict.SURE:
        return False
    said = words(typed)
    return _is_named(found[0], typed) or sum(words(place.name)[: len(said)] == said for place in found) < 2


def _is_named(place: Place, typed: str) -> bool:
    return words(place.name) == words(typed)


def choose(gazetteer: Gazetteer, key: str, typed: str, side: Side) -> tuple[dict[str, Any] | None, bool]:
    """The place of a key that a person chose, and whether it only stands for an unknown place around which it lies.

    None when the key is unknown, or lies on the other side.
    """
    place = gazetteer.place(key) if len(key) <= 20 else None
    if place is None or place.side is not side:
        return None, False
    first = next(iter(gazetteer.find(typed, side=side, limit=1)), None)
    is_wider = first is not None and first.key == key and first.verdict is Verdict.APPROXIMATE
    return answer_of(place, Verdict.APPROXIMATE if is_wider else Verdict.SURE), is_wider


def answer_of(place: Place, verdict: Verdict = Verdict.SURE) -> dict[str, Any]:
    """A place as a draft keeps it; once accepted by a person it is sure, unless it stands for an unknown one."""
    return {
        "keys": list(place.keys),
        "name": place.name,
        "context": place.context,
        "lon": place.lon,
        "lat": place.lat,
        "precision": place.precision.value,
        "verdict": verdict.value,
    }


def _choice(gazetteer: Gazetteer, number: int, place: Place) -> Choice:
    return Choice(number, place.key, place.name, _detail(gazetteer, place), place.lon, place.lat)


def _detail(gazetteer: Gazetteer, place: Place) -> str:
    """« Côtes-d’Armor, près de Lannion », « Région de Kayes, Mali · 194 716 habitants », « région, Mali »."""
    if place.kind not in _SETTLED:
        return ", ".join(part for part in (place.kind, place.context, place.comment) if part)
    near = _larger_nearby(gazetteer, place) if place.side is Side.HERE else None
    if near is not None:
        return f"{place.context}, près {wording.of(near.key, near.name)}"
    people = f" · {place.population:,} habitants".replace(",", "\u202f") if place.population else ""
    return f"{place.context}{people}"


def _larger_nearby(gazetteer: Gazetteer, place: Place) -> Place | None:
    fewest = max(_FEWEST, _LARGER * (place.population or 0))
    # The gazetteer stops at the first cell that holds an answer: the town next door may lie in another of the four.
    corners = [(place.lon + east, place.lat + north) for east in _CORNERS for north in _CORNERS]
    found = [one for lon, lat in corners for one in gazetteer.nearest(lon, lat, 60, 2 * _NEARBY_KM)]
    larger = [one for one in found if (one.population or 0) >= fewest and one.side is place.side]
    return min(larger, key=lambda one: distance_km(one.lon, one.lat, place.lon, place.lat), default=None)


# Pins


def read_pin(lon: str, lat: str) -> tuple[float, float]:
    """The point (lon, lat) typed in degrees; raises InvalidText with what to mend."""
    for text, name, example in ((lat, "latitude", "48.5778"), (lon, "longitude", "-3.8279")):
        if not _DEGREES.fullmatch(text.strip()):
            said = f"La {name} « {text[:30]} » ne se lit pas" if text.strip() else f"La {name} manque"
            raise InvalidText(f"{said}. Écrivez-la en degrés, avec un point : {example}.")
    try:
        return check_point(float(lon), float(lat))
    except ValueError:
        raise InvalidText(OUT_OF_RANGE) from None


OUT_OF_RANGE = "La latitude va de −90 à 90 et la longitude de −180 à 180. Sont-elles dans le bon ordre ?"


def doubt_about(gazetteer: Gazetteer, place: dict[str, Any], lon: float, lat: float) -> str:
    """What to ask about a pin: "zero", "swapped", "far", or "" when it lies in its territory."""
    if (lon, lat) == (0, 0):
        return "zero"
    if not _is_far(gazetteer, place, lon, lat):
        return ""
    is_swapped = abs(lon) <= 90 and not _is_far(gazetteer, place, lat, lon)
    return "swapped" if is_swapped else "far"


def _is_far(gazetteer: Gazetteer, place: dict[str, Any], lon: float, lat: float) -> bool:
    known = gazetteer.place(place["keys"][0])
    if known is None:
        return False
    limit = _FAR_KM.get(known.precision)
    if limit is not None:
        return distance_km(lon, lat, known.lon, known.lat) > limit
    near = gazetteer.nearest(lon, lat, 1, _AROUND_KM)
    return not near or near[0].country != known.country


@dataclass(frozen=True)
class Line:
    """One place of the form as it came: the words, the key chosen for them, a choice, the pin."""

    typed: str
    key: str = ""
    chosen_for: str = ""
    choice: str = ""
    shown_as: str = "locality"
    lon: str = ""
    lat: str = ""
    pin_shown: str = ""
    """« lon lat » as the page showed them: the pin was moved when they differ."""
    point: str = ""
    """The answer about a doubtful pin: "keep", "swap" or "back"."""

    @property
    def has_moved_pin(self) -> bool:
        """Somebody put the pin elsewhere than where it was shown."""
        return bool(self.lon.strip() or self.lat.strip()) and f"{self.lon} {self.lat}" != self.pin_shown


@dataclass(frozen=True)
class Settled:
    """A place of the form once read: what the draft keeps, what to offer, and the question that remains, if any."""

    line: Line
    place: dict[str, Any] | None = None
    is_wider: bool = False
    reading: Reading = Reading()
    question: str = ""
    doubt: str = ""

    @property
    def pin(self) -> tuple[str, str]:
        """Longitude and latitude as the page shows them: as typed while in doubt, else those of the place."""
        if self.doubt or self.place is None:
            return self.line.lon, self.line.lat
        return f"{self.place['lon']:.5f}", f"{self.place['lat']:.5f}"

    @property
    def key(self) -> str:
        """The territory key of the place; "" while it is not known."""
        return str(self.place["keys"][0]) if self.place else ""

    @property
    def answer(self) -> dict[str, Any]:
        """The line of the draft."""
        wider = {"as_typed": True} if self.is_wider else {}
        return {"typed": self.line.typed, "place": self.place, "shown_as": self.line.shown_as, **wider}


PAUSED = "Le répertoire des lieux fait une pause : ce nom est gardé tel quel, vous le préciserez avant l’envoi."


def settle(gazetteer: Gazetteer | None, line: Line, side: Side, before: dict[str, Any]) -> Settled:
    """Read one place of the form over what the draft held on this line."""
    same_words = line.typed == before.get("typed")
    if gazetteer is None:
        return Settled(line, before.get("place") if same_words else None, question=PAUSED if line.typed else "")
    if not line.typed:
        return Settled(line)
    kept = before.get("place") if same_words and line.chosen_for == line.typed else None
    reading = Reading()
    if line.choice and line.choice != NONE:
        place, is_wider = choose(gazetteer, line.choice, line.typed, side)
    elif kept and kept["keys"][0] == line.key:
        place, is_wider = kept, bool(before.get("as_typed"))
    elif line.key and line.chosen_for == line.typed:
        place, is_wider = choose(gazetteer, line.key, line.typed, side)
    else:
        place, is_wider = None, False
    if place is None:
        reading = read(gazetteer, line.typed, side)
        place = reading.place
    settled = Settled(line, place, is_wider, reading, "" if place else _ask(reading, line, side))
    return _pin(gazetteer, settled, side) if line.has_moved_pin or line.point else settled


def _ask(reading: Reading, line: Line, side: Side) -> str:
    """The question about words that name no sure place."""
    if reading.across:
        if side is Side.HERE:
            return f"{reading.across} n’est pas en France : est-ce un lieu de là-bas ?"
        return f"{reading.across} est en France : est-ce un lieu d’ici ?"
    if line.choice == NONE:
        return "Nommez un territoire plus large dans le champ, ou placez le repère là où vous agissez."
    if not reading.choices:
        wider = "un département, une région" if side is Side.HERE else "une région, un pays"
        return (
            f"Nous ne connaissons pas « {line.typed} ». Nommez un territoire plus large ({wider}), ou placez le repère."
        )
    if len(reading.choices) == 1:
        return f"« {line.typed} » : est-ce bien ce lieu ?"
    return f"{_COUNTS[len(reading.choices)]} lieux ressemblent à « {line.typed} ». Lequel est le vôtre ?"


_COUNTS = ("Zéro", "Un", "Deux", "Trois", "Quatre", "Cinq")
DOUBTS = {
    "zero": "Le repère est au point 0, 0, dans l’océan. Est-ce bien là ?",
    "swapped": "Latitude et longitude semblent inversées. Est-ce bien là ?",
    "far": "Ce repère est loin de {name}. Est-ce bien là ?",
}


def _pin(gazetteer: Gazetteer, settled: Settled, side: Side) -> Settled:
    """The pin as it was put; asked about when it looks wrong, and then not kept until somebody answers."""
    line, place = settled.line, settled.place
    if line.point == "back" and place is not None:
        known = gazetteer.place(place["keys"][0])
        return replace(settled, place=answer_of(known) if known else place)
    typed = (line.lat, line.lon) if line.point == "swap" else (line.lon, line.lat)
    try:
        lon, lat = read_pin(*typed)
    except InvalidText as error:
        is_swapped = error.message == OUT_OF_RANGE and _swap_is_likely(gazetteer, place, line)
        return replace(settled, question=error.message, doubt="swapped" if is_swapped else "unread")
    if place is None:
        found = around(gazetteer, line.typed, side, lon, lat)
        where = "en France" if side is Side.HERE else "hors de France"
        why = f"Nous ne connaissons aucun lieu {where} autour de ce repère. Déplacez-le, ou nommez un territoire."
        return replace(settled, place=found, is_wider=True, question="" if found else why)
    doubt = doubt_about(gazetteer, place, lon, lat)
    if doubt and line.point != "keep":
        return replace(settled, question=DOUBTS[doubt].format(name=place["name"]), doubt=doubt)
    return replace(settled, place=moved(place, lon, lat), question="")


def _swap_is_likely(gazetteer: Gazetteer, place: dict[str, Any] | None, line: Line) -> bool:
    """A latitude beyond 90 that would be a longitude of this very place."""
    try:
        lon, lat = read_pin(line.lat, line.lon)
    except InvalidText:
        return False
    return place is not None and not _is_far(gazetteer, place, lon, lat)


def moved(place: dict[str, Any], lon: float, lat: float) -> dict[str, Any]:
    """The same place, its pin put by hand."""
    return {**place, "lon": lon, "lat": lat, "precision": Precision.POINT.value}


def around(gazetteer: Gazetteer, typed: str, side: Side, lon: float, lat: float) -> dict[str, Any] | None:
    """An unknown place at a pin: the territories that hold its nearest neighbour, or None where there is none.

    Its neighbour's commune is left out, since the pin may lie in another.
    """
    near = next(iter(gazetteer.nearest(lon, lat, 1, _AROUND_KM)), None)
    if near is None or near.side is not side:
        return None
    keys = [key for key in near.keys if key[0] in _WIDE[side]]
    if not keys:
        return None
    wide = gazetteer.place(keys[0])
    where = wide.label if wide is not None else near.context
    return moved({"keys": keys, "name": typed, "context": where, "verdict": Verdict.APPROXIMATE.value}, lon, lat)
