"""What every answer says to browsers, and what the logs do not say."""

import json
import logging
from typing import Any

import pytest
from django.test import Client

from config import logs
from tests.cast import Cast

from ..sessions import sign_in


def test_a_page_loads_nothing_from_another_host_and_is_framed_by_none(client: Client, db: None) -> None:
    headers = client.get("/sign-in/").headers
    rules = dict(rule.strip().split(" ", 1) for rule in headers["Content-Security-Policy"].split(";"))
    nonce = rules["script-src"].removeprefix("'self'").strip()
    assert nonce == "" or nonce.startswith("'nonce-")
    assert {**rules, "script-src": "'self'"} == {
        "default-src": "'none'",
        "base-uri": "'none'",
        "connect-src": "'self'",
        "font-src": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
        "img-src": "'self' data:",
        "manifest-src": "'self'",
        "media-src": "'self'",
        "object-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
    }
    assert {
        name: headers[name] for name in ("X-Frame-Options", "X-Content-Type-Options", "Referrer-Policy")
    } == {
        "X-Frame-Options": "DENY",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
    }
    assert "camera=()" in headers["Permissions-Policy"]


def test_what_a_signed_in_person_sees_is_kept_nowhere(client: Client, cast: Cast) -> None:
    sign_in(client, cast.senco)
    for address in ("/", "/sign-in/", "/not-a-page/"):
        assert client.get(address).headers["Cache-Control"] == "no-store, private"


def test_health_is_one_word(client: Client, db: None) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok")
    assert client.post("/healthz").status_code == 405


def test_whoever_opens_what_only_takes_a_form_is_told_that_nothing_was_saved(
    client: Client, cast: Cast
) -> None:
    button = f"/pupils/{cast.ada.pk}/circle/invite/"
    away = client.post(button, {"email": "new@home.example"})
    assert away["Location"] == f"/sign-in/?next={button}"  # where they land once they have signed in again
    sign_in(client, cast.senco)
    told = client.get(button)
    assert (told.status_code, told["Allow"]) == (405, "POST")
    assert "Nothing was saved" in told.text
    assert 'href="/"' in told.text
    for refused in (client.put(button), client.get("/api/v1/requests/")):
        assert b"Nothing was saved" not in refused.content


def test_health_says_when_the_broker_is_away(client: Client, db: None, settings: Any) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (503, b"not well")


def lines(caplog: pytest.LogCaptureFixture) -> str:
    formatter = logging.Formatter()
    handler = logs.configure(as_json=True, level="INFO")["formatters"]["structured"]
    import structlog

    formatter = structlog.stdlib.ProcessorFormatter(
        processors=handler["processors"], foreign_pre_chain=handler["foreign_pre_chain"]
    )
    only = logs.WithoutArguments()
    return "\n".join(formatter.format(record) for record in caplog.records if only.filter(record))


def test_a_request_is_logged_by_its_route_and_not_by_what_was_typed(
    client: Client, db: None, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        client.post(
            "/sign-in/?search=Ada%20Lovelace", {"login": "ada@home.example", "password": "a secret phrase"}
        )
    said = lines(caplog)
    assert '"event": "request"' in said
    assert [word for word in ("Ada", "Lovelace", "ada@home", "secret phrase") if word in said] == []


def test_an_error_is_logged_by_its_kind_and_place_and_not_by_what_it_quotes(
    caplog: pytest.LogCaptureFixture,
) -> None:
    try:
        raise ValueError("Key (email)=(ada@home.example) already exists")
    except ValueError:
        logging.getLogger("django.request").exception("Refused: %s", "/invitations/ada@home.example/")
    told = json.loads(lines(caplog))
    assert told["exception"] == "builtins.ValueError"
    assert "test_headers.py" in told["places"][0]
    assert "ada@home" not in json.dumps(told)


def test_a_task_that_failed_is_logged_without_what_the_failure_quotes(
    caplog: pytest.LogCaptureFixture,
) -> None:
    refused = "SMTPRecipientsRefused({'ada@home.example': (550, b'no such user')})"
    of = {"id": "0192", "name": "pupils.tasks.send_receipt", "exc": refused, "args": "['~key~']"}
    with caplog.at_level(logging.INFO, "celery.app.trace"):
        logging.getLogger("celery.app.trace").info("Task %(name)s[%(id)s] retry: %(exc)s", of)
        logging.getLogger("celery.app.trace").error("%(name)s %(description)s: %(exc)s %(traceback)s", of)
    said = lines(caplog)
    assert said.count("pupils.tasks.send_receipt") == 2
    assert [word for word in ("ada@home", "no such user", "~key~") if word in said] == []


def test_nothing_that_is_logged_goes_to_anybody_by_e_mail(settings: Any, mailoutbox: list[Any]) -> None:
    settings.ADMINS = [("Ina", "installer@it.example")]
    for name in ("django", "django.request", "django.security.DisallowedHost", "django.template"):
        logging.getLogger(name).error("Refused: %s", "ada@home.example")
    assert mailoutbox == []
