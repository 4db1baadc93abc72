from allauth.account import views as allauth_views
from django.urls import include, path

from . import views

urlpatterns = [
    path("account/", include("allauth.urls")),
    # Last, so that this is the address that `account_login` stands for.
    path("sign-in/", allauth_views.login, name="account_login"),
    path("me/", views.me, name="me"),
    path("me/talking-with-me/", views.preferences, name="preferences"),
    path("me/second-step/", views.second_factor, name="second_factor"),
    path("me/sign-out-everywhere/", views.sign_out_everywhere, name="sign_out_everywhere"),
    path("me/keys/", views.my_tokens, name="my_tokens"),
    path("me/keys/<uuid:token_id>/end/", views.revoke_token, name="revoke_token"),
]
