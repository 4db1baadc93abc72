from typing import Any

import pytest
from django.core import mail

from accounts.models import Invitation, User
from pupils import policy
from pupils.enums import ImportKind, Section
from pupils.imports import inviting
from pupils.models import Household, ParentCarer, Pupil, PupilUserPermission
from tests.cast import AT, Cast

from .conftest import Bring, counts, problems, save, written

HEAD = [
    "UPN", "Pupil given name", "Pupil family name", "Pupil date of birth",
    "Adult name", "E-mail", "Relationship", "Parental responsibility", "Household", "How to communicate",
]  # fmt: skip
ADA = ["", "Ada", "Lovelace", "14/05/2012"]
SAM = ["", "Sam", "Okafor", "20/11/2009"]
GRAN = ["Gwen Byron", "gwen@home.example", "grandmother", "yes", "Byron family", "Ring after five."]


def carers(name: str) -> list[dict[str, Any]]:
    fields = ("pupil__given_name", "household__name", "email", "relationship", "person")
    found = ParentCarer.objects.filter(name=name).order_by("pupil__given_name")
    return list(found.values(*fields, "has_parental_responsibility"))


def test_an_adult_with_parental_responsibility_can_be_invited_and_sees_nothing_yet(
    cast: Cast, check: Bring
) -> None:
    people, relations = set(User.objects.all()), set(PupilUserPermission.objects.all())
    save(check(ImportKind.FAMILIES, written(HEAD, [*ADA, *GRAN])))
    assert carers("Gwen Byron") == [
        {
            "pupil__given_name": "Ada",
            "household__name": "Byron family",
            "email": "gwen@home.example",
            "relationship": "grandmother",
            "person": None,
            "has_parental_responsibility": True,
        }
    ]
    assert (set(User.objects.all()), set(PupilUserPermission.objects.all())) == (people, relations)
    assert [(r.name, r.email, r.children) for r in inviting.ready(cast.hazelmere, AT)] == [
        ("Gwen Byron", "gwen@home.example", "Ada")
    ]
    assert mail.outbox == []


def test_an_adult_without_parental_responsibility_is_written_down_and_cannot_be_invited(
    cast: Cast, check: Bring
) -> None:
    batch = check(ImportKind.FAMILIES, written(HEAD, [*ADA, *GRAN[:3], "no", *GRAN[4:]]))
    assert problems(batch) == [
        (2, "email", "Without parental responsibility the address is not kept: nobody is invited by it.")
    ]
    save(batch)
    assert [(c["email"], c["has_parental_responsibility"], c["person"]) for c in carers("Gwen Byron")] == [
        ("", False, None)
    ]
    assert inviting.ready(cast.hazelmere, AT) == []


def test_nobody_is_linked_because_somebody_has_their_address(cast: Cast, check: Bring) -> None:
    """The stranger signs in with the very address that a file gives for Ada's grandmother."""
    save(check(ImportKind.FAMILIES, written(HEAD, [*ADA, "Gwen Byron", cast.stranger.email, *GRAN[2:]])))
    assert [c["person"] for c in carers("Gwen Byron")] == [None]
    assert not policy.pupils_for(cast.stranger, None, AT).filter(pk=cast.ada.pk).exists()


def test_an_invited_adult_sees_the_plan_once_they_accept(cast: Cast, check: Bring) -> None:
    from accounts.services import create_person
    from pupils.circle import place_near  # noqa: F401
    from pupils.invitations import accept

    save(check(ImportKind.FAMILIES, written(HEAD, [*ADA, *GRAN], [*SAM, *GRAN])))
    assert inviting.invite_ready(setting=cast.hazelmere, by=cast.senco, at=AT) == (1, 0)
    assert inviting.invite_ready(setting=cast.hazelmere, by=cast.senco, at=AT) == (0, 0)
    invitation = Invitation.objects.get(email="gwen@home.example")
    assert {lead.pupil for lead in invitation.pupils.all()} == {cast.ada, cast.sam}
    assert [message.to for message in mail.outbox] == [["gwen@home.example"]]
    gwen = create_person(email="gwen@home.example", name="Gwen Byron", at=AT)
    secret = (
        next(w for w in str(mail.outbox[0].body).split() if "/invitation" in w).rstrip("/").split("/")[-1]
    )
    accept(secret=secret, person=gwen, at=AT)
    assert policy.can(gwen, Section.PLAN, cast.ada, AT)


def test_a_restricted_person_is_not_offered_to_be_invited(cast: Cast, check: Bring) -> None:
    ParentCarer.objects.filter(person=cast.restricted_parent).delete()
    row = [*ADA, "Rob Lovelace", cast.restricted_parent.email, "stepfather", "yes", "", ""]
    save(check(ImportKind.FAMILIES, written(HEAD, row)))
    assert inviting.ready(cast.hazelmere, AT) == []


