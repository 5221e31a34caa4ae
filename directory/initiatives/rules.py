"""What a content must be to be published, what is doubtful in it, and what of it the public may see. Pure."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import unquote, urlsplit

from directory.core.errors import InvalidText, Problem
from directory.core.geography import check_point, distance_km
from directory.core.text import clean_text, fold, words
from directory.geocoding.places import Precision, Verdict
from directory.initiatives.content import AnchorContent, InitiativeContent, PartnerContent
from directory.initiatives.vocabulary import Agreement, Disclosure, Origin
from directory.reference.keys import Side, parse_key, side_of

LIMITS = {"title": 120, "summary": 300, "description": 20_000, "name": 200, "label": 200, "source": 300, "story": 4_000}
"""Characters at most."""
MAX_HERE, MAX_THERE, MAX_CARRIERS, MAX_PARTNERS, MAX_SOURCES = 5, 10, 5, 10, 10
MAX_OTHER_SECTORS, MAX_GOALS, MAX_PUBLICS, MAX_NEEDS = 2, 3, 5, 5
STORIES = ("meeting", "change_here", "change_there")
"""What is told of the meeting and of what changes on both sides: free texts of several lines."""
FIRST_YEAR = 1800
FAR_KM = 300
"""Beyond this distance from the centre of its own commune, région or division, a point is doubted."""
SURE = "sûr"
PRECISIONS = frozenset(precision.value for precision in Precision)
VERDICTS = frozenset(verdict.value for verdict in Verdict)
TOO_MANY = f"{MAX_CARRIERS} structures, {MAX_PARTNERS} partenaires et {MAX_SOURCES} sources au plus."
_ORDER = (Disclosure.LOCALITY, Disclosure.REGION, Disclosure.COUNTRY)
_SHORTEST_NAME = 4
_DETERMINERS = frozenset("un une des le la les notre nos mon ma mes quelques plusieurs deux trois".split())
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})?", re.ASCII)
_PROVIDER = re.compile(r"[a-z]{0,20}", re.ASCII)
_FINER_TO_COARSER = {Side.HERE: "cedrz", Side.THERE: "vap"}


@dataclass(frozen=True)
class Known:
    """What the reference lists hold: identifiers, vigilance countries, centres (lon, lat), names."""

    sectors: frozenset[str]
    goals: frozenset[int]
    actor_types: frozenset[str]
    vigilance: frozenset[str]
    publics: frozenset[str] = frozenset()
    needs: frozenset[str] = frozenset()
    centres: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)


def clean(content: InitiativeContent) -> InitiativeContent:
    """The content with every text in NFC and stripped; raises InvalidText at the first that cannot be kept."""
    return replace(
        content,
        title=clean_text(content.title, LIMITS["title"]),
        summary=clean_text(content.summary, LIMITS["summary"]),
        description=clean_text(content.description, LIMITS["description"], multiline=True),
        meeting=clean_text(content.meeting, LIMITS["story"], multiline=True),
        change_here=clean_text(content.change_here, LIMITS["story"], multiline=True),
        change_there=clean_text(content.change_there, LIMITS["story"], multiline=True),
        carriers=tuple(replace(one, name=clean_text(one.name, LIMITS["name"])) for one in content.carriers),
        partners=tuple(replace(one, name=clean_text(one.name, LIMITS["name"])) for one in content.partners),
        here=tuple(_clean_anchor(anchor) for anchor in content.here),
        there=tuple(_clean_anchor(anchor) for anchor in content.there),
        sources=tuple(replace(one, label=clean_text(one.label, LIMITS["source"])) for one in content.sources),
    )


def _clean_anchor(anchor: AnchorContent) -> AnchorContent:
    return replace(
        anchor,
        label=clean_text(anchor.label, LIMITS["label"]),
        name=clean_text(anchor.name, LIMITS["label"]),
        context=clean_text(anchor.context, LIMITS["label"]),
    )


def check(content: InitiativeContent, known: Known, *, today: dt.date, curator_agrees: bool = False) -> list[Problem]:
    """Every reason why the content cannot be sent or published, each at its field; empty when it can.

    `curator_agrees` is what may at best be shown when sending, what the curator decided when publishing.
    """
    problems = [*_check_texts(content), *_check_lists(content, known), *_check_years(content, today.year)]
    problems += _check_anchors(content.here, Side.HERE, MAX_HERE, known)
    problems += _check_anchors(content.there, Side.THERE, MAX_THERE, known)
    if not problems:
        problems += _check_withheld(content, known, curator_agrees=curator_agrees)
    return problems


def _check_texts(content: InitiativeContent) -> Iterator[Problem]:
    try:
        clean(content)
    except InvalidText as error:
        yield Problem(_field_at_fault(content), error.message)
    if not _LANGUAGE.fullmatch(content.language):
        yield Problem("language", "Choisissez la langue de la fiche dans la liste.")
    if not content.title.strip():
        yield Problem("title", "Donnez un nom à l’initiative : quelques mots suffisent.")
    if not content.summary.strip():
        yield Problem("summary", "Dites en une phrase ce que vous faites ensemble.")
    named = [organisation.name.strip() for organisation in content.carriers]
    if not named or not all(named):
        yield Problem("carriers", "Dites quelle structure ou quel collectif porte l’initiative ici.")
    if len(named) > MAX_CARRIERS or len(content.partners) > MAX_PARTNERS or len(content.sources) > MAX_SOURCES:
        yield Problem("carriers", TOO_MANY)
    for at, url in _addresses(content):
        if url and not is_web_address(url):
            yield Problem(at, "Cette adresse ne peut pas être suivie. Écrivez-la en entier : https://…")


def _field_at_fault(content: InitiativeContent) -> str:
    for name in ("title", "summary", "description", *STORIES):
        try:
            clean_text(
                getattr(content, name), LIMITS.get(name, LIMITS["story"]), multiline=name not in ("title", "summary")
            )
        except InvalidText:
            return name
    for name, texts in (
        ("carriers", [one.name for one in content.carriers]),
        ("partners", [one.name for one in content.partners]),
        ("here", [text for anchor in content.here for text in (anchor.label, anchor.name, anchor.context)]),
        ("there", [text for anchor in content.there for text in (anchor.label, anchor.name, anchor.context)]),
    ):
        try:
            for text in texts:
                clean_text(text, LIMITS["name"])
        except InvalidText:
            return name
    return "sources"


def _addresses(content: InitiativeContent) -> Iterator[tuple[str, str | None]]:
    yield from (("carriers", one.website) for one in content.carriers)
    yield from (("partners", one.website) for one in content.partners)
    yield from (("sources", one.url) for one in content.sources)


def is_web_address(url: str) -> bool:
    """True for an absolute http or https address with a dotted host, without user, control or white space."""
    if len(url) > 500 or any(ord(character) <= 0x20 or 0x7F <= ord(character) <= 0x9F for character in url):
        return False
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
        url.encode("utf-8")
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and "@" not in parts.netloc and "." in (host or "") and "\\" not in url


def _check_lists(content: InitiativeContent, known: Known) -> Iterator[Problem]:
    if content.stage is None:
        yield Problem("stage", "Dites où en est l’initiative : idée, en cours, en pause, terminée ou transformée.")
    if not content.main_sector:
        yield Problem("main_sector", "Choisissez le domaine principal : il permet de vous trouver.")
    chosen = (*((content.main_sector,) if content.main_sector else ()), *content.other_sectors)
    if not known.sectors.issuperset(chosen) or len(set(chosen)) != len(chosen):
        yield Problem("main_sector", "Choisissez des domaines différents, dans la liste.")
    if len(content.other_sectors) > MAX_OTHER_SECTORS:
        yield Problem("other_sectors", "Un domaine principal et deux autres au plus.")
    if not known.goals.issuperset(content.goals) or len(set(content.goals)) != len(content.goals):
        yield Problem("goals", "Choisissez des objectifs de développement durable différents, de 1 à 17.")
    if len(content.goals) > MAX_GOALS:
        yield Problem("goals", "Trois objectifs de développement durable au plus.")
    yield from _check_ticked(content, known)
    types = [one.actor_type for one in content.carriers] + [one.actor_type for one in content.partners]
    if not known.actor_types.issuperset(kind for kind in types if kind is not None):
        yield Problem("carriers", "Choisissez le type d’acteur dans la liste.")


def _check_ticked(content: InitiativeContent, known: Known) -> Iterator[Problem]:
    for name, chosen, listed, most, told in (
        ("publics", content.publics, known.publics, MAX_PUBLICS, "publics"),
        ("needs", content.needs, known.needs, MAX_NEEDS, "besoins"),
    ):
        if not listed.issuperset(chosen) or len(set(chosen)) != len(chosen):
            yield Problem(name, f"Choisissez les {told} dans la liste.")
        if len(chosen) > most:
            yield Problem(name, f"{most} {told} au plus : choisissez ce qui compte le plus.")


def _check_years(content: InitiativeContent, this_year: int) -> Iterator[Problem]:
    for name, year in (("since_year", content.since_year), ("stage_on", content.stage_on)):
        if year is not None and year > this_year:
            yield Problem(name, f"L’année {year} n’est pas encore arrivée.")
        elif year is not None and year < FIRST_YEAR:
            yield Problem(name, f"L’année {year} semble trop ancienne : écrivez-la en quatre chiffres.")


def _check_anchors(anchors: tuple[AnchorContent, ...], side: Side, most: int, known: Known) -> Iterator[Problem]:
    at = side.value
    if not anchors:
        yield Problem(at, "Dites où, ici." if side is Side.HERE else "Dites où, là-bas.")
    if len(anchors) > most:
        yield Problem(at, f"{most} lieux au plus de ce côté.")
    for anchor in anchors:
        try:
            check_point(anchor.lon, anchor.lat)
        except ValueError:
            yield Problem(at, f"La position de « {anchor.label} » n’est pas sur la carte. Placez le repère à la main.")
        if anchor.precision not in PRECISIONS or anchor.verdict not in VERDICTS:
            yield Problem(at, f"La précision de « {anchor.label} » n’est pas connue. Choisissez le lieu dans la liste.")
        if not _PROVIDER.fullmatch(anchor.found_by):
            yield Problem(at, f"D’où vient la position de « {anchor.label} » ? Placez le repère à la main.")
        if not _is_chain(anchor.keys, side, known):
            wrong = "ce lieu n’est pas en France" if side is Side.HERE else "ce lieu est en France"
            yield Problem(at, f"« {anchor.label} » : {wrong}, ou n’est pas reconnu. Est-ce le bon côté ?")


def _is_chain(keys: tuple[str, ...], side: Side, known: Known) -> bool:
    """Known territories from the finest to the country or zone: what hides a place relies on it."""
    order = _FINER_TO_COARSER[side]
    try:
        ranks = [order.index(parse_key(key)[0]) for key in keys]
    except ValueError:
        return False
    is_known = all(key in known.names for key in keys if not key.startswith("v:"))
    return bool(ranks) and is_known and ranks == sorted(set(ranks)) and ranks[-1] == len(order) - 1


def shown_as(content: InitiativeContent, anchor: AnchorContent, known: Known, *, curator_agrees: bool) -> Disclosure:
    """How finely a place is shown: what was asked, and never finer than what protects the people there.

    In a country of the vigilance list: the country, unless a partner and a curator both agree. Elsewhere there: the
    région until a partner agrees, except where the place already stands in a cited public source.
    """
    if side_of(anchor.keys[0]) is Side.HERE:
        return anchor.shown_as
    # Partners are not tied to places: one refusal covers them all.
    has_agreed = bool(content.partners) and all(one.agreement is Agreement.YES for one in content.partners)
    if is_watched(anchor, known) and not (has_agreed and curator_agrees):
        return Disclosure.COUNTRY
    is_public = content.origin is not Origin.CARRIER and bool(content.sources)
    finest = Disclosure.LOCALITY if has_agreed or is_public else Disclosure.REGION
    return max(anchor.shown_as, finest, key=_ORDER.index)


def is_watched(anchor: AnchorContent, known: Known) -> bool:
    """The place lies in a country of the vigilance list."""
    return anchor.keys[-1].removeprefix("p:") in known.vigilance


def named_partners(content: InitiativeContent, known: Known, *, curator_agrees: bool) -> tuple[PartnerContent, ...]:
    """The partners that may be named: those that agreed and, in a vigilance country, with the curator's agreement."""
    if not curator_agrees and any(is_watched(anchor, known) for anchor in content.there):
        return ()
    return tuple(partner for partner in content.partners if partner.agreement is Agreement.YES)


