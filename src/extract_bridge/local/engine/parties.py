# ruff: noqa: RUF001 - the signs that documents print are matched as they are
"""Who and where: names of companies and people, and address blocks, by form and place.

Longer than most modules: a name, its address and whose they are follow from the same lines.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from extract_bridge.local.engine.blocks import (
    ATTENTION,
    CONTACT,
    HEADLINES,
    POSTAL_CITY,
    SENDER,
    SUFFIX,
    TRADE,
    Block,
    find_blocks,
    has_contact,
    is_address,
)
from extract_bridge.local.engine.candidates import Candidate
from extract_bridge.local.engine.letterhead import letterhead, stacked_name
from extract_bridge.local.engine.lexicon.phrases import phrase_index
from extract_bridge.local.engine.text import fold, label_key, label_tokens

if TYPE_CHECKING:
    from collections.abc import Iterator

    from extract_bridge.local.engine.pageview import PageView, Segment
    from extract_bridge.local.engine.regions import Reading
    from extract_bridge.local.engine.wanted import Wanted
    from extract_bridge.parse.model import Word

_REGISTRATION = re.compile(
    r"(?<!\s)\s++\d{5,8}-[A-Z]\b.*$"
    r"|(?<!\s)\s*+[\[(]\s*+(?:co\.? ?(?:reg)?\.? ?(?:no\.?)?\s*+:?\s*+)?[A-Z]{0,3}-?\d[\dA-Z\- ]{3,}+\s*+[\])].*$",
    re.IGNORECASE,
)
_ADDRESSED = re.compile(
    r"(?:an|to|a|aan|herrn?|frau|firma|familie|eheleute|mr|mrs|ms|messrs|m|mme|mm|monsieur|madame|de heer|mevrouw|dhr|mevr|sr|sra|senor|senora|sig|sig\.?ra|spett\.? ?le|spettabile|exmos?\.?|exma|sz\.? ?p|pan|pani)"
    r"[.:,]?(?: und frau| en mevrouw)?"
)
_PARTS = frozenset(("address", "street", "city", "state", "postal_code", "country"))
_LEAST_NAME, _MOST_BETWEEN = 6, 3  # letters of a name, words between it and its legal form
_FIRST_LINE = "the first line of the document"


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
    blocks = _blocks(reading)
    for item in wanted:
        if "seller" in item.concepts and item.concepts["seller"] >= 0.6 and item.search == "name":
            yield from _in_full(reading, list(_sellers(reading, item, blocks)))
        if "buyer" in item.concepts and item.concepts["buyer"] >= 0.6 and item.search == "name":
            yield from _buyers(item, blocks)
        for role in ("ship_to", "agency", "advertiser", "payee"):
            if item.concepts.get(role, 0.0) >= 0.6 and item.search == "name":
                yield from _named_in(item, [block for block in blocks if block.role == role])
        if item.search == "address" or item.search in ("street", "city", "state", "postal_code", "country"):
            yield from _places(item, blocks)


def _blocks(reading: Reading) -> list[Block]:
    """The address blocks, and the head of the first page where it has an address that is in none of them."""
    blocks = find_blocks(reading)
    head = letterhead(reading, reading.views[0])
    if head is None or any(segment in block.segments for block in blocks for segment in head.segments):
        return blocks
    for block in blocks:
        block.order += 1
    head.role = "seller" if blocks else None
    return [head, *blocks]


def _named_first(block: Block) -> Segment:
    """The line of a block that names someone; the first, or the one under a form of address."""
    lines = block.split()[0] or block.segments
    while len(lines) > 1 and (
        _ADDRESSED.fullmatch(fold(lines[0].text)) or ATTENTION.match(fold(lines[0].text))
    ):
        lines = lines[1:]
    return lines[0]


def _stacked(wanted: Wanted, lines: list[Segment], score: float, reason: str) -> Candidate:
    words = tuple(word for line in lines for word in line.words)
    text = _REGISTRATION.sub("", " ".join(word.text for word in words)).strip(" ,;:")
    kept = words[: len(text.split())]
    return Candidate(
        wanted, text, text, kept, lines[0].page, min(score, 0.95), reason, labelled=False, how="place"
    )


def _name_candidate(
    wanted: Wanted, view: PageView, segment: Segment, text: str, score: float, reason: str
) -> Candidate | None:
    lines = stacked_name(view, segment) if text == segment.text else [segment]
    if len(lines) > 1:
        return _stacked(wanted, lines, score, reason)
    body = _REGISTRATION.sub("", text).strip(" ,;:·•●|-–")
    start = segment.text.find(body)
    if text.startswith("(") or (re.match(r"\d", body) and POSTAL_CITY.search(body)):
        return None
    if (
        re.search(r"\d", body)
        and is_address(body)
        and not (SUFFIX.search(fold(body)) or TRADE.search(fold(body)))
    ):
        return None
    if (
        len(body) < 2
        or start < 0
        or sum(letter.isalpha() for letter in body) < 2
        or label_key(body) in HEADLINES
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
        how="place",
    )


def _sellers(reading: Reading, wanted: Wanted, blocks: list[Block]) -> Iterator[Candidate]:
    view = reading.views[0]
    registered = any(
        SUFFIX.search(fold(segment.text))
        for segment in view.segments
        if segment.y0 < 0.5 * view.page.height and len(segment.words) <= 8
    )
    buyers = {
        id(segment)
        for block in blocks
        if block.role not in (None, "seller", "payee")
        for segment in block.segments
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
        if block.role in (None, "seller", "payee"):
            name = _named_first(block)
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


def _in_full(reading: Reading, found: list[Candidate]) -> Iterator[Candidate]:
    """The candidates, and for the best one without a legal form the same name with it, where the page has that."""
    yield from found
    best = max(found, key=lambda item: item.score, default=None)
    if best is None or SUFFIX.search(fold(str(best.value))) or len(str(best.value)) < _LEAST_NAME:
        return
    start = fold(str(best.value)) + " "
    for segment in reading.views[0].segments:
        text = fold(segment.text)
        form = (
            SUFFIX.search(text, len(start))
            if text.startswith(start) and len(text) == len(segment.text)
            else None
        )
        if form is None or len(text[len(start) : form.start()].split()) > _MOST_BETWEEN:
            continue
        made = _name_candidate(
            best.wanted,
            best.view,
            segment,
            segment.text[: form.end()],
            best.score + 0.03,
            "the name with its legal form",
        )
        if made:
            yield made
            return


def _issuer_bonus(reading: Reading, block: Block) -> float:
    """Contact details right under or in a block are those of whoever issued the document."""
    last = block.segments[-1]
    near = list(block.view.below(last.x0, last.x1, last.line, 4))[:4]
    return 0.12 if any(CONTACT.search(fold(segment.text)) for segment in near) else 0.0


def _repeats(reading: Reading) -> Counter[str]:
    counts: Counter[str] = Counter()
    for view in reading.views[:3]:
        for segment in view.segments:
            head = SENDER.split(segment.text)[0]
            if 3 <= len(head) <= 60:
                counts[label_key(head)] += 1
    return counts


def _seller_score(reading: Reading, segment: Segment, position: int, seen: int) -> tuple[float, str, str]:
    text = segment.text
    folded = fold(text)
    if (
        reading.is_label(segment)
        or len(segment.words) > 14
        or len(text) > 200
        or label_key(text) in HEADLINES
    ):
        return 0.0, text, ""
    parts = SENDER.split(text)
    if (
        len(parts) >= 3
        and any(POSTAL_CITY.search(part) for part in parts[1:])
        and not re.search(r"\d", parts[0])
        and not _goes_on(segment, parts)
    ):
        if segment.y0 > 0.5 * segment.page.page.height:
            return 0.5, parts[0], "the sender in a line at the foot of the page"
        return 0.8, parts[0], "the sender in the line over the address window"
    if CONTACT.search(folded):
        return 0.0, text, ""
    if any("page" in hit.concepts for hit in reading.hits.get(segment, ())):
        return 0.0, text, ""
    suffix = SUFFIX.search(folded)
    measured = (
        suffix is not None
        and (  # `kg 0,850` or `65 kg`
            re.match(r"\W*\d", folded[suffix.end() :]) or re.search(r"\d\W*$", folded[: suffix.start()])
        )
    )
    if suffix and not measured and suffix.start() > 1 and len(segment.words) <= 8:
        return 0.68 - 0.005 * min(15, position), text, "a company name near the top"
    if (
        seen <= 2
        and not re.search(r"\d{3}", _REGISTRATION.sub("", text))
        and len(segment.words) <= 8
        and re.search(r"[^\W\d_]{3}", text)
    ):
        bonus = 0.1 if TRADE.search(folded) else 0.0
        return 0.56 - 0.05 * seen + bonus, text, _FIRST_LINE
    return 0.0, text, ""


def _goes_on(segment: Segment, parts: list[str]) -> bool:
    """The line is the address of the company that the line over it names; it begins with a street or an estate."""
    if is_address(parts[0]) or not re.search(r"[^\W\d_]", parts[1]):
        return True
    over = next(segment.page.above(segment.x0, segment.x1, segment.line, 1), None)
    return over is not None and abs(over.x0 - segment.x0) <= 4 and SUFFIX.search(fold(over.text)) is not None


def _buyers(wanted: Wanted, blocks: list[Block]) -> Iterator[Candidate]:
    unlabelled = [block for block in blocks if block.role is None]
    for block in blocks:
        if block.role not in ("buyer", None) or (block.role is None and has_contact(block)):
            continue
        name = _named_first(block)
        score = 0.82 if block.role == "buyer" else 0.5 if len(unlabelled) <= 2 and block.order <= 1 else 0.4
        made = _name_candidate(
            wanted, block.view, name, name.text, score, "the first line of an address block"
        )
        if made:
            yield made


def _named_in(wanted: Wanted, blocks: list[Block]) -> Iterator[Candidate]:
    """The names over the addresses under a party's heading."""
    for block in blocks:
        name = _named_first(block)
        made = _name_candidate(
            wanted, block.view, name, name.text, 0.82, "the first line of an address block"
        )
        if made:
            yield made


