"""The pages of asking, answering and taking part; and the links in an e-mail, which answer without signing in."""

import logging
import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from accounts.enums import Channel, Format
from accounts.models import Preferences
from pupils import circle
from pupils.enums import Relation, RestrictionKind, Section
from pupils.models import AccessLog, PupilUserPermission
from reviews import answer_links, contributions, invitations, offers, scheduling, services
from reviews.enums_invitations import Coming, Part
from reviews.models import Contribution, Review, ReviewInvitation, ReviewReply, TakingPart, WhoComes

from ..apdr.pages import address, as_, count, errors, hidden, send, words
from ..apdr.plans import write_plan
from ..cast import AT, Cast
from ..notifications.reviewing import DAY, WEEK, run
from .test_invitations import IN_TEN_DAYS, ask, choose, review_of, share

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]
WHEN = "Friday 20 March 2026 at 10:30"


@pytest.fixture
def review(cast: Cast) -> Review:
    return review_of(cast, cast.ada)


def invitation(review: Review, person: Any) -> ReviewInvitation:
    return ReviewInvitation.objects.select_related("review", "person").get(review=review, person=person)


def link(review: Review, person: Any, answer: Coming = Coming.YES) -> str:
    row = invitation(review, person)
    return answer_links.path(row, row.review.sequence, answer)


# The SENCO ---------------------------------------------------------------------------------------------------


def test_a_senco_asks_with_one_press_and_sees_who_has_answered(cast: Cast, review: Review) -> None:
    senco, href = as_(cast.senco), address("who_comes", review.pk)
    page = senco.get(href)
    ticked = re.findall(r'name="people" value="([^"]*)"[^>]* checked', page.content.decode())
    assert len(ticked) == 5
    for told in ("5 people are asked now.", "They were asked already."):
        answer = senco.post(address("ask_to_review", review.pk), {"people": ticked}, follow=True)
        assert told in answer.content.decode()
    assert errors(senco.post(address("ask_to_review", review.pk))) == ["Tick at least one person."]
    send(
        as_(cast.parent),
        address("reply_to_review", review.pk, query="?answer=not_this_time"),
        words="I work.",
    )
    told = words(senco.get(href))
    assert "Not this time (1) Pam Lovelace , parent carer Not this time. “I work.”" in told
    assert "Has not answered yet (4)" in told
    assert "Pam Lovelace" in words(senco.get(address("review", review.cycle_id)))


def test_nobody_is_to_be_asked_by_hand_who_is_shut_out(cast: Cast, review: Review) -> None:
    """Of the adults without a sign-in, a court order keeps one away: the page does not name them among whom to ask."""
    who: dict[str, Any] = {"pupil": cast.ada, "by": cast.senco, "at": AT}
    _, carer = (
        circle.add_parent_carer(household=cast.home, name=name, relationship="family", **who)
        for name in ("Gran Lovelace", "Vic Lovelace")
    )
    href = address("who_comes", review.pk)
    page = words(as_(cast.senco).get(href))
    assert [name in page for name in ("Gran Lovelace", "Vic Lovelace")] == [True, True]
    circle.restrict(person=carer, kind=RestrictionKind.COURT_ORDER, reason="An order.", **who)
    page = words(as_(cast.senco).get(href))
    assert [name in page for name in ("Gran Lovelace", "Vic Lovelace")] == [True, False]


def test_many_reviews_are_asked_to_with_one_press(cast: Cast, review: Review) -> None:
    review_of(cast, cast.sam)
    senco, href = as_(cast.senco), address("ask_to_reviews")
    ids = re.findall(r'name="review" value="([^"]*)"[^>]* checked', senco.get(href).content.decode())
    assert len(ids) == 2
    assert errors(senco.post(href)) == ["Tick at least one review."]
    assert senco.post(href, {"review": ids}).status_code == 302
    assert ReviewInvitation.objects.count() == 6
    assert "Everybody is asked" in words(senco.get(href))
    assert as_(cast.stranger).post(href, {"review": ids}).status_code == 404
    assert as_(cast.teacher).get(href).status_code == 403


