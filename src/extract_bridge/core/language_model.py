"""A language model of the user's own: what the local engine asks of one, and an endpoint that speaks OpenAI's protocol."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, get_args

Message = Mapping[str, str]
"""`role` (`system`, `user` or `assistant`) and `content`."""

LlmMode = Literal["rules", "hybrid", "llm"]
"""Who fills the schema: the rules alone; the rules, and the model what they left open or doubtful; the model alone."""

LLM_MODES: tuple[LlmMode, ...] = get_args(LlmMode)


class LanguageModel(Protocol):
    """What the engine asks: any callable of this shape will do."""

    def __call__(self, messages: Sequence[Message], json_schema: Mapping[str, Any]) -> str:
        """The text of the model's reply, JSON that fits `json_schema`. It is called from threads of the service.

        Args:
            messages: The conversation so far.
            json_schema: Of the reply; every object in it is closed and every property required, as strict modes ask.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenAICompatible:
    """A server with `POST {base_url}/chat/completions`, such as Ollama, vLLM, llama.cpp or a hosted one.

    Attributes:
        base_url: For example `http://127.0.0.1:11434/v1`.
        model: As the server names it.
        api_key_env: The environment variable that holds the key; None sends none. The key itself is kept nowhere.
        timeout: Seconds for one request.
        retries: How often a request is repeated that met 408, 429, 5xx or no connection; `Retry-After` is heeded.
        options: More keys of the request's body, for example `{"temperature": 0.2, "max_tokens": 4000}`; `temperature` is 0 without.
    """

    base_url: str
    model: str
    api_key_env: str | None = None
    timeout: float = 60.0
    retries: int = 2
    options: Mapping[str, Any] = field(default_factory=dict)
