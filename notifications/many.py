"""One update for many children at once: all of it is written, or nothing is."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.enums import Phase
from accounts.models import Setting, User
from accounts.policy import roles
from apdr.enums import Perspective
from pupils import audit, policy
from pupils.enums import Relation, Section
from pupils.models import (
    AuditEvent,
    ClassGroup,
    ClassStaff,
    Enrolment,
    Pupil,
    PupilGroupPermission,
    PupilUserPermission,
)

from .daily import NURSERY
from .models import Call, Update
from .services import as_staff

#: Children to whom one update goes at most.
MOST = 60

#: Stands for those whose key adult somebody is by themselves, where a class is named.
ALONE = "alone"


@dataclass(frozen=True)
class Group:
    """A class that somebody can write to; `pk` is its id, or `ALONE`."""

    pk: str
    name: str


@dataclass(frozen=True)
class Written:
    """Those of a class to whose homes somebody can write, and those whose part is not open to them.

    `more`: the class is so large that only its first `MOST` are looked at.
    """

    groups: list[Group]
    group: Group | None
    open: list[Pupil]
    closed: list[Pupil]
    more: bool = False


def to_write_to(person: User, at: datetime, asked: str = "") -> Written:
    """The classes somebody teaches or coordinates, and who is in the one that was asked for, or the first: 6 queries.

    A pupil has `early`: whether they have a daily form.
    """
    if not roles(person, at):
        return Written([], None, [], [])
    coordinated = list(policy.settings_coordinated(person, at))
    classes = list(_classes(person, at, coordinated))
    groups = [Group(str(one.pk), one.name) for one in classes]
    by_self = _pupils(at).filter(_by_self(person, at))
    if asked == ALONE or by_self.exists():
        groups.append(Group(ALONE, _("Others I work with")))
    group = next((one for one in groups if one.pk == asked), groups[0] if groups else None)
    if group is None:
        return Written([], None, [], [])
    if group.pk == ALONE:
        found = list(by_self[: MOST + 1])
    else:
        mine = next(one for one in classes if str(one.pk) == group.pk)
        inside = PupilGroupPermission.objects.filter(
            _live(at),
            content_object=OuterRef("pk"),
            group=mine.group_id,
            permission__codename=Relation.KEY_ADULT,
        )
        found = list(_pupils(at).filter(Exists(inside))[: MOST + 1])
    more, found = len(found) > MOST, found[:MOST]
    sights = policy.sights(person, found, at)
    near = [one for one in found if sights[one.pk].near]
    reached = [one for one in near if _reached(sights[one.pk])]
    return Written(groups, group, reached, [one for one in near if one not in reached], more)


def _classes(person: User, at: datetime, coordinated: list[Setting]) -> QuerySet[ClassGroup]:
    mine = ClassStaff.objects.filter(_live(at), class_group=OuterRef("pk"), person=person)
    member = person.memberships.filter(_live(at), setting=OuterRef("setting"))
    found = ClassGroup.objects.annotate(mine=Exists(mine) & Exists(member)).exclude(closed_at__lte=at)
    return found.filter(Q(mine=True) | Q(setting__in=coordinated)).order_by("-mine", "name", "pk")


def _by_self(person: User, at: datetime) -> Exists:
    return Exists(
        PupilUserPermission.objects.filter(
            _live(at), content_object=OuterRef("pk"), user=person, permission__codename=Relation.KEY_ADULT
        )
    )


def _pupils(at: datetime) -> QuerySet[Any]:
    today = timezone.localdate(at)
    early = Q(setting__phase=Phase.EARLY_YEARS) | Q(year_group__in=NURSERY)
    return Pupil.objects.annotate(
        early=Exists(Enrolment.objects.on(today).filter(early, pupil=OuterRef("pk")))
    ).order_by("given_name", "family_name", "pk")


def _live(at: datetime) -> Q:
    return Q(starts_at__lte=at) & (Q(ends_at=None) | Q(ends_at__gt=at))


def _reached(sight: policy.Sight) -> bool:
    return sight.may("write_update") and as_staff(sight)


@transaction.atomic
def write_many(
    *,
    pupils: Iterable[UUID],
    by: User,
    at: datetime,
    sent_key: UUID,
    words: str = "",
    good_thing: str = "",
) -> list[Update]:
    """Write the same to every home of each of these children, in a fixed number of queries. Twice is once.

    Raises ValidationError at `pupils` that names whom it cannot go to; nothing is written then.
    """
    said = {"good_thing": good_thing.strip(), "words": words.strip()}
    if not any(said.values()):
        raise ValidationError({"good_thing": _("Write something first")})
    here = _held(pupils, by, at)
    keys = {uuid5(sent_key, "\n".join([*said.values(), str(one.pk)])): one for one in here}
    made = [
        Update(
            pupil=pupil,
            **said,
            perspective=Perspective.STAFF,
            by=by,
            on=timezone.localdate(at),
            at=at,
            sent_key=key,
        )
        for key, pupil in keys.items()
    ]
    made[0].clean_fields(exclude=["pupil", "by", "sent_key"])
    return _written(Update, made, by, at, "update written")


@transaction.atomic
def need_calls(
    *, pupils: Iterable[UUID], by: User, at: datetime, sent_key: UUID, words: str = ""
) -> list[Call]:
    """Write down that every home of each of these children is to be rung; nothing is sent. As `write_many`."""
    here = _held(pupils, by, at)
    made = [
        Call(
            pupil=one,
            words=words.strip(),
            by=by,
            at=at,
            sent_key=uuid5(sent_key, "\n".join(["call", words.strip(), str(one.pk)])),
        )
        for one in here
    ]
    made[0].clean_fields(exclude=["pupil", "by", "sent_key"])
    return _written(Call, made, by, at, "call needed")


def _held(wanted: Iterable[UUID], by: User, at: datetime) -> list[Pupil]:
    """These children, held until the transaction ends, each of them open to whoever writes. 2 queries."""
    asked = set(wanted)
    if not asked:
        raise ValidationError({"pupils": _("Tick who it is for")})
    if len(asked) > MOST:
        raise ValidationError({"pupils": _("Tick %(number)s children or fewer") % {"number": MOST}})
    rows = Pupil.objects.select_for_update(no_key=True).filter(pk__in=asked)
    found = sorted(rows.order_by("pk"), key=lambda one: (one.called, str(one.pk)))
    sights = policy.sights(by, found, at)
    closed = [one.called for one in found if sights[one.pk].near and not _reached(sights[one.pk])]
    away = len(asked) - sum(sights[one.pk].near for one in found)
    told = []
    if closed:
        told.append(
            _("Nothing was sent. This part is not open to you for %(closed)s. Their tick is taken out")
            % {"closed": _listed(closed)}
        )
    if away:
        told.append(
            _("Nothing was sent. One child you ticked is not with you any more. The tick is taken out")
            if away == 1
            else ngettext(
                "Nothing was sent. %(away)s child you ticked is not with you any more. The tick is taken out",
                "Nothing was sent. %(away)s children you ticked are not with you any more. The tick is taken out",
                away,
            )
            % {"away": away}
        )
    if told:
        raise ValidationError({"pupils": told})
    return found


def _listed(names: list[str]) -> str:
    return (
        names[0]
        if len(names) == 1
        else _("%(most)s and %(last)s") % {"most": ", ".join(names[:-1]), "last": names[-1]}
    )


def _written(model: Any, made: list[Any], by: User, at: datetime, verb: str) -> list[Any]:
    """What was made before by the very same form, and the rest now; each with its audit event: 3 queries."""
    keys = [one.sent_key for one in made]
    before = {row.sent_key: row for row in model.objects.filter(sent_key__in=keys).select_related("by")}
    if any(row.by_id != by.pk for row in before.values()):
        raise ValidationError(_("This form is out of date. Open the page again."))
    new = [one for one in made if one.sent_key not in before]
    model.objects.bulk_create(new)
    audit.record_many(
        AuditEvent(
            verb=verb,
            by=by,
            at=at,
            pupil=one.pupil,
            section=Section.UPDATES,
            object_type=model._meta.model_name,
            object_id=one.pk,
            detail={"many": len(made)},
        )
        for one in new
    )
    return [before.get(one.sent_key, one) for one in made]
