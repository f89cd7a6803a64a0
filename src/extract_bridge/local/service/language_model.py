"""The only place that asks a language model: the user's own, on behalf of a worker that has no network."""

from __future__ import annotations

import json
import threading
import time
from typing import TYPE_CHECKING, Any

from extract_bridge.core.errors import ConfigurationError
from extract_bridge.core.language_model import OpenAICompatible
from extract_bridge.local.engine.frames import Answer, Ask
from extract_bridge.local.service.chat_endpoint import ChatEndpoint, ModelError, check_endpoint

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from extract_bridge.core.language_model import LanguageModel, Message

_LOOK_SECONDS = 0.2
_ROLES = {"system": "system", "user": "human", "assistant": "ai"}


def adapt(llm: Any) -> LanguageModel:
    """One shape for every kind of model.

    Args:
        llm: A LangChain chat model, a LlamaIndex LLM, an `OpenAICompatible`, or a callable as `LanguageModel` describes.
            The frameworks' objects are told by their classes, so that neither has to be installed.

    Raises:
        ConfigurationError: it is none of them, or an endpoint that must not be asked.
    """
    check_model(llm)
    if isinstance(llm, OpenAICompatible):
        return ChatEndpoint(llm)
    if _is_of(llm, "langchain_core.language_models"):
        return _LangChain(llm)
    if _is_of(llm, "llama_index.core"):
        return _LlamaIndex(llm)
    model: LanguageModel = llm
    return model


def check_model(llm: Any) -> None:
    """Refuse what cannot be asked, before any document is.

    Raises:
        ConfigurationError: no kind of model that `adapt` knows, or an endpoint that must not be asked.
    """
    if isinstance(llm, OpenAICompatible):
        check_endpoint(llm)
    elif (
        not callable(llm)
        and not _is_of(llm, "langchain_core.language_models")
        and not _is_of(llm, "llama_index.core")
    ):
        raise _no_model(llm)


def _no_model(llm: Any) -> ConfigurationError:
    return ConfigurationError(
        f"llm is a {type(llm).__name__}, which the local engine cannot ask",
        where="llm",
        hint="Give a LangChain chat model, a LlamaIndex LLM, OpenAICompatible(base_url=…, model=…), "
        "or a function (messages, json_schema) -> str",
    )


def _is_of(llm: Any, package: str) -> bool:
    return any(kind.__module__.startswith(package) for kind in type(llm).__mro__)


class _LangChain:
    """A LangChain chat model; its structured output where it has one, else the text of its message."""

    def __init__(self, model: Any) -> None:
        self._model = model
        self._structured = hasattr(model, "with_structured_output")

    def __call__(self, messages: Sequence[Message], json_schema: Mapping[str, Any]) -> str:
        turns = [(_ROLES[message["role"]], message["content"]) for message in messages]
        if self._structured:
            named = {
                "title": "extraction",
                "description": "What the document says.",
                **json_schema,
            }
            try:
                chain = self._model.with_structured_output(named, include_raw=True)
            except (NotImplementedError, ValueError, TypeError):
                self._structured = False
            else:
                reply = chain.invoke(turns)
                parsed = reply.get("parsed")
                return _text(reply.get("raw")) if parsed is None else json.dumps(parsed)
        return _text(self._model.invoke(turns))


class _LlamaIndex:
    """A LlamaIndex LLM, asked by `complete`, which every one of them has."""

    def __init__(self, model: Any) -> None:
        self._model = model

    def __call__(self, messages: Sequence[Message], json_schema: Mapping[str, Any]) -> str:
        del json_schema  # it stands in the prompt
        prompt = "\n\n".join(f"{message['role']}: {message['content']}" for message in messages)
        return str(self._model.complete(prompt).text)


def _text(message: Any) -> str:
    """The text of a LangChain message, whose content may be a list of blocks."""
    content = getattr(message, "content", message)
    if isinstance(content, list):
        content = "".join(
            block if isinstance(block, str) else str(block.get("text", "")) for block in content
        )
    return str(content)


def answer(
    model: LanguageModel | None, ask: Ask, *, seconds: float, stopped: Callable[[], bool] = lambda: False
) -> Answer:
    """The reply to a worker's question, or why there is none.

    Args:
        model: The user's; None where none was given.
        ask: The question.
        seconds: How long to wait. The user's code cannot be ended: what comes later is thrown away.
        stopped: Whether nobody needs the reply any more.
    """
    if model is None:
        return Answer(number=ask.number, error="there is none")
    box: list[Answer] = []
    thread = threading.Thread(
        target=lambda: box.append(_ask(model, ask)), name="extract-bridge-llm", daemon=True
    )
    thread.start()
    deadline = time.monotonic() + seconds
    while thread.is_alive() and not stopped():
        left = deadline - time.monotonic()
        if left <= 0:
            return Answer(number=ask.number, error=f"no reply within {seconds:g} seconds")
        thread.join(min(left, _LOOK_SECONDS))
    return box[0] if box else Answer(number=ask.number, error="the job was stopped")


def _ask(model: LanguageModel, ask: Ask) -> Answer:
    try:
        text: Any = model(ask.messages, ask.json_schema)
    except ModelError as error:
        return Answer(number=ask.number, error=str(error))
    except Exception as error:  # noqa: BLE001 -- the user's code may raise anything; the job goes on without an answer
        # Only the kind: its text could hold the document's, or a key.
        return Answer(number=ask.number, error=f"it raised {type(error).__name__}")
    if not isinstance(text, str):
        return Answer(number=ask.number, error="it gave no text")
    return Answer(number=ask.number, text=text)
