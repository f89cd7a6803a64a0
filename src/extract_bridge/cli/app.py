"""The commands. Each loads what it needs when it runs, so that `--help` is quick."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

import typer

import extract_bridge
from extract_bridge.cli import terminal
from extract_bridge.core.errors import ExtractError, MissingExtraError

app = typer.Typer(
    name="extract-bridge",
    help="Documents in, typed data with evidence out. `extract-bridge demo` needs no key and no network.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
schema_app = typer.Typer(help="Look at a JSON Schema before a job is paid for.", no_args_is_help=True)
app.add_typer(schema_app, name="schema")
admin_app = typer.Typer(help="Look after the folder of a local service.", no_args_is_help=True)
app.add_typer(admin_app, name="admin")
DataDir = Annotated[Path, typer.Option(help="The folder of the service.")]


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


@app.command()
def demo(
    out: Annotated[Path, typer.Option("--out", help="Folder for the documents and their JSON.")] = Path(
        "extract-bridge-demo"
    ),
) -> None:
    """Read three sample documents on this machine: no key, no network."""
    from extract_bridge.cli.demo import show_demo  # noqa: PLC0415

    show_demo(out)


@app.command()
def run(
    paths: Annotated[list[str], typer.Argument(metavar="PATH…", help="Files, folders or globs.")],
    schema: Annotated[Path, typer.Option("--schema", help="A file with a JSON Schema.")],
    out: Annotated[Path, typer.Option("--out", help="The records, one JSON object a line.")],
    target: Annotated[
        str | None, typer.Option("--target", help="per_doc, per_page or per_table_row.")
    ] = None,
    tier: Annotated[str | None, typer.Option("--tier", help="The cloud's tier.")] = None,
    local: Annotated[bool, typer.Option("--local", help="Extract on this machine, whatever is set.")] = False,
) -> None:
    """Extract documents into a file of records."""
    from extract_bridge.cli.run import run_documents  # noqa: PLC0415

    given = {"extraction_target": target, "tier": tier}
    keywords = {name: value for name, value in given.items() if value is not None}
    raise typer.Exit(run_documents(paths, schema=schema, out=out, local=local, keywords=keywords))


@app.command()
def review(
    source: Annotated[
        str, typer.Argument(metavar="INPUT", help="A job's id, or a file with a job or with records.")
    ],
    out: Annotated[Path, typer.Option("--out", help="The page, one HTML file.")],
    documents: Annotated[
        list[Path] | None,
        typer.Option(help="Documents, or folders with them; repeatable. Here and beside INPUT by default."),
    ] = None,
    pages: Annotated[
        Literal["cited", "all"], typer.Option(help="Those that values were read from, or all.")
    ] = "cited",
    min_confidence: Annotated[
        float, typer.Option(help="Values less sure than this are marked.", min=0, max=1)
    ] = 0.8,
) -> None:
    """Show records beside the pages that they were read from, in one HTML file."""
    from extract_bridge.cli.review import make_page  # noqa: PLC0415

    make_page(source, out=out, documents=documents or (), pages=pages, min_confidence=min_confidence)


@app.command()
def correct(
    records: Annotated[Path, typer.Argument(metavar="INPUT", help="What the page was made of.")],
    corrections: Annotated[Path, typer.Argument(help="What the page saved.")],
    out: Annotated[Path, typer.Option("--out", help="The corrected records, one JSON object a line.")],
) -> None:
    """Put a person's corrections into records."""
    from extract_bridge.cli.correct import correct_file  # noqa: PLC0415

    correct_file(records, corrections, out=out)


@schema_app.command()
def check(file: Annotated[Path, typer.Argument(help="A file with a JSON Schema.")]) -> None:
    """Say whether a schema can be used, and which fields it asks for."""
    from extract_bridge.cli.schema import check_schema  # noqa: PLC0415

    check_schema(file)


@admin_app.command("check")
def check_folder(data_dir: DataDir = Path(".extract-bridge")) -> None:
    """Say what a service keeps, and whether its database and files are whole."""
    from extract_bridge.cli.admin import check_folder as check_here  # noqa: PLC0415

    raise typer.Exit(0 if check_here(data_dir) else 1)


@admin_app.command("purge")
def purge_folder(data_dir: DataDir = Path(".extract-bridge")) -> None:
    """Remove files and jobs whose time is over, and bytes that belong to no file."""
    from extract_bridge.cli.admin import purge_folder as purge_here  # noqa: PLC0415

    purge_here(data_dir)


