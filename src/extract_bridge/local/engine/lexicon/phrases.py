"""What business documents call things, in sixteen languages.

English, German, French, Dutch and Spanish; `more` has Italian, `pt_pl` Portuguese and Polish, `north`
Swedish, Danish, Norwegian and Finnish, `east` Czech with Slovak, Romanian and Hungarian. `bills` has the
concepts of bills, tickets, policies and deliveries in all of them.

A concept is a meaning that many labels share. The same phrases read both sides: the names of properties in a schema and
the labels printed in a document. Concepts that nobody asks for are still known as labels, so that their values are not
taken for another's and so that "Subtotal" never answers "total".

Longer than most modules: it is one table of phrases, and a phrase is only looked for in one place.
"""

from __future__ import annotations

from functools import cache
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from extract_bridge.local.engine.lexicon.bills import BILLS
from extract_bridge.local.engine.lexicon.contracts import CONTRACTS
from extract_bridge.local.engine.lexicon.east import CZECH, HUNGARIAN, ROMANIAN
from extract_bridge.local.engine.lexicon.financial import FINANCIAL
from extract_bridge.local.engine.lexicon.more import ITALIAN, PERSONAL
from extract_bridge.local.engine.lexicon.north import DANISH, FINNISH, SWEDISH
from extract_bridge.local.engine.lexicon.pt_pl import POLISH, PORTUGUESE
from extract_bridge.local.engine.text import label_key

if TYPE_CHECKING:
    from collections.abc import Iterable


class Concept(NamedTuple):
    """A meaning: its name and the kind of text that carries it."""

    name: str
    kind: str


