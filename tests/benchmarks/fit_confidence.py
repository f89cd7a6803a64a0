"""Fits the weights of the engine's confidence to drawn documents, and shows what they are worth on layouts that were kept apart.

    python tests/benchmarks/fit_confidence.py [--rounds 60] [--write]

Each round draws one document of every layout that may be fitted to, with a seed of `FITTED_SEEDS`. One value in ten and
one column in a hundred are erased from the page, words and truth: people ask for what a document does not say (seldom for
a column: whoever asks for rows has the table in view), and a value that is then given is a wrong one. The weights are those of a logistic curve with a small penalty (Newton's method, no library). The check
draws the fresh and the held-out layouts with seeds that are not kept for fitting, with and without erasing. `--write` writes
`confidence_weights.py`; without it the weights are only shown. Real documents play no part.
"""

from __future__ import annotations

import argparse
import copy
import math
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any
from unittest import mock

from extract_bridge.bench.corpus import DEFAULT_SEED, FITTED_SEEDS, choose_layouts, generate
from extract_bridge.bench.document import BenchDocument
from extract_bridge.bench.scoring.score import judge
from extract_bridge.bench.scoring.trust import calibration_error, coverage, ranking
from extract_bridge.local.engine import confidence, leaves
from extract_bridge.local.engine.candidates import Candidate
from extract_bridge.local.engine.engine import ExtractRequest, RulesEngine
from extract_bridge.parse.model import ParsedDocument, Word
from extract_bridge.parse.open import parse_document

ERASED = 0.1
ERASED_COLUMNS = 0.01
PENALTY = 3.0
STEPS = 40
TARGET = Path(__file__).parents[2] / "src/extract_bridge/local/engine/confidence_weights.py"

Traits = tuple[tuple[str, float], ...]
Judged = tuple[bool, Traits, bool]
"""Whether it is a cell, its traits, and whether its value was right."""


def judged(layouts: Iterable[str], seeds: Iterable[int], *, erasing: bool) -> Iterator[Judged]:
    """Every answer on one drawn document a layout and seed, with the traits that its confidence is made of."""
    chosen = choose_layouts(layouts)
    seen: list[tuple[Candidate, float]] = []

    def number(item: Candidate, rival: float = 0.0) -> float:
        """Stands in for the confidence: where in `seen` the evidence is."""
        seen.append((item, rival))
        return len(seen) / 1e7

    with tempfile.TemporaryDirectory() as folder, mock.patch.object(leaves, "extraction_confidence", number):
        for seed in seeds:
            for document in generate(len(chosen), seed, chosen):
                seen.clear()
                stored = Path(folder) / "stored"
                stored.write_bytes(document.content)
                parsed = parse_document(stored, name=document.name)
                if erasing:
                    document, parsed = erase(document, parsed, random.Random(f"{seed}/{document.name}"))
                request = ExtractRequest(
                    data_schema=dict(document.data_schema), extraction_target=document.extraction_target
                )
                for verdict in judge(document, RulesEngine().extract(parsed, request)):
                    if verdict.found is not None and verdict.found.extraction_confidence:
                        item, rival = seen[round(verdict.found.extraction_confidence * 1e7) - 1]
                        yield item.how == "cell", tuple(confidence.traits(item, rival).items()), verdict.right


def erase(
    document: BenchDocument, parsed: ParsedDocument, rng: random.Random
) -> tuple[BenchDocument, ParsedDocument]:
    """The document without some of its values: a value of a record, or the whole column of a list."""
    expected = copy.deepcopy(document.expected)
    columns: dict[tuple[str, ...], bool] = {}
    gone = []
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

    def stays(page: int, word: Word) -> bool:
        x, y = (word.x0 + word.x1) / 2, (word.y0 + word.y1) / 2
        return not any(
            box.x - 1 < x < box.x + box.w + 1 and box.y - 1 < y < box.y + box.h + 1
            for place in gone
            if place.page == page
            for box in place.boxes
        )

    pages = tuple(
        replace(page, words=tuple(word for word in page.words if stays(page.number, word)))
        for page in parsed.pages
    )
    return replace(document, expected=expected), replace(parsed, pages=pages)


