"""What lies in a service's folder, beside `presence`'s lock."""

import sys
from pathlib import Path

DATABASE = "service.sqlite3"
FILES = "files"
_OTHERS = 0o077


def keep_private(data_dir: Path) -> None:
    """Take others' rights from what holds secrets: the database, its side files, and the copies made before a new format.

    They are made for their owner alone; but a folder that was copied or restored may have lost that, and SQLite gives its side files
    the rights of the database.

    Args:
        data_dir: The folder.
    """
    if sys.platform == "win32":  # rights are inherited from the folder there
        return
    for path in data_dir.glob(f"{DATABASE}*"):
        mode = path.stat().st_mode
        if mode & _OTHERS and path.is_file() and not path.is_symlink():
            path.chmod(mode & ~_OTHERS & 0o777)
