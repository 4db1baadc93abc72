"""A setting's ways of saying how far a step has come."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.models import Setting, User
from pupils import audit, policy

from ..enums import ScaleKind
from ..models import Scale, ScaleVersion

#: What a new setting starts with: name, kind, values, labels; lowest first.
STARTING: list[tuple[str, ScaleKind, list[int], list[str]]] = [
    (
        "Not yet to independently",
        ScaleKind.STEPS,
        [0, 1, 2, 3],
        ["Not yet", "With help", "Sometimes", "Independently"],
    ),
    (
        "Goal attainment",
        ScaleKind.GOAL,
        [-2, -1, 0, 1, 2],
        ["Much less than hoped", "Less than hoped", "As hoped", "More than hoped", "Much more than hoped"],
    ),
    ("1 to 10", ScaleKind.TEN, list(range(1, 11)), [str(n) for n in range(1, 11)]),
    ("Counting", ScaleKind.COUNT, [], []),
]


def ensure(setting: Setting) -> None:
    """Give a setting that has no scale the ones every setting starts with."""
    if setting.scales.exists():
        return
    for name, kind, values, labels in STARTING:
        scale = Scale.objects.create(setting=setting, name=name, kind=kind)
        ScaleVersion.objects.create(scale=scale, number=1, values=values, labels=labels)


@transaction.atomic
def relabel(*, scale: Scale, labels: list[str], by: User, at: datetime) -> ScaleVersion:
    """Give a scale's levels other words: a new version, so that steps already written keep theirs. The same words again are no new version.

    Raises ValidationError unless there is one label per level.
    """
    if not policy.coordinates(by, scale.setting, at):
        raise policy.PermissionDenied(_("Only a SENCO of this setting can change its scales."))
    Scale.objects.select_for_update(no_key=True).get(pk=scale.pk)
    latest = scale.versions.first()
    if latest is None or scale.kind == ScaleKind.COUNT or len(labels) != len(latest.values):
        raise ValidationError({"labels": _("Write one label for each level.")})
    if labels == latest.labels:
        return latest
    number = (scale.versions.aggregate(n=Max("number"))["n"] or 0) + 1
    version = ScaleVersion(scale=scale, number=number, values=latest.values, labels=labels, created_at=at)
    version.full_clean()
    version.save()
    audit.record("scale relabelled", by=by, at=at, setting=scale.setting, of=version)
    return version


def label_of(scale: ScaleVersion, value: int | None, goal_levels: list[str] | None = None) -> str:
    """The words for a level; for a goal, the words written before; a bare number with what it is out of."""
    if value is None:
        return ""
    if value not in scale.values:
        return str(value)
    place = scale.values.index(value)
    if scale.labels[place] == str(value):
        return _("%(value)s out of %(values)s") % {"value": value, "values": scale.values[-1]}
    return goal_levels[place] if goal_levels and goal_levels[place] else scale.labels[place]


def check_level(scale: ScaleVersion, value: int | None) -> None:
    """Refuse a level that is not on the scale; a count is a whole number from 0 to 9,999."""
    if value is None:
        return
    fits = 0 <= value <= 9999 if scale.scale.kind == ScaleKind.COUNT else value in scale.values
    if not fits:
        raise ValidationError({"value": _("Choose one of the levels.")})
