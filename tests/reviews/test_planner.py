"""The planner: what a setting owes, times for many at once, and why something is not held."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4, uuid5

import pytest
from django.core.exceptions import ValidationError
from django.http import Http404

from accounts.enums import Role
from accounts.models import Preferences, Term, User
from apdr.services import cycles
from pupils import circle, services
from pupils.errors import NotNow, Stale
from pupils.models import AccessLog, AuditEvent, Pupil
from reviews import invitations as asking
from reviews import scheduling
from reviews import selectors_planner as planner
from reviews.enums import Change, Kind, ReviewState
from reviews.forms_planner import TimeForm
from reviews.models import Attendee, Review, ReviewChange
from reviews.scheduling import Booking
from reviews.services import edit_review, schedule_review

from ..apdr.pages import address, as_, count, errors, hidden, words
from ..api.asking import ask as ask_api
from ..api.record import token_of
from ..cast import AT, LONDON, SEPTEMBER, Cast, member

pytestmark = pytest.mark.django_db


def terms(cast: Cast) -> None:
    """The spring and summer terms of 2026, each with its half term."""
    for name, starts, ends, away, back in (
        ("Spring", date(2026, 1, 5), date(2026, 3, 28), date(2026, 2, 16), date(2026, 2, 23)),
        ("Summer", date(2026, 4, 13), date(2026, 7, 21), date(2026, 5, 25), date(2026, 6, 1)),
    ):
        Term.objects.create(
            setting=cast.hazelmere, name=name, starts_on=starts, ends_on=ends, half_term_from=away,
            half_term_until=back,
        )  # fmt: skip


def opened(cast: Cast, *pupils: Pupil, at: datetime = AT, review_on: date | None = None) -> list[Any]:
    return [cycles.open_cycle(pupil=p, by=cast.senco, at=at, review_on=review_on) for p in pupils]


def london(day: int, month: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=LONDON)


def booking(cycle: Any, at: datetime, *people: User, where: str = "", minutes: int = 30) -> Booking:
    return Booking(cycle.pk, at, minutes, where, frozenset(person.pk for person in people))


def asked(**more: Any) -> str:
    typed = {
        "whom": "all", "first": "2026-03-16", "last": "2026-03-27", "start": "09:00", "end": "12:00",
        "minutes": "30", "most": "6", "rooms": "Room 4", "me": "on", **more,
    }  # fmt: skip
    return "?" + "&".join(f"{name}={value}" for name, value in typed.items() if value != "")


def filled(page: Any, **changed: str) -> dict[str, Any]:
    """What a browser would post of the times on a page; `changed` is by the end of a field's name."""
    found = page.context["found"]
    post: dict[str, Any] = {"key": str(page.context["key"]), "cycle": [str(pk) for pk in found.forms]}
    for form in found.forms.values():
        for field in form:
            value = field.value()
            if field.name == "people":
                post[field.html_name] = list(value or [])
            elif field.name == "day":
                post[field.html_name] = value.isoformat() if isinstance(value, date) else value or ""
            elif field.name == "time":
                post[field.html_name] = (
                    f"{value:%H:%M}" if value and not isinstance(value, str) else value or ""
                )
            elif field.name == "pick":
                if value:
                    post[field.html_name] = "on"
            else:
                post[field.html_name] = value or ""
            if field.name in changed:
                post[field.html_name] = changed[field.name]
    return post


# What is owed ---------------------------------------------------------------------------------------------


def owed_of(cast: Cast, at: datetime = AT) -> dict[str, tuple[str, date]]:
    held = planner.held_by(cast.senco, at)
    rows = planner.rows(held, at, settings=planner.settings_of(cast.senco, at))
    return {row.pupil.called: (row.owed.kind.value, row.owed.by) for row in rows}


def test_what_is_owed_follows_the_record_and_is_stored_nowhere(cast: Cast) -> None:
    terms(cast)
    assert owed_of(cast) == {}
    [cycle] = opened(cast, cast.ada, review_on=date(2026, 6, 20))
    assert owed_of(cast) == {"Ada": ("plan", date(2026, 6, 20))}
    cycle.review_on = date(2026, 9, 20)
    cycle.save()
    assert owed_of(cast) == {"Ada": ("plan", date(2026, 7, 20))}  # the last school day of the next term
    Term.objects.filter(name="Summer").update(ends_on=date(2026, 7, 18))
    assert owed_of(cast) == {"Ada": ("plan", date(2026, 7, 17))}


