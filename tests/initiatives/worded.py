"""The sheets of words/sheets_fr.yaml, published, and the queries of words/queries_fr.yaml."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy.orm import Session

from directory.accounts import operations as accounts
from directory.initiatives.content import OrganisationContent, PartnerContent
from directory.initiatives.models import Initiative
from directory.initiatives.operations import publish, record_revision
from directory.initiatives.vocabulary import Agreement
from directory.networks import operations as networks
from directory.networks.models import Network
from tests.factories import (
    ANTSIRABE,
    BORDEAUX,
    MORLAIX,
    QUIMPER,
    SAINT_DENIS,
    SUVA,
    make_content,
    make_territory_anchor,
)

FOLDER = Path(__file__).parent / "words"
KNOWN = {anchor.label: anchor for anchor in (MORLAIX, QUIMPER, BORDEAUX, SAINT_DENIS, ANTSIRABE, SUVA)}
COMMUNES = {
    "Lyon": ("Rhône", ("c:69123", "e:200046977", "d:69", "r:84", "z:FX"), 4.8351, 45.7580),
    "Toulouse": ("Haute-Garonne", ("c:31555", "e:243100518", "d:31", "r:76", "z:FX"), 1.4328, 43.6007),
    "Strasbourg": ("Bas-Rhin", ("c:67482", "e:246700488", "d:67", "r:44", "z:FX"), 7.7679, 48.5691),
    "Saint-Malo": ("Ille-et-Vilaine", ("c:35288", "e:243500782", "d:35", "r:53", "z:FX"), -1.9950, 48.6400),
    "Saint-Étienne": ("Loire", ("c:42218", "e:244200770", "d:42", "r:84", "z:FX"), 4.3903, 45.4301),
    "L’Haÿ-les-Roses": ("Val-de-Marne", ("c:94038", "e:200054781", "d:94", "r:11", "z:FX"), 2.3377, 48.7763),
}
for _name, (_context, _keys, _lon, _lat) in COMMUNES.items():
    KNOWN[_name] = replace(MORLAIX, label=_name, name=_name, context=_context, keys=_keys, lon=_lon, lat=_lat)


@dataclass(frozen=True)
class Asked:
    """One query of the list: the sheets it must find (None: not told), and what is offered when it finds nothing."""

    group: str
    text: str
    expected: frozenset[str] | None
    meant: str | None


@cache
def queries() -> tuple[Asked, ...]:
    """Every query of the list."""
    groups = yaml.safe_load((FOLDER / "queries_fr.yaml").read_text("utf-8"))
    return tuple(_asked(group, text, told) for group, asked in groups.items() for text, told in asked.items())


def _asked(group: str, text: Any, told: Any) -> Asked:
    if isinstance(told, dict):
        return Asked(group, str(text), frozenset(), told["meant"])
    return Asked(group, str(text), None if told is None else frozenset(told), None)


def publish_sheets(session: Session) -> dict[str, Initiative]:
    """The sheets by their names, published in the order of the file."""
    actor = accounts.create(session, "fiches@example.org")
    for network in session.query(Network):
        networks.appoint(session, actor, network)
    sheets = yaml.safe_load((FOLDER / "sheets_fr.yaml").read_text("utf-8"))
    made = {}
    for name, told in sheets.items():
        there = KNOWN.get(told["there"]) or make_territory_anchor(session, told["there"])
        content = make_content(
            title=told["title"],
            summary=told["summary"],
            description=told["description"],
            carriers=tuple(OrganisationContent(one, "association") for one in told["carriers"]),
            partners=tuple(PartnerContent(one, agreement=Agreement.YES) for one in told.get("partners", ["Relais"])),
            here=(KNOWN[told["here"]],),
            there=(there,),
            main_sector=told["sector"],
        )
        made[name] = publish(session, record_revision(session, content, author=actor, initiative=None), actor=actor)
    session.commit()
    return made
