# ruff: noqa: RUF001 - the signs that documents print are matched as they are
"""The items of a till's print: no heading, a name and an amount in each line, a count and a price in it or beside it.

Only lines over the sum are items. Where they add up to it, they are read whatever else the page looks like.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from extract_bridge.local.engine.money import meanings_of
from extract_bridge.local.engine.numbers import parse_number
from extract_bridge.local.engine.spans import find
from extract_bridge.local.engine.tables.lexicon import concepts_of, is_total
from extract_bridge.local.engine.tables.match import properties_of
from extract_bridge.local.engine.tables.read import TableRow
from extract_bridge.local.engine.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from extract_bridge.local.engine.pageview import PageView
    from extract_bridge.local.engine.regions import Reading
    from extract_bridge.local.engine.values import Locale
    from extract_bridge.parse.model import Word

Words = tuple["Word", ...]
_AMOUNT = re.compile(r"[€$£]?\s?-?\d{1,6}(?:[.,' ]\d{3})*[.,]\d\d-?\s?(?:[€$£]|[A-G]\b)?")
_COUNTED = re.compile(
    r"(?P<count>\d{1,4}(?:[.,]\d{1,3})?)\s?(?:x|×|\*|@|à|stk\.?|st\.?|szt\.?|ks|pz\.?|kpl|un\.?|ud\.?|kg|l|pcs)(?:\s(?:net|netto))?(?:\s?[x×*@à])?\s?(?P<price>[€$£]?\d+[.,]\d\d)\s?[€$£]?(?:\s?/\s?\w+)?",
    re.IGNORECASE,
)
_FIRST = re.compile(r"\d{1,3}\s?[x×*]?", re.IGNORECASE)
_TAX_CODE = re.compile(r"[A-Z*#]|[A-Z]?\d|\d{1,2}\s?%")
_ENDS = ("total", "subtotal", "amount_due", "tax_amount", "amount_paid")
_COUNT_OF_ITEMS = re.compile(r"^\d{1,3} (?=[^\W\d_])")
_CODE = re.compile(r"\d{6,14}")
_MARK = re.compile(r"[*%#+]")
_RATE = re.compile(r"\d{1,2}(?:[.,]\d)?%")
_CENT = 0.011
_EDGE = 8.0  # points
_ADDS_UP, _LIKELY = 0.95, 0.6
_LEAST_UNPROVEN = 2
_TOLD = 0.6  # from this on the headings of a table say what its columns are


@dataclass(slots=True)
class _Item:
    """One thing sold: the words of its name, count, price and amount."""

    page: int
    name: Words
    amount: Words
    value: float
    count: Words = ()
    price: Words = ()
    rate: Words = ()
    code: Words = ()


def till_rows(
    reading: Reading, items: Mapping[str, Any], *, instead_of: Sequence[TableRow] = ()
) -> list[TableRow]:
    """The items over the sum of a till's print, as rows; none where the page shows none.

    Args:
        reading: The document.
        items: An object schema; its properties say what of an item is asked for.
        instead_of: What a table gave; where its headings or its texts show that it is the one, there is nothing to read.
    """
    wanted = _asked(items)
    if "description" not in wanted or "line_total" not in wanted:
        return []
    found = [item for view in reading.views for item in _items(view, reading.locale)]
    sure = _adds_up(reading, found)
    told = instead_of and instead_of[0].score >= _TOLD
    named = sum(wanted["description"] in row.values for row in instead_of) >= len(instead_of) / 2
    counted = sure and sum(bool(item.price) for item in found) >= len(found) / 2
    if named and told and (not counted or _comes_out(instead_of, wanted, reading.locale)):
        return []
    columns = any(_AMOUNT.fullmatch(word.text) for item in found for word in item.name)
    if not sure and (instead_of or columns or len(found) < _LEAST_UNPROVEN):
        return []
    sold = [item for item in found if item.value >= 0]
    return [_row(item, wanted, at, _ADDS_UP if sure else _LIKELY) for at, item in enumerate(sold)]


def _comes_out(rows: Sequence[TableRow], wanted: Mapping[str, str], locale: Locale) -> bool:
    """In half of a table's rows the count times the price is the amount."""
    right = 0
    for row in rows:
        texts = (
            " ".join(word.text for word in row.values.get(wanted.get(name, ""), ()))
            for name in ("quantity", "unit_price", "line_total")
        )
        count, price, amount = (parse_number(text, locale.numbers) for text in texts)
        right += None not in (count, price, amount) and abs(count * price - amount) <= _CENT  # type: ignore[operator]
    return right >= len(rows) / 2


def _asked(items: Mapping[str, Any]) -> dict[str, str]:
    """Meaning -> the property that has it; a price alone is what the line comes to."""
    wanted: dict[str, str] = {}
    for prop in properties_of(items):
        for meaning in ("description", "line_total", "quantity", "unit_price", "tax_rate", "article_number"):
            if meaning not in wanted and any(meaning in concepts_of(phrase) for phrase in prop.phrases):
                wanted[meaning] = prop.name
                break
    if "line_total" not in wanted and "unit_price" in wanted:
        wanted["line_total"] = wanted.pop("unit_price")
    return wanted