def test_an_ehc_plan_is_owed_its_year_even_where_no_plan_is_open(cast: Cast) -> None:
    Pupil.objects.filter(pk=cast.ada.pk).update(sen_provision="E")
    assert owed_of(cast) == {"Ada": ("annual", date(2025, 9, 2))}
    opened(cast, cast.ada, at=SEPTEMBER, review_on=date(2025, 12, 1))
    assert owed_of(cast) == {"Ada": ("plan", date(2025, 12, 1))}
    cast.ada.cycles.update(review_on=date(2026, 7, 1))
    assert owed_of(cast) == {"Ada": ("annual", date(2026, 7, 1))}


def test_what_is_exempt_is_owed_again_in_the_next_term_alone(cast: Cast) -> None:
    terms(cast)
    [cycle] = opened(cast, cast.ada, at=london(5, 3, 9), review_on=date(2026, 3, 20))
    key = uuid4()
    said: Any = {"cycle": cycle, "reason": "We met.", "key": key, "by": cast.senco, "at": AT}
    review = scheduling.exempt_review(**said)
    assert scheduling.exempt_review(**said) == review
    assert (review.state, review.exempt_reason) == ("exempt", "We met.")
    assert [(c.what, c.reason, c.by) for c in ReviewChange.objects.all()] == [
        (Change.EXEMPT, "We met.", cast.senco)
    ]
    assert owed_of(cast) == {"Ada": ("plan", date(2026, 7, 20))}
    assert AuditEvent.objects.filter(verb="review not needed").count() == 1


@pytest.mark.parametrize("reason", ["", "   "])
def test_not_held_is_never_a_blank(cast: Cast, reason: str) -> None:
    [cycle] = opened(cast, cast.ada)
    review = schedule_review(cycle=cycle, starts_at=london(20, 4, 9), by=cast.senco, at=AT)
    before = AuditEvent.objects.count()
    with pytest.raises(ValidationError, match="Say why"):
        scheduling.exempt_review(cycle=cycle, reason=reason, by=cast.senco, at=AT)
    with pytest.raises(ValidationError, match="Say why"):
        scheduling.cancel_review(review=review, version=1, reason=reason, by=cast.senco, at=AT)
    review.refresh_from_db()
    assert (review.state, AuditEvent.objects.count()) == ("scheduled", before)


# Times for many -------------------------------------------------------------------------------------------


def test_many_are_scheduled_at_once_and_the_same_form_once(cast: Cast) -> None:
    terms(cast)
    a, s, n = opened(cast, cast.ada, cast.sam, cast.noor)
    wanted = [
        booking(a, london(16, 3, 9), cast.senco, cast.teacher, where="Room 4"),
        booking(s, london(16, 3, 9, 30), cast.senco, where="Room 4"),
        booking(n, london(17, 4, 9), cast.senco),
    ]
    key = uuid4()
    for _ in range(2):
        made = scheduling.schedule_all(bookings=wanted, key=key, by=cast.senco, at=AT)
        assert {review.pk for review in made} == {uuid5(key, str(c.pk)) for c in (a, s, n)}
    assert Review.objects.count() == 3
    assert Attendee.objects.count() == 4
    assert AuditEvent.objects.filter(verb="review scheduled").count() == 3
    other = [booking(a, london(16, 3, 11), cast.senco, cast.teacher, where="Room 4"), *wanted[1:]]
    with pytest.raises(ValidationError, match="saved already"):
        scheduling.schedule_all(bookings=other, key=key, by=cast.senco, at=AT)


