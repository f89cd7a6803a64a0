"""Which organization a project belongs to: the one that it was first named with."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from extract_bridge.sqlite import Database


class ProjectStore:
    """Projects that came with an organization; all others belong to the local one, which has no id.

    Args:
        database: The service's.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def organization_of(self, project_id: str) -> str | None:
        """The organization of a project; None for the local one."""
        row = (
            self._database.connection()
            .execute("SELECT organization_id FROM projects WHERE id = ?", (project_id,))
            .fetchone()
        )
        return None if row is None else str(row[0])

    def bind(self, project_id: str, organization_id: str) -> str:
        """The organization of a project from now on: this one, or the one that it already has."""
        known = self.organization_of(project_id)
        if known is not None:
            return known
        with self._database.write() as connection:
            connection.execute(
                "INSERT INTO projects (id, organization_id) VALUES (?, ?) ON CONFLICT (id) DO NOTHING",
                (project_id, organization_id),
            )
        return self.organization_of(project_id) or organization_id
