"""Who is enrolled in a setting, held ready for recognising the pupils of a file."""

from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import Setting

from ..models import Enrolment, Pupil
from .cells import same_name

NameAndBirth = tuple[str, str, date]


def name_and_birth(given_name: str, family_name: str, born: date) -> NameAndBirth:
    return same_name(given_name), same_name(family_name), born


class Register:
    """The pupils who are enrolled in a setting at an instant: those whose record its SENCO keeps.

    Somebody who has left, or comes later, is not among them. With `lock` nobody else changes them meanwhile.
    """

    def __init__(self, setting: Setting, at: datetime, *, lock: bool = False) -> None:
        found = _enrolled(setting, at)
        held = found.select_for_update(of=("self", "pupil")) if lock else found
        self.ids = found.order_by().values("pupil")
        self.enrolments = {e.pupil_id: e for e in held.select_related("pupil").order_by("pupil_id")}
        self.pupils = {e.pupil_id: e.pupil for e in self.enrolments.values()}
        self.by_upn = {p.upn: p for p in self.pupils.values() if p.upn}
        self.by_uln = {p.uln: p for p in self.pupils.values() if p.uln}
        self._by_name: dict[NameAndBirth, list[Pupil]] = {}
        for pupil in self.pupils.values():
            for given in {pupil.given_name, pupil.called}:
                self._by_name.setdefault(
                    name_and_birth(given, pupil.family_name, pupil.date_of_birth), []
                ).append(pupil)

    def named(self, given_name: str, family_name: str, born: date) -> list[Pupil]:
        return self._by_name.get(name_and_birth(given_name, family_name, born), [])


def _enrolled(setting: Setting, at: datetime) -> QuerySet[Enrolment]:
    return Enrolment.objects.on(timezone.localdate(at)).filter(setting=setting)


def taken_elsewhere(register: Register, upns: set[str], ulns: set[str]) -> set[str]:
    """Which of these numbers belong to somebody outside the register. Says nothing else of them."""
    found = Pupil.objects.filter(Q(upn__in=upns - {""}) | Q(uln__in=ulns - {""}))
    return {
        number
        for pupil_id, *numbers in found.values_list("pk", "upn", "uln")
        if pupil_id not in register.pupils
        for number in numbers
        if number
    }
