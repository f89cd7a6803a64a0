"""What a run counts, and what the bar makes of it."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from extract_bridge.bulk import Extraction
from extract_bridge.cli.bar import Bar
from extract_bridge.cli.tally import Tally
from extract_bridge.core.errors import FileInputError, JobFailedError
from extract_bridge.core.wire.jobs import ExtractV2Job, JobOrigin


def done(*, pages: int = 2, reused: bool = False, failed: bool = False) -> Extraction:
    job = ExtractV2Job.read(
        {
            "id": "ext-1",
            "status": "FAILED" if failed else "COMPLETED",
            "metadata": {"usage": {"num_pages_extracted": pages}},
            "usage": {"credits": 0 if failed else 8 * pages},
        }
    )
    job.origin = JobOrigin("local", "a.pdf", "a.pdf", reused=reused)
    return Extraction(0, "a.pdf", job, [], JobFailedError("x", job=job) if failed else None)


def test_what_the_ledger_had_is_not_counted_as_paid() -> None:
    tally = Tally(6)
    tally.add(done(), 3)
    tally.add(done(reused=True), 3)
    tally.add(done(failed=True, reused=True), 0)
    tally.add(done(failed=True), 0)
    tally.add(Extraction(0, "b", None, [], FileInputError("gone")), 0)
    assert (tally.read, tally.failed, tally.records) == (2, 3, 6)
    assert (tally.reused, tally.worked, tally.finished, tally.left) == (2, 2, 5, 1)
    assert (tally.pages, tally.credits) == (4, 16)


def test_nobody_guesses_the_time_before_a_job_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr("extract_bridge.cli.tally.time.monotonic", lambda: now[0])
    tally = Tally(100, _began=0.0)
    assert tally.rate is None
    now[0] = 10.0
    tally.add(Extraction(0, "b", None, [], FileInputError("gone")), 0)
    tally.add(done(reused=True), 1)
    assert tally.rate is None
    tally.add(done(), 1)
    assert tally.rate == pytest.approx(0.1)


def shown(tally: Tally, note: str = "") -> str:
    stream = io.StringIO()
    bar = Bar(Console(file=stream, force_terminal=True, width=90, color_system=None))
    bar.note = note
    bar.start(tally)
    bar.stop()
    return stream.getvalue()


def test_the_bar_tells_pages_credits_rate_and_what_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr("extract_bridge.cli.tally.time.monotonic", lambda: now[0])
    tally = Tally(1000, _began=0.0)
    for _ in range(10):
        tally.add(done(pages=150), 1)
    now[0] = 4.0
    assert "10/1000" in shown(tally)
    assert "1,500 pages  12,000 credits  2.5/s  6:36 left" in shown(tally)
    now[0] = 600.0
    assert "1.0/min  16:30:00 left" in shown(tally)
    assert "Stopping" in shown(tally, "Stopping [/red]")
    assert "[/red]" in shown(tally, "Stopping [/red]")
