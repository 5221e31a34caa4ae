"""The places of the form as they came, and as they are read: accepted when sure, asked about otherwise.

A pin is checked against its territory: what looks wrong is asked about, never mended in silence. A field that names
several places becomes a line for each.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from directory.contributions.candidates import (
    NONE,
    UNREAD,
    Online,
    Reading,
    answer_of,
    choose,
    choose_online,
    nothing_online,
    read,
)
from directory.core.errors import InvalidText
from directory.core.geography import check_point, distance_km
from directory.geocoding.gazetteer import Gazetteer
from directory.geocoding.places import Precision, Verdict
from directory.geocoding.providers import CREDITS
from directory.reference.keys import Side, side_of
from directory.reference.wording import counted, listing

_AROUND_KM = 150
_DEGREES = re.compile(r"-?[0-9]{1,3}(\.[0-9]{1,15})?", re.ASCII)
_FAR_KM = {Precision.COMMUNE: 40, Precision.EPCI: 80, Precision.DEPARTEMENT: 150, Precision.REGION: 600}
"""Beyond this distance from the middle of its territory, a pin is questioned."""
_WIDE = {Side.HERE: "drz", Side.THERE: "ap"}
"""Levels that still hold for a pin dropped beside every known place."""
_ONLINE = re.compile(r"[a-z]{2,20}-[0-9]", re.ASCII)
"""The choice of a place found online: « photon-0 »."""


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
    reading: Reading = UNREAD
    question: str = ""
    doubt: str = ""
    is_wrong: bool = False
    """The question is about something that cannot be kept; any other is asked softly."""
    is_part: bool = False
    """It was named in one field with others."""
    looked: str = ""
    """How looking further has just ended, in words."""

    @property
    def credit(self) -> str:
        """Whose data the place is when it was found online."""
        return CREDITS.get(str((self.place or {}).get("found_by", "")), "")

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


def settle_all(
    gazetteer: Gazetteer | None,
    lines: Sequence[Line],
    side: Side,
    before: Sequence[dict[str, Any]],
    *,
    most: int,
    online: Online = nothing_online,
) -> list[Settled]:
    """Read the places of a side over what the draft held, line by line.

    A field that names several places becomes a line for each, `most` lines in all; without room it is asked about.
    """
    found, room = [], most - sum(bool(line.typed) for line in lines)
    for index, line in enumerate(lines):
        stored = before[index] if index < len(before) else {}
        parts = _parts(gazetteer, line, side, stored)
        if len(parts) < 2:
            found.append(settle(gazetteer, line, side, stored, online))
        elif len(parts) - 1 > room:
            found.append(Settled(line, question=_too_many(line.typed, len(parts), most), is_wrong=True))
        else:
            room -= len(parts) - 1
            named = (Line(part, shown_as=line.shown_as) for part in parts)
            found += [replace(settle(gazetteer, one, side, {}, online), is_part=True) for one in named]
    return found


def _parts(gazetteer: Gazetteer | None, line: Line, side: Side, before: dict[str, Any]) -> list[str]:
    """The words of each place that a field names; one place as soon as somebody chose one or put a pin."""
    is_kept = line.typed == before.get("typed") and before.get("place") is not None
    is_chosen = bool(line.choice or line.point or line.has_moved_pin) or (line.key and line.chosen_for == line.typed)
    if gazetteer is None or not line.typed or is_kept or is_chosen:
        return [line.typed]
    parts = gazetteer.parts(line.typed, side=side)
    if len(parts) > 1:
        return parts
    anywhere = gazetteer.parts(line.typed)  # « Morlaix et Ségou »: one of them is of the other side
    is_mixed = len(anywhere) > 1 and any(read(gazetteer, part, side).place for part in anywhere)
    return anywhere if is_mixed else parts


def _too_many(typed: str, number: int, most: int) -> str:
    return (
        f"« {typed} » nomme {counted(number)} lieux, et ce côté en tient {counted(most)} au plus. Retirez-en, ou "
        "nommez un territoire plus large."
    )


def told_parts(settled: Sequence[Settled]) -> str:
    """« Nous avons compris deux lieux : Kayes et Ségou. »: the places that one field named; "" when none did."""
    names = [one.place["name"] if one.place else one.line.typed for one in settled if one.is_part]
    return f"Nous avons compris {counted(len(names))} lieux : {listing(names)}." if names else ""


def settle(
    gazetteer: Gazetteer | None, line: Line, side: Side, before: dict[str, Any], online: Online = nothing_online
) -> Settled:
    """Read one place of the form over what the draft held on this line."""
    same_words = line.typed == before.get("typed")
    if gazetteer is None:
        return Settled(line, before.get("place") if same_words else None, question=PAUSED if line.typed else "")
    if not line.typed:
        return Settled(line)
    kept = before.get("place") if same_words and line.chosen_for == line.typed else None
    reading, is_wider = UNREAD, False
    if _ONLINE.fullmatch(line.choice):
        place = choose_online(line.choice, line.typed, online)
        place = place if place and side_of(place["keys"][0]) is side else None
    elif line.choice and line.choice != NONE:
        place, is_wider = choose(gazetteer, line.choice, line.typed, side)
    elif kept and kept["keys"][0] == line.key:
        place, is_wider = kept, bool(before.get("as_typed"))
    elif line.key and line.chosen_for == line.typed:
        place, is_wider = choose(gazetteer, line.key, line.typed, side)
    else:
        place = None
    if place is None:
        reading = read(gazetteer, line.typed, side, online)
        place = reading.place
    settled = Settled(line, place, is_wider, reading, "" if place else _ask(reading, line, side))
    return _pin(gazetteer, settled, side) if line.has_moved_pin or line.point else settled


def _ask(reading: Reading, line: Line, side: Side) -> str:
    """The question about words that name no sure place."""
    if reading.across:
        where, whose = ("n’est pas", "de là-bas") if side is Side.HERE else ("est", "d’ici")
        return f"{reading.across} {where} en France : est-ce un lieu {whose} ?"
    if line.choice == NONE:
        return "Nommez un territoire plus large dans le champ, ou placez le repère là où vous agissez."
    if not reading.choices:
        wider = "un département, une région" if side is Side.HERE else "une région, un pays"
        return (
            f"Nous ne connaissons pas « {line.typed} ». Nommez un territoire plus large ({wider}), ou placez le repère."
        )
    if reading.stands_in:
        return f"Nous ne connaissons pas « {line.typed} »."
    if len(reading.choices) == 1:
        return f"« {line.typed} » : est-ce bien ce lieu ?"
    number = counted(len(reading.choices)).capitalize()
    return f"{number} lieux ressemblent à « {line.typed} »."


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
        return replace(
            settled, question=error.message, doubt="swapped" if is_swapped else "unread", is_wrong=not is_swapped
        )
    if place is None:
        found = around(gazetteer, line.typed, side, lon, lat)
        where = "en France" if side is Side.HERE else "hors de France"
        why = f"Nous ne connaissons aucun lieu {where} autour de ce repère. Déplacez-le, ou nommez un territoire."
        return replace(settled, place=found, is_wider=True, question="" if found else why, is_wrong=not found)
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
    known = {name: value for name, value in place.items() if name != "found_by"}
    return {**known, "lon": lon, "lat": lat, "precision": Precision.POINT.value}


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
