"""The program: its commands, and what becomes of an error."""

from collections.abc import Sequence
from typing import Annotated

import typer

import extract_bridge
from extract_bridge.cli import terminal
from extract_bridge.cli.commands import bench, documents, review, service
from extract_bridge.cli.commands.jobs import jobs_app
from extract_bridge.cli.commands.options import examples
from extract_bridge.cli.commands.schema import schema_app
from extract_bridge.core.errors import ExtractError

app = typer.Typer(
    name="extract-bridge",
    help="Documents in, typed data with evidence out. `extract-bridge demo` needs no key and no network.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=examples(
        "extract-bridge demo",
        "extract-bridge run invoices/ --schema s.json --out invoices.jsonl --local",
        "extract-bridge serve",
        after="`--install-completion` teaches your shell the commands and options. `--debug` shows where an error came from.",
    ),
)
app.command()(documents.demo)
app.command(epilog=documents.RUN_EXAMPLES)(documents.run)
app.add_typer(jobs_app, name="jobs")
app.command(epilog=review.REVIEW_EXAMPLES)(review.review)
app.command(epilog=review.CORRECT_EXAMPLES)(review.correct)
app.add_typer(schema_app, name="schema")
app.command(epilog=bench.EXAMPLES)(bench.bench)
app.command(epilog=service.EXAMPLES)(service.serve)
app.add_typer(service.admin_app, name="admin")


def start(arguments: Sequence[str]) -> int:
    """Runs one command.

    Args:
        arguments: What follows the program's name. `--debug` may stand anywhere before a `--`.

    Returns:
        The exit code.
    """
    words = list(arguments)
    options = words[: words.index("--")] if "--" in words else words
    debug = "--debug" in options
    if debug:
        words.remove("--debug")
    try:
        app(args=words, prog_name="extract-bridge")
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else int(leaving.code is not None)
    except (ExtractError, OSError) as error:
        if debug:
            raise
        terminal.print_error(error)
        return terminal.exit_code(error)
    return 0


def _print_version(wanted: bool) -> None:
    if wanted:
        print(f"extract-bridge {extract_bridge.__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show where an error came from.")] = False,
) -> None:
    """Documents in, typed data with evidence out. `extract-bridge demo` needs no key and no network."""
