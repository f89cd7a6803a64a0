"""`extract-bridge correct`: what a person decided on the review page, put into the records."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from extract_bridge.cli import terminal
from extract_bridge.cli.output.lines import as_json
from extract_bridge.cli.reviewed import read_input
from extract_bridge.core.errors import ConfigurationError
from extract_bridge.review.corrections import correct_items, read_corrections

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from extract_bridge.review.items import Item


def correct_file(records: Path, corrections: Path, *, out: Path) -> None:
    """Writes every record, corrected or not, one JSON object a line.

    Lines of `run` stay such lines, with `corrections` added; records of other files are written as `to_dict` does.

    Args:
        records: What the page was made of.
        corrections: What the page saved.
        out: The file; may be `records` itself, which is then replaced when all is well.

    Raises:
        InputError: `corrections_mismatch`: they are not for these records; nothing is written.
        ResultError: a file holds something else.
        FileInputError: a file cannot be read.
        ConfigurationError: `out` cannot be written.
    """
    decided = read_corrections(corrections)
    found, _ = read_input(records)
    items = correct_items(found, decided)
    _write(out, items)
    count = sum(len(decisions) for decisions in decided.decisions.values())
    terminal.make_console().print(
        f"{count} decision{'s' * (count != 1)} put into {len(items)} record{'s' * (len(items) != 1)}"
        f" in {terminal.show_path(out)}"
    )


def _write(out: Path, items: Sequence[Item]) -> None:
    draft = out.with_name(f".{out.name}.{os.getpid()}.part")
    try:
        try:
            with draft.open("w", encoding="utf-8", newline="\n") as sink:
                for item in items:
                    line = item.line if item.form == "line" else item.record.to_dict()
                    sink.write(as_json(line) + "\n")
            draft.replace(out)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as problem:
        raise ConfigurationError(
            f"cannot write there ({problem.strerror})",
            where=f"--out {out.name}",
            hint="Name a file that you may write",
        ) from None
