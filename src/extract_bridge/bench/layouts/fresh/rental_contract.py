"""A French lease: articles in prose, every value inside a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extract_bridge.bench.draft import Fact, day, new_draft, number, text, thing, whole
from extract_bridge.bench.layouts.kinds import Layout

if TYPE_CHECKING:
    from random import Random

    from extract_bridge.bench.document import BenchDocument
    from extract_bridge.bench.draft import Draft, Said

_SCHEMA = thing(
    bailleur=thing("Le propriétaire", nom=text(), adresse=text()),
    locataire=thing(nom=text("Nom du locataire"), adresse=text("Adresse actuelle du locataire")),
    adresse_du_bien=text("Adresse du logement loué"),
    surface_m2=number("Surface habitable en m²"),
    date_effet=day("Date de prise d'effet du bail"),
    duree_annees=whole("Durée du bail en années"),
    loyer_mensuel=number("Loyer hors charges"),
    charges_mensuelles=number("Provision mensuelle sur charges"),
    depot_de_garantie=number(),
    jour_de_paiement=whole("Jour du mois où le loyer est dû"),
    signe_le=day("Date de signature"),
)


def _articles(draft: Draft) -> list[tuple[str, list[Said]]]:
    rng, voice, form = draft.rng, draft.voice, "{d} {month} {y}"
    begins, due = draft.later(5, 60), rng.randint(1, 10)
    rent, years, size = float(rng.randint(380, 1900)), rng.choice((1, 3, 6)), rng.randint(18, 120)
    charges, deposit = float(rng.randint(20, 180)), rent * rng.choice((1, 2))
    home = voice.homes(1)[0].line
    terms: list[tuple[str, list[Said]]] = [
        (
            "Article 1 - Désignation des lieux",
            [
                "Le bailleur donne en location au locataire, qui accepte, le logement situé ",
                Fact(home, "/adresse_du_bien"),
                ", d'une surface habitable de ",
                Fact(str(size), "/surface_m2", size),
                f" m², comprenant {rng.randint(2, 5)} pièces principales et une cave.",
            ],
        ),
        (
            "Article 2 - Durée",
            [
                "Le présent bail est consenti pour une durée de ",
                Fact(str(years), "/duree_annees", years),
                " an(s) et prend effet le ",
                Fact(voice.day(begins, form), "/date_effet", begins.isoformat()),
                ". Il se renouvelle par tacite reconduction, sauf congé donné six mois avant son terme.",
            ],
        ),
        (
            "Article 3 - Loyer et charges",
            [
                "Le loyer mensuel est fixé à ",
                Fact(f"{voice.number(rent)} €", "/loyer_mensuel", rent),
                ", payable d'avance le ",
                Fact(str(due), "/jour_de_paiement", due),
                " de chaque mois. Une provision sur charges de ",
                Fact(f"{voice.number(charges)} €", "/charges_mensuelles", charges),
                " par mois s'y ajoute. Le loyer sera révisé chaque année selon l'indice de référence des loyers.",
            ],
        ),
    ]
    if rng.random() < 0.75:
        paid = Fact(f"{voice.number(deposit)} €", "/depot_de_garantie", deposit)
        said: list[Said] = ["À titre de dépôt de garantie, le locataire verse la somme de ", paid]
        terms.append(
            ("Article 4 - Garantie", [*said, ", restituée dans les deux mois suivant la remise des clés."])
        )
    return terms


def _contract(rng: Random, at: int) -> BenchDocument:
    draft = new_draft(rng, "fr", _SCHEMA, size=10.5)
    voice, width = draft.voice, draft.right - draft.left
    homes = voice.homes(2)
    draft.say(draft.sheet.width / 2, 64, "CONTRAT DE LOCATION", size=16, bold=True, align="centre")
    draft.say(draft.sheet.width / 2, 80, "Loi n° 89-462 du 6 juillet 1989", size=8, align="centre", grey=True)
    y = draft.prose(draft.left, 110, width, "Entre les soussignés :")
    owner: list[Said] = [
        Fact(voice.person(), "/bailleur/nom"),
        ", demeurant ",
        Fact(homes[0].line, "/bailleur/adresse"),
    ]
    y = draft.prose(draft.left, y + 6, width, *owner, ", ci-après dénommé « le bailleur », d'une part,")
    tenant: list[Said] = [Fact(voice.person(), "/locataire/nom"), ", demeurant actuellement "]
    tenant.append(Fact(homes[1].line, "/locataire/adresse"))
    y = draft.prose(
        draft.left, y + 6, width, "et ", *tenant, ", ci-après dénommé « le locataire », d'autre part,"
    )
    y = draft.prose(draft.left, y + 6, width, "il a été convenu ce qui suit :")
    for heading, parts in _articles(draft):
        draft.say(draft.left, y + 14, heading, bold=True)
        y = draft.prose(draft.left, y + 14 + draft.step * 1.2, width, *parts)
    signed = Fact(voice.day(draft.today, "{d:02}/{m:02}/{y}"), "/signe_le", draft.today.isoformat())
    town = homes[0].town.split(" ", 1)[1]
    y = draft.prose(
        draft.left, y + 26, width, f"Fait à {town}, le ", signed, ", en deux exemplaires originaux."
    )
    draft.say(draft.left, y + 24, "Le bailleur")
    draft.say(draft.left + 280, y + 24, "Le locataire")
    return draft.finish("rental_contract", at)


LAYOUTS = (Layout("rental_contract", "contract", _contract, group="fresh"),)
