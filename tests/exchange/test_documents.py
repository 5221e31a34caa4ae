"""« Racontez une fois »: real word-processor files, under the headings of a reader, whatever the sheet holds."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from dataclasses import replace
from typing import Any

import docx
import odfdo
import pytest
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from directory.core.time import date_fr
from directory.exchange.documents import Document, Format, Text, Title, Voice, document, write
from directory.exchange.headings import readers
from directory.pages.telling import DATA
from tests.conftest import ROOT
from tests.sheets import HERE, make_sheet

READERS = readers(DATA)
ADDRESS = "https://exemple.org/initiatives/deux-rives"
HOSTILE = "<w:p>\x00\x0b\x1b</w:t>]]> & \"'  \ud800\ufffe é\u202e {{7*7}} <text:p/> &amp; javascript:pwned()"
FUNDERS = {"amp", "forim", "region-bretagne", "region-nouvelle-aquitaine", "cncd", "rrma"}
both = pytest.mark.parametrize("form", list(Format))


def told(reader: str = "amp", **changes: Any) -> Document:
    sheet = make_sheet(**changes)
    return document(sheet, READERS[reader], address=ADDRESS, site="Ici & Là-bas", today=dt.date(2026, 11, 22))


def read(content: bytes, form: Format) -> list[tuple[str, str]]:
    """The style and the text of each paragraph, the file being opened by its own library; "" for a table's."""
    if form is Format.DOCX:
        opened = docx.Document(io.BytesIO(content))
        found = [(one.style.name or "" if one.style else "", one.text) for one in opened.paragraphs]
        return found + [("", cell.text) for table in opened.tables for row in table.rows for cell in row.cells]
    body = odfdo.Document(io.BytesIO(content)).body
    return [
        (str(one.get_attribute("text:style-name")).replace("_20_", " "), one.inner_text)
        for one in body.get_elements("//text:p|//text:h")
    ]


def texts(content: bytes, form: Format) -> str:
    return "\n".join(text for _, text in read(content, form))


@both
@pytest.mark.parametrize("reader", READERS)
def test_every_heading_of_a_reader_is_there_answered_or_asked(reader: str, form: Format) -> None:
    asked = told(reader)
    found = read(write(asked, form), form)
    headings = [text for style, text in found if style == "Heading 2"]
    assert headings == [heading.title for section in READERS[reader].sections for heading in section.headings]
    for heading in (heading for section in READERS[reader].sections for heading in section.headings):
        if not heading.says:
            assert ("Question", heading.question) in found, heading


@both
def test_what_the_sheet_says_is_at_its_place_and_what_it_does_not_is_asked(form: Format) -> None:
    found = read(write(told("amp", change_there="Une école de plus."), form), form)
    at = found.index(("Heading 2", "Effets là-bas"))
    assert found[at + 1][1] == "Une école de plus."
    at = found.index(("Heading 2", "Indicateurs de résultats prévus"))
    assert found[at + 1] == ("Question", "Quels indicateurs prévoyez-vous\u00a0?")


@both
def test_both_ends_the_address_the_date_and_the_licence_are_told(form: Format) -> None:
    whole = texts(write(told(), form), form)
    for words in (
        "Ici",
        "Là-bas",
        "Morlaix (Finistère)",
        "Antsirabe (Madagascar)",
        "Escuela del Mar",
        "Licence Ouverte",
    ):
        assert words in whole
    assert date_fr(dt.date(2026, 11, 22)) in whole
    assert ADDRESS in whole


@both
def test_a_funder_s_headings_are_said_to_be_checked_and_ours_to_be_ours(form: Format) -> None:
    assert "Ceci n’est pas un formulaire officiel" in texts(write(told("amp"), form), form)
    assert "agencemicroprojets.org" in texts(write(told("amp"), form), form)
    assert "des titres proposés par ce site" in texts(write(told("mairie"), form), form)


@both
def test_a_protected_place_says_so(form: Format) -> None:
    withheld = replace(HERE, name="Finistère", context="Bretagne", is_withheld=True)
    whole = texts(write(told(card={"here": (withheld,)}), form), form)
    assert "Finistère (Bretagne), lieu protégé" in whole


def test_the_files_are_french_a4_with_a_title() -> None:
    opened = docx.Document(io.BytesIO(write(told(), Format.DOCX)))
    assert {one.get(qn("w:val")) for one in opened.styles.element.iter(qn("w:lang"))} == {"fr-FR"}
    assert opened.core_properties.title == "Deux rives"
    assert opened.core_properties.language == "fr-FR"
    section = opened.sections[0]
    assert (section.page_width.cm, section.page_height.cm) == pytest.approx((21, 29.7), abs=0.01)  # type: ignore[union-attr]
    assert section.left_margin.cm == pytest.approx(2, abs=0.01)  # type: ignore[union-attr]
    written = odfdo.Document(io.BytesIO(write(told(), Format.ODT)))
    assert (written.meta.title, written.language) == ("Deux rives", "fr-FR")
    with zipfile.ZipFile(io.BytesIO(write(told(), Format.ODT))) as archive:
        styles = archive.read("styles.xml").decode()
    assert 'fo:language="fr"' in styles
    assert 'fo:margin-left="2cm"' in styles


