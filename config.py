"""Settings of the site: one frozen dataclass read from DIRECTORY_* variables; what is unsafe is refused at start."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from environs import Env, EnvError
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

PREFIX = "DIRECTORY_"
TEST_VARIABLES = frozenset({"DIRECTORY_SAMPLES", "DIRECTORY_TEST_POSTGRES"})
"""Read by the tests only; tolerated here so that the site starts in the same shell."""

MIN_SECRET_LENGTH = 32
KNOWN_SECRETS = ("change", "secret", "default", "example", "password", "development", "insecure", "motdepasse")
LOOPBACK = ("localhost", "127.0.0.1", "::1")
PLACE_PROVIDER = re.compile(
    r"(ban|photon|nominatim)(=https://[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z]+(:[0-9]{1,5})?(/[\w.~-]+)*)?"
)
TILES = re.compile(
    r"(https://[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z]+|http://(localhost|127\.0\.0\.1|\[::1\]))(:[0-9]{1,5})?"
    r"/[\w.~@/{}-]*(\?[\w.~&=-]*)?",
    re.ASCII,
)
"""The address of raster tiles: one host in clear, places of {x}, {y} and {z} in its path, perhaps a key after it."""
ADDRESS = re.compile(r"[^\s@<>,;:\"()\[\]\\]+@[^\s@<>,;:\"()\[\]\\]+")
DATABASES = ("sqlite", "postgresql+psycopg")


class UnsafeSettings(Exception):
    """The site refuses to start: the message says which variable to mend, and how."""


class Environment(StrEnum):
    """Where the site runs."""

    DEVELOPMENT = "development"
    PRODUCTION = "production"
    TEST = "test"


@dataclass(frozen=True)
class Settings:
    """Everything a host may choose. Secrets and the database address stay out of its repr."""

    environment: Environment = Environment.DEVELOPMENT
    instance: Path = Path("instance")
    database_url: str = field(default="", repr=False)
    gazetteer: Path = Path()
    secret_key: str = field(default_factory=lambda: secrets.token_urlsafe(48), repr=False)
    public_url: str = "http://127.0.0.1:5000"
    trusted_hosts: tuple[str, ...] = ()
    proxy_hops: int = 0
    debug: bool = False
    max_content_length: int = 1_000_000
    site_name: str = "Ici & Là-bas"
    publication_director: str = ""
    host_name: str = ""
    host_address: str = ""
    contact_email: str = ""
    mail_url: str = field(default="", repr=False)
    """Where mails leave: smtp://user:password@host:587?starttls or smtps://…; "" writes them to <instance>/outbox."""
    mail_from: str = ""
    place_providers: tuple[str, ...] = ()
    """Where people may look further for a place: ban, photon, nominatim, or photon=https://host/path; else nowhere."""
    report_days: int = 365
    """How long the name and address of whoever reported a sheet are kept after the last decision, in days."""
    tiles_url: str = ""
    """Raster tiles instead of our outlines: https://host/{z}/{x}/{y}.png; "" asks nobody for a map."""
    tiles_attribution: str = ""
    """Whom the tiles want named, then, if any, the address of their conditions: « © … https://… »."""

    def __post_init__(self) -> None:
        """Complete what follows from the instance folder, then refuse what is unsafe."""
        object.__setattr__(self, "environment", _environment(self.environment))
        object.__setattr__(self, "instance", Path(self.instance).absolute())
        if not self.database_url:
            object.__setattr__(self, "database_url", f"sqlite:///{self.instance / 'directory.sqlite'}")
        if self.gazetteer == Path():
            object.__setattr__(self, "gazetteer", self.instance / "gazetteer.sqlite")
        _check(self)

    @property
    def is_production(self) -> bool:
        """True where strangers come: nothing unsafe is tolerated."""
        return self.environment is Environment.PRODUCTION

    @property
    def tiles_origin(self) -> str:
        """The scheme and host that visitors' browsers ask for tiles; "" when there is none."""
        parts = urlsplit(self.tiles_url)
        return f"{parts.scheme}://{parts.netloc}" if self.tiles_url else ""

    @property
    def hosts(self) -> frozenset[str]:
        """The names under which the site answers; any other Host header gets a 400."""
        own = {urlsplit(self.public_url).hostname or "", *(name.lower().strip("[]") for name in self.trusted_hosts)}
        return frozenset(own if self.is_production else own | {"localhost", "127.0.0.1", "::1"})


