"""Every act that saves something writes down that it did; one that fails leaves neither the change nor the event.

The world is closed: a public function of any app that takes `by` or an instant as a keyword is an act, or says below
why it is none. A new one that nobody listed fails.
"""

import importlib
import inspect
import pickle
import pkgutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from allauth.account.internal.flows import login
from allauth.mfa.models import Authenticator
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings

import accounts
import apdr
import notifications
import pupils
import reviews
from accounts import services as people_of_accounts
from accounts import tokens
from accounts.enums import Channel, Phase, Role
from accounts.models import AccountEvent, Invitation, Membership, Preferences, User
from apdr.enums import (
    Answer,
    AskAbout,
    AtHome,
    Difference,
    FundingNext,
    Held,
    HowObtained,
    NeedKind,
    Perspective,
    ProposalKind,
    Stage,
    StepsAs,
    StepStatus,
    StreamKind,
    Telling,
    Unit,
    WhyMissed,
)
from apdr.models import HomeOffer, HomeOfferAnswer, Need, Scale
from apdr.services import (
    cycles,
    delivered,
    evaluating,
    family,
    funding,
    items,
    library,
    progress,
    scales,
    sharing,
    voice,
)
from apdr.services import money as rates
from notifications import calls, daily, letters, many, phone, printing, reminders, signposts, surveys, talks
from notifications import events as events_of_setting
from notifications.enums_updates import SaidToSignpost
from notifications.models import SurveyQuestion
from notifications.services import put_on_plan, write_update
from pupils import circle, documents, invitations, people, services, talking
from pupils import settings as policies
from pupils.enums import Area, ImportKind
from pupils.imports import inviting
from pupils.imports import services as imports
from pupils.models import AuditEvent, ParentCarer, Pupil
from reviews import contributions as before
from reviews import duties, feeds, room, scheduling
from reviews import invitations as asking
from reviews import services as meetings
from reviews.enums import DecisionKind, Duty, Rating
from reviews.enums import Kind as ReviewKind
from reviews.enums_invitations import Coming, Part, Through
from tests.accounts.conftest import add_totp, show_addresses
from tests.acts_decided import DECIDED, PARTS_OF_DECIDED
from tests.api.record import Record, write_record
from tests.cast import AT, PASSWORD, Cast
from tests.notifications.surveying import opened as _open
from tests.notifications.surveying import said
from tests.pupils.test_circle_changes import ACTS as ON_A_CIRCLE
from tests.sessions import sign_in
from tests.test_at_once import WRITES

DAY = timedelta(days=1)
HEAD = b"Name,Email,Role\nNia New,nia@hazelmere.example,key adult\n"


def _(function: Any, *given: Any, **more: Any) -> Callable[[], Any]:
    return lambda: function(*given, **more, at=AT)


def _invite(c: Cast, email: str = "new@mark.example") -> tuple[Invitation, str]:
    return people.invite_staff(
        email=email, name="", role=Role.KEY_ADULT, setting=c.hazelmere, by=c.senco, at=AT
    )


def _professional(c: Cast) -> Invitation:
    return invitations.invite_professional(
        pupils=[c.ada], email="pat@health.example", name="Pat", by=c.senco, at=AT
    )[0]


def _for(c: Cast, person: User) -> str:
    return _invite(c, person.email)[1]


def _gran(c: Cast) -> ParentCarer:
    return circle.add_parent_carer(
        pupil=c.ada, household=c.home, name="Gran", relationship="grandmother", by=c.senco, at=AT,
        has_parental_responsibility=True, email="gran@home.example",
    )  # fmt: skip


def _file(c: Cast, content: bytes = HEAD) -> Any:
    return imports.upload(kind=ImportKind.STAFF, setting=c.hazelmere, content=content, by=c.senco, at=AT)


def _two_questions(c: Cast, r: Record) -> SurveyQuestion:
    surveys.add_question(survey=r.rows["survey_draft"], kind="scale", words="Is it warm?", by=c.senco, at=AT)
    return r.rows["survey_question"]  # type: ignore[no-any-return]


def _waiting(c: Cast) -> Any:
    batch = _file(c)
    imports.start(batch=batch, by=c.senco, at=AT, send=lambda _: None)
    return batch.pk


def _in_review(c: Cast, r: Record) -> Any:
    meetings.start_review(cycle=r.cycle, by=c.senco, at=AT)
    return r.cycle


def _annual(r: Record) -> Any:
    review = r.cycle.reviews.get()
    review.kind = ReviewKind.ANNUAL
    review.save(update_fields=["kind"])
    return review


def _preferences(c: Cast) -> dict[str, Any]:
    now = people_of_accounts.preferences_of(c.parent)
    typed = {name: getattr(now, name) for name in people_of_accounts.PREFERENCES}
    return {"version": now.version, "typed": {**typed, "good_times": "After six"}}


def _closed(c: Cast, r: Record) -> Any:
    _in_review(c, r)
    meetings.close_cycle(
        cycle=r.cycle,
        kind=DecisionKind.END,
        why="It is done.",
        statuses=dict.fromkeys(r.cycle.steps.filter(removed_at=None), StepStatus.MET),
        by=c.senco,
        at=AT,
    )
    return c.ada


Act = Callable[[Cast, Record], Callable[[], Any]]

