"""An id of somebody else's, in an address or in a form, is answered as one that nobody ever had, and saves nothing."""

import re
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from django import forms
from django.contrib.auth.models import Group
from django.http import HttpResponse
from django.urls import reverse

from accounts.enums import Phase
from accounts.models import Setting, User
from apdr.models import FundingStream, Scale, StaffRole
from apdr.services import scales
from pupils.models import ClassGroup, Household
from tests.record import Record
from tests.routes import LISTED, OF_PUPIL, OTHERS, browser, route_of, undone
from tests.sample import in_sample

from .filling import Form, filled_in
from .kept import changed, rows
from .table import FORMS
from .test_forms import posted

pytestmark = pytest.mark.tables

#: Said of any id that is not one's own to name.
SIGNS = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|csrfmiddlewaretoken\"[^>]*|nonce=\"[^\"]*\"")


def said(answer: HttpResponse) -> tuple[int, str]:
    """An answer without what differs each time anyway."""
    return answer.status_code, SIGNS.sub("·", answer.content.decode())


# In addresses -----------------------------------------------------------------------------------------------


#: Routes whose last id is of the same person or home whoever the pupil is: one that is not near them.
FAR_AWAY = {
    "end_relation": lambda r: r.cast.stranger.pk,
    "talking_with": lambda r: r.cast.stranger.pk,
    "on_paper": lambda r: r.cast.stranger.pk,
    "edit_household": lambda r: Household.objects.create().pk,
    **dict.fromkeys(["choose", "stop_choices", "record_choice", "stop_sharing"], lambda r: r.cast.leader.pk),
    **dict.fromkeys(
        ["preview", *(f"preview_page:{page}" for page in ("plan", "needs", "views", "updates", "teacher"))],
        lambda r: r.cast.leader.pk,
    ),
}
PAIRS = {
    "end_relation",
    "talking_with",
    "on_paper",
    "edit_household",
    "take_out_of_class",
    "lift_restriction",
    "invite_again",
    "take_back_invitation",
    "plan_version",
    "answer_plan",
    "comment_plan",
    "judge_one",
    "said_at_review",
    "take_back_ask",
    "write_reply",
    "withdraw_request",
    "answer_request",
    "stop_sharing",
    "choose",
    "stop_choices",
    "record_choice",
    "choice_sheet",
    "choice_receipt",
    "confirm_choices",
    "end_capacity",
    "kept_version",
    "preview",
    *(f"preview_page:{page}" for page in ("plan", "needs", "views", "updates", "teacher")),
}


#: What is nobody's setting's: a person's own key, and what whoever holds the link of an e-mail may do.
ASKED_BELOW = {"revoke_token", "stop_mail"}


def ids_of(record: Record, name: str, of: str = "ada") -> list[UUID]:
    return [one for one in LISTED[name](record, record.of[of]) if isinstance(one, UUID)]


def in_place_of(args: list[Any], there: UUID, instead: UUID) -> list[Any]:
    return [instead if one == there else one for one in args]


def answered(who: User, name: str, args: list[Any]) -> tuple[Any, list[str]]:
    """A button is pressed, a form posted, and any other page read."""
    client, kept = browser(who), rows()
    href = reverse(route_of(name), args=args)
    with undone(client):
        answer: Any = (
            client.post(href, {"nothing": "filled in"}) if route_of(name) in posted() else client.get(href)
        )
        return said(answer), changed(kept)


def test_every_address_with_two_ids_is_tried(record: Record) -> None:
    assert {name for name in OF_PUPIL if len(ids_of(record, name)) > 1} == PAIRS


def test_an_id_in_an_address_that_belongs_to_another_pupil_is_answered_as_one_of_nothing(
    record: Record, at_ten: datetime
) -> None:
    """Two ids that do not belong together, though the person may open each of them by itself."""
    told = {}
    for name in sorted(PAIRS):
        who = record.cast.people[FORMS[name].who if name in FORMS else "senco"]
        ours, mine = LISTED[name](record, record.of["ada"]), ids_of(record, name)[-1]
        other = FAR_AWAY[name](record) if name in FAR_AWAY else ids_of(record, name, "sam")[-1]
        there, saved = answered(who, name, in_place_of(ours, mine, other))
        none, _ = answered(who, name, in_place_of(ours, mine, uuid4()))
        if saved or there[0] not in (404, 403) or there != none:
            told[name] = there[0], none[0], saved
    assert told == {}


def test_an_id_in_an_address_of_another_setting_is_answered_as_one_of_nothing(
    record: Record, at_ten: datetime
) -> None:
    """The SENCO of another setting asks for each thing of this one, and for the same with ids of nothing."""
    told = {}
    for name in (*OF_PUPIL, *OTHERS):
        if not ids_of(record, name) or name in ASKED_BELOW or not in_sample(name, one_in=8):
            continue
        real = LISTED[name](record, record.of["ada"])
        there, saved = answered(record.cast.stranger, name, real)
        none, _ = answered(
            record.cast.stranger, name, [uuid4() if isinstance(one, UUID) else one for one in real]
        )
        if saved or there[0] != 404 or there != none:
            told[name] = there[0], none[0], saved
    assert told == {}


