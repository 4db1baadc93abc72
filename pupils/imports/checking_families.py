"""What a file of families would do.

An adult with parental responsibility and an e-mail address can be invited afterwards; nobody is linked to a child
here, whoever already signs in with that address.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.invitations import open_invitations

from ..models import Household, InvitedTo, ParentCarer, Pupil
from . import cells
from .lines import Line, Task, once
from .register import Register

NOT_HERE = _lazy("No pupil here has this. Bring the pupils in first, or check the row.")


@dataclass
class FamilyWork:
    """What applying needs. `carer` is None for a new adult; `household` is shared by the rows of one household."""

    pupil: Pupil
    carer: ParentCarer | None
    fields: dict[str, Any]
    household: Household
    new_household: bool
    how_to_communicate: str | None


@dataclass
class _Adult:
    line: Line
    pupil: Pupil
    carer: ParentCarer | None
    fields: dict[str, Any]
    email: str
    household: str


def check_families(task: Task, lines: list[Line]) -> None:
    register = Register(task.setting, task.at)
    family = _Family(task, register)
    seen: dict[Any, int] = {}
    adults = [a for line in lines if (a := _read(line, register, family, seen))]
    _same_address(adults)
    households = _Households(family, adults)
    for adult in adults:
        _plan(adult, households)
    for line in lines:
        line.settle(new=line.work is not None and line.work.carer is None)


class _Family:
    """The adults who are written down for the pupils of a setting, and who of them is invited."""

    def __init__(self, task: Task, register: Register) -> None:
        found = ParentCarer.objects.filter(pupil__in=register.ids).select_related("household", "person")
        if task.lock:
            found = found.select_for_update(of=("self", "household"))
        self.of: dict[UUID, list[ParentCarer]] = {}
        here = list(found.order_by("pk"))
        for carer in here:
            self.of.setdefault(carer.pupil_id, []).append(carer)
        invited = InvitedTo.objects.filter(invitation__in=open_invitations(task.at), parent_carer__in=here)
        self.invited = dict(invited.values_list("parent_carer_id", "invitation__email"))


def address(carer: ParentCarer) -> str:
    return (carer.person.email or "") if carer.person else carer.email


def _read(line: Line, register: Register, family: _Family, seen: dict[Any, int]) -> _Adult | None:
    pupil = _pupil(line, register)
    name = line.words("name", ParentCarer)
    relationship = line.words("relationship", ParentCarer)
    household = line.words("household", Household, "name")
    line.words("how_to_communicate", Household, lines=True)
    email = line.email()
    responsibility = line.value("responsibility", cells.yes)
    if pupil is None or line.is_wrong:
        return None
    line.about = pupil.pk
    if email and not responsibility:
        line.warn(
            "email", _("Without parental responsibility the address is not kept: nobody is invited by it.")
        )
    carer = _carer(line, family.of.get(pupil.pk, []), name, email)
    key = ("carer", carer.pk) if carer else ("new", pupil.pk, cells.same_name(name))
    once(seen, key, line, "name", _("This adult of this child"))
    if email:
        once(seen, ("email", pupil.pk, email), line, "email", _("This address for this child"))
    fields: dict[str, Any] = {
        "name": name,
        "relationship": relationship,
        "has_parental_responsibility": responsibility,
    }
    if carer is None or carer.person is None or not carer.person.signs_in:
        if not responsibility:
            fields["email"] = ""
        elif email:
            fields["email"] = email
    elif email and email != carer.person.email:
        line.warn(
            "email", _("This adult signs in with another address. It stays as it is: it is theirs to change.")
        )
    if carer is not None:
        _refuse_what_a_file_cannot_do(line, carer, fields, family)
    return _Adult(line, pupil, carer, fields, email, household)


def _pupil(line: Line, register: Register) -> Pupil | None:
    upn = line.value("upn", cells.upn)
    born = line.value("date_of_birth", cells.day)
    given_name, family_name = line.text("given_name"), line.text("family_name")
    if line.text("upn"):
        found = register.by_upn.get(upn)
        if upn and found is None:
            line.wrong("upn", NOT_HERE)
        elif found and born and found.date_of_birth != born:
            line.wrong(
                "date_of_birth", _("The pupil with this UPN was born on another day. Check which is right.")
            )
        return found
    if not (given_name and family_name and line.text("date_of_birth")):
        line.wrong(
            "upn", _("Which child is this? Give the UPN, or given name, family name and date of birth.")
        )
    if not born:
        return None
    named = register.named(given_name, family_name, born)
    if len(named) > 1:
        line.wrong(
            "upn", _("There is more than one pupil here with this name and date of birth. Give the UPN.")
        )
    elif not named and given_name and family_name:
        line.wrong("given_name", NOT_HERE)
    return named[0] if len(named) == 1 else None


def _carer(line: Line, here: list[ParentCarer], name: str, email: str) -> ParentCarer | None:
    """Whom of a child's adults a row means: by address, else by name."""
    by_email = [c for c in here if email and address(c) == email]
    if by_email:
        return by_email[0]
    by_name = [c for c in here if cells.same_name(c.name) == cells.same_name(name)]
    if len(by_name) > 1:
        line.wrong(
            "name", _("Two adults of this child have this name. Change the record on the child’s page.")
        )
    return by_name[0] if len(by_name) == 1 else None


