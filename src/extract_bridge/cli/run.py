"""`extract-bridge run`: documents in, a file of records out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from extract_bridge.bulk import extract_many
from extract_bridge.cli import plan, terminal
from extract_bridge.cli.inputs import collect
from extract_bridge.cli.output.file import OutputFile, format_of
from extract_bridge.cli.reports import Report, report_for
from extract_bridge.cli.service import Door
from extract_bridge.cli.tally import Tally
from extract_bridge.client.flows.keywords import resolve_configuration
from extract_bridge.core.errors import (
    AuthenticationError,
    ConfigurationError,
    PaymentRequiredError,
    PermissionDeniedError,
)
from extract_bridge.core.schema.normalize import NormalizedSchema, normalize_schema

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from extract_bridge.bulk import Extraction
    from extract_bridge.cli.inputs import Document
    from extract_bridge.client.client import ExtractClient

INTERRUPTED = 130
_HOPELESS = (AuthenticationError, PaymentRequiredError, PermissionDeniedError)
"""What no later document of the run will be spared."""


@dataclass(frozen=True, slots=True)
class RunOptions:
    """What the command line says beside the documents.

    Attributes:
        schema: A file with a JSON Schema.
        out: Where the records go; its suffix says the format. None for a dry run.
        door: Which service.
        keywords: Configuration keywords, for example `extraction_target`.
        dry_run: Count and price, send nothing.
        full: JSON with all evidence.
        ordered: Records in the order of the documents.
        max_concurrency: Documents at work at one time.
        quiet: Errors alone.
        as_events: JSON for programs.
    """

    schema: Path
    out: Path | None
    door: Door = field(default_factory=Door)
    keywords: Mapping[str, Any] = field(default_factory=dict)
    dry_run: bool = False
    full: bool = False
    ordered: bool = False
    max_concurrency: int = 4
    quiet: bool = False
    as_events: bool = False


def run_documents(paths: Sequence[str], options: RunOptions) -> int:
    """Extracts every document, and puts the file of records in its place when all are done.

    Args:
        paths: Files, folders, patterns, ids, or `-` for a list on standard input.
        options: The rest.

    Returns:
        0 if every document was read, 1 if one was not, 130 if the run was stopped.

    Raises:
        ConfigurationError: no service chosen and nobody at a terminal, or `out` cannot be written.
        InputError: the schema cannot be used, or there is no document.
    """
    # Everything that can be wrong is told before the old file of records is touched.
    schema = normalize_schema(options.schema)
    keywords = {"data_schema": schema, **options.keywords}
    resolve_configuration(**keywords)
    documents = collect(paths)
    if options.dry_run:
        return _dry_run(documents, keywords, options)
    with options.door.open(fall_back=True) as client:
        return _run(documents, keywords, schema, client, options)


def _run(
    documents: list[Document],
    keywords: Mapping[str, Any],
    schema: NormalizedSchema,
    client: ExtractClient,
    options: RunOptions,
) -> int:
    out = _required(options.out)
    tally = Tally(len(documents))
    with (
        OutputFile(out, schema.json_schema, full=options.full) as sink,
        report_for(quiet=options.quiet, as_events=options.as_events) as report,
    ):
        results = extract_many(
            documents,
            client=client,
            max_concurrency=options.max_concurrency,
            ordered=options.ordered,
            **keywords,
        )
        report.begin(client.service, tally, out)
        try:
            _write(results, sink, report, tally)
        except KeyboardInterrupt:
            report.stopped(tally, _how_to_go_on(tally, sink))
            return INTERRUPTED
        sink.commit()
        code = 1 if tally.failed else 0
        report.end(tally, out, code)
    return code


def _write(results: Iterable[Extraction], sink: OutputFile, report: Report, tally: Tally) -> None:
    for done in results:
        written = sink.write(done.records) if done.error is None else 0
        tally.add(done, written)
        report.document(done, written, tally)
        if isinstance(done.error, _HOPELESS):
            raise done.error


def _how_to_go_on(tally: Tally, sink: OutputFile) -> str:
    so_far = f"{tally.finished:,} of {tally.documents:,} documents done"
    if sink.records:
        so_far += f"; their records are in {terminal.show_path(sink.partial)}"
    return so_far + "."


def _dry_run(documents: list[Document], keywords: Mapping[str, Any], options: RunOptions) -> int:
    service = _service(options.door)
    console = terminal.make_console()
    with Progress(
        TextColumn("counting pages"),
        MofNCompleteColumn(),
        BarColumn(),
        console=console,
        transient=True,
        disable=options.as_events or not console.is_terminal,
    ) as bar:
        task = bar.add_task("", total=len(documents))
        made = plan.make_plan(documents, keywords, lambda: bar.advance(task))
    (plan.emit_plan if options.as_events else plan.show_plan)(made, service)
    return 1 if made.errors else 0


def _service(door: Door) -> str:
    """Which service would answer; a plan needs none."""
    try:
        with door.open(fall_back=True) as client:
            return client.service
    except ConfigurationError as problem:
        if problem.code != "no_service":
            raise
        return "none chosen"


def _required(out: Path | None) -> Path:
    if out is None:
        raise ConfigurationError(
            "nothing says where the records go",
            where="--out",
            hint="Add --out records.jsonl, or .json, .csv, .parquet; --dry-run needs none",
        )
    format_of(out)
    return out
