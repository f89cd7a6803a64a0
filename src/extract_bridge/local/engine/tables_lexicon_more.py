"""What tables call their columns and their totals in Polish, Swedish, Danish, Norwegian, Finnish, Czech with Slovak, Romanian and Hungarian.

Kept apart from `tables_lexicon` only for length; both are read as one table. Phrases are written as `text.fold` leaves them.
"""

from __future__ import annotations

MORE_COLUMNS: dict[str, str] = {
    "description": "nazwa towaru|nazwa towaru uslugi|nazwa uslugi|nazwa|opis|towar|usluga|produkt|benamning|beskrivning|artikel|text|specifikation|vara|tekst|beskrivelse|varebetegnelse|vare|ydelse|varetekst|"
    "tuote|kuvaus|selite|nimike|tuotenimi|oznaceni dodavky|oznaceni|popis|nazev|polozka|nazev polozky|nazov|denumire|denumirea produselor|descriere|produs|megnevezes|termek|leiras|bezeichnung der leistung|"
    "concept|conceptos|goods and services|mercadoria|omschrijving van de goederen",
    "quantity": "ilosc|szt|liczba|antal|kvantitet|mangd|antall|maengde|mengde|maara|kpl|lkm|mnozstvi|pocet|mnozstvo|cantitate|cant|mennyiseg|db|q ta|q te|delivered qty|delivered quantity|geliefert|gelief|ordered|"
    "livre|geleverd|levererat|levert|leveret|toimitettu|nights|nachte|nuits|noches|notti|noites",
    "ordered_quantity": "ordered|ordered qty|qty ordered|quantity ordered|bestellt|best|bestellmenge|bestellte menge|commande|qte commandee|besteld|pedido|pedida|cant pedida|ordinato|encomendado|zamowiono|bestallt|bestallt antal|bestilt|tilattu|objednano",
    "delivered_quantity": "delivered|delivered qty|qty delivered|shipped|shipped qty|qty shipped|quantity shipped|quantity delivered|geliefert|gelief|liefermenge|gelieferte menge|livre|qte livree|geleverd|entregado|entregada|consegnato|entregue|"
    "wydano|dostarczono|levererat|leveret|levert|toimitettu|dodano",
    "unit": "j m|jm|jedn|jednostka|jednostka miary|enhet|enh|enhed|yksikko|yks|m j|mj|jednotka|u m|um|unitate|mee|me|einh|eh|ehd|eenh|un|und|unid|ud|uds|u|unite de mesure|unidad medida|mengeneinheit",
    "unit_price": "cena|cena netto|cena jedn|cena jednostkowa|cena jednostkowa netto|a pris|apris|pris|styckpris|pris st|pris enhet|stk pris|stykpris|stykkpris|enhedspris|enhetspris|a hinta|ahinta|hinta|yksikkohinta|cena za m j|"
    "cena m j|jedn cena|jednotkova cena|cena bez dph|pret|pret unitar|egysegar|preis einheit|einzel|p u|p unit|pr unitario|p unitario|prix unit|prix unitaire ht|precio h|precio ud|stukprijs|prijs eenheid",
    "line_total": "wartosc|wartosc netto|wartosc brutto|kwota|razem|belopp|summa|radsumma|totalt|belob|belop|i alt|sum|linjetotal|yhteensa|summa euro|rivisumma|celkem|celkem bez dph|castka|cena celkem|valoare|suma|"
    "netto ertek|brutto ertek|osszesen|ext price|extended|ext amount|gesamt netto|valor liquido|importe total|montant total",
    "net_total": "wartosc netto|netto|net|net value|net amount|nettowert|nettobetrag|montant ht|total ht|nettobedrag|neto|importe neto|importo netto|imponibile|valor liquido|belopp exkl moms|bez dph|celkem bez dph|veroton|netto ertek|valoare fara tva",
    "gross_total": "wartosc brutto|brutto|gross|gross value|gross amount|total incl vat|bruttobetrag|bruttowert|montant ttc|total ttc|bedrag incl btw|importe total|importo ivato|total com iva|belopp inkl moms|s dph|celkem s dph|verollinen|brutto ertek",
    "tax_rate": "stawka|stawka vat|vat %|moms|moms %|momssats|mva|mva %|mva sats|alv|alv %|alv kanta|dph|dph %|sazba|sazba dph|sadzba dph|cota tva|afa|afa kulcs|tva %|btw %|iva %|mwst %|ust %|% iva|% tva|% btw",
    "tax_amount": "kwota vat|wartosc vat|momsbelopp|momsbelob|mva belop|alv euro|vyse dph|castka dph|valoare tva|afa osszeg|total iva",
    "discount": "rabat|rabatt|rabatt %|rabat %|alennus|ale|ale %|sleva|zlava|kedvezmeny|sc|sc %|krt|krt %|korting %|rem|rem %|remise %|desc %|dto %|disc %",
    "position": "lp|l p|poz|rad|radnr|linje|linjenr|rivi|rivi nro|c|poradi|nr crt|crt|ssz|sorszam|p nr|item nr|reg|volgnr|position no|ln",
    "article_number": "indeks|kod|nr katalogowy|kod towaru|symbol|art|artnr|art no|artikel nr|varenr|varenummer|tuotenro|tuotenumero|tuotekoodi|kat c|katalogove cislo|kod zbozi|cislo zbozi|cod|cod produs|cikkszam|ref article|"
    "part nr|part|p n|stock code|artikel|codigo articulo|cod articolo|artikelno|material|material no|materialnummer",
    "date": "data|dato|datum|paiva|pvm|paivays|den|dzien|data operacji|data ksiegowania|bogforingsdato|bokforingsdatum|transaktionsdatum|transaktionsdato|kirjauspaiva|datum uctovani|datum transakce|data op|data contabile|booked|posted|posting date|"
    "date operation|date op|boekdatum|transactiedatum|fecha operacion|data mov|data registrazione|data lancamento|buchung|buchungsdatum",
    "value_date": "value date|value|valuta|valutadatum|wertstellung|wert|date valeur|date de valeur|valeur|val|rentedatum|valutadatum|fecha valor|f valor|valor|data valuta|data valor|data waluty|valutadato|rentedato|arvopaiva",
    "debit": "obciazenia|obciazenie|wyplaty|wyplata|wn|uttag|debet|udbetaling|ut|ut av konto|haevet|panot ja otot|otto|vydaje|na vrub|money out|debits|payments out|uscite|addebiti|dare|retiros|charges|levantamentos|debitos",
    "credit": "uznania|uznanie|wplaty|wplata|ma|insattning|kredit|indbetaling|inn|inn pa konto|indsat|pano|prijmy|ve prospech|money in|credits|payments in|entrate|accrediti|avere|ingresos|creditos|depositos",
    "balance": "saldo|kontosaldo|zustatek|zostatok|sold|egyenleg|saldo po operacji|balance after|solde|saldo disponibile|bakiye",
    "name": "imie i nazwisko|nazwisko|imie|namn|navn|nimi|jmeno|jmeno a prijmeni|nume|nev",
    "batch": "batch|batch no|lot|lot no|charge|chargen nr|chargennummer|no lot|numero lot|partij|partijnr|lote|lotto|partia|nr partii|seria|sarze|era|batchnummer",
    "time": "godzina|tid|klockslag|klokkeslett|aika|cas",
    "country": "kraj|land|maa|zeme|krajina",
    "city": "miasto|miejscowosc|ort|stad|by|sted|kaupunki|mesto|obec|oras|varos",
    "weight": "waga|masa|vikt|vaegt|vekt|paino|hmotnost|greutate|suly|kg netto|kg brutto",
    "delivery_date": "data dostawy|termin dostawy|leveransdatum|leveransdag|leveringsdato|toimituspaiva|datum dodani|termin dodani|lev datum|lev dat|due date|need by|required|livraison|leverdag|levering|f entrega|consegna|data cons",
    "currency": "waluta|valuta|valuutta|mena|moneda|penznem",
    "remark": "uwagi|anmarkning|bemaerkning|merknad|huomautus|poznamka|observatii|megjegyzes",
    "order_number": "zamowienie|nr zamowienia|order nr|ordernr|ordrenr|tilaus|tilausnro|objednavka",
    "invoice_number": "faktura|nr faktury|fakturanr|fakturanummer|laskun nro|lasku|cislo faktury|szamla",
    "due_date": "due date|due|payment due|fallig|fallig am|falligkeit|echeance|vervaldatum|vervaldag|vencimiento|scadenza|vencimento|termin platnosci|forfallodatum|forfaldsdato|forfallsdato|erapaiva|splatnost",
}

MORE_TOTALS = (
    "razem|suma|ogolem|do zaplaty|lacznie|w tym|podsumowanie|totalt|summa|att betala|delsumma|i alt|ialt|sum|samlet|subtotal|til betaling|at betale|a betale|yhteensa|valisumma|maksettava|loppusumma|celkem|mezisoucet|soucet|spolu|"
    "k uhrade|total general|total de plata|osszesen|fizetendo|totale complessivo|di cui iva|importo pagato|ancien solde|nouveau solde|solde precedent|solde initial|solde final|total des mouvements|total des operations|opening balance|"
    "closing balance|previous balance|new balance|anfangssaldo|endsaldo|alter kontostand|neuer kontostand|saldo iniziale|saldo finale|saldo inicial|saldo final|saldo anterior|beginsaldo|eindsaldo|saldo poczatkowe|saldo koncowe|ingaende saldo|"
    "utgaende saldo|primosaldo|ultimosaldo|alkusaldo|loppusaldo|pocatecni zustatek|konecny zustatek"
).split("|")
"""What begins a row that sums up others, or that says what an account held before and after."""
