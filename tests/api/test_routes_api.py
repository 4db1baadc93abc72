"""Every route of the API × every method × every person, for two pupils, as a table that a school could read.

`routes.txt` is the specification: it is compared whole, so that a route, a method or a person that nobody wrote a row
for fails. Read the table before you change it; `ALONGSIDE_WRITE_ROUTES=1` writes it anew.
"""

import os
from datetime import date
from itertools import zip_longest
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.contrib.auth.models import Group
from django.db import transaction

from accounts.enums import Phase, Role
from accounts.models import Setting
from apdr.enums import HowObtained, Perspective, StreamKind
from apdr.models import Cycle, FundingStream, Scale, ScaleVersion, StaffRole
from apdr.services import cycles, scales
from pupils import choices, invitations, services
from pupils.enums import Answer, Section
from pupils.models import AuditEvent, ChoiceSheet, ClassGroup, Household
from reviews.models import Contribution, Judgement, Review, ReviewInvitation

from .. import library_rows
from ..cast import AT, Cast, member
from ..sample import in_sample
from .asking import BODIES, METHODS, NOT_FOUND, ROUTE, ROUTES, Ids, Route, ask, ask_route, schema_document
from .record import token_of, write_record

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]

TABLE = Path(__file__).with_name("routes.txt")
ABOUT = {
    "ada": "Ada is 13; her plan is being done",
    "noor": "Noor is 17 and in the sixth form: she decides, and there is no working view; her plan is being done",
}
HEAD = """\
What the API answers each person, on 10 March 2026 at Hazelmere School.

200, 201, 204  done                    404  not in the circle: the same as if it were not there
401  not signed in, or may not be      409  may, but not at this stage
403  in the circle, but not for this   405  nobody does this (all other methods are 405 as well)

Funding and reviews are not open to adults who teach; drafts and the answers to proposals are not a family's.

"""
GROUPS = {
    "Me and my pupils": ["me/", "pupils/", "pupils/{id}/", "schema/"],
    "Who they are": [
        "profile/",
        "profile-pictures/{picture_id}/",
        "page/",
        "ehc-plan/",
        "access-log/",
        "preferences/",
    ],
    "Who may see it": ["choices/"],
    "Decided for them": ["overrides/", "capacity-records/"],
    "When they decide": ["hand-over-talks/"],
    "Asking to see more": ["requests/", "answer/"],
    "Strengths and needs": ["needs/", "measures/", "needs/{id}/", "measures/{id}/"],
    "How it came about": ["story/", "way-forward/"],
    "The plan": ["outcomes/", "next-steps/", "scales/", "outcomes/{id}/", "next-steps/{id}/", "progress/"],
    "What helps": [
        "strategies/",
        "provision/",
        "sessions/",
        "strategies/{id}/",
        "provision/{id}/",
        "try-here/",
        "offer-home/",
        "home-offers/",
        "home-offers/{offer_id}/answer/",
    ],
    "Funding": [
        "funding/",
        "allocations/",
        "uses/",
        "funding-uses/{id}/",
        "evaluations/",
        "agreements/",
        "decisions/",
        "worth-asking/",
        "costs/",
    ],
    "A setting’s support": ["provision-map/", "cohort-report/"],
    "A setting’s own rates": ["rates/", "hourly/", "weeks/", "rates/funding/"],
    "The cycle": ["cycles/", "moves/", "versions/"],
    "What we said": [
        "write-back/",
        "views/",
        "households/",
        "comments/",
        "answers/",
        "proposals/",
        "reply/",
        "said-files/{file_id}/",
        "words/",
        "we-did/",
        "celebrations/",
        "tell/",
    ],
    "Reviews": [
        "reviews/",
        "judgements/",
        "said/",
        "review/",
        "close/",
        "owed/",
        "to-come/",
        "move/",
        "cancel/",
        "around/",
        "not-needed/",
        "invitations/",
        "replies/",
        "who-comes/",
        "taking-part/",
        "contributions/",
    ],
    "A setting’s own": [
        "library/",
        "library/{library_id}/",
        "signposts/{signpost_id}/",
        "me/surveys/",
        "settings/{setting_id}/surveys/",
        "surveys/{id}/",
        "surveys/{id}/questions/",
        "surveys/{id}/open/",
        "surveys/{id}/end/",
        "surveys/{id}/answer/",
        "surveys/{id}/results/",
        "surveys/{id}/publish/",
        "documents/",
        "documents/{document_id}/",
        "comments/",
        "comments/{comment_id}/answer/",
        "document-comments/{comment_id}/answer/",
        "settings/{setting_id}/signposts/",
        "settings/{setting_id}/events/",
        "events/{event_id}/",
        "events/{event_id}/call-off/",
        "events/{event_id}/sign-up/",
        "events/{event_id}/not-coming/",
        "published/{setting_id}/",
        "documents/{document_id}/comments/",
    ],
    "Home and school": [
        "signposts/",
        "signpost-offers/{signpost_offer_id}/answer/",
        "updates/",
        "daily/",
        "on-the-plan/",
        "photos/{photo_id}/",
        "calls/",
        "rang/",
        "talks/",
        "talks/{talk_id}/answer/",
        "balance/",
    ],
}


