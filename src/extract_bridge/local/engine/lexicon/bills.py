"""The lexicon of bills, tickets, policies and deliveries: concepts that a plain invoice does not have, in many languages."""

from __future__ import annotations

BILLS: dict[tuple[str, str], str] = {
    # What is paid, and how it is named
    ("payment_reference", "id"): "payment reference|remittance reference|zahlungsreferenz|verwendungszweck|reference paiement|reference de paiement|betalingskenmerk|betaalreferentie|referencia pago|"
    "riferimento pagamento|codice avviso|referencia pagamento|tytul przelewu",
    ("document_number", "id"): "document number|document no|doc no|document id|dokumentnummer|dokument nr|numero documento|no documento|documento no|nr dokumentu|numer dokumentu|numero de document|cislo dokladu",
    ("supplier_number", "id"): "supplier number|supplier no|supplier id|supplier code|vendor number|vendor no|vendor id|vendor code|lieferantennummer|lieferanten nr|kreditorennummer|code fournisseur|numero fournisseur|no fournisseur|"
    "leveranciersnummer|leverancier nr|crediteurnummer|numero proveedor|codigo proveedor|codice fornitore|numero fornecedor|nr dostawcy|leverantorsnummer|leverandornummer|toimittajanumero|cislo dodavatele",
    ("intermediary", "name"): "broker|intermediary|insurance agent|vermittler|makler|versicherungsmakler|courtier|intermediaire|tussenpersoon|adviseur|uw adviseur|assurantieadviseur|corredor|mediador|intermediario|agente de seguros|posrednik|"
    "formedlare|formidler|asiamies|zprostredkovatel",
    ("fiscal_code", "tax_number"): "codice fiscale|cod fisc",
    ("withholding", "amount"): "withholding tax|withholding|tax withheld|quellensteuer|einbehalt|bauabzugsteuer|retenue a la source|inhouding|bronbelasting|retencion|retencion irpf|irpf|ritenuta|"
    "ritenuta acconto|retencao|retencao na fonte",
    ("withholding_rate", "percent"): "withholding rate|retencion %|tipo retencion|aliquota ritenuta|taxa retencao",
    ("late_fee", "amount"): "late fee|late charge|late payment charge|late payment fee|penalty|reminder fee|mahngebuhr|mahnkosten|frais de retard|penalite de retard|aanmaningskosten|recargo|mora|"
    "interessi di mora|multa|paminnelseavgift|rykkergebyr|purregebyr",
    ("late_interest", "percent"): "late payment interest|late interest|interest on arrears|verzugszins|verzugszinsen|interets de retard|penalites de retard|vertragingsrente|interes de demora|odsetki za opoznienie",
    ("premium", "amount"): "premium|pramie|beitrag|versicherungsbeitrag|nettobeitrag|prime|cotisation|premie|prima|premio|skladka",
    ("insurance_tax", "amount"): "insurance tax|insurance premium tax|ipt|versicherungsteuer|versicherungssteuer|taxe assurance|taxes assurance|assurantiebelasting|impuesto seguros|imposte assicurazione",
    ("deductible", "amount"): "deductible|excess|selbstbehalt|selbstbeteiligung|franchise|eigen risico|franquicia|franchigia|scoperto|franquia|udzial wlasny|sjalvrisk|selvrisiko|egenandel|omavastuu|spoluucast",
    ("insurer", "name"): "insurer|insurance company|versicherer|versicherung|assureur|compagnie|verzekeraar|aseguradora|compania|assicuratore|compagnia|seguradora|ubezpieczyciel|forsakringsgivare|forsikringsselskab",
    ("policy_holder", "name"): "policy holder|policyholder|insured|named insured|versicherungsnehmer|versicherungsnehmerin|souscripteur|preneur assurance|assure|verzekeringnemer|verzekerde|tomador|asegurado|"
    "contraente|assicurato|tomador do seguro|segurado|ubezpieczajacy|ubezpieczony|forsakringstagare|forsikringstager",
    ("current_charges", "amount"): "current charges|new charges|charges this period|total current charges|total new charges|aktuelle kosten|consommation de la periode|nieuwe kosten|cargos del periodo|cargos actuales",
    # Meters
    ("meter_number", "id"): "meter no|meter number|meter|zahlernummer|zahler nr|zahler|no compteur|compteur|numero compteur|meternummer|meter nr|contador|numero contador|no contador|contatore|matricola contatore|"
    "numero contatore|licznik|nr licznika|matarnummer|malernummer|mittarin numero",
    ("delivery_point", "id"): "delivery point|supply point|meter point|mpan|mprn|marktlokation|zahlpunkt|point de livraison|pdl|pce|prm|ean code|aansluiting|cups|pdr|cpe|ppe|anlaggnings id",
    ("previous_reading", "number"): "previous reading|previous read|last reading|start reading|alter stand|zahlerstand alt|stand alt|anfangsstand|ancien index|index precedent|releve precedent|beginstand|vorige stand|"
    "lectura anterior|lettura precedente|leitura anterior|odczyt poprzedni|poprzedni odczyt",
    ("current_reading", "number"): "current reading|current read|present reading|end reading|neuer stand|zahlerstand neu|stand neu|endstand|nouvel index|index actuel|releve actuel|eindstand|huidige stand|"
    "lectura actual|lettura attuale|leitura atual|odczyt biezacy|biezacy odczyt",
    ("consumption", "number"): "consumption|usage|used|kwh used|total usage|verbrauch|gesamtverbrauch|consommation|verbruik|totaal verbruik|consumo|consumo total|consumi|zuzycie|forbrukning|forbrug|kulutus|spotreba",
    ("service_address", "address"): "service address|service at|service location|premises|supply address|verbrauchsstelle|lieferstelle|lieu de consommation|adresse de fourniture|verbruiksadres|leveringsadres|"
    "direccion de suministro|punto de suministro|indirizzo di fornitura|local de consumo|miejsce poboru",
    # Deliveries
    ("delivery_terms", "text"): "incoterm|incoterms|delivery terms|terms of delivery|lieferbedingung|lieferbedingungen|lieferkonditionen|conditions livraison|leveringsvoorwaarden|leveringsconditie|levering conditie|"
    "condiciones entrega|condizioni consegna|resa|condicoes entrega|warunki dostawy|fob|f o b|dodaci podminky",
    ("shipping_method", "text"): "shipping method|ship via|shipped via|delivery method|carrier|freight carrier|mode of transport|versandart|spedition|spediteur|frachtfuhrer|mode livraison|transporteur|mode expedition|"
    "verzendwijze|vervoerder|forma envio|transportista|vettore|spedizione a mezzo|mezzo|trasporto a cura|transportadora|przewoznik|sposob dostawy",
    ("package_count", "number"): "packages|number of packages|no of packages|parcels|cartons|pallets|anzahl packstucke|packstucke|kolli|colli|anzahl kolli|anzahl pakete|colis|nombre de colis|nombre colis|aantal colli|"
    "bultos|numero bultos|no bultos|numero colli|no colli|volumes|numero volumes|liczba paczek|antal kolli|pocet baliku",
    ("batch", "id"): "batch|batch no|batch number|lot|lot no|lot number|charge|chargen nr|chargennummer|no lot|numero lot|partij|partijnummer|lote|numero lote|lotto|numero lotto|partia|nr partii|sarze",
    # Tickets and stays
    ("booking_number", "id"): "booking reference|booking no|booking number|booking code|booking|reservation number|reservation no|reservation code|reservation|confirmation number|confirmation no|confirmation code|"
    "record locator|pnr|buchungsnummer|buchungscode|buchung|buchungs nr|reservierungsnummer|numero reservation|no reservation|reference dossier|numero de dossier|dossier|reserveringsnummer|boekingsnummer|"
    "reservering|numero reserva|no reserva|localizador|codigo reserva|reserva|numero prenotazione|codice prenotazione|prenotazione|numer rezerwacji|nr rezerwacji|bokningsnummer|bokning|bookingnummer|varausnumero|cislo rezervace",
    ("passenger", "name"): "passenger|passenger name|traveller|traveler|traveller name|passagier|reisender|reisende|fahrgast|name des reisenden|passager|voyageur|nom du passager|reiziger|pasajero|viajero|passeggero|viaggiatore|"
    "passageiro|pasazer|resenar|rejsende|reisende|matkustaja|cestujici",
    ("guest", "name"): "guest|guest name|name of guest|gast|gastname|name des gastes|client hotel|nom du client|hote|naam gast|huesped|nombre del huesped|ospite|nome ospite|hospede|nome do hospede|gosc|imie goscia|gast namn|gaest|gjest|vieras|host jmeno",
    ("departure_place", "city"): "from|origin|departure station|departure airport|departs from|von|abfahrtsort|abfahrtsbahnhof|abflughafen|start|depart de|gare de depart|lieu de depart|vertrekstation|vertrek vanaf|desde|origen|"
    "salida desde|partenza da|stazione di partenza|origem|stacja poczatkowa|fran|lahtopaikka",
    ("arrival_place", "city"): "to|destination|arrival station|arrival airport|arrives at|nach|ankunftsort|zielbahnhof|zielflughafen|zielort|gare d arrivee|arrivee a|lieu d arrivee|naar|aankomststation|hacia|hasta|destino|"
    "arrivo a|stazione di arrivo|destinazione|para|stacja docelowa|till|maaranpaa",
    ("departure_time", "time"): "departure|departure time|departs|dep|abfahrt|abfahrtszeit|abflug|heure de depart|depart|vertrek|vertrektijd|hora salida|salida|ora partenza|partenza|hora partida|partida|odjazd|godzina odjazdu|"
    "avgang|afgang|lahtoaika|odjezd",
    ("arrival_time", "time"): "arrival|arrival time|arrives|arr|ankunft|ankunftszeit|heure arrivee|arrivee|aankomst|aankomsttijd|hora llegada|llegada|ora arrivo|arrivo|hora chegada|chegada|przyjazd|godzina przyjazdu|ankomst|saapumisaika|prijezd",
    ("travel_date", "date"): "travel date|date of travel|departure date|date of departure|journey date|flight date|reisedatum|fahrtdatum|abfahrtsdatum|abreisetag|reisetag|date de voyage|date du voyage|date de depart|reisdatum|vertrekdatum|"
    "fecha viaje|fecha de viaje|fecha salida|data viaggio|data di viaggio|data partenza|data viagem|data podrozy|resedatum|rejsedato|reisedato",
    ("vehicle_number", "id"): "train|train no|train number|flight|flight no|flight number|zug|zugnummer|zug nr|flug|flugnummer|flug nr|train no|no train|numero de train|no vol|trein|treinnummer|vlucht|vluchtnummer|tren|numero tren|"
    "vuelo|numero vuelo|treno|numero treno|volo|numero volo|comboio|voo|pociag|lot nr|tagnummer|tog|juna|vlak",
    ("coach", "id"): "coach|carriage|car no|wagen|wagen nr|wagennummer|voiture|rijtuig|coche|vagon|carrozza|carruagem|wagon|vagn|vogn|vaunu",
    ("seat", "id"): "seat|seat no|seat number|seats|platz|sitzplatz|sitz|platz nr|sitzplatznummer|place assise|place no|siege|stoel|zitplaats|asiento|posto|posto a sedere|lugar|miejsce|nr miejsca|sittplats|plads|sete|paikka|sedadlo",
    ("travel_class", "text"): "class|travel class|fare class|klasse|reiseklasse|wagenklasse|classe|clase|klasa|klass|luokka|trida",
    ("room", "text"): "room|room no|room number|zimmer|zimmer nr|zimmernummer|chambre|no chambre|numero de chambre|kamer|kamernummer|habitacion|numero habitacion|camera|numero camera|quarto|no quarto|pokoj|nr pokoju|rumsnummer|vaerelse|huone",
    ("nights", "number"): "nights|number of nights|no of nights|nachte|anzahl nachte|ubernachtungen|nuits|nombre de nuits|nuitees|nachten|aantal nachten|noches|numero de noches|notti|numero notti|noites|noce|liczba nocy|natter|naetter|netter|yota",
    ("guest_count", "number"): "guests|number of guests|covers|couverts|gedecke|comensales|comens|cubiertos|coperti|talheres|persons|number of persons|people|adults|personen|anzahl personen|gaste|erwachsene|personnes|nombre de personnes|adultes|aantal personen|volwassenen|personas|numero de personas|"
    "adultos|persone|numero persone|adulti|pessoas|osoby|liczba osob|personer|henkilot",
    ("reason", "text"): "reason|reason for|grund|begrundung|motif|raison|reden|motivo|causale|arsag|orsak|arsak|syy|duvod|powod|przyczyna",
    ("delivery_time", "text"): "delivery time|lead time|lieferzeit|delai livraison|delai de livraison|levertijd|plazo entrega|plazo de entrega|tempi consegna|tempo di consegna|prazo entrega|prazo de entrega|czas dostawy|leveranstid|leveringstid|toimitusaika|dodaci lhuta",
    ("table_number", "id"): "table no|table number|table|tisch|tisch nr|tischnummer|no table|table no|tafel|tafelnummer|mesa|no mesa|tavolo|no tavolo|stolik|bord|bordnummer|poyta|stul",
    ("time", "time"): "time|time of day|time of sale|uhrzeit|zeit|heure|tijd|tijdstip|hora|ora|orario|godzina|czas|tid|klokkeslett|klokkeslaet|aika|kello|klo",
    # Receipts
    ("card_digits", "id"): "card number|card no|card ending|card ending in|last four digits|kartennummer|karte nr|karten nr|numero de carte|no carte|kaartnummer|numero tarjeta|no tarjeta|numero carta|numero cartao|nr karty|kortnummer",
    ("till", "id"): "till|till no|register|register no|terminal|terminal no|pos no|kasse|kassennummer|kassen nr|caisse|no caisse|kassa|caja|cassa|caixa|nr kasy|kassa nr",
}  # fmt: skip