def test_a_time_that_somebody_asked_for_is_set_with_one_press(cast: Cast, review: Review) -> None:
    ask(cast, review)
    senco, href = as_(cast.senco), address("who_comes", review.pk)
    wanted = offers.other_times(review, AT)[1]
    parent = as_(cast.parent)
    send(
        parent, address("reply_to_review", review.pk, query="?answer=other_time"), slots=[wanted.isoformat()]
    )
    form = {"starts_at": wanted.isoformat(), "version": str(review.version)}
    assert f'value="{form["starts_at"]}"' in senco.get(href).content.decode()
    move = address("move_to_slot", review.pk)
    assert senco.post(move, form).status_code == 302
    assert Review.objects.get().starts_at == wanted
    assert senco.post(move, form).status_code == 409
    for wrong in (
        {},
        {**form, "version": "x"},
        {**form, "starts_at": "noon"},
        {**form, "starts_at": "2026-13-40T00:00"},
    ):
        assert senco.post(move, wrong).status_code == 422
    assert "Answered the time before. Asked again." in words(senco.get(href))


def test_a_wished_time_that_is_taken_meanwhile_is_refused_in_words(cast: Cast, review: Review) -> None:
    ask(cast, review)
    wanted = offers.other_times(review, AT)[0]
    other = write_plan(cast.sam, cast.senco, AT - 2 * WEEK)
    services.schedule_review(cycle=other.cycle, starts_at=wanted, by=cast.senco, at=AT)
    form = {"starts_at": wanted.isoformat(), "version": str(review.version)}
    answer = as_(cast.senco).post(address("move_to_slot", review.pk), form)
    assert (answer.status_code, "is at another review" in " ".join(errors(answer))) == (422, True)
    assert Review.objects.get(pk=review.pk).starts_at == IN_TEN_DAYS


def test_a_senco_sees_how_each_wants_to_be_asked(cast: Cast, review: Review) -> None:
    Preferences.objects.create(
        person=cast.parent, channel=Channel.PHONE, written_language="pl", spoken_language="uk",
        needs_interpreter=True, format=Format.AUDIO,
    )  # fmt: skip
    ask(cast, review)
    told = words(as_(cast.senco).get(address("who_comes", review.pk)))
    for line in (
        "Wants a phone call: no e-mail goes out.",
        "Reads Polish; our e-mail is in it, and our pages are in English.",
        "Needs an interpreter (Ukrainian).",
        "Wants it as: audio.",
    ):
        assert line in told
    for channel in Channel:  # each way in which somebody can be reached is told of, or is e-mail
        Preferences.objects.update(channel=channel)
        told = words(as_(cast.senco).get(address("who_comes", review.pk)))
        gets_mail = channel in (Channel.EMAIL, Channel.TEXT)  # a number that nobody confirmed gets no text
        assert ("no e-mail goes out" in told) == (not gets_mail), channel
    href = address("write_reply", review.pk, invitation(review, cast.parent).pk)
    told = {"told_how": "in_person", "told_on": "2026-03-10"}
    assert send(as_(cast.senco), f"{href}?answer=yes", **told).status_code == 302
    assert "Told us in person on 10 March 2026, written down by Sunita Rao" in words(
        as_(cast.senco).get(address("who_comes", review.pk))
    )


# The link ----------------------------------------------------------------------------------------------------


def test_a_parent_answers_from_the_e_mail_and_opening_it_changes_nothing(cast: Cast, review: Review) -> None:
    ask(cast, review)
    run(AT)
    [letter] = [message for message in mail.outbox if message.to == [cast.parent.email]]
    html = letter.alternatives[0][0]
    for text in (letter.body, html, letter.subject):
        assert not re.search(r"Ada|Lovelace|SEND|20 March|10:30|SLCN", text)
    assert set(letter.extra_headers) >= {"List-Unsubscribe", "Message-ID", "List-Unsubscribe-Post"}
    paths = re.findall(r"https?://[^/\s]+(/answer/\S+)", letter.body)
    assert len(paths) == 4
    assert all(path in html for path in paths)
    nobody = Client()
    before = Review.objects.values().get(), ReviewReply.objects.count()
    for path in paths:
        for opened in (nobody.get(path), nobody.get(path), nobody.head(path)):
            assert opened.status_code == 200
    assert (Review.objects.values().get(), ReviewReply.objects.count()) == before
    page = words(nobody.get(paths[0]))
    assert WHEN in page
    assert not re.search(r"Ada|Pam|Lovelace", page)
    for _ in range(2):
        assert "Your answer has come in: Yes, I will come ." in words(nobody.post(paths[0]))
    [said] = ReviewReply.objects.all()
    assert (said.answer, said.through, said.by, said.sequence) == ("yes", "link", cast.parent, 0)
    # the address says what is answered, whatever is sent with it
    nobody.post(paths[3], {"answer": "yes", "sequence": "9", "words": "Not now."})
    assert list(ReviewReply.objects.values_list("answer", "words")) == [
        ("yes", ""),
        ("not_this_time", "Not now."),
    ]
    # that it was shown is in the log of looks, as what was sent
    looks = AccessLog.objects.values_list("person__name", "way").distinct()
    assert list(looks.order_by()) == [("Pam Lovelace", "sent")]
    assert [message.to for message in mail.outbox if cast.teacher.email in message.to] != []
    assert "/answer/" not in next(m.body for m in mail.outbox if m.to == [cast.teacher.email])


