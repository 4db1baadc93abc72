"""Somebody's own calendar, as two programs read it: `icalendar`, and `vobject`, which knows nothing of the other."""

import importlib
import logging
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import vobject
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from icalendar import Calendar

from accounts.models import AccountEvent, User
from config.logs import WithoutAddress
from pupils import choices, circle, people, services
from pupils.choices import Wanted
from pupils.enums import Answer, Relation, RestrictionKind, Section, Way
from pupils.models import AccessLog, Enrolment, Pupil
from reviews import feeds, ics, invitations, scheduling
from reviews.models import CalendarFeed, Review
from reviews.services import edit_review, schedule_review

from ..apdr.pages import address, as_, errors, hidden, words
from ..apdr.plans import write_plan
from ..cast import AT, LONDON, SEPTEMBER, Cast
from ..house.test_headers import lines

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
MEETS = datetime(2026, 3, 24, 9, 30, tzinfo=LONDON)


def reviewed(cast: Cast, pupil: Pupil, starts_at: datetime = MEETS, at: datetime = AT - DAY) -> Review:
    cycle = write_plan(pupil, cast.senco, SEPTEMBER).cycle
    return schedule_review(cycle=cycle, starts_at=starts_at, where="Ada’s SEND room", by=cast.senco, at=at)


def feed_of(person: User) -> str:
    return feeds.make(person=person, key=uuid4(), by=person, at=AT)[1]


def get(secret: str) -> Any:
    """The address as a phone asks for it: signed in nowhere."""
    return Client().get(address("calendar", secret))


Entry = tuple[str, int, datetime, datetime]


def read(secret: str, at: datetime = AT) -> dict[str, Entry]:
    """What both programs make of the calendar: status, sequence, beginning and end, by uid."""
    return both(feeds.read(secret=secret, at=at))


def both(content: bytes) -> dict[str, Entry]:
    strict(content)
    text = content.decode()
    told: dict[str, Entry] = {}
    for event in Calendar.from_ical(content).walk("VEVENT"):
        assert event.errors == []
        times = event["dtstart"].dt, event["dtend"].dt
        told[str(event["uid"])] = (str(event["status"]), int(event["sequence"]), *times)
    other = vobject.readOne(text, validate=True)
    again = {
        each.uid.value: (
            each.status.value,
            int(each.sequence.value),
            each.dtstart.value,
            each.dtend.value,
        )
        for each in other.contents.get("vevent", [])
    }
    assert again == told
    return told


def strict(content: bytes) -> None:
    """The lines themselves (RFC 5545, 3.1): each ends as it must, none is longer than 75 octets, and all is UTF-8."""
    assert content.endswith(b"END:VCALENDAR\r\n")
    for line in content.removesuffix(b"\r\n").split(b"\r\n"):
        assert b"\n" not in line
        assert b"\r" not in line
        assert len(line) <= 75
        assert re.match(rb"[A-Z-]+[;:]| ", line), line
        line.decode()
    assert content.count(b"\r\nBEGIN:") == content.count(b"\r\nEND:") - 1
    events = content.replace(b"\r\n ", b"").split(b"BEGIN:VEVENT")[1:]
    once = (b"UID:", b"DTSTAMP:", b"DTSTART", b"DTEND", b"SUMMARY:", b"SEQUENCE:", b"STATUS:")
    assert [[event.count(b"\r\n" + name) for name in once] for event in events] == [[1] * 7] * len(events)


def is_told(review: Review, status: str, sequence: int, starts_at: datetime = MEETS) -> dict[str, Entry]:
    return {
        f"{review.pk}@reviews.alongside.invalid": (status, sequence, starts_at, starts_at + HOUR / 2),
    }


# What it says ----------------------------------------------------------------------------------------------------