_PHRASES: dict[tuple[str, str], str] = {
    # Numbers that name a thing
    (
        "invoice_number",
        "id",
    ): "invoice number|invoice no|invoice #|invoice id|invoice|tax invoice|tax invoice no|bill number|bill no|inv no|"
    "invoice nbr|rechnungsnummer|rechnungs nr|rechnung nr|rechnung|belegnummer|beleg nr|facture no|no facture|numero facture|numero de la facture|facture|"
    "factuurnummer|factuur nr|factuur|numero factura|factura no|no factura|factura|credit note no|gutschrift nr|handelsrechnung nr",
    (
        "receipt_number",
        "id",
    ): "receipt number|receipt no|receipt #|receipt|rcpt no|transaction no|transaction id|trans no|slip no|bon nr|kassenbon|quittung nr|"
    "ticket no|no ticket|bonnummer|no recibo|recibo",
    (
        "order_number",
        "id",
    ): "vs ordine|vostro ordine no|bestelbon|uw ordernummer|uw bestelnummer|inkoopordernummer|inkooporder|ihre bestellnummer|ihre bestell nr|su pedido|numero commande client|votre commande|s pedido|order ref|your po|order number|order no|order #|order id|order|purchase order|purchase order number|po number|po no|po #|p.o. number|your order|customer order|"
    "customer po|bestellnummer|bestell nr|auftragsnummer|auftrag nr|ihre bestellung|ihre auftragsnummer|bestellung nr|no commande|numero commande|no bon commande|"
    "commande no|bon commande|ordernummer|bestelnummer|no pedido|numero pedido|pedido no|pedido|order rev|order revision|purchase order reference|order reference",
    (
        "contract_number",
        "id",
    ): "contract number|contract no|contract #|contract id|contract|contract revision|contract rev|agreement number|agreement no|vertragsnummer|"
    "vertrag nr|no contrat|numero contrat|contrat no|contractnummer|numero contrato|no contrato|contract order no|contract order",
    (
        "customer_number",
        "id",
    ): "votre compte|compte|cod cliente|cliente codigo|codice cliente|c cliente|debiteurnummer|debiteur nr|debiteur|debitorennummer|debitoren nr|debitor|relatienummer|reference client|compte client|customer number|customer no|customer id|customer code|client number|client no|client id|client code|customer|id no|kundennummer|kunden nr|"
    "ihre kundennummer|no client|numero client|code client|klantnummer|klant nr|no cliente|numero cliente|codigo cliente|member no|member id",
    (
        "account_number",
        "id",
    ): "account id|bank account|bank account no|account|account number|account no|account #|acct no|kontonummer|konto nr|bank account number|no compte|numero compte|rekeningnummer|no cuenta|numero cuenta",
    (
        "reference_number",
        "id",
    ): "reference number|reference no|reference|ref no|ref|our reference|your reference|referenz|referenznummer|unser zeichen|ihr zeichen|notre reference|our ref|your ref|ref no|ihre referenz|unsere referenz|ihr schreiben|notre ref|votre ref|vos references|nos references|ons kenmerk|uw kenmerk|onze referentie|nuestra referencia|su referencia|nuestra ref|"
    "votre reference|referentie|kenmerk|uw referentie|referencia|payment reference|zahlungsreferenz|job number|job no|case number|file number|aktenzeichen|"
    "tracking number|tracking no|confirmation number|booking number|policy number",
    (
        "alternate_order",
        "id",
    ): "alt order no|alternate order no|alt order number|alternate order|alt order|deal no|deal #|deal",
    (
        "estimate_number",
        "id",
    ): "quotation|quote|offer|angebot|devis|offerte|presupuesto|orcamento|oferta|tilbud|offert|tarjous|nabidka|preventivo|estimate number|estimate no|estimate #|estimate|est no|quote number|quote no|quotation no|offer no|angebotsnummer|angebot nr|devis no|offertenummer",
    (
        "delivery_number",
        "id",
    ): "albaran|numero albaran|packing list no|packing list number|delivery note number|delivery note no|delivery no|lieferscheinnummer|lieferschein nr|lieferschein|no bon livraison|bon livraison no|pakbonnummer|shipment no|"
    "packing slip no|albaran no|no bon reception|no bon vente",
    ("project_number", "id"): "project number|project no|projektnummer|projekt nr|ref projet|projectnummer",
    (
        "serial_number",
        "id",
    ): "serial number|serial no|seriennummer|serienummer|no serie|article number|item number|item no|item code|sku|artikelnummer|artikel nr|art nr|product code|"
    "product no|gtin|ean|gln|advertiser code|agency code|agy code|advertiser ref|agency ref|product codes|revenue code|product 1 2|product",
    (
        "company_registration",
        "id",
    ): "company registration number|registration number|registration no|company number|company no|company reg no|co reg no|reg no|trade register|"
    "handelsregister|handelsregisternummer|hrb|kvk|kvk nummer|chamber of commerce|chamber of commerce number|coc|coc number|siren|siret|siren siret|rcs|cif|nif",
    (
        "tax_number",
        "tax_number",
    ): "st nr|st no|steuer id|tax number|tax no|steuernummer|steuer nr|fiscal code|numero fiscal|tax file number|tax identification number|taxpayer id|tin|ein|ssn|itin",
    (
        "vat_id",
        "vat",
    ): "vat id|vat number|vat no|vat registration number|vat registration no|vat reg no|vat identification number|vat|tax id|tax id number|gst id|gst id no|gst no|gst number|"
    "gst reg no|gst registration no|gstin|abn|ust id|ust id nr|ust idnr|ustid|ust ident nr|umsatzsteuer id|umsatzsteuer identifikationsnummer|mwst nr|uid|uid nr|no tva|numero tva|"
    "tva intracommunautaire|no tva intracommunautaire|id tva|btw|btw nummer|btw nr|btw id|nif|cif|nif cif|cif nif|nif iva|numero iva|no iva|sst id|sst no",
    ("iban", "iban"): "iban|iban no|iban code|bank account iban|kontoverbindung iban",
    ("bic", "bic"): "bic|bic swift|swift|swift code|swift bic|bic code",
    (
        "phone",
        "phone",
    ): "durchwahl|rufnummer|ligne directe|poste|doorkiesnummer|telf|tlf|direct line|direct dial|customer service|service clients|phone|phone number|phone no|telephone|telephone number|tel|tel no|telefon|telefonnummer|telephone fixe|telefoon|telefoonnummer|telefono|mobile|mobile phone|"
    "mobile no|mobil|cell|cell phone|contact number|main|office phone|hp",
    ("fax", "fax"): "fax|fax no|fax number|telefax|faxnummer|billing phone",
    (
        "email",
        "email",
    ): "email|e mail|email address|e mail address|mail|e mail adresse|courriel|adresse mail|emailadres|correo electronico|correo|contact email",
    (
        "website",
        "url",
    ): "website|web|url|homepage|home page|internet|web site|www|im internet|sitio web|site web",
    # Dates
    (
        "document_date",
        "date",
    ): "quote date|quotation date|offer date|angebotsdatum|date devis|date du devis|offertedatum|fecha presupuesto|data preventivo|data oferty|offertdatum|tilbudsdato|credit note date|gutschriftsdatum|reminder date|mahndatum|mahnung vom|delivery note date|lieferscheindatum|payment advice date|order confirmation date|policy date|certificate date|statement issued|fecha albaran|data ddt|kreditnotadato|receipt issued|booked on|booking date|emitido el|emesso il|ausgestellt am|emis le|afgegeven|uitgegeven op|fecha expedicion|fecha de expedicion|date edition|date du document|rechnung datum|expedition date|opgemaakt op|invoice date|date of issue|issue date|issued on|issued|date issued|date|bill date|billing date|document date|receipt date|statement date|purchase date|transaction date|"
    "date of invoice|invoice dated|date of purchase|sale date|sales date|rechnungsdatum|belegdatum|ausstellungsdatum|datum|rechnung vom|date facture|date facturation|date emission|"
    "factuurdatum|fecha factura|fecha emision|fecha|date paid|paid on|liefer und rechnungsdatum|dated|contract date|agreement date|letter date|report date|sent date|sent|date sent|trans date",
    (
        "due_date",
        "date",
    ): "pay before|payable until|betaal voor|payment date|zahlungstermin|falligkeit am|a regler avant|a regler le|date de prelevement|a pagar antes de|due date|payment due|payment due date|due on|due by|pay by|date due|payable by|please pay by|please remit until|payment deadline|invoice due date|falligkeitsdatum|falligkeitstermin|zu zahlen bis|zahlung bis|zahlungsfrist|date limite paiement|a payer avant|a payer le|payable avant|payable le|uiterste betaaldatum|betalen uiterlijk|uiterlijk betalen op|fecha limite pago|vence|vence el|pagar antes de|pagadero antes de|fallig am|fallig|"
    "zahlbar bis|netto bis|date echeance|echeance|vervaldatum|te betalen voor|betalen voor|vencimiento|fecha vencimiento|zahlungsziel|faelligkeit|falligkeit",
    (
        "delivery_date",
        "date",
    ): "requested delivery|onskad leverans|onskad leveransdatum|onsket levering|onsket leveringsdato|toivottu toimitus|sale date|date of sale|required date|date required|need by|need by date|requested delivery date|delivery by|gewunschter liefertermin|liefertermin|wunschtermin|date livraison souhaitee|gewenste leverdatum|fecha requerida|date de la vente|verkaufsdatum|date of supply or service|delivery date|date of delivery|delivered on|ship date|shipment date|shipping date|shipped|date shipped|service date|date of service|date of supply|supply date|lieferdatum|"
    "leistungsdatum|geliefert am|livre le|date de la livraison|geleverd op|leverdag|entregado el|fecha de la entrega|liefer und leistungsdatum|lieferung am|date livraison|date prestation|leverdatum|leveringsdatum|fecha entrega|fecha servicio|liefer und rechnungsdatum|tax point",
    (
        "order_date",
        "date",
    ): "order date|date of order|ordered on|bestelldatum|bestellt am|ordered|commande le|commande du|besteld op|pedido el|bestelldatum|auftragsdatum|bestellung vom|date commande|orderdatum|besteldatum|fecha pedido|original date|original date revision|order date time|original date rev",
    (
        "print_date",
        "date",
    ): "print date|printed on|printed|date printed|druckdatum|run date|generated on|print date time|report run|invoice month|month|time|uhrzeit|entry date|"
    "associated invoice date|date facture associee|revision date|last modified|date modified|date received|received date|air date",
    (
        "period",
        "date",
    ): "period|billing period|invoice period|service period|statement period|reporting period|leistungszeitraum|abrechnungszeitraum|zeitraum|periode|periode facturation|"
    "factuurperiode|periodo|periodo facturacion|flight|flight dates|flight date|order flight|order flight dates|contract dates|contract period|contract term|schedule dates|schedule date|"
    "schedule period|schedule|campaign dates|campaign period|campaign|air dates|broadcast dates|run dates|term|order dates|order period|hiatus dates|travel dates|date range",
    (
        "period_start",
        "date",
    ): "start date|start|begin date|from|from date|date from|beginning|starting|starts|period start|period from|flight start|flight start date|flight from|campaign start|valid from|"
    "startdatum|beginn|anfang|gultig ab|von|date debut|date debut prestation|du|debut|begindatum|ingangsdatum|fecha inicio|inicio|desde|check in|arrival|commencement date|first day|hire date|order start date",
    (
        "period_end",
        "date",
    ): "end date|end|through|to|to date|date to|until|ending|ends|period end|period to|flight end|flight end date|flight to|campaign end|enddatum|ende|bis|date fin|date fin prestation|fin|"
    "au|einddatum|fecha fin|hasta|check out|departure|last day|order end date|period ended|quarter ended|quarterly period ended|year ended|fiscal year ended|months ended|period end date",
    (
        "expiry_date",
        "date",
    ): "expiry date|expiration date|expires|expires on|valid until|valid till|valid thru|good through|gultig bis|ablaufdatum|date expiration|valable jusqu au|geldig tot|"
    "valido hasta|maturity date|maturity|termination date",
    (
        "birth_date",
        "date",
    ): "date of birth|birth date|dob|born|born on|birthday|geburtsdatum|geboren am|geb|date naissance|ne le|nee le|geboortedatum|fecha nacimiento",
    (
        "signature_date",
        "date",
    ): "signature date|date signed|date of signature|signed on|sign date|datum der unterschrift|unterschrieben am|unterzeichnet am|unterschriftsdatum|date signature|signe le|date de la signature|handtekening datum|ondertekend op|getekend op|datum ondertekening|fecha firma|firmado el",
    (
        "effective_date",
        "date",
    ): "effective date|effective as of|dated as of|effective|in force from|inkrafttreten|wirksam ab|date effet|ingangsdatum|fecha efectiva|as of",
    # Amounts; what a line of totals means is decided by `money`, these are for names of properties and for plain labels
    (
        "total",
        "amount",
    ): "total incl tax|total with tax|total with vat|total including vat|amount incl tax|amount incl vat|amount including tax|amount including vat|amount with tax|price incl vat|total inc vat|total inc tax|total|grand total|total amount|amount|invoice total|total incl vat|total including tax|total gross|gross total|total price|total paid|total sales|sum|order total|total cost|"
    "gesamtbetrag|gesamtsumme|endbetrag|rechnungsbetrag|rechnungssumme|gesamt|summe|bruttobetrag|brutto|total ttc|montant total|montant ttc|totaal|totaalbedrag|totaal incl btw|total a pagar|"
    "importe total|total factura|invoice amount|receipt total|total value|purchase amount|contract value|contract amount",
    (
        "gross_amount",
        "amount",
    ): "gross amount|total gross amount|gross|gross billing|gross billings|gross value|gross cost|total gross|gross total|gross order amount|order gross|gross price|gross dollars|gross order",
    (
        "net_amount",
        "amount",
    ): "net amount|net due|total net|net billing|net cost|net value|total net amount|net order|net price|net dollars|netto",
    (
        "commission",
        "amount",
    ): "commission|agency commission|less agency commission|agency discount|provision|comm|agency comm",
    (
        "subtotal",
        "amount",
    ): "total excl tax|total excluding vat|total without tax|total without vat|amount without tax|amount excluding tax|amount excl vat|amount excluding vat|net excl tax|total ex vat|total ex tax|price excl vat|base ht|base imposable|bemessungsgrundlage|nettobetrag gesamt|total hors taxes|total hors taxe|montant hors taxes|subtotal|sub total|net total|total net|total excl vat|subtotal excl vat|total excluding tax|total before tax|net amount|amount before tax|amount excl tax|taxable amount|zwischensumme|"
    "nettobetrag|summe netto|netto|gesamt netto|nettosumme|warenwert|total ht|montant ht|sous total|subtotaal|totaal excl btw|exclusief btw|base imponible|importe neto|net subtotal",
    (
        "tax_amount",
        "amount",
    ): "vat|gst|tax amount|tax|total tax|sales tax|vat amount|vat total|total vat|gst amount|total gst|gst payable|tax total|taxes|mwst betrag|mehrwertsteuer|umsatzsteuer|ust betrag|"
    "steuerbetrag|summe umsatzsteuer|mwst|total tva|montant tva|tva|btw bedrag|totaal btw|iva|cuota iva|importe iva|hst|pst|total sst|service tax",
    (
        "amount_due",
        "amount",
    ): "amount to pay|to pay|total to pay|sum to pay|totaal te betalen|gesamt zu zahlen|net a payer ttc|montant a payer|a pagar|total a percibir|liquido a pagar|importe a pagar|nog te betalen|verschuldigd bedrag|falliger betrag|restbetrag|restsumme|gesamtforderung|amount now due|pay this amount|amount due|balance due|total due|due payable|balance|outstanding|outstanding amount|amount payable|total payable|open amount|remaining balance|please pay|payable amount|"
    "offener betrag|zu zahlen|zahlbetrag|zu zahlender betrag|noch zu zahlen|net a payer|reste a payer|solde|montant du|te betalen|openstaand bedrag|saldo|importe pendiente|total amount due|new balance|amount still to be paid",
    (
        "amount_paid",
        "amount",
    ): "amount paid|paid|paid amount|payment received|payments|total payments|deposit|prepaid|bereits bezahlt|gezahlt|anzahlung|acompte|deja paye|montant paye|betaald|reeds betaald|pagado|"
    "importe pagado|cash|card|visa|mastercard|tendered|cash tendered",
    ("change", "amount"): "change|change due|ruckgeld|wechselgeld|rendu|wisselgeld|cambio",
    ("rounding", "amount"): "rounding|rounding adj|rounding adjustment|rundung|arrondi|afronding|redondeo",
    ("discount", "amount"): "discount|total discount|rabatt|skonto|remise|korting|descuento|savings|nachlass",
    (
        "shipping",
        "amount",
    ): "shipping handling|shipping and handling|postage and packing|shipping|carriage|carriage charge|fracht|frachtkosten|port|frais transport|portes|vracht|vrachtkosten|porti|shipping cost|shipping charges|freight|postage|delivery charge|delivery fee|versandkosten|versand|frais port|frais livraison|verzendkosten|gastos envio|handling",
    ("tip", "amount"): "tip|gratuity|trinkgeld|pourboire|fooi|propina|service charge",
    (
        "unit_price",
        "amount",
    ): "fare|ticket price|fahrpreis|ticketpreis|prix du billet|precio billete|bilet cena|unit price|price|rate|unit cost|price each|einzelpreis|preis|stuckpreis|prix unitaire|pu|prijs|prijs per stuk|precio unitario|precio",
    (
        "quantity",
        "number",
    ): "quantity|qty|total qty|total quantity|units|menge|anzahl|quantite|qte|aantal|cantidad|no of items|number of items|item count|total items|total spots|spots|spots week|hours|pax",
    (
        "tax_rate",
        "percent",
    ): "taux|vat in percent|tax rate|vat rate|vat percent|vat percentage|gst rate|steuersatz|mwst satz|ust satz|taux tva|btw percentage|btw tarief|tipo iva|tax percent|rate of tax",
    ("exchange_rate", "number"): "exchange rate|wechselkurs|taux change|wisselkoers",
    # Parties, as headings or labels of a name or a block
    (
        "seller",
        "name",
    ): "winkel|webwinkel|onlineshop|boutique|tienda|glaubiger|creancier|acreedor|creditore|credor|wierzyciel|borgenar|kreditor|schuldeiser|velkoja|veritel|shipper|consignor|exporter|shipped by|expedited by|sold and shipped by|seller|vendor|supplier|merchant|issuer|biller|provider|service provider|sold by|issued by|company name|vendor name|supplier name|seller name|merchant name|store name|shop name|store|shop|"
    "verkaufer|lieferant|rechnungssteller|rechnungsersteller|leistungserbringer|anbieter|auftragnehmer|vendeur|fournisseur|emetteur|prestataire|leverancier|verkoper|vendedor|proveedor|emisor|"
    "business name|sender|sender name|sent by|absender|expediteur|afzender|remitente|mittente|company|firma|societe|bedrijf|empresa|from",
    (
        "payee",
        "name",
    ): "titulaire compte|titulaire du compte|titular cuenta|titolare conto|rekeninghouder|kontohavare|konto navn|paid to|pay to|payable to|zahlungsempfanger|paye a|a l ordre de|betaald aan|pagado a|pagare a|odbiorca platnosci|creditor|payee|remit to|remit payment to|remit address|make checks payable to|account holder|kontoinhaber|beneficiaire|beneficiary|begunstigter|titular|titulaire",
    (
        "buyer",
        "name",
    ): "klantnaam|naam klant|kundenname|nom client|nombre cliente|nome cliente|kundnamn|kundenavn|client name|datos cliente|datos del cliente|dati cliente|donnees client|coordonnees client|kundendaten|klantgegevens|dane nabywcy|customer information|client information|exmo s sr s|exmos srs|exmo sr|exmos senhores|schuldner|debiteur nom|deudor|debitore|devedor|dluznik|galdenar|skyldner|schuldenaar|velallinen|dluznik|buyer|customer|client|bill to|billed to|billing address|bill to address|invoice to|sold to|purchaser|customer name|client name|buyer name|guest name|customer details|recipient|invoice recipient|invoiced to|"
    "kaufer|kunde|kundin|rechnungsempfanger|rechnungsadresse|rechnung an|empfanger|leistungsempfanger|kaufer leistungsempfanger|auftraggeber|besteller|acheteur|client facture|facture a|adresse facturation|"
    "adresse client|destinataire|klant|koper|afnemer|factuuradres|factuur aan|cliente|comprador|facturar a|destinatario|debtor|payer|bill to name|and|billing contact|send invoice to",
    (
        "ship_to",
        "name",
    ): "bezorgadres|lieferadresse|adres bezorging|ship to|deliver to|delivery address|shipping address|delivered to|consignee|lieferadresse|lieferanschrift|versandadresse|livraison|adresse livraison|livre a|afleveradres|verzendadres|direccion envio|"
    "enviar a|shipped to",
    ("agency", "name"): "agency|agency name|advertising agency|agentur|agence|agencia|bureau",
    ("advertiser", "name"): "advertiser|advertiser name|werbetreibender|annonceur|adverteerder|anunciante",
    ("station", "name"): "station|station name|property|call letters|sender|channel|market|stations",
    (
        "salesperson",
        "name",
    ): "ihre ansprechpartnerin|ansprechpartnerin|ihr kontakt|purchasing agent|requested by|requisitioner|att|a l attention de|t a v|inkoper|einkaufer|salesperson|sales rep|account executive|sales person|primary ae|ae|rep|verkaufer name|vendeur nom|cashier|served by|server|kassierer|clerk|operator|waiter|bediener|attention|attn|"
    "contact person|your contact|prepared by|etabli par|redige par|fait par|issued by name|bearbeiter|bearbeitet von|erstellt von|ihr ansprechpartner|interlocuteur|votre contact|prepare par|contact client|uw contactpersoon|uw contact|behandeld door|opgesteld door|persona contacto|su contacto|preparado por|atendido por|ansprechpartner|sachbearbeiter|contact|buying contact|buyer contact|account manager|sales office|sales region|rep firm|contactpersoon|staff|doctor",
    (
        "person_name",
        "name",
    ): "name|full name|raison sociale|denomination|razon social|denominacion|nombre razon social|firmenname|firma|bedrijfsnaam|company name|nom|nom prenom|naam|nombre|applicant name|employee name|patient name|legal name",
    # Places
    (
        "address",
        "address",
    ): "address|street address|postal address|anschrift|adresse|adres|direccion|mailing address|business address|full address|store address",
    (
        "street",
        "street",
    ): "street|street name|street address|street and number|strasse|strasse hausnummer|strasse nr|rue et numero|straat en huisnummer|calle y numero|domicilio|rue|straat|calle|address line 1",
    (
        "city",
        "city",
    ): "city|town|city or town|ort|wohnort|stadt|ville|commune|localite|localidad|poblacion|gemeente|stad|plaats|woonplaats|ciudad|municipality",
    (
        "state",
        "state",
    ): "state|province|region|state province|bundesland|departement|provincie|provincia|estado",
    (
        "postal_code",
        "postal_code",
    ): "postal code|zip|zip code|postcode|post code|plz|postleitzahl|code postal|codigo postal|cp|c p|codice avviamento postale",
    ("country", "country"): "country|land|pays|pais|staat|country name|country code",
    # Words around
    (
        "currency",
        "currency",
    ): "currency|currency code|wahrung|rechnungswahrung|devise|valuta|moneda|amounts in|betrage in|all amounts in|currency of invoice|invoice currency",
    (
        "payment_terms",
        "text",
    ): "due terms|betaling|zahlung|paiement|pagamento|condicao pagamento|terms|net terms|zahlungskonditionen|betalingsconditie|condizione pagamento|payment terms|terms of payment|zahlungsbedingungen|conditions paiement|conditions reglement|betalingsvoorwaarden|condiciones pago|betaaltermijn|payment conditions",
    (
        "payment_method",
        "text",
    ): "reglement|paiement par|betaald met|bezahlt mit|payment method|method of payment|paid by|payment type|paid via|zahlungsart|zahlungsweise|zahlungsmethode|mode paiement|moyen paiement|mode reglement|betaalmethode|betaalwijze|forma pago|"
    "metodo pago|tender type|cash trade|billing type",
    (
        "bank_name",
        "text",
    ): "bank name|bank|bankname|bankverbindung|banque|nom banque|banknaam|banco|name of bank",
    ("title", "title"): "title|document title|titel|titre|titulo|heading",
    (
        "subject",
        "text",
    ): "subject|subject line|subject matter|re|betreff|betr|betrifft|betreft|concerne|concerning|objet|onderwerp|asunto|regarding",
    (
        "note",
        "text",
    ): "note|notes|remark|remarks|comment|comments|bemerkung|bemerkungen|hinweis|remarque|opmerking|opmerkingen|observaciones|special instructions|special handling|description|beschreibung|"
    "artikelbeschreibung|bezeichnung|designation|omschrijving|descripcion|demographic|product desc|product description|billing cycle|billing calendar|order type|unit code|priority|order separation",
    ("page", "page"): "page|seite|pagina|page no|blatt|folio",
    (
        "position_number",
        "id",
    ): "lp|l p|rad|rivi|zeile|ligne|regel|riga|line no|line|pos|position|row|item|artikel|lot",
}