#: Every act, done once as it is meant; what goes before it is arranged first.
ACTS: dict[str, Act] = {
    **DECIDED,
    **{
        f"pupils.{'services' if name in {'create_pupil', 'edit_pupil', 'move', 'write_profile', 'reveal_upn'} else 'circle'}.{name}": (
            lambda c, r, act=act: act(c)
        )
        for name, act in ON_A_CIRCLE.items()
    },
    "pupils.services.write_profile": lambda c, r: _(
        services.write_profile, pupil=c.ada, number=1, by=c.child, important="My dog."
    ),
    # who somebody is and how they sign in
    "accounts.services.rename": lambda c, r: _(
        people_of_accounts.rename, person=c.parent, name="Pam L", known_as="Pam", by=c.parent
    ),
    "accounts.services.save_preferences": lambda c, r: _(
        people_of_accounts.save_preferences, person=c.parent, by=c.parent, **_preferences(c)
    ),
    "pupils.talking.write_down": lambda c, r: _(
        talking.write_down,
        pupil=c.ada,
        person=c.parent,
        how="phone",
        asked_on=date(2026, 3, 9),
        by=c.senco,
        **_preferences(c),
    ),
    "pupils.talking.begin_on_paper": lambda c, r: _(
        talking.begin_on_paper,
        carer=_gran(c),
        how="phone",
        asked_on=date(2026, 3, 9),
        by=c.senco,
        typed={**_preferences(c)["typed"], "channel": Channel.PHONE},
    ),
    "pupils.circle.move_to_class": lambda c, r: _(
        circle.move_to_class, pupils=[c.ada.pk], was=c.class_9b, to=c.class_11c, by=c.senco
    ),
    "pupils.talking.begin_own_on_paper": lambda c, r: _(
        talking.begin_own_on_paper,
        pupil=_without_themself(c.ada),
        how="phone",
        asked_on=date(2026, 3, 9),
        by=c.senco,
        typed={**_preferences(c)["typed"], "channel": Channel.PHONE},
    ),
    "notifications.phone.ask_code": lambda c, r: _(
        override_settings(NOTIFY_API_KEY="a key", NOTIFY_TEXT_TEMPLATE="a template")(phone.ask_code),
        person=_with_number(c.parent),
        by=c.parent,
    ),
    "notifications.phone.confirm": lambda c, r: _(
        phone.confirm,
        person=c.parent,
        code=_code(c.parent),
        by=c.parent,
    ),
    "accounts.services.sign_out_everywhere": lambda c, r: _(
        people_of_accounts.sign_out_everywhere, person=c.parent, by=c.parent
    ),
    "accounts.tokens.issue": lambda c, r: _(tokens.issue, person=c.parent, name="Sheet", by=c.parent),
    "accounts.tokens.issue_named": lambda c, r: _(
        tokens.issue_named, person=c.parent, name="Sheet", by=c.parent
    ),
    "accounts.tokens.revoke": lambda c, r: _(
        tokens.revoke,
        token_id=tokens.issue(person=c.parent, name="Sheet", by=c.parent, at=AT)[0].pk,
        by=c.parent,
    ),
    "reviews.feeds.make": lambda c, r: _(feeds.make, person=c.parent, key=uuid4(), by=c.parent),
    "reviews.feeds.end": lambda c, r: _(feeds.end, person=_with_calendar(c.parent), by=c.parent),
    # who works in a setting
    "pupils.people.invite_staff": lambda c, r: _(
        people.invite_staff,
        email="new@mark.example",
        name="",
        role=Role.DSL,
        setting=c.hazelmere,
        by=c.senco,
    ),
    "pupils.people.send_again": lambda c, r: _(people.send_again, invitation=_invite(c)[0], by=c.senco),
    "pupils.people.withdraw": lambda c, r: _(people.withdraw, invitation=_invite(c)[0], by=c.senco),
    "pupils.people.add_member": lambda c, r: _(
        people.add_member, person=c.colleague, setting=c.hazelmere, role=Role.DSL, by=c.senco
    ),
    "pupils.people.end_membership": lambda c, r: _(
        people.end_membership, membership=Membership.objects.get(person=c.teacher), by=c.senco
    ),
    "pupils.people.deactivate": lambda c, r: _(people.deactivate, person=c.teacher, by=c.installer),
    "pupils.people.reset_second_factor": lambda c, r: _(
        people.reset_second_factor, person=_with_app(c.teacher), by=c.installer
    ),
    "pupils.people.create_setting": lambda c, r: _(
        people.create_setting, name="Elm", phase=Phase.PRIMARY, senco_email="elm@mark.example"
    ),
    # invitations to pupils
    "pupils.invitations.invite_parent": lambda c, r: _(
        invitations.invite_parent, carers=[_gran(c)], email="gran@home.example", by=c.senco
    ),
    "pupils.invitations.invite_young_person": lambda c, r: _without_child(c),
    "pupils.invitations.invite_professional": lambda c, r: _(
        invitations.invite_professional, pupils=[c.ada], email="pat@health.example", name="Pat", by=c.senco
    ),
    "pupils.invitations.send_again": lambda c, r: _(
        invitations.send_again, invitation=_professional(c), by=c.senco
    ),
    "pupils.invitations.withdraw": lambda c, r: _(
        invitations.withdraw, invitation=_professional(c), by=c.senco
    ),
    "pupils.invitations.accept": lambda c, r: _(
        invitations.accept, secret=_for(c, c.stranger), person=c.stranger
    ),
    "pupils.invitations.accept_as_new": lambda c, r: _(
        invitations.accept_as_new, secret=_invite(c)[1], name="Nia New", known_as="", password=None
    ),
    "pupils.imports.inviting.invite_ready": lambda c, r: _(
        inviting.invite_ready, setting=_gran(c) and c.hazelmere, by=c.senco
    ),
    # a setting
    "pupils.settings.edit_setting": lambda c, r: _(
        policies.edit_setting, setting=c.hazelmere, version=1, by=c.senco, review_every_weeks=6
    ),
    "pupils.settings.add_term": lambda c, r: _(policies.add_term, by=c.senco, **_term(c)),
    "pupils.settings.remove_term": lambda c, r: _(
        policies.remove_term, term=policies.add_term(by=c.senco, at=AT, **_term(c)), by=c.senco
    ),
    "apdr.services.funding.add_stream": lambda c, r: _(
        funding.add_stream, setting=c.hazelmere, kind=StreamKind.TOP_UP, name="More", by=c.senco
    ),
    "apdr.services.scales.relabel": lambda c, r: _(
        scales.relabel,
        scale=(scale := Scale.objects.get(setting=c.hazelmere, kind="steps")),
        labels=[f"Level {n}" for n, _ in enumerate(scale.versions.get().labels)],
        by=c.senco,
    ),
    # a library, a directory and documents
    "apdr.services.library.add": lambda c, r: _(
        library.add, setting=c.hazelmere, words="Wait.", area=Area.SEMH, phases=["primary"], by=c.senco
    ),
    "apdr.services.library.edit": lambda c, r: _(
        library.edit, strategy=r.rows["library"], version=1, how="Slowly.", by=c.senco
    ),
    "apdr.services.library.retire": lambda c, r: _(
        library.retire, strategy=r.rows["library"], version=1, by=c.senco
    ),
    "apdr.services.library.fill": lambda c, r: _(library.fill, setting=c.hazelmere, by=c.senco),
    "apdr.services.library.save_many": lambda c, r: _(
        library.save_many,
        setting=c.hazelmere,
        new=[],
        changed=[(r.rows["library"], ["how"])],
        by=c.senco,
    ),
    "apdr.services.library.try_here": lambda c, r: _(
        library.try_here, strategy=r.rows["home_strategy"], by=c.teacher
    ),
    "apdr.services.library.offer_home": lambda c, r: _(
        library.offer_home, strategy=_not_offered(r), by=c.teacher
    ),
    "apdr.services.library.answer_offer": lambda c, r: _(
        library.answer_offer, offer=r.rows["home_offer"], sent_key=uuid4(), answer=AtHome.TRY, by=c.parent
    ),
    "notifications.signposts.add": lambda c, r: _(
        signposts.add,
        setting=c.hazelmere,
        name="Help",
        what="They help.",
        kind="advice",
        phases=["primary"],
        by=c.senco,
    ),
    "notifications.signposts.edit": lambda c, r: _(
        signposts.edit, signpost=r.rows["signpost"], version=1, checked_on=AT.date(), by=c.senco
    ),
    "notifications.signposts.fill": lambda c, r: _(signposts.fill, setting=c.hazelmere, by=c.senco),
    "notifications.signposts.offer": lambda c, r: _(
        signposts.offer,
        pupil=c.ada,
        signpost=r.rows["signpost"],
        household=c.home,
        sent_key=uuid4(),
        by=c.teacher,
    ),
    "notifications.signposts.answer": lambda c, r: _(
        signposts.answer,
        offer=r.rows["signpost_offer"],
        sent_key=uuid4(),
        answer=SaidToSignpost.HELPED,
        by=c.parent,
    ),
    # events
    "notifications.events.add": lambda c, r: _(
        events_of_setting.add, setting=c.hazelmere, **_EVENT, by=c.senco
    ),
    "notifications.events.edit": lambda c, r: _(
        events_of_setting.edit, event=r.rows["event"], version=1, where="Hall", by=c.senco
    ),
    "notifications.events.call_off": lambda c, r: _(
        events_of_setting.call_off, event=r.rows["event"], why="No heating.", by=c.senco
    ),
    "notifications.events.sign_up": lambda c, r: _(
        events_of_setting.sign_up,
        event=r.rows["event"],
        person=c.other_parent,
        version=0,
        adults=1,
        by=c.other_parent,
    ),
    "notifications.events.take_back": lambda c, r: _(
        events_of_setting.take_back, event=r.rows["event"], person=c.parent, by=c.parent
    ),
    "notifications.events.issue": lambda c, r: _(
        events_of_setting.issue, event=r.rows["event"], form="csv", by=c.senco
    ),
    "notifications.surveys.make": lambda c, r: _(
        surveys.make,
        setting=c.hazelmere,
        title="Meals",
        why="To cook well.",
        audiences=["parent"],
        anonymous=True,
        opens_on=date(2026, 3, 10),
        closes_on=date(2026, 4, 1),
        by=c.senco,
    ),
    "notifications.surveys.edit": lambda c, r: _(
        surveys.edit, survey=r.rows["survey_draft"], version=1, title="Meals", by=c.senco
    ),
    "notifications.surveys.remove": lambda c, r: _(
        surveys.remove, survey=r.rows["survey_draft"], version=1, by=c.senco
    ),
    "notifications.surveys.add_question": lambda c, r: _(
        surveys.add_question, survey=r.rows["survey_draft"], kind="scale", words="Is it warm?", by=c.senco
    ),
    "notifications.surveys.edit_question": lambda c, r: _(
        surveys.edit_question,
        question=r.rows["survey_question"],
        version=1,
        kind="words",
        words="Is it warm?",
        by=c.senco,
    ),
    "notifications.surveys.move_question": lambda c, r: _(
        surveys.move_question, question=_two_questions(c, r), up=False, by=c.senco
    ),
    "notifications.surveys.remove_question": lambda c, r: _(
        surveys.remove_question, question=r.rows["survey_question"], by=c.senco
    ),
    "notifications.surveys.set_questions": lambda c, r: _(
        surveys.set_questions, survey=r.rows["survey_draft"], version=1, questions=[], by=c.senco
    ),
    "notifications.surveys.open_": lambda c, r: _(
        surveys.open_, survey=r.rows["survey_draft"], version=1, by=c.senco
    ),
    "notifications.surveys.end": lambda c, r: _(surveys.end, survey=_open(c), version=5, by=c.senco),
    "notifications.surveys.answer": lambda c, r: _(
        surveys.answer, survey=(survey := _open(c)), said=said(survey), by=c.parent
    ),
    "notifications.surveys.publish": lambda c, r: _(
        surveys.publish, survey=r.rows["survey"], version=1, told="We cook.", by=c.senco
    ),
    "pupils.documents.write": lambda c, r: _(
        documents.write, setting=c.hazelmere, title="Report", kind="policy", text="# Help", by=c.senco
    ),
    "pupils.documents.edit": lambda c, r: _(
        documents.edit, document=r.rows["document"], version=2, **_DOCUMENT, by=c.senco
    ),
    "pupils.documents.save": lambda c, r: _(
        documents.save, document=r.rows["document"], version=2, publish_it=True, **_DOCUMENT, by=c.senco
    ),
    "pupils.documents.publish": lambda c, r: _(
        documents.publish, document=r.rows["document"], version=2, by=c.senco
    ),
    "pupils.documents.unpublish": lambda c, r: _(
        documents.unpublish, document=r.rows["document"], by=c.senco
    ),
    "pupils.documents.comment": lambda c, r: _(
        documents.comment, document=r.rows["document"], words="Thanks.", sent_key=uuid4(), by=c.parent
    ),
    "pupils.documents.reply": lambda c, r: _(
        documents.reply,
        comment=r.rows["document_comment"],
        you_said="More time.",
        we_did="More time.",
        shown=False,
        sent_key=uuid4(),
        by=c.senco,
    ),
    # a file
    "pupils.imports.services.upload": lambda c, r: _(
        imports.upload, kind=ImportKind.STAFF, setting=c.hazelmere, content=HEAD, by=c.senco
    ),
    "pupils.imports.services.check_again": lambda c, r: _(imports.check_again, batch=_file(c), by=c.senco),
    "pupils.imports.services.start": lambda c, r: _(
        imports.start, batch=_file(c), by=c.senco, send=lambda _: None
    ),
    "pupils.imports.services.cancel": lambda c, r: _(imports.cancel, batch=_file(c), by=c.senco),
    "pupils.imports.services.save": lambda c, r: _(imports.save, batch_id=_waiting(c)),
    # the cycle
    "apdr.services.cycles.open_cycle": lambda c, r: _(
        cycles.open_cycle, pupil=_closed(c, r), by=c.senco, review_on=date(2026, 6, 1)
    ),
    "apdr.services.cycles.move_to": lambda c, r: _(
        cycles.move_to, cycle=r.cycle, stage=Stage.REVIEW, by=c.senco
    ),
    "apdr.services.cycles.enter": lambda c, r: _(cycles.enter, cycle=r.cycle, stage=Stage.REVIEW, by=c.senco),
    "apdr.services.cycles.edit_cycle": lambda c, r: _(
        cycles.edit_cycle, cycle=r.cycle, version=r.cycle.version, by=c.senco, responsibilities="All."
    ),
    "apdr.services.items.add": lambda c, r: _(
        items.add, Need, cycle=r.cycle, kind=NeedKind.NEED, area=Area.SEMH, words="Noise.", by=c.teacher
    ),
    "apdr.services.items.edit": lambda c, r: _(
        items.edit, r.rows["outcome"], version=1, words="Other.", by=c.teacher
    ),
    "apdr.services.items.remove": lambda c, r: _(items.remove, r.rows["measure"], version=1, by=c.teacher),
    "apdr.services.sharing.share": lambda c, r: _(sharing.share, cycle=r.cycle, after=1, by=c.senco),
    "apdr.services.progress.log_progress": lambda c, r: _(
        progress.log_progress, step=r.rows["step"], sent_key=uuid4(), note="Alone.", by=c.teacher
    ),
    "apdr.services.progress.withdraw_progress": lambda c, r: _(
        progress.withdraw_progress, progress=r.rows["progress"], by=r.rows["progress"].by
    ),
    # what people say
    "apdr.services.family.say_views": lambda c, r: _(
        family.say_views, pupil=c.ada, words="Calmer.", by=c.parent
    ),
    "apdr.services.family.record_views": lambda c, r: _(
        family.record_views,
        pupil=c.ada,
        perspective=Perspective.CHILD,
        how=HowObtained.TALKED,
        words="I draw.",
        by=c.teacher,
    ),
    "apdr.services.voice.set_page": lambda c, r: _(
        voice.set_page,
        pupil=c.ada,
        version=0,
        steps_as=StepsAs.ONE,
        aloud=True,
        telling=Telling.AT_ONCE,
        by=c.child,
    ),
    "apdr.services.voice.celebrate": lambda c, r: _(
        voice.celebrate, pupil=c.ada, words="You tried.", sent_key=uuid4(), by=c.teacher
    ),
    "apdr.services.voice.tell": lambda c, r: _(voice.tell, celebration=r.rows["celebration"], by=c.child),
    "apdr.services.voice.put_in_words": lambda c, r: _(
        voice.put_in_words, file=r.rows["said_file"], words="A sun.", sent_key=uuid4(), by=c.teacher
    ),
    "apdr.services.voice.find_a_way": lambda c, r: _(
        voice.find_a_way, about=r.rows["plan_answer"], words="We try.", sent_key=uuid4(), by=c.senco
    ),
    "apdr.services.family.comment": lambda c, r: _(
        family.comment, plan_version=r.rows["version"], sent_key=uuid4(), words="Thanks.", by=c.parent
    ),
    "apdr.services.family.answer_plan": lambda c, r: _(
        family.answer_plan, plan_version=r.rows["version"], sent_key=uuid4(), answer=Answer.AGREE, by=c.parent
    ),
    "apdr.services.family.answer_strategy": lambda c, r: _(
        family.answer_strategy, strategy=r.rows["strategy"], answer=Answer.AGREE, by=c.parent
    ),
    "apdr.services.family.propose": lambda c, r: _(
        family.propose,
        cycle=r.cycle,
        sent_key=uuid4(),
        kind=ProposalKind.HOME_STRATEGY,
        words="A list.",
        by=c.parent,
    ),
    "apdr.services.family.accept_proposal": lambda c, r: _(
        family.accept_proposal, proposal=r.rows["proposal"], by=c.senco
    ),
    "apdr.services.family.decline_proposal": lambda c, r: _(
        family.decline_proposal, proposal=r.rows["proposal"], reply="Not now.", by=c.senco
    ),
    "notifications.services.write_update": lambda c, r: _(
        write_update, pupil=c.ada, sent_key=uuid4(), words="A good day.", by=c.teacher
    ),
    "notifications.services.put_on_plan": lambda c, r: _(put_on_plan, update=r.rows["update"], by=c.senco),
    "notifications.calls.need_call": lambda c, r: _(
        calls.need_call, pupil=c.ada, sent_key=uuid4(), words="Ring.", by=c.teacher
    ),
    "notifications.calls.rang": lambda c, r: _(
        calls.rang, call=r.rows["call"], on=AT.date(), outcome="Pam knew.", by=c.senco
    ),
    "notifications.talks.ask": lambda c, r: _(
        talks.ask, pupil=c.ada, sent_key=uuid4(), suits=["after"], by=c.parent
    ),
    "notifications.talks.answer": lambda c, r: _(
        talks.answer, talk=r.rows["talk"], starts_at=AT + DAY, how="phone", by=c.senco
    ),
    "notifications.daily.write_daily": lambda c, r: _(
        daily.write_daily, pupil=_in_nursery(c), sent_key=uuid4(), version=1, mood="happy", by=c.teacher
    ),
    "notifications.many.write_many": lambda c, r: _(
        many.write_many, pupils=[c.ada.pk], sent_key=uuid4(), good_thing="Beans.", by=c.teacher
    ),
    "notifications.many.need_calls": lambda c, r: _(
        many.need_calls, pupils=[c.ada.pk], sent_key=uuid4(), words="Ring.", by=c.teacher
    ),
    # money
    "apdr.services.funding.allocate": lambda c, r: _(
        funding.allocate,
        pupil=c.ada,
        stream=r.rows["stream"],
        amount=Decimal(5),
        purpose="Time.",
        starts_on=date(2026, 1, 1),
        ends_on=date(2026, 7, 1),
        by=c.senco,
    ),
    "apdr.services.funding.edit_allocation": lambda c, r: _(
        funding.edit_allocation, allocation=r.rows["allocation"], version=1, amount=Decimal(600), by=c.senco
    ),
    "apdr.services.funding.plan_use": lambda c, r: _(
        funding.plan_use,
        allocation=r.rows["allocation"],
        strategy=r.cycle.strategies.get(words="DRAFT-strategy"),
        planned=Decimal(5),
        by=c.senco,
    ),
    "apdr.services.funding.edit_use": lambda c, r: _(
        funding.edit_use, use=r.rows["use"], version=1, used=Decimal(5), by=c.senco
    ),
    "apdr.services.money.set_hourly": lambda c, r: _(
        rates.set_hourly, setting=c.hazelmere, name="TA", hourly=Decimal(17), starts_on=AT.date(), by=c.senco
    ),
    "apdr.services.money.set_weeks": lambda c, r: _(
        rates.set_weeks, setting=c.hazelmere, weeks=38, starts_on=AT.date(), by=c.senco
    ),
    "apdr.services.money.set_stream_rate": lambda c, r: _(
        rates.set_stream_rate,
        setting=c.hazelmere,
        kind=StreamKind.TOP_UP,
        amount=Decimal(6000),
        unit=Unit.FIRST,
        source="The authority’s letter",
        starts_on=AT.date(),
        by=c.senco,
    ),
    "apdr.services.money.cost": lambda c, r: _(
        rates.cost,
        provision=r.rows["provision"],
        role=r.rows["role"],
        resources=Decimal(9),
        version=1,
        by=c.senco,
    ),
    "apdr.services.delivered.mark": lambda c, r: _(
        delivered.mark,
        on=AT.date(),
        marks=[delivered.Mark(r.rows["provision"].pk, Held.MISSED, why=WhyMissed.ROOM)],
        by=c.teacher,
    ),
    "apdr.services.evaluating.agree": lambda c, r: _(
        evaluating.agree, allocation=r.rows["allocation"], sent_key=uuid4(), answer=Answer.AGREE, by=c.parent
    ),
    "apdr.services.evaluating.evaluate": lambda c, r: _(
        evaluating.evaluate,
        allocation=r.rows["allocation"],
        sent_key=uuid4(),
        rating=Difference.YES,
        by=c.parent,
    ),
    "apdr.services.evaluating.decide": lambda c, r: _(
        evaluating.decide,
        allocation=r.rows["allocation"],
        decision=FundingNext.STOP,
        why="It is done.",
        number=1,
        by=c.senco,
    ),
    "apdr.services.evaluating.tell_of": lambda c, r: _(
        evaluating.tell_of, pupil=c.ada, about=AskAbout.DLA, by=c.senco
    ),
    # the review
    "reviews.services.schedule_review": lambda c, r: _(
        meetings.schedule_review, cycle=_unscheduled(r), starts_at=AT + DAY, by=c.senco
    ),
    "reviews.scheduling.schedule_all": lambda c, r: _(
        scheduling.schedule_all,
        bookings=[scheduling.Booking(_unscheduled(r).pk, AT + DAY, 30, "", frozenset())],
        key=uuid4(),
        by=c.senco,
    ),
    "reviews.duties.write_duty": lambda c, r: _(
        duties.write_duty, review=_annual(r), duty=Duty.ADVICE, on=AT.date(), number=0, by=c.senco
    ),
    "reviews.scheduling.cancel_review": lambda c, r: _(
        scheduling.cancel_review, review=r.cycle.reviews.get(), version=1, reason="Ada is ill.", by=c.senco
    ),
    "reviews.scheduling.exempt_review": lambda c, r: _(
        scheduling.exempt_review, cycle=r.cycle, reason="We met at the gate.", by=c.senco
    ),
    "reviews.services.edit_review": lambda c, r: _(
        meetings.edit_review, review=r.cycle.reviews.get(), version=1, working="The board.", by=c.senco
    ),
    "reviews.services.start_review": lambda c, r: _(meetings.start_review, cycle=r.cycle, by=c.senco),
    "reviews.services.judge": lambda c, r: _(
        meetings.judge, cycle=_in_review(c, r), of=r.rows["step"], rating=Rating.LOT, by=c.parent
    ),
    "reviews.services.judge_all": lambda c, r: _(
        meetings.judge_all,
        cycle=_in_review(c, r),
        said=[{"of": r.rows["step"], "rating": Rating.LOT}],
        by=c.parent,
    ),
    "reviews.room.decide_so_far": lambda c, r: _(
        room.decide_so_far, cycle=_in_review(c, r), version=0, why="It helps.", by=c.senco
    ),
    "reviews.room.answer_said": lambda c, r: _(
        room.answer_said,
        pupil=c.ada,
        answers=[room.Answered(c.ada.views.first(), "The library.")],
        by=c.senco,
    ),
    "reviews.services.close_cycle": lambda c, r: _(
        meetings.close_cycle,
        cycle=_in_review(c, r),
        kind=DecisionKind.CONTINUE,
        why="It helps.",
        statuses=dict.fromkeys(r.cycle.steps.filter(removed_at=None), StepStatus.MET),
        by=c.senco,
    ),
    # who is asked to it, what they answer, and what is said before
    "reviews.invitations.ask": lambda c, r: _(asking.ask, review=_review(r), by=c.senco),
    "reviews.invitations.ask_all": lambda c, r: _(asking.ask_all, reviews=[_review(r)], by=c.senco),
    "reviews.invitations.take_back": lambda c, r: _(
        asking.take_back, invitation=_invited_to_review(c, r), by=c.senco
    ),
    "reviews.invitations.choose_who_comes": lambda c, r: _(
        asking.choose_who_comes, review=_review(r), by=c.child, people=[c.parent.pk]
    ),
    "reviews.invitations.reply": lambda c, r: _(
        asking.reply,
        invitation=_invited_to_review(c, r),
        by=c.parent,
        sequence=0,
        answer=Coming.YES,
        through=Through.HERE,
    ),
    "reviews.contributions.take_part": lambda c, r: _(
        before.take_part, review=_review(r), by=c.child, part=Part.SHORT
    ),
    "reviews.contributions.contribute": lambda c, r: _(
        before.contribute, review=_review(r), by=c.parent, version=1, working="She reads."
    ),
    "reviews.contributions.say_with_pictures": lambda c, r: _(
        before.say_with_pictures,
        review=_review(r),
        by=c.child,
        question="working",
        pictures=["Music"],
        offered=["Music"],
    ),
    "reviews.contributions.record_contribution": lambda c, r: _(
        before.record_contribution,
        review=_review(r),
        by=c.teacher,
        perspective=Perspective.CHILD,
        how=HowObtained.DREW,
        working="A sun.",
    ),
    "accounts.services.stop_mail": lambda c, r: _(people_of_accounts.stop_mail, person=c.parent),
    "notifications.letters.send": lambda c, r: _(letters.send, letter_id=_letter(c)),
    "notifications.reminders.send": lambda c, r: _(reminders.send, message_id=_reminders(c, r)),
    "notifications.printing.print_letter": lambda c, r: _(
        printing.print_letter, person_id=_on_paper(c, r).pk, by=c.senco
    ),
    "notifications.reminders.came_back": lambda c, r: _(
        reminders.came_back, message_id=_sent(c, r), since=AT
    ),
}


