"""The answers of a draft in words, as « Relire » and a conflict between two tabs show them. Pure."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from directory.contributions.answers import STEPS, Step
from directory.initiatives.content import AnchorContent, InitiativeContent
from directory.initiatives.filters import KnownValues
from directory.initiatives.rules import (
    STORIES,
    Known,
    is_watched,
    named_partners,
    shown_as,
    shown_key,
    withheld_in,
)
from directory.initiatives.vocabulary import STAGE_LABELS, Agreement, Disclosure, Stage
from directory.reference import wording
from directory.reference.keys import Side

SENT = "Cette fiche est déjà chez votre réseau. Pour la changer, reprenez d’abord l’envoi dans votre espace."
LABELS = {
    "summary": "Ce que vous faites ensemble",
    "here": "Ici",
    "there": "Là-bas",
    "carrier": "Votre structure",
    "email": "Votre adresse électronique",
    "partners": "Avec qui, là-bas",
    "main_sector": "Domaine principal",
    "since_year": "Depuis quand",
    "stage": "Où en est-on",
    "meeting": "La rencontre",
    "change_here": "Ce qui change ici",
    "change_there": "Ce qui change là-bas",
    "publics": "Avec qui, pour qui",
    "needs": "Ce que vous cherchez",
    "title": "Nom de l’initiative",
}

TICKED = ("publics", "needs")
"""Answers that are ticked in a list, and that nobody is asked to give."""


@dataclass(frozen=True)
class PlaceSaid:
    """A place as understood, and what will be shown of it when that is less."""

    side: Side
    name: str
    context: str
    note: str


@dataclass(frozen=True)
class Said:
    """One answer of « Relire »: its words, what will be hidden of it, where to change it."""

    field: str
    label: str
    slug: str
    texts: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    places: tuple[PlaceSaid, ...] = ()


def said(
    content: InitiativeContent, known: Known, *, email: str, labels: KnownValues, lines: Mapping[str, Any]
) -> list[Said]:
    """The ten answers in their order, empty ones too; `lines` are the raw answers, for places not yet understood."""
    ticked = {name: [getattr(labels, name).get(one, one) for one in getattr(content, name)] for name in TICKED}
    told_stage = STAGE_LABELS[content.stage].lower() if content.stage else ""
    since = f"Depuis {content.since_year}" if content.since_year else ""
    when = ", ".join(part for part in (since, told_stage if since else told_stage.capitalize()) if part)
    stories = [getattr(content, name) for name in ("meeting", "change_here", "change_there")]
    skipped = ("Facultatif. C’est souvent ce que l’on lit en premier.",)
    return [
        _said("summary", (content.summary,), _cautions(content, known, "summary")),
        _said("here", _unread(lines, Side.HERE), places=_places(content, Side.HERE, known)),
        _said("there", _unread(lines, Side.THERE), places=_places(content, Side.THERE, known)),
        _said("carrier", tuple(one.name for one in content.carriers), _cautions(content, known, "carrier")),
        _said("email", (email,), ("Jamais publiée.",) if email else ()),
        _said("partners", tuple(one.name for one in content.partners), _partner_notes(content, known)),
        _said("main_sector", (labels.sectors.get(content.main_sector, ""),)),
        Said("stage", "Depuis quand, où en est-on", "histoire", (when,) if when else ()),
        Said(
            "meeting",
            "La rencontre, ce qui change",
            "histoire",
            tuple(f"{LABELS[name]} : {text}" for name, text in _stories(content) if text),
            _cautions(content, known, *STORIES) if any(stories) else skipped,
        ),
        *(_said(name, (", ".join(ticked[name]),)) for name in TICKED if ticked[name]),
        _said("title", (content.title,), _cautions(content, known, "title")),
    ]


def _stories(content: InitiativeContent) -> list[tuple[str, str]]:
    return [(name, getattr(content, name)) for name in ("meeting", "change_here", "change_there")]


def _said(field: str, texts: tuple[str, ...], notes: tuple[str, ...] = (), places: tuple[PlaceSaid, ...] = ()) -> Said:
    slug = next(step.slug for step in STEPS if field in step.fields)
    return Said(field, LABELS[field], slug, tuple(text for text in texts if text), notes, places)


def caution(text: str, content: InitiativeContent, known: Known, *, subject: str = "Vous") -> str:
    """What the network may ask about a text that tells a place withheld in a country of the vigilance list; else ""."""
    found = withheld_in(text, content, known, curator_agrees=False)
    if found is None or not is_watched(found[0], known):
        return ""
    anchor, key = found
    instead = known.names.get(key, anchor.context)
    verb = "nommez" if subject == "Vous" else "nomme"
    return (
        f"{subject} {verb} « {anchor.name} » : par prudence pour les personnes là-bas, le réseau vous demandera "
        f"peut-être d’écrire plutôt « {instead} »."
    )


def _cautions(content: InitiativeContent, known: Known, *fields: str) -> tuple[str, ...]:
    """The cautions about some answers; what bars the sending is told with the other problems, not here."""
    carrier = content.carriers[0].name if content.carriers else ""
    texts = [carrier if field == "carrier" else getattr(content, field) for field in fields]
    doubtful = (text for text in texts if withheld_in(text, content, known, curator_agrees=True) is None)
    return tuple(dict.fromkeys(said for text in doubtful if (said := caution(text, content, known))))


_PRECISIONS = {
    "point": "repère placé à la main",
    "epci": "placé sur le centre de l’intercommunalité",
    "region": "placé sur le centre de la région",
    "country": "placé sur le centre du pays",
}


def precisely(side: str, precision: str, credit: str = "") -> str:
    """How precisely a place is known, in words: « placé sur le centre de la commune »; `credit` when found online."""
    if credit:
        return f"trouvé en ligne ({credit})"
    is_here = side == Side.HERE
    sided = {
        "commune": f"placé sur le centre de la {'commune' if is_here else 'localité'}",
        "departement": f"placé sur le centre du {'département' if is_here else 'district'}",
    }
    return (_PRECISIONS | sided).get(precision, "")


def _unread(lines: Mapping[str, Any], side: Side) -> tuple[str, ...]:
    """The words of places that were not understood yet."""
    return tuple(line["typed"] for line in lines.get(side.value, ()) if line.get("typed") and not line.get("place"))


def _places(content: InitiativeContent, side: Side, known: Known) -> tuple[PlaceSaid, ...]:
    anchors = content.here if side is Side.HERE else content.there
    return tuple(_place(content, side, anchor, known) for anchor in anchors)


def _place(content: InitiativeContent, side: Side, anchor: AnchorContent, known: Known) -> PlaceSaid:
    shown = shown_as(content, anchor, known, curator_agrees=False)
    key = shown_key(anchor, shown)
    note = ""
    if shown is not Disclosure.LOCALITY and key != anchor.keys[0]:
        where = wording.named(key, known.names.get(key, "")) or "un territoire plus large"
        why = "" if shown is anchor.shown_as else _WHY[shown]
        note = f"On ne montrera que {where}{why}."
    return PlaceSaid(side, anchor.label, anchor.context, note)


_WHY = {
    Disclosure.REGION: ", tant que votre partenaire n’a pas dit oui",
    Disclosure.COUNTRY: ", par prudence : le réseau en parlera avec vous",
}


def _partner_notes(content: InitiativeContent, known: Known) -> tuple[str, ...]:
    hidden = [one for one in content.partners if one not in named_partners(content, known, curator_agrees=True)]
    if not hidden:
        return ()
    if len(content.partners) > 1:
        names = wording.listing([one.name for one in hidden])
        return (f"Ne sera pas montré tant qu’il n’y a pas d’accord : {names}.",)
    refused = hidden[0].agreement is Agreement.NO
    return (f"{'N’a pas souhaité être nommé' if refused else 'Pas encore demandé'} : son nom ne sera pas montré.",)


def plain(field: str, value: object) -> str:
    """An answer as one text, to compare what two tabs hold."""
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(_line(line) if isinstance(line, Mapping) else str(line) for line in value)
    text = value if isinstance(value, str) else ""
    return STAGE_LABELS[Stage(text)] if field == "stage" and text in set(Stage) else text


def _line(line: Mapping[str, Any]) -> str:
    place = line.get("place")
    if place:
        return f"{place['name']} ({place['context']})" if place.get("context") else str(place["name"])
    return str(line.get("typed") or line.get("name") or "")


def differences(stored: Mapping[str, Any], answers: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What another tab wrote, where it differs from these answers: (label, its words)."""
    told = [(name, plain(name, stored.get(name)), plain(name, value)) for name, value in answers.items()]
    return [(LABELS[name], theirs) for name, theirs, mine in told if theirs != mine]


