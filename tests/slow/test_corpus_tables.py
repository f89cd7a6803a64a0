"""A table of 2,205 rows over more than fifty pages, through the whole service: every row, every cell."""

from __future__ import annotations

import random

import pytest

from extract_bridge import ExtractClient, records_from_job
from extract_bridge.bench.layouts.shipments import long_table
from extract_bridge.bench.scoring.figures import figures
from extract_bridge.bench.scoring.score import judge

pytestmark = [pytest.mark.slow, pytest.mark.corpus]

ROWS = 2205


@pytest.mark.parametrize("look", ["ruled", "lines", "zebra", "plain"])
def test_every_row_of_a_long_table(look: str) -> None:
    document = long_table(random.Random(7), 1, ROWS, look)  # type: ignore[arg-type]  # one of the looks
    with ExtractClient(local=True) as client:
        job = client.run(
            document.content,
            file_name=document.name,
            data_schema=dict(document.data_schema),
            extraction_target=document.extraction_target,
        )
    records = records_from_job(job, dict(document.data_schema))
    whole = [
        all(record.data.get(key) == value for key, value in row.items())
        for record, row in zip(records, document.expected, strict=False)
    ]
    found = figures(judge(document, records))
    print(
        f"figure: {look}, {ROWS} rows: {len(records)} rows, {sum(whole)} right in order, cells F1 {found.f1:.4f}"
    )
    assert len(records) == ROWS
    assert sum(whole) >= 0.99 * ROWS
    assert found.f1 is not None
    assert found.f1 >= 0.99
