"""A Polish stock sheet, a record for each article: groups that only a heading names, sums between the rows, headings on each page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extract_bridge.bench.draft import Fact, new_draft, number, text, thing
from extract_bridge.bench.layouts.fresh.strokes import across, worth
from extract_bridge.bench.layouts.kinds import Layout
from extract_bridge.bench.sheet import FACES

if TYPE_CHECKING:
    from random import Random

    from extract_bridge.bench.document import BenchDocument
    from extract_bridge.bench.draft import Draft, Said
    from extract_bridge.bench.layouts.fresh.strokes import Tabs
    from extract_bridge.bench.sheet import Ink

_SCHEMA = thing(
    grupa=text("Grupa towarowa, z naglowka nad pozycja"),
    indeks=text("Indeks towaru"),
    nazwa=text("Nazwa towaru"),
    jednostka=text("J.m."),
    stan=number("Ilosc w magazynie"),
    cena=number("Cena ewidencyjna netto"),
    wartosc=number(),
    lokalizacja=text("Regal i polka"),
    termin_waznosci=text(),
)
_GROUPS: dict[str, tuple[tuple[str, str], ...]] = {
    "Farby i lakiery": (
        ("Emalia ftalowa biala 0,8 l", "szt"), ("Lakier do parkietu polmat 5 l", "szt"), ("Grunt uniwersalny", "l"),
    ),
    "Narzedzia reczne": (
        ("Mlotek slusarski 500 g", "szt"), ("Komplet wkretakow izolowanych 7 cz.", "kpl"), ("Miara zwijana 5 m", "szt"),
    ),
    "Artykuly elektryczne": (
        ("Przewod YDYp 3x1,5 bialy", "m"), ("Gniazdo podwojne z uziemieniem", "szt"), ("Zarowka LED E27 9 W", "op"),
    ),
    "Chemia budowlana": (("Klej do plytek C2TE 25 kg", "wor"), ("Silikon sanitarny bezbarwny", "szt"), ("Pianka montazowa 750 ml", "szt")),
}  # fmt: skip
_TABS: Tabs = (
    (0, "left"),
    (28, "left"),
    (92, "left"),
    (300, "left"),
    (362, "right"),
    (420, "right"),
    (495, "right"),
)
_PLACED: Tabs = (
    (0, "left"),
    (24, "left"),
    (82, "left"),
    (270, "left"),
    (318, "right"),
    (370, "right"),
    (436, "right"),
    (495, "right"),
)


def _headings(draft: Draft, y: float, tabs: Tabs) -> float:
    heads = ["Lp.", "Indeks", "Nazwa towaru", "J.m.", "Stan", "Cena", "Wartosc"]
    if len(tabs) > 7:
        heads.append("Lok.")
    draft.sheet.line(draft.left, y - draft.step + 2, draft.right, y - draft.step + 2)
    y = across(draft, y, tabs, heads)
    draft.sheet.line(draft.left, y - draft.step + 4, draft.right, y - draft.step + 4)
    return y + 3


def _turned(draft: Draft, y: float, tabs: Tabs, room: float = 0.0) -> float:
    """Where there is room for so much more than a row: here, or on the next page."""
    if y + room < draft.sheet.height - 70:
        return y
    draft.say(draft.right, draft.sheet.height - 40, f"Strona {draft.sheet.page}", align="right", size=8)
    draft.sheet.next_page()
    return _headings(draft, 60.0, tabs)


def _article(
    draft: Draft, y: float, row: int, item: tuple[str, str], tabs: Tabs, group: tuple[str, Ink]
) -> tuple[float, float]:
    rng, voice = draft.rng, draft.voice
    whole = item[1] in ("szt", "kpl", "op", "wor")
    count = float(rng.choice((0, 1, 4, 12, 36, 250))) if whole else round(rng.uniform(3, 900), 2)
    price, start = draft.amount(1.2, 240), f"/{row}"
    value = round(count * price, 2)
    name = f"{item[0]} {rng.choice(('', '', 'PROMO', 'II gat.'))}".strip()
    cells: list[Said] = [
        str(row + 1),
        Fact(f"{rng.choice('ABCNE')}{voice.digits(3)}-{voice.digits(2)}", f"{start}/indeks"),
        Fact(name, f"{start}/nazwa"),
        Fact(item[1], f"{start}/jednostka"),
        worth(draft, count, f"{start}/stan", places=0 if whole else 2),
        worth(draft, price, f"{start}/cena"),
        worth(draft, value, f"{start}/wartosc"),
    ]
    if len(tabs) > 7:
        cells.append(
            Fact(f"{rng.choice('ABCD')}-{rng.randint(1, 30):02}", f"{start}/lokalizacja")
            if rng.random() < 0.8
            else ""
        )
    y = across(draft, y, tabs, cells)
    draft.state(Fact(group[0], f"{start}/grupa"), group[1])
    return y, value


def _sheet(rng: Random, at: int) -> BenchDocument:
    draft = new_draft(rng, "pl", _SCHEMA, size=8.0, face=rng.choice((FACES[2], FACES[0], FACES[3])))
    tabs = rng.choice((_TABS, _PLACED))
    if draft.sheet.face is not FACES[0]:
        draft.sheet.size = 7.0
    draft.say(draft.left, 48, draft.voice.companies(1)[0], bold=True)
    store = f"Magazyn: 0{rng.randint(1, 9)} {rng.choice(('Glowny', 'Sklep', 'Hurt'))}"
    draft.say(draft.left, 48 + draft.step, store)
    draft.say(
        draft.sheet.width / 2,
        84,
        rng.choice(("STAN MAGAZYNU", "ARKUSZ SPISU Z NATURY")),
        bold=True,
        size=12,
        align="centre",
    )
    draft.say(
        draft.sheet.width / 2,
        98,
        f"na dzien {draft.voice.day(draft.today, '{d:02}.{m:02}.{y}')} r.",
        align="centre",
    )
    y, row, total = _headings(draft, 124.0, tabs), 0, 0.0
    counted = rng.random() < 0.6
    for group in rng.sample(list(_GROUPS), rng.randint(2, 4)):
        y, sum_of = _turned(draft, y, tabs, 40.0), 0.0
        code = rng.choice(("", f"{rng.randint(1, 20):02} "))
        heading = draft.say(draft.left, y, f"Grupa: {code}{group}", bold=True)
        printed = group, heading.only(2 if code else 1)
        y += draft.step * 1.2
        for item in rng.choices(_GROUPS[group], k=rng.choice((1, 2, 3, 4, 6, 24))):
            y = _turned(draft, y, tabs)
            y, value = _article(draft, y, row, item, tabs, printed)
            row, sum_of = row + 1, round(sum_of + value, 2)
        if counted:
            draft.say(draft.left + 92, y, f"Razem {group}")
            draft.say(draft.left + tabs[6][0], y, draft.voice.number(sum_of), align="right")
        y, total = y + draft.step * 1.6, round(total + sum_of, 2)
    draft.sheet.line(draft.left, y - draft.step, draft.right, y - draft.step)
    draft.say(draft.left + 92, y, "OGOLEM WARTOSC MAGAZYNU", bold=True)
    draft.say(draft.left + tabs[6][0], y, draft.voice.number(total), bold=True, align="right")
    draft.say(draft.left, y + 34, "Sporzadzil: ....................      Zatwierdzil: ....................")
    return draft.finish("stock_sheet", at, "per_table_row")


LAYOUTS = (Layout("stock_sheet", "stock", _sheet, group="fresh"),)
