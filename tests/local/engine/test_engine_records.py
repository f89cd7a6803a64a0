"""Records without a grid, from documents that are made here: over several lines, on cards, in lists, with and without labels."""

import io

import pytest
from reportlab.pdfgen.canvas import Canvas

from extract_bridge.local.engine.engine import ExtractRequest, RulesEngine
from extract_bridge.parse.open import parse_document

TEXT = {"type": ["string", "null"]}
NUMBER = {"type": ["number", "null"]}
DATE = {"type": ["string", "null"], "format": "date"}


def pdf(*pages):
    """Pages of (y, [(x, text), ...]) lines; a text that ends with `<` ends at x, one that begins with `*` is bold."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(600, 800), invariant=1)
    for lines in pages:
        for y, pieces in lines:
            for x, text in pieces:
                canvas.setFont("Helvetica-Bold" if text.startswith("*") else "Helvetica", 10)
                draw = canvas.drawRightString if text.endswith("<") else canvas.drawString
                draw(x, y, text.removesuffix("<").removeprefix("*"))
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def extract(tmp_path, data, schema, target="per_doc"):
    path = tmp_path / "stored"
    path.write_bytes(data)
    request = ExtractRequest(data_schema=schema, extraction_target=target)
    return [record.data for record in RulesEngine().extract(parse_document(path, name="a.pdf"), request)]


def listed(array, **properties):
    items = {"type": "object", "properties": properties}
    return {"type": "object", "properties": {array: {"type": "array", "items": items}}}


TALKS = [
    ("09:00", "Green Roofs in Practice", "Ana Lindqvist", "Hall 1"),
    ("9:45", "A Short History of Paper", "Ben Okafor", "Hall 2"),
    ("10:30", "Night Trains", "Cleo Hargreaves", "Hall 1"),
    ("11:15", "Understanding Soil", "Dan Whitcombe", "Library"),
]
PROGRAMME = {"title": TEXT, "speaker": TEXT, "start_time": TEXT, "room": TEXT}


def talks(*, room_first, breaks=True):
    """Each over two lines, under headings of sessions, over two pages."""
    pages, lines, y = [], [(740, [(50, "*Programme")])], 700
    for at, (time, title, speaker, room) in enumerate(TALKS):
        if at == 2:
            pages.append(lines)
            lines, y = [(740, [(50, "*Afternoon")])], 700
        upper, lower = (room, speaker) if room_first else (speaker, room)
        lines.append((y, [(50, time), (120, f"*{title}"), *([(540, f"{upper}<")] if room_first else [])]))
        lines.append((y - 13, [(120, speaker)] if room_first else [(120, upper), (300, lower)]))
        y -= 34
        if breaks and at == 1:
            lines.append((y, [(50, "*10:10"), (120, "Coffee")]))
    return pdf(*pages, lines)


@pytest.mark.parametrize("room_first", [True, False])
def test_talks_over_two_lines_are_told_by_what_their_texts_are(tmp_path, room_first):
    schema = {"type": "object", "properties": PROGRAMME}
    rows = extract(tmp_path, talks(room_first=room_first), schema, "per_table_row")
    wanted = [
        {"title": title, "speaker": speaker, "start_time": time, "room": room}
        for time, title, speaker, room in TALKS
    ]
    assert rows == wanted


def test_cards_of_labels_are_records_however_their_lines_are_spaced(tmp_path):
    policies = [
        ("34.664924", "Travel", "18/12/2023", "64.20"),
        ("35.661804", "Contents", "27/10/2023", "13.90"),
    ]
    lines, y = [(740, [(50, "*Your policies")])], 700
    for number, cover, start, premium in policies:
        for label, value in (
            ("No.:", number),
            ("Cover:", cover),
            ("Start date:", start),
            ("Premium:", premium),
        ):
            lines.append((y, [(50, label), (150, value)]))
            y -= 14
        y -= 14
    schema = listed("policies", start_date=DATE, cover=TEXT, premium=NUMBER)
    [data] = extract(tmp_path, pdf(lines), schema)
    assert data["policies"] == [
        {"start_date": "2023-12-18", "cover": "Travel", "premium": 64.2},
        {"start_date": "2023-10-27", "cover": "Contents", "premium": 13.9},
    ]


@pytest.mark.parametrize("mark", ["{}.", "({})", "-"])
@pytest.mark.parametrize("sign", [" - ", ", ", "; ", " | "])
def test_items_of_one_line_are_cut_where_all_have_the_same_sign(tmp_path, mark, sign):
    items = [
        ("Field test", "9 November 2023", "400.00"),
        ("Training", "4 February 2024", "25.50"),
        ("Handover", "6 May 2024", "15.00"),
    ]
    lines = [(700, [(50, "*Milestones")])]
    for at, item in enumerate(items, 1):
        lines.append((700 - 14 * at, [(50, f"{mark.format(at)} {sign.join(item)}")]))
    [data] = extract(tmp_path, pdf(lines), listed("milestones", name=TEXT, due=DATE, payment=NUMBER))
    assert [tuple(item.values()) for item in data["milestones"]] == [
        ("Field test", "2023-11-09", 400.0),
        ("Training", "2024-02-04", 25.5),
        ("Handover", "2024-05-06", 15.0),
    ]


def test_dots_lead_from_a_text_to_its_number(tmp_path):
    dishes = [("Tomato soup", "13.40"), ("Roast lamb", "27.00"), ("Apple crumble", "8.15")]
    lines = [(700, [(50, "*Dishes")])]
    lines += [
        (684 - 16 * at, [(50, f"{name} ........................ {price}")])
        for at, (name, price) in enumerate(dishes)
    ]
    [data] = extract(tmp_path, pdf(lines), listed("dishes", name=TEXT, price=NUMBER))
    assert data["dishes"] == [{"name": name, "price": float(price)} for name, price in dishes]


def numbers(count):
    """Three rows of a text and so many numbers, without headings."""
    lines = [(700, [(50, "*Parts")])]
    for at, name in enumerate(("Hinge", "Bracket", "Long screw")):
        values = [f"{10 * at + place + 1}.00<" for place in range(count)]
        lines.append(
            (684 - 16 * at, [(50, name), *((300 + 80 * place, text) for place, text in enumerate(values))])
        )
    return pdf(lines)


def test_numbers_are_told_by_their_order_only_where_as_many_are_asked_for(tmp_path):
    schema = listed("parts", name=TEXT, price=NUMBER, total=NUMBER)
    [data] = extract(tmp_path, numbers(2), schema)
    assert data["parts"][0] == {"name": "Hinge", "price": 1.0, "total": 2.0}
    [data] = extract(tmp_path, numbers(3), schema)
    assert data["parts"] == []


@pytest.mark.parametrize(
    "lines",
    [
        [
            "This agreement starts on the first day and runs on.",
            "It ends when one of the two says so in writing.",
            "Nothing else was said.",
        ],
        ["Name: Ana Lindqvist", "Date: 9 November 2023", "Payment: 400.00", "Reference: 12"],
    ],
    ids=["running text", "labels of one record"],
)
def test_what_does_not_repeat_is_no_list(tmp_path, lines):
    page = [(700 - 14 * at, [(50, line)]) for at, line in enumerate(lines)]
    [data] = extract(tmp_path, pdf(page), listed("milestones", name=TEXT, due=DATE, payment=NUMBER))
    assert data["milestones"] == []
