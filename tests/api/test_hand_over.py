"""The talks about the hand-over through the API: written down once, read by the SENCO alone, refused in words."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from pupils import hand_over
from pupils.models import AccessLog, AuditEvent, HandOverTalk

from ..cast import AT, Cast
from .asking import ask
from .record import token_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]


def path(cast: Cast) -> str:
    return f"/api/v1/pupils/{cast.ada.pk}/hand-over-talks/"


def body(**more: Any) -> dict[str, Any]:
    said = {"on": "2026-03-02", "with_whom": "Ada and her mother", "how": "TALK-how"}
    return {"sent_key": str(uuid4()), **said, **more}


def test_a_talk_is_written_down_once_however_often_it_is_sent_and_the_senco_reads_it(cast: Cast) -> None:
    secret, sent = token_of(cast.senco), body()
    answers = [ask(secret, "POST", path(cast), sent) for _ in range(2)]
    assert [a.status_code for a in answers] == [201, 201]
    one = {
        "id": sent["sent_key"],
        "on": "2026-03-02",
        "with_whom": "Ada and her mother",
        "how": "TALK-how",
        "recorded_by": "Sunita Rao",
        "at": "2026-03-10T10:30:00Z",
    }
    assert [a.json() for a in answers] == [one, one]
    assert ask(secret, "GET", path(cast)).json() == [one]
    assert AuditEvent.objects.filter(verb="hand-over talked about", pupil=cast.ada).count() == 1


def test_the_same_key_with_other_words_is_another_talk_and_again_the_same_one(cast: Cast) -> None:
    secret, sent = token_of(cast.senco), body()
    other = {**sent, "how": "With an interpreter."}
    ids = [ask(secret, "POST", path(cast), each).json()["id"] for each in (sent, other, other, sent)]
    assert (ids[0], ids[1]) == (ids[3], ids[2])
    assert HandOverTalk.objects.count() == 2
    assert {row["how"] for row in ask(secret, "GET", path(cast)).json()} == {
        "TALK-how",
        "With an interpreter.",
    }


def test_a_key_that_is_somebody_elses_or_of_another_pupil_is_refused(cast: Cast) -> None:
    secret, sent = token_of(cast.senco), body()
    ask(secret, "POST", f"/api/v1/pupils/{cast.sam.pk}/hand-over-talks/", sent)
    refused = ask(secret, "POST", path(cast), sent)
    assert (refused.status_code, refused.json()["detail"]) == (400, hand_over.OUT_OF_DATE)
    assert HandOverTalk.objects.filter(pupil=cast.ada).count() == 0


@pytest.mark.parametrize(
    ("wrong", "fields"),
    [
        ({"on": "2026-03-11"}, {"on": ["Choose today or a day before it."]}),
        ({"on": "2012-05-13"}, {"on": ["Choose a day in their lifetime."]}),
        ({"with_whom": " "}, {"with_whom": ["This field may not be blank."]}),
        (
            {"how": "x" * 2001},
            {"how": ["Use 2,000 characters or fewer. Nothing you wrote has been cut or lost."]},
        ),
        ({"with_whom": "x" * 301}, {"with_whom": ["Ensure this field has no more than 300 characters."]}),
    ],
)
def test_what_is_wrong_is_said_by_field_and_nothing_is_saved(
    cast: Cast, wrong: dict[str, Any], fields: dict[str, list[str]]
) -> None:
    refused = ask(token_of(cast.senco), "POST", path(cast), body(**wrong))
    assert (refused.status_code, refused.json()["code"], refused.json()["fields"]) == (400, "invalid", fields)
    assert HandOverTalk.objects.count() == 0


def test_nobody_but_the_senco_reads_or_writes_them(cast: Cast) -> None:
    hand_over.record_talk(
        pupil=cast.ada, on=date(2026, 3, 2), with_whom="Pam", how="TALK-how", key=uuid4(), by=cast.senco, at=AT
    )  # fmt: skip
    secrets = {name: token_of(who) for name, who in cast.people.items()}
    read = {name: ask(secret, "GET", path(cast)) for name, secret in secrets.items()}
    assert {name for name, answer in read.items() if "TALK-how" in answer.content.decode()} == {"senco"}
    wrote = {name: ask(s, "POST", path(cast), body()) for name, s in secrets.items() if name != "senco"}
    assert {answer.status_code for answer in wrote.values()} == {401, 403, 404}
    assert HandOverTalk.objects.count() == 1


def test_that_the_senco_looked_is_written_down(cast: Cast) -> None:
    ask(token_of(cast.senco), "GET", path(cast))
    look = AccessLog.objects.get(pupil=cast.ada, way="api")
    assert (look.person, look.sections, look.grounds) == (cast.senco, ["profile"], ["coordinates"])
