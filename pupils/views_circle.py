"""The people around a pupil, and who a pupil is: the SENCO's pages."""

from datetime import datetime, time
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.conflict import rows, settled
from accounts.enums import InvitationKind
from accounts.models import Invitation, User
from accounts.views import SignedInRequest

from . import access, audit, circle, forms, invitations, pages, policy, selectors, services
from .enums import Relation, Section
from .errors import Stale
from .models import Pupil, Restriction
from .views_people import send

form_page = require_http_methods(["GET", "HEAD", "POST"])


@form_page
@login_required
def add_pupil(request: SignedInRequest) -> HttpResponse:
    """Take a new pupil into a setting that this person coordinates."""
    settings = policy.settings_coordinated(request.user, request.at)
    if not settings.exists():
        raise PermissionDenied
    form = forms.NewPupilForm(request.POST or None, settings=settings)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        pupil = forms.attempt(form, lambda: services.create_pupil(by=request.user, at=request.at, **typed))
        if pupil is not None:
            messages.success(
                request,
                _("%(pupil)s has been added. Now add the people around them.") % {"pupil": pupil.name},
            )
            return redirect("circle", pupil.pk)
    return render(request, "pupils/add_pupil.html", {"form": form}, status=422 if form.errors else 200)


@form_page
@login_required
def edit_pupil(request: SignedInRequest, pupil_id: UUID) -> HttpResponse:
    """Change who a pupil is. The UPN is not shown here: revealing it is an act of its own."""
    sight = access.open_record(request, pupil_id, "edit_pupil")
    shown = [name for name in services.PUPIL_FIELDS if name != "upn"]
    if request.method == "POST":
        form = forms.PupilForm(settled(request.POST))
        form.fields["upn"].help_text = _UPN_HELP
        if form.is_valid():
            typed = dict(form.cleaned_data)
            version = typed.pop("version") or 0
            if not typed["upn"]:
                del typed["upn"]
            try:
                saved = forms.attempt(
                    form,
                    lambda: services.edit_pupil(
                        pupil=sight.pupil, version=version, by=request.user, at=request.at, **typed
                    ),
                )
            except Stale as stale:
                return conflict(request, form, stale, {n: getattr(stale.now, n) for n in shown})
            if saved is not None:
                messages.success(request, _("Saved."))
                return redirect("circle", pupil_id)
    else:
        form = forms.PupilForm(initial=forms.editing(sight.pupil, shown))
        form.fields["upn"].help_text = _UPN_HELP
    return pages.show(
        request,
        sight,
        "pupils/edit_pupil.html",
        Section.PROFILE,
        form=form,
        status=422 if form.errors else 200,
    )


_UPN_HELP = _lazy("Leave empty to keep the one we have. It is kept out of sight.")


def conflict(request: SignedInRequest, form: Any, stale: Stale, now: dict[str, Any]) -> HttpResponse:
    context = {
        "form": form,
        "rows": rows(form, now),
        "version": stale.now.version,
        "action": request.path,
        "back_href": request.path,
        "own": audit.is_own(stale, request.user),
    }
    return render(request, "conflict.html", context, status=409)


@require_safe
@login_required
def show_circle(request: SignedInRequest, pupil_id: UUID) -> HttpResponse:
    """Who stands near a pupil, and every way to change it."""
    sight = access.open_record(request, pupil_id, "edit_circle")
    return _circle(request, sight)


def _circle(
    request: SignedInRequest, sight: policy.Sight, asked: dict[str, Any] | None = None
) -> HttpResponse:
    at, pupil = sight.at, sight.pupil
    around = selectors.around(sight)
    enrolment = around["enrolment"]
    made: dict[str, Any] = {
        "key_adult_form": forms.KeyAdultForm(staff=selectors.staff_of(enrolment.setting, at)),
        "class_form": forms.ClassForm(classes=selectors.classes_of_settings([enrolment.setting])),
        "carer_form": forms.ParentCarerForm(households=selectors.households_of(pupil)),
        "restriction_form": _restriction_form(pupil),
        "move_form": forms.MoveForm(settings=_elsewhere(sight)),
        "invite_form": forms.InviteForm(carers=selectors.not_signed_up(pupil)),
        "invited": invitations.waiting_for(pupil),
        **(asked or {}),
    }
    failed = [form for form in (asked or {}).values() if getattr(form, "errors", None)]
    return pages.show(
        request,
        sight,
        "pupils/circle.html",
        Section.PROFILE,
        status=422 if failed else 200,
        failed=failed,
        form=failed[0] if failed else None,
        **around,
        **made,
    )


