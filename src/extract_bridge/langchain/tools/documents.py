"""Which documents there are."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, ClassVar

from extract_bridge.agent.job_calls import documents
from extract_bridge.agent.parameters import PageOfDocuments, built
from extract_bridge.langchain.tools.base import GuardedTool, Pair, atold, told
from extract_bridge.langchain.tools.unconfigured import WithoutSchema

if TYPE_CHECKING:
    from extract_bridge.agent.answer import Answer
    from extract_bridge.agent.session import ToolKind


class ListDocumentsTool(GuardedTool, WithoutSchema):
    """Lists the documents that may be named: files below `allowed_roots`, names of `documents`, and `allowed_ids`.

    The model sees `list_documents(contains, offset, limit)`. Hidden files and links are not listed, nor what a `documents` function
    knows. It needs no service.
    """

    kind: ClassVar[ToolKind] = "list"

    def __init__(self, **keywords: Any) -> None:
        super().__init__(**keywords)
        self.args_schema = self.args_schema or built(PageOfDocuments)

    def _run(self, contains: str | None = None, offset: int = 0, limit: int = 50) -> Pair:
        return told(lambda: self._listed(contains, offset, limit))

    async def _arun(self, contains: str | None = None, offset: int = 0, limit: int = 50) -> Pair:
        return await atold(asyncio.to_thread(self._listed, contains, offset, limit))

    def _listed(self, contains: str | None, offset: int, limit: int) -> Answer:
        return documents(self._guard(), contains, offset, limit, most=self.max_content_chars)
