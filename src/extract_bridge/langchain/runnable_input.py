"""What `ExtractRunnable` takes: one document, whatever stands for it, and what traces may show of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from langchain_core.documents import Document
from langchain_core.documents.base import Blob

from extract_bridge.agent.arguments import coerce_pages
from extract_bridge.client.inputs import DocumentInput, resolve_input
from extract_bridge.core.errors import ExtractError, FileInputError
from extract_bridge.core.identity import sha256_hex
from extract_bridge.langchain.inputs import from_blob, text_of

if TYPE_CHECKING:
    from extract_bridge.agent.roots import DocumentGuard

ExtractInput = str | Path | Blob | Document | dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """One input, read.

    Attributes:
        shown: What traces show: name, size and digest; never bytes, text or folders.
        document: What is extracted; None where the input cannot be used.
        keywords: `target_pages`, if the input has `pages`.
        error: Why the input cannot be used. It is kept, so that it is raised inside the run that it belongs to.
    """

    shown: Any
    document: DocumentInput | None = None
    keywords: dict[str, Any] = field(default_factory=dict)
    error: ExtractError | None = None

    @property
    def name(self) -> str | None:
        """What the document is called: a file name, or an id."""
        return None if self.document is None else self.document.name or self.document.source

    def usable(self) -> DocumentInput:
        """The document.

        Raises:
            ExtractError: the input cannot be used.
        """
        if self.error is not None:
            raise self.error
        assert self.document is not None  # one of the two is there
        return self.document


def read_input(value: Any, guard: DocumentGuard | None) -> Asked:
    """Read an input: a file is read here, once, so that what is traced is what is sent. May block.

    Args:
        value: A path or id, a Blob, a Document (its text), or a mapping with `document` and optionally `pages`.
        guard: Decides which paths and ids may be named; None lets all.
    """
    try:
        document, keywords = _parts(value)
        return _seen(_document(document, guard), keywords)
    except ExtractError as error:
        # The input itself stays out: a text that is no path may be a document, an address may hold a secret.
        shown = {"name": error.where} if error.where else {"type": type(value).__name__}
        return Asked(shown, error=error)


def _parts(value: Any) -> tuple[Any, dict[str, Any]]:
    if not isinstance(value, Mapping):
        return value, {}
    if value.get("document") is None:
        raise FileInputError(
            "the input has no key document", code="not_a_document", hint='Pass {"document": "invoice.pdf"}'
        )
    pages = coerce_pages(value.get("pages"))
    return value["document"], {} if pages is None else {"target_pages": pages}


def _document(value: Any, guard: DocumentGuard | None) -> DocumentInput:
    if isinstance(value, Document):
        return text_of(value)  # where it says it comes from is not opened: that may be another's words
    if isinstance(value, Blob):
        return resolve_input(from_blob(value))
    return resolve_input(value) if guard is None else guard.open(str(value))


def _seen(given: DocumentInput, keywords: dict[str, Any]) -> Asked:
    if given.kind == "id":
        shown: Any = given.source
    else:
        content = given.read()
        given = DocumentInput(given.kind, given.name, given.source, given.source_id, lambda: content)
        shown = {"name": given.name, "bytes": len(content), "sha256": sha256_hex(content)}
    pages = keywords.get("target_pages")
    return Asked({"document": shown, "pages": pages} if pages else shown, given, keywords)