_EVENT: dict[str, Any] = {
    "title": "Tea", "kind": "other", "where": "Hall", "what": "Tea.", "contact": "The office", "whom": ["parents"],
    "starts_at": AT + timedelta(days=9), "ends_at": AT + timedelta(days=9, hours=1),
}  # fmt: skip
_DOCUMENT: dict[str, Any] = {"title": "Report", "kind": "policy", "text": "# More", "open_to_families": True}


def _not_offered(r: Record) -> Any:
    HomeOfferAnswer.objects.all().delete()
    HomeOffer.objects.all().delete()
    return r.rows["strategy"]


def _review(r: Record) -> Any:
    return r.cycle.reviews.select_related("cycle__pupil").get()


def _invited_to_review(c: Cast, r: Record) -> Any:
    made = asking.ask(review=_review(r), by=c.senco, at=AT, people=[c.parent.pk])
    return made[0]


def _in_nursery(c: Cast) -> Pupil:
    c.ada.enrolments.update(year_group="N2")
    return c.ada


def _with_number(person: User) -> User:
    Preferences.objects.create(person=person, phone="+447700900123")
    return person


def _code(person: User) -> str:
    """A code that was sent to somebody's number."""
    with override_settings(NOTIFY_API_KEY="a key", NOTIFY_TEXT_TEMPLATE="a template"):
        return phone.ask_code(person=_with_number(person), by=person, at=AT)[1]


