"""Asking for a part that is closed, and the answer: who may, of whom, what each is told, and how it ends."""

from datetime import UTC, date, datetime, timedelta
from smtplib import SMTPRecipientsRefused
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import ValidationError
from django.http import Http404

from accounts.enums import Channel
from accounts.models import Preferences, User
from pupils import choices, circle, policy, requests, tasks
from pupils.choices import Wanted
from pupils.enums import Answer, Relation, RestrictionKind, Section
from pupils.errors import NotNow
from pupils.models import AuditEvent, Choice, ChoiceSheet, Pupil, SharingRequest

from ..apdr.pages import address, as_, count, errors, hidden, send, words
from ..apdr.plans import write_plan
from ..cast import AT, LONDON, SEPTEMBER, Cast
from ..mailed import refusing, words_of
from .decided import confirmed, recorded, told

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]

DAY = timedelta(days=1)
WEEK_OVER = datetime(2026, 3, 18, 0, 0, tzinfo=LONDON)
NOBODY: list[UUID] = []


def asks(
    who: User, pupil: Pupil, section: Section = Section.NEEDS, reason: str = "To help.", at: datetime = AT
) -> SharingRequest:
    return requests.ask(pupil=pupil, section=section, reason=reason, by=who, at=at, send=NOBODY.append)


def chosen(pupil: Pupil, by: User, *wanted: Wanted, at: datetime = AT) -> ChoiceSheet:
    return choices.choose(pupil=pupil, wanted=wanted, by=by, at=at, key=uuid4(), wording="test-1")


def sees(who: User, pupil: Pupil, at: datetime = AT) -> list[Section]:
    return policy.why(who, pupil, at).sections


def open_to(who: User, pupil: Pupil) -> list[Section]:
    return requests.door(policy.why(who, pupil, AT)).sections


def test_each_person_may_ask_for_what_they_lack_where_somebody_decides_about_it(cast: Cast) -> None:
    every = list(Section)
    kept = [Section.PROFILE, Section.PLAN, Section.STRATEGIES]
    expected = {
        # Sam decides, and key adults keep a working view.
        "sam": {
            "parent": every,
            "other_parent": every,
            "teacher": [s for s in every if s not in kept],
            "key_adult": [s for s in every if s not in kept],
            "professional": every,
        },
        # Ada's family decides about professionals; what is closed to teachers is closed by design.
        "ada": {"professional": every},
    }
    for name, who in expected.items():
        pupil = cast.pupils[name]
        assert {
            p: open_to(person, pupil) for p, person in cast.people.items() if open_to(person, pupil)
        } == who


def test_a_closed_part_says_who_decides_and_how_to_ask_and_the_same_whatever_is_there(cast: Cast) -> None:
    parent, href = as_(cast.parent), address("needs", cast.sam.pk)
    before = parent.get(href)
    assert before.status_code == 403
    said = words(before)
    assert "Sam is over 16 and decides who sees this part. You can ask Sam." in said
    assert f'href="{address("ask", cast.sam.pk)}?section=needs"' in before.content.decode()
    write_plan(cast.sam, cast.senco, SEPTEMBER)
    assert words(parent.get(href)) == said
    for answer in (Answer.NO, Answer.ASK):
        chosen(cast.sam, cast.young_person, Wanted(Section.NEEDS, answer, person=cast.parent))
        assert words(parent.get(href)) == said


def test_before_hand_over_a_professional_is_sent_to_the_family_and_a_teacher_to_the_senco(cast: Cast) -> None:
    said = words(as_(cast.professional).get(address("plan", cast.ada.pk)))
    assert "Ada’s family decides who else sees this part. You can ask them." in said
    teacher = as_(cast.teacher)
    said = words(teacher.get(address("funding", cast.ada.pk)))
    assert "ask the SENCO" in said
    assert "Ask to see this" not in said
    assert "ask the SENCO" in words(teacher.get(address("ask", cast.ada.pk)))