@pytest.mark.parametrize(
    ("second", "field", "told"),
    [
        ({"where": "room  4"}, "where", "room 4 is taken from 09:00 to 09:30. Choose another room or time"),
        (
            {"people": "senco"},
            "time",
            "Sunita Rao is at another review from 09:00 to 09:30. Choose another time",
        ),
    ],
)
def test_a_clash_is_told_at_the_field_and_nothing_is_saved(
    cast: Cast, second: dict[str, str], field: str, told: str
) -> None:
    terms(cast)
    a, s = opened(cast, cast.ada, cast.sam)
    there = [cast.people[second["people"]]] if "people" in second else []
    wanted = [
        booking(a, london(16, 3, 9), cast.senco, where="Room 4"),
        booking(s, london(16, 3, 9, 15), *there, where=" ".join(second.get("where", "").split())),
    ]
    with pytest.raises(ValidationError) as refused:
        scheduling.schedule_all(bookings=wanted, key=uuid4(), by=cast.senco, at=AT)
    assert refused.value.message_dict[f"{s.pk}-{field}"] == [told]
    assert Review.objects.count() == 0
    scheduling.schedule_all(bookings=wanted[:1], key=uuid4(), by=cast.senco, at=AT)
    with pytest.raises(ValidationError) as refused:
        scheduling.schedule_all(bookings=wanted[1:], key=uuid4(), by=cast.senco, at=AT)
    assert refused.value.message_dict == {f"{s.pk}-{field}": [told]}


@pytest.mark.parametrize(
    ("at", "told"),
    [
        (london(14, 3, 9), "That is a weekend. Choose another day"),
        (london(3, 4, 9), "That is a bank holiday. Choose another day"),
        (london(26, 5, 9), "That is not in a term. Choose another day, or put the term dates right"),
        (london(9, 3, 9), "Choose a time to come."),
    ],
)
def test_a_day_on_which_nobody_is_in_is_refused(cast: Cast, at: datetime, told: str) -> None:
    terms(cast)
    [cycle] = opened(cast, cast.ada)
    with pytest.raises(ValidationError) as refused:
        scheduling.schedule_all(bookings=[booking(cycle, at)], key=uuid4(), by=cast.senco, at=AT)
    assert refused.value.message_dict == {f"{cycle.pk}-day": [told]}


def test_only_people_of_the_setting_are_at_a_review(cast: Cast) -> None:
    [cycle] = opened(cast, cast.ada)
    for person in (cast.parent, cast.stranger, cast.left):
        wanted = [booking(cycle, london(16, 3, 9), person)]
        with pytest.raises(ValidationError) as refused:
            scheduling.schedule_all(bookings=wanted, key=uuid4(), by=cast.senco, at=AT)
        assert refused.value.message_dict == {
            f"{cycle.pk}-people": ["Choose people who work at this setting."]
        }


def test_somebody_elses_pupil_cannot_be_smuggled_in(cast: Cast) -> None:
    a, s = opened(cast, cast.ada, cast.sam)
    wanted = [booking(a, london(16, 3, 9)), booking(s, london(16, 3, 10))]
    with pytest.raises(Http404):
        scheduling.schedule_all(bookings=wanted, key=uuid4(), by=cast.stranger, at=AT)
    services.move(pupil=cast.sam, to=None, on=AT.date(), by=cast.senco, at=AT)
    with pytest.raises(Http404):
        scheduling.schedule_all(bookings=wanted, key=uuid4(), by=cast.senco, at=AT)
    assert Review.objects.count() == 0


def test_times_are_confirmed_in_two_steps(cast: Cast, at_ten: datetime) -> None:
    terms(cast)
    Preferences.objects.create(person=cast.parent, good_times="Mornings")
    Preferences.objects.create(person=cast.restricted_parent, good_times="Never told")
    opened(cast, cast.ada, cast.sam, cast.noor)
    senco, href = as_(cast.senco), address("review_times", query=asked())
    page = senco.get(href)
    assert page.status_code == 200
    text = words(page)
    assert ("Times for 3 reviews" in text, "Pam Lovelace: Mornings" in text, "Never told" in text) == (
        True, True, False,
    )  # fmt: skip
    proposed = sorted(
        (str(f["day"].value()), str(f["time"].value())) for f in page.context["found"].forms.values()
    )
    assert proposed == [("2026-03-16", f"{t}:00") for t in ("09:00", "09:30", "10:00")]
    post = filled(page)
    first = senco.post(href, post)
    assert (first.status_code, first["Location"]) == (302, "/reviews/to-come/?month=2026-03")
    assert senco.post(href, post).status_code == 302
    assert Review.objects.count() == 3
    assert set(Attendee.objects.values_list("person", flat=True)) == {cast.senco.pk}
    assert "Nobody waits for a time" in words(senco.get(href))


