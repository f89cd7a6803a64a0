"""A Swedish credit note: amounts below zero, rounding to whole kronor, the invoice it refers to among other numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extract_bridge.bench.blocks import Column
from extract_bridge.bench.draft import Fact, day, many, new_draft, number, text, thing
from extract_bridge.bench.layouts.kinds import Layout

if TYPE_CHECKING:
    from random import Random

    from extract_bridge.bench.document import BenchDocument
    from extract_bridge.bench.draft import Draft, Said

_SCHEMA = thing(
    kreditfakturanummer=text(),
    fakturadatum=day("Datum på kreditfakturan"),
    avser_faktura=text("Nummer på den faktura som krediteras"),
    kundnummer=text(),
    kund=text("Kundens namn"),
    er_referens=text("Kundens kontaktperson"),
    saljare=thing(namn=text(), organisationsnummer=text(), bankgiro=text()),
    rader=many(
        artikel=text("Artikelnummer"),
        benamning=text(),
        antal=number("Negativt för retur"),
        a_pris=number(),
        belopp=number(),
    ),
    netto=number("Summa exkl. moms"),
    moms=number(),
    oresavrundning=number(),
    att_betala=number("Summa att kreditera inkl. moms"),
    orsak=text("Orsak till krediteringen"),
)
_GOODS = (
    "Plankor furu 28x120",
    "Skidstavar kolfiber, par",
    "Ryggsäck 45 l",
    "Jordfelsbrytare 40 A",
    "Broschyr A5, tryckt",
    "Frakt",
)
_FORM = "{y}-{m:02}-{d:02}"


def _head(draft: Draft) -> float:
    rng, voice = draft.rng, draft.voice
    seller, buyer = voice.companies(2)
    home = voice.homes(1)[0]
    draft.say(draft.left, 60, Fact(seller, "/saljare/namn"), size=15, bold=True)
    draft.say(draft.left + 280, 60, "KREDITFAKTURA", size=15, bold=True)
    right: list[tuple[str, Said]] = [
        ("Fakturanr", Fact(voice.digits(6), "/kreditfakturanummer")),
        ("Fakturadatum", Fact(voice.day(draft.today, _FORM), "/fakturadatum", draft.today.isoformat())),
        ("Kundnr", Fact(voice.digits(4), "/kundnummer")),
    ]
    if rng.random() < 0.85:
        right.append(("Avser faktura", Fact(voice.digits(6), "/avser_faktura")))
    right.append(("Leveransdatum", voice.day(draft.later(-60, -20), _FORM)))
    y = draft.labels(draft.left + 280, 82, draft.left + 370, right)
    draft.say(draft.left, 110, "Fakturaadress", size=7.5, grey=True)
    draft.lines(draft.left, 124, Fact(buyer, "/kund"), home.street, home.town)
    y = max(y, 124 + 3 * draft.step) + 14
    if rng.random() < 0.7:
        draft.say(draft.left, y, "Er referens")
        draft.say(draft.left + 70, y, Fact(voice.person(), "/er_referens"))
    draft.say(draft.left + 280, y, "Vår referens")
    draft.say(draft.left + 350, y, voice.person())
    _foot(draft, seller)
    return y + 18


def _foot(draft: Draft, seller: str) -> None:
    voice, y = draft.voice, draft.sheet.height - 60
    draft.sheet.line(draft.left, y - 14, draft.right, y - 14)
    organisation = f"55{voice.digits(4)}-{voice.digits(4)}"
    draft.stacked(
        draft.left,
        y,
        125,
        [
            ("Adress", Fact(seller, "/saljare/namn")),
            ("Organisationsnr", Fact(organisation, "/saljare/organisationsnummer")),
            ("Bankgiro", Fact(f"{voice.digits(4)}-{voice.digits(4)}", "/saljare/bankgiro")),
            ("Momsreg.nr", f"SE{organisation.replace('-', '')}01"),
        ],
    )
    draft.say(draft.left + 250, y + 28, "Godkänd för F-skatt", size=7.5)


def _note(rng: Random, at: int) -> BenchDocument:
    draft = new_draft(rng, "sv", _SCHEMA)
    voice, y, net = draft.voice, _head(draft), 0.0
    columns = [
        Column("Art.nr", 0.14),
        Column("Benämning", 0.38),
        Column("Antal", 0.12, "right"),
        Column("À-pris", 0.16, "right"),
        Column("Belopp", 0.2, "right"),
    ]
    grid = draft.table(draft.left, draft.right - draft.left, columns, rng.choice(("plain", "lines", "zebra")))
    y = grid.head(y)
    for row, name in enumerate(rng.sample(_GOODS, rng.randint(1, 5))):
        start, count, price = f"/rader/{row}", -rng.choice((1, 2, 6, 24)), draft.amount(15, 1900)
        worth = round(count * price, 2)
        net = round(net + worth, 2)
        cells: list[Said] = [
            Fact(voice.digits(5), f"{start}/artikel") if rng.random() < 0.9 else "",
            Fact(name, f"{start}/benamning"),
            Fact(voice.number(count, 0), f"{start}/antal", count),
            Fact(voice.number(price), f"{start}/a_pris", price),
            Fact(voice.number(worth), f"{start}/belopp", worth),
        ]
        y = draft.row(grid, y, cells)
    tax = round(net * 0.25, 2)
    exact = round(net + tax, 2)
    total, off = float(round(exact)), round(round(exact) - exact, 2)
    sums: list[tuple[str, Said]] = [
        ("Summa exkl. moms", Fact(voice.number(net), "/netto", net)),
        ("Moms 25 %", Fact(voice.number(tax), "/moms", tax)),
    ]
    if off:
        sums.append(("Öresavrundning", Fact(voice.number(off), "/oresavrundning", off)))
    sums.append(("Att erhålla SEK", Fact(voice.number(total), "/att_betala", total)))
    y = draft.labels(draft.right - 210, y + 22, draft.right - 4, sums, align="right")
    if rng.random() < 0.6:
        reason = Fact(
            rng.choice(("Felleverans", "Retur av skadat gods", "Prisavdrag enligt överenskommelse")), "/orsak"
        )
        draft.prose(draft.left, y + 16, 400, "Orsak: ", reason)
    return draft.finish("held-out", at)


LAYOUTS = (Layout("credit_note", "credit", _note, group="held-out"),)
