"""Posting forms the way a browser does, and reading what came back."""

import re
from html import unescape
from typing import Any

from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User

from ..sessions import sign_in


def as_(person: User) -> Client:
    """A browser in which somebody is signed in."""
    return sign_in(Client(), person)


def address(name: str, *args: Any, query: str = "") -> str:
    return reverse(name, args=args) + query


def hidden(response: HttpResponse) -> dict[str, str]:
    """The hidden inputs of a page, without the token of the site."""
    pairs = {}
    for tag in re.findall(r"<input[^>]*type=\"hidden\"[^>]*>", response.content.decode()):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and name[1] != "csrfmiddlewaretoken":
            pairs[name[1]] = unescape(value[1]) if value else ""
    return pairs


def send(client: Client, href: str, **typed: Any) -> HttpResponse:
    """Open a form and post it with what is hidden in it."""
    opened = client.get(href)
    assert opened.status_code == 200, opened.status_code
    return client.post(href, {**hidden(opened), **{k: v for k, v in typed.items() if v is not None}})


def words(response: HttpResponse) -> str:
    """What a page says, without its markup."""
    main = response.content.decode().split("<main", 1)[-1].split("</main>", 1)[0]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", main)))


def errors(response: HttpResponse) -> list[str]:
    """The lines of a page's error summary."""
    text = response.content.decode()
    found = re.search(r'govuk-error-summary__body">(.*?)</div>', text, re.S)
    if not found:
        return []
    lines = re.findall(r"<(?:li|p)[^>]*>(.*?)</(?:li|p)>", found[1], re.S)
    return [unescape(re.sub(r"<[^>]+>", "", line)).strip() for line in lines]


def count(client: Client, path: str) -> int:
    """How many queries a page asks, once the connection is warm; the page is there, and not too long."""
    client.get(path)
    with CaptureQueriesContext(connection) as asked:
        response = client.get(path)
    assert response.status_code == 200, (response.status_code, path)
    assert len(response.content) <= 60_000
    assert len(asked) <= 15, (path, len(asked))
    return len(asked)
