"""PDF pages through PDFium: the only module that knows the library, and the one lock that it needs.

PDFium is not safe to use from several threads at once, not even with different documents; every use holds `_LOCK`.
"""

from __future__ import annotations

import ctypes
import threading
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from extract_bridge.core.errors import DocumentError
from extract_bridge.parse.glyphs import CHECKED, Glyph, field_words, words_of
from extract_bridge.parse.model import Page, Rule, Word

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_LOCK = threading.RLock()
_MAX_PATHS = 20_000  # a map or a chart may hold millions of paths; no table needs so many
_MAX_DEPTH = 8
_BOLD_WEIGHT = 600
_UNSEEN_FLAGS = raw.FPDF_ANNOT_FLAG_HIDDEN | raw.FPDF_ANNOT_FLAG_NOVIEW


@dataclass(frozen=True, slots=True)
class _View:
    """From the PDF's own coordinates (points up from the lower left of some box) to the page as a reader sees it."""

    left: float
    top: float
    width: float
    height: float
    turns: int

    @property
    def size(self) -> tuple[float, float]:
        """Width and height as seen."""
        return (self.height, self.width) if self.turns % 2 else (self.width, self.height)

    def point(self, x: float, y: float) -> tuple[float, float]:
        """One point, from the top left as seen."""
        across, down = x - self.left, self.top - y
        match self.turns:
            case 1:
                return self.height - down, across
            case 2:
                return self.width - across, self.height - down
            case 3:
                return down, self.width - across
            case _:
                return across, down

    def box(self, left: float, bottom: float, right: float, top: float) -> tuple[float, float, float, float]:
        """A rectangle as (x0, y0, x1, y1), x0 <= x1 and y0 <= y1."""
        ax, ay = self.point(left, bottom)
        bx, by = self.point(right, top)
        return min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)


@contextmanager
def _opened(data: bytes, name: str) -> Iterator[Any]:
    """The document, under the lock, closed afterwards."""
    with _LOCK:
        handle = raw.FPDF_LoadMemDocument64(data, len(data), None)
        if not handle:
            raise _load_error(raw.FPDF_GetLastError(), name)
        document = pdfium.PdfDocument(handle)
        with closing(document):
            if not len(document):
                raise DocumentError(
                    "the PDF has no pages",
                    code="no_pages",
                    where=name,
                    hint="Send a document with at least one page",
                )
            yield document


def _load_error(code: int, name: str) -> DocumentError:
    if code == raw.FPDF_ERR_PASSWORD:
        return DocumentError(
            "the PDF is encrypted",
            code="encrypted",
            where=name,
            hint="Save a copy without a password and send that",
        )
    return DocumentError(
        "the PDF cannot be opened: it is cut off or damaged",
        code="broken",
        where=name,
        hint="Open it in a viewer; if it opens there, print it to a new PDF",
    )


def count_pdf_pages(data: bytes, name: str) -> int:
    """How many pages the PDF has.

    Raises:
        DocumentError: It cannot be opened; `encrypted`, `broken` or `no_pages`.
    """
    with _opened(data, name) as document:
        return len(document)


def read_pdf_pages(data: bytes, name: str, numbers: Sequence[int]) -> tuple[list[Page], list[int]]:
    """The pages with these 1-based numbers, in this order, and the numbers of those that show something but hold no text.

    Raises:
        DocumentError: It cannot be opened, or a page cannot be read; `encrypted`, `broken` or `no_pages`.
    """
    pages: list[Page] = []
    unread: list[int] = []
    with _opened(data, name) as document:
        _init_forms(document)
        for number in numbers:
            with _loaded(document, number, name) as page:
                pages.append(_read_page(document, page, number))
                if not pages[-1].words and raw.FPDFPage_CountObjects(page):
                    unread.append(number)
    return pages, unread


@contextmanager
def _loaded(document: Any, number: int, name: str) -> Iterator[Any]:
    """One page, closed afterwards."""
    try:
        page = document.get_page(number - 1)
    except pdfium.PdfiumError:
        raise DocumentError(
            f"page {number} of the PDF is damaged",
            code="broken",
            where=name,
            hint="Leave the page out with target_pages, or print the document to a new PDF",
        ) from None
    with closing(page):
        yield page


def _init_forms(document: Any) -> None:
    """Makes form fields readable; the library's own way logs a warning for every form of the XFA kind."""
    if document.get_formtype() == raw.FORMTYPE_NONE:
        return
    config = raw.FPDF_FORMFILLINFO(version=2)
    handle = raw.FPDFDOC_InitFormFillEnvironment(document, config)
    if handle:
        document.formenv = pdfium.PdfFormEnv(handle, config)


