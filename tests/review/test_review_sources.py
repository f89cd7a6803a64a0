"""Which file is opened for a record, and which never is."""

from __future__ import annotations

import sys
from dataclasses import replace

import pytest

from extract_bridge import ExtractedRecord
from extract_bridge.core.identity import sha256_hex
from extract_bridge.review.sources import Sources

BODY = b"the document"


def record(source: str = "in/a.txt", body: bytes | None = BODY) -> ExtractedRecord:
    return ExtractedRecord(
        data={}, fields={}, source=source, source_id=source, file_sha256=body and sha256_hex(body)
    )


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_bytes(BODY)
    (tmp_path / "secret.txt").write_bytes(b"not for a page")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_file_that_is_proved_by_its_digest_needs_no_naming(folder) -> None:
    assert Sources(None, alone=True).of(record()).data == BODY
    assert Sources(None, alone=True).of(record("secret.txt")).state == "missing"
    assert Sources(None, alone=True).of(record(body=None)).state == "missing"


@pytest.mark.parametrize("told", ["../secret.txt", "/etc/hostname", "a\x00b", "", "..", "in"])
def test_a_folder_gives_nothing_from_outside(folder, told: str) -> None:
    found = Sources([folder / "in"], alone=False).of(record(told, None))
    assert (found.state, found.data) == ("missing", None)


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_link_out_of_a_folder_is_not_followed(folder) -> None:
    (folder / "in" / "link.txt").symlink_to(folder / "secret.txt")
    assert Sources([folder / "in"], alone=False).of(record("link.txt", None)).state == "missing"


def test_a_folder_knows_a_record_by_its_source_or_its_name(folder) -> None:
    for root in (folder, folder / "in"):
        assert Sources([root], alone=False).of(record()).state == "same"
    absolute = record(str(folder / "in" / "a.txt"))
    assert Sources([folder], alone=False).of(absolute).state == "same"


@pytest.mark.parametrize("name", ["in/a.txt", "a.txt"])
def test_a_mapping_knows_a_record_by_its_source_or_its_name(name: str) -> None:
    assert Sources({name: BODY}, alone=False).of(replace(record(), file_name="a.txt")).data == BODY


def test_states() -> None:
    assert Sources(BODY, alone=True).of(record()).state == "same"
    assert Sources(b"another", alone=True).of(record()).state == "changed"
    assert Sources(BODY, alone=True).of(record(body=None)).state == "unverified"
    assert Sources([], alone=True).of(record()).state == "missing"


def test_bytes_are_told_apart_by_their_digest() -> None:
    sources = Sources([b"another", BODY], alone=False)
    assert sources.of(record()).data == BODY
    assert sources.of(record(body=b"a third")).state == "missing"


def test_the_only_document_is_it_whatever_it_is_called(folder) -> None:
    source = Sources("secret.txt", alone=True).of(record("dfl-0123"))
    assert (source.name, source.state) == ("secret.txt", "changed")