def _letter(c: Cast) -> Any:
    """A letter to Ada's mother, three months and more before Ada decides."""
    Pupil.objects.filter(pk=c.ada.pk).update(date_of_birth=date(2010, 6, 15))
    letters.plan(at=AT)
    return c.ada.hand_over_letters.get(person=c.parent).pk


def _reminders(c: Cast, r: Record) -> Any:
    """An e-mail to Ada's mother, whose review has started and who has not said how it went."""
    _in_review(c, r)
    reminders.plan(at=AT)
    reminders.gather(at=AT)
    return c.ada.reminders.get(person=c.parent).message_id


def _with_calendar(person: User) -> User:
    feeds.make(person=person, key=uuid4(), by=person, at=AT)
    return person


def _on_paper(c: Cast, r: Record) -> User:
    """Ada's mother, who wants letters and has not said how it went."""
    Preferences.objects.create(person=c.parent, channel=Channel.LETTER)
    _in_review(c, r)
    reminders.plan(at=AT)
    return c.parent


def _without_themself(pupil: Pupil) -> Pupil:
    circle.selves(pupil, AT).update(ends_at=AT)
    return pupil


def _sent(c: Cast, r: Record) -> Any:
    message = _reminders(c, r)
    reminders.send(message_id=message, at=AT)
    return message


