"""LlamaIndex: documents, nodes, a reader, an agent tool and a program that carry the evidence of every value.

Names are loaded when they are first used; without `llama-index-core` they raise a MissingExtraError.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from extract_bridge.llama_index.documents import citations as citations
    from extract_bridge.llama_index.documents import confidences as confidences
    from extract_bridge.llama_index.documents import documents_from_job as documents_from_job
    from extract_bridge.llama_index.documents import iter_documents as iter_documents
    from extract_bridge.llama_index.narrower import CitationNarrower as CitationNarrower
    from extract_bridge.llama_index.node_parser import ExtractNodeParser as ExtractNodeParser
    from extract_bridge.llama_index.nodes import iter_nodes as iter_nodes
    from extract_bridge.llama_index.nodes import nodes_from_job as nodes_from_job
    from extract_bridge.llama_index.postprocessor import CitationPostprocessor as CitationPostprocessor
    from extract_bridge.llama_index.program import ExtractProgram as ExtractProgram
    from extract_bridge.llama_index.reader import ExtractReader as ExtractReader
    from extract_bridge.llama_index.tools import ExtractToolSpec as ExtractToolSpec
    from extract_bridge.llama_index.tools import make_extract_tool as make_extract_tool
    from extract_bridge.llama_index.transformer import ExtractTransformer as ExtractTransformer

_HOME_OF = {
    "CitationNarrower": "narrower",
    "CitationPostprocessor": "postprocessor",
    "ExtractNodeParser": "node_parser",
    "ExtractTransformer": "transformer",
    "ExtractProgram": "program",
    "ExtractReader": "reader",
    "ExtractToolSpec": "tools",
    "citations": "documents",
    "confidences": "documents",
    "documents_from_job": "documents",
    "iter_documents": "documents",
    "iter_nodes": "nodes",
    "make_extract_tool": "tools",
    "nodes_from_job": "nodes",
}

__all__ = sorted(_HOME_OF)


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module  # noqa: PLC0415 - a name costs its import only when it is used

    try:
        module = import_module(f"{__name__}.{_HOME_OF[name]}")
    except ImportError as error:
        if (error.name or "").partition(".")[0] != "llama_index":
            raise
        from extract_bridge.core.errors import MissingExtraError  # noqa: PLC0415 - only when it is missing

        raise MissingExtraError("llama-index", "llama-index-core") from error
    value = getattr(module, name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
