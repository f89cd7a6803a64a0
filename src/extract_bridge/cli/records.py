"""Records for people: values with the page, the confidence and the words they were read from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from extract_bridge.cli import doors, terminal

if TYPE_CHECKING:
    from rich.console import Console

    from extract_bridge.core.records.model import ExtractedRecord

_COLUMNS = (("field", 25, False), ("value", 22, False), ("page", 4, True), ("sure", 4, True))
"""Title, largest width and whether it stands at the right; the quote takes what is left."""


def show_record(console: Console, record: ExtractedRecord, *, of: int) -> None:
    """A record as a table: what, which value, on which page, how sure, and the words it was read from."""
    if record.row is not None:
        console.print(Text(f"\n  row {record.row + 1} of {of}", style="bold"))
    elif of > 1:
        console.print(Text(f"\n  page {record.page} of {of}", style="bold"))
    table = Table(box=None, padding=(0, 1), header_style="dim")
    names = [doors.dotted(pointer) for pointer in record.fields]
    longest = min(_COLUMNS[0][1], max(map(len, names), default=5))
    wide = console.width - 2
    for title, most, right in _COLUMNS:
        width = longest if title == "field" else most
        wide -= width + 2
        table.add_column(
            title, width=width, no_wrap=True, overflow="ellipsis", justify="right" if right else "left"
        )
    table.add_column("read from", width=wide, no_wrap=True, overflow="ellipsis", style="dim")
    for name, item in zip(names, record.fields.values(), strict=True):
        first = item.citations[0] if item.citations else None
        sure = "" if item.confidence is None or item.value is None else f"{item.confidence:.0%}"
        table.add_row(
            terminal.text(name),
            terminal.text(terminal.scalar(item.value), "" if item.value is not None else "yellow"),
            str(first.page) if first and first.page else "",
            sure,
            terminal.text(first.quote if first else "not found"),
        )
    console.print(table)
    for warning in record.warnings:
        console.print(Text.assemble(("  note  ", "yellow"), terminal.plain(warning)))
