"""What is true of the base page, the way in and the pages that say no."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import AnonymousUser
from django.template.loader import render_to_string
from django.test import Client, RequestFactory

from tests.cast import PASSWORD, Cast

DOORS = [
    "/sign-in/",
    "/account/login/code/",
    "/account/password/reset/",
    "/account/password/reset/done/",
    "/account/inactive/",
    "/account/confirm-email/",
]
MINE = [
    "/account/logout/",
    "/account/email/",
    "/account/password/change/",
    "/account/2fa/",
    "/account/2fa/totp/activate/",
    "/account/2fa/webauthn/",
    "/account/2fa/webauthn/add/",
    "/account/reauthenticate/",
]


def shape(html: str) -> dict[str, int]:
    """How a page is built: what every page has once, and what no page may have."""
    return {
        "lang": len(re.findall(r'<html lang="en-[gG][bB]"', html)),
        "h1": html.count("<h1"),
        "main": html.count("<main"),
        "title": len(re.findall(r"<title>[^<]+ – Alongside</title>", html)),
        "style": len(re.findall(r'<style|\sstyle="|\son[a-z]+="', html)),
        "script": len(re.findall(r"<script(?![^>]*(src=|application/json))", html)),
        "elsewhere": len(re.findall(r'(?:src|href|action)="(?:https?:)?//', html)),
    }


ONE_OF_EACH = {"lang": 1, "h1": 1, "main": 1, "title": 1, "style": 0, "script": 0, "elsewhere": 0}


@pytest.mark.django_db
@pytest.mark.parametrize("address", DOORS)
def test_the_way_in_stands_in_our_page(client: Client, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 200
    assert shape(response.content.decode()) == ONE_OF_EACH


@pytest.mark.parametrize("address", MINE)
def test_pages_about_signing_in_stand_in_our_page(client: Client, cast: Cast, address: str) -> None:
    EmailAddress.objects.update_or_create(
        user=cast.parent, email=cast.parent.email, defaults={"verified": True, "primary": True}
    )
    client.post("/sign-in/", {"login": cast.parent.email, "password": PASSWORD})
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    response = client.get(address)
    assert response.status_code == 200
    assert shape(response.content.decode()) == ONE_OF_EACH


@pytest.mark.django_db
def test_a_wrong_sign_in_says_so_in_the_title_and_above_the_form(client: Client) -> None:
    html = client.post("/sign-in/", {"login": "", "password": ""}).content.decode()
    assert "<title>Error: Sign in – Alongside</title>" in html
    assert '<a href="#id_login">Please answer “' in html
    assert shape(html) == ONE_OF_EACH


@pytest.mark.parametrize("name", ["400", "403", "404", "409", "429", "403_csrf"])
def test_a_page_that_says_no_is_one_of_ours(name: str) -> None:
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    assert shape(render_to_string(f"{name}.html", {}, request)) == ONE_OF_EACH


def test_a_refusal_gives_its_reason_as_words() -> None:
    html = render_to_string("403.html", {"reason": "Only Ada <and> her SENCO see this."})
    assert "Only Ada &lt;and&gt; her SENCO see this." in html


def test_the_page_for_our_own_mistake_needs_nothing_but_itself() -> None:
    assert shape(render_to_string("500.html")) == ONE_OF_EACH
