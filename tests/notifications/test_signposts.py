"""Where families find help: a directory that is looked at each year, offered to one home, and answered."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from notifications import signposts
from notifications.models import Signpost, SignpostAnswer, SignpostOffer
from pupils import choices, policy
from pupils.choices import Wanted
from pupils.enums import Answer, Section
from tests.apdr.pages import errors, words
from tests.cast import AT, Cast
from tests.routes import browser

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]
YEAR = timedelta(days=365)


def send(client: Client, href: str, **typed: Any) -> Any:
    return client.post(href, typed)


def filled(cast: Cast, at: Any = AT) -> Signpost:
    assert signposts.fill(setting=cast.hazelmere, by=cast.senco, at=at) == 19
    return Signpost.objects.get(shipped="dla")


def test_what_nobody_looked_at_for_a_year_needs_the_senco_until_somebody_does(cast: Cast) -> None:
    row = filled(cast, AT - YEAR + timedelta(days=1))
    senco, page = browser(cast.senco), reverse("signposts", args=[cast.hazelmere.pk])
    told = "was not checked for a year"
    assert told not in words(senco.get("/caseload/"))
    Signpost.objects.filter(pk=row.pk).update(created_at=AT - YEAR)
    assert told in words(senco.get("/caseload/"))
    assert "Nobody looked at these for a year" in words(senco.get(page))
    href = reverse("mark_signpost", args=[row.pk])
    assert send(senco, href, version=1, do="checked").status_code == 302
    row.refresh_from_db()
    assert (row.checked_on, row.version) == (AT.date(), 2)
    assert told not in words(senco.get("/caseload/"))
    send(senco, href, version=1, do="retire")  # what was read is old
    send(senco, href, version=2, do="retire")
    row.refresh_from_db()
    assert (row.retired_at is None, row.version) == (False, 3)
    assert signposts.fill(setting=cast.hazelmere, by=cast.senco, at=AT) == 0
    assert browser(cast.stranger).get(page).status_code == 404
    bad = {"name": "x", "what": "x", "kind": "money", "phases": ["primary"], "age_from": 9, "age_to": 3}
    refused = send(
        senco, reverse("add_signpost", args=[cast.hazelmere.pk]), **bad, address="nowhere", key=uuid4()
    )
    assert (refused.status_code, Signpost.objects.count()) == (422, 19)
    assert "lower than the first" in str(errors(refused))


def test_a_directory_is_narrowed_by_age_phase_kind_place_and_language(cast: Cast) -> None:
    row = filled(cast)
    signposts.edit(signpost=row, version=1, languages="Polish", by=cast.senco, at=AT)
    senco, page = browser(cast.senco), reverse("signposts", args=[cast.hazelmere.pk])

    def found(**asked: Any) -> set[str]:
        shown = words(senco.get(page, asked))
        return {one.shipped for one in Signpost.objects.all() if one.name in shown}

    assert found(q="polish") == {"dla"}
    assert {"dla", "pip"} & found(age=15, kind="money") == {"dla"}
    assert {"dla", "pip"} & found(age=16) == {"pip"}
    assert found(q="west sussex", phase="early_years") >= {"west-sussex-sendias"}
    assert "ipsea" not in found(q="west sussex")
    assert {one.shipped for one in signposts.fitting(cast.ada, AT)} & {"dla", "pip", "two-year-offer"} == {
        "dla"
    }


def test_one_home_is_offered_something_and_another_never_hears_of_it(cast: Cast) -> None:
    row = filled(cast)
    page = reverse("pupil_signposts", args=[cast.ada.pk])
    typed = {"signpost": row.pk, "to": cast.home.pk, "note": "For the taxi.", "sent_key": uuid4()}
    teacher = browser(cast.teacher)
    assert [send(teacher, page, **typed).status_code for _ in range(2)] == [302, 302]
    offer = SignpostOffer.objects.get()
    assert (offer.name, offer.by, offer.household) == (row.name, cast.teacher, cast.home)
    signposts.edit(signpost=row, version=1, name="Another", by=cast.senco, at=AT)
    seen = {who: browser(person).get(page) for who, person in cast.people.items()}
    assert {who for who, told in seen.items() if "For the taxi" in told.content.decode()} == {
        "senco", "teacher", "key_adult", "parent", "child",
    }  # fmt: skip
    assert {who: seen[who].status_code for who in ("other_parent", "professional", "restricted_parent")} == {
        "other_parent": 200, "professional": 403, "restricted_parent": 404,
    }  # fmt: skip
    assert "Disability Living Allowance" in words(seen["parent"])
    answer = reverse("answer_signpost", args=[offer.pk])
    said = {"answer": "thanks", "sent_key": uuid4()}
    parent = browser(cast.parent)
    assert [send(parent, answer, **said).status_code for _ in range(2)] == [302, 302]
    send(parent, answer, answer="helped", sent_key=uuid4())
    assert (
        list(SignpostAnswer.objects.order_by("at", "pk").values_list("by", flat=True)) == [cast.parent.pk] * 2
    )
    refused = {
        who: send(browser(getattr(cast, who)), answer, answer="not_us", sent_key=uuid4()).status_code
        for who in ("other_parent", "teacher", "child", "restricted_parent")
    }
    assert refused == {"other_parent": 404, "teacher": 403, "child": 403, "restricted_parent": 404}
    assert SignpostAnswer.objects.count() == 2
    assert send(browser(cast.parent), page, **typed).status_code == 403
    to_nobody = send(teacher, page, **{**typed, "to": cast.restricted_home.pk, "sent_key": uuid4()})
    assert (to_nobody.status_code, SignpostOffer.objects.count()) == (422, 1)


def test_after_the_hand_over_the_young_person_is_offered_it_and_the_family_by_their_choice(
    cast: Cast,
) -> None:
    filled(cast)
    row = Signpost.objects.get(shipped="pip")
    assert [to.value for to in signposts.recipients(cast.noor, AT)] == ["child"]
    who: dict[str, Any] = {"pupil": cast.noor, "signpost": row, "by": cast.senco, "at": AT}
    offer = signposts.offer(**who, sent_key=uuid4())
    page = reverse("pupil_signposts", args=[cast.noor.pk])
    student, parent = browser(cast.student), browser(cast.parent)
    assert row.name in words(student.get(page))
    assert parent.get(page).status_code == 403
    yes = Wanted(Section.UPDATES, Answer.YES, person=cast.parent, ends_at=AT + timedelta(days=7))
    choices.choose(pupil=cast.noor, wanted=[yes], by=cast.student, at=AT, key=uuid4(), wording="test-1")
    assert row.name in words(parent.get(page))
    assert [to.value for to in signposts.recipients(cast.noor, AT)] == ["child", str(cast.home.pk)]
    answer = reverse("answer_signpost", args=[offer.pk])
    assert send(parent, answer, answer="thanks", sent_key=uuid4()).status_code == 403
    assert send(student, answer, answer="helped", sent_key=uuid4()).status_code == 302
    assert policy.why(cast.teacher, cast.noor, AT).sees(Section.UPDATES) is False
    assert browser(cast.teacher).get(page).status_code == 403
