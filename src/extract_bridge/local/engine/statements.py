# ruff: noqa: RUF001 - the signs that documents print are matched as they are
"""Lines of the statements in a report: the balance sheet and the statement of income, in the column of the latest period.

A report names its figures many times, in notes, in prose and in the statement of cash flows; what its statements say on a
page of their own is what a reader takes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from extract_bridge.local.engine.candidates import Candidate, candidate
from extract_bridge.local.engine.spans import Found, find
from extract_bridge.local.engine.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from extract_bridge.local.engine.pageview import PageView, Segment
    from extract_bridge.local.engine.regions import Reading
    from extract_bridge.local.engine.wanted import Wanted

_BALANCE = frozenset(
    (
        "total_assets",
        "current_assets",
        "total_liabilities",
        "equity",
        "receivables",
        "inventories",
        "cash_position",
    )
)
_INCOME = frozenset(
    (
        "revenue",
        "cost_of_revenue",
        "gross_profit",
        "operating_income",
        "net_income",
        "basic_eps",
        "diluted_eps",
    )
)
_TITLES = (
    (
        _BALANCE,
        re.compile(
            r"balance sheets?|statements? of financial (?:position|condition)|\bbilanz\b|\bbilan\b|balance de situacion|\bbalans\b|stato patrimoniale|balanco|\bbilans\b"
        ),
    ),
    (
        _INCOME,
        re.compile(
            r"statements? of (?:\w+ ){0,3}(?:income|operations|earnings|profit|loss)|income statements?|profit and loss|gewinn- und verlustrechnung|compte de resultat|cuenta de resultados"
            r"|cuenta de perdidas y ganancias|winst- en verliesrekening|conto economico|demonstracao de resultados|rachunek zyskow i strat"
        ),
    ),
)
_PER_SHARE = frozenset(("basic_eps", "diluted_eps"))
_SHARES = 1_000
_OWNERS = re.compile(
    r"attributable to (?!.{0,12}(?:non-?controlling|minorit))|part du groupe|entfallend|atribuible a los|van aandeelhouders"
)
_OF_OWNERS = (
    0.32  # what the owners of the company earned is its net income, also where the line says much more
)
_OWN = 0.9
_WHOLE, _PART, _MOST_OF_IT = 0.9, 0.62, 0.6
_TOP = 12  # lines in which a page names its statement
_FEWEST_ROWS = 5
_NEAR = 14.0  # points between the right edges of one column
_LONGEST_TITLE = 14  # words
_FIGURE = re.compile(r"[\s$€£]{0,6}\(?[\s$€£]{0,6}[-–]?[\d.,'’\u00a0 ]{0,24}\d\)?\s?")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


@dataclass(frozen=True, slots=True)
class _Statement:
    """A page that is a statement: what it states, its lines with figures, and the right edge of the latest column."""

    view: PageView
    states: frozenset[str]
    rows: list[tuple[Segment, list[Segment]]]
    edge: float


def statement_candidates(reading: Reading, fields: Sequence[Wanted]) -> Iterator[Candidate]:
    """What the statements of a report say for fields of their lines, and when their period ends."""
    asked = [item for item in fields if item.kind in ("number", "integer") and _meanings(item)]
    ends = [item for item in fields if item.kind == "date" and item.concepts.get("period_end", 0.0) >= _OWN]
    if not asked:
        return
    statements = [made for view in reading.views for made in _statements(view)]
    for item in asked:
        yield from _figures(reading, item, statements)
    balance = next((made for made in statements if made.states is _BALANCE), None)
    for item in ends if balance else ():
        yield from _period_end(reading, item, balance)


def _period_end(reading: Reading, item: Wanted, balance: _Statement | None) -> Iterator[Candidate]:
    """The latest of the days over the columns of the balance sheet."""
    if balance is None:
        return
    dates = [
        (segment, found)
        for segment, found in reading.found("date")
        if segment.page is balance.view and segment.y0 < balance.rows[0][0].y0
    ]
    if dates:
        segment, found = max(dates, key=lambda pair: str(pair[1].value))
        yield candidate(
            reading, item, segment, 0, found, 0.82, "is the latest day over the balance sheet", how="below"
        )


def _meanings(item: Wanted) -> set[str]:
    return {name for name, weight in item.concepts.items() if weight >= 0.9 and name in _BALANCE | _INCOME}


def _statements(view: PageView) -> Iterator[_Statement]:
    titles = [
        fold(view.line_text(number))
        for number, line in enumerate(view.lines[:_TOP])
        if sum(len(segment.words) for segment in line) <= _LONGEST_TITLE
    ]
    for states, pattern in _TITLES:
        if not any(pattern.search(title) for title in titles):
            continue
        rows = [(line[0], numbers) for line in view.lines if (numbers := _numbers(line))]
        if len(rows) >= _FEWEST_ROWS:
            yield _Statement(view, states, rows, _latest(view, rows))


def _numbers(line: list[Segment]) -> list[Segment]:
    """The figures of a line that begins with words; none where other words stand among them."""
    if not re.search(r"[^\W\d_]{3}", line[0].text):
        return []
    rest = [segment for segment in line[1:] if re.search(r"\w", segment.text)]
    return rest if all(_FIGURE.fullmatch(segment.text) for segment in rest) else []


def _latest(view: PageView, rows: list[tuple[Segment, list[Segment]]]) -> float:
    """The right edge of the column under the latest year of the headings, the first of those; without years, the first one."""
    first = median(numbers[0].x1 for _, numbers in rows)
    top = rows[0][0].y0
    years = [
        (int(match.group()), segment.words_between(*match.span())[-1].x1)
        for segment in view.segments
        if segment.y0 < top and segment.x0 > rows[0][0].x0 + _NEAR
        for match in _YEAR.finditer(segment.text)
    ]
    if not years:
        return first
    latest = max(year for year, _ in years)
    place = min(x for year, x in years if year == latest)
    edges = sorted({round(number.x1) for _, numbers in rows for number in numbers})
    return float(min(edges, key=lambda edge: abs(edge - place)))


def _figures(reading: Reading, item: Wanted, statements: list[_Statement]) -> Iterator[Candidate]:
    meanings = _meanings(item)
    for rank, statement in enumerate(statements):
        if not meanings & statement.states:
            continue
        for label, numbers in statement.rows:
            share = _named(reading, label, meanings)
            number = next((other for other in numbers if abs(other.x1 - statement.edge) <= _NEAR), None)
            if not share or number is None:
                continue
            found = find("number", number.text, reading.locale)
            if len(found) != 1:
                continue
            if meanings & _PER_SHARE and abs(found[0].value) >= _SHARES:
                continue  # how many shares, not what one earned
            value = int(found[0].value) if item.kind == "integer" else found[0].value
            score = (0.9 if share > 0.6 else 0.62) - 0.02 * min(rank, 4)
            if "net_income" in meanings and _OWNERS.search(fold(label.text)):
                score += _OF_OWNERS
            made = candidate(
                reading,
                item,
                number,
                0,
                Found(found[0].start, found[0].end, value, 1.0),
                score,
                f'stands in the statement on the line "{label.text[:40]}"',
                how="right",
            )
            yield made


def _named(reading: Reading, label: Segment, meanings: set[str]) -> float:
    """How much of a line's words are a label of what is asked for; 0 where they begin with none."""
    for hit in reading.hits.get(label, ()):
        if hit.start <= 1 and meanings & set(hit.concepts):
            return (hit.end - hit.start) / len(label.text)
    return 0.0
