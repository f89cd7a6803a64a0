"""Many documents, with the real service on this machine; and with a stand-in client where the order of events is the point."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from contextlib import aclosing
from itertools import count, islice
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract_bridge.bulk import Extraction, Ledger, aextract_many, extract_many
from extract_bridge.bulk.window import Window
from extract_bridge.bulk.work import Work
from extract_bridge.client.client import ExtractClient
from extract_bridge.client.flows.keywords import resolve_configuration
from extract_bridge.client.options import ExtractOptions
from extract_bridge.client.policy import PollPolicy
from extract_bridge.core.errors import ConfigurationError, ExtractError, FileInputError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

SCHEMA = {"title": "Note", "type": "object", "properties": {"number": {"type": ["string", "null"]}}}


def note(number: int) -> tuple[str, bytes]:
    return f"note-{number}.txt", f"Number: A-{number}\n".encode()


def numbers(extractions: Any) -> list[Any]:
    return [item.records[0].data["number"] if item.records else item.error.code for item in extractions]


def collect(files: Any, *, how: str, **keywords: Any) -> list[Extraction]:
    """All extractions, by threads or by tasks."""
    if how == "threads":
        return list(extract_many(files, **keywords))

    async def gather() -> list[Extraction]:
        return [item async for item in aextract_many(files, **keywords)]

    return asyncio.run(gather())


BOTH = pytest.mark.parametrize("how", ["threads", "tasks"])


@BOTH
@pytest.mark.parametrize("ordered", [True, False])
def test_every_document_is_extracted_once(how: str, ordered: bool) -> None:
    found = collect(
        [note(number) for number in range(12)], how=how, data_schema=SCHEMA, local=True, ordered=ordered
    )
    assert sorted(item.index for item in found) == list(range(12))
    if ordered:
        assert numbers(found) == [f"A-{number}" for number in range(12)]
    for item in found:
        assert numbers([item]) == [f"A-{item.index}"]
        assert (item.source, item.error) == (f"note-{item.index}.txt", None)
        assert item.job is not None
        assert item.job.status == "COMPLETED"
        assert item.records[0].service == "local"
        assert item.records[0].source == item.source


@BOTH
def test_a_bad_document_is_one_bad_result(how: str, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    files = [note(0), "nothere.pdf", tmp_path / "empty", ("x.pdf", b"%PDF-1.7 broken"), b"no name", note(5)]
    found = collect(files, how=how, data_schema=SCHEMA, local=True, ordered=True)
    assert numbers(found) == ["A-0", "file_not_found", "no_match", "job_failed", "name_missing", "A-5"]
    assert found[3].job is not None
    assert found[3].job.status == "FAILED"
    assert numbers(
        collect(files, how=how, data_schema=SCHEMA, local=True, ordered=True, on_error="skip")
    ) == ["A-0", "A-5"]


@BOTH
@pytest.mark.parametrize("ordered", [True, False])
def test_the_first_error_carries_what_was_finished(how: str, ordered: bool) -> None:
    files = [note(0), note(1), "nothere.pdf", *(note(number) for number in range(3, 200))]
    with pytest.raises(FileInputError) as caught:
        collect(
            files,
            how=how,
            data_schema=SCHEMA,
            local=True,
            on_error="raise",
            ordered=ordered,
            max_concurrency=2,
        )
    partial, job_ids = caught.value.partial, caught.value.job_ids  # type: ignore[attr-defined]
    assert {item.index for item in partial} >= {0}
    assert all(item.error is None for item in partial)
    assert [item.job.id for item in partial] == job_ids
    assert len(partial) < 10
    with ExtractClient(local=True) as client:
        assert all(client.get(job_id).status == "COMPLETED" for job_id in job_ids)


@BOTH
def test_endless_input_is_read_no_further_than_the_window(how: str) -> None:
    read: list[int] = []

    def endless() -> Iterator[Any]:
        for number in count():
            read.append(number)
            yield note(number)

    async def some() -> list[Extraction]:
        found = []
        async with aclosing(
            aextract_many(endless(), data_schema=SCHEMA, local=True, max_concurrency=3)
        ) as stream:
            async for item in stream:
                found.append(item)
                if len(found) == 5:
                    break
        return found

    if how == "threads":
        stream = extract_many(endless(), data_schema=SCHEMA, local=True, max_concurrency=3)
        found = list(islice(stream, 5))
        stream.close()  # type: ignore[attr-defined]
    else:
        found = asyncio.run(some())
    assert len(found) == 5
    assert len(read) <= 5 + 3


def test_an_asynchronous_input_and_progress() -> None:
    async def notes() -> AsyncIterator[Any]:
        for number in range(3):
            yield note(number)
        yield "nothere/*.pdf"

    seen: list[int] = []

    async def progress(item: Extraction) -> None:
        seen.append(item.index)

    found = collect(notes(), how="tasks", data_schema=SCHEMA, local=True, progress=progress, ordered=True)
    assert numbers(found) == ["A-0", "A-1", "A-2", "no_match"]
    assert seen == [0, 1, 2, 3]


@BOTH
def test_a_source_id_may_be_a_function_of_the_source(how: str) -> None:
    keywords: dict[str, Any] = {"data_schema": SCHEMA, "local": True, "ordered": True}
    found = collect([note(0), note(1)], how=how, source_id=lambda source: f"inbox:{source}", **keywords)
    assert [item.records[0].source_id for item in found] == ["inbox:note-0.txt", "inbox:note-1.txt"]
    assert [item.records[0].source_id for item in collect(note(0), how=how, source_id="one", **keywords)] == [
        "one"
    ]


def test_files_of_a_folder(tmp_path: Path) -> None:
    for number in range(3):
        (tmp_path / note(number)[0]).write_bytes(note(number)[1])
    found = collect(tmp_path, how="threads", data_schema=SCHEMA, local=True, ordered=True)
    assert numbers(found) == ["A-0", "A-1", "A-2"]
    again = collect(f"{tmp_path}/note-[12].txt", how="tasks", data_schema=SCHEMA, local=True, ordered=True)
    assert [item.records[0].id for item in again] == [item.records[0].id for item in found[1:]]


@BOTH
def test_files_that_vanish_on_the_way_are_errors_of_their_own(
    how: str, tmp_path: Path, extract_bridge_service: Any
) -> None:
    """Thousands of paths, of which few are files, and half of those are gone once the first result is there."""
    files = [tmp_path / f"note-{number}.txt" for number in range(2000)]
    there = files[::100]
    for number, file in enumerate(there):
        file.write_bytes(note(number)[1])

    def vanish(item: Extraction) -> None:
        if item.error is None:
            for file in there[10:]:
                file.unlink(missing_ok=True)

    with ExtractClient(local=extract_bridge_service) as client, Ledger(tmp_path / "ledger.db") as ledger:
        keywords: dict[str, Any] = {"data_schema": SCHEMA, "client": client, "ledger": ledger}
        found = collect(files, how=how, progress=vanish, **keywords)
        assert sorted(item.index for item in found) == list(range(2000))
        read = [item for item in found if item.error is None]
        assert 10 <= len(read) < 20, "a document that was on its way had been read"
        assert {item.error.code for item in found if item.error} == {"file_not_found"}
        for number, file in enumerate(there):
            file.write_bytes(note(number)[1])
        again = collect(there, how=how, **keywords)
        assert sorted(numbers(again)) == sorted(f"A-{number}" for number in range(20))
        assert len(list(client.list())) == 20, "none is extracted twice"


@BOTH
@pytest.mark.parametrize(
    ("keywords", "says"),
    [
        ({"data_schema": SCHEMA}, "No Extract service chosen"),
        ({"local": True}, "exactly one of data_schema"),
        ({"data_schema": SCHEMA, "local": True, "on_error": "ignore"}, "on_error"),
        ({"data_schema": SCHEMA, "local": True, "max_concurrency": 0}, "max_concurrency"),
        ({"data_schema": SCHEMA, "local": True, "concurrency": 3}, "concurrency"),
    ],
)
def test_a_mistake_raises_at_once(
    how: str, keywords: dict[str, Any], says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in (
        "LLAMA_CLOUD_API_KEY",
        "LLAMA_PARSE_API_KEY",
        "EXTRACT_BRIDGE_LOCAL",
        "LLAMA_CLOUD_BASE_URL",
    ):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(ConfigurationError, match=says):
        extract_many([], **keywords) if how == "threads" else aextract_many([], **keywords)


@BOTH
def test_a_lone_pattern_without_documents_raises(how: str, tmp_path: Path) -> None:
    with pytest.raises(FileInputError, match="no document is there"):
        collect(f"{tmp_path}/*.pdf", how=how, data_schema=SCHEMA, local=True)


@BOTH
def test_nothing_gives_nothing(how: str) -> None:
    assert collect([], how=how, data_schema=SCHEMA, local=True) == []


@BOTH
def test_a_fault_of_the_input_comes_through(how: str) -> None:
    def faulty() -> Iterator[Any]:
        yield note(0)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        collect(faulty(), how=how, data_schema=SCHEMA, local=True, max_concurrency=3)


def test_threads_work_inside_a_running_loop() -> None:
    async def main() -> list[Extraction]:
        return list(extract_many([note(0)], data_schema=SCHEMA, local=True))

    assert numbers(asyncio.run(main())) == ["A-0"]


# --- leaving early ------------------------------------------------------------------------------------------------------------


class Endless:
    """A service whose jobs never end; it counts what was created and what was cancelled."""

    def __init__(self) -> None:
        self.created: list[str] = []
        self.cancelled: list[str] = []
        self.looked = threading.Event()
        self._lock = threading.Lock()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        with self._lock:
            if path.endswith("/files"):
                return httpx.Response(201, json={"id": "dfl-1"})
            if path.endswith("/cancel"):
                self.cancelled.append(path.split("/")[-2])
                return httpx.Response(200, json={"id": self.cancelled[-1], "status": "CANCELLED"})
            if request.method == "POST":
                job_id = f"ext-{len(self.created)}"
                self.created.append(job_id)
                return httpx.Response(200, json={"id": job_id, "status": "PENDING"})
            if len(self.created) == 3:
                self.looked.set()
            status = "COMPLETED" if path.endswith("/ext-0") else "RUNNING"
            return httpx.Response(
                200, json={"id": path.split("/")[-1], "status": status, "extract_result": {}}
            )


def test_closing_early_cancels_what_runs_and_what_is_queued() -> None:
    service = Endless()
    with httpx.Client(transport=httpx.MockTransport(service)) as http_client:
        client = ExtractClient(
            base_url="http://127.0.0.1:1", http_client=http_client, poll=PollPolicy(0.01, 0.01)
        )
        stream = extract_many(map(note, count()), client=client, data_schema=SCHEMA, max_concurrency=2)
        assert next(stream).job is not None
        stream.close()  # type: ignore[attr-defined]
    assert sorted(service.cancelled) == sorted(service.created[1:])


async def test_a_cancelled_task_cancels_what_runs() -> None:
    service = Endless()
    options: dict[str, Any] = {"base_url": "http://127.0.0.1:1", "poll": PollPolicy(0.01, 0.01)}
    from extract_bridge.client.client import AsyncExtractClient

    async with httpx.AsyncClient(transport=httpx.MockTransport(service)) as http_client:
        client = AsyncExtractClient(http_client=http_client, **options)

        async def consume() -> None:
            async for _ in aextract_many(
                map(note, count()), client=client, data_schema=SCHEMA, max_concurrency=2
            ):
                pass

        running = asyncio.create_task(consume())
        assert await asyncio.to_thread(service.looked.wait, 60)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
    assert sorted(service.cancelled) == sorted(service.created[1:])


ABANDONED = """
from itertools import count
from extract_bridge.bulk import extract_many
schema = {"title": "Note", "type": "object", "properties": {"number": {"type": ["string", "null"]}}}
notes = ((f"{n}.txt", b"Number: A-1") for n in count())
stream = extract_many(notes, data_schema=schema, local=True)
print(next(stream).records[0].data["number"])
"""


def test_a_script_that_leaves_its_iterator_open_ends_quietly(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(ABANDONED)
    command = [sys.executable, "-W", "error", "-X", "dev", str(script)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "A-1\n", "")


# --- the window, alone --------------------------------------------------------------------------------------------------------


@given(st.booleans(), st.integers(1, 4), st.lists(st.integers(0, 20), max_size=40))
def test_the_window_is_never_exceeded_and_loses_nothing(ordered: bool, size: int, choices: list[int]) -> None:
    options = ExtractOptions(data_schema=SCHEMA)
    work = Work(
        options,
        resolve_configuration(**options.configuration_keywords()),
        1.0,
        None,
        size,
        ordered,
        "yield",
    )
    window = Window(work)
    running: list[int] = []
    given_on: list[int] = []
    for choice in choices:
        if window.has_room and choice % 2 == 0:
            running.append(window.take())
        elif running:
            window.give_back(Extraction(running.pop(choice % len(running)), "x", None, []))
        while window.ready and choice % 3 == 0:
            given_on.append(window.next().index)
        assert window.running == len(running) <= work.window
    while running:
        window.give_back(Extraction(running.pop(), "x", None, []))
    given_on += [window.next().index for _ in list(window.ready)]
    assert sorted(given_on) == list(range(len(given_on)))
    assert not ordered or given_on == sorted(given_on)
    assert window.has_room


def test_an_extraction_error_is_in_the_tree() -> None:
    (bad,) = collect(["nothere.pdf"], how="threads", data_schema=SCHEMA, local=True)
    assert isinstance(bad.error, ExtractError)
    assert (bad.records, bad.job, bad.source) == ([], None, "nothere.pdf")
