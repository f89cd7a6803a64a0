import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract_bridge.local.engine.assign import THRESHOLD
from extract_bridge.local.engine.engine import ExtractRequest, RulesEngine
from extract_bridge.local.engine.labels import LabelIndex
from extract_bridge.local.engine.wanted import wanted_fields
from extract_bridge.parse.model import Page, ParsedDocument, Word
from extract_bridge.parse.open import parse_document

STRING, NUMBER, DATE = (
    {"type": ["string", "null"]},
    {"type": ["number", "null"]},
    {"type": ["string", "null"], "format": "date"},
)


def page(rows, number=1):
    """A page of words from rows of (x, text); 7 points a letter, 18 points a row."""
    words = []
    for line, cells in enumerate(rows):
        for x, text in cells:
            at = x
            for part in text.split():
                words.append(Word(part, at, 40 + 18 * line, at + 5.5 * len(part), 50 + 18 * line, 10))
                at += 5.5 * len(part) + 3
    return Page(number, 595, 842, tuple(words))


def document(*pages):
    return ParsedDocument("made.pdf", "application/pdf", tuple(pages), len(pages))


def extract(doc, properties, target="per_doc", lang=None):
    schema = {"type": "object", "properties": properties}
    return RulesEngine().extract(doc, ExtractRequest(data_schema=schema, extraction_target=target, lang=lang))


INVOICE = page(
    [
        [(50, "Northwind Joinery Ltd")],
        [(50, "12 Harbour Street")],
        [(50, "Invoice number: INV-2041"), (320, "Date: 14 March 2024")],
        [(50, "Due date"), (150, "28 March 2024")],
        [(320, "Subtotal"), (450, "100.00")],
        [(320, "VAT 20%"), (450, "20.00")],
        [(320, "Total"), (450, "120.00 €")],
    ]
)


def test_labels_beside_values_and_longest_label_first():
    record = extract(
        document(INVOICE),
        {
            "invoice_number": STRING,
            "invoice_date": DATE,
            "due_date": DATE,
            "subtotal": NUMBER,
            "tax": NUMBER,
            "total": NUMBER,
            "currency": STRING,
        },
    )[0]
    assert record.data == {
        "invoice_number": "INV-2041", "invoice_date": "2024-03-14", "due_date": "2024-03-28",
        "subtotal": 100.0, "tax": 20.0, "total": 120.0, "currency": "EUR",
    }  # fmt: skip


def test_a_subtotal_never_answers_total():
    doc = document(page([[(320, "Subtotal"), (450, "100.00")]]))
    assert extract(doc, {"total": NUMBER})[0].data == {"total": None}


def test_one_value_serves_one_field():
    doc = document(page([[(50, "Order number: 4711")]]))
    data = extract(doc, {"order_number": STRING, "contract_number": STRING, "invoice_number": STRING})[0].data
    assert data == {"order_number": "4711", "contract_number": None, "invoice_number": None}


def test_what_is_not_there_is_null_with_a_reason():
    record = extract(document(INVOICE), {"swift": STRING, "reason_for_dispute": STRING})[0]
    assert record.data == {"swift": None, "reason_for_dispute": None}
    for item in record.fields.values():
        assert item.value is None
        assert item.reasoning
        assert item.citations == ()


def test_nested_objects_are_there_even_when_empty():
    record = extract(
        document(INVOICE),
        {
            "totals": {"type": "object", "properties": {"total": NUMBER}},
            "shipping": {
                "type": "object",
                "properties": {"carrier": STRING, "box": {"type": "object", "properties": {}}},
            },
            "notes": {"type": "array", "items": STRING},
        },
    )[0]
    assert record.data == {"totals": {"total": 120.0}, "shipping": {"carrier": None, "box": {}}, "notes": []}
    assert set(record.fields) == {"/totals/total", "/shipping/carrier"}


def test_names_with_slashes_are_escaped_in_pointers():
    record = extract(document(INVOICE), {"a/b~c": STRING})[0]
    assert list(record.fields) == ["/a~1b~0c"]