def test_times_that_suit_a_family_come_first_and_one_outside_is_said_to_be(
    cast: Cast, at_ten: datetime
) -> None:
    terms(cast)
    Preferences.objects.create(person=cast.parent, good_times="Tuesday mornings after 10")
    opened(cast, cast.ada)
    senco, href = as_(cast.senco), address("review_times", query=asked())
    page = senco.get(href)
    [form] = page.context["found"].forms.values()
    assert (str(form["day"].value()), str(form["time"].value())) == ("2026-03-17", "10:00:00")
    assert "Outside" not in words(page)
    page = senco.get(address("review_times", query=asked(last="2026-03-16")))  # a Monday alone
    assert "Tuesday mornings after 10 Outside Pam Lovelace’s good times" in words(page)
    assert senco.post(href, filled(page)).status_code == 302  # it is set all the same


def test_one_time_that_clashes_is_said_and_set_only_anyway(cast: Cast, at_ten: datetime) -> None:
    terms(cast)
    a, s, n = opened(cast, cast.ada, cast.sam, cast.noor)
    nine = {"day": "2026-03-16", "time": "09:00", "minutes": "30", "where": "Room 4"}
    senco = as_(cast.senco)
    first = senco.post(address("schedule_review", a.pk), nine)
    assert first.status_code == 302
    asking.ask(review=Review.objects.select_related("cycle__pupil").get(), by=cast.senco, at=AT)
    href = address("schedule_review", s.pk)
    refused = senco.post(href, nine)
    assert (refused.status_code, errors(refused)) == (
        422,
        [
            "Sunita Rao is at another review from 09:00 to 09:30. Choose another time",
            "Oscar Lovelace is asked to another review from 09:00 to 09:30. Choose another time",
            "Pam Lovelace is asked to another review from 09:00 to 09:30. Choose another time",
            "Room 4 is taken from 09:00 to 09:30. Choose another room or time",
        ],
    )
    assert ("Set it anyway" in words(refused), Review.objects.count()) == (True, 1)
    assert senco.post(href, {**nine, "anyway": "on"}).status_code == 302
    assert Review.objects.filter(cycle=s).count() == 1
    free = senco.post(address("schedule_review", n.pk), {**nine, "time": "10:00"})
    assert free.status_code == 302


def test_a_program_that_sets_a_time_is_told_what_it_clashes_with(cast: Cast, at_ten: datetime) -> None:
    terms(cast)
    __, s = opened(cast, cast.ada, cast.sam)
    secret = token_of(cast.senco)
    nine: dict[str, Any] = {"starts_at": "2026-03-16T09:00:00Z", "where": "Room 4"}
    first = ask_api(secret, "POST", f"/api/v1/pupils/{cast.ada.pk}/reviews/", nine)
    assert first.status_code == 201
    path = f"/api/v1/pupils/{cast.sam.pk}/reviews/"
    refused = ask_api(secret, "POST", path, nine)
    assert (refused.status_code, refused.json()["code"], refused.json()["fields"]) == (
        409,
        "clash",
        {
            "starts_at": ["Sunita Rao is at another review from 09:00 to 09:30. Choose another time"],
            "where": ["Room 4 is taken from 09:00 to 09:30. Choose another room or time"],
        },
    )
    assert Review.objects.filter(cycle=s).count() == 0
    assert ask_api(secret, "POST", path, nine | {"anyway": True}).status_code == 201


def test_what_was_typed_is_kept_beside_what_is_wrong(cast: Cast, at_ten: datetime) -> None:
    terms(cast)
    a, s = opened(cast, cast.ada, cast.sam)
    senco, href = as_(cast.senco), address("review_times", query=asked())
    post = filled(senco.get(href))
    ada, sam = (post["cycle"].index(str(cycle.pk)) for cycle in (a, s))
    typed = {f"{ada}-day": "31 February 2026", f"{ada}-where": "The snug", f"{sam}-minutes": "many"}
    answer = senco.post(href, {**post, **typed})
    body = answer.content.decode()
    assert answer.status_code == 422
    assert errors(answer) == [
        "Ada Lovelace: Enter a real day, like 7 December 2026",
        "Sam Okafor: Enter how many minutes, from 5 to 480",
    ]
    assert [value in body for value in (*typed.values(), str(post["key"]))] == [True] * 4
    clash = {f"{sam}-{name}": post[f"{ada}-{name}"] for name in ("day", "time", "where")}
    answer = senco.post(href, {**post, **clash})
    assert answer.status_code == 422
    assert len(errors(answer)) == 4
    assert Review.objects.count() == 0
    unpicked = {k: v for k, v in {**post, **typed}.items() if k != f"{ada}-pick"}
    answer = senco.post(href, {**unpicked, f"{sam}-minutes": "30"})
    assert answer.status_code == 302
    assert [review.cycle_id for review in Review.objects.all()] == [s.pk]


