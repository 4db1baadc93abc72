"""Every address of the pages, what stands in it, and asking for one as somebody."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts import mail
from accounts.models import User
from reviews import answer_links
from reviews.enums_invitations import Coming
from tests.record import Of, Record
from tests.sessions import sign_in

Args = Callable[[Record, Of], list[Any]]

#: Routes without anything in their address.
PLAIN = [
    "healthz",
    "home",
    "caseload",
    "review_planner",
    "register",
    "plan_reviews",
    "review_times",
    "reviews_to_come",
    "letters_to_print",
    "confirm_phone",
    "send_phone_code",
    "ask_to_reviews",
    "safeguarding",
    "hand_over",
    "my_library",
    "my_surveys",
    "documents",
    "events",
    "write_home",
    "balance",
    "classes",
    "people",
    "add_pupil",
    "settings",
    "imports",
    "me",
    "preferences",
    "second_factor",
    "my_tokens",
    "my_calendar",
    "end_calendar",
    "sign_out_everywhere",
    "account_login",
    "account_logout",
    "account_inactive",
    "account_signup",
    "account_reauthenticate",
    "account_email",
    "account_email_verification_sent",
    "account_change_password",
    "account_set_password",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key_done",
    "account_confirm_login_code",
    "account_request_login_code",
    "mfa_index",
    "mfa_authenticate",
    "mfa_reauthenticate",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_download_recovery_codes",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
    "mfa_reauthenticate_webauthn",
    "mfa_login_webauthn",
]

_EVENT = [
    "event",
    "leave_event",
    "event_file",
    "edit_event",
    "call_off_event",
    "event_guests",
    "door_csv",
    "door_pdf",
    "find_for_event",
]

#: Routes of a setting, or of something that is nobody's record: what stands in the address.
OTHERS: dict[str, Args] = {
    "revoke_token": lambda r, o: [r.tokens["senco"].pk],
    "people_of": lambda r, o: [r.setting.pk],
    "invite_staff": lambda r, o: [r.setting.pk],
    "end_role": lambda r, o: [r.setting.pk, r.membership.pk],
    "send_staff_invitation_again": lambda r, o: [r.setting.pk, r.staff_invitation.pk],
    "withdraw_staff_invitation": lambda r, o: [r.setting.pk, r.staff_invitation.pk],
    "invitation": lambda r, o: [r.secret],
    "print_letter": lambda r, o: [r.cast.parent.pk],
    "calendar": lambda r, o: [r.calendar],
    "stop_mail": lambda r, o: [r.cast.parent.pk, mail.stop_path(r.cast.parent).split("/")[-2]],
    "answer_invitation": lambda r, o: answer_links.path(o.items["asked_pam"], 0, Coming.YES).split("/")[2:-1],
    "setting": lambda r, o: [r.setting.pk],
    "edit_setting": lambda r, o: [r.setting.pk],
    "add_term": lambda r, o: [r.setting.pk],
    "remove_term": lambda r, o: [r.setting.pk, r.term.pk],
    "add_class": lambda r, o: [r.setting.pk],
    "setting_class": lambda r, o: [r.setting.pk, r.cast.class_9b.pk],
    "leave_class": lambda r, o: [r.setting.pk, r.cast.class_9b.pk, r.cast.teacher.pk],
    "move_class": lambda r, o: [r.setting.pk, r.cast.class_9b.pk],
    "scales": lambda r, o: [r.setting.pk],
    "relabel_scale": lambda r, o: [r.setting.pk, r.scale.pk],
    "add_stream": lambda r, o: [r.setting.pk],
    "money_settings": lambda r, o: [r.setting.pk],
    "set_hourly": lambda r, o: [r.setting.pk],
    "set_weeks": lambda r, o: [r.setting.pk],
    "set_stream_rate": lambda r, o: [r.setting.pk],
    "library": lambda r, o: [r.setting.pk],
    "add_to_library": lambda r, o: [r.setting.pk],
    "fill_library": lambda r, o: [r.setting.pk],
    "library_file": lambda r, o: [r.setting.pk],
    "edit_library": lambda r, o: [r.kept["library"].pk],
    "retire_library": lambda r, o: [r.kept["library"].pk],
    "signposts": lambda r, o: [r.setting.pk],
    "add_signpost": lambda r, o: [r.setting.pk],
    "fill_signposts": lambda r, o: [r.setting.pk],
    "edit_signpost": lambda r, o: [r.kept["signpost"].pk],
    "mark_signpost": lambda r, o: [r.kept["signpost"].pk],
    "setting_events": lambda r, o: [r.setting.pk],
    "add_event": lambda r, o: [r.setting.pk],
    **{name: lambda r, o: [r.kept["event"].pk] for name in _EVENT},
    "sign_up_for": lambda r, o: [r.kept["event"].pk, r.cast.other_parent.pk],
    "take_off_event": lambda r, o: [r.kept["event"].pk, r.cast.parent.pk],
    "setting_surveys": lambda r, o: [r.setting.pk],
    "add_survey": lambda r, o: [r.setting.pk],
    "survey": lambda r, o: [r.kept["survey"].pk],
    "survey:draft": lambda r, o: [r.kept["survey_draft"].pk],
    "edit_survey": lambda r, o: [r.kept["survey_draft"].pk],
    "mark_survey": lambda r, o: [r.kept["survey_draft"].pk],
    "add_question": lambda r, o: [r.kept["survey_draft"].pk],
    "edit_question": lambda r, o: [r.kept["survey_question"].pk],
    "mark_question": lambda r, o: [r.kept["survey_question"].pk],
    "answer_survey": lambda r, o: [r.kept["survey"].pk],
    "answer_survey:draft": lambda r, o: [r.kept["survey_draft"].pk],
    "survey_results": lambda r, o: [r.kept["survey"].pk],
    "survey_csv": lambda r, o: [r.kept["survey"].pk],
    "write_document": lambda r, o: [r.setting.pk],
    "document": lambda r, o: [r.kept["document"].pk],
    "edit_document": lambda r, o: [r.kept["document"].pk],
    "publish_document": lambda r, o: [r.kept["document"].pk],
    "answer_comment": lambda r, o: [r.kept["document_comment"].pk],
    "published": lambda r, o: [r.setting.pk],
    "published_document": lambda r, o: [r.setting.pk, r.kept["document"].pk],
    "provision_map": lambda r, o: [r.setting.pk],
    "provision_map_csv": lambda r, o: [r.setting.pk],
    "provision_map_xlsx": lambda r, o: [r.setting.pk],
    "cohort_report": lambda r, o: [r.setting.pk],
    "cohort_csv": lambda r, o: [r.setting.pk],
    "import": lambda r, o: [r.batch.pk],
    "import_progress": lambda r, o: [r.batch.pk],
    "import_start": lambda r, o: [r.batch.pk],
    "import_check": lambda r, o: [r.batch.pk],
    "import_cancel": lambda r, o: [r.batch.pk],
    "import_report": lambda r, o: [r.batch.pk],
    "import_invite": lambda r, o: [r.setting.pk],
    "import_new": lambda r, o: ["pupils"],
    "import_template": lambda r, o: ["pupils"],
    "account_confirm_email": lambda r, o: ["no-such-key"],
    "account_reset_password_from_key": lambda r, o: ["0", "no-such-key"],
    "mfa_remove_webauthn": lambda r, o: [1],
    "mfa_edit_webauthn": lambda r, o: [1],
}

_PUPIL = [
    "pupil",
    "edit_pupil",
    "reveal_upn",
    "circle",
    "add_key_adult",
    "put_in_class",
    "own_on_paper",
    "add_parent_carer",
    "restrict",
    "move_pupil",
    "invite_to_pupil",
    "profile",
    "edit_profile",
    "who_looked",
    "choices",
    "stop_all_choices",
    "choice_history",
    "pupil_safeguarding",
    "ask_disclosure",
    "disclosures",
    "capacity",
    "record_capacity",
    "competence",
    "ask",
    "requests",
    "share_out",
    "see_as",
    "prepare_hand_over",
    "when_they_decide",
    "kept_plan",
    "card",
    "mine",
    "plan",
    "propose",
    "say_views",
    "write_back",
    "needs",
    "strategies",
    "funding",
    "allocate",
    "worth_asking",
    "costs",
    "views",
    "record_views",
    "cycles",
    "open_cycle",
    "reviews",
    "updates",
    "daily",
    "ask_to_talk",
    "own_page",
    "celebrations",
    "we_did",
    "pupil_signposts",
]
_CYCLE = [
    "choose_strategy",
    "cycle",
    "edit_cycle",
    "share",
    "review",
    "start_review",
    "schedule_review",
    "exempt_review",
    "judge",
    "decide_so_far",
    "what_we_did",
    "minutes",
    "close_cycle",
]
_REVIEW = [
    "move_review",
    "cancel_review",
    "write_review",
    "who_comes",
    "ask_to_review",
    "move_to_slot",
    "choose_who_comes",
    "reply_to_review",
    "take_part",
    "write_part",
    "say_before",
    "write_before",
]
_DISCLOSURE = [
    "disclosure",
    "confirm_disclosure",
    "end_disclosure",
    "tell_disclosure",
    "look_again_disclosure",
]
KINDS = ["need", "measure", "outcome", "step", "strategy", "provision"]


def without_a_sign_in(record: Record, of: Of) -> Any:
    """The adult of a family who has no sign-in, where a test put one there; else one who has."""
    found = of.pupil.parent_carers.filter(person=None).first()
    return (found or of.pupil.parent_carers.get(person=record.cast.parent)).pk


#: Routes of one pupil's record: what stands in the address. A name with `:` is a route whose kind matters.
OF_PUPIL: dict[str, Args] = {
    **{name: lambda r, o: [o.pupil.pk] for name in _PUPIL},
    **{name: lambda r, o: [o.cycle.pk] for name in _CYCLE},
    "end_relation": lambda r, o: [o.pupil.pk, r.cast.key_adult.pk, "is_key_adult"],
    "take_out_of_class": lambda r, o: [o.pupil.pk, o.class_group.pk],
    "edit_household": lambda r, o: [o.pupil.pk, o.household.pk],
    "talking_with": lambda r, o: [o.pupil.pk, r.cast.parent.pk],
    "on_paper": lambda r, o: [o.pupil.pk, without_a_sign_in(r, o)],
    "lift_restriction": lambda r, o: [o.pupil.pk, o.restriction.pk],
    "invite_again": lambda r, o: [o.pupil.pk, o.invitation.pk],
    "take_back_invitation": lambda r, o: [o.pupil.pk, o.invitation.pk],
    "withdraw_request": lambda r, o: [o.pupil.pk, o.request.pk],
    "answer_request": lambda r, o: [o.pupil.pk, o.request.pk],
    "stop_sharing": lambda r, o: [o.pupil.pk, r.cast.professional.pk],
    "profile_version": lambda r, o: [o.pupil.pk, 1],
    "choose": lambda r, o: [o.pupil.pk, r.cast.professional.pk],
    "choose:teachers": lambda r, o: [o.pupil.pk, "teachers"],
    "stop_choices": lambda r, o: [o.pupil.pk, r.cast.professional.pk],
    "record_choice": lambda r, o: [o.pupil.pk, r.cast.professional.pk],
    "choice_sheet": lambda r, o: [o.pupil.pk, o.items["sheet"].pk],
    "choice_receipt": lambda r, o: [o.pupil.pk, o.items["sheet"].pk],
    "confirm_choices": lambda r, o: [o.pupil.pk, o.items["sheet"].pk],
    **{name: lambda r, o: [o.items["disclosure"].pk] for name in _DISCLOSURE},
    **{f"{name}:told": lambda r, o: [o.items["told_disclosure"].pk] for name in _DISCLOSURE},
    "end_capacity": lambda r, o: [o.pupil.pk, o.items["capacity"].pk],
    "class": lambda r, o: [o.class_group.pk],
    "log_step": lambda r, o: [o.items["step"].pk],
    "undo_note": lambda r, o: [o.items["note_teacher"].pk],
    "plan_version": lambda r, o: [o.pupil.pk, o.old_version.pk],
    "kept_version": lambda r, o: [o.pupil.pk, o.old_version.pk],
    "preview": lambda r, o: [o.pupil.pk, r.cast.parent.pk],
    **{
        f"preview_page:{part}": lambda r, o, part=part: [o.pupil.pk, r.cast.parent.pk, part]  # type: ignore[misc]
        for part in ("plan", "needs", "views", "updates")
    },
    **{
        f"paper:{page}": lambda r, o, page=page: [o.pupil.pk, page]  # type: ignore[misc]
        for page in ("plan", "funding")
    },
    "preview_page:teacher": lambda r, o: [o.pupil.pk, r.cast.teacher.pk, "needs"],
    "answer_plan": lambda r, o: [o.pupil.pk, o.version.pk],
    "comment_plan": lambda r, o: [o.pupil.pk, o.version.pk],
    "move_cycle": lambda r, o: [o.cycle.pk, "plan"],
    **{f"add_item:{kind}": lambda r, o, kind=kind: [o.cycle.pk, kind] for kind in KINDS},  # type: ignore[misc]
    **{f"edit_item:{kind}": lambda r, o, kind=kind: [kind, o.items[kind].pk] for kind in KINDS},  # type: ignore[misc]
    **{f"take_off:{kind}": lambda r, o, kind=kind: [kind, o.items[kind].pk] for kind in KINDS},  # type: ignore[misc]
    "log_step:draft": lambda r, o: [o.items["draft_step"].pk],
    "log_step:gone": lambda r, o: [o.items["gone_step"].pk],
    "cycle:old": lambda r, o: [o.old_cycle.pk],
    "judge:old": lambda r, o: [o.old_cycle.pk],
    "minutes:old": lambda r, o: [o.old_cycle.pk],
    "what_we_did:old": lambda r, o: [o.old_cycle.pk],
    "answer_strategy": lambda r, o: [o.items["strategy"].pk],
    "answer_strategy:draft": lambda r, o: [o.items["draft_strategy"].pk],
    "answer_strategy:gone": lambda r, o: [o.items["gone_strategy"].pk],
    "accept_proposal": lambda r, o: [o.items["proposal_oscar"].pk],
    "decline_proposal": lambda r, o: [o.items["proposal_oscar"].pk],
    "edit_allocation": lambda r, o: [o.items["allocation"].pk],
    "plan_use": lambda r, o: [o.items["allocation"].pk],
    "edit_use": lambda r, o: [o.items["use"].pk],
    "say_funding": lambda r, o: [o.items["allocation"].pk],
    "agree_funding": lambda r, o: [o.items["allocation"].pk],
    "decide_funding": lambda r, o: [o.items["allocation"].pk],
    "cost_provision": lambda r, o: [o.items["provision"].pk],
    "judge_one": lambda r, o: [o.cycle.pk, "step", o.items["step"].pk],
    "said_at_review": lambda r, o: [o.cycle.pk, "step", o.items["step"].pk],
    "review_file": lambda r, o: [o.review.pk],
    **{name: lambda r, o: [o.review.pk] for name in _REVIEW},
    "write_duty": lambda r, o: [o.review.pk, "papers"],
    "say_with_pictures": lambda r, o: [o.review.pk, 1],
    "take_back_ask": lambda r, o: [o.review.pk, o.items["asked_pam"].pk],
    "write_reply": lambda r, o: [o.review.pk, o.items["asked_pam"].pk],
    "said_file": lambda r, o: [o.items["file_pam"].pk],
    "said_file:oscar": lambda r, o: [o.items["file_oscar"].pk],
    "file_in_words": lambda r, o: [o.items["file_pam"].pk],
    "file_in_words:itself": lambda r, o: [o.items["file_itself"].pk],
    "profile_picture": lambda r, o: [o.items["profile_picture"].pk],
    "tell_celebration": lambda r, o: [o.items["celebration_pam"].pk],
    "story:strategy": lambda r, o: ["strategy", o.items["strategy"].pk],
    "story:step": lambda r, o: ["step", o.items["step"].pk],
    "story:outcome": lambda r, o: ["outcome", o.items["outcome"].pk],
    "story:draft": lambda r, o: ["strategy", o.items["draft_strategy"].pk],
    "find_a_way:plan": lambda r, o: ["plan", o.items["plan_answer_pam"].pk],
    "find_a_way:strategy": lambda r, o: ["strategy", o.items["strategy_answer_oscar"].pk],
    "try_here": lambda r, o: [o.items["home_strategy"].pk],
    "offer_home": lambda r, o: [o.items["strategy"].pk],
    "answer_home": lambda r, o: [o.items["home_offer"].pk],
    "answer_signpost": lambda r, o: [o.items["signpost_offer_pam"].pk],
    "answer_signpost:itself": lambda r, o: [o.items["signpost_offer_itself"].pk],
    "photo": lambda r, o: [o.items["photo_pam"].pk],
    "photo:oscar": lambda r, o: [o.items["photo_oscar"].pk],
    "put_on_plan": lambda r, o: [o.items["update_pam"].pk],
    "rang": lambda r, o: [o.items["call"].pk],
    "talk": lambda r, o: [o.items["talk_pam"].pk],
    "talk:itself": lambda r, o: [o.items["talk_itself"].pk],
}

LISTED: dict[str, Args] = {**{name: lambda r, o: [] for name in PLAIN}, **OTHERS, **OF_PUPIL}


def route_of(name: str) -> str:
    return name.split(":")[0]


def found() -> Iterator[str]:
    """The name of every route there is, besides those of the API, which have a table of their own."""

    def walk(resolver: URLResolver, before: str) -> Iterator[str]:
        for each in resolver.url_patterns:
            address = before + str(each.pattern)
            if isinstance(each, URLResolver):
                yield from walk(each, address)
            elif isinstance(each, URLPattern) and not address.startswith("api/"):
                yield each.name or f"without a name: {address}"

    yield from walk(get_resolver(), "")


def address(record: Record, of: Of, name: str) -> str:
    return reverse(route_of(name), args=LISTED[name](record, of))


def browser(person: User | None) -> Client:
    """A browser in which somebody is signed in, or nobody. Whatever goes wrong comes back as a 500."""
    client = Client(raise_request_exception=False)
    if person is not None:
        sign_in(client, person)
    return client


@contextmanager
def undone(client: Client) -> Iterator[None]:
    """Whatever happens inside leaves no row and no cookie behind."""
    cookies = deepcopy(client.cookies)
    cache.clear()  # allauth counts attempts
    try:
        with transaction.atomic():
            yield
            transaction.set_rollback(True)
    finally:
        client.cookies = cookies


def ask(client: Client, method: str, address: str, **more: Any) -> HttpResponse:
    """One request. Posting leaves nothing behind; reading leaves only that somebody looked."""
    if method == "GET":
        return client.get(address, **more)  # type: ignore[return-value]
    with undone(client):
        return client.post(address, more.pop("data", {"nothing": "filled in"}), **more)  # type: ignore[return-value]
