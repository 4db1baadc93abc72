"""What a restriction means for the ways in: nobody who is shut out of a pupil's record is invited to it or let in.

What somebody who has come in sees is `pupils.policy`'s.
"""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Lower

from accounts.invitations import addresses
from accounts.models import Invitation, User
from accounts.policy import live

from . import audit
from .enums import Section
from .models import InvitedTo, ParentCarer, Pupil, Restriction


def holding(pupil: Pupil, at: datetime) -> QuerySet[Restriction]:
    """Those in force at an instant."""
    return pupil.restrictions.filter(live(at))


def let_in(at: datetime) -> QuerySet[ParentCarer]:
    """The adults of families whom no restriction shuts out of their child's record at an instant."""
    theirs = Q(person=OuterRef("person")) | Q(parent_carer=OuterRef("pk"))
    out = Restriction.objects.filter(live(at), theirs, pupil=OuterRef("pupil"))
    return ParentCarer.objects.exclude(Exists(out))


def shuts_out(
    pupil: Pupil,
    at: datetime,
    *,
    person: User | None = None,
    carer: ParentCarer | None = None,
    email: str | None = "",
) -> bool:
    """Whether a person, an adult of the family or whoever reads an address is shut out of a pupil's record."""
    emails = {(email or "").lower(), *(addresses(person) if person else [])} - {""}
    for row in holding(pupil, at).select_related("person", "parent_carer"):
        if row.person is not None and row.person == person:
            return True
        if carer is not None and (row.parent_carer == carer or row.person_id == carer.person_id is not None):
            return True
        if emails & _addresses(row):
            return True
    return False


def _addresses(row: Restriction) -> set[str]:
    """Where mail reaches somebody who is shut out: addresses they showed, were invited at, or have written down."""
    if row.person is not None:
        return {*row.person.addresses, *addresses(row.person)}
    assert row.parent_carer is not None
    sent = InvitedTo.objects.filter(parent_carer=row.parent_carer).values_list(
        Lower("invitation__email"), flat=True
    )
    return {row.parent_carer.email.lower(), *sent} - {""}


def take_back(*, restriction: Restriction, by: User, at: datetime) -> None:
    """Close what leads somebody who is shut out to this pupil; an invitation that leads nowhere else closes with it.

    Runs inside the transaction of the restriction.
    """
    pupil = restriction.pupil
    theirs = Q(invitation__email__in=_addresses(restriction))
    if restriction.parent_carer_id is not None:
        theirs |= Q(parent_carer=restriction.parent_carer_id)
    if restriction.person_id is not None:
        theirs |= Q(parent_carer__person=restriction.person_id)
    waiting = InvitedTo.objects.filter(
        theirs, pupil=pupil, closed_at=None, invitation__accepted_at=None, invitation__closed_at=None
    )
    ids = set(waiting.values_list("invitation", flat=True))
    waiting.update(closed_at=at)
    still = InvitedTo.objects.filter(invitation=OuterRef("pk"), closed_at=None)
    invitations = Invitation.objects.filter(pk__in=ids)
    invitations.filter(~Exists(still)).update(closed_at=at)
    for invitation in invitations:
        audit.record(
            "invitation withdrawn", by=by, at=at, pupil=pupil, section=Section.PROFILE, of=invitation
        )


def recognise(lead: InvitedTo, person: User) -> None:
    """Write who somebody is in the restrictions on them: they accepted an invitation that was for that adult.

    It holds on whatever ground they ever come near this pupil, from this moment.
    """
    if lead.parent_carer_id is not None:
        Restriction.objects.filter(parent_carer=lead.parent_carer_id, person=None).update(person=person)
