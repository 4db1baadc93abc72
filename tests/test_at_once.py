"""The very next request after somebody's standing changes, on every route of a pupil, in one closed table.

Each change is made while its person has every page open and every form filled in: what they could reach is asked for
again, and what they could send is sent. `at_once.txt` says what they are answered; a route that nobody wrote down
fails. A refused request writes nothing, and no list, search or count names the pupil to them any more.
"""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role
from accounts.models import AccountEvent, User
from apdr.enums import Stage
from apdr.models import Cycle, CycleStage, HomeOffer, HomeOfferAnswer, Progress
from pupils import choices, circle, people, policy, services
from pupils.choices import Wanted
from pupils.enums import Answer as ChoiceAnswer
from pupils.enums import Relation, RestrictionKind, Section
from pupils.models import AuditEvent, Enrolment, Pupil
from reviews import invitations
from reviews.enums import Kind, ReviewState
from reviews.models import Review
from tests.api.asking import ROUTES, Route, ask_route
from tests.api.record import token_of
from tests.api.record import write_record as write_api_record
from tests.cast import AT, Cast, member
from tests.record import Of, Record
from tests.routes import OF_PUPIL, address, browser, undone
from tests.sample import in_sample
from tests.test_routes import LETTERS, sign

pytestmark = pytest.mark.tables
TABLE = Path(__file__).with_name("at_once.txt")
HEAD = """\
What each person is answered at the very next request after their standing changes, on every page and form of Ada's
record and every route of the API, on 10 March 2026. Whatever stands here was open to them the moment before: the page
was shown (200, or led on to the page for them), and the form was saved.

  moved      Ada moves to another school                 .  there is no such page for you (404)
  class      the teacher leaves the class                i  sign in first (302; the API: 401)
  restrict   a court order shuts the parent out          +  the page (200): it shows others, and Ada no more
  shut out   they may no longer sign in
  senco      somebody else is the SENCO now
  lead       somebody else leads on safeguarding now
  relation   what they are to Ada ends

The letters are those of `routes.txt`. A family keeps the plan when its child moves.
"""


@dataclass(frozen=True)
class Change:
    """Something that happens to Ada or to a person, and the people of the cast whom it shuts out."""

    name: str
    whom: list[str]
    act: Callable[[Cast, User], Any]


def _moves(cast: Cast, who: User) -> None:
    services.move(pupil=cast.ada, to=None, on=AT.date(), by=cast.senco, at=AT)
    Enrolment.objects.create(pupil=cast.ada, setting=cast.westfield, starts_on=AT.date())


def _restrict(cast: Cast, who: User) -> None:
    circle.restrict(
        pupil=cast.ada, person=who, kind=RestrictionKind.COURT_ORDER, reason="An order.", by=cast.senco, at=AT
    )


def _no_senco(cast: Cast, who: User) -> None:
    member(cast.colleague, cast.hazelmere, Role.SENCO)
    held = who.memberships.get(role=Role.SENCO)
    people.end_membership(membership=held, by=cast.colleague, at=AT)


def _ends(cast: Cast, who: User) -> None:
    relation = {
        cast.key_adult: Relation.KEY_ADULT,
        cast.parent: Relation.PARENT_CARER,
        cast.child: Relation.SELF,
        cast.professional: Relation.PROFESSIONAL,
    }[who]
    circle.end_relation(relation=relation, person=who, pupil=cast.ada, by=cast.senco, at=AT)


def _no_lead(cast: Cast, who: User) -> None:
    people.end_membership(membership=who.memberships.get(role=Role.DSL), by=cast.senco, at=AT)


CHANGES = [
    Change("moved", ["senco", "teacher"], _moves),
    Change(
        "class",
        ["teacher"],
        lambda c, who: circle.leave_class(class_group=c.class_9b, person=who, by=c.senco, at=AT),
    ),
    Change("restrict", ["parent"], _restrict),
    Change(
        "shut out",
        ["senco", "teacher", "parent"],
        lambda c, who: people.deactivate(person=who, by=c.installer, at=AT),
    ),
    Change("senco", ["senco"], _no_senco),
    Change("lead", ["dsl"], _no_lead),
    Change("relation", ["key_adult", "parent", "child", "professional"], _ends),
]
COLUMNS = [(change, who) for change in CHANGES for who in change.whom]
PEOPLE = list(dict.fromkeys(who for _, who in COLUMNS))