def two_ends(content: InitiativeContent) -> tuple[str, str] | None:
    """The two ends of the main link, as typed by their author; None while one is missing."""
    return (content.here[0].label, content.there[0].label) if content.here and content.there else None


def masked(email: str) -> str:
    """« a…@exemple.org »: enough to recognise one's own address."""
    name, _, domain = email.partition("@")
    return f"{name[:1]}…@{domain}" if domain else ""


def digest(answers: Mapping[str, Any], step: Step) -> str:
    """What a screen held when it was shown, in a few letters."""
    held = {name: answers[name] for name in step.fields if name in answers}
    return hashlib.sha256(json.dumps(held, sort_keys=True).encode()).hexdigest()[:16]


def likely_years(text: str, today: dt.date) -> str:
    """« Vouliez-vous écrire 2005 ou 2015 ? » for a year that has not come yet; "" when nothing is likely."""
    if not (text.isascii() and text.isdecimal() and len(text) == 4 and int(text) > today.year):
        return ""
    swapped = text[0] + text[2] + text[1] + text[3]
    near = sorted({int(year) for year in (swapped, str(int(text) - 100)) if 1950 <= int(year) <= today.year})
    return f" Vouliez-vous écrire {' ou '.join(str(year) for year in near)} ?" if near else ""
