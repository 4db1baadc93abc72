"""Every page there is, who opens it, and on which row. A route that is in no list here fails the tests."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import uuid4

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts import mail
from accounts.enums import Role
from accounts.models import User
from apdr.enums import StepStatus
from pupils import choices, circle, people
from pupils.choices import Wanted
from pupils.enums import Answer, Gave, ImportKind, Section
from pupils.imports import services as imports
from pupils.models import ChoiceSheet, Import, Override
from reviews import answer_links, invitations
from reviews.enums import DecisionKind, Kind
from reviews.enums_invitations import Coming
from reviews.models import ReviewInvitation
from reviews.services import close_cycle, start_review
from tests.apdr.plans import Plan, write_plan
from tests.api.record import DAY, Record, write_record
from tests.cast import AT, SEPTEMBER, Cast
from tests.imports.conftest import written
from tests.pupils.decided import asked, confirmed, recorded


@dataclass
class World:
    """Ada's plan is being tried, Sam's is in its review, Noor's first cycle is closed."""

    cast: Cast
    ada: Record
    sam: Record
    noor: Plan
    secret: str
    brought: Import
    sheet: ChoiceSheet
    disclosure: Override
    waiting: Override
    invited: ReviewInvitation

    def person(self, name: str) -> User:
        return getattr(self.cast, name)


def build_world(cast: Cast) -> World:
    ada = write_record(cast, cast.ada)
    ada.cycle.reviews.update(kind=Kind.ANNUAL)  # around which advice and papers are owed
    sam = write_record(cast, cast.sam, family_speaks=False, reviewing=True)
    noor = write_plan(cast.noor, cast.senco, SEPTEMBER)
    start_review(cycle=noor.cycle, by=cast.senco, at=AT - DAY)
    close_cycle(
        cycle=noor.cycle,
        kind=DecisionKind.CHANGE,
        why="It helps in seminars and not yet in lectures.",
        statuses=dict.fromkeys(noor.cycle.steps.filter(removed_at=None), StepStatus.CARRIED),
        review_on=date(2026, 6, 20),
        by=cast.senco,
        at=AT - DAY,
    )
    _, secret = people.invite_staff(
        email="new@hazelmere.example",
        name="Nia New",
        role=Role.DSL,
        setting=cast.hazelmere,
        by=cast.senco,
        at=AT - DAY,
    )
    head = ["UPN", "Given name", "Family name", "Date of birth"]
    brought = imports.upload(
        kind=ImportKind.PUPILS,
        setting=cast.hazelmere,
        content=written(head, ["", "Ben", "", "31/02/2012"]),
        by=cast.senco,
        at=AT - DAY,
    )
    sheet = choices.choose(
        pupil=cast.sam,
        wanted=[
            Wanted(Section.NEEDS, Answer.YES, person=cast.parent, purpose="To help me"),
            Wanted(Section.NEEDS, Answer.YES),
            Wanted(Section.FUNDING, Answer.ASK, person=cast.parent),
        ],
        by=cast.senco,
        given_by=cast.young_person,
        how=Gave.SPOKEN,
        how_words="With Kim",
        at=AT - DAY,
        key=uuid4(),
        wording="young-1",
    )
    choices.choose(
        pupil=cast.ada,
        wanted=[Wanted(Section.NEEDS, Answer.YES, person=cast.professional, ends_at=AT + 30 * DAY)],
        by=cast.parent,
        at=AT - DAY,
        key=uuid4(),
        wording="family-1",
    )
    told = {"told_on": (AT - DAY).date(), "told_how": "In person"}
    confirmed(cast, cast.sam, cast.teacher, sections=["needs"], at=AT - DAY, **told)
    disclosure = confirmed(cast, cast.sam, cast.colleague, at=AT - DAY)
    waiting = asked(cast, cast.sam, None, at=AT - DAY)
    recorded(cast, cast.sam, cast.other_parent, at=AT - DAY)
    meeting = ada.cycle.reviews.select_related("cycle__pupil").get()
    invitations.ask(review=meeting, by=cast.senco, at=AT - DAY)
    invited = meeting.invitations.select_related("person", "review").get(person=cast.parent)
    circle.add_parent_carer(
        pupil=cast.ada, household=cast.other_home, name="Gran", relationship="grandmother",
        by=cast.senco, at=AT - DAY,
    )  # fmt: skip
    return World(cast, ada, sam, noor, secret, brought, sheet, disclosure, waiting, invited)


