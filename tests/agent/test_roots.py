from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest

from extract_bridge.agent.roots import DocumentGuard
from extract_bridge.core.errors import ConfigurationError, FileInputError

if TYPE_CHECKING:
    from pathlib import Path

FILE_ID = "dfl-11111111"


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    (folder / "sub").mkdir(parents=True)
    (folder / "invoice.txt").write_text("Invoice No: A-17")
    (folder / "sub" / "other.txt").write_text("other")
    (folder / ".env").write_text("KEY=secret")
    (tmp_path / "outside.txt").write_text("secret")
    (tmp_path / "inbox-more").mkdir()
    (tmp_path / "inbox-more" / "x.txt").write_text("secret")
    return folder


def test_nothing_is_reachable_by_default(inbox: Path) -> None:
    guard = DocumentGuard()
    assert guard.is_closed
    for name in ("invoice.txt", str(inbox / "invoice.txt"), FILE_ID):
        with pytest.raises(FileInputError):
            guard.open(name)


def test_a_file_below_a_root(inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(inbox.parent)
    reached = DocumentGuard(allowed_roots="inbox").open("./sub/other.txt")
    assert (reached.read(), reached.name, reached.source) == (b"other", "other.txt", "inbox/sub/other.txt")
    assert reached.source_id == "inbox/sub/other.txt", "the identity that a loader of the same path gives"


def test_the_first_root_that_has_it_wins(inbox: Path, tmp_path: Path) -> None:
    second = tmp_path / "second"
    second.mkdir()
    (second / "invoice.txt").write_text("second")
    (second / "only.txt").write_text("only")
    guard = DocumentGuard(allowed_roots=[inbox, second])
    assert guard.open("invoice.txt").read() == b"Invoice No: A-17"
    assert guard.open("only.txt").read() == b"only"


def test_a_root_that_is_no_folder_is_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as caught:
        DocumentGuard(allowed_roots=tmp_path / "missing")
    assert str(tmp_path) not in str(caught.value)


BAD_NAMES = {
    "empty": "",
    "up": "../outside.txt",
    "up in the middle": "sub/../../outside.txt",
    "up, Windows": "..\\outside.txt",
    "home": "~/outside.txt",
    "proc": "/proc/self/environ",
    "drive": "C:\\Windows\\win.ini",
    "share": "\\\\server\\share\\x.txt",
    "url": "https://example.com/x.pdf",
    "file url": "file:///etc/passwd",
    "data url": "data:text/plain,hello",
    "NUL": "invoice.txt\0.pdf",
    "newline": "invoice.txt\nx",
    "tag characters": "invoice.txt\U000e0041",
    "hidden": ".env",
    "long": "a" * 600,
    "a folder": "sub",
    "the root": ".",
    "neighbour with the same beginning": "../inbox-more/x.txt",
}


@pytest.mark.parametrize("name", BAD_NAMES)
def test_bad_names(name: str, inbox: Path) -> None:
    with pytest.raises(FileInputError) as caught:
        DocumentGuard(allowed_roots=inbox).open(BAD_NAMES[name])
    assert caught.value.code in ("document_refused", "document_not_found")
    assert caught.value.hint
    assert "/proc" not in str(caught.value)


def test_absolute_even_below_the_root(inbox: Path) -> None:
    with pytest.raises(FileInputError) as caught:
        DocumentGuard(allowed_roots=inbox).open(str(inbox / "invoice.txt"))
    assert caught.value.code == "document_refused"
    assert str(inbox) not in repr(caught.value)


@pytest.mark.parametrize("target", ["../outside.txt", "/proc/self/environ", "..", "loop"])
def test_links_that_lead_out(target: str, inbox: Path) -> None:
    (inbox / "loop").symlink_to(target)
    name = "loop/outside.txt" if target == ".." else "loop"
    with pytest.raises(FileInputError) as caught:
        DocumentGuard(allowed_roots=inbox).open(name)
    assert str(inbox.parent) not in str(caught.value)


def test_a_link_that_stays_inside(inbox: Path) -> None:
    (inbox / "latest.txt").symlink_to("sub/other.txt")
    assert DocumentGuard(allowed_roots=inbox).open("latest.txt").read() == b"other"


def test_a_root_that_is_a_link(inbox: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(inbox)
    assert DocumentGuard(allowed_roots=tmp_path / "link").open("invoice.txt").read() == b"Invoice No: A-17"


@pytest.mark.skipif(sys.platform == "win32", reason="no fifos")
def test_a_fifo_is_refused_and_does_not_hang(inbox: Path) -> None:
    os.mkfifo(inbox / "pipe.txt")
    with pytest.raises(FileInputError) as caught:
        DocumentGuard(allowed_roots=inbox).open("pipe.txt")
    assert caught.value.code == "document_refused"


def test_a_link_put_in_the_way_after_the_check_is_not_followed(
    inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = os.open

    def race(path: object, *args: object, **keywords: object) -> int:
        if path == "sub":
            (inbox / "sub").rename(inbox / "gone")
            (inbox / "sub").symlink_to(inbox.parent / "inbox-more")
        return opened(path, *args, **keywords)  # type: ignore[arg-type]

    (inbox / "sub" / "x.txt").write_text("allowed")
    monkeypatch.setattr(os, "open", race)
    with pytest.raises(FileInputError) as caught:
        DocumentGuard(allowed_roots=inbox).open("sub/x.txt")
    assert caught.value.code == "document_not_found"


def test_too_large(inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXTRACT_BRIDGE_MAX_UPLOAD_BYTES", "10")
    with pytest.raises(FileInputError) as caught:
        DocumentGuard(allowed_roots=inbox).open("invoice.txt")
    assert caught.value.code == "document_too_large"


def test_a_missing_document_names_its_likes(inbox: Path) -> None:
    with pytest.raises(FileInputError) as caught:
        DocumentGuard(allowed_roots=inbox).open("invoice.pdf")
    assert caught.value.code == "document_not_found"
    assert caught.value.hint == "Documents here: invoice.txt"


def test_names_show_no_hidden_files_and_no_links(inbox: Path) -> None:
    (inbox / "link.txt").symlink_to(inbox.parent / "outside.txt")
    assert list(DocumentGuard(allowed_roots=inbox).names()) == ["invoice.txt", "sub/other.txt"]


def test_ids_need_leave() -> None:
    assert DocumentGuard(allowed_ids=[FILE_ID]).open(FILE_ID).kind == "id"
    assert DocumentGuard(allow_any_id=True).open("pjb-1").source == "pjb-1"
    for name in ("dfl-2", "pjb-1", "0a6851c1-5e39-4a54-a5f3-7f4f1b3c9c11"):
        with pytest.raises(FileInputError) as caught:
            DocumentGuard(allowed_ids=[FILE_ID]).open(name)
        assert caught.value.code == "id_not_allowed"


def test_named_documents(inbox: Path) -> None:
    guard = DocumentGuard(
        documents={
            "contract": inbox / "invoice.txt",
            "note.txt": b"text",
            "the file": FILE_ID,
            "gone": inbox / "gone.txt",
            "wrong": 3,
        }
    )
    assert guard.open("contract").read() == b"Invoice No: A-17"
    assert guard.open("contract").name == "invoice.txt", "the suffix says what the bytes are"
    assert guard.open("note.txt").read() == b"text"
    assert guard.open("the file").source == FILE_ID
    for name in ("gone", "invoice.txt", "wrong"):
        with pytest.raises(FileInputError) as caught:
            guard.open(name)
        assert str(inbox) not in str(caught.value)


def test_documents_by_a_function() -> None:
    def find(name: str, context: object) -> bytes | None:
        if name == "raise":
            raise KeyError(name)
        return f"{context}".encode() if name == "mine.txt" else None

    guard = DocumentGuard(documents=find)
    assert guard.open("mine.txt", "user 7").read() == b"user 7"
    for name in ("yours.txt", "raise"):
        with pytest.raises(FileInputError):
            guard.open(name)
