"""The official SDK's whole extract work, written once for every 2.x version, sync and async.

A script of its own, so that it also runs in an environment that holds nothing but one version of the SDK:

    python sdk_walk.py URL BUSY_URL sync|async

`URL` is a service with its real engine; `BUSY_URL` one that works on nothing and takes two jobs at most. It prints one JSON object:
the SDK's version, what was shown, and what this version does not have.
"""

from __future__ import annotations

import asyncio
import inspect
import json
import sys
from typing import Any

import llama_cloud

KEY = "llx-local"
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"number": {"type": ["string", "null"]}, "total": {"type": ["number", "null"]}},
}
NOTE = b"Number: A-17\nTotal: 12.50\n"
RESULT = {"number": "A-17", "total": 12.5}
EXPAND = ["configuration", "extract_metadata", "usage", "metadata"]
QUICKLY = {"polling_interval": 0.02, "max_interval": 0.1}


async def settle(value: Any) -> Any:
    """What an async call gives when awaited; what a sync call has given already."""
    return await value if inspect.isawaitable(value) else value


async def every(pages: Any) -> list[Any]:
    """Every item of every page."""
    return [item async for item in pages] if hasattr(pages, "__aiter__") else list(pages)


async def refused(kind: type[Exception], call: Any) -> Any:
    """The error of a call, which must be of this kind."""
    try:
        await settle(call())
    except kind as error:
        return error
    raise AssertionError(f"{kind.__name__} was not raised")


