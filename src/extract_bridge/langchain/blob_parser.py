"""A blob in, Documents out: for whatever drives a `BaseBlobParser`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from langchain_core.document_loaders import BaseBlobParser

from extract_bridge.langchain.loader import ExtractLoader

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from langchain_core.documents import Document
    from langchain_core.documents.base import Blob


class ExtractBlobParser(BaseBlobParser):
    """Parses Blobs into the records that are extracted from them, with one client for all of them.

    A Blob needs a path, or data and a name (`path=`, or `source` or `file_name` in its metadata); the rest of its metadata goes into
    its Documents.

    Args:
        **keywords: Those of `ExtractLoader`, `files` excepted.

    Raises:
        ConfigurationError: keywords that contradict each other.
    """

    def __init__(self, **keywords: Any) -> None:
        self._loader = ExtractLoader((), **keywords)

    def lazy_parse(self, blob: Blob) -> Iterator[Document]:
        """The Blob's Documents; no event loop is involved.

        Raises:
            ExtractError: with `on_error="raise"`, why there are none.
        """
        return self._loader.with_files(blob).lazy_load()

    def alazy_parse(self, blob: Blob) -> AsyncIterator[Document]:
        """The Blob's Documents, without blocking the event loop."""
        return self._loader.with_files(blob).alazy_load()

    async def aparse(self, blob: Blob) -> list[Document]:
        """The list of the Blob's Documents, without blocking the event loop."""
        return [document async for document in self.alazy_parse(blob)]
