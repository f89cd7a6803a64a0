"""Times as the wire has them: RFC 3339 in UTC, microseconds, `Z`. Of one width, so that text order is time order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


def wire_text(moment: datetime) -> str:
    """A moment as the wire has it; one without a zone is taken as UTC."""
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return moment.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def now_text(*, hours: float = 0) -> str:
    """Now, or so many hours from now."""
    return wire_text(datetime.now(UTC) + timedelta(hours=hours))
