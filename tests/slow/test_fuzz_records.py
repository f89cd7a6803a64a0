"""The oracle of `tests/core/records/test_records_oracle.py`, 2,000 examples."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, seed, settings

ORACLE = Path(__file__).parents[1] / "core" / "records" / "test_records_oracle.py"
SEED = int(os.environ.get("EXTRACT_BRIDGE_SEED", "1"))


def oracle() -> Any:
    """The module, by its path: tests are no package."""
    spec = importlib.util.spec_from_file_location("records_oracle", ORACLE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    import sys

    sys.modules["records_oracle"] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


ORACLE_MODULE = oracle()


@pytest.mark.slow
@pytest.mark.fuzz
@seed(SEED)
@settings(max_examples=2000, deadline=None, suppress_health_check=list(HealthCheck))
@given(ORACLE_MODULE.answers())
def test_two_thousand_answers(answer: Any) -> None:
    ORACLE_MODULE.check(answer)
