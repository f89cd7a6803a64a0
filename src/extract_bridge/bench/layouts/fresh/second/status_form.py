"""A revenue office's certificate for foreign payees: numbered lines with captions of a sentence, crosses, dates of month-day-year, all of it typed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extract_bridge.bench.draft import Fact, day, new_draft, number, text, thing
from extract_bridge.bench.layouts.fresh.second.hands import AMERICAN_TOWNS, TYPEWRITER, typed
from extract_bridge.bench.layouts.fresh.strokes import dated, nullable, tick
from extract_bridge.bench.layouts.kinds import Layout
from extract_bridge.bench.sheet import FACES

if TYPE_CHECKING:
    from random import Random

    from extract_bridge.bench.document import BenchDocument
    from extract_bridge.bench.draft import Draft
    from extract_bridge.bench.sheet import Face

_SCHEMA = thing(
    form_number=text("Printed in the corner, e.g. W-9"),
    name=text("Individual who is the payee"),
    citizenship=text("Country of citizenship"),
    permanent_address=thing(street=text(), city=text("Line with town and postal code"), country=text()),
    mailing_address=thing("Only if different", street=nullable(text()), city=nullable(text()), country=nullable(text())),
    us_tin=nullable(text("SSN or ITIN")),
    foreign_tin=nullable(text()),
    foreign_tin_not_required={"type": ["boolean", "null"], "description": "True if the box is checked"},
    reference_number=nullable(text()),
    date_of_birth=day(),
    treaty_country=nullable(text("Country of residence under the treaty")),
    treaty_article=nullable(text()),
    treaty_rate_percent=nullable(number()),
    signed_by=text("Printed name of the signer"),
    signature_date=day(),
    capacity=nullable(text("Capacity in which acting, if not the payee")),
)  # fmt: skip
_PEOPLE = (
    ("Mateus Figueira Lobo", "Rua das Flores 88, 3.º Esq.", "4050-262 Porto", "Portugal"), ("Ingrid Solheim", "Storgata 14B", "5015 Bergen", "Norway"),
    ("Kavita Raghunathan", "22 Lake View Road, Mambalam", "Chennai 600033", "India"), ("LUCAS VAN DEN BOSCH", "KEIZERSGRACHT 501-2", "1017 DM AMSTERDAM", "NETHERLANDS"),
    ("Hyun-woo Bae", "45 Teheran-ro, Gangnam-gu", "Seoul 06134", "Republic of Korea"), ("Aoife Ní Dhuibhir", "9 Sandymount Green", "Dublin D04 V6P3", "Ireland"),
)  # fmt: skip
_DAY = "{m:02}-{d:02}-{y}"


class _Form:
    """The printed form: frames across the page, a caption in each, and what was typed below it."""

    def __init__(self, draft: Draft, y: float, face: Face) -> None:
        self.draft, self.y, self.face = draft, y, face

    def part(self, number_of: str, title: str) -> None:
        """A black bar's worth of heading."""
        self.draft.sheet.line(self.draft.left, self.y, self.draft.right, self.y, width=1.6)
        self.draft.say(self.draft.left + 2, self.y + 11, f"Part {number_of}", bold=True)
        self.draft.say(self.draft.left + 54, self.y + 11, title, bold=True)
        self.y += 16

    def row(self, *cells: tuple[float, str, Fact]) -> None:
        """Frames side by side, each with its share of the width."""
        x, width = self.draft.left, self.draft.right - self.draft.left
        self.draft.sheet.line(x, self.y, self.draft.right, self.y)
        for share, caption, fact in cells:
            if x > self.draft.left:
                self.draft.sheet.line(x, self.y, x, self.y + 30)
            number_of, _, rest = caption.partition("  ")
            self.draft.say(x + 3, self.y + 9, number_of, bold=True, size=7.5)
            self.draft.say(x + 18, self.y + 9, rest, size=7)
            typed(self.draft, x + 18, self.y + 24, fact, face=self.face, size=self.draft.sheet.size)
            x += share * width
        self.y += 30


_TOWN = "  City or town, state or province. Include postal code where appropriate."


def _identity(form: _Form, chosen: tuple[str, str, str, str]) -> None:
    draft, rng = form.draft, form.draft.rng
    name, street, city, country = chosen
    form.part("I", "Identification of Payee (see instructions)")
    who, citizen = Fact(name, "/name"), Fact(country, "/citizenship")
    form.row(
        (0.62, "1  Name of individual who is the payee", who), (0.38, "2  Country of citizenship", citizen)
    )
    where = "3  Permanent residence address (street, apt. or suite no., or rural route). Do not use a P.O. box or in-care-of address."
    _address(form, "/permanent_address", where, (street, city, country))
    other = rng.random() < 0.4
    post = (
        f"P.O. Box {draft.voice.digits(4)}",
        rng.choice(AMERICAN_TOWNS),
        rng.choice(("USA", "United States")),
    )
    mailed = post if other else ("", "", "")
    _address(form, "/mailing_address", "4  Mailing address (if different from above)", mailed)
    _numbers(form)


def _address(form: _Form, at: str, caption: str, parts: tuple[str, str, str]) -> None:
    street, city, country = (
        Fact(part, f"{at}/{key}") for part, key in zip(parts, ("street", "city", "country"), strict=True)
    )
    form.row((1.0, caption, street))
    form.row((0.68, _TOWN, city), (0.32, "  Country", country))


