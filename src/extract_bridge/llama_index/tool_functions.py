"""One agent tool as a FunctionTool: it checks what the model wrote, tells of progress, and never raises but for cancellation.

FunctionTool and nothing else: the framework calls other tools of one argument a second time when they fail, which would pay twice.
No `from __future__ import annotations` here: FunctionTool looks for the `Context` class itself in the signature.
"""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from llama_index.core.tools import FunctionTool, ToolMetadata, ToolOutput
from llama_index.core.workflow import Context, Event
from pydantic import BaseModel, ValidationError

from extract_bridge.agent.answer import Answer
from extract_bridge.agent.problems import ToolProblem, argument_problem, problem_of
from extract_bridge.agent.steps import Tell
from extract_bridge.core.errors import ExtractError
from extract_bridge.llama_index.instrumentation import JobEvents, job_span
from extract_bridge.llama_index.tool_results import result_from


class ExtractProgressEvent(Event):
    """A job's status is another than before; on the stream of the workflow that called the tool.

    Attributes:
        job_id: The job.
        status: How it stands.
        document: The name that the model used; empty where the call named a job.
    """

    job_id: str
    status: str
    document: str = ""


@dataclass(frozen=True, slots=True)
class ToolBody:
    """What a tool does with arguments that fit.

    Attributes:
        call: Given the arguments by name, the run context and whom to tell; blocks.
        acall: The same without blocking the event loop.
    """

    call: Callable[[dict[str, Any], Any, Tell], Answer]
    acall: Callable[[dict[str, Any], Any, Tell], Awaitable[Answer]]


def function_tool(metadata: ToolMetadata, body: ToolBody) -> FunctionTool:
    """The tool; its `fn_schema` is the model that checks the arguments."""
    caller = _Caller(metadata, body)
    return FunctionTool(
        fn=caller.run,
        async_fn=caller.arun,
        metadata=metadata,
        callback=_as_it_is,
        async_callback=_aas_it_is,
        partial_params={"ctx": None},  # outside of a workflow there is no context
    )


class _Caller:
    def __init__(self, metadata: ToolMetadata, body: ToolBody) -> None:
        self.name, self.body = metadata.get_name(), body
        self.arguments = metadata.fn_schema or BaseModel

    def run(self, *positional: Any, ctx: Context, **given: Any) -> ToolOutput:
        try:
            arguments = self._checked(positional, given, ctx)
            with job_span(self.name) as events:
                tell = _Teller(ctx, arguments, events)
                return self._answered(given, self.body.call(arguments, ctx, tell))
        except Exception as error:  # noqa: BLE001 - a failing tool is an answer; its text must hold no secret of others
            return self._failed(given, error)

    async def arun(self, *positional: Any, ctx: Context, **given: Any) -> ToolOutput:
        try:
            arguments = self._checked(positional, given, ctx)
            with job_span(self.name) as events:
                tell = _Teller(ctx, arguments, events)
                return self._answered(given, await self.body.acall(arguments, ctx, tell))
        except Exception as error:  # noqa: BLE001 - see `run`
            return self._failed(given, error)

    def _checked(self, positional: tuple[Any, ...], given: dict[str, Any], ctx: Any) -> dict[str, Any]:
        # The framework gives the value of a wrongly named only argument by position.
        named = dict(zip(self.arguments.model_fields, positional, strict=False))
        forged = {} if ctx is None or isinstance(ctx, Context) else {"ctx": ctx}
        checked = self.arguments.model_validate({**named, **given, **forged})
        return {name: getattr(checked, name) for name in self.arguments.model_fields}

    def _answered(self, given: dict[str, Any], answer: Answer) -> ToolOutput:
        return ToolOutput(
            tool_name=self.name,
            content=answer.content,
            raw_input=given,
            raw_output=result_from(answer.artifact),
        )

    def _failed(self, given: dict[str, Any], error: Exception) -> ToolOutput:
        error = _cause(error)
        problem = _misfit(error) if isinstance(error, ValidationError) else problem_of(error)
        return ToolOutput(
            tool_name=self.name,
            content=problem.text(),
            raw_input=given,
            raw_output=problem.text(),
            is_error=True,
            exception=error if isinstance(error, ExtractError) else None,
        )


class _Teller:
    """Tells of a call's job: to the workflow's stream, and to tracers."""

    def __init__(self, ctx: Any, arguments: dict[str, Any], events: JobEvents) -> None:
        self.ctx, self.events = ctx, events
        self.document = arguments.get("document", "")

    def __call__(self, state: dict[str, Any]) -> None:
        self.events.saw(state["job_id"], state["status"])
        if self.ctx is not None:
            with suppress(Exception):  # a stream that is closed must not cost the job that was paid
                self.ctx.write_event_to_stream(ExtractProgressEvent(**state, document=self.document))


def _cause(error: Exception) -> Exception:
    """The typed error of the one argument that does not fit, where it has one: its code and hint say more."""
    found = error.errors() if isinstance(error, ValidationError) else []
    cause = found[0].get("ctx", {}).get("error") if len(found) == 1 else None
    return cause if isinstance(cause, ExtractError) else error


def _misfit(error: ValidationError) -> ToolProblem:
    """Arguments that do not fit, one by one, without the values that were given."""
    return argument_problem(
        (".".join(map(str, item["loc"])) or "arguments", item["msg"].removeprefix("Value error, "))
        for item in error.errors(include_url=False, include_input=False, include_context=False)
    )


def _as_it_is(output: ToolOutput) -> ToolOutput:
    return output


async def _aas_it_is(output: ToolOutput) -> ToolOutput:
    return output
