"""What a service says when it will not."""

from typing import Any

from django.utils.translation import gettext as _


class Stale(Exception):
    """Something else was saved first. `now` is what was saved; `typed` is what was tried; `by` is whose change it was, where
    that stands on the row itself.
    """

    def __init__(self, now: Any, typed: dict[str, Any], by: Any = None) -> None:
        self.now = now
        self.typed = typed
        self.by = by
        super().__init__(_("Somebody else changed this while you were writing."))


class InvitationClosed(Exception):
    """An invitation that this person cannot use now: unknown, used, too old, taken back or not theirs.

    It never says which, so that a link tells nothing to somebody it was not meant for.
    """
