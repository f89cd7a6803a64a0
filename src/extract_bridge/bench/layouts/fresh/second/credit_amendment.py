"""The first pages of an amendment to a credit agreement: who borrows, who lends how much until when, old terms beside the new."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from extract_bridge.bench.draft import Fact, day, many, new_draft, number, text, thing
from extract_bridge.bench.layouts.fresh.second.hands import numbered, onward, solemn
from extract_bridge.bench.layouts.fresh.strokes import across, dated, nullable, worth
from extract_bridge.bench.layouts.kinds import Layout
from extract_bridge.bench.sheet import FACES

if TYPE_CHECKING:
    from random import Random

    from extract_bridge.bench.document import BenchDocument
    from extract_bridge.bench.draft import Draft, Said
    from extract_bridge.bench.layouts.fresh.strokes import Tabs

_NAMES: dict[str, Any] = {
    "type": "array",
    "items": {"type": "string"},
    "description": "Companies that guarantee the loan",
}
_SCHEMA = thing(
    title=text("Title of the document"),
    amendment_date=day("Date of this amendment"),
    original_agreement_date=day("Date of the credit agreement that is amended"),
    borrower=text(),
    guarantors=_NAMES,
    administrative_agent=text(),
    lenders=many("Commitments after the amendment", name=text(), commitment=number(), share_percent=number()),
    aggregate_commitments=number("Total of the commitments after the amendment"),
    previous_commitments=nullable(number("Total before the amendment")),
    maturity_date=day("As amended"),
    previous_maturity_date=nullable(day()),
    applicable_margin_percent=nullable(number()),
    amendment_fee=nullable(number()),
    maximum_leverage_ratio=nullable(number("x in x to 1.00")),
    governing_law=text(),
    swingline_sublimit=nullable(number()),
)  # fmt: skip
_BORROWERS = (
    ("HARTWELL AGGREGATES, INC.", "Delaware corporation"), ("PINE RIVER LOGISTICS LP", "Texas limited partnership"), ("Northern Kiln Products Company", "Wisconsin corporation"),
)  # fmt: skip
_GUARANTORS = (
    "Hartwell Quarries LLC",
    "HR Trucking, Inc.",
    "Pine River Terminals LLC",
    "Kiln Equipment Leasing Co.",
)
_BANKS = (
    "FIRST MERIDIAN BANK, N.A.",
    "Union Harbor Bank",
    "Granite State Trust Company",
    "Banco Litoral S.A., New York Branch",
    "Old Canal Savings Bank",
)
_NUMBERS = ("FIRST", "SECOND", "THIRD", "FOURTH")


def _opening(draft: Draft, before: Fact) -> float:
    """Title and parties: a title page first, or all in one paragraph."""
    rng, width, middle = draft.rng, draft.right - draft.left, draft.sheet.width / 2
    title = f"{rng.choice(_NUMBERS)} AMENDMENT TO {rng.choice(('', 'AMENDED AND RESTATED ', 'REVOLVING '))}CREDIT AGREEMENT"
    named, (borrower, kind), bank = Fact(title, "/title"), rng.choice(_BORROWERS), rng.choice(_BANKS[:3])
    form = rng.choice(("{month} {d}, {y}", "solemn"))
    made = (
        solemn(draft, draft.today, "/amendment_date")
        if form == "solemn"
        else dated(draft, draft.today, "/amendment_date", form)
    )
    article = "the " if form == "solemn" else ""
    who, agent = Fact(borrower, "/borrower"), Fact(bank, "/administrative_agent")
    if rng.random() < 0.4:
        draft.prose(middle, 190, width - 40, named, bold=True, size=14, align="centre")
        lines: tuple[Said, ...] = (
            "among",
            who,
            "as Borrower,",
            "THE LENDERS PARTY HERETO",
            "and",
            agent,
            "as Administrative Agent",
        )
        draft.prose(middle, 240, width, f"dated as of {article}", made, align="centre")
        for at, line in enumerate(lines):
            draft.say(middle, 290 + at * 26, line, align="centre", bold=isinstance(line, Fact))
        draft.say(middle, 500, f"{rng.choice(_BANKS[3:])}, as Syndication Agent", size=8.5, align="centre")
        draft.sheet.next_page()
    y = draft.prose(middle, 72, width, named, bold=True, size=12, align="centre") + 10
    parts: list[Said] = [
        f"This {title.title()} (this “Amendment”), dated as of {article}", made, ", is entered into among ", who, f", a {kind} (the “Borrower”)",
    ]  # fmt: skip
    backers = rng.sample(_GUARANTORS, rng.randint(0, 3))
    for at, name in enumerate(backers):
        parts += [", ", Fact(name, f"/guarantors/{at}")]
    parts.append(" (the “Guarantors”)" if len(backers) > 1 else " (the “Guarantor”)" if backers else "")
    parts += [
        ", the Lenders party hereto and ",
        agent,
        ", as administrative agent for the Lenders (in such capacity, the “Administrative Agent”).",
    ]
    y = draft.prose(draft.left, y, width, *parts) + 8
    draft.say(middle, y, "RECITALS", bold=True, align="centre")
    recital: list[Said] = [
        "A. The Borrower, the Lenders and the Administrative Agent are parties to a Credit Agreement dated as of ",
        before,
    ]
    recital.append(
        " (as amended prior to the date hereof, the “Credit Agreement”). Capitalized terms have the meanings given to them there."
    )
    y = draft.prose(draft.left, y + 18, width, *recital) + 6
    return (
        draft.prose(
            draft.left,
            y,
            width,
            "B. The Borrower has requested, and the Lenders have agreed to, the amendments set forth below.",
        )
        + 8
    )


def _terms(draft: Draft, total: int, was: int, before: Fact) -> list[tuple[str, list[Said]]]:
    rng, voice = draft.rng, draft.voice
    signed = draft.today.fromisoformat(str(before.value))
    until, until_now = draft.later(900, 2000), signed + timedelta(days=1826)
    form = "{month} {d}, {y}"
    maturity: list[Said] = [
        "The definition of “Maturity Date” in Section 1.01 is amended to mean ",
        dated(draft, until, "/maturity_date", form),
    ]
    if rng.random() < 0.6:
        maturity = [
            "The reference to “",
            dated(draft, until_now, "/previous_maturity_date", form),
            "” in the definition of “Maturity Date” is replaced by “",
        ]
        maturity += [dated(draft, until, "/maturity_date", form), "”"]
    raised: list[Said] = ["The Aggregate Commitments are "]
    if rng.random() < 0.6:
        raised += ["increased from ", worth(draft, was, "/previous_commitments", "${}", places=0), " to "]
    else:
        raised.append("hereby ")
    raised += [
        worth(draft, total, "/aggregate_commitments", "${}", places=0),
        ", and Schedule 2.01 is replaced by the schedule attached to this Amendment",
    ]
    rate, ratio, fee = rng.choice((1.25, 1.75, 2.5)), rng.choice((3.0, 3.5, 4.25)), total // 1000
    margin = Fact(f"{rate:.2f}%", "/applicable_margin_percent", rate)
    clauses: list[tuple[str, list[Said]]] = [("Commitments", [*raised, "."]), ("Maturity", [*maturity, "."])]
    optional: list[tuple[str, list[Said]]] = [
        ("Pricing", ["The Applicable Margin for SOFR Loans shall be ", margin, " per annum; the commitment fee of 0.35% is unchanged."]),
        ("Leverage", ["The Consolidated Leverage Ratio shall not exceed ", Fact(f"{ratio:.2f}", "/maximum_leverage_ratio", ratio), " to 1.00 at the end of any fiscal quarter."]),
        ("Amendment Fee", ["The Borrower shall pay to the Administrative Agent for the account of the Lenders a fee of ", worth(draft, fee, "/amendment_fee", "${}", places=0), "."]),
    ]  # fmt: skip
    clauses += [one for one in optional if rng.random() < 0.6]
    ready = f"This Amendment becomes effective when the Administrative Agent has received counterparts and evidence of insurance of not less than ${voice.number(total // 20, 0)}."
    law: list[Said] = [
        "This Amendment shall be governed by the law of the ",
        Fact(rng.choice(("State of New York", "State of Texas")), "/governing_law"),
        ".",
    ]
    return [*clauses, ("Conditions Precedent", [ready]), ("Governing Law", law)]


def _schedule(draft: Draft, y: float, parts: list[int]) -> None:
    """Who lends how much."""
    rng, total = draft.rng, sum(parts)
    y = onward(draft, y + 12, 90 + 16 * len(parts))
    draft.say(draft.sheet.width / 2, y, "SCHEDULE 2.01 - COMMITMENTS", bold=True, align="centre")
    tabs: Tabs = ((0, "left"), (330, "right"), (draft.right - draft.left, "right"))
    y = across(draft, y + 20, tabs, ("Lender", "Commitment", "Applicable Percentage"), bold=True)
    draft.sheet.line(draft.left, y - 8, draft.right, y - 8)
    names = rng.sample(_BANKS, len(parts))
    for row, (name, part) in enumerate(zip(names, parts, strict=True)):
        share, start = round(part / total * 100, 2), f"/lenders/{row}"
        lent = worth(draft, part, f"{start}/commitment", "${}", places=0)
        y = across(
            draft,
            y + 3,
            tabs,
            (Fact(name, f"{start}/name"), lent, Fact(f"{share:.2f}%", f"{start}/share_percent", share)),
        )
    draft.sheet.line(draft.left + 230, y - 8, draft.left + 330, y - 8)
    across(
        draft,
        y + 4,
        tabs,
        ("Total", worth(draft, total, "/aggregate_commitments", "${}", places=0), "100.00%"),
        bold=True,
    )


def _amendment(rng: Random, at: int) -> BenchDocument:
    draft = new_draft(rng, "en", _SCHEMA, width=612.0, height=792.0, size=10.0, face=FACES[1])
    draft.left = 68.0
    before = dated(draft, draft.later(-1600, -300), "/original_agreement_date", "{month} {d}, {y}")
    parts = [rng.randint(2, 40) * 5_000_000 for _ in range(rng.randint(1, 5))]
    total = sum(parts)
    terms = _terms(draft, total, total - rng.randint(1, total // 5_000_000 - 1) * 5_000_000, before)
    y = numbered(draft, _opening(draft, before), terms, foot="{}")
    _schedule(draft, y, parts)
    return draft.finish("credit_amendment", at)


LAYOUTS = (Layout("credit_amendment", "credit", _amendment, group="fresh"),)
