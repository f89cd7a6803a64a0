"""LlamaIndex: a workflow that is stopped while its job runs, and resumes waiting after a restart rather than paying again.

    pip install -e '.[all]'
    python examples/11_llama_index_workflow_resumes.py

The job's id is the first thing that is kept, in the workflow's context; the context is what a restart brings back.
"""

import asyncio
import json
from pathlib import Path
from tempfile import TemporaryDirectory

from llama_index.core.workflow import Context, Event, StartEvent, StopEvent, Workflow, step
from pydantic import BaseModel

from extract_bridge import AsyncExtractClient, LocalService, records_from_job
from make_samples import make


class Certificate(BaseModel):
    """What to read on each page."""

    certificate_number: str | None = None
    verdict: str | None = None


class JobMade(Event):
    """A job is there and its id is kept."""

    job_id: str


class ReadFile(Workflow):
    """Extracts one file; run again with the context of an earlier run, it waits for the job of that run."""

    def __init__(self, client: AsyncExtractClient, *, stops_early: bool = False) -> None:
        super().__init__(timeout=120)
        self.client, self.stops_early = client, stops_early

    @step
    async def begin(self, ctx: Context, ev: StartEvent) -> JobMade:
        """Make the job, unless an earlier run did."""
        job_id = await ctx.store.get("job_id", default=None)
        if job_id is None:
            file = await self.client.files.create(ev.file)
            job = await self.client.create(
                file_input=file.id, data_schema=Certificate, extraction_target="per_page"
            )
            job_id = job.id
            await ctx.store.set("job_id", job_id)
        return JobMade(job_id=job_id)

    @step
    async def finish(self, ev: JobMade) -> StopEvent:
        """Wait for the job and read it."""
        if self.stops_early:  # as a process does that is killed here
            return StopEvent(result=None)
        await self.client.wait(ev.job_id)
        job = await self.client.get(ev.job_id, expand=["extract_metadata"])
        return StopEvent(result=[record.data["verdict"] for record in records_from_job(job)])


async def two_lives(inbox: Path, data: Path) -> None:
    async with AsyncExtractClient(local=LocalService(data_dir=data)) as client:
        first = ReadFile(client, stops_early=True)
        context = Context(first)
        await first.run(file=inbox / "certificates.pdf", ctx=context)
        kept = json.dumps(context.to_dict())  # to a file or a database, in real life

        second = ReadFile(client)
        verdicts = await second.run(
            file=inbox / "certificates.pdf", ctx=Context.from_dict(second, json.loads(kept))
        )
        jobs = [job async for job in client.list()]
        print(f"Verdicts: {', '.join(verdicts)}. Jobs paid for: {len(jobs)}")


def main() -> None:
    with TemporaryDirectory() as inbox, TemporaryDirectory() as data:
        make(1, Path(inbox))
        asyncio.run(two_lives(Path(inbox), Path(data)))


if __name__ == "__main__":
    main()