# What has to be so for a form to be saved -----------------------------------------------------------------


def _stage(stage: Stage) -> Callable[[Cycle, User], None]:
    def enter(cycle: Cycle, who: User) -> None:
        CycleStage.objects.create(
            cycle=cycle, number=cycle.stages.count() + 1, stage=stage, by=cycle.opened_by, at=AT
        )

    return enter


def _closed(cycle: Cycle, who: User) -> None:
    _stage(Stage.CLOSED)(cycle, who)
    Cycle.objects.filter(pk=cycle.pk).update(closed_at=AT)


def _no_review(cycle: Cycle, who: User) -> None:
    Review.objects.filter(cycle=cycle).update(state=ReviewState.CANCELLED, cancel_reason="Ada is ill.")


def _annual(cycle: Cycle, who: User) -> None:
    Review.objects.filter(cycle=cycle).update(kind=Kind.ANNUAL)


def _own_note(cycle: Cycle, who: User) -> None:
    Progress.objects.filter(step__cycle=cycle).update(by=who, withdrawn_at=None)
    _stage(Stage.DO)(cycle, who)


def _shared(cycle: Cycle, who: User) -> None:
    """The family shares something with the professional."""
    carer = User.objects.get(name="Pam Lovelace")
    if not policy.why(carer, cycle.pupil, AT).near:  # nothing is shared by somebody who is out
        return
    professional = User.objects.get(name="Priya Therapist")
    choices.choose(
        pupil=cycle.pupil,
        wanted=[
            Wanted(Section.NEEDS, ChoiceAnswer.YES, person=professional, ends_at=AT + timedelta(days=30))
        ],
        by=carer,
        at=AT,
        key=uuid4(),
        wording="young-1",
    )


def _not_offered(cycle: Cycle, who: User) -> None:
    HomeOfferAnswer.objects.filter(offer__cycle=cycle).delete()
    HomeOffer.objects.filter(cycle=cycle).delete()


ARRANGED: dict[str, Callable[[Cycle, User], None]] = {
    "stop_sharing": _shared,
    "write_back": _shared,
    "api_write_back": _shared,
    "stop_choices": _shared,
    "stop_all_choices": _shared,
    "open_cycle": _closed,
    "offer_home": _not_offered,
    "api_offer_home": _not_offered,
    "schedule_review": _no_review,
    "write_duty": _annual,
    "api_around_review": _annual,
    "judge": _stage(Stage.REVIEW),
    "judge_one": _stage(Stage.REVIEW),
    "said_at_review": _stage(Stage.REVIEW),
    "decide_so_far": _stage(Stage.REVIEW),
    "close_cycle": _stage(Stage.REVIEW),
    "log_step": _stage(Stage.DO),
    "log_step:draft": _stage(Stage.DO),
    "undo_note": _own_note,
    "move_cycle": _stage(Stage.ASSESS),
    "api_judgements": _stage(Stage.REVIEW),
    "api_close": _stage(Stage.REVIEW),
    "api_cycles": _closed,
    "api_reviews": _no_review,
}

Typed = Callable[[Record, Of], dict[str, Any]]
_DAYS = {"starts_on": "2026-01-01", "ends_on": "2026-07-01"}