def _with_app(person: User) -> User:
    add_totp(person)
    return person


def _without_child(c: Cast) -> Callable[[], Any]:
    circle.end_relation(relation=circle.Relation.SELF, person=c.child, pupil=c.ada, by=c.senco, at=AT)
    return _(invitations.invite_young_person, pupil=c.ada, email="ada@mark.example", by=c.senco)


def _term(c: Cast) -> dict[str, Any]:
    return {
        "setting": c.hazelmere,
        "name": "Summer",
        "starts_on": date(2026, 4, 13),
        "ends_on": date(2026, 7, 20),
    }


def _unscheduled(r: Record) -> Any:
    r.cycle.reviews.all().delete()
    return r.cycle


#: Parts of an act, by the act that calls them and writes its event.
PARTS = {
    "accounts.services.create_person": "pupils.invitations.accept_as_new",
    "accounts.services.add_member": "pupils.people.add_member",
    "accounts.services.end_membership": "pupils.people.end_membership",
    "accounts.services.deactivate": "pupils.people.deactivate",
    "accounts.services.reset_second_factor": "pupils.people.reset_second_factor",
    "accounts.invitations.invite": "pupils.people.invite_staff",
    "accounts.invitations.renew": "pupils.people.send_again",
    "accounts.invitations.withdraw": "pupils.people.withdraw",
    "accounts.invitations.claim": "pupils.invitations.accept",
    "accounts.invitations.claim_as_new": "pupils.invitations.accept_as_new",
    "pupils.restrictions.take_back": "pupils.circle.restrict",
    "pupils.circle.hand_place_on": "pupils.invitations.accept",
    "apdr.services.family.propose_for": "notifications.services.put_on_plan",
    **PARTS_OF_DECIDED,
}
#: They take `by` or an instant, and change nothing.
ASK_ONLY = {
    "accounts.audit.record",
    "pupils.audit.record",
    "apdr.services.common.begin",
    "pupils.imports.services.left",
    "pupils.talking.whom",
}
#: By the clock, without anybody: what had run out anyway, was never saved, or is written down once it is sent or, of
#: what a calendar reads, as a look.
BY_THE_CLOCK = {
    "pupils.imports.services.sweep",
    "pupils.sending.once",
    "notifications.letters.plan",
    "notifications.reminders.plan",
    "notifications.reminders.gather",
    "notifications.bounces.read",
    "notifications.bounces.read_folder",
    "notifications.bounces_imap.read_mailbox",
    "notifications.receipts.ask",
    "reviews.feeds.read",
    "notifications.photos.sweep",
    "apdr.said_files.sweep",
    "pupils.profile_pictures.sweep",
    "accounts.kept_files.sweep",
}


