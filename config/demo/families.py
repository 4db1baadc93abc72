"""Pupils of the demo, their families, and who stands near them."""

from datetime import date, datetime, timedelta

from django.contrib.auth.hashers import make_password

from accounts.enums import Channel
from accounts.models import AccountEvent, Preferences, User
from apdr.enums import Perspective
from pupils.enums import Relation
from pupils.models import (
    AuditEvent,
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

from .days import YEARS
from .people import Content, People, Place, Voice
from .rows import fixed, uln, upn

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


class Families(People):
    """Takes pupils into the settings that `People` opened."""

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
                ehc_plan_from=self.days.plain(one["ehc"]) if "ehc" in one else None,
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
        on_paper = self.on_paper(carer) if carer["pr"] and not carer["email"] else None
        self.rows.add(
            ParentCarer(
                id=fixed("carer", pupil.pk, carer["name"]),
                pupil=pupil,
                household=household,
                person=user or on_paper,
                name=carer["name"],
                relationship=carer["is"].removesuffix(" 2"),
                has_parental_responsibility=carer["pr"],
            )
        )
        if user is not None:
            self.near(Relation.PARENT_CARER, user, pupil, began)
            if known is None:
                self.prefer(user, carer)
                if carer.get("interpreter"):
                    self.asked(place, user, "interpreter", ["spoken_language", "needs_interpreter"], began)
            if "restricted" in carer:
                self.restrict(place, pupil, user, carer["restricted"])
        if on_paper is not None:
            self.near(Relation.PARENT_CARER, on_paper, pupil, began)
            self.prefer(on_paper, carer, household.address)
            self.asked(place, on_paper, "phone", ["channel", "postal_address"], began)
        return Voice(carer["name"], Perspective.PARENT, user, household)

    def on_paper(self, carer: Content) -> User:
        """Somebody who has no e-mail and never signs in."""
        return self.rows.add(
            User(
                id=fixed("person", carer["name"]),
                email=None,
                name=carer["name"],
                password=make_password(None),
                joined_at=self.long_ago,
            )
        )

    def asked(self, place: Place, user: User, how: str, fields: list[str], at: datetime) -> None:
        """The SENCO asked them how they want to be talked with, and wrote it down."""
        self.rows.add(
            AccountEvent(
                id=fixed("asked", user.pk),
                at=at,
                by=place.senco,
                person=user,
                verb="preferences changed",
                detail={"fields": fields, "how": how, "asked_on": at.date().isoformat()},
            )
        )

    def prefer(self, user: User, carer: Content, address: str = "") -> None:
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
                postal_address="\n".join([user.name, *address.split(", "), "ZZ99 9ZZ"]) if address else "",
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
