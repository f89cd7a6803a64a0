# ruff: noqa: RUF001 - the signs that documents print are matched as they are
"""Who and where: names of companies and people, and address blocks, by form and place."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from extract_bridge.local.engine.candidates import Candidate, Reading
from extract_bridge.local.engine.pageview import PageView, Segment, stands_under
from extract_bridge.local.engine.spans import find
from extract_bridge.local.engine.text import fold, label_key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from extract_bridge.local.engine.wanted import Wanted
    from extract_bridge.parse.model import Word

_SUFFIX = re.compile(
    r"(?<![\w.])(?:inc|incorporated|llc|l\.l\.c|ltd|limited|plc|corp|corporation|company|co|gmbh|mbh|ag|kg|ohg|ug|e\.?k|e\.v|gbr|se|b\.?v|n\.?v|v\.?o\.?f|s\.?a|s\.?a\.?s|s\.?a\.?r\.?l|sarl|sas|eurl|"
    r"s\.?l|s\.?r\.?l|s\.?p\.?a|sdn\.? ?bhd|bhd|pty|pte|lp|llp|n\.a|aps|a/s|oy|ab|as|s/b)\.?(?![\w])",
)
_TRADE = re.compile(
    r"\b(?:enterprise|enterprises|trading|restaurant|restoran|store|stores|market|mart|supermarket|shop|hardware|stationery|bakery|cafe|coffee|hotel|pharmacy|farmasi|books|motor|services?|industries|"
    r"university|college|bank|group|holdings?|associates|partners|media|communications|television|solutions|systems|consulting|international|foundation|institute|hospital|clinic|perniagaan|kedai|pasaraya)\b"
)
_POSTAL_CITY = re.compile(
    r"(?<![\w])(?:[A-Z]{1,3}[- ])?\d{4,5}(?: ?[A-Z]{2})? *,? *[^\W\d_]{3,}|[^\W\d_]{2,}[., ]+(?:[A-Z]{2}|[A-Z][a-z]{2,}),? +\d{5}(?:-\d{4})?\b|(?<![A-Z0-9])[A-Z]{1,2}\d[\dA-Z]? ?\d[A-Z]{2}(?![A-Z0-9])"
)
_STREET = re.compile(
    r"\d|(?:strasse|str\.|weg\b|allee|platz|gasse|street|\bst\.?\b|road|\brd\.?\b|avenue|\bave\.?\b|lane|drive|blvd|boulevard|\brue\b|chemin|straat|laan|plein|calle|plaza|jalan|jln|lorong|taman|\blot\b|floor|suite|p\.?o\.? ?box|postfach)"
)
_CONTACT = re.compile(
    r"@|www\.|https?:|\b(?:tel|telephone|phone|fax|gst|vat|tax|hp|mobile|email|e-mail|ust|siren|siret|iban|reg\.? ?no|roc no|co\.? ?reg)\b\s*(?:id|no|nr|reg)?\.?\s*[:.#]?"
)
_REGISTRATION = re.compile(
    r"\s+\d{5,8}-[A-Z]\b.*$|\s*[\[(]\s*(?:co\.? ?(?:reg)?\.? ?(?:no\.?)?\s*:?\s*)?[A-Z]{0,3}-?\d[\dA-Z\- ]{3,}\s*[\])].*$",
    re.IGNORECASE,
)
_BRACKETED = re.compile(
    r"^\W*(?:co\.?|reg\.?|no\.?|roc|company|[:.\s])*[\[(]?\s*[A-Z]{0,3}-?\d[\dA-Z \-]{4,}[\])]?\W*$",
    re.IGNORECASE,
)
_SENDER = re.compile(r"\s*(?:[·•●|]|\s[-–—]\s|,\s)\s*")
_FIRST_LINE = "the first line of the document"
_HEADLINES = frozenset(
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
            if position and _is_address(segment.text):
                return self.segments[:position], self.segments[position:]
        return self.segments[:1], self.segments[1:]


def _is_address(text: str) -> bool:
    return _STREET.search(fold(text)) is not None and not _BRACKETED.match(text)


def party_candidates(reading: Reading, fields: list[Wanted]) -> Iterator[Candidate]:
    """Names, addresses and their parts for sellers, buyers and others."""
    wanted = [
        item
        for item in fields
        if item.kind == "string"
        and item.search in ("name", "address", "street", "city", "state", "postal_code", "country")
    ]
    if not wanted or not reading.views:
        return
    blocks = find_blocks(reading)
    for item in wanted:
        if "seller" in item.concepts and item.concepts["seller"] >= 0.6 and item.search == "name":
            yield from _sellers(reading, item, blocks)
        if "buyer" in item.concepts and item.concepts["buyer"] >= 0.6 and item.search == "name":
            yield from _buyers(item, blocks)
        if item.search == "address" or item.search in ("street", "city", "state", "postal_code", "country"):
            yield from _places(item, blocks)


def find_blocks(reading: Reading) -> list[Block]:
    """Every address block of the first pages."""
    blocks: list[Block] = []
    used: set[int] = set()
    for view in reading.views[:2]:
        for segment in view.segments:
            if id(segment) in used or len(segment.words) > 9 or not _POSTAL_CITY.search(segment.text):
                continue
            if _is_sender_line(segment.text):
                continue
            if (
                _CONTACT.search(fold(segment.text))
                or find("date", segment.text, reading.locale)
                or find("iban", segment.text, reading.locale)
            ):
                continue
            lines = _block_lines(reading, view, segment)
            if len(lines) < 2:
                continue
            used.update(id(line) for line in lines)
            blocks.append(Block(view, lines, _role_of(reading, view, lines[0]), len(blocks)))
    _sides(blocks)
    return blocks


def _sides(blocks: list[Block]) -> None:
    """Of two blocks without a label side by side, the left one is the recipient's, as in a letter."""
    open_blocks = [block for block in blocks if block.role is None and block.view is blocks[0].view]
    if len(open_blocks) != 2 or any(block.role for block in blocks):
        return
    left, right = sorted(open_blocks, key=lambda block: block.segments[0].x0)
    if (
        abs(left.segments[0].y0 - right.segments[0].y0) <= 3 * left.segments[0].height
        and right.segments[0].x0 > left.segments[0].x1
    ):
        left.role, right.role = "buyer", "seller"


