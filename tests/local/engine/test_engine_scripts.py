# ruff: noqa: RUF001 - the scripts are what is tested
"""Labels and values in other scripts and languages: what a schema calls a field finds itself in the document."""

import pytest

from extract_bridge.local.engine.dates import find_dates
from extract_bridge.local.engine.engine import ExtractRequest, RulesEngine
from extract_bridge.local.engine.text import fold, label_key
from extract_bridge.parse.open import parse_document

STRING, NUMBER, DATE = {"type": "string"}, {"type": "number"}, {"type": "string", "format": "date"}


def read(tmp_path, text, properties):
    stored = tmp_path / "stored"
    stored.write_text(text, encoding="utf-8")
    schema = {"type": "object", "properties": properties}
    [record] = RulesEngine().extract(
        parse_document(stored, name="made.txt"), ExtractRequest(data_schema=schema)
    )
    return record.data


@pytest.mark.parametrize(
    ("text", "properties", "expected"),
    [
        (
            "Номер счёта: 4711-A\nДата: 12 мая 2024\nПоставщик: ООО Берёза\nИтого к оплате: 1 234,50\n",
            {
                "номер_счёта": STRING,
                "date": {**DATE, "title": "Дата"},
                "seller": {**STRING, "title": "ПОСТАВЩИК"},
                "total": {**NUMBER, "description": "Итого к оплате"},
            },
            {"номер_счёта": "4711-A", "date": "2024-05-12", "seller": "ООО Берёза", "total": 1234.5},
        ),
        (
            "Αριθμός τιμολογίου: 4711-A\nΗμερομηνία: 12 Μαΐου 2024\nΠρομηθευτής: Ρόδον ΑΕ\nΣύνολο: 1.234,50\n",
            {
                "no": {**STRING, "title": "ΑΡΙΘΜΟΣ ΤΙΜΟΛΟΓΙΟΥ"},
                "ημερομηνία": DATE,
                "seller": {**STRING, "description": "Προμηθευτής"},
                "sum": {**NUMBER, "title": "σύνολο"},
            },
            {"no": "4711-A", "ημερομηνία": "2024-05-12", "seller": "Ρόδον ΑΕ", "sum": 1234.5},
        ),
        (
            "請求書番号：A-4711\n発行日：2024年5月12日\n発行者：北野商店\n合計金額12,345円\n",
            {
                "請求書番号": STRING,
                "発行日": DATE,
                "seller": {**STRING, "title": "発行者"},
                "total": {**NUMBER, "description": "「合計金額」に印刷された額"},
            },
            {"請求書番号": "A-4711", "発行日": "2024-05-12", "seller": "北野商店", "total": 12345.0},
        ),
        (
            "송장 번호: K-4711\n발행일: 2024년 5월 12일\n공급자: 한강상사\n",
            {"송장_번호": STRING, "issued": {**DATE, "title": "발행일"}, "공급자": STRING},
            {"송장_번호": "K-4711", "issued": "2024-05-12", "공급자": "한강상사"},
        ),
    ],
    ids=["cyrillic", "greek", "japanese", "korean"],
)
def test_labels_that_are_not_latin_find_themselves(tmp_path, text, properties, expected):
    assert read(tmp_path, text, properties) == expected


ENGLISH = {
    "invoice_number": STRING,
    "invoice_date": DATE,
    "due_date": DATE,
    "seller_name": STRING,
    "buyer_name": STRING,
    "total": NUMBER,
    "tax_amount": NUMBER,
}


@pytest.mark.parametrize(
    "text",
    [
        (
            "Faktura VAT nr: FV/12/2024\nData wystawienia: 3 października 2024\nTermin płatności: 17 października 2024\n"
            "Sprzedawca: Wierzba Sp. z o.o.\nNabywca: Olsza S.A.\n\nRazem netto: 1 000,00 zł\nKwota VAT: 230,00 zł\nDo zapłaty: 1 230,00 zł\n"
        ),
        (
            "Fatura n.º FV/12/2024\nData de emissão: 3 de outubro de 2024\nData de vencimento: 17 de outubro de 2024\n"
            "Fornecedor: Wierzba Sp. z o.o.\nCliente: Olsza S.A.\n\nTotal líquido: 1.000,00 €\nValor do IVA: 230,00 €\nTotal a pagar: 1.230,00 €\n"
        ),
        (
            "Fattura n. FV/12/2024\nData fattura: 3 ottobre 2024\nScadenza: 17 ottobre 2024\n"
            "Fornitore: Wierzba Sp. z o.o.\nCliente: Olsza S.A.\n\nImponibile: 1.000,00 €\nIVA 23%: 230,00 €\nTotale fattura: 1.230,00 €\n"
        ),
    ],
    ids=["polish", "portuguese", "italian"],
)
def test_english_names_find_labels_of_other_languages(tmp_path, text):
    assert read(tmp_path, text, ENGLISH) == {
        "invoice_number": "FV/12/2024",
        "invoice_date": "2024-10-03",
        "due_date": "2024-10-17",
        "seller_name": "Wierzba Sp. z o.o.",
        "buyer_name": "Olsza S.A.",
        "total": 1230.0,
        "tax_amount": 230.0,
    }


def test_strokes_go_with_the_accents():
    assert fold("Łódź Øre Œuvre") == "lodz ore oeuvre"
    assert label_key("ŁĄCZNIE") == label_key("lacznie")
    assert label_key("ΣΎΝΟΛΟΣ") == label_key("σύνολος")
    assert label_key("Ｎｏ．") == label_key("no.")


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2024年5月12日", "2024-05-12"),
        ("2024 년 5 월 2 일", "2024-05-02"),
        ("12 maja 2024", "2024-05-12"),
        ("1 września 2024 r.", "2024-09-01"),
        ("12 мая 2024 г.", "2024-05-12"),
        ("12 Μαΐου 2024", "2024-05-12"),
    ],
)
def test_dates_of_more_languages(text, iso):
    assert [date.iso for date in find_dates(text)] == [iso]


def test_a_number_that_begins_with_a_letter_and_a_dash_is_whole(tmp_path):
    text = "Invoice no. A-4711\nOrder no. D/815\n"
    assert read(tmp_path, text, {"invoice_number": STRING, "order_number": STRING}) == {
        "invoice_number": "A-4711",
        "order_number": "D/815",
    }


def test_a_label_inside_a_latin_code_is_none(tmp_path):
    assert read(tmp_path, "Ref total12 and TOTAL99-3\n", {"total": NUMBER}) == {"total": None}
