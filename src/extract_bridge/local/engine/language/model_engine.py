"""The rules with a language model beside them, or the model alone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from extract_bridge.core.limits import limit
from extract_bridge.core.records.model import ExtractedField, ExtractedRecord
from extract_bridge.local.engine.language.answers import as_record, is_invented, located, merged, open_paths
from extract_bridge.local.engine.language.asking import NoReply
from extract_bridge.local.engine.language.questions import (
    chunks_of,
    opening,
    part_of,
    repair,
    reply_schema,
)
from extract_bridge.local.engine.language.replies import read_reply
from extract_bridge.local.engine.leaves import is_list, pointer_of, put, skeleton
from extract_bridge.local.engine.pageview import view_pages
from extract_bridge.local.engine.rules import document_locale
from extract_bridge.parse.turned import levelled

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from extract_bridge.core.language_model import LlmMode
    from extract_bridge.local.engine.engine import Engine, ExtractRequest
    from extract_bridge.local.engine.language.asking import AskModel
    from extract_bridge.local.engine.language.questions import Chunk, Path
    from extract_bridge.local.engine.pageview import PageView
    from extract_bridge.local.engine.values import Locale
    from extract_bridge.parse.model import ParsedDocument

DOUBTFUL = 0.6
"""In `hybrid` mode the model is asked again for the rules' values below this confidence (0..1)."""

_ROWS = "rows"


@dataclass(slots=True)
class _Session:
    """What is asked about one document.

    Attributes:
        ask: The way to the model.
        system_prompt: The user's own instructions.
        locale: How the document writes dates and numbers.
        left: Questions that may still be asked.
        trouble: Why parts of the document got no usable reply, each reason once.
    """

    ask: AskModel
    system_prompt: str | None
    locale: Locale
    left: int
    trouble: dict[str, None]

    def answers(
        self,
        views: Sequence[PageView],
        schema: Mapping[str, Any],
        *,
        until: Callable[[Any], bool] | None = None,
    ) -> Any:
        """What the model says of pages, all parts together; None where it said nothing usable.

        Args:
            views: The pages.
            schema: What is asked for.
            until: A function of the answers so far; true ends the asking before the last part.
        """
        found: Any = None
        for chunk in chunks_of(views):
            tree = self._one(chunk, schema)
            if tree is not None:
                here = located(tree, schema, chunk.views, self.locale)
                found = here if found is None else merged(found, here)
            if found is not None and until is not None and until(found):
                break
        return found

    def _one(self, chunk: Chunk, schema: Mapping[str, Any]) -> Any:
        """One part's reply, after one round of repair where it is needed."""
        form = reply_schema(schema)
        messages = opening(chunk, form, self.system_prompt)
        text = self._text(messages, form)
        if text is None:
            return None
        reply = read_reply(text, schema)
        if reply.problems:
            again = self._text(repair(messages, text, reply.problems), form)
            second = read_reply(again, schema) if again is not None else reply
            if second.tree is not None and len(second.problems) <= len(reply.problems):
                reply = second
            if reply.problems:
                self.trouble[f"{len(reply.problems)} of its answers did not fit the schema"] = None
        return reply.tree

    def _text(self, messages: list[dict[str, str]], form: dict[str, Any]) -> str | None:
        if self.left <= 0:
            self.trouble[f"max_llm_questions ({limit('max_llm_questions')}) was reached"] = None
            return None
        self.left -= 1
        try:
            return self.ask(messages, form)
        except NoReply as error:
            self.trouble[str(error)] = None
            return None