def load() -> Settings:
    """The settings of this process; raises UnsafeSettings with a sentence that says what to mend."""
    given = {name: value for name, value in os.environ.items() if name.startswith(PREFIX)}
    _refuse_unknown(given)
    values = _read(given)
    settings = Settings(**values)  # type: ignore[arg-type]  # each value was parsed by its own reader in _read
    if settings.is_production and "secret_key" not in values:
        raise UnsafeSettings("DIRECTORY_SECRET_KEY must be set in production (32 characters or more, random).")
    if "secret_key" in values:
        return settings
    return replace(settings, secret_key=_kept_secret(settings.instance))


def _refuse_unknown(given: Mapping[str, str]) -> None:
    known = {PREFIX + item.name.upper() for item in fields(Settings)}
    unknown = sorted(set(given) - known - TEST_VARIABLES)
    if unknown:
        raise UnsafeSettings(f"Unknown setting {', '.join(unknown)}. Known: {', '.join(sorted(known))}.")


def _read(given: Mapping[str, str]) -> dict[str, object]:
    """The values of the variables that are set, each in its type."""
    env = Env(expand_vars=False)
    readers: dict[str, Callable[[str], object]] = {
        "environment": env.str,
        "instance": env.path,
        "gazetteer": env.path,
        "trusted_hosts": env.list,
        "place_providers": env.list,
        "proxy_hops": env.int,
        "report_days": env.int,
        "debug": env.bool,
        "max_content_length": env.int,
    }
    values: dict[str, object] = {}
    for item in fields(Settings):
        if PREFIX + item.name.upper() not in given:
            continue
        reader = readers.get(item.name, env.str)
        try:
            value = reader(PREFIX + item.name.upper())
        except EnvError as error:
            raise UnsafeSettings(str(error)) from error
        values[item.name] = tuple(value) if isinstance(value, list) else value
    return values


def _environment(value: str) -> Environment:
    try:
        return Environment(value)
    except ValueError as error:
        choices = ", ".join(Environment)
        raise UnsafeSettings(f"DIRECTORY_ENVIRONMENT is {value!r}; it must be one of {choices}.") from error


def _kept_secret(instance: Path) -> str:
    """The secret of a development machine: made once, kept in a file that only its owner reads."""
    path = instance / "secret-key"
    try:
        instance.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            _write_once(path, secrets.token_urlsafe(48))
        kept = path.read_text("ascii").strip()
    except OSError as error:
        raise UnsafeSettings(f"{path} cannot be read or written: {error.strerror}.") from error
    if len(kept) < MIN_SECRET_LENGTH:
        raise UnsafeSettings(f"{path} is too short: delete it, a new one is made at the next start.")
    return kept


