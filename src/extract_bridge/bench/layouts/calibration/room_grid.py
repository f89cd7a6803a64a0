"""An open day's plan as a cross table: times down the side, rooms over the columns, in each cell what happens there and who gives it; lunch across all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extract_bridge.bench.draft import Fact, day, many, new_draft, text, thing
from extract_bridge.bench.layouts.fresh.strokes import ONE_LINE, dated
from extract_bridge.bench.layouts.kinds import Layout

if TYPE_CHECKING:
    from random import Random

    from extract_bridge.bench.document import BenchDocument
    from extract_bridge.bench.draft import Draft, Said

_SCHEMA = thing(
    "Programme of an open day",
    event=text(),
    eventDate=day(),
    venue=text(),
    sessions=many("Everything on the grid except breaks", start=text("hh:mm"), end=text("hh:mm"), room=text(), title=text(), speaker=text("Null where nobody is named")),
    registrationDeadline=day(),
    contactEmail=text(),
    entryFee=text(),
    organiser=text(),
)  # fmt: skip
_EVENTS = (
    "Allotment Open Day",
    "Maker Faire Tyneside",
    "Community Archive Weekend",
    "Bell Tower Appeal: Family Saturday",
)
_ROOMS = ("Main Hall", "Workshop B", "Room 2.14", "Garden Tent", "Studio (1st floor)", "Library")
_TALKS = (
    "Sharpening hand tools", "Composting for beginners", "Ask the beekeeper", "Mending bring-along", "Letterpress demonstration", "Old maps of the parish", "Tower tour (max. 12)",
    "Children's quiz", "Solder your own badge", "Choir rehearsal, open to all", "Seed swap", "Film: The Lock Keepers",
)  # fmt: skip


def _cell(draft: Draft, x: float, y: float, width: float, row: int, title: str) -> float:
    """What one cell says; where it ends."""
    rng, at = draft.rng, f"/sessions/{row}"
    size = draft.sheet.size - 0.5
    y = draft.prose(x, y, width, Fact(title, f"{at}/title"), size=size, bold=rng.random() < 0.3)
    if rng.random() < 0.75:
        mark = ("with ", "") if rng.random() < 0.5 else ("(", ")")
        parts: list[Said] = [mark[0], Fact(draft.voice.person(), f"{at}/speaker"), mark[1]]
        y = draft.prose(x, y, width, *parts, size=size - 0.5)
    return y


def _grid(draft: Draft, y: float) -> float:
    rng, row = draft.rng, 0
    rooms, talks = rng.sample(_ROOMS, rng.randint(2, 4)), rng.sample(_TALKS, len(_TALKS))
    left, width = draft.left + 78, (draft.right - draft.left - 78) / len(rooms)
    heads = [draft.say(left + at * width + 4, y, room, bold=True) for at, room in enumerate(rooms)]
    ruled, hour, minute = rng.random() < 0.6, rng.choice((9, 10)), 0
    dash = rng.choice((" - ", "-", " to "))
    y += 8
    for block in range(rng.randint(3, 5)):
        length = rng.choice((30, 45, 60))
        until = hour * 60 + minute + length
        start, end = f"{hour:02}:{minute:02}", f"{until // 60:02}:{until % 60:02}"
        top, ends = y, [y + 26]
        clock = draft.say(draft.left, y + 13, f"{start}{dash}{end}")
        texts = f"{start}{dash}{end}".split(" ")
        for place, room in enumerate(rooms):
            if not talks or rng.random() < 0.2:
                continue
            at = f"/sessions/{row}"
            draft.state(Fact(start, f"{at}/start"), clock.only(0, 1))
            draft.state(Fact(end, f"{at}/end"), clock.only(len(texts) - 1, len(texts)))
            draft.state(Fact(room, f"{at}/room"), heads[place])
            ends.append(_cell(draft, left + place * width + 4, y + 13, width - 10, row, talks.pop()))
            row += 1
        y = max(ends) + 2
        if ruled:
            draft.sheet.frame(draft.left - 4, top, 82, y - top)
            for place in range(len(rooms)):
                draft.sheet.frame(left + place * width, top, width, y - top)
        else:
            draft.sheet.line(draft.left, y, draft.right, y)
        hour, minute = until // 60, until % 60
        if block == 1:
            draft.sheet.shade(draft.left - 4, y, draft.right - draft.left + 4, 20)
            draft.say(draft.left, y + 13, f"{end}{dash}{hour + 1:02}:{minute:02}")
            draft.say((left + draft.right) / 2, y + 13, "Lunch / soup kitchen", align="centre")
            y, hour = y + 20, hour + 1
    return y


def _plan(rng: Random, at: int) -> BenchDocument:
    wide = rng.random() < 0.5
    draft = new_draft(
        rng, "en", _SCHEMA, width=842.0 if wide else 595.0, height=595.0 if wide else 842.0, size=9.0
    )
    form = rng.choice(("{d} {month} {y}", "{month} {d}, {y}", "{d:02}.{m:02}.{y}"))
    middle = draft.sheet.width / 2
    draft.say(middle, 50, Fact(rng.choice(_EVENTS), "/event"), bold=True, size=16, align="centre")
    where = rng.choice(("St Cuthbert's Centre", "Riverside Works", "The Old Fire Station"))
    when: list[Said] = [
        dated(draft, draft.today, "/eventDate", form),
        rng.choice((", ", " | ", " at ")),
        Fact(where, "/venue"),
    ]
    width = draft.sheet.measure(
        "".join(part if isinstance(part, str) else part.text for part in when), size=10
    )
    draft.prose(middle - width / 2, 68, ONE_LINE, *when, size=10)
    y = _grid(draft, 100) + 22
    last: list[Said] = []
    if rng.random() < 0.6:
        last += [
            "Places are limited: book by ",
            dated(draft, draft.later(-20, -5), "/registrationDeadline", form),
            ". ",
        ]
    if rng.random() < 0.6:
        last += ["Entry ", Fact(rng.choice(("free", "£3 on the door", "by donation")), "/entryFee"), ". "]
    last += [
        "Questions to ",
        Fact(
            f"{rng.choice(('hello', 'openday', 'events'))}@{rng.choice(('cuthberts', 'riverside'))}.example",
            "/contactEmail",
        ),
    ]
    y = draft.prose(draft.left, y, draft.right - draft.left, *last) + 4
    if rng.random() < 0.6:
        draft.prose(
            draft.left,
            y,
            ONE_LINE,
            "Organised by ",
            Fact(rng.choice(("the Friends of Saltwell", "Byker Tool Library CIC")), "/organiser"),
            size=8,
        )
    return draft.finish("calibration", at)


LAYOUTS = (Layout("room_grid", "programme_grid", _plan, group="calibration"),)
