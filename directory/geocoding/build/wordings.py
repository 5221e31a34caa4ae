"""The generic words around the name of an administrative division, in French and in English."""

import re
from typing import Final

_FRENCH_TITLE: Final = re.compile(
    r"^(?:région|gouvernorat|province|département|district|wilaya|état|comté|oblast|préfecture|canton|municipalité"
    r"|ville|paroisse|raïon|voïvodie|judet|île|collectivité territoriale|division)"
    r"(?: autonome| spéciale| administrative)?(?: de la | de l[’']| des | du | de | d[’'])",
    re.IGNORECASE,
)
_LOCAL_TITLE: Final = re.compile(
    r"^(?:Cercle|Commune|Arrondissement|Préfecture|Sous-préfecture|District|Département|Province|Région|Wilaya|Woreda"
    r"|Provincia|Distrito|Municipio) (?:de la |de l[’']|des |du |de |d[’']|of )",
    re.IGNORECASE,
)
_LOCAL_ENDING: Final = re.compile(
    r"\s+(?:Cercle|Region|Province|District|Department|Governorate|Prefecture|County|State|Subdivision|Municipality"
    r"|Wilaya|Division)$",
    re.IGNORECASE,
)
#: A name in Latin letters starting with a capital: drops lower-case romanisations and other scripts.
_LATIN: Final = re.compile(
    r"^[A-ZÀ-ÞĀ-ſƀ-ɏḀ-ỿ'’ʻʼ][\u0000-\u024f\u1e00-\u1eff'’ʻʼ ‘\-.,/()]*$",
)


def is_latin(name: str) -> bool:
    """Return whether a name is written in Latin letters and starts with a capital."""
    return _LATIN.match(name) is not None


def without_french_title(name: str) -> str:
    """Return « Kayes » for « Région de Kayes »."""
    return _FRENCH_TITLE.sub("", name)


def without_local_title(name: str) -> str:
    """Return « Kayes » for « Kayes Cercle » or « Cercle de Kayes »."""
    return _LOCAL_TITLE.sub("", _LOCAL_ENDING.sub("", name))


def without_any_title(name: str) -> str:
    """Return an alias without its French title nor its English ending."""
    return _LOCAL_ENDING.sub("", _FRENCH_TITLE.sub("", name))
