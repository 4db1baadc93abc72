"""A small mailbox of a mail provider: IMAP over TLS on this machine, as far as it is spoken here.

Its certificate is its own; whoever reads from it trusts that one (`SSL_CERT_FILE`).
"""

import re
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

USER, PASSWORD = "bounces@plans.example", 'p"s/w d'


@dataclass
class Box:
    """What lies in it: by uid, the message and its flags. `plus`: whether it can delete one message alone."""

    port: int = 0
    plus: bool = True
    messages: dict[int, bytes] = field(default_factory=dict)
    flags: dict[int, set[str]] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    breaks_at: str = ""

    def put(self, content: bytes) -> int:
        uid = max(self.messages, default=0) + 1
        self.messages[uid], self.flags[uid] = content, set()
        return uid


class _Session(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        box: Box = self.server.box  # type: ignore[attr-defined]
        self.wfile.write(b"* OK ready\r\n")
        for line in self.rfile:
            tag, _, asked = line.decode().strip().partition(" ")
            box.said.append(asked)
            if box.breaks_at and box.breaks_at in asked:
                return  # as if it were killed
            for one in self.answer(box, asked):
                self.wfile.write(one)
            self.wfile.write(f"{tag} {self.state}\r\n".encode())
            if asked == "LOGOUT":
                return

    def answer(self, box: Box, asked: str) -> Iterator[bytes]:
        self.state = "OK done"
        if asked == "CAPABILITY":
            yield b"* CAPABILITY IMAP4rev1" + (b" UIDPLUS" if box.plus else b"") + b"\r\n"
        elif asked.startswith("LOGIN"):
            quoted = PASSWORD.replace('"', r"\"")
            if asked != f'LOGIN {USER} "{quoted}"':
                self.state = "NO wrong"
        elif asked.startswith("SELECT"):
            if asked != 'SELECT "Returned"':
                self.state = "NO no such folder"
            yield f"* {len(box.messages)} EXISTS\r\n".encode()
        elif asked == "UID SEARCH UNSEEN UNDELETED":
            found = [uid for uid, has in box.flags.items() if not has & {r"\Seen", r"\Deleted"}]
            yield ("* SEARCH " + " ".join(map(str, found)) + "\r\n").encode()
        elif made := re.fullmatch(r"UID FETCH (\d+) \(BODY\.PEEK\[\]<0\.(\d+)>\)", asked):
            content = box.messages.get(int(made[1]), b"")[: int(made[2])]
            if content:
                yield (
                    f"* 1 FETCH (UID {made[1]} BODY[]<0> {{{len(content)}}}\r\n".encode() + content + b")\r\n"
                )
        elif made := re.fullmatch(r"UID STORE (\d+) \+FLAGS\.SILENT \((\\\w+)\)", asked):
            box.flags[int(made[1])].add(made[2])
        elif made := re.fullmatch(r"UID EXPUNGE (\d+)", asked):
            del box.messages[int(made[1])], box.flags[int(made[1])]
        elif asked != "LOGOUT":
            self.state = "BAD what?"


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for this machine and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=3650))
        .not_valid_after(now + timedelta(days=3650))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    public, private = folder / "cert.pem", folder / "key.pem"
    public.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return public, private


@contextmanager
def serving(folder: Path) -> Iterator[Box]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate(folder))

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        box = Box()

        def finish_request(self, request: object, client_address: object) -> None:
            try:
                with context.wrap_socket(request, server_side=True) as safe:  # type: ignore[arg-type]
                    self.RequestHandlerClass(safe, client_address, self)  # type: ignore[arg-type]
            except OSError:
                pass  # whoever called did not trust us, or left

    with Server(("127.0.0.1", 0), _Session) as server:
        server.box.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.box
        finally:
            server.shutdown()
            thread.join()
