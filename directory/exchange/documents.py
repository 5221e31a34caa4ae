"""« Racontez une fois »: a public sheet as a document under the headings of a reader; what it does not say is asked.

One model of the document, two writers: `word` and `opendocument`. Only what the page of the sheet shows comes in.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from directory.core.time import date_fr
from directory.exchange.headings import NBSP, Heading, Reader, spaced
from directory.initiatives.public import NamedOrganisation, PublicPlace, Sheet

_UNWRITABLE = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML cannot hold: control characters, lone surrogates, non-characters."""


class Format(StrEnum):
    """The two kinds of files, by their ending."""

    DOCX = "docx"
    ODT = "odt"


MEDIA_TYPES = {
    Format.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Format.ODT: "application/vnd.oasis.opendocument.text",
}


class Voice(StrEnum):
    """Who speaks in a text: the sheet, the site about it, or the site asking."""

    BODY = "body"
    LEAD = "lead"
    NOTE = "note"
    QUESTION = "question"


@dataclass(frozen=True)
class Title:
    """A heading: level 1 for a section, 2 for what is asked in it."""

    text: str
    level: int


@dataclass(frozen=True)
class Text:
    """A paragraph; `language` where it is not the document's."""

    text: str
    voice: Voice = Voice.BODY
    language: str = ""


@dataclass(frozen=True)
class Items:
    """A list of short texts."""

    texts: tuple[str, ...]


@dataclass(frozen=True)
class Ends:
    """The table of both ends, one column a side, one line a text."""

    here: tuple[str, ...]
    there: tuple[str, ...]


@dataclass(frozen=True)
class Link:
    """A text that leads to an address, after a few words."""

    before: str
    address: str


Block = Title | Text | Items | Ends | Link


@dataclass(frozen=True)
class Document:
    """What is written: texts hold nothing that XML cannot."""

    title: str
    language: str
    """Of the title."""
    subject: str
    author: str
    day: dt.date
    blocks: tuple[Block, ...]


def document(sheet: Sheet, reader: Reader, *, address: str, site: str, today: dt.date) -> Document:
    """The document of a sheet for a reader; `address` is the sheet's own, `site` the name of the site."""
    card = sheet.card
    blocks = [*_opening(sheet), *_preface(reader), *_asked(sheet, reader), *_closing(sheet, address, site, today)]
    return Document(
        title=writable(card.title),
        language=card.language,
        subject=f"Pour {reader.told_as}",
        author=site,
        day=card.updated_on,
        blocks=tuple(blocks),
    )


def write(told: Document, form: Format) -> bytes:
    """The file of a document; its library is loaded by the first one."""
    if form is Format.DOCX:
        from directory.exchange import word  # noqa: PLC0415  # python-docx takes 0.3 s to load, and few ask for it

        return word.write(told)
    from directory.exchange import opendocument  # noqa: PLC0415  # odfdo, the same

    return opendocument.write(told)


def writable(text: str) -> str:
    """The text without what XML cannot hold."""
    return _UNWRITABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _opening(sheet: Sheet) -> Iterator[Block]:
    """The sentence of the link, both ends, and what is told of it."""
    card = sheet.card
    since = f", depuis{NBSP}{card.since_year}" if card.since_year else ""
    yield Text(writable(f"{card.here[0].words} et {card.there[0].words}{since}."), Voice.LEAD)
    yield Text(writable(card.summary), Voice.LEAD, card.language)
    yield Ends(_end(card.here, card.carriers), _end(card.there, sheet.partners))
    if card.origin != "carrier":
        yield _note("D’après une source publique ; non validé par la structure.")
    if sheet.description:
        yield Title("De quoi il s’agit", 1)
        yield from _told(sheet.description, card.language)


def _end(places: tuple[PublicPlace, ...], organisations: tuple[NamedOrganisation, ...]) -> tuple[str, ...]:
    return (*_places(places), *(writable(one.name) for one in organisations))


def _places(places: tuple[PublicPlace, ...]) -> tuple[str, ...]:
    told = []
    for place in places:
        context = f" ({place.context})" if place.context and place.context != place.name else ""
        told.append(writable(place.name + context + (", lieu protégé" if place.is_withheld else "")))
    return tuple(told)


def _preface(reader: Reader) -> Iterator[Block]:
    if reader.is_funder:
        yield _note(
            f"Préparé pour {reader.told_as}. Ceci n’est pas un formulaire officiel : les titres qui suivent ont été"
            f" relevés dans des documents de millésimes différents ({', '.join(reader.sources)}). Vérifiez-les auprès"
            " du guichet avant d’envoyer."
        )
    else:
        yield _note(f"Préparé pour {reader.told_as}, sous des titres proposés par ce site.")
    yield _note("Ce qui n’est pas encore dit est posé en question : répondez dessous, puis effacez-la.")