#: What is typed in each form, besides what stands in it when it is opened.
TYPED: dict[str, Typed] = {
    "ask": lambda r, o: {"section": "funding", "reason": "To help."},
    "withdraw_request": lambda r, o: {},
    "answer_request": lambda r, o: {"answer": "no"},
    "share_out": lambda r, o: {
        "name": "Nell New",
        "email": "nell@health.example",
        "sections": ["needs"],
        "until": "2026-06-01",
        "purpose": "To help Ada.",
    },
    "stop_sharing": lambda r, o: {},
    "choose": lambda r, o: {"needs": "yes", "until": "2026-06-01", "purpose": "To help."},
    "stop_choices": lambda r, o: {},
    "stop_all_choices": lambda r, o: {},
    "record_choice": lambda r, o: {
        "needs": "yes",
        "until": "2026-06-01",
        "purpose": "To help.",
        "how": "spoken",
        "how_words": "With Pam.",
        "given_by": r.cast.parent.pk,
        "format": "standard",
    },
    "competence": lambda r, o: {
        "can": "yes",
        "from_on": "2026-06-01",
        "assessor": "Dr Ito",
        "assessor_role": "Psychologist",
        "findings": "She explains it back.",
    },
    "prepare_hand_over": lambda r, o: {"on": "2026-03-09", "with_whom": "Ada", "how": "With pictures."},
    "ask_disclosure": lambda r, o: {
        "outside": "Sol Outside",
        "organisation": "Children’s services",
        "sections": ["needs"],
        "reason": "Somebody is at risk.",
        "until": "2026-04-01",
        "knows": "not_told",
        "not_told_why": "It is not safe.",
        "look_again_on": "2026-03-20",
    },
    "end_disclosure": lambda r, o: {},
    "tell_disclosure": lambda r, o: {"told_on": "2026-03-09", "told_how": "In person."},
    "look_again_disclosure": lambda r, o: {
        "not_told_why": "It is still not safe.",
        "look_again_on": "2026-03-20",
    },
    "end_disclosure:told": lambda r, o: {},
    "edit_pupil": lambda r, o: {"known_as": "Addie"},
    "reveal_upn": lambda r, o: {},
    "add_key_adult": lambda r, o: {"person": r.cast.colleague.pk},
    "put_in_class": lambda r, o: {"group": r.cast.class_11c.pk},
    "add_parent_carer": lambda r, o: {"name": "Gran", "relationship": "grandmother"},
    "restrict": lambda r, o: {"person": r.cast.other_parent.pk, "kind": "unsafe", "reason": "An order."},
    "move_pupil": lambda r, o: {"on": "2026-04-01"},
    "invite_to_pupil": lambda r, o: {
        "kind": "professional",
        "name": "Pat",
        "email": "pat@health.example",
    },
    "edit_profile": lambda r, o: {"important": "My dog.", "how_made": "We talked."},
    "propose": lambda r, o: {"kind": "home_strategy", "words": "A list on the fridge."},
    "write_back": lambda r, o: {"words": "Pictures help."},
    "say_views": lambda r, o: {"words": "It is calmer.", "feeling": "good"},
    "allocate": lambda r, o: {"stream": r.stream.pk, "amount": "10", "purpose": "Time.", **_DAYS},
    "record_views": lambda r, o: {"perspective": "child", "how": "talked", "words": "I like drawing."},
    "open_cycle": lambda r, o: {},
    "updates": lambda r, o: {"words": "A good day."},
    "ask_to_talk": lambda r, o: {"to": "senco", "suits": ["after"]},
    "talk": lambda r, o: {"day": "2026-03-12", "time": "15:30", "how": "phone"},
    "talk:itself": lambda r, o: {"day": "2026-03-12", "time": "15:30", "how": "phone"},
    "rang": lambda r, o: {"on": "2026-03-09", "outcome": "Pam knew already."},
    "put_on_plan": lambda r, o: {},
    "edit_cycle": lambda r, o: {"responsibilities": "Everybody does something."},
    "share": lambda r, o: {"note": "New words."},
    "start_review": lambda r, o: {},
    "exempt_review": lambda r, o: {"reason": "We met at the gate."},
    "write_duty": lambda r, o: {"on_0": "9", "on_1": "3", "on_2": "2026"},
    "cancel_review": lambda r, o: {"reason": "Ada is ill."},
    "schedule_review": lambda r, o: {"day": "2026-04-20", "time": "15:30"},
    "judge": lambda r, o: {f"{o.items['step'].pk}-rating": "bit"},
    "judge_one": lambda r, o: {"rating": "bit"},
    "said_at_review": lambda r, o: {
        f"{o.items['step'].pk}-{name}": value
        for name, value in (("voice", "child"), ("rating", "bit"), ("key", uuid4()))
    },
    "decide_so_far": lambda r, o: {"version": 0, "why": "It helps."},
    "what_we_did": lambda r, o: {
        f"{one.pk}-words": "The library at lunch." for one in o.pupil.views.filter(cycle=o.cycle)
    },
    "what_we_did:old": lambda r, o: {
        f"{one.pk}-{name}": value
        for one in o.old_cycle.judgements.exclude(words="")
        for name, value in (("words", "Another thing."), ("seen", one.what_we_did.last().pk))
    },
    "close_cycle": lambda r, o: {
        "kind": "continue",
        "why": "It helps.",
        **{f"step_{step.pk}": "met" for step in o.cycle.steps.filter(removed_at=None)},
    },
    "end_relation": lambda r, o: {},
    "take_out_of_class": lambda r, o: {},
    "talking_with": lambda r, o: {"how": "phone", "notes": "Ring twice."},
    "on_paper": lambda r, o: {"how": "phone", "channel": "phone"},
    "edit_household": lambda r, o: {"phone": "01632 960009"},
    "lift_restriction": lambda r, o: {},
    "invite_again": lambda r, o: {},
    "take_back_invitation": lambda r, o: {},
    "log_step": lambda r, o: {"note": "Started alone.", "value": "1"},
    "log_step:draft": lambda r, o: {"note": "Started alone."},
    "undo_note": lambda r, o: {},
    "answer_plan": lambda r, o: {"answer": "agree"},
    "own_page": lambda r, o: {"steps_as": "one", "telling": "at_once"},
    "celebrations": lambda r, o: {"praise": "effort", "words": "You kept trying."},
    "tell_celebration": lambda r, o: {},
    "we_did": lambda r, o: {f"{o.items['view_itself-senco'].pk}-words": "We moved the table."},
    "file_in_words": lambda r, o: {"words": "A sun."},
    "file_in_words:itself": lambda r, o: {"words": "A sun."},
    "find_a_way:plan": lambda r, o: {"words": "We talk on Monday."},
    "find_a_way:strategy": lambda r, o: {"words": "We talk on Monday."},
    "comment_plan": lambda r, o: {"words": "Thank you."},
    "move_cycle": lambda r, o: {},
    "add_item:need": lambda r, o: {"kind": "need", "area": "semh", "words": "Noise is hard."},
    "add_item:measure": lambda r, o: {"name": "Reading"},
    "add_item:outcome": lambda r, o: {"words": "Reads for pleasure.", "area": "cognition"},
    "add_item:step": lambda r, o: {
        "outcome": o.items["outcome"].pk,
        "words": "Asks for help.",
        "criterion": "Twice a day.",
        "baseline": "Waits.",
        "owner_name": "Miss Teal",
    },
    "add_item:strategy": lambda r, o: {"place": "setting", "words": "One thing at a time."},
    "add_item:provision": lambda r, o: {
        "strategy": o.items["strategy"].pk,
        "who": "A teaching assistant",
        "times_a_week": "3",
        "minutes": "20",
        "group_size": "1",
        "weeks": "10",
    },
    "edit_item:need": lambda r, o: {"words": "Changed."},
    "edit_item:measure": lambda r, o: {"name": "Changed"},
    "edit_item:outcome": lambda r, o: {"words": "Changed."},
    "edit_item:step": lambda r, o: {"words": "Changed."},
    "edit_item:strategy": lambda r, o: {"words": "Changed."},
    "edit_item:provision": lambda r, o: {"weeks": "5"},
    **{f"take_off:{kind}": lambda r, o: {} for kind in ("need", "measure", "step", "provision")},
    "take_off:outcome": lambda r, o: {},
    "take_off:strategy": lambda r, o: {},
    "answer_strategy": lambda r, o: {"answer": "agree"},
    "answer_strategy:draft": lambda r, o: {"answer": "agree"},
    "accept_proposal": lambda r, o: {"how": "Every evening."},
    "decline_proposal": lambda r, o: {"reply": "Not this term."},
    "edit_allocation": lambda r, o: {"amount": "4100"},
    "plan_use": lambda r, o: {"strategy": o.items["draft_strategy"].pk, "planned": "10"},
    "edit_use": lambda r, o: {"planned": "1300"},
    "say_funding": lambda r, o: {"rating": "yes", "words": "It helps."},
    "agree_funding": lambda r, o: {"answer": "agree"},
    "decide_funding": lambda r, o: {"decision": "continue", "why": "It still helps."},
    "cost_provision": lambda r, o: {"resources": "12"},
    "worth_asking": lambda r, o: {"about": "dla"},
    "move_review": lambda r, o: {"time": "15:45"},
    "write_review": lambda r, o: {"working": "The board."},
    "ask_to_review": lambda r, o: {"people": [r.cast.key_adult.pk]},
    "take_back_ask": lambda r, o: {},
    "move_to_slot": lambda r, o: {"starts_at": "2026-04-20T15:30:00+01:00", "version": "1"},
    "choose_who_comes": lambda r, o: {"people": [r.cast.teacher.pk], "how": "spoken"},
    "reply_to_review": lambda r, o: {"answer": "yes"},
    "write_reply": lambda r, o: {
        "answer": "yes",
        "sequence": o.review.sequence,
        "told_how": "phone",
        "told_on": "2026-03-09",
    },
    "take_part": lambda r, o: {"part": "short"},
    "write_part": lambda r, o: {"part": "short", "how": "spoken"},
    "say_before": lambda r, o: {"working": "Changed."},
    "write_before": lambda r, o: {"perspective": "child", "how": "drew", "working": "A sun."},
    "say_with_pictures": lambda r, o: {"pictures": ["Music"]},
    "choose_strategy": lambda r, o: {"strategy": r.kept["library"].pk, "place": "home", "key": uuid4()},
    "try_here": lambda r, o: {},
    "offer_home": lambda r, o: {},
    "answer_home": lambda r, o: {"answer": "try"},
    "pupil_signposts": lambda r, o: {"signpost": r.kept["signpost"].pk, "to": r.cast.home.pk},
    "answer_signpost": lambda r, o: {"answer": "helped", "sent_key": uuid4()},
    "answer_signpost:itself": lambda r, o: {"answer": "helped", "sent_key": uuid4()},
}
#: Forms that no stage and nobody could save, which is why nobody's standing changes what they answer.
NEVER = {
    "daily",  # Ada is too old for one
    "own_on_paper",  # Ada is here herself
    "judge:old",
    "log_step:gone",
    "answer_strategy:gone",
    # Ada is 13, so that nobody confirms a choice or records that she lacks capacity; what is over, confirmed or told
    # stays so.
    "confirm_choices",
    "record_capacity",
    "end_capacity",
    "confirm_disclosure",
    "confirm_disclosure:told",
    "tell_disclosure:told",
    "look_again_disclosure:told",
}
#: Through the API: the body that is sent names whom a young person chooses for, a record of somebody over 16, and the day
#: of a child in early years.
NOT_OF_ADA = {("api_choices", "POST"), ("api_capacity_records", "POST"), ("api_daily", "POST")}
#: Pages of a young person who decides, or soon will, and of what a parent keeps then: `tests/pupils/test_previews.py`
#: and the tests of the hand-over have them.
WHEN_THEY_DECIDE = {
    "choose:teachers",
    "see_as",
    "preview",
    "preview_page:plan",
    "preview_page:needs",
    "preview_page:views",
    "preview_page:updates",
    "preview_page:teacher",
    "kept_plan",
    "kept_version",
}