class ModelEngine:
    """Fills a schema with the help of a language model; every value of the model is located in the document or flagged.

    Args:
        rules: The engine that works without one.
        ask: The way to the model.
        mode: `hybrid`: the model is asked for what the rules left open or doubtful. `llm`: for everything.
    """

    def __init__(self, rules: Engine, ask: AskModel, mode: LlmMode) -> None:
        self._rules = rules
        self._ask = ask
        self._mode = mode

    def extract(self, document: ParsedDocument, request: ExtractRequest) -> list[ExtractedRecord]:
        """The records of a document; see `Engine.extract`."""
        document = levelled(document)
        views = view_pages(document)
        locale = document_locale(views, request.lang)
        session = _Session(self._ask, request.system_prompt, locale, limit("max_llm_questions"), {})
        records = self._rules.extract(document, request)
        if request.extraction_target == "per_table_row":
            if records and self._mode == "hybrid":
                return records
            made = self._rows(document, views, request.data_schema, session)
            return [_told(record, session) for record in made] or records
        parts = [views] if request.extraction_target == "per_doc" else [[view] for view in views]
        filled = [
            self._fill(record, part, request.data_schema, session)
            for record, part in zip(records, parts, strict=True)
        ]
        return [_told(record, session) for record in filled]

    def _fill(
        self, record: ExtractedRecord, views: list[PageView], schema: dict[str, Any], session: _Session
    ) -> ExtractedRecord:
        """A record with the model's answers in it."""
        wanted = self._wanted(record, schema)
        part = part_of(schema, wanted) if any(view.page.words for view in views) else None
        if part is None:
            return record
        has_lists = any(is_list(item) for _, item in skeleton(part))
        answers = session.answers(views, part, until=None if has_lists else _complete)
        if answers is None:
            return record
        _, said = as_record(answers, part)
        values = dict(skeleton(part))
        data, leaves = _copy(record.data), dict(record.fields)
        for path, subschema in values.items():
            self._take(path, subschema, answers, said, data, leaves)
        return replace(record, data=data, fields=_in_order(schema, leaves))

    def _wanted(self, record: ExtractedRecord, schema: Mapping[str, Any]) -> set[Path]:
        """What the model is asked for."""
        paths = open_paths(schema)
        if self._mode == "llm":
            return set(paths)
        lists = {tuple(map(str, path)) for path, item in skeleton(schema) if is_list(item)}
        return {
            path
            for path in paths
            if (
                _at(record.data, path) == []
                if path in lists
                else _doubtful(record.fields.get(pointer_of(path)))
            )
        }

    def _take(
        self,
        path: tuple[str | int, ...],
        subschema: Mapping[str, Any],
        answers: Any,
        said: Mapping[str, ExtractedField],
        data: dict[str, Any],
        leaves: dict[str, ExtractedField],
    ) -> None:
        """One scalar or list of the model into the record, unless the rules' own is better."""
        pointer = pointer_of(path)
        if is_list(subschema):
            value, found = as_record(_at(answers, path), subschema, path)
            put(data, path, value)
            for stale in [key for key in leaves if key.startswith(f"{pointer}/")]:
                del leaves[stale]
            leaves.update(found)
            return
        new, old = said[pointer], leaves.get(pointer)
        if self._mode == "hybrid" and old is not None and old.value is not None:
            new = _better(old, new)
        leaves[pointer] = new
        put(data, path, new.value)

    def _rows(
        self,
        document: ParsedDocument,
        views: list[PageView],
        schema: dict[str, Any],
        session: _Session,
    ) -> list[ExtractedRecord]:
        """One record a row that the model names, the document's parts one after the other."""
        wrapped = {"type": "object", "properties": {_ROWS: {"type": "array", "items": schema}}}
        answers = session.answers(views, wrapped)
        records: list[ExtractedRecord] = []
        for item in (answers or {_ROWS: []})[_ROWS]:
            data, leaves = as_record(item, schema)
            if all(leaf.value is None for leaf in leaves.values()):
                continue
            pages = {citation.page for leaf in leaves.values() for citation in leaf.citations}
            records.append(
                ExtractedRecord(
                    data=data,
                    fields=leaves,
                    extraction_target="per_table_row",
                    file_name=document.name,
                    warnings=document.warnings,
                    page=pages.pop() if len(pages) == 1 else None,
                    row=len(records),
                )
            )
        return records


def _doubtful(leaf: ExtractedField | None) -> bool:
    return leaf is None or leaf.value is None or (leaf.confidence or 0.0) < DOUBTFUL


def _better(old: ExtractedField, new: ExtractedField) -> ExtractedField:
    """Of the rules' doubtful value and the model's: agreement makes it surer, an invented value never wins."""
    if new.value == old.value:
        surer = max(old.confidence or 0.0, new.confidence or 0.0)
        return replace(
            old, confidence=surer, reasoning=f"{old.reasoning or ''} The language model agrees.".strip()
        )
    if new.value is None or is_invented(new) or (new.confidence or 0.0) <= (old.confidence or 0.0):
        return old
    return new


def _complete(answers: Any) -> bool:
    """Every scalar has a value that stands in the document."""
    if isinstance(answers, dict):
        return all(map(_complete, answers.values()))
    return answers.said.value is not None and answers.place is not None


def _at(data: Any, path: Sequence[str | int]) -> Any:
    for step in path:
        data = data.get(step) if isinstance(data, dict) else None
    return data


def _copy(value: Any) -> Any:
    """Objects and lists copied: the rules' record stays as it is."""
    if isinstance(value, dict):
        return {key: _copy(item) for key, item in value.items()}
    return [_copy(item) for item in value] if isinstance(value, list) else value


def _in_order(schema: Mapping[str, Any], leaves: dict[str, ExtractedField]) -> dict[str, ExtractedField]:
    """The leaves in the schema's order, those of a list by their place in it."""
    places = {pointer_of(path): place for place, (path, _) in enumerate(skeleton(schema))}

    def place_of(pointer: str) -> int:
        while pointer not in places and pointer:
            pointer = pointer.rpartition("/")[0]
        return places.get(pointer, len(places))

    return dict(sorted(leaves.items(), key=lambda item: place_of(item[0])))


def _told(record: ExtractedRecord, session: _Session) -> ExtractedRecord:
    """The record with warnings about what the model did not do, or did too freely."""
    invented = [leaf.pointer for leaf in record.fields.values() if is_invented(leaf)]
    warnings = [f"The language model was asked, but: {reason}." for reason in session.trouble]
    if invented:
        shown = ", ".join(invented[:10]) + (", …" if len(invented) > 10 else "")
        warnings.append(f"Values of the language model that are not in the document's words: {shown}.")
    return replace(record, warnings=(*record.warnings, *warnings)) if warnings else record
