"""The lexicon of financial statements: what income statements and balance sheets call their lines."""

from __future__ import annotations

FINANCIAL: dict[tuple[str, str], str] = {
    ("revenue", "number"): "revenue|total revenue|net revenue|total net revenue|net sales|total net sales|sales revenue|turnover|revenue from operations|operating revenue|"
    "umsatzerlose|umsatz|gesamtumsatz|nettoumsatz|chiffre affaires|produits activites ordinaires|omzet|netto omzet|ingresos ordinarios|cifra negocios|"
    "importe neto cifra negocios|ricavi|ricavi delle vendite|receita|receita liquida|vendas liquidas|przychody|przychody ze sprzedazy",
    ("cost_of_revenue", "number"): "cost of revenue|cost of sales|cost of goods sold|cost of products sold|total cost of revenue|total cost of sales|total cost of products sold|cost of services|"
    "umsatzkosten|herstellungskosten des umsatzes|materialaufwand|cout ventes|cout biens vendus|kostprijs omzet|kostprijs verkopen|costo ventas|coste ventas|"
    "costo del venduto|custo vendas|koszt wlasny sprzedazy",
    ("gross_profit", "number"): "gross profit|gross margin|rohertrag|bruttoergebnis|bruttoergebnis vom umsatz|marge brute|brutowinst|beneficio bruto|utile lordo|lucro bruto|zysk brutto ze sprzedazy",
    ("operating_income", "number"): "operating income|income from operations|operating profit|operating loss|operating result|profit from operations|ebit|betriebsergebnis|operatives ergebnis|"
    "resultat operationnel|resultat exploitation|bedrijfsresultaat|resultado explotacion|resultado operativo|risultato operativo|resultado operacional|zysk operacyjny",
    ("net_income", "number"): "net income|net earnings|net profit|net loss|net income loss|profit for the period|profit for the year|loss for the period|profit after tax|net result|"
    "jahresuberschuss|konzernergebnis|periodenergebnis|ergebnis nach steuern|resultat net|benefice net|nettowinst|nettoresultaat|resultaat na belastingen|"
    "beneficio neto|resultado ejercicio|utile netto|utile esercizio|lucro liquido|zysk netto",
    ("basic_eps", "number"): "basic|basic earnings per share|basic eps|basic net income per share|earnings per share basic|ergebnis je aktie|resultat par action|winst per aandeel",
    ("diluted_eps", "number"): "diluted|diluted earnings per share|diluted eps|diluted net income per share|earnings per share diluted|diluted earnings per common share|"
    "verwassertes ergebnis je aktie|resultat dilue par action|verwaterde winst per aandeel",
    ("total_assets", "number"): "total assets|bilanzsumme|summe aktiva|aktiva gesamt|total actif|totaal activa|balanstotaal|total activo|totale attivo|total do ativo|aktywa razem|suma aktywow",
    ("current_assets", "number"): "total current assets|umlaufvermogen|actif courant|vlottende activa|activo corriente|attivo corrente|ativo corrente|aktywa obrotowe",
    ("total_liabilities", "number"): "total liabilities|summe schulden|summe verbindlichkeiten|total passif|totaal passiva|total pasivo|totale passivo|zobowiazania razem",
    ("equity", "number"): "total equity|total shareholders equity|total stockholders equity|shareholders equity|stockholders equity|eigenkapital|summe eigenkapital|"
    "capitaux propres|eigen vermogen|patrimonio neto|patrimonio netto|patrimonio liquido|kapital wlasny",
    ("receivables", "number"): "accounts receivable|accounts receivable net|trade receivables|trade accounts receivable|receivables net|forderungen|forderungen aus lieferungen und leistungen|"
    "creances clients|debiteuren|handelsvorderingen|deudores comerciales|crediti commerciali|clientes conta corrente|naleznosci",
    ("inventories", "number"): "inventories|inventory|inventories net|merchandise inventories|vorrate|stocks|voorraden|existencias|inventarios|rimanenze|inventarios|zapasy",
    ("cash_position", "number"): "cash and cash equivalents|cash and equivalents|zahlungsmittel|flussige mittel|liquide mittel|tresorerie|liquide middelen|efectivo y equivalentes|"
    "disponibilita liquide|caixa e equivalentes|srodki pieniezne",
}  # fmt: skip
"""Lines of statements; a field is named by one of these phrases, and its value stands right of the line."""
