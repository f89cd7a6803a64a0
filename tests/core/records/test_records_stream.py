"""Records from an answer's bytes: equal to those of the decoded answer, whatever its shape, keys, spaces and boundaries."""

from __future__ import annotations

import io
import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract_bridge import ExtractedRecord, iter_records, records_from_job
from extract_bridge.core.errors import (
    APIError,
    FileInputError,
    JobCancelledError,
    JobFailedError,
    NotFoundError,
    ResultError,
    WaitTimeoutError,
)
from extract_bridge.core.records.read import records_of
from extract_bridge.core.records.scan import Scanner
from extract_bridge.core.records.stream import opened_job

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

ENTRY = {"citation": [{"page": 2, "matching_text": "x"}], "confidence": 0.9}


def job(result: Any, metadata: Any = None, **more: Any) -> dict[str, Any]:
    return {
        "id": "ext-1",
        "status": "COMPLETED",
        "file_input": "dfl-1",
        "extract_metadata": {"field_metadata": metadata, "parse_job_id": "pjb-1"},
        "extract_result": result,
        **more,
    }


def body_of(value: Any, **keywords: Any) -> bytes:
    return json.dumps(value, **keywords).encode("utf-8", "surrogatepass")


def facts(records: Any) -> list[Any]:
    """Everything that a record is and says of itself."""
    return [
        (vars(record) | {"fields": dict(record.fields)}, record.id, record.to_dict(), record.content_key)
        for record in records
    ]


def same(body: bytes, chunk: int | None = None, **keywords: Any) -> list[ExtractedRecord]:
    """The records of a body, which are those of the decoded body."""
    expected = records_from_job(json.loads(body), **keywords)
    if chunk is None:
        found = list(iter_records(body, **keywords))
    else:
        with opened_job(body, chunk=chunk) as view:
            found = list(records_of(view, view, **keywords))
    assert facts(found) == facts(expected)
    return found


SHAPES = {
    "per_doc": job({"a": 1, "rows": [{"b": 2}, {"b": None}]}, {"document_metadata": {"a": ENTRY}}),
    "directly under field_metadata": job({"a": 1}, {"a": ENTRY}),
    "pages": job([{"a": 1}, {"a": 2}], {"page_metadata": [{"a": ENTRY}, {"a": ENTRY}]}),
    "pages in the order asked for": job(
        [{"a": 1}, {"a": 2}], None, configuration={"extraction_target": "per_page", "target_pages": "3,1"}
    ),
    "rows": job([{"a": 1}, {"a": 2}], {"row_metadata": [{"a": ENTRY}, None]}),
    "more rows than metadata": job([{"a": 1}, {"a": 2}, None, 4], {"row_metadata": [{"a": ENTRY}]}),
    "more metadata than rows": job([{"a": 1}], {"row_metadata": [{"a": ENTRY}] * 3}),
    "no rows": job([], {"row_metadata": []}),
    "no result": job(None),
    "a scalar": job("x"),
    "no metadata": job([{"a": 1}]) | {"extract_metadata": None},
    "wrapped pages": job(
        {"page_results": [{"a": 1}]}, {"page_metadata": [{"page": 4, "fields": {"a": ENTRY}}]}
    ),
    "wrapped document": job({"document_result": {"a": 1}}),
    "wrapped document that is a list": job({"document_result": [{"a": 1}]}),
    "a field named like a wrapper": job({"page_results": [{"a": 1}], "b": 1}),
    "a field named like a wrapper, target known": job(
        {"table_results": [{"a": 1}]}, configuration={"extraction_target": "per_doc"}
    ),
    "rows for a document": job(
        [{"a": 1}], {"document_metadata": [{"a": ENTRY}]}, configuration={"extraction_target": "per_doc"}
    ),
    "a document for rows": job({"page_results": [1]}, configuration={"extraction_target": "per_table_row"}),
    "fields named like the job's keys": job(
        [{"extract_result": [1], "extract_metadata": {"field_metadata": 1}}],
        {"row_metadata": [{"extract_result": [ENTRY], "field_metadata": {"row_metadata": []}}]},
    ),
    "details": job(
        [{"a": 1}, {"a": 2}],
        {"row_metadata": [{"a": ENTRY}, {}], "record_details": [{"page": 3, "row": 8, "warnings": ["w"]}]},
    ),
    "arrays where objects should be": job([1], []) | {"configuration": [1]},
    "evidence asked for": job(
        [{"a": 1}], {"row_metadata": [{}]}, configuration={"cite_sources": True, "confidence_scores": True}
    ),
}


