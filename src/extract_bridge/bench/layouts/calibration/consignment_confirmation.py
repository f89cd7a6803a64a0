"""A French wholesaler's confirmation of an order that goes out in parts: each article with its deliveries below it, the rest promised by weeks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extract_bridge.bench.draft import Fact, day, many, new_draft, number, text, thing, whole
from extract_bridge.bench.layouts.fresh.strokes import ONE_LINE, across, dated, worth
from extract_bridge.bench.layouts.kinds import Layout

if TYPE_CHECKING:
    from random import Random

    from extract_bridge.bench.document import BenchDocument
    from extract_bridge.bench.draft import Draft, Said
    from extract_bridge.bench.layouts.fresh.strokes import Tabs

_SCHEMA = thing(
    numero_confirmation=text("Numéro de l'accusé de réception de commande"),
    date_confirmation=day(),
    votre_commande=text("Référence de commande du client"),
    date_commande=day("Date de la commande du client"),
    client=text(),
    adresse_livraison=text("Adresse complète du lieu de livraison"),
    representant=text("Commercial en charge"),
    incoterm=text(),
    lignes=many(
        "Articles commandés",
        reference=text(),
        designation=text(),
        quantite=whole("Quantité commandée"),
        prix_unitaire=number(),
        remise_pct=number("Remise de la ligne en pour cent"),
        montant_ht=number(),
        livraisons=many("Expéditions prévues", quantite=whole(), date_depart=day()),
    ),
    total_ht=number(),
    port=number("Participation aux frais de port"),
    tva=number(),
    total_ttc=number(),
    mode_reglement=text(),
    code_promotion=text(),
)
_WARES = (
    ("Sécateur à enclume, manche bois", "SEC"),
    ("Arrosoir zinc 9 L", "ARZ"),
    ("Terreau semis, sac 20 L, palette de 60 sacs filmée et cerclée", "TSM"),
    ("Gants cuir taille 9", "GCU"),
    ("Ficelle jute 100 m", "FJU"),
    ("Pot grès émaillé Ø 24, coloris bleu nuit", "PGE"),
    ("Brouette 90 L galvanisée", "BRG"),
)
_CLIENTS = (
    "Jardinerie des Trois Chênes",
    "Coop Agricole du Vexin",
    "Sarl Verte Allée",
    "Pépinières Hautbois & Fils",
)
_PAY = ("Traite à 45 jours fin de mois", "Virement à 30 jours net", "LCR directe 60 jours")
_FORMS = ("{d:02}/{m:02}/{y}", "{d:02}/{m:02}/{yy}", "{d:02}-{m:02}-{y}")


def _head(draft: Draft, form: str) -> float:
    rng, voice = draft.rng, draft.voice
    draft.say(
        draft.left,
        50,
        rng.choice(("GRAINES & OUTILS DE L'OUEST", "Comptoir Horticole Ligérien")),
        bold=True,
        size=12,
    )
    homes, who = voice.homes(2), rng.choice(_CLIENTS)
    draft.say(
        draft.left,
        62,
        f"{homes[0].line} - R.C.S. B {voice.digits(3)} {voice.digits(3)} {voice.digits(3)}",
        size=7,
    )
    code = f"{rng.choice(('ARC', 'CC', 'AR-'))}{draft.today.year % 100}{voice.digits(5)}"
    title = rng.choice(("ACCUSÉ DE RÉCEPTION DE COMMANDE N° ", "Confirmation de commande "))
    draft.prose(draft.left, 92, ONE_LINE, title, Fact(code, "/numero_confirmation"), bold=True, size=12)
    draft.say(draft.left, 112, "Livré à", size=7.5, grey=True)
    y = draft.block(draft.left, 124, (who, homes[1].street, homes[1].town), "/adresse_livraison")
    draft.say(draft.right - 210, 112, "Facturé à", size=7.5, grey=True)
    draft.lines(draft.right - 210, 124, Fact(who, "/client"), "Service comptabilité", f"BP {voice.digits(3)}")
    order = dated(draft, draft.later(-12, -2), "/date_commande", form)
    entries: list[tuple[str, Said]] = [
        ("Date", dated(draft, draft.today, "/date_confirmation", form)),
        ("V/commande", Fact(f"{rng.choice(('BC', 'CF/', ''))}{voice.digits(6)}", "/votre_commande")),
        ("du", order),
        ("Représentant", Fact(voice.person(), "/representant")),
    ]
    y = draft.stacked(
        draft.left,
        max(y, 170) + 10,
        (draft.right - draft.left) / len(entries),
        entries,
        below=rng.random() < 0.4,
    )
    return y + 6


def _lines(draft: Draft, y: float, form: str) -> tuple[float, float]:
    """The articles, each with what leaves when; the sum."""
    rng, total = draft.rng, 0.0
    edge = draft.right - draft.left
    tabs: Tabs = ((0, "left"), (62, "left"), (330, "right"), (395, "right"), (430, "right"), (edge, "right"))
    heads = ("Réf.", "Désignation", "Qté", "P.U. HT", "Rem.", "Montant HT")
    y = across(draft, y, tabs, heads, bold=True) + 4
    for row, (ware, stem) in enumerate(rng.sample(_WARES, rng.randint(2, len(_WARES)))):
        if y > draft.sheet.height - 150:
            draft.say(draft.right, y, "suite page suivante .../...", align="right", size=7.5)
            draft.sheet.next_page()
            y = across(draft, 60, tabs, heads, bold=True) + 4
        at, count, price = f"/lignes/{row}", rng.randint(2, 30) * 12, draft.amount(0.9, 64)
        cut = rng.choice((0, 0, 5, 12.5))
        value = round(count * price * (1 - cut / 100), 2)
        cells: list[Said] = [
            Fact(f"{stem}{draft.voice.digits(4)}", f"{at}/reference"), "", worth(draft, count, f"{at}/quantite", places=0), worth(draft, price, f"{at}/prix_unitaire"),
            worth(draft, cut, f"{at}/remise_pct", "{} %", places=1 if cut % 1 else 0) if cut else "", worth(draft, value, f"{at}/montant_ht"),
        ]  # fmt: skip
        across(draft, y, tabs, cells)
        y = draft.prose(draft.left + 62, y, 215, Fact(ware, f"{at}/designation"))
        parts = rng.choice(((count,), (count // 2, count - count // 2), (count // 4, count - count // 4)))
        for number_of, piece in enumerate(parts):
            start = f"{at}/livraisons/{number_of}"
            leaves = dated(
                draft, draft.later(3 + 20 * number_of, 18 + 20 * number_of), f"{start}/date_depart", form
            )
            words: list[Said] = [
                "dont ",
                worth(draft, piece, f"{start}/quantite", places=0),
                " départ usine le ",
                leaves,
            ]
            y = draft.prose(draft.left + 76, y, ONE_LINE, *words, size=draft.sheet.size - 1)
        total, y = total + value, y + 5
    return y, round(total, 2)


def _confirmation(rng: Random, at: int) -> BenchDocument:
    draft = new_draft(rng, "fr", _SCHEMA, size=9.0)
    form = rng.choice(_FORMS)
    y, total = _lines(draft, _head(draft, form), form)
    if y > draft.sheet.height - 170:
        draft.sheet.next_page()
        y = 60.0
    draft.sheet.line(draft.left, y, draft.right, y)
    carriage = float(rng.choice((0, 19, 45)))
    tax = round((total + carriage) * 0.2, 2)
    sums: list[tuple[str, Said]] = [("Total HT", worth(draft, total, "/total_ht"))]
    if carriage:
        sums.append(("Participation port", worth(draft, carriage, "/port")))
    sums += [
        ("TVA 20,0 %", worth(draft, tax, "/tva")),
        ("Total TTC", worth(draft, round(total + carriage + tax, 2), "/total_ttc", "{} €")),
    ]
    if rng.random() < 0.5:
        draft.stacked(draft.left, y + 20, (draft.right - draft.left) / len(sums), sums)
        y += 56
    else:
        y = draft.labels(draft.left + 290, y + 20, draft.right, sums, align="right")
    y = draft.prose(draft.left, y + 10, ONE_LINE, "Règlement : ", Fact(rng.choice(_PAY), "/mode_reglement"))
    if rng.random() < 0.6:
        y = draft.prose(
            draft.left,
            y,
            ONE_LINE,
            "Conditions : ",
            Fact(rng.choice(("Franco 600 €", "EXW Nantes", "DAP")), "/incoterm"),
        )
    late = "Les dates de départ sont indicatives. Sans avis contraire sous 48 heures, la présente vaut acceptation. Escompte 0,5 % pour paiement sous 10 jours."
    draft.prose(draft.left, y + 12, draft.right - draft.left, late, size=7.5)
    return draft.finish("calibration", at)


LAYOUTS = (Layout("consignment_confirmation", "confirmation", _confirmation, group="calibration"),)
