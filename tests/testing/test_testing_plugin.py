"""The pytest plugin in the suite of somebody else: a run of its own, with every warning an error."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

RUN = (
    sys.executable,
    "-W",
    "error",
    "-m",
    "pytest",
    "-q",
    "-W",
    "error",
    "--strict-markers",
    "-p",
    "extract_bridge",
)
HEAVY = ("httpx", "pydantic", "fastapi", "uvicorn", "sqlite3", "pypdfium2", "langchain_core", "llama_index")


def run(folder: Path, text: str) -> subprocess.CompletedProcess[str]:
    """A suite with no plugin but ours, by the name of its entry point: the others of this environment warn and load by themselves."""
    (folder / "test_theirs.py").write_text(text, encoding="utf-8")
    (folder / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    return subprocess.run(
        [*RUN, "test_theirs.py"], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def assert_passed(done: subprocess.CompletedProcess[str], number: int) -> None:
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{number} passed" in done.stdout
    assert done.stderr == ""


def test_both_fixtures(tmp_path: Path) -> None:
    text = """
import pytest
from extract_bridge import ExtractClient

SCHEMA = {"type": "object", "properties": {"total": {"type": ["number", "null"]}}}


def total(client):
    job = client.run(b"Total: 12.50", file_name="note.txt", data_schema=SCHEMA)
    assert job.extract_result == {"total": 12.5}
    return len(list(client.list()))


@pytest.mark.parametrize("time", [1, 2])
def test_in_process(extract_bridge_service, time):
    assert total(ExtractClient(local=extract_bridge_service)) == 1


@pytest.mark.parametrize("time", [1, 2])
def test_on_a_socket(extract_bridge_server, time):
    assert total(ExtractClient(base_url=extract_bridge_server.base_url)) == 1


def test_at_once(extract_bridge_server, extract_bridge_service):
    assert total(ExtractClient(local=extract_bridge_service)) == 1
    assert total(ExtractClient(base_url=extract_bridge_server.base_url)) == 1
"""
    assert_passed(run(tmp_path, text), 5)


def test_faults_by_marker(tmp_path: Path) -> None:
    text = """
import pytest
from extract_bridge import ExtractClient, RateLimitError, RetryPolicy

once = RetryPolicy(attempts=0)


@pytest.mark.extract_bridge_faults("rate-limit@list=1")
def test_in_process(extract_bridge_service):
    with pytest.raises(RateLimitError):
        list(ExtractClient(local=extract_bridge_service, retry=once).list())


@pytest.mark.extract_bridge_faults("rate-limit@list=1")
class TestAClass:
    def test_on_a_socket(self, extract_bridge_server):
        with pytest.raises(RateLimitError):
            list(ExtractClient(base_url=extract_bridge_server.base_url, retry=once).list())

    @pytest.mark.extract_bridge_faults("seed=1")
    def test_the_nearest_marker_counts(self, extract_bridge_server):
        assert list(ExtractClient(base_url=extract_bridge_server.base_url, retry=once).list()) == []
"""
    assert_passed(run(tmp_path, text), 3)


def test_wrong_markers_are_told(tmp_path: Path) -> None:
    markers = ("'lost=2'", "", "1", "'lost=1', 'late=1'", "spec='lost=1'")
    lines = ["import pytest"]
    for number, marker in enumerate(markers):
        for fixture in ("extract_bridge_service", "extract_bridge_server"):
            lines.append(f"@pytest.mark.extract_bridge_faults({marker})")
            lines.append(f"def test_{number}_{fixture}({fixture}): pass")
    done = run(tmp_path, "\n".join(lines))
    assert done.returncode == 1
    assert "10 errors" in done.stdout
    assert done.stdout.count("faults: 'lost=2' is no fault to inject") >= 2
    assert done.stdout.count("takes one text") >= 8


def test_nothing_heavy_is_loaded_for_those_who_do_not_ask(tmp_path: Path) -> None:
    text = f"""
import sys

def test_it():
    assert "extract_bridge.testing.plugin" in sys.modules
    assert set({HEAVY!r}) & set(sys.modules) == set()
"""
    assert_passed(run(tmp_path, text), 1)


def test_suites_of_others_have_the_plugin_without_asking() -> None:
    (entry,) = entry_points(group="pytest11", name="extract_bridge")
    assert entry.value == "extract_bridge.testing.plugin"


def test_without_pytest_it_is_a_missing_extra() -> None:
    code = """
import sys
sys.modules["pytest"] = None
from extract_bridge.core.errors import MissingExtraError
for name in ("plugin", "stores", "engines", "transports"):
    try:
        __import__("extract_bridge.testing." + name)
    except MissingExtraError as error:
        assert (error.extra, error.package) == ("test", "pytest"), error
    else:
        sys.exit(name)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_without_the_service_it_is_a_missing_extra() -> None:
    code = """
import sys
sys.modules["fastapi"] = None
from extract_bridge.core.errors import MissingExtraError
try:
    import extract_bridge.testing.server
except MissingExtraError as error:
    assert (error.extra, error.package) == ("local", "fastapi"), error
else:
    sys.exit("no error")
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
