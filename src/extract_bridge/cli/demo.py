"""`extract-bridge demo`: three documents through every door, on this machine."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

import extract_bridge
from extract_bridge.cli import doors, terminal
from extract_bridge.cli.records import show_record
from extract_bridge.cli.samples.models import Certificate, Invoice, Shipment
from extract_bridge.client.client import ExtractClient
from extract_bridge.core.errors import ConfigurationError
from extract_bridge.core.records.read import records_from_job
from extract_bridge.review.build import review

if TYPE_CHECKING:
    from pathlib import Path

    from pydantic import BaseModel
    from rich.console import Console

    from extract_bridge.core.records.model import ExtractedRecord


@dataclass(frozen=True)
class Reading:
    """One sample and what was read from it."""

    path: Path
    model: type[BaseModel]
    target: str
    records: list[ExtractedRecord]
    json_path: Path


SAMPLES: tuple[tuple[str, type[BaseModel], str, str], ...] = (
    ("invoice", Invoice, "per_doc", "one record for the document"),
    ("shipments", Shipment, "per_table_row", "one record a table row"),
    ("certificates", Certificate, "per_page", "one record a page"),
)


def show_demo(out: Path) -> None:
    """Reads the samples, shows what each door makes of them, and leaves documents, schemas and JSON in a folder.

    Args:
        out: The folder; made if it is missing, files of the same names are replaced.

    Raises:
        ConfigurationError: the folder cannot be written.
    """
    console = terminal.make_console()
    console.print(Text(f"Extract Bridge {extract_bridge.__version__}", style="bold"))
    _lay_out(out)
    with ExtractClient(local=True) as client:
        console.print(
            f"Service: {client.service} - an Extract service and engine on this machine, no key needed\n"
        )
        readings = [_read(console, client, out, *sample[:3]) for sample in SAMPLES]
        for number, (reading, sample) in enumerate(zip(readings, SAMPLES, strict=True), 1):
            _show(console, client, reading, title=f"{number}  {reading.path.name} - {sample[3]}")
    _show_end(console, out, readings, _make_page(out, readings))


def _lay_out(out: Path) -> None:
    """Puts the documents and their schemas into the folder."""
    shipped = files("extract_bridge.cli.samples")
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, model, _, _ in SAMPLES:
            (out / f"{name}.pdf").write_bytes(shipped.joinpath(f"{name}.pdf").read_bytes())
            schema = json.dumps(model.model_json_schema(), indent=2, ensure_ascii=False)
            (out / f"{name}.schema.json").write_text(schema + "\n", encoding="utf-8")
    except OSError as problem:
        raise ConfigurationError(
            f"cannot write there ({problem.strerror})",
            where=f"--out {out.name}",
            hint="Name a folder that you may write to: extract-bridge demo --out FOLDER",
        ) from None


def _read(
    console: Console, client: ExtractClient, out: Path, name: str, model: type[BaseModel], target: str
) -> Reading:
    """Runs one job, with its progress on a terminal, and keeps its JSON."""
    path = out / f"{name}.pdf"
    with Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(30),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    ) as progress:
        task = progress.add_task(f"{path.name}: upload", total=None)

        def follow(event: Any) -> None:
            progress.update(task, description=f"{path.name}: {getattr(event, 'status', None) or 'running'}")

        job = client.run(path, data_schema=model, extraction_target=target, on_progress=follow)
    records = records_from_job(job, model)
    json_path = out / f"{name}.json"
    json_path.write_text(
        json.dumps(job.model_dump(mode="json"), indent=1, ensure_ascii=False) + "\n", "utf-8"
    )
    found = [item for record in records for item in record.fields.values() if item.value is not None]
    cited = sum(bool(item.citations) for item in found)
    things = "1 record" if len(records) == 1 else f"{len(records)} records"
    console.print(
        Text.assemble(
            ("done  ", "green"), f"{path.name:<18}{things:<13}{len(found)} values, {cited} of them cited"
        )
    )
    return Reading(path, model, target, records, json_path)


def _show(console: Console, client: ExtractClient, reading: Reading, *, title: str) -> None:
    """One document: values with their evidence, then each door."""
    console.print()
    console.print(Rule(Text(title, style="bold"), align="left", characters="─"))
    records = reading.records
    shown = records if len(records) < 3 else [records[0], records[-1]]
    for record in shown:
        show_record(console, record, of=len(records))
    if len(records) > len(shown):
        console.print(
            Text(
                f"  … and {len(records) - len(shown)} more records, all in {reading.json_path.name}",
                style="dim",
            )
        )
    console.print()
    for door in doors.DOORS:
        with console.status(Text(f"{door.title} …")):
            lines = door.open(client, reading.path, reading.model, reading.target, records)
        _show_door(console, door.title, lines)


def _show_door(console: Console, title: str, lines: list[tuple[str, str]]) -> None:
    """One door: its name, then label and text in two columns."""
    console.print(Text(f"  {title}", style="bold cyan"))
    table = Table(box=None, show_header=False, padding=(0, 1), pad_edge=True)
    table.add_column(no_wrap=True, style="dim", min_width=10)
    table.add_column(overflow="fold")
    for label, value in lines:
        table.add_row(Text(f"  {label}"), Text(value))
    console.print(table)


def _make_page(out: Path, readings: list[Reading]) -> Path:
    """All three documents on one review page."""
    records = [record for reading in readings for record in reading.records]
    documents = {str(reading.path): reading.path for reading in readings}
    made = review(records, out / "review.html", documents=documents, title="Three sample documents")
    return made.path or out


def _show_end(console: Console, out: Path, readings: list[Reading], page: Path) -> None:
    """Where everything lies, and what to type next."""
    folder = terminal.show_path(out)
    console.print()
    console.print(Rule(Text("Kept for you", style="bold"), align="left", characters="─"))
    console.print(f"  {folder}/")
    for reading in readings:
        stem = reading.path.stem
        console.print(f"    {stem}.pdf   {stem}.schema.json   {stem}.json")
    console.print(f"    {page.name}")
    console.print("  Each .json is the finished job with all evidence, as the API gives it.")
    console.print(f"  {page.name} shows every value on its page; open it in a browser.")
    console.print()
    console.print(Rule(Text("Next steps", style="bold"), align="left", characters="─"))
    for what, command in (
        ("Read a document of your own, with a schema of your own:", "extract-bridge run FILE.pdf --schema SCHEMA.json --out records.jsonl"),
        ("See which fields a schema asks for:", f"extract-bridge schema check {folder}/invoice.schema.json"),
        ("Use LlamaCloud instead of this machine: set LLAMA_CLOUD_API_KEY, and in Python", 'write tier="agentic" where local=True stands. Nothing else changes.'),
    ):  # fmt: skip
        console.print(f"  {what}")
        console.print(Text(f"    {command}", style="cyan"))