@dataclass(frozen=True)
class Page:
    """One page as one person opens it. `more` says which of several of one route it is."""

    route: str
    args: Callable[[World], tuple[Any, ...]] = lambda w: ()
    query: str = ""
    more: str = ""
    status: int = 200

    def address(self, world: World) -> str:
        return reverse(self.route, args=self.args(world)) + self.query

    def __str__(self) -> str:
        return f"{self.route} {self.more}".strip()


def _of(record: str, *names: str) -> Callable[[World], tuple[Any, ...]]:
    return lambda w: tuple(getattr(w, record).ids[name] for name in names)


def _kind(record: str, kind: str) -> Callable[[World], tuple[Any, ...]]:
    return lambda w: (kind, getattr(w, record).ids[kind])


def _pupil(name: str) -> Callable[[World], tuple[Any, ...]]:
    return lambda w: (getattr(w.cast, name).pk,)


def _setting(w: World) -> tuple[Any, ...]:
    return (w.cast.hazelmere.pk,)


def _review(record: str) -> Callable[[World], tuple[Any, ...]]:
    return lambda w: (getattr(w, record).cycle.reviews.first().pk,)


def EVENT(w: World) -> tuple[Any, ...]:  # noqa: N802
    return (w.ada.ids["event"],)


ADA, SAM, NOOR = _pupil("ada"), _pupil("sam"), _pupil("noor")

#: What a SENCO asks of the planner.
PLANNED = "?whom=all&first=2026-03-16&last=2026-06-30&start=09:00&end=15:00&minutes=30&most=6&rooms=Room+4&me=on&teaches=on"

