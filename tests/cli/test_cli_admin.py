"""`extract-bridge admin` on the folder of a service."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from extract_bridge.cli.app import start
from extract_bridge.local.transport import BASE_URL, LocalTransport


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder in which a service has kept two files."""
    path = tmp_path / "kept"
    with httpx.Client(transport=LocalTransport(data_dir=path), base_url=BASE_URL) as http:
        for name in ("a.txt", "b.txt"):
            upload = {"files": {"file": (name, b"x")}, "data": {"purpose": "extract"}}
            assert http.post("/api/v1/beta/files", **upload).status_code == 201
    return path


def change(folder: Path, statement: str) -> None:
    with closing(sqlite3.connect(folder / "service.sqlite3")) as connection, connection:
        connection.execute(statement)


def test_a_whole_folder_is_well(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "files" / "fresh").touch()  # may be an upload in progress
    assert start(["admin", "check", "--data-dir", str(folder)]) == 0
    assert capsys.readouterr().out == "files: 2\nbytes without a file: 0\nall is well\n"


def test_lost_bytes_are_said(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    next((folder / "files").iterdir()).unlink()
    assert start(["admin", "check", "--data-dir", str(folder)]) == 1
    out = capsys.readouterr().out
    assert "problem: the bytes of file dfl-" in out
    assert str(folder) not in out


def test_a_damaged_database_is_said(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with closing(sqlite3.connect(folder / "service.sqlite3")) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        root = connection.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'files_newest'"
        ).fetchone()[0]
        size = connection.execute("PRAGMA page_size").fetchone()[0]
    with (folder / "service.sqlite3").open("rb+") as file:
        file.seek((root - 1) * size)
        file.write(b"\xff" * size)
    assert start(["admin", "check", "--data-dir", str(folder)]) == 1
    assert "problem: " in capsys.readouterr().out


def test_a_purge_says_what_it_removed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(folder, "UPDATE files SET expires_at = '2000' WHERE name = 'a.txt'")
    (folder / "files" / "lost").touch()
    assert start(["admin", "purge", "--data-dir", str(folder)]) == 0
    assert capsys.readouterr().out == "removed: 1 files, 0 jobs, 0 kept answers, 1 orphans\n"
    assert len(list((folder / "files").iterdir())) == 1
    assert start(["admin", "check", "--data-dir", str(folder)]) == 0


def test_a_purge_beside_a_living_service_leaves_uploads_alone(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with httpx.Client(transport=LocalTransport(data_dir=folder), base_url=BASE_URL) as http:
        http.get("/api/v2/extract")
        (folder / "files" / "arriving").touch()
        assert start(["admin", "purge", "--data-dir", str(folder)]) == 0
    assert (folder / "files" / "arriving").exists()
    assert capsys.readouterr().out.endswith("0 orphans\n")


@pytest.mark.parametrize("command", ["check", "purge"])
def test_a_folder_of_nobody_is_refused_and_left_empty(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert start(["admin", command, "--data-dir", str(tmp_path)]) == 2
    assert "no service has kept anything" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
