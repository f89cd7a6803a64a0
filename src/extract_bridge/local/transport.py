"""The door into the local service: an httpx transport, for sync and async callers alike, that opens no port.

One background thread runs one event loop with one lifespan of the app, shared by everybody in this process who names the same folder. A
sync caller waits for it in its own thread; an async caller awaits a future of its own loop. After a fork the child has a service of its
own.
"""

from __future__ import annotations

import asyncio
import atexit
import multiprocessing.process
import multiprocessing.util
import os
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
from anyio import to_thread

from extract_bridge.core.errors import ConfigurationError
from extract_bridge.local.scratch import ScratchFolder
from extract_bridge.local.service.app import create_app
from extract_bridge.local.service.state import ServiceSettings

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from concurrent.futures import Future

BASE_URL = "http://local.extract-bridge.internal"

_CLOSE_SECONDS = 2.0
_Answer = tuple[int, list[tuple[bytes, bytes]], bytes]
