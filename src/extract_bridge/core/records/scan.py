"""JSON read value by value through a window over the bytes. The decoder is the standard library's, so values are as `json.loads` makes them."""

from __future__ import annotations

import codecs
import json
import re
from typing import TYPE_CHECKING, Any, NoReturn

from extract_bridge.core.errors import ResultError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from extract_bridge.core.records.body import Body

CHUNK = 256 * 1024
"""Bytes that are read at once, and about what is in memory of the body at any time."""

_LONGEST_CHARACTER = 4  # bytes
_LONGEST_TOKEN = (
    12  # characters of what may be cut at the window's end without being unterminated: \ud83d\ude00
)
_NUMBERS_TAIL = 2  # characters of a number that are no number without the next: 1.5 e+
_BOM = codecs.BOM_UTF8
_space = re.compile(r"[ \t\n\r]*").match
_after_item = re.compile(r"[ \t\n\r]*([,\]])[ \t\n\r]*").match


class _NotFiniteError(ValueError):
    """A NaN or an infinity, which JSON does not have."""


def _refuse(name: str) -> NoReturn:
    raise _NotFiniteError(name)


_scan: Callable[[str, int], tuple[Any, int]] = json.JSONDecoder(  # its types leave this out
    parse_constant=_refuse
).scan_once  # type: ignore[attr-defined]


class Scanner:
    """A place in a body, and what can be read from there.

    Args:
        body: The bytes: UTF-8, a byte order mark is skipped.
        offset: The byte to begin at.
        chunk: Bytes to read at once.
    """

    def __init__(self, body: Body, offset: int = 0, *, chunk: int = CHUNK) -> None:
        self._body = body
        self._chunk = chunk
        self._text = ""
        self._at = 0
        self._read_to = offset  # the byte after the window
        if not offset and body.read(0, len(_BOM)) == _BOM:
            self._read_to = len(_BOM)

    @property
    def offset(self) -> int:
        """The byte that is read next."""
        return self._byte(self._at)

    def peek(self) -> str:
        """The next character that is no space; empty at the end."""
        while True:
            found = _space(self._text, self._at)
            self._at = found.end() if found else self._at
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""

    def take(self, wanted: str, path: str) -> str:
        """The next character that is no space, which must be one of `wanted`.

        Raises:
            ResultError: it is not.
        """
        found = self.peek()
        if not found or found not in wanted:
            self._fail(f"{' or '.join(wanted)} is missing", path, self._at)
        self._at += 1
        return found

    def value(self, path: str) -> Any:
        """The next value, whole.

        Args:
            path: Its JSON pointer, for errors.

        Raises:
            ResultError: it is malformed or cut off, nested too deeply, or a number that JSON does not have.
        """
        self.peek()
        while True:
            try:
                value, end = _scan(self._text, self._at)
            except StopIteration as stop:
                place, reason = stop.value, "a value is missing"
            except json.JSONDecodeError as error:
                place, reason = error.pos, error.msg[0].lower() + error.msg[1:]
            except _NotFiniteError as error:
                self._fail(f"{error} is no number of JSON", path, self._at)
            except RecursionError:
                self._fail("a value is nested too deeply", path, self._at)
            except ValueError:
                self._fail("a whole number has too many digits", path, self._at)
            else:
                if len(self._text) - end > _NUMBERS_TAIL or not self._more():
                    self._at = end
                    return value
                continue  # a number may go on
            if not self._is_cut(place, reason) or not self._more():
                self._fail(reason, path, place)

    def items(self, path: str) -> Iterator[Any]:
        """The items of the array that begins here, each made when it is asked for.

        Args:
            path: The array's JSON pointer, for errors.

        Raises:
            ResultError: see `value`.
        """
        self.take("[", path)
        if self.peek() == "]":
            self._at += 1
            return
        index = 0
        while True:
            try:  # nearly always the item and what follows it are in the window
                value, end = _scan(self._text, self._at)
                found = _after_item(self._text, end)
            except (StopIteration, ValueError, RecursionError):
                found = None
            if found:
                self._at, mark = found.end(), found[1]
            else:
                value = self.value(f"{path}/{index}")
                mark = self.take(",]", f"{path}/{index}")
            yield value
            if mark == "]":
                return
            index += 1

    def members(self, path: str) -> Iterator[str]:
        """The names in the object that begins here; after each one, its value must be read."""
        self.take("{", path)
        if self.peek() == "}":
            self._at += 1
            return
        while True:
            if self.peek() != '"':
                self._fail("a name is missing", path, self._at)
            name = self.value(path)
            self.take(":", path)
            yield name
            if self.take(",}", path) == "}":
                return

    def end(self) -> None:
        """Nothing may follow.

        Raises:
            ResultError: something does.
        """
        if self.peek():
            self._fail("something follows its end", "", self._at)

    def _more(self) -> bool:
        """Move the window on: what was read is dropped from it, and at least as much as is left is added. False at the end."""
        left = self._text[self._at :]
        size = max(self._chunk, len(left), _LONGEST_CHARACTER)
        content = self._body.read(self._read_to, size)
        try:
            added, used = codecs.utf_8_decode(content, "surrogatepass", len(content) < size)
        except UnicodeDecodeError as error:
            raise _malformed("it is not in UTF-8", "", self._read_to + error.start) from None
        if not added:
            return False
        self._text, self._at = left + added, 0
        self._read_to += used
        return True

    def _is_cut(self, place: int, reason: str) -> bool:
        """Whether an error may come from the window's end alone."""
        return reason.startswith("unterminated string") or place >= len(self._text) - _LONGEST_TOKEN

    def _byte(self, place: int) -> int:
        return self._read_to - len(self._text[place:].encode("utf-8", "surrogatepass"))

    def _fail(self, reason: str, path: str, place: int) -> NoReturn:
        if place >= len(self._text) or reason.startswith("unterminated string"):
            reason, place = "it ends too early", len(self._text)
        raise _malformed(reason, path, self._byte(place)) from None


def _malformed(reason: str, path: str, offset: int) -> ResultError:
    return ResultError(
        f"the answer is no whole JSON: at byte {offset}, {reason}",
        code="malformed_answer",
        where=path or None,
        hint="Read the finished job again: that costs nothing",
    )
