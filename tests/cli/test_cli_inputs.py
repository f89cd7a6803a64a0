"""Which documents a command line names."""

from __future__ import annotations

import io
from pathlib import Path
from types import SimpleNamespace

import pytest

from extract_bridge.cli.inputs import collect
from extract_bridge.core.errors import FileInputError


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "in" / "deep").mkdir(parents=True)
    for name in ("in/a.pdf", "in/b.txt", "in/deep/c.pdf", "in/odd [1].txt", "in/picture.xyz"):
        (tmp_path / name).write_text("x")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def listed(content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(content)))


def test_files_folders_and_patterns_name_each_document_once() -> None:
    found = collect(["in/deep/../a.pdf", "in", "in/**/*.pdf", "./in/b.txt", "dfl-1", "dfl-1"])
    assert found == ["in/deep/../a.pdf", "in/b.txt", "in/odd [1].txt", "in/deep/c.pdf", "dfl-1"]


@pytest.mark.parametrize(
    "content",
    [b"in/odd [1].txt\nin/a.pdf\n", b"in/odd [1].txt\r\n\r\nin/a.pdf", b"in/odd [1].txt\0in/a.pdf\0"],
)
def test_a_list_on_standard_input(content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    listed(content, monkeypatch)
    assert collect(["in/b.txt", "-", "in/a.pdf"]) == ["in/b.txt", "in/odd [1].txt", "in/a.pdf"]


def test_a_pattern_without_documents_does_not_keep_the_others() -> None:
    pattern, found = collect(["in/*.docx", "in/a.pdf"])
    assert isinstance(pattern, FileInputError)
    assert pattern.code == "no_match"
    assert found == "in/a.pdf"


@pytest.mark.parametrize(
    ("paths", "says"),
    [
        (["in/*.docx"], "no document is there"),
        (["in/*.docx", "x/*.pdf"], "by 2 patterns"),
        (["-"], "the list names no document"),
    ],
)
def test_no_document_at_all_is_a_mistake(
    paths: list[str], says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed(b"\n", monkeypatch)
    with pytest.raises(FileInputError, match=says):
        collect(paths)