#: Routes of the API that lead to a setting and to nobody's record: `tests/api/routes.txt` has them.
OF_A_SETTING = {
    "api_library",
    "api_library_strategy",
    "api_signposts",
    "api_signpost",
    "api_events",
    "api_event",
    "api_call_off_event",
    "api_sign_up",
    "api_leave_event",
    "api_my_surveys",
    "api_surveys",
    "api_survey",
    "api_survey_questions",
    "api_open_survey",
    "api_close_survey",
    "api_answer_survey",
    "api_survey_results",
    "api_publish_survey",
    "api_documents",
    "api_document",
    "api_document_comments",
    "api_answer_comment",
    "api_published",
}


class _Open(HTMLParser):
    """What a browser would send of the forms on a page, as they stand when it is opened."""

    def __init__(self) -> None:
        super().__init__()
        self.post = False
        self.values: dict[str, Any] = {}
        self.text: str | None = None
        self.select: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {key: value or "" for key, value in attrs}
        name = found.get("name", "")
        if tag == "form":
            self.post = found.get("method", "").lower() == "post"
        if not self.post or name == "csrfmiddlewaretoken":
            return
        if tag == "input" and name and found.get("type") not in ("submit", "button"):
            if found.get("type") not in ("radio", "checkbox") or "checked" in found:
                ticked = found.get("type") in ("radio", "checkbox")
                self.values[name] = found.get("value", "on" if ticked else "")
        elif tag == "textarea":
            self.text, self.values[name] = name, ""
        elif tag == "select":
            self.select = name
            self.values.setdefault(name, "")
        elif tag == "option" and self.select and "selected" in found:
            self.values[self.select] = found.get("value", "")

    def handle_data(self, data: str) -> None:
        if self.text:
            self.values[self.text] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.text = None
        elif tag == "select":
            self.select = None


