"""The ledger's file: what is wrong with it is said in one kind of error, and nothing in it is lost by that."""

from __future__ import annotations

import copy
import io
import json
import os
import pickle
import signal
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from extract_bridge.bulk import Budget, Ledger
from extract_bridge.bulk.ledger import owners, shelf
from extract_bridge.core.errors import ConfigurationError, JobFailedError, StorageError
from extract_bridge.core.records.model import ExtractedRecord

FORMATS = Path(__file__).parents[2] / "data" / "formats"
ONE = ("one.txt", b"one")


def ask(scene: Any, document: Any = ONE, *, process: Any = None, **keywords: Any) -> Any:
    return scene.start(process or scene.process(), document, **keywords).finish()


def code_of(scene: Any, document: Any = ONE) -> str:
    with pytest.raises((StorageError, ConfigurationError)) as caught:
        ask(scene, document)
    assert str(scene.path.parent) not in str(caught.value)
    assert caught.value.hint
    return str(caught.value.code)


def sql(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        for statement in statements:
            connection.execute(statement)


def test_it_is_its_owners_alone(scene: Any) -> None:
    ask(scene)
    assert scene.path.stat().st_mode & 0o777 == 0o600
    assert scene.path.with_name(f"{scene.path.name}.owners").stat().st_mode & 0o777 == 0o700


def test_a_newer_one_is_refused_and_left_as_it_is(scene: Any) -> None:
    ask(scene)
    sql(scene.path, "PRAGMA user_version = 99")
    assert code_of(scene) == "newer_format"
    sql(scene.path, "PRAGMA user_version = 1")
    assert ask(scene).origin.reused


def test_a_database_of_something_else_is_refused(scene: Any) -> None:
    sql(scene.path, "CREATE TABLE mine (x)")
    before = scene.path.read_bytes()
    with pytest.raises(ConfigurationError, match="no ledger"):
        Ledger(scene.path)
    assert scene.path.read_bytes() == before


def test_a_file_that_is_no_database(scene: Any) -> None:
    scene.path.write_text("these are notes, " * 100)
    with pytest.raises(StorageError) as caught:
        Ledger(scene.path)
    assert caught.value.code == "storage_damaged"
    assert scene.path.read_text().startswith("these are notes")


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="folder"):
        Ledger(tmp_path / "nowhere" / "ledger.sqlite3")


def test_a_damaged_one(scene: Any) -> None:
    process = scene.process()
    for number in range(20):
        ask(scene, (f"{number}.txt", os.urandom(3000).hex().encode()), process=process)
    process.ledger.close()
    content = bytearray(scene.path.read_bytes())
    content[4096 * 3 : -4096] = os.urandom(len(content) - 4096 * 4)
    scene.path.write_bytes(content)
    with pytest.raises(StorageError) as caught:
        list(Ledger(scene.path).entries())
    assert caught.value.code in {"storage_damaged", "storage_unreadable"}