@pytest.mark.parametrize("name", SHAPES)
@pytest.mark.parametrize("chunk", [None, 1, 7])
def test_every_shape_is_read_as_from_memory(name: str, chunk: int | None) -> None:
    whole = SHAPES[name]
    backwards = dict(reversed(whole.items()))
    for value, keywords in [(whole, {}), (backwards, {"indent": 3}), (whole, {"separators": (",", ":")})]:
        same(body_of(value, **keywords), chunk)


def test_keywords_are_those_of_the_plain_path() -> None:
    (record,) = same(
        body_of(SHAPES["per_doc"]),
        name="N",
        source="in/a.pdf",
        source_id="a",
        service="cloud",
        data_schema={},
    )
    assert (record.schema_name, record.source, record.source_id, record.service) == (
        "N",
        "in/a.pdf",
        "a",
        "cloud",
    )


@pytest.mark.parametrize(
    "body",
    [
        b'{"status":"RUNNING","status":"COMPLETED","extract_result":[{"a":1}],"extract_result":[{"a":2},{"b":3,"b":4}]}',
        b'{"extract_metadata":{"field_metadata":{"row_metadata":[1]}},"extract_metadata":{},"extract_result":[{"a":1}]}',
        b'{"extract_result":[{"a":1}],"extract_result":{"b":2}}',
        b'\xef\xbb\xbf{"extract_result":[{"a":1}]}',
        b' \r\n\t{ "extract_result" : [ { "a" : 1 } , { "a" : 2 } ] } \n',
        b'{"extract_result":[{"a":"\\ud83d\\ude00 \\ud83d \\u0000 \\"\\\\"},{"\\u00e9":"\xf0\x9f\x98\x80\xc3\xa9"}]}',
        b'{"extract_result":[{"a":"\xed\xa0\xbd"}]}',
        b'{"extract\\u005fresult":[{"a":1.5e3},{"a":-0},{"a":1E400},{"a":12345678901234567890}]}',
        b'{"extract_result":{"a":' + b"9" * 600 + b"}}",
        b'{"extract_result":[' + b",".join([b'{"a":"' + b"x" * 70 + b'"}'] * 50) + b"]}",
    ],
)
@pytest.mark.parametrize("chunk", [None, 1, 64])
def test_bytes_are_decoded_as_json_loads_does(body: bytes, chunk: int | None) -> None:
    same(body, chunk)


NAMES = st.sampled_from(
    [
        "a",
        "b/c",
        "~d",
        "extract_result",
        "field_metadata",
        "row_metadata",
        "page_results",
        "confidence",
        "page",
        "",
        "é",
        "😀",
    ]
)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8)
)
ENTRIES = st.fixed_dictionaries(
    {},
    optional={
        "citation": st.lists(
            st.fixed_dictionaries({"page": st.integers(0, 9) | SCALARS, "matching_text": SCALARS}), max_size=2
        ),
        "confidence": st.floats(0, 1) | SCALARS,
        "reasoning": SCALARS,
    },
)
TREES = st.recursive(
    SCALARS | ENTRIES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=8,
)
OBJECTS = st.dictionaries(NAMES, TREES, max_size=4)
ARRAYS = st.lists(OBJECTS | TREES, max_size=4)
FIELD_METADATA = TREES | st.fixed_dictionaries(
    {},
    optional=dict.fromkeys(
        ("document_metadata", "page_metadata", "row_metadata", "record_details", "a"), ARRAYS | TREES
    ),
)
RESULTS = (
    TREES
    | ARRAYS
    | st.fixed_dictionaries(
        {}, optional=dict.fromkeys(("document_result", "page_results", "table_results"), ARRAYS | TREES)
    )
)
CONFIGURATIONS = st.none() | st.fixed_dictionaries(
    {},
    optional={
        "extraction_target": st.sampled_from(["per_doc", "per_page", "per_table_row", "per_word"]),
        "target_pages": st.sampled_from(["1", "3,1", "2-4", "x"]),
        "cite_sources": st.booleans(),
        "confidence_scores": st.booleans(),
        "data_schema": st.just({"title": "T"}) | TREES,
    },
)
JOBS = st.fixed_dictionaries(
    {"extract_result": RESULTS, "status": st.just("COMPLETED")},
    optional={
        "id": SCALARS,
        "file_input": SCALARS,
        "configuration": CONFIGURATIONS,
        "extract_metadata": TREES
        | st.fixed_dictionaries({}, optional={"field_metadata": FIELD_METADATA, "parse_job_id": SCALARS}),
        "other": TREES,
    },
)


