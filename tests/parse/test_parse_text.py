"""Formats without pages of their own."""

import io
import string
import zipfile
from email.message import EmailMessage

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract_bridge.core.errors import DocumentError
from extract_bridge.parse.html import read_html
from extract_bridge.parse.layout import find_tables, lines_of
from extract_bridge.parse.open import count_pages, parse_document
from extract_bridge.parse.text import decode, read_csv, read_markdown, read_text
from extract_bridge.parse.wide import wide_encoding

WORDS = st.text(string.ascii_letters + string.digits + "äöüß€.-", min_size=1, max_size=30)
LINES = st.lists(st.lists(WORDS, max_size=30).map(" ".join), max_size=150)


def parse(tmp_path, data, name, **keywords):
    path = tmp_path / "stored"
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return parse_document(path, name=name, **keywords)


def texts(pages):
    return [word.text for page in pages for word in page.words]


def assert_sound(pages):
    for page in pages:
        assert page.source == "synthetic"
        for word in page.words:
            assert 0 <= word.x0 < word.x1 <= page.width
            assert 0 <= word.y0 < word.y1 <= page.height
        on_page = {id(word) for word in page.words}
        for table in page.tables:
            assert len({len(row) for row in table.rows}) == 1
            assert all(id(word) in on_page for row in table.rows for cell in row for word in cell.words)


@given(LINES)
def test_no_word_of_a_text_is_lost(lines):
    pages = read_text("\n".join(lines).encode())
    assert texts(pages) == " ".join(lines).split()
    assert_sound(pages)


@given(
    st.lists(
        st.lists(st.lists(WORDS, max_size=12).map(" ".join), min_size=2, max_size=6), min_size=1, max_size=80
    )
)
def test_no_word_of_a_csv_is_lost(rows):
    text = "\n".join(",".join(f'"{cell}"' for cell in row) for row in rows)
    pages = read_csv(text.encode())
    assert sorted(texts(pages)) == sorted(" ".join(cell for row in rows for cell in row).split())
    assert_sound(pages)


@given(st.text(max_size=400))
def test_any_text_is_read(text):
    data = text.encode("utf-8", "surrogatepass")
    for read in (read_text, read_csv, read_markdown, read_html):
        assert_sound(read(data))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings(encoding):
    assert decode("Größe\r\n5 €".encode(encoding)) == "Größe\n5 €"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_two_bytes_a_character_without_a_mark_are_known(tmp_path, encoding):
    table = parse(tmp_path, "Name;Größe\nÖl;1,5\nWachs;22\n".encode(encoding), "a.csv").pages[0].tables[0]
    assert [[cell.text for cell in row] for row in table.rows] == [
        ["Name", "Größe"],
        ["Öl", "1,5"],
        ["Wachs", "22"],
    ]


@given(st.text("abc äß€,;\n", min_size=8).map(lambda text: text + "x" * len(text)))
def test_text_of_one_byte_a_character_is_never_taken_for_two(text):
    assert wide_encoding(text.encode()) is None
    assert wide_encoding(bytes(range(256)) * 4) is None


def test_the_line_that_names_the_sign_between_cells_is_obeyed_and_not_read(tmp_path):
    table = parse(tmp_path, "sep=;\r\nName, first;Sum\r\nAda, B;1,50\r\n", "a.csv").pages[0].tables[0]
    assert [[cell.text for cell in row] for row in table.rows] == [["Name, first", "Sum"], ["Ada, B", "1,50"]]
    assert table.header_rows == 1


def test_markdown_code_is_shown_as_it_is_and_signs_are_spelled_out(tmp_path):
    text = "A &amp; B&nbsp;C &unknown; AT&T\n```json\n| a | b |\n|---|---|\n**x**\n```\nDone<br/>now\n"
    page = parse(tmp_path, text, "a.md").pages[0]
    lines = ["A & B C &unknown; AT&T", "| a | b |", "|---|---|", "**x**", "Done now"]
    assert [line.text for line in lines_of(page)] == lines
    assert not page.tables


def test_places_where_html_may_break_a_word_are_not_seen(tmp_path):
    text = "<html><p>co&shy;oper<wbr>ation a&#8203;b</p><table><tr><td>x&shy;y</td></tr></table></html>"
    assert texts(parse(tmp_path, text, "a.html").pages) == ["cooperation", "ab", "xy"]


