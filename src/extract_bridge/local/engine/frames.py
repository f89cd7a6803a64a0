"""What the service and an engine process say to each other over a pipe: length-prefixed JSON frames.

    service -> worker   Job, Parse, Answer
    worker -> service   Ready, Progress, Ask, Result, Parsed, Failure

What is bytes in a frame follows its JSON as it is: the text of a long answer is neither quoted nor parsed on its way into the store.
`Ask` exists because a worker has no network: a question to a language model goes up the pipe, and the service asks it.
A closed pipe ends the worker.
"""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass, field, fields
from typing import IO, Any

_LENGTH = struct.Struct(">I")
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Extract from the file at `path`.

    Attributes:
        job_id: The service's id of the job.
        path: Where the service stores the bytes.
        name: The name the user gave the file; decides its type together with the bytes.
        configuration: The effective wire configuration (data_schema, extraction_target, target_pages, max_pages, lang,
            cite_sources, confidence_scores, system_prompt).
        reading: What a parse job has read, as `write_reading` gives it; then the file is not opened.
        keep_reading: The result shall bring what was read.
        llm_mode: Who fills the schema: `rules`, `hybrid` or `llm`; the worker asks for a reply by `Ask`.
    """

    job_id: str
    path: str
    name: str
    configuration: dict[str, Any] = field(default_factory=dict)
    reading: str | None = None
    keep_reading: bool = False
    llm_mode: str = "rules"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parse:
    """Read the file at `path`, and do no more.

    Attributes:
        job_id: The service's id of the parse job.
        path: Where the service stores the bytes.
        name: The name the user gave the file.
        target_pages: Pages to read, 1-based, such as `1,3,5-7`; all where None.
        max_pages: Read at most so many of them.
    """

    job_id: str
    path: str
    name: str
    target_pages: str | None = None
    max_pages: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A language model's reply to the `Ask` of the same number, or the reason why there is none."""

    number: int
    text: str | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """The worker has started and waits for a job."""

    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """So many pages of so many are done."""

    job_id: str
    pages_done: int
    pages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A question to the user's language model: the conversation so far. The reply must fit `json_schema`."""

    number: int
    messages: list[dict[str, str]]
    json_schema: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The job is done.

    Attributes:
        job_id: Which job.
        extract_result: As the wire has it, JSON text.
        field_metadata: As the wire has it, JSON text: `document_metadata`, `page_metadata` or `row_metadata`.
        pages: How many pages were read.
        warnings: What is odd, one sentence each.
        words: How many words were read.
        output_words: How many words the values of the result have.
        reading: What was read, where `Job.keep_reading` asked for it.
    """

    job_id: str
    extract_result: bytes | bytearray = b"null"
    field_metadata: bytes | bytearray = b"null"
    pages: int = 0
    warnings: tuple[str, ...] = ()
    words: int = 0
    output_words: int = 0
    reading: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """The parse job is done.

    Attributes:
        job_id: Which job.
        reading: What was read, as `write_reading` gives it.
        pages: How many pages were read.
        words: How many words were read.
        warnings: What is odd, one sentence each.
    """

    job_id: str
    reading: str
    pages: int = 0
    words: int = 0
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """The job ends FAILED. `code` is a Parse or Extract failure code of the wire, such as `PDF_IS_PROTECTED`."""

    job_id: str
    code: str
    message: str


Frame = Job | Parse | Answer | Ready | Progress | Ask | Result | Parsed | Failure
_KINDS: dict[str, type[Any]] = {
    kind.__name__: kind for kind in (Job, Parse, Answer, Ready, Progress, Ask, Result, Parsed, Failure)
}


def write_frame(stream: IO[bytes], frame: Frame) -> None:
    """Send one frame, whole."""
    values = {item.name: getattr(frame, item.name) for item in fields(frame)}
    parts = {name: value for name, value in values.items() if isinstance(value, bytes | bytearray)}
    sizes = {name: len(value) for name, value in parts.items()}
    told = {name: value for name, value in values.items() if name not in parts}
    head = json.dumps([type(frame).__name__, told, sizes], allow_nan=False).encode("utf-8")
    stream.write(_LENGTH.pack(len(head)) + head)
    for part in parts.values():
        stream.write(part)
    stream.flush()


def read_frame(stream: IO[bytes]) -> Frame | None:
    """The next frame, or None when the other side has closed the pipe, also in mid-frame."""
    length = _read_exactly(stream, _LENGTH.size)
    head = _read_exactly(stream, *_LENGTH.unpack(length)) if length is not None else None
    if head is None:
        return None
    kind, values, sizes = json.loads(head)
    for name, size in sizes.items():
        values[name] = _read_exactly(stream, size)
        if values[name] is None:
            return None
    if kind in {"Result", "Parsed"}:
        values["warnings"] = tuple(values["warnings"])
    frame: Frame = _KINDS[kind](**values)
    return frame


def _read_exactly(stream: IO[bytes], size: int) -> bytearray | None:
    parts = bytearray()
    while len(parts) < size:
        part = stream.read(min(_CHUNK, size - len(parts)))
        if not part:
            return None
        parts += part
    return parts
