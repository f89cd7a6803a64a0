"""What loading would cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from extract_bridge.bulk.work import source_of
from extract_bridge.client.costs import estimate_call
from extract_bridge.client.flows.keywords import resolve_configuration
from extract_bridge.client.inputs import resolve_input
from extract_bridge.core.errors import ExtractError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from extract_bridge.client.flows.keywords import ConfigurationKeywords


@dataclass(frozen=True, slots=True)
class LoadEstimate:
    """What loading would cost at most, before anything is sent.

    Attributes:
        documents: How many there are, unreadable ones among them.
        pages: Pages that would be read, as far as they could be counted on this machine.
        credits: For these pages, extraction and parsing together.
        unknown: Sources whose pages nobody here can count (ids, formats that are not read here, files that cannot be read): what they
            cost comes on top.
    """

    documents: int
    pages: int
    credits: float
    unknown: tuple[str, ...] = ()


def estimate_load(documents: Iterable[Any], keywords: ConfigurationKeywords) -> LoadEstimate:
    """The estimate of some documents; reads each of them once, one at a time."""
    resolved = resolve_configuration(**keywords)
    count, pages, total, unknown = 0, 0, 0.0, []
    for document in documents:
        count += 1
        try:
            if isinstance(document, ExtractError):
                raise document
            given = resolve_input(document)
            one = estimate_call(resolved, None if given.kind == "id" else given.read(), given.name)
        except ExtractError:
            unknown.append(source_of(document))
            continue
        if one.pages is None or one.credits is None:
            unknown.append(source_of(document))
        else:
            pages, total = pages + one.pages, total + one.credits
    return LoadEstimate(count, pages, total, tuple(unknown))