def test_a_link_that_was_changed_in_anything_is_none(cast: Cast, review: Review) -> None:
    ask(cast, review)
    good = link(review, cast.parent)
    _, _, pk, sequence, answer, signature, _ = good.split("/")
    other = invitation(review, cast.other_parent).pk
    for forged in (
        f"/answer/{other}/{sequence}/{answer}/{signature}/",
        f"/answer/{pk}/1/{answer}/{signature}/",
        f"/answer/{pk}/{sequence}/not_this_time/{signature}/",
        f"/answer/{pk}/{sequence}/maybe/{signature}/",
        f"/answer/{pk}/{sequence}/{answer}/{signature[:-2]}xx/",
        f"/answer/{review.pk}/{sequence}/{answer}/{signature}/",
        f"/answer/{pk}/{sequence}/{answer}/%C3%A9/",
    ):
        assert [Client().get(forged).status_code, Client().post(forged).status_code] == [404, 404], forged
    assert Client().get(good).status_code == 200
    type(cast.parent).objects.filter(pk=cast.parent.pk).update(email="new@home.example")
    assert Client().post(good).status_code == 404
    assert not ReviewReply.objects.exists()
    # whoever works there, and the child, answer signed in
    for person in (cast.teacher, cast.child):
        assert Client().post(link(review, person)).status_code == 410


def _restricted(cast: Cast, review: Review) -> None:
    circle.restrict(
        pupil=cast.ada,
        person=cast.parent,
        kind=RestrictionKind.UNSAFE,
        reason="Not safe.",
        by=cast.senco,
        at=AT,
    )


def _same_address(cast: Cast, review: Review) -> None:
    """Somebody else is shut out who reads the parent's mail."""
    carer = (
        cast.ada.parent_carers.filter(person=None).first()
        or cast.ada.parent_carers.exclude(person__in=[cast.parent, cast.other_parent]).first()
    )
    type(carer).objects.filter(pk=carer.pk).update(person=None, email=cast.parent.email)
    cast.ada.restrictions.update(person=None, parent_carer=carer)


def _cancelled(cast: Cast, review: Review) -> None:
    scheduling.cancel_review(review=review, version=1, reason="Ill.", by=cast.senco, at=AT)


def _over(cast: Cast, review: Review) -> None:
    Review.objects.filter(pk=review.pk).update(starts_at=AT)


def _taken_back(cast: Cast, review: Review) -> None:
    row = ReviewInvitation.objects.select_related("review__cycle__pupil").get(person=cast.parent)
    invitations.take_back(invitation=row, by=cast.senco, at=AT)


def _moved(cast: Cast, review: Review) -> None:
    services.edit_review(review=review, version=1, by=cast.senco, at=AT, starts_at=IN_TEN_DAYS + DAY)


def _no_longer_family(cast: Cast, review: Review) -> None:
    held = PupilUserPermission.objects.filter(user=cast.parent, content_object=cast.ada)
    held.filter(permission__codename=Relation.PARENT_CARER).update(ends_at=AT)


def _left(cast: Cast, review: Review) -> None:
    type(cast.parent).objects.filter(pk=cast.parent.pk).update(is_active=False)


@pytest.mark.parametrize(
    "what",
    [_restricted, _same_address, _cancelled, _over, _taken_back, _moved, _no_longer_family, _left],
)
def test_a_link_answers_nothing_once_something_changed(cast: Cast, review: Review, what: Any) -> None:
    ask(cast, review)
    href = link(review, cast.parent)
    what(cast, review)
    for answer in (Client().get(href), Client().post(href)):
        assert answer.status_code == 410
        assert ("The time has changed" in words(answer)) is (what is _moved)
        assert not re.search(r"Ada|20 March|10:30", words(answer))
    assert not ReviewReply.objects.exists()


