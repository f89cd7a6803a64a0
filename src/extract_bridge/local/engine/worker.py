"""The engine's process: `python -m extract_bridge.local.engine.worker`.

It reads `Job` and `Parse` frames from standard input and answers each with `Result`, `Parsed` or `Failure` on standard output. A closed pipe ends it. It is
a process of its own because a document may make PDFium abort, take all memory or never end.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from extract_bridge.core.errors import DocumentError, ExtractError, PageRangeError, SchemaError
from extract_bridge.core.limits import limit
from extract_bridge.core.page_ranges import parse_pages
from extract_bridge.core.records.write import dump_records
from extract_bridge.core.schema.normalize import normalize_schema
from extract_bridge.local.engine.engine import ExtractRequest, RulesEngine, StreamingEngine
from extract_bridge.local.engine.frames import (
    Answer,
    Ask,
    Failure,
    Job,
    Parse,
    Parsed,
    Ready,
    Result,
    read_frame,
    write_frame,
)
from extract_bridge.local.engine.language.asking import NoReply
from extract_bridge.local.engine.reading import read_reading, select_pages, write_reading
from extract_bridge.local.engine.version import ENGINE_VERSION
from extract_bridge.parse.open import parse_document

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import IO

    from extract_bridge.core.records.model import ExtractedRecord
    from extract_bridge.local.engine.engine import Engine
    from extract_bridge.local.engine.language.asking import AskModel
    from extract_bridge.parse.model import ParsedDocument

if sys.platform != "win32":  # no such limits there
    import resource

# The wire's codes for documents that cannot be read; what is not here is said in plain words.
_PARSE_CODES = {
    "encrypted": "PDF_IS_PROTECTED",
    "broken": "PDF_IS_BROKEN",
    "unsupported_type": "UNSUPPORTED_FILE_TYPE",
    "empty_file": "NO_DATA_FOUND_IN_FILE",
    "no_pages": "NO_DATA_FOUND_IN_FILE",
    "needs_ocr": "NO_DATA_FOUND_IN_FILE",
    "no_text": "NO_DATA_FOUND_IN_FILE",
    "image_too_large": "DOCUMENT_TOO_LARGE",
    "too_many_pages": "TOO_MANY_PAGES",
    "too_large": "DOCUMENT_TOO_LARGE",
}
_GRACE_SECONDS = 5  # the service's own limit comes first


def run_job(job: Job | Parse, engine: Engine, ask: AskModel | None = None) -> Result | Parsed | Failure:
    """Extract from one document, or read it; every way it can end is an answer.

    Args:
        job: What to do.
        engine: What fills the schema.
        ask: The way to the user's language model, for jobs that may use one.
    """
    try:
        if isinstance(job, Parse):
            return _parse(job)
        if job.llm_mode != "rules" and ask is not None:
            return _extract(job, _with_model(engine, ask, job.llm_mode))
        return _extract(job, engine)
    except MemoryError:
        return Failure(
            job_id=job.job_id,
            code="DOCUMENT_TOO_LARGE",
            message="the document needs more memory than the local engine may use. Split it, or name fewer pages with target_pages",
        )
    except ExtractError as error:
        return Failure(job_id=job.job_id, code=_code_of(error), message=str(error))
    except Exception as error:  # noqa: BLE001 -- a fault of ours must end the job, not the process
        # Only the kind of fault: its text could hold the document's.
        return Failure(
            job_id=job.job_id,
            code="ENGINE_ERROR",
            message=f"the local engine failed on this document ({type(error).__name__})",
        )


def _with_model(engine: Engine, ask: AskModel, mode: str) -> Engine:
    from extract_bridge.local.engine.language.model_engine import ModelEngine  # noqa: PLC0415 - few use it

    return ModelEngine(engine, ask, "llm" if mode == "llm" else "hybrid")


def _extract(job: Job, engine: Engine) -> Result:
    configuration = job.configuration
    target = configuration.get("extraction_target") or "per_doc"
    document = _document(job)
    schema = normalize_schema(configuration["data_schema"])
    request = ExtractRequest(
        data_schema=schema.json_schema,
        extraction_target=target,
        lang=configuration.get("lang"),
        strict_nulls=configuration.get("strict_nulls") is True,
        system_prompt=configuration.get("system_prompt"),
    )
    pages, words, warnings = len(document.pages), _words_of(document), dict.fromkeys(document.warnings)
    reading = write_reading(document) if job.keep_reading else None
    records = (
        engine.each(document, request)
        if isinstance(engine, StreamingEngine)
        else iter(engine.extract(document, request))
    )
    del document  # a stream of records lets go of pages as it is read
    output_words = 0

    def counted() -> Iterator[ExtractedRecord]:
        nonlocal output_words
        for record in records:
            output_words += _words_in(record.data)
            warnings.update(dict.fromkeys(record.warnings))
            yield record

    result, field_metadata = dump_records(
        counted(),
        extraction_target=target,
        cite_sources=bool(configuration.get("cite_sources")),
        confidence_scores=bool(configuration.get("confidence_scores")),
    )
    return Result(
        job_id=job.job_id,
        extract_result=result,
        field_metadata=field_metadata,
        pages=pages,
        warnings=tuple(warnings),
        words=words,
        output_words=output_words,
        reading=reading,
    )


def _parse(job: Parse) -> Parsed:
    document = parse_document(
        Path(job.path),
        name=job.name,
        target_pages=parse_pages(job.target_pages) if job.target_pages else None,
        max_pages=job.max_pages,
    )
    return Parsed(
        job_id=job.job_id,
        reading=write_reading(document),
        pages=len(document.pages),
        words=_words_of(document),
        warnings=document.warnings,
    )


def _document(job: Job) -> ParsedDocument:
    """What is extracted from: the file, or what a parse job has read of it."""
    pages, most = job.configuration.get("target_pages"), job.configuration.get("max_pages")
    numbers = parse_pages(pages) if pages else None
    if job.reading is not None:
        return select_pages(read_reading(job.reading), target_pages=numbers, max_pages=most)
    lang = job.configuration.get("lang")
    return parse_document(Path(job.path), name=job.name, target_pages=numbers, max_pages=most, lang=lang)


def _words_of(document: ParsedDocument) -> int:
    return sum(len(page.words) for page in document.pages)


def _words_in(value: Any) -> int:
    """How many words the leaves of a JSON value have."""
    if isinstance(value, dict):
        return sum(map(_words_in, value.values()))
    if isinstance(value, list):
        return sum(map(_words_in, value))
    return 0 if value is None else len(str(value).split())


def _code_of(error: ExtractError) -> str:
    if isinstance(error, PageRangeError):
        return "PAGE_OUT_OF_RANGE"
    if isinstance(error, SchemaError):
        return "SCHEMA_VALIDATION"
    if isinstance(error, DocumentError):
        return _PARSE_CODES.get(error.code, "DOCUMENT_ERROR")
    return "ENGINE_ERROR"


def limit_resources() -> None:
    """Give this process a ceiling for memory, where the system can."""
    if sys.platform == "win32":
        return
    most = limit("max_worker_bytes")
    with suppress(ValueError, OSError):  # a lower ceiling stands already, or the system knows none
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
    with suppress(ValueError, OSError):  # a crash must not leave the document in a core file
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _renew_time() -> None:
    """A worker whose service was killed in the middle of a job must end, too: the kernel sees to it."""
    if sys.platform != "win32":
        used = resource.getrusage(resource.RUSAGE_SELF)
        most = int(used.ru_utime + used.ru_stime) + limit("max_worker_seconds") + _GRACE_SECONDS
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_CPU, (most, resource.getrlimit(resource.RLIMIT_CPU)[1]))


class _Asking:
    """Sends questions up the pipe and waits for their answers."""

    def __init__(self, source: IO[bytes], sink: IO[bytes]) -> None:
        self._source, self._sink, self._number = source, sink, 0

    def __call__(self, messages: list[dict[str, str]], json_schema: dict[str, Any]) -> str:
        self._number += 1
        write_frame(self._sink, Ask(number=self._number, messages=messages, json_schema=json_schema))
        answer = read_frame(self._source)
        if not isinstance(answer, Answer):  # the service has gone
            os._exit(0)
        if answer.text is None:
            raise NoReply(answer.error or "no reply")
        return answer.text


def serve(source: IO[bytes], sink: IO[bytes], engine: Engine) -> None:
    """Answer jobs until the pipe closes."""
    write_frame(sink, Ready(version=ENGINE_VERSION))
    asking = _Asking(source, sink)
    while (frame := read_frame(source)) is not None:
        if isinstance(frame, Job | Parse):
            _renew_time()
            write_frame(sink, run_job(frame, engine, asking))


def main() -> None:
    """Run as a process."""
    # Frames go out by a descriptor of their own, so that nothing that prints can get between them.
    sink: Any = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    with Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), sys.stdout.fileno())
    limit_resources()
    with suppress(BrokenPipeError, KeyboardInterrupt):
        serve(sys.stdin.buffer, sink, RulesEngine())
    os._exit(0)  # nothing to save; a closing pipe must not raise on the way out


if __name__ == "__main__":
    main()
