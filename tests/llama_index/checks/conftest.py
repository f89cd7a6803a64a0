"""A folder, and a client whose jobs can be counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from extract_bridge import ExtractClient, LocalService

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    """Six small invoices, and a file that is none."""
    folder = tmp_path / "inbox"
    folder.mkdir()
    for number in range(6):
        (folder / f"{number}.txt").write_text(f"Number: N-{number}\nSeller: ACME\nTotal: {number}50.00\n")
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7 nothing")
    return folder


@pytest.fixture
def client(tmp_path: Path) -> Iterator[ExtractClient]:
    """A client of a service of its own."""
    with ExtractClient(local=LocalService(data_dir=tmp_path / "service", workers=1)) as client:
        yield client