_TABLES = (
    _PHRASES,
    PERSONAL,
    FINANCIAL,
    CONTRACTS,
    BILLS,
    ITALIAN,
    PORTUGUESE,
    POLISH,
    SWEDISH,
    DANISH,
    FINNISH,
    CZECH,
    ROMANIAN,
    HUNGARIAN,
)


@cache
def phrase_index() -> dict[str, list[Concept]]:
    """Every label phrase, as `label_key`, with the concepts it stands for."""
    index: dict[str, list[Concept]] = {}
    for (name, kind), phrases in chain.from_iterable(table.items() for table in _TABLES):
        for phrase in phrases.split("|"):
            entry = index.setdefault(label_key(phrase), [])
            if all(known.name != name for known in entry):
                entry.append(Concept(name, kind))
    return index


@cache
def concept_kinds() -> dict[str, str]:
    """The kind of text that carries each concept."""
    return dict(chain.from_iterable(_TABLES))


_ROLE_WORDS: dict[str, frozenset[str]] = {
    "seller": frozenset(
        [
            "vendor",
            "seller",
            "supplier",
            "merchant",
            "store",
            "shop",
            "issuer",
            "biller",
            "provider",
            "creditor",
            "payee",
            "retailer",
            "business",
            "verkaufer",
            "lieferant",
            "fournisseur",
            "vendeur",
            "leverancier",
            "vendedor",
            "proveedor",
            "company",
            "firm",
            "airline",
            "hotel",
            "restaurant",
            "pharmacy",
            "insurer",
        ]
    ),
    "buyer": frozenset(
        [
            "customer",
            "client",
            "buyer",
            "purchaser",
            "recipient",
            "debtor",
            "payer",
            "guest",
            "patron",
            "addressee",
            "billto",
            "soldto",
            "kunde",
            "kaufer",
            "acheteur",
            "klant",
            "koper",
            "cliente",
            "comprador",
        ]
    ),
    "ship_to": frozenset(["shipto", "consignee"]),
    "agency": frozenset(("agency",)),
    "advertiser": frozenset(("advertiser",)),
}
"""Words in the name of a property, or of an object around it, that say whose it is, beside those of the lexicon."""
_SHORTEST_ROLE = 5


