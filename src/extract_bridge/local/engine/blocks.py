# ruff: noqa: RUF001 - the signs that documents print are matched as they are
"""Address blocks: lines under each other with a postal code among them, and whose they are."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from extract_bridge.local.engine.lexicon.phrases import role_of_concepts
from extract_bridge.local.engine.pageview import PageView, Segment, stands_under
from extract_bridge.local.engine.spans import find
from extract_bridge.local.engine.text import fold, label_key

if TYPE_CHECKING:
    from extract_bridge.local.engine.labels import LabelHit
    from extract_bridge.local.engine.regions import Reading

SUFFIX = re.compile(
    r"(?<![\w.])(?:inc|incorporated|llc|l\.l\.c|ltd|limited|plc|corp|corporation|company|co|gmbh|mbh|ag|kg|ohg|ug|e\.?k|e\.v|gbr|se|b\.?v|n\.?v|v\.?o\.?f|s\.?a|s\.?a\.?s|s\.?a\.?r\.?l|sarl|sas|eurl|"
    r"s\.?l|s\.?r\.?l|s\.?p\.?a|sdn\.? ?bhd|bhd|pty|pte|lp|llp|n\.a|aps|a/s|i/s|k/s|asa|oy|oyj|ab|hb|as|a\.s|s/b|s\.?n\.?c|s\.?r\.?o|sp\. ?z ?o\.? ?o|sp\. ?[jk]|lda|ltda|kft|zrt)\.?(?![\w])",
)
TRADE = re.compile(
    r"\b(?:enterprise|enterprises|trading|restaurant|restoran|store|stores|market|mart|supermarket|shop|hardware|stationery|bakery|cafe|coffee|hotel|pharmacy|farmasi|books|motor|services?|industries|"
    r"university|college|bank|group|holdings?|associates|partners|media|communications|television|solutions|systems|consulting|international|foundation|institute|hospital|clinic|perniagaan|kedai|pasaraya)\b"
)
POSTAL_CITY = re.compile(
    r"(?<![\w])(?:[A-Z]{1,3}[- ])?(?:\d{4,5}(?: ?[A-Z]{2})?|\d{2}-\d{3}|\d{4}-\d{3}) *+(?:, *+)?[^\W\d_]{3,}|^(?:[A-Z]{1,3}[- ])?\d{3} \d{2} +(?![a-z])[^\W\d_]{2,}|[^\W\d_]{2}[., ]++(?:[A-Z]{2}|[A-Z][a-z]{2,}),? +\d{5}(?:-\d{4})?\b|(?<![A-Z0-9])[A-Z]{1,2}\d[\dA-Z]? ?\d[A-Z]{2}(?![A-Z0-9])"
)
_STREET = re.compile(
    r"\d|(?:strasse|str\.|weg\b|allee|platz|gasse|street|\bst\.?\b|road|\brd\.?\b|avenue|\bave\.?\b|lane|drive|blvd|boulevard|\brue\b|chemin|autoroute|\broute\b|\bquai\b|\bvia\b|viale|piazza|\brua\b|avenida|\bul\.|ulica|highway|straat|laan|plein|calle|plaza|jalan|jln|lorong|taman|\blot\b|floor|suite|p\.?o\.? ?box|postfach)"
)
CONTACT = re.compile(
    r"@|www\.|https?:|\b(?:tel|telephone|phone|fax|gst|vat|tax|hp|mobile|email|e-mail|ust|nip|cvr|nif|cif|p\.? ?iva|partita iva|btw|kvk|org\.? ?nr|y-tunnus|mva|tlf|telf|tva|siren|siret|iban|reg\.? ?no|roc no|co\.? ?reg)\b\s*(?:id|no|nr|reg)?\.?\s*[:.#]?"
)
BRACKETED = re.compile(
    r"^\W*+(?:company|co\.?|reg\.?|no\.?|roc|[:.\s])*+[\[(]?\s*+[A-Z]{0,3}-?\d(?:[\d \-]|[A-Z](?![A-Z])){4,}+[\])]?\W*$",
    re.IGNORECASE,
)
_LETTER = 400.0  # points; what is narrower goes into no envelope
_HEAD = 0.12
"""The share of a page that is its head."""
ATTENTION = re.compile(
    r"(?:att(?:n|ention|ne)?|z\. ?h(?:d|nd)|t\. ?a\. ?v|c/o|a/a|a l'attention de|alla c\.? ?a|do rak|ao cuidado)\b"
)
"""How a line within an address begins that names a person or a house there."""
SENDER = re.compile(r"\s{0,20}(?:[·•●|]|\s[-–—]\s|,\s)\s*")
HEADLINES = frozenset(
    [
        "invoice",
        "taxinvoice",
        "receipt",
        "cashreceipt",
        "simplifiedtaxinvoice",
        "rechnung",
        "facture",
        "factuur",
        "factura",
        "order",
        "contract",
        "quotation",
        "creditnote",
        "statement",
        "cash",
        "cashbill",
        "cashsale",
        "bill",
        "lieferschein",
        "gutschrift",
        "page",
        "original",
        "copy",
        "duplicate",
        "officialreceipt",
        "salesreceipt",
        "deliveryorder",
        "purchaseorder",
        "agreement",
        "unitedstates",
        "confidential",
        "draft",
    ]
)


@dataclass(eq=False, slots=True)
class Block:
    """An address block: segments under each other, the postal line among them, and whose it is."""

    view: PageView
    segments: list[Segment]
    role: str | None = None
    order: int = 0

    def split(self) -> tuple[list[Segment], list[Segment]]:
        """The lines of the name and those of the address."""
        for position, segment in enumerate(self.segments):
            if is_address(segment.text) and (position or not self._named_first()):
                return self.segments[:position], self.segments[position:]
        return self.segments[:1], self.segments[1:]

    def _named_first(self) -> bool:
        """The first line is a name, though it may have a word of streets in it: the number of the house is in the next one."""
        first, rest = self.segments[0].text, self.segments[1:-1]
        if _names_someone(first):
            return True
        if not re.search(r"\d", first):
            return any(re.match(r"\W?\w{0,4}\d", line.text) for line in rest)
        bare = re.sub(r"\d", "", first)  # `Plant 3` over a street
        return not first[0].isdigit() and not is_address(bare) and any(is_address(line.text) for line in rest)


def _names_someone(text: str) -> bool:
    folded = fold(text)
    return SUFFIX.search(folded) is not None or TRADE.search(folded) is not None


def is_address(text: str) -> bool:
    """The line reads like a street, a box or a floor rather than a name."""
    bare = re.sub(r"[\[(][^\])]{0,200}[\])]", " ", text)
    return _STREET.search(fold(bare)) is not None and not BRACKETED.match(text)


def find_blocks(reading: Reading) -> list[Block]:
    """Every address block of the first pages."""
    blocks: list[Block] = []
    used: set[int] = set()
    for view in reading.views[:2]:
        for segment in view.segments:
            if (
                id(segment) in used
                or len(segment.words) > 9
                or len(segment.text) > 200
                or not POSTAL_CITY.search(segment.text)
            ):
                continue
            if _is_sender_line(segment.text):
                continue
            if (
                CONTACT.search(fold(segment.text))
                or find("date", segment.text, reading.locale)
                or find("iban", segment.text, reading.locale)
            ):
                continue
            lines = _block_lines(reading, view, segment)
            if len(lines) < 2:
                continue
            used.update(id(line) for line in lines)
            blocks.append(Block(view, lines, _role_of(reading, view, lines[0]), len(blocks)))
    whole = [block for block in blocks if not any(_inside(block, other) for other in blocks)]
    _sides(whole)
    return whole


def _inside(block: Block, other: Block) -> bool:
    """All lines of a block are lines of a longer one."""
    return len(block.segments) < len(other.segments) and all(
        segment in other.segments for segment in block.segments
    )


def _sides(blocks: list[Block]) -> None:
    """Of two blocks without a label, the one with contact details is the sender's; side by side, the left one is the recipient's."""
    open_blocks = [block for block in blocks if block.role is None and block.view is blocks[0].view]
    if len(open_blocks) == 1 and not any(block.role == "buyer" for block in blocks):
        if _in_window(open_blocks[0]):
            open_blocks[0].role = "buyer"
        return
    if len(open_blocks) != 2 or any(block.role for block in blocks):
        return
    issuers = [block for block in open_blocks if has_contact(block)]
    if len(issuers) == 1:
        for block in open_blocks:
            block.role = "seller" if block in issuers else "buyer"
        return
    upper, lower = sorted(open_blocks, key=lambda block: block.segments[0].y0)
    if upper.segments[-1].y1 < min(lower.segments[0].y0, _HEAD * upper.view.page.height):
        upper.role, lower.role = "seller", "buyer"
        return
    left, right = sorted(open_blocks, key=lambda block: block.segments[0].x0)
    if (
        abs(left.segments[0].y0 - right.segments[0].y0) <= 3 * left.segments[0].height
        and right.segments[0].x0 > left.segments[0].x1
    ):
        left.role, right.role = "buyer", "seller"


def _in_window(block: Block) -> bool:
    """An address stands where the window of an envelope is, under a letterhead, and nothing in it is the sender's."""
    top, page = block.segments[0], block.view.page
    over = [
        segment
        for line in block.view.lines[: top.line]
        for segment in line
        if segment.y1 < top.y0 - 1.5 * top.height
    ]
    if min(page.width, page.height) < _LETTER:
        return False  # a till's print
    placed = 0.09 * page.height < top.y0 < 0.3 * page.height and len(block.segments) >= 3
    return placed and bool(over) and not has_contact(block) and _at_edge(block)


