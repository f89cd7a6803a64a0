"""Statements of a report: the lines of a balance sheet and of a statement of income, latest period first or last. Figures are made up."""

import io

import pytest
from reportlab.pdfgen.canvas import Canvas

from extract_bridge.local.engine.engine import ExtractRequest, RulesEngine
from extract_bridge.parse.open import parse_document

NUMBER, DATE = {"type": ["number", "null"]}, {"type": ["string", "null"], "format": "date"}
BALANCE = [
    ("Cash and cash equivalents", "373", "501"),
    ("Accounts receivable, net", "535", "502"),
    ("Inventories, net", "1,379", "1,366"),
    ("Total current assets", "2,524", "2,650"),
    ("Goodwill", "1,748", "1,786"),
    ("Total assets", "6,714", "7,020"),
]
INCOME = [
    ("Net sales", "2,018", "2,207"),
    ("Cost of products sold", "1,772", "1,936"),
    ("Interest expense, net", "11", "28"),
    ("Net income (loss)", "(30)", "53"),
    ("Net income attributable to Heath Mills, Inc.", "(5)", "72"),
    ("Diluted", "53,208", "53,650"),
    ("Diluted", "(0.01)", "0.13"),
]


def report(tmp_path, pages, **properties):
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(595, 842))
    for title, heads, rows in pages:
        canvas.setFont("Helvetica", 9)
        canvas.drawString(60, 780, title)
        for at, head in enumerate(heads):
            canvas.drawRightString(420 + 90 * at, 750, head)
        for line, (label, *figures) in enumerate(rows):
            canvas.drawString(60, 730 - 14 * line, label)
            for at, figure in enumerate(figures):
                canvas.drawRightString(420 + 90 * at, 730 - 14 * line, figure)
        canvas.showPage()
    canvas.save()
    stored = tmp_path / "stored"
    stored.write_bytes(buffer.getvalue())
    schema = {"type": "object", "properties": properties}
    [record] = RulesEngine().extract(parse_document(stored, name="r.pdf"), ExtractRequest(data_schema=schema))
    return record.data


@pytest.mark.parametrize("turned", [False, True])
def test_figures_of_the_latest_period(tmp_path, turned):
    def order(rows):
        return [(label, *(reversed(figures) if turned else figures)) for label, *figures in rows]

    heads = ("March 31, 2025", "June 30, 2024")
    flows = [
        ("Inventories", "(12)", "5"),
        ("Net income (loss)", "(99)", "1"),
        *BALANCE[3:],
        ("Other", "1", "2"),
    ]
    pages = [
        ("HEATH MILLS, INC. CONSOLIDATED STATEMENTS OF CASH FLOWS", heads, flows),
        (
            "HEATH MILLS, INC. CONSOLIDATED BALANCE SHEETS",
            tuple(reversed(heads)) if turned else heads,
            order(BALANCE),
        ),
        (
            "HEATH MILLS, INC. STATEMENTS OF INCOME",
            ("2024", "2025") if turned else ("2025", "2024"),
            order(INCOME),
        ),
    ]
    asked = dict.fromkeys(
        (
            "inventories",
            "accounts_receivable",
            "total_assets",
            "cost_of_revenue",
            "net_income",
            "diluted_eps",
        ),
        NUMBER,
    )
    assert report(tmp_path, pages, **asked, period_end_date=DATE) == {
        "inventories": 1379.0,
        "accounts_receivable": 535.0,
        "total_assets": 6714.0,
        "cost_of_revenue": 1772.0,
        "net_income": -5.0,
        "diluted_eps": -0.01,
        "period_end_date": "2025-03-31",
    }


def test_a_page_that_is_no_statement_states_nothing(tmp_path):
    notes = [
        ("Inventories in the north", "12", "5"),
        ("Inventories in the south", "30", "4"),
        *[(f"Mill {n} and more", "1", "2") for n in "ABCD"],
    ]
    assert report(tmp_path, [("NOTES", ("2025", "2024"), notes)], gross_profit=NUMBER) == {
        "gross_profit": None
    }
