"""What an address, a password, the way back after signing in and the name of a browser may be."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from urllib.parse import unquote, urlsplit

from email_validator import EmailNotValidError, validate_email

from directory.core.errors import InvalidText

SHORTEST_PASSWORD = 14
LONGEST_PASSWORD = 256
"""Far above any sentence; a limit because each sign costs time to weigh."""
TOO_LONG = f"Ce mot de passe est très long : gardez-en {LONGEST_PASSWORD} caractères au plus."
_WEIGHED = 72
_STRONG_ENOUGH = 3
_MOST_COMMON = 3_000
_REST = 6
"""Signs that must remain once the address and the name of the site are taken out."""
_FRENCH_HABITS = tuple(
    "motdepasse motdepasse1 azerty azertyuiop qsdfghjklm wxcvbn azertyuiopqsdfghjklmwxcvbn bonjour soleil coucou "
    "doudou loulou chouchou marseille france liberte egalite fraternite jetaime bienvenue vacances chocolat "
    "princesse association solidarite cooperation iciet labas icietlabas annuaire".split()
)
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def normal_address(email: str) -> str:
    """The address in lower case, checked for shape only; raises InvalidText."""
    try:
        # No look-up of the domain: the site must work, and answer alike, without network.
        return validate_email(email, check_deliverability=False, test_environment=True).normalized.lower()
    except EmailNotValidError as error:
        raise InvalidText(f"« {email[:80]} » n’est pas une adresse électronique complète : nom@domaine.fr.") from error


def normal_password(password: str) -> str:
    """The password as it is hashed: one form for the same signs, whichever keyboard typed them."""
    return unicodedata.normalize("NFKC", password)


def is_too_long(password: str) -> bool:
    """Longer than any password is kept: it opens nothing, and hashing it would take as long as wished."""
    return len(normal_password(password)) > LONGEST_PASSWORD


def password_problem(password: str, *, known: Iterable[str] = ()) -> str | None:
    """Why a password is refused, in a French sentence, or None; `known` is what others know of the person.

    Length and rarity only: no rule about kinds of characters.
    """
    normal = normal_password(password)
    if len(normal) < SHORTEST_PASSWORD:
        return (
            f"Ce mot de passe compte {len(normal)} caractère{'s' if len(normal) > 1 else ''} ; il en faut au moins "
            f"{SHORTEST_PASSWORD}. Une phrase que personne d’autre n’écrirait convient très bien."
        )
    if len(normal) > LONGEST_PASSWORD:
        return f"Ce mot de passe est très long : gardez-en {LONGEST_PASSWORD} caractères au plus."
    folded = normal.casefold()
    if folded in _common() or folded.replace(" ", "") in _common():
        return "Ce mot de passe est l’un des plus employés au monde. Choisissez plutôt quelques mots sans rapport."
    words = [
        word for item in known for word in (item.casefold(), *re.split(r"[\W_]+", item.casefold())) if len(word) > 2
    ]
    if len(_without(folded, words)) < _REST:
        return "Ce mot de passe reprend votre adresse ou le nom du site. Choisissez plutôt quelques mots sans rapport."
    from zxcvbn import zxcvbn  # noqa: PLC0415  # its lists take 60 ms to load, and few people choose a password

    weighed = zxcvbn(normal[:_WEIGHED], user_inputs=[*words, *_FRENCH_HABITS])
    if weighed["score"] < _STRONG_ENOUGH:
        return (
            "Ce mot de passe se devine trop vite : il répète un mot, une suite ou une date. "
            "Choisissez plutôt quelques mots sans rapport entre eux."
        )
    return None


def _without(folded: str, words: Iterable[str]) -> str:
    """The letters and figures that remain once the words are taken out, the longest first."""
    for word in sorted(words, key=len, reverse=True):
        folded = folded.replace(word, "")
    return re.sub(r"[\W_]+", "", folded)


@cache
def _common() -> frozenset[str]:
    from zxcvbn.frequency_lists import FREQUENCY_LISTS  # noqa: PLC0415  # the same

    return frozenset(FREQUENCY_LISTS["passwords"][:_MOST_COMMON])


def way_back(wanted: str, usual: str) -> str:
    """The path to go to after signing in when it stays on this site, otherwise the usual one."""
    for reading in (wanted, unquote(wanted), unquote(unquote(wanted))):
        if not reading.startswith("/") or reading.startswith("//") or "\\" in reading:
            return usual
        if any(ord(sign) <= 0x20 or ord(sign) == 0x7F for sign in reading.split("?", 1)[0]):
            return usual
    try:
        parts = urlsplit(wanted)
    except ValueError:
        return usual
    if parts.scheme or parts.netloc or any(ord(sign) < 0x20 for sign in wanted):
        return usual
    return wanted


def browser_name(user_agent: str) -> str:
    """« Firefox sur Windows »: what a person recognises in the list of sessions, and nothing finer."""
    browser = next((name for mark, name in _BROWSERS if f"{mark}/" in user_agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    if browser and system:
        return f"{browser} sur {system}"
    return browser or system or "Navigateur inconnu"
