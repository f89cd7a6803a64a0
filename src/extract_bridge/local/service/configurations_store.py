"""Saved configurations."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from extract_bridge.sqlite import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedConfiguration:
    """One configuration; `version` changes whenever `parameters` are replaced."""

    id: str
    project_id: str
    name: str
    product_type: str
    parameters: dict[str, Any]
    version: str
    created_at: str
    updated_at: str


class ConfigurationStore:
    """Saved configurations in the service's database.

    Args:
        database: The service's.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, saved: SavedConfiguration) -> None:
        """Keep it; one of the same id is replaced. Durable when this returns."""
        values = {name: getattr(saved, name) for name in SavedConfiguration.__slots__}
        with self._database.write(durable=True) as connection:
            connection.execute(
                "INSERT INTO configurations (id, project_id, name, product_type, parameters, version, created_at, updated_at)"
                " VALUES (:id, :project_id, :name, :product_type, :parameters, :version, :created_at, :updated_at)"
                " ON CONFLICT (id) DO UPDATE SET name = :name, parameters = :parameters, version = :version,"
                " updated_at = :updated_at",
                {**values, "parameters": json.dumps(saved.parameters)},
            )

    def get(self, configuration_id: str) -> SavedConfiguration | None:
        """The configuration, or None."""
        row = (
            self._database.connection()
            .execute("SELECT * FROM configurations WHERE id = ?", (configuration_id,))
            .fetchone()
        )
        return _saved(row) if row else None

    def find(self, *, name: str | None = None, product_types: Sequence[str] = ()) -> list[SavedConfiguration]:
        """Configurations, newest first.

        Args:
            name: Only those of this name.
            product_types: Only those of these products; empty is any.
        """
        rows = self._database.connection().execute(
            "SELECT * FROM configurations WHERE (?1 IS NULL OR name = ?1)"
            " AND (?2 = '[]' OR product_type IN (SELECT value FROM json_each(?2))) ORDER BY created_at DESC, id DESC",
            (name, json.dumps(list(product_types))),
        )
        return [_saved(row) for row in rows.fetchall()]

    def delete(self, configuration_id: str) -> bool:
        """Forget it; False where there was none."""
        with self._database.write() as connection:
            return (
                connection.execute("DELETE FROM configurations WHERE id = ?", (configuration_id,)).rowcount
                == 1
            )


def _saved(row: Any) -> SavedConfiguration:
    return SavedConfiguration(**{**row, "parameters": json.loads(row["parameters"])})
