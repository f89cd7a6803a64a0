"""Layouts that nobody looks at: their documents are told apart by number alone, and only the sum of them is shown.

Their author drew them without sight of the engine, and whoever works on the engine leaves the files and the answers to
them unread. Once they were read, they belong to `fresh`, and others take their place here.
Which layouts came here and which to `fresh` was decided by chance before any was drawn (seed `coin/2026-11-24`, by halves
of each family of languages).
"""

from __future__ import annotations

from extract_bridge.bench.layouts.blind import (
    credit_note,
    customs_invoice,
    income_statement,
    pro_forma,
    stock_list,
    telecom_bill,
    transcript,
    utility_bill,
    waybill,
)

LAYOUTS = (
    *utility_bill.LAYOUTS,
    *transcript.LAYOUTS,
    *income_statement.LAYOUTS,
    *waybill.LAYOUTS,
    *telecom_bill.LAYOUTS,
    *pro_forma.LAYOUTS,
    *customs_invoice.LAYOUTS,
    *stock_list.LAYOUTS,
    *credit_note.LAYOUTS,
)
