"""Where a splitter's chunks lie in the text that they were cut from.

A place is a list of pieces `(place in the chunk, place in the parent, length)`, in order. Most chunks are one piece; those whose
white space or markup a splitter changed are several. Each chunk gets the list of all its possible places: a chunk whose text stands in
several places is told from its neighbours, for chunks come in the order of their text and mostly leave nothing out. One place is
certain; several remain where nothing tells them apart (`| 0 |` in a row of zeros); none means: not found.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

from extract_bridge.core.records.chain import FEW, Chain, Options, in_order

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

Piece = tuple[int, int, int]
Place = list[Piece]
Told = tuple[str, int | None]

_CUT_CHARACTER = "\ufffd"  # what a token splitter leaves of a character that it cut
_WORD = re.compile(r"\w+|[^\w\s]")
_ENOUGH = 0.6  # of a chunk's words must be found for it to be placed word by word
_FARTHEST_WORDS = 20_000
_MOST_PLACES = 2_000  # of one chunk; a text that stands in more places than that is nowhere in particular
_LONGEST_GAP = 16  # white space inside a value, whose text is unknown, that a splitter may have stripped
_MOST_TRIES = 500_000  # places that are looked at without a parent's text, for all its chunks together


class ParentText:
    """A parent's text, to find chunks in."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = [place for place, character in enumerate(text) if not character.isspace()]
        self._squeezed = "".join(text.split())

    def places(self, chunks: Sequence[Told]) -> list[list[Place]]:
        """The possible places of each chunk, given with the start that its splitter told, in their order."""
        bodies = [_Body(text, start) for text, start in chunks]
        full = [body for body in bodies if body.squeezed]
        rows = iter(self._options(full))
        found: list[list[Place]] = []
        options = [next(rows) if body.squeezed else [] for body in bodies]
        for number, (body, own) in enumerate(zip(bodies, options, strict=True)):
            if own is None:
                found.append(self._by_words(body, *self._between(options, bodies, number)))
            else:
                found.append([self._pieces(body, at) for at in own])
        return found

    def _options(self, bodies: Sequence[_Body]) -> list[Options]:
        """Where each may begin, counted without white space: the strictest reading that holds for all of them."""
        chain = Chain(
            reach=lambda number, at: at + len(bodies[number].squeezed) + bodies[number].cut,
            first=0,
            whole=len(self._squeezed),
        )
        exact = [_all(self._text, body.text) for body in bodies]
        exact = [None if own is None else [bisect_left(self._at, at) for at in own] for own in exact]
        loose = [
            own or _all(self._squeezed, body.squeezed) or None
            for own, body in zip(exact, bodies, strict=True)
        ]
        told = [self._told(body, own) for body, own in zip(bodies, loose, strict=True)]
        if told != loose and (found := chain.covering(told)):
            return found
        if all(exact):
            whole = [self._whole(body, own) for body, own in zip(bodies, exact, strict=True)]
            if found := (all(whole) and chain.covering(whole)) or chain.covering(exact):
                return found
        loose = [_all(self._squeezed, body.squeezed) or None for body in bodies]
        return (
            chain.covering(loose)
            or (told if all(told) and told != loose else None)
            or in_order(loose)
            or loose
        )

    def _whole(self, body: _Body, exact: Options) -> Options:
        """Of the places of a chunk those where the white space at its ends stands too: a splitter takes it away, and adds none."""
        return [
            at
            for at in exact or ()
            if (start := self._at[at] - body.shift) >= 0 and self._text.startswith(body.whole, start)
        ]

    def _told(self, body: _Body, own: Options) -> Options:
        if body.start is None or not self._text.startswith(body.text, body.start):
            return own
        return [bisect_left(self._at, body.start)]

    def _pieces(self, body: _Body, at: int) -> Place:
        start = self._at[at]
        if start >= body.shift and self._text.startswith(body.whole, start - body.shift):
            return [(0, start - body.shift, len(body.whole))]
        if self._text.startswith(body.text, start):
            return [(body.shift, start, len(body.text))]
        own = [place for place, character in enumerate(body.text) if not character.isspace()]
        return _joined((body.shift + mine, self._at[at + number], 1) for number, mine in enumerate(own))

    def _between(self, options: Sequence[Options], bodies: Sequence[_Body], number: int) -> tuple[int, int]:
        """The part of the text that a chunk's neighbours leave to it, overlaps included."""
        before = next((own[0] for own in reversed(options[:number]) if own), 0)
        after = next(
            (
                own[-1] + len(body.squeezed)
                for own, body in zip(options[number + 1 :], bodies[number + 1 :], strict=True)
                if own
            ),
            len(self._at),
        )
        return self._at[before] if before < len(self._at) else 0, self._at[after - 1] + 1 if after else 0

    def _by_words(self, body: _Body, first: int, last: int) -> list[Place]:
        """Word by word, where a splitter took markup or headings away; words that could be others of the same text are left out."""
        mine = [(found[0], found.start()) for found in _WORD.finditer(body.text)]
        theirs = []
        for found in _WORD.finditer(self._text, first, last):
            theirs.append((found[0], found.start()))
            if len(theirs) >= _FARTHEST_WORDS:
                break
        words = [word for word, _ in theirs]
        matcher = SequenceMatcher(None, words, [word for word, _ in mine], autojunk=False)
        blocks = [(block.a, block.b, block.size) for block in matcher.get_matching_blocks() if block.size]
        if sum(size for _, _, size in blocks) < _ENOUGH * len(mine):
            return []
        place = _joined(
            (body.shift + mine[b + step][1], theirs[a + step][1], len(mine[b + step][0]))
            for a, b, size in _certain(words, blocks)
            for step in range(size)
        )
        return [place] if place else []


