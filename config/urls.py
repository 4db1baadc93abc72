from django.urls import URLPattern, URLResolver, include, path

from config.health import healthz

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("api/", include("config.urls_api")),
    path("", include("notifications.urls_home")),
    path("", include("accounts.urls")),
    path("", include("pupils.urls_people")),
    path("", include("pupils.urls_invitations")),
    path("", include("pupils.urls_circle")),
    path("", include("pupils.urls_settings")),
    path("", include("pupils.urls_profile")),
    path("", include("pupils.urls_choices")),
    path("", include("pupils.urls_asking")),
    path("", include("pupils.urls_safeguarding")),
    path("", include("pupils.urls_previews")),
    path("", include("pupils.urls_hand_over")),
    path("", include("pupils.urls_documents")),
    path("", include("apdr.urls_setting")),
    path("", include("apdr.urls_family")),
    path("import/", include("pupils.urls_imports")),
    path("", include("apdr.urls_staff")),
    path("", include("reviews.urls")),
    path("", include("reviews.urls_calendar")),
    path("", include("reviews.urls_library")),
    path("", include("reviews.urls_map")),
    path("", include("notifications.urls")),
]

handler403 = "config.errors.not_open"
