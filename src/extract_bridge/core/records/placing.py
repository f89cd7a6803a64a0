"""Where a splitter's chunks lie in the text that they were cut from.

A place is a list of pieces `(place in the chunk, place in the parent, length)`, in order. Most chunks are one piece; those whose
white space or markup a splitter changed are several. An empty list means: not found.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from difflib import SequenceMatcher
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

Piece = tuple[int, int, int]
Place = list[Piece]

_CUT_CHARACTER = "\ufffd"  # what a token splitter leaves of a character that it cut
_WORD = re.compile(r"\w+|[^\w\s]")
_ENOUGH = 0.6  # of a chunk's words must be found for it to be placed word by word
_FARTHEST_WORDS = 20_000
_NAME = re.compile(r"^(\S[^\n]*?):(?: |\Z)", re.MULTILINE)
_CHANCE = 5  # characters; so few in common may be chance


class _Walk:
    """What is covered so far, for chunks come in the order of their text and leave out nothing but white space."""

    def __init__(self) -> None:
        self.after = 0
        self.covered = 0
        self.blind = 0  # chunks since the last whose start is exact

    def pass_by(self, start: int, end: int, *, exact: bool = True) -> None:
        self.after, self.covered = start + 1, max(self.covered, end)
        self.blind = 0 if exact else self.blind + 1


class ParentText:
    """A parent's text, to find chunks in."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = [place for place, character in enumerate(text) if not character.isspace()]
        self._squeezed = "".join(text.split())

    def places(self, chunks: Sequence[tuple[str, int | None]]) -> list[Place]:
        """The place of each chunk, given with the start that its splitter told, in their order."""
        walk, found = _Walk(), []
        for text, start in chunks:
            place = self._place(text, start, walk)
            if place:
                walk.pass_by(place[0][1], place[-1][1] + place[-1][2])
            found.append(place)
        return found

    def _place(self, text: str, start: int | None, walk: _Walk) -> Place:
        body = text.strip(_CUT_CHARACTER)
        if not body.strip():
            return []
        shift = text.find(body)
        at = self._whole(body, None if start is None else start + shift, walk)
        if at >= 0:
            return [(shift, at, len(body))]
        return self._by_characters(body, shift, walk) or self._by_words(body, shift, walk)

    def _whole(self, body: str, start: int | None, walk: _Walk) -> int:
        """The chunk as it stands: where it leaves no gap, else where the splitter says, else the next place."""
        limit = self._next_character(walk.covered)
        told = start is not None and start >= 0 and self._text.startswith(body, start)
        if told and start is not None and walk.after <= start <= limit:
            return start
        at = self._text.rfind(body, walk.after, limit + len(body))
        if at < 0 and told and start is not None:
            return start
        return at if at >= 0 else _next(self._text, body, walk.after)

    def _by_characters(self, body: str, shift: int, walk: _Walk) -> Place:
        """The chunk without white space, in the parent without white space."""
        squeezed = "".join(body.split())
        after, limit = bisect_left(self._at, walk.after), bisect_left(self._at, walk.covered)
        at = self._squeezed.rfind(squeezed, after, limit + len(squeezed))
        if at < 0:
            at = _next(self._squeezed, squeezed, after)
        if at < 0:
            return []
        own = [shift + place for place, character in enumerate(body) if not character.isspace()]
        return _joined((mine, self._at[at + number], 1) for number, mine in enumerate(own))

    def _by_words(self, body: str, shift: int, walk: _Walk) -> Place:
        """Word by word, where a splitter took markup or headings away."""
        mine = [(found[0], found.start()) for found in _WORD.finditer(body)]
        theirs = []
        for found in _WORD.finditer(self._text, walk.after):
            theirs.append((found[0], found.start()))
            if len(theirs) >= _FARTHEST_WORDS:
                break
        matcher = SequenceMatcher(
            None, [word for word, _ in theirs], [word for word, _ in mine], autojunk=False
        )
        blocks = matcher.get_matching_blocks()
        if sum(block.size for block in blocks) < _ENOUGH * len(mine):
            return []
        return _joined(
            (shift + mine[block.b + step][1], theirs[block.a + step][1], len(mine[block.b + step][0]))
            for block in blocks
            for step in range(block.size)
        )

    def _next_character(self, place: int) -> int:
        index = bisect_left(self._at, place)
        return self._at[index] if index < len(self._at) else len(self._text)


