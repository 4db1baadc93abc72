"""Every word of a record has its readers: for each person, the whole text of every GET there is, searched.

Each part of the record holds a word found nowhere else (record.py). A word reaches exactly the people listed here, so
that nothing leaks and nothing is missing.
"""

from typing import Any
from uuid import uuid4

import pytest

from pupils.models import Pupil
from reviews.enums import DecisionKind
from reviews.models import Review
from reviews.services import close_cycle, edit_review

from ..cast import AT, Cast
from .asking import ROUTES, ask, ask_route
from .record import Record, token_of, write_record

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]

STAFF = {"senco", "teacher", "key_adult"}
PARENTS = {"parent", "other_parent"}
CIRCLE = STAFF | PARENTS | {"child"}
#: Whoever has funding and reviews: adults who teach do not.
NOT_TAUGHT = PARENTS | {"senco", "child"}
NOBODY: set[str] = set()


def from_(home: str, readers: set[str] = CIRCLE) -> set[str]:
    """Readers of what one household says or is told: the other does not hear it."""
    return readers - {"home": {"other_parent"}, "other_home": {"parent"}}.get(home, set())


HOMES = {"home": "parent", "other_home": "other_parent"}
SPEAKERS = {"own": "child", **HOMES}

READERS: dict[str, set[str]] = {
    "PROFILE": CIRCLE,
    # What was shared, and what was written since
    **{f"SHARED-{part}": CIRCLE for part in ("need", "evidence", "measure", "outcome", "step", "strategy")},
    "SHARED-provision": CIRCLE,
    "SHARED-note": CIRCLE,
    **{f"DRAFT-{part}": STAFF for part in ("need", "evidence", "measure", "outcome", "step", "strategy")},
    "DRAFT-provision": STAFF,
    "DRAFT-progress": STAFF,
    "SHARED-allocation": NOT_TAUGHT,
    "SHARED-use": NOT_TAUGHT,
    "DRAFT-allocation": {"senco"},
    "COST-role": {"senco"},
    "COST-books": {"senco"},
    "DELIVERED-words": CIRCLE,
    "MONEY-decided": NOT_TAUGHT,
    **{f"MONEY-{who}": from_(who, NOT_TAUGHT) for who in SPEAKERS},
    **{f"MONEY-AGREED-{who}": from_(who, NOT_TAUGHT) for who in SPEAKERS},
    "REMOVED-need": NOBODY,
    "MOVED-note": NOBODY,
    "WITHDRAWN-progress": NOBODY,
    # What people say
    "PROGRESS-teacher": CIRCLE,
    **{f"PROGRESS-{who}": from_(who) for who in SPEAKERS},
    **{f"COMMENT-{who}": from_(who) for who in SPEAKERS},
    **{f"ANSWER-{who}": from_(who) for who in SPEAKERS},
    **{f"PROPOSAL-{who}": from_(who) for who in SPEAKERS},
    **{f"PROPOSAL-WHY-{who}": from_(who) for who in SPEAKERS},
    **{f"REPLY-{who}": from_(who) for who in SPEAKERS},
    **{f"VIEW-{who}": from_(who) for who in SPEAKERS},
    **{f"VIEW-HELPS-{who}": from_(who) for who in SPEAKERS},
    **{f"VIEW-PRIVATE-{who}": {"senco", person} for who, person in SPEAKERS.items()},
    **{f"VIEW-HEARD-{who}": from_(who) for who in HOMES},
    "VIEW-staff": CIRCLE,
    "VIEW-drawn": CIRCLE,
    "VIEW-seen": CIRCLE,
    "DID-drawn": STAFF,  # a family hears it on its pages, and by program once the review is over
    "PROUD-untold": {"senco", "child"},
    "PROUD-told": CIRCLE,
    "STRATEGY-no": CIRCLE,
    "FORWARD-words": CIRCLE,
    "PROFILE-face": CIRCLE,
    **{f"UPDATE-{who}": from_(who) for who in HOMES},
    **{f"UPDATE-to-{who}": from_(who) for who in HOMES},
    "UPDATE-to-all": CIRCLE,
    "UPDATE-worked": CIRCLE,
    "UPDATE-photo": CIRCLE,
    "DAILY-enjoyed": CIRCLE,
    "DAILY-tried": CIRCLE,
    "CALL-words": STAFF,
    "TALK-times": {"senco", "parent"},
    "TALK-reason": {"senco", "parent"},
    "REVIEW-where": NOT_TAUGHT,
    "REVIEW-NOTES": {"senco"},
    # What a professional asks is the family's to answer.
    "ASKED-professional": PARENTS | {"professional"},
    # Who people are
    "Pam Lovelace": from_("home"),
    "Oscar Lovelace": from_("other_home"),
    "Pam’s home": STAFF,
    "Oscar’s home": STAFF,
    "Rob": STAFF,
    "01632 960001": NOBODY,
    "01632 960002": NOBODY,
    "family court": NOBODY,
    "A123456789012": NOBODY,
    "@": NOBODY,
}
#: In the review: a family has only its own judgements, and an adult who teaches only theirs.
IN_REVIEW = {
    **{f"JUDGED-{who}": {"senco", person} for who, person in SPEAKERS.items()},
    "JUDGED-teacher": {"senco", "teacher"},
    "JUDGED-senco": {"senco"},
    "JUDGED-HEARD-home": {"senco"},
    "JUDGED-HEARD-other_home": {"senco"},
    "DRAFT-judged": {"senco"},
}
#: Once it is closed, a family hears what was judged of what was shared with them, but no other household.
CLOSED = {
    **{f"JUDGED-{who}": from_(who, NOT_TAUGHT) for who in SPEAKERS},
    "JUDGED-teacher": NOT_TAUGHT | {"teacher"},
    "JUDGED-senco": NOT_TAUGHT,
    "JUDGED-HEARD-home": from_("home", NOT_TAUGHT),
    "JUDGED-HEARD-other_home": from_("other_home", NOT_TAUGHT),
    "DRAFT-judged": {"senco"},
    "REVIEW-NOTES": NOT_TAUGHT,
}


