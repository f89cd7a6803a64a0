"""The demo, as a person sees it: on 80 columns, keyless, without one framework, into a folder that cannot be written."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from extract_bridge import records_from_job

if TYPE_CHECKING:
    from collections.abc import Callable

START = "from extract_bridge.cli import main; main(['demo'])"


def play(folder: Path, code: str = START, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        encoding="utf-8",
        cwd=folder,
        env={
            **os.environ,
            "PYTHONUTF8": "1",
            "COLUMNS": "80",
            "LLAMA_CLOUD_API_KEY": "llx-never-used",
            **environment,
        },
        check=False,
    )


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    folder = tmp_path_factory.mktemp("demo")
    done = play(folder)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return folder, done.stdout


def test_it_fits_80_columns(shown: tuple[Path, str]) -> None:
    assert [line for line in shown[1].splitlines() if len(line) > 80] == []


def test_it_says_which_service_answered(shown: tuple[Path, str]) -> None:
    assert "Service: local" in shown[1]
    assert "llx-never-used" not in shown[1]


def test_it_shows_values_with_their_evidence(
    shown: tuple[Path, str], samples: Callable[[int], dict[str, Any]]
) -> None:
    truth = samples(1)["invoice"].records[0]
    total = rf"total +{truth['total']} +1 +\d+% +£{truth['total']:,}"
    assert re.search(total, shown[1])
    last = samples(1)["shipments"].records[-1]
    pages = samples(1)["shipments"].pages[-1]
    assert re.search(rf"waybill +{last['waybill']} +{pages} +\d+% +{last['waybill']}", shown[1])
    assert re.search(r"next_due +null +not found", shown[1])


@pytest.mark.parametrize(
    "door", ["pydantic", "LangChain: ExtractLoader", "LlamaIndex: ExtractReader", "Agent tool"]
)
def test_every_door_is_shown_for_every_document(shown: tuple[Path, str], door: str) -> None:
    assert shown[1].count(f"  {door}\n") == 3
    assert "skipped" not in shown[1]


def test_the_readme_shows_what_it_shows(shown: tuple[Path, str]) -> None:
    readme = (Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")
    block = re.search(r"```text\n(.*?)```", readme, re.DOTALL)
    assert block is not None

    def without_shares(text: str) -> set[str]:
        return {re.sub(r"\d+%", "%", line).rstrip() for line in text.splitlines()}

    assert without_shares(block[1]) - {"  …"} - without_shares(shown[1]) == set()


def test_it_leaves_documents_schemas_and_finished_jobs(
    shown: tuple[Path, str], samples: Callable[[int], dict[str, Any]]
) -> None:
    folder = shown[0] / "extract-bridge-demo"
    for name, sample in samples(1).items():
        job = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        records = records_from_job(job)
        assert [record.data for record in records] == sample.records
        assert (folder / f"{name}.pdf").stat().st_size > 1000
        assert json.loads((folder / f"{name}.schema.json").read_text(encoding="utf-8"))["type"] == "object"
    assert sorted(path.name for path in shown[0].iterdir()) == ["extract-bridge-demo"]


def test_without_the_frameworks_it_says_what_to_install_and_goes_on(tmp_path: Path) -> None:
    without = "import sys; sys.modules['langchain_core'] = sys.modules['llama_index'] = None; "
    done = play(tmp_path, without + START)
    assert done.returncode == 0, done.stderr
    assert "extract-bridge[langchain]" in done.stdout
    assert "extract-bridge[llama-index]" in done.stdout
    assert done.stdout.count("skipped") == 9
    assert "Next steps" in done.stdout


def test_a_folder_that_cannot_be_written_is_one_tidy_error(tmp_path: Path) -> None:
    (tmp_path / "extract-bridge-demo").write_text("a file is in the way")
    done = play(tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith("Error  --out extract-bridge-demo: cannot write there")
    assert "Traceback" not in done.stderr
    assert str(tmp_path) not in done.stderr


def test_a_plain_terminal_gets_no_colour_codes(shown: tuple[Path, str]) -> None:
    assert "\x1b" not in shown[1]
