"""What every wire model has in common."""

from __future__ import annotations

import re
from math import isinf
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import from_json

from extract_bridge.core.errors import APIError

# Nothing else can be read as an infinity: an exponent of three digits, or 300 digits (counted from their first one only, which keeps it linear).
# It begins with one class of characters, so that text without digits is passed over quickly.
_HUGE_NUMBER = re.compile(rb"[0-9](?:[eE]\+?[0-9]{3}|(?<![0-9][0-9])[0-9]{299})")


class WireModel(BaseModel):
    """A JSON object of the service.

    Keys that this version does not know are kept, and what was absent stays apart from what was null: `to_dict` gives back
    exactly the object that was read.
    """

    model_config = ConfigDict(
        extra="allow",
        hide_input_in_errors=True,
        protected_namespaces=(),
        defer_build=True,  # built when the first is read: a program uses few of them
    )

    @classmethod
    def read(cls, value: Any) -> Self:
        """The model of a decoded JSON value.

        Raises:
            APIError: the value is no such object (code `unexpected_answer`).
        """
        try:
            return cls.model_validate(value)
        except ValidationError as error:
            places = "; ".join(problems(error))
            raise unexpected_answer(f"the answer is no {cls.__name__}: {places}") from None

    def to_dict(self) -> dict[str, Any]:
        """The object as it was read or made: keys that nobody set are left out."""
        return self.model_dump(mode="json", exclude_unset=True)


def decode(content: bytes) -> Any:
    """JSON bytes as Python values; integers stay integers, whatever their size.

    Raises:
        APIError: the bytes are no JSON, or hold a number that no float can be (code `unexpected_answer`).
    """
    try:
        value = from_json(content, allow_inf_nan=False)
    except ValueError:
        raise unexpected_answer("the answer is no JSON") from None
    if _HUGE_NUMBER.search(content) and _holds_infinity(value):
        raise unexpected_answer("the answer holds a number that is too large")
    return value


def _holds_infinity(value: Any) -> bool:
    """The depth of what `from_json` reads is bounded, so this cannot recurse too far."""
    if isinstance(value, dict):
        return any(_holds_infinity(item) for item in value.values())
    if isinstance(value, list):
        return any(_holds_infinity(item) for item in value)
    return isinstance(value, float) and isinf(value)


def problems(error: ValidationError) -> list[str]:
    """What a validation found, as `place: reason`, without the values."""
    return [
        f"{'.'.join(map(str, item['loc'])) or 'value'}: {item['msg']}"
        for item in error.errors(include_url=False, include_context=False, include_input=False)
    ]


def unexpected_answer(message: str) -> APIError:
    """The error for an answer that this package cannot read."""
    hint = "Check that base_url is an Extract v2 service; a proxy in between may have answered instead"
    return APIError(message, code="unexpected_answer", hint=hint)
