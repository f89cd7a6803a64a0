"""A document with known truth, jobs as the service writes them, and a client of a service of its own."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import pytest

from extract_bridge import ExtractClient, LocalService

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

TEXT = """INVOICE

Invoice number: INV-2041
Invoice date: 2026-03-14
Seller: Borealis Supply Ltd
Total: 1240.50
"""
SCHEMA = {
    "title": "Invoice",
    "type": "object",
    "properties": {
        "invoice_number": {"anyOf": [{"type": "string"}, {"type": "null"}]},
        "seller": {"anyOf": [{"type": "string"}, {"type": "null"}]},
        "total": {"anyOf": [{"type": "number"}, {"type": "null"}]},
    },
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder, with `a.txt` in it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text(TEXT)
    return tmp_path


@pytest.fixture
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ExtractClient]:
    """A client of a local service of its own, so that its jobs can be counted."""
    service = LocalService(data_dir=tmp_path_factory.mktemp("service"), workers=1)
    with ExtractClient(local=service) as client:
        yield client


def _entry(quote: str, page: int, confidence: float) -> dict[str, Any]:
    box = {"x": 50.0, "y": 100.0, "w": 80.0, "h": 12.0}
    return {
        "citation": [
            {
                "page": page,
                "matching_text": quote,
                "bounding_boxes": [box],
                "page_dimensions": {"width": 595.0, "height": 842.0},
            }
        ],
        "confidence": confidence,
        "extraction_confidence": confidence,
        "parsing_confidence": 1.0,
    }


@pytest.fixture
def make_job() -> Callable[..., dict[str, Any]]:
    """A finished job as JSON; confidence, id and total as asked."""

    def make(
        *, confidence: float = 0.91, job_id: str = "ext-1", total: float = 1240.5, items: int = 2
    ) -> Any:
        rows = [{"description": f"Part {number}", "amount": number + 0.5} for number in range(items)]
        data = {
            "invoice_number": "INV-2041",
            "seller": {"name": "Borealis Supply Ltd"},
            "note": None,
            "total": total,
            "line_items": rows,
        }
        evidence = {
            "invoice_number": _entry("INV-2041", 1, confidence),
            "seller": {"name": _entry("Borealis Supply Ltd", 1, confidence)},
            "total": _entry("1,240.50", 2, confidence),
            "line_items": [
                {
                    "description": _entry(f"Part {number}", 1 + number % 2, confidence),
                    "amount": _entry(f"{number}.50", 1 + number % 2, confidence),
                }
                for number in range(items)
            ],
        }
        job = {
            "id": job_id,
            "status": "COMPLETED",
            "file_input": "dfl-11111111-2222-3333-4444-555555555555",
            "created_at": "2026-03-14T10:00:00Z",
            "updated_at": "2026-03-14T10:00:09Z",
            "configuration": {"data_schema": SCHEMA, "extraction_target": "per_doc", "tier": "agentic"},
            "extract_result": data,
            "extract_metadata": {"field_metadata": {"document_metadata": evidence}, "parse_job_id": "pjb-9"},
        }
        return copy.deepcopy(job)

    return make
