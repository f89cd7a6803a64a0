"""`extract-bridge schema check`: what a schema asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from extract_bridge.cli import doors, terminal
from extract_bridge.core.schema.fields import iter_schema_fields
from extract_bridge.core.schema.normalize import normalize_schema

if TYPE_CHECKING:
    from pathlib import Path


def check_schema(file: Path) -> None:
    """Prints the fields of a JSON Schema file and what is odd about it.

    Args:
        file: The file.

    Raises:
        SchemaError: the schema cannot be used.
        FileInputError: there is no such file.
    """
    console = terminal.make_console()
    schema = normalize_schema(file)
    table = Table(box=None, header_style="dim", padding=(0, 1))
    for title in ("field", "type", "description"):
        table.add_column(title, overflow="ellipsis", no_wrap=True)
    fields = list(iter_schema_fields(schema.json_schema))
    for item in fields:
        kind = f"{item.type} ({item.format})" if item.format else str(item.type)
        table.add_row(
            terminal.text(doors.dotted(item.pointer_pattern)),
            terminal.text(kind),
            terminal.text(item.description or ""),
        )
    console.print(table)
    for warning in schema.warnings:
        console.print(Text.assemble(("note  ", "yellow"), terminal.plain(warning)))
    console.print(f"{terminal.plain(schema.name or file.name)}: {len(fields)} fields, can be used")
