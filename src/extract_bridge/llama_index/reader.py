"""The reader: files in, Documents with the evidence of every value out."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Literal

from llama_index.core.readers.base import BasePydanticReader
from pydantic import Field
from tqdm.asyncio import tqdm

from extract_bridge.bulk import aextract_many, extract_many
from extract_bridge.client.inputs import expand_inputs
from extract_bridge.client.options import ExtractOptions
from extract_bridge.core.errors import ExtractError
from extract_bridge.core.wire.jobs import EXPAND
from extract_bridge.llama_index.documents import ExtractDocument, TextKeywords, documents_of, failure_document
from extract_bridge.llama_index.remote import remote_inputs

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Generator, Iterable, Iterator, Mapping

    from extract_bridge.bulk import Extraction

logger = logging.getLogger(__name__)


class AsyncDocuments:
    """Documents on their way: `async for` gives each as soon as it is there, `await` the list of all."""

    def __init__(self, start: Callable[[], AsyncIterator[ExtractDocument]]) -> None:
        self._start = start

    def __aiter__(self) -> AsyncIterator[ExtractDocument]:
        return self._start()

    def __await__(self) -> Generator[Any, None, list[ExtractDocument]]:
        return self._all().__await__()

    async def _all(self) -> list[ExtractDocument]:
        return [document async for document in self._start()]