def test_an_entry_says_when_and_nothing_else(cast: Cast) -> None:
    review = reviewed(cast, cast.ada)
    secret = feed_of(cast.parent)
    answer = get(secret)
    told = answer.content.decode().replace("\r\n ", "")
    assert both(answer.content) == is_told(review, "CONFIRMED", 0)
    href = settings.PUBLIC_URL + address("reviews", cast.ada.pk)
    assert told.partition("BEGIN:VEVENT\r\n")[2].partition("END:VEVENT")[0].split("\r\n") == [
        "SUMMARY:Review meeting",
        "DTSTART;TZID=Europe/London:20260324T093000",
        "DTEND;TZID=Europe/London:20260324T100000",
        "DTSTAMP:20260310T103000Z",
        f"UID:{review.pk}@reviews.alongside.invalid",
        "SEQUENCE:0",
        "CLASS:PRIVATE",
        "DESCRIPTION:Sign in to Alongside to see who it’s about\\, and where it is.",
        "LAST-MODIFIED:20260310T103000Z",
        "STATUS:CONFIRMED",
        f"URL:{href}",
        "",
    ]
    assert re.findall(r"Ada|Lovelace|Hazelmere|SEN|EHC|[Aa]nnual|room|SLCN|\bAL\b", told) == []
    assert (answer["Content-Type"], answer["Cache-Control"], answer["Referrer-Policy"]) == (
        "text/calendar; charset=utf-8",
        "no-store, private",
        "no-referrer",
    )
    assert answer["Content-Disposition"] == 'attachment; filename="alongside.ics"'
    assert Client().get(href).status_code == 302  # who is meant stands behind signing in


def test_nobody_with_anything_reads_an_empty_calendar(cast: Cast) -> None:
    assert read(feed_of(cast.colleague)) == {}


def test_a_review_keeps_its_uid_and_counts_up_when_it_moves_and_when_it_is_cancelled(cast: Cast) -> None:
    review = reviewed(cast, cast.ada)
    secrets = [feed_of(person) for person in (cast.parent, cast.child, cast.senco)]
    assert [read(secret) for secret in secrets] == [is_told(review, "CONFIRMED", 0)] * 3
    before = feeds.read(secret=secrets[0], at=AT + HOUR)
    assert feeds.read(secret=secrets[0], at=AT + 2 * HOUR) == before
    edit_review(review=review, version=1, starts_at=MEETS + DAY, by=cast.senco, at=AT + HOUR)
    moved = is_told(review, "CONFIRMED", 1, MEETS + DAY)
    assert [read(secret, AT + 3 * HOUR) for secret in secrets] == [moved] * 3
    told = Calendar.from_ical(feeds.read(secret=secrets[0], at=AT + 4 * HOUR)).walk("VEVENT")[0]
    assert (told["last-modified"].dt, told["dtstamp"].dt) == (AT + 3 * HOUR, AT + 3 * HOUR)
    edit_review(review=review, version=2, where="Elsewhere", by=cast.senco, at=AT + HOUR)
    assert read(secrets[0], AT + 3 * HOUR) == is_told(review, "CONFIRMED", 2, MEETS + DAY)
    scheduling.cancel_review(review=review, version=3, reason="Ada is ill.", by=cast.senco, at=AT)
    off = is_told(review, "CANCELLED", 3, MEETS + DAY)
    assert [read(secret) for secret in secrets] == [off] * 3
    assert read(feed_of(cast.other_parent)) == {}  # who never knew of it hears nothing of it
    assert "ill" not in feeds.read(secret=secrets[0], at=AT).decode()
    again = schedule_review(cycle=review.cycle, starts_at=MEETS + 2 * DAY, by=cast.senco, at=AT)
    assert read(secrets[0]) == off | is_told(again, "CONFIRMED", 0, MEETS + 2 * DAY)


def test_one_that_is_found_not_needed_is_called_off_and_an_old_one_leaves(cast: Cast) -> None:
    review = reviewed(cast, cast.ada)
    secret = feed_of(cast.parent)
    assert read(secret) == is_told(review, "CONFIRMED", 0)
    scheduling.exempt_review(cycle=review.cycle, reason="We met at the gate.", by=cast.senco, at=AT)
    assert read(secret) == is_told(review, "CANCELLED", 1)
    assert read(secret, MEETS + timedelta(days=364)) == is_told(review, "CANCELLED", 1)
    assert read(secret, MEETS + timedelta(days=366)) == {}