def test_an_action_that_is_not_theirs_offers_nothing_to_ask_for(cast: Cast) -> None:
    chosen(cast.sam, cast.young_person, Wanted(Section.PLAN, Answer.YES, person=cast.parent))
    page = as_(cast.parent).get(address("cycles", cast.sam.pk))
    assert (page.status_code, "Ask to see this" in words(page)) == (403, False)


def test_whoever_is_outside_or_shut_out_finds_no_page_to_ask_on(cast: Cast) -> None:
    for who in (cast.restricted_parent, cast.stranger, cast.colleague, cast.left):
        for name in ("ask", "requests", "share_out"):
            assert as_(who).get(address(name, cast.sam.pk)).status_code == 404, (who, name)
        with pytest.raises(Http404):
            asks(who, cast.sam)


def test_the_page_for_asking_does_not_change_with_what_is_in_the_parts(cast: Cast) -> None:
    parent, href = as_(cast.parent), address("ask", cast.sam.pk, query="?section=needs")
    before = words(parent.get(href))
    write_plan(cast.sam, cast.senco, SEPTEMBER)
    chosen(cast.sam, cast.young_person, Wanted(Section.NEEDS, Answer.NO, person=cast.parent))
    assert words(parent.get(href)) == before
    assert parent.get(href).context["form"]["section"].value() == "needs"


def test_somebody_asks_once_at_a_time_and_the_same_form_sent_twice_is_one(cast: Cast) -> None:
    parent, href = as_(cast.parent), address("ask", cast.sam.pk)
    for _ in range(2):
        assert send(parent, href, section="needs", reason="To help at home.").status_code == 302
    assert list(SharingRequest.objects.values_list("asker", "section", "reason")) == [
        (cast.parent.pk, "needs", "To help at home.")
    ]
    refused = send(parent, href, section="needs", reason="Please.")
    assert (refused.status_code, errors(refused)) == (
        422,
        ["You have asked for this part already. Wait for the answer."],
    )
    assert "Please." in refused.content.decode()
    assert errors(send(parent, href, section="plan", reason="")) == ["Say why it would help"]
    assert errors(send(parent, href, section="money", reason="x")) == ["Choose one of these parts"]
    long = "z" * 501
    assert long in send(parent, href, section="plan", reason=long).content.decode()
    assert SharingRequest.objects.count() == 1
    events = AuditEvent.objects.filter(verb="asked to see")
    assert list(events.values_list("by", "pupil", "section", "detail")) == [
        (cast.parent.pk, cast.sam.pk, "needs", {})
    ]


def test_what_is_open_already_and_what_nobody_may_ask_for_is_refused(cast: Cast) -> None:
    for who, pupil, section, why in (
        (cast.teacher, cast.sam, Section.PLAN, "This part is open to you already."),
        (cast.senco, cast.sam, Section.PLAN, "This part is open to you already."),
        (cast.teacher, cast.ada, Section.FUNDING, "Ask the SENCO about this part."),
    ):
        with pytest.raises(ValidationError) as refused:
            asks(who, pupil, section)
        assert refused.value.message_dict == {"section": [why]}


def test_the_young_person_reads_who_asks_for_what_and_why(cast: Cast) -> None:
    asks(cast.parent, cast.sam, reason="To help with homework.")
    asks(cast.teacher, cast.sam, Section.VIEWS, reason="To listen.")
    asks(cast.professional, cast.sam, Section.PLAN, reason="For speech.")
    sam = as_(cast.young_person)
    assert "3 questions wait for you" in words(sam.get("/"))
    assert "3 questions wait for you" in words(sam.get(address("mine", cast.sam.pk)))
    page = words(sam.get(address("requests", cast.sam.pk)))
    for said in (
        "Pam Lovelace asks to see “Strengths and needs” Parent carer. Asked on 10 March 2026. To help with homework.",
        "Tom Teal asks to see “What we said” Teaches here.",
        "Priya Therapist asks to see “Support plan” Visiting professional.",
    ):
        assert said in page
    for who in (cast.senco, cast.teacher, cast.parent, cast.professional):
        assert as_(who).get(address("requests", cast.sam.pk)).status_code == 403