#: What is opened in one visit: who they are ("" is nobody) and which pages.
VISITS: dict[str, tuple[str, list[Page]]] = {
    "the door": (
        "",
        [
            Page("account_login"),
            Page(
                "answer_invitation",
                lambda w: tuple(answer_links.path(w.invited, 0, Coming.OTHER_TIME).split("/")[2:-1]),
                more="from an e-mail",
            ),
            Page("account_request_login_code"),
            Page("account_signup"),
            Page("account_inactive"),
            Page("account_email_verification_sent"),
            Page("account_confirm_email", lambda w: ("guess",)),
            Page("account_reset_password"),
            Page("account_reset_password_done"),
            Page("account_reset_password_from_key", lambda w: ("1", "guess")),
            Page("account_reset_password_from_key_done"),
            Page("invitation", lambda w: (w.secret,)),
            Page("invitation", lambda w: ("guess",), more="that is none", status=404),
            Page("stop_mail", lambda w: (w.cast.parent.pk, mail.stop_path(w.cast.parent).split("/")[-2])),
        ],
    ),
    "what is a SENCO’s own": (
        "senco",
        [
            Page("me"),
            Page("preferences"),
            Page("confirm_phone"),
            Page("second_factor"),
            Page("my_tokens"),
            Page("my_calendar"),
            Page("account_email"),
            Page("account_change_password"),
            Page("account_logout"),
            Page("account_reauthenticate"),
            Page("mfa_index"),
            Page("mfa_list_webauthn"),
        ],
    ),
    "a setting and its files": (
        "senco",
        [
            Page("caseload"),
            Page("caseload", query="?q=zzz", more="with nobody found"),
            Page("hand_over"),
            Page("letters_to_print"),
            Page("write_home"),
            Page("balance"),
            Page("balance", query="?flag=hard", more="with nobody found"),
            Page("review_planner"),
            Page("plan_reviews"),
            Page("review_times", query=PLANNED, more="as they are proposed"),
            Page("reviews_to_come", query="?month=2026-03"),
            Page("reviews_to_come", query="?month=2026-08", more="with nothing in it"),
            Page("people_of", _setting),
            Page("invite_staff", _setting),
            Page("end_role", lambda w: (w.cast.hazelmere.pk, w.cast.teacher.memberships.get().pk)),
            Page("setting", _setting),
            Page("edit_setting", _setting),
            Page("setting_class", lambda w: (w.cast.hazelmere.pk, w.cast.class_9b.pk)),
            Page("move_class", lambda w: (w.cast.hazelmere.pk, w.cast.class_9b.pk)),
            Page("scales", _setting),
            Page("library", _setting),
            Page("add_to_library", _setting),
            Page("edit_library", lambda w: (w.ada.ids["library"],)),
            Page("signposts", _setting),
            Page("add_signpost", _setting),
            Page("edit_signpost", lambda w: (w.ada.ids["signpost"],)),
            Page("setting_events", _setting),
            Page("add_event", _setting),
            Page("edit_event", EVENT),
            Page("call_off_event", EVENT),
            Page("event", EVENT),
            Page("event_guests", EVENT),
            Page("find_for_event", EVENT),
            Page("sign_up_for", lambda w: (w.ada.ids["event"], w.cast.other_parent.pk)),
            Page("setting_surveys", _setting),
            Page("add_survey", _setting),
            Page("survey", lambda w: (w.ada.ids["survey_draft"],)),
            Page("survey", lambda w: (w.ada.ids["survey"],), more="that is published"),
            Page("edit_survey", lambda w: (w.ada.ids["survey_draft"],)),
            Page("add_question", lambda w: (w.ada.ids["survey_draft"],)),
            Page("edit_question", lambda w: (w.ada.ids["survey_question"],)),
            Page("survey_results", lambda w: (w.ada.ids["survey"],), more="for its SENCO"),
            Page("documents"),
            Page("document", lambda w: (w.ada.ids["document"],)),
            Page("write_document", _setting),
            Page("edit_document", lambda w: (w.ada.ids["document"],)),
            Page("answer_comment", lambda w: (w.ada.ids["document_comment"],)),
            Page("published", _setting),
            Page("published_document", lambda w: (w.cast.hazelmere.pk, w.ada.ids["document"])),
            Page("imports"),
            Page("import_new", lambda w: ("pupils",)),
            Page("import_new", lambda w: ("families",), more="of families"),
            Page("import", lambda w: (w.brought.pk,)),
            Page("import_invite", _setting),
        ],
    ),
    "a pupil and the circle": (
        "senco",
        [
            Page("add_pupil"),
            Page("pupil", ADA),
            Page("edit_pupil", ADA),
            Page("circle", ADA),
            Page("edit_household", lambda w: (w.cast.ada.pk, w.cast.home.pk)),
            Page("talking_with", lambda w: (w.cast.ada.pk, w.cast.parent.pk)),
            Page("on_paper", lambda w: (w.cast.ada.pk, w.cast.ada.parent_carers.get(name="Gran").pk)),
            Page("profile", ADA),
            Page("edit_profile", ADA),
            Page("profile_version", lambda w: (w.cast.ada.pk, 1)),
            Page("who_looked", ADA),
            Page("capacity", SAM),
            Page("record_capacity", SAM),
            Page("competence", ADA),
            Page("prepare_hand_over", ADA),
            Page("card", ADA),
            Page("updates", ADA),
            Page("rang", _of("ada", "call")),
            Page("talk", _of("ada", "talk")),
            Page("plan", ADA),
            Page("pupil", lambda w: (w.cast.hazelmere.pk,), more="that is none", status=404),
        ],
    ),
    "a plan as it is written": (
        "senco",
        [
            Page("cycles", ADA),
            Page("open_cycle", ADA),
            Page("cycle", _of("ada", "cycle")),
            Page("cycle", lambda w: (w.noor.cycle.pk,), more="that is closed"),
            Page("cycle", lambda w: (w.noor.cycle.next.pk,), more="that follows"),
            Page("edit_cycle", _of("ada", "cycle")),
            Page("share", _of("ada", "cycle")),
            Page("needs", ADA),
            Page("strategies", ADA),
            Page("choose_strategy", _of("ada", "cycle")),
            Page("pupil_signposts", ADA),
            Page("views", ADA),
            Page("record_views", ADA),
            Page("file_in_words", _of("ada", "said_file")),
            Page("we_did", ADA),
            Page("celebrations", ADA),
            Page("own_page", ADA),
            Page("story", _kind("ada", "step"), more="of a step"),
            Page("story", _kind("ada", "strategy"), more="of what helps"),
            Page("find_a_way", lambda w: ("strategy", w.ada.ids["strategy_answer"])),
            *[
                Page("add_item", lambda w, kind=kind: (w.ada.cycle.pk, kind), more=kind)
                for kind in ("need", "measure", "outcome", "step", "strategy", "provision")
            ],
        ],
    ),
    "a plan as it is changed": (
        "senco",
        [
            *[
                Page("edit_item", _kind("ada", kind), more=kind)
                for kind in ("need", "measure", "outcome", "step", "strategy", "provision")
            ],
            Page("take_off", _kind("ada", "strategy")),
            Page("answer_strategy", _of("ada", "strategy")),
            Page("accept_proposal", _of("ada", "proposal")),
            Page("decline_proposal", _of("ada", "proposal")),
            Page("funding", ADA),
            Page("allocate", ADA),
            Page("edit_allocation", _of("ada", "allocation")),
            Page("plan_use", _of("ada", "allocation")),
            Page("edit_use", _of("ada", "use")),
            Page("say_funding", _of("ada", "allocation"), more="written down"),
            Page("agree_funding", _of("ada", "allocation"), more="written down"),
            Page("decide_funding", _of("ada", "allocation")),
            Page("worth_asking", ADA),
            Page("costs", ADA),
            Page("cost_provision", lambda w: (w.ada.ids["provision"],)),
            Page("money_settings", lambda w: (w.cast.hazelmere.pk,)),
            Page("provision_map", lambda w: (w.cast.hazelmere.pk,)),
            Page(
                "provision_map",
                lambda w: (w.cast.hazelmere.pk,),
                query="?look=no_evidence",
                more="what is missing",
            ),
            Page("cohort_report", lambda w: (w.cast.hazelmere.pk,)),
        ],
    ),
    "a review": (
        "senco",
        [
            Page("reviews", SAM),
            Page("review", _of("sam", "cycle")),
            Page("review", _of("ada", "cycle"), more="before it starts"),
            Page("schedule_review", _of("ada", "cycle")),
            Page("move_review", _review("ada")),
            Page("cancel_review", _review("ada")),
            Page("exempt_review", _of("ada", "cycle")),
            Page("write_duty", lambda w: (w.ada.cycle.reviews.first().pk, "papers")),
            Page("write_review", _review("sam")),
            Page("ask_to_reviews"),
            Page("who_comes", _review("ada")),
            Page("who_comes", _review("sam"), more="where he decides"),
            Page("write_reply", lambda w: (w.invited.review_id, w.invited.pk)),
            Page(
                "write_reply",
                lambda w: (w.invited.review_id, w.invited.pk),
                query="?answer=other_time",
                more="another time",
            ),
            Page("write_part", _review("ada")),
            Page("write_before", _review("ada")),
            Page("choose_who_comes", _review("ada"), more="written down"),
            Page("judge_one", lambda w: (w.sam.cycle.pk, "step", w.sam.ids["step"])),
            Page("judge", _of("sam", "cycle")),
            Page("what_we_did", _of("sam", "cycle")),
            Page("minutes", lambda w: (w.noor.cycle.pk,)),
            Page("close_cycle", _of("sam", "cycle")),
        ],
    ),
    "what a teacher opens": (
        "teacher",
        [
            Page("home"),
            Page("classes"),
            Page("class", lambda w: (w.cast.class_9b.pk,)),
            Page("register"),
            Page("register", query="?group=Talk+group", more="of a group"),
            Page("pupil", ADA),
            Page("card", ADA),
            Page("log_step", _of("ada", "step")),
            Page("cycle", _of("ada", "cycle")),
            Page("updates", ADA),
            Page("write_home"),
            Page("daily", ADA),
            Page("funding", ADA, more="that is closed to them", status=403),
        ],
    ),
    "what a parent opens": (
        "parent",
        [
            Page("home"),
            Page("plan", ADA),
            Page("plan_version", _of("ada", "pupil", "version")),
            Page("answer_plan", _of("ada", "pupil", "version")),
            Page("comment_plan", _of("ada", "pupil", "version")),
            Page("propose", ADA),
            Page("log_step", _of("ada", "step")),
            Page("strategies", ADA),
            Page("answer_strategy", _of("ada", "strategy")),
            Page("answer_home", lambda w: (w.ada.ids["home_offer"],)),
            Page("pupil_signposts", ADA, more="of their own"),
            Page("events"),
            Page("event", EVENT, more="that they come to"),
            Page("my_surveys"),
            Page("answer_survey", lambda w: (w.ada.ids["survey"],), more="that is closed"),
            Page("survey_results", lambda w: (w.ada.ids["survey"],), more="that is published"),
            Page("documents", more="of a family"),
            Page("document", lambda w: (w.ada.ids["document"],), more="of a family"),
            Page("needs", ADA),
            Page("views", ADA),
            Page("say_views", ADA),
            Page("say_views", ADA, query="?way=voice", more="with their voice"),
            Page("story", _kind("ada", "step")),
            Page("celebrations", ADA),
            Page("reviews", ADA),
            Page("reply_to_review", _review("ada")),
            Page("reply_to_review", _review("ada"), query="?answer=other_way", more="another way"),
            Page("say_before", _review("ada")),
            Page("funding", ADA),
            Page("say_funding", _of("ada", "allocation")),
            Page("agree_funding", _of("ada", "allocation")),
            Page("updates", ADA),
            Page("ask_to_talk", ADA),
            Page("talk", _of("ada", "talk"), more="of their own"),
            Page("profile", ADA),
            Page("who_looked", ADA),
            Page("when_they_decide", ADA),
            Page("when_they_decide", SAM, more="since the day"),
        ],
    ),
    "what a child opens": (
        "child",
        [
            Page("home"),
            Page("mine", ADA),
            Page("log_step", _of("ada", "step")),
            Page("say_views", ADA),
            Page("plan", ADA),
            Page("who_looked", ADA),
            Page("take_part", _review("ada")),
            Page("take_part", _review("ada"), query="?part=speaks", more="somebody speaks for me"),
            Page("say_with_pictures", lambda w: (w.invited.review_id, 1)),
            Page("say_before", _review("ada"), more="as a child"),
            Page("choose_who_comes", _review("ada")),
        ],
    ),
    "what a young person opens": (
        "young_person",
        [
            Page("home"),
            Page("mine", SAM),
            Page("judge", _of("sam", "cycle")),
            Page("say_views", SAM),
            Page("edit_profile", SAM),
            Page("plan", SAM),
            Page("reviews", SAM),
            Page("disclosures", SAM),
            Page("capacity", SAM, more="of their own"),
            Page("competence", SAM, more="of their own"),
            Page("when_they_decide", SAM),
            Page("see_as", SAM),
            Page("preview_page", lambda w: (w.cast.sam.pk, w.cast.teacher.pk, "plan"), more="of a teacher"),
            Page("preview_page", lambda w: (w.cast.sam.pk, w.cast.parent.pk, "needs"), more="that is closed"),
            Page("who_looked", SAM),
        ],
    ),
    "what a young person chooses": (
        "young_person",
        [
            Page("choices", SAM),
            Page("choices", SAM, query="?format=easy_read", more="in easy read"),
            Page("choose", lambda w: (w.cast.sam.pk, w.cast.parent.pk)),
            Page(
                "choose",
                lambda w: (w.cast.sam.pk, w.cast.parent.pk),
                query="?format=easy_read",
                more="in easy read",
            ),
            Page("choose", lambda w: (w.cast.sam.pk, "teachers"), more="for all teachers"),
            Page("choice_sheet", lambda w: (w.cast.sam.pk, w.sheet.pk)),
            Page("choice_history", SAM),
        ],
    ),
    "what others see of choices": (
        "senco",
        [
            Page("choices", SAM, more="for a SENCO"),
            Page("record_choice", lambda w: (w.cast.sam.pk, w.cast.parent.pk)),
        ],
    ),
    "what a parent chooses": (
        "parent",
        [
            Page("choices", ADA, more="of the family"),
            Page("choose", lambda w: (w.cast.ada.pk, w.cast.professional.pk), more="of the family"),
        ],
    ),
    "what a decider opens": ("other_parent", [Page("home"), Page("capacity", SAM)]),
    "what a safeguarding lead opens": (
        "dsl",
        [
            Page("home"),
            Page("safeguarding", query="?q=sam"),
            Page("pupil_safeguarding", SAM),
            Page("ask_disclosure", SAM),
            Page("disclosure", lambda w: (w.disclosure.pk,)),
            Page("disclosure", lambda w: (w.waiting.pk,), more="that waits"),
        ],
    ),
    "what a leader confirms": (
        "leader",
        [Page("safeguarding"), Page("disclosure", lambda w: (w.waiting.pk,), more="that waits")],
    ),
    "what a parent opens after hand-over": (
        "parent",
        [
            Page("ask", SAM),
            Page("funding", SAM, more="that is closed to them", status=403),
        ],
    ),
    "what a young person answers": (
        "young_person",
        [
            Page("requests", SAM),
            Page("answer_request", lambda w: (w.cast.sam.pk, w.sam.ids["request"])),
            Page("share_out", SAM),
        ],
    ),
    "what a professional opens": (
        "professional",
        [
            Page("home"),
            Page("needs", ADA),
            Page("write_back", ADA),
            Page("ask", ADA),
            Page("plan", ADA, more="that is closed to them", status=403),
        ],
    ),
    "what others open": ("leader", [Page("home"), Page("people_of", _setting)]),
}

