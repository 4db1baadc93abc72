"""`/api/v1/` and its schema."""

from django.urls import path, re_path
from django.views.decorators.csrf import csrf_exempt
from drf_spectacular.views import SpectacularJSONAPIView

from apdr import api as plan
from apdr import api_acts as acts
from apdr import api_money as money
from apdr import api_voice as voice
from notifications import api as notifications
from notifications import api_events as on
from notifications import api_signposts as help_
from notifications import api_surveys as surveys
from notifications import api_updates as home
from pupils import api as pupils
from pupils import api_choices as chosen
from pupils import api_decided as decided
from pupils import api_documents as documents
from pupils import api_ehc as ehc
from pupils import api_hand_over as hand_over
from pupils import api_requests as asking
from pupils import api_talking as talking
from pupils.rest import nothing_here
from reviews import api as reviews
from reviews import api_duties as duties
from reviews import api_invitations as asked
from reviews import api_library as library
from reviews import api_map as mapped
from reviews import api_planner as planner
from reviews import api_room as room
from reviews import api_we_did as we_did

PUPIL = "v1/pupils/<uuid:pupil_id>"
CYCLE = "v1/cycles/<uuid:cycle_id>"
SETTING = "v1/settings/<uuid:setting_id>"
REVIEW = f"{PUPIL}/reviews/<uuid:review_id>"

