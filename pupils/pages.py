"""The frame of every page about one pupil: their name, the parts this person may open, and why."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from . import choices, policy
from .enums import Ground, Section
from .models import Pupil

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
            "who_links": SimpleLazyObject(lambda: _who_links(sight)),
            "by_staff": bool(sight.grounds(section) & {Ground.COORDINATES, Ground.TEACHES}),
            **context,
        },
        status=status,
    )


def tabs(sight: policy.Sight, current: Section | None = None) -> list[dict[str, Any]]:
    """The pages about a pupil that this person may open; as they see them, where somebody looks through their eyes."""
    return [
        {"href": _address(sight, name), "text": text, "current": section is current}
        for section, name, text in TABS
        if sight.sees(section)
    ]


def _who_links(sight: policy.Sight) -> list[dict[str, str]]:
    """Where the line that says who can see a part leads: for a young person who decides, or will within a year."""
    if Ground.OWN not in sight.grounds(Section.PROFILE):
        return []
    if policy.day_of(sight) > timezone.localdate(sight.at + choices.REHEARSE):
        return []
    links = [{"href": reverse("see_as", args=[sight.pupil.pk]), "text": "See it as they do"}]
    if there := choices_href(sight.pupil):
        links.insert(0, {"href": there, "text": "Choose who can see this"})
    return links


def choices_href(pupil: Pupil) -> str:
    """The page on which a young person chooses who sees what; nothing where there is none."""
    try:
        return reverse("choices", args=[pupil.pk])
    except NoReverseMatch:
        return ""


def _address(sight: policy.Sight, name: str) -> str:
    if sight.looker is not None:
        return reverse("preview_page", args=[sight.pupil.pk, sight.person.pk, name])
    return reverse(name, args=[sight.pupil.pk])


def who_sees(sight: policy.Sight, section: Section) -> list[dict[str, str]]:
    """Who else can open a section, for the quiet line it wears."""
    return [
        {"name": person.called, "role": reason.role}
        for person, reason in policy.told_of(policy.people_for(sight.pupil, section, sight.at))
    ]