class Walk:
    """One walk with one client of one version."""

    def __init__(self, sdk: Any) -> None:
        self.sdk = sdk
        self.shown: list[str] = []
        self.absent: list[str] = []
        takes = inspect.signature(sdk.extract.create).parameters
        self.input_name = "file_input" if "file_input" in takes else "document_input_value"

    def has(self, resource: str, *names: str) -> bool:
        """Whether this version has a resource or method; noted either way."""
        target = self.sdk
        for name in (resource, *names):
            target = getattr(target, name, None)
        label = ".".join((resource, *names))
        (self.absent if target is None else self.shown).append(label)
        return target is not None

    async def create(self, input_id: str, **more: Any) -> Any:
        """A job, its input under this version's name."""
        configuration = {"data_schema": SCHEMA, "cite_sources": True, "confidence_scores": True}
        more = more or {"configuration": configuration}
        job = await settle(self.sdk.extract.create(**{self.input_name: input_id}, **more))
        assert getattr(job, self.input_name) == input_id
        return job

    async def finish(self, job: Any) -> Any:
        """The finished job, everything expanded."""
        await settle(self.sdk.extract.wait_for_completion(job.id, **QUICKLY))
        done = await settle(self.sdk.extract.get(job.id, expand=EXPAND))
        assert (done.status, done.extract_result) == ("COMPLETED", RESULT), done
        return done

    async def everything(self, busy: Any) -> None:
        """All that this version has."""
        file = await self.files()
        done = await self.jobs(file.id)
        await self.parse_inputs(file.id, done)
        await self.schemas()
        await self.configurations(file.id)
        await self.webhook_configurations()
        await self.errors(file.id)
        await self.open_jobs(busy)
        await settle(self.sdk.files.delete(file.id))
        await refused(llama_cloud.NotFoundError, lambda: self.content(file.id))

    async def files(self) -> Any:
        """Upload, list, content."""
        file = await settle(
            self.sdk.files.create(file=("note.txt", NOTE), purpose="extract", external_file_id="mine")
        )
        assert (file.name, file.external_file_id) == ("note.txt", "mine")
        for query in ({"external_file_id": "mine"}, {"file_ids": [file.id]}, {"file_name": "note.txt"}):
            assert file.id in [found.id for found in await every(self.sdk.files.list(**query))]
        link = await self.content(file.id)
        assert link.url.startswith(str(self.sdk.base_url))
        assert link.expires_at
        return file

    async def content(self, file_id: str) -> Any:
        """The link to a file's bytes; `files.get` before 2.14."""
        call = self.sdk.files.content if hasattr(self.sdk.files, "content") else self.sdk.files.get
        return await settle(call(file_id))

    async def jobs(self, file_id: str) -> Any:
        """Create, wait, run, get with expand, list, page, delete."""
        job = await self.create(file_id)
        assert job.status == "PENDING"
        assert job.created_at.tzinfo is not None
        done = await self.finish(job)
        assert done.configuration.cite_sources is True
        assert set(done.extract_metadata.field_metadata.document_metadata) == set(RESULT)
        assert done.metadata.usage.num_pages_extracted == 1
        assert done.to_dict()["usage"]["credits"] > 0
        configuration = {"data_schema": SCHEMA}
        ran = await settle(
            self.sdk.extract.run(**{self.input_name: file_id}, configuration=configuration, **QUICKLY)
        )
        assert ran.extract_result == RESULT
        bare = await settle(self.sdk.extract.get(ran.id))
        assert (bare.configuration, bare.extract_metadata, bare.metadata) == (None, None, None)
        made = [ran.id, done.id]
        named = {self.input_name: file_id}
        assert [found.id for found in await every(self.sdk.extract.list(page_size=1, **named))] == made
        assert [found.id for found in await every(self.sdk.extract.list(job_ids=made[:1]))] == made[:1]
        listed = await every(self.sdk.extract.list(**named, status="COMPLETED", expand=["extract_metadata"]))
        assert listed[1].extract_metadata == done.extract_metadata
        assert await every(self.sdk.extract.list(**named, status="FAILED")) == []
        since = await every(self.sdk.extract.list(**named, created_at_on_or_after=ran.created_at))
        assert [found.id for found in since] == made[:1]
        await settle(self.sdk.extract.delete(ran.id))
        await refused(llama_cloud.NotFoundError, lambda: self.sdk.extract.get(ran.id))
        return done

    async def parse_inputs(self, file_id: str, done: Any) -> None:
        """The parse job of an extract job and one of our own, as inputs."""
        again = await self.finish(await self.create(done.extract_metadata.parse_job_id))
        assert again.extract_metadata.parse_job_id == done.extract_metadata.parse_job_id
        parsing = self.sdk.parsing
        parse = await settle(parsing.create(tier="cost_effective", version="latest", file_id=file_id))
        assert parse.id.startswith("pjb-")
        await settle(parsing.wait_for_completion(parse.id, **QUICKLY))
        read = await settle(parsing.get(parse.id, expand=["text", "items"]))
        assert read.job.status == "COMPLETED"
        [page] = read.text.pages
        assert page.page_number == 1
        assert "A-17" in page.text
        assert read.items.pages[0].page_number == 1
        await self.finish(await self.create(parse.id))
        kind = {"document_input_type": "parse_job_id", self.input_name: parse.id}
        assert len(await every(self.sdk.extract.list(**kind))) == 1

    async def schemas(self) -> None:
        """Validate and generate."""
        valid = await settle(self.sdk.extract.validate_schema(data_schema=SCHEMA))
        assert set(valid.data_schema["properties"]) == set(RESULT)
        sample = {"foo": {"foo": "bar"}}
        error = await refused(
            llama_cloud.BadRequestError, lambda: self.sdk.extract.validate_schema(data_schema=sample)
        )
        assert error.body["detail"].startswith("schema_validation: ")
        prompt = "Extract the invoice number and the total"
        made = await settle(self.sdk.extract.generate_schema(prompt=prompt, name="drawn"))
        assert made.name == "drawn"
        assert made.parameters.product_type == "extract_v2"
        assert made.parameters.data_schema["properties"]

    async def configurations(self, file_id: str) -> None:
        """Saved configurations: all five calls, and a job by one."""
        if not self.has("configurations"):
            return
        saved = self.sdk.configurations
        parameters = {"product_type": "extract_v2", "data_schema": SCHEMA, "tier": "cost_effective"}
        made = await settle(saved.create(name="notes", parameters=parameters))
        got = await settle(saved.retrieve(made.id))
        assert (got.id, got.name, got.parameters.data_schema) == (made.id, "notes", SCHEMA)
        found = await every(saved.list(product_type=["extract_v2"], name="notes", page_size=1))
        assert made.id in [item.id for item in found]
        job = await self.finish(await self.create(file_id, configuration_id=made.id))
        assert (job.configuration_id, job.configuration.tier) == (made.id, "cost_effective")
        changed = await settle(saved.update(made.id, name="renamed"))
        assert changed.name == "renamed"
        await settle(saved.delete(made.id))
        await refused(llama_cloud.NotFoundError, lambda: saved.retrieve(made.id))

    async def webhook_configurations(self) -> None:
        """Saved webhook endpoints."""
        if not self.has("webhook_configs"):
            return
        saved = self.sdk.webhook_configs
        made = await settle(
            saved.create(
                webhook_url="https://example.com/hook",
                webhook_events=["extract.success"],
                webhook_signing_secret="a-secret-of-sixteen",
            )
        )
        assert made.has_secret is True
        assert "a-secret" not in made.to_json()
        assert (await settle(saved.retrieve(made.id))).webhook_url == "https://example.com/hook"
        await settle(saved.delete(made.id))
        await refused(llama_cloud.NotFoundError, lambda: saved.retrieve(made.id))

    async def errors(self, file_id: str) -> None:
        """Typed errors with the service's own words."""
        unknown = await refused(llama_cloud.NotFoundError, lambda: self.sdk.extract.get("ext-unknown"))
        assert unknown.body == {"detail": "Job not found"}
        pages = {"data_schema": SCHEMA, "max_pages": 0}
        invalid = await refused(
            llama_cloud.UnprocessableEntityError, lambda: self.create(file_id, configuration=pages)
        )
        assert invalid.body["detail"][0]["loc"][-1] == "max_pages"
        error = await refused(llama_cloud.BadRequestError, lambda: self.create("dfl-unknown"))
        assert error.body["detail"].startswith("inputs_invalid: ")
        stranger = self.sdk.with_options(api_key="llx-wrong")
        await refused(llama_cloud.AuthenticationError, lambda: stranger.extract.get("ext-unknown"))

    async def open_jobs(self, busy: Any) -> None:
        """A full service answers 429; open jobs are cancelled, final ones are not."""
        walk = Walk(busy)
        file = await settle(busy.files.create(file=("slow.txt", NOTE), purpose="extract"))
        jobs = [await walk.create(file.id) for _ in range(2)]
        full = await refused(llama_cloud.RateLimitError, lambda: walk.create(file.id))
        assert float(full.response.headers["retry-after"]) > 0
        if self.has("extract", "cancel"):
            await refused(llama_cloud.ConflictError, lambda: busy.extract.delete(jobs[0].id))
            for job in jobs:
                assert (await settle(busy.extract.cancel(job.id))).status == "CANCELLED"
            await refused(llama_cloud.ConflictError, lambda: busy.extract.cancel(jobs[0].id))
            await settle(busy.extract.delete(jobs[0].id))
        else:
            for job in jobs:
                await settle(busy.extract.delete(job.id, extra_query={"force": True}))


async def walk(url: str, busy_url: str, kind: str) -> dict[str, Any]:
    """Walk with one kind of client; what was shown."""
    client = llama_cloud.LlamaCloud if kind == "sync" else llama_cloud.AsyncLlamaCloud
    sdk, busy = (client(api_key=KEY, base_url=base, max_retries=0) for base in (url, busy_url))
    try:
        steps = Walk(sdk)
        await steps.everything(busy)
    finally:
        await settle(sdk.close())
        await settle(busy.close())
    return {"version": llama_cloud.__version__, "shown": steps.shown, "absent": steps.absent}


if __name__ == "__main__":
    print(json.dumps(asyncio.run(walk(*sys.argv[1:]))))
