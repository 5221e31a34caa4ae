"""Online providers of places, asked only when a person wishes to look further: BAN here, Photon and Nominatim there.

Off unless the settings name them. What they answer is a proposal, never accepted by itself.
"""

import json
import logging
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final
from urllib.parse import urlsplit

from geopy.adapters import AdapterHTTPError, BaseSyncAdapter
from geopy.exc import GeocoderParseError, GeocoderServiceError, GeocoderTimedOut, GeocoderUnavailable, GeopyError
from geopy.geocoders import BANFrance, Nominatim, Photon
from geopy.geocoders.base import Geocoder

from directory.reference.keys import Side

from .gazetteer import Gazetteer
from .outbound import Answer, Fetcher, OutboundError, TooSlow
from .places import Place, Precision, Verdict

logger = logging.getLogger(__name__)

TIMEOUT_SECONDS: Final = 5.0
MOST_HITS: Final = 5
LONGEST_WORDS: Final = 200
DEFAULT_HOSTS: Final = {
    "ban": "https://data.geopf.fr/geocodage",
    "photon": "https://photon.komoot.io",
    "nominatim": "https://nominatim.openstreetmap.org",
}
CREDITS: Final = {
    "ban": "Base Adresse Nationale",
    "photon": "Photon, d’après OpenStreetMap",
    "nominatim": "Nominatim, d’après OpenStreetMap",
}
"""Whose data a place found online comes from, as the page says it."""
SIDES: Final = {"ban": Side.HERE, "photon": Side.THERE, "nominatim": Side.THERE}
FRENCH_CODES: Final = frozenset("FR GP MQ GF RE YT PM BL MF WF PF NC TF".split())


class State(StrEnum):
    """How asking a provider ended."""

    FOUND = "found"
    NONE = "none"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Hit:
    """A place a provider proposes: degrees, ISO 3166-1 code (``FR`` overseas too), INSEE code where it is known."""

    name: str
    context: str
    lat: float
    lon: float
    country: str
    insee: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return what the cache keeps."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Proposal:
    """A place found online; a form chooses it by its rank among the answers that are kept: « photon-0 »."""

    choice: str
    place: Place
    provider: str

    @property
    def credit(self) -> str:
        """Return whose data it comes from."""
        return CREDITS[self.provider]


class CheckedAdapter(BaseSyncAdapter):  # type: ignore[misc]  # geopy has no types
    """geopy's door to the network, through a fetcher that checks where it goes."""

    def __init__(self, fetcher: Fetcher) -> None:
        super().__init__(proxies={}, ssl_context=None)
        self.fetcher = fetcher

    def get_text(self, url: str, *, timeout: float, headers: Mapping[str, str]) -> str:
        """Return the text of an address."""
        answer = self._get(url, timeout, headers)
        text = answer.body.decode("utf-8", "replace")
        if answer.status != 200:
            message = f"status {answer.status}"
            raise AdapterHTTPError(message, status_code=answer.status, headers=answer.headers, text=None)
        return text

    def get_json(self, url: str, *, timeout: float, headers: Mapping[str, str]) -> Any:
        """Return the content of an address."""
        try:
            return json.loads(self.get_text(url, timeout=timeout, headers=headers))
        except (ValueError, RecursionError) as error:
            raise GeocoderParseError("the answer is not JSON") from error

    def _get(self, url: str, timeout: float, headers: Mapping[str, str]) -> Answer:
        try:
            return self.fetcher.get(url, headers, min(timeout, TIMEOUT_SECONDS))
        except TooSlow as error:
            raise GeocoderTimedOut(str(error)) from error
        except OutboundError as error:
            raise GeocoderUnavailable(str(error)) from error
        except (ValueError, UnicodeError) as error:
            raise GeocoderServiceError("the address cannot be asked") from error


@dataclass(frozen=True)
class Provider:
    """One provider and the side it is asked for."""

    name: str
    side: Side
    geocoder: Geocoder
    arguments: Mapping[str, Any]
    read: Callable[[Mapping[str, Any]], Hit | None]

    def ask(self, query: str) -> tuple[State, list[Hit]]:
        """Return what the provider proposes; never raises for what happens on the network or comes from it."""
        try:
            found = self.geocoder.geocode(query, exactly_one=False, timeout=TIMEOUT_SECONDS, **self.arguments) or []
            hits = [hit for location in found[:MOST_HITS] if (hit := _credible(self.read(location.raw))) is not None]
        except GeopyError as error:
            logger.warning("provider %s: %s: %s", self.name, type(error).__name__, error)
            return State.DOWN, []
        except (AttributeError, KeyError, IndexError, TypeError, ValueError, UserWarning) as error:
            logger.warning("provider %s: an answer of another shape: %s", self.name, type(error).__name__)
            return State.DOWN, []
        hits = [hit for hit in hits if (hit.country == "FR") == (self.side is Side.HERE)]
        return (State.FOUND if hits else State.NONE), hits


