"""A sheet as schema.org JSON-LD, for search engines: only what the page shows."""

from __future__ import annotations

from typing import Any

from directory.initiatives.public import NamedOrganisation, PublicPlace, Sheet


def describe(sheet: Sheet, address: str) -> dict[str, Any]:
    """The initiative at an address: its name, its two ends, who takes part, when the sheet changed."""
    card = sheet.card
    return {
        "@context": "https://schema.org",
        "@type": "WebPage",
        "url": address,
        "name": card.title,
        "description": card.summary,
        "inLanguage": card.language,
        "datePublished": card.published_on.isoformat(),
        "dateModified": card.updated_on.isoformat(),
        "license": "https://www.etalab.gouv.fr/licence-ouverte-open-licence/",
        "about": {
            "@type": "Project",
            "name": card.title,
            "description": card.summary,
            **({"foundingDate": str(card.since_year)} if card.since_year else {}),
            "member": [_organisation(one) for one in (*card.carriers, *sheet.partners)],
            "location": [_place(place) for place in (*card.here, *card.there)],
            "knowsAbout": list(card.sectors),
        },
    }


def _organisation(organisation: NamedOrganisation) -> dict[str, Any]:
    return {"@type": "Organization", "name": organisation.name}


def _place(place: PublicPlace) -> dict[str, Any]:
    """A place; without any point where it is protected."""
    told: dict[str, Any] = {"@type": "Place", "name": place.name}
    if place.context and place.context != place.name:
        told["containedInPlace"] = {"@type": "Place", "name": place.context}
    if not place.is_withheld:
        told["geo"] = {"@type": "GeoCoordinates", "latitude": round(place.lat, 5), "longitude": round(place.lon, 5)}
    return told
