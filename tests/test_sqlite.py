from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest

from extract_bridge.core.errors import ConfigurationError
from extract_bridge.sqlite import Database

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