def standing(opened: HttpResponse) -> dict[str, Any]:
    """The forms of a page as they stand."""
    page = _Open()
    page.feed(opened.content.decode().split("<main", 1)[-1].split("</main", 1)[0])
    return page.values


# Asking ---------------------------------------------------------------------------------------------------


@contextmanager
def rolled_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


#: Written at every request, whoever asks: that a session ended, and when a key was last used.
HOUSEKEEPING = ("django_session", "accounts_apitoken")
WRITES = re.compile(r'^\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)"?', re.IGNORECASE)


def written(asked: CaptureQueriesContext) -> set[str]:
    """The tables that were written."""
    tables = {found[1] for query in asked.captured_queries if (found := WRITES.match(query["sql"] or ""))}
    return tables - set(HOUSEKEEPING)


def names(text: str, pupil: Pupil, who: User) -> bool:
    """Whether something speaks of a pupil; somebody's own name at the top of every page does not."""
    named = pupil.given_name not in who.name and re.search(rf"\b{pupil.given_name}\b", text)
    return bool(named) or str(pupil.pk) in text


def events() -> int:
    """How many changes were written down, of pupils and of accounts."""
    return AuditEvent.objects.count() + AccountEvent.objects.count()


@dataclass
class Tab:
    """A page that somebody has open, or a form that they have filled in; what is sent for it."""

    name: str
    method: str
    send: Callable[[], Any]
    cycle: Cycle
    client: Client | None
    reached: bool = False

    def before(self, who: User) -> Any:
        """Ask while it is still theirs: whether they reach the page, or save the form and have it written down."""
        with self.ready(who):
            known = events()
            answer = self.send()
            done = answer.status_code in (200, 201, 204) or sign(answer) == ">"
            self.reached = done and (self.method == "GET" or events() > known)
        return answer

    @contextmanager
    def ready(self, who: User) -> Iterator[None]:
        with undone(self.client) if self.client else rolled_back():
            if self.method != "GET" and self.name in ARRANGED:
                ARRANGED[self.name](self.cycle, who)
            yield