#: Pages on the way in or on the way to a second step; the tests walk to them.
WALKED = {
    "account_confirm_login_code",
    "mfa_authenticate",
    "mfa_activate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_deactivate_totp",
    "mfa_add_webauthn",
    "mfa_edit_webauthn",
    "mfa_remove_webauthn",
    "mfa_reauthenticate",
}

#: What only takes a form, and answers 405 to a browser that merely opens it.
ONLY_POSTED = {
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
    "confirm_disclosure",
    "end_calendar",
    "end_capacity",
    "end_disclosure",
    "look_again_disclosure",
    "tell_disclosure",
    "tell_celebration",
    "add_class",
    "add_key_adult",
    "add_parent_carer",
    "add_stream",
    "add_term",
    "confirm_choices",
    "end_relation",
    "import_cancel",
    "import_check",
    "import_start",
    "invite_again",
    "invite_to_pupil",
    "leave_class",
    "lift_restriction",
    "move_cycle",
    "move_pupil",
    "print_letter",
    "send_phone_code",
    "put_in_class",
    "relabel_scale",
    "remove_term",
    "restrict",
    "reveal_upn",
    "revoke_token",
    "send_staff_invitation_again",
    "sign_out_everywhere",
    "decide_so_far",
    "said_at_review",
    "ask_to_review",
    "move_to_slot",
    "take_back_ask",
    "start_review",
    "stop_all_choices",
    "stop_choices",
    "stop_sharing",
    "take_back_invitation",
    "take_out_of_class",
    "undo_note",
    "withdraw_request",
    "withdraw_staff_invitation",
    "put_on_plan",
    "set_hourly",
    "set_stream_rate",
    "set_weeks",
}

