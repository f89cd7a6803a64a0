from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract_bridge.core.schema.normalize import normalize_schema
from extract_bridge.local.engine.suggest import object_schema, suggest_from_document, suggest_from_prompt
from extract_bridge.parse.open import parse_document

PROMPTS: dict[str, list[str]] = {
    "invoice number, date and total": ["invoice_number", "date", "total"],
    "Extract the invoice number, issue date, and total amount from this invoice.": [
        "invoice_number",
        "issue_date",
        "total_amount",
    ],
    "Please give me all of the following: order_number; dueDate; buyer": [
        "order_number",
        "due_date",
        "buyer",
    ],
    "Fields:\n- Invoice No: printed at the top\n- Buyer\n3. VAT ID": ["invoice_no", "buyer", "vat_id"],
    "You are an expert. I need the vendor name and the IBAN.": ["vendor_name", "iban"],
    "Rechnungsnummer, Datum und Summe": ["rechnungsnummer", "datum", "summe"],
    "": [],
    "!!! ,,, ;;;": [],
    "Summarize this lengthy document in the best way that you can possibly do": [],
}


@pytest.mark.parametrize("prompt", PROMPTS)
def test_the_fields_that_a_prompt_names(prompt: str) -> None:
    assert list(suggest_from_prompt(prompt)) == PROMPTS[prompt]


def kind(schema: dict[str, Any]) -> str:
    branch = schema["anyOf"][0]
    return str(branch.get("format", branch["type"]))


def test_kinds_follow_the_names() -> None:
    found = suggest_from_prompt(
        "total, due date, number of pages, whether it was paid, seller, invoice number"
    )
    assert [kind(schema) for schema in found.values()] == [
        "number",
        "date",
        "number",
        "boolean",
        "string",
        "string",
    ]


@pytest.mark.parametrize(
    "prompt",
    [
        "total and line items with description, quantity and price",
        "total, line items (description, quantity, price)",
        "total; the line items including description, quantity, price",
    ],
)
def test_a_list_of_objects(prompt: str) -> None:
    found = suggest_from_prompt(prompt)
    assert list(found) == ["total", "line_items"]
    assert list(found["line_items"]["items"]["properties"]) == ["description", "quantity", "price"]


def test_all_of_something_is_a_list() -> None:
    found = suggest_from_prompt("a list of participants and all dates")
    assert {name: schema["type"] for name, schema in found.items()} == {
        "participants": "array",
        "dates": "array",
    }


def test_each_description_says_where_it_came_from() -> None:
    found = suggest_from_prompt("- buyer: who pays\n- total")
    assert found["buyer"]["description"] == 'Named in the prompt as "buyer": who pays'
    assert found["total"]["description"] == 'Named in the prompt as "total"'


@given(
    st.text(max_size=300)
    | st.lists(st.sampled_from(["and", ",", "(", ")", "with", "total", "-", ":", "all", "\n", "the"])).map(
        " ".join
    )
)
def test_any_prompt_gives_a_schema_that_is_allowed(prompt: str) -> None:
    found = suggest_from_prompt(prompt)
    if found:
        normalize_schema(object_schema(found, "proposed"))


def document(tmp_path: Path, name: str, content: str) -> Any:
    path = tmp_path / name
    path.write_text(content)
    return parse_document(path, name=name)


def test_the_labels_of_a_document(tmp_path: Path) -> None:
    text = "ACME Ltd\nInvoice No: A-17\nInvoice date: 12.03.2024\nDue date 30.03.2024\nMood: fine\nWeight: 12.5\nCode: 0012\nTotal: 1,250.00 EUR\nEmpty:\n"
    found = suggest_from_document(document(tmp_path, "a.txt", text))
    assert {name: kind(schema) for name, schema in found.items()} == {
        "invoice_no": "string",
        "invoice_date": "date",
        "due_date": "date",
        "mood": "string",
        "weight": "number",
        "code": "string",
        "total": "number",
    }
    assert found["mood"]["description"] == 'Printed as "Mood" on page 1'
    assert "fine" not in str(found)


def test_the_tables_of_a_document(tmp_path: Path) -> None:
    rows = "<tr><th>Item</th><th>Shipped</th><th>Amount</th></tr><tr><td>Pump</td><td>2024-03-01</td><td>1.50</td></tr>"
    other = "<tr><th>Name</th><th>Phone</th></tr><tr><td>Ann</td><td>+49 30 123456</td></tr>"
    page = f"<table>{rows}</table><p>x</p><table>{other}</table><table>{rows}</table>"
    found = suggest_from_document(document(tmp_path, "a.html", page))
    lists = {
        name: schema["items"]["properties"] for name, schema in found.items() if schema.get("type") == "array"
    }
    assert {name: list(columns) for name, columns in lists.items()} == {
        "rows": ["item", "shipped", "amount"],
        "rows_2": ["name", "phone"],
    }
    assert [kind(schema) for schema in lists["rows"].values()] == ["string", "date", "number"]
    normalize_schema(object_schema(found, "proposed"))


def test_a_document_that_prints_no_label(tmp_path: Path) -> None:
    assert suggest_from_document(document(tmp_path, "a.txt", "Once upon a time there was a pump.\n")) == {}
