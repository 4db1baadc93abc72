"""Whether a review can be at a time: what every change of a time asks, inside its transaction."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Setting, User
from pupils.errors import Clashes

from .models import Attendee, Review
from .selectors_planner import around, asked_then, settings_now, taken
from .slots import LONDON, Clash, Taken, clashes


def check_time(starts_at: datetime, at: datetime) -> None:
    """Pass, or raise ValidationError for `starts_at`."""
    if starts_at <= at:
        raise ValidationError({"starts_at": _("Choose a time to come.")})
    if starts_at > at + timedelta(days=366):
        raise ValidationError({"starts_at": _("Choose a day within a year.")})


def hold(settings: Iterable[UUID], people: Iterable[UUID]) -> None:
    """Keep others from setting times at these settings, or of these people, until the transaction ends.

    Settings before people, each in the order of their ids, so that two who hold never wait for each other.
    """
    for model, ids in ((Setting, settings), (User, people)):
        list(model.objects.select_for_update(no_key=True).filter(pk__in=list(ids)).order_by("pk"))


def people_of(review: Review) -> frozenset[UUID]:
    """Who must be there."""
    return frozenset(Attendee.objects.filter(review=review).values_list("person", flat=True))


def check_free(review: Review, at: datetime) -> None:
    """Raise ValidationError where the room, or somebody who must be there, is at another review at its time."""
    pupil = review.cycle.pupil_id
    setting = settings_now([pupil], at)[pupil]
    one = Taken(review.starts_at, review.minutes, setting, review.where, people_of(review))
    day = timezone.localdate(one.starts_at, LONDON)
    found = clashes(one, taken([setting], one.people, day, day, but=review.pk))
    if found:
        told = in_words(found, names({person for clash in found for person in clash.people}), one.where)
        raise ValidationError(told)  # type: ignore[arg-type]


def warn(review: Review, by: User, at: datetime) -> None:
    """Raise Clashes where the time of a review that is to be set clashes: its room, those who teach the pupil or must be
    there, or the family, who are asked to another review that `by` holds. Up to 8 queries.
    """
    pupil = review.cycle.pupil
    setting = settings_now([pupil.pk], at).get(pupil.pk)
    if setting is None:
        return
    here = around([pupil], at).get(pupil.pk)
    people = frozenset(here.adults if here else ()) | {by.pk}
    one = Taken(review.starts_at, review.minutes, setting, review.where.strip(), people)
    day = timezone.localdate(one.starts_at, LONDON)
    found = clashes(one, taken([setting], people, day, day))
    told = in_words(found, names({person for clash in found for person in clash.people}), one.where)
    for who, start, end in asked_then(pupil, one, by, at):
        when = _("from %(start)s to %(end)s") % {
            "start": f"{timezone.localtime(start, LONDON):%H:%M}",
            "end": f"{timezone.localtime(end, LONDON):%H:%M}",
        }
        told.setdefault("time", []).append(
            _("%(who)s is asked to another review %(when)s. Choose another time") % {"who": who, "when": when}
        )
    if told:
        raise Clashes(told)  # type: ignore[arg-type]


def names(people: Collection[UUID]) -> dict[UUID, str]:
    return dict(User.objects.filter(pk__in=people).values_list("pk", "name")) if people else {}


def in_words(found: Iterable[Clash], names: dict[UUID, str], where: str) -> dict[str, list[str]]:
    """What stands in the way, by the field that could be changed: `where` for a room, `time` for people.

    Another review is told by its time alone: whose it is may not be for this person to know.
    """
    told: dict[str, list[str]] = {}
    for clash in found:
        start, end = (timezone.localtime(at, LONDON) for at in (clash.other.starts_at, clash.other.ends_at))
        when = _("from %(start)s to %(end)s") % {"start": f"{start:%H:%M}", "end": f"{end:%H:%M}"}
        if clash.room:
            told.setdefault("where", []).append(
                _("%(where)s is taken %(when)s. Choose another room or time") % {"where": where, "when": when}
            )
        if clash.people:
            who = _(" and ").join(sorted(names[person] for person in clash.people))
            told.setdefault("time", []).append(
                ngettext(
                    "%(who)s is at another review %(when)s. Choose another time",
                    "%(who)s are at another review %(when)s. Choose another time",
                    len(clash.people),
                )
                % {"who": who, "when": when}
            )
    return told
