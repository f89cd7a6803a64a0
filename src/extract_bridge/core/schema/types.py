"""Python types as pydantic understands them."""

from __future__ import annotations

import types
import typing
from functools import reduce
from operator import or_
from typing import Any, get_args, get_origin

import typing_extensions

from extract_bridge.core.errors import SchemaError

if typing.TYPE_CHECKING:
    from pydantic import TypeAdapter

_HINT = "Use str, int, float, bool, date, Literal, Enum, lists and models of these"
_HINTS = {  # by pydantic's own error code
    "typed-dict-version": "Import TypedDict from typing_extensions: before Python 3.12 pydantic cannot read typing's",
    "class-not-fully-defined": "Define the types that it names before it is used, at the top level of a module",
    "undefined-annotation": "Define the types that it names before it is used, at the top level of a module",
}
_PRESENCE = (typing_extensions.Required, typing_extensions.NotRequired, typing_extensions.ReadOnly)


def adapter(kind: Any) -> TypeAdapter[Any]:
    """Pydantic's reader and describer of a type.

    Raises:
        SchemaError: pydantic cannot read it.
    """
    from pydantic import TypeAdapter  # noqa: PLC0415 - a JSON Schema needs no pydantic
    from pydantic.errors import PydanticSchemaGenerationError, PydanticUndefinedAnnotation, PydanticUserError  # noqa: PLC0415

    try:
        return TypeAdapter(understood(kind))
    except (PydanticSchemaGenerationError, PydanticUndefinedAnnotation, PydanticUserError) as error:
        raise inexpressible(kind, error.code) from None
    except NameError:
        raise inexpressible(kind, "undefined-annotation") from None
    except RecursionError:
        raise SchemaError(
            f"{_name(kind)} refers to itself",
            where=_name(kind),
            hint="Write out as many levels as documents have",
        ) from None
    except TypeError:  # typing's own, for an annotation that is no type
        raise inexpressible(kind, None) from None


def reading() -> dict[str, Any]:
    """How results are read: a property may have a field's alias or its name.

    A schema names a field by its alias, but by its name where the alias is a path; and a saved configuration may have been
    written with either. Before pydantic 2.11 only the alias is read, unless the class says otherwise.
    """
    from pydantic import VERSION  # noqa: PLC0415

    major, minor = VERSION.split(".")[:2]
    return {"by_alias": True, "by_name": True} if (int(major), int(minor)) >= (2, 11) else {}


def inexpressible(kind: Any, code: str | None) -> SchemaError:
    """The error for a type that has no JSON Schema.

    Args:
        kind: The type.
        code: Pydantic's code of the reason.
    """
    hint = _HINTS.get(code or "", _HINT)
    if hasattr(kind, "__fields__") and not hasattr(kind, "model_fields") and hasattr(kind, "__validators__"):
        hint = "Write it as a class of pydantic 2: those of pydantic.v1 cannot be read"
    return SchemaError(
        f"{_name(kind)} holds a type that JSON Schema cannot express", where=_name(kind), hint=hint
    )


def understood(kind: Any, seen: tuple[Any, ...] = ()) -> Any:
    """`kind` with every TypedDict in it made anew by typing_extensions, each key with its description.

    Before Python 3.12 pydantic refuses `typing.TypedDict`, which does not remember which keys are required. In a TypedDict
    text in `Annotated` is the key's description, as LangChain reads it: `Annotated[str, ..., "The seller"]`.

    Args:
        kind: A type.
        seen: The TypedDicts around it.

    Raises:
        RecursionError: a TypedDict holds itself.
    """
    if typing_extensions.is_typeddict(kind):
        if kind in seen:
            raise RecursionError
        return _typed_dict(kind, (*seen, kind))
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (None, typing.Literal) or not arguments:
        return kind
    if origin is typing.Annotated:
        inner = understood(arguments[0], seen)
        return kind if inner is arguments[0] else typing.Annotated[(inner, *arguments[1:])]
    made = tuple(understood(argument, seen) for argument in arguments)
    if made == arguments:
        return kind
    return reduce(or_, made) if origin in (typing.Union, types.UnionType) else origin[made]


def _typed_dict(kind: Any, seen: tuple[Any, ...]) -> Any:
    hints = typing_extensions.get_type_hints(kind, include_extras=True)
    keys = {name: _key(hint, seen, required=name in kind.__required_keys__) for name, hint in hints.items()}
    made = typing_extensions.TypedDict(kind.__name__, keys)  # type: ignore[misc]  # the functional form, with a name and keys known at run time
    made.__doc__ = kind.__doc__ if kind.__doc__ and not kind.__doc__.startswith("dict(") else None
    made.__module__ = kind.__module__
    if hasattr(kind, "__pydantic_config__"):
        made.__pydantic_config__ = kind.__pydantic_config__  # type: ignore[attr-defined]  # pydantic's own place for it
    return made


def _key(hint: Any, seen: tuple[Any, ...], *, required: bool) -> Any:
    """One key's type. What the annotation says goes before what `typing` concluded: it cannot read annotations that are text."""
    metadata: list[Any] = []
    while (origin := get_origin(hint)) in (*_PRESENCE, typing.Annotated):
        if origin is typing.Annotated:
            metadata = [*hint.__metadata__, *metadata]
            hint = hint.__origin__
        else:
            required = required if origin is _PRESENCE[2] else origin is _PRESENCE[0]
            hint = get_args(hint)[0]
    made = understood(hint, seen)
    metadata = _described(metadata)
    if metadata:
        made = typing.Annotated[(made, *metadata)]
    return made if required else typing_extensions.NotRequired[made]


def _described(metadata: list[Any]) -> list[Any]:
    """Metadata of `Annotated` in pydantic's words: text is a description, `...` says nothing."""
    from pydantic import Field  # noqa: PLC0415

    texts = [item for item in metadata if isinstance(item, str)]
    rest = [item for item in metadata if item is not Ellipsis and not isinstance(item, str)]
    return [*rest, Field(description=texts[-1])] if texts else rest


def _name(kind: Any) -> str:
    return getattr(kind, "__name__", None) or type(kind).__name__
