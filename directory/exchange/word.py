"""A document as .docx, by python-docx: real headings, French throughout, a table that says which line is its head."""

from __future__ import annotations

import datetime as dt
import io
from typing import TYPE_CHECKING, Any

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from directory.exchange.documents import Document, Ends, Items, Link, Text, Title, Voice

if TYPE_CHECKING:
    from docx.document import Document as Written
    from docx.text.paragraph import Paragraph

LANGUAGE = "fr-FR"
INK, GREY = RGBColor(0x1D, 0x20, 0x32), RGBColor(0x4A, 0x4E, 0x60)
STYLES = {Voice.BODY: "Normal", Voice.LEAD: "Subtitle", Voice.NOTE: "Remarque", Voice.QUESTION: "Question"}
SIZES = {"Title": 24, "Subtitle": 13, "Heading 1": 15, "Heading 2": 12, "Normal": 11, "Remarque": 9.5, "Question": 11}
SPACES = {
    "Title": (0, 8), "Subtitle": (0, 5), "Heading 1": (14, 3), "Heading 2": (7, 1), "Normal": (0, 4),
    "List Bullet": (0, 2), "Remarque": (0, 4), "Question": (0, 4),
}  # fmt: skip
"""Points before and after: two pages hold a usual sheet told to a town hall."""
FONT, LINE, MARGIN = "Calibri", 1.1, Cm(2)


def write(told: Document) -> bytes:
    """The bytes of the file; the same document gives the same text."""
    written = docx.Document()
    _set_up(written, told)
    names = {style.name: style.style_id for style in written.styles if style.name is not None}

    def add(style: str, text: str, language: str = "") -> None:
        # By its identifier: the library reads the whole list of styles again for each name, 4 ms a paragraph.
        paragraph = written.add_paragraph()
        paragraph._p.style = names[style]
        _say(paragraph, text, language)

    add("Title", told.title, told.language)
    for block in told.blocks:
        match block:
            case Title(text, level):
                add(f"Heading {level}", text)
            case Text(text, voice, language):
                add(STYLES[voice], text, language)
            case Items(texts):
                for text in texts:
                    add("List Bullet", text)
            case Ends():
                _table(written, block)
            case Link(before, address):
                _link(written.add_paragraph(before), address)
    buffer = io.BytesIO()
    written.save(buffer)
    return buffer.getvalue()


def _set_up(written: Written, told: Document) -> None:
    """A4 with sensible margins, French, styles of our own, and who wrote what when."""
    section = written.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = MARGIN
    styles: Any = written.styles
    for name in ("Remarque", "Question"):
        styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH).base_style = styles["Normal"]
    for name, size in SIZES.items():
        font = styles[name].font
        font.name, font.size = FONT, Pt(size)
        font.italic = name == "Question"
        font.color.rgb = GREY if name in ("Remarque", "Question") else INK
        fonts = styles[name].element.rPr.rFonts
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)  # a font of the theme would win over the one that is named
    for name, (before, after) in SPACES.items():
        shape = styles[name].paragraph_format
        shape.space_before, shape.space_after, shape.line_spacing = Pt(before), Pt(after), LINE
        if name.startswith("Heading") or name == "Question":
            shape.keep_with_next = True  # with its text, or with the room for an answer
    for language in styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), LANGUAGE)
    about = written.core_properties
    about.title, about.subject, about.author = told.title[:255], told.subject[:255], told.author[:255]
    about.last_modified_by, about.comments, about.language = told.author[:255], "", LANGUAGE
    about.created = about.modified = dt.datetime.combine(told.day, dt.time(), dt.UTC).replace(tzinfo=None)


def _say(paragraph: Paragraph, text: str, language: str) -> None:
    """The text, marked with its language where it is not French."""
    run = paragraph.add_run(text)
    if language and language != "fr":
        mark = OxmlElement("w:lang")
        mark.set(qn("w:val"), language)
        run._r.get_or_add_rPr().append(mark)


def _table(written: Written, ends: Ends) -> None:
    table = written.add_table(rows=2, cols=2, style="Table Grid")
    for column, (head, lines) in enumerate((("Ici", ends.here), ("Là-bas", ends.there))):
        table.cell(0, column).paragraphs[0].add_run(head).bold = True
        cell = table.cell(1, column)
        cell.paragraphs[0].add_run(lines[0] if lines else "")
        for line in lines[1:]:
            cell.add_paragraph(line)
        for paragraph in (*table.cell(0, column).paragraphs, *cell.paragraphs):
            shape = paragraph.paragraph_format
            shape.space_before = shape.space_after = Pt(1)
    head_row = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(head_row)
    written.add_paragraph()


def _link(paragraph: Paragraph, address: str) -> None:
    number = paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    link, run, text = OxmlElement("w:hyperlink"), OxmlElement("w:r"), OxmlElement("w:t")
    link.set(qn("r:id"), number)
    text.text = address
    run.append(text)
    link.append(run)
    paragraph._p.append(link)