def group_of(route: Route) -> str:
    ends = [(len(end), group) for group, found in GROUPS.items() for end in found if _ends(route.shown, end)]
    assert ends, f"{route.shown} is in no group"
    return max(ends)[1]


def _ends(shown: str, end: str) -> bool:
    shown = shown.removeprefix("v1/")
    return shown == end or shown.endswith("/" + end)


class Undo(Exception):
    """Thrown to undo what a request saved."""


def undone(secret: str | None, route: Route, method: str, ids: Ids, body: Any = None) -> Any:
    """`ask_route`, and whatever it saved is undone."""
    answer = None
    try:
        with transaction.atomic():
            answer = ask_route(secret, route, method, ids, body)
            raise Undo
    except Undo:
        return answer


def body_of(answer: Any) -> Any:
    return answer.json() if answer.content else None


def answered_before() -> dict[tuple[str, str, str], list[str]]:
    """What the table says: by whose record it is about, method and route, the answer to each person in turn."""
    found, about = {}, ""
    for line in TABLE.read_text().splitlines():
        words = line.split()
        if line in ABOUT.values():
            about = line
        elif words and words[0] in METHODS:
            found[about, words[0], words[1]] = words[2:]
    return found


@pytest.mark.tables
def test_every_route_answers_every_person_as_the_table_says(cast: Cast) -> None:
    """In a sample, what is not asked for is taken from the table."""
    lines, known = [HEAD], answered_before()
    people = [*cast.people, "anonymous"]
    secrets = {name: token_of(who) for name, who in cast.people.items()} | {"anonymous": None}
    for name, about in ABOUT.items():
        ids = write_record(cast, cast.pupils[name], family_speaks=name == "ada").ids
        wide = max(len(f"{m:6} {r.shown}") for r in ROUTES for m in r.methods) + 2
        lines += [about, "-" * len(about), ""]
        for number in range(max(map(len, people))):
            lines.append(
                " " * wide + "   ".join(p.rjust(max(map(len, people)))[number] for p in people).rstrip()
            )
        for group in GROUPS:
            lines += ["", group]
            for route in (r for r in ROUTES if group_of(r) == group):
                for method in route.methods:
                    row = []
                    before = known.get((about, method, route.shown), [])
                    for person, status in zip_longest(people, before):
                        if status and not in_sample(name, method, route.name, person, one_in=20):
                            row.append(status)
                            continue
                        answer = undone(secrets[person], route, method, ids)
                        row.append(str(answer.status_code))
                        if answer.status_code == 404:
                            assert body_of(answer) == NOT_FOUND, (person, method, route.shown)
                        if answer.status_code >= 400:
                            assert set(body_of(answer)) - {"fields"} == {"code", "detail"}
                        assert answer.status_code < 500, (person, method, route.shown)
                    lines.append(f"{method:6} {route.shown}".ljust(wide) + " ".join(row))
        lines.append("")
    told = "\n".join(line.rstrip() for line in lines)
    if os.environ.get("ALONGSIDE_WRITE_ROUTES"):
        TABLE.write_text(told)
    assert told == TABLE.read_text()


