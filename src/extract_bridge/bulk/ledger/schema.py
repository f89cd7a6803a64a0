"""The ledger's file: what each table holds. Every step since the first release; released steps never change.

Times are seconds since the epoch, for people, `max_age` and `prune`: nothing that keeps a job from being paid twice goes by them.

`attempts`: one row for each attempt at a document, in the order in which they began (`seq`).

| column | meaning |
|---|---|
| id | the `external_file_id` of its file, and the `Idempotency-Key` of its create |
| key | the same for the same bytes, configuration, service and project |
| state | `intent`: nothing was sent but, perhaps, its file; `sending`: a create may have been sent; `sent`: the job is known; `final`: it ended; `void`: there surely was no job; `lost`: the service no longer knows the job |
| owner, visit | the process (`owners`) and the call in it that are at it; null: nobody is |
| service, address, project | who answers: `cloud`, `local` or the URL; where; in which scope |
| family | the same for equal service, project, tier and target: what a floating version is compared among |
| document, file_name | `sha256:…` of the bytes that were sent, or `id:…`; the name it was uploaded under |
| configuration | digest of what decided the result, see `configurations` |
| configuration_id | the saved configuration, if one was used |
| floating, version | no version was pinned; the version that the service echoed |
| file_input, own | what the job is made from; 1: uploaded for this attempt alone |
| job_id, status | the job, and how it ended |
| sends | creates that were sent and may have been carried out, as far as known |
| abandoned | 1: the last caller left, and the service was asked to cancel the job |
| reusable | 1: COMPLETED, without an error in its evidence |
| duplicates | JSON list of jobs that lost answers made beside this one |
| error_code, error | why it is where it is |
| credits | what was billed; null: nobody said |
| created_at, sent_at, finished_at | times |
| owed | what `collect` has to give: 2, it was submitted; 1, whoever waited for it left; 0, nothing |
| indexed | 1: its records are in `records` |

`results`: the finished job's whole JSON, compressed. It lies in this file, not beside it: state, bill and result are one commit, so there is no
row without its result and no result without its row, and one file is all there is to copy. `sources`: under which names a document was handed
in. `configurations`: canonical JSON by its sha256. `owners`: processes, alive as long as the kernel lock on `<ledger>.owners/<id>.lock` is held.
`waiters`: calls that wait for an attempt. `reservations`: what budgets (`account`) set
aside, and what was billed; null: not known yet. `records`: which attempt a record came from. `notes`: what else is
remembered, by name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from extract_bridge.sqlite import Migration

APPLICATION = 0x45424C31
"""What SQLite's `application_id` is in a ledger."""

_FIRST: Migration = (
    f"PRAGMA application_id = {APPLICATION}",
    "CREATE TABLE notes (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE configurations (digest TEXT PRIMARY KEY, content TEXT NOT NULL) WITHOUT ROWID",
    """CREATE TABLE owners (id TEXT PRIMARY KEY, host TEXT NOT NULL, boot TEXT NOT NULL, pid INTEGER NOT NULL, since REAL NOT NULL)
        WITHOUT ROWID""",
    """CREATE TABLE attempts (
        seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, key TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('intent', 'sending', 'sent', 'final', 'void', 'lost')),
        owner TEXT, visit TEXT, service TEXT NOT NULL, address TEXT NOT NULL, project TEXT, family TEXT NOT NULL,
        document TEXT NOT NULL, file_name TEXT, configuration TEXT NOT NULL REFERENCES configurations (digest), configuration_id TEXT,
        floating INTEGER NOT NULL, version TEXT, file_input TEXT, own INTEGER NOT NULL DEFAULT 0, job_id TEXT, status TEXT,
        sends INTEGER NOT NULL DEFAULT 0, abandoned INTEGER NOT NULL DEFAULT 0, reusable INTEGER NOT NULL DEFAULT 0,
        duplicates TEXT NOT NULL DEFAULT '[]', error_code TEXT, error TEXT, credits REAL, created_at REAL NOT NULL, sent_at REAL,
        finished_at REAL, owed INTEGER NOT NULL DEFAULT 0, indexed INTEGER NOT NULL DEFAULT 0)""",
    "CREATE INDEX attempts_key ON attempts (key, seq)",
    "CREATE INDEX attempts_open ON attempts (state, seq) WHERE state IN ('intent', 'sending', 'sent')",
    "CREATE INDEX attempts_job ON attempts (job_id) WHERE job_id IS NOT NULL",
    "CREATE INDEX attempts_family ON attempts (family, seq) WHERE version IS NOT NULL",
    "CREATE INDEX attempts_owed ON attempts (seq) WHERE owed > 0",
    "CREATE INDEX attempts_to_index ON attempts (seq) WHERE status = 'COMPLETED' AND indexed = 0",
    "CREATE TABLE results (attempt_id TEXT PRIMARY KEY REFERENCES attempts (id) ON DELETE CASCADE, body BLOB NOT NULL)",
    """CREATE TABLE sources (attempt_id TEXT NOT NULL REFERENCES attempts (id) ON DELETE CASCADE, source_id TEXT NOT NULL,
        schema_name TEXT NOT NULL, source TEXT NOT NULL, file_name TEXT, PRIMARY KEY (attempt_id, source_id, schema_name, source)) WITHOUT ROWID""",
    """CREATE TABLE waiters (attempt_id TEXT NOT NULL REFERENCES attempts (id) ON DELETE CASCADE, owner TEXT NOT NULL, visit TEXT NOT NULL,
        PRIMARY KEY (attempt_id, owner, visit)) WITHOUT ROWID""",
    """CREATE TABLE reservations (id TEXT PRIMARY KEY, account TEXT NOT NULL, attempt_id TEXT NOT NULL, credits REAL NOT NULL, billed REAL)
        WITHOUT ROWID""",
    "CREATE INDEX reservations_account ON reservations (account)",
    "CREATE INDEX reservations_attempt ON reservations (attempt_id) WHERE billed IS NULL",
    """CREATE TABLE records (id TEXT PRIMARY KEY, attempt_id TEXT NOT NULL REFERENCES attempts (id) ON DELETE CASCADE,
        source_id TEXT NOT NULL, schema_name TEXT NOT NULL, place INTEGER NOT NULL) WITHOUT ROWID""",
    "CREATE INDEX records_attempt ON records (attempt_id)",
)

MIGRATIONS = (_FIRST,)
