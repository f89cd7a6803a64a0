"""The page runs in a real Chromium, told by what is in the document when it is done; `tests/slow/test_browser.py` has the rest."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest

from extract_bridge import review

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
CHROMIUM = os.environ.get("EXTRACT_BRIDGE_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync --enable-logging=stderr --window-size=1280,800"
)

pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="no Chromium in PATH, and EXTRACT_BRIDGE_CHROMIUM names none"
)


def shown(path: Path, home: Path) -> str:
    """The document after its script has run; what the console was told fails the test."""
    command = [CHROMIUM, *FLAGS.split(), f"--user-data-dir={home}", "--dump-dom", path.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300)
    assert [line for line in done.stderr.splitlines() if "CONSOLE" in line] == []
    return done.stdout


def test_a_hostile_table_is_shown_and_does_nothing(scenes, tmp_path: Path) -> None:
    hostile, table = scenes.hostile(), scenes.table(600)
    path = tmp_path / "review.html"
    documents = {"hostile.pdf": hostile.pdf, "scene.pdf": table.pdf}
    bad = replace(hostile.records[0], source="hostile", source_id="hostile", file_name="hostile.pdf")
    review([bad, *table.records], path, documents=documents, dpi=40)
    page = shown(path, tmp_path / "home")
    body = page[: page.index('<script type="application/json"')]
    assert 20 < len(re.findall(r'role="row"', body)) <= 300
    assert "2,416 fields" in body
    assert "onerror=" not in re.sub(r"&lt;.*?&gt;", "", body)
    assert "</script><script>window.pwned = 1" in unescape(body), "it is shown as it stands"
    assert (
        len(re.findall(r"<img ", body))
        == len(re.findall(r'<img [^>]*src="data:image/webp;base64,', body))
        > 0
    )
