"""What a model fills in, of the tool whose fields it names; apart, since most tools need no field specs."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field

from extract_bridge.agent.parameters import DocumentAndPages
from extract_bridge.agent.specs import FIELDS_HELP, MAX_FIELDS, ROWS_HELP, FieldSpec, fields_from_text


class DocumentAndFields(DocumentAndPages):
    """What the model fills in."""

    fields: Annotated[list[FieldSpec], BeforeValidator(fields_from_text)] = Field(
        description=FIELDS_HELP, min_length=1, max_length=MAX_FIELDS
    )
    rows: bool = Field(default=False, description=ROWS_HELP)
