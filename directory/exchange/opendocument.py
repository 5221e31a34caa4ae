"""A document as .odt, by odfdo: the same headings, styles and language as the .docx."""

from __future__ import annotations

import datetime as dt
import io

import odfdo
from odfdo import Cell, Element, Header, List, ListItem, Paragraph, Row, Span, Style, Table

from directory.exchange.documents import Document, Ends, Items, Link, Text, Title, Voice

LANGUAGE = "fr-FR"
INK, GREY = "#1d2032", "#4a4e60"
STYLES = {Voice.BODY: "Text_20_body", Voice.LEAD: "Subtitle", Voice.NOTE: "Remarque", Voice.QUESTION: "Question"}
MARGIN = "2cm"
LABELS = (
    ("outline", "Outline", "text:outline-level-style[1]", 0.8),
    ("outline", "Outline", "text:outline-level-style[2]", 1.1),
    ("list", "List_20_1", "text:list-level-style-bullet[1]", 0.6),
)
"""Centimetres from the edge to the text after a number or a bullet."""


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
    _style(written, "Title", 24, (0, 0.3), bold=True)
    _style(written, "Subtitle", 13, (0, 0.2))
    _style(written, "Remarque", 9.5, colour=GREY)
    _style(written, "Question", 11, colour=GREY, italic=True, keeps=True)
    _style(written, "Heading_20_1", 15, (0.5, 0.1), bold=True, parent="Heading", display="Heading 1", outline=1)
    _style(written, "Heading_20_2", 12, (0.25, 0.05), bold=True, parent="Heading", display="Heading 2", outline=2)
    _style(written, "Text_20_body", 11, parent="Standard", display="Text body")
    _style(written, "Puce", 11, (0, 0.05), parent="Text_20_body")
    _style(written, "Cellule", 11, (0, 0), parent="Text_20_body")
    _part_labels(written)
    about = written.meta
    about.title, about.subject, about.creator = told.title, told.subject, told.author
    about.initial_creator, about.generator = told.author, "Ici & Là-bas"
    about.creation_date = about.date = dt.datetime.combine(told.day, dt.time())
    about.language = LANGUAGE


def _style(
    written: odfdo.Document,
    name: str,
    size: float,
    margins: tuple[float, float] = (0, 0.15),
    *,
    parent: str = "Standard",
    display: str = "",
    colour: str = INK,
    bold: bool = False,
    italic: bool = False,
    outline: int = 0,
    keeps: bool = False,
) -> None:
    """A style of paragraphs; `margins` are the centimetres above and below, a heading keeps with what follows."""
    style = Style("paragraph", name=name, display_name=display or None, parent_style=parent)
    above, below = margins
    shape = {"fo:margin-top": f"{above}cm", "fo:margin-bottom": f"{below}cm"}
    shape |= {"fo:keep-with-next": "always"} if outline or keeps else {}
    style.set_properties(shape, area="paragraph")
    text = {"fo:font-size": f"{size}pt", "fo:color": colour, "style:font-name": "Liberation Sans"}
    text |= {"fo:font-weight": "bold"} if bold else {}
    text |= {"fo:font-style": "italic"} if italic else {}
    style.set_properties(text, area="text")
    if outline:
        style.set_attribute("style:default-outline-level", str(outline))
        style.set_attribute("style:next-style-name", "Text_20_body")
    written.insert_style(style)


def _part_labels(written: odfdo.Document) -> None:
    """Numbers and bullets stand apart from their text, by a tab to a hanging indent: the template gives them none."""
    for kind, name, path, indent in LABELS:
        levels = written.get_style(kind, name)
        shape = levels.get_element(f"{path}/style:list-level-properties") if levels is not None else None
        if shape is not None:
            shape.set_attribute("text:list-level-position-and-space-mode", "label-alignment")
            label = (
                '<style:list-level-label-alignment text:label-followed-by="listtab"'
                f' text:list-tab-stop-position="{indent}cm" fo:text-indent="-{indent}cm" fo:margin-left="{indent}cm"/>'
            )
            shape.append(Element.from_tag(label))


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
        item.append(Paragraph(text, style="Puce"))
        listed.append(item)
    return listed


def _table(ends: Ends) -> Table:
    table = Table("Les deux bouts")
    for lines in ((("Ici",), ("Là-bas",)), (ends.here, ends.there)):
        row = Row()
        for texts in lines:
            cell = Cell()
            for text in texts or ("",):
                cell.append(Paragraph(text, style="Cellule"))
            row.append_cell(cell)
        table.append_row(row)
    return table