def _act(
    request: SignedInRequest, sight: policy.Sight, name: str, form: Any, act: Any, said: str
) -> HttpResponse:
    """Do what a form of the circle page asks; show the page again with the refusal beside the field."""
    done = forms.attempt(form, lambda: act(form.cleaned_data) or True)
    if not done:
        return _circle(request, sight, {name: form})
    messages.success(request, said)
    return redirect("circle", sight.pupil.pk)


@require_POST
@login_required
def add_key_adult(request: SignedInRequest, pupil_id: UUID) -> HttpResponse:
    sight = access.open_record(request, pupil_id, "edit_circle")
    enrolment = selectors.current_enrolment(sight.pupil, sight.at)
    staff = selectors.staff_of(enrolment.setting, sight.at) if enrolment else User.objects.none()
    form = forms.KeyAdultForm(request.POST, staff=staff)
    who: dict[str, Any] = {"pupil": sight.pupil, "by": request.user, "at": request.at}
    return _act(
        request,
        sight,
        "key_adult_form",
        form,
        lambda asked: circle.grant(relation=Relation.KEY_ADULT, person=asked["person"], **who),
        _("They can see the plan now."),
    )


@require_POST
@login_required
def end_relation(request: SignedInRequest, pupil_id: UUID, person_id: UUID, relation: str) -> HttpResponse:
    sight = access.open_record(request, pupil_id, "edit_circle")
    if relation not in Relation:
        raise Http404
    person = selectors.person_near(sight.pupil, person_id)
    circle.end_relation(
        relation=Relation(relation), person=person, pupil=sight.pupil, by=request.user, at=request.at
    )
    messages.success(request, _("%(person)s cannot see this record any more.") % {"person": person.name})
    return redirect("circle", pupil_id)


@require_POST
@login_required
def put_in_class(request: SignedInRequest, pupil_id: UUID) -> HttpResponse:
    sight = access.open_record(request, pupil_id, "edit_circle")
    enrolment = selectors.current_enrolment(sight.pupil, sight.at)
    form = forms.ClassForm(
        request.POST, classes=selectors.classes_of_settings([enrolment.setting] if enrolment else [])
    )
    return _act(
        request,
        sight,
        "class_form",
        form,
        lambda asked: circle.place_in_class(
            pupil=sight.pupil, class_group=asked["group"], by=request.user, at=request.at
        ),
        _("Saved. The adults of this class can see the plan now."),
    )


@require_POST
@login_required
def take_out_of_class(request: SignedInRequest, pupil_id: UUID, class_id: UUID) -> HttpResponse:
    sight = access.open_record(request, pupil_id, "edit_circle")
    group = selectors.class_of(sight.pupil, class_id)
    circle.take_out_of_class(pupil=sight.pupil, class_group=group, by=request.user, at=request.at)
    messages.success(
        request,
        _("%(pupil)s is no longer in %(group)s.") % {"pupil": sight.pupil.called, "group": group.name},
    )
    return redirect("circle", pupil_id)


@require_POST
@login_required
def add_parent_carer(request: SignedInRequest, pupil_id: UUID) -> HttpResponse:
    sight = access.open_record(request, pupil_id, "edit_circle")
    form = forms.ParentCarerForm(request.POST, households=selectors.households_of(sight.pupil))
    return _act(
        request,
        sight,
        "carer_form",
        form,
        lambda asked: circle.add_parent_carer(pupil=sight.pupil, by=request.user, at=request.at, **asked),
        _("Added. Invite them so that they can see the shared plan and take part."),
    )


@form_page
@login_required
def edit_household(request: SignedInRequest, pupil_id: UUID, household_id: UUID) -> HttpResponse:
    sight = access.open_record(request, pupil_id, "edit_circle")
    household = selectors.household_of(sight.pupil, household_id)
    if request.method == "POST":
        form = forms.HouseholdForm(settled(request.POST))
        if form.is_valid():
            typed = dict(form.cleaned_data)
            version = typed.pop("version")
            try:
                done = forms.attempt(
                    form,
                    lambda: (
                        circle.edit_household(
                            household=household,
                            pupil=sight.pupil,
                            version=version,
                            by=request.user,
                            at=request.at,
                            **typed,
                        )
                        or True
                    ),
                )
            except Stale as stale:
                return conflict(request, form, stale, {n: getattr(stale.now, n) for n in typed})
            if done:
                messages.success(request, _("Saved."))
                return redirect("circle", pupil_id)
    else:
        form = forms.HouseholdForm(instance=household, initial={"version": household.version})
    return pages.show(
        request,
        sight,
        "pupils/household.html",
        Section.PROFILE,
        form=form,
        household=household,
        status=422 if form.errors else 200,
    )


