"""The agent tools under their shorter address: the tool spec, one tool alone, and what tools give to the program."""

from extract_bridge.llama_index.tool_functions import ExtractProgressEvent
from extract_bridge.llama_index.tool_results import (
    DocumentList,
    ExtractJobList,
    ExtractJobState,
    ExtractPartResult,
    ExtractToolResult,
    ToolResult,
)
from extract_bridge.llama_index.tool_spec import ExtractToolSpec, make_extract_tool

__all__ = [
    "DocumentList",
    "ExtractJobList",
    "ExtractJobState",
    "ExtractPartResult",
    "ExtractProgressEvent",
    "ExtractToolResult",
    "ExtractToolSpec",
    "ToolResult",
    "make_extract_tool",
]
