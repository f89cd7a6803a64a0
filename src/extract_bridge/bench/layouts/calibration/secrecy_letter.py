"""A mutual promise of secrecy in an English letter: one firm writes to another, numbered points in the first person, countersigned below."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extract_bridge.bench.draft import Fact, day, new_draft, number, text, thing, whole
from extract_bridge.bench.layouts.fresh.strokes import ONE_LINE, dated, nullable, worth
from extract_bridge.bench.layouts.kinds import Layout
from extract_bridge.bench.sheet import FACES

if TYPE_CHECKING:
    from random import Random

    from extract_bridge.bench.document import BenchDocument
    from extract_bridge.bench.draft import Draft, Said

_SCHEMA = {
    "title": "LetterNDA",
    **thing(
        date_of_letter=day(),
        from_company=text("Company on whose paper the letter is written"),
        from_signatory=text(),
        from_signatory_position=nullable(text()),
        to_company=text("Company the letter is addressed to"),
        to_person=text("Person addressed"),
        purpose=text("The project or talks the information is exchanged for"),
        confidentiality_period_months=nullable(whole("Months, counted from the date of the letter")),
        return_within_days=whole("Days within which material must be returned or destroyed on request"),
        non_solicit_months=nullable(whole("Months during which staff may not be approached")),
        liquidated_damages=nullable(number()),
        governing_law=text(),
        code_name=nullable(text("Project code name")),
        countersigned_on=nullable(day("Date of the countersignature")),
        arbitration_seat=nullable(text()),
    ),
}
_FIRMS = (
    ("Pemberley Instruments Ltd", "Unit 4, Saxon Way, Royston"), ("Tern & Gannet Shipping plc", "Quay House, Leith"),
    ("Oriel Battery Technologies Limited", "19 Science Park, Didcot"), ("Kestrel Dairy Co-operative", "Creamery Road, Omagh"),
    ("Bramhall Aerostructures Inc.", "200 Industrial Pkwy, Wichita"),
)  # fmt: skip
_TALKS = (
    "a possible joint venture in cold-chain logistics",
    "the potential acquisition of the Welland site",
    "a supply arrangement for cathode material",
    "the evaluation of your scheduling software",
)
_POSITIONS = ("Company Secretary", "Commercial Director", "Chief Operating Officer", "Partner")
_LAWS = (
    "English law",
    "the law of Scotland",
    "the laws of the State of Kansas",
    "the law of Northern Ireland",
)
_CODES = ("Project Heron", "Project Marble", "Project Nine Elms")


def _points(draft: Draft) -> list[list[Said]]:
    rng = draft.rng
    months, back = rng.choice((12, 18, 24, 36)), rng.choice((5, 7, 10, 21))
    kept: list[Said] = [
        "Each of us will keep what it learns secret, show it only to staff and advisers who need it, and use it for nothing but the Purpose."
    ]
    free: list[Said] = [
        "None of this covers what is public already, what the recipient knew before, or what a court or regulator demands."
    ]
    lasts: list[Said] = [
        "These promises last for ",
        Fact(str(months), "/confidentiality_period_months", months),
        rng.choice(
            (" months from the date of this letter.", " months from today, whether or not we reach a deal.")
        ),
    ]
    given: list[Said] = [
        "If asked, the recipient will hand back or destroy all copies within ",
        Fact(str(back), "/return_within_days", back),
        " days, save one set its lawyers may keep for 6 years.",
    ]
    points = [kept, free, lasts, given]
    if rng.random() < 0.55:
        held = rng.choice((6, 9, 12))
        points.append(
            [
                "Neither of us will entice away the other's employees for ",
                Fact(str(held), "/non_solicit_months", held),
                " months after talks end.",
            ]
        )
    if rng.random() < 0.3:
        sum_of = worth(draft, float(rng.randint(2, 50) * 5000), "/liquidated_damages", "£{}", places=0)
        points.append(
            ["A party in breach shall pay the other ", sum_of, " for each breach, without proof of loss."]
        )
    law: list[Said] = ["This letter is subject to ", Fact(rng.choice(_LAWS), "/governing_law")]
    if rng.random() < 0.3:
        law += [
            ", and disputes go to a single arbitrator sitting in ",
            Fact(rng.choice(("London", "Dublin", "Geneva")), "/arbitration_seat"),
        ]
    points.append([*law, "."])
    if rng.random() < 0.5:
        points[2], points[-2] = points[-2], points[2]
    return points


def _letter(rng: Random, at: int) -> BenchDocument:
    draft = new_draft(rng, "en", _SCHEMA, size=10.5, face=rng.choice((FACES[1], FACES[0], FACES[1])))
    draft.left = 76.0
    voice, width, lettered = draft.voice, draft.right - draft.left, rng.random() < 0.4
    ours, theirs = rng.sample(_FIRMS, 2)
    writer, reader = voice.person(), voice.person()
    if rng.random() < 0.5:
        draft.say(
            draft.sheet.width / 2, 52, Fact(ours[0], "/from_company"), bold=True, size=14, align="centre"
        )
        draft.say(
            draft.sheet.width / 2,
            66,
            f"{ours[1]}   Registered no. {voice.digits(7)}",
            size=7.5,
            align="centre",
        )
    else:
        draft.say(draft.right, 52, Fact(ours[0], "/from_company"), size=12, align="right")
        draft.say(draft.right, 66, ours[1], size=8, align="right")
    form = rng.choice(("{d} {month} {y}", "{month} {d}, {y}", "{d:02}.{m:02}.{y}"))
    sent = dated(draft, draft.today, "/date_of_letter", form)
    y = draft.lines(draft.left, 104, sent) + 12
    if rng.random() < 0.5:
        y = draft.lines(draft.left, y, "PRIVATE & CONFIDENTIAL", size=9)
    y = draft.lines(
        draft.left, y, Fact(reader, "/to_person"), Fact(theirs[0], "/to_company"), *theirs[1].split(", ")
    )
    talks = Fact(rng.choice(_TALKS), "/purpose")
    title: list[Said] = ["Confidentiality"]
    if rng.random() < 0.4:
        title = [Fact(rng.choice(_CODES), "/code_name"), ": exchange of confidential information"]
    y = draft.prose(draft.left, y + 12, width, f"Dear {reader.split(' ', 1)[0]},") + 4
    y = draft.prose(draft.left, y, width, *title, bold=True) + 6
    opening: list[Said] = [
        "Our two companies wish to talk about ",
        talks,
        " (the Purpose). Before either of us says more, we both agree to the following.",
    ]
    if rng.random() < 0.5:
        opening = [
            f"Further to our meeting on {voice.day(draft.later(-25, -5), form)}, we set out the terms on which we will share information for ",
            talks,
            " (the Purpose).",
        ]
    y = draft.prose(draft.left, y, width, *opening) + 8
    for place, parts in enumerate(_points(draft)):
        draft.say(draft.left, y, f"({chr(97 + place)})" if lettered else f"{place + 1}.")
        y = draft.prose(draft.left + 22, y, width - 22, *parts) + 6
    y = draft.prose(draft.left, y + 4, width, "Please sign and return the enclosed copy if you agree.") + 8
    y = draft.lines(draft.left, y, "Yours sincerely,") + 30
    draft.say(draft.left, y, Fact(writer, "/from_signatory"))
    if rng.random() < 0.8:
        draft.say(draft.left, y + 14, Fact(rng.choice(_POSITIONS), "/from_signatory_position"))
    draft.say(draft.left, y + 28, f"for and on behalf of {ours[0]}", size=9)
    signed = rng.random() < 0.5
    y += 62
    agreed: list[Said] = [
        "Agreed for ",
        theirs[0],
        ":  ",
        reader if signed else "______________________",
        "   Date: ",
    ]
    agreed.append(dated(draft, draft.later(2, 20), "/countersigned_on", form) if signed else "____________")
    draft.prose(draft.left, y, ONE_LINE, *agreed, size=9.5)
    return draft.finish("calibration", at)


LAYOUTS = (Layout("secrecy_letter", "secrecy", _letter, group="calibration"),)
