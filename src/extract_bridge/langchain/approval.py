"""Ask a person before a job is made: for LangChain's `HumanInTheLoopMiddleware`."""

from __future__ import annotations

import asyncio
import json
import threading
from collections import OrderedDict
from contextvars import copy_context
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, Protocol

from extract_bridge.agent.problems import problem_of
from extract_bridge.agent.text import shorten
from extract_bridge.core.errors import ConfigurationError, ExtractError
from extract_bridge.core.pricing import Estimate
from extract_bridge.langchain.toolkit import ExtractToolkit

if TYPE_CHECKING:
    from collections.abc import Iterable

_DECISIONS = ("approve", "edit", "reject")
_REMEMBERED = 1024
_PATIENCE = (
    0.1  # seconds that an event loop may stand still for an answer; a page count takes a few milliseconds
)


class _Priced(Protocol):
    name: str

    def estimate(self, document: str, *arguments: Any, **more: Any) -> Estimate: ...


def extract_interrupt_on(
    tools: Any, *, min_credits: float = 0.0, allowed_decisions: Iterable[str] = _DECISIONS
) -> dict[str, dict[str, Any]]:
    """What `HumanInTheLoopMiddleware(interrupt_on=…)` takes, for the tools that make jobs; the others run freely.

    A person sees the document's name, its pages and the credits that the job will cost at most. No job is made and nothing is sent
    before the answer. What a call costs is decided once for each tool call of a process, so that a resumed run asks the same question.

    LangChain asks from within the event loop, and waits for the answer: so there a document is read in a worker thread that gets a tenth
    of a second. What takes longer, and everywhere a text or table above 200 kB, counts as of unknown cost. A budget counts all of it.

    Args:
        tools: An `ExtractToolkit`, or some tools; those that make no jobs are left out.
        min_credits: Ask only for calls that may cost at least that much; a call of unknown cost is always asked about, and one that
            cannot be carried out (no such document) never.
        allowed_decisions: Of `approve`, `edit`, `reject`, `respond`.

    Raises:
        ConfigurationError: none of the tools makes jobs.
    """
    given = tools.get_tools() if isinstance(tools, ExtractToolkit) else [*tools] if _many(tools) else [tools]
    priced = [tool for tool in given if hasattr(tool, "estimate")]
    if not priced:
        raise ConfigurationError(
            "none of these tools makes jobs", where="tools", hint="Pass an ExtractToolkit"
        )
    return {tool.name: _asked_about(tool, min_credits, [*allowed_decisions]) for tool in priced}


def _many(tools: Any) -> bool:
    return isinstance(tools, list | tuple | set | frozenset)


def _asked_about(tool: _Priced, min_credits: float, decisions: list[str]) -> dict[str, Any]:
    cost = _Cost(tool)

    def description(tool_call: Any, state: Any, runtime: Any) -> str:
        return cost.described(tool_call)

    asked: dict[str, Any] = {"allowed_decisions": decisions, "description": description}
    if min_credits > 0:
        asked["when"] = lambda request: cost.is_at_least(request.tool_call, min_credits)
    return asked


class _Cost:
    """What the calls of one tool will cost."""

    def __init__(self, tool: _Priced) -> None:
        self.tool = tool
        self.known: OrderedDict[str, Estimate | ExtractError] = OrderedDict()

    def of(self, tool_call: Any) -> Estimate | ExtractError:
        key = json.dumps([tool_call.get("id"), tool_call["args"]], sort_keys=True, default=repr)
        if key not in self.known:
            self.known[key] = self._estimate(tool_call["args"])
            if len(self.known) > _REMEMBERED:
                self.known.popitem(last=False)
        return self.known[key]

    def is_at_least(self, tool_call: Any, min_credits: float) -> bool:
        cost = self.of(tool_call)
        if isinstance(cost, ExtractError):
            return False
        return cost.credits is None or cost.credits >= min_credits

    def described(self, tool_call: Any) -> str:
        arguments, cost = tool_call["args"], self.of(tool_call)
        what = f"{self.tool.name}: extract {shorten(str(arguments.get('document')), 200)!r}"
        if isinstance(cost, ExtractError):
            return f"{what}. It will fail and cost nothing: {problem_of(cost).message}"
        if cost.credits is None:
            return (
                f"{what} (tier {cost.tier}). What it will cost is unknown: its pages cannot be counted here"
            )
        return f"{what}, {cost.pages} pages at most (tier {cost.tier}): up to {cost.credits:g} credits"

    def _estimate(self, arguments: dict[str, Any]) -> Estimate | ExtractError:
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            return self._counted(arguments)
        answers: SimpleQueue[Estimate | ExtractError] = SimpleQueue()
        context = copy_context()
        threading.Thread(
            target=lambda: answers.put(context.run(self._counted, arguments)),
            name="extract-bridge",
            daemon=True,
        ).start()
        try:
            return answers.get(timeout=_PATIENCE)
        except Empty:
            return Estimate(
                credits=None, pages=None, tier=getattr(self.tool, "tier", None) or "cost_effective"
            )

    def _counted(self, arguments: dict[str, Any]) -> Estimate | ExtractError:
        known = {
            name: arguments[name] for name in ("document", "fields", "rows", "pages") if name in arguments
        }
        try:
            return self.tool.estimate(**known, quick=True)
        except ExtractError as error:
            return error
        except (TypeError, ValueError, AttributeError):  # arguments that the tool itself will refuse
            return ConfigurationError("the arguments do not fit", hint="Correct them")
