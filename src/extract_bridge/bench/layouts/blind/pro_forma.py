"""A Portuguese pro-forma invoice: a box of totals by rate of tax, long descriptions, bank details at the foot."""

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
    document_number=text("Número da fatura pró-forma"),
    issue_date=day(),
    valid_until=day("Validade da proposta"),
    seller=thing(name=text(), tax_id=text("NIF / NIPC"), iban=text(), swift=text()),
    buyer=thing(name=text(), tax_id=text("NIF do cliente"), address=text()),
    payment_terms=text("Condições de pagamento"),
    items=many(
        reference=text(),
        description=text(),
        quantity=number(),
        unit=text(),
        unit_price=number(),
        discount_percent=number("Desconto em %"),
        vat_rate=number("Taxa de IVA em %"),
        amount=number(),
    ),
    taxable_base=number("Total ilíquido depois de descontos"),
    vat_total=number("Total de IVA"),
    grand_total=number("Total do documento"),
)
_GOODS = (
    "Placa de aglomerado de cortiça 940 x 640 x 50 mm",
    "Toalha turca 500 g/m2, 100% algodão",
    "Garrafa bordalesa 75 cl",
    "Mesa de carvalho maciço com extensão, acabamento natural",
    "Sardinhas em azeite 120 g (caixa de 25)",
    "Transporte",
)
_FORM = "{d:02}-{m:02}-{y}"


def _head(draft: Draft) -> float:
    rng, voice = draft.rng, draft.voice
    seller, buyer = voice.companies(2)
    homes = voice.homes(2)
    draft.say(draft.left, 58, Fact(seller, "/seller/name"), size=13, bold=True)
    draft.lines(draft.left, 72, homes[0].street, homes[0].town, size=8)
    draft.labels(draft.left, 98, draft.left + 62, [("Contribuinte", Fact(voice.digits(9), "/seller/tax_id"))])
    draft.say(draft.left + 280, 98, "Exmo.(s) Sr.(s)", size=8, grey=True)
    draft.say(draft.left + 280, 112, Fact(buyer, "/buyer/name"), bold=True)
    y = draft.block(draft.left + 280, 112 + draft.step, (homes[1].street, homes[1].town), "/buyer/address")
    draft.say(draft.left, y + 18, "Fatura Pró-Forma", size=15, bold=True)
    draft.say(
        draft.left + 130,
        y + 18,
        Fact(f"PF {draft.today.year}/{rng.randint(1, 900)}", "/document_number"),
        size=12,
    )
    valid = draft.later(15, 60)
    entries: list[tuple[str, Said]] = [
        ("Data", Fact(voice.day(draft.today, _FORM), "/issue_date", draft.today.isoformat())),
        ("Vencimento", voice.day(draft.later(0, 30), _FORM)),
        ("V/ NIF", Fact(voice.digits(9), "/buyer/tax_id")),
        ("V/ Referência", f"Enc. {voice.digits(4)}"),
    ]
    if rng.random() < 0.7:
        entries.insert(2, ("Válida até", Fact(voice.day(valid, _FORM), "/valid_until", valid.isoformat())))
    return draft.stacked(draft.left, y + 38, (draft.right - draft.left) / 5, entries) + 6


def _sums(draft: Draft, y: float, sums: dict[int, float]) -> float:
    voice, x = draft.voice, draft.left
    base, tax = (
        round(sum(sums.values()), 2),
        round(sum(round(v * rate / 100, 2) for rate, v in sums.items()), 2),
    )
    total = round(base + tax, 2)
    draft.say(x, y, "Resumo do IVA", bold=True, size=8)
    for at, label in enumerate(("Taxa", "Incidência", "Valor IVA")):
        draft.say(x + 70 * at, y + 12, label, size=7.5, grey=True)
    for at, (rate, value) in enumerate(sorted(sums.items())):
        line = y + 24 + at * 11
        draft.say(x, line, f"{rate}%", size=8)
        draft.say(x + 70, line, voice.number(value), size=8)
        draft.say(x + 140, line, voice.number(round(value * rate / 100, 2)), size=8)
    entries: list[tuple[str, Said]] = [
        ("Total Ilíquido", Fact(voice.number(base), "/taxable_base", base)),
        ("Total IVA", Fact(voice.number(tax), "/vat_total", tax)),
        ("TOTAL (EUR)", Fact(voice.number(total), "/grand_total", total)),
    ]
    return max(y + 60, draft.labels(draft.right - 190, y, draft.right - 4, entries, align="right", bold=True))


def _pro_forma(rng: Random, at: int) -> BenchDocument:
    draft = new_draft(rng, "pt", _SCHEMA, size=9.0)
    voice, y, sums = draft.voice, _head(draft), dict[int, float]()
    columns = [
        Column("Ref.", 0.1),
        Column("Designação", 0.33),
        Column("Qtd.", 0.1, "right"),
        Column("Un.", 0.07),
        Column("Pr. Unit.", 0.12, "right"),
        Column("Desc.", 0.08, "right"),
        Column("IVA", 0.06, "right"),
        Column("Valor", 0.14, "right"),
    ]
    grid = draft.table(draft.left, draft.right - draft.left, columns, rng.choice(("lines", "ruled", "plain")))
    y = grid.head(y)
    for row, name in enumerate(rng.sample(_GOODS, rng.randint(2, 6))):
        start, rate, off = f"/items/{row}", rng.choice((6, 13, 23, 23)), rng.choice((0, 0, 5, 10))
        count, price = rng.choice((1, 2.5, 12, 40, 600)), draft.amount(0.9, 450)
        worth = round(count * price * (1 - off / 100), 2)
        sums[rate] = round(sums.get(rate, 0.0) + worth, 2)
        cells: list[Said] = [
            Fact(f"{rng.choice('CTV')}{voice.digits(4)}", f"{start}/reference"),
            Fact(name, f"{start}/description"),
            Fact(voice.number(count), f"{start}/quantity", count),
            Fact(rng.choice(("UN", "M2", "CX", "KG")), f"{start}/unit"),
            Fact(voice.number(price), f"{start}/unit_price", price),
            Fact(voice.number(off, 1) if off else "", f"{start}/discount_percent", off),
            Fact(f"{rate}", f"{start}/vat_rate", rate),
            Fact(voice.number(worth), f"{start}/amount", worth),
        ]
        y = draft.row(grid, y, cells)
    y = _sums(draft, y + 26, sums) + 20
    terms = rng.choice(
        ("50% na adjudicação, 50% antes da expedição", "Pronto pagamento", "30 dias da data da fatura")
    )
    foot: list[tuple[str, Said]] = [("Cond. pagamento:", Fact(terms, "/payment_terms"))]
    iban = f"PT50 {voice.digits(4)} {voice.digits(4)} {voice.digits(11)} {voice.digits(2)}"
    foot.append(("IBAN:", Fact(iban, "/seller/iban")))
    if rng.random() < 0.6:
        foot.append(("BIC/SWIFT:", Fact(f"{rng.choice(('BCOM', 'CGDI'))}PTPL", "/seller/swift")))
    y = draft.labels(draft.left, y, draft.left + 90, foot)
    draft.say(draft.left, y + 12, "Este documento não serve de fatura.", size=8)
    return draft.finish("held-out", at)


LAYOUTS = (Layout("pro_forma", "quote", _pro_forma, group="held-out"),)
