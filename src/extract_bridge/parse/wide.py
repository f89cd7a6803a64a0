"""Text of two bytes a character without the mark that says so, as some programs export it."""

from __future__ import annotations

_SAMPLE = 4096
_MOSTLY = 0.6  # of the characters are Latin ones, whose upper byte is zero
_HARDLY = 0.02


def wide_encoding(data: bytes) -> str | None:
    """`utf-16-le` or `utf-16-be` where a text without a byte order mark is plainly one of them, else None.

    Args:
        data: The whole text.
    """
    sample = data[:_SAMPLE]
    if len(data) % 2 or len(sample) < 4:
        return None
    first, second = (sample[at::2].count(0) / (len(sample) // 2) for at in (0, 1))
    for here, other, encoding in ((second, first, "utf-16-le"), (first, second, "utf-16-be")):
        if here >= _MOSTLY and other <= _HARDLY and _is_text(sample, encoding):
            return encoding
    return None


def _is_text(sample: bytes, encoding: str) -> bool:
    text = sample.decode(encoding, errors="replace")
    odd = sum(not char.isprintable() and char not in "\r\n\t\f" for char in text)
    return odd <= _HARDLY * len(text)