@require_POST
@login_required
def restrict(request: SignedInRequest, pupil_id: UUID) -> HttpResponse:
    sight = access.open_record(request, pupil_id, "restrict")
    form = _restriction_form(sight.pupil, request.POST)

    def act(asked: dict[str, Any]) -> Restriction:
        until = asked.pop("until")
        ends_at = timezone.make_aware(datetime.combine(until, time())) if until else None
        return circle.restrict(pupil=sight.pupil, by=request.user, at=request.at, ends_at=ends_at, **asked)

    return _act(
        request, sight, "restriction_form", form, act, _("They are shut out of this record from now on.")
    )


def _restriction_form(pupil: Pupil, data: Any = None) -> forms.RestrictionForm:
    people, carers = selectors.may_be_restricted(pupil), pupil.parent_carers.filter(person=None)
    return forms.RestrictionForm(data, people=people, carers=carers)


@require_POST
@login_required
def lift_restriction(request: SignedInRequest, pupil_id: UUID, restriction_id: UUID) -> HttpResponse:
    sight = access.open_record(request, pupil_id, "restrict")
    row = selectors.restriction_of(sight.pupil, restriction_id)
    circle.lift_restriction(restriction=row, by=request.user, at=request.at)
    messages.success(request, _("The restriction has ended. It stays on record."))
    return redirect("circle", pupil_id)


def _elsewhere(sight: policy.Sight) -> Any:
    """The settings to which a SENCO of several can move a pupil: not the one they are in."""
    here = selectors.current_enrolment(sight.pupil, sight.at)
    return policy.settings_coordinated(sight.person, sight.at).exclude(pk=here.setting_id if here else None)


@require_POST
@login_required
def move(request: SignedInRequest, pupil_id: UUID) -> HttpResponse:
    sight = access.open_record(request, pupil_id, "edit_pupil")
    form = forms.MoveForm(request.POST, settings=_elsewhere(sight))
    done = forms.attempt(
        form,
        lambda: services.move(pupil=sight.pupil, by=request.user, at=request.at, **form.cleaned_data) or True,
    )
    if not done:
        return _circle(request, sight, {"move_form": form})
    messages.success(
        request,
        _("Written down: %(pupil)s leaves on %(day)s.")
        % {"pupil": sight.pupil.name, "day": date_format(form.cleaned_data["on"], "d E Y")},
    )
    return redirect("caseload")


@require_POST
@login_required
def invite(request: SignedInRequest, pupil_id: UUID) -> HttpResponse:
    """Invite a parent carer, the young person or a professional by e-mail."""
    sight = access.open_record(request, pupil_id, "edit_circle")
    form = forms.InviteForm(request.POST, carers=selectors.not_signed_up(sight.pupil))

    made = forms.attempt(form, lambda: _invitation(sight, form.cleaned_data))
    if not made:
        return _circle(request, sight, {"invite_form": form})
    send(request, *made)
    return redirect("circle", pupil_id)


def _invitation(sight: policy.Sight, asked: dict[str, Any]) -> tuple[Invitation, str]:
    who: dict[str, Any] = {"email": asked["email"], "by": sight.person, "at": sight.at}
    match asked["kind"]:
        case InvitationKind.PARENT:
            return invitations.invite_parent(carers=[asked["carer"]], **who)
        case InvitationKind.YOUNG_PERSON:
            return invitations.invite_young_person(pupil=sight.pupil, **who)
        case _:
            return invitations.invite_professional(pupils=[sight.pupil], name=asked["name"], **who)


@require_POST
@login_required
def invite_again(request: SignedInRequest, pupil_id: UUID, invitation_id: UUID) -> HttpResponse:
    sight = access.open_record(request, pupil_id, "edit_circle")
    invitation = selectors.invitation_to(sight.pupil, invitation_id)
    try:
        secret = invitations.send_again(invitation=invitation, by=request.user, at=request.at)
    except ValidationError as refused:
        messages.warning(request, " ".join(refused.messages))
    else:
        send(request, invitation, secret)
    return redirect("circle", pupil_id)


@require_POST
@login_required
def take_back_invitation(request: SignedInRequest, pupil_id: UUID, invitation_id: UUID) -> HttpResponse:
    sight = access.open_record(request, pupil_id, "edit_circle")
    invitation = selectors.invitation_to(sight.pupil, invitation_id)
    try:
        invitations.withdraw(invitation=invitation, by=request.user, at=request.at)
    except ValidationError as refused:
        messages.warning(request, " ".join(refused.messages))
    else:
        messages.success(request, _("The invitation is taken back. Its link no longer works."))
    return redirect("circle", pupil_id)


@require_POST
@login_required
def reveal_upn(request: SignedInRequest, pupil_id: UUID) -> HttpResponse:
    """Show a UPN once; that it was revealed is written down."""
    sight = access.open_record(request, pupil_id, "reveal_upn")
    upn = services.reveal_upn(pupil=sight.pupil, by=request.user, at=request.at)
    return pages.show(request, sight, "pupils/upn.html", Section.PROFILE, upn=upn)
