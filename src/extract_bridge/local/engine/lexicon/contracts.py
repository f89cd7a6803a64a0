"""The lexicon of agreements: who takes part in them, and what they set, in eight languages."""

from __future__ import annotations

CONTRACTS: dict[tuple[str, str], str] = {
    ("landlord", "name"): "landlord|lessor|vermieter|vermieterin|verpachter|bailleur|bailleresse|proprietaire|arrendador|arrendadora|verhuurder|verhuurster|locatore|locatrice|"
    "senhorio|senhoria|locador|locadora|wynajmujacy|wynajmujaca",
    ("tenant", "name"): "tenant|lessee|renter|mieter|mieterin|pachter|locataire|preneur|arrendatario|arrendataria|inquilino|inquilina|huurder|huurster|conduttore|conduttrice|"
    "arrendatario|locatario|locataria|najemca",
    ("employee", "name"): "employee|executive|arbeitnehmer|arbeitnehmerin|salarie|salariee|employe|trabajador|trabajadora|werknemer|werkneemster|lavoratore|lavoratrice|"
    "dipendente|trabalhador|trabalhadora|pracownik",
    ("lender", "name"): "lender|darlehensgeber|preteur|prestamista|kredietgever|geldgever|mutuante|finanziatore|pozyczkodawca",
    ("borrower", "name"): "borrower|darlehensnehmer|emprunteur|prestatario|kredietnemer|geldnemer|mutuatario|pozyczkobiorca",
    ("discloser", "name"): "discloser|disclosing party|offenlegende partei|partie divulgatrice|parte divulgadora|parte divulgante|verstrekkende partij",
    ("rent", "amount"): "rent|monthly rent|base rent|miete|kaltmiete|grundmiete|nettokaltmiete|monatsmiete|loyer|loyer mensuel|renta|renta mensual|alquiler|huur|huurprijs|maandhuur|"
    "canone|canone mensile|canone di locazione|renda|renda mensal|aluguel|czynsz|czynsz miesieczny",
    ("security_deposit", "amount"): "security deposit|rental deposit|tenancy deposit|kaution|mietkaution|mietsicherheit|depot de garantie|caution|fianza|deposito de garantia|waarborgsom|"
    "borgsom|borg|deposito cauzionale|cauzione|caucao|kaucja",
    ("salary", "amount"): "salary|base salary|annual salary|gross salary|gehalt|bruttogehalt|monatsgehalt|grundgehalt|salaire|salaire brut|remuneration brute|salario|salario bruto|"
    "salaris|bruto salaris|bruto maandsalaris|stipendio|retribuzione|retribuzione lorda|ordenado|vencimento|wynagrodzenie|wynagrodzenie zasadnicze",
    ("service_charge", "amount"): "service charges|ancillary costs|operating costs|nebenkosten|betriebskosten|provision sur charges|provision pour charges|charges locatives|gastos de comunidad|"
    "servicekosten|spese condominiali|oneri accessori|despesas de condominio|oplaty eksploatacyjne",
    ("living_area", "number"): "living area|floor area|wohnflache|surface habitable|superficie habitable|superficie util|woonoppervlakte|superficie utile|area util|powierzchnia uzytkowa",
}  # fmt: skip
"""Concepts of leases, employment, loans and confidentiality; names are roles, amounts are what a clause sets."""
