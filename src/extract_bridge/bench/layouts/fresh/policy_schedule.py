"""A Dutch insurance schedule: labels and values around a column of colons, covers with and without a premium, clauses, dotted sums."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extract_bridge.bench.blocks import Column
from extract_bridge.bench.draft import Fact, day, many, new_draft, number, text, thing, whole
from extract_bridge.bench.layouts.fresh.strokes import ONE_LINE, dated, leader, required, worth
from extract_bridge.bench.layouts.kinds import Layout

if TYPE_CHECKING:
    from random import Random

    from extract_bridge.bench.document import BenchDocument
    from extract_bridge.bench.draft import Draft, Said

_SCHEMA = thing(
    polis=required(
        thing(
            "Gegevens van de polis",
            polisnummer=text(),
            soort_verzekering=text("Naam van het product"),
            ingangsdatum=day(),
            contractvervaldatum=day("Einde van de contracttermijn"),
            looptijd_maanden=whole(),
            reden_afgifte=text(),
        ),
        "polisnummer",
    ),
    verzekeraar=text(),
    verzekeringnemer=thing(naam=text(), adres=text(), geboortedatum=day()),
    tussenpersoon=text("Adviseur of assurantiekantoor"),
    kenteken=text("Alleen bij een motorrijtuigverzekering"),
    dekkingen=many(
        "Elke rij van de dekkingstabel",
        dekking=text(),
        verzekerd_bedrag=number("Leeg als er geen bedrag staat"),
        eigen_risico=number(),
        premie=number("Premie per jaar"),
    ),
    clausules={"type": "array", "items": {"type": "string"}, "description": "Codes van de clausules"},
    netto_premie=number(),
    assurantiebelasting=number(),
    poliskosten=number(),
    te_betalen=number("Totale premie inclusief belasting en kosten"),
    betaaltermijn=text(enum=["maand", "kwartaal", "jaar"]),
    schadevrije_jaren=whole(),
)
_HOUSE = (
    ("Inboedel", 0), ("Opstal (herbouwwaarde)", 0), ("Buitenshuis diefstal", 1), ("Glas", 2),
    ("Aansprakelijkheid particulieren", 1), ("Kostbaarheden en sieraden", 1), ("Tuin en tuinaanleg", 2),
)  # fmt: skip
_CAR = (
    ("Wettelijke aansprakelijkheid", 0), ("Volledig casco", 0), ("Rechtsbijstand verkeer", 2),
    ("Ongevallen inzittenden", 1), ("Hulpverlening Europa", 2), ("Schadeverzekering inzittenden", 1),
)  # fmt: skip
_CLAUSES = (
    (
        "A102",
        "Preventieclausule inbraak: alle toegangsdeuren zijn voorzien van goedgekeurd hang- en sluitwerk.",
    ),
    ("T017", "Terrorismedekking volgens het protocol van de herverzekeringsmaatschappij."),
    ("B3.1", "Onderverzekering wordt niet toegepast zolang de waardemeter juist is ingevuld."),
    ("M44", "Alarmsysteem klasse 3 vereist bij een cataloguswaarde boven € 50.000."),
)
_FORMS = ("{d:02}-{m:02}-{y}", "{d} {month} {y}")


def _colons(draft: Draft, y: float, entries: list[tuple[str, Said]]) -> float:
    """Labels and values on both sides of a column of colons."""
    for label, what in entries:
        draft.say(draft.left, y, label)
        draft.prose(draft.left + 132, y, ONE_LINE, ": ", what)
        y += draft.step
    return y


def _head(draft: Draft, car: bool, form: str) -> float:
    rng, voice = draft.rng, draft.voice
    insurer = rng.choice(("Noordzee Schade N.V.", "Onderlinge De Klok U.A.", "Merwede Verzekeringen"))
    draft.say(draft.left, 60, Fact(insurer, "/verzekeraar"), size=13, bold=True)
    draft.say(draft.right, 60, rng.choice(("POLISBLAD", "Polis", "Wijzigingsblad")), size=17, align="right")
    product = rng.choice(
        ("Personenauto Compleet", "Autoverzekering") if car else ("Woonpakket Plus", "Huis & Haard")
    )
    home, months = voice.homes(1)[0], rng.choice((12, 36))
    begin = draft.later(1, 40).replace(day=1)
    end = begin.replace(year=begin.year + months // 12)
    entries: list[tuple[str, Said]] = [
        ("Polisnummer", Fact(f"{voice.digits(2)}.{voice.digits(3)}.{voice.digits(3)}", "/polis/polisnummer")),
        ("Verzekering", Fact(product, "/polis/soort_verzekering")),
        ("Ingangsdatum", dated(draft, begin, "/polis/ingangsdatum", form)),
        ("Contractvervaldatum", dated(draft, end, "/polis/contractvervaldatum", form)),
    ]
    if rng.random() < 0.5:
        entries.append(("Contractduur", Fact(f"{months} maanden", "/polis/looptijd_maanden", months)))
    if rng.random() < 0.6:
        why = rng.choice(("Nieuwe verzekering", "Adreswijziging", "Prolongatie"))
        entries.append(("Reden van afgifte", Fact(why, "/polis/reden_afgifte")))
    y = _colons(draft, 92, entries) + draft.step
    born = draft.later(-28000, -8000)
    people: list[tuple[str, Said]] = [
        ("Verzekeringnemer", Fact(voice.person(), "/verzekeringnemer/naam")),
        ("Adres", Fact(home.line, "/verzekeringnemer/adres")),
    ]
    if rng.random() < 0.7:
        people.append(("Geboortedatum", dated(draft, born, "/verzekeringnemer/geboortedatum", form)))
    if rng.random() < 0.7:
        agent = rng.choice(
            ("Assurantiekantoor Hoekstra", "De Wit & Bakker Adviseurs", "Kuipers Financieel Advies")
        )
        people.append(("Uw adviseur", Fact(agent, "/tussenpersoon")))
    y = _colons(draft, y, people) + draft.step
    if car:
        plate = f"{rng.choice('GHJKLN')}-{voice.digits(3)}-{rng.choice(('BX', 'DR', 'TS'))}"
        free = rng.randint(0, 20)
        y = _colons(draft, y, [
            ("Merk en type", rng.choice(("Volkswagen Golf 1.5 TSI", "Kia Picanto", "Volvo V60 T6"))),
            ("Kenteken", Fact(plate, "/kenteken")),
            ("Schadevrije jaren", Fact(str(free), "/schadevrije_jaren", free)),
        ]) + draft.step  # fmt: skip
    return y


def _covers(draft: Draft, y: float, *, car: bool) -> tuple[float, float]:
    rng, net = draft.rng, 0.0
    share = (0.4, 0.22, 0.18, 0.2)
    heads = rng.choice((("Dekking", "Verzekerd bedrag", "Eigen risico", "Premie per jaar"),
                        ("Verzekerd is", "Maximaal", "Eigen risico", "Jaarpremie")))  # fmt: skip
    aligns = ("left", "right", "right", "right")
    columns = [Column(*one) for one in zip(heads, share, aligns, strict=True)]  # type: ignore[arg-type]
    grid = draft.table(
        draft.left, draft.right - draft.left, columns, rng.choice(("plain", "zebra", "lines", "ruled"))
    )
    y = grid.head(y)
    known = list(_CAR if car else _HOUSE)
    chosen = [known[0], *rng.sample(known[1:], rng.randint(1, len(known) - 1))]
    for row, (name, kind) in enumerate(chosen):
        start, sum_of = f"/dekkingen/{row}", float(rng.randint(1, 90) * (10000 if not kind else 500))
        own = rng.choice((0, 75, 135, 250, 500))
        net = round(net + (price := draft.amount(9, 320)), 2)
        limits: list[Said] = [worth(draft, sum_of, f"{start}/verzekerd_bedrag", "€ {}", places=0)]
        limits.append(worth(draft, own, f"{start}/eigen_risico", "€ {}", places=0) if own else "-")
        if kind == 2:
            limits = [rng.choice(("Meeverzekerd", "volgens voorwaarden")), ""]
        y = draft.row(
            grid, y, [Fact(name, f"{start}/dekking"), *limits, worth(draft, price, f"{start}/premie")]
        )
    return y + draft.step * 1.5, net


def _schedule(rng: Random, at: int) -> BenchDocument:
    draft = new_draft(rng, "nl", _SCHEMA, size=9.0)
    car, form = rng.random() < 0.5, rng.choice(_FORMS)
    y, net = _covers(draft, _head(draft, car, form), car=car)
    tax, cost, edge = round(net * 0.21, 2), rng.choice((0.0, 5.0, 7.5)), draft.left + 300
    total = round(net + tax + cost, 2)
    y = leader(draft, draft.left, y, edge, "Nettopremie", worth(draft, net, "/netto_premie", "€ {}"))
    y = leader(
        draft,
        draft.left,
        y,
        edge,
        "Assurantiebelasting 21%",
        worth(draft, tax, "/assurantiebelasting", "€ {}"),
    )
    if cost:
        y = leader(draft, draft.left, y, edge, "Poliskosten", worth(draft, cost, "/poliskosten", "€ {}"))
    y = leader(draft, draft.left, y, edge, "Totaal te betalen", worth(draft, total, "/te_betalen", "€ {}"))
    term = rng.choice(("maand", "kwartaal", "jaar"))
    y = draft.prose(
        draft.left,
        y + 6,
        ONE_LINE,
        "De premie wordt per ",
        Fact(term, "/betaaltermijn"),
        " afgeschreven van uw rekening.",
    )
    if rng.random() < 0.75:
        draft.say(draft.left, y + 12, "Clausules", bold=True)
        y += 12 + draft.step
        for place, (code, words) in enumerate(rng.sample(_CLAUSES, rng.randint(1, 3))):
            draft.say(draft.left, y, Fact(code, f"/clausules/{place}"))
            y = draft.prose(draft.left + 40, y, draft.right - draft.left - 40, words)
    issued = f"Afgegeven te {draft.voice.homes(1)[0].town[8:]}, {draft.voice.day(draft.today, form)}"
    draft.prose(draft.left, y + 18, ONE_LINE, issued, size=8)
    draft.say(
        draft.left,
        draft.sheet.height - 40,
        f"{draft.facts['/verzekeraar']} - Postbus {draft.voice.digits(4)}",
        size=7,
        grey=True,
    )
    return draft.finish("policy_schedule", at)


LAYOUTS = (Layout("policy_schedule", "insurance", _schedule, group="fresh"),)
