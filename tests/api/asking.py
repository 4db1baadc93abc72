"""Asking the API as somebody: every route there is, the ids that go in it, and a body that would be accepted."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.test import Client
from drf_spectacular.generators import SchemaGenerator

from config import urls_api

Ids = dict[str, UUID]
NOT_FOUND = {"code": "not_found", "detail": "There is nothing here for you."}
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE")

#: Which id a route wants under a name.
NAMED = {
    "pupil_id": "pupil",
    "cycle_id": "cycle",
    "step_id": "step",
    "version_id": "version",
    "proposal_id": "proposal",
    "request_id": "request",
    "review_id": "review",
    "update_id": "update",
    "photo_id": "photo",
    "picture_id": "profile_picture",
    "file_id": "said_file",
    "celebration_id": "celebration",
    "call_id": "call",
    "talk_id": "talk",
    "person_id": "person",
    "setting_id": "setting",
    "library_id": "library",
    "strategy_id": "strategy",
    "home_strategy_id": "home_strategy",
    "offer_id": "home_offer",
    "signpost_id": "signpost",
    "signpost_offer_id": "signpost_offer",
    "document_id": "document",
    "event_id": "event",
    "comment_id": "document_comment",
}
OF_ROUTE = {
    "api_survey": "survey_draft",
    "api_survey_questions": "survey_draft",
    "api_open_survey": "survey_draft",
    "api_close_survey": "survey",
    "api_answer_survey": "survey",
    "api_survey_results": "survey",
    "api_publish_survey": "survey",
    "api_pupil": "pupil",
    "api_use": "use",
    "api_need": "need",
    "api_measure": "measure",
    "api_outcome": "outcome",
    "api_next_step": "step",
    "api_strategy": "strategy",
    "api_one_provision": "provision",
    "api_outcome_story": "outcome",
    "api_step_story": "step",
    "api_strategy_story": "strategy",
    "api_find_a_way": "plan_answer",
    "api_find_a_way_for_strategy": "strategy_answer",
}


@dataclass(frozen=True)
class Route:
    name: str
    template: str
    view: Any

    @property
    def methods(self) -> list[str]:
        """What it does; HEAD comes with GET and OPTIONS with everything."""
        return [m for m in METHODS if m not in ("HEAD", "OPTIONS") and hasattr(self.view, m.lower())]

    @property
    def shown(self) -> str:
        """The address as the schema gives it, without what all have in common."""
        return re.sub(r"<uuid:(\w+)>", r"{\1}", self.template).replace("{pk}", "{id}")

    @property
    def wanted(self) -> list[str]:
        """The names of the ids in its address."""
        return [
            OF_ROUTE[self.name] if n == "pk" else NAMED[n] for n in re.findall(r"<uuid:(\w+)>", self.template)
        ]

    def path(self, ids: Ids) -> str:
        wanted = iter(self.wanted)
        return "/api/" + re.sub(r"<uuid:\w+>", lambda _: str(ids[next(wanted)]), self.template)


ROUTES = [
    Route(str(p.name), str(p.pattern), p.callback.view_class)
    for p in urls_api.urlpatterns
    if p.name != "api_nothing_here"
]
ROUTE = {route.name: route for route in ROUTES}

Body = Callable[[Ids], dict[str, Any]]


def _sent(**body: Any) -> Body:
    return lambda ids: {"sent_key": str(uuid4()), **body}


def _step(ids: Ids) -> dict[str, Any]:
    return {
        "outcome": str(ids["outcome"]),
        "words": "Asks for help by raising a card.",
        "criterion": "Three times a week.",
        "baseline": "Waits.",
        "scale": str(ids["scale"]),
        "owner_name": "Miss Teal",
        "by_when": "2026-05-01",
    }


#: A body that is accepted of whoever may send it, by route and method; routes that are not here take none.
BODIES: dict[tuple[str, str], Body] = {
    ("api_library", "POST"): _sent(words="Count to ten first", area="semh", phases=["secondary"]),
    ("api_library_strategy", "PATCH"): lambda ids: {"version": 1, "how": "Slowly."},
    ("api_answer_home", "POST"): _sent(answer="try"),
    ("api_signposts", "POST"): _sent(name="Help", what="They help.", kind="advice", phases=["secondary"]),
    ("api_signpost", "PATCH"): lambda ids: {"version": 1, "checked_on": "2026-03-09"},
    ("api_signpost_offers", "POST"): lambda ids: {
        "sent_key": str(uuid4()),
        "signpost": str(ids["signpost"]),
        "household": str(ids["home"]),
    },
    ("api_answer_signpost", "POST"): _sent(answer="helped"),
    ("api_events", "POST"): _sent(
        title="Tea",
        kind="other",
        starts_at="2026-03-19T09:00:00Z",
        ends_at="2026-03-19T10:00:00Z",
        where="Hall",
        what="Tea.",
        whom=["parents"],
        contact="The office",
    ),
    ("api_event", "PATCH"): lambda ids: {"version": 1, "where": "Hall"},
    ("api_call_off_event", "POST"): lambda ids: {"why": "No heating."},
    ("api_sign_up", "POST"): lambda ids: {"version": 1, "adults": 2},
    ("api_surveys", "POST"): _sent(
        title="Meals",
        why="We want to know.",
        audiences=["parent"],
        anonymous=True,
        opens_on="2026-04-01",
        closes_on="2026-05-01",
    ),
    ("api_survey", "PATCH"): lambda ids: {"version": 1, "title": "School meals"},
    ("api_survey_questions", "PUT"): lambda ids: {
        "version": 1,
        "questions": [{"kind": "one", "words": "Warm or cold?", "choices": ["Warm", "Cold"]}],
    },
    ("api_open_survey", "POST"): lambda ids: {"version": 1},
    ("api_close_survey", "POST"): lambda ids: {"version": 1},
    ("api_answer_survey", "POST"): lambda ids: {"answers": []},
    ("api_publish_survey", "POST"): lambda ids: {"version": 1, "told": "We cook more."},
    ("api_documents", "POST"): _sent(title="Report", kind="sen_report", text="# Help"),
    ("api_document", "PATCH"): lambda ids: {
        "version": 2,
        "title": "Report",
        "kind": "sen_report",
        "text": "# More help",
        "open_to_families": True,
        "publish": True,
    },
    ("api_document_comments", "POST"): _sent(words="Thank you."),
    ("api_answer_comment", "POST"): _sent(you_said="More time.", we_did="More time."),
    ("api_choices", "POST"): _sent(
        wording="family-1",
        choices=[{"to": "teachers", "section": "funding", "answer": "no"}],
    ),
    ("api_profile", "POST"): lambda ids: {"number": 1, "people_like": "My jokes."},
    ("api_preferences", "PUT"): lambda ids: {
        "version": 1,
        "how": "phone",
        "asked_on": "2026-03-09",
        "spoken_language": "pl",
        "written_language": "pl",
        "needs_interpreter": True,
        "format": "standard",
        "channel": "email",
        "phone": "",
        "postal_address": "",
        "good_times": "After six",
        "quiet_from": "18:00",
        "quiet_until": "07:30",
        "quiet_weekends": True,
        "daily_digest": False,
        "trusted_person": "",
        "notes": "",
    },
    ("api_capacity_records", "POST"): lambda ids: {
        "sent_key": str(uuid4()),
        "decision": "Whether the college reads the assessments.",
        "sections": ["needs"],
        "wishes": "I want them to.",
        "decider": str(ids["decider"]),
        "authority": "parent",
        "assessor": "Dr Ida Asse",
        "assessor_role": "Doctor",
        "assessed_on": "2026-03-09",
        "support": "Pictures.",
        "findings": "Not yet.",
        "review_on": "2026-09-10",
    },
    ("api_hand_over_talks", "POST"): _sent(on="2026-03-09", with_whom="Pam and me", how="With pictures."),
    ("api_needs", "POST"): lambda ids: {"kind": "need", "area": "semh", "words": "Noise is hard."},
    ("api_measures", "POST"): lambda ids: {"name": "Reading", "need": str(ids["need"])},
    ("api_outcomes", "POST"): lambda ids: {"words": "Reads for pleasure.", "area": "cognition"},
    ("api_next_steps", "POST"): _step,
    ("api_strategies", "POST"): lambda ids: {"place": "home", "words": "A list.", "step": str(ids["step"])},
    ("api_provision", "POST"): lambda ids: {
        "strategy": str(ids["strategy"]),
        "who": "A teaching assistant",
        "times_a_week": "3.0",
        "minutes": 20,
        "weeks": 10,
    },
    ("api_allocations", "POST"): lambda ids: {
        "stream": str(ids["stream"]),
        "amount": "100.00",
        "purpose": "Time to talk.",
        "starts_on": "2026-01-01",
        "ends_on": "2026-07-01",
    },
    ("api_uses", "POST"): lambda ids: {
        "allocation": str(ids["allocation"]),
        "strategy": str(ids["other_strategy"]),
        "planned": "10.00",
    },
    ("api_evaluations", "POST"): lambda ids: {
        "sent_key": str(uuid4()),
        "allocation": str(ids["allocation"]),
        "rating": "yes",
        "words": "It helps.",
    },
    ("api_agreements", "POST"): lambda ids: {
        "sent_key": str(uuid4()),
        "allocation": str(ids["allocation"]),
        "answer": "agree",
    },
    ("api_money_decisions", "POST"): lambda ids: {
        "allocation": str(ids["allocation"]),
        "decision": "continue",
        "why": "It helps.",
        "number": 1,
    },
    ("api_sessions", "POST"): lambda ids: {
        "on": "2026-03-09",
        "marks": [{"provision": str(ids["provision"]), "held": "done", "seen": 1}],
    },
    ("api_costs", "POST"): lambda ids: {
        "provision": str(ids["provision"]),
        "role": str(ids["role"]),
        "resources": "12.00",
        "version": 1,
    },
    ("api_worth_asking", "POST"): lambda ids: {"about": "dla"},
    ("api_hourly", "POST"): lambda ids: {"name": "Teacher", "hourly": "30.00", "starts_on": "2026-04-01"},
    ("api_weeks", "POST"): lambda ids: {"weeks": 38, "starts_on": "2026-04-01"},
    ("api_funding_rates", "POST"): lambda ids: {
        "kind": "top_up",
        "amount": "6000.00",
        "unit": "first",
        "source": "The authority’s letter",
        "starts_on": "2026-04-01",
    },
    ("api_use", "PATCH"): lambda ids: {"version": 1, "used": "20.00"},
    ("api_views", "POST"): _sent(words="I like drawing."),
    ("api_own_page", "PUT"): lambda ids: {
        "version": 0,
        "steps_as": "one",
        "aloud": True,
        "telling": "at_once",
    },
    ("api_celebrations", "POST"): _sent(words="You kept trying."),
    ("api_file_in_words", "POST"): _sent(words="A sun."),
    ("api_find_a_way", "POST"): _sent(words="We talk on Monday."),
    ("api_find_a_way_for_strategy", "POST"): _sent(words="We talk on Monday."),
    ("api_we_did", "POST"): lambda ids: {"view": str(ids["view"]), "words": "We moved the table."},
    ("api_cycles", "POST"): lambda ids: {},
    ("api_reviews", "POST"): lambda ids: {"starts_at": "2026-03-19T14:00:00Z"},
    ("api_reviews_to_come", "POST"): lambda ids: {
        "sent_key": str(uuid4()),
        "reviews": [{"cycle": str(ids["cycle"]), "starts_at": "2026-03-19T14:00:00Z"}],
    },
    ("api_move_review", "POST"): lambda ids: {"version": 1, "starts_at": "2026-03-19T14:00:00Z"},
    ("api_cancel_review", "POST"): lambda ids: {"version": 1, "reason": "Ada is ill."},
    ("api_around_review", "POST"): lambda ids: {"duty": "papers", "on": "2026-03-09", "number": 0},
    ("api_ehc_plan", "PATCH"): lambda ids: {
        "version": 1,
        "sen_provision": "E",
        "ehc_plan_from": "2025-05-12",
    },
    ("api_invitations", "POST"): lambda ids: {},
    ("api_replies", "POST"): lambda ids: {"sequence": 0, "answer": "yes"},
    ("api_who_comes", "POST"): lambda ids: {"people": [], "how": "spoken", "after": 0},
    ("api_taking_part", "POST"): lambda ids: {"part": "short", "how": "spoken"},
    ("api_contributions", "POST"): lambda ids: {"version": 1, "working": "The board."},
    ("api_exempt_review", "POST"): _sent(reason="We met at the gate."),
    ("api_updates", "POST"): _sent(words="A good day."),
    ("api_many_updates", "POST"): lambda ids: {
        "sent_key": str(uuid4()),
        "pupils": [str(ids["pupil"])],
        "good_thing": "We planted beans.",
    },
    ("api_many_calls", "POST"): lambda ids: {
        "sent_key": str(uuid4()),
        "pupils": [str(ids["pupil"])],
        "words": "About the fight.",
    },
    ("api_daily", "POST"): _sent(mood="happy", enjoyed="Mud."),
    ("api_calls", "POST"): _sent(words="About the fight."),
    ("api_rang", "POST"): lambda ids: {"on": "2026-03-10", "outcome": "Pam knew already."},
    ("api_talks", "POST"): _sent(suits=["after"]),
    ("api_answer_talk", "POST"): lambda ids: {"starts_at": "2026-03-19T14:00:00Z", "how": "phone"},
    ("api_need", "PATCH"): lambda ids: {"version": 2, "words": "Changed."},
    ("api_measure", "PATCH"): lambda ids: {"version": 1, "name": "Changed"},
    ("api_outcome", "PATCH"): lambda ids: {"version": 1, "words": "Changed."},
    ("api_next_step", "PATCH"): lambda ids: {"version": 1, "words": "Changed."},
    ("api_strategy", "PATCH"): lambda ids: {"version": 1, "words": "Changed."},
    ("api_one_provision", "PATCH"): lambda ids: {"version": 1, "weeks": 5},
    ("api_progress", "POST"): _sent(value=2, note="Started alone."),
    ("api_moves", "POST"): lambda ids: {"stage": "review"},
    ("api_versions", "POST"): lambda ids: {"after": 1},
    ("api_proposals", "POST"): _sent(kind="home_strategy", words="A list on the fridge."),
    ("api_judgements", "POST"): lambda ids: {"step": str(ids["step"]), "rating": "lot"},
    ("api_said", "POST"): lambda ids: {"view": str(ids["view"]), "words": "The library at lunch."},
    ("api_close", "POST"): lambda ids: {
        "kind": "continue",
        "why": "It helps.",
        "statuses": {str(ids["step"]): "met", str(ids["draft_step"]): "carried"},
    },
    ("api_write_back", "POST"): _sent(words="Pictures help."),
    ("api_comments", "POST"): _sent(words="Thank you."),
    ("api_answers", "POST"): _sent(answer="agree"),
    ("api_requests", "POST"): lambda ids: {"section": "funding", "reason": "To help."},
    ("api_answer_request", "POST"): _sent(answer="no"),
    ("api_reply", "POST"): lambda ids: {"accept": True, "reply": "A good idea."},
}


def schema_document() -> Any:
    """The schema, as a program is given it."""
    generator: Any = SchemaGenerator
    return generator().get_schema(request=None, public=True)


def ask(secret: str | None, method: str, path: str, body: Any = None) -> Any:
    """One request with a key to the API, through everything a real one goes through."""
    headers = {"Authorization": f"Bearer {secret}"} if secret else {}
    sent: dict[str, Any] = {}
    if body is not None:
        sent = {"data": json.dumps(body), "content_type": "application/json"}
    return Client(raise_request_exception=False).generic(method, path, headers=headers, **sent)


def ask_route(
    secret: str | None, route: Route, method: str, ids: Ids, body: Any = None, version: int = 1
) -> Any:
    """`ask`, with a body that would be accepted unless one is given."""
    make = BODIES.get((route.name, method))
    if body is None and make is not None:
        body = make(ids)
    query = ""
    if method == "DELETE":
        query = f"?version={2 if route.name == 'api_need' else version}"
    return ask(secret, method, route.path(ids) + query, body)
