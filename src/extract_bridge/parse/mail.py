"""E-mails: the headings that a reader sees, then the body."""

from __future__ import annotations

import email
import email.policy
from typing import TYPE_CHECKING

from extract_bridge.parse.canvas import Canvas
from extract_bridge.parse.html import draw_html
from extract_bridge.parse.text import decode

if TYPE_CHECKING:
    from email.message import MIMEPart

    from extract_bridge.parse.model import Page

_SHOWN = ("Subject", "From", "To", "Cc", "Bcc", "Reply-To", "Date")


def read_mail(data: bytes) -> tuple[Page, ...]:
    """Pages of an e-mail. The plain text is preferred to the HTML one; attachments are named, not read."""
    message = email.message_from_bytes(data, policy=email.policy.default)
    canvas = Canvas()
    for name in _SHOWN:
        for value in message.get_all(name, ()):
            canvas.text(f"{name}: {' '.join(str(value).split())}")
    attached = [part.get_filename() for part in message.iter_attachments()] if message.is_multipart() else []
    for file_name in filter(None, attached):
        canvas.text(f"Attachment: {file_name}")
    canvas.blank()
    body = message.get_body(preferencelist=("plain", "html"))
    if body is not None:
        text = _text_of(body)
        if body.get_content_subtype() == "html":
            draw_html(canvas, text)
        else:
            canvas.text(text)
    return canvas.pages()


def _text_of(part: MIMEPart) -> str:
    """The part's text; an unknown or wrong character set does not stop the reading."""
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return str(payload or "")
    charset = part.get_content_charset() or ""
    try:
        return payload.decode(charset).replace("\r\n", "\n")
    except (LookupError, UnicodeDecodeError):
        return decode(payload)
