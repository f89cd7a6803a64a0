"""Text that others wrote, made safe to stand in a model's context or an error message."""

from __future__ import annotations

import re

# Characters that no reader sees but a model reads, or that reorder what a reader sees: C0 and C1 controls (tab and
# newline stay), lone surrogates, bidi controls, invisible operators, interlinear marks, byte order marks, and plane
# 14 with its tags and extra variation selectors.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u061c\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e0fff]"
)
_ELLIPSIS = "…"


def clean_text(text: str) -> str:
    """`text` without control, bidi and tag characters, and without lone surrogates."""
    return _UNSEEN.sub("", text)


def shorten(text: str, most: int) -> str:
    """The cleaned text, cut to `most` characters with an ellipsis as the last one."""
    text = clean_text(text)
    return text if len(text) <= most else text[: max(most - 1, 0)] + _ELLIPSIS


def is_clean(text: str) -> bool:
    """Whether `clean_text` would leave it as it is."""
    return _UNSEEN.search(text) is None
