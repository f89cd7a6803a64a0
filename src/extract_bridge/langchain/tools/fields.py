"""The tool whose fields the model names; the developer fixes what can be reached."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import Field

from extract_bridge.agent import field_parameters, parameters
from extract_bridge.agent.specs import FieldSpec, schema_of_fields
from extract_bridge.agent.texts import READ_FEWER_PAGES
from extract_bridge.core.errors import ConfigurationError
from extract_bridge.langchain.tools.base import GuardedTool, Pair, WithRuntime, atold, told
from extract_bridge.langchain.tools.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Mapping

    from extract_bridge.agent.calls import ExtractCall
    from extract_bridge.agent.session import ToolKind
    from extract_bridge.core.pricing import Estimate
    from extract_bridge.core.schema.normalize import NormalizedSchema

_ANY_FIELD = FieldSpec(name="field")


class ExtractFieldsTool(GuardedTool):
    """Extracts fields that the model names, from a document that it names.

    The model sees `extract_fields(document, fields, rows, pages)`, where a field is `name, type, description, many`: flat, so that
    strict function calling takes it. The settings (tier, system_prompt, …) stay the developer's. For the rest see `ExtractTool`.

    Attributes:
        timeout: Seconds until the answer is "still running".
    """

    kind: ClassVar[ToolKind] = "fields"
    timeout: float = Field(default=120.0, gt=0)

    def __init__(self, **keywords: Any) -> None:
        from extract_bridge.client.flows.keywords import WAYS, resolve_configuration  # noqa: PLC0415 - a class costs little until it is used

        for name in (*WAYS, "output_cls", "extraction_target"):
            if keywords.get(name) is not None:
                raise ConfigurationError(
                    f"the model names the fields, so {name} cannot be given",
                    where=name,
                    hint="Use ExtractTool",
                )
        super().__init__(**keywords)
        if self.args_schema is None:
            self.args_schema = parameters.built(DocumentAndFields)
        resolve_configuration(**self._keywords([_ANY_FIELD], rows=False))  # wrong settings are said at once

    def normalized_schema(self) -> NormalizedSchema | None:
        """None: the model decides."""
        return None

    def estimate(
        self,
        document: str,
        fields: Any,
        rows: bool = False,
        pages: Any = None,
        runtime: Any = None,
        *,
        quick: bool = False,
    ) -> Estimate:
        """What a call would cost at most, in credits; see `ExtractTool.estimate`."""
        return self._call(fields, rows=rows).estimate(document, pages, runtime, quick=quick)

    def _run(
        self, document: str, fields: Any, rows: bool = False, pages: Any = None, runtime: Any = None
    ) -> Pair:
        tell = Progress(document, runtime).tell
        return told(lambda: self._call(fields, rows=rows).call(document, pages, runtime, tell=tell))

    async def _arun(
        self, document: str, fields: Any, rows: bool = False, pages: Any = None, runtime: Any = None
    ) -> Pair:
        tell = Progress(document, runtime).atell

        async def answer() -> Any:
            return await self._call(fields, rows=rows).acall(document, pages, runtime, tell=tell)

        return await atold(answer())

    def _call(self, fields: Any, *, rows: bool) -> ExtractCall:
        from extract_bridge.agent.calls import ExtractCall  # noqa: PLC0415 - a class costs little until it is used

        return ExtractCall(
            clients=self,
            keywords=self._keywords(fields, rows=rows),
            guard=self._guard(),
            style=self._style(None, READ_FEWER_PAGES),
            timeout=self.timeout,
            session=self._session,
        )

    def _keywords(self, fields: Any, *, rows: bool) -> Mapping[str, Any]:
        target = "per_table_row" if rows else "per_doc"
        keywords = self.configuration_keywords()
        return {**keywords, "data_schema": schema_of_fields(fields), "extraction_target": target}


class DocumentAndFields(WithRuntime, field_parameters.DocumentAndFields):
    """What the model fills in."""