def page_tabs(record: Record, of: Of, who: User) -> Iterator[Tab]:
    """Every page of a pupil that somebody opens, and every form that they save."""
    client = browser(who)
    for name in OF_PUPIL:
        if not in_sample(name, one_in=80):
            continue
        href = address(record, of, name)
        page = Tab(name, "GET", lambda href=href: client.get(href), of.cycle, client)
        opened = page.before(who)
        if page.reached:
            yield page
        if name not in TYPED or not (page.reached or opened.status_code == 405):
            continue
        if name in ARRANGED and page.reached:
            with Tab(name, "POST", page.send, of.cycle, client).ready(who):
                opened = page.send()
        values = standing(opened) if page.reached else {}
        typed = {key: value for key, value in values.items() if value != ""}
        for key in TYPED[name](record, of):  # a date that is typed whole takes the place of its boxes
            typed = {k: v for k, v in typed.items() if not re.fullmatch(rf"{re.escape(key)}_\d", k)}
        typed |= TYPED[name](record, of)
        form = Tab(name, "POST", lambda href=href, typed=typed: client.post(href, typed), of.cycle, client)
        form.before(who)
        if form.reached:
            yield form


def api_tabs(ids: dict[str, Any], cycle: Cycle, who: User) -> Iterator[Tab]:
    """Every route of the API that leads to a pupil, with a body that would be accepted."""
    secret = token_of(who)

    def send(route: Route, method: str) -> Callable[[], Any]:
        return lambda: ask_route(secret, route, method, ids)

    for route in ROUTES:
        if leads_to_a_pupil(route) and in_sample(route.name, one_in=80):
            for method in route.methods:
                tab = Tab(route.name, method, send(route, method), cycle, None)
                tab.before(who)
                if tab.reached:
                    yield tab


