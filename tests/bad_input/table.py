"""Every form that is posted: who fills it in, on which page it stands, and what they type that is accepted.

A form says for itself which fields it has, so that a new field is tried without being written down here. What is
written down is only what a form cannot know: a review day that is not past, an address nobody else has.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from accounts.enums import Phase
from accounts.models import Setting
from apdr.enums import Perspective, ProposalKind
from apdr.models import FundingUse, Proposal
from pupils import choices, circle
from pupils import services as pupils
from pupils.choices import Wanted
from pupils.enums import Answer, Section
from reviews import services as reviews
from reviews.enums import Kind, ReviewState
from tests.cast import AT, SEPTEMBER
from tests.notifications.pictures import photo
from tests.record import Of, Record
from tests.routes import KINDS

Before = Callable[[Record, Of], None]
EVENT = {
    "day": date(2026, 3, 30), "start": "09:00", "end": "10:00", "places": "9", "sign_up_until": date(2026, 3, 29), "host": "",
}  # fmt: skip


@dataclass(frozen=True)
class Filled:
    """How a form is filled in: by whom, on which page (its own unless said), after what, and with what.

    `refused` is what its page does not take, where it takes a form in which nothing is filled in.
    """

    who: str = "senco"
    of: str = "ada"
    page: str = ""
    before: Before | None = None
    typed: Mapping[str, Any] = field(default_factory=dict)
    refused: Mapping[str, str] = field(default_factory=lambda: {"nothing": "filled in"})


def in_review(record: Record, of: Of) -> None:
    reviews.start_review(cycle=of.cycle, by=record.cast.senco, at=AT)


def unscheduled(record: Record, of: Of) -> None:
    of.cycle.reviews.update(state=ReviewState.HELD)


def annual(record: Record, of: Of) -> None:
    of.cycle.reviews.update(kind=Kind.ANNUAL)


def asked(record: Record, of: Of) -> None:
    """The survey that is over is open still."""
    survey = record.kept["survey"]
    type(survey).objects.filter(pk=survey.pk).update(
        published_at=None, closes_on=AT.date() + timedelta(days=9)
    )


def step_proposed(record: Record, of: Of) -> None:
    of.items["proposal_oscar"] = Proposal.objects.create(
        cycle=of.cycle, kind=ProposalKind.STEP, words="Swims a length.", by=record.cast.other_parent,
        perspective=Perspective.PARENT, household=record.cast.other_home, at=AT, sent_key=uuid4(),
    )  # fmt: skip


def spare_strategy(record: Record, of: Of) -> None:
    """The strategy that money is planned for already is the first of the list: it is planned for no more."""
    FundingUse.objects.filter(pk=of.items["use"].pk).delete()


def new_here(record: Record, of: Of) -> None:
    """Somebody without a plan or a profile takes the pupil's place."""
    of.pupil = pupils.create_pupil(
        setting=record.setting, given_name="Nell", family_name="New", date_of_birth=date(2013, 1, 2),
        starts_on=date(2025, 9, 2), by=record.cast.senco, at=SEPTEMBER,
    )  # fmt: skip


def coordinates_westfield(record: Record, of: Of) -> None:
    from accounts.enums import Role
    from tests.cast import member

    member(record.cast.senco, record.cast.westfield, Role.SENCO)


def early_years(record: Record, of: Of) -> None:
    Setting.objects.filter(pk=record.setting.pk).update(phase=Phase.EARLY_YEARS)


def shared_out(record: Record, of: Of) -> None:
    """The family shares what is hard with somebody from outside."""
    choices.choose(
        pupil=of.pupil, by=record.cast.parent, at=AT, key=uuid4(), wording="family-1",
        wanted=[Wanted(Section.NEEDS, Answer.YES, person=record.cast.professional, ends_at=AT + timedelta(days=30))],
    )  # fmt: skip


def a_grandmother(record: Record, of: Of) -> None:
    """Somebody of the family who has no sign-in."""
    circle.add_parent_carer(
        pupil=of.pupil, household=record.cast.home, name="Gran", relationship="grandmother",
        by=record.cast.senco, at=AT,
    )  # fmt: skip


def not_here_themself(record: Record, of: Of) -> None:
    """Whose record it is has no part in it yet."""
    circle.selves(of.pupil, AT).update(ends_at=AT)


