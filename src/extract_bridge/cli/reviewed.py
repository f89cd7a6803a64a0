"""What `review` and `correct` take: a file of records, a job's JSON, or a ledger."""

from __future__ import annotations

import io
import json
from glob import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from extract_bridge.bulk import Ledger
from extract_bridge.client.inputs import SUFFIXES
from extract_bridge.core.errors import FileInputError, ResultError
from extract_bridge.review.items import items_of, read_items

if TYPE_CHECKING:
    from collections.abc import Sequence

    from extract_bridge.review.items import Item

_SQLITE = b"SQLite format 3\x00"
_OURS = (".json", ".jsonl")


def read_input(path: Path) -> tuple[list[Item], Any]:
    """The records, and the schema for a job that carries one.

    Raises:
        FileInputError: there is no such file.
        ResultError: there are no records in it.
        StorageError: a ledger that cannot be used.
    """
    if not _is_ledger(path):
        return read_items(path)
    sink = io.StringIO()
    with Ledger(path) as ledger:
        ledger.export(sink)
    found = items_of(json.loads(line) for line in sink.getvalue().split("\n") if line)
    if not found:
        raise ResultError("the ledger has no results yet", where=path.name, hint="Let its run end first")
    return found, None


def documents_for(path: Path, items: Sequence[Item]) -> Sequence[Path]:
    """Where the documents may lie that nobody named: here, beside the file of records, and below.

    A job's JSON does not say what its document is called; `invoice.pdf` beside `invoice.json` is it, where it is the only such file.
    """
    records = [item.record for item in items]
    if all(record.file_name is None for record in records) and len({item.source_id for item in records}) == 1:
        beside = [
            other
            for other in path.parent.glob(f"{escape(path.stem)}.*")
            if other.suffix.lower() in SUFFIXES - {*_OURS} and other.is_file() and not other.is_symlink()
        ]
        if len(beside) == 1:
            return beside
    return (Path.cwd(), path.parent)


def _is_ledger(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(len(_SQLITE)) == _SQLITE
    except OSError as problem:
        raise FileInputError(
            f"cannot be read ({problem.strerror})", where=path.name, hint="Name a file that exists"
        ) from None
