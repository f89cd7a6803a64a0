"""`extract-bridge run`: documents in, a file of records out, one JSON object a line."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from rich.text import Text

from extract_bridge.bulk import extract_many
from extract_bridge.cli import terminal
from extract_bridge.client.client import ExtractClient
from extract_bridge.core.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from rich.console import Console

    from extract_bridge.bulk import Extraction
    from extract_bridge.core.records.model import ExtractedRecord


def run_documents(
    paths: Sequence[str],
    *,
    schema: Path,
    out: Path,
    local: bool = False,
    keywords: Mapping[str, Any] | None = None,
) -> int:
    """Extracts every document and writes its records as they come.

    Args:
        paths: Files, folders or globs.
        schema: A file with a JSON Schema.
        out: The file of records; replaced when the schema and the service are known to be usable.
        local: Use this machine, whatever the environment says.
        keywords: Configuration keywords, for example `extraction_target`.

    Returns:
        0 if every document was read, 1 if one failed.

    Raises:
        ConfigurationError: no service chosen and nobody at a terminal, or `out` cannot be written.
    """
    console = terminal.make_console()
    client = _choose_client(console, local=local)
    read = failed = lines = 0
    # A schema that cannot be used is told before the old file of records is opened for writing.
    results = extract_many(list(paths), client=client, data_schema=schema, **(keywords or {}))
    with client, _open(out) as sink:
        for done in results:
            if done.error is not None:
                failed += 1
                terminal.print_error(done.error)
                continue
            read += 1
            for record in done.records:
                sink.write(json.dumps(as_line(record), ensure_ascii=False, allow_nan=False) + "\n")
            sink.flush()
            lines += len(done.records)
            _tell(console, done)
    console.print(
        f"{read} read, {failed} failed, {lines} record{'s' * (lines != 1)} in {terminal.show_path(out)}"
    )
    return 1 if failed else 0


def as_line(record: ExtractedRecord) -> dict[str, Any]:
    """A record for a line of JSON: the data, and for each value where it was read and how sure."""
    evidence = {
        pointer: {
            "page": item.citations[0].page if item.citations else None,
            "quote": item.citations[0].quote if item.citations else None,
            "confidence": item.confidence,
        }
        for pointer, item in record.fields.items()
        if item.value is not None
    }
    return {
        "id": record.id,
        "source": record.source,
        "service": record.service,
        "page": record.page,
        "row": record.row,
        "data": record.data,
        "evidence": evidence,
        "warnings": list(record.warnings),
    }


def _choose_client(console: Console, *, local: bool) -> ExtractClient:
    """The service that the environment names; without one this machine, if somebody is there to read so."""
    if not local:
        try:
            client = ExtractClient()
        except ConfigurationError as problem:
            if problem.code != "no_service" or not sys.stdout.isatty():
                raise _no_service(problem) from None
        else:
            console.print(f"Service: {terminal.plain(client.service)}")
            return client
    console.print("Service: local - rules on this machine, not the cloud's model")
    return ExtractClient(local=True)


def _no_service(problem: ConfigurationError) -> ConfigurationError:
    """The same refusal, in the words of a command line."""
    if problem.code != "no_service":
        return problem
    return ConfigurationError(
        "No Extract service chosen",
        code=problem.code,
        hint="Set LLAMA_CLOUD_API_KEY, or add --local to read the documents on this machine",
    )


def _open(out: Path) -> Any:
    try:
        return out.open("w", encoding="utf-8")
    except OSError as problem:
        raise ConfigurationError(
            f"cannot write there ({problem.strerror})",
            where=f"--out {out.name}",
            hint="Name a file that you may write",
        ) from None


def _tell(console: Console, done: Extraction) -> None:
    name = next((record.file_name for record in done.records if record.file_name), None) or str(done.source)
    count = len(done.records)
    console.print(
        Text.assemble(("done  ", "green"), terminal.cut(name, 50), f"  {count} record{'s' * (count != 1)}")
    )
