"""A letter by which a bidder promises to keep a company's secrets: addresses of a letter, promises in paragraphs, accepted below by the other side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extract_bridge.bench.draft import Fact, day, new_draft, text, thing, whole
from extract_bridge.bench.layouts.fresh.second.hands import AMERICAN_TOWNS, onward
from extract_bridge.bench.layouts.fresh.strokes import dated, nullable
from extract_bridge.bench.layouts.kinds import Layout
from extract_bridge.bench.sheet import FACES

if TYPE_CHECKING:
    from random import Random

    from extract_bridge.bench.document import BenchDocument
    from extract_bridge.bench.draft import Draft, Said

_SCHEMA = thing(
    letterDate=day(),
    disclosingParty=text("Company whose information is protected"),
    receivingParty=text("Company or person that promises confidentiality"),
    receivingPartyAddress=text(),
    projectName=nullable(text("Code name of the transaction")),
    termMonths=nullable(whole("Duration of the obligations in months")),
    standstillMonths=nullable(whole("Months without buying the company's shares")),
    nonSolicitMonths=nullable(whole("Months without hiring the company's employees")),
    governingLaw=text(),
    contactPerson=nullable(text("To whom requests shall be directed")),
    signatory=thing("Who signs for the disclosing party", name=text(), title=text()),
    acceptedBy=thing("Who accepts", name=nullable(text()), title=nullable(text()), date=nullable(day())),
    terminationFee=nullable({"type": "number"}),
)
_TARGETS = (
    "Hollis Paper Company",
    "Merrow Dental Group, Inc.",
    "Vantage Cold Storage Corp.",
    "Saddleback Brewing Co.",
)
_BIDDERS = (
    "Ironbridge Capital Partners LP",
    "Nils A. Thorvald",
    "Greyfield Industries, Inc.",
    "Castellan Equity IV, L.P.",
)
_PROJECTS = ("Project Heron", "Project Lodestar", "Project Maple")
_LAWS = ("State of New York", "State of Illinois", "State of California", "Province of Ontario")
_MONTHS = {12: "twelve", 18: "eighteen", 24: "twenty-four", 36: "thirty-six"}


def _head(draft: Draft, target: str, bidder: str) -> float:
    rng, voice, left = draft.rng, draft.voice, draft.left
    middle = rng.random() < 0.5
    x = draft.sheet.width / 2 if middle else left
    draft.say(
        x, 58, Fact(target, "/disclosingParty"), bold=True, size=13, align="centre" if middle else "left"
    )
    draft.say(
        x,
        72,
        f"{rng.randint(10, 900)} Foundry Road, {rng.choice(AMERICAN_TOWNS)}",
        size=8,
        align="centre" if middle else "left",
    )
    made = dated(draft, draft.today, "/letterDate", "{month} {d}, {y}")
    y = draft.lines(rng.choice((left, left + 290)), 106, made)
    if rng.random() < 0.5:
        y = draft.lines(left, y + 8, rng.choice(("PERSONAL AND CONFIDENTIAL", "VIA E-MAIL")))
    y = draft.lines(left, y + 8, Fact(bidder, "/receivingParty"))
    y = draft.block(
        left, y, (f"{voice.digits(3)} Commerce Plaza", rng.choice(AMERICAN_TOWNS)), "/receivingPartyAddress"
    )
    return draft.lines(left, y + 10, "Ladies and Gentlemen:") + 6


def _months(draft: Draft, at: str) -> list[Said]:
    """A number of months in words and figures."""
    value = draft.rng.choice((12, 18, 24, 36))
    return [f"{_MONTHS[value]} (", Fact(str(value), at, value), ") months"]


def _paragraphs(draft: Draft, target: str) -> list[list[Said]]:
    rng = draft.rng
    about: list[Said] = [
        "In connection with your interest in a possible negotiated transaction with ",
        Fact(target, "/disclosingParty"),
        " (the “Company”)",
    ]
    if rng.random() < 0.6:
        about += [", referred to as “", Fact(rng.choice(_PROJECTS), "/projectName"), "”"]
    about.append(
        ", you have asked for certain information that is not public. As a condition to your being furnished with it, you agree to the terms of this letter."
    )
    use: list[Said] = [
        "You will keep the Evaluation Material confidential and use it solely to evaluate the transaction. You may share it with your directors, lawyers and lenders who need to know it."
    ]
    back: list[Said] = [
        "If you decide not to proceed, you will tell us promptly and, within ",
        f"{rng.choice(('ten (10)', '5', 'fourteen (14)'))} days, destroy all copies.",
    ]
    paragraphs = [about, use, back]
    if rng.random() < 0.6:
        paragraphs.append(
            [
                "For a period of ",
                *_months(draft, "/nonSolicitMonths"),
                " from the date hereof you will not solicit for employment any officer or employee of the Company with whom you had contact.",
            ]
        )
    if rng.random() < 0.5:
        paragraphs.append(
            [
                "You further agree that for ",
                *_months(draft, "/standstillMonths"),
                " neither you nor your affiliates will acquire any securities of the Company, or seek to influence its management.",
            ]
        )
    if rng.random() < 0.6:
        who = Fact(draft.voice.person(), "/contactPerson")
        paragraphs.append(
            [
                "All communications regarding the transaction shall be directed to ",
                who,
                " and to no other employee. Nothing in this letter obliges either side to complete a transaction.",
            ]
        )
    ends: list[Said] = [
        "Your obligations under this letter will expire ",
        *_months(draft, "/termMonths"),
        " after its date, except as otherwise stated.",
    ]
    law: list[Said] = [
        "This letter is governed by the laws of the ",
        Fact(rng.choice(_LAWS), "/governingLaw"),
        ". It may be signed in counterparts and amended only in writing.",
    ]
    return [*paragraphs, *([ends] if rng.random() < 0.8 else []), law]


def _signatures(draft: Draft, y: float, target: str, bidder: str) -> None:
    rng, left = draft.rng, draft.left
    x = draft.left + rng.choice((0.0, 240.0))
    draft.say(x, y, "Very truly yours,")
    draft.say(x, y + 18, target.upper(), bold=True)
    name, title = (
        Fact(draft.voice.person(), "/signatory/name"),
        Fact(rng.choice(("General Counsel", "Chairman", "CEO")), "/signatory/title"),
    )
    draft.say(x, y + 50, "By: ______________________")
    draft.labels(x, y + 64, x + 36, (("Name:", name), ("Title:", title)))
    y += 108
    draft.say(
        left,
        y,
        rng.choice(("Accepted and agreed as of the date first written above:", "ACKNOWLEDGED AND AGREED:")),
    )
    draft.say(left, y + 18, bidder.upper(), bold=True)
    draft.say(left, y + 50, "By: ______________________")
    if rng.random() < 0.7:
        other = Fact(rng.choice(("R. Castellan", "Dana Fitch", "Nils A. Thorvald")), "/acceptedBy/name")
        rank, when = (
            Fact(rng.choice(("Partner", "Authorized Signatory")), "/acceptedBy/title"),
            dated(draft, draft.later(0, 6), "/acceptedBy/date", "{m}/{d}/{y}"),
        )
        draft.labels(left, y + 64, left + 36, (("Name:", other), ("Title:", rank), ("Date:", when)))


def _letter(rng: Random, at: int) -> BenchDocument:
    draft = new_draft(
        rng, "en", _SCHEMA, width=612.0, height=792.0, size=10.0, face=rng.choice((FACES[1], FACES[0]))
    )
    draft.left = 72.0
    target, bidder = rng.choice(_TARGETS), rng.choice(_BIDDERS)
    y, marked = _head(draft, target, bidder), rng.random() < 0.4
    for row, parts in enumerate(_paragraphs(draft, target)):
        y = onward(draft, y, 70, foot="- {} -")
        y = (
            draft.prose(
                draft.left, y, draft.right - draft.left, *([f"{row}. "] if marked and row else []), *parts
            )
            + 8
        )
    _signatures(draft, onward(draft, y + 6, 215, foot="- {} -"), target, bidder)
    return draft.finish("one_sided_secrecy", at)


LAYOUTS = (Layout("one_sided_secrecy", "agreement", _letter, group="fresh"),)
