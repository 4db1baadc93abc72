"""Invitations that lead to pupils: for parent carers, young people and professionals; and accepting any of them."""

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts import invitations
from accounts.enums import InvitationKind
from accounts.errors import InvitationClosed
from accounts.models import Invitation, Setting, User
from accounts.policy import live

from . import audit, choices, circle, policy, restrictions
from .enums import Relation, Section
from .models import Enrolment, InvitedTo, ParentCarer, Pupil, PupilUserPermission

#: What an accepted invitation makes of somebody to its pupils.
LEADS_TO = {
    InvitationKind.PARENT: Relation.PARENT_CARER,
    InvitationKind.YOUNG_PERSON: Relation.SELF,
    InvitationKind.PROFESSIONAL: Relation.PROFESSIONAL,
}


#: Why somebody who is not a SENCO cannot invite an address: the same of somebody who is shut out as of the family.
ASK_THE_SENCO = _lazy(
    "We cannot send an invitation to this address. This page is for helpers from outside the family and the school. "
    "Please ask the SENCO."
)


def setting_of(pupil: Pupil, at: datetime) -> Setting:
    """Where a pupil is enrolled on the day. Raises ValidationError when nowhere."""
    found = enrolled(at).filter(pupil=pupil).select_related("setting").first()
    if found is None:
        raise ValidationError(
            _("%(pupil)s is in no setting today, so nobody can be invited.") % {"pupil": pupil.called}
        )
    return found.setting


def enrolled(at: datetime) -> QuerySet[Enrolment]:
    """Where every pupil is on the day of an instant."""
    return Enrolment.objects.on(timezone.localdate(at))


@transaction.atomic
def invite_parent(
    *, carers: Iterable[ParentCarer], email: str, by: User, at: datetime
) -> tuple[Invitation, str]:
    """Invite one parent carer to one or more children of theirs, and the secret for the e-mail.

    `carers` are their rows, one for each child. Raises Http404 or NotThisSection where `by` may not edit a circle,
    and ValidationError for somebody who has signed in already.
    """
    rows = list(carers)
    if not rows or len({row.household_id for row in rows}) != 1 or len({row.name for row in rows}) != 1:
        raise ValidationError(_("Choose one person and the children they care for."))
    if any(row.person is not None and row.person.signs_in for row in rows):
        raise ValidationError({"email": _("%(name)s is here already.") % {"name": rows[0].name}})
    leads: list[tuple[Pupil, ParentCarer | None]] = [(row.pupil, row) for row in rows]
    return _invite(InvitationKind.PARENT, leads, email=email, name=rows[0].name, by=by, at=at)


@transaction.atomic
def invite_young_person(*, pupil: Pupil, email: str, by: User, at: datetime) -> tuple[Invitation, str]:
    """Invite a child or young person to their own record. Raises ValidationError when they sign in already."""
    if circle.selves(pupil, at).exclude(user__email=None).exists():
        raise ValidationError({"email": _("%(pupil)s is here already.") % {"pupil": pupil.called}})
    return _invite(InvitationKind.YOUNG_PERSON, [(pupil, None)], email=email, name=pupil.called, by=by, at=at)


@transaction.atomic
def invite_professional(
    *, pupils: Iterable[Pupil], email: str, name: str, by: User, at: datetime
) -> tuple[Invitation, str]:
    """Invite a visiting professional near one or more pupils; they see nothing until somebody shares it."""
    leads: list[tuple[Pupil, ParentCarer | None]] = [(pupil, None) for pupil in pupils]
    return _invite(InvitationKind.PROFESSIONAL, leads, email=email, name=name, by=by, at=at)


@transaction.atomic
def invite_to_share(*, pupil: Pupil, email: str, name: str, by: User, at: datetime) -> tuple[Invitation, str]:
    """Invite a professional for a caller who has asked whether `by` may share with them (`pupils.professionals`)."""
    return _invite(
        InvitationKind.PROFESSIONAL, [(pupil, None)], email=email, name=name, by=by, at=at, asked=True
    )