def test_a_yes_for_one_week_is_one_press_opens_at_once_and_ends_by_itself(cast: Cast) -> None:
    asked = asks(cast.parent, cast.sam)
    sam, page = as_(cast.young_person), address("requests", cast.sam.pk)
    one = {"answer": "yes", "sections": "needs", "long": "week", "key": hidden(sam.get(page))["key"]}
    href = address("answer_request", cast.sam.pk, asked.pk)
    assert [sam.post(href, one).status_code for _ in range(2)] == [302, 302]
    row = Choice.objects.get()
    assert (row.person, row.section, row.answer, row.ends_at.astimezone(LONDON)) == (
        cast.parent,
        "needs",
        "yes",
        WEEK_OVER,
    )
    assert (row.sheet.wording, row.sheet.how, row.sheet.given_by) == (
        "asked-1",
        "themselves",
        cast.young_person,
    )
    asked.refresh_from_db()
    assert (asked.answer, asked.answered_by, asked.answered_at, asked.sheet_id) == (
        "yes",
        cast.young_person,
        AT,
        row.sheet_id,
    )
    second = timedelta(seconds=1)
    assert [sees(cast.parent, cast.sam, at) for at in (AT, WEEK_OVER - second, WEEK_OVER)] == [
        [Section.NEEDS],
        [Section.NEEDS],
        [],
    ]


def test_a_no_is_one_press_and_the_asker_learns_nothing_else(cast: Cast) -> None:
    asked = asks(cast.parent, cast.sam)
    parent = as_(cast.parent)
    assert "asked on 10 March 2026. Waiting" in words(parent.get("/"))
    sam = as_(cast.young_person)
    sam.post(
        address("answer_request", cast.sam.pk, asked.pk),
        {"answer": "no", "key": str(uuid4()), "purpose": "LEAK because"},
    )
    for page in ("/", address("ask", cast.sam.pk)):
        said = words(parent.get(page))
        assert "Strengths and needs" in said
        assert "asked on 10 March 2026. No" in said
        assert "LEAK" not in said
    assert list(Choice.objects.values_list("person", "section", "answer")) == [
        (cast.parent.pk, "needs", "no")
    ]
    assert sees(cast.parent, cast.sam) == []


def test_the_answer_may_differ_from_what_was_asked(cast: Cast) -> None:
    asked = asks(cast.parent, cast.sam, Section.NEEDS)
    sam, href = as_(cast.young_person), address("answer_request", cast.sam.pk, asked.pk)
    typed = {
        "answer": "yes",
        "sections": ["strategies", "plan"],
        "long": "date",
        "purpose": "So you can help.",
    }
    refused = send(sam, href, **typed, until_0="1", until_1="1", until_2="2026")
    assert (refused.status_code, errors(refused)) == (422, ["Choose a day that is still to come"])
    assert "So you can help." in refused.content.decode()
    assert send(sam, href, **typed, until_0="1", until_1="4", until_2="2026").status_code == 302
    asked.refresh_from_db()
    assert asked.answer == "no"
    end = datetime(2026, 4, 2, 0, 0, tzinfo=LONDON)
    assert sorted(Choice.objects.values_list("section", "answer", "purpose", "ends_at")) == [
        ("needs", "no", "", None),
        ("plan", "yes", "So you can help.", end),
        ("strategies", "yes", "So you can help.", end),
    ]
    assert sees(cast.parent, cast.sam) == [Section.PLAN, Section.STRATEGIES]


