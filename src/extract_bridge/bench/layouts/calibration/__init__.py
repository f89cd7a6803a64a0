"""Layouts to whose errors the confidence is fitted: documents of offices whose papers no rule was tried on.

Whoever works on rules leaves these files and the answers to them alone; their documents are told apart by number alone.
"""

from __future__ import annotations

from extract_bridge.bench.layouts.calibration import (
    booking_text,
    card_statement,
    consignment_confirmation,
    damage_claim,
    depot_transfer,
    expense_sheet,
    fee_note,
    fuel_docket,
    grocery_slip,
    haulage_invoice,
    hiring_letter,
    loan_schedule,
    member_roll,
    parcel_tax,
    parts_tariff,
    radio_contract,
    rail_ticket,
    reclaim_letter,
    roadworthiness,
    secrecy_letter,
    segment_release,
    tenancy_prose,
    trade_confirm,
    vita_page,
)

LAYOUTS = (
    *booking_text.LAYOUTS,
    *card_statement.LAYOUTS,
    *consignment_confirmation.LAYOUTS,
    *damage_claim.LAYOUTS,
    *depot_transfer.LAYOUTS,
    *expense_sheet.LAYOUTS,
    *fee_note.LAYOUTS,
    *fuel_docket.LAYOUTS,
    *grocery_slip.LAYOUTS,
    *haulage_invoice.LAYOUTS,
    *hiring_letter.LAYOUTS,
    *loan_schedule.LAYOUTS,
    *member_roll.LAYOUTS,
    *parcel_tax.LAYOUTS,
    *parts_tariff.LAYOUTS,
    *radio_contract.LAYOUTS,
    *rail_ticket.LAYOUTS,
    *reclaim_letter.LAYOUTS,
    *roadworthiness.LAYOUTS,
    *secrecy_letter.LAYOUTS,
    *segment_release.LAYOUTS,
    *tenancy_prose.LAYOUTS,
    *trade_confirm.LAYOUTS,
    *vita_page.LAYOUTS,
)
