"""A feed as RFC 4287 has it, with the points of both ends (GeoRSS): valid for any text, as precise as may be shown.

The address of a sheet never changes, so it is the identifier of its entry; so is the address of a selection.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from lxml import etree
from lxml.builder import ElementMaker

from directory.exchange.table import LICENCE
from directory.initiatives.public import Card, PublicPlace
from directory.reference.keys import Side

ATOM, GEORSS = "http://www.w3.org/2005/Atom", "http://www.georss.org/georss"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
MIMETYPE = "application/atom+xml; charset=utf-8"
DECIMALS = 5
_SIDE_WORDS = {Side.HERE: "ici", Side.THERE: "la-bas"}
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold, not even escaped: one such letter would break the feed for every reader."""
_A = ElementMaker(namespace=ATOM, nsmap={None: ATOM, "georss": GEORSS})
_G = ElementMaker(namespace=GEORSS, nsmap={"georss": GEORSS})


@dataclass(frozen=True)
class Entry:
    """An initiative in a feed: its card, the address of its sheet, the instants of its first and last publication."""

    card: Card
    address: str
    published_at: dt.datetime
    updated_at: dt.datetime


@dataclass(frozen=True)
class Feed:
    """What was last published in a selection; addresses are absolute, `changed_at` dates an empty feed."""

    title: str
    subtitle: str
    address: str
    page: str
    author: str
    icon: str
    changed_at: dt.datetime
    entries: Sequence[Entry]


def write(feed: Feed) -> bytes:
    """The feed in UTF-8."""
    updated = max((one.updated_at for one in feed.entries), default=feed.changed_at)
    root = _A.feed(
        _A.id(feed.address),
        _A.title(clean(feed.title)),
        _A.subtitle(clean(feed.subtitle)),
        _A.updated(_instant(updated)),
        _A.link(rel="self", type="application/atom+xml", href=feed.address),
        _A.link(rel="alternate", type="text/html", href=feed.page),
        _A.author(_A.name(clean(feed.author))),
        _A.rights(LICENCE),
        _A.icon(feed.icon),
        *(_entry(one) for one in feed.entries),
    )
    root.set(XML_LANG, "fr")
    written: bytes = etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True)
    return written


def clean(text: str) -> str:
    """The text without what XML cannot hold."""
    return _FORBIDDEN.sub("", text)


def _entry(entry: Entry) -> Any:
    card = entry.card
    found = _A.entry(
        _A.id(entry.address),
        _A.title(clean(card.title)),
        _A.link(rel="alternate", type="text/html", href=entry.address),
        _A.published(_instant(entry.published_at)),
        _A.updated(_instant(entry.updated_at)),
        *(_A.author(_A.name(clean(carrier.name))) for carrier in card.carriers),
        *(_A.category(term=clean(sector)) for sector in card.sectors),
        _A.summary(clean(f"{_ends(card.here)} et {_ends(card.there)}. {card.summary}"), type="text"),
        *_points(card),
    )
    if card.language != "fr":
        found.find(f"{{{ATOM}}}title").set(XML_LANG, clean(card.language))
    return found


def _ends(places: Sequence[PublicPlace]) -> str:
    """« Quimper », « Gabès (Tunisie) et 2 autres lieux »."""
    first = places[0]
    context = f" ({first.context})" if first.context and first.context != first.name else ""
    others = len(places) - 1
    more = f" et {others} autre{'s' if others > 1 else ''} lieu{'x' if others > 1 else ''}" if others else ""
    return f"{first.name}{context}{more}"


def _points(card: Card) -> Iterator[Any]:
    """Latitude then longitude of each end as it is shown; none where the position is not ours to give."""
    for place in (*card.here, *card.there):
        if place.is_open:
            yield _G.point(
                f"{round(place.lat, DECIMALS)} {round(place.lon, DECIMALS)}",
                featurename=clean(place.name),
                relationshiptag=_SIDE_WORDS[place.side],
            )


def _instant(value: dt.datetime) -> str:
    """RFC 3339, to the second, in UTC."""
    return value.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
