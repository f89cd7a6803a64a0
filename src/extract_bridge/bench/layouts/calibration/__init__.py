"""Layouts to whose errors the confidence is fitted: documents of offices whose papers no rule was tried on.

Whoever works on rules leaves these files and the answers to them alone; their documents are told apart by number alone.
"""

from __future__ import annotations

from extract_bridge.bench.layouts.calibration import (
    consignment_confirmation,
    fee_note,
    fuel_docket,
    grocery_slip,
    haulage_invoice,
    hiring_letter,
    loan_schedule,
    radio_contract,
    roadworthiness,
    secrecy_letter,
    tenancy_prose,
    trade_confirm,
)

LAYOUTS = (
    *consignment_confirmation.LAYOUTS,
    *fee_note.LAYOUTS,
    *fuel_docket.LAYOUTS,
    *grocery_slip.LAYOUTS,
    *haulage_invoice.LAYOUTS,
    *hiring_letter.LAYOUTS,
    *loan_schedule.LAYOUTS,
    *radio_contract.LAYOUTS,
    *roadworthiness.LAYOUTS,
    *secrecy_letter.LAYOUTS,
    *tenancy_prose.LAYOUTS,
    *trade_confirm.LAYOUTS,
)
