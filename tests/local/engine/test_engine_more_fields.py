"""Fields that need more than a label: lines of statements, names in message heads, choices, telephones."""

from extract_bridge.local.engine.engine import ExtractRequest, RulesEngine
from extract_bridge.parse.open import parse_document

STRING, NUMBER = {"type": ["string", "null"]}, {"type": ["number", "null"]}


def read(tmp_path, text, name="made.txt", **properties):
    stored = tmp_path / "stored"
    stored.write_text(text, encoding="utf-8")
    schema = {"type": "object", "properties": properties}
    [record] = RulesEngine().extract(parse_document(stored, name=name), ExtractRequest(data_schema=schema))
    return record.data


STATEMENT = """Condensed consolidated statements of operations (in thousands, except per share amounts)
                                   2025           2024
Net sales                          2,118,107      2,307,369
Cost of products sold              1,872,910      2,036,448
Gross profit                         245,197        270,921
Net income (loss)                      (551)          7,217
Earnings (loss) per common share
Basic                                 (0.01)           0.13
Diluted                               (0.02)           0.12
Weighted average shares
Diluted                           53,208,626     53,742,200

Accounts receivable, net             544,101        686,102
Inventories, net                   1,379,419      1,366,638
Total assets                       6,714,131      7,020,823
"""


def test_lines_of_statements_by_what_they_mean(tmp_path):
    names = (
        "revenue",
        "cost_of_revenue",
        "gross_profit",
        "net_income",
        "diluted_eps",
        "basic_eps",
        "total_assets",
    )
    found = read(tmp_path, STATEMENT, **dict.fromkeys((*names, "accounts_receivable", "inventories"), NUMBER))
    assert found == {
        "revenue": 2118107.0,
        "cost_of_revenue": 1872910.0,
        "gross_profit": 245197.0,
        "net_income": -551.0,
        "diluted_eps": -0.02,
        "basic_eps": -0.01,
        "total_assets": 6714131.0,
        "accounts_receivable": 544101.0,
        "inventories": 1379419.0,
    }


def test_a_german_statement(tmp_path):
    text = "Gewinn- und Verlustrechnung\nUmsatzerlöse 1.204.500,00\nJahresüberschuss 81.200,50\nBilanzsumme 2.400.100,00\n"
    assert read(tmp_path, text, revenue=NUMBER, net_income=NUMBER, total_assets=NUMBER) == {
        "revenue": 1204500.0,
        "net_income": 81200.5,
        "total_assets": 2400100.0,
    }


def test_a_sender_is_named_before_the_address(tmp_path):
    text = 'From: "Ada Quill" <ada@example.org>\nTo: Bo Reed <bo@example.org>\nSubject: Minutes\n\nHello Bo,\nthank you.\n'
    found = read(tmp_path, text, sender_name=STRING, sender_email=STRING, subject=STRING)
    assert found == {"sender_name": "Ada Quill", "sender_email": "ada@example.org", "subject": "Minutes"}


def test_a_choice_may_be_a_label_elsewhere(tmp_path):
    kind = {"type": "string", "enum": ["visa", "mastercard", "cash"]}
    method = {"type": "object", "properties": {"type": kind}}
    text = "Receipt\nReceipt number 2721-5058\nPayment method Visa - 7267\nTotal 10.00\n"
    assert read(tmp_path, text, paymentMethod=method) == {"paymentMethod": {"type": "visa"}}


def test_the_number_of_a_receipt_is_no_telephone(tmp_path):
    text = "Receipt\nReceipt number 2721-5058\nHill Store\n+1 650-555-7829\n\n2721-5058 - paid on July 19, 2024\n"
    found = read(tmp_path, text, receipt_number=STRING, store_phone=STRING)
    assert found == {"receipt_number": "2721-5058", "store_phone": "+1 650-555-7829"}


def test_our_number_is_the_sellers_and_your_number_the_buyers(tmp_path):
    party = {"type": "object", "properties": {"vat_id": STRING}}
    text = "Rechnung\nIhre USt-IdNr.: DE234567890\nUnsere USt-IdNr.: DE123456789\n"
    assert read(tmp_path, text, seller=party, buyer=party, vat_id=STRING) == {
        "seller": {"vat_id": "DE123456789"},
        "buyer": {"vat_id": "DE234567890"},
        "vat_id": "DE123456789",
    }
    assert read(tmp_path, "Su pedido: PC-815989\n", order_reference=STRING) == {
        "order_reference": "PC-815989"
    }


def test_labels_without_the_word_for_the_kind_of_value(tmp_path):
    date = {"type": "string", "format": "date"}
    text = "Patient:   Ada Quill\nEntnahme:  22.03.2025\nBefund vom: 26.03.2025\nCollection: 27.03.2025\nGuests 3\nRoom  427\n"
    patient = {"type": "object", "properties": {"name": STRING}}
    asked = {"entnahmedatum": date, "befunddatum": date, "collection_date": date}
    assert read(
        tmp_path, text, patient=patient, number_of_guests={"type": "integer"}, room=STRING, **asked
    ) == {
        "patient": {"name": "Ada Quill"},
        "entnahmedatum": "2025-03-22",
        "befunddatum": "2025-03-26",
        "collection_date": "2025-03-27",
        "number_of_guests": 3,
        "room": "427",
    }


def test_a_balance_stands_behind_its_date(tmp_path):
    text = "Saldo iniziale al 30/10/2025      3.599,58\nClosing balance as of 12/11/2025    4.100,00\n"
    assert read(tmp_path, text, saldo_iniziale=NUMBER, closing_balance=NUMBER) == {
        "saldo_iniziale": 3599.58,
        "closing_balance": 4100.0,
    }


def test_the_address_under_a_company_is_no_sender_line(tmp_path):
    text = "Conservas Peral, S.A.\nPol. Ind. Las Vegas, nave 14, 48001 Bilbao\nCIF: B95827161\n\nFactura\n"
    assert read(tmp_path, text, supplier=STRING, supplier_tax_id=STRING) == {
        "supplier": "Conservas Peral, S.A.",
        "supplier_tax_id": "B95827161",
    }


def test_days_to_pay(tmp_path):
    text = (
        "Inkooporder\nBetaling    30 dagen netto\n"
        + "De goederen worden geleverd zoals hier is afgesproken. " * 9
    )
    assert read(tmp_path, text, payment_term_days={"type": "integer"}) == {"payment_term_days": 30}


def test_an_iban_in_odd_groups(tmp_path):
    text = "IBAN   IT60 X 05428 11101 000000123456\n"
    assert read(tmp_path, text, iban=STRING) == {"iban": "IT60 X 05428 11101 000000123456"}
