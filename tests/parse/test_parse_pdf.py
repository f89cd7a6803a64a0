"""PDF pages, made here with reportlab and turned and cut with pypdfium2."""

import io
import threading

import pypdfium2 as pdfium
import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from extract_bridge.core.errors import DocumentError, PageRangeError
from extract_bridge.parse.glyphs import spaced
from extract_bridge.parse.layout import find_tables, lines_of
from extract_bridge.parse.model import Word
from extract_bridge.parse.open import count_pages, parse_document

SIZE = (400, 300)


def pdf(draw=None, *, pages=1, encrypt=None):
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=SIZE, encrypt=encrypt, invariant=1)
    for number in range(1, pages + 1):
        if draw is None:
            canvas.setFont("Helvetica", 12)
            canvas.drawString(50, 250, f"Invoice {number}")
            canvas.drawString(300, 40, "corner")
        else:
            draw(canvas)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def changed(data, change):
    document = pdfium.PdfDocument(data)
    page = document[0]
    change(page)
    buffer = io.BytesIO()
    document.save(buffer)
    page.close()
    document.close()
    return buffer.getvalue()


def parse(tmp_path, data, name="a.pdf", **keywords):
    path = tmp_path / "stored"
    path.write_bytes(data)
    return parse_document(path, name=name, **keywords)


def box_of(page, text):
    word = next(word for word in page.words if word.text == text)
    return word.x0, word.y0, word.x1, word.y1


def test_words_have_their_text_box_and_size(tmp_path):
    page = parse(tmp_path, pdf()).pages[0]
    assert [word.text for word in page.words] == ["Invoice", "1", "corner"]
    x0, y0, x1, y1 = box_of(page, "Invoice")
    assert x0 == pytest.approx(50, abs=1.5)
    assert x1 == pytest.approx(50 + 39.4, abs=2)  # the width of the word in 12 point Helvetica
    assert y0 < 300 - 250 - 6 < y1
    assert y1 == pytest.approx(52.5, abs=2)
    assert page.words[0].size == pytest.approx(12)
    assert (page.width, page.height, page.number, page.source) == (400, 300, 1, "text")


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_a_turned_page_is_read_as_it_is_seen(tmp_path, rotation):
    plain = box_of(parse(tmp_path, pdf()).pages[0], "corner")
    page = parse(tmp_path, changed(pdf(), lambda page: page.set_rotation(rotation))).pages[0]
    x0, y0, x1, y1 = plain
    seen = {
        0: (x0, y0, x1, y1),
        90: (300 - y1, x0, 300 - y0, x1),
        180: (400 - x1, 300 - y1, 400 - x0, 300 - y0),
        270: (y0, 400 - x1, y1, 400 - x0),
    }[rotation]
    assert box_of(page, "corner") == pytest.approx(seen, abs=0.01)
    assert (page.width, page.height) == ((300, 400) if rotation % 180 else (400, 300))


def test_the_origin_of_an_offset_media_box_is_applied(tmp_path):
    plain = box_of(parse(tmp_path, pdf()).pages[0], "Invoice")
    page = parse(tmp_path, changed(pdf(), lambda page: page.set_mediabox(20, 10, 400, 290))).pages[0]
    assert (page.width, page.height) == (380, 280)
    assert box_of(page, "Invoice") == pytest.approx(
        (plain[0] - 20, plain[1] - 10, plain[2] - 20, plain[3] - 10), abs=0.01
    )


def test_the_crop_box_is_the_page_and_hides_what_is_outside(tmp_path):
    plain = box_of(parse(tmp_path, pdf()).pages[0], "Invoice")
    page = parse(tmp_path, changed(pdf(), lambda page: page.set_cropbox(40, 100, 250, 280))).pages[0]
    assert (page.width, page.height) == (210, 180)
    assert [word.text for word in page.words] == ["Invoice", "1"]
    assert box_of(page, "Invoice") == pytest.approx(
        (plain[0] - 40, plain[1] - 20, plain[2] - 40, plain[3] - 20), abs=0.01
    )


