"""The slow parts; those whose packages `[all,test]` does not bring are left alone where they are missing."""

from __future__ import annotations

from importlib.util import find_spec

collect_ignore = [] if find_spec("schemathesis") else ["test_fuzz.py"]
