"""Results of a swimming meet: a heading to each event, an entry a line with seed and final time, split times below it, relays with their swimmers."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from extract_bridge.bench.draft import Fact, new_draft, text, thing, whole
from extract_bridge.bench.layouts.fresh.second.hands import onward
from extract_bridge.bench.layouts.fresh.strokes import across, nullable
from extract_bridge.bench.layouts.kinds import Layout
from extract_bridge.bench.sheet import FACES

if TYPE_CHECKING:
    from random import Random

    from extract_bridge.bench.document import BenchDocument
    from extract_bridge.bench.draft import Draft, Said
    from extract_bridge.bench.layouts.fresh.strokes import Tabs
    from extract_bridge.bench.sheet import Ink

_SCHEMA = thing(
    "One entry of the results, a swimmer or a relay team",
    event_number=whole("From the heading above"),
    event=text("Name of the event, without its number"),
    place=nullable(whole("Null if disqualified or scratched")),
    name=text("Swimmer as printed; for relays the letter of the team"),
    age=nullable(whole()),
    club=text("Team"),
    seed_time=nullable(text("NT is no time: null")),
    final_time=nullable(text()),
    points=nullable(whole()),
)


class _Event(NamedTuple):
    name: str
    seconds: float
    lengths: int
    ages: tuple[int, int] = (13, 24)
    relay: bool = False


_EVENTS = (
    _Event("Girls 11-12 50 LC Meter Freestyle", 31.0, 1, (11, 12)), _Event("Boys 13-14 100 LC Meter Backstroke", 68.0, 2, (13, 14)),
    _Event("Women 200 LC Meter Individual Medley", 152.0, 4), _Event("Women 50 LC Meter Breaststroke", 36.0, 1), _Event("Men 100 LC Meter Butterfly", 59.0, 2),
    _Event("Mixed 4x50 LC Meter Medley Relay", 124.0, 4, relay=True), _Event("Girls 13 & Over 4x100 LC Meter Freestyle Relay", 255.0, 4, relay=True),
)  # fmt: skip
_FIRST = ("Maja", "Noah", "Ines", "Theo", "Lucía", "Jonas", "Aiyana", "Kofi", "Zoe", "Emil", "Harper", "Rin")
_LAST = (
    "Lindahl",
    "O'Rourke",
    "Castellanos",
    "Szabo",
    "Nakagawa",
    "de Groot",
    "Whitfield",
    "Mensah",
    "St. Clair",
    "Baptiste-Lowe",
)
_CLUBS = (
    "Riverside Aquatic Club",
    "Tri-County Marlins",
    "Harbor City ST",
    "YMCA of Elk Valley",
    "Delta Swim-CA",
    "Unattached",
)
_TABS: Tabs = (
    (14, "right"), (22, "left"), (188, "right"), (196, "left"), (378, "right"), (440, "right"), (495, "right"),
)  # fmt: skip
_POINTS = (9, 7, 6, 5, 4, 3, 2, 1)


def _clock(seconds: float) -> str:
    minutes, rest = divmod(seconds, 60)
    return f"{int(minutes)}:{rest:05.2f}" if minutes else f"{rest:.2f}"


class _Heat:
    """One event while it is printed."""

    def __init__(self, draft: Draft, event: _Event, number_of: int, row: int, *, scored: bool) -> None:
        self.draft, self.event, self.number_of, self.row, self.scored = draft, event, number_of, row, scored
        self.headings: list[Ink] = []

    def head(self, y: float, *, again: bool = False) -> float:
        """The event, and what the columns are."""
        draft = self.draft
        brackets = ("(", ")") if again else ("", "")
        ink = draft.say(
            draft.left,
            y,
            f"{brackets[0]}Event {self.number_of}  {self.event.name}{brackets[1]}",
            bold=True,
            size=draft.sheet.size + 1,
        )
        if not self.headings:
            self.headings = [ink]
        heads = (
            ("", "Team", "", "Relay", "Seed Time", "Finals Time", "Points")
            if self.event.relay
            else ("", "Name", "Age", "Team", "Seed Time", "Finals Time", "Points")
        )
        y += draft.step * 1.1
        across(draft, y, _TABS, heads if self.scored else (*heads[:-1], ""), size=draft.sheet.size - 0.5)
        draft.sheet.line(draft.left, y + 3, draft.right, y + 3)
        return y + draft.step * 1.15

    def entry(self, y: float, place: int | None, seconds: float) -> float:
        """A line, and the splits or swimmers under it."""
        draft, rng, start = self.draft, self.draft.rng, f"/{self.row}"
        ink = self.headings[0]
        draft.state(Fact(str(self.number_of), f"{start}/event_number", self.number_of), ink.only(1, 2))
        draft.state(Fact(self.event.name, f"{start}/event"), ink.only(2))
        seed, age = _clock(seconds * rng.uniform(0.98, 1.03)), rng.randint(*self.event.ages)
        name, club = (
            Fact(f"{rng.choice(_LAST)}, {rng.choice(_FIRST)}", f"{start}/name"),
            Fact(rng.choice(_CLUBS), f"{start}/club"),
        )
        who: tuple[Said, Said, Said] = (name, Fact(str(age), f"{start}/age", age), club)
        if self.event.relay:
            who = (club, "", Fact(rng.choice("AB"), f"{start}/name"))
        gone = rng.choice(("DQ", "NS", "SCR")) if place is None else ""
        points = _POINTS[place - 1] if self.scored and place and place <= len(_POINTS) else 0
        cells: list[Said] = [
            Fact(str(place), f"{start}/place", place) if place else "--", *who, Fact(seed, f"{start}/seed_time") if rng.random() < 0.9 else "NT",
            gone or Fact(_clock(seconds), f"{start}/final_time"), Fact(str(points) if points else "", f"{start}/points", points),
        ]  # fmt: skip
        y = across(draft, y, _TABS, cells)
        self.row += 1
        small = draft.sheet.size - 1.5
        if self.event.relay:
            swimmers = [
                f"{at}) {rng.choice(_LAST)}, {rng.choice(_FIRST)} {rng.choice('MW')}{rng.randint(13, 22)}"
                for at in range(1, 5)
            ]
            for at, swimmer in enumerate(swimmers):
                draft.say(draft.left + 26 + at % 2 * 190, y + at // 2 * 10, swimmer, size=small)
            y += 21
        if self.event.lengths > 1 and place:
            laps = [
                seconds * (at + 1) / self.event.lengths * rng.uniform(0.985, 1.0)
                for at in range(self.event.lengths - 1)
            ]
            for lap_at, lap in enumerate([*laps, seconds]):
                draft.say(draft.left + 60 + 62 * lap_at, y, _clock(lap), size=small)
            y += 11
        return y


def _banner(draft: Draft, meet: str) -> float:
    draft.say(draft.left, 34, f"Licensed to {meet.split(' - ')[0]}", size=7)
    draft.say(
        draft.right,
        34,
        f"HY-RESULTS 8.0 - {draft.voice.day(draft.today, '{m}/{d}/{y}')}  Page {draft.sheet.page}",
        size=7,
        align="right",
    )
    draft.say(draft.sheet.width / 2, 50, meet, bold=True, size=11, align="centre")
    draft.say(draft.sheet.width / 2, 64, "Results - Sunday Finals", align="centre")
    return 90.0


def _results(rng: Random, at: int) -> BenchDocument:
    draft = new_draft(rng, "en", _SCHEMA, size=8.5, face=rng.choice((FACES[0], FACES[1])))
    meet = rng.choice(
        ("Riverside Spring Invitational - 5/14/2022 to 5/15/2022", "Elk Valley Long Course Open - 7/9/2023")
    )
    y, row, number_of = _banner(draft, meet), 0, rng.randint(1, 30)
    scored = rng.random() < 0.6
    for event in rng.sample(_EVENTS, rng.randint(2, 5)):
        heat = _Heat(draft, event, number_of, row, scored=scored)
        page = draft.sheet.page
        y = onward(draft, y, 80)
        y = heat.head(_banner(draft, meet) if draft.sheet.page != page else y)
        seconds, last = event.seconds, rng.randint(2, 12)
        out = rng.choice((0, 0, 1, 2))
        for place in (*range(1, last + 1), *(None for _ in range(out))):
            page = draft.sheet.page
            y = onward(draft, y, 46)
            if draft.sheet.page != page:
                y = heat.head(_banner(draft, meet), again=True)
            seconds *= rng.uniform(1.001, 1.03)
            y = heat.entry(y, place, seconds)
        y, row, number_of = y + 12, heat.row, number_of + rng.choice((1, 2))
    return draft.finish("swim_results", at, "per_table_row")


LAYOUTS = (Layout("swim_results", "sports", _results, group="fresh"),)
