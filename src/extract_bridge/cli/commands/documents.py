"""`demo` and `run`."""

from pathlib import Path
from typing import Annotated

import typer

from extract_bridge.cli.commands.options import TARGETS, TIERS, BaseUrl, KeyEnv, Local, examples

RUN_EXAMPLES = examples(
    "extract-bridge run invoices/ --schema invoice.json --out invoices.jsonl",
    'extract-bridge run "in/**/*.pdf" --schema s.json --out s.csv --tier agentic',
    "find in -name '*.pdf' | extract-bridge run - --schema s.json --out s.csv",
    "extract-bridge run in/ --schema invoice.json --dry-run",
    after=(
        "A folder gives its own documents; only ** in a pattern goes down. Records reach FILE when all documents are done; until then they "
        "are in FILE.part. FILE.ledger remembers every job and result: after Ctrl-C, a crash or a changed document the same command reads what "
        "is missing, and pays for nothing that is there.\n\n"
        "\b\nExit codes:\n"
        "  0    every document was read\n"
        "  1    one or more were not; the message says which\n"
        "  2    the call was wrong: options, schema, service, output, ledger\n"
        "  130  stopped by Ctrl-C, 143 by SIGTERM; the same command goes on"
    ),
)


def demo(
    out: Annotated[Path, typer.Option("--out", help="Folder for the documents and their JSON.")] = Path(
        "extract-bridge-demo"
    ),
) -> None:
    """Read three sample documents on this machine: no key, no network."""
    from extract_bridge.cli.demo import show_demo  # noqa: PLC0415

    show_demo(out)


def run(
    paths: Annotated[
        list[str],
        typer.Argument(
            metavar="PATH", help="Files, folders, patterns, file ids; - reads a list from standard input."
        ),
    ],
    schema: Annotated[Path, typer.Option("--schema", metavar="FILE", help="A file with a JSON Schema.")],
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", metavar="FILE", help="The records: .jsonl, .json, .csv, or .parquet with pyarrow."
        ),
    ] = None,
    target: Annotated[
        str | None,
        typer.Option(
            "--target",
            metavar="TARGET",
            help="per_doc, per_page or per_table_row.",
            autocompletion=lambda: list(TARGETS),
        ),
    ] = None,
    tier: Annotated[
        str | None,
        typer.Option(
            "--tier",
            metavar="TIER",
            help=f"The cloud's tier: {', '.join(TIERS)}.",
            autocompletion=lambda: list(TIERS),
        ),
    ] = None,
    parse_tier: Annotated[
        str | None,
        typer.Option(
            "--parse-tier", metavar="TIER", help="How the document is read first, where not as the tier says."
        ),
    ] = None,
    pages: Annotated[
        str | None, typer.Option("--pages", metavar="RANGES", help="Of each document, such as 1,3,5-7.")
    ] = None,
    max_pages: Annotated[
        int | None, typer.Option("--max-pages", metavar="N", min=1, help="Of each document, at most so many.")
    ] = None,
    lang: Annotated[
        str | None, typer.Option("--lang", metavar="LANG", help="Language of the documents, such as de.")
    ] = None,
    system_prompt: Annotated[
        str | None, typer.Option("--system-prompt", metavar="TEXT", help="Guidance in words.")
    ] = None,
    local: Local = False,
    base_url: BaseUrl = None,
    api_key_env: KeyEnv = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Count documents, pages and credits by tier; send nothing.")
    ] = False,
    concurrency: Annotated[
        int, typer.Option("--concurrency", metavar="N", min=1, help="Documents at once.")
    ] = 4,
    budget: Annotated[
        float | None,
        typer.Option(
            "--budget",
            metavar="CREDITS",
            min=0,
            help="What this run may cost; a document beyond it is refused.",
        ),
    ] = None,
    resume: Annotated[
        bool,
        typer.Option(
            "--resume/--no-resume", help="Keep a ledger beside FILE, FILE.ledger, and pay for nothing twice."
        ),
    ] = True,
    ledger: Annotated[
        Path | None,
        typer.Option("--ledger", metavar="FILE", help="A ledger elsewhere, such as one for many runs."),
    ] = None,
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help="Try again what the ledger says FAILED, for new credits.")
    ] = False,
    ordered: Annotated[
        bool, typer.Option("--ordered", help="Records in the order of the documents, not as they finish.")
    ] = False,
    full: Annotated[
        bool,
        typer.Option(
            "--full", help="JSON with all evidence, boxes too, as ExtractedRecord.from_dict reads it."
        ),
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors.")] = False,
    as_json: Annotated[
        bool,
        typer.Option("--json", help="Progress as JSON for programs, an event a line, on standard output."),
    ] = False,
) -> None:
    """Extract documents into a file of records."""
    from extract_bridge.cli.run import RunOptions, run_documents  # noqa: PLC0415
    from extract_bridge.cli.service import Door  # noqa: PLC0415

    given = {
        "extraction_target": target,
        "tier": tier,
        "parse_tier": parse_tier,
        "target_pages": pages,
        "max_pages": max_pages,
        "lang": lang,
        "system_prompt": system_prompt,
    }
    options = RunOptions(
        schema=schema,
        out=out,
        door=Door(local=local, base_url=base_url, key_env=api_key_env),
        keywords={name: value for name, value in given.items() if value is not None},
        dry_run=dry_run,
        full=full,
        ordered=ordered,
        max_concurrency=concurrency,
        budget=budget,
        resume=resume,
        ledger=ledger,
        retry_failed=retry_failed,
        quiet=quiet,
        as_events=as_json,
    )
    raise typer.Exit(run_documents(paths, options))
