"""A Spanish booking of flights: each leg over two lines, a list of passengers, the fare in parts that are codes and amounts."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from extract_bridge.bench.draft import Fact, day, many, new_draft, number, text, thing, whole
from extract_bridge.bench.layouts.fresh.strokes import ONE_LINE, across, dated, required, worth
from extract_bridge.bench.layouts.kinds import Layout
from extract_bridge.bench.sheet import FACES

if TYPE_CHECKING:
    from datetime import date
    from random import Random

    from extract_bridge.bench.document import BenchDocument
    from extract_bridge.bench.draft import Draft, Said
    from extract_bridge.bench.layouts.fresh.strokes import Tabs

_SCHEMA = required(
    thing(
        booking_reference=text("Record locator (PNR)"),
        airline=text(),
        booked_on=day("Date the ticket was issued"),
        passengers=many(name=text("As printed"), ticket_number=text(), seat=text()),
        segments=many(
            "Flights in travel order",
            flight_number=text(),
            origin=text("IATA code"),
            destination=text("IATA code"),
            departure_date=day(),
            departure_time=text("HH:MM, local"),
            arrival_time=text("HH:MM, local"),
            cabin=text(),
            checked_bags=whole("Pieces of checked baggage"),
        ),
        base_fare=number("Fare before taxes and fees"),
        taxes=many("Taxes and fees", code=text(), amount=number()),
        total_paid=number(),
        currency=text("ISO 4217"),
        payment_card_last4=text(),
        frequent_flyer_number=text(),
    ),
    "booking_reference",
    "segments",
)
_PORTS = (
    ("Madrid", "MAD"),
    ("Bilbao", "BIO"),
    ("Lisboa", "LIS"),
    ("Múnich", "MUC"),
    ("Santiago", "SCQ"),
    ("Palma", "PMI"),
)
_TABS: Tabs = ((0, "left"), (72, "left"), (125, "left"), (165, "left"), (345, "left"), (430, "left"))
_FORMS = ("{d:02}/{m:02}/{y}", "{d:02} {mon} {y}", "{d} de {month} de {y}")


def _head(draft: Draft, airline: str) -> float:
    rng, voice = draft.rng, draft.voice
    code = "".join(rng.choice("ABCDEFGHJKLMNPQRSTUVWXYZ23456789") for _ in range(6))
    draft.say(draft.left, 60, Fact(airline, "/airline"), bold=True, size=14)
    draft.say(
        draft.right,
        60,
        rng.choice(("Confirmación de reserva", "Billete electrónico / e-Ticket")),
        align="right",
        size=11,
    )
    draft.sheet.line(draft.left, 68, draft.right, 68, width=1.2)
    parts: list[Said] = [
        rng.choice(("Localizador: ", "Código de reserva ", "Localizador ")),
        Fact(code, "/booking_reference"),
    ]
    y = draft.prose(draft.left, 92, ONE_LINE, *parts, bold=True, size=12)
    issued: list[Said] = ["Emitido el ", dated(draft, draft.today, "/booked_on", rng.choice(_FORMS))]
    if rng.random() < 0.4:
        issued.append(f" por Agencia Viajes {voice.person().split(' ')[0]}, oficina {voice.digits(3)}")
    return draft.prose(draft.left, y, ONE_LINE, *issued, size=9) + 14


def _passengers(draft: Draft, y: float) -> float:
    rng, voice = draft.rng, draft.voice
    tickets, seats = rng.random() < 0.8, rng.random() < 0.5
    draft.say(draft.left, y, rng.choice(("Pasajeros", "Datos de los pasajeros")), bold=True)
    y += draft.step * 1.2
    for row in range(rng.randint(1, 4)):
        first, last = voice.person().split(" ", 1)
        name = f"{last.upper()}/{first.upper()} {rng.choice(('MR', 'MRS', 'CHD'))}"
        parts: list[Said] = [f"{row + 1}. ", Fact(name, f"/passengers/{row}/name")]
        if tickets:
            parts += [
                rng.choice(("   ", " - ")),
                "billete ",
                Fact(f"{voice.digits(3)}-{voice.digits(10)}", f"/passengers/{row}/ticket_number"),
            ]
        if seats:
            parts += [
                "   asiento ",
                Fact(f"{rng.randint(1, 32)}{rng.choice('ABCDEF')}", f"/passengers/{row}/seat"),
            ]
        y = draft.prose(draft.left, y, ONE_LINE, *parts)
    return y + 10


def _leg(
    draft: Draft, y: float, row: int, ports: tuple[tuple[str, str], tuple[str, str]], when: date, form: str
) -> float:
    """Where from on one line, where to on the next."""
    rng, start = draft.rng, f"/segments/{row}"
    leaves = rng.randint(6 * 60, 19 * 60)
    lands = leaves + rng.randint(55, 200)
    clock = [f"{at // 60:02}:{at % 60:02}" for at in (leaves, lands)]
    bags = rng.choice((0, 1, 1, 2))
    flight = Fact(f"{rng.choice(('VN', 'Q4', 'IK'))}{draft.voice.digits(4)}", f"{start}/flight_number")
    cabin = Fact(rng.choice(("Turista", "Turista (Y)", "Business", "Óptima")), f"{start}/cabin")
    shown = dated(draft, when, f"{start}/departure_date", form)
    leaving = Fact(clock[0], f"{start}/departure_time")
    across(
        draft, y, _TABS, (shown, flight, leaving, "", cabin, Fact(f"{bags}PC", f"{start}/checked_bags", bags))
    )
    origin = Fact(ports[0][1], f"{start}/origin")
    draft.prose(draft.left + 165, y, ONE_LINE, f"{ports[0][0]} (", origin, f") T{rng.randint(1, 4)}")
    y += draft.step
    draft.say(draft.left + 125, y, Fact(clock[1], f"{start}/arrival_time"))
    draft.prose(
        draft.left + 165, y, ONE_LINE, f"{ports[1][0]} (", Fact(ports[1][1], f"{start}/destination"), ")"
    )
    draft.say(
        draft.left + 345,
        y,
        f"Duración {(lands - leaves) // 60} h {(lands - leaves) % 60:02}",
        size=8,
        grey=True,
    )
    return y + draft.step * 1.5


def _fare(draft: Draft, y: float) -> float:
    rng, voice = draft.rng, draft.voice
    base, rest = draft.amount(38, 720), 0.0
    draft.say(draft.left, y, rng.choice(("Desglose del precio", "Detalle de la tarifa")), bold=True)
    y, tab = y + draft.step * 1.2, draft.left + 190
    y = draft.labels(
        draft.left, y, tab, [("Tarifa", worth(draft, base, "/base_fare", "{} EUR"))], align="right"
    )
    for row, code in enumerate(rng.sample(("JD", "QV", "OG", "YQ", "RA", "PT"), rng.randint(1, 5))):
        value = draft.amount(0.6, 42)
        rest = round(rest + value, 2)
        draft.prose(draft.left, y, ONE_LINE, "Tasa ", Fact(code, f"/taxes/{row}/code"))
        draft.say(tab, y, worth(draft, value, f"/taxes/{row}/amount", "{} EUR"), align="right")
        y += draft.step
    total = round(base + rest, 2)
    label = rng.choice(("Total", "Importe total", "TOTAL PAGADO"))
    draft.say(draft.left, y + 3, label, bold=True)
    ink = draft.say(tab, y + 3, f"{voice.number(total)} EUR", bold=True, align="right")
    draft.state(Fact(voice.number(total), "/total_paid", total), ink.only(0, 1))
    draft.state(Fact("EUR", "/currency"), ink.only(1))
    if rng.random() < 0.6:
        last = Fact(f"{voice.digits(4)}", "/payment_card_last4")
        y = draft.prose(draft.left, y + 3 + draft.step, ONE_LINE, "Forma de pago: Visa **** **** **** ", last)
    return y + 24


def _booking(rng: Random, at: int) -> BenchDocument:
    draft = new_draft(rng, "es", _SCHEMA, size=9.0, face=rng.choice((FACES[0], FACES[2], FACES[3])))
    draft.left = 42.0
    y = _head(draft, rng.choice(("Aerolínea Vientonorte", "IBERKÁN", "Líneas Aéreas Quetzal S.A.")))
    first = rng.random() < 0.5
    if first:
        y = _passengers(draft, y)
    draft.say(draft.left, y, "Itinerario", bold=True)
    y += draft.step
    y = across(draft, y, _TABS, ("Fecha", "Vuelo", "Hora", "Ruta", "Clase", "Equipaje"), size=8)
    draft.sheet.line(draft.left, y - 8, draft.right, y - 8)
    ports, when, form = rng.sample(_PORTS, 4), draft.later(3, 90), rng.choice(_FORMS[:2])
    legs = [(ports[0], ports[1])]
    if rng.random() < 0.4:
        legs.append((ports[1], ports[2]))
    if rng.random() < 0.6:
        legs += [(there, here) for here, there in reversed(legs)]
    for row, leg in enumerate(legs):
        when += timedelta(days=rng.randint(2, 9) if row == len(legs) // 2 and row else 0)
        y = _leg(draft, y + 4, row, leg, when, form)
    if not first:
        y = _passengers(draft, y + 4)
    y = _fare(draft, y + 4)
    note = "Facture con al menos 60 minutos de antelación. Cambios: 50,00 EUR por trayecto más la diferencia de tarifa."
    draft.prose(draft.left, y, draft.right - draft.left, note, size=7.5, grey=True)
    return draft.finish("flight_booking", at)


LAYOUTS = (Layout("flight_booking", "travel", _booking, group="fresh"),)
