"""Documents that mean harm, and those of a tired person, as bytes: written here, byte by byte where need be."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

HELVETICA = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"
TEXT = b"BT /F1 12 Tf 100 700 Td (Number: A-17) Tj ET"
_CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"
_ONE_KID = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"


def pdf_of(*objects: bytes) -> bytes:
    """A PDF of numbered objects; the first is 1, and the catalog."""
    out = bytearray(b"%PDF-1.7\n")
    offsets = []
    for number, content in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start, size = len(out), len(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % size
    out += b"".join(b"%010d 00000 n \n" % at for at in offsets)
    return bytes(out + b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (size, start))


def stream(content: bytes, entries: bytes = b"") -> bytes:
    """A stream object."""
    return b"<</Length %d%s>>\nstream\n%s\nendstream" % (len(content), entries, content)


def one_page(content: bytes, font: bytes = HELVETICA, more: tuple[bytes, ...] = ()) -> bytes:
    """A PDF of one page whose content is this object (4), with one font (5) and more objects (6 and up)."""
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>"
    return pdf_of(_CATALOG, _ONE_KID, page, content, font, *more)


def many_pages(count: int, said: int | None = None) -> bytes:
    """A PDF of so many pages, each with a number; or one that says it has more."""
    kids = b" ".join(b"%d 0 R" % (4 + 2 * at) for at in range(count))
    objects = [_CATALOG, b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, said or count), HELVETICA]
    for at in range(count):
        page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents %d 0 R/Resources<</Font<</F1 3 0 R>>>>>>"
        objects += [page % (5 + 2 * at), stream(b"BT /F1 12 Tf 20 150 Td (Number: A-%d) Tj ET" % (at + 1))]
    return pdf_of(*objects)


def many_glyphs(count: int) -> bytes:
    """A PDF of one page with so many printed characters."""
    row = b"Item A17 " * 20
    lines = (b"1 0 0 1 20 %d Tm (%s) Tj" % (780 - at % 760, row) for at in range(count // len(row) + 1))
    content = b"BT /F1 1 Tf " + b"\n".join(lines) + b" ET"
    return one_page(stream(zlib.compress(content, 9), b"/Filter/FlateDecode"))


def flate_bomb(size: int, unit: bytes = b"q ", filter_entry: bytes = b"/FlateDecode") -> bytes:
    """A PDF whose page unpacks to so many bytes of the unit. A filter of `6 0 R` is named in an object of its own."""
    return one_page(stream(packed(size, unit), b"/Filter " + filter_entry), more=(b"/FlateDecode",))


def packed(size: int, unit: bytes) -> bytes:
    """So many bytes, compressed without ever being there."""
    packer, chunk = zlib.compressobj(9), unit * (1_000_000 // len(unit))
    return b"".join(packer.compress(chunk) for _ in range(size // len(chunk))) + packer.flush()


def written(text: str, encoding: bytes = b"Identity-H") -> bytes:
    """A PDF that sets a text glyph by glyph with a font for any script; with `Identity-V` from top to bottom."""
    codes = {char: number for number, char in enumerate(dict.fromkeys(text), 1)}
    lines = b"".join(
        b"<%04X> <%s>\n" % (code, char.encode("utf-16-be").hex().encode()) for char, code in codes.items()
    )
    head = b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapType 2 def 1 begincodespacerange <0000> <FFFF> "
    to_unicode = head + b"endcodespacerange %d beginbfchar\n%sendbfchar endcmap end end" % (len(codes), lines)
    font = (
        b"<</Type/Font/Subtype/Type0/BaseFont/A/Encoding/%s/DescendantFonts[6 0 R]/ToUnicode 7 0 R>>"
        % encoding
    )
    descriptor = b"<</Type/FontDescriptor/FontName/A/Flags 4/FontBBox[0 -200 1000 800]/Ascent 800/Descent -200/StemV 80>>"
    below = b"<</Type/Font/Subtype/CIDFontType2/BaseFont/A/DW 500/FontDescriptor %s>>" % descriptor
    shown = b"BT /F1 20 Tf 200 700 Td <%s> Tj ET" % "".join(f"{codes[char]:04X}" for char in text).encode()
    return one_page(stream(shown), font, (below, stream(to_unicode)))


def forms_within_forms(levels: int, times: int) -> bytes:
    """A PDF that draws a form so many times, which draws another so many times, and so on."""
    page = (
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</XObject<</X 6 0 R>>>>>>"
    )
    objects = [_CATALOG, _ONE_KID, page, stream(b"/X Do"), HELVETICA]
    for at in range(levels):
        content = b"/X Do " * times if at < levels - 1 else TEXT
        inner = b"/Resources<</XObject<</X %d 0 R>>/Font<</F1 5 0 R>>>>" % (7 + at)
        objects.append(stream(content, b"/Type/XObject/Subtype/Form/BBox[0 0 612 792]" + inner))
    return pdf_of(*objects)


_PACKAGE = b"http://schemas.openxmlformats.org/package/2006/"
_OFFICE = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_WORD = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_SHEET = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LAUGHS = (
    b"<!DOCTYPE d [<!ENTITY a0 'ha'>"
    + b"".join(b"<!ENTITY a%d '%s'>" % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 10))
    + b"]>"
)
"""Entities that become two thousand million letters."""
OUTSIDE = b'<!DOCTYPE d [<!ENTITY a9 SYSTEM "file:///etc/passwd">]>'
"""An entity that stands for a file of the machine."""


def _content_types(**parts: bytes) -> bytes:
    named = b"".join(
        b'<Override PartName="/%s.xml" ContentType="application/vnd.openxmlformats-officedocument.%s+xml"/>'
        % (name.replace("__", "/").encode(), kind)
        for name, kind in parts.items()
    )
    defaults = (
        b'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    )
    return b'<?xml version="1.0"?><Types xmlns="%scontent-types">%s%s</Types>' % (_PACKAGE, defaults, named)


def _relation(kind: bytes, target: bytes) -> bytes:
    one = b'<Relationship Id="rId1" Type="%s/%s" Target="%s"/>' % (_OFFICE, kind, target)
    return b'<?xml version="1.0"?><Relationships xmlns="%srelationships">%s</Relationships>' % (_PACKAGE, one)


def docx_parts(body: bytes = b"", prolog: bytes = b"") -> dict[str, bytes]:
    """The parts of a text document; by default it says a number."""
    body = body or b"<w:p><w:r><w:t>Number: A-17</w:t></w:r></w:p>"
    document = b'<?xml version="1.0"?>%s<w:document xmlns:w="%s"><w:body>%s</w:body></w:document>'
    return {
        "[Content_Types].xml": _content_types(word__document=b"wordprocessingml.document.main"),
        "_rels/.rels": _relation(b"officeDocument", b"word/document.xml"),
        "word/document.xml": document % (prolog, _WORD, body),
    }


def xlsx_parts(rows: bytes = b"", prolog: bytes = b"") -> dict[str, bytes]:
    """The parts of a workbook; by default it says a number."""
    rows = rows or sheet_row(1, "A", b"Number: A-17")
    sheets = b'<sheets><sheet name="A" sheetId="1" r:id="rId1"/></sheets>'
    workbook = b'<?xml version="1.0"?><workbook xmlns="%s" xmlns:r="%s">%s</workbook>' % (
        _SHEET,
        _OFFICE,
        sheets,
    )
    sheet = b'<?xml version="1.0"?>%s<worksheet xmlns="%s"><sheetData>%s</sheetData></worksheet>'
    return {
        "[Content_Types].xml": _content_types(
            xl__workbook=b"spreadsheetml.sheet.main", xl__worksheets__sheet1=b"spreadsheetml.worksheet"
        ),
        "_rels/.rels": _relation(b"officeDocument", b"xl/workbook.xml"),
        "xl/_rels/workbook.xml.rels": _relation(b"worksheet", b"worksheets/sheet1.xml"),
        "xl/workbook.xml": workbook,
        "xl/worksheets/sheet1.xml": sheet % (prolog, _SHEET, rows),
    }


def sheet_row(number: int, column: str, text: bytes) -> bytes:
    """A row of a sheet with one cell."""
    cell = b'<row r="%d"><c r="%s%d" t="inlineStr"><is><t>%s</t></is></c></row>'
    return cell % (number, column.encode(), number, text)


def zipped(parts: dict[str, bytes]) -> bytes:
    """An archive of parts."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def changed(data: bytes, name: str, *, size: int | None = None, flags: int | None = None) -> bytes:
    """The archive with other words about one entry, in its directory and before its data: its size, its flags."""
    out, raw = bytearray(data), name.encode()
    for sign, flags_at, size_at, name_at in ((b"PK\x01\x02", 8, 24, 46), (b"PK\x03\x04", 6, 22, 30)):
        start = 0
        while (start := data.find(sign, start)) >= 0:
            if data[start + name_at : start + name_at + len(raw)] == raw:
                if size is not None:
                    out[start + size_at : start + size_at + 4] = struct.pack("<I", size)
                if flags is not None:
                    out[start + flags_at : start + flags_at + 2] = struct.pack("<H", flags)
            start += 4
    return bytes(out)


def png(width: int, height: int) -> bytes:
    """A picture whose header says so many pixels, with next to no data."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body
