"""A conference programme in English: talks under headings of sessions, each over two lines, breaks between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extract_bridge.bench.draft import Fact, new_draft, text, thing, whole
from extract_bridge.bench.layouts.kinds import Layout

if TYPE_CHECKING:
    from random import Random

    from extract_bridge.bench.document import BenchDocument
    from extract_bridge.bench.draft import Draft

_SCHEMA = thing(
    start_time=text("When the talk begins, as printed"),
    title=text("Title of the talk"),
    speaker=text(),
    affiliation=text("Company or university of the speaker"),
    room=text(),
    talk_id=whole("Number of the talk"),
)
_FIRST = ("Scaling", "Rethinking", "A Field Guide to", "Lessons from", "The Hidden Cost of", "Towards")
_SECOND = (
    "Incremental Builds",
    "Observability in Small Teams",
    "Offline-First Maps",
    "Typed Configuration",
    "Battery Passports",
    "Open Hydrology Data",
    "Schema Migrations at Night",
)
_SESSIONS = ("Opening Session", "Tools and Practice", "Data in the Field", "Hard-Won Lessons", "Closing")
_PLACES = (
    "University of Tromsø",
    "Blue Heron Systems",
    "ETH Zürich",
    "City of Ghent",
    "Oakmere Group",
    "Freelance",
)


def _talk(draft: Draft, y: float, row: int, minutes: int, room: str) -> float:
    rng, tab = draft.rng, draft.left + 74
    clock = f"{minutes // 60:02}:{minutes % 60:02}"
    draft.say(draft.left, y, Fact(clock, f"/{row}/start_time"), bold=True)
    name = draft.sheet.text(tab, y, f"#{100 + row}", grey=True)
    draft.state(Fact(f"#{100 + row}", f"/{row}/talk_id", 100 + row), name)
    title = f"{rng.choice(_FIRST)} {rng.choice(_SECOND)}"
    draft.say(name.x1 + 8, y, Fact(title, f"/{row}/title"), bold=True)
    draft.say(draft.right, y, Fact(room, f"/{row}/room"), align="right")
    y += draft.step
    who = draft.say(tab, y, Fact(draft.voice.person(), f"/{row}/speaker"))
    if rng.random() < 0.8:
        comma = draft.say(who.x1 + 4, y, "·")
        draft.say(comma.x1 + 4, y, Fact(rng.choice(_PLACES), f"/{row}/affiliation"))
    return y + draft.step * 1.5


def _programme(rng: Random, at: int) -> BenchDocument:
    draft = new_draft(rng, "en", _SCHEMA, size=10.0)
    draft.say(draft.left, 60, "NorthBits 2026 - Conference Programme", size=18, bold=True)
    place = (
        f"{draft.voice.day(draft.today, '{d} {month} {y}')} · Assembly Rooms, Leeds · Registration from 08:15"
    )
    draft.say(draft.left, 78, place, grey=True)
    y, minutes, row = 110.0, 9 * 60, 0
    for session in rng.sample(_SESSIONS, rng.randint(2, 4)):
        draft.sheet.shade(draft.left, y - draft.step, draft.right - draft.left, draft.step * 1.5)
        draft.say(draft.left + 4, y, session, bold=True)
        draft.say(draft.right - 4, y, f"Chair: {draft.voice.person()}", align="right", grey=True)
        y += draft.step * 1.9
        room = rng.choice(("Hall A", "Hall B", "Studio 2", "Library"))
        for _ in range(rng.randint(2, 5)):
            if y > draft.sheet.height - 90:
                draft.sheet.next_page()
                y = 60.0
            y = _talk(draft, y, row, minutes, room)
            minutes, row = minutes + rng.choice((20, 25, 30, 45)), row + 1
        draft.say(draft.left, y, f"{minutes // 60:02}:{minutes % 60:02}", grey=True)
        draft.say(draft.left + 74, y, rng.choice(("Coffee break", "Lunch", "Break")), grey=True)
        minutes += 30
        y += draft.step * 2
    return draft.finish("programme", at, "per_table_row")


LAYOUTS = (Layout("programme", "schedule", _programme, group="fresh"),)