def test_a_cropped_page_that_is_also_turned(tmp_path):
    def change(page):
        page.set_cropbox(40, 100, 250, 280)
        page.set_rotation(90)

    plain = box_of(
        parse(tmp_path, changed(pdf(), lambda page: page.set_cropbox(40, 100, 250, 280))).pages[0], "Invoice"
    )
    page = parse(tmp_path, changed(pdf(), change)).pages[0]
    assert (page.width, page.height) == (180, 210)
    assert box_of(page, "Invoice") == pytest.approx(
        (180 - plain[3], plain[0], 180 - plain[1], plain[2]), abs=0.01
    )


def test_bold_is_known_from_the_font(tmp_path):
    def draw(canvas):
        canvas.setFont("Helvetica-Bold", 10)
        canvas.drawString(50, 200, "Heavy")
        canvas.setFont("Helvetica", 10)
        canvas.drawString(50, 150, "light")

    assert [(word.text, word.bold) for word in parse(tmp_path, pdf(draw)).pages[0].words] == [
        ("Heavy", True),
        ("light", False),
    ]


def test_drawn_lines_become_rules(tmp_path):
    def draw(canvas):
        canvas.drawString(60, 205, "cell")
        canvas.line(50, 200, 150, 200)
        canvas.rect(50, 100, 100, 80)
        canvas.line(10, 10, 60, 90)  # slanting: no rule

    rules = parse(tmp_path, pdf(draw)).pages[0].rules
    ends = {tuple(round(v) for v in (rule.x0, rule.y0, rule.x1, rule.y1)) for rule in rules}
    assert ends == {
        (50, 100, 150, 100),
        (50, 120, 150, 120),
        (50, 200, 150, 200),
        (50, 120, 50, 200),
        (150, 120, 150, 200),
    }


def test_filled_form_fields_are_read(tmp_path):
    def draw(canvas):
        canvas.drawString(50, 250, "Name")
        canvas.acroForm.textfield(name="name", value="Ada Lovelace", x=100, y=240, width=200, height=20)
        canvas.acroForm.checkbox(name="yes", checked=True, x=100, y=200, size=12)
        canvas.acroForm.checkbox(name="no", checked=False, x=150, y=200, size=12)

    page = parse(tmp_path, pdf(draw)).pages[0]
    assert [word.text for word in page.words] == ["Name", "Ada", "Lovelace", "\u2612"]
    assert page.source == "form"
    x0, y0, x1, y1 = box_of(page, "Lovelace")
    assert 100 < x0 < x1 <= 300
    assert 40 <= y0 < y1 <= 60
    assert lines_of(page)[0].text == "Name Ada Lovelace"


def test_pages_come_in_the_order_asked_for(tmp_path):
    document = parse(tmp_path, pdf(pages=5), target_pages=[4, 1, 3])
    assert [page.number for page in document.pages] == [4, 1, 3]
    assert document.page_count == 5
    assert [page.words[1].text for page in document.pages] == ["4", "1", "3"]
    assert document.warnings == ()


def test_max_pages_truncates_and_says_so(tmp_path):
    document = parse(tmp_path, pdf(pages=3), max_pages=2)
    assert [page.number for page in document.pages] == [1, 2]
    assert len(document.warnings) == 1
    assert "2 of 3 pages" in document.warnings[0]


def picture(canvas):
    canvas.drawInlineImage(
        __import__("PIL.Image", fromlist=["Image"]).new("RGB", (8, 8), "red"), 10, 10, 200, 200
    )


def test_a_document_of_images_names_the_extra(tmp_path):
    with pytest.raises(DocumentError) as caught:
        parse(tmp_path, pdf(picture))
    assert caught.value.code == "needs_ocr"
    assert 'pip install "extract-bridge[ocr]"' in str(caught.value)


def test_an_image_page_among_text_pages_is_a_warning(tmp_path):
    turns = iter((lambda c: c.drawString(50, 50, "text"), picture, lambda c: c.drawString(50, 50, "more")))
    document = parse(tmp_path, pdf(lambda canvas: next(turns)(canvas), pages=3))
    assert [len(page.words) for page in document.pages] == [1, 0, 1]
    assert document.warnings[0].startswith("page 2 is only an image")


