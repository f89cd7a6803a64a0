"""What counts as a document."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract_bridge.client.inputs import expand_inputs, resolve_input
from extract_bridge.core.errors import ExtractError, FileInputError
from extract_bridge.core.identity import sha256_hex

UUID = "3f2b8a54-8c0e-4f43-9a5b-0d6a6d2f7f11"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Documents, and things that are none; the working folder."""
    monkeypatch.chdir(tmp_path)
    for name in (
        "b.pdf",
        "a.PDF",
        "c.txt",
        "d.exe",
        ".hidden.pdf",
        "sub/e.pdf",
        "sub/deep/f.pdf",
        ".git/g.pdf",
        "[1].pdf",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode())
    (tmp_path / "link.pdf").symlink_to(tmp_path / "b.pdf")
    (tmp_path / "linked").symlink_to(tmp_path / "sub")
    (tmp_path / "none").mkdir()
    (tmp_path / "empty.pdf.dir").mkdir()
    return tmp_path


def test_a_path_is_a_path(folder: Path) -> None:
    given = resolve_input(Path("b.pdf"))
    assert (given.kind, given.name, given.source, given.source_id) == ("path", "b.pdf", "b.pdf", "b.pdf")
    assert given.read() == b"b.pdf"
    assert resolve_input("./sub/../b.pdf").source_id == "b.pdf"
    assert resolve_input("./sub/../b.pdf").source == "./sub/../b.pdf"
    assert resolve_input(str(folder / "b.pdf")).source_id == str(folder / "b.pdf")
    assert resolve_input("b.pdf", file_name="other.pdf").name == "other.pdf"


@pytest.mark.parametrize("text", ["dfl-1", "pjb-xyz", UUID, UUID.upper()])
def test_a_text_is_an_id_by_its_shape_alone(folder: Path, text: str) -> None:
    Path(text).write_bytes(b"a file of that name decides nothing")
    given = resolve_input(text)
    assert (given.kind, given.name, given.source, given.source_id) == ("id", None, text, text)
    with pytest.raises(FileInputError, match="id has no bytes"):
        given.read()
    assert resolve_input(Path(text)).kind == "path"


@pytest.mark.parametrize("text", [f"x{UUID}", UUID.replace("-", ""), "Dfl-1", "my-dfl-1"])
def test_other_texts_are_paths(folder: Path, text: str) -> None:
    with pytest.raises(FileInputError) as caught:
        resolve_input(text)
    assert caught.value.code == "file_not_found"


def test_a_forced_id_may_look_like_anything() -> None:
    assert resolve_input(None, file_id="invoice.pdf").kind == "id"
    with pytest.raises(FileInputError, match="the id is empty"):
        resolve_input(None, file_id=" ")


def test_bytes_with_a_name() -> None:
    given = resolve_input(b"abc", file_name="in/box\\a.pdf")
    assert (given.kind, given.name, given.source, given.source_id) == (
        "bytes",
        "a.pdf",
        "a.pdf",
        f"sha256:{sha256_hex(b'abc')}",
    )
    assert resolve_input(("a.pdf", b"abc")) == given
    assert resolve_input(bytearray(b"abc"), file_name="a.pdf") == given
    assert resolve_input(memoryview(b"abc"), file_name="a.pdf").read() == b"abc"
    assert resolve_input(given) is given


def test_an_open_file_is_rewound_and_buffered(folder: Path) -> None:
    with Path("sub/e.pdf").open("rb") as file:
        file.read()
        given = resolve_input(file)
    assert (given.kind, given.name, given.source, given.source_id) == (
        "file",
        "e.pdf",
        "sub/e.pdf",
        "sub/e.pdf",
    )
    assert given.read() == given.read() == b"sub/e.pdf"
    stream = io.BytesIO(b"abc")
    assert resolve_input(stream, file_name="a.pdf").source_id == f"sha256:{sha256_hex(b'abc')}"


def test_a_stream_that_cannot_be_rewound_is_read_as_it_stands() -> None:
    reading, writing = os.pipe()
    os.write(writing, b"abc")
    os.close(writing)
    with os.fdopen(reading, "rb") as file:
        assert resolve_input(file, file_name="a.pdf").read() == b"abc"