class ParentRows:
    """What the metadata alone tells of a parent's text, if it was rendered as `lines`: the name before each value, and its place.

    Other renderings do not write whole names, so that a chunk of theirs cannot be told from its neighbours without their text.
    """

    def __init__(self, rows: Sequence[Mapping[str, Any]]) -> None:
        spans = {str(row["path"]): span for row in rows if (span := span_of(row)) is not None}
        self._spans = sorted(spans.values())
        self._starts = {dotted(pointer): start for pointer, (start, _) in spans.items()}
        self._has_names = _are_lines(spans)
        self._names = {start: name for name, start in self._starts.items()}
        self._name_after = {end: self._names[after[0]] for (_, end), after in pairwise(self._spans)}

    def places(self, chunks: Sequence[tuple[str, int | None]]) -> list[Place]:
        """The place of each chunk, given with the start that its splitter told, in their order."""
        walk, found, before = _Walk(), [], ""
        for text, start in chunks:
            inside = self._inside_a_value(text, walk, before) if before and start is None else None
            if inside is not None and not self._agrees(text, inside):
                inside = None
            at = self._told(text, start, walk, least=1 if inside is None else 2)
            exact = at is not None
            at = inside if at is None else at
            if at is None and len(chunks) == 1 and self._fits(text):
                at = 0  # nothing was cut
            if at is not None:
                walk.pass_by(at, at + len(text), exact=exact)
            before = text if at is not None else ""
            found.append([] if at is None else [(0, at, len(text))])
        return found

    def _told(self, text: str, start: int | None, walk: _Walk, least: int) -> int | None:
        """The chunk's start as its splitter tells it, or at least so many of the names in it."""
        votes = self._votes(text)
        best = max(votes, key=lambda at: (votes[at], -abs(at - walk.covered)), default=None)
        if best is None:
            return start
        if start is None:
            return best if votes[best] >= least else None
        narrowed_before = best == 0 and self._fits(text)
        return best if not votes[start] and (votes[best] > 1 or narrowed_before) else start

    def _votes(self, text: str) -> Counter[int]:
        """Starts that put a field's value behind the field's name, and every name where it belongs."""
        votes: Counter[int] = Counter()
        if self._has_names:
            for found in _NAME.finditer(text):
                place = self._starts.get(found[1])
                if place is not None and place >= found.end(1) + 2:
                    votes[place - found.end(1) - 2] += 1
        for at in list(votes):
            if not self._agrees(text, at):
                del votes[at]
        return votes

    def _agrees(self, text: str, at: int) -> bool:
        """Whether a chunk that starts there has between two values what `lines` writes between them: all of it, or its part."""
        body = text.rstrip()
        for end, (start, name) in self._between_from(at):
            between = f"\n{name}: "
            if start - len(between) >= at + len(body):
                return True
            first = end - at
            expected = between if first >= 0 else between[-first:]
            seen = body[max(first, 0) : start - at]
            if not seen.strip() or seen != expected[: len(seen)]:
                return not seen.strip() and start - at >= len(body)
        return True

    def _between_from(self, at: int) -> Iterator[tuple[int, tuple[int, str]]]:
        """(end of a value, (start of the next, its name)), for values that start behind a place."""
        first = bisect_right(self._spans, (at, 0))
        for number in range(max(first, 0), len(self._spans)):
            start = self._spans[number][0]
            if start <= at:
                continue
            end = self._spans[number - 1][1] if number else -1
            yield end, (start, self._names[start])

    def _fits(self, text: str) -> bool:
        return all(end <= len(text) for _, end in self._spans)

    def _inside_a_value(self, text: str, walk: _Walk, before: str) -> int | None:
        """A chunk without a name, where a long value goes on and is not over: then its start need not be exact."""
        if not self._has_names:
            return None
        most = min(len(text), len(before))
        overlap = next((size for size in range(most, _CHANCE, -1) if before.endswith(text[:size])), 0)
        at = walk.covered - overlap + (0 if overlap else 1)
        index = bisect_left(self._spans, (at + 1, 0)) - 1
        if index < 0:
            return None
        start, end = self._spans[index]
        beyond = at + len(text) - end
        name = self._name_after.get(end)
        if name is not None:
            if f"\n{name}:" in f"\n{text}":
                return None  # it tells its place itself
            cut = _NAME.match(text)
            if cut is not None and name.endswith(cut[1]):
                return self._starts[name] - cut.end(1) - 2
            line = text.rfind("\n") + 1
            if name.startswith(text[line:]):
                return end + 1 - line  # the next field's name begins in it
        if beyond > 1 + walk.blind or end - start < len(text):
            return None
        return max(at - max(beyond, 0), start)


def span_of(row: Mapping[str, Any]) -> tuple[int, int] | None:
    """A row's span, or None; metadata may have been through other hands."""
    span = row.get("span")
    if not isinstance(span, list) or len(span) != 2 or not all(isinstance(item, int) for item in span):
        return None
    return (span[0], span[1]) if 0 <= span[0] <= span[1] else None


def _next(text: str, part: str, after: int) -> int:
    at = text.find(part, after)
    return at if at >= 0 else text.find(part)


def _joined(pieces: Iterator[Piece]) -> Place:
    """Pieces that follow each other on both sides, as one."""
    joined: Place = []
    for mine, theirs, length in pieces:
        if joined:
            last = joined[-1]
            if last[0] + last[2] == mine and last[1] + last[2] == theirs:
                joined[-1] = (last[0], last[1], last[2] + length)
                continue
        joined.append((mine, theirs, length))
    return joined


def dotted(pointer: str) -> str:
    """A field's name as `lines` writes it."""
    path = ""
    for step in pointer.split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        path += f"[{name}]" if name.isdecimal() else f".{name}" if path else name
    return path


def _are_lines(spans: Mapping[str, tuple[int, int]]) -> bool:
    """Whether each value stands one name behind the one before it."""
    end = -1
    for pointer, span in sorted(spans.items(), key=lambda item: item[1]):
        if span[0] != end + 1 + len(dotted(pointer)) + 2:
            return False
        end = span[1]
    return True
