"""`project_id` and `organization_id`: what a request may see, and where it puts what it makes.

They are filters, not isolation: whoever may ask at all may name any project. Ids are taken as they are (UUIDs, `prj-…`).
"""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, HTTPException, Query

from extract_bridge.core.identity import sha256_hex
from extract_bridge.local.service.ids import DEFAULT_PROJECT
from extract_bridge.local.service.problems import not_found
from extract_bridge.local.service.state import CurrentService, Service

_DIGEST = 28
ScopeId = Annotated[str | None, Query(max_length=200)]


@dataclass(frozen=True, slots=True)
class Scope:
    """The project and organization that a request names, if any."""

    service: Service
    project_id: str | None
    organization_id: str | None

    def sees(self, project_id: str) -> bool:
        """A thing of this project is inside."""
        if self.project_id is not None and self.project_id != project_id:
            return False
        if self.organization_id is None:
            return True
        return self.service.projects.organization_of(project_id) == self.organization_id

    def require(self, project_id: str, what: str) -> None:
        """The thing is inside, or it is not there at all.

        Args:
            project_id: The thing's project.
            what: The kind of thing, for the message.

        Raises:
            HTTPException: 404.
        """
        if not self.sees(project_id):
            raise not_found(what)

    def allow(self, project_id: str, what: str) -> None:
        """Something new may use a thing that exists.

        Args:
            project_id: The thing's project.
            what: The kind of thing, for the message.

        Raises:
            HTTPException: 403.
        """
        if not self.sees(project_id):
            raise HTTPException(403, f"{what} belongs to another project")

    def home(self) -> str:
        """The project of what is made: the one that is named, else the default one of the organization.

        Raises:
            HTTPException: 403: the project belongs to another organization.
        """
        if self.organization_id is None:
            return self.project_id or DEFAULT_PROJECT
        project = self.project_id or f"prj-{sha256_hex(self.organization_id.encode())[:_DIGEST]}"
        if self.service.projects.bind(project, self.organization_id) != self.organization_id:
            raise HTTPException(403, "The project belongs to another organization")
        return project


async def scope_of(
    service: CurrentService, project_id: ScopeId = None, organization_id: ScopeId = None
) -> Scope:
    """The scope of a request; an empty id is none. A coroutine: a plain function would cost each request a thread."""
    return Scope(service, project_id or None, organization_id or None)


CurrentScope = Annotated[Scope, Depends(scope_of)]
