"""A budget is reserved before a job is made, and settled to what the service really billed; measured at the service."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from docx import Document as WordDocument
from PIL import Image
from pydantic import BaseModel
from reportlab.pdfgen.canvas import Canvas

from extract_bridge import AsyncExtractClient, ExtractClient, LocalService, RetryPolicy
from extract_bridge.bulk import Budget
from extract_bridge.client.client import async_client
from extract_bridge.client.connect import close_local
from extract_bridge.langchain import ExtractTool, ExtractToolkit
from extract_bridge.local.service.faults import FaultPlan

A_PAGE = 8.0  # credits of one page at the default tier, the reading included
BOTH = pytest.mark.parametrize("is_async", [False, True], ids=["sync", "async"])


class Invoice(BaseModel):
    number: str | None = None


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    for number in range(1, 6):
        (folder / f"{number}.txt").write_text(f"Number: A-{number}\n")
    return folder


@contextmanager
def client_of(folder: Path, faults: str | None = None, **policy: Any) -> Iterator[ExtractClient]:
    service = LocalService(data_dir=folder / "service", workers=1, faults=faults)
    retry = RetryPolicy(**{"attempts": 2, "first": 0.01, "most": 0.02, "settle_after": 0.3, **policy})
    with ExtractClient(local=service, retry=retry) as client:
        yield client
    close_local(service)


def seed_of(fault: str, *fates: bool) -> str:
    """A SPEC by which the first creates meet the fault, or not, as asked."""
    for seed in range(10_000):
        plan = FaultPlan.parse(f"seed={seed},{fault}=0.5")
        if all((fault in plan.draw("create", at)) == fate for at, fate in enumerate(fates)):
            return f"seed={seed},{fault}=0.5"
    raise AssertionError("no seed does")


def called(tool: Any, *, is_async: bool, **arguments: Any) -> dict[str, Any]:
    call = {"name": tool.name, "args": arguments, "id": "1", "type": "tool_call"}
    message = asyncio.run(tool.ainvoke(call)) if is_async else tool.invoke(call)
    answer: dict[str, Any] = json.loads(message.content)
    return answer


def tool_of(client: Any, inbox: Path, budget: Budget, **more: Any) -> ExtractTool:
    return ExtractTool(data_schema=Invoice, allowed_roots=inbox, client=client, budget=budget, **more)


def state(budget: Budget) -> tuple[float, float]:
    return (budget.spent, budget.reserved)


@BOTH
def test_completed_is_billed_and_failed_is_not(tmp_path: Path, inbox: Path, *, is_async: bool) -> None:
    budget = Budget(A_PAGE)
    with client_of(tmp_path, seed_of("fail", True, True, False)) as client:
        tool = tool_of(client, inbox, budget)
        for _ in range(2):  # the whole budget is there again each time
            assert called(tool, is_async=is_async, document="1.txt")["error"] == "job_failed"
            assert state(budget) == (0, 0)
        assert called(tool, is_async=is_async, document="1.txt")["status"] == "COMPLETED"
        assert state(budget) == (A_PAGE, 0)
        assert called(tool, is_async=is_async, document="2.txt")["error"] == "budget_exceeded"
        assert len(list(client.list())) == 3


@BOTH
def test_still_running_stays_reserved_until_it_is_cancelled(
    tmp_path: Path, inbox: Path, *, is_async: bool
) -> None:
    budget = Budget(2 * A_PAGE)
    with client_of(tmp_path, "seed=1,stuck=1") as client:
        tools = {
            tool.kind: tool
            for tool in ExtractToolkit(
                data_schema=Invoice,
                allowed_roots=inbox,
                client=client,
                budget=budget,
                timeout=0.3,
                include=("extract", "create", "cancel"),
            ).get_tools()
        }
        waiting = called(tools["extract"], is_async=is_async, document="1.txt")
        made = called(tools["create"], is_async=is_async, document="2.txt")
        assert state(budget) == (0, 2 * A_PAGE)
        assert called(tools["extract"], is_async=is_async, document="3.txt")["error"] == "budget_exceeded"
        for job in (waiting, made):
            assert called(tools["cancel"], is_async=is_async, job_id=job["job_id"])["status"] == "CANCELLED"
        assert state(budget) == (0, 0)


@BOTH
def test_what_others_cancelled_is_found_before_a_refusal(
    tmp_path: Path, inbox: Path, *, is_async: bool
) -> None:
    budget = Budget(A_PAGE)
    with client_of(tmp_path, seed_of("stuck", True, False)) as client:
        tool = tool_of(client, inbox, budget, timeout=0.3)
        job_id = called(tool, is_async=is_async, document="1.txt")["job_id"]
        assert called(tool, is_async=is_async, document="2.txt")["error"] == "budget_exceeded"
        client.cancel(job_id)
        tool.timeout = 60
        assert called(tool, is_async=is_async, document="2.txt")["status"] == "COMPLETED"
        assert state(budget) == (A_PAGE, 0)


async def test_a_cancelled_call_gives_its_credits_back(tmp_path: Path, inbox: Path) -> None:
    budget = Budget(A_PAGE)
    with client_of(tmp_path, seed_of("stuck", True, False)) as client:
        tool = tool_of(client, inbox, budget)
        call = asyncio.create_task(tool.ainvoke({"document": "1.txt"}))
        while not tool._session.book.notes():
            await asyncio.sleep(0.01)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        later = async_client(client)
        while not (job := await anext(aiter(later.list()))).is_final:
            await asyncio.sleep(0.01)
        assert job.status == "CANCELLED"
        assert json.loads(await tool.ainvoke({"document": "2.txt"}))["status"] == "COMPLETED"
        assert state(budget) == (A_PAGE, 0)


@BOTH
def test_a_lost_answer_is_billed_once(tmp_path: Path, inbox: Path, *, is_async: bool) -> None:
    budget = Budget(100)
    with client_of(tmp_path, seed_of("lost", True, False)) as client:
        tool = tool_of(client, inbox, budget)
        assert called(tool, is_async=is_async, document="1.txt")["status"] == "COMPLETED"
        billed = sum(client.get(job.id).usage.credits for job in client.list())
        assert state(budget) == (billed, 0) == (A_PAGE, 0)


@BOTH
@pytest.mark.parametrize("fault", ["error-before", "error-after", "lost", "rate-limit", "malformed"])
def test_never_less_is_counted_than_was_billed(
    fault: str, tmp_path: Path, inbox: Path, *, is_async: bool
) -> None:
    """Every create fails, however often it is tried: whether a job was made or not, the budget knows at least as much."""
    budget = Budget(1000)
    with client_of(tmp_path, f"seed=1,{fault}@create=1", attempts=1) as client:
        answer = called(tool_of(client, inbox, budget, timeout=5), is_async=is_async, document="1.txt")
        jobs = list(client.list())
        for job in jobs:
            client.wait(job.id)
        billed = sum(client.get(job.id).usage.credits for job in jobs)
        assert sum(state(budget)) >= billed, answer
        if fault in ("error-before", "rate-limit"):
            assert jobs == []
            assert state(budget) == (0, 0), "nothing was made, so nothing is spent"


@BOTH
def test_duplicates_of_a_lost_answer_are_counted(
    tmp_path: Path, inbox: Path, monkeypatch: pytest.MonkeyPatch, *, is_async: bool
) -> None:
    """Where a job exists twice, both are billed. The local service never makes two, so `run` is made to say so of a real second one."""
    budget = Budget(100)
    with client_of(tmp_path) as client:
        twin = client.run(b"Number: A-1\n", file_name="1.txt", data_schema=Invoice)
        run, arun = client.run, async_client(client).run

        def twice(_: Any, *given: Any, **more: Any) -> Any:
            job = run(*given, **more)
            job.duplicates = (twin.id,)
            return job

        async def atwice(_: Any, *given: Any, **more: Any) -> Any:
            job = await arun(*given, **more)
            job.duplicates = (twin.id,)
            return job

        monkeypatch.setattr(ExtractClient, "run", twice)
        monkeypatch.setattr(AsyncExtractClient, "run", atwice)
        answer = called(tool_of(client, inbox, budget), is_async=is_async, document="1.txt")
        assert answer["status"] == "COMPLETED"
        billed = sum(job.usage.credits for job in map(client.get, (answer["job_id"], twin.id)) if job.usage)
    assert state(budget) == (billed, 0) == (2 * A_PAGE, 0)


def test_what_cannot_be_counted_is_refused_or_bounded(tmp_path: Path, inbox: Path) -> None:
    with client_of(tmp_path) as client:
        file_id = client.files.create(b"Number: A-9\n", file_name="9.txt").id
        (inbox / "strange.bin").write_bytes(b"\x00\x01\x02")
        more = {"allowed_ids": [file_id]}
        budget = Budget(1000)
        tool = tool_of(client, inbox, budget, **more)
        for document in (file_id, "strange.bin"):
            refused = called(tool, is_async=False, document=document)
            assert refused["error"] == "cost_unknown"
            assert "pages" in refused["next"]
        assert list(client.list()) == []
        assert called(tool, is_async=False, document=file_id, pages="1")["status"] == "COMPLETED"
        assert state(budget) == (A_PAGE, 0)
        bounded = tool_of(client, inbox, Budget(1000), max_pages=3, **more)
        assert bounded.estimate(file_id).credits == 3 * A_PAGE
        guessed = tool_of(client, inbox, Budget(1000, unknown_pages=2), **more)
        assert guessed.estimate(file_id).credits == 2 * A_PAGE


def pdf(pages: int) -> bytes:
    kept = io.BytesIO()
    canvas = Canvas(kept)
    for number in range(pages):
        canvas.drawString(72, 700, f"Number: A-{number}")
        canvas.showPage()
    canvas.save()
    return kept.getvalue()


def word(paragraphs: int) -> bytes:
    document, kept = WordDocument(), io.BytesIO()
    for number in range(paragraphs):
        document.add_paragraph(f"Number: A-{number}")
    document.save(kept)
    return kept.getvalue()


def table(rows: int) -> bytes:
    return ("number,total\n" + "".join(f"A-{number},{number}\n" for number in range(rows))).encode()


DOCUMENTS: dict[str, Callable[[], bytes]] = {
    "one.pdf": lambda: pdf(1),
    "seven.pdf": lambda: pdf(7),
    "short.docx": lambda: word(3),
    "long.docx": lambda: word(400),
    "short.csv": lambda: table(3),
    "long.csv": lambda: table(500),
    "long.txt": lambda: b"Number: A-1\n" * 500,
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_estimate_is_what_the_service_bills(name: str, tmp_path: Path, inbox: Path) -> None:
    (inbox / name).write_bytes(DOCUMENTS[name]())
    budget = Budget(10_000)
    with client_of(tmp_path) as client:
        tool = tool_of(client, inbox, budget)
        estimate = tool.estimate(name)
        assert called(tool, is_async=False, document=name)["status"] == "COMPLETED"
        assert state(budget) == (estimate.credits, 0)
        assert estimate.pages is not None
        assert (estimate.pages > 1) == (name.startswith(("long", "seven")))


@pytest.mark.parametrize(("kind", "pages"), [("PNG", 1), ("JPEG", 1), ("GIF", 1), ("TIFF", 2)])
def test_pictures_are_one_page_except_in_tiff_files(
    kind: str, pages: int, tmp_path: Path, inbox: Path
) -> None:
    picture = io.BytesIO()
    frames = [Image.new("L", (80, 40), shade) for shade in (0, 255)]
    extra: dict[str, Any] = {"save_all": True, "append_images": frames[1:]} if kind in ("TIFF", "GIF") else {}
    frames[0].save(picture, kind, **extra)
    (inbox / f"scan.{kind.lower()}").write_bytes(picture.getvalue())
    with client_of(tmp_path) as client:
        assert tool_of(client, inbox, Budget(1)).estimate(f"scan.{kind.lower()}").pages == pages
