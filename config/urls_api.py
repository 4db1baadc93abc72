"""`/api/v1/` and its schema."""

from django.urls import path, re_path
from django.views.decorators.csrf import csrf_exempt
from drf_spectacular.views import SpectacularJSONAPIView

from apdr import api as plan
from apdr import api_acts as acts
from notifications import api as notifications
from notifications import api_updates as home
from pupils import api as pupils
from pupils import api_choices as chosen
from pupils import api_decided as decided
from pupils import api_ehc as ehc
from pupils import api_hand_over as hand_over
from pupils import api_requests as asking
from pupils import api_talking as talking
from pupils.rest import nothing_here
from reviews import api as reviews
from reviews import api_duties as duties
from reviews import api_invitations as asked
from reviews import api_planner as planner
from reviews import api_room as room

PUPIL = "v1/pupils/<uuid:pupil_id>"
CYCLE = "v1/cycles/<uuid:cycle_id>"
REVIEW = f"{PUPIL}/reviews/<uuid:review_id>"

urlpatterns = [
    path("schema/", SpectacularJSONAPIView.as_view(), name="api_schema"),
    path("v1/me/", pupils.Me.as_view(), name="api_me"),
    path("v1/pupils/", pupils.Pupils.as_view(), name="api_pupils"),
    path("v1/pupils/<uuid:pk>/", pupils.OnePupil.as_view(), name="api_pupil"),
    path(f"{PUPIL}/profile/", pupils.Profiles.as_view(), name="api_profile"),
    path(f"{PUPIL}/ehc-plan/", ehc.EhcPlan.as_view(), name="api_ehc_plan"),
    path(
        f"{PUPIL}/people/<uuid:person_id>/preferences/",
        talking.TalkingWith.as_view(),
        name="api_preferences",
    ),
    path(f"{PUPIL}/access-log/", pupils.WhoLooked.as_view(), name="api_access_log"),
    path(f"{PUPIL}/choices/", chosen.Choices.as_view(), name="api_choices"),
    path(f"{PUPIL}/overrides/", decided.Overrides.as_view(), name="api_overrides"),
    path(f"{PUPIL}/capacity-records/", decided.CapacityRecords.as_view(), name="api_capacity_records"),
    path(f"{PUPIL}/hand-over-talks/", hand_over.HandOverTalks.as_view(), name="api_hand_over_talks"),
    path(f"{PUPIL}/requests/", asking.Requests.as_view(), name="api_requests"),
    path("v1/requests/<uuid:request_id>/answer/", asking.AnswerRequest.as_view(), name="api_answer_request"),
    path(f"{PUPIL}/needs/", plan.Needs.as_view(), name="api_needs"),
    path(f"{PUPIL}/measures/", plan.Measures.as_view(), name="api_measures"),
    path(f"{PUPIL}/outcomes/", plan.Outcomes.as_view(), name="api_outcomes"),
    path(f"{PUPIL}/next-steps/", plan.NextSteps.as_view(), name="api_next_steps"),
    path(f"{PUPIL}/strategies/", plan.Strategies.as_view(), name="api_strategies"),
    path(f"{PUPIL}/provision/", plan.Provisions.as_view(), name="api_provision"),
    path(f"{PUPIL}/funding/", plan.Funding.as_view(), name="api_funding"),
    path(f"{PUPIL}/funding/allocations/", plan.Allocations.as_view(), name="api_allocations"),
    path(f"{PUPIL}/funding/uses/", plan.Uses.as_view(), name="api_uses"),
    path("v1/funding-uses/<uuid:pk>/", plan.OneUse.as_view(), name="api_use"),
    path(f"{PUPIL}/scales/", plan.Scales.as_view(), name="api_scales"),
    path(f"{PUPIL}/households/", acts.Households.as_view(), name="api_households"),
    path(f"{PUPIL}/views/", acts.Views.as_view(), name="api_views"),
    path(f"{PUPIL}/cycles/", acts.Cycles.as_view(), name="api_cycles"),
    path(f"{PUPIL}/reviews/", reviews.Reviews.as_view(), name="api_reviews"),
    path(f"{REVIEW}/invitations/", asked.Invitations.as_view(), name="api_invitations"),
    path(f"{REVIEW}/replies/", asked.Replies.as_view(), name="api_replies"),
    path(f"{REVIEW}/who-comes/", asked.WhoIsWanted.as_view(), name="api_who_comes"),
    path(f"{REVIEW}/taking-part/", asked.TakingPartIn.as_view(), name="api_taking_part"),
    path(f"{REVIEW}/contributions/", asked.Contributions.as_view(), name="api_contributions"),
    path(f"{PUPIL}/updates/", notifications.Updates.as_view(), name="api_updates"),
    path(f"{PUPIL}/daily/", home.Dailies.as_view(), name="api_daily"),
    path(f"{PUPIL}/calls/", home.Calls.as_view(), name="api_calls"),
    path(f"{PUPIL}/talks/", home.Talks.as_view(), name="api_talks"),
    path("v1/updates/", home.Many.as_view(), name="api_many_updates"),
    path("v1/calls/", home.ManyCalls.as_view(), name="api_many_calls"),
    path("v1/updates/balance/", home.Balance.as_view(), name="api_balance"),
    path("v1/updates/<uuid:update_id>/on-the-plan/", home.OnPlan.as_view(), name="api_put_on_plan"),
    path("v1/photos/<uuid:photo_id>/", home.OnePhoto.as_view(), name="api_photo"),
    path("v1/calls/<uuid:call_id>/rang/", home.Rang.as_view(), name="api_rang"),
    path("v1/talks/<uuid:talk_id>/answer/", home.AnswerTalk.as_view(), name="api_answer_talk"),
    path("v1/needs/<uuid:pk>/", plan.OneNeed.as_view(), name="api_need"),
    path("v1/measures/<uuid:pk>/", plan.OneMeasure.as_view(), name="api_measure"),
    path("v1/outcomes/<uuid:pk>/", plan.OneOutcome.as_view(), name="api_outcome"),
    path("v1/next-steps/<uuid:pk>/", plan.OneNextStep.as_view(), name="api_next_step"),
    path("v1/next-steps/<uuid:step_id>/progress/", plan.Progresses.as_view(), name="api_progress"),
    path("v1/strategies/<uuid:pk>/", plan.OneStrategy.as_view(), name="api_strategy"),
    path("v1/provision/<uuid:pk>/", plan.OneProvision.as_view(), name="api_one_provision"),
    path(f"{CYCLE}/moves/", acts.Moves.as_view(), name="api_moves"),
    path(f"{CYCLE}/versions/", acts.Versions.as_view(), name="api_versions"),
    path(f"{CYCLE}/proposals/", acts.Proposals.as_view(), name="api_proposals"),
    path(f"{CYCLE}/judgements/", reviews.Judgements.as_view(), name="api_judgements"),
    path(f"{CYCLE}/review/", reviews.StartReview.as_view(), name="api_start_review"),
    path(f"{CYCLE}/said/", room.WhatWasSaid.as_view(), name="api_said"),
    path(f"{CYCLE}/close/", reviews.CloseCycle.as_view(), name="api_close"),
    path(f"{CYCLE}/review/not-needed/", planner.ExemptReview.as_view(), name="api_exempt_review"),
    path("v1/reviews/owed/", planner.Owed.as_view(), name="api_reviews_owed"),
    path("v1/reviews/to-come/", planner.ToCome.as_view(), name="api_reviews_to_come"),
    path("v1/reviews/<uuid:review_id>/move/", planner.MoveReview.as_view(), name="api_move_review"),
    path("v1/reviews/<uuid:review_id>/cancel/", planner.CancelReview.as_view(), name="api_cancel_review"),
    path("v1/reviews/<uuid:review_id>/around/", duties.Around.as_view(), name="api_around_review"),
    path("v1/versions/<uuid:version_id>/comments/", acts.Comments.as_view(), name="api_comments"),
    path("v1/versions/<uuid:version_id>/answers/", acts.Answers.as_view(), name="api_answers"),
    path("v1/proposals/<uuid:proposal_id>/reply/", acts.Reply.as_view(), name="api_reply"),
    re_path(r"", csrf_exempt(nothing_here), name="api_nothing_here"),
]
