"""A mail server that keeps what it takes, and now and then says to come back later: one address or message in thirty.

python -m tests.notifications.fickle_mailbox PORT FOLDER
"""

import asyncio
import random
import sys
from pathlib import Path
from typing import Any

from config import mailbox

ONE_IN = 30
LATER = "451 Come back later"


class Fickle(mailbox.Keep):
    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if not random.randrange(ONE_IN):
            return LATER
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        return await super().handle_DATA(server, session, envelope) if random.randrange(ONE_IN) else LATER


if __name__ == "__main__":
    asyncio.run(mailbox.serve(int(sys.argv[1]), Path(sys.argv[2]), Fickle))
