"""Text documents as a word processor shows them: changes, content controls, text boxes, hidden text."""

from __future__ import annotations

import io

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from extract_bridge.parse.office import read_docx

RUN = "<w:r><w:t xml:space='preserve'>{}</w:t></w:r>"
CHANGED = (
    RUN.format("The fee is ")
    + "<w:del w:id='1' w:author='a'><w:r><w:delText>100</w:delText></w:r></w:del>"
    + "<w:ins w:id='2' w:author='a'>" + RUN.format("250") + "</w:ins>"
    + RUN.format(" EUR") + "<w:r><w:rPr><w:vanish/></w:rPr><w:t>secret</w:t></w:r>"
    + "<w:r><w:rPr><w:vanish w:val='0'/></w:rPr><w:t>!</w:t></w:r>"
)  # fmt: skip
BOX = (
    "<w:r><mc:AlternateContent xmlns:mc='http://schemas.openxmlformats.org/markup-compatibility/2006'>"
    "<mc:Choice Requires='wps'><w:drawing><w:txbxContent><w:p>{0}</w:p></w:txbxContent></w:drawing></mc:Choice>"
    "<mc:Fallback><w:pict><w:txbxContent><w:p>{0}</w:p></w:txbxContent></w:pict></mc:Fallback>"
    "</mc:AlternateContent></w:r>"
).format(RUN.format("Invoice 4711"))
CONTROL = (
    "<w:sdt {}><w:sdtPr><w:alias w:val='x'/></w:sdtPr><w:sdtContent><w:p>{}</w:p></w:sdtContent></w:sdt>"
)


def lines(document: docx.document.Document) -> list[str]:
    buffer = io.BytesIO()
    document.save(buffer)
    (page,) = read_docx(buffer.getvalue(), "a.docx")
    rows: dict[float, list[str]] = {}
    for word in page.words:
        rows.setdefault(word.y0, []).append(word.text)
    return [" ".join(row) for row in rows.values()]


def paragraph(inner: str) -> object:
    return parse_xml(f"<w:p {nsdecls('w')}>{inner}</w:p>")


def test_what_was_inserted_is_read_and_what_was_struck_out_or_hidden_is_not() -> None:
    document = docx.Document()
    document.element.body.insert(0, paragraph(CHANGED))
    assert lines(document) == ["The fee is 250 EUR!"]


def test_a_text_box_is_read_once_after_the_paragraph_that_holds_it() -> None:
    document = docx.Document()
    document.element.body.insert(0, paragraph(RUN.format("Above") + BOX))
    document.add_paragraph("Below")
    assert lines(document) == ["Above", "Invoice 4711", "Below"]


def test_content_controls_are_read_in_the_body_the_heading_and_a_cell() -> None:
    document = docx.Document()
    document.element.body.insert(0, parse_xml(CONTROL.format(nsdecls("w"), RUN.format("Client: Ada"))))
    header = document.sections[0].header
    header.is_linked_to_previous = False
    header._element.append(parse_xml(CONTROL.format(nsdecls("w"), RUN.format("Page head"))))
    cell = document.add_table(1, 1).cell(0, 0)
    cell._element.insert(1, parse_xml(CONTROL.format(nsdecls("w"), RUN.format("In a cell"))))
    assert lines(document) == ["Page head", "Client: Ada", "In a cell"]


def test_tabs_line_ends_and_hyphens_are_kept() -> None:
    document = docx.Document()
    signs = "<w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:noBreakHyphen/><w:t>c</w:t><w:br/><w:t>d</w:t></w:r>"
    document.element.body.insert(0, paragraph(signs))
    assert lines(document) == ["a b-c", "d"]