def test_nobody_ticked_and_nobody_known(cast: Cast, at_ten: datetime) -> None:
    terms(cast)
    [cycle] = opened(cast, cast.ada)
    senco, href = as_(cast.senco), address("review_times", query=asked())
    post = filled(senco.get(href))
    none = senco.post(href, {k: v for k, v in post.items() if not k.endswith("-pick")})
    assert (none.status_code, errors(none)) == (422, ["Tick at least one review."])
    for wrong in ({"cycle": [str(uuid4())]}, {"cycle": ["x"]}, {"key": "x"}):
        assert senco.post(href, {**post, **wrong}).status_code == 404
    services.move(pupil=cast.ada, to=None, on=AT.date(), by=cast.senco, at=AT)
    assert senco.post(href, post).status_code == 404
    assert Review.objects.count() == 0
    assert cycle.reviews.count() == 0


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"whom": "class"}, ["Choose a class"]),
        ({"whom": "year", "year": ""}, ["Choose a year group"]),
        ({"last": "2026-03-01"}, ["This day comes before the first. Check both"]),
        ({"first": "2026-02-30"}, ["Enter a real date, like 27 3 2027"]),
        ({"end": "09:10"}, ["There is no time for one review between these. Check both"]),
        ({"minutes": "some"}, ["Enter how many minutes, from 5 to 480"]),
        ({"minutes": "0"}, ["Enter how many minutes, from 5 to 480"]),
        ({"most": "41"}, ["Enter how many, from 1 to 40"]),
        (
            {"rooms": "x" * 151},
            ["Give at most 10 rooms, each in 150 characters or fewer. All of it is still here"],
        ),
    ],
)
def test_what_is_asked_wrongly_is_shown_with_what_was_typed(
    cast: Cast, at_ten: datetime, changed: dict[str, str], told: list[str]
) -> None:
    answer = as_(cast.senco).get(address("review_times", query=asked(**changed)))
    assert (answer.status_code, errors(answer)) == (422, told)
    body = answer.content.decode()
    assert all(value.split("-")[0] in body for value in changed.values() if value)


def test_a_class_and_a_year_group_are_asked_for(cast: Cast, at_ten: datetime) -> None:
    terms(cast)
    opened(cast, cast.ada, cast.sam, cast.noor)
    senco = as_(cast.senco)

    def shown(**more: Any) -> list[str]:
        page = senco.get(address("review_times", query=asked(**more)))
        return [line.row.pupil.called for line in page.context["found"].lines]

    assert shown(whom="class", group=cast.class_9b.pk) == ["Ada"]
    assert shown(whom="year", year="12") == ["Noor"]
    assert shown(whom="class", group=uuid4()) == []
    teaches = senco.get(address("review_times", query=asked(whom="year", year="9", teaches="on")))
    [line] = teaches.context["found"].lines
    named = {name for _, name in line.form.fields["people"].choices}
    assert named == {"Sunita Rao", "Tom Teal", "Kim Adeyemi"}
    assert len(line.form["people"].value()) == 3


# Moving, cancelling -----------------------------------------------------------------------------------------


def test_a_move_is_a_row_and_a_calendar_is_told(cast: Cast) -> None:
    [cycle] = opened(cast, cast.ada)
    review = schedule_review(cycle=cycle, starts_at=london(20, 4, 9), where="Room 4", by=cast.senco, at=AT)
    edit_review(
        review=review, version=1, starts_at=london(21, 4, 9), reason="Pam asked.", by=cast.senco, at=AT
    )
    review.refresh_from_db()
    assert (review.sequence, review.version) == (1, 2)
    [row] = ReviewChange.objects.all()
    assert (row.what, row.reason, row.starts_at, row.where, row.by, row.at) == (
        "moved", "Pam asked.", london(20, 4, 9), "Room 4", cast.senco, AT,
    )  # fmt: skip
    edit_review(review=review, version=2, who_came="Ada", by=cast.senco, at=AT)
    review.refresh_from_db()
    assert (review.sequence, ReviewChange.objects.count()) == (1, 1)
    with pytest.raises(Stale):
        edit_review(review=review, version=1, starts_at=london(22, 4, 9), by=cast.senco, at=AT)