# Who may know ------------------------------------------------------------------------------------------------------


def choose(cast: Cast, answer: Answer) -> None:
    wanted = [Wanted(Section.REVIEWS, answer, person=cast.parent, ends_at=AT + 30 * DAY)]
    choices.choose(pupil=cast.noor, wanted=wanted, by=cast.student, at=AT, key=uuid4(), wording="test-1")


def moves(cast: Cast) -> None:
    services.move(pupil=cast.ada, to=None, on=AT.date(), by=cast.senco, at=AT)
    Enrolment.objects.create(pupil=cast.ada, setting=cast.westfield, starts_on=AT.date())


CLOSED: dict[str, tuple[str, Callable[[Cast], Any]]] = {
    "a court order shuts them out": (
        "parent",
        lambda c: circle.restrict(
            pupil=c.ada, person=c.parent, kind=RestrictionKind.COURT_ORDER, reason="-", by=c.senco, at=AT
        ),
    ),
    "they are no parent carer any more": (
        "parent",
        lambda c: circle.end_relation(
            relation=Relation.PARENT_CARER, person=c.parent, pupil=c.ada, by=c.senco, at=AT
        ),
    ),
    "the pupil moves": ("senco", moves),
}


@pytest.mark.parametrize("why", CLOSED)
def test_what_is_theirs_no_longer_is_called_off_and_never_says_why(cast: Cast, why: str) -> None:
    review = reviewed(cast, cast.ada)
    who, close = CLOSED[why]
    secret = feed_of(cast.people[who])
    assert read(secret) == is_told(review, "CONFIRMED", 0)
    close(cast)
    off = is_told(review, "CANCELLED", 1)
    assert read(secret) == off
    Review.objects.filter(pk=review.pk).update(starts_at=MEETS + DAY, sequence=7)
    assert read(secret) == off  # and says nothing of what becomes of it
    told = feeds.read(secret=secret, at=AT).decode()
    assert ("URL" in told, "DESCRIPTION" in told, str(cast.ada.pk) in told) == (False, False, False)


def test_a_young_person_who_decides_opens_and_closes_it(cast: Cast) -> None:
    review = reviewed(cast, cast.noor)
    secret, own = feed_of(cast.parent), feed_of(cast.student)
    assert (read(secret), read(own)) == ({}, is_told(review, "CONFIRMED", 0))
    choose(cast, Answer.YES)
    assert read(secret) == {}  # it is open to them, and they were not chosen for it
    invitations.choose_who_comes(review=review, by=cast.student, at=AT, people={cast.parent.pk})
    told = []
    for answer in (Answer.YES, Answer.NO, Answer.YES, Answer.NO):
        choose(cast, answer)
        told.append(read(secret))
    assert told == [
        is_told(review, "CONFIRMED", 0),
        is_told(review, "CANCELLED", 1),
        is_told(review, "CONFIRMED", 2),
        is_told(review, "CANCELLED", 3),
    ]
    edit_review(review=review, version=1, starts_at=MEETS + DAY, by=cast.senco, at=AT)
    choose(cast, Answer.YES)
    assert read(secret) == is_told(review, "CONFIRMED", 4, MEETS + DAY)
    edit_review(review=review, version=2, starts_at=MEETS, by=cast.senco, at=AT)
    assert (read(secret), read(own)) == (
        is_told(review, "CONFIRMED", 5),
        is_told(review, "CONFIRMED", 2),
    )


def test_on_the_day_that_a_pupil_decides_a_parents_entry_goes(cast: Cast) -> None:
    Pupil.objects.filter(pk=cast.ada.pk).update(date_of_birth=date(2010, 5, 14))
    review = reviewed(cast, cast.ada, starts_at=datetime(2026, 6, 1, 9, 30, tzinfo=LONDON))
    secret, day = feed_of(cast.parent), datetime(2026, 5, 14, tzinfo=LONDON)
    assert read(secret, day - timedelta(seconds=1)) == is_told(review, "CONFIRMED", 0, review.starts_at)
    assert read(secret, day) == is_told(review, "CANCELLED", 1, review.starts_at)