def shown_key(anchor: AnchorContent, shown: Disclosure) -> str:
    """The finest territory key that may be shown for a place."""
    letters = {Disclosure.LOCALITY: "cedrzvap", Disclosure.REGION: "rzap", Disclosure.COUNTRY: "zp"}[shown]
    return next((key for key in anchor.keys if key[0] in letters), anchor.keys[-1])


def as_shown(content: InitiativeContent, known: Known, *, curator_agrees: bool) -> InitiativeContent:
    """The content with its places no finer than they may be shown, and only the partners that may be named.

    For readers who need not know more: a network that is informed, not asked. `known` holds every key of the anchors.
    """
    shown: dict[Side, tuple[AnchorContent, ...]] = {Side.HERE: (), Side.THERE: ()}
    for side, _, anchor in content.anchors:
        shown[side] += (_coarsened(content, anchor, known, curator_agrees=curator_agrees),)
    named = named_partners(content, known, curator_agrees=curator_agrees)
    return replace(content, here=shown[Side.HERE], there=shown[Side.THERE], partners=named)


def _coarsened(
    content: InitiativeContent, anchor: AnchorContent, known: Known, *, curator_agrees: bool
) -> AnchorContent:
    shown = shown_as(content, anchor, known, curator_agrees=curator_agrees)
    key = shown_key(anchor, shown)
    if shown is Disclosure.LOCALITY and key == anchor.keys[0]:
        return anchor
    name, (lon, lat) = known.names[key], known.centres[key]
    keys = anchor.keys[anchor.keys.index(key) :]
    context = "" if len(keys) == 1 else known.names[keys[-1]]
    return replace(anchor, label=name, name=name, context=context, keys=keys, lon=lon, lat=lat, found_by="")


