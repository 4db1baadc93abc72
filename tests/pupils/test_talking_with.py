"""How to talk with a family: written down by the SENCO after asking, theirs to change, and nobody else's to read."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core import mail
from django.urls import reverse

from accounts.models import AccountEvent, Membership, Preferences, User
from accounts.services import PREFERENCES, preferences_of
from pupils import circle, invitations, policy
from pupils.enums import RestrictionKind, Section
from pupils.models import ParentCarer

from ..apdr.pages import as_, words
from ..api.asking import ask as ask_api
from ..api.record import token_of
from ..cast import AT, Cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]
DAY = timedelta(days=1)
HOME = "1 High Street\nHazelmere\nBN1 1AA"


def typed(person: User | None = None, **more: Any) -> dict[str, Any]:
    now = preferences_of(person) if person else Preferences()
    kept = {name: getattr(now, name) for name in PREFERENCES}
    ticks = {name for name, value in kept.items() if isinstance(value, bool)}
    said = {n: "on" if n in ticks else v for n, v in kept.items() if n not in ticks or v}
    return {**said, "version": now.version, "how": "phone", "asked_on": "2026-03-09", **more}


def address(cast: Cast, person: User) -> str:
    return reverse("talking_with", args=[cast.ada.pk, person.pk])


def test_a_senco_writes_down_what_was_said_and_the_person_sees_who_and_when(cast: Cast) -> None:
    page = address(cast, cast.parent)
    senco = as_(cast.senco)
    assert "Nobody has said anything yet" in words(senco.get(page))
    answer = senco.post(page, typed(cast.parent, written_language="pl", needs_interpreter="on"))
    assert answer["Location"] == reverse("circle", args=[cast.ada.pk])
    kept = preferences_of(cast.parent)
    assert (kept.written_language, kept.needs_interpreter, kept.version) == ("pl", True, 2)
    [event] = AccountEvent.objects.filter(person=cast.parent)
    assert (event.by, event.detail) == (
        cast.senco,
        {"fields": ["written_language", "needs_interpreter"], "how": "phone", "asked_on": "2026-03-09"},
    )
    own = words(as_(cast.parent).get(reverse("preferences")))
    assert (
        "Sunita Rao wrote this down on 10 March 2026, after asking you by phone on 9 March 2026: "
        "the language to read, an interpreter." in own
    )
    assert "Written down by Sunita Rao on 10 March 2026, asked by phone on 9 March 2026" in words(
        senco.get(page)
    )


def test_what_the_person_said_later_stands_and_is_shown_as_their_own(cast: Cast) -> None:
    page, senco = address(cast, cast.parent), as_(cast.senco)
    senco.post(page, typed(cast.parent, written_language="pl", good_times="Mondays"))
    mine = typed(cast.parent, written_language="uk")
    with time_machine.travel(AT + timedelta(minutes=1), tick=False):
        assert as_(cast.parent).post(reverse("preferences"), mine).status_code == 302
    own = words(as_(cast.parent).get(reverse("preferences")))
    assert "on 9 March 2026: good times." in own  # what they changed is theirs now
    assert "Pam Lovelace’s own choice on 10 March 2026: the language to read." in words(senco.get(page))
    again = senco.post(page, typed(cast.parent, written_language="pl", good_times="Fridays"))
    assert again.status_code == 422
    assert "They chose this themselves on 10 March 2026, after you asked" in words(again)
    kept = preferences_of(cast.parent)
    assert (kept.written_language, kept.good_times) == ("uk", "Mondays")
    # What they did not choose themselves, and what they say when asked again, is written down as before.
    with time_machine.travel(AT + timedelta(minutes=2), tick=False):
        assert senco.post(page, typed(cast.parent, good_times="Fridays")).status_code == 302
    asked_again = typed(cast.parent, written_language="pl", asked_on="2026-03-10")
    assert senco.post(page, asked_again).status_code == 302
    assert preferences_of(cast.parent).written_language == "pl"


def test_of_two_who_save_at_once_the_second_is_shown_both(cast: Cast) -> None:
    before = typed(cast.parent, notes="Ring first")
    as_(cast.parent).post(reverse("preferences"), typed(cast.parent, notes="Please write"))
    clash = as_(cast.senco).post(address(cast, cast.parent), before)
    assert (clash.status_code, "Please write" in words(clash), "Ring first" in clash.content.decode()) == (
        409,
        True,
        True,
    )
    assert preferences_of(cast.parent).notes == "Please write"


def test_nobody_else_reads_or_writes_it(cast: Cast) -> None:
    Preferences.objects.create(person=cast.parent, notes="~secret~", phone="+447700900123")
    page = address(cast, cast.parent)
    told = {}
    for name, person in cast.people.items():
        if person.is_active:
            got = as_(person).get(page)
            assert ("~secret~" in got.content.decode()) == (name == "senco")
            told[name] = (got.status_code, as_(person).post(page, typed(cast.parent)).status_code)
    inside = {"teacher", "key_adult", "parent", "other_parent", "child", "professional"}
    assert told == {
        name: (200, 302) if name == "senco" else (403, 403) if name in inside else (404, 404) for name in told
    }
    # Nor does the SENCO of whoever is shut out, of staff, or of themself.
    senco = as_(cast.senco)
    others = (cast.restricted_parent, cast.teacher, cast.professional, cast.senco, cast.stranger)
    assert [senco.get(address(cast, one)).status_code for one in others] == [404] * 5
    assert senco.get(address(cast, cast.child)).status_code == 200


def test_a_senco_of_another_school_is_not_told_who_wrote_it_down(cast: Cast) -> None:
    as_(cast.senco).post(address(cast, cast.parent), typed(cast.parent, format="audio"))
    Membership.objects.filter(person=cast.stranger).update(setting=cast.hazelmere)
    Membership.objects.filter(person=cast.senco).update(setting=cast.westfield)
    told = words(as_(cast.stranger).get(address(cast, cast.parent)))
    assert ("Sunita" in told, "Written down by somebody else who works with them on 10 March" in told) == (
        False,
        True,
    )


def test_days_and_bad_input_are_refused_and_nothing_typed_is_lost(cast: Cast) -> None:
    page = address(cast, cast.parent)
    bad = typed(cast.parent, asked_on="2026-03-11", phone="12", notes="n" * 501, how="")
    answer = as_(cast.senco).post(page, bad)
    told = answer.content.decode()
    assert (answer.status_code, "n" * 501 in told, 'value="12"' in told) == (422, True, True)
    late = as_(cast.senco).post(page, typed(cast.parent, asked_on="2026-03-11"))
    assert "Choose today or a day in the last year" in words(late)
    assert not Preferences.objects.filter(person=cast.parent).exists()


def test_through_the_api_it_is_written_down_and_told_where_it_comes_from(cast: Cast) -> None:
    path = f"/api/v1/pupils/{cast.ada.pk}/people/{cast.parent.pk}/preferences/"
    secret = token_of(cast.senco)
    now = ask_api(secret, "GET", path).json()
    body = {name: now[name] for name in PREFERENCES}
    body |= {"version": 1, "how": "writing", "asked_on": "2026-03-09", "written_language": "pl"}
    saved = ask_api(secret, "PUT", path, body)
    assert (saved.status_code, saved.json()["written_language"], saved.json()["said"]) == (
        200,
        "pl",
        [
            {
                "fields": ["written_language"],
                "own": False,
                "at": "2026-03-10T10:30:00Z",
                "by": "Sunita Rao",
                "how": "writing",
                "asked_on": "2026-03-09",
            }
        ],
    )
    assert ask_api(secret, "GET", path).json() == saved.json()
    assert ask_api(secret, "PUT", path, body).json()["code"] == "stale"
    assert ask_api(token_of(cast.other_parent), "GET", path).status_code == 403


# Families without a sign-in --------------------------------------------------------------------------


def gran(cast: Cast, pupil: Any = None) -> ParentCarer:
    return circle.add_parent_carer(
        pupil=pupil or cast.ada, household=cast.other_home, name="Gran", relationship="grandmother",
        by=cast.senco, at=AT, has_parental_responsibility=True,
    )  # fmt: skip


def begun(cast: Cast, carer: ParentCarer) -> User:
    page = reverse("on_paper", args=[carer.pupil_id, carer.pk])
    answer = as_(cast.senco).post(page, typed(channel="letter", postal_address=HOME))
    assert answer["Location"] == reverse("circle", args=[carer.pupil_id])
    carer.refresh_from_db()
    assert carer.person is not None
    return carer.person


def test_somebody_without_e_mail_is_put_in_the_circle_and_takes_part_on_paper(cast: Cast) -> None:
    row, sibling = gran(cast), gran(cast, cast.sam)
    person = begun(cast, row)
    sibling.refresh_from_db()
    assert (person.email, person.has_usable_password(), sibling.person) == (None, False, person)
    assert preferences_of(person).postal_address == HOME
    assert policy.why(person, cast.ada, AT).sees(Section.PLAN)
    senco = as_(cast.senco)
    told = words(senco.get(reverse("circle", args=[cast.ada.pk])))
    assert "Gran, grandmother, has parental responsibility. Takes part on paper and by phone." in told
    again = senco.post(
        reverse("on_paper", args=[cast.ada.pk, row.pk]), typed(channel="letter", postal_address=HOME)
    )
    assert again["Location"] == address(cast, person)
    assert User.objects.filter(name="Gran").count() == 1
    way = senco.post(address(cast, person), typed(person, channel="email"))
    assert way.status_code == 422
    assert mail.outbox == []


def test_nobody_but_the_senco_lets_somebody_take_part_on_paper_nor_who_is_shut_out(cast: Cast) -> None:
    row = gran(cast)
    page = reverse("on_paper", args=[cast.ada.pk, row.pk])
    answers = [
        as_(one).post(page, typed(channel="letter", postal_address=HOME)).status_code
        for one in (cast.teacher, cast.parent, cast.stranger, cast.dsl)
    ]
    assert answers == [403, 403, 404, 404]
    circle.restrict(
        pupil=cast.ada, person=row, kind=RestrictionKind.COURT_ORDER, reason="An order.", by=cast.senco, at=AT
    )
    shut = as_(cast.senco).post(page, typed(channel="letter", postal_address=HOME))
    assert (shut.status_code, "must not see this record" in words(shut)) == (422, True)
    row.refresh_from_db()
    assert row.person is None


def test_whoever_is_invited_later_is_the_same_person_and_signs_in(cast: Cast) -> None:
    row = gran(cast)
    person = begun(cast, row)
    row = ParentCarer.objects.get(pk=row.pk)
    _, secret = invitations.invite_parent(carers=[row], email="gran@home.example", by=cast.senco, at=AT)
    _, joined = invitations.accept_as_new(
        secret=secret, name="Gran Lovelace", known_as="Gran", password=None, at=AT + DAY
    )
    assert (joined.pk, joined.email, joined.name) == (person.pk, "gran@home.example", "Gran Lovelace")
    with time_machine.travel(AT + DAY):
        assert as_(joined).get(reverse("plan", args=[cast.ada.pk])).status_code == 200


def test_whoever_is_here_already_takes_the_place_of_the_one_on_paper(cast: Cast) -> None:
    row = gran(cast)
    person = begun(cast, row)
    elsewhere = User.objects.create_user("gran@home.example", name="Grace")
    EmailAddress.objects.create(user=elsewhere, email=elsewhere.email, verified=True, primary=True)
    row = ParentCarer.objects.get(pk=row.pk)
    _, secret = invitations.invite_parent(carers=[row], email="gran@home.example", by=cast.senco, at=AT)
    invitations.accept(secret=secret, person=elsewhere, at=AT + DAY)
    row.refresh_from_db()
    assert row.person == elsewhere
    assert (
        policy.why(person, cast.ada, AT + DAY).near,
        policy.why(elsewhere, cast.ada, AT + DAY).sees(Section.PLAN),
    ) == (False, True)


def test_whoever_is_shut_out_on_paper_is_not_invited(cast: Cast) -> None:
    row = gran(cast)
    person = begun(cast, row)
    circle.restrict(
        pupil=cast.ada, person=person, kind=RestrictionKind.COURT_ORDER, reason="Order.", by=cast.senco, at=AT
    )
    row = ParentCarer.objects.get(pk=row.pk)
    with pytest.raises(Exception, match="must not see"):
        invitations.invite_parent(carers=[row], email="gran@home.example", by=cast.senco, at=AT)
