"""A quotation in an e-mail, English or German: prices in sentences, in a list or in an HTML table, over the question it answers."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from html import escape
from typing import TYPE_CHECKING, NamedTuple

from extract_bridge.bench.draft import Fact, day, many, new_draft, number, text, thing
from extract_bridge.bench.layouts.fresh.strokes import dated, worth
from extract_bridge.bench.layouts.kinds import Layout

if TYPE_CHECKING:
    from random import Random

    from extract_bridge.bench.document import BenchDocument
    from extract_bridge.bench.draft import Draft

_SCHEMA = thing(
    sender_name=text("Person who wrote the mail"),
    sender_email=text(),
    recipient_email=text(),
    subject=text(),
    sent_on=day("Date of the mail"),
    quote_number=text("Number of the quotation"),
    valid_until=day("Last day on which the offer holds"),
    items=many("What is offered", product=text(), quantity=number(), unit_price=number(), total=number()),
    delivery_time=text("As the mail says it"),
    shipping_cost=number(),
    net_total=number("Total without VAT"),
    phone=text("Telephone number of the sender"),
    discount_percent=number(),
)


class _Tongue(NamedTuple):
    goods: tuple[str, ...]
    subject: str
    hello: str
    opening: str
    shipping: str
    total: str
    valid: str
    delivery: str
    times: tuple[str, ...]
    bye: str
    phone: str
    wrote: str
    asked: str
    heads: tuple[str, str, str, str]
    form: str
    each: str


_TONGUES = {
    "en": _Tongue(
        ("Oak shelf 80 x 25 cm", "Steel bracket, black", "Wall plug set (100)", "Desk lamp LED", "Cable tray 1 m"),
        "Quotation", "Dear", "thank you for your enquiry. We are pleased to offer as follows:", "Carriage", "Total excl. VAT",
        "This offer is valid until ", "Lead time: ", ("2-3 weeks", "10 working days", "ex stock"), "Kind regards", "Tel.",
        "wrote:", "Could you quote us for about 40 shelves by 15 March? Last year we paid 16.90 each.",
        ("Item", "Qty", "Unit price", "Total"), "{d} {month} {y}", "each",
    ),
    "de": _Tongue(
        ("Regalboden Eiche 80 x 25 cm", "Winkelträger schwarz", "Dübelset (100 St.)", "Schreibtischleuchte LED", "Kabelkanal 1 m"),
        "Angebot", "Sehr geehrte(r)", "vielen Dank für Ihre Anfrage. Gerne bieten wir Ihnen an:", "Versandkosten", "Summe netto",
        "Das Angebot ist gültig bis ", "Lieferzeit: ", ("ca. 2 Wochen", "10 Arbeitstage", "ab Lager"), "Mit freundlichen Grüßen", "Tel.:",
        "schrieb:", "Können Sie uns 40 Böden anbieten? Letztes Jahr zahlten wir 16,90 € je Stück, Angebot 2209.",
        ("Artikel", "Menge", "Einzelpreis", "Gesamt"), "{d:02}.{m:02}.{y}", "je",
    ),
}  # fmt: skip


def _offer(draft: Draft, tongue: _Tongue, *, table: bool) -> tuple[list[str], float]:
    """The lines of the offer, and what they come to: columns of text, sentences, or the rows of an HTML table."""
    rng, net, lines = draft.rng, 0.0, []
    columns = rng.random() < 0.5
    if columns and not table:
        lines.append(f"{tongue.heads[0]:<32}{tongue.heads[1]:>8}{tongue.heads[2]:>14}{tongue.heads[3]:>14}")
    for row, name in enumerate(rng.sample(tongue.goods, rng.randint(1, 5))):
        start, count, price = f"/items/{row}", rng.choice((1, 5, 12, 40, 250)), draft.amount(0.8, 190)
        net = round(net + round(count * price, 2), 2)
        ware = draft.tell(Fact(name, f"{start}/product"))
        many_of = draft.tell(Fact(str(count), f"{start}/quantity", count))
        each = draft.tell(worth(draft, price, f"{start}/unit_price"))
        value = draft.tell(worth(draft, round(count * price, 2), f"{start}/total"))
        if table:
            cells = "".join(f"<td>{escape(cell)}</td>" for cell in (ware, many_of, each, value))
            lines.append(f"<tr>{cells}</tr>")
        elif columns:
            lines.append(f"{ware:<32}{many_of:>8}{each:>14}{value:>14}")
        else:
            lines.append(f"- {many_of} x {ware}, {tongue.each} {each} EUR = {value} EUR")
    return lines, net


def _after(draft: Draft, tongue: _Tongue, net: float) -> list[str]:
    """What follows the offer, a line each."""
    rng, lines, freight = draft.rng, [], 0.0
    if rng.random() < 0.6:
        freight = draft.amount(6, 60)
        lines.append(draft.tell(f"{tongue.shipping}: ", worth(draft, freight, "/shipping_cost", "{} EUR")))
    total = worth(draft, round(net + freight, 2), "/net_total", "{} EUR")
    lines += [draft.tell(f"{tongue.total}: ", total), ""]
    until = dated(draft, draft.today + timedelta(days=rng.choice((14, 30, 60))), "/valid_until", tongue.form)
    lines.append(draft.tell(tongue.valid, until, "."))
    if rng.random() < 0.7:
        lines.append(draft.tell(tongue.delivery, Fact(rng.choice(tongue.times), "/delivery_time")))
    return lines


def _mail(rng: Random, at: int) -> BenchDocument:
    language = rng.choice(("en", "de"))
    draft, tongue = new_draft(rng, language, _SCHEMA), _TONGUES[language]
    voice, host = draft.voice, rng.choice(("regalwerk.example", "fitout-supply.example"))
    writer, reader = voice.person(), voice.person()
    code = f"{rng.choice(('Q', 'AN-', ''))}{voice.digits(5)}"
    mail = EmailMessage(policy=SMTP)
    address = f"{rng.choice(('sales', 'info', 'angebote'))}@{host}"
    to = f"{reader.split(' ')[-1].encode('ascii', 'ignore').decode().lower()}@cafe-linde.example"
    mail["From"] = (
        f'"{draft.tell(Fact(writer, "/sender_name"))}" <{draft.tell(Fact(address, "/sender_email"))}>'
    )
    mail["To"] = draft.tell(Fact(to, "/recipient_email"))
    shown = rng.choice((f"{tongue.subject} {code}", f"Re: {tongue.subject} {code}"))
    mail["Subject"] = draft.tell(Fact(shown, "/subject"))
    draft.tell(Fact(code, "/quote_number"), dated(draft, draft.today, "/sent_on", tongue.form))
    sent = datetime(
        draft.today.year,
        draft.today.month,
        draft.today.day,
        9,
        rng.randint(0, 59),
        tzinfo=timezone(timedelta(hours=1)),
    )
    mail["Date"] = format_datetime(sent)
    mail["Message-ID"] = f"<{voice.digits(9)}@{host}>"
    table = rng.random() < 0.4
    offer, net = _offer(draft, tongue, table=table)
    hello = [f"{tongue.hello} {reader},", "", tongue.opening, ""]
    signature = [tongue.bye, writer, host.split(".")[0].title()]
    if rng.random() < 0.75:
        phone = f"+49 431 {voice.digits(6)}" if language == "de" else f"+44 117 496 0{voice.digits(3)}"
        signature.append(draft.tell(f"{tongue.phone} ", Fact(phone, "/phone")))
    rest = [*_after(draft, tongue, net), "", *signature]
    earlier = voice.day(draft.today - timedelta(days=3), tongue.form)
    quoted = (
        ["", f"{earlier}, {reader} {tongue.wrote}", f"> {tongue.asked}", f"> {reader}"]
        if rng.random() < 0.6
        else []
    )
    if table:
        head = "".join(f"<th>{escape(name)}</th>" for name in tongue.heads)
        paragraphs = ["<br>".join(map(escape, lines)) for lines in (hello, [*rest, *quoted])]
        made = f"<p>{paragraphs[0]}</p><table><tr>{head}</tr>{''.join(offer)}</table><p>{paragraphs[1]}</p>"
        mail.set_content(f"<html><body>{made}</body></html>", subtype="html")
    else:
        mail.set_content(
            "\n".join([*hello, *offer, "", *rest, *quoted]) + "\n",
            cte=rng.choice(("8bit", "quoted-printable")),
        )
    return draft.finish("quote_mail", at, suffix="eml", written=mail.as_bytes())


LAYOUTS = (Layout("quote_mail", "mail", _mail, group="fresh"),)
