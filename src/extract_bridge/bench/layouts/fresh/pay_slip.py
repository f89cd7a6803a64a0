"""A Polish pay slip as an old program prints it: plain letters, earnings and deductions side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extract_bridge.bench.draft import Fact, day, many, new_draft, number, text, thing, whole
from extract_bridge.bench.layouts.kinds import Layout
from extract_bridge.bench.sheet import FACES

if TYPE_CHECKING:
    from random import Random

    from extract_bridge.bench.document import BenchDocument
    from extract_bridge.bench.draft import Draft, Said

_SCHEMA = thing(
    pracownik=text("Imie i nazwisko pracownika"),
    pesel=text(),
    stanowisko=text(),
    pracodawca=text("Nazwa firmy"),
    okres=text("Miesiac, za ktory jest wynagrodzenie, np. 03/2024"),
    dni_przepracowane=whole(),
    skladniki=many("Skladniki wynagrodzenia", nazwa=text(), kwota=number()),
    potracenia=many("Skladki i potracenia", nazwa=text(), kwota=number()),
    brutto=number("Razem wynagrodzenie brutto"),
    netto=number("Kwota do wyplaty"),
    data_wyplaty=day(),
)
_PAID = ("Premia uznaniowa", "Dodatek stazowy", "Godziny nadliczbowe", "Wynagrodzenie urlopowe", "Ekwiwalent")
_JOBS = ("Ksiegowa", "Operator CNC", "Magazynier", "Specjalista ds. zakupow", "Kierowca kat. C")


def _head(draft: Draft) -> float:
    rng, voice = draft.rng, draft.voice
    draft.say(draft.left, 60, Fact(voice.companies(1)[0], "/pracodawca"), bold=True)
    draft.say(draft.left, 60 + draft.step, voice.homes(1)[0].line)
    month = f"{draft.today.month:02}/{draft.today.year}"
    title = draft.sheet.text(draft.left, 110, f"PASEK WYNAGRODZENIA ZA OKRES {month}", bold=True)
    draft.state(Fact(month, "/okres"), title.only(4))
    days = rng.randint(12, 23)
    left: list[tuple[str, Said]] = [
        ("Pracownik:", Fact(voice.person(), "/pracownik")),
        ("PESEL:", Fact(voice.digits(11), "/pesel")),
    ]
    if rng.random() < 0.7:
        left.append(("Stanowisko:", Fact(rng.choice(_JOBS), "/stanowisko")))
    y = draft.labels(draft.left, 135, draft.left + 80, left)
    worked: list[tuple[str, Said]] = [
        ("Dni nominalne:", "23"),
        ("Dni przepracowane:", Fact(str(days), "/dni_przepracowane", days)),
    ]
    return max(y, draft.labels(draft.left + 290, 135, draft.right, worked, align="right")) + 14


def _list(
    draft: Draft, x: float, y: float, many_of: str, heading: str, rows: list[tuple[str, float]]
) -> float:
    width = 228.0
    draft.say(x, y, heading, bold=True)
    draft.sheet.line(x, y + 4, x + width, y + 4)
    y += draft.step * 1.3
    for row, (name, value) in enumerate(rows):
        draft.say(x, y, Fact(name, f"/{many_of}/{row}/nazwa"))
        draft.say(
            x + width, y, Fact(draft.voice.number(value), f"/{many_of}/{row}/kwota", value), align="right"
        )
        y += draft.step
    return y


def _slip(rng: Random, at: int) -> BenchDocument:
    draft = new_draft(rng, "pl", _SCHEMA, size=9.0, face=rng.choice((FACES[2], FACES[0])))
    voice, y = draft.voice, _head(draft)
    base = draft.amount(4300, 12900)
    paid = [
        ("Placa zasadnicza", base),
        *((name, draft.amount(50, 900)) for name in rng.sample(_PAID, rng.randint(0, 3))),
    ]
    gross = round(sum(value for _, value in paid), 2)
    shares = (("Skl. emerytalna", 0.0976), ("Skl. rentowa", 0.015), ("Skl. chorobowa", 0.0245))
    taken = [(name, round(gross * share, 2)) for name, share in shares]
    taken += [
        ("Skl. zdrowotna", round(gross * 0.0777, 2)),
        ("Zaliczka na podatek", float(round(gross * 0.08))),
    ]
    if rng.random() < 0.4:
        taken.append(("Pozyczka KZP", 150.0))
    net = round(gross - sum(value for _, value in taken), 2)
    ends = [
        _list(draft, draft.left, y, "skladniki", "SKLADNIKI WYNAGRODZENIA", paid),
        _list(draft, draft.left + 267, y, "potracenia", "SKLADKI I POTRACENIA", taken),
    ]
    y = max(ends) + 8
    draft.sheet.line(draft.left, y - draft.step, draft.right, y - draft.step)
    draft.say(draft.left, y, "RAZEM BRUTTO", bold=True)
    draft.say(draft.left + 228, y, Fact(voice.number(gross), "/brutto", gross), bold=True, align="right")
    draft.say(draft.left + 267, y, "RAZEM POTRACENIA", bold=True)
    draft.say(draft.right, y, voice.number(gross - net), bold=True, align="right")
    y += draft.step * 2
    draft.say(draft.left, y, "DO WYPLATY:", bold=True)
    draft.say(draft.left + 228, y, Fact(f"{voice.number(net)} PLN", "/netto", net), bold=True, align="right")
    if rng.random() < 0.7:
        when = draft.later(1, 12)
        printed = Fact(voice.day(when, "{y}-{m:02}-{d:02}"), "/data_wyplaty", when.isoformat())
        draft.labels(draft.left + 267, y, draft.left + 370, [("Data wyplaty:", printed)])
    draft.say(
        draft.left,
        y + 40,
        f"Urlop pozostaly: {rng.randint(0, 26)} dni   Wydruk: {voice.day(draft.later(1, 9), '{d:02}.{m:02}.{y}')}",
    )
    return draft.finish("pay_slip", at)


LAYOUTS = (Layout("pay_slip", "pay", _slip, group="fresh"),)