def test_who_may_not_sign_in_has_no_calendar(cast: Cast) -> None:
    reviewed(cast, cast.ada)
    secret = feed_of(cast.parent)
    assert get(secret).status_code == 200
    people.deactivate(person=cast.parent, by=cast.installer, at=AT)
    assert get(secret).status_code == 404


def test_a_reading_is_one_look_a_day_and_says_that_nobody_looked(cast: Cast) -> None:
    review = reviewed(cast, cast.ada)
    secret = feed_of(cast.parent)
    for at in (AT, AT + HOUR, AT + DAY):
        feeds.read(secret=secret, at=at)
    looks = AccessLog.objects.filter(way=Way.CALENDAR)
    assert [(row.pupil, row.person, row.sections, row.grounds, row.at) for row in looks.order_by("at")] == [
        (cast.ada, cast.parent, ["reviews"], ["parent"], at) for at in (AT, AT + DAY)
    ]
    told = words(as_(cast.senco).get(address("who_looked", cast.ada.pk)))
    assert "had the reviews read by their calendar, and did not look" in told
    assert "By itself" in told
    scheduling.cancel_review(review=review, version=1, reason="Ada is ill.", by=cast.senco, at=AT)
    feeds.read(secret=secret, at=AT + 2 * DAY)
    assert looks.count() == 2  # that it is off is no part of the record


@pytest.mark.parametrize("many", [1, 3])
def test_a_calendar_is_read_in_as_many_queries_however_long_it_is(cast: Cast, many: int) -> None:
    for pupil in (cast.ada, cast.sam, cast.noor)[:many]:
        reviewed(cast, pupil, MEETS + pupil.date_of_birth.month * HOUR)
    secret = feed_of(cast.senco)
    counted = []
    for at in (AT, AT + HOUR, AT + DAY):
        with CaptureQueriesContext(connection) as asked:
            content = feeds.read(secret=secret, at=at)
        counted.append(len([q for q in asked if "SAVEPOINT" not in (q["sql"] or "")]))
        assert len(both(content)) == many
    assert counted == [13, 11, 12]


# Times -------------------------------------------------------------------------------------------------------------

CLOCKS = [
    datetime(2026, 3, 28, 15, 30, tzinfo=LONDON),  # the day before the clocks go forward
    datetime(2026, 3, 29, 0, 59, tzinfo=LONDON),
    datetime(2026, 3, 29, 2, 0, tzinfo=LONDON),
    datetime(2026, 3, 30, 8, 30, tzinfo=LONDON),
    datetime(2026, 10, 24, 15, 30, tzinfo=LONDON),  # the day before they go back
    datetime(2026, 10, 25, 0, 45, tzinfo=LONDON),
    datetime(2026, 10, 25, 1, 30, tzinfo=LONDON),
    datetime(2026, 10, 25, 1, 30, fold=1, tzinfo=LONDON),
    datetime(2026, 10, 25, 2, 0, tzinfo=LONDON),
    datetime(2026, 10, 26, 8, 30, tzinfo=LONDON),
    datetime(2028, 2, 29, 9, 0, tzinfo=LONDON),
    datetime(2027, 12, 31, 23, 45, tzinfo=LONDON),
]


def test_every_time_is_the_same_instant_wherever_it_is_read() -> None:
    for at in CLOCKS:
        entry = ics.entry(uuid4(), starts_at=at, minutes=30, sequence=0, changed_at=AT)
        [(_, _, start, end)] = both(ics.calendar([entry])).values()
        assert (start.timestamp(), end.timestamp()) == (at.timestamp(), at.timestamp() + 30 * 60), at


