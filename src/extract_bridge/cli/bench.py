"""`extract-bridge bench`: how well, how surely and how fast a service reads documents whose truth is known."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from extract_bridge.bench.cases import cases_in
from extract_bridge.bench.corpus import choose_layouts, generate
from extract_bridge.bench.layouts.kinds import HIDDEN
from extract_bridge.bench.mistakes import mistakes
from extract_bridge.bench.run import run
from extract_bridge.bench.scans import all_scanned
from extract_bridge.bench.scoring.figures import PRECISIONS
from extract_bridge.cli.terminal import cut, make_console, scalar, show_path, text
from extract_bridge.client.client import ExtractClient
from extract_bridge.core.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rich.console import Console

    from extract_bridge.bench.document import BenchDocument
    from extract_bridge.bench.run import Report
    from extract_bridge.bench.scoring.figures import Figures

_FAILURES = 10
"""How many documents without an answer are named."""
_EXAMPLE = 60
"""Characters of a value that is shown as an example."""
_COLUMNS = ("layout", "values", "F1", "prec.", "recall", "page", "box", "false", "nulls")


def run_bench(
    *,
    documents: int,
    seed: int,
    layouts: Sequence[str],
    folder: Path | None,
    base_url: str | None,
    key_env: str | None,
    out: Path | None,
    fail_under: float | None,
    concurrency: int,
    precision_targets: Sequence[float] = (),
    worst: int = 0,
    scanned: bool = False,
) -> int:
    """Run it, print the tables, and say by the exit code whether the F1 was high enough.

    Args:
        documents: How many are drawn.
        seed: Of the drawn ones.
        layouts: Also several in one, with commas. Names, families, `held-out`, `calibration`, `fresh` or
            `fitted`; none is all.
        folder: The user's own cases instead.
        base_url: Another service than the local one.
        key_env: The environment variable with its key.
        out: Where the report goes as JSON.
        fail_under: The least F1, 0..1.
        concurrency: Documents at once.
        precision_targets: Say for these what may be accepted; none is 0.95 and 0.99.
        worst: Of how many fields to show what is wrong, the most frequent mistakes first; not of hidden layouts.
        scanned: The drawn documents as scans and photographs.

    Raises:
        ExtractError: the layouts, the folder or the service cannot be used.
    """
    console = make_console()
    if out is not None and not out.absolute().parent.is_dir():  # known before a page is paid for
        raise ConfigurationError("the folder of the report is not there", where="--out", hint="Make it first")
    if folder is not None and scanned:
        raise ConfigurationError(
            "drawn documents are scanned, a folder is read", where="--scanned", hint="Leave out one of them"
        )
    if folder is not None and layouts:
        raise ConfigurationError(
            "layouts are drawn, a folder is read", where="--layouts", hint="Give one of --folder, --layouts"
        )
    names = [name for given in layouts for name in given.split(",") if name]
    cases: list[BenchDocument] = (
        list(cases_in(folder)) if folder is not None else _drawn(documents, seed, names, scanned)
    )
    with _client(base_url, key_env) as client, _progress(console) as bar:
        task = bar.add_task("reading", total=len(cases))
        report = run(
            client,
            cases,
            max_concurrency=concurrency,
            progress=lambda _: bar.advance(task),
            precisions=tuple(precision_targets) or PRECISIONS,
        )
    _show(console, report)
    _show_mistakes(console, report, worst)
    if out is not None:
        out.write_text(json.dumps(report.to_dict(), indent=2) + "\n", encoding="utf-8")
        console.print(text(f"report: {show_path(out)}"))
    low = fail_under is not None and (report.total.f1 or 0.0) < fail_under
    if low:
        console.print(text(f"F1 is below {fail_under:g}", style="bold red"))
    return int(low or bool(report.failures))


def _drawn(documents: int, seed: int, names: Sequence[str], scanned: bool) -> list[BenchDocument]:
    drawn = generate(documents, seed, choose_layouts(names))
    return list(all_scanned(drawn, seed) if scanned else drawn)


def _client(base_url: str | None, key_env: str | None) -> ExtractClient:
    if base_url is None:
        if key_env is not None:
            raise ConfigurationError(
                "a key without a base_url", where="--api-key-env", hint="Give --base-url, too"
            )
        return ExtractClient(local=True)
    key = os.environ.get(key_env) if key_env else None
    if key_env and not key:
        raise ConfigurationError(
            f"the environment variable {key_env} holds no key", where="--api-key-env", hint="Set it"
        )
    return ExtractClient(base_url=base_url, api_key=key)


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )


def _show(console: Console, report: Report) -> None:
    table = Table(title=None, box=None, pad_edge=False)
    for column in _COLUMNS:
        table.add_column(column, justify="left" if column == "layout" else "right", no_wrap=True)
    layouts = report.by_layout()
    for layout, found in layouts.items():
        table.add_row(text(layout), *_row(found))
    if len(layouts) > 1:
        table.add_row(text("all", style="bold"), *_row(report.total), style="bold")
    console.print(table)
    console.print(text("page, box: F1 of values whose cited page, whose boxes are right, too", style="dim"))
    _show_trust(console, report.total)
    pages, seconds = report.pages, report.seconds
    speed = f"{len(report.outcomes)} documents, {pages} pages in {seconds:.1f} s ({pages / seconds:.0f} pages/s) by {report.service}"
    console.print(text(speed))
    for outcome in report.failures[:_FAILURES]:
        console.print(text(f"no answer: {outcome.name}: {outcome.error}", style="red"))
    if len(report.failures) > _FAILURES:
        console.print(text(f"no answer: {len(report.failures) - _FAILURES} more", style="red"))


def _show_mistakes(console: Console, report: Report, worst: int) -> None:
    """The fields that go wrong most often, each with an example; on the user's own screen only, not in the report."""
    found = mistakes(report.outcomes) if worst else []
    for item in found[:worst]:
        console.print(text(f"{item.count} {item.kind}: {item.layout} {item.at}", style="bold"))
        truth, answer = (cut(scalar(value), _EXAMPLE) for value in (item.truth, item.answer))
        said = {"wrong": f"{truth}, not {answer}", "missed": truth, "invented": answer}[item.kind]
        console.print(text(f"e.g. {said}  ({item.document})", style="dim"))
    read = {outcome.layout for outcome in report.outcomes}
    for group in HIDDEN:
        if worst and group in read:
            console.print(text(f"mistakes on {group} layouts are not shown"))