def test_an_answer_shows_what_is_open_already_ticks_nothing_and_shortens_nothing(cast: Cast) -> None:
    sam = as_(cast.young_person)
    late = datetime(2026, 7, 18, tzinfo=LONDON)
    chosen(
        cast.sam,
        cast.young_person,
        Wanted(Section.PLAN, Answer.YES, person=cast.parent),
        Wanted(Section.VIEWS, Answer.YES, person=cast.parent, ends_at=late),
        Wanted(Section.FUNDING, Answer.YES, person=cast.parent, ends_at=AT + 2 * DAY),
    )
    asked = asks(cast.parent, cast.sam)
    href = address("answer_request", cast.sam.pk, asked.pk)
    page = sam.get(href)
    assert " checked" not in page.content.decode()
    said = words(page)
    assert (
        "Pam Lovelace can see this already: Support plan , with no last day; Funding , until 12 March 2026;"
        in said
    )
    assert "What we said (open to them already, until 17 July 2026)" in said
    assert "What they can see for longer already stays open. To end it sooner, use Stop." in said
    typed = {"answer": "yes", "sections": ["needs", "plan", "views", "funding"], "long": "week"}
    done = sam.post(href, {**hidden(page), **typed}, follow=True)
    assert "open to them for longer already, and stays so: Support plan, What we said." in words(done)
    ends = {row.section: row.ends_at for row in asked.pupil.choices.order_by("number")}
    assert ends == {"plan": None, "views": late, "needs": WEEK_OVER, "funding": WEEK_OVER}
    # Who teaches has it as one of the group: a yes by name ends it no sooner.
    theirs = asks(cast.teacher, cast.sam)
    chosen(cast.sam, cast.young_person, Wanted(Section.NEEDS, Answer.YES), Wanted(Section.VIEWS, Answer.YES))
    give = [Section.NEEDS, Section.VIEWS]
    requests.answer(request=theirs, give=give, by=cast.young_person, at=AT, key=uuid4(), ends_at=AT + DAY)
    assert set(give) <= set(sees(cast.teacher, cast.sam, AT + 30 * DAY))


def test_what_a_disclosure_opens_is_not_on_the_page_of_an_answer(cast: Cast) -> None:
    asked = asks(cast.parent, cast.sam)
    href = address("answer_request", cast.sam.pk, asked.pk)
    before = words(as_(cast.young_person).get(href))
    confirmed(cast, cast.sam, cast.parent)
    assert sees(cast.parent, cast.sam) == [Section.NEEDS]
    assert words(as_(cast.young_person).get(href)) == before


def test_an_answer_says_what_is_missing_next_to_its_field(cast: Cast) -> None:
    asked = asks(cast.professional, cast.sam)
    sam, href = as_(cast.young_person), address("answer_request", cast.sam.pk, asked.pk)
    assert errors(send(sam, href)) == ["Choose yes or no"]
    assert errors(send(sam, href, answer="yes")) == [
        "Choose at least one part, or say no",
        "Choose for how long",
    ]
    assert errors(send(sam, href, answer="yes", sections="plan", long="date")) == ["Write the last day"]
    # A professional has an end in any case.
    assert "Until I change my mind" not in words(sam.get(href))
    with pytest.raises(ValidationError):
        requests.answer(
            request=asked, give=[Section.NEEDS], by=cast.young_person, at=AT, key=uuid4(), ends_at=None
        )
    asked.refresh_from_db()
    assert (asked.answered_at, Choice.objects.count()) == (None, 0)


def test_who_wants_to_be_asked_each_time_is_offered_a_week(cast: Cast) -> None:
    asked = asks(cast.parent, cast.sam)
    other = asks(cast.teacher, cast.sam)
    sam = as_(cast.young_person)
    href = address("answer_request", cast.sam.pk, asked.pk)
    assert sam.get(href).context["form"]["long"].value() == ""
    chosen(
        cast.sam,
        cast.young_person,
        Wanted(Section.NEEDS, Answer.ASK, person=cast.parent),
        Wanted(Section.NEEDS, Answer.ASK),
    )
    assert sam.get(href).context["form"]["long"].value() == "week"
    theirs = address("answer_request", cast.sam.pk, other.pk)
    assert sam.get(theirs).context["form"]["long"].value() == "week"
    asked.refresh_from_db()
    assert asked.answered_at is None  # "ask me each time" is no answer