def _write_once(path: Path, text: str) -> None:
    """Write a private file whole; when two processes start together, the first one's file stays."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(text)
    with contextlib.suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()


def _check(settings: Settings) -> None:
    """Raise UnsafeSettings for a value that cannot work or would endanger people."""
    _check_text(settings)
    _check_database(settings.database_url)
    _check_public_url(settings)
    _check_mail(settings)
    if not 0 <= settings.proxy_hops <= 5:
        raise UnsafeSettings("DIRECTORY_PROXY_HOPS counts the proxies in front of the site: from 0 to 5.")
    if not 10_000 <= settings.max_content_length <= 50_000_000:
        raise UnsafeSettings("DIRECTORY_MAX_CONTENT_LENGTH is in bytes: from 10000 to 50000000.")
    if not 190 <= settings.report_days <= 3660:
        raise UnsafeSettings("DIRECTORY_REPORT_DAYS is from 190 (a decision may be contested for six months) to 3660.")
    if any("*" in host or "/" in host or not host for host in settings.trusted_hosts):
        raise UnsafeSettings("DIRECTORY_TRUSTED_HOSTS lists plain host names, separated by commas.")
    if not all(map(PLACE_PROVIDER.fullmatch, settings.place_providers)):
        raise UnsafeSettings(
            "DIRECTORY_PLACE_PROVIDERS lists ban, photon or nominatim, each alone or with its host: "
            "photon=https://photon.example.org, separated by commas."
        )
    _check_tiles(settings)
    _check_secret(settings)
    if settings.is_production and settings.debug:
        raise UnsafeSettings("DIRECTORY_DEBUG must be off in production: its pages would show the code and the data.")


def _check_text(settings: Settings) -> None:
    for item in fields(Settings):
        value = getattr(settings, item.name)
        if isinstance(value, str) and any(ord(character) < 0x20 or ord(character) == 0x7F for character in value):
            raise UnsafeSettings(f"DIRECTORY_{item.name.upper()} holds a control character or a line break.")
    if not settings.site_name.strip():
        raise UnsafeSettings("DIRECTORY_SITE_NAME must not be empty.")
    for name in ("contact_email", "mail_from"):
        address = getattr(settings, name)
        if address and not ADDRESS.fullmatch(address):
            raise UnsafeSettings(f"DIRECTORY_{name.upper()} is not an e-mail address: name@host.example.")


def _check_database(url: str) -> None:
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise UnsafeSettings("DIRECTORY_DATABASE_URL is not a database address.") from None
    if parsed.drivername not in DATABASES:
        raise UnsafeSettings(
            f"DIRECTORY_DATABASE_URL begins with {parsed.drivername!r}; known: {', '.join(DATABASES)}."
        )
    if parsed.get_backend_name() == "sqlite" and parsed.database in (None, "", ":memory:"):
        raise UnsafeSettings("DIRECTORY_DATABASE_URL names no file: a database in memory would be lost.")


def _check_public_url(settings: Settings) -> None:
    try:
        parts = urlsplit(settings.public_url)
        host = parts.hostname
        _ = parts.port
    except ValueError:
        host = None
    if not host or parts.scheme not in ("http", "https"):
        raise UnsafeSettings("DIRECTORY_PUBLIC_URL is the address of the site: https://name.example.")
    if parts.path not in ("", "/") or parts.query or parts.fragment or parts.username:
        raise UnsafeSettings("DIRECTORY_PUBLIC_URL is a scheme and a host, without path, query or user.")
    if settings.is_production and parts.scheme != "https":
        raise UnsafeSettings("DIRECTORY_PUBLIC_URL must begin with https:// in production.")


def _check_mail(settings: Settings) -> None:
    """A server for the mails that can work, and no password in clear on a network."""
    if not settings.mail_url:
        return
    try:
        parts = urlsplit(settings.mail_url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise UnsafeSettings("DIRECTORY_MAIL_URL is not an address: smtp://user:password@host:587?starttls.") from None
    if not host or parts.scheme not in ("smtp", "smtps") or parts.path.strip("/") or parts.fragment:
        raise UnsafeSettings("DIRECTORY_MAIL_URL is smtp://user:password@host:587?starttls, or smtps://….")
    if parts.query not in ("", "starttls") or (parts.query and parts.scheme == "smtps"):
        raise UnsafeSettings("DIRECTORY_MAIL_URL knows one option, starttls, after smtp:// only.")
    if (parts.username is None) != (parts.password is None):
        raise UnsafeSettings("DIRECTORY_MAIL_URL gives a user and a password together, or neither.")
    if parts.username and parts.scheme == "smtp" and not parts.query and host not in LOOPBACK:
        raise UnsafeSettings("DIRECTORY_MAIL_URL would send its password in clear: use ?starttls or smtps://.")
    if settings.is_production and not settings.mail_from:
        raise UnsafeSettings("DIRECTORY_MAIL_FROM must be set in production: an address that this server may use.")


def _check_tiles(settings: Settings) -> None:
    """One host, over https, that says whom to name."""
    if not settings.tiles_url:
        return
    parts = urlsplit(settings.tiles_url)
    places = sorted(re.findall(r"\{[^{}]*\}", parts.path))
    is_clear = parts.path.count("{") == parts.path.count("}") == len(places)
    if not TILES.fullmatch(settings.tiles_url) or places != ["{x}", "{y}", "{z}"] or not is_clear:
        raise UnsafeSettings("DIRECTORY_TILES_URL is https://host/path with {z}, {x} and {y}, each once, in its path.")
    if parts.scheme != "https" and settings.is_production:
        raise UnsafeSettings("DIRECTORY_TILES_URL must begin with https:// in production.")
    if not settings.tiles_attribution.strip():
        raise UnsafeSettings("DIRECTORY_TILES_ATTRIBUTION must name whom the tiles come from: « © … https://… ».")


def _check_secret(settings: Settings) -> None:
    secret = settings.secret_key
    if len(secret) < MIN_SECRET_LENGTH:
        raise UnsafeSettings("DIRECTORY_SECRET_KEY is too short: 32 characters or more, random.")
    is_known = any(word in secret.casefold().replace("-", "").replace("_", "") for word in KNOWN_SECRETS)
    if settings.is_production and (is_known or len(set(secret)) < 10):
        raise UnsafeSettings("DIRECTORY_SECRET_KEY looks like a default: choose a random one.")
