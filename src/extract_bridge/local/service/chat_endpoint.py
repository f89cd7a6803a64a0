"""One request to an OpenAI-compatible server: the text of its reply, or a `ModelError` that says why there is none.

Facts of the protocol are those of OpenAI's public API reference (chat completions, structured outputs).
"""

from __future__ import annotations

import json
import os
import time
from typing import TYPE_CHECKING, Any

import httpx

from extract_bridge.core.environment import OFFLINE, flag, is_loopback_host
from extract_bridge.core.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from extract_bridge.core.language_model import Message, OpenAICompatible

_MOST_BYTES = 16 * 1024 * 1024
_MOST_PAUSE = 30.0
_AGAIN = frozenset((408, 429, 500, 502, 503, 504))
_WHY = {
    401: "the key was refused",
    403: "the key was refused",
    404: "there is no such model or path",
    429: "rate limited",
}


class ModelError(Exception):
    """Why a model gave no reply: a sentence of ours, without the server's words or a key."""


def check_endpoint(endpoint: OpenAICompatible) -> None:
    """Refuse an endpoint that must not or cannot be asked, before any document is.

    Raises:
        ConfigurationError: no http(s) URL; a key over plain http to another machine; the key's variable is empty;
            another machine under `EXTRACT_BRIDGE_OFFLINE`.
    """
    try:
        url = httpx.URL(endpoint.base_url)
    except httpx.InvalidURL:
        url = httpx.URL("")
    if url.scheme not in ("http", "https") or not url.host:
        raise ConfigurationError(
            "the language model's base_url is no http or https URL",
            where="llm",
            hint='For example OpenAICompatible(base_url="http://127.0.0.1:11434/v1", model="…")',
        )
    here = is_loopback_host(url.host)
    if flag(OFFLINE) and not here:
        raise ConfigurationError(
            f"{OFFLINE} forbids to ask a language model on another machine",
            where="llm",
            hint="Unset it, or name a server on this machine",
        )
    if endpoint.api_key_env is None:
        return
    if not os.environ.get(endpoint.api_key_env):
        raise ConfigurationError(
            f"the environment variable {endpoint.api_key_env} holds no key for the language model",
            where="llm",
            hint="Set it, or leave api_key_env out where the server asks for none",
        )
    if url.scheme == "http" and not here:
        raise ConfigurationError(
            "a language model's key is not sent over plain http to another machine",
            where="llm",
            hint="Use https",
        )


class ChatEndpoint:
    """Asks one server, from any thread.

    Args:
        endpoint: Which, and how.
    """

    def __init__(self, endpoint: OpenAICompatible) -> None:
        check_endpoint(endpoint)
        self._endpoint = endpoint
        self._http = httpx.Client(timeout=endpoint.timeout, follow_redirects=False)
        self._strict = True  # until the server says that it knows no response_format

    def __call__(self, messages: Sequence[Message], json_schema: Mapping[str, Any]) -> str:
        """The reply's text.

        Raises:
            ModelError: there is none; its text says why.
        """
        reply = self._send(self._body(messages, json_schema))
        if reply.status_code in (400, 422) and self._strict:
            self._strict = False  # many servers take the schema from the prompt alone
            reply = self._send(self._body(messages, json_schema))
        if reply.status_code != 200:
            why = _WHY.get(reply.status_code, "the server refused the request")
            raise ModelError(f"{why} (status {reply.status_code})")
        return _text_of(reply)

    def close(self) -> None:
        """Close its connections."""
        self._http.close()

    def _body(self, messages: Sequence[Message], json_schema: Mapping[str, Any]) -> dict[str, Any]:
        body: dict[str, Any] = {
            "model": self._endpoint.model,
            "messages": [dict(message) for message in messages],
            "temperature": 0,
            **self._endpoint.options,
        }
        if self._strict:
            form = {"name": "extraction", "strict": True, "schema": dict(json_schema)}
            body["response_format"] = {"type": "json_schema", "json_schema": form}
        return body

    def _send(self, body: dict[str, Any]) -> httpx.Response:
        """One request, repeated where that may help."""
        for attempt in range(self._endpoint.retries + 1):
            last = attempt == self._endpoint.retries
            try:
                reply = self._once(body)
            except httpx.TimeoutException:
                raise ModelError(f"no reply within {self._endpoint.timeout:g} seconds") from None
            except httpx.TransportError:
                if last:
                    raise ModelError("the server could not be reached") from None
                time.sleep(0.5 * 2**attempt)
                continue
            if last or reply.status_code not in _AGAIN:
                return reply
            time.sleep(_pause(reply, attempt))
        raise AssertionError

    def _once(self, body: dict[str, Any]) -> httpx.Response:
        """Send, and read the answer up to a cap: the server is the user's choice, its answers are not."""
        url = self._endpoint.base_url.rstrip("/") + "/chat/completions"
        name = self._endpoint.api_key_env
        headers = {"Authorization": f"Bearer {os.environ.get(name, '')}"} if name else {}
        with self._http.stream("POST", url, json=body, headers=headers) as reply:
            content = bytearray()
            for part in reply.iter_bytes():
                content += part
                if len(content) > _MOST_BYTES:
                    raise ModelError("the reply is too long")
        plain = {key: value for key, value in reply.headers.items() if key.lower() == "retry-after"}
        return httpx.Response(reply.status_code, headers=plain, content=bytes(content))


def _text_of(reply: httpx.Response) -> str:
    try:
        choice = json.loads(reply.content)["choices"][0]
        text, finish = choice["message"].get("content"), choice.get("finish_reason")
        refused = choice["message"].get("refusal")
    except (ValueError, LookupError, TypeError, AttributeError):
        raise ModelError("the server's answer is no chat completion") from None
    if finish == "length":
        raise ModelError("the reply was cut off at the model's token limit")
    if refused or finish == "content_filter":
        raise ModelError("the model declined to answer")
    if not isinstance(text, str):
        raise ModelError("the reply has no text")
    return text


def _pause(reply: httpx.Response, attempt: int) -> float:
    try:
        asked = float(reply.headers["retry-after"])
    except (KeyError, ValueError):
        asked = 0.5 * 2.0**attempt
    return min(max(asked, 0.0), _MOST_PAUSE)
