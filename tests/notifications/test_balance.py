"""What homes hear, for whoever coordinates: counted for each home, of nobody else's pupils."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from notifications import balance
from notifications.services import write_update
from pupils import circle

from ..apdr.pages import as_, count, words
from ..cast import AT, Cast
from .test_many import class_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]

WEEK = timedelta(weeks=1)


def wrote(cast: Cast, weeks: int, **more: Any) -> None:
    who: dict[str, Any] = {"pupil": cast.ada, "by": cast.teacher, "sent_key": uuid4()} | more
    write_update(at=AT - weeks * WEEK, **who)


def homes(cast: Cast, **more: Any) -> dict[str, list[tuple[str, int, int, int, int]]]:
    page = balance.page(cast.senco, AT, **more)
    return {
        row.pupil.called: [(h.name, h.lately, h.good, h.without, h.wrote) for h in row.homes]
        for row in page.rows
    }


def test_each_home_is_counted_by_what_it_heard_and_wrote_itself(cast: Cast) -> None:
    wrote(cast, 1, good_thing="A map.")
    wrote(cast, 5, words="She hit somebody.", household=cast.other_home)
    wrote(cast, 2, words="Thank you.", by=cast.parent)
    wrote(cast, 13, words="Too long ago.")
    assert homes(cast)["Ada"] == [("Oscar’s home", 1, 1, 1, 0), ("Pam’s home", 1, 1, 0, 1)]
    page = words(as_(cast.senco).get(reverse("balance")))
    assert "Pam’s home : heard 1 with a good thing and 0 without, 1 of them in 4 weeks; wrote 1 time." in page
    assert "Noor decides who reads this, so homes are not counted." in page
    assert "Rob’s home" not in page


def test_who_hears_nothing_and_who_hears_only_what_is_hard_is_found(cast: Cast) -> None:
    assert balance.counts(cast.senco, AT) == {"all": 3, "nothing": 1, "hard": 0}
    wrote(cast, 5, words="She hit somebody.", household=cast.other_home)
    assert balance.counts(cast.senco, AT) == {"all": 3, "nothing": 1, "hard": 1}
    assert list(homes(cast, flag="hard")) == list(homes(cast, flag="nothing")) == ["Ada"]
    wrote(cast, 0, good_thing="A map.")
    assert balance.counts(cast.senco, AT) == {"all": 3, "nothing": 0, "hard": 0}
    assert homes(cast, flag="nothing") == {}


def test_only_who_coordinates_reads_it_and_only_of_their_own(cast: Cast) -> None:
    told = {
        name: as_(p).get(reverse("balance")).status_code for name, p in cast.people.items() if p.is_active
    }
    assert {name for name, status in told.items() if status != 403} == {"senco", "stranger"}
    assert "Ada" not in words(as_(cast.stranger).get(reverse("balance")))
    assert balance.counts(cast.stranger, AT)["all"] == 0


def test_it_takes_the_same_queries_for_three_and_for_a_page_and_is_read_a_page_at_a_time(cast: Cast) -> None:
    senco, path = as_(cast.senco), reverse("balance")
    few = count(senco, path)
    for child in class_of(cast, 30):
        circle.add_parent_carer(
            pupil=child, household=cast.home, name="Pam", relationship="aunt", by=cast.senco, at=AT
        )
    assert (few, count(senco, path)) == (12, 12)
    first = senco.get(path)
    seen = [row.pupil.pk for row in first.context["page"].rows]
    following = first.context["next"]
    rest = senco.get(path + following)
    seen += [row.pupil.pk for row in rest.context["page"].rows]
    assert (len(seen), len(set(seen)), rest.context["next"]) == (33, 33, "")
    for odd in ("x", str(uuid4()), str(cast.westfield.pk)):
        assert senco.get(path, {"after": odd}).status_code == 302
