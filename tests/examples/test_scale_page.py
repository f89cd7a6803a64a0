"""`examples/scale.md` says what is so: its code runs, its commands exist, its long figures are those of the simulation."""

from __future__ import annotations

import importlib.util
import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from extract_bridge.cli.app import start

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
PAGE = (EXAMPLES / "scale.md").read_text(encoding="utf-8")


class Invoice(BaseModel):
    number: str | None = None
    total: float | None = None


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "inbox").mkdir()
    for name in "ab":
        (tmp_path / "inbox" / f"{name}.txt").write_text(f"Number: {name.upper()}-17\nTotal: 12.50\n")
    (tmp_path / "invoice.json").write_text(json.dumps(Invoice.model_json_schema()))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)


def test_its_code_runs(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = blocks("python")
    assert len(code) == 2
    saved: list[Any] = []
    names: dict[str, Any] = {"Invoice": Invoice, "save": saved.append}
    for block in code:
        exec(block, names)
    assert sorted(record.data["number"] for record in saved) == ["A-17", "B-17"]
    assert "A-17" in capsys.readouterr().out


def test_its_commands_run(here: Path) -> None:
    (commands,) = blocks("bash")
    for command in commands.strip().splitlines():
        assert start([*command.split()[1:], "--local"]) == 0, command
    assert len((here / "invoices.jsonl").read_text().splitlines()) == 2
    assert (here / "invoices.jsonl.ledger").is_file()


def simulation() -> Any:
    spec = importlib.util.spec_from_file_location("scale_simulation", EXAMPLES / "15_scale_simulation.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def test_the_simulation_keeps_to_what_can_be_calculated() -> None:
    made = simulation()
    calm = made.Service(refused=0.0, lost=0.0, failed=0.0, spread=0.0)
    out = made.simulate(made.Plan(2000, pages=1), calm)
    assert (out.pages, out.credits, out.refused, out.lost, out.paid_twice) == (2000, 16_000, 0, 0, 0)
    seconds = calm.seconds + calm.seconds_a_page
    assert out.seconds == pytest.approx(2000 / calm.uploads + seconds + 0.5, rel=0.02), (
        "uploads are the bound"
    )
    few = made.simulate(made.Plan(200, pages=1, in_flight=4), calm)
    assert few.seconds == pytest.approx(200 / 4 * (seconds + 0.5), rel=0.02), (
        "so many in flight are the bound"
    )
    one = made.simulate(made.Plan(200, pages=1), made.Service(**{**vars(calm), "running": 1}))
    assert one.seconds == pytest.approx(200 * seconds, rel=0.02), "the service's workers are the bound"


def test_only_a_script_without_a_ledger_pays_twice() -> None:
    made = simulation()
    bad = made.Service(lost=0.2)
    safe, naive = (made.simulate(made.Plan(500, safe=safe), bad) for safe in (True, False))
    assert (safe.paid_twice, naive.paid_twice) == (0, naive.lost)
    assert naive.lost > 50
    assert made.simulate(made.Plan(500), bad) == safe, "the same call, the same figures"
