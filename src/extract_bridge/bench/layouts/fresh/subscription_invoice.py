"""A subscription's invoice in Swedish or Dutch, with a payment slip below a cut line that says the amount again in cells of its own."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from extract_bridge.bench.draft import Fact, day, many, new_draft, number, text, thing
from extract_bridge.bench.layouts.fresh.strokes import ONE_LINE, captioned, dated, nullable, worth
from extract_bridge.bench.layouts.kinds import Layout

if TYPE_CHECKING:
    from random import Random

    from extract_bridge.bench.document import BenchDocument
    from extract_bridge.bench.draft import Draft, Said

_SCHEMA = thing(
    supplierName=text("Company that sends the invoice"),
    supplierRegistrationNumber=nullable(text("Chamber of commerce or organisation number")),
    customer=thing(id=text("Customer number"), name=text(), address=text("Street, postcode and town")),
    invoiceId=text(),
    issuedOn=day("Invoice date"),
    payBefore=day("Last day of payment"),
    paymentReference=text("OCR number or betalingskenmerk"),
    periodStart=day("First day of the invoiced period"),
    periodEnd=day("Last day of the invoiced period"),
    charges=many("Subscriptions and usage", product=text(), quantity=number(), amount=number("Excl. VAT")),
    netAmount=nullable(number("Total excluding VAT")),
    vatAmount=number(),
    amountToPay=number(),
    previousBalance=nullable(number("Unpaid amount of earlier invoices")),
    account=text("Bankgiro or IBAN to pay to"),
    contractEndDate=nullable(day()),
)


class _Tongue(NamedTuple):
    labels: dict[str, str]
    firms: tuple[str, ...]
    products: tuple[str, ...]
    forms: tuple[str, ...]
    rate: int


_TONGUES = {
    "sv": _Tongue(
        {
            "title": "Faktura",
            "invoice": "Fakturanummer",
            "customer": "Kundnr",
            "date": "Fakturadatum",
            "due": "Förfallodatum",
            "reference": "OCR-nummer",
            "period": "Avser perioden",
            "what": "Tjänst",
            "count": "Antal",
            "amount": "Belopp",
            "net": "Summa exkl. moms",
            "vat": "Moms",
            "round": "Öresavrundning",
            "pay": "Att betala",
            "old": "Obetalt från tidigare fakturor",
            "register": "Org.nr",
            "account": "Bankgiro",
            "slip": "INBETALNING/GIRERING AVI",
            "payer": "Avsändare (namn och postadress)",
            "payee": "Betalningsmottagare",
            "major": "Kronor",
            "minor": "öre",
            "note": "Efter förfallodagen debiteras dröjsmålsränta enligt räntelagen och påminnelseavgift 60 kr.",
        },
        ("Norrsken Bredband AB", "Tidningen Hamnbladet AB", "Öresunds Energi AB"),
        ("Fiber 250/250", "Mobilt Mellan 15 GB", "Digital prenumeration", "Fast avgift elnät 16 A", "TV-paket Bas"),
        ("{y}-{m:02}-{d:02}", "{d} {month} {y}"),
        25,
    ),
    "nl": _Tongue(
        {
            "title": "Factuur",
            "invoice": "Factuurnr.",
            "customer": "Klantnummer",
            "date": "Factuurdatum",
            "due": "Uiterste betaaldatum",
            "reference": "Betalingskenmerk",
            "period": "Periode",
            "what": "Omschrijving",
            "count": "Aantal",
            "amount": "Bedrag",
            "net": "Totaal excl. btw",
            "vat": "Btw",
            "round": "",
            "pay": "Te betalen",
            "old": "Openstaand van vorige facturen",
            "register": "KvK",
            "account": "IBAN",
            "slip": "Acceptgiro - hier afscheuren",
            "payer": "Naam en adres betaler",
            "payee": "Naar rekening van",
            "major": "Euro",
            "minor": "Cent",
            "note": "Opzeggen kan per maand via Mijn Account. Bij te late betaling brengen wij € 7,50 in rekening.",
        },
        ("Waddennet B.V.", "Sportcentrum De Dijk", "Uitgeverij Het Spoor B.V.", "Lokaal Stroom Coöperatie U.A."),
        ("Internet 200 Mbit/s", "Abonnement Onbeperkt Sporten", "Digitale krant", "Vastrecht levering", "Extra simkaart"),
        ("{d:02}-{m:02}-{y}", "{d} {month} {y}"),
        21,
    ),
}  # fmt: skip


def _account(draft: Draft) -> str:
    voice = draft.voice
    if voice.language == "sv":
        return f"{voice.digits(4)}-{voice.digits(4)}"
    return f"NL{draft.rng.randint(10, 99)} TRIO 0{voice.digits(3)} {voice.digits(4)} {voice.digits(2)}"


def _slip(
    draft: Draft, said: dict[str, str], total: float, reference: Fact, account: Fact, payee: str
) -> None:
    """The part to tear off: the same amount with its decimals in a cell of their own, as machines read it."""
    sheet, voice, left, right = draft.sheet, draft.voice, draft.left, draft.right
    top = sheet.height - 190
    draft.say(left, top - 6, "- " * int((right - left) / sheet.measure("- ")), grey=True)
    draft.say(left, top + 10, said["slip"], bold=True, size=8)
    captioned(draft, left, top + 18, 235, 30, said["reference"], reference)
    captioned(draft, left + 235, top + 18, right - left - 235, 30, said["payee"], payee)
    captioned(draft, left, top + 48, 235, 56, said["payer"], draft.facts["/customer/name"])
    captioned(draft, left + 235, top + 48, right - left - 235, 26, said["account"], account)
    whole, part = f"{voice.number(total)}".replace(",", " , ").split(" , ")
    captioned(draft, left + 235, top + 74, 90, 30, said["major"], "")
    captioned(draft, left + 325, top + 74, 40, 30, said["minor"], "")
    inks = draft.say(left + 318, top + 98, whole, align="right"), draft.say(left + 333, top + 98, part)
    draft.state(Fact(whole, "/amountToPay", total), *inks)
    code = f"# {reference.text.replace(' ', '')} # {whole} {part} 5 > {voice.digits(8)}#41#"
    draft.say(right, sheet.height - 60, code, align="right", size=9)


def _head(draft: Draft, said: dict[str, str], firm: str, form: str, reference: Fact) -> float:
    rng, voice = draft.rng, draft.voice
    home, mirrored = voice.homes(1)[0], rng.random() < 0.5
    near, far = (draft.left + 290, draft.left) if mirrored else (draft.left, draft.left + 290)
    draft.say(draft.left, 56, Fact(firm, "/supplierName"), size=14, bold=True)
    draft.say(near, 104, Fact(voice.person(), "/customer/name"))
    draft.block(near, 104 + draft.step, (home.street, home.town), "/customer/address")
    draft.say(far, 90, said["title"], size=16)
    begin = draft.today.replace(day=1)
    end = (begin + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    entries: list[tuple[str, Said]] = [
        (said["invoice"], Fact(voice.digits(9), "/invoiceId")),
        (said["customer"], Fact(voice.digits(7), "/customer/id")),
        (said["date"], dated(draft, draft.today, "/issuedOn", form)),
        (said["due"], dated(draft, draft.later(14, 30), "/payBefore", form)),
        (said["reference"], reference),
    ]
    y = draft.labels(far, 90 + 2 * draft.step, far + 122, entries[: rng.choice((4, 5))])
    span = dated(draft, begin, "/periodStart", form), dated(draft, end, "/periodEnd", form)
    joint = rng.choice((" - ", "\u2013", " t/m " if voice.language == "nl" else " till "))
    return draft.prose(draft.left, y + 22, ONE_LINE, f"{said['period']}: ", span[0], joint, span[1]) + 12


def _charges(draft: Draft, y: float, tongue: _Tongue) -> tuple[float, float]:
    rng, said, net = draft.rng, tongue.labels, 0.0
    draft.say(draft.left, y, said["what"], bold=True)
    draft.say(draft.right - 110, y, said["count"], bold=True, align="right")
    draft.say(draft.right, y, said["amount"], bold=True, align="right")
    draft.sheet.line(draft.left, y + 4, draft.right, y + 4)
    for row, product in enumerate(rng.sample(tongue.products, rng.randint(1, 5))):
        y, count, price = y + draft.step * 1.15, rng.choice((1, 1, 2, 3)), draft.amount(4, 90)
        draft.say(draft.left, y + 4, Fact(product, f"/charges/{row}/product"))
        draft.say(
            draft.right - 110, y + 4, Fact(str(count), f"/charges/{row}/quantity", count), align="right"
        )
        draft.say(
            draft.right, y + 4, worth(draft, round(count * price, 2), f"/charges/{row}/amount"), align="right"
        )
        net = round(net + round(count * price, 2), 2)
    return y + draft.step * 2, net


def _invoice(rng: Random, at: int) -> BenchDocument:
    language = rng.choice(("sv", "nl"))
    draft, tongue = new_draft(rng, language, _SCHEMA), _TONGUES[language]
    said, firm, voice = tongue.labels, rng.choice(tongue.firms), draft.voice
    reference = Fact(" ".join(voice.digits(4) for _ in range(rng.choice((3, 4)))), "/paymentReference")
    y = _head(draft, said, firm, rng.choice(tongue.forms), reference)
    y, net = _charges(draft, y, tongue)
    tax = round(net * tongue.rate / 100, 2)
    total = round(net + tax, 2)
    entries: list[tuple[str, Said]] = [(f"{said['vat']} {tongue.rate}%", worth(draft, tax, "/vatAmount"))]
    if rng.random() < 0.7:
        entries.insert(0, (said["net"], worth(draft, net, "/netAmount")))
    if said["round"]:
        entries.append((said["round"], voice.number(round(total) - total)))
        total = float(round(total))
    if rng.random() < 0.35:
        old = draft.amount(90, 900)
        entries.append((said["old"], worth(draft, old, "/previousBalance")))
        total = round(total + old, 2)
    y = draft.labels(draft.left + 210, y, draft.right, entries, align="right")
    sign = rng.choice(("{}", "€ {}" if language == "nl" else "{} kr"))
    last: list[tuple[str, Said]] = [(said["pay"], worth(draft, total, "/amountToPay", sign))]
    draft.labels(draft.left + 210, y + 4, draft.right, last, align="right", bold=True)
    draft.prose(draft.left, y + 30, draft.right - draft.left, said["note"], size=8)
    account = Fact(_account(draft), "/account")
    _slip(draft, said, total, reference, account, firm)
    foot: list[Said] = [f"{firm} · {voice.homes(1)[0].line} · {said['register']} "]
    foot.append(Fact(voice.digits(8), "/supplierRegistrationNumber"))
    draft.prose(draft.left, draft.sheet.height - 36, ONE_LINE, *foot, size=7, grey=True)
    return draft.finish("subscription_invoice", at)


LAYOUTS = (Layout("subscription_invoice", "subscription", _invoice, group="fresh"),)
