from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest

from extract_bridge import sqlite as ours
from extract_bridge.core.errors import ConfigurationError
from extract_bridge.sqlite import Database, copy_of, file_system_of

FIRST = ("CREATE TABLE a (x)", "INSERT INTO a VALUES (1)")
SECOND = ("ALTER TABLE a ADD COLUMN y DEFAULT 2",)


def test_migrations_run_once_each_in_order(tmp_path: Path) -> None:
    path = tmp_path / "x.sqlite3"
    Database(path, [FIRST]).close()
    for _ in range(2):
        database = Database(path, [FIRST, SECOND])
        assert [tuple(row) for row in database.connection().execute("SELECT * FROM a")] == [(1, 2)]
        assert database.connection().execute("PRAGMA user_version").fetchone()[0] == 2
        database.close()
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_newer_file_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "x.sqlite3"
    Database(path, [FIRST, SECOND]).close()
    before = path.read_bytes()
    with pytest.raises(ConfigurationError) as caught:
        Database(path, [FIRST])
    assert caught.value.code == "newer_format"
    assert caught.value.hint
    assert str(tmp_path) not in str(caught.value)
    assert path.read_bytes() == before


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("these are notes, " * 100)
    with pytest.raises(ConfigurationError, match="no database of ours"):
        Database(path, [FIRST])
    assert path.read_text().startswith("these are notes")


def test_a_failed_migration_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "x.sqlite3"
    Database(path, [FIRST]).close()
    with pytest.raises(sqlite3.OperationalError):
        Database(path, [FIRST, ("CREATE TABLE b (x)", "no SQL")])
    database = Database(path, [FIRST])
    assert [row[0] for row in database.connection().execute("SELECT name FROM sqlite_master")] == ["a"]
    database.close()


def test_the_pragmas_that_are_promised(tmp_path: Path) -> None:
    database = Database(tmp_path / "x.sqlite3", [FIRST])

    def pragma(name: str) -> object:
        return database.connection().execute(f"PRAGMA {name}").fetchone()[0]

    assert [pragma(name) for name in ("journal_mode", "foreign_keys", "synchronous")] == ["wal", 1, 1]
    with database.write(durable=True):
        assert pragma("synchronous") == 2
    assert pragma("synchronous") == 1
    assert pragma("busy_timeout") == 10_000
    database.close()


def test_a_write_is_whole_or_not_at_all(tmp_path: Path) -> None:
    database = Database(tmp_path / "x.sqlite3", [FIRST])

    def write_and_fail() -> None:
        with database.write() as connection:
            connection.execute("INSERT INTO a VALUES (7)")
            raise LookupError

    with pytest.raises(LookupError):
        write_and_fail()
    assert [row[0] for row in database.connection().execute("SELECT x FROM a")] == [1]
    database.close()


def test_every_thread_has_a_connection_of_its_own(tmp_path: Path) -> None:
    database = Database(tmp_path / "x.sqlite3", [FIRST])

    def add() -> None:
        for _ in range(20):
            with database.write() as connection:
                connection.execute("UPDATE a SET x = x + 1")

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert database.connection().execute("SELECT x FROM a").fetchone()[0] == 81
    others: list[object] = []
    thread = threading.Thread(target=lambda: others.append(database.connection()))
    thread.start()
    thread.join()
    assert others[0] is not database.connection()
    database.close()


def test_two_first_openers_agree(tmp_path: Path) -> None:
    opened: list[Database] = []
    threads = [
        threading.Thread(target=lambda: opened.append(Database(tmp_path / "x.sqlite3", [FIRST, SECOND])))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(opened) == 4
    assert opened[0].connection().execute("SELECT count(*) FROM a").fetchone()[0] == 1
    for database in opened:
        database.close()


def test_a_copy_is_made_before_each_upgrade(tmp_path: Path) -> None:
    path = tmp_path / "x.sqlite3"
    first = Database(path, [FIRST])
    assert not copy_of(path, 0).exists()  # there was nothing to copy
    with first.write() as connection:  # still in the log when the copy is made
        connection.execute("INSERT INTO a VALUES (5)")
    second = Database(path, [FIRST, SECOND])
    first.close()
    second.close()
    Database(path, [FIRST, SECOND]).close()
    copy = copy_of(path, 1)
    assert sorted(item.name for item in tmp_path.glob("*.bak*")) == [copy.name]
    assert copy.stat().st_mode & 0o777 == 0o600
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT * FROM a").fetchall() == [(1,), (5,)]
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)


def test_the_way_back_to_the_copy_works_as_it_is_said(tmp_path: Path) -> None:
    path = tmp_path / "x.sqlite3"
    Database(path, [FIRST]).close()
    Database(path, [FIRST, SECOND]).close()
    with pytest.raises(ConfigurationError) as caught:
        Database(path, [FIRST])
    assert f"rename {copy_of(path, 1).name} to x.sqlite3" in (caught.value.hint or "")
    for name in ("x.sqlite3", "x.sqlite3-wal", "x.sqlite3-shm"):
        (tmp_path / name).unlink(missing_ok=True)
    copy_of(path, 1).rename(path)
    database = Database(path, [FIRST])
    assert [tuple(row) for row in database.connection().execute("SELECT * FROM a")] == [(1,)]
    database.close()


def test_a_copy_that_cannot_be_made_stops_the_upgrade(tmp_path: Path) -> None:
    path = tmp_path / "x.sqlite3"
    Database(path, [FIRST]).close()
    copy_of(path, 1).mkdir()
    (copy_of(path, 1) / "in the way").touch()
    with pytest.raises(OSError):
        Database(path, [FIRST, SECOND])
    database = Database(path, [FIRST])
    assert database.connection().execute("PRAGMA user_version").fetchone()[0] == 1
    database.close()


