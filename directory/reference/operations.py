"""Loading the reference lists from the files of data/: idempotent, quick, and gentle with what refers to them."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import bindparam, column, delete, insert, select, table, update
from sqlalchemy.orm import Session

from directory.core.database import Base, UTCDateTime
from directory.core.text import fold
from directory.core.time import utcnow
from directory.reference.keys import Level, make_key, side_of
from directory.reference.models import (
    ActorType,
    Goal,
    Need,
    PublicGroup,
    ReferenceVersion,
    Sector,
    Territory,
    Vigilance,
)

VERSION = "lists"
"""The row of `reference_version` that tells what was loaded last."""
FORMAT = 1
"""Raised when the same files must be read differently: it is part of the digest."""
CENTRES = "geocoding/communes_centres.csv"
FILES = (
    "territories/communes.csv",
    "territories/epcis.csv",
    "territories/departements.csv",
    "territories/regions.csv",
    "territories/zones.csv",
    "territories/countries.csv",
    "territories/divisions.csv",
    CENTRES,
    "sectors.yaml",
    "goals.csv",
    "actor_types.yaml",
    "publics.yaml",
    "needs.yaml",
    "vigilance.csv",
)
FRANCE = "FR"

Row = dict[str, Any]


@dataclass(frozen=True)
class LoadReport:
    """What a load did: nothing when the files are those loaded last, else rows added and changed for each table."""

    is_unchanged: bool
    added: Mapping[str, int] = field(default_factory=dict)
    changed: Mapping[str, int] = field(default_factory=dict)


def load(session: Session, data_dir: Path) -> LoadReport:
    """Write the reference lists of `data_dir`; does nothing when its files are those loaded last.

    Called from the command line only: there, the shell is the permission. Territories, sectors, types and goals that
    left the files are kept, since published initiatives may refer to them; vigilance follows its file exactly.
    Raises ValueError on a malformed key and KeyError on a missing column, before anything is written.
    """
    digest = digest_of(data_dir)
    version = session.get(ReferenceVersion, VERSION)
    if version is not None and version.digest == digest:
        return LoadReport(is_unchanged=True)
    lists: tuple[tuple[type[Base], list[Row]], ...] = (
        (Territory, list(_territories(data_dir))),
        (Sector, list(_listed(data_dir, "sectors"))),
        (Goal, list(_goals(data_dir))),
        (ActorType, list(_actor_types(data_dir))),
        (PublicGroup, list(_listed(data_dir, "publics"))),
        (Need, list(_listed(data_dir, "needs"))),
        (Vigilance, list(_vigilance(data_dir))),
    )
    added, changed = {}, {}
    for model, rows in lists:
        added[model.__tablename__], changed[model.__tablename__] = _write(session, model, rows)
    _forget_lifted_vigilance(session, {row["country"] for row in lists[-1][1]})
    raise_corpus(session)
    session.merge(ReferenceVersion(name=VERSION, digest=digest, loaded_at=utcnow()))
    session.flush()
    session.expire_all()  # rows were written below the session: what it remembers may be old
    return LoadReport(is_unchanged=False, added=added, changed=changed)


def raise_corpus(session: Session) -> None:
    """Raise the version of everything public: names of lists and networks are read in pages, exports and feeds.

    The version leaves no trace of an initiative, so that every worker reads everything again. The corpus stands above
    this package: its row is named here, not imported.
    """
    row = table("corpus_version", column("version"), column("changed_at", UTCDateTime()))
    session.execute(update(row).values(version=row.c.version + 1, changed_at=utcnow()))


def digest_of(data_dir: Path) -> str:
    """A digest of every file that is loaded, in hexadecimal."""
    digest = hashlib.sha256(str(FORMAT).encode())
    for name in FILES:
        content = (data_dir / name).read_bytes()
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def _write(session: Session, model: type[Base], rows: Sequence[Row]) -> tuple[int, int]:
    """Insert the rows whose primary key is new, update those that differ; returns both numbers."""
    table, names = model.metadata.tables[model.__tablename__], list(rows[0])
    (primary,) = (column.name for column in table.primary_key)
    present = {row[0]: tuple(row) for row in session.execute(select(*(table.c[name] for name in names)))}
    new = [row for row in rows if row[primary] not in present]
    different = [row for row in rows if row[primary] in present and tuple(row.values()) != present[row[primary]]]
    if new:
        session.execute(insert(table), new)
    if different:
        values: Row = {name: bindparam(f"new_{name}") for name in names if name != primary}
        statement = update(table).where(table.c[primary] == bindparam("old")).values(values)
        bound = [{f"new_{name}": row[name] for name in values} | {"old": row[primary]} for row in different]
        session.execute(statement, bound)
    return len(new), len(different)


def _forget_lifted_vigilance(session: Session, countries: set[str]) -> None:
    session.execute(delete(Vigilance).where(Vigilance.country.not_in(countries)))


# --- reading the files; the first column of every row is its primary key, parents come before their children


def _territories(data_dir: Path) -> Iterator[Row]:
    folder = data_dir / "territories"
    for row in _rows(folder / "zones.csv"):
        yield _territory(Level.ZONE, row["code"], row)
    for row in _rows(folder / "regions.csv"):
        yield _territory(Level.REGION, row["code"], row, parent=make_key(Level.ZONE, row["zone"]))
    for row in _rows(folder / "departements.csv"):
        above = (Level.REGION, row["region"]) if row["region"] else (Level.ZONE, row["zone"])
        yield _territory(Level.DEPARTEMENT, row["code"], row, parent=make_key(*above))
    for row in _rows(folder / "epcis.csv"):
        yield _territory(Level.EPCI, row["siren"], row, parent=make_key(Level.DEPARTEMENT, row["departement"]))
    yield from _communes(data_dir)
    for row in _rows(folder / "countries.csv"):
        yield _territory(Level.COUNTRY, row["iso2"], row, country=row["iso2"])
    for row in _rows(folder / "divisions.csv"):
        parent = make_key(Level.COUNTRY, row["country"])
        yield _territory(Level.DIVISION, row["key"][2:], row, parent=parent, country=row["country"])


def _communes(data_dir: Path) -> Iterator[Row]:
    centres = {row["insee"]: row for row in _rows(data_dir / CENTRES)}
    for row in _rows(data_dir / "territories" / "communes.csv"):
        yield _territory(
            Level.COMMUNE,
            row["code"],
            row | {"lon": centres[row["code"]]["lon"], "lat": centres[row["code"]]["lat"]},
            parent=make_key(Level.DEPARTEMENT, row["departement"]),
            epci=make_key(Level.EPCI, row["epci"]) if row["epci"] else None,
        )


def _territory(
    level: Level,
    code: str,
    row: Mapping[str, str],
    *,
    parent: str | None = None,
    epci: str | None = None,
    country: str = FRANCE,
) -> Row:
    key = make_key(level, code)
    return {
        "key": key,
        "level": level,
        "side": side_of(key),
        "name": row["name"],
        "name_fold": fold(row["name"]),
        "parent_key": parent,
        "epci_key": epci,
        "country": country,
        "lon": float(row["lon"]),
        "lat": float(row["lat"]),
        "population": int(row["population"]) if row.get("population") else None,
    }


def _listed(data_dir: Path, name: str) -> Iterator[Row]:
    """The entries of a plain list: sectors, publics, needs."""
    for position, entry in enumerate(_document(data_dir / f"{name}.yaml")[name]):
        yield {"id": entry["id"], "label": entry["label"], "position": position}


def _goals(data_dir: Path) -> Iterator[Row]:
    for row in _rows(data_dir / "goals.csv"):
        yield {"number": int(row["number"]), "label": row["label"], "long_label": row["long_label"]}


def _actor_types(data_dir: Path) -> Iterator[Row]:
    families = _document(data_dir / "actor_types.yaml")["families"]
    types = [(family["label"], kind) for family in families for kind in family["types"]]
    for position, (family, kind) in enumerate(types):
        yield {"id": kind["id"], "label": kind["label"], "family": family, "position": position}


def _vigilance(data_dir: Path) -> Iterator[Row]:
    for row in _rows(data_dir / "vigilance.csv"):
        since_on = dt.date.fromisoformat(row["since_on"])
        yield {"country": row["country"], "since_on": since_on, "reason": row["reason"]}


def _rows(path: Path) -> Iterator[dict[str, str]]:
    """The rows of a CSV file; a first line that begins with # tells its source and is skipped."""
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(line for line in file if not line.startswith("#"))


def _document(path: Path) -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    return document