def acts_there_are() -> Iterator[str]:
    """The public functions of every app that take `by` or `at` as a keyword."""
    for app in (accounts, pupils, apdr, reviews, notifications):
        for found in pkgutil.walk_packages(app.__path__, f"{app.__name__}."):
            if ".migrations" in found.name or ".management" in found.name:
                continue
            module = importlib.import_module(found.name)
            for name, function in inspect.getmembers(module, inspect.isfunction):
                given = inspect.signature(function).parameters
                keyword = [
                    n for n in ("by", "at") if n in given and given[n].kind is inspect.Parameter.KEYWORD_ONLY
                ]
                if function.__module__ == module.__name__ and not name.startswith("_") and keyword:
                    yield f"{module.__name__}.{name}"


def test_every_act_is_listed() -> None:
    assert set(acts_there_are()) == {*ACTS, *PARTS, *ASK_ONLY, *BY_THE_CLOCK}
    assert set(PARTS.values()) <= set(ACTS)


World = tuple[Cast, Record]


@pytest.fixture
def world(cast: Cast) -> World:
    show_addresses(cast)
    return cast, write_record(cast, cast.ada)


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


KEPT = ("accounts_", "account_", "pupils_", "apdr_", "reviews_", "notifications_", "auth_group", "mfa_")
EVENTS = ("pupils_auditevent", "accounts_accountevent")


