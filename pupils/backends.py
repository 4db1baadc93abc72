"""Django's `has_perm`, answered by the policy."""

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.utils import timezone

from . import policy
from .enums import Section
from .models import Pupil


class PolicyBackend(BaseBackend):
    """`person.has_perm("pupils.view_funding", pupil)` and `person.has_perm("pupils.log_progress", pupil)`.

    Answers only for a pupil and only with the policy's answer at this moment; signs nobody in.
    """

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        app, _, name = perm.partition(".")
        if app != "pupils" or not isinstance(obj, Pupil):
            return False
        wanted = name.removeprefix("view_")
        if wanted not in policy.ACTIONS and wanted not in Section:
            return False
        return policy.can(user_obj, wanted, obj, timezone.now())
