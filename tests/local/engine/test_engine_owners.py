"""Whose a value is where no label says so: letterheads, windows, footers, columns of parties, and rows behind a sum."""

import io

import pytest
from reportlab.pdfgen.canvas import Canvas

from extract_bridge.local.engine.engine import ExtractRequest, RulesEngine
from extract_bridge.parse.layout import find_tables
from extract_bridge.parse.open import parse_document
from extract_bridge.parse.pdf import read_pdf_pages

STRING, NUMBER = {"type": ["string", "null"]}, {"type": ["number", "null"]}


def thing(**properties):
    return {"type": "object", "properties": properties}


def drawn(*texts, upright=()):
    """A page of (x, y from the top, text); those of `upright` run up the page."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(595, 842), invariant=1)
    for x, y, text in texts:
        canvas.setFont("Helvetica", 9)
        (canvas.drawRightString if x > 500 else canvas.drawString)(x, 842 - y, text)
    for x, y, text in upright:
        canvas.saveState()
        canvas.translate(x, 842 - y)
        canvas.rotate(90)
        canvas.setFont("Helvetica", 5)
        canvas.drawString(0, 0, text)
        canvas.restoreState()
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def read(tmp_path, content, name="made.pdf", **properties):
    stored = tmp_path / name
    stored.write_bytes(content if isinstance(content, bytes) else content.encode())
    [record] = RulesEngine().extract(
        parse_document(stored, name=name), ExtractRequest(data_schema=thing(**properties))
    )
    return record.data


def block(x, y, *lines):
    return [(x, y + 12 * at, line) for at, line in enumerate(lines)]


SENDER = block(50, 50, "Brabant Verzekeringen", "Tel. 040 555 0147")
FOOT = (50, 800, "Brabant Verzekeringen N.V., Vestdijk 9, 5611 CA Eindhoven")
PARTY = thing(name=STRING, street=STRING, postcode=STRING, city=STRING)


def test_an_address_in_the_window_of_an_envelope_is_the_recipients(tmp_path):
    page = drawn(*SENDER, *block(50, 130, "Sanne van Dalen", "Kerkstraat 17", "5611 GH Eindhoven"), FOOT)
    found = read(tmp_path, page, customer=PARTY, seller=thing(name=STRING))
    assert found["customer"] == {
        "name": "Sanne van Dalen",
        "street": "Kerkstraat 17",
        "postcode": "5611 GH",
        "city": "Eindhoven",
    }
    assert found["seller"]["name"] == "Brabant Verzekeringen N.V."


def test_an_address_with_contact_details_under_it_is_the_senders(tmp_path):
    page = drawn(
        *block(50, 130, "Kern & Söhne", "Kerkstraat 17", "5611 GH Eindhoven", "Tel. 040 555 0147"), FOOT
    )
    assert read(tmp_path, page, customer=PARTY)["customer"]["name"] is None


def test_the_lines_of_a_list_of_labels_are_no_address(tmp_path):
    rows = [
        ("Reden", "Adreswijziging"),
        ("Houder", "Ruben de Wit"),
        ("Adres", "Spoorstraat 9-B, 9712 CP Groningen"),
    ]
    page = drawn(
        *(
            item
            for at, (a, b) in enumerate(rows)
            for item in ((50, 200 + 13 * at, a), (160, 200 + 13 * at, b))
        )
    )
    assert read(tmp_path, page, customer=thing(name=STRING))["customer"]["name"] != "Adreswijziging"


def test_who_is_paid_is_not_who_pays(tmp_path):
    page = drawn(
        (50, 50, "Orwell Foods Ltd"),
        *block(50, 120, "Paid to", "Penhale Packaging Ltd", "Unit 7, Kingsmead", "Truro TR1 2AB"),
    )
    found = read(tmp_path, page, payee=STRING, payer=STRING)
    assert found == {"payee": "Penhale Packaging Ltd", "payer": None}


def test_a_telephone_in_the_foot_of_a_form_is_not_the_applicants(tmp_path):
    text = (
        "Last name: Okafor\nFirst name: Chidi\n\nStadtwerke Aue · Am Wehr 3, 08280 Aue · Tel. 03771 550 92\n"
    )
    asked = {"last_name": STRING, "first_name": STRING, "phone_number": STRING}
    assert read(tmp_path, text.replace("Tel. ", ""), "made.txt", **asked)["phone_number"] is None


def test_a_balance_that_stood_before_is_no_total(tmp_path):
    text = "Previous balance    141.77\nCurrent charges    168.32\n"
    assert read(tmp_path, text, "made.txt", total_amount_due=NUMBER)["total_amount_due"] is None


LINES = {"type": "array", "items": thing(description=STRING, quantity=NUMBER, amount=NUMBER)}


@pytest.mark.parametrize(
    "closing", ["Btw 21%              30,81", "Nettopremie ........ 146,70", "Te betalen          177,51"]
)
def test_what_closes_a_table_is_no_line(tmp_path, closing):
    text = f"Omschrijving     Aantal    Bedrag\nDigitale krant   3         48,90\nPapieren krant   2         97,80\n{closing}\n"
    lines = read(tmp_path, text, "made.txt", lines=LINES)["lines"]
    assert [line["description"] for line in lines] == ["Digitale krant", "Papieren krant"]


def test_a_line_about_a_tax_that_is_sold_stays(tmp_path):
    text = "Description       Quantity    Amount\nTax advice        3           480.00\nBook-keeping      2           97.80\n"
    lines = read(tmp_path, text, "made.txt", lines=LINES)["lines"]
    assert [line["description"] for line in lines] == ["Tax advice", "Book-keeping"]


ROWS = [("Sleeve", "2", "99,99"), ("Laptop", "1", "2.321,00"), ("Mouse", "1", "24,99")]


def test_signs_of_a_currency_are_no_column_and_text_in_the_margin_no_line():
    texts = [(50, 100, "Artikel"), (300, 100, "Aantal"), (540, 100, "Prijs")]
    for at, (name, count, price) in enumerate(ROWS):
        y = 116 + 14 * at
        texts += [(50, y, name), (300, y, count), (450, y, "€"), (540, y, price)]
    upright = [(30, 130, "Specimen"), (30, 160, "2024")]
    [page], _ = read_pdf_pages(drawn(*texts, upright=upright), "made.pdf", [1])
    [table] = find_tables(page)
    assert [[cell.text for cell in row] for row in table.rows][1:] == [
        [name, count, f"€ {price}"] for name, count, price in ROWS
    ]
