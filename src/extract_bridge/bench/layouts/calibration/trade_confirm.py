"""A broker's confirmations in American English, a trade a page: terms in a band of small captions over figures, commissions added or taken off, notes in legal prose."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from extract_bridge.bench.draft import Fact, day, new_draft, number, text, thing, whole
from extract_bridge.bench.layouts.fresh.strokes import ONE_LINE, dated, worth
from extract_bridge.bench.layouts.kinds import Layout
from extract_bridge.bench.sheet import FACES

if TYPE_CHECKING:
    from random import Random

    from extract_bridge.bench.document import BenchDocument
    from extract_bridge.bench.draft import Draft, Said

_SCHEMA = thing(
    "One trade per page",
    ConfirmNo=text(),
    Side=text("", enum=["BOUGHT", "SOLD"]),
    Security=text("Name of the security"),
    Cusip=text(),
    Symbol=text(),
    Quantity=whole("Shares or face amount"),
    Price=number("Per share"),
    Principal=number("Gross amount before charges"),
    Commission=number(),
    Fees=number("Transaction or SEC fee"),
    NetAmount=number(),
    TradeDate=day(),
    SettlementDate=day(),
    Account=text(),
    Capacity=text("Agent or principal"),
    AccruedInterest=number("Bonds only"),
    Rep=text("Registered representative"),
)
_PAPERS = (
    ("CALDERA MICRO DEVICES INC COM", "CLDR", "128765"), ("Northern Prairie Rail Corp Class B", "NPR.B", "665901"), ("ISLE OF PALMS UTIL HLDG", "IPU", "46428A"),
    ("GREENBRIAR REIT INC SHS BEN INT", "GBRT", "393222"), ("Tessera Bio PLC Sponsored ADR", "TSBO", "88167T"),
)  # fmt: skip
_FORMS = ("{m:02}/{d:02}/{y}", "{m:02}-{d:02}-{yy}", "{mon} {d}, {y}")


def _money(draft: Draft, row: int, side: str) -> tuple[dict[str, Said], list[tuple[str, Said]]]:
    """What was traded, and what it came to."""
    rng = draft.rng
    count, price = rng.choice((50, 100, 250, 400, 1200, 7500)), rng.randint(3000, 420000) / 1000
    gross = round(count * price, 2)
    fee = rng.choice((0.0, 4.95, 19.5, round(gross * 0.004, 2)))
    tax = round(gross * 0.0000278 + 0.01, 2) if side == "SOLD" else 0.0
    net = round(gross - fee - tax if side == "SOLD" else gross + fee, 2)
    terms: dict[str, Said] = {
        "Quantity": worth(draft, count, f"/{row}/Quantity", places=0),
        "Price": worth(draft, price, f"/{row}/Price", "{}", places=3),
    }
    sums: list[tuple[str, Said]] = [
        (rng.choice(("Principal", "Principal Amount")), worth(draft, gross, f"/{row}/Principal", "${}"))
    ]
    if fee:
        sums.append(("Commission", worth(draft, fee, f"/{row}/Commission")))
    if tax:
        sums.append(("Transaction Fee", worth(draft, tax, f"/{row}/Fees")))
    return terms, [*sums, ("Net Amount", worth(draft, net, f"/{row}/NetAmount", "${}"))]


def _page(draft: Draft, row: int, form: str, account: str, rep: str, *, banded: bool) -> None:
    rng, voice, left, right = draft.rng, draft.voice, draft.left, draft.right
    name, symbol, stem = rng.choice(_PAPERS)
    side = rng.choice(("BOUGHT", "SOLD"))
    when = draft.today + timedelta(days=row)
    settled = when + timedelta(days=rng.choice((1, 1, 4)))
    draft.say(left, 44, "Sycamore Point Securities LLC", bold=True, size=12)
    draft.say(left, 56, "Member FINRA/SIPC   Clearing through Hudson Vale Clearing Corp", size=7, grey=True)
    draft.say(
        right,
        44,
        rng.choice(("TRADE CONFIRMATION", "Confirmation of Transaction")) if banded else "CONFIRMATION",
        align="right",
    )
    draft.prose(right - 170, 58, ONE_LINE, "Account: ", Fact(account, f"/{row}/Account"))
    if rep:
        draft.prose(right - 170, 70, ONE_LINE, "Rep: ", Fact(rep, f"/{row}/Rep"))
    y = draft.lines(left, 94, "HOLDER OF RECORD", voice.homes(1)[0].street) + 12
    terms, sums = _money(draft, row, side)
    paper, code = (
        Fact(name, f"/{row}/Security"),
        Fact(f"{stem}{voice.digits(2)}{rng.randint(1, 9)}", f"/{row}/Cusip"),
    )
    dates = (
        dated(draft, when, f"/{row}/TradeDate", form),
        dated(draft, settled, f"/{row}/SettlementDate", form),
    )
    acted = Fact(rng.choice(("Agent", "Principal")), f"/{row}/Capacity")
    if banded:
        draft.sheet.shade(left - 4, y - 10, right - left + 8, 30)
        entries: list[tuple[str, Said]] = [
            ("Action", Fact(side, f"/{row}/Side")),
            *terms.items(),
            ("Trade Date", dates[0]),
            ("Settle Date", dates[1]),
            ("Capacity", acted),
        ]
        y = draft.stacked(left, y, (right - left) / len(entries), entries) + 12
        y = draft.prose(left, y, ONE_LINE, paper, bold=True)
        y = draft.prose(left, y, ONE_LINE, "CUSIP ", code, "     Symbol ", Fact(symbol, f"/{row}/Symbol"))
    else:
        told: list[Said] = [
            "On ",
            dates[0],
            " we, as ",
            acted,
            ", ",
            Fact(side, f"/{row}/Side"),
            " for your account ",
            terms["Quantity"],
            " shares of ",
        ]
        told += [
            paper,
            " (",
            Fact(symbol, f"/{row}/Symbol"),
            ", CUSIP ",
            code,
            ") at a price of $",
            terms["Price"],
            ". Settlement is due on ",
            dates[1],
            ".",
        ]
        y = draft.prose(left, y, right - left, *told)
    y = draft.labels(right - 190, y + 12, right, sums, align="right")
    note: list[Said] = [
        "Confirm no. ",
        Fact(f"{voice.digits(4)}-{voice.digits(6)}", f"/{row}/ConfirmNo"),
        ". Time of execution and name of the other party furnished on request. Unsolicited order.",
    ]
    y = draft.prose(left, y + 14, right - left, *note, size=8)
    legal = "This confirmation is an advice, not an invoice. Remittance or securities are due on or before settlement date. Average price trade; details on request."
    draft.prose(left, y + 6, right - left, legal, size=7, grey=True)


def _confirms(rng: Random, at: int) -> BenchDocument:
    draft = new_draft(
        rng,
        "en",
        _SCHEMA,
        width=612.0,
        height=396.0,
        size=9.0,
        face=rng.choice((FACES[0], FACES[1], FACES[0])),
    )
    draft.left = 44.0
    draft.today -= timedelta(days=draft.today.weekday())
    form, banded = rng.choice(_FORMS), rng.random() < 0.65
    account, rep = (
        f"{draft.voice.digits(3)}-{draft.voice.digits(5)}",
        draft.voice.person() if rng.random() < 0.5 else "",
    )
    for row in range(rng.randint(1, 4)):
        if row:
            draft.sheet.next_page()
        _page(draft, row, form, account, rep, banded=banded)
    return draft.finish("calibration", at, "per_page")


LAYOUTS = (Layout("trade_confirm", "brokerage", _confirms, group="calibration"),)
