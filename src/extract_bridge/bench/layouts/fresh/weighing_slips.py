"""Slips of a weighbridge in German, one a page and a record each: some printed in labels with dots, some in a frame, most of them short."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from extract_bridge.bench.draft import Fact, day, new_draft, number, text, thing
from extract_bridge.bench.layouts.fresh.strokes import ONE_LINE, captioned, dated, leader, worth
from extract_bridge.bench.layouts.kinds import Layout
from extract_bridge.bench.sheet import FACES

if TYPE_CHECKING:
    from datetime import date
    from random import Random

    from extract_bridge.bench.document import BenchDocument
    from extract_bridge.bench.draft import Draft, Said

_SCHEMA = {
    "title": "Wiegeschein",
    "description": "One weighing slip per page",
    **thing(
        slipNo=text("Wiegeschein-Nr."),
        date=day("Date of the second weighing"),
        plate=text("Kennzeichen"),
        haulier=text("Spedition or Fuhrunternehmer"),
        customer=text(),
        material=text(),
        grossKg=number("First or second weighing, the heavier one"),
        tareKg=number(),
        netKg=number(),
        driver=text(),
        wasteCode=text("AVV-Schlüssel, if printed"),
    ),
}
_STUFFS = (
    ("Kies 0/32 gebrochen", ""),
    ("Altholz A II", "17 02 01"),
    ("Bauschutt sortiert", "17 01 07"),
    ("Splitt 2/5", ""),
    ("Asphaltaufbruch", "17 03 02"),
)
_TOWNS = ("KI", "UL", "MD", "DD", "WÜ")
_FORMS = ("{d:02}.{m:02}.{y}", "{d:02}.{m:02}.{yy}")


def _weights(draft: Draft, row: int) -> list[tuple[str, Said, str]]:
    """Two weighings and what is between them: label, weight, and when."""
    rng = draft.rng
    tare, net = rng.randint(550, 780) * 20, rng.randint(120, 1300) * 20
    clock = [
        f"{rng.randint(7, 11):02}:{rng.randint(0, 59):02}",
        f"{rng.randint(12, 16):02}:{rng.randint(0, 59):02}",
    ]

    def shown(value: int, key: str) -> Fact:
        return worth(draft, value, f"/{row}/{key}", places=0)

    lines: list[tuple[str, Said, str]] = [
        (rng.choice(("Erstwägung", "1. Wägung (Brutto)")), shown(tare + net, "grossKg"), clock[0]),
        (rng.choice(("Zweitwägung", "2. Wägung (Tara)")), shown(tare, "tareKg"), clock[1]),
    ]
    return [*lines, ("Netto", shown(net, "netKg"), "")]


def _slip(draft: Draft, row: int, when: date, form: str, owner: str, *, framed: bool) -> None:
    rng, voice, left, right = draft.rng, draft.voice, draft.left, draft.right
    stuff, code = rng.choice(_STUFFS)
    draft.say(left, 40, owner, bold=True, size=11)
    title: list[Said] = [
        rng.choice(("WIEGESCHEIN Nr. ", "Wiegeschein ", "Lieferschein/Wiegenote ")),
        Fact(voice.digits(6), f"/{row}/slipNo"),
    ]
    draft.prose(left, 64, ONE_LINE, *title, bold=True, size=12)
    plate = f"{rng.choice(_TOWNS)}-{rng.choice('ABKLM')}{rng.choice('CRTZ')} {rng.randint(10, 9999)}"
    entries: list[tuple[str, Said]] = [
        ("Datum", dated(draft, when, f"/{row}/date", form)),
        ("Kennzeichen", Fact(plate, f"/{row}/plate")),
        ("Kunde", Fact(voice.companies(1)[0], f"/{row}/customer")),
        ("Material", Fact(stuff, f"/{row}/material")),
    ]
    if rng.random() < 0.6:
        entries.insert(
            2,
            (
                "Spedition",
                Fact(
                    rng.choice(("Vogelsang Transporte", "Hinrichs & Sohn", "Selbstabholer")),
                    f"/{row}/haulier",
                ),
            ),
        )
    if code and rng.random() < 0.8:
        entries.append(("AVV-Nr.", Fact(code, f"/{row}/wasteCode")))
    if rng.random() < 0.5:
        entries.append(("Fahrer", Fact(voice.person(), f"/{row}/driver")))
    y = 84.0
    if framed:
        width = (right - left) / 2
        for at, (label, what) in enumerate(entries):
            captioned(draft, left + at % 2 * width, y + at // 2 * 28, width, 28, label, what)
        y += -(-len(entries) // 2) * 28 + 20
    else:
        for label, what in entries:
            draft.prose(left, y, ONE_LINE, f"{label}: ", what)
            y += draft.step
        y += 12
    for label, what, clock in _weights(draft, row):
        if framed:
            draft.say(left, y, label, bold=label == "Netto")
            draft.say(left + 170, y, what, align="right", bold=label == "Netto")
            draft.say(left + 176, y, "kg")
            draft.say(left + 215, y, clock)
            y += draft.step
        else:
            y = leader(draft, left, y, right - 20, f"{label} {clock}".strip(), what)
            draft.say(right - 16, y - draft.step, "kg")
    draft.say(
        left,
        y + 26,
        rng.choice(("Waage geeicht bis 2027 - Teilung e = 20 kg", "Handeingaben sind mit * gekennzeichnet")),
        size=7,
    )
    draft.say(left, y + 52, "Unterschrift Wäger: ____________   Fahrer: ____________", size=8)


def _batch(rng: Random, at: int) -> BenchDocument:
    face = rng.choice((FACES[2], FACES[0], FACES[3]))
    draft = new_draft(rng, "de", _SCHEMA, width=420.0, height=298.0 + 100, size=8.5, face=face)
    draft.left = 30.0
    owner = f"{rng.choice(('Kieswerk Niederaue GmbH', 'Recyclinghof Förde', 'Deponie Am Güterbahnhof'))}, {draft.voice.homes(1)[0].town}"
    form, framed = rng.choice(_FORMS), rng.random() < 0.5
    for row in range(rng.randint(1, 5)):
        if row:
            draft.sheet.next_page()
        _slip(draft, row, draft.today + timedelta(days=row // 2), form, owner, framed=framed)
    return draft.finish("weighing_slips", at, "per_page")


LAYOUTS = (Layout("weighing_slips", "weighing", _batch, group="fresh"),)