def _at_edge(block: Block) -> bool:
    """The lines begin at one edge, as typed addresses do; a centred one is a letterhead's."""
    edges = [segment.x0 for segment in block.segments]
    return max(edges) - min(edges) <= 4


def has_contact(block: Block) -> bool:
    """Under a block stand ways to reach or to register whoever it names: so do people who write a document present themselves."""
    last = block.segments[-1]
    near = [
        segment
        for segment in block.view.below(last.x0, last.x1, last.line, 4)
        if segment.y0 - last.y1 < 3 * last.height
    ]
    return any(CONTACT.search(fold(segment.text)) for segment in near)


def _block_lines(reading: Reading, view: PageView, last: Segment) -> list[Segment]:
    lines = [last]
    for _ in range(6):
        top = lines[0]
        before = _aligned(view, top, -1)
        if (
            before is None
            or top.y0 - before.y1 > 1.5 * max(top.height, before.height)
            or not _belongs(reading, before)
            or (len(lines) > 1 and _ends_a_block(before.text))
            or (len(lines) > 1 and ATTENTION.match(fold(top.text)) and _names_someone(lines[1].text))
        ):
            break
        lines.insert(0, before)
    after = _aligned(view, last, 1)
    if (
        after is not None
        and after.y0 - last.y1 < 1.2 * last.height
        and _belongs(reading, after)
        and _closes(after.text)
        and not any(hit.start <= 1 and not hit.alone for hit in reading.hits.get(after, ()))
    ):
        lines.append(after)
    return lines


