"""A pytest plugin: which functions of the project each test enters, and running only some tests.

`REACH_WRITE` names a file for what was found, `REACH_UNSEEN` parts of the names of tests that nobody looks into, for it makes them slower;
`REACH_ONLY` names a file with the ids of the tests that shall run. See `test_defects_exact.py`.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from types import CodeType, FrameType

_PROJECT = f"{Path('src').resolve()}{os.sep}"
_OWN_WORKERS = f"{_PROJECT}extract_bridge{os.sep}local{os.sep}"
_STARTS = {
    ("subprocess.py", "_execute_child"),
    ("process.py", "start"),
}  # of the standard library: another process


class Reach:
    """What was entered, by test.

    Attributes:
        tests: Functions, each as file and first line, by a test's id.
        always: What was entered besides: at import, in fixtures that tests share, while these are torn down.
        elsewhere: Tests that start a process, of which nothing is seen here.
    """

    def __init__(self, unseen: tuple[str, ...]) -> None:
        self.tests: dict[str, set[tuple[str, int]]] = {}
        self.always: set[tuple[str, int]] = set()
        self.elsewhere: set[str] = set()
        self._now, self._test = self.always, ""
        self._unseen = unseen
        self._keys: dict[CodeType, tuple[str, int] | None] = {}

    def look(self) -> None:
        """From now on, in this thread and in those that are started."""
        threading.setprofile(self._enter)
        sys.setprofile(self._enter)

    def _enter(self, frame: FrameType, event: str, _: Any) -> None:
        if event != "call":
            return
        code = frame.f_code
        if code not in self._keys:
            inside = code.co_filename.startswith(_PROJECT)
            self._keys[code] = (
                (code.co_filename.removeprefix(_PROJECT), code.co_firstlineno) if inside else None
            )
        key = self._keys[code]
        if key is not None:
            self._now.add(key)
        elif (Path(code.co_filename).name, code.co_name) in _STARTS and not _is_our_worker(frame):
            self.elsewhere.add(self._test)

    @contextmanager
    def within(self, functions: set[tuple[str, int]], test: str = "") -> Iterator[None]:
        """What is entered meanwhile belongs to these."""
        before = self._now, self._test
        self._now, self._test = functions, test or self._test
        try:
            yield
        finally:
            self._now, self._test = before

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        if any(number in item.name for number in self._unseen):
            self.tests[item.nodeid] = set()
            sys.setprofile(None)
            try:
                return (yield)
            finally:
                sys.setprofile(self._enter)
        with self.within(self.tests.setdefault(item.nodeid, set()), item.nodeid):
            return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: Any) -> Generator[None, object, object]:
        if fixturedef.scope == "function":
            return (yield)
        with self.within(self.always):
            return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_teardown(self) -> Generator[None, object, object]:
        with self.within(self.always):
            return (yield)

    def pytest_sessionfinish(self) -> None:
        sys.setprofile(None)
        found = {
            "tests": {test: sorted(entered) for test, entered in self.tests.items()},
            "always": sorted(self.always),
            "elsewhere": sorted(self.elsewhere),
        }
        Path(os.environ["REACH_WRITE"]).write_text(json.dumps(found))


def _is_our_worker(frame: FrameType | None) -> bool:
    """The service's own: which of its functions run there is not asked for."""
    while frame is not None:
        if frame.f_code.co_filename.startswith(_OWN_WORKERS):
            return True
        frame = frame.f_back
    return False


def pytest_configure(config: pytest.Config) -> None:
    """Look on, where it is asked for."""
    if "REACH_WRITE" in os.environ:
        reach = Reach(tuple(os.environ.get("REACH_UNSEEN", "").split()))
        config.pluginmanager.register(reach)
        reach.look()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep the chosen tests."""
    if "REACH_ONLY" in os.environ:
        chosen = set(json.loads(Path(os.environ["REACH_ONLY"]).read_text()))
        config.hook.pytest_deselected(items=[item for item in items if item.nodeid not in chosen])
        items[:] = [item for item in items if item.nodeid in chosen]