def leads_to_a_pupil(route: Route) -> bool:
    """A setting's own rates are its SENCO's whoever of its pupils moves."""
    return bool(route.wanted) and route.wanted != ["setting"] and route.name not in OF_A_SETTING


def refusal(tab: Tab, who: User) -> tuple[str, str]:
    """What somebody is answered now, and everything that is wrong with it."""
    with tab.ready(who), CaptureQueriesContext(connection) as asked:
        answer = tab.send()
    told = "i" if answer.status_code == 401 else sign(answer)
    wrong = []
    if told not in ".i" and (told, tab.name) != ("+", "class"):
        wrong.append(f"answered {answer.status_code}")
    if written(asked):
        wrong.append(f"wrote {sorted(written(asked))}")
    if names(answer.content.decode(), tab.cycle.pupil, who):
        wrong.append("named the pupil")
    return told, ", ".join(wrong)


def table(
    title: str, number: int, rows: list[tuple[str, str]], tabs: Callable[[User], list[Tab]], cast: Cast
) -> str:
    """Before and after every change, for everybody: a part of the table as it is; of a sample, the rows asked for."""
    could_reach: dict[str, list[Tab]] = {}
    for who in PEOPLE:
        could_reach[who] = tabs(cast.people[who])
    told: dict[tuple[str, str], list[str]] = {key: [" "] * len(COLUMNS) for key in rows}
    wrong = {}
    for column, (change, who) in enumerate(COLUMNS):
        with rolled_back():
            change.act(cast, cast.people[who])
            for tab in could_reach[who]:
                sign_, why = refusal(tab, cast.people[who])
                told[tab.name, tab.method][column] = sign_
                if why:
                    wrong[change.name, who, tab.method, tab.name] = why
    assert wrong == {}
    asked = [key for key in rows if in_sample(key[0], one_in=80)]
    assert [key for key in asked if not "".join(told[key]).strip()] == [], "nobody reached these"
    known = {tuple(line.split()[1::-1]): line for line in parts()[number].splitlines()[5:]}
    width = max(len(f"{method:6} {name}") for name, method in rows) + 2
    lines = [title, "-" * len(title), ""]
    lines.append(" " * width + "".join(change.name.ljust(10) for change in CHANGES).rstrip())
    lines.append(" " * width + _spread([LETTERS[who] for _, who in COLUMNS]))
    for key, signs in told.items():
        line = f"{key[1]:6} {key[0]}".ljust(width) + _spread(signs)
        lines.append(line if key in asked else known.get(key, line))
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _spread(signs: list[str]) -> str:
    """One sign for each column, under the change it belongs to."""
    left, row = list(signs), ""
    for change in CHANGES:
        row += "".join(left.pop(0) for _ in change.whom).ljust(10)
    return row.rstrip()


def compare(number: int, told: str) -> None:
    """A part of the table with what is told; `ALONGSIDE_WRITE_ROUTES=1` writes it anew."""
    known = parts()
    if os.environ.get("ALONGSIDE_WRITE_ROUTES"):
        known[0], known[number] = HEAD, told
        TABLE.write_text("\n\n".join(known))
    assert told == known[number]


def parts() -> list[str]:
    return [part.rstrip("\n") + "\n" for part in TABLE.read_text().split("\n\n\n")]


