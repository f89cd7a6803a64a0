"""Every step of the service's database since the first release, oldest first; released steps never change.

A module with tables of its own adds one step here. Rows that belong to a job should say `REFERENCES jobs (id) ON DELETE CASCADE`: they
then go with it, when it is deleted or its time is over.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from extract_bridge.sqlite import Migration

_FILES_AND_JOBS: Migration = (
    """CREATE TABLE files (
        id TEXT PRIMARY KEY, name TEXT NOT NULL, project_id TEXT NOT NULL, path TEXT NOT NULL, size INTEGER NOT NULL,
        sha256 TEXT NOT NULL, purpose TEXT NOT NULL, external_file_id TEXT, media_type TEXT NOT NULL,
        created_at TEXT NOT NULL, expires_at TEXT
    ) WITHOUT ROWID""",
    "CREATE INDEX files_newest ON files (created_at DESC, id DESC)",
    """CREATE TABLE jobs (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE, project_id TEXT NOT NULL, file_input TEXT NOT NULL, configuration TEXT NOT NULL,
        configuration_id TEXT, status TEXT NOT NULL, error_message TEXT, created_at TEXT NOT NULL, updated_at TEXT NOT NULL,
        attempts INTEGER NOT NULL DEFAULT 0, result TEXT, field_metadata TEXT, pages INTEGER,
        warnings TEXT NOT NULL DEFAULT '[]', extra TEXT NOT NULL DEFAULT '{}',
        lease_token TEXT, lease_until REAL,
        CHECK (status IN ('PENDING', 'RUNNING', 'COMPLETED', 'FAILED', 'CANCELLED')),
        CHECK ((status = 'RUNNING') = (lease_token IS NOT NULL))
    )""",
    "CREATE INDEX jobs_newest ON jobs (created_at DESC, id DESC)",
    "CREATE INDEX jobs_of_file ON jobs (file_input)",
    "CREATE INDEX jobs_open ON jobs (number) WHERE status IN ('PENDING', 'RUNNING')",
)

_IDEMPOTENCY: Migration = (
    """CREATE TABLE kept_answers (
        scope TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, job_id TEXT NOT NULL, answer TEXT NOT NULL, expires_at TEXT NOT NULL
    ) WITHOUT ROWID""",
    "CREATE INDEX kept_answers_oldest ON kept_answers (expires_at)",
    "CREATE INDEX files_oldest ON files (expires_at)",
)

_PARSE_JOBS_AND_CONFIGURATIONS: Migration = (
    # A parse job is a row of `jobs` whose id begins `pjb-`: it waits, runs, fails and ends as any other.
    "ALTER TABLE jobs ADD COLUMN words INTEGER",
    "ALTER TABLE jobs ADD COLUMN output_words INTEGER",
    "CREATE TABLE readings (job_id TEXT PRIMARY KEY REFERENCES jobs (id) ON DELETE CASCADE, reading TEXT NOT NULL)",
    """CREATE TABLE configurations (
        id TEXT PRIMARY KEY, project_id TEXT NOT NULL, name TEXT NOT NULL, product_type TEXT NOT NULL, parameters TEXT NOT NULL,
        version TEXT NOT NULL, created_at TEXT NOT NULL, updated_at TEXT NOT NULL
    ) WITHOUT ROWID""",
    "CREATE INDEX configurations_newest ON configurations (created_at DESC, id DESC)",
    "CREATE TABLE projects (id TEXT PRIMARY KEY, organization_id TEXT NOT NULL) WITHOUT ROWID",
)

_WEBHOOKS: Migration = (
    # No reference to `jobs`: an event outlives its job; settled ones are pruned by time.
    """CREATE TABLE webhook_outbox (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        job_id TEXT NOT NULL, place INTEGER NOT NULL, event_type TEXT NOT NULL, event_id TEXT NOT NULL, occurred_at REAL NOT NULL,
        endpoint TEXT, origin TEXT NOT NULL, state TEXT NOT NULL DEFAULT 'open', attempts INTEGER NOT NULL DEFAULT 0,
        next_at REAL NOT NULL,
        UNIQUE (job_id, place, event_type),
        CHECK (state IN ('open', 'delivered', 'failed')),
        CHECK ((state = 'open') = (endpoint IS NOT NULL))
    )""",
    "CREATE INDEX webhook_outbox_open ON webhook_outbox (number) WHERE state = 'open'",
    "CREATE INDEX webhook_outbox_oldest ON webhook_outbox (occurred_at)",
    """CREATE TABLE webhook_attempts (
        event INTEGER NOT NULL REFERENCES webhook_outbox (number) ON DELETE CASCADE, attempt INTEGER NOT NULL,
        started_at TEXT NOT NULL, seconds REAL NOT NULL, status INTEGER, problem TEXT,
        PRIMARY KEY (event, attempt)
    ) WITHOUT ROWID""",
    """CREATE TABLE webhook_configs (
        id TEXT PRIMARY KEY, project_id TEXT NOT NULL, url TEXT NOT NULL, events TEXT NOT NULL, headers TEXT NOT NULL,
        output_format TEXT, secret TEXT, created_at TEXT NOT NULL, updated_at TEXT NOT NULL
    ) WITHOUT ROWID""",
)

MIGRATIONS: tuple[Migration, ...] = (
    _FILES_AND_JOBS,
    _IDEMPOTENCY,
    _PARSE_JOBS_AND_CONFIGURATIONS,
    _WEBHOOKS,
)
