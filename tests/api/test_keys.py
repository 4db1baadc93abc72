"""A key to the API over a real connection, what ends it, and what a browser's session needs besides."""

import json
import re
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from accounts.models import ApiToken, Membership
from pupils import circle
from pupils.enums import RestrictionKind

from ..apdr.plans import write_plan
from ..cast import AT, PASSWORD, Cast, build
from .asking import ask
from .record import token_of, write_record

Answer = tuple[int, Any]
LIVE = pytest.mark.django_db(transaction=True)


def over_http(address: str, secret: str, method: str, path: str, body: Any = None) -> Answer:
    """One request over a real connection."""
    request = urllib.request.Request(
        address + path,
        method=method,
        data=json.dumps(body).encode() if body is not None else None,
        headers={"Authorization": f"Bearer {secret}", "Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


@pytest.fixture
def written(transactional_db: None) -> Iterator[tuple[Cast, Any]]:
    """The cast, and Ada's plan, in the database for every connection; the clock runs from `AT`."""
    with time_machine.travel(AT):
        cast = build()
        yield cast, write_plan(cast.ada, cast.senco, timezone.now())


def key_from_the_command(capsys: pytest.CaptureFixture[str], email: str) -> str:
    call_command("api_token", email)
    found = re.search(r"alongside_\S+", capsys.readouterr().out)
    assert found is not None
    return found.group()


@LIVE
def test_a_teachers_key_reads_and_writes_over_a_real_connection(
    live_server: Any, written: tuple[Cast, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    _, plan = written
    secret = key_from_the_command(capsys, "teacher@hazelmere.example")
    path = f"/api/v1/next-steps/{plan.step.pk}/progress/"
    body = {"sent_key": str(uuid4()), "value": 2, "note": "Started alone."}
    made = over_http(live_server.url, secret, "POST", path, body)
    again = over_http(live_server.url, secret, "POST", path, body)
    read = over_http(live_server.url, secret, "GET", path)
    assert (made[0], again, [n["note"] for n in read[1]["results"]]) == (201, made, ["Started alone."])


def deactivate(cast: Cast) -> None:
    cast.teacher.is_active = False
    cast.teacher.save()


def end_membership(cast: Cast) -> None:
    Membership.objects.filter(person=cast.teacher).update(ends_at=timezone.now())


def restrict(cast: Cast) -> None:
    circle.restrict(
        pupil=cast.ada,
        person=cast.teacher,
        kind=RestrictionKind.UNSAFE,
        reason="Not safe.",
        by=cast.senco,
        at=timezone.now(),
    )


def leave_the_class(cast: Cast) -> None:
    circle.leave_class(class_group=cast.class_9b, person=cast.teacher, by=cast.senco, at=timezone.now())


def revoke(cast: Cast) -> None:
    ApiToken.objects.filter(person=cast.teacher).update(revoked_at=timezone.now())


def expire(cast: Cast) -> None:
    ApiToken.objects.filter(person=cast.teacher).update(expires_at=timezone.now())


ENDS: list[tuple[Callable[[Cast], None], int, str]] = [
    (deactivate, 401, "bad_token"),
    (revoke, 401, "bad_token"),
    (expire, 401, "bad_token"),
    (end_membership, 404, "not_found"),
    (restrict, 404, "not_found"),
    (leave_the_class, 404, "not_found"),
]


@LIVE
@pytest.mark.parametrize(("end", "status", "code"), ENDS, ids=[end.__name__ for end, *_ in ENDS])
def test_what_ends_it_ends_it_at_the_very_next_request(
    live_server: Any, written: tuple[Cast, Any], end: Callable[[Cast], None], status: int, code: str
) -> None:
    cast, plan = written
    secret = token_of(cast.teacher)
    reads = f"/api/v1/pupils/{cast.ada.pk}/needs/"
    writes = f"/api/v1/next-steps/{plan.step.pk}/progress/"
    note = {"sent_key": str(uuid4()), "note": "Tried."}
    assert over_http(live_server.url, secret, "GET", reads)[0] == 200
    end(cast)
    read = over_http(live_server.url, secret, "GET", reads)
    wrote = over_http(live_server.url, secret, "POST", writes, note)
    assert [(s, told["code"]) for s, told in (read, wrote)] == [(status, code), (status, code)]
    assert not plan.step.progress.exists()


BAD_KEYS = [
    "",
    "Bearer",
    "Bearer x",
    "Bearer alongside_x",
    "Bearer a b",
    "Basic YTpi",
    "Bearer \xff",
    "Bearer \x00",
]


@pytest.mark.django_db
@pytest.mark.parametrize("header", BAD_KEYS)
def test_a_key_that_is_none_is_401_and_says_how_to_ask(cast: Cast, header: str) -> None:
    answer = Client().get("/api/v1/me/", headers={"Authorization": header})
    assert (answer.status_code, answer["WWW-Authenticate"], set(answer.json())) == (
        401,
        "Bearer",
        {"code", "detail"},
    )


# A browser's session ----------------------------------------------------------------------------------------


@pytest.fixture
def browser(cast: Cast) -> Client:
    client = Client(enforce_csrf_checks=True)
    assert client.login(email="teacher@hazelmere.example", password=PASSWORD)
    return client


@pytest.mark.django_db
@pytest.mark.usefixtures("at_ten")
def test_a_session_reads_but_writes_only_with_the_forms_token(cast: Cast, browser: Client) -> None:
    step = write_record(cast, cast.ada).rows["step"]
    path = f"/api/v1/next-steps/{step.pk}/progress/"
    body = json.dumps({"sent_key": str(uuid4()), "note": "From a tab."})
    before = step.progress.count()
    without = browser.post(path, body, content_type="application/json")
    wrong = browser.post(path, body, content_type="application/json", headers={"X-CSRFToken": "x" * 32})
    assert (browser.get(path).status_code, without.status_code, wrong.status_code) == (200, 403, 403)
    assert without.json()["code"] == "permission_denied"
    assert step.progress.count() == before
    token = csrf_token(browser)
    made = browser.post(path, body, content_type="application/json", headers={"X-CSRFToken": token})
    assert (made.status_code, step.progress.count()) == (201, before + 1)


def csrf_token(browser: Client) -> str:
    page = browser.get("/me/").content.decode()
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert found is not None
    return found.group(1)


# docs/api.md ------------------------------------------------------------------------------------------------

PAGE = Path(__file__).parents[2] / "docs" / "api.md"
EXAMPLE = re.compile(
    r"```http\n(?P<method>[A-Z]+) (?P<path>\S+)\n(?P<sent>.*?)```\n\n```json\n(?P<told>.*?)```", re.S
)
STATUS = re.compile(r"^HTTP (\d{3})\n")


@pytest.mark.django_db
@pytest.mark.usefixtures("at_ten")
def test_every_example_of_the_page_about_the_api_is_what_it_answers(cast: Cast) -> None:
    record = write_record(cast, cast.ada)
    secret = token_of(cast.teacher)
    known = {
        "PUPIL": str(cast.ada.pk),
        "STEP": str(record.ids["step"]),
        "OUTCOME": str(record.ids["outcome"]),
        "SETTING": str(cast.hazelmere.pk),
        "PERSON": str(cast.teacher.pk),
        "SENT-KEY": str(uuid4()),
    }
    examples = list(EXAMPLE.finditer(PAGE.read_text()))
    assert len(examples) >= 8
    for example in examples:
        path, sent, told = (_filled(example[name], known) for name in ("path", "sent", "told"))
        status = STATUS.match(told)
        answer = ask(secret, example["method"], path, json.loads(sent) if sent.strip() else None)
        expected = json.loads(STATUS.sub("", told))
        assert answer.status_code == (int(status[1]) if status else 200), (path, answer.content)
        assert same(expected, answer.json()), (path, answer.json())


def _filled(text: str, known: dict[str, str]) -> str:
    for name, value in known.items():
        text = text.replace(f"<{name}>", value)
    return text


def same(expected: Any, told: Any) -> bool:
    """Whether an answer is as the page has it; "…" stands for whatever is there."""
    if expected == "…":
        return True
    if isinstance(expected, dict):
        whole = "…" in expected or set(expected) == set(told)
        return whole and all(name == "…" or same(value, told.get(name)) for name, value in expected.items())
    if isinstance(expected, list):
        if expected and expected[-1] == "…":
            return (
                all(same(a, b) for a, b in zip(expected[:-1], told, strict=False))
                and len(told) >= len(expected) - 1
            )
        return len(expected) == len(told) and all(same(a, b) for a, b in zip(expected, told, strict=True))
    return bool(expected == told)
