"""A second hand at layouts that rules may be tried on: other vendors, other offices, the same kinds of document."""

from __future__ import annotations

from extract_bridge.bench.layouts.fresh.second import cloud_usage, tva_invoice, webshop_order

LAYOUTS = (*cloud_usage.LAYOUTS, *tva_invoice.LAYOUTS, *webshop_order.LAYOUTS)
