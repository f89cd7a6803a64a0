"""Which row of an answer is which row of the truth: the pairing with the highest sum of likenesses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from extract_bridge.bench.scoring.compare import plain, same

if TYPE_CHECKING:
    from collections.abc import Sequence

_EXACT_LIMIT = 160
"""Rows above which only rows that are alike in their order are paired; the exact way grows with the third power."""
_NEIGHBOURS = 12


def pair(truth: Sequence[Any], answer: Sequence[Any]) -> list[tuple[int, int]]:
    """Pairs of places in two lists, best in sum; rows that have nothing in common stay alone."""
    if len(truth) == len(answer) and all(
        _likeness(one, other) >= _full(one) for one, other in zip(truth, answer, strict=True)
    ):
        return [(at, at) for at in range(len(truth))]  # all alike as they stand: the usual case
    if max(len(truth), len(answer)) > _EXACT_LIMIT:
        return _greedy(truth, answer)
    gains = [[_likeness(one, other) for other in answer] for one in truth]
    return [(at, to) for at, to in best_pairs(gains) if gains[at][to] > 0]


def best_pairs(gains: Sequence[Sequence[float]]) -> list[tuple[int, int]]:
    """The pairing of rows with columns whose gains have the highest sum (shortest augmenting paths with potentials)."""
    if not gains or not gains[0]:
        return []
    turned = len(gains) > len(gains[0])
    costs = [[-gain for gain in row] for row in (zip(*gains, strict=True) if turned else gains)]
    width = len(costs[0])
    of_row, of_column = [0.0] * len(costs), [0.0] * width
    owner = [-1] * width
    for start in range(len(costs)):
        _augment(costs, of_row, of_column, owner, start)
    pairs = [(row, column) for column, row in enumerate(owner) if row >= 0]
    return sorted((column, row) if turned else (row, column) for row, column in pairs)


def _augment(
    costs: list[list[float]], of_row: list[float], of_column: list[float], owner: list[int], start: int
) -> None:
    """Give one more row a column, moving others where that costs less."""
    width = len(owner)
    nearest, came_from, done = [float("inf")] * width, [-1] * width, [False] * width
    row, column = start, -1
    reached = 0.0
    while True:
        for to in range(width):
            if not done[to]:
                cost = reached + costs[row][to] - of_row[row] - of_column[to]
                if cost < nearest[to] - 1e-12:
                    nearest[to], came_from[to] = cost, column
        column = min((to for to in range(width) if not done[to]), key=nearest.__getitem__)
        reached, done[column] = nearest[column], True
        if owner[column] < 0:
            break
        row = owner[column]
    of_row[start] += reached
    for to in range(width):
        if done[to] and to != column:
            of_row[owner[to]] += reached - nearest[to]
            of_column[to] -= reached - nearest[to]
    while column >= 0:
        before = came_from[column]
        owner[column] = owner[before] if before >= 0 else start
        column = before


def _greedy(truth: Sequence[Any], answer: Sequence[Any]) -> list[tuple[int, int]]:
    """Each row of the truth with the best row near its place that is still free."""
    taken: set[int] = set()
    pairs: list[tuple[int, int]] = []
    drift = 0
    for at, one in enumerate(truth):
        near = range(max(0, at + drift - _NEIGHBOURS), min(len(answer), at + drift + _NEIGHBOURS + 1))
        free = [to for to in near if to not in taken]
        best = max(free, key=lambda to: (_likeness(one, answer[to]), -abs(to - at - drift)), default=None)
        if best is not None and _likeness(one, answer[best]) > 0:
            taken.add(best)
            pairs.append((at, best))
            drift = best - at
    return pairs


def _full(value: Any) -> float:
    """The likeness of a value with itself."""
    if isinstance(value, dict):
        return sum(_full(item) for item in value.values())
    return 0.0 if value is None else 1.0


def _likeness(truth: Any, answer: Any) -> float:
    """How many values two rows share; a little for text that only begins alike."""
    if isinstance(truth, dict):
        if not isinstance(answer, dict):
            return 0.0
        return sum(_likeness(value, answer.get(name)) for name, value in truth.items())
    if truth is None or answer is None or isinstance(truth, list):
        return 0.0
    if same(truth, answer):
        return 1.0
    if isinstance(truth, str) and isinstance(answer, str):
        one, other = plain(truth), plain(answer)
        return 0.25 if one and (one in other or other in one) and other else 0.0
    return 0.0
