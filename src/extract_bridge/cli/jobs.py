"""`extract-bridge jobs`: extract jobs of a service, for people as tables and for programs as JSON."""

from __future__ import annotations

from contextlib import nullcontext
from itertools import islice
from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from extract_bridge.cli import terminal
from extract_bridge.cli.output import lines
from extract_bridge.cli.records import show_record
from extract_bridge.core.errors import ExtractError, WaitTimeoutError
from extract_bridge.core.records.read import records_from_job
from extract_bridge.core.wire.jobs import JobStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from rich.console import Console

    from extract_bridge.client.client import ExtractClient
    from extract_bridge.core.wire.jobs import ExtractV2Job

_STYLES = {JobStatus.COMPLETED: "green", JobStatus.FAILED: "red", JobStatus.CANCELLED: "yellow"}
_PIPED = 200
"""Columns of a table that no terminal shows: programs get ids that nobody cut."""
_SHOWN = 5
"""Records of a job that are shown; the rest is in its JSON."""


def list_jobs(client: ExtractClient, *, status: str | None, limit: int | None, as_json: bool) -> None:
    """Prints jobs, newest first.

    Args:
        client: Of the service.
        status: Only jobs in this state.
        limit: At most so many; None is all.
        as_json: A job a line.
    """
    wanted = status.upper() if status else None
    page_size = min(limit, 100) if limit is not None else 100
    jobs = islice(client.list(status=wanted, page_size=page_size), limit)
    if as_json:
        _print_json(jobs)
        return
    console = terminal.make_console()
    table = table_of_jobs(console, "status", "created")
    for job in jobs:
        table.add_row(
            terminal.text(job.id), _status(job), _when(job.created_at), terminal.text(job.file_input or "")
        )
    if not table.row_count:
        console.print("no such job" if status else "no jobs")
        return
    console.print(table)


def table_of_jobs(console: Console, state: str, since: str) -> Table:
    """An empty table with a row for each job: its id, its state, a time and its document.

    Args:
        console: Where it will be printed; one that is no terminal is made so wide that nothing is cut.
        state: Title of the second column.
        since: Title of the third.
    """
    if not console.is_terminal:
        console.width = _PIPED
    table = Table(box=None, header_style="dim", padding=(0, 1))
    for title, least in (("job", 33), (state, 9), (since, 19), ("document", 4)):
        table.add_column(title, min_width=least, no_wrap=True, overflow="ellipsis")
    return table


def show_job(client: ExtractClient, job_id: str, *, as_json: bool) -> None:
    """Prints one job.

    Args:
        client: Of the service.
        job_id: Of the job.
        as_json: The whole job as the API gives it.

    Raises:
        NotFoundError: there is no such job.
    """
    job = client.get(job_id)
    if as_json:
        _print_json([job])
        return
    console = terminal.make_console()
    table = Table(box=None, show_header=False, padding=(0, 1))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for label, value in _facts(job):
        table.add_row(label, value if isinstance(value, Text) else terminal.text(value))
    console.print(table)
    if job.status == JobStatus.COMPLETED:
        _show_records(console, job)


def wait_for_jobs(client: ExtractClient, job_ids: Sequence[str], *, timeout: float, as_json: bool) -> int:
    """Waits until every job is final, and prints each as it ends.

    Args:
        client: Of the service.
        job_ids: Of the jobs.
        timeout: Seconds for all of them.
        as_json: A job a line, in full.

    Returns:
        0 if all are COMPLETED, otherwise 1.
    """
    wanted = list(dict.fromkeys(job_ids))
    good = 0
    console = terminal.make_console()
    waiting = Text(f"waiting for {len(wanted)} job{'s' * (len(wanted) != 1)} …")
    try:
        with console.status(waiting) if console.is_terminal and not as_json else nullcontext():
            for job in client.as_completed(wanted, timeout=timeout):
                good += job.status == JobStatus.COMPLETED
                _print_json([job]) if as_json else _tell(console, job)
    except WaitTimeoutError as late:
        terminal.print_error(late)
    return int(good < len(wanted))


def cancel_jobs(client: ExtractClient, job_ids: Sequence[str], *, as_json: bool) -> int:
    """Cancels jobs one after another; one that cannot be cancelled does not keep the others.

    Returns:
        0 if all were, otherwise 1.
    """
    return _each(job_ids, client.cancel, as_json=as_json)


def _each(job_ids: Sequence[str], act: Callable[[str], ExtractV2Job], *, as_json: bool) -> int:
    failed = 0
    console = terminal.make_console()
    for job_id in dict.fromkeys(job_ids):
        try:
            job = act(job_id)
        except ExtractError as error:
            failed += 1
            error.where = error.where or job_id
            terminal.print_error(error)
            continue
        _print_json([job]) if as_json else _tell(console, job)
    return int(failed > 0)


def _tell(console: Console, job: ExtractV2Job) -> None:
    line = Text.assemble(terminal.plain(job.id), "  ", _status(job))
    if job.error_message:
        line.append(f"  {terminal.cut(job.error_message, 200)}")
    console.print(line, soft_wrap=True)


def _facts(job: ExtractV2Job) -> list[tuple[str, Any]]:
    asked, pages = job.configuration, job.metadata.usage if job.metadata else None
    facts = [
        ("job", job.id),
        ("status", _status(job)),
        ("error", job.error_message),
        ("document", job.file_input),
        ("target", asked.extraction_target if asked else None),
        ("tier", asked.tier if asked else None),
        ("configuration", job.configuration_id),
        ("created", job.created_at),
        ("updated", job.updated_at),
        ("pages", pages.num_pages_extracted if pages else None),
        ("credits", f"{job.usage.credits:g}" if job.usage and job.usage.credits is not None else None),
    ]
    return [(label, value) for label, value in facts if value is not None]


def _show_records(console: Console, job: ExtractV2Job) -> None:
    schema = job.configuration.data_schema if job.configuration else None
    records = records_from_job(job, schema)
    for record in records[:_SHOWN]:
        console.print()
        show_record(console, record, of=len(records))
    if len(records) > _SHOWN:
        console.print(Text(f"  … and {len(records) - _SHOWN} more records: --json shows all", style="dim"))


def _status(job: ExtractV2Job) -> Text:
    known = JobStatus(job.status) if job.status in JobStatus.__members__ else None
    return terminal.text(job.status, _STYLES.get(known, "cyan") if known else "")


def _when(created: str | None) -> Text:
    return terminal.text((created or "").replace("T", " ")[:19])


def _print_json(jobs: Iterable[ExtractV2Job]) -> None:
    for job in jobs:
        print(lines.shown_json(job.model_dump(mode="json")), flush=True)
