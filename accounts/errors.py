"""What a service says when it will not."""

from typing import Any

from django.utils.translation import gettext as _


class Stale(Exception):
    """Somebody else saved this first. `now` is what they saved; `typed` is what was tried."""

    def __init__(self, now: Any, typed: dict[str, Any]) -> None:
        self.now = now
        self.typed = typed
        super().__init__(_("Somebody else changed this while you were writing."))


class InvitationClosed(Exception):
    """An invitation that this person cannot use now: unknown, used, too old, taken back or not theirs.

    It never says which, so that a link tells nothing to somebody it was not meant for.
    """