def mounts(folder: Path, kind: str) -> str:
    device = folder.stat().st_dev
    number = f"{os.major(device)}:{os.minor(device)}"
    return (
        "21 1 0:1 / /elsewhere rw,relatime shared:1 - proc proc rw\n"
        f"22 1 {number} / / rw,relatime shared:2 master:1 - {kind} host:/export rw\n"
    )


@pytest.mark.parametrize("kind", ["nfs", "nfs4", "cifs", "smb3", "fuse.sshfs", "lustre"])
def test_network_file_systems_are_refused(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = tmp_path / "mountinfo"
    table.write_text(mounts(tmp_path, kind))
    monkeypatch.setattr(ours, "_MOUNTS", table)
    path = tmp_path / "x.sqlite3"
    with pytest.raises(ConfigurationError) as caught:
        Database(path, [FIRST])
    assert caught.value.code == "network_file_system"
    assert str(tmp_path) not in str(caught.value)
    assert not path.exists()
    Database(path, [FIRST], durable=False).close()  # gone with its process: nothing to damage


@pytest.mark.parametrize("kind", ["ext4", "overlay", "tmpfs", "fuse.grpcfuse", "9p"])
def test_file_systems_of_this_machine_are_taken(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = tmp_path / "mountinfo"
    table.write_text(mounts(tmp_path, kind))
    monkeypatch.setattr(ours, "_MOUNTS", table)
    Database(tmp_path / "x.sqlite3", [FIRST]).close()


@pytest.mark.parametrize(
    "text", ["", "\n\n", "no mounts", "22 1 0:0", " - ", "22 1 99:99 / / rw - nfs4 x rw"]
)
def test_a_table_without_the_device_tells_nothing(text: str, tmp_path: Path) -> None:
    assert file_system_of(tmp_path.stat().st_dev, text) == ""


def test_writes_that_come_together_share_a_commit(tmp_path: Path) -> None:
    database = Database(tmp_path / "x.sqlite3", [FIRST])
    commits: list[str] = []
    entered, gate = threading.Event(), threading.Event()

    def hold(connection: sqlite3.Connection) -> str:
        connection.set_trace_callback(lambda text: commits.append(text) if text == "COMMIT" else None)
        entered.set()
        gate.wait()
        return "first"

    def insert(connection: sqlite3.Connection, number: int) -> int:
        connection.set_trace_callback(lambda text: commits.append(text) if text == "COMMIT" else None)
        connection.execute("INSERT INTO a VALUES (?)", (number,))
        assert connection.execute("PRAGMA synchronous").fetchone()[0] == 2
        if number == 13:
            raise LookupError
        return number

    done: list[object] = []

    def write(work: object) -> None:
        try:
            done.append(database.write_together(work))  # type: ignore[arg-type]
        except LookupError:
            done.append("failed")

    leader = threading.Thread(target=write, args=(hold,))
    leader.start()
    entered.wait()
    threads = [
        threading.Thread(target=write, args=(lambda connection, number=number: insert(connection, number),))
        for number in range(10, 16)
    ]
    for thread in threads:
        thread.start()
    while len(database._arrived) < len(threads):
        time.sleep(0.001)
    gate.set()
    for thread in (leader, *threads):
        thread.join()
    assert set(done) == {"first", "failed", 10, 11, 12, 14, 15}
    assert commits == ["COMMIT", "COMMIT"]  # one for the first, one for all that waited behind it
    assert [row[0] for row in database.connection().execute("SELECT x FROM a ORDER BY x")] == [
        1,
        10,
        11,
        12,
        14,
        15,
    ]
    database.close()


def test_a_commit_that_fails_fails_for_all_who_share_it(tmp_path: Path) -> None:
    database = Database(
        tmp_path / "x.sqlite3",
        [
            (
                "CREATE TABLE p (x PRIMARY KEY)",
                "CREATE TABLE c (x REFERENCES p (x) DEFERRABLE INITIALLY DEFERRED)",
            )
        ],
    )
    with pytest.raises(sqlite3.IntegrityError):  # deferred constraints are checked by COMMIT itself
        database.write_together(lambda connection: connection.execute("INSERT INTO c VALUES (1)").rowcount)
    assert (
        database.write_together(lambda connection: connection.execute("INSERT INTO p VALUES (1)").rowcount)
        == 1
    )
    database.close()


KILLED_WHILE_WRITING = """
import os, signal, sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("PRAGMA application_id = 77")
connection.execute("CREATE TABLE a (x)")
connection.execute("PRAGMA cache_size = 1")  # so that pages reach the file before the transaction ends
connection.execute("BEGIN IMMEDIATE")
for _ in range(200):
    connection.execute("INSERT INTO a VALUES (randomblob(4000))")
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_file_whose_writer_was_killed_says_whose_it_is(tmp_path: Path) -> None:
    path = tmp_path / "x.sqlite3"
    subprocess.run([sys.executable, "-c", KILLED_WHILE_WRITING, path], check=False)
    reader = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)
    with closing(reader), pytest.raises(sqlite3.OperationalError, match="readonly"):
        reader.execute("SELECT 1 FROM sqlite_master")
    assert ours.application_of(path) == 77
    with closing(sqlite3.connect(path)) as reader:
        assert reader.execute("SELECT count(*) FROM a").fetchone() == (0,)