@pytest.mark.parametrize("how", ["who comes", "the form", "stopped", "everything stopped", "near no longer"])
def test_after_hand_over_a_link_answers_nothing_once_the_young_person_changed_their_mind(
    cast: Cast, how: str
) -> None:
    """Whoever is chosen for a review comes while reviews are open to them as well; each is taken back by itself."""
    review, sam = review_of(cast, cast.sam), as_(cast.young_person)
    for who in (cast.parent, cast.professional):
        share(cast, who, Section.REVIEWS)
    choose(cast, review, cast.parent, cast.professional)
    links = [link(review, who) for who in (cast.parent, cast.professional)]
    assert [Client().get(href).status_code for href in links] == [200, 200]
    for who, href in zip((cast.parent, cast.professional), links, strict=True):
        one = [cast.sam.pk, str(who.pk)]
        match how:
            case "who comes":
                choose(cast, review)
            case "the form":
                assert send(sam, address("choose", *one), reviews="no").status_code == 302
            case "stopped":
                assert sam.post(address("stop_choices", *one), {"section": "reviews"}).status_code == 302
            case "everything stopped":
                assert sam.post(address("stop_all_choices", cast.sam.pk)).status_code == 302
            case _:
                PupilUserPermission.objects.filter(user=who, content_object=cast.sam).update(ends_at=AT)
        assert [Client().get(href).status_code, Client().post(href).status_code] == [410, 410]
    assert not ReviewReply.objects.exists()


def test_no_signature_is_in_a_log(cast: Cast, review: Review, caplog: pytest.LogCaptureFixture) -> None:
    ask(cast, review)
    href = link(review, cast.parent)
    signature = href.split("/")[-2]
    with caplog.at_level(logging.DEBUG):
        Client().get(href)
        Client().post(href)
        run(AT)
    assert "answer/<uuid:invitation_id>" in caplog.text
    assert signature not in caplog.text


# Everybody's own part ----------------------------------------------------------------------------------------


def test_who_is_asked_answers_signed_in_and_nobody_else_finds_the_page(cast: Cast, review: Review) -> None:
    ask(cast, review, people=[cast.parent.pk, cast.teacher.pk, cast.child.pk])
    href = address("reply_to_review", review.pk)
    found = {name: as_(cast.people[name]).get(href).status_code for name in
             ("parent", "teacher", "other_parent", "key_adult", "restricted_parent", "stranger", "professional")}  # fmt: skip
    assert found == {
        "parent": 200, "teacher": 200, "other_parent": 403, "key_adult": 403, "restricted_parent": 404,
        "stranger": 404, "professional": 403,
    }  # fmt: skip
    assert as_(cast.child).get(href).headers["Location"] == address("take_part", review.pk)
    teacher = as_(cast.teacher)
    assert send(teacher, href, answer="yes").status_code == 302
    refused = send(teacher, f"{href}?answer=other_way", words="x" * 2001)
    assert refused.status_code == 422
    assert "x" * 2001 in refused.content.decode()
    stale = {**hidden(teacher.get(f"{href}?answer=not_this_time")), "words": "Ill"}
    services.edit_review(review=review, version=1, by=cast.senco, at=AT, minutes=45)
    assert errors(teacher.post(href, stale)) == [
        "The review has another time now. Look at it and answer again."
    ]


def test_a_child_presses_one_card_or_says_who_speaks(cast: Cast, review: Review) -> None:
    child, href = as_(cast.child), address("take_part", review.pk)
    assert child.post(href, {"part": "short"}).status_code == 302
    assert "You chose I come for ten minutes" in words(child.get(href))
    refused = child.post(href, {"part": "speaks", "who": ""})
    assert errors(refused) == ["Say who speaks."]
    child.post(href, {"part": "speaks", "who": "My gran"})
    assert child.post(href, {"part": "words"}).headers["Location"] == address("say_before", review.pk)
    assert list(TakingPart.objects.values_list("part", "who")) == [
        ("words", ""),
        ("speaks", "My gran"),
        ("short", ""),
    ]
    assert as_(cast.senco).get(href).status_code == as_(cast.teacher).get(href).status_code == 302
    assert as_(cast.parent).get(href).status_code == 403
    told = words(as_(cast.senco).get(address("review", review.cycle_id)))
    assert "Ada first I say it in words now" in told
    assert told.index("Ada first") < told.index("The next steps")


