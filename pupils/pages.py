"""The frame of every page about one pupil: their name, the parts this person may open, and why."""

import copy
from collections.abc import Collection
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.models import User
from accounts.words import StrOrPromise

from . import choices, paper, policy
from .enums import Ground, Section

#: The parts of a pupil's record in the order they are read: section, the name of its page, and its words on a tab.
TABS: list[tuple[Section, str, StrOrPromise]] = [
    (Section.PROFILE, "profile", _lazy("Profile")),
    (Section.PLAN, "plan", _lazy("Plan")),
    (Section.STRATEGIES, "strategies", _lazy("What helps")),
    (Section.NEEDS, "needs", _lazy("Strengths and needs")),
    (Section.VIEWS, "views", _lazy("What we said")),
    (Section.REVIEWS, "reviews", _lazy("Reviews")),
    (Section.FUNDING, "funding", _lazy("Funding")),
    (Section.UPDATES, "updates", _lazy("Home and school")),
]


#: What may be said in an address of a page that is asked for in the place of another: where a list goes on.
ASKED = ("after", "before")


def asked_for(request: HttpRequest, page: str, pupil_id: UUID) -> Any:
    """The request as it would be for another page about a pupil, to read: no form, no message, no address but where a
    list goes on. What answers it is its `resolver_match.func`.
    """
    asked: Any = copy.copy(request)
    asked.path = asked.path_info = reverse(page, args=[pupil_id])
    asked.resolver_match = resolve(asked.path)
    asked.GET = QueryDict(mutable=True)
    asked.GET.update({name: request.GET[name] for name in ASKED if name in request.GET})
    asked._messages = []
    return asked


def led_to(answer: HttpResponse, pages: Collection[str], pupil_id: UUID) -> str:
    """The name of the page about the same pupil to which an answer leads on. Raises Http404 for any but some."""
    try:
        to = resolve(urlsplit(answer["Location"]).path)
    except Resolver404 as error:
        raise Http404 from error
    if to.url_name not in pages or to.kwargs.get("pupil_id") != pupil_id:
        raise Http404
    return str(to.url_name)


def show(
    request: HttpRequest,
    sight: policy.Sight,
    template: str,
    section: Section | None,
    *,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    """Render a page about a pupil that extends `pupils/frame.html`.

    `section` is the part it belongs to; None is for a page about who sees what, which shows no part.
    """
    part = section or Section.PROFILE
    return render(
        request,
        template,
        {
            "pupil": sight.pupil,
            "sight": sight,
            "section": section,
            "tabs": tabs(sight, section),
            "paper": _paper(request, sight),
            "why": sight.because(part) if sight.sees(part) else "",
            "who_links": SimpleLazyObject(lambda: _who_links(sight)),
            "by_staff": bool(sight.grounds(part) & {Ground.COORDINATES, Ground.TEACHES}),
            **context,
        },
        status=status,
    )


def _paper(request: HttpRequest, sight: policy.Sight) -> str:
    """The address of the paper of this page, for whoever opens it themself."""
    name = request.resolver_match.url_name if request.resolver_match else None
    if name not in paper.PAGES or sight.looker is not None:
        return ""
    on = urlencode({asked: request.GET[asked] for asked in ASKED if asked in request.GET})
    return reverse("paper", args=[sight.pupil.pk, name]) + (f"?{on}" if on else "")


def tabs(sight: policy.Sight, current: Section | None = None) -> list[dict[str, Any]]:
    """The pages about a pupil that this person may open; a young person's own end with their choices.

    As somebody else sees them, where a young person looks through their eyes.
    """
    open_to_them = [
        {"href": _address(sight, name), "text": text, "current": section is current}
        for section, name, text in TABS
        if sight.sees(section)
    ]
    if sight.may("choose"):
        href = reverse("choices", args=[sight.pupil.pk])
        open_to_them.append({"href": href, "text": _("My choices"), "current": current is None})
    return open_to_them


def first_page(sight: policy.Sight) -> str:
    """The name of the first page about a pupil that somebody may open, who may open one."""
    return next(name for section, name, __ in TABS if sight.sees(section))


def _who_links(sight: policy.Sight) -> list[dict[str, str]]:
    """Where the line that says who can see a part leads: for a young person who decides, or will within a year."""
    if Ground.OWN not in sight.grounds(Section.PROFILE):
        return []
    if policy.day_of(sight) > timezone.localdate(sight.at + choices.REHEARSE):
        return []
    links = [{"href": reverse("see_as", args=[sight.pupil.pk]), "text": _("See it as they do")}]
    links.insert(0, {"href": reverse("choices", args=[sight.pupil.pk]), "text": _("Choose who can see this")})
    return links


def _address(sight: policy.Sight, name: str) -> str:
    if sight.looker is not None:
        return reverse("preview_page", args=[sight.pupil.pk, sight.person.pk, name])
    return reverse(name, args=[sight.pupil.pk])


def who_sees(sight: policy.Sight, section: Section) -> list[dict[str, str]]:
    """Who else can open a section, for the quiet line it wears.

    That somebody sees it because they decide for the young person is told to whoever reads the record of that
    (`policy.capacity_shown`); to others they are what they are to the pupil besides: 2 queries more. Whom a young person
    who decides shares with is theirs to tell: others read that there may be somebody, whether there is or not.
    """
    people = policy.told_of(policy.people_for(sight.pupil, section, sight.at), sight)
    reads_why = bool(sight.grounds(section) & {Ground.OWN, Ground.COORDINATES})
    if not reads_why and (sight.looker is not None or policy.they_decide(sight)):
        return _but_whom_they_chose(sight, people)
    deciders = {
        person.pk for person, reason in people if reason.ground is Ground.OVERRIDE and not reason.safeguarding
    }
    unsaid = set() if reads_why else deciders - {sight.person.pk}
    if unsaid:
        parents = {p.pk for p, _ in policy.near(sight.pupil, {Ground.PARENT.value}, sight.at)}
        named = [(p, _besides(p.pk in parents) if p.pk in unsaid else reason) for p, reason in people]
        order = list(Ground)
        people = sorted(named, key=lambda one: (order.index(one[1].ground), one[0].name))
    return [{"name": person.called, "role": reason.role} for person, reason in people]


def _but_whom_they_chose(
    sight: policy.Sight, people: list[tuple[User, policy.Reason]]
) -> list[dict[str, str]]:
    stay = {Ground.OWN, Ground.COORDINATES, Ground.TEACHES}
    told = [
        {"name": person.called, "role": reason.role}
        for person, reason in people
        if person.pk == sight.person.pk or (reason.ground in stay and not reason.chosen)
    ]
    return [
        *told,
        {"name": _("anybody else whom %(pupil)s chooses") % {"pupil": sight.pupil.called}, "role": ""},
    ]


def _besides(parent: bool) -> policy.Reason:
    return policy.Reason(Ground.PARENT if parent else Ground.SHARED)
