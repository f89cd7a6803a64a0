"""Drawn documents made harder: values and labels erased, labels that stand twice with different values.

Drawn documents state each value once and label it well. Real ones leave out what people ask for, do without labels, and
say things twice: a copy for the file, an order inside an invoice, a total of a part. A confidence that has never seen
these does not know what they are worth.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from extract_bridge.bench.document import BenchDocument, Place
from extract_bridge.parse.model import Page, ParsedDocument, Word

ERASED = 0.1
ERASED_COLUMNS = 0.01
UNLABELLED = 0.05
SAID_TWICE = 0.1
_LABEL_GAP = 14.0  # points between the words of a label
_REACH = 220.0  # points from a label to its value


def disturbed(
    document: BenchDocument, parsed: ParsedDocument, rng: random.Random
) -> tuple[BenchDocument, ParsedDocument]:
    """The document without some of its values and labels, and with some labels a second time before another value."""
    document, parsed = erase(document, parsed, rng)
    pages = {page.number: page for page in parsed.pages}
    for pointer, places in document.places.items():
        chance = rng.random()
        if (
            len(places) != 1
            or any(step.isdigit() for step in pointer.split("/"))
            or places[0].page not in pages
        ):
            continue
        page = pages[places[0].page]
        value = [word for word in page.words if _inside(word, places[0])]
        label = _label(page, value)
        if not label:
            continue
        if chance < UNLABELLED:
            gone = {id(word) for word in label}
            pages[page.number] = replace(page, words=tuple(w for w in page.words if id(w) not in gone))
        elif chance < UNLABELLED + SAID_TWICE:
            pages[page.number] = replace(page, words=(*page.words, *_again(page, label, value, rng)))
    return document, replace(parsed, pages=tuple(pages[page.number] for page in parsed.pages))


def _inside(word: Word, place: Place) -> bool:
    x, y = (word.x0 + word.x1) / 2, (word.y0 + word.y1) / 2
    return any(box.x - 1 < x < box.x + box.w + 1 and box.y - 1 < y < box.y + box.h + 1 for box in place.boxes)


def _label(page: Page, value: Sequence[Word]) -> list[Word]:
    """The words before a value of one line, up to the next gap."""
    if not value or max(word.y1 for word in value) - min(word.y0 for word in value) > 24:
        return []
    middle, edge = (value[0].y0 + value[0].y1) / 2, min(word.x0 for word in value)
    before = sorted(
        (word for word in page.words if word.y0 < middle < word.y1 and word.x1 <= edge + 1),
        key=lambda word: -word.x0,
    )
    label: list[Word] = []
    for word in before:
        if (label[-1].x0 if label else edge) - word.x1 > (_LABEL_GAP if label else _REACH):
            break
        label.append(word)
    return label if any(letter.isalpha() for word in label for letter in word.text) else []


def _again(page: Page, label: Sequence[Word], value: Sequence[Word], rng: random.Random) -> Iterator[Word]:
    """The label in a free line of the page, before a value whose last digit is another."""
    changed = list(value)
    for at, word in reversed(list(enumerate(value))):
        places = [place for place, letter in enumerate(word.text) if letter.isdigit()]
        if places:
            digit = rng.choice([sign for sign in "0123456789" if sign != word.text[places[-1]]])
            text = word.text[: places[-1]] + digit + word.text[places[-1] + 1 :]
            changed[at] = replace(word, text=text)
            break
    else:
        return  # another name would have to be a likely one
    free = list(_free_lines(page))
    if free:
        down = rng.choice(free) - value[0].y0
        for word in (*label, *changed):
            yield replace(word, y0=word.y0 + down, y1=word.y1 + down)


def _free_lines(page: Page) -> Iterator[float]:
    """Upper edges of lines with nothing on them, from top to bottom."""
    at = 12.0
    while at < page.height - 24:
        if not any(word.y0 < at + 12 and word.y1 > at - 2 for word in page.words):
            yield at
        at += 14.0


def erase(
    document: BenchDocument, parsed: ParsedDocument, rng: random.Random
) -> tuple[BenchDocument, ParsedDocument]:
    """The document without some of its values: a value of a record, or the whole column of a list."""
    expected = copy.deepcopy(document.expected)
    columns: dict[tuple[str, ...], bool] = {}
    gone: list[Place] = []
    kept = dict(document.places)
    for pointer, places in document.places.items():
        steps = pointer.split("/")[1:]
        names = tuple(step for step in steps if not step.isdigit())
        single = document.extraction_target == "per_page" or len(names) == len(steps)
        names, share = (tuple(steps), ERASED) if single else (names, ERASED_COLUMNS)
        if columns.setdefault(names, rng.random() < share):
            holder: Any = expected
            for step in steps[:-1]:
                holder = holder[int(step)] if isinstance(holder, list) else holder[step]
            holder[steps[-1]] = None
            gone += places
            del kept[pointer]

    def stays(page: int, word: Word) -> bool:
        return not any(_inside(word, place) for place in gone if place.page == page)

    pages = tuple(
        replace(page, words=tuple(word for word in page.words if stays(page.number, word)))
        for page in parsed.pages
    )
    return replace(document, expected=expected, places=kept), replace(parsed, pages=pages)
