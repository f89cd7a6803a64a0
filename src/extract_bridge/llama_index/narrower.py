"""After any node parser: chunks that cite only what stands in them."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

from llama_index.core.schema import Document, RelatedNodeInfo, TransformComponent
from pydantic import Field

from extract_bridge.core.records.narrow import Chunk, narrow
from extract_bridge.llama_index.documents import SHOWN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from llama_index.core.schema import BaseNode

logger = logging.getLogger(__name__)
_TOLD_ANEW = ("page", "pages", "page_label", "confidence_min", "needs_review")


class CitationNarrower(TransformComponent):
    """Corrects what a node parser copies: gives each chunk its own citations, pages and confidence only.

    Put it behind any node parser:

        VectorStoreIndex.from_documents(documents, transformations=[SentenceSplitter(), CitationNarrower()])

    Spans are shifted to the chunk and cut at its ends; `page`, `pages`, `page_label`, `confidence_min` and `needs_review` are told anew;
    the metadata inside relations, a copy of all citations in each neighbour, is emptied. Together the chunks of a document that
    come in one call hold every citation of it; what no chunk shows (a null) stays with the first one. A chunk that cannot be placed
    keeps all citations, without spans, and a log line says how many did. Nodes without citations only have their relations emptied.

    It keeps nothing between calls, and can be made anew from its keywords in another process.

    Attributes:
        min_confidence: Below it (0..1) a value needs review; as for the reader.
    """

    min_confidence: float = Field(default=0.8, ge=0, le=1)

    @classmethod
    def class_name(cls) -> str:
        """The name it is serialised under."""
        return "CitationNarrower"

    def __call__(self, nodes: Sequence[BaseNode], **kwargs: Any) -> list[BaseNode]:
        """Copies of nodes, with narrowed metadata; those of one document come in the order of its text."""
        narrowed = narrow(
            [Chunk(node.get_content(), node.metadata, _start(node)) for node in nodes],
            min_confidence=self.min_confidence,
        )
        if narrowed.lost:
            logger.warning(
                "%d of %d chunks could not be placed in what they were cut from, and keep all citations without spans; "
                "use a node parser that sets start_char_idx",
                narrowed.lost,
                len(nodes),
            )
        return [_narrowed(*pair) for pair in zip(nodes, narrowed.metadata, strict=True)]

    async def acall(self, nodes: Sequence[BaseNode], **kwargs: Any) -> list[BaseNode]:
        """Like a call, in a worker thread."""
        return await asyncio.to_thread(self.__call__, nodes, **kwargs)


def _start(node: BaseNode) -> int | None:
    """Where a chunk begins in its document; a document that nobody has split begins at its beginning."""
    if isinstance(node, Document):
        return 0
    start = getattr(node, "start_char_idx", None)
    return start if isinstance(start, int) and start >= 0 else None


def _narrowed(node: BaseNode, metadata: dict[str, Any]) -> BaseNode:
    new = [
        name for name in _TOLD_ANEW if name in metadata and name not in node.metadata and name not in SHOWN
    ]
    return node.model_copy(
        update={
            "metadata": metadata,
            "relationships": {kind: _bare(info) for kind, info in node.relationships.items()},
            "excluded_embed_metadata_keys": [*node.excluded_embed_metadata_keys, *new],
            "excluded_llm_metadata_keys": [*node.excluded_llm_metadata_keys, *new],
        }
    )


def _bare(info: Any) -> Any:
    if isinstance(info, list):
        return [_bare(one) for one in info]
    return RelatedNodeInfo(node_id=info.node_id, node_type=info.node_type, hash=info.hash)
