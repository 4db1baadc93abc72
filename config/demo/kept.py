"""What the settings of the demo keep: libraries, directories of help, a report that anybody reads, an event to come."""

from apdr.enums import LibrarySource
from apdr.models import LibraryStrategy
from apdr.services.library import shipped as strategies
from notifications.enums_events import EventKind, ForWhom
from notifications.models import Event, Signpost
from notifications.signposts import shipped as signposts
from pupils.enums import DocumentKind
from pupils.models import Document, DocumentVersion

from .days import Days
from .people import Place
from .rows import fixed

REPORT = """# How we help
We notice early when somebody finds learning hard, and we ask them and their family what they see.

We write a plan together. It says what will be different, what we try, and when we look at it again.

## Whom to ask
- Ask the class teacher or key person first.
- Our SENCO answers within three school days.

## If you are not happy
Tell us. If that does not help, ask for our complaints policy. You can also get free advice from people who are not part of us.
"""


def keep(place: Place, days: Days) -> None:
    """Rows of one setting, as if its SENCO had filled both lists last term and published the report since; and a coffee
    morning in ten days.
    """
    setting, senco, key = place.setting, place.senco, place.setting.name
    at = days.moment(-60, "11:00")
    LibraryStrategy.objects.bulk_create(
        LibraryStrategy(
            id=fixed("library", key, one["key"]), setting=setting, shipped=one["key"], words=one["words"],
            how=one["how"], area=one["area"], phases=one["phases"], source=LibrarySource.ALONGSIDE,
            created_by=senco, created_at=at,
        )
        for one in strategies()
    )  # fmt: skip
    Signpost.objects.bulk_create(
        Signpost(
            id=fixed("signpost", key, one["key"]), setting=setting, shipped=one["key"], created_by=senco,
            created_at=at, checked_on=days.weekday(-30), **{k: v for k, v in one.items() if k != "key"},
        )
        for one in signposts()
    )  # fmt: skip
    document = Document.objects.create(
        id=fixed("document", key), setting=setting, kind=DocumentKind.SEN_REPORT, title="SEN information report",
        open_to_families=True, created_by=senco, created_at=at,
    )  # fmt: skip
    version = DocumentVersion.objects.create(
        id=fixed("document version", key), document=document, number=1, title=document.title, text=REPORT, by=senco,
        at=at,
    )  # fmt: skip
    document.published, document.published_at = version, at
    document.save()
    Event.objects.create(
        id=fixed("event", key), setting=setting, title="Coffee morning", kind=EventKind.COFFEE, where="Library",
        what="Come and meet other families. There is tea, and somebody to ask. Small children can come.",
        whom=[ForWhom.PARENTS], places=12, contact=senco.name, starts_at=days.moment(10, "09:00"),
        ends_at=days.moment(10, "10:30"), created_by=senco, created_at=at,
    )  # fmt: skip
