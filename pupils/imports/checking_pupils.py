"""What a file of pupils would do."""

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from ..dates import check_born, check_ehc, check_post16
from ..enums import Relation
from ..models import ClassGroup, Enrolment, Pupil, PupilGroupPermission, PupilNeedType
from . import cells
from .lines import Line, Task, once
from .register import Register, name_and_birth, taken_elsewhere

ELSEWHERE = _lazy(
    "A pupil with this number cannot be brought in from a file. Check the number. If they are moving to you, "
    "ask the setting that they come from to move them."
)


@dataclass
class PupilWork:
    """What applying needs: the pupil, new or as they are, and what to write."""

    pupil: Pupil
    enrolment: Enrolment | None
    fields: dict[str, Any]
    year_group: str | None
    need_types: list[str] | None
    joins: list[ClassGroup]
    leaves: list[ClassGroup]


@dataclass
class _Read:
    """A row's cells as values. Empty cells are not in `fields`: they leave what is there."""

    fields: dict[str, Any] = field(default_factory=dict)
    year_group: str | None = None
    need_types: list[str] | None = None
    classes: list[str] = field(default_factory=list)


def check_pupils(task: Task, lines: list[Line]) -> None:
    register = Register(task.setting, task.at, lock=task.lock)
    needs: dict[Any, list[str]] = {}
    here = PupilNeedType.objects.filter(pupil__in=register.ids)
    for pupil_id, kind in here.values_list("pupil_id", "type"):
        needs.setdefault(pupil_id, []).append(kind)
    classes = _Classes(task)
    reads = [_read(line, timezone.localdate(task.at)) for line in lines]
    elsewhere = taken_elsewhere(
        register,
        {r.fields.get("upn", "") for r in reads},
        {r.fields.get("uln", "") for r in reads},
    )
    seen: dict[Any, int] = {}
    for line, read in zip(lines, reads, strict=True):
        pupil = _match(line, read, register, elsewhere, seen)
        _plan(line, read, pupil, register, needs, classes, task)


def _read(line: Line, today: date) -> _Read:
    given: dict[str, Any] = {
        name: line.words(name, Pupil) for name in ("given_name", "family_name", "known_as")
    }
    if cells.same_name(given["known_as"]) == cells.same_name(given["given_name"]):
        given["known_as"] = ""  # many systems write the first name again
    born = given["date_of_birth"] = line.value("date_of_birth", cells.day)
    if born:
        line.check("date_of_birth", lambda: check_born(born, today))
    given["upn"] = line.value("upn", cells.upn)
    if given["upn"] and not cells.known_authority(given["upn"]):
        line.warn(
            "upn", _("No local authority that we know has the number in this UPN. Check it if you can.")
        )
    given["uln"] = line.value("uln", cells.uln)
    given["sen_provision"] = line.value("sen_provision", cells.sen_provision)
    given["ehc_plan_from"] = line.value("ehc_plan_from", cells.day)
    given["ehc_reviewed_on"] = line.value("ehc_reviewed_on", cells.day)
    given["home_language"], given["home_language_code"] = _language(line)
    given["post16_from"] = line.value("post16_from", cells.day)
    parts = [line.text(key) for key in ("primary_need", "secondary_need", "need_types")]
    return _Read(
        fields={name: value for name, value in given.items() if value},
        year_group=line.value("year_group", cells.year_group),
        need_types=line.value(
            next((k for k in ("need_types", "primary_need", "secondary_need") if line.text(k)), "need_types"),
            lambda __: cells.need_types(filter(None, parts)),
        ),
        classes=cells.several(line.text("classes")),
    )


def _language(line: Line) -> tuple[str | None, str | None]:
    """The tag and the DfE code. A code that stands in the language column is taken for what it is."""
    code = line.value("home_language_code", cells.language_code)
    text = line.text("home_language")
    if re.fullmatch(r"[A-Z]{3,4}", text):
        if code and code != text:
            line.wrong(
                "home_language", _("This and the home language code are two different codes. Keep one.")
            )
        return None, text
    return line.value("home_language", cells.language), code


def _match(
    line: Line, read: _Read, register: Register, elsewhere: set[str], seen: dict[Any, int]
) -> Pupil | None:
    """The pupil that a row is about, or None for a new one. By UPN; else by name and date of birth, here only."""
    upn, uln = read.fields.get("upn", ""), read.fields.get("uln", "")
    who: list[Any] = [read.fields.get(name) for name in ("given_name", "family_name", "date_of_birth")]
    for number, column in ((upn, "upn"), (uln, "uln")):
        if number in elsewhere:
            line.wrong(column, ELSEWHERE)
        if number:
            once(seen, (column, number), line, column, _("This number"))
    if not all(who):
        return register.by_upn.get(upn)
    given_name, family_name, born = who
    found = register.by_upn.get(upn)
    if found is None:
        found = _by_name(line, upn, register.named(given_name, family_name, born))
        if not upn and found is None and not line.is_wrong:
            key = ("name", name_and_birth(given_name, family_name, born))
            once(seen, key, line, "given_name", _("A pupil with this name and date of birth and no UPN"))
    elif (
        found.date_of_birth != born
        and cells.same_name(found.family_name) != cells.same_name(family_name)
        and cells.same_name(given_name) not in map(cells.same_name, (found.given_name, found.called))
    ):
        line.wrong(
            "upn", _("This UPN belongs to a pupil here with another name and date of birth. Check the row.")
        )
    if found is not None:
        once(seen, ("pupil", found.pk), line, "given_name", _("This pupil"))
    owner = register.by_uln.get(uln)
    if owner is not None and owner is not found:
        line.wrong("uln", _("Another pupil here has this ULN. Check which of the two is right."))
    return found