def test_a_move_into_somebody_elses_time_is_refused(cast: Cast, at_ten: datetime) -> None:
    terms(cast)
    a, s = opened(cast, cast.ada, cast.sam)
    scheduling.schedule_all(
        bookings=[
            booking(a, london(16, 3, 9), cast.senco, where="Room 4"),
            booking(s, london(16, 3, 10), cast.senco, where="Room 5"),
        ],
        key=uuid4(),
        by=cast.senco,
        at=AT,
    )
    senco, href = as_(cast.senco), address("move_review", s.reviews.get().pk)
    typed = {
        **hidden(senco.get(href)),
        "day": "2026-03-16",
        "time": "09:15",
        "minutes": "30",
        "where": "Room 4",
    }
    answer = senco.post(href, {**typed, "reason": "It rains."})
    assert (answer.status_code, errors(answer)) == (
        422,
        [
            "Sunita Rao is at another review from 09:00 to 09:30. Choose another time",
            "Room 4 is taken from 09:00 to 09:30. Choose another room or time",
        ],
    )
    assert "It rains." in answer.content.decode()
    assert s.reviews.get().starts_at == london(16, 3, 10)
    assert senco.post(href, {**typed, "time": "11:00"}).status_code == 302


def test_what_is_cancelled_is_owed_still_and_says_why(cast: Cast, at_ten: datetime) -> None:
    [cycle] = opened(cast, cast.ada)
    review = schedule_review(cycle=cycle, starts_at=london(20, 3, 9), by=cast.senco, at=AT)
    senco, href = as_(cast.senco), address("cancel_review", review.pk)
    blank = senco.post(href, {**hidden(senco.get(href)), "reason": ""})
    assert (blank.status_code, errors(blank)) == (422, ["Please answer “Why?”"])
    post = {**hidden(senco.get(href)), "reason": "Ada is ill."}
    assert [senco.post(href, post).status_code for _ in range(2)] == [302, 302]
    review.refresh_from_db()
    assert (review.state, review.cancel_reason, review.sequence) == ("cancelled", "Ada is ill.", 1)
    assert ReviewChange.objects.count() == 1
    assert list(owed_of(cast)) == ["Ada"]
    text = words(senco.get(address("reviews_to_come")))
    assert (
        "Ada Lovelace : cancelled, it was on 20 March 2026 at 09:00. Ada is ill. Sunita Rao, 10 March 2026"
        in text
    )
    with pytest.raises(NotNow):
        edit_review(review=review, version=review.version, starts_at=london(21, 4, 9), by=cast.senco, at=AT)
    schedule_review(cycle=cycle, starts_at=london(24, 3, 9), by=cast.senco, at=AT)
    told = words(as_(cast.parent).get(address("reviews", cast.ada.pk)))
    assert "The meeting on Friday 20 March 2026 was cancelled: Ada is ill." in told
    assert "We meet on Tuesday 24 March 2026 at 09:00" in told


def test_a_time_that_was_set_goes_with_the_review_that_is_not_needed(cast: Cast, at_ten: datetime) -> None:
    [cycle] = opened(cast, cast.ada)
    review = schedule_review(cycle=cycle, starts_at=london(20, 3, 9), by=cast.senco, at=AT)
    senco, href = as_(cast.senco), address("exempt_review", cycle.pk)
    assert "It is set for Friday 20 March 2026 at 09:00" in words(senco.get(href))
    post = {**hidden(senco.get(href)), "reason": "We met at the gate."}
    assert [senco.post(href, post).status_code for _ in range(2)] == [302, 302]
    review.refresh_from_db()
    assert (review.state, review.sequence, Review.objects.count()) == ("exempt", 1, 1)


def test_a_term_that_moves_leaves_a_review_where_nobody_is_in_and_says_so(
    cast: Cast, at_ten: datetime
) -> None:
    terms(cast)
    [cycle] = opened(cast, cast.ada)
    scheduling.schedule_all(
        bookings=[booking(cycle, london(27, 3, 9), cast.senco)], key=uuid4(), by=cast.senco, at=AT
    )
    senco, href = as_(cast.senco), address("reviews_to_come", query="?month=2026-03")
    assert "Nobody is in on that day" not in words(senco.get(href))
    Term.objects.filter(name="Spring").update(ends_on=date(2026, 3, 27))
    assert "Nobody is in on that day" in words(senco.get(href))