def _credible(hit: Hit | None) -> Hit | None:
    """Return a hit that has a name, a country and a point on Earth."""
    if hit is None or not hit.name or len(hit.country) != 2 or not hit.country.isascii():
        return None
    is_point = math.isfinite(hit.lat) and math.isfinite(hit.lon) and abs(hit.lat) <= 90 and abs(hit.lon) <= 180
    return hit if is_point else None


def _words(value: object) -> str:
    """Return a text from outside, in one line and not too long; nothing for what is no text."""
    return "".join(c for c in value if c.isprintable())[:LONGEST_WORDS].strip() if isinstance(value, str) else ""


def _country(code: object) -> str:
    text = _words(code).upper()
    return "FR" if text in FRENCH_CODES else text


def _feature(raw: Mapping[str, Any]) -> tuple[float, float, Mapping[str, Any]]:
    lon, lat = raw["geometry"]["coordinates"][:2]
    return float(lat), float(lon), raw["properties"]


def read_ban(raw: Mapping[str, Any]) -> Hit | None:
    """Return a feature of the Base Adresse Nationale as a hit."""
    lat, lon, about = _feature(raw)
    name, context = _words(about.get("label")), _words(about.get("context"))
    return Hit(name, context, lat, lon, "FR", _words(about.get("citycode"))[:5])


def read_photon(raw: Mapping[str, Any]) -> Hit | None:
    """Return a feature of Photon as a hit."""
    lat, lon, about = _feature(raw)
    context = ", ".join(dict.fromkeys(w for k in ("county", "state", "country") if (w := _words(about.get(k)))))
    return Hit(_words(about.get("name")), context, lat, lon, _country(about.get("countrycode")))


def read_nominatim(raw: Mapping[str, Any]) -> Hit | None:
    """Return a record of Nominatim as a hit."""
    name, _, context = _words(raw.get("display_name")).partition(", ")
    return Hit(name, context, float(raw["lat"]), float(raw["lon"]), _country(raw["address"].get("country_code")))


def propose(provider: str, hits: list[Hit], text: str, gazetteer: Gazetteer) -> list[Proposal]:
    """Return the hits with the keys of what holds them; none of those in another country than the one told."""
    told, found = gazetteer.country_named(text), []
    for rank, hit in enumerate(hits):
        keys = gazetteer.keys_around(hit.lon, hit.lat, hit.country, hit.insee)
        if keys and told in (None, hit.country):
            point = (hit.lon, hit.lat, Precision.POINT, hit.country)
            place = Place(keys, "lieu trouvé en ligne", hit.name, hit.context, *point, verdict=Verdict.PROBABLE)
            found.append(Proposal(f"{provider}-{rank}", place, provider))
    return found


def parse_setting(text: str) -> tuple[str, str]:
    """Return (name, address) of « photon » or « photon=https://host/path »."""
    name, _, host = text.partition("=")
    return name, host or DEFAULT_HOSTS[name]


def make_provider(name: str, host: str, user_agent: str, fetcher: Fetcher | None = None) -> Provider:
    """Make a provider that asks at an address; raise ``KeyError`` for an unknown name."""
    parts = urlsplit(host)
    through = fetcher or Fetcher()
    common: dict[str, Any] = {
        "domain": f"{parts.netloc}{parts.path}",
        "scheme": parts.scheme,
        "user_agent": user_agent.encode("ascii", "ignore").decode(),
        "timeout": TIMEOUT_SECONDS,
        "adapter_factory": lambda **_: CheckedAdapter(through),
    }
    made: dict[str, Callable[[], Provider]] = {
        "ban": lambda: Provider(name, SIDES[name], BANFrance(**common), {"limit": MOST_HITS}, read_ban),
        "photon": lambda: Provider(
            name, SIDES[name], Photon(**common), {"limit": MOST_HITS, "language": "fr"}, read_photon
        ),
        "nominatim": lambda: Provider(
            name,
            SIDES[name],
            Nominatim(**common),
            {"limit": MOST_HITS, "language": "fr", "addressdetails": True},
            read_nominatim,
        ),
    }
    return made[name]()


def asked_for(providers: Sequence[Provider], side: Side) -> list[Provider]:
    """Return the providers that know a side."""
    return [provider for provider in providers if provider.side is side]


def make_providers(settings: tuple[str, ...], user_agent: str) -> tuple[Provider, ...]:
    """Make the providers that the settings name, in that order."""
    return tuple(make_provider(*parse_setting(text), user_agent) for text in settings)