def test_the_clocks_in_the_file_are_londons(cast: Cast) -> None:
    """Each change of the clocks from 1996 to 2037, and the hours around it, by both programs' own reading of the file."""
    content = ics.calendar([])
    [zone] = Calendar.from_ical(content).walk("VTIMEZONE")
    one, other = zone.to_tz(lookup_tzid=False), vobject.readOne(content.decode()).vtimezone.gettzinfo()
    for year in range(1997, 2038):
        for month in (1, 3, 7, 10, 12):
            for day in (*range(24, 32), 1) if month != 7 else (15,):
                for hour in (0, 3, 12, 23):
                    naive = datetime(year, month, day, hour)  # noqa: DTZ001
                    right = naive.replace(tzinfo=LONDON).utcoffset()
                    assert [naive.replace(tzinfo=tz).utcoffset() for tz in (one, other)] == [right] * 2, naive


# The address --------------------------------------------------------------------------------------------------------


def test_an_address_is_shown_once_and_the_next_ends_it(cast: Cast) -> None:
    client, page = as_(cast.parent), address("my_calendar")
    first = client.post(page, hidden(client.get(page)))
    [secret] = re.findall(r"/calendar/([\w-]{43})\.ics</code>", first.content.decode())
    public = settings.PUBLIC_URL.partition("//")[2]
    assert f'href="webcal://{public}/calendar/{secret}.ics"' in first.content.decode()
    kept = str(list(CalendarFeed.objects.values()) + list(AccountEvent.objects.values()))
    assert secret not in kept
    opened = client.get(page)
    assert (secret in opened.content.decode(), "No calendar has read it yet." in words(opened)) == (
        False,
        True,
    )
    assert get(secret).status_code == 200
    assert "read it last on 10 March 2026 at 10:30" in words(client.get(page))
    second = client.post(page, hidden(opened))
    [other] = re.findall(r"/calendar/([\w-]{43})\.ics</code>", second.content.decode())
    assert [get(one).status_code for one in (secret, other, "x", secret[:-1])] == [404, 200, 404, 404]
    assert client.post(address("end_calendar")).status_code == 302
    assert [get(one).status_code for one in (secret, other)] == [404, 404]
    assert "You have no calendar address" in words(client.post(address("end_calendar"), follow=True))
    told = AccountEvent.objects.filter(person=cast.parent, at=AT).values_list("verb", "by").order_by("verb")
    made, ended = ("calendar address made", cast.parent.pk), ("calendar address ended", cast.parent.pk)
    assert list(told) == [ended, made, made]


def test_a_form_sent_twice_makes_one_address(cast: Cast) -> None:
    client, page = as_(cast.parent), address("my_calendar")
    typed = hidden(client.get(page))
    first = client.post(page, typed)
    [secret] = re.findall(r"/calendar/([\w-]{43})\.ics</code>", first.content.decode())
    again = client.post(page, typed)
    assert (again.status_code, errors(again)) == (
        422,
        ["This address was made already. If you do not have it, make a new one."],
    )
    assert (CalendarFeed.objects.count(), get(secret).status_code) == (1, 200)
    assert client.post(page, hidden(again)).status_code == 200  # the page that says so makes a new one
    assert CalendarFeed.objects.filter(ended_at=None).count() == 1


def test_a_person_ends_and_makes_only_their_own(cast: Cast) -> None:
    secret = feed_of(cast.parent)
    as_(cast.other_parent).post(address("end_calendar"))
    key = CalendarFeed.objects.get().pk
    with pytest.raises(ValidationError):
        feeds.make(person=cast.other_parent, key=key, by=cast.other_parent, at=AT)
    assert get(secret).status_code == 200


def test_the_secret_is_in_no_line_of_the_log(cast: Cast, caplog: Any) -> None:
    secret = feed_of(cast.parent)
    with caplog.at_level(logging.DEBUG):
        assert [get(one).status_code for one in (secret, secret[::-1])] == [200, 404]
        assert Client().post(address("calendar", secret)).status_code == 405
    assert '"route": "calendar/<str:secret>.ics"' in lines(caplog)
    assert (secret in lines(caplog), secret[::-1] in lines(caplog)) == (False, False)
    line = logging.LogRecord(
        "gunicorn.error", logging.ERROR, "", 0, "Error handling request %s %s", ("GET", f"/{secret}"), None
    )
    assert WithoutAddress().filter(line)
    assert line.getMessage() == "Error handling request"
    importlib.import_module("config.wsgi")
    assert any(isinstance(one, WithoutAddress) for one in logging.getLogger("gunicorn.error").filters)


