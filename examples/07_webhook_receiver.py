"""LangChain: from a webhook to Documents, without polling.

    pip install -e '.[all]'
    python examples/07_webhook_receiver.py

The service calls when a job has ended. The receiver checks the signature, answers at once and leaves the work to somebody else: the
event is only a nudge, so the job itself is then asked for. A repeated delivery is treated once. Against the cloud, leave `local=` out
and name a public https address of yours.
"""

import os
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from queue import Queue
from tempfile import TemporaryDirectory

from pydantic import BaseModel

from extract_bridge import (
    ExtractClient,
    LocalService,
    SeenEvents,
    WebhookError,
    WebhookEvent,
    WebhookSignatureError,
    unwrap,
)
from extract_bridge.langchain import citations, documents_from_job
from make_samples import make

SECRET = os.environ.get("WEBHOOK_SECRET") or os.urandom(16).hex()
LARGEST_BODY = 64 * 1024
EVENTS: Queue[WebhookEvent] = Queue()


class Invoice(BaseModel):
    """What to read."""

    invoice_number: str | None = None
    total: float | None = None


class Receiver(BaseHTTPRequestHandler):
    """One endpoint, as any web framework would have it."""

    def do_POST(self) -> None:
        """Check, keep, answer."""
        length = self.headers.get("Content-Length", "")
        if not length.isdigit() or int(length) > LARGEST_BODY:
            self.reply(413)
            return
        body = self.rfile.read(int(length))  # the raw bytes: the signature is of them
        try:
            EVENTS.put(unwrap(body, self.headers, SECRET))
        except WebhookSignatureError:
            self.reply(401)
        except WebhookError:
            self.reply(400)
        else:
            self.reply(204)

    def reply(self, status: int) -> None:
        """An answer without a body."""
        self.send_response(status)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Print nothing."""


def main() -> None:
    server = HTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    hook = {
        "webhook_url": f"http://127.0.0.1:{server.server_port}/",
        "webhook_events": ["extract.success", "extract.error", "extract.cancelled"],
        "webhook_signing_secret": SECRET,
    }
    local = LocalService(allow_webhook_hosts=("127.0.0.1",))
    with TemporaryDirectory() as folder, ExtractClient(local=local) as client:
        make(1, Path(folder))
        file = client.files.create(Path(folder) / "invoice.pdf")
        client.create(file.id, data_schema=Invoice, webhook_configurations=[hook])

        seen = SeenEvents()
        event = EVENTS.get(timeout=60)
        with seen.first_time(event) as is_new:
            if is_new:
                print("told of", event.event_type)
                job = client.get(
                    event.job_id
                )  # one request; also what tells a failed job from a finished one
                for document in documents_from_job(job, data_schema=Invoice):
                    where = citations(document)["/total"][0]
                    print(document.page_content)
                    print(f'page {where.page}: "{where.quote}"')
    server.shutdown()
    server.server_close()


if __name__ == "__main__":
    main()
