"""Batches as engines hand them over: a dict of columns, a pandas DataFrame, an Arrow Table or RecordBatch; and the same kind back.

Neither pandas nor pyarrow is imported unless a batch of theirs comes.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any, Literal

from extract_bridge.core.errors import ConfigurationError

Kind = Literal["string", "integer", "number"]
Columns = dict[str, list[Any]]

_ARROW = {"string": "string", "integer": "int64", "number": "float64"}
_PANDAS = {"string": "object", "integer": "Int64", "number": "float64"}


def columns_of(batch: Any) -> Columns:
    """A batch's columns as lists.

    Raises:
        ConfigurationError: it is none of the kinds, or its columns differ in length.
    """
    if isinstance(batch, Mapping):
        columns = {str(name): list(values) for name, values in batch.items()}
    elif hasattr(batch, "to_pydict"):  # Arrow's Table and RecordBatch
        columns = batch.to_pydict()
    elif hasattr(batch, "columns") and hasattr(batch, "to_dict"):  # a DataFrame
        columns = {str(name): values for name, values in batch.to_dict("list").items()}
    else:
        raise ConfigurationError(
            f"a {type(batch).__name__} is no batch",
            where="batch",
            hint="Pass a dict of columns, a pandas DataFrame, or an Arrow Table or RecordBatch",
        )
    if len({len(values) for values in columns.values()}) > 1:
        raise ConfigurationError(
            "the columns differ in length", where="batch", hint="Give one value a row in each column"
        )
    return columns


def batch_like(batch: Any, columns: Columns, kinds: Mapping[str, Kind]) -> Any:
    """Columns as a batch of the same kind as another.

    Args:
        batch: The one that came.
        columns: What goes back.
        kinds: Of those columns that are ours, so that an empty batch has the types of a full one; the others are as they came.
    """
    if isinstance(batch, Mapping):
        as_array = any(type(values).__module__ == "numpy" for values in batch.values())
        return {name: _array(values) for name, values in columns.items()} if as_array else columns
    if hasattr(batch, "to_pydict"):
        arrow = import_module("pyarrow")
        given = {field.name: field.type for field in batch.schema}
        fields = [
            (name, getattr(arrow, _ARROW[kinds[name]])() if name in kinds else given[name])
            for name in columns
        ]
        return type(batch).from_pydict(columns, schema=arrow.schema(fields))
    frame = type(batch)(columns)
    return frame.astype(
        {name: _PANDAS[kinds[name]] if name in kinds else batch[name].dtype for name in columns}
    )


def _array(values: list[Any]) -> Any:
    """An array of objects: a column of ours may hold None, and one of the caller's anything."""
    array = import_module("numpy").empty(len(values), dtype=object)
    array[:] = values
    return array
