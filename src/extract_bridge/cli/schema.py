"""`extract-bridge schema`: what a schema asks for, and one that the service proposes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from extract_bridge.cli import doors, terminal
from extract_bridge.cli.output.lines import shown_json
from extract_bridge.core.errors import ConfigurationError, ResultError
from extract_bridge.core.schema.fields import iter_schema_fields
from extract_bridge.core.schema.normalize import normalize_schema

if TYPE_CHECKING:
    from pathlib import Path

    from extract_bridge.client.client import ExtractClient


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


def generate_schema(client: ExtractClient, prompt: str, *, document: Path | None, out: Path | None) -> None:
    """Lets the service propose a schema, and prints it or writes it into a new file.

    Args:
        client: Of the service.
        prompt: What to extract, in words.
        document: A sample.
        out: The file.

    Raises:
        ConfigurationError: the file is there already, or cannot be written.
        FileInputError: there is no such document.
        ResultError: the service proposes nothing.
    """
    if out is not None and out.exists():
        raise ConfigurationError(
            "there is such a file already", where=f"--out {out.name}", hint="Name a new one, or move it away"
        )
    file_id = client.files.create(document).id if document is not None else None
    made = client.generate_schema(prompt=prompt, file_id=file_id)
    if not made.data_schema:
        raise ResultError("the service proposes no schema", hint="Say in more words what is to be extracted")
    text = shown_json(made.data_schema, indent=2)
    if out is None:
        print(text)
        return
    try:
        out.write_text(text + "\n", encoding="utf-8")
    except OSError as problem:
        raise ConfigurationError(
            f"cannot write there ({problem.strerror})",
            where=f"--out {out.name}",
            hint="Name a file that you may write",
        ) from None
    terminal.make_console().print(
        f"{terminal.show_path(out)} is written; see `extract-bridge schema check {terminal.show_path(out)}`"
    )