def _block_lines(reading: Reading, view: PageView, last: Segment) -> list[Segment]:
    lines = [last]
    for _ in range(6):
        top = lines[0]
        before = _aligned(view, top, -1)
        if (
            before is None
            or top.y0 - before.y1 > 1.5 * max(top.height, before.height)
            or not _belongs(reading, before)
        ):
            break
        lines.insert(0, before)
    after = _aligned(view, last, 1)
    if (
        after is not None
        and after.y0 - last.y1 < 1.2 * last.height
        and _belongs(reading, after)
        and _closes(after.text)
    ):
        lines.append(after)
    return lines


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
            single = len(view.lines[number]) == 1 and len(view.lines[segment.line]) == 1
            if (
                abs(other.x0 - segment.x0) <= 4
                or centred
                or (single and stands_under(other, segment.x0, segment.x1))
            ):
                return other
        number += step
    return None


def _is_sender_line(text: str) -> bool:
    """Name, street and town in one line with dots or strokes between, as over the window of an envelope."""
    marked = re.search(r"[·•●|]|\s[-–—]\s", text) is not None
    return marked and not text[0].isdigit() and len(_SENDER.split(text)) >= 3


def _belongs(reading: Reading, segment: Segment) -> bool:
    if _is_sender_line(segment.text):
        return False
    folded = fold(segment.text)
    if reading.is_label(segment) or label_key(segment.text) in _HEADLINES or len(segment.words) > 11:
        return False
    if _CONTACT.search(folded) or re.search(r"\b(?:id|date|datum|nr)\b\s*[#:.]*:", folded):
        return False
    hits = reading.hits.get(segment, ())
    if any(hit.alone and hit.start <= 1 and hit.quality >= 0.9 and not _TRADE.search(folded) for hit in hits):
        return False
    return not find("date", segment.text, reading.locale)


_ROLE_CONCEPTS = ("buyer", "seller", "ship_to", "agency", "advertiser", "station")


