"""A Swedish letter that is a contract of employment: some terms in a list with tabs, others in sentences, a collective agreement, two signatures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extract_bridge.bench.draft import Fact, day, new_draft, number, text, thing, whole
from extract_bridge.bench.layouts.fresh.strokes import ONE_LINE, dated, tick, worth
from extract_bridge.bench.layouts.kinds import Layout

if TYPE_CHECKING:
    from random import Random

    from extract_bridge.bench.document import BenchDocument
    from extract_bridge.bench.draft import Draft, Said

_SCHEMA = thing(
    employer=thing("", name=text("Arbetsgivare"), orgNumber=text("Organisationsnummer"), signatory=text("Person who signs for the employer")),
    employee=thing("", name=text(), personalNumber=text("Personnummer"), address=text()),
    jobTitle=text("Befattning"),
    workplace=text("City or site"),
    startDate=day("Tillträdesdag"),
    endDate=day("Only for fixed-term employment"),
    employmentForm=text("Anställningsform", enum=["Tillsvidareanställning", "Visstidsanställning", "Provanställning"]),
    degreePercent=whole("Sysselsättningsgrad i procent"),
    monthlySalary=number("Before tax"),
    vacationDays=whole("Per year"),
    noticeMonths=whole("Uppsägningstid i månader"),
    collectiveAgreement=text("Kollektivavtal"),
    pensionPlan=text(),
    manager=text("Närmaste chef"),
    signingBonus=number(),
    letterDate=day(),
    companyCar=text(),
)  # fmt: skip
_FIRMS = (
    "Västerbottens Vindkraft AB",
    "Skåne Mejeri & Glass AB",
    "Kompassrosen Förlag AB",
    "Siljans Båtvarv AB",
)
_JOBS = ("Redovisningsekonom", "Drifttekniker", "Projektledare inköp", "Mejerist", "Systemutvecklare")
_RULES = (
    ("Teknikavtalet IF Metall", "SAF-LO"),
    ("Tjänstemannaavtalet Unionen", "ITP 1"),
    ("Livsmedelsavtalet", ""),
)
_FORMS = ("{d} {month} {y}", "{y}-{m:02}-{d:02}")


def _terms(draft: Draft, form: str) -> list[tuple[str, list[Said]]]:
    """What was agreed: a label, and parts of a sentence or of an entry."""
    rng, voice = draft.rng, draft.voice
    kind = rng.choice(("Tillsvidareanställning", "Tillsvidareanställning", "Visstidsanställning"))
    begin = dated(draft, draft.later(14, 90), "/startDate", form)
    until: list[Said] = [begin]
    if kind.startswith("Viss"):
        until += [" t.o.m. ", dated(draft, draft.later(200, 420), "/endDate", form)]
    pay, share, free = rng.randint(270, 640) * 100, rng.choice((100, 100, 80, 75)), rng.choice((25, 28, 30))
    salary = worth(draft, pay, "/monthlySalary", rng.choice(("{} kr", "{} SEK", "{} kronor")), places=0)
    rule, plan = rng.choice(_RULES)
    months = rng.choice((1, 2, 3))
    terms: list[tuple[str, list[Said]]] = [
        ("Befattning", [Fact(rng.choice(_JOBS), "/jobTitle")]),
        ("Anställningsform", [Fact(kind, "/employmentForm")]),
        ("Tillträde", until),
        ("Arbetsplats", [Fact(voice.homes(1)[0].town.split(" ")[-1], "/workplace")]),
        ("Sysselsättningsgrad", [Fact(f"{share} %", "/degreePercent", share), f" ({voice.number(40 * share / 100, 1)} timmar/vecka)"]),
        ("Lön", [salary, " per månad före skatt. Nästa lönerevision sker i april."]),
        ("Semester", [Fact(str(free), "/vacationDays", free), " dagar per år enligt lag och avtal"]),
        ("Uppsägningstid", [Fact(str(months), "/noticeMonths", months), " månader" if months > 1 else " månad", " ömsesidigt"]),
        ("Kollektivavtal", [Fact(rule, "/collectiveAgreement")]),
    ]  # fmt: skip
    if plan:
        terms.append(("Tjänstepension", ["Enligt ", Fact(plan, "/pensionPlan")]))
    if rng.random() < 0.5:
        terms.insert(rng.randint(1, 4), ("Närmaste chef", [Fact(voice.person(), "/manager")]))
    if rng.random() < 0.2:
        bonus = worth(draft, float(rng.choice((10000, 25000))), "/signingBonus", "{} kr", places=0)
        terms.append(("Engångsbelopp", [bonus, " utbetalas med första lönen"]))
    return terms


def _boxes(draft: Draft, y: float, form: Said) -> float:
    """The kind of employment as boxes, one of them crossed."""
    x, chosen = draft.left + 150, form.text if isinstance(form, Fact) else form
    for label in ("Tillsvidareanställning", "Visstidsanställning", "Provanställning"):
        x = tick(draft, x, y, label, on=label == chosen, at="/employmentForm")
    return y + draft.step


def _letter(rng: Random, at: int) -> BenchDocument:
    draft = new_draft(rng, "sv", _SCHEMA, size=9.5)
    voice = draft.voice
    draft.left = 60.0
    width, form = draft.right - draft.left, rng.choice(_FORMS)
    firm, who, homes = rng.choice(_FIRMS), voice.person(), voice.homes(2)
    draft.say(draft.right, 50, Fact(firm, "/employer/name"), bold=True, size=12, align="right")
    draft.say(draft.right, 63, homes[0].line, size=8, align="right")
    org = Fact(f"55{voice.digits(4)}-{voice.digits(4)}", "/employer/orgNumber")
    draft.prose(draft.right - 90, 75, ONE_LINE, "Org.nr ", org, size=8)
    y = draft.lines(draft.left, 110, Fact(who, "/employee/name"))
    y = draft.block(draft.left, y, (homes[1].street, homes[1].town), "/employee/address")
    born = f"{rng.randint(62, 99)}{rng.randint(1, 12):02}{rng.randint(10, 28)}-{voice.digits(4)}"
    if rng.random() < 0.75:
        y = draft.prose(draft.left, y, ONE_LINE, "Personnr: ", Fact(born, "/employee/personalNumber"))
    draft.prose(
        draft.left,
        y + 20,
        ONE_LINE,
        f"{homes[0].town.split(' ')[-1]} den ",
        dated(draft, draft.today, "/letterDate", form),
    )
    y = (
        draft.prose(
            draft.left,
            y + 48,
            width,
            rng.choice(("Anställningsavtal", "Bekräftelse av anställning")),
            bold=True,
            size=13,
        )
        + 4
    )
    y = (
        draft.prose(
            draft.left,
            y,
            width,
            f"Hej {who.split(' ')[0]}! Vi är glada att få välkomna dig till oss. Nedan följer villkoren så som vi kom överens om vid mötet den {voice.day(draft.later(-20, -4), form)}.",
        )
        + 8
    )
    listed, boxed = rng.random() < 0.55, rng.random() < 0.4
    for label, parts in _terms(draft, form):
        if listed:
            draft.say(draft.left, y, label, grey=True)
            if label == "Anställningsform" and boxed:
                y = _boxes(draft, y, parts[0])
            else:
                y = draft.prose(draft.left + 150, y, width - 150, *parts)
        else:
            y = draft.prose(draft.left, y, width, f"{label}: ", *parts) + 4
    note = "Avtalet upprättas i två exemplar. Ändringar ska göras skriftligen. Provanställning tillämpas inte. Sjukanmälan görs första dagen före kl. 8."
    y = draft.prose(draft.left, y + 10, width, note) + 36
    draft.say(draft.left, y, "............................................")
    draft.say(draft.left + 260, y, "............................................")
    draft.lines(draft.left, y + 14, Fact(voice.person(), "/employer/signatory"), f"för {firm}", size=8.5)
    draft.lines(draft.left + 260, y + 14, who, "arbetstagare", size=8.5)
    return draft.finish("calibration", at)


LAYOUTS = (Layout("hiring_letter", "employment", _letter, group="calibration"),)