MISTAKES: dict[str, tuple[Any, str]] = {
    "missing": ("nothere.pdf", "file_not_found"),
    "empty text": ("", "file_not_found"),
    "spaces": ("  ", "file_not_found"),
    "directory": (Path("sub"), "is_a_directory"),
    "empty bytes": (("a.pdf", b""), "empty_file"),
    "bytes without a name": (b"abc", "name_missing"),
    "a name that is a folder": (("in/..", b"abc"), "name_missing"),
    "a stream without a name": (io.BytesIO(b"abc"), "name_missing"),
    "a web address": ("https://example.com/a.pdf", "url_not_supported"),
    "a file address": ("file:///tmp/a.pdf", "url_not_supported"),
    "a bucket": ("s3://bucket/a.pdf", "url_not_supported"),
    "a data address": ("data:application/pdf;base64,AAAA", "url_not_supported"),
    "an object": ('{"total": 1}', "json_not_supported"),
    "a broken object": ('{"total": 1', "json_not_supported"),
    "a list": ("[1, 2]", "json_not_supported"),
    "the text itself": ("Invoice\nTotal 12", "not_a_path"),
    "a zero byte": ("a\0b.pdf", "not_a_path"),
    "too long": ("a" * 5000, "not_a_path"),
    "a number": (7, "not_a_document"),
    "nothing": (None, "not_a_document"),
    "a device": (Path("/dev/null"), "not_a_file"),
    "a name too long": ("a" * 300 + ".pdf", "unreadable"),
    "text stream": (io.StringIO("abc"), "name_missing"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_has_a_code_and_a_next_step(folder: Path, name: str) -> None:
    value, code = MISTAKES[name]
    with pytest.raises(FileInputError) as caught:
        resolve_input(value)
    assert caught.value.code == code
    assert caught.value.hint
    assert isinstance(caught.value, ValueError)


def test_where_is_a_name_never_a_path(folder: Path) -> None:
    with pytest.raises(FileInputError) as caught:
        resolve_input(folder / "sub" / "nothere.pdf")
    assert caught.value.where == "nothere.pdf"
    assert str(folder) not in str(caught.value)


def test_a_text_stream_is_refused() -> None:
    with pytest.raises(FileInputError) as caught:
        resolve_input(io.StringIO("abc"), file_name="a.txt")
    assert caught.value.code == "text_mode"


def test_an_empty_file(folder: Path) -> None:
    Path("empty.pdf").touch()
    with pytest.raises(FileInputError, match=r"empty\.pdf: the file is empty"):
        resolve_input("empty.pdf")


@pytest.mark.parametrize("value", [("a.pdf", b"x" * 11), io.BytesIO(b"x" * 11), Path("big.pdf")])
def test_too_large(folder: Path, monkeypatch: pytest.MonkeyPatch, value: Any) -> None:
    monkeypatch.setenv("EXTRACT_BRIDGE_MAX_UPLOAD_BYTES", "10")
    Path("big.pdf").write_bytes(b"x" * 11)
    with pytest.raises(FileInputError) as caught:
        resolve_input(value, file_name="big.pdf")
    assert caught.value.code == "file_too_large"


def test_a_file_that_changes_after_the_first_look_is_checked_again(folder: Path) -> None:
    given = resolve_input("b.pdf")
    Path("b.pdf").write_bytes(b"")
    with pytest.raises(FileInputError, match="empty"):
        given.read()
    Path("b.pdf").unlink()
    with pytest.raises(FileInputError) as caught:
        given.read()
    assert caught.value.code == "unreadable"


@given(st.text())
def test_any_text_is_an_input_or_a_typed_error(text: str) -> None:
    try:
        given = resolve_input(text)
    except ExtractError as error:
        assert error.hint  # noqa: PT017 - either outcome is right
    else:
        assert given.source == text


# --- many -------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("files", "found"),
    [
        (".", ["[1].pdf", "a.PDF", "b.pdf", "c.txt"]),
        (Path("sub"), ["sub/e.pdf"]),
        ("*.pdf", ["[1].pdf", "b.pdf"]),
        ("*", ["[1].pdf", "a.PDF", "b.pdf", "c.txt"]),
        ("*.exe", ["d.exe"]),
        ("**", ["[1].pdf", "a.PDF", "b.pdf", "c.txt", "sub/e.pdf", "sub/deep/f.pdf"]),
        ("**/*.pdf", ["[1].pdf", "b.pdf", "sub/e.pdf", "sub/deep/f.pdf"]),
        ("**/**/f.pdf", ["sub/deep/f.pdf"]),
        ("s?b/*.pdf", ["sub/e.pdf"]),
        ("sub/**/*.pdf", ["sub/e.pdf", "sub/deep/f.pdf"]),
        ("./sub/*", ["sub/e.pdf"]),
        (".hidden*.pdf", [".hidden.pdf"]),
        ("[1].pdf", ["[1].pdf"]),
        (Path("[ab].pdf"), [Path("[ab].pdf")]),
        ("[ab].pdf", ["b.pdf"]),
        ("nothere.pdf", ["nothere.pdf"]),
        ("dfl-*", ["dfl-*"]),
        (["b.pdf", "sub", Path("c.txt")], ["b.pdf", "sub/e.pdf", Path("c.txt")]),
        ([("x.pdf", b"abc"), "pjb-1"], [("x.pdf", b"abc"), "pjb-1"]),
        (("x.pdf", b"abc"), [("x.pdf", b"abc")]),
        (b"abc", [b"abc"]),
    ],
)
def test_what_is_found(folder: Path, files: Any, found: list[Any]) -> None:
    assert list(expand_inputs(files)) == found


def test_an_absolute_pattern_gives_absolute_paths(folder: Path) -> None:
    assert list(expand_inputs(f"{folder}/sub/*.pdf")) == [f"{folder}/sub/e.pdf"]


@pytest.mark.parametrize("files", ["none", Path("none"), "*.docx", "nothere/*.pdf", "linked/*.xyz"])
def test_nothing_found_is_an_error(folder: Path, files: Any) -> None:
    with pytest.raises(FileInputError) as caught:
        list(expand_inputs(files))
    assert caught.value.code == "no_match"
    assert caught.value.hint


def test_nothing_is_read_ahead(folder: Path) -> None:
    def endless() -> Any:
        while True:
            yield "b.pdf"

    documents = expand_inputs(endless())
    assert [next(documents), next(documents)] == ["b.pdf", "b.pdf"]