@st.composite
def bodies(draw: st.DrawFn) -> bytes:
    """A job as JSON: keys in any order, some of them twice, spaces, escapes or none, a byte order mark or none."""
    pairs = list(draw(JOBS).items())
    pairs += draw(st.lists(st.sampled_from(pairs), max_size=2))
    pairs = draw(st.permutations(pairs))
    ascii_only = draw(st.booleans())
    space = draw(st.sampled_from(["", " ", "\n\t"]))

    def text(value: Any) -> str:
        if isinstance(value, dict):
            inner = ("," + space).join(f"{text(name)}{space}:{text(item)}" for name, item in value.items())
            return f"{{{space}{inner}{space}}}"
        if isinstance(value, list):
            return f"[{space}{f'{space},'.join(map(text, value))}{space}]"
        return json.dumps(value, ensure_ascii=ascii_only)

    members = ",".join(f"{space}{json.dumps(name)}:{space}{text(value)}" for name, value in pairs)
    bom = draw(st.sampled_from([b"", b"\xef\xbb\xbf"]))
    return bom + f"{{{members}{space}}}{space}".encode("utf-8", "surrogatepass")


@given(bodies(), st.sampled_from([None, 1, 5, 40]))
def test_any_answer_is_read_as_from_memory(body: bytes, chunk: int | None) -> None:
    same(body, chunk)


@given(bodies(), st.data())
def test_an_answer_cut_anywhere_is_an_error_that_names_a_byte(body: bytes, data: st.DataObject) -> None:
    whole = body.rstrip()
    cut = whole[: data.draw(st.integers(0, len(whole) - 1))]
    with pytest.raises(ResultError, match="byte"):
        next(iter_records(cut), None)


@given(bodies(), st.data())
def test_a_changed_byte_is_read_as_json_loads_reads_it(body: bytes, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(body) - 1))
    changed = (
        body[:place]
        + data.draw(st.sampled_from(list(b'{}[],:"\\x0 \xff'))).to_bytes(1, "big")
        + body[place + 1 :]
    )
    try:
        expected = json.loads(changed.decode("utf-8-sig", "surrogatepass"), parse_constant=_refuse)
    except ValueError:
        with pytest.raises(ResultError):
            list(iter_records(changed))
        return
    if isinstance(expected, dict) and expected.get("status") == "COMPLETED":
        assert facts(iter_records(changed)) == facts(records_from_job(expected))


def _refuse(name: str) -> Any:
    raise ValueError(name)


