"""`jobs`: what a service knows of extract jobs, and what a ledger does."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from extract_bridge.cli.commands.options import STATUSES, AsJson, BaseUrl, KeyEnv, LedgerFile, Local, examples

jobs_app = typer.Typer(help="Look at extract jobs, wait for them, cancel them.", no_args_is_help=True)

if TYPE_CHECKING:
    from extract_bridge.client.client import ExtractClient

JobId = Annotated[str, typer.Argument(metavar="JOB", help="Its id.")]
JobIds = Annotated[list[str], typer.Argument(metavar="JOB", help="Their ids.")]


@jobs_app.command(
    "list",
    epilog=examples("extract-bridge jobs list --status RUNNING", "extract-bridge jobs list --all --json"),
)
def list_jobs(
    status: Annotated[
        str | None,
        typer.Option(
            metavar="STATUS",
            help=f"Only these: {', '.join(STATUSES)}.",
            autocompletion=lambda: list(STATUSES),
        ),
    ] = None,
    limit: Annotated[int, typer.Option("--limit", "-n", metavar="N", min=1, help="The newest so many.")] = 20,
    every: Annotated[bool, typer.Option("--all", help="All of them, not the newest --limit.")] = False,
    ledger: Annotated[
        Path | None,
        typer.Option("--ledger", metavar="FILE", help="What a run's ledger knows; asks no service."),
    ] = None,
    as_json: AsJson = False,
    local: Local = False,
    base_url: BaseUrl = None,
    api_key_env: KeyEnv = None,
) -> None:
    """List jobs, newest first."""
    from extract_bridge.cli import jobs, ledgers  # noqa: PLC0415

    if ledger is not None:
        with ledgers.open_ledger(ledger) as kept:
            ledgers.list_entries(kept, status=status, limit=None if every else limit, as_json=as_json)
        return
    with _open(local, base_url, api_key_env) as client:
        jobs.list_jobs(client, status=status, limit=None if every else limit, as_json=as_json)


@jobs_app.command(
    "show",
    epilog=examples("extract-bridge jobs show ext-123", "extract-bridge jobs show ext-123 --json > job.json"),
)
def show_job(
    job: JobId,
    as_json: AsJson = False,
    local: Local = False,
    base_url: BaseUrl = None,
    api_key_env: KeyEnv = None,
) -> None:
    """Show a job and what it has read."""
    from extract_bridge.cli import jobs  # noqa: PLC0415

    with _open(local, base_url, api_key_env) as client:
        jobs.show_job(client, job, as_json=as_json)


@jobs_app.command(
    "wait",
    epilog=examples(
        "extract-bridge jobs wait ext-123 ext-124 --timeout 600",
        after="Exit code 0: all are COMPLETED; 1: one is not.",
    ),
)
def wait_for_jobs(
    job: JobIds,
    timeout: Annotated[float, typer.Option(metavar="SECONDS", help="Seconds for all of them.")] = 1800.0,
    as_json: AsJson = False,
    local: Local = False,
    base_url: BaseUrl = None,
    api_key_env: KeyEnv = None,
) -> None:
    """Wait until jobs are final."""
    from extract_bridge.cli import jobs  # noqa: PLC0415

    with _open(local, base_url, api_key_env) as client:
        raise typer.Exit(jobs.wait_for_jobs(client, job, timeout=timeout, as_json=as_json))


@jobs_app.command(
    "cancel",
    epilog=examples(
        "extract-bridge jobs cancel ext-123", after="Exit code 1: one was final already, or does not exist."
    ),
)
def cancel_jobs(
    job: JobIds,
    as_json: AsJson = False,
    local: Local = False,
    base_url: BaseUrl = None,
    api_key_env: KeyEnv = None,
) -> None:
    """Cancel jobs that are not final yet."""
    from extract_bridge.cli import jobs  # noqa: PLC0415

    with _open(local, base_url, api_key_env) as client:
        raise typer.Exit(jobs.cancel_jobs(client, job, as_json=as_json))


@jobs_app.command(
    "collect",
    epilog=examples(
        "extract-bridge jobs collect --ledger records.jsonl.ledger --out late.jsonl",
        after="Each result is given once; --out grows from call to call. Exit code 1: one ended badly, or some are not final yet.",
    ),
)
def collect_jobs(
    ledger: LedgerFile,
    out: Annotated[
        Path, typer.Option("--out", metavar="FILE", help="A .jsonl file; results are added to it.")
    ],
    wait: Annotated[
        float, typer.Option(metavar="SECONDS", min=0, help="Wait so long for jobs that are not final yet.")
    ] = 0.0,
    as_json: AsJson = False,
    local: Local = False,
    base_url: BaseUrl = None,
    api_key_env: KeyEnv = None,
) -> None:
    """Fetch results that were submitted, or left by a run."""
    from extract_bridge.cli import ledgers  # noqa: PLC0415

    with ledgers.open_ledger(ledger) as kept, _open(local, base_url, api_key_env) as client:
        raise typer.Exit(ledgers.collect_results(kept, client, out, wait=wait, as_json=as_json))


@jobs_app.command(
    "recover",
    epilog=examples(
        "extract-bridge jobs recover --ledger records.jsonl.ledger",
        after="Only when the machines that shared the ledger are gone for good; what processes of this one left needs no call.",
    ),
)
def recover_jobs(ledger: LedgerFile, as_json: AsJson = False) -> None:
    """Take over what another machine was at, and check the ledger."""
    from extract_bridge.cli import ledgers  # noqa: PLC0415

    with ledgers.open_ledger(ledger) as kept:
        raise typer.Exit(ledgers.recover(kept, as_json=as_json))


def _open(local: bool, base_url: str | None, key_env: str | None) -> "ExtractClient":
    from extract_bridge.cli.service import Door  # noqa: PLC0415

    return Door(local=local, base_url=base_url, key_env=key_env).open()
