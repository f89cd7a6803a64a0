"""Labelled values of bills, orders and tickets in many languages: what a label says, whose a value is, what a sentence asks for."""

import pytest

from extract_bridge.local.engine.engine import ExtractRequest, RulesEngine
from extract_bridge.parse.open import parse_document

STRING, NUMBER = {"type": ["string", "null"]}, {"type": ["number", "null"]}
DATE = {"type": ["string", "null"], "format": "date"}


def thing(**properties):
    return {"type": "object", "properties": properties}


def read(tmp_path, text, **properties):
    stored = tmp_path / "stored"
    stored.write_text(text, encoding="utf-8")
    schema = thing(**properties)
    [record] = RulesEngine().extract(
        parse_document(stored, name="made.txt"), ExtractRequest(data_schema=schema)
    )
    return record.data


BILLS = {
    "sv": ("Fakturanr 30118\nFakturadatum 2024-02-29\nFörfallodatum 2024-03-30\n", "Moms 25 %  135,00\nAtt betala  675,00\n"),
    "da": ("Fakturanr. 30118\nFakturadato 29-02-2024\nForfaldsdato 30-03-2024\n", "Moms (25,00%)  135,00\nI alt DKK  675,00\n"),
    "no": ("Fakturanr 30118\nFakturadato 29.02.2024\nForfallsdato 30.03.2024\n", "Mva 25 %  135,00\nÅ betale  675,00\n"),
    "fi": ("Laskun numero 30118\nPäiväys 29.2.2024\nEräpäivä 30.3.2024\n", "Alv 25 %  135,00\nMaksettava yhteensä  675,00\n"),
    "cs": ("Faktura č. 30118\nDatum vystavení: 29. 2. 2024\nDatum splatnosti: 30. 3. 2024\n", "DPH 25 %  135,00\nCelkem k úhradě  675,00\n"),
    "ro": ("Factura nr. 30118\nData facturii 29.02.2024\nData scadenta 30.03.2024\n", "TVA 25 %  135,00\nTotal de plata  675,00\n"),
    "hu": ("Számlaszám 30118\nSzámla kelte 2024.02.29\nFizetési határidő 2024.03.30\n", "ÁFA 25 %  135,00\nFizetendő összesen  675,00\n"),
}  # fmt: skip


@pytest.mark.parametrize("language", BILLS)
def test_an_english_schema_on_a_foreign_bill(tmp_path, language):
    head, foot = BILLS[language]
    found = read(
        tmp_path,
        head + foot,
        invoice_number=STRING,
        invoice_date=DATE,
        due_date=DATE,
        tax_rate=NUMBER,
        vat_amount=NUMBER,
        total=NUMBER,
        delivery_date=DATE,
    )
    assert found == {
        "invoice_number": "30118",
        "invoice_date": "2024-02-29",
        "due_date": "2024-03-30",
        "tax_rate": 25.0,
        "vat_amount": 135.0,
        "total": 675.0,
        "delivery_date": None,
    }


def test_names_of_properties_may_spell_umlauts_out(tmp_path):
    text = "Fällig am: 12.04.2024\nWährung: CHF\n"
    assert read(tmp_path, text, faellig_am=DATE, waehrung=STRING) == {
        "faellig_am": "2024-04-12",
        "waehrung": "CHF",
    }


def test_a_ticket_is_asked_in_another_language_than_it_is_printed_in(tmp_path):
    text = "Booking reference: QX7LM2\nPassenger: Okafor, Chidi\nFrom: Edinburgh\nTo: London\nSeat: 32A\nCoach: F\n"
    asked = {"buchungsnummer": STRING, "reisender": STRING, "sitzplatz": STRING, "wagen": STRING}
    assert read(tmp_path, text, **asked) == {
        "buchungsnummer": "QX7LM2",
        "reisender": "Okafor, Chidi",
        "sitzplatz": "32A",
        "wagen": "F",
    }


