"""More of the lexicon: what forms, certificates, letters and personal documents call things, and Italian for the rest.

Kept apart from `lexicon` only for length; both are read as one table, and phrases of one concept add up.
"""

from __future__ import annotations

PERSONAL: dict[tuple[str, str], str] = {
    ("given_name", "name"): "first name|given name|given names|forename|christian name|vorname|vornamen|rufname|prenom|prenoms|voornaam|"
    "voornamen|roepnaam|nombre pila|primer nombre|nombres|nombre|nome|nome proprio|primo nome",
    ("family_name", "name"): "last name|surname|family name|second name|nachname|familienname|zuname|nom famille|nom|achternaam|familienaam|"
    "apellido|apellidos|primer apellido|cognome",
    ("birth_name", "name"): "birth name|maiden name|name at birth|former name|geburtsname|nom naissance|nom jeune fille|geboortenaam|meisjesnaam|"
    "nombre nacimiento|apellido soltera|cognome nascita|cognome nubile",
    ("birth_place", "city"): "place of birth|birthplace|town of birth|geburtsort|lieu naissance|ne a|nee a|geboorteplaats|lugar nacimiento|luogo nascita",
    ("nationality", "text"): "nationality|citizenship|citizen of|country of citizenship|staatsangehorigkeit|nationalitat|staatsburgerschaft|nationalite|"
    "citoyennete|nationaliteit|nacionalidad|ciudadania|nazionalita|cittadinanza",
    ("gender", "text"): "gender|sex|geschlecht|sexe|genre|geslacht|sexo|genero|sesso|genere",
    ("marital_status", "text"): "marital status|civil status|familienstand|situation famille|situation familiale|etat civil|burgerlijke staat|estado civil|"
    "stato civile",
    ("occupation", "text"): "occupation|profession|job title|position held|job|beruf|tatigkeit|berufsbezeichnung|emploi|fonction|metier|beroep|functie|"
    "ocupacion|profesion|puesto|cargo|professione|mansione|qualifica",
    ("employer", "name"): "employer|employer name|name of employer|arbeitgeber|employeur|werkgever|empleador|empresa empleadora|datore lavoro",
    ("department", "text"): "department|dept|division|unit name|cost center|abteilung|kostenstelle|service concerne|departement|afdeling|kostenplaats|"
    "departamento|seccion|reparto|ufficio",
    ("spouse", "name"): "spouse|spouse name|husband|wife|ehepartner|ehegatte|conjoint|epoux|epouse|echtgenoot|partner|conyuge|coniuge",
    ("signatory", "name"): "signed by|signatory|name of signatory|print name|printed name|unterzeichner|unterschrieben von|signataire|signe par|"
    "ondertekend door|ondertekenaar|firmado por|firmante|firmato da|firmatario",
    ("member_number", "id"): "loyalty number|loyalty no|rewards no|rewards number|frequent flyer no|frequent flyer number|bonus card no|member number|membership number|member no|membership no|member id|membership id|member card no|mitgliedsnummer|mitglieds nr|mitglied nr|"
    "numero adherent|no adherent|numero membre|no membre|lidnummer|lidmaatschapsnummer|numero socio|no socio|numero miembro|numero tessera|no tessera|tessera no|tessera socio|socio no",
    ("personnel_number", "id"): "employee number|employee no|employee id|staff no|personnel number|personalnummer|personal nr|matricule|no matricule|"
    "personeelsnummer|numero empleado|numero dipendente|matricola",
    ("passport_number", "id"): "passport number|passport no|reisepassnummer|passnummer|pass nr|ausweisnummer|ausweis nr|id card no|identity card no|numero passeport|no passeport|"
    "paspoortnummer|numero pasaporte|no pasaporte|numero passaporto|documento identita",
    ("insurance_number", "id"): "insurance number|insurance no|policy number|policy no|social security number|social security no|national insurance no|"
    "versicherungsnummer|versicherungs nr|sozialversicherungsnummer|versicherungsscheinnummer|police nr|numero police|no police|numero securite sociale|"
    "polisnummer|verzekeringsnummer|burgerservicenummer|numero poliza|no poliza|seguridad social|numero polizza|no polizza|codice fiscale",
    ("licence_number", "id"): "license number|licence number|license no|licence no|permit number|permit no|lizenznummer|lizenz nr|genehmigungsnummer|fuhrerscheinnummer|"
    "numero licence|no licence|numero permis|no permis|vergunningsnummer|rijbewijsnummer|licentienummer|numero licencia|no licencia|numero permiso|numero licenza|no licenza|patente no",
    ("plate", "id"): "license plate|registration plate|plate no|vehicle registration|kennzeichen|amtliches kennzeichen|immatriculation|plaque|kenteken|matricula|targa",
    ("certificate_number", "id"): "certificate number|certificate no|cert no|certificate id|certificate ref|report number|report no|test report no|zertifikatsnummer|zertifikat nr|"
    "zertifikatnummer|scheinnummer|schein nr|bescheinigungsnummer|bescheinigung nr|urkundennummer|prufberichtsnummer|prufbericht nr|protokollnummer|berichtsnummer|"
    "numero certificat|no certificat|certificat no|numero rapport|rapport no|no attestation|certificaatnummer|certificaat nr|rapportnummer|"
    "numero certificado|no certificado|certificado no|numero informe|informe no|numero certificato|no certificato|certificato no|numero attestato|rapporto no",
    ("device_serial", "id"): "serial number|serial no|serial|s n|sn|seriennummer|serien nr|serie nr|fabriknummer|geratenummer|gerate nr|numero serie|no serie|serienummer|numero fabricacion|"
    "numero di serie|matricola|no fabbrica",
    ("device", "text"): "instrument|device|equipment|apparatus|machine|test object|unit under test|item tested|gerat|messgerat|prufling|prufmittel|messmittel|maschine|anlage|"
    "appareil|equipement|materiel|instrument mesure|toestel|apparaat|meetinstrument|meettoestel|machine|aparato|equipo|instrumento|maquina|dispositivo|"
    "apparecchio|strumento|apparecchiatura|macchina",
    ("model", "text"): "model|model no|model number|type|typ|modell|modele|modello|modelo|typ no|type no|make and model",
    ("manufacturer", "name"): "manufacturer|made by|maker|brand|make|hersteller|fabrikat|marke|fabricant|marque|fabrikant|merk|fabricante|marca|produttore|costruttore",
    ("inspector", "name"): "technician|inspector|examiner|tester|tested by|inspected by|checked by|calibrated by|examined by|performed by|carried out by|prufer|gepruft von|gepruft durch|"
    "techniker|inspektor|kalibriert von|durchgefuhrt von|technicien|inspecteur|controleur|controle par|verifie par|realise par|etalonne par|"
    "technicus|keurmeester|getest door|gekeurd door|gecontroleerd door|uitgevoerd door|gekalibreerd door|tecnico|inspector|verificado por|comprobado por|"
    "realizado por|calibrado por|probado por|ispettore|verificato da|controllato da|eseguito da|tarato da|collaudatore",
    ("approver", "name"): "approved by|authorised by|authorized by|released by|genehmigt von|freigegeben von|approuve par|autorise par|goedgekeurd door|aprobado por|"
    "autorizado por|approvato da|autorizzato da",
    ("outcome", "text"): "result|results|outcome|test result|overall result|verdict|conclusion|assessment|ergebnis|prufergebnis|resultat|gesamtergebnis|befund|bewertung|"
    "beurteilung|resultaat|uitslag|uitkomst|bevinding|resultado|dictamen|risultato|esito",
    ("test_date", "date"): "test date|tested on|date of test|inspection date|inspected on|date of inspection|calibration date|calibrated on|date of calibration|examination date|"
    "checked on|prufdatum|gepruft am|datum der prufung|tag der prufung|kalibriert am|kalibrierdatum|datum der kalibrierung|date controle|date essai|date verification|controle le|verifie le|"
    "date etalonnage|etalonne le|testdatum|getest op|keuringsdatum|gekeurd op|gekalibreerd op|kalibratiedatum|datum keuring|datum kalibratie|fecha prueba|"
    "fecha inspeccion|fecha calibracion|calibrado el|verificado el|probado el|data prova|data verifica|data taratura|tarato il|verificato il|data calibrazione|calibrato il|data collaudo",
    ("next_date", "date"): "next calibration|next calibration date|calibration due|date of next calibration|next inspection|next test|next due|next due date|next check|next service|retest date|"
    "date of next inspection|nachste prufung|nachste kalibrierung|nachster termin|wiedervorlage|prochain controle|prochain etalonnage|prochaine verification|"
    "prochaine echeance|volgende keuring|volgende kalibratie|volgende controle|proxima calibracion|proxima revision|proxima inspeccion|proximo control|"
    "prossima taratura|prossima verifica|prossimo controllo|prossima calibrazione|prossima revisione",
    ("valid_from", "date"): "valid from|valid as of|effective from|in effect from|gultig ab|gultig seit|ab dem|valable du|valable a partir|en vigueur|geldig vanaf|geldig van|valido desde|"
    "vigente desde|valido dal|valido da|in vigore dal|decorrenza",
    ("project", "text"): "project|project name|job|job name|site|construction project|projekt|projektname|bauvorhaben|bauvorhaben name|objekt|projet|nom projet|chantier|affaire|"
    "projectnaam|werk|werknaam|proyecto|nombre proyecto|obra|progetto|nome progetto|cantiere|opera",
    ("temperature", "number"): "temperature|ambient temperature|temperatur|umgebungstemperatur|temperatuur|temperatura",
    ("weight", "number"): "weight|gross weight|net weight|weight kg|gewicht|bruttogewicht|nettogewicht|poids|poids brut|poids net|gewicht kg|peso|peso bruto|peso neto|peso lordo|peso netto",
    ("destination", "city"): "destination|place of delivery|final destination|zielort|bestimmungsort|empfangsort|lieu livraison|bestemming|bestemmingsplaats|destino|destinazione",
    ("consignment", "id"): "consignment|consignment no|shipment|shipment no|shipment number|waybill no|sendung|sendungsnummer|sendungs nr|frachtbrief nr|envoi|no envoi|numero expedition|"
    "zending|zendingnummer|vrachtbrief nr|envio|no envio|numero expedicion|spedizione|no spedizione|numero spedizione",
    ("opening_balance", "amount"): "opening balance|balance brought forward|brought forward|previous balance|starting balance|anfangssaldo|alter saldo|alter kontostand|saldovortrag|"
    "solde precedent|ancien solde|solde initial|beginsaldo|vorig saldo|saldo anterior|saldo inicial|saldo iniziale|saldo precedente",
    ("closing_balance", "amount"): "closing balance|new balance|ending balance|balance carried forward|endsaldo|neuer saldo|neuer kontostand|nouveau solde|solde final|nieuw saldo|eindsaldo|"
    "saldo final|nuevo saldo|saldo finale|nuovo saldo",
}  # fmt: skip
"""Concepts of forms, certificates, letters and statements, as `lexicon` has its own."""