def test_answered_twice_is_one_and_the_second_changes_nothing(cast: Cast) -> None:
    asked = asks(cast.parent, cast.sam)
    who: dict[str, Any] = {"request": asked, "by": cast.young_person, "at": AT}
    requests.answer(give=[], key=uuid4(), **who)
    again = requests.answer(give=[Section.NEEDS], key=uuid4(), ends_at=AT + DAY, **who)
    assert (again.answer, ChoiceSheet.objects.count(), sees(cast.parent, cast.sam)) == ("no", 1, [])
    assert AuditEvent.objects.filter(verb="request answered").count() == 1


def test_choosing_about_what_was_asked_answers_it_and_a_rehearsal_does_not(cast: Cast) -> None:
    asked, other = asks(cast.parent, cast.sam), asks(cast.parent, cast.sam, Section.PLAN)
    sheet = chosen(
        cast.sam, cast.young_person, Wanted(Section.NEEDS, Answer.YES, person=cast.parent, ends_at=AT + DAY)
    )
    asked.refresh_from_db()
    other.refresh_from_db()
    assert (asked.answer, asked.sheet, other.answered_at) == ("yes", sheet, None)
    Pupil.objects.filter(pk=cast.ada.pk).update(date_of_birth=date(2010, 5, 14))
    cast.ada.refresh_from_db()
    waits = asks(cast.professional, cast.ada)
    chosen(cast.ada, cast.child, Wanted(Section.NEEDS, Answer.NO, person=cast.professional))
    waits.refresh_from_db()
    assert waits.answered_at is None


def test_after_a_no_the_same_is_not_asked_again_for_two_weeks(cast: Cast) -> None:
    asked = asks(cast.parent, cast.sam)
    requests.answer(request=asked, give=[], by=cast.young_person, at=AT, key=uuid4())
    with pytest.raises(NotNow, match="You can ask for this part again from 25 March 2026"):
        asks(cast.parent, cast.sam, at=AT + 13 * DAY)
    page = as_(cast.parent).get(address("ask", cast.sam.pk, query="?section=needs"))
    assert "You can ask for it again from 25 March 2026." in words(page)
    offered = [value for value, _ in page.context["form"].fields["section"].choices]
    assert offered == [s.value for s in Section if s is not Section.NEEDS]
    assert asks(cast.other_parent, cast.sam).answer == ""
    assert asks(cast.parent, cast.sam, at=AT + 15 * DAY).answer == ""


def test_whoever_decides_about_one_part_is_not_told_of_what_is_asked_about_another(cast: Cast) -> None:
    recorded(cast, cast.sam, cast.parent)  # about his funding
    home = as_(cast.parent)
    asks(cast.professional, cast.sam)
    assert "Somebody asks to see a part" not in words(home.get("/"))
    asks(cast.professional, cast.sam, Section.FUNDING)
    assert "Somebody asks to see a part" in words(home.get("/"))
    assert "Somebody asks to see a part" not in words(as_(cast.other_parent).get("/"))


def test_what_was_asked_can_be_taken_back_and_asked_again(cast: Cast) -> None:
    asked = asks(cast.parent, cast.sam)
    parent, other = as_(cast.parent), as_(cast.other_parent)
    href = address("withdraw_request", cast.sam.pk, asked.pk)
    assert other.post(href).status_code == 404
    assert [parent.post(href).status_code for _ in range(2)] == [302, 302]
    assert "Nobody waits for an answer" in words(as_(cast.young_person).get(address("requests", cast.sam.pk)))
    assert "asked on" not in words(parent.get(address("ask", cast.sam.pk)))
    assert asks(cast.parent, cast.sam).answered_at is None
    assert AuditEvent.objects.filter(verb="request withdrawn").count() == 1


def test_what_one_young_person_chooses_answers_nothing_that_another_was_asked(cast: Cast) -> None:
    asked, elsewhere = asks(cast.professional, cast.sam), asks(cast.professional, cast.noor)
    chosen(cast.sam, cast.young_person, Wanted(Section.NEEDS, Answer.NO, person=cast.professional))
    for request in (asked, elsewhere):
        request.refresh_from_db()
    assert (asked.answer, elsewhere.answered_at) == (Answer.NO, None)


