"""Events on pages, in calendars, for the door and through the API: told as walks."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse
from time_machine import travel

from notifications import events, selectors_events
from notifications.models import Event, EventEntry, EventPlace
from pupils import circle
from pupils.enums import RestrictionKind
from pupils.models import AuditEvent
from reviews import feeds

from ..apdr.pages import address, as_, count, errors, hidden, send, words
from ..api.asking import ask as ask_api
from ..api.record import token_of
from ..cast import AT, Cast
from ..routes import browser
from ..test_routes import words_of
from .happening import DAY, HOUR, STARTS, asked_of, come, event_of, leave, states
from .test_on_paper import gran

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]


def page_of(event: Event) -> str:
    return address("event", event.pk)


def told_of(cast: Cast, event: Event, who: str) -> str:
    return words(browser(getattr(cast, who)).get(page_of(event)))


# Making and signing up -----------------------------------------------------------------------------------------


def test_a_senco_makes_an_event_and_a_parent_comes_changes_it_and_takes_it_back(cast: Cast) -> None:
    senco, add = as_(cast.senco), address("add_event", cast.hazelmere.pk)
    assert "Make an event" in words(senco.get(address("setting_events", cast.hazelmere.pk)))
    typed = asked_of({"places": "5", "classes": [str(cast.class_9b.pk)], "sign_up_until": "2026-03-18"})
    assert [senco.post(add, typed).status_code for _ in range(2)] == [302, 302]
    event = Event.objects.get()
    assert (event.starts_at, event.ends_at, event.classes) == (STARTS, STARTS + HOUR, [cast.class_9b.pk])
    parent = as_(cast.parent)
    home = words(parent.get("/"))
    assert "1 event is coming. See what is on" in home
    assert "Coffee morning" not in home
    listed = words(parent.get(address("events")))
    assert "Thursday 19 March 2026, 9:00 to 10:00, Library" in listed
    assert "5 places are free." in words(parent.get(page_of(event)))
    form = {
        **hidden(parent.get(page_of(event))),
        "adults": "1",
        "children": "2",
        "know": "We come with a pram.",
    }
    assert [parent.post(page_of(event), form).status_code for _ in range(2)] == [302, 302]
    assert EventPlace.objects.count() == 1
    seen = words(parent.get(page_of(event)))
    assert "You are coming 1 adult, 2 children. You told us: We come with a pram." in seen
    assert "2 places are free." in seen
    assert send(parent, page_of(event), adults="2", children="").status_code == 302
    place = EventPlace.objects.get()
    assert (place.adults, place.children, place.know) == (2, 0, "")
    assert parent.post(address("leave_event", event.pk)).status_code == 302
    assert states(event) == {"Pam Lovelace": "taken_back"}
    assert "Come along" in words(parent.get(page_of(event)))


def test_nobody_who_is_not_asked_finds_an_event_and_nobody_reads_who_else_comes(cast: Cast) -> None:
    event = event_of(cast, host_id=cast.teacher.pk, places=9)
    come(event, cast.other_parent, know="~a ramp~")
    found = {who: browser(person).get(page_of(event)).status_code for who, person in cast.people.items()}
    assert {who for who, status in found.items() if status == 200} == {
        "senco",
        "teacher",
        "parent",
        "other_parent",
    }
    assert set(found.values()) == {200, 404, 302}  # whoever may not sign in is sent to do so
    told = told_of(cast, event, "parent")
    assert ("Oscar" in told, "ramp" in told, "8 places are free" in told) == (False, False, True)
    guests = address("event_guests", event.pk)
    assert {who for who, person in cast.people.items() if browser(person).get(guests).status_code == 200} == {
        "senco", "teacher",
    }  # fmt: skip
    assert "~a ramp~" in words(as_(cast.senco).get(guests))
    host = words(as_(cast.teacher).get(guests))
    assert ("Oscar Lovelace : 1 adult, 0 children" in host, "ramp" in host) == (True, False)
    posted = as_(cast.teacher).post(page_of(event), {"adults": "1", "version": "0"})
    assert (posted.status_code, EventPlace.objects.count()) == (404, 1)
    for name in ("edit_event", "call_off_event", "find_for_event"):
        assert browser(cast.teacher).get(address(name, event.pk)).status_code == 404


def test_whoever_is_shut_out_from_their_child_is_not_asked_because_of_that_child(cast: Cast) -> None:
    event = event_of(cast, classes=[cast.class_9b.pk])
    come(event, cast.other_parent)
    other = as_(cast.other_parent)
    assert "1 event is coming" in words(other.get("/"))
    circle.restrict(
        pupil=cast.ada,
        person=cast.other_parent,
        kind=RestrictionKind.UNSAFE,
        reason="x",
        by=cast.senco,
        at=AT,
    )
    assert "event" not in words(other.get("/"))
    for href in (page_of(event), address("event_file", event.pk)):
        assert other.get(href).status_code == 404
    assert other.post(address("leave_event", event.pk)).status_code == 404
    senco, guests = as_(cast.senco), address("event_guests", event.pk)
    assert "Not asked any more: on no list for the door" in words(senco.get(guests))
    assert b"Oscar" not in senco.get(address("door_csv", event.pk)).content
    assert senco.post(address("take_off_event", event.pk, cast.other_parent.pk)).status_code == 302
    assert "Nobody signed up yet" in words(senco.get(guests))


def test_a_full_event_says_so_and_whoever_waits_is_told_that_they_have_a_place(cast: Cast) -> None:
    event = event_of(cast, places=2)
    come(event, cast.other_parent, adults=2)
    parent = as_(cast.parent)
    assert "All places are taken. You can wait for one." in words(parent.get(page_of(event)))
    refused = send(parent, page_of(event), adults="1", know="By bus.")
    assert (refused.status_code, errors(refused)) == (
        422, ["All places are taken, or tick this to wait for a place."],
    )  # fmt: skip
    assert "By bus." in refused.content.decode()
    send(parent, page_of(event), adults="1", wait="on")
    assert "You wait for a place" in words(parent.get(page_of(event)))
    leave(event, cast.other_parent, AT + timedelta(seconds=1))
    events.saw(event, cast.parent, AT)  # an older look changes nothing
    told = "A place came free at an event. You have it now"
    with travel(AT + HOUR, tick=False):
        assert told in words(parent.get("/"))
        assert "You are coming" in words(parent.get(page_of(event)))
        assert told not in words(parent.get("/"))


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"adults": "0", "children": ""}, "Say how many of you come."),
        ({"adults": "21"}, "Enter a number from 0 to 20"),
        ({"adults": "two"}, "Enter a number from 0 to 20"),
        (
            {"adults": "1", "know": "x" * 501},
            "That is 501 characters. Shorten it to 500; all of it is still here",
        ),
    ],
)
def test_what_nobody_can_mean_is_refused_beside_its_field(
    cast: Cast, typed: dict[str, str], says: str
) -> None:
    refused = send(as_(cast.parent), page_of(event_of(cast)), **typed)
    assert (refused.status_code, errors(refused)) == (422, [says])
    assert EventPlace.objects.count() == 0


def test_an_event_in_the_hour_that_the_clocks_leave_out_is_refused(cast: Cast) -> None:
    typed = asked_of({"day_0": "29", "start": "01:30", "end": "02:30"})
    refused = as_(cast.senco).post(address("add_event", cast.hazelmere.pk), typed)
    assert errors(refused) == ["The clocks go forward then, so this time does not exist. Choose another"]
    typed = asked_of({"start": "10:00", "end": "09:00"})
    refused = as_(cast.senco).post(address("add_event", cast.hazelmere.pk), typed)
    assert (errors(refused), Event.objects.count()) == (["It ends before it starts. Choose a later time."], 0)


# Changing and calling off --------------------------------------------------------------------------------------


def test_of_two_who_change_an_event_the_second_is_shown_both(cast: Cast) -> None:
    event = event_of(cast)
    senco, href = as_(cast.senco), address("edit_event", event.pk)
    opened = hidden(senco.get(href))
    events.edit(event=event, version=1, title="Tea", by=cast.senco, at=AT)
    late = senco.post(href, {**asked_of({"where": "Hall"}), **opened})
    assert late.status_code == 409
    assert {"Tea", "Hall"} <= set(re.findall(r"Tea|Hall", words(late)))
    assert send(senco, href, **asked_of({"where": "Hall", "key": None})).status_code == 302
    event.refresh_from_db()
    assert (event.where, event.moved, event.version) == ("Hall", 1, 3)


def test_of_two_who_change_one_place_the_second_is_shown_both(cast: Cast) -> None:
    event = event_of(cast)
    come(event, cast.parent)
    parent = as_(cast.parent)
    opened = hidden(parent.get(page_of(event)))
    come(event, cast.parent, adults=2, version=1)
    late = parent.post(page_of(event), {**opened, "adults": "3"})
    assert (late.status_code, EventPlace.objects.get().adults) == (409, 2)


def test_what_is_called_off_says_why_to_who_signed_up_and_is_gone_for_others(cast: Cast) -> None:
    event = event_of(cast)
    come(event, cast.parent)
    senco, href = as_(cast.senco), address("call_off_event", event.pk)
    assert errors(senco.post(href, {"why": " "})) == ["Say why, in a sentence that families can read."]
    assert [senco.post(href, {"why": "The heating broke."}).status_code for _ in range(2)] == [302, 302]
    assert AuditEvent.objects.filter(verb="event called off").count() == 1
    told = told_of(cast, event, "parent")
    assert ("This is called off The heating broke." in told, "Sign up" in told) == (True, False)
    assert "Called off" in words(as_(cast.parent).get(address("events")))
    assert "Coffee" not in words(as_(cast.other_parent).get(address("events")))
    refused = as_(cast.parent).post(page_of(event), {"adults": "2", "version": "1"})
    assert (refused.status_code, errors(refused)) == (409, ["This event is called off."])
    assert senco.post(address("edit_event", event.pk), {**asked_of(), "version": "2"}).status_code == 409


def test_what_is_over_is_listed_apart(cast: Cast) -> None:
    event = event_of(cast)
    event_of(cast, title="Another", starts_at=STARTS + DAY)
    come(event, cast.parent)
    with travel(STARTS + 2 * HOUR, tick=False):
        kept = words(as_(cast.senco).get(address("setting_events", cast.hazelmere.pk)))
        assert kept.index("Another") < kept.index("Past events") < kept.index("Coffee morning Thursday")
        mine = words(as_(cast.parent).get(address("events")))
        assert (
            mine.index("Another") < mine.index("You signed up for these before") < mine.index("Library", 200)
        )
        told = told_of(cast, event, "parent")
        assert ("We do not come" in told, "Save" in told) == (False, False)
        assert "1 event is coming" in words(as_(cast.parent).get("/"))


# For somebody who told us, and for the door -----------------------------------------------------------------------


def test_a_senco_signs_up_whoever_told_them(cast: Cast) -> None:
    person, event = gran(cast), event_of(cast)
    senco = as_(cast.senco)
    found = words(senco.get(address("find_for_event", event.pk)))
    assert all(name in found for name in ("Gran", "Pam Lovelace", "Oscar Lovelace"))
    assert "Rob" not in found
    assert "Pam" not in words(senco.get(address("find_for_event", event.pk, query="?q=gra")))
    href = address("sign_up_for", event.pk, person.pk)
    assert errors(send(senco, href, adults="1", told_on_0="9", told_on_1="3", told_on_2="2026")) != []
    typed = {"adults": "1", "know": "No stairs.", "told_how": "phone", "told_on": "2026-03-09"}
    assert send(senco, href, **typed).status_code == 302
    guests = words(senco.get(address("event_guests", event.pk)))
    assert "Told us by phone on 9 March 2026, written down by Sunita Rao." in guests
    for who in (cast.restricted_parent, cast.stranger):
        assert senco.get(address("sign_up_for", event.pk, who.pk)).status_code == 404
    assert "Gran" not in words(senco.get(address("find_for_event", event.pk)))
    assert senco.post(address("take_off_event", event.pk, person.pk)).status_code == 302
    assert states(event) == {"Gran": "taken_back"}


def test_the_list_for_the_door_runs_no_formula_and_each_is_written_down(cast: Cast) -> None:
    event = event_of(cast, places=3)
    cast.other_parent.name = "=HYPERLINK(1)"
    cast.other_parent.save()
    come(event, cast.parent, children=1, know="~a ramp~")
    come(event, cast.other_parent)
    senco = as_(cast.senco)
    answer = senco.get(address("door_csv", event.pk))
    assert answer.content.decode("utf-8-sig").splitlines() == [
        "Name,Adults,Children,Here", "'=HYPERLINK(1),1,0,", "Pam Lovelace,1,1,", "Together,2,1,",
    ]  # fmt: skip
    assert answer["Cache-Control"] == "no-store, private"
    told = " ".join(words_of(senco.get(address("door_pdf", event.pk)).content).split())
    assert "Coffee morning Thursday 19 March 2026, 9:00 to 10:00 Library" in told
    assert ("Pam Lovelace" in told, "ramp" in told, "Ada" in told) == (True, False, False)
    rows = AuditEvent.objects.filter(verb="event list given out").order_by("pk")
    assert {(row.by, row.setting, row.object_id, row.detail["form"]) for row in rows} == {
        (cast.senco, cast.hazelmere, event.pk, form) for form in ("csv", "pdf")
    }
    for name in ("door_csv", "door_pdf"):
        assert browser(cast.parent).get(address(name, event.pk)).status_code == 404
    assert rows.count() == 2


# Calendars -----------------------------------------------------------------------------------------------------


def entries(content: bytes) -> list[dict[str, str]]:
    text = content.decode().replace("\r\n ", "")
    return [
        dict(line.split(":", 1) for line in one.split("END:VEVENT")[0].strip().splitlines() if ":" in line)
        for one in text.split("BEGIN:VEVENT")[1:]
    ]


def test_an_event_stands_in_the_calendar_of_who_comes_until_it_is_theirs_no_longer(cast: Cast) -> None:
    event = event_of(cast, where="The SEN hub")
    _, secret = feeds.make(person=cast.parent, key=uuid4(), by=cast.parent, at=AT)
    assert entries(feeds.read(secret=secret, at=AT)) == []
    come(event, cast.parent)
    [entry] = entries(feeds.read(secret=secret, at=AT))
    assert (entry["SUMMARY"], entry["DTSTART;TZID=Europe/London"], entry["STATUS"]) == (
        "Coffee morning", "20260319T090000", "CONFIRMED",
    )  # fmt: skip
    assert ("LOCATION" in entry, entry["SEQUENCE"], entry["URL"].endswith(page_of(event))) == (
        False,
        "0",
        True,
    )
    events.edit(event=event, version=1, where="Library", by=cast.senco, at=AT)
    [entry] = entries(feeds.read(secret=secret, at=AT + HOUR))
    assert (entry["LOCATION"], entry["SEQUENCE"]) == ("Library", "1")
    assert entries(feeds.read(secret=secret, at=AT + HOUR))[0]["SEQUENCE"] == "1"
    leave(event, cast.parent)
    [entry] = entries(feeds.read(secret=secret, at=AT + 2 * HOUR))
    assert (entry["STATUS"], entry["SUMMARY"], entry["SEQUENCE"]) == ("CANCELLED", "Event", "2")
    assert {"LOCATION", "URL", "DESCRIPTION"} & set(entry) == set()
    come(event, cast.parent, version=2)
    [entry] = entries(feeds.read(secret=secret, at=AT + 3 * HOUR))
    assert (entry["STATUS"], entry["SEQUENCE"]) == ("CONFIRMED", "3")
    for pupil in cast.pupils.values():
        circle.restrict(
            pupil=pupil, person=cast.parent, kind=RestrictionKind.UNSAFE, reason="x", by=cast.senco, at=AT
        )
    [entry] = entries(feeds.read(secret=secret, at=AT + 4 * HOUR))
    assert (entry["STATUS"], entry["SEQUENCE"], EventEntry.objects.count()) == ("CANCELLED", "4", 1)


def test_whoever_waits_has_no_entry_and_an_event_can_be_had_as_a_file(cast: Cast) -> None:
    event = event_of(cast, places=1)
    come(event, cast.other_parent)
    come(event, cast.parent, wait=True)
    _, secret = feeds.make(person=cast.parent, key=uuid4(), by=cast.parent, at=AT)
    assert entries(feeds.read(secret=secret, at=AT)) == []
    answer = as_(cast.parent).get(address("event_file", event.pk))
    [entry] = entries(answer.content)
    assert (entry["SUMMARY"], entry["LOCATION"], entry["UID"]) == (
        "Coffee morning", "Library", f"{event.pk}@events.alongside.invalid",
    )  # fmt: skip


# Through the API --------------------------------------------------------------------------------------------------


def test_a_program_makes_changes_and_calls_off_and_a_family_signs_up(cast: Cast) -> None:
    senco, parent, stranger = (token_of(one) for one in (cast.senco, cast.parent, cast.stranger))
    of_setting = f"/api/v1/settings/{cast.hazelmere.pk}/events/"
    body = {
        "sent_key": str(uuid4()), "title": "Coffee morning", "kind": "coffee", "starts_at": "2026-03-19T09:00:00Z",
        "ends_at": "2026-03-19T10:00:00Z", "where": "Library", "what": "Tea.", "whom": ["parents"], "places": 2,
        "contact": "Sunita Rao", "classes": [str(cast.class_9b.pk)],
    }  # fmt: skip
    made = [ask_api(senco, "POST", of_setting, body) for _ in range(2)]
    assert [(one.status_code, one.json()["free"]) for one in made] == [(201, 2), (201, 2)]
    href = f"/api/v1/events/{made[0].json()['id']}/"
    assert [one["id"] for one in ask_api(parent, "GET", of_setting).json()] == [made[0].json()["id"]]
    assert (ask_api(stranger, "GET", of_setting).status_code, ask_api(stranger, "GET", href).status_code) == (
        404,
        404,
    )
    assert ask_api(parent, "POST", of_setting, {**body, "sent_key": str(uuid4())}).status_code == 403
    for method, path, sent in (
        ("PATCH", "", {"version": 1, "title": "x"}),
        ("POST", "call-off/", {"why": "x"}),
    ):
        assert ask_api(parent, method, href + path, sent).status_code == 404
    here = ask_api(parent, "POST", href + "sign-up/", {"version": 0, "adults": 1, "know": "A ramp."})
    assert (here.json()["free"], here.json()["mine"]["state"]) == (1, "coming")
    assert ask_api(parent, "POST", href + "sign-up/", {"version": 1, "adults": 3}).status_code == 400
    told = ask_api(senco, "GET", href).json()
    assert (told["mine"], "ramp" in str(told)) == (None, False)
    changed = ask_api(senco, "PATCH", href, {"version": 1, "where": "Hall"})
    assert (changed.json()["where"], changed.json()["version"]) == ("Hall", 2)
    assert ask_api(senco, "PATCH", href, {"version": 1, "where": "Room"}).json()["code"] == "stale"
    assert ask_api(parent, "POST", href + "not-coming/").json()["mine"]["state"] == "taken_back"
    off = ask_api(senco, "POST", href + "call-off/", {"why": "No heating."})
    assert off.json()["why_off"] == "No heating."
    assert ask_api(parent, "POST", href + "sign-up/", {"version": 2, "adults": 1}).json()["code"] == "not_now"


# As many queries however many there are ---------------------------------------------------------------------------


@pytest.mark.parametrize("many", [1, 3])
def test_lists_ask_the_same_of_one_row_and_three(cast: Cast, many: int) -> None:
    rows = [event_of(cast, title=f"Tea {n}", starts_at=STARTS + n * DAY, places=9) for n in range(many)]
    people: list[Any] = [cast.parent, cast.other_parent, gran(cast)][:many]
    for row in rows:
        for person in people:
            told = {} if person.signs_in else {"told_how": "phone", "told_on": AT.date(), "by": cast.senco}
            come(row, person, **told)
    parent, senco = as_(cast.parent), as_(cast.senco)
    assert count(parent, address("events")) == 6
    assert count(parent, page_of(rows[0])) == 9
    assert count(senco, address("setting_events", cast.hazelmere.pk)) == 5
    assert count(senco, address("event_guests", rows[0].pk)) == 9
    assert reverse("events") == "/events/"
    assert len(selectors_events.guests(rows[0], AT)) == many