def test_a_young_person_is_told_that_they_choose_and_whom_we_do_not_write_to(cast: Cast) -> None:
    review = review_of(cast, cast.sam)
    sam = as_(cast.young_person)
    assert "nobody in your family hears of it from us" in words(sam.get(address("take_part", review.pk)))
    href = address("choose_who_comes", review.pk)
    assert "Reviews are not open to" in words(sam.get(href))
    assert send(sam, href, people=[str(cast.parent.pk)]).status_code == 302
    assert ReviewInvitation.objects.get().person == cast.parent
    assert send(sam, href, people=[str(cast.stranger.pk)]).status_code == 422
    senco = as_(cast.senco)
    assert errors(send(senco, href)) == ["Please answer “How did they tell you?”"]
    assert send(senco, href, how="spoken").status_code == 302
    assert WhoComes.objects.first().people.count() == 0
    assert as_(cast.parent).get(href).status_code == 403


def test_what_is_said_before_shows_anothers_save_beside_and_loses_nothing(cast: Cast, review: Review) -> None:
    parent, href = as_(cast.parent), address("say_before", review.pk)
    first = {**hidden(parent.get(href)), "working": "One."}
    assert parent.post(href, first).status_code == 302
    beside = parent.post(href, {**first, "working": "Two."})
    assert beside.status_code == 409
    assert {"One.", "Two."} <= set(re.findall(r"One\.|Two\.", beside.content.decode()))
    assert "Two." not in Contribution.objects.values_list("working", flat=True)
    assert as_(cast.professional).get(href).status_code == 403
    assert as_(cast.restricted_parent).get(href).status_code == 404
    told = words(as_(cast.other_parent).get(address("reviews", cast.ada.pk)))
    assert "One." not in told
    assert "One." in words(parent.get(address("reviews", cast.ada.pk)))
    assert "One." in words(as_(cast.senco).get(address("review", review.cycle_id)))


def test_staff_write_down_what_somebody_says_and_whose_it_is(cast: Cast, review: Review) -> None:
    teacher, href = as_(cast.teacher), address("write_before", review.pk)
    typed = {"perspective": "child", "how": "drew", "working": "A big sun."}
    form = {**hidden(teacher.get(href)), **typed}
    for _ in range(2):
        assert teacher.post(href, form).status_code == 302
    [row] = Contribution.objects.all()
    assert (row.said_by, row.said_by_name, row.recorded_by) == (None, "Ada", cast.teacher)
    assert errors(
        send(teacher, href, perspective="parent", how="talked", said_by_name="Pam", working="Yes.")
    ) == ["Say which home these words are from."]
    assert send(teacher, address("write_part", review.pk), part="make", how="symbols").status_code == 302
    for name in ("parent", "child"):
        assert as_(cast.people[name]).get(href).status_code == 403


@pytest.mark.parametrize("many", [1, 3])
def test_pages_take_the_same_queries_however_many_are_asked(cast: Cast, review: Review, many: int) -> None:
    people = [cast.parent, cast.other_parent, cast.teacher][:many]
    ask(cast, review, people=[person.pk for person in people])
    for person in people:
        send(as_(person), address("reply_to_review", review.pk, query="?answer=not_this_time"), words="No.")
        contributions.contribute(review=review, by=person, at=AT, version=1, working="It is good.")
    for number in range(many):
        services.edit_review(review=review, version=review.version, by=cast.senco, at=AT, minutes=40 + number)
    contributions.take_part(review=review, by=cast.child, at=AT, part=Part.ALL)
    counted = {
        "who_comes": count(as_(cast.senco), address("who_comes", review.pk)),
        "review": count(as_(cast.senco), address("review", review.cycle_id)),
        "reviews": count(as_(cast.parent), address("reviews", cast.ada.pk)),
        "reply": count(as_(cast.parent), address("reply_to_review", review.pk)),
        "reply_time": count(as_(cast.parent), address("reply_to_review", review.pk, query="?answer=other_time")),
        "take_part": count(as_(cast.child), address("take_part", review.pk)),
        "say": count(as_(cast.child), address("say_before", review.pk)),
        "pictures": count(as_(cast.child), address("say_with_pictures", review.pk, 1)),
        "choose": count(as_(cast.child), address("choose_who_comes", review.pk)),
        "link": count(Client(), link(review, cast.parent, Coming.OTHER_TIME)),
        "many": count(as_(cast.senco), address("ask_to_reviews")),
    }  # fmt: skip
    assert counted == {
        "who_comes": 15,
        "review": 14,
        "reviews": 14,
        "reply": 9,
        "reply_time": 13,
        "take_part": 10,
        "say": 8,
        "pictures": 8,
        "choose": 12,
        "link": 11,
        "many": 7,
    }, str(counted)
