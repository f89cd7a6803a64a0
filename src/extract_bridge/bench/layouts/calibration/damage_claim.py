"""A Spanish insurer's claim form, filled in: numbered boxes, answers on dotted lines, crosses for yes and no, a story in the claimant's own words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extract_bridge.bench.draft import Fact, day, many, new_draft, number, text, thing
from extract_bridge.bench.layouts.fresh.strokes import ONE_LINE, across, captioned, comb, dated, tick, worth
from extract_bridge.bench.layouts.kinds import Layout

if TYPE_CHECKING:
    from random import Random

    from extract_bridge.bench.document import BenchDocument
    from extract_bridge.bench.draft import Draft, Said
    from extract_bridge.bench.layouts.fresh.strokes import Tabs

_SCHEMA = thing(
    "Parte de siniestro del hogar",
    poliza=text("Número de póliza"),
    expediente=text("Número de siniestro, si ya está asignado"),
    asegurado=thing("", nombre=text(), nif=text(), telefono=text(), correo=text()),
    direccion_riesgo=text("Dirección de la vivienda asegurada"),
    fecha_siniestro=day(),
    hora=text("Hora aproximada"),
    causa=text("", enum=["Agua", "Robo", "Incendio", "Cristales"]),
    denuncia=text("Si hay denuncia policial", enum=["Sí", "No"]),
    relato=text("Descripción de lo ocurrido"),
    danos=many("Bienes dañados", objeto=text(), ano_compra=number(), valor=number()),
    valor_total=number("Suma reclamada"),
    cuenta_abono=text("IBAN para el pago"),
    fecha_firma=day(),
    mediador=text(),
    perito=text(),
)
_STORIES = {
    "Agua": "Al volver de viaje encontramos el techo del baño con una mancha grande y agua en el suelo. El vecino del 4.º tenía rota la tubería del desagüe y la cerró ese mismo día.",
    "Robo": "Forzaron la puerta del trastero n.º 17 durante la noche. Faltan una bicicleta y herramientas; los daños de la cerradura son de 85 € aparte.",
    "Incendio": "Se prendió la campana de la cocina mientras freíamos. Lo apagamos con un extintor antes de que llegaran los bomberos.",
    "Cristales": "El viento cerró de golpe la ventana del salón y se rompió la luna doble.",
}  # fmt: skip
_THINGS = (
    "Bicicleta eléctrica",
    "Tarima del pasillo, 6 m2",
    "Campana extractora",
    "Televisor 43 pulgadas",
    "Mueble de baño",
    "Luna doble 120 x 90",
    "Taladro percutor",
)
_FORMS = ("{d:02}/{m:02}/{y}", "{d}-{m}-{y}", "{d} de {month} de {y}")


def _who(draft: Draft, y: float) -> float:
    rng, voice = draft.rng, draft.voice
    nif = f"{voice.digits(8)}{rng.choice('ABCDFGHJ')}"
    entries: list[tuple[str, Said]] = [
        ("1. Nombre y apellidos del asegurado", Fact(voice.person(), "/asegurado/nombre")),
        (
            "2. Teléfono",
            Fact(f"6{voice.digits(2)} {voice.digits(3)} {voice.digits(3)}", "/asegurado/telefono"),
        ),
    ]
    mail: Said = (
        Fact(
            f"{rng.choice(('lucia', 'familia', 'casa', 'joaquin'))}{voice.digits(2)}@correo.example",
            "/asegurado/correo",
        )
        if rng.random() < 0.6
        else ""
    )
    entries += [
        ("3. Correo electrónico", mail),
        ("4. Dirección del riesgo", Fact(voice.homes(1)[0].line, "/direccion_riesgo")),
    ]
    width = (draft.right - draft.left) / 2
    if rng.random() < 0.5:
        for at, (label, what) in enumerate(entries):
            captioned(draft, draft.left + at % 2 * width, y + at // 2 * 29, width, 29, label, what)
        y += 74
    else:
        for label, what in entries:
            end = draft.say(draft.left, y + 8, label).x1 + 6
            draft.say(end, y + 9.5, "." * int((draft.right - end) / draft.sheet.measure(".")), grey=True)
            draft.say(end + 4, y + 7, what)
            y += draft.step * 1.5
        y += 16
    draft.say(draft.left, y, "5. NIF")
    comb(draft, draft.left + 46, y, Fact(nif, "/asegurado/nif"), cell=rng.choice((13.0, 15.0)))
    draft.prose(
        draft.left + 240,
        y,
        ONE_LINE,
        rng.choice(("Póliza n.º ", "Póliza: ")),
        Fact(f"{rng.choice(('H', 'HG-', '0'))}{voice.digits(8)}", "/poliza"),
    )
    return y + 28


def _damage(draft: Draft, y: float) -> float:
    rng, total = draft.rng, 0.0
    tabs: Tabs = ((0, "left"), (290, "right"), (draft.right - draft.left - 60, "right"))
    draft.say(draft.left, y, "9. Relación de bienes dañados o sustraídos", bold=True)
    y = across(draft, y + draft.step * 1.2, tabs, ("Objeto", "Año de compra", "Valor (EUR)"))
    for row, name in enumerate(rng.sample(_THINGS, rng.randint(1, 4))):
        at, year, value = f"/danos/{row}", draft.today.year - rng.randint(1, 14), draft.amount(40, 1900)
        bought: Said = Fact(str(year), f"{at}/ano_compra", year) if rng.random() < 0.75 else ""
        y = across(draft, y, tabs, (Fact(name, f"{at}/objeto"), bought, worth(draft, value, f"{at}/valor")))
        draft.sheet.line(draft.left, y - draft.step + 3, draft.right - 60, y - draft.step + 3, width=0.3)
        total += value
    draft.say(draft.left + 180, y + 3, "Total reclamado", bold=True)
    draft.say(
        draft.right - 60, y + 3, worth(draft, round(total, 2), "/valor_total"), bold=True, align="right"
    )
    return y + 26


def _claim(rng: Random, at: int) -> BenchDocument:
    draft = new_draft(rng, "es", _SCHEMA, size=9.0)
    voice, form = draft.voice, rng.choice(_FORMS)
    draft.say(
        draft.left, 48, rng.choice(("Mutua Cantábrica de Seguros", "SEGUROS LA ENCINA")), bold=True, size=12
    )
    draft.say(
        draft.right, 48, rng.choice(("PARTE DE SINIESTRO - HOGAR", "Declaración de siniestro")), align="right"
    )
    if rng.random() < 0.4:
        draft.prose(
            draft.right - 150,
            62,
            ONE_LINE,
            "Expte. ",
            Fact(f"S{draft.today.year}/{voice.digits(5)}", "/expediente"),
        )
    y = _who(draft, 80)
    draft.prose(
        draft.left,
        y,
        ONE_LINE,
        "6. Fecha del siniestro: ",
        dated(draft, draft.later(-15, -1), "/fecha_siniestro", form),
        "   Hora: ",
        Fact(f"{rng.randint(6, 23)}:{rng.choice(('00', '15', '30'))}", "/hora")
        if rng.random() < 0.7
        else "____",
    )
    y += draft.step * 1.5
    cause, x = rng.choice(list(_STORIES)), draft.say(draft.left, y, "7. Causa:").x1 + 14
    for label in ("Agua", "Robo", "Incendio", "Cristales", "Otra"):
        x = tick(draft, x, y, label, on=label == cause, at="/causa")
    y += draft.step * 1.3
    x, told = (
        draft.say(draft.left, y, "   ¿Denuncia ante la policía?").x1 + 14,
        "Sí" if cause == "Robo" else "No",
    )
    for label in ("Sí", "No"):
        x = tick(draft, x, y, label, on=label == told, at="/denuncia")
    y += draft.step * 1.6
    draft.say(draft.left, y, "8. Describa brevemente lo ocurrido", bold=True)
    y = (
        draft.prose(
            draft.left + 6,
            y + 15,
            draft.right - draft.left - 12,
            Fact(_STORIES[cause].replace("€", "euros"), "/relato"),
            size=draft.sheet.size + 1,
        )
        + 10
    )
    y = _damage(draft, y)
    iban = f"ES{voice.digits(2)} {' '.join(voice.digits(4) for _ in range(5))}"
    if rng.random() < 0.75:
        y = (
            draft.prose(draft.left, y, ONE_LINE, "10. Cuenta para el abono: ", Fact(iban, "/cuenta_abono"))
            + 4
        )
    if rng.random() < 0.5:
        y = (
            draft.prose(
                draft.left,
                y,
                ONE_LINE,
                "Mediador: ",
                Fact(rng.choice(("Correduría Ibarra", "Agencia 2207 - Sanz y Gil")), "/mediador"),
            )
            + 4
        )
    sign: list[Said] = [
        f"En {voice.homes(1)[0].town.split(' ', 1)[1]}, a ",
        dated(draft, draft.today, "/fecha_firma", form),
        "     Firma: ~~~~~~~~",
    ]
    draft.prose(draft.left, y + 14, ONE_LINE, *sign)
    draft.prose(
        draft.left,
        y + 48,
        draft.right - draft.left,
        "Plazo de comunicación: 7 días desde que se conoce el siniestro (art. 16 LCS). Sus datos se tratarán para gestionar el contrato.",
        size=7,
        grey=True,
    )
    return draft.finish("calibration", at)


LAYOUTS = (Layout("damage_claim", "claim", _claim, group="calibration"),)
