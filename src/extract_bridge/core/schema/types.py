"""Python types as pydantic understands them."""

from __future__ import annotations

import types
import typing
from functools import reduce
from operator import or_
from typing import Any, get_args, get_origin

import typing_extensions


def understood(kind: Any) -> Any:
    """`kind` with every `typing.TypedDict` in it made anew by typing_extensions.

    Before Python 3.12 pydantic refuses `typing.TypedDict`: it does not remember which keys are required.
    """
    if typing.is_typeddict(kind):
        return _typed_dict(kind)
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (None, typing.Literal, typing.Annotated) or not arguments:
        return kind
    made = tuple(understood(argument) for argument in arguments)
    if made == arguments:
        return kind
    return reduce(or_, made) if origin in (typing.Union, types.UnionType) else origin[made]


def _typed_dict(kind: Any) -> Any:
    hints = typing_extensions.get_type_hints(kind, include_extras=False)
    required = kind.__required_keys__
    keys = {
        name: understood(hint) if name in required else typing_extensions.NotRequired[understood(hint)]
        for name, hint in hints.items()
    }
    made = typing_extensions.TypedDict(kind.__name__, keys)  # type: ignore[misc]  # the functional form, with a name and keys known at run time
    made.__doc__ = kind.__doc__ if kind.__doc__ and not kind.__doc__.startswith("dict(") else None
    return made
