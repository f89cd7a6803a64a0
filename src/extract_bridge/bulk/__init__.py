"""Many documents: a bounded window over any number of them."""

from extract_bridge.bulk.batch import BatchExtractor
from extract_bridge.bulk.extraction import Extraction
from extract_bridge.bulk.ledger import Ledger, LedgerEntry
from extract_bridge.bulk.many import aextract_many, extract_many
from extract_bridge.bulk.progress import Progress
from extract_bridge.bulk.submitted import Submission, collect, submit
from extract_bridge.core.pricing import Budget, Estimate

__all__ = [
    "BatchExtractor",
    "Budget",
    "Estimate",
    "Extraction",
    "Ledger",
    "LedgerEntry",
    "Progress",
    "Submission",
    "aextract_many",
    "collect",
    "extract_many",
    "submit",
]
