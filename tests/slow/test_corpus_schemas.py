"""Five hundred seeded schemas of every supported keyword, 1 to 5,000 properties, and the documents laid out from them."""

from __future__ import annotations

import importlib.util
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.corpus]

_spec = importlib.util.spec_from_file_location(
    "engine_schemas", Path(__file__).parents[1] / "local" / "engine" / "test_engine_schemas.py"
)
assert _spec is not None
assert _spec.loader is not None
small: Any = importlib.util.module_from_spec(_spec)
sys.modules[_spec.name] = small
_spec.loader.exec_module(small)

# Properties, and how many schemas have so many.
SIZES = {1: 60, 4: 100, 12: 150, 30: 100, 60: 60, 120: 20, 369: 9, 5_000: 1}


def test_there_are_five_hundred() -> None:
    assert sum(SIZES.values()) == 500


@pytest.mark.parametrize("size", SIZES)
def test_every_result_fits_its_schema_and_most_that_is_stated_is_found(size: int, tmp_path: Path) -> None:
    counts: Counter[str] = Counter()
    began = time.process_time()
    for seed in range(SIZES[size]):
        counts += small.score(small.SEED * 1_000_000 + size * 1_000 + seed, size, tmp_path)
    took = time.process_time() - began
    recall, false = counts["right"] / counts["stated"], counts["false"] / counts["stated"]
    print(
        f"figure: {SIZES[size]} schemas of {size} properties: {counts['stated']} values, recall {recall:.3f}, false {false:.3f}, {took:.0f} s CPU"
    )
    assert recall >= 0.9
    assert false <= 0.05
