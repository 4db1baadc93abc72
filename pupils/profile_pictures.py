"""Photos and drawings that children chose for their profiles: made anew, kept under the id of their row, found again."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.http import Http404

from accounts import kept_files
from accounts.pictures import Ready
from accounts.pictures import make_ready as make_ready

from . import access, policy
from .enums import Section, Way
from .models import ProfilePicture

FOLDER = "profiles"


def keep(ready: Ready) -> UUID:
    """Write the file of a picture whose row is made next; gives the id of that row."""
    return kept_files.keep(FOLDER, ready.content, "jpg")


def content_of(picture: ProfilePicture) -> bytes | None:
    """The JPEG of a picture; None where its file is not there."""
    return kept_files.content_of(FOLDER, picture.pk, "jpg")


def picture(picture_id: UUID) -> ProfilePicture:
    """A picture by its id, before anybody's sight of it is asked. Raises Http404."""
    found = ProfilePicture.objects.select_related("pupil").filter(pk=picture_id).first()
    if found is None:
        raise Http404
    return found


def look_at(person: policy.Person, found: ProfilePicture, at: datetime, way: Way = Way.PAGE) -> policy.Sight:
    """Whoever may read the profile at this instant; that they had its picture is part of their look at the page."""
    sight = policy.require(person, Section.PROFILE, found.pupil, at)
    access.write_down_file(sight, Section.PROFILE, way)
    return sight


def sweep(*, at: datetime) -> int:
    """Remove the files that belong to no profile; gives how many. May run twice, also at once."""

    def there_are(ids: list[UUID]) -> Iterable[UUID]:
        return ProfilePicture.objects.filter(pk__in=ids).values_list("pk", flat=True)

    return kept_files.sweep(FOLDER, there_are, at=at)