NEXT_WEEK = date(2026, 3, 17)
HOME = "Pam\n1 High Street\nHazelmere\nBN1 1AA"
A_FILE = b"UPN,Given name,Family name,Date of birth\n,Ben,,31/02/2012\n"
A_PHOTO = photo()
#: One photo with its words, and no words without a photo.
ONE_PHOTO = {"photo": A_PHOTO, **{f"photo_{n}_alt": "" for n in range(2, 5)}}
MEASURED = {"entry": "3.50", "entry_on": date(2026, 2, 3), "exit": "4.50", "exit_on": date(2026, 3, 3)}
GOAL = {f"level_{n}": f"Level {n} in words" for n in range(5)}
NAMED = {"owner": "", "owner_name": "Mr Teal", "by_when": NEXT_WEEK, **GOAL}
SURVEY = {
    "audiences": ["parent"],
    "names": "anonymous",
    "opens_on": date(2026, 4, 1),
    "last_day": date(2026, 5, 1),
}
MONEY = {
    "amount": "4100",
    "planned": "1100",
    "used": "20",
    "starts_on": date(2026, 1, 1),
    "ends_on": date(2026, 7, 1),
}

#: A name with `:` is a route that is posted in more than one way.
FORMS: dict[str, Filled] = {
    "add_pupil": Filled(
        typed={"date_of_birth": date(2012, 5, 1), "upn": "B801200005001", "uln": "9276308686", "home_language": "pl",
               "ehc_plan_from": date(2020, 5, 4), "ehc_reviewed_on": date(2025, 5, 4), "post16_from": date(2028, 9, 4)}
    ),
    "me": Filled("parent"),
    "preferences": Filled(
        "parent",
        typed={"phone": "07700 900123", "postal_address": HOME},
    ),
    "my_tokens": Filled("parent"),
    "invite_staff": Filled(typed={"email": "new@hazelmere.example"}),
    "invitation": Filled("nobody", typed={"way": "code", "password": ""}),
    "edit_setting": Filled(
        typed={"urn": "100002", "laestab": "9384001", "ukprn": "10000003", "ofsted_urn": "EY1", "review_every_weeks": "6"}
    ),
    "add_term": Filled(
        page="setting",
        typed={
            "starts_on": date(2026, 4, 13),
            "ends_on": date(2026, 7, 21),
            "half_term_from": date(2026, 5, 25),
            "half_term_until": date(2026, 6, 1),
        },
    ),
    "add_class": Filled(page="setting"),
    "setting_class": Filled(),
    "move_class": Filled(),
    "relabel_scale": Filled(page="scales"),
    "add_stream": Filled(page="scales"),
    "import_new": Filled(typed={"file": A_FILE}),
    "edit_pupil": Filled(typed={"upn": "B801200005001", "uln": "9276308686", "ehc_plan_from": date(2020, 5, 4),
                                "ehc_reviewed_on": date(2025, 5, 4), "post16_from": date(2028, 9, 4)}),
    "add_key_adult": Filled(page="circle"),
    "put_in_class": Filled(page="circle"),
    "add_parent_carer": Filled(page="circle"),
    "edit_household": Filled(),
    "talking_with": Filled(
        typed={"phone": "07700 900123", "postal_address": HOME, "asked_on": date(2026, 3, 9)},
    ),
    "on_paper": Filled(
        before=a_grandmother,
        typed={"phone": "07700 900123", "postal_address": HOME, "asked_on": date(2026, 3, 9)},
    ),
    "own_on_paper": Filled(
        before=not_here_themself,
        typed={"phone": "07700 900123", "postal_address": HOME, "asked_on": date(2026, 3, 9)},
    ),
    "restrict": Filled(page="circle", typed={"until": date(2027, 3, 1)}),
    "move_pupil": Filled(page="circle", before=coordinates_westfield, typed={"on": date(2026, 4, 1)}),
    "invite_to_pupil": Filled(
        page="circle",
        typed={"kind": "professional", "carer": "", "email": "somebody@health.example", "name": "Ola Speech"},
    ),
    "edit_profile": Filled(),
    "edit_profile:first": Filled(before=new_here),
    "propose": Filled("parent"),
    "say_views": Filled("parent", typed={"rather_not": ""}),
    "say_views:young person": Filled("young_person", "sam", typed={"rather_not": ""}),
    "say_views:child": Filled("child"),
    "write_back": Filled("professional", before=shared_out),
    "own_page": Filled("child"),
    "celebrations": Filled("teacher"),
    "we_did": Filled(),
    "file_in_words": Filled(),
    "find_a_way": Filled(),
    "record_views": Filled(typed={"perspective": "parent", "how": "talked"}),
    "updates": Filled("teacher", typed=ONE_PHOTO),
    "updates:parent": Filled("parent", typed=ONE_PHOTO),
    "write_home": Filled("key_adult"),
    "daily": Filled("teacher", before=early_years, typed={"here": "yes", **ONE_PHOTO}),
    "ask_to_talk": Filled("parent"),
    "talk": Filled(typed={"day": NEXT_WEEK, "time": "14:30"}),
    "rang": Filled(typed={"on": date(2026, 3, 9)}),
    "answer_plan": Filled("parent"),
    "comment_plan": Filled("parent"),
    "answer_strategy": Filled(),
    "log_step": Filled("teacher", typed={"value": "1", "on": date(2026, 3, 9)}),
    "log_step:parent": Filled("parent", typed={"value": "1", "on": date(2026, 3, 9)}),
    "log_step:child": Filled("child", typed={"value": "1"}),
    "open_cycle": Filled(before=new_here, typed={"review_on": date(2026, 6, 1)}),
    "edit_cycle": Filled(typed={"review_on": date(2026, 6, 1)}),
    "share": Filled(),
    "schedule_review": Filled(before=unscheduled, typed={"day": NEXT_WEEK, "time": "14:30"}),
    "move_review": Filled(typed={"day": NEXT_WEEK, "time": "14:30"}),
    "cancel_review": Filled(),
    "exempt_review": Filled(),
    "write_duty": Filled(before=annual, typed={"on": date(2026, 3, 9)}),
    "write_review": Filled(),
    "choose_who_comes": Filled("child"),
    "choose_who_comes:senco": Filled(),
    "take_part": Filled("child"),
    "write_part": Filled(),
    "say_before": Filled("parent"),
    "say_before:child": Filled("child"),
    "write_before": Filled(
        typed={"perspective": "parent", "how": "talked", "told_on": date(2026, 3, 9)}
    ),
    "say_with_pictures": Filled("child", refused={"pictures": "no such picture"}),
    "judge": Filled("parent", before=in_review),
    "judge_one": Filled(before=in_review, typed={"perspective": "parent"}),
    "said_at_review": Filled(page="review", before=in_review),
    "decide_so_far": Filled(page="review", before=in_review, typed={"kind": "continue", "review_on": date(2026, 6, 1)}),
    "what_we_did": Filled(),
    "close_cycle": Filled(before=in_review, typed={"kind": "continue", "open_next": "on", "review_on": date(2026, 6, 1)}),
    **{f"add_item:{kind}": Filled(typed=NAMED | MEASURED) for kind in KINDS},
    **{f"edit_item:{kind}": Filled(typed=NAMED | MEASURED) for kind in KINDS},
    **{f"take_off:{kind}": Filled() for kind in KINDS},
    "accept_proposal": Filled(),
    "accept_proposal:step": Filled(before=step_proposed, typed=NAMED),
    "decline_proposal": Filled(),
    "allocate": Filled(typed=MONEY),
    "edit_allocation": Filled(typed=MONEY),
    "plan_use": Filled(before=spare_strategy, typed=MONEY),
    "edit_use": Filled(typed=MONEY),
    "say_funding": Filled("parent", typed={"rating": "yes"}),
    "say_funding:senco": Filled(typed={"perspective": "child", "rating": "yes", "how": "talked", "on": date(2026, 3, 9)}),
    "agree_funding": Filled("parent"),
    "agree_funding:senco": Filled(typed={"perspective": "child", "how": "talked", "on": date(2026, 3, 9)}),
    "decide_funding": Filled(),
    "cost_provision": Filled(typed={"resources": "12"}),
    "set_hourly": Filled(page="money_settings", typed={"hourly": "17.35", "starts_on": date(2026, 4, 1)}),
    "set_weeks": Filled(page="money_settings", typed={"weeks": "38", "starts_on": date(2026, 4, 1)}),
    "set_stream_rate": Filled(
        page="money_settings",
        typed={"kind": "eypp", "unit": "hour", "amount": "1.20", "most_hours": "570", "starts_on": date(2026, 4, 1),
               "ends_on": date(2027, 4, 1), "checked_on": date(2026, 3, 9)},
    ),
    "add_to_library": Filled(),
    "edit_library": Filled(),
    "answer_home": Filled("parent"),
    "add_signpost": Filled(typed={"age_from": "3", "age_to": "9", "address": "https://help.example/", "checked_on": date(2026, 3, 9)}),
    "edit_signpost": Filled(typed={"age_from": "3", "age_to": "9", "address": "https://help.example/", "checked_on": date(2026, 3, 9)}),
    "add_event": Filled(typed=EVENT),
    "edit_event": Filled(typed=EVENT),
    "call_off_event": Filled(),
    "event": Filled("other_parent", typed={"adults": "1", "children": "2"}),
    "sign_up_for": Filled(typed={"adults": "1", "children": "2", "told_on": date(2026, 3, 9)}),
    "pupil_signposts": Filled(),
    "add_survey": Filled(typed=SURVEY),
    "edit_survey": Filled(typed=SURVEY),
    "add_question": Filled(typed={"kind": "one", "choices": "Warm\nCold"}),
    "edit_question": Filled(typed={"kind": "one", "choices": "Warm\nCold"}),
    "answer_survey": Filled("parent", before=asked),
    "survey_results": Filled(),
    "write_document": Filled(),
    "edit_document": Filled(),
    "document": Filled("parent"),
    "answer_comment": Filled(),
    "ask": Filled("professional", typed={"section": "funding"}),
    "answer_request": Filled("parent", typed={"answer": "yes", "until": date(2026, 6, 1)}),
    "share_out": Filled("parent", typed={"email": "nell@health.example", "until": date(2026, 6, 1)}),
    "choose": Filled("parent", typed={"until": date(2026, 6, 1)}),
    "record_choice": Filled(typed={"until": date(2026, 6, 1)}),
    "ask_disclosure": Filled(
        "dsl",
        typed={"person": "", "until": date(2026, 4, 1), "knows": "not_told", "look_again_on": date(2026, 3, 20),
               "told_on": "", "told_how": ""},
    ),
    "tell_disclosure": Filled("dsl", page="disclosure", typed={"told_on": date(2026, 3, 9)}),
    "look_again_disclosure": Filled("dsl", page="disclosure", typed={"look_again_on": date(2026, 3, 20)}),
    "record_capacity": Filled(of="sam", typed={"assessed_on": date(2026, 3, 9), "review_on": date(2026, 9, 1)}),
    "competence": Filled(typed={"can": "yes", "from_on": date(2026, 6, 1)}),
    "prepare_hand_over": Filled(typed={"on": date(2026, 3, 9)}),
}  # fmt: skip

