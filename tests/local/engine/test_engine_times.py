"""Times of day that sentences give. The meetings are made up."""

import pytest

from extract_bridge.local.engine.engine import ExtractRequest, RulesEngine
from extract_bridge.parse.open import parse_document


def read(tmp_path, text, **properties):
    stored = tmp_path / "stored"
    stored.write_text("Minutes\n\n" + text, encoding="utf-8")
    schema = {"type": "object", "properties": properties}
    [record] = RulesEngine().extract(parse_document(stored, name="m.txt"), ExtractRequest(data_schema=schema))
    return record.data


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("The chair opened the meeting at 5:30 pm and it was adjourned at 7:05 pm.", "5:30 pm", "7:05 pm"),
        (
            "Frau Abel eröffnet die Sitzung um 17:30 Uhr. Die Sitzung wird um 19:05 Uhr geschlossen.",
            "17:30",
            "19:05",
        ),
        ("La séance est ouverte à 17h30 par la présidente. La séance est levée à 19h05.", "17h30", "19h05"),
        ("De voorzitter opent de vergadering om 17.30 uur en sluit deze om 19.05 uur.", "17.30", "19.05"),
        ("The bus for all members leaves the hall at 17:30 and comes back at 19:05.", None, None),
        ("The hall opens at 9:00 for members. The meeting was opened by the chair at 17:30.", None, None),
    ],
)
def test_when_a_meeting_begins_and_ends(tmp_path, text, start, end):
    asked = {"start_time": {"type": ["string", "null"]}, "end_time": {"type": ["string", "null"]}}
    assert read(tmp_path, text, **asked) == {"start_time": start, "end_time": end}


def test_only_fields_of_a_time_are_answered(tmp_path):
    text = "The chair opened the meeting at 17:30 and it was closed by the chair at 19:05."
    assert read(tmp_path, text, opening_remarks={"type": ["string", "null"]}) == {"opening_remarks": None}