def _asked(sheet: Sheet, reader: Reader) -> Iterator[Block]:
    for section in reader.sections:
        yield Title(section.title, 1)
        for heading in section.headings:
            yield Title(heading.title, 2)
            answer = list(_SAYS[heading.says](sheet)) if heading.says else []
            yield from answer or _question(heading)


def _question(heading: Heading) -> Iterator[Block]:
    if heading.is_private:
        yield _note("À remplir par vous : le site ne le demande pas, et ne le publie jamais.")
    yield Text(heading.question or spaced("Que voulez-vous dire ici ?"), Voice.QUESTION)
    yield Text("")


def _closing(sheet: Sheet, address: str, site: str, today: dt.date) -> Iterator[Block]:
    card = sheet.card
    yield Title("D’où vient ce document", 1)
    yield Link(spaced("La fiche publique : "), address)
    yield Text(
        f"{writable(site)}. Fiche publiée le {date_fr(card.published_on)}, mise à jour le {date_fr(card.updated_on)},"
        f" version {sheet.revision_number}, relue par {writable(sheet.network.name)}. Document préparé le"
        f" {date_fr(today)}.",
        Voice.NOTE,
    )
    if card.is_sector_by_site:
        yield _note("Le domaine et les objectifs ont été choisis par le site, d’après la source.")
    if sheet.sources:
        yield _note("Sources :")
        yield Items(tuple(writable(source.label) for source in sheet.sources))
    yield _note(
        "Faits et résumé : Licence Ouverte 2.0. Lieux : GeoNames (CC BY 4.0) et INSEE. Les récits restent à leurs"
        " auteurs."
    )


def _note(words: str) -> Text:
    return Text(spaced(words), Voice.NOTE)


def _told(text: str, language: str) -> Iterator[Block]:
    """The paragraphs of a text."""
    for part in writable(text).splitlines():
        if part.strip():
            yield Text(part.strip(), language=language)


def _one(text: str | None) -> Iterator[Block]:
    if text:
        yield Text(writable(text))


def _list(texts: tuple[str, ...]) -> Iterator[Block]:
    if len(texts) > 1:
        yield Items(tuple(writable(text) for text in texts))
    elif texts:
        yield from _one(texts[0])


def _stage(sheet: Sheet) -> Iterator[Block]:
    card = sheet.card
    yield from _one(card.stage + (f" en {card.stage_on}, d’après la source" if card.stage_on else ""))


def _actor_types(sheet: Sheet) -> Iterator[Block]:
    yield from _list(tuple(dict.fromkeys(one.actor_type for one in sheet.card.carriers if one.actor_type)))


_SAYS: dict[str, Callable[[Sheet], Iterator[Block]]] = {
    "title": lambda sheet: iter([Text(writable(sheet.card.title), language=sheet.card.language)]),
    "summary": lambda sheet: iter([Text(writable(sheet.card.summary), language=sheet.card.language)]),
    "carriers": lambda sheet: _list(tuple(one.name for one in sheet.card.carriers)),
    "actor_types": _actor_types,
    "partners": lambda sheet: _list(tuple(one.name for one in sheet.partners)),
    "places_here": lambda sheet: _list(_places(sheet.card.here)),
    "places_there": lambda sheet: _list(_places(sheet.card.there)),
    "nature": lambda sheet: _one(sheet.nature),
    "since": lambda sheet: _one(f"Depuis{NBSP}{sheet.card.since_year}." if sheet.card.since_year else ""),
    "stage": _stage,
    "sectors": lambda sheet: _list(sheet.card.sectors),
    "goals": lambda sheet: _list(tuple(f"{number}. {label}" for number, label in sheet.goals)),
    "publics": lambda sheet: _list(tuple(label for _, label in sheet.publics)),
    "needs": lambda sheet: _list(tuple(label for _, label in sheet.needs)),
    "meeting": lambda sheet: _told(sheet.meeting, sheet.card.language),
    "change_here": lambda sheet: _told(sheet.change_here, sheet.card.language),
    "change_there": lambda sheet: _told(sheet.change_there, sheet.card.language),
    "network": lambda sheet: _one(sheet.network.name),
}
"""What a sheet says under a heading, by its name in data/headings.yaml; nothing where it says nothing."""
