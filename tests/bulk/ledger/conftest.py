"""A small world in virtual time: a service that loses answers, and processes that share one real ledger and are killed in the middle."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from extract_bridge.bulk import Budget, Ledger
from extract_bridge.client.effects import Blocking, Call, Effect, Flow, Progress, Reply, Sleep
from extract_bridge.client.flows import jobs, run
from extract_bridge.client.flows.keywords import resolve_configuration
from extract_bridge.client.flows.memory import Memory
from extract_bridge.client.flows.request import Api
from extract_bridge.client.policy import PollPolicy, RetryPolicy
from extract_bridge.core.errors import UnansweredError

SCHEMA = {"title": "Note", "type": "object", "properties": {"number": {"type": "string"}}}
SETTLE = 5.0
PRICE = 8.0  # credits of a page


@dataclass
class Job:
    number: int
    file_input: str
    configuration: dict[str, Any]
    made: float
    cancelled: bool = False
    forgotten: bool = False


@dataclass
class World:
    """The service, and the one clock of all.

    Attributes:
        late: Seconds after a lost answer until its create is carried out.
        lag: Seconds until a list shows a job.
        lasts: Seconds that a job takes.
        version: That jobs echo.
        honours_keys: Whether it knows `Idempotency-Key`.
        refuses: A status for each create to come.
        jump: Seconds by which the clock on the wall is wrong.
    """

    late: float = 0.0
    lag: float = 0.0
    lasts: float = 2.0
    version: str = "2.1"
    honours_keys: bool = False
    refuses: list[int] = field(default_factory=list)
    fails: bool = False
    elapsed: float = 0.0
    files: dict[str, bytes] = field(default_factory=dict)
    jobs: list[Job] = field(default_factory=list)
    keys: dict[str, Job] = field(default_factory=dict)
    error: str | None = None
    jump: float = 0.0

    def monotonic(self) -> float:
        return self.elapsed

    def now(self) -> float:
        return 1_000_000_000.0 + self.elapsed + self.jump

    def answer(self, call: Call, *, lost: str | None = None) -> Reply | BaseException:
        """`lost`: `before` or `after` it was carried out."""
        self.elapsed += 0.05
        if lost == "before":
            return UnansweredError("lost")
        reply = self._answer(call, late=self.late if lost else 0.0)
        return UnansweredError("lost") if lost else reply

    def _answer(self, call: Call, *, late: float) -> Reply:
        if call.parts is not None:
            parts = call.parts()
            name = f"dfl-{parts['external_file_id']}"
            self.files[name] = parts["file"][1]
            return reply(201, {"id": name, "external_file_id": parts["external_file_id"]})
        if call.path == jobs.PATH:
            return self._create(call, late) if call.method == "POST" else self._list(call)
        job = self.jobs[int(call.path.split("/")[4].removeprefix("ext-"))]
        if job.forgotten or job.made > self.elapsed:
            return reply(404, {"detail": "no such job"})
        if call.path.endswith("/cancel"):
            if self.status(job) in ("COMPLETED", "FAILED"):
                return reply(409, {"detail": "it is final"}, x_should_retry="false")
            job.cancelled = True
        return reply(200, self.shown(job))

    def _create(self, call: Call, late: float) -> Reply:
        assert isinstance(call.json, dict)
        if self.refuses:
            return reply(self.refuses.pop(0), {"detail": "no"})
        if call.json["file_input"] not in self.files:
            return reply(400, {"detail": "inputs_invalid: no such file"})
        key = call.headers["Idempotency-Key"]
        job = self.keys.get(key) if self.honours_keys else None
        replayed = job is not None
        if job is None:
            job = Job(
                len(self.jobs), call.json["file_input"], call.json["configuration"], self.elapsed + late
            )
            self.jobs.append(job)
            self.keys[key] = job
        headers = {"idempotency_replayed": str(replayed).lower()} if self.honours_keys else {}
        return reply(200, self.shown(job), **headers)

    def _list(self, call: Call) -> Reply:
        wanted = dict(call.query)["file_input"]
        found = [
            job
            for job in reversed(self.jobs)
            if job.file_input == wanted and job.made + self.lag <= self.elapsed and not job.forgotten
        ]
        return reply(200, {"items": [self.shown(job) for job in found], "next_page_token": None})

    def status(self, job: Job) -> str:
        if job.cancelled:
            return "CANCELLED"
        over = self.elapsed >= job.made + self.lasts
        return ("FAILED" if self.fails else "COMPLETED") if over else "RUNNING"

    def shown(self, job: Job) -> dict[str, Any]:
        status = self.status(job)
        done = status == "COMPLETED"
        content = self.files.get(job.file_input, b"").decode()
        return {
            "id": f"ext-{job.number}",
            "status": status,
            "file_input": job.file_input,
            "configuration": {**job.configuration, "version": self.version},
            "error_message": "no good" if status == "FAILED" else None,
            "extract_result": {"number": content} if done else None,
            "extract_metadata": {"field_metadata": {"error": self.error}} if done and self.error else None,
            "usage": {"credits": PRICE} if done else None,
        }

    def add_job(self, number: int, file_input: str, configuration: dict[str, Any]) -> None:
        """A job that was made before this world began."""
        self.jobs.append(Job(number, file_input, configuration, made=-self.lasts))

    def alive(self, content: bytes) -> list[Job]:
        """The jobs of a document that were not cancelled."""
        return [job for job in self.jobs if self.files.get(job.file_input) == content and not job.cancelled]


def reply(status: int, body: object = None, **headers: str) -> Reply:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(status, named, json.dumps(body).encode())


class Process:
    """A process that shares the ledger: it dies as a killed one does, its lock gone and nothing said."""

    def __init__(self, world: World, path: Path) -> None:
        self.world, self.ledger = world, Ledger(path)
        self.memory = Memory()
        self.visits: list[Any] = []

    def visit(self) -> Any:
        """As `Keeping`: remembers its visits, for a dead process says no more goodbye."""
        return self._remember(self.ledger.visit())

    def terms(self, **terms: Any) -> Any:
        kept, remember = self.ledger.terms(**terms), self._remember

        class Terms:
            def visit(self) -> Any:
                return remember(kept.visit())

        return Terms()

    def _remember(self, visit: Any) -> Any:
        self.visits.append(visit)
        return visit

    def api(self, **changes: Any) -> Api:
        retry = RetryPolicy(attempts=3, settle_after=SETTLE)
        return Api("cloud", self.world, retry, PollPolicy(), memory=self.memory, address="cloud", **changes)

    def run(
        self, document: Any, *, ledger: Any = None, timeout: float = 10_000.0, **keywords: Any
    ) -> Flow[Any]:
        settings = {"data_schema": SCHEMA, **keywords.pop("settings", {})}
        resolved = resolve_configuration(**settings)
        return run.run(
            self.api().scoped(resolved.scope),
            document,
            resolved,
            timeout=timeout,
            ledger=ledger or self,
            **keywords,
        )

    def kill(self) -> None:
        presence = self.ledger._shelf._presence
        if presence is not None and presence._end.detach() is not None:
            os.close(presence._descriptor)
        for visit in self.visits:
            visit._gone = True


class Running:
    """A flow, one effect at a time."""

    def __init__(self, process: Process, flow: Flow[Any]) -> None:
        self.process, self.flow = process, flow
        self.effect: Effect | None = None
        self.result: Any = None
        self.error: BaseException | None = None
        self.over = False
        self._go(lambda: next(flow))

    def _go(self, step: Callable[[], Effect]) -> None:
        try:
            self.effect = step()
        except StopIteration as stop:
            self.over, self.result = True, stop.value
        except BaseException as raised:  # noqa: BLE001 - what the caller would see
            self.over, self.error = True, raised

    def perform(self, *, lost: str | None = None) -> Any:
        """Carry the effect out; its answer, or its error."""
        effect, world = self.effect, self.process.world
        if isinstance(effect, Call):
            return world.answer(effect, lost=lost)
        if isinstance(effect, Sleep):
            world.elapsed += effect.seconds
        elif isinstance(effect, Blocking):
            try:
                return effect.function()
            except Exception as raised:  # noqa: BLE001 - thrown into the flow
                return raised
        elif isinstance(effect, Progress):
            effect.event()
        return None

    def give(self, answer: Any) -> None:
        if isinstance(answer, BaseException):
            self._go(lambda: self.flow.throw(answer))
        else:
            self._go(lambda: self.flow.send(answer))

    def step(self, *, lost: str | None = None) -> None:
        self.give(self.perform(lost=lost))

    def throw(self, error: BaseException) -> None:
        self._go(lambda: self.flow.throw(error))

    def finish(self) -> Any:
        """To its end, with nothing going wrong any more."""
        while not self.over:
            self.step()
        if self.error is not None:
            raise self.error
        return self.result

    @property
    def is_create(self) -> bool:
        effect = self.effect
        return isinstance(effect, Call) and effect.method == "POST" and effect.path == jobs.PATH


@dataclass
class Scene:
    """What a test needs to make worlds and processes."""

    path: Path
    world: World = field(default_factory=World)

    def process(self) -> Process:
        return Process(self.world, self.path)

    def start(self, process: Process, document: Any, **keywords: Any) -> Running:
        return Running(process, process.run(document, **keywords))


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(tmp_path / "ledger.sqlite3")


@pytest.fixture(scope="session")
def scenes(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Scene]:
    """Makes a scene for each of many examples."""
    return lambda **world: Scene(tmp_path_factory.mktemp("scene") / "ledger.sqlite3", World(**world))


@pytest.fixture
def budget() -> Budget:
    return Budget(10_000, unknown_pages=1)