# One review as a file -------------------------------------------------------------------------------------------------


def test_one_review_as_a_file_for_whoever_may_know_its_time(cast: Cast) -> None:
    review = reviewed(cast, cast.ada)
    href = address("review_file", review.pk)
    for who in ("parent", "child", "senco"):
        client = as_(cast.people[who])
        shown = address("reviews", cast.ada.pk) if who != "senco" else address("review", review.cycle_id)
        assert href in client.get(shown).content.decode()
        answer = client.get(href)
        assert both(answer.content) == is_told(review, "CONFIRMED", 0)
        assert b"METHOD:PUBLISH\r\n" in answer.content
        assert answer["Content-Disposition"] == 'attachment; filename="review.ics"'
    looks = AccessLog.objects.filter(way=Way.FILE, pupil=cast.ada).values_list("person__name", flat=True)
    assert sorted(looks) == ["Ada Lovelace", "Pam Lovelace", "Sunita Rao"]
    asked = {"teacher": 403, "restricted_parent": 404, "stranger": 404, "dsl": 404}
    assert {who: as_(cast.people[who]).get(href).status_code for who in asked} == asked


def test_what_goes_with_an_invitation_asks_then_moves_then_calls_off(cast: Cast) -> None:
    review = reviewed(cast, cast.ada)
    name, content, type_ = ics.invitation(review, cast.parent, AT)
    assert (name, type_) == ("review.ics", "text/calendar; charset=utf-8; method=REQUEST")
    assert both(content) == is_told(review, "CONFIRMED", 0)
    text = content.decode().replace("\r\n ", "")
    assert re.findall(r"^(?:METHOD|ORGANIZER|ATTENDEE).*", text.replace("\r", ""), re.MULTILINE) == [
        "METHOD:REQUEST",
        "ATTENDEE;PARTSTAT=NEEDS-ACTION;RSVP=FALSE:mailto:parent@home.example",
        "ORGANIZER:mailto:alongside@demo.invalid",
    ]
    assert re.findall(r"Ada|Lovelace|Pam|Sunita|SEND|room", text) == []
    edit_review(review=review, version=1, starts_at=MEETS + DAY, by=cast.senco, at=AT)
    review.refresh_from_db()
    assert both(ics.invitation(review, cast.parent, AT)[1]) == is_told(review, "CONFIRMED", 1, MEETS + DAY)
    scheduling.cancel_review(review=review, version=2, reason="Ada is ill.", by=cast.senco, at=AT)
    review.refresh_from_db()
    _, content, type_ = ics.invitation(review, cast.parent, AT)
    assert (both(content), type_) == (
        is_told(review, "CANCELLED", 2, MEETS + DAY),
        "text/calendar; charset=utf-8; method=CANCEL",
    )


def test_a_long_address_is_folded_and_read_whole(cast: Cast) -> None:
    public = "https://" + "plans." * 12 + "hazelmere.sch.uk"
    review = reviewed(cast, cast.ada)
    with override_settings(PUBLIC_URL=public):
        content = feeds.read(secret=feed_of(cast.parent), at=AT)
    assert both(content) == is_told(review, "CONFIRMED", 0)
    [event] = Calendar.from_ical(content).walk("VEVENT")
    assert str(event["url"]) == public + address("reviews", cast.ada.pk)
    assert str(event["description"]) == str(ics.DESCRIPTION)
    assert vobject.readOne(content.decode()).vevent.description.value == str(ics.DESCRIPTION)


def test_the_day_by_which_one_is_owed_is_no_meeting(cast: Cast) -> None:
    """A review that was found not needed without ever having a time stands in no calendar."""
    cycle = write_plan(cast.ada, cast.senco, SEPTEMBER).cycle
    scheduling.exempt_review(cycle=cycle, reason="We met at the gate.", by=cast.senco, at=AT)
    assert read(feed_of(cast.parent)) == {}
