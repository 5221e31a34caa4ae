"""A document as .odt, by odfdo: the same headings, styles and language as the .docx."""

from __future__ import annotations

import datetime as dt
import io

import odfdo
from odfdo import Cell, Header, List, ListItem, Paragraph, Row, Span, Style, Table

from directory.exchange.documents import Document, Ends, Items, Link, Text, Title, Voice

LANGUAGE = "fr-FR"
INK, GREY = "#1d2032", "#4a4e60"
STYLES = {Voice.BODY: "Text_20_body", Voice.LEAD: "Subtitle", Voice.NOTE: "Remarque", Voice.QUESTION: "Question"}
MARGIN = "2.5cm"


def write(told: Document) -> bytes:
    """The bytes of the file; the same document gives the same text."""
    written = odfdo.Document("text")
    _set_up(written, told)
    body = written.body
    body.clear()
    body.append(_said(written, told.title, "Title", told.language))
    for block in told.blocks:
        match block:
            case Title(text, level):
                heading = Header(level, text)
                heading.set_attribute("text:style-name", f"Heading_20_{level}")  # its own argument is lost
                body.append(heading)
            case Text(text, voice, language):
                body.append(_said(written, text, STYLES[voice], language))
            case Items(texts):
                body.append(_list(texts))
            case Ends():
                body.append(_table(block))
                body.append(Paragraph("", style="Text_20_body"))
            case Link(before, address):
                line = Paragraph(before, style="Text_20_body")
                line.append(odfdo.Link(address, text=address))
                body.append(line)
    buffer = io.BytesIO()
    written.save(buffer)
    return buffer.getvalue()


def _set_up(written: odfdo.Document, told: Document) -> None:
    """A4 with sensible margins, French, styles of our own, and who wrote what when."""
    written.language = LANGUAGE
    page = written.get_style("page-layout", "Mpm1")
    layout = page.get_element("style:page-layout-properties") if page is not None else None
    if layout is not None:
        for side in ("top", "right", "bottom", "left"):
            layout.set_attribute(f"fo:margin-{side}", MARGIN)
    _style(written, "Title", 24, bold=True)
    _style(written, "Subtitle", 13)
    _style(written, "Remarque", 9.5, colour=GREY)
    _style(written, "Question", 11, colour=GREY, italic=True)
    _style(written, "Heading_20_1", 15, bold=True, parent="Heading", display="Heading 1", outline=1)
    _style(written, "Heading_20_2", 12, bold=True, parent="Heading", display="Heading 2", outline=2)
    _style(written, "Text_20_body", 11, parent="Standard", display="Text body")
    about = written.meta
    about.title, about.subject, about.creator = told.title, told.subject, told.author
    about.initial_creator, about.generator = told.author, "Ici & Là-bas"
    about.creation_date = about.date = dt.datetime.combine(told.day, dt.time())
    about.language = LANGUAGE


def _style(
    written: odfdo.Document,
    name: str,
    size: float,
    *,
    parent: str = "Standard",
    display: str = "",
    colour: str = INK,
    bold: bool = False,
    italic: bool = False,
    outline: int = 0,
) -> None:
    style = Style("paragraph", name=name, display_name=display or None, parent_style=parent)
    style.set_properties({"fo:margin-top": "0.25cm", "fo:margin-bottom": "0.15cm"}, area="paragraph")
    text = {"fo:font-size": f"{size}pt", "fo:color": colour, "style:font-name": "Liberation Sans"}
    text |= {"fo:font-weight": "bold"} if bold else {}
    text |= {"fo:font-style": "italic"} if italic else {}
    style.set_properties(text, area="text")
    if outline:
        style.set_attribute("style:default-outline-level", str(outline))
        style.set_attribute("style:next-style-name", "Text_20_body")
    written.insert_style(style)


def _said(written: odfdo.Document, text: str, style: str, language: str) -> Paragraph:
    """The text, marked with its language where it is not French."""
    if not language or language == "fr":
        return Paragraph(text, style=style)
    name = f"Langue_{language.replace('-', '_')}"
    if written.get_style("text", name) is None:
        marked = Style("text", name=name)
        tongue, _, country = language.partition("-")
        marked.set_properties({"fo:language": tongue, "fo:country": country.upper() or "none"}, area="text")
        written.insert_style(marked, automatic=True)
    paragraph = Paragraph("", style=style)
    paragraph.append(Span(text, style=name))
    return paragraph


def _list(texts: tuple[str, ...]) -> List:
    listed = List(style="List_20_1")
    for text in texts:
        item = ListItem()
        item.append(Paragraph(text, style="Text_20_body"))
        listed.append(item)
    return listed


def _table(ends: Ends) -> Table:
    table = Table("Les deux bouts")
    for lines in ((("Ici",), ("Là-bas",)), (ends.here, ends.there)):
        row = Row()
        for texts in lines:
            cell = Cell()
            for text in texts or ("",):
                cell.append(Paragraph(text, style="Text_20_body"))
            row.append_cell(cell)
        table.append_row(row)
    return table
