"""Each example runs as a script of its own, keyless work proven: a key is set, and no connection may leave the machine."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
NO_NETWORK = """
import socket

def refuse(*_, **__):
    raise OSError("a connection was tried")

socket.socket.connect = socket.socket.connect_ex = socket.create_connection = socket.getaddrinfo = refuse
"""

THIS_MACHINE_ONLY = """
import socket

connect, look_up = socket.socket.connect, socket.getaddrinfo

def connect_here(self, address):
    if address[0] != "127.0.0.1":
        raise OSError("a connection was tried")
    return connect(self, address)

def look_up_here(host, *rest, **more):
    if host != "127.0.0.1":
        raise OSError("a name was looked up")
    return look_up(host, *rest, **more)

socket.socket.connect, socket.getaddrinfo = connect_here, look_up_here
"""
ON_SOCKETS = {"07_webhook_receiver"}  # a webhook comes over one


def invoice_lines(truth: dict[str, Any]) -> list[str]:
    rows = truth["line_items"]
    return [f"{row['quantity']:g} x {row['description']}: {row['amount']}" for row in rows]


def dearest(rows: list[dict[str, Any]]) -> list[str]:
    at, row = max(enumerate(rows), key=lambda item: float(item[1]["charge"]))
    return [
        f"read_extract_result {{'path': '/{at}/charge'}}",
        f"The dearest of {len(rows)} shipments is {row['waybill']}: page {1 + at // 30} says",
    ]


EXPECTED: dict[str, Callable[[dict[str, Any]], list[str]]] = {
    "01_langchain_agent_tool": lambda truth: [
        f"Invoice {truth['invoice'][0]['invoice_number']} comes to {truth['invoice'][0]['total']}",
        "document_refused",
    ],
    "02_langchain_loader_index": lambda truth: [
        f"{len(truth['shipments'])} rows",
        *(
            f"{row['waybill']} {row['charge']} page {1 + at // 30}:"
            for at, row in enumerate(truth["shipments"])
            if row["status"] == "returned" and row["charge"] > 1000
        ),
    ],
    "03_langchain_typed_chain": lambda truth: [
        f"{truth['invoice'][0]['invoice_number']} {truth['invoice'][0]['due_date']} {truth['invoice'][0]['total']}",
        *invoice_lines(truth["invoice"][0]),
        f"total {truth['invoice'][0]['total']} with confidence",
        f"  streamed: {truth['invoice'][0]['line_items'][-1]['description']}",
        "Write to the buyer about this invoice:",
    ],
    "04_llama_index_agent_tool": lambda truth: [
        "Failed: "
        + ", ".join(c["certificate_number"] for c in truth["certificates"] if c["verdict"] == "fail"),
    ],
    "05_llama_index_reader_index": lambda truth: [
        f"{len(truth['shipments'])} rows",
        *(
            f"{row['waybill']} {row['charge']} page {1 + at // 30}, sure"
            for at, row in enumerate(truth["shipments"])
            if row["charge"] > 3000
        ),
    ],
    "06_llama_index_typed_program": lambda truth: [
        f"invoice_number={truth['invoice'][0]['invoice_number']!r}",
        f"iban={truth['invoice'][0]['iban']!r}",
        f"total={truth['invoice'][0]['total']!r}",
        "/total: page 1",
    ],
    "07_webhook_receiver": lambda truth: [
        "told of extract.success",
        truth["invoice"][0]["invoice_number"],
        f"{truth['invoice'][0]['total']}",
        'page 1: "',
    ],
    "08_langgraph_agent_reads_evidence": lambda truth: [
        "calls extract_invoice",
        "calls read_extract_result /buyer",
        f"Invoice {truth['invoice'][0]['invoice_number']} comes to {truth['invoice'][0]['total']}.",
        f'Please check /buyer: page 1 says "{truth["invoice"][0]["buyer"]["name"]}" (confidence 0.',
        "Budget(credits=100, spent=8, reserved=0)",
    ],
    "09_langchain_rag_reindex": lambda truth: [
        "again: 0 added, 6 skipped, 0 deleted",
        "[invoice.pdf p.1]",
        "edited: 1 added, 5 skipped, 1 deleted",
        "80.0 is gone: True",
        "95.5 is found: True",
    ],
    "10_llama_index_rag_citing": lambda truth: [
        "again: 0 replaced",
        "edited: 1 replaced",
        "80.0 is gone: True",
        "cite_as: [invoice.pdf p.1]",
        f"total: {truth['invoice'][0]['total']}",
        "[invoice.pdf p.1] '",
        ", 1 box",
    ],
    "11_llama_index_workflow_resumes": lambda truth: [
        "Verdicts: " + ", ".join(c["verdict"].upper() for c in truth["certificates"]),
        "Jobs paid for: 1",
    ],
    "12_llama_index_directory": lambda truth: [
        f"invoice.pdf: invoice_number: {truth['invoice'][0]['invoice_number']}, total {truth['invoice'][0]['total']} on page 1",
        "note.txt: Paid by bank transfer.",
    ],
    "13_ray_data_batches": lambda _: [  # without Ray, which is no part of the test extra: the same batches here
        "tenant 0: ",
        "tenant 2: ",
        "ids as on one machine: True",
    ],
    "14_llama_index_agent_reads_on": lambda truth: [
        "extract_shipment {'document': 'shipments.pdf'}",
        "read_extract_result {'path': '', 'offset': ",
        *dearest(truth["shipments"]),
        "Jobs: 1",
    ],
    "15_scale_simulation": lambda _: [line.rstrip() for line in simulated()],
}


def simulated() -> list[str]:
    """What the page about scale says that the simulation prints."""
    page = (EXAMPLES / "scale.md").read_text(encoding="utf-8")
    return page.partition("```text\n")[2].partition("```")[0].splitlines()


def test_every_example_is_run_here() -> None:
    assert sorted(path.stem for path in EXAMPLES.glob("[0-9]*.py")) == sorted(EXPECTED)


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_an_example_prints_the_truth(
    name: str, tmp_path: Path, samples: Callable[[int], dict[str, Any]]
) -> None:
    (tmp_path / "sitecustomize.py").write_text(THIS_MACHINE_ONLY if name in ON_SOCKETS else NO_NETWORK)
    environment = {
        **os.environ,
        "PYTHONPATH": str(tmp_path),
        "LLAMA_CLOUD_API_KEY": "llx-never-used",
        "PYTHONUTF8": "1",
    }
    done = subprocess.run(
        [sys.executable, "-W", "error::ResourceWarning", str(EXAMPLES / f"{name}.py")],
        capture_output=True,
        encoding="utf-8",
        cwd=tmp_path,
        env=environment,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    truth = {stem: sample.records for stem, sample in samples(1).items()}
    for expected in EXPECTED[name](truth):
        assert expected in done.stdout
    assert "Warning" not in done.stderr
