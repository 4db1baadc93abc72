"""Settings, staff, families and pupils of the demo, and who stands near whom."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group, Permission

from accounts.enums import Channel, Role
from accounts.models import Membership, Preferences, Setting, Term, User
from apdr.enums import Perspective
from apdr.models import FundingStream
from apdr.services import scales
from pupils.enums import Relation
from pupils.models import (
    AuditEvent,
    ClassGroup,
    ClassStaff,
    Enrolment,
    Household,
    ParentCarer,
    Profile,
    Pupil,
    PupilGroupPermission,
    PupilNeedType,
    PupilUserPermission,
    Restriction,
)

from .days import YEARS, Days
from .rows import Rows, fixed, uln, upn

Content = dict[str, Any]
STREETS = [
    "Sallow Lane",
    "Wharf Row",
    "Pound Close",
    "The Hollies",
    "Kiln Terrace",
    "Gorse Road",
    "Mill Twitten",
]
TOWNS = ["Wyndover", "Ambersea", "Larkfold", "Saltings Quay"]


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

    # A pupil and their circle ------------------------------------------------------------------------

    def enrol(self, place: Place, one: Content) -> Pupil:
        given, _, family = one["name"].partition(" ")
        born = self.born(one)
        year = one["year"] if "year" in one else self.days.year_group(born)
        self.serial += 1
        number = YEARS.get(year, 15)
        estab = place.content["setting"].get("estab", "")
        post16 = self.days.entry(born, 12)
        pupil = self.rows.add(
            Pupil(
                id=fixed("pupil", one["key"]),
                given_name=given,
                family_name=family,
                known_as=one.get("known_as", ""),
                date_of_birth=born,
                upn=upn(estab, self.days.entry(born, 0).year, self.serial) if estab else "",
                uln=uln(self.serial) if number >= 10 else "",
                sen_provision=one["sen"],
                home_language=one["lang"],
                post16_from=post16 if post16 <= self.days.today else None,
            )
        )
        for rank, kind in enumerate(one["needs"], start=1):
            self.rows.add(PupilNeedType(pupil=pupil, type=kind, rank=rank))
        first = self.days.plain(min(cycle["from"] for cycle in one["cycles"]) - 7)
        self.rows.add(
            Enrolment(
                id=fixed("enrolment", one["key"]),
                pupil=pupil,
                setting=place.setting,
                year_group=year,
                starts_on=min(self.arrival(place, born), first),
            )
        )
        began = self.days.moment(min(cycle["from"] for cycle in one["cycles"]) - 6, "09:00")
        self.rows.add(
            PupilGroupPermission(
                group=place.classes[one["class"]].group,
                permission=self.may[Relation.KEY_ADULT],
                content_object=pupil,
                starts_at=began,
            )
        )
        self.write_profile(place, pupil, one, began)
        self.rows.add(
            AuditEvent(
                id=fixed("audit", one["key"]),
                at=self.days.now,
                by=None,
                verb="demo data loaded",
                pupil=pupil,
                setting=place.setting,
                object_type="pupil",
                detail={"invented": True},
                object_id=pupil.pk,
            )
        )
        return pupil

    def born(self, one: Content) -> date:
        if "turns" in one:
            return self.days.turning(*one["turns"])
        if "age" in one:
            return self.days.born_for_age(one["birthday"], one["age"])
        return self.days.born(one["birthday"], one["year"])

    def arrival(self, place: Place, born: date) -> date:
        """The September of their first year group here; a story that begins earlier moves it forward."""
        first = {"early_years": -1, "primary": 0, "secondary": 7, "college": 12}[place.setting.phase]
        day = self.days.entry(born, first)
        return min(day, self.days.today - timedelta(days=1))

    def write_profile(self, place: Place, pupil: Pupil, one: Content, began: datetime) -> None:
        about = one["profile"]
        self.rows.add(
            Profile(
                id=fixed("profile", one["key"]),
                pupil=pupil,
                number=1,
                people_like="\n".join(about["likes"]),
                important="\n".join(about["important"]),
                helps="\n".join(about["support"]),
                talk=about["talk"],
                how_made=about["made"],
                written_by=place.senco,
                written_at=began,
            )
        )

    def circle(self, place: Place, one: Content, pupil: Pupil) -> dict[str, Voice]:
        """Put everybody near a pupil; gives who may be heard in their plan, by the word the content uses."""
        began = self.days.moment(min(cycle["from"] for cycle in one["cycles"]) - 5, "09:00")
        itself = self.person(one["email"], pupil.name) if "email" in one else None
        voices = {"self": Voice(pupil.called, Perspective.CHILD, itself)}
        if itself:
            self.near(Relation.SELF, itself, pupil, began)
        for home in one["family"]:
            household = self.household(one, home)
            for carer in home["people"]:
                voices[carer["is"]] = self.carer(place, pupil, household, carer, began)
        for key, user in place.staff.items():
            voices[key] = Voice(user.name, Perspective.STAFF, user)
        for key, user in self.professionals.items():
            voices[key] = Voice(user.name, Perspective.PROFESSIONAL, user)
        for key in sorted(set(one.get("adults", [])) | _working_with(one) & place.staff.keys()):
            if place.staff[key] != place.senco:
                self.near(Relation.KEY_ADULT, place.staff[key], pupil, began)
        for key in one.get("professionals", []):
            self.near(Relation.PROFESSIONAL, self.professionals[key], pupil, began)
        return voices

    def near(self, relation: Relation, user: User, pupil: Pupil, since: datetime) -> None:
        self.rows.add(
            PupilUserPermission(
                user=user, permission=self.may[relation], content_object=pupil, starts_at=since
            )
        )

    def household(self, one: Content, home: Content) -> Household:
        """Brothers and sisters share the household of the same people."""
        who = tuple(carer["name"] for carer in home["people"])
        if who not in self.households:
            number = len(self.households)
            family = home["people"][0]["name"].split()[-1]
            name = f"The {family} home" if home["home"] == "Home" else home["home"]
            self.households[who] = self.rows.add(
                Household(
                    id=fixed("household", *who),
                    name=name,
                    address=f"{3 + number * 7 % 90} {STREETS[number % 7]}, {TOWNS[number % 4]}",
                    phone=f"01632 960{number + 100}",
                    how_to_communicate=home.get("talk", one["talk_with_family"]),
                )
            )
        return self.households[who]

    def carer(
        self, place: Place, pupil: Pupil, household: Household, carer: Content, began: datetime
    ) -> Voice:
        linked = carer["email"] and (carer["pr"] or carer.get("cares"))
        known = self.users.get(carer["email"] or "")
        user = self.person(carer["email"], carer["name"]) if linked else None
        self.rows.add(
            ParentCarer(
                id=fixed("carer", pupil.pk, carer["name"]),
                pupil=pupil,
                household=household,
                person=user,
                name=carer["name"],
                relationship=carer["is"].removesuffix(" 2"),
                has_parental_responsibility=carer["pr"],
            )
        )
        if user is not None:
            self.near(Relation.PARENT_CARER, user, pupil, began)
            if known is None:
                self.prefer(user, carer)
            if "restricted" in carer:
                self.restrict(place, pupil, user, carer["restricted"])
        return Voice(carer["name"], Perspective.PARENT, user, household)

    def prefer(self, user: User, carer: Content) -> None:
        language = carer.get("lang", "en-GB").replace("en-GB", "en").replace("en", "en-GB", 1)
        channel = {"text": Channel.PHONE}.get(carer.get("channel", "email"), carer.get("channel", "email"))
        self.rows.add(
            Preferences(
                person=user,
                spoken_language=language,
                written_language=language,
                needs_interpreter=carer.get("interpreter", False),
                format=carer.get("format", "standard"),
                channel=channel,
                good_times=carer.get("times", ""),
                notes="A text first, then a call." if carer.get("channel") == "text" else "",
            )
        )

    def restrict(self, place: Place, pupil: Pupil, user: User, restriction: Content) -> None:
        since = self.days.moment(restriction["from"], "09:00")
        self.rows.add(
            Restriction(
                id=fixed("restriction", pupil.pk, user.pk),
                pupil=pupil,
                person=user,
                kind=restriction["kind"],
                reason=restriction["reason"],
                starts_at=since,
                recorded_by=place.senco,
                recorded_at=since,
            )
        )


def _working_with(one: Content) -> set[str]:
    """Who owns or logs a step of the cycle that is open."""
    steps = [s for o in one["cycles"][-1]["outcomes"] for s in o["steps"]]
    return (
        {s["owner"] for s in steps}
        | {entry[1] for s in steps for entry in s["log"]}
        | {update[1] for update in one["updates"]}
    )
