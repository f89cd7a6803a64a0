"""E-mails."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from extract_bridge.parse.model import Page


def read_mail(data: bytes) -> tuple[Page, ...]:
    """Pages of an e-mail."""
    return ()