def _row(found: Figures) -> list[str]:
    shares = (found.f1, found.precision, found.recall, found.page_f1, found.box_f1, found.false_answers)
    return [str(found.values), *map(_share, (*shares, found.correct_nulls))]


def _show_trust(console: Console, found: Figures) -> None:
    """The reliability table: what a confidence is worth."""
    if not found.bins:
        console.print(text("the answers have no confidence"))
        return
    table = Table(box=None, pad_edge=False)
    for column in ("confidence", "values", "mean", "right"):
        table.add_column(column, justify="right")
    for item in found.bins:
        table.add_row(
            f"{item.low:.1f}-{item.high:.1f}", str(item.count), _share(item.confidence), _share(item.accuracy)
        )
    console.print(table)
    console.print(
        text(
            f"calibration error (ECE) {_share(found.calibration_error)}, ranking (AUROC) {_share(found.ranking)}"
        )
    )
    for precision, (share, threshold) in found.coverage.items():
        sure = "no confidence does" if threshold is None else f"confidence >= {threshold:.2f}"
        console.print(text(f"{precision:.0%} precision: {sure}, which accepts {_share(share)} of the values"))
    for target, kept in found.promises.items():
        taken = (
            f"{_share(kept.share)} of them by the confidence alone; {_share(kept.right)} of those are right"
        )
        console.print(
            text(f"precision_target={target:g} would accept {'none' if kept.right is None else taken}")
        )


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