def test_a_locked_one_is_waited_for_and_then_said(scene: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    ask(scene)
    monkeypatch.setattr(shelf, "_PATIENCE", 0.05)
    process = scene.process()
    with process.ledger._shelf.read() as connection:
        connection.execute("PRAGMA busy_timeout = 50")
    with closing(sqlite3.connect(scene.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert ask(scene, process=process).origin.reused  # what is there can be read all the same
        with pytest.raises(StorageError) as caught:
            ask(scene, ("two.txt", b"two"), process=process)
    assert caught.value.code == "storage_locked"
    assert scene.world.jobs == scene.world.jobs[:1]
    assert ask(scene, ("two.txt", b"two"), process=process).status == "COMPLETED"


@pytest.mark.parametrize(
    ("statement", "code"),
    [("PRAGMA query_only = ON", "storage_read_only"), ("PRAGMA max_page_count = 1", "storage_full")],
)
@pytest.mark.parametrize("step", range(14))
def test_read_only_or_full_at_any_step(scene: Any, statement: str, code: str, step: int) -> None:
    """What SQLite says of a file that cannot be written, or of a disk without room, at each effect of a call's life."""
    process = scene.process()
    big = ("big.txt", os.urandom(6000).hex().encode())  # so that its result needs room
    running = scene.start(process, big)
    for _ in range(step):
        if not running.over:
            running.step()
    with process.ledger._shelf.read() as connection:
        connection.execute(statement)
    while not running.over:
        running.step()
    told = running.error
    assert told is None or (
        isinstance(told, StorageError) and (told.code, told.where) == (code, scene.path.name)
    )
    process.kill()
    assert ask(scene, big).extract_result == {"number": big[1].decode()}
    assert len(scene.world.jobs) == 1


def test_a_full_disk_in_mid_life_loses_nothing(scene: Any) -> None:
    process = scene.process()
    running = scene.start(process, ONE)
    while not running.is_create:
        running.step()
    with process.ledger._shelf.read() as connection:
        connection.execute("PRAGMA query_only = ON")
    with pytest.raises(StorageError):
        running.finish()
    with process.ledger._shelf.read() as connection:
        connection.execute("PRAGMA query_only = OFF")
    assert ask(scene, process=process).id == "ext-0"  # in the same process, which is not at it any more
    assert len(scene.world.jobs) == 1


def test_a_damaged_result_is_named(scene: Any) -> None:
    ask(scene)
    sql(scene.path, "UPDATE results SET body = x'00'")
    (said,) = Ledger(scene.path).check()
    assert "damaged" in said
    assert code_of(scene) == "storage_damaged"


def test_export_prune_and_what_is_kept(scene: Any, tmp_path: Path) -> None:
    ask(scene)
    ask(scene, ("other.txt", b"one"))
    ledger = Ledger(scene.path)
    out = io.StringIO()
    assert ledger.export(out) == ledger.export(tmp_path / "out.jsonl") == 2
    assert (tmp_path / "out.jsonl").read_text() == out.getvalue()
    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [line["source"] for line in lines] == ["one.txt", "other.txt"]
    records = [ExtractedRecord.from_dict(line["records"][0]) for line in lines]
    assert [record.data for record in records] == [{"number": "one"}] * 2
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".part"] == []
    assert ledger.prune(older_than=3600) == 0
    assert ledger.prune(older_than=0) == 1
    assert (list(ledger.entries()), ledger.check(), ledger.export(out)) == ([], [], 0)
    assert not ask(scene).origin.reused


def test_entries_are_read_page_by_page_either_way(scene: Any) -> None:
    process = scene.process()
    for number in range(5):
        ask(scene, (f"{number}.txt", str(number).encode()), process=process)
    from extract_bridge.bulk.ledger import entries

    entries._PAGE = 2
    try:
        names = [entry.file_name for entry in process.ledger.entries()]
        assert names == [f"{number}.txt" for number in range(5)]
        assert [entry.file_name for entry in process.ledger.entries(newest_first=True)] == names[::-1]
        assert list(process.ledger.entries(states=["failed"])) == []
    finally:
        entries._PAGE = 200
    entry = process.ledger.entry("ext-3")
    assert entry is not None
    assert process.ledger.entry(entry.attempt_id) == entry
    assert process.ledger.job("ext-3").extract_result == {"number": "3"}
    assert (process.ledger.entry("nothing"), process.ledger.job("nothing")) == (None, None)


def test_a_record_is_found_by_its_id_under_each_name(scene: Any) -> None:
    from extract_bridge.core.records.read import records_from_job

    first, second = ask(scene), ask(scene, ("other.txt", b"one"), source_id="other")
    ledger = Ledger(scene.path)
    for job in (first, second):
        (record,) = records_from_job(job)
        found = ledger.record(record.id)
        assert found is not None
        assert found.to_dict() == record.to_dict()
    later = ask(scene, ("more.txt", b"more"))  # what came after the index was made
    (record,) = records_from_job(later)
    assert ledger.record(record.id) == record
    assert ledger.record("nobody's") is None


def test_copies_and_pickles_are_the_same_ledger(scene: Any) -> None:
    ledger = Ledger(scene.path)
    assert copy.deepcopy(ledger) is ledger
    assert pickle.loads(pickle.dumps(ledger)) == ledger
    assert hash(pickle.loads(pickle.dumps(ledger))) == hash(ledger)
    assert str(scene.path.parent) not in repr(ledger)


def test_a_fork_opens_it_anew_and_holds_no_lock_of_its_parent(scene: Any) -> None:
    process = scene.process()
    running = scene.start(process, ONE)
    while not running.is_create:
        running.step()
    (lock,) = (path.stem for path in process.ledger._shelf.folder.glob("*.lock"))
    folder = process.ledger._shelf.folder
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            own = [entry.state for entry in process.ledger.entries()]
            with process.ledger._shelf.write() as connection:
                process.ledger._shelf.owner(connection)
            code = 0 if own == ["sending"] and owners.is_alive(folder, lock) else 2
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    assert owners.is_alive(folder, lock)
    pid = os.fork()
    if pid == 0:
        time.sleep(60)  # a child that lives on, and has inherited the file
        os._exit(0)
    try:
        process.kill()
        deadline = time.monotonic() + 20
        while owners.is_alive(folder, lock) and time.monotonic() < deadline:
            time.sleep(0.01)  # the child closes it as its first act
        assert not owners.is_alive(folder, lock)
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def test_lock_files_of_the_dead_are_swept(scene: Any) -> None:
    dead = scene.process()
    ask(scene, process=dead)
    dead.kill()
    ask(scene, ("two.txt", b"two"), process=(living := scene.process()))
    folder = scene.path.with_name(f"{scene.path.name}.owners")
    assert len(list(folder.iterdir())) == 1
    living.ledger.close()
    assert list(folder.iterdir()) == []


def test_what_the_first_release_wrote_answers_for_good(scene: Any) -> None:
    """Rows, results, and the key that finds them: were it to change, everything would be paid again."""
    with closing(sqlite3.connect(scene.path)) as connection:
        connection.executescript((FORMATS / "ledger-1.sql").read_text())
    assert ask(scene).id == "ext-0"
    with pytest.raises(JobFailedError):
        ask(scene, ("bad.txt", b"bad"))
    assert code_of(scene, ("doubt.txt", b"doubt")) == "storage_other_host"
    ledger = Ledger(scene.path)
    assert [entry.state for entry in ledger.entries()] == ["completed", "failed", "sending"]
    assert ledger.recover() == 1
    content = "doubt"
    doubtful = next(entry for entry in ledger.entries() if entry.state == "doubtful")
    scene.world.files[doubtful.file_input] = content.encode()
    job_body = {"data_schema": {}, "tier": "cost_effective"}
    scene.world.add_job(0, doubtful.file_input, job_body)
    assert ask(scene, ("doubt.txt", content.encode())).extract_result == {"number": content}
    assert len(scene.world.jobs) == 1
    budget = Budget(100, name="all")
    budget._books = ledger._accounts
    assert (budget.spent, budget.reserved) == (16.0, 0.0)
    assert ledger.check() == []