def test_a_blank_page_among_others_is_no_error(tmp_path):
    turns = iter((lambda c: c.drawString(50, 50, "text"), lambda c: None))
    document = parse(tmp_path, pdf(lambda canvas: next(turns)(canvas), pages=2))
    assert document.pages[1].words == ()
    assert document.warnings == ()


def test_nothing_but_blank_pages_is_an_error(tmp_path):
    with pytest.raises(DocumentError, match="no text") as caught:
        parse(tmp_path, pdf(lambda canvas: None, pages=2))
    assert caught.value.code == "no_text"


def no_pages():
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[]/Count 0>>"]
    out = bytearray(b"%PDF-1.4\n")
    offsets = []
    for number, item in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj%sendobj\n" % (number, item)
    start = len(out)
    out += b"xref\n0 3\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % at for at in offsets)
    return bytes(out + b"trailer<</Size 3/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % start)


BAD = {
    "empty": (b"", "a.pdf", "empty_file"),
    "blank": (b" \n\n", "a.txt", "empty_file"),
    "not a PDF": (b"just some text", "a.pdf", "broken"),
    "cut off": (pdf()[:400], "a.pdf", "broken"),
    "only a header": (b"%PDF-1.7\n", "a.pdf", "broken"),
    "encrypted": (pdf(encrypt=StandardEncryption("secret")), "a.pdf", "encrypted"),
    "no pages": (no_pages(), "a.pdf", "no_pages"),
    "a program": (b"\x7fELF\x02\x01\x01" + bytes(64), "a.bin", "unsupported_type"),
    "a word file of 1997": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "a.doc", "unsupported_type"),
    "an archive": (b"PK\x03\x04" + bytes(100), "a.docx", "broken"),
    "a photograph": (b"\xff\xd8\xff\xe0" + bytes(50), "a.jpg", "broken"),
    "a photograph named PDF": (b"\x89PNG\r\n\x1a\n" + bytes(50), "a.pdf", "broken"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_documents_are_typed_errors(tmp_path, case):
    data, name, code = BAD[case]
    for read in (lambda path: parse_document(path, name=name), lambda path: count_pages(path, name=name)):
        path = tmp_path / "stored"
        path.write_bytes(data)
        with pytest.raises(DocumentError) as caught:
            read(path)
        assert caught.value.code == code
        assert caught.value.where == name
        assert caught.value.hint
        assert str(tmp_path) not in str(caught.value)


def test_a_pdf_with_another_suffix_is_a_pdf(tmp_path):
    document = parse(tmp_path, pdf(), name="invoice.txt")
    assert document.media_type == "application/pdf"
    assert document.pages[0].words[0].text == "Invoice"


@pytest.mark.parametrize("pages", [[4], [0], [1, 99], [-1]])
def test_a_page_outside_the_document(tmp_path, pages):
    with pytest.raises(PageRangeError) as caught:
        parse(tmp_path, pdf(pages=3), target_pages=pages)
    assert caught.value.code == "page_out_of_range"
    assert "1 to 3" in str(caught.value)


def test_too_many_pages(tmp_path, monkeypatch):
    monkeypatch.setenv("EXTRACT_BRIDGE_MAX_DOCUMENT_PAGES", "2")
    with pytest.raises(DocumentError) as caught:
        parse(tmp_path, pdf(pages=3))
    assert caught.value.code == "too_many_pages"


def test_several_threads_read_the_same_words(tmp_path):
    path = tmp_path / "stored"
    path.write_bytes(pdf(pages=20))
    expected = parse_document(path, name="a.pdf")
    results = []
    threads = [
        threading.Thread(target=lambda: results.append(parse_document(path, name="a.pdf"))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [expected] * 4


ROWS = [
    ("Item", "Qty", "Price"),
    ("Blue pen", "10", "1.50"),
    ("Large paper box", "2", "12.00"),
    ("Stapler", "1", "7.25"),
]


def table(canvas, *, ruled):
    canvas.setFont("Helvetica", 10)
    for number, (item, quantity, price) in enumerate(ROWS):
        y = 220 - 18 * number
        canvas.drawString(40, y, item)
        canvas.drawRightString(200, y, quantity)
        canvas.drawRightString(280, y, price)
    if ruled:
        for x in (36, 150, 210, 290):
            canvas.line(x, 234, x, 234 - 18 * len(ROWS))
        for number in range(len(ROWS) + 1):
            canvas.line(36, 234 - 18 * number, 290, 234 - 18 * number)


@pytest.mark.parametrize("ruled", [False, True])
def test_a_table_is_found_by_its_columns(tmp_path, ruled):
    page = parse(tmp_path, pdf(lambda canvas: table(canvas, ruled=ruled))).pages[0]
    found = find_tables(page)
    assert len(found) == 1
    assert [tuple(cell.text for cell in row) for row in found[0].rows] == ROWS
    assert found[0].header_rows == 1


def test_a_field_is_read_as_it_is_drawn(tmp_path):
    def draw(canvas):
        canvas.acroForm.textfield(
            name="a", value="iiii WWWW", x=100, y=240, width=200, height=20, fontSize=12
        )

    page = parse(tmp_path, pdf(draw)).pages[0]
    narrow, wide = page.words
    assert (narrow.text, wide.text) == ("iiii", "WWWW")
    assert wide.x1 - wide.x0 > 3 * (narrow.x1 - narrow.x0), "the font's own widths, not equal shares"
    (field,) = page.fields
    assert (field.kind, field.words) == ("text", page.words)


def noted(text):
    """A page with a text note that brings no looks of its own."""
    content = text.encode("ascii")
    body = (
        b"%%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n"
        b"3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 300]/Annots[4 0 R]>>\nendobj\n"
        b"4 0 obj\n<</Type/Annot/Subtype/FreeText/Rect[50 200 130 260]/F 4/DA(/Helv 10 Tf)/Contents(%s)>>\nendobj\n"
        % content
    )
    return body + b"trailer\n<</Size 5/Root 1 0 R>>\n%%EOF\n"


def test_a_text_note_is_part_of_the_page(tmp_path):
    page = parse(tmp_path, noted("Received with thanks on Friday")).pages[0]
    assert " ".join(word.text for word in page.words) == "Received with thanks on Friday"
    assert len(lines_of(page)) > 1, "wrapped in its box"
    assert all(50 <= word.x0 < word.x1 <= 130 and 40 <= word.y0 < word.y1 <= 100 for word in page.words)


@pytest.mark.parametrize("apart", [4, 8, 14, 20])
@pytest.mark.parametrize("text", ["INVOICE NUMBER", "DE893704004405"])
def test_characters_set_evenly_apart_are_one_word(tmp_path, apart, text):
    def draw(canvas):
        line = canvas.beginText(10, 200)
        line.setFont("Helvetica", 14)
        line.setCharSpace(apart)
        line.textOut(text)
        canvas.drawText(line)

    assert [word.text for word in parse(tmp_path, pdf(draw)).pages[0].words] == text.split()


def test_letters_drawn_one_by_one_are_cells(tmp_path):
    def draw(canvas):
        for column, letter in enumerate("ABCDEF"):
            canvas.drawString(50 + 14 * column, 250, letter)

    assert [word.text for word in parse(tmp_path, pdf(draw)).pages[0].words] == list("ABCDEF")


@pytest.mark.parametrize("apart", [(9, 9, 30, 9, 9), (40, 40, 40, 40, 40)], ids=["unevenly", "far"])
def test_characters_apart_by_no_even_step_are_words(apart):
    places = [sum(apart[:at]) for at in range(len(apart) + 1)]
    letters = [Word(letter, x, 0, x + 7, 12, 12.0) for letter, x in zip("ABCDEF", places, strict=True)]
    assert spaced(letters) == letters


def test_text_drawn_twice_for_boldness_is_read_once(tmp_path):
    def draw(canvas):
        for shift in (0, 0.3):
            canvas.drawString(50 + shift, 250, "Invoice total")
            canvas.drawString(200 + shift, 250, "11.00")
        canvas.drawString(240, 250, "11.00")

    assert [word.text for word in parse(tmp_path, pdf(draw)).pages[0].words] == [
        "Invoice",
        "total",
        "11.00",
        "11.00",
    ]