@cache
def role_words() -> dict[str, frozenset[str]]:
    """The same with every word of the lexicon that stands for one party and nothing else."""
    found = {role: set(words) for role, words in _ROLE_WORDS.items()}
    for key, concepts in phrase_index().items():
        role = role_of_concepts(concept.name for concept in concepts)
        if role and len(concepts) == 1 and len(key) >= _SHORTEST_ROLE and role in found:
            found[role].add(key)
    return {role: frozenset(words) for role, words in found.items()}


_PARTIES = ("buyer", "seller", "ship_to", "agency", "advertiser")
_STANDS_FOR = {"policy_holder": "buyer", "guest": "buyer", "passenger": "buyer", "insurer": "seller"}
"""Parties of other kinds of document, and whose part they have in it."""


def role_of_concepts(concepts: Iterable[str]) -> str | None:
    """The party among the meanings of a label."""
    roles = {_STANDS_FOR.get(name, name) for name in concepts}
    return next((name for name in _PARTIES if name in roles), None)


HINTS: tuple[tuple[str, str], ...] = (
    (r"\b(?:before|excluding|excl\w*|without|net of) (?:\w+ ){0,2}(?:tax|vat|gst)", "subtotal"),
    (
        r"\b(?:including|incl\w*|with) (?:\w+ ){0,2}(?:tax|vat|gst)|total amount of the|grand total|amount of the (?:receipt|invoice)",
        "total",
    ),
    (r"\b(?:still|left|remaining|outstanding) (?:\w+ ){0,2}(?:paid|pay|due)|\bbalance\b", "amount_due"),
    (r"\btotal (?:tax|vat|gst)\b|\btax amount\b|amount of tax", "tax_amount"),
    (r"payment is due|payable by|by which payment|\bdue\b.*\bdate|date.*\bdue\b", "due_date"),
    (r"\bdelivery or service|date of (?:delivery|service|supply)|\bdelivered on", "delivery_date"),
    (
        r"invoice was issued|date of (?:the )?(?:invoice|issue|receipt|document|purchase)|(?:invoice|receipt|purchase|issue) date",
        "document_date",
    ),
    (r"first day|start (?:date )?of|begin\w* of", "period_start"),
    (r"last day|end (?:date )?of|end of", "period_end"),
    (
        r"\b(?:issued|issues) the (?:invoice|bill)|issuer|\bname of the (?:shop|store|supplier|vendor|seller|merchant)|selling company|(?:shop|store) or company",
        "seller",
    ),
    (r"\b(?:wrote|sent|sends|writes) (?:the|this) (?:letter|message|document|fax)", "seller"),
    (r"being billed|billed to|addressed to|(?:recipient|receiver) of the|who (?:buys|pays)", "buyer"),
    (r"\bcurrency\b", "currency"),
    (r"^(?:the )?iban\b", "iban"),
    (r"chamber of commerce|company register|trade register", "company_registration"),
    (r"\b(?:vat|tax) (?:identification|registration|id)\b|\bvat number", "vat_id"),
)
"""Turns of phrase in a property's description, and the concept they mean."""