#: Forms on a page that is asked for with more than its address; what is typed wrongly there is tried in the tests named.
ELSEWHERE = {
    "confirm_phone": "tests/notifications/test_phone.py",
    "review_times": "tests/reviews/test_planner.py",
    "register": "tests/apdr/test_money.py",
    "answer_invitation": "tests/reviews/test_invitation_pages.py",
    "reply_to_review": "tests/reviews/test_invitation_pages.py",
    "write_reply": "tests/reviews/test_invitation_pages.py",
    "ask_to_reviews": "tests/reviews/test_invitation_pages.py",
}

#: Posts with nothing to fill in: a button that says what it does. Only their address can be wrong.
BUTTONS = {
    "choose_strategy",
    "retire_library",
    "fill_library",
    "try_here",
    "offer_home",
    "leave_event",
    "take_off_event",
    "mark_signpost",
    "fill_signposts",
    "mark_survey",
    "mark_question",
    "answer_signpost",
    "publish_document",
    "withdraw_request",
    "stop_sharing",
    "stop_choices",
    "stop_all_choices",
    "confirm_choices",
    "confirm_disclosure",
    "end_disclosure",
    "end_capacity",
    "revoke_token",
    "my_calendar",
    "print_letter",
    "send_phone_code",
    "end_calendar",
    "sign_out_everywhere",
    "stop_mail",
    "end_role",
    "send_staff_invitation_again",
    "withdraw_staff_invitation",
    "remove_term",
    "leave_class",
    "import_start",
    "import_check",
    "import_cancel",
    "import_invite",
    "reveal_upn",
    "end_relation",
    "take_out_of_class",
    "lift_restriction",
    "invite_again",
    "take_back_invitation",
    "undo_note",
    "move_cycle",
    "start_review",
    "ask_to_review",
    "take_back_ask",
    "move_to_slot",
    "put_on_plan",
    "worth_asking",
    "tell_celebration",
}
