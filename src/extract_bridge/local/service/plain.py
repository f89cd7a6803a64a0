"""The base of every body: only what JSON means everywhere.

Python reads `NaN`, numbers beyond every double, halves of characters and any depth; what is kept comes out again in an answer, and there
most clients could not read it.
"""

from __future__ import annotations

import math
from typing import Any

from pydantic import BaseModel, model_validator

MOST_LEVELS = 100
"""A data_schema has few; serializers give up at some hundreds."""


class Body(BaseModel):
    """A body whose free parts are plain JSON too."""

    @model_validator(mode="before")
    @classmethod
    def _plain(cls, value: Any) -> Any:
        check_plain(value)
        return value


def check_plain(value: Any) -> None:
    """Look at all of a JSON value, without recursion.

    Raises:
        ValueError: a number is not finite, a text is no valid Unicode, or it is nested too deeply.
    """
    level: list[Any] = [value]
    for _ in range(MOST_LEVELS):
        below: list[Any] = []
        for item in level:
            if isinstance(item, str):
                if not item.isascii():
                    _check_text(item)
            elif isinstance(item, float):
                if not math.isfinite(item):
                    raise ValueError("numbers must be finite")
            elif isinstance(item, dict):
                below += item
                below += item.values()
            elif isinstance(item, list):
                below += item
        if not below:
            return
        level = below
    raise ValueError(f"nested more than {MOST_LEVELS} levels deep")


def _check_text(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("text is no valid unicode") from None