def _invite(
    kind: InvitationKind,
    leads: list[tuple[Pupil, ParentCarer | None]],
    *,
    email: str,
    name: str,
    by: User,
    at: datetime,
    asked: bool = False,
) -> tuple[Invitation, str]:
    """`asked`: the caller has asked who may; else it is whoever may edit the circle."""
    if not leads:
        raise ValidationError(_("Choose at least one pupil."))
    for pupil, carer in leads:
        if not asked:
            policy.require(by, "edit_circle", pupil, at)
        Pupil.objects.select_for_update(no_key=True).get(pk=pupil.pk)  # nobody is shut out meanwhile
        if restrictions.shuts_out(pupil, at, carer=carer, email=email.strip()):
            # That somebody is shut out is the SENCO's to know: a family or young person is not told of whom.
            shut_out = _("This person must not see %(pupil)s’s record, so they cannot be invited to it.") % {
                "pupil": pupil.called
            }
            raise ValidationError({"email": ASK_THE_SENCO if asked else shut_out})
    settings = {setting_of(pupil, at) for pupil, __ in leads}
    if len(settings) != 1:
        raise ValidationError(_("Invite to the pupils of one setting at a time."))
    address = email.strip().lower()
    waiting = invitations.open_invitations(at).filter(email=address, kind=kind)
    to_these = InvitedTo.objects.filter(pupil__in=[p for p, __ in leads], closed_at=None)
    if to_these.filter(invitation__in=waiting).exists():
        raise ValidationError(
            {"email": _("This person has been invited already. You can send the invitation again.")}
        )
    invitation, secret = invitations.invite(
        kind=kind, email=email, name=name, setting=settings.pop(), by=by, at=at
    )
    InvitedTo.objects.bulk_create(
        InvitedTo(invitation=invitation, pupil=pupil, parent_carer=carer) for pupil, carer in leads
    )
    for pupil, __ in leads:
        audit.record(
            "invited", by=by, at=at, pupil=pupil, section=Section.PROFILE, of=invitation, kind=kind.value
        )
    return invitation, secret


def waiting_for(pupil: Pupil) -> QuerySet[Invitation]:
    """Invitations to one pupil that wait to be accepted, newest first."""
    leads = InvitedTo.objects.filter(invitation=OuterRef("pk"), pupil=pupil, closed_at=None)
    return (
        Invitation.objects.filter(Exists(leads), accepted_at=None, closed_at=None)
        .select_related("invited_by")
        .order_by("-invited_at")
    )


@transaction.atomic
def send_again(*, invitation: Invitation, by: User, at: datetime) -> str:
    """A new secret; the old link ends. Raises Http404, NotThisSection, ValidationError."""
    pupils = _require_all(invitation, by, at)
    secret = invitations.renew(invitation=invitation, at=at)
    for pupil in pupils:
        audit.record("invitation sent again", by=by, at=at, pupil=pupil, of=invitation)
    return secret


@transaction.atomic
def withdraw(*, invitation: Invitation, by: User, at: datetime) -> None:
    """Take back one that waits. Raises Http404, NotThisSection, ValidationError."""
    pupils = _require_all(invitation, by, at)
    invitations.withdraw(invitation=invitation, at=at)
    for pupil in pupils:
        audit.record("invitation withdrawn", by=by, at=at, pupil=pupil, of=invitation)


def _require_all(invitation: Invitation, by: User, at: datetime) -> list[Pupil]:
    pupils = list(Pupil.objects.filter(pk__in=invitation.pupils.values("pupil")))
    if not pupils:
        raise ValidationError(_("This invitation leads to no pupil."))
    for pupil in pupils:
        policy.require(by, "edit_circle", pupil, at)
    return pupils


@transaction.atomic
def accept(*, secret: str, person: User, at: datetime) -> Invitation:
    """Accept for a person whose address it is, and begin what it leads to. Raises InvitationClosed."""
    invitation = invitations.claim(secret=secret, person=person, at=at)
    _apply(invitation, person, at)
    return invitation


@transaction.atomic
def accept_as_new(
    *, secret: str, name: str, known_as: str, password: str | None, at: datetime
) -> tuple[Invitation, User]:
    """Accept for somebody who is not here yet, or has been here on paper and signs in from now on.

    Raises InvitationClosed, and ValidationError by field.
    """
    found = invitations.find(secret, at)
    invitation, person = invitations.claim_as_new(
        secret=secret,
        name=name,
        known_as=known_as,
        password=password,
        at=at,
        known=_on_paper(found, at) if found is not None else None,
    )
    _apply(invitation, person, at)
    return invitation, person


