"""What was extracted and paid is remembered; see `Ledger`."""

from extract_bridge.bulk.ledger.entries import LedgerEntry
from extract_bridge.bulk.ledger.ledger import Ledger, Terms

__all__ = ["Ledger", "LedgerEntry", "Terms"]
