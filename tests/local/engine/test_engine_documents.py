"""What a document made of words at chosen places is read as: labels and values, dates in order, clauses, letterheads, totals."""

import pytest

from extract_bridge.local.engine.candidates import Candidate
from extract_bridge.local.engine.engine import ExtractRequest, RulesEngine
from extract_bridge.local.engine.pageview import PageView
from extract_bridge.local.engine.pairs import settle_dates
from extract_bridge.local.engine.wanted import describe
from extract_bridge.parse.model import Page, ParsedDocument, Word

STRING, NUMBER, DATE = (
    {"type": ["string", "null"]},
    {"type": ["number", "null"]},
    {"type": ["string", "null"], "format": "date"},
)


def page(*rows, number=1, step=18.0):
    """Words from rows of (x, text), or of (x, y, text) for places of their own; about 5.5 points a letter."""
    words = []
    for line, cells in enumerate(rows):
        for cell in cells:
            x, y, text = cell if len(cell) == 3 else (cell[0], 40 + step * line, cell[1])
            for part in text.split():
                words.append(Word(part, x, y, x + 5.5 * len(part), y + 10, 10))
                x += 5.5 * len(part) + 3
    return Page(number, 595, 842, tuple(words))


def prose(text, *, width=90):
    """A page of running text."""
    lines, line = [], ""
    for word in text.split():
        if len(line) + len(word) > width:
            lines.append([(50, line)])
            line = ""
        line = f"{line} {word}".strip()
    return page(*lines, [(50, line)], step=14.0)


def extract(properties, *pages):
    """The one record of a document made of these pages."""
    made = ParsedDocument("made.pdf", "application/pdf", tuple(pages), len(pages))
    schema = {"type": "object", "properties": properties}
    return RulesEngine().extract(made, ExtractRequest(data_schema=schema))[0]


# --- labels ------------------------------------------------------------------------------------------------------------

CAPTIONED = page(
    [(50, 40, "Ada Marlow"), (300, 40, "12 March 1990")],
    [(50, 51, "Full name"), (300, 51, "Date of birth")],
    [(50, 80, "Kelm"), (300, 80, "AB 12 998")],
    [(50, 91, "City"), (300, 91, "Reference")],
)
HEADED = page(
    [(50, 40, "Full name"), (300, 40, "Date of birth")],
    [(50, 51, "Ada Marlow"), (300, 51, "12 March 1990")],
    [(50, 80, "City"), (300, 80, "Reference")],
    [(50, 91, "Kelm"), (300, 91, "AB 12 998")],
)
PERSON = {"name": STRING, "date_of_birth": DATE, "city": STRING}


@pytest.mark.parametrize("made", [CAPTIONED, HEADED], ids=["captions below", "headings above"])
def test_the_nearer_text_is_the_value(made):
    assert extract(PERSON, made).data == {"name": "Ada Marlow", "date_of_birth": "1990-03-12", "city": "Kelm"}


def test_a_caption_whose_value_is_missing_takes_no_other():
    made = page(
        [(50, 40, "Ada Marlow")],
        [(50, 51, "Full name"), (300, 51, "Date of birth")],
        [(50, 80, "Kelm"), (300, 80, "12345")],
        [(50, 91, "City"), (300, 91, "Postal code")],
    )
    assert extract({**PERSON, "postal_code": STRING}, made).data == {
        "name": "Ada Marlow",
        "date_of_birth": None,
        "city": "Kelm",
        "postal_code": "12345",
    }


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("First name", "Surname"),
        ("Vorname", "Nachname"),
        ("Prénom", "Nom"),
        ("Voornaam", "Achternaam"),
        ("Nombre", "Apellidos"),
        ("Nome", "Cognome"),
    ],
)
def test_first_and_last_names_never_change_places(first, last):
    both = page([(50, last), (200, "Marlow")], [(50, first), (200, "Ada")])
    asked = {"first_name": STRING, "last_name": STRING}
    assert extract(asked, both).data == {"first_name": "Ada", "last_name": "Marlow"}
    assert extract(asked, page([(50, last), (200, "Marlow")])).data["first_name"] is None


