"""How the engine asks a model: a function, because the engine has no network."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

AskModel = Callable[[list[dict[str, str]], dict[str, Any]], str]
"""Messages and the reply's schema to the reply's text; raises `NoReply`."""


class NoReply(Exception):  # noqa: N818 -- it says what came, not that somebody erred
    """The model gave no reply; the text says why."""
