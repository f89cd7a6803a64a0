"""An Italian customer's letter of complaint: order, delivery and fault told in sentences, what is asked for, a list of what is enclosed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from extract_bridge.bench.draft import Fact, day, many, new_draft, number, text, thing, whole
from extract_bridge.bench.layouts.fresh.strokes import ONE_LINE, dated, worth
from extract_bridge.bench.layouts.kinds import Layout
from extract_bridge.bench.sheet import FACES

if TYPE_CHECKING:
    from random import Random

    from extract_bridge.bench.document import BenchDocument
    from extract_bridge.bench.draft import Draft, Said

_SCHEMA = thing(
    "Reclami in arrivo",
    data_lettera=day(),
    mittente=text("Chi scrive"),
    indirizzo_mittente=text(),
    destinatario=text("Azienda a cui è rivolto il reclamo"),
    numero_ordine=text(),
    data_ordine=day(),
    data_consegna=day("Quando la merce è stata consegnata"),
    prodotti=many("Merce contestata", nome=text(), prezzo=number(), matricola=text("Numero di serie")),
    importo_pagato=number("Totale dell'ordine"),
    importo_richiesto=number("Rimborso chiesto"),
    termine_giorni=whole("Giorni concessi per la risposta"),
    numero_fattura=text(),
    telefono=text(),
    avvocato=text("Legale che assiste il cliente"),
    codice_pratica=text("Pratica già aperta presso l'assistenza"),
)
_GOODS = (
    "lavastoviglie Lumen 45",
    "divano tre posti Arno",
    "stufa a pellet Brace 8",
    "passeggino Duetto",
    "scrivania regolabile Alta",
)
_FAULTS = (
    "non si accende più dopo il secondo utilizzo",
    "presenta una crepa lungo la base",
    "è di colore diverso da quello scelto",
    "perde acqua dal lato destro",
)
_FIRMS = ("Casa Serena S.p.A.", "MondoMobili Online S.r.l.", "Elettro Point di Bassi & C. S.a.s.")
_FORMS = ("{d} {month} {y}", "{d:02}/{m:02}/{y}", "{d:02}.{m:02}.{y}")


def _story(draft: Draft, form: str) -> list[list[Said]]:
    """What was ordered, what came, and what is wrong with it."""
    rng, voice = draft.rng, draft.voice
    ordered = draft.today - timedelta(days=rng.randint(40, 90))
    came, count = ordered + timedelta(days=rng.randint(4, 30)), rng.choice((1, 1, 2))
    prices = [draft.amount(80, 1600) for _ in range(count)]
    total = round(sum(prices) + rng.choice((0.0, 29.9)), 2)
    code = Fact(
        rng.choice((f"IT-{voice.digits(7)}", f"{voice.digits(3)}-{voice.digits(6)}", f"W{voice.digits(5)}")),
        "/numero_ordine",
    )
    first: list[Said] = [
        rng.choice(("con ordine n. ", "in riferimento all'ordine ")),
        code,
        " del ",
        dated(draft, ordered, "/data_ordine", form),
        " ho acquistato sul vostro sito ",
    ]
    for row, name in enumerate(rng.sample(_GOODS, count)):
        at = f"/prodotti/{row}"
        first += [
            " e " if row else "",
            Fact(name, f"{at}/nome"),
            " (",
            worth(draft, prices[row], f"{at}/prezzo", "{} euro"),
        ]
        if rng.random() < 0.5:
            first += [", matricola ", Fact(f"{rng.choice('KLM')}{voice.digits(6)}", f"{at}/matricola")]
        first.append(")")
    first += [", pagando in tutto ", worth(draft, total, "/importo_pagato", "{} euro")]
    if rng.random() < 0.5:
        first += [
            " come da fattura ",
            Fact(f"{rng.randint(100, 9999)}/{rng.choice('ABE')}", "/numero_fattura"),
        ]
    second: list[Said] = [
        "La consegna, prevista per il ",
        voice.day(came - timedelta(days=3), form),
        ", è avvenuta il ",
        dated(draft, came, "/data_consegna", form),
        f". L'articolo {rng.choice(_FAULTS)}",
    ]
    if rng.random() < 0.5:
        second += [
            "; ho già telefonato due volte (pratica ",
            Fact(f"TK{voice.digits(6)}", "/codice_pratica"),
            ") senza esito",
        ]
    asked = prices[0] if rng.random() < 0.6 else round(prices[0] / 2, 2)
    days = rng.choice((10, 15, 20))
    third: list[Said] = [
        "Chiedo pertanto il rimborso di ",
        worth(draft, asked, "/importo_richiesto", "euro {}"),
        " entro ",
    ]
    third += [
        Fact(str(days), "/termine_giorni", days),
        " giorni dal ricevimento della presente, ai sensi degli artt. 128 e seguenti del Codice del consumo. In mancanza mi rivolgerò ",
    ]
    third += (
        ["all'avv. ", Fact(voice.person(), "/avvocato")]
        if rng.random() < 0.3
        else ["a un'associazione di consumatori"]
    )
    return [[*first, "."], [*second, "."], [*third, "."]]


def _letter(rng: Random, at: int) -> BenchDocument:
    draft = new_draft(
        rng, "it", _SCHEMA, size=10.5, face=rng.choice((FACES[1], FACES[0], FACES[2], FACES[3]))
    )
    draft.left, voice, form = 72.0, draft.voice, rng.choice(_FORMS)
    if draft.sheet.face in (FACES[2], FACES[3]):
        draft.sheet.size = 9.0
    width, who, homes = draft.right - draft.left, voice.person(), voice.homes(2)
    y = draft.lines(draft.left, 62, Fact(who, "/mittente"))
    y = draft.block(draft.left, y, (homes[0].street, homes[0].town), "/indirizzo_mittente")
    if rng.random() < 0.65:
        y = draft.prose(
            draft.left,
            y,
            ONE_LINE,
            rng.choice(("Tel. ", "cell. ")),
            Fact(f"3{voice.digits(2)} {voice.digits(7)}", "/telefono"),
        )
    x = draft.left + (230 if rng.random() < 0.7 else 0)
    y = (
        draft.lines(
            x,
            y + 18,
            "Spett.le",
            Fact(rng.choice(_FIRMS), "/destinatario"),
            "Ufficio reclami",
            homes[1].street,
            homes[1].town,
        )
        + 12
    )
    sent = dated(draft, draft.today, "/data_lettera", form)
    place = homes[0].town.split(" ", 1)[1]
    top = rng.random() < 0.6
    if top:
        y = draft.prose(draft.left, y, ONE_LINE, f"{place}, ", sent) + 10
    y = (
        draft.prose(
            draft.left,
            y,
            width,
            rng.choice(
                (
                    "Oggetto: reclamo per merce difettosa",
                    "OGGETTO: richiesta di rimborso - raccomandata a/r n. 15382207714-2",
                )
            ),
            bold=True,
        )
        + 8
    )
    y = draft.lines(draft.left, y, "Gentili Signori,")
    for parts in _story(draft, form):
        y = draft.prose(draft.left, y, width, *parts) + 7
    y = draft.lines(draft.left, y, "In attesa di riscontro porgo distinti saluti.") + 26
    draft.say(draft.right - 150, y, Fact(who, "/mittente"))
    if not top:
        draft.prose(draft.left, y, ONE_LINE, f"{place}, lì ", sent)
    if rng.random() < 0.6:
        draft.lines(
            draft.left,
            y + 36,
            "Allegati:",
            "1) copia dell'ordine",
            "2) n. 3 fotografie",
            "3) documento di trasporto n. 4471",
            size=8,
        )
    return draft.finish("calibration", at)


LAYOUTS = (Layout("reclaim_letter", "complaint", _letter, group="calibration"),)
