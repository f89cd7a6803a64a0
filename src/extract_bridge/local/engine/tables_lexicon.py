"""What tables call their columns and their totals, in English, German, French, Dutch and Spanish."""

from __future__ import annotations

from functools import lru_cache

from extract_bridge.local.engine.text import label_key, label_tokens

_CONCEPTS: dict[str, str] = {
    "description": "description|item|item description|product|product name|article|goods|details|service|particulars|name|activity|"
    "beschreibung|bezeichnung|artikel|artikelbezeichnung|artikelbeschreibung|leistung|position bezeichnung|produkt|"
    "designation|libelle|produit|prestation|intitule|omschrijving|artikelomschrijving|product omschrijving|dienst|"
    "descripcion|concepto|producto|articulo|detalle",
    "quantity": "quantity|qty|units|hours|count|pieces|pcs|amount|menge|anzahl|stuck|stunden|quantite|qte|nombre|heures|"
    "aantal|hoeveelheid|uren|cantidad|cant|unidades|horas",
    "unit": "unit|uom|unit of measure|einheit|me|unite|eenheid|unidad",
    "unit_price": "unit price|price|rate|unit cost|price each|each|cost|net unit price|price per unit|einzelpreis|preis|stuckpreis|"
    "e preis|ep|vk preis|nettopreis|prix unitaire|prix|pu|pu ht|tarif|prijs|prijs per stuk|stuksprijs|eenheidsprijs|tarief|"
    "precio unitario|precio|tarifa",
    "line_total": "amount|total|line total|line amount|total price|sum|value|extended price|net amount|subtotal|item total|"
    "betrag|gesamt|gesamtpreis|summe|gesamtbetrag|zeilenbetrag|positionsbetrag|g preis|gp|netto|wert|nettobetrag|"
    "montant|montant ht|total ht|total ligne|bedrag|totaal|totaalprijs|prijs incl btw|importe|total linea",
    "tax_rate": "vat|vat rate|tax|tax rate|gst|vat percent|mwst|ust|mwst satz|ust satz|steuersatz|tva|taux tva|taux|btw|btw tarief|iva|tipo iva",
    "tax_amount": "tax amount|vat amount|mwst betrag|steuerbetrag|montant tva|btw bedrag|cuota iva|importe iva",
    "discount": "discount|disc|rebate|rabatt|nachlass|remise|korting|descuento|dto",
    "position": "pos|position|line|line no|no|row|item no|nr|lfd nr|n o|ligne|regel|linea",
    "article_number": "item number|item no|article number|article no|product code|part number|part no|sku|code|item code|ref|reference|"
    "artikelnummer|artikel nr|art nr|bestellnummer|reference article|artikelcode|codigo|referencia",
    "date": "date|day|datum|tag|jour|dag|fecha|dia|transaction date|booking date|buchungstag|valuta",
    "debit": "debit|withdrawal|withdrawals|paid out|soll|belastung|debe|af|cargo",
    "credit": "credit|deposit|deposits|paid in|haben|gutschrift|bij|abono",
    "balance": "balance|running balance|saldo|solde|kontostand",
    "name": "name|names|full name|nom|naam|nombre|nombres|apellido|first name|last name|athlete|person|participant|employee",
    "rank": "rank|place|ranking|rang|platz|puesto|plaats|final rank|posicion",
    "country": "country|nation|nationality|fed|federation|land|staat|pays|pais|country code|country region",
    "birth_year": "year of birth|yob|yb|birth year|jahrgang|born|annee naissance|geboortejaar|ano nacimiento",
    "team": "team|club|verein|mannschaft|equipe|equipo|ploeg|organisation|organization",
    "time": "time|result|zeit|temps|tijd|tiempo|resultat|resultado|heure|hora|duration",
    "year": "year|yr|jahr|annee|jaar|ano|fiscal year",
    "month": "month|monat|mois|maand|mes",
    "city": "city|town|location|place|ort|stadt|ville|plaats|ciudad",
    "region": "region|state|province|department|bundesland|departement|provincia|provincie|distrito|district",
    "party": "party|political party|group|bloc|bloque|partei|fraktion|parti|groupe|partij|fractie|partido",
    "vote": "vote|votes|stimme|stimmen|stem|voto|votos",
    "mean": "mean|average|avg|mittelwert|durchschnitt|moyenne|gemiddelde|media|promedio",
    "standard_deviation": "standard deviation|std dev|std|sd|stdev|stddev|standardabweichung|ecart type|standaarddeviatie|desviacion estandar",
    "minimum": "minimum|min|smallest|mindestwert",
    "maximum": "maximum|max|largest|hochstwert",
    "percent": "percent|percentage|pct|share|proportion|prozent|anteil|pourcentage|part|percentage|aandeel|porcentaje",
    "total": "total|sum|overall|all|gesamt|summe|totaal|insgesamt|ensemble|suma",
    "email": "email|e mail|mail|courriel|correo",
    "phone": "phone|telephone|tel|telefon|telefono|telefoon|mobile",
    "status": "status|state|zustand|etat|estado",
    "category": "category|type|kind|class|kategorie|art|typ|categorie|categoria|tipo",
    "product": "product|products|good|goods|commodity|produkt|produit|producto",
    "service": "service|services|charge|dienst|dienste|leistung|prestation|servicio",
}

_TOTALS = frozenset(
    [
        "total",
        "subtotal",
        "sum",
        "grandtotal",
        "totals",
        "gesamt",
        "summe",
        "zwischensumme",
        "gesamtsumme",
        "gesamtbetrag",
        "endbetrag",
        "rechnungsbetrag",
        "rechnungssumme",
        "nettosumme",
        "bruttosumme",
        "endsumme",
        "soustotal",
        "montanttotal",
        "totalht",
        "totalttc",
        "totalgeneral",
        "totaal",
        "subtotaal",
        "eindtotaal",
        "totaalbedrag",
        "totalgeneral",
        "sumatotal",
        "sumaytotal",
        "carriedforward",
        "broughtforward",
        "carryforward",
        "balanceforward",
        "ubertrag",
        "report",
        "areporter",
        "transport",
        "saldooverdracht",
        "suma",
        "sigue",
        "positionssumme",
        "netamount",
        "nettotal",
    ]
)
_TOTAL_STARTS = ("total", "subtotal", "sub total", "grand total", "gesamt", "summe", "zwischensumme", "ubertrag", "carried forward",
    "brought forward", "balance forward", "sous total", "totaal", "subtotaal", "montant total", "net total", "rechnungssumme",
    "suma", "amount due", "balance due", "zu zahlen", "net a payer", "te betalen", "gesamtbetrag", "gesamtsumme")  # fmt: skip


@lru_cache(maxsize=4096)
def concepts_of(phrase: str) -> frozenset[str]:
    """The meanings that a whole phrase may have as a column's heading."""
    return _index().get(label_key(phrase), frozenset())


@lru_cache(maxsize=1)
def _index() -> dict[str, frozenset[str]]:
    index: dict[str, frozenset[str]] = {}
    for concept, phrases in _CONCEPTS.items():
        for phrase in phrases.split("|"):
            key = label_key(phrase)
            index[key] = index.get(key, frozenset()) | {concept}
    return index


def is_total(text: str) -> bool:
    """Whether a row's label says that the row sums up others or carries a sum over to another page."""
    tokens = label_tokens(text)
    key = "".join(tokens[:3])
    return bool(tokens) and (
        "".join(tokens) in _TOTALS or key in _TOTALS or " ".join(tokens).startswith(_TOTAL_STARTS)
    )
