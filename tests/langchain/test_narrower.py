"""Behind real splitters: each chunk cites what it shows, and no citation is lost."""

from __future__ import annotations

import logging
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from langchain_core.documents import Document

from extract_bridge.core.records.citations import decode_rows
from extract_bridge.langchain import CitationNarrower, citations, documents_from_job

if TYPE_CHECKING:
    from collections.abc import Callable

ROWS = 60


def job() -> dict[str, Any]:
    """Rows that repeat each other, on several pages, with notes longer than a chunk."""
    rows = [
        {
            "waybill": f"AP-{at % 7}",
            "note": "the same goods as before, " * (at % 9),
            "charge": (1.5, 20, 300.25)[at % 3],
            "missing": None,
        }
        for at in range(ROWS)
    ]

    def entry(value: Any, page: int) -> dict[str, Any]:
        return {"citation": [{"page": page, "matching_text": str(value)}], "confidence": 0.9}

    metadata = {
        "number": entry("A-17", 1),
        "rows": [
            {name: entry(value, 1 + at // 10) for name, value in row.items() if value is not None}
            for at, row in enumerate(rows)
        ],
    }
    return {
        "id": "ext-1",
        "status": "COMPLETED",
        "extract_result": {"number": "A-17", "rows": rows},
        "extract_metadata": {"field_metadata": {"document_metadata": metadata}},
    }


def documents(content: str = "lines") -> list[Document]:
    return documents_from_job(job(), source="register.pdf", content=content, max_metadata_bytes=10**6)


def recursive(splitters: Any, **keywords: Any) -> Any:
    return splitters.RecursiveCharacterTextSplitter(**{"chunk_size": 200, "chunk_overlap": 50, **keywords})


SPLITTERS: dict[str, Callable[[Any], Any]] = {
    "recursive": recursive,
    "no separators": lambda s: recursive(s, keep_separator=False, chunk_overlap=0),
    "small": lambda s: recursive(s, chunk_size=40, chunk_overlap=10),
    "started": lambda s: recursive(s, add_start_index=True),
    "lines": lambda s: s.CharacterTextSplitter(separator="\n", chunk_size=700, chunk_overlap=300),
    "markdown": lambda s: s.MarkdownTextSplitter(chunk_size=200, chunk_overlap=20),
}


def squeezed(text: str) -> str:
    return "".join(text.split())


def check(parent: Document, chunks: list[Document]) -> None:
    rows = decode_rows(parent.metadata)
    values = {row["path"]: parent.page_content[slice(*row["span"])] for row in rows if "span" in row}
    kept = set()
    for chunk in chunks:
        for row in decode_rows(chunk.metadata):
            kept.add(row["path"])
            if "span" in row:
                shown = chunk.page_content[slice(*row["span"])]
                assert squeezed(shown) in squeezed(values[row["path"]])
                assert shown or not values[row["path"]]
    assert kept == {row["path"] for row in rows}


@pytest.mark.parametrize("content", ["lines", "markdown", "json", "yaml"])
@pytest.mark.parametrize("name", sorted(SPLITTERS))
@pytest.mark.filterwarnings("ignore::UserWarning")  # the splitter warns of chunks above its size
def test_every_kept_span_equals_its_text_and_the_union_is_all(name: str, content: str) -> None:
    splitters = pytest.importorskip("langchain_text_splitters")
    parents = documents(content)
    chunks = SPLITTERS[name](splitters).split_documents(parents)
    for given in [parents, *([()] if content == "lines" or name == "started" else [])]:
        narrowed = CitationNarrower(parents=given).transform_documents(chunks)
        check(parents[0], narrowed)
        spans = sum("span" in row for chunk in narrowed for row in decode_rows(chunk.metadata))
        assert spans >= sum(
            "span" in row and row["span"][0] < row["span"][1] for row in decode_rows(parents[0].metadata)
        )
        assert {chunk.metadata.get("page") for chunk in narrowed} >= {1, 3, 6}
        assert [chunk.page_content for chunk in narrowed] == [chunk.page_content for chunk in chunks]


def test_without_narrowing_spans_point_at_the_wrong_text() -> None:
    splitters = pytest.importorskip("langchain_text_splitters")
    (parent,) = documents()
    with pytest.raises(AssertionError):
        check(parent, recursive(splitters).split_documents([parent]))


def test_html_splitters_take_the_markup_away() -> None:
    splitters = pytest.importorskip("langchain_text_splitters")
    (parent,) = documents(
        "<h1>Register</h1>\n<p>No {number}, first {rows[0].waybill} at {rows[0].charge}</p>"
    )
    bare = Document("Register\nNo A-17, first AP-0 at 1.5", metadata=parent.metadata)
    (chunk,) = CitationNarrower(parents=[parent]).transform_documents([bare])
    shown = {
        row["path"]: chunk.page_content[slice(*row["span"])]
        for row in decode_rows(chunk.metadata)
        if "span" in row
    }
    assert shown == {"/number": "A-17", "/rows/0/waybill": "AP-0", "/rows/0/charge": "1.5"}
    headed = splitters.MarkdownHeaderTextSplitter([("#", "title")]).split_text("# Register\nNo A-17")
    assert CitationNarrower().transform_documents(headed) == headed, "no citations: left as it is"


async def test_async_and_parents_of_the_call() -> None:
    parents = documents("json")
    half = len(parents[0].page_content) // 2
    texts = [parents[0].page_content[:half], parents[0].page_content[half:]]
    chunks = [Document(text, metadata=parents[0].metadata, id=str(at)) for at, text in enumerate(texts)]
    narrowed = await CitationNarrower().atransform_documents(chunks, parents=parents)
    check(parents[0], narrowed)
    assert [chunk.id for chunk in narrowed] == ["0", "1"]
    assert "/number" in citations(narrowed[0])
    assert "/number" not in citations(narrowed[1])


def test_chunks_that_cannot_be_placed_are_logged(caplog: pytest.LogCaptureFixture) -> None:
    (parent,) = documents("json")
    with caplog.at_level(logging.WARNING):
        CitationNarrower().transform_documents([Document("a", metadata=parent.metadata)] * 2)
    assert "2 of 2 chunks" in caplog.text


def test_it_works_without_text_splitters() -> None:
    script = (
        "import sys; sys.modules['langchain_text_splitters'] = None; sys.modules['langgraph'] = None\n"
        "from extract_bridge.langchain import CitationNarrower\n"
        "from langchain_core.documents import Document\n"
        "print(len(CitationNarrower().transform_documents([Document('a')])))"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "1"
