"""What threads and tasks have in common: reading the input, one document's work, and what an error leaves behind."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from extract_bridge.bulk.extraction import Extraction
from extract_bridge.client.inputs import (
    DocumentInput,
    expand_inputs,
    is_at_hand,
    is_named_bytes,
    is_one_input,
    resolve_input,
)
from extract_bridge.client.keeping import Detach
from extract_bridge.core.errors import ConfigurationError, ExtractError, FileInputError
from extract_bridge.core.records.read import records_from_job

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from extract_bridge.client.flows.keywords import ResolvedConfiguration
    from extract_bridge.client.keeping import Keeping, Purse
    from extract_bridge.client.options import ExtractOptions
    from extract_bridge.core.wire.jobs import ExtractV2Job

ERROR_POLICIES = ("raise", "skip", "yield")


@dataclass(frozen=True, slots=True)
class Work:
    """One call's keywords.

    Attributes:
        options: What to extract, how, and by which service.
        resolved: What the options mean.
        timeout: Seconds for one document.
        source_id: Of a single document, or a function from source to source id.
        max_concurrency: Documents at work at one time.
        ordered: Results come in input order.
        on_error: `raise`, `skip` or `yield`.
        watch: Called with a document's job at each look.
        ledger: Knows what was extracted, and what is on its way.
        budget: Pays for new jobs.
    """

    options: ExtractOptions
    resolved: ResolvedConfiguration
    timeout: float
    source_id: str | Callable[[str], str] | None
    max_concurrency: int
    ordered: bool
    on_error: str
    watch: Callable[[ExtractV2Job], Any] | None = None
    ledger: Keeping | None = None
    budget: Purse | None = None

    def __post_init__(self) -> None:
        if self.on_error not in ERROR_POLICIES:
            raise ConfigurationError(
                "on_error is none of " + ", ".join(ERROR_POLICIES),
                where="on_error",
                hint='"yield" is the default',
            )
        if self.max_concurrency < 1:
            raise ConfigurationError(
                "max_concurrency must be at least 1", where="max_concurrency", hint="4 is the default"
            )

    @property
    def farewell(self) -> BaseException | None:
        """What flows are ended with that nobody waits for any more; None cancels their jobs."""
        return None if self.ledger is None else Detach()

    @property
    def window(self) -> int:
        """Documents that are handed out and not given back yet; in order, a slow one may not idle the others."""
        return self.max_concurrency * (2 if self.ordered else 1)

    def begins_at_once(self, document: Any) -> bool:
        """Whether `begin` looks at nothing, and calls nothing of the caller's: it does not block."""
        return not callable(self.source_id) and is_at_hand(document)

    def begin(self, document: Any) -> tuple[DocumentInput, str | None]:
        """The document, which is there, and its source id where the caller says one. Looks at the file: it may block.

        Raises:
            ExtractError: it cannot be read.
        """
        if isinstance(document, ExtractError):
            raise document
        source_id = self.source_id(source_of(document)) if callable(self.source_id) else self.source_id
        given = resolve_input(document)
        return given if given.kind in ("id", "path") else _read_once(given), source_id

    def done(self, index: int, source: str, job: ExtractV2Job) -> Extraction:
        """A finished job with its records; a result that cannot be read is that document's error."""
        schema = self.options.normalized_schema()
        try:
            records = records_from_job(
                job, schema and schema.json_schema, name=schema.name if schema else None
            )
        except ExtractError as error:
            return Extraction(index, source, job, [], error)
        return Extraction(index, source, job, records)


def _read_once(given: DocumentInput) -> DocumentInput:
    """The document, whose bytes are let go of as they are read: in flight, thousands of them would fill the memory."""
    kept = [given.read()]

    def read() -> bytes:
        if not kept:
            raise AssertionError("a document that is no file is read once")
        return kept.pop()

    return replace(given, _read=read)


def documents_of(files: Any) -> Iterator[Any]:
    """One document after another. A bad entry among many comes as its `FileInputError`; a bad lone one raises."""
    if is_one_input(files):
        yield from expand_inputs(files)
        return
    for item in files:
        yield from documents_in(item)


def documents_in(item: Any) -> Iterator[Any]:
    """The documents of one entry among many, or its error."""
    try:
        yield from expand_inputs(item)
    except FileInputError as error:
        yield error


def source_of(document: Any) -> str:
    """What a document is called for people."""
    if isinstance(document, DocumentInput):
        return document.source
    if isinstance(document, FileInputError):
        return document.where or "input"
    if is_named_bytes(document):
        return str(document[0])
    if isinstance(document, (str, os.PathLike)):
        return os.fspath(document) if not isinstance(document, str) else document
    name = getattr(document, "name", None)
    return name if isinstance(name, str) else type(document).__name__


def with_rest(error: ExtractError, finished: Iterable[Extraction]) -> ExtractError:
    """The error with what was finished: `partial`, and `job_ids` of all jobs that are known, to be read at no cost."""
    partial = sorted(finished, key=lambda extraction: extraction.index)
    error.__dict__["partial"] = [extraction for extraction in partial if extraction.error is None]
    error.__dict__["job_ids"] = [extraction.job.id for extraction in partial if extraction.job is not None]
    return error
