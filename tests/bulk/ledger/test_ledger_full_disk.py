"""A disk that is really full in the middle of a run, and a file that may grow no further: told, and nothing is lost or paid twice."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from extract_bridge import ExtractClient

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="limits of POSIX")
SCRIPT = """
import json, os, resource, sys
from extract_bridge import ExtractClient, StorageError
from extract_bridge.bulk import Ledger, extract_many

kind, room, url = sys.argv[1], int(sys.argv[2]), sys.argv[3]
SCHEMA = {"title": "Note", "type": "object", "properties": {"number": {"type": ["string", "null"]}}}
FILES = [(f"note-{number}.txt", f"Number: A-{number}\\n".encode()) for number in range(6)]
HARD = resource.getrlimit(resource.RLIMIT_FSIZE)[1]

def run(client, ledger):
    try:
        for item in extract_many(FILES, client=client, data_schema=SCHEMA, ledger=ledger):
            yield f"{type(item.error).__name__}:{item.error.code}" if item.error else "read"
    except StorageError as error:
        yield f"{type(error).__name__}:{error.code}"

with ExtractClient(api_key="any", base_url=url) as client, Ledger("small/ledger.db") as ledger:
    list(ledger.entries())  # it is there
    if kind == "disk":
        with open("small/filler", "wb", buffering=0) as filler:
            try:
                while True:
                    filler.write(bytes(4096))
            except OSError as error:
                told = error.errno
            filler.truncate(filler.tell() - room)
    else:
        largest = max(os.path.getsize(f"small/{name}") for name in os.listdir("small"))
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest + room, HARD))
    first = list(run(client, ledger))
    if kind == "disk":
        os.remove("small/filler")
    else:
        resource.setrlimit(resource.RLIMIT_FSIZE, (HARD, HARD))
    print(json.dumps([first, list(run(client, ledger))]))
"""


@pytest.mark.parametrize(
    ("kind", "room"), [("disk", 0), ("disk", 160_000), ("disk", 300_000), ("file", 160_000)]
)
def test_what_has_no_room_is_told_and_done_later(
    kind: str, room: int, tmp_path: Path, extract_bridge_server: Any
) -> None:
    (tmp_path / "small").mkdir()
    (tmp_path / "script.py").write_text(SCRIPT)
    command = [sys.executable, "script.py", kind, str(room), extract_bridge_server.base_url]
    if kind == "disk":
        command = in_a_small_disk(command, tmp_path)
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    first, second = json.loads(done.stdout)
    # SQLite takes a file that may not grow for one that cannot be written.
    code = "storage_full" if kind == "disk" else "storage_unreadable"
    assert set(first) - {"read"} == {f"StorageError:{code}"}, first
    assert second == ["read"] * 6
    with ExtractClient(api_key="any", base_url=extract_bridge_server.base_url) as client:
        assert len(list(client.list())) == 6, "none was paid twice"


def in_a_small_disk(command: list[str], folder: Path) -> list[str]:
    """The command, with a file system of its own below `folder`; no other process sees it."""
    unshare = [shutil.which("unshare") or "unshare", "--map-root-user", "--mount", "--user"]
    mount = 'mount -t tmpfs -o size=1m tmpfs small && exec "$@"'
    try:
        tried = subprocess.run([*unshare, "sh", "-c", mount, "sh", "true"], cwd=folder, capture_output=True)
    except OSError:
        pytest.skip("there is no unshare")
    if tried.returncode:
        pytest.skip("no file system of one's own is allowed here")
    return [*unshare, "sh", "-c", mount, "sh", *command]
