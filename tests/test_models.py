"""Every kind of row is classified: a new one that nobody thought about fails here."""

from typing import Any

from django.apps import apps
from django.db import models

from pupils.enums import Section
from pupils.models import Pupil

#: Parts of a pupil's record, by the section they lie in. Who sees them is the rule's.
IN_SECTION = {
    "apdr.Allocation": Section.FUNDING,
    "apdr.Celebration": Section.PLAN,
    "apdr.ChildPage": Section.PROFILE,
    "apdr.Comment": Section.PLAN,
    "apdr.Costing": Section.FUNDING,  # and of that, the SENCO's alone
    "apdr.Cycle": Section.PLAN,
    "apdr.CycleStage": Section.PLAN,
    "apdr.Delivered": Section.STRATEGIES,
    "apdr.FundingAgreement": Section.FUNDING,
    "apdr.FundingDecision": Section.FUNDING,
    "apdr.FundingEvaluation": Section.FUNDING,
    "apdr.FileWords": Section.VIEWS,
    "apdr.FundingUse": Section.FUNDING,
    "apdr.HomeOffer": Section.STRATEGIES,
    "apdr.HomeOfferAnswer": Section.STRATEGIES,
    "apdr.Measure": Section.NEEDS,
    "apdr.Need": Section.NEEDS,
    "apdr.NextStep": Section.PLAN,
    "apdr.Outcome": Section.PLAN,
    "apdr.PlanAnswer": Section.PLAN,
    "apdr.PlanVersion": Section.PLAN,  # and, by the keys of its content, needs, strategies and funding
    "apdr.Progress": Section.PLAN,
    "apdr.Proposal": Section.PLAN,
    "apdr.Provision": Section.STRATEGIES,
    "apdr.Strategy": Section.STRATEGIES,
    "apdr.StrategyAnswer": Section.STRATEGIES,
    "apdr.ToldOf": Section.FUNDING,  # and of that, the SENCO's alone
    "apdr.View": Section.VIEWS,
    "apdr.ViewFile": Section.VIEWS,
    "apdr.WayForward": Section.PLAN,  # or, about a strategy, strategies
    "notifications.Call": Section.UPDATES,
    "notifications.Daily": Section.UPDATES,
    "notifications.Photo": Section.UPDATES,
    "notifications.SignpostAnswer": Section.UPDATES,
    "notifications.SignpostOffer": Section.UPDATES,
    "notifications.Talk": Section.UPDATES,
    "notifications.Update": Section.UPDATES,
    "pupils.Profile": Section.PROFILE,
    "pupils.ProfilePicture": Section.PROFILE,
    "pupils.Pupil": Section.PROFILE,
    "pupils.PupilNeedType": Section.NEEDS,
    "reviews.Attendee": Section.REVIEWS,
    "reviews.Contribution": Section.REVIEWS,
    "reviews.Deciding": Section.REVIEWS,
    "reviews.Decision": Section.REVIEWS,
    "reviews.DutyDone": Section.REVIEWS,
    "reviews.Judgement": Section.REVIEWS,
    "reviews.Review": Section.REVIEWS,
    "reviews.ReviewChange": Section.REVIEWS,
    "reviews.ReviewInvitation": Section.REVIEWS,
    "reviews.ReviewReply": Section.REVIEWS,
    "reviews.TakingPart": Section.REVIEWS,
    "reviews.WhatWeDid": Section.REVIEWS,
    "reviews.WhoComes": Section.REVIEWS,
    "reviews.WhoComesPerson": Section.REVIEWS,
}

#: Who stands near a pupil, and how a family is reached: the SENCO's circle page, and the rule, read these.
AROUND_A_PUPIL = {
    "pupils.Enrolment",
    "pupils.InvitedTo",
    "pupils.ParentCarer",
    "pupils.PupilGroupPermission",
    "pupils.PupilUserPermission",
    "pupils.Restriction",
}

#: Who decided that whom may see what: the young person, their family, the SENCO and the safeguarding lead read these,
#: each their own part, and the rule. Choices, competence and talks are append-only.
DECIDED = {
    "pupils.Capacity",
    "pupils.Choice",
    "pupils.ChoiceSheet",
    "pupils.Competence",
    "pupils.HandOverTalk",
    "pupils.Override",
    "pupils.SharingRequest",
}

#: What families say of a setting's documents: its SENCO's to read, and whoever said it.
SAID_OF_DOCUMENTS = {"pupils.DocumentComment"}