def _on_paper(invitation: Invitation, at: datetime) -> User | None:
    """Whom an invitation is for, where they have taken part without a sign-in until now.

    Not where they stand near a child of another setting as well: that is not for this one to open.
    """
    leads = invitation.pupils.filter(closed_at=None)
    if invitation.kind == InvitationKind.YOUNG_PERSON:
        lead = leads.select_related("pupil").first()  # it leads to one record, their own
        if lead is None:
            return None
        people = User.objects.filter(pk__in=circle.selves(lead.pupil, at).values("user"), email=None)
    else:
        carers = leads.filter(parent_carer__person__email=None).values("parent_carer")
        people = User.objects.filter(children__in=carers, email=None).distinct()
    if len(people) != 1:
        return None
    here = enrolled(at).filter(pupil=OuterRef("content_object"), setting=invitation.setting)
    elsewhere = PupilUserPermission.objects.filter(live(at), ~Exists(here), user=people[0])
    return None if elsewhere.exists() else people[0]


def _apply(invitation: Invitation, person: User, at: datetime) -> None:
    """Begin what an accepted invitation leads to; nothing of it stands if nothing of it can begin."""
    kind = InvitationKind(invitation.kind)
    if kind is InvitationKind.STAFF:
        audit.record(
            "invitation accepted",
            by=person,
            at=at,
            setting=invitation.setting,
            of=invitation,
            role=invitation.role,
        )
        circle.begin_invited_classes(invitation=invitation, person=person, at=at)
        return
    begun = [_begin(lead, LEADS_TO[kind], invitation, person, at) for lead in _leads(invitation, at)]
    if not any(begun):
        raise InvitationClosed
    for lead in invitation.pupils.exclude(closed_at=None):
        restrictions.recognise(lead, person)


def _leads(invitation: Invitation, at: datetime) -> list[InvitedTo]:
    """Its pupils who are still in the setting that invited: one who moved leaves nothing behind."""
    here = enrolled(at).filter(pupil=OuterRef("pupil"), setting=invitation.setting)
    leads = invitation.pupils.filter(Exists(here), closed_at=None)
    return list(leads.select_related("pupil", "parent_carer").order_by("pupil"))


def _begin(lead: InvitedTo, relation: Relation, invitation: Invitation, person: User, at: datetime) -> bool:
    """Whether the person now stands near this pupil.

    Not where they are shut out, nor where somebody else took the same place meanwhile.
    """
    Pupil.objects.select_for_update(no_key=True).get(pk=lead.pupil_id)  # nobody is shut out meanwhile
    if restrictions.shuts_out(lead.pupil, at, person=person, carer=lead.parent_carer, email=invitation.email):
        return False
    if relation is Relation.PARENT_CARER and not _take_place(lead, person, at):
        return False
    if relation is Relation.SELF and not _take_own_place(lead.pupil, person, at):
        return False
    circle.place_near(relation=relation, person=person, pupil=lead.pupil, by=person, at=at)
    if relation is Relation.PROFESSIONAL:
        choices.pass_on(invitation=invitation, person=person, pupil=lead.pupil, at=at)
    audit.record(
        "invitation accepted",
        by=person,
        at=at,
        pupil=lead.pupil,
        section=Section.PROFILE,
        of=invitation,
        kind=invitation.kind,
    )
    return True


def _take_place(lead: InvitedTo, person: User, at: datetime) -> bool:
    """Whether this person is the adult of the family that an invitation was for.

    Whoever is here already takes the place of the one who took part on paper under that name, whose time ends.
    """
    if lead.parent_carer_id is None:
        return False
    if ParentCarer.objects.filter(pupil=lead.pupil, person=person).exclude(pk=lead.parent_carer_id).exists():
        return False
    on_paper = User.objects.filter(children=lead.parent_carer_id, email=None).exclude(pk=person.pk).first()
    free = ParentCarer.objects.filter(
        Q(person=None) | Q(person=person) | Q(person__email=None), pk=lead.parent_carer_id
    )
    taken = bool(free.update(person=person))
    if taken and on_paper is not None:
        circle.hand_place_on(pupil=lead.pupil, was=on_paper, relation=Relation.PARENT_CARER, by=person, at=at)
    return taken


def _take_own_place(pupil: Pupil, person: User, at: datetime) -> bool:
    """Whether this person is whose record it is: nobody else signs in to it, and who took part on paper does no more."""
    Pupil.objects.select_for_update().get(pk=pupil.pk)  # one accepts at a time
    others = list(circle.selves(pupil, at).exclude(user=person).select_related("user"))
    if any(one.user.signs_in for one in others):
        return False
    for one in others:
        circle.hand_place_on(pupil=pupil, was=one.user, relation=Relation.SELF, by=person, at=at)
    return True