@pytest.mark.parametrize(
    "label", ["Signed on", "Unterschrieben am", "Signé le", "Ondertekend op", "Firmado el", "Firmato il"]
)
def test_a_small_word_at_the_end_belongs_to_the_label(label):
    beside = page([(50, label), (220, "14 March 2024")])
    assert extract({"signature_date": DATE}, beside).data == {"signature_date": "2024-03-14"}


def test_a_sign_before_a_number_is_its_own_and_a_dash_is_none():
    made = page([(50, "New balance"), (300, "-1,250.40")], [(50, "Reference - 4711")])
    assert extract({"closing_balance": NUMBER, "reference": STRING}, made).data == {
        "closing_balance": -1250.40,
        "reference": "4711",
    }


def test_a_number_in_groups_is_one_number():
    made = page([(50, "Account number"), (300, "8019 561065")])
    assert extract({"account_number": STRING}, made).data == {"account_number": "8019 561065"}


def test_the_number_of_a_document_is_no_telephone():
    made = page([(50, "Member number"), (300, "2021-42330")])
    assert extract({"phone": STRING}, made).data == {"phone": None}


def test_a_billing_address_is_an_address_and_the_buyers():
    made = page(
        [(50, "Northwind Joinery Ltd"), (330, "Bill to")],
        [(50, "12 Harbour Street"), (330, "Marlow Works")],
        [(50, "54321 Oldport"), (330, "9 Mill Lane")],
        [(330, "98765 Kelm")],
    )
    record = extract({"billing_address": STRING, "buyer": STRING, "seller": STRING}, made)
    assert record.data == {
        "billing_address": "9 Mill Lane, 98765 Kelm",
        "buyer": "Marlow Works",
        "seller": "Northwind Joinery Ltd",
    }


# --- pairs of dates ----------------------------------------------------------------------------------------------------

VIEW = PageView(Page(1, 595, 842, ()))
START, END = (describe((name,), DATE) for name in ("start_date", "end_date"))
ISSUED, DUE = (describe((name,), DATE) for name in ("invoice_date", "due_date"))


def dated(wanted, value, score, place=0):
    return Candidate(wanted, value, value, (), VIEW, score, "", place_id=place)


def kept(candidates, *fields):
    return {(item.wanted.path[0], item.value) for item in settle_dates(candidates, fields)}


def test_both_ends_of_a_period_come_from_one_label():
    several = [
        dated(START, "2024-03-01", 0.9, 1),
        dated(END, "2024-03-31", 0.9, 1),
        dated(END, "2024-12-31", 0.92, 2),
    ]
    assert kept(several, START, END) == {("start_date", "2024-03-01"), ("end_date", "2024-03-31")}


def test_a_weak_pair_rules_nothing_out():
    weak = [
        dated(START, "2024-03-01", 0.5, 1),
        dated(END, "2024-03-31", 0.5, 1),
        dated(END, "2024-12-31", 0.95, 2),
    ]
    assert len(kept(weak, START, END)) == 3


def test_a_due_date_before_the_invoice_is_the_weaker_of_the_two():
    assert kept([dated(ISSUED, "2024-03-10", 0.95), dated(DUE, "2024-01-02", 0.5)], ISSUED, DUE) == {
        ("invoice_date", "2024-03-10")
    }
    assert kept([dated(ISSUED, "2024-03-10", 0.5), dated(DUE, "2024-01-02", 0.95)], ISSUED, DUE) == {
        ("due_date", "2024-01-02")
    }


def test_two_plain_labels_are_believed_whatever_their_order():
    assert len(kept([dated(ISSUED, "2024-03-10", 0.9), dated(DUE, "2024-01-02", 0.88)], ISSUED, DUE)) == 2


