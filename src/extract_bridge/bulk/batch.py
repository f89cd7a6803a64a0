"""`BatchExtractor`: one batch of documents in, one batch of records out; what an engine for many machines maps over its data."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from extract_bridge.bulk.many import extract_many
from extract_bridge.bulk.tables import Columns, Kind, batch_like, columns_of
from extract_bridge.client.inputs import DocumentInput, resolve_input
from extract_bridge.client.options import ExtractOptions
from extract_bridge.core.errors import ConfigurationError, ExtractError, FileInputError
from extract_bridge.core.identity import source_id_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from extract_bridge.bulk.extraction import Extraction
    from extract_bridge.core.records.model import ExtractedRecord

COLUMNS: Mapping[str, Kind] = {
    "record_id": "string",
    "page": "integer",
    "row": "integer",
    "data": "string",
    "record": "string",
    "confidence_min": "number",
    "job_id": "string",
    "error": "string",
    "error_code": "string",
}
"""What a row of the answer holds besides the columns that came, and of which type it is."""

SourceId = str | Callable[[str], str] | None


class BatchExtractor:
    """A callable from batch to batch. It holds keywords alone, so it pickles; a client is made where it is called first.

    A batch is a dict of columns (lists or arrays), a pandas DataFrame, or an Arrow Table or RecordBatch, with a document a row; the answer is of the
    same kind, with a record a row: the row's own columns, `content` excepted, and those of `COLUMNS`. `data` is the record's data as JSON,
    `record` all of it with its evidence (`ExtractedRecord.from_dict(json.loads(…))`), both the same as from one machine, ids and all.
    A document without records gives no row, a failed one a row with `error` and `error_code`.

    With Ray Data: `dataset.map_batches(BatchExtractor, fn_constructor_kwargs={"data_schema": Invoice, …}, concurrency=2, batch_size=16)`.

    Args:
        path: The column with paths, URIs or ids; what is there names the document, and is opened where `content` is None.
        content: The column with the documents' bytes.
        columns: Other names for the columns of `COLUMNS`; None leaves one out.
        on_error: `yield`, `skip` (no row), or `raise` (the whole batch fails with its first error).
        max_concurrency: Documents at work at one time, in each process that calls.
        timeout: Seconds for one document, upload to result.
        source_id: A function from what `path` holds to the source id; by default that path itself, normalised.
        ledger: The path of a `Ledger` on the machine that calls, not a network folder. With it a batch that is tried again after its process
            was killed pays for no document twice.
        **keywords: The common ones; see `ExtractOptions`.

    Raises:
        ConfigurationError: keywords that contradict each other, or an unknown column.
    """

    def __init__(
        self,
        *,
        path: str = "path",
        content: str | None = None,
        columns: Mapping[str, str | None] | None = None,
        on_error: str = "yield",
        max_concurrency: int = 4,
        timeout: float = 1800.0,
        source_id: SourceId = None,
        ledger: str | None = None,
        **keywords: Any,
    ) -> None:
        self._path = path
        self._content = content
        self._names = _names(columns or {})
        self._on_error = on_error
        self._settings = {"max_concurrency": max_concurrency, "timeout": timeout, "source_id": source_id}
        self._ledger = ledger
        self._options = ExtractOptions(**keywords)
        if on_error not in ("raise", "skip", "yield"):
            raise ConfigurationError(
                "on_error is none of raise, skip, yield", where="on_error", hint='"yield" is the default'
            )

    def __call__(self, batch: Any) -> Any:
        """The records of a batch's documents, in its order.

        Raises:
            ConfigurationError: the batch is none, or has not the columns that were named.
            ExtractError: with `on_error="raise"`, that of the first document that failed.
        """
        given = columns_of(batch)
        documents = list(self._documents(given))
        carried = [name for name in given if name != self._content]
        taken = [name for name in self._names.values() if name in carried]
        if taken:
            raise ConfigurationError(
                f"the batch has a column {taken[0]!r} already",
                where="columns",
                hint=f'Give ours another name: columns={{"{self._ours(taken[0])}": "…"}}',
            )
        out: Columns = {name: [] for name in (*carried, *self._names.values())}
        for done in self._extracted(documents):
            for cells in self._rows(done):
                for name in carried:
                    out[name].append(given[name][done.index])
                for ours, name in self._names.items():
                    out[name].append(cells[ours])
        return batch_like(batch, out, {name: COLUMNS[ours] for ours, name in self._names.items()})

    def __repr__(self) -> str:
        return f"BatchExtractor(path={self._path!r}, content={self._content!r}, on_error={self._on_error!r})"

    def _documents(self, given: Columns) -> Iterator[Any]:
        for name in (self._path, self._content):
            if name is not None and name not in given:
                raise ConfigurationError(
                    f"the batch has no column {name!r}",
                    where="path" if name == self._path else "content",
                    hint=f"It has {', '.join(map(repr, given)) or 'none'}",
                )
        if self._content is None:
            yield from map(_by_name, given[self._path])
        else:
            yield from map(_with_bytes, given[self._path], given[self._content])

    def _extracted(self, documents: list[Any]) -> Iterator[Extraction]:
        if not documents:
            return iter(())
        keywords: dict[str, Any] = {**self._settings, **self._options.configuration_keywords()}
        if self._ledger is not None:
            from extract_bridge.bulk.ledger import Ledger  # noqa: PLC0415 - opened where it is called

            keywords["ledger"] = Ledger(self._ledger)
        return extract_many(
            documents,
            client=self._options.sync_client(),
            ordered=True,
            on_error=self._on_error,
            **keywords,
        )

    def _rows(self, done: Extraction) -> Iterator[dict[str, Any]]:
        nothing = dict.fromkeys(COLUMNS)
        job_id = done.job.id if done.job is not None else None
        if done.error is not None:
            yield {**nothing, "job_id": job_id, "error": str(done.error), "error_code": done.error.code}
        for record in done.records:
            yield {**nothing, **_cells(record), "job_id": job_id}

    def _ours(self, name: str) -> str:
        return next(ours for ours, theirs in self._names.items() if theirs == name)


def _names(wanted: Mapping[str, str | None]) -> dict[str, str]:
    for name in wanted:
        if name not in COLUMNS:
            raise ConfigurationError(
                f"there is no column {name!r}", where="columns", hint="There are " + ", ".join(COLUMNS)
            )
    named = {name: wanted.get(name, name) for name in COLUMNS}
    names = {ours: theirs for ours, theirs in named.items() if theirs is not None}
    if len(set(names.values())) < len(names):
        raise ConfigurationError(
            "two columns have one name", where="columns", hint="Name each differently, or None"
        )
    return names


def _cells(record: ExtractedRecord) -> dict[str, Any]:
    return {
        "record_id": record.id,
        "page": record.page,
        "row": record.row,
        "data": json.dumps(record.data, ensure_ascii=False, allow_nan=False),
        "record": json.dumps(record.to_dict(), ensure_ascii=False, allow_nan=False),
        "confidence_min": record.confidence_min,
    }


def _by_name(name: Any) -> Any:
    """A document that is opened where this runs; an entry that is no name becomes its error, not the batch's."""
    try:
        if not isinstance(name, str):
            raise _no_name(name)
        return resolve_input(name)
    except ExtractError as error:
        return error


def _with_bytes(name: Any, content: Any) -> Any:
    if not isinstance(name, str) or not PurePath(name).name:
        return _no_name(name)
    if not isinstance(content, bytes | bytearray | memoryview):
        return FileInputError(
            "there are no bytes",
            code="not_a_document",
            where=PurePath(name).name,
            hint="Fill the column with bytes",
        )
    whole = bytes(content)
    return DocumentInput("bytes", PurePath(name).name, name, source_id_of(name), lambda: whole)


def _no_name(name: Any) -> FileInputError:
    said = "an empty text" if isinstance(name, str) else f"a {type(name).__name__}"
    return FileInputError(
        f"{said} names no document",
        code="not_a_document",
        where="path",
        hint="Fill the column with paths or ids",
    )
