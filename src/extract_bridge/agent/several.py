"""Tools that an agent gets together: which schemas there are, and that no two tools bear one name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from extract_bridge.core.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Sequence

BY_SCHEMA = ("extract", "create")
"""Kinds of tools of which there is one for each schema."""

DECIDED = ("data_schema", "configuration", "configuration_id", "output_cls", "extraction_target")
"""Keywords of the developer that do not hold where the model names the fields."""


def named_schemas(data_schema: Any) -> list[tuple[str | None, Any]]:
    """Each schema with the name that it was given, or None.

    Args:
        data_schema: A schema, or a list of several; an entry of the list may be a pair of a name and a schema.

    Raises:
        ConfigurationError: the list is empty, or an entry is a longer tuple.
    """
    if not isinstance(data_schema, list | tuple):
        return [(None, data_schema)]
    pairs = [item if isinstance(item, tuple) else (None, item) for item in data_schema]
    if not pairs or any(len(pair) != 2 for pair in pairs):
        raise ConfigurationError(
            "data_schema is no list of schemas",
            where="data_schema",
            hint="Give schemas, or pairs of name and schema",
        )
    return [(name, schema) for name, schema in pairs]


def refuse_twins(names: Sequence[str]) -> None:
    """Both frameworks would silently keep the last of two tools of one name.

    Raises:
        ConfigurationError: two names are the same.
    """
    for at, name in enumerate(names):
        if name in names[:at]:
            raise ConfigurationError(
                f"two tools would be named {name}",
                where="data_schema",
                hint='Give the schemas names of their own: data_schema=[("invoice", Invoice), …]',
            )
