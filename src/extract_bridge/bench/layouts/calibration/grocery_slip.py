"""A Portuguese supermarket's simplified invoice: goods under departments, loyalty savings between them, taxes by letter, points and a code at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extract_bridge.bench.draft import Fact, day, many, new_draft, number, text, thing, whole
from extract_bridge.bench.layouts.fresh.strokes import ONE_LINE, across, dated, worth
from extract_bridge.bench.layouts.kinds import Layout
from extract_bridge.bench.sheet import FACES

if TYPE_CHECKING:
    from random import Random

    from extract_bridge.bench.document import BenchDocument
    from extract_bridge.bench.draft import Draft, Said
    from extract_bridge.bench.layouts.fresh.strokes import Tabs

_SCHEMA = thing(
    loja=text("Nome da loja"),
    nif=text("NIF do vendedor"),
    nif_cliente=text("NIF do consumidor"),
    fatura=text("Número da fatura simplificada"),
    data=day(),
    operador=text(),
    artigos=many(descricao=text(), taxa=text("Letra da taxa de IVA"), quantidade=number(), preco_unitario=number(), valor=number()),
    impostos=many("Resumo do IVA", letra=text(), taxa_percentagem=number(), base=number(), iva=number()),
    poupanca=number("Total poupado com o cartão"),
    total_a_pagar=number(),
    meio_pagamento=text(),
    troco=number(),
    pontos=whole("Pontos ganhos nesta compra"),
    codigo_atcud=text(),
    numero_artigos=whole(),
    saco_reutilizavel=whole(),
)  # fmt: skip
_DEPARTMENTS = {
    "MERCEARIA": (("ARROZ CAROLINO 1KG", "A"), ("ATUM POSTA AZEITE", "A"), ("BOLACHA MARIA 4X200", "C"), ("AZEITE VIRGEM 75CL", "A")),
    "FRUTAS E LEGUMES": (("BANANA IMP", "A"), ("CEBOLA NOVA", "A"), ("PERA ROCHA", "A"), ("TOMATE CHUCHA", "A")),
    "BEBIDAS": (("AGUA S/GAS 6X1.5L", "B"), ("VINHO TINTO DOURO", "B"), ("CERVEJA MINI PK10", "C")),
    "LAR": (("DETERG LOICA LIMAO", "C"), ("PAPEL COZINHA 2R", "C"), ("PILHAS AA PK4", "C")),
}  # fmt: skip
_SHARES = {"A": 6.0, "B": 13.0, "C": 23.0}


def _goods(draft: Draft, y: float) -> tuple[float, dict[str, float], int]:
    """What was bought; where it ends, what it comes to by tax, and how many pieces."""
    rng, right, sums, row = draft.rng, draft.right, dict.fromkeys("ABC", 0.0), 0
    headed, before = rng.random() < 0.7, rng.random() < 0.5
    for name in rng.sample(list(_DEPARTMENTS), rng.randint(2, 4)):
        if headed:
            draft.say(draft.left, y, name if rng.random() < 0.5 else f"{name}:", bold=True)
            y += draft.step
        goods = _DEPARTMENTS[name]
        for ware, letter in rng.sample(goods, rng.randint(1, len(goods))):
            at, weighed = f"/artigos/{row}", name.startswith("FRUTAS")
            count = rng.randint(180, 2400) / 1000 if weighed else rng.choice((1, 1, 1, 2, 3))
            price = draft.amount(0.6, 8.9)
            value = round(count * price, 2)
            shown, sign = worth(draft, value, f"{at}/valor"), Fact(letter, f"{at}/taxa")
            label: list[Said] = (
                [sign, "  ", Fact(ware, f"{at}/descricao")]
                if before
                else [Fact(ware, f"{at}/descricao"), "  (", sign, ")"]
            )
            draft.prose(draft.left, y, ONE_LINE, *label)
            if weighed or count > 1:
                y += draft.step
                volume = worth(
                    draft, count, f"{at}/quantidade", "{} KG" if weighed else "{}", places=3 if weighed else 0
                )
                draft.prose(
                    draft.left + 18, y, ONE_LINE, volume, " X ", worth(draft, price, f"{at}/preco_unitario")
                )
            draft.say(right, y, shown, align="right")
            y += draft.step
            sums[letter] += value
            row += 1
    return y, sums, row


def _taxes(draft: Draft, y: float, sums: dict[str, float]) -> float:
    edge = draft.right - draft.left
    tabs: Tabs = ((0, "left"), (58, "right"), (edge * 0.62, "right"), (edge, "right"))
    y = across(draft, y, tabs, ("IVA", "%", "Base", "Valor"))
    for row, letter in enumerate(name for name, value in sums.items() if value):
        at, share, gross = f"/impostos/{row}", _SHARES[letter], sums[letter]
        base = round(gross / (1 + share / 100), 2)
        tax = worth(draft, round(gross - base, 2), f"{at}/iva")
        cells = (
            Fact(letter, f"{at}/letra"),
            worth(draft, share, f"{at}/taxa_percentagem"),
            worth(draft, base, f"{at}/base"),
            tax,
        )
        y = across(draft, y, tabs, cells)
    return y


def _slip(rng: Random, at: int) -> BenchDocument:
    draft = new_draft(
        rng,
        "pt",
        _SCHEMA,
        width=240.0,
        height=680.0,
        size=7.5,
        face=rng.choice((FACES[2], FACES[0], FACES[3])),
    )
    draft.left, voice = 16.0, draft.voice
    middle = draft.sheet.width / 2
    shop = rng.choice(("Supermercado Bom Cabaz", "MERCADO DA PRACA", "Poupa Mais Hipermercados"))
    draft.say(middle, 24, Fact(shop, "/loja"), bold=True, size=10, align="centre")
    draft.say(middle, 35, voice.homes(1)[0].line[:48], size=6.5, align="centre")
    draft.prose(
        draft.left,
        50,
        ONE_LINE,
        "NIF ",
        Fact(f"50{voice.digits(7)}", "/nif"),
        f"  Cap. Soc. {voice.number(250000)} EUR",
    )
    code = Fact(f"FS {voice.digits(3)}{rng.choice('ABX')}/{voice.digits(5)}", "/fatura")
    draft.prose(draft.left, 62, ONE_LINE, "Fatura Simplificada ", code)
    clock = f" {rng.randint(8, 21):02}:{rng.randint(0, 59):02}"
    draft.prose(
        draft.left,
        73,
        ONE_LINE,
        dated(draft, draft.today, "/data", rng.choice(("{y}-{m:02}-{d:02}", "{d:02}/{m:02}/{y}"))),
        clock,
    )
    y = 84.0
    if rng.random() < 0.85:
        draft.prose(
            draft.left, y, ONE_LINE, "Op: ", Fact(voice.person(), "/operador"), f"   Cx {rng.randint(1, 20)}"
        )
        y += draft.step
    known = rng.random() < 0.75
    draft.prose(
        draft.left,
        y,
        ONE_LINE,
        "NIF Cliente: ",
        Fact(f"2{voice.digits(8)}", "/nif_cliente") if known else "Consumidor Final",
    )
    y, sums, count = _goods(draft, y + 18)
    total = round(sum(sums.values()), 2)
    draft.say(draft.left, y, "-" * 40, grey=True)
    y += draft.step
    if rng.random() < 0.5:
        saved = round(total * rng.choice((0.05, 0.1)), 2)
        draft.labels(
            draft.left,
            y,
            draft.right,
            [("SUBTOTAL", voice.number(total)), ("POUPANCA CARTAO", worth(draft, saved, "/poupanca", "-{}"))],
            align="right",
        )
        total, y = round(total - saved, 2), y + 2 * draft.step
    draft.say(draft.left, y + 4, rng.choice(("TOTAL A PAGAR", "TOTAL EUR")), bold=True, size=10)
    draft.say(draft.right, y + 4, worth(draft, total, "/total_a_pagar"), bold=True, size=10, align="right")
    y += 20
    means = rng.choice(("Multibanco", "NUMERARIO", "MB WAY"))
    given = float(-(-int(total) // 10 * 10) + 10) if means == "NUMERARIO" else total
    draft.say(draft.left, y, Fact(means, "/meio_pagamento"))
    draft.say(
        draft.right,
        y,
        worth(draft, total, "/total_a_pagar") if given == total else voice.number(given),
        align="right",
    )
    y += draft.step
    if means == "NUMERARIO":
        y = draft.labels(
            draft.left,
            y,
            draft.right,
            [("TROCO", worth(draft, round(given - total, 2), "/troco"))],
            align="right",
        )
    y = _taxes(draft, y + 8, sums) + 8
    if rng.random() < 0.8:
        y = draft.prose(
            draft.left, y, ONE_LINE, "Total de artigos: ", Fact(str(count), "/numero_artigos", count)
        )
    if rng.random() < 0.5:
        won = rng.randint(2, 90)
        y = draft.prose(
            draft.left,
            y,
            ONE_LINE,
            "Ganhou ",
            Fact(str(won), "/pontos", won),
            f" pontos. Saldo: {rng.randint(100, 4000)}",
        )
    if rng.random() < 0.8:
        y = draft.prose(
            draft.left,
            y,
            ONE_LINE,
            "ATCUD:",
            Fact(f"J{voice.digits(3)}KW{rng.choice('PRT')}-{voice.digits(5)}", "/codigo_atcud"),
        )
    draft.say(draft.left, y + 4, "Processado por programa certificado n. 1187/AT", size=6)
    return draft.finish("calibration", at)


LAYOUTS = (Layout("grocery_slip", "groceries", _slip, group="calibration"),)
