"""A Spanish lease of a flat in running clauses: parties with their identity numbers, rent and deposit in words and figures, in old notarial style or plain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extract_bridge.bench.draft import Fact, day, new_draft, number, text, thing, whole
from extract_bridge.bench.layouts.fresh.strokes import dated, worth
from extract_bridge.bench.layouts.kinds import Layout
from extract_bridge.bench.sheet import FACES

if TYPE_CHECKING:
    from random import Random

    from extract_bridge.bench.document import BenchDocument
    from extract_bridge.bench.draft import Draft, Said

_SCHEMA = thing(
    "Contrato de arrendamiento de vivienda",
    firmado_en=text("Localidad de la firma"),
    fecha=day("Fecha del contrato"),
    arrendador=thing("", nombre=text(), dni=text("NIF o DNI")),
    arrendatario=thing("", nombre=text(), dni=text(), profesion=text()),
    inmueble=text("Dirección de la vivienda"),
    referencia_catastral=text(),
    superficie_m2=whole("Superficie útil"),
    inicio=day("Entrada en vigor"),
    duracion_anios=whole("Duración en años"),
    renta_mensual=number(),
    dia_de_pago_limite=whole("Último día del mes para pagar"),
    cuenta=text("IBAN donde se ingresa la renta"),
    fianza=number(),
    preaviso_dias=whole("Preaviso para desistir"),
    gastos_comunidad=text("A cargo de quién", enum=["arrendadora", "arrendataria"]),
    aval_bancario=number(),
    plaza_garaje=text("Número de la plaza de garaje, si se incluye"),
)
_WORDS = {1: "UN", 3: "TRES", 5: "CINCO", 7: "SIETE"}
_ORDINALS = ("PRIMERA", "SEGUNDA", "TERCERA", "CUARTA", "QUINTA", "SEXTA", "SÉPTIMA", "OCTAVA")
_JOBS = ("ingeniera de montes", "auxiliar de clínica", "profesor de instituto", "traductora")


def _dni(draft: Draft) -> str:
    return f"{draft.voice.digits(8)}{draft.rng.choice(('-', ''))}{draft.rng.choice('BGKMRXZ')}"


def _opening(draft: Draft, y: float) -> float:
    rng, voice, width = draft.rng, draft.voice, draft.right - draft.left
    town = voice.homes(1)[0].town.split(" ", 1)[1]
    when = dated(draft, draft.today, "/fecha", rng.choice(("{d} de {month} de {y}", "{d:02}/{m:02}/{y}")))
    y = draft.prose(draft.left, y, width, "En ", Fact(town, "/firmado_en"), ", a ", when, ".") + 8
    owner, tenant = Fact(voice.person(), "/arrendador/nombre"), Fact(voice.person(), "/arrendatario/nombre")
    ids = Fact(_dni(draft), "/arrendador/dni"), Fact(_dni(draft), "/arrendatario/dni")
    job: list[Said] = (
        [", de profesión ", Fact(rng.choice(_JOBS), "/arrendatario/profesion")] if rng.random() < 0.5 else []
    )
    draft.say(draft.left, y, rng.choice(("REUNIDOS", "COMPARECEN")), bold=True)
    first: list[Said] = [
        "De una parte, D./Dña. ",
        owner,
        ", mayor de edad, con DNI ",
        ids[0],
        " y domicilio en ",
    ]
    second: list[Said] = [
        "De otra parte, D./Dña. ",
        tenant,
        ", mayor de edad, con DNI ",
        ids[1],
        *job,
        ", en adelante la parte arrendataria.",
    ]
    y = (
        draft.prose(
            draft.left, y + 16, width, *first, voice.homes(1)[0].line, ", en adelante la parte arrendadora."
        )
        + 5
    )
    return draft.prose(draft.left, y, width, *second) + 10


def _clauses(draft: Draft) -> list[list[Said]]:
    rng, voice = draft.rng, draft.voice
    rent, begin = float(rng.randint(42, 180) * 10), draft.later(1, 40)
    years = rng.choice((1, 3, 5, 7))
    form = rng.choice(("{d} de {month} de {y}", "{d:02}-{m:02}-{y}"))
    home = f"C/ {rng.choice(('Olivo', 'Cantarranas', 'San Roque', 'Doctor Fleming'))} {rng.randint(1, 90)}, {rng.randint(1, 8)}.º {rng.choice('ABC')}, {voice.homes(1)[0].town}"
    place: list[Said] = [
        "La parte arrendadora es propietaria de la vivienda sita en ",
        Fact(home, "/inmueble"),
    ]
    place += [
        ", de ",
        worth(draft, rng.randint(38, 140), "/superficie_m2", places=0),
        " metros cuadrados útiles",
    ]
    if rng.random() < 0.6:
        code = f"{voice.digits(7)}VK{voice.digits(4)}C0001{rng.choice('JKL')}T"
        place += [", con referencia catastral ", Fact(code, "/referencia_catastral")]
    if rng.random() < 0.35:
        place += [", y de la plaza de garaje n.º ", Fact(str(rng.randint(2, 80)), "/plaza_garaje")]
    term: list[Said] = [
        "El plazo de duración se fija en ",
        f"{_WORDS[years]} (",
        Fact(str(years), "/duracion_anios", years),
        ") AÑO" + "S" * (years > 1),
    ]
    term += [
        ", a contar desde el ",
        dated(draft, begin, "/inicio", form),
        ", prorrogable conforme a la Ley 29/1994, de 24 de noviembre.",
    ]
    limit, count = rng.choice((5, 7)), rng.choice((1, 2))
    pay: list[Said] = [
        "La renta será de ",
        worth(draft, rent, "/renta_mensual", "{} euros"),
        " al mes",
    ]
    pay += [f" ({voice.number(rent * 12)} euros al año), pagadera dentro de los "]
    pay += [
        Fact(str(limit), "/dia_de_pago_limite", limit),
        " primeros días de cada mes mediante ingreso en la cuenta ",
    ]
    iban = f"ES{voice.digits(2)} {' '.join(voice.digits(4) for _ in range(5))}"
    pay += [
        Fact(iban, "/cuenta"),
        ". Se actualizará cada anualidad según el índice de referencia, con el tope del 2 %.",
    ]
    bail: list[Said] = [
        "En este acto se entregan ",
        worth(draft, rent * count, "/fianza", "{} euros"),
        f" en concepto de fianza, equivalente a {count} mensualidad{'es' * (count > 1)}",
    ]
    if rng.random() < 0.25:
        bail += [", y aval bancario por importe de ", worth(draft, rent * 6, "/aval_bancario", "{} €")]
    who: list[Said] = [
        "Los gastos de comunidad y el IBI serán de cuenta de la parte ",
        Fact(rng.choice(("arrendadora", "arrendataria")), "/gastos_comunidad"),
    ]
    leave: list[Said] = [
        "La parte arrendataria podrá desistir una vez transcurridos seis meses, con un preaviso de ",
        Fact("30", "/preaviso_dias", 30),
        " días.",
    ]
    works: list[Said] = [
        "No se realizarán obras sin consentimiento escrito. Las reparaciones inferiores a 100 € corresponden a quien ocupa la vivienda."
    ]
    made: list[list[Said]] = [[*place, "."], term, pay, [*bail, "."], [*who, "."], works]
    if rng.random() < 0.7:
        made.insert(rng.randint(3, 5), leave)
    return made


def _lease(rng: Random, at: int) -> BenchDocument:
    draft = new_draft(
        rng, "es", _SCHEMA, size=10.5, face=rng.choice((FACES[1], FACES[1], FACES[2], FACES[3]))
    )
    draft.left = rng.choice((64.0, 84.0))
    if draft.sheet.face == FACES[2]:
        draft.sheet.size = 9.0
    title = rng.choice(("CONTRATO DE ARRENDAMIENTO DE VIVIENDA HABITUAL", "Contrato de alquiler"))
    draft.say(draft.sheet.width / 2, 74, title, bold=True, size=12, align="centre")
    y, width, old = _opening(draft, 106), draft.right - draft.left, rng.random() < 0.6
    draft.say(draft.left, y, "CLÁUSULAS" if old else "PACTOS", bold=True)
    y += 18
    for place, parts in enumerate(_clauses(draft)):
        if y > draft.sheet.height - 150:
            draft.sheet.next_page()
            y = 70.0
        start = f"{_ORDINALS[place]}.- " if old else f"{place + 1}. "
        y = draft.prose(draft.left, y, width, start, *parts) + 7
    if y > draft.sheet.height - 110:
        draft.sheet.next_page()
        y = 80.0
    y = (
        draft.prose(
            draft.left,
            y + 6,
            width,
            "Y para que así conste, firman por duplicado ejemplar en el lugar y fecha indicados.",
        )
        + 40
    )
    draft.say(draft.left, y, "LA PARTE ARRENDADORA")
    draft.say(draft.right, y, "LA PARTE ARRENDATARIA", align="right")
    return draft.finish("calibration", at)


LAYOUTS = (Layout("tenancy_prose", "tenancy", _lease, group="calibration"),)
