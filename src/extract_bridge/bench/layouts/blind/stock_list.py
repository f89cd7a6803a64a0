"""A Dutch list of stock: one table in two halves side by side, shelves as headings, some counts empty."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extract_bridge.bench.draft import Fact, day, new_draft, text, thing, whole
from extract_bridge.bench.layouts.kinds import Layout

if TYPE_CHECKING:
    from random import Random

    from extract_bridge.bench.document import BenchDocument
    from extract_bridge.bench.draft import Draft

_ITEM = thing(
    artikelnummer=text(),
    omschrijving=text(),
    locatie=text("Magazijnlocatie, zoals A-03-2"),
    voorraad=whole("Volgens administratie"),
    geteld=whole("Geteld aantal, leeg als niet geteld"),
)
_SCHEMA = thing(
    magazijn=text(),
    teldatum=day("Datum van de telling"),
    geteld_door=text(),
    artikelen={"type": "array", "items": _ITEM, "description": "Alle artikelen van beide helften"},
    totaal_artikelen=whole("Aantal artikelregels volgens de lijst"),
)
_NOUNS = (
    "Bout M8x40",
    "Moer M8",
    "Ring 8,4 mm",
    "Kabelgoot 60x40",
    "Lasdop 3-voudig",
    "Knie 15 mm",
    "Klem RVS",
    "Tule rubber",
    "Pakking DN50",
    "Sifon chroom",
)


def _heads(draft: Draft, x: float, y: float) -> None:
    for left, label in ((0, "Artikelnr."), (54, "Omschrijving"), (134, "Loc.")):
        draft.say(x + left, y, label, bold=True, size=8)
    for right, label in ((198, "Voorr."), (238, "Geteld")):
        draft.say(x + right, y, label, bold=True, size=8, align="right")
    draft.sheet.line(x, y + 3, x + 238, y + 3)


def _item(draft: Draft, x: float, y: float, row: int) -> None:
    rng, voice, start = draft.rng, draft.voice, f"/artikelen/{row}"
    stock = rng.randint(0, 2400)
    draft.say(x, y, Fact(f"{voice.digits(6)}", f"{start}/artikelnummer"))
    draft.say(x + 54, y, Fact(rng.choice(_NOUNS), f"{start}/omschrijving"))
    draft.say(
        x + 134,
        y,
        Fact(f"{rng.choice('ABCD')}-{rng.randint(1, 24):02}-{rng.randint(1, 5)}", f"{start}/locatie"),
    )
    draft.say(x + 198, y, Fact(voice.number(stock, 0), f"{start}/voorraad", stock), align="right")
    if rng.random() < 0.8:
        counted = max(0, stock + rng.choice((0, 0, 0, -1, 3)))
        draft.say(x + 238, y, Fact(voice.number(counted, 0), f"{start}/geteld", counted), align="right")


def _stock(rng: Random, at: int) -> BenchDocument:
    draft = new_draft(rng, "nl", _SCHEMA, size=8.5)
    voice, count = draft.voice, rng.randint(14, 60)
    draft.say(draft.left, 56, "Voorraadlijst / inventarisatie", size=15, bold=True)
    shown = Fact(voice.day(draft.today, "{d} {month} {y}"), "/teldatum", draft.today.isoformat())
    draft.say(draft.left, 78, "Magazijn")
    draft.say(
        draft.left + 50, 78, Fact(rng.choice(("Tilburg Noord", "Hal 4", "Rotterdam Waalhaven")), "/magazijn")
    )
    draft.say(draft.left + 190, 78, "Teldatum")
    draft.say(draft.left + 236, 78, shown)
    if rng.random() < 0.7:
        draft.say(draft.left + 350, 78, "Geteld door")
        draft.say(draft.left + 405, 78, Fact(voice.person(), "/geteld_door"))
    half = -(-count // 2)
    for side in (0, 1):
        x, rows = draft.left + side * 258, range(side * half, min(count, (side + 1) * half))
        _heads(draft, x, 104)
        for place, row in enumerate(rows):
            y = 118 + place * draft.step * 1.15
            if place % 2 and at % 2:
                draft.sheet.shade(x, y - draft.sheet.size, 238, draft.step * 1.15)
            _item(draft, x, y, row)
    y = 118 + half * draft.step * 1.15 + 20
    draft.labels(
        draft.left,
        y,
        draft.left + 120,
        [("Totaal artikelregels:", Fact(str(count), "/totaal_artikelen", count))],
    )
    draft.say(
        draft.left,
        y + 30,
        f"Afgedrukt op {voice.day(draft.later(0, 3), '{d:02}-{m:02}-{y}')}",
        size=7.5,
        grey=True,
    )
    return draft.finish("held-out", at)


LAYOUTS = (Layout("stock_list", "stock", _stock, group="held-out"),)
