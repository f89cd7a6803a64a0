"""The engine reads the sample layouts without a mistake, whatever the seed put into them."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import pytest

from extract_bridge import ExtractClient, ExtractedRecord, records_from_job
from extract_bridge.cli.samples.models import Certificate, Invoice, Shipment

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import ModuleType

    Samples = Callable[[int], dict[str, Any]]

MODELS = {"invoice": Invoice, "shipments": Shipment, "certificates": Certificate}


def leaves(value: Any, pointer: str = "") -> dict[str, Any]:
    if isinstance(value, dict):
        return {k: v for key, item in value.items() for k, v in leaves(item, f"{pointer}/{key}").items()}
    if isinstance(value, list):
        return {k: v for at, item in enumerate(value) for k, v in leaves(item, f"{pointer}/{at}").items()}
    return {pointer: value}


@pytest.fixture(scope="module")
def client() -> ExtractClient:
    return ExtractClient(local=True)


def differs(found: Any, truth: Any) -> bool:
    return found != truth or isinstance(found, bool) != isinstance(truth, bool)


def read(client: ExtractClient, sample: Any) -> list[ExtractedRecord]:
    model = MODELS[sample.path.stem]
    job = client.run(sample.path, data_schema=model, extraction_target=sample.target)
    return records_from_job(job, model)


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
@pytest.mark.parametrize("name", sorted(MODELS))
def test_every_truth_value_is_read(client: ExtractClient, samples: Samples, name: str, seed: int) -> None:
    sample = samples(seed)[name]
    records = read(client, sample)
    assert len(records) == len(sample.records)
    wrong = [
        (f"record {at}{pointer}", truth, found.get(pointer))
        for at, (record, expected) in enumerate(zip(records, sample.records, strict=True))
        for found in [leaves(record.data)]
        for pointer, truth in leaves(expected).items()
        if differs(found.get(pointer), truth)
    ]
    assert wrong == []
    assert [set(leaves(record.data)) for record in records] == [
        set(leaves(truth)) for truth in sample.records
    ]


@pytest.mark.parametrize("name", sorted(MODELS))
def test_every_value_is_cited_on_its_page(client: ExtractClient, samples: Samples, name: str) -> None:
    sample = samples(1)[name]
    for record, page in zip(read(client, sample), sample.pages, strict=True):
        assert set(record.fields) == set(leaves(record.data))
        for item in record.fields.values():
            assert (item.value is None) == (item.citations == ())
            for citation in item.citations:
                assert citation.page == page
                assert citation.quote
                assert citation.boxes
                assert citation.page_size is not None
        assert isinstance(MODELS[name].model_validate(record.data), MODELS[name])


def test_one_seed_always_gives_the_same_bytes(make_samples: ModuleType, tmp_path: Path) -> None:
    first, second = (make_samples.make(7, tmp_path / name) for name in "ab")
    for one, other in zip(first, second, strict=True):
        assert one.path.read_bytes() == other.path.read_bytes()
        assert one.truth_path.read_bytes() == other.truth_path.read_bytes()


@pytest.mark.parametrize("seed", range(1, 40))
def test_the_truth_adds_up(make_samples: ModuleType, tmp_path: Path, seed: int) -> None:
    invoice = make_samples.make(seed, tmp_path)[0].records[0]
    lines = invoice["line_items"]
    assert round(sum(line["amount"] for line in lines), 2) == invoice["subtotal"]
    assert round(invoice["subtotal"] + invoice["tax"], 2) == invoice["total"]
    letters = invoice["iban"].replace(" ", "")
    assert int("".join(str(int(c, 36)) for c in letters[4:] + letters[:4])) % 97 == 1


def test_the_shipped_samples_are_those_of_seed_1(samples: Samples) -> None:
    shipped = files("extract_bridge.cli.samples")
    size = 0
    for name, sample in samples(1).items():
        truth = json.loads(shipped.joinpath(f"{name}.truth.json").read_text(encoding="utf-8"))
        assert truth == json.loads(sample.truth_path.read_text(encoding="utf-8"))
        size += len(shipped.joinpath(f"{name}.pdf").read_bytes())
    assert size < 200_000