class _Body:
    """A chunk without the white space, and the halves of characters, at its ends."""

    __slots__ = ("cut", "shift", "squeezed", "start", "text", "whole")

    def __init__(self, text: str, start: int | None) -> None:
        self.whole = text
        self.text = text.strip(_CUT_CHARACTER).strip()
        self.shift = text.find(self.text)
        self.start = None if start is None else start + self.shift
        self.squeezed = "".join(self.text.split())
        self.cut = int(_CUT_CHARACTER in text)


class ParentRows:
    """What the metadata alone tells of a parent's text, if it was rendered as `lines`: the name before each value, and its place.

    So much of the text is known, and what is not are the values, of known length. Other renderings do not write whole names, so that a
    chunk of theirs cannot be told from its neighbours without their text: there the splitter's word is all that there is.
    """

    def __init__(self, rows: Sequence[Mapping[str, Any]]) -> None:
        spans = sorted((span, str(row["path"])) for row in rows if (span := span_of(row)) is not None)
        self._spans = [span for span, _ in spans]
        self._last = max((end for _, end in self._spans), default=0)
        self._known: list[Piece] = []  # (start, end, number of a text), of what is known
        self._names: list[str] = []
        self._lines = bool(spans) and _are_lines(spans)
        before = 0
        for (start, end), pointer in spans if self._lines else ():
            name = f"{dotted(pointer)}: "
            self._names.append(f"\n{name}" if self._names else name)
            self._known.append((before, start, len(self._names) - 1))
            before = end
        self._starts = [start for start, _, _ in self._known]

    def places(self, chunks: Sequence[Told]) -> list[list[Place]]:
        """The possible places of each chunk, given with the start that its splitter told, in their order."""
        if len(chunks) == 1 and self._is_whole(chunks[0][0]):
            options: list[Options] = [self._of_whole(*chunks[0])]
        elif not self._lines:
            options = [None if start is None else [start] for _, start in chunks]
        else:
            options = self._options(chunks)
        return [
            [[(0, at, len(text))] for at in own or ()] for own, (text, _) in zip(options, chunks, strict=True)
        ]

    def _is_whole(self, text: str) -> bool:
        """Whether nothing was cut: every value fits, and behind the last there are closing marks at most."""
        if not self._lines:
            return self._last <= len(text) and not any(map(str.isalnum, text[self._last :]))
        return self._last <= len(text.rstrip()) <= self._last and self._fits(text, 0)

    def _of_whole(self, text: str, start: int | None) -> Options:
        """It begins where its rows say, if it was narrowed before, else where its splitter says: where values begin and end like words."""
        if self._lines or start == 0:
            return [0]
        found = sorted({0} if start is None else {0, start})
        return [at for at in found if self._is_cut_well(text, at)] or (None if start is None else found)

    def _is_cut_well(self, text: str, at: int) -> bool:
        for first, last in self._spans:
            value, around = text[max(first - at, 0) : max(last - at, 0)], (first - at - 1, last - at)
            if len(value) != last - first or value != value.strip():
                return False
            before, after = (text[place] if 0 <= place < len(text) else " " for place in around)
            if value and ((before + value[0]).isalnum() or (value[-1] + after).isalnum()):
                return False
        return True

    def _options(self, chunks: Sequence[Told]) -> list[Options]:
        texts = [text for text, _ in chunks]
        chain = Chain(
            reach=lambda number, at: self._reach(at + len(texts[number])),
            first=self._reach(0),
            whole=self._last,
            agree=lambda number, before, at: _same(texts[number - 1], texts[number], at - before),
        )
        told: list[Options] = [None if start is None else [start] for _, start in chunks]
        fit = all(start is not None and self._fits(text, start) for text, start in chunks)
        return (fit and chain.covering(told)) or self._walk(texts, chain) or self._alone(texts, told)

    def _walk(self, texts: Sequence[str], chain: Chain) -> list[Options] | None:
        """Places that leave nothing out, looked for only as far as the chunk before reaches."""
        options: list[Options] = []
        before: list[int] = []
        tries = 0
        for number, text in enumerate(texts):
            first, last = 0, chain.first
            if number:
                first = before[0] + _least_distance(texts[number - 1], text)
                last = chain.reach(number - 1, before[-1])
            last = min(last, self._last)
            tries += max(last - first, 0)
            if tries > _MOST_TRIES:
                return None
            own = [at for at in range(first, last + 1) if self._fits(text, at)]
            if number and len(before) <= FEW:
                own = [
                    at
                    for at in own
                    if any(p <= at and _same(texts[number - 1], text, at - p) for p in before)
                ]
            if not own:
                return None
            options.append(own)
            before = own
        return chain.covering(options)

    def _alone(self, texts: Sequence[str], told: Sequence[Options]) -> list[Options]:
        """Each chunk where its splitter says, else where it fits if a whole name in it says so: the text may go on behind its values."""
        if all(told):
            return list(told)
        if self._last * len(texts) > _MOST_TRIES:
            return [None] * len(texts)
        options = [own or self._named(text) for own, text in zip(told, texts, strict=True)]
        return in_order(options) or options

    def _named(self, text: str) -> Options:
        size = len(text.rstrip())
        found = [at for at in range(self._last - size + 1) if self._fits(text, at)]
        sure = all(self._has_name(at, at + size) for at in found)
        return found if found and sure and len(found) <= _MOST_PLACES else None

    def _has_name(self, first: int, last: int) -> bool:
        number = bisect_left(self._starts, first)
        return number < len(self._known) and self._known[number][1] <= last

    def _fits(self, text: str, at: int) -> bool:
        """Whether a chunk that starts there says what `lines` writes there, between its values."""
        body = text.rstrip()
        if at + len(body) > self._last:
            return False
        end = at + len(body)
        for number in range(max(bisect_right(self._starts, at) - 1, 0), len(self._known)):
            start, stop, name = self._known[number]
            if start >= end:
                return True
            first, last = max(start, at), min(stop, end)
            if (
                first < last
                and body[first - at : last - at] != self._names[name][first - start : last - start]
            ):
                return False
        return True

    def _reach(self, place: int) -> int:
        """Where the next chunk may begin at the latest: only white space may be left out, and a value may be that."""
        number = bisect_right(self._starts, place) - 1
        if 0 <= number < len(self._known):
            start, stop, name = self._known[number]
            if place < stop:
                known = self._names[name][place - start :]
                return place + len(known) - len(known.lstrip()) if known.strip() else self._reach(stop)
        number = bisect_left(self._starts, place)
        begins = self._known[number][0] + 1 if number < len(self._known) else max(self._last, place)
        return min(begins, place + _LONGEST_GAP)


