"""What a model fills in, tool by tool. FunctionTool checks nothing, so these models check and coerce."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from extract_bridge.agent.arguments import DOCUMENT_HELP, PAGES_HELP, PagesText
from extract_bridge.agent.job_calls import MOST_LISTED
from extract_bridge.agent.specs import FIELDS_HELP, MAX_FIELDS, ROWS_HELP, FieldSpec, fields_from_text

_JOB_ID = "The job_id that a tool answered with"
_MOST_WAIT = 60
_MOST_NAMES = 200


class Arguments(BaseModel):
    """What the model fills in."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class Document(Arguments):
    """What the model fills in."""

    document: str = Field(description=DOCUMENT_HELP)


class DocumentAndPages(Document):
    """What the model fills in."""

    pages: PagesText = Field(default=None, description=PAGES_HELP)


class DocumentAndFields(DocumentAndPages):
    """What the model fills in."""

    fields: Annotated[list[FieldSpec], BeforeValidator(fields_from_text)] = Field(
        description=FIELDS_HELP, min_length=1, max_length=MAX_FIELDS
    )
    rows: bool = Field(default=False, description=ROWS_HELP)


class Job(Arguments):
    """What the model fills in."""

    job_id: str = Field(description=_JOB_ID)


class JobAndWait(Job):
    """What the model fills in."""

    wait_seconds: int = Field(
        default=0, ge=0, le=_MOST_WAIT, description=f"Wait so long for it to end, 0 to {_MOST_WAIT}"
    )


class JobAndPart(Job):
    """What the model fills in."""

    path: str = Field(
        default="", max_length=2000, description='JSON pointer, such as /line_items; "" is all of the result'
    )
    offset: int = Field(
        default=0, ge=0, description="First item: row of a list, field of an object, character of a text"
    )
    limit: int | None = Field(
        default=None, ge=1, description="Items at most; leave it out for as many as fit"
    )


class PageOfJobs(Arguments):
    """What the model fills in."""

    offset: int = Field(default=0, ge=0, description="Leave out so many of the newest")
    limit: int = Field(default=10, ge=1, le=MOST_LISTED, description="Jobs at most")


class PageOfDocuments(Arguments):
    """What the model fills in."""

    contains: str | None = Field(default=None, max_length=200, description="Only names that hold this text")
    offset: int = Field(default=0, ge=0, description="Leave out so many")
    limit: int = Field(default=50, ge=1, le=_MOST_NAMES, description="Names at most")