def test_what_was_answered_stays_as_it_was_answered(cast: Cast) -> None:
    asked = asks(cast.parent, cast.sam)
    first = chosen(cast.sam, cast.young_person, Wanted(Section.NEEDS, Answer.NO, person=cast.parent))
    later = Wanted(Section.NEEDS, Answer.YES, person=cast.parent, ends_at=AT + 9 * DAY)
    chosen(cast.sam, cast.young_person, later, at=AT + DAY)
    asked.refresh_from_db()
    assert (asked.answer, asked.answered_at, asked.sheet) == (Answer.NO, AT, first)


def test_nobody_answers_for_somebody_else(cast: Cast) -> None:
    asked = asks(cast.parent, cast.sam)
    for who in (cast.parent, cast.other_parent, cast.teacher, cast.senco, cast.professional):
        with pytest.raises(policy.NotThisSection):
            requests.answer(request=asked, give=[Section.NEEDS], by=who, at=AT, key=uuid4(), ends_at=AT + DAY)
    for who in (cast.stranger, cast.restricted_parent, cast.child):
        with pytest.raises(Http404):
            requests.answer(request=asked, give=[], by=who, at=AT, key=uuid4())
    assert Choice.objects.count() == 0


def test_before_hand_over_a_parent_answers_a_professional_with_their_agreement(cast: Cast) -> None:
    asked = asks(cast.professional, cast.ada, Section.PLAN, reason="To plan speech work.")
    parent = as_(cast.parent)
    assert "Somebody asks to see a part. Say yes or no" in words(parent.get("/"))
    page = words(parent.get(address("requests", cast.ada.pk)))
    assert "Priya Therapist asks to see “Support plan” Visiting professional." in page
    requests.answer(request=asked, give=[Section.PLAN], by=cast.parent, at=AT, key=uuid4(), ends_at=AT + DAY)
    assert sees(cast.professional, cast.ada) == [Section.PLAN]
    assert Choice.objects.get().voice == "parents"
    assert "Somebody asks to see a part" not in words(as_(cast.other_parent).get("/"))
    with pytest.raises(policy.NotThisSection):
        requests.answer(request=asked, give=[], by=cast.child, at=AT, key=uuid4())


def test_who_left_or_was_shut_out_or_has_it_by_now_waits_no_more(cast: Cast) -> None:
    for who in (cast.parent, cast.key_adult, cast.teacher, cast.professional):
        asks(who, cast.sam)
    sight = policy.why(cast.young_person, cast.sam, AT)
    speaks = requests.answering(sight)
    assert len(requests.waiting(sight, speaks)) == 4
    senco: dict[str, Any] = {"pupil": cast.sam, "by": cast.senco, "at": AT}
    circle.end_relation(relation=Relation.KEY_ADULT, person=cast.key_adult, **senco)
    circle.restrict(person=cast.parent, kind=RestrictionKind.UNSAFE, reason="Not safe.", **senco)
    chosen(cast.sam, cast.young_person, Wanted(Section.NEEDS, Answer.YES))
    assert [row.asker for row in requests.waiting(sight, speaks)] == [cast.professional]
    assert as_(cast.parent).get(address("ask", cast.sam.pk)).status_code == 404
    assert "asked on" not in words(as_(cast.parent).get("/"))


@pytest.mark.parametrize("knows", ["told", "untold"])
def test_a_request_goes_on_waiting_where_a_disclosure_opens_what_was_asked_for(
    cast: Cast, knows: str
) -> None:
    """Were it gone without an answer, whoever answers would know that something was opened past them."""
    ends: dict[str, Any] = told() if knows == "told" else {}
    for pupil, asker, answers in (
        (cast.sam, cast.parent, cast.young_person),
        (cast.ada, cast.professional, cast.parent),
    ):
        row = asks(asker, pupil)
        hrefs = ["/", address("requests", pupil.pk)]
        before = [words(as_(answers).get(href)) for href in hrefs]
        confirmed(cast, pupil, asker, **ends)
        assert sees(asker, pupil) == [Section.NEEDS]
        assert asker.called in before[1]
        assert words(as_(answers).get(hrefs[1])) == before[1]
        if knows == "untold":
            assert words(as_(answers).get("/")) == before[0]
        assert answers in requests.to_tell(row, AT)