@app.command()
def bench(
    documents: Annotated[int, typer.Option(help="How many documents are drawn.", min=1)] = 120,
    seed: Annotated[int, typer.Option(help="Of the drawn documents; the same seed draws the same.")] = 7,
    layouts: Annotated[
        list[str] | None,
        typer.Option("--layouts", help="A layout, a family, held-out or fitted; repeatable. All by default."),
    ] = None,
    folder: Annotated[
        Path | None,
        typer.Option(
            help="Your own cases instead: folders with document.*, schema.json, expected.json and target."
        ),
    ] = None,
    base_url: Annotated[
        str | None, typer.Option(help="Another service than the local one. It may bill each page.")
    ] = None,
    api_key_env: Annotated[str | None, typer.Option(help="The environment variable with its key.")] = None,
    out: Annotated[Path | None, typer.Option(help="The report as JSON.")] = None,
    fail_under: Annotated[
        float | None, typer.Option(help="Exit with 1 where the F1 is lower.", min=0, max=1)
    ] = None,
    concurrency: Annotated[int, typer.Option(help="Documents at once.", min=1)] = 4,
) -> None:
    """Measure how well, how surely and how fast documents with known truth are read."""
    try:
        from extract_bridge.cli.bench import run_bench  # noqa: PLC0415
    except ModuleNotFoundError as problem:
        if (problem.name or "").startswith("extract_bridge"):
            raise
        raise MissingExtraError("bench", problem.name or "reportlab") from None
    raise typer.Exit(
        run_bench(
            documents=documents,
            seed=seed,
            layouts=layouts or (),
            folder=folder,
            base_url=base_url,
            key_env=api_key_env,
            out=out,
            fail_under=fail_under,
            concurrency=concurrency,
        )
    )


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(help="Port to listen on; 0 takes a free one.", min=0, max=65535)
    ] = 8787,
    data_dir: Annotated[Path, typer.Option(help="Where files and jobs are kept.")] = Path(".extract-bridge"),
    api_key: Annotated[str | None, typer.Option(help="Ask this key of every request.")] = None,
    workers: Annotated[int | None, typer.Option(help="Documents at once.", min=1)] = None,
    allow_host: Annotated[
        list[str] | None,
        typer.Option(help="A name by which this machine is asked, for example behind a proxy; repeatable."),
    ] = None,
    allow_webhook_host: Annotated[
        list[str] | None,
        typer.Option(
            help="A host that webhooks may go to although it is private, also over plain http; repeatable."
        ),
    ] = None,
    allow_source_url: Annotated[
        bool,
        typer.Option(
            "--allow-source-url", help="Parse jobs may name a public https URL, which is fetched from here."
        ),
    ] = False,
    allow_source_host: Annotated[
        list[str] | None,
        typer.Option(
            help="A host that such a URL may name although it is private, also over plain http; repeatable."
        ),
    ] = None,
    llm_url: Annotated[
        str | None,
        typer.Option(
            help="An OpenAI-compatible server that may fill what the rules leave open, such as http://127.0.0.1:11434/v1."
        ),
    ] = None,
    llm_model: Annotated[str | None, typer.Option(help="The model, as that server names it.")] = None,
    llm_key_env: Annotated[
        str | None, typer.Option(help="The environment variable with that server's key.")
    ] = None,
    llm_mode: Annotated[
        Literal["rules", "hybrid", "llm"],
        typer.Option(help="Who fills the schema: rules alone, rules and model, or the model alone."),
    ] = "hybrid",
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"],
        typer.Option(help="Lines of JSON on standard error: info is one a request."),
    ] = "warning",
    faults: Annotated[
        str | None,
        typer.Option(help="For tests of clients: faults to inject, for example seed=1,lost=0.1."),
    ] = None,
) -> None:
    """Serve the Extract API on this machine until Ctrl-C."""
    try:
        from extract_bridge.cli.serve import serve as serve_here  # noqa: PLC0415
    except ModuleNotFoundError as problem:
        if (problem.name or "").startswith("extract_bridge"):
            raise
        raise MissingExtraError("local", problem.name or "uvicorn") from None
    serve_here(
        host=host,
        port=port,
        data_dir=data_dir,
        api_key=api_key,
        workers=workers,
        allow_host=allow_host,
        allow_webhook_host=allow_webhook_host,
        allow_source_url=allow_source_url,
        allow_source_host=allow_source_host,
        llm_url=llm_url,
        llm_model=llm_model,
        llm_key_env=llm_key_env,
        llm_mode=llm_mode,
        log_level=log_level,
        faults=faults,
    )