urlpatterns = [
    path("schema/", SpectacularJSONAPIView.as_view(), name="api_schema"),
    path("v1/me/", pupils.Me.as_view(), name="api_me"),
    path("v1/pupils/", pupils.Pupils.as_view(), name="api_pupils"),
    path("v1/pupils/<uuid:pk>/", pupils.OnePupil.as_view(), name="api_pupil"),
    path(f"{PUPIL}/profile/", pupils.Profiles.as_view(), name="api_profile"),
    path(
        "v1/profile-pictures/<uuid:picture_id>/",
        pupils.OneProfilePicture.as_view(),
        name="api_profile_picture",
    ),
    path(f"{PUPIL}/page/", voice.OwnPage.as_view(), name="api_own_page"),
    path(f"{PUPIL}/celebrations/", voice.Celebrations.as_view(), name="api_celebrations"),
    path(
        "v1/celebrations/<uuid:celebration_id>/tell/",
        voice.TellCelebration.as_view(),
        name="api_tell_celebration",
    ),
    path("v1/outcomes/<uuid:pk>/story/", voice.OutcomeStory.as_view(), name="api_outcome_story"),
    path("v1/next-steps/<uuid:pk>/story/", voice.PlanStory.as_view(), name="api_step_story"),
    path("v1/strategies/<uuid:pk>/story/", voice.StrategyStory.as_view(), name="api_strategy_story"),
    path("v1/plan-answers/<uuid:pk>/way-forward/", voice.FindAWay.as_view(), name="api_find_a_way"),
    path(
        "v1/strategy-answers/<uuid:pk>/way-forward/",
        voice.FindAWayForStrategy.as_view(),
        name="api_find_a_way_for_strategy",
    ),
    path(f"{PUPIL}/we-did/", we_did.WeDid.as_view(), name="api_we_did"),
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
    path(f"{PUPIL}/funding/", money.Funding.as_view(), name="api_funding"),
    path(f"{PUPIL}/funding/evaluations/", money.Evaluations.as_view(), name="api_evaluations"),
    path(f"{PUPIL}/funding/agreements/", money.Agreements.as_view(), name="api_agreements"),
    path(f"{PUPIL}/funding/decisions/", money.Decisions.as_view(), name="api_money_decisions"),
    path(f"{PUPIL}/funding/worth-asking/", money.WorthAsking.as_view(), name="api_worth_asking"),
    path(f"{PUPIL}/sessions/", money.Sessions.as_view(), name="api_sessions"),
    path(f"{PUPIL}/costs/", money.Costs.as_view(), name="api_costs"),
    path(
        "v1/settings/<uuid:setting_id>/provision-map/",
        mapped.ProvisionMap.as_view(),
        name="api_provision_map",
    ),
    path(
        "v1/settings/<uuid:setting_id>/cohort-report/",
        mapped.CohortReport.as_view(),
        name="api_cohort_report",
    ),
    path("v1/settings/<uuid:setting_id>/rates/", money.Rates.as_view(), name="api_rates"),
    path("v1/settings/<uuid:setting_id>/rates/hourly/", money.Hourly.as_view(), name="api_hourly"),
    path("v1/settings/<uuid:setting_id>/rates/weeks/", money.Weeks.as_view(), name="api_weeks"),
    path(
        "v1/settings/<uuid:setting_id>/rates/funding/", money.FundingRates.as_view(), name="api_funding_rates"
    ),
    path(f"{PUPIL}/funding/allocations/", plan.Allocations.as_view(), name="api_allocations"),
    path(f"{PUPIL}/funding/uses/", plan.Uses.as_view(), name="api_uses"),
    path("v1/funding-uses/<uuid:pk>/", plan.OneUse.as_view(), name="api_use"),
    path(f"{PUPIL}/scales/", plan.Scales.as_view(), name="api_scales"),
    path(f"{PUPIL}/households/", acts.Households.as_view(), name="api_households"),
    path(f"{PUPIL}/write-back/", acts.WriteBack.as_view(), name="api_write_back"),
    path(f"{PUPIL}/views/", acts.Views.as_view(), name="api_views"),
    path("v1/said-files/<uuid:file_id>/", voice.SaidFile.as_view(), name="api_said_file"),
    path("v1/said-files/<uuid:file_id>/words/", voice.InWords.as_view(), name="api_file_in_words"),
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
    path(f"{SETTING}/library/", library.Library.as_view(), name="api_library"),
    path("v1/library/<uuid:library_id>/", library.OneLibraryStrategy.as_view(), name="api_library_strategy"),
    path("v1/strategies/<uuid:home_strategy_id>/try-here/", library.TryHere.as_view(), name="api_try_here"),
    path("v1/strategies/<uuid:strategy_id>/offer-home/", library.OfferHome.as_view(), name="api_offer_home"),
    path(f"{PUPIL}/home-offers/", library.HomeOffers.as_view(), name="api_home_offers"),
    path("v1/home-offers/<uuid:offer_id>/answer/", library.AnswerOffer.as_view(), name="api_answer_home"),
    path(f"{SETTING}/events/", on.Events.as_view(), name="api_events"),
    path("v1/events/<uuid:event_id>/", on.OneEvent.as_view(), name="api_event"),
    path("v1/events/<uuid:event_id>/call-off/", on.CallOffEvent.as_view(), name="api_call_off_event"),
    path("v1/events/<uuid:event_id>/sign-up/", on.SignUp.as_view(), name="api_sign_up"),
    path("v1/events/<uuid:event_id>/not-coming/", on.LeaveEvent.as_view(), name="api_leave_event"),
    path(f"{SETTING}/signposts/", help_.Signposts.as_view(), name="api_signposts"),
    path("v1/signposts/<uuid:signpost_id>/", help_.OneSignpost.as_view(), name="api_signpost"),
    path(f"{PUPIL}/signposts/", help_.SignpostOffers.as_view(), name="api_signpost_offers"),
    path(
        "v1/signpost-offers/<uuid:signpost_offer_id>/answer/",
        help_.AnswerSignpost.as_view(),
        name="api_answer_signpost",
    ),
    path("v1/me/surveys/", surveys.MySurveys.as_view(), name="api_my_surveys"),
    path(f"{SETTING}/surveys/", surveys.Surveys.as_view(), name="api_surveys"),
    path("v1/surveys/<uuid:pk>/", surveys.OneSurvey.as_view(), name="api_survey"),
    path(
        "v1/surveys/<uuid:pk>/questions/",
        surveys.SurveyQuestions.as_view(),
        name="api_survey_questions",
    ),
    path("v1/surveys/<uuid:pk>/open/", surveys.OpenSurvey.as_view(), name="api_open_survey"),
    path("v1/surveys/<uuid:pk>/end/", surveys.CloseSurvey.as_view(), name="api_close_survey"),
    path("v1/surveys/<uuid:pk>/answer/", surveys.AnswerSurvey.as_view(), name="api_answer_survey"),
    path("v1/surveys/<uuid:pk>/results/", surveys.SurveyResults.as_view(), name="api_survey_results"),
    path("v1/surveys/<uuid:pk>/publish/", surveys.PublishSurvey.as_view(), name="api_publish_survey"),
    path(f"{SETTING}/documents/", documents.Documents.as_view(), name="api_documents"),
    path("v1/documents/<uuid:document_id>/", documents.OneDocument.as_view(), name="api_document"),
    path(
        "v1/documents/<uuid:document_id>/comments/",
        documents.DocumentComments.as_view(),
        name="api_document_comments",
    ),
    path(
        "v1/document-comments/<uuid:comment_id>/answer/",
        documents.AnswerComment.as_view(),
        name="api_answer_comment",
    ),
    path("v1/published/<uuid:setting_id>/", documents.Published.as_view(), name="api_published"),
    re_path(r"", csrf_exempt(nothing_here), name="api_nothing_here"),
]