#: What is no page of its own.
NO_PAGE = {
    "calendar": "a file",
    "choice_receipt": "a file",
    "paper": "a file",
    "review_file": "a file",
    "account_set_password": "leads to the page for changing it",
    "healthz": "a word for machines",
    "import_progress": "a part of the page of an import",
    "import_report": "a file",
    "import_template": "a file",
    "photo": "a picture",
    "own_on_paper": "the form of on_paper; leads on where they are here, as everybody of the cast is",
    "profile_picture": "a picture",
    "said_file": "a picture, or a recording",
    "mfa_download_recovery_codes": "a file",
    "mfa_login_webauthn": "asked by a script of the page for signing in",
    "kept_plan": "opened with the plans that a parent keeps, in tests/apdr/test_kept_plans.py",
    "kept_version": "opened with the plans that a parent keeps, in tests/apdr/test_kept_plans.py",
    "preview": "leads to a page of the preview",
    "mfa_reauthenticate_webauthn": "leads to a page where a passkey is there",
    "people": "leads to the only setting",
    "my_library": "leads to the only setting",
    "library_file": "a file",
    "provision_map_csv": "a file",
    "provision_map_xlsx": "a file",
    "cohort_csv": "a file",
    "door_csv": "a file",
    "door_pdf": "a file",
    "event_file": "a file",
    "survey_csv": "a file",
    "settings": "leads to the only setting",
}


def routes() -> set[str]:
    """The name of every address outside the API."""
    return {name for name, address in _walk(get_resolver().url_patterns) if not address.startswith("api/")}


def _walk(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[tuple[str, str]]:
    for one in patterns:
        address = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _walk(one.url_patterns, address)
        else:
            yield one.name or address, address