@contextmanager
def everything_kept() -> Iterator[Callable[[], dict[str, tuple[int, str]]]]:
    """Every table by its number of rows and a digest of them, in one query that the database plans once."""
    with connection.cursor() as cursor:
        tables = sorted(t for t in connection.introspection.table_names(cursor) if t.startswith(KEPT))
        each = " UNION ALL ".join(
            f"SELECT '{t}', count(*), coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') FROM {t} t"
            for t in tables
        )
        cursor.execute(f"PREPARE everything_kept AS {each}")

        def read() -> dict[str, tuple[int, str]]:
            cursor.execute("EXECUTE everything_kept")
            return {table: (count, digest) for table, count, digest in cursor.fetchall()}

        yield read
        cursor.execute("DEALLOCATE everything_kept")


def tables(asked: CaptureQueriesContext) -> set[str]:
    """The tables that were written."""
    return {found[1] for query in asked.captured_queries if (found := WRITES.match(query["sql"] or ""))}


def events() -> set[Any]:
    return {*AuditEvent.objects.values_list("pk", "at"), *AccountEvent.objects.values_list("pk", "at")}


def fresh(world: World) -> World:
    """Copies of what was made: an act that is undone leaves its mark on the objects it was given."""
    copied: World = pickle.loads(pickle.dumps(world))
    return copied


