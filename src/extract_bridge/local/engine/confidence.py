"""How sure a value is, 0..1: the share of values with the same evidence that were right on documents whose truth is known.

Two logistic curves, one for values found one by one and one for cells of tables, which fail in other ways. Their weights
are in `confidence_weights`, fitted by a script and never by hand; what they weigh is decided here.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal

from extract_bridge.local.engine.assign import ALONE
from extract_bridge.local.engine.confidence_weights import CELLS, VALUES
from extract_bridge.local.engine.spans import TYPED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from extract_bridge.local.engine.assign import Standing
    from extract_bridge.local.engine.candidates import Candidate

How = Literal["after", "right", "below", "above", "amount", "guess", "place", "phrase", "blank", "cell"]
"""How a value was found: after its label, right of it, below or above it; by what the line of an amount says; by its form; by its
place in an address block or letterhead; by a set phrase; in a field of a fillable form; in a column of a table."""

_HIGH = 0.8
_CLOSE = 0.35
_LONG = 6
_FITS_WELL = 0.85
_MANY = 3
_OWN = 0.9


def extraction_confidence(item: Candidate, among: Standing = ALONE) -> float:
    """The confidence of a chosen candidate.

    Args:
        item: The candidate.
        among: How it stands among the other candidates for the same field.
    """
    return round(share_right(traits(item, among), CELLS if item.how == "cell" else VALUES), 4)


def share_right(found: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """The logistic curve over weighted traits; a trait without a weight counts for nothing."""
    strength = sum(weights.get(name, 0.0) * value for name, value in found.items())
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, strength))))


def traits(item: Candidate, among: Standing = ALONE) -> dict[str, float]:
    """What a candidate's evidence comes to, each 0..1: for cells how well the column fits, for others score, rivals and place."""
    typed = float(item.wanted.search in TYPED or item.wanted.kind != "string")
    if item.how == "cell":
        return {
            "always": 1.0,
            "fits_well": float(item.support >= _FITS_WELL),
            "typed": typed,
            "long": float(len(item.words) > _LONG),
            "filled": item.filled,
        }
    score, rival = min(1.0, max(0.0, item.score)), among.rival
    return {
        "always": 1.0,
        "score": score,
        "high": max(0.0, score - _HIGH) / (1.0 - _HIGH),
        "rival": float(rival > 0),
        "close": min(1.0, max(0.0, 1.0 - (score - rival) / _CLOSE)) if rival > 0 else 0.0,
        "crowd": min(among.crowd, _MANY) / _MANY,
        "disputed": min(among.disputed, _MANY) / _MANY,
        "again": float(among.again > 0),
        "whole": float(item.whole),
        "several": float(item.label_words > 1),
        "own": float(item.wanted.labels.get(item.label, 0.0) >= _OWN),
        "support": item.support,
        "typed": typed,
        "below" if item.how == "above" else item.how: 1.0,  # the same reading, the page turned over
    }
