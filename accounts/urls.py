from allauth.account import views as allauth_views
from allauth.urls import urlpatterns as of_allauth
from django.db import transaction
from django.urls import URLPattern, URLResolver, include, path

from . import views


def whole(patterns: list[URLPattern | URLResolver]) -> list[URLPattern | URLResolver]:
    """Pages whose changes, and the events that say so (`accounts.sign_in_changes`), stand or fall together."""
    for each in patterns:
        if isinstance(each, URLResolver):
            whole(each.url_patterns)
        else:
            each.callback = transaction.atomic(each.callback)
    return patterns


urlpatterns = [
    path("account/", include(whole(of_allauth))),
    # Last, so that this is the address that `account_login` stands for.
    path("sign-in/", allauth_views.login, name="account_login"),
    path("me/", views.me, name="me"),
    path("me/talking-with-me/", views.preferences, name="preferences"),
    path("me/second-step/", views.second_factor, name="second_factor"),
    path("me/sign-out-everywhere/", views.sign_out_everywhere, name="sign_out_everywhere"),
    path("stop-e-mails/<uuid:person_id>/<str:signature>/", views.stop_mail, name="stop_mail"),
    path("me/keys/", views.my_tokens, name="my_tokens"),
    path("me/keys/<uuid:token_id>/end/", views.revoke_token, name="revoke_token"),
]
