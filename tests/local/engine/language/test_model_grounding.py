"""A model's answers are found in the document's own words, whole words and whole numbers only."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract_bridge.local.engine.language.grounding import Located, locate
from extract_bridge.local.engine.pageview import view_pages
from extract_bridge.local.engine.rules import document_locale
from extract_bridge.parse.open import parse_document

TEXT = """Sale agreement
Between Northwind Traders Ltd and Mr. José Ångström
Signed on 5 March 2026
Fee 1.250,00 EUR, order 91250
Deposit 250,00 EUR
Renewal: the term is extended each year unless notice is given
Deposit again 250,00 EUR
"""
STRING: dict[str, Any] = {"type": "string"}
NUMBER: dict[str, Any] = {"type": "number"}


def place(
    tmp_path: Path, value: Any, quote: str | None, schema: dict[str, Any], text: str = TEXT
) -> Located | None:
    file = tmp_path / "deal.txt"
    file.write_text(text, encoding="utf-8")
    views = view_pages(parse_document(file, name="deal.txt", target_pages=None, max_pages=None))
    return locate(value, quote, schema, views, document_locale(views, "de"))


def words(found: Located | None) -> str:
    assert found is not None
    return " ".join(word.text for word in found.words)


@pytest.mark.parametrize(
    ("value", "quote", "schema", "found", "match"),
    [
        ("Northwind Traders Ltd", "Between Northwind Traders Ltd", STRING, "Northwind Traders Ltd", "exact"),
        ("northwind traders ltd", None, STRING, "Northwind Traders Ltd", "normalized"),
        ("Jose Angstrom", None, STRING, "José Ångström", "normalized"),
        ("Northwnd Traders Ltd", None, STRING, "Northwind Traders Ltd", "fuzzy"),
        (1250.0, "Fee 1.250,00 EUR", NUMBER, "1.250,00 EUR,", "normalized"),
        ("2026-03-05", "Signed on 5 March 2026", STRING, "5 March 2026", "normalized"),
    ],
)
def test_a_value_is_found_by_its_words(
    tmp_path: Path, value: Any, quote: str | None, schema: dict[str, Any], found: str, match: str
) -> None:
    located = place(tmp_path, value, quote, schema)
    assert located is not None
    assert (words(located), located.match) == (found, match)
    assert not located.derived


def test_a_number_inside_a_longer_one_is_not_it(tmp_path: Path) -> None:
    assert place(tmp_path, 125, None, NUMBER) is None
    assert place(tmp_path, 9125, None, NUMBER) is None


def test_a_text_that_differs_in_a_digit_is_not_nearly_the_same(tmp_path: Path) -> None:
    assert place(tmp_path, "order 91251", None, STRING) is None


def test_the_quote_says_which_of_two_equal_values(tmp_path: Path) -> None:
    first = place(tmp_path, 250.0, "Deposit 250,00", NUMBER)
    second = place(tmp_path, 250.0, "Deposit again 250,00", NUMBER)
    without = place(tmp_path, 250.0, None, NUMBER)
    assert first is not None
    assert second is not None
    assert without is not None
    assert second.words[0].y0 > first.words[0].y0
    assert without.confidence < first.confidence


def test_a_judgement_is_shown_by_its_quote_alone(tmp_path: Path) -> None:
    judged = place(tmp_path, True, "the term is extended each year", {"type": "boolean"})
    assert judged is not None
    assert judged.derived
    assert judged.confidence <= 0.5
    assert words(judged) == "the term is extended each year"
    assert place(tmp_path, True, None, {"type": "boolean"}) is None
    assert place(tmp_path, "yearly", None, {"type": "string", "enum": ["yearly", "once"]}) is None


def test_what_is_not_there_is_not_found(tmp_path: Path) -> None:
    assert place(tmp_path, "Contoso", None, STRING) is None
    assert place(tmp_path, "Contoso", "signed by Contoso GmbH", STRING) is None
    assert place(tmp_path, 99.5, "Fee 99,50", NUMBER) is None


_WORD = st.text(alphabet="abcdefghij0123456789", min_size=1, max_size=8)


@given(st.lists(_WORD, min_size=4, max_size=30), st.data())
def test_words_of_the_document_are_always_found(
    tmp_path_factory: pytest.TempPathFactory, text: list[str], data: Any
) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    value = " ".join(text[start:end])
    found = place(tmp_path_factory.mktemp("any"), value, None, STRING, " ".join(text) + "\n")
    assert words(found) == value