def test_dates_of_different_objects_are_no_pair():
    other = describe(("trip", "end_date"), DATE)
    several = [dated(START, "2024-05-01", 0.9), dated(other, "2024-01-01", 0.5)]
    assert len(settle_dates(several, [START, other])) == 2


# --- clauses -----------------------------------------------------------------------------------------------------------

FILLER = " ".join(f"The parties agree on point {number} as discussed between them." for number in range(12))
CONTRACT = prose(
    'This Supply Agreement is made as of 3 May 2021 by and between Marlow Works Inc., a corporation ("Buyer"), '
    'and Kelm Foundry LLC, a limited company ("Supplier"). WHEREAS the parties wish to trade. '
    + FILLER
    + " This Agreement "
    "shall be governed by and construed in accordance with the laws of the State of Ohio, without regard to its conflicts."
)


def test_a_contract_names_its_law_its_parties_and_its_day():
    record = extract(
        {
            "governing_law": STRING,
            "effective_date": DATE,
            "supplier": STRING,
            "parties": {"type": "array", "items": {"type": "string"}},
        },
        CONTRACT,
    )
    assert record.data == {
        "governing_law": "Ohio",
        "effective_date": "2021-05-03",
        "supplier": "Kelm Foundry LLC",
        "parties": ["Marlow Works Inc.", "Kelm Foundry LLC"],
    }
    assert all(item.citations for item in record)


def test_a_law_that_is_only_obeyed_governs_nothing():
    obeyed = prose("Each party shall comply with all laws that apply to it in any place. " + FILLER)
    assert extract({"governing_law": STRING}, obeyed).data == {"governing_law": None}


def test_a_term_that_is_not_defined_is_not_made_up():
    assert extract({"guarantor": STRING}, CONTRACT).data == {"guarantor": None}


# --- the head of a receipt ---------------------------------------------------------------------------------------------


def test_a_name_over_two_lines_and_an_address_without_a_label():
    made = page(
        [(60, "MARLOW HOME")],
        [(60, "SUPPLIES LTD")],
        [(60, "(Q48213-M)")],
        [(60, "110 Harbour Road")],
        [(60, "54321 Oldport")],
        [(60, "Date: 14/03/2024")],
        [(60, "Lamp"), (300, "12.50")],
        [(60, "Total"), (300, "12.50")],
        step=14.0,
    )
    record = extract({"address": STRING, "total": NUMBER}, made)
    assert record.data == {"address": "110 Harbour Road, 54321 Oldport", "total": 12.5}


def test_the_line_after_the_town_is_no_address_where_it_says_something_else():
    made = page(
        [(60, "Marlow Stores")],
        [(60, "9 Mill Lane")],
        [(60, "98765 Kelm")],
        [(60, "Served by Ada")],
        step=14.0,
    )
    assert extract({"address": STRING}, made).data == {"address": "9 Mill Lane, 98765 Kelm"}


# --- rounding ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sign", ["-", ""])
def test_what_is_paid_after_rounding_is_the_total(sign):
    made = page(
        [(60, "Lamp"), (300, "12.52")],
        [(60, "Total"), (300, "12.52")],
        [(60, "Rounding"), (300, f"{sign}0.02")],
        [(60, "Rounded total"), (300, "12.50")],
        [(60, "Cash"), (300, "20.00")],
        [(60, "Change"), (300, "7.50")],
    )
    assert extract({"total": NUMBER}, made).data == {"total": 12.5}


def test_without_an_adjustment_the_printed_total_stands():
    made = page(
        [(60, "Subtotal"), (300, "10.02")], [(60, "VAT"), (300, "2.00")], [(60, "Total"), (300, "12.02")]
    )
    assert extract({"total": NUMBER, "subtotal": NUMBER}, made).data == {"total": 12.02, "subtotal": 10.02}
