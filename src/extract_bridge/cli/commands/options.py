"""Options that several commands share, and how their help shows examples."""

from pathlib import Path
from typing import Annotated

import typer

TIERS = ("cost_effective", "agentic", "agentic_plus", "turbo")
TARGETS = ("per_doc", "per_page", "per_table_row")
STATUSES = ("PENDING", "THROTTLED", "RUNNING", "COMPLETED", "FAILED", "CANCELLED")


def examples(*lines: str, after: str = "") -> str:
    """An epilog: the lines as they are typed, then a paragraph."""
    shown = "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)
    return f"{shown}\n\n{after}" if after else shown


Local = Annotated[
    bool, typer.Option("--local", help="Extract on this machine, whatever the environment says.")
]
BaseUrl = Annotated[
    str | None,
    typer.Option(
        "--base-url", metavar="URL", help="Another service, such as that of `extract-bridge serve`."
    ),
]
KeyEnv = Annotated[
    str | None,
    typer.Option(
        "--api-key-env", metavar="NAME", help="The environment variable with the key for --base-url."
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="JSON for programs, on standard output.")]
LedgerFile = Annotated[Path, typer.Option("--ledger", metavar="FILE", help="The ledger of a run.")]
