"""Calls that are to be made, private talks, when a home saw something, and what worked at home."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from apdr.enums import Perspective, Stage
from apdr.models import Proposal, Strategy
from apdr.services import cycles, family
from notifications import calls, talks
from notifications.enums import Kind
from notifications.models import Call, Talk, Update
from notifications.services import put_on_plan, write_update
from pupils import choices, circle, policy
from pupils.choices import Wanted as Chosen
from pupils.enums import Answer, Section
from pupils.errors import NotNow

from ..apdr.pages import address, as_, errors, hidden, send, words
from ..apdr.plans import Plan
from ..cast import AT, Cast
from .reviewing import DAY, is_wanted

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]


def statuses(cast: Cast, path: str) -> dict[int, set[str]]:
    """Who is answered what at an address."""
    told: dict[int, set[str]] = {}
    for name, person in cast.people.items():
        if person.is_active:
            told.setdefault(as_(person).get(path).status_code, set()).add(name)
    return told


SCHOOL = {"senco", "teacher", "key_adult"}


# Calls -------------------------------------------------------------------------------------------------------


def needed(cast: Cast, **more: Any) -> Call:
    who: dict[str, Any] = {"pupil": cast.ada, "by": cast.teacher, "at": AT, "sent_key": uuid4()} | more
    return calls.need_call(words="~about the fight~", **who)


def test_ring_home_waits_for_whoever_wrote_it_until_they_say_how_it_went(cast: Cast) -> None:
    row = needed(cast)
    path = reverse("rang", args=[row.pk])
    assert is_wanted() == {(Kind.CALL.value, "Tom Teal")}
    assert "Ring home, and say how it went: Ada Lovelace" in words(as_(cast.teacher).get("/"))
    told = statuses(cast, path)
    assert (told[200], 403 in told) == (SCHOOL, False)  # nobody else is told that there is such a call
    future = send(as_(cast.teacher), path, outcome="Keep me.", on="2026-03-11")
    assert errors(future) == ["The day of the call cannot be in the future"]
    assert "Keep me." in future.content.decode()
    typed = {**hidden(as_(cast.teacher).get(path)), "outcome": "Pam knew already.", "on": "2026-03-10"}
    assert [as_(cast.teacher).post(path, typed).status_code for _ in range(2)] == [302, 302]
    assert as_(cast.senco).post(path, typed).status_code == 409
    assert is_wanted() == set()
    thread = address("updates", cast.ada.pk)
    assert "Pam knew already." in words(as_(cast.senco).get(thread))
    for name in ("parent", "other_parent", "child"):
        page = words(as_(cast.people[name]).get(thread))
        assert [one for one in ("Pam knew", "fight", "rang") if one in page] == [], name


def test_where_whoever_wrote_it_is_gone_the_senco_rings(cast: Cast) -> None:
    needed(cast)
    circle.leave_class(class_group=cast.class_9b, person=cast.teacher, by=cast.senco, at=AT)
    assert is_wanted() == {(Kind.CALL.value, "Sunita Rao")}


# Private talks -----------------------------------------------------------------------------------------------


def asked(cast: Cast, **more: Any) -> Talk:
    who: dict[str, Any] = {"pupil": cast.ada, "by": cast.parent, "at": AT, "sent_key": uuid4()} | more
    return talks.ask(suits=["after", "before"], times="Not Fridays.", reason="~about money~", **who)


def test_a_parent_asks_to_talk_and_is_told_when(cast: Cast) -> None:
    parent, path = as_(cast.parent), address("ask_to_talk", cast.ada.pk)
    assert "I’d like to talk privately" in words(parent.get(address("updates", cast.ada.pk)))
    assert errors(send(parent, path, to="senco", reason="Keep me.")) == [
        "Tick when it suits you, or write other times"
    ]
    typed = {**hidden(parent.get(path)), "to": str(cast.teacher.pk), "suits": ["after"], "reason": "~money~"}
    assert [parent.post(path, typed).status_code for _ in range(2)] == [302, 302]
    row = Talk.objects.get()
    assert (row.household, row.to, row.suits) == (cast.home, cast.teacher, ["after"])
    assert is_wanted() == {(Kind.TALK.value, "Tom Teal")}
    href = reverse("talk", args=[row.pk])
    assert statuses(cast, href)[200] == {"senco", "teacher", "parent"}
    assert "~money~" in words(as_(cast.teacher).get(href))
    for name in ("other_parent", "key_adult", "child", "restricted_parent"):
        assert "~money~" not in words(as_(cast.people[name]).get(href)), name
        assert "private talk" not in words(as_(cast.people[name]).get(address("updates", cast.ada.pk))), name
    assert parent.post(href, {"how": "phone", "day": "2026-03-12", "time": "15:30"}).status_code == 404
    late = send(as_(cast.teacher), href, how="phone", day="2026-03-09", time="15:30")
    assert errors(late) == ["Choose a time that is still to come"]
    when = {"how": "meet", "day": "2026-03-12", "time": "15:30", "where": "Room 4"}
    assert [as_(cast.teacher).post(href, when).status_code for _ in range(2)] == [302, 302]
    assert as_(cast.senco).post(href, when).status_code == 409
    assert is_wanted() == {(Kind.TALK_SET.value, "Pam Lovelace")}
    assert "Your talk has a time" in words(parent.get("/"))
    assert "Thursday 12 March 2026 at 15:30 , in person: Room 4." in words(parent.get(href))
    assert is_wanted(AT + 3 * DAY) == set()


def test_a_talk_is_the_sencos_where_nobody_is_named_or_the_one_who_was_has_gone(cast: Cast) -> None:
    asked(cast)
    assert is_wanted() == {(Kind.TALK.value, "Sunita Rao")}
    assert "Somebody asks to talk with you" in words(as_(cast.senco).get(reverse("caseload")))
    Talk.objects.all().delete()
    asked(cast, to=cast.teacher)
    circle.leave_class(class_group=cast.class_9b, person=cast.teacher, by=cast.senco, at=AT)
    assert is_wanted() == {(Kind.TALK.value, "Sunita Rao")}


def test_a_young_person_asks_and_no_home_knows(cast: Cast) -> None:
    choices.choose(
        pupil=cast.noor, wanted=[Chosen(Section.UPDATES, Answer.YES, person=cast.parent)], by=cast.student,
        at=AT, key=uuid4(), wording="test-1",
    )  # fmt: skip
    row = asked(cast, pupil=cast.noor, by=cast.student)
    assert (row.household, row.perspective) == (None, Perspective.CHILD)
    assert statuses(cast, reverse("talk", args=[row.pk]))[200] == {"senco", "student"}
    assert "talk" not in words(as_(cast.parent).get(address("updates", cast.noor.pk))).replace(
        "to talk privately", ""
    )
    assert as_(cast.other_parent).get(address("ask_to_talk", cast.noor.pk)).status_code == 403


def test_nobody_is_asked_for_who_does_not_read_this_part(cast: Cast) -> None:
    from django.core.exceptions import ValidationError

    for person in (cast.colleague, cast.stranger, cast.other_parent, cast.dsl):
        with pytest.raises(ValidationError):
            asked(cast, to=person)
    with pytest.raises(policy.NotThisSection):
        asked(cast, by=cast.teacher)
    assert Talk.objects.count() == 0


# When a home saw it ------------------------------------------------------------------------------------------


def test_staff_see_when_a_home_first_saw_something_and_never_that_it_did_not(cast: Cast) -> None:
    path = address("updates", cast.ada.pk)
    who: dict[str, Any] = {"pupil": cast.ada, "by": cast.teacher}
    write_update(words="For all.", at=AT - 2 * DAY, sent_key=uuid4(), **who)
    write_update(words="For Pam.", at=AT - DAY, sent_key=uuid4(), household=cast.home, **who)
    page = words(as_(cast.teacher).get(path))
    assert [one for one in ("Seen", "seen", "read", "not") if f" {one} " in page.split("Send", 1)[1]] == []
    as_(cast.parent).get(path)
    as_(cast.other_parent).get(path)
    as_(cast.key_adult).get(path)
    write_update(words="Later.", at=AT + timedelta(minutes=1), sent_key=uuid4(), **who)
    page = words(as_(cast.teacher).get(path)).split("Send", 1)[1]
    assert page.count("Seen at Pam’s home on 10 March") == 2
    assert page.count("Seen at Oscar’s home on 10 March") == 1
    for name in ("parent", "other_parent", "child"):
        assert "Seen at" not in words(as_(cast.people[name]).get(path)), name


# What worked at home -----------------------------------------------------------------------------------------


def test_what_worked_at_home_is_one_press_from_the_plan_in_the_words_of_who_said_it(
    cast: Cast, plan: Plan
) -> None:
    path = address("updates", cast.ada.pk)
    send(as_(cast.parent), path, worked="Counting to ten on the stairs.")
    update = Update.objects.get()
    teacher, press = as_(cast.teacher), reverse("put_on_plan", args=[update.pk])
    assert "Put it on the plan" in words(teacher.get(path))
    assert "Put it on the plan" not in words(as_(cast.parent).get(path))
    for name in ("parent", "other_parent", "child", "stranger", "restricted_parent", "professional"):
        assert as_(cast.people[name]).post(press).status_code in (403, 404), name
    assert Proposal.objects.count() == 0
    assert [teacher.post(press).status_code for _ in range(2)] == [302, 302]
    row = Proposal.objects.get()
    assert (row.words, row.by, row.household, row.kind, row.perspective, row.update) == (
        "Counting to ten on the stairs.", cast.parent, cast.home, "home_strategy", "parent", update,
    )  # fmt: skip
    assert "On the plan as an idea from home." in words(teacher.get(path))
    assert "Counting to ten" not in words(as_(cast.other_parent).get(address("plan", cast.ada.pk)))
    made = family.accept_proposal(proposal=row, by=cast.teacher, at=AT)
    assert isinstance(made, Strategy)
    made.refresh_from_db()
    assert (made.place, made.proposed_by, made.words) == ("home", cast.parent, row.words)


def test_it_is_put_on_a_plan_only_where_one_takes_it_and_else_says_why(cast: Cast) -> None:
    at_home: dict[str, Any] = {"pupil": cast.ada, "by": cast.parent, "at": AT}
    update = write_update(worked="Counting.", sent_key=uuid4(), **at_home)
    plain = write_update(words="Hello.", sent_key=uuid4(), **at_home)
    as_teacher: dict[str, Any] = {"by": cast.teacher, "at": AT}
    with pytest.raises(NotNow, match="Nothing in this says"):
        put_on_plan(update=plain, **as_teacher)
    with pytest.raises(NotNow, match="no open plan"):
        put_on_plan(update=update, **as_teacher)
    cycle = cycles.open_cycle(pupil=cast.ada, by=cast.senco, at=AT)
    for stage, why in ((None, "has not been shared"), (Stage.PLAN, "has not been shared")):
        if stage:
            cycles.move_to(cycle=cycle, stage=stage, by=cast.senco, at=AT)
        with pytest.raises(NotNow, match=why):
            put_on_plan(update=update, **as_teacher)
    page = as_(cast.teacher).post(reverse("put_on_plan", args=[update.pk]), follow=True)
    assert "The plan has not been shared yet." in words(page)
    assert Proposal.objects.count() == 0
