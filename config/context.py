"""Where this person can go, on every page."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.enums import Role
from accounts.models import User
from accounts.views import held as held_by
from pupils.access import Preview


def nav(request: HttpRequest) -> dict[str, Any]:
    """`nav`: links by what the person is in their settings; nothing for somebody who is not signed in."""
    person = getattr(request, "user", None)
    if not isinstance(person, User) or hasattr(request, "preview"):
        return {}
    held = held_by(request)  # type: ignore[arg-type]
    places = [("home", _("Home"))]
    if Role.SENCO in held:
        places += [("caseload", _("Caseload")), ("review_planner", _("Reviews"))]
    if held & {Role.SENCO, Role.KEY_ADULT, Role.DSL, Role.DEPUTY_DSL}:
        places.append(("classes", _("My classes")))
    if held & {Role.DSL, Role.DEPUTY_DSL, Role.LEADER}:
        places.append(("safeguarding", _("Safeguarding")))
    if held & {Role.SENCO, Role.LEADER}:
        places.append(("people", _("People")))
    if Role.SENCO in held:
        places.append(("settings", _("Setting")))
    return {"nav": [_link(request, name, text) for name, text in places]}


def seen_as(request: HttpRequest) -> dict[str, Any]:
    """`seen_as`: whose view a page is, where a young person looks through somebody else's eyes.

    Its forms then carry no token that the site takes, so that none of them can be sent.
    """
    preview: Preview | None = getattr(request, "preview", None)
    if preview is None:
        return {}
    person, pupil = preview.sight.person, preview.by.pupil
    told = {
        "person": person,
        "by": preview.by.person,
        "on": preview.sight.at if preview.sight.at > preview.by.at else None,
        "href": reverse("preview", args=[pupil.pk, person.pk]),
        "back": reverse("see_as", args=[pupil.pk]),
    }
    return {"seen_as": told, "csrf_token": "nothing-can-be-sent-from-here"}


def _link(request: HttpRequest, name: str, text: str) -> dict[str, Any]:
    href = reverse(name)
    current = request.path == href if href == "/" else request.path.startswith(href)
    return {"href": href, "text": text, "current": current}
