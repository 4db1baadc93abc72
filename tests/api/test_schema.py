"""The whole API against its own schema, as each kind of person, with what belongs there and with what does not.

Cases come from schemathesis: for every operation what its schema allows, what it does not, the edges of both, and
methods it does not do. Ids of real rows are put where an id is asked for. Whatever a request saves is undone.
No answer may be a 5xx or differ from the schema, and what the schema does not allow is refused.
"""

import contextlib
import json
import traceback
import warnings
from collections.abc import Iterator
from functools import cache
from typing import Any
from unittest import SkipTest
from uuid import UUID, uuid4

import pytest
import schemathesis
import time_machine
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import got_request_exception, request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi import checks

from ..cast import AT, Cast
from ..sample import WHOLE, in_sample
from .asking import BODIES, NAMED, OF_ROUTE, ROUTES, Route, ask, schema_document
from .record import token_of, write_record

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("schema")]

CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.negative_data_rejection,
    checks.missing_required_header,
    checks.unsupported_method,
    checks.allow_header_conformance,
]
#: How many cases of each operation a kind of person sends with the whole tables; of these, `make test` sends a fifth, of
#: some of the operations.
SHORT = {
    "senco": 14,
    "teacher": 5,
    "parent": 5,
    "young_person": 5,
    "child": 4,
    "professional": 2,
    "stranger": 2,
    "anonymous": 2,
}
BODY_IDS = {
    "outcome",
    "scale",
    "step",
    "strategy",
    "need",
    "allocation",
    "stream",
    "household",
    "about",
    "provision",
    "role",
}
ENDS = ["met", "stopped", "carried"]
#: What neither a SENCO nor every parent does with the bodies that are sent here: who does, `routes.txt` shows. A second
#: review of a cycle is set by nobody.
DECIDED = {
    ("GET", "overrides"),
    ("GET", "write-back"),
    ("POST", "write-back"),
    ("GET", "replies"),
    ("POST", "replies"),
    ("POST", "talks"),
    ("POST", "choices"),
    ("POST", "requests"),
    ("POST", "answer"),
    ("POST", "to-come"),
}
#: What a family does, and nobody else.
FAMILYS = {"comments", "answers", "proposals", "sign-up", "not-coming"}
IN_REVIEW = {"api_judgements", "api_close"}
KEY_OF_PATH = {
    f"/api/{r.shown}": {**NAMED, "id": OF_ROUTE.get(r.name, "")} | {"review": r.name in IN_REVIEW}
    for r in ROUTES
}
Worlds = list[dict[str, UUID]]


@pytest.fixture(autouse=True)
def a_request_leaves_the_connection_open() -> Iterator[None]:
    """As Django's own test client sees to: what a test saved is in a transaction of its own."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@cache
def api() -> Any:
    """The schema as a program gets it, over the application itself."""
    document = schema_document()
    config = schemathesis.Config()
    config.projects.default.generation.update(with_security_parameters=False)
    loaded = schemathesis.openapi.from_dict(json.loads(json.dumps(document, default=str)), config=config)
    loaded.app = WSGIHandler()
    return loaded


@cache
def cases(examples: int, coverage: int | None) -> list[tuple[str, list[Any]]]:
    """Cases of every operation, the same for everybody: edges first in turn with examples of both modes."""
    found = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for result in api().get_all_operations():
            operation = result.ok()
            if coverage is not None and not in_sample(operation.label):
                continue
            made: list[Any] = []
            for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
                made += _examples(operation, mode, examples)
            edges = list(
                api().iter_coverage_cases(
                    operation,
                    generation_modes=list(GenerationMode),
                    generation_config=api().config.generation_for(operation=operation),
                )
            )
            if coverage is not None and len(edges) > coverage:
                edges = edges[:: len(edges) // coverage + 1]
            found.append((operation.label, [*made, *edges]))
    return found


def _examples(operation: Any, mode: GenerationMode, how_many: int) -> list[Any]:
    kept: list[Any] = []

    @settings(
        max_examples=how_many,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def keep(case: Any) -> None:
        kept.append(case)

    with contextlib.suppress(
        Unsatisfiable, SkipTest
    ):  # where there is no input, nothing about it can be wrong
        keep()
    return kept


def with_real_ids(case: Any, worlds: Worlds, turn: int, own_is_second: bool) -> Any:
    """The same case with ids of rows that exist wherever it has a well-formed id; in every fourth, the case as it is."""
    case = case.derive()
    case.freeze_metadata()  # a well-formed id stays one: what was allowed still is, and what was not is not
    keys = KEY_OF_PATH.get(case.operation.full_path, {})
    ids = worlds[1] if keys.get("review") else worlds[0]
    if turn % 4 == 3:
        return case
    if (turn % 4 == 2) != own_is_second:
        ids = worlds[1 - worlds.index(ids)]
    for name, value in list((case.path_parameters or {}).items()):
        if _is_id(value) and keys.get(name) in ids:
            case.path_parameters[name] = str(ids[keys[name]])
    if isinstance(case.body, dict):
        case.body = _real_body(case.body, ids)
    return case


def accepted(worlds: Worlds) -> Iterator[Any]:
    """One case of every operation that is done for whoever may do it, wherever the cycle's stage lets it."""
    for route in (r for r in ROUTES if r.name != "api_schema"):
        ids = worlds[route.name in IN_REVIEW]
        for method in route.methods:
            operation = api()[f"/api/{route.shown}"][method]
            body = BODIES.get((route.name, method))
            version = 2 if route.name == "api_need" else 1
            yield operation.Case(
                path_parameters={p.name: str(ids[_key(route, p.name)]) for p in operation.path_parameters},
                query={"version": version} if method == "DELETE" else {},
                **({"body": body(ids), "media_type": "application/json"} if body else {}),
            )