# Who, and how many queries ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("person", "planner_page", "own"),
    [
        ("senco", 200, 200),
        ("teacher", 403, 403),
        ("parent", 403, 403),
        ("child", 403, 403),
        ("leader", 403, 404),
    ],
)
def test_a_senco_plans_and_nobody_else(
    cast: Cast, at_ten: datetime, person: str, planner_page: int, own: int
) -> None:
    [cycle] = opened(cast, cast.ada)
    review = schedule_review(cycle=cycle, starts_at=london(20, 3, 9), by=cast.senco, at=AT)
    client = as_(cast.people[person])
    pages = ("review_planner", "plan_reviews", "review_times", "reviews_to_come")
    found = [client.get(address(name, query=asked())).status_code for name in pages]
    assert found == [planner_page] * 4
    assert client.get(address("cancel_review", review.pk)).status_code == own
    assert client.get(address("exempt_review", cycle.pk)).status_code == own


def test_another_schools_planner_knows_nothing_of_them(cast: Cast, at_ten: datetime) -> None:
    [cycle] = opened(cast, cast.ada)
    schedule_review(cycle=cycle, starts_at=london(20, 3, 9), by=cast.senco, at=AT)
    far = as_(cast.stranger)
    for name in ("review_planner", "review_times", "reviews_to_come"):
        assert "Ada" not in words(far.get(address(name, query=asked(month="2026-03"))))
    assert far.get(address("exempt_review", cycle.pk)).status_code == 404


def test_a_time_that_is_seen_is_a_look_and_a_day_by_which_a_review_is_owed_is_none(
    cast: Cast, at_ten: datetime
) -> None:
    cycle, _ = opened(cast, cast.ada, cast.sam)
    review = schedule_review(cycle=cycle, starts_at=london(20, 3, 9), by=cast.senco, at=AT)
    senco = as_(cast.senco)

    def looks(page: str, query: str = "") -> list[tuple[str, User]]:
        before = list(AccessLog.objects.values_list("pk", flat=True))
        assert senco.get(address(page, query=query)).status_code == 200
        new = AccessLog.objects.exclude(pk__in=before)
        return [(look.pupil.given_name, look.person) for look in new.filter(sections=["reviews"])]

    assert looks("review_planner") == [("Ada", cast.senco)]
    assert looks("reviews_to_come", "?month=2026-03") == [("Ada", cast.senco)]
    assert looks("reviews_to_come", "?month=2026-05") == []
    scheduling.cancel_review(review=review, version=review.version, reason="Snow.", by=cast.senco, at=AT)
    assert looks("review_planner") == []
    assert looks("reviews_to_come", "?month=2026-05") == [("Ada", cast.senco)]  # what became of it


@pytest.mark.parametrize("pupils", [1, 3])
def test_a_page_takes_the_same_queries_however_many_pupils(cast: Cast, at_ten: datetime, pupils: int) -> None:
    terms(cast)
    three = [cast.ada, cast.sam, cast.noor]
    made = opened(cast, *three[:pupils])
    senco = as_(cast.senco)
    counted = {
        "owed": count(senco, address("review_planner")),
        "ask": count(senco, address("plan_reviews")),
        "times": count(senco, address("review_times", query=asked(teaches="on", also=cast.colleague.pk))),
    }
    for number, cycle in enumerate(made):
        at = london(16 + number, 3, 9)
        scheduling.schedule_all(bookings=[booking(cycle, at, cast.senco)], key=uuid4(), by=cast.senco, at=AT)
        review = cycle.reviews.get()
        edit_review(review=review, version=1, starts_at=at + timedelta(hours=2), by=cast.senco, at=AT)
    counted["owed, set"] = count(senco, address("review_planner"))
    counted["to come"] = count(senco, address("reviews_to_come", query="?month=2026-03"))
    assert counted == {"owed": 8, "ask": 8, "times": 13, "owed, set": 10, "to come": 15}


