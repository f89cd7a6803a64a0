"""What a model fills in, of the tools that reach documents: models that check and coerce it, the same in both frameworks."""

from __future__ import annotations

import threading
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, Field

from extract_bridge.agent.arguments import DOCUMENT_HELP, PAGES_HELP, PagesText

_MOST_NAMES = 200
_building = threading.Lock()
_Model = TypeVar("_Model", bound=BaseModel)


def built(model: type[_Model]) -> type[_Model]:
    """The class, complete: an older LangChain reads its signature, which a class that waits for its first use does not have yet."""
    with _building:
        model.model_rebuild()
    return model


class Arguments(BaseModel):
    """What the model fills in."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True, defer_build=True)


class Document(Arguments):
    """What the model fills in."""

    document: str = Field(description=DOCUMENT_HELP)


class DocumentAndPages(Document):
    """What the model fills in."""

    pages: PagesText = Field(default=None, description=PAGES_HELP)


class PageOfDocuments(Arguments):
    """What the model fills in."""

    contains: str | None = Field(default=None, max_length=200, description="Only names that hold this text")
    offset: int = Field(default=0, ge=0, description="Leave out so many")
    limit: int = Field(default=50, ge=1, le=_MOST_NAMES, description="Names at most")
