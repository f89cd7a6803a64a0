"""Tables that are drawn around their cells: merged cells, cells of several lines, open sides, grids in pieces; on pages made here."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.pdfgen.canvas import Canvas

from extract_bridge.parse.layout import find_tables
from extract_bridge.parse.model import Page, Rule, Word
from extract_bridge.parse.pdf import read_pdf_pages
from extract_bridge.parse.ruled import ruled_tables


class Drawing:
    """A page of tables; places are counted from the top."""

    def __init__(self):
        self.buffer = io.BytesIO()
        self.canvas = Canvas(self.buffer, pagesize=(600, 800), bottomup=1, invariant=1)
        self.canvas.setFont("Helvetica", 10)

    def text(self, x, y, text):
        self.canvas.drawString(x, 800 - y, text)

    def line(self, x0, y0, x1, y1):
        self.canvas.line(x0, 800 - y0, x1, 800 - y1)

    def grid(self, top, widths, heights, cells, spans=(), *, sides=True):
        """Lines around each cell; a cell of several lines is a list. Gives the y below it."""
        xs, ys = [50], [top]
        xs += [50 + sum(widths[: i + 1]) for i in range(len(widths))]
        ys += [top + sum(heights[: i + 1]) for i in range(len(heights))]
        spans, covered = dict(spans), set()
        for r in range(len(heights)):
            for c in range(len(widths)):
                if (r, c) in covered:
                    continue
                high, wide = spans.get((r, c), (1, 1))
                covered |= {(r + i, c + j) for i in range(high) for j in range(wide)}
                left, right, upper, lower = xs[c], xs[c + wide], ys[r], ys[r + high]
                self.line(left, upper, right, upper)
                self.line(left, lower, right, lower)
                if sides or c:
                    self.line(left, upper, left, lower)
                if sides or c + wide < len(widths):
                    self.line(right, upper, right, lower)
                text = cells.get((r, c), "")
                for i, part in enumerate([text] if isinstance(text, str) else text):
                    self.text(left + 3, upper + 12 + 11 * i, part)
        return ys[-1]

    def page(self):
        self.canvas.showPage()
        self.canvas.save()
        return read_pdf_pages(self.buffer.getvalue(), "drawn.pdf", [1])[0][0]


def rows_of(table):
    return [[cell.text for cell in row] for row in table.rows]


def by_rows(*rows):
    return {(r, c): text for r, row in enumerate(rows) for c, text in enumerate(row) if text}


def test_a_cell_of_several_lines_is_one_cell_however_its_neighbours_are_filled():
    drawing = Drawing()
    cells = by_rows(
        ("Item", "Qty", "Remark"),
        (["Steel bolt", "zinc plated", "DIN 933"], "10", ["see drawing", "A-12"]),
        ("Washer", "20", "none"),
        (["Nut", "stainless"], "5", "urgent"),
    )
    drawing.grid(80, [120, 40, 100], [16, 40, 16, 28], cells)
    (table,) = find_tables(drawing.page())
    assert table.header_rows == 1
    assert rows_of(table) == [
        ["Item", "Qty", "Remark"],
        ["Steel bolt zinc plated DIN 933", "10", "see drawing A-12"],
        ["Washer", "20", "none"],
        ["Nut stainless", "5", "urgent"],
    ]


@pytest.mark.parametrize("at", [92, 110], ids=["at the top of its cell", "in the middle of its cell"])
def test_what_is_drawn_around_several_rows_is_said_of_each_of_them(at):
    drawing = Drawing()
    cells = by_rows(
        ("Region", "City", "Sales"),
        ("", "Oslo", "10"),
        ("", "Bergen", "12"),
        ("", "Tromso", "7"),
        ("South", "Rome", "9"),
    )
    drawing.grid(62, [80, 80, 60], [18] * 5, cells, {(1, 0): (3, 1)})
    drawing.text(53, at, "North")
    (table,) = find_tables(drawing.page())
    assert [row[0] for row in rows_of(table)] == ["Region", "North", "North", "North", "South"]
    assert [cell.row_span for cell in table.rows[1]] == [3, 1, 1]


def test_a_heading_over_several_columns_heads_each_and_a_title_none():
    drawing = Drawing()
    cells = {(0, 0): "Births and deaths", (1, 0): "Country", (1, 1): "2024", (1, 3): "2025"}
    cells |= {(2, 1): "Births", (2, 2): "Deaths", (2, 3): "Births", (2, 4): "Deaths"}
    cells |= {(3, c): text for c, text in enumerate(("Peru", "11", "21", "31", "41"))}
    cells |= {(4, c): text for c, text in enumerate(("Chad", "12", "22", "32", "42"))}
    spans = {(0, 0): (1, 5), (1, 0): (2, 1), (1, 1): (1, 2), (1, 3): (1, 2)}
    drawing.grid(80, [80, 55, 55, 55, 55], [18] * 5, cells, spans)
    (table,) = find_tables(drawing.page())
    assert rows_of(table)[0] == ["Country", "2024 Births", "2024 Deaths", "2025 Births", "2025 Deaths"]
    assert len(table.rows) == 3


def test_outer_columns_without_a_line_at_the_side():
    drawing = Drawing()
    cells = by_rows(("Crop", "May", "June"), ("Rice", "7", "8"), ("Corn", "5", "6"), ("Oats", "3", "4"))
    drawing.grid(80, [90, 60, 60], [18] * 4, cells, sides=False)
    (table,) = find_tables(drawing.page())
    assert rows_of(table) == [
        ["Crop", "May", "June"],
        ["Rice", "7", "8"],
        ["Corn", "5", "6"],
        ["Oats", "3", "4"],
    ]


def test_a_line_of_text_between_two_pieces_of_a_grid_is_a_row():
    drawing = Drawing()
    end = drawing.grid(
        80, [90, 60, 60], [16] * 3, by_rows(("Crop", "May", "June"), ("Rice", "7", "8"), ("Corn", "5", "6"))
    )
    drawing.text(53, end + 13, "Sum")
    drawing.text(195, end + 13, "14")
    drawing.grid(end + 18, [90, 60, 60], [16] * 2, by_rows(("Oats", "3", "4"), ("Hay", "1", "2")))
    (table,) = find_tables(drawing.page())
    assert [row[0] for row in rows_of(table)] == ["Crop", "Rice", "Corn", "Sum", "Oats", "Hay"]
    assert rows_of(table)[3] == ["Sum", "", "14"]


def test_a_grid_of_other_headings_below_is_a_table_of_its_own():
    drawing = Drawing()
    end = drawing.grid(80, [90, 60], [16] * 3, by_rows(("Crop", "May"), ("Rice", "7"), ("Corn", "5")))
    drawing.grid(end + 18, [90, 60], [16] * 3, by_rows(("Animal", "Legs"), ("Dog", "4"), ("Hen", "2")))
    assert [rows_of(table)[0] for table in find_tables(drawing.page())] == [
        ["Crop", "May"],
        ["Animal", "Legs"],
    ]


def test_columns_drawn_without_rows_are_read_by_their_text():
    drawing = Drawing()
    drawing.grid(
        80,
        [90, 60, 60],
        [16, 60],
        by_rows(("Crop", "May", "June"), (["Rice", "Corn"], ["70", "55"], ["80", "65"])),
    )
    page = drawing.page()
    assert ruled_tables(page) == ([], frozenset())
    (table,) = find_tables(page)
    assert rows_of(table) == [["Crop", "May", "June"], ["Rice", "70", "80"], ["Corn", "55", "65"]]


def test_a_frame_around_text_is_no_table():
    drawing = Drawing()
    drawing.grid(
        80, [200, 200], [60], {(0, 0): ["Seller", "12 Main Street"], (0, 1): ["Buyer", "7 Low Road"]}
    )
    assert ruled_tables(drawing.page()) == ([], frozenset())


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_every_word_of_a_full_grid_is_in_its_cell(data):
    columns = data.draw(st.integers(2, 5))
    rows = data.draw(st.integers(2, 6))
    widths = data.draw(st.lists(st.integers(60, 100), min_size=columns, max_size=columns))
    lines = data.draw(st.lists(st.integers(1, 3), min_size=rows, max_size=rows))
    drawing = Drawing()
    texts = {
        (r, c): [f"r{r}c{c}n{i}" for i in range(data.draw(st.integers(1, lines[r])))]
        for r in range(rows)
        for c in range(columns)
    }
    drawing.grid(60, widths, [6 + 11 * n for n in lines], texts)
    (table,) = find_tables(drawing.page())
    found = {(r, c): cell.text.split() for r, row in enumerate(table.rows) for c, cell in enumerate(row)}
    assert found == texts


LINES = st.tuples(st.booleans(), st.integers(0, 4), st.integers(0, 4), st.integers(0, 4))


@settings(max_examples=200, deadline=None)
@given(st.lists(LINES, min_size=6, max_size=40))
def test_whatever_lines_are_drawn_no_word_is_lost(lines):
    """A word at each place between the lines of a lattice, of which some are drawn."""
    words = tuple(
        Word(f"{r}{c}", 50.0 * c + 20, 30.0 * r + 10, 50.0 * c + 30, 30.0 * r + 20, 10.0)
        for r in range(4)
        for c in range(4)
    )
    rules = tuple(
        Rule(50.0 * min(a, b), 30.0 * at, 50.0 * max(a, b), 30.0 * at)
        if across
        else Rule(50.0 * at, 30.0 * min(a, b), 50.0 * at, 30.0 * max(a, b))
        for across, at, a, b in lines
    )
    tables, taken = ruled_tables(Page(1, 200, 120, words, rules))
    for table in tables:
        assert len({len(row) for row in table.rows}) == 1
    placed = {id(word) for table in tables for row in table.rows for cell in row for word in cell.words}
    assert taken == placed