def test_what_is_saved_has_its_event(world: World) -> None:
    wrong = {}
    for name, arrange in ACTS.items():
        with undone():
            act = arrange(*fresh(world))
            known = events()
            with CaptureQueriesContext(connection) as asked:
                act()
            new = events() - known
            if not new or {at for _, at in new} != {AT}:
                wrong[name] = f"events: {new}"
            elif not tables(asked) - set(EVENTS) and name not in TELLS_ONLY:
                wrong[name] = "changed nothing"
    assert wrong == {}


#: Acts that change nothing: that they were done is what is written down.
TELLS_ONLY = {
    "notifications.events.issue",
    "pupils.services.reveal_upn",
    "pupils.overrides.opened",
    "pupils.capacity.read",
}

#: A file that could not be saved says so on its page, and a letter or a reminder counts how often it was tried.
SAYS_THAT_IT_FAILED = {
    "pupils.imports.services.save": {"pupils_import"},
    "notifications.letters.send": {"notifications_handoverletter"},
    "notifications.reminders.send": {"notifications_message"},
}


def test_what_fails_when_its_event_is_written_leaves_neither(world: World) -> None:
    wrong = {}
    events_can_fail()
    with everything_kept() as kept:
        for name, arrange in ACTS.items():
            with undone():
                act = arrange(*fresh(world))
                before = kept()
                failing()
                try:
                    act()
                except DatabaseError as error:
                    if "the disk is full" not in str(error):
                        wrong[name] = str(error)
                else:
                    wrong[name] = "did not fail"
                try:
                    after = kept()
                except DatabaseError:  # nothing of its own was rolled back: it is in no transaction
                    wrong[name] = "stood in no transaction of its own"
                    continue
                changed = {table for table in before if before[table] != after[table]}
                if changed - SAYS_THAT_IT_FAILED.get(name, set()):
                    wrong[name] = f"left {sorted(changed)} behind"
    assert wrong == {}


def events_can_fail() -> None:
    """From here on, in this transaction, events are written until `failing`."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE OR REPLACE FUNCTION pg_temp.fail() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN IF current_setting('tests.no_room', true) = 'yes' THEN RAISE EXCEPTION 'the disk is full';"
            " END IF; RETURN NULL; END $$"
        )
        for table in EVENTS:
            cursor.execute(
                f"CREATE TRIGGER fails AFTER INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION pg_temp.fail()"
            )


def failing() -> None:
    """From here on, in this transaction, no event can be written."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET LOCAL tests.no_room = 'yes'")


# What allauth's own pages change ------------------------------------------------------------------------


def _browser(person: User) -> Client:
    """A browser in which somebody has just shown who they are."""
    client = Client(raise_request_exception=False)
    sign_in(client, person)
    session = client.session
    session[login.AUTHENTICATION_METHODS_SESSION_KEY] = [
        {"method": "password", "at": AT.timestamp(), "reauthenticated": True}
    ]
    session[login._AUTHENTICATION_METHODS_USER_SESSION_KEY] = login.user_id_to_str(person)
    session.save()
    return client


NEW = "seven brown foxes run"
SIGN_IN: dict[str, tuple[str, dict[str, str]]] = {
    "password changed": (
        "/account/password/change/",
        {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW},
    ),
    "recovery codes made": ("/account/2fa/recovery-codes/generate/", {}),
    "second step removed": ("/account/2fa/totp/deactivate/", {}),
}


@pytest.mark.parametrize("verb", SIGN_IN)
def test_a_change_to_how_somebody_signs_in_is_written_down_or_does_not_happen(
    cast: Cast, at_ten: object, verb: str
) -> None:
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    add_totp(cast.parent)
    if "codes" in verb:
        RecoveryCodes.activate(cast.parent)
    client = _browser(cast.parent)
    address, typed = SIGN_IN[verb]

    def kept() -> Any:
        person = User.objects.get(pk=cast.parent.pk)
        return person.password, list(Authenticator.objects.order_by("pk").values("pk", "type", "data"))

    before, known = kept(), AccountEvent.objects.count()
    with undone():
        events_can_fail()
        failing()
        assert client.post(address, typed).status_code == 500
    assert kept() == before
    assert client.post(address, typed).status_code == 302
    assert kept() != before
    told = AccountEvent.objects.filter(at=AT).values_list("verb", "person", "by")
    assert (verb, cast.parent.pk, cast.parent.pk) in told
    assert AccountEvent.objects.count() == known + 1
