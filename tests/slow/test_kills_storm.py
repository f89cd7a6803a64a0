"""Row 15: six hundred documents, and a service that takes fifty requests a second (`throttle`): 0 failed, 0 made twice, the limit used.

The service is a process of its own, so that its work does not delay the client's clock.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from extract_bridge.bulk import Progress, extract_many
from extract_bridge.client.client import ExtractClient

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.slow
SHORT = os.environ.get("EXTRACT_BRIDGE_SHORT") == "1"
SCHEMA = {"title": "Note", "type": "object", "properties": {"number": {"type": ["string", "null"]}}}
DOCUMENTS = 120 if SHORT else 600
RATE = 50


@contextmanager
def served(folder: Path) -> Iterator[str]:
    script = (
        "import sys, time\nfrom pathlib import Path\nfrom extract_bridge.testing.server import serving\n"
        f"with serving(Path(sys.argv[1]), faults='throttle=1:{RATE}') as server:\n"
        "    print(server.base_url, flush=True)\n    sys.stdin.read()\n"
    )
    command = [sys.executable, "-c", script, str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        yield process.stdout.readline().strip()
        process.stdin.close()


def test_a_storm_of_refusals(tmp_path: Path) -> None:
    for number, rate_limit in enumerate((None, None, float(RATE))):  # unknown, remembered, given
        with served(tmp_path / str(number)) as url:
            client = ExtractClient(api_key="any", base_url=url)
            if number == 1:
                client._api.memory.rate = float(
                    RATE
                )  # another port is another service to the client's memory
            with client:
                _storm(client, ("unknown", "remembered", "given")[number], rate_limit)


def _storm(client: ExtractClient, how: str, rate_limit: float | None) -> None:
    said: list[tuple[float, Progress]] = []
    sent: list[tuple[float, int]] = []
    perform, send = client._perform, client._perform.send

    def watched(call: Any) -> Any:
        reply = send(call)
        sent.append((time.monotonic(), reply.status))
        return reply

    perform.send = watched
    files = ((f"note-{number}.txt", f"Number: A-{number}\n".encode()) for number in range(DOCUMENTS))
    began = time.monotonic()
    found = list(
        extract_many(
            files,
            client=client,
            data_schema=SCHEMA,
            max_concurrency=300,
            rate_limit=rate_limit,
            on_progress=lambda item: said.append((time.monotonic(), item)),
        )
    )
    perform.send = send
    assert [item.error for item in found] == [None] * DOCUMENTS
    assert sorted(item.index for item in found) == list(range(DOCUMENTS))
    last = sent[-50][0]  # at the very end there is less to send than may be sent
    taken = sum(status != 429 and at <= last for at, status in sent)
    used = taken / (RATE * (last - began))
    late = Counter(status == 429 for at, status in sent if at > began + 5)
    refused = Counter(status == 429 for _, status in sent)
    after = late[True] / max(sum(late.values()), 1)
    whole = refused[True] / len(sent)
    print(
        f"figure: storm {how}: {DOCUMENTS} documents, {len(sent)} requests, used {used:.3f}, "
        f"429 {whole:.4f}, after 5 s {after:.4f}, {last - began:.1f} s"
    )
    with ExtractClient(api_key="any", base_url=client.settings.base_url) as other:
        made = list(extract_many_ids(other))
    assert len(made) == len(set(made)) == DOCUMENTS, "0 made twice"
    if SHORT:  # a few seconds, most of which it learns; the figures are printed
        return
    if how == "unknown":
        assert used >= 0.85
        assert after <= 0.02
    else:
        assert used >= 0.95
        assert whole <= 0.005


def extract_many_ids(client: ExtractClient) -> Iterator[str]:
    for job in client.list(page_size=1000):
        yield job.id
