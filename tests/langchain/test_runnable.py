from __future__ import annotations

import asyncio
import json
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from langchain_core.documents import Document
from langchain_core.documents.base import Blob
from langchain_core.load import dumps
from langchain_core.runnables import RunnableLambda, RunnablePassthrough
from langchain_core.tracers.base import BaseTracer
from pydantic import BaseModel

from extract_bridge import FileInputError, JobFailedError, ResultValidationError
from extract_bridge.langchain import ExtractRunnable

TEXT = "Number: A-17\nSeller: ACME\nTotal: 1,250.00\n"


class Invoice(BaseModel):
    number: str | None = None
    seller: str | None = None
    total: float | None = None


class Strict(BaseModel):
    number: str
    buyer: str


@pytest.fixture
def document(tmp_path: Path) -> Path:
    (tmp_path / "a.txt").write_text(TEXT)
    return tmp_path / "a.txt"


@pytest.fixture
def extract() -> ExtractRunnable[Invoice]:
    return ExtractRunnable(data_schema=Invoice, local=True)


def test_every_kind_of_input(document: Path, extract: ExtractRunnable[Invoice]) -> None:
    wanted = Invoice(number="A-17", seller="ACME", total=1250.0)
    for value in (
        document,
        str(document),
        Blob.from_path(document),
        Blob.from_data(TEXT, path="b.txt"),
        Document(TEXT, metadata={"source": "/etc/passwd"}),
        {"document": document, "pages": 1, "question": "who"},
    ):
        assert extract.invoke(value) == wanted
    assert asyncio.run(extract.ainvoke(document)) == asyncio.run(extract.ainvoke(str(document))) == wanted


def test_output_types(document: Path, extract: ExtractRunnable[Invoice]) -> None:
    assert extract.get_output_schema() is Invoice
    plain = ExtractRunnable(data_schema=Invoice.model_json_schema(), local=True).invoke(document)
    assert plain["total"] == 1250.0
    rows = ExtractRunnable(data_schema=Invoice, extraction_target="per_page", local=True).invoke(document)
    assert rows == [Invoice(number="A-17", seller="ACME", total=1250.0)]
    assert ExtractRunnable(output_cls=Invoice, local=True).invoke(document).seller == "ACME"


def test_include_raw_never_raises_for_a_result(document: Path, tmp_path: Path) -> None:
    good = ExtractRunnable(data_schema=Invoice, include_raw=True, local=True).invoke(document)
    assert good["parsed"].total == 1250.0
    assert good["raw"].fields["/total"].citations[0].page == 1
    assert good["parsing_error"] is None
    bad = ExtractRunnable(data_schema=Strict, include_raw=True, local=True).invoke(document)
    assert bad["parsed"] is None
    assert isinstance(bad["parsing_error"], ResultValidationError)
    (tmp_path / "x.pdf").write_bytes(b"%PDF-1.7\nnothing\n" * 20)
    failed = ExtractRunnable(data_schema=Invoice, include_raw=True, local=True).invoke(tmp_path / "x.pdf")
    assert isinstance(failed["parsing_error"], JobFailedError)


def test_a_required_null_is_an_error_with_pointers(document: Path) -> None:
    with pytest.raises(ResultValidationError) as caught:
        ExtractRunnable(data_schema=Strict, local=True).invoke(document)
    assert [pointer for pointer, _ in caught.value.problems] == ["/buyer"]


def test_a_step_of_a_chain(document: Path, extract: ExtractRunnable[Invoice]) -> None:
    chain = RunnablePassthrough.assign(invoice=extract) | RunnableLambda(
        lambda known: known["invoice"].seller
    )
    assert chain.invoke({"document": str(document), "question": "who"}) == "ACME"


def test_batches(document: Path, extract: ExtractRunnable[Invoice]) -> None:
    inputs: list[Any] = [document, document.parent / "missing.txt", document]
    for results in (
        extract.batch(inputs, return_exceptions=True),
        asyncio.run(extract.abatch(inputs, return_exceptions=True)),
    ):
        assert [type(item) for item in results] == [Invoice, FileInputError, Invoice]
    assert [item["max_concurrency"] for item in extract._bounded(None, 2)] == [4, 4]
    assert extract._bounded({"max_concurrency": 9}, 1)[0]["max_concurrency"] == 9


def test_guards_for_input_that_a_model_wrote(document: Path) -> None:
    extract = ExtractRunnable(data_schema=Invoice, allowed_roots=document.parent, local=True)
    assert extract.invoke("a.txt").seller == "ACME"
    for name in (str(document), "../a.txt", "dfl-1"):
        with pytest.raises(FileInputError):
            extract.invoke(name)


class _Kept(BaseTracer):
    def __init__(self) -> None:
        super().__init__()
        self.runs: list[Any] = []

    def _persist_run(self, run: Any) -> None:
        self.runs.append(run)


def test_traces_hold_no_bytes_and_no_text(extract: ExtractRunnable[Invoice]) -> None:
    for value in (Blob.from_data(b"Seller: ACME canary\n", path="b.txt"), Document("Seller: ACME canary")):
        tracer = _Kept()
        extract.invoke(value, {"callbacks": [tracer]})
        assert "sha256" in str(tracer.runs[0].inputs)
        assert "canary" not in str(tracer.runs[0].inputs)


def test_no_secret_and_pickles(
    document: Path, extract: ExtractRunnable[Invoice], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert pickle.loads(pickle.dumps(extract)).invoke(document).seller == "ACME"
    monkeypatch.setenv("LLAMA_CLOUD_API_KEY", "llx-canary")
    keyed = ExtractRunnable(data_schema=Invoice, api_key="llx-canary")
    for text in (repr(keyed), str(keyed), dumps(keyed), json.dumps(keyed.model_dump(), default=str)):
        assert "canary" not in text
    assert b"canary" not in pickle.dumps(keyed)


def test_light_imports() -> None:
    code = (
        "import sys; sys.modules['langchain_text_splitters'] = None;"  # core loads it where it is there; we work without
        "import extract_bridge.langchain as lc; assert 'langchain_core' not in sys.modules;"
        "lc.ExtractTool, lc.ExtractLoader, lc.ExtractRunnable;"
        "bad = {'langgraph', 'llama_index'} & set(sys.modules); assert not bad, bad"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True)