def withheld_in(
    text: str, content: InitiativeContent, known: Known, *, curator_agrees: bool
) -> tuple[AnchorContent, str] | None:
    """The withheld place whose name a text or an address tells, and the key that may be shown instead; or None."""
    spoken = _compact(unquote(text))
    for _, _, anchor in content.anchors:
        shown = shown_as(content, anchor, known, curator_agrees=curator_agrees)
        key = shown_key(anchor, shown)
        is_withheld = shown is not Disclosure.LOCALITY or key != anchor.keys[0]
        if is_withheld and any(name in spoken for name in _withheld_names(anchor, key, known)):
            return anchor, key
    return None


def _check_withheld(content: InitiativeContent, known: Known, *, curator_agrees: bool) -> Iterator[Problem]:
    """A withheld place must not be named elsewhere, nor a partner that has not agreed."""
    named = named_partners(content, known, curator_agrees=curator_agrees)
    for at, text in _public_texts(content, known, curator_agrees=curator_agrees):
        found = withheld_in(text, content, known, curator_agrees=curator_agrees)
        if found is not None:
            yield Problem(at, _why_withheld(*found, content, known))
        spoken = _compact(unquote(text))
        for partner in content.partners:
            name = _compact(partner.name)
            is_name = len(name) >= _SHORTEST_NAME and not _is_common(partner.name)
            if partner not in named and is_name and name in spoken:
                yield Problem(at, f"« {partner.name} » n’a pas encore accepté d’être nommé : retirez ce nom d’ici.")