@pytest.mark.parametrize("name", ["senco", "stranger", "anonymous"])
def test_a_method_that_a_route_does_not_do_is_refused_before_anybodys_record_is_looked_at(
    cast: Cast, name: str
) -> None:
    ids = write_record(cast, cast.ada).ids
    secret = None if name == "anonymous" else token_of(cast.people[name])
    wrong = {}
    for route in ROUTES:
        for method in {*METHODS, "PROPFIND"} - {*route.methods, "OPTIONS"}:
            if method == "HEAD" and "GET" in route.methods:
                continue
            answer = ask(secret, method, route.path(ids), None if method in ("HEAD", "TRACE") else {})
            open_to_all = route.name in ("api_schema", "api_published")
            expected = 401 if secret is None and not open_to_all else 405
            if answer.status_code != expected:
                wrong[f"{method} {route.shown}"] = answer.status_code
    assert wrong == {}


def test_head_answers_like_get_without_a_body_and_options_looks_at_nobody(cast: Cast) -> None:
    ids = write_record(cast, cast.ada).ids
    secret = token_of(cast.senco)
    for route in ROUTES:
        if "GET" in route.methods:
            got, head = (ask(secret, method, route.path(ids)) for method in ("GET", "HEAD"))
            assert (head.status_code, head.content) == (got.status_code, b""), route.shown
        stranger = ask(token_of(cast.stranger), "OPTIONS", route.path(ids))
        allowed = {m.strip() for m in stranger["Allow"].split(",")}
        assert (stranger.status_code, stranger.json()) == (200, {}), route.shown
        assert allowed - {"HEAD", "OPTIONS"} == set(route.methods)


def test_an_id_that_is_guessed_answers_as_one_that_does_not_exist_whoever_asks(cast: Cast) -> None:
    """What exists and is nobody's of yours, and what does not exist: the same 404, for every route and method."""
    real = write_record(cast, cast.ada).ids
    guessed = {name: uuid4() for name in real}
    wrong = {}
    for name, ids in (
        ("stranger", real),
        ("stranger", guessed),
        ("professional", guessed),
        ("senco", guessed),
    ):
        secret = token_of(cast.people[name])
        for route in (r for r in ROUTES if r.wanted and r.name != "api_published"):  # that is anybody's
            for method in route.methods:
                answer = ask_route(secret, route, method, ids)
                if (answer.status_code, body_of(answer)) != (404, NOT_FOUND):
                    wrong[f"{name} {method} {route.shown}"] = (answer.status_code, body_of(answer))
    assert wrong == {}


def test_an_address_that_is_none_is_a_404_in_json(cast: Cast) -> None:
    for path in ("/api/", "/api/v1/", "/api/v1/pupils/ada/", "/api/v1/me", "/api/v2/me/", "/api/v1/me/\0/"):
        for secret in (None, token_of(cast.senco)):
            for method in ("GET", "POST", "DELETE"):
                answer = ask(secret, method, path, {} if method == "POST" else None)
                assert (answer.status_code, answer.json()) == (404, NOT_FOUND), path


# Ids in bodies ----------------------------------------------------------------------------------------------

