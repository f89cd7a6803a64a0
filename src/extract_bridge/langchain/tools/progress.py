"""Progress of a job on the three channels that LangChain and LangGraph have; where one is not there, it is silent.

Custom events (`astream_events`, callback handlers), the graph's stream writer (`stream_mode="custom"`), and the tool's own output
deltas (`stream_mode="tools"`). LangGraph is never imported: its runtime comes with the call.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from langchain_core.callbacks import adispatch_custom_event, dispatch_custom_event

EVENT = "extract_progress"


class Progress:
    """Tells of one call's job.

    Args:
        document: The name that the model used.
        runtime: LangGraph's tool runtime; None outside of a graph.
    """

    def __init__(self, document: str, runtime: Any) -> None:
        self.document, self.runtime = document, runtime

    def tell(self, state: dict[str, Any]) -> None:
        """Tell of a job's state, in a thread."""
        event = self._event(state)
        with suppress(RuntimeError):  # there is no run to which the event would belong
            dispatch_custom_event(EVENT, event)
        self._to_graph(event)

    async def atell(self, state: dict[str, Any]) -> None:
        """Tell of a job's state, in an event loop."""
        event = self._event(state)
        with suppress(RuntimeError):  # there is no run to which the event would belong
            await adispatch_custom_event(EVENT, event)
        self._to_graph(event)

    def _event(self, state: dict[str, Any]) -> dict[str, Any]:
        return {"type": EVENT, "document": self.document, **state}

    def _to_graph(self, event: dict[str, Any]) -> None:
        write = getattr(self.runtime, "stream_writer", None)
        if write is not None:
            write(event)
        emit = getattr(self.runtime, "emit_output_delta", None)  # LangGraph 1.2 and later
        if emit is not None:
            emit(event)
