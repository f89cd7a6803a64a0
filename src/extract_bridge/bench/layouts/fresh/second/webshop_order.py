"""A Dutch web shop's invoice: nobody says who the sender is, each line of the order takes two, prices include tax."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extract_bridge.bench.draft import Fact, day, many, new_draft, number, text, thing, whole
from extract_bridge.bench.layouts.fresh.second.hands import onward
from extract_bridge.bench.layouts.fresh.strokes import ONE_LINE, across, dated, worth
from extract_bridge.bench.layouts.kinds import Layout

if TYPE_CHECKING:
    from random import Random

    from extract_bridge.bench.document import BenchDocument
    from extract_bridge.bench.draft import Draft, Said
    from extract_bridge.bench.layouts.fresh.strokes import Tabs
    from extract_bridge.bench.sheet import Align

_SCHEMA = thing(
    winkel=text("Naam van de verkoper"),
    winkelAdres=text(),
    kvkNummer=text(),
    btwNummer=text(),
    factuurnummer=text(),
    factuurdatum=day(),
    bestelnummer=text(),
    besteldatum=day("Datum van de bestelling"),
    klantnaam=text(),
    bezorgadres=text("Straat en plaats"),
    regels=many(
        "Bestelde artikelen", artikelnummer=text(), omschrijving=text(), aantal=whole(), prijs=number(), bedrag=number()
    ),
    korting=number("Kortingscode of actie, positief getal"),
    verzendkosten=number(),
    totaal=number("Inclusief btw"),
    btwHoog=number("Bedrag van 21% btw"),
    btwLaag=number("Bedrag van 9% btw"),
    betaalmethode=text(),
    trackAndTrace=text(),
)  # fmt: skip
_SHOPS = ("Fietsenwinkeltje.example", "De Groene Keuken", "Kantoorhandel Snel & Co", "Bol van Garen")
_GOODS = (
    ("Fietsbel messing 60 mm", "Kleur: goud", 21), ("Katoengaren 8/4, bol 50 gram", "Kleur: 114 oudroze", 21),
    ("Notitieboek A5 gelinieerd, harde kaft met elastiek", "Variant: donkerblauw", 21), ("Havermout grof 1 kg", "Biologisch", 9),
    ("Olijfolie extra vierge", "Inhoud: 750 ml", 9), ("Kookboek Groente voorop", "Druk: 3", 9),
    ("Binnenband 28 inch, Hollands ventiel 40 mm", "Verpakking: doosje", 21),
)  # fmt: skip
_TABS: tuple[Tabs, ...] = (
    ((0, "left"), (330, "right"), (410, "right"), (495, "right")),
    ((40, "left"), (26, "right"), (400, "right"), (480, "right")),
)


def _sender(draft: Draft) -> None:
    """Name, address and numbers of the shop, without a word of what they are."""
    rng, voice = draft.rng, draft.voice
    home, x = voice.homes(1)[0], draft.right
    align: Align = "right"
    if rng.random() < 0.5:
        x, align = draft.left + 320, "left"
    draft.say(x, 52, Fact(rng.choice(_SHOPS), "/winkel"), bold=True, size=13, align=align)
    inks = [
        draft.say(x, 66 + 11 * at, line, size=8, align=align)
        for at, line in enumerate((home.street, home.town))
    ]
    draft.state(Fact(home.line, "/winkelAdres"), *inks)
    tax = f"NL{voice.digits(9)}B0{rng.randint(1, 3)}"
    lines: list[list[Said]] = [
        ["KvK ", Fact(voice.digits(8), "/kvkNummer")],
        ["Btw ", Fact(tax, "/btwNummer")],
        ["klantenservice@winkel.example"],
    ]
    for at, parts in enumerate(lines):
        draft.prose(x, 88 + at * 11, ONE_LINE, *parts, size=8, align=align)


def _head(draft: Draft) -> float:
    rng, voice, left = draft.rng, draft.voice, draft.left
    _sender(draft)
    draft.say(left, 56, "Factuur", size=22)
    y = draft.lines(left, 112, Fact(voice.person(), "/klantnaam"))
    home = voice.homes(1)[0]
    y = draft.block(left, y, (home.street, home.town), "/bezorgadres") + 16
    form = rng.choice(("{d:02}-{m:02}-{y}", "{d} {month} {y}", "{d}-{m}-{y}"))
    entries: list[tuple[str, Said]] = [
        ("Factuurnummer:", Fact(f"{draft.today.year}{rng.randint(1, 99999):05}", "/factuurnummer")),
        ("Factuurdatum:", dated(draft, draft.today, "/factuurdatum", form)),
        ("Bestelnummer:", Fact(voice.digits(9), "/bestelnummer")),
        ("Besteld op:", dated(draft, draft.later(-6, 0), "/besteldatum", form)),
    ]
    if rng.random() < 0.7:
        paid = rng.choice(("iDEAL", "Creditcard", "Achteraf betalen", "Bancontact"))
        entries.append((rng.choice(("Betaald met:", "Betaalwijze:")), Fact(paid, "/betaalmethode")))
    rng.shuffle(entries)
    if rng.random() < 0.5:
        return draft.labels(left, y, left + 90, entries) + 14
    for at, (label, what) in enumerate(entries):
        draft.prose(left + at % 2 * 220, y + at // 2 * draft.step, ONE_LINE, f"{label} ", what)
    return y + 3 * draft.step + 14


def _lines(draft: Draft, y: float) -> tuple[float, dict[int, float]]:
    """The order: what it is on one line, its number and its kind on the next; gross sums by rate of tax."""
    rng, gross, manner = draft.rng, {21: 0.0, 9: 0.0}, draft.rng.randrange(2)
    tabs, heads = (
        _TABS[manner],
        (("Artikel", "Aantal", "Prijs", "Totaal"), ("Product", "", "Per stuk", "Bedrag"))[manner],
    )
    y = across(draft, y, tabs, heads, bold=True)
    draft.sheet.line(draft.left, y - 8, draft.right, y - 8)
    y += 5
    for row in range(rng.choice((1, 2, 3, 5, 9, 22))):
        y, start = onward(draft, y, 30), f"/regels/{row}"
        (name, kind, rate), count, price = rng.choice(_GOODS), rng.randint(1, 4), draft.amount(1, 60)
        total = round(count * price, 2)
        gross[rate] = round(gross[rate] + total, 2)
        cells: list[Said] = [
            Fact(name, f"{start}/omschrijving"), Fact(f"{count}{'' if not manner else ' x'}", f"{start}/aantal", count),
            worth(draft, price, f"{start}/prijs", "€ {}"), worth(draft, total, f"{start}/bedrag", "€ {}"),
        ]  # fmt: skip
        y, code = across(draft, y, tabs, cells), Fact(draft.voice.digits(6), f"{start}/artikelnummer")
        parts = ("Art.nr. ", code, f" | {kind}") if rng.random() < 0.6 else (f"{kind} - artikelnummer ", code)
        y = draft.prose(draft.left + tabs[0][0], y, ONE_LINE, *parts, size=7.5, grey=True) + 4
    draft.sheet.line(draft.left, y - 8, draft.right, y - 8)
    return y + 6, gross


def _sums(draft: Draft, y: float, gross: dict[int, float]) -> None:
    rng, goods = draft.rng, sum(gross.values())
    off = round(goods * 0.1, 2) if rng.random() < 0.4 else 0.0
    post = rng.choice((0.0, 3.95, 4.95)) if goods < 150 else 0.0
    entries: list[tuple[str, Said]] = [("Subtotaal artikelen", f"€ {draft.voice.number(goods)}")]
    if off:
        entries.append(
            (f"Korting (code {rng.choice(('ZOMER10', 'WELKOM'))})", worth(draft, off, "/korting", "€ -{}"))
        )
    entries.append(("Verzendkosten", worth(draft, post, "/verzendkosten", "€ {}")))
    y = draft.labels(draft.right - 220, y, draft.right - 2, entries, align="right") + 3
    total = worth(draft, round(goods - off + post, 2), "/totaal", "€ {}")
    draft.say(draft.right - 220, y, rng.choice(("Totaal incl. btw", "Totaalbedrag")), bold=True)
    draft.say(draft.right - 2, y, total, bold=True, align="right")
    y += draft.step * 1.3
    for rate, at in ((21, "/btwHoog"), (9, "/btwLaag")):
        base = gross[rate] * (1 - off / goods) + (post if rate == 21 else 0.0)
        if base:
            tax = worth(draft, round(base * rate / (100 + rate), 2), at, "€ {}")
            draft.say(draft.right - 220, y, f"Waarvan btw {rate}%", size=8)
            draft.say(draft.right - 2, y, tax, size=8, align="right")
            y += draft.step
    if rng.random() < 0.5:
        code = Fact(f"3S{rng.choice('ABKX')}{draft.voice.digits(9)}", "/trackAndTrace")
        draft.prose(draft.left, y + 20, ONE_LINE, "Je pakket volgen? Track & trace: ", code)
    words = "Niet tevreden? Je hebt 30 dagen bedenktijd. Stuur het artikel terug met het retourformulier op onze site."
    draft.prose(draft.left, draft.sheet.height - 56, 400, words, size=7.5, grey=True)


def _order(rng: Random, at: int) -> BenchDocument:
    draft = new_draft(rng, "nl", _SCHEMA)
    y, gross = _lines(draft, _head(draft))
    _sums(draft, onward(draft, y, 130), gross)
    return draft.finish("webshop_order", at)


LAYOUTS = (Layout("webshop_order", "webshop", _order, group="fresh"),)