def _is_common(name: str) -> bool:
    """« Un opticien », « les femmes du quartier »: words that anybody may use, and that point at nobody."""
    first, *others = name.split()
    return bool(others) and fold(first) in _DETERMINERS and not any(word[0].isupper() for word in others)


def _why_withheld(anchor: AnchorContent, key: str, content: InitiativeContent, known: Known) -> str:
    """What is told too finely, why it may not be, and what may be written instead."""
    instead = known.names.get(key, anchor.context)
    asked = shown_key(anchor, anchor.shown_as)
    if asked == key:
        return f"Vous avez choisi de montrer seulement « {instead} » : retirez « {anchor.name} » d’ici aussi."
    if is_watched(anchor, known):
        return (
            f"« {anchor.name} » ne peut être montré qu’avec l’accord du partenaire et du réseau : la prudence est de"
            f" règle dans ce pays. Écrivez plutôt « {instead} »."
        )
    return (
        f"« {anchor.name} » ne peut pas encore être montré : le partenaire n’a pas dit oui. Écrivez plutôt"
        f" « {instead} », ou dites à la question 6 qu’il accepte d’être nommé."
    )


def _withheld_names(anchor: AnchorContent, key: str, known: Known) -> set[str]:
    shown = _compact(known.names.get(key, ""))
    names = {_compact(anchor.name), _compact(anchor.label.split(",")[0].split("(")[0])}
    return {name for name in names if len(name) >= _SHORTEST_NAME and name not in shown}


