"""One update for many children: for all or for none, once however often it is sent, and never past the rule."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role
from notifications import many
from notifications.models import Call, Update
from pupils import circle, services
from pupils.models import AuditEvent, Pupil

from ..apdr.pages import address, as_, count, errors, hidden, send, words
from ..api.asking import ask as ask_api
from ..api.record import token_of
from ..cast import AT, SEPTEMBER, Cast, member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]

PATH = "/write-home/"


def class_of(cast: Cast, number: int) -> list[Pupil]:
    """So many more children in 9B, besides Ada."""
    from datetime import date

    made = []
    for n in range(number):
        who: dict[str, Any] = {"by": cast.senco, "at": SEPTEMBER}
        made.append(
            services.create_pupil(
                setting=cast.hazelmere, given_name=f"Child{n:02}", family_name="Ninth", year_group="9",
                date_of_birth=date(2012, 3, 1), starts_on=date(2025, 9, 2), **who,
            )
        )  # fmt: skip
        circle.place_in_class(pupil=made[-1], class_group=cast.class_9b, **who)
    return made


def write(cast: Cast, pupils: list[UUID], key: UUID, **more: Any) -> list[Update]:
    said: dict[str, Any] = {"good_thing": "We planted beans.", "words": "", **more}
    return many.write_many(pupils=pupils, by=cast.teacher, at=AT, sent_key=key, **said)


def test_a_whole_class_is_one_tick_and_the_same_form_again_changes_nothing(cast: Cast) -> None:
    children = class_of(cast, 2)
    teacher, path = as_(cast.teacher), f"{PATH}?group={cast.class_9b.pk}"
    page = words(teacher.get(path))
    assert page.index("One good thing") < page.index("Anything else") < page.index("Everybody in 9B (3)")
    assert "Is it serious, or sad news? Ring instead of writing." in page
    typed = {**hidden(teacher.get(path)), "good_thing": "We planted beans.", "everybody": "on"}
    assert [teacher.post(path, typed).status_code for _ in range(2)] == [302, 302]
    told = Update.objects.filter(household=None, perspective="staff")
    assert sorted(told.values_list("pupil__given_name", "good_thing")) == [
        (name, "We planted beans.") for name in ("Ada", "Child00", "Child01")
    ]
    assert AuditEvent.objects.filter(verb="update written", by=cast.teacher).count() == 3
    assert "Sent to the homes of 3 children." in words(teacher.get(path))
    some = send(teacher, path, words="Only you.", pupils=[str(children[0].pk)])
    assert some.status_code == 302
    assert Update.objects.filter(words="Only you.").get().pupil == children[0]
    assert "We planted beans." in words(as_(cast.parent).get(address("updates", cast.ada.pk)))


def test_twelve_children_take_the_queries_of_three(cast: Cast) -> None:
    ids = [cast.ada.pk, *(one.pk for one in class_of(cast, 11))]
    told = []
    for some in (ids[:3], ids):
        with CaptureQueriesContext(connection) as asked:
            assert len(write(cast, some, uuid4())) == len(some)
        told.append(len(asked))
    assert told == [7, 7]
    assert Update.objects.count() == 15
    page = f"{PATH}?group={cast.class_9b.pk}"
    assert count(as_(cast.teacher), page) == 9
    assert count(as_(cast.senco), page) == 9


def test_it_goes_to_all_or_to_none_and_says_whom_it_cannot_go_to(cast: Cast) -> None:
    child = class_of(cast, 1)[0]
    for pupil in (cast.noor, cast.sam):  # who decide, and opened this part to no teacher
        circle.place_in_class(pupil=pupil, class_group=cast.class_9b, by=cast.senco, at=SEPTEMBER)
    teacher, path = as_(cast.teacher), f"{PATH}?group={cast.class_9b.pk}"
    page = words(teacher.get(path))
    assert "not open to you: Noor Haddad, Sam Okafor." in page
    for away in (uuid4(), cast.westfield.pk):
        ticked = [str(child.pk), str(cast.noor.pk), str(away)]
        refused = send(teacher, path, words="Keep me.", pupils=ticked)
        assert (refused.status_code, errors(refused)) == (
            422,
            [
                "Nothing was sent. This part is not open to you for Noor. Their tick is taken out",
                "Nothing was sent. One child you ticked is not with you any more. The tick is taken out",
            ],
        )
        text = refused.content.decode()
        assert ("Keep me." in text, text.count(" checked")) == (True, 1)
    assert Update.objects.count() == 0
    with pytest.raises(ValidationError):
        write(cast, [], uuid4())
    with pytest.raises(ValidationError):
        write(cast, [child.pk], uuid4(), good_thing=" ")
    with pytest.raises(ValidationError):
        write(cast, [child.pk], uuid4(), good_thing="x" * 2001)
    assert Update.objects.count() == 0


def test_a_child_who_moves_while_it_is_written_gets_nothing_and_neither_do_the_others(cast: Cast) -> None:
    child = class_of(cast, 1)[0]
    path = f"{PATH}?group={cast.class_9b.pk}"
    teacher = as_(cast.teacher)
    typed = {**hidden(teacher.get(path)), "words": "Keep me.", "pupils": [str(child.pk), str(cast.ada.pk)]}
    services.move(pupil=child, to=None, on=AT.date(), by=cast.senco, at=AT)
    refused = teacher.post(path, typed)
    assert (refused.status_code, Update.objects.count(), "Child00" in words(refused)) == (422, 0, False)


def test_what_somebody_else_sent_is_nobody_elses_to_send_again(cast: Cast) -> None:
    key = uuid4()
    write(cast, [cast.ada.pk], key)
    with pytest.raises(ValidationError, match="out of date"):
        many.write_many(
            pupils=[cast.ada.pk], by=cast.key_adult, at=AT, sent_key=key, good_thing="We planted beans."
        )


def test_what_needs_a_call_is_not_sent(cast: Cast) -> None:
    teacher, path = as_(cast.teacher), f"{PATH}?group={cast.class_9b.pk}"
    sent = send(teacher, path, words="Ada was very sad.", everybody="on", call="on")
    assert sent.status_code == 302
    assert (Update.objects.count(), Call.objects.get().words) == (0, "Ada was very sad.")
    send(teacher, address("updates", cast.ada.pk), words="And again.", call="on", household=str(cast.home.pk))
    assert Call.objects.filter(words="And again.", household=cast.home).count() == 1
    assert "Ada was very sad." not in words(as_(cast.parent).get(address("updates", cast.ada.pk)))


def test_only_staff_write_to_many(cast: Cast) -> None:
    assert {
        name: as_(person).get(PATH).status_code for name, person in cast.people.items() if person.is_active
    } == {name: 403 for name, person in cast.people.items() if person.is_active} | dict.fromkeys(
        ("senco", "teacher", "key_adult"), 200
    )
    both = member(cast.parent, cast.hazelmere, Role.KEY_ADULT)
    circle.join_class(class_group=cast.class_9b, person=cast.parent, by=cast.senco, at=AT)
    page = words(as_(cast.parent).get(PATH))
    assert ("not open to you: Ada Lovelace." in page, "Everybody in 9B" in page) == (True, False)
    assert both is None or both.role


def test_a_program_writes_down_calls_for_many_and_reads_when_homes_saw_what_staff_wrote(cast: Cast) -> None:
    child = class_of(cast, 1)[0]
    secret, body = token_of(cast.teacher), {"sent_key": str(uuid4()), "words": "About the trip."}
    pupils = [str(cast.ada.pk), str(child.pk)]
    assert (
        ask_api(secret, "POST", "/api/v1/calls/", body | {"pupils": [*pupils, str(cast.noor.pk)]}).status_code
        == 400
    )
    assert Call.objects.count() == 0  # of Noor, who decides, this part is closed: for all or for none
    made = [ask_api(secret, "POST", "/api/v1/calls/", body | {"pupils": pupils}) for _ in range(2)]
    assert [one.status_code for one in made] == [201, 201]
    assert made[0].json() == made[1].json()
    assert sorted(Call.objects.values_list("pupil__given_name", "words")) == [
        ("Ada", "About the trip."), ("Child00", "About the trip."),
    ]  # fmt: skip
    assert (
        ask_api(token_of(cast.parent), "POST", "/api/v1/calls/", body | {"pupils": pupils}).status_code == 400
    )
    write(cast, [cast.ada.pk], uuid4())
    as_(cast.parent).get(address("updates", cast.ada.pk))

    def seen(person: Any) -> Any:
        found = ask_api(token_of(person), "GET", f"/api/v1/pupils/{cast.ada.pk}/updates/")
        return found.json()["results"][0]["seen"]

    assert seen(cast.senco) == [{"home": "Pam’s home", "at": "2026-03-10T10:30:00Z"}]
    assert [seen(one) for one in (cast.parent, cast.other_parent, cast.child)] == [[], [], []]
