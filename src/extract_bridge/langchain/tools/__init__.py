"""What an agent may call: extracting, its jobs, and which documents there are."""

from extract_bridge.langchain.tools.documents import ListDocumentsTool
from extract_bridge.langchain.tools.extract import CreateExtractJobTool, ExtractFieldsTool, ExtractTool
from extract_bridge.langchain.tools.jobs import (
    CancelExtractJobTool,
    GetExtractJobTool,
    ListExtractJobsTool,
    ReadExtractResultTool,
)

__all__ = [
    "CancelExtractJobTool",
    "CreateExtractJobTool",
    "ExtractFieldsTool",
    "ExtractTool",
    "GetExtractJobTool",
    "ListDocumentsTool",
    "ListExtractJobsTool",
    "ReadExtractResultTool",
]
