"""Saving what a checked file would do: in bulk, in the caller's transaction, which holds the setting.

Who may was asked of the setting, and every row is about a pupil who is enrolled in it, or a new one.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _

from accounts.mail import send_invitation

from .. import people
from ..enums import ImportKind, Outcome
from .applying_classes import apply_classes
from .applying_families import apply_families
from .applying_pupils import apply_pupils
from .checking_people import StaffWork
from .lines import Line, Task

#: How far it is: rows saved so far.
Tell = Callable[[int], None]
#: What is done once everything is committed; gives the sentence to tell about it, if any.
Afterwards = Callable[[], str]

AT_ONCE = 500

#: By kind, as `checking.CHECKS`; staff are saved one by one.
STEPS: dict[ImportKind, Callable[[Task, Sequence[Line]], None]] = {
    ImportKind.CLASSES: apply_classes,
    ImportKind.PUPILS: apply_pupils,
    ImportKind.FAMILIES: apply_families,
}


def apply(task: Task, lines: Sequence[Line], tell: Tell) -> Afterwards:
    """Save every line that adds or changes something. A file with an error in it never comes here."""
    to_do = [line for line in lines if line.outcome in (Outcome.ADD, Outcome.CHANGE)]
    if task.kind == ImportKind.STAFF:
        return _apply_staff(task, to_do, tell)
    step = STEPS[task.kind]
    done = 0
    for some in _by(AT_ONCE, to_do):
        step(task, some)
        done += len(some)
        tell(done)
    return lambda: ""


def _by(size: int, lines: list[Line]) -> Iterator[list[Line]]:
    for start in range(0, len(lines), size):
        yield lines[start : start + size]


def _apply_staff(task: Task, lines: list[Line], tell: Tell) -> Afterwards:
    """One by one, through the services: each is an invitation with a secret of its own."""
    letters: list[Any] = []
    who: dict[str, Any] = {"setting": task.setting, "by": task.by, "at": task.at}
    for done, line in enumerate(lines, start=1):
        work: StaffWork = line.work
        if work.person is not None:
            people.add_member(person=work.person, role=work.role, **who)
        else:
            letters.append(people.invite_staff(email=work.email, name=work.name, role=work.role, **who))
        tell(done)

    def send() -> str:
        lost = sum(not send_invitation(invitation, secret) for invitation, secret in letters)
        if not lost:
            return ""
        return _(
            "%(lost)s of %(letters)s invitations could not be e-mailed. Send them again from the staff page."
        ) % {"lost": lost, "letters": len(letters)}

    return send