@pytest.mark.parametrize(
    ("sentence", "due"),
    [
        ("Zahlbar ohne Abzug bis zum 02.05.2024 unter Angabe der Nummer.", "2024-05-02"),
        ("Beløbet bedes indbetalt senest den 2. maj 2024.", "2024-05-02"),
        ("Please pay by 2 May 2024.", "2024-05-02"),
        ("Zahlbar netto bis 02.05.2024, 3 % Skonto bis 12.04.2024", "2024-05-02"),
        ("Paid on 2 May 2024 with thanks.", None),
        ("Valid until 2 May 2024.", None),
    ],
)
def test_a_sentence_that_asks_for_payment_says_when_it_is_due(tmp_path, sentence, due):
    assert read(tmp_path, f"Invoice 17\n{sentence}\n", due_date=DATE)["due_date"] == due


@pytest.mark.parametrize(
    ("line", "start", "end"),
    [
        ("Leistungszeitraum: 01.03. - 31.03.2024", "2024-03-01", "2024-03-31"),
        ("Période du 8 septembre au 7 novembre 2024", "2024-09-08", "2024-11-07"),
        ("Billing period: 28.12. to 03.01.2024", "2023-12-28", "2024-01-03"),
        ("Periodo: 1-31 mayo 2024", "2024-05-01", "2024-05-31"),
    ],
)
def test_the_first_day_of_a_period_takes_its_year_from_the_last(tmp_path, line, start, end):
    found = read(tmp_path, f"{line}\n", service_period_start=DATE, service_period_end=DATE)
    assert (found["service_period_start"], found["service_period_end"]) == (start, end)


def test_a_number_before_a_date_is_no_day(tmp_path):
    assert read(tmp_path, "Order 12 - 3 March 2024\n", start_date=DATE)["start_date"] is None


SIDES = """Sprzedawca:                         Nabywca:
Hurtownia WOLT Sp. z o.o.           Instal-Bud Marek Wrona
ul. Głogowska 218                   ul. Lipowa 4
60-104 Poznań                       62-510 Konin
NIP: 779-21-44-018                  NIP: 6652880113
"""


def test_what_stands_under_a_party_is_that_partys(tmp_path):
    party = thing(name=STRING, nip={**STRING, "description": "Tax number"}, city=STRING, postcode=STRING)
    found = read(tmp_path, SIDES, seller=party, buyer=party)
    assert found["seller"] == {
        "name": "Hurtownia WOLT Sp. z o.o.",
        "nip": "779-21-44-018",
        "city": "Poznań",
        "postcode": "60-104",
    }
    assert found["buyer"] == {
        "name": "Instal-Bud Marek Wrona",
        "nip": "6652880113",
        "city": "Konin",
        "postcode": "62-510",
    }


def test_a_house_number_before_the_street_is_no_postal_code(tmp_path):
    text = "Ship to\nBayline Motors - Plant 3\n1200 Assembly Dr\nFlint, MI 48507\n"
    place = thing(name=STRING, street=STRING, city=STRING, state=STRING, zip=STRING)
    assert read(tmp_path, text, ship_to=place)["ship_to"] == {
        "name": "Bayline Motors - Plant 3",
        "street": "1200 Assembly Dr",
        "city": "Flint",
        "state": "MI",
        "zip": "48507",
    }


def test_the_address_of_something_else_than_a_party_needs_a_label(tmp_path):
    text = "Cedar Plumbing\n96 County Road 14\nLawrence, KS 66044\nInvoice\n"
    assert read(tmp_path, text, job_site=STRING, address=STRING)["job_site"] is None
    assert read(tmp_path, text, address=STRING)["address"] is not None


def test_labels_in_two_languages_are_one_label(tmp_path):
    text = "Rechnung / Invoice      26789195\nDatum / Date      2024-04-18\n"
    assert read(tmp_path, text, invoice_number=STRING, invoice_date=DATE) == {
        "invoice_number": "26789195",
        "invoice_date": "2024-04-18",
    }


def test_a_bare_number_in_the_head_is_the_documents_own(tmp_path):
    text = "Albarán de entrega\nNúmero      AE22/74254\nSu pedido      PC-721821\n"
    found = read(tmp_path, text, delivery_note_number=STRING, order_number=STRING)
    assert found == {"delivery_note_number": "AE22/74254", "order_number": "PC-721821"}