def test_choices_and_booleans_after_labels():
    doc = document(page([[(50, "Status: In transit")], [(50, "Fragile: yes")], [(50, "Insured: no")]]))
    data = extract(
        doc,
        {
            "status": {"enum": ["in transit", "delivered"]},
            "fragile": {"type": "boolean"},
            "insured": {"type": "boolean"},
        },
    )[0].data
    assert data == {"status": "in transit", "fragile": True, "insured": False}


def test_a_value_below_its_label():
    doc = document(
        page(
            [
                [(50, "Advertiser"), (250, "Contract Dates")],
                [(50, "Friends of Rivers"), (250, "05/26/20 - 06/01/20")],
            ]
        )
    )
    data = extract(doc, {"advertiser": STRING, "flight_start": DATE, "flight_end": DATE})[0].data
    assert data == {
        "advertiser": "Friends of Rivers",
        "flight_start": "2020-05-26",
        "flight_end": "2020-06-01",
    }


def test_a_list_of_addresses_after_a_label():
    doc = document(page([[(50, "Recipients: ann@example.org, bob@example.org")]]))
    record = extract(doc, {"recipients": {"type": "array", "items": {"type": "string", "format": "email"}}})[
        0
    ]
    assert record.data == {"recipients": ["ann@example.org", "bob@example.org"]}
    assert record.fields["/recipients/1"].citations[0].quote == "bob@example.org"


def test_per_page_reads_each_page_alone():
    pages = [page([[(50, f"Invoice number: A-{number}00")]], number) for number in (1, 2, 3)]
    records = extract(document(*pages), {"invoice_number": STRING}, "per_page")
    assert [(record.page, record.data["invoice_number"]) for record in records] == [
        (1, "A-100"),
        (2, "A-200"),
        (3, "A-300"),
    ]


def table_rows(first, last):
    return [[(50, "Waybill"), (200, "Packages"), (350, "Charge")]] + [
        [(50, f"WB{n}X"), (200, str(n)), (350, f"{n}.50")] for n in range(first, last)
    ]


ROW = {"waybill": STRING, "packages": {"type": ["integer", "null"]}, "charge": NUMBER}


def test_per_table_row_over_two_pages():
    doc = document(page(table_rows(1, 11), 1), page(table_rows(11, 16), 2))
    records = extract(doc, ROW, "per_table_row")
    assert [record.data for record in records] == [
        {"waybill": f"WB{n}X", "packages": n, "charge": n + 0.5} for n in range(1, 16)
    ]
    assert [record.row for record in records] == list(range(15))
    assert records[-1].page == 2


def test_an_array_of_objects_from_a_table():
    doc = document(page(table_rows(1, 6)))
    record = extract(doc, {"shipments": {"type": "array", "items": {"type": "object", "properties": ROW}}})[0]
    assert [item["waybill"] for item in record.data["shipments"]] == [f"WB{n}X" for n in range(1, 6)]
    assert record.fields["/shipments/2/charge"].value == 3.5


@pytest.mark.parametrize(
    ("lang", "iso"), [("en-US", "2024-03-04"), ("de", "2024-04-03"), (None, "2024-04-03")]
)
def test_the_language_switches_day_and_month(lang, iso):
    doc = document(page([[(50, "Invoice date: 03/04/2024")]]))
    record = extract(doc, {"invoice_date": DATE}, lang=lang)[0]
    assert record.data == {"invoice_date": iso}
    assert any("day or month" in warning for warning in record.warnings) is (lang is None)


def test_a_text_file_through_the_real_parser(tmp_path):
    path = tmp_path / "note.txt"
    path.write_text("Invoice number: T-99\nInvoice date: 2024-05-06\nTotal: 12.50 EUR\n", encoding="utf-8")
    record = extract(
        parse_document(path, name="note.txt"),
        {"invoice_number": STRING, "invoice_date": DATE, "total": NUMBER},
    )[0]
    assert record.data == {"invoice_number": "T-99", "invoice_date": "2024-05-06", "total": 12.5}


def test_confidence_is_no_constant_and_between_nought_and_one():
    record = extract(document(INVOICE), {"invoice_number": STRING, "seller_name": STRING, "total": NUMBER})[0]
    values = [item.confidence for item in record.fields.values() if item.value is not None]
    assert len(values) == 3
    assert len(set(values)) > 1
    assert all(0 < value < 1 for value in values)
    assert THRESHOLD > 0


