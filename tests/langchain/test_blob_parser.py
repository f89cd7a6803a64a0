from __future__ import annotations

import pickle
from typing import TYPE_CHECKING

import pytest
from langchain_core.documents.base import Blob

from extract_bridge import ConfigurationError, FileInputError
from extract_bridge.langchain import ExtractBlobParser, ExtractLoader

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA = {"title": "Note", "type": "object", "properties": {"number": {"type": ["string", "null"]}}}


async def test_blobs_become_documents_sync_and_async(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Number: A-1\n")
    parser = ExtractBlobParser(data_schema=SCHEMA, local=True, metadata_fields=["number"])
    blobs = [
        Blob.from_path(tmp_path / "a.txt", metadata={"team": "north"}),
        Blob.from_data(b"Number: A-1\n", path=str(tmp_path / "a.txt")),
        Blob.from_data("Number: A-1\n", metadata={"file_name": "a.txt"}),
    ]
    for blob in blobs:
        (document,) = parser.parse(blob)
        assert document.metadata["number"] == "A-1"
        assert [item.id for item in await parser.aparse(blob)] == [document.id]
    assert parser.parse(blobs[0])[0].metadata["team"] == "north"
    assert (
        parser.parse(blobs[0])[0].id
        == ExtractLoader(tmp_path / "a.txt", data_schema=SCHEMA, local=True).load()[0].id
    )
    assert pickle.loads(pickle.dumps(parser)).parse(blobs[1])[0].page_content == "number: A-1"


def test_what_it_refuses() -> None:
    with pytest.raises(ConfigurationError):
        ExtractBlobParser(data_schema=SCHEMA, local=True, colour="red")
    with pytest.raises(FileInputError):
        ExtractBlobParser(data_schema=SCHEMA, local=True).parse(Blob.from_data(b"no name"))