def span_of(row: Mapping[str, Any]) -> tuple[int, int] | None:
    """A row's span, or None; metadata may have been through other hands."""
    span = row.get("span")
    if not isinstance(span, list) or len(span) != 2 or not all(isinstance(item, int) for item in span):
        return None
    return (span[0], span[1]) if 0 <= span[0] <= span[1] else None


def _all(text: str, part: str) -> Options:
    """Every place of a part in a text; None where they are too many to tell anything."""
    found: list[int] = []
    at = text.find(part)
    while at >= 0:
        found.append(at)
        if len(found) > _MOST_PLACES:
            return None
        at = text.find(part, at + 1)
    return found


def _same(before: str, after: str, distance: int) -> bool:
    """Whether two chunks that begin so far apart have the same text where they overlap."""
    shared = min(len(before) - distance, len(after))
    return shared <= 0 or before[distance : distance + shared] == after[:shared]


def _least_distance(before: str, after: str) -> int:
    """How far apart two chunks begin at least, if they have the same text where they overlap."""
    return next(distance for distance in range(len(before) + 1) if _same(before, after, distance))


def _certain(words: Sequence[str], blocks: Sequence[Piece]) -> list[Piece]:
    """The blocks whose words stand only once between the certain blocks around them."""
    certain: list[Piece] = []
    for block in sorted(blocks, key=lambda item: -item[2]):
        at, _, size = block
        number = bisect_left(certain, block)
        first = certain[number - 1][0] + certain[number - 1][2] if number else 0
        last = certain[number][0] if number < len(certain) else len(words)
        run = words[at : at + size]
        if not any(
            words[place : place + size] == run for place in range(first, last - size + 1) if place != at
        ):
            certain.insert(number, block)
    return certain


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


def _are_lines(spans: Sequence[tuple[tuple[int, int], str]]) -> bool:
    """Whether each value stands one name behind the one before it."""
    end = -1
    for span, pointer in spans:
        if span[0] != end + 1 + len(dotted(pointer)) + 2:
            return False
        end = span[1]
    return True