def _numbers(form: _Form) -> None:
    """What revenue offices call the payee, and the day of birth."""
    draft, rng, voice = form.draft, form.draft.rng, form.draft.voice
    tin = f"9{voice.digits(2)}-{rng.randint(70, 88)}-{voice.digits(4)}" if rng.random() < 0.5 else ""
    caption = "5  U.S. taxpayer identification number (SSN or ITIN), if required (see instructions)"
    form.row((1.0, caption, Fact(tin, "/us_tin")))
    needed, flag = rng.random() < 0.7, "/foreign_tin_not_required"
    ways = voice.digits(9), f"{voice.digits(6)}-{voice.digits(7)}", f"{voice.digits(8)}X"
    foreign = Fact(rng.choice(ways) if needed else "", "/foreign_tin")
    x, y = draft.left + 0.6 * (draft.right - draft.left) + 18, form.y + 20
    form.row(
        (0.6, "6a  Foreign tax identifying number (see instructions)", foreign), (0.4, "6b  ", Fact("", flag))
    )
    tick(draft, x, y, "Check if FTIN not legally required", on=not needed, at=flag, value=True)
    code = Fact(rng.choice(("", f"ACCT {voice.digits(6)}")), "/reference_number")
    born = dated(draft, draft.later(-27000, -7500), "/date_of_birth", _DAY)
    captions = "7  Reference number(s) (see instructions)", "8  Date of birth (MM-DD-YYYY) (see instructions)"
    form.row((0.5, captions[0], code), (0.5, captions[1], born))


def _treaty(form: _Form, country: str) -> None:
    """What is claimed, in blanks of a sentence; often nothing."""
    draft, rng = form.draft, form.draft.rng
    form.part("II", "Claim of Treaty Benefits")
    rate = rng.choice((0, 5, 10, 15))
    claimed = rng.random() < 0.6
    facts = (
        Fact(country if claimed else "", "/treaty_country"),
        Fact(rng.choice(("Article 12", "XII (2)", "Art. 10(2)(b)")) if claimed else "", "/treaty_article"),
        Fact(f"{rate}" if claimed else "", "/treaty_rate_percent", rate),
    )
    words = (
        "I certify that the payee is a resident of",
        "within the meaning of the treaty, and claims the provisions of",
        "of that treaty; rate of withholding (%):",
    )
    for number_of, before, fact in zip(("9", "10", ""), words, facts, strict=True):
        draft.say(draft.left + 3, form.y + 14, number_of, bold=True, size=7.5)
        end = draft.say(draft.left + 18, form.y + 14, before, size=7.5).x1
        draft.sheet.line(end + 4, form.y + 16, end + 150, form.y + 16)
        typed(draft, end + 10, form.y + 14, fact, face=form.face)
        form.y += 17
    form.y += 6


def _signature(form: _Form, name: str) -> None:
    draft, rng = form.draft, form.draft.rng
    form.part("III", "Certification")
    words = (
        "Under penalties of perjury, I declare that I have examined the information on this form and to the best of my knowledge and belief it is true,"
        " correct, and complete. I agree that I will submit a new form within 30 days if any certification made on this form becomes incorrect."
    )
    y = draft.prose(draft.left + 18, form.y + 12, draft.right - draft.left - 20, words, size=7.5) + 26
    agent = rng.random() < 0.3
    signer = rng.choice(("Helen M. Prior", "J. T. Okonkwo")) if agent else name
    cells = (
        (18, 200, "Signature of payee (or individual authorized to sign)", Fact("", "")),
        (320, 130, "Date (MM-DD-YYYY)", dated(draft, draft.today, "/signature_date", _DAY)),
        (18, 200, "Print name of signer", Fact(signer, "/signed_by")),
        (
            320,
            170,
            "Capacity in which acting (if not signing for payee)",
            Fact("Attorney-in-fact" if agent else "", "/capacity"),
        ),
    )
    for at, (x, width, caption, fact) in enumerate(cells):
        top = y + at // 2 * 40
        if fact.at:
            typed(draft, draft.left + x + 6, top, fact, face=form.face)
        draft.sheet.line(draft.left + x, top + 3, draft.left + x + width, top + 3)
        draft.say(draft.left + x, top + 12, caption, size=6.5)
    draft.say(draft.left, y - 1, "Sign Here", bold=True, size=6)


def _form(rng: Random, at: int) -> BenchDocument:
    draft = new_draft(rng, "en", _SCHEMA, width=612.0, height=792.0, size=9.0, face=FACES[0])
    draft.left = 36.0
    code = rng.choice(("W-8FP", "4071-NR", "F-22"))
    ink = draft.say(draft.left, 50, f"Form {code}", bold=True, size=15)
    draft.state(Fact(code, "/form_number"), ink.only(1))
    middle = draft.sheet.width / 2
    revised = f"(Rev. {draft.voice.day(draft.later(-1500, -300), '{month} {y}')})"
    draft.say(draft.left, 62, revised, size=7)
    draft.say(
        middle, 46, "Certificate of Foreign Status of Individual Payee", bold=True, size=12, align="centre"
    )
    draft.say(
        middle,
        60,
        "For use by individuals. Entities must use another form. Give this form to the withholding agent or payer.",
        size=7,
        align="centre",
    )
    draft.say(draft.right, 46, f"OMB No. 1545-{draft.voice.digits(4)}", size=7, align="right")
    chosen = rng.choice(_PEOPLE)
    form = _Form(draft, 76, rng.choice((TYPEWRITER, TYPEWRITER, FACES[1], FACES[3])))
    _identity(form, chosen)
    _treaty(form, chosen[3])
    _signature(form, chosen[0])
    draft.say(draft.right, draft.sheet.height - 30, f"Form {code} {revised}", size=7, align="right")
    return draft.finish("status_form", at)


LAYOUTS = (Layout("status_form", "tax_form", _form, group="fresh"),)
