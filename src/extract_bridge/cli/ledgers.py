"""What `extract-bridge jobs` does with a ledger: list, collect, recover."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING

from rich.text import Text

from extract_bridge.bulk import Ledger, collect
from extract_bridge.cli import terminal
from extract_bridge.cli.jobs import table_of_jobs
from extract_bridge.cli.output.append import AppendedLines
from extract_bridge.cli.output.lines import shown_json
from extract_bridge.core.errors import ConfigurationError

if TYPE_CHECKING:
    from pathlib import Path

    from extract_bridge.bulk import LedgerEntry
    from extract_bridge.client.client import ExtractClient

_STYLES = {
    "completed": "green",
    "failed": "red",
    "doubtful": "red",
    "cancelled": "yellow",
    "lost": "yellow",
    "void": "dim",
}
_STILL_OPEN = ("sending", "doubtful", "running")
_BESIDE = 70
"""Columns of the table beside the document's."""


def open_ledger(path: Path) -> Ledger:
    """A ledger that is there.

    Raises:
        ConfigurationError: there is none, or the file is something else.
        StorageError: it cannot be used.
    """
    if not path.is_file():
        raise ConfigurationError(
            "there is no such ledger",
            where=f"--ledger {path.name}",
            hint="A run keeps it beside its output: FILE.ledger",
        )
    return Ledger(path)


def list_entries(ledger: Ledger, *, status: str | None, limit: int | None, as_json: bool) -> None:
    """Prints what a ledger knows, newest first."""
    states = (status.lower(),) if status else ()
    entries = islice(ledger.entries(states=states, newest_first=True), limit)
    if as_json:
        for entry in entries:
            print(shown_json(entry.to_dict()))
        return
    console = terminal.make_console()
    table = table_of_jobs(console, "state", "began")
    for entry in entries:
        began = datetime.fromtimestamp(entry.created_at, UTC).strftime("%Y-%m-%d %H:%M:%S")
        names = terminal.cut_left(", ".join(entry.sources), max(console.width - _BESIDE, 20))
        table.add_row(terminal.text(entry.job_id or "-"), _state(entry), began, names)
    console.print(table if table.row_count else "no such entry" if status else "nothing yet")


def collect_results(ledger: Ledger, client: ExtractClient, out: Path, *, wait: float, as_json: bool) -> int:
    """Adds every result that the ledger owes to a file.

    Args:
        ledger: The ledger.
        client: Of the service.
        out: A file of JSON lines.
        wait: Seconds to wait for jobs that are not final yet.
        as_json: An event a document, and one at the end.

    Returns:
        1 if a job ended badly or some are not final yet, otherwise 0.
    """
    read = failed = 0
    console = terminal.make_console()
    with AppendedLines(out) as sink:
        for done in collect(ledger, client=client, wait=wait):
            if done.error is not None:
                failed += 1
                terminal.print_error(done.error)
            else:
                read += 1
                sink.write(done)
            if as_json:
                job_id = done.job.id if done.job is not None else None
                said = done.error.to_dict() if done.error is not None else None
                print(
                    shown_json({"event": "document", "source": done.source, "job_id": job_id, "error": said})
                )
        left = sum(1 for _ in ledger.entries(states=_STILL_OPEN))
    facts = {"collected": read, "failed": failed, "records": sink.records, "open": left}
    if as_json:
        print(shown_json({"event": "end", **facts}))
    else:
        still = f"; {left} not final yet: the same command later" if left else ""
        console.print(
            f"{read} collected, {failed} failed, {sink.records} records added to {terminal.show_path(out)}{still}"
        )
    return int(bool(failed or left))


def recover(ledger: Ledger, *, as_json: bool) -> int:
    """Gives back what other machines were at, and says what is wrong with the ledger.

    Returns:
        1 if something is, otherwise 0.
    """
    count, problems = ledger.recover(), ledger.check()
    if as_json:
        print(shown_json({"recovered": count, "problems": problems}))
        return int(bool(problems))
    console = terminal.make_console()
    for problem in problems:
        console.print(Text.assemble(("problem  ", "red"), terminal.plain(problem)))
    console.print(
        f"{count} taken over; the next run or collect carries them on" if count else "nothing to take over"
    )
    if not problems:
        console.print("the ledger is whole")
    return int(bool(problems))


def _state(entry: LedgerEntry) -> Text:
    return terminal.text(entry.state, _STYLES.get(entry.state, "cyan"))
