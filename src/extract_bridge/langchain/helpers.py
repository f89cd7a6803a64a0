"""What an index and a prompt need of Documents: a key, flat metadata, and text that says where it comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from extract_bridge.agent.labels import labelled
from extract_bridge.core.errors import ConfigurationError
from extract_bridge.core.identity import canonical_json, stable_uuid
from extract_bridge.core.records.citations import decode_rows, fit_rows
from extract_bridge.core.records.clean import encodable, is_scalar

if TYPE_CHECKING:
    from collections.abc import Iterable

    from langchain_core.documents import Document

Store = Literal["generic", "chroma", "pinecone", "qdrant"]

VOLATILE_KEYS = frozenset(
    (
        "job_id",
        "parse_job_id",
        "created_at",
        "updated_at",
        "confidence_min",
        "confidence_mean",
        "needs_review",
        "warnings",
        "content_key",
        "citations",
        "citations_truncated",
    )
)
"""Metadata that a second extraction of the same file may change though the document says the same."""

_MOST_BYTES: dict[str, int] = {"pinecone": 40_000}
_LARGEST_INTEGER = 2**63 - 1


def stable_key(document: Document) -> str:
    """A key for LangChain's indexing API: `index(documents, …, key_encoder=stable_key)`.

    It is the same as long as the Document says the same: its text, its metadata, and the pages and quotes of its fields. Job ids, times and
    confidences do not count, so that a second extraction of an unchanged file is skipped, and a changed value replaces its entry.

    Returns:
        A UUID, which every vector store takes as an id.
    """
    evidence = [
        [row.get("path"), row.get("page"), row.get("quote")] for row in decode_rows(document.metadata)
    ]
    told = {name: value for name, value in document.metadata.items() if name not in VOLATILE_KEYS}
    return stable_uuid("key", document.page_content, canonical_json([told, evidence]))


def flatten_metadata(document: Document, *, store: Store = "generic") -> Document:
    """A copy whose metadata every vector store takes: text, finite numbers, true and false.

    None is left out, what is nested becomes JSON, integers beyond 64 bits become text. What `store` limits is kept to: for `pinecone` (40 kB)
    quotes of citations go first, and `citations_truncated` says so.

    Raises:
        ConfigurationError: an unknown store, or metadata that is no JSON.
    """
    if store not in ("generic", "chroma", "pinecone", "qdrant"):
        raise ConfigurationError(
            "store is none of generic, chroma, pinecone, qdrant",
            where="store",
            hint='"generic" is the default',
        )
    metadata = {
        str(name): _flat(name, value) for name, value in document.metadata.items() if value is not None
    }
    most = _MOST_BYTES.get(store)
    if most is not None and "citations" in metadata:
        rest = {name: value for name, value in metadata.items() if name != "citations"}
        room = most - len(canonical_json(rest).encode()) - 64
        metadata["citations"], truncated = fit_rows(decode_rows(metadata), room)
        if truncated:
            metadata["citations_truncated"] = True
    return document.model_copy(update={"metadata": metadata})


def format_evidence(documents: Iterable[Document]) -> str:
    """Documents as text for a prompt, each with where it comes from: `[acme.pdf p.2]`.

    A Document with evidence on one page has its label above it. In one with several pages each line that shows a value has the label
    of that value behind it. Control and bidi characters are left out; the text is still that of a document: data, not instructions.
    """
    return "\n\n".join(labelled(document.page_content, document.metadata) for document in documents)


def _flat(name: Any, value: Any) -> Any:
    if isinstance(value, str):
        return encodable(value)
    if isinstance(value, int) and abs(value) > _LARGEST_INTEGER:
        return str(value)
    if is_scalar(value):
        return value
    try:
        return canonical_json(value)
    except (TypeError, ValueError):
        raise ConfigurationError(
            f"the metadata {name!r} is no JSON", where=str(name), hint="Write dates and paths as text"
        ) from None
