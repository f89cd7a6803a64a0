"""`extract-bridge run --dry-run`: what a run would read and cost, with nothing sent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from rich.table import Table

from extract_bridge.bulk.estimates import costs_by_tier, tier_of
from extract_bridge.cli import terminal
from extract_bridge.cli.output.lines import shown_json
from extract_bridge.client.costs import estimate_call
from extract_bridge.client.flows.keywords import resolve_configuration
from extract_bridge.client.flows.question import effective, question
from extract_bridge.client.inputs import DocumentInput, resolve_input
from extract_bridge.core.errors import ExtractError
from extract_bridge.core.identity import sha256_hex
from extract_bridge.core.wire.jobs import JobOrigin

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from extract_bridge.bulk.estimates import TierCost
    from extract_bridge.bulk.ledger import Terms
    from extract_bridge.cli.inputs import Document
    from extract_bridge.client.client import ExtractClient
    from extract_bridge.client.flows.keywords import ResolvedConfiguration


@dataclass(slots=True)
class Plan:
    """What would be read.

    Attributes:
        asked: The tier that the options name.
        documents: Those that can be read; the same bytes twice are one job.
        pages: Of all jobs, as far as they can be counted on this machine.
        costs: By tier, for these pages.
        same: Documents whose bytes an earlier one has: with a ledger, one job for both.
        paid: Documents that the ledger has, or whose job runs.
        unknown: Sources whose pages nobody here can count; they cost more on top.
        errors: What is wrong with the others.
    """

    asked: str
    documents: int = 0
    pages: int = 0
    costs: dict[str, TierCost] = field(default_factory=dict)
    same: int = 0
    paid: int = 0
    unknown: list[str] = field(default_factory=list)
    errors: list[ExtractError] = field(default_factory=list)

    @property
    def jobs(self) -> int:
        """New jobs."""
        return self.documents - self.same - self.paid


Paid = Callable[[DocumentInput, str], bool]
"""Whether a ledger has a document already, by its digest."""


def make_plan(
    documents: Iterable[Document],
    keywords: Mapping[str, Any],
    step: Callable[[], Any] = lambda: None,
    paid: Paid | None = None,
) -> Plan:
    """Reads every document once and counts.

    Args:
        documents: Paths, ids, errors.
        keywords: Configuration keywords; `data_schema` among them.
        step: Called after each document.
        paid: Asks the ledger; None where there is none, and each document is a job.

    Raises:
        ExtractError: the keywords cannot be used.
    """
    resolved = resolve_configuration(**keywords)
    plan = Plan(tier_of(resolved))
    seen: set[str] = set()
    for document in documents:
        try:
            _count(document, resolved, plan, seen, paid)
        except ExtractError as error:
            plan.errors.append(error)
        finally:
            step()
    plan.costs = costs_by_tier(resolved, plan.pages)
    return plan


def _count(
    document: Document, resolved: ResolvedConfiguration, plan: Plan, seen: set[str], paid: Paid | None
) -> None:
    if isinstance(document, ExtractError):
        raise document
    given = resolve_input(document)
    content = None if given.kind == "id" else given.read()
    plan.documents += 1
    digest = f"id {given.source}" if content is None else sha256_hex(content)
    if paid is not None and digest in seen:
        plan.same += 1
        return
    seen.add(digest)
    if paid is not None and paid(given, digest):
        plan.paid += 1
        return
    pages = estimate_call(resolved, content, given.name).pages
    if pages is None:
        plan.unknown.append(given.source)
        return
    plan.pages += pages


def ask_ledger(terms: Terms, client: ExtractClient, keywords: Mapping[str, Any]) -> Paid:
    """What asks a ledger about the documents of one run; nothing is sent."""
    resolved = resolve_configuration(**keywords)
    api = client._api  # noqa: SLF001 - what a question is asked of; it sends nothing
    try:
        next(effective(api, resolved))
    except StopIteration as end:
        configuration = end.value
    else:
        raise AssertionError("a schema of one's own is asked of nobody")

    def paid(given: DocumentInput, digest: str) -> bool:
        sha256 = None if given.kind == "id" else digest
        origin = JobOrigin(client.service, given.source, given.source_id, given.name, sha256)
        return terms.is_paid(question(api, resolved, configuration, origin))

    return paid


def show_plan(plan: Plan, service: str) -> None:
    """Prints a plan for people."""
    console = terminal.make_console()
    local = service == "local"
    console.print(f"Service: {terminal.plain(service)}; nothing is sent")
    for error in plan.errors:
        terminal.print_error(error)
    kept = []
    if plan.paid:
        kept.append(f"{plan.paid:,} in the ledger already")
    if plan.same:
        kept.append(f"{plan.same:,} with the bytes of another")
    less = f" ({', '.join(kept)}: not paid again)" if kept else ""
    console.print(
        f"{terminal.counted(plan.documents, 'document')}{less}, {terminal.counted(plan.jobs, 'new job')}, {terminal.counted(plan.pages, 'page')}"
    )
    table = Table(box=None, header_style="dim", padding=(0, 1))
    table.add_column("tier")
    table.add_column("credits", justify="right")
    table.add_column("about", justify="right")
    table.add_column("")
    for tier, cost in plan.costs.items():
        chosen = tier == plan.asked
        note = ("this run (not billed here)" if local else "this run") if chosen else ""
        style = "bold" if chosen else "dim"
        table.add_row(tier, f"{cost.credits:,g}", f"${cost.dollars:,.2f}", note, style=style)
    console.print(table)
    if plan.unknown:
        names = ", ".join(terminal.cut(name, 40) for name in plan.unknown[:3])
        more = f" and {len(plan.unknown) - 3} more" if len(plan.unknown) > 3 else ""
        console.print(f"Pages unknown here, so they cost more on top: {names}{more}")


def emit_plan(plan: Plan, service: str) -> None:
    """Prints a plan as one JSON object."""
    facts = {
        "event": "plan",
        "service": service,
        "documents": plan.documents,
        "jobs": plan.jobs,
        "in_ledger": plan.paid,
        "pages": plan.pages,
        "tier": plan.asked,
        "credits": plan.costs[plan.asked].credits,
        "dollars": plan.costs[plan.asked].dollars,
        "credits_by_tier": {tier: cost.credits for tier, cost in plan.costs.items()},
        "unknown": plan.unknown,
        "errors": [error.to_dict() for error in plan.errors],
    }
    print(shown_json(facts))
