"""Layouts that rules may be tried on, but that no weight is fitted to."""

from __future__ import annotations

from extract_bridge.bench.layouts.fresh import (
    bank_statement,
    craft_invoice,
    delivery_note,
    flight_booking,
    hotel_folio,
    lab_report,
    minutes,
    pay_slip,
    policy_schedule,
    programme,
    purchase_order,
    rental_contract,
    subscription_invoice,
    till_print,
    trade_invoice,
)

LAYOUTS = (
    *hotel_folio.LAYOUTS,
    *programme.LAYOUTS,
    *lab_report.LAYOUTS,
    *minutes.LAYOUTS,
    *bank_statement.LAYOUTS,
    *rental_contract.LAYOUTS,
    *delivery_note.LAYOUTS,
    *purchase_order.LAYOUTS,
    *pay_slip.LAYOUTS,
    *trade_invoice.LAYOUTS,
    *craft_invoice.LAYOUTS,
    *subscription_invoice.LAYOUTS,
    *till_print.LAYOUTS,
    *policy_schedule.LAYOUTS,
    *flight_booking.LAYOUTS,
)
