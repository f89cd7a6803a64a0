"""Parquet, where pyarrow is installed: the columns of the CSV with the schema's types."""

from __future__ import annotations

from importlib import import_module
from typing import IO, TYPE_CHECKING, Any

from extract_bridge.core.errors import ConfigurationError

if TYPE_CHECKING:
    from extract_bridge.cli.output.columns import Columns

_GROUP = 1000  # records a row group, and what is held in memory
_TYPES = {"string": "string", "integer": "int64", "number": "float64", "boolean": "bool_", "json": "string"}


class Parquet:
    """Row groups of records.

    Args:
        file: Open for writing.
        columns: Of the schema; `json` columns hold JSON text.

    Raises:
        ConfigurationError: pyarrow is not installed.
    """

    def __init__(self, file: IO[bytes], columns: Columns) -> None:
        self._arrow, parquet = load_pyarrow()
        make = self._arrow
        self._schema = make.schema(
            [(title, getattr(make, _TYPES[kind])()) for title, kind in columns.kinds.items()]
        )
        self._kinds = columns.kinds
        self._rows: list[dict[str, Any]] = []
        self._writer = parquet.ParquetWriter(file, self._schema)

    def write(self, item: Any) -> None:
        """One more row; lone surrogates, which the format cannot hold, become question marks."""
        self._rows.append({title: _storable(cell, self._kinds[title]) for title, cell in item.items()})
        if len(self._rows) >= _GROUP:
            self._store()

    def flush(self) -> None:
        """Rows reach the file in groups: a file without its end cannot be read anyway."""

    def close(self) -> None:
        """The last group and the file's index."""
        self._store()
        self._writer.close()

    def _store(self) -> None:
        if self._rows:
            self._writer.write_table(self._arrow.Table.from_pylist(self._rows, schema=self._schema))
            self._rows = []


def load_pyarrow() -> tuple[Any, Any]:
    """The modules `pyarrow` and `pyarrow.parquet`; the first is an extra that nobody has to have.

    Raises:
        ConfigurationError: pyarrow is not installed.
    """
    try:
        return import_module("pyarrow"), import_module("pyarrow.parquet")
    except ModuleNotFoundError as problem:
        if (problem.name or "").partition(".")[0] != "pyarrow":
            raise
        raise ConfigurationError(
            "a .parquet file needs the package 'pyarrow'",
            code="missing_package",
            where="--out",
            hint="Install it with: pip install pyarrow; or write .jsonl, .json or .csv",
        ) from None


def _storable(cell: Any, kind: str) -> Any:
    if kind == "number" and cell is not None:
        return float(cell)  # pyarrow refuses an integer that a float cannot hold to the digit
    return cell.encode("utf-8", "replace").decode("utf-8") if isinstance(cell, str) else cell
