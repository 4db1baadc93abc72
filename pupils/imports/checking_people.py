"""What a file of staff or of classes would do."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts import policy as people_policy
from accounts.enums import InvitationKind, Role
from accounts.invitations import open_invitations
from accounts.models import Invitation, Membership, User
from accounts.words import english

from ..models import ClassGroup, ClassStaff, InvitedToClass
from . import cells
from .lines import Line, Task, once


@dataclass
class StaffWork:
    """A role for somebody who works here already, or else an invitation to it."""

    person: User | None
    email: str
    name: str
    role: Role


@dataclass
class ClassWork:
    """A class, new or as it is, and one adult of it who works here or is invited."""

    class_group: ClassGroup
    new_class: bool
    person: User | None
    invitation: Invitation | None
    subject: str
    place: ClassStaff | None
    invited_place: InvitedToClass | None


def check_staff(task: Task, lines: list[Line]) -> None:
    people, roles = _people_here(task)
    invited = {(i.email, i.role) for i in _invited(task)}
    may_give = people_policy.may_give(task.by, task.setting, task.at)
    seen: dict[Any, int] = {}
    for line in lines:
        name, email = line.words("name", User), line.email()
        role = line.value("role", cells.role)
        person = people.get(email)
        if role and email:
            once(seen, (email, role), line, "email", _("This person with this role"))
            held = Role(role) in roles.get(email, ())
            if not held and (email, role) not in invited:
                if email == task.by.email:
                    line.wrong("role", _("Nobody can give themselves a role. Ask somebody else to do it."))
                elif Role(role) not in may_give:
                    line.wrong("role", _("You cannot give this role. Ask somebody who can."))
                line.changes = {
                    "role": [
                        sorted(english(r.label) for r in roles.get(email, ())),
                        english(Role(role).label),
                    ]
                }
                line.work = StaffWork(person, email, name, Role(role))
        line.settle(new=line.work is not None and person is None)


def _people_here(task: Task) -> tuple[dict[str, User], dict[str, set[Role]]]:
    """Who works in the setting now, by address, and in which roles."""
    people: dict[str, User] = {}
    roles: dict[str, set[Role]] = {}
    held = Membership.objects.filter(
        people_policy.live(task.at), setting=task.setting, person__is_active=True
    )
    for membership in held.select_related("person"):
        people[membership.person.email or ""] = membership.person
        roles.setdefault(membership.person.email or "", set()).add(Role(membership.role))
    return people, roles


def _invited(task: Task) -> list[Invitation]:
    found = open_invitations(task.at).filter(setting=task.setting, kind=InvitationKind.STAFF)
    return list(found.order_by("invited_at"))


def check_classes(task: Task, lines: list[Line]) -> None:
    people, __ = _people_here(task)
    invitations = {i.email: i for i in _invited(task)}
    still = Q(closed_at=None) | Q(closed_at__gt=task.at)
    classes = {cells.same_name(c.name): c for c in ClassGroup.objects.filter(still, setting=task.setting)}
    there = set(classes)
    groups = [c.pk for c in classes.values()]
    places = {
        (p.class_group_id, p.person_id): p
        for p in ClassStaff.objects.filter(class_group__in=groups, ends_at=None)
    }
    waiting = {
        (p.class_group_id, p.invitation_id): p
        for p in InvitedToClass.objects.filter(class_group__in=groups, invitation__in=invitations.values())
    }
    seen: dict[Any, int] = {}
    for line in lines:
        name, subject = line.words("name", ClassGroup), line.words("subject", ClassStaff)
        email = line.email()
        if email and email not in people and email not in invitations:
            line.wrong(
                "email", _("Nobody with this address works here or is invited. Bring the staff in first.")
            )
        once(seen, (cells.same_name(name), email), line, "email", _("This class with this adult"))
        if line.is_wrong:
            line.settle(new=False)
            continue
        key = cells.same_name(name)
        group = classes.setdefault(key, ClassGroup(setting=task.setting, name=name))
        person, invitation = people.get(email), None if email in people else invitations.get(email)
        place = places.get((group.pk, person.pk)) if person else None
        invited_place = waiting.get((group.pk, invitation.pk)) if invitation else None
        opens = key not in there
        there.add(key)
        line.work = ClassWork(group, opens, person, invitation, subject, place, invited_place)
        _changes(line)
        line.settle(new=opens)


def _changes(line: Line) -> None:
    work: ClassWork = line.work
    if work.new_class:
        line.changes["name"] = ["", work.class_group.name]
    adult = work.person.name if work.person else work.invitation.email if work.invitation else ""
    there = work.place or work.invited_place
    if adult and there is None:
        line.changes["email"] = ["", adult]
    if adult and work.subject and (there is None or there.subject != work.subject):
        line.changes["subject"] = [there.subject if there else "", work.subject]