def _role_of(reading: Reading, view: PageView, first: Segment) -> str | None:
    """Whose block it is: the nearest label of a party above it or to its left."""
    for other in view.left_of(first)[:1]:
        role = _role_in(reading, other)
        if role:
            return role
    for hit in reading.hits.get(first, ()):
        if hit.start <= 1 and hit.colon:
            return next((name for name in _ROLE_CONCEPTS if name in hit.concepts), None)
    for steps, other in enumerate(view.above(first.x0, first.x1, first.line, 5)):
        if steps == 0 and len(_SENDER.split(other.text)) >= 3 and _POSTAL_CITY.search(other.text):
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
            for name in _ROLE_CONCEPTS:
                if name in hit.concepts:
                    return name
    return None


def _name_candidate(
    wanted: Wanted, view: PageView, segment: Segment, text: str, score: float, reason: str
) -> Candidate | None:
    body = _REGISTRATION.sub("", text).strip(" ,;:·•●|-–")
    start = segment.text.find(body)
    if text.startswith("(") or (re.match(r"\d", body) and _POSTAL_CITY.search(body)):
        return None
    if (
        re.search(r"\d", body)
        and _is_address(body)
        and not (_SUFFIX.search(fold(body)) or _TRADE.search(fold(body)))
    ):
        return None
    if (
        len(body) < 2
        or start < 0
        or sum(letter.isalpha() for letter in body) < 2
        or label_key(body) in _HEADLINES
    ):
        return None
    words = segment.words_between(start, start + len(body))
    quote = " ".join(word.text for word in words)
    return Candidate(
        wanted,
        body,
        body,
        words,
        view,
        min(score, 0.95),
        reason,
        "exact" if quote == body else "normalized",
        labelled=False,
    )


def _sellers(reading: Reading, wanted: Wanted, blocks: list[Block]) -> Iterator[Candidate]:
    view = reading.views[0]
    registered = any(
        _SUFFIX.search(fold(segment.text))
        for segment in view.segments
        if segment.y0 < 0.5 * view.page.height and len(segment.words) <= 8
    )
    buyers = {
        id(segment) for block in blocks if block.role not in (None, "seller") for segment in block.segments
    }
    repeats = _repeats(reading)
    top = [segment for segment in view.segments if segment.y0 < 0.4 * view.page.height]
    seen = 0
    for position, segment in enumerate(segment for page in reading.views[:1] for segment in page.segments):
        score, text, reason = _seller_score(reading, segment, position, seen)
        if segment in top and re.search(r"[^\W\d_]{3}", segment.text):
            seen += 1
        if score <= 0 or id(segment) in buyers:
            continue
        if registered and reason == _FIRST_LINE:
            score *= 0.85
        score += 0.06 * min(2, repeats[label_key(text)] - 1) - (
            0.12 if segment not in top and score < 0.8 else 0.0
        )
        made = _name_candidate(wanted, view, segment, text, score, reason)
        if made:
            yield made
    for block in blocks:
        if block.role in (None, "seller"):
            name = block.split()[0][0]
            made = _name_candidate(
                wanted,
                block.view,
                name,
                name.text,
                0.75 if block.role else 0.46 + _issuer_bonus(reading, block),
                "the first line of an address block",
            )
            if made:
                yield made


def _issuer_bonus(reading: Reading, block: Block) -> float:
    """Contact details right under or in a block are those of whoever issued the document."""
    last = block.segments[-1]
    near = list(block.view.below(last.x0, last.x1, last.line, 4))[:4]
    return 0.12 if any(_CONTACT.search(fold(segment.text)) for segment in near) else 0.0


def _repeats(reading: Reading) -> Counter[str]:
    counts: Counter[str] = Counter()
    for view in reading.views[:3]:
        for segment in view.segments:
            head = _SENDER.split(segment.text)[0]
            if 3 <= len(head) <= 60:
                counts[label_key(head)] += 1
    return counts