def test_a_long_text_has_several_pages(tmp_path):
    text = "\n".join(f"line {number}" for number in range(150))
    document = parse(tmp_path, text, "a.txt", target_pages=[3])
    assert document.page_count == 3
    assert document.pages[0].number == 3
    assert lines_of(document.pages[0])[0].text == "line 120"
    assert count_pages(tmp_path / "stored", name="a.txt") == 3


def test_a_form_feed_begins_a_page(tmp_path):
    assert [texts([page]) for page in parse(tmp_path, "one\ftwo", "a.txt").pages] == [["one"], ["two"]]


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_the_sign_between_cells_is_found(tmp_path, sign):
    rows = [["Name", "Amount, EUR"], ["A b", "1,50"], ["C", "2,75"]]
    text = "\n".join(
        sign.join(f'"{cell}"' if "," in cell and sign == "," else cell for cell in row) for row in rows
    )
    table = parse(tmp_path, text, "a.csv").pages[0].tables[0]
    assert [[cell.text for cell in row] for row in table.rows] == rows
    assert table.header_rows == 1


def test_a_csv_over_several_pages_keeps_its_heading_once(tmp_path):
    text = "id,name\n" + "\n".join(f"{number},n{number}" for number in range(100))
    pages = parse(tmp_path, text, "a.csv").pages
    assert [(len(page.tables[0].rows), page.tables[0].header_rows) for page in pages] == [(60, 1), (41, 0)]


def test_markdown_tables_and_marks(tmp_path):
    text = (
        "# Report **2024**\n\nSee [the site](http://x.y).\n\n| Item | Price |\n|---|--:|\n| Pen | `1.50` |\n"
    )
    page = parse(tmp_path, text, "a.md").pages[0]
    assert [line.text for line in lines_of(page)] == [
        "Report 2024",
        "See the site.",
        "Item Price",
        "Pen 1.50",
    ]
    assert page.words[0].bold
    assert [[cell.text for cell in row] for row in page.tables[0].rows] == [
        ["Item", "Price"],
        ["Pen", "1.50"],
    ]


HTML = """<!doctype html><html><head><title>No</title><style>p{}</style></head><body>
<h1>Invoice</h1><p>Total:<b> 12</b> EUR<br>paid</p><script>no()</script><p hidden>no</p><div style="display: none">no</div>
<dl><dt>Number</dt><dd>R-1</dd></dl>
<table><thead><tr><th>Item<th>Price</thead><tr><td>Pen<td>1.50<tr><td colspan=2>none</table></body></html>"""


def test_html_shows_what_a_browser_shows(tmp_path):
    page = parse(tmp_path, HTML, "a.html").pages[0]
    assert [line.text for line in lines_of(page)] == [
        "Invoice", "Total: 12 EUR", "paid", "Number R-1", "Item Price", "Pen 1.50", "none",
    ]  # fmt: skip
    table = page.tables[-1]
    assert [[cell.text for cell in row] for row in table.rows] == [
        ["Item", "Price"],
        ["Pen", "1.50"],
        ["none", ""],
    ]
    assert (table.header_rows, table.rows[2][0].column_span) == (1, 2)
    assert find_tables(page) == list(page.tables)


def test_html_is_known_by_its_content(tmp_path):
    assert parse(tmp_path, HTML, "a.txt").media_type == "text/html"


def test_deeply_nested_html_is_read():
    assert texts(read_html(b"<div>" * 5000 + b"deep" + b"</div>" * 5000)) == ["deep"]


def test_a_mail_has_its_heading_lines_and_body(tmp_path):
    message = EmailMessage()
    message["Subject"] = "Grüße aus Köln"
    message["From"] = "Ada <ada@example.com>"
    message["To"] = "b@example.com"
    message.set_content("Hello\n\nwith a body")
    message.add_attachment(b"x", maintype="application", subtype="pdf", filename="a.pdf")
    document = parse(tmp_path, message.as_bytes(), "a.eml")
    assert document.media_type == "message/rfc822"
    assert [line.text for line in lines_of(document.pages[0])] == [
        "Subject: Grüße aus Köln", "From: Ada <ada@example.com>", "To: b@example.com", "Attachment: a.pdf", "Hello", "with a body",
    ]  # fmt: skip


