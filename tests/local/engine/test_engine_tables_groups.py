"""What a table says of several rows at once, from documents that are made here."""

import io

import pytest
from reportlab.pdfgen.canvas import Canvas

from extract_bridge.local.engine.engine import ExtractRequest, RulesEngine
from extract_bridge.local.engine.tables.read import rows_for
from extract_bridge.parse.open import parse_document

TEXT = {"type": ["string", "null"]}
NUMBER = {"type": ["number", "null"]}
SALES = [("North", "Oslo", "10"), ("North", "Bergen", "12"), ("South", "Rome", "9"), ("South", "Naples", "4")]
SCHEMA = {"type": "object", "properties": {"region": TEXT, "city": TEXT, "sales": NUMBER}}


def read(tmp_path, data, name="a.pdf"):
    path = tmp_path / "stored"
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return parse_document(path, name=name)


def pdf(*pages):
    """Pages of (y, [(x, text), ...]) lines; a text that ends with `<` ends at x."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(600, 800), invariant=1)
    for lines in pages:
        canvas.setFont("Helvetica", 10)
        for y, pieces in lines:
            for x, text in pieces:
                draw = canvas.drawRightString if text.endswith("<") else canvas.drawString
                draw(x, y, text.removesuffix("<"))
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def plain(rows):
    return [
        {name: " ".join(word.text for word in words) for name, words in row.values.items()} for row in rows
    ]


def wanted(rows=SALES):
    return [{"region": region, "city": city, "sales": sales} for region, city, sales in rows]


def with_headings(labelled):
    lines, last = [(700, [(50, "City"), (250, "Sales<"), (350, "Costs<")])], ""
    y = 684
    for region, city, sales in SALES:
        if region != last:
            lines.append((y, [(50, f"Region: {region}" if labelled else region)]))
            y -= 16
        lines.append((y, [(60, city), (250, f"{sales}<"), (350, "1<")]))
        y, last = y - 16, region
    return pdf(lines)


def test_a_leading_cell_printed_once_a_group_is_said_of_each_row(tmp_path):
    text = "Region,City,Sales\nNorth,Oslo,10\n,Bergen,12\nSouth,Rome,9\n,Naples,4\n"
    assert plain(rows_for(read(tmp_path, text, "a.csv"), SCHEMA, lang=None)) == wanted()


@pytest.mark.parametrize(
    "text",
    [
        "Rank,City,Sales\n1,Oslo,10\n2,Bergen,12\n,Rome,9\n,Naples,4\n",
        "Region,City,Sales\nNorth,Oslo,10\n,Bergen,12\nNorth,Rome,9\n,Naples,4\n",
        "Region,City,Sales\n,Oslo,10\nNorth,Bergen,12\n,Rome,9\nSouth,Naples,4\n",
    ],
    ids=["ranks", "the same twice", "the first is empty"],
)
def test_an_empty_cell_stays_empty_where_the_column_does_not_tell_groups(tmp_path, text):
    first = text.partition(",")[0].lower()
    schema = {"type": "object", "properties": {first: TEXT, "city": TEXT, "sales": NUMBER}}
    rows = plain(rows_for(read(tmp_path, text, "a.csv"), schema, lang=None))
    assert sum(first not in row for row in rows) == 2


@pytest.mark.parametrize("labelled", [True, False], ids=["with its name", "alone"])
def test_a_heading_between_rows_answers_the_property_without_a_column(tmp_path, labelled):
    rows = rows_for(read(tmp_path, with_headings(labelled)), SCHEMA, lang=None)
    assert plain(rows) == wanted()
    assert rows[0].scores["region"] < rows[0].scores["city"]


def test_a_heading_between_rows_answers_none_where_two_properties_are_open(tmp_path):
    schema = {"type": "object", "properties": {"manager": TEXT, **SCHEMA["properties"]}}
    rows = plain(rows_for(read(tmp_path, with_headings(False)), schema, lang=None))
    assert [set(row) for row in rows] == [{"city", "sales"}] * 4


def test_a_label_over_each_page_is_said_of_the_rows_of_that_page(tmp_path):
    def page(region):
        rows = [(city, sales) for other, city, sales in SALES if other == region]
        head = [(740, [(50, f"Region :{region}")]), (700, [(50, "City"), (250, "Sales<")])]
        return [
            *head,
            *[(684 - 16 * at, [(50, city), (250, f"{sales}<")]) for at, (city, sales) in enumerate(rows)],
        ]

    document = read(tmp_path, pdf(page("North"), page("South")))
    records = RulesEngine().extract(
        document, ExtractRequest(data_schema=SCHEMA, extraction_target="per_table_row")
    )
    assert [dict(record.data) for record in records] == [
        {**row, "sales": float(row["sales"])} for row in wanted()
    ]
    citation = records[2].fields["/region"].citations[0]
    assert (citation.page, citation.quote) == (2, "South")


def test_a_label_over_a_list_of_a_document_is_not_said_of_its_items(tmp_path):
    lines = [(740, [(50, "Region: North")]), (700, [(50, "City"), (250, "Sales<")])]
    lines += [(684 - 16 * at, [(50, city), (250, f"{sales}<")]) for at, (_, city, sales) in enumerate(SALES)]
    rows = plain(rows_for(read(tmp_path, pdf(lines)), SCHEMA, lang=None, name="shops"))
    assert [set(row) for row in rows] == [{"city", "sales"}] * 4


def test_a_cell_carried_over_a_page_is_cited_where_it_is_printed(tmp_path):
    first = [(700, [(50, "Region"), (150, "City"), (250, "Sales<")])]
    first += [(684, [(50, "North"), (150, "Oslo"), (250, "10<")]), (668, [(150, "Bergen"), (250, "12<")])]
    second = [(700, [(150, "Tromso"), (250, "7<")]), (684, [(50, "South"), (150, "Rome"), (250, "9<")])]
    second += [(668, [(150, "Naples"), (250, "4<")])]
    second.insert(0, (716, [(50, "Region"), (150, "City"), (250, "Sales<")]))
    document = read(tmp_path, pdf(first, second))
    records = RulesEngine().extract(
        document, ExtractRequest(data_schema=SCHEMA, extraction_target="per_table_row")
    )
    assert [record.data["region"] for record in records] == ["North", "North", "North", "South", "South"]
    assert [record.fields["/region"].citations[0].page for record in records] == [1, 1, 1, 2, 2]