def words_of(answer: Any) -> str:
    """What stands in an answer; of a picture nothing, whose bytes spell whatever they like."""
    return "" if answer["Content-Type"] == "image/jpeg" else answer.content.decode(errors="replace")


def everything_told(cast: Cast, record: Record, name: str) -> str:
    """All that every GET answers a person, their own address at /me/ apart."""
    person = None if name == "anonymous" else cast.people[name]
    secret = token_of(person) if person else None
    ids = {**record.ids}
    told = []
    for route in ROUTES:
        if "GET" in route.methods and route.name not in ("api_me", "api_schema"):
            told.append(words_of(ask(secret, "GET", route.path(ids) + "?page_size=100")))
    later = {**ids, "step": ids["draft_step"]}
    told += [
        words_of(ask_route(secret, r, "GET", later))
        for r in ROUTES
        if "step" in r.wanted and "GET" in r.methods
    ]
    return "\n".join(told)


def readers_found(cast: Cast, record: Record, words: Any) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {word: set() for word in words}
    for name in [*cast.people, "anonymous"]:
        text = everything_told(cast, record, name)
        for word in words:
            if word in text:
                found[word].add(name)
    return found


def _noted(cast: Cast, record: Record) -> None:
    review = Review.objects.get(cycle=record.cycle)
    who: dict[str, Any] = {"by": cast.senco, "at": AT}
    edit_review(review=review, version=review.version, who_came="REVIEW-NOTES", working="REVIEW-NOTES", **who)


@pytest.fixture
def with_a_upn(cast: Cast) -> None:
    Pupil.objects.update(upn="")
    Pupil.objects.filter(pk=cast.ada.pk).update(upn="A123456789012")


@pytest.mark.usefixtures("with_a_upn")
def test_every_word_of_a_record_reaches_exactly_its_readers(cast: Cast) -> None:
    record = write_record(cast, cast.ada)
    _noted(cast, record)
    assert readers_found(cast, record, READERS) == READERS


def test_judgements_reach_a_family_when_the_cycle_is_closed_and_never_the_other_household(cast: Cast) -> None:
    record = write_record(cast, cast.ada, reviewing=True)
    _noted(cast, record)
    assert readers_found(cast, record, IN_REVIEW) == IN_REVIEW
    steps = record.cycle.steps.filter(removed_at=None)
    close_cycle(
        cycle=record.cycle,
        kind=DecisionKind.END,
        why="It helped.",
        statuses=dict.fromkeys(steps, "met"),
        by=cast.senco,
        at=AT,
    )
    assert readers_found(cast, record, CLOSED) == CLOSED


def test_who_looked_names_nobody_of_another_household(cast: Cast) -> None:
    record = write_record(cast, cast.ada)
    looked = {}
    for name in ("senco", "child", "parent", "other_parent"):
        told = ask(token_of(cast.people[name]), "GET", f"/api/v1/pupils/{record.pupil.pk}/access-log/")
        looked[name] = {look["who"] for look in told.json()["results"]} & {"Pam Lovelace", "Oscar Lovelace"}
    both = {"Pam Lovelace", "Oscar Lovelace"}
    assert looked == {
        "senco": both,
        "child": both,
        "parent": {"Pam Lovelace"},
        "other_parent": {"Oscar Lovelace"},
    }


def test_an_update_written_twice_by_two_people_with_one_key_is_not_read_back_to_the_second(
    cast: Cast,
) -> None:
    record = write_record(cast, cast.ada)
    key = str(uuid4())
    path = f"/api/v1/pupils/{record.pupil.pk}/updates/"
    ask(token_of(cast.parent), "POST", path, {"sent_key": key, "words": "Between us."})
    answer = ask(token_of(cast.other_parent), "POST", path, {"sent_key": key, "words": "Other words."})
    assert (answer.status_code, "Between us." in answer.content.decode()) == (400, False)
