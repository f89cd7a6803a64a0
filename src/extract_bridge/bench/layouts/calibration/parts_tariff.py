"""A Dutch tariff of spare parts, a record each: machines as headings, prices for one and for many, remarks by number at the foot, two columns of lines on a page or one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extract_bridge.bench.draft import Fact, new_draft, number, text, thing, whole
from extract_bridge.bench.layouts.fresh.strokes import ONE_LINE, worth
from extract_bridge.bench.layouts.kinds import Layout
from extract_bridge.bench.sheet import FACES

if TYPE_CHECKING:
    from random import Random

    from extract_bridge.bench.document import BenchDocument
    from extract_bridge.bench.draft import Draft, Said

_SCHEMA = thing(
    "Onderdelentarief",
    machine=text("Type machine waar het onderdeel bij hoort"),
    bestelnummer=text(),
    omschrijving=text(),
    positie=whole("Positie op de tekening"),
    brutoprijs=number("Prijs per stuk"),
    staffelprijs=number("Prijs per stuk bij grotere afname"),
    staffelVanaf=whole("Aantal vanaf waar de staffelprijs geldt"),
    verpakkingseenheid=whole(),
    vervangtNummer=text("Oud nummer dat hierdoor vervalt"),
    levertijdDagen=whole(),
)
_MACHINES = ("Maaier KM 2400", "Balenpers BP-12", "Schudder Libel 540", "Opraapwagen 38 S", "Strooier Z1000")
_PARTS = (
    "Lager 6205-2RS",
    "V-snaar SPA 1682",
    "Mes links, gehard",
    "Mes rechts, gehard",
    "Afschermkap achter",
    "Pakkingset hydrauliekblok",
    "Tand verenstaal 9 mm",
    "Borgpen R4",
    "Koppeling met breekbout",
    "Slijtplaat",
    "Naaf compleet",
)


def _line(draft: Draft, x: float, y: float, width: float, row: int, *, tiered: bool) -> float:
    """One part: number, name, price; what else is known of it in small print below."""
    rng, voice, at = draft.rng, draft.voice, f"/{row}"
    price = draft.amount(0.4, 380)
    draft.say(x, y, Fact(str(row % 40 + 1), f"{at}/positie", row % 40 + 1))
    code = Fact(f"{voice.digits(2)}.{voice.digits(3)}.{voice.digits(2)}", f"{at}/bestelnummer")
    draft.say(x + 22, y, code)
    draft.say(x + width, y, worth(draft, price, f"{at}/brutoprijs"), align="right")
    if tiered and rng.random() < 0.85:
        draft.say(
            x + width - 60, y, worth(draft, round(price * 0.85, 2), f"{at}/staffelprijs"), align="right"
        )
        many_of = rng.choice((10, 25, 50))
        draft.say(x + width - 112, y, Fact(f"{many_of}+", f"{at}/staffelVanaf", many_of), align="right")
    room = width - 90 - (175 if tiered else 50)
    y = draft.prose(x + 90, y, room, Fact(rng.choice(_PARTS), f"{at}/omschrijving"))
    extra: list[Said] = []
    if rng.random() < 0.25:
        extra += ["vervangt ", Fact(f"{voice.digits(5)}-{rng.choice('AB')}", f"{at}/vervangtNummer"), "  "]
    if rng.random() < 0.6:
        count = rng.choice((2, 5, 10))
        extra += ["per ", Fact(str(count), f"{at}/verpakkingseenheid", count), " verpakt  "]
    if rng.random() < 0.4:
        days = rng.choice((5, 10, 21))
        extra += ["levertijd ", Fact(str(days), f"{at}/levertijdDagen", days), " werkdagen"]
    return draft.prose(x + 90, y, ONE_LINE, *extra, size=draft.sheet.size - 1.5, grey=True) if extra else y


def _tariff(rng: Random, at: int) -> BenchDocument:
    draft = new_draft(rng, "nl", _SCHEMA, size=8.0, face=rng.choice((FACES[0], FACES[1], FACES[0])))
    draft.left = 40.0
    double, tiered = rng.random() < 0.25, False
    if not double:
        tiered = rng.random() < 0.85
    gap = 24.0
    width = (draft.right - draft.left - gap) / 2 if double else draft.right - draft.left
    draft.say(draft.left, 44, "Onderdelentarief", bold=True, size=14)
    draft.say(
        draft.left,
        57,
        f"Geldig vanaf {draft.voice.day(draft.today, '{d} {month} {y}')}, vervangt lijst {draft.today.year - 1}/2. Prijzen in euro, exclusief btw.",
        size=7.5,
    )
    column, x, y, top, row = 0, draft.left, 82.0, 82.0, 0
    for machine in rng.sample(_MACHINES, rng.randint(2, 4)):
        heading = None
        for _ in range(rng.randint(3, 12)):
            if y > draft.sheet.height - 84:
                column, heading = column + 1, None
                if double and column % 2:
                    x, y = draft.left + width + gap, top
                else:
                    draft.say(
                        draft.right,
                        draft.sheet.height - 34,
                        f"blad {draft.sheet.page}",
                        size=7,
                        align="right",
                    )
                    draft.sheet.next_page()
                    x, y, top = draft.left, 56.0, 56.0
            if heading is None:
                heading = draft.say(x, y + 4, machine, bold=True, size=draft.sheet.size + 1)
                draft.say(x + width, y + 4, "bruto", size=7, grey=True, align="right")
                if tiered:
                    draft.say(x + width - 60, y + 4, "staffel", size=7, grey=True, align="right")
                draft.sheet.line(x, y + 7, x + width, y + 7)
                y += draft.step * 1.7
            draft.state(Fact(machine, f"/{row}/machine"), heading)
            y = _line(draft, x, y, width, row, tiered=tiered) + 1.5
            row += 1
        y += 8
    draft.say(
        draft.left,
        draft.sheet.height - 44,
        "Posities verwijzen naar de tekening in het handboek. Orders onder 50,00: toeslag 7,50.",
        size=7,
    )
    return draft.finish("calibration", at, "per_table_row")


LAYOUTS = (Layout("parts_tariff", "tariff", _tariff, group="calibration"),)
