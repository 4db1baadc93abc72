"""What the services of choices refuse and decide, where no page asks them so."""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.http import Http404

from accounts.models import Invitation, User
from pupils import choices, circle, invitations, policy
from pupils.choices import Wanted
from pupils.enums import Answer, Authority, Gave, Ground, Relation, RestrictionKind, Section, Voice
from pupils.errors import NotNow, Stale
from pupils.models import AuditEvent, Choice, ChoiceSheet, Household, Pupil

from ..cast import AT, LONDON, Cast
from ..cast import person as somebody
from ..pupils.decided import recorded

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)
YES, NO, ASK = Answer.YES, Answer.NO, Answer.ASK


def test_each_decider_decides_under_their_own_record_alone(cast: Cast) -> None:
    about_money = recorded(cast, cast.sam, cast.parent)
    about_needs = recorded(cast, cast.sam, cast.other_parent, sections=[Section.NEEDS])
    for person, theirs, others in (
        (cast.parent, about_money, Section.NEEDS),
        (cast.other_parent, about_needs, Section.FUNDING),
    ):
        speaks = choices.speaking(policy.why(person, cast.sam, AT))
        assert speaks is not None
        assert speaks.record_for(Section(theirs.sections[0])) == theirs
        assert speaks.record_for(others) is None
    themselves = choices.speaking(policy.why(cast.young_person, cast.sam, AT))
    assert themselves is not None
    assert [themselves.record_for(section) for section in Section] == [None] * len(Section)


def test_a_record_is_in_force_from_its_start_to_its_end(cast: Cast) -> None:
    record = recorded(cast, cast.sam, cast.parent)
    recorded(cast, cast.noor, cast.parent)  # of somebody else
    found = [list(choices.capacity_in_force(cast.sam, AT + SECOND * n)) for n in (-1, 0)]
    assert found == [[], [record]]


def test_whoever_is_shut_out_decides_nothing_while_the_record_stands(cast: Cast) -> None:
    order = {"authority": Authority.DEPUTY, "authority_words": "An order of the court."}
    record = recorded(cast, cast.sam, cast.professional, **order)
    assert choices.speaking(policy.why(cast.professional, cast.sam, AT)) is not None
    circle.restrict(
        pupil=cast.sam,
        person=cast.professional,
        kind=RestrictionKind.UNSAFE,
        reason="x",
        by=cast.senco,
        at=AT,
    )
    assert list(choices.capacity_in_force(cast.sam, AT)) == [record]
    assert choices.speaking(policy.why(cast.professional, cast.sam, AT)) is None


def test_whoever_is_asked_for_one_voice_speaks_with_no_other(cast: Cast) -> None:
    """A family of Ada's, and Noor, who decides: each has one voice."""
    for person, pupil, own, other in (
        (cast.parent, cast.ada, Voice.PARENTS, Voice.YOUNG_PERSON),
        (cast.student, cast.noor, Voice.YOUNG_PERSON, Voice.PARENTS),
    ):
        sight = policy.why(person, pupil, AT)
        speaks = [choices.speaking(sight, voice) for voice in (None, own, other)]
        assert [one and one.voice for one in speaks] == [own, own, None]


def test_a_rehearsal_begins_at_midnight_of_its_first_day(cast: Cast) -> None:
    begins = policy.decides_from(cast.ada, AT)
    assert begins is not None
    first = datetime.combine(begins, time(), LONDON) - choices.REHEARSE
    speaks = [choices.speaking(policy.why(cast.child, cast.ada, at)) for at in (first - SECOND, first)]
    assert [speaks[0], speaks[1] and speaks[1].begins] == [None, begins]


