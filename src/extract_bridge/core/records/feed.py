"""Rows of an answer whose end has not come yet: bytes in, the rows of `extract_result` that are whole by now out.

Only the rows are decoded here; what stands before them is passed over, and what stands behind is not looked at. Whether all of it is JSON
and a completed job is for `opened_job` to say, once the last byte is there.
"""

from __future__ import annotations

import codecs
import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

_scan = json.JSONDecoder().scan_once  # type: ignore[attr-defined]  # its types leave this out
_mark = re.compile(r'["\[\]{},]').search
_quote = re.compile(r'["\\]').search
_name = re.compile(r'[ \t\n\r]*("(?:[^"\\]|\\.)*")[ \t\n\r]*:[ \t\n\r]*(?=[^ \t\n\r])', re.DOTALL).match
_after_row = re.compile(r"[ \t\n\r]*([,\]])").match
_space = re.compile(r"[ \t\n\r]*").match
_SMALL = (
    64 * 1024
)  # characters; a longer row is looked at only when twice as much is there, so that no work grows with its square


class RowFeed:
    """What came of an answer so far."""

    def __init__(self) -> None:
        self._decode = codecs.getincrementaldecoder("utf-8-sig")("replace").decode
        self._text = ""
        self._at = 0
        self._enough = 0  # characters that must be there before a row is tried again
        self._step = self._begin
        self._depth = 0
        self._in_string = False

    def add(self, part: bytes) -> Iterator[Any]:
        """The rows that a further part completes; take all of them before the next part."""
        self._text, self._at = self._text[self._at :] + self._decode(part), 0
        while True:
            if self._step == self._row:
                yield from self._rows()
            if not self._step():
                return

    def _begin(self) -> bool:
        return self._passed("{", self._member)

    def _member(self) -> bool:
        found = _name(self._text, self._at)
        if found is None:
            return False
        self._at = found.end()
        rows = found[1] == '"extract_result"' and self._text[self._at] == "["
        if rows:
            self._at += 1
        self._step = self._row if rows else self._value
        return True

    def _value(self) -> bool:
        """Pass over a value, to the comma behind it."""
        while True:
            found = (_quote if self._in_string else _mark)(self._text, self._at)
            if found is None:
                self._at = len(self._text)
                return False
            if found[0] == "\\":
                if found.end() >= len(self._text):
                    self._at = found.start()
                    return False
                self._at = found.end() + 1
                continue
            self._at = found.end()
            if found[0] == '"':
                self._in_string = not self._in_string
            elif found[0] in "[{":
                self._depth += 1
            elif found[0] == ",":
                if not self._depth:
                    self._step = self._member
                    return True
            elif not self._depth:
                self._step = self._over  # the job's own end
                return False
            else:
                self._depth -= 1

    def _row(self) -> bool:
        return False

    def _rows(self) -> Iterator[Any]:
        while len(self._text) - self._at >= self._enough:
            found = _space(self._text, self._at)
            start = found.end() if found else self._at
            if self._text[start : start + 1] == "]":
                self._step = self._over
                return
            try:
                row, end = _scan(self._text, start)
                after = _after_row(self._text, end)
            except (StopIteration, ValueError, RecursionError):
                after = None
            if after is None:  # not whole yet, or malformed: then the end says so
                waiting = len(self._text) - self._at
                self._enough = 2 * waiting if waiting > _SMALL else 0
                return
            self._at, self._enough = after.end(), 0
            if after[1] == "]":
                self._step = self._over
            yield row
            if after[1] == "]":
                return

    def _over(self) -> bool:
        self._at = len(self._text)
        return False

    def _passed(self, wanted: str, then: Any) -> bool:
        found = _space(self._text, self._at)
        self._at = found.end() if found else self._at
        if self._at >= len(self._text):
            return False
        self._step = then if self._text[self._at] == wanted else self._over
        self._at += 1
        return True
