"""A PDF page's own coordinates and those of the page as a reader sees it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class View:
    """From the PDF's own coordinates (points up from the lower left of some box) to the page as a reader sees it."""

    left: float
    top: float
    width: float
    height: float
    turns: int

    @property
    def size(self) -> tuple[float, float]:
        """Width and height as seen."""
        return (self.height, self.width) if self.turns % 2 else (self.width, self.height)

    def point(self, x: float, y: float) -> tuple[float, float]:
        """One point, from the top left as seen."""
        across, down = x - self.left, self.top - y
        match self.turns:
            case 1:
                return self.height - down, across
            case 2:
                return self.width - across, self.height - down
            case 3:
                return down, self.width - across
            case _:
                return across, down

    def box(self, left: float, bottom: float, right: float, top: float) -> tuple[float, float, float, float]:
        """A rectangle as (x0, y0, x1, y1), x0 <= x1 and y0 <= y1."""
        if (
            not self.turns and left <= right and bottom <= top
        ):  # nearly every page; this is asked for each word
            return left - self.left, self.top - top, right - self.left, self.top - bottom
        ax, ay = self.point(left, bottom)
        bx, by = self.point(right, top)
        return min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)