def test_a_senco_writes_down_what_the_family_says_until_the_day_and_what_the_young_person_says_from_it_on(
    cast: Cast,
) -> None:
    begins = policy.decides_from(cast.ada, AT)
    assert begins is not None
    day = datetime.combine(begins, time(), LONDON)
    found = [choices.speaking(policy.why(cast.senco, cast.ada, at)) for at in (day - SECOND, day)]
    assert [one and one.voice for one in found] == [Voice.PARENTS, Voice.YOUNG_PERSON]
    as_parents = [
        choices.speaking(policy.why(cast.senco, cast.ada, at), Voice.PARENTS) for at in (day - SECOND, day)
    ]
    assert [one and one.voice for one in as_parents] == [Voice.PARENTS, None]


def invited(pupil: Pupil, name: str, cast: Cast) -> Invitation:
    found, _ = invitations.invite_professional(
        pupils=[pupil], email=f"{name}@health.example", name=name, by=cast.senco, at=AT
    )
    return found


def choose(cast: Cast, *rows: Wanted, **more: Any) -> None:
    given: dict[str, Any] = {"by": cast.young_person, "at": AT, "key": uuid4(), "wording": "test-1", **more}
    choices.choose(pupil=cast.sam, wanted=rows, **given)


def test_what_somebody_else_decides_under_a_record_is_closed_by_the_young_person_and_not_opened(
    cast: Cast,
) -> None:
    record = recorded(cast, cast.sam, cast.parent)
    [section] = [Section(one) for one in record.sections]
    for answer, by in ((YES, cast.young_person), (ASK, cast.parent), (NO, cast.parent)):
        about = Section.PLAN if by == cast.parent else section
        with pytest.raises(NotNow, match="Somebody else decides"):
            choose(cast, Wanted(about, answer, person=cast.other_parent), by=by)
    choose(cast, Wanted(section, NO, person=cast.other_parent))
    choose(cast, Wanted(section, YES, person=cast.other_parent), by=cast.parent)
    assert list(Choice.objects.order_by("number").values_list("answer", "capacity")) == [
        ("no", None),
        ("yes", record.pk),
    ]


def test_the_same_form_with_others_in_it_is_another_sheet(cast: Cast) -> None:
    nell, oz = (invited(cast.sam, name, cast) for name in ("nell", "oz"))
    key, until = uuid4(), AT + timedelta(days=9)
    for about in (
        {"person": cast.parent},
        {"person": cast.other_parent},
        {"invitation": nell},
        {"invitation": oz},
        {},
    ):
        for _ in range(2):
            choose(cast, Wanted(Section.NEEDS, NO, ends_at=until, **about), key=key)
    assert ChoiceSheet.objects.count() == 5


def test_nothing_chosen_is_no_sheet(cast: Cast) -> None:
    with pytest.raises(ValidationError, match="Choose at least one answer"):
        choose(cast)


def test_somebody_who_is_not_near_is_told_of_nobody(cast: Cast) -> None:
    for far in (cast.stranger, cast.restricted_parent):
        with pytest.raises(Http404):
            choose(cast, Wanted(Section.NEEDS, Answer.NO, person=cast.parent), by=far)


def test_the_id_of_a_sheet_of_somebody_else_or_about_somebody_else_makes_none(cast: Cast) -> None:
    key = uuid4()
    no = Wanted(Section.NEEDS, Answer.NO, person=cast.professional)
    written: dict[str, Any] = {"by": cast.senco, "how": Gave.SPOKEN, "voice": Voice.YOUNG_PERSON, "key": key}
    choose(cast, no, **written)
    with pytest.raises(ValidationError, match="out of date"):
        choose(cast, no, key=key)
    with pytest.raises(ValidationError, match="out of date"):
        choices.choose(pupil=cast.noor, wanted=[no], at=AT, wording="test-1", **written)
    assert ChoiceSheet.objects.count() == 1


