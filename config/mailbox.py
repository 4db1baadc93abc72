"""A mail server for the demo: takes every message over real SMTP and keeps it in a folder; sends none on.

python -m config.mailbox PORT FOLDER
"""

import asyncio
import os
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from aiosmtpd.smtp import SMTP


class Keep:
    """Writes each message as one .eml file, complete or not at all."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        name = f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}-{uuid4().hex[:8]}"
        unfinished = self.folder / f".{name}"
        to = ", ".join(envelope.rcpt_tos).replace("\n", " ")
        unfinished.write_bytes(f"X-Envelope-To: {to}\r\n".encode() + envelope.content)
        os.replace(unfinished, self.folder / f"{name}.eml")
        return "250 Kept"


async def serve(port: int, folder: Path, keep: type[Keep] = Keep) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    loop = asyncio.get_running_loop()
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    server = await loop.create_server(
        lambda: SMTP(keep(folder), enable_SMTPUTF8=True, ident="Alongside demo"), "127.0.0.1", port
    )
    async with server:
        await stopped.wait()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), Path(sys.argv[2])))
