# ruff: noqa: RUF001 - the signs that documents print are matched as they are
"""Dates as people print them, in several languages, to ISO 8601."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from extract_bridge.local.engine.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

DateOrder = Literal["dmy", "mdy"]

_MONTHS: dict[str, int] = {}
for _language in (
    "january february march april may june july august september october november december",
    "januar februar marz april mai juni juli august september oktober november dezember",
    "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre",
    "januari februari maart april mei juni juli augustus september oktober november december",
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "janeiro fevereiro marco abril maio junho julho agosto setembro outubro novembro dezembro",
    "stycznia lutego marca kwietnia maja czerwca lipca sierpnia wrzesnia pazdziernika listopada grudnia",
    "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "ιανουαριου φεβρουαριου μαρτιου απριλιου μαιου ιουνιου ιουλιου αυγουστου σεπτεμβριου οκτωβριου νοεμβριου δεκεμβριου",
):
    for _index, _month in enumerate(_language.split(), 1):
        _MONTHS[_month] = _index
        _MONTHS.setdefault(_month[:3], _index)
        _MONTHS.setdefault(_month[:4], _index)
for _language in (
    "januari februari mars april maj juni juli augusti september oktober november december",
    "januar februar marts april maj juni juli august september oktober november december",
    "januar februar mars april mai juni juli august september oktober november desember",
    "tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesakuuta heinakuuta elokuuta syyskuuta lokakuuta marraskuuta joulukuuta",
    "ledna unora brezna dubna kvetna cervna cervence srpna zari rijna listopadu prosince",
    "styczen luty marzec kwiecien maj czerwiec lipiec sierpien wrzesien pazdziernik listopad grudzien",
    "ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie",
):
    for _index, _month in enumerate(_language.split(), 1):
        _MONTHS.setdefault(_month, _index)  # whole words only: their beginnings mean other months elsewhere
_MONTHS.update({"maerz": 3, "mrz": 3, "sept": 9, "jui": 6, "juil": 7})

MONTH_NAME = "(?:" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + ")"
"""Any name of a month, or its short form, folded, as part of a pattern."""
_YEAR = r"(?:\d{4}|['’]\d{2}|\d{2})"
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "ymd",
        re.compile(
            r"(?<![\d./-])(?P<y>(?:19|20)\d\d)\s?[-/.]\s?(?P<m>\d{1,2})\s?[-/.]\s?(?P<d>\d{1,2})(?!\d|[-/.]\d)"
        ),
    ),
    (
        "ymd",
        re.compile(
            r"(?<!\d)(?P<y>(?:19|20)\d\d)\s?[年년]\s?(?P<m>\d{1,2})\s?[月월]\s?(?P<d>\d{1,2})\s?[日일]"
        ),
    ),
    (
        "num",
        re.compile(
            r"(?<!\d)(?<!\d[./:])(?P<a>\d{1,2})\s?(?P<s>[-/.])\s?(?P<b>\d{1,2})\s?(?P=s)\s?(?P<y>\d{4}|\d{2})(?!\d|(?P=s)\d)"
        ),
    ),
    (
        "text_dmy",
        re.compile(
            rf"(?<![\w.,])(?P<d>\d{{1,2}})(?:\s?(?:st|nd|rd|th)\b|er|\.|o)?[\s.\-/]*(?:de\s+|of\s+|day\s+of\s+)?(?P<mon>{MONTH_NAME})\b"
            rf"[\s.,\-/]*(?:de\s+|del\s+)?(?P<y>{_YEAR})(?![\d:])"
        ),
    ),
    (
        "text_mdy",
        re.compile(
            rf"(?<![\w])(?P<mon>{MONTH_NAME})\b[\s.\-/]*(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s?[,\s.\-/]\s*(?P<y>{_YEAR})(?![\d:]|,? (?:19|20)\d\d)"
        ),
    ),
    (
        "packed",
        re.compile(r"(?<![\w./-])(?P<y>20\d\d)(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])(?![\w./-])"),
    ),
)
_UP_TO = r"\s*(?:-|–|—|\b(?:to|bis(?: zum)?|au|tot(?: en met)?|t/m|al|a|do|till?|until|through|thru|und|and|et|og|och|e|y|en)\b)\s*(?:(?:the|le|den|el|il)\s)?\s*$"
_HALF_DATES = (
    re.compile(rf"(?<![\d./-])(?P<a>\d{{1,2}})[./](?P<b>\d{{1,2}})[./]?{_UP_TO}"),
    re.compile(
        rf"(?<![\d./-])(?P<d>\d{{1,2}})(?:st|nd|rd|th|er|\.|o)?\s+(?:de\s+|of\s+)?(?P<mon>{MONTH_NAME})\.?{_UP_TO}"
    ),
    re.compile(rf"(?<!\w)(?P<mon>{MONTH_NAME})\.?\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?{_UP_TO}"),
    re.compile(
        rf"(?:^|[:(]\s*|\b(?:from|vom|von|du|van|del|dal|od|fra|fran|de)\s+)(?P<d>\d{{1,2}})(?:\.|er|st|nd|rd|th)?{_UP_TO}"
    ),
)
"""The first of two dates, which leaves out the year, or month and year, that the second one has."""
_DAY_AND_MONTH = (
    re.compile(r"(?P<a>\d{1,2})[./-](?P<b>\d{1,2})\.?"),
    re.compile(rf"(?P<d>\d{{1,2}})\.?[\s-]?(?P<mon>{MONTH_NAME})\.?"),
    re.compile(rf"(?P<mon>{MONTH_NAME})\.?[\s-]?(?P<d>\d{{1,2}})"),
)
_MONTH_YEAR = re.compile(rf"(?<!\w)(?P<mon>{MONTH_NAME})\b[\s.,]*(?P<y>\d{{4}})(?!\d)")
_NUMERIC = re.compile(r"(?<!\d)(?<!\d[./:])(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})(?!\d|\2\d)")
_STATES = "A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|P[AR]|RI|S[CD]|T[NX]|UT|V[AT]|W[AIVY]"
_US_ZIP = re.compile(rf"[^\W\d_]{{2}}\.?,?\s+(?:{_STATES}),?\s+\d{{5}}(?:-\d{{4}})?\b")
_MONTH_FIRST_LANGUAGES = frozenset(("en-us", "us", "en-ph"))


@dataclass(frozen=True, slots=True)
class PrintedDate:
    """A date found in a text: where, what, and whether day and month could also be the other way round."""

    start: int
    end: int
    iso: str
    ambiguous: bool = False


def order_for(lang: str | None, texts: Iterable[str]) -> tuple[DateOrder, bool]:
    """Whether day or month comes first in this document, and whether anything said so.

    A language settles it (English without a country does not). Else numbers that can only be a day do, then
    addresses with an American postal code; else the day comes first and the second value is False.
    """
    if lang:
        tag = lang.replace("_", "-").lower()
        if tag in _MONTH_FIRST_LANGUAGES:
            return "mdy", True
        if tag != "en":
            return "dmy", True
    day_first = month_first = american = 0
    for text in (whole[:2_000] for whole in texts):
        for first, _, second, _ in _NUMERIC.findall(text):
            day_first += int(first) > 12 >= int(second)
            month_first += int(second) > 12 >= int(first)
        american += bool(_US_ZIP.search(text)) or (
            bool(re.search(r"\d{1,2}:\d\d\s?[AP]M\b", text)) and "$" in text
        )
    if day_first != month_first:
        return ("dmy" if day_first > month_first else "mdy"), True
    if american:
        return "mdy", True
    return "dmy", False


def _year(text: str) -> int:
    digits = text.strip("'’")
    year = int(digits)
    if len(digits) == 4:
        return year
    return year + (2000 if year < 70 else 1900)


def _iso(year: int, month: int, day: int) -> str | None:
    if not 1000 <= year <= 2999:
        return None
    try:
        return datetime.date(year, month, day).isoformat()
    except ValueError:
        return None


def _read(kind: str, match: re.Match[str], order: DateOrder) -> tuple[str, bool] | None:
    year = _year(match["y"])
    if kind == "num":
        first, second = int(match["a"]), int(match["b"])
        orders = ((second, first), (first, second)) if order == "dmy" else ((first, second), (second, first))
        readings = [iso for month, day in orders if (iso := _iso(year, month, day))]
        return (readings[0], len(set(readings)) == 2) if readings else None
    month = _MONTHS[match["mon"]] if kind.startswith("text") else int(match["m"])
    iso = _iso(year, month, int(match["d"]))
    return (iso, False) if iso else None


def find_dates(text: str, order: DateOrder = "dmy") -> list[PrintedDate]:
    """Every full date (day, month, year) in `text`, left to right, none inside another."""
    text = text[:2_000]
    folded = fold(text)
    if len(folded) != len(text):
        folded = text.lower() if len(text.lower()) == len(text) else text
    if not re.search(r"\d", folded):
        return []
    found: list[PrintedDate] = []
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(folded):
            if any(match.start() < other.end and other.start < match.end() for other in found):
                continue
            read = _read(kind, match, order)
            if read:
                found.append(PrintedDate(match.start(), match.end(), *read))
    found.sort(key=lambda item: item.start)
    halves = [half for at, item in enumerate(found) if (half := _half_before(folded, found, at, order))]
    return sorted([*found, *halves], key=lambda item: item.start) if halves else found


def _half_before(text: str, found: list[PrintedDate], at: int, order: DateOrder) -> PrintedDate | None:
    """The date before another one that lends it its year: `01.03.` of `01.03. - 31.03.2024`."""
    second = found[at]
    floor = found[at - 1].end if at else 0
    before = text[max(floor, second.start - 40) : second.start]
    for pattern in _HALF_DATES:
        match = pattern.search(before)
        if match is None:
            continue
        parts = match.groupdict()
        end = datetime.date.fromisoformat(second.iso)
        if parts.get("a"):
            day, month = (int(parts[name]) for name in (("a", "b") if order == "dmy" else ("b", "a")))
        else:
            day, month = int(parts["d"]), _MONTHS[parts["mon"]] if parts.get("mon") else end.month
        iso = _iso(end.year, month, day)
        if iso and iso > second.iso:
            iso = _iso(end.year - 1, month, day) if month > end.month else None
        start = second.start - len(before)
        first = match.start("a" if parts.get("a") else "d" if not parts.get("mon") else 0)
        last = max(match.end(name) for name in parts if parts[name])
        return PrintedDate(start + first, start + last, iso, second.ambiguous) if iso else None
    return None


def without_year(text: str, order: DateOrder, latest: str) -> str | None:
    """The ISO form of a text that is a day and a month, of the last such day up to the month of a later date.

    Args:
        text: As printed, such as `02/05` or `12 Aug`.
        order: Whether day or month comes first.
        latest: The ISO date that it does not follow by more than a month.
    """
    match = next(
        (found for pattern in _DAY_AND_MONTH if (found := pattern.fullmatch(fold(text).strip()))), None
    )
    if match is None:
        return None
    parts = match.groupdict()
    if parts.get("a"):
        day, month = (int(parts[name]) for name in (("a", "b") if order == "dmy" else ("b", "a")))
    else:
        day, month = int(parts["d"]), _MONTHS[parts["mon"]]
    year = int(latest[:4])
    return _iso(year - 1 if month > int(latest[5:7]) else year, month, day)


def find_months(text: str) -> list[tuple[int, int]]:
    """Where a month and a year stand without a day, as (start, end)."""
    return [(match.start(), match.end()) for match in _MONTH_YEAR.finditer(text.lower())]


def parse_date(text: str, order: DateOrder = "dmy") -> str | None:
    """The ISO form of the one date in `text`; None where there is none or more than one."""
    dates = find_dates(text, order)
    return dates[0].iso if len(dates) == 1 else None
