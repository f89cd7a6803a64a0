"""After any splitter: chunks that cite only what stands in them."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

from langchain_core.documents import BaseDocumentTransformer, Document

from extract_bridge.core.records.narrow import Chunk, narrow

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

logger = logging.getLogger(__name__)


class CitationNarrower(BaseDocumentTransformer):
    """Corrects what a text splitter copies: gives each chunk its own citations, pages and confidence only.

    Put it behind any splitter:

        chunks = splitter.split_documents(documents)
        chunks = CitationNarrower(parents=documents).transform_documents(chunks)

    Spans are shifted to the chunk and cut at its ends. `page`, `pages`, `page_label`, `confidence_min` and `needs_review` are told
    anew. Together the chunks hold every citation of their parent; what no chunk shows (a null) stays with the first one.
    With `parents` a chunk is found whatever the splitter did to white space and markup. Without them its `start_index` tells its
    place (`add_start_index=True`), or, for `content="lines"`, the field names in it do; other contents need one of the two.
    A chunk whose text stands in several places is told from its neighbours, so pass all chunks of a Document together. Where nothing
    tells (`| 0 |` alone, of a row of zeros) it keeps the citations that it may be about, without spans: never a span of the cell
    beside it. A chunk that cannot be placed at all keeps all citations of its parent, without spans, and a log line says how many did.

    Args:
        parents: What was split.
        min_confidence: Below it (0..1) a value needs review; as for the loader.
    """

    def __init__(self, parents: Iterable[Document] = (), *, min_confidence: float = 0.8) -> None:
        self.parents = list(parents)
        self.min_confidence = min_confidence

    def transform_documents(self, documents: Sequence[Document], **kwargs: Any) -> list[Document]:
        """Copies of chunks, with narrowed metadata. Documents without citations come back as they are.

        Args:
            documents: Chunks of any number of Documents; those of one in the order of its text.
            **kwargs: `parents`, what was split, for this call.
        """
        parents = [*self.parents, *kwargs.get("parents", ())]
        chunks = [
            Chunk(document.page_content, document.metadata, _start_of(document)) for document in documents
        ]
        narrowed = narrow(
            chunks,
            parents=[(parent.page_content, parent.metadata) for parent in parents],
            min_confidence=self.min_confidence,
        )
        if narrowed.lost:
            logger.warning(
                "%d of %d chunks could not be placed in what they were cut from, and keep all citations without spans; "
                "pass parents=, or split with add_start_index=True",
                narrowed.lost,
                len(chunks),
            )
        return [
            document.model_copy(update={"metadata": metadata})
            for document, metadata in zip(documents, narrowed.metadata, strict=True)
        ]

    async def atransform_documents(self, documents: Sequence[Document], **kwargs: Any) -> list[Document]:
        """Like `transform_documents`, in a worker thread."""
        return await asyncio.to_thread(self.transform_documents, documents, **kwargs)


def _start_of(document: Document) -> int | None:
    start = document.metadata.get("start_index")
    return start if isinstance(start, int) and not isinstance(start, bool) and start >= 0 else None
