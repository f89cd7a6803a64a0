"""Ids of the service: opaque to everybody else."""

from __future__ import annotations

import secrets

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_LENGTH = 28
DEFAULT_PROJECT = "prj-local"
PARSE_JOB = "pjb-"
FILE = "dfl-"


def new_id(prefix: str) -> str:
    """A fresh id such as `ext-` and 28 random characters."""
    return prefix + "".join(secrets.choice(_DIGITS) for _ in range(_LENGTH))


def file_id_of(input_id: str) -> str:
    """The file that an input names: itself, or the one that a parse job has read."""
    return FILE + input_id.removeprefix(PARSE_JOB) if input_id.startswith(PARSE_JOB) else input_id


def parse_job_id_of(input_id: str) -> str:
    """The parse job of an input: itself, or the one that reads the file."""
    return input_id if input_id.startswith(PARSE_JOB) else PARSE_JOB + input_id.removeprefix(FILE)
