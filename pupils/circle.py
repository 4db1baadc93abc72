"""Who stands near a pupil: relations, class groups, families and restrictions, granted and ended as named acts."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import Invitation, Setting, User

from . import audit, capacity, choices, policy, restrictions
from .enums import Authority, Relation, RestrictionKind, Section
from .models import (
    ClassGroup,
    ClassStaff,
    Household,
    InvitedToClass,
    ParentCarer,
    Pupil,
    PupilGroupPermission,
    PupilUserPermission,
    Restriction,
)
from .services import save_version
from .settings import require_senco


def permission(relation: Relation) -> Permission:
    return Permission.objects.get(
        content_type__app_label="pupils", content_type__model="pupil", codename=relation
    )


@transaction.atomic
def grant(*, relation: Relation, person: User, pupil: Pupil, by: User, at: datetime) -> PupilUserPermission:
    """Put a person near a pupil from now on. `by` must be allowed to edit the circle."""
    policy.require(by, "edit_circle", pupil, at)
    return place_near(relation=relation, person=person, pupil=pupil, by=by, at=at)


@transaction.atomic
def place_near(
    *, relation: Relation, person: User, pupil: Pupil, by: User, at: datetime
) -> PupilUserPermission:
    """`grant` for a caller that has already asked who may: an accepted invitation, which a SENCO wrote."""
    row, created = PupilUserPermission.objects.select_for_update().get_or_create(
        user=person, permission=permission(relation), content_object=pupil, defaults={"starts_at": at}
    )
    if not created:
        if row.ends_at is None:
            return row
        row.starts_at, row.ends_at = at, None
        row.save()
    audit.record(
        "joined the circle",
        by=by,
        at=at,
        pupil=pupil,
        of=person,
        relation=relation.value,
        section=Section.PROFILE,
    )
    return row


@transaction.atomic
def end_relation(*, relation: Relation, person: User, pupil: Pupil, by: User, at: datetime) -> None:
    """End a person's relation to a pupil now; the row stays, ended.

    Whoever decided something as a parent, under a capacity record, decides it no more.
    """
    policy.require(by, "edit_circle", pupil, at)
    ended = PupilUserPermission.objects.filter(
        Q(ends_at=None) | Q(ends_at__gt=at),
        user=person,
        permission=permission(relation),
        content_object=pupil,
    ).update(ends_at=at)
    if ended:
        audit.record(
            "left the circle",
            by=by,
            at=at,
            pupil=pupil,
            of=person,
            relation=relation.value,
            section=Section.PROFILE,
        )
    if ended and relation is Relation.PARENT_CARER:
        _end_decisions(person, pupil, by, at)


@transaction.atomic
def hand_place_on(*, pupil: Pupil, was: User, relation: Relation, by: User, at: datetime) -> None:
    """End the relation of somebody who took part on paper, for a caller who let the same person sign in: `by`."""
    near = PupilUserPermission.objects.filter(
        Q(ends_at=None) | Q(ends_at__gt=at),
        user=was,
        permission=permission(relation),
        content_object=pupil,
    )
    if near.update(ends_at=at):
        audit.record(
            "left the circle",
            by=by,
            at=at,
            pupil=pupil,
            of=was,
            relation=relation.value,
            section=Section.PROFILE,
        )


def selves(pupil: Pupil, at: datetime) -> QuerySet[PupilUserPermission]:
    """Who stands near a pupil as themselves at an instant, also one who may not sign in now."""
    rows = PupilUserPermission.objects.filter(content_object=pupil, permission=permission(Relation.SELF))
    return rows.filter(Q(ends_at=None) | Q(ends_at__gt=at), starts_at__lte=at)


def _end_decisions(person: User, pupil: Pupil, by: User, at: datetime) -> None:
    for record in choices.capacity_in_force(pupil, at).filter(decider=person, authority=Authority.PARENT):
        capacity.end(capacity=record, by=by, at=at)


@transaction.atomic
def open_class(*, setting: Setting, name: str, by: User, at: datetime) -> ClassGroup:
    """A new class group of a setting, whose SENCO `by` is. Raises ValidationError when the name is in use."""
    require_senco(by, setting, at)
    group = Group(name=f"{setting.pk} {name} {at.isoformat()}"[:150])
    found = ClassGroup(setting=setting, name=name)
    found.clean_fields(exclude=["group"])
    found.validate_constraints(exclude=["group"])
    group.save()
    found.group = group
    found.save()
    audit.record("class opened", by=by, at=at, setting=setting, of=found)
    return found


@transaction.atomic
def join_class(
    *, class_group: ClassGroup, person: User, by: User, at: datetime, subject: str = ""
) -> ClassStaff:
    """A key adult starts with a class now."""
    require_senco(by, class_group.setting, at)
    row, created = ClassStaff.objects.get_or_create(
        class_group=class_group, person=person, ends_at=None, defaults={"starts_at": at, "subject": subject}
    )
    if created:
        person.groups.add(class_group.group)
        audit.record(
            "joined a class", by=by, at=at, setting=class_group.setting, of=class_group, person=str(person.pk)
        )
    return row


@transaction.atomic
def begin_invited_classes(*, invitation: Invitation, person: User, at: datetime) -> None:
    """A new member of staff starts with the open classes that their accepted invitation names.

    Who may was asked of the SENCO who named them (`InvitedToClass`).
    """
    still = Q(class_group__closed_at=None) | Q(class_group__closed_at__gt=at)
    named = InvitedToClass.objects.filter(
        still, invitation=invitation, class_group__setting=invitation.setting
    )
    for lead in named.select_related("class_group"):
        __, begun = ClassStaff.objects.get_or_create(
            class_group=lead.class_group,
            person=person,
            ends_at=None,
            defaults={"starts_at": at, "subject": lead.subject},
        )
        if begun:
            person.groups.add(lead.class_group.group_id)
            audit.record(
                "joined a class",
                by=person,
                at=at,
                setting=invitation.setting,
                of=lead.class_group,
                person=str(person.pk),
            )


@transaction.atomic
def leave_class(*, class_group: ClassGroup, person: User, by: User, at: datetime) -> None:
    """A key adult's time with a class ends now."""
    require_senco(by, class_group.setting, at)
    open_ones = ClassStaff.objects.filter(
        Q(ends_at=None) | Q(ends_at__gt=at), class_group=class_group, person=person, starts_at__lte=at
    )
    if open_ones.update(ends_at=at):
        person.groups.remove(class_group.group)
        audit.record(
            "left a class", by=by, at=at, setting=class_group.setting, of=class_group, person=str(person.pk)
        )


