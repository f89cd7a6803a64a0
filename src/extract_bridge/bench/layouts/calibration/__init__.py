"""Layouts to whose errors the confidence is fitted: documents of offices whose papers no rule was tried on.

Whoever works on rules leaves these files and the answers to them alone; their documents are told apart by number alone.
"""

from __future__ import annotations

from extract_bridge.bench.layouts.calibration import (
    consignment_confirmation,
    fee_note,
    haulage_invoice,
)

LAYOUTS = (
    *fee_note.LAYOUTS,
    *haulage_invoice.LAYOUTS,
    *consignment_confirmation.LAYOUTS,
)
