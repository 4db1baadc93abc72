from django.urls import path

from . import views_library as views

urlpatterns = [
    path("library/", views.my_library, name="my_library"),
    path("settings/<uuid:setting_id>/library/", views.show_library, name="library"),
    path("settings/<uuid:setting_id>/library/add/", views.add_to_library, name="add_to_library"),
    path("settings/<uuid:setting_id>/library/fill/", views.fill_library, name="fill_library"),
    path("settings/<uuid:setting_id>/library/strategies.csv", views.library_file, name="library_file"),
    path("library/<uuid:strategy_id>/", views.edit_library, name="edit_library"),
    path("library/<uuid:strategy_id>/retire/", views.retire_library, name="retire_library"),
    path("pupils/<uuid:pupil_id>/strategies/", views.strategies, name="strategies"),
    path("cycles/<uuid:cycle_id>/library/", views.choose_strategy, name="choose_strategy"),
    path("strategies/<uuid:strategy_id>/try-here/", views.try_here, name="try_here"),
    path("strategies/<uuid:strategy_id>/offer-home/", views.offer_home, name="offer_home"),
    path("home-offers/<uuid:offer_id>/answer/", views.answer_home, name="answer_home"),
]
