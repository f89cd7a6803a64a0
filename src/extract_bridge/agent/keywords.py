"""What keywords of the tools may be, the same in both frameworks. Apart from what carries a call out, so that a tool's class costs little."""

from __future__ import annotations

from typing import Literal

EvidenceShown = Literal["all", "review", "none"]
"""Evidence in an answer's text: of all values, of those to review, or none."""

MIN_CONTENT_CHARS = 1000
"""An answer's text may always be so long, in characters."""