def test_a_text_document_of_an_office_program(tmp_path):
    file = docx.Document()
    file.add_heading("Report", 1)
    file.add_paragraph("Some words")
    table = file.add_table(rows=2, cols=3)
    for at, text in enumerate(("Item", "Qty", "Price", "Pen", "2", "3.00")):
        table.cell(at // 3, at % 3).text = text
    buffer = io.BytesIO()
    file.save(buffer)
    page = parse(tmp_path, buffer.getvalue(), "a.docx").pages[0]
    assert [line.text for line in lines_of(page)] == ["Report", "Some words", "Item Qty Price", "Pen 2 3.00"]
    assert page.tables[0].header_rows == 1
    assert_sound([page])


def workbook(rows):
    """The smallest workbook with one sheet of texts and numbers."""
    cells = "".join(
        "<row>" + "".join(
            f"<c><v>{value}</v></c>" if isinstance(value, (int, float)) else f'<c t="inlineStr"><is><t>{value}</t></is></c>'
            for value in row
        ) + "</row>"
        for row in rows
    )  # fmt: skip
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    relations = "http://schemas.openxmlformats.org/package/2006/relationships"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    parts = {
        "[Content_Types].xml": "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'/>",
        "_rels/.rels": f"<Relationships xmlns='{relations}'><Relationship Id='r1' Type='{office}/officeDocument' Target='xl/workbook.xml'/></Relationships>",
        "xl/_rels/workbook.xml.rels": f"<Relationships xmlns='{relations}'><Relationship Id='r1' Type='{office}/worksheet' Target='worksheets/sheet1.xml'/></Relationships>",
        "xl/workbook.xml": f"<workbook xmlns='{main}' xmlns:r='{office}'><sheets><sheet name='S' sheetId='1' r:id='r1'/></sheets></workbook>",
        "xl/worksheets/sheet1.xml": f"<worksheet xmlns='{main}'><sheetData>{cells}</sheetData></worksheet>",
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return buffer.getvalue()


def test_a_workbook(tmp_path):
    data = workbook([["Sales"], ["Team", "Cups"], ["Blues", 1], ["Maple Leafs", 13.5]])
    document = parse(tmp_path, data, "a.xlsx")
    page = document.pages[0]
    assert [line.text for line in lines_of(page)] == ["Sales", "Team Cups", "Blues 1", "Maple Leafs 13.5"]
    assert [[cell.text for cell in row] for row in page.tables[0].rows] == [
        ["Team", "Cups"],
        ["Blues", "1"],
        ["Maple Leafs", "13.5"],
    ]
    assert_sound([page])


def test_a_damaged_workbook_is_a_typed_error(tmp_path):
    data = workbook([["Team", "Cups"]])
    buffer = io.BytesIO(data)
    with zipfile.ZipFile(buffer, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("xl/workbook.xml", "<workbook")
    with pytest.raises(DocumentError) as caught:
        parse(tmp_path, buffer.getvalue(), "a.xlsx")
    assert caught.value.code == "broken"


def test_a_workbook_with_a_password_is_encrypted(tmp_path):
    data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16-le")
    with pytest.raises(DocumentError) as caught:
        parse(tmp_path, data, "a.xlsx")
    assert caught.value.code == "encrypted"


@pytest.mark.parametrize("name", ["a.csv", "a.tsv"])
def test_a_cell_without_end_is_a_typed_error(tmp_path, name):
    sign = "," if name == "a.csv" else "\t"
    with pytest.raises(DocumentError, match="a cell of the table is too long"):
        parse(tmp_path, f"a{sign}b\n1{sign}" + '"' + "x" * 200_000, name)


def letter() -> io.BytesIO:
    buffer = io.BytesIO()
    document = docx.Document()
    document.add_paragraph("Number: A-17")
    document.save(buffer)
    return buffer


@pytest.mark.parametrize("name", ["a.docx", "a.xlsx"])
@pytest.mark.parametrize("bomb", ["size", "ratio", "entries"])
def test_an_office_file_that_would_expand_too_far_is_not_opened(tmp_path, name, bomb):
    buffer = letter() if name == "a.docx" else io.BytesIO(workbook([["Number", "A-17"]]))
    assert "A-17" in texts(parse(tmp_path, buffer.getvalue(), name).pages)
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as archive:
        if bomb == "entries":
            for number in range(20_001):
                archive.writestr(f"media/{number}", "")
        else:
            with archive.open("media/image1.png", "w", force_zip64=True) as entry:
                for _ in range(600 if bomb == "size" else 64):
                    entry.write(bytes(1 << 20))
    with pytest.raises(DocumentError, match="its archive (expands to|holds)") as caught:
        parse(tmp_path, buffer.getvalue(), name)
    assert (caught.value.code, caught.value.where) == ("too_large", name)
