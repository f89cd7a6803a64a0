"""Documents in, the same Documents out, with what was extracted from them in their metadata."""

from __future__ import annotations

import asyncio
from contextlib import aclosing, closing
from typing import TYPE_CHECKING, Any

from langchain_core.documents import BaseDocumentTransformer, Document

from extract_bridge.core.errors import ConfigurationError, ExtractError
from extract_bridge.core.records.enrich import enrichment
from extract_bridge.langchain.job_loader import failed
from extract_bridge.langchain.loader import ExtractLoader

if TYPE_CHECKING:
    from collections.abc import Sequence

    from extract_bridge.bulk import Extraction

_LOADER_ONLY = ("split_by", "content", "ordered")


class ExtractTransformer(BaseDocumentTransformer):
    """Enriches Documents: extracts from each one's text, and adds the fields and their evidence to its metadata.

    A Document keeps its text, id and metadata. Added are the record's scalars under their own names (those named by
    `metadata_fields`, otherwise every top-level one), `extracted` (the whole record as JSON), and what a loader writes, where the
    Document has no such key: `confidence_min, needs_review, record_id, content_key, citations, …`. Citations have no spans, for
    the text is not a rendering of the record; their page counts in what was extracted from.

    With `allowed_roots` the file that `metadata["source"]` names is extracted from instead of the text; a file elsewhere is an error.

    Args:
        **keywords: Those of `ExtractLoader`, except `files, content, split_by, ordered`. With `on_error="skip"` a Document that failed is
            left out; with `"yield"` it comes as it was, with `extract_error` and `extract_error_code`.

    Raises:
        ConfigurationError: keywords that contradict each other, or an `extraction_target` other than `per_doc`.
    """

    def __init__(self, **keywords: Any) -> None:
        for name in _LOADER_ONLY:
            if name in keywords:
                raise ConfigurationError(
                    f"a transformer has no keyword {name!r}",
                    where=name,
                    hint="Leave it out: Documents keep their text",
                )
        if keywords.get("extraction_target") not in (None, "per_doc"):
            raise ConfigurationError(
                "a transformer makes one record a Document",
                where="extraction_target",
                hint="Leave it out, or use ExtractLoader",
            )
        self._policy = keywords.get("on_error", "raise")
        self._named = bool(keywords.get("metadata_fields"))
        self._loader = ExtractLoader((), **keywords)

    def transform_documents(self, documents: Sequence[Document], **kwargs: Any) -> list[Document]:
        """Enriched copies, in their order.

        Raises:
            ExtractError: with `on_error="raise"`, the first error once what is running has finished, with the enriched copies of all
                finished Documents as `partial`, and `job_ids`.
        """
        made: list[Document] = []
        with closing(self._loader.with_files(list(documents)).extractions()) as found:  # type: ignore[type-var]  # a generator
            try:
                for extraction in found:
                    made += self._enriched(documents[extraction.index], extraction)
            except ExtractError as error:
                error.__dict__["partial"] = self._finished(error, documents, made)
                raise
        return made

    async def atransform_documents(self, documents: Sequence[Document], **kwargs: Any) -> list[Document]:
        """Like `transform_documents`, without blocking the event loop."""
        made: list[Document] = []
        async with aclosing(self._loader.with_files(list(documents)).aextractions()) as found:  # type: ignore[type-var]  # a generator
            try:
                async for extraction in found:
                    made += await asyncio.to_thread(self._enriched, documents[extraction.index], extraction)
            except ExtractError as error:
                error.__dict__["partial"] = await asyncio.to_thread(self._finished, error, documents, made)
                raise
        return made

    def _finished(
        self, error: ExtractError, documents: Sequence[Document], made: list[Document]
    ) -> list[Document]:
        """Enriched copies of all that was finished before the error, also of what had not been handed out yet."""
        finished: list[Extraction] | None = getattr(error, "partial", None)
        if finished is None:  # it was an enriched copy that could not be made
            return made
        return [copy for item in finished for copy in self._enriched(documents[item.index], item)]

    def _enriched(self, document: Document, extraction: Extraction) -> list[Document]:
        if extraction.error is not None:
            found = failed(extraction.source, extraction.error, self._policy, document.metadata)
            errors = {
                name: value
                for item in found
                for name, value in item.metadata.items()
                if "extract_error" in name
            }
            return [_with(document, errors)] if found else []
        if not extraction.records:
            return [document]
        (told,) = self._loader.style.documents(extraction.records[:1], extraction.job)
        record = extraction.records[0]
        added = enrichment(record, told.metadata, document.metadata, named=self._named)
        return [_with(document, added)]


def _with(document: Document, added: dict[str, Any]) -> Document:
    return document.model_copy(update={"metadata": {**document.metadata, **added}})
