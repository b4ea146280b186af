"""What the client scripts share: tokens, pages of another origin, and a check that says what it saw."""

import contextlib
import http.server
import os
import subprocess
import sys
import threading


def base_url() -> str:
    return sys.argv[1].rstrip("/")


def token(role: str, user: str) -> str:
    command = [os.environ["ORCHESTRATORD"], "token", "--bots", os.environ["BOTS"], "--role", role, "--user", user]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def expect(holds: bool, what: str, seen: object = None) -> None:
    if not holds:
        raise SystemExit(f"expected: {what}\n    seen: {seen!r}")


def bearer(value: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {value}"}


class Page(http.server.BaseHTTPRequestHandler):
    """An empty page."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<html></html>")

    def log_message(self, *_: object) -> None:
        pass


@contextlib.contextmanager
def blank_page():
    """A page of another origin, but of this machine: browsers block what a page from elsewhere asks of it.

    A page that Playwright makes up comes from nowhere, so it counts as one from elsewhere.
    """
    pages = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=pages.serve_forever, daemon=True).start()
    try:
        yield f"http://localhost:{pages.server_address[1]}"
    finally:
        pages.shutdown()
        pages.server_close()


PATIENT_DIALOGUE = [
    ("I need to see a cardiologist next week", "cardiolog"),
    ("Dr. Smith", "free"),
    ("the first one", "Shall I book"),
    ("yes please", "✅"),
]
