from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING, Any

import pytest
from langchain_core.documents import Document

from extract_bridge import ConfigurationError, ExtractError, FileInputError
from extract_bridge.bulk import Budget
from extract_bridge.langchain import ExtractTransformer, citations, confidences

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA = {
    "title": "Note",
    "type": "object",
    "properties": {"number": {"type": ["string", "null"]}, "total": {"type": ["number", "null"]}},
}


def transformer(**keywords: Any) -> ExtractTransformer:
    return ExtractTransformer(data_schema=SCHEMA, local=True, **keywords)


def letter(number: str = "A-1", **metadata: Any) -> Document:
    return Document(f"Number: {number}\nTotal: 5.00\n", metadata=metadata, id=f"id-{number}")


async def test_documents_keep_what_they_are_and_gain_fields_with_evidence() -> None:
    given = [letter("A-1", source="a.md", page=7), letter("A-2", source="b.md")]
    made = transformer().transform_documents(given)
    assert [item.page_content for item in made] == [item.page_content for item in given]
    assert [item.id for item in made] == ["id-A-1", "id-A-2"]
    first = made[0]
    assert (first.metadata["number"], first.metadata["total"], first.metadata["page"]) == ("A-1", 5.0, 7)
    assert json.loads(first.metadata["extracted"]) == {"number": "A-1", "total": 5.0}
    assert citations(first)["/number"][0].quote == "A-1"
    assert 0 < confidences(first)["/total"] <= 1
    assert "span" not in first.metadata["citations"]
    assert "number" not in given[0].metadata, "copies"
    assert await transformer().atransform_documents(given) == made
    (named,) = transformer(metadata_fields=["total"]).transform_documents(given[:1])
    assert ("number" in named.metadata, named.metadata["total"]) == (False, 5.0)


def test_files_are_opened_under_allowed_roots_only(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text("Number: F-9\n")
    (tmp_path / "secret.txt").write_text("Number: secret\n")
    roots = transformer(allowed_roots=tmp_path / "in")
    assert (
        roots.transform_documents([letter(source=str(tmp_path / "in" / "a.txt"))])[0].metadata["number"]
        == "F-9"
    )
    with pytest.raises(FileInputError):
        roots.transform_documents([letter(source=str(tmp_path / "secret.txt"))])


@pytest.mark.parametrize("is_async", [False, True])
async def test_each_error_policy(is_async: bool) -> None:
    given = [letter("A-1"), Document(""), letter("A-3")]

    async def made(on_error: str) -> list[Document]:
        one = transformer(on_error=on_error)
        return await one.atransform_documents(given) if is_async else one.transform_documents(given)

    assert [item.metadata["number"] for item in await made("skip")] == ["A-1", "A-3"]
    second = (await made("yield"))[1]
    assert second.metadata["extract_error_code"] == "empty_file"
    assert "source" not in second.metadata
    with pytest.raises(FileInputError) as caught:
        await made("raise")
    assert all(item.metadata["number"] for item in caught.value.partial)


class _Seen(Budget):
    """A purse that tells when a document is done."""

    def __init__(self) -> None:
        super().__init__(1000)
        self.done = threading.Event()

    def _end(self, reserved: float, billed: float) -> None:
        super()._end(reserved, billed)
        self.done.set()


@pytest.mark.parametrize("is_async", [False, True])
async def test_what_was_finished_behind_a_failed_document_is_not_lost(is_async: bool) -> None:
    budget = _Seen()

    def named(source: str) -> str:
        """In a worker thread: the first document fails when the second is done, and not before."""
        if source == "first.txt":
            assert budget.done.wait(30)
            raise FileInputError("enough", where=source)
        return source

    given = [letter("A-1", source="first.txt"), letter("A-2", source="second.txt")]
    one = transformer(budget=budget, max_concurrency=2, source_id=named)
    with pytest.raises(ExtractError) as caught:
        await one.atransform_documents(given) if is_async else one.transform_documents(given)
    assert [item.metadata["number"] for item in caught.value.partial] == ["A-2"]
    assert len(caught.value.job_ids) == 1


@pytest.mark.parametrize(
    "keywords",
    [{"content": "json"}, {"split_by": "row"}, {"extraction_target": "per_page"}, {"on_error": "x"}],
)
def test_keywords_that_make_no_sense(keywords: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError):
        transformer(**keywords)
