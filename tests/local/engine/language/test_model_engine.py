"""Rules and a scripted model: who is asked what, whose value wins, and what is flagged."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from extract_bridge.core.records.model import ExtractedField, ExtractedRecord
from extract_bridge.local.engine.engine import ExtractRequest, RulesEngine
from extract_bridge.local.engine.language.asking import NoReply
from extract_bridge.local.engine.language.model_engine import ModelEngine
from extract_bridge.parse.open import parse_document

if TYPE_CHECKING:
    from extract_bridge.parse.model import ParsedDocument

TEXT = (
    "Invoice number: A-77\nTotal: 1,250.00 USD\nThe supplier shall deliver the goods to Oslo before winter.\n"
)
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "invoice_number": {"type": "string"},
        "delivery_city": {"type": "string"},
        "goods": {"type": "array", "items": {"type": "object", "properties": {"word": {"type": "string"}}}},
    },
}


class Scripted:
    """A model that says what the test wrote, and remembers what it was asked."""

    def __init__(self, *replies: Any) -> None:
        self.replies, self.asked = list(replies), []

    def __call__(self, messages: list[dict[str, str]], json_schema: dict[str, Any]) -> str:
        self.asked.append((messages, json_schema))
        reply = self.replies.pop(0)
        if isinstance(reply, Exception):
            raise reply
        return reply if isinstance(reply, str) else json.dumps(reply)


def cell(value: Any, quote: str | None = None) -> dict[str, Any]:
    return {"value": value, "quote": quote}


@pytest.fixture
def extract(tmp_path: Path) -> Callable[..., Any]:
    def run(
        model: Scripted,
        mode: Any = "hybrid",
        schema: Any = SCHEMA,
        text: str = TEXT,
        rules: Any = None,
        **request: Any,
    ) -> Any:
        file = tmp_path / "deal.txt"
        file.write_text(text, encoding="utf-8")
        document = parse_document(file, name="deal.txt", target_pages=None, max_pages=None)
        return ModelEngine(rules or RulesEngine(), model, mode).extract(
            document, ExtractRequest(data_schema=schema, **request)
        )

    return run


def test_in_hybrid_mode_the_model_is_asked_only_for_what_is_open(extract: Callable[..., Any]) -> None:
    model = Scripted(
        {"delivery_city": cell("Oslo", "to Oslo"), "goods": [{"word": cell("goods", "the goods")}]}
    )
    (record,) = extract(model, system_prompt="Cities in English.")
    ((messages, form),) = model.asked
    assert list(form["properties"]) == ["delivery_city", "goods"]
    assert "Cities in English." in messages[0]["content"]
    assert "[page 1]" in messages[1]["content"]
    assert record.data == {"invoice_number": "A-77", "delivery_city": "Oslo", "goods": [{"word": "goods"}]}
    assert list(record.fields) == ["/invoice_number", "/delivery_city", "/goods/0/word"]
    city = record.fields["/delivery_city"]
    assert (city.citations[0].page, city.citations[0].quote, city.citations[0].match) == (1, "Oslo", "exact")
    assert city.citations[0].boxes
    assert record.warnings == ()


def test_nothing_open_means_nothing_asked(extract: Callable[..., Any]) -> None:
    schema = {"type": "object", "properties": {"invoice_number": {"type": "string"}}}
    model = Scripted()
    assert extract(model, schema=schema)[0].data == {"invoice_number": "A-77"}
    assert model.asked == []


def test_in_llm_mode_everything_is_asked(extract: Callable[..., Any]) -> None:
    model = Scripted(
        {"invoice_number": cell("A-77", "number: A-77"), "delivery_city": cell(None), "goods": []}
    )
    (record,) = extract(model, "llm")
    assert record.data == {"invoice_number": "A-77", "delivery_city": None, "goods": []}
    assert record.fields["/invoice_number"].reasoning.startswith("The language model read it")


def test_an_invented_value_is_kept_but_flagged(extract: Callable[..., Any]) -> None:
    model = Scripted({"delivery_city": cell("Bergen", "ship to Bergen"), "goods": []})
    (record,) = extract(model)
    field = record.fields["/delivery_city"]
    assert (field.value, field.citations) == ("Bergen", ())
    assert field.confidence <= 0.2
    assert record.warnings == (
        "Values of the language model that are not in the document's words: /delivery_city.",
    )


def test_a_reply_that_does_not_fit_is_repaired_once(extract: Callable[..., Any]) -> None:
    model = Scripted("Sure, it is Oslo.", {"delivery_city": cell("Oslo"), "goods": []})
    assert extract(model)[0].data["delivery_city"] == "Oslo"
    again = model.asked[1][0]
    assert [message["role"] for message in again] == ["system", "user", "assistant", "user"]
    assert "it is no JSON object" in again[-1]["content"]


def test_a_reply_that_never_fits_leaves_the_rules_alone(extract: Callable[..., Any]) -> None:
    model = Scripted("no", "still no")
    (record,) = extract(model)
    assert record.data == {"invoice_number": "A-77", "delivery_city": None, "goods": []}
    assert record.warnings == ("The language model was asked, but: 1 of its answers did not fit the schema.",)


def test_a_model_that_does_not_reply_leaves_the_rules_alone(extract: Callable[..., Any]) -> None:
    (record,) = extract(Scripted(NoReply("rate limited (status 429)")))
    assert record.data["invoice_number"] == "A-77"
    assert record.warnings == ("The language model was asked, but: rate limited (status 429).",)


def test_a_long_document_is_asked_in_parts_and_put_together(extract: Callable[..., Any]) -> None:
    text = "\n".join(f"clause {number} says nothing of interest to anybody at all" for number in range(1200))
    nothing = {"invoice_number": cell(None), "delivery_city": cell(None), "goods": []}
    two = [{"word": cell("interest")}, {"word": cell("interest")}]
    parts = [{**nothing, "goods": [{"word": cell("clause 3")}]}, {**nothing, "goods": two}]
    model = Scripted(*parts, {**nothing, "delivery_city": cell("Oslo")}, nothing)
    (record,) = extract(model, "llm", text=f"{text}\ndeliver to Oslo\n")
    assert record.data["delivery_city"] == "Oslo"
    assert len(model.asked) >= 3
    assert all(len(messages[1]["content"]) < 26_000 for messages, _ in model.asked)
    assert [item["word"] for item in record.data["goods"]] == ["clause 3", "interest", "interest"]


def test_scalars_alone_stop_the_asking_when_they_are_found(extract: Callable[..., Any]) -> None:
    schema = {"type": "object", "properties": {"delivery_city": {"type": "string"}}}
    text = "deliver to Oslo\n" + "\n".join(f"clause {number} is of no interest" for number in range(3000))
    model = Scripted({"delivery_city": cell("Oslo")})
    extract(model, schema=schema, text=text)
    assert len(model.asked) == 1


def test_questions_are_bounded(extract: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXTRACT_BRIDGE_MAX_LLM_QUESTIONS", "2")
    text = "\n".join(f"clause {number} says nothing of interest to anybody" for number in range(3000))
    nothing = {"invoice_number": cell(None), "delivery_city": cell(None), "goods": []}
    model = Scripted(nothing, nothing)
    (record,) = extract(model, text=text)
    assert len(model.asked) == 2
    assert "max_llm_questions (2) was reached" in record.warnings[0]


class Unsure:
    """An engine whose one value is in doubt."""

    def extract(self, document: ParsedDocument, request: ExtractRequest) -> list[ExtractedRecord]:
        field = ExtractedField(pointer="/contact", value="Oslo", confidence=0.3, reasoning="a guess.")
        return [ExtractedRecord(data={"contact": "Oslo"}, fields={"/contact": field})]


@pytest.mark.parametrize(
    ("said", "value", "sure"),
    [
        (cell("Ada Byron", "Contact: Ada Byron"), "Ada Byron", True),
        (cell("Oslo", "to Oslo"), "Oslo", True),
        (cell(None), "Oslo", False),
        (cell("Zed", "Zed"), "Oslo", False),
    ],
    ids=["located", "agrees", "null", "invented"],
)
def test_a_doubtful_value_of_the_rules_loses_only_to_a_located_one(
    extract: Callable[..., Any], said: Any, value: str, sure: bool
) -> None:
    schema = {"type": "object", "properties": {"contact": {"type": "string"}}}
    model = Scripted({"contact": said})
    (record,) = extract(model, schema=schema, text=TEXT + "Contact: Ada Byron\n", rules=Unsure())
    kept = record.fields["/contact"]
    assert (kept.value, record.data, (kept.confidence or 0) > 0.5) == (value, {"contact": value}, sure)


def test_rows_come_from_the_model_where_no_table_is(extract: Callable[..., Any]) -> None:
    schema = {"type": "object", "properties": {"word": {"type": "string"}, "city": {"type": "string"}}}
    row = {"word": cell("goods", "the goods"), "city": cell("Oslo", "to Oslo")}
    model = Scripted({"rows": [row, {"word": cell(None), "city": cell(None)}]})
    records = extract(model, schema=schema, extraction_target="per_table_row")
    assert [(record.data, record.row, record.page) for record in records] == [
        ({"word": "goods", "city": "Oslo"}, 0, 1)
    ]


def test_each_page_is_asked_by_itself(extract: Callable[..., Any]) -> None:
    schema = {"type": "object", "properties": {"delivery_city": {"type": "string"}}}
    model = Scripted({"delivery_city": cell("Oslo")})
    records = extract(model, schema=schema, extraction_target="per_page")
    assert [record.data for record in records] == [{"delivery_city": "Oslo"}]
