"""A stand-in for the service that costs next to nothing, so that a benchmark measures clients alone.

    python tests/benchmarks/fake_service.py [--seconds 1.0]

A bare protocol on uvloop: it knows `POST /api/v2/extract`, `GET /api/v2/extract/{id}`, `GET /api/v2/extract?job_ids=…` and
`GET /stats`, keeps connections open, and holds no job but its birth. A job is COMPLETED at once, or `--seconds` after its create.
The completed answer is 7.8 kB: ten scalar fields and five line items, each with citation, box and confidence. Prints its port.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from typing import Any
from urllib.parse import parse_qs

import uvloop

WORDS = ("Northwind Joinery Ltd", "invoice number A-1017", "27 February 2026", "delivered to the yard")


def leaf(number: int) -> dict[str, Any]:
    """Evidence of one value."""
    box = {"x": 72.5, "y": 90.25 + number, "w": 180.75, "h": 11.5}
    return {
        "citation": [
            {
                "page": 1,
                "matching_text": WORDS[number % 4],
                "bounding_boxes": [box],
                "page_dimensions": {"width": 595.2, "height": 841.9},
            }
        ],
        "confidence": 0.97,
        "extraction_confidence": 0.98,
        "parsing_confidence": 0.99,
    }


def answer() -> dict[str, Any]:
    """A completed job, but for its id."""
    scalars = {f"field_{number}": WORDS[number % 4] for number in range(10)}
    items = [{"description": WORDS[number % 4], "amount": 12.5 * number} for number in range(5)]
    evidence: dict[str, Any] = {name: leaf(number) for number, name in enumerate(scalars)}
    evidence["items"] = [{"description": leaf(number), "amount": leaf(number)} for number in range(5)]
    return {
        "file_input": "dfl-1",
        "document_input_value": "dfl-1",
        "project_id": "prj-1",
        "configuration_id": None,
        "configuration": None,
        "status": "COMPLETED",
        "error_message": None,
        "extract_result": {**scalars, "items": items},
        "extract_metadata": {
            "field_metadata": {"document_metadata": evidence, "page_metadata": None, "row_metadata": None},
            "parse_job_id": "pjb-1",
            "parse_tier": "agentic",
        },
        "metadata": {"usage": {"num_pages_extracted": 1, "num_pages_billed": 1}},
        "usage": {"credits": 8.0, "extract_credits": 5.0, "parse_credits": 3.0},
        "created_at": "2026-01-01T00:00:00Z",
        "updated_at": "2026-01-01T00:00:10Z",
    }


FULL = json.dumps(answer())[1:].encode()
_BARE = {"extract_result": None, "extract_metadata": None, "metadata": None, "usage": None}
SMALL = json.dumps({**answer(), **_BARE})[1:].encode()
OPEN = SMALL.replace(b'"COMPLETED"', b'"RUNNING"')


class Jobs:
    """When each job was born, and what was asked."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.born: list[float] = []
        self.asked = {"create": 0, "get": 0, "list": 0}
        self.connections = self.most_connections = 0

    def create(self) -> bytes:
        self.asked["create"] += 1
        self.born.append(time.monotonic())
        return b'{"id":"ext-%d",' % (len(self.born) - 1) + OPEN  # as the service says, however quick it is

    def get(self, job_id: str, query: str) -> bytes:
        self.asked["get"] += 1
        return self.shown(int(job_id[4:]), full="expand" in query)

    def list(self, query: str) -> bytes:
        self.asked["list"] += 1
        found = [self.shown(int(job_id[4:]), full=False) for job_id in parse_qs(query).get("job_ids", ())]
        return b'{"next_page_token":null,"total_size":null,"items":[' + b",".join(found) + b"]}"

    def stats(self) -> bytes:
        return json.dumps({**self.asked, "most_connections": self.most_connections}).encode()

    def shown(self, number: int, *, full: bool) -> bytes:
        done = time.monotonic() - self.born[number] >= self.seconds
        rest = FULL if full and done else SMALL if done else OPEN
        return b'{"id":"ext-%d",' % number + rest


class Connection(asyncio.Protocol):
    """One connection; requests come one after another."""

    def __init__(self, jobs: Jobs) -> None:
        self.jobs = jobs
        self.data = b""

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        self.jobs.connections += 1
        self.jobs.most_connections = max(self.jobs.most_connections, self.jobs.connections)

    def connection_lost(self, _: Exception | None) -> None:
        self.jobs.connections -= 1

    def data_received(self, data: bytes) -> None:
        self.data += data
        while (end := self.data.find(b"\r\n\r\n")) >= 0:
            head = self.data[:end]
            at = head.lower().find(b"content-length:")
            length = int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
            if len(self.data) < end + 4 + length:
                return
            self.data = self.data[end + 4 + length :]
            body = self.answered(*head.split(b" ", 2)[:2])
            self.transport.write(
                b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%b"
                % (len(body), body)
            )

    def answered(self, method: bytes, target: bytes) -> bytes:
        path, _, query = target.decode().partition("?")
        if method == b"POST":
            return self.jobs.create()
        if path == "/stats":
            return self.jobs.stats()
        job_id = path.removeprefix("/api/v2/extract").strip("/")
        return self.jobs.get(job_id, query) if job_id else self.jobs.list(query)


async def serve(seconds: float) -> None:
    """Until it is ended."""
    jobs = Jobs(seconds)
    server = await asyncio.get_running_loop().create_server(
        lambda: Connection(jobs), "127.0.0.1", 0, backlog=4096
    )
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    options = argparse.ArgumentParser()
    options.add_argument("--seconds", type=float, default=0.0)
    uvloop.run(serve(options.parse_args().seconds))