@transaction.atomic
def place_in_class(*, pupil: Pupil, class_group: ClassGroup, by: User, at: datetime) -> None:
    """A pupil joins a class group now."""
    policy.require(by, "edit_circle", pupil, at)
    row, created = PupilGroupPermission.objects.get_or_create(
        group=class_group.group,
        permission=permission(Relation.KEY_ADULT),
        content_object=pupil,
        defaults={"starts_at": at},
    )
    if not created:
        if row.ends_at is None:
            return
        if row.ends_at <= at:
            row.starts_at = at  # a time that still goes on keeps the day on which it began
        row.ends_at = None
        row.save()
    audit.record("put in a class", by=by, at=at, pupil=pupil, of=class_group, section=Section.PROFILE)


@transaction.atomic
def take_out_of_class(*, pupil: Pupil, class_group: ClassGroup, by: User, at: datetime) -> None:
    """A pupil leaves a class group now."""
    policy.require(by, "edit_circle", pupil, at)
    if PupilGroupPermission.objects.filter(
        Q(ends_at=None) | Q(ends_at__gt=at), group=class_group.group, content_object=pupil, starts_at__lte=at
    ).update(ends_at=at):
        audit.record(
            "taken out of a class", by=by, at=at, pupil=pupil, of=class_group, section=Section.PROFILE
        )


@transaction.atomic
def move_to_class(
    *, pupils: Collection[UUID], was: ClassGroup, to: ClassGroup, by: User, at: datetime
) -> None:
    """Pupils of one class go to another of the same setting at this instant: all of them, or none.

    Their time in the one ends with its days as they were; whoever is in the other already goes on there. Raises
    PermissionDenied, and ValidationError by field for a class that is none and for whoever is not in `was` now.
    """
    require_senco(by, was.setting, at)
    if to.setting_id != was.setting_id or to.pk == was.pk or to.closed_at is not None:
        raise ValidationError({"to": _("Choose another class of this setting.")})
    if not pupils:
        raise ValidationError({"pupils": _("Tick who moves.")})
    held = list(Pupil.objects.select_for_update(no_key=True).filter(pk__in=pupils).order_by("pk"))
    here = set(in_class(was, at).filter(pk__in=pupils).values_list("pk", flat=True))
    found = [one for one in held if one.pk in here]
    if len(found) < len(set(pupils)):
        raise ValidationError({"pupils": _("Somebody you ticked is not in this class any more. Look again.")})
    for pupil in found:
        take_out_of_class(pupil=pupil, class_group=was, by=by, at=at)
        place_in_class(pupil=pupil, class_group=to, by=by, at=at)


def in_class(class_group: ClassGroup, at: datetime) -> QuerySet[Pupil]:
    """The pupils whose time in a class goes on at an instant, by name."""
    live = PupilGroupPermission.objects.filter(
        Q(ends_at=None) | Q(ends_at__gt=at),
        group=class_group.group_id,
        permission__codename=Relation.KEY_ADULT,
        content_object=OuterRef("pk"),
        starts_at__lte=at,
    )
    return Pupil.objects.filter(Exists(live)).order_by("given_name", "family_name", "pk")


