"""A French or Belgian trader's invoice: discounts on lines and on the whole, the tax by rate in a small table, the bank in the foot."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from extract_bridge.bench.blocks import Column
from extract_bridge.bench.draft import Fact, day, many, new_draft, number, text, thing
from extract_bridge.bench.layouts.fresh.second.hands import onward
from extract_bridge.bench.layouts.fresh.strokes import ONE_LINE, across, captioned, dated, worth
from extract_bridge.bench.layouts.kinds import Layout

if TYPE_CHECKING:
    from random import Random

    from extract_bridge.bench.document import BenchDocument
    from extract_bridge.bench.draft import Draft, Said
    from extract_bridge.bench.layouts.fresh.strokes import Tabs

_SCHEMA = thing(
    fournisseur=thing(nom=text(), tva_intracom=text("Numéro de TVA"), siret=text()),
    client=thing(nom=text(), adresse=text(), code=text()),
    numero=text("Numéro de facture"),
    date=day("Date de facture"),
    echeance=day(),
    mode_reglement=text(),
    lignes=many(
        reference=text(),
        designation=text(),
        quantite=number(),
        prix_unitaire_ht=number(),
        remise_pct=number(),
        montant_ht=number(),
    ),
    tva=many("Récapitulatif par taux", taux=number(), base_ht=number(), montant=number()),
    remise_globale=number("Remise sur l'ensemble, positive"),
    total_ht=number("Après remise"),
    total_tva=number(),
    total_ttc=number(),
    acompte=number("Déjà versé"),
    net_a_payer=number(),
    iban=text(),
    bic=text(),
)
_GOODS = (
    ("Robinet mitigeur évier chromé", 20.0), ("Carton de 6 bouteilles, cuvée du domaine", 20.0),
    ("Farine de blé T65, sac de 25 kg", 5.5), ("Main-d'œuvre, pose et mise en service (heure)", 10.0),
    ("Manuel de l'apprenti boulanger", 5.5), ("Gaine ICTA 20 mm avec tire-fil, couronne de 100 m", 20.0),
    ("Beurre de tourage 82 %, plaque 1 kg", 5.5), ("Location d'échafaudage, la semaine", 20.0),
)  # fmt: skip
_PAYMENTS = ("Virement bancaire", "Chèque à réception", "Prélèvement à 30 jours")


def _parties(draft: Draft, *, belgian: bool) -> float:
    rng, voice, left = draft.rng, draft.voice, draft.left
    firms, homes = voice.companies(), voice.homes()
    draft.say(left, 54, Fact(firms[0], "/fournisseur/nom"), bold=True, size=14)
    tax = f"BE 0{voice.digits(3)}.{voice.digits(3)}.{voice.digits(3)}" if belgian else f"FR{voice.digits(11)}"
    y = draft.lines(
        left, 68, homes[0].street, homes[0].town, f"Tél. {voice.digits(3)} {voice.digits(6)}", size=8
    )
    draft.prose(left, y, ONE_LINE, "TVA : ", Fact(tax, "/fournisseur/tva_intracom"), size=8)
    if not belgian:
        siret = f"{voice.digits(3)} {voice.digits(3)} {voice.digits(3)} 000{rng.randint(11, 99)}"
        draft.prose(
            left, y + 11, ONE_LINE, "SIRET ", Fact(siret, "/fournisseur/siret"), " - APE 4322A", size=8
        )
    x = draft.right - 200
    draft.sheet.frame(x - 8, 96, 208, 54)
    draft.say(x, 110, Fact(firms[1], "/client/nom"), bold=True)
    draft.block(x, 110 + draft.step, (homes[1].street, homes[1].town), "/client/adresse")
    return 176.0


def _banner(draft: Draft, y: float) -> float:
    """Number, dates and code: in frames side by side, or in a sentence and lines below."""
    rng, voice, form = draft.rng, draft.voice, draft.rng.choice(("{d:02}/{m:02}/{y}", "{d} {month} {y}"))
    code = Fact(f"{rng.choice(('FA', 'F', 'FC-'))}{draft.today.year}{rng.randint(1, 9999):04}", "/numero")
    made = dated(draft, draft.today, "/date", form)
    due = dated(draft, draft.today + timedelta(days=rng.choice((0, 30, 45))), "/echeance", form)
    client, pay = Fact(f"C{voice.digits(5)}", "/client/code"), Fact(rng.choice(_PAYMENTS), "/mode_reglement")
    if rng.random() < 0.5:
        cells = (
            ("FACTURE N°", code),
            ("Date", made),
            ("Code client", client),
            ("Échéance", due),
            ("Règlement", pay),
        )
        width = (draft.right - draft.left) / 5
        for at, (label, what) in enumerate(cells):
            captioned(draft, draft.left + at * width, y, width, 28, label, what)
        return y + 42
    y = draft.prose(draft.left, y, ONE_LINE, "Facture n° ", code, " du ", made, bold=True, size=12) + 4
    y = draft.prose(draft.left, y, ONE_LINE, "Votre compte : ", client, "     Règlement : ", pay)
    return draft.prose(draft.left, y, ONE_LINE, "À régler avant le ", due) + 8


def _lines(draft: Draft, y: float) -> tuple[float, dict[float, float]]:
    """The goods; where they end, and the net of each rate."""
    rng, bases = draft.rng, dict[float, float]()
    heads = ("Réf.", "Désignation", "Qté", "P.U. HT", rng.choice(("Rem.", "Remise %")), "TVA", "Montant HT")
    shares = (0.11, 0.37, 0.08, 0.12, 0.09, 0.08, 0.15)
    columns = [
        Column(head, share, "left" if at < 2 else "right")
        for at, (head, share) in enumerate(zip(heads, shares, strict=True))
    ]
    grid = draft.table(draft.left, draft.right - draft.left, columns, rng.choice(("ruled", "plain", "lines")))
    y = grid.head(y)
    for row in range(rng.choice((2, 4, 7, 12, 34))):
        (name, rate), start = rng.choice(_GOODS), f"/lignes/{row}"
        count, price, off = float(rng.randint(1, 60)), draft.amount(1, 240), rng.choice((0, 0, 0, 5, 10, 15))
        net = round(count * price * (1 - off / 100), 2)
        bases[rate] = round(bases.get(rate, 0.0) + net, 2)
        cells: list[Said] = [
            Fact(f"{rng.choice('ABKR')}{draft.voice.digits(4)}", f"{start}/reference"), Fact(name, f"{start}/designation"),
            Fact(f"{count:g}", f"{start}/quantite", count), worth(draft, price, f"{start}/prix_unitaire_ht"),
            Fact(f"{off} %" if off else "", f"{start}/remise_pct", off), draft.voice.number(rate, 1),
            worth(draft, net, f"{start}/montant_ht"),
        ]  # fmt: skip
        y = draft.row(grid, y, cells)
    return y, bases


def _sums(draft: Draft, y: float, bases: dict[float, float]) -> None:
    """The tax by rate on the left, the sums on the right."""
    rng, right = draft.rng, draft.right
    share, before = rng.choice((0.0, 0.0, 0.02, 0.05)), sum(bases.values())
    bases = {rate: round(base * (1 - share), 2) for rate, base in sorted(bases.items())}
    taxes = {rate: round(base * rate / 100, 2) for rate, base in bases.items()}
    net, tax = round(sum(bases.values()), 2), round(sum(taxes.values()), 2)
    tabs: Tabs = ((34, "right"), (110, "right"), (180, "right"))
    low = across(draft, y, tabs, ("Taux", "Base HT", "Montant TVA"), bold=True, size=8)
    for row, (rate, base) in enumerate(bases.items()):
        start = f"/tva/{row}"
        cells = (
            Fact(f"{draft.voice.number(rate)} %", f"{start}/taux", rate),
            worth(draft, base, f"{start}/base_ht"),
            worth(draft, taxes[rate], f"{start}/montant"),
        )
        low = across(draft, low, tabs, cells, size=8)
    entries: list[tuple[str, Said]] = []
    if share:
        entries.append(("Total brut HT", draft.voice.number(before)))
        entries.append(
            (f"Remise {share:.0%}", worth(draft, round(before - net, 2), "/remise_globale", "- {}"))
        )
    paid = float(rng.randint(1, 5) * 50) if net > 400 and rng.random() < 0.5 else 0.0
    entries += [
        (rng.choice(("Total HT", "Total net HT")), worth(draft, net, "/total_ht")),
        ("Total TVA", worth(draft, tax, "/total_tva")),
        ("Total TTC", worth(draft, round(net + tax, 2), "/total_ttc", "{} €")),
    ]
    if paid:
        entries.append(("Acompte versé", worth(draft, paid, "/acompte", "- {}")))
    y = draft.labels(right - 190, y, right, entries, align="right") + 4
    draft.say(right - 190, y, "NET À PAYER", bold=True)
    draft.say(
        right, y, worth(draft, round(net + tax - paid, 2), "/net_a_payer", "{} €"), bold=True, align="right"
    )
    words = "En cas de retard, pénalités au taux de 10 % et indemnité forfaitaire de 40 € pour frais de recouvrement. Pas d'escompte."
    draft.prose(draft.left, max(low, y) + 22, 300, words, size=7)


def _foot(draft: Draft, *, belgian: bool) -> None:
    voice, y = draft.voice, draft.sheet.height - 44
    groups = [voice.digits(4) for _ in range(3 if belgian else 5)]
    iban = f"{'BE' if belgian else 'FR'}{voice.digits(2)} {' '.join(groups)}{'' if belgian else ' ' + voice.digits(3)}"
    draft.sheet.line(draft.left, y - 12, draft.right, y - 12)
    parts = (
        "IBAN ", Fact(iban, "/iban"), "  -  BIC ", Fact("GKCCBEBB" if belgian else draft.rng.choice(("AGRIFRPP", "BREDFRPPXXX")), "/bic"),
        "  -  RCS 512 880 041  -  Capital 8 000 €",
    )  # fmt: skip
    draft.prose(draft.sheet.width / 2, y, ONE_LINE, *parts, size=7.5, align="centre")


def _invoice(rng: Random, at: int) -> BenchDocument:
    draft = new_draft(rng, "fr", _SCHEMA, size=9.0)
    belgian = rng.random() < 0.4
    y, bases = _lines(draft, _banner(draft, _parties(draft, belgian=belgian)))
    _sums(draft, onward(draft, y + draft.step * 1.5, 150), bases)
    _foot(draft, belgian=belgian)
    return draft.finish("tva_invoice", at)


LAYOUTS = (Layout("tva_invoice", "tax_invoice", _invoice, group="fresh"),)