_PLACE_WORDS = frozenset(
    label_tokens(
        "address full postal mailing street city town state province zip code post postcode country line name"
    )
) | {key for key, concepts in phrase_index().items() if {concept.name for concept in concepts} & _PARTS}


def _places(wanted: Wanted, blocks: list[Block]) -> Iterator[Candidate]:
    if wanted.role is None and set(wanted.tokens) - _PLACE_WORDS:
        return  # the address of something that only a label can tell
    roles = {block.role for block in blocks}
    for block in blocks:
        sent = wanted.role == "ship_to" and block.role == "buyer" and "ship_to" not in roles
        alike = wanted.role in (None, block.role) or (block.role is None and wanted.role == "seller")
        if not alike and not sent:
            continue
        score = (
            0.78
            if block.role and block.role == wanted.role
            else (0.76 if len(blocks) == 1 else 0.64)
            if block.order == 0
            else 0.45
        )
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
        how="place",
    )


_CITY_PARTS = (
    re.compile(
        r"(?:^|, )(?P<city>[^\W\d_][^\d,]*?),? +(?P<state>[A-Z]{2}|[A-Z][a-z]+(?: [A-Z][a-z]+)?),? +(?P<zip>\d{5}(?:-\d{4})?|[A-Z]\d[A-Z] ?\d[A-Z]\d)\b"
    ),
    re.compile(r"(?:^|, )(?P<city>[^\W\d_][^\d,]*?),? +(?P<zip>[A-Z]{1,2}\d[\dA-Z]? ?\d[A-Z]{2})\b"),
    re.compile(
        r"(?:^|, )(?:[A-Z]{1,3}[- ])?(?P<zip>\d{5}|\d{4}(?: ?[A-Z]{2}\b|-\d{3})?|\d{2}-\d{3}|\d{3} \d{2}),? +(?P<city>[^\W\d_][^\d,(]*)"
    ),
)
"""The line of postal code and town, as different countries write it."""


