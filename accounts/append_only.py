"""Tables that only grow, kept so by the database itself and not by good manners."""

from typing import Any

import pgtrigger


class AppendOnly(pgtrigger.Trigger):
    """Refuses update, delete and truncate.

    It runs a function of its own (the first migration of `pupils`) because those that pgtrigger writes
    can be switched off by a session variable, and this must not be.
    """

    when = pgtrigger.Before
    func = "RETURN NULL;"  # pgtrigger wants one; `render_execute` names the one that runs

    def render_execute(self, model: Any) -> str:
        return "alongside_append_only()"


APPEND_ONLY = [
    AppendOnly(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
    AppendOnly(name="never_emptied", operation=pgtrigger.Truncate, level=pgtrigger.Statement),
]
