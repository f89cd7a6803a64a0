"""Totals and addresses of receipts: what arithmetic and place say where the words alone would mislead."""

import pytest

from extract_bridge.local.engine.engine import ExtractRequest, RulesEngine
from extract_bridge.local.engine.money import meanings_of
from extract_bridge.parse.open import parse_document

NUMBER, STRING = {"type": "number"}, {"type": "string"}


def read(tmp_path, text, **properties):
    stored = tmp_path / "stored"
    stored.write_text(text, encoding="utf-8")
    schema = {"type": "object", "properties": properties}
    [record] = RulesEngine().extract(
        parse_document(stored, name="made.txt"), ExtractRequest(data_schema=schema)
    )
    return record


def test_what_was_handed_over_is_no_total_whatever_it_is_called(tmp_path):
    text = "Corner Bakery\n4 buns    19.20\nQty 8    19.20\nDue      19.20\nPay      20.00\nChange    0.80\n"
    assert read(tmp_path, text, total_paid=NUMBER).data == {"total_paid": 19.2}


def test_a_summary_of_taxes_does_not_outdo_what_was_paid(tmp_path):
    text = (
        "Soup          55.00\nNoodles       50.00\n\nSubtotal     105.00\nCash         105.00\nChange         0.00\n\n"
        "Tax summary      Amount      Tax\nSR 6%             99.05     5.95\n"
    )
    assert read(tmp_path, text, total=NUMBER).data == {"total": 105.0}


def test_including_and_excluding_are_known_by_their_stems(tmp_path):
    text = (
        "Lamp           101.76\nTotal sales (exclvding tax) :   96.00\nTotal tax :   5.76\n"
        "Total sales (inclusivc of tax) :  101.76\nTax summary\nTotal:    96.00     5.76\n"
    )
    assert read(tmp_path, text, total=NUMBER).data == {"total": 101.76}


@pytest.mark.parametrize(
    ("label", "meaning"),
    [
        ("total inklusive mwst", "total"),
        ("total exklusiv mwst", "subtotal"),
        ("totale iva inclusa", "total"),
        ("total iva excluido", "subtotal"),
    ],
)
def test_stems_in_more_languages(label, meaning):
    found = meanings_of(label)
    assert max(found, key=found.get) == meaning


def test_arithmetic_makes_a_labelled_total_surer(tmp_path):
    plain = read(tmp_path, "Total: 21.50\n", total=NUMBER).fields["/total"]
    added = read(
        tmp_path, "Subtotal: 20.00\nTax: 1.50\nCash: 25.00\nChange: 3.50\nTotal: 21.50\n", total=NUMBER
    )
    assert added.data == {"total": 21.5}
    assert added.fields["/total"].extraction_confidence > plain.extraction_confidence


def test_a_street_without_a_number_is_part_of_the_address(tmp_path):
    text = "CAFE DES TILLEULS\nAUTOROUTE DU NORD\n15000 BELLERIVE\nTel. 05 22 95 66 66\n"
    assert read(tmp_path, text, store_address=STRING).data == {
        "store_address": "AUTOROUTE DU NORD, 15000 BELLERIVE"
    }


def test_a_name_with_a_word_of_streets_is_no_address(tmp_path):
    text = "LUIGI'S PASTA MILL LANE\n30, Harbour Lane 7,\n81300 Northfield\nTel. 07 521 55 55\n"
    found = read(tmp_path, text, store_name=STRING, store_address=STRING).data
    assert found == {
        "store_name": "LUIGI'S PASTA MILL LANE",
        "store_address": "30, Harbour Lane 7, 81300 Northfield",
    }
