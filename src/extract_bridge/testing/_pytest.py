"""pytest, where it is installed."""

from __future__ import annotations

from extract_bridge.core.errors import MissingExtraError

try:
    import pytest
except ImportError as error:
    raise MissingExtraError("test", "pytest") from error

__all__ = ["pytest"]
