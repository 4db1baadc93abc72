"""Settings of the demo and the people who work in them."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group, Permission

from accounts.enums import Role
from accounts.models import Membership, Setting, Term, User
from apdr.enums import Perspective
from apdr.models import FundingStream, StaffRole
from apdr.services import scales
from pupils.enums import Relation
from pupils.models import (
    ClassGroup,
    ClassStaff,
    Household,
)

from .days import Days
from .rows import Rows, fixed

Content = dict[str, Any]


@dataclass
class Voice:
    """Somebody heard in a pupil's plan; without an account when there is no `user`."""

    name: str
    perspective: Perspective
    user: User | None = None
    household: Household | None = None


@dataclass
class Place:
    """A setting with what its pupils' plans lean on."""

    content: Content
    setting: Setting
    senco: User
    staff: dict[str, User]
    classes: dict[str, ClassGroup]
    streams: dict[str, FundingStream] = field(default_factory=dict)
    roles: dict[str, StaffRole] = field(default_factory=dict)
    meetings: Counter[date] = field(default_factory=Counter)

    def next_time(self, day: date) -> str:
        """When the next review of a day begins: half an hour each, the first after lessons."""
        minutes = 15 * 60 + 30 - 30 * (self.meetings[day] % 14)
        self.meetings[day] += 1
        return f"{minutes // 60:02}:{minutes % 60:02}"


class People:
    def __init__(self, rows: Rows, days: Days, password: str) -> None:
        self.rows, self.days, self.password = rows, days, password
        self.users: dict[str, User] = {}
        self.households: dict[tuple[str, ...], Household] = {}
        self.professionals: dict[str, User] = {}
        self.serial = 0
        self.may = {
            p.codename: p
            for p in Permission.objects.filter(
                content_type__app_label="pupils", codename__in=[r.value for r in Relation]
            )
        }
        self.long_ago = days.moment(-1100, "08:00")

    def person(self, email: str, name: str) -> User:
        if email not in self.users:
            user = User(
                id=fixed("person", email),
                email=email,
                name=name,
                known_as="" if name.startswith("Dr ") else name.split()[0],
                password=self.password,
                joined_at=self.long_ago,
            )
            self.users[email] = self.rows.add(user)
            self.rows.add(EmailAddress(user=user, email=email, verified=True, primary=True))
        return self.users[email]

    # A setting ---------------------------------------------------------------------------------------

    def open_setting(self, content: Content) -> Place:
        about = content["setting"]
        setting = Setting(
            id=fixed("setting", about["key"]),
            name=about["name"],
            phase=about["phase"],
            urn=about.get("urn", ""),
            laestab=about.get("la", "") + about.get("estab", ""),
            ukprn=about.get("ukprn", ""),
            ofsted_urn=about.get("ofsted_urn", ""),
        )
        setting.full_clean()
        setting.save(force_insert=True)
        scales.ensure(setting)
        for name, *days in self.days.terms():
            first, last, half, back = days
            Term.objects.create(
                setting=setting,
                name=name,
                starts_on=first,
                ends_on=last,
                half_term_from=half,
                half_term_until=back,
            )
        staff = {one["key"]: self.employ(setting, one) for one in content["staff"]}
        senco = next(staff[one["key"]] for one in content["staff"] if "senco" in one["roles"])
        left = {one["key"]: one["left"] for one in content["staff"] if "left" in one}
        place = Place(content, setting, senco, staff, {})
        for one in content["classes"]:
            place.classes[one["key"]] = self.open_class(place, one, left)
        for one in about["streams"]:
            place.streams[one["key"]] = self.rows.add(
                FundingStream(
                    id=fixed("stream", about["key"], one["key"]),
                    setting=setting,
                    kind=one["kind"],
                    name=one["name"],
                )
            )
        return place

    def employ(self, setting: Setting, one: Content) -> User:
        user = self.person(one["email"], one["name"])
        ends_at = self.days.moment(one["left"], "17:00") if "left" in one else None
        for role in one["roles"]:
            self.rows.add(
                Membership(
                    id=fixed("membership", one["email"], role),
                    setting=setting,
                    person=user,
                    role=Role(role),
                    starts_at=self.long_ago,
                    ends_at=ends_at,
                )
            )
        return user

    def open_class(self, place: Place, one: Content, left: dict[str, int]) -> ClassGroup:
        group = self.rows.add(Group(name=f"{place.setting.pk} {one['key']}"))
        found = self.rows.add(
            ClassGroup(
                id=fixed("class", place.setting.pk, one["key"]),
                setting=place.setting,
                name=one["key"],
                group=group,
            )
        )
        for key in one["staff"]:
            self.rows.add(
                ClassStaff(
                    id=fixed("class staff", place.setting.pk, one["key"], key),
                    class_group=found,
                    person=place.staff[key],
                    starts_at=self.long_ago,
                    ends_at=self.days.moment(left[key], "17:00") if key in left else None,
                )
            )
            if key not in left:
                self.rows.add(User.groups.through(user=place.staff[key], group=group))
        return found
