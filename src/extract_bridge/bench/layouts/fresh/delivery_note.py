"""A Spanish delivery note: batches and dates of expiry, ordered, delivered and outstanding, no prices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extract_bridge.bench.blocks import Column
from extract_bridge.bench.draft import Fact, day, many, new_draft, text, thing, whole
from extract_bridge.bench.layouts.kinds import Layout

if TYPE_CHECKING:
    from random import Random

    from extract_bridge.bench.document import BenchDocument
    from extract_bridge.bench.draft import Draft, Said

_SCHEMA = thing(
    delivery_note_number=text("Número de albarán"),
    date=day("Fecha del albarán"),
    order_reference=text("Pedido del cliente"),
    supplier=text(),
    supplier_tax_id=text("CIF / NIF of the supplier"),
    customer=text(),
    delivery_address=text(),
    carrier=text("Transportista"),
    packages=whole("Número de bultos"),
    items=many(
        code=text(),
        description=text(),
        batch=text("Lote"),
        expiry_date=day("Caducidad"),
        ordered=whole(),
        delivered=whole(),
        pending=whole(),
    ),
)
_GOODS = (
    "Paracetamol 650 mg comprimidos, caja de 40",
    "Guantes de nitrilo talla M",
    "Suero fisiológico 500 ml",
    "Apósito estéril 10 x 15 cm",
    "Jeringa 5 ml sin aguja, envase unitario",
    "Alcohol 70º 1 litro",
    "Termómetro digital",
    "Mascarilla FFP2 plegable",
)
_FORM = "{d:02}/{m:02}/{y}"


def _head(draft: Draft) -> float:
    rng, voice = draft.rng, draft.voice
    seller, buyer = voice.companies(2)
    homes = voice.homes(2)
    draft.say(draft.left, 58, Fact(seller, "/supplier"), size=14, bold=True)
    draft.say(draft.left, 72, homes[0].line, size=8)
    tax = Fact(f"{rng.choice('AB')}{voice.digits(8)}", "/supplier_tax_id")
    draft.labels(draft.left, 84, draft.left + 26, [("CIF:", tax)])
    draft.sheet.frame(draft.right - 190, 44, 190, 46)
    draft.say(draft.right - 182, 58, "ALBARÁN DE ENTREGA", bold=True)
    entries: list[tuple[str, Said]] = [
        ("Número", Fact(f"AE{draft.today.year % 100}/{voice.digits(5)}", "/delivery_note_number")),
        ("Fecha", Fact(voice.day(draft.today, _FORM), "/date", draft.today.isoformat())),
    ]
    draft.labels(draft.right - 182, 58 + draft.step, draft.right - 120, entries)
    draft.say(draft.left, 124, "Destinatario", size=8, grey=True)
    draft.say(draft.left, 138, Fact(buyer, "/customer"), bold=True)
    draft.block(draft.left, 138 + draft.step, (homes[1].street, homes[1].town), "/delivery_address")
    right: list[tuple[str, Said]] = [("Su pedido:", Fact(f"PC-{voice.digits(6)}", "/order_reference"))]
    if rng.random() < 0.75:
        carrier = rng.choice(("Transportes Ochoa", "Medios propios", "Logística Sur 24h"))
        right.append(("Transportista:", Fact(carrier, "/carrier")))
    right.append(("Fecha pedido:", voice.day(draft.later(-20, -2), _FORM)))
    return max(draft.labels(draft.left + 290, 138, draft.left + 370, right), 138 + 3 * draft.step) + 12


def _note(rng: Random, at: int) -> BenchDocument:
    draft = new_draft(rng, "es", _SCHEMA, size=9.0)
    voice, y, total = draft.voice, _head(draft), 0
    columns = [
        Column("Código", 0.11),
        Column("Artículo", 0.31),
        Column("Lote", 0.12),
        Column("Caducidad", 0.14),
        Column("Cant. pedida", 0.1, "right"),
        Column("Cant. servida", 0.11, "right"),
        Column("Pdte.", 0.11, "right"),
    ]
    grid = draft.table(draft.left, draft.right - draft.left, columns, rng.choice(("ruled", "zebra", "plain")))
    y = grid.head(y)
    for row, name in enumerate(rng.sample(_GOODS, rng.randint(2, 8))):
        start, asked = f"/items/{row}", rng.choice((10, 12, 24, 50, 100, 1200))
        open_ones = rng.choice((0, 0, 0, 2, 6))
        total += asked - open_ones
        expires = draft.later(200, 900) if rng.random() < 0.7 else None
        cells: list[Said] = [
            Fact(voice.digits(6), f"{start}/code"),
            Fact(name, f"{start}/description"),
            Fact(f"L{voice.digits(5)}", f"{start}/batch"),
            Fact(voice.day(expires, _FORM), f"{start}/expiry_date", expires.isoformat()) if expires else "",
            Fact(voice.number(asked, 0), f"{start}/ordered", asked),
            Fact(voice.number(asked - open_ones, 0), f"{start}/delivered", asked - open_ones),
            Fact(str(open_ones), f"{start}/pending", open_ones),
        ]
        y = draft.row(grid, y, cells)
    packages = rng.randint(1, 14)
    told = draft.stacked(
        draft.left,
        y + 24,
        120,
        [
            ("Total unidades", voice.number(total, 0)),
            ("Bultos", Fact(str(packages), "/packages", packages)),
            ("Peso bruto (kg)", voice.number(rng.randint(20, 900) / 10, 1)),
        ],
    )
    draft.say(draft.left, told + 10, "Recibí conforme (firma y sello):")
    return draft.finish("delivery_note", at)


LAYOUTS = (Layout("delivery_note", "delivery", _note, group="fresh"),)