def test_words_that_are_too_long_are_refused_and_never_cut(cast: Cast) -> None:
    spoken: dict[str, Any] = {"by": cast.senco, "how": Gave.SPOKEN, "voice": Voice.YOUNG_PERSON}
    no = Wanted(Section.NEEDS, Answer.NO, person=cast.professional)
    with pytest.raises(ValidationError) as refused:
        choose(cast, no, how_words="x" * 9000, **spoken)
    assert list(refused.value.message_dict) == ["how_words"]
    with pytest.raises(ValidationError) as refused:
        choose(cast, Wanted(Section.NEEDS, Answer.YES, person=cast.parent, purpose="x" * 9000))
    assert list(refused.value.message_dict) == ["purpose"]
    assert not ChoiceSheet.objects.exists()


def test_somebody_near_who_makes_no_choices_is_refused_in_words(cast: Cast) -> None:
    for near in (cast.teacher, cast.key_adult, cast.parent):
        with pytest.raises(policy.NotThisSection):
            choose(cast, Wanted(Section.NEEDS, Answer.NO, person=cast.parent), by=near)
    assert not Choice.objects.exists()


def test_a_choice_lasts_ten_years_at_the_furthest(cast: Cast) -> None:
    furthest = AT + choices.FURTHEST
    with pytest.raises(ValidationError, match="still to come"):
        choose(cast, Wanted(Section.NEEDS, Answer.YES, person=cast.parent, ends_at=AT))
    with pytest.raises(ValidationError, match="next ten years"):
        choose(cast, Wanted(Section.NEEDS, Answer.YES, person=cast.parent, ends_at=furthest + SECOND))
    choose(cast, Wanted(Section.NEEDS, Answer.YES, person=cast.parent, ends_at=furthest))
    assert Choice.objects.get().ends_at == furthest


def test_what_is_confirmed_was_written_down_for_whoever_confirms_it(cast: Cast) -> None:
    of_noor = choices.choose(
        pupil=cast.noor,
        wanted=[Wanted(Section.NEEDS, Answer.ASK, person=cast.professional)],
        by=cast.student,
        at=AT,
        key=uuid4(),
        wording="test-1",
    )
    until = AT + timedelta(days=30)
    of_parents = choices.choose(
        pupil=cast.ada,
        wanted=[Wanted(Section.NEEDS, Answer.YES, person=cast.professional, ends_at=until)],
        by=cast.parent,
        at=AT,
        key=uuid4(),
        wording="test-1",
    )
    Pupil.objects.filter(pk=cast.ada.pk).update(date_of_birth=date(2009, 5, 14))
    ada = Pupil.objects.get(pk=cast.ada.pk)
    for pupil, by, other in ((cast.sam, cast.young_person, of_noor), (ada, cast.child, of_parents)):
        with pytest.raises(ValidationError, match="written down for you"):
            choices.choose(
                pupil=pupil,
                wanted=[Wanted(Section.NEEDS, Answer.NO, person=cast.professional)],
                by=by,
                at=AT + SECOND,
                key=uuid4(),
                wording="test-1",
                confirms=other,
            )


def test_what_was_chosen_meanwhile_about_somebody_invited_is_shown_too(cast: Cast) -> None:
    nell, oz = (invited(cast.sam, name, cast) for name in ("nell", "oz"))
    choose(cast, Wanted(Section.NEEDS, Answer.NO, invitation=nell), after=0)
    choose(cast, Wanted(Section.NEEDS, Answer.NO, invitation=oz), after=0)
    with pytest.raises(Stale):
        choose(cast, Wanted(Section.NEEDS, Answer.ASK, invitation=nell), after=0)


def test_what_the_family_agreed_to_meanwhile_is_nothing_that_the_young_person_chose(cast: Cast) -> None:
    Pupil.objects.filter(pk=cast.ada.pk).update(date_of_birth=date(2010, 5, 14))  # 16 on 14 May 2026
    ada, until = Pupil.objects.get(pk=cast.ada.pk), AT + timedelta(days=30)
    about = Wanted(Section.NEEDS, Answer.YES, person=cast.professional, ends_at=until)
    for by in (cast.parent, cast.child):
        choices.choose(pupil=ada, wanted=[about], by=by, at=AT, key=uuid4(), wording="test-1", after=0)
    assert sorted(Choice.objects.values_list("voice", flat=True)) == ["parents", "young_person"]


