"""Every compiled pattern that a module of the package holds, over hostile text, each in a process that the kernel stops.

    python tests/core/patterns_probe.py CHARACTERS CPU_SECONDS

A pattern that takes time with the square of its text's length is stopped long before its end; one line of output names it. Each runs the ways the source
runs it (`match`, `search`, …), over texts of one character, of two that alternate, and of the pattern's own literals, repeated to the length asked for.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
import re
import resource
import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import extract_bridge

CALLS = ("match", "fullmatch", "search", "finditer", "findall", "sub", "split")
UNITS = [
    *"a1A .-,:;|<>\"/@()[]\n_#'",
    "1 ",
    "a ",
    "1.",
    "a.",
    "A1 ",
    "1,",
    "a@",
    ": ",
    "( ",
    "a:\n",
    "1-",
    "| ",
]
END = "\x00"
CAPPED = {
    "parse.html._CHARSET": 4096,  # its caller hands over that much of a page
    "parse.sniff._HTML": 4096,
    "local.engine.spans._ID": 2000,  # `spans.find` cuts its text
    "local.engine.spans._ID_PREFIX": 2000,
    "local.engine.spans._EMAIL": 2000,
    "local.engine.spans._URL": 2000,
    "local.engine.clauses._DESCRIBED": 900,  # the sentence that names the parties is cut there
    "local.engine.clauses._DEGREES": 900,
    "local.engine.letterhead._STREET_WORD": 200,
}
"""Patterns whose text is cut before they see it, and to how many characters."""


def patterns() -> Iterator[tuple[str, re.Pattern[Any], frozenset[str]]]:
    """The place of each pattern, the pattern, and the calls that its module makes of it; all of them where that is not seen."""
    seen = set()
    for info in pkgutil.walk_packages(extract_bridge.__path__, "extract_bridge."):
        if info.name.endswith("__main__"):
            continue
        try:
            module = importlib.import_module(info.name)
        except ImportError:
            continue  # an extra that is not installed
        source = Path(str(module.__file__)).read_text(encoding="utf-8")
        for variable, value in vars(module).items():
            for pattern in inside(value):
                if id(pattern) not in seen and f"{variable}" in source:
                    seen.add(id(pattern))
                    calls = frozenset(
                        re.findall(rf"\b{variable}\.({'|'.join(CALLS)})\b", source)
                    ) or frozenset(CALLS)
                    yield f"{info.name.removeprefix('extract_bridge.')}.{variable}", pattern, calls


def inside(value: Any, depth: int = 3) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        yield value
    elif depth and isinstance(value, dict):
        yield from chain.from_iterable(inside(item, depth - 1) for item in value.values())
    elif depth and isinstance(value, tuple | list):
        yield from chain.from_iterable(inside(item, depth - 1) for item in value)


def texts(pattern: re.Pattern[Any], size: int) -> Iterator[str | bytes]:
    source = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    words = re.findall(r"[A-Za-z]{2,}", source)[:6]
    for unit in [*UNITS, *words, *(f"{word} " for word in words)]:
        text = unit * (size // len(unit)) + END
        yield text if isinstance(pattern.pattern, str) else text.encode()


def run(pattern: re.Pattern[Any], calls: frozenset[str], text: str | bytes) -> None:
    for call in calls & {"match", "fullmatch", "search"}:
        getattr(pattern, call)(text)
    if calls & {"finditer", "findall", "sub", "split"}:
        for _ in pattern.finditer(text):
            pass


def main(size: int, seconds: int) -> int:
    """How many patterns did not end in time."""
    slow = count = 0
    for name, pattern, calls in patterns():
        count += 1
        child = os.fork()
        if child == 0:
            resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            for text in texts(pattern, min(size, CAPPED.get(name, size))):
                run(pattern, calls, text)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if status:
            slow += 1
            print(name, flush=True)
    print(f"{count} patterns, {slow} over the limit")
    return slow


if __name__ == "__main__":
    sys.exit(min(1, main(int(sys.argv[1]), int(sys.argv[2]))))
