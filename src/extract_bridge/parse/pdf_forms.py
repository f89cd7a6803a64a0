"""What is filled into a PDF's form fields or noted on its pages: viewers draw it, and it is no part of the page's text.

Part of `pdf`, which holds the library's lock.
"""

from __future__ import annotations

import ctypes
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pypdfium2.raw as raw

from extract_bridge.parse.glyphs import CHECKED, clean, field_words
from extract_bridge.parse.model import FormField, Word

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from extract_bridge.parse.model import FieldKind
    from extract_bridge.parse.view import View

_UNSEEN_FLAGS = raw.FPDF_ANNOT_FLAG_HIDDEN | raw.FPDF_ANNOT_FLAG_NOVIEW
_MAX_ANNOTATIONS = 20_000
_SIZE = re.compile(r"(\d{1,4}(?:\.\d{1,6})?)\s{1,9}Tf")
_WRITTEN = (raw.FPDF_FORMFIELD_TEXTFIELD, raw.FPDF_FORMFIELD_COMBOBOX, raw.FPDF_FORMFIELD_LISTBOX)
_TICKED: dict[int, FieldKind] = {
    raw.FPDF_FORMFIELD_CHECKBOX: "checkbox",
    raw.FPDF_FORMFIELD_RADIOBUTTON: "radio",
}


def filled_in(form: Any, page: Any, view: View) -> tuple[list[FormField], list[Word]]:
    """The form fields of a page, and the words of text notes on it.

    Args:
        form: The document's form environment; None where it has no form.
        page: The page, open.
        view: How its coordinates are seen.
    """
    fields: list[FormField] = []
    notes: list[Word] = []
    for annotation in _annotations(page):
        rect = raw.FS_RECTF()
        unseen = raw.FPDFAnnot_GetFlags(annotation) & _UNSEEN_FLAGS
        if unseen or not raw.FPDFAnnot_GetRect(annotation, rect):
            continue
        box = view.box(rect.left, rect.bottom, rect.right, rect.top)
        kind = raw.FPDFAnnot_GetSubtype(annotation)
        if kind == raw.FPDF_ANNOT_WIDGET:
            field = _field(form, annotation, box)
            fields += [field] if field else []
        elif kind == raw.FPDF_ANNOT_FREETEXT:
            notes += field_words(_entry(annotation, b"Contents"), box, _size(_entry(annotation, b"DA")))
    return fields, notes


def as_drawn(
    fields: list[FormField], notes: list[Word], drawn: list[Word]
) -> tuple[list[FormField], list[Word]]:
    """Fields and notes with the words that are drawn for them, where those say the same; else as they were.

    Args:
        fields: The fields, their words where they would roughly stand.
        notes: The words of text notes, placed alike.
        drawn: What the page shows beyond its own text.
    """
    exact = [_redrawn(field, drawn) if field.kind == "text" and field.words else field for field in fields]
    used = {id(word) for field in exact for word in field.words}
    rest = [word for word in drawn if id(word) not in used]
    same = notes and sorted(word.text for word in rest) == sorted(word.text for word in notes)
    return exact, rest if same else notes


def _redrawn(field: FormField, drawn: list[Word]) -> FormField:
    inside = tuple(
        word
        for word in drawn
        if field.x0 - 1 <= (word.x0 + word.x1) / 2 <= field.x1 + 1
        and field.y0 - 1 <= (word.y0 + word.y1) / 2 <= field.y1 + 1
    )
    said = "".join(word.text for word in inside)
    return replace(field, words=inside) if said == "".join(word.text for word in field.words) else field


def _annotations(page: Any) -> Iterator[Any]:
    for index in range(min(raw.FPDFPage_GetAnnotCount(page), _MAX_ANNOTATIONS)):
        annotation = raw.FPDFPage_GetAnnot(page, index)
        if annotation:
            try:
                yield annotation
            finally:
                raw.FPDFPage_CloseAnnot(annotation)


def _field(form: Any, annotation: Any, box: tuple[float, float, float, float]) -> FormField | None:
    if form is None:  # pages taken out of a form keep the fields' looks and values, but not the form
        if _entry(annotation, b"FT") == "Btn":
            mark = (Word(CHECKED, *box, size=box[3] - box[1]),)
            return FormField("checkbox", *box, mark if _entry(annotation, b"AS") not in ("", "Off") else ())
        text = _entry(annotation, b"V")
        return FormField("text", *box, tuple(field_words(text, box, 0.0)), _entry(annotation, b"TU"))
    kind = raw.FPDFAnnot_GetFormFieldType(form, annotation)
    label = _line(_string(raw.FPDFAnnot_GetFormFieldAlternateName, form, annotation))
    if kind in _TICKED:
        mark = (Word(CHECKED, *box, size=box[3] - box[1]),)
        checked = raw.FPDFAnnot_IsChecked(form, annotation)
        return FormField(_TICKED[kind], *box, mark if checked else (), label)
    if kind not in _WRITTEN:
        return None
    size = ctypes.c_float()
    raw.FPDFAnnot_GetFontSize(form, annotation, size)
    text = _string(raw.FPDFAnnot_GetFormFieldValue, form, annotation)
    return FormField("text", *box, tuple(field_words(text, box, size.value)), label)


def _size(appearance: str) -> float:
    """The font size that a default appearance such as `/Helv 12 Tf` states; 0 where it states none."""
    found = _SIZE.search(appearance)
    return float(found[1]) if found else 0.0


def _line(text: str) -> str:
    return " ".join("".join(map(clean, text)).split())


def _entry(annotation: Any, key: bytes) -> str:
    """A text of the annotation's dictionary; empty where there is none."""
    return _string(raw.FPDFAnnot_GetStringValue, annotation, key)


def _string(read: Callable[..., int], *arguments: Any) -> str:
    """A text that the library writes as UTF-16 into a buffer of the length it tells."""
    length = read(*arguments, None, 0)
    if length <= 2:
        return ""
    buffer = ctypes.create_string_buffer(length)
    read(*arguments, ctypes.cast(buffer, ctypes.POINTER(raw.FPDF_WCHAR)), length)
    return buffer.raw[: length - 2].decode("utf-16-le", errors="replace")
