"""The one HTML file: our own style and script, the data, and the page images, under a policy that allows nothing else."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from extract_bridge.core.records.clean import encodable
from extract_bridge.review.encode import as_script

if TYPE_CHECKING:
    from collections.abc import Sequence

_STYLES = ("page.css",)
_SCRIPTS = (
    "text.js",
    "model.js",
    "pages.js",
    "list.js",
    "inspector.js",
    "corrections.js",
    "page.js",
)
"""In this order; they share one scope."""
_SLOT = re.compile(r"\{\{(\w+)\}\}")


def render(title: str, data: dict[str, Any], images: Sequence[str]) -> str:
    """The file.

    Args:
        title: Of the page, any text.
        data: See `encode`; plain JSON.
        images: Base64 of a WebP for each sheet; empty where it has none.
    """
    style, script = _style(), _script()
    policy = "; ".join(
        (
            "default-src 'none'",
            f"script-src '{_digest(script)}'",
            f"style-src '{_digest(style)}'",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )
    parts = {
        "policy": escape(policy, quote=False),
        "title": escape(encodable(title)),
        "style": style,
        "data": as_script(data),
        "images": "\n".join(_image(number, image) for number, image in enumerate(images) if image),
        "script": script,
    }
    return _SLOT.sub(lambda found: parts[found[1]], _asset("page.html"))


def _image(number: int, image: str) -> str:
    """An image is kept as inert text until its page comes near the window."""
    return f'<script type="text/plain" id="image-{number}">{image}</script>'


@cache
def _script() -> str:
    parts = "\n".join(_asset(name) for name in _SCRIPTS)
    return f'(() => {{\n"use strict";\n{parts}\n}})();'


@cache
def _style() -> str:
    return "\n".join(_asset(name) for name in _STYLES)


@cache
def _asset(name: str) -> str:
    return files("extract_bridge.review").joinpath("assets", name).read_text("utf-8")


def _digest(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
