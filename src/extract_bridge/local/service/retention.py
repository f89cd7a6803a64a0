"""Files and jobs are kept for a while, as in the cloud; then rows and bytes go. At the start of a service, and every hour."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from extract_bridge.core.limits import limit
from extract_bridge.local.service.clock import now_text

if TYPE_CHECKING:
    from pathlib import Path

    from extract_bridge.local.service.store import JobStore

_log = logging.getLogger(__name__)

_EVERY_SECONDS = 3600.0
_UPLOAD_SECONDS = 3600.0  # bytes without a row are an upload in progress, unless they are older
_STOP_SECONDS = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Purge:
    """What one purge removed, in counts; `orphans` are bytes that no file row names."""

    files: int
    jobs: int
    answers: int
    orphans: int


def purge(store: JobStore, folder: Path, *, alone: bool = False) -> Purge:
    """Remove what is over, and bytes that nothing refers to. May be repeated, and interrupted anywhere.

    Args:
        store: The rows.
        folder: The bytes.
        alone: No service accepts uploads meanwhile, so that even fresh bytes without a row are orphans.
    """
    gone = store.purge(now=now_text(), jobs_before=now_text(hours=-24 * limit("job_days")))
    for path in gone.paths:
        (folder / path).unlink(missing_ok=True)
    lost = orphans(store, folder, older_than=0.0 if alone else _UPLOAD_SECONDS)
    for orphan in lost:
        orphan.unlink(missing_ok=True)
    return Purge(files=len(gone.paths), jobs=gone.jobs, answers=gone.answers, orphans=len(lost))


def orphans(store: JobStore, folder: Path, *, older_than: float = _UPLOAD_SECONDS) -> list[Path]:
    """Bytes that no file row names, for example of an upload that a kill ended.

    Args:
        store: The rows.
        folder: The bytes.
        older_than: Seconds since they were last written.
    """
    before = time.time() - older_than
    found = [path for path in folder.iterdir() if path.is_file() and path.stat().st_mtime <= before]
    known = store.file_paths() if found else frozenset()
    return [path for path in found if path.name not in known]


def missing(store: JobStore, folder: Path) -> list[str]:
    """The ids of files whose bytes are not there."""
    return [file.id for file in store.list_files() if not (folder / file.path).is_file()]


class Janitor:
    """Purges every hour, in a daemon thread, from `start` to `stop`."""

    def __init__(self, store: JobStore, folder: Path) -> None:
        self._store, self._folder = store, folder
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._work, name="extract-bridge-janitor", daemon=True)

    def start(self) -> None:
        """Begin; the first purge is the caller's."""
        self._thread.start()

    def stop(self) -> None:
        """End."""
        self._ending.set()
        self._thread.join(_STOP_SECONDS)

    def _work(self) -> None:
        while not self._ending.wait(_EVERY_SECONDS):
            try:
                purge(self._store, self._folder)
            except Exception as error:  # noqa: BLE001 -- a full or busy disk now must not end the purges for good
                _log.error("old files and jobs could not be removed: %s", type(error).__name__)
