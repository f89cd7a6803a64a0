"""`schema`: look at a JSON Schema before a job is paid for."""

from pathlib import Path
from typing import Annotated

import typer

from extract_bridge.cli.commands.options import examples

schema_app = typer.Typer(help="Look at a JSON Schema before a job is paid for.", no_args_is_help=True)


@schema_app.command(epilog=examples("extract-bridge schema check invoice.json"))
def check(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A file with a JSON Schema.")],
) -> None:
    """Say whether a schema can be used, and which fields it asks for."""
    from extract_bridge.cli.schema import check_schema  # noqa: PLC0415

    check_schema(file)
