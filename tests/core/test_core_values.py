"""The ground floor: errors, ids, page ranges, limits."""

from __future__ import annotations

import contextlib
import pickle
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract_bridge.core import errors
from extract_bridge.core.errors import (
    APIStatusError,
    ConfigurationError,
    ExtractError,
    MissingExtraError,
    PageRangeError,
)
from extract_bridge.core.identity import canonical_json, record_id, schema_name_of, sha256_hex, source_id_of
from extract_bridge.core.limits import LIMITS, limit
from extract_bridge.core.page_ranges import format_pages, parse_pages

CLASSES = [
    value for value in vars(errors).values() if isinstance(value, type) and issubclass(value, ExtractError)
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize("kind", CLASSES)
def test_an_error_survives_pickling(kind: type[ExtractError]) -> None:
    error = (
        kind("local", "fastapi")
        if kind is MissingExtraError
        else kind("broken", hint="Mend it", where="a.pdf")
    )
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is kind
    assert vars(again) == vars(error)
    assert str(again) == str(error)
    assert again.to_dict() == error.to_dict()


def test_an_error_says_where_what_and_what_to_do() -> None:
    error = ExtractError("it is broken", where="a.pdf", hint="Mend it")
    assert str(error) == "a.pdf: it is broken. Mend it"
    assert error.to_dict() == {
        "code": "extract_error",
        "message": "it is broken",
        "where": "a.pdf",
        "hint": "Mend it",
    }


def test_codes_tell_classes_apart() -> None:
    assert len({kind.default_code for kind in CLASSES}) == len(CLASSES)


@pytest.mark.parametrize(
    ("status", "name"), [(404, "NotFoundError"), (503, "ServerError"), (418, "APIStatusError")]
)
def test_each_status_has_its_class(status: int, name: str) -> None:
    assert APIStatusError.class_for(status).__name__ == name


@given(JSON)
def test_canonical_json_is_the_same_for_equal_values(value: object) -> None:
    shuffled = dict(reversed(value.items())) if isinstance(value, dict) else value
    assert canonical_json(value) == canonical_json(shuffled)
    assert len(sha256_hex(canonical_json(value))) == 64


def test_canonical_json_refuses_what_is_no_json() -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        canonical_json(float("nan"))


@given(st.lists(st.text(), min_size=4, max_size=4))
def test_record_ids_are_uuids_of_their_parts(parts: list[str]) -> None:
    made = record_id(*parts)
    assert uuid.UUID(made).version == 5
    assert made == record_id(*parts)
    assert made != record_id(*parts[:3], parts[3] + "x")


@pytest.mark.parametrize(
    ("given_source", "source_id"),
    [
        ("./a/b.pdf", "a/b.pdf"),
        ("a//b.pdf", "a/b.pdf"),
        ("/x/../a.pdf", "/a.pdf"),
        ("s3://bucket/a.pdf", "s3://bucket/a.pdf"),
    ],
)
def test_the_source_id_is_the_path_as_given(given_source: str, source_id: str) -> None:
    assert source_id_of(given_source) == source_id


def test_bare_bytes_are_their_digest() -> None:
    assert source_id_of(b"abc") == f"sha256:{sha256_hex(b'abc')}"


def test_a_schema_without_a_title_is_named_by_its_content() -> None:
    one, other = {"type": "object", "properties": {"a": {}}}, {"properties": {"a": {}}, "type": "object"}
    assert schema_name_of(one) == schema_name_of(other)
    assert schema_name_of(one).startswith("schema_")
    assert schema_name_of({"title": "Invoice"}) == "Invoice"
    assert schema_name_of({"title": "Invoice"}, "bill") == "bill"


@given(st.lists(st.integers(1, 10_000), unique=True, min_size=1, max_size=60))
def test_pages_survive_being_written(pages: list[int]) -> None:
    assert parse_pages(format_pages(pages)) == tuple(pages)


def test_pages_keep_their_order_without_repeats() -> None:
    assert parse_pages("5-7, 1 ,6,2") == (5, 6, 7, 1, 2)


@pytest.mark.parametrize(
    "text", ["", "0", "5-2", "x", "1,,2", "-1", "1-", "1.5", "²", "٣", "1;2", "9" * 30, "1-999999999"]
)
def test_pages_that_are_none(text: str) -> None:
    with pytest.raises(PageRangeError) as caught:
        parse_pages(text)
    assert caught.value.hint


@given(st.text(max_size=40))
def test_any_text_is_pages_or_an_error(text: str) -> None:
    with contextlib.suppress(PageRangeError):
        assert all(page >= 1 for page in parse_pages(text))


def test_a_limit_is_read_when_it_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    item = LIMITS["max_target_pages"]
    assert limit(item.name) == item.default
    monkeypatch.setenv(item.environment, "3")
    with pytest.raises(PageRangeError, match="more than 3 pages"):
        parse_pages("1-4")
    monkeypatch.setenv(item.environment, "many")
    with pytest.raises(ConfigurationError, match=item.environment):
        limit(item.name)
