"""A Spanish claim of expenses as a workbook: labels in cells above the table, sums below it, rates on a second sheet."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from extract_bridge.bench.draft import Fact, day, many, new_draft, number, text, thing, whole
from extract_bridge.bench.layouts.fresh.workbook import Sum, workbook
from extract_bridge.bench.layouts.kinds import Layout

if TYPE_CHECKING:
    from random import Random

    from extract_bridge.bench.document import BenchDocument
    from extract_bridge.bench.draft import Draft
    from extract_bridge.bench.layouts.fresh.workbook import Cell

_SCHEMA = thing(
    empleado=text("Nombre del empleado"),
    numeroEmpleado=text(),
    departamento=text(),
    centroCoste=text("Centro de coste"),
    fechaLiquidacion=day("Fecha de la hoja"),
    motivo=text("Motivo del viaje"),
    gastos=many(
        "Una entrada por gasto",
        fecha=day(),
        concepto=text(),
        proyecto=text(),
        kilometros=whole(),
        importe=number("Importe en euros"),
    ),
    total=number("Suma de los gastos"),
    anticipo=number("Anticipo ya recibido"),
    aPagar=number("Importe a pagar al empleado"),
    aprobadoPor=text(),
    iban=text(),
)
_KINDS = (
    "Kilometraje vehículo propio",
    "Hotel",
    "Comida con cliente",
    "Taxi",
    "Peaje AP-7",
    "Billete AVE",
    "Aparcamiento",
)
_WHY = ("Visita a cliente en Zaragoza", "Feria Alimentaria", "Formación interna", "Puesta en marcha línea 3")
_AREAS = ("Comercial", "Ingeniería", "Administración", "Calidad")


def _said(draft: Draft, at: str, value: str) -> str:
    return draft.tell(Fact(value, at))


def _head(draft: Draft) -> list[list[Cell]]:
    """Labels with their values in the next cell, two pairs a row or one."""
    rng, voice = draft.rng, draft.voice
    draft.facts["/fechaLiquidacion"] = draft.today.isoformat()
    pairs: list[tuple[str, Cell]] = [
        ("Empleado", _said(draft, "/empleado", voice.person())),
        ("Fecha", draft.today),
        ("Departamento", _said(draft, "/departamento", rng.choice(_AREAS))),
    ]
    optional: list[tuple[str, str, str]] = [
        ("N.º empleado", "/numeroEmpleado", voice.digits(5)),
        ("Centro de coste", "/centroCoste", f"CC-{voice.digits(3)}"),
        ("Motivo del viaje", "/motivo", rng.choice(_WHY)),
    ]
    pairs += [(label, _said(draft, at, value)) for label, at, value in optional if rng.random() < 0.7]
    mark = rng.choice(("", ":"))
    if rng.random() < 0.5:
        return [[f"{label}{mark}", value] for label, value in pairs]
    both = [pairs[at : at + 2] for at in range(0, len(pairs), 2)]
    return [[cell for label, value in row for cell in (f"{label}{mark}", value, None)] for row in both]


def _expenses(draft: Draft, first: int) -> list[list[Cell]]:
    """The table with its sums; `first` is the number of its first row."""
    rng, total = draft.rng, 0.0
    rows: list[list[Cell]] = []
    with_project = rng.random() < 0.6
    heads: list[Cell] = [
        "Fecha",
        "Concepto",
        *(["Proyecto"] if with_project else []),
        "Km",
        rng.choice(("Importe", "Importe (EUR)")),
    ]
    when = draft.today - timedelta(days=rng.randint(8, 30))
    count = rng.choice((1, 3, 6, 12, 35))
    for row in range(count):
        start, kind = f"/gastos/{row}", rng.choice(_KINDS)
        far = rng.randint(12, 640) if kind.startswith("Kilom") else None
        value = round(far * 0.26, 2) if far else draft.amount(3, 240)
        when += timedelta(days=rng.randint(0, 1))
        draft.facts |= {f"{start}/fecha": when.isoformat(), f"{start}/importe": value}
        draft.tell(Fact(kind, f"{start}/concepto"), Fact(str(far or ""), f"{start}/kilometros", far))
        project = f"P{draft.voice.digits(4)}" if with_project and rng.random() < 0.8 else ""
        if project:
            draft.tell(Fact(project, f"{start}/proyecto"))
        rows.append([when, kind, *([project] if with_project else []), far, value])
        total = round(total + value, 2)
    column = chr(65 + len(heads) - 1)
    blank: list[Cell] = [None] * (len(heads) - 2)
    draft.facts["/total"] = total
    sums: list[list[Cell]] = [
        [*blank, "Total", Sum(f"SUM({column}{first + 1}:{column}{first + count})", total)]
    ]
    advance = float(rng.randint(1, 6) * 50) if rng.random() < 0.5 else 0.0
    if advance:
        draft.facts["/anticipo"] = advance
        sums.append([*blank, "Anticipo recibido", advance])
    draft.facts["/aPagar"] = round(total - advance, 2)
    here = first + count + 1
    sums.append(
        [
            *blank,
            "A pagar",
            Sum(
                f"{column}{here}-{column}{here + 1}" if advance else f"{column}{here}",
                round(total - advance, 2),
            ),
        ]
    )
    return [heads, *rows, *sums]


def _workbook(rng: Random, at: int) -> BenchDocument:
    draft = new_draft(rng, "es", _SCHEMA)
    head: list[list[Cell]] = [[f"{draft.voice.companies(1)[0]} - HOJA DE GASTOS"], [], *_head(draft), []]
    table = _expenses(draft, len(head) + 1)
    foot: list[list[Cell]] = (
        [[], ["Aprobado por", _said(draft, "/aprobadoPor", draft.voice.person())]]
        if rng.random() < 0.6
        else []
    )
    rates: list[list[Cell]] = [
        ["Concepto", "Tarifa", "Vigente desde"],
        ["Kilometraje", 0.26, draft.today.replace(month=1, day=1)],
        ["Dieta completa", 53.34, None],
    ]
    sheets: list[tuple[str, list[list[Cell]]]] = [
        (rng.choice(("Gastos", "Hoja1", "Liquidación")), [*head, *table, *foot])
    ]
    if rng.random() < 0.6:
        sheets.append(("Tarifas", rates))
    return draft.finish("expense_workbook", at, suffix="xlsx", written=workbook(sheets))


LAYOUTS = (Layout("expense_workbook", "expenses", _workbook, group="fresh"),)