#: Who sends, the field that takes an id, and whose id is smuggled into it.
SMUGGLED: list[tuple[str, str, str, str]] = [
    ("api_capacity_records", "POST", "decider", "far_person"),
    ("api_measures", "POST", "need", "need"),
    ("api_measure", "PATCH", "need", "need"),
    ("api_next_steps", "POST", "outcome", "outcome"),
    ("api_next_steps", "POST", "scale", "far_scale"),
    ("api_next_step", "PATCH", "outcome", "outcome"),
    ("api_next_step", "PATCH", "scale", "far_scale"),
    ("api_strategies", "POST", "step", "step"),
    ("api_strategy", "PATCH", "step", "step"),
    ("api_provision", "POST", "strategy", "strategy"),
    ("api_one_provision", "PATCH", "strategy", "strategy"),
    ("api_strategies", "POST", "library", "far_library"),
    ("api_strategy", "PATCH", "library", "far_library"),
    ("api_events", "POST", "host", "stranger"),
    ("api_answer_survey", "POST", "answers.question", "far_question"),
    ("api_event", "PATCH", "host", "stranger"),
    ("api_events", "POST", "classes", "far_class"),
    ("api_event", "PATCH", "classes", "far_class"),
    ("api_signpost_offers", "POST", "signpost", "far_signpost"),
    ("api_signpost_offers", "POST", "household", "far_home"),
    ("api_allocations", "POST", "stream", "far_stream"),
    ("api_uses", "POST", "allocation", "allocation"),
    ("api_uses", "POST", "strategy", "strategy"),
    ("api_agreements", "POST", "allocation", "allocation"),
    ("api_agreements", "POST", "household", "far_home"),
    ("api_evaluations", "POST", "allocation", "allocation"),
    ("api_evaluations", "POST", "household", "far_home"),
    ("api_money_decisions", "POST", "allocation", "allocation"),
    ("api_costs", "POST", "provision", "provision"),
    ("api_costs", "POST", "role", "far_role"),
    ("api_sessions", "POST", "marks.provision", "provision"),
    ("api_celebrations", "POST", "step", "step"),
    ("api_we_did", "POST", "view", "view"),
    ("api_we_did", "POST", "outcome", "outcome"),
    ("api_we_did", "POST", "step", "step"),
    ("api_we_did", "POST", "strategy", "strategy"),
    ("api_we_did", "POST", "seen", "view"),
    ("api_views", "POST", "household", "far_home"),
    ("api_updates", "POST", "household", "far_home"),
    ("api_many_updates", "POST", "pupils", "far_pupil"),
    ("api_many_calls", "POST", "pupils", "far_pupil"),
    ("api_calls", "POST", "household", "far_home"),
    ("api_talks", "POST", "to", "stranger"),
    ("api_judgements", "POST", "household", "far_home"),
    ("api_judgements", "POST", "step", "step"),
    ("api_judgements", "POST", "strategy", "strategy"),
    ("api_said", "POST", "view", "view"),
    ("api_said", "POST", "judgement", "judgement"),
    ("api_said", "POST", "seen", "view"),
    ("api_said", "POST", "contribution", "contribution"),
    ("api_contributions", "POST", "household", "far_home"),
    ("api_replies", "POST", "invitation", "asked"),
    ("api_who_comes", "POST", "people", "stranger"),
    ("api_invitations", "POST", "people", "stranger"),
    ("api_close", "POST", "statuses", "step"),
    ("api_reviews_to_come", "POST", "reviews.cycle", "far_cycle"),
    ("api_reviews_to_come", "POST", "reviews.people", "stranger"),
    ("api_comments", "POST", "about", "step"),
    ("api_reply", "POST", "step.outcome", "outcome"),
    ("api_reply", "POST", "step.scale", "far_scale"),
    ("api_choices", "POST", "confirms", "sheet"),
    ("api_choices", "POST", "given_by", "stranger"),
    ("api_choices", "POST", "choices.person", "stranger"),
    ("api_choices", "POST", "choices.invitation", "invitation"),
]


def smuggled_body(route: str, method: str, name: str, ids: Ids, foreign: UUID) -> dict[str, Any]:
    body = BODIES[route, method](ids)
    if name == "pupils":
        return {**body, "pupils": [*body["pupils"], str(foreign)]}
    if name == "statuses":
        return {**body, "statuses": {**body["statuses"], str(foreign): "met"}}
    if route == "api_judgements":
        extra = {"perspective": "parent", "said_by_name": "Pam"} if name == "household" else {}
        of = {} if name == "strategy" else {"step": str(ids["step"])}
        return {"rating": "lot", **of, **extra, name: str(foreign)}
    if route == "api_said":
        return {**(body if name == "seen" else {"words": "The library."}), name: str(foreign)}
    if name in ("people", "classes"):
        return {**body, name: [str(foreign)]}
    if route == "api_contributions":
        heard = {"perspective": "parent", "said_by_name": "Pam", "how": "talked", "sent_key": str(uuid4())}
        return {"working": "The board.", **heard, name: str(foreign)}
    if name.startswith("marks."):
        [one] = body["marks"]
        return {**body, "marks": [{**one, name.removeprefix("marks."): str(foreign)}]}
    if name.startswith("choices."):
        one = {"section": "funding", "answer": "no", "to": "person" if name.endswith("person") else "invited"}
        return {**body, "how": "spoken", "choices": [{**one, name.removeprefix("choices."): str(foreign)}]}
    if name.startswith("reviews."):
        field = name.removeprefix("reviews.")
        [one] = body["reviews"]
        return {**body, "reviews": [{**one, field: [str(foreign)] if field == "people" else str(foreign)}]}
    if name == "answers.question":
        return {"answers": [{"question": str(foreign), "choice": 0}]}
    if name == "confirms":
        return {**{key: value for key, value in body.items() if key != "choices"}, name: str(foreign)}
    if name.startswith("step."):
        step = {**BODIES["api_next_steps", "POST"](ids), name.removeprefix("step."): str(foreign)}
        return {**body, "step": step}
    return {**body, name: str(foreign)}