def _public_texts(content: InitiativeContent, known: Known, *, curator_agrees: bool) -> Iterator[tuple[str, str]]:
    yield from (("title", content.title), ("summary", content.summary), ("description", content.description))
    yield from ((name, getattr(content, name)) for name in STORIES)
    yield from (("carriers", organisation.website) for organisation in content.carriers)
    # A structure keeps its own name, even after its twin town, and `doubts` shows it to the curator: not where the
    # people there are at risk.
    if any(is_watched(anchor, known) for anchor in content.there):
        yield from (("carriers", organisation.name) for organisation in content.carriers)
    for partner in named_partners(content, known, curator_agrees=curator_agrees):
        yield from (("partners", partner.name), ("partners", partner.website))
    for source in content.sources:
        yield from (("sources", source.label), ("sources", source.url or ""))
    for side, _, anchor in content.anchors:
        if shown_as(content, anchor, known, curator_agrees=curator_agrees) is Disclosure.LOCALITY:
            yield (side.value, anchor.label)


def _compact(text: str) -> str:
    return "".join(words(text))


def doubts(content: InitiativeContent, known: Known) -> list[Problem]:
    """What a curator should look at before publishing; never repaired silently."""
    found = []
    for side, _, anchor in content.anchors:
        at, centre = side.value, _nearest_centre(anchor, known)
        if (anchor.lon, anchor.lat) == (0, 0):
            found.append(Problem(at, f"« {anchor.label} » est placé au point 0, 0, dans l’océan : à vérifier."))
        elif centre is not None and distance_km(anchor.lon, anchor.lat, *centre) > FAR_KM:
            found.append(Problem(at, _why_far(anchor, centre)))
        if anchor.verdict != SURE:
            understood = f"{anchor.name} ({anchor.context})"
            found.append(Problem(at, f"« {anchor.label} » a été compris comme {understood} : à vérifier."))
    for organisation in content.carriers:
        told = withheld_in(organisation.name, content, known, curator_agrees=False)
        if told is not None:
            tells = f"Le nom de la structure dit « {told[0].name} », que la fiche ne montre pas : à vérifier."
            found.append(Problem("carriers", tells))
    points = [(anchor.lon, anchor.lat) for _, _, anchor in content.anchors]
    if len(set(points)) < len(points):
        found.append(Problem("here", "Deux lieux ont exactement la même position : à vérifier."))
    return found


def _nearest_centre(anchor: AnchorContent, known: Known) -> tuple[float, float] | None:
    return next((known.centres[key] for key in anchor.keys if key in known.centres and key[0] in "cedra"), None)


def _why_far(anchor: AnchorContent, centre: tuple[float, float]) -> str:
    is_swap = abs(anchor.lon) <= 90 and distance_km(anchor.lat, anchor.lon, *centre) < FAR_KM
    if is_swap:
        return f"« {anchor.label} » : latitude et longitude semblent inversées. Est-ce bien ce point ?"
    return f"« {anchor.label} » est placé loin de son territoire : à vérifier."
