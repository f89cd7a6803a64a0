"""The engine's speed: reading words beside bare pypdfium2 and other libraries, and documents through the whole service.

    python tests/benchmarks/engine_speed.py [--rounds 5] [--documents 60] [--peers EXE]

The documents are drawn (`extract_bridge.bench`), born-digital, of all layouts. Words: CPU time of one process; libraries take turns in each
round; medians and ratios to bare pypdfium2, which opens a word's box by its first and last character. pdfplumber and docling-parse are
asked in the environment EXE (default: this one), and left out with a line where they are missing. Asserts nothing.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

ROUNDS, DOCUMENTS, SEED = 5, 60, 11
PEERS = ("pdfplumber", "docling_parse")


def bare(data: bytes) -> int:
    """Words and their boxes by pypdfium2's own helpers."""
    import pypdfium2

    words = 0
    with pypdfium2.PdfDocument(data) as document:
        for page in document:
            text = page.get_textpage()
            for run in re.finditer(r"\S+", text.get_text_range()):
                text.get_charbox(run.start(), loose=True)
                text.get_charbox(run.end() - 1, loose=True)
                words += 1
            text.close()
            page.close()
    return words


def words_alone(data: bytes) -> int:
    """Our words, without the lines, form fields and notes of a page."""
    import pypdfium2

    from extract_bridge.parse.pdf import _view_of
    from extract_bridge.parse.pdf_words import printed_words

    words = 0
    with pypdfium2.PdfDocument(data) as document:
        for page in document:
            words += len(printed_words(page, _view_of(page)))
            page.close()
    return words


def whole_pages(data: bytes) -> int:
    """All that our engine reads of a page."""
    from extract_bridge.parse.pdf import count_pdf_pages, read_pdf_pages

    pages, _ = read_pdf_pages(data, "a.pdf", range(1, count_pdf_pages(data, "a.pdf") + 1))
    return sum(len(page.words) for page in pages)


def pdfplumber(data: bytes) -> int:
    """Its words, by its defaults."""
    import pdfplumber as library

    with library.open(io.BytesIO(data)) as document:
        return sum(len(page.extract_words()) for page in document.pages)


def docling_parse(data: bytes) -> int:
    """Its word cells."""
    from docling_core.types.doc.page import TextCellUnit
    from docling_parse.pdf_parser import DoclingPdfParser

    document = DoclingPdfParser(loglevel="fatal").load(io.BytesIO(data))
    return sum(
        len(list(page.iterate_cells(unit_type=TextCellUnit.WORD))) for _, page in document.iterate_pages()
    )


READERS: dict[str, Callable[[bytes], int]] = {
    "pypdfium2, bare": bare,
    "ours, words": words_alone,
    "ours, whole pages": whole_pages,
    "pdfplumber": pdfplumber,
    "docling_parse": docling_parse,
}


def drawn(documents: int) -> list[tuple[str, bytes]]:
    """So many documents of our own."""
    from extract_bridge.bench.corpus import choose_layouts, generate

    made = generate(documents, SEED, choose_layouts())
    return [(item.name, item.content) for item in made if item.name.endswith(".pdf")]


def child(name: str, folder: str) -> None:
    """One library over a folder, as often as it is asked by a line; answers with CPU seconds and words."""
    files = [path.read_bytes() for path in sorted(Path(folder).glob("*.pdf"))]
    READERS[name](files[0])
    print("ready", flush=True)
    for _ in sys.stdin:
        began = time.process_time()
        words = sum(map(READERS[name], files))
        print(json.dumps([time.process_time() - began, words]), flush=True)


def reading(folder: Path, rounds: int, pages: int, peers: str) -> None:
    """The libraries, interleaved."""
    running: dict[str, subprocess.Popen[str]] = {}
    for name in READERS:
        command = [peers if name in PEERS else sys.executable, __file__, "--child", name, str(folder)]
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        assert process.stdout is not None
        if process.stdout.readline().strip() == "ready":
            running[name] = process
        else:
            print(
                f"{name}: not installed in {'this environment' if peers == sys.executable else '--peers'}, left out"
            )
    seconds: dict[str, list[float]] = {name: [] for name in running}
    words: dict[str, int] = {}
    for _ in range(rounds):
        for name, process in running.items():
            assert process.stdin is not None
            assert process.stdout is not None
            print("go", file=process.stdin, flush=True)
            took, words[name] = json.loads(process.stdout.readline())
            seconds[name].append(took)
    for name, process in running.items():
        process.communicate()
        ratios = [
            mine / theirs for mine, theirs in zip(seconds[name], seconds["pypdfium2, bare"], strict=True)
        ]
        took = statistics.median(seconds[name])
        print(
            f"{name:18} {pages / took:8.0f} pages/s of CPU   {statistics.median(ratios):6.2f}x   {words[name]:,} words"
        )


def service(files: Sequence[tuple[str, bytes]], pages: int) -> None:
    """Documents through the whole service, four at once on two workers; then one page, again and again."""
    from extract_bridge import ExtractClient, LocalService
    from extract_bridge.bench.corpus import choose_layouts, generate
    from extract_bridge.bench.run import run

    documents = [item for item in generate(len(files), SEED, choose_layouts()) if item.name.endswith(".pdf")]
    with ExtractClient(local=LocalService(workers=2)) as client:
        run(client, documents[:4], max_concurrency=4)
        report = run(client, documents, max_concurrency=4)
        print(
            f"whole service      {pages / report.seconds:8.1f} pages/s of wall time ({os.cpu_count()} cores, {len(report.failures)} failures)"
        )
        first = documents[0]
        took = []
        for _ in range(20):
            began = time.perf_counter()
            client.run(first.content, file_name=first.name, data_schema=first.data_schema)
            took.append(time.perf_counter() - began)
        print(
            f"one document, warm {statistics.median(took) * 1000:8.0f} ms (worst of 20: {max(took) * 1000:.0f} ms)"
        )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--documents", type=int, default=DOCUMENTS)
    parser.add_argument("--peers", default=sys.executable)
    parser.add_argument("--child", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        child(*options.child)
        return
    import tempfile

    from extract_bridge.parse.pdf import count_pdf_pages

    files = drawn(options.documents)
    pages = sum(count_pdf_pages(data, name) for name, data in files)
    print(f"{len(files)} documents, {pages} pages")
    with tempfile.TemporaryDirectory() as folder:
        for number, (_, data) in enumerate(files):
            (Path(folder) / f"{number:04}.pdf").write_bytes(data)
        reading(Path(folder), options.rounds, pages, options.peers)
    service(files, pages)


if __name__ == "__main__":
    main()
