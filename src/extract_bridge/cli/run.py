"""`extract-bridge run`: documents in, a file of records out."""

from __future__ import annotations

from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from extract_bridge.bulk import Budget, Ledger, extract_many
from extract_bridge.cli import plan, terminal
from extract_bridge.cli.inputs import collect
from extract_bridge.cli.output.file import OutputFile, format_of, is_special
from extract_bridge.cli.reports import Report, report_for
from extract_bridge.cli.service import Door
from extract_bridge.cli.stopping import Stopping
from extract_bridge.cli.tally import Tally, is_reused
from extract_bridge.client.flows.keywords import resolve_configuration
from extract_bridge.core.errors import (
    AuthenticationError,
    ConfigurationError,
    JobFailedError,
    PaymentRequiredError,
    PermissionDeniedError,
)
from extract_bridge.core.schema.normalize import NormalizedSchema, normalize_schema

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from extract_bridge.bulk import Extraction
    from extract_bridge.cli.inputs import Document
    from extract_bridge.client.client import ExtractClient

LEDGER_SUFFIX = ".ledger"
_HOPELESS = (AuthenticationError, PaymentRequiredError, PermissionDeniedError)
"""What no later document of the run will be spared."""
_FAILED_BEFORE = "The ledger remembers it, and nothing was sent: correct what the reason names, or add --retry-failed to pay for another try"


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
        budget: Credits that this run may cost; None for any.
        resume: Keep a ledger, and go on where it stands.
        ledger: Its file, where it is not the one beside `out`.
        retry_failed: Make a new job where the ledger's ended FAILED.
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
    budget: float | None = None
    resume: bool = True
    ledger: Path | None = None
    retry_failed: bool = False
    quiet: bool = False
    as_events: bool = False


def run_documents(paths: Sequence[str], options: RunOptions) -> int:
    """Extracts every document, and puts the file of records in its place when all are done.

    Args:
        paths: Files, folders, patterns, ids, or `-` for a list on standard input.
        options: The rest.

    Returns:
        0 if every document was read, 1 if one was not, 130 (SIGINT) or 143 (SIGTERM) if the run was stopped.

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
        _opened(options) as ledger,
        report_for(quiet=options.quiet, as_events=options.as_events) as report,
        Stopping(report.stopping) as stopping,
    ):
        results = extract_many(
            documents,
            client=client,
            max_concurrency=options.max_concurrency,
            ordered=options.ordered,
            ledger=ledger,
            budget=None if options.budget is None else Budget(options.budget),
            retry_failed=options.retry_failed,
            stop=stopping.asked,
            **keywords,
        )
        report.begin(client.service, tally, out)
        try:
            with closing(cast("Generator[Extraction]", results)):
                _write(results, sink, report, tally)
        except KeyboardInterrupt:
            stopping.asked.set()
        except _HOPELESS:
            report.stopped(tally, 1, _how_to_go_on(tally, sink, ledger))
            return 1
        if stopping.asked.is_set() and tally.left:
            report.stopped(tally, stopping.code, _how_to_go_on(tally, sink, ledger))
            return stopping.code
        sink.commit()
        code = 1 if tally.failed else 0
        report.end(tally, out, code)
    return code


def _write(results: Iterable[Extraction], sink: OutputFile, report: Report, tally: Tally) -> None:
    for done in results:
        written = sink.write(done.records) if done.error is None else 0
        tally.add(done, written)
        if isinstance(done.error, JobFailedError) and is_reused(done):
            done.error.hint = _FAILED_BEFORE
        report.document(done, written, tally)
        if isinstance(done.error, _HOPELESS):
            raise done.error


def ledger_of(options: RunOptions) -> Path | None:
    """The run's ledger: the one that was named, or beside the output. What is no file (a pipe) has none beside it.

    Raises:
        ConfigurationError: failed documents are to be tried again, and nobody remembers them.
    """
    beside = options.out
    if beside is not None and not is_special(beside) and options.resume:
        beside = beside.with_name(beside.name + LEDGER_SUFFIX)
    else:
        beside = None
    chosen = options.ledger or beside
    if options.retry_failed and chosen is None:
        raise ConfigurationError(
            "nobody remembers what failed",
            where="--retry-failed",
            hint="Leave --no-resume out, or name the ledger with --ledger",
        )
    return chosen


@contextmanager
def _opened(options: RunOptions) -> Iterator[Ledger | None]:
    path = ledger_of(options)
    if path is None:
        yield None
        return
    with Ledger(path) as ledger:
        yield ledger


def _how_to_go_on(tally: Tally, sink: OutputFile, ledger: Ledger | None) -> str:
    said = f"{tally.read:,} of {tally.documents:,} documents are read"
    if tally.failed:
        said += f", {tally.failed:,} failed"
    if sink.records:
        said += f", with {sink.records:,} records in {terminal.show_path(sink.partial)}"
    if ledger is None:
        return f"{said}. No ledger was kept (--no-resume): the same command begins anew."
    if not tally.read:
        return f"{said}. The same command tries again; nothing is paid twice."
    return f"{said}. The same command goes on from there, and pays for none of them again."


def _dry_run(documents: list[Document], keywords: Mapping[str, Any], options: RunOptions) -> int:
    console = terminal.make_console()
    with (
        _asked(keywords, options) as (service, paid),
        Progress(
            TextColumn("counting pages"),
            MofNCompleteColumn(),
            BarColumn(),
            console=console,
            transient=True,
            disable=options.as_events or not console.is_terminal,
        ) as bar,
    ):
        task = bar.add_task("", total=len(documents))
        made = plan.make_plan(documents, keywords, lambda: bar.advance(task), paid)
    (plan.emit_plan if options.as_events else plan.show_plan)(made, service)
    return 1 if made.errors else 0


@contextmanager
def _asked(keywords: Mapping[str, Any], options: RunOptions) -> Iterator[tuple[str, plan.Paid | None]]:
    """The service that would answer, and what asks its ledger; a plan needs neither."""
    path = ledger_of(options)
    known: plan.Paid | None = None
    if options.resume or path is not None:
        known = _nothing_is_known  # there will be a ledger: equal bytes are one job
    try:
        client = options.door.open(fall_back=True)
    except ConfigurationError as problem:
        if problem.code != "no_service":
            raise
        yield "none chosen", known
        return
    with client:
        if path is None or not path.is_file():
            yield client.service, known
            return
        with Ledger(path) as ledger:
            terms = ledger.terms(retry_failed=options.retry_failed)
            yield client.service, plan.ask_ledger(terms, client, keywords)


def _nothing_is_known(_: object, __: str) -> bool:
    return False


def _required(out: Path | None) -> Path:
    if out is None:
        raise ConfigurationError(
            "nothing says where the records go",
            where="--out",
            hint="Add --out records.jsonl, or .json, .csv, .parquet; --dry-run needs none",
        )
    format_of(out)
    return out
