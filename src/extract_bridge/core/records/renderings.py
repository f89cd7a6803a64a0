"""A record's fields as text, with the place of each value in it.

A span is (start, end) in code points of the text; the text between is the value as it was rendered, and nothing else.
"""

from __future__ import annotations

import json
import re
import string
from collections.abc import Callable, Mapping
from math import isfinite
from typing import TYPE_CHECKING, Any

from extract_bridge.core.errors import ConfigurationError
from extract_bridge.core.records.clean import encodable, escape, is_object

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from extract_bridge.core.records.model import ExtractedRecord

Spans = dict[str, tuple[int, int]]
Content = str | Callable[["ExtractedRecord"], str]

_SCALARS = frozenset((str, int, float, bool))
_PLAIN_YAML = re.compile(r"[A-Za-z_][\w .,/()@-]*(?<! )")
_YAML_WORDS = frozenset(("true", "false", "null", "yes", "no", "on", "off", "y", "n"))


class _Text:
    """Text that grows and remembers where values were put."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.length = 0
        self.spans: Spans = {}

    def add(self, text: str) -> None:
        self.parts.append(text if text.isascii() else encodable(text))
        self.length += len(text)

    def value(self, pointer: str, text: str) -> None:
        self.spans[pointer] = (self.length, self.length + len(text))
        self.add(text)


def render(record: ExtractedRecord, data: Mapping[str, Any], content: Content) -> tuple[str, Spans]:
    """`data`, a part of the record or all of it, as text.

    Args:
        record: The record, for a callable.
        data: What to render, pointers inside the record kept: nested dicts, lists, and `Sparse` for parts of lists.
        content: `lines`, `markdown`, `json`, `yaml`, a template such as `"{seller.name} owes {total}"`, or a function of the
            record that returns text.

    Raises:
        ConfigurationError: `content` is none of these.
    """
    if callable(content):
        made = encodable(content(record))
        return made, unique_spans(made, leaves(data))
    text = _Text()
    if content in _RENDERINGS:
        _RENDERINGS[content](text, data)
    elif "{" in content:
        _template(text, data, content)
    else:
        raise ConfigurationError(
            f"content is none of {', '.join(_RENDERINGS)}, a template with {{fields}}, or a function",
            where="content",
            hint='content="lines" is the default',
        )
    return "".join(text.parts), text.spans


def unique_spans(text: str, shown: Iterable[tuple[str, str, Any]]) -> Spans:
    """Where values stand in a text that somebody else made: those that are in it exactly once."""
    spans: Spans = {}
    for pointer, _, value in shown:
        sought = encodable(scalar_text(value))
        at = text.find(sought) if sought else -1
        if at >= 0 and text.find(sought, at + 1) < 0:
            spans[pointer] = (at, at + len(sought))
    return spans


def scalar_text(value: Any) -> str:
    """A scalar as people read it: text as it is, the rest as JSON."""
    if isinstance(value, str):
        return value
    if type(value) is int:
        return str(value)
    if type(value) is float and isfinite(value):
        return repr(value)
    return json.dumps(value, ensure_ascii=False)


class Sparse:
    """Some items of a list by their places, for a part of a record: what belongs elsewhere takes no room."""

    __slots__ = ("items",)

    def __init__(self) -> None:
        self.items: dict[int, Any] = {}


def _is_list(value: Any) -> bool:
    return isinstance(value, list | Sparse)


def _placed(items: list[Any] | Sparse) -> Iterable[tuple[int, Any]]:
    """Each item with its place in the whole list."""
    return items.items.items() if isinstance(items, Sparse) else enumerate(items)


def leaves(data: Any, pointer: str = "", path: str = "") -> Iterator[tuple[str, str, Any]]:
    """(JSON pointer, dotted path, value) of every leaf that is not null."""
    if is_object(data):
        for name, value in data.items():
            if value is None:
                continue
            place, way = f"{pointer}/{escape(str(name))}", f"{path}.{name}" if path else str(name)
            if type(value) in _SCALARS:  # a generator less for most leaves
                yield place, way, value
            else:
                yield from leaves(value, place, way)
    elif _is_list(data):
        for index, value in _placed(data):
            yield from leaves(value, f"{pointer}/{index}", f"{path}[{index}]")
    elif data is not None:
        yield pointer, path, data


def _lines(text: _Text, data: Any) -> None:
    lead = ""
    for pointer, path, value in leaves(data):
        text.add(f"{lead}{path}: ")
        text.value(pointer, scalar_text(value))
        lead = "\n"


def _markdown(text: _Text, data: Any, pointer: str = "", path: str = "") -> None:
    scalars = {name: value for name, value in data.items() if not isinstance(value, Mapping | list | Sparse)}
    for name, value in scalars.items():
        if value is not None:
            text.add(f"- **{_cell(f'{path}{name}')}:** ")
            text.value(f"{pointer}/{_step(name)}", scalar_text(value))
            text.add("\n")
    for name, value in data.items():
        if isinstance(value, Mapping):
            _markdown(text, value, f"{pointer}/{_step(name)}", f"{path}{name}.")
        elif _is_list(value):
            _markdown_list(text, value, f"{pointer}/{_step(name)}", f"{path}{name}")


def _markdown_list(text: _Text, items: list[Any] | Sparse, pointer: str, path: str) -> None:
    rows = list(_placed(items))
    if not rows:
        return
    text.add(f"\n**{_cell(path)}**\n\n")
    names = list(dict.fromkeys(name for _, item in rows if isinstance(item, Mapping) for name in item))
    if not names or any(not isinstance(item, Mapping) for _, item in rows):
        for leaf, _, value in leaves(items, pointer):
            text.add("- ")
            text.value(leaf, scalar_text(value))
            text.add("\n")
        return
    text.add(f"| {' | '.join(map(_cell, names))} |\n|{' --- |' * len(names)}\n")
    for index, item in rows:
        for name in names:
            text.add("| ")
            for number, (leaf, _, value) in enumerate(
                leaves(item.get(name), f"{pointer}/{index}/{_step(name)}")
            ):
                text.add("; " if number else "")
                text.value(leaf, _cell(scalar_text(value)))
            text.add(" ")
        text.add("|\n")


def _json(text: _Text, data: Any, pointer: str = "", indent: int = 0) -> None:
    if isinstance(data, Sparse) or (isinstance(data, Mapping | list) and data):
        opening, closing = "{}" if isinstance(data, Mapping) else "[]"
        shown = data.items() if isinstance(data, Mapping) else _placed(data)
        text.add(opening)
        for number, (key, value) in enumerate(shown):
            text.add(f"{',' if number else ''}\n{'  ' * (indent + 1)}")
            if isinstance(data, Mapping):
                text.add(f"{json.dumps(str(key), ensure_ascii=False)}: ")
            _json(text, value, f"{pointer}/{_step(str(key))}", indent + 1)
        text.add(f"\n{'  ' * indent}{closing}")
    elif isinstance(data, Mapping | list) or data is None:
        text.add(json.dumps(data))
    else:
        text.value(pointer, json.dumps(data, ensure_ascii=False))


def _yaml(text: _Text, data: Any, pointer: str = "", indent: int = 0) -> None:
    pairs = data.items() if isinstance(data, Mapping) else _placed(data)
    for key, value in pairs:
        head = f"{_yaml_text(str(key))}:" if isinstance(data, Mapping) else "-"
        text.add(f"{'  ' * indent}{head}")
        if isinstance(value, Sparse) or (isinstance(value, Mapping | list) and value):
            text.add("\n")
            _yaml(text, value, f"{pointer}/{_step(str(key))}", indent + 1)
            continue
        text.add(" ")
        if isinstance(value, Mapping | list) or value is None:
            text.add(json.dumps(value))
        else:
            text.value(f"{pointer}/{_step(str(key))}", _yaml_scalar(value))
        text.add("\n")


def _template(text: _Text, data: Any, template: str) -> None:
    known = {path: (pointer, value) for pointer, path, value in leaves(data)}
    try:
        pieces = list(string.Formatter().parse(template))
    except ValueError:
        raise ConfigurationError(
            "the content template has a brace without its partner",
            where="content",
            hint="Write {{ for a brace",
        ) from None
    for literal, name, specification, _ in pieces:
        text.add(literal)
        if name is None or name not in known:
            continue
        pointer, value = known[name]
        try:
            shown = format(value, specification) if specification else scalar_text(value)
        except (ValueError, TypeError, OverflowError):
            shown = scalar_text(value)
        text.value(pointer, shown)


def _yaml_scalar(value: Any) -> str:
    return _yaml_text(value) if isinstance(value, str) else json.dumps(value)


def _yaml_text(value: str) -> str:
    plain = _PLAIN_YAML.fullmatch(value) is not None and value.lower() not in _YAML_WORDS
    return value if plain else json.dumps(value, ensure_ascii=False)


def _cell(value: str) -> str:
    """Text that cannot end a table's cell."""
    return value.replace("|", "\\|").replace("\n", " ")


def _step(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


_RENDERINGS: dict[str, Callable[[_Text, Any], None]] = {
    "lines": _lines,
    "markdown": _markdown,
    "json": _json,
    "yaml": _yaml,
}
