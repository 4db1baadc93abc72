"""Families without a sign-in: what is meant for them is printed with one press, and what they say is written down."""

from datetime import date
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.models import User
from accounts.services import PREFERENCES, preferences_of
from notifications import letters, printing
from notifications.models import HandOverLetter, Message
from pupils import circle, talking
from pupils.enums import RestrictionKind
from pupils.invitations import accept, accept_as_new, invite_young_person
from pupils.models import AuditEvent
from reviews import invitations
from reviews.enums_invitations import Through
from reviews.models import ReviewInvitation, ReviewReply

from ..apdr.pages import address, as_, errors, send, words
from ..cast import AT, Cast
from ..pupils.test_talking_with import typed
from ..reviews.test_invitations import ask, review_of
from ..test_routes import words_of
from .reviewing import DAY, run
from .test_channels import HOME
from .test_letters import turns_16
from .test_printing import press

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]


def gran(cast: Cast, **more: Any) -> User:
    """Somebody of the family who never signs in."""
    carer = circle.add_parent_carer(
        pupil=cast.ada, household=cast.other_home, name="Gran", relationship="grandmother", by=cast.senco, at=AT - DAY,
    )  # fmt: skip
    now = preferences_of(User(name="Gran"))
    typed = {name: getattr(now, name) for name in PREFERENCES}
    return talking.begin_on_paper(
        carer=carer, typed={**typed, "channel": "letter", "postal_address": HOME, **more}, how="phone",
        asked_on=date(2026, 3, 9), by=cast.senco, at=AT - DAY,
    )  # fmt: skip


def listed(cast: Cast, at: Any = AT) -> list[tuple[str, bool, bool]]:
    return [(one.person.name, one.printed, one.rung) for one in printing.waiting(cast.senco, at)]


def test_an_invitation_is_printed_with_a_slip_and_the_answer_by_phone_is_written_down(cast: Cast) -> None:
    person = gran(cast, channel="phone", phone="+447700900123")
    review = review_of(cast, cast.ada)
    ask(cast, review)
    run(AT)
    assert (listed(cast), all(m.to for m in mail.outbox)) == ([("Gran", False, True)], True)
    senco = as_(cast.senco)
    assert "Gran Near Ada. Would rather be rung: +447700900123" in words(
        senco.get(reverse("letters_to_print"))
    )
    told = " ".join(words_of(press(cast, "senco", person).content).split())
    for part in ("1 High Street", "Will you come?", "Friday 20 March 2026 at 10:30", "Yes, I will come"):
        assert part in told, part
    assert ("Ada" in told, "Sign in" in told, "http" in told) == (False, False, False)
    assert (Message.objects.get(person=person).address, listed(cast)) == (HOME, [("Gran", True, True)])
    row = ReviewInvitation.objects.get(person=person)
    href = address("write_reply", review.pk, row.pk)
    assert errors(senco.post(href, {"answer": "yes", "sequence": "0"})) != []
    late = send(senco, f"{href}?answer=yes", told_how="phone", told_on="2026-03-11")
    assert errors(late) == ["Choose today or a day in the last year."]
    assert send(senco, f"{href}?answer=yes", told_how="phone", told_on="2026-03-09").status_code == 302
    reply = ReviewReply.objects.get(invitation=row)
    assert (reply.through, reply.told_how, reply.told_on, reply.by) == (
        Through.SAID,
        "phone",
        date(2026, 3, 9),
        cast.senco,
    )
    assert "Told us by phone on 9 March 2026, written down by Sunita Rao" in words(
        senco.get(address("who_comes", review.pk))
    )
    send(
        senco, address("write_before", review.pk), perspective="parent", how="phone", said_by_name="Gran",
        household=str(cast.other_home.pk), told_on="2026-03-08", working="~gran~",
    )  # fmt: skip
    said = words(senco.get(address("review", review.cycle_id)))
    assert "told us on 8 March 2026, written down by Sunita Rao (By phone)" in said
    assert listed(cast, AT + DAY) == []  # it is answered


def test_a_letter_before_the_hand_over_is_printed_for_whoever_has_no_e_mail(cast: Cast) -> None:
    person = gran(cast)
    turns_16(cast.ada, date(2026, 6, 15))
    letters.plan(at=AT)
    row = HandOverLetter.objects.get(person=person)
    assert (row.pk in letters.due(AT), listed(cast)) == (False, [("Gran", False, False)])
    assert not letters.send(letter_id=row.pk, at=AT)
    told = " ".join(words_of(press(cast, "senco", person).content).split())
    assert "will soon choose who sees their plan. That starts in less than 6 months." in told
    assert ("Sign in" in told, "Ada" in told) == (False, False)
    row.refresh_from_db()
    [event] = AuditEvent.objects.filter(verb=letters.SENT, by=cast.senco)
    assert (row.state, event.pupil, event.detail["on"]) == ("sent", cast.ada, "paper")
    assert listed(cast) == [("Gran", True, False)]
    assert press(cast, "senco", person).status_code == 200  # the sheet had jammed
    assert listed(cast, AT + DAY) == []
    assert press(cast, "stranger", person).status_code == 404


