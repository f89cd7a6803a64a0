"""A Danish club's roll of members, a record each: sorted under letters or by kind of membership, addresses over two lines, arrears marked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extract_bridge.bench.draft import Fact, day, new_draft, number, text, thing, whole
from extract_bridge.bench.layouts.fresh.strokes import across, dated, worth
from extract_bridge.bench.layouts.kinds import Layout

if TYPE_CHECKING:
    from random import Random

    from extract_bridge.bench.document import BenchDocument
    from extract_bridge.bench.draft import Draft, Said
    from extract_bridge.bench.layouts.fresh.strokes import Tabs

_SCHEMA = thing(
    "Et medlem pr. række",
    medlemsnr=whole(),
    navn=text("For- og efternavn"),
    adresse=text("Vej og nummer"),
    postnr_by=text(),
    indmeldt=day("Dato for indmeldelse"),
    medlemstype=text("", enum=["Aktiv", "Passiv", "Junior", "Æresmedlem"]),
    baadplads=text("Pladsnummer i havnen"),
    kontingent=number("Årligt kontingent i kroner"),
    restance=number("Skyldigt beløb, hvis noget"),
    telefon=text(),
    email=text(),
)
_FEES = {"Aktiv": 1450.0, "Passiv": 350.0, "Junior": 600.0, "Æresmedlem": 0.0}
_CLUBS = ("Sejlklubben Snekken", "Roforeningen Viben", "Øhavets Kajakklub", "Motorbådsklubben Ternen")


def _record(
    draft: Draft, y: float, row: int, tabs: Tabs, kind: str, form: str, *, grouped: bool, twofold: bool
) -> float:
    """A member on one line, or with town and telephone on a second."""
    rng, voice, at = draft.rng, draft.voice, f"/{row}"
    home, fee = voice.homes(1)[0], _FEES[kind]
    place: Said = (
        Fact(f"{rng.choice('ABC')}{rng.randint(1, 78)}", f"{at}/baadplads")
        if kind == "Aktiv" and rng.random() < 0.7
        else "-"
    )
    owed: Said = worth(draft, fee, f"{at}/restance") if fee and rng.random() < 0.2 else ""
    sort: Said = "" if grouped else Fact(kind, f"{at}/medlemstype")
    street, town = Fact(home.street, f"{at}/adresse"), Fact(home.town, f"{at}/postnr_by")
    number_of = 100 + row * 7 + rng.randint(0, 6)
    cells: list[Said] = [
        Fact(str(number_of), f"{at}/medlemsnr", number_of), Fact(voice.person(), f"{at}/navn"), street, "" if twofold else town,
        dated(draft, draft.later(-9000, -200), f"{at}/indmeldt", form), sort, place, worth(draft, fee, f"{at}/kontingent") if fee else "fri", owed,
    ]  # fmt: skip
    y = across(draft, y, tabs, cells)
    if twofold:
        draft.say(draft.left + tabs[2][0], y, town)
        phone: Said = ""
        if rng.random() < 0.75:
            phone = Fact(" ".join(voice.digits(2) for _ in range(4)), f"{at}/telefon")
        draft.say(draft.left + tabs[1][0], y, phone)
        y += draft.step + 2
    return y


def _top(draft: Draft, y: float, tabs: Tabs, *, grouped: bool) -> float:
    heads = (
        "Nr.",
        "Navn",
        "Adresse",
        "",
        "Indmeldt",
        "" if grouped else "Type",
        "Plads",
        "Kontingent",
        "Restance",
    )
    y = across(draft, y, tabs, heads, bold=True)
    draft.sheet.line(draft.left, y - 8, draft.right, y - 8)
    return y + 4


def _roll(rng: Random, at: int) -> BenchDocument:
    draft = new_draft(rng, "da", _SCHEMA, width=842.0, height=595.0, size=8.5)
    draft.left = 44.0
    form, grouped, twofold = (
        rng.choice(("{d:02}.{m:02}.{y}", "{d:02}-{m:02}-{yy}", "{d}/{m} {y}")),
        rng.random() < 0.5,
        rng.random() < 0.7,
    )
    draft.say(draft.left, 40, rng.choice(_CLUBS), bold=True, size=13)
    draft.say(draft.left, 54, f"Medlemsliste pr. {draft.voice.day(draft.today, form)}", size=9)
    draft.say(draft.right, 54, f"Udskrevet af kassereren {draft.voice.person()}", size=7.5, align="right")
    edge = draft.right - draft.left
    tabs: Tabs = (
        (20, "right"),
        (30, "left"),
        (165, "left"),
        (305, "left"),
        (430, "left"),
        (500, "left"),
        (575, "left"),
        (690, "right"),
        (edge, "right"),
    )
    y, row = _top(draft, 80, tabs, grouped=grouped), 0
    kinds = [kind for kind in _FEES for _ in range(rng.randint(0, 3 if kind == "Æresmedlem" else 10))] or [
        "Passiv"
    ]
    if not grouped:
        rng.shuffle(kinds)
    last, sum_of, heading = "", 0.0, None
    for kind in kinds:
        if y > draft.sheet.height - 60:
            draft.say(
                draft.sheet.width / 2,
                draft.sheet.height - 26,
                f"side {draft.sheet.page}",
                size=7.5,
                align="centre",
            )
            draft.sheet.next_page()
            y = _top(draft, 46, tabs, grouped=grouped)
        if grouped and kind != last:
            draft.say(draft.left, y + 4, "Medlemstype:", bold=True)
            heading = draft.say(draft.left + 76, y + 4, kind, bold=True)
            y, last = y + 4 + draft.step, kind
        y = _record(draft, y, row, tabs, kind, form, grouped=grouped, twofold=twofold)
        if heading is not None:
            draft.state(Fact(kind, f"/{row}/medlemstype"), heading)
        row, sum_of = row + 1, sum_of + _FEES[kind]
    draft.say(
        draft.left, y + 8, f"I alt {row} medlemmer, kontingent {draft.voice.number(sum_of)} kr.", bold=True
    )
    return draft.finish("calibration", at, "per_table_row")


LAYOUTS = (Layout("member_roll", "membership", _roll, group="calibration"),)
