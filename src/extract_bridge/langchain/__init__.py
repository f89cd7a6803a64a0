"""LangChain: agent tool, document loader and typed runnable, with evidence for every value.

Names are loaded when they are first used. Needs the extra `langchain`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from extract_bridge.core.errors import MissingExtraError

if TYPE_CHECKING:
    from extract_bridge.langchain.approval import extract_interrupt_on as extract_interrupt_on
    from extract_bridge.langchain.blob_parser import ExtractBlobParser as ExtractBlobParser
    from extract_bridge.langchain.documents import citations as citations
    from extract_bridge.langchain.documents import confidences as confidences
    from extract_bridge.langchain.documents import documents_from_job as documents_from_job
    from extract_bridge.langchain.documents import iter_documents as iter_documents
    from extract_bridge.langchain.helpers import flatten_metadata as flatten_metadata
    from extract_bridge.langchain.helpers import format_evidence as format_evidence
    from extract_bridge.langchain.helpers import stable_key as stable_key
    from extract_bridge.langchain.loader import ExtractLoader as ExtractLoader
    from extract_bridge.langchain.narrower import CitationNarrower as CitationNarrower
    from extract_bridge.langchain.runnable import ExtractRunnable as ExtractRunnable
    from extract_bridge.langchain.toolkit import ExtractToolkit as ExtractToolkit
    from extract_bridge.langchain.tools.documents import ListDocumentsTool as ListDocumentsTool
    from extract_bridge.langchain.tools.extract import CreateExtractJobTool as CreateExtractJobTool
    from extract_bridge.langchain.tools.extract import ExtractTool as ExtractTool
    from extract_bridge.langchain.tools.fields import ExtractFieldsTool as ExtractFieldsTool
    from extract_bridge.langchain.tools.jobs import CancelExtractJobTool as CancelExtractJobTool
    from extract_bridge.langchain.tools.jobs import GetExtractJobTool as GetExtractJobTool
    from extract_bridge.langchain.tools.jobs import ListExtractJobsTool as ListExtractJobsTool
    from extract_bridge.langchain.tools.jobs import ReadExtractResultTool as ReadExtractResultTool
    from extract_bridge.langchain.transformer import ExtractTransformer as ExtractTransformer

_HOME_OF = {
    "CancelExtractJobTool": "tools.jobs",
    "CitationNarrower": "narrower",
    "CreateExtractJobTool": "tools.extract",
    "ExtractBlobParser": "blob_parser",
    "ExtractFieldsTool": "tools.fields",
    "ExtractToolkit": "toolkit",
    "ExtractTransformer": "transformer",
    "GetExtractJobTool": "tools.jobs",
    "ListDocumentsTool": "tools.documents",
    "ListExtractJobsTool": "tools.jobs",
    "ReadExtractResultTool": "tools.jobs",
    "extract_interrupt_on": "approval",
    "flatten_metadata": "helpers",
    "format_evidence": "helpers",
    "stable_key": "helpers",
    "ExtractLoader": "loader",
    "ExtractRunnable": "runnable",
    "ExtractTool": "tools.extract",
    "citations": "documents",
    "confidences": "documents",
    "documents_from_job": "documents",
    "iter_documents": "documents",
}

# What is imported before a module of ours is, for speed alone: CPython keeps frames in chunks, and an import that runs deep, below several of
# our modules, pays a page fault for every other call at a chunk's edge (50 ms of 500 with CPython 3.11).
_FIRST = {
    "runnable": "langchain_core.runnables.base",
    "toolkit": "langchain_core.tools.base",
    "tools": "langchain_core.tools.base",
}

__all__ = sorted(_HOME_OF)


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module  # noqa: PLC0415 - a name costs its import only when it is used

    home = _HOME_OF[name]
    try:
        import_module(_FIRST.get(home.partition(".")[0], "langchain_core"))
        module = import_module(f"{__name__}.{home}")
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        if package != "langchain_core":
            raise
        raise MissingExtraError("langchain", "langchain-core") from error
    value = getattr(module, name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
