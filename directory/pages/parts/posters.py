"""What the share images tell: the words and the links of a territory, of two, of the whole site, of one initiative."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from directory.core.time import date_fr
from directory.initiatives.flows import FlowAnswer
from directory.initiatives.index import Corpus
from directory.initiatives.public import Card, PublicPlace
from directory.pages.parts.gathered import Link, Place, gather
from directory.pages.parts.shared import Chosen, Site
from directory.reference import wording
from directory.reference.keys import Level, Side
from directory.stills.frame import frame_of
from directory.stills.lettering import Face
from directory.stills.poster import MAP, SIZES, Line, Poster, draw_poster, name_face
from directory.stills.scene import Spot, compose

MARGINS = (84, 64, 124, 64)
"""Left, top, right and bottom of the map, in pixels: room for symbols and names."""
GROUND = "Fond\u00a0: Natural Earth, IGN, INSEE, GeoNames."
AROUND = 30.0
"""Degrees shown on each side of a place without any link."""
WIDE = frozenset({Level.DEPARTEMENT, Level.REGION, Level.ZONE, Level.DIVISION, Level.COUNTRY})


def territory_poster(corpus: Corpus, session: Session, chosen: Sequence[Chosen], site: Site) -> bytes:
    """The PNG of what links a territory, or one on each side, or every territory when none is chosen."""
    found = gather(corpus, session, chosen)
    places: Sequence[Place] = found.places
    if not found.links:
        places = [Place(one.key, one.name, one.lon, one.lat, 0) for one in chosen]
    notes = (f"Compté parmi les fiches publiées, le\u00a0{date_fr(site.today)}.", GROUND)
    return _drawn(_words(found.flows, chosen), places, found.links, notes, site)


def initiative_poster(card: Card, site: Site) -> bytes:
    """The PNG of one initiative: its places, its title, the day it was last brought up to date."""
    places: dict[tuple[str, float, float], Place] = {}
    links: dict[Link, None] = {}
    face = name_face(site.static)
    for pair in card.links:
        numbers = []
        for end in pair:
            place = places.setdefault((end.key, end.lon, end.lat), _end(end, face))
            numbers.append(list(places.values()).index(place))
        links[numbers[0], numbers[1], 1] = None
    since = "mise à jour" if card.updated_on != card.published_on else "publiée"
    notes = (f"Fiche {since} le\u00a0{date_fr(card.updated_on)}.", GROUND)
    return _drawn(_told(card, site), list(places.values()), list(links), notes, site)


def _words(found: FlowAnswer, chosen: Sequence[Chosen]) -> tuple[Line, ...]:
    """« 38 initiatives relient la Bretagne au monde »: one number; nothing known is an open question."""
    if not found.total:
        where = " et ".join(wording.within(one.key, one.name) for one in chosen)
        return (
            Line("Aucune initiative connue", "ink", 50, most=3),
            *((Line(where, "here" if chosen[0].side is Side.HERE else "there", 50, most=3),) if chosen else ()),
            Line("Vous en connaissez une\u00a0?", "ink", 38, 600, 2, before=18),
        )
    here = next((one for one in chosen if one.side is Side.HERE), None)
    there = next((one for one in chosen if one.side is Side.THERE), None)
    plural = "s" if found.total > 1 else ""
    return (
        Line(wording.digits(found.total), "ink", 150, 800, 1, before=0),
        Line(f"initiative{plural} relie{'nt' if plural else ''}", "ink", 42),
        Line(_from(here), "here", 56, most=3),
        Line(wording.toward(there.key, there.name) if there else _world(found), "there", 56, most=3),
    )


def _from(here: Chosen | None) -> str:
    """What is linked: a territory here, or the whole of France."""
    return wording.FRANCE if here is None else wording.named(here.key, here.name)


def _world(found: FlowAnswer) -> str:
    """The only country of the links, else the world."""
    countries = {node.key: node.name for node in found.nodes if node.key[0] == "p"}
    if found.countries == 1 and len(countries) == 1:
        return wording.toward(*next(iter(countries.items())))
    return f"au{wording.NBSP}monde"


def _told(card: Card, site: Site) -> tuple[Line, ...]:
    """Both ends at the same size, then the title in the words of its authors when the typefaces have its letters."""
    face = Face(site.static / "vendor" / "fonts", "voice", 40, 650)
    title = card.title if face.can_write(card.title) else card.main_sector
    return (
        Line(_listed(card.here, face), "here", 54, most=3, mark="here", before=10),
        Line(_listed(card.there, face), "there", 54, most=3, mark="there", before=10),
        Line(title, "ink", 38, 650, 5, before=30),
    )


def _listed(ends: Sequence[PublicPlace], face: Face) -> str:
    """The first place, and how many others."""
    names = list(dict.fromkeys(_written(end, face) for end in ends))
    if len(names) < 3:
        return wording.listing(names)
    return f"{names[0]} et {wording.counted(len(names) - 1)} autres lieux"


def _written(end: PublicPlace, face: Face) -> str:
    """The name of a place in letters that the typefaces have: its own, else what holds it."""
    return next((name for name in (end.name, end.context) if name and face.can_write(name)), "là-bas")


def _end(end: PublicPlace, face: Face) -> Place:
    name = next((name for name in (end.name, end.context) if name and face.can_write(name)), "")
    return Place(end.key, name, end.lon, end.lat, 1, is_area=end.is_withheld or Level(end.level) in WIDE)


def _drawn(
    lines: tuple[Line, ...], places: Sequence[Place], links: Sequence[Link], notes: tuple[str, ...], site: Site
) -> bytes:
    frame = frame_of(_framed(places, links), MAP, MARGINS)
    spots = [Spot(one.key, one.name, *frame.place(one.lon, one.lat), one.count, one.is_area) for one in places]
    scene = compose(spots, links, size=MAP, sizes=SIZES, measure=name_face(site.static).width)
    return draw_poster(Poster(lines, scene, frame, notes, site.name), site.static)


def _framed(places: Sequence[Place], links: Sequence[Link]) -> list[tuple[float, float]]:
    """What the map must hold, in degrees: the places, with much around them where nothing is linked."""
    points = [(one.lon, one.lat) for one in places]
    if links:
        return points
    around = [(lon + side * AROUND, lat) for lon, lat in points for side in (-1, 1)]
    return points + around or [(-100.0, 40.0), (120.0, -20.0)]
