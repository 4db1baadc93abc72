"""Capacity for one decision, and competence before 16: what is recorded, what it opens, and that it leaves nothing."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.http import Http404
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Setting, User
from pupils import capacity, choices, circle, policy
from pupils.choices import Wanted
from pupils.enums import Answer, Authority, Gave, Relation, RestrictionKind, Section
from pupils.errors import NotNow
from pupils.models import AuditEvent, Capacity, Competence, Pupil

from ..cast import AT, LONDON, Cast
from .decided import REVIEW, recorded

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)
REVIEWED = datetime(2026, 9, 10, 0, 0, tzinfo=LONDON)


def opens(who: User, pupil: Pupil, at: datetime) -> set[str]:
    sight = policy.why(who, pupil, at)
    return {s.value for s in sight.sections if sight.because(s) == "a recorded decision names you"}


# Recording ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "error"),
    [
        *((n, policy.NotThisSection) for n in ("teacher", "parent", "young_person", "professional")),
        *((n, Http404) for n in ("dsl", "leader", "stranger", "left", "colleague", "installer")),
    ],
)
def test_only_the_senco_records_it(cast: Cast, name: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        recorded(cast, cast.sam, cast.parent, by=cast.people[name])
    assert Capacity.objects.count() == 0


def test_it_opens_its_parts_to_the_decider_and_to_nobody_else(cast: Cast) -> None:
    recorded(cast, cast.sam, cast.parent, at=AT)
    assert [opens(cast.parent, cast.sam, AT + SECOND * n) for n in (-1, 0, 1)] == [
        set(),
        {"funding"},
        {"funding"},
    ]
    assert {n for n, who in cast.people.items() if opens(who, cast.sam, AT)} == {"parent"}
    assert opens(cast.parent, cast.noor, AT) == set()


def test_before_16_it_is_refused_and_says_what_is_recorded_instead(cast: Cast) -> None:
    with pytest.raises(NotNow, match="competence"):
        recorded(cast, cast.ada, cast.parent)
    Pupil.objects.filter(pk=cast.ada.pk).update(date_of_birth=date(2010, 3, 10))
    cast.ada.refresh_from_db()
    midnight = datetime(2026, 3, 10, tzinfo=LONDON)
    with pytest.raises(NotNow):
        recorded(cast, cast.ada, cast.parent, at=midnight - SECOND, assessed_on=date(2026, 3, 9))
    assert recorded(cast, cast.ada, cast.parent, at=midnight, assessed_on=date(2026, 3, 10)).pupil == cast.ada


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"decision": " "}, "decision"),
    ({"decision": "x" * 301}, "decision"),
    ({"sections": []}, "sections"),
    ({"assessor": ""}, "assessor"),
    ({"assessor_role": ""}, "assessor_role"),
    ({"support": ""}, "support"),
    ({"findings": ""}, "findings"),
    ({"wishes": ""}, "wishes"),
    ({"assessed_on": date(2026, 3, 11)}, "assessed_on"),
    ({"assessed_on": date(2025, 11, 19)}, "assessed_on"),
    ({"review_on": date(2026, 3, 10)}, "review_on"),
    ({"review_on": date(2027, 3, 11)}, "review_on"),
    ({"authority": Authority.DEPUTY}, "authority_words"),
]


@pytest.mark.parametrize(("wrong", "field"), WRONG)
def test_everything_is_said_and_what_is_wrong_is_refused_beside_its_field(
    cast: Cast, wrong: dict[str, Any], field: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        recorded(cast, cast.sam, cast.parent, **wrong)
    assert list(refused.value.message_dict) == [field]
    assert (Capacity.objects.count(), AuditEvent.objects.filter(at=AT).count()) == (0, 0)


def test_the_last_day_to_look_again_is_a_year_ahead(cast: Cast) -> None:
    assert recorded(cast, cast.sam, cast.parent, review_on=date(2027, 3, 10)).review_on == date(2027, 3, 10)


@pytest.mark.parametrize(
    "name", ["teacher", "senco", "restricted_parent", "stranger", "young_person", "colleague", "deactivated"]
)
def test_the_decider_is_a_parent_carer_or_professional_near_the_pupil(cast: Cast, name: str) -> None:
    with pytest.raises(ValidationError) as refused:
        recorded(cast, cast.sam, cast.people[name])
    assert list(refused.value.message_dict) == ["decider"]


def test_a_professional_decides_as_deputy_or_attorney_and_never_as_a_parent(cast: Cast) -> None:
    with pytest.raises(ValidationError) as refused:
        recorded(cast, cast.sam, cast.professional)
    assert list(refused.value.message_dict) == ["authority"]
    row = recorded(
        cast, cast.sam, cast.professional, authority=Authority.DEPUTY, authority_words="Order of 2 March 2026"
    )
    assert (row.decider, opens(cast.professional, cast.sam, AT)) == (cast.professional, {"funding"})


def test_a_parent_decides_only_where_no_deputy_or_attorney_does(cast: Cast) -> None:
    deputy: dict[str, Any] = {"authority": Authority.DEPUTY, "authority_words": "Order of 2 March 2026"}
    first = recorded(cast, cast.sam, cast.professional, **deputy)
    with pytest.raises(ValidationError) as refused:
        recorded(cast, cast.sam, cast.parent, sections=[Section.FUNDING, Section.NEEDS])
    assert list(refused.value.message_dict) == ["authority"]
    recorded(cast, cast.sam, cast.parent, sections=[Section.NEEDS])
    with pytest.raises(ValidationError) as refused:
        recorded(cast, cast.sam, cast.professional, sections=[Section.NEEDS], **deputy)
    assert list(refused.value.message_dict) == ["authority"]
    capacity.end(capacity=first, by=cast.senco, at=AT + SECOND)
    recorded(cast, cast.sam, cast.parent, at=AT + SECOND * 2)


def test_the_same_form_twice_is_one_record(cast: Cast) -> None:
    key = uuid4()
    for _ in range(2):
        recorded(cast, cast.sam, cast.parent, key=key)
    assert [row.pk for row in Capacity.objects.all()] == [key]
    event = AuditEvent.objects.get(verb="capacity recorded")
    assert event.detail == {"sections": ["funding"], "authority": "parent", "medical": False}
    with pytest.raises(ValidationError):
        recorded(cast, cast.noor, cast.parent, key=key)


def test_a_setting_can_require_a_medical_professional(cast: Cast) -> None:
    Setting.objects.filter(pk=cast.hazelmere.pk).update(capacity_needs_medical=True)
    with pytest.raises(ValidationError) as refused:
        recorded(cast, cast.sam, cast.parent)
    assert list(refused.value.message_dict) == ["medical"]
    capacity.record(**_said(cast), medical=True)
    assert AuditEvent.objects.get(verb="capacity recorded").detail["medical"] is True


def _said(cast: Cast) -> dict[str, Any]:
    words = dict.fromkeys(["decision", "assessor", "assessor_role", "support", "findings", "wishes"], "Said.")
    return {
        "pupil": cast.sam,
        "key": uuid4(),
        "sections": [Section.FUNDING],
        "decider": cast.parent,
        "authority": Authority.PARENT,
        "assessed_on": date(2026, 3, 9),
        "review_on": REVIEW,
        "by": cast.senco,
        "at": AT,
        **words,
    }


# Its end ----------------------------------------------------------------------------------------------------


def test_it_holds_no_longer_at_the_instant_of_its_review_day(cast: Cast) -> None:
    row = recorded(cast, cast.sam, cast.parent)
    seen = [opens(cast.parent, cast.sam, REVIEWED + SECOND * n) for n in (-1, 0, 1)]
    assert seen == [{"funding"}, set(), set()]

    def read(at: datetime) -> list[Capacity]:
        return list(policy.capacity_shown(policy.why(cast.parent, cast.sam, at)))

    assert [read(REVIEWED + SECOND * n) for n in (-1, 0, 1)] == [[row], [], []]


def test_it_is_ended_at_once_and_twice_is_once(cast: Cast) -> None:
    row = recorded(cast, cast.sam, cast.parent)
    then = AT + timedelta(days=1)
    for n in range(2):
        capacity.end(capacity=row, by=cast.senco, at=then + SECOND * n)
    assert [opens(cast.parent, cast.sam, then + SECOND * n) for n in (-1, 0, 1)] == [
        {"funding"},
        set(),
        set(),
    ]
    assert AuditEvent.objects.filter(verb="capacity record ended").count() == 1
    with pytest.raises(policy.NotThisSection):
        capacity.end(capacity=row, by=cast.parent, at=then)


def test_it_carries_to_no_other_decision(cast: Cast) -> None:
    recorded(cast, cast.sam, cast.parent)
    sight = policy.why(cast.parent, cast.sam, AT)
    speaks = choices.speaking(sight)
    assert speaks is not None
    assert (set(speaks.sections), set(speaks.closes)) == ({Section.FUNDING}, set())
    own = choices.speaking(policy.why(cast.young_person, cast.sam, AT))
    assert own is not None
    assert (set(own.sections), set(own.closes)) == (set(Section) - {Section.FUNDING}, {Section.FUNDING})


def test_a_restriction_beats_it(cast: Cast) -> None:
    recorded(cast, cast.sam, cast.parent)
    circle.restrict(
        pupil=cast.sam, person=cast.parent, kind=RestrictionKind.UNSAFE, reason="x", by=cast.senco, at=AT
    )
    assert opens(cast.parent, cast.sam, AT) == set()
    assert list(policy.capacity_shown(policy.why(cast.parent, cast.sam, AT))) == []


def everything(cast: Cast, at: datetime) -> dict[str, Any]:
    """All that anybody sees of Sam at an instant, and as whom they choose."""
    found: dict[str, Any] = {}
    for name, who in cast.people.items():
        sight = policy.why(who, cast.sam, at)
        found[name] = (sight.near, sight.reasons, choices.speaking(sight) if sight.near else None)
    return found


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
@given(
    sections=st.sets(st.sampled_from(list(Section)), min_size=1),
    name=st.sampled_from(["parent", "other_parent", "professional"]),
    days=st.integers(1, 365),
    after=st.integers(0, 400 * 86400),
    ended=st.one_of(st.none(), st.integers(0, 365 * 86400)),
    chose=st.booleans(),
)
def test_once_it_is_over_nothing_of_it_is_left(
    cast: Cast, sections: set[Section], name: str, days: int, after: int, ended: int | None, chose: bool
) -> None:
    """No flag: after its review day, or its end, everybody sees and decides just what they would have without it."""
    from django.db import transaction

    over = datetime.combine(AT.date() + timedelta(days=days), datetime.min.time(), LONDON)
    if ended is not None:
        over = min(over, AT + timedelta(seconds=ended))
    later = over + timedelta(seconds=after)
    before, columns = everything(cast, later), Pupil.objects.filter(pk=cast.sam.pk).values().get()
    with transaction.atomic():
        decider = cast.people[name]
        row = recorded(
            cast,
            cast.sam,
            decider,
            sections=list(sections),
            review_on=AT.date() + timedelta(days=days),
            authority=Authority.ATTORNEY,
            authority_words="A lasting power of attorney",
        )
        if chose:
            wanted = [Wanted(next(iter(sections)), Answer.YES, person=cast.teacher)]
            choices.choose(pupil=cast.sam, wanted=wanted, by=decider, at=AT, key=uuid4(), wording="1")
        if ended is not None:
            capacity.end(capacity=row, by=cast.senco, at=AT + timedelta(seconds=ended))
        assert everything(cast, later) == before
        assert Pupil.objects.filter(pk=cast.sam.pk).values().get() == columns
        transaction.set_rollback(True)


# Competence -------------------------------------------------------------------------------------------------


def judged(cast: Cast, from_on: date | None, *, at: datetime = AT, **more: Any) -> Competence:
    said: dict[str, Any] = {
        "pupil": cast.ada,
        "key": uuid4(),
        "from_on": from_on,
        "assessor": "Sunita Rao",
        "assessor_role": "SENCO",
        "findings": "She said what it means.",
        "by": cast.senco,
        "at": at,
        **more,
    }
    return capacity.record_competence(**said)


def test_competence_lets_somebody_under_16_decide_from_midnight_of_the_day(cast: Cast) -> None:
    judged(cast, date(2026, 3, 20))
    midnight = datetime(2026, 3, 20, tzinfo=LONDON)
    assert [policy.decides(cast.ada, midnight + SECOND * n) for n in (-1, 0, 1)] == [False, True, True]
    assert [policy.can(cast.parent, Section.PLAN, cast.ada, midnight + SECOND * n) for n in (-1, 0, 1)] == [
        True,
        False,
        False,
    ]
    assert Pupil.objects.get(pk=cast.ada.pk).competent_from == date(2026, 3, 20)


def test_the_last_record_counts_and_not_yet_takes_it_back(cast: Cast) -> None:
    judged(cast, date(2026, 3, 10))
    assert policy.decides(cast.ada, AT)
    judged(cast, None, at=AT + SECOND)
    assert not policy.decides(cast.ada, AT + SECOND)
    rows = [(row.from_on, row.recorded_by) for row in cast.ada.competence_records.order_by("at")]
    assert rows == [(date(2026, 3, 10), cast.senco), (None, cast.senco)]
    events = AuditEvent.objects.filter(verb="competence recorded").order_by("at")
    assert [event.detail for event in events] == [{"from_on": "2026-03-10"}, {"from_on": None}]


@pytest.mark.parametrize("from_on", [date(2026, 3, 9), date(2028, 5, 14)])
def test_it_begins_no_earlier_than_today_and_before_16(cast: Cast, from_on: date) -> None:
    with pytest.raises(ValidationError) as refused:
        judged(cast, from_on)
    assert list(refused.value.message_dict) == ["from_on"]
    assert (Competence.objects.count(), Pupil.objects.get(pk=cast.ada.pk).competent_from) == (0, None)


def test_from_16_on_it_is_refused(cast: Cast) -> None:
    with pytest.raises(NotNow):
        judged(cast, date(2026, 3, 10), pupil=cast.sam)


def test_what_is_missing_sets_nothing(cast: Cast) -> None:
    with pytest.raises(ValidationError) as refused:
        judged(cast, date(2026, 3, 10), findings=" ", assessor="")
    assert sorted(refused.value.message_dict) == ["assessor", "findings"]
    assert Pupil.objects.get(pk=cast.ada.pk).competent_from is None


@pytest.mark.parametrize("name", ["teacher", "parent", "child"])
def test_only_the_senco_records_competence(cast: Cast, name: str) -> None:
    with pytest.raises(policy.NotThisSection):
        judged(cast, date(2026, 3, 10), by=cast.people[name])


def test_the_same_form_twice_is_one_record_of_competence(cast: Cast) -> None:
    key = uuid4()
    for _ in range(2):
        judged(cast, date(2026, 3, 10), key=key)
    assert Competence.objects.count() == 1


def test_what_the_decider_chose_holds_no_longer_than_the_record(cast: Cast) -> None:
    row = recorded(cast, cast.sam, cast.parent)
    wanted = [Wanted(Section.FUNDING, Answer.YES, person=cast.other_parent)]
    sheet = choices.choose(pupil=cast.sam, wanted=wanted, by=cast.parent, at=AT, key=uuid4(), wording="1")
    assert (sheet.capacity, sheet.how, sheet.given_by) == (row, Gave.THEMSELVES, cast.parent)
    assert [
        policy.can(cast.other_parent, Section.FUNDING, cast.sam, REVIEWED + SECOND * n) for n in (-1, 0)
    ] == [
        True,
        False,
    ]


def test_who_is_no_parent_carer_any_more_decides_nothing_as_a_parent(cast: Cast) -> None:
    row = recorded(cast, cast.sam, cast.parent)
    wanted = [Wanted(Section.FUNDING, Answer.YES, person=cast.other_parent)]
    choices.choose(pupil=cast.sam, wanted=wanted, by=cast.parent, at=AT, key=uuid4(), wording="1")
    then = AT + SECOND
    circle.end_relation(
        relation=Relation.PARENT_CARER, person=cast.parent, pupil=cast.sam, by=cast.senco, at=then
    )
    row.refresh_from_db()
    assert (row.ended_by, row.ended_at) == (cast.senco, then)
    assert not policy.why(cast.parent, cast.sam, then).near
    assert policy.why(cast.other_parent, cast.sam, then).sections == []
    assert AuditEvent.objects.filter(verb="capacity record ended", at=then, object_id=row.pk).count() == 1


def test_whoever_decides_under_two_records_decides_about_the_parts_of_both(cast: Cast) -> None:
    first = recorded(cast, cast.sam, cast.parent, sections=[Section.NEEDS])
    second = recorded(cast, cast.sam, cast.parent, at=AT + SECOND, sections=[Section.FUNDING])
    wanted = [Wanted(s, Answer.YES, person=cast.other_parent) for s in (Section.NEEDS, Section.FUNDING)]
    then = AT + 2 * SECOND
    sheet = choices.choose(pupil=cast.sam, wanted=wanted, by=cast.parent, at=then, key=uuid4(), wording="1")
    assert {c.section: c.capacity for c in sheet.choices.all()} == {"needs": first, "funding": second}
    assert policy.why(cast.other_parent, cast.sam, then).sections == [Section.NEEDS, Section.FUNDING]
    capacity.end(capacity=first, by=cast.senco, at=then + SECOND)
    assert policy.why(cast.other_parent, cast.sam, then + SECOND).sections == [Section.FUNDING]


def test_a_form_sent_again_with_other_words_is_refused_and_not_taken_for_the_first(cast: Cast) -> None:
    key = uuid4()
    recorded(cast, cast.sam, cast.parent, key=key)
    for other in (
        {"wishes": "Another."},
        {"sections": [Section.NEEDS]},
        {"review_on": REVIEW - SECOND * 86400},
    ):
        with pytest.raises(ValidationError, match="saved already"):
            recorded(cast, cast.sam, cast.parent, key=key, **other)
    judged(cast, None, key=(second := uuid4()))
    with pytest.raises(ValidationError, match="saved already"):
        judged(cast, date(2026, 3, 20), key=second)
    assert (Capacity.objects.count(), Competence.objects.count()) == (1, 1)


def test_a_record_is_read_of_the_one_it_is_about(cast: Cast) -> None:
    """Pam decides for two young people: of each she, they and the SENCO read that one's record alone."""
    of_sam, of_noor = recorded(cast, cast.sam, cast.parent), recorded(cast, cast.noor, cast.parent)
    read = {
        (pupil, name): list(policy.capacity_shown(policy.why(who, cast.pupils[pupil], AT)))
        for pupil in ("sam", "noor")
        for name, who in cast.people.items()
    }
    assert {key: rows for key, rows in read.items() if rows} == {
        **{("sam", name): [of_sam] for name in ("senco", "parent", "young_person")},
        **{("noor", name): [of_noor] for name in ("senco", "parent", "student")},
    }
    over = AT + timedelta(days=365)
    assert list(policy.capacity_shown(policy.why(cast.parent, cast.sam, over))) == []
    assert list(policy.capacity_shown(policy.why(cast.parent, cast.sam, AT - timedelta(days=1)))) == []
    capacity.end(capacity=of_noor, by=cast.senco, at=AT + timedelta(days=1))
    after = AT + timedelta(days=2)
    read_after = [
        list(policy.capacity_shown(policy.why(who, cast.noor, after)))
        for who in (cast.parent, cast.senco, cast.student)
    ]
    assert read_after == [[], [of_noor], [of_noor]]