def test_the_pages_take_the_same_queries_with_one_request_and_with_three(cast: Cast) -> None:
    pages = {
        "/": cast.young_person,
        address("mine", cast.sam.pk): cast.young_person,
        address("requests", cast.sam.pk): cast.young_person,
        address("ask", cast.sam.pk): cast.parent,
    }
    write_plan(cast.sam, cast.senco, SEPTEMBER)
    asks(cast.parent, cast.sam)
    one = {href: count(as_(who), href) for href, who in pages.items()}
    asks(cast.parent, cast.sam, Section.PLAN)
    asks(cast.teacher, cast.sam, Section.VIEWS)
    three = {href: count(as_(who), href) for href, who in pages.items()}
    assert three == one
    assert max(one.values()) <= 15, one


# E-mail -----------------------------------------------------------------------------------------------------


def tell(asked: SharingRequest, *people: User) -> list[tuple[str, list[str]]]:
    """What the task sends: its subjects and readers."""
    mail.outbox.clear()
    for person in people:
        tasks.tell_of_request_to(str(asked.pk), str(person.pk))
    return [(message.subject, message.to) for message in mail.outbox]


def test_the_young_person_is_told_by_e_mail_of_the_kind_and_nothing_else(cast: Cast) -> None:
    asked = asks(cast.parent, cast.sam, reason="SECRET reason")
    assert requests.to_tell(asked, AT) == [cast.young_person]
    assert tell(asked, cast.young_person, cast.other_parent, cast.senco) == [
        ("Somebody asked you something", ["sam@pupils.example"])
    ]
    text = f"{mail.outbox[0].subject} {words_of(mail.outbox[0])}"
    for hidden_word in ("SECRET", "Pam", "Lovelace", "Sam", "Okafor", "needs", "Hazelmere"):
        assert hidden_word not in text


def test_it_is_asked_again_when_the_e_mail_is_sent(cast: Cast) -> None:
    asked = asks(cast.parent, cast.sam)
    circle.restrict(
        pupil=cast.sam,
        person=cast.parent,
        kind=RestrictionKind.UNSAFE,
        reason="Not safe.",
        by=cast.senco,
        at=AT,
    )
    assert tell(asked, cast.young_person) == []
    answered = asks(cast.teacher, cast.sam, Section.VIEWS)
    requests.answer(request=answered, give=[], by=cast.young_person, at=AT, key=uuid4())
    assert tell(answered, cast.young_person) == []


def test_before_hand_over_both_parents_are_told_and_the_one_who_is_shut_out_is_not(cast: Cast) -> None:
    asked = asks(cast.professional, cast.ada)
    assert requests.to_tell(asked, AT) == [cast.other_parent, cast.parent]


@pytest.mark.parametrize(
    ("instant", "sent"),
    [
        (datetime(2026, 3, 10, 17, 59, tzinfo=UTC), 1),
        (datetime(2026, 3, 10, 18, 0, tzinfo=UTC), 0),
        (datetime(2026, 3, 11, 7, 29, tzinfo=UTC), 0),
        (datetime(2026, 3, 11, 7, 30, tzinfo=UTC), 1),
        (datetime(2026, 3, 14, 12, 0, tzinfo=UTC), 0),  # a Saturday
        (datetime(2026, 3, 30, 7, 0, tzinfo=UTC), 1),  # 08:00, the clocks went forward
    ],
)
def test_quiet_hours_are_kept(cast: Cast, instant: datetime, sent: int) -> None:
    asked = asks(cast.parent, cast.sam)
    with time_machine.travel(instant, tick=False):
        assert len(tell(asked, cast.young_person)) == sent


