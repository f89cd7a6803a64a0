"""What stands once and is said of several rows or columns: merged cells, sheets of the same things, titles with numbers, turns of headings."""

import io

import docx
import pytest
from reportlab.pdfgen.canvas import Canvas

from extract_bridge.local.engine.engine import ExtractRequest, RulesEngine
from extract_bridge.local.engine.tables.read import rows_for
from extract_bridge.parse.model import Cell, Page, ParsedDocument, Table, Word
from extract_bridge.parse.open import parse_document

TEXT = {"type": ["string", "null"]}
WHOLE = {"type": ["integer", "null"]}
NUMBER = {"type": ["number", "null"]}


def rows_of(document, target="per_table_row", **properties):
    request = ExtractRequest(
        data_schema={"type": "object", "properties": properties}, extraction_target=target
    )
    return [record.data for record in RulesEngine().extract(document, request)]


def read(tmp_path, data, name):
    path = tmp_path / "stored"
    path.write_bytes(data)
    return parse_document(path, name=name)


def pdf(lines):
    """A page of (y, [(x, text), ...]) lines, counted from the top."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(600, 800), invariant=1)
    canvas.setFont("Helvetica", 10)
    for y, pieces in lines:
        for x, text in pieces:
            canvas.drawString(x, 800 - y, text)
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def test_merged_cells_of_a_text_document_are_said_of_each_row_and_heading(tmp_path):
    document = docx.Document()
    table = document.add_table(rows=6, cols=4)
    texts = [
        ("Region", "City", "Sales", ""),
        ("", "", "2023", "2024"),
        ("North", "Oslo", "10", "11"),
        ("", "Bergen", "12", "13"),
        ("South", "Rome", "9", "8"),
        ("", "Naples", "4", "5"),
    ]
    for y, row in enumerate(texts):
        for x, text in enumerate(row):
            table.cell(y, x).text = text
    for first, last in (
        ((0, 2), (0, 3)),
        ((0, 0), (1, 0)),
        ((0, 1), (1, 1)),
        ((2, 0), (3, 0)),
        ((4, 0), (5, 0)),
    ):
        merged = table.cell(*first).merge(table.cell(*last))
        merged.text = texts[first[0]][first[1]]
    buffer = io.BytesIO()
    document.save(buffer)
    rows = rows_of(
        read(tmp_path, buffer.getvalue(), "a.docx"),
        region=TEXT,
        city=TEXT,
        sales_2023=WHOLE,
        sales_2024=WHOLE,
    )
    assert [tuple(row.values()) for row in rows] == [
        ("North", "Oslo", 10, 11),
        ("North", "Bergen", 12, 13),
        ("South", "Rome", 9, 8),
        ("South", "Naples", 4, 5),
    ]


def sheets(*sheets):
    """A workbook as it is laid out: each sheet a page with its name over a table."""
    pages = []
    for number, (title, rows) in enumerate(sheets, 1):
        placed = [
            [
                Cell((Word(text, 50.0 + 100 * x, 60.0 + 12 * y, 90.0 + 100 * x, 70.0 + 12 * y, 10.0),))
                for x, text in enumerate(row)
            ]
            for y, row in enumerate(rows)
        ]
        words = [
            Word(title, 50.0, 40.0, 90.0, 50.0, 10.0),
            *(word for row in placed for cell in row for word in cell.words),
        ]
        table = Table(tuple(map(tuple, placed)))
        pages.append(Page(number, 600, 800, tuple(words), tables=(table,), source="synthetic"))
    return ParsedDocument("a.xlsx", "", tuple(pages), len(pages))


HEAD = ("Team", "City", "Cups")


@pytest.mark.parametrize(("again", "count"), [(("Blues", "Flyers"), 2), (("Kings", "Ducks"), 4)])
def test_a_sheet_about_the_same_things_is_another_view_of_them(again, count):
    first = [HEAD, ("Blues", "STL", "1"), ("Flyers", "PHI", "2")]
    second = [HEAD, (again[0], "STL", "0"), (again[1], "PHI", "1")]
    document = sheets(("All", first), ("Recent", second))
    properties = {"team": TEXT, "city": TEXT, "cups": WHOLE}
    rows = rows_for(document, {"type": "object", "properties": properties}, lang=None)
    assert len(rows) == count


def test_titles_of_tables_of_the_same_columns_are_said_of_their_rows_with_their_numbers_apart(tmp_path):
    lines, y = [], 60
    for title, rows in (
        ("Event 8 Butterfly over one hundred metres", [("Ana", "59.87"), ("Ben", "61.02")]),
        ("Event 9 Medley over two hundred metres", [("Cleo", "70.10"), ("Dan", "71.30")]),
    ):
        lines += [(y, [(50, title)]), (y + 14, [(50, "Name"), (250, "Time")])]
        lines += [(y + 28 + 12 * at, [(50, name), (250, time)]) for at, (name, time) in enumerate(rows)]
        y += 90
    rows = rows_of(read(tmp_path, pdf(lines), "a.pdf"), event_number=WHOLE, event=TEXT, name=TEXT, time=TEXT)
    assert [tuple(row.values()) for row in rows] == [
        (8, "Butterfly over one hundred metres", "Ana", "59.87"),
        (8, "Butterfly over one hundred metres", "Ben", "61.02"),
        (9, "Medley over two hundred metres", "Cleo", "70.10"),
        (9, "Medley over two hundred metres", "Dan", "71.30"),
    ]


def test_headings_that_repeat_are_headed_in_turns_and_the_first_column_may_name_the_headings_between_rows(
    tmp_path,
):
    lines = [
        (60, [(260, "Women"), (420, "Men")]),
        (74, [(50, "Characteristic"), (250, "Share"), (320, "Count"), (410, "Share"), (480, "Count")]),
    ]
    y = 90
    for group, rows in (("Smoking", ("Never", "Former")), ("Income", ("Low", "High"))):
        lines.append((y, [(50, group)]))
        for at, name in enumerate(rows, 1):
            lines.append(
                (
                    y + 14 * at,
                    [(65, name), (250, f"{at}1.0"), (320, f"{at}2"), (410, f"{at}3.0"), (480, f"{at}4")],
                )
            )
        y += 50
    rows = rows_of(
        read(tmp_path, pdf(lines), "a.pdf"),
        characteristic=TEXT, answer=TEXT, women_share=NUMBER, women_count=WHOLE, men_share=NUMBER, men_count=WHOLE,
    )  # fmt: skip
    assert [tuple(row.values()) for row in rows[:3]] == [
        ("Smoking", "Never", 11.0, 12, 13.0, 14),
        ("Smoking", "Former", 21.0, 22, 23.0, 24),
        ("Income", "Low", 11.0, 12, 13.0, 14),
    ]


def test_an_amount_beside_a_quantity_is_none(tmp_path):
    lines = [(60, [(50, "Artikel"), (250, "Menge"), (350, "Entgelt")])]
    lines += [
        (74 + 12 * at, [(50, name), (250, f"{at + 1}"), (350, f"{at}5,00")])
        for at, name in enumerate(("Nagel", "Mutter", "Kette"))
    ]
    rows = rows_of(read(tmp_path, pdf(lines), "a.pdf"), description=TEXT, amount=NUMBER, quantity=NUMBER)
    assert rows[1] == {"description": "Mutter", "amount": 15.0, "quantity": 2}


def test_the_half_of_the_day_belongs_to_the_time_before_it(tmp_path):
    lines = [(60, [(50, "Day"), (150, "Time"), (300, "Programme")])]
    lines += [(74 + 12 * at, [(50, "Mo"), (150, f"{at + 1}:15 PM"), (300, "News")]) for at in range(4)]
    rows = rows_of(read(tmp_path, pdf(lines), "a.pdf"), day=TEXT, time=TEXT, programme=TEXT)
    assert rows[0] == {"day": "Mo", "time": "1:15 PM", "programme": "News"}


def test_a_column_headed_by_the_sign_of_percent_is_no_amount(tmp_path):
    stored = tmp_path / "stored"
    stored.write_text(
        "Loan,12/31/2010 $000's,12/31/2010 %,6/30/2011 $000's,6/30/2011 %\nHomes,4090,27.5,3925,24.9\nShops,331,2.2,284,1.8\n"
    )
    names = ("amount_2010", "percent_2010", "amount_2011", "percent_2011")
    days = {"2010": "12/31/2010", "2011": "6/30/2011"}
    asked = {
        name: {**NUMBER, "description": f"$000's at {days[name[-4:]]}"} if name.startswith("a") else NUMBER
        for name in names
    }
    [homes, shops] = rows_of(parse_document(stored, name="made.csv"), loan=TEXT, **asked)
    assert homes == {"loan": "Homes", **dict(zip(names, (4090, 27.5, 3925, 24.9), strict=True))}
    assert shops["amount_2011"] == 284