def _key(route: Route, name: str) -> str:
    return OF_ROUTE[route.name] if name == "id" else NAMED[name]


def _real_body(body: dict[str, Any], ids: dict[str, UUID]) -> dict[str, Any]:
    real: dict[str, Any] = {}
    for name, value in body.items():
        if name in BODY_IDS and _is_id(value):
            real[name] = str(ids[{"household": "home", "about": "step"}.get(name, name)])
        elif name in {"version", "number", "after"} and type(value) is int and value > 0:
            real[name] = 1
        elif (
            name == "statuses" and isinstance(value, dict) and all(isinstance(v, str) for v in value.values())
        ):
            ends = list(value.values()) or ["met"]
            real[name] = {str(ids[key]): ends[n % len(ends)] for n, key in enumerate(("step", "draft_step"))}
        elif isinstance(value, dict):
            real[name] = _real_body(value, ids)
        else:
            real[name] = value
    return real


def _is_id(value: object) -> bool:
    try:
        return isinstance(value, str) and len(value) == 36 and bool(UUID(value))
    except ValueError:
        return False


class Undo(Exception):
    pass


def failures(case: Any, secret: str | None, done: bool = False) -> Iterator[str]:
    """What is wrong with the answer to a case, `done` if it must be; whatever the request saved is undone."""
    headers = {"Authorization": f"Bearer {secret}"} if secret else {}
    broke: list[str] = []
    answer: Any = None

    def note(**_: Any) -> None:
        broke.append(traceback.format_exc(limit=-3))

    got_request_exception.connect(note)
    try:
        with transaction.atomic():
            answer = case.call(headers=headers)
            raise Undo
    except Undo:
        got_request_exception.disconnect(note)
    if done and answer.status_code not in (200, 201, 204, 409):
        yield f"Refused: {answer.status_code}\n{case.as_curl_command()}\n{answer.content[:300]!r}"
    try:
        case.validate_response(answer, checks=CHECKS)
    except FailureGroup as group:
        for failure in group.exceptions:
            yield f"{type(failure).__name__}: {failure}\n{case.as_curl_command()}\n{answer.content[:300]!r}\n{broke}"


