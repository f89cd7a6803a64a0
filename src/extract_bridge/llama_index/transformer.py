"""Nodes in, the same nodes out, with what was extracted from them in their metadata."""

from __future__ import annotations

import asyncio
import logging
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Literal

from llama_index.core.schema import TransformComponent

from extract_bridge.bulk import aextract_many, extract_many
from extract_bridge.client.inputs import DocumentInput
from extract_bridge.core.errors import ConfigurationError, ExtractError
from extract_bridge.core.records.enrich import enrichment
from extract_bridge.core.records.passages import passages
from extract_bridge.llama_index.component import ExtractComponent
from extract_bridge.llama_index.documents import shown_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from llama_index.core.schema import BaseNode

    from extract_bridge.bulk import Extraction

logger = logging.getLogger(__name__)


class ExtractTransformer(ExtractComponent, TransformComponent):
    """Enriches nodes inside a pipeline: extracts from each one's text, and adds the fields and their evidence to its metadata.

    A node keeps its text, id and relations. Added are the record's scalars under their own names (those named by
    `metadata_fields`, otherwise every top-level one), `extracted` (the whole record as JSON), and what a reader writes, where the node
    has no such key: `confidence_min, needs_review, record_id, content_key, citations, …`. Models see only the fields of
    `metadata_fields`. Citations have no spans, and their page counts in the text that was sent.

    One job a node: to extract from whole files use `ExtractReader`, before the pipeline. A node without text comes back as it is.
    By default a node that fails comes back as it was, with a line in the log: an error inside an upserting pipeline would lose
    the entry that was there before. Dumped, it has the JSON Schema, so that a cache tells two schemas apart, and no key.

    Attributes:
        on_error: `skip` (default) leaves a node that failed as it was; `yield` adds `error` and `error_message` to its metadata; `raise` raises
            the first error, with the nodes that were enriched as `partial`, and `job_ids`.
    """

    on_error: Literal["raise", "skip", "yield"] = "skip"

    def __init__(self, **keywords: Any) -> None:
        super().__init__(**keywords)
        if self.extraction_target not in (None, "per_doc"):
            raise ConfigurationError(
                "a transformer makes one record a node",
                where="extraction_target",
                hint="Leave it out, or use ExtractReader",
            )

    @classmethod
    def class_name(cls) -> str:
        """The name it is serialised under."""
        return "ExtractTransformer"

    def __call__(self, nodes: Sequence[BaseNode], **kwargs: Any) -> list[BaseNode]:
        """Enriched copies, in their order.

        Raises:
            ConfigurationError: no service is chosen.
            ExtractError: with `on_error="raise"`, the first error.
        """
        made, places = list(nodes), _with_text(nodes)
        found = extract_many(
            [_document(nodes[at]) for at in places], client=self.sync_client(), **self._keywords()
        )
        try:
            for extraction in found:
                at = places[extraction.index]
                made[at] = self._enriched(nodes[at], extraction)
        except ExtractError as error:
            self._finish(error, nodes, places)
            raise
        finally:
            found.close()  # type: ignore[attr-defined]  # a generator: what is queued and running is cancelled
        return made

    async def acall(self, nodes: Sequence[BaseNode], **kwargs: Any) -> list[BaseNode]:
        """Like a call, without blocking the event loop."""
        made, places = list(nodes), _with_text(nodes)
        documents = [_document(nodes[at]) for at in places]
        found = aextract_many(documents, client=self.async_client(), **self._keywords())
        try:
            async for extraction in found:
                at = places[extraction.index]
                made[at] = await asyncio.to_thread(self._enriched, nodes[at], extraction)
        except ExtractError as error:
            await asyncio.to_thread(self._finish, error, nodes, places)
            raise
        finally:
            await found.aclose()  # type: ignore[attr-defined]  # an async generator
        return made

    def _keywords(self) -> dict[str, Any]:
        return {**self._many(), "on_error": "raise" if self.on_error == "raise" else "yield", "ordered": True}

    def _finish(self, error: ExtractError, nodes: Sequence[BaseNode], places: list[int]) -> None:
        """Enriched nodes of all that was finished before the error, also of what had not been handed out yet."""
        finished: list[Extraction] = error.__dict__.get("partial", [])
        error.__dict__["partial"] = [self._enriched(nodes[places[item.index]], item) for item in finished]

    def _enriched(self, node: BaseNode, extraction: Extraction) -> BaseNode:
        if extraction.error is not None:
            if self.on_error == "skip":
                logger.warning("left a node as it was: %s", extraction.error)
                return node
            return _with(
                node, {"error": extraction.error.code, "error_message": str(extraction.error)}, frozenset()
            )
        if not extraction.records:
            return node
        style: Any = self._style()
        (told,) = passages(extraction.records[:1], job=extraction.job, **style)
        added = enrichment(told.record, told.metadata, node.metadata, named=bool(self.metadata_fields))
        return _with(node, added, shown_of(style))


def _with_text(nodes: Sequence[BaseNode]) -> list[int]:
    """The places of the nodes that have text to extract from."""
    return [place for place, node in enumerate(nodes) if node.get_content().strip()]


def _document(node: BaseNode) -> DocumentInput:
    """A node's text as a document of its own; what makes it the same next time is the node's id."""
    content = node.get_content().encode("utf-8", "replace")
    named = node.metadata.get("file_name") or node.metadata.get("source") or "node"
    name = f"{PurePath(str(named)).stem or 'node'}.txt"
    return DocumentInput("bytes", name, name, node.id_, lambda: content)


def _with(node: BaseNode, added: dict[str, Any], shown: frozenset[str]) -> BaseNode:
    hidden = [name for name in added if name not in shown and name not in node.metadata]
    return node.model_copy(
        update={
            "metadata": {**node.metadata, **added},
            "excluded_embed_metadata_keys": [*node.excluded_embed_metadata_keys, *hidden],
            "excluded_llm_metadata_keys": [*node.excluded_llm_metadata_keys, *hidden],
        }
    )
