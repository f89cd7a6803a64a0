"""Several readings of one picture become one: where they disagree, the surer one holds. Plain arithmetic."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from extract_bridge.parse.ocr_model import Recognized

_SAME = 0.3  # of the smaller of two boxes: as much in common, and both were read from the same letters
_LEAST_SURE = 0.4  # of a word that takes part; a page read more than once is one with stains and rules that look like letters
_SURE_ALONE = 0.6  # of a word that only the later reading sees


def merged(first: Sequence[Recognized], second: Sequence[Recognized]) -> list[Recognized]:
    """The words of both readings, each place of the picture once.

    Words that cover each other, one or several on either side, are one place; it is read as the reading says that is surer of its
    letters there. A word that only the second reading sees must be sure enough to stand alone.

    Args:
        first: Words with their boxes.
        second: The same picture, read in another way.
    """
    ours = [item for item in first if item.confidence >= _LEAST_SURE]
    theirs = [item for item in second if item.confidence >= _LEAST_SURE]
    chosen: list[Recognized] = []
    for mine, other in _places(ours, theirs):
        if not mine:
            chosen += [item for item in other if item.confidence >= _SURE_ALONE]
        else:
            chosen += mine if sureness(mine) >= sureness(other) else other
    return chosen


def sureness(items: Sequence[Recognized]) -> float:
    """Mean confidence of their letters, 0..1; signs of punctuation count nothing. 0 where there are no letters."""
    letters = [sum(map(str.isalnum, item.text)) for item in items]
    return sum(n * item.confidence for n, item in zip(letters, items, strict=True)) / (sum(letters) or 1)


def _places(
    first: Sequence[Recognized], second: Sequence[Recognized]
) -> Iterator[tuple[list[Recognized], list[Recognized]]]:
    """Words of either reading that cover each other, directly or through others."""
    links: dict[int, list[int]] = {index: [] for index in range(len(first) + len(second))}
    by_top = sorted(range(len(second)), key=lambda index: second[index].box[1])
    tallest = max((item.box[3] - item.box[1] for item in second), default=0.0)
    start = 0
    for mine in sorted(range(len(first)), key=lambda index: first[index].box[1]):
        _, top, _, bottom = first[mine].box
        while start < len(by_top) and second[by_top[start]].box[1] < top - tallest:
            start += 1
        for other in by_top[start:]:
            if second[other].box[1] > bottom:
                break
            if _covers(first[mine].box, second[other].box):
                links[mine].append(len(first) + other)
                links[len(first) + other].append(mine)
    done: set[int] = set()
    for index in links:
        if index in done:
            continue
        place, waiting = set[int](), [index]
        while waiting:
            here = waiting.pop()
            if here not in place:
                place.add(here)
                waiting += links[here]
        done |= place
        members = sorted(place)
        yield (
            [first[member] for member in members if member < len(first)],
            [second[member - len(first)] for member in members if member >= len(first)],
        )


_Box = tuple[float, float, float, float]


def _covers(one: _Box, other: _Box) -> bool:
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    return across > 0 and down > 0 and across * down > _SAME * min(_area(one), _area(other))


def _area(box: _Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])
