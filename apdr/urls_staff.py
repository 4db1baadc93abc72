from django.urls import path

from .views import cycle, funding, items, money, needs, plan_draft, register, strategies, views_said

urlpatterns = [
    path("pupils/<uuid:pupil_id>/needs/", needs.needs, name="needs"),
    path("pupils/<uuid:pupil_id>/funding/", funding.funding, name="funding"),
    path("pupils/<uuid:pupil_id>/funding/add/", funding.allocate, name="allocate"),
    path("pupils/<uuid:pupil_id>/views/", views_said.views, name="views"),
    path("pupils/<uuid:pupil_id>/views/record/", views_said.record_views, name="record_views"),
    path("pupils/<uuid:pupil_id>/cycles/", cycle.history, name="cycles"),
    path("pupils/<uuid:pupil_id>/cycles/open/", cycle.open_cycle, name="open_cycle"),
    path("cycles/<uuid:cycle_id>/", cycle.cycle, name="cycle"),
    path("cycles/<uuid:cycle_id>/edit/", cycle.edit_cycle, name="edit_cycle"),
    path("cycles/<uuid:cycle_id>/move/<str:stage>/", cycle.move, name="move_cycle"),
    path("cycles/<uuid:cycle_id>/share/", plan_draft.share, name="share"),
    path("cycles/<uuid:cycle_id>/add/<str:kind>/", items.add_item, name="add_item"),
    path("items/<str:kind>/<uuid:item_id>/", items.edit_item, name="edit_item"),
    path("items/<str:kind>/<uuid:item_id>/take-off/", items.take_off, name="take_off"),
    path("strategies/<uuid:strategy_id>/answer/", strategies.answer_strategy, name="answer_strategy"),
    path("proposals/<uuid:proposal_id>/accept/", plan_draft.accept, name="accept_proposal"),
    path("proposals/<uuid:proposal_id>/decline/", plan_draft.decline, name="decline_proposal"),
    path("allocations/<uuid:allocation_id>/", funding.edit_allocation, name="edit_allocation"),
    path("allocations/<uuid:allocation_id>/uses/add/", funding.plan_use, name="plan_use"),
    path("uses/<uuid:use_id>/", funding.edit_use, name="edit_use"),
    path("allocations/<uuid:allocation_id>/say/", money.say_funding, name="say_funding"),
    path("allocations/<uuid:allocation_id>/agree/", money.agree_funding, name="agree_funding"),
    path("allocations/<uuid:allocation_id>/decide/", money.decide_funding, name="decide_funding"),
    path("pupils/<uuid:pupil_id>/funding/worth-asking/", money.worth_asking, name="worth_asking"),
    path("pupils/<uuid:pupil_id>/costs/", money.costs, name="costs"),
    path("provision/<uuid:provision_id>/cost/", money.cost_provision, name="cost_provision"),
    path("register/", register.register, name="register"),
]