def test_every_page_and_form_of_a_pupil_is_refused_at_the_next_request(
    record: Record, at_ten: datetime
) -> None:
    of = record.of["ada"]
    rows = [
        (name, method)
        for name in OF_PUPIL
        for method in ("GET", "POST")
        if is_asked(record, of, name, method)
    ]
    told = table("Pages and forms", 1, rows, lambda who: list(page_tabs(record, of, who)), record.cast)
    compare(1, told)


def is_asked(record: Record, of: Of, name: str, method: str) -> bool:
    """Whether a route is asked for this way, and could ever be saved; which of them is said in `TYPED` and `NEVER`."""
    client = browser(record.cast.senco)
    with undone(client):
        answer = client.generic(method, address(record, of, name))
    there = answer.status_code != 405 and name not in WHEN_THEY_DECIDE
    if method == "POST":
        assert there == (name in TYPED or name in NEVER), f"{name} is listed in neither TYPED nor NEVER"
        return name in TYPED
    return there


def test_every_route_of_the_api_is_refused_at_the_next_request(cast: Cast, at_ten: datetime) -> None:
    made = write_api_record(cast, cast.ada)
    meeting = Review.objects.select_related("cycle__pupil").get(pk=made.ids["review"])
    invitations.ask(review=meeting, by=cast.senco, at=AT, people=[cast.parent.pk, cast.teacher.pk])
    rows = [
        (route.name, method)
        for route in ROUTES
        if leads_to_a_pupil(route)
        for method in route.methods
        if (route.name, method) not in NOT_OF_ADA
    ]
    told = table("The API", 2, rows, lambda who: list(api_tabs(made.ids, made.cycle, who)), cast)
    compare(2, told)


# Lists, searches and counts -------------------------------------------------------------------------------

#: Where pupils are listed and counted, besides the pages of one: who finds Ada there while it is theirs.
LISTS: dict[str, list[str]] = {
    "/": ["senco", "teacher", "key_adult", "parent", "child", "professional"],
    "/caseload/": ["senco"],
    "/caseload/?q=Ada": ["senco"],
    "/classes/": ["teacher", "key_adult"],
    "/register/": ["senco", "teacher", "key_adult"],
    "/write-home/": ["key_adult"],
    "/what-homes-hear/": ["senco"],
    "/api/v1/updates/balance/": ["senco"],
    "/api/v1/reviews/owed/": ["senco"],
    "/api/v1/reviews/to-come/": ["senco"],
    "/api/v1/pupils/": ["senco", "teacher", "key_adult", "parent", "child", "professional"],
    "/api/v1/pupils/?q=Ada": ["senco", "teacher", "key_adult", "parent", "child", "professional"],
}


def test_no_list_search_or_count_names_the_pupil_any_more(cast: Cast, at_ten: datetime) -> None:
    write_api_record(cast, cast.ada)
    secrets = {who: token_of(cast.people[who]) for who in PEOPLE}

    def ask(who: str, href: str) -> str:
        client = browser(cast.people[who])
        more: dict[str, Any] = (
            {"headers": {"Authorization": f"Bearer {secrets[who]}"}} if "/api/" in href else {}
        )
        with undone(client):
            answer = client.get(href, follow=True, **more)
        text = answer.content.decode().split("<main", 1)[-1]
        return re.sub(r'name="q"[^>]*', "", text).replace("?q=Ada", "")

    def finds(who: str, href: str) -> bool:
        return str(cast.ada.pk) in ask(who, href)

    found = {href: [who for who in PEOPLE if finds(who, href)] for href in LISTS}
    assert {href: sorted(who) for href, who in found.items()} == {h: sorted(w) for h, w in LISTS.items()}
    counted = "Of 3 pupils at Hazelmere School"
    assert counted in ask("senco", "/caseload/")
    wrong = []
    for change, who in COLUMNS:
        if change.name != "moved" and not in_sample("lists", change.name, who):
            continue
        with rolled_back():
            change.act(cast, cast.people[who])
            for href, whose in LISTS.items():
                if who in whose and names(ask(who, href), cast.ada, cast.people[who]):
                    wrong.append((change.name, who, href))
            if change.name == "moved":
                assert "Of 2 pupils at Hazelmere School" in ask("senco", "/caseload/")
    assert wrong == []