def tried(cast: Cast, person: str, found: list[tuple[str, list[Any]]], at_most: int | None) -> dict[str, str]:
    """The first failure of each kind of each operation, as a person: in Ada's record, Sam's for what his review is."""
    worlds = [
        write_record(cast, cast.ada).ids,
        write_record(cast, cast.sam, family_speaks=False, reviewing=True).ids,
    ]
    secret = None if person == "anonymous" else token_of(cast.people[person])
    wrong: dict[str, str] = {}
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", module=r"(schemathesis|werkzeug|requests|hypothesis)")
        for case in accepted(worlds):
            if person != "senco" and at_most is not None and not in_sample(case.operation.label):
                continue
            last = case.operation.label.removesuffix("/").rsplit("/", 1)[1]
            of_family = case.method == "POST" and last in FAMILYS
            decided = (case.method, last) in DECIDED
            done = not decided and person == ("parent" if of_family else "senco")
            for failure in failures(case, secret, done):
                wrong.setdefault(f"{case.operation.label} {failure.split(':')[0]}", failure)
        for label, made in found:
            some = made if at_most is None else made[:: max(1, len(made) // at_most)]
            for turn, case in enumerate(some):
                for failure in failures(with_real_ids(case, worlds, turn, person == "young_person"), secret):
                    wrong.setdefault(f"{label} {failure.split(':')[0]}", failure)
    return wrong


@pytest.mark.tables
@pytest.mark.xdist_group("schema")  # the cases are made once in a process
@pytest.mark.parametrize("person", SHORT if WHOLE else ["senco", "young_person", "anonymous"])
def test_no_answer_differs_from_the_schema(cast: Cast, person: str) -> None:
    found = cases(examples=2, coverage=8)
    with time_machine.travel(AT):
        wrong = tried(cast, person, found, SHORT[person] if WHOLE else max(1, SHORT[person] // 5))

    assert wrong == {}


@pytest.mark.long
@pytest.mark.parametrize("person", SHORT)
def test_no_answer_differs_from_the_schema_in_thousands(cast: Cast, person: str) -> None:
    found = cases(examples=60, coverage=None)
    with time_machine.travel(AT):
        assert tried(cast, person, found, None) == {}


def test_the_schema_is_served_to_everybody_and_names_every_route(cast: Cast) -> None:
    answer = ask(None, "GET", "/api/schema/")
    paths = answer.json()["paths"]
    assert answer.status_code == 200
    assert {f"/api/{r.shown}": {m.lower() for m in r.methods} for r in ROUTES if r.name != "api_schema"} == {
        path: set(operations) for path, operations in paths.items()
    }


# What a schema cannot say ------------------------------------------------------------------------------------

RAW: dict[str, tuple[bytes, int]] = {
    "no JSON": (b"{", 400),
    "nothing": (b"", 400),
    "trailing words": (b'{"words": "x"} {"words": "y"}', 400),
    "not a number": (b'{"version": NaN}', 400),
    "infinity": (b'{"version": Infinity}', 400),
    "a number past any": (b'{"version": 1e999}', 400),
    "ten thousand digits": (b'{"version": ' + b"9" * 10_000 + b"}", 400),
    "not UTF-8": (b'{"words": "\xff\xfe"}', 400),
    "a deep nest": (b"[" * 200_000, 400),
    "a list": (b"[]", 400),
    "a word": (b'"words"', 400),
    "null": (b"null", 400),
    "half a character": (b'{"version": 1, "words": "\\ud800"}', 400),
    "half a character as a name": (b'{"\\ud800": 1}', 400),
    "a null character": (b'{"version": 1, "words": "a\\u0000b"}', 400),
    "too much": (b'{"words": "' + b"x" * (6 * 1024 * 1024) + b'"}', 413),
}


@pytest.mark.parametrize("what", RAW)
def test_a_body_that_is_none_is_refused(cast: Cast, what: str, at_ten: Any) -> None:
    ids = write_record(cast, cast.ada).ids
    sent, status = RAW[what]
    secret = token_of(cast.senco)
    for path, method in (
        (f"/api/v1/next-steps/{ids['step']}/", "PATCH"),
        (f"/api/v1/pupils/{ids['pupil']}/needs/", "POST"),
    ):
        answer = _raw(secret, method, path, sent)
        assert (answer.status_code, set(answer.json()) - {"fields"}) == (status, {"code", "detail"})


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/xml",
        "x",
    ],
)
def test_a_body_that_is_not_json_is_415(cast: Cast, content_type: str, at_ten: Any) -> None:
    answer = _raw(
        token_of(cast.senco), "POST", f"/api/v1/pupils/{cast.ada.pk}/profile/", b"number=0", content_type
    )
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")


def test_another_answer_than_json_is_406(cast: Cast, at_ten: Any) -> None:
    from django.test import Client

    answer = Client().get(
        "/api/v1/me/", headers={"Authorization": f"Bearer {token_of(cast.senco)}", "Accept": "text/html"}
    )
    assert (answer.status_code, answer.json()["code"]) == (406, "not_acceptable")


QUERIES = {
    "pupils/": [
        ("page_size=0", 400),
        ("page_size=101", 400),
        ("page_size=-1", 400),
        ("page_size=ten", 400),
        ("page_size=%D9%A3", 400),
        ("page_size=" + "9" * 5000, 400),
        ("page_size=1", 200),
        ("cursor=x", 400),
        ("cursor=%F0%9F%A6%A6", 400),
        ("cursor=cD0lMDA%3D", 400),  # p=%00
        ("cursor=cj14", 400),  # r=x
        ("cursor=bz0tMQ%3D%3D", 400),  # o=-1
        ("q=%00", 400),
        ("q=" + "x" * 81, 400),
        ("q=%25", 200),
        ("q=%ED%A0%80", 200),
        ("setting=x", 400),
        ("setting=" + str(uuid4()), 200),
        ("setting=" + uuid4().hex, 400),
        ("format=xml", 200),
    ],
    "pupils/{pupil}/views/": [
        ("page_size=0", 400),
        ("cursor=cD14", 400),  # p=x
        ("cursor=cD0wMDAxLTAxLTAxVDAwOjAwOjAwKzE0OjAw", 400),  # the first instant there is, and before
        ("cursor=cD05OTk5LTEyLTMxVDIzOjU5OjU5LTE0OjAw", 400),  # the last, and after
        ("cursor=cD0yMDI2LTAxLTAxVDAwOjAwOjAw", 400),  # no distance from UTC
        ("cursor=cD0yMDI2LTAxLTAxVDAwOjAwOjAwWg%3D%3D", 200),
    ],
}


def test_a_page_or_a_filter_that_is_none_is_refused(cast: Cast, at_ten: Any) -> None:
    secret = token_of(cast.senco)
    told = {
        f"{path}?{query[:40]}": ask(
            secret, "GET", f"/api/v1/{path.format(pupil=cast.ada.pk)}?{query}"
        ).status_code
        for path, queries in QUERIES.items()
        for query, _ in queries
    }
    assert told == {
        f"{path}?{query[:40]}": status for path, queries in QUERIES.items() for query, status in queries
    }


DAYS = ["0000-01-01", "2026-02-30", "2026-2-3", "20260203", "2026-W06-2", "10000-01-01", "tomorrow", ""]
INSTANTS = [
    "2026-03-19",
    "2026-03-19T14:00",
    "2026-03-19 14:00:00Z",
    "0000-01-01T00:00:00Z",
    "2026-03-19T25:00:00Z",
]


@pytest.mark.parametrize(
    ("route", "name", "values"), [("outcomes", "by_when", DAYS), ("reviews", "starts_at", INSTANTS)]
)
def test_a_day_that_is_none_is_refused(
    cast: Cast, at_ten: Any, route: str, name: str, values: list[str]
) -> None:
    write_record(cast, cast.ada)
    secret = token_of(cast.senco)
    for value in values:
        body = {"words": "Reads.", "area": "cognition", name: value}
        answer = ask(secret, "POST", f"/api/v1/pupils/{cast.ada.pk}/{route}/", body)
        assert (answer.status_code, set(answer.json()["fields"])) == (400, {name}), value


@pytest.mark.parametrize(
    "starts_at", ["9999-12-31T23:59:59Z", "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00"]
)
def test_the_first_and_the_last_instant_there_are_do_no_harm(cast: Cast, at_ten: Any, starts_at: str) -> None:
    ids = write_record(cast, cast.sam, family_speaks=False, reviewing=True).ids
    answer = ask(
        token_of(cast.senco), "POST", f"/api/v1/pupils/{ids['pupil']}/reviews/", {"starts_at": starts_at}
    )
    assert answer.status_code in (201, 400, 409)
    again = ask(token_of(cast.senco), "GET", f"/api/v1/pupils/{ids['pupil']}/reviews/")
    assert again.status_code == 200


def _raw(secret: str, method: str, path: str, sent: bytes, content_type: str = "application/json") -> Any:
    from django.test import Client

    client = Client(raise_request_exception=False)
    headers = {"Authorization": f"Bearer {secret}"}
    return client.generic(method, path, sent, content_type, headers=headers)
