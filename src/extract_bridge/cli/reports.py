"""What a run tells while it goes on: a bar for people, lines for logs, JSON for programs, or errors alone."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Protocol, Self

from rich.text import Text

from extract_bridge.cli import terminal
from extract_bridge.cli.bar import Bar
from extract_bridge.cli.output.lines import shown_json
from extract_bridge.cli.service import LOCAL_NOTE
from extract_bridge.cli.tally import Tally, credits_of, is_reused, pages_of

if TYPE_CHECKING:
    from pathlib import Path

    from extract_bridge.bulk import Extraction


_STOPPING = "Stopping after what runs; Ctrl-C again leaves"


class Report(Protocol):
    """Is told of each step of a run; a context, for what it shows meanwhile."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...

    def begin(self, service: str, tally: Tally, out: Path) -> None:
        """The service is known and the file can be written."""

    def document(self, done: Extraction, records: int, tally: Tally) -> None:
        """A document came to its end."""

    def end(self, tally: Tally, out: Path, code: int) -> None:
        """All did."""

    def stopping(self) -> None:
        """Ctrl-C: what runs is finished. Called from a signal's handler."""

    def stopped(self, tally: Tally, code: int, said: str) -> None:
        """The run was stopped on the way.

        Args:
            tally: So far.
            code: What the program ends with.
            said: What is kept, and how to go on.
        """


class Quiet:
    """Errors alone."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None: ...

    def begin(self, service: str, tally: Tally, out: Path) -> None:
        """Nothing to say."""

    def document(self, done: Extraction, records: int, tally: Tally) -> None:
        """A failed one, on standard error."""
        if done.error is not None:
            terminal.print_error(done.error)

    def end(self, tally: Tally, out: Path, code: int) -> None:
        """Nothing to say."""

    def stopping(self) -> None:
        """What happens now, on standard error, past all buffers."""
        with suppress(OSError):
            os.write(2, f"\n{_STOPPING}\n".encode())

    def stopped(self, tally: Tally, code: int, said: str) -> None:
        """What is kept, and how to go on, on standard error."""
        terminal.make_console(sys.stderr).print(f"Stopped. {said}", soft_wrap=True)


class Lines(Quiet):
    """For people: a bar on a terminal, and a line a document where there is none.

    The bar and errors go to standard error, everything else to standard output.
    """

    def __init__(self) -> None:
        self._out = terminal.make_console()
        self._bar = Bar.on_terminal()
        self._local = False

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def begin(self, service: str, tally: Tally, out: Path) -> None:
        """Which service answers; the bar comes below it."""
        self._local = service == "local"
        self._out.print(f"Service: {LOCAL_NOTE if self._local else terminal.plain(service)}")
        if self._bar is not None:
            self._bar.start(tally)

    def document(self, done: Extraction, records: int, tally: Tally) -> None:
        """The bar moves on; without one, a line."""
        if done.error is not None:
            terminal.print_error(done.error, self._bar.console if self._bar is not None else None)
        elif self._bar is None or not self._out.is_terminal:
            self._tell(done, records)
        if self._bar is not None:
            self._bar.show(tally)

    def end(self, tally: Tally, out: Path, code: int) -> None:
        """The counts, and what it cost, in the bar's place."""
        self.__exit__()
        self._out.print(
            f"{tally.read} read, {tally.failed} failed, {terminal.counted(tally.records, 'record')} in {terminal.show_path(out)}"
        )
        self._out.print(self._cost(tally), soft_wrap=True)

    def stopping(self) -> None:
        """What happens now, in the bar."""
        if self._bar is None:
            super().stopping()
        else:
            self._bar.note = _STOPPING

    def stopped(self, tally: Tally, code: int, said: str) -> None:
        """The same as for the quiet, in the bar's place."""
        self.__exit__()
        super().stopped(tally, code, said)

    def _tell(self, done: Extraction, records: int) -> None:
        words = [terminal.counted(records, "record")]
        if (pages := pages_of(done)) is not None:
            words.append(terminal.counted(pages, "page"))
        if is_reused(done):
            words.append("from the ledger")
        self._out.print(
            Text.assemble(("done  ", "green"), terminal.cut_left(done.source, 50), f"  {', '.join(words)}"),
            soft_wrap=True,
        )

    def _cost(self, tally: Tally) -> str:
        parts = [terminal.counted(tally.pages, "page"), f"{tally.seconds:.1f} s"]
        credits_ = f"{tally.credits:,g} credits"
        parts.insert(1, f"nothing billed ({credits_} on the cloud)" if self._local else credits_)
        if tally.reused:
            parts.append(f"{terminal.counted(tally.reused, 'document')} from the ledger, not paid again")
        return ", ".join(parts)


class Json(Quiet):
    """For programs: one JSON object a line on standard output, each with `event`."""

    def begin(self, service: str, tally: Tally, out: Path) -> None:
        """`start`."""
        _emit("start", service=service, documents=tally.documents, out=str(out))

    def document(self, done: Extraction, records: int, tally: Tally) -> None:
        """`document`, with `status` and, for a failed one, `error`."""
        _emit(
            "document",
            source=done.source,
            status="read" if done.error is None else "failed",
            job_id=done.job.id if done.job is not None else None,
            records=records,
            pages=pages_of(done),
            credits=credits_of(done),
            reused=is_reused(done),
            error=None if done.error is None else done.error.to_dict(),
            finished=tally.finished,
        )

    def end(self, tally: Tally, out: Path, code: int) -> None:
        """`end`, with the counts."""
        _emit("end", exit_code=code, **_counts(tally))

    def stopping(self) -> None:
        """Nothing: `stopped` follows."""

    def stopped(self, tally: Tally, code: int, said: str) -> None:
        """`stopped`, with the counts so far."""
        _emit("stopped", exit_code=code, said=said, **_counts(tally))


def report_for(*, quiet: bool, as_events: bool) -> Report:
    """The report that the options ask for."""
    if as_events:
        return Json()
    return Quiet() if quiet else Lines()


def _counts(tally: Tally) -> dict[str, Any]:
    names = ("documents", "read", "failed", "reused", "records", "pages", "credits")
    return {**{name: getattr(tally, name) for name in names}, "seconds": round(tally.seconds, 3)}


def _emit(event: str, **facts: Any) -> None:
    print(shown_json({"event": event, **facts}), flush=True)
