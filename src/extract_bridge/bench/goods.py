"""What was sold: lines with prices, and sums that add up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from extract_bridge.bench import people

if TYPE_CHECKING:
    from extract_bridge.bench.brief import Brief


@dataclass(frozen=True, slots=True)
class Line:
    """One item sold."""

    article: str
    description: str
    quantity: int
    unit_price: float

    @property
    def amount(self) -> float:
        """What it comes to."""
        return round(self.quantity * self.unit_price, 2)


@dataclass(frozen=True, slots=True)
class Bill:
    """Lines and their sums; `shipping` and `paid` may be 0."""

    lines: tuple[Line, ...]
    shipping: float
    tax_rate: int
    paid: float

    @property
    def subtotal(self) -> float:
        """Before tax."""
        return round(sum(line.amount for line in self.lines) + self.shipping, 2)

    @property
    def tax(self) -> float:
        """The tax."""
        return round(self.subtotal * self.tax_rate / 100, 2)

    @property
    def total(self) -> float:
        """With tax."""
        return round(self.subtotal + self.tax, 2)

    @property
    def due(self) -> float:
        """What is left to pay."""
        return round(self.total - self.paid, 2)


def some_lines(brief: Brief, least: int, most: int) -> tuple[Line, ...]:
    """Some items."""
    rng = brief.rng
    return tuple(
        Line(
            f"{people.letters(rng, 2)}-{rng.randint(100, 9999)}",
            brief.thing(),
            rng.choice((1, 1, 2, 3, 5, 8, 10, 12, 24, 100)),
            rng.randint(50, 48000) / 100,
        )
        for _ in range(rng.randint(least, most))
    )


def some_bill(brief: Brief, least: int = 1, most: int = 9) -> Bill:
    """Some items with their sums."""
    rng = brief.rng
    lines = some_lines(brief, least, most)
    shipping = rng.randint(400, 4900) / 100 if rng.random() < 0.35 else 0.0
    made = Bill(lines, shipping, brief.writing.tax_rate, 0.0)
    paid = round(made.total * rng.choice((0.1, 0.25, 0.5)), 2) if rng.random() < 0.25 else 0.0
    return Bill(lines, shipping, brief.writing.tax_rate, paid)