def _items(view: PageView, locale: Locale) -> Iterator[_Item]:
    """The lines with an amount at the right edge, down to the first sum."""
    lines = [tuple(word for segment in line for word in segment.words) for line in view.lines]
    edge = _right_edge(lines)
    used: set[int] = set()
    begun = False
    for at, words in enumerate(lines):
        amount = _amount_of(words, edge)
        text = fold(" ".join(word.text for word in words[: len(words) - len(amount)]))
        text = _COUNT_OF_ITEMS.sub("", text)
        if begun and (is_total(text) or max(meanings_of(text).get(name, 0.0) for name in _ENDS) >= 0.85):
            return
        if not amount or _has_date(text, locale):
            continue
        item = _item(view, lines, at, amount, used, locale)
        if item is not None:
            begun = True
            yield item


def _right_edge(lines: Sequence[Words]) -> float:
    """Where most amounts end."""
    ends = [words[-1].x1 for words in lines if words and _AMOUNT.fullmatch(words[-1].text)]
    return max(ends, key=lambda x: (sum(abs(x - other) <= _EDGE for other in ends), x), default=0.0)


def _amount_of(words: Words, edge: float) -> Words:
    """The words at the end of a line that are its amount, the code of a tax behind it included."""
    for size in (1, 2, 3):
        tail = words[-size:]
        codes = tail[1:]
        if (
            len(words) > size - 1
            and tail
            and _AMOUNT.fullmatch(tail[0].text)
            and all(_TAX_CODE.fullmatch(word.text) for word in codes)
        ):
            return tail if abs(tail[-1].x1 - edge) <= _EDGE or abs(tail[0].x1 - edge) <= _EDGE else ()
    return ()


def _has_date(text: str, locale: Locale) -> bool:
    return bool(find("date", text, locale))


def _item(
    view: PageView, lines: Sequence[Words], at: int, amount: Words, used: set[int], locale: Locale
) -> _Item | None:
    """The item of a line with an amount, with the count and price in it, or in the line over or under it."""
    value = parse_number(amount[0].text.rstrip("ABCDEFG"), locale.numbers)
    name = lines[at][: len(lines[at]) - len(amount)]
    if value is None:
        return None
    rate = name[-1:] if name and _RATE.fullmatch(name[-1].text) else ()
    item = _Item(view.page.number, name[: len(name) - len(rate)], amount[:1], value, rate=rate)
    _cut_code(item)
    if _take(item, item.name, locale, said=True):  # `2 @ 3.99  7.98` under the name
        over = lines[at - 1] if at else ()
        if at - 1 in used or not _is_name(over):
            return None
        item.name = over
        _cut_code(item)
        used.update((at - 1, at))
        return item
    near = [place for place in (at - 1, at + 1) if 0 <= place < len(lines) and place not in used]
    beside = next((place for place in near if _take(item, lines[place], locale)), None)
    if beside is not None:
        used.add(beside)
    else:
        _take_from_line(item, locale)
    used.add(at)
    amounts = any(
        _AMOUNT.fullmatch(word.text) for word in item.name
    )  # another column, or another list beside
    return item if _is_name(item.name) and not amounts else None


def _cut_code(item: _Item) -> None:
    """Part the number of an article, and the marks that point at a note, from the name behind them."""
    while len(item.name) > 1 and _MARK.fullmatch(item.name[0].text):
        item.name = item.name[1:]
    if len(item.name) > 1 and _CODE.fullmatch(item.name[0].text):
        item.code, item.name = item.name[:1], item.name[1:]


def _take_from_line(item: _Item, locale: Locale) -> None:
    """Take the count and price from the item's own line: behind its name, or on both sides of it."""
    name = item.name
    tail = next((size for size in (2, 3, 1) if len(name) > size and _take(item, name[-size:], locale)), 0)
    item.name = name = name[: len(name) - tail]
    if tail or len(name) < 2 or not (_FIRST.fullmatch(name[0].text) and _is_name(name[1:])):
        return
    item.name, item.count = name[1:], name[:1]
    count = parse_number(name[0].text.rstrip("xX×*"), locale.numbers)
    price = parse_number(name[-1].text, locale.numbers)
    if count and price and abs(count * price - item.value) <= _CENT:
        item.name, item.price = name[1:-1], name[-1:]


def _take(item: _Item, words: Words, locale: Locale, *, said: bool = False) -> bool:
    """Take a count and a price from words that are nothing else, if they come to the amount."""
    match = _COUNTED.fullmatch(" ".join(word.text for word in words))
    if match is None:
        return False
    count, price = (parse_number(match[name], locale.numbers) for name in ("count", "price"))
    if count is None or price is None or (abs(count * price - item.value) > _CENT and not said):
        return False
    places = [place for place, word in enumerate(words) if any(map(str.isdigit, word.text))]
    item.count, item.price = (words[places[0]],), (words[places[-1]],)
    return True


def _is_name(words: Words) -> bool:
    return sum(char.isalpha() for word in words for char in word.text) >= 2


def _adds_up(reading: Reading, found: Sequence[_Item]) -> bool:
    """The amounts of the items come to a sum that the document states."""
    total = round(sum(item.value for item in found), 2)  # what is taken off an item is among them
    sums = {
        round(amount.value, 2)
        for amount in reading.amounts()
        if max(amount.meanings.get(name, 0.0) for name in ("total", "subtotal", "amount_due")) >= 0.8
    }
    return bool(found) and total in sums


def _row(item: _Item, wanted: Mapping[str, str], at: int, score: float) -> TableRow:
    parts = {
        "description": item.name,
        "quantity": item.count,
        "unit_price": item.price,
        "line_total": item.amount,
        "tax_rate": item.rate,
        "article_number": item.code,
    }
    values = {wanted[name]: words for name, words in parts.items() if name in wanted and words}
    return TableRow(item.page, values, at, score, dict.fromkeys(values, score))
