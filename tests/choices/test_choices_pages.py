"""The page on which a young person says who sees what: answers, stopping, receipts and what was written down."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client

from accounts.enums import Format
from accounts.models import Preferences, User
from pupils import choices, invitations, policy
from pupils.choices import Wanted
from pupils.enums import Answer, Gave, Section
from pupils.models import AuditEvent, Capacity, Choice, ChoiceSheet, Pupil

from ..apdr.pages import address, as_, count, errors, hidden, send, words
from ..cast import AT, LONDON, SEPTEMBER, Cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]


def page(client: Client, cast: Cast, pupil: str = "sam", query: str = "") -> str:
    return words(client.get(address("choices", cast.pupils[pupil].pk, query=query)))


def choose(client: Client, pupil: Any, whom: Any, query: str = "", **typed: str) -> HttpResponse:
    key = getattr(whom, "pk", whom)
    return send(client, address("choose", pupil.pk, key, query=query), **typed)


def until(day: date) -> dict[str, str]:
    return {"until_0": str(day.day), "until_1": str(day.month), "until_2": str(day.year)}


def open_to(cast: Cast, person: str, pupil: str = "sam", at: datetime = AT) -> list[str]:
    """What the rule opens to somebody, by a choice or without one."""
    return [s.value for s in policy.why(cast.people[person], cast.pupils[pupil], at).sections]


def rows() -> list[tuple[Any, ...]]:
    found = Choice.objects.order_by("number", "section").select_related("person")
    return [(c.number, c.person.name if c.person else c.kind, c.section, c.answer) for c in found]


def test_nothing_is_answered_before_it_is_asked_and_no_is_as_near_as_yes(cast: Cast) -> None:
    opened = as_(cast.young_person).get(address("choose", cast.sam.pk, cast.parent.pk))
    form = opened.context["form"]
    assert {f.name: (f.value(), [v for v, _ in f.field.choices]) for f in form.answers} == {
        s.value: (None, ["yes", "no", "ask"]) for s in Section
    }
    assert "checked" not in opened.content.decode()


def test_a_young_person_says_yes_no_and_ask_me_and_it_counts_at_once(cast: Cast) -> None:
    sam = as_(cast.young_person)
    assert open_to(cast, "parent") == []
    done = choose(
        sam, cast.sam, cast.parent,
        needs="yes", plan="yes", funding="no", views="ask", purpose="to help at my review",
        **until(date(2026, 7, 17)),
    )  # fmt: skip
    assert done.status_code == 302
    assert open_to(cast, "parent") == ["needs", "plan"]
    assert open_to(cast, "parent", at=datetime(2026, 7, 17, 23, 59, 59, tzinfo=LONDON)) == ["needs", "plan"]
    assert open_to(cast, "parent", at=datetime(2026, 7, 18, tzinfo=LONDON)) == []
    told = page(sam, cast)
    assert (
        "Pam Lovelace parent carer Can see: Strengths and needs , until 17 July 2026. For: to help at my review"
        in told
    )
    assert "Has to ask each time: What we said." in told
    assert "You said no, or it is over: Funding." in told
    assert "Oscar Lovelace parent carer Can see nothing." in told
    assert "Rob" not in told  # a court order shuts him out: no choice can let him in
    event = AuditEvent.objects.get(verb="choices made")
    assert event.detail["answers"] == ["funding:no", "needs:yes", "plan:yes", "views:ask"]


def test_an_answer_that_is_missing_or_wrong_is_said_and_nothing_typed_is_lost(cast: Cast) -> None:
    sam = as_(cast.young_person)
    none = choose(sam, cast.sam, cast.parent, purpose="Keep me")
    assert (none.status_code, errors(none)) == (422, ["Choose yes, no or “ask me” for one part or more."])
    assert "Keep me" in none.content.decode()
    past = choose(sam, cast.sam, cast.parent, needs="yes", purpose="Keep me", **until(date(2026, 3, 9)))
    assert (past.status_code, errors(past)) == (422, ["Choose a day that is still to come."])
    assert all(kept in past.content.decode() for kept in ('value="9"', 'value="2026"', "Keep me"))
    open_ended = choose(sam, cast.sam, cast.professional, needs="yes")
    assert errors(open_ended) == ["Say the last day. It ends by itself after that day."]
    long = "Keep me " + "z" * 300
    cut = choose(sam, cast.sam, cast.parent, needs="yes", purpose=long)
    assert (cut.status_code, long in cut.content.decode()) == (422, True)
    guess = choose(sam, cast.sam, cast.parent, needs="maybe")
    assert guess.status_code == 422
    assert not ChoiceSheet.objects.exists()


def test_how_long_is_one_tap_and_never_two_answers(cast: Cast) -> None:
    sam = as_(cast.young_person)
    both = choose(sam, cast.sam, cast.parent, needs="yes", long="month", **until(date(2026, 7, 17)))
    assert errors(both) == ["You chose how long above, and wrote another day here. Keep one of them."]
    stays = choose(sam, cast.sam, cast.parent, needs="yes", long="open", **until(date(2026, 7, 17)))
    assert errors(stays) == ["You chose no last day above, and wrote one here. Keep one of them."]
    unsaid = choose(sam, cast.sam, cast.parent, needs="yes", long="date")
    assert errors(unsaid) == ["Say the last day. It ends by itself after that day."]
    assert choose(sam, cast.sam, cast.professional, needs="yes", long="open").status_code == 422
    assert not ChoiceSheet.objects.exists()
    assert choose(sam, cast.sam, cast.parent, needs="yes", long="month").status_code == 302
    assert choose(sam, cast.sam, cast.professional, needs="yes", long="week").status_code == 302
    assert choose(sam, cast.sam, cast.other_parent, needs="yes", long="open").status_code == 302
    ends = dict(Choice.objects.values_list("person__name", "ends_at"))
    assert ends == {
        "Pam Lovelace": datetime(2026, 4, 10, tzinfo=LONDON),
        "Priya Therapist": datetime(2026, 3, 18, tzinfo=LONDON),
        "Oscar Lovelace": None,
    }
    shown = words(sam.get(address("choose", cast.sam.pk, cast.professional.pk)))
    assert "One month, until 9 April 2026" in shown
    assert "Until somebody changes it" not in shown


def test_a_form_sent_twice_is_one_sheet(cast: Cast) -> None:
    sam, there = as_(cast.young_person), address("choose", cast.sam.pk, cast.parent.pk)
    typed = {**hidden(sam.get(there)), "needs": "yes"}
    assert [sam.post(there, typed).status_code for _ in range(2)] == [302, 302]
    assert rows() == [(1, "Pam Lovelace", "needs", "yes")]


def test_one_tap_stops_a_part_a_person_or_everything(cast: Cast) -> None:
    sam = as_(cast.young_person)
    choose(sam, cast.sam, cast.parent, needs="yes", plan="yes", views="yes")
    choose(sam, cast.sam, cast.other_parent, needs="yes")
    choose(sam, cast.sam, "teachers", needs="yes", views="yes")
    assert open_to(cast, "key_adult") == ["profile", "needs", "plan", "strategies", "views"]
    one = address("stop_choices", cast.sam.pk, cast.parent.pk)
    stopped = words(sam.post(one, {"section": "views"}, follow=True))
    assert "Pam Lovelace can no longer see: What we said." in stopped
    assert open_to(cast, "parent") == ["needs", "plan"]
    assert sam.post(one).status_code == 302
    assert (open_to(cast, "parent"), open_to(cast, "other_parent")) == ([], ["needs"])
    sam.post(address("stop_choices", cast.sam.pk, cast.key_adult.pk), {"section": "views"})
    assert open_to(cast, "key_adult") == ["profile", "needs", "plan", "strategies"]
    assert open_to(cast, "teacher") == ["profile", "needs", "plan", "strategies", "views"]
    assert sam.post(address("stop_all_choices", cast.sam.pk)).status_code == 302
    everybody = ["parent", "other_parent", "key_adult", "teacher"]
    working = ["profile", "plan", "strategies"]
    assert [open_to(cast, who) for who in everybody] == [[], [], working, working]
    before = ChoiceSheet.objects.count()
    sam.post(address("stop_all_choices", cast.sam.pk))  # nothing is open: nothing is written
    assert ChoiceSheet.objects.count() == before


def test_what_is_stopped_twice_after_it_was_opened_again_is_stopped_again(cast: Cast) -> None:
    sam, one = as_(cast.young_person), address("stop_choices", cast.sam.pk, cast.parent.pk)
    for _ in range(2):
        choose(sam, cast.sam, cast.parent, needs="yes")
        assert open_to(cast, "parent") == ["needs"]
        sam.post(one, {"section": "needs"})
        assert open_to(cast, "parent") == []


def test_stopping_all_teachers_ends_what_was_said_to_one_of_them_by_name(cast: Cast) -> None:
    sam = as_(cast.young_person)
    choose(sam, cast.sam, cast.key_adult, needs="yes")
    sam.post(address("stop_choices", cast.sam.pk, "teachers"))
    assert open_to(cast, "key_adult") == ["profile", "plan", "strategies"]
    told = page(sam, cast)
    assert "Kim Adeyemi teacher Can see nothing more than this." in told
    kept = "One-page profile, Support plan, What helps"
    assert (
        f"Everybody who teaches me Can see nothing more than this. Sees because of their work: {kept}."
        in told
    )


def test_somebody_who_left_the_circle_can_still_be_shut_out(cast: Cast) -> None:
    from pupils import circle
    from pupils.enums import Relation

    choose(as_(cast.young_person), cast.sam, cast.parent, needs="yes")
    later = AT + timedelta(hours=1)
    near: dict[str, Any] = {"relation": Relation.PARENT_CARER, "person": cast.parent, "pupil": cast.sam}
    circle.end_relation(**near, by=cast.senco, at=later)
    with time_machine.travel(later + timedelta(minutes=1), tick=False):
        as_(cast.young_person).post(address("stop_all_choices", cast.sam.pk))
    circle.grant(**near, by=cast.senco, at=later + timedelta(minutes=2))
    assert open_to(cast, "parent", at=later + timedelta(minutes=3)) == []


def test_two_forms_about_the_same_part_show_the_second_both_answers(cast: Cast) -> None:
    sam, there = as_(cast.young_person), address("choose", cast.sam.pk, cast.parent.pk)
    old = hidden(sam.get(there))
    choose(sam, cast.sam, cast.parent, needs="no")
    refused = sam.post(there, {**old, "needs": "yes", "plan": "yes", **until(date(2026, 7, 17))})
    assert refused.status_code == 409
    assert "Strengths and needs What you typed Yes What is there now (saved by you) No" in words(refused)
    assert open_to(cast, "parent") == []
    kept = sam.post(there, {**hidden(refused), "keep-needs": "theirs"})
    assert kept.status_code == 302
    assert rows() == [(1, "Pam Lovelace", "needs", "no"), (2, "Pam Lovelace", "plan", "yes")]
    assert Choice.objects.get(section="plan").ends_at == datetime(2026, 7, 18, tzinfo=LONDON)


def test_a_form_about_another_part_or_person_is_not_held_up(cast: Cast) -> None:
    sam, there = as_(cast.young_person), address("choose", cast.sam.pk, cast.parent.pk)
    old = hidden(sam.get(there))
    choose(sam, cast.sam, cast.other_parent, needs="no")
    choose(sam, cast.sam, cast.parent, plan="no")
    assert sam.post(there, {**old, "needs": "yes"}).status_code == 302
    assert open_to(cast, "parent") == ["needs"]


def test_all_of_a_conflict_left_as_it_is_saves_nothing(cast: Cast) -> None:
    sam, there = as_(cast.young_person), address("choose", cast.sam.pk, cast.parent.pk)
    old = hidden(sam.get(there))
    choose(sam, cast.sam, cast.parent, needs="no")
    refused = sam.post(there, {**old, "needs": "yes"})
    back = sam.post(there, {**hidden(refused), "keep-needs": "theirs"})
    assert (back.status_code, back["Location"]) == (302, address("choices", cast.sam.pk))
    assert ChoiceSheet.objects.count() == 1


def test_the_page_says_what_the_school_keeps_and_what_cannot_be_undone(cast: Cast) -> None:
    told = page(as_(cast.young_person), cast)
    assert (
        "Your teachers keep some parts, so that they can help you:"
        " One-page profile , Support plan , What helps ." in told
    )
    assert "Sunita Rao sees all parts." in told
    assert "What a person has seen, they know." in told
    told = page(as_(cast.student), cast, "noor")
    assert "keep some parts" not in told  # the sixth form keeps no working view
    assert "Sunita Rao sees all parts." in told


def test_a_senco_reads_the_choices_in_words_about_the_young_person(cast: Cast) -> None:
    sam = as_(cast.young_person)
    choose(sam, cast.sam, cast.parent, funding="no")
    choose(sam, cast.sam, "teachers", needs="yes")
    told = page(as_(cast.senco), cast)
    assert "No was said, or it is over: Funding." in told
    assert "like all who teach them" in told
    for to_sam in (
        "My choices",
        "You said no",
        "teach you",
        "teaches me",
        "sees all parts",
        "If you are not safe",
    ):
        assert to_sam not in told, to_sam


def test_who_may_open_it(cast: Cast) -> None:
    there = address("choices", cast.sam.pk)
    answers = {
        who: as_(person).get(there).status_code for who, person in cast.people.items() if person.is_active
    }
    inside = {"senco": 200, "young_person": 200}
    inside |= dict.fromkeys(["teacher", "key_adult", "parent", "other_parent", "professional"], 403)
    assert answers == dict.fromkeys(answers, 404) | inside
    assert as_(cast.senco).get(address("choose", cast.sam.pk, cast.parent.pk)).status_code == 403
    assert as_(cast.young_person).get(address("choose", cast.sam.pk, cast.stranger.pk)).status_code == 404
    assert as_(cast.young_person).get(address("choose", cast.sam.pk, "nobody")).status_code == 404


def test_a_child_is_told_when_it_begins(cast: Cast) -> None:
    told = page(as_(cast.child), cast, "ada")
    assert "From 14 May 2028 you choose who can see each part of your plan." in told
    assert as_(cast.child).get(address("choose", cast.ada.pk, cast.parent.pk)).status_code == 403


# Before the day ---------------------------------------------------------------------------------------------


def test_choices_are_rehearsed_and_begin_on_the_day(cast: Cast) -> None:
    before = datetime(2025, 9, 20, 12, 0, tzinfo=LONDON)
    birthday = datetime(2025, 11, 20, tzinfo=LONDON)
    with time_machine.travel(before, tick=False):
        sam = as_(cast.young_person)
        assert "This begins on 20 November 2025." in page(sam, cast)
        made = choose(sam, cast.sam, cast.parent, needs="yes")
        assert "This counts from 20 November 2025." in words(sam.get(made["Location"]))
        told = page(sam, cast)
        assert "Pam Lovelace parent carer Will see: Strengths and needs" in told
        assert "Tom Teal teacher Will see nothing more than this. Will see because of their work:" in told
    every = [s.value for s in Section]
    assert open_to(cast, "parent", at=birthday - timedelta(seconds=1)) == every
    assert open_to(cast, "parent", at=birthday) == ["needs"]
    assert open_to(cast, "other_parent", at=birthday) == []


# Written down for somebody ----------------------------------------------------------------------------------


def write_down(cast: Cast, **typed: str) -> HttpResponse:
    there = address("record_choice", cast.sam.pk, cast.parent.pk)
    said = {"how": "signed", "how_words": "With Kim, in BSL", "format": "easy_read", **typed}
    return send(as_(cast.senco), there, **said)


def test_what_a_senco_writes_down_is_shown_to_the_young_person_who_confirms_it(cast: Cast) -> None:
    sam, asks_them = as_(cast.young_person), "wrote this down for you. Is it right?"
    assert asks_them not in words(sam.get("/"))
    empty = send(as_(cast.senco), address("record_choice", cast.sam.pk, cast.parent.pk), needs="yes")
    assert errors(empty) == [
        "Choose how they told you",
        "Write who was there and how you explained it",
        "Choose how you showed them the words",
    ]
    write_down(cast, needs="yes", funding="no")
    assert open_to(cast, "parent") == ["needs"]
    sheet = ChoiceSheet.objects.get()
    assert (sheet.given_by, sheet.recorded_by, sheet.how, sheet.how_words, sheet.format) == (
        cast.young_person, cast.senco, "signed", "With Kim, in BSL", "easy_read",
    )  # fmt: skip
    sam = as_(cast.young_person)
    told = page(sam, cast)
    assert "Sunita Rao wrote this down for you on 10 March 2026" in told
    assert "Pam Lovelace, Strengths and needs: yes Pam Lovelace, Funding: no" in told
    confirm = address("confirm_choices", cast.sam.pk, sheet.pk)
    assert f"Sunita Rao {asks_them}" in words(sam.get("/"))
    assert [sam.post(confirm).status_code for _ in range(2)] == [302, 302]
    assert "wrote this down" not in page(sam, cast)
    assert asks_them not in words(sam.get("/"))
    assert [(s.number, s.how, s.confirms) for s in ChoiceSheet.objects.order_by("number")] == [
        (1, "signed", None),
        (2, "themselves", sheet),
    ]
    assert rows()[2:] == [(2, "Pam Lovelace", "funding", "no"), (2, "Pam Lovelace", "needs", "yes")]
    assert as_(cast.senco).post(confirm).status_code == 403
    assert as_(cast.parent).post(confirm).status_code == 403


def test_what_they_changed_since_is_not_brought_back_by_confirming(cast: Cast) -> None:
    write_down(cast, needs="yes", funding="yes")
    sheet = ChoiceSheet.objects.get()
    sam = as_(cast.young_person)
    choose(sam, cast.sam, cast.parent, needs="no")
    assert "Pam Lovelace, Funding: yes" in page(sam, cast)
    assert "Pam Lovelace, Strengths and needs: yes" not in page(sam, cast)
    sam.post(address("confirm_choices", cast.sam.pk, sheet.pk))
    assert open_to(cast, "parent") == ["funding"]


def test_the_family_agrees_to_a_professional_before_hand_over_and_each_reads_their_own(cast: Cast) -> None:
    pam, oscar = as_(cast.parent), as_(cast.other_parent)
    told = page(pam, cast, "ada")
    assert "Priya Therapist helper from outside Can see nothing." in told
    assert "Tom Teal" not in told.split("Good to know")[0]
    assert pam.get(address("choose", cast.ada.pk, cast.other_parent.pk)).status_code == 404
    made = choose(pam, cast.ada, cast.professional, needs="yes", purpose="~pam~", **until(date(2026, 7, 17)))
    assert open_to(cast, "professional", "ada") == ["needs"]
    assert pam.get(made["Location"]).status_code == 200
    assert oscar.get(made["Location"]).status_code == 404
    other = page(oscar, cast, "ada")
    assert "Priya Therapist helper from outside Can see: Strengths and needs , until 17 July 2026" in other
    assert "~pam~" not in other
    assert "Nothing was chosen yet." in words(oscar.get(address("choice_history", cast.ada.pk)))
    oscar.post(address("stop_choices", cast.ada.pk, cast.professional.pk))
    assert open_to(cast, "professional", "ada") == []


def test_a_senco_writes_down_what_a_parent_said_with_their_name(cast: Cast) -> None:
    there = address("record_choice", cast.ada.pk, cast.professional.pk)
    said = {"how": "spoken", "how_words": "By phone", "format": "audio", "needs": "yes"}
    said |= until(date(2026, 7, 17))
    assert errors(send(as_(cast.senco), there, **said)) == ["Please answer “Who said this”"]
    send(as_(cast.senco), there, given_by=str(cast.parent.pk), **said)
    assert ChoiceSheet.objects.get().given_by == cast.parent
    assert open_to(cast, "professional", "ada") == ["needs"]


def test_a_senco_writes_down_what_a_young_person_rehearsed(cast: Cast) -> None:
    before = datetime(2025, 9, 20, 12, 0, tzinfo=LONDON)
    with time_machine.travel(before, tick=False):
        senco = as_(cast.senco)
        assert "What Sam will choose" in page(senco, cast)
        told = page(senco, cast, query="?voice=young_person")
        assert "This begins on 20 November 2025." in told
        there = address("record_choice", cast.sam.pk, cast.parent.pk, query="?voice=young_person")
        send(senco, there, how="spoken", how_words="With Kim", format="standard", needs="yes")
        assert ChoiceSheet.objects.get().voice == "young_person"
        assert "Sunita Rao wrote this down for you" in page(as_(cast.young_person), cast)
    assert open_to(cast, "parent") == ["needs"]


def test_somebody_who_decides_under_a_capacity_record_chooses_about_its_parts_alone(cast: Cast) -> None:
    Capacity.objects.create(
        pupil=cast.sam, decision="Who sees the money.", sections=["funding"], assessor="Dr Ash",
        assessor_role="Psychologist", assessed_on=date(2026, 3, 1), support="Pictures", findings="Not now",
        wishes="He wants Mum to help", decider=cast.parent, authority="parent", starts_at=SEPTEMBER,
        review_on=date(2026, 6, 1), recorded_by=cast.senco,
    )  # fmt: skip
    pam, sam = as_(cast.parent), as_(cast.young_person)
    opened = pam.get(address("choose", cast.sam.pk, cast.other_parent.pk))
    assert [f.name for f in opened.context["form"].answers] == ["funding"]
    choose(pam, cast.sam, cast.other_parent, funding="yes")
    assert open_to(cast, "other_parent") == ["funding"]
    assert (
        "Pam Lovelace decides for you about this, until 1 June 2026: “Who sees the money.” You can"
        in page(sam, cast)
    )
    mine = sam.get(address("choose", cast.sam.pk, cast.other_parent.pk))
    assert [v for v, _ in mine.context["form"]["funding"].field.choices] == ["no", "ask"]
    choose(sam, cast.sam, cast.other_parent, funding="no")
    assert open_to(cast, "other_parent") == []


def test_somebody_invited_is_chosen_about_before_they_are_here(cast: Cast) -> None:
    made, secret = invitations.invite_professional(
        pupils=[cast.sam], email="new@health.example", name="Nell New", by=cast.senco, at=AT
    )
    sam = as_(cast.young_person)
    assert "Nell New invited, not here yet Can see nothing." in page(sam, cast)
    choose(sam, cast.sam, made, needs="yes", **until(date(2026, 7, 17)))
    assert "Nell New invited, not here yet Will see, once they are here: Strengths and needs" in page(
        sam, cast
    )
    _, nell = invitations.accept_as_new(
        secret=secret, name="Nell New", known_as="", password=None, at=AT + timedelta(minutes=1)
    )
    sight = policy.why(nell, cast.sam, AT + timedelta(minutes=2))
    assert [s.value for s in sight.sections] == ["needs"]


# Words and formats ------------------------------------------------------------------------------------------


def test_easy_read_has_its_own_words_and_pictures_and_both_are_kept_with_the_choice(cast: Cast) -> None:
    sam = as_(cast.young_person)
    there = address("choose", cast.sam.pk, cast.parent.pk, query="?format=easy_read")
    opened = sam.get(there).content.decode()
    assert opened.count("openmoji/") > 30
    assert "Can Pam Lovelace see it?" in opened
    send(sam, there, needs="yes")
    choose(sam, cast.sam, cast.parent, plan="yes")
    aloud = address("choose", cast.sam.pk, cast.parent.pk)
    send(sam, aloud, views="yes", format="audio")
    assert list(ChoiceSheet.objects.order_by("number").values_list("wording", "format")) == [
        ("young-1-easy", "easy_read"),
        ("young-1", "standard"),
        ("young-1", "audio"),
    ]
    refused = send(sam, aloud, views="no", wording="guess")
    assert errors(refused) == ["This form is out of date. Open the page again."]


def test_somebody_who_reads_easy_read_is_shown_it_unasked(cast: Cast) -> None:
    Preferences.objects.create(person=cast.young_person, format=Format.EASY_READ)
    assert "I say who can see it." in page(as_(cast.young_person), cast)
    assert "I say who can see it." not in page(as_(cast.young_person), cast, query="?format=standard")


def test_every_sheet_is_in_the_history_newest_first(cast: Cast) -> None:
    sam = as_(cast.young_person)
    for answer in ["yes", "no"] * 14:
        choices.choose(
            pupil=cast.sam, wanted=[Wanted(Section.NEEDS, Answer(answer), person=cast.parent)],
            by=cast.young_person, at=AT, key=uuid4(), wording="young-1",
        )  # fmt: skip
    there = address("choice_history", cast.sam.pk)
    first = sam.get(there)
    assert [t.number for t in first.context["told"]] == list(range(28, 3, -1))
    second = sam.get(there + first.context["next"])
    assert [t.number for t in second.context["told"]] == [3, 2, 1]
    assert sam.get(f"{there}?before=x").status_code == 200
    assert len(as_(cast.senco).get(there).context["told"]) == 25
    assert as_(cast.parent).get(there).status_code == 403


def test_the_page_takes_as_many_queries_for_three_as_for_one(cast: Cast) -> None:
    sam, there = as_(cast.young_person), address("choices", cast.sam.pk)
    one = count(sam, there)
    for person in (cast.parent, cast.other_parent, cast.key_adult):
        choose(sam, cast.sam, person, **dict.fromkeys([s.value for s in Section], "yes"))
    write_down(cast, needs="yes", funding="no")
    assert (count(sam, there), one <= 15) == (one, True)
    for name in ("choose", "record_choice"):
        client = as_(cast.senco) if name == "record_choice" else sam
        assert count(client, address(name, cast.sam.pk, cast.parent.pk)) <= 15
    assert count(sam, address("choice_history", cast.sam.pk)) <= 15
    assert count(sam, address("choice_sheet", cast.sam.pk, ChoiceSheet.objects.first().pk)) <= 15


def test_a_senco_cannot_choose_as_if_it_were_theirs(cast: Cast) -> None:
    from django.core.exceptions import ValidationError

    wanted = [Wanted(Section.NEEDS, Answer.YES, person=cast.parent)]
    who: dict[str, Any] = {"pupil": cast.sam, "by": cast.senco, "at": AT, "wording": "young-1"}
    for how in (Gave.THEMSELVES, Gave.PASSED_ON):
        with pytest.raises(ValidationError):
            choices.choose(wanted=wanted, key=uuid4(), how=how, **who)
    with pytest.raises(ValidationError):
        choices.choose(wanted=wanted, key=uuid4(), how=Gave.SPOKEN, given_by=cast.parent, **who)
    as_(cast.senco).post(address("stop_all_choices", cast.sam.pk))
    assert not ChoiceSheet.objects.exists()


def test_going_back_and_changing_an_answer_is_shown_beside_the_first_and_never_taken_for_it(
    cast: Cast,
) -> None:
    sam = as_(cast.young_person)
    there = address("choose", cast.sam.pk, cast.parent.pk)
    typed = {**hidden(sam.get(there)), "needs": "yes"}
    assert [sam.post(there, typed).status_code for _ in range(2)] == [302, 302]
    again = sam.post(there, {**typed, "needs": "no"})
    assert again.status_code == 409
    assert open_to(cast, "parent") == ["needs"]
    assert ChoiceSheet.objects.count() == 1


def test_what_a_senco_writes_of_how_it_was_said_is_not_lost_on_going_back(cast: Cast) -> None:
    senco = as_(cast.senco)
    there = address("record_choice", cast.sam.pk, cast.parent.pk)
    typed = {**hidden(senco.get(there)), "needs": "yes", "how": "signed", "how_words": "In BSL"}
    typed |= {"format": "easy_read"}
    assert [senco.post(there, typed).status_code for _ in range(2)] == [302, 302]
    assert senco.post(there, {**typed, "how_words": "In BSL, with Kim"}).status_code == 409
    assert ChoiceSheet.objects.count() == 1


def test_no_number_tells_a_parent_what_others_chose(cast: Cast) -> None:
    """Ada rehearses between two choices of her mother's, and her father agrees to something."""
    Pupil.objects.filter(pk=cast.ada.pk).update(date_of_birth=date(2010, 5, 14))  # 16 on 14 May 2026
    pam, there = as_(cast.parent), address("choose", cast.ada.pk, cast.professional.pk)
    board = f"/api/v1/pupils/{cast.ada.pk}/choices/"

    def numbers() -> tuple[str, int, list[int]]:
        told = pam.get(board).json()
        return (
            hidden(pam.get(there))["version"],
            told["number"],
            [sheet["number"] for sheet in told["sheets"]],
        )

    def chosen(by: User, section: Section) -> None:
        row = Wanted(section, Answer.NO, person=cast.professional)
        choices.choose(
            pupil=Pupil.objects.get(pk=cast.ada.pk), wanted=[row], by=by, at=AT, key=uuid4(), wording="test-1"
        )

    chosen(cast.parent, Section.NEEDS)
    first = numbers()
    for section in (Section.PLAN, Section.NEEDS):
        chosen(cast.child, section)
    assert (numbers(), first) == (first, ("1", 1, [1]))
    chosen(cast.parent, Section.PLAN)
    assert numbers() == ("2", 2, [2, 1])
    latest = ChoiceSheet.objects.get(number=4)
    for page in ("choice_sheet", "choice_history"):
        ids = [cast.ada.pk, *([latest.pk] if page == "choice_sheet" else [])]
        told = words(pam.get(address(page, *ids)))
        assert ("eceipt number 2" in told, "eceipt number 4" in told) == (True, False)
    assert "eceipt number 4" in words(as_(cast.child).get(address("choice_sheet", cast.ada.pk, latest.pk)))
    typed = {**hidden(pam.get(there)), "needs": "ask"}
    chosen(cast.other_parent, Section.NEEDS)
    conflict = pam.post(there, typed)
    assert conflict.status_code == 409
    assert "Oscar" not in words(conflict)
    assert "A change was saved while you were typing" in words(conflict)
    assert pam.post(there, {**typed, "version": hidden(conflict)["version"]}).status_code == 302


def test_a_number_of_a_sheet_that_was_never_made_is_out_of_date(cast: Cast) -> None:
    sam = as_(cast.young_person)
    there = address("choose", cast.sam.pk, cast.parent.pk)
    refused = sam.post(there, {**hidden(sam.get(there)), "version": "1", "needs": "yes"})
    assert refused.status_code == 422
    assert "This form is out of date." in words(refused)
    assert ChoiceSheet.objects.count() == 0
