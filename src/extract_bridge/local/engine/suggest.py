"""A first schema by rules: from the fields that a prompt names, or from the labels and tables that a document prints.

No model reads the prompt. What is proposed is only what stands there, and each description says where.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from extract_bridge.local.engine.labels import LabelIndex
from extract_bridge.local.engine.lexicon.phrases import phrase_index
from extract_bridge.local.engine.pageview import view_pages
from extract_bridge.local.engine.spans import find
from extract_bridge.local.engine.tables.match import column, is_number
from extract_bridge.local.engine.text import fold, label_key, split_name
from extract_bridge.local.engine.values import Locale, names_a_date
from extract_bridge.parse.layout import find_tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from extract_bridge.local.engine.labels import LabelHit
    from extract_bridge.local.engine.pageview import PageView, Segment
    from extract_bridge.parse.model import ParsedDocument, Table

Properties = dict[str, dict[str, Any]]

_MOST_FIELDS = 100
_LONGEST_NAME = 60
_LONGEST_PROMPT = 20_000
_MOST_WORDS = 7
_LEAST_QUALITY = 0.9

_ASK = re.compile(
    r"^(?:(?:please|kindly|i|we|you|want|need|would|like|should|must|can|could|to|me|us|help)\s+)*"
    r"(?:extract(?:ing)?|get|find|give|list|return|pull(?: out)?|capture|read|show|collect|identify|obtain|fields?|know|need|want)\b"
    r"(?:\s+(?:me|us|out|all of|both|following|the following|fields?|information|data|values?))*\s*:?\s*",
    re.IGNORECASE,
)
_SOURCE = re.compile(
    r"(?<!\s)\s++(?:from|in|on|out of|of|for)\s+(?:the|this|these|that|those|each|every|all|an?|any|my|our|your)\s+"
    r"(?:\w+\s+){0,2}(?:documents?|files?|pages?|pdfs?|invoices?|receipts?|contracts?|forms?|bills?|letters?|statements?|reports?|"
    r"resumes?|cvs?|orders?|images?|scans?|tables?|texts?)\b.*$",
    re.IGNORECASE,
)
_ARTICLE = re.compile(
    r"^(?:(?:the|an?|its|their|each|every|any|also|as well as|plus|and|or|und|et|y|der|die|das|le|la|les|el|los|las)\s+)+",
    re.IGNORECASE,
)
_SPLIT = re.compile(r"\s{0,20}(?:[,;/&\n]|\b(?:and|und|et|y|as well as|plus)\b)\s*", re.IGNORECASE)
_NESTED = re.compile(
    r"^(?P<head>[^()]+?)\s{0,20}(?:\((?P<inside>[^()]+)\)\s*|,?\s{0,20}\b(?:each with|with|including|containing|consisting of)\b\s+(?P<rest>.+))$",
    re.IGNORECASE | re.DOTALL,
)
_BULLET = re.compile(r"^\s*(?:[-*•]|\d{1,3}[.)])\s+(.*)$")
_EVERY = re.compile(r"^(?:all(?: of)?(?: the)?|(?:a )?list of(?: all)?(?: the)?|every)\s+", re.IGNORECASE)
_WHETHER = re.compile(r"^(?:whether|if|is|has|are)\b", re.IGNORECASE)
_COUNTED = re.compile(
    r"^(?:number|count|amount) of\b|\b(?:amount|price|cost|fee|quantity|qty|count|sum|total|subtotal|rate|percent(?:age)?|salary|weight|age|balance|"
    r"score|discount)$",
    re.IGNORECASE,
)
_COLON = re.compile(r"^\s*([^\W\d_][^:\n]{0,48}?)\s*:(?!//)\s*(.*)$")
_NUMERIC_KINDS = frozenset({"amount", "number", "percent"})


def suggest_from_prompt(prompt: str) -> Properties:
    """The fields that a prompt names, such as `invoice number, date and total`.

    `line items with description and price` and `line items (description, price)` are a list of objects.

    Args:
        prompt: Plain words; only the first 20,000 characters are read.

    Returns:
        Properties of an object schema; none where the prompt names no field.
    """
    found: Properties = {}
    for passage, note in _passages(prompt[:_LONGEST_PROMPT]):
        for name, schema in _fields(passage, note):
            if len(found) < _MOST_FIELDS:
                found.setdefault(name, schema)
    return found


def suggest_from_document(document: ParsedDocument) -> Properties:
    """The labels with a value and the headed tables that a document prints.

    Returns:
        Properties of an object schema, in reading order, tables last; the values themselves are not in it.
    """
    found: Properties = {}
    index = LabelIndex([])
    for view in view_pages(document):
        for label, value in _labelled(view, index):
            name = _name_of(label)
            if name and len(found) < _MOST_FIELDS:
                found.setdefault(
                    name, _typed(_kind_of(label, value), f'Printed as "{label}" on page {view.page.number}')
                )
    for page in document.pages:
        for table in find_tables(page):
            columns = _columns(table, page.number, stated=bool(page.tables))
            if columns and columns not in [_inside(schema) for schema in found.values()]:
                _add_list(found, columns, page.number)
    return found


def object_schema(properties: Properties, description: str) -> dict[str, Any]:
    """The schema with these properties."""
    return {"type": "object", "description": description, "properties": properties}


# Prompts


def _passages(prompt: str) -> Iterator[tuple[str, str]]:
    """The parts of a prompt that name fields, each with the words that explain it, if any."""
    lines = [line for line in prompt.splitlines() if line.strip()]
    bullets = [match[1] for line in lines if (match := _BULLET.match(line))]
    if bullets:
        for bullet in bullets:
            name, colon, note = bullet.partition(": ")
            yield (name, note.strip()) if colon else (bullet, "")
        return
    sentences = [part for part in re.split(r"(?<=[.!?])\s+|\n{2,}", prompt.strip()) if part.strip()]
    asked = [part for part in sentences if _ASK.match(part.strip())]
    for part in asked or sentences[:1]:
        yield part, ""


def _fields(passage: str, note: str) -> Iterator[tuple[str, dict[str, Any]]]:
    text = _SOURCE.sub("", _ASK.sub("", passage.strip()).rstrip(" .!?:"))
    for piece in _pieces(text):
        nested = _NESTED.match(piece)
        if nested:
            inner = dict(_fields(nested["inside"] or nested["rest"], ""))
            head = _phrase(nested["head"])
            if head and inner:
                yield _name_of(head), _list_of(inner, _said(head, note))
            continue
        many = _EVERY.match(piece) is not None
        phrase = _phrase(_EVERY.sub("", piece))
        if phrase and _name_of(phrase):
            schema = _typed(_kind_named(phrase), _said(phrase, note))
            yield _name_of(phrase), _list_of_scalars(schema) if many else schema


def _pieces(text: str) -> Iterator[str]:
    """The parts between commas and `and`, where brackets and `with …` keep what belongs to them."""
    rest = text
    while rest:
        inside = re.match(r"^([^,;\n()]*\([^()]*\))\s*(?:[,;\n]|\band\b|$)\s*", rest)
        if inside:
            # `date and items (…)`: only what stands right before the bracket has what is in it.
            head, bracket, tail = inside[1].partition("(")
            *before, last = [part for part in _SPLIT.split(head) if part.strip()] or [""]
            yield from before
            yield last + bracket + tail
            rest = rest[inside.end() :]
            continue
        first = re.match(r"^(.*?)(?:\s{0,20}[,;\n]\s*|$)", rest)
        part = first[1] if first else rest
        if re.search(r"\b(?:each with|with|including|containing|consisting of)\b\s+\S", part):
            whole = re.match(r"^[^;\n]*", rest)
            part = whole[0] if whole else rest
            before, last = _cut_before_list(part)
            yield from before
            yield last
            rest = rest[len(part) :].lstrip(" ;\n,")
            continue
        yield from (item for item in _SPLIT.split(part) if item.strip())
        rest = rest[first.end() :] if first and first.end() else ""


def _cut_before_list(part: str) -> tuple[list[str], str]:
    """`total and items with a, b` -> (`total`,) and `items with a, b`."""
    head = re.split(r"\b(?:each with|with|including|containing|consisting of)\b", part, maxsplit=1)[0]
    names = [item for item in _SPLIT.split(head) if item.strip()]
    last = names[-1] if names else ""
    return names[:-1], part[part.rfind(last, 0, len(head)) :]


def _phrase(text: str) -> str:
    """The words of one field; empty where they are no name."""
    text = _SOURCE.sub("", " " + text.strip(" .!?:\"'`*")).strip()
    text = _ARTICLE.sub("", text).strip(" .!?:\"'`*")
    words = text.split()
    return " ".join(words) if 0 < len(words) <= _MOST_WORDS and re.search(r"[^\W\d_]", text) else ""


def _said(phrase: str, note: str) -> str:
    where = f'Named in the prompt as "{phrase}"'
    return f"{where}: {note}" if note else where


def _kind_named(phrase: str) -> str:
    """The JSON type of a field that is only named; `date` for a string that is one."""
    if _WHETHER.match(phrase):
        return "boolean"
    kinds = {concept.kind for concept in phrase_index().get(label_key(split_name(phrase)), ())}
    if "date" in kinds or names_a_date(fold(split_name(phrase)), ""):
        return "date"
    if kinds and kinds <= _NUMERIC_KINDS:
        return "number"
    return "number" if not kinds and _COUNTED.search(split_name(phrase)) else "string"


# Documents


def _labelled(view: PageView, index: LabelIndex) -> Iterator[tuple[str, str]]:
    """Labels of one page and the text that each stands for."""
    hits = index.hits(view)
    for segment in view.segments:
        colon = _COLON.match(segment.text)
        if colon and len(colon[1].split()) <= _MOST_WORDS:
            value = colon[2] or _beside(view, segment, hits)
            if value:
                yield colon[1], value
            continue
        for hit in hits.get(segment, [])[:1]:
            value = _beside(view, segment, hits) if hit.alone else segment.text[hit.end :].strip(" :#.-")
            if hit.start == 0 and hit.quality >= _LEAST_QUALITY and _speaks(hit, value):
                yield segment.text[: hit.end].strip(" :#.-"), value


def _speaks(hit: LabelHit, value: str) -> bool:
    """A label without a colon needs a value that looks like one."""
    return bool(value) and (hit.alone or any(letter.isdigit() for letter in value))


def _beside(view: PageView, segment: Segment, hits: dict[Segment, list[LabelHit]]) -> str:
    """The text right of a label, or else below it, where that is no label itself."""
    for other in (*view.right_of(segment)[:1], *view.below(segment.x0, segment.x1, segment.line, count=1)):
        if other not in hits and not _COLON.match(other.text):
            return other.text
    return ""


def _kind_of(label: str, value: str) -> str:
    """The JSON type that a label and the value beside it show."""
    kinds = {concept.kind for concept in phrase_index().get(label_key(label), ())}
    if any(item.start == 0 and item.end == len(value) for item in find("date", value, Locale())):
        return "date"
    if kinds:
        numeric = kinds <= _NUMERIC_KINDS and is_number(value)
        return "number" if numeric else "date" if kinds == {"date"} else "string"
    if not is_number(value):
        return "string"
    digits = re.sub(r"\D", "", value)
    return "string" if (digits.startswith("0") and digits == value) or len(digits) > 9 else "number"


def _columns(table: Table, page: int, *, stated: bool) -> Properties:
    """A property for each headed column; none where it is no table of records."""
    head, body = table.rows[: table.header_rows], table.rows[table.header_rows :]
    if not head or not body or len(table.rows[0]) < (2 if stated else 3):
        return {}
    found: Properties = {}
    for at in range(len(table.rows[0])):
        heading = " ".join(dict.fromkeys(row[at].text for row in head if row[at].text))
        name = _name_of(heading)
        if not name or is_number(heading) or heading.rstrip().endswith(":"):
            continue
        seen = column(heading, [row[at].text for row in body])
        kind = "number" if seen.numbers > 0.7 else "date" if seen.dates > 0.7 else "string"
        kinds = {concept.kind for concept in phrase_index().get(label_key(heading), ())}
        kind = "string" if kinds == {"id"} else kind
        found.setdefault(name, _typed(kind, f'Column "{heading}" of the table on page {page}'))
    return found if len(found) >= max(2, 0.6 * len(table.rows[0])) else {}


def _add_list(found: Properties, columns: Properties, page: int) -> None:
    if any(list(_inside(schema)) == list(columns) for schema in found.values()):
        return  # the same table goes on
    number = 1 + sum(_inside(schema) != {} for schema in found.values())
    name = "rows" if number == 1 else f"rows_{number}"
    found[name] = _list_of(columns, f"The rows of the table on page {page}")


def _inside(schema: dict[str, Any]) -> Properties:
    """The properties of a list's items."""
    items = schema.get("items") or {}
    properties: Properties = items.get("properties") or {}
    return properties


# Schemas


def _name_of(text: str) -> str:
    """A property name: `Invoice No.` gives `invoice_no`."""
    words = re.findall(
        r"[a-z0-9]+", fold(split_name(text)).replace("#", " number ").replace("%", " percent ")
    )
    name = "_".join(words)[:_LONGEST_NAME].strip("_")
    return name if re.search(r"[a-z]", name) else ""


def _typed(kind: str, description: str) -> dict[str, Any]:
    schema = {"type": "string", "format": "date"} if kind == "date" else {"type": kind}
    return {"anyOf": [schema, {"type": "null"}], "description": description}


def _list_of(properties: Properties, description: str) -> dict[str, Any]:
    return {
        "type": "array",
        "description": description,
        "items": {"type": "object", "properties": properties},
    }


def _list_of_scalars(schema: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "description": schema["description"], "items": schema["anyOf"][0]}
