"""Events of a setting: who is asked, who has a place, who waits, and what they are told."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404

from accounts.models import Preferences, Setting, User
from notifications import events, events_wanted, printing, reminders
from notifications import selectors_events as selectors
from notifications.models import Event, EventPlace, Reminder
from pupils import circle, policy
from pupils.enums import RestrictionKind
from pupils.errors import NotNow, Stale
from pupils.models import AuditEvent, Pupil

from ..cast import AT, LONDON, Cast, build, move
from ..pupils.test_at_the_same_time import together
from ..test_routes import words_of
from .happening import DAY, HOUR, STARTS, come, event_of, leave, states, told
from .reviewing import became, run
from .test_on_paper import gran, listed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]


def names(people: set[Any]) -> set[str]:
    return set(User.objects.filter(pk__in=people).values_list("name", flat=True))


PARENTS = {"Pam Lovelace", "Oscar Lovelace"}
PUPILS = {"Ada Lovelace", "Sam Okafor", "Noor Haddad"}
STAFF = {"Sunita Rao", "Tom Teal", "Kim Adeyemi", "Col Ives", "Dora Safe", "Leo Head"}


# Who is asked ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("whom", "people"),
    [
        (["parents"], PARENTS),
        (["pupils"], PUPILS),
        (["staff"], STAFF),
        (["parents", "pupils", "staff"], PARENTS | PUPILS | STAFF),
    ],
)
def test_an_event_is_for_those_who_are_named(cast: Cast, whom: list[str], people: set[str]) -> None:
    """Nobody who is shut out, works elsewhere, has left or only visits is asked."""
    event = event_of(cast, whom=whom)
    assert names(selectors.asked(event, AT)) == people
    told = {
        p.name
        for p in cast.people.values()
        if selectors.open_to(p, AT).filter(pk=event.pk, asked=True).exists()
    }
    assert told == people


def test_an_event_for_a_phase_or_a_class_asks_the_families_of_those(cast: Cast) -> None:
    sixth = event_of(cast, whom=["pupils"], phases=["post_16"])
    assert names(selectors.asked(sixth, AT)) == {"Noor Haddad"}
    ninth = event_of(cast, whom=["pupils"], classes=[cast.class_9b.pk])
    assert names(selectors.asked(ninth, AT)) == {"Ada Lovelace"}
    either = event_of(cast, whom=["pupils"], phases=["post_16"], classes=[cast.class_9b.pk])
    assert names(selectors.asked(either, AT)) == {"Ada Lovelace", "Noor Haddad"}
    for event in (sixth, ninth, either):
        found = {
            p.name for p in cast.people.values() if selectors.open_to(p, AT).filter(pk=event.pk, asked=True)
        }
        assert found == names(selectors.asked(event, AT))
    other = circle.open_class(setting=cast.westfield, name="X", by=cast.stranger, at=AT)
    with pytest.raises(ValidationError, match="classes of this setting"):
        event_of(cast, classes=[other.pk])


def test_a_restriction_shuts_out_because_of_that_child_alone(cast: Cast) -> None:
    event = event_of(cast, classes=[cast.class_9b.pk, cast.class_11c.pk])

    def asked() -> set[str]:
        return names(selectors.asked(event, AT))

    assert asked() == PARENTS
    for pupil, left in ((cast.ada, PARENTS), (cast.sam, {"Pam Lovelace"})):
        circle.restrict(
            pupil=pupil,
            person=cast.other_parent,
            kind=RestrictionKind.UNSAFE,
            reason="x",
            by=cast.senco,
            at=AT,
        )
        assert asked() == left


def test_a_family_whose_child_moved_away_is_not_asked_any_more(cast: Cast) -> None:
    event = event_of(cast)
    come(event, cast.parent)
    run(STARTS - DAY)
    assert became() == {("event_soon", "Pam Lovelace", "sent")}
    for pupil in Pupil.objects.all():
        move(pupil, cast.westfield, on=AT.date() + DAY, by=cast.senco, at=AT)
    assert selectors.asked(event, AT + 2 * DAY) == set()
    assert told(STARTS - DAY) == set()
    [guest] = selectors.guests(event, AT + 2 * DAY)
    assert (guest.asked, selectors.at_the_door(event, AT + 2 * DAY)) == (False, [])
    with pytest.raises(Http404):
        come(event, cast.parent, AT + 2 * DAY, adults=2, version=1)


def test_families_are_those_of_one_person_or_of_one_setting(cast: Cast) -> None:
    both = {"person": cast.parent.pk, "setting": cast.hazelmere.pk}
    for asked in ({}, both):
        with pytest.raises(ValueError, match="one person, or about one setting"):
            policy.families_here(AT, **asked)
    of_parent = {one.pupil for one in policy.families_here(AT, person=cast.parent.pk)}
    assert of_parent == {cast.ada.pk, cast.sam.pk, cast.noor.pk}


def test_only_its_senco_keeps_an_event(cast: Cast) -> None:
    event = event_of(cast)
    for person in (cast.stranger, cast.teacher, cast.leader, cast.parent, cast.deactivated):
        for act in (
            lambda who: events.add(setting=cast.hazelmere, title="x", by=who, at=AT),
            lambda who: events.edit(event=event, version=1, title="x", by=who, at=AT),
            lambda who: events.call_off(event=event, why="x", by=who, at=AT),
            lambda who: events.sign_up(
                event=event, person=cast.other_parent, version=0, adults=1, told_how="phone", told_on=AT.date(),
                by=who, at=AT,
            ),
        ):  # fmt: skip
            with pytest.raises(PermissionDenied):
                act(person)
    assert (Event.objects.count(), EventPlace.objects.count()) == (1, 0)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"starts_at": AT - HOUR, "ends_at": AT}, "starts_at"),
        ({"starts_at": AT + 400 * DAY, "ends_at": AT + 400 * DAY + HOUR}, "starts_at"),
        ({"ends_at": STARTS}, "__all__"),
        ({"ends_at": STARTS + 2 * DAY}, "ends_at"),
        ({"sign_up_until": STARTS.date() + DAY}, "sign_up_until"),
        ({"places": 0}, "places"),
        ({"places": 1001}, "places"),
        ({"whom": []}, "whom"),
        ({"title": "x" * 101}, "title"),
        ({"what": "x" * 1001}, "what"),
        ({"phases": ["nowhere"]}, "phases"),
    ],
)
def test_what_an_event_cannot_be_is_said_at_its_field(cast: Cast, wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        event_of(cast, **wrong)
    assert list(refused.value.message_dict) == [field]
    event = event_of(cast)
    with pytest.raises(ValidationError):
        events.edit(event=event, version=1, by=cast.senco, at=AT, **wrong)
    assert Event.objects.get().version == 1


def test_a_host_works_there(cast: Cast) -> None:
    assert event_of(cast, host_id=cast.teacher.pk).host == cast.teacher
    for person in (cast.left, cast.parent, cast.stranger):
        with pytest.raises(ValidationError, match="works here"):
            event_of(cast, host_id=person.pk)


# Places ------------------------------------------------------------------------------------------------------


def test_signing_up_twice_is_once_and_another_number_is_a_change(cast: Cast) -> None:
    event = event_of(cast)
    first = come(event, cast.parent, children=2, know="A step-free way in.")
    again = come(event, cast.parent, children=2, know="A step-free way in.")
    assert (first.pk, again.version, EventPlace.objects.count()) == (again.pk, 1, 1)
    with pytest.raises(Stale):
        come(event, cast.parent, adults=2)
    assert come(event, cast.parent, adults=2, version=1).people == 2
    verbs = list(AuditEvent.objects.order_by("at", "pk").values_list("verb", flat=True))
    assert sorted(v for v in verbs if v.startswith("event")) == [
        "event added", "event place changed", "event signed up for",
    ]  # fmt: skip
    for event_row in AuditEvent.objects.filter(verb__startswith="event"):
        assert (event_row.setting, event_row.pupil) == (cast.hazelmere, None)
        assert "step-free" not in str(event_row.detail)


def test_when_the_places_are_taken_people_wait_and_the_first_gets_what_comes_free(cast: Cast) -> None:
    event = event_of(cast, whom=["parents", "pupils"], places=3)
    come(event, cast.parent, adults=2)
    with pytest.raises(ValidationError) as refused:
        come(event, cast.other_parent, adults=2)
    assert refused.value.message_dict == {
        "wait": ["There is 1 place left. Choose fewer people, or tick this to wait for a place."]
    }
    come(event, cast.other_parent, AT, adults=2, wait=True)
    come(event, cast.student, AT + HOUR)  # one person has room, and keeps nobody from it who fits in
    come(event, cast.child, AT + 2 * HOUR, wait=True)
    assert states(event) == {
        "Pam Lovelace": "coming", "Oscar Lovelace": "waiting", "Noor Haddad": "coming", "Ada Lovelace": "waiting",
    }  # fmt: skip
    leave(event, cast.student, AT + 3 * HOUR)
    assert states(event)["Ada Lovelace"] == "coming"  # two do not fit in yet
    leave(event, cast.parent, AT + 4 * HOUR)
    assert states(event)["Oscar Lovelace"] == "coming"
    assert told(AT + 5 * HOUR) == {("event_place", "Ada Lovelace"), ("event_place", "Oscar Lovelace")}
    with pytest.raises(ValidationError, match="3 people come already"):
        events.edit(event=event, version=1, places=2, by=cast.senco, at=AT + 5 * HOUR)
    come(event, cast.parent, AT + 6 * HOUR, version=2, wait=True)
    events.edit(event=event, version=1, places=4, by=cast.senco, at=AT + 7 * HOUR)
    assert states(event)["Pam Lovelace"] == "coming"
    assert event_of(cast).places is None


def test_somebody_who_comes_asks_for_more_than_there_is_and_keeps_what_they_have(cast: Cast) -> None:
    event = event_of(cast, places=2)
    come(event, cast.parent)
    with pytest.raises(ValidationError) as refused:
        come(event, cast.parent, adults=3, version=1, wait=True)
    assert refused.value.message_dict == {"adults": ["There are 2 places left. Choose fewer people."]}
    assert EventPlace.objects.get().people == 1
    assert come(event, cast.parent, adults=2, version=1).state == "coming"


def test_whoever_is_shut_out_meanwhile_gets_no_place_that_comes_free(cast: Cast) -> None:
    event = event_of(cast, places=1, classes=[cast.class_9b.pk], whom=["parents", "pupils"])
    come(event, cast.child)
    come(event, cast.other_parent, wait=True)
    come(event, cast.parent, AT + HOUR, wait=True)
    circle.restrict(
        pupil=cast.ada,
        person=cast.other_parent,
        kind=RestrictionKind.UNSAFE,
        reason="x",
        by=cast.senco,
        at=AT,
    )
    leave(event, cast.child, AT + 2 * HOUR)
    assert states(event) == {
        "Ada Lovelace": "taken_back",
        "Oscar Lovelace": "waiting",
        "Pam Lovelace": "coming",
    }
    assert told(AT + 3 * HOUR) == {("event_place", "Pam Lovelace")}


def test_sign_up_ends_with_its_last_day_and_fewer_can_come_until_it_begins(cast: Cast) -> None:
    last = STARTS.date() - 2 * DAY
    event = event_of(cast, sign_up_until=last, places=9)
    come(event, cast.parent, datetime(2026, 3, 17, 23, 59, tzinfo=LONDON), adults=3)
    later = datetime(2026, 3, 18, 0, 0, tzinfo=LONDON)
    with pytest.raises(NotNow, match="Sign-up is over"):
        come(event, cast.other_parent, later)
    with pytest.raises(NotNow, match="Sign-up is over"):
        come(event, cast.parent, later, adults=4, version=1)
    come(event, cast.parent, later, adults=2, version=1)
    events.sign_up(
        event=event, person=cast.other_parent, version=0, adults=1, told_how="phone", told_on=later.date(),
        by=cast.senco, at=later,
    )  # fmt: skip
    for begun in (STARTS, STARTS + 2 * HOUR):
        with pytest.raises(NotNow, match="has begun"):
            leave(event, cast.parent, begun)
        with pytest.raises(NotNow, match="has begun"):
            events.edit(event=event, version=1, title="x", by=cast.senco, at=begun)
        with pytest.raises(NotNow, match="has begun"):
            events.call_off(event=event, why="x", by=cast.senco, at=begun)
    leave(event, cast.parent, STARTS - HOUR)
    leave(event, cast.parent, STARTS - HOUR)
    assert states(event) == {"Pam Lovelace": "taken_back", "Oscar Lovelace": "coming"}


def test_what_is_written_down_for_somebody_says_how_and_when_they_told_us(cast: Cast) -> None:
    event = event_of(cast)
    person = gran(cast)
    said: dict[str, Any] = {
        "event": event,
        "person": person,
        "version": 0,
        "adults": 1,
        "by": cast.senco,
        "at": AT,
    }
    with pytest.raises(ValidationError, match="how they told you"):
        events.sign_up(**said)
    with pytest.raises(ValidationError, match="in the last year"):
        events.sign_up(**said, told_how="phone", told_on=AT.date() + DAY)
    place = events.sign_up(**said, told_how="phone", told_on=date(2026, 3, 9))
    assert (place.by, place.told_how, place.told_on) == (cast.senco, "phone", date(2026, 3, 9))
    run(STARTS - DAY)
    assert listed(cast, STARTS - DAY) == [("Gran", False, False)]
    events.take_back(event=event, person=person, by=cast.senco, at=STARTS - DAY)
    assert listed(cast, STARTS - DAY) == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("wait", [True, False])
def test_two_who_sign_up_for_the_last_place_at_once_are_not_both_given_it(
    transactional_db: None, wait: bool
) -> None:
    cast = build()
    people = [cast.parent, cast.other_parent, cast.child, cast.student]
    event = event_of(cast, places=5, whom=["parents", "pupils"])
    come(event, cast.young_person, adults=4)
    found = together(*(lambda who=who: come(event, who, wait=wait) for who in people))
    got = sorted(one.state if isinstance(one, EventPlace) else type(one).__name__ for one in found)
    assert got == sorted(["coming", *(["waiting"] if wait else ["ValidationError"]) * 3])
    assert sum(row.people for row in EventPlace.objects.filter(state="coming")) == 5
    # and one form sent four times at once is one place
    other = event_of(cast, places=5)
    together(*(lambda: come(other, cast.parent) for _ in range(4)))
    assert [(row.people, row.version) for row in EventPlace.objects.filter(event=other)] == [(1, 1)]
    if wait:  # of two who leave at once each place goes to one
        together(*(lambda who=who: leave(event, who) for who in (cast.young_person, *people)))
        assert set(states(event).values()) == {"taken_back"}


# What they are told --------------------------------------------------------------------------------------------


def test_the_day_before_whoever_comes_is_reminded_once_of_what_when_and_where(cast: Cast) -> None:
    event = event_of(cast, places=1)
    come(event, cast.parent)
    come(event, cast.other_parent, wait=True)
    before = datetime(2026, 3, 18, 8, 0, tzinfo=LONDON)
    assert run(before - 9 * HOUR) == []
    assert run(before) == [cast.parent.email]
    assert run(before + HOUR) == []
    [letter] = mail.outbox
    assert "* Tomorrow: Coffee morning, 9:00, Library." in letter.body
    assert "Ada" not in letter.body
    [event_row] = AuditEvent.objects.filter(verb=reminders.SENT)
    assert (event_row.setting, event_row.pupil, event_row.detail["kind"]) == (
        cast.hazelmere,
        None,
        "event_soon",
    )


def test_a_reminder_that_waited_through_a_quiet_evening_says_today(cast: Cast) -> None:
    come(event_of(cast), cast.parent)
    Preferences.objects.create(person=cast.parent, quiet_from="00:00", quiet_until="07:30")
    reminders.plan(at=datetime(2026, 3, 18, 7, 0, tzinfo=LONDON))
    assert run(datetime(2026, 3, 19, 7, 45, tzinfo=LONDON)) == [cast.parent.email]
    assert "* Today: Coffee morning, 9:00, Library." in mail.outbox[0].body


def test_of_a_change_people_are_told_only_that_there_is_one_and_of_nothing_that_is_over(cast: Cast) -> None:
    event = event_of(cast, places=1)
    come(event, cast.parent)
    come(event, cast.other_parent, wait=True)
    row = events.edit(event=event, version=1, what="Tea and cake.", by=cast.senco, at=AT + HOUR)
    assert (row.moved, told(AT + 2 * HOUR)) == (0, set())
    row = events.edit(
        event=event,
        version=2,
        starts_at=STARTS + DAY,
        ends_at=STARTS + DAY + HOUR,
        by=cast.senco,
        at=AT + HOUR,
    )
    both = {("event_moved", "Pam Lovelace"), ("event_moved", "Oscar Lovelace")}
    assert (row.moved, told(AT + 2 * HOUR)) == (1, both)
    assert run(AT + 2 * HOUR) == sorted(str(who.email) for who in (cast.parent, cast.other_parent))
    assert "* The time or place of an event changed. Look if you can still come." in mail.outbox[0].body
    assert "Coffee" not in mail.outbox[0].body
    events.saw(event, cast.parent, AT + 3 * HOUR)
    assert told(AT + 3 * HOUR) == {("event_moved", "Oscar Lovelace")}
    # It is changed again, and called off before the news of that went out: nobody is told what stopped being so.
    events.edit(event=event, version=3, where="Hall", by=cast.senco, at=AT + 4 * HOUR)
    reminders.plan(at=AT + 4 * HOUR)
    events.call_off(
        event=event, why="The heating broke.", by=cast.senco, at=AT + 4 * HOUR + timedelta(minutes=1)
    )
    sent = len(mail.outbox)
    run(AT + 5 * HOUR)
    assert all(
        "called off" in m.body and "changed" not in m.body and "heating" not in m.body
        for m in mail.outbox[sent:]
    )
    assert {(kind, state) for kind, _, state in became()} == {
        ("event_moved", "sent"), ("event_moved", "done"), ("event_off", "sent"),
    }  # fmt: skip
    assert told(STARTS) != set()
    assert told(STARTS + DAY + 2 * HOUR) == set()


def test_whoever_takes_a_sign_up_back_or_is_shut_out_before_it_goes_out_is_reminded_of_nothing(
    cast: Cast,
) -> None:
    event = event_of(cast, classes=[cast.class_9b.pk])
    come(event, cast.parent)
    come(event, cast.other_parent)
    early = datetime(2026, 3, 18, 7, 0, tzinfo=LONDON)
    reminders.plan(at=early)
    leave(event, cast.parent, early)
    circle.restrict(
        pupil=cast.ada,
        person=cast.other_parent,
        kind=RestrictionKind.UNSAFE,
        reason="x",
        by=cast.senco,
        at=early,
    )
    assert run(early + HOUR) == []
    assert became() == {("event_soon", "Pam Lovelace", "done"), ("event_soon", "Oscar Lovelace", "not_open")}


@pytest.mark.parametrize(
    ("title", "where", "says"),
    [
        ("Coffee morning", "Library", ("Coffee morning", "Library")),
        ("Coffee for SEND families", "Library", ("Coffee morning", "Library")),
        ("Tea with Ada’s class", "The SEN hub", ("Coffee morning", "")),
        ("Tea", "ADA’S room", ("Tea", "")),
        ("Meet the Haddad family", "Room 4", ("Coffee morning", "Room 4")),
        ("Adam’s tea", "Ada-lands", ("Adam’s tea", "")),
    ],
)
def test_no_message_or_calendar_says_send_or_a_childs_name(
    cast: Cast, title: str, where: str, says: tuple[str, str]
) -> None:
    event = event_of(cast, title=title, where=where)
    told = selectors.said_each([event], AT)[event.pk]
    assert (told.name, told.where) == says
    come(event, cast.parent)
    run(STARTS - DAY)
    body = mail.outbox[0].body
    assert (
        f"* Tomorrow: {', '.join(filter(None, (says[0], '9:00', says[1])))}." in body,
        "SEND" in body,
    ) == (True, False)


def test_a_child_of_two_names_is_known_by_each_of_them(cast: Cast) -> None:
    Pupil.objects.filter(pk=cast.ada.pk).update(given_name="Mary-Jane")
    event = event_of(cast, title="Tea with Jane")
    assert selectors.said_each([event], AT)[event.pk].name == "Coffee morning"


def test_an_address_that_is_refused_because_of_an_event_is_told_to_the_senco(cast: Cast) -> None:
    come(event_of(cast), cast.parent)
    run(STARTS - DAY)
    message = Reminder.objects.get().message
    assert message is not None
    assert reminders.came_back(message_id=message.pk, since=AT, at=STARTS - HOUR)
    rows = reminders.not_reached(cast.senco, Pupil.objects.none(), STARTS - HOUR)
    assert [(row.person, row.pupil) for row in rows] == [(cast.parent, None)]
    assert reminders.not_reached(cast.stranger, Pupil.objects.none(), STARTS - HOUR) == []


def test_what_is_told_of_an_event_is_printed_for_who_has_no_e_mail(cast: Cast) -> None:
    person = gran(cast)
    event = event_of(cast)
    events.sign_up(
        event=event,
        person=person,
        version=0,
        adults=1,
        told_how="phone",
        told_on=AT.date(),
        by=cast.senco,
        at=AT,
    )
    run(STARTS - DAY)
    assert printing.waiting(cast.stranger, STARTS - DAY) == []
    pdf = printing.print_letter(person_id=person.pk, by=cast.senco, at=STARTS - DAY)
    told = " ".join(words_of(pdf).split())
    assert "Tomorrow: Coffee morning, 9:00, Library." in told
    assert listed(cast, STARTS - DAY) == [("Gran", True, False)]
    with pytest.raises(Http404):
        printing.print_letter(person_id=person.pk, by=cast.stranger, at=STARTS - DAY)


# Times -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("starts_at", "before"),
    [
        # The clocks go forward on Sunday 29 March, and back on Sunday 25 October.
        (datetime(2026, 3, 29, 9, 0, tzinfo=LONDON), datetime(2026, 3, 28, 0, 0, tzinfo=LONDON)),
        (datetime(2026, 3, 30, 0, 15, tzinfo=LONDON), datetime(2026, 3, 29, 0, 0, tzinfo=LONDON)),
        (datetime(2026, 10, 25, 9, 0, tzinfo=LONDON), datetime(2026, 10, 24, 0, 0, tzinfo=LONDON)),
        (datetime(2026, 10, 26, 0, 15, tzinfo=LONDON), datetime(2026, 10, 25, 0, 0, tzinfo=LONDON)),
    ],
)
def test_the_day_before_is_a_day_of_the_calendar_whatever_the_clocks_do(
    cast: Cast, starts_at: datetime, before: datetime
) -> None:
    come(event_of(cast, starts_at=starts_at), cast.parent)
    first = before.astimezone(UTC)
    assert told(first - timedelta(seconds=1)) == set()
    assert told(first) == {("event_soon", "Pam Lovelace")}
    [one] = events_wanted.wanted(first)
    assert one.words == f"Tomorrow: Coffee morning, {starts_at:%-H:%M}, Library"
    [one] = events_wanted.wanted(starts_at - timedelta(minutes=5))
    assert one.words.startswith("Today: ")
    assert told(starts_at) == set()


def test_an_event_over_the_hour_that_is_there_twice_is_as_long_as_it_is(cast: Cast) -> None:
    start = datetime(2026, 10, 25, 1, 30, tzinfo=LONDON)
    end = datetime(2026, 10, 25, 1, 15, tzinfo=LONDON, fold=1)
    event = Event.objects.get(pk=event_of(cast, starts_at=start, ends_at=end).pk)
    assert event.ends_at - event.starts_at == timedelta(minutes=45)
    row = events.edit(event=event, version=1, starts_at=start, ends_at=end, title="Tea", by=cast.senco, at=AT)
    assert row.moved == 0


def test_setting_has_its_own_events(cast: Cast) -> None:
    theirs = events.add(
        setting=Setting.objects.get(pk=cast.westfield.pk), by=cast.stranger, at=AT, title="Tea", kind="other",
        where="Hall", what="Tea.", contact="Sten", whom=["parents", "staff"], starts_at=STARTS, ends_at=STARTS + HOUR,
    )  # fmt: skip
    assert names(selectors.asked(theirs, AT)) == {"Sten Far"}
    assert not selectors.open_to(cast.senco, AT).filter(pk=theirs.pk).exists()