@transaction.atomic
def add_parent_carer(
    *,
    pupil: Pupil,
    household: Household | None,
    by: User,
    at: datetime,
    household_name: str = "",
    **fields: Any,
) -> ParentCarer:
    """Write down an adult of a child's family; with `person`, they see the shared plan from now on.

    Raises ValidationError by field for one who is written down already, such as by the same form sent twice.
    """
    policy.require(by, "edit_circle", pupil, at)
    Pupil.objects.select_for_update(no_key=True).get(pk=pupil.pk)
    same = {"name": fields["name"], "relationship": fields.get("relationship", "")}
    if pupil.parent_carers.filter(**same).exists():
        raise ValidationError({"name": _("%(name)s is here already.") % {"name": fields["name"]}})
    household = household or Household.objects.create(name=household_name or f"{fields['name']}’s home")
    carer = ParentCarer(pupil=pupil, household=household, **fields)
    carer.full_clean()
    carer.save()
    audit.record("parent carer added", by=by, at=at, pupil=pupil, of=carer, section=Section.PROFILE)
    if carer.person is not None:
        place_near(relation=Relation.PARENT_CARER, person=carer.person, pupil=pupil, by=by, at=at)
    return carer


@transaction.atomic
def edit_household(
    *, household: Household, pupil: Pupil, version: int, by: User, at: datetime, **fields: Any
) -> None:
    """Change a household of a pupil's family. Raises Stale."""
    policy.require(by, "edit_circle", pupil, at)
    if not pupil.parent_carers.filter(household=household).exists():
        raise policy.NotThisSection(pupil)
    changed = save_version(household, version, fields)
    if changed:
        audit.record(
            "household changed",
            by=by,
            at=at,
            pupil=pupil,
            of=household,
            section=Section.PROFILE,
            fields=changed,
        )


@transaction.atomic
def restrict(
    *,
    pupil: Pupil,
    person: User | ParentCarer,
    kind: RestrictionKind,
    reason: str,
    by: User,
    at: datetime,
    ends_at: datetime | None = None,
) -> Restriction:
    """Shut somebody out of a pupil's record from now on, whatever else stands.

    `person` is who signs in, or an adult of the family who does not yet. What invitations lead them to this pupil is
    taken back. Raises ValidationError by field where the very same is written down already, such as by the same form
    sent twice, and for somebody of another family.
    """
    policy.require(by, "restrict", pupil, at)
    Pupil.objects.select_for_update(no_key=True).get(pk=pupil.pk)
    if ends_at is not None and ends_at <= at:
        raise ValidationError({"until": _("Choose a day to come.")})
    named = _named(pupil, person)
    standing = pupil.restrictions.filter(Q(ends_at=None) | Q(ends_at__gt=at), starts_at__lte=at)
    if standing.filter(**named, kind=kind, reason=reason, ends_at=ends_at).exists():
        raise ValidationError(
            {"person": _("This is written down already: %(person)s is shut out.") % {"person": person.name}}
        )
    row = Restriction(
        pupil=pupil,
        **named,
        kind=kind,
        reason=reason,
        starts_at=at,
        ends_at=ends_at,
        recorded_by=by,
        recorded_at=at,
    )
    row.full_clean()
    row.save()
    audit.record("restriction recorded", by=by, at=at, pupil=pupil, of=row, kind=kind)
    restrictions.take_back(restriction=row, by=by, at=at)
    return row


def _named(pupil: Pupil, person: User | ParentCarer) -> dict[str, Any]:
    """How a restriction names somebody: as who signs in, once they do."""
    if isinstance(person, User):
        return {"person": person}
    carer = pupil.parent_carers.select_for_update().filter(pk=person.pk).first()
    if carer is None:
        raise ValidationError({"person": _("Choose somebody of this child’s family.")})
    return {"person": carer.person} if carer.person else {"person": None, "parent_carer": carer}


@transaction.atomic
def lift_restriction(*, restriction: Restriction, by: User, at: datetime) -> None:
    """End a restriction now; it stays on record. One that had not begun never begins."""
    policy.require(by, "restrict", restriction.pupil, at)
    standing = Restriction.objects.filter(Q(ends_at=None) | Q(ends_at__gt=at), pk=restriction.pk)
    lifted = standing.filter(starts_at__lte=at).update(ends_at=at)
    lifted += standing.filter(starts_at__gt=at).exclude(ends_at=F("starts_at")).update(ends_at=F("starts_at"))
    if lifted:
        audit.record("restriction lifted", by=by, at=at, pupil=restriction.pupil, of=restriction)
