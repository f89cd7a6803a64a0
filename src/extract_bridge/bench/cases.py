"""A user's own documents with their truth: one folder a case."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from extract_bridge.bench.document import BenchDocument
from extract_bridge.core.errors import FileInputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_TARGETS = ("per_doc", "per_page", "per_table_row")


def cases_in(folder: Path) -> Iterator[BenchDocument]:
    """The cases of a folder, by name: in each `document.*`, `schema.json`, `expected.json`, and `target` where it is not `per_doc`.

    Args:
        folder: A case, or a folder of cases.

    Raises:
        FileInputError: there is no case, or one of its files is missing or no JSON.
    """
    found = sorted(path.parent for path in folder.glob("**/expected.json"))
    if not found:
        raise FileInputError(
            "there is no case in the folder",
            where=folder.name,
            hint="A case is a folder with document.*, schema.json, expected.json and, if it is not per_doc, target",
        )
    for case in found:
        yield _case(case)


def _case(case: Path) -> BenchDocument:
    documents = sorted(path for path in case.glob("document.*") if path.is_file())
    if len(documents) != 1:
        raise _wrong(case, "it has no document.*, or more than one")
    target = case / "target"
    asked = target.read_text(encoding="utf-8").strip() if target.is_file() else "per_doc"
    if asked not in _TARGETS:
        raise _wrong(case, "its target is none of " + ", ".join(_TARGETS))
    return BenchDocument(
        name=f"{case.name}{documents[0].suffix}",
        content=documents[0].read_bytes(),
        data_schema=_json(case, "schema.json"),
        expected=_json(case, "expected.json"),
        extraction_target=asked,
    )


def _json(case: Path, name: str) -> Any:
    try:
        return json.loads((case / name).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise _wrong(case, f"its {name} is missing or no JSON") from None


def _wrong(case: Path, what: str) -> FileInputError:
    return FileInputError(what, where=case.name, hint="See the help of extract-bridge bench")
