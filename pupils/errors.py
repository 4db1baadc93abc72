"""What a service says when it will not."""

from typing import Any


class Stale(Exception):
    """Somebody else saved this first. `now` is what they saved; `typed` is what was tried."""

    def __init__(self, now: Any, typed: dict[str, Any]) -> None:
        self.now = now
        self.typed = typed
        super().__init__("Somebody else changed this while you were writing.")


class NotNow(Exception):
    """The record is not in a state for this. The message says what to do instead."""
