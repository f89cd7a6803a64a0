"""Webhook endpoints: what may be asked for, how a saved one is kept, and what is sent.

Signing secrets and header values are kept in the service's database, which only its owner can read (0600, as SQLite makes its
side files too). No answer, log or error shows a signing secret.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import ConfigDict, Field, field_validator

from extract_bridge.core.wire.webhooks import SIGNATURE_HEADER, sign
from extract_bridge.local.service.clock import now_text
from extract_bridge.local.service.ids import new_id
from extract_bridge.local.service.outbox import Delivery, Endpoint
from extract_bridge.local.service.plain import Body
from extract_bridge.local.service.targets import check_url

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection

    from extract_bridge.sqlite import Database

USER_AGENT = "extract-bridge-webhook-service/1.0"
PREFIX = "whc-"
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}")
_OURS = frozenset(
    {
        "host", "transfer-encoding", "connection", "keep-alive", "upgrade", "te", "trailer", "expect", "proxy-connection",
        "lc-signature", "x-webhook-event-id", "x-webhook-event-type",
    }
)  # fmt: skip
_MOST_HEADERS = 50
_LONGEST_VALUE = 4096

EventName = Annotated[str, Field(min_length=1, max_length=100)]


class WebhookSettings(Body):
    """What may be said of an endpoint; null is the same as absent."""

    model_config = ConfigDict(extra="allow", hide_input_in_errors=True)

    webhook_url: str | None = Field(default=None, max_length=2048)
    webhook_events: list[EventName] | None = Field(default=None, min_length=1, max_length=100)
    webhook_headers: dict[str, str] | None = Field(default=None, max_length=_MOST_HEADERS, repr=False)
    webhook_output_format: Literal["string", "json"] | None = None
    webhook_signing_secret: str | None = Field(default=None, min_length=1, max_length=500, repr=False)

    @field_validator("webhook_headers")
    @classmethod
    def _sendable(cls, headers: dict[str, str] | None) -> dict[str, str] | None:
        for name, value in (headers or {}).items():
            if not _NAME.fullmatch(name):
                raise ValueError("a header name is malformed")
            if name.lower() in _OURS or name.lower().startswith("content-"):
                raise ValueError(f"the header {name} is set by the service")
            if len(value) > _LONGEST_VALUE or not (value.isascii() and value.isprintable()):
                raise ValueError(f"the value of the header {name} is no printable ASCII text")
        return headers

    @field_validator("webhook_signing_secret")
    @classmethod
    def _encodable(cls, secret: str | None) -> str | None:
        if secret is not None:
            secret.encode()  # a lone surrogate could never be signed with
        return secret


class InlineWebhook(WebhookSettings):
    """One of a job's `webhook_configurations`, or a new saved one."""

    webhook_url: str = Field(max_length=2048)


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedWebhook:
    """A saved endpoint."""

    id: str
    project_id: str
    url: str
    events: list[str] | None
    headers: dict[str, str] | None = field(repr=False)
    output_format: Literal["string", "json"] | None
    secret: str | None = field(repr=False)
    created_at: str
    updated_at: str

    def view(self) -> dict[str, Any]:
        """As the wire shows it: without the secret."""
        return {
            "id": self.id,
            "tenant_id": self.project_id,
            "tenant_type": "project",
            "webhook_url": self.url,
            "webhook_events": self.events,
            "webhook_headers": self.headers,
            "webhook_output_format": self.output_format,
            "has_secret": self.secret is not None,
            "created_at": self.created_at,
            "updated_at": self.updated_at,
        }


