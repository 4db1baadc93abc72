"""The same people and pupils throughout the tests.

Hazelmere is a secondary school with a sixth form and the policies a setting starts with. Three of its pupils:
Ada (13), Sam (16, still at school: he decides, key adults keep their working view) and Noor (17, in the sixth form:
she decides, and there is no working view). The same adults stand near all three. Everything was arranged on
`SEPTEMBER` through the services; tests look on at `AT`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine

from accounts.enums import Phase, Role
from accounts.models import Membership, Setting, User
from pupils import circle, services
from pupils.enums import Relation, RestrictionKind
from pupils.models import ClassGroup, Household, Pupil
from tests.once import once

LONDON = ZoneInfo("Europe/London")
LONG_AGO = datetime(2024, 9, 2, 8, 0, tzinfo=LONDON)
SEPTEMBER = datetime(2025, 9, 8, 9, 0, tzinfo=LONDON)
FEBRUARY = datetime(2026, 2, 2, 9, 0, tzinfo=LONDON)
#: The instant at which tests look on.
AT = datetime(2026, 3, 10, 10, 30, tzinfo=LONDON)
PASSWORD = "nine small otters swim"


@dataclass
class Cast:
    hazelmere: Setting
    westfield: Setting
    senco: User
    teacher: User
    key_adult: User
    colleague: User
    parent: User
    other_parent: User
    restricted_parent: User
    child: User
    young_person: User
    student: User
    professional: User
    stranger: User
    left: User
    deactivated: User
    dsl: User
    leader: User
    installer: User
    ada: Pupil
    sam: Pupil
    noor: Pupil
    class_9b: ClassGroup
    class_11c: ClassGroup
    class_12a: ClassGroup
    home: Household
    other_home: Household
    restricted_home: Household

    @property
    def people(self) -> dict[str, User]:
        """Everybody who can be signed in, by what they are called here."""
        return {f.name: person for f in fields(self) if isinstance(person := getattr(self, f.name), User)}

    @property
    def pupils(self) -> dict[str, Pupil]:
        return {f.name: pupil for f in fields(self) if isinstance(pupil := getattr(self, f.name), Pupil)}


def person(email: str, name: str, **more: object) -> User:
    """Somebody who can sign in with `PASSWORD`."""
    return User.objects.create_user(email, PASSWORD, **{"name": name, "joined_at": LONG_AGO, **more})


def move(pupil: Pupil, to: Setting, *, on: date, by: User, at: datetime) -> None:
    """A pupil goes from one setting to another: whoever moves them is a SENCO of both while they do it."""
    both = member(by, to, Role.SENCO)
    services.move(pupil=pupil, to=to, on=on, by=by, at=at)
    both.delete()


def member(who: User, setting: Setting, role: Role, *, until: datetime | None = None) -> Membership:
    return Membership.objects.create(
        person=who, setting=setting, role=role, starts_at=LONG_AGO, ends_at=until
    )


def build() -> Cast:
    """Everybody, in the database."""
    return once("cast", arrange)


def arrange() -> Cast:
    """Everybody, through the services."""
    hazelmere = Setting.objects.create(name="Hazelmere School", phase=Phase.SECONDARY, urn="100001")
    westfield = Setting.objects.create(name="Westfield College", phase=Phase.COLLEGE, ukprn="10000002")

    senco = person("senco@hazelmere.example", "Sunita Rao")
    teacher = person("teacher@hazelmere.example", "Tom Teal")
    key_adult = person("key.adult@hazelmere.example", "Kim Adeyemi")
    colleague = person("colleague@hazelmere.example", "Col Ives")
    left = person("left@hazelmere.example", "Lena Gone")
    deactivated = person("deactivated@hazelmere.example", "Dee Shutt")
    dsl = person("dsl@hazelmere.example", "Dora Safe")
    leader = person("leader@hazelmere.example", "Leo Head")
    stranger = person("senco@westfield.example", "Sten Far")
    parent = person("parent@home.example", "Pam Lovelace")
    other_parent = person("other.parent@home.example", "Oscar Lovelace")
    restricted_parent = person("restricted.parent@home.example", "Rob Lovelace")
    child = person("ada@pupils.example", "Ada Lovelace")
    young_person = person("sam@pupils.example", "Sam Okafor")
    student = person("noor@pupils.example", "Noor Haddad")
    professional = person("professional@health.example", "Priya Therapist")
    installer = person("installer@it.example", "Ina Stall", is_staff=True, is_superuser=True)

    member(senco, hazelmere, Role.SENCO)
    for adult in (teacher, key_adult, colleague, deactivated):
        member(adult, hazelmere, Role.KEY_ADULT)
    member(left, hazelmere, Role.KEY_ADULT, until=FEBRUARY)
    member(dsl, hazelmere, Role.DSL)
    member(leader, hazelmere, Role.LEADER)
    member(stranger, westfield, Role.SENCO)

    as_senco = {"by": senco, "at": SEPTEMBER}

    def pupil(
        given_name: str,
        family_name: str,
        born: date,
        year_group: str,
        post16: date | None,
    ) -> Pupil:
        return services.create_pupil(
            setting=hazelmere,
            year_group=year_group,
            starts_on=date(2024, 9, 2),
            given_name=given_name,
            family_name=family_name,
            date_of_birth=born,
            post16_from=post16,
            need_types=["SLCN"],
            **as_senco,
        )

    ada = pupil("Ada", "Lovelace", date(2012, 5, 14), "9", None)
    sam = pupil("Sam", "Okafor", date(2009, 11, 20), "11", None)
    noor = pupil("Noor", "Haddad", date(2008, 10, 3), "12", date(2025, 9, 2))

    classes = {}
    for name, one in (("9B", ada), ("11C", sam), ("12A", noor)):
        classes[name] = circle.open_class(setting=hazelmere, name=name, **as_senco)
        circle.place_in_class(pupil=one, class_group=classes[name], **as_senco)
        for adult in (teacher, left, deactivated):
            circle.join_class(class_group=classes[name], person=adult, **as_senco)

    home = Household.objects.create(name="Pam’s home", phone="01632 960001")
    other_home = Household.objects.create(name="Oscar’s home", phone="01632 960002")
    restricted_home = Household.objects.create(name="Rob’s home", phone="01632 960003")
    for one, itself in ((ada, child), (sam, young_person), (noor, student)):
        circle.grant(relation=Relation.SELF, person=itself, pupil=one, **as_senco)
        for adult in (key_adult, left, deactivated):
            circle.grant(relation=Relation.KEY_ADULT, person=adult, pupil=one, **as_senco)
        circle.grant(relation=Relation.PROFESSIONAL, person=professional, pupil=one, **as_senco)
        for household, adult, relationship in (
            (home, parent, "mother"),
            (other_home, other_parent, "father"),
            (restricted_home, restricted_parent, "stepfather"),
        ):
            circle.add_parent_carer(
                pupil=one,
                household=household,
                person=adult,
                name=adult.name,
                relationship=relationship,
                has_parental_responsibility=adult is not restricted_parent,
                **as_senco,
            )
        circle.restrict(
            pupil=one,
            person=restricted_parent,
            kind=RestrictionKind.COURT_ORDER,
            reason="An order of the family court.",
            **as_senco,
        )
    # Their class and their relations still stand: only that they may no longer sign in keeps them out.
    deactivated.is_active = False
    deactivated.save()

    made = locals()
    return Cast(
        class_9b=classes["9B"],
        class_11c=classes["11C"],
        class_12a=classes["12A"],
        **{f.name: made[f.name] for f in fields(Cast) if not f.name.startswith("class_")},
    )


@pytest.fixture
def cast(db: None) -> Cast:
    return build()


@pytest.fixture
def at_ten() -> Iterator[datetime]:
    """The clock stands at `AT`, for requests and whatever else reads it."""
    with time_machine.travel(AT, tick=False):
        yield AT
