"""A worker that speaks the real frames and does what a file's name says: the faults that a good engine does not have."""

from __future__ import annotations

import json
import os
import select
import signal
import sys
from pathlib import Path

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
from extract_bridge.local.engine.reading import read_reading, write_reading
from extract_bridge.parse.open import parse_document


def read(path: str) -> str:
    return write_reading(parse_document(Path(path), name="note.txt"))


def words(reading: str) -> list[str]:
    return [word.text for page in read_reading(reading).pages for word in page.words]


def main() -> None:
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    write_frame(sink, Ready(version="stand-in"))
    while isinstance(job := read_frame(source), Job | Parse):
        marker = Path(job.path + ".seen")
        match job.name:
            case "slow.txt":
                if select.select([source], [], [], 60)[0]:
                    return  # nothing but the end comes while it works: a worker does not outlive its service
            case "die.txt":
                os.kill(os.getpid(), signal.SIGKILL)
            case "die-once.txt" if not marker.exists():
                marker.touch()
                os.kill(os.getpid(), signal.SIGKILL)
            case "locked.pdf":
                write_frame(
                    sink,
                    Failure(
                        job_id=job.job_id,
                        code="PDF_IS_PROTECTED",
                        message="locked.pdf: needs a password. Unlock it",
                    ),
                )
                continue
            case "ask.txt":
                write_frame(
                    sink, Ask(number=1, messages=[{"role": "user", "content": "who?"}], json_schema={})
                )
                reply = read_frame(source)
                assert isinstance(reply, Answer)
                write_frame(
                    sink,
                    Result(
                        job_id=job.job_id,
                        extract_result=json.dumps({"text": reply.text or reply.error}).encode(),
                        pages=1,
                    ),
                )
                continue
        if isinstance(job, Parse):
            reading = read(job.path)
            write_frame(sink, Parsed(job_id=job.job_id, reading=reading, pages=1, words=len(words(reading))))
            continue
        text = Path(job.path).read_text() if job.reading is None else " ".join(words(job.reading))
        write_frame(
            sink,
            Result(
                job_id=job.job_id,
                extract_result=json.dumps(
                    {"text": text, "pid": os.getpid(), "key": os.environ.get("LLAMA_CLOUD_API_KEY")}
                ).encode(),
                field_metadata=b'{"document_metadata":{"text":{"confidence":1}}}',
                pages=2,
                warnings=("stand-in",),
                words=7,
                output_words=3,
                reading=read(job.path) if job.keep_reading else None,
            ),
        )


main()
