"""Many documents: a bounded window over any number of them."""

from extract_bridge.bulk.batch import BatchExtractor
from extract_bridge.bulk.estimates import LoadEstimate, TierCost, estimate
from extract_bridge.bulk.extraction import Extraction, Submission
from extract_bridge.bulk.ledger import Ledger, LedgerEntry
from extract_bridge.bulk.many import aextract_many, extract_many
from extract_bridge.bulk.progress import Progress
from extract_bridge.bulk.submitted import collect, submit
from extract_bridge.core.pricing import Budget, Estimate, Prices

__all__ = [
    "BatchExtractor",
    "Budget",
    "Estimate",
    "Extraction",
    "Ledger",
    "LedgerEntry",
    "LoadEstimate",
    "Prices",
    "Progress",
    "Submission",
    "TierCost",
    "aextract_many",
    "collect",
    "estimate",
    "extract_many",
    "submit",
]