def _read_page(document: Any, page: Any, number: int) -> Page:
    view = _view_of(page)
    width, height = view.size
    printed = words_of(_glyphs(page, view))
    filled = list(_form_words(document.formenv, page, view))
    words = [word for word in (*printed, *filled) if _on_page(word, width, height)]
    return Page(
        number=number,
        width=width,
        height=height,
        words=tuple(words),
        rules=tuple(_rules(page, view)),
        source="form" if filled else "text",
    )


def _view_of(page: Any) -> _View:
    left, bottom, right, top = page.get_bbox()
    return _View(left, top, right - left, top - bottom, page.get_rotation() // 90 % 4)


def _on_page(word: Word, width: float, height: float) -> bool:
    """Whether a reader sees the word: text outside the page's box is cut away."""
    return 0 <= (word.x0 + word.x1) / 2 <= width and 0 <= (word.y0 + word.y1) / 2 <= height


def _glyphs(page: Any, view: _View) -> Iterator[Glyph]:
    """Every character of the page's text in PDFium's order, blanks that it inferred included."""
    with closing(page.get_textpage()) as textpage:
        fonts: dict[int, tuple[float, bool]] = {}
        rect = raw.FS_RECTF()
        high = ""
        for index in range(raw.FPDFText_CountChars(textpage)):
            code = raw.FPDFText_GetUnicode(textpage, index)
            if 0xD800 <= code < 0xDC00:
                high = chr(code)
                continue
            text = _joined(high, code)
            high = ""
            if text.isspace() or not code:
                yield Glyph(" ", 0, 0, 0, 0, 0, bold=False)
                continue
            size, bold = _font(textpage, index, fonts)
            if not raw.FPDFText_GetLooseCharBox(textpage, index, rect):
                continue
            box = view.box(rect.left, rect.bottom, rect.right, rect.top)
            yield Glyph(text, *box, size, bold)


def _joined(high: str, code: int) -> str:
    """One character; PDFium gives those beyond the first plane as two halves."""
    if high and 0xDC00 <= code < 0xE000:
        return (high + chr(code)).encode("utf-16", "surrogatepass").decode("utf-16")
    return chr(code)


def _font(textpage: Any, index: int, known: dict[int, tuple[float, bool]]) -> tuple[float, bool]:
    """Size in points and whether bold; the same for all characters of one text object."""
    handle = raw.FPDFText_GetTextObject(textpage, index)
    key = ctypes.cast(handle, ctypes.c_void_p).value or 0
    if key not in known:
        matrix = raw.FS_MATRIX()
        scale = 1.0
        if raw.FPDFText_GetMatrix(textpage, index, matrix):
            scale = (matrix.c**2 + matrix.d**2) ** 0.5 or 1.0
        size = raw.FPDFText_GetFontSize(textpage, index) * scale
        known[key] = (size, _is_bold(textpage, index))
    return known[key]


def _is_bold(textpage: Any, index: int) -> bool:
    if raw.FPDFText_GetFontWeight(textpage, index) >= _BOLD_WEIGHT:
        return True
    buffer = ctypes.create_string_buffer(128)
    flags = ctypes.c_int()
    raw.FPDFText_GetFontInfo(textpage, index, buffer, 128, flags)
    font = buffer.value.lower()
    return b"bold" in font or b"black" in font or b"heavy" in font


def _rules(page: Any, view: _View) -> Iterator[Rule]:
    """Straight drawn lines and the edges of drawn rectangles."""
    left = _MAX_PATHS
    for path, matrix in _paths(page):
        left -= 1
        if left < 0:
            return
        yield from _path_rules(path, matrix, view)


_Matrix = tuple[float, float, float, float, float, float]


def _paths(page: Any) -> Iterator[tuple[Any, _Matrix]]:
    """Every path object with the matrix that takes its points to the page; also those inside form objects."""
    stack: list[tuple[Any, _Matrix, int]] = []
    count = raw.FPDFPage_CountObjects(page)
    stack = [(raw.FPDFPage_GetObject(page, i), (1, 0, 0, 1, 0, 0), 0) for i in range(count - 1, -1, -1)]
    while stack:
        item, outer, depth = stack.pop()
        kind = raw.FPDFPageObj_GetType(item)
        if kind not in (raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_FORM):
            continue
        matrix = _times(_matrix_of(item), outer)
        if kind == raw.FPDF_PAGEOBJ_PATH:
            yield item, matrix
        elif depth < _MAX_DEPTH:
            inner = raw.FPDFFormObj_CountObjects(item)
            stack.extend(
                (raw.FPDFFormObj_GetObject(item, i), matrix, depth + 1) for i in range(inner - 1, -1, -1)
            )


def _matrix_of(item: Any) -> _Matrix:
    m = raw.FS_MATRIX()
    if not raw.FPDFPageObj_GetMatrix(item, m):
        return 1, 0, 0, 1, 0, 0
    return m.a, m.b, m.c, m.d, m.e, m.f


def _times(inner: _Matrix, outer: _Matrix) -> _Matrix:
    a, b, c, d, e, f = inner
    oa, ob, oc, od, oe, of = outer
    return (
        a * oa + b * oc,
        a * ob + b * od,
        c * oa + d * oc,
        c * ob + d * od,
        e * oa + f * oc + oe,
        e * ob + f * od + of,
    )


def _path_rules(path: Any, matrix: _Matrix, view: _View) -> Iterator[Rule]:
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    if not raw.FPDFPath_GetDrawMode(path, fill, stroke) or not (fill.value or stroke.value):
        return
    for start, end in _segments(path, bool(fill.value)):
        ax, ay = view.point(*_apply(matrix, start))
        bx, by = view.point(*_apply(matrix, end))
        if abs(ax - bx) <= 1.0 or abs(ay - by) <= 1.0:
            yield Rule(min(ax, bx), min(ay, by), max(ax, bx), max(ay, by))


def _apply(matrix: _Matrix, point: tuple[float, float]) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    x, y = point
    return a * x + c * y + e, b * x + d * y + f


_Point = tuple[float, float]


def _segments(path: Any, filled: bool) -> Iterator[tuple[_Point, _Point]]:
    """The straight pieces of a path; a filled one is closed whether it says so or not."""
    start: _Point | None = None
    here: _Point | None = None
    x, y = ctypes.c_float(), ctypes.c_float()
    for index in range(min(raw.FPDFPath_CountSegments(path), 1000)):
        segment = raw.FPDFPath_GetPathSegment(path, index)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        there = (x.value, y.value)
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            if filled and here is not None and start is not None and here != start:
                yield here, start
            start = there
        elif kind == raw.FPDF_SEGMENT_LINETO and here is not None:
            yield here, there
        here = there
        if raw.FPDFPathSegment_GetClose(segment) and start is not None and here != start:
            yield here, start
            here = start
    if filled and here is not None and start is not None and here != start:
        yield here, start


def _form_words(form: Any, page: Any, view: _View) -> Iterator[Word]:
    """What is filled into form fields: a viewer draws it, and it is no part of the page's text."""
    for index in range(raw.FPDFPage_GetAnnotCount(page)):
        annotation = raw.FPDFPage_GetAnnot(page, index)
        try:
            if raw.FPDFAnnot_GetSubtype(annotation) == raw.FPDF_ANNOT_WIDGET:
                yield from _field_words(form, annotation, view)
        finally:
            raw.FPDFPage_CloseAnnot(annotation)


def _field_words(form: Any, annotation: Any, view: _View) -> list[Word]:
    rect = raw.FS_RECTF()
    unseen = raw.FPDFAnnot_GetFlags(annotation) & _UNSEEN_FLAGS
    if unseen or not raw.FPDFAnnot_GetRect(annotation, rect):
        return []
    box = view.box(rect.left, rect.bottom, rect.right, rect.top)
    if form is None:  # pages taken out of a form keep the fields' looks and values, but not the form
        return field_words(_entry(annotation, b"V"), box, 0.0)
    kind = raw.FPDFAnnot_GetFormFieldType(form, annotation)
    if kind in (raw.FPDF_FORMFIELD_CHECKBOX, raw.FPDF_FORMFIELD_RADIOBUTTON):
        checked = raw.FPDFAnnot_IsChecked(form, annotation)
        return [Word(CHECKED, *box, size=box[3] - box[1])] if checked else []
    if kind not in (raw.FPDF_FORMFIELD_TEXTFIELD, raw.FPDF_FORMFIELD_COMBOBOX, raw.FPDF_FORMFIELD_LISTBOX):
        return []
    size = ctypes.c_float()
    raw.FPDFAnnot_GetFontSize(form, annotation, size)
    return field_words(_field_value(form, annotation), box, size.value)


def _field_value(form: Any, annotation: Any) -> str:
    length = raw.FPDFAnnot_GetFormFieldValue(form, annotation, None, 0)
    if length <= 2:
        return ""
    buffer = ctypes.create_string_buffer(length)
    raw.FPDFAnnot_GetFormFieldValue(
        form, annotation, ctypes.cast(buffer, ctypes.POINTER(raw.FPDF_WCHAR)), length
    )
    return buffer.raw[: length - 2].decode("utf-16-le", errors="replace")


def _entry(annotation: Any, key: bytes) -> str:
    """A text of the annotation's dictionary; empty where there is none."""
    length = raw.FPDFAnnot_GetStringValue(annotation, key, None, 0)
    if length <= 2:
        return ""
    buffer = ctypes.create_string_buffer(length)
    raw.FPDFAnnot_GetStringValue(annotation, key, ctypes.cast(buffer, ctypes.POINTER(raw.FPDF_WCHAR)), length)
    return buffer.raw[: length - 2].decode("utf-16-le", errors="replace")
