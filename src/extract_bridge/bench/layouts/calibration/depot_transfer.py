"""A Polish slip that moves goods between two stores, a record a line: plain letters, quantities asked for and handed out, a box for each signature."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extract_bridge.bench.blocks import Column
from extract_bridge.bench.draft import Fact, day, new_draft, number, text, thing, whole
from extract_bridge.bench.layouts.fresh.strokes import ONE_LINE, captioned, worth
from extract_bridge.bench.layouts.kinds import Layout
from extract_bridge.bench.sheet import FACES

if TYPE_CHECKING:
    from random import Random

    from extract_bridge.bench.document import BenchDocument
    from extract_bridge.bench.draft import Draft, Said

_SCHEMA = thing(
    lp=whole("Liczba porzadkowa"),
    indeks=text("Kod towaru"),
    nazwa=text("Nazwa towaru"),
    jm=text("Jednostka miary"),
    ilosc_zadana=number(),
    ilosc_wydana=number("Rzeczywiscie wydana"),
    cena=number("Cena ewidencyjna"),
    wartosc=number(),
    partia=text("Numer partii lub serii"),
    termin_waznosci=day(),
    lokalizacja=text("Miejsce w magazynie docelowym"),
)
_GOODS = (
    ("Farba lateksowa biala 10 l", "szt"), ("Klej do plytek elastyczny C2TE, worek 25 kg, odporny na mroz", "wor"), ("Przewod YDYp 3x1,5", "mb"), ("Kolek rozporowy 8x40", "op"),
    ("Silikon sanitarny bezbarwny", "szt"), ("Wkret do drewna 5x60", "kg"), ("Tasma malarska 48 mm", "rol"), ("Plyta OSB 3 12 mm", "m2"), ("Grunt gleboko penetrujacy 5 l", "kan"),
)  # fmt: skip
_STORES = ("M01 Magazyn Centralny", "M14 Filia Poludnie", "MK Magazyn Konsygnacyjny", "B03 Budowa Nowa Huta")


def _head(draft: Draft, form: str) -> float:
    rng, voice = draft.rng, draft.voice
    source, target = rng.sample(_STORES, 2)
    code = f"MM {rng.randint(1, 900)}/{draft.today.month:02}/{draft.today.year}"
    draft.say(draft.left, 44, voice.companies(1)[0], bold=True)
    draft.say(
        draft.sheet.width / 2,
        62,
        rng.choice((f"Przesuniecie miedzymagazynowe {code}", f"DOKUMENT {code}")),
        bold=True,
        size=12,
        align="centre",
    )
    entries: list[tuple[str, Said]] = [
        ("Magazyn wydajacy", source),
        ("Magazyn przyjmujacy", target),
        ("Data wystawienia", voice.day(draft.today, form)),
        ("Zlecenie", voice.digits(6)),
    ]
    width = (draft.right - draft.left) / 4
    if rng.random() < 0.5:
        for at, (label, what) in enumerate(entries):
            captioned(draft, draft.left + at * width, 76, width, 28, label, what)
        return 118.0
    for at, (label, what) in enumerate(entries):
        draft.prose(draft.left + at % 2 * 2 * width, 84 + at // 2 * draft.step, ONE_LINE, f"{label}: ", what)
    return 122.0


def _table(draft: Draft, y: float, form: str) -> float:
    rng, batches, priced = draft.rng, draft.rng.random() < 0.6, draft.rng.random() < 0.85
    columns = [
        Column("Lp.", 0.05, "right"),
        Column("Indeks", 0.12),
        Column("Nazwa", 0.33 - 0.1 * batches),
        Column("J.m.", 0.06),
    ]
    columns += [Column("Ilosc zadana", 0.09, "right"), Column("Ilosc wydana", 0.09, "right")]
    columns += [Column("Cena", 0.08, "right"), Column("Wartosc", 0.1, "right")] if priced else []
    columns += (
        [Column("Partia", 0.1), Column("Wazne do", 0.08 + 0.18 * (not priced))]
        if batches
        else [Column("Lok.", 0.08)]
    )
    grid = draft.table(
        draft.left,
        draft.right - draft.left,
        columns,
        rng.choice(("ruled", "lines", "plain", "zebra")),
        top=48.0,
    )
    y, total = grid.head(y), 0.0
    for row in range(rng.randint(2, 26)):
        at, (name, unit) = f"/{row}", rng.choice(_GOODS)
        asked = float(
            rng.choice(
                (2, 4, 10, 48, 120) if unit in ("szt", "op", "wor", "rol", "kan") else (5, 12.5, 48, 1250)
            )
        )
        given, price = asked if rng.random() < 0.8 else round(asked / 2, 2), draft.amount(0.3, 260)
        value = round(given * price, 2)
        places = 0 if asked % 1 == 0 and given % 1 == 0 else 3
        until = draft.later(60, 900)
        cells: list[Said] = [
            Fact(str(row + 1), f"{at}/lp", row + 1), Fact(f"{rng.choice(('FA', 'KL', 'EL'))}-{draft.voice.digits(5)}", f"{at}/indeks"), Fact(name, f"{at}/nazwa"), Fact(unit, f"{at}/jm"),
            worth(draft, asked, f"{at}/ilosc_zadana", places=places), worth(draft, given, f"{at}/ilosc_wydana", places=places),
        ]  # fmt: skip
        if priced:
            cells += [worth(draft, price, f"{at}/cena"), worth(draft, value, f"{at}/wartosc")]
        if batches:
            dated_at = Fact(draft.voice.day(until, form), f"{at}/termin_waznosci", until.isoformat())
            cells += (
                [Fact(f"S{draft.voice.digits(4)}", f"{at}/partia"), dated_at]
                if rng.random() < 0.7
                else ["", ""]
            )
        else:
            cells.append(Fact(f"{rng.choice('RST')}{rng.randint(1, 40):02}", f"{at}/lokalizacja"))
        y, total = draft.row(grid, y, cells), total + value
    if priced:
        draft.prose(draft.left, y + 14, ONE_LINE, f"Razem wartosc: {draft.voice.number(total)}", bold=True)
    return y + 36


def _slip(rng: Random, at: int) -> BenchDocument:
    draft = new_draft(rng, "pl", _SCHEMA, size=8.0, face=rng.choice((FACES[0], FACES[2], FACES[0], FACES[3])))
    draft.left = 36.0
    if draft.sheet.face in (FACES[2], FACES[3]):
        draft.sheet.size = 6.5
    form = rng.choice(("{d:02}.{m:02}.{y}", "{y}-{m:02}-{d:02}"))
    y = _table(draft, _head(draft, form), form)
    if y > draft.sheet.height - 80:
        draft.sheet.next_page()
        y = 60.0
    for place, label in enumerate(("Wystawil", "Wydal", "Przyjal", "Ksiegowosc")):
        captioned(
            draft,
            draft.left + place * 125,
            y,
            125,
            40,
            label,
            draft.voice.person() if rng.random() < 0.4 else "",
        )
    return draft.finish("calibration", at, "per_table_row")


LAYOUTS = (Layout("depot_transfer", "transfer", _slip, group="calibration"),)