#: What somebody answered to a survey: the SENCO's to read with a name, or nobody's (docs/decisions/0020).
SAID_IN_SURVEYS = {"notifications.SurveyAnswer", "notifications.SurveyResponse"}

#: What was sent to whom about a pupil, and why not: for whoever sends it. That it was sent is an audit event as well.
SENT = {
    "notifications.HandOverLetter",
    "notifications.Reminder",
    "reviews.CalendarEntry",
}

#: Of these, what is about a pupil or, as the database has it, about something of a setting.
OR_A_SETTING = {"notifications.Reminder"}

#: What was looked at and changed: append-only.
LOGS = {"accounts.AccountEvent", "pupils.AccessLog", "pupils.AuditEvent"}

#: Rows of a file before it is saved: a SENCO's of that setting, and gone within a day.
BROUGHT_IN = {"pupils.Import", "pupils.ImportRow"}

#: People as people: seen by themselves and, where they work or live together, by who looks after that.
ABOUT_PEOPLE = {
    "account.EmailAddress",
    "account.EmailConfirmation",
    "accounts.ApiToken",
    "accounts.Invitation",
    "accounts.Membership",
    "accounts.PhoneCode",
    "accounts.Preferences",
    "accounts.User",
    "auth.Group",
    "mfa.Authenticator",
    "notifications.EventEntry",
    "notifications.EventPlace",  # that somebody comes to an event; what they tell is for its SENCO
    "notifications.Message",
    "pupils.ClassStaff",
    "pupils.Household",
    "pupils.InvitedToClass",
    "reviews.CalendarFeed",
    "sessions.Session",
}

#: A setting's own ways of working: nobody's record.
NO_PUPIL = {
    "accounts.Setting",
    "accounts.Term",
    "apdr.FundingStream",
    "apdr.OpenWeeks",
    "apdr.Scale",
    "apdr.ScaleVersion",
    "apdr.StaffRate",
    "apdr.StaffRole",
    "apdr.StreamRate",
    "apdr.LibraryStrategy",
    "notifications.Event",
    "notifications.Signpost",
    "notifications.Survey",
    "notifications.SurveyQuestion",
    "pupils.ClassGroup",
    "pupils.Document",
    "pupils.DocumentReply",
    "pupils.DocumentVersion",
}

#: Tables that libraries bring and that stay empty, or hold names of permissions.
UNUSED = {
    "auth.Permission",
    "contenttypes.ContentType",
    "guardian.GroupObjectPermission",
    "guardian.UserObjectPermission",
}


def test_every_model_is_classified_once() -> None:
    groups = [
        set(IN_SECTION),
        AROUND_A_PUPIL,
        DECIDED,
        SENT,
        LOGS,
        BROUGHT_IN,
        ABOUT_PEOPLE,
        SAID_OF_DOCUMENTS,
        SAID_IN_SURVEYS,
        NO_PUPIL,
        UNUSED,
    ]
    listed = sorted(label for group in groups for label in group)
    assert listed == sorted(model._meta.label for model in apps.get_models())


def test_every_section_has_its_rows() -> None:
    assert set(IN_SECTION.values()) == set(Section)


def test_every_row_of_a_section_says_whose_it_is() -> None:
    for label in [*IN_SECTION, *AROUND_A_PUPIL, *DECIDED, *SENT - OR_A_SETTING]:
        assert leads_to_a_pupil(apps.get_model(label), 4), label


#: Of whose keys that may be empty a constraint of the table fills exactly one.
EITHER = {"apdr.WayForward"}


def leads_to_a_pupil(model: type[models.Model], steps: int) -> bool:
    """Whether keys that are never empty lead from a model to a pupil."""
    if model is Pupil:
        return True
    relations: list[Any] = [f for f in model._meta.concrete_fields if f.is_relation]
    if model._meta.label in EITHER:
        return all(leads_to_a_pupil(key.related_model, steps - 1) for key in relations if key.null)
    keys = [key for key in relations if not key.null]
    return steps > 0 and any(leads_to_a_pupil(key.related_model, steps - 1) for key in keys)


def test_what_is_nobodys_record_leads_to_no_pupil() -> None:
    for label in NO_PUPIL | ABOUT_PEOPLE:
        keys = [f.related_model for f in apps.get_model(label)._meta.concrete_fields if f.is_relation]
        assert Pupil not in keys, label
