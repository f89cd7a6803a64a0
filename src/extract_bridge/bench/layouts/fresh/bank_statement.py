"""An Italian statement of account: two dates a booking, debit and credit apart, balances carried from page to page."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from extract_bridge.bench.blocks import Column
from extract_bridge.bench.draft import Fact, day, many, new_draft, number, text, thing
from extract_bridge.bench.layouts.kinds import Layout

if TYPE_CHECKING:
    from random import Random

    from extract_bridge.bench.document import BenchDocument
    from extract_bridge.bench.draft import Draft, Said

_SCHEMA = thing(
    intestatario=text("Titolare del conto"),
    iban=text(),
    numero_conto=text("Numero del conto corrente"),
    saldo_iniziale=number(),
    saldo_finale=number(),
    data_estratto=day("Data a cui si riferisce il saldo finale"),
    movimenti=many(
        "Tutti i movimenti, senza i saldi e i riporti",
        data_contabile=day(),
        data_valuta=day(),
        descrizione=text(),
        dare=number("Addebiti"),
        avere=number("Accrediti"),
    ),
)
_TEXTS = (
    "BONIFICO A VOSTRO FAVORE DISPOSTO DA {who}",
    "PAGAMENTO POS {who} CARTA *{n}",
    "ADDEBITO DIRETTO SDD {who} MANDATO {n}",
    "COMMISSIONI SU BONIFICO",
    "PRELIEVO BANCOMAT SPORTELLO {n}",
    "STIPENDIO {who}",
)
_FORM = "{d:02}/{m:02}/{y}"


def _head(draft: Draft, opening: float) -> float:
    rng, voice = draft.rng, draft.voice
    draft.say(draft.left, 56, "Banca Popolare del Lario", size=15, bold=True)
    draft.say(
        draft.left,
        70,
        "Società cooperativa per azioni - Filiale di Como, Piazza Volta 7",
        size=7.5,
        grey=True,
    )
    draft.say(draft.right, 56, "ESTRATTO CONTO", size=12, bold=True, align="right")
    holder, home, account = voice.person(), voice.homes(1)[0], voice.digits(12)
    draft.lines(draft.left + 300, 104, "Spett.le", Fact(holder, "/intestatario"), home.street, home.town)
    entries: list[tuple[str, Said]] = [
        ("Conto corrente n.", Fact(account, "/numero_conto")),
        ("Intestato a", Fact(holder, "/intestatario")),
        ("Valuta", "EUR"),
    ]
    if rng.random() < 0.8:
        iban = f"IT{voice.digits(2)} X {voice.digits(5)} {voice.digits(5)} {account}"
        entries.append(("IBAN", Fact(iban, "/iban")))
    y = draft.labels(draft.left, 104, draft.left + 86, entries) + 26
    draft.say(draft.left, y, f"SALDO INIZIALE AL {voice.day(draft.later(-95, -90), _FORM)}", bold=True)
    draft.say(
        draft.right - 4, y, Fact(voice.number(opening), "/saldo_iniziale", opening), bold=True, align="right"
    )
    return y + 8


def _booking(draft: Draft) -> tuple[str, float]:
    rng = draft.rng
    words = rng.choice(_TEXTS).format(who=draft.voice.companies(1)[0].upper(), n=draft.voice.digits(4))
    value = draft.amount(0.5, 2400) * (1 if words.startswith(("BONIFICO A", "STIPENDIO")) else -1)
    return words, value


def _statement(rng: Random, at: int) -> BenchDocument:
    draft = new_draft(rng, "it", _SCHEMA, size=9.0)
    voice, balance = draft.voice, draft.amount(-300, 9000)
    y = _head(draft, balance)
    columns = [
        Column("Data contabile", 0.14),
        Column("Data valuta", 0.14),
        Column("Descrizione delle operazioni", 0.42),
        Column("Dare", 0.15, "right"),
        Column("Avere", 0.15, "right"),
    ]
    grid = draft.table(
        draft.left, draft.right - draft.left, columns, rng.choice(("lines", "plain", "ruled")), top=70.0
    )

    def carried() -> None:
        draft.say(draft.left, 46, "Banca Popolare del Lario", size=8, grey=True)
        draft.say(draft.right - 4, 60, f"RIPORTO {voice.number(balance)}", align="right")

    grid.on_page = carried
    y, when = grid.head(y), draft.later(-89, -80)
    for row in range(rng.randint(6, 46)):
        words, value = _booking(draft)
        when += timedelta(days=rng.randint(0, 3))
        valued = when + timedelta(days=rng.choice((0, 0, 1, -2)))
        start = f"/movimenti/{row}"
        printed = voice.number(abs(value))
        cells: list[Said] = [
            Fact(voice.day(when, _FORM), f"{start}/data_contabile", when.isoformat()),
            Fact(voice.day(valued, _FORM), f"{start}/data_valuta", valued.isoformat()),
            Fact(words, f"{start}/descrizione"),
            Fact(printed, f"{start}/dare", -value) if value < 0 else "",
            Fact(printed, f"{start}/avere", value) if value >= 0 else "",
        ]
        y = draft.row(grid, y, cells)
        balance = round(balance + value, 2)
    y += draft.step * 1.5
    ink = draft.sheet.text(draft.left, y, f"SALDO FINALE AL {voice.day(when, _FORM)}", bold=True)
    draft.state(Fact(voice.day(when, _FORM), "/data_estratto", when.isoformat()), ink.only(3))
    draft.say(
        draft.right - 4, y, Fact(voice.number(balance), "/saldo_finale", balance), bold=True, align="right"
    )
    return draft.finish("bank_statement", at)


LAYOUTS = (Layout("bank_statement", "bank", _statement, group="fresh"),)
