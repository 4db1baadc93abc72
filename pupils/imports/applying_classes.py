"""Saving a file of classes."""

from collections.abc import Sequence

from django.contrib.auth.models import Group
from django.utils.translation import gettext as _

from accounts.models import User

from .. import audit
from ..models import AuditEvent, ClassGroup, ClassStaff, InvitedToClass
from .checking_people import ClassWork
from .lines import Line, Task


def apply_classes(task: Task, lines: Sequence[Line]) -> None:
    """Some lines at once: a fixed number of statements, however many they are."""
    works: list[ClassWork] = [line.work for line in lines]
    opened = [w.class_group for w in works if w.new_class]
    groups = [Group(name=circle_name(c, task)) for c in opened]
    Group.objects.bulk_create(groups)
    for class_group, group in zip(opened, groups, strict=True):
        class_group.group = group
    ClassGroup.objects.bulk_create(opened)
    joined = [w for w in works if w.person is not None and w.place is None]
    ClassStaff.objects.bulk_create(
        ClassStaff(class_group=w.class_group, person=w.person, subject=w.subject, starts_at=task.at)
        for w in joined
    )
    in_group = User.groups.through
    in_group.objects.bulk_create(
        [in_group(user=w.person, group_id=w.class_group.group_id) for w in joined], ignore_conflicts=True
    )
    InvitedToClass.objects.bulk_create(
        InvitedToClass(invitation=w.invitation, class_group=w.class_group, subject=w.subject)
        for w in works
        if w.invitation is not None and w.invited_place is None
    )
    _subjects(works)
    audit.record_many(_event(task, line) for line in lines)


def circle_name(class_group: ClassGroup, task: Task) -> str:
    """The auth group's name, which must differ from every other: `circle.open_class` makes it the same way."""
    return f"{task.setting.pk} {class_group.name} {task.at.isoformat()}"[:150]


def _subjects(works: list[ClassWork]) -> None:
    places: list[ClassStaff] = []
    invited: list[InvitedToClass] = []
    for work in works:
        there = work.place or work.invited_place
        if there is not None and work.subject and there.subject != work.subject:
            there.subject = work.subject
            (places if work.place else invited).append(there)  # type: ignore[arg-type]
    if places:
        ClassStaff.objects.bulk_update(places, ["subject"])
    if invited:
        InvitedToClass.objects.bulk_update(invited, ["subject"])


def _event(task: Task, line: Line) -> AuditEvent:
    work: ClassWork = line.work
    detail = {"from": _("a file"), "fields": sorted(line.changes)}
    if work.person is not None:
        detail["person"] = str(work.person.pk)
    return AuditEvent(
        verb="class opened"
        if work.new_class
        else "joined a class"
        if work.place is None
        else "class changed",
        by=task.by,
        at=task.at,
        setting=task.setting,
        object_type="classgroup",
        object_id=work.class_group.pk,
        detail=detail,
    )
