"""At query time: labels that a language model can repeat, and full evidence where the service still has it."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

from llama_index.core.postprocessor.types import BaseNodePostprocessor
from llama_index.core.schema import NodeWithScore
from pydantic import BaseModel, Field

from extract_bridge.agent.labels import label_of, with_inline_labels
from extract_bridge.client.client import async_client, sync_client
from extract_bridge.core.errors import ConfigurationError, ExtractError
from extract_bridge.core.records.citations import Row, citation_rows, encode_rows
from extract_bridge.core.records.placing import span_of
from extract_bridge.core.records.read import records_from_job

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from llama_index.core.schema import QueryBundle

    from extract_bridge.core.records.model import ExtractedRecord

logger = logging.getLogger(__name__)
LABEL = "cite_as"


class CitationPostprocessor(BaseNodePostprocessor):
    """Tells the language model where each retrieved node comes from, and the caller where exactly.

    A node gets its label, `[acme.pdf p.2]`, in the metadata `cite_as`, which the language model sees and the embedding does not. Where
    its evidence lies on several pages, each line that shows a value has that value's label behind it; spans are moved along.
    With `client`, nodes whose metadata names their job (`job_metadata=True` on the reader) also get their full citations, boxes and
    page sizes included: `citations(node)["/total"][0].boxes`. Each job is read once a call, at no cost; one that is gone
    leaves its nodes as they are, with a line in the log.

    With `ledger`, the same for nodes whose record the ledger knows, whatever their metadata says and whether or not the service still has
    their job; nothing is asked over the network.

    Nodes come back as copies: an index in memory is not changed.

    Attributes:
        client: Reads jobs: a client of ours or of the official SDK. Neither dumped nor shown.
        ledger: A `bulk.Ledger` that the documents were loaded with. Neither dumped nor shown.
    """

    client: Any = Field(default=None, exclude=True, repr=False)
    ledger: Any = Field(default=None, exclude=True, repr=False)

    @classmethod
    def class_name(cls) -> str:
        """The name it is serialised under."""
        return "CitationPostprocessor"

    def _postprocess_nodes(
        self, nodes: list[NodeWithScore], query_bundle: QueryBundle | None = None
    ) -> list[NodeWithScore]:
        kept = self._kept(nodes)
        found: dict[str, Any] = {}
        wanted = self._jobs_of(nodes, kept)
        if wanted:
            client = sync_client(self.client)
            for job_id in wanted:
                try:
                    found[job_id] = records_from_job(client.get(job_id))
                except ExtractError as error:
                    _missed(error)
        return [_cited(item, found, kept) for item in nodes]

    async def _apostprocess_nodes(
        self, nodes: list[NodeWithScore], query_bundle: QueryBundle | None = None
    ) -> list[NodeWithScore]:
        kept = await asyncio.to_thread(self._kept, nodes)
        found: dict[str, Any] = {}
        wanted = self._jobs_of(nodes, kept)
        if wanted:
            client = async_client(self.client)

            async def read(job_id: str) -> None:
                try:
                    job = await client.get(job_id)
                    found[job_id] = await asyncio.to_thread(records_from_job, job)
                except ExtractError as error:
                    _missed(error)

            await asyncio.gather(*map(read, wanted))
        return [_cited(item, found, kept) for item in nodes]

    def _kept(self, nodes: Iterable[NodeWithScore]) -> dict[str, ExtractedRecord]:
        """The records that the ledger has, by their ids."""
        if self.ledger is None:
            return {}
        named = {item.node.metadata.get("record_id") for item in nodes if "citations" in item.node.metadata}
        found = {name: self.ledger.record(name) for name in named if isinstance(name, str)}
        return {name: record for name, record in found.items() if record is not None}

    def _jobs_of(self, nodes: Iterable[NodeWithScore], kept: Mapping[str, ExtractedRecord]) -> list[str]:
        if self.client is None:
            return []
        open_ = (item.node.metadata for item in nodes if item.node.metadata.get("record_id") not in kept)
        jobs = (metadata.get("job_id") for metadata in open_ if "citations" in metadata)
        return list(dict.fromkeys(job for job in jobs if isinstance(job, str)))

    def __getstate__(self) -> dict[Any, Any]:
        return BaseModel.__getstate__(
            self
        )  # the framework's own drops what it cannot pickle, and only logs it


def _missed(error: ExtractError) -> None:
    if isinstance(error, ConfigurationError):
        raise error
    logger.warning("a job cannot be read for its evidence: %s", error)


def _cited(
    item: NodeWithScore,
    found: Mapping[str, Sequence[ExtractedRecord]],
    kept: Mapping[str, ExtractedRecord],
) -> NodeWithScore:
    node = item.node
    metadata = dict(node.metadata)
    if not {"citations", "record_id", "file_name", "page_label"} & metadata.keys() or LABEL in metadata:
        return item
    text, rows = with_inline_labels(node.get_content(), metadata)
    record = kept.get(str(metadata.get("record_id"))) or _record_of(metadata, found)
    if record is not None:
        rows = _full(rows, record)
    if rows:
        metadata["citations"] = encode_rows(rows)
    metadata[LABEL] = label_of(metadata)
    copied = node.model_copy(
        update={
            "metadata": metadata,
            "excluded_embed_metadata_keys": [*node.excluded_embed_metadata_keys, LABEL],
        }
    )
    if text != node.get_content():
        copied.set_content(text)
    return NodeWithScore(node=copied, score=item.score)


def _record_of(
    metadata: Mapping[str, Any], found: Mapping[str, Sequence[ExtractedRecord]]
) -> ExtractedRecord | None:
    """The record of its job that a node was made of."""
    target = metadata.get("extraction_target")
    for record in found.get(str(metadata.get("job_id")), ()):
        if target == "per_page" and record.page != metadata.get("page"):
            continue
        if target == "per_table_row" and record.row != metadata.get("row"):
            continue
        return record
    return None


def _full(rows: Sequence[Row], record: ExtractedRecord) -> list[Row]:
    """The rows with all that the record knows; a field that the record does not have stays as it is."""
    made: dict[str, list[Row]] = {}
    for row in rows:
        path = str(row["path"])
        if path in made and path in record.fields:
            continue
        span = span_of(row)
        if path in record.fields:
            made[path] = citation_rows([record.fields[path]], {path: span} if span else {}, full=True)
        else:
            made.setdefault(path, []).append(row)
    return [row for each in made.values() for row in each]
