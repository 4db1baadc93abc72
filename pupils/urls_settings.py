from django.urls import path

from . import views_settings as views

urlpatterns = [
    path("settings/", views.settings_of_senco, name="settings"),
    path("settings/<uuid:setting_id>/", views.setting, name="setting"),
    path("settings/<uuid:setting_id>/edit/", views.edit_setting, name="edit_setting"),
    path("settings/<uuid:setting_id>/terms/", views.add_term, name="add_term"),
    path("settings/<uuid:setting_id>/terms/<uuid:term_id>/remove/", views.remove_term, name="remove_term"),
    path("settings/<uuid:setting_id>/classes/", views.add_class, name="add_class"),
    path("settings/<uuid:setting_id>/classes/<uuid:class_id>/", views.setting_class, name="setting_class"),
    path("settings/<uuid:setting_id>/classes/<uuid:class_id>/move/", views.move_class, name="move_class"),
    path(
        "settings/<uuid:setting_id>/classes/<uuid:class_id>/people/<uuid:person_id>/leave/",
        views.leave_class,
        name="leave_class",
    ),
]
