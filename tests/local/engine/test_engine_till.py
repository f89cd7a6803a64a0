"""The items of a till's print, how it was paid, and what is no item."""

import pytest

from extract_bridge.local.engine.engine import ExtractRequest, RulesEngine
from extract_bridge.parse.open import parse_document

STRING, NUMBER = {"type": ["string", "null"]}, {"type": ["number", "null"]}
ITEMS = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {"name": STRING, "qty": NUMBER, "unit_price": NUMBER, "total": NUMBER},
    },
}


def read(tmp_path, text, **properties):
    stored = tmp_path / "stored"
    stored.write_text(text, encoding="utf-8")
    schema = {"type": "object", "properties": properties}
    [record] = RulesEngine().extract(
        parse_document(stored, name="made.txt"), ExtractRequest(data_schema=schema)
    )
    return record.data


def item(name, qty, unit_price, total):
    return {"name": name, "qty": qty, "unit_price": unit_price, "total": total}


NAME_FIRST = """Quayside Tools
Wood screws box
   2 @ 3.99                  7.98
Sandpaper P120
   5 @ 0.75                  3.75
Filler 1 kg                  8.49
TOTAL                       20.22
Visa contactless            20.22
"""
COUNT_FIRST = """Bar Faro
6 X 5,90
Tarta de queso              35,40
3 X 2,60
Agua 1 L                     7,80
TOTAL EUROS                 43,20
TARJETA                     43,20
"""
ONE_LINE = """Eiscafé Rialto
2 Spaghettieis               13,00
1 Cappuccino                  3,20
Summe                        16,20
Bar                          20,00
Rückgeld                      3,80
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            NAME_FIRST,
            [
                item("Wood screws box", 2.0, 3.99, 7.98),
                item("Sandpaper P120", 5.0, 0.75, 3.75),
                item("Filler 1 kg", None, None, 8.49),
            ],
        ),
        (COUNT_FIRST, [item("Tarta de queso", 6.0, 5.9, 35.4), item("Agua 1 L", 3.0, 2.6, 7.8)]),
        (ONE_LINE, [item("Spaghettieis", 2.0, None, 13.0), item("Cappuccino", 1.0, None, 3.2)]),
    ],
)
def test_items_over_the_sum(tmp_path, text, expected):
    assert read(tmp_path, text, items=ITEMS)["items"] == expected


def test_a_count_that_does_not_come_to_the_amount_is_not_taken(tmp_path):
    text = COUNT_FIRST.replace("3 X 2,60", "4 X 2,60")
    assert read(tmp_path, text, items=ITEMS)["items"][1]["qty"] is None


def test_payments_and_sums_are_no_items(tmp_path):
    names = [entry["name"] for entry in read(tmp_path, ONE_LINE, items=ITEMS)["items"]]
    assert not {"Summe", "Bar", "Rückgeld"} & set(names)


def test_a_letter_with_one_amount_has_no_items(tmp_path):
    text = "Dear Ms Ash,\nthe deposit that we spoke of\nIt comes to      120.00\nRegards\n"
    assert read(tmp_path, text, items=ITEMS)["items"] == []


@pytest.mark.parametrize(
    ("line", "means"),
    [("Visa contactless   20.22", "Visa"), ("Contanti   20.22", "Contanti"), ("Thank you   20.22", None)],
)
def test_the_means_of_payment_stands_beside_what_was_paid(tmp_path, line, means):
    text = f"Forno Blu\nPane    20.22\nTotale    20.22\n{line}\n"
    assert read(tmp_path, text, payment_method=STRING)["payment_method"] == means


def test_the_last_digits_of_a_card_are_those_that_are_shown(tmp_path):
    text = "Total 20.22\nVisa ************8812\nAuth 044127\n"
    assert read(tmp_path, text, card_last4=STRING)["card_last4"] == "8812"
    assert read(tmp_path, text + "Visa ************7711\n", card_last4=STRING)["card_last4"] is None
