"""A result -> the caller's own type, with an error for each field that does not fit."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from extract_bridge.core.errors import ResultValidationError

if TYPE_CHECKING:
    from extract_bridge.core.schema.normalize import NormalizedSchema

_MOST_NAMED = 5


def parse_result(data: Any, schema: NormalizedSchema, *, reasons: Mapping[str, str] | None = None) -> Any:
    """A record's data as the type that the schema came from; the data itself for a JSON Schema.

    Args:
        data: One record's data.
        schema: What it was asked with.
        reasons: By JSON pointer, why a field is null; said with a null in a required field.

    Raises:
        ResultValidationError: it does not fit; `problems` has a JSON pointer and a reason for each field.
    """
    unwrapped = data.get(schema.wrapped) if schema.wrapped and isinstance(data, Mapping) else data
    if schema.model is None:
        return unwrapped
    return parse_as(
        unwrapped, schema.model, prefix=f"/{schema.wrapped}" if schema.wrapped else "", reasons=reasons
    )


def parse_as(data: Any, model: Any, *, prefix: str = "", reasons: Mapping[str, str] | None = None) -> Any:
    """`data` as `model`: a pydantic class, TypedDict, dataclass or any type that pydantic understands.

    A null in a property that is neither required nor nullable takes that property's default.

    Args:
        data: JSON data.
        model: The type.
        prefix: JSON pointer of `data`, put before the pointers of problems.
        reasons: By JSON pointer, why a field is null.

    Raises:
        ResultValidationError: it does not fit.
        SchemaError: pydantic cannot read the type.
    """
    from pydantic import ValidationError  # noqa: PLC0415 - only who parses pays for it

    from extract_bridge.core.schema.types import adapter, reading  # noqa: PLC0415

    read = partial(adapter(model).validate_python, **reading())
    try:
        return _with_defaults(read, data)
    except ValidationError as error:
        problems = [
            _problem(item, prefix, reasons or {})
            for item in error.errors(include_url=False, include_input=True)
        ]
        raise _misfit(model, problems) from None  # pydantic's own text repeats the document's values


def _with_defaults(validate: Any, data: Any) -> Any:
    """Validate; where only nulls stand in the way of defaults, validate without those nulls.

    The service writes null for what it did not find, also for a property whose type is `str = ""` or `list[str] = []`.
    """
    from pydantic import ValidationError  # noqa: PLC0415

    try:
        return validate(data)
    except ValidationError as error:
        nulls = [item["loc"] for item in error.errors(include_url=False) if item["input"] is None]
        if not nulls:
            raise
        pruned = _without(data, {tuple(loc) for loc in nulls})
        try:
            return validate(pruned)
        except ValidationError:
            raise error from None


def _without(data: Any, places: set[tuple[Any, ...]], at: tuple[Any, ...] = ()) -> Any:
    if isinstance(data, Mapping):
        return {
            key: _without(value, places, (*at, key))
            for key, value in data.items()
            if (*at, key) not in places
        }
    if isinstance(data, list):
        return [_without(value, places, (*at, index)) for index, value in enumerate(data)]
    return data


def _problem(item: Any, prefix: str, reasons: Mapping[str, str]) -> tuple[str, str]:
    pointer = prefix + "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in item["loc"])
    if item["input"] is None or item["type"] == "missing":
        why = reasons.get(pointer)
        return pointer, f"not found in the document ({why})" if why else "not found in the document"
    return pointer, str(item["msg"])


def _misfit(model: Any, problems: list[tuple[str, str]]) -> ResultValidationError:
    said = "; ".join(f"{pointer or '/'} {reason}" for pointer, reason in problems[:_MOST_NAMED])
    more = len(problems) - _MOST_NAMED
    name = getattr(model, "__name__", "the model")
    return ResultValidationError(
        f"the result does not fit {name}: {said}{f' and {more} more' if more > 0 else ''}",
        problems=problems,
        hint="Allow null for what a document may not say (`| None = None`), or read the record itself",
    )
