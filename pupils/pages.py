"""The frame of every page about one pupil: their name, the parts this person may open, and why."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from . import policy
from .enums import Ground, Section

#: The parts of a pupil's record in the order they are read: section, the name of its page, and its words on a tab.
TABS: list[tuple[Section, str, str]] = [
    (Section.PROFILE, "profile", "Profile"),
    (Section.PLAN, "plan", "Plan"),
    (Section.STRATEGIES, "strategies", "What helps"),
    (Section.NEEDS, "needs", "Strengths and needs"),
    (Section.VIEWS, "views", "What we said"),
    (Section.REVIEWS, "reviews", "Reviews"),
    (Section.FUNDING, "funding", "Funding"),
    (Section.UPDATES, "updates", "Home and school"),
]


def show(
    request: HttpRequest,
    sight: policy.Sight,
    template: str,
    section: Section,
    *,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    """Render a page about a pupil that extends `pupils/frame.html`; `section` is the part it belongs to."""
    return render(
        request,
        template,
        {
            "pupil": sight.pupil,
            "sight": sight,
            "section": section,
            "tabs": tabs(sight, section),
            "why": sight.because(section) if sight.sees(section) else "",
            "by_staff": bool(sight.grounds(section) & {Ground.COORDINATES, Ground.TEACHES}),
            **context,
        },
        status=status,
    )


def tabs(sight: policy.Sight, current: Section | None = None) -> list[dict[str, Any]]:
    """The pages about a pupil that this person may open."""
    return [
        {"href": reverse(name, args=[sight.pupil.pk]), "text": text, "current": section is current}
        for section, name, text in TABS
        if sight.sees(section)
    ]


def who_sees(sight: policy.Sight, section: Section) -> list[dict[str, str]]:
    """Who else can open a section, for the quiet line it wears."""
    return [
        {"name": person.called, "role": reason.role}
        for person, reason in policy.told_of(policy.people_for(sight.pupil, section, sight.at), sight)
    ]