def test_somebody_who_left_is_shut_out_of_what_was_said_about_them_alone(cast: Cast) -> None:
    choose(cast, Wanted(Section.PLAN, Answer.YES, person=cast.parent))
    choose(cast, Wanted(Section.NEEDS, Answer.YES, person=cast.other_parent))
    for person in (cast.parent, cast.other_parent):
        circle.end_relation(
            relation=Relation.PARENT_CARER, person=person, pupil=cast.sam, by=cast.senco, at=AT + SECOND
        )
    later = AT + 2 * SECOND
    with pytest.raises(ValidationError, match="Choose somebody who is near this pupil"):
        choose(cast, Wanted(Section.NEEDS, Answer.NO, person=cast.parent), at=later)
    with pytest.raises(ValidationError, match="Choose somebody who is near this pupil"):
        choose(cast, Wanted(Section.PLAN, Answer.YES, person=cast.parent), at=later)
    choose(cast, Wanted(Section.PLAN, Answer.NO, person=cast.parent), at=later)
    choose(cast, Wanted(Section.NEEDS, Answer.NO, person=cast.other_parent), at=later)
    assert list(Choice.objects.order_by("number").values_list("section", "answer"))[2:] == [
        ("plan", "no"),
        ("needs", "no"),
    ]


def test_an_invitation_that_is_over_or_leads_to_somebody_else_is_given_nothing_while_another_waits(
    cast: Cast,
) -> None:
    nell, oz, of_ada = (
        invited(cast.sam, "nell", cast),
        invited(cast.sam, "oz", cast),
        invited(cast.ada, "pip", cast),
    )
    invitations.withdraw(invitation=nell, by=cast.senco, at=AT)
    written: dict[str, Any] = {"by": cast.senco, "at": AT}
    home = Household.objects.create(name="Gran’s home")
    gran = circle.add_parent_carer(
        pupil=cast.sam, household=home, name="Gran", relationship="grandmother", has_parental_responsibility=True,
        email="gran@home.example", **written,
    )  # fmt: skip
    to_gran, _ = invitations.invite_parent(carers=[gran], email="gran@home.example", **written)
    for other in (nell, of_ada, to_gran):
        with pytest.raises(ValidationError, match="This invitation has ended"):
            choose(cast, Wanted(Section.NEEDS, Answer.ASK, invitation=other))
    choose(cast, Wanted(Section.NEEDS, Answer.ASK, invitation=oz))
    assert Choice.objects.get().invitation == oz


def test_what_somebody_invited_is_passed_when_they_accept(cast: Cast) -> None:
    """The latest answer about each part that has not ended by then, in the voice in which it was given."""
    cleo, accepts = somebody("cleo@health.example", "Cleo Psych"), AT + timedelta(days=2)
    Pupil.objects.filter(pk=cast.ada.pk).update(date_of_birth=date(2010, 5, 14))  # 16 on 14 May 2026
    ada = Pupil.objects.get(pk=cast.ada.pk)
    invitation, later = invited(ada, "cleo", cast), AT + timedelta(days=9)
    given: dict[str, Any] = {"pupil": ada, "at": AT, "wording": "test-1"}

    def says(by: User, section: Section, answer: Answer, ends_at: datetime | None = None) -> None:
        row = Wanted(section, answer, invitation=invitation, ends_at=ends_at)
        choices.choose(wanted=[row], by=by, key=uuid4(), **given)

    says(cast.parent, Section.NEEDS, NO)
    says(cast.parent, Section.NEEDS, YES, later)
    says(cast.parent, Section.PLAN, YES, accepts - SECOND)
    says(cast.parent, Section.VIEWS, YES, accepts)
    says(cast.parent, Section.REVIEWS, YES, accepts + SECOND)
    says(cast.parent, Section.FUNDING, NO)
    says(cast.child, Section.NEEDS, ASK)  # rehearsed
    choices.pass_on(invitation=invitation, person=cleo, pupil=ada, at=accepts)
    sheets = ChoiceSheet.objects.filter(how=Gave.PASSED_ON).order_by("number")
    passed = {
        sheet: sorted(sheet.choices.values_list("section", "answer", "person", "ends_at")) for sheet in sheets
    }
    assert {(sheet.voice, sheet.recorded_by, sheet.at): rows for sheet, rows in passed.items()} == {
        ("young_person", cleo, accepts): [("needs", "ask", cleo.pk, None)],
        ("parents", cleo, accepts): [
            ("funding", "no", cleo.pk, None),
            ("needs", "yes", cleo.pk, later),
            ("reviews", "yes", cleo.pk, accepts + SECOND),
        ],
    }
    events = AuditEvent.objects.filter(verb="choices passed on", by=cleo, pupil=ada, at=accepts)
    assert {(event.object_id, event.detail["voice"]) for event in events} == {
        (sheet.pk, sheet.voice) for sheet in sheets
    }


