"""The only place that asks a language model: the user's own, on behalf of a worker that has no network."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from extract_bridge.local.engine.frames import Answer, Ask

LanguageModel = Callable[[str, Mapping[str, Any]], str]
"""Takes a prompt and the JSON Schema of the reply, gives the reply's text. Called from a worker thread."""


def answer(model: LanguageModel | None, ask: Ask) -> Answer:
    """The reply to a worker's question, or why there is none.

    Args:
        model: The user's; None where none was given.
        ask: The question.
    """
    if model is None:
        return Answer(number=ask.number, error="no language model")
    try:
        return Answer(number=ask.number, text=model(ask.prompt, ask.json_schema))
    except Exception as error:  # noqa: BLE001 -- the user's code may raise anything; the job goes on without an answer
        return Answer(number=ask.number, error=f"the language model failed ({type(error).__name__})")