def test_another_persons_key_is_answered_as_one_of_nothing_and_is_not_ended(
    record: Record, at_ten: datetime
) -> None:
    theirs, none = (
        answered(record.cast.stranger, "revoke_token", [key]) for key in (record.tokens["senco"].pk, uuid4())
    )
    assert theirs == none
    assert theirs[1] == []


def test_a_link_of_an_e_mail_is_for_the_person_it_names_and_nobody_else(
    record: Record, at_ten: datetime
) -> None:
    person, signature = LISTED["stop_mail"](record, record.of["ada"])
    for instead in (record.cast.other_parent.pk, uuid4()):
        answer, kept = answered(record.cast.stranger, "stop_mail", [instead, signature])
        assert (answer[0], kept) == (404, [])
    assert answered(record.cast.stranger, "stop_mail", [person, signature])[0][0] == 200


# In forms ---------------------------------------------------------------------------------------------------


class Elsewhere:
    """One row of each kind that a form may name, where the person who fills it in has no business."""

    def __init__(self, record: Record) -> None:
        far = record.cast.westfield
        scales.ensure(far)
        sam = record.of["sam"]
        self.rows: dict[str, Any] = {
            "Setting": Setting.objects.create(name="Far School", phase=Phase.PRIMARY),
            "User": record.cast.stranger,
            "ClassGroup": ClassGroup.objects.create(
                setting=far, name="F1", group=Group.objects.create(name="F1")
            ),
            "Household": Household.objects.create(name="Somebody’s home"),
            "ParentCarer": sam.carer,
            "Need": sam.items["need"],
            "Outcome": sam.items["outcome"],
            "NextStep": sam.items["step"],
            "Strategy": sam.items["strategy"],
            "ScaleVersion": Scale.objects.filter(setting=far).first().versions.get(),
            "StaffRole": StaffRole.objects.create(setting=far, name="Far"),
            "FundingStream": FundingStream.objects.create(setting=far, kind="top_up", name="Far"),
        }


#: Fields that hold an id without saying of what.
BY_NAME = {"household": "Household", "about": "NextStep"}


def naming(form: Form) -> dict[str, str]:
    """The fields of a form that name a row, and the kind of row."""
    found = {}
    for html_name, field in form.fields.items():
        plain = html_name.rpartition("-")[2]
        if isinstance(field, forms.ModelChoiceField):
            found[html_name] = field.queryset.model.__name__
        elif plain in BY_NAME:
            found[html_name] = BY_NAME[plain]
        else:
            is_id = isinstance(field, forms.UUIDField) and plain not in ("key", "sent_key", "seen")
            assert not is_id, f"{form.name}: whose id is {html_name}?"
    return found


def test_an_id_in_a_form_that_is_somebody_elses_is_refused_as_one_of_nothing(
    record: Record, at_ten: datetime
) -> None:
    elsewhere = Elsewhere(record)
    told: dict[str, Any] = {}
    for name in (name for name in FORMS if in_sample(name, one_in=8)):
        with filled_in(record, name) as form:
            for html_name, kind in naming(form).items():
                answers = []
                for smuggled in (elsewhere.rows[kind].pk, uuid4()):
                    with undone(form.client):
                        answer = form.post({**form.good, html_name: str(smuggled)})
                        answers.append(said(answer))
                        if answer.status_code not in (422, 404) or changed(form.kept):
                            told[f"{name} {html_name}"] = answer.status_code, changed(form.kept)
                if answers[0] != answers[1]:
                    told[f"{name} {html_name}, another answer"] = [one[0] for one in answers]
    assert told == {}


def test_a_key_of_a_row_that_is_there_already_writes_nothing_over_it(
    record: Record, at_ten: datetime
) -> None:
    """Each form that brings the id of the row it will make, with the id of another pupil's row of that kind."""
    told: dict[str, Any] = {}
    made = {
        "add_pupil": record.of["sam"].pupil,
        **{f"add_item:{k}": record.of["sam"].items[k] for k in ("need", "measure", "outcome", "step")},
        **{f"add_item:{k}": record.of["sam"].items[k] for k in ("strategy", "provision")},
        "allocate": record.of["sam"].items["allocation"],
        "plan_use": record.of["sam"].items["use"],
        "record_views": record.of["sam"].pupil.views.first(),
    }
    for name, row in made.items():
        with filled_in(record, name) as form, undone(form.client):
            answer = form.post({**form.good, "key": str(row.pk)})
            if answer.status_code != 422 or changed(form.kept):
                told[name] = answer.status_code, changed(form.kept)
    assert told == {}
