"""Letters on paper: for whoever wants them and gets none by post, printed by their SENCO, and saying no more."""

import re
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from accounts.enums import Channel, Format
from accounts.models import Preferences, User
from notifications import printing, reminders
from notifications.models import Message, Reminder
from pupils import circle
from pupils.enums import RestrictionKind
from pupils.models import AuditEvent
from reviews.enums import Rating
from reviews.services import judge

from ..apdr.pages import as_, words
from ..apdr.plans import Plan, write_plan
from ..cast import AT, SEPTEMBER, Cast
from ..test_routes import words_of
from .notify import running
from .reviewing import DAY, MINUTE, in_review, run
from .test_channels import HOME

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]
PAGE = "letters_to_print"


def on_paper(*people: User, **more: Any) -> None:
    for person in people:
        Preferences.objects.create(person=person, **{"channel": Channel.LETTER, **more})


def listed(cast: Cast, at: Any = AT) -> list[tuple[str, list[str], bool]]:
    return [(one.person.name, one.pupils, one.printed) for one in printing.waiting(cast.senco, at)]


def press(cast: Cast, who: str, person: User) -> Any:
    return as_(cast.people[who]).post(reverse("print_letter", args=[person.pk]))


def test_a_senco_prints_a_letter_and_it_says_no_more_than_an_e_mail(cast: Cast, plan: Plan) -> None:
    on_paper(cast.parent, postal_address=HOME)
    in_review(cast, plan)
    assert "parent@home.example" not in run(AT)
    senco = as_(cast.senco)
    assert "Pam Lovelace Near Ada" in words(senco.get(reverse(PAGE)))
    answer = press(cast, "senco", cast.parent)
    assert (answer["Content-Type"], answer["Content-Disposition"]) == (
        "application/pdf",
        'attachment; filename="letter.pdf"',
    )
    told = " ".join(words_of(answer.content).split())
    assert "Pam Lovelace 1 High Street Hazelmere BN1 1AA 10 March 2026" in told
    assert "We are looking back at the plan. Say how it went." in told
    assert "ask for Sunita Rao" in told
    assert re.findall(r"\bAda\b|SEN|SLCN", told) == []
    message = Message.objects.get(person=cast.parent)
    assert (message.state, message.channel, message.receipt, message.address) == (
        "sent",
        "letter",
        "printed",
        HOME,
    )
    [event] = AuditEvent.objects.filter(verb="reminded", by=cast.senco)
    assert (event.pupil, event.detail) == (
        cast.ada,
        {"kind": "views_wanted", "to": str(cast.parent.pk), "on": "paper"},
    )
    page = words(senco.get(reverse(PAGE)))
    assert ("No letter waits" in page, "Printed today Pam Lovelace Near Ada" in page) == (True, True)
    run(AT + MINUTE)
    assert listed(cast) == [("Pam Lovelace", ["Ada"], True)]
    assert press(cast, "senco", cast.parent).status_code == 200  # the sheet had jammed
    assert Message.objects.filter(person=cast.parent).count() == 1
    assert listed(cast, AT + DAY) == []
    with pytest.raises(Http404):
        printing.print_letter(person_id=cast.parent.pk, by=cast.senco, at=AT + DAY)


def test_it_is_a_pdf_for_screen_readers_and_large_for_whoever_wants_that(cast: Cast) -> None:
    sizes = []
    for format_ in (Format.STANDARD, Format.LARGE_PRINT):
        person = User(name="Pam Lovelace", email="parent@home.example")
        person.preferences = Preferences(person=person, channel=Channel.LETTER, format=format_)
        made = PdfReader(BytesIO(printing.pdf(person, cast.senco, [("A step is due", 2)], AT)))
        root = made.trailer["/Root"]
        assert (root["/Lang"], root["/MarkInfo"]["/Marked"]) == ("en-GB", True)
        assert made.metadata is not None
        assert made.metadata.title == "Something waits for you"
        assert b"pdfuaid" in root["/Metadata"].get_data()
        found: list[float] = []
        made.pages[0].extract_text(visitor_text=lambda t, cm, tm, f, size, found=found: found.append(size))
        sizes.append(max(found))
    assert sizes == [pytest.approx(1.4 * 12), pytest.approx(1.4 * 18)]


def test_nobody_else_prints_or_sees_who_waits(cast: Cast, plan: Plan) -> None:
    on_paper(cast.parent)
    in_review(cast, plan)
    run(AT)
    asked = ("stranger", "teacher", "parent", "other_parent", "dsl", "leader", "student")
    assert {who: press(cast, who, cast.parent).status_code for who in asked} == dict.fromkeys(asked, 404)
    assert "Pam" not in words(as_(cast.stranger).get(reverse(PAGE)))
    assert as_(cast.teacher).get(reverse(PAGE)).status_code == 403
    assert press(cast, "senco", cast.other_parent).status_code == 404  # who has e-mails
    assert as_(cast.senco).post(reverse("print_letter", args=[uuid4()])).status_code == 404
    assert AuditEvent.objects.filter(verb="reminded", by__isnull=False).count() == 0


def test_access_and_need_are_asked_again_when_it_is_made(cast: Cast, plan: Plan) -> None:
    on_paper(cast.parent, cast.other_parent)
    in_review(cast, plan)
    run(AT)
    assert listed(cast) == [("Oscar Lovelace", ["Ada"], False), ("Pam Lovelace", ["Ada"], False)]
    circle.restrict(
        pupil=cast.ada, person=cast.parent, kind=RestrictionKind.COURT_ORDER, reason="-", by=cast.senco, at=AT
    )
    assert listed(cast) == [("Oscar Lovelace", ["Ada"], False)]
    assert press(cast, "senco", cast.parent).status_code == 404
    judge(cycle=plan.cycle, of=plan.step, rating=Rating.LOT, by=cast.other_parent, at=AT)
    assert listed(cast) == []
    assert press(cast, "senco", cast.other_parent).status_code == 404
    assert not Message.objects.filter(channel=Channel.LETTER).exists()


def test_what_waits_for_safeguarding_is_on_no_list(cast: Cast, plan: Plan) -> None:
    on_paper(cast.parent)
    in_review(cast, plan)
    reminders.plan(at=AT)
    Reminder.objects.filter(person=cast.parent).update(kind="look_again")
    assert listed(cast) == []


def test_where_letters_go_by_post_nobody_prints_those_with_an_address(
    cast: Cast, plan: Plan, settings: Any
) -> None:
    on_paper(cast.parent, postal_address=HOME)
    on_paper(cast.other_parent)
    in_review(cast, plan)
    with running(settings) as notify:
        run(AT)
        assert listed(cast) == [("Oscar Lovelace", ["Ada"], False)]
        assert len(notify.taken) == 1


@pytest.mark.parametrize("pupils", [1, 3])
def test_the_list_takes_as_many_queries_however_long_it_is(cast: Cast, pupils: int) -> None:
    on_paper(cast.parent, cast.other_parent, cast.child, cast.young_person, cast.student)
    for pupil in (cast.ada, cast.sam, cast.noor)[:pupils]:
        made = write_plan(pupil, cast.senco, SEPTEMBER)
        in_review(cast, made)
    reminders.plan(at=AT)
    with CaptureQueriesContext(connection) as asked:
        assert len(printing.waiting(cast.senco, AT)) == 2 + pupils
    assert len(asked) == 9