def _postal_line(lines: list[Segment]) -> tuple[int, re.Match[str]] | None:
    """The last line with a postal code and a town: what looks like one over it is a street with the house number first."""
    for pattern in _CITY_PARTS:
        for position in range(len(lines) - 1, -1, -1):
            match = pattern.search(lines[position].text)
            if match:
                return position, match
    return None


def _part(wanted: Wanted, block: Block, lines: list[Segment], score: float) -> Iterator[Candidate]:
    found = _postal_line(lines)
    if found is None:
        if wanted.search == "street" and lines:
            yield _cut(wanted, block, lines[0], 0, len(lines[0].text), score)
        return
    position, match = found
    line = lines[position]
    name = {"postal_code": "zip"}.get(wanted.search, wanted.search)
    if match.groupdict().get(name):
        yield _cut(wanted, block, line, match.start(name), match.end(name), score)
    elif wanted.search == "country" and position + 1 < len(lines):
        after = lines[position + 1]
        yield _cut(wanted, block, after, 0, len(after.text), score)
    elif wanted.search == "street" and match.start():
        yield _cut(wanted, block, line, 0, match.start(), score)
    elif wanted.search == "street" and position:
        yield _cut(wanted, block, lines[position - 1], 0, len(lines[position - 1].text), score)


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
        how="place",
    )
