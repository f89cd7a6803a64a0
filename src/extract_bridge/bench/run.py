"""A benchmark: every document through a client, its answer judged, all of it in one report."""

from __future__ import annotations

import time
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from extract_bridge.bench.scoring.figures import PRECISIONS, Figures, figures
from extract_bridge.bench.scoring.score import Verdict, judge
from extract_bridge.core.errors import (
    AuthenticationError,
    ConfigurationError,
    ExtractError,
    NotSentError,
    PaymentRequiredError,
    PermissionDeniedError,
)
from extract_bridge.core.records.read import records_from_job

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from extract_bridge.bench.document import BenchDocument
    from extract_bridge.client.client import ExtractClient

_GENERAL = (
    ConfigurationError,
    NotSentError,
    AuthenticationError,
    PaymentRequiredError,
    PermissionDeniedError,
)
"""What is wrong with a service rather than with a document."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One document, judged.

    Attributes:
        name: Of the document.
        layout: Which drew it.
        verdicts: One a value.
        seconds: From upload to result, with what it waited for others.
        pages: How many pages its evidence and truth speak of; at least 1.
        error: Why it has no answer, if it has none; the document counts as one without values.
        cause: The same as the error that was raised.
    """

    name: str
    layout: str
    verdicts: Sequence[Verdict] = field(repr=False)
    seconds: float
    pages: int
    error: str | None = None
    cause: ExtractError | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Report:
    """What a run came to.

    Attributes:
        service: Which service answered.
        outcomes: The documents, in their order.
        seconds: Of wall time, for all.
        precisions: For which the figures say what may be accepted, 0..1.
    """

    service: str
    outcomes: Sequence[Outcome] = field(repr=False)
    seconds: float
    precisions: Sequence[float] = PRECISIONS

    @property
    def total(self) -> Figures:
        """Over every document."""
        return figures([item for outcome in self.outcomes for item in outcome.verdicts], self.precisions)

    def by_layout(self) -> dict[str, Figures]:
        """Layout -> its own figures, in the order of the documents."""
        grouped: dict[str, list[Verdict]] = {}
        for outcome in self.outcomes:
            grouped.setdefault(outcome.layout, []).extend(outcome.verdicts)
        return {layout: figures(verdicts, self.precisions) for layout, verdicts in grouped.items()}

    @property
    def failures(self) -> list[Outcome]:
        """The documents without an answer."""
        return [outcome for outcome in self.outcomes if outcome.error is not None]

    @property
    def pages(self) -> int:
        """Of all documents."""
        return sum(outcome.pages for outcome in self.outcomes)

    def to_dict(self) -> dict[str, Any]:
        """For a file: plain JSON, no document text."""
        return {
            "format_version": 1,
            "service": self.service,
            "documents": len(self.outcomes),
            "pages": self.pages,
            "seconds": round(self.seconds, 3),
            "total": as_dict(self.total),
            "layouts": {layout: as_dict(found) for layout, found in self.by_layout().items()},
            "failures": [{"name": item.name, "error": item.error} for item in self.failures],
        }


def as_dict(found: Figures) -> dict[str, Any]:
    """Figures as plain JSON."""
    made = asdict(found)
    made["coverage"] = {
        str(level): {"share": share, "threshold": threshold}
        for level, (share, threshold) in found.coverage.items()
    }
    made["promises"] = {str(level): asdict(item) for level, item in found.promises.items()}
    return made


def run(
    client: ExtractClient,
    documents: Iterable[BenchDocument],
    *,
    max_concurrency: int = 4,
    timeout: float = 1800.0,
    progress: Callable[[Outcome], None] | None = None,
    precisions: Sequence[float] = PRECISIONS,
) -> Report:
    """Send documents to a service and judge what comes back.

    Args:
        client: Says which service.
        documents: With their truth; drawn or read one by one, as the service gets to them.
        max_concurrency: Documents at work at one time.
        timeout: Seconds for one document.
        progress: Called with each document when it is done.
        precisions: For which the report says what may be accepted, 0..1.

    Returns:
        The report; a document that failed is in it with its error, and its values count as not found.

    Raises:
        ExtractError: before any document was answered, the service is not there or does not accept the caller.
    """
    began = time.perf_counter()
    outcomes: dict[int, Outcome] = {}

    def done(found: Iterator[tuple[int, Outcome]]) -> None:
        for place, outcome in found:
            outcomes[place] = outcome
            if isinstance(outcome.cause, _GENERAL) and all(item.error for item in outcomes.values()):
                raise outcome.cause
            if progress is not None:
                progress(outcome)

    with ThreadPoolExecutor(max_concurrency, thread_name_prefix="bench") as pool:
        open_ones: dict[Future[Outcome], int] = {}
        try:
            for place, document in enumerate(documents):
                open_ones[pool.submit(_one, client, document, timeout)] = place
                answered = any(item.error is None for item in outcomes.values())
                if len(open_ones) >= (2 if answered else 1) * max_concurrency:  # no more waste than must be
                    done(_finished(open_ones))
            while open_ones:
                done(_finished(open_ones))
        finally:
            for future in open_ones:
                future.cancel()
    return Report(
        client.service,
        [outcomes[place] for place in sorted(outcomes)],
        time.perf_counter() - began,
        precisions,
    )


def _finished(open_ones: dict[Future[Outcome], int]) -> Iterator[tuple[int, Outcome]]:
    for future in wait(open_ones, return_when=FIRST_COMPLETED).done:
        yield open_ones.pop(future), future.result()


def _one(client: ExtractClient, document: BenchDocument, timeout: float) -> Outcome:
    began, cause, records = time.perf_counter(), None, []
    try:
        job = client.run(
            document.content,
            file_name=document.name,
            data_schema=dict(document.data_schema),
            extraction_target=document.extraction_target,
            timeout=timeout,
        )
        records = records_from_job(job)
    except ExtractError as problem:
        cause = problem
    pages = {place.page for places in document.places.values() for place in places}
    return Outcome(
        document.name,
        document.layout,
        judge(document, records),
        time.perf_counter() - began,
        max(pages, default=1),
        f"{type(cause).__name__}: {cause.message}" if cause else None,
        cause,
    )