def _seller_score(reading: Reading, segment: Segment, position: int, seen: int) -> tuple[float, str, str]:
    text = segment.text
    folded = fold(text)
    if reading.is_label(segment) or len(segment.words) > 14 or label_key(text) in _HEADLINES:
        return 0.0, text, ""
    parts = _SENDER.split(text)
    if (
        len(parts) >= 3
        and any(_POSTAL_CITY.search(part) for part in parts[1:])
        and not re.search(r"\d", parts[0])
    ):
        return 0.8, parts[0], "the sender in the line over the address window"
    if _CONTACT.search(folded):
        return 0.0, text, ""
    if any("page" in hit.concepts for hit in reading.hits.get(segment, ())):
        return 0.0, text, ""
    suffix = _SUFFIX.search(folded)
    if suffix and suffix.start() > 1 and len(segment.words) <= 8:
        return 0.68 - 0.005 * min(15, position), text, "a company name near the top"
    if (
        seen <= 2
        and not re.search(r"\d{3}", _REGISTRATION.sub("", text))
        and len(segment.words) <= 8
        and re.search(r"[^\W\d_]{3}", text)
    ):
        bonus = 0.1 if _TRADE.search(folded) else 0.0
        return 0.56 - 0.05 * seen + bonus, text, _FIRST_LINE
    return 0.0, text, ""


def _buyers(wanted: Wanted, blocks: list[Block]) -> Iterator[Candidate]:
    unlabelled = [block for block in blocks if block.role is None]
    for block in blocks:
        if block.role not in ("buyer", None):
            continue
        name = block.split()[0][0]
        score = 0.82 if block.role == "buyer" else 0.5 if len(unlabelled) <= 2 and block.order <= 1 else 0.4
        made = _name_candidate(
            wanted, block.view, name, name.text, score, "the first line of an address block"
        )
        if made:
            yield made


def _places(wanted: Wanted, blocks: list[Block]) -> Iterator[Candidate]:
    for block in blocks:
        if wanted.role not in (None, block.role) and not (block.role is None and wanted.role == "seller"):
            continue
        score = 0.78 if block.role and block.role == wanted.role else 0.64 if block.order == 0 else 0.45
        lines = block.split()[1]
        if wanted.search == "address":
            yield _joined(wanted, block, lines, score)
        else:
            yield from _part(wanted, block, lines, score - 0.05)


def _joined(wanted: Wanted, block: Block, lines: list[Segment], score: float) -> Candidate:
    words = tuple(word for line in lines for word in line.words)
    quote = " ".join(word.text for word in words)
    text = ", ".join(line.text.rstrip(" ,") for line in lines)
    return Candidate(
        wanted,
        text,
        quote,
        words,
        block.view,
        score,
        "an address block",
        "exact" if text == quote else "normalized",
        labelled=False,
    )


_CITY_PARTS = (
    re.compile(
        r"^(?P<city>[^\W\d_][^\d,]*?),? +(?P<state>[A-Z]{2}|[A-Z][a-z]+(?: [A-Z][a-z]+)?),? +(?P<zip>\d{5}(?:-\d{4})?)\b"
    ),
    re.compile(r"^(?:[A-Z]{1,3}[- ])?(?P<zip>\d{4,5}(?: ?[A-Z]{2}\b)?),? +(?P<city>[^\W\d_][^\d,]*)"),
)


def _part(wanted: Wanted, block: Block, lines: list[Segment], score: float) -> Iterator[Candidate]:
    for position, line in enumerate(lines):
        match = next((found for pattern in _CITY_PARTS if (found := pattern.match(line.text))), None)
        if match:
            name = {"postal_code": "zip"}.get(wanted.search, wanted.search)
            if match.groupdict().get(name):
                yield _cut(wanted, block, line, match.start(name), match.end(name), score)
            elif wanted.search == "country" and position + 1 < len(lines):
                after = lines[position + 1]
                yield _cut(wanted, block, after, 0, len(after.text), score)
        elif wanted.search == "street" and position == 0:
            yield _cut(wanted, block, line, 0, len(line.text.rstrip(" ,")), score)


def _cut(wanted: Wanted, block: Block, line: Segment, start: int, end: int, score: float) -> Candidate:
    raw = line.text[start:end].rstrip(" ,")
    words: tuple[Word, ...] = line.words_between(start, start + len(raw))
    quote = " ".join(word.text for word in words)
    return Candidate(
        wanted,
        raw,
        raw,
        words,
        block.view,
        score,
        "part of an address block",
        "exact" if raw == quote else "normalized",
        labelled=False,
    )