def fit(values: Iterable[tuple[Traits, bool]]) -> dict[str, float]:
    """The weights under which what was seen is likeliest, each but the first a little drawn to 0."""
    counts: Counter[tuple[Traits, bool]] = Counter(values)
    names = list(dict.fromkeys(name for found, _ in counts for name, _ in found))
    rows = [
        ([dict(found).get(name, 0.0) for name in names], float(right), count)
        for (found, right), count in counts.items()
    ]
    weights = [0.0] * len(names)
    for _ in range(STEPS):
        slope = [-PENALTY * weight * (name != "always") for name, weight in zip(names, weights, strict=True)]
        bend = [
            [PENALTY * (at == to and name != "always") for to in range(len(names))]
            for at, name in enumerate(names)
        ]
        for row, right, count in rows:
            share = 1 / (1 + math.exp(-sum(w * value for w, value in zip(weights, row, strict=True))))
            for at, value in enumerate(row):
                if value:
                    slope[at] += count * value * (right - share)
                    for to, other in enumerate(row):
                        bend[at][to] += count * value * other * share * (1 - share)
        move = solved(bend, slope)
        weights = [weight + step for weight, step in zip(weights, move, strict=True)]
        if max(map(abs, move)) < 1e-7:
            break
    return {name: round(weight, 3) for name, weight in zip(names, weights, strict=True)}


def solved(matrix: list[list[float]], right: list[float]) -> list[float]:
    """A system of linear equations, by elimination."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    for at in range(len(rows)):
        best = max(range(at, len(rows)), key=lambda to: abs(rows[to][at]))
        rows[at], rows[best] = rows[best], rows[at]
        for to in range(len(rows)):
            if to != at and rows[to][at]:
                share = rows[to][at] / rows[at][at]
                rows[to] = [one - share * other for one, other in zip(rows[to], rows[at], strict=True)]
    return [row[-1] / row[at] for at, row in enumerate(rows)]


def worth(values: Sequence[Judged], weights: tuple[Mapping[str, float], Mapping[str, float]]) -> str:
    """How well weights foretell which answers are right."""
    told = []
    for kind, some in (("values", [False]), ("cells", [True]), ("all", [False, True])):
        sure = [
            (confidence.share_right(dict(found), weights[cell]), right)
            for cell, found, right in values
            if cell in some
        ]
        if not sure:
            continue
        share, least = coverage(sure, 0.95)
        ece, auroc = calibration_error(sure), ranking(sure)
        told.append(
            f"{kind}: {len(sure)}, right {sum(right for _, right in sure) / len(sure):.3f}, ECE {ece:.3f},"
            f" AUROC {auroc if auroc is None else round(auroc, 3)}, 95 % precision on {share:.3f} from {least or 0:.2f}"
        )
    return "\n  ".join(told)


def written(weights: tuple[Mapping[str, float], Mapping[str, float]], rounds: int, fitted: int) -> str:
    """The module that holds the weights."""
    tables = "\n".join(
        "\n".join(
            [f"{name}: Final = {{", *(f'    "{trait}": {weight},' for trait, weight in table.items()), "}"]
        )
        for name, table in zip(("VALUES", "CELLS"), weights, strict=True)
    )
    return f'''"""What each trait of a value's evidence weighs in its confidence. Written by tests/benchmarks/fit_confidence.py; not to be edited.

Fitted to {fitted:,} answers on documents drawn by `extract_bridge.bench`: the layouts of the group `fitted`, seeds
{FITTED_SEEDS.start} to {FITTED_SEEDS.start + rounds - 1}, one value in ten and one column in a hundred erased. No real document was used.
"""

from typing import Final

{tables}
'''


def main() -> None:
    """Fit, check, show."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--rounds", type=int, default=60)
    options.add_argument("--check", type=int, default=16, help="rounds of the check")
    options.add_argument("--write", action="store_true")
    asked = options.parse_args()
    found = list(judged(["fitted"], FITTED_SEEDS[: asked.rounds], erasing=True))
    one, other = (
        fit((row, right) for is_cell, row, right in found if is_cell == cell) for cell in (False, True)
    )
    weights = (one, other)
    print(written(weights, asked.rounds, len(found)))
    print("fitted\n  " + worth(found, weights))
    seeds = range(DEFAULT_SEED, DEFAULT_SEED + asked.check)
    for group, erasing in product(("fresh", "held-out"), (False, True)):
        print(f"{group} layouts, seeds {seeds.start} to {seeds[-1]}{', some values erased' * erasing}")
        print("  " + worth(list(judged([group], seeds, erasing=erasing)), weights))
    if asked.write:
        TARGET.write_text(written(weights, asked.rounds, len(found)), encoding="utf-8")
        print(f"written: {TARGET.name}", file=sys.stderr)


if __name__ == "__main__":
    main()
