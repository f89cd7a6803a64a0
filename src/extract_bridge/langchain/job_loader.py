"""Documents of jobs that were run before, at no new cost."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any, Literal

from langchain_core.document_loaders import BaseLoader
from langchain_core.documents import Document

from extract_bridge.bulk.source_texts import apage_texts, page_texts
from extract_bridge.client.client import ExtractClient, async_client, sync_client
from extract_bridge.core.errors import ConfigurationError, ExtractError
from extract_bridge.core.identity import stable_uuid
from extract_bridge.langchain.documents import documents_from_job, iter_documents

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Mapping

    from extract_bridge.client.connect import LocalService

logger = logging.getLogger(__name__)
OnError = Literal["raise", "skip", "yield"]


class JobLoader(BaseLoader):
    """Reads jobs, by id or as they are; see `ExtractLoader.from_jobs`."""

    def __init__(
        self,
        jobs: list[Any],
        *,
        client: Any,
        local: bool | LocalService | None,
        on_error: OnError,
        keywords: dict[str, Any],
    ) -> None:
        check_policy(on_error)
        self.jobs, self.client, self.local = jobs, client, local
        self.on_error, self.keywords = on_error, keywords

    def lazy_load(self) -> Iterator[Document]:
        """Documents, job by job."""
        for job in self.jobs:
            try:
                found = self._client().get(job) if isinstance(job, str) else job
                texts = page_texts(self._client(), found) if self._wants_texts else None
                more = self._more(job, texts)
                yield from iter_documents(found, **self.keywords, **more)
            except ExtractError as error:
                yield from self._failed(job, error)

    async def alazy_load(self) -> AsyncIterator[Document]:
        """Documents, job by job; the event loop is never blocked."""
        for job in self.jobs:
            try:
                client = async_client(self._client()) if isinstance(job, str) or self._wants_texts else None
                found = await client.get(job) if client is not None and isinstance(job, str) else job
                texts = await apage_texts(client, found) if client is not None and self._wants_texts else None
                more = self._more(job, texts)
                documents = await asyncio.to_thread(documents_from_job, found, **self.keywords, **more)
            except ExtractError as error:
                documents = self._failed(job, error)
            for document in documents:
                yield document

    @property
    def _wants_texts(self) -> bool:
        return self.keywords.get("content") == "source" and self.keywords.get("page_texts") is None

    def _more(self, job: Any, texts: Mapping[int, str] | None) -> dict[str, Any]:
        """What the service told besides the job: the pages' text, and for a job that it was asked for, which service it is."""
        more: dict[str, Any] = {} if texts is None else {"page_texts": texts}
        return {**more, "service": self._client().service} if isinstance(job, str) else more

    def _failed(self, job: Any, error: ExtractError) -> list[Document]:
        if self.on_error == "raise" or isinstance(error, ConfigurationError):
            raise error
        source = job if isinstance(job, str) else str(getattr(job, "id", "job"))
        return failed(source, error, self.on_error)

    def _client(self) -> ExtractClient:
        if self.client is None:
            self.client = ExtractClient(local=self.local)
        return sync_client(self.client)


def check_policy(on_error: str) -> None:
    """Refuse what is no error policy.

    Raises:
        ConfigurationError: it is none.
    """
    if on_error not in ("raise", "skip", "yield"):
        raise ConfigurationError(
            "on_error is none of raise, skip, yield", where="on_error", hint='"raise" is the default'
        )


def failed(
    source: str, error: ExtractError, on_error: str, extra: Mapping[str, Any] | None = None
) -> list[Document]:
    """What stands for a document that failed: with `skip` a line in the log, otherwise a Document that says why."""
    if on_error == "skip":
        logger.warning("skipped a document: %s", error)
        return []
    metadata = {"source": source, "extract_error": str(error), "extract_error_code": error.code}
    identity = stable_uuid(source, "extract_error")
    return [Document(id=identity, page_content="", metadata={**(extra or {}), **metadata})]