def _refuse_what_a_file_cannot_do(
    line: Line, carer: ParentCarer, fields: dict[str, Any], family: _Family
) -> None:
    """A file neither takes sight away from somebody nor leaves an invitation open that it contradicts."""
    lost = carer.has_parental_responsibility and not fields["has_parental_responsibility"]
    if lost and carer.person is not None:
        line.wrong(
            "responsibility",
            _(
                "This adult signs in and sees this child’s plan, which a file cannot take away. "
                "Change it on the child’s page."
            ),
        )
    invited_at = family.invited.get(carer.pk)
    if invited_at and (lost or fields.get("email", invited_at) != invited_at):
        line.wrong(
            "responsibility" if lost else "email",
            _("This adult has been invited already. Take that invitation back first."),
        )


def _same_address(adults: list[_Adult]) -> None:
    first: dict[str, _Adult] = {}
    for adult in adults:
        if not adult.email:
            continue
        other = first.setdefault(adult.email, adult)
        if cells.same_name(other.fields["name"]) != cells.same_name(adult.fields["name"]):
            adult.line.warn(
                "email",
                _("Row %(row)s has this address with another name. Is it one person?")
                % {"row": other.line.row.number},
            )


class _Households:
    """Which household each row means.

    Rows are one household when they give it the same name and are about the same child, or give the same address.
    Two families that happen to share a name are never put together: people of a household see each other's words.
    """

    def __init__(self, family: _Family, adults: list[_Adult]) -> None:
        self._known: dict[tuple[Any, str], Household] = {}
        for carers in family.of.values():
            for carer in carers:
                for key in _keys(carer.pupil_id, address(carer), carer.household.name):
                    self._known.setdefault(key, carer.household)
        self._parent: dict[tuple[Any, str], tuple[Any, str]] = {}
        for adult in adults:
            keys = _keys(adult.pupil.pk, adult.email, name_of_household(adult))
            for key in keys[1:]:
                self._parent[self._root(key)] = self._root(keys[0])
        self._by_root: dict[tuple[Any, str], Household] = {}
        for key, household in self._known.items():
            self._by_root.setdefault(self._root(key), household)
        self._new: set[UUID] = set()
        self.told: dict[UUID, tuple[int, str]] = {}

    def _root(self, key: tuple[Any, str]) -> tuple[Any, str]:
        while self._parent.get(key, key) != key:
            key = self._parent[key]
        return key

    def of(self, adult: _Adult) -> tuple[Household, bool]:
        """The household of an adult, and whether it is a new one."""
        if adult.carer is not None and not adult.household:
            return adult.carer.household, False
        name = name_of_household(adult)
        if adult.carer is not None and cells.same_name(adult.carer.household.name) == cells.same_name(name):
            return adult.carer.household, False
        key = _keys(adult.pupil.pk, adult.email, name)[0]
        if key in self._known:
            return self._known[key], self._known[key].pk in self._new
        root = self._root(key)
        if root not in self._by_root:
            self._by_root[root] = Household(name=name)
            self._new.add(self._by_root[root].pk)
        return self._by_root[root], self._by_root[root].pk in self._new


def name_of_household(adult: _Adult) -> str:
    return adult.household or f"{adult.fields['name']}’s home"


def _keys(pupil_id: UUID, email: str, household: str) -> list[tuple[Any, str]]:
    name = cells.same_name(household)
    return [(pupil_id, name), *([(email, name)] if email else [])]


def _plan(adult: _Adult, households: _Households) -> None:
    line, carer = adult.line, adult.carer
    household, is_new = households.of(adult)
    if len(household.name) > 100:
        line.wrong(
            "household", _("The adult’s name is too long to name a household by. Give the household a name.")
        )
    how: str | None = line.text("how_to_communicate") or None
    if how:
        before = households.told.setdefault(household.pk, (line.row.number, how))
        if before[1] != how:
            line.wrong(
                "how_to_communicate",
                _("Row %(before)s says something else about this household.") % {"before": before[0]},
            )
    if not is_new and household.how_to_communicate == how:
        how = None
    fields = adult.fields
    if carer is not None:
        fields = {name: value for name, value in fields.items() if getattr(carer, name) != value}
        line.changes = {
            {"has_parental_responsibility": "responsibility"}.get(name, name): [getattr(carer, name), value]
            for name, value in fields.items()
        }
        if carer.household_id != household.pk:
            fields = fields | {"household": household}
            line.changes["household"] = [carer.household.name, household.name]
            line.warn(
                "household", _("This moves the adult to another household, whose notes they then share.")
            )
        if how:
            line.changes["how_to_communicate"] = [household.how_to_communicate, how]
    line.work = FamilyWork(adult.pupil, carer, fields, household, is_new, how)
