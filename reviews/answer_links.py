"""The links in an invitation's e-mail that answer it without signing in.

Each is bound to the invitation, to the time of the review that it answers, to the answer, and to the address that it was
sent to. Its signature stands in the address under a name of its own, so that it is in no line of a log.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from apdr.enums import Perspective
from pupils import policy, restrictions
from pupils.policy import Sight

from .enums_invitations import Coming
from .invitations import part_of, standing
from .models import ReviewInvitation

#: Who answers by a link. Those who work at a setting sign in with a second step; a child has a page of their own.
BY_LINK = frozenset({Perspective.PARENT, Perspective.PROFESSIONAL})


def path(invitation: ReviewInvitation, sequence: int, answer: Coming) -> str:
    """The address that gives one answer to the time that the review has."""
    signature = _signature(invitation, sequence, answer)
    return reverse("answer_invitation", args=[invitation.pk, sequence, answer.value, signature])


def _signature(invitation: ReviewInvitation, sequence: int, answer: str) -> str:
    words = f"{invitation.pk} {sequence} {answer} {invitation.person.email}"
    return signing.Signer(salt="reviews.invitations.answer").signature(words)


def for_mail(ids: Iterable[UUID]) -> list[list[tuple[str, str]]]:
    """The answers to each of some invitations, in words and as the address in full: 1 query."""
    rows = ReviewInvitation.objects.filter(pk__in=list(ids)).select_related("person", "review")
    public = str(settings.PUBLIC_URL)
    return [
        [(answer.label, public + path(row, row.review.sequence, answer)) for answer in Coming]
        for row in rows.order_by("review__starts_at", "pk")
    ]


@dataclass(frozen=True)
class Opened:
    """An invitation whose link was opened, and what its person sees of the pupil. `moved`: it answers another time."""

    invitation: ReviewInvitation
    answer: Coming
    sight: Sight
    moved: bool


def is_ours(invitation_id: UUID, sequence: int, answer: str, signature: str) -> ReviewInvitation | None:
    """The invitation whose link this is; None for an address that nobody was given: 1 query."""
    rows = ReviewInvitation.objects.select_related("person", "review__cycle__pupil")
    row = rows.filter(pk=invitation_id).first()
    if row is None or answer not in Coming.values:
        return None
    return row if constant_time_compare(signature, _signature(row, sequence, answer)) else None


def opened(row: ReviewInvitation, sequence: int, answer: str, at: datetime) -> Opened | None:
    """What a link opens at an instant; None where it answers nothing any more.

    It does not where the review is over or not to come, where it was taken back, where the person may not hear of the
    review now, or where somebody is shut out who reads the same address.
    """
    stands = standing(at).filter(pk=row.pk).exists()
    person, pupil = row.person, row.review.cycle.pupil
    sight = policy.why(person, pupil, at)
    if not stands or not person.is_active or part_of(sight) != row.perspective:
        return None
    if row.perspective not in BY_LINK or restrictions.shuts_out(pupil, at, person=person, email=person.email):
        return None
    return Opened(row, Coming(answer), sight, moved=sequence != row.review.sequence)
