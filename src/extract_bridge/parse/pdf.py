"""PDF pages through PDFium, and the one lock that it needs.

PDFium is not safe to use from several threads at once, not even with different documents; every use holds `_LOCK`.
Longer than most modules: documents, pages and their drawn lines share that lock.
"""

from __future__ import annotations

import ctypes
import threading
from contextlib import closing, contextmanager
from itertools import islice
from typing import TYPE_CHECKING, Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from extract_bridge.core.errors import DocumentError
from extract_bridge.parse.model import Page, Rule, Word
from extract_bridge.parse.pdf_forms import as_drawn, filled_in
from extract_bridge.parse.pdf_streams import check_streams
from extract_bridge.parse.pdf_words import printed_words
from extract_bridge.parse.view import View

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from PIL.Image import Image

    from extract_bridge.parse.model import FormField

_LOCK = threading.RLock()
_MAX_PATHS = 20_000  # a map or a chart may hold millions of paths; no table needs so many
_MAX_DEPTH = 8
_DOTS = 200  # an inch
_MAX_PICTURE = 3000  # pixels a side


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
        DocumentError: It cannot be opened, or a page cannot be read; `encrypted`, `broken`, `no_pages` or `too_large`.
    """
    check_streams(data, name)
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


def pdf_pictures(data: bytes, name: str, numbers: Sequence[int]) -> Iterator[tuple[int, Image, float]]:
    """Pictures of pages as seen: number, picture, and points a pixel. The lock is free between two pages.

    Raises:
        DocumentError: It cannot be opened, or a page cannot be read; `encrypted`, `broken` or `no_pages`.
    """
    for number in numbers:
        with _opened(data, name) as document, _loaded(document, number, name) as page:
            width, height = _view_of(page).size
            scale = min(_DOTS / 72, _MAX_PICTURE / max(width, height, 1.0))
            picture = page.render(scale=scale).to_pil().convert("RGB")
        yield number, picture, 1 / scale


def pdf_looks(data: bytes, name: str, number: int, dots: int) -> tuple[float, float, Image]:
    """One page as a viewer shows it, filled-in forms and notes included: width and height in points, and its picture.

    Raises:
        DocumentError: It cannot be opened, or the page cannot be drawn; `encrypted`, `broken` or `no_pages`.
    """
    with _opened(data, name) as document:
        _init_forms(document)
        with _loaded(document, number, name) as page:
            width, height = _view_of(page).size
            scale = min(dots / 72, _MAX_PICTURE / max(width, height, 1.0))
            try:
                return width, height, page.render(scale=scale).to_pil().convert("RGB")
            except (pdfium.PdfiumError, ValueError):  # a page of no size at all, for example
                raise DocumentError(
                    f"page {number} of the PDF cannot be drawn",
                    code="broken",
                    where=name,
                    hint="Open it in a viewer; if it shows the page, print the document to a new PDF",
                ) from None


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
    printed = printed_words(page, view)
    fields, notes = filled_in(document.formenv, page, view)
    if notes or any(field.words for field in fields):
        drawn = _drawn_words(document, page, number, view)
        known = set(printed)
        fields, notes = as_drawn(fields, notes, [word for word in drawn if word not in known])
    filled = [*(word for field in fields for word in field.words), *notes]
    words = [word for word in (*printed, *filled) if _on_page(word, width, height)]
    return Page(
        number=number,
        width=width,
        height=height,
        words=tuple(words),
        rules=_rules(page, view),
        fields=tuple(field for field in fields if _on_page(field, width, height)),
        source="form" if filled else "text",
    )


def _drawn_words(document: Any, page: Any, number: int, view: View) -> list[Word]:
    """The words of a page with its form fields and notes, where they bring their own looks; changes the page."""
    if raw.FPDFPage_Flatten(page, raw.FLAT_NORMALDISPLAY) != raw.FLATTEN_SUCCESS:
        return []
    with closing(document.get_page(number - 1)) as again:
        return printed_words(again, view)


def _view_of(page: Any) -> View:
    left, bottom, right, top = page.get_bbox()
    return View(left, top, right - left, top - bottom, page.get_rotation() // 90 % 4)


def _on_page(word: Word | FormField, width: float, height: float) -> bool:
    """Whether a reader sees the word: text outside the page's box is cut away."""
    return 0 <= (word.x0 + word.x1) / 2 <= width and 0 <= (word.y0 + word.y1) / 2 <= height


_Edge = tuple[float, float, float, float]


def _rules(page: Any, view: View) -> tuple[Rule, ...]:
    """Straight drawn lines and the edges of drawn rectangles, each once: cells side by side draw the edge between them twice.

    A grid has few places for its many lines, so equal numbers are one object.
    """
    edges = dict.fromkeys(
        edge for path, matrix in islice(_paths(page), _MAX_PATHS) for edge in _path_edges(path, matrix, view)
    )
    known: dict[float, float] = {}
    return tuple(Rule(*(known.setdefault(place, place) for place in edge)) for edge in edges)


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


def _path_edges(path: Any, matrix: _Matrix, view: View) -> Iterator[_Edge]:
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    if not raw.FPDFPath_GetDrawMode(path, fill, stroke) or not (fill.value or stroke.value):
        return
    for start, end in _segments(path, bool(fill.value)):
        ax, ay = view.point(*_apply(matrix, start))
        bx, by = view.point(*_apply(matrix, end))
        if abs(ax - bx) <= 1.0 or abs(ay - by) <= 1.0:
            yield min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)


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
