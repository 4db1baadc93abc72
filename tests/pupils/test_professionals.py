"""Sharing with a visiting professional for a time: invited, opened, commented on, stopped, over."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.http import Http404
from django.test import Client

from accounts import invitations as ways_in
from accounts import tokens
from accounts.models import Invitation, User
from apdr.models import Comment, View
from pupils import capacity, choices, circle, invitations, policy, professionals
from pupils.choices import Wanted
from pupils.enums import Answer, Ground, Relation, RestrictionKind, Section
from pupils.models import AuditEvent, Choice, ChoiceSheet, Pupil

from ..apdr.pages import address, as_, count, errors, hidden, send, words
from ..apdr.plans import write_plan
from ..api.asking import ask
from ..cast import AT, LONDON, SEPTEMBER, Cast, person
from .decided import confirmed, recorded

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]

DAY = timedelta(days=1)
END = datetime(2026, 6, 1, 0, 0, tzinfo=LONDON)
WANTED: dict[str, Any] = {
    "name": "Cleo Psych",
    "email": "Cleo@health.example",
    "sections": ["needs", "plan"],
    "until_0": "31",
    "until_1": "5",
    "until_2": "2026",
    "purpose": "Help with exams.",
}


def share(pupil: Pupil, by: User, at: datetime = AT, **other: Any) -> professionals.Shared:
    given = {
        "name": "Cleo Psych",
        "email": "cleo@health.example",
        "sections": [Section.NEEDS, Section.PLAN],
        "ends_at": END,
        "purpose": "Help with exams.",
        "key": uuid4(),
        **other,
    }
    return professionals.share(pupil=pupil, by=by, at=at, **given)


def sees(who: User, pupil: Pupil, at: datetime = AT) -> list[Section]:
    return policy.why(who, pupil, at).sections


def opened(cast: Cast, pupil: Pupil, by: User, *sections: Section) -> None:
    """Sections opened to the professional who stands near all three pupils."""
    wanted = [Wanted(s, Answer.YES, person=cast.professional, ends_at=END) for s in sections]
    choices.choose(pupil=pupil, wanted=wanted, by=by, at=AT, key=uuid4(), wording="test-1")


def test_a_young_person_invites_a_professional_to_some_parts_until_a_day(cast: Cast) -> None:
    sam, href = as_(cast.young_person), address("share_out", cast.sam.pk)
    assert send(sam, href, **WANTED).status_code == 302
    [invitation] = Invitation.objects.filter(kind="professional")
    assert (invitation.email, invitation.name, invitation.invited_by) == (
        "cleo@health.example",
        "Cleo Psych",
        cast.young_person,
    )
    assert sorted(
        Choice.objects.values_list("kind", "invitation", "section", "answer", "ends_at", "purpose")
    ) == [
        ("invited", invitation.pk, "needs", "yes", END, "Help with exams."),
        ("invited", invitation.pk, "plan", "yes", END, "Help with exams."),
    ]
    [message] = mail.outbox
    assert message.to == ["cleo@health.example"]
    for hidden_word in ("Sam", "Okafor", "exams", "needs"):
        assert hidden_word not in f"{message.subject} {message.body}"
    page = words(sam.get(href))
    assert "Cleo Psych Invited We wrote to cleo@health.example." in page
    assert "Strengths and needs, until 31 May 2026 Support plan, until 31 May 2026" in page


def test_what_was_chosen_holds_from_when_they_accept_and_ends_by_itself(cast: Cast) -> None:
    shared = share(cast.sam, cast.young_person)
    cleo = person("cleo@health.example", "Cleo Psych")
    cleo.emailaddress_set.create(email=cleo.email, verified=True, primary=True)
    assert sees(cleo, cast.sam) == []
    invitations.accept(secret=shared.secret, person=cleo, at=AT + DAY)
    assert sees(cleo, cast.sam, AT + DAY) == [Section.NEEDS, Section.PLAN]
    assert sees(cleo, cast.sam, END - timedelta(seconds=1)) == [Section.NEEDS, Section.PLAN]
    assert sees(cleo, cast.sam, END) == []


def test_whoever_accepts_is_passed_what_was_chosen_for_them_and_for_nobody_else(cast: Cast) -> None:
    for_cleo = share(cast.sam, cast.young_person, sections=[Section.NEEDS])
    share(cast.sam, cast.young_person, sections=[Section.FUNDING], name="Nell", email="nell@health.example")
    opened(cast, cast.sam, cast.young_person, Section.PLAN)
    cleo = person("cleo@health.example", "Cleo Psych")
    cleo.emailaddress_set.create(email=cleo.email, verified=True, primary=True)
    invitations.accept(secret=for_cleo.secret, person=cleo, at=AT + DAY)
    assert sees(cleo, cast.sam, AT + DAY) == [Section.NEEDS]


def test_one_press_stops_it_before_and_after_they_accept(cast: Cast) -> None:
    shared = share(cast.sam, cast.young_person)
    assert shared.invitation is not None
    sam = as_(cast.young_person)
    stop = address("stop_sharing", cast.sam.pk, shared.invitation.pk)
    assert [sam.post(stop).status_code for _ in range(2)] == [302, 302]
    assert ways_in.find(shared.secret, AT) is None
    assert AuditEvent.objects.filter(verb="invitation withdrawn", pupil=cast.sam).count() == 1
    assert "Cleo Psych" not in words(sam.get(address("share_out", cast.sam.pk)))
    opened(cast, cast.sam, cast.young_person, Section.PLAN, Section.VIEWS)
    assert sees(cast.professional, cast.sam) == [Section.PLAN, Section.VIEWS]
    assert "Priya Therapist" in words(sam.get(address("share_out", cast.sam.pk)))
    sam.post(address("stop_sharing", cast.sam.pk, cast.professional.pk))
    assert sees(cast.professional, cast.sam) == []
    assert ChoiceSheet.objects.count() == 4


@pytest.mark.parametrize("how", ["one", "everything", "the form"])
def test_a_no_on_the_page_of_choices_takes_the_link_back_as_well(cast: Cast, how: str) -> None:
    """Whoever was invited, and has not come yet, does not come near and read a name after it was stopped."""
    shared = share(cast.sam, cast.young_person)
    assert shared.invitation is not None
    sam, whom = as_(cast.young_person), str(shared.invitation.pk)
    one, form = address("stop_choices", cast.sam.pk, whom), address("choose", cast.sam.pk, whom)
    if how == "the form":
        assert send(sam, form, needs="no").status_code == 302
    else:
        assert sam.post(one, {"section": "needs"}).status_code == 302
    assert ways_in.find(shared.secret, AT) == shared.invitation  # the plan is open to them still
    if how == "the form":
        assert send(sam, form, plan="no").status_code == 302
    else:
        everything = address("stop_all_choices", cast.sam.pk)
        assert sam.post(everything if how == "everything" else one).status_code == 302
    assert ways_in.find(shared.secret, AT) is None
    assert Client().get(address("invitation", shared.secret)).status_code == 404
    assert AuditEvent.objects.filter(verb="invitation withdrawn", pupil=cast.sam).count() == 1


def test_whoever_a_senco_invited_comes_unless_every_part_is_refused(cast: Cast) -> None:
    """One no is about one part; to be asked each time is no refusal; a no to all of it is one."""
    invitation, secret = invitations.invite_professional(
        pupils=[cast.sam], email="cleo@health.example", name="Cleo Psych", by=cast.senco, at=AT
    )

    def say(answer: Answer, *sections: Section) -> Any:
        wanted = [Wanted(one, answer, invitation=invitation) for one in sections]
        choices.choose(
            pupil=cast.sam, wanted=wanted, by=cast.young_person, at=AT, key=uuid4(), wording="test-1"
        )
        return ways_in.find(secret, AT)

    assert say(Answer.NO, Section.FUNDING) == invitation
    assert say(Answer.ASK, Section.PLAN) == invitation
    assert say(Answer.NO, *set(Section) - {Section.PLAN}) == invitation
    assert say(Answer.NO, Section.PLAN) is None


def test_a_no_of_the_young_person_counts_apart_from_what_their_family_agreed_to(cast: Cast) -> None:
    shared = share(cast.ada, cast.parent, sections=[Section.NEEDS])
    Pupil.objects.filter(pk=cast.ada.pk).update(date_of_birth=date(2009, 5, 14))
    ada = Pupil.objects.get(pk=cast.ada.pk)

    def say_no(*sections: Section) -> Any:
        no = [Wanted(one, Answer.NO, invitation=shared.invitation) for one in sections]
        choices.choose(pupil=ada, wanted=no, by=cast.child, at=AT, key=uuid4(), wording="test-1")
        return ways_in.find(shared.secret, AT)

    # She never opened anything to them herself, and one part is one part.
    assert say_no(Section.NEEDS) == shared.invitation
    assert say_no(*set(Section) - {Section.NEEDS}) is None


def test_a_link_that_is_about_somebody_else_as_well_is_not_taken_back(cast: Cast) -> None:
    invitation, secret = invitations.invite_professional(
        pupils=[cast.sam, cast.noor], email="cleo@health.example", name="Cleo Psych", by=cast.senco, at=AT
    )
    no = [Wanted(section, Answer.NO, invitation=invitation) for section in Section]
    choices.choose(pupil=cast.sam, wanted=no, by=cast.young_person, at=AT, key=uuid4(), wording="test-1")
    assert ways_in.find(secret, AT) == invitation


def test_what_is_stopped_in_a_rehearsal_takes_back_nothing_that_the_family_agreed_to(cast: Cast) -> None:
    Pupil.objects.filter(pk=cast.ada.pk).update(date_of_birth=date(2010, 5, 14))  # 16 on 14 May 2026
    shared = share(cast.ada, cast.parent)
    yes = Wanted(Section.NEEDS, Answer.YES, invitation=shared.invitation, ends_at=END)
    choices.choose(pupil=cast.ada, wanted=[yes], by=cast.child, at=AT, key=uuid4(), wording="test-1")
    assert as_(cast.child).post(address("stop_all_choices", cast.ada.pk)).status_code == 302
    assert ways_in.find(shared.secret, AT) == shared.invitation


def test_the_same_form_sent_twice_is_one_invitation_and_one_e_mail(cast: Cast) -> None:
    sam, href, key = as_(cast.young_person), address("share_out", cast.sam.pk), str(uuid4())
    assert [sam.post(href, {**WANTED, "key": key}).status_code for _ in range(2)] == [302, 302]
    assert (Invitation.objects.filter(kind="professional").count(), len(mail.outbox)) == (1, 1)


def test_whoever_decides_about_one_part_sees_no_sharing_of_another(cast: Cast) -> None:
    """Sam shared his needs with somebody invited and somebody here; Pam decides about his funding, under a record."""
    share(cast.sam, cast.young_person, sections=[Section.NEEDS])
    opened(cast, cast.sam, cast.young_person, Section.VIEWS)
    record = recorded(cast, cast.sam, cast.parent)
    pam, there = as_(cast.parent), address("share_out", cast.sam.pk)
    pages = " ".join(words(pam.get(href)) for href in (there, address("choices", cast.sam.pk)))
    assert not any(told in pages for told in ("Cleo", "cleo@", "What we said", "Strengths and needs"))
    assert "You share with" not in pages
    share(cast.sam, cast.parent, sections=[Section.FUNDING], name="Oz", email="oz@health.example")
    choices.choose(
        pupil=cast.sam, by=cast.parent, at=AT, key=uuid4(), wording="test-1",
        wanted=[Wanted(Section.FUNDING, Answer.YES, person=cast.professional, ends_at=END)],
    )  # fmt: skip
    pages = [words(pam.get(href)) for href in (there, address("choices", cast.sam.pk))]
    assert all("Oz" in page and "Cleo" not in page for page in pages)
    assert "Priya Therapist Funding, until 31 May 2026" in pages[0]
    assert "Stop sharing with Cleo" in words(as_(cast.young_person).get(there))
    capacity.end(capacity=record, by=cast.senco, at=AT)
    told = words(as_(cast.young_person).get(there))
    assert ("What we said, until 31 May 2026" in told, "Funding, until" in told) == (True, False)


def test_an_end_is_asked_for_and_is_within_twelve_months(cast: Cast) -> None:
    sam, href = as_(cast.young_person), address("share_out", cast.sam.pk)
    late = {**WANTED, "until_0": "11", "until_1": "3", "until_2": "2027"}
    empty = dict.fromkeys(WANTED)
    for typed, refusals in (
        (
            empty,
            [
                "Write their name",
                "Write their e-mail address",
                "Choose at least one part",
                "Write the last day",
                "Say what it is for",
            ],
        ),
        (late, ["Choose a day within 12 months. You can share again after that"]),
        ({**WANTED, "until_2": "2025"}, ["Choose a day that is still to come"]),
        ({**WANTED, "email": "sam@pupils.example"}, ["This is your own address."]),
        (
            {**WANTED, "email": "parent@home.example"},
            [str(invitations.ASK_THE_SENCO)],
        ),
    ):
        refused = send(sam, href, **typed)
        assert (refused.status_code, errors(refused)) == (422, refusals)
    assert (Invitation.objects.filter(kind="professional").count(), Choice.objects.count()) == (0, 0)
    assert send(sam, href, **{**late, "until_0": "10"}).status_code == 302


def test_somebody_who_is_here_or_invited_already_is_not_invited_twice(cast: Cast) -> None:
    shared = share(cast.sam, cast.young_person, email="professional@health.example")
    assert (shared.person, shared.invitation) == (cast.professional, None)
    assert sees(cast.professional, cast.sam) == [Section.NEEDS, Section.PLAN]
    invited, _ = invitations.invite_professional(
        pupils=[cast.sam], email="cleo@health.example", name="Cleo", by=cast.senco, at=AT
    )
    again = share(cast.sam, cast.young_person)
    assert (again.invitation, again.secret) == (invited, "")


def test_before_hand_over_the_family_agrees_and_the_child_the_school_and_others_do_not(cast: Cast) -> None:
    assert send(as_(cast.parent), address("share_out", cast.ada.pk), **WANTED).status_code == 302
    assert set(Choice.objects.values_list("voice", flat=True)) == {"parents"}
    for who, pupil in (
        (cast.child, cast.ada),
        (cast.teacher, cast.ada),
        (cast.senco, cast.ada),
        (cast.professional, cast.ada),
        (cast.parent, cast.sam),
        (cast.senco, cast.sam),
    ):
        assert as_(who).get(address("share_out", pupil.pk)).status_code == 403
        with pytest.raises(policy.NotThisSection):
            share(pupil, who)
        with pytest.raises(policy.NotThisSection):
            professionals.stop(pupil=pupil, recipient_id=cast.professional.pk, by=who, at=AT)
    for who in (cast.stranger, cast.restricted_parent):
        with pytest.raises(Http404):
            share(cast.ada, who)


def test_a_senco_invites_near_a_pupil_and_opens_nothing(cast: Cast) -> None:
    _, secret = invitations.invite_professional(
        pupils=[cast.ada], email="cleo@health.example", name="Cleo", by=cast.senco, at=AT
    )
    invitations.accept_as_new(secret=secret, name="Cleo", known_as="", password=None, at=AT)
    cleo = User.objects.get(email="cleo@health.example")
    sight = policy.why(cleo, cast.ada, AT)
    assert (sight.near, sight.sections) == (True, [])


def test_somebody_who_is_shut_out_is_not_invited_as_a_professional(cast: Cast) -> None:
    circle.restrict(
        pupil=cast.sam,
        person=cast.professional,
        kind=RestrictionKind.UNSAFE,
        reason="Not safe.",
        by=cast.senco,
        at=AT,
    )
    with pytest.raises(ValidationError) as refused:
        share(cast.sam, cast.young_person, email="professional@health.example")
    assert refused.value.message_dict == {
        "email": [str(invitations.ASK_THE_SENCO)]
    }  # not that they are shut out
    assert policy.why(cast.professional, cast.sam, AT).near is False


# Their first page, and what they read -------------------------------------------------------------------------


def test_a_professionals_first_page_lists_who_shared_what_until_when(cast: Cast) -> None:
    opened(cast, cast.sam, cast.young_person, Section.NEEDS, Section.VIEWS)
    opened(cast, cast.ada, cast.parent, Section.PLAN)
    home = words(as_(cast.professional).get("/"))
    assert "Ada Lovelace Plan : Ada , until 31 May 2026" in home
    assert "Noor Haddad Nothing is open to you now." in home
    assert "Sam Okafor Strengths and needs : Sam , until 31 May 2026 What we said" in home
    for pupil, page in ((cast.sam, "needs"), (cast.ada, "plan")):
        answer = as_(cast.professional).get(address("pupil", pupil.pk))
        assert (answer.status_code, answer["Location"]) == (302, address(page, pupil.pk))
    assert as_(cast.professional).get(address("pupil", cast.noor.pk)).status_code == 403


def test_the_first_page_takes_the_same_queries_with_one_pupil_and_with_three(cast: Cast) -> None:
    for pupil in (cast.sam, cast.noor):
        circle.end_relation(
            relation=Relation.PROFESSIONAL, person=cast.professional, pupil=pupil, by=cast.senco, at=AT - DAY
        )
    opened(cast, cast.ada, cast.parent, Section.PLAN)
    one = count(as_(cast.professional), "/")
    for pupil, by in ((cast.sam, cast.young_person), (cast.noor, cast.student)):
        circle.grant(
            relation=Relation.PROFESSIONAL, person=cast.professional, pupil=pupil, by=cast.senco, at=AT
        )
        opened(cast, pupil, by, Section.PLAN, Section.NEEDS)
    assert (count(as_(cast.professional), "/"), one <= 15) == (one, True)


def test_a_professional_says_something_about_the_plan_and_everybody_reads_it_with_name_and_role(
    cast: Cast,
) -> None:
    plan = write_plan(cast.ada, cast.senco, SEPTEMBER)
    opened(cast, cast.ada, cast.parent, Section.PLAN)
    priya = as_(cast.professional)
    page = words(priya.get(address("plan", cast.ada.pk)))
    assert "Say something about the plan" in page
    for not_theirs in ("I agree", "Suggest something", "Say how it goes at home", "Who looked"):
        assert not_theirs not in page
    assert plan.version is not None
    say = address("comment_plan", cast.ada.pk, plan.version.pk)
    assert send(priya, say, words="Pictures help her.").status_code == 302
    assert send(priya, f"{say}?about={plan.step.pk}", words="Start small.").status_code == 302
    assert {(said.perspective, said.household) for said in Comment.objects.all()} == {("professional", None)}
    for who in (cast.parent, cast.other_parent, cast.child, cast.teacher, cast.senco, cast.professional):
        page = words(as_(who).get(address("plan", cast.ada.pk)))
        assert "Pictures help her. Priya Therapist (visiting professional), 10 March 2026" in page
        assert "Start small. Priya Therapist (visiting professional)" in page
    assert priya.get(address("answer_plan", cast.ada.pk, plan.version.pk)).status_code == 403
    assert priya.get(address("propose", cast.ada.pk)).status_code == 403
    # About what helps, which is not open to them.
    assert priya.post(say, {"sent_key": uuid4(), "words": "x", "about": plan.strategy.pk}).status_code in (
        404,
        422,
    )
    professionals.stop(pupil=cast.ada, recipient_id=cast.professional.pk, by=cast.parent, at=AT)
    assert priya.get(say).status_code == 403


def test_a_professional_without_the_plan_writes_back_and_it_is_heard_like_what_others_said(
    cast: Cast,
) -> None:
    write_plan(cast.ada, cast.senco, SEPTEMBER)
    priya, there = as_(cast.professional), address("write_back", cast.ada.pk)
    assert (priya.get(there).status_code, there in priya.get("/").content.decode()) == (403, False)
    opened(cast, cast.ada, cast.parent, Section.NEEDS)
    assert there in priya.get("/").content.decode()
    assert errors(send(priya, there, words=" ")) == ["Write something first"]
    typed = {**hidden(priya.get(there)), "words": "Pictures help her wait."}
    assert [priya.post(there, typed).status_code for _ in range(2)] == [302, 302]
    [said] = View.objects.filter(pupil=cast.ada, said_by=cast.professional)
    assert (said.perspective, said.household, said.cycle) == (
        "professional",
        None,
        cast.ada.cycles.get(closed_at=None),
    )
    assert "Pictures help her wait." in words(priya.get(there))
    for who in (cast.parent, cast.other_parent, cast.child, cast.teacher, cast.senco):
        assert "Pictures help her wait." in words(as_(who).get(address("views", cast.ada.pk)))
        assert as_(who).get(there).status_code == 403
    assert priya.get(address("views", cast.ada.pk)).status_code == 403
    professionals.stop(pupil=cast.ada, recipient_id=cast.professional.pk, by=cast.parent, at=AT)
    assert [priya.get(there).status_code, priya.post(there, typed).status_code] == [403, 403]
    assert as_(cast.stranger).get(there).status_code == 404
    assert View.objects.filter(said_by=cast.professional).count() == 1


def test_a_professional_writes_back_through_the_api(cast: Cast) -> None:
    opened(cast, cast.sam, cast.young_person, Section.FUNDING)
    _, key = tokens.issue(person=cast.professional, name="x", by=cast.professional, at=AT)
    there, said = f"/api/v1/pupils/{cast.sam.pk}/write-back/", {"sent_key": str(uuid4()), "words": "Ask Sam."}
    assert [ask(key, "POST", there, said).status_code for _ in range(2)] == [201, 201]
    assert [row["words"] for row in ask(key, "GET", there).json()] == ["Ask Sam."]
    assert "Ask Sam." in words(as_(cast.young_person).get(address("views", cast.sam.pk)))
    assert "Ask Sam." not in words(as_(cast.key_adult).get(address("pupil", cast.sam.pk), follow=True))


def test_who_was_given_more_at_work_or_was_let_in_by_a_decision_is_no_visiting_helper(cast: Cast) -> None:
    choices.choose(
        pupil=cast.noor,
        wanted=[Wanted(Section.FUNDING, Answer.YES, person=cast.key_adult, ends_at=END)],
        by=cast.student,
        at=AT,
        key=uuid4(),
        wording="test-1",
    )
    confirmed(cast, cast.noor, cast.professional)
    assert policy.why(cast.key_adult, cast.noor, AT).grounds(Section.FUNDING) == {Ground.SHARED}
    assert policy.why(cast.professional, cast.noor, AT).grounds(Section.NEEDS) == {Ground.OVERRIDE}
    there = address("write_back", cast.noor.pk)
    for who in (cast.key_adult, cast.professional):
        assert as_(who).get(there).status_code == 403
        assert as_(who).post(there, {"sent_key": uuid4(), "words": "x"}).status_code == 403
        assert there not in as_(who).get("/").content.decode()
        _, key = tokens.issue(person=who, name="x", by=who, at=AT)
        said = {"sent_key": str(uuid4()), "words": "x"}
        assert ask(key, "POST", f"/api/v1/pupils/{cast.noor.pk}/write-back/", said).status_code == 403
    assert not View.objects.filter(pupil=cast.noor).exists()


def test_family_who_work_here_are_no_helpers_whatever_is_shared_with_them(cast: Cast) -> None:
    def seen(who: User) -> policy.Sight:
        wanted = [Wanted(Section.FUNDING, Answer.YES, person=who, ends_at=END)]
        choices.choose(pupil=cast.noor, wanted=wanted, by=cast.student, at=AT, key=uuid4(), wording="test-1")
        return policy.why(who, cast.noor, AT)

    assert seen(cast.key_adult).given
    circle.add_parent_carer(
        pupil=cast.noor, household=cast.home, person=cast.teacher, name="Tom Teal", relationship="uncle",
        has_parental_responsibility=False, by=cast.senco, at=AT,
    )  # fmt: skip
    uncle = seen(cast.teacher)
    assert Ground.SHARED in uncle.grounds(Section.FUNDING)
    assert not uncle.given


def test_what_a_family_agreed_to_says_so_to_whom_it_is_shared_with(cast: Cast) -> None:
    opened(cast, cast.ada, cast.parent, Section.NEEDS)
    opened(cast, cast.noor, cast.student, Section.NEEDS)
    said = [
        policy.why(cast.professional, pupil, AT).because(Section.NEEDS) for pupil in (cast.ada, cast.noor)
    ]
    assert said == ["Ada’s family agreed to share it with you", "Noor’s choices share it with you"]


def test_who_comes_near_only_later_is_not_near_yet(cast: Cast) -> None:
    """What somebody is to a pupil counts from its first instant to before its last."""
    later = AT + timedelta(days=1)
    relation = {"relation": Relation.PROFESSIONAL, "person": cast.colleague, "pupil": cast.noor}
    circle.grant(**relation, by=cast.senco, at=later)
    circle.end_relation(**relation, by=cast.senco, at=later + timedelta(days=1))
    at = [AT, later, later + timedelta(days=1)]
    assert [policy.near_as(cast.colleague, one) for one in at] == [
        {},
        {Relation.PROFESSIONAL: [cast.noor]},
        {},
    ]


def test_somebody_stands_near_their_own_record(cast: Cast) -> None:
    found = policy.own_record(cast.student, cast.noor.pk, AT)
    assert found is not None
    assert (found[0].near, found[0].sections) == (True, list(Section))
    assert policy.own_record(cast.young_person, cast.noor.pk, AT) is None
