"""An Italian bank's plan of a loan: conditions in two columns of labels, then the instalments over pages with page sums, a balloon or a stamp duty in the first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extract_bridge.bench.draft import Fact, day, many, new_draft, number, text, thing, whole
from extract_bridge.bench.layouts.fresh.strokes import ONE_LINE, across, dated, worth
from extract_bridge.bench.layouts.kinds import Layout
from extract_bridge.bench.sheet import FACES

if TYPE_CHECKING:
    from datetime import date
    from random import Random

    from extract_bridge.bench.document import BenchDocument
    from extract_bridge.bench.draft import Draft, Said
    from extract_bridge.bench.layouts.fresh.strokes import Tabs

_SCHEMA = thing(
    contratto=text("Numero del finanziamento"),
    istituto=text("Banca o società finanziaria"),
    mutuatario=text("Cliente finanziato"),
    codice_fiscale=text(),
    capitale=number("Importo finanziato"),
    tan=number("Tasso annuo nominale, in per cento"),
    taeg=number("In per cento"),
    numero_rate=whole(),
    periodicita=text("", enum=["mensile", "trimestrale", "semestrale"]),
    data_stipula=day(),
    rate=many(
        "Piano di ammortamento",
        numero=whole(),
        scadenza=day(),
        quota_capitale=number(),
        quota_interessi=number(),
        importo_rata=number(),
        debito_residuo=number("Dopo il pagamento della rata"),
    ),
    totale_interessi=number(),
    totale_dovuto=number("Capitale e interessi, senza spese"),
    spese_istruttoria=number(),
    garante=text(),
)
_BANKS = (
    "Cassa Rurale dell'Altopiano",
    "Banco di Credito Picenum S.p.A.",
    "Finadria Leasing e Prestiti S.p.A.",
)
_EVERY = {"mensile": 1, "trimestrale": 3, "semestrale": 6}


def _due(first: date, months: int) -> date:
    place = first.month - 1 + months
    return first.replace(year=first.year + place // 12, month=place % 12 + 1)


def _head(draft: Draft, sum_of: float, share: float, count: int, every: str, form: str) -> float:
    rng, voice = draft.rng, draft.voice
    draft.say(draft.left, 46, Fact(rng.choice(_BANKS), "/istituto"), bold=True, size=12)
    draft.say(
        draft.left,
        58,
        f"Filiale di {voice.homes(1)[0].town.split(' ')[-1]} - Iscr. Albo n. {voice.digits(4)}",
        size=7,
    )
    draft.say(
        draft.right, 46, rng.choice(("PIANO DI AMMORTAMENTO", "Piano di rimborso")), bold=True, align="right"
    )
    draft.say(draft.right, 58, f"Elaborato il {voice.day(draft.later(1, 60), form)}", size=7, align="right")
    code = (
        "".join(rng.choice("BCDFGLMNPRSTZ") for _ in range(6))
        + f"{voice.digits(2)}{rng.choice('ABCDEHLM')}{voice.digits(2)}{rng.choice('AFHL')}{voice.digits(3)}{rng.choice('KRWX')}"
    )
    left: list[tuple[str, Said]] = [
        ("Finanziamento n.", Fact(f"{voice.digits(2)}/{voice.digits(7)}", "/contratto")), ("Intestatario", Fact(voice.person(), "/mutuatario")),
        ("Cod. fiscale", Fact(code, "/codice_fiscale")), ("Data stipula", dated(draft, draft.today, "/data_stipula", form)),
    ]  # fmt: skip
    right: list[tuple[str, Said]] = [
        ("Capitale erogato", worth(draft, sum_of, "/capitale", rng.choice(("{}", "EUR {}", "{} EUR")))), ("TAN", worth(draft, share, "/tan", "{} %", places=3)),
        ("TAEG", worth(draft, round(share + 0.35, 2), "/taeg", "{} %")), ("N. rate / periodicità", ""),
    ]  # fmt: skip
    if rng.random() < 0.5:
        left.append(("Garante", Fact(voice.person(), "/garante") if rng.random() < 0.4 else "-"))
    if rng.random() < 0.5:
        right.append(("Spese istruttoria", worth(draft, draft.amount(40, 400), "/spese_istruttoria")))
    gap = rng.choice((92, 120))
    ends = (
        draft.labels(draft.left, 84, draft.left + gap, left),
        draft.labels(draft.left + 260, 84, draft.left + 375, right),
    )
    told: list[Said] = [
        Fact(str(count), "/numero_rate", count),
        rng.choice((" - ", " / ")),
        Fact(every, "/periodicita"),
    ]
    draft.prose(draft.left + 375, 84 + 3 * draft.step, ONE_LINE, *told)
    return max(ends) + 12


def _plan(
    draft: Draft, y: float, sum_of: float, share: float, count: int, every: str, form: str
) -> tuple[float, float]:
    """The instalments, their sums at the foot of each page; where they end, and all interest."""
    rng, edge, months = draft.rng, draft.right - draft.left, _EVERY[every]
    swapped = rng.random() < 0.4
    middle: Tabs = ((218, "right"), (314, "right"), (402, "right"))
    tabs: Tabs = ((18, "right"), (50, "left"), *middle, (edge, "right"))
    names = ["Quota capitale", "Quota interessi", "Importo rata"]
    keys = ["quota_capitale", "quota_interessi", "importo_rata"]
    if swapped:
        names, keys = [names[2], *names[:2]], [keys[2], *keys[:2]]
    heads = ("Rata", "Scadenza", *names, "Debito residuo")
    part = share / 1200 * months
    pay = round(sum_of * part / (1 - (1 + part) ** -count), 2)
    left, interest = sum_of, 0.0
    first = draft.today.replace(day=rng.choice((1, 5, 28)))
    y = across(draft, y, tabs, heads, bold=True) + 3
    for row in range(count):
        if y > draft.sheet.height - 80:
            draft.prose(
                draft.left + 50,
                y + 4,
                ONE_LINE,
                f"A riportare - interessi {draft.voice.number(interest)}",
                size=7.5,
            )
            draft.say(draft.right, draft.sheet.height - 36, f"Pag. {draft.sheet.page}", size=7, align="right")
            draft.sheet.next_page()
            y = across(draft, 56, tabs, heads, bold=True) + 3
        at, cost = f"/rate/{row}", round(left * part, 2)
        back = left if row == count - 1 else round(pay - cost, 2)
        left, interest = round(left - back, 2), round(interest + cost, 2)
        amounts = {"quota_capitale": back, "quota_interessi": cost, "importo_rata": round(back + cost, 2)}
        cells: list[Said] = [
            Fact(str(row + 1), f"{at}/numero", row + 1),
            dated(draft, _due(first, months * (row + 1)), f"{at}/scadenza", form),
        ]
        cells += [worth(draft, amounts[key], f"{at}/{key}") for key in keys]
        y = across(draft, y, tabs, [*cells, worth(draft, left, f"{at}/debito_residuo")])
    return y + 6, interest


def _schedule(rng: Random, at: int) -> BenchDocument:
    draft = new_draft(rng, "it", _SCHEMA, size=8.5, face=rng.choice((FACES[0], FACES[2], FACES[3], FACES[1])))
    draft.left = 46.0
    if draft.sheet.face == FACES[2]:
        draft.sheet.size = 7.5
    form = rng.choice(("{d:02}/{m:02}/{y}", "{d:02}.{m:02}.{y}", "{d:02}-{m:02}-{yy}"))
    sum_of, share = float(rng.randint(6, 180) * 500), rng.randint(1200, 7900) / 1000
    every = rng.choice(("mensile", "mensile", "trimestrale", "semestrale"))
    count = rng.randint(10, 62) if every == "mensile" else rng.randint(6, 20)
    y = _head(draft, sum_of, share, count, every, form)
    y, interest = _plan(draft, y, sum_of, share, count, every, form)
    draft.sheet.line(draft.left, y - 9, draft.right, y - 9)
    total = (
        worth(draft, round(sum_of + interest, 2), "/totale_dovuto"),
        worth(draft, interest, "/totale_interessi"),
    )
    if rng.random() < 0.5:
        draft.labels(
            draft.left,
            y + 4,
            draft.left + 230,
            [("Totale interessi", total[1]), ("Totale dovuto", total[0])],
            align="right",
            bold=True,
        )
    else:
        words: list[Said] = [
            "Totale interessi nel periodo: ",
            total[1],
            "; importo totale dovuto: ",
            total[0],
            " (capitale più interessi).",
        ]
        draft.prose(draft.left, y + 4, 420, *words)
    draft.say(
        draft.left,
        draft.sheet.height - 36,
        "Il tasso di mora è pari al TAN maggiorato di 2,50 punti.",
        size=7,
    )
    return draft.finish("calibration", at)


LAYOUTS = (Layout("loan_schedule", "loan", _schedule, group="calibration"),)