ITALIAN: dict[tuple[str, str], str] = {
    ("invoice_number", "id"): "numero fattura|fattura no|no fattura|fattura|fattura numero|numero documento|documento no|ricevuta fiscale no",
    ("receipt_number", "id"): "scontrino no|numero scontrino|ricevuta no|numero ricevuta|scontrino",
    ("order_number", "id"): "numero ordine|ordine no|no ordine|ordine|vostro ordine|buono ordine|rif ordine|ordine acquisto",
    ("contract_number", "id"): "numero contratto|contratto no|no contratto|contratto",
    ("customer_number", "id"): "codice cliente|numero cliente|no cliente|cliente no|cod cliente",
    ("account_number", "id"): "numero conto|conto no|no conto|conto corrente|conto|c c",
    ("reference_number", "id"): "riferimento|rif|nostro riferimento|vostro riferimento|ns rif|vs rif|protocollo|numero pratica|pratica no",
    ("estimate_number", "id"): "preventivo no|numero preventivo|offerta no|numero offerta",
    ("delivery_number", "id"): "bolla no|ddt no|numero ddt|documento trasporto no",
    ("company_registration", "id"): "registro imprese|rea|numero rea|iscrizione registro imprese",
    ("vat_id", "vat"): "partita iva|p iva|piva|p i|iva no|codice iva|partita iva no",
    ("phone", "phone"): "telefono|tel|cellulare|recapito telefonico|numero telefono",
    ("email", "email"): "posta elettronica|indirizzo email|e mail|pec",
    ("website", "url"): "sito|sito web|sito internet",
    ("document_date", "date"): "data|data fattura|data documento|data emissione|emessa il|data ricevuta|data lettera|del",
    ("due_date", "date"): "scadenza|data scadenza|scade il|pagamento entro|da pagare entro|entro il|termine pagamento",
    ("delivery_date", "date"): "data consegna|consegna|consegnato il|data spedizione|data prestazione",
    ("order_date", "date"): "data ordine|ordinato il|ordine del",
    ("print_date", "date"): "stampato il|data stampa|ora",
    ("period", "date"): "periodo|periodo fatturazione|periodo riferimento",
    ("period_start", "date"): "data inizio|inizio|dal",
    ("period_end", "date"): "data fine|fine|al",
    ("expiry_date", "date"): "valido fino|valido fino al|valida fino al|data scadenza|scadenza validita",
    ("birth_date", "date"): "data nascita|nato il|nata il",
    ("signature_date", "date"): "data firma|firmato il|data sottoscrizione",
    ("total", "amount"): "totale|totale fattura|importo totale|totale documento|totale complessivo|totale ivato|importo|totale da pagare",
    ("net_amount", "amount"): "importo netto|netto",
    ("subtotal", "amount"): "imponibile|totale imponibile|subtotale|totale netto|totale senza iva|totale merce",
    ("tax_amount", "amount"): "iva|importo iva|totale iva|imposta|totale imposta",
    ("amount_due", "amount"): "importo dovuto|saldo dovuto|netto a pagare|totale da pagare|saldo|residuo",
    ("amount_paid", "amount"): "pagato|importo pagato|acconto|contanti|gia pagato|versato",
    ("change", "amount"): "resto",
    ("rounding", "amount"): "arrotondamento",
    ("discount", "amount"): "sconto|abbuono",
    ("shipping", "amount"): "spese spedizione|spese trasporto|trasporto|spese consegna|porto",
    ("unit_price", "amount"): "prezzo unitario|prezzo|prezzo cad",
    ("quantity", "number"): "quantita|qta|pezzi",
    ("tax_rate", "percent"): "aliquota|aliquota iva",
    ("seller", "name"): "fornitore|venditore|cedente|emittente|ditta|ragione sociale|negozio|azienda|societa",
    ("buyer", "name"): "cliente|acquirente|destinatario|spett le|spettabile|intestata a|intestato a|intestatario|fatturare a|cessionario|committente",
    ("payee", "name"): "beneficiario|intestatario conto|titolare conto",
    ("ship_to", "name"): "indirizzo consegna|consegnare a|luogo consegna|destinazione merce",
    ("salesperson", "name"): "referente|contatto|persona contatto|vostro contatto|preparato da|redatto da|all attenzione|cassiere|cassiera|operatore|addetto|venditore nome|agente",
    ("person_name", "name"): "nome|denominazione|denominazione sociale|ragione sociale|nome completo|nome cognome|cognome nome|nominativo",
    ("address", "address"): "indirizzo|sede|sede legale|residenza|domicilio",
    ("street", "street"): "via|indirizzo|via e numero",
    ("city", "city"): "citta|localita|comune|paese",
    ("state", "state"): "provincia|prov|regione",
    ("postal_code", "postal_code"): "cap|codice postale",
    ("country", "country"): "nazione|stato|paese",
    ("currency", "currency"): "valuta|divisa",
    ("payment_terms", "text"): "condizioni pagamento|termini pagamento",
    ("payment_method", "text"): "metodo pagamento|modalita pagamento|pagamento|tipo pagamento",
    ("bank_name", "text"): "banca|banca appoggio|istituto",
    ("title", "title"): "titolo",
    ("subject", "text"): "oggetto",
    ("note", "text"): "note|annotazioni|descrizione|osservazioni|causale",
    ("page", "page"): "pagina|pag",
    ("project_number", "id"): "progetto no|numero progetto|commessa|commessa no",
}  # fmt: skip
"""Italian phrases of the concepts that `lexicon` has."""
