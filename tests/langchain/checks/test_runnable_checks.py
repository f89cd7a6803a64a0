"""What a demanding user checks of the runnable, and of what all LangChain parts share."""

from __future__ import annotations

import asyncio
import copy
import inspect
import json
import logging
import pickle
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import pytest
from langchain_core.documents.base import Blob
from langchain_core.load import dumpd, dumps, load
from langchain_core.runnables import RunnableLambda, RunnablePassthrough
from pydantic import BaseModel

import extract_bridge
from extract_bridge import (
    ExtractClient,
    ExtractedRecord,
    ExtractError,
    LocalService,
    ResultValidationError,
    RetryPolicy,
)
from extract_bridge import langchain as adapter

ROOT = Path(__file__).parents[3]
KEY = "llx-canary-7f3a"


class Invoice(BaseModel):
    number: str | None = None
    seller: str | None = None
    total: float | None = None


class Needy(BaseModel):
    seller: str
    buyer: str


WANTED = Invoice(number="a-17", seller="ACME", total=250.0)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.txt").write_text("Number: a-17\nSeller: ACME\nTotal: 250.00\n")
    return tmp_path


def parts(folder: Path, **keywords: Any) -> dict[str, Any]:
    """One of each part that is there: tool, toolkit, loader, runnable."""
    common = {"data_schema": Invoice, **keywords}
    made = {
        "tool": adapter.ExtractTool(**common, allowed_roots=folder),
        "loader": adapter.ExtractLoader(folder / "a.txt", **common),
        "runnable": adapter.ExtractRunnable(**common),
    }
    if "ExtractToolkit" in adapter.__all__:
        made["toolkit"] = adapter.ExtractToolkit(**common, allowed_roots=folder)
    return made


def worked(part: Any, folder: Path) -> Any:
    """What a part answers for the one document."""
    if hasattr(part, "get_tools"):
        part = part.get_tools()[0]
    if isinstance(part, adapter.ExtractTool):
        return json.loads(part.invoke({"document": "a.txt"}))["data"]["seller"]
    if isinstance(part, adapter.ExtractLoader):
        return part.load()[0].page_content
    return part.invoke(folder / "a.txt").seller