def _ends_a_block(text: str) -> bool:
    """The line is the postal code and town of another address."""
    return POSTAL_CITY.match(text) is not None and len(text.split()) <= 5


def _closes(text: str) -> bool:
    """A line behind the postal code that is still address: a country or a region, without digits."""
    return len(text.split()) <= 4 and re.fullmatch(r"[^\W\d_][^\d:]*", text) is not None


def _aligned(view: PageView, segment: Segment, step: int) -> Segment | None:
    number = segment.line + step
    for _ in range(4):
        if not 0 <= number < len(view.lines):
            return None
        for other in view.lines[number]:
            centred = abs((other.x0 + other.x1) - (segment.x0 + segment.x1)) <= 12
            right = abs(other.x1 - segment.x1) <= 3 and min(other.x0, segment.x0) > 0.5 * view.page.width
            single = len(view.lines[number]) == 1 and len(view.lines[segment.line]) == 1
            if (
                abs(other.x0 - segment.x0) <= 4
                or centred
                or right
                or (single and stands_under(other, segment.x0, segment.x1))
            ):
                return other
        number += step
    return None


def _is_sender_line(text: str) -> bool:
    """Name, street and town in one line with dots or strokes between, as over the window of an envelope."""
    marked = re.search(r"[·•●|]|\s[-–—]\s", text) is not None
    return marked and not text[0].isdigit() and len(SENDER.split(text)) >= 3


def _is_value_of_label(reading: Reading, segment: Segment) -> bool:
    """A label that is no party's stands to the left of the line: each line of a block of labels is a value of its own."""
    if segment.text.startswith(":"):
        return True
    return any(
        hit.alone and hit.quality >= 0.9 and _role_of_hit(hit) is None
        for other in segment.page.left_of(segment)[:1]
        if segment.x0 - other.x1 < 0.25 * segment.page.page.width
        for hit in reading.hits.get(other, ())
    )


def _belongs(reading: Reading, segment: Segment) -> bool:
    if _is_sender_line(segment.text):
        return False
    folded = fold(segment.text)
    if ATTENTION.match(folded):
        return True
    if _is_value_of_label(reading, segment):
        return False
    if (
        reading.is_label(segment)
        or label_key(segment.text) in HEADLINES
        or len(segment.words) > 11
        or len(segment.text) > 200
    ):
        return False
    if CONTACT.search(folded) or re.search(r"\b(?:id|date|datum|nr)\b\s*[#:.]*:", folded):
        return False
    hits = reading.hits.get(segment, ())
    if any(hit.alone and hit.start <= 1 and hit.quality >= 0.9 and not TRADE.search(folded) for hit in hits):
        return False
    return not find("date", segment.text, reading.locale)


def _role_of(reading: Reading, view: PageView, first: Segment) -> str | None:
    """Whose block it is: the nearest label of a party above it or to its left."""
    for other in view.left_of(first)[:1]:
        role = _role_in(reading, other)
        if role:
            return role
    for hit in reading.hits.get(first, ()):
        if hit.start <= 1 and hit.colon:
            return _role_of_hit(hit)
    for steps, other in enumerate(view.above(first.x0, first.x1, first.line, 5)):
        if steps == 0 and len(SENDER.split(other.text)) >= 3 and POSTAL_CITY.search(other.text):
            return "buyer"
        role = _role_in(reading, other)
        if role:
            return role
        if steps >= 2:
            break
    return None


def _role_in(reading: Reading, segment: Segment) -> str | None:
    for hit in reading.hits.get(segment, ()):
        if (hit.alone or hit.colon) and hit.start <= 2:
            role = _role_of_hit(hit)
            if role:
                return role
    return None


def _role_of_hit(hit: LabelHit) -> str | None:
    if "invoice_number" in hit.concepts and " " not in hit.segment.text[hit.start : hit.end].strip():
        return None  # the headline `Rechnung` is not `Rechnung an`
    other = next((name for name in ("payee", "station") if name in hit.concepts), None)
    return role_of_concepts(hit.concepts) or other
