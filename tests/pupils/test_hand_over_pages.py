"""The hand-over as a journey: who comes up, the talks about it, what everybody is told before and on the day."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from accounts.models import Setting
from pupils import capacity, choices, hand_over, policy, services
from pupils.enums import Answer, Section
from pupils.models import AuditEvent, Competence, HandOverTalk, Pupil

from ..apdr.pages import address, as_, count, errors, hidden, send, words
from ..apdr.plans import write_plan
from ..cast import AT, SEPTEMBER, Cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]

TALK = {"on_0": "2", "on_1": "3", "on_2": "2026", "with_whom": "Ada and her mother", "how": "With pictures."}


def turns_16(pupil: Pupil, day: date) -> None:
    Pupil.objects.filter(pk=pupil.pk).update(date_of_birth=day.replace(year=day.year - 16), post16_from=None)


def rehearse(cast: Cast) -> None:
    choices.choose(
        pupil=cast.ada,
        wanted=[choices.Wanted(Section.NEEDS, Answer.NO, person=cast.parent)],
        by=cast.child,
        at=AT,
        key=uuid4(),
        wording="1",
    )


@pytest.mark.parametrize(
    ("day", "group"),
    [
        (date(2025, 12, 7), None),
        (date(2025, 12, 8), "Just begun"),
        (date(2026, 3, 10), "Just begun"),
        (date(2026, 3, 11), "In less than a month"),
        (date(2026, 4, 10), "In less than a month"),
        (date(2026, 4, 11), "In less than 3 months"),
        (date(2026, 6, 11), "In less than 6 months"),
        (date(2026, 9, 11), "In less than 12 months"),
        (date(2027, 3, 10), "In less than 12 months"),
        (date(2027, 3, 11), None),
    ],
)
def test_the_senco_sees_who_comes_up_and_who_has_just_begun(cast: Cast, day: date, group: str | None) -> None:
    turns_16(cast.ada, day)
    found = as_(cast.senco).get(address("hand_over")).context["found"]
    assert [row.group for row in found.rows if row.pupil == cast.ada] == ([group] if group else [])


def test_the_list_says_whether_they_rehearsed_and_whether_somebody_talked_with_them(cast: Cast) -> None:
    turns_16(cast.ada, date(2026, 6, 1))
    senco, path = as_(cast.senco), address("hand_over")
    before = words(senco.get(path))
    assert "Decides from 1 June 2026" in before
    assert "Not talked about yet" in before
    assert "Not rehearsed yet" in before
    rehearse(cast)
    send(senco, address("prepare_hand_over", cast.ada.pk), **TALK)
    after = words(senco.get(path))
    assert "Talked about" in after
    assert "Has rehearsed" in after
    assert "yet" not in after.split("Ada Lovelace")[1].split("Sam Okafor")[0].replace("Sam", "")


def test_only_sencos_see_the_list_and_only_their_own_settings(cast: Cast) -> None:
    turns_16(cast.ada, date(2026, 6, 1))
    assert "Ada" not in words(as_(cast.stranger).get(address("hand_over")))
    for who in ("teacher", "parent", "child", "dsl", "leader"):
        assert as_(cast.people[who]).get(address("hand_over")).status_code == 403, who
        status = as_(cast.people[who]).get(address("prepare_hand_over", cast.ada.pk)).status_code
        assert status == (404 if who in ("dsl", "leader") else 403), who


def test_a_talk_is_written_down_once_however_often_it_is_sent(cast: Cast) -> None:
    senco, path = as_(cast.senco), address("prepare_hand_over", cast.ada.pk)
    typed = {**hidden(senco.get(path)), **TALK}
    assert [senco.post(path, typed).status_code for _ in range(2)] == [302, 302]
    [talk] = HandOverTalk.objects.all()
    assert (talk.on, talk.with_whom, talk.how, talk.recorded_by) == (
        date(2026, 3, 2),
        "Ada and her mother",
        "With pictures.",
        cast.senco,
    )
    assert AuditEvent.objects.filter(verb="hand-over talked about", pupil=cast.ada).count() == 1
    assert "2 March 2026 , Ada and her mother With pictures. Written down by Sunita Rao." in words(
        senco.get(path)
    )


def test_a_talk_that_is_still_to_come_or_says_nothing_is_refused_with_what_was_typed(cast: Cast) -> None:
    senco, path = as_(cast.senco), address("prepare_hand_over", cast.ada.pk)
    refused = send(senco, path, **{**TALK, "on_2": "2027"})
    assert (refused.status_code, errors(refused)) == (422, ["Choose today or a day before it."])
    assert "With pictures." in refused.content.decode()
    assert send(senco, path, **{**TALK, "how": ""}).status_code == 422
    assert HandOverTalk.objects.count() == 0


def test_nobody_else_writes_down_a_talk_or_competence(cast: Cast) -> None:
    for who in ("teacher", "parent", "child"):
        with pytest.raises(policy.NotThisSection):
            hand_over.record_talk(
                pupil=cast.ada,
                on=AT.date(),
                with_whom="x",
                how="y",
                key=uuid4(),
                by=cast.people[who],
                at=AT,
            )
        with pytest.raises(policy.NotThisSection):
            competent(cast, date(2026, 4, 1), who)


def competent(cast: Cast, from_on: date | None, who: str = "senco") -> Competence:
    return capacity.record_competence(
        pupil=cast.ada,
        from_on=from_on,
        assessor="Dr Ito",
        assessor_role="Psychologist",
        findings="Explains it back in her own words.",
        key=uuid4(),
        by=cast.people[who],
        at=AT,
    )


def test_competence_lets_them_begin_early_from_its_day_and_a_later_look_can_say_not_yet(cast: Cast) -> None:
    day = date(2026, 4, 1)
    competent(cast, day)
    assert policy.decides_from(cast.ada, AT) == day
    page = words(as_(cast.senco).get(address("prepare_hand_over", cast.ada.pk)))
    assert "Early start From 1 April 2026. Dr Ito, Psychologist: Explains it back in her own words." in page
    competent(cast, None)
    assert policy.decides_from(cast.ada, AT) == date(2028, 5, 14)
    assert Competence.objects.count() == 2


def test_the_family_is_told_beforehand_kindly_and_the_young_person_where_to_rehearse(cast: Cast) -> None:
    write_plan(cast.ada, cast.senco, SEPTEMBER)
    turns_16(cast.ada, date(2026, 6, 1))
    for path in ("/", address("plan", cast.ada.pk)):
        told = words(as_(cast.parent).get(path))
        assert "From 1 June 2026, in less than 3 months, Ada picks who sees this plan." in told
        assert "Nothing is deleted, and you can be picked." in told
    page = words(as_(cast.parent).get(address("when_they_decide", cast.ada.pk)))
    assert "From 1 June 2026 , Ada decides who can see this record. Until then, all stays as it is" in page
    assert "What to talk about at home" in page
    mine = as_(cast.child).get(address("mine", cast.ada.pk))
    assert "Soon you decide From 1 June 2026 you pick who can see each part." in words(mine)
    assert address("see_as", cast.ada.pk) in mine.content.decode()
    own = words(as_(cast.child).get(address("when_they_decide", cast.ada.pk)))
    assert "You will decide who sees it" in own


def test_nobody_is_told_a_year_before_that(cast: Cast) -> None:
    write_plan(cast.ada, cast.senco, SEPTEMBER)
    for path in ("/", address("plan", cast.ada.pk)):
        assert "will soon decide" not in words(as_(cast.parent).get(path))
    assert "Soon you decide" not in words(as_(cast.child).get(address("mine", cast.ada.pk)))


def test_on_the_day_parents_see_why_it_is_closed_and_nothing_of_whether_anything_is_there(cast: Cast) -> None:
    page = words(as_(cast.parent).get(address("when_they_decide", cast.sam.pk)))
    assert "Since 20 November 2025 , Sam decides who can see this record." in page
    assert "It is not a sign that you did something wrong." in page
    bare = page
    write_plan(cast.sam, cast.senco, SEPTEMBER)
    assert words(as_(cast.parent).get(address("when_they_decide", cast.sam.pk))) == bare
    home = as_(cast.parent).get("/").content.decode()
    assert address("when_they_decide", cast.sam.pk) in home


def test_others_near_are_not_told_the_day(cast: Cast) -> None:
    for who, status in {
        "teacher": 403,
        "professional": 403,
        "restricted_parent": 404,
        "stranger": 404,
        "senco": 200,
        "child": 200,
    }.items():
        assert as_(cast.people[who]).get(address("when_they_decide", cast.ada.pk)).status_code == status, who


def test_the_settings_page_says_whether_parents_keep_plans(cast: Cast) -> None:
    senco, path = as_(cast.senco), address("setting", cast.hazelmere.pk)
    assert "Parent carers then do not keep reading the plans they had before." in words(senco.get(path))
    Setting.objects.filter(pk=cast.hazelmere.pk).update(parents_keep_versions=True)
    assert "Parent carers then keep reading the plans they had before, unless" in words(senco.get(path))


def test_the_pages_ask_the_same_of_one_pupil_and_three(cast: Cast) -> None:
    turns_16(cast.ada, date(2026, 6, 1))
    paths = {
        "list": (cast.senco, address("hand_over")),
        "one": (cast.senco, address("prepare_hand_over", cast.ada.pk)),
        "told": (cast.parent, address("when_they_decide", cast.ada.pk)),
        "home": (cast.parent, "/"),
    }
    one = {name: count(as_(who), path) for name, (who, path) in paths.items()}
    for number in range(3):
        services.create_pupil(
            setting=cast.hazelmere,
            given_name=f"Max {number}",
            family_name="More",
            date_of_birth=date(2010, 5, number + 1),
            starts_on=date(2024, 9, 2),
            by=cast.senco,
            at=AT - timedelta(days=1),
        )
        hand_over.record_talk(
            pupil=cast.ada, on=AT.date(), with_whom="x", how="y", key=uuid4(), by=cast.senco, at=AT
        )
    assert {name: count(as_(who), path) for name, (who, path) in paths.items()} == one
    assert {name: n for name, n in one.items() if n > 15} == {}