def test_another_pupils_id_in_a_body_is_refused_and_nothing_is_saved(cast: Cast) -> None:
    """The SENCO may write for both pupils: it is the body that is wrong. An id that exists reads like one that does not."""
    ids = write_record(cast, cast.ada).ids
    reviewed = write_record(cast, cast.noor, family_speaks=False, reviewing=True).ids
    other = write_record(cast, cast.sam, family_speaks=False).ids
    far = Setting.objects.create(name="Elsewhere", phase=Phase.PRIMARY)
    scales.ensure(far)
    other["far_scale"] = ScaleVersion.objects.get(scale=Scale.objects.get(setting=far, kind="steps")).pk
    other["far_stream"] = FundingStream.objects.create(setting=far, kind=StreamKind.TOP_UP, name="Far").pk
    far_group = Group.objects.create(name="Far")
    other["far_class"] = ClassGroup.objects.create(setting=far, name="F1", group=far_group).pk
    other["far_role"] = StaffRole.objects.create(setting=far, name="Far").pk
    far_rows = library_rows.of_setting(far, cast.stranger, cast.stranger, AT)
    other["far_library"], other["far_signpost"] = far_rows["library"].pk, far_rows["signpost"].pk
    other["far_question"] = far_rows["survey_question"].pk
    other["sheet"] = chosen_of(cast).pk
    other["stranger"] = cast.stranger.pk
    far_cycle = far_cycle_of(cast, far)
    other["far_cycle"], other["far_pupil"] = far_cycle.pk, far_cycle.pupil_id
    other["invitation"] = invitations.invite_professional(
        pupils=[cast.sam], email="new@health.example", name="Nell New", by=cast.senco, at=AT
    )[0].pk
    far_review = Review.objects.get(cycle__pupil=cast.sam)
    other["asked"] = ReviewInvitation.objects.create(
        review=far_review, person=cast.young_person, perspective=Perspective.CHILD, because="themselves",
        sequence=0, by=cast.senco,
    ).pk  # fmt: skip
    other["contribution"] = Contribution.objects.create(
        review=far_review, perspective=Perspective.CHILD, working="x", said_by_name="Sam", how=HowObtained.TALKED,
        recorded_by=cast.senco,
    ).pk  # fmt: skip
    other["judgement"] = Judgement.objects.filter(cycle__pupil=cast.noor).first().pk
    other["far_person"] = cast.stranger.pk
    other["far_home"] = Household.objects.create(name="Somebody’s home").pk
    wrong: dict[str, Any] = {}
    for route, method, name, key in SMUGGLED:
        of = reviewed if route in ("api_judgements", "api_close") else ids
        of = {**of, "proposal": of["step_proposal"]} if name.startswith("step.") else of
        who = cast.parent if route in ("api_comments", "api_talks") else cast.senco
        said = []
        for foreign in (other[key], uuid4()):
            before = AuditEvent.objects.count()
            body = smuggled_body(route, method, name, of, foreign)
            if name.startswith("step.") and foreign is other[key]:
                _unanswer(of["step_proposal"])
            answer = ask_route(token_of(who), ROUTE[route], method, of, body)
            said.append((answer.status_code, body_of(answer)))
            if AuditEvent.objects.count() != before:
                wrong[f"{route} {name}"] = "saved"
        # An invitation to another review is none, and what somebody else said was not said here.
        refused = 404 if (route, name) in {("api_replies", "invitation"), ("api_we_did", "view")} else 400
        if said[0][0] != refused or said[0] != said[1]:
            wrong[f"{route} {name}"] = said
    assert wrong == {}


def far_cycle_of(cast: Cast, far: Setting) -> Cycle:
    """The open plan of somebody whom this SENCO does not know."""
    member(cast.stranger, far, Role.SENCO)
    una = services.create_pupil(
        setting=far, given_name="Una", family_name="Far", date_of_birth=date(2016, 5, 1),
        starts_on=date(2025, 9, 1), by=cast.stranger, at=AT,
    )  # fmt: skip
    return cycles.open_cycle(pupil=una, by=cast.stranger, at=AT)


