"""Fillable forms, made here: where a field's caption stands, and what its boxes say."""

import io

import pytest
from reportlab.lib.colors import black
from reportlab.pdfgen.canvas import Canvas

from extract_bridge.local.engine.engine import ExtractRequest, RulesEngine
from extract_bridge.local.engine.reading import read_reading, write_reading
from extract_bridge.parse.open import parse_document

TEXT = {"type": ["string", "null"]}
DATE = {"type": ["string", "null"], "format": "date"}


def filled(tmp_path, draw, properties, *, stored=False):
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(500, 500), invariant=1)
    canvas.setFont("Helvetica", 8)
    draw(canvas)
    canvas.save()
    path = tmp_path / "form.pdf"
    path.write_bytes(buffer.getvalue())
    document = parse_document(path, name="form.pdf")
    if stored:
        document = read_reading(write_reading(document))
    return RulesEngine().extract(
        document, ExtractRequest(data_schema={"type": "object", "properties": properties})
    )[0]


def field(canvas, value, x, y, width=200, **more):
    canvas.acroForm.textfield(
        value=value, x=x, y=y, width=width, height=14, fontSize=9, borderColor=black, borderWidth=0, **more
    )


def application(canvas):
    canvas.drawString(40, 452, "1  Name of the applicant (see instructions)")
    field(canvas, "Vera Molnar", 36, 434, name="f1")
    canvas.drawString(270, 452, "2  Country of birth")
    field(canvas, "Hungary", 266, 434, name="f2")
    canvas.drawString(40, 424, "3  Home address (street and number)")
    field(canvas, "12 Orchard Row", 36, 406, name="f3")
    canvas.drawString(50, 396, "City or town")
    field(canvas, "Pecs", 46, 378, name="f4")
    canvas.drawString(40, 368, "4  Work address (if different)")
    field(canvas, "", 36, 350, name="f5")
    canvas.drawString(50, 340, "City or town")
    field(canvas, "", 46, 322, name="f6")
    canvas.drawString(40, 300, "5  Date of birth (MM/DD/YYYY)")
    field(canvas, "05/04/1961", 36, 282, name="f7")
    canvas.drawString(40, 260, "The applicant asks for a reduction of")
    field(canvas, "12", 180, 256, 30, name="f8")
    canvas.drawString(212, 260, "% of the annual membership fee.")
    field(canvas, "Pal Molnar", 36, 180, name="f9")
    canvas.drawString(36, 170, "Print name of signer")
    field(canvas, "06/15/2025", 266, 180, name="f10", tooltip="Date of signature")


APPLICATION = {
    "applicant_name": TEXT,
    "country_of_birth": TEXT,
    "home_street": {**TEXT, "description": "Street of the home address"},
    "home_city": TEXT,
    "work_street": {**TEXT, "description": "Street of the work address, if different"},
    "work_city": TEXT,
    "date_of_birth": DATE,
    "fee_reduction_percent": {"type": ["number", "null"]},
    "signer_name": TEXT,
    "signature_date": DATE,
}


@pytest.mark.parametrize("stored", [False, True])
def test_captions_above_below_beside_and_around_a_field(tmp_path, stored):
    record = filled(tmp_path, application, APPLICATION, stored=stored)
    assert record.data == {
        "applicant_name": "Vera Molnar",
        "country_of_birth": "Hungary",
        "home_street": "12 Orchard Row",
        "home_city": "Pecs",
        "work_street": None,
        "work_city": None,
        "date_of_birth": "1961-05-04",
        "fee_reduction_percent": 12.0,
        "signer_name": "Pal Molnar",
        "signature_date": "2025-06-15",
    }
    citation = record.fields["/country_of_birth"].citations[0]
    assert citation.quote == "Hungary"
    box = citation.boxes[0]
    assert 266 <= box.x < box.x + box.w < 302
    assert 52 <= box.y < box.y + box.h <= 66


def questions(canvas):
    def box(checked, x, y, caption, name):
        canvas.acroForm.checkbox(checked=checked, x=x, y=y, size=10, name=name, borderWidth=0)
        canvas.drawString(x + 14, y + 2, caption)

    box(True, 40, 400, "Retired", "a")
    box(False, 40, 380, "Subscribes to the newsletter", "b")
    canvas.drawString(40, 342, "Do you own a vehicle?")
    box(False, 200, 340, "Yes", "c")
    box(True, 260, 340, "No", "d")
    canvas.drawString(40, 302, "Membership:")
    box(False, 120, 300, "Junior", "e")
    box(True, 190, 300, "Senior", "f")
    box(False, 260, 300, "Honorary", "g")


def test_boxes_are_booleans_and_choices(tmp_path):
    boolean = {"type": ["boolean", "null"]}
    record = filled(
        tmp_path,
        questions,
        {
            "is_retired": boolean,
            "newsletter": boolean,
            "owns_vehicle": {**boolean, "description": "Whether they own a vehicle"},
            "membership": {"type": ["string", "null"], "enum": ["Junior", "Senior", "Honorary", None]},
        },
    )
    assert record.data == {
        "is_retired": True,
        "newsletter": False,
        "owns_vehicle": False,
        "membership": "Senior",
    }
    assert record.fields["/membership"].citations[0].quote == "\u2612 Senior"


