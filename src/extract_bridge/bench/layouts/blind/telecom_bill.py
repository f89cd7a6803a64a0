"""A French telephone bill: the sum large with its label below, a section for each line, discounts below zero."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extract_bridge.bench.draft import Fact, day, many, new_draft, number, text, thing
from extract_bridge.bench.layouts.kinds import Layout

if TYPE_CHECKING:
    from random import Random

    from extract_bridge.bench.document import BenchDocument
    from extract_bridge.bench.draft import Draft, Said

_SCHEMA = thing(
    numero_facture=text(),
    date_facture=day(),
    numero_client=text(),
    titulaire=text("Nom du titulaire du contrat"),
    operateur=text("Nom de l'opérateur"),
    periode_debut=day(),
    periode_fin=day(),
    date_prelevement=day("Date du prélèvement automatique"),
    lignes=many(
        "Une entrée par ligne téléphonique",
        numero=text("Numéro de téléphone"),
        forfait=text("Nom du forfait"),
        total_ligne_ttc=number(),
    ),
    remise=number("Total des remises, négatif"),
    total_ht=number(),
    montant_tva=number(),
    total_ttc=number("Montant à payer"),
    points_fidelite=text(),
)
_PLANS = ("Forfait Liberté 80 Go", "Forfait Mini 2h", "Box Fibre Essentielle", "Série Spéciale 5G 150 Go")


def _head(draft: Draft) -> float:
    rng, voice, form = draft.rng, draft.voice, "{d:02}/{m:02}/{y}"
    firm = rng.choice(("Télémer", "Cévennes Mobile"))
    begins, ends, paid = draft.later(-32, -30), draft.later(-3, -1), draft.later(6, 15)
    home, holder = voice.homes(1)[0], voice.person()
    draft.say(draft.left, 60, Fact(firm, "/operateur"), size=20, bold=True)
    draft.lines(draft.left + 280, 110, Fact(holder, "/titulaire"), home.street, home.town)
    printed = Fact(f"F{voice.digits(2)}-{voice.digits(7)}", "/numero_facture")
    y = draft.labels(
        draft.left,
        110,
        draft.left + 96,
        [
            ("N° de facture :", printed),
            (
                "Date de facture :",
                Fact(voice.day(draft.today, form), "/date_facture", draft.today.isoformat()),
            ),
            ("N° client :", Fact(f"{voice.digits(1)}.{voice.digits(8)}", "/numero_client")),
            ("Contact :", "3972 (service et appel gratuits)"),
        ],
    )
    said: list[Said] = [
        "Votre facture pour la période du ",
        Fact(voice.day(begins, form), "/periode_debut", begins.isoformat()),
        " au ",
        Fact(voice.day(ends, form), "/periode_fin", ends.isoformat()),
    ]
    y = draft.prose(draft.left, y + 20, 400, *said, size=draft.sheet.size + 1)
    if rng.random() < 0.75:
        when = Fact(voice.day(paid, form), "/date_prelevement", paid.isoformat())
        y = draft.prose(
            draft.left, y + 4, 420, "Le montant sera prélevé le ", when, " sur votre compte bancaire."
        )
    return y + 14


def _line(draft: Draft, y: float, row: int) -> tuple[float, float, float]:
    """One telephone line: where it ends, what it costs, and its discount."""
    rng, voice, start = draft.rng, draft.voice, f"/lignes/{row}"
    phone = "06 " + " ".join(f"{rng.randint(0, 99):02}" for _ in range(4))
    plan, base = rng.choice(_PLANS), rng.choice((9.99, 15.99, 24.99, 39.99))
    off = -rng.choice((0.0, 0.0, 2.0, 5.0))
    extra = draft.amount(0.5, 14) if rng.random() < 0.5 else 0.0
    total = round(base + off + extra, 2)
    draft.sheet.shade(draft.left, y - draft.step, draft.right - draft.left, draft.step * 1.5)
    draft.prose(draft.left + 4, y, 300, "Ligne ", Fact(phone, f"{start}/numero"))
    draft.say(
        draft.right - 4,
        y,
        Fact(f"{voice.number(total)} €", f"{start}/total_ligne_ttc", total),
        align="right",
        bold=True,
    )
    y += draft.step * 1.6
    entries: list[tuple[Said, str]] = [(Fact(plan, f"{start}/forfait"), f"{voice.number(base)} €")]
    if extra:
        entries.append(
            (f"Communications hors forfait ({rng.randint(1, 60)} min)", f"{voice.number(extra)} €")
        )
    if off:
        entries.append(("Remise multi-lignes", f"{voice.number(off)} €"))
    for label, shown in entries:
        draft.say(draft.left + 14, y, label)
        draft.say(draft.right - 90, y, shown, align="right")
        y += draft.step
    return y + 12, total, off


def _bill(rng: Random, at: int) -> BenchDocument:
    draft = new_draft(rng, "fr", _SCHEMA)
    voice, y, total, off = draft.voice, _head(draft), 0.0, 0.0
    top = y + 20
    y = top + 40
    for row in range(rng.randint(1, 4)):
        y, cost, minus = _line(draft, y, row)
        total, off = round(total + cost, 2), round(off + minus, 2)
    draft.say(draft.left, top, Fact(f"{voice.number(total)} €", "/total_ttc", total), size=20, bold=True)
    draft.say(draft.left, top + 13, "à payer TTC", size=8, grey=True)
    net = round(total / 1.2, 2)
    tax = round(total - net, 2)
    sums: list[tuple[str, Said]] = []
    if off:
        sums.append(("Total des remises TTC", Fact(f"{voice.number(off)} €", "/remise", off)))
    sums += [
        ("Total HT", Fact(f"{voice.number(net)} €", "/total_ht", net)),
        ("TVA à 20 %", Fact(f"{voice.number(tax)} €", "/montant_tva", tax)),
        ("Total TTC", Fact(f"{voice.number(total)} €", "/total_ttc", total)),
    ]
    y = draft.labels(draft.right - 220, y + 6, draft.right - 4, sums, align="right")
    if rng.random() < 0.4:
        points = Fact(voice.number(rng.randint(20, 4000), 0), "/points_fidelite")
        draft.prose(draft.left, y + 10, 300, "Vos points de fidélité : ", points)
    draft.say(
        draft.left, y + 40, f"Facture précédente : {voice.number(draft.amount(9, 90))} € (réglée)", size=8
    )
    return draft.finish("held-out", at)


LAYOUTS = (Layout("telecom_bill", "telecom", _bill, group="held-out"),)
