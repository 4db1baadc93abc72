"""What a service says when it will not."""

from accounts.errors import Stale

__all__ = ["NotNow", "Stale"]


class NotNow(Exception):
    """The record is not in a state for this. The message says what to do instead."""