def test_whoever_is_shut_out_meanwhile_gets_no_letter(cast: Cast) -> None:
    person = gran(cast)
    turns_16(cast.ada, date(2026, 6, 15))
    ask(cast, review_of(cast, cast.ada))
    run(AT)
    letters.plan(at=AT)
    assert listed(cast) == [("Gran", False, False)]
    circle.restrict(
        pupil=cast.ada, person=person, kind=RestrictionKind.UNSAFE, reason="Found out.", by=cast.senco, at=AT
    )
    assert (listed(cast), press(cast, "senco", person).status_code) == ([], 404)
    assert not Message.objects.filter(person=person).exists()


def test_a_young_person_without_e_mail_takes_part_on_paper_and_signs_in_one_day(cast: Cast) -> None:
    """Whose record it is has the rights of whoever signs in: asked first, told before the day, written down by the SENCO."""
    for pupil in (cast.sam, cast.ada):
        circle.selves(pupil, AT).update(ends_at=AT - DAY)
    senco, page = as_(cast.senco), address("own_on_paper", cast.sam.pk)
    assert [as_(one).get(page).status_code for one in (cast.teacher, cast.parent, cast.stranger)] == [
        403,
        403,
        404,
    ]
    assert "Sam does not use e-mail" in words(senco.get(address("circle", cast.sam.pk)))
    said = typed(channel="letter", postal_address=HOME)
    assert senco.post(page, said)["Location"] == address("circle", cast.sam.pk)
    assert senco.post(address("own_on_paper", cast.ada.pk), said).status_code == 302
    own = User.objects.get(name="Sam Okafor", email=None)
    ada = User.objects.get(name="Ada Lovelace", email=None)
    assert "Sam takes part on paper and by phone." in words(senco.get(address("circle", cast.sam.pk)))
    assert senco.post(page, said)["Location"] == address("talking_with", cast.sam.pk, own.pk)
    with pytest.raises(ValidationError, match="here already"):
        talking.begin_own_on_paper(
            pupil=cast.sam, typed={"channel": "letter"}, how="phone", asked_on=AT.date(), by=cast.senco, at=AT
        )
    # A review: they are asked first, and print says what their page would.
    review = review_of(cast, cast.sam)
    invitations.ask(review=review, by=cast.senco, at=AT, people=[own.pk])
    turns_16(cast.ada, date(2026, 6, 15))
    letters.plan(at=AT)
    run(AT)
    assert [one for one in listed(cast) if one[0] in (own.name, ada.name)] == [
        ("Ada Lovelace", False, False), ("Sam Okafor", False, False),
    ]  # fmt: skip
    told = " ".join(words_of(press(cast, "senco", own).content).split())
    for part in (
        "1 High Street",
        "Will you come?",
        "Friday 20 March 2026 at 10:30",
        "I come for ten minutes",
    ):
        assert part in told, part
    assert [part in told for part in ("Sam", "Sign in", "http", "I need another time")] == [
        True,
        False,
        False,
        False,
    ]
    hand_over = " ".join(words_of(press(cast, "senco", ada).content).split())
    assert "Soon you choose who can see your plan." in hand_over
    part = send(senco, address("write_part", review.pk), part="short", how="spoken")
    assert part.status_code == 302
    comes = send(senco, address("choose_who_comes", review.pk), how="spoken", people=[str(cast.teacher.pk)])
    assert comes.status_code == 302
    assert ("Sam Okafor", False, False) not in listed(cast, AT + DAY)
    # One day they sign in: with what was said, as the same person; and the old place is nobody's.
    _, secret = invite_young_person(pupil=cast.sam, email="new@pupils.example", by=cast.senco, at=AT)
    _, joined = accept_as_new(secret=secret, name="Sam Okafor", known_as="Sam", password=None, at=AT + DAY)
    assert (joined.pk, joined.email) == (own.pk, "new@pupils.example")
    _, secret = invite_young_person(pupil=cast.ada, email=cast.child.email, by=cast.senco, at=AT)
    EmailAddress.objects.create(user=cast.child, email=cast.child.email, verified=True, primary=True)
    accept(secret=secret, person=cast.child, at=AT + DAY)
    assert [one.user for one in circle.selves(cast.ada, AT + DAY)] == [cast.child]
    with pytest.raises(ValidationError, match="here already"):
        invite_young_person(pupil=cast.ada, email="other@pupils.example", by=cast.senco, at=AT + DAY)
