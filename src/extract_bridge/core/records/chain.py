"""Where parts in a row can lie, when each alone fits in more than one place.

Parts come in the order of what they were cut from. If together they leave nothing out, each begins no later than where the one before
it ends; a place that no such row of places contains is none. What remains is every place that is still possible: one is certain,
several are a doubt that the caller must not decide by guessing.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Options = list[int] | None  # ascending; None: somewhere, nobody knows where
FEW = 32


@dataclass(frozen=True, slots=True)
class Chain:
    """The rules that a row of places obeys.

    Attributes:
        reach: The last place where the next part may begin, given a part's number and its place.
        first: The last place where the first part may begin.
        whole: What the last part must reach.
        agree: Whether two neighbours (the number of the second, both places) say the same where they overlap.
    """

    reach: Callable[[int, int], int]
    first: int
    whole: int
    agree: Callable[[int, int, int], bool] | None = None

    def covering(self, options: Sequence[Options]) -> list[Options] | None:
        """The places that are possible if the parts leave nothing out; None if they leave something out."""
        ahead: list[Options] = []
        for number, own in enumerate(options):
            kept = own
            if own is not None:
                before = ahead[-1] if ahead else None
                if ahead and before is not None:
                    kept = [at for at in own if self._follows(number, before, at)]
                elif not ahead:
                    kept = own[: bisect_right(own, self.first)]
                else:
                    kept = own[bisect_left(own, _least(ahead)) :]
                if not kept:
                    return None
            ahead.append(kept)
        return self._back(ahead)

    def _back(self, ahead: list[Options]) -> list[Options] | None:
        found = ahead[:]
        for number in reversed(range(len(found))):
            own = found[number]
            if own is None:
                continue
            if number == len(found) - 1:
                kept = [at for at in own if self.reach(number, at) >= self.whole]
            elif (after := found[number + 1]) is not None:
                kept = [at for at in own if self._leads(number, at, after)]
            else:
                kept = own
            if not kept:
                return None
            found[number] = kept
        return found

    def _follows(self, number: int, before: list[int], at: int) -> bool:
        last = bisect_right(before, at)
        if not last or self.reach(number - 1, before[last - 1]) < at:
            return False
        return self._some(number, before[max(last - FEW, 0) : last], at, of=last)

    def _some(self, number: int, before: list[int], at: int, of: int) -> bool:
        """Whether one of these says the same as the part at `at`; too many to ask count as yes."""
        if self.agree is None or of > FEW:
            return True
        return any(self.reach(number - 1, place) >= at and self.agree(number, place, at) for place in before)

    def _leads(self, number: int, at: int, after: list[int]) -> bool:
        first = bisect_left(after, at)
        last = bisect_right(after, self.reach(number, at))
        if first >= last:
            return False
        if self.agree is None or last - first > FEW:
            return True
        return any(self.agree(number + 1, at, place) for place in after[first:last])


def in_order(options: Sequence[Options]) -> list[Options] | None:
    """The places that are possible if the parts come in order, whatever lies between them; None if they do not."""
    found: list[Options] = []
    least = 0
    for own in options:
        kept = own if own is None else own[bisect_left(own, least) :]
        if kept is not None:
            if not kept:
                return None
            least = kept[0]
        found.append(kept)
    most: int | None = None
    for number in reversed(range(len(found))):
        own = found[number]
        if own is None:
            continue
        kept = own if most is None else own[: bisect_right(own, most)]
        if not kept:
            return None
        found[number], most = kept, kept[-1]
    return found


def _least(ahead: Sequence[Options]) -> int:
    return next((kept[0] for kept in reversed(ahead) if kept), 0)
