"""The words of a PDF page's text, with few questions to PDFium; whoever calls holds its lock.

A page has thousands of characters, and a question costs more than the answer. So a word's box is that of its first and last character,
all boxes of a page are written into one buffer, and addresses go as plain numbers.
"""

from __future__ import annotations

import ctypes
import re
import struct
from contextlib import closing
from math import sqrt
from typing import TYPE_CHECKING, Any

import pypdfium2.raw as raw

from extract_bridge.parse.glyphs import Glyph, plainly, spaced, words_of
from extract_bridge.parse.model import Word

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from extract_bridge.parse.view import View

_BOLD_WEIGHT = 600
_RUN = re.compile(r"[^\s\x00]+")
_EVEN = 0.01  # points
_SLANT = 0.1  # to the side for each point that a text runs on: more is aslant
_RECT = 16  # bytes: left, top, right, bottom as floats
_EIGHT = struct.Struct("8f")


def _plainly(function: Any, result: Any, *arguments: Any) -> Any:
    """The same function, to be called with addresses as numbers, which spares an object for each.

    It keeps the interpreter's own lock: what these functions look up takes less time than letting it go and having it back.
    """
    return ctypes.PYFUNCTYPE(result, *arguments)(_address(function))


def _address(pointer: Any) -> int:
    return ctypes.cast(pointer, ctypes.c_void_p).value or 0


_box_of = _plainly(raw.FPDFText_GetLooseCharBox, ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)
_object_of = _plainly(raw.FPDFText_GetTextObject, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int)
_font_of = _plainly(raw.FPDFTextObj_GetFont, ctypes.c_void_p, ctypes.c_void_p)
_size_of = _plainly(raw.FPDFText_GetFontSize, ctypes.c_double, ctypes.c_void_p, ctypes.c_int)
_matrix_of = _plainly(raw.FPDFText_GetMatrix, ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)


def printed_words(page: Any, view: View) -> list[Word]:
    """The words of the page's text in PDFium's order, which puts a blank wherever it sees a gap.

    Only a run that is not plainly one word on one line, or that holds more than printable text, is looked at character by
    character, which takes five times as long.

    Args:
        page: A loaded page of pypdfium2.
        view: How it is seen.
    """
    words: list[Word] = []
    with closing(page.get_textpage()) as textpage:
        handle = textpage.raw
        address = _address(handle)
        fonts = _Fonts(handle, view.turns)
        runs = [(run[0], *run.span()) for run in _RUN.finditer(_text_of(handle))]
        for (text, start, end), edges in zip(runs, _boxes(address, runs), strict=True):
            item = _object_of(address, start)
            size, bold, turned, across = fonts.get(item) or fonts.ask(item, start)
            plain = plainly(text)
            box = _of_one_word(*edges, size * len(text), across) if plain and edges else None
            if plain and box:
                words.append(Word(plain, *view.box(*box), size, bold, 1.0, turned))
            else:
                apart = words_of(_glyphs(handle, text, start, fonts, view))
                in_one = item is not None and item == _object_of(address, end - 1)
                words += spaced(apart) if in_one else apart
    return words


_Edges = tuple[float, float, float, float, float, float, float, float]


def _boxes(address: int, runs: Sequence[tuple[str, int, int]]) -> list[_Edges | None]:
    """Left, top, right and bottom of each run's first and of its last character; None where one of them has no box."""
    buffer = (ctypes.c_float * (8 * len(runs)))()
    at = ctypes.addressof(buffer)
    places = range(at, at + len(runs) * 2 * _RECT, 2 * _RECT)
    known = [
        _box_of(address, start, place) and _box_of(address, end - 1, place + _RECT)
        for (_, start, end), place in zip(runs, places, strict=True)
    ]
    edges: Iterator[Any] = _EIGHT.iter_unpack(buffer)
    return [eight if has else None for has, eight in zip(known, edges, strict=True)]


