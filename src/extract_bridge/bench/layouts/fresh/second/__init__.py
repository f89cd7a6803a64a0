"""A second hand at layouts that rules may be tried on: other vendors, other offices, the same kinds of document."""

from __future__ import annotations

from extract_bridge.bench.layouts.fresh.second import (
    air_invoice,
    cloud_usage,
    credit_amendment,
    flight_contract,
    gst_receipt,
    market_receipt,
    mutual_secrecy,
    one_sided_secrecy,
    quarterly_filing,
    status_form,
    survey_table,
    swim_results,
    tva_invoice,
    webshop_order,
)

LAYOUTS = (
    *air_invoice.LAYOUTS,
    *cloud_usage.LAYOUTS,
    *credit_amendment.LAYOUTS,
    *flight_contract.LAYOUTS,
    *gst_receipt.LAYOUTS,
    *market_receipt.LAYOUTS,
    *mutual_secrecy.LAYOUTS,
    *quarterly_filing.LAYOUTS,
    *one_sided_secrecy.LAYOUTS,
    *status_form.LAYOUTS,
    *survey_table.LAYOUTS,
    *swim_results.LAYOUTS,
    *tva_invoice.LAYOUTS,
    *webshop_order.LAYOUTS,
)
