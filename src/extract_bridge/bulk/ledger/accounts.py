"""Budgets in the ledger: what is set aside and what was billed are rows, so processes share them and a killed one forgets none."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3

    from extract_bridge.bulk.ledger.shelf import Shelf

_BALANCE = (
    "SELECT coalesce(sum(billed), 0.0), coalesce(sum(CASE WHEN billed IS NULL THEN credits END), 0.0)"
    " FROM reservations WHERE account = ?"
)


class Accounts:
    """The accounts of one ledger; see `extract_bridge.core.pricing.Books`."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def balance(self, account: str) -> tuple[float, float]:
        """Credits spent, and credits set aside."""
        with self._shelf.read() as connection:
            return _balance(connection, account)

    def set_aside(self, account: str, credits: float, most: float, attempt_id: str) -> float | None:  # noqa: A002 - the API's word
        """Set credits aside for an attempt, in one transaction with the look at what is left; None, or what is left if that is too little."""
        with self._shelf.write() as connection:
            spent, reserved = _balance(connection, account)
            left = most - spent - reserved
            if credits > left:
                return left
            row = connection.execute("SELECT state FROM attempts WHERE id = ?", (attempt_id,)).fetchone()
            if row is None or row["state"] != "intent":
                return None  # its call was cancelled meanwhile: nobody would ever settle it
            connection.execute(
                "INSERT INTO reservations VALUES (?, ?, ?, ?, NULL)",
                (uuid.uuid4().hex, account, attempt_id, credits),
            )
        return None

    @staticmethod
    def settle(connection: sqlite3.Connection, attempt_id: str, billed: float | None, times: int = 1) -> None:
        """The attempt is over and cost so much; None: nobody said, and the estimate stays. Its duplicates are counted like it."""
        connection.execute(
            "UPDATE reservations SET billed = coalesce(?1, credits) * ?2 WHERE attempt_id = ?3 AND billed IS NULL",
            (billed, times, attempt_id),
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Accounts) and self._shelf.path == other._shelf.path

    def __hash__(self) -> int:
        return hash(self._shelf.path)


def _balance(connection: sqlite3.Connection, account: str) -> tuple[float, float]:
    spent, reserved = connection.execute(_BALANCE, (account,)).fetchone()
    return float(spent), float(reserved)
