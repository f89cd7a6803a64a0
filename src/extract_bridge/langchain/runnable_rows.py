"""Rows of a runnable's stream, each as soon as it is whole, while the rest of the answer is still on its way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from langchain_core.runnables.utils import AddableDict

from extract_bridge.core.errors import ResultError, ResultValidationError
from extract_bridge.core.records.body import Spool
from extract_bridge.core.records.feed import RowFeed
from extract_bridge.core.records.read import records_from_job, records_of
from extract_bridge.core.records.stream import opened_job

if TYPE_CHECKING:
    from collections.abc import Iterator

    from extract_bridge.core.records.model import ExtractedRecord
    from extract_bridge.core.wire.jobs import ExtractV2Job
    from extract_bridge.langchain.runnable_output import Shape


class StreamedRows:
    """What came of one answer.

    A row is parsed by itself: the caller's object needs its data alone, so that evidence, which may stand behind all rows, is not waited
    for. Only where a row does not fit, the end is: then the error tells what the evidence says. When the last byte is there the whole
    answer is read once more, as `iter_records` does: it must be JSON, a completed job, and hold the rows that were given.

    With `include_raw` each row is `{"raw": None, "parsed": [row], "parsing_error": None}`, and the last chunk brings all records: these
    have evidence, which is complete only then. Chunks add up as LangChain's dicts do: what is None gives way.

    Args:
        shape: What comes out; a list.
    """

    def __init__(self, shape: Shape) -> None:
        self._shape = shape
        self._spool = Spool()
        self._feed = RowFeed()
        self._given = 0
        self._waits = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._spool.__exit__(*error)

    def add(self, part: bytes) -> Iterator[Any]:
        """The rows that a further part of the answer completes; take all of them before the next part."""
        self._spool.write(part)
        if self._waits:
            return
        for row in self._feed.add(part):
            try:
                one = self._parsed(row)
            except (ResultError, ResultValidationError):
                self._waits = True
                return
            self._given += 1
            yield self._chunk(one)

    def rest(self, job: ExtractV2Job) -> Iterator[Any]:
        """The rows that did not come before, once all of the answer is there; with `include_raw` the records behind them.

        Args:
            job: As it ended: it knows where the document came from.

        Raises:
            ResultValidationError: a row does not fit; not with `include_raw`.
            ResultError: the answer is malformed or cut off.
            JobError: the job is not COMPLETED after all.
        """
        records: list[ExtractedRecord] = []
        problem: ResultError | None = None
        before, count = self._given, 0
        schema = self._shape.schema
        with opened_job(self._spool) as view:
            found = records_of(
                view, job, schema.json_schema if schema else None, name=schema.name if schema else None
            )
            for count, record in enumerate(found, 1):
                if self._shape.include_raw:
                    records.append(record)
                if count > before and problem is None:
                    try:
                        row = self._shape.one(record)
                    except ResultError as error:
                        if not self._shape.include_raw:
                            raise
                        problem = error
                    else:
                        self._given += 1
                        yield self._chunk(row)
        if count < before:
            raise ResultError(
                f"the answer has {count} rows, and {before} were read on the way",
                code="malformed_answer",
                hint="Read the finished job again: that costs nothing",
            )
        if self._shape.include_raw:
            yield AddableDict(raw=records, parsed=None if count else [], parsing_error=problem)
        elif not count:
            yield []

    def _chunk(self, row: Any) -> Any:
        """A row by itself, such that chunks add up to the whole output."""
        if self._shape.include_raw:
            return AddableDict(raw=None, parsed=[row], parsing_error=None)
        return [row]

    def _parsed(self, row: Any) -> Any:
        schema = self._shape.schema
        alone = {
            "status": "COMPLETED",
            "extract_result": [row],
            "configuration": {"extraction_target": self._shape.target},
        }
        (record,) = records_from_job(alone, schema.json_schema if schema else None)
        return self._shape.one(record)
