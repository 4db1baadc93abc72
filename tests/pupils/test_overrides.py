"""Safeguarding disclosures: who asks, who confirms, what opens, until when, and who is told."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.http import Http404

from accounts.enums import Role
from accounts.models import User
from pupils import access, circle, overrides, people, policy, services
from pupils.enums import Relation, RestrictionKind, Section
from pupils.errors import NotNow
from pupils.models import AccessLog, AuditEvent, Override, ParentCarer, Pupil

from ..cast import AT, FEBRUARY, LONDON, Cast, member, person
from .decided import UNTIL, asked, confirmed, deputy, recorded, told, untold

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)
MIDNIGHT = datetime(2026, 3, 24, 0, 0, tzinfo=LONDON)


def opens(who: User, pupil: Pupil, at: datetime) -> set[str]:
    """The sections that a recorded decision alone opens to somebody."""
    sight = policy.why(who, pupil, at)
    return {s.value for s in sight.sections if sight.because(s) == "a recorded decision names you"}


def verbs(pupil: Pupil) -> list[str]:
    return list(
        AuditEvent.objects.filter(pupil=pupil, at__gte=AT)
        .order_by("at", "verb")
        .values_list("verb", flat=True)
    )


# Asking ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    ["senco", "teacher", "colleague", "parent", "young_person", "leader", "stranger", "left", "installer"],
)
def test_only_a_safeguarding_lead_or_deputy_of_the_setting_asks(cast: Cast, name: str) -> None:
    with pytest.raises(Http404):
        asked(cast, cast.sam, cast.colleague, by=cast.people[name])
    assert Override.objects.count() == 0


def test_a_safeguarding_lead_of_another_setting_does_not_ask(cast: Cast) -> None:
    far = person("dsl@westfield.example", "Far Safe")
    member(far, cast.westfield, Role.DSL)
    with pytest.raises(Http404):
        asked(cast, cast.sam, cast.colleague, by=far)


def test_what_is_asked_for_opens_nothing_and_is_on_record(cast: Cast) -> None:
    row = asked(cast, cast.sam, cast.colleague)
    assert opens(cast.colleague, cast.sam, AT + SECOND) == set()
    event = AuditEvent.objects.get(verb="disclosure asked for")
    assert (event.by, event.pupil, event.object_id, event.detail) == (
        cast.dsl,
        cast.sam,
        row.pk,
        {"sections": ["needs"], "opens": True},
    )


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"sections": []}, "sections"),
    ({"reason": " "}, "reason"),
    ({"reason": "x" * 2001}, "reason"),
    ({"until": date(2026, 3, 10)}, "until"),
    ({"until": date(2026, 6, 11)}, "until"),
    ({"outside": "Somebody else", "organisation": "Elsewhere"}, "person"),
    ({"person": None}, "person"),
    ({"person": None, "outside": "Sol Outside"}, "organisation"),
    ({"told_on": date(2026, 3, 11), "told_how": "In person"}, "told_on"),
    ({"told_on": date(2026, 3, 10), "told_how": ""}, "told_how"),
    ({"not_told_why": "", "look_again_on": date(2026, 3, 17)}, "not_told_why"),
    ({"not_told_why": "Not safe", "look_again_on": None}, "look_again_on"),
    ({"not_told_why": "Not safe", "look_again_on": date(2026, 3, 10)}, "look_again_on"),
    ({"not_told_why": "Not safe", "look_again_on": date(2026, 6, 11)}, "look_again_on"),
]


@pytest.mark.parametrize(("wrong", "field"), WRONG)
def test_what_is_wrong_is_refused_beside_its_field_and_nothing_is_kept(
    cast: Cast, wrong: dict[str, Any], field: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        asked(cast, cast.sam, cast.colleague, **wrong)
    assert list(refused.value.message_dict) == [field]
    assert (Override.objects.count(), verbs(cast.sam)) == (0, [])


def test_the_last_day_that_can_be_named_is_three_months_ahead(cast: Cast) -> None:
    row = asked(cast, cast.sam, cast.colleague, until=date(2026, 6, 10))
    assert row.ends_at == datetime(2026, 6, 10, tzinfo=LONDON)


@pytest.mark.parametrize(
    "name", ["young_person", "restricted_parent", "stranger", "left", "deactivated", "student"]
)
def test_nothing_is_opened_to_somebody_who_stands_nowhere_near_is_shut_out_or_is_the_pupil(
    cast: Cast, name: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        asked(cast, cast.sam, cast.people[name])
    assert list(refused.value.message_dict) == ["person"]


@pytest.mark.parametrize("name", ["teacher", "colleague", "parent", "professional", "dsl", "leader"])
def test_it_can_name_those_near_the_pupil_and_those_who_work_there(cast: Cast, name: str) -> None:
    assert asked(cast, cast.sam, cast.people[name]).person == cast.people[name]


def test_the_same_form_twice_is_one_and_its_key_is_nobody_elses(cast: Cast) -> None:
    key = uuid4()
    first, second = (asked(cast, cast.sam, cast.colleague, key=key) for _ in range(2))
    assert (first.pk, second.pk, Override.objects.count()) == (key, key, 1)
    assert verbs(cast.sam) == ["disclosure asked for"]
    with pytest.raises(ValidationError):
        asked(cast, cast.noor, cast.colleague, key=key)
    with pytest.raises(ValidationError):
        asked(cast, cast.sam, cast.colleague, key=key, by=deputy(cast))


# The second person ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("second", ["deputy", "leader"])
def test_it_opens_at_the_instant_at_which_a_second_person_confirms_it(cast: Cast, second: str) -> None:
    by = deputy(cast) if second == "deputy" else cast.leader
    row = asked(cast, cast.sam, cast.colleague)
    overrides.confirm(override=row, by=by, at=AT + SECOND * 10)
    told_at = [opens(cast.colleague, cast.sam, AT + SECOND * n) for n in (9, 10, 11)]
    assert told_at == [set(), {"needs"}, {"needs"}]


def test_the_asker_and_whoever_it_opens_something_to_never_confirm(cast: Cast) -> None:
    row = asked(cast, cast.sam, cast.leader)
    for who in (cast.dsl, cast.leader):
        with pytest.raises(NotNow):
            overrides.confirm(override=row, by=who, at=AT)
    member(cast.dsl, cast.hazelmere, Role.LEADER)
    with pytest.raises(NotNow):
        overrides.confirm(override=row, by=cast.dsl, at=AT)
    assert Override.objects.get().confirmed_at is None
    assert verbs(cast.sam) == ["disclosure asked for"]


@pytest.mark.parametrize(
    "name", ["senco", "teacher", "colleague", "parent", "young_person", "stranger", "installer"]
)
def test_nobody_else_confirms_or_ends_or_tells(cast: Cast, name: str) -> None:
    row, who = asked(cast, cast.sam, cast.colleague), cast.people[name]
    acts: list[Callable[[], Any]] = [
        lambda: overrides.confirm(override=row, by=who, at=AT),
        lambda: overrides.end(override=row, by=who, at=AT),
        lambda: overrides.tell(override=row, on=AT.date(), how="x", by=who, at=AT),
        lambda: overrides.look_again(override=row, why="x", next_on=UNTIL, by=who, at=AT),
    ]
    for act in acts:
        with pytest.raises(Http404):
            act()
    assert verbs(cast.sam) == ["disclosure asked for"]


def test_a_leader_confirms_and_declines_and_does_nothing_else(cast: Cast) -> None:
    row = confirmed(cast, cast.sam, cast.colleague)
    for act in (
        lambda: overrides.end(override=row, by=cast.leader, at=AT),
        lambda: overrides.tell(override=row, on=AT.date(), how="x", by=cast.leader, at=AT),
        lambda: overrides.look_again(override=row, why="x", next_on=UNTIL, by=cast.leader, at=AT),
    ):
        with pytest.raises(Http404):
            act()
    declined = overrides.end(override=asked(cast, cast.sam, cast.teacher), by=cast.leader, at=AT)
    assert declined.ended_by == cast.leader
    with pytest.raises(NotNow):
        overrides.confirm(override=declined, by=deputy(cast), at=AT)


def test_confirming_twice_changes_nothing_and_a_third_person_is_told_so(cast: Cast) -> None:
    row = confirmed(cast, cast.sam, cast.colleague)
    overrides.confirm(override=row, by=cast.leader, at=AT + SECOND)
    assert Override.objects.get().confirmed_at == AT
    with pytest.raises(NotNow):
        overrides.confirm(override=row, by=deputy(cast), at=AT)
    assert verbs(cast.sam) == ["disclosure asked for", "disclosure confirmed"]


def test_what_has_ended_by_itself_is_confirmed_no_more(cast: Cast) -> None:
    row = asked(cast, cast.sam, cast.colleague)
    with pytest.raises(NotNow):
        overrides.confirm(override=row, by=cast.leader, at=MIDNIGHT)
    assert overrides.confirm(override=row, by=cast.leader, at=MIDNIGHT - SECOND).confirmed_by == cast.leader


def test_a_pupil_who_has_moved_is_out_of_reach_of_the_old_setting_at_midnight(cast: Cast) -> None:
    member(cast.senco, cast.westfield, Role.SENCO)
    services.move(pupil=cast.sam, to=cast.westfield, on=date(2026, 3, 12), by=cast.senco, at=AT)
    moved = datetime(2026, 3, 12, tzinfo=LONDON)
    assert [policy.safeguards(cast.dsl, cast.sam, moved + SECOND * n) for n in (-1, 0, 1)] == [
        True,
        False,
        False,
    ]
    assert [policy.confirms(cast.leader, cast.sam, moved + SECOND * n) for n in (-1, 0, 1)] == [
        True,
        False,
        False,
    ]
    assert set(policy.pupils_safeguarded(cast.dsl, moved)) == {cast.ada, cast.noor}
    member(cast.colleague, cast.westfield, Role.DSL)
    assert [policy.safeguards(cast.colleague, cast.sam, moved + SECOND * n) for n in (-1, 0, 1)] == [
        False,
        True,
        True,
    ]


def test_whoever_is_written_down_as_family_of_a_pupil_safeguards_them_not_and_the_others_still(
    cast: Cast,
) -> None:
    once = ParentCarer.objects.get(pupil=cast.ada, person=cast.parent)
    ParentCarer.objects.create(
        pupil=cast.ada, household=once.household, person=cast.dsl, name="Dora Safe", relationship="aunt"
    )
    assert set(policy.pupils_safeguarded(cast.dsl, AT)) == {cast.sam, cast.noor}


def test_nobody_safeguards_their_own_child_themselves_or_whom_they_are_shut_out_of(cast: Cast) -> None:
    for who in (cast.parent, cast.young_person, cast.teacher):
        member(who, cast.hazelmere, Role.DSL)
    circle.restrict(
        pupil=cast.ada, person=cast.teacher, kind=RestrictionKind.UNSAFE, reason="x", by=cast.senco, at=AT
    )
    assert [policy.safeguards(who, cast.sam, AT) for who in (cast.parent, cast.young_person)] == [
        False,
        False,
    ]
    assert policy.safeguards(cast.young_person, cast.noor, AT)
    assert set(policy.pupils_safeguarded(cast.teacher, AT)) == {cast.sam, cast.noor}


# Its end ----------------------------------------------------------------------------------------------------


def test_it_ends_by_itself_at_the_instant(cast: Cast) -> None:
    confirmed(cast, cast.sam, cast.colleague)
    seen = [opens(cast.colleague, cast.sam, MIDNIGHT + SECOND * n) for n in (-1, 0, 1)]
    assert seen == [{"needs"}, set(), set()]
    assert not policy.why(cast.colleague, cast.sam, MIDNIGHT).near


def test_it_ends_at_midnight_in_london_when_the_clocks_have_changed(cast: Cast) -> None:
    row = confirmed(cast, cast.sam, cast.colleague, until=date(2026, 3, 30))
    assert row.ends_at == datetime(2026, 3, 30, 0, 0, tzinfo=LONDON)
    assert row.ends_at.utcoffset() is not None
    assert (row.ends_at - AT) == timedelta(days=19, hours=12, minutes=30)


def test_it_is_ended_at_once_by_whoever_looks_after_safeguarding_and_twice_is_once(cast: Cast) -> None:
    row, other = confirmed(cast, cast.sam, cast.colleague), deputy(cast)
    then = AT + timedelta(hours=1)
    overrides.end(override=row, by=other, at=then)
    overrides.end(override=row, by=cast.dsl, at=then + SECOND)
    assert [opens(cast.colleague, cast.sam, then + SECOND * n) for n in (-1, 0, 1)] == [
        {"needs"},
        set(),
        set(),
    ]
    stored = Override.objects.get()
    assert (stored.ended_by, stored.ended_at) == (other, then)
    assert verbs(cast.sam).count("disclosure ended") == 1


def test_somebody_outside_is_on_record_and_nothing_opens(cast: Cast) -> None:
    row = confirmed(cast, cast.sam, None)
    assert (row.person, row.recipient) == (None, "Sol Outside, Children’s services")
    grounds = {r.ground.value for s in Section for _, r in policy.people_for(cast.sam, s, AT)}
    assert "override" not in grounds


def test_a_restriction_beats_it(cast: Cast) -> None:
    confirmed(cast, cast.sam, cast.other_parent)
    assert opens(cast.other_parent, cast.sam, AT) == {"needs"}
    circle.restrict(
        pupil=cast.sam,
        person=cast.other_parent,
        kind=RestrictionKind.UNSAFE,
        reason="x",
        by=cast.senco,
        at=AT,
    )
    assert opens(cast.other_parent, cast.sam, AT) == set()


def test_whoever_leaves_the_setting_keeps_nothing_that_was_opened_because_they_worked_there(
    cast: Cast,
) -> None:
    confirmed(cast, cast.sam, cast.colleague)
    confirmed(cast, cast.sam, cast.parent)
    held = cast.colleague.memberships.get()
    people.end_membership(membership=held, by=cast.senco, at=AT + SECOND)
    assert [opens(cast.colleague, cast.sam, AT + SECOND * n) for n in (0, 1)] == [{"needs"}, set()]
    assert opens(cast.parent, cast.sam, AT + SECOND * 2) == {"needs"}
    event = AuditEvent.objects.get(verb="disclosure ended")
    assert (event.pupil, event.by, event.detail) == (cast.sam, cast.senco, {"left": True})


def test_a_pupil_who_moves_leaves_nothing_open_to_whoever_works_where_they_were(cast: Cast) -> None:
    for who in (cast.colleague, cast.teacher, cast.parent, cast.professional):
        confirmed(cast, cast.noor, who)
    member(cast.senco, cast.westfield, Role.SENCO)
    services.move(pupil=cast.noor, to=cast.westfield, on=date(2026, 3, 12), by=cast.senco, at=AT + SECOND)
    there = datetime(2026, 3, 12, tzinfo=LONDON)
    for who in (cast.colleague, cast.teacher):
        assert [opens(who, cast.noor, there + SECOND * n) for n in (-1, 0, 1)] == [{"needs"}, set(), set()]
    for who in (cast.parent, cast.professional):
        assert opens(who, cast.noor, there) == {"needs"}
    ended = AuditEvent.objects.filter(verb="disclosure ended").values_list("pupil", "by", "detail")
    assert list(ended) == [(cast.noor.pk, cast.senco.pk, {"moved": True})] * 2


def test_nothing_is_asked_for_beyond_the_day_on_which_a_pupil_moves(cast: Cast) -> None:
    member(cast.senco, cast.westfield, Role.SENCO)
    services.move(pupil=cast.noor, to=cast.westfield, on=date(2026, 3, 12), by=cast.senco, at=AT)
    with pytest.raises(ValidationError) as refused:
        asked(cast, cast.noor, cast.colleague, until=date(2026, 3, 13))
    assert list(refused.value.message_dict) == ["until"]
    assert asked(cast, cast.noor, cast.colleague, until=date(2026, 3, 12)).pk


def test_a_member_of_staff_who_stands_near_otherwise_keeps_it_until_its_end(cast: Cast) -> None:
    circle.grant(relation=Relation.PROFESSIONAL, person=cast.colleague, pupil=cast.sam, by=cast.senco, at=AT)
    confirmed(cast, cast.sam, cast.colleague)
    people.end_membership(membership=cast.colleague.memberships.get(), by=cast.senco, at=AT + SECOND)
    assert opens(cast.colleague, cast.sam, AT + SECOND * 2) == {"needs"}


# Telling ----------------------------------------------------------------------------------------------------


def test_once_told_they_read_of_it_from_the_instant_on(cast: Cast) -> None:
    row = confirmed(cast, cast.sam, cast.colleague)
    then = AT + timedelta(hours=2)
    overrides.tell(override=row, on=then.date(), how="In person", by=cast.dsl, at=then)

    def read(at: datetime) -> list[Override]:
        return list(policy.overrides_told(policy.why(cast.young_person, cast.sam, at)))

    assert [read(then + SECOND * n) for n in (-1, 0, 1)] == [[], [row], [row]]
    stored = Override.objects.get()
    assert (stored.told_at, stored.told_how, stored.look_again_on) == (then, "In person", None)


def test_nobody_else_reads_of_it_even_then(cast: Cast) -> None:
    row = confirmed(cast, cast.sam, cast.colleague, **told())
    for name, who in cast.people.items():
        read = list(policy.overrides_told(policy.why(who, cast.sam, AT)))
        assert read == ([row] if name == "young_person" else []), name


def test_telling_twice_is_once_and_another_telling_is_refused(cast: Cast) -> None:
    row = confirmed(cast, cast.sam, cast.colleague)
    for _ in range(2):
        overrides.tell(override=row, on=AT.date(), how="In person", by=cast.dsl, at=AT)
    assert verbs(cast.sam).count("young person told of a disclosure") == 1
    with pytest.raises(NotNow):
        overrides.tell(override=row, on=AT.date(), how="By letter", by=cast.dsl, at=AT)
    with pytest.raises(NotNow):
        overrides.look_again(override=row, why="x", next_on=UNTIL, by=cast.dsl, at=AT)


@pytest.mark.parametrize(
    ("on", "how", "field"),
    [(date(2026, 3, 11), "In person", "told_on"), (date(2026, 3, 10), " ", "told_how")],
)
def test_telling_says_when_and_how(cast: Cast, on: date, how: str, field: str) -> None:
    row = confirmed(cast, cast.sam, cast.colleague)
    with pytest.raises(ValidationError) as refused:
        overrides.tell(override=row, on=on, how=how, by=cast.dsl, at=AT)
    assert list(refused.value.message_dict) == [field]
    assert Override.objects.get().told_at is None


def test_looking_again_moves_the_day_and_twice_is_once(cast: Cast) -> None:
    row = confirmed(cast, cast.sam, cast.colleague)
    for _ in range(2):
        overrides.look_again(override=row, why="Still not safe", next_on=UNTIL, by=cast.dsl, at=AT)
    stored = Override.objects.get()
    assert (stored.not_told_why, stored.look_again_on) == ("Still not safe", UNTIL)
    event = AuditEvent.objects.get(verb="telling of a disclosure looked at again")
    assert event.detail == {"due": "2026-03-17", "next": "2026-03-24"}
    with pytest.raises(ValidationError):
        overrides.look_again(override=row, why="x", next_on=AT.date(), by=cast.dsl, at=AT)


# Not naming it ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("knows", ["told", "untold"])
def test_who_can_see_names_the_recipient_to_the_young_person_alone_and_only_once_told(
    cast: Cast, knows: str
) -> None:
    row = confirmed(cast, cast.ada, cast.colleague, **(told() if knows == "told" else untold()))
    people = policy.people_for(cast.ada, Section.NEEDS, AT)
    assert cast.colleague in [who for who, _ in people]
    named = {
        name
        for name, who in cast.people.items()
        if cast.colleague in [p for p, _ in policy.told_of(people, policy.why(who, cast.ada, AT))]
    }
    assert named == ({"child"} if knows == "told" else set())
    assert cast.colleague not in [p for p, _ in policy.told_of(people)]
    assert row.person == cast.colleague


@pytest.mark.parametrize("knows", ["told", "untold"])
def test_the_log_shows_its_looks_to_the_young_person_alone_and_only_once_told(cast: Cast, knows: str) -> None:
    confirmed(cast, cast.ada, cast.colleague, **(told() if knows == "told" else untold()))
    access.look(cast.colleague, cast.ada.pk, Section.NEEDS, AT + SECOND)
    assert AccessLog.objects.get().grounds == ["override"]
    later = AT + SECOND * 2
    read = {
        name
        for name, who in cast.people.items()
        if name != "colleague"
        and (sight := policy.why(who, cast.ada, later)).may("read_who_looked")
        and policy.looks_shown(sight).exists()
    }
    assert read == ({"child"} if knows == "told" else set())


def test_a_second_disclosure_that_is_not_told_hides_no_look_of_the_first(cast: Cast) -> None:
    """What was on the list does not go from it: that would tell of the second."""
    first = confirmed(cast, cast.ada, cast.colleague, **told())
    access.look(cast.colleague, cast.ada.pk, Section.NEEDS, AT + SECOND)
    overrides.end(override=first, by=cast.dsl, at=AT + SECOND * 2)
    confirmed(cast, cast.ada, cast.colleague, at=AT + SECOND * 3)
    access.look(cast.colleague, cast.ada.pk, Section.NEEDS, AT + SECOND * 4)
    shown = policy.looks_shown(policy.why(cast.child, cast.ada, AT + SECOND * 5))
    assert [row.at for row in shown] == [AT + SECOND]


def test_a_disclosure_hides_no_look_of_or_at_anybody_else_nor_from_before_and_after_it(cast: Cast) -> None:
    """Somebody who decides under a capacity record looks on a recorded decision too: it is hidden only while they are
    named in a disclosure that runs.
    """
    recorded(cast, cast.sam, cast.other_parent)
    confirmed(cast, cast.sam, cast.colleague)
    confirmed(cast, cast.noor, cast.other_parent)  # about somebody else

    def looks(*moments: datetime) -> None:
        for moment in moments:
            access.look(cast.other_parent, cast.sam.pk, Section.FUNDING, moment)

    own = asked(cast, cast.sam, cast.other_parent, at=AT + SECOND)
    looks(AT, AT + SECOND * 2)
    overrides.confirm(override=own, by=cast.leader, at=AT + SECOND * 3)
    looks(AT + SECOND * 3, AT + SECOND * 4, MIDNIGHT - SECOND, MIDNIGHT)
    for who in (cast.young_person, cast.senco):
        shown = policy.looks_shown(policy.why(who, cast.sam, MIDNIGHT + SECOND))
        assert sorted(row.at for row in shown) == [AT, AT + SECOND * 2, MIDNIGHT]


def test_what_else_was_looked_at_with_it_stays_on_the_list(cast: Cast) -> None:
    confirmed(cast, cast.ada, cast.teacher, sections=[Section.REVIEWS])
    also = [Section.PLAN, Section.STRATEGIES]
    access.look(cast.teacher, cast.ada.pk, Section.REVIEWS, AT + SECOND, also=also)
    for who in (cast.child, cast.parent, cast.senco):
        shown = policy.looks_shown(policy.why(who, cast.ada, AT + SECOND * 2))
        assert [row.sections for row in shown] == [["plan", "strategies"]]


def test_a_look_on_another_ground_is_shown_as_ever(cast: Cast) -> None:
    confirmed(cast, cast.ada, cast.teacher, sections=[Section.FUNDING])
    access.look(cast.teacher, cast.ada.pk, Section.NEEDS, AT + SECOND)
    access.look(cast.teacher, cast.ada.pk, Section.FUNDING, AT + SECOND)
    shown = policy.looks_shown(policy.why(cast.parent, cast.ada, AT + SECOND * 2))
    assert [row.sections for row in shown] == [["needs"]]


@pytest.mark.parametrize(
    "other", [{"reason": "Another."}, {"until": UNTIL - timedelta(days=1)}, {"not_told_why": "x"}]
)
def test_the_same_form_with_other_words_is_refused_and_not_taken_for_the_first(
    cast: Cast, other: dict[str, Any]
) -> None:
    key, first = (
        uuid4(),
        {"not_told_why": "It is not safe yet", "look_again_on": AT.date() + timedelta(days=7)},
    )
    row = asked(cast, cast.sam, cast.colleague, key=key, **first)
    with pytest.raises(ValidationError, match="saved already"):
        asked(cast, cast.sam, cast.colleague, key=key, **{**first, **other})
    assert list(Override.objects.values_list("reason", "ends_at", "not_told_why")) == [
        (row.reason, row.ends_at, row.not_told_why)
    ]


def test_a_young_person_is_told_of_their_own_disclosures_alone(cast: Cast) -> None:
    own = confirmed(cast, cast.sam, cast.colleague, **told())
    asked(cast, cast.sam, cast.teacher, **told())  # waits for a second person, and opens nothing
    confirmed(cast, cast.ada, cast.colleague, **told())
    confirmed(cast, cast.noor, cast.colleague, **told())
    read = {
        name: list(policy.overrides_told(policy.why(who, cast.sam, AT + SECOND)))
        for name, who in cast.people.items()
    }
    assert {name: rows for name, rows in read.items() if rows} == {"young_person": [own]}


def test_who_safeguards_is_asked_of_nobody_but_the_leads_who_may_sign_in(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    second = deputy(cast)
    member(cast.stranger, cast.westfield, Role.DSL)
    member(cast.deactivated, cast.hazelmere, Role.DSL)
    member(cast.left, cast.hazelmere, Role.DEPUTY_DSL, until=FEBRUARY)
    with django_assert_num_queries(3):
        found = policy.safeguarding_each([cast.ada.pk, cast.sam.pk], AT)
    assert {pk: set(people) for pk, people in found.items()} == {
        cast.ada.pk: {cast.dsl, second},
        cast.sam.pk: {cast.dsl, second},
    }


def test_a_list_of_people_says_what_each_is_to_the_pupil_by_it(cast: Cast) -> None:
    confirmed(cast, cast.sam, cast.colleague, **told())
    recorded(cast, cast.sam, cast.parent, sections=[Section.NEEDS])
    roles = {who: reason.role for who, reason in policy.people_for(cast.sam, Section.NEEDS, AT)}
    assert {who: roles[who] for who in (cast.young_person, cast.senco, cast.colleague, cast.parent)} == {
        cast.young_person: "whose plan this is",
        cast.senco: "SENCO",
        cast.colleague: "to keep you safe",
        cast.parent: "decides about this for now",
    }
