"""How a tool's answers are written, from what the developer chose and which tools there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from extract_bridge.agent.answer import AnswerStyle
from extract_bridge.agent.texts import READ
from extract_bridge.core.schema.fields import iter_schema_fields

if TYPE_CHECKING:
    from collections.abc import Mapping

    from extract_bridge.agent.keywords import EvidenceShown
    from extract_bridge.agent.session import ToolKind
    from extract_bridge.core.schema.normalize import NormalizedSchema


class Chosen(Protocol):
    """A tool, or what several share; see `AnswerStyle`."""

    @property
    def evidence(self) -> EvidenceShown:
        """Evidence in the text."""

    @property
    def min_confidence(self) -> float:
        """A value below it is listed under `review`; 0..1."""

    @property
    def max_content_chars(self) -> int:
        """Length of the text at most."""

    @property
    def max_artifact_chars(self) -> int:
        """Length of the artifact's records as JSON at most."""


def style_of(
    chosen: Chosen, tools: Mapping[ToolKind, str], schema: NormalizedSchema | None, read_on: str = ""
) -> AnswerStyle:
    """How answers about results of a schema are written.

    Args:
        chosen: What the developer chose.
        tools: Names of the tools at hand, by kind.
        schema: What was asked for; None where a saved configuration, or the model, decides.
        read_on: How to see the rest of an answer that was cut, where no tool reads on.
    """
    read = tools.get("read")
    fields = iter_schema_fields(schema.json_schema) if schema else ()
    return AnswerStyle(
        evidence=chosen.evidence,
        max_content_chars=chosen.max_content_chars,
        min_confidence=chosen.min_confidence,
        required=frozenset(item.pointer_pattern for item in fields if item.required),
        read_on=READ.format(read=read) if read else read_on,
        can_read=read is not None,
        max_artifact_chars=chosen.max_artifact_chars,
    )