def test_what_is_over_when_they_accept_is_passed_to_nobody(cast: Cast) -> None:
    invitation = invited(cast.sam, "cleo", cast)
    choose(cast, Wanted(Section.NEEDS, YES, invitation=invitation, ends_at=AT + SECOND))
    cleo = somebody("cleo@health.example", "Cleo Psych")
    choices.pass_on(invitation=invitation, person=cleo, pupil=cast.sam, at=AT + SECOND)
    assert ChoiceSheet.objects.count() == 1


def test_what_is_in_force_is_what_one_voice_has_said_by_then(cast: Cast) -> None:
    Pupil.objects.filter(pk=cast.ada.pk).update(date_of_birth=date(2010, 5, 14))
    ada = Pupil.objects.get(pk=cast.ada.pk)
    for by, answer, at in ((cast.parent, NO, AT), (cast.child, ASK, AT), (cast.parent, ASK, AT + SECOND)):
        row = Wanted(Section.NEEDS, answer, person=cast.professional)
        choices.choose(pupil=ada, wanted=[row], by=by, at=at, key=uuid4(), wording="test-1")
    found = {
        (voice, at): [(about, choice.answer) for about, choice in choices.in_force(ada, voice, at).items()]
        for voice in Voice
        for at in (AT - SECOND, AT, AT + SECOND)
    }
    needs = (cast.professional.pk, "needs")
    assert found == {
        (Voice.YOUNG_PERSON, AT - SECOND): [],
        (Voice.YOUNG_PERSON, AT): [(needs, "ask")],
        (Voice.YOUNG_PERSON, AT + SECOND): [(needs, "ask")],
        (Voice.PARENTS, AT - SECOND): [],
        (Voice.PARENTS, AT): [(needs, "no")],
        (Voice.PARENTS, AT + SECOND): [(needs, "ask")],
    }


def test_a_ground_is_told_in_words(cast: Cast) -> None:
    class_, alone = policy.Reason(Ground.TEACHES, "9B"), policy.Reason(Ground.TEACHES)
    assert (class_.role, alone.role) == ("teaches 9B", "key adult")
    for name in ("told", "untold"):  # a class may be called so
        teaches, recorded_ = policy.Reason(Ground.TEACHES, name), policy.Reason(Ground.OVERRIDE, name)
        assert (teaches.untold, teaches.safeguarding) == (False, False)
        assert (recorded_.untold, recorded_.safeguarding) == (name == "untold", True)
    choose(cast, Wanted(Section.PLAN, YES, person=cast.parent))
    told = policy.why(cast.parent, cast.sam, AT).because(Section.PLAN)
    assert told == "you are Sam’s parent carer and Sam chose to share it with you"