def test_brothers_and_sisters_share_a_household_and_families_of_one_name_do_not(
    cast: Cast, check: Bring
) -> None:
    noor = ["", "Noor", "Haddad", "03/10/2008"]
    file = written(
        HEAD,
        [*ADA, *GRAN],
        [*SAM, *GRAN],
        [*ADA, "Guy Byron", "", "grandfather", "yes", "Byron family", ""],
        [*noor, "Bea Byron", "bea@home.example", "aunt", "yes", "Byron family", ""],
    )
    save(check(ImportKind.FAMILIES, file))
    homes = {
        (c.name, c.pupil.given_name): c.household_id
        for c in ParentCarer.objects.filter(name__endswith="Byron").select_related("pupil")
    }
    assert len({homes["Gwen Byron", "Ada"], homes["Gwen Byron", "Sam"], homes["Guy Byron", "Ada"]}) == 1
    assert homes["Bea Byron", "Noor"] != homes["Gwen Byron", "Ada"]
    assert list(
        Household.objects.filter(name="Byron family")
        .values_list("how_to_communicate", flat=True)
        .order_by("how_to_communicate")
    ) == ["", "Ring after five."]
    assert counts(check(ImportKind.FAMILIES, file)) == {"added": 0, "changed": 0, "same": 4, "wrong": 0}


def test_adults_without_a_household_each_have_their_own(cast: Cast, check: Bring) -> None:
    rows = [[*ADA, name, "", "carer", "yes", "", ""] for name in ("Ann One", "Bob Two")]
    save(check(ImportKind.FAMILIES, written(HEAD, *rows)))
    assert [c["household__name"] for name in ("Ann One", "Bob Two") for c in carers(name)] == [
        "Ann One’s home",
        "Bob Two’s home",
    ]


def test_what_is_there_is_changed_and_said(cast: Cast, check: Bring) -> None:
    row = [*ADA, "Pam Lovelace", "", "mum", "yes", "", "Text, please."]
    batch = check(ImportKind.FAMILIES, written(HEAD, row))
    assert [(r.outcome, r.changes) for r in batch.rows.all()] == [
        (
            "change",
            {"relationship": ["mother", "mum"], "how_to_communicate": ["", "Text, please."]},
        )
    ]
    save(batch)
    cast.home.refresh_from_db()
    assert (cast.home.how_to_communicate, cast.home.version) == ("Text, please.", 2)


@pytest.mark.parametrize(
    ("row", "found"),
    [
        (["B801200005001", "", "", "", *GRAN], ("upn", "No pupil here has this. Bring the pupils in first, or check the row.")),
        (["", "Ada", "Lovelace", "", *GRAN], ("upn", "Which child is this? Give the UPN, or given name, family name and date of birth.")),
        (["", "Ada", "Lovelace", "15/05/2012", *GRAN], ("given_name", "No pupil here has this. Bring the pupils in first, or check the row.")),
        ([*ADA, *GRAN[:3], "maybe", *GRAN[4:]], ("responsibility", "Write yes or no.")),
        ([*ADA, *GRAN[:3], "", *GRAN[4:]], ("responsibility", "This is empty. yes or no. Only adults with parental responsibility can be invited from a file.")),
        ([*ADA, GRAN[0], "gwen at home", *GRAN[2:]], ("email", "This is not an e-mail address. Write one such as sam@example.org.")),
        ([*ADA, *GRAN[:5], "x" * 2001], ("how_to_communicate", "This is 2,001 characters. Shorten it to 2000; nothing is cut for you.")),
        ([*ADA, "Pam Lovelace", "", "mother", "no", "", ""], ("responsibility", "This adult signs in and sees this child’s plan, which a file cannot take away. Change it on the child’s page.")),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_what_to_do(
    cast: Cast, check: Bring, row: list[str], found: tuple[str, str]
) -> None:
    assert problems(check(ImportKind.FAMILIES, written(HEAD, row))) == [(2, *found)]


def test_a_child_of_another_setting_is_not_here(cast: Cast, check: Bring) -> None:
    Pupil.objects.filter(pk=cast.ada.pk).update(upn="B801200005001")
    cast.ada.enrolments.update(setting=cast.westfield)
    for row in (["B801200005001", "", "", "", *GRAN], [*ADA, *GRAN]):
        found = check(ImportKind.FAMILIES, written(HEAD, row))
        assert [sentence for *_, sentence in problems(found)] == [
            "No pupil here has this. Bring the pupils in first, or check the row."
        ]


def test_a_household_that_is_told_two_things_is_refused(cast: Cast, check: Bring) -> None:
    other = [*ADA, "Guy Byron", "", "grandfather", "yes", "Byron family", "Never ring."]
    assert problems(check(ImportKind.FAMILIES, written(HEAD, [*ADA, *GRAN], other))) == [
        (3, "how_to_communicate", "Row 2 says something else about this household.")
    ]


def test_an_invitation_that_waits_is_not_contradicted(cast: Cast, check: Bring) -> None:
    save(check(ImportKind.FAMILIES, written(HEAD, [*ADA, *GRAN])))
    inviting.invite_ready(setting=cast.hazelmere, by=cast.senco, at=AT)
    sentence = "This adult has been invited already. Take that invitation back first."
    moved = check(ImportKind.FAMILIES, written(HEAD, [*ADA, GRAN[0], "new@home.example", *GRAN[2:]]))
    assert problems(moved) == [(2, "email", sentence)]
    lost = check(ImportKind.FAMILIES, written(HEAD, [*ADA, *GRAN[:3], "no", *GRAN[4:]]))
    assert problems(lost)[-1] == (2, "responsibility", sentence)
