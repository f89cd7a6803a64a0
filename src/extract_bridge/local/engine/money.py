"""What an amount on a line of totals stands for: the words beside it or above it decide."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from extract_bridge.local.engine.spans import Found, find
from extract_bridge.local.engine.text import canonical, fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from extract_bridge.local.engine.pageview import PageView, Segment
    from extract_bridge.local.engine.values import Locale


def _words(text: str) -> frozenset[str]:
    return frozenset(canonical(word) for word in text.split())


_TOTAL = _words(
    "total totals grandtotal totaal totaalbedrag gesamt gesamtbetrag gesamtsumme summe rechnungssumme rechnungsbetrag endbetrag endsumme sum montant ttc totalttc importe totaux bruttobetrag ttl totale razem lacznie ogolem suma totalt summa totalsumma samlet ialt yhteensa loppusumma celkem spolu soucet osszesen vegosszeg"
)
_AMOUNT = _words(
    "amount amt betrag bedrag montant importe value importo valor montante kwota wartosc naleznosc belopp belob belop fakturabelopp castka osszeg"
)
_NET = _words(
    "net netto excl excluding exclusive exclusief exkl ht before without ohne zonder sin taxable nettobetrag excluded imponible nettosumme imponibile liquido iliquido exkl ekskl eks utan uden uten ilman veroton hors bez fara nelkul nettobelopp zaklad"
)
_BEFORE = re.compile(
    r"\b(?:previous|prior|opening|brought forward|vorig|beginsaldo|alter (?:saldo|kontostand)|anfangssaldo|vortrag|precedent|ancien|anterior|precedente|iniziale|inicial|foregaende|tidligere|forrige|ingaende|poprzedni|edellinen|predchozi)"
)
"""How a balance is called that stood before."""
_SUB = re.compile(
    r"sub ?-?total|subtotaal|zwischensumme|sous ?-?total|sub ?-?totale|warenwert|tussentotaal|delsum|valisumma|mezisoucet"
)
_GROSS = _words(
    "incl including inclusive inkl inclusief ttc brutto gross after inc bruttobetrag inclus ivato inkl sis verollinen vcetne"
)
_INCLUDED = re.compile(r"\bin[ck]l\w*")  # the stems, for endings differ by language and by misread letters
_EXCLUDED = re.compile(r"\bex[ck]l\w*")
TAX_WORDS = _words(
    "tax vat gst mwst umsatzsteuer ust tva btw iva mehrwertsteuer sst hst steuer taxes igst cgst sgst imposta imposto podatek ptu moms momsbelopp mva alv arvonlisavero vero dph dan afa impuesto assurantiebelasting versicherungsteuer versicherungssteuer"
)
_BESIDE_TAX = _words("sales sale value added total amount state local city county")
_DUE = _words(
    "due payable balance outstanding offen offener zahlen zahlbetrag payer solde reste betalen openstaand saldo remaining pendiente pay pagare dovuto pagar divida zaplaty percibir betala betaling betale maksettava maksettavaa uhrade uhradu zaplaceni plata fizetendo avoinna forderung restbetrag"
)
_PAID = _words(
    "paid cash visa mastercard master card tendered tender bezahlt acompte deposit received amex debit anzahlung betaald bar maestro paypal ideal prepaid gezahlt paye pagado credit pagato contanti acconto pago dinheiro multibanco zaplacono gotowka karta zaliczka betalt inbetalt innbetalt indbetalt kontant kort maksettu kateinen kortti ennakkomaksu uhrazeno zaplaceno zaloha hotove achitat avans anticipo contante versato versement verse"
)
_CHANGE = _words(
    "change ruckgeld rendu wisselgeld cambio resto troco reszta vaxel byttepenge vekslepenger vaihtoraha vraceno"
)
_COUNT = _words(
    "qty quantity item count spot unit menge anzahl pcs point weight pax no aantal cantidad number product pieces qtys hours page discount savings saved rabatt remise skonto korting sconto desconto rabat ilosc quantita quantidade antal antall maara lkm mnozstvi pocet mennyiseg alennus sleva"
)
_ROUND = re.compile(
    r"round|oresavr|oresutj|avrund|afrund|pyorist|zaokrouh|zaokruh|rundung|arrondi|afronding|redondeo|arrotond|arredond|zaokragl"
)
_EXTRA = re.compile(
    r"discount|rabatt|remise|skonto|korting|saving|shipping|versand|freight|delivery|service charge|serv\.? charge|tip|gratuity|commission|pfand|fee\b"
)

_MOST_ROUNDED = 0.5
"""The largest adjustment, in units of the currency, that is taken for rounding."""


@dataclass(eq=False, slots=True)
class Amount:
    """A printed amount with what its labels say.

    Attributes:
        segment: Where it stands.
        found: The characters in the segment and the number.
        label: The text beside or above it, folded.
        meanings: Concept and strength 0..1.
        crowd: How many amounts share its line.
        heading: Of its column, where several amounts share the line.
        above: The label stands above it, not beside it.
    """

    segment: Segment
    found: Found
    label: str = ""
    meanings: dict[str, float] = field(default_factory=dict)
    crowd: int = 1
    heading: str = ""
    above: bool = False

    @property
    def value(self) -> float:
        """The number."""
        return float(self.found.value)


def amounts_of(view: PageView, locale: Locale) -> list[Amount]:
    """Every amount of a page with its meanings, in reading order."""
    amounts: list[Amount] = []
    for line in view.lines:
        spots = [
            (segment, item)
            for segment in line
            for item in find("amount", segment.text, locale)
            if item.certainty >= 0.5
        ]
        money = sum(item.certainty == 1.0 for _, item in spots)
        for segment, item in spots:
            amount = Amount(segment, item, crowd=money)
            amount.label = _label_left(view, segment, item, locale)
            if not amount.label:
                amount.label, amount.above = _label_above(view, segment, locale), True
            amount.meanings = meanings_of(amount.label)
            if money > 1 and not amount.above and amount.meanings.get("total"):
                amount.heading = _column_heading(view, segment, item)
            amounts.append(amount)
    return amounts


def _label_left(view: PageView, segment: Segment, item: Found, locale: Locale) -> str:
    """The words before an amount on its line, back to the amount before, numbers without money passed over."""
    parts = [segment.text[: item.start]]
    parts += [other.text for other in view.left_of(segment)]
    label: list[str] = []
    for part in parts:
        money = [spot for spot in find("amount", part, locale) if spot.certainty == 1.0]
        if money:
            tail = part[money[-1].end :]
            label.insert(0, tail)
            if _letters(" ".join(label)):
                break
            label = [part]
            continue
        label.insert(0, part)
    return fold(" ".join(label)).strip(" .:*-_=") if _letters(" ".join(label)) else ""


def _label_above(view: PageView, segment: Segment, locale: Locale) -> str:
    for other in view.above(segment.x0, segment.x1, segment.line, 3):
        if not find("amount", other.text, locale) and _letters(other.text) and len(other.words) <= 6:
            return fold(other.text).strip(" .:*")
    return ""


def _column_heading(view: PageView, segment: Segment, item: Found) -> str:
    """The words over the column that an amount stands in."""
    words = segment.words_between(item.start, item.end)
    for other in view.above(words[0].x0, words[-1].x1, segment.line, 60):
        if re.search(r"[^\W\d_]{2}", other.text) and not re.search(r"\d", other.text):
            over = [
                word for word in other.words if word.x0 <= words[-1].x1 + 20 and word.x1 >= words[0].x0 - 20
            ]
            return fold(" ".join(word.text for word in over or other.words))
    return ""


def _letters(text: str) -> bool:
    return re.search(r"[^\W\d_]{2}", re.sub(r"\b(?:RM|EUR|USD|GBP|MYR)\b", "", text)) is not None


def meanings_of(label: str) -> dict[str, float]:
    """What a folded label of an amount says: concepts with strength 0..1."""
    if not label or len(label) > 90:
        return {}
    label = label.replace("i alt", "ialt")
    tokens = {canonical(token) for token in re.findall(r"[a-z]+", label)}
    if tokens & _CHANGE:
        return {"change": 1.0}
    if _ROUND.search(label) and not tokens & _TOTAL:
        return {"rounding": 1.0}
    if _BEFORE.search(label):
        return {"opening_balance": 1.0}
    if _SUB.search(label):
        return {"subtotal": 1.0}
    if tokens & _COUNT and not tokens & (_GROSS | _DUE):
        return {"count": 1.0}
    if _EXTRA.search(label) and not tokens & _TOTAL:
        return {"extra": 1.0}
    return _totals(tokens, label)


def only_tax(label: str) -> bool:
    """A folded label names a tax on sales, and nothing else."""
    tokens = {canonical(token) for token in re.findall(r"[a-z]+", label)}
    return bool(tokens & TAX_WORDS) and tokens <= TAX_WORDS | _BESIDE_TAX


def says_tax(label: str) -> bool:
    """A folded text has a word for a tax on sales in it."""
    return any(canonical(token) in TAX_WORDS for token in re.findall(r"[a-z]+", label))


def _totals(tokens: set[str], label: str) -> dict[str, float]:
    total, net, gross, tax, due = (bool(tokens & group) for group in (_TOTAL, _NET, _GROSS, TAX_WORDS, _DUE))
    net, gross = net or _EXCLUDED.search(label) is not None, gross or _INCLUDED.search(label) is not None
    brief = 1.0 if len(tokens) <= 6 else 0.8
    if net and not gross and (total or tax or tokens & _AMOUNT) and not due:
        return {"subtotal": 0.95 * brief, "net_amount": 0.95 * brief, "total": 0.3}
    if due and not tax:
        return {"amount_due": 1.0 * brief, "total": (0.97 if total else 0.6) * brief}
    if tax and not total and re.search(r"\d ?%", label):
        return {"tax_amount": 0.9 * brief}
    if total and re.search(r"\d ?%", label):
        brief *= 0.75
    if gross and (total or tax or tokens & _AMOUNT or "brutto" in tokens):
        gross_word = bool(tokens & {"gross", "brutto"})
        return {"total": 1.0 * brief, "gross_amount": 1.0 if gross_word else 0.5}
    if tax:
        return (
            {"tax_amount": (1.0 if total or tokens & _AMOUNT else 0.85) * brief}
            if not re.search(r"invoice|summary|code", label)
            else {}
        )
    if tokens & _PAID:
        return {"amount_paid": 0.9 * brief, **({"total": 0.5} if total else {})}
    if total:
        return {"total": 1.0 * brief, "gross_amount": 0.6}
    if net and len(tokens) <= 2:
        return {"net_amount": 0.8, "subtotal": 0.6}
    return {"total": 0.45} if tokens & _AMOUNT and len(tokens) <= 3 else {}


def support(amounts: list[Amount]) -> dict[float, float]:
    """How much arithmetic speaks for each value being the total: parts that add up, payment less change, rounding."""
    by = _by_meaning(amounts)
    paid, totals = by.get("amount_paid", set()), by.get("total", set())
    votes = [(value - change, 0.25) for value in paid for change in by.get("change", ())]
    votes += [(value, 0.03) for value in paid]
    votes += [(value - change, 0.25) for value, change in _tendered(by)]
    votes += [(net + tax, 0.15) for net in by.get("subtotal", ()) for tax in by.get("tax_amount", ()) if tax]
    votes += [(total + adjustment, 0.12) for total in totals for adjustment in _roundings(amounts)]
    bonus: dict[float, float] = {}
    for value, weight in votes:
        key = round(value, 2)
        bonus[key] = bonus.get(key, 0.0) + weight
    return bonus


def _tendered(by: dict[str, set[float]]) -> Iterator[tuple[float, float]]:
    """What was handed over, whatever the word beside it, with the change: the difference is printed, too."""
    said = by.get("amount_due", set()) | by.get("total", set())
    for change in by.get("change", set()) - {0.0}:
        for value in said:
            if round(value - change, 2) in said | by.get("subtotal", set()):
                yield value, change


def _by_meaning(amounts: list[Amount]) -> dict[str, set[float]]:
    by: dict[str, set[float]] = {}
    for amount in amounts:
        for name, strength in amount.meanings.items():
            if strength >= 0.8:
                by.setdefault(name, set()).add(round(abs(amount.value), 2))
    return by


def _roundings(amounts: list[Amount]) -> set[float]:
    return {round(amount.value, 2) for amount in amounts if "rounding" in amount.meanings and amount.value}


def rounded_total(amounts: list[Amount]) -> float | None:
    """What is to be paid after rounding: printed, beside a total that differs from it by the printed adjustment."""
    by, printed = _by_meaning(amounts), {round(amount.value, 2) for amount in amounts}
    found = printed & {
        round(total + step, 2)
        for total in by.get("total", ())
        for adjustment in _roundings(amounts)
        for step in (adjustment, -adjustment)  # some print the sign, some do not
        if abs(adjustment) < _MOST_ROUNDED
    }
    paid = {
        round(value - change, 2) for value in by.get("amount_paid", ()) for change in by.get("change", {0.0})
    }
    sure = found & paid
    return sure.pop() if len(sure) == 1 else found.pop() if len(found) == 1 else None


def settled_by_payment(amount: Amount, amounts: list[Amount]) -> bool:
    """No line says total, and the subtotal is what was paid: there is nothing between the two."""
    by = _by_meaning(amounts)
    return (
        "subtotal" in amount.meanings
        and not by.get("total")
        and round(amount.value, 2) in by.get("amount_paid", set())
    )
