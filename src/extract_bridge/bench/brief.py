"""What a layout is given to draw one document: paper, a hand, a language, and chance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import repeat
from typing import TYPE_CHECKING, Any

from extract_bridge.bench.asking import Asking
from extract_bridge.bench.document import BenchDocument
from extract_bridge.bench.people import Party, party
from extract_bridge.bench.sheet import FACES, Sheet
from extract_bridge.bench.writing import LANGUAGES, Writing, some_writing, words_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

_SLIPS = str.maketrans({"o": "0", "l": "1", "i": "l", "e": "c", "B": "8", "S": "5"})


@dataclass(slots=True)
class Brief:
    """One document to draw.

    Attributes:
        rng: Where every choice comes from.
        sheet: The paper.
        ask: What is asked, and the truth.
        writing: How numbers and dates are written.
        seller: Who sends the document.
        buyer: Who gets it.
        today: The document's date.
        slips: Share of labels in which one letter is misread, as a text layer made by OCR has them.
    """

    rng: Random
    sheet: Sheet
    ask: Asking
    writing: Writing
    seller: Party
    buyer: Party
    today: date
    slips: float = 0.0
    left: float = 50.0

    @property
    def right(self) -> float:
        """The right edge of what is printed."""
        return self.sheet.width - self.left

    @property
    def step(self) -> float:
        """From one line to the next, in points."""
        return self.sheet.size * 1.35

    def word(self, concept: str) -> str:
        """A label for a concept: mostly the commonest."""
        options = words_of(self.writing.language)[concept]
        label = options[0] if self.rng.random() < 0.45 else self.rng.choice(options)
        return self._slip(label)

    def words(self, concept: str) -> tuple[str, ...]:
        """All that a language has for a concept."""
        return words_of(self.writing.language)[concept]

    def thing(self) -> str:
        """The name of a ware."""
        quality, noun = self.rng.choice(self.words("qualities")), self.rng.choice(self.words("nouns"))
        name = f"{noun} {quality}" if self.writing.language in ("fr", "es", "it") else f"{quality} {noun}"
        extra = f" {self.rng.choice((10, 12, 20, 40, 65))} {self.rng.choice(('mm', 'cm', 'kg'))}"
        return name[0].upper() + name[1:] + (extra if self.rng.random() < 0.3 else "")

    def later(self, first: int, last: int) -> date:
        """A day after the document's, or before it."""
        return self.today + timedelta(days=self.rng.randint(first, last))

    def finish(self, layout: str, number: int, target: str = "per_doc") -> BenchDocument:
        """The document that was drawn."""
        content = self.sheet.finish()
        expected: Any = self.ask.data if target == "per_doc" else _even(self.ask.records)
        return BenchDocument(
            name=f"{layout}-{number:04}.pdf",
            content=content,
            data_schema=self.ask.data_schema(),
            extraction_target=target,
            expected=expected,
            places={pointer: tuple(found) for pointer, found in self.sheet.places.items()},
            layout=layout,
            language=self.writing.language,
        )

    def _slip(self, label: str) -> str:
        if self.rng.random() >= self.slips or len(label) < 4:
            return label
        at = self.rng.randrange(1, len(label))
        return label[:at] + label[at].translate(_SLIPS) + label[at + 1 :]


def _even(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each record with every name: what one record does not have is a null in it."""
    names = list(dict.fromkeys(name for record in records for name in record))
    return [{name: record.get(name) for name in names} for record in records]


def new_brief(rng: Random, *, width: float = 595.0, height: float = 842.0) -> Brief:
    """Paper, language and everything else by chance; A4 upright unless the layout says otherwise."""
    language = rng.choice(("en", "en", *LANGUAGES))
    writing = some_writing(rng, language)
    odd = rng.random()
    sheet = Sheet(
        width=width,
        height=height,
        face=rng.choice(FACES),
        size=rng.choice((8.5, 9.0, 9.5, 10.0, 11.0)),
        turn=rng.choice((90, 180, 270)) if odd < 0.08 else 0,
        margin=rng.choice((9.0, 14.5, 36.0)) if 0.05 < odd < 0.15 else 0.0,
        tremble=_trembling(rng) if odd > 0.85 else None,
    )
    if width < 400:
        sheet.face = rng.choice(FACES[:3])
    ask = Asking(rng, sheet, described=rng.random() < 0.7, camel=rng.random() < 0.15)
    return Brief(
        rng=rng,
        sheet=sheet,
        ask=ask,
        writing=writing,
        seller=party(rng, language),
        buyer=party(rng, language, private=rng.random() < 0.25),
        today=date(2019, 1, 1) + timedelta(days=rng.randint(0, 2700)),
        slips=0.12 if odd > 0.88 else 0.0,
    )


def _trembling(rng: Random) -> Iterator[float]:
    for _ in repeat(None):
        yield rng.uniform(-0.7, 0.7)
