"""Rows of tables for a schema, from documents that are made here."""

import io

import pytest
from reportlab.pdfgen.canvas import Canvas

from extract_bridge.local.engine.tables.read import rows_for
from extract_bridge.parse.open import parse_document

NUMBER = {"type": ["number", "null"]}
TEXT = {"type": ["string", "null"]}
ITEMS = {
    "type": "object",
    "properties": {"description": TEXT, "quantity": NUMBER, "unit_price": NUMBER, "line_total": NUMBER},
}


def read(tmp_path, data, name):
    path = tmp_path / "stored"
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return parse_document(path, name=name)


def plain(rows):
    return [
        {name: " ".join(word.text for word in words) for name, words in row.values.items()} for row in rows
    ]


def pdf(*pages):
    """Pages of (y, [(x, text), ...]) lines; a text that ends with `<` ends at x."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(600, 800), invariant=1)
    for lines in pages:
        canvas.setFont("Helvetica", 10)
        for y, pieces in lines:
            for x, text in pieces:
                (canvas.drawRightString if text.endswith("<") else canvas.drawString)(
                    x, y, text.removesuffix("<")
                )
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def row(y, name, quantity, price, total):
    return y, [(50, name), (300, f"{quantity}<"), (400, f"{price}<"), (500, f"{total}<")]


HEAD = [(50, "Description"), (300, "Qty<"), (400, "Unit price<"), (500, "Amount<")]
PENS = {"description": "Blue pen", "quantity": "10", "unit_price": "1.50", "line_total": "15.00"}
PAPER = {"description": "Paper box", "quantity": "2", "unit_price": "12.00", "line_total": "24.00"}


def test_line_items_of_an_invoice_without_its_totals(tmp_path):
    lines = [
        (760, [(50, "ACME Ltd"), (400, "Invoice 2024-17")]),
        (745, [(50, "1 Main Street"), (400, "Date: 2024-05-01")]),
        (700, HEAD),
        row(680, "Blue pen", "10", "1.50", "15.00"),
        row(660, "Paper box", "2", "12.00", "24.00"),
        (630, [(400, "Subtotal<"), (500, "39.00<")]),
        (615, [(400, "VAT 20%<"), (500, "7.80<")]),
        (600, [(400, "Total<"), (500, "46.80<")]),
    ]
    rows = rows_for(read(tmp_path, pdf(lines), "a.pdf"), ITEMS, lang="en", name="line items")
    assert plain(rows) == [PENS, PAPER]
    assert [(item.page, item.row_index) for item in rows] == [(1, 0), (1, 1)]
    assert rows[0].score > 0.7


def test_a_wrapped_description_belongs_to_its_row(tmp_path):
    lines = [
        (700, HEAD),
        row(680, "Blue pen", "10", "1.50", "15.00"),
        (669, [(50, "with a cap")]),
        row(640, "Paper box", "2", "12.00", "24.00"),
    ]
    rows = rows_for(read(tmp_path, pdf(lines), "a.pdf"), ITEMS, lang=None, name="items")
    assert plain(rows) == [{**PENS, "description": "Blue pen with a cap"}, PAPER]


@pytest.mark.parametrize("repeated", [True, False])
def test_a_table_goes_on_over_pages(tmp_path, repeated):
    def page(number):
        body = [
            row(680 - 20 * i, f"Thing n{number}{'abcde'[i]}", str(i + 1), "2.00", f"{2 * i + 2}.00")
            for i in range(5)
        ]
        return [(700, HEAD), *body] if repeated or number == 1 else body

    rows = rows_for(read(tmp_path, pdf(page(1), page(2), page(3)), "a.pdf"), ITEMS, lang=None, name="items")
    assert [item.page for item in rows] == [1] * 5 + [2] * 5 + [3] * 5
    assert [item.row_index for item in rows] == list(range(15))
    assert plain(rows)[9] == {
        "description": "Thing n2e",
        "quantity": "5",
        "unit_price": "2.00",
        "line_total": "10.00",
    }


def test_headings_in_two_lines(tmp_path):
    schema = {
        "type": "object",
        "properties": {"country": TEXT, "imported_percent": NUMBER, "total_cases": {"type": "integer"}},
    }
    lines = [
        (714, [(300, "Imported<"), (400, "Total<")]),
        (702, [(50, "Country"), (300, "cases (%)<"), (400, "cases<")]),
        *[
            (680 - 15 * i, [(50, name), (300, f"{i}.5<"), (400, f"{i + 1},200<")])
            for i, name in enumerate(("Austria", "Peru", "Chad"))
        ],
    ]
    rows = plain(rows_for(read(tmp_path, pdf(lines), "a.pdf"), schema, lang=None))
    assert rows[1] == {"country": "Peru", "imported_percent": "1.5", "total_cases": "2,200"}
    assert len(rows) == 3


GERMAN = "Pos;Bezeichnung;Menge;Einzelpreis;Gesamtpreis\n1;Stift;10;1,50;15,00\n2;Papier;2;12,00;24,00\nSumme;;;;39,00\n"


def test_headings_in_another_language(tmp_path):
    rows = rows_for(read(tmp_path, GERMAN, "a.csv"), ITEMS, lang="de", name="items")
    assert plain(rows) == [
        {"description": "Stift", "quantity": "10", "unit_price": "1,50", "line_total": "15,00"},
        {"description": "Papier", "quantity": "2", "unit_price": "12,00", "line_total": "24,00"},
    ]


def test_the_right_table_among_several(tmp_path):
    page = """<table><tr><th>Month<th>Sales<th>Costs<tr><td>May<td>5<td>3</table>
    <table><tr><th>Person<th>Age<th>City<tr><td>Ada<td>36<td>London<tr><td>Alan<td>41<td>Wilmslow</table>"""
    schema = {"type": "object", "properties": {"city": TEXT, "age": {"type": "integer"}, "person": TEXT}}
    assert plain(rows_for(read(tmp_path, page, "a.html"), schema, lang=None)) == [
        {"city": "London", "age": "36", "person": "Ada"},
        {"city": "Wilmslow", "age": "41", "person": "Alan"},
    ]


TOTALS = "Program,Budget\nRoads,5\nSchools,7\nTotal,12\n"


def test_a_full_row_of_totals_is_a_record_of_its_own_only_where_rows_are_records(tmp_path):
    schema = {"type": "object", "properties": {"program": TEXT, "budget": NUMBER}}
    document = read(tmp_path, TOTALS, "a.csv")
    assert [item["program"] for item in plain(rows_for(document, schema, lang=None))] == [
        "Roads",
        "Schools",
        "Total",
    ]
    assert [item["program"] for item in plain(rows_for(document, schema, lang=None, name="budgets"))] == [
        "Roads",
        "Schools",
    ]


def test_headings_that_say_nothing_of_it_give_no_rows(tmp_path):
    schema = {
        "type": "object",
        "properties": {"athlete": TEXT, "birth_year": {"type": "integer"}, "medal": TEXT},
    }
    assert rows_for(read(tmp_path, TOTALS, "a.csv"), schema, lang=None) == []
    assert rows_for(read(tmp_path, "no table at all", "a.txt"), schema, lang=None) == []


def test_kinds_and_order_of_columns_decide_weakly_where_no_heading_fits(tmp_path):
    schema = {"type": "object", "properties": {"shipment": TEXT, "weight": NUMBER, "colour": TEXT}}
    rows = rows_for(
        read(tmp_path, "aa,bb,cc\nnorth,1,red\nsouth,2,blue\nwest,7,green\n", "a.csv"), schema, lang=None
    )
    assert plain(rows)[0] == {"shipment": "north", "weight": "1", "colour": "red"}
    assert rows[0].score <= 0.3


def test_every_word_of_a_row_is_on_its_page(tmp_path):
    document = read(
        tmp_path,
        pdf([(700, HEAD), row(680, "Pen", "1", "2.00", "2.00"), row(660, "Cap", "3", "1.00", "3.00")]),
        "a.pdf",
    )
    for item in rows_for(document, ITEMS, lang=None):
        assert all(
            word in document.pages[item.page - 1].words for words in item.values.values() for word in words
        )


def test_a_currency_after_each_amount_belongs_to_it(tmp_path):
    lines = [
        (700, [(50, "Item"), (200, "Unit"), (500, "Price<")]),
        *[
            (680 - 15 * i, [(50, f"Thing {'abcd'[i]}"), (200, "box"), (500, f"{i + 1}4.20 GBP<")])
            for i in range(4)
        ],
    ]
    schema = {"type": "object", "properties": {"item": TEXT, "unit": TEXT, "price": NUMBER}}
    rows = plain(rows_for(read(tmp_path, pdf(lines), "a.pdf"), schema, lang=None))
    assert rows[1] == {"item": "Thing b", "unit": "box", "price": "24.20 GBP"}


def test_a_cell_wrapped_in_the_last_row_and_a_date_wrapped_before_its_year(tmp_path):
    body = []
    for i in range(4):
        body.append((680 - 40 * i, [(50, f"K{i}-7711"), (200, "November 15,"), (500, f"{i + 1}0.50<")]))
        body.append((669 - 40 * i, [(200, "2025")]))
    lines = [(700, [(50, "Reference"), (200, "Delivery date"), (500, "Amount<")]), *body]
    schema = {"type": "object", "properties": {"reference": TEXT, "delivery_date": TEXT, "amount": NUMBER}}
    rows = plain(rows_for(read(tmp_path, pdf(lines), "a.pdf"), schema, lang=None))
    assert [row["delivery_date"] for row in rows] == ["November 15, 2025"] * 4


@pytest.mark.parametrize(
    "heading", ["Kennung;Wann;Wohin;Masse", "A;B;C;D", "Sendung;Lieferdatum;Zielort;Gewicht"]
)
def test_columns_without_a_known_heading_are_told_by_kind_and_order(tmp_path, heading):
    text = heading + "\nAB123;2024-05-01;Selmer;4.5\nCD456;2024-05-02;Jorso;7.5\nEF789;2024-05-03;Rosmo;9.5\n"
    schema = {
        "type": "object",
        "properties": {
            "shipment": TEXT,
            "delivery_date": {"type": "string", "format": "date"},
            "destination": TEXT,
            "weight": NUMBER,
        },
    }
    rows = plain(rows_for(read(tmp_path, text, "a.csv"), schema, lang=None))
    assert rows[1] == {
        "shipment": "CD456",
        "delivery_date": "2024-05-02",
        "destination": "Jorso",
        "weight": "7.5",
    }
    assert len(rows) == 3


def test_a_heading_further_down_and_one_repeated_under_two_columns(tmp_path):
    text = (
        "Present,217,0\nAbsent,40,0\nFull name,Party,Vote\nAda,Blue,yes\nFull name,Party,Vote\nAlan,Red,no\n"
    )
    schema = {"type": "object", "properties": {"name": TEXT, "vote": TEXT}}
    rows = plain(rows_for(read(tmp_path, text, "a.csv"), schema, lang=None))
    assert rows == [{"name": "Ada", "vote": "yes"}, {"name": "Alan", "vote": "no"}]


def test_the_first_row_of_a_page_without_headings_is_a_row_whatever_its_words_are_like(tmp_path):
    lines = ["type,name", *(f"kind{at},name {at} of a thing" for at in range(150))]
    item = {"type": "object", "properties": {"type": TEXT, "name": TEXT}}
    found = plain(rows_for(read(tmp_path, "\n".join(lines), "things.csv"), item, lang=None))
    assert [row["type"] for row in found] == [f"kind{at}" for at in range(150)]


def test_a_record_of_two_lines_whose_second_has_a_column_under_a_long_text(tmp_path):
    schema = {"type": "object", "properties": {"no": TEXT, "name": TEXT, "club": TEXT, "result": TEXT}}
    people = [
        ("Ada Long", "Swimming Club of the Northern City", "33.10"),
        ("Bea Short", "Foo", "34.20"),
        ("Cid Mid", "Racing Club of the Old Town", "35.00"),
        ("Dee Dum", "Sports Union", "36.41"),
    ]
    lines = [(700, [(40, "No."), (80, "Name"), (220, "Club"), (330, "Result")])]
    for at, (name, club, result) in enumerate(people):
        lines += [
            (680 - 28 * at, [(45, str(at + 1)), (80, name), (220, club)]),
            (670 - 28 * at, [(330, result)]),
        ]
    rows = plain(rows_for(read(tmp_path, pdf(lines), "a.pdf"), schema, lang=None))
    assert rows == [
        {"no": str(at + 1), "name": name, "club": club, "result": result}
        for at, (name, club, result) in enumerate(people)
    ]


BOOKINGS = [
    ("01.02.2026", "Rent of May", "-100.00", "RF 1234", "900.00"),
    ("02.02.2026", "Salary", "2000.00", "RF 8", "2900.00"),
    ("05.02.2026", "Food", "-50.50", "RF 77", "2849.50"),
    ("09.02.2026", "Books", "-49.50", "RF 11", "2800.00"),
]


@pytest.mark.parametrize("step", [22, 30], ids=["evenly spaced", "apart"])
def test_a_record_of_two_lines_under_a_heading_of_two_lines(tmp_path, step):
    names = ("date", "account", "amount", "reference", "balance")
    kinds = (TEXT, TEXT, NUMBER, TEXT, NUMBER)
    lines = [
        (700, [(40, "Date"), (120, "Account"), (300, "Amount<")]),
        (689, [(120, "Reference"), (300, "Balance<")]),
    ]
    for at, (date, account, amount, reference, balance) in enumerate(BOOKINGS):
        lines.append((665 - step * at, [(40, date), (120, account), (300, f"{amount}<")]))
        lines.append((654 - step * at, [(120, reference), (300, f"{balance}<")]))
    schema = {"type": "object", "properties": dict(zip(names, kinds, strict=True))}
    rows = plain(rows_for(read(tmp_path, pdf(lines), "a.pdf"), schema, lang=None))
    assert rows == [dict(zip(names, booking, strict=True)) for booking in BOOKINGS]


def test_an_amount_printed_lower_than_its_row_and_a_remark_between_rows(tmp_path):
    items = [
        ("Montage", "3", "43.20", "129.60"),
        ("Mount", "1", "122.50", "122.50"),
        ("Cable", "2", "10.00", "20.00"),
    ]
    lines = [(700, HEAD)]
    for at, (name, quantity, price, total) in enumerate(items):
        lines.append((680 - 30 * at, [(50, name), (300, f"{quantity}<"), (400, f"{price}<")]))
        lines.append((671 - 30 * at, [(500, f"{total}<")]))
    names = ("description", "quantity", "unit_price", "line_total")
    rows = plain(rows_for(read(tmp_path, pdf(lines), "a.pdf"), ITEMS, lang=None, name="items"))
    assert rows == [dict(zip(names, item, strict=True)) for item in items]


def test_rows_in_pairs_are_rows(tmp_path):
    lines = [(700, HEAD)]
    for at in range(6):
        y = 680 - 12 * at - 10 * (at // 2)
        lines.append(row(y, f"Thing {at}", str(at + 1), "2.00", f"{2 * at + 2}.00"))
    rows = plain(rows_for(read(tmp_path, pdf(lines), "a.pdf"), ITEMS, lang=None, name="items"))
    assert [item["description"] for item in rows] == [f"Thing {at}" for at in range(6)]