def styles_of(content: bytes) -> Any:
    """The styles of an OpenDocument text, read from the file itself."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return etree.fromstring(archive.read("styles.xml"))


def test_a_number_or_a_bullet_stands_apart_from_its_text() -> None:
    numbering: Any = docx.Document(io.BytesIO(write(told(), Format.DOCX))).part.numbering_part.element
    (level,) = numbering.xpath(".//w:lvl[w:pStyle/@w:val='ListBullet']")
    assert level.find(qn("w:suff")) is None, "a tab follows unless another is said"
    assert int(level.find(f".//{qn('w:ind')}").get(qn("w:hanging"))) > 0
    styles = styles_of(write(told(), Format.ODT))
    for path in (
        "text:outline-style/text:outline-level-style[@text:level='1']",
        "text:outline-style/text:outline-level-style[@text:level='2']",
        "text:list-style[@style:name='List_20_1']/text:list-level-style-bullet[@text:level='1']",
    ):
        (shape,) = styles.xpath(f".//{path}/style:list-level-properties", namespaces=styles.nsmap)
        assert shape.get(f"{{{styles.nsmap['text']}}}list-level-position-and-space-mode") == "label-alignment"
        label = {etree.QName(name).localname: value for name, value in shape[0].items()}
        indent = label["margin-left"]
        assert label["label-followed-by"] == "listtab"
        assert (label["list-tab-stop-position"], label["text-indent"]) == (indent, f"-{indent}")


@pytest.mark.parametrize("name", ["Heading 1", "Heading 2", "Question"])
def test_a_heading_stays_with_what_follows_and_a_question_with_the_room_for_its_answer(name: str) -> None:
    opened: Any = docx.Document(io.BytesIO(write(told(), Format.DOCX)))
    assert opened.styles[name].paragraph_format.keep_with_next
    styles = styles_of(write(told(), Format.ODT))
    style = f".//style:style[@style:name='{name.replace(' ', '_20_')}']"
    assert styles.xpath(f"{style}/style:paragraph-properties/@fo:keep-with-next", namespaces=styles.nsmap) == ["always"]


@both
def test_a_text_in_another_language_is_marked(form: Format) -> None:
    content = write(told(card={"language": "pt-BR", "title": "Duas margens"}, description="Uma escola."), form)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        body = archive.read("word/document.xml" if form is Format.DOCX else "content.xml").decode()
    for mark in ['w:val="pt-BR"'] if form is Format.DOCX else ['fo:language="pt"', 'fo:country="BR"']:
        assert mark in body


@both
def test_a_hostile_text_stays_a_text(form: Format) -> None:
    organisation = replace(make_sheet().partners[0], name=HOSTILE)
    content = write(
        told(card={"title": HOSTILE, "summary": HOSTILE, "here": (replace(HERE, name=HOSTILE),)}, description=HOSTILE,
             change_there=HOSTILE, partners=(organisation,)),
        form,
    )  # fmt: skip
    check_archive(content, form)
    assert "]]> & \"'" in texts(content, form)
    assert "\x00" not in texts(content, form)


def check_archive(content: bytes, form: Format) -> None:
    """A whole archive whose every part is well-formed XML, without an entity, a script or an outside resource."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")) and archive.getinfo(name).file_size:
                part = archive.read(name)
                etree.fromstring(part, etree.XMLParser(resolve_entities=False, no_network=True))
                assert b"<!ENTITY" not in part
        names = archive.namelist()
        if form is Format.ODT:
            assert names[0] == "mimetype"
        links = archive.read("word/_rels/document.xml.rels" if form is Format.DOCX else "content.xml").decode()
    assert re.findall(r'(?:Target|xlink:href)="((?:https?|javascript|file|data):[^"]*)"', links) == [ADDRESS]


@settings(max_examples=15, deadline=None)
@given(texts_given=st.lists(st.text(max_size=300), min_size=6, max_size=6), reader=st.sampled_from(sorted(READERS)))
def test_any_text_gives_a_file_that_opens(texts_given: list[str], reader: str) -> None:
    title, summary, description, meeting, here, there = texts_given
    given_ = told(
        reader,
        card={"title": title, "summary": summary},
        description=description,
        meeting=meeting,
        change_here=here,
        change_there=there,
    )
    for form in Format:
        content = write(given_, form)
        check_archive(content, form)
        assert read(content, form)


@given(text=st.text())
def test_no_block_holds_what_xml_cannot(text: str) -> None:
    blocks = told(description=text, card={"title": text}).blocks
    held = "".join(block.text for block in blocks if isinstance(block, Text | Title))
    element = etree.Element("a")
    element.text = held
    assert (etree.fromstring(etree.tostring(element)).text or "") == held


def test_the_same_sheet_gives_the_same_document() -> None:
    assert told() == told()


def test_the_headings_of_the_funders_are_those_that_were_read() -> None:
    assert {one.id for one in READERS.values() if one.is_funder} == FUNDERS
    assert all(
        heading.question or heading.says
        for one in READERS.values()
        for part in one.sections
        for heading in part.headings
    )
    assert "à vérifier auprès du guichet" in (ROOT / "data" / "headings.yaml").read_text("utf-8")


def test_what_a_funder_asks_in_private_is_never_answered_from_the_sheet() -> None:
    for one in READERS.values():
        for heading in (heading for part in one.sections for heading in part.headings):
            assert not (heading.is_private and heading.says)


def test_a_question_leaves_room_for_its_answer() -> None:
    blocks = told("assemblee-generale").blocks
    for at, block in enumerate(blocks):
        if isinstance(block, Text) and block.voice is Voice.QUESTION:
            assert blocks[at + 1] == Text("")
