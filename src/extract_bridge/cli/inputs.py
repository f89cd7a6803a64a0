"""The documents that a command line names: paths, folders, patterns, ids, and `-` for a list on standard input."""

from __future__ import annotations

import os
import sys
from pathlib import PurePath
from typing import TYPE_CHECKING

from extract_bridge.client.inputs import expand_inputs, is_id
from extract_bridge.core.errors import FileInputError
from extract_bridge.core.identity import source_id_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Document = str | FileInputError
"""A path or an id, or what is wrong with an entry."""


def collect(paths: Iterable[str]) -> list[Document]:
    """Every document once, in the order in which they were named.

    Args:
        paths: As typed; `-` stands for the list on standard input.

    Returns:
        Documents; a pattern or folder without any is there as its error.

    Raises:
        FileInputError: there is no document among them at all.
    """
    found: list[Document] = []
    seen: set[str] = set()
    for item in _entries(paths):
        for document in _documents(item):
            same = _same(document)
            if same not in seen:
                seen.add(same)
                found.append(document)
    errors = [item for item in found if isinstance(item, FileInputError)]
    if len(errors) < len(found):
        return found
    if len(errors) == 1:
        raise errors[0]
    raise FileInputError(
        f"no document is there, by {len(errors)} patterns and folders"
        if errors
        else "the list names no document",
        code="no_match",
        hint="Give files, folders, patterns in quotes, or - with a list on standard input",
    )


def _entries(paths: Iterable[str]) -> Iterator[str]:
    for path in paths:
        if path == "-":
            yield from _listed(sys.stdin.buffer.read())
        else:
            yield path


def _listed(content: bytes) -> list[str]:
    """The entries of a list: a line each, or with a NUL between them as `find -print0` writes it."""
    if b"\0" in content:
        return [os.fsdecode(item) for item in content.split(b"\0") if item]
    return [os.fsdecode(line) for line in content.splitlines() if line.strip()]


def _documents(item: str) -> Iterator[Document]:
    try:
        yield from expand_inputs(item)
    except FileInputError as error:
        yield error


def _same(document: Document) -> str:
    """What two names of one document have in common."""
    if isinstance(document, FileInputError):
        return f"error {id(document)}"
    return document if is_id(document) else source_id_of(PurePath(document))
