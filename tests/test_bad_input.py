"""What a tired person hands in, and what comes back: one table for the whole way, keyless, no fake in between."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

import extract_bridge
from extract_bridge import (
    APIStatusError,
    BadRequestError,
    ConfigurationError,
    ExtractClient,
    ExtractError,
    FileInputError,
    JobFailedError,
    NotFoundError,
    PageRangeError,
    SchemaError,
)

SCHEMA = {"title": "Note", "type": "object", "properties": {"number": {"type": ["string", "null"]}}}
_BODY = b"%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\n"
NO_PAGES = _BODY + (
    b"xref\n0 3\n0000000000 65535 f \n%010d 00000 n \n%010d 00000 n \ntrailer\n<</Size 3/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n"
    % (_BODY.index(b"1 0 obj"), _BODY.index(b"2 0 obj"), len(_BODY))
)


@dataclass(frozen=True)
class Case:
    """One mistake: how to call, and what must come back."""

    document: str = "good.pdf"
    keywords: tuple[tuple[str, Any], ...] = (("data_schema", SCHEMA),)
    error: type[ExtractError] = ExtractError
    code: str = ""
    says: str = ""


def with_schema(**more: Any) -> tuple[tuple[str, Any], ...]:
    return (("data_schema", SCHEMA), *more.items())


CASES = {
    "missing file": Case("missing.pdf", error=FileInputError, code="file_not_found", says="missing.pdf"),
    "directory": Case("folder", error=FileInputError, code="is_a_directory", says="extract_many"),
    "empty file": Case("empty.pdf", error=FileInputError, code="empty_file", says="empty.pdf"),
    "not a PDF": Case("fake.pdf", error=JobFailedError, says="PDF_IS_BROKEN"),
    "truncated": Case("truncated.pdf", error=JobFailedError, says="PDF_IS_BROKEN"),
    "encrypted": Case("encrypted.pdf", error=JobFailedError, says="PDF_IS_PROTECTED"),
    "zero pages": Case("zero.pdf", error=JobFailedError, says="NO_DATA_FOUND_IN_FILE"),
    "image only": Case("image.pdf", error=JobFailedError, says="extract-bridge[ocr]"),
    "page outside": Case(keywords=with_schema(target_pages="9"), error=JobFailedError, says="page 9"),
    "page zero": Case(keywords=with_schema(target_pages="0"), error=PageRangeError, code="target_pages", says="1,3,5-7"),
    "backwards": Case(keywords=with_schema(target_pages="5-2"), error=PageRangeError, code="target_pages", says="5-2"),
    "no page": Case(keywords=with_schema(target_pages="x"), error=PageRangeError, code="target_pages", says="1,3,5-7"),
    "no object schema": Case(keywords=(("data_schema", {"foo": {"foo": "bar"}}),), error=SchemaError, code="data_schema", says="object"),
    "no schema": Case(keywords=(), error=ConfigurationError, code="configuration", says="data_schema"),
    "two schemas": Case(
        keywords=(("data_schema", SCHEMA), ("configuration_id", "cfg-1")),
        error=ConfigurationError, code="configuration", says="configuration_id",
    ),
    "unknown parse job": Case("pjb-nothere", error=BadRequestError, code="bad_request", says="inputs_invalid"),
    "unknown file id": Case("dfl-nothere", error=BadRequestError, code="bad_request", says="inputs_invalid"),
    "a URL": Case("https://example.com/a.pdf", error=FileInputError, code="url_not_supported", says="ownload"),
    "JSON text": Case('{"total": 1}', error=FileInputError, code="json_not_supported"),
}  # fmt: skip


@pytest.fixture(scope="module")
def inbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The documents that the table names."""
    folder = tmp_path_factory.mktemp("inbox")
    page = folder / "good.pdf"
    canvas = Canvas(str(page), invariant=1)
    canvas.drawString(72, 700, "Number: A-17")
    canvas.save()
    (folder / "folder").mkdir()
    (folder / "empty.pdf").write_bytes(b"")
    (folder / "fake.pdf").write_bytes(b"%PDF-1.7\nthis is no document at all\n" * 20)
    (folder / "truncated.pdf").write_bytes(page.read_bytes()[:300])
    (folder / "zero.pdf").write_bytes(NO_PAGES)
    canvas = Canvas(str(folder / "encrypted.pdf"), encrypt=StandardEncryption("secret", canPrint=0))
    canvas.drawString(72, 700, "Number: A-17")
    canvas.save()
    canvas = Canvas(str(folder / "image.pdf"), invariant=1)
    canvas.setFillGray(0.5)
    canvas.rect(72, 600, 200, 100, fill=1)
    canvas.save()
    return folder


@pytest.fixture(scope="module")
def client() -> Any:
    with ExtractClient(local=True) as client:
        yield client


@pytest.mark.parametrize("name", CASES)
def test_a_mistake_is_a_typed_error_with_a_next_step(name: str, inbox: Path, client: ExtractClient) -> None:
    case = CASES[name]
    document = case.document if ":" in case.document or "-not" in case.document else inbox / case.document
    with pytest.raises(case.error) as caught:
        client.run(document, **dict(case.keywords))
    error, text = caught.value, str(caught.value)
    assert not case.code or error.code == case.code
    assert case.says in text
    assert error.hint, "every error says what to do next"
    assert str(inbox) not in text
    assert str(inbox) not in repr(error)
    if isinstance(error, JobFailedError):
        assert error.job.status == "FAILED"
        assert error.job.error_message
        assert str(inbox) not in error.job.error_message


@pytest.mark.parametrize("operation", ["get", "cancel", "delete"])
def test_an_unknown_job_is_not_found(operation: str, client: ExtractClient) -> None:
    with pytest.raises(NotFoundError) as caught:
        getattr(client, operation)("ext-nothere")
    assert (caught.value.status, caught.value.code) == (404, "not_found")
    assert caught.value.hint


def test_no_service_chosen() -> None:
    with pytest.raises(ConfigurationError, match="set LLAMA_CLOUD_API_KEY, or pass local=True") as caught:
        ExtractClient()
    assert "No Extract service chosen" in str(caught.value)


def test_every_error_is_public_and_in_the_tree() -> None:
    from extract_bridge.core import errors

    drawn = {
        name
        for name, value in vars(errors).items()
        if isinstance(value, type) and issubclass(value, ExtractError)
    }
    assert drawn <= set(extract_bridge.__all__)
    assert all(
        name in (errors.__doc__ or "")
        for name in drawn
        if not issubclass(getattr(errors, name), APIStatusError)
    )
