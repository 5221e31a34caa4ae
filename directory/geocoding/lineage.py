"""From a row to a place: its territory keys finest first, and the words that situate it."""

from .places import Kind, Place, Precision
from .spelling import compact
from .store import Row, Store


def keys_of(row: Row, store: Store) -> tuple[str, ...]:
    """Return the territory keys of a row, finest first."""
    chain = [row, *store.ancestors(row)]
    keys = [place.key for place in chain if place.key]
    if row.is_here:
        if row.division:
            region, zone = store.departement_parents.get(row.division, ("", "FX"))
            keys += [f"d:{row.division}", *([f"r:{region}"] if region else []), f"z:{zone}"]
        elif row.kind is Kind.REGION and row.key:
            region = row.key[2:]
            keys.append(next(f"z:{z}" for r, z in store.departement_parents.values() if r == region))
    else:
        if row.division:
            keys.append(f"a:{row.division}")
        keys.append(f"p:{row.country}")
    return tuple(dict.fromkeys(keys))


def context_here(row: Row, store: Store) -> str:
    """Return the words that situate a place of France: its département, or what holds its département."""
    departement = store.departements.get(row.division or "")
    if row.kind is Kind.DEPARTEMENT:
        region, _ = store.departement_parents.get(row.division or "", ("", ""))
        holder = store.regions.get(f"r:{region}")
        return holder.name if holder and holder.name != row.name else "France"
    if departement is None:
        return "France" if row.kind is Kind.REGION else ""
    return departement.name


def context_there(row: Row, store: Store) -> str:
    """Return the words that situate a place abroad: its first-level division and its country."""
    country = store.countries.get(row.country)
    if row.kind is Kind.COUNTRY:
        return ""
    parts = []
    if row.kind is not Kind.DIVISION and row.division:
        division = store.with_key(f"a:{row.division}")
        title = (division.title or division.name) if division else ""
        if title and compact(title) not in (compact(row.name), compact(country.name if country else "")):
            parts.append(title)
    if country is None or country.name != row.name:
        parts.append(country.name if country else row.country)
    return ", ".join(parts)


def place_of(row: Row, store: Store) -> Place:
    """Return a row as a place, not yet judged."""
    return Place(
        keys=keys_of(row, store),
        kind=row.kind.word,
        name=typographic(row.title if row.kind is Kind.DIVISION and row.title else row.name),
        context=typographic(context_here(row, store) if row.is_here else context_there(row, store)),
        lon=row.lon,
        lat=row.lat,
        precision=Precision.REGION if row.kind is Kind.SUBDIVISION else row.precision,
        country=row.country,
        population=row.population or None,
    )


def typographic(name: str) -> str:
    """Return a name with typographic apostrophes."""
    return name.replace("'", "’")