def test_the_same_twice_is_the_same():
    first, second = (
        extract(document(INVOICE), {"invoice_number": STRING, "total": NUMBER, "seller": STRING})[0]
        for _ in range(2)
    )
    assert first == second


def test_properties_know_what_they_mean():
    schema = {
        "type": "object",
        "properties": {
            "invoiceNo": STRING,
            "seller": {"type": "object", "properties": {"vat_id": STRING}},
            "grandTotal": NUMBER,
        },
    }
    number, vat, total = wanted_fields(schema)
    assert (number.concept, vat.concept, vat.role, total.concept) == (
        "invoice_number",
        "vat_id",
        "seller",
        "total",
    )
    assert "invoiceno" in LabelIndex([number]).fields_of


LABELS = st.sampled_from(
    [
        "Invoice number",
        "Date",
        "Total",
        "Subtotal",
        "Due date",
        "Customer",
        "IBAN",
        "VAT ID",
        "Email",
        "Order no.",
        "zzz",
    ]
)
VALUES = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Z"]), min_size=1, max_size=12),
    st.sampled_from(
        [
            "1.234,56",
            "€12",
            "03.04.2024",
            "ann@example.org",
            "DE89370400440532013000",
            "A-17",
            "Rivers Ltd",
            "(12.00)",
            ":",
        ]
    ),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(LABELS, VALUES, st.booleans()), max_size=12))
def test_every_value_is_made_of_words_on_its_page(rows):
    made = page([[(50, label + (":" if colon else "")), (250, value)] for label, value, colon in rows])
    fields = dict.fromkeys(
        ("invoice_number", "customer_name", "iban", "email", "notes", "currency"), STRING
    ) | {"date": DATE, "total": NUMBER}
    record = extract(document(made), fields)[0]
    printed = [word.text for word in made.words]
    for item in record.fields.values():
        assert (item.value is None) == (not item.citations)
        for citation in item.citations:
            assert citation.quote.split(" ") == [
                word for word in citation.quote.split(" ") if word in printed
            ]
            assert citation.page == 1
            assert citation.boxes


@settings(max_examples=40, deadline=None)
@given(st.recursive(st.sampled_from([STRING, NUMBER, DATE, {"type": "boolean"}, {}, {"enum": ["a", "b"]}]), lambda inner: st.one_of(
    st.dictionaries(st.text(max_size=8), inner, max_size=4).map(lambda found: {"type": "object", "properties": found}),
    inner.map(lambda found: {"type": "array", "items": found}),
), max_leaves=8))  # fmt: skip
def test_any_schema_gives_data_of_its_shape(schema):
    record = extract(document(INVOICE), {"root": schema})[0]
    assert list(record.data) == ["root"]
    assert all(pointer.startswith("/root") for pointer in record.fields)


def test_endless_words_and_five_thousand_properties_are_bounded():
    made = page(
        [[(50, "A" * 60_000)], [(50, "1" * 60_000)], [(50, "Invoice number: A-17")], [(50, "1.2," * 9_000)]]
    )
    schema = {
        "invoice_number": STRING,
        "seller": STRING,
        "address": STRING,
        "vat_id": STRING,
        "iban": STRING,
        "phone": STRING,
        "total": NUMBER,
        "date": DATE,
    }
    assert extract(document(made), schema)[0].data["invoice_number"] == "A-17"
    many = {f"field_{number}": STRING for number in range(5_000)} | {"invoice_number": STRING}
    record = extract(document(INVOICE), many)[0]
    assert record.data["invoice_number"] == "INV-2041"
    assert len(record.data) == 5_001


def test_data_stands_in_the_schemas_order() -> None:
    text = {"type": ["string", "null"]}
    inner = {"type": "object", "properties": {"name": text, "vat_id": text}}
    schema = {"type": "object", "properties": {"number": text, "seller": inner, "total": {"type": "number"}}}
    page = Page(number=1, width=600, height=800, words=(Word("Hello", 10, 10, 40, 20),))
    document = ParsedDocument(name="a.txt", media_type="text/plain", pages=(page,), page_count=1)
    (record,) = RulesEngine().extract(document, ExtractRequest(data_schema=schema))
    assert list(record.data) == ["number", "seller", "total"]
    assert list(record.data["seller"]) == ["name", "vat_id"]
