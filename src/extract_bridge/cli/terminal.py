"""What reaches a terminal: text that others wrote is shown, never obeyed."""

from __future__ import annotations

import json
import os
import sys
from pathlib import PurePath
from typing import IO, TYPE_CHECKING, Any

from rich.console import Console
from rich.text import Text

from extract_bridge.agent.text import clean_text
from extract_bridge.core.errors import ConfigurationError, ExtractError, InputError, StorageError

if TYPE_CHECKING:
    from pathlib import Path

WIDEST = 100
"""Columns; a wider terminal makes tables harder to read, not easier."""


def make_console(stream: IO[str] | None = None) -> Console:
    """A console that takes every string as plain text; `NO_COLOR` and `COLUMNS` are obeyed.

    Args:
        stream: Where to write; standard output by default.
    """
    stream = stream or sys.stdout
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(errors="replace")  # a terminal without € must not end a run
    console = Console(file=stream, markup=False, highlight=False, emoji=False)
    console.width = min(console.width, WIDEST)
    return console


def plain(value: object) -> str:
    """A value as one line without control, bidi and tag characters."""
    return clean_text(" ".join(str(value).split()))


def text(value: object, style: str = "") -> Text:
    """The same as a cell or a line."""
    return Text(plain(value), style=style)


def cut(value: object, most: int) -> str:
    """The same, at most so many characters long."""
    line = plain(value)
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def cut_left(value: object, most: int) -> str:
    """The same, cut at its beginning: of a path the end says more."""
    line = plain(value)
    return line if len(line) <= most else "…" + line[len(line) - most + 1 :].lstrip()


def counted(number: int, thing: str) -> str:
    """A number with what it counts: `1 page`, `1,200 pages`."""
    return f"{number:,} {thing}" + ("" if number == 1 else "s")


def show_path(path: Path) -> str:
    """A path as the user would type it: relative where that is shorter."""
    try:
        relative = os.path.relpath(path)
    except ValueError:  # another drive
        return plain(path)
    return plain(min((relative, str(path)), key=len))


def print_error(error: BaseException, console: Console | None = None) -> None:
    """Tells what went wrong in a line or two, and what to do next.

    Args:
        error: What was raised.
        console: Of standard error by default; one that shows a bar has to be used for everything there.
    """
    console = console or make_console(sys.stderr)
    if isinstance(error, ExtractError):
        where = f"{error.where}: " if error.where else ""
        said, hint = f"{where}{error.message}", error.hint
    else:
        said, hint = _plainly(error), "The same command with --debug shows where"
    one_line = not console.is_terminal  # a log's lines are not to be cut into pieces
    console.print(Text.assemble(("Error  ", "bold red"), plain(said)), soft_wrap=one_line)
    if hint:
        console.print(Text.assemble(("Next   ", "bold"), plain(hint)), soft_wrap=one_line)


def _plainly(error: BaseException) -> str:
    """An error that is none of this package's, without the folders of the file that it may name."""
    if isinstance(error, OSError) and error.strerror:
        given = error.filename
        name = PurePath(os.fsdecode(given)).name if isinstance(given, str | bytes) else ""
        return f"{name}: {error.strerror}" if name else error.strerror
    return f"{type(error).__name__}: {error}"


def exit_code(error: BaseException) -> int:
    """2 where the caller can put it right, 1 for everything else."""
    return 2 if isinstance(error, ConfigurationError | InputError | StorageError) else 1


def scalar(value: Any) -> str:
    """A scalar as JSON writes it, but text without its quotes."""
    return plain(value) if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
