"""A double of GOV.UK Notify: a real HTTP server that keeps its API as far as texts and letters need it."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import jwt

SERVICE, SECRET = "5f1d7a9e-0000-4000-8000-00000000000a", "5f1d7a9e-0000-4000-8000-00000000000b"
KEY = f"alongside_test-{SERVICE}-{SECRET}"
TEXT, LETTER = "5f1d7a9e-0000-4000-8000-0000000000aa", "5f1d7a9e-0000-4000-8000-0000000000bb"


class Notify:
    """What it took, and how it answers next: `refuses` gives errors by number or first line, `breaks` what goes wrong."""

    def __init__(self) -> None:
        self.taken: list[dict[str, Any]] = []
        self.refuses: dict[str, tuple[int, str, str]] = {}
        self.breaks: list[str] = []
        self.asked: list[str] = []
        self.statuses: dict[str, str] = {}
        self.lock = threading.Lock()

    def post(self, path: str, body: dict[str, Any]) -> tuple[int, Any]:
        to = body.get("phone_number") or body["personalisation"]["address_line_1"]
        wrong = self.refuses.get(to)
        if wrong is not None:
            return wrong[0], {"status_code": wrong[0], "errors": [{"error": wrong[1], "message": wrong[2]}]}
        made = {"id": str(uuid4()), "path": path, **body}
        self.taken.append(made)
        return 201, {"id": made["id"], "reference": body["reference"]}

    def get(self, reference: str) -> tuple[int, Any]:
        self.asked.append(reference)
        found = [one for one in self.taken if one["reference"] == reference]
        told = [
            {"id": o["id"], "reference": reference, "status": self.statuses.get(reference, "created")}
            for o in found
        ]
        return 200, {"notifications": told, "links": {}}


def _handler(notify: Notify) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            pass

        def _answer(self) -> None:
            with notify.lock:
                token = self.headers["Authorization"].removeprefix("Bearer ")
                claims = jwt.decode(
                    token, SECRET.encode(), algorithms=["HS256"], options={"verify_iat": False}
                )
                assert claims["iss"] == SERVICE
                address = urlsplit(self.path)
                body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))) or b"{}")
                how = notify.breaks.pop(0) if notify.breaks else ""
                if how == "500":
                    status, told = (
                        500,
                        {"errors": [{"error": "Exception", "message": "Internal server error"}]},
                    )
                elif self.command == "POST":
                    status, told = notify.post(address.path, body)
                else:
                    status, told = notify.get(parse_qs(address.query)["reference"][0])
            if how == "dies":  # it took the message, and its answer never arrived
                self.connection.close()
                return
            content = json.dumps(told).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = _answer  # noqa: N815

    return Handler


@contextmanager
def running(settings: Any) -> Iterator[Notify]:
    """The double, and the settings that lead to it."""
    notify = Notify()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(notify))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    settings.NOTIFY_API_KEY, settings.NOTIFY_URL = KEY, f"http://127.0.0.1:{server.server_port}"
    settings.NOTIFY_TEXT_TEMPLATE, settings.NOTIFY_LETTER_TEMPLATE = TEXT, LETTER
    try:
        yield notify
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
