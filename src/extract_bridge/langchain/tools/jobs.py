"""Tools about jobs: only those that the same toolkit made, or that the developer allows by id."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from extract_bridge.agent import job_parameters
from extract_bridge.agent.job_calls import JobCalls
from extract_bridge.agent.parameters import built
from extract_bridge.langchain.tools.base import Pair, WithRuntime, atold, told
from extract_bridge.langchain.tools.progress import Progress
from extract_bridge.langchain.tools.unconfigured import WithoutSchema

if TYPE_CHECKING:
    from extract_bridge.agent.session import ToolKind


class JobTool(WithoutSchema):
    """A tool that asks about jobs."""

    def _calls(self) -> JobCalls:
        return JobCalls(
            clients=self,
            session=self._session,
            style=lambda note: self._style(note.schema if note else None),
            allowed_ids=self._ids(),
            allow_any_id=self.allow_any_id,
        )


class GetExtractJobTool(JobTool):
    """How a job stands, and its result once it is COMPLETED. The model sees `get_extract_job(job_id, wait_seconds)`."""

    kind: ClassVar[ToolKind] = "get"

    def __init__(self, **keywords: Any) -> None:
        super().__init__(**keywords)
        self.args_schema = self.args_schema or built(JobAndWait)

    def _run(self, job_id: str, wait_seconds: int = 0, runtime: Any = None) -> Pair:
        calls, tell = self._calls(), Progress(self._document(job_id), runtime).tell
        return told(lambda: calls.call(calls.get(job_id, wait_seconds), tell))

    async def _arun(self, job_id: str, wait_seconds: int = 0, runtime: Any = None) -> Pair:
        calls, tell = self._calls(), Progress(self._document(job_id), runtime).atell
        return await atold(calls.acall(calls.get(job_id, wait_seconds), tell))

    def _document(self, job_id: str) -> str:
        note = self._session.book.note(job_id)
        return note.document if note else ""


class ReadExtractResultTool(JobTool):
    """Reads a finished job's result part by part. The model sees `read_extract_result(job_id, path, offset, limit)`.

    `path` is a JSON pointer; `offset` and `limit` count the items of the value there: elements of a list, members of an object,
    characters of a text. `truncated.rest` of an answer names the calls that show what is left; all of them together are the result.
    """

    kind: ClassVar[ToolKind] = "read"

    def __init__(self, **keywords: Any) -> None:
        super().__init__(**keywords)
        self.args_schema = self.args_schema or built(job_parameters.JobAndPart)

    def _run(self, job_id: str, path: str = "", offset: int = 0, limit: int | None = None) -> Pair:
        calls = self._calls()
        return told(lambda: calls.call(calls.read(job_id, path, offset, limit)))

    async def _arun(self, job_id: str, path: str = "", offset: int = 0, limit: int | None = None) -> Pair:
        calls = self._calls()
        return await atold(calls.acall(calls.read(job_id, path, offset, limit)))


class CancelExtractJobTool(JobTool):
    """Cancels a job that has not ended. The model sees `cancel_extract_job(job_id)`."""

    kind: ClassVar[ToolKind] = "cancel"

    def __init__(self, **keywords: Any) -> None:
        super().__init__(**keywords)
        self.args_schema = self.args_schema or built(job_parameters.Job)

    def _run(self, job_id: str) -> Pair:
        calls = self._calls()
        return told(lambda: calls.call(calls.cancel(job_id)))

    async def _arun(self, job_id: str) -> Pair:
        calls = self._calls()
        return await atold(calls.acall(calls.cancel(job_id)))


class ListExtractJobsTool(JobTool):
    """Lists the jobs of this toolkit, newest first. The model sees `list_extract_jobs(offset, limit)`."""

    kind: ClassVar[ToolKind] = "jobs"

    def __init__(self, **keywords: Any) -> None:
        super().__init__(**keywords)
        self.args_schema = self.args_schema or built(job_parameters.PageOfJobs)

    def _run(self, offset: int = 0, limit: int = 10) -> Pair:
        calls = self._calls()
        return told(lambda: calls.call(calls.jobs(offset, limit)))

    async def _arun(self, offset: int = 0, limit: int = 10) -> Pair:
        calls = self._calls()
        return await atold(calls.acall(calls.jobs(offset, limit)))


class JobAndWait(WithRuntime, job_parameters.JobAndWait):
    """What the model fills in."""