def comb(canvas, text, x, y, cells, side=12):
    for at in range(cells):
        canvas.rect(x + at * side, y, side, side)
        canvas.drawString(x + at * side + 3, y + 3, text[at : at + 1])


def test_combs_and_squares_that_are_only_drawn(tmp_path):
    def draw(canvas):
        canvas.drawString(40, 454, "Family name")
        comb(canvas, "DE LA TOUR", 40, 436, 14)
        canvas.drawString(280, 454, "Date of birth (DDMMYYYY)")
        comb(canvas, "19042001", 280, 436, 8)
        canvas.drawString(40, 404, "Postal code")
        comb(canvas, "", 40, 386, 5)
        for at, title in enumerate(("Ms", "Mr")):
            canvas.rect(40 + 80 * at, 350, 9, 9)
            canvas.drawString(53 + 80 * at, 352, title)
        canvas.drawString(122, 352, "X")
        canvas.drawString(40, 330, "Do you employ anybody?")
        for at, answer in enumerate(("Yes", "No")):
            canvas.rect(200 + 60 * at, 328, 9, 9)
            canvas.drawString(213 + 60 * at, 330, answer)
        canvas.drawString(202, 330, "X")

    asked = {
        "family_name": TEXT,
        "date_of_birth": DATE,
        "postal_code": TEXT,
        "title": {"type": "string", "enum": ["Ms", "Mr"]},
        "employs_anybody": {"type": "boolean", "description": "Do you employ anybody?"},
    }
    record = filled(tmp_path, draw, asked, stored=True)
    assert record.data == {
        "family_name": "DE LA TOUR",
        "date_of_birth": "2001-04-19",
        "postal_code": None,
        "title": "Mr",
        "employs_anybody": True,
    }


def test_the_cells_of_a_table_are_no_combs(tmp_path):
    def draw(canvas):
        canvas.drawString(40, 454, "Code")
        for row in range(2):
            comb(canvas, "10110", 40, 436 - 12 * row, 5)

    document = tmp_path / "form.pdf"
    filled(tmp_path, draw, {"code": TEXT})
    [page] = parse_document(document, name="form.pdf").pages
    assert page.fields == ()
    assert [word.text for word in page.words].count("1") == 6


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("Newsletter wanted:  ☒ Yes  ☐ No\n", True),
        ("Newsletter wanted:  [ ] Yes  [x] No\n", False),
        ("Newsletter wanted:  [ ] Yes  [ ] No\n", None),
    ],
)
def test_boxes_that_are_signs(tmp_path, text, answer):
    path = tmp_path / "form.txt"
    path.write_text("Application\n\n" + text, encoding="utf-8")
    asked = {"newsletter": {"type": ["boolean", "null"], "description": "Newsletter wanted"}}
    schema = {"type": "object", "properties": asked}
    [record] = RulesEngine().extract(
        parse_document(path, name="form.txt"), ExtractRequest(data_schema=schema)
    )
    assert record.data == {"newsletter": answer}


def test_answers_under_captions_in_small_type(tmp_path):
    pairs = [
        ("Name of individual who is the payee", "Kavita Rao", 40, 460),
        ("Country of citizenship", "India", 300, 460),
        ("Permanent residence address (street). Do not use a box.", "22 Lake View Road", 40, 420),
        ("City or town. Include postal code.", "Chennai 600033", 40, 390),
        ("Mailing address (if different from above)", "P.O. Box 8512", 40, 350),
        ("City or town. Include postal code.", "Boise, ID 83702", 40, 320),
        ("Reference number", "", 40, 290),
    ]

    def draw(canvas):
        for caption, answer, x, y in pairs:
            canvas.setFont("Helvetica", 6.5)
            canvas.drawString(x, y, caption)
            canvas.setFont("Helvetica", 10)
            canvas.drawString(x, y - 12, answer)
        canvas.drawString(40, 240, "Vera Molnar")
        canvas.setFont("Helvetica", 6.5)
        canvas.drawString(40, 232, "Print name of signer")

    def place(told):
        return {"type": "object", "description": told, "properties": {"street": TEXT, "city": TEXT}}

    asked = {"name": {**TEXT, "description": "Individual who is the payee"}, "citizenship": TEXT}
    addresses = {
        "permanent_address": place("Permanent residence"),
        "mailing_address": place("Only if different"),
    }
    signer = {**TEXT, "description": "Printed name of the signer"}
    assert filled(tmp_path, draw, {**asked, **addresses, "signed_by": signer}).data == {
        "name": "Kavita Rao",
        "citizenship": "India",
        "permanent_address": {"street": "22 Lake View Road", "city": "Chennai 600033"},
        "mailing_address": {"street": "P.O. Box 8512", "city": "Boise, ID 83702"},
        "signed_by": "Vera Molnar",
    }
