"""Headings of columns, and headings that stand between them and the rows, on pages made here."""

import io

import pytest
from reportlab.pdfgen.canvas import Canvas

from extract_bridge.parse.layout import find_tables
from extract_bridge.parse.pdf import read_pdf_pages

COLUMNS = (50, 250, 350)


def page_of(lines, rules=()):
    """A page of (y, [(x, text), ...]) lines counted from the top; a text that begins with `*` is bold."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(600, 800), invariant=1)
    for y, pieces in lines:
        for x, text in pieces:
            canvas.setFont("Helvetica-Bold" if text.startswith("*") else "Helvetica", 10)
            canvas.drawString(x, 800 - y, text.removeprefix("*"))
    for x0, y0, x1, y1 in rules:
        canvas.line(x0, 800 - y0, x1, 800 - y1)
    canvas.showPage()
    canvas.save()
    return read_pdf_pages(buffer.getvalue(), "a.pdf", [1])[0][0]


def row(y, *texts):
    return y, list(zip(COLUMNS, texts, strict=True))


def texts_of(table):
    return [[cell.text for cell in cells] for cells in table.rows]


HEAD = row(100, "Article", "Price", "Stock")
APPLES, PEARS = row(134, "Apples", "2.00", "17"), row(148, "Pears", "3.50", "4")


@pytest.mark.parametrize(
    ("over", "rules"),
    [
        ("Fruit", [(50, 105, 400, 105)]),
        ("Fruit of this year and of the last, kept cool and dry in store", []),
    ],
    ids=["a drawn line is between", "it is wider than a column"],
)
def test_a_text_between_headings_and_rows_heads_rows(over, rules):
    [table] = find_tables(page_of([HEAD, (119, [(50, over)]), APPLES, PEARS], rules))
    assert texts_of(table) == [
        ["Article", "Price", "Stock"],
        [over, "", ""],
        ["Apples", "2.00", "17"],
        ["Pears", "3.50", "4"],
    ]


@pytest.mark.parametrize("place", [50, 215])
def test_a_bold_text_as_others_further_down_heads_rows(place):
    lines = [
        HEAD,
        (119, [(place, "*Group A")]),
        APPLES,
        PEARS,
        (162, [(place, "*Group B")]),
        row(177, "Leeks", "1.00", "9"),
    ]
    [table] = find_tables(page_of(lines))
    assert table.header_rows == 1
    assert texts_of(table)[0] == ["Article", "Price", "Stock"]
    assert [sum(map(bool, cells)) for cells in texts_of(table)[1:]] == [1, 3, 3, 1, 3]


def test_the_second_line_of_a_heading_is_none():
    lines = [HEAD, (112, [(50, "by name")]), APPLES, PEARS]
    [table] = find_tables(page_of(lines))
    assert texts_of(table)[0] == ["Article by name", "Price", "Stock"]


def test_a_name_that_begins_with_a_small_letter_does_not_go_on_with_the_line_above():
    lines = [
        HEAD,
        row(119, "Sodium", "2.00", "17"),
        (140, [(50, "Acids")]),
        row(154, "pH value", "7.10", "1"),
        row(168, "Iron", "1.00", "2"),
    ]
    [table] = find_tables(page_of(lines))
    assert ["Acids", "", ""] in texts_of(table)
    assert ["pH value", "7.10", "1"] in texts_of(table)


def test_a_thousand_with_a_space_stays_in_one_column():
    lines = [
        HEAD,
        *(row(119 + 14 * at, f"Item {at}", f"{at}1.00", f"{at}00") for at in range(6)),
        (217, [(50, "Sum"), (232, "12 345.00")]),
    ]
    [table] = find_tables(page_of(lines))
    assert texts_of(table)[-1] == ["Sum", "12 345.00", ""]


def test_a_line_across_the_columns_does_not_join_them():
    rows = [row(119 + 14 * at, f"Item {at}", f"{at}1.00", f"{at}0") for at in range(6)]
    [table] = find_tables(
        page_of([HEAD, *rows, (203, [(50, "Balance carried over to the page that follows on 3 May 9.00")])])
    )
    assert texts_of(table)[:2] == [["Article", "Price", "Stock"], ["Item 0", "01.00", "00"]]


def test_a_heading_apart_from_what_is_above_it_starts_a_table():
    form = [(40, [(50, "Ana"), (250, "Room 12")]), (54, [(50, "Mill Lane"), (250, "Guests 3")])]
    head = (96, [(50, "Date"), (120, "What"), (350, "Price")])
    rows = [
        (112 + 14 * at, [(50, f"0{at + 1}/03/2024"), (120, "Room"), (350, f"{at}9.00")]) for at in range(4)
    ]
    table = find_tables(page_of([*form, head, *rows]))[-1]
    assert texts_of(table)[:2] == [["Date", "What", "Price"], ["01/03/2024", "Room", "09.00"]]
