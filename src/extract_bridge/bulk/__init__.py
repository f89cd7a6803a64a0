"""Many documents: a bounded window over any number of them."""

from extract_bridge.bulk.extraction import Extraction
from extract_bridge.bulk.many import aextract_many, extract_many
from extract_bridge.bulk.progress import Progress
from extract_bridge.core.pricing import Budget, Estimate

__all__ = ["Budget", "Estimate", "Extraction", "Progress", "aextract_many", "extract_many"]
