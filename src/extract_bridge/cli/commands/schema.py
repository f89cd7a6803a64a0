"""`schema`: look at a JSON Schema before a job is paid for."""

from pathlib import Path
from typing import Annotated

import typer

from extract_bridge.cli.commands.options import BaseUrl, KeyEnv, Local, examples

schema_app = typer.Typer(help="Look at a JSON Schema before a job is paid for.", no_args_is_help=True)


@schema_app.command(epilog=examples("extract-bridge schema check invoice.json"))
def check(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A file with a JSON Schema.")],
) -> None:
    """Say whether a schema can be used, and which fields it asks for."""
    from extract_bridge.cli.schema import check_schema  # noqa: PLC0415

    check_schema(file)


@schema_app.command(
    epilog=examples(
        'extract-bridge schema generate "number, seller, total" --out invoice.json',
        'extract-bridge schema generate "line items" --document a.pdf --local',
    )
)
def generate(
    prompt: Annotated[str, typer.Argument(metavar="TEXT", help="What to extract, in words.")],
    document: Annotated[
        Path | None, typer.Option("--document", metavar="FILE", help="A sample document; it is uploaded.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="A new file for the schema; standard output by default."),
    ] = None,
    local: Local = False,
    base_url: BaseUrl = None,
    api_key_env: KeyEnv = None,
) -> None:
    """Let the service propose a schema."""
    from extract_bridge.cli.schema import generate_schema  # noqa: PLC0415
    from extract_bridge.cli.service import Door  # noqa: PLC0415

    with Door(local=local, base_url=base_url, key_env=api_key_env).open(fall_back=True) as client:
        generate_schema(client, prompt, document=document, out=out)