def _of_one_word(
    left: float,
    top: float,
    right: float,
    bottom: float,
    last_left: float,
    last_top: float,
    last_right: float,
    last_bottom: float,
    room: float,
    runs_across: bool,
) -> tuple[float, float, float, float] | None:
    """The box from the first to the last character (left, bottom, right, top), if all between them stand on one line.

    That is: upright or turned, without room for a gap, and equally high as far as one sees. Characters under each other that are not turned
    are no line.
    """
    if top == last_top and bottom == last_bottom and left <= last_left <= left + room and right <= last_right:
        return left, bottom, last_right, top  # nearly every word
    across, down = abs(left - last_left), abs(bottom - last_bottom)
    if across > room or down > room or (runs_across and down > across):
        return None
    other = abs(top - last_top) if down <= across else abs(right - last_right)
    if min(across, down) >= _EVEN or other >= _EVEN:
        return None
    return min(last_left, left), min(last_bottom, bottom), max(last_right, right), max(last_top, top)


def _text_of(handle: Any) -> str:
    """The page's text, one sign a character of the page, so that places in it are the library's numbers."""
    count = raw.FPDFText_CountChars(handle)
    buffer = ctypes.create_string_buffer(2 * (count + 1))
    raw.FPDFText_GetText(handle, 0, count, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)))
    text = buffer.raw[:-2].decode("utf-16-le", errors="replace")
    if len(text) == count and "\x00" not in text:
        return text
    # Characters without a meaning are left out there, and those beyond the first plane are two.
    return "".join(chr(raw.FPDFText_GetUnicode(handle, index)) for index in range(count))


def _glyphs(handle: Any, signs: str, start: int, fonts: _Fonts, view: View) -> Iterator[Glyph]:
    """Each character of a run that begins at `start`."""
    rect = raw.FS_RECTF()
    high = ""
    for index, sign in enumerate(signs, start):
        if "\ud800" <= sign < "\udc00":
            high = sign
            continue
        text = _joined(high, sign)
        high = ""
        item = _object_of(_address(handle), index)
        size, bold, turned, _ = fonts.get(item) or fonts.ask(item, index)
        if raw.FPDFText_GetLooseCharBox(handle, index, rect):
            yield Glyph(text, *view.box(rect.left, rect.bottom, rect.right, rect.top), size, bold, turned)


def _joined(high: str, sign: str) -> str:
    """One character; PDFium gives those beyond the first plane as two halves."""
    if high and "\udc00" <= sign <= "\udfff":
        return (high + sign).encode("utf-16", "surrogatepass").decode("utf-16")
    return sign


_Style = tuple[float, bool, int, bool]


class _Fonts(dict[int | None, _Style]):
    """How text objects are set, by their addresses: all characters of one are set alike.

    That is: size in points, boldness, how it is turned as the page is seen (as in `Word`), and whether it runs across the paper.

    Args:
        handle: The page's text.
        turns: Quarters that the page is turned to be seen.
    """

    def __init__(self, handle: Any, turns: int) -> None:
        super().__init__()
        self._turns = turns
        self._handle, self._address = handle, _address(handle)
        self._matrix = raw.FS_MATRIX()
        self._at = ctypes.addressof(self._matrix)
        self._bold: dict[int | None, bool] = {}

    def ask(self, item: int | None, index: int) -> _Style:
        """What is not known yet, by one of the object's characters."""
        found = self[item] = self._asked(item, index)
        return found

    def _asked(self, item: int | None, index: int) -> _Style:
        size = _size_of(self._address, index)
        matrix, quarter = self._matrix, 0
        if _matrix_of(self._address, index, self._at):
            quarter = _quarter(matrix.a * size, matrix.b * size)
            size *= sqrt(matrix.c * matrix.c + matrix.d * matrix.d) or 1.0
        font = _font_of(item) if item else None
        if font not in self._bold:
            self._bold[font] = _is_bold(self._handle, index)
        turned = quarter if quarter < 0 else (quarter - self._turns) % 4
        return size, self._bold[font], turned, quarter % 2 == 0


def _quarter(right: float, up: float) -> int:
    """How many quarters to the left the direction of a text is turned on the paper; -1 where it runs aslant."""
    if abs(up) <= _SLANT * abs(right):
        return 0 if right >= 0 else 2
    if abs(right) <= _SLANT * abs(up):
        return 1 if up > 0 else 3
    return -1


def _is_bold(textpage: Any, index: int) -> bool:
    if raw.FPDFText_GetFontWeight(textpage, index) >= _BOLD_WEIGHT:
        return True
    buffer = ctypes.create_string_buffer(128)
    flags = ctypes.c_int()
    raw.FPDFText_GetFontInfo(textpage, index, buffer, 128, flags)
    font = buffer.value.lower()
    return b"bold" in font or b"black" in font or b"heavy" in font
