"""The closed lists of the content, with the words people read. Values are stored; labels may change."""

from __future__ import annotations

from enum import StrEnum


class Stage(StrEnum):
    """Where the initiative stands (« où en est-on »)."""

    IDEA = "idea"
    ONGOING = "ongoing"
    PAUSED = "paused"
    FINISHED = "finished"
    TRANSFORMED = "transformed"


class LinkNature(StrEnum):
    """What kind of link it is."""

    TWINNING = "twinning"
    PARTNERSHIP = "partnership"
    FRIENDSHIP_AGREEMENT = "friendship_agreement"
    TRIANGULAR = "triangular"
    BETWEEN_ASSOCIATIONS = "between_associations"
    DIASPORA = "diaspora"
    SCHOOL_TO_SCHOOL = "school_to_school"


class Disclosure(StrEnum):
    """How finely a place may be shown."""

    LOCALITY = "locality"
    REGION = "region"
    COUNTRY = "country"


class Agreement(StrEnum):
    """Whether a partner accepts to be named."""

    YES = "yes"
    NOT_ASKED = "not_asked"
    NO = "no"


SHARED_ALIKE = frozenset({"photon", "nominatim"})
"""Online providers whose positions are OpenStreetMap's (ODbL): they stay out of exports under another licence."""


class Origin(StrEnum):
    """Who wrote the sheet: the structure itself, or the site after a public source; or a list of twin towns."""

    CARRIER = "carrier"
    PUBLIC_SOURCE = "public_source"
    TWIN_TOWNS = "twin_towns"


class Role(StrEnum):
    """What an organisation is in an initiative."""

    CARRIER = "carrier"
    PARTNER = "partner"


class State(StrEnum):
    """Whether the public may see an initiative."""

    UNPUBLISHED = "unpublished"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


STAGE_LABELS = {
    Stage.IDEA: "Idée",
    Stage.ONGOING: "En cours",
    Stage.PAUSED: "En pause",
    Stage.FINISHED: "Terminée",
    Stage.TRANSFORMED: "Transformée",
}
STAGE_SLUGS = {
    Stage.IDEA: "idee",
    Stage.ONGOING: "en-cours",
    Stage.PAUSED: "en-pause",
    Stage.FINISHED: "terminee",
    Stage.TRANSFORMED: "transformee",
}
"""The value of the filter `etat` in addresses."""
NATURE_LABELS = {
    LinkNature.TWINNING: "Jumelage",
    LinkNature.PARTNERSHIP: "Partenariat",
    LinkNature.FRIENDSHIP_AGREEMENT: "Accord d’amitié",
    LinkNature.TRIANGULAR: "Coopération triangulaire",
    LinkNature.BETWEEN_ASSOCIATIONS: "Entre associations",
    LinkNature.DIASPORA: "Diaspora",
    LinkNature.SCHOOL_TO_SCHOOL: "D’école à école",
}
