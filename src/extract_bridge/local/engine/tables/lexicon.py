"""What tables call their columns and their totals.

English, German, French, Dutch, Spanish, Italian and Portuguese; `lexicon_more` has the other languages.
"""

from __future__ import annotations

from functools import lru_cache

from extract_bridge.local.engine.tables.lexicon_more import MORE_COLUMNS, MORE_TOTALS
from extract_bridge.local.engine.text import label_key, label_tokens

_CONCEPTS: dict[str, str] = {
    "description": "description|item|item description|product|product name|article|goods|details|service|particulars|name|activity|"
    "beschreibung|bezeichnung|artikel|artikelbezeichnung|artikelbeschreibung|leistung|position bezeichnung|produkt|"
    "designation|libelle|produit|prestation|intitule|omschrijving|artikelomschrijving|product omschrijving|dienst|"
    "descripcion|concepto|producto|articulo|detalle"
    "|descrizione|prodotto|servizio|dettaglio|descricao|produto|servico|artigo|item descricao",
    "quantity": "quantity|qty|units|hours|count|pieces|pcs|amount|menge|anzahl|stuck|stunden|quantite|qte|nombre|heures|"
    "aantal|hoeveelheid|uren|cantidad|cant|unidades|horas"
    "|quantita|qta|ore|quantidade|qtd|qtde|horas",
    "unit": "unit|uom|unit of measure|einheit|me|unite|eenheid|unidad"
    "|pack|pack size|packaging|verpackung|conditionnement|verpakking|envase|u m|um|unita|unita di misura|unidade|embalagem",
    "unit_price": "unit price|price|rate|unit cost|price each|each|cost|net unit price|price per unit|einzelpreis|preis|stuckpreis|"
    "e preis|ep|vk preis|nettopreis|prix unitaire|prix|pu|pu ht|tarif|prijs|prijs per stuk|stuksprijs|eenheidsprijs|tarief|"
    "precio unitario|precio|tarifa"
    "|prezzo|prezzo unitario|prezzo unit|tariffa|preco|preco unitario|valor unitario",
    "line_total": "amount|total|line total|line amount|total price|sum|value|extended price|net amount|subtotal|item total|"
    "betrag|entgelt|gesamt|gesamtpreis|summe|gesamtbetrag|zeilenbetrag|positionsbetrag|g preis|gp|netto|wert|nettobetrag|"
    "montant|montant ht|total ht|total ligne|bedrag|totaal|totaalprijs|prijs incl btw|importe|total linea"
    "|importo|totale|totale riga|prezzo totale|netto a pagare|valor|valor total|preco total|montante",
    "tax_rate": "vat|vat rate|tax|tax rate|gst|vat percent|mwst|ust|mwst satz|ust satz|steuersatz|tva|taux tva|taux|btw|btw tarief|iva|tipo iva"
    "|aliquota|aliquota iva|iva percentuale|taxa iva|taxa de iva",
    "tax_amount": "tax amount|vat amount|mwst betrag|steuerbetrag|montant tva|btw bedrag|cuota iva|importe iva"
    "|imposta|importo iva|valor iva",
    "discount": "discount|disc|rebate|rabatt|nachlass|remise|korting|descuento|dto|sconto|desconto|desc",
    "position": "pos|position|line|line no|ln|lin|no|row|item no|nr|lfd nr|n o|ligne|regel|linea|riga|linha",
    "article_number": "item number|item no|article number|article no|product code|part number|part no|sku|code|item code|ref|reference|"
    "artikelnummer|artikel nr|art nr|bestellnummer|reference article|artikelcode|codigo|referencia"
    "|codice|codice articolo|cod|cod art|n articolo|riferimento|codigo do artigo|referencia do artigo",
    "date": "date|day|datum|tag|jour|dag|fecha|dia|transaction date|booking date|buchungstag|valuta"
    "|data|giorno|dia|data operazione|data movimento|data valuta",
    "debit": "debit|withdrawal|withdrawals|paid out|soll|belastung|debe|af|cargo|dare|addebito|uscite|debito",
    "credit": "credit|deposit|deposits|paid in|haben|gutschrift|bij|abono|avere|accredito|entrate|credito",
    "balance": "balance|running balance|saldo|solde|kontostand",
    "name": "name|names|full name|nom|naam|nombre|nombres|apellido|first name|last name|athlete|person|participant|employee"
    "|nominativo|nome|cognome|nome completo|partecipante|vorname|nachname|prenom|achternaam|voornaam|mitarbeiter|mitarbeiterin|employe|medewerker|empleado|dipendente|funcionario|student|teilnehmer|surname|family name|given name",
    "rank": "rank|place|ranking|rang|platz|puesto|plaats|final rank|posicion"
    "|posizione|classifica|posicao|classificacao",
    "country": "country|nation|nationality|fed|federation|land|staat|pays|pais|country code|country region"
    "|paese|nazione|pais de origem",
    "birth_year": "year of birth|yob|yb|birth year|jahrgang|born|annee naissance|geboortejaar|ano nacimiento"
    "|anno di nascita|ano de nascimento",
    "team": "team|club|verein|mannschaft|equipe|equipo|ploeg|organisation|organization"
    "|squadra|societa|equipa|clube",
    "time": "time|result|zeit|temps|tijd|tiempo|resultat|resultado|heure|hora|duration"
    "|tempo|risultato|ora|hora|resultado",
    "year": "year|yr|jahr|annee|jaar|ano|fiscal year"
    "|anno|ejercicio|exercice|geschaftsjahr|boekjaar|esercizio",
    "month": "month|monat|mois|maand|mes|mese|mes",
    "city": "city|town|location|place|ort|stadt|ville|plaats|ciudad"
    "|citta|comune|cidade|municipality|municipio|commune|gemeinde|gemeente",
    "region": "region|state|province|department|bundesland|departement|provincia|provincie|distrito|district"
    "|regione|provincia|county|landkreis|regiao|estado|distrito",
    "party": "party|political party|group|bloc|bloque|partei|fraktion|parti|groupe|partij|fractie|partido"
    "|partito|gruppo|partido politico",
    "vote": "vote|votes|stimme|stimmen|stem|voto|votos|voti|votos|voix",
    "mean": "mean|average|avg|mittelwert|durchschnitt|moyenne|gemiddelde|media|promedio",
    "standard_deviation": "standard deviation|std dev|std|sd|stdev|stddev|standardabweichung|ecart type|standaarddeviatie|desviacion estandar",
    "minimum": "minimum|min|smallest|mindestwert",
    "maximum": "maximum|max|largest|hochstwert",
    "percent": "percent|percentage|pct|share|proportion|prozent|anteil|pourcentage|part|percentage|aandeel|porcentaje"
    "|percentuale|percentagem|quota",
    "total": "total|sum|overall|all|gesamt|summe|totaal|insgesamt|ensemble|suma"
    "|totale|complessivo|global|total geral",
    "email": "email|e mail|mail|courriel|correo|posta elettronica|indirizzo email|correio|correio eletronico",
    "phone": "phone|telephone|tel|telefon|telefono|telefoon|mobile|telefono|cellulare|telefone|telemovel",
    "status": "status|state|zustand|etat|estado|stato|situazione|situacao|statut|estatus",
    "category": "category|type|kind|class|kategorie|art|typ|categorie|categoria|tipo"
    "|tipologia|genere|classe|gruppe|group|groupe|grupo|gruppo|grupa|rubrique|rubro|sorte|soort|section|abschnitt|"
    "sektion|sectie|seccion|sezione|secao|dzial|kategoria|department|abteilung|rayon|afdeling|departamento|reparto",
    "product": "product|products|good|goods|commodity|produkt|produit|producto",
    "service": "service|services|charge|dienst|dienste|leistung|prestation|servicio",
    "shipment": "shipment|consignment|shipment number|consignment number|shipment no|consignment no|tracking number|tracking no|parcel|"
    "waybill|sendung|sendungsnummer|lieferung|paket|envoi|expedition|colis|numero denvoi|zending|zendingnummer|pakket|envio|"
    "numero de envio|paquete|spedizione|numero spedizione|n spedizione|collo|remessa|encomenda",
    "task": "task|action|action item|to do|what|issue|aufgabe|massnahme|was|tache|quoi|actie|actiepunt|taak|wat|tarea|accion|que|azione|attivita|"
    "tarefa|acao|o que|zadanie",
    "responsible": "responsible|responsible person|owner|assignee|assigned to|in charge|who|verantwortlich|verantwortliche|zustandig|wer|"
    "responsable|qui|verantwoordelijke|verantwoordelijk|actiehouder|wie|encargado|quien|responsabile|chi|incaricato|responsavel|quem|"
    "odpowiedzialny",
    "due": "due|due date|due by|deadline|until|by|by when|target date|bis|bis wann|frist|fallig|fallig am|faellig am|falligkeit|termin|"
    "echeance|delai|pour le|voor wanneer|uiterlijk|vervaldatum|fecha limite|plazo|vencimiento|scadenza|entro|entro il|prazo|vencimento|"
    "termin wykonania",
    "drawing": "drawing|drawing no|drawing number|drg|zeichnung|zeichnungsnummer|zeichnungs nr|zng|plan|plan no|numero de plan|tekening|"
    "tekeningnummer|tek|plano|n plano|disegno|n disegno|desenho|rysunek",
    "program": "program|programme|daypart|show|time slot|sendung|programm|sendeplatz|emission|uitzending|programma|programa|franja|trasmissione",
    "destination": "destination|delivered to|ship to|to|receiver|consignee|zielort|ziel|bestimmungsort|empfangsort|empfanger|nach|"
    "lieu de livraison|destinataire|arrivee|bestemming|naar|ontvanger|destino|destinatario|destinazione|arrivo|destinatario final",
    "origin": "origin|from|departure|shipped from|sender|herkunft|ursprung|von|abgangsort|absender|origine|depart|provenance|expediteur|"
    "herkomst|van|afzender|vertrek|origen|salida|remitente|provenienza|partenza|mittente|origem|partida|remetente",
    "weight": "weight|gross weight|net weight|kg|lbs|gewicht|bruttogewicht|nettogewicht|poids|poids brut|poids net|brutogewicht|peso|"
    "peso bruto|peso neto|peso lordo|peso netto|peso liquido",
    "volume": "volume|cubic metres|cbm|volumen|rauminhalt|inhalt|inhoud|volumen total",
    "length": "length|lange|longueur|lengte|longitud|largo|lunghezza|comprimento",
    "width": "width|breite|largeur|breedte|ancho|anchura|larghezza|largura",
    "height": "height|hohe|hauteur|hoogte|alto|altura|altezza",
    "distance": "distance|km|miles|entfernung|strecke|kilometer|trajet|afstand|distancia|recorrido|distanza",
    "delivery_date": "delivery date|delivered on|delivered|date of delivery|date of supply|arrival date|lieferdatum|liefertermin|geliefert am|"
    "zustelldatum|date de livraison|livre le|leverdatum|geleverd op|fecha de entrega|entregado el|data consegna|consegnato il|data di consegna|"
    "data de entrega|entregue em",
    "ship_date": "ship date|shipped|shipped on|shipping date|dispatch date|date of dispatch|versanddatum|versandt am|date denvoi|date dexpedition|"
    "verzenddatum|verzonden op|fecha de envio|enviado el|data spedizione|spedito il|data de envio",
    "start_date": "start|start date|from|begin|beginning|valid from|beginn|von|ab|gultig ab|debut|date de debut|du|begindatum|aanvang|inicio|"
    "fecha de inicio|desde|inizio|data inizio|dal|data de inicio",
    "end_date": "end|end date|to|until|till|valid until|ende|bis|gultig bis|fin|date de fin|au|einddatum|einde|tot|fecha de fin|hasta|fine|"
    "data fine|fino al|al|fim|data de fim|ate",
    "order_number": "order|order number|order no|po|po number|purchase order|auftrag|auftragsnummer|auftragsnr|bestellung|bestellnr|commande|"
    "numero de commande|n de commande|bestelling|bestelnummer|ordernummer|pedido|numero de pedido|ordine|numero ordine|n ordine|encomenda",
    "invoice_number": "invoice|invoice number|invoice no|document number|document no|belegnummer|beleg|belegnr|rechnung|rechnungsnummer|"
    "rechnungsnr|facture|numero de facture|n facture|piece|factuur|factuurnummer|factura|numero de factura|fattura|numero fattura|n fattura|fatura",
    "customer": "customer|client|customer name|buyer|bill to|kunde|kundenname|auftraggeber|cliente|client nom|acheteur|klant|klantnaam|"
    "afnemer|comprador|acquirente",
    "supplier": "supplier|vendor|manufacturer|maker|brand|make|lieferant|hersteller|marke|fournisseur|fabricant|marque|leverancier|fabrikant|"
    "merk|proveedor|fabricante|marca|fornitore|produttore|fornecedor",
    "department": "department|dept|division|unit name|section|cost center|cost centre|abteilung|kostenstelle|bereich|service rattache|"
    "departement|afdeling|kostenplaats|departamento|area|reparto|ufficio|setor",
    "salary": "salary|wage|wages|pay|gross pay|gehalt|lohn|bruttolohn|salaire|remuneration|salaris|loon|salario|sueldo|stipendio|retribuzione",
    "currency": "currency|curr|ccy|wahrung|whg|devise|monnaie|valuta|moneda|divisa|moeda",
    "address": "address|street|street address|adresse|anschrift|strasse|rue|adres|straat|direccion|domicilio|calle|indirizzo|via|endereco|morada",
    "postal_code": "postal code|zip|zip code|postcode|plz|postleitzahl|code postal|cp|codigo postal|cap|cep",
    "age": "age|alter|leeftijd|edad|eta|idade",
    "gender": "gender|sex|geschlecht|sexe|geslacht|sexo|genero|sesso|genero sexo",
    "model": "model|modell|modele|modelo|modello|version|variante|ausfuhrung",
    "serial_number": "serial number|serial no|serial|s n|seriennummer|serien nr|numero de serie|n de serie|serienummer|numero di serie|matricola",
    "colour": "color|colour|farbe|couleur|kleur|colore|cor",
    "size": "size|dimensions|grosse|abmessungen|taille|dimension|maat|afmetingen|tamano|talla|medidas|dimensioni|misura|taglia|tamanho",
    "stock": "stock|in stock|on hand|inventory|bestand|lagerbestand|lager|en stock|voorraad|existencias|giacenza|scorta|estoque",
    "warehouse": "warehouse|store|bin|shelf|depot|lagerort|regal|filiale|entrepot|magasin|magazijn|almacen|tienda|magazzino|negozio|armazem",
    "revenue": "revenue|sales|turnover|income|umsatz|erlos|erlose|chiffre daffaires|ventes|omzet|ventas|ingresos|ricavi|fatturato|vendite|receita|vendas",
    "expense": "cost|costs|expense|expenses|kosten|aufwand|ausgaben|cout|couts|depenses|charges|uitgaven|gasto|gastos|coste|costi|costo|spese|despesas|custo",
    "profit": "profit|net income|earnings|result|gewinn|ergebnis|uberschuss|benefice|resultat|winst|resultaat|beneficio|ganancia|utile|lucro",
    "budget": "budget|plan|planned|target|soll|budgete|prevu|begroting|gepland|presupuesto|previsto|bilancio|preventivo|orcamento",
    "actual": "actual|actuals|ist|realise|reel|werkelijk|gerealiseerd|real|effettivo|consuntivo",
    "difference": "difference|variance|change|delta|abweichung|differenz|veranderung|ecart|variation|verschil|verandering|diferencia|variacion|differenza|variazione|diferenca",
    "population": "population|inhabitants|residents|bevolkerung|einwohner|habitants|bevolking|inwoners|poblacion|habitantes|popolazione|abitanti|populacao",
    "area": "area|surface|sq km|km2|flache|superficie|oppervlakte|superficie km2|area km2",
    "score": "score|points|pts|mark|marks|grade|punkte|punktzahl|note|points obtenus|punten|cijfer|puntos|puntuacion|nota|punti|punteggio|voto finale|pontos",
    "remark": "remark|remarks|comment|comments|note|notes|bemerkung|bemerkungen|anmerkung|hinweis|remarque|remarques|observation|opmerking|"
    "opmerkingen|observacion|observaciones|osservazioni|annotazioni|observacoes",
    "account": "account|account number|account no|konto|kontonummer|compte|numero de compte|rekening|rekeningnummer|cuenta|numero de cuenta|conto|n conto|conta",
    "position_title": "job title|title|role|position title|occupation|beruf|funktion|stelle|poste|fonction|functie|beroep|cargo|puesto|profesion|mansione|ruolo|profissao",
    "duration": "duration|length of time|dauer|duree|duur|duracion|durata|duracao",
    "subject": "subject|topic|course|module|fach|thema|kurs|matiere|cours|sujet|vak|onderwerp|cursus|asignatura|tema|curso|materia|corso|disciplina",
    "company": "company|company name|firm|organisation|organization|firma|unternehmen|gesellschaft|entreprise|societe|raison sociale|bedrijf|"
    "bedrijfsnaam|empresa|sociedad|razon social|azienda|societa|ragione sociale|sociedade",
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
        "totale",
        "totaleparziale",
        "subtotale",
        "totalegenerale",
        "riporto",
        "ariportare",
        "somma",
        "transportar",
    ]
)
_TOTAL_STARTS = ("total", "subtotal", "sub total", "grand total", "gesamt", "summe", "zwischensumme", "ubertrag", "carried forward",
    "brought forward", "balance forward", "sous total", "totaal", "subtotaal", "montant total", "net total", "rechnungssumme",
    "suma", "totale", "subtotale", "riporto", "razem", "lacznie", "ogolem", "celkem", "osszesen", "summa", "i alt", "yhteensa",
    "amount due", "balance due", "zu zahlen", "net a payer", "te betalen", "gesamtbetrag", "gesamtsumme")  # fmt: skip


@lru_cache(maxsize=4096)
def concepts_of(phrase: str) -> frozenset[str]:
    """The meanings that a whole phrase may have as a column's heading."""
    return _index().get(label_key(phrase), frozenset())


@lru_cache(maxsize=1)
def _index() -> dict[str, frozenset[str]]:
    index: dict[str, frozenset[str]] = {}
    for concept, phrases in (*_CONCEPTS.items(), *MORE_COLUMNS.items()):
        for phrase in phrases.split("|"):
            key = label_key(phrase)
            index[key] = index.get(key, frozenset()) | {concept}
    return index


_MORE_TOTALS = frozenset(label_key(phrase) for phrase in MORE_TOTALS)


def is_total(text: str) -> bool:
    """Whether a row's label says that the row sums up others or carries a sum over to another page."""
    tokens = label_tokens(text)
    key = "".join(tokens[:3])
    return bool(tokens) and (
        "".join(tokens) in _TOTALS | _MORE_TOTALS
        or key in _TOTALS
        or _begins_total(tokens)
        or " ".join(tokens).startswith(_TOTAL_STARTS)
    )


def _begins_total(tokens: tuple[str, ...]) -> bool:
    return any("".join(tokens[:size]) in _MORE_TOTALS for size in (1, 2, 3))
