"""One service for the checks that only read, and files with known content."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from extract_bridge import ExtractClient, LocalService

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ExtractClient]:
    """A client of one service in this process, shared by all checks."""
    with ExtractClient(local=LocalService(data_dir=tmp_path_factory.mktemp("service"))) as shared:
        yield shared


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    """Three small invoices."""
    folder = tmp_path / "inbox"
    folder.mkdir()
    for name, total in (("a", "250.00"), ("b", "1,250.00"), ("c", "9,000.00")):
        (folder / f"{name}.txt").write_text(f"Number: {name}-17\nSeller: ACME\nTotal: {total}\n")
    return folder