class SavedWebhooks:
    """The saved endpoints in a service's database.

    Args:
        database: The service's.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def create(self, project_id: str, given: WebhookSettings) -> SavedWebhook:
        """Keep a new one; its URL was checked."""
        now = now_text()
        saved = SavedWebhook(
            id=new_id(PREFIX),
            project_id=project_id,
            url=given.webhook_url or "",
            events=given.webhook_events,
            headers=given.webhook_headers,
            output_format=given.webhook_output_format,
            secret=given.webhook_signing_secret,
            created_at=now,
            updated_at=now,
        )
        with self._database.write(durable=True) as connection:
            connection.execute(
                "INSERT INTO webhook_configs VALUES (:id, :project_id, :url, :events, :headers, :output_format, :secret,"
                " :created_at, :updated_at)",
                _row(saved),
            )
        return saved

    def get(self, config_id: str) -> SavedWebhook | None:
        """The one with this id, or None."""
        return _find(self._database.connection(), config_id)

    def update(self, config_id: str, given: WebhookSettings) -> SavedWebhook | None:
        """Change what is given, leave the rest; None where there is none."""
        with self._database.write(durable=True) as connection:
            before = _find(connection, config_id)
            if before is None:
                return None
            names: dict[str, Any] = {
                "url": given.webhook_url,
                "events": given.webhook_events,
                "headers": given.webhook_headers,
                "output_format": given.webhook_output_format,
                "secret": given.webhook_signing_secret,
            }
            changes = {name: value for name, value in names.items() if value is not None}
            after = replace(before, **changes, updated_at=now_text())
            connection.execute(
                "UPDATE webhook_configs SET url = :url, events = :events, headers = :headers, output_format = :output_format,"
                " secret = :secret, updated_at = :updated_at WHERE id = :id",
                _row(after),
            )
            return after

    def delete(self, config_id: str) -> None:
        """Forget one, if it is there."""
        with self._database.write() as connection:
            connection.execute("DELETE FROM webhook_configs WHERE id = ?", (config_id,))

    def all(self) -> list[SavedWebhook]:
        """Every one, newest first; there are few."""
        rows = self._database.connection().execute(
            "SELECT * FROM webhook_configs ORDER BY created_at DESC, id DESC"
        )
        return [_saved(row) for row in rows.fetchall()]


def endpoint_of(given: InlineWebhook | SavedWebhook, *, opened_hosts: Collection[str]) -> Endpoint:
    """Where events go.

    Raises:
        TargetError: the URL is not allowed.
    """
    if isinstance(given, SavedWebhook):
        url, events, headers = given.url, given.events, given.headers
        form, secret = given.output_format, given.secret
    else:
        url, events, headers = given.webhook_url, given.webhook_events, given.webhook_headers
        form, secret = given.webhook_output_format, given.webhook_signing_secret
    target = check_url(url, opened_hosts=opened_hosts)
    origin = f"{target.url.scheme}://{target.url.netloc.decode('ascii')}"
    return Endpoint(url=url, origin=origin, events=events, headers=headers, output_format=form, secret=secret)


def message(delivery: Delivery) -> tuple[dict[str, str], bytes]:
    """Headers and body of a delivery; the same for each attempt.

    The vendor documents one body and does not say in what `string` and `json` differ. Here `data` is an object, as in that body, and a
    text that holds the object where `string` was asked for by name.
    """
    endpoint = delivery.endpoint
    data: Any = {"id": delivery.job_id, "job_id": delivery.job_id}
    body = json.dumps(
        {
            "event_id": delivery.event_id,
            "event_type": delivery.event_type,
            "timestamp": delivery.occurred_at,
            "data": json.dumps(data) if endpoint.output_format == "string" else data,
        }
    ).encode()
    own = {
        "User-Agent": USER_AGENT,
        **(endpoint.headers or {}),
        "Content-Type": "application/json",
        "X-Webhook-Event-ID": delivery.event_id,
        "X-Webhook-Event-Type": delivery.event_type,
    }
    if endpoint.secret is not None:
        own[SIGNATURE_HEADER] = sign(body, endpoint.secret)
    return own, body


def _row(saved: SavedWebhook) -> dict[str, Any]:
    values = {name: getattr(saved, name) for name in SavedWebhook.__slots__}
    return {
        **values,
        "events": json.dumps(saved.events),
        "headers": json.dumps(saved.headers),
    }


def _find(connection: sqlite3.Connection, config_id: str) -> SavedWebhook | None:
    row = connection.execute("SELECT * FROM webhook_configs WHERE id = ?", (config_id,)).fetchone()
    return _saved(row) if row else None


def _saved(row: sqlite3.Row) -> SavedWebhook:
    values = dict(row)
    return SavedWebhook(
        **{**values, "events": json.loads(row["events"]), "headers": json.loads(row["headers"])}
    )
