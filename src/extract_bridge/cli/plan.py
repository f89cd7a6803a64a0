"""`extract-bridge run --dry-run`: what a run would read and cost, with nothing sent."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from rich.table import Table

from extract_bridge.cli import terminal
from extract_bridge.cli.output.lines import as_json
from extract_bridge.client.costs import estimate_call
from extract_bridge.client.flows.keywords import resolve_configuration
from extract_bridge.client.inputs import resolve_input
from extract_bridge.core.errors import ExtractError
from extract_bridge.core.identity import sha256_hex
from extract_bridge.core.pricing import EXTRACT_CREDITS, count_fields, price

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from extract_bridge.cli.inputs import Document

_DOLLARS_A_CREDIT = 1.25 / 1000  # list price of 2026; plans differ
_ONE_TARGET = {"agentic_plus", "turbo"}  # tiers that know per_doc alone


@dataclass(slots=True)
class Plan:
    """What would be read.

    Attributes:
        asked: The tier that the options name.
        documents: Those that can be read; the same bytes twice are one job.
        pages: Of all jobs, as far as they can be counted on this machine.
        credits: By tier, for these pages.
        same: Documents whose bytes an earlier one has.
        unknown: Sources whose pages nobody here can count; they cost more on top.
        errors: What is wrong with the others.
    """

    asked: str
    documents: int = 0
    pages: int = 0
    credits: dict[str, float] = field(default_factory=dict)
    same: int = 0
    unknown: list[str] = field(default_factory=list)
    errors: list[ExtractError] = field(default_factory=list)


def make_plan(
    documents: Iterable[Document], keywords: Mapping[str, Any], step: Callable[[], Any] = lambda: None
) -> Plan:
    """Reads every document once and counts.

    Args:
        documents: Paths, ids, errors.
        keywords: Configuration keywords; `data_schema` among them.
        step: Called after each document.

    Raises:
        ExtractError: the keywords cannot be used.
    """
    resolved = resolve_configuration(**keywords)
    asked = resolved.configuration
    tier = (asked.tier if asked else None) or "cost_effective"
    fields = count_fields(asked.data_schema) if asked else 0
    target = asked.extraction_target if asked else None
    tiers = [name for name in EXTRACT_CREDITS if name not in _ONE_TARGET or target in (None, "per_doc")]
    plan = Plan(tier, credits=dict.fromkeys([*tiers, *({tier} - set(tiers))], 0.0))
    seen: set[str] = set()
    for document in documents:
        try:
            pages = _pages(document, resolved, seen)
        except ExtractError as error:
            plan.errors.append(error)
            continue
        finally:
            step()
        plan.documents += 1
        if pages is None:
            plan.unknown.append(str(document))
        elif pages == 0:
            plan.same += 1
        else:
            plan.pages += pages
            for name in plan.credits:
                parse_tier = asked.parse_tier if asked else None
                cost = price(tier=name, pages=pages, parse_tier=parse_tier, fields=fields)
                plan.credits[name] += cost.total
    return plan


def _pages(document: Document, resolved: Any, seen: set[str]) -> int | None:
    """Pages that its job would read; 0 where another document's job reads the same bytes."""
    if isinstance(document, ExtractError):
        raise document
    given = resolve_input(document)
    if given.kind == "id":
        return estimate_call(resolved, None, None).pages
    content = given.read()
    digest = sha256_hex(content)
    if digest in seen:
        return 0
    seen.add(digest)
    return estimate_call(resolved, content, given.name).pages


def show_plan(plan: Plan, service: str) -> None:
    """Prints a plan for people."""
    console = terminal.make_console()
    local = service == "local"
    console.print(f"Service: {terminal.plain(service)}; nothing is sent")
    for error in plan.errors:
        terminal.print_error(error)
    jobs = plan.documents - plan.same
    same = f" ({plan.same} with the bytes of another, read once)" if plan.same else ""
    console.print(f"{plan.documents:,} documents{same}, {jobs:,} jobs, {plan.pages:,} pages")
    table = Table(box=None, header_style="dim", padding=(0, 1))
    table.add_column("tier")
    table.add_column("credits", justify="right")
    table.add_column("about", justify="right")
    table.add_column("")
    for tier, credits_ in plan.credits.items():
        chosen = tier == plan.asked
        note = "this run" + (", which the local service does not bill" if local else "") if chosen else ""
        dollars = f"${credits_ * _DOLLARS_A_CREDIT:,.2f}"
        style = "bold" if chosen else "dim"
        table.add_row(tier, f"{credits_:,g}", dollars, note, style=style)
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
        "jobs": plan.documents - plan.same,
        "pages": plan.pages,
        "tier": plan.asked,
        "credits": plan.credits[plan.asked],
        "credits_by_tier": plan.credits,
        "dollars_a_credit": _DOLLARS_A_CREDIT,
        "unknown": plan.unknown,
        "errors": [error.to_dict() for error in plan.errors],
    }
    print(as_json(facts))
