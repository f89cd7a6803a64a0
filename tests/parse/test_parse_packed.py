"""What is measured before it is unpacked, and what is let through."""

from __future__ import annotations

import io
import zipfile
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract_bridge.core.errors import DocumentError
from extract_bridge.parse.archive import check_archive, inflated
from extract_bridge.parse.pdf_streams import check_streams

BOMB = zlib.compress(bytes(20_000_000), 9)


def pdf(entries: bytes, content: bytes = BOMB, line_end: bytes = b"\n") -> bytes:
    return b"%%PDF-1.4\n1 0 obj\n<<%s>>\nstream%s%s\nendstream\nendobj\n" % (entries, line_end, content)


@pytest.mark.parametrize("line_end", [b"\n", b"\r\n"])
@pytest.mark.parametrize(
    "entries", [b"/Filter/FlateDecode", b"/Filter /Fl", b"/Filter[/ASCIIHexDecode /FlateDecode]"]
)
def test_a_stream_that_unpacks_too_far_is_refused(entries: bytes, line_end: bytes) -> None:
    with pytest.raises(DocumentError) as caught:
        check_streams(pdf(entries, line_end=line_end), "a.pdf")
    assert (caught.value.code, caught.value.where) == ("too_large", "a.pdf")


@pytest.mark.parametrize(
    "entries",
    [
        b"/Type/XObject/Subtype /Image/Filter/FlateDecode",
        b"/Type/EmbeddedFile/Filter/FlateDecode",
        b"/Filter/DCTDecode",
    ],
)
def test_what_reading_does_not_unpack_is_let_through(entries: bytes) -> None:
    check_streams(pdf(entries), "a.pdf")


def test_the_limits_are_the_callers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXTRACT_BRIDGE_MAX_EXPANDED_RATIO", "2000")
    check_streams(pdf(b"/Filter/FlateDecode"), "a.pdf")
    monkeypatch.setenv("EXTRACT_BRIDGE_MAX_EXPANDED_BYTES", "1000000")
    with pytest.raises(DocumentError, match="unpacks to"):
        check_streams(pdf(b"/Filter/FlateDecode"), "a.pdf")


@given(st.binary(max_size=3000), st.integers(1, 500))
def test_what_comes_out_in_pieces_is_what_went_in(content: bytes, size: int) -> None:
    packed = zlib.compress(content)
    pieces = (packed[at : at + size] for at in range(0, len(packed), size))
    assert b"".join(inflated(pieces, zlib.MAX_WBITS)) == content


def test_damaged_streams_end_without_an_error() -> None:
    assert b"".join(inflated(iter([b"no deflate"]), zlib.MAX_WBITS)) == b""
    check_streams(pdf(b"/Filter/FlateDecode", BOMB[:9] + bytes(20_000)), "a.pdf")
    check_streams(b"%PDF-1.4\nstream\nendstream stream\r\n<</Fl>>", "a.pdf")


def workbook(places: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:  # stored, and longer than one piece
        archive.writestr("xl/worksheets/sheet1.xml", " " * 65_520 + places)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "places", ['<row r="2000000"/><c r="D9"/>', '<c r="ABC7"/><row r="9000"/>', '<x:c r="XFD1048576">']
)
def test_a_sheet_that_spans_too_much_is_refused(places: str) -> None:
    with pytest.raises(DocumentError, match="spans"):
        check_archive(workbook(places), "a.xlsx")


def test_a_long_narrow_sheet_is_let_through() -> None:
    check_archive(workbook('<dimension ref="A1:XFD1048576"/><row r="1048576"><c r="D1048576"/>'), "a.xlsx")
