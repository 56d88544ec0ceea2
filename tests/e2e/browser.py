"""A page in headless Chromium, of any origin, and what it tells of its requests."""

import json
import shutil
import subprocess
import threading
from collections.abc import Mapping
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import Empty, Queue
from typing import Any
from urllib.parse import urlsplit

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SEEN_WITHIN_SECONDS = 60
ARGUMENTS = (
    "--no-sandbox",  # which root and containers may not have; it opens our own pages alone
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--no-proxy-server",
    "--disable-background-networking",
    "--disable-component-update",
)
PAGE = Path(__file__).with_name("page.html")


def program() -> str | None:
    return next(filter(None, map(shutil.which, PROGRAMS)), None)


def visit(
    chromium: str, origin: str, settings: Mapping[str, Any], picture: bytes, state: Path
) -> dict[str, Any]:
    """What page.html saw as a page of `origin`, an address that no server needs to have.

    Raises:
        AssertionError: it told nothing; the browser's last words are said.
    """
    files = {
        "/": (PAGE.read_bytes(), "text/html"),
        "/settings.json": (json.dumps(settings).encode(), "application/json"),
        "/picture.png": (picture, "image/png"),
    }
    seen: Queue[dict[str, Any]] = Queue()
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, files, seen)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        log = state / "chromium.log"
        with log.open("wb") as said:
            browser = subprocess.Popen(
                _command(chromium, origin, server.server_port, state), stdout=said, stderr=said
            )
        try:
            return seen.get(timeout=SEEN_WITHIN_SECONDS)
        except Empty:
            last = log.read_text(errors="replace")[-2000:]
            told = f"the page told nothing in {SEEN_WITHIN_SECONDS} s; Chromium said:\n{last}"
            raise AssertionError(told) from None
        finally:
            browser.terminate()
            browser.wait(20)
            server.shutdown()


def _command(chromium: str, origin: str, port: int, state: Path) -> list[str]:
    """Names lead to this machine or nowhere, so no port has to be free, and nothing leaves it."""
    there = urlsplit(origin).netloc
    rules = (
        f"MAP {there} 127.0.0.1:{port}, MAP localhost 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
    )
    return [
        chromium,
        "--headless",
        *ARGUMENTS,
        f"--user-data-dir={state / 'profile'}",
        f"--host-resolver-rules={rules}",
        origin,
    ]


class _Handler(BaseHTTPRequestHandler):
    def __init__(
        self,
        files: Mapping[str, tuple[bytes, str]],
        seen: "Queue[dict[str, Any]]",
        *args: Any,
    ) -> None:
        self._files = files
        self._seen = seen
        super().__init__(*args)

    def do_GET(self) -> None:
        content, kind = self._files.get(self.path, (b"", "text/plain"))
        self.send_response(200 if content else 404)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def do_POST(self) -> None:
        self._seen.put(json.loads(self.rfile.read(int(self.headers["content-length"]))))
        self.send_response(204)
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        pass