def left(after: timedelta) -> list[UUID]:
    return [person for _, person in requests.left(AT + after)]


def test_news_that_was_lost_on_its_way_is_sent_later_once_and_never_in_quiet_hours(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, minute, hour, sam = (
        asks(cast.parent, cast.sam),
        timedelta(minutes=1),
        timedelta(hours=1),
        cast.young_person,
    )
    found = {
        after: left(after)
        for after in (minute * 14, minute * 15, hour * 8, hour * 22, DAY * 7 - minute, DAY * 7)
    }
    assert list(found.values()) == [[], [sam.pk], [], [sam.pk], [sam.pk], []]
    monkeypatch.setattr(
        tasks.tell_of_request_to, "apply_async", lambda given, **_: tasks.tell_of_request_to(*given)
    )
    mail.outbox.clear()
    with time_machine.travel(AT + minute * 15, tick=False):
        for _ in range(2):
            tasks.send_what_is_left()
            tasks.tell_of_request_to(str(asked.pk), str(sam.pk))
    assert [(message.subject, message.to) for message in mail.outbox] == [
        ("Somebody asked you something", ["sam@pupils.example"])
    ]
    assert left(hour) == []


def test_each_parent_is_told_of_what_was_asked_whoever_was_told_before(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = asks(cast.professional, cast.ada)
    assert tell(asked, cast.parent) != []
    with refusing(monkeypatch, cast.other_parent, 451), pytest.raises(SMTPRecipientsRefused):
        tell(asked, cast.other_parent)
    assert left(timedelta(hours=1)) == [cast.other_parent.pk]
    with refusing(monkeypatch, cast.other_parent, 550):
        assert tell(asked, cast.other_parent) == []
    assert left(timedelta(hours=1)) == []
    assert tell(asked, cast.other_parent) == []


def test_what_was_answered_or_taken_back_is_no_news(cast: Cast) -> None:
    answered, taken_back = asks(cast.teacher, cast.sam, Section.VIEWS), asks(cast.parent, cast.sam)
    requests.answer(request=answered, give=[], by=cast.young_person, at=AT, key=uuid4())
    requests.withdraw(request=taken_back, by=cast.parent, at=AT)
    assert left(timedelta(hours=1)) == []


def test_whoever_wants_no_e_mail_gets_none(cast: Cast) -> None:
    Preferences.objects.create(person=cast.young_person, channel=Channel.IN_APP)
    assert tell(asks(cast.parent, cast.sam), cast.young_person) == []
    assert left(timedelta(hours=1)) == []


def test_the_task_is_sent_once_the_request_is_saved(
    cast: Cast, django_capture_on_commit_callbacks: Any
) -> None:
    sent: list[UUID] = []
    with django_capture_on_commit_callbacks(execute=True):
        asked = requests.ask(
            pupil=cast.sam, section=Section.NEEDS, reason="x", by=cast.parent, at=AT, send=sent.append
        )
        assert sent == []
    assert sent == [asked.pk]


def test_before_the_day_a_parent_who_decides_about_one_part_answers_for_the_family_about_another(
    cast: Cast,
) -> None:
    cast.hazelmere.control_trigger = "school_leaving"
    cast.hazelmere.save()
    recorded(cast, cast.sam, cast.parent)
    row = asks(cast.professional, cast.sam)
    requests.answer(request=row, give=[Section.NEEDS], by=cast.parent, at=AT, key=uuid4(), ends_at=WEEK_OVER)
    assert sees(cast.professional, cast.sam) == [Section.NEEDS]


def test_what_was_asked_stands_while_the_broker_is_away(
    cast: Cast, django_capture_on_commit_callbacks: Any
) -> None:
    def away(_: object) -> None:
        raise OSError("nobody there")

    with django_capture_on_commit_callbacks(execute=True):
        asked = requests.ask(
            pupil=cast.sam, section=Section.NEEDS, reason="To help.", by=cast.parent, at=AT, send=away
        )
    assert requests.to_tell(asked, AT) == [cast.young_person]