def test_a_leader_and_a_rate_stand_between_a_label_and_its_amount(tmp_path):
    text = "Nettopremie ................................ € 1.043,79\nAssurantiebelasting 21% ................. € 219,20\n"
    assert read(tmp_path, text, assurantiebelasting=NUMBER)["assurantiebelasting"] == 219.2


def test_a_rate_in_brackets_is_not_negative_and_two_rates_are_none(tmp_path):
    assert read(tmp_path, "Sales Tax (5.5%)   $279.86\n", tax_rate=NUMBER)["tax_rate"] == 5.5
    assert read(tmp_path, "IVA 10%  12,00\nIVA 21%  4,20\n", vat_rate=NUMBER)["vat_rate"] is None


def test_a_deduction_is_positive_where_the_description_says_so(tmp_path):
    text = "Gross   $6,230.00\nAgency Commission 15%   ($934.50)\n"
    asked = {**NUMBER, "description": "As a positive amount"}
    assert read(tmp_path, text, agency_commission=asked)["agency_commission"] == 934.5


def test_a_contract_does_not_end_with_the_period_of_its_bill(tmp_path):
    text = "Periode: 1 oktober 2024 - 31 oktober 2024\n"
    found = read(tmp_path, text, period_end=DATE, contract_end_date=DATE)
    assert found == {"period_end": "2024-10-31", "contract_end_date": None}


LINES = {"type": "array", "items": thing(description=STRING, quantity=NUMBER, unit=STRING, amount=NUMBER)}
ORDER = """Description                  Qty          Amount
Hex bolt M10x40              2,500 EA     450.00
Flat washer M10              5 BX         112.00
Threadlocker                 12 EA        215.40
Subtotal                                  777.40
Sales tax 5%                               38.87
Total                                     816.27
"""


def test_a_unit_behind_a_quantity_is_the_unit_and_sums_are_no_lines(tmp_path):
    lines = read(tmp_path, ORDER, lines=LINES)["lines"]
    assert [(line["quantity"], line["unit"]) for line in lines] == [(2500.0, "EA"), (5.0, "BX"), (12.0, "EA")]


def test_a_unit_of_its_own_column_stays(tmp_path):
    text = "Description       Qty    Unit     Amount\nSand 0-4          3      t        90.00\nGravel 4-8        12     m3       215.40\n"
    lines = read(tmp_path, text, lines=LINES)["lines"]
    assert [(line["quantity"], line["unit"]) for line in lines] == [(3.0, "t"), (12.0, "m3")]


def test_days_without_a_year_in_a_table_take_it_from_the_document(tmp_path):
    text = """Relevé au 31/01/2024
Date      Libellé                  Débit
28/12     PRLV LOYER               780,00
06/01     CB SUPERMARCHE            86,40
15/01     CB GARAGE                362,13
"""
    asked = {"type": "array", "items": thing(date=DATE, libelle=STRING, debit=NUMBER)}
    days = [row["date"] for row in read(tmp_path, text, operations=asked)["operations"]]
    assert days == ["2023-12-28", "2024-01-06", "2024-01-15"]


def test_the_total_of_a_column_stands_in_its_row_of_totals(tmp_path):
    text = """Date         Text               Debit      Credit
02/05/2024   Rent               780.00
06/05/2024   Groceries           86.40
28/05/2024   Salary                        1,900.00
Total                           866.40     1,900.00
"""
    found = read(tmp_path, text, total_debit=NUMBER, total_credit=NUMBER, total_weight=NUMBER)
    assert found == {"total_debit": 866.4, "total_credit": 1900.0, "total_weight": None}


def test_no_by_itself_is_an_answer_and_no_label_of_a_number(tmp_path):
    adjusted = {"type": ["boolean", "null"]}
    text = "Certificate\n\nAdjusted     No\nVerdict      FAIL\n"
    assert read(tmp_path, text, certificate_number=STRING, adjusted=adjusted) == {
        "certificate_number": None,
        "adjusted": False,
    }
    text = "Certificate\n\nNo.          CAL-3730\nAdjusted     No\n"
    assert (
        read(tmp_path, text, certificate_number=STRING, adjusted=adjusted)["certificate_number"] == "CAL-3730"
    )
