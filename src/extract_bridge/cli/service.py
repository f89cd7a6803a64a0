"""Which service a command asks, as its options and the environment say."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass

from extract_bridge.client.client import ExtractClient
from extract_bridge.core.errors import ConfigurationError

LOCAL_NOTE = "local - rules on this machine, not the cloud's model"


@dataclass(frozen=True, slots=True)
class Door:
    """The options that choose a service.

    Attributes:
        local: This machine, whatever the environment says.
        base_url: Another service.
        key_env: The environment variable with its key.
    """

    local: bool = False
    base_url: str | None = None
    key_env: str | None = None

    def open(self, *, fall_back: bool = False) -> ExtractClient:
        """A client.

        Args:
            fall_back: Where nothing chooses a service and somebody sits at a terminal, this machine does it.

        Raises:
            ConfigurationError: no service is chosen, or the options contradict each other.
        """
        if self.local:
            if self.base_url is not None or self.key_env is not None:
                raise ConfigurationError(
                    "--local and another service are given together", where="--local", hint="Leave one out"
                )
            return ExtractClient(local=True)
        try:
            return ExtractClient(base_url=self.base_url, api_key=self._key())
        except ConfigurationError as problem:
            if problem.code != "no_service":
                raise
            if fall_back and sys.stdout.isatty():
                return ExtractClient(local=True)
            raise _no_service(fall_back) from None

    def _key(self) -> str | None:
        if self.key_env is None:
            return None
        if self.base_url is None:
            raise ConfigurationError(
                "a key without a base_url", where="--api-key-env", hint="Give --base-url, too"
            )
        key = os.environ.get(self.key_env)
        if not key:
            raise ConfigurationError(
                f"the environment variable {self.key_env} holds no key", where="--api-key-env", hint="Set it"
            )
        return key


def _no_service(has_local: bool) -> ConfigurationError:
    """The refusal in the words of a command line."""
    other = (
        "add --local to read the documents on this machine"
        if has_local
        else "name a service with --base-url, for example that of `extract-bridge serve`"
    )
    return ConfigurationError(
        "No Extract service chosen", code="no_service", hint=f"Set LLAMA_CLOUD_API_KEY, or {other}"
    )
