"""The doors that the demo opens: what each framework makes of a document, in a few lines for people."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from extract_bridge.cli.terminal import cut, plain
from extract_bridge.core.errors import MissingExtraError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from pydantic import BaseModel

    from extract_bridge.client.client import ExtractClient
    from extract_bridge.core.records.model import ExtractedRecord

Lines = list[tuple[str, str]]
"""Pairs of label and text."""

_TEXT_LINES = 4
_METADATA = ("source", "page", "row", "service", "confidence_min", "needs_review")


@dataclass(frozen=True)
class Door:
    """One way in.

    Attributes:
        title: What a person calls it.
        enter: Makes its lines; may raise MissingExtraError.
    """

    title: str
    enter: Callable[[ExtractClient, Path, type[BaseModel], str, Sequence[ExtractedRecord]], Lines]

    def open(
        self,
        client: ExtractClient,
        path: Path,
        model: type[BaseModel],
        target: str,
        records: Sequence[ExtractedRecord],
    ) -> Lines:
        """Its lines, or how to install what it needs."""
        try:
            return self.enter(client, path, model, target, records)
        except MissingExtraError as missing:
            return [("skipped", f"{missing.package} is not installed"), ("install", missing.hint or "")]


def dotted(pointer: str) -> str:
    """A JSON pointer as people write paths: `/line_items/0/amount` -> `line_items[0].amount`."""
    path = ""
    for part in pointer.split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        path += f"[{name}]" if name.isdecimal() else f".{name}"
    return path.removeprefix(".")


def _typed(
    client: ExtractClient, path: Path, model: type[BaseModel], target: str, records: Sequence[ExtractedRecord]
) -> Lines:
    shown = repr(model.model_validate(records[0].data)) if records else "no record"
    return [("object", cut(shown, 210))]


def _langchain(
    client: ExtractClient, path: Path, model: type[BaseModel], target: str, records: Sequence[ExtractedRecord]
) -> Lines:
    from extract_bridge.langchain import ExtractLoader  # noqa: PLC0415 - an extra

    documents = ExtractLoader(path, data_schema=model, extraction_target=target, client=client).load()
    first = documents[0]
    return [
        ("result", f"{_count(documents, 'Document')}; the first:"),
        ("id", str(first.id)),
        ("metadata", _metadata(first.metadata)),
        ("text", _excerpt(first.page_content)),
    ]


def _llama_index(
    client: ExtractClient, path: Path, model: type[BaseModel], target: str, records: Sequence[ExtractedRecord]
) -> Lines:
    from extract_bridge.llama_index import ExtractReader  # noqa: PLC0415 - an extra

    documents = ExtractReader(data_schema=model, extraction_target=target, client=client).load_data(path)
    first = documents[0]
    return [
        ("result", f"{_count(documents, 'Document')}; the first:"),
        ("id", str(first.id_)),
        ("metadata", _metadata(first.metadata)),
        ("evidence", f"{len(first.excluded_embed_metadata_keys)} keys stay out of embedding and LLM text"),
        ("text", _excerpt(first.text)),
    ]


def _agent_tool(
    client: ExtractClient, path: Path, model: type[BaseModel], target: str, records: Sequence[ExtractedRecord]
) -> Lines:
    from extract_bridge.langchain import ExtractTool  # noqa: PLC0415 - an extra

    tool = ExtractTool(data_schema=model, extraction_target=target, allowed_roots=path.parent, client=client)
    answer = json.loads(tool.invoke({"document": path.name}))
    return [
        ("call", f'{tool.name}(document="{path.name}")'),
        *(
            (key, cut(json.dumps(answer[key], ensure_ascii=False), 130))
            for key in ("data", "evidence")
            if key in answer
        ),
        ("answer", f"{answer['status']} by {answer['service']}, one JSON text of bounded size"),
    ]


def _count(things: Sequence[Any], name: str) -> str:
    return f"{len(things)} {name}" + ("" if len(things) == 1 else "s")


def _metadata(metadata: Mapping[str, Any]) -> str:
    """The metadata that says most, then how many citations travel along."""
    shown = [f"{key}={plain(metadata[key])}" for key in _METADATA if key in metadata]
    cited = metadata.get("citations")
    if isinstance(cited, str):
        shown.append(f"citations=<{len(json.loads(cited))} with page, quote, confidence>")
    return "  ".join(shown)


def _excerpt(content: str) -> str:
    lines = content.splitlines()
    more = [f"… {len(lines) - _TEXT_LINES} more lines"] if len(lines) > _TEXT_LINES else []
    return "\n".join([*(cut(line, 64) for line in lines[:_TEXT_LINES]), *more])


DOORS = (
    Door("pydantic", _typed),
    Door("LangChain: ExtractLoader", _langchain),
    Door("LlamaIndex: ExtractReader", _llama_index),
    Door("Agent tool", _agent_tool),
)
