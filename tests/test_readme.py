"""The README says what is so: its code runs in order, its commands are CI's, its table is the table of limits."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from extract_bridge.core.limits import LIMITS

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = (
    "python3 -m venv .venv && .venv/bin/pip install -e '.[all]' && .venv/bin/extract-bridge demo",
    ".venv/bin/pip install -e '.[all,test]' && .venv/bin/python -m pytest",
)


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)


def test_the_two_commands() -> None:
    assert tuple(block.strip() for block in blocks("bash")) == COMMANDS


def test_ci_ends_with_the_readmes_test_command() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8").strip()
    assert script.splitlines()[-1] == COMMANDS[1].split(" && ")[1]


def test_limits_table_is_made_from_the_limits() -> None:
    rows = [
        f"| `{item.name}` | {item.default:,} {item.unit} | `{item.environment}` | {item.meaning} |"
        for item in LIMITS.values()
    ]
    assert [line for line in README.splitlines() if "| `EXTRACT_BRIDGE_" in line] == rows


def test_links_lead_somewhere() -> None:
    targets = re.findall(r"\]\((?!https?:)([^)#]+)\)", README)
    assert targets
    assert [target for target in targets if not (ROOT / target).exists()] == []


def test_it_is_short_enough_to_be_read() -> None:
    folded = README.split("<details>")[1].split("</details>")[
        0
    ]  # the table of limits, for those who look one up
    assert len(README.splitlines()) - len(folded.splitlines()) <= 260
    assert "not made or endorsed by LlamaIndex or LangChain" in README


@pytest.fixture
def workplace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, samples: Callable[[int], dict[str, Any]]
) -> dict[int, dict[str, Any]]:
    """The folders that the snippets name; returns each invoice's truth by seed."""
    for folder in ("inbox", "invoices"):
        (tmp_path / folder).mkdir()
    truths = {}
    for seed in (1, 2, 3):
        invoice = samples(seed)["invoice"]
        truths[seed] = invoice.records[0]
        for name in (f"inbox/{seed}.pdf", f"invoices/{seed}.pdf"):
            (tmp_path / name).write_bytes(invoice.path.read_bytes())
    (tmp_path / "acme.pdf").write_bytes(samples(1)["invoice"].path.read_bytes())
    monkeypatch.chdir(tmp_path)
    return truths


# A llama-index-workflows agent looks at every attribute of itself, those that pydantic has deprecated among them.
@pytest.mark.filterwarnings("ignore::DeprecationWarning:inspect")
async def test_python_blocks_run_in_order(
    workplace: dict[int, dict[str, Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    from langchain_core.embeddings import DeterministicFakeEmbedding
    from langchain_core.language_models.fake_chat_models import FakeListChatModel
    from langchain_core.prompts import ChatPromptTemplate
    from llama_index.core import MockEmbedding, Settings
    from llama_index.core.llms import MockLLM

    class Model(FakeListChatModel):
        def bind_tools(self, tools: Any, **_: Any) -> Model:
            return self

    Settings.llm, Settings.embed_model = MockLLM(), MockEmbedding(embed_dim=8)
    names: dict[str, Any] = {
        "__name__": "readme",
        "model": Model(responses=["done"]),
        "embeddings": DeterministicFakeEmbedding(size=16),
        "llm": MockLLM(),
        "prompt": ChatPromptTemplate.from_template("Write a reminder for {invoice}"),
    }
    code = blocks("python")
    assert len(code) == 10  # the schema, six ways in, a review page, many documents, the bare client
    for number, block in enumerate(code, 1):
        exec(compile(block, f"README block {number}", "exec"), names)  # the README is ours

    acme, totals = workplace[1], {truth["total"] for truth in workplace.values()}
    names["Invoice"].model_rebuild(_types_namespace=names)
    assert names["extract"].invoke("acme.pdf").total == acme["total"]
    assert names["extract"].invoke("acme.pdf").number == acme["invoice_number"]
    assert names["chain"].invoke({"document": "acme.pdf"}).text == "done"
    assert names["invoice"].seller == acme["seller"]["name"]
    assert {document.metadata["total"] for document in names["docs"]} == totals
    assert {document.metadata["total"] for document in names["loader"].load()} == totals
    assert names["hit"].metadata["total"] in {total for total in totals if total > 1000}
    answer = names["tool"].call(document="1.pdf").content
    assert json.loads(answer)["data"]["total"] == acme["total"]
    assert "invoices/" in capsys.readouterr().out
