"""A workbook as spreadsheet programs save it: shared strings, dates as numbers with a format, sums with their last result."""

from __future__ import annotations

import io
from datetime import date
from typing import TYPE_CHECKING, NamedTuple
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

if TYPE_CHECKING:
    from collections.abc import Sequence


class Sum(NamedTuple):
    """A formula with the result that was saved with it."""

    formula: str
    value: float


Cell = str | float | date | Sum | None

_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_STYLES = (
    f"<styleSheet {_MAIN}><fonts count='1'><font><sz val='11'/><name val='Calibri'/></font></fonts>"
    "<fills count='1'><fill><patternFill patternType='none'/></fill></fills><borders count='1'><border/></borders>"
    "<cellStyleXfs count='1'><xf/></cellStyleXfs><cellXfs count='3'><xf numFmtId='0'/>"
    "<xf numFmtId='14' applyNumberFormat='1'/><xf numFmtId='4' applyNumberFormat='1'/></cellXfs></styleSheet>"
)
_EPOCH = date(1899, 12, 30)


def _column(at: int) -> str:
    return chr(65 + at)


def _cell(cell: Cell, place: str, strings: dict[str, int]) -> str:
    if cell is None or cell == "":
        return ""
    if isinstance(cell, str):
        return f'<c r="{place}" t="s"><v>{strings.setdefault(cell, len(strings))}</v></c>'
    if isinstance(cell, date):
        return f'<c r="{place}" s="1"><v>{(cell - _EPOCH).days}</v></c>'
    if isinstance(cell, Sum):
        return f'<c r="{place}" s="2"><f>{escape(cell.formula)}</f><v>{cell.value!r}</v></c>'
    return f'<c r="{place}" s="{2 if isinstance(cell, float) else 0}"><v>{cell!r}</v></c>'


def _sheet(rows: Sequence[Sequence[Cell]], strings: dict[str, int]) -> str:
    lines = []
    for at, row in enumerate(rows, 1):
        cells = "".join(_cell(cell, f"{_column(column)}{at}", strings) for column, cell in enumerate(row))
        lines.append(f'<row r="{at}">{cells}</row>' if cells else "")
    return f"<worksheet {_MAIN}><sheetData>{''.join(lines)}</sheetData></worksheet>"


def workbook(sheets: Sequence[tuple[str, Sequence[Sequence[Cell]]]]) -> bytes:
    """An XLSX file; the same sheets give the same bytes.

    Args:
        sheets: Name and rows of each, up to 26 columns.
    """
    strings: dict[str, int] = {}
    made = [_sheet(rows, strings) for _, rows in sheets]
    numbers = range(1, len(sheets) + 1)
    links = [(f"rId{at}", "worksheet", f"worksheets/sheet{at}.xml") for at in numbers]
    links += [("rIdS", "styles", "styles.xml"), ("rIdT", "sharedStrings", "sharedStrings.xml")]
    named = "".join(
        f'<sheet name="{escape(name)}" sheetId="{at}" r:id="rId{at}"/>'
        for at, (name, _) in enumerate(sheets, 1)
    )
    overrides = [("workbook", "sheet.main"), ("styles", "styles"), ("sharedStrings", "sharedStrings")]
    overrides += [(f"worksheets/sheet{at}", "worksheet") for at in numbers]
    files = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        + "".join(
            f'<Override PartName="/xl/{part}.xml" ContentType="{_TYPE}.{kind}+xml"/>'
            for part, kind in overrides
        )
        + "</Types>",
        "_rels/.rels": _links([("rId1", "officeDocument", "xl/workbook.xml")]),
        "xl/workbook.xml": f'<workbook {_MAIN} xmlns:r="{_LINK}"><sheets>{named}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": _links(links),
        "xl/styles.xml": _STYLES,
        "xl/sharedStrings.xml": f"<sst {_MAIN}>"
        + "".join(f'<si><t xml:space="preserve">{escape(text)}</t></si>' for text in strings)
        + "</sst>",
        **{f"xl/worksheets/sheet{at}.xml": text for at, text in zip(numbers, made, strict=True)},
    }
    packed = io.BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        for name, text in files.items():
            head = "<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n"
            archive.writestr(ZipInfo(name), head + text)
    return packed.getvalue()


def _links(links: Sequence[tuple[str, str, str]]) -> str:
    lines = "".join(
        f'<Relationship Id="{key}" Type="{_LINK}/{kind}" Target="{to}"/>' for key, kind, to in links
    )
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{lines}</Relationships>'
