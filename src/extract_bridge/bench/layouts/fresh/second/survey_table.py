"""A research report's statistical table: groups with indented rows, two levels of headings, dashes for what is not known, signs of footnotes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from extract_bridge.bench.draft import Fact, new_draft, number, text, thing, whole
from extract_bridge.bench.layouts.fresh.second.hands import onward
from extract_bridge.bench.layouts.fresh.strokes import nullable
from extract_bridge.bench.layouts.kinds import Layout
from extract_bridge.bench.sheet import FACES

if TYPE_CHECKING:
    from random import Random

    from extract_bridge.bench.document import BenchDocument
    from extract_bridge.bench.draft import Draft, Said

_SCHEMA = thing(
    "One row of Table 3; headings of groups are not rows",
    characteristic=text("Heading of the group, e.g. Age"),
    category=text("Row label"),
    respondents=whole("Number of persons asked"),
    women_percent=nullable(number("Share among women, %")),
    women_ci=nullable(text("95% confidence interval, as printed")),
    men_percent=nullable(number("Share among men, %")),
    men_ci=nullable(text()),
    p_value=nullable(text("As printed, e.g. <0.001")),
)


class _Group(NamedTuple):
    heading: str
    rows: tuple[str, ...]


_GROUPS = (
    _Group("Age (years)", ("18-29", "30-44", "45-59", "60-74", "75 and older")),
    _Group("Highest education", ("Primary school or less", "Secondary school", "Vocational training, including apprenticeships abroad", "University degree")),
    _Group("Household income", ("Lowest quintile", "Second", "Third", "Fourth", "Highest quintile")),
    _Group("Employment status", ("Full-time", "Part-time", "Unemployed", "Retired", "Student or in training")),
    _Group("Place of residence", ("Large city", "Town", "Rural area, sparsely populated", "Islands")),
    _Group("Smoking status", ("Never", "Former", "Current, daily")),
)  # fmt: skip
_TITLES = (
    "Share of adults reporting regular physical activity, by sex and selected characteristics",
    "Prevalence of self-reported hearing difficulty among respondents of the 2019 wave",
    "Respondents who used public libraries in the past 12 months",
)
_SIGNS = (("a", "b"), ("*", "†"), ("1", "2"))
_TABS = (0.0, 0.4, 0.53, 0.68, 0.79, 0.92, 1.0)
"""Right edges of the columns after the stub, as shares of the width."""


class _Table:
    """The table while it is printed: its headings come again on each page."""

    def __init__(self, draft: Draft) -> None:
        self.draft, self.at = draft, [draft.left + share * (draft.right - draft.left) for share in _TABS]
        self.small = draft.sheet.size - 1
        self.signs = draft.rng.choice(_SIGNS)
        self.dash = draft.rng.choice(("–", "-", "n/a", ".."))  # noqa: RUF001 - as offices print it
        self.spread = (
            draft.rng.random() < 0.5
        )  # an interval in a column of its own, or close behind the share

    def head(self, y: float) -> float:
        """Women and men over two columns each, what is measured below, units below that."""
        draft, at = self.draft, self.at
        draft.sheet.line(draft.left, y - 12, draft.right, y - 12, width=1.1)
        for label, x0, x1 in (("Women", at[1] + 12, at[3]), ("Men", at[3] + 14, at[5])):
            draft.say((x0 + x1) / 2, y, label, bold=True, align="centre", size=self.small)
            draft.sheet.line(x0, y + 3, x1, y + 3, width=0.4)
        y += draft.step
        draft.say(draft.left, y, "Characteristic", bold=True, size=self.small)
        for x, label in zip(at[1:], ("n", "Share", "95% CI", "Share", "95% CI", "p"), strict=True):
            draft.say(x, y, label, bold=True, align="right", size=self.small)
        y += draft.step
        for x in (at[2], at[4]):
            draft.say(x, y, "(%)", align="right", size=self.small)
        draft.sheet.line(draft.left, y + 4, draft.right, y + 4)
        return y + draft.step + 4

    def row(self, y: float, row: int, label: str, *, first: bool, indent: float) -> float:
        """One category."""
        draft, rng, start = self.draft, self.draft.rng, f"/{row}"
        room = self.at[1] - draft.left - indent - 34
        wide = draft.sheet.measure(label) > room
        few = rng.random() < 0.12 and not wide
        count = rng.randint(4, 29) if few else rng.randint(30, 5200)
        end = draft.prose(draft.left + indent, y, room, Fact(label, f"{start}/category"))
        if few:
            draft.say(draft.left + indent + draft.sheet.measure(label) + 1, y - 3, self.signs[0], size=6)
        draft.say(self.at[1], y, Fact(f"{count:,}", f"{start}/respondents", count), align="right")
        for who, x, far in (("women", self.at[2], self.at[3]), ("men", self.at[4], self.at[5])):
            share, off = rng.randint(30, 890) / 10, rng.randint(8, 48) / 10
            if few:
                draft.say(x, y, self.dash, align="right")
                draft.say(far, y, self.dash if self.dash != "n/a" else "", align="right")
                continue
            draft.say(x, y, Fact(f"{share:.1f}", f"{start}/{who}_percent", share), align="right")
            low, high = max(0.1, share - off), min(99.9, share + off)
            said = f"{low:.1f}-{high:.1f}" if self.spread else f"({low:.1f}, {high:.1f})"
            draft.say(far, y, Fact(said, f"{start}/{who}_ci"), align="right", size=self.small)
        chance: Said = (
            Fact(rng.choice(("<0.001", "0.03", "0.41", "0.002")), f"{start}/p_value") if first else ""
        )
        draft.say(self.at[6], y, chance, align="right")
        return end + 1


def _body(draft: Draft, y: float) -> float:
    rng = draft.rng
    table, row, indent = _Table(draft), 0, rng.choice((8.0, 12.0, 16.0))
    bold, y = rng.random() < 0.5, table.head(y)
    tight = rng.random() < 0.5
    for group in rng.sample(_GROUPS, rng.randint(2, len(_GROUPS))):
        page = draft.sheet.page
        y = onward(draft, y, 50 + draft.step * len(group.rows), foot="{}")
        if draft.sheet.page != page:
            draft.say(draft.left, y - 16, "Table 3 (continued)", size=table.small)
            y = table.head(y + 8)
        heading = draft.say(draft.left, y, group.heading, bold=bold)
        y += draft.step
        for at, label in enumerate(group.rows):
            draft.state(Fact(group.heading, f"/{row}/characteristic"), heading)
            y, row = table.row(y, row, label, first=at == 0, indent=indent), row + 1
        y += 0 if tight else 5
    draft.sheet.line(draft.left, y - 8, draft.right, y - 8, width=1.1)
    return draft.lines(
        draft.left, y + 4, f"{table.signs[0]} Fewer than 30 respondents; shares not shown.", f"{table.dash} not available. CI, confidence interval. n, unweighted.",
        "Source: National Living Conditions Survey, authors' calculations.", size=7,
    )  # fmt: skip


def _page(rng: Random, at: int) -> BenchDocument:
    draft = new_draft(rng, "en", _SCHEMA, size=9.0, face=rng.choice((FACES[1], FACES[0])))
    draft.left = rng.choice((54.0, 62.0))
    lead = (
        "Table 3 summarises the results by sex. Differences between groups were tested with design-based chi-square tests; 4.6% of the 12,480 persons asked did not answer."
        " As in earlier waves, the gradient by education is steeper among women."
    )
    y = draft.prose(draft.left, 64, draft.right - draft.left, lead) + 16
    y = (
        draft.prose(draft.left, y, draft.right - draft.left, f"Table 3. {rng.choice(_TITLES)}", bold=True)
        + 12
    )
    y = _body(draft, y)
    if y < draft.sheet.height - 130:
        draft.prose(
            draft.left,
            y + 22,
            draft.right - draft.left,
            "The patterns persist after adjustment for region (Table 4) and are similar to those reported elsewhere.",
        )
    return draft.finish("survey_table", at, "per_table_row")


LAYOUTS = (Layout("survey_table", "statistics", _page, group="fresh"),)
