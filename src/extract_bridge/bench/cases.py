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
        FileInputError: there is no folder or no case in it, one of a case's files is missing or no JSON, or its truth does
            not fit its schema and target.
    """
    if not folder.is_dir():
        raise FileInputError("there is no such folder", where=folder.name, hint="Give a folder of cases")
    found = sorted(path.parent for path in folder.glob("**/expected.json"))
    if not found:
        raise FileInputError(
            "there is no case in the folder",
            where=folder.name,
            hint="A case is a folder with document.*, schema.json, expected.json and, if it is not per_doc, target",
        )
    for other in sorted({path.parent for path in folder.glob("**/document.*")} - set(found)):
        raise _wrong(other, "it has a document, but no expected.json")
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
    schema, expected = _json(case, "schema.json"), _json(case, "expected.json")
    _check(case, schema, expected, asked)
    return BenchDocument(
        name=f"{case.name}{documents[0].suffix}",
        content=documents[0].read_bytes(),
        data_schema=schema,
        expected=expected,
        extraction_target=asked,
    )


def _check(case: Path, schema: Any, expected: Any, target: str) -> None:
    """A truth that no answer could have would look like a bad service."""
    if not isinstance(schema, dict):
        raise _wrong(case, "its schema.json is no object")
    records = [expected] if target == "per_doc" else expected
    if not isinstance(records, list) or not all(isinstance(record, dict) for record in records):
        form = "an object" if target == "per_doc" else "a list of objects"
        raise _wrong(case, f"its expected.json is not {form}, as its target {target} asks")
    asked = schema.get("properties")
    if isinstance(asked, dict):
        unknown = sorted({name for record in records for name in record} - set(asked))
        if unknown:
            raise _wrong(
                case, "its expected.json has names that schema.json has not: " + ", ".join(unknown[:5])
            )


def _json(case: Path, name: str) -> Any:
    try:
        return json.loads((case / name).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise _wrong(case, f"its {name} is missing or no JSON") from None


def _wrong(case: Path, what: str) -> FileInputError:
    return FileInputError(what, where=case.name, hint="See the help of extract-bridge bench")
