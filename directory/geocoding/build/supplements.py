"""What no package knows: territories without a code, usual names, countries that share a name."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .sources import read_json


@dataclass(frozen=True)
class Supplements:
    """The content of ``supplements.json``; country codes are ISO 3166-1, centres (latitude, longitude) in degrees."""

    cooperation_countries: frozenset[str]
    divided_countries: frozenset[str]
    country_aliases: dict[str, list[str]]
    country_centres: dict[str, tuple[float, float]]
    names_of_several_countries: dict[str, list[str]]
    landscapes: list[dict[str, Any]]
    departement_aliases: dict[str, list[str]]
    region_aliases: dict[str, list[str]]
    epci_aliases: dict[str, list[str]]

    @classmethod
    def read(cls, folder: Path) -> "Supplements":
        """Read the file of a folder."""
        content = read_json(folder / "supplements.json")
        content["cooperation_countries"] = frozenset(content["cooperation_countries"])
        content["divided_countries"] = frozenset(content["divided_countries"])
        centres = content["country_centres"].items()
        content["country_centres"] = {code: (centre[0], centre[1]) for code, centre in centres}
        return cls(**content)
