"""Ray Data: a pool of actors that each drive a client; what they read is what one machine would have read.

    pip install -e '.[all]' 'ray[data]'
    python examples/13_ray_data_batches.py

Without Ray the same batches are mapped one after another: `BatchExtractor` is a plain callable, and any engine that maps batches
can drive it. On a real cluster leave `local=True` out, and give each machine a ledger on a disk of its own (`ledger="/var/lib/app/extract.ledger"`):
a batch that is tried again after its actor was killed then pays for no document twice.
"""

import json
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pydantic import BaseModel

from extract_bridge import ExtractClient, records_from_job
from extract_bridge.bulk import BatchExtractor
from make_samples import make

Row = dict[str, Any]


class Invoice(BaseModel):
    """What is wanted of each invoice."""

    invoice_number: str | None = None
    total: float | None = None


def with_ray(rows: list[Row], keywords: dict[str, Any]) -> list[Row]:
    """Batches of two documents, on a pool of two actors."""
    import ray

    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
    read = ray.data.from_items(rows).map_batches(
        BatchExtractor, fn_constructor_kwargs=keywords, concurrency=2, batch_size=2
    )
    return read.take_all()


def without_ray(rows: list[Row], keywords: dict[str, Any]) -> list[Row]:
    """The same batches here, one after another."""
    extract = BatchExtractor(**keywords)

    def read() -> Iterator[Row]:
        for start in range(0, len(rows), 2):
            batch = rows[start : start + 2]
            answer = extract({name: [row[name] for row in batch] for name in rows[0]})
            yield from (
                dict(zip(answer, values, strict=True)) for values in zip(*answer.values(), strict=True)
            )

    return list(read())


def main() -> None:
    with TemporaryDirectory() as folder:
        paths = []
        for seed in (1, 2, 3):
            make(seed, Path(folder) / str(seed))
            paths.append(str(Path(folder) / str(seed) / "invoice.pdf"))
        rows = [{"path": path, "tenant": number} for number, path in enumerate(paths)]
        keywords: dict[str, Any] = {
            "data_schema": Invoice,
            "local": True,
            "columns": {"page": None, "row": None},
        }

        read = (with_ray if find_spec("ray") else without_ray)(rows, keywords)
        for row in sorted(read, key=lambda row: row["tenant"]):
            data = json.loads(row["data"])
            print(f"tenant {row['tenant']}: {data['invoice_number']}, total {data['total']}")

        with ExtractClient(local=True) as client:
            here = [records_from_job(client.run(path, data_schema=Invoice), Invoice)[0] for path in paths]
        same = {record.id for record in here} == {row["record_id"] for row in read}
        print(f"ids as on one machine: {same}")


if __name__ == "__main__":
    main()
