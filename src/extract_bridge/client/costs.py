"""What a call would cost, before it is made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extract_bridge.core.errors import ExtractError
from extract_bridge.core.page_ranges import parse_pages
from extract_bridge.core.pricing import Estimate, count_fields, estimate_job

if TYPE_CHECKING:
    from extract_bridge.client.flows.keywords import ResolvedConfiguration

_LARGEST_LAID_OUT = 20_000_000  # bytes; formats without pages of their own are laid out to be counted
_LARGEST_QUICK = 200_000  # bytes; laid out in a fraction of a second
DEAREST = "agentic_plus"  # what a saved configuration may ask for at most; its tier is not known here


def estimate_call(
    resolved: ResolvedConfiguration,
    content: bytes | None,
    name: str | None,
    *,
    unknown_pages: int | None = None,
    quick: bool = False,
) -> Estimate:
    """What one job costs at most.

    Args:
        resolved: What is asked; a saved configuration is priced as the dearest tier.
        content: The document; None for an id, whose pages nobody here can count.
        name: Its file name.
        unknown_pages: Pages to assume where they are unknown and nothing bounds them.
        quick: Rather unknown than long counted; what decides is the document alone.
    """
    asked = resolved.configuration
    named = len(parse_pages(asked.target_pages)) if asked and asked.target_pages else None
    bounds = [named, asked.max_pages if asked else None]
    counted = None if named is not None else pages_of(content, name, quick=quick)
    known = [bound for bound in (*bounds, counted) if bound is not None]
    pages = min(known) if known else unknown_pages
    return estimate_job(
        tier=(asked.tier or "agentic") if asked else DEAREST,
        parse_tier=asked.parse_tier if asked else None,
        pages=pages,
        fields=count_fields(asked.data_schema) if asked else 0,
    )


def pages_of(content: bytes | None, name: str | None, *, quick: bool = False) -> int | None:
    """How many pages a document has; None where that cannot be told here (an id, a format nobody here reads)."""
    if content is None:
        return None
    # Loaded for budgets and approvals only; reading documents needs the extra `local`, and without it nothing is known.
    from extract_bridge.parse.open import count_pages_of  # noqa: PLC0415
    from extract_bridge.parse.sniff import kind_of  # noqa: PLC0415

    try:
        kind = kind_of(content, name or "")
        if kind == "image" and content[:4] not in (b"II*\x00", b"MM\x00*"):  # a TIFF may hold many
            return 1
        if kind != "pdf" and len(content) > (_LARGEST_QUICK if quick else _LARGEST_LAID_OUT):
            return None
        return count_pages_of(content, name=name or "")
    except ExtractError:
        return None