def _by_name(line: Line, upn: str, named: list[Pupil]) -> Pupil | None:
    """Whom a name and a date of birth mean, where the UPN (if there is one) is not known here."""
    if upn:
        # a first UPN, or a lasting one after a temporary one (which ends in a letter)
        free = [p for p in named if not p.upn or not p.upn[-1].isdigit()]
        if named and not free:
            line.wrong(
                "upn",
                _(
                    "There is a pupil here with this name and date of birth and another UPN. "
                    "If it is the same pupil, change the UPN on their page first. If not, add this pupil by hand."
                ),
            )
        named = free
    if len(named) > 1:
        line.wrong(
            "given_name",
            _("There is more than one pupil here with this name and date of birth. Give the UPN."),
        )
        return None
    return named[0] if named else None


def _plan(
    line: Line,
    read: _Read,
    pupil: Pupil | None,
    register: Register,
    needs: dict[Any, list[str]],
    classes: "_Classes",
    task: Task,
) -> None:
    wanted = classes.named(line, read.classes)
    _check_days(line, read, pupil, register)
    _check_ehc(line, read, pupil, timezone.localdate(task.at))
    if pupil is None:
        if not line.text("sen_provision"):
            line.wrong("sen_provision", _("This is empty. For a new pupil write N, K or E."))
        line.work = PupilWork(
            Pupil(**read.fields), None, read.fields, read.year_group or "", read.need_types or [], wanted, []
        )
        line.settle(new=True)
        return
    enrolment = register.enrolments[pupil.pk]
    line.about = pupil.pk
    fields = {name: value for name, value in read.fields.items() if getattr(pupil, name) != value}
    line.changes = {name: [_plain(getattr(pupil, name)), _plain(value)] for name, value in fields.items()}
    year_group = read.year_group if read.year_group not in (None, enrolment.year_group) else None
    if year_group is not None:
        line.changes["year_group"] = [enrolment.year_group, year_group]
    need_types = read.need_types if read.need_types not in (None, needs.get(pupil.pk, [])) else None
    if need_types is not None:
        line.changes["need_types"] = [needs.get(pupil.pk, []), need_types]
    now = classes.of.get(pupil.pk, [])
    joins = [c for c in wanted if c not in now]
    leaves = [c for c in now if c not in wanted] if wanted and task.leaves_other_classes else []
    if joins or leaves:
        after = [c for c in now if c not in leaves] + joins
        line.changes["classes"] = [sorted(c.name for c in now), sorted(c.name for c in after)]
    for name in ("date_of_birth", "post16_from"):
        if name in fields and not line.is_wrong:
            line.warn(name, _("This can move the day from which they decide who sees their record."))
    line.work = PupilWork(pupil, enrolment, fields, year_group, need_types, joins, leaves)
    line.settle(new=False)


def _check_days(line: Line, read: _Read, pupil: Pupil | None, register: Register) -> None:
    """Refuse days that no pupil has, what the row leaves as it is included."""
    given = {name: read.fields.get(name) for name in ("date_of_birth", "post16_from")}
    if line.is_wrong or not any(given.values()):
        return
    now = {name: value or getattr(pupil, name, None) for name, value in given.items()}
    born, post16_from = now["date_of_birth"], now["post16_from"]
    if born and post16_from:
        line.check("post16_from", lambda: check_post16(post16_from, born))
    if born and pupil is not None and born > register.enrolments[pupil.pk].starts_on:
        line.wrong("date_of_birth", _("They cannot start here before they were born. Check the year."))


def _check_ehc(line: Line, read: _Read, pupil: Pupil | None, today: date) -> None:
    days = {name: read.fields.get(name) for name in ("ehc_plan_from", "ehc_reviewed_on")}
    if line.is_wrong or not any(days.values()):
        return
    now = {name: value or getattr(pupil, name, None) for name, value in days.items()}
    born: date = read.fields.get("date_of_birth") or (pupil.date_of_birth if pupil else today)
    for name, words in check_ehc(now["ehc_plan_from"], now["ehc_reviewed_on"], born, today).items():
        line.wrong(name, words)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


class _Classes:
    """The open classes of a setting, by name, and who is in them."""

    def __init__(self, task: Task) -> None:
        still = Q(closed_at=None) | Q(closed_at__gt=task.at)
        found = {c.group_id: c for c in ClassGroup.objects.filter(still, setting=task.setting)}
        self._by_name = {cells.same_name(c.name): c for c in found.values()}
        self.of: dict[Any, list[ClassGroup]] = {}
        places = PupilGroupPermission.objects.filter(
            Q(ends_at=None) | Q(ends_at__gt=task.at),
            group__in=list(found),
            permission__codename=Relation.KEY_ADULT,
            starts_at__lte=task.at,
        )
        for pupil_id, group_id in places.values_list("content_object_id", "group_id"):
            self.of.setdefault(pupil_id, []).append(found[group_id])

    def named(self, line: Line, names: list[str]) -> list[ClassGroup]:
        wanted = []
        for name in names:
            found = self._by_name.get(cells.same_name(name))
            if found is None:
                line.wrong(
                    "classes",
                    _("There is no class “%(name)s” here. Bring the classes in first.") % {"name": name[:60]},
                )
            elif found not in wanted:
                wanted.append(found)
        return wanted
