"""Photos of updates: made anew (`accounts.pictures`), kept under the id of their row, and found again."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from accounts import kept_files
from accounts.pictures import LARGEST as LARGEST
from accounts.pictures import TOO_LARGE as TOO_LARGE
from accounts.pictures import Ready as Ready
from accounts.pictures import make_ready as make_ready

from .models import Photo

FOLDER = "photos"


def keep(ready: Ready) -> UUID:
    """Write the file of a photo whose row is made next; gives the id of that row."""
    return kept_files.keep(FOLDER, ready.content, "jpg")


def content_of(photo: Photo) -> bytes | None:
    """The JPEG of a photo; None where its file is not there."""
    return kept_files.content_of(FOLDER, photo.pk, "jpg")


def sweep(*, at: datetime) -> int:
    """Remove the files that belong to no update; gives how many. May run twice, also at once."""

    def there_are(ids: list[UUID]) -> Iterable[UUID]:
        return Photo.objects.filter(pk__in=ids).values_list("pk", flat=True)

    return kept_files.sweep(FOLDER, there_are, at=at)