def chosen_of(cast: Cast) -> ChoiceSheet:
    """Something that Sam chose."""
    return choices.choose(
        pupil=cast.sam,
        wanted=[choices.Wanted(Section.FUNDING, Answer.NO, person=cast.parent)],
        by=cast.young_person,
        at=AT,
        key=uuid4(),
        wording="young-1",
    )


def _unanswer(proposal: UUID) -> None:
    from apdr.models import Proposal

    Proposal.objects.filter(pk=proposal).update(
        state="proposed", reply="", answered_by=None, answered_at=None
    )


def test_every_field_of_a_body_that_takes_an_id_is_tried_above() -> None:
    schema = schema_document()
    shapes = schema["components"]["schemas"]

    def ids_in(shape: dict[str, Any], before: str = "") -> set[str]:
        if "$ref" in shape:
            return ids_in(shapes[shape["$ref"].rsplit("/", 1)[1]], before)
        found = {before} if shape.get("format") == "uuid" else set()
        for name, inner in shape.get("properties", {}).items():
            found |= ids_in(inner, f"{before}.{name}".strip("."))
        for inner in [*shape.get("allOf", []), *([shape["items"]] if "items" in shape else [])]:
            found |= ids_in(inner, before)
        return found

    listed = {(r, m, f) for r, m, f, _ in SMUGGLED if f != "statuses"}
    by_path = {f"/api/{route.shown}": route.name for route in ROUTES}
    found = set()
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            for content in operation.get("requestBody", {}).get("content", {}).values():
                for name in ids_in(content["schema"]) - {"sent_key"}:
                    found.add((by_path[path], method.upper(), name))
    assert found == listed


def test_a_parent_cannot_speak_for_the_other_household(cast: Cast) -> None:
    ids = write_record(cast, cast.ada).ids
    secret = token_of(cast.parent)
    before = AuditEvent.objects.count()
    for path, body in (
        ("views", {"words": "Mine.", "household": str(cast.other_home.pk)}),
        ("views", {"words": "Mine.", "household": str(cast.home.pk)}),
        ("views", {"words": "Mine.", "perspective": "child"}),
        ("updates", {"words": "Mine.", "sent_key": str(uuid4()), "household": str(cast.other_home.pk)}),
    ):
        answer = ask(secret, "POST", f"/api/v1/pupils/{ids['pupil']}/{path}/", body)
        assert answer.status_code == 400, body
    assert AuditEvent.objects.count() == before


def test_staff_write_down_a_parents_words_only_with_their_household(cast: Cast) -> None:
    ids = write_record(cast, cast.ada, reviewing=True).ids
    secret = token_of(cast.key_adult)
    homes = ask(secret, "GET", f"/api/v1/pupils/{ids['pupil']}/households/").json()
    assert homes == [
        {"id": str(cast.other_home.pk), "name": "Oscar’s home"},
        {"id": str(cast.home.pk), "name": "Pam’s home"},
        {"id": str(cast.restricted_home.pk), "name": "Rob’s home"},
    ]
    view = {"words": "It is calmer now.", "perspective": "parent", "how": "talked", "said_by_name": "Pam"}
    judged = {"step": str(ids["step"]), "rating": "lot", "perspective": "parent", "said_by_name": "Pam"}
    for path, body in (
        (f"/api/v1/pupils/{ids['pupil']}/views/", view),
        (f"/api/v1/cycles/{ids['cycle']}/judgements/", judged),
    ):
        without = ask(secret, "POST", path, body)
        assert (without.status_code, without.json()["fields"]) == (
            400,
            {"household": ["Say whose words these are."]},
        )
        made = ask(secret, "POST", path, {**body, "household": str(cast.home.pk)})
        assert (made.status_code, made.json()["household"]) == (201, str(cast.home.pk))


def test_each_look_at_a_section_is_written_down_and_a_refused_one_is_not(cast: Cast) -> None:
    from pupils.models import AccessLog

    ids = write_record(cast, cast.ada).ids
    rows = AccessLog.objects.filter(way="api", at=AT)
    for name, expected in (("teacher", 1), ("parent", 1), ("stranger", 0), ("professional", 0)):
        before = rows.count()
        ask(token_of(cast.people[name]), "GET", f"/api/v1/pupils/{ids['pupil']}/needs/")
        assert rows.count() - before == expected, name
