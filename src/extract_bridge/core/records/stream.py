"""Records of an answer that is too long for memory, one by one.

The body is read twice: once to find where its long arrays lie, how many items each has, and whether all of it is JSON; then result and
metadata are walked in step, each item decoded, yielded and dropped. Between the two stand the same functions that read a job in memory, so
the records are the same, whatever the order of the keys. Nothing is yielded of a body that is malformed anywhere.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from extract_bridge.core.errors import JobError, ResultError
from extract_bridge.core.records.body import is_answer, opened
from extract_bridge.core.records.clean import escape
from extract_bridge.core.records.read import RESULTS, records_from_job, records_of
from extract_bridge.core.records.rows import Rows
from extract_bridge.core.records.scan import CHUNK, Scanner
from extract_bridge.core.records.write import DETAILS_KEY, METADATA_KEYS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from extract_bridge.core.records.body import Body
    from extract_bridge.core.records.keys import RowKey
    from extract_bridge.core.records.model import ExtractedRecord


@dataclass(frozen=True, slots=True)
class _Shape:
    """Where long arrays may lie: here, or in members of an object here."""

    rows: bool = False
    members: Mapping[str, _Shape] | None = None


_LONG = _Shape(rows=True)
_JOB = _Shape(
    members={
        "extract_result": _Shape(rows=True, members=dict.fromkeys(RESULTS, _LONG)),
        "extract_metadata": _Shape(
            members={
                "field_metadata": _Shape(members=dict.fromkeys((*METADATA_KEYS.values(), DETAILS_KEY), _LONG))
            }
        ),
    }
)


def iter_records(
    answer: Any,
    /,
    data_schema: Any = None,
    *,
    name: str | None = None,
    source: str | None = None,
    source_id: str | None = None,
    service: str | None = None,
    row_key: RowKey | None = None,
    strict_nulls: bool | None = None,
) -> Iterator[ExtractedRecord]:
    """The records of a completed job, read from the service's answer itself and never all in memory.

    They equal those that `records_from_job` makes of the decoded answer. A `per_page` or `per_table_row` answer of any length takes a few
    megabytes; a `per_doc` answer is one record, and that one is in memory. Bytes are read where they are, a path where it lies; a file
    object or response is copied to a temporary file first. The answer must stay as it is until the last record was taken.

    Args:
        answer: Bytes, a path, a binary file, or an open HTTP response such as that of `httpx.stream`; read with
            `expand=extract_metadata` so that it has its evidence.
        data_schema: What was asked with; by default the one in the job's configuration.
        name: The schema's name, part of the records' ids; by default its title.
        source: What the document is called, for people.
        source_id: What makes it the same document next time, part of the ids; by default the path or id in the job.
        service: Which service answered.
        row_key: What makes a row the same row next time, see `records_from_job`.
        strict_nulls: Warn of each required property that is null, see `records_from_job`.

    Raises:
        JobError: the job is not COMPLETED (`JobFailedError`, `JobCancelledError`, `WaitTimeoutError`).
        ResultError: the answer is cut off, malformed, nested too deeply, or no job; raised before the first record.
        FileInputError: there is nothing to read.
        APIStatusError: the response has an error status.
    """
    with opened_job(answer) as view:
        keywords: dict[str, Any] = {
            "name": name,
            "source": source,
            "source_id": source_id,
            "service": service,
            "row_key": row_key,
            "strict_nulls": strict_nulls,
        }
        yield from records_of(view, view, data_schema, **keywords)


@contextmanager
def opened_records(
    job: Any, data_schema: Any = None, **keywords: Any
) -> Iterator[tuple[Iterable[ExtractedRecord], Any]]:
    """The records of a job or of an answer, to be taken while this context is open; and the job's fields, for `passages`.

    Args:
        job: A job as for `records_from_job`, or an answer as for `iter_records`.
        data_schema: What was asked with; by default the one in the job's configuration.
        **keywords: `name, source, source_id, service, row_key, strict_nulls`, as there.
    """
    if not is_answer(job):
        yield records_from_job(job, data_schema, **keywords), job
        return
    with opened_job(job) as view:
        yield records_of(view, view, data_schema, **keywords), view


@contextmanager
def opened_job(answer: Any, *, chunk: int = CHUNK) -> Iterator[dict[str, Any]]:
    """The fields of the job in an answer, its long arrays as `Rows`, which can be read while this context is open.

    Raises:
        ResultError, FileInputError, APIStatusError: see `iter_records`.
    """
    with opened(answer) as body:
        scanner = Scanner(body, chunk=chunk)
        if scanner.peek() not in ("{", ""):
            raise ResultError(
                "the answer is no extract job: it is no JSON object", hint="Pass what get() reads"
            )
        view = _shaped(scanner, _JOB, "", body, chunk)
        scanner.end()
        try:
            yield view
        except JobError as error:
            error.job = _whole(error.job)  # it outlives the body
            raise


class _BodyRows(Rows):
    """An array inside a body."""

    def __init__(self, body: Body, offset: int, count: int, path: str, chunk: int) -> None:
        self._body, self._offset, self._count, self._path = body, offset, count, path
        self._chunk = chunk

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Any]:
        return Scanner(self._body, self._offset, chunk=self._chunk).items(self._path)


def _shaped(scanner: Scanner, shape: _Shape, path: str, body: Body, chunk: int) -> Any:
    begins = scanner.peek()
    if begins == "[" and shape.rows:
        offset = scanner.offset
        count = sum(1 for _ in scanner.items(path))
        return _BodyRows(body, offset, count, path, chunk)
    if begins == "{" and shape.members is not None:
        found: dict[str, Any] = {}
        for name in scanner.members(path):
            inner = shape.members.get(name, _Shape())
            found[name] = _shaped(scanner, inner, f"{path}/{escape(name)}", body, chunk)
        return found
    return scanner.value(path)


def _whole(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _whole(item) for name, item in value.items()}
    return list(value) if isinstance(value, Rows) else value
