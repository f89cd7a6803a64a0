from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from conftest import SCHEMA, create, until, upload

ALWAYS = {
    "id", "created_at", "updated_at", "file_input", "document_input_value", "project_id", "status", "configuration",
    "configuration_id", "error_message", "extract_metadata", "extract_result", "metadata", "usage",
}  # fmt: skip
