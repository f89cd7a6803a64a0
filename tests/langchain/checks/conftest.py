"""What the checks of tools share: one service in this process, and the same service on a bad day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from extract_bridge import ExtractClient, LocalService, RetryPolicy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def shared_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ExtractClient]:
    """One service for all checks; without faults, but open to those that a request asks for."""
    service = LocalService(data_dir=tmp_path_factory.mktemp("service"), faults="seed=1", workers=2)
    with ExtractClient(local=service, retry=RetryPolicy(attempts=0, settle_after=0.1)) as client:
        yield client


@pytest.fixture
def faulty(shared_service: ExtractClient) -> Callable[[str], ExtractClient]:
    """`faulty(SPEC)` -> a client of which every request meets these faults; see `extract_bridge.local.service.faults`."""
    return lambda spec: shared_service.with_options(extra_headers={"x-extract-bridge-faults": spec})


@pytest.fixture
def new_jobs(shared_service: ExtractClient) -> Callable[[], list[str]]:
    """`new_jobs()` -> the jobs that the service has and had not when the test began."""
    before = {job.id for job in shared_service.list()}
    return lambda: [job.id for job in shared_service.list() if job.id not in before]


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    """A folder with one document, and a secret beside it."""
    folder = tmp_path / "inbox"
    folder.mkdir()
    (folder / "a.txt").write_text(f"Number: a-17\nSeller: ACME\nTotal: 250.00\n{folder}\n")
    (tmp_path / "secret.txt").write_text("the secret")
    return folder
