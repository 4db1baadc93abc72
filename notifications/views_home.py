"""Where everybody starts, and a SENCO's caseload."""

from urllib.parse import urlencode
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.enums import Role
from accounts.views import SignedInRequest
from accounts.views import held as held_by
from apdr.selectors import by_staff
from apdr.selectors_child import child_home
from apdr.selectors_teacher import teacher_home
from pupils import access, pages, policy
from pupils.enums import Ground, Relation, Section
from pupils.requests import waiting_for_them
from pupils.second_thoughts import to_look_at
from pupils.selectors import classes_of_settings
from pupils.selectors_safeguarding import named, waits
from pupils.selectors_sharing import asked_by, shared_home

from . import caseload, reminders, wanted
from .forms_home import CaseloadFilters
from .selectors import parent_home
from .selectors_home import needs, of_events, of_settings, of_surveys, overview


@require_safe
@login_required
def home(request: SignedInRequest) -> HttpResponse:
    """Where everybody starts: what they came for, by what they are to whom."""
    person, at = request.user, request.at
    held = held_by(request)
    if held == {Role.SENCO}:
        return redirect("caseload")
    teacher = teacher_home(person, at) if held else None
    near_as = policy.near_as(person, at)
    own = near_as.get(Relation.SELF, [])
    child = child_home(own[0], person, at) if own else None
    decides, waiting = waiting_for_them(child.sight) if child else (False, [])
    decisions = named(person, at)
    leads = bool(held & policy.SECOND_PERSON)
    access.write_down_all(
        [*(teacher.sights if teacher else []), *([child.sight] if child else [])], [Section.PLAN]
    )
    near = [*(teacher.near if teacher else []), *([child.sight] if child else [])]
    family = policy.families_here(at, person=person.pk)
    coming = of_events(person, at, family)
    context = {
        "needs": [
            *coming.needs,
            *needs(wanted.of_sights(near, at, wanted.ON_PAGES)),
            *(of_settings(person, at) if Role.SENCO in held else []),
            *of_surveys(person, at, family),
        ],
        "coming": coming.number,
        "coordinates": Role.SENCO in held,
        "teacher": teacher,
        "parent": parent_home(person, near_as.get(Relation.PARENT_CARER, []), at),
        "child": child,
        "shared": shared_home(person, near_as.get(Relation.PROFESSIONAL, []), at),
        # Nobody asks for what is their own.
        "asked": asked_by(person, at) if held or decisions or set(near_as) - {Relation.SELF} else [],
        "decides": decides,
        "waiting": waiting,
        "look": to_look_at(child.sight) if child else None,
        "leads": leads,
        "waits": waits(person, at) if leads else 0,
        "named": decisions,
        "counted": policy.settings_counted(person, at).order_by("name") if Role.LEADER in held else [],
    }
    return render(request, "notifications/home.html", context)


@require_safe
@login_required
def pupil(request: SignedInRequest, pupil_id: UUID) -> HttpResponse:
    """The way in to one pupil: their own page for a child, the plan for a family, an overview for staff, and for
    whoever has other parts alone the first of those.
    """
    sight = access.find_record(request, pupil_id)
    if not sight.sections:
        if access.keeps(request, pupil_id):
            return redirect("kept_plan", pupil_id)
        raise policy.NotThisSection(sight.pupil)
    if Ground.OWN in sight.grounds(sight.sections[0]):
        return redirect("mine", pupil_id)
    if not sight.sees(Section.PLAN):
        return redirect(pages.first_page(sight), pupil_id)
    if not by_staff(sight, Section.PLAN):
        return redirect("plan", pupil_id)
    sight = access.open_record(request, pupil_id, Section.PLAN, also=[Section.PROFILE, Section.STRATEGIES])
    return pages.show(request, sight, "notifications/pupil.html", Section.PLAN, **overview(sight))


@require_safe
@login_required
def show_caseload(request: SignedInRequest) -> HttpResponse:
    """Everybody whose plan this person coordinates: what to notice first, then who."""
    at = request.at
    settings = list(policy.settings_coordinated(request.user, at))
    if not settings:
        raise PermissionDenied
    form = CaseloadFilters(request.GET, classes=classes_of_settings(settings))
    form.is_valid()
    asked = form.cleaned_data
    coordinated = policy.pupils_for(request.user, "coordinate", at)
    group = asked.get("group")
    try:
        page = caseload.page(
            coordinated,
            at,
            words=asked.get("q", ""),
            flag=asked.get("flag", ""),
            stage=asked.get("stage", ""),
            class_id=group.pk if group else None,
            after=request.GET.get("after", ""),
        )
    except ValueError:
        return redirect("caseload")
    query = {k: v for k, v in request.GET.items() if k in form.fields and v}
    counted = caseload.counts(coordinated, at)
    context = {
        "form": form,
        "page": page,
        "needs": [
            *needs(wanted.of_person(request.user, coordinated, at, caseload.NOT_FLAGGED)),
            *of_settings(request.user, at),
            *of_surveys(request.user, at),
        ],
        "not_reached": reminders.not_reached(request.user, coordinated, at),
        "noticed": [(key, text, counted[key]) for key, _, text in caseload.FLAGS if counted[key]],
        "all": counted["all"],
        "flag": asked.get("flag", ""),
        "settings": settings,
        "sentences": {key: text for key, text, _ in caseload.FLAGS},
        "next": f"?{urlencode({**query, 'after': page.after})}" if page.after else "",
        "first": f"?{urlencode(query)}" if page.earlier else "",
        "narrowed": bool(query),
    }
    return render(request, "notifications/caseload.html", context)
