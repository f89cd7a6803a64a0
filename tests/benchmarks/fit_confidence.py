"""Fits the weights of the engine's confidence to drawn documents, and shows what they are worth on layouts that were kept apart.

    python tests/benchmarks/fit_confidence.py [--rounds 60] [--write]

Each round draws one document of every layout that may be fitted to, with a seed of `FITTED_SEEDS`: those of the group
`fitted`, for which the rules are good, and those of `calibration`, on which no rule was tried, so that the engine errs
there as it does on a kind of document it has never seen. The former are also made harder (`disturbed`).
One value in ten and one column in a hundred are erased from the page, words and truth: people ask for what
a document does not say (seldom for a column: whoever asks for rows has the table in view), and a value that is then given
is a wrong one. Of the values that are left, one in twenty loses its label, and the label of one in ten stands a second time,
before another value. The weights are those of a logistic curve with a small penalty (Newton's method, no library), for which
each layout counts alike, however many values its documents have. The
check draws the other groups of layouts with seeds that are not kept for fitting, as they are and made harder: `fresh` ones,
on which rules were tried, and `held-out` ones, at which nobody has looked. `--write` writes
`confidence_weights.py`; without it the weights are only shown. Real documents play no part.
"""

from __future__ import annotations

import argparse
import math
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from pathlib import Path
from unittest import mock

from disturbed import disturbed

from extract_bridge.bench.corpus import DEFAULT_SEED, FITTED_SEEDS, choose_layouts, generate
from extract_bridge.bench.layouts import Layout
from extract_bridge.bench.scoring.score import judge
from extract_bridge.bench.scoring.trust import calibration_error, coverage, ranking
from extract_bridge.local.engine import confidence, leaves
from extract_bridge.local.engine.assign import ALONE, Standing
from extract_bridge.local.engine.candidates import Candidate
from extract_bridge.local.engine.engine import ExtractRequest, RulesEngine
from extract_bridge.parse.open import parse_document

PENALTY = 3.0
STEPS = 40
SPEAKS = {
    **dict.fromkeys(("score", "high", "again", "whole", "own", "support", "fits_well", "filled"), 1),
    **dict.fromkeys(("rival", "close", "crowd", "disputed"), -1),
}
"""Traits that can only speak for a value, or only against one. A fit that has it otherwise has learnt a habit of the drawn
documents; the trait weighs nothing then."""
TARGET = Path(__file__).parents[2] / "src/extract_bridge/local/engine/confidence_weights.py"

Traits = tuple[tuple[str, float], ...]
Judged = tuple[bool, Traits, bool]
"""Whether it is a cell, its traits, and whether its value was right."""
Weighed = tuple[Traits, bool, float]
"""Traits, whether the value was right, and how much the answer counts."""
FITTED = (("fitted", False), ("fitted", True), ("calibration", False))
"""Which groups of layouts are fitted to, and whether made harder."""


def judged(chosen: Sequence[Layout], seeds: Iterable[int], *, harder: bool) -> Iterator[Judged]:
    """Every answer on one drawn document a layout and seed, with the traits that its confidence is made of."""
    seen: list[tuple[Candidate, Standing]] = []

    def number(item: Candidate, among: Standing = ALONE) -> float:
        """Stands in for the confidence: where in `seen` the evidence is."""
        seen.append((item, among))
        return len(seen) / 1e7

    with tempfile.TemporaryDirectory() as folder, mock.patch.object(leaves, "extraction_confidence", number):
        for seed in seeds:
            for document in generate(len(chosen), seed, chosen):
                seen.clear()
                stored = Path(folder) / "stored"
                stored.write_bytes(document.content)
                parsed = parse_document(stored, name=document.name)
                if harder:
                    document, parsed = disturbed(document, parsed, random.Random(f"{seed}/{document.name}"))
                request = ExtractRequest(
                    data_schema=dict(document.data_schema), extraction_target=document.extraction_target
                )
                for verdict in judge(document, RulesEngine().extract(parsed, request)):
                    if verdict.found is not None and verdict.found.extraction_confidence:
                        item, among = seen[round(verdict.found.extraction_confidence * 1e7) - 1]
                        yield item.how == "cell", tuple(confidence.traits(item, among).items()), verdict.right


def balanced(by_layout: Sequence[Sequence[Judged]], cell: bool) -> Iterator[Weighed]:
    """The cells or the other values of all layouts, weighed so that each layout counts as much as any other."""
    some = [[(found, right) for is_cell, found, right in items if is_cell == cell] for items in by_layout]
    share = sum(map(len, some)) / max(1, sum(map(bool, some)))
    for items in some:
        for found, right in items:
            yield found, right, share / len(items)


def fit(values: Iterable[Weighed]) -> dict[str, float]:
    """The likeliest weights in which no trait speaks for what it can only speak against, or the other way round."""
    counts: Counter[tuple[Traits, bool]] = Counter()
    for found, right, weight in values:
        counts[found, right] += weight  # type: ignore[assignment]
    names = list(dict.fromkeys(name for found, _ in counts for name, _ in found))
    weights = likeliest(counts, names)
    while wrong := {name: weight for name, weight in weights.items() if weight * SPEAKS.get(name, 0) < 0}:
        names.remove(max(wrong, key=lambda name: abs(wrong[name])))
        weights = likeliest(counts, names)
    return weights


def likeliest(counts: Mapping[tuple[Traits, bool], float], names: Sequence[str]) -> dict[str, float]:
    """The weights under which what was seen is likeliest, each but the first a little drawn to 0."""
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

Fitted to {fitted:,} answers on documents drawn by `extract_bridge.bench`: the layouts of its groups
`fitted` and `calibration`, each counting alike, seeds {FITTED_SEEDS.start} to {FITTED_SEEDS.start + rounds - 1}, made harder: values and labels
erased, labels that stand twice (see the script). No real document was used.
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
    by_layout = [
        list(judged([layout], FITTED_SEEDS[: asked.rounds], harder=harder))
        for group, harder in FITTED
        for layout in choose_layouts([group])
    ]
    found = [item for items in by_layout for item in items]
    weights = (fit(balanced(by_layout, False)), fit(balanced(by_layout, True)))
    print(written(weights, asked.rounds, len(found)))
    print("fitted\n  " + worth(found, weights))
    seeds = range(DEFAULT_SEED, DEFAULT_SEED + asked.check)
    for group, harder in product(("fresh", "held-out"), (False, True)):
        print(f"{group} layouts, seeds {seeds.start} to {seeds[-1]}{', made harder' * harder}")
        print("  " + worth(list(judged(choose_layouts([group]), seeds, harder=harder)), weights))
    if asked.write:
        TARGET.write_text(written(weights, asked.rounds, len(found)), encoding="utf-8")
        print(f"written: {TARGET.name}", file=sys.stderr)


if __name__ == "__main__":
    main()
