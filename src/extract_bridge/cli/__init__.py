"""The command line, `extract-bridge`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from extract_bridge.core.errors import MissingExtraError

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs one command and leaves the process.

    Args:
        arguments: What follows the program's name; those of the process by default.

    Raises:
        SystemExit: 0 all well, 1 something failed, 2 the call itself was wrong, 130 interrupted.
    """
    try:
        from extract_bridge.cli import app  # noqa: PLC0415 - typer and rich are an extra
    except ModuleNotFoundError as problem:
        package = (problem.name or "").partition(".")[0]
        if package not in {"typer", "rich"}:
            raise
        sys.stderr.write(f"extract-bridge: {MissingExtraError('cli', package)}\n")
        raise SystemExit(2) from None
    raise SystemExit(app.start(sys.argv[1:] if arguments is None else arguments))
