"""What a reader and a transformer have in common: keywords, state, and money."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - pydantic reads it
from typing import Any, Literal

from llama_index.core.schema import BaseComponent
from pydantic import BaseModel, Field

from extract_bridge.client.keeping import check_ledger
from extract_bridge.client.options import ExtractOptions
from extract_bridge.core.records.passages import passages


class _PlainState(BaseComponent):
    """Pickles as pydantic does: LlamaIndex's own way drops what it cannot pickle, and only logs it."""

    def __getstate__(self) -> dict[Any, Any]:
        return BaseModel.__getstate__(self)


class ExtractComponent(ExtractOptions, _PlainState):
    """The keywords of whatever extracts from many documents inside LlamaIndex, besides those of `ExtractOptions`.

    Attributes:
        metadata_fields: Names or pointers of fields that are copied into metadata, for filters; models see them too.
        citations: `compact`, `full` (with boxes) or `none`.
        max_metadata_bytes: Above it quotes are left out.
        job_metadata: Job id, tier and the like too.
        min_confidence: A field below it (0..1) needs review.
        max_concurrency: Documents at work at one time.
        timeout: Seconds for one document, upload to result.
        budget: A `Budget` of credits, shared with whoever else holds it: each document's cost is set aside before it is sent, and one
            that the budget cannot pay is that document's error. Never dumped.
        ledger: A `bulk.Ledger`: documents that did not change are not extracted and not paid again, whatever they are called; an edited file
            is. A call that was killed is simply made again: it takes up the jobs that were left. Never dumped.
    """

    metadata_fields: list[str] = Field(default_factory=list)
    citations: Literal["compact", "full", "none"] = "compact"
    max_metadata_bytes: int = 30_000
    job_metadata: bool = False
    min_confidence: float = 0.8
    max_concurrency: int = Field(default=4, ge=1)
    timeout: float = Field(default=1800.0, gt=0)
    budget: Any = Field(default=None, exclude=True, repr=False)
    ledger: Any = Field(default=None, exclude=True, repr=False)

    def __init__(self, **keywords: Any) -> None:
        super().__init__(**keywords)
        check_ledger(self.ledger)
        list(passages((), **self._style()))  # what metadata cannot be is refused before anything is paid

    def _many(self) -> dict[str, Any]:
        """Keywords of `extract_many`."""
        return {
            **self.configuration_keywords(),
            "max_concurrency": self.max_concurrency,
            "timeout": self.timeout,
            "budget": self.budget,
            "ledger": self.ledger,
        }

    def _style(self, extra_info: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Keywords of the metadata."""
        return {
            "metadata_fields": self.metadata_fields,
            "citations": self.citations,
            "max_metadata_bytes": self.max_metadata_bytes,
            "job_metadata": self.job_metadata,
            "min_confidence": self.min_confidence,
            "extra_metadata": extra_info,
        }

    def __getstate__(self) -> dict[Any, Any]:
        state = super().__getstate__()
        schema = self.normalized_schema()
        if schema is not None and self.data_schema is not None:
            # The class may be unknown elsewhere; its name stays, for it is part of every id.
            named = {**schema.json_schema, "title": schema.name} if schema.name else schema.json_schema
            state["__dict__"] = {**state["__dict__"], "data_schema": named}
        return state
