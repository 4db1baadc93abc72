"""How to talk with somebody of a pupil's family, written down by the SENCO after asking them.

It is kept with the person and not with the pupil: nobody else who works with the pupil reads it, nor does another home.
What somebody says themself counts from then on, whatever they were asked before.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts import said, services
from accounts.enums import Asked, Channel
from accounts.models import Preferences, User

from . import audit, circle, policy, restrictions
from .dates import months_later
from .enums import Ground, Relation, Section
from .models import ParentCarer, Pupil

#: Whose preferences a SENCO writes down: the family's and the young person's own.
GROUNDS = {Ground.PARENT.value, Ground.OWN.value}
#: The ways that reach somebody who never signs in.
ON_PAPER = (Channel.LETTER, Channel.PHONE)
HERE = _lazy("They are here already. Change how to talk with them instead.")


def passed(sight: policy.Sight) -> policy.Sight:
    """The sight of whoever keeps the circle. Raises NotThisSection for anybody else in it."""
    return policy.passed(sight, "edit_circle")


def whom(*, pupil: Pupil, person_id: UUID, by: User, at: datetime) -> User:
    """Somebody of a pupil's family, or the young person, whose preferences `by` may write down.

    Raises Http404 for anybody else, whoever is shut out among them, and NotThisSection where `by` is no SENCO of the
    pupil. Nobody writes down their own here.
    """
    policy.require(by, "edit_circle", pupil, at)
    person = policy.one_near(pupil, person_id, GROUNDS, at)
    if person is None or person == by:
        raise Http404
    return person


@transaction.atomic
def write_down(
    *,
    pupil: Pupil,
    person: User,
    version: int,
    typed: dict[str, Any],
    how: Asked | str,
    asked_on: date,
    by: User,
    at: datetime,
) -> Preferences:
    """Write down how somebody said they want to be talked with, and how and when they were asked.

    Raises as `whom`; Stale when `version` is not the one stored; and ValidationError by field, also for what the person
    set themself after the day on which they were asked.
    """
    whom(pupil=pupil, person_id=person.pk, by=by, at=at)
    _check_day(asked_on, at)
    _check_way(person, typed)
    list(Preferences.objects.select_for_update().filter(person=person))
    now = services.preferences_of(person)
    own = said.own_since(person, asked_on)
    refused = {
        name: _("They chose this themselves on %(day)s, after you asked. Leave it as they set it.")
        % {"day": date_format(day, "j F Y")}
        for name, day in own.items()
        if now.version == version and getattr(now, name) != typed[name]
    }
    if refused:
        raise ValidationError(refused)
    return services.save_preferences(
        person=person,
        version=version,
        typed=typed,
        by=by,
        at=at,
        how=str(Asked(how)),
        asked_on=asked_on.isoformat(),
    )


def _check_day(asked_on: date, at: datetime) -> None:
    today = timezone.localdate(at)
    if not months_later(today, -12) <= asked_on <= today:
        raise ValidationError({"asked_on": _("Choose today or a day in the last year.")})


def _check_way(person: User | None, typed: dict[str, Any]) -> None:
    """Whoever has no e-mail address is reached by letter or by phone."""
    if (person is None or not person.signs_in) and typed["channel"] not in ON_PAPER:
        raise ValidationError(
            {"channel": _("They have no e-mail address here. Choose a letter or the phone.")}
        )


@transaction.atomic
def begin_on_paper(
    *,
    carer: ParentCarer,
    typed: dict[str, Any],
    how: Asked | str,
    asked_on: date,
    by: User,
    at: datetime,
) -> User:
    """Let an adult of the family take part who does not sign in: what is meant for them is printed, or they are rung.

    From now on they stand in the circle of each child of this home under the same name whose SENCO `by` is. If they
    are invited one day, all that was written down in their name is theirs. Raises Http404 or NotThisSection, and
    ValidationError by field; for somebody who signs in, or is shut out, as a whole.
    """
    policy.require(by, "edit_circle", carer.pupil, at)
    _check_day(asked_on, at)
    _check_way(None, typed)
    rows = ParentCarer.objects.filter(household=carer.household, name=carer.name, person=None)
    pupils = Pupil.objects.filter(pk__in=rows.values("pupil"))
    held = list(policy.pupils_for(by, "edit_circle", at).filter(pk__in=pupils).order_by("pk"))
    list(Pupil.objects.select_for_update(no_key=True).filter(pk__in=[one.pk for one in held]).order_by("pk"))
    mine = [
        row
        for row in rows.filter(pupil__in=held).select_related("pupil").order_by("pupil")
        if not restrictions.shuts_out(row.pupil, at, carer=row, email=row.email)
    ]
    now = next((row for row in mine if row.pk == carer.pk), None)
    if now is None:
        taken = ParentCarer.objects.get(pk=carer.pk).person_id is not None
        raise ValidationError(
            HERE if taken else _("%(carer)s must not see this record.") % {"carer": carer.name}
        )
    person = _somebody_on_paper(carer.name, at)
    for row in mine:
        row.person = person
        row.save(update_fields=["person"])
        circle.place_near(relation=Relation.PARENT_CARER, person=person, pupil=row.pupil, by=by, at=at)
        audit.record("takes part on paper", by=by, at=at, pupil=row.pupil, section=Section.PROFILE, of=row)
    _write_first(person, typed, how, asked_on, by, at)
    return person


@transaction.atomic
def begin_own_on_paper(
    *, pupil: Pupil, typed: dict[str, Any], how: Asked | str, asked_on: date, by: User, at: datetime
) -> User:
    """Let a child or young person take part in their own record who does not sign in; as `begin_on_paper`.

    From hand-over they decide as everybody does: what they choose is written down with how they said it. Raises as
    `begin_on_paper`, also for one who is here already.
    """
    policy.require(by, "edit_circle", pupil, at)
    _check_day(asked_on, at)
    _check_way(None, typed)
    Pupil.objects.select_for_update(no_key=True).get(pk=pupil.pk)
    if circle.selves(pupil, at).exists():
        raise ValidationError(HERE)
    person = _somebody_on_paper(pupil.name, at)
    circle.place_near(relation=Relation.SELF, person=person, pupil=pupil, by=by, at=at)
    audit.record("takes part on paper", by=by, at=at, pupil=pupil, section=Section.PROFILE, of=person)
    _write_first(person, typed, how, asked_on, by, at)
    return person


def _somebody_on_paper(name: str, at: datetime) -> User:
    person = User(email=None, name=name, joined_at=at)
    person.set_unusable_password()
    person.full_clean()
    person.save(force_insert=True)
    return person


def _write_first(
    person: User, typed: dict[str, Any], how: Asked | str, asked_on: date, by: User, at: datetime
) -> None:
    services.save_preferences(
        person=person,
        version=1,
        typed=typed,
        by=by,
        at=at,
        how=str(Asked(how)),
        asked_on=asked_on.isoformat(),
    )
