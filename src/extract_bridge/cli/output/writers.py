"""How each format is written, record by record, into a binary file. A writer that is closed early leaves a readable file."""

from __future__ import annotations

import re
from typing import IO, TYPE_CHECKING, Any, Protocol

from extract_bridge.cli.output.lines import as_json

if TYPE_CHECKING:
    from extract_bridge.cli.output.columns import Columns

_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)*%?")
_SPECIAL = re.compile(r"[\",\r\n]")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")  # noqa: RUF001 - the wide ones count in some spreadsheets


class Writer(Protocol):
    """Writes one record after another."""

    def write(self, item: Any) -> None:
        """One record: JSON of it, or its cells by title."""

    def flush(self) -> None:
        """What was written so far is in the file, as far as the format allows."""

    def close(self) -> None:
        """The end of the file; the file itself stays open."""


class JsonLines:
    """One JSON object a line."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def write(self, item: Any) -> None:
        """One more line."""
        self._file.write(as_json(item).encode("utf-8") + b"\n")

    def flush(self) -> None:
        """The lines are in the file."""
        self._file.flush()

    def close(self) -> None:
        """Nothing follows the last line."""
        self.flush()


class JsonArray:
    """One JSON list of objects, an object a line."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._before = b"[\n"

    def write(self, item: Any) -> None:
        """One more object."""
        self._file.write(self._before + as_json(item).encode("utf-8"))
        self._before = b",\n"

    def flush(self) -> None:
        """The objects are in the file; the list is still open."""
        self._file.flush()

    def close(self) -> None:
        """The list's end."""
        self._file.write((b"[" if self._before == b"[\n" else b"\n") + b"]\n")
        self.flush()


class Csv:
    """A header line, then a line a record; UTF-8, fields quoted where they must be."""

    def __init__(self, file: IO[bytes], columns: Columns) -> None:
        self._file = file
        self._titles = list(columns.kinds)
        self._line(self._titles)

    def write(self, item: Any) -> None:
        """One more line."""
        self._line([item[title] for title in self._titles])

    def flush(self) -> None:
        """The lines are in the file."""
        self._file.flush()

    def close(self) -> None:
        """Nothing follows the last line."""
        self.flush()

    def _line(self, cells: list[Any]) -> None:
        # By hand: the csv module leaves a lone carriage return unquoted where lines end with a newline alone.
        line = ",".join(_quoted(csv_cell(cell)) for cell in cells)
        self._file.write(line.encode("utf-8", "replace") + b"\n")


def csv_cell(value: Any) -> str:
    """A cell's text. One that a spreadsheet would take for a formula gets a `'` before it, as a spreadsheet shows text; numbers do not.

    Args:
        value: A JSON scalar; None is an empty cell.
    """
    if value is None:
        return ""
    if not isinstance(value, str):
        return as_json(value)
    if value.startswith(_FORMULA) and _NUMBER.fullmatch(value) is None:
        return "'" + value
    return value


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if _SPECIAL.search(cell) else cell