def test_check_27_pickles_copies_and_dumps(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, part in parts(folder, local=True).items():
        answer = worked(part, folder)
        assert "ACME" in answer, name
        for again in (pickle.loads(pickle.dumps(part)), copy.deepcopy(part)):
            assert type(again) is type(part)
            assert worked(again, folder) == answer
    monkeypatch.setenv("LLAMA_CLOUD_API_KEY", KEY)
    for part in parts(folder, api_key=KEY).values():
        assert KEY.encode() not in pickle.dumps(part)


def test_check_27_a_runnable_dumps_and_loads(folder: Path) -> None:
    def loaded(runnable: Any) -> Any:
        said = dumps(runnable)
        assert KEY not in said
        assert "not_implemented" not in said
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # load is in beta
            again = load(
                json.loads(said),
                allowed_objects=[adapter.ExtractRunnable],
                valid_namespaces=["extract_bridge"],
                secrets_map={"LLAMA_CLOUD_API_KEY": KEY},
            )
        assert isinstance(again, adapter.ExtractRunnable)
        assert dumpd(again) == dumpd(runnable)
        return again

    plain = adapter.ExtractRunnable(data_schema=Invoice, local=True, timeout=60, include_raw=True)
    assert loaded(plain).invoke(folder / "a.txt")["parsed"] == WANTED.model_dump()
    assert loaded(adapter.ExtractRunnable(output_cls=Invoice, local=True)).invoke(folder / "a.txt")
    keyed = adapter.ExtractRunnable(data_schema=Invoice, api_key=KEY, base_url="https://extract.example")
    assert loaded(keyed).api_key.get_secret_value() == KEY
    client = ExtractClient(api_key=KEY, base_url="https://extract.example", project_id="prj-1")
    again = loaded(adapter.ExtractRunnable(data_schema=Invoice, client=client)).sync_client()
    assert (again.service, again.settings.project_id) == ("https://extract.example", "prj-1")
    webhook = {"webhook_url": "https://hooks.example", "webhook_headers": {"X-Key": KEY}}
    configuration = {"data_schema": Invoice, "webhook_configurations": [webhook]}
    assert loaded(adapter.ExtractRunnable(configuration=configuration, local=True))
    by_configuration = adapter.ExtractRunnable(configuration={"data_schema": Invoice}, local=True)
    assert loaded(by_configuration).invoke(folder / "a.txt") == WANTED.model_dump()
    # A dump leaves the named documents out: what is loaded reaches nothing, rather than everything.
    guarded = adapter.ExtractRunnable(data_schema=Invoice, documents={"a": folder / "a.txt"}, local=True)
    assert guarded.invoke("a") == WANTED
    with pytest.raises(ExtractError):
        loaded(guarded).invoke(str(folder / "a.txt"))
    rooted = adapter.ExtractRunnable(data_schema=Invoice, allowed_roots=folder, local=True)
    assert loaded(rooted).invoke("a.txt")["seller"] == "ACME"


def test_check_28_the_whole_of_a_runnable(folder: Path) -> None:
    extract = adapter.ExtractRunnable(data_schema=Invoice, local=True)
    document, missing = folder / "a.txt", folder / "missing.txt"
    assert extract.invoke(document) == extract.invoke(Blob.from_path(document)) == WANTED
    assert extract.get_output_schema() is Invoice
    assert "document" not in str(extract.get_output_jsonschema())

    raw = extract.with_structured_output(Invoice, include_raw=True).invoke(document)
    assert set(raw) == {"raw", "parsed", "parsing_error"}
    assert isinstance(raw["raw"], ExtractedRecord)
    assert raw["parsed"] == WANTED
    bad = extract.with_structured_output(Needy, include_raw=True).invoke(document)
    assert isinstance(bad["parsing_error"], ResultValidationError)
    assert [pointer for pointer, _ in bad["parsing_error"].problems] == ["/buyer"]

    kinds = [Invoice, ExtractError, Invoice]
    found = extract.batch([document, missing, document], return_exceptions=True)
    assert all(isinstance(item, kind) for item, kind in zip(found, kinds, strict=True))
    by_index = dict(extract.batch_as_completed([document, missing], return_exceptions=True))
    assert by_index[0] == WANTED
    assert isinstance(by_index[1], ExtractError)

    async def later() -> None:
        assert await extract.ainvoke(document) == WANTED
        assert await extract.abatch([document, document]) == [WANTED, WANTED]
        done = {index: item async for index, item in extract.abatch_as_completed([document])}
        assert done == {0: WANTED}
        assert [chunk async for chunk in extract.astream(document)] == [WANTED]

    asyncio.run(later())
    assert list(extract.stream(document)) == [WANTED]
    assert extract.with_retry(stop_after_attempt=2).invoke(document) == WANTED
    spare = RunnableLambda(lambda _: "spare")
    assert extract.with_fallbacks([spare]).invoke(missing) == "spare"  # type: ignore[list-item]
    assert extract.with_config(tags=["x"], run_name="reading").invoke(document) == WANTED
    chain = RunnablePassthrough.assign(invoice=extract) | (lambda known: known["invoice"].total)
    assert chain.invoke({"document": document, "question": "?"}) == 250.0


def test_check_28_another_schema_of_one_runnable(folder: Path) -> None:
    extract = adapter.ExtractRunnable(data_schema=Invoice, local=True)
    other = extract.with_structured_output(Needy)
    assert isinstance(extract.invoke(folder / "a.txt"), Invoice)
    with pytest.raises(ResultValidationError):
        other.invoke(folder / "a.txt")
    assert other.sync_client() is extract.sync_client()
    assert (
        extract.with_structured_output(Invoice.model_json_schema()).invoke(folder / "a.txt")["total"] == 250.0
    )
    saved = adapter.ExtractRunnable(configuration={"data_schema": Invoice}, local=True)
    assert saved.with_structured_output(Invoice).invoke(folder / "a.txt") == WANTED
    with pytest.raises(ExtractError, match="configuration"):
        saved.with_structured_output({"type": "object", "properties": {}})


@pytest.mark.parametrize("asynchronous", [False, True])
def test_check_28_batches_are_bounded(
    folder: Path, asynchronous: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    extract = adapter.ExtractRunnable(data_schema=Invoice, max_concurrency=2, local=True)
    running, most = 0, 0
    kind = type(extract)
    name = "_arun" if asynchronous else "_run"
    work = getattr(kind, name)

    def began() -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)

    def ended() -> None:
        nonlocal running
        running -= 1

    async def acounted(self: Any, *args: Any) -> Any:
        began()
        try:
            return await work(self, *args)
        finally:
            ended()

    def counted(self: Any, *args: Any) -> Any:
        began()
        try:
            return work(self, *args)
        finally:
            ended()

    monkeypatch.setattr(kind, name, acounted if asynchronous else counted)
    inputs: list[Any] = [folder / "a.txt"] * 8

    async def later() -> list[Invoice]:
        return [item async for _, item in extract.abatch_as_completed(inputs)]  # type: ignore[misc]

    if asynchronous:
        assert asyncio.run(extract.abatch(inputs)) == asyncio.run(later()) == [WANTED] * 8
    else:
        assert (
            extract.batch(inputs) == [item for _, item in extract.batch_as_completed(inputs)] == [WANTED] * 8
        )
    assert most == 2
    most = 0
    wider: Any = {"max_concurrency": 4}
    assert (
        len(asyncio.run(extract.abatch(inputs, wider)) if asynchronous else extract.batch(inputs, wider)) == 8
    )
    assert 2 < most <= 4


def test_check_33_no_key_in_what_is_shown(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("LLAMA_CLOUD_API_KEY", raising=False)
        client = ExtractClient(api_key=KEY, base_url="http://127.0.0.1:9", retry=RetryPolicy(attempts=0))
        keyed = parts(folder, api_key=KEY, base_url="http://127.0.0.1:9")
        lent = parts(folder, client=client)
        for part in (client, *keyed.values(), *lent.values()):
            shown = [repr(part), str(part), f"{part}"]
            if isinstance(part, BaseModel):
                shown += [str(part.model_dump()), str(dict(part))]
            if hasattr(part, "to_json"):
                shown.append(dumps(part))
            assert KEY not in "".join(shown)
        for part in lent.values():
            try:
                worked(part, folder)
            except Exception as error:  # noqa: BLE001 - nobody listens there: what the error shows counts
                shown = [repr(error), str(error), *getattr(error, "__notes__", ())]
                assert KEY not in "".join(shown)
            else:
                pytest.fail("nobody listens there")
    assert KEY not in caplog.text
    assert KEY not in repr(LocalService(llm=KEY))


@pytest.mark.quality
def test_check_34_types_are_shipped(tmp_path: Path) -> None:
    package = Path(inspect.getfile(extract_bridge)).parent
    assert (package / "py.typed").is_file()
    user = tmp_path / "user.py"
    lines = ["import extract_bridge.langchain as lc", *(f"lc.{name}" for name in adapter.__all__)]
    lines += ["reveal_type(lc.ExtractRunnable(data_schema=dict[str, int]))"]
    user.write_text("\n".join(lines) + "\n")
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--config-file", "", str(user)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert "ExtractRunnable[" in done.stdout
