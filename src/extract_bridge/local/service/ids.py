"""Ids of the service: opaque to everybody else."""

from __future__ import annotations

import secrets

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_LENGTH = 28
DEFAULT_PROJECT = "prj-local"
PARSE_JOB = "pjb-"
FILE = "dfl-"
EXTRACT_JOB = "ext-"
CONFIGURATION = "cfg-"


def new_id(prefix: str) -> str:
    """A fresh id such as `ext-` and 28 random characters."""
    return prefix + "".join(secrets.choice(_DIGITS) for _ in range(_LENGTH))
