"""Every layout of the corpus, one family a module."""

from __future__ import annotations

from extract_bridge.bench.layouts import (
    blind,
    calibration,
    certificates,
    forms,
    fresh,
    invoices,
    letters,
    orders,
    price_lists,
    receipts,
    shipments,
    statements,
)
from extract_bridge.bench.layouts.kinds import Layout

LAYOUTS: tuple[Layout, ...] = (
    *invoices.LAYOUTS,
    *receipts.LAYOUTS,
    *orders.LAYOUTS,
    *statements.LAYOUTS,
    *forms.LAYOUTS,
    *price_lists.LAYOUTS,
    *shipments.LAYOUTS,
    *letters.LAYOUTS,
    *certificates.LAYOUTS,
    *fresh.LAYOUTS,
    *calibration.LAYOUTS,
    *blind.LAYOUTS,
)

__all__ = ["LAYOUTS", "Layout"]
