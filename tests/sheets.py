"""A public sheet without a database, for what only draws or writes it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from directory.initiatives.content import SourceContent
from directory.initiatives.public import Card, NamedNetwork, NamedOrganisation, PublicPlace, Sheet
from directory.initiatives.vocabulary import Role
from directory.reference.keys import Side

_DAY = dt.date(2026, 3, 1)
HERE = PublicPlace(
    side=Side.HERE,
    key="c:29151",
    keys=("c:29151", "d:29", "r:53", "z:FX"),
    name="Morlaix",
    context="Finistère",
    level="commune",
    lon=-3.8279,
    lat=48.5778,
    precision="commune",
    is_withheld=False,
)
THERE = replace(
    HERE,
    side=Side.THERE,
    key="v:1069166",
    keys=("v:1069166", "a:MG.33", "p:MG"),
    name="Antsirabe",
    context="Madagascar",
    level="town",
    lon=47.0333,
    lat=-19.8659,
)
CARD = Card(
    slug="deux-rives",
    title="Deux rives",
    summary="Deux écoles s’écrivent et se rendent visite.",
    language="fr",
    here=(HERE,),
    there=(THERE,),
    carriers=(NamedOrganisation("les-amis", "Les Amis du monde", Role.CARRIER, "Association", ""),),
    main_sector="Éducation",
    sectors=("Éducation",),
    stage="En cours",
    stage_on=None,
    since_year=2015,
    origin="carrier",
    is_sector_by_site=False,
    published_on=_DAY,
    updated_on=_DAY,
)
SHEET = Sheet(
    card=CARD,
    description="Chaque année, les élèves préparent ensemble une exposition.",
    meeting="",
    change_here="",
    change_there="",
    partners=(NamedOrganisation("escuela", "Escuela del Mar", Role.PARTNER, None, ""),),
    nature="D’école à école",
    goals=((4, "Éducation de qualité"),),
    publics=(("jeunes", "Jeunes"),),
    needs=(("benevoles", "Des bénévoles"),),
    sources=(SourceContent("Page de l’association", "https://example.org/page"),),
    network=NamedNetwork("reseau-bretagne-solidaire", "Réseau Bretagne Solidaire"),
    revision_number=1,
    sent_on=_DAY,
)


def make_sheet(*, card: dict[str, Any] | None = None, **changes: Any) -> Sheet:
    """A complete public sheet, changed where the test says; `card` changes what its card says."""
    return replace(SHEET, card=replace(CARD, **(card or {})), **changes)
