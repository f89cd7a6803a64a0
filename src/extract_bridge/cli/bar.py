"""The moving line of a run: how far it is, what it has read and cost, how fast it goes and how long it will take."""

from __future__ import annotations

import sys
from contextlib import suppress
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Self

from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, SpinnerColumn
from rich.table import Column
from rich.text import Text

from extract_bridge.cli import terminal

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Task

    from extract_bridge.cli.tally import Tally

termios: Any = import_module("termios") if find_spec("termios") else None  # Windows has none


class Bar:
    """A bar at the bottom of a terminal; it is gone when it stops.

    Args:
        console: Of the terminal. Whatever else is printed there meanwhile has to go through it.

    Attributes:
        tally: What it tells of.
        note: Stands in the place of the figures once it is set, at any moment; it shows a moment later.
    """

    def __init__(self, console: Console) -> None:
        self.console = console
        self.note = ""
        self._echo = _Echo(console)
        self._progress = Progress(
            SpinnerColumn(),
            MofNCompleteColumn(),
            BarColumn(bar_width=None),
            _Said(self),
            console=console,
            transient=True,
            expand=True,
        )
        self._task = self._progress.add_task("", total=None)
        self.tally: Tally | None = None

    @classmethod
    def on_terminal(cls) -> Self | None:
        """A bar on standard error; None where nothing there can move."""
        console = terminal.make_console(sys.stderr)
        return cls(console) if console.is_terminal and not console.is_dumb_terminal else None

    def start(self, tally: Tally) -> None:
        """It appears."""
        self.show(tally)
        self._echo.hide()
        self._progress.start()

    def show(self, tally: Tally) -> None:
        """How far the run is."""
        self.tally = tally
        self._progress.update(self._task, total=tally.documents, completed=tally.finished)

    def stop(self) -> None:
        """It disappears; a second time does nothing."""
        self._progress.stop()
        self._echo.show()


class _Echo:
    """Whether the terminal writes `^C` where Ctrl-C is pressed: into the bar, which would then stay where it was."""

    def __init__(self, console: Console) -> None:
        self._file = console.file
        self._before: list[Any] | None = None

    def hide(self) -> None:
        """No more, where it does."""
        if termios is None:
            return
        with suppress(termios.error, OSError, ValueError):
            self._before = termios.tcgetattr(self._file)
            now = [*self._before]
            now[3] &= ~termios.ECHOCTL
            termios.tcsetattr(self._file, termios.TCSANOW, now)

    def show(self) -> None:
        """As it was before."""
        before, self._before = self._before, None
        if termios is not None and before is not None:
            with suppress(termios.error, OSError, ValueError):
                termios.tcsetattr(self._file, termios.TCSANOW, before)


class _Said(ProgressColumn):
    """The note, or the figures."""

    def __init__(self, bar: Bar) -> None:
        super().__init__(table_column=Column(no_wrap=True))  # it is the bar that gives way
        self._bar = bar

    def render(self, task: Task) -> Text:
        """What stands there now: the time that is left changes although nothing finishes."""
        said = self._bar.note or (_so_far(self._bar.tally) if self._bar.tally is not None else "")
        return Text(said, no_wrap=True)


def _so_far(tally: Tally) -> str:
    parts = [f"{tally.pages:,} pages", f"{tally.credits:,g} credits"]
    if tally.failed:
        parts.insert(0, f"{tally.failed:,} failed")
    if (rate := tally.rate) is not None:
        parts += [
            f"{rate:.1f}/s" if rate >= 0.1 else f"{rate * 60:.1f}/min",
            f"{_clock(tally.left / rate)} left",
        ]
    return "  ".join(parts)


def _clock(seconds: float) -> str:
    minutes, second = divmod(round(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"
