"""`extract-bridge admin`: look at a service's folder, and tidy it. Both may be done while the service runs."""

from __future__ import annotations

from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from extract_bridge.core.errors import ConfigurationError
from extract_bridge.local.service.layout import DATABASE, FILES
from extract_bridge.local.service.presence import Presence
from extract_bridge.local.service.retention import missing, orphans, purge
from extract_bridge.local.service.sqlite_store import SqliteJobStore

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def check_folder(data_dir: Path) -> bool:
    """Print what a folder holds and what is wrong with it.

    Args:
        data_dir: The service's folder.

    Returns:
        Nothing is wrong. Bytes without a row are not wrong: a purge takes them away.

    Raises:
        ConfigurationError: no service has kept anything there, or a newer version has.
    """
    with _opened(data_dir) as store:
        problems, counts = store.check()
        if counts:  # else the rows cannot be read
            problems += [
                f"the bytes of file {file_id} are gone" for file_id in missing(store, data_dir / FILES)
            ]
            counts["bytes without a file"] = len(orphans(store, data_dir / FILES))
        for name, count in counts.items():
            print(f"{name}: {count}")
    for problem in problems:
        print(f"problem: {problem}")
    print("something is wrong" if problems else "all is well")
    return not problems


def purge_folder(data_dir: Path) -> None:
    """Remove what the service would remove at its next start, and print how much it was.

    Args:
        data_dir: The service's folder.

    Raises:
        ConfigurationError: no service has kept anything there, or a newer version has.
    """
    with _opened(data_dir) as store:
        presence = Presence(data_dir)
        try:
            done = purge(store, data_dir / FILES, alone=presence.alone)
        finally:
            presence.leave()
    print(
        f"removed: {done.files} files, {done.jobs} jobs, {done.answers} kept answers, {done.orphans} orphans"
    )


@contextmanager
def _opened(data_dir: Path) -> Iterator[SqliteJobStore]:
    if not (data_dir / DATABASE).is_file() or not (data_dir / FILES).is_dir():
        raise ConfigurationError(
            "no service has kept anything in this folder",
            where=data_dir.name,
            hint="Name the folder of `extract-bridge serve` with --data-dir",
        )
    with closing(SqliteJobStore(data_dir / DATABASE)) as store:
        yield store
