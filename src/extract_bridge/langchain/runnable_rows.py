"""Rows of a runnable's stream, each as soon as it is whole, while the rest of the answer is still on its way."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, Self

from extract_bridge.core.errors import ResultError, ResultValidationError
from extract_bridge.core.records.body import Spool
from extract_bridge.core.records.feed import RowFeed
from extract_bridge.core.records.read import records_from_job
from extract_bridge.core.records.stream import opened_records

if TYPE_CHECKING:
    from collections.abc import Iterator

    from extract_bridge.langchain.runnable_output import Shape


class StreamedRows:
    """What came of one answer.

    A row is parsed by itself: the caller's object needs its data alone, so that evidence, which may stand behind all rows, is not waited
    for. Only where a row does not fit, the end is: then the error tells what the evidence says. When the last byte is there the whole
    answer is read once more, as `iter_records` does: it must be JSON, a completed job, and hold the rows that were given.

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

    def add(self, part: bytes) -> Iterator[list[Any]]:
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
            yield [one]

    def rest(self) -> Iterator[list[Any]]:
        """The rows that did not come before, once all of the answer is there.

        Raises:
            ResultValidationError: a row does not fit.
            ResultError: the answer is malformed or cut off.
            JobError: the job is not COMPLETED after all.
        """
        schema = self._shape.schema
        with opened_records(
            self._spool, schema.json_schema if schema else None, name=schema.name if schema else None
        ) as (records, _):
            found = iter(records)
            again = sum(1 for _ in islice(found, self._given))
            if again < self._given:
                raise ResultError(
                    f"the answer has {again} rows, and {self._given} were read on the way",
                    code="malformed_answer",
                    hint="Read the finished job again: that costs nothing",
                )
            for record in found:
                self._given += 1
                yield [self._shape.one(record)]
        if not self._given:
            yield []

    def _parsed(self, row: Any) -> Any:
        schema = self._shape.schema
        alone = {
            "status": "COMPLETED",
            "extract_result": [row],
            "configuration": {"extraction_target": self._shape.target},
        }
        (record,) = records_from_job(alone, schema.json_schema if schema else None)
        return self._shape.one(record)
