"""Who is asked to a review, on every ground and after hand-over; what they answer, and that it belongs to its time."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.http import Http404
from icalendar import Calendar

from apdr.enums import Perspective
from pupils import choices, circle
from pupils.choices import Wanted as Chosen
from pupils.enums import Answer, Gave, Relation, RestrictionKind, Section
from pupils.errors import NotNow
from pupils.models import AuditEvent, Pupil, PupilUserPermission
from pupils.policy import NotThisSection, why
from reviews import contributions, invitations, scheduling, services
from reviews import selectors_invitations as asked
from reviews.enums_invitations import AnotherWay, Coming, Part, Through
from reviews.models import Attendee, Contribution, Review, ReviewInvitation, ReviewReply

from ..apdr.plans import write_plan
from ..cast import AT, Cast
from ..notifications.reviewing import DAY, WEEK, became, is_wanted, run

pytestmark = pytest.mark.django_db
IN_TEN_DAYS = AT + 10 * DAY


def review_of(cast: Cast, pupil: Pupil) -> Review:
    plan = write_plan(pupil, cast.senco, AT - 2 * WEEK)
    made = services.schedule_review(cycle=plan.cycle, starts_at=IN_TEN_DAYS, by=cast.senco, at=AT - DAY)
    return Review.objects.select_related("cycle__pupil").get(pk=made.pk)


def ask(cast: Cast, review: Review, **more: Any) -> set[str]:
    rows = invitations.ask(review=review, by=cast.senco, at=AT, **more)
    return {row.person.name for row in rows}


def told(at: datetime = AT) -> set[str]:
    """Who is told by us that they are asked."""
    return {name for kind, name in is_wanted(at) if kind == "invited"}


def hear(at: datetime = AT) -> set[str]:
    """Whoever hears from us of a review in any way."""
    return {name for kind, name in is_wanted(at) if kind in ("invited", "review_coming")}


def share(
    cast: Cast, who: Any, *sections: Section, pupil: Pupil | None = None, answer: Answer = Answer.YES
) -> None:
    pupil = pupil or cast.sam
    by = {cast.sam.pk: cast.young_person, cast.noor.pk: cast.student}[pupil.pk]
    rows = [Chosen(one, answer, person=who, ends_at=AT + 300 * DAY) for one in sections]
    choices.choose(pupil=pupil, wanted=rows, by=by, at=AT, key=uuid4(), wording="test-1")


def choose(cast: Cast, review: Review, *people: Any, at: datetime = AT) -> None:
    invitations.choose_who_comes(
        review=review, by=cast.young_person, at=at, people={person.pk for person in people}
    )


def reply(
    review: Review, person: Any, answer: Coming, sequence: int | None = None, at: datetime = AT, **more: Any
) -> ReviewReply:
    row = ReviewInvitation.objects.select_related("review__cycle__pupil", "person").get(
        review=review, person=person
    )
    more = {"through": Through.HERE, "by": person, **more}
    return invitations.reply(
        invitation=row,
        at=at,
        answer=answer,
        sequence=row.review.sequence if sequence is None else sequence,
        **more,
    )


# Before hand-over --------------------------------------------------------------------------------------------


def test_before_hand_over_one_press_asks_everybody_whom_the_rule_lets_hear_of_it(cast: Cast) -> None:
    review = review_of(cast, cast.ada)
    assert told() == set()
    everybody = {"Ada Lovelace", "Pam Lovelace", "Oscar Lovelace", "Tom Teal", "Kim Adeyemi"}
    assert ask(cast, review) == everybody
    assert ask(cast, review) == set()
    assert told() == everybody
    as_ = {row.person.name: (row.perspective, row.because) for row in ReviewInvitation.objects.all()}
    assert as_["Ada Lovelace"] == ("child", "whose plan this is")
    assert as_["Pam Lovelace"] == as_["Oscar Lovelace"] == ("parent", "parent carer")
    assert as_["Tom Teal"] == ("staff", "teaches 9B")
    assert AuditEvent.objects.filter(verb="asked to a review").count() == len(everybody)


def test_who_is_shut_out_a_professional_without_a_share_and_another_senco_are_not_asked(cast: Cast) -> None:
    review = review_of(cast, cast.ada)
    for person in (cast.restricted_parent, cast.professional, cast.stranger, cast.colleague, cast.senco):
        with pytest.raises(ValidationError):
            ask(cast, review, people=[person.pk])
    assert not ReviewInvitation.objects.exists()
    for person in (cast.teacher, cast.parent, cast.child):
        with pytest.raises(NotThisSection):
            invitations.ask(review=review, by=person, at=AT)
    with pytest.raises(Http404):
        invitations.ask(review=review, by=cast.stranger, at=AT)


def test_a_professional_is_asked_while_the_familys_share_of_reviews_lasts(cast: Cast) -> None:
    review = review_of(cast, cast.ada)
    rows = [Chosen(Section.REVIEWS, Answer.YES, person=cast.professional, ends_at=AT + 5 * DAY)]
    choices.choose(pupil=cast.ada, wanted=rows, by=cast.parent, at=AT, key=uuid4(), wording="test-1")
    assert "Priya Therapist" in ask(cast, review)
    assert "Priya Therapist" in told()
    assert "Priya Therapist" not in told(AT + 5 * DAY)


def test_a_parent_hears_no_more_once_shut_out_or_no_longer_a_parent_carer(cast: Cast) -> None:
    review = review_of(cast, cast.ada)
    ask(cast, review)
    circle.restrict(
        pupil=cast.ada,
        person=cast.parent,
        kind=RestrictionKind.UNSAFE,
        reason="Not safe.",
        by=cast.senco,
        at=AT,
    )
    PupilUserPermission.objects.filter(
        user=cast.other_parent, content_object=cast.ada, permission__codename=Relation.PARENT_CARER
    ).update(ends_at=AT)
    assert told() & {"Pam Lovelace", "Oscar Lovelace"} == set()
    for person in (cast.parent, cast.other_parent):
        with pytest.raises(Http404):
            reply(review, person, Coming.YES)


# After hand-over ---------------------------------------------------------------------------------------------


def test_after_hand_over_nobody_but_the_young_person_hears_before_they_chose(cast: Cast) -> None:
    review = review_of(cast, cast.sam)
    share(cast, cast.parent, Section.REVIEWS, Section.VIEWS)
    share(cast, cast.professional, Section.REVIEWS)
    Attendee.objects.create(review=review, person=cast.teacher)
    assert ask(cast, review) == {"Sam Okafor", "Tom Teal"}
    assert hear() == {"Sam Okafor"}
    assert [contributions_of(review, person) for person in (cast.teacher, cast.parent)] == [False, False]
    for person in (cast.parent, cast.other_parent, cast.professional):
        with pytest.raises(ValidationError):
            ask(cast, review, people=[person.pk])
    choose(cast, review)  # nobody, and that is an answer
    assert hear() == {"Sam Okafor", "Tom Teal"}
    contributions.take_part(review=review, by=cast.young_person, at=AT, part=Part.ALL)
    assert told() == {"Tom Teal"}


def test_after_hand_over_family_needs_both_to_be_chosen_and_reviews_to_be_open(cast: Cast) -> None:
    review = review_of(cast, cast.sam)
    ask(cast, review)
    share(cast, cast.other_parent, Section.REVIEWS, Section.VIEWS)
    choose(cast, review, cast.parent)
    assert hear() & {"Pam Lovelace", "Oscar Lovelace"} == set()
    assert (
        contributions_of(review, cast.other_parent) is False
    )  # reviews are open to him, and he is not wanted there
    share(cast, cast.parent, Section.REVIEWS)
    assert hear() & {"Pam Lovelace", "Oscar Lovelace"} == {"Pam Lovelace"}
    choose(cast, review, at=AT + DAY)
    assert hear(AT + DAY) & {"Pam Lovelace", "Oscar Lovelace"} == set()


def contributions_of(review: Review, person: Any) -> bool:
    try:
        contributions.contribute(review=review, by=person, at=AT, version=1, working="It is fine.")
    except (NotThisSection, Http404):
        return False
    return True


def test_a_teacher_who_is_also_family_is_family_after_hand_over(cast: Cast) -> None:
    review = review_of(cast, cast.sam)
    carer = cast.sam.parent_carers.filter(person=cast.parent).get()
    carer.person = cast.teacher
    carer.save()
    ask(cast, review, people=[cast.young_person.pk, cast.teacher.pk, cast.key_adult.pk])
    choose(cast, review)
    assert told() == {"Sam Okafor", "Kim Adeyemi"}
    assert contributions_of(review, cast.teacher) is False
    choose(cast, review, cast.teacher, at=AT + DAY)
    assert "Tom Teal" in told(AT + DAY)


def test_nor_is_a_teacher_who_is_family_reminded_that_it_comes_unless_they_are_chosen(cast: Cast) -> None:
    """Reviews are open to everybody who teaches; that is no wish to have a parent there."""
    review = review_of(cast, cast.sam)
    cast.sam.parent_carers.filter(person=cast.parent).update(person=cast.teacher)
    share(cast, None, Section.REVIEWS, Section.VIEWS)
    choose(cast, review)
    assert hear() & {"Tom Teal", "Kim Adeyemi"} == {"Kim Adeyemi"}
    choose(cast, review, cast.teacher, at=AT + DAY)
    assert "Tom Teal" in hear(AT + DAY)


def test_in_the_sixth_form_teachers_hear_nothing_without_a_choice(cast: Cast) -> None:
    review = review_of(cast, cast.noor)
    assert ask(cast, review) == {"Noor Haddad"}
    assert hear() == {"Noor Haddad"}


def test_only_the_young_person_chooses_or_the_senco_for_them_saying_how(cast: Cast) -> None:
    review = review_of(cast, cast.sam)
    share(cast, cast.parent, Section.REVIEWS)
    for person in (cast.parent, cast.teacher):
        with pytest.raises(NotThisSection):
            invitations.choose_who_comes(review=review, by=person, at=AT, people=[], how=Gave.SPOKEN)
    for by, how in ((cast.senco, Gave.THEMSELVES), (cast.young_person, Gave.PASSED_ON)):
        with pytest.raises(ValidationError):
            invitations.choose_who_comes(review=review, by=by, at=AT, people=[], how=how)
    said = {"review": review, "by": cast.senco, "at": AT, "people": [cast.parent.pk], "how": Gave.SYMBOLS}
    first = invitations.choose_who_comes(**said, after=0)
    assert invitations.choose_who_comes(**said, after=0) == first
    assert told() == {"Pam Lovelace"}
    with pytest.raises(ValidationError, match="since you opened"):
        invitations.choose_who_comes(review=review, by=cast.young_person, at=AT, people=[], after=0)


# Answers -----------------------------------------------------------------------------------------------------


def test_an_answer_said_twice_is_one_and_belongs_to_its_time(cast: Cast) -> None:
    review = review_of(cast, cast.ada)
    ask(cast, review)
    assert reply(review, cast.parent, Coming.YES) == reply(review, cast.parent, Coming.YES)
    assert ReviewReply.objects.count() == 1
    assert "Pam Lovelace" not in told()
    services.edit_review(
        review=review, version=review.version, by=cast.senco, at=AT, starts_at=IN_TEN_DAYS + DAY
    )
    assert "Pam Lovelace" in told()
    with pytest.raises(NotNow, match="another time"):
        reply(review, cast.parent, Coming.YES, sequence=0)
    reply(review, cast.parent, Coming.OTHER_WAY, way=AnotherWay.CALL)
    page = asked.who_comes(asked.find(cast.ada, review.pk), AT)
    assert {one.person.name: (one.state, one.earlier) for one in page.asked} == {
        "Ada Lovelace": ("waits", False),
        "Pam Lovelace": ("other_way", False),
        "Oscar Lovelace": ("waits", False),
        "Tom Teal": ("waits", False),
        "Kim Adeyemi": ("waits", False),
    }
    scheduling.cancel_review(review=review, version=review.version, reason="Ill.", by=cast.senco, at=AT)
    assert told() == set()
    with pytest.raises(NotNow):
        reply(review, cast.parent, Coming.YES)


@pytest.mark.parametrize(
    ("answer", "more", "field"),
    [
        (Coming.OTHER_TIME, {}, "words"),
        (Coming.OTHER_TIME, {"slots": [AT - DAY]}, "slots"),
        (Coming.OTHER_TIME, {"slots": [AT + n * DAY for n in range(1, 8)]}, "slots"),
        (Coming.OTHER_WAY, {}, "way"),
        (Coming.OTHER_WAY, {"way": AnotherWay.SPEAKS}, "words"),
    ],
)
def test_an_answer_that_says_too_little_is_refused(cast: Cast, answer: Coming, more: Any, field: str) -> None:
    review = review_of(cast, cast.ada)
    ask(cast, review)
    with pytest.raises(ValidationError) as refused:
        reply(review, cast.parent, answer, **more)
    assert set(refused.value.message_dict) == {field}


def test_nobody_answers_for_somebody_else_but_a_senco_who_writes_it_down(cast: Cast) -> None:
    review = review_of(cast, cast.ada)
    ask(cast, review)
    for by in (cast.other_parent, cast.child, cast.teacher, cast.senco):
        with pytest.raises(Http404):
            reply(review, cast.parent, Coming.YES, by=by)
    with pytest.raises(NotThisSection):
        reply(review, cast.parent, Coming.YES, by=cast.teacher, through=Through.SAID)
    said = reply(review, cast.parent, Coming.NO, by=cast.senco, through=Through.SAID, words="She works.")
    assert (said.by, said.through, said.answer) == (cast.senco, "said", "not_this_time")


def test_whoever_is_taken_back_hears_no_more_until_they_are_asked_again(cast: Cast) -> None:
    review = review_of(cast, cast.ada)
    ask(cast, review)
    row = ReviewInvitation.objects.get(person=cast.teacher)
    for _ in range(2):
        invitations.take_back(invitation=row, by=cast.senco, at=AT)
    assert AuditEvent.objects.filter(verb="review invitation taken back").count() == 1
    assert "Tom Teal" not in told()
    assert ask(cast, review) == set()
    assert ask(cast, review, people=[cast.teacher.pk]) == {"Tom Teal"}
    assert "Tom Teal" in told()


# By the clock ------------------------------------------------------------------------------------------------


def test_each_who_is_asked_gets_one_e_mail_for_each_time_the_review_has(cast: Cast) -> None:
    review = review_of(cast, cast.ada)
    ask(cast, review)
    everybody = ["ada@pupils.example", "key.adult@hazelmere.example", "other.parent@home.example",
                 "parent@home.example", "teacher@hazelmere.example"]  # fmt: skip
    assert run(AT) == everybody
    for message in mail.outbox:
        [(name, content, kind)] = message.attachments
        entry = Calendar.from_ical(content).walk("VEVENT")[0]
        assert (name, kind, entry["sequence"]) == (
            "review.ics",
            "text/calendar; charset=utf-8; method=REQUEST",
            0,
        )
        assert entry["attendee"] == f"mailto:{message.to[0]}"
        assert not any(word in str(content) for word in ("Ada", "Lovelace", "SEND"))
    assert run(AT + DAY) == []
    reply(review, cast.parent, Coming.YES)
    services.edit_review(
        review=review, version=review.version, by=cast.senco, at=AT, starts_at=IN_TEN_DAYS + 20 * DAY
    )
    assert run(AT + DAY) == everybody
    again = {Calendar.from_ical(m.attachments[0][1]).walk("VEVENT")[0]["sequence"] for m in mail.outbox[5:]}
    assert again == {1}


def test_what_is_withdrawn_or_moved_between_planning_and_sending_is_not_sent(cast: Cast) -> None:
    from notifications import reminders

    from ..notifications.reviewing import send_due

    review = review_of(cast, cast.sam)
    ask(cast, review)
    share(cast, cast.parent, Section.REVIEWS)
    share(cast, cast.other_parent, Section.REVIEWS)
    choose(cast, review, cast.parent, cast.other_parent)
    reminders.plan(at=AT)
    reminders.gather(at=AT)
    share(cast, cast.parent, Section.REVIEWS, answer=Answer.NO)
    choose(cast, review, cast.parent)
    services.edit_review(
        review=review, version=review.version, by=cast.senco, at=AT, starts_at=IN_TEN_DAYS + 20 * DAY
    )
    send_due(AT)
    invited = {(name, what) for kind, name, what in became() if kind == "invited"}
    assert invited == {
        ("Pam Lovelace", "overtaken"),
        ("Oscar Lovelace", "done"),
        ("Sam Okafor", "overtaken"),
    }
    assert run(AT + DAY) == ["sam@pupils.example"]


# Taking part, and what is said before --------------------------------------------------------------------------


def test_the_child_says_how_they_take_part_or_staff_write_it_down_with_them(cast: Cast) -> None:
    review = review_of(cast, cast.ada)
    ask(cast, review)
    mine = {"review": review, "at": AT}
    for _ in range(2):
        contributions.take_part(**mine, by=cast.child, part=Part.SHORT)
    assert review.taking_part.count() == 1
    assert "Ada Lovelace" not in told()
    with pytest.raises(ValidationError, match="Say who"):
        contributions.take_part(**mine, by=cast.child, part=Part.SPEAKS)
    contributions.take_part(**mine, by=cast.teacher, part=Part.SPEAKS, who="Tom", how=Gave.SYMBOLS)
    assert str(review.taking_part.first()) == "Somebody speaks for me"
    for person in (cast.parent, cast.professional):
        with pytest.raises(NotThisSection):
            contributions.take_part(**mine, by=person, part=Part.ALL, how=Gave.SPOKEN)
    services.edit_review(
        review=review, version=review.version, by=cast.senco, at=AT, starts_at=IN_TEN_DAYS + DAY
    )
    assert "Ada Lovelace" in told()


def test_one_household_never_hears_what_another_said_before_a_review(cast: Cast) -> None:
    review = review_of(cast, cast.ada)
    for n, (person, words) in enumerate((
        (cast.parent, "pam"), (cast.other_parent, "oscar"), (cast.child, "ada"), (cast.teacher, "tom"),
    )):  # fmt: skip
        contributions.contribute(
            review=review, by=person, at=AT - timedelta(minutes=9 - n), version=1, working=words
        )
    contributions.record_contribution(
        review=review, by=cast.teacher, at=AT, perspective=Perspective.PARENT, said_by_name="Gran",
        household=cast.other_home, how="talked", working="gran",
    )  # fmt: skip

    def hears(person: Any) -> list[str]:
        sight = why(person, cast.ada, AT)
        return [row.working for row in asked.said_before(sight, [review])[review.pk]]

    everything = ["ada", "pam", "oscar", "gran", "tom"]
    assert hears(cast.senco) == everything
    assert {person.name: hears(person) for person in (cast.parent, cast.other_parent, cast.child)} == {
        "Pam Lovelace": ["pam"], "Oscar Lovelace": ["oscar"], "Ada Lovelace": ["ada"],
    }  # fmt: skip
    assert hears(cast.teacher) == ["gran", "tom"]  # what he said, and what he wrote down
    review.cycle.closed_at = AT
    review.cycle.save()
    assert hears(cast.parent) == ["ada", "pam", "tom"]
    assert hears(cast.other_parent) == ["ada", "oscar", "gran", "tom"]
    assert hears(cast.child) == everything
    assert hears(cast.restricted_parent) == []


def test_what_one_says_can_be_changed_until_it_is_held_and_nothing_is_lost(cast: Cast) -> None:
    from pupils.errors import Stale

    review = review_of(cast, cast.ada)
    mine = {"review": review, "by": cast.parent, "at": AT}
    with pytest.raises(ValidationError):
        contributions.contribute(**mine, version=1)
    first = contributions.contribute(**mine, version=1, working="He reads.")
    assert contributions.contribute(**mine, version=1, working="He reads.") == first
    with pytest.raises(Stale) as stale:
        contributions.contribute(**mine, version=1, working="From another tab.")
    assert stale.value.now == first
    contributions.contribute(**mine, version=first.version, working="He reads a lot.")
    assert list(Contribution.objects.values_list("version", "working")) == [
        (2, "He reads."), (3, "He reads a lot."),
    ]  # fmt: skip
    Review.objects.filter(pk=review.pk).update(state="held", held_at=AT)
    with pytest.raises(NotNow):
        contributions.contribute(**mine, version=3, working="Too late.")


def test_pictures_answer_one_question_and_leave_what_was_written(cast: Cast) -> None:
    review = review_of(cast, cast.ada)
    mine = {"review": review, "by": cast.child, "at": AT}
    contributions.contribute(**mine, version=1, working="My dog.", what_next="Rest.")
    for picked in (["Lunch", "Sport"], ["Sport"]):
        contributions.say_with_pictures(
            **mine, question="working", pictures=picked, offered=["Lunch", "Sport", "Music"]
        )
    last = contributions.own_words(review, cast.child)
    assert (last.working, last.what_next, last.how) == ("Sport\nMy dog.", "Rest.", "symbols")


def test_other_times_are_free_open_days_around_the_review(cast: Cast) -> None:
    from reviews import offers

    review = review_of(cast, cast.ada)
    found = offers.other_times(review, AT)
    assert len(found) == offers.MANY
    assert found == sorted(found)
    assert {at.weekday() for at in found} <= {0, 1, 2, 3, 4}
    other = write_plan(cast.sam, cast.senco, AT - 2 * WEEK)
    services.schedule_review(cycle=other.cycle, starts_at=found[0], by=cast.senco, at=AT - DAY)
    assert found[0] not in offers.other_times(review, AT)
    assert min(found) > AT + timedelta(days=1)