def test_a_list_by_what_may_be_done_has_what_a_choice_opened_but_for_what_no_choice_opens(cast: Cast) -> None:
    def listed(action: str) -> bool:
        return cast.sam in policy.pupils_for(cast.parent, action, AT)

    assert not listed("answer_plan")
    for section in (Section.PLAN, Section.PROFILE):
        choose(cast, Wanted(section, YES, person=cast.parent))
    assert (listed("answer_plan"), listed("read_who_looked"), listed("agree_to_share")) == (
        True,
        False,
        False,
    )


def test_before_hand_over_a_family_agrees_about_professionals_alone(cast: Cast) -> None:
    given: dict[str, Any] = {"pupil": cast.ada, "by": cast.parent, "at": AT, "wording": "test-1"}
    for about in ({"person": cast.teacher}, {"person": cast.other_parent}, {}):
        with pytest.raises(ValidationError) as refused:
            choices.choose(wanted=[Wanted(Section.NEEDS, NO, **about)], key=uuid4(), **given)
        assert refused.value.message_dict == {
            "person": ["Before hand-over, only sharing with a professional is chosen here."]
        }
    choices.choose(wanted=[Wanted(Section.NEEDS, NO, person=cast.professional)], key=uuid4(), **given)
    assert Choice.objects.get().person == cast.professional


def test_whoever_chooses_themselves_has_said_it_whoever_else_is_named(cast: Cast) -> None:
    choose(cast, Wanted(Section.NEEDS, Answer.ASK, person=cast.parent), given_by=cast.parent)
    assert ChoiceSheet.objects.get().given_by == cast.young_person


TEACHES, PARENT = {"teaches"}, {"parent"}
#: What was chosen last by name, and last for all who teach, each with its number and whether it has ended; to whom; and
#: which of them opens the section. design.md, section 2: the later no to all who teach closes what was said by name.
OPENS: dict[str, tuple[tuple[Any, ...], tuple[Any, ...], set[str], str]] = {
    "nothing was chosen": ((), (), TEACHES, ""),
    "by name": ((YES, 1), (), PARENT, "named"),
    "by name, and over": ((YES, 1, "over"), (), PARENT, ""),
    "a no by name": ((NO, 1), (), PARENT, ""),
    "to be asked by name": ((ASK, 1), (), PARENT, ""),
    "to all who teach": ((), (YES, 1), TEACHES, "to_all"),
    "to all who teach, of whom they are none": ((), (YES, 1), PARENT, ""),
    "to all who teach, and over": ((), (YES, 1, "over"), TEACHES, ""),
    "a no to all who teach": ((), (NO, 1), TEACHES, ""),
    "by name after a no to all": ((YES, 2), (NO, 1), TEACHES, "named"),
    "by name before a no to all": ((YES, 1), (NO, 2), TEACHES, ""),
    "by name with a no to all": ((YES, 1), (NO, 1), TEACHES, "named"),
    "by name before a no to all, of whom they are none": ((YES, 1), (NO, 2), PARENT, "named"),
    "by name before a yes to all": ((YES, 1), (YES, 2), TEACHES, "named"),
    "by name and over, before a yes to all": ((YES, 1, "over"), (YES, 2), TEACHES, ""),
}


@pytest.mark.parametrize("case", OPENS)
def test_which_choice_opens_a_section_to_somebody(case: str) -> None:
    by_name, for_all, kinds, opens = OPENS[case]
    person = User(pk=uuid4())

    def made(answer: Answer, number: int, over: str = "") -> Choice:
        return Choice(answer=answer, number=number, ends_at=AT if over else AT + SECOND)

    named, to_all = (made(*said) if said else None for said in (by_name, for_all))
    latest = {(person.pk, "plan"): named, (None, "plan"): to_all}
    latest |= {(person.pk, "needs"): made(YES, 9), (None, "needs"): made(YES, 9)}  # of another section
    kept = {about: choice for about, choice in latest.items() if choice is not None}
    found = choices.opening(person, Section.PLAN, kinds, kept, AT)
    assert found is {"": None, "named": named, "to_all": to_all}[opens]