def test_a_senco_of_two_settings_plans_for_both(cast: Cast, at_ten: datetime) -> None:
    member(cast.senco, cast.westfield, Role.SENCO)
    sam = services.create_pupil(
        setting=cast.westfield, given_name="Una", family_name="West", date_of_birth=date(2008, 1, 1),
        starts_on=date(2025, 9, 1), year_group="13", by=cast.senco, at=AT,
    )  # fmt: skip
    opened(cast, cast.ada, sam)
    assert set(owed_of(cast)) == {"Ada", "Una"}
    page = as_(cast.senco).get(address("review_times", query=asked()))
    times = {str(f["time"].value()) for f in page.context["found"].forms.values()}
    assert len(times) == 2  # the same SENCO is at both


def test_a_review_of_another_setting_takes_a_person_and_no_room(cast: Cast) -> None:
    member(cast.teacher, cast.westfield, Role.KEY_ADULT)
    member(cast.senco, cast.westfield, Role.SENCO)
    una = services.create_pupil(
        setting=cast.westfield, given_name="Una", family_name="West", date_of_birth=date(2008, 1, 1),
        starts_on=date(2025, 9, 1), year_group="13", by=cast.stranger, at=AT,
    )  # fmt: skip
    a, u = opened(cast, cast.ada, una)
    far = [booking(u, london(16, 3, 9), cast.teacher, where="Room 4")]
    scheduling.schedule_all(bookings=far, key=uuid4(), by=cast.stranger, at=AT)
    room = [booking(a, london(16, 3, 9), cast.senco, where="Room 4")]
    wanted = [booking(a, london(16, 3, 9), cast.teacher, where="Room 4")]
    with pytest.raises(ValidationError, match="Tom Teal is at another review"):
        scheduling.schedule_all(bookings=wanted, key=uuid4(), by=cast.senco, at=AT)
    assert len(scheduling.schedule_all(bookings=room, key=uuid4(), by=cast.senco, at=AT)) == 1


def test_an_annual_review_is_scheduled_as_one(cast: Cast) -> None:
    Pupil.objects.filter(pk=cast.ada.pk).update(sen_provision="E")
    [cycle] = opened(cast, cast.ada, at=SEPTEMBER, review_on=date(2026, 8, 1))
    [made] = scheduling.schedule_all(
        bookings=[booking(cycle, london(20, 4, 9))], key=uuid4(), by=cast.senco, at=AT
    )
    assert (made.kind, made.state) == (Kind.ANNUAL, ReviewState.SCHEDULED)
    [row] = planner.rows(planner.held_by(cast.senco, AT), AT, settings=planner.settings_of(cast.senco, AT))
    assert row.clocks == [
        ("Ask for advice by", date(2026, 3, 23)),
        ("Send the papers by", date(2026, 4, 6)),
        ("Send the report by", date(2026, 5, 4)),
        ("The local authority decides by", date(2026, 5, 18)),
        ("If it changes the plan, the new one comes by", date(2026, 7, 13)),
    ]


def test_a_pupil_out_of_a_class_is_not_in_it(cast: Cast) -> None:
    terms(cast)
    opened(cast, cast.ada)
    held, settings = planner.held_by(cast.senco, AT), planner.settings_of(cast.senco, AT)
    narrowed: Any = {"settings": settings, "class_id": UUID(str(cast.class_9b.pk))}
    assert len(planner.rows(held, AT, **narrowed)) == 1
    circle.take_out_of_class(pupil=cast.ada, class_group=cast.class_9b, by=cast.senco, at=AT)
    assert planner.rows(held, AT, **narrowed) == []


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Mon 16 Mar 2026", date(2026, 3, 16)),
        ("monday, 16 march 2026", date(2026, 3, 16)),
        ("16/3/2026", date(2026, 3, 16)),
        ("2026-03-16", date(2026, 3, 16)),
        ("29 Feb 2028", date(2028, 2, 29)),
        ("29 Feb 2027", "Enter a real day, like 7 December 2026"),
        ("Tue 16 Mar 2026", "16 March 2026 is a Monday. Put one of them right"),
        ("next week", "Enter a real day, like 7 December 2026"),
        ("", "Enter a day, like 7 December 2026"),
    ],
)
def test_a_day_is_typed_as_people_write_it(typed: str, found: date | str) -> None:
    form = TimeForm({"0-day": typed, "0-pick": "on", "0-time": "09:00"}, people=[], prefix="0")
    told = form.errors.get("day", [form.cleaned_data.get("day")])
    assert list(told) == [found]