@pytest.mark.parametrize(
    ("body", "said", "where"),
    [
        (b"", "byte 0, it ends too early", None),
        (b"[]", "no JSON object", None),
        (b'"x"', "no JSON object", None),
        (b"{} {}", "byte 3, something follows its end", None),
        (b'{"extract_result": [{"a": 1}, {"a": NaN}]}', "byte 30, NaN is no number", "/extract_result/1"),
        (
            b'{"extract_result": [{"a": 1}, -Infinity]}',
            "byte 30, -Infinity is no number",
            "/extract_result/1",
        ),
        (b'{"extract_result": [{"a": 1} {"a": 2}]}', "byte 29, , or ] is missing", "/extract_result/0"),
        (b'{"extract_result": [{"a": 1},]}', "byte 29, a value is missing", "/extract_result/1"),
        (b'{"extract_result": [{"a" 1}]}', "byte 25, expecting ':' delimiter", "/extract_result/0"),
        (b'{"extract_result": [{"a": 01}]}', "byte 27, expecting ',' delimiter", "/extract_result/0"),
        (b'{"extract_result": [{"a": "\x01"}]}', "byte 27, invalid control character", "/extract_result/0"),
        (b'{"extract_result": [{"a": "\xc3\xa9\xff"}]}', "byte 29, it is not in UTF-8", None),
        (b'{"extract_result": [{"a": ' + b"9" * 5000 + b"}]}", "too many digits", "/extract_result/0"),
        (b'{"extract_result": [{"a": ' + b"[" * 100_000, "nested too deeply", "/extract_result/0"),
        (b'{"extract_result": {"a": ' + b'{"a":' * 100_000, "nested too deeply", "/extract_result/a"),
        (
            b'{"extract_metadata": {"field_metadata": {"row_metadata": [{}',
            "ends too early",
            "/extract_metadata/field_metadata/row_metadata/0",
        ),
        (b'{"status" "COMPLETED"}', "byte 10, : is missing", None),
        (b"{1: 2}", "byte 1, a name is missing", None),
        ('{"status": "COMPLETED"}'.encode("utf-16"), "UTF-8", None),
    ],
)
def test_what_is_malformed_names_the_byte_and_the_path(body: bytes, said: str, where: str | None) -> None:
    for chunk in (1, 50, 1 << 20):
        with pytest.raises(ResultError) as caught, opened_job(body, chunk=chunk):
            pass
        assert said in str(caught.value)
        if where:
            assert caught.value.where == where


def test_a_malformed_value_does_not_pull_the_rest_into_memory() -> None:
    reads: list[int] = []

    content = b'[{"a": x}' + b',{"a": "fine"}' * 100_000

    class Source:
        def read(self, offset: int, size: int) -> bytes:
            reads.append(size)
            return content[offset : offset + size]

    with pytest.raises(ResultError):
        list(Scanner(Source(), chunk=100).items(""))
    assert sum(reads) < 1000


@pytest.mark.parametrize(
    ("status", "error"),
    [
        ("FAILED", JobFailedError),
        ("CANCELLED", JobCancelledError),
        ("RUNNING", WaitTimeoutError),
        (None, WaitTimeoutError),
    ],
)
def test_a_job_that_is_not_completed_raises_as_from_memory(
    status: str | None, error: type[Exception]
) -> None:
    value = {"id": "ext-1", "status": status, "error_message": "no pages", "extract_result": None}
    with pytest.raises(error, match="no pages"):
        list(iter_records(body_of(value)))
    with pytest.raises(WaitTimeoutError) as caught:
        list(iter_records(body_of(job([{"a": 1}]) | {"status": "RUNNING"})))
    assert caught.value.job["extract_result"] == [{"a": 1}]


ROWS = job(
    [{"a": number, "b": f"x{number}é"} for number in range(300)],
    {"row_metadata": [{"a": ENTRY, "b": ENTRY} for _ in range(300)]},
)


class Parts(httpx.SyncByteStream):
    """A body that arrives in parts of some size, and may break off."""

    def __init__(self, content: bytes, size: int, *, broken: bool = False) -> None:
        self.content, self.size, self.broken = content, size, broken

    def __iter__(self) -> Iterator[bytes]:
        for start in range(0, len(self.content), self.size):
            yield self.content[start : start + self.size]
        if self.broken:
            raise httpx.RemoteProtocolError("peer closed connection")


@contextmanager
def response(content: bytes, size: int = 1, status: int = 200, **keywords: Any) -> Iterator[httpx.Response]:
    transport = httpx.MockTransport(lambda _: httpx.Response(status, stream=Parts(content, size, **keywords)))
    with httpx.Client(transport=transport) as client, client.stream("GET", "http://x/job") as opened:
        yield opened


class Trickle(io.RawIOBase):
    """A binary file that cannot be rewound and gives one byte at a time."""

    def __init__(self, content: bytes) -> None:
        self._content = io.BytesIO(content)

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        return self._content.read(1)


def test_every_kind_of_source_gives_the_same(tmp_path: Path) -> None:
    body = body_of(ROWS, ensure_ascii=False)
    expected = facts(records_from_job(ROWS))
    path = tmp_path / "answer.json"
    path.write_bytes(body)
    read_before = io.BytesIO(body)
    read_before.read(10)
    sources: list[Any] = [
        body,
        bytearray(body),
        memoryview(body),
        path,
        str(path),
        read_before,
        Trickle(body),
    ]
    for source in sources:
        assert facts(iter_records(source)) == expected
    with path.open("rb") as file:
        assert facts(iter_records(file)) == expected
    with response(body) as opened:
        assert facts(iter_records(opened)) == expected
    with response(body, 1000) as opened:
        opened.read()
        assert facts(iter_records(opened)) == expected


def test_records_arrive_one_by_one_and_what_was_opened_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "answer.json"
    path.write_bytes(body_of(ROWS))
    records = iter_records(path)
    assert [next(records).row for _ in range(3)] == [0, 1, 2]
    records.close()  # warnings are errors here: a file left open would be one
    path.unlink()


def test_an_error_status_and_a_broken_response() -> None:
    with response(b'{"detail": "no such job"}', status=404) as opened, pytest.raises(NotFoundError):
        next(iter_records(opened))
    with (
        response(body_of(ROWS)[:500], broken=True) as opened,
        pytest.raises(ResultError, match="broke off") as caught,
    ):
        next(iter_records(opened))
    assert caught.value.code == "answer_broken"
    with (
        response(body_of(ROWS)[:500]) as opened,
        pytest.raises(ResultError, match="byte 500, it ends too early"),
    ):
        next(iter_records(opened))


def test_an_answer_longer_than_the_limit_is_not_spooled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXTRACT_BRIDGE_MAX_ANSWER_BYTES", "1000")
    with response(body_of(ROWS)) as opened, pytest.raises(APIError) as caught:
        next(iter_records(opened))
    assert caught.value.code == "answer_too_large"


@pytest.mark.parametrize(
    "source",
    [
        "https://example.com/answer.json",
        '{"status": "COMPLETED"}',
        io.StringIO("{}"),
        "no/such/file.json",
        "nul\0",
        3,
        None,
        {"status": "COMPLETED"},
    ],
    ids=lambda source: type(source).__name__,
)
def test_what_holds_no_answer(source: Any) -> None:
    with pytest.raises(FileInputError) as caught:
        next(iter_records(source))
    assert "no/such" not in str(caught.value)


def test_no_path_and_no_text_of_the_document_is_in_an_error(tmp_path: Path) -> None:
    path = tmp_path / "answer.json"
    path.write_bytes(b'{"extract_result": [{"a": "secret"} oops]}')
    with pytest.raises(ResultError) as caught:
        next(iter_records(path))
    assert "secret" not in str(caught.value)
    assert str(tmp_path) not in str(caught.value)
    with pytest.raises(FileInputError) as missing:
        next(iter_records(tmp_path / "gone.json"))
    assert str(tmp_path) not in str(missing.value)
    assert missing.value.where == "gone.json"


def test_memory_does_not_grow_with_the_rows(make_rows: Callable[[int], bytes], tmp_path: Path) -> None:
    import tracemalloc

    def peak(rows: int) -> int:
        path = tmp_path / f"{rows}.json"
        path.write_bytes(make_rows(rows))
        tracemalloc.start()
        for _ in iter_records(path):
            pass
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    peak(10)
    few, many = peak(2_000), peak(8_000)  # both longer than a window
    assert many < few * 1.2 < 8_000_000


@pytest.fixture
def make_rows() -> Callable[[int], bytes]:
    def make(count: int) -> bytes:
        rows = [{"a": number, "b": "x" * 100} for number in range(count)]
        return body_of(job(rows, {"row_metadata": [{"a": ENTRY, "b": ENTRY}] * count}))

    return make
